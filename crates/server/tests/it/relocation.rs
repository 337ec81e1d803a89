//! A shop moves from one database to another while it goes on.

use lojal_core::activity::OrderState;
use lojal_core::kernel::MemberId;
use lojal_server::moving::{MoveError, Relocation, Step, export_wallets, give_up};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::database::Place;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::sql::{self, Dialect, ErrorKind};
use lojal_server::platform::writer::WriteError;
use tempfile::TempDir;

use crate::shop::{self, Shop, adjust, gift, moment, place, put_order};

async fn wallets(application: &Application) -> String {
    let mut csv = Vec::new();
    export_wallets(application, &mut csv).await.unwrap();
    String::from_utf8(csv).unwrap()
}

fn named(name: &str) -> NewMember {
    let identity = Identity { name: Some(format!("{name} the Great")), ..Identity::default() };
    NewMember { identity, ..NewMember::new(name) }
}

/// A bit of business, whenever there is a moment for it.
async fn trade(shop: &Shop, round: usize) {
    let member = shop.application.enrol(named(&format!("member-{round}"))).await.unwrap().holder;
    let order = format!("round-{round}");
    shop.submit(member, put_order(&order, OrderState::Paid, &[("1", 1, 30_000)])).await.unwrap();
    shop.submit(member, put_order(&order, OrderState::Closed, &[("1", 1, 30_000)])).await.unwrap();
    let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap();
    shop.submit(ada.id, adjust(200)).await.unwrap();
    shop.accept_terms(ada.id).await;
    shop.accept_terms(MemberId(member.0)).await;
    shop.submit(ada.id, gift(member, 100)).await.unwrap();
    let before = format!("member-{}", round.saturating_sub(1));
    if let Some(before) = shop.application.member_by_external_id(&before).await.unwrap() {
        shop.application.erase_member(before.id).await.unwrap();
        shop.run_until_idle().await;
    }
}

fn is_moved<T: std::fmt::Debug>(result: Result<T, WriteError>) -> bool {
    matches!(&result, Err(WriteError::Storage(cause)) if cause.kind() == ErrorKind::Moved)
}

/// Moves by single steps, each by a process of its own, with `between` them.
async fn move_all(
    from: &Place,
    to: &Place,
    keep_source: bool,
    shop: &Shop,
    mut between: impl AsyncFnMut(usize, &Step),
) -> Vec<Step> {
    let mut steps = Vec::new();
    loop {
        let relocation = Relocation::open(from, to, keep_source, shop.clock.clone()).await.unwrap();
        let step = relocation.step(|_| ()).await.unwrap();
        relocation.close().await;
        between(steps.len(), &step).await;
        steps.push(step);
        if steps.last() == Some(&Step::Done) {
            return steps;
        }
    }
}

async fn is_open(shop: &Shop) -> bool {
    let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap();
    !is_moved(shop.submit(ada.id, adjust(1)).await)
}

