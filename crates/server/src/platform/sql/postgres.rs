//! PostgreSQL, over a connection on which several statements can be under way at once: what does
//! not wait for an answer shares one round trip.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio_postgres::types::ToSql;

use super::error::{Error, ErrorKind, with_source};
use super::pool::{Place, Pool};
use super::row::{Columns, Row};
use super::wording::{Wording, wordings};
use super::{Dialect, Outcome, Statement};
use crate::platform::tls;

const WRITE_CONNECTIONS: u32 = 6;
const READ_CONNECTIONS: u32 = 12;
/// Over several machines there are more transactions, and each is about less.
const DISTRIBUTED_WRITE_CONNECTIONS: u32 = 12;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A network that has been silent for so long is taken for broken, unless the address says otherwise.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(30);
/// So many statements are under way at once at most. The library sends more than thirty in no certain
/// order.
const WAVE: usize = 24;
/// Every statement of the house finds its rows by a key, and the tables may be younger than their
/// statistics: plans are made once, and for keys.
const SETTINGS: &str = "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
    set plan_cache_mode = force_generic_plan; set jit = off; set timezone = 'UTC';
    select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
    set lock_timeout = '60s'; set idle_in_transaction_session_timeout = '120s'";
/// Over several machines a plan is made for values: without them it cannot be told which machine they
/// are on. Each machine is spoken to over one connection, so that a transaction sees one moment of it,
/// and tables are made one by one.
const DISTRIBUTED_SETTINGS: &str = "set plan_cache_mode = auto; set citus.max_adaptive_executor_pool_size = 1;
    set citus.multi_shard_modify_mode = 'sequential'; set citus.propagate_set_commands = 'local'";
/// What a transaction tells the machines that take part in it about plans. Each is sent by itself: Citus
/// passes on all that comes together with one.
const DISTRIBUTED_PLANS: [&str; 3] =
    ["set local enable_seqscan = off", "set local enable_hashjoin = off", "set local enable_mergejoin = off"];

/// A database with the connections of this process.
#[derive(Clone, Debug)]
pub(super) struct Postgres {
    config: Arc<tokio_postgres::Config>,
    dialect: Dialect,
    writing: Pool<Session>,
    reading: Pool<Session>,
}

/// A connection and what is prepared on it.
#[derive(Debug)]
pub(super) struct Session {
    client: tokio_postgres::Client,
    statements: HashMap<String, tokio_postgres::Statement>,
    dialect: Dialect,
    /// The task that carries what is said; it ends with the client.
    ending: tokio::task::JoinHandle<()>,
}

/// A connection in use. One that is left in the middle of a transaction takes it back.
#[derive(Debug)]
pub(super) struct Link {
    /// Always there until the link is dropped.
    session: Option<(Session, Place<Session>)>,
    in_transaction: bool,
}

/// How a transaction begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    Write,
    Snapshot,
}

impl Postgres {
    /// Connects, and looks whether the tables are spread over several machines.
    pub async fn open(address: &str) -> Result<Postgres, Error> {
        let mut config: tokio_postgres::Config =
            address.parse().map_err(|cause| Error::new(ErrorKind::Data, with_source(&cause)))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE_TIMEOUT).keepalives_idle(SILENCE_TIMEOUT / 2);
            config.keepalives_interval(SILENCE_TIMEOUT / 6).keepalives_retries(3);
        }
        let mut postgres = Postgres {
            config: Arc::new(config),
            dialect: Dialect::Postgres,
            writing: Pool::new(WRITE_CONNECTIONS),
            reading: Pool::new(READ_CONNECTIONS),
        };
        let session = postgres.connect().await?;
        let spread = session.client.query("select 1 from pg_extension where extname = 'citus'", &[]).await?;
        if !spread.is_empty() {
            postgres.dialect = Dialect::Distributed;
            postgres.writing = Pool::new(DISTRIBUTED_WRITE_CONNECTIONS);
        }
        Ok(postgres)
    }

    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub async fn writing(&self) -> Result<Link, Error> {
        self.link(&self.writing).await
    }

    pub async fn reading(&self) -> Result<Link, Error> {
        self.link(&self.reading).await
    }

    async fn link(&self, pool: &Pool<Session>) -> Result<Link, Error> {
        let (place, idle) = pool.take().await?;
        let session = match idle.filter(|session| !session.client.is_closed()) {
            Some(session) => session,
            None => self.connect().await?,
        };
        Ok(Link { session: Some((session, place)), in_transaction: false })
    }

    pub async fn close(&self) {
        let sessions = self.reading.close().await.into_iter().chain(self.writing.close().await);
        for Session { client, ending, .. } in sessions {
            drop(client);
            // It says itself what went wrong.
            let _ = ending.await;
        }
    }

    async fn connect(&self) -> Result<Session, Error> {
        let (client, connection) = self.config.connect(encryption()).await?;
        let ending = tokio::spawn(async move {
            if let Err(cause) = connection.await {
                tracing::warn!(%cause, "a connection to the database broke");
            }
        });
        client.batch_execute(SETTINGS).await?;
        if self.dialect == Dialect::Distributed {
            client.batch_execute(DISTRIBUTED_SETTINGS).await?;
        }
        Ok(Session { client, statements: HashMap::new(), dialect: self.dialect, ending })
    }
}

/// Whether a connection must be encrypted is for the address to say (`sslmode`).
fn encryption() -> tokio_postgres_rustls::MakeRustlsConnect {
    tokio_postgres_rustls::MakeRustlsConnect::new(tls::client())
}

