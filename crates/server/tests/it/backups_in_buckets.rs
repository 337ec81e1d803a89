//! Backups that are copied to an object store, and the way back on a machine that has nothing else.

use std::path::{Path, PathBuf};

use lojal_core::kernel::Instant;
use lojal_server::backups::{
    Access, BackupError, Bucket, BucketFault, Copied, Extent, Kind, Manifest, Order, copy, restore_from_bucket, take,
};
use lojal_server::platform::application::Application;
use lojal_server::platform::database::Place;
use lojal_server::platform::sql::Dialect;
use lojal_testing::Store;
use tempfile::TempDir;

use crate::shop::{Shop, adjust, moment, place};

/// A shop with a store for its backups.
struct House {
    shop: Shop,
    store: Store,
    folder: TempDir,
    order: Order,
}

impl House {
    /// None where backups are not ours to make.
    async fn open() -> Option<House> {
        let (shop, folder) = (Shop::open().await, tempfile::tempdir().unwrap());
        let order = Order {
            folder: folder.path().join("backups"),
            extent: Extent::Increment,
            audit: false,
            keep: 7,
            with_key: false,
        };
        let is_file = shop.application.database.dialect() == Dialect::Sqlite;
        is_file.then(|| House { shop, store: Store::start(), folder, order })
    }

    fn bucket(&self) -> Bucket {
        self.bucket_with(|_| None)
    }

    /// With other variables than the store's own.
    fn bucket_with(&self, other: impl Fn(&str) -> Option<&'static str>) -> Bucket {
        let variables = self.store.variables();
        let own = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let access = Access::from_variables(|name| other(name).map(str::to_owned).or_else(|| own(name))).unwrap();
        Bucket::open(self.store.bucket("shops/tea").parse().unwrap(), &access).unwrap()
    }

    /// A backup at an hour of a day, after something has changed.
    async fn take(&self, hour: i64) -> Manifest {
        self.shop.clock.set(moment("2026-07-05T08:00:00Z") + jiff::SignedDuration::from_hours(hour));
        self.shop.enrol(&format!("member-{hour}")).await;
        take(&place(self.shop.folder.path()), &self.order, &self.shop.clock).await.unwrap()
    }

    async fn copy(&self) -> Result<Copied, BackupError> {
        copy(&self.order.folder, &self.bucket(), self.order.with_key).await
    }

    fn in_bucket(&self, name: &str) -> PathBuf {
        self.store.folder("shops/tea").join(name)
    }

    fn names_in_bucket(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.store.folder("shops/tea")).into_iter().flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The folder of a new machine, and what comes there.
    async fn restore(&self, name: &str, moment: Option<Instant>) -> (PathBuf, Result<Manifest, BackupError>) {
        let target = self.folder.path().join(name);
        let returned = restore_from_bucket(&self.bucket(), moment, &Place::folder(&target)).await;
        assert!(!self.folder.path().join(format!("{name}.fetched")).exists(), "something was left behind");
        let manifest = returned.map(|returned| {
            assert!(returned.report.is_clean(), "{:#?}", returned.report.differences);
            assert_eq!(returned.has_key, self.order.with_key);
            returned.manifest
        });
        (target, manifest)
    }
}

