//! `lojal fraud measure`: the same seed gives the same figures, as a table and as JSON.

use serde_json::Value;

use crate::house::House;

#[test]
fn figures_are_those_of_the_seed() {
    let house = House::new();
    let small = ["fraud", "measure", "--seed", "4242", "--referrals", "600"];
    let said = house.ok(&small);
    assert_eq!(said, house.ok(&small));
    for line in
        ["Seed 4242: ", "| PR-AUC | ", "| recall at 95% precision | ", "| households (", "| ring within a week ("]
    {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    let json = house.ok(&["fraud", "measure", "--seed", "4242", "--referrals", "600", "--json"]);
    let figures: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(figures["seed"], 4242);
    let area = figures["before_reward"]["pr_auc"].as_f64().unwrap();
    assert!(said.contains(&format!("| PR-AUC | {area:.3} |")), "{said}");
    let other = house.ok(&["fraud", "measure", "--seed", "4243", "--referrals", "600"]);
    assert_ne!(said, other);
}

#[test]
fn too_few_referrals_say_nothing_and_are_refused() {
    let house = House::new();
    let wrong = house.run(&["fraud", "measure", "--referrals", "10"]);
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(!wrong.status.success() && said.contains("500"), "{said}");
}
