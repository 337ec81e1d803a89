//! What one holder sends to another arrives once, wherever it was interrupted.

use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::kernel::HolderId;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::outbox::deliver_all;
use lojal_server::platform::writer::Idempotency;

use lojal_server::platform::sql::Dialect;

use crate::shop::{Shop, gift, moment, refusal};

/// Ada has 150 left and Bob 300 once everything has arrived.
async fn assert_arrived(shop: &Shop, ada: HolderId, bob: HolderId) {
    assert_eq!((shop.available(ada).await, shop.available(bob).await), (150, 300));
    assert_eq!(shop.count("outbox").await, 0);
    shop.assert_audited().await;
}

#[tokio::test]
async fn a_gift_survives_a_stop_at_every_point() {
    let shop = Shop::open().await;
    let ada: HolderId = shop.enrol_with("ada", 250).await.into();
    let bob: HolderId = shop.enrol_with("bob", 200).await.into();
    // Stopped after it was sent.
    shop.submit(ada, gift(bob, 100)).await.unwrap();
    assert_eq!((shop.available(ada).await, shop.available(bob).await), (150, 200));
    shop.assert_audited().await;
    let shop = shop.reopen().await;
    let row = "insert into outbox select part, id, 0, ";
    let command = match shop.application.database.dialect() {
        Dialect::Sqlite => "json(json_extract(body, '$.follow_ups[0].command'))",
        _ => "cast(cast(body as jsonb) #> '{follow_ups,0,command}' as text)",
    };
    let kept = format!(
        "{row} {bob}, {command}, decided_at, null
         from journal where kind = 'transfer'",
        bob = bob.number()
    );
    deliver_all(&shop.application.database, &shop.application.writer).await.unwrap();
    assert_arrived(&shop, ada, bob).await;
    // Stopped after it was taken, before its row was cleared away: as often as you like.
    for _ in 0..2 {
        shop.tamper(&kept).await;
        shop.assert_audited().await;
        deliver_all(&shop.application.database, &shop.application.writer).await.unwrap();
        assert_arrived(&shop, ada, bob).await;
    }
}

#[tokio::test]
async fn what_cannot_be_received_comes_back_once() {
    let shop = Shop::open().await;
    let ada: HolderId = shop.enrol_with("ada", 250).await.into();
    let bob = shop.enrol_with("bob", 200).await;
    shop.submit(ada, gift(bob, 100)).await.unwrap();
    shop.submit(bob, Command::Leave).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(shop.available(ada).await, 250);
    assert_eq!(shop.count("outbox").await, 0);
    shop.assert_audited().await;
    shop.run_until_idle().await;
    assert_eq!(shop.available(ada).await, 250);
}

#[tokio::test]
async fn two_couriers_deliver_once() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 250).await;
    let bob = shop.enrol_with("bob", 200).await;
    let other = crate::shop::open(shop.folder.path(), &shop.clock).await;
    shop.submit(ada, gift(bob, 100)).await.unwrap();
    let now = shop.clock.now();
    let (one, two) = tokio::join!(shop.application.run_until_idle(now), other.run_until_idle(now));
    one.unwrap();
    two.unwrap();
    assert_arrived(&shop, ada.into(), bob.into()).await;
}

#[tokio::test]
async fn a_household_shares_its_wallet() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 250).await;
    let bob = shop.enrol_with("bob", 200).await;
    let key = Some(Idempotency { key: "home".to_owned(), fingerprint: [1; 32] });
    let home = shop.application.open_household(key.clone(), false).await.unwrap().holder;
    assert_eq!(shop.application.open_household(key, false).await.unwrap().holder, home);
    for member in [ada, bob] {
        shop.submit(member, Command::JoinHousehold { household: home }).await.unwrap();
    }
    let row = shop.application.member(ada).await.unwrap().unwrap();
    assert_eq!(row.household, Some(home));
    shop.run_until_idle().await;
    assert_eq!(shop.available(home).await, 450);
    shop.assert_audited().await;
    shop.submit(ada, Command::LeaveHousehold { household: None }).await.unwrap();
    shop.run_until_idle().await;
    assert_eq!(shop.application.member(ada).await.unwrap().unwrap().household, None);
    shop.assert_audited().await;
}

#[tokio::test]
async fn a_full_household_leaves_the_member_alone_with_all_points() {
    let small = lojal_core::programme::starter(lojal_core::kernel::Language::En).replace("most = 6", "most = 2");
    let shop = Shop::open_with(&small).await;
    let home = shop.application.open_household(None, false).await.unwrap().holder;
    let ada = shop.enrol_with("ada", 250).await;
    let eve = shop.enrol_with("eve", 100).await;
    let bob = shop.enrol_with("bob", 200).await;
    for member in [ada, eve, bob] {
        shop.submit(member, Command::JoinHousehold { household: home }).await.unwrap();
        shop.run_until_idle().await;
    }
    assert_eq!((shop.available(home).await, shop.available(bob).await), (350, 200));
    assert_eq!(shop.application.member(bob).await.unwrap().unwrap().household, None);
    assert_eq!(shop.count("outbox").await, 0);
    shop.assert_audited().await;
}

#[tokio::test]
async fn the_clock_does_what_is_due() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 250).await;
    let bob = shop.enrol_with("bob", 250).await;
    shop.submit(ada, crate::shop::hold(100, &shop.clock)).await.unwrap();
    assert_eq!(shop.wallet(ada).await, (150, 0, 100));
    let rows = shop.count("journal").await;
    shop.run_until_idle().await;
    assert_eq!(shop.count("journal").await, rows, "nothing is due yet");
    shop.clock.set(moment("2026-05-04T11:00:00Z"));
    shop.run_until_idle().await;
    assert_eq!(shop.wallet(ada).await, (250, 0, 0), "the hold lapsed");
    assert_eq!(shop.count("journal").await, rows + 1, "and nobody else was touched");
    shop.clock.set(moment("2027-07-01T11:00:00Z"));
    shop.run_until_idle().await;
    assert_eq!((shop.available(ada).await, shop.available(bob).await), (0, 0), "everything expired");
    shop.assert_audited().await;
    assert!(matches!(refusal(shop.submit(ada, gift(bob, 10)).await), Refusal::InsufficientPoints { .. }));
}

/// More holders than are looked at together, all at one moment; none is asked twice.
#[tokio::test]
async fn the_clock_reaches_everybody_for_whom_something_is_due_at_once() {
    const MEMBERS: usize = 700;
    let shop = Shop::open().await;
    let joining = (0..MEMBERS).map(|number| NewMember::new(format!("member-{number}"))).collect();
    for answer in shop.application.enrol_all(joining).await.unwrap() {
        answer.unwrap();
    }
    shop.clock.set(moment("2028-01-01T00:00:00Z"));
    shop.run_until_idle().await;
    assert_eq!(shop.count("journal where kind = 'tick'").await, MEMBERS as i64);
    assert_eq!(shop.count("holder_state where due_at <= clock").await, 0);
    shop.assert_audited().await;
}
