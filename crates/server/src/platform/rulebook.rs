//! The published programme versions: stored for ever, compiled once.

use std::sync::{Arc, PoisonError, RwLock};

use lojal_core::kernel::{Instant, Part};
use lojal_core::programme::diff::{Diff, compare};
use lojal_core::programme::{
    Checked, Dated, Finding, Programme, Rulebook, Usual, check_json_with, check_toml_with, parse_json, parse_toml,
};

use super::clock::{Clock, instant};
use super::database::Database;
use super::sql::{self, Connection, Row, Statement, cells, damaged};
use super::usual::usual;
use super::writer::shared_set_totals;

/// A version as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedVersion {
    pub version: u32,
    /// The document's text, byte for byte.
    pub document: String,
    pub published_at: Instant,
    /// From when it holds; `None`: at once.
    pub effective_from: Option<Instant>,
    /// Whether the operator published it at once though it is worse for members.
    pub accepted_worse: bool,
}

/// How a document is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishOptions {
    /// From when it is to hold: a date, a date with a time on the programme's wall clock, or RFC 3339.
    pub effective_from: Option<String>,
    /// The operator states that it may hold at once though it is worse for members.
    pub accept_worse: bool,
    /// The warnings of a check do not keep it from being published.
    pub accept_warnings: bool,
    /// Finds out what would happen and writes nothing.
    pub dry_run: bool,
}

/// What publishing a document came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub version: u32,
    /// Whether the document was the latest version already, so that nothing was written.
    pub unchanged: bool,
    /// From when it holds; `None`: at once.
    pub effective_from: Option<Instant>,
    pub warnings: Vec<Finding>,
}

/// How a document is written. Only a document in JSON begins with a brace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentFormat {
    Toml,
    Json,
}

impl DocumentFormat {
    /// The format of a text.
    pub fn of(document: &str) -> DocumentFormat {
        if document.trim_start().starts_with('{') { DocumentFormat::Json } else { DocumentFormat::Toml }
    }

    pub fn name(self) -> &'static str {
        match self {
            DocumentFormat::Toml => "toml",
            DocumentFormat::Json => "json",
        }
    }
}

