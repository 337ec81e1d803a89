//! The database may not be written to. Whoever starts a server is told where, and how to mend it; a
//! server that runs answers what it can, and goes on when it is mended.

use std::time::Duration;

use lojal_testing::{Cluster, execute, rounds};
use reqwest::{Method, StatusCode};

use super::customers::order;
use super::trial::{Server, Trial};
use crate::house::{House, is_on_postgres};

const READ_ONLY: &str = "alter system set default_transaction_read_only = ";
const RELOAD: &str = "select pg_reload_conf()";

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_written_to_says_so_and_loses_nothing() {
    for mut dice in rounds("the database is read-only") {
        if is_on_postgres() {
            let cluster = Cluster::start();
            let address = cluster.new_database();
            let house = House::on(Some(address.clone()));
            a_server_that_may_only_be_read(&mut Trial::new(house, &mut dice), &address).await;
        } else {
            #[cfg(unix)]
            files::may_only_be_read(&mut Trial::new(House::new(), &mut dice)).await;
        }
    }
}

async fn a_server_that_may_only_be_read(trial: &mut Trial, address: &str) {
    let server = trial.serve();
    let crowd = trial.open(&server);
    let tally = crowd.shop.tally.clone();
    super::trial::eventually(|| (tally.granted() > 100).then_some(()).ok_or("nothing was granted".to_owned())).await;
    let set = |value: &str| {
        execute(address, &format!("{READ_ONLY}{value}"));
        execute(address, RELOAD);
    };
    set("on");
    super::trial::eventually(|| (tally.put_off() > 50).then_some(()).ok_or("it was never noticed".to_owned())).await;
    let wallets = crowd.shop.request(Method::GET, "members/ext:member-1/wallets").send().await.unwrap();
    assert_eq!(wallets.status(), StatusCode::OK);
    assert!(trial.log().contains("default_transaction_read_only"), "the log does not say how to mend it");
    let said = trial.house.refused(&Server::ARGUMENTS);
    assert!(said.contains("PostgreSQL") && said.contains("default_transaction_read_only"), "{said}");

    set("off");
    let before = tally.granted();
    super::trial::eventually(|| (tally.granted() > before + 50).then_some(()).ok_or("nothing goes on".to_owned()))
        .await;
    tally.close();
    trial.end(crowd).await;
    drop(server);
    trial.check().await;
}

#[cfg(unix)]
mod files {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::*;

    /// Read-only files and folders hold nobody up who is root: then it is somebody else who tries.
    const NOBODY: u32 = 65_534;

    struct Stranger {
        folder: tempfile::TempDir,
        binary: PathBuf,
        is_root: bool,
    }

    pub async fn may_only_be_read(trial: &mut Trial) {
        let server = trial.serve();
        let crowd = trial.open(&server);
        tokio::time::sleep(Duration::from_millis(300)).await;
        crowd.shop.tally.close();
        trial.end(crowd).await;
        // In an orderly way, so that all of it is in one file.
        server.stop();
        let stranger = Stranger::new();
        let data = stranger.copy(&trial.house.data());
        let (file, log) = (data.join("lojal.db"), data.join("lojal.db-wal"));
        assert!(!log.exists(), "the server did not clear its table");

        for (locked, modes) in [(&file, (0o444, 0o700)), (&data, (0o644, 0o555)), (&file, (0o000, 0o700))] {
            set_mode(&file, modes.0);
            set_mode(&data, modes.1);
            for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["audit"], &["key", "create"]] {
                let output = stranger.command(&data, arguments).output().unwrap();
                let said = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(1), "{arguments:?} with {modes:?}: {said}");
                assert!(said.contains(&*file.to_string_lossy()), "{locked:?}: it is not said where: {said}");
                assert!(said.contains("allowed to write"), "it is not said how to mend it: {said}");
            }
        }

        // Mended, everything is there.
        set_mode(&file, 0o644);
        set_mode(&data, 0o700);
        let mut audit = stranger.command(&data, &["audit"]);
        let output = audit.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let house = &trial.house;
        assert_eq!(
            String::from_utf8(stranger.command(&data, &["export", "wallets"]).output().unwrap().stdout).unwrap(),
            house.wallets()
        );
        let key = trial.key.clone();
        let server = Server::start(house, stranger.command(&data, &Server::ARGUMENTS));
        let client = reqwest::Client::new();
        let put = client.put(format!("{}/v1/orders/mended", server.address)).bearer_auth(key).json(&order(1, 5));
        assert_eq!(put.send().await.unwrap().status(), StatusCode::OK);
        drop(server);
        trial.check().await;
    }

    impl Stranger {
        fn new() -> Stranger {
            let folder = tempfile::tempdir().unwrap();
            let is_root = std::fs::metadata(folder.path()).unwrap().uid() == 0;
            let binary = folder.path().join("lojal");
            // Where the binary lies, others may not look.
            std::fs::copy(env!("CARGO_BIN_EXE_lojal"), &binary).unwrap();
            set_mode(folder.path(), 0o755);
            Stranger { folder, binary, is_root }
        }

        fn copy(&self, data: &Path) -> PathBuf {
            let copy = self.folder.path().join("data");
            self.copy_into(data, &copy);
            copy
        }

        fn copy_into(&self, folder: &Path, copy: &Path) {
            std::fs::create_dir(copy).unwrap();
            for inside in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let target = copy.join(inside.file_name().unwrap());
                if inside.is_dir() {
                    self.copy_into(&inside, &target);
                } else {
                    std::fs::copy(&inside, &target).unwrap();
                    self.own(&target);
                }
            }
            self.own(copy);
        }

        fn own(&self, path: &Path) {
            if self.is_root {
                std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }

        fn command(&self, data: &Path, arguments: &[&str]) -> Command {
            let mut command = Command::new(&self.binary);
            command.args(arguments).current_dir(self.folder.path());
            command.env("LOJAL_DATA", data).env("LC_ALL", "en_GB.UTF-8");
            if self.is_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        }
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }
}
