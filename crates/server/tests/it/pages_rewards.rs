//! Rewards in the console: what is left, and codes that the shop brings along.

use lojal_core::kernel::Language;
use lojal_core::programme::starter;

use crate::pages::House;

const POOL: &str = r#"
[rewards.cinema]
name = { en = "A film", pl = "Kino" }
kind = "experience"
unit = "points"
price = 120
stock = 20
when = [{ field = "member.tier", in = ["gold", "platinum"] }]
voucher = { pool = "films" }
"#;

#[tokio::test]
async fn rewards_say_what_is_left_and_pools_take_codes() {
    let house = House::open().await;
    let owner = house.owner().await;
    assert!(!owner.get("/console/rewards").await.text.contains("Codes of your own"));
    house.shop.application.publish(&format!("{}{POOL}", starter(Language::En))).await.unwrap();
    let page = owner.get("/console/rewards").await.text;
    for said in [
        "/console/ledger?kind=redemptions",
        "A film",
        "120 points",
        "level: Gold or Platinum",
        "20 of 20",
        "Codes of your own",
        "0 codes are left.",
    ] {
        assert!(page.contains(said), "{said} {page}");
    }
    let path = "/console/rewards/pools/films";
    let refused = owner.post(path, &[("codes", &"x".repeat(200))]).await;
    assert!(refused.text.contains("A code is one line of at most 100 letters") && refused.text.contains("xxxx"));
    let brought = owner.post(path, &[("codes", "F-1\r\nF-2\n\n F-3 \nF-1\n")]).await;
    assert!(
        brought.text.contains("3 codes were added.") && brought.text.contains("3 codes are left."),
        "{}",
        brought.text
    );
    let again = owner.post(path, &[("codes", "F-3\nF-4")]).await;
    assert!(again.text.contains("1 code was added. 1 was there already."), "{}", again.text);
    assert_eq!(owner.post("/console/rewards/pools/others", &[("codes", "F-9")]).await.status, 404);
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains("added codes to a pool: films (3)") && !actions.contains("F-1"));
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "support")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert!(!adam.get("/console/rewards").await.text.contains("Add codes"));
    assert_eq!(adam.post(path, &[("codes", "F-5")]).await.status, 403);
}