/// Checks a document, whichever way it is written, by what the shop's customers usually buy where that is
/// known.
pub fn check(document: &str, usual: Option<&Usual>) -> Result<Checked, Vec<Finding>> {
    match DocumentFormat::of(document) {
        DocumentFormat::Toml => check_toml_with(document, usual),
        DocumentFormat::Json => check_json_with(document, usual),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the document has mistakes")]
    Mistakes(Vec<Finding>),
    #[error("the document has warnings that nobody has accepted")]
    Warnings(Vec<Finding>),
    #[error("these data belong to the programme {known}, the document is of {found}")]
    OtherProgramme { known: String, found: String },
    #[error("{0:?} is no moment to come into force: {1}")]
    NoMoment(String, &'static str),
    #[error(
        "the version is worse for members, who must be told first. State from when it is to hold (--effective, \
         effective_from), or that it may hold at once all the same (--accept-worse, accept_worse)"
    )]
    WorseForMembers(Box<Diff>),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

/// The rulebook in force, shared by everybody in the process. It follows what other processes
/// publish: each batch looks for a newer version before it decides.
#[derive(Clone, Debug, Default)]
pub struct Rulebooks {
    current: Arc<RwLock<Arc<Rulebook>>>,
}

impl Rulebooks {
    pub fn current(&self) -> Arc<Rulebook> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The rulebook as it is looked at from `moment`.
    pub fn at(&self, moment: Instant) -> Arc<Rulebook> {
        let current = self.current();
        if current.has_waiting(moment) { Arc::new(current.at(moment)) } else { current }
    }

    /// Compiles the versions that are not known yet, as `connection` sees them.
    pub async fn refresh(&self, connection: &mut Connection) -> Result<Arc<Rulebook>, sql::Error> {
        let outcomes = sql::run_all(connection, vec![latest_version()]).await?;
        let rows = outcomes.first().map_or(&[][..], |outcome| &outcome.rows);
        self.follow(connection, rows).await
    }

    /// As [`Rulebooks::refresh`], when [`latest_version`] has been asked already.
    pub(super) async fn follow(
        &self,
        connection: &mut Connection,
        latest: &[Row],
    ) -> Result<Arc<Rulebook>, sql::Error> {
        let current = self.current();
        let known = current.latest().map_or(0, |programme| programme.version);
        let latest = match latest.first() {
            Some(row) => u32::try_from(sql::column::<i64>(row, "version")?).map_err(damaged)?,
            None => 0,
        };
        if latest <= known {
            return Ok(current);
        }
        let dated = |programme: &Arc<Programme>| (Arc::clone(programme), current.effective_from(programme.version));
        let mut programmes: Vec<_> = current.versions().map(dated).collect();
        programmes.extend(compiled(&version_list_after(connection, known).await?)?);
        let rulebook = Arc::new(Rulebook::dated(programmes));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.latest().is_none_or(|programme| programme.version < latest) {
            *current = Arc::clone(&rulebook);
        }
        Ok(rulebook)
    }

    /// Publishes `document` (TOML or JSON). The same text again, to hold from the same moment, makes no
    /// new version.
    pub async fn publish(
        &self,
        database: &Database,
        clock: &Clock,
        document: &str,
        options: &PublishOptions,
    ) -> Result<Publication, PublishError> {
        let usual = usual(&mut *database.read().await?, &self.current(), clock.now()).await?;
        let checked = check(document, usual.as_ref()).map_err(PublishError::Mistakes)?;
        let unaccepted = if options.accept_warnings { Vec::new() } else { checked.unaccepted() };
        let Checked { programme, warnings } = checked;
        let now = clock.now();
        let effective_from = options.moment(&programme, now)?;
        // What all members share is spread over all parts.
        let parts: Vec<Part> = Part::all().collect();
        let mut transaction = database.write_parts(&parts).await?;
        let rulebook = self.refresh(&mut transaction).await?;
        let mut version = 1;
        if let Some(latest) = rulebook.latest() {
            if latest.id != programme.id {
                let (known, found) = (latest.id.to_string(), programme.id.to_string());
                return Err(PublishError::OtherProgramme { known, found });
            }
            let stored = version_find(&mut transaction, latest.version).await?;
            if stored.is_some_and(|stored| stored.document == document && stored.holds_from(effective_from, now)) {
                let effective_from = rulebook.effective_from(latest.version);
                return Ok(Publication { version: latest.version, unchanged: true, effective_from, warnings });
            }
            version = latest.version + 1;
        }
        // The latest version has been accepted; only another text is asked about.
        if !unaccepted.is_empty() {
            return Err(PublishError::Warnings(unaccepted));
        }
        let moment = effective_from.unwrap_or(now);
        let needs_notice = rulebook.live_at(moment).map(|before| compare(before, &programme, moment));
        let needs_notice = needs_notice.filter(|diff| diff.needs_notice().next().is_some());
        let accepted_worse = match needs_notice {
            Some(diff) if effective_from.is_none() && !options.accept_worse => {
                return Err(PublishError::WorseForMembers(Box::new(diff)));
            }
            Some(_) => effective_from.is_none(),
            None => false,
        };
        if options.dry_run {
            return Ok(Publication { version, unchanged: false, effective_from, warnings });
        }
        let published = PublishedVersion {
            version,
            document: document.to_owned(),
            published_at: now,
            effective_from,
            accepted_worse,
        };
        version_insert(&mut transaction, &published).await?;
        // What is still to come into force takes nothing from the version before; what is new with it
        // is there from the beginning.
        let before = rulebook.live_at(now).map_or_else(Vec::new, |live| live.shared_quantities());
        let mut totals = programme.shared_quantities();
        if effective_from.is_some() {
            totals.retain(|(name, _)| before.iter().all(|(known, _)| known != name));
        }
        shared_set_totals(&mut transaction, &totals).await?;
        transaction.commit().await?;
        self.refresh(&mut *database.read().await?).await?;
        Ok(Publication { version, unchanged: false, effective_from, warnings })
    }
}

impl PublishOptions {
    /// The moment that is stated, which is still to come.
    fn moment(&self, programme: &Programme, now: Instant) -> Result<Option<Instant>, PublishError> {
        let Some(text) = &self.effective_from else { return Ok(None) };
        let wrong = |why| PublishError::NoMoment(text.clone(), why);
        let moment = programme.calendar.parse(text);
        let moment = moment.map_err(|_| wrong("write it like 2026-04-01, 2026-04-01 10:30 or 2026-04-01T08:30:00Z"))?;
        if moment <= now { Err(wrong("it has passed already")) } else { Ok(Some(instant(moment.as_microsecond()))) }
    }
}

/// Versions as programmes, each with the moment from which it holds.
pub fn compiled(versions: &[PublishedVersion]) -> Result<Vec<Dated>, sql::Error> {
    let compile = |version: &PublishedVersion| match version.compile() {
        Ok(programme) => Ok((Arc::new(programme), version.effective_from)),
        Err(findings) => {
            let problem = findings.first().map_or_else(String::new, ToString::to_string);
            Err(damaged(format!("version {} of the programme cannot be read: {problem}", version.version)))
        }
    };
    versions.iter().map(compile).collect()
}

impl PublishedVersion {
    /// Whether it holds from this moment, or has come to hold already when none is stated.
    fn holds_from(&self, moment: Option<Instant>, now: Instant) -> bool {
        match moment {
            Some(moment) => self.effective_from == Some(moment),
            None => self.effective_from.is_none_or(|from| from <= now),
        }
    }

    /// As it was published, whatever a check would say about it today.
    pub fn compile(&self) -> Result<Programme, Vec<Finding>> {
        let mut programme = match DocumentFormat::of(&self.document) {
            DocumentFormat::Toml => parse_toml(&self.document),
            DocumentFormat::Json => parse_json(&self.document),
        }?;
        programme.version = self.version;
        Ok(programme)
    }

    fn read(row: &Row) -> Result<PublishedVersion, sql::Error> {
        Ok(PublishedVersion {
            version: u32::try_from(sql::column::<i64>(row, "version")?).map_err(damaged)?,
            document: sql::column(row, "document")?,
            published_at: instant(sql::column(row, "published_at")?),
            effective_from: sql::column::<Option<i64>>(row, "effective_from")?.map(instant),
            accepted_worse: sql::column::<Option<i64>>(row, "accepted_worse")?.is_some(),
        })
    }
}

/// Asks for the number of the version in force; there is none before the first.
pub(super) fn latest_version() -> Statement {
    let sql = "select version from programme_version where part = ? order by version desc limit 1";
    Statement::plain(sql, cells![Part::PROGRAMME.number()])
}

/// All versions, the oldest first.
pub async fn version_list(connection: &mut Connection) -> Result<Vec<PublishedVersion>, sql::Error> {
    version_list_after(connection, 0).await
}

async fn version_list_after(connection: &mut Connection, after: u32) -> Result<Vec<PublishedVersion>, sql::Error> {
    let sql = "select version, document, published_at, effective_from, accepted_worse from programme_version
               where part = ? and version > ? order by version";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), i64::from(after)]).await?;
    rows.iter().map(PublishedVersion::read).collect()
}

pub async fn version_find(connection: &mut Connection, version: u32) -> Result<Option<PublishedVersion>, sql::Error> {
    let sql = "select version, document, published_at, effective_from, accepted_worse from programme_version where part = ? and version = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), i64::from(version)]).await?;
    row.as_ref().map(PublishedVersion::read).transpose()
}

pub(crate) async fn version_insert(
    connection: &mut Connection,
    published: &PublishedVersion,
) -> Result<(), sql::Error> {
    let document = published.document.as_str();
    sql::execute(
        connection,
        "insert into programme_version
             (part, version, format, document, fingerprint, published_at, effective_from, accepted_worse)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
        cells![
            Part::PROGRAMME.number(),
            i64::from(published.version),
            DocumentFormat::of(document).name(),
            document,
            *blake3::hash(document.as_bytes()).as_bytes(),
            published.published_at.as_microsecond(),
            published.effective_from.map(Instant::as_microsecond),
            published.accepted_worse.then_some(1i64),
        ],
    )
    .await?;
    Ok(())
}
