//! The audit finds whatever is changed behind the writer's back.

use std::ops::ControlFlow;

use lojal_core::kernel::Part;
use lojal_server::audit::{audit, audit_while};
use lojal_server::platform::sql::Dialect;

use crate::shop::Shop;

/// What is done to the database, and what the audit then says.
const TAMPERING: &[(&str, &str)] = &[
    (
        "update journal set body = replace(body, '\"reason\":\"a test\"', '\"reason\":\"another\"') where kind = 'adjust'",
        "hash",
    ),
    ("update journal set decided_at = decided_at + 1 where kind = 'redeem'", "hash"),
    (
        "update journal set hash = (select fingerprint from programme_version where version = 1) where kind = 'redeem'",
        "hash",
    ),
    ("update journal set kind = 'hold' where kind = 'redeem'", "columns contradict"),
    ("update journal set prev = null where kind = 'redeem'", "hash"),
    ("delete from journal where kind = 'put_order'", "is missing from the journal"),
    (
        "update holder_state set body = unhex(replace(hex(body), hex('points'), hex('pounds')))",
        "differs from what its journal gives",
    ),
    ("update holder_state set version = version + 1", "does not name the end of its journal"),
    ("update holder_state set due_at = 5", "when something is due"),
    ("delete from holder_state where holder = (select id from member where external_id = 'bob')", "has no state"),
    ("update natural_key set journal_id = journal_id + 64 where kind = 'order'", "does not lead to it"),
    ("delete from natural_key where kind = 'voucher'", "does not lead to it"),
    ("insert into natural_key values (3, 'order', 'made-up', 64)", "natural keys, its journal gives"),
    ("update shared_quantity set remaining = remaining + 1 where part = 0", "are left"),
    ("update member set status = 'left' where external_id = 'ada'", "member's row differs"),
    ("update terms_acceptance set version = 7", "of version 7, which is none"),
    ("update terms_acceptance set member = member + 1", "are of no member"),
    ("delete from member where external_id = 'ada'", "member's row is missing"),
    ("update programme_version set document = replace(document, 'price = 500', 'price = 400')", "differs from the one"),
];

#[tokio::test]
async fn an_honest_history_is_clean() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let report = audit(&shop.application.database, |_| ()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
    assert_eq!(report.holders, 2);
    assert_eq!(report.transactions as i64, shop.count("journal").await);
}

#[tokio::test]
async fn it_is_broken_off_wherever_it_is() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let mut asked = 0;
    let to_the_end = |_| {
        asked += 1;
        ControlFlow::Continue(())
    };
    assert!(audit_while(&shop.application.database, to_the_end).await.unwrap().is_some());
    assert!(asked > 2 + Part::all().count(), "it is asked beyond the holders as well, at each part");
    for most in 1..=asked {
        let mut left = most;
        let for_a_while = |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let report = audit_while(&shop.application.database, for_a_while).await.unwrap();
        assert!(report.is_none() && left == 0, "it went on after {most}");
    }
}

#[tokio::test]
async fn tampering_is_found_and_named() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    shop.application.close().await;
    for (sql, expected) in TAMPERING {
        let folder = crate::shop::copy(shop.folder.path());
        let application = crate::shop::open(folder.path(), &shop.clock).await;
        let tampered = Shop { application, clock: shop.clock.clone(), folder };
        let sql = match tampered.application.database.dialect() {
            Dialect::Sqlite => (*sql).to_owned(),
            _ => sql
                .replace("unhex(", "decode(")
                .replace("hex(body)", "encode(body, 'hex')")
                .replace("hex('points'), hex('pounds'))", "encode('points', 'hex'), encode('pounds', 'hex')), 'hex'"),
        };
        tampered.tamper(&sql).await;
        let report = audit(&tampered.application.database, |_| ()).await.unwrap();
        let told = report.differences.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(told.iter().any(|difference| difference.contains(expected)), "{sql}: {told:#?}");
    }
}
