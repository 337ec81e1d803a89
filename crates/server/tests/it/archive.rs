//! Old periods go into the archive, and nobody can tell but by the room they take.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use lojal_core::activity::OrderState;
use lojal_core::kernel::{HolderId, Language, Part};
use lojal_core::programme::starter;
use lojal_server::audit::audit;
use lojal_server::checkpoints::{checkpoint, prove, verify};
use lojal_server::moving::{Relocation, Step, export, export_wallets, restore};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{DATABASE_FILE, Place};
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::journal::{
    Archived, JournalRow, first_kept, journal_archive, journal_chain, journal_find_all, journal_page, journal_page_of,
    journal_walk,
};
use lojal_server::platform::sql::Dialect;
use lojal_server::platform::writer::{Idempotency, Submission, WriteError};

use crate::shop::{self, Shop, activity, adjust, gift, moment, place, put_order, redeem, return_one};

/// Half of the history lies before it.
const NEW_YEAR: &str = "2028-01-01T00:00:00Z";
const FAR_AHEAD: &str = "2080-01-01T00:00:00Z";
const FRIENDS: usize = 9;

/// Four years: much of ada's, something of everybody's in each quarter, and enough in a part for more
/// than one block.
async fn live_for_years(shop: &Shop) {
    shop.live_a_little().await;
    let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap().id;
    for quarter in 0..14 {
        let (year, month) = (2026 + (quarter + 2) / 4, 3 * ((quarter + 2) % 4) + 2);
        shop.clock.set(moment(&format!("{year}-{month:02}-10T12:00:00Z")));
        for friend in 0..FRIENDS {
            let name = format!("friend-{friend}");
            let member = NewMember { if_enrolled: IfEnrolled::Find, ..NewMember::new(name) };
            let friend_id = shop.application.enrol(member).await.unwrap().holder;
            let order = format!("order-{friend}-{quarter}");
            shop.submit(friend_id, put_order(&order, OrderState::Paid, &[("1", 3, 9_000)])).await.unwrap();
            shop.submit(friend_id, put_order(&order, OrderState::Closed, &[("1", 3, 9_000)])).await.unwrap();
        }
        for _ in 0..25 {
            shop.submit(ada, adjust(40)).await.unwrap();
        }
        shop.submit(ada, redeem("coupon-10")).await.unwrap();
        shop.run_until_idle().await;
    }
}

async fn archive(shop: &Shop, before: &str) -> Archived {
    journal_archive(&shop.application.database, moment(before), |_| ()).await.unwrap()
}

