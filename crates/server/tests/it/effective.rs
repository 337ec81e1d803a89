//! Versions that are published now and come into force later, and those that are worse for members.

use lojal_core::activity::OrderState;
use lojal_core::kernel::Language;
use lojal_core::programme::starter;
use lojal_server::platform::rulebook::{Publication, PublishError, PublishOptions};

use crate::shop::{Shop, moment, put_order, redeem};

/// The starter with half the points, a dearer mug and a reward more.
fn worse() -> String {
    starter(Language::En).replace("rate = 1\n", "rate = \"0.5\"\n").replace("price = 500\n", "price = 600\n").replace(
        "[rewards.mug]",
        "[rewards.cup]\nname = { en = \"A cup\", pl = \"Filiżanka\" }\nkind = \"free_product\"\nproduct = \"CUP\"\n\
         price = 100\nstock = 3\n\n[rewards.mug]",
    )
}

fn from(text: &str) -> PublishOptions {
    PublishOptions { effective_from: Some(text.to_owned()), ..PublishOptions::default() }
}

async fn publish(shop: &Shop, document: &str, options: &PublishOptions) -> Result<Publication, PublishError> {
    shop.application.publish_with(document, options).await
}

fn live(shop: &Shop) -> u32 {
    shop.application.rulebook().live().unwrap().version
}

#[tokio::test]
async fn what_is_worse_needs_a_moment_or_a_statement() {
    let shop = Shop::open().await;
    match publish(&shop, &worse(), &PublishOptions::default()).await {
        Err(PublishError::WorseForMembers(diff)) => {
            let named: Vec<&str> = diff.needs_notice().map(|change| change.pointer.as_str()).collect();
            assert_eq!(named, ["/earning/spend/rate", "/rewards/mug/price"]);
        }
        other => panic!("{other:?}"),
    }
    for (text, why) in [("2026-05-01", "passed"), ("soon", "write it like")] {
        let refused = publish(&shop, &worse(), &from(text)).await.unwrap_err().to_string();
        assert!(refused.contains(text) && refused.contains(why), "{refused}");
    }
    assert_eq!(shop.count("programme_version").await, 1);
    let tried = PublishOptions { dry_run: true, ..from("2026-12-15") };
    assert_eq!(publish(&shop, &worse(), &tried).await.unwrap().version, 2);
    assert_eq!(shop.count("programme_version").await, 1);

    let accepted = PublishOptions { accept_worse: true, ..PublishOptions::default() };
    assert_eq!(publish(&shop, &worse(), &accepted).await.unwrap().version, 2);
    assert_eq!(live(&shop), 2);
    let better = publish(&shop, starter(Language::En), &accepted).await;
    assert!(matches!(better, Ok(Publication { version: 3, .. })), "a reward less is accepted, too: {better:?}");
    let kept: Vec<bool> = shop.application.versions().await.unwrap().iter().map(|kept| kept.accepted_worse).collect();
    assert_eq!(kept, [false, true, true]);
}

#[tokio::test]
async fn a_version_waits_for_its_moment() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 1_000).await;
    let published = publish(&shop, &worse(), &from("2026-06-01")).await.unwrap();
    assert_eq!(published.effective_from, Some(moment("2026-05-31T22:00:00Z")), "midnight in Warsaw");
    assert!(publish(&shop, &worse(), &from("2026-06-01")).await.unwrap().unchanged);

    assert_eq!(live(&shop), 1);
    let first = shop.submit(ada, put_order("o-1", OrderState::Paid, &[("1", 1, 10_000)])).await.unwrap();
    assert_eq!((first.decision.version, shop.wallet(ada).await), (1, (1_000, 100, 0)));
    assert!(shop.submit(ada, redeem("cup")).await.is_err(), "it is not offered yet");
    shop.assert_audited().await;

    shop.clock.set(moment("2026-05-31T21:59:59Z"));
    shop.run_until_idle().await;
    assert_eq!(live(&shop), 1);
    shop.clock.set(moment("2026-05-31T22:00:00Z"));
    assert_eq!(live(&shop), 2);
    shop.run_until_idle().await;
    let second = shop.submit(ada, put_order("o-2", OrderState::Paid, &[("1", 1, 10_000)])).await.unwrap();
    assert_eq!((second.decision.version, shop.wallet(ada).await), (2, (1_000, 150, 0)));
    shop.submit(ada, redeem("cup")).await.unwrap();
    shop.submit(ada, redeem("mug")).await.unwrap();
    assert_eq!(shop.available(ada).await, 1_000 - 100 - 600);

    // The first order stays under the version under which it was earned.
    let corrected = shop.submit(ada, put_order("o-1", OrderState::Paid, &[("1", 1, 15_000)])).await.unwrap();
    assert_eq!((corrected.decision.version, shop.wallet(ada).await.1), (2, 200));
    shop.assert_audited().await;
    let shop = shop.reopen().await;
    assert_eq!(live(&shop), 2);
    shop.assert_audited().await;
}

#[tokio::test]
async fn a_later_version_overtakes_those_that_wait() {
    let shop = Shop::open().await;
    publish(&shop, &worse(), &from("2026-06-01")).await.unwrap();
    let renamed = starter(Language::En).replace("en = \"A mug\"", "en = \"The mug\"");
    assert_eq!(publish(&shop, &renamed, &PublishOptions::default()).await.unwrap().version, 3);
    assert_eq!(live(&shop), 3);
    shop.clock.set(moment("2026-07-01T00:00:00Z"));
    assert_eq!(live(&shop), 3, "what was overtaken never holds");

    // Two that wait follow each other; at the same moment the later one holds.
    publish(&shop, &worse(), &from("2026-08-01")).await.unwrap();
    publish(&shop, &renamed, &from("2026-09-01")).await.unwrap();
    let again = renamed.replace("The mug", "Our mug");
    publish(&shop, &again, &from("2026-09-01")).await.unwrap();
    for (at, version) in [
        ("2026-07-31T21:00:00Z", 3),
        ("2026-07-31T22:00:00Z", 4),
        ("2026-08-31T21:59:59Z", 4),
        ("2026-08-31T22:00:00Z", 6),
    ] {
        shop.clock.set(moment(at));
        assert_eq!(live(&shop), version, "{at}");
        shop.run_until_idle().await;
        shop.assert_audited().await;
    }
}

#[tokio::test]
async fn stock_follows_the_version_that_holds() {
    let document = |stock: i64| starter(Language::En).replace("stock = 300", &format!("stock = {stock}"));
    let shop = Shop::open_with(&document(1)).await;
    let ada = shop.enrol_with("ada", 9_000).await;
    publish(&shop, &document(2), &from("2026-06-01")).await.unwrap();
    shop.submit(ada, redeem("mug")).await.unwrap();
    assert!(shop.submit(ada, redeem("mug")).await.is_err(), "there is one until then");
    shop.clock.set(moment("2026-06-01T00:00:00Z"));
    shop.run_until_idle().await;
    shop.submit(ada, redeem("mug")).await.unwrap();
    assert!(shop.submit(ada, redeem("mug")).await.is_err());
    shop.assert_audited().await;
}

/// While a version waits, the audit goes on looking at when things are due.
#[tokio::test]
async fn the_audit_looks_at_everything_while_a_version_waits() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    publish(&shop, &worse(), &from("2026-12-15")).await.unwrap();
    shop.run_until_idle().await;
    shop.assert_audited().await;
    shop.tamper("update holder_state set due_at = 5").await;
    let report = lojal_server::audit::audit(&shop.application.database, |_| ()).await.unwrap();
    let told: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|difference| difference.contains("when something is due")), "{told:?}");
}