#[tokio::test]
async fn a_shop_moves_there_and_back_while_it_goes_on() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let folders: Vec<TempDir> = (0..2).map(|_| tempfile::tempdir().unwrap()).collect();
    // From a server to a file and to a server again, where there is one.
    let route = [place(shop.folder.path()), Place::folder(folders[0].path()), place(&folders[1].path().join("deep"))];
    let mut source = shop;
    for (leg, pair) in route.windows(2).enumerate() {
        let (from, to) = (&pair[0], &pair[1]);
        let steps = move_all(from, to, false, &source, async |number, step| match step {
            Step::Prepared | Step::Copied(_) => trade(&source, 10 * leg + number).await,
            _ => {
                let ada = source.application.member_by_external_id("ada").await.unwrap().unwrap();
                assert!(is_moved(source.submit(ada.id, adjust(1)).await), "{step:?}");
                assert!(source.application.erase_member(ada.id).await.is_err(), "{step:?}");
                assert!(is_moved(source.application.enrol(NewMember::new("late")).await), "{step:?}");
                if !matches!(step, Step::Arrived | Step::Done) {
                    let early = Application::open(to.clone(), source.clock.clone()).await.unwrap();
                    assert!(is_moved(early.enrol(NewMember::new("early")).await), "{step:?}");
                    early.close().await;
                }
            }
        })
        .await;
        let names: Vec<String> = steps.iter().map(|step| format!("{step:?}")).collect();
        let names: Vec<&str> = names.iter().map(|name| name.split('(').next().unwrap()).collect();
        assert_eq!(names, ["Prepared", "Copied", "Stopped", "CaughtUp", "Verified", "Left", "Arrived", "Done"]);
        assert!(matches!(steps[3], Step::CaughtUp(rows) if rows > 0));
        let elsewhere = tempfile::tempdir().unwrap();
        let elsewhere = Relocation::open(from, &Place::folder(elsewhere.path()), false, source.clock.clone()).await;
        assert!(matches!(elsewhere.unwrap().step(|_| ()).await, Err(MoveError::Gone(_))));

        let application = Application::open_existing(to.clone(), source.clock.clone()).await.unwrap();
        assert_eq!(wallets(&application).await, wallets(&source.application).await);
        let newest = format!("member-{}", 10 * leg + 1);
        let member = application.member_by_external_id(&newest).await.unwrap().unwrap();
        let identity = application.identity(member.id).await.unwrap().unwrap();
        assert!(identity.name.is_some_and(|name| name.starts_with("member-")));
        let folder = tempfile::tempdir().unwrap();
        let moved = Shop { application, clock: source.clock.clone(), folder };
        // How far has come what is made out of the journal is each database's own affair.
        let progress =
            "progress where work <> 'directory' and work not like 'figures%' and work not like 'leaderboard%'";
        let acceptances = "terms_acceptance";
        for table in
            ["journal", "natural_key", "member", "identity", "member_key", "outbox", "receipt", acceptances, progress]
        {
            assert_eq!(moved.count(table).await, source.count(table).await, "{table}");
        }
        moved.clock.set(moment("2026-07-01T08:00:00Z"));
        moved.run_until_idle().await;
        assert!(is_open(&moved).await);
        moved.assert_audited().await;
        source.application.close().await;
        source = moved;
    }
}

/// In a file, lanes write in another order than that of their ids: a row may come in below what was
/// copied already.
#[tokio::test]
async fn a_row_that_was_overtaken_is_not_left_behind() {
    let shop = Shop::open().await;
    if shop.application.database.dialect() != Dialect::Sqlite {
        return;
    }
    shop.live_a_little().await;
    trade(&shop, 0).await;
    let script = async |text: &str| {
        let mut transaction = shop.application.database.write().await.unwrap();
        sql::script(&mut transaction, text).await.unwrap();
        transaction.commit().await.unwrap();
    };
    script(
        "create table overtaken as select * from journal order by id desc limit 1 offset 2;
         delete from journal where id in (select id from overtaken)",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), Place::folder(folder.path()));
    let before = shop.count("journal").await;
    move_all(&from, &to, false, &shop, async |_, step| {
        if matches!(step, Step::Copied(_)) {
            script("insert into journal select * from overtaken; drop table overtaken").await;
        }
    })
    .await;
    let application = Application::open_existing(to, shop.clock.clone()).await.unwrap();
    let moved = Shop { application, clock: shop.clock.clone(), folder };
    assert_eq!(moved.count("journal").await, before + 1);
    moved.assert_audited().await;
}

/// A process that is killed in the middle of a step, again and again, each time a little later.
#[tokio::test]
async fn a_move_that_is_cut_short_anywhere_goes_on() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    for round in 0..10 {
        trade(&shop, round).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), place(&folder.path().join("copy")));
    let mut cut_short = 0;
    let mut patience = std::time::Duration::from_millis(1);
    loop {
        let relocation = Relocation::open(&from, &to, false, shop.clock.clone()).await.unwrap();
        let step = tokio::time::timeout(patience, relocation.step(|_| ())).await;
        relocation.close().await;
        match step {
            Ok(Ok(Step::Done)) => break,
            Ok(step) => drop(step.unwrap()),
            Err(_) => {
                cut_short += 1;
                patience = patience * 3 / 2;
            }
        }
    }
    assert!(cut_short > 0 || shop.application.database.dialect() == Dialect::Sqlite);
    let moved = shop::open(&folder.path().join("copy"), &shop.clock).await;
    assert_eq!(wallets(&moved).await, wallets(&shop.application).await);
    let folder = tempfile::tempdir().unwrap();
    Shop { application: moved, clock: shop.clock.clone(), folder }.assert_audited().await;
}

