//! What the shop gives its members to recommend with: prepared messages, and pictures that were told by their content and
//! kept without anything that is no picture.

use std::collections::BTreeMap;

use lojal_core::kernel::{Instant, Language, Part};

use super::appearance::Picture;
use super::sql::{self, Connection, Row, cells, damaged};

const SETTING: &str = "share_texts";
/// Nobody reads more of them.
pub const MOST_TEXTS: usize = 5;
pub const LONGEST_TEXT: usize = 300;
pub const MOST_PICTURES: usize = 12;
pub const LONGEST_TITLE: usize = 80;

/// Prepared messages, by the language's tag.
pub type ShareTexts = BTreeMap<String, Vec<String>>;

/// Those of one language.
pub fn texts_of(texts: &ShareTexts, language: Language) -> &[String] {
    texts.get(language.tag()).map_or(&[], Vec::as_slice)
}

pub async fn share_texts_find(connection: &mut Connection) -> Result<ShareTexts, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await? else {
        return Ok(ShareTexts::new());
    };
    serde_json::from_slice(sql::column(&row, "value")?).map_err(damaged)
}

/// Takes the place of those from before.
pub async fn share_texts_set(connection: &mut Connection, texts: &ShareTexts) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let value = serde_json::to_vec(texts).map_err(sql::unwritable)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING, value]).await?;
    Ok(())
}

/// A picture without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialPicture {
    /// A hash of the content, which is what it is called by.
    pub mark: String,
    pub ending: String,
    pub width: i64,
    pub height: i64,
    pub title: String,
    pub added_at: i64,
}

const COLUMNS: &str = "mark, ending, width, height, title, added_at";

fn read(row: &Row) -> Result<MaterialPicture, sql::Error> {
    Ok(MaterialPicture {
        mark: sql::column(row, "mark")?,
        ending: sql::column(row, "ending")?,
        width: sql::column(row, "width")?,
        height: sql::column(row, "height")?,
        title: sql::column(row, "title")?,
        added_at: sql::column(row, "added_at")?,
    })
}

/// All of them, the newest first.
pub async fn material_pictures(connection: &mut Connection) -> Result<Vec<MaterialPicture>, sql::Error> {
    let sql = format!("select {COLUMNS} from material_picture where part = ? order by added_at desc, mark");
    sql::rows(connection, &sql, cells![Part::PROGRAMME.number()]).await?.iter().map(read).collect()
}

/// A picture with its content.
pub async fn material_picture_find(
    connection: &mut Connection,
    mark: &str,
) -> Result<Option<(MaterialPicture, Vec<u8>)>, sql::Error> {
    let sql = format!("select {COLUMNS}, content from material_picture where part = ? and mark = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), mark]).await?;
    row.map(|row| Ok((read(&row)?, sql::column(&row, "content")?))).transpose()
}

/// Adds a picture; the same once more has another title. `false` where there are as many as there may be.
pub async fn material_picture_add(
    connection: &mut Connection,
    picture: &Picture,
    title: &str,
    now: Instant,
) -> Result<bool, sql::Error> {
    let known = material_pictures(connection).await?;
    if known.len() >= MOST_PICTURES && !known.iter().any(|known| known.mark == picture.known.mark) {
        return Ok(false);
    }
    let sql = "insert into material_picture (part, mark, ending, width, height, title, content, added_at)
               values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (part, mark) do update set title = excluded.title";
    let cells = cells![
        Part::PROGRAMME.number(),
        picture.known.mark.as_str(),
        picture.known.ending.as_str(),
        i64::from(picture.known.width),
        i64::from(picture.known.height),
        title,
        picture.content.clone(),
        now.as_microsecond(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(true)
}

/// Takes a picture away, and says whether it was there.
pub async fn material_picture_remove(connection: &mut Connection, mark: &str) -> Result<bool, sql::Error> {
    let sql = "delete from material_picture where part = ? and mark = ?";
    Ok(sql::execute(connection, sql, cells![Part::PROGRAMME.number(), mark]).await? > 0)
}
