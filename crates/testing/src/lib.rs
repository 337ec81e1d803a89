//! What the tests need and the product does not: a PostgreSQL of their own, a line to it that can be
//! cut, an object store, an authenticator, a provider of identities, and dice that fall alike again.
//!
//! The first test of a process that asks for a database starts a server in a folder of its own, from
//! the distribution's package, which listens on nothing but a socket in that folder. It ends with the
//! process, however that ends. A process that is told of a cluster of several machines takes that instead.

mod spread;

pub mod authenticator;
mod browser;
mod line;
mod mail;
pub mod provider;
mod rounds;
mod store;

pub use browser::{Browser, View};
pub use fantoccini::cookies::Cookie;
pub use line::{Line, Risk};
pub use mail::{Letter, MailServer, mail_server};
pub use rounds::{Dice, rounds};
pub use store::Store;

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use spread::Spread;

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the connections of a database may take to end.
const COPY_PATIENCE: Duration = Duration::from_secs(10);
/// The server ends when its input does, and takes its folder along. Where the disk is to be small, no
/// file may grow beyond so many blocks of 512 bytes.
const RUN_UNTIL_INPUT_ENDS: &str = r#"
    [ -z "$3" ] || ulimit -S -f "$3"
    "$1" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 -c fsync=off \
        -c shared_buffers=64MB -c max_wal_size=512MB -c log_min_messages=fatal -c log_min_error_statement=panic &
    cat > /dev/null
    kill -QUIT $!
    wait $!
    rm -rf "$2"
"#;
const USER: &str = "lojal";
/// In which a shell counts how long files may be.
const BLOCK: u64 = 512;

/// A server that runs as long as this process, or until it is dropped.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    binaries: PathBuf,
    account: Option<Account>,
    databases: AtomicUsize,
    keeper: Child,
    /// Blocks beyond which no file of its may grow.
    longest_file: Option<u64>,
}

/// An account of the system: PostgreSQL does not run as root.
#[derive(Clone, Copy, Debug)]
struct Account {
    user: u32,
    group: u32,
}

/// The address of a new and empty database, as `lojal --database` takes it.
///
/// # Panics
/// When there is no PostgreSQL, or it does not start: a test without it has not been run.
pub fn new_database() -> String {
    match spread() {
        Some(spread) => spread.new_database(),
        None => cluster().new_database(),
    }
}

/// The address of a copy of a database, which nobody may have open.
///
/// # Panics
/// When it cannot be made.
pub fn copy_database(address: &str) -> String {
    if let Some(spread) = spread() {
        return spread.copy_database(address);
    }
    let name = address.rsplit("dbname=").next().unwrap_or_default();
    cluster().create(&["--template", name])
}

/// Has a database carry out a statement behind everybody's back.
///
/// # Panics
/// When it does not.
pub fn execute(address: &str, statement: &str) {
    let mut psql = Command::new(binaries().join("psql"));
    succeed(psql.args(["--quiet", "--dbname", for_drivers(address), "--command", statement]).output(), "psql");
}

/// An address as libpq and drivers take it: a URL, or `key=value` pairs alone.
pub fn for_drivers(address: &str) -> &str {
    address.strip_prefix("postgres:").filter(|rest| !rest.starts_with("//")).unwrap_or(address)
}

/// Whether new databases are on a cluster of several machines.
pub fn is_spread() -> bool {
    spread().is_some()
}