impl Drop for Link {
    fn drop(&mut self) {
        let Some((session, place)) = self.session.take() else { return };
        if !self.in_transaction {
            place.put_back(session);
        } else if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            // It comes behind whatever was sent before, also by somebody who stopped waiting.
            runtime.spawn(async move {
                if session.client.batch_execute("rollback").await.is_ok() {
                    place.put_back(session);
                }
            });
        }
    }
}

impl Link {
    fn session(&mut self) -> Result<&mut Session, Error> {
        let session = self.session.as_mut().map(|(session, _)| session);
        session.ok_or_else(|| Error::new(ErrorKind::Failed, "the connection was given back"))
    }

    pub fn dialect(&self) -> Dialect {
        self.session.as_ref().map_or(Dialect::Postgres, |(session, _)| session.dialect)
    }

    /// Begins a transaction and runs what comes first in it, in one round trip.
    pub async fn begin(&mut self, begin: Begin, statements: Vec<Statement>) -> Result<Vec<Outcome>, Error> {
        self.in_transaction = true;
        let text = match begin {
            Begin::Write => "begin isolation level read committed",
            Begin::Snapshot => "begin isolation level repeatable read read only",
        };
        let mut texts = vec![text];
        if self.dialect() == Dialect::Distributed {
            texts.extend(DISTRIBUTED_PLANS);
        }
        self.session()?.run(texts, statements, None).await
    }

    pub async fn run(&mut self, statements: Vec<Statement>) -> Result<Vec<Outcome>, Error> {
        self.session()?.run(Vec::new(), statements, None).await
    }

    /// Runs what comes last in a transaction and commits it, in one round trip.
    pub async fn commit(&mut self, statements: Vec<Statement>) -> Result<(), Error> {
        self.session()?.run(Vec::new(), statements, Some("commit")).await?;
        self.in_transaction = false;
        Ok(())
    }

    pub async fn rollback(&mut self) -> Result<(), Error> {
        self.session()?.client.batch_execute("rollback").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Runs several statements separated by semicolons, without values.
    pub async fn script(&mut self, text: &str) -> Result<(), Error> {
        Ok(self.session()?.client.batch_execute(text).await?)
    }
}

impl Session {
    /// Sends everything at once, or in few waves, and waits for all the answers.
    async fn run(
        &mut self,
        mut before: Vec<&str>,
        statements: Vec<Statement>,
        after: Option<&str>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = vec![Outcome::default(); statements.len()];
        let words = statements.into_iter().enumerate().flat_map(|(place, statement)| {
            wordings(self.dialect, statement).into_iter().map(move |wording| (place, wording))
        });
        let mut words: Vec<(usize, Wording)> = words.collect();
        loop {
            let rest = words.split_off(words.len().min(WAVE));
            let end = after.filter(|_| rest.is_empty());
            self.run_wave(std::mem::take(&mut before), words, end, &mut outcomes).await?;
            if rest.is_empty() {
                return Ok(outcomes);
            }
            words = rest;
        }
    }

    /// Sends everything at once and waits for all the answers. The server stops a transaction at
    /// the first error, so what follows it has no effect, the end included.
    async fn run_wave(
        &mut self,
        before: Vec<&str>,
        words: Vec<(usize, Wording)>,
        after: Option<&str>,
        outcomes: &mut [Outcome],
    ) -> Result<(), Error> {
        let mut prepared = Vec::with_capacity(words.len());
        for (place, Wording { text, parameters, is_read }) in words {
            prepared.push((place, self.prepare(text).await?, parameters, is_read));
        }
        let client = &self.client;
        let begun = before.into_iter().map(|text| client.batch_execute(text));
        let answers = prepared.iter().map(async |(place, statement, parameters, is_read)| {
            let parameters = parameters.iter().map(|parameter| parameter as &(dyn ToSql + Sync));
            let parameters: Vec<_> = parameters.collect();
            if *is_read && !statement.columns().is_empty() {
                let rows = client.query(statement, &parameters).await?;
                let rows: Vec<Row> = rows.into_iter().map(|row| Row(Columns::Postgres(Arc::new(row)))).collect();
                return Ok((*place, Outcome { touched: rows.len() as u64, rows }));
            }
            let touched = client.execute(statement, &parameters).await?;
            Ok::<_, tokio_postgres::Error>((*place, Outcome { touched, rows: Vec::new() }))
        });
        let ended = async { if let Some(text) = after { client.batch_execute(text).await } else { Ok(()) } };
        // Requests are sent in the order in which they are polled first, which is this one.
        let (begun, answers, ended) = {
            let begun = std::pin::pin!(join_all(begun));
            let answers = std::pin::pin!(join_all(answers));
            let ended = std::pin::pin!(ended);
            futures_util::future::join3(begun, answers, ended).await
        };
        for begun in begun {
            begun?;
        }
        for answer in answers {
            let (place, mut answer) = answer?;
            outcomes[place].rows.append(&mut answer.rows);
            outcomes[place].touched += answer.touched;
        }
        ended?;
        Ok(())
    }

    async fn prepare(&mut self, text: String) -> Result<tokio_postgres::Statement, Error> {
        if let Some(known) = self.statements.get(&text) {
            return Ok(known.clone());
        }
        let statement = self.client.prepare(&text).await?;
        self.statements.insert(text, statement.clone());
        Ok(statement)
    }
}