#[tokio::test]
async fn a_source_may_be_kept() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), place(&folder.path().join("copy")));
    let steps = move_all(&from, &to, true, &shop, async |_, _| ()).await;
    assert!(!steps.contains(&Step::Left));
    assert!(is_open(&shop).await);
    let application = shop::open(&folder.path().join("copy"), &shop.clock).await;
    assert!(is_open(&Shop { application, clock: shop.clock.clone(), folder }).await);
}

#[tokio::test]
async fn a_move_may_be_given_up_and_taken_up_again() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), place(&folder.path().join("copy")));
    for steps in 1..=3 {
        for _ in 0..steps {
            let relocation = Relocation::open(&from, &to, false, shop.clock.clone()).await.unwrap();
            relocation.step(|_| ()).await.unwrap();
            relocation.close().await;
        }
        give_up(&from).await.unwrap();
        assert!(is_open(&shop).await, "after {steps} steps");
        trade(&shop, steps).await;
    }
    let steps = move_all(&from, &to, false, &shop, async |_, _| ()).await;
    assert!(steps.contains(&Step::Left));
    assert!(matches!(give_up(&from).await, Err(MoveError::Gone(_))));
    let moved = shop::open(&folder.path().join("copy"), &shop.clock).await;
    assert_eq!(wallets(&moved).await, wallets(&shop.application).await);
}

#[tokio::test]
async fn a_source_whose_books_do_not_hold_stays_in_use() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    shop.tamper("update journal set decided_at = decided_at + 1 where kind = 'redeem'").await;
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (place(shop.folder.path()), place(&folder.path().join("copy")));
    let relocation = Relocation::open(&from, &to, false, shop.clock.clone()).await.unwrap();
    let failure = loop {
        if let Err(failure) = relocation.step(|_| ()).await {
            break failure;
        }
    };
    assert!(matches!(failure, MoveError::Unsound { .. }), "{failure}");
    assert!(is_open(&shop).await);
}

#[tokio::test]
async fn nothing_is_moved_where_something_is() {
    let (shop, other) = (Shop::open().await, Shop::open_with(&shop_of_another_name()).await);
    shop.live_a_little().await;
    let folder = tempfile::tempdir().unwrap();
    let (from, occupied) = (place(shop.folder.path()), place(other.folder.path()));
    let same = Relocation::open(&from, &from, false, shop.clock.clone()).await;
    assert!(matches!(same, Err(MoveError::SamePlace)));
    let relocation = Relocation::open(&from, &occupied, false, shop.clock.clone()).await.unwrap();
    assert!(matches!(relocation.step(|_| ()).await, Err(MoveError::Occupied)));
    let missing = Relocation::open(&Place::folder(folder.path()), &from, false, shop.clock.clone()).await;
    assert!(matches!(missing, Err(MoveError::Missing(_))));

    let to = place(&folder.path().join("copy"));
    let relocation = Relocation::open(&from, &to, false, shop.clock.clone()).await.unwrap();
    relocation.step(|_| ()).await.unwrap();
    let stranger = Relocation::open(&occupied, &to, false, shop.clock.clone()).await.unwrap();
    assert!(matches!(stranger.step(|_| ()).await, Err(MoveError::Occupied)));
    assert!(is_open(&shop).await);
}

fn shop_of_another_name() -> String {
    format!("# Another.\n{}", lojal_core::programme::starter(lojal_core::kernel::Language::En))
}