fn files(manifests: &[Manifest]) -> Vec<String> {
    let mut names: Vec<_> =
        manifests.iter().flat_map(|known| [known.file.clone(), format!("{}.json", known.file)]).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_new_machine_has_any_backup_from_the_bucket_alone() {
    let Some(mut house) = House::open().await else { return };
    house.order.with_key = true;
    let eve = house.shop.enrol_with("eve", 100).await;
    let mut taken = Vec::new();
    for hour in 0..4 {
        house.shop.submit(eve, adjust(7)).await.unwrap();
        let manifest = house.take(hour).await;
        let expected = if hour == 0 { Kind::Base } else { Kind::Increment };
        assert_eq!(manifest.kind, expected);
        assert_eq!(house.copy().await.unwrap(), Copied { backups: 1, bytes: manifest.file_bytes });
        taken.push((manifest, house.shop.available(eve).await));
    }
    assert_eq!(house.copy().await.unwrap(), Copied::default(), "it has all of them");
    std::fs::remove_dir_all(&house.order.folder).unwrap();
    // More than a store names in one answer.
    for number in 0..1_200 {
        std::fs::write(house.in_bucket(&format!("2019-12-{number}.note")), "").unwrap();
    }
    for (hour, (manifest, points)) in taken.iter().enumerate() {
        let at = (hour < 3).then(|| manifest.taken_at + jiff::SignedDuration::from_mins(59));
        let (target, returned) = house.restore(&format!("machine-{hour}"), at).await;
        assert_eq!(returned.unwrap(), *manifest);
        #[cfg(unix)]
        for name in ["lojal.db", "secret.key"] {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(target.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        let application = Application::open_existing(Place::folder(&target), house.shop.clock.clone()).await.unwrap();
        let eve = application.member_by_external_id("eve").await.unwrap().unwrap();
        let holder = application.holder(eve.id.into()).await.unwrap().unwrap();
        assert_eq!(holder.wallets.get("points").unwrap().available(), *points);
        application.close().await;
        let (_, again) = house.restore(&format!("machine-{hour}"), at).await;
        assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
    }
    let early = taken[0].0.taken_at - jiff::SignedDuration::from_secs(1);
    let (_, nothing) = house.restore("too-early", Some(early)).await;
    assert!(matches!(nothing, Err(BackupError::Nothing(_))), "{nothing:?}");
}

#[tokio::test]
async fn what_an_interruption_left_out_is_copied_the_next_time() {
    let Some(house) = House::open().await else { return };
    let mut taken = vec![house.take(0).await];
    // Listed, the file put, and then the line is cut: the manifest may not be there.
    for requests in 0..3 {
        house.store.answer_only(requests);
        let cut = house.copy().await.unwrap_err();
        assert!(matches!(&cut, BackupError::Bucket { fault: BucketFault::Unreachable(_), .. }), "{cut:?}");
        assert!(!house.in_bucket(&format!("{}.json", taken[0].file)).exists());
        house.store.answer_all();
        let (_, nothing) = house.restore("nothing", None).await;
        assert!(matches!(nothing, Err(BackupError::Nothing(_))), "{nothing:?}");
    }
    taken.push(house.take(1).await);
    let bytes = taken.iter().map(|manifest| manifest.file_bytes).sum();
    assert_eq!(house.copy().await.unwrap(), Copied { backups: 2, bytes });
    assert_eq!(house.names_in_bucket(), files(&taken), "neither a key nor anything else goes along");
    assert_eq!(house.restore("machine", None).await.1.unwrap(), taken[1]);
}

#[tokio::test]
async fn a_large_base_goes_in_parts() {
    let Some(house) = House::open().await else { return };
    // Three parts and a bit, which no packing makes smaller.
    house.shop.tamper("create table ballast as select randomblob(25000000) as weight").await;
    let base = house.take(0).await;
    assert!(base.file_bytes > 25_000_000);
    // Listed, the upload begun, two parts of it put.
    house.store.answer_only(4);
    assert!(matches!(house.copy().await, Err(BackupError::Bucket { .. })));
    assert_eq!(house.names_in_bucket(), Vec::<String>::new());
    house.store.answer_all();
    assert_eq!(house.copy().await.unwrap().bytes, base.file_bytes);
    assert_eq!(house.restore("machine", None).await.1.unwrap(), base);

    let increment = house.take(24).await;
    std::fs::remove_file(house.order.folder.join("pages.index")).unwrap();
    let base = house.take(25).await;
    assert_eq!((increment.kind, base.kind), (Kind::Increment, Kind::Base));
    for manifest in [&base, &increment] {
        change(&house.order.folder.join(&manifest.file));
    }
    let copied = house.copy().await;
    let first = house.order.folder.join(&increment.file).display().to_string();
    assert!(matches!(&copied, Err(BackupError::Damaged(named)) if named.to_string() == first), "{copied:?}");
    assert_eq!(house.names_in_bucket().len(), 2, "neither of them is as it was written");
    change(&house.order.folder.join(&base.file));
    assert!(house.copy().await.is_err());
    assert_eq!(house.names_in_bucket().len(), 4, "what is whole is copied all the same");
    assert_eq!(house.restore("later", None).await.1.unwrap(), base);
}

/// Changes a file in its middle; done twice, it is as it was.
fn change(file: &Path) {
    let mut content = std::fs::read(file).unwrap();
    let middle = content.len() / 2;
    content[middle] ^= 1;
    std::fs::write(file, content).unwrap();
}

#[tokio::test]
async fn what_the_bucket_lost_is_named() {
    let Some(house) = House::open().await else { return };
    let taken = [house.take(0).await, house.take(1).await, house.take(2).await];
    house.copy().await.unwrap();
    for (number, manifest) in taken.iter().enumerate() {
        let file = house.in_bucket(&manifest.file);
        let whole = std::fs::read(&file).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        for damaged in [Some(changed), Some(whole[..whole.len() - 1].to_vec()), None] {
            match damaged {
                Some(content) => std::fs::write(&file, content).unwrap(),
                None => std::fs::remove_file(&file).unwrap(),
            }
            let (target, restored) = house.restore(&format!("target-{number}"), None).await;
            let expected = format!("{}/{}", house.store.bucket("shops/tea"), manifest.file);
            assert!(
                matches!(&restored, Err(BackupError::Damaged(named)) if named.to_string() == expected),
                "{restored:?}"
            );
            assert!(!target.exists(), "something was left behind");
        }
        std::fs::write(&file, whole).unwrap();
    }
    let manifest = house.in_bucket(&format!("{}.json", taken[1].file));
    let whole = std::fs::read(&manifest).unwrap();
    std::fs::write(&manifest, "{}").unwrap();
    let (_, restored) = house.restore("target", None).await;
    assert!(matches!(restored, Err(BackupError::Manifest(..))), "{restored:?}");
    std::fs::copy(house.in_bucket(&format!("{}.json", taken[0].file)), &manifest).unwrap();
    let (_, restored) = house.restore("target", None).await;
    assert!(matches!(restored, Err(BackupError::Manifest(..))), "{restored:?}");
    std::fs::remove_file(&manifest).unwrap();
    let (_, restored) = house.restore("target", None).await;
    assert!(matches!(restored, Err(BackupError::Damaged(_))), "{restored:?}");
    assert_eq!(
        house.restore("target", Some(taken[0].taken_at)).await.1.unwrap(),
        taken[0],
        "what is before it can be had"
    );
    // The folder has it still, so the bucket gets it again.
    assert_eq!(house.copy().await.unwrap().backups, 1);
    assert_eq!(std::fs::read(&manifest).unwrap(), whole);
    assert_eq!(house.restore("whole", None).await.1.unwrap(), taken[2]);
}

#[tokio::test]
async fn the_bucket_keeps_what_the_folder_lets_go() {
    let Some(mut house) = House::open().await else { return };
    (house.order.extent, house.order.keep) = (Extent::Base, 1);
    let mut taken = Vec::new();
    for hour in 0..3 {
        taken.push(house.take(hour).await);
        // However much is there already: listed, the file and the manifest put.
        house.store.answer_only(3);
        house.copy().await.unwrap();
        house.store.answer_all();
        for number in 0..600 {
            std::fs::write(house.in_bucket(&format!("2019-{hour}-{number}.db")), "").unwrap();
        }
    }
    for number in 0..1_800 {
        std::fs::remove_file(house.in_bucket(&format!("2019-{}-{}.db", number / 600, number % 600))).unwrap();
    }
    assert_eq!(lojal_server::backups::list(&house.order.folder).unwrap(), taken[2..]);
    assert_eq!(house.names_in_bucket(), files(&taken));
    assert_eq!(house.restore("first", Some(taken[0].taken_at)).await.1.unwrap(), taken[0]);
}

#[tokio::test]
async fn two_shops_do_not_share_a_place() {
    let (Some(mut house), Some(mut other)) = (House::open().await, House::open().await) else { return };
    (house.order.with_key, other.order.with_key) = (true, true);
    house.take(0).await;
    house.copy().await.unwrap();
    other.take(1).await;
    let refused = copy(&other.order.folder, &house.bucket(), true).await;
    assert!(matches!(&refused, Err(BackupError::OtherKey(_))), "{refused:?}");
    assert_eq!(house.names_in_bucket().len(), 3);
}

#[tokio::test]
async fn a_store_that_refuses_says_how_to_mend_it() {
    let Some(house) = House::open().await else { return };
    house.take(0).await;
    const WRONG: &str = "another secret, which must not be seen either";
    let fault = |bucket: Bucket| {
        let folder = house.order.folder.clone();
        async move {
            let fault = copy(&folder, &bucket, false).await.unwrap_err();
            assert!(!format!("{fault} {fault:?} {bucket:?}").contains("secret"), "{fault:?}");
            fault.to_string()
        }
    };
    let wrong_secret = fault(house.bucket_with(|name| (name == "AWS_SECRET_ACCESS_KEY").then_some(WRONG))).await;
    for part in ["s3://shop-backups/shops/tea: ", "refuses the key (SignatureDoesNotMatch)", "AWS_SECRET_ACCESS_KEY"] {
        assert!(wrong_secret.contains(part), "{wrong_secret}");
    }
    let wrong_key = fault(house.bucket_with(|name| (name == "AWS_ACCESS_KEY_ID").then_some("NOBODY"))).await;
    assert!(wrong_key.contains("refuses the key"), "{wrong_key}");
    let nobody = fault(house.bucket_with(|name| (name == "AWS_ENDPOINT_URL").then_some("http://127.0.0.1:9"))).await;
    assert!(nobody.contains("cannot be reached (") && nobody.contains("AWS_ENDPOINT_URL"), "{nobody}");
    let variables = house.store.variables();
    let access = Access::from_variables(|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    });
    let nowhere = Bucket::open("s3://no-such-bucket".parse().unwrap(), &access.unwrap()).unwrap();
    let nowhere = fault(nowhere).await;
    assert!(nowhere.contains("s3://no-such-bucket: the store has no such bucket"), "{nowhere}");
}

#[test]
fn what_opens_a_bucket_is_asked_for_by_name() {
    let stated = |variables: &[(&str, &str)]| {
        let find =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Access::from_variables(find).map(drop).map_err(|fault| fault.to_string())
    };
    let key = [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let with = |name, value| stated(&[&key[..], &[(name, value)]].concat());
    assert!(stated(&[]).unwrap_err().starts_with("AWS_ACCESS_KEY_ID is not set"));
    assert!(stated(&key[..1]).unwrap_err().starts_with("AWS_SECRET_ACCESS_KEY is not set"));
    assert!(stated(&key).unwrap_err().starts_with("AWS_REGION is not set"));
    assert!(with("AWS_DEFAULT_REGION", "").unwrap_err().starts_with("AWS_REGION is not set"));
    for (name, value) in [("AWS_REGION", "eu-central-1"), ("AWS_DEFAULT_REGION", "eu-central-1")] {
        assert_eq!(with(name, value), Ok(()));
    }
    for value in ["https://store.example", "http://localhost:9000"] {
        assert_eq!(with("AWS_ENDPOINT_URL", value), Ok(()));
    }
    for value in ["store.example", "ftp://store.example", "https://", "https://id:secret@store.example"] {
        let refused = with("AWS_ENDPOINT_URL", value).unwrap_err();
        assert!(refused.starts_with("AWS_ENDPOINT_URL is no address") && !refused.contains("secret@"), "{refused}");
    }
    for (address, is_bucket) in [
        ("s3://shop", true),
        ("s3://shop/", true),
        ("s3://shop/backups/tea", true),
        ("s3://", false),
        ("s3:///backups", false),
        ("s3://shop/../other", false),
        ("s3://shop/backups//tea", false),
        ("shop/backups", false),
    ] {
        assert_eq!(address.parse::<lojal_server::backups::BucketAddress>().is_ok(), is_bucket, "{address}");
    }
}
