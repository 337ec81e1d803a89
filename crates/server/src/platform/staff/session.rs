//! Browsers in which staff are signed in. A session is known by the hash of its token alone.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, Part};

use crate::platform::clock::instant;
use crate::platform::random::{self, NoRandomness};
use crate::platform::sql::{self, Connection, Row, cells, column_of_32};

pub const SESSION_COOKIE: &str = "lojal_staff";
/// A session that nobody uses for so long ends.
const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// Every session ends after so long.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How much is kept of what a browser says it is.
const LONGEST_AGENT: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub hash: [u8; 32],
    pub staff: i64,
    pub created_at: Instant,
    /// To the minute.
    pub seen_at: Instant,
    pub agent: String,
}

impl Session {
    fn read(row: &Row) -> Result<Session, sql::Error> {
        Ok(Session {
            hash: column_of_32(row, "hash")?,
            staff: sql::column(row, "staff")?,
            created_at: instant(sql::column(row, "created_at")?),
            seen_at: instant(sql::column(row, "seen_at")?),
            agent: sql::column(row, "agent")?,
        })
    }

    fn is_alive(&self, now: Instant) -> bool {
        now.duration_since(self.seen_at) < IDLE && now.duration_since(self.created_at) < LONGEST
    }

    /// The name under which a page speaks of the session: enough to find it, and no way in.
    pub fn mark(&self) -> String {
        blake3::Hash::from_bytes(self.hash).to_hex()[..16].to_owned()
    }
}

/// Begins a session and answers its token, which is not kept anywhere.
pub async fn session_create(
    connection: &mut Connection,
    staff: i64,
    agent: &str,
    now: Instant,
) -> Result<String, SessionError> {
    let token = blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string();
    let agent: String = agent.chars().filter(|letter| !letter.is_control()).take(LONGEST_AGENT).collect();
    let sql = "insert into staff_session (part, hash, staff, created_at, seen_at, agent) values (?, ?, ?, ?, ?, ?)";
    let moment = now.as_microsecond();
    let cells = cells![Part::PROGRAMME.number(), hash(&token), staff, moment, moment, agent];
    sql::execute(connection, sql, cells).await?;
    // Whoever signs in clears away what has ended meanwhile.
    let ended = now.saturating_sub(LONGEST).unwrap_or(Instant::MIN).as_microsecond();
    let idle = now.saturating_sub(IDLE).unwrap_or(Instant::MIN).as_microsecond();
    let sql = "delete from staff_session where part = ? and (created_at < ? or seen_at < ?)";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), ended, idle]).await?;
    Ok(token)
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

/// The session of a token, unless it has ended.
pub async fn session_find(
    connection: &mut Connection,
    token: &str,
    now: Instant,
) -> Result<Option<Session>, sql::Error> {
    let sql = "select hash, staff, created_at, seen_at, agent from staff_session where part = ? and hash = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), hash(token)]).await?;
    let session = row.as_ref().map(Session::read).transpose()?;
    Ok(session.filter(|session| session.is_alive(now)))
}

/// Notes that a session was used.
pub(super) async fn session_touch(
    connection: &mut Connection,
    session: &[u8; 32],
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "update staff_session set seen_at = ? where part = ? and hash = ?";
    sql::execute(connection, sql, cells![now.as_microsecond(), Part::PROGRAMME.number(), session.to_vec()]).await?;
    Ok(())
}

/// Somebody's sessions that have not ended, the latest used first.
pub async fn session_list(connection: &mut Connection, staff: i64, now: Instant) -> Result<Vec<Session>, sql::Error> {
    let sql = "select hash, staff, created_at, seen_at, agent from staff_session where part = ? and staff = ? \
               order by seen_at desc, created_at desc";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), staff]).await?;
    let sessions = rows.iter().map(Session::read).collect::<Result<Vec<_>, _>>()?;
    Ok(sessions.into_iter().filter(|session| session.is_alive(now)).collect())
}

/// Ends one of somebody's sessions.
pub async fn session_end(connection: &mut Connection, staff: i64, session: &[u8; 32]) -> Result<(), sql::Error> {
    let sql = "delete from staff_session where part = ? and staff = ? and hash = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), staff, session.to_vec()]).await?;
    Ok(())
}

/// Ends all of somebody's sessions but one.
pub async fn session_end_others(connection: &mut Connection, staff: i64, session: &[u8; 32]) -> Result<(), sql::Error> {
    let sql = "delete from staff_session where part = ? and staff = ? and hash <> ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), staff, session.to_vec()]).await?;
    Ok(())
}

/// Ends all of somebody's sessions.
pub async fn session_end_all(connection: &mut Connection, staff: i64) -> Result<(), sql::Error> {
    let sql = "delete from staff_session where part = ? and staff = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), staff]).await?;
    Ok(())
}

fn hash(token: &str) -> Vec<u8> {
    blake3::hash(token.as_bytes()).as_bytes().to_vec()
}
