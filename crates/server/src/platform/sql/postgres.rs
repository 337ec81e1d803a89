//! PostgreSQL, over a connection on which several statements can be under way at once: what does
//! not wait for an answer shares one round trip.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures_util::future::join_all;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::error::{Error, ErrorKind, with_source};
use super::pool::{Place, Pool};
use super::row::{Columns, Row};
use super::{Cell, Dialect, Outcome, Statement};

const WRITE_CONNECTIONS: u32 = 6;
const READ_CONNECTIONS: u32 = 12;
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
        Ok(Session { client, statements: HashMap::new(), dialect: self.dialect, ending })
    }
}

/// Certificates are checked against those that the system trusts; whether a connection must be
/// encrypted is for the address to say (`sslmode`).
fn encryption() -> tokio_postgres_rustls::MakeRustlsConnect {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    // The provider always knows the default versions.
    let config = builder.map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
    tokio_postgres_rustls::MakeRustlsConnect::new(config.unwrap_or_else(|_| unreachable!()))
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
        self.session()?.run(Some(text), statements, None).await
    }

    pub async fn run(&mut self, statements: Vec<Statement>) -> Result<Vec<Outcome>, Error> {
        self.session()?.run(None, statements, None).await
    }

    /// Runs what comes last in a transaction and commits it, in one round trip.
    pub async fn commit(&mut self, statements: Vec<Statement>) -> Result<(), Error> {
        self.session()?.run(None, statements, Some("commit")).await?;
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
        mut before: Option<&str>,
        mut statements: Vec<Statement>,
        after: Option<&str>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut outcomes = Vec::with_capacity(statements.len());
        while statements.len() > WAVE {
            let rest = statements.split_off(WAVE);
            outcomes.extend(self.run_wave(before.take(), statements, None).await?);
            statements = rest;
        }
        outcomes.extend(self.run_wave(before, statements, after).await?);
        Ok(outcomes)
    }

    /// Sends everything at once and waits for all the answers. The server stops a transaction at
    /// the first error, so what follows it has no effect, the end included.
    async fn run_wave(
        &mut self,
        before: Option<&str>,
        statements: Vec<Statement>,
        after: Option<&str>,
    ) -> Result<Vec<Outcome>, Error> {
        let mut prepared = Vec::with_capacity(statements.len());
        for statement in statements {
            if statement.is_empty() {
                prepared.push(None);
                continue;
            }
            let is_read = matches!(statement, Statement::LookUp { .. } | Statement::Plain { .. });
            let (text, parameters) = translate(self.dialect, statement);
            prepared.push(Some((self.prepare(text).await?, parameters, is_read)));
        }
        let client = &self.client;
        let begun = async { if let Some(text) = before { client.batch_execute(text).await } else { Ok(()) } };
        let answers = prepared.iter().map(async |step| {
            let Some((statement, parameters, is_read)) = step else { return Ok(Outcome::default()) };
            let parameters = parameters.iter().map(|parameter| parameter as &(dyn ToSql + Sync));
            let parameters: Vec<_> = parameters.collect();
            if *is_read && !statement.columns().is_empty() {
                let rows = client.query(statement, &parameters).await?;
                let rows: Vec<Row> = rows.into_iter().map(|row| Row(Columns::Postgres(Arc::new(row)))).collect();
                return Ok(Outcome { touched: rows.len() as u64, rows });
            }
            let touched = client.execute(statement, &parameters).await?;
            Ok::<_, tokio_postgres::Error>(Outcome { touched, rows: Vec::new() })
        });
        let ended = async { if let Some(text) = after { client.batch_execute(text).await } else { Ok(()) } };
        // Requests are sent in the order in which they are polled first, which is this one.
        let (begun, answers, ended) = {
            let begun = std::pin::pin!(begun);
            let answers = std::pin::pin!(join_all(answers));
            let ended = std::pin::pin!(ended);
            futures_util::future::join3(begun, answers, ended).await
        };
        begun?;
        let outcomes = answers.into_iter().collect::<Result<Vec<_>, _>>()?;
        ended?;
        Ok(outcomes)
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

/// A value, or a column of values, as the driver sends it.
#[derive(Debug)]
enum Parameter {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl From<Cell> for Parameter {
    fn from(cell: Cell) -> Parameter {
        match cell {
            Cell::Number(number) => Parameter::Number(Some(number)),
            Cell::NoNumber => Parameter::Number(None),
            Cell::Text(text) => Parameter::Text(Some(text)),
            Cell::NoText => Parameter::Text(None),
            Cell::Bytes(bytes) => Parameter::Bytes(Some(bytes)),
        }
    }
}

impl ToSql for Parameter {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Parameter::Number(Some(number)) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Parameter::Number(number) => number.to_sql(ty, out),
            Parameter::Text(text) => text.to_sql(ty, out),
            Parameter::Bytes(bytes) => bytes.to_sql(ty, out),
            Parameter::Numbers(numbers) => numbers.to_sql(ty, out),
            Parameter::Texts(texts) => texts.to_sql(ty, out),
            Parameter::Blobs(blobs) => blobs.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A statement in PostgreSQL's words, with its values.
fn translate(dialect: Dialect, statement: Statement) -> (String, Vec<Parameter>) {
    match statement {
        Statement::Plain { sql, cells } => (numbered(&sql), cells.into_iter().map(Parameter::from).collect()),
        Statement::Insert { head, tail, rows } => {
            let head = head.trim_end().strip_suffix("values").unwrap_or(head.as_str()).to_owned();
            let (columns, tail) = (columns(rows), dialect.tail(&tail));
            (format!("{head} select * from unnest({}) {tail}", casts(&columns)), columns)
        }
        Statement::LookUp { head, tail, keys } => {
            let columns = columns(keys);
            (format!("{head} (select * from unnest({})) {tail}", casts(&columns)), columns)
        }
    }
}

/// `?` becomes `$1`, `$2` …
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut pieces = sql.split('?');
    text.push_str(pieces.next().unwrap_or_default());
    for (index, piece) in pieces.enumerate() {
        // Writing into a string does not fail.
        let _ = write!(text, "${}{piece}", index + 1);
    }
    text
}

/// Rows turned into columns.
fn columns(rows: Vec<Vec<Cell>>) -> Vec<Parameter> {
    let mut columns: Vec<Parameter> = Vec::new();
    for cell in rows.first().into_iter().flatten() {
        columns.push(match cell {
            Cell::Number(_) | Cell::NoNumber => Parameter::Numbers(Vec::with_capacity(rows.len())),
            Cell::Text(_) | Cell::NoText => Parameter::Texts(Vec::with_capacity(rows.len())),
            Cell::Bytes(_) => Parameter::Blobs(Vec::with_capacity(rows.len())),
        });
    }
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            match (column, Parameter::from(cell)) {
                (Parameter::Numbers(numbers), Parameter::Number(number)) => numbers.push(number),
                (Parameter::Texts(texts), Parameter::Text(text)) => texts.push(text),
                (Parameter::Blobs(blobs), Parameter::Bytes(bytes)) => blobs.push(bytes),
                // The cells of a column are all of one kind: they come from one place in the code.
                _ => {}
            }
        }
    }
    columns
}

/// `$1::bigint[], $2::text[]`
fn casts(columns: &[Parameter]) -> String {
    let cast = |(index, column): (usize, &Parameter)| {
        let kind = match column {
            Parameter::Texts(_) => "text",
            Parameter::Blobs(_) => "bytea",
            _ => "bigint",
        };
        format!("${}::{kind}[]", index + 1)
    };
    columns.iter().enumerate().map(cast).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered() {
        assert_eq!(numbered("select a from b where c = ? and d > ?"), "select a from b where c = $1 and d > $2");
    }

    #[test]
    fn rows_become_columns() {
        let rows = vec![vec![Cell::Number(1), Cell::from("a")], vec![Cell::NoNumber, Cell::NoText]];
        let head = "insert into t (n, w) values".to_owned();
        let (text, parameters) = translate(Dialect::Postgres, Statement::Insert { head, tail: String::new(), rows });
        assert_eq!(text.trim_end(), "insert into t (n, w)  select * from unnest($1::bigint[], $2::text[])");
        assert_eq!(parameters.len(), 2);
    }
}
