//! The published programme versions: stored for ever, compiled once.

use std::sync::{Arc, PoisonError, RwLock};

use lojal_core::kernel::{Instant, Part};
use lojal_core::programme::{Checked, Finding, Programme, Rulebook, check_json, check_toml};

use super::clock::{Clock, instant};
use super::database::Database;
use super::sql::{self, Connection, Row, Statement, cells, damaged};
use super::writer::shared_set_totals;

/// A version as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedVersion {
    pub version: u32,
    /// The document's text, byte for byte.
    pub document: String,
    pub published_at: Instant,
}

/// What publishing a document came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub version: u32,
    /// Whether the document was the version in force already, so that nothing was written.
    pub unchanged: bool,
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

/// Checks a document, whichever way it is written.
pub fn check(document: &str) -> Result<Checked, Vec<Finding>> {
    match DocumentFormat::of(document) {
        DocumentFormat::Toml => check_toml(document),
        DocumentFormat::Json => check_json(document),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("the document has mistakes")]
    Mistakes(Vec<Finding>),
    #[error("these data belong to the programme {known}, the document is of {found}")]
    OtherProgramme { known: String, found: String },
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
        let known = current.live().map_or(0, |programme| programme.version);
        let latest = match latest.first() {
            Some(row) => u32::try_from(sql::column::<i64>(row, "version")?).map_err(damaged)?,
            None => 0,
        };
        if latest <= known {
            return Ok(current);
        }
        let mut programmes: Vec<Programme> = current.versions().map(|programme| Programme::clone(programme)).collect();
        for version in version_list_after(connection, known).await? {
            programmes.push(version.compile().map_err(|findings| {
                let problem = findings.first().map_or_else(String::new, |finding| finding.problem.clone());
                damaged(format!("version {} of the programme cannot be read: {problem}", version.version))
            })?);
        }
        let rulebook = Arc::new(Rulebook::new(programmes));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.live().is_none_or(|programme| programme.version < latest) {
            *current = Arc::clone(&rulebook);
        }
        Ok(rulebook)
    }

    /// Makes `document` (TOML or JSON) the version in force. The same text again makes no new version.
    pub async fn publish(
        &self,
        database: &Database,
        clock: &Clock,
        document: &str,
    ) -> Result<Publication, PublishError> {
        let Checked { programme, warnings } = check(document).map_err(PublishError::Mistakes)?;
        // What all members share is spread over all parts.
        let parts: Vec<Part> = Part::all().collect();
        let mut transaction = database.write_parts(&parts).await?;
        let rulebook = self.refresh(&mut transaction).await?;
        let mut version = 1;
        if let Some(live) = rulebook.live() {
            if live.id != programme.id {
                let (known, found) = (live.id.to_string(), programme.id.to_string());
                return Err(PublishError::OtherProgramme { known, found });
            }
            let stored = version_find(&mut transaction, live.version).await?;
            if stored.is_some_and(|stored| stored.document == document) {
                return Ok(Publication { version: live.version, unchanged: true, warnings });
            }
            version = live.version + 1;
        }
        version_insert(&mut transaction, version, document, clock.now()).await?;
        shared_set_totals(&mut transaction, &programme.shared_quantities()).await?;
        transaction.commit().await?;
        self.refresh(&mut *database.read().await?).await?;
        Ok(Publication { version, unchanged: false, warnings })
    }
}

impl PublishedVersion {
    pub fn compile(&self) -> Result<Programme, Vec<Finding>> {
        let mut programme = check(&self.document)?.programme;
        programme.version = self.version;
        Ok(programme)
    }

    fn read(row: &Row) -> Result<PublishedVersion, sql::Error> {
        Ok(PublishedVersion {
            version: u32::try_from(sql::column::<i64>(row, "version")?).map_err(damaged)?,
            document: sql::column(row, "document")?,
            published_at: instant(sql::column(row, "published_at")?),
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
    let sql = "select version, document, published_at from programme_version
               where part = ? and version > ? order by version";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), i64::from(after)]).await?;
    rows.iter().map(PublishedVersion::read).collect()
}

pub async fn version_find(connection: &mut Connection, version: u32) -> Result<Option<PublishedVersion>, sql::Error> {
    let sql = "select version, document, published_at from programme_version where part = ? and version = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), i64::from(version)]).await?;
    row.as_ref().map(PublishedVersion::read).transpose()
}

pub(crate) async fn version_insert(
    connection: &mut Connection,
    version: u32,
    document: &str,
    published_at: Instant,
) -> Result<(), sql::Error> {
    sql::execute(
        connection,
        "insert into programme_version (part, version, format, document, fingerprint, published_at)
         values (?, ?, ?, ?, ?, ?)",
        cells![
            Part::PROGRAMME.number(),
            i64::from(version),
            DocumentFormat::of(document).name(),
            document,
            *blake3::hash(document.as_bytes()).as_bytes(),
            published_at.as_microsecond(),
        ],
    )
    .await?;
    Ok(())
}
