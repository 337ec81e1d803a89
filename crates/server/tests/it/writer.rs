//! The path that writes: exactly what can be afforded, exactly once.

use lojal_core::activity::OrderState;
use lojal_core::command::{Command, KeyKind};
use lojal_core::decision::Refusal;
use lojal_core::explanation::RuleOutcome;
use lojal_core::kernel::{HolderId, Language, MemberId, Name};
use lojal_core::programme::starter;
use lojal_server::moving::{export, export_wallets, restore};
use lojal_server::platform::application::NewMember;
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::pools::pool_import;
use lojal_server::platform::rulebook::PublishOptions;
use lojal_server::platform::writer::{Done, Idempotency, Submission, WriteError, Writer};

use crate::shop::{self, Shop, adjust, put_order, redeem, refusal};

/// Sends all commands at once and counts those that were taken; all others must lack points or
/// stock.
async fn race(commands: Vec<(Writer, HolderId, Command)>) -> usize {
    let mut tasks = tokio::task::JoinSet::new();
    for (writer, holder, command) in commands {
        tasks.spawn(async move { writer.submit(Submission::new(holder, command)).await });
    }
    let mut taken = 0;
    while let Some(answer) = tasks.join_next().await {
        match answer.unwrap() {
            Ok(_) => taken += 1,
            Err(WriteError::Refused(Refusal::InsufficientPoints { .. } | Refusal::OutOfStock { .. })) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_redemptions_take_exactly_what_is_there() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 1_000).await;
    let writer = &shop.application.writer;
    let commands = (0..1_000).map(|_| (writer.clone(), ada.into(), redeem("coupon-10"))).collect();
    assert_eq!(race(commands).await, 5);
    assert_eq!(shop.available(ada).await, 0);
    shop.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_on_one_folder_agree() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 2_000).await;
    let other = shop::open(shop.folder.path(), &shop.clock).await;
    let writers = [shop.application.writer.clone(), other.writer.clone()];
    let commands = (0..200).map(|turn| (writers[turn % 2].clone(), ada.into(), redeem("coupon-10"))).collect();
    assert_eq!(race(commands).await, 10);
    assert_eq!(shop.available(ada).await, 0);
    shop.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stock_that_all_members_share_is_never_overrun() {
    let shop = Shop::open_with(&starter(Language::En).replace("stock = 300", "stock = 7")).await;
    let mut commands = Vec::new();
    for number in 0..40 {
        let member = shop.enrol_with(&format!("member-{number}"), 1_000).await;
        commands.push((shop.application.writer.clone(), member.into(), redeem("mug")));
    }
    assert_eq!(race(commands).await, 7);
    shop.assert_audited().await;
}

#[tokio::test]
async fn stock_may_grow_and_shrink_but_not_below_what_is_gone() {
    let document = |stock: i64| starter(Language::En).replace("stock = 300", &format!("stock = {stock}"));
    let shop = Shop::open_with(&document(2)).await;
    let ada = shop.enrol_with("ada", 9_000).await;
    let mut taken = 0;
    for (stock, more) in [(2, 2), (5, 3), (1, 0), (6, 1)] {
        let options = PublishOptions { accept_worse: true, ..PublishOptions::default() };
        let publication = shop.application.publish_with(&document(stock), &options).await.unwrap();
        assert_eq!(publication.unchanged, stock == 2);
        for _ in 0..more {
            shop.submit(ada, redeem("mug")).await.unwrap();
            taken += 1;
        }
        let refused = refusal(shop.submit(ada, redeem("mug")).await);
        assert!(matches!(refused, Refusal::OutOfStock { .. }), "{refused:?} after {taken} of {stock}");
        shop.assert_audited().await;
    }
}

#[tokio::test]
async fn the_same_order_counts_once() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let order = put_order("o-1", OrderState::Paid, &[("1", 1, 12_000)]);
    let first = shop.submit(ada, order.clone()).await.unwrap();
    let rows = shop.count("journal").await;
    let answers = shop.application.writer.submit_all(vec![Submission::new(ada, order); 3]).await;
    for answer in answers {
        let again = answer.unwrap();
        assert!(again.repeated && !first.repeated);
        assert_eq!(told(&again), told(&first));
    }
    assert_eq!(shop.count("journal").await, rows);
    assert_eq!(shop.wallet(ada).await, (50, 120, 0));
}

/// Everything that an answer says, but for whether it is the first.
fn told(done: &Done) -> String {
    format!("{:?}", Done { repeated: false, ..done.clone() })
}

