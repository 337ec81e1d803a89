//! Backups of a file while it is in use. A server has tools of its own.

use lojal_server::backups::{BackupError, Extent, Kind, Manifest, Order, list, restore, take};
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{OpenError, Place};
use lojal_server::platform::sql::Dialect;
use tempfile::TempDir;

use crate::shop::{Shop, adjust, moment, place};

struct Safe {
    folder: TempDir,
    order: Order,
}

impl Safe {
    fn new() -> Safe {
        let folder = tempfile::tempdir().unwrap();
        let order = Order {
            folder: folder.path().join("backups"),
            extent: Extent::Increment,
            audit: true,
            keep: 7,
            with_key: true,
        };
        Safe { folder, order }
    }

    async fn take(&self, shop: &Shop, extent: Extent) -> Manifest {
        let order = Order { extent, ..self.order.clone() };
        take(&place(shop.folder.path()), &order, &shop.clock).await.unwrap()
    }
}

/// What the shop has after each of its backups, an hour apart.
async fn a_day(shop: &Shop, safe: &Safe, backups: usize) -> Vec<(Manifest, i64)> {
    let eve = shop.enrol_with("eve", 100).await;
    let mut taken = Vec::new();
    for number in 0..backups {
        shop.clock.set(moment("2026-07-05T08:00:00Z") + jiff::SignedDuration::from_hours(number as i64));
        shop.submit(eve, adjust(7)).await.unwrap();
        shop.enrol(&format!("member-{number}")).await;
        let manifest = safe.take(shop, Extent::Increment).await;
        taken.push((manifest, shop.available(eve).await));
    }
    taken
}

async fn is_on_server(shop: &Shop, safe: &Safe) -> bool {
    if shop.application.database.dialect() == Dialect::Sqlite {
        return false;
    }
    let refused = take(&place(shop.folder.path()), &safe.order, &shop.clock).await;
    assert!(matches!(refused, Err(BackupError::OnServer)));
    true
}