/// All rows, in pages of a size.
async fn rows(application: &Application, size: usize) -> Vec<JournalRow> {
    let mut connection = application.database.snapshot().await.unwrap();
    let mut rows: Vec<JournalRow> = Vec::new();
    loop {
        let page = journal_page(&mut connection, rows.last().map(|row| row.id), size).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

/// The rows of a part, in pages of a size.
async fn rows_of(application: &Application, part: Part, size: usize) -> Vec<JournalRow> {
    let mut connection = application.database.read().await.unwrap();
    let mut rows: Vec<JournalRow> = Vec::new();
    loop {
        let after = rows.last().map_or(-1, |row| row.id.number());
        let page = journal_page_of(&mut connection, part, after, size).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

/// Everything that anybody can ask about the past.
async fn everything(application: &Application, folder: &Path) -> Vec<String> {
    let mut told = Vec::new();
    let mut csv = Vec::new();
    export_wallets(application, &mut csv).await.unwrap();
    told.push(String::from_utf8(csv).unwrap());

    let file = folder.join("export.gz");
    export(application, &file).await.unwrap();
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(&file).unwrap()).read_to_string(&mut text).unwrap();
    std::fs::remove_file(&file).unwrap();
    told.push(text);

    let all = rows(application, 500).await;
    for row in &all {
        told.push(format!("{row:?}"));
        told.push(format!("{:?}", application.transaction(row.id).await.unwrap()));
    }
    for row in all.iter().step_by(37) {
        told.push(format!("{:?}", application.explain(row.id).await.unwrap()));
    }
    for name in ["order-3-1", "order-3-13", "o-1"] {
        told.push(format!("{:?}", application.order(name).await.unwrap().map(|kept| (kept.transaction, kept.thing))));
    }
    for name in ["ada", "bob", "friend-0"] {
        let member = application.member_by_external_id(name).await.unwrap().unwrap();
        let holder = HolderId::from(member.id);
        let head = application.state(holder).await.unwrap().unwrap().head;
        let mut connection = application.database.read().await.unwrap();
        for limit in [1, 30, usize::MAX >> 1] {
            let walked = journal_walk(&mut connection, Some(head), limit).await.unwrap();
            let chain = journal_chain(&mut connection, head, limit).await.unwrap();
            assert_eq!(walked.iter().map(|row| (row.id, row.prev)).collect::<Vec<_>>(), chain);
            let mut found = journal_find_all(&mut connection, chain.iter().map(|(id, _)| *id)).await.unwrap();
            found.sort_by_key(|row| std::cmp::Reverse(row.id));
            assert_eq!(found, walked);
            told.push(format!("{walked:?}"));
        }
        let proof = prove(application, name).await.unwrap();
        proof.check(None).unwrap();
        told.push(format!("{} {:?}", proof.transactions, proof.checkpoint.summary));
    }
    told
}

fn assert_same(before: &[String], after: &[String]) {
    assert_eq!(before.len(), after.len());
    for (before, after) in before.iter().zip(after) {
        assert!(before == after, "{}\nbecame\n{}", &before[..before.len().min(900)], &after[..after.len().min(900)]);
    }
}

#[tokio::test]
async fn what_is_archived_can_be_asked_like_anything_else() {
    let shop = Shop::open().await;
    shop.enrol("zoe").await;
    let early = checkpoint(&shop.application).await.unwrap();
    live_for_years(&shop).await;
    let before = everything(&shop.application, shop.folder.path()).await;
    let count = shop.count("journal").await;

    let archived = archive(&shop, NEW_YEAR).await;
    assert_eq!(shop.count("journal").await, count - archived.transactions as i64);
    assert!(archived.transactions as i64 > count / 3 && (archived.transactions as i64) < count);
    assert_eq!(shop.count("journal_archive").await, archived.blocks as i64);
    assert!(archived.bytes_after * 2 < archived.bytes_before, "{archived:?}");
    assert_same(&before, &everything(&shop.application, shop.folder.path()).await);
    shop.assert_audited().await;

    assert_eq!(archive(&shop, NEW_YEAR).await, Archived::default(), "a second time there is nothing to do");

    // Everything but what new ids are counted on from.
    archive(&shop, FAR_AHEAD).await;
    let left = shop.count("journal").await;
    assert!(if is_file(&shop) { left == 1 } else { left <= 64 }, "{left} rows are left");
    let shop = shop.reopen().await;
    assert_same(&before, &everything(&shop.application, shop.folder.path()).await);
    for size in [1, 64, 65] {
        let all = rows(&shop.application, size).await;
        assert_eq!(all, rows(&shop.application, 1_000).await);
        let mut by_part = Vec::new();
        for part in Part::all() {
            by_part.extend(rows_of(&shop.application, part, size.max(5)).await);
        }
        by_part.sort_by_key(|row| row.id);
        let mut by_id = all;
        by_id.sort_by_key(|row| row.id);
        assert_eq!(by_part, by_id);
    }
    assert_eq!(verify(&shop.application, &early).await.unwrap(), Ok(()));
    shop.assert_audited().await;
}

fn is_file(shop: &Shop) -> bool {
    shop.application.database.dialect() == Dialect::Sqlite
}

#[tokio::test]
async fn the_shop_goes_on_with_what_is_archived() {
    // One shop never archives; what it answers is right.
    let (plain, archiving) = (Shop::open().await, Shop::open().await);
    let mut answers = Vec::new();
    for shop in [&plain, &archiving] {
        live_for_years(shop).await;
        let friend = shop.application.member_by_external_id("friend-2").await.unwrap().unwrap().id;
        let submission = Submission {
            idempotency: Some(Idempotency { key: "the-key".to_owned(), fingerprint: [7; 32] }),
            ..Submission::new(friend, adjust(33))
        };
        let first = shop.application.writer.submit(submission.clone()).await.unwrap();
        if std::ptr::eq(shop, &archiving) {
            assert!(archive(shop, FAR_AHEAD).await.transactions > 0);
        }
        let again = shop.application.writer.submit(submission).await.unwrap();
        assert!(again.repeated && again.transaction == first.transaction && again.decision == first.decision);
        let joined = NewMember { if_enrolled: IfEnrolled::Find, ..NewMember::new("friend-2") };
        assert!(shop.application.enrol(joined).await.unwrap().repeated);

        // An order of the first year: put again, returned in part, and the return sent twice.
        let put = put_order("order-2-0", OrderState::Closed, &[("1", 3, 9_000)]);
        assert!(shop.submit(friend, put).await.unwrap().repeated);
        let returned = shop.submit(friend, return_one("order-2-0", "late-1", "1")).await.unwrap();
        assert!(returned.decision.effects.iter().any(|effect| !effect.postings.is_empty()));
        assert!(shop.submit(friend, return_one("order-2-0", "late-1", "1")).await.unwrap().repeated);
        let later = shop.submit(friend, return_one("order-2-13", "late-2", "1")).await.unwrap();
        let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap().id;
        let seen = shop.submit(ada, activity(ada, "review", "rev-2")).await.unwrap();
        shop.submit(ada, gift(friend, 10)).await.unwrap();
        shop.run_until_idle().await;
        let why: Vec<_> = [&returned, &later, &seen]
            .iter()
            .map(|done| (&done.decision.effects, &done.balances))
            .map(|why| format!("{why:?}"))
            .collect();
        answers.push((why, shop.wallet(friend).await, shop.wallet(ada).await));
        shop.assert_audited().await;
    }
    assert!(answers[0] == answers[1], "{answers:#?}");
    archive(&archiving, FAR_AHEAD).await;
    archiving.assert_audited().await;
}

/// What is done to the archive, and what the audit then says.
const TAMPERING: &[(&str, &str)] = &[
    (
        "update journal_archive set hash = (select fingerprint from programme_version where version = 1)",
        "the hash that its content gives",
    ),
    (
        "update journal_archive set body = (select fingerprint from programme_version where version = 1)",
        "the hash that its content gives",
    ),
    ("update journal_archive set transactions = transactions + 1", "the hash that its content gives"),
    ("update journal_archive set first_id = first_id - 64", "the hash that its content gives"),
    ("update journal_archive set last_id = last_id + 64", "the hash that its content gives"),
    (
        "delete from journal_archive where first_id = (select min(first_id) from journal_archive)",
        "is missing from the journal",
    ),
    ("delete from holder_state where holder = (select id from member where external_id = 'bob')", "has no state"),
    ("delete from journal", "is missing from the journal"),
];

#[tokio::test]
async fn damage_in_the_archive_is_found_and_named() {
    let shop = Shop::open().await;
    live_for_years(&shop).await;
    archive(&shop, NEW_YEAR).await;
    shop.application.close().await;
    for (sql, expected) in TAMPERING {
        let folder = shop::copy(shop.folder.path());
        let application = shop::open(folder.path(), &shop.clock).await;
        let tampered = Shop { application, clock: shop.clock.clone(), folder };
        tampered.tamper(sql).await;
        let report = audit(&tampered.application.database, |_| ()).await.unwrap();
        let told = report.differences.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(told.iter().any(|difference| difference.contains(expected)), "{sql}: {told:#?}");
    }
}

#[tokio::test]
async fn an_archive_moves_and_an_export_brings_everything() {
    let shop = Shop::open().await;
    live_for_years(&shop).await;
    archive(&shop, "2027-01-01T00:00:00Z").await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), place(&folder.path().join("there")));
    let relocation = Relocation::open(&from, &to, false, shop.clock.clone()).await.unwrap();
    loop {
        match relocation.step(|_| ()).await.unwrap() {
            // What has been copied row by row is archived afterwards.
            Step::Copied(_) => assert!(archive(&shop, NEW_YEAR).await.transactions > 0),
            Step::Stopped => {
                let refused = journal_archive(&shop.application.database, moment(FAR_AHEAD), |_| ()).await;
                assert!(refused.is_err(), "nothing is archived while the last is copied");
            }
            Step::Done => break,
            _ => {}
        }
    }
    relocation.close().await;
    let there = Application::open_existing(to, shop.clock.clone()).await.unwrap();
    let (mut moved, mut had) = (rows(&there, 100).await, rows(&shop.application, 100).await);
    // Each kind of database has an order of its own.
    moved.sort_by_key(|row| row.id);
    had.sort_by_key(|row| row.id);
    assert_eq!(moved, had);
    let there = Shop { application: there, clock: shop.clock.clone(), folder: tempfile::tempdir().unwrap() };
    assert_eq!(there.count("journal_archive").await, shop.count("journal_archive").await);
    assert_eq!(there.count("journal").await, shop.count("journal").await);
    there.assert_audited().await;

    let file = folder.path().join("all.gz");
    export(&there.application, &file).await.unwrap();
    let restored = restore(&file, Place::folder(folder.path().join("again")), shop.clock.clone()).await.unwrap();
    assert!(restored.report.is_clean(), "{:#?}", restored.report.differences);
    assert_eq!(restored.report.transactions as usize, had.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_archive_grows_beside_a_rush() {
    const CALLERS: usize = 8;
    let shop = Shop::open().await;
    let mut members = Vec::new();
    for caller in 0..CALLERS {
        members.push(shop.enrol_with(&format!("caller-{caller}"), 500).await);
    }
    let mut calls = tokio::task::JoinSet::new();
    for (caller, member) in members.into_iter().enumerate() {
        let writer = shop.application.writer.clone();
        calls.spawn(async move {
            for round in 0..60 {
                let order = format!("{caller}-{}", round % 20);
                let put = put_order(&order, OrderState::Paid, &[("1", 4, 20_000)]);
                let done = writer.submit(Submission::new(member, put)).await.unwrap();
                assert_eq!(done.repeated, round >= 20, "{order}");
                if round % 5 == 0 && round >= 20 {
                    let returned = return_one(&order, &format!("{caller}-{round}"), "1");
                    match writer.submit(Submission::new(member, returned)).await {
                        Ok(_) | Err(WriteError::Refused(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
                writer.submit(Submission::new(member, adjust(1))).await.unwrap();
            }
        });
    }
    // Two at once, of which each may find that the other was quicker.
    let mut archiving = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let database = shop.application.database.clone();
        archiving.spawn(async move {
            let mut transactions = 0;
            for _ in 0..12 {
                let archived = journal_archive(&database, moment(FAR_AHEAD), |_| ()).await.unwrap();
                transactions += archived.transactions;
                tokio::time::sleep(std::time::Duration::from_millis(30)).await;
            }
            transactions
        });
    }
    calls.join_all().await;
    let archived: u64 = archiving.join_all().await.into_iter().sum();
    assert!(archived > 0);
    shop.assert_audited().await;
    assert_eq!(rows(&shop.application, 50).await.len() as i64 - archived as i64, shop.count("journal").await);
}

/// In a file, lanes write in another order than that of their ids: a row may come in below what is
/// archived meanwhile, where nobody would look for it any more.
#[tokio::test]
async fn a_row_that_was_overtaken_is_archived_with_the_others() {
    let shop = Shop::open().await;
    if !is_file(&shop) {
        return;
    }
    for guest in 0..30 {
        shop.enrol(&format!("guest-{guest}")).await;
    }
    live_for_years(&shop).await;
    let had = rows(&shop.application, 100).await;
    let file = rusqlite::Connection::open(shop.folder.path().join(DATABASE_FILE)).unwrap();
    // The first row of the last part: its block is not among those of the first transaction.
    let part = had.iter().map(|row| row.id.part()).max().unwrap();
    let overtaken = had.iter().find(|row| row.id.part() == part).unwrap();
    let id = [overtaken.id.number()];
    file.execute("create table overtaken as select * from journal where id = ?1", id).unwrap();
    assert_eq!(file.execute("delete from journal where id = ?1", id).unwrap(), 1);
    let mut transactions = 0;
    let archived = journal_archive(&shop.application.database, moment(FAR_AHEAD), |_| {
        if transactions == 0 {
            file.execute("insert into journal select * from overtaken", []).unwrap();
            file.execute("drop table overtaken", []).unwrap();
        }
        transactions += 1;
    })
    .await
    .unwrap();
    assert!(transactions > 1 && archived.transactions as usize == had.len() - 1, "{transactions}, {archived:?}");
    assert!(rows(&shop.application, 100).await == had);
    shop.assert_audited().await;
}

/// In a file a part may be archived as a whole. On a server, where each part has ids of its own, new
/// ones must still be higher than those.
#[tokio::test]
async fn ids_go_on_above_a_part_that_is_archived_as_a_whole() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let clock = Clock::stopped_at(moment(shop::OPENING));
    let (from, to) = (Place::folder(folder.path()), place(&elsewhere.path().join("there")));
    let application = Application::open(from.clone(), clock.clone()).await.unwrap();
    application.publish(starter(Language::En)).await.unwrap();
    let shop = Shop { application, clock: clock.clone(), folder };
    live_for_years(&shop).await;
    archive(&shop, FAR_AHEAD).await;
    let archived = rows(&shop.application, 100).await;
    let relocation = Relocation::open(&from, &to, false, clock.clone()).await.unwrap();
    while relocation.step(|_| ()).await.unwrap() != Step::Done {}
    relocation.close().await;

    clock.set(moment(shop::OPENING));
    let application = Application::open_existing(to, clock.clone()).await.unwrap();
    let there = Shop { application, clock, folder: elsewhere };
    for friend in 0..FRIENDS {
        let name = format!("friend-{friend}");
        let friend = there.application.member_by_external_id(&name).await.unwrap().unwrap().id;
        let done = there.submit(friend, adjust(7)).await.unwrap();
        let latest = archived.iter().map(|row| row.id).filter(|id| id.part() == friend.part()).max().unwrap();
        assert!(done.transaction > latest, "{name}: {} is below {latest}", done.transaction);
    }
    there.assert_audited().await;
}

#[tokio::test]
async fn whole_months_are_kept() {
    let shop = Shop::open().await;
    let calendar = shop.application.rulebook().live().unwrap().calendar.clone();
    for (now, months, expected) in [
        ("2026-05-04T10:00:00Z", 1, "2026-04-01"),
        ("2026-05-31T21:59:59Z", 12, "2025-05-01"),
        ("2026-05-31T22:00:00Z", 12, "2025-06-01"),
    ] {
        let first = first_kept(&calendar, moment(now), months);
        assert_eq!(calendar.date(first).to_string(), expected, "{now}");
        assert_eq!(calendar.start_of(calendar.date(first)), first);
    }
}
