//! A line between a program and a PostgreSQL server that can be cut, at the moments that matter most.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::Dice;

const SOCKET: &str = ".s.PGSQL.5432";
/// What a client asks before it says who it is: whether the line may be encrypted.
const ENCRYPTION_REQUESTS: [u32; 2] = [80_877_103, 80_877_104];

/// When a line is cut.
#[derive(Clone, Copy, Debug, Default)]
pub struct Risk {
    /// Once in so many commits: the server has the commit, and the client never hears of it.
    pub after_commit: Option<u64>,
    /// Once in so many commits: the commit never reaches the server.
    pub before_commit: Option<u64>,
    /// Once in so many commits: half of it reaches the server.
    pub torn_commit: Option<u64>,
    /// Once in so many messages of any kind.
    pub anywhere: Option<u64>,
    /// At the message with this number, counted over all connections, and only once.
    pub at_message: Option<u64>,
}

/// A socket of its own that leads to a server's.
#[derive(Debug)]
pub struct Line {
    _folder: tempfile::TempDir,
    address: String,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: PathBuf,
    luck: Mutex<(Risk, Dice)>,
    messages: AtomicU64,
    cuts: AtomicU64,
    cuts_after_commit: AtomicU64,
}

/// What becomes of a message.
enum Fate {
    PassedOn,
    Lost,
    Torn,
    /// Passed on, and nothing that follows comes back.
    LastWord,
}

impl Line {
    /// A line to a database of a [`Cluster`](crate::Cluster), by its address.
    ///
    /// # Panics
    /// When the address is not one of a cluster's, or no socket can be made.
    pub fn to(address: &str, dice: Dice) -> Line {
        let folder = tempfile::Builder::new().prefix("lojal-line-").tempdir().expect("a temporary folder");
        let (host, rest) = address.strip_prefix("postgres:host=").and_then(|rest| rest.split_once(' ')).expect(address);
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        let shared = Arc::new(Shared {
            server: Path::new(host).join(SOCKET),
            luck: Mutex::new((Risk::default(), dice)),
            messages: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            cuts_after_commit: AtomicU64::new(0),
        });
        let address = format!("postgres:host={} {rest}", folder.path().display());
        let line = Line { _folder: folder, address, shared: Arc::clone(&shared) };
        std::thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.carry(&client));
            }
        });
        line
    }

    /// The same database at the other end of the line.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// From now on.
    pub fn set(&self, risk: Risk) {
        self.shared.luck.lock().unwrap_or_else(PoisonError::into_inner).0 = risk;
    }

    /// How many messages clients have sent so far.
    pub fn messages(&self) -> u64 {
        self.shared.messages.load(Ordering::SeqCst)
    }

    /// How often the line was cut, and how often of these between a commit and its answer.
    pub fn cuts(&self) -> (u64, u64) {
        (self.shared.cuts.load(Ordering::SeqCst), self.shared.cuts_after_commit.load(Ordering::SeqCst))
    }
}

impl Shared {
    /// Carries what is said over one connection, until it is cut or one of the two hangs up.
    fn carry(&self, client: &UnixStream) {
        let Ok(server) = UnixStream::connect(&self.server) else {
            let _ = client.shutdown(Shutdown::Both);
            return;
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _ = answers(&server, client);
                let _ = client.shutdown(Shutdown::Both);
            });
            if self.questions(client, &server).is_err() {
                let _ = client.shutdown(Shutdown::Both);
            }
            // What the server still has it carries out; then it notices that nobody is there.
            let _ = server.shutdown(Shutdown::Write);
        });
    }

    /// Message by message, as PostgreSQL frames them.
    fn questions(&self, mut client: &UnixStream, mut server: &UnixStream) -> io::Result<()> {
        let mut introduced = false;
        loop {
            let mut message = vec![0; if introduced { 5 } else { 4 }];
            client.read_exact(&mut message)?;
            let length = message.last_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length)) as usize;
            let head = message.len();
            message.resize(head + length.saturating_sub(4), 0);
            client.read_exact(&mut message[head..])?;
            let code = message[head..].first_chunk::<4>().map(|code| u32::from_be_bytes(*code));
            introduced |= !code.is_some_and(|code| ENCRYPTION_REQUESTS.contains(&code));
            match self.fate(message.starts_with(b"Q") && message[head..].starts_with(b"commit")) {
                Fate::PassedOn => server.write_all(&message)?,
                Fate::Lost => return client.shutdown(Shutdown::Both),
                Fate::Torn => {
                    client.shutdown(Shutdown::Both)?;
                    return server.write_all(&message[..message.len() / 2]);
                }
                Fate::LastWord => {
                    client.shutdown(Shutdown::Both)?;
                    return server.write_all(&message);
                }
            }
        }
    }

    fn fate(&self, is_commit: bool) -> Fate {
        let number = self.messages.fetch_add(1, Ordering::SeqCst) + 1;
        let mut luck = self.luck.lock().unwrap_or_else(PoisonError::into_inner);
        let (risk, dice) = &mut *luck;
        let mut happens = |chance: Option<u64>| chance.is_some_and(|chance| dice.hits(chance));
        let fate = if is_commit && happens(risk.after_commit) {
            self.cuts_after_commit.fetch_add(1, Ordering::SeqCst);
            Fate::LastWord
        } else if is_commit && happens(risk.torn_commit) {
            Fate::Torn
        } else if (is_commit && happens(risk.before_commit))
            || happens(risk.anywhere)
            || risk.at_message == Some(number)
        {
            Fate::Lost
        } else {
            return Fate::PassedOn;
        };
        self.cuts.fetch_add(1, Ordering::SeqCst);
        fate
    }
}

fn answers(mut server: &UnixStream, mut client: &UnixStream) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match server.read(&mut bytes)? {
            0 => return Ok(()),
            read => client.write_all(&bytes[..read])?,
        }
    }
}
