//! Writes a history through the writer. Correct because every command has a natural key, so that
//! the second time changes nothing; quick to take up again because the folder remembers how far a
//! file was acknowledged.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use indicatif::ProgressBar;
use lojal_core::kernel::{Name, Part};
use lojal_server::guest_orders;
use lojal_server::ingestion::{Asked, Entry, IfUnknown, Outcome, prepare};
use lojal_server::platform::application::Application;
use lojal_server::platform::figures::GuestOrder;
use lojal_server::platform::http::fields::MemberName;
use lojal_server::platform::progress::{progress_find, progress_set};
use lojal_server::platform::sql;
use lojal_server::platform::writer::{Answer, WriteError};

use super::{History, ImportError, Mapping, Report, Step, Terms, Told};

/// Commands that are submitted together; progress is noted after each lot of them.
const CHUNK: usize = 2_000;

/// How files are read: an earlier release, which passed over what guests bought, counted otherwise.
const READING: &str = "with guests";

/// What is imported.
pub struct Import<'a> {
    pub file: &'a Path,
    pub mapping: &'a Mapping,
    /// The mapping's own text: with another one the file amounts to other commands.
    pub mapping_text: &'a str,
    pub terms: &'a Terms,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the file cannot be read: {0}")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error("writing stopped: {0}; the same command takes it up again")]
    Write(#[from] WriteError),
}

impl From<sql::Error> for RunError {
    fn from(cause: sql::Error) -> RunError {
        RunError::Write(WriteError::Storage(cause))
    }
}

impl Import<'_> {
    /// Submits what was not acknowledged before. `bar` is moved on as the file is read.
    pub async fn run(&self, application: &Application, bar: &ProgressBar) -> Result<Report, RunError> {
        bar.set_length(self.file.metadata()?.len());
        let work = format!("import/{}", self.fingerprint()?);
        let known = progress_find(&mut *application.database.read().await?, Part::PROGRAMME, &work).await?;
        let mut history = History::open(open(self.file, bar)?, self.mapping, self.terms)?;
        let mut scribe = Scribe { application, work, acknowledged: known, refused: false };
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut position = 0;
        while let Some(told) = history.next_told()? {
            position += 1;
            if position <= known {
                match told {
                    Told::Step(_) => history.report().written.resumed += 1,
                    Told::Guest(_) => history.report().guests.resumed += 1,
                }
                continue;
            }
            chunk.push(told);
            if chunk.len() == CHUNK {
                scribe.write(std::mem::take(&mut chunk), history.report()).await?;
            }
        }
        scribe.write(chunk, history.report()).await?;
        bar.finish_and_clear();
        Ok(history.into_report())
    }

    /// Names the file together with everything else that decides what it amounts to.
    fn fingerprint(&self) -> std::io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(self.file)?)?;
        let Terms { time_zone, currency, decimals, brand, exchange, .. } = self.terms;
        let terms = format!("{time_zone} {currency} {decimals} {brand} {exchange:?}");
        for text in [self.mapping_text, &terms, READING] {
            hasher.update(b"\0").update(text.as_bytes());
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

/// Submits steps and notes how far they were acknowledged.
struct Scribe<'a> {
    application: &'a Application,
    work: String,
    /// Steps from the first of the file on. Does not pass a refused one, so that a later run tries
    /// it again.
    acknowledged: i64,
    refused: bool,
}

impl Scribe<'_> {
    async fn write(&mut self, told: Vec<Told>, report: &mut Report) -> Result<(), RunError> {
        if told.is_empty() {
            return Ok(());
        }
        let guests: Vec<&GuestOrder> = told.iter().filter_map(Told::guest).collect();
        let of_members = guest_orders::take(&self.application.database, &guests).await?;
        let mut entries = Vec::with_capacity(told.len());
        for Step { at, member, command, seen, .. } in told.iter().filter_map(Told::step).cloned() {
            entries.push(Entry {
                member: MemberName::External(member),
                asked: Asked::Command(command),
                at: Some(at),
                dry_run: false,
                // Everybody is a member from the time of their first order in the file on.
                if_unknown: IfUnknown::Enrol,
                seen,
            });
        }
        let ready = prepare(self.application, entries).await?;
        report.written.enrolled += ready.enrolled;
        let mut outcomes = ready.carry_out(&self.application.writer).await.into_iter();
        for told in told {
            match told {
                Told::Guest(order) if of_members.contains(&order.external_id) => {
                    self.refuse(report, &WriteError::OrderOfAnotherMember, order.external_id);
                }
                Told::Guest(_) => report.guests.accepted += 1,
                Told::Step(step) => match settled(outcomes.next(), &step.order)? {
                    Ok(done) if done.repeated => report.written.repeated += 1,
                    Ok(_) => report.written.accepted += 1,
                    Err(cause @ (WriteError::Refused(_) | WriteError::OrderOfAnotherMember)) => {
                        self.refuse(report, &cause, step.order);
                    }
                    Err(other) => return Err(other.into()),
                },
            }
            self.acknowledged += i64::from(!self.refused);
        }
        self.note().await
    }

    fn refuse(&mut self, report: &mut Report, cause: &WriteError, order: Name) {
        self.refused = true;
        let code = match cause {
            WriteError::Refused(refusal) => refusal.code(),
            _ => "order_of_another_member".to_owned(),
        };
        report.refuse(code, order, cause.to_string());
    }

    async fn note(&self) -> Result<(), RunError> {
        let mut transaction = self.application.database.write().await?;
        let now = self.application.clock.now();
        progress_set(&mut transaction, Part::PROGRAMME, &self.work, self.acknowledged, now).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The writer's answer. Everybody is enrolled first, so anything else ends the import.
fn settled(outcome: Option<Outcome>, order: &Name) -> Result<Answer, WriteError> {
    match outcome {
        Some(Outcome::Answered(answer)) => Ok(*answer),
        Some(Outcome::Unresolved(cause)) => Err(WriteError::Broken(cause.to_string())),
        Some(Outcome::Unknown(_)) | None => {
            Err(WriteError::Broken(format!("nobody could be found whose order {order} is")))
        }
    }
}

/// Opens a file that may be compressed, whatever its name says.
pub fn open(file: &Path, bar: &ProgressBar) -> std::io::Result<Box<dyn Read>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let mut reader = BufReader::new(bar.wrap_read(File::open(file)?));
    if reader.fill_buf()?.starts_with(&GZIP) { Ok(Box::new(MultiGzDecoder::new(reader))) } else { Ok(Box::new(reader)) }
}
