//! A real mail server, Exim, in the foreground: it takes every letter and puts it into a folder.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use mailparse::{MailHeaderMap, ParsedMail};

/// How long a letter, or the server itself, may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);
/// The server ends when its input does, and takes its folder along.
const RUN_UNTIL_INPUT_ENDS: &str = r#"
    "$1" -bdf -oX "$3" -C "$2/exim.conf" &
    cat > /dev/null
    kill $!
    wait $!
    rm -rf "$2"
"#;
const USER: &str = "Debian-exim";

/// A mail server that runs as long as this process.
#[derive(Debug)]
pub struct MailServer {
    folder: PathBuf,
    port: u16,
    _keeper: Child,
}

/// A letter as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub from: String,
    pub subject: String,
    /// The letter's own name.
    pub message_id: String,
    /// Whether it says that a machine wrote it.
    pub auto_submitted: String,
    pub text: String,
    pub html: String,
}

/// The server of this process.
///
/// # Panics
/// When there is none, or it does not start: a test without it has not been run.
pub fn mail_server() -> &'static MailServer {
    static SERVER: OnceLock<MailServer> = OnceLock::new();
    SERVER.get_or_init(MailServer::start)
}

impl MailServer {
    fn start() -> MailServer {
        let program = program();
        let folder = tempfile::Builder::new().prefix("lojal-mail-").tempdir().expect("a temporary folder").keep();
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let owner = fs::metadata(&folder).expect("the folder was just made").uid();
        let mut configuration = configuration(&folder);
        for name in ["spool", "log", "letters"] {
            fs::create_dir(folder.join(name)).expect("a folder");
        }
        if owner == 0 {
            configuration = format!("exim_user = {USER}\nexim_group = {USER}\n{configuration}");
            let (user, group) = account();
            for path in [folder.clone(), folder.join("spool"), folder.join("log"), folder.join("letters")] {
                chown(path, Some(user), Some(group)).expect("root may give a folder away");
            }
        }
        fs::write(folder.join("exim.conf"), configuration).expect("the configuration");
        let mut shell = Command::new("sh");
        shell.args(["-c", RUN_UNTIL_INPUT_ENDS, "keeper"]).arg(&program).arg(&folder).arg(port.to_string());
        let keeper = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < PATIENCE,
                "Exim did not start in {} (it takes letters only when root starts it)",
                folder.display()
            );
            std::thread::sleep(PAUSE);
        }
        MailServer { folder, port, _keeper: keeper }
    }

    /// The server as `lojal --smtp-url` takes it.
    pub fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Takes the next letter to somebody out of the folder, and waits for it as long as there is none.
    ///
    /// # Panics
    /// When none comes.
    pub async fn letter_to(&self, receiver: &str) -> Letter {
        let begun = Instant::now();
        loop {
            if let Some((file, letter)) = self.find(receiver) {
                fs::remove_file(file).expect("the letter is ours");
                return letter;
            }
            assert!(begun.elapsed() < PATIENCE, "no letter came to {receiver}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Whether a letter to somebody lies there.
    pub fn has_letter_to(&self, receiver: &str) -> bool {
        self.find(receiver).is_some()
    }

    fn find(&self, receiver: &str) -> Option<(PathBuf, Letter)> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.folder.join("letters/new")).ok()?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        files.into_iter().find_map(|file| {
            let bytes = fs::read(&file).ok()?;
            let mail = mailparse::parse_mail(&bytes).expect("a letter");
            let to = mail.headers.get_first_value("To").unwrap_or_default();
            let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
            let letter = Letter {
                from: header("From"),
                subject: header("Subject"),
                message_id: header("Message-ID"),
                auto_submitted: header("Auto-Submitted"),
                text: piece(&mail, "text/plain"),
                html: piece(&mail, "text/html"),
            };
            (to == receiver).then_some((file, letter))
        })
    }
}

/// What a letter says in one of its ways.
fn piece(mail: &ParsedMail<'_>, kind: &str) -> String {
    let pieces = mail.parts().find(|piece| piece.ctype.mimetype == kind);
    pieces.map(|piece| piece.get_body().expect("a text")).unwrap_or_default().replace("\r\n", "\n")
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "primary_hostname = mail.test
         spool_directory = {folder}/spool
         log_file_path = {folder}/log/%slog
         pid_file_path = {folder}/pid
         local_interfaces = 127.0.0.1
         keep_environment =
         deliver_drop_privilege = true
         tls_advertise_hosts =
         acl_smtp_rcpt = everybody
         begin acl
         everybody:
           accept
         begin routers
         everybody:
           driver = accept
           transport = folder
         begin transports
         folder:
           driver = appendfile
           directory = {folder}/letters
           maildir_format = true
        "
    )
}

/// The program. Where it is missing it is installed, if that is possible without asking anybody.
fn program() -> PathBuf {
    let known = || {
        let places = ["/usr/sbin/exim4", "/usr/sbin/exim", "/usr/local/sbin/exim"];
        places.into_iter().map(PathBuf::from).find(|file| file.exists())
    };
    known()
        .or_else(|| {
            super::install("exim4-daemon-light");
            known()
        })
        .expect("these tests need the mail server Exim (Debian: apt install exim4-daemon-light)")
}

/// The account under which it works when root starts it.
fn account() -> (u32, u32) {
    let accounts = fs::read_to_string("/etc/passwd").expect("the system's accounts");
    let line = accounts.lines().find(|line| line.split(':').next() == Some(USER)).expect("an account for Exim");
    let mut numbers = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    (numbers.next().expect("a user"), numbers.next().expect("a group"))
}
