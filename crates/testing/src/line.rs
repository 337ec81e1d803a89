//! A line between a program and a PostgreSQL server that can be cut, at the moments that matter most.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
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

/// A socket of its own that leads to a server's, in a folder or on the network as that one.
#[derive(Debug)]
pub struct Line {
    _folder: tempfile::TempDir,
    address: String,
    shared: Arc<Shared>,
}

/// Where a server listens.
#[derive(Debug)]
enum Server {
    Folder(PathBuf),
    Network(String),
}

/// One connection.
enum Wire {
    Folder(UnixStream),
    Network(TcpStream),
}

#[derive(Debug)]
struct Shared {
    server: Server,
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
    /// A line to a database, by its address.
    ///
    /// # Panics
    /// When the address names neither a folder with a socket nor a host, or no socket can be made.
    pub fn to(address: &str, dice: Dice) -> Line {
        let folder = tempfile::Builder::new().prefix("lojal-line-").tempdir().expect("a temporary folder");
        let (server, address, accept) = listen(address, folder.path());
        let shared = Arc::new(Shared {
            server,
            luck: Mutex::new((Risk::default(), dice)),
            messages: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            cuts_after_commit: AtomicU64::new(0),
        });
        let line = Line { _folder: folder, address, shared: Arc::clone(&shared) };
        std::thread::spawn(move || {
            while let Ok(client) = accept() {
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

/// Hands out the connections that clients make.
type Accept = Box<dyn Fn() -> io::Result<Wire> + Send>;

/// Opens a socket beside a server's: where that one is, the address of this one, and its connections.
fn listen(address: &str, folder: &Path) -> (Server, String, Accept) {
    if let Some((host, rest)) = address.strip_prefix("postgres:host=").and_then(|rest| rest.split_once(' ')) {
        let listener = UnixListener::bind(folder.join(SOCKET)).expect("a socket");
        let accept = move || listener.accept().map(|(client, _)| Wire::Folder(client));
        let here = format!("postgres:host={} {rest}", folder.display());
        return (Server::Folder(Path::new(host).join(SOCKET)), here, Box::new(accept));
    }
    let (user, rest) = address.split_once('@').expect("an address with a user");
    let (host, name) = rest.split_once('/').expect("an address with a database");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
    let here = format!("{user}@{}/{name}", listener.local_addr().expect("an address"));
    let accept = move || listener.accept().map(|(client, _)| Wire::Network(client));
    (Server::Network(host.to_owned()), here, Box::new(accept))
}

impl Server {
    fn connect(&self) -> io::Result<Wire> {
        match self {
            Server::Folder(socket) => UnixStream::connect(socket).map(Wire::Folder),
            Server::Network(host) => TcpStream::connect(host).map(Wire::Network),
        }
    }
}

impl Wire {
    fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        match self {
            Wire::Folder(stream) => stream.shutdown(how),
            Wire::Network(stream) => stream.shutdown(how),
        }
    }
}

impl Read for &Wire {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Folder(stream) => (&*stream).read(bytes),
            Wire::Network(stream) => (&*stream).read(bytes),
        }
    }
}

impl Write for &Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Folder(stream) => (&*stream).write(bytes),
            Wire::Network(stream) => (&*stream).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    /// Carries what is said over one connection, until it is cut or one of the two hangs up.
    fn carry(&self, client: &Wire) {
        let Ok(server) = self.server.connect() else {
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
    fn questions(&self, mut client: &Wire, mut server: &Wire) -> io::Result<()> {
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

fn answers(mut server: &Wire, mut client: &Wire) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        match server.read(&mut bytes)? {
            0 => return Ok(()),
            read => client.write_all(&bytes[..read])?,
        }
    }
}
