//! Browsers in which somebody is signed in: staff and members alike. A session is known by the hash of its token
//! alone.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, MemberId, Part};

use super::application::Application;
use super::clock::instant;
use super::random::{self, NoRandomness};
use super::sql::{self, Connection, Row, cells, column_of_32};

/// As exact as "last used" is.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How much is kept of what a browser says it is.
const LONGEST_AGENT: usize = 200;

/// The sessions of one kind of people.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    pub table: &'static str,
    /// The column that says whose a session is.
    pub owner: &'static str,
    /// A session that nobody uses for so long ends.
    pub idle: SignedDuration,
    /// Every session ends after so long.
    pub longest: SignedDuration,
}

/// Whose sessions they are, and in which part they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub part: Part,
    pub number: i64,
}

impl From<MemberId> for Owner {
    fn from(member: MemberId) -> Owner {
        Owner { part: member.part(), number: member.number() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub hash: [u8; 32],
    pub owner: i64,
    pub created_at: Instant,
    /// To the minute.
    pub seen_at: Instant,
    pub agent: String,
}

impl Session {
    fn read(row: &Row) -> Result<Session, sql::Error> {
        Ok(Session {
            hash: column_of_32(row, "hash")?,
            owner: sql::column(row, "owner")?,
            created_at: instant(sql::column(row, "created_at")?),
            seen_at: instant(sql::column(row, "seen_at")?),
            agent: sql::column(row, "agent")?,
        })
    }

    /// The name under which a page speaks of the session: enough to find it, and no way in.
    pub fn mark(&self) -> String {
        blake3::Hash::from_bytes(self.hash).to_hex()[..16].to_owned()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

impl Sessions {
    fn is_alive(&self, session: &Session, now: Instant) -> bool {
        now.duration_since(session.seen_at) < self.idle && now.duration_since(session.created_at) < self.longest
    }

    /// Begins a session and answers its token, which is not kept anywhere.
    pub async fn create(
        &self,
        connection: &mut Connection,
        owner: Owner,
        agent: &str,
        now: Instant,
    ) -> Result<String, SessionError> {
        let Sessions { table, owner: column, .. } = self;
        let token = blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string();
        let agent: String = agent.chars().filter(|letter| !letter.is_control()).take(LONGEST_AGENT).collect();
        let sql =
            format!("insert into {table} (part, hash, {column}, created_at, seen_at, agent) values (?, ?, ?, ?, ?, ?)");
        let moment = now.as_microsecond();
        let cells = cells![owner.part.number(), hash(&token), owner.number, moment, moment, agent];
        sql::execute(connection, &sql, cells).await?;
        // Whoever signs in clears away what of their own has ended meanwhile.
        let ended = now.saturating_sub(self.longest).unwrap_or(Instant::MIN).as_microsecond();
        let idle = now.saturating_sub(self.idle).unwrap_or(Instant::MIN).as_microsecond();
        let sql = format!("delete from {table} where part = ? and {column} = ? and (created_at < ? or seen_at < ?)");
        sql::execute(connection, &sql, cells![owner.part.number(), owner.number, ended, idle]).await?;
        Ok(token)
    }

    /// The session of a token, unless it has ended.
    pub async fn find(
        &self,
        connection: &mut Connection,
        part: Part,
        token: &str,
        now: Instant,
    ) -> Result<Option<Session>, sql::Error> {
        let Sessions { table, owner: column, .. } = self;
        let sql = format!(
            "select hash, {column} as owner, created_at, seen_at, agent from {table} where part = ? and hash = ?"
        );
        let row = sql::row(connection, &sql, cells![part.number(), hash(token)]).await?;
        let session = row.as_ref().map(Session::read).transpose()?;
        Ok(session.filter(|session| self.is_alive(session, now)))
    }

    /// Notes that a session was used, at most once a minute and without making anybody wait.
    pub fn note_use(&self, application: &Application, part: Part, session: &Session) {
        let now = application.clock.now();
        if now.duration_since(session.seen_at) < USE_NOTED_EVERY {
            return;
        }
        let (database, hash, table) = (application.database.clone(), session.hash, self.table);
        tokio::spawn(async move {
            let written = async {
                let mut transaction = database.write_aside().await?;
                let sql = format!("update {table} set seen_at = ? where part = ? and hash = ?");
                sql::execute(&mut transaction, &sql, cells![now.as_microsecond(), part.number(), hash]).await?;
                transaction.commit().await
            };
            if let Err(cause) = written.await {
                tracing::warn!(%cause, "the use of a session could not be written down");
            }
        });
    }

    /// Somebody's sessions that have not ended, the latest used first.
    pub async fn list(
        &self,
        connection: &mut Connection,
        owner: Owner,
        now: Instant,
    ) -> Result<Vec<Session>, sql::Error> {
        let Sessions { table, owner: column, .. } = self;
        let sql = format!(
            "select hash, {column} as owner, created_at, seen_at, agent from {table} where part = ? and {column} = ? \
             order by seen_at desc, created_at desc"
        );
        let rows = sql::rows(connection, &sql, cells![owner.part.number(), owner.number]).await?;
        let sessions = rows.iter().map(Session::read).collect::<Result<Vec<_>, _>>()?;
        Ok(sessions.into_iter().filter(|session| self.is_alive(session, now)).collect())
    }

    /// Ends one of somebody's sessions.
    pub async fn end(&self, connection: &mut Connection, owner: Owner, session: &[u8; 32]) -> Result<(), sql::Error> {
        let Sessions { table, owner: column, .. } = self;
        let sql = format!("delete from {table} where part = ? and {column} = ? and hash = ?");
        sql::execute(connection, &sql, cells![owner.part.number(), owner.number, session.to_vec()]).await?;
        Ok(())
    }

    /// Ends all of somebody's sessions but one.
    pub async fn end_others(
        &self,
        connection: &mut Connection,
        owner: Owner,
        session: &[u8; 32],
    ) -> Result<(), sql::Error> {
        let Sessions { table, owner: column, .. } = self;
        let sql = format!("delete from {table} where part = ? and {column} = ? and hash <> ?");
        sql::execute(connection, &sql, cells![owner.part.number(), owner.number, session.to_vec()]).await?;
        Ok(())
    }

    /// Clears away those of a part that nobody has used for too long.
    pub async fn clear(&self, connection: &mut Connection, part: Part, now: Instant) -> Result<(), sql::Error> {
        let table = self.table;
        let idle = now.saturating_sub(self.idle).unwrap_or(Instant::MIN).as_microsecond();
        let sql = format!("delete from {table} where part = ? and seen_at < ?");
        sql::execute(connection, &sql, cells![part.number(), idle]).await?;
        Ok(())
    }

    /// Ends all of somebody's sessions.
    pub async fn end_all(&self, connection: &mut Connection, owner: Owner) -> Result<(), sql::Error> {
        let Sessions { table, owner: column, .. } = self;
        let sql = format!("delete from {table} where part = ? and {column} = ?");
        sql::execute(connection, &sql, cells![owner.part.number(), owner.number]).await?;
        Ok(())
    }
}

fn hash(token: &str) -> Vec<u8> {
    blake3::hash(token.as_bytes()).as_bytes().to_vec()
}
