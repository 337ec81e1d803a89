//! Versions of the appearance, their draft, and their pictures.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use super::pictures::Picture;
use super::{Appearance, is_letter};
use crate::platform::clock::instant;
use crate::platform::sql::{self, Connection, Row, cells, damaged};

/// The number of the draft.
const DRAFT: i64 = 0;
/// Versions that one can go back to.
const KEPT: i64 = 30;
/// How long a picture stays that nothing names: somebody may be about to.
const PICTURES_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// An appearance, with who made it what it is.
#[derive(Clone, Debug)]
pub struct AppearanceVersion {
    pub number: i64,
    pub appearance: Appearance,
    pub made_at: Instant,
    pub made_by: i64,
}

impl AppearanceVersion {
    fn read(row: &Row) -> Result<AppearanceVersion, sql::Error> {
        let body: Vec<u8> = sql::column(row, "body")?;
        let number = sql::column(row, "number")?;
        let mut appearance: Appearance = serde_json::from_slice(&body)
            .map_err(|cause| damaged(format!("version {number} of the appearance cannot be read: {cause}")))?;
        // One that was kept when it could still be written here.
        appearance.templates.retain(|name, _| !is_letter(name));
        Ok(AppearanceVersion {
            number,
            appearance,
            made_at: instant(sql::column(row, "made_at")?),
            made_by: sql::column(row, "made_by")?,
        })
    }
}

/// The number of what members see; 0 before anything was published.
pub async fn appearance_latest(connection: &mut Connection) -> Result<i64, sql::Error> {
    let sql = "select number from appearance_version where part = ? order by number desc limit 1";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    row.map_or(Ok(0), |row| sql::column(&row, "number"))
}

/// A published version.
pub async fn appearance_find(
    connection: &mut Connection,
    number: i64,
) -> Result<Option<AppearanceVersion>, sql::Error> {
    match number {
        DRAFT => Ok(None),
        number => find(connection, number).await,
    }
}

/// What staff work on, where it is not what was published last.
pub async fn appearance_draft(connection: &mut Connection) -> Result<Option<AppearanceVersion>, sql::Error> {
    find(connection, DRAFT).await
}

async fn find(connection: &mut Connection, number: i64) -> Result<Option<AppearanceVersion>, sql::Error> {
    let sql = "select number, body, made_at, made_by from appearance_version where part = ? and number = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), number]).await?;
    row.as_ref().map(AppearanceVersion::read).transpose()
}

/// Published versions, the latest first.
pub async fn appearance_list(connection: &mut Connection) -> Result<Vec<AppearanceVersion>, sql::Error> {
    let sql = "select number, body, made_at, made_by from appearance_version where part = ? and number > 0 \
               order by number desc";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(AppearanceVersion::read).collect()
}

/// Keeps the draft.
pub async fn appearance_draft_set(
    connection: &mut Connection,
    appearance: &Appearance,
    staff: i64,
    now: Instant,
) -> Result<(), sql::Error> {
    appearance_draft_forget(connection).await?;
    insert(connection, DRAFT, appearance, staff, now).await
}

pub async fn appearance_draft_forget(connection: &mut Connection) -> Result<(), sql::Error> {
    let sql = "delete from appearance_version where part = ? and number = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), DRAFT]).await?;
    Ok(())
}

/// Makes it what members see, and answers the number of the version. The transaction must be one that alone decides
/// about the programme.
pub async fn appearance_publish(
    connection: &mut Connection,
    appearance: &Appearance,
    staff: i64,
    now: Instant,
) -> Result<i64, sql::Error> {
    let number = appearance_latest(connection).await? + 1;
    insert(connection, number, appearance, staff, now).await?;
    let sql = "delete from appearance_version where part = ? and number > 0 and number <= ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), number - KEPT]).await?;
    Ok(number)
}

async fn insert(
    connection: &mut Connection,
    number: i64,
    appearance: &Appearance,
    staff: i64,
    now: Instant,
) -> Result<(), sql::Error> {
    let body = serde_json::to_vec(appearance).map_err(|cause| damaged(format!("an appearance: {cause}")))?;
    let sql = "insert into appearance_version (part, number, body, made_at, made_by) values (?, ?, ?, ?, ?)";
    let cells = cells![Part::PROGRAMME.number(), number, body, now.as_microsecond(), staff];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// How a picture's file name ends, and its content.
pub async fn picture_find(connection: &mut Connection, mark: &str) -> Result<Option<(String, Vec<u8>)>, sql::Error> {
    let sql = "select ending, content from appearance_picture where part = ? and mark = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), mark]).await?;
    row.map(|row| Ok((sql::column(&row, "ending")?, sql::column(&row, "content")?))).transpose()
}

pub async fn picture_keep(connection: &mut Connection, picture: &Picture, now: Instant) -> Result<(), sql::Error> {
    let sql = "insert into appearance_picture (part, mark, ending, content, added_at) values (?, ?, ?, ?, ?) \
               on conflict (part, mark) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        picture.known.mark.as_str(),
        picture.known.ending.as_str(),
        picture.content.clone(),
        now.as_microsecond(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Takes away pictures that nothing names any more.
pub async fn pictures_tidy(connection: &mut Connection, now: Instant) -> Result<(), sql::Error> {
    let draft = appearance_draft(connection).await?;
    let mut named: Vec<String> = Vec::new();
    for version in appearance_list(connection).await?.into_iter().chain(draft) {
        let pictures = [version.appearance.logo, version.appearance.icon].into_iter().flatten();
        named.extend(pictures.map(|picture| picture.mark));
    }
    let before = now.checked_sub(PICTURES_WAIT).unwrap_or(now).as_microsecond();
    let sql = "select mark from appearance_picture where part = ? and added_at < ?";
    for row in sql::rows(connection, sql, cells![Part::PROGRAMME.number(), before]).await? {
        let mark: String = sql::column(&row, "mark")?;
        if !named.contains(&mark) {
            let sql = "delete from appearance_picture where part = ? and mark = ?";
            sql::execute(connection, sql, cells![Part::PROGRAMME.number(), mark]).await?;
        }
    }
    Ok(())
}

/// A template of the shop's that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFault {
    pub template: String,
    /// Of which version.
    pub number: i64,
    pub line: i64,
    /// What is wrong with it, and nothing of what the page was about.
    pub reason: String,
}

pub async fn fault_list(connection: &mut Connection) -> Result<Vec<TemplateFault>, sql::Error> {
    let sql = "select template, number, line, reason from appearance_fault where part = ? order by template";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    let read = |row: &Row| -> Result<TemplateFault, sql::Error> {
        Ok(TemplateFault {
            template: sql::column(row, "template")?,
            number: sql::column(row, "number")?,
            line: sql::column(row, "line")?,
            reason: sql::column(row, "reason")?,
        })
    };
    rows.iter().map(read).collect()
}

/// The first one of each template stays.
pub async fn fault_note(connection: &mut Connection, fault: &TemplateFault, now: Instant) -> Result<(), sql::Error> {
    let sql = "insert into appearance_fault (part, template, number, line, reason, noted_at) \
               values (?, ?, ?, ?, ?, ?) on conflict (part, template) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        fault.template.as_str(),
        fault.number,
        fault.line,
        fault.reason.as_str(),
        now.as_microsecond(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// A version without them follows.
pub async fn fault_forget(connection: &mut Connection) -> Result<(), sql::Error> {
    sql::execute(connection, "delete from appearance_fault where part = ?", cells![Part::PROGRAMME.number()]).await?;
    Ok(())
}