fn spread() -> Option<&'static Spread> {
    static SPREAD: OnceLock<Option<Spread>> = OnceLock::new();
    SPREAD.get_or_init(Spread::named).as_ref()
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    /// Starts a server.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or it does not start.
    pub fn start() -> Cluster {
        Cluster::start_with(None)
    }

    /// Starts a server on a disk that is soon full: no file grows beyond `bytes`, which leaves half a
    /// page, so that the server takes it for what it looks like.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or it does not start.
    pub fn start_on_a_small_disk(bytes: u64) -> Cluster {
        Cluster::start_with(Some(bytes / BLOCK / 16 * 16 + 8))
    }

    fn start_with(longest_file: Option<u64>) -> Cluster {
        let binaries = binaries();
        let folder = tempfile::Builder::new().prefix("lojal-pg-").tempdir().expect("a temporary folder").keep();
        let owner = fs::metadata(&folder).expect("the folder was just made").uid();
        let account = (owner == 0).then(|| account(&folder));
        let mut initialise = command(&binaries.join("initdb"), &folder, account);
        initialise.args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        // Segments of the log are whole files from the beginning: they must be smaller than the disk.
        initialise.args(longest_file.map(|_| "--wal-segsize=1")).arg("-D");
        succeed(initialise.arg(folder.join("data")).output(), "initdb");
        let keeper = keeper(&binaries, &folder, account, longest_file);
        let cluster = Cluster { folder, binaries, account, databases: AtomicUsize::new(0), keeper, longest_file };
        cluster.wait_until_ready();
        cluster
    }

    /// The address of a new and empty database.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new_database(&self) -> String {
        self.create(&[])
    }

    fn create(&self, options: &[&str]) -> String {
        let name = format!("shop{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let mut create = command(&self.binaries.join("createdb"), &self.folder, self.account);
        create.arg("--host").arg(&self.folder).args(["--username", USER]).args(options).arg(&name);
        // A connection that was closed is noticed by the server a moment later.
        let begun = Instant::now();
        while !create.output().is_ok_and(|output| output.status.success()) {
            if begun.elapsed() > COPY_PATIENCE {
                succeed(create.output(), "createdb");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        format!("postgres:host={} user={USER} dbname={name}", self.folder.display())
    }

    /// Ends all of the server's processes at once, as a crash would, and starts it again.
    ///
    /// # Panics
    /// When it does not start again.
    pub fn crash(&mut self) {
        let processes = self.processes();
        // Some may have ended by themselves.
        let _ = Command::new("kill").arg("-KILL").args(&processes).stderr(Stdio::null()).status();
        // Its keeper must not take the folder along.
        let _ = self.keeper.kill();
        let _ = self.keeper.wait();
        let is_alive = |process: &String| Path::new("/proc").join(process).join("exe").exists();
        while processes.iter().any(is_alive) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // They are dead; but where nobody buries them, their numbers still look taken.
        for lock in ["data/postmaster.pid", ".s.PGSQL.5432.lock"] {
            let _ = fs::remove_file(self.folder.join(lock));
        }
        self.keeper = keeper(&self.binaries, &self.folder, self.account, self.longest_file);
        self.wait_until_ready();
    }

    /// Lets the files grow again, of a server that runs on a small disk.
    ///
    /// # Panics
    /// When the system will not have it.
    pub fn make_room(&mut self) {
        self.longest_file = None;
        let processes = self.processes();
        for (index, process) in processes.iter().enumerate() {
            let mut raise = command(Path::new("prlimit"), &self.folder, self.account);
            let raised = raise.args(["--pid", process, "--fsize=unlimited"]).output();
            // Others may have ended by themselves.
            if index == 0 {
                succeed(raised, "prlimit");
            }
        }
    }

    /// The numbers of the server's processes, the first one first.
    fn processes(&self) -> Vec<String> {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("a running server");
        let pid = pid.lines().next().expect("its number").to_owned();
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", &pid]).output().expect("ps");
        let mut processes = vec![pid];
        processes.extend(String::from_utf8_lossy(&children.stdout).split_whitespace().map(str::to_owned));
        processes
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        loop {
            let mut ready = command(&self.binaries.join("pg_isready"), &self.folder, self.account);
            let asked = ready.arg("--host").arg(&self.folder).stdout(Stdio::null()).status();
            if asked.is_ok_and(|status| status.success()) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "PostgreSQL did not start in {}", self.folder.display());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The folder of the server's programs. Where they are missing they are installed, if that is possible
/// without asking anybody.
fn binaries() -> PathBuf {
    if let Some(folder) = installed_binaries() {
        return folder;
    }
    install("postgresql");
    installed_binaries().expect(
        "these tests need PostgreSQL's server programs: install them (Debian: apt install postgresql, macOS: brew \
         install postgresql)",
    )
}

/// Installs packages of the system, if that is possible without asking anybody. One at a time: the system's
/// installer lets nobody in beside another.
fn install(packages: &str) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let patience = "-o DPkg::Lock::Timeout=600";
    let install =
        format!("apt-get update {patience} && apt-get install {patience} --yes --no-install-recommends {packages}");
    let root = Command::new("sh").args(["-c", &install]).env("DEBIAN_FRONTEND", "noninteractive").output();
    if !root.is_ok_and(|output| output.status.success()) {
        let _ = Command::new("sudo").args(["--non-interactive", "sh", "-c", &install]).output();
    }
}

/// Those of the newest server that is installed.
fn installed_binaries() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let folder = entry.path().join("bin");
        let version = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(version) = version.filter(|_| folder.join("initdb").exists()) {
            found.push((version, folder));
        }
    }
    if let Some((_, folder)) = found.into_iter().max() {
        return Some(folder);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
}

/// Gives the folder to an account that may run a server.
fn account(folder: &Path) -> Account {
    let accounts = fs::read_to_string("/etc/passwd").expect("the system's accounts");
    let named = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some(Account { user: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
    };
    let account = named("postgres").or_else(|| named("nobody")).expect("an account that is not root's");
    chown(folder, Some(account.user), Some(account.group)).expect("root may give a folder away");
    account
}

/// Starts the server, and whoever ends it together with this process.
fn keeper(binaries: &Path, folder: &Path, account: Option<Account>, longest_file: Option<u64>) -> Child {
    let mut shell = command(Path::new("sh"), folder, account);
    shell.args(["-c", RUN_UNTIL_INPUT_ENDS, "keeper"]).arg(binaries.join("postgres")).arg(folder);
    shell.arg(longest_file.map_or_else(String::new, |blocks| blocks.to_string()));
    shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell")
}

fn command(program: &Path, folder: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

fn succeed(output: std::io::Result<Output>, what: &str) {
    let error = match output {
        Ok(output) if output.status.success() => return,
        Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
        Err(cause) => cause.to_string(),
    };
    assert!(error.is_empty() && what.is_empty(), "{what}: {error}");
}
