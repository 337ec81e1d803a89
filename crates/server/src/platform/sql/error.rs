//! What can go wrong between the house and its database, told alike for both.

/// SQLSTATE: no room for what was to be written.
const DISK_FULL: &str = "53100";

/// What kind of thing went wrong, as far as whoever asked must act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Somebody else was quicker: the whole transaction may be tried again.
    Conflict,
    /// What was to be written, or what was read, is not what the schema takes. Trying again is of
    /// no use.
    Data,
    /// The connection broke. Whether a commit was carried out is not known.
    Disconnected,
    /// The database cannot take anything at present: the disk is full, read-only, or it is starting.
    Unavailable,
    /// The data are on the move, or have moved: nothing is written here.
    Moved,
    /// Anything else.
    Failed,
}

/// A statement, or the way to the database, failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into() }
    }

    /// A file that may only be read.
    pub(super) fn read_only() -> Error {
        let message = with_remedy("it may only be read".to_owned(), file_remedy(rusqlite::ErrorCode::ReadOnly));
        Error::new(ErrorKind::Unavailable, message)
    }

    /// Whether what was asked is at fault, and not the database or the way to it.
    pub fn is_about_a_statement(&self) -> bool {
        matches!(self.kind, ErrorKind::Data | ErrorKind::Failed)
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// What stands in the database is not what the house wrote.
pub fn damaged(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Data, what.to_string())
}

/// What was to be written cannot be put into words.
pub fn unwritable(cause: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Data, cause.to_string())
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Error {
        use rusqlite::ErrorCode;
        use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE};

        let unique = [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_UNIQUE];
        let kind = match cause.sqlite_error() {
            Some(error) if unique.contains(&error.extended_code) => ErrorKind::Conflict,
            Some(error) => match error.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => ErrorKind::Conflict,
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::PermissionDenied => ErrorKind::Unavailable,
                ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
                | ErrorCode::TooBig
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase => ErrorKind::Data,
                _ => ErrorKind::Failed,
            },
            None => ErrorKind::Failed,
        };
        Error::new(kind, with_remedy(cause.to_string(), cause.sqlite_error_code().and_then(file_remedy)))
    }
}

/// What whoever keeps the file alive can do.
fn file_remedy(code: rusqlite::ErrorCode) -> Option<&'static str> {
    use rusqlite::ErrorCode;

    match code {
        ErrorCode::DiskFull => Some("make room on the disk of the database; writing goes on by itself then"),
        ErrorCode::SystemIoFailure => Some(
            "the system would not read or write the database: make room if its disk, a quota or `ulimit -f` is used \
             up, and see what the system's log says of the disk",
        ),
        ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Some(
            "the account that runs Lojal must be allowed to write to the file of the database and to its folder, and \
             the disk be mounted for it: see `ls -l`, `chown`, `mount`",
        ),
        _ => None,
    }
}

/// What whoever keeps the server alive can do.
fn server_remedy(code: &str) -> Option<&'static str> {
    match code {
        DISK_FULL => Some("make room on the disk of the database server; writing goes on by itself then"),
        "53300" => Some("raise max_connections: each process opens up to 18"),
        "25006" => Some(
            "the database may only be read: connect to the primary, or take back `default_transaction_read_only`; \
             writing goes on by itself then",
        ),
        "42501" => Some("the role must own the database: `alter database … owner to …`"),
        _ => None,
    }
}

fn with_remedy(message: String, remedy: Option<&str>) -> String {
    match remedy {
        Some(remedy) => format!("{message}: {remedy}"),
        None => message,
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(cause: tokio_postgres::Error) -> Error {
        let Some(error) = cause.as_db_error() else {
            let broken = cause.is_closed()
                || std::error::Error::source(&cause).is_some_and(|cause| cause.is::<std::io::Error>());
            let kind = if broken { ErrorKind::Disconnected } else { ErrorKind::Failed };
            return Error::new(kind, with_source(&cause));
        };
        let code = match error.code().code() {
            // A limit on the length of files, which this server has no code for: it could not extend one.
            "XX000" if error.routine().is_some_and(|routine| routine.starts_with("md")) => DISK_FULL,
            code => code,
        };
        let kind = match code {
            // Unique violation, serialization failure, deadlock, lock not to be had.
            "23505" | "40001" | "40P01" | "55P03" => ErrorKind::Conflict,
            // Read-only, and an administrator's order to end.
            "25006" | "57P01" | "57P02" | "57P03" => ErrorKind::Unavailable,
            _ => match code.get(..2) {
                Some("22" | "23") => ErrorKind::Data,
                Some("53" | "58" | "08") => ErrorKind::Unavailable,
                _ => ErrorKind::Failed,
            },
        };
        Error::new(kind, with_remedy(format!("{} (SQLSTATE {code})", error.message()), server_remedy(code)))
    }
}

/// The driver tells the reason in the source of its error.
pub(super) fn with_source(cause: &tokio_postgres::Error) -> String {
    match std::error::Error::source(cause) {
        Some(source) => format!("{cause}: {source}"),
        None => cause.to_string(),
    }
}
