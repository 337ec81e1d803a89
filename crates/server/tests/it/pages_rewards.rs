//! Rewards in the console: what is left, and codes that the shop brings along.

use std::collections::BTreeSet;

use lojal_core::command::Command;
use lojal_core::decision::Because;
use lojal_core::kernel::{Language, Name};
use lojal_core::programme::starter;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::writer::Done;

use crate::pages::House;
use crate::shop::redeem;

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
        "/console/rewards/redemptions",
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

#[tokio::test]
async fn redemptions_say_who_took_what_and_what_became_of_it() {
    const HERE: &str = "/console/rewards/redemptions";
    let house = House::open().await;
    let owner = house.owner().await;
    let shop = &house.shop;
    assert!(owner.get(HERE).await.text.contains("Nobody has taken a reward yet."));
    let name = Identity { name: Some("Ada <b>".to_owned()), ..Identity::default() };
    let ada = shop.application.enrol(NewMember { identity: name, ..NewMember::new("ada") }).await.unwrap().holder;
    let given = Command::Adjust {
        unit: Name::from("points"),
        brand: Name::from("shop"),
        amount: 90_000,
        reason: Name::from("A start"),
    };
    shop.submit(ada, given).await.unwrap();
    let code = |done: &Done| {
        done.decision.effects.iter().find_map(|effect| match &effect.because {
            Because::VoucherIssued { code, .. } => Some(code.clone()),
            _ => None,
        })
    };
    let used = code(&shop.submit(ada, redeem("coupon-10")).await.unwrap()).unwrap();
    shop.submit(ada, Command::UseVoucher { code: used.clone(), order: None }).await.unwrap();
    let given_back = shop.submit(ada, redeem("coupon-10")).await.unwrap();
    let roll_back = Command::RollBackRedemption { redemption: given_back.transaction, reason: None };
    shop.submit(ada, roll_back).await.unwrap();
    shop.submit(ada, redeem("early-access")).await.unwrap();
    let page = owner.get(HERE).await.text;
    let tail: String = used.chars().skip(used.chars().count() - 4).collect();
    for said in [
        "Ada &lt;b&gt;",
        "10 PLN off",
        "200 points",
        &format!("<code>…{tail}</code> used"),
        "cancelled",
        "<span class=\"badge\">taken back</span>",
        "Early access to new things",
    ] {
        assert!(page.contains(said), "{said} {page}");
    }
    assert!(!page.contains(used.as_str()), "codes are worth money");
    let access = owner.get(&format!("{HERE}?reward=early-access")).await.text;
    assert_eq!(access.matches("<th scope=\"row\">").count(), 1, "{access}");
    // More than a page: each is shown once, whichever reward is asked for.
    for number in 0..90 {
        shop.submit(ada, redeem(if number % 3 == 0 { "early-access" } else { "trees" })).await.unwrap();
    }
    for (reward, all) in [("", 93), ("early-access", 31), ("coupon-10", 2)] {
        let (mut address, mut seen) = (format!("{HERE}?reward={reward}"), BTreeSet::new());
        loop {
            let page = owner.get(&address).await.text;
            let rows = page.split("href=\"/console/ledger/txn_").skip(1).map(|row| row[..13].to_owned());
            for row in rows {
                assert!(seen.insert(row), "{reward}: shown twice");
            }
            let Some((_, next)) = page.split_once(&format!("href=\"{HERE}?")) else { break };
            address = format!("{HERE}?{}", next.split('"').next().unwrap().replace("&amp;", "&"));
        }
        assert_eq!(seen.len(), all, "{reward}");
    }
    assert_eq!(owner.get(&format!("{HERE}?before=yesterday")).await.status, 404);
}
