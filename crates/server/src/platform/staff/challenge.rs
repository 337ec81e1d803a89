//! Questions that a browser has been asked on its way in, and may answer once: known by what the browser keeps and by
//! the question together, so that an answer from another browser is none.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::random;
use crate::platform::sql::{self, Connection, cells};

/// What the browser keeps.
pub const ENTRANCE_COOKIE: &str = "lojal_entrance";
pub const CHALLENGE_KEPT: SignedDuration = SignedDuration::from_mins(5);

/// What a question is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Making a passkey.
    Register,
    /// Signing in with one.
    Passkey,
    /// Coming back from the provider of identities.
    Provider,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Register => "register",
            Purpose::Passkey => "passkey",
            Purpose::Provider => "provider",
        }
    }
}

/// A question that has been asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Who may answer, where that is known.
    pub staff: Option<i64>,
    /// Where they wanted to go.
    pub next: String,
}

fn mark(kept: &str, text: &str) -> [u8; 32] {
    *blake3::Hasher::new().update(kept.as_bytes()).update(b" ").update(text.as_bytes()).finalize().as_bytes()
}

/// What a browser keeps: what it has already, if it looks like ours, so that two open pages do not disturb each other.
pub fn entrance_token(kept: Option<&str>) -> Result<String, random::NoRandomness> {
    match kept.filter(|kept| kept.len() == 64 && kept.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(kept) => Ok(kept.to_owned()),
        None => Ok(blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string()),
    }
}

/// Notes a question; those that nobody answered in time are forgotten.
pub async fn challenge_ask(
    connection: &mut Connection,
    kept: &str,
    text: &str,
    purpose: Purpose,
    challenge: &Challenge,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "delete from entrance_challenge where part = ? and until <= ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), now.as_microsecond()]).await?;
    let sql = "insert into entrance_challenge (part, mark, purpose, staff, next, until) values (?, ?, ?, ?, ?, ?)";
    let cells = cells![
        Part::PROGRAMME.number(),
        mark(kept, text),
        purpose.name(),
        challenge.staff.unwrap_or_default(),
        challenge.next.as_str(),
        (now + CHALLENGE_KEPT).as_microsecond(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Takes a question away that this browser was asked. There is none a second time, nor when it is too late.
pub async fn challenge_take(
    connection: &mut Connection,
    kept: &str,
    text: &str,
    purpose: Purpose,
    now: Instant,
) -> Result<Option<Challenge>, sql::Error> {
    let sql = "select staff, next, until from entrance_challenge where part = ? and mark = ? and purpose = ?";
    let cells = cells![Part::PROGRAMME.number(), mark(kept, text), purpose.name()];
    let Some(row) = sql::row(connection, sql, cells).await? else { return Ok(None) };
    // Of two answers at once, one finds the row.
    let sql = "delete from entrance_challenge where part = ? and mark = ?";
    let was_there = sql::execute(connection, sql, cells![Part::PROGRAMME.number(), mark(kept, text)]).await? > 0;
    let is_in_time = now.as_microsecond() < sql::column::<i64>(&row, "until")?;
    let staff = Some(sql::column(&row, "staff")?).filter(|staff| *staff != 0);
    Ok(Some(Challenge { staff, next: sql::column(&row, "next")? }).filter(|_| was_there && is_in_time))
}
