//! A data folder of its own, and the binary run on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// How the columns of the small exports in these tests become orders.
pub const MAPPING: &str = r#"
[columns]
order = "order"
member = "member"
time = "time"
sku = "sku"
quantity = "quantity"
line_total = "total"
[times]
formats = ["%Y-%m-%d %H:%M"]
"#;

pub struct House {
    folder: TempDir,
    /// The database, when it is not a file in the data folder.
    database: Option<String>,
}

impl House {
    pub fn new() -> House {
        House::on(is_on_postgres().then(lojal_testing::new_database))
    }

    /// With a database of a server's, by its address, or in a file.
    pub fn on(database: Option<String>) -> House {
        House { folder: tempfile::tempdir().unwrap(), database }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The address of the database, when it is not a file.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Writes a file beside the data and answers its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A path beside the data that nothing has been written to.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lojal"));
        command.args(arguments).env("LOJAL_DATA", self.data()).env("LC_ALL", "en_GB.UTF-8");
        command.envs(self.database.iter().map(|address| ("LOJAL_DATABASE", address)));
        command
    }

    /// The same, from a shell that carries out `first` before it becomes the binary.
    pub fn command_after(&self, first: &str, arguments: &[&str]) -> Command {
        let plain = self.command(arguments);
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{first}\nexec \"$@\""), "shell"]).arg(plain.get_program()).args(arguments);
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs what must succeed, and answers what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "lojal {arguments:?}: {errors}{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs what must fail as a command fails, and answers what it said.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "lojal {arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(output.stdout.is_empty(), "a failure prints nothing to standard output");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Imports and answers the report.
    pub fn import(&self, file: &Path, mapping: &Path, more: &[&str]) -> serde_json::Value {
        let report = self.path("report.json");
        let mut arguments = vec!["import", "orders", text(file), "--map", text(mapping), "--report", text(&report)];
        arguments.extend(more);
        self.ok(&arguments);
        serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap()
    }

    pub fn wallets(&self) -> String {
        self.ok(&["export", "wallets"])
    }
}

pub fn is_on_postgres() -> bool {
    env!("CARGO_CRATE_NAME") == "on_postgres"
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}