#[tokio::test]
async fn an_idempotency_key_gets_its_first_answer_again() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let submit = async |key: &str, body: u8, command: Command| {
        let idempotency = Some(Idempotency { key: key.to_owned(), fingerprint: [body; 32] });
        shop.application.writer.submit(Submission { idempotency, ..Submission::new(ada, command) }).await
    };
    let first = submit("k-1", 1, adjust(100)).await.unwrap();
    let again = submit("k-1", 1, adjust(100)).await.unwrap();
    assert!(again.repeated);
    assert_eq!(told(&again), told(&first));
    assert!(matches!(submit("k-1", 2, adjust(100)).await, Err(WriteError::KeyReused)));
    let poor = refusal(submit("k-2", 1, redeem("mug")).await);
    shop.submit(ada, adjust(1_000)).await.unwrap();
    assert_eq!(refusal(submit("k-2", 1, redeem("mug")).await), poor, "a refusal is an answer too");
    submit("k-3", 1, redeem("mug")).await.unwrap();
    assert_eq!(shop.available(ada).await, 50 + 100 + 1_000 - 500);
    let shop_again = shop.application.idempotency_fingerprint("k-2").await.unwrap();
    assert_eq!(shop_again, Some([1; 32]));
}

#[tokio::test]
async fn a_dry_run_answers_alike_and_writes_nothing() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 1_000).await;
    let counts = async || (shop.count("journal").await, shop.count("natural_key").await);
    let before = counts().await;
    let submission = Submission { dry_run: true, ..Submission::new(ada, redeem("mug")) };
    let tried = shop.application.writer.submit(submission.clone()).await.unwrap();
    assert_eq!(tried.balances[0].available, 500);
    assert_eq!(counts().await, before);
    assert_eq!(shop.available(ada).await, 1_000);
    let done = shop.submit(ada, redeem("mug")).await.unwrap();
    assert_eq!(done.balances, tried.balances);
    shop.submit(ada, redeem("mug")).await.unwrap();
    let refused = refusal(shop.application.writer.submit(submission).await);
    assert!(matches!(refused, Refusal::InsufficientPoints { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_refused_command_does_not_fail_its_neighbours() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let bob = shop.enrol("bob").await;
    let nobody = MemberId(shop.application.ids.next(ada.part()));
    let submission = |member: MemberId, command| Submission::new(member, command);
    let answers = shop
        .application
        .writer
        .submit_all(vec![
            submission(ada, adjust(150)),
            submission(bob, redeem("mug")),
            submission(nobody, adjust(1)),
            submission(ada, redeem("coupon-10")),
            submission(ada, redeem("coupon-10")),
        ])
        .await;
    let outcomes: Vec<String> = answers
        .into_iter()
        .map(|answer| match answer {
            Ok(_) => "ok".to_owned(),
            Err(WriteError::Refused(refusal)) => refusal.code(),
            Err(other) => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(outcomes, ["ok", "insufficient_points", "unknown_holder", "ok", "insufficient_points"]);
    assert_eq!(shop.available(ada).await, 0);
}

#[tokio::test]
async fn a_member_is_enrolled_once() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let again = shop.application.enrol(NewMember::new("ada")).await;
    assert_eq!(refusal(again), Refusal::AlreadyEnrolled);
    let find = |name: &str| NewMember { if_enrolled: IfEnrolled::Find, ..NewMember::new(name) };
    let found = shop.application.enrol_all(vec![find("ada"), find("eve"), find("eve")]).await.unwrap();
    let found: Vec<Done> = found.into_iter().map(Result::unwrap).collect();
    assert_eq!(found[0].holder, ada.into());
    assert_eq!(found[1].holder, found[2].holder);
    assert_eq!(found.iter().map(|done| done.repeated).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(shop.count("member").await, 2);
    let row = shop.application.member_by_external_id("eve").await.unwrap().unwrap();
    assert_eq!(row.holder(), found[1].holder);
}

#[tokio::test]
async fn personal_data_is_sealed_and_can_be_erased() {
    let shop = Shop::open().await;
    let identity = Identity { email: Some("ada@example.com".to_owned()), ..Identity::default() };
    let member = NewMember { identity: identity.clone(), ..NewMember::new("ada") };
    let ada = MemberId(shop.application.enrol(member).await.unwrap().holder.0);
    assert!(shop.application.identity(ada).await.unwrap() == Some(identity));
    shop.application.database.close().await;
    for entry in std::fs::read_dir(shop.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"example.com"), "personal data in the open");
    }
    let shop = shop.reopen().await;
    shop.application.erase_member(ada).await.unwrap();
    assert!(shop.application.identity(ada).await.unwrap().is_none());
    shop.assert_audited().await;
}

#[tokio::test]
async fn an_erased_name_is_forgotten_everywhere() {
    let name = "ada@example.com";
    let shop = Shop::open().await;
    let ada = shop.enrol_with(name, 120).await;
    shop.application.erase_member(ada).await.unwrap();
    assert!(shop.application.member_by_external_id(name).await.unwrap().is_none());
    assert!(shop.application.member(ada).await.unwrap().unwrap().is_erased());
    shop.submit(ada, adjust(5)).await.unwrap();
    assert_eq!(shop.available(ada).await, 125, "the books go on");
    let again = shop.enrol(name).await;
    assert_ne!(again, ada, "the name is free for somebody else");
    shop.application.erase_member(again).await.unwrap();
    shop.assert_audited().await;

    let folder = tempfile::tempdir().unwrap();
    let (file, target) = (folder.path().join("all.gz"), folder.path().join("elsewhere"));
    export(&shop.application, &file).await.unwrap();
    assert!(restore(&file, &target, shop.clock.clone()).await.unwrap().report.is_clean());
    let elsewhere = shop::open(&target, &shop.clock).await;
    let mut wallets = Vec::new();
    export_wallets(&elsewhere, &mut wallets).await.unwrap();
    let wallets = String::from_utf8(wallets).unwrap();
    assert!(wallets.contains(&format!("erased-{ada},points,125,")), "{wallets}");

    elsewhere.close().await;
    shop.application.database.close().await;
    for folder in [shop.folder.path(), &target] {
        for entry in std::fs::read_dir(folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(name.len()).any(|window| window == name.as_bytes()), "the name is still there");
        }
    }
}

#[tokio::test]
async fn orders_and_vouchers_are_found_without_their_member() {
    let shop = Shop::open().await;
    let ada = shop.enrol_with("ada", 1_000).await;
    shop.submit(ada, put_order("o-1", OrderState::Paid, &[("1", 1, 12_000)])).await.unwrap();
    let done = shop.submit(ada, redeem("mug")).await.unwrap();
    let code = shop.application.holder(done.holder).await.unwrap().unwrap().vouchers[0].code.clone();
    let order = shop.application.order("o-1").await.unwrap().unwrap();
    assert_eq!((order.holder, order.thing.order.external_id.as_str()), (ada.into(), "o-1"));
    let voucher = shop.application.voucher(&code).await.unwrap().unwrap();
    assert_eq!((voucher.holder, voucher.thing.reward.as_str()), (ada.into(), "mug"));
    assert!(shop.application.order("o-2").await.unwrap().is_none());
}

#[tokio::test]
async fn a_version_published_elsewhere_is_followed() {
    let shop = Shop::open().await;
    let other = shop::open(shop.folder.path(), &shop.clock).await;
    let document = starter(Language::En).replace("points = 50", "points = 70");
    let publication = other.publish(&document).await.unwrap();
    assert_eq!((publication.version, publication.unchanged), (2, false));
    assert!(other.publish(&document).await.unwrap().unchanged);
    let ada = shop.enrol("ada").await;
    assert_eq!(shop.available(ada).await, 70);
    assert_eq!(shop.application.versions().await.unwrap().len(), 2);
    let foreign = document.replace("id = \"club\"", "id = \"another\"");
    assert!(other.publish(&foreign).await.is_err(), "the data belong to one programme");
}

#[tokio::test]
async fn every_rule_tells_what_became_of_it_also_later() {
    let shop = Shop::open().await;
    let ada = shop.enrol("ada").await;
    let order = Submission::new(ada, put_order("o-1", OrderState::Paid, &[("1", 1, 12_000)]));
    let quote = shop.application.submit_explained(Submission { dry_run: true, ..order.clone() }).await.unwrap();
    let first = shop.application.submit_explained(order.clone()).await.unwrap();
    shop.application.publish(&starter(Language::En).replace("\"200.00\"", "\"100.00\"")).await.unwrap();
    shop.submit(ada, adjust(10)).await.unwrap();
    let again = shop.application.submit_explained(order).await.unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!(first.explanation, quote.explanation);
    assert_eq!(again.explanation, first.explanation, "explained under the version of its time");
    let outcome =
        |rule: &str| first.explanation.rules.iter().find(|trace| trace.rule == rule).map(|trace| trace.outcome.clone());
    assert_eq!(outcome("spend"), Some(RuleOutcome::Fired { points: 120 }));
    assert!(matches!(outcome("large-order"), Some(RuleOutcome::NotMet(_))));
}

#[tokio::test]
async fn codes_of_a_pool_go_out_once_and_are_never_imported_again() {
    let document =
        starter(Language::En).replace("voucher = { prefix = \"CLUB\", valid", "voucher = { pool = \"ten\", valid");
    let shop = Shop::open_with(&document).await;
    let pool = Name::from("ten");
    let codes: Vec<Name> = (0..5).map(|number| Name::from(format!("TEN-{number}"))).collect();
    let import = async || {
        let mut transaction = shop.application.database.write().await.unwrap();
        let added = pool_import(&mut transaction, &pool, &codes).await.unwrap();
        transaction.commit().await.unwrap();
        added
    };
    assert_eq!(import().await, 5);
    let ada = shop.enrol_with("ada", 9_000).await;
    let bob = shop.enrol_with("bob", 9_000).await;
    let turns = (0..8).map(|turn| Submission::new([ada, bob][turn % 2], redeem("coupon-10"))).collect();
    let mut given = Vec::new();
    let mut refused = 0;
    for answer in shop.application.writer.submit_all(turns).await {
        match answer {
            Ok(done) => {
                let records = done.decision.records.into_iter();
                given.extend(records.filter(|(key, _)| key.kind == KeyKind::Voucher).map(|(key, _)| key.id));
            }
            answer => {
                assert!(matches!(refusal(answer), Refusal::OutOfStock { .. }));
                refused += 1;
            }
        }
    }
    given.sort();
    assert_eq!((given, refused), (codes.clone(), 3));
    assert_eq!(import().await, 0);
    shop.assert_audited().await;
}
