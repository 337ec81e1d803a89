//! What is found in programmes that are not in order, in both languages.

use super::*;
use crate::programme::{Finding, Usual, check_toml_with, starter};

const RULE: &str = "\n[earning.extra]\nname = { en = \"Extra\", pl = \"Dodatek\" }\n";
const EDITION: &str = "\n[referrals.friends]\nname = { en = \"Friends\", pl = \"Znajomi\" }\n";
const CAMPAIGN: &str = "\n[campaigns.extra]\nname = { en = \"Extra\", pl = \"Dodatek\" }\n";
const REWARD: &str = "\n[rewards.extra]\nname = { en = \"Extra\", pl = \"Dodatek\" }\n";

/// A place of the starter, what stands there instead, and what is added at the end.
fn cases() -> Vec<(&'static str, &'static str, String)> {
    let added = |section: &str, rest: &str| ("", "", format!("{section}{rest}\n"));
    vec![
        ("rate = 1\n", "rate = 1.5\n", String::new()),
        ("on = \"order\"\nrate", "onn = \"order\"\nrate", String::new()),
        ("pl = \"Kubek\"", "de = \"Becher\"", String::new()),
        ("[programme]", "[programme", String::new()),
        ("per = \"1.00\"", "per = \"1.005\"", String::new()),
        ("per = \"1.00\"", "per = \"1,00\"", String::new()),
        ("time_zone = \"Europe/Warsaw\"", "time_zone = \"Warsaw\"", String::new()),
        ("field = \"order.total\"", "field = \"order.sum\"", String::new()),
        ("at_least = \"200.00\"", "at_least = true", String::new()),
        ("at_least = \"gold\"", "at_least = \"golden\"", String::new()),
        ("reward = \"birthday-code\"", "reward = \"birthday\"", String::new()),
        ("at = \"3000.00\"", "at = \"300.00\"", String::new()),
        ("applies_to = [\"spend\"]", "applies_to = [\"spendings\"]", String::new()),
        ("after_earning = \"12 months\"", "after_earning = \"a year\"", String::new()),
        ("after_earning = \"12 months\"", "after_earning = \"12 days\"", String::new()),
        ("pl = \"Kubek\"", "", String::new()),
        ("per = \"1.00\"", "per = \"0.01\"", String::new()),
        ("price = 500\n", "", String::new()),
        added(RULE, "on = \"reviewed\"\npoints = 500\ncaps = { month = 300 }"),
        added(RULE, "on = \"order\"\npoints = 5\nper_item = 2"),
        added(RULE, "on = \"order\"\npoints = 5\nbudget = 100"),
        added(RULE, "on = \"ordr\"\npoints = 5\ncaps = { day = 10, month = 2000 }"),
        added(
            RULE,
            "points = 5\nwhen = [{ field = \"order.items\", at_least = 5 }, { field = \"order.items\", at_most = 2 }]",
        ),
        added(CAMPAIGN, "multiplier = 2"),
        added(CAMPAIGN, "points = 5\nfrom = \"2026-01-01\"\nbudget = 100000"),
        added(CAMPAIGN, "points = 5\nfrom = \"2026-05-01\"\nuntil = \"2026-04-01\""),
        added(REWARD, "kind = \"free_shipping\"\nprice = 0"),
        added(REWARD, "kind = \"amount_off\"\namount = \"50.00\"\nprice = 100"),
        added(REWARD, "kind = \"percent_off\"\namount = \"50.00\"\nprice = 100000"),
        added(REWARD, "kind = \"free_shipping\"\nprice = 100000"),
        added("\n[transfers]\n", "least = 1"),
        added(
            EDITION,
            "review = \"none\"\nqualify.when = [{ field = \"order.total\", at_least = \"5.00\" }]\n[earning.extra]\n\
             name = { en = \"Extra\", pl = \"Dodatek\" }\non = \"friend_qualified\"\npoints = 200",
        ),
        added(EDITION, "[referrals.later]\nname = { en = \"Later\", pl = \"Później\" }\nuntil = \"2027-01-31\""),
        added(EDITION, "[earning.extra]\nname = { en = \"Extra\", pl = \"Dodatek\" }\non = \"referred\"\npoints = 20"),
        added(EDITION, "review = \"all\"\n[fraud.rules]\ntoo_quick = { verdict = \"verify\" }"),
        added(RULE, "on = \"friend_qualified\"\npoints = 200"),
        added("\n[[accepted]]\n", "finding = \"generous_return\"\nreason = \"…\""),
    ]
}

fn findings(text: &str) -> Vec<Finding> {
    let usual = Usual { orders_a_year: 250, average_order: Money(12_000) };
    match check_toml_with(text, Some(&usual)) {
        Ok(checked) => checked.warnings,
        Err(findings) => findings,
    }
}

#[test]
fn findings_read_well() {
    let words = [Words::new(Language::Pl), Words::new(Language::En)];
    let cases = cases().into_iter().flat_map(|(replaced, by, added)| {
        assert!(starter(Language::En).contains(replaced), "{replaced}");
        let text = format!("{}{added}", starter(Language::En).replacen(replaced, by, 1));
        let findings = findings(&text);
        assert!(!findings.is_empty(), "{by}{added}");
        findings
    });
    let told = |finding: &Finding| {
        let said = |words: &Words| format!("{} ({})", words.problem(finding), words.remedy(finding));
        [said(&words[0]), said(&words[1])]
    };
    let told = cases.map(|finding| (finding.code.clone(), told(&finding)));
    let golden = golden(told.collect::<std::collections::BTreeSet<_>>());
    assert_golden(&golden, include_str!("findings.txt"));
}

#[test]
fn a_finding_is_told_with_its_place() {
    let text = starter(Language::En).replacen("at_least = \"gold\"", "at_least = \"golden\"", 1);
    let findings = findings(&text);
    assert_eq!(
        Words::new(Language::Pl).finding(&findings[0]).lines().skip(1).collect::<Vec<_>>(),
        ["  zapisano: \"golden\"", "  jak poprawić: użyj jednego z tych: member, silver, gold, platinum"]
    );
    assert!(Words::new(Language::Pl).finding(&findings[0]).starts_with("błąd w wierszu "));
    assert!(Words::new(Language::En).finding(&findings[0]).starts_with("error at line "));
}