#[tokio::test]
async fn any_backup_comes_back() {
    let (shop, safe) = (Shop::open().await, Safe::new());
    if is_on_server(&shop, &safe).await {
        return;
    }
    shop.live_a_little().await;
    let taken = a_day(&shop, &safe, 4).await;
    assert_eq!(taken[0].0.kind, Kind::Base);
    for (manifest, _) in &taken[1..] {
        assert_eq!(manifest.kind, Kind::Increment);
        assert!(manifest.file_bytes < taken[0].0.file_bytes / 2, "{}", manifest.file_bytes);
    }
    for (hour, (manifest, points)) in taken.iter().enumerate() {
        let target = safe.folder.path().join(format!("restored-{hour}"));
        let at = manifest.taken_at + jiff::SignedDuration::from_mins(59);
        let returned = restore(&safe.order.folder, Some(at), &Place::folder(&target)).await.unwrap();
        assert_eq!(returned.manifest, *manifest);
        assert!(returned.report.is_clean() && returned.has_key, "{:#?}", returned.report.differences);
        let application = Application::open_existing(Place::folder(&target), shop.clock.clone()).await.unwrap();
        let eve = application.member_by_external_id("eve").await.unwrap().unwrap();
        let holder = application.holder(eve.id.into()).await.unwrap().unwrap();
        assert_eq!(holder.wallets.get("points").unwrap().available(), *points);
        assert!(application.member_by_external_id(&format!("member-{}", hour + 1)).await.unwrap().is_none());
        application.close().await;
        let again = restore(&safe.order.folder, None, &Place::folder(&target)).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(_))));
    }
    let before = Some(taken[0].0.taken_at - jiff::SignedDuration::from_secs(1));
    let nothing = restore(&safe.order.folder, before, &Place::folder(safe.folder.path().join("before"))).await;
    assert!(matches!(nothing, Err(BackupError::Nothing(_))));
    #[cfg(unix)]
    for (manifest, _) in &taken {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(safe.order.folder.join(&manifest.file)).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_backup_is_whole_while_the_shop_goes_on() {
    let (shop, safe) = (Shop::open().await, Safe::new());
    if is_on_server(&shop, &safe).await {
        return;
    }
    let ada = shop.enrol_with("ada", 100).await;
    let writer = shop.application.writer.clone();
    let busy = tokio::spawn(async move {
        for _ in 0..400 {
            let submission = lojal_server::platform::writer::Submission::new(ada, adjust(1));
            writer.submit(submission).await.unwrap();
        }
    });
    let order = Order { with_key: false, ..safe.order.clone() };
    for _ in 0..4 {
        // Each a moment after the one before.
        take(&place(shop.folder.path()), &order, &Clock::system()).await.unwrap();
    }
    busy.await.unwrap();
    let target = safe.folder.path().join("restored");
    let returned = restore(&safe.order.folder, None, &Place::folder(&target)).await.unwrap();
    assert!(returned.report.is_clean() && !returned.has_key, "{:#?}", returned.report.differences);
    let opened = Application::open_existing(Place::folder(&target), shop.clock.clone()).await;
    assert!(matches!(opened, Err(OpenError::MissingKey { .. })), "{opened:?}");
}

#[tokio::test]
async fn old_backups_are_let_go() {
    let (shop, safe) = (Shop::open().await, Safe::new());
    if is_on_server(&shop, &safe).await {
        return;
    }
    let order = Order { keep: 2, ..safe.order.clone() };
    let mut kept = Vec::new();
    for hour in 0..6 {
        shop.clock.set(moment("2026-07-05T08:00:00Z") + jiff::SignedDuration::from_hours(hour));
        let extent = if hour % 2 == 0 { Extent::Base } else { Extent::Increment };
        let order = Order { extent, ..order.clone() };
        kept.push(take(&place(shop.folder.path()), &order, &shop.clock).await.unwrap());
    }
    assert_eq!(list(&safe.order.folder).unwrap(), kept[2..]);
    let names = std::fs::read_dir(&safe.order.folder).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let expected = 4 * 2 + ["lock", "pages.index", "secret.key"].len();
    assert_eq!(names.len(), expected, "{names:?}");
}

#[tokio::test]
async fn a_damaged_backup_is_not_restored() {
    let (shop, safe) = (Shop::open().await, Safe::new());
    if is_on_server(&shop, &safe).await {
        return;
    }
    let taken = a_day(&shop, &safe, 3).await;
    for (number, (manifest, _)) in taken.iter().enumerate().take(2) {
        let file = safe.order.folder.join(&manifest.file);
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for damaged in [changed, whole[..whole.len() - 1].to_vec(), Vec::new()] {
            std::fs::write(&file, damaged).unwrap();
            let target = safe.folder.path().join(format!("target-{number}"));
            let restored = restore(&safe.order.folder, None, &Place::folder(&target)).await;
            assert!(
                matches!(&restored, Err(BackupError::Damaged(named)) if named.to_string() == file.display().to_string()),
                "{restored:?}"
            );
            assert!(std::fs::read_dir(&target).unwrap().next().is_none(), "something was left behind");
        }
        std::fs::write(&file, whole).unwrap();
    }
    std::fs::remove_file(safe.order.folder.join("pages.index")).unwrap();
    shop.clock.set(moment("2026-07-06T08:00:00Z"));
    assert_eq!(safe.take(&shop, Extent::Increment).await.kind, Kind::Base, "it cannot be known what has changed");
}

#[tokio::test]
async fn books_that_do_not_hold_are_not_kept() {
    let (shop, safe) = (Shop::open().await, Safe::new());
    if is_on_server(&shop, &safe).await {
        return;
    }
    shop.enrol_with("ada", 100).await;
    shop.tamper("update journal set decided_at = decided_at + 1 where kind = 'adjust'").await;
    let refused = take(&place(shop.folder.path()), &safe.order, &shop.clock).await;
    assert!(matches!(refused, Err(BackupError::Unsound { .. })), "{refused:?}");
    assert!(list(&safe.order.folder).unwrap().is_empty());
    let unproved = Order { audit: false, ..safe.order.clone() };
    assert!(!take(&place(shop.folder.path()), &unproved, &shop.clock).await.unwrap().audited);
}
