//! A database file as a whole: copied while others write to it, and looked through.

use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;
use rusqlite::backup::{Backup, StepResult};

use super::error::{Error, ErrorKind};

/// Pages that are copied at once: 1 MB.
const STEP: i32 = 256;
/// Left to others between two steps.
const PAUSE: Duration = Duration::from_millis(1);

/// One moment of a database file. The file may be written to meanwhile; its log is not cut short
/// before this is dropped.
pub struct Moment {
    source: rusqlite::Connection,
}

impl Moment {
    /// Takes hold of this moment.
    pub fn of(file: &Path) -> Result<Moment, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let source = rusqlite::Connection::open_with_flags(file, flags)?;
        source.execute_batch("pragma query_only = on; begin;")?;
        // The first read decides which moment it is.
        source.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))?;
        Ok(Moment { source })
    }

    /// Writes the moment to a new file. Blocks the thread.
    pub fn copy(&self, to: &Path) -> Result<(), Error> {
        let mut target = rusqlite::Connection::open(to)?;
        // A copy that is cut short is thrown away.
        target.execute_batch("pragma synchronous = off;")?;
        let backup = Backup::new(&self.source, &mut target)?;
        loop {
            match backup.step(STEP)? {
                StepResult::Done => return Ok(()),
                _ => std::thread::sleep(PAUSE),
            }
        }
    }
}

/// Folds the log of a file that nobody else has open into it, so that it stands alone, and looks
/// whether its pages, rows and keys fit together. Blocks the thread.
pub fn seal(file: &Path) -> Result<(), Error> {
    let connection = rusqlite::Connection::open(file)?;
    connection.query_row("pragma journal_mode = delete", [], |_| Ok(()))?;
    let found: String = connection.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    match found.as_str() {
        "ok" => Ok(()),
        damage => Err(Error::new(ErrorKind::Data, format!("{} is damaged: {damage}", file.display()))),
    }
}
