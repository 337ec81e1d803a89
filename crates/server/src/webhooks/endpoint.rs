//! Endpoints as rows: where events go, which ones, and how it has gone.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use lojal_core::kernel::{Id, Instant, Part, TransactionId};

use super::kind::Kind;
use crate::platform::clock::instant;
use crate::platform::identity::{IdentityError, Vault};
use crate::platform::journal::id;
use crate::platform::outgoing::Secret;
use crate::platform::sql::{self, Cell, Connection, Row, cells, damaged};

/// For so long an old secret signs beside the new one.
pub const OLD_SECRET_HOLDS: SignedDuration = SignedDuration::from_hours(24);
/// More than this is another problem.
pub const MOST_ENDPOINTS: usize = 50;
const COLUMNS: &str = "id, url, description, events, state, reason, before_until, since, made_at, failing_since, \
                       tried_at, delivered_at, wake, wake_at, paused_until";
const PREFIX: &str = "whe_";

/// An endpoint's own id, written `whe_…`. No event older than it is sent there, unless somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub Id);

impl EndpointId {
    pub fn number(self) -> i64 {
        self.0.number()
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}", digits(self.0))
    }
}

impl FromStr for EndpointId {
    type Err = String;

    fn from_str(text: &str) -> Result<EndpointId, String> {
        text.strip_prefix(PREFIX).and_then(from_digits).map(EndpointId).ok_or_else(|| {
            "an endpoint is named whe_ and then 13 characters of 0-9 and a-z without i, l, o, u".to_owned()
        })
    }
}

/// An id without what it is an id of.
pub(super) fn digits(id: Id) -> String {
    TransactionId(id).to_string().split_off("txn_".len())
}

pub(super) fn from_digits(text: &str) -> Option<Id> {
    format!("txn_{text}").parse().ok().map(|TransactionId(id)| id)
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disabled {
    /// Somebody said so.
    Staff,
    /// It answered 410.
    Gone,
    /// It took nothing for days.
    Failing,
}

impl Disabled {
    const ALL: [Disabled; 3] = [Disabled::Staff, Disabled::Gone, Disabled::Failing];

    pub fn name(self) -> &'static str {
        match self {
            Disabled::Staff => "staff",
            Disabled::Gone => "gone",
            Disabled::Failing => "failing",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Endpoint {
    pub id: EndpointId,
    pub url: String,
    pub description: String,
    /// Names of what it is told, with blanks between them, those that only a later release knows as well; none are
    /// all.
    pub events: String,
    pub disabled: Option<Disabled>,
    /// Until when an older secret signs as well.
    pub before_until: Instant,
    /// Events of what came before are sent when somebody asks for them.
    pub since: i64,
    pub made_at: Instant,
    /// Since when it has taken nothing.
    pub failing_since: Option<Instant>,
    pub tried_at: Option<Instant>,
    pub delivered_at: Option<Instant>,
    /// Counts whenever something is added for it.
    pub(super) wake: i64,
    pub(super) wake_at: Option<Instant>,
    pub(super) paused_until: Instant,
}

impl Endpoint {
    /// Whether it is told of this kind.
    pub fn wants(&self, kind: Kind) -> bool {
        self.wants_all() || self.names().any(|name| name == kind.name())
    }

    pub fn wants_all(&self) -> bool {
        self.names().next().is_none()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.events.split_whitespace()
    }

    fn read(row: &Row) -> Result<Endpoint, sql::Error> {
        let moment = |name| Ok::<_, sql::Error>(instant(sql::column(row, name)?));
        let optional = |name| Ok::<_, sql::Error>(sql::column::<Option<i64>>(row, name)?.map(instant));
        let reason: &str = sql::column(row, "reason")?;
        let reason = Disabled::ALL.into_iter().find(|known| known.name() == reason);
        let disabled = match sql::column(row, "state")? {
            "enabled" => None,
            "disabled" => Some(reason.unwrap_or(Disabled::Staff)),
            other => return Err(damaged(format!("an endpoint is {other}"))),
        };
        Ok(Endpoint {
            id: EndpointId(id(sql::column(row, "id")?)?),
            url: sql::column(row, "url")?,
            description: sql::column(row, "description")?,
            events: sql::column(row, "events")?,
            disabled,
            before_until: moment("before_until")?,
            since: sql::column(row, "since")?,
            made_at: moment("made_at")?,
            failing_since: optional("failing_since")?,
            tried_at: optional("tried_at")?,
            delivered_at: optional("delivered_at")?,
            wake: sql::column(row, "wake")?,
            wake_at: optional("wake_at")?,
            paused_until: moment("paused_until")?,
        })
    }
}

/// What somebody says about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub url: String,
    pub description: String,
    /// As [`Endpoint::events`].
    pub events: String,
}

/// Kinds as they are kept.
pub fn events_of(kinds: &BTreeSet<Kind>) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
}

fn purpose(id: EndpointId) -> String {
    format!("webhook secret {id}")
}

fn sealed(vault: &Vault, id: EndpointId, secret: &Secret) -> Result<Vec<u8>, IdentityError> {
    vault.seal_secret(&purpose(id), id.number(), secret.bytes())
}

/// Makes an endpoint that is sent what has an id above `since`, and answers its secret.
pub async fn endpoint_create(
    connection: &mut Connection,
    vault: &Vault,
    id: EndpointId,
    wish: &Wish,
    since: i64,
    now: Instant,
) -> Result<Secret, IdentityError> {
    let secret = Secret::new()?;
    let sql = "insert into webhook_endpoint (part, id, url, description, events, state, reason, sealed, \
               sealed_before, before_until, since, made_at, wake, paused_until, lease, leased_until) \
               values (?, ?, ?, ?, ?, 'enabled', '', ?, ?, 0, ?, ?, 0, 0, 0, 0)";
    let cells = cells![
        Part::PROGRAMME.number(),
        id.number(),
        wish.url.as_str(),
        wish.description.as_str(),
        wish.events.as_str(),
        sealed(vault, id, &secret)?,
        Vec::<u8>::new(),
        since,
        now.as_microsecond(),
    ];
    sql::execute(connection, sql, cells).await?;
    Ok(secret)
}

pub async fn endpoint_find(connection: &mut Connection, id: EndpointId) -> Result<Option<Endpoint>, sql::Error> {
    let sql = format!("select {COLUMNS} from webhook_endpoint where part = ? and id = ? and state <> 'deleted'");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id.number()]).await?;
    row.as_ref().map(Endpoint::read).transpose()
}

/// All of them, the oldest first.
pub async fn endpoint_list(connection: &mut Connection) -> Result<Vec<Endpoint>, sql::Error> {
    let sql = format!("select {COLUMNS} from webhook_endpoint where part = ? and state <> 'deleted' order by id");
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(Endpoint::read).collect()
}

pub async fn endpoint_change(connection: &mut Connection, id: EndpointId, wish: &Wish) -> Result<(), sql::Error> {
    // How it went elsewhere says nothing about another address.
    let sql = "update webhook_endpoint set failing_since = case when url = ? then failing_since end, \
               paused_until = case when url = ? then paused_until else 0 end, url = ?, description = ?, events = ? \
               where part = ? and id = ?";
    let url = wish.url.as_str();
    let part = Part::PROGRAMME.number();
    let cells = cells![url, url, url, wish.description.as_str(), wish.events.as_str(), part, id.number()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Lets events be sent again, beginning with those of what has an id above `since`.
pub async fn endpoint_enable(connection: &mut Connection, id: EndpointId, since: i64) -> Result<bool, sql::Error> {
    let sql = "update webhook_endpoint set state = 'enabled', reason = '', failing_since = null, paused_until = 0, \
               since = ?, wake = wake + 1, wake_at = 0 where part = ? and id = ? and state = 'disabled'";
    Ok(sql::execute(connection, sql, cells![since, Part::PROGRAMME.number(), id.number()]).await? > 0)
}

/// Sends nothing there any more; what waits goes on waiting. Answers whether it was enabled.
pub async fn endpoint_disable(
    connection: &mut Connection,
    id: EndpointId,
    reason: Disabled,
) -> Result<bool, sql::Error> {
    let sql = "update webhook_endpoint set state = 'disabled', reason = ? where part = ? and id = ? \
               and state = 'enabled'";
    Ok(sql::execute(connection, sql, cells![reason.name(), Part::PROGRAMME.number(), id.number()]).await? > 0)
}

/// Takes an endpoint away; its deliveries are cleared away later.
pub async fn endpoint_delete(connection: &mut Connection, id: EndpointId) -> Result<(), sql::Error> {
    let sql = "update webhook_endpoint set state = 'deleted', sealed = ?, sealed_before = ? \
               where part = ? and id = ? and state <> 'deleted'";
    let nothing = Vec::<u8>::new();
    let cells = cells![nothing.clone(), nothing, Part::PROGRAMME.number(), id.number()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Makes a new secret; the old one signs for a day as well. `None` while one before it does so still: whoever checks
/// signatures by it would be left behind.
pub async fn secret_rotate(
    connection: &mut Connection,
    vault: &Vault,
    id: EndpointId,
    now: Instant,
) -> Result<Option<Secret>, IdentityError> {
    let secret = Secret::new()?;
    let until = now.saturating_add(OLD_SECRET_HOLDS).unwrap_or(Instant::MAX);
    let sql = "update webhook_endpoint set sealed_before = sealed, sealed = ?, before_until = ? \
               where part = ? and id = ? and before_until <= ?";
    let (part, moment) = (Part::PROGRAMME.number(), now.as_microsecond());
    let cells = cells![sealed(vault, id, &secret)?, until.as_microsecond(), part, id.number(), moment];
    Ok((sql::execute(connection, sql, cells).await? > 0).then_some(secret))
}

/// The secrets that sign at this moment, the new one first.
pub async fn secrets_find(
    connection: &mut Connection,
    vault: &Vault,
    id: EndpointId,
    now: Instant,
) -> Result<Vec<Secret>, IdentityError> {
    let sql = "select sealed, sealed_before, before_until from webhook_endpoint \
               where part = ? and id = ? and state <> 'deleted'";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), id.number()]).await?;
    let Some(row) = row else { return Ok(Vec::new()) };
    let mut kept: Vec<Vec<u8>> = vec![sql::column(&row, "sealed")?];
    let before: Vec<u8> = sql::column(&row, "sealed_before")?;
    if !before.is_empty() && sql::column::<i64>(&row, "before_until")? > now.as_microsecond() {
        kept.push(before);
    }
    let open = |sealed: Vec<u8>| vault.unseal_secret(&purpose(id), id.number(), &sealed).map(Secret::from_bytes);
    kept.into_iter().map(open).collect()
}

/// Says that something is due at some endpoints.
pub(super) async fn endpoints_wake(
    connection: &mut Connection,
    ids: impl IntoIterator<Item = EndpointId>,
    at: Instant,
) -> Result<(), sql::Error> {
    let sql = "update webhook_endpoint set wake = wake + 1, wake_at = ? where part = ? and id = ?";
    for id in ids {
        sql::execute(connection, sql, cells![at.as_microsecond(), Part::PROGRAMME.number(), id.number()]).await?;
    }
    Ok(())
}

/// Says when the next thing is due, unless something was added since `endpoint` was read. When nothing is, nothing
/// fails any more.
pub(super) async fn endpoint_sleep(
    connection: &mut Connection,
    endpoint: &Endpoint,
    until: Option<Instant>,
) -> Result<(), sql::Error> {
    let sql = match until {
        Some(_) => "update webhook_endpoint set wake_at = ? where part = ? and id = ? and wake = ?",
        None => "update webhook_endpoint set wake_at = ?, failing_since = null where part = ? and id = ? and wake = ?",
    };
    let until = until.map(|until| until.as_microsecond());
    sql::execute(connection, sql, cells![until, Part::PROGRAMME.number(), endpoint.id.number(), endpoint.wake]).await?;
    Ok(())
}

/// Whoever has not been heard of for so long sends no more: longer than any request, by more than clocks are apart.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Takes or keeps the right to send to an endpoint for a while. Answers whether it is ours, and the endpoint still
/// what it was when its `url` was read.
pub(super) async fn endpoint_lease(
    connection: &mut Connection,
    id: EndpointId,
    lease: i64,
    url: Option<&str>,
    now: Instant,
) -> Result<bool, sql::Error> {
    // One that ends later than any can was taken by a clock that has been put back since.
    let same = if url.is_some() { "and url = ?" } else { "" };
    let sql = format!(
        "update webhook_endpoint set lease = ?, leased_until = ? where part = ? and id = ? and state = 'enabled' \
         and (lease = ? or leased_until <= ? or leased_until > ?) {same}"
    );
    let later = |times| now.saturating_add(LEASE * times).unwrap_or(Instant::MAX).as_microsecond();
    let part = Part::PROGRAMME.number();
    let mut cells = cells![lease, later(1), part, id.number(), lease, now.as_microsecond(), later(3)];
    cells.extend(url.map(Cell::from));
    Ok(sql::execute(connection, &sql, cells).await? > 0)
}

/// Gives the right to send to an endpoint back, or to all that somebody sends to.
pub(super) async fn endpoint_release(
    connection: &mut Connection,
    id: Option<EndpointId>,
    lease: i64,
) -> Result<(), sql::Error> {
    let one = if id.is_some() { "and id = ?" } else { "" };
    let sql = format!("update webhook_endpoint set leased_until = 0 where part = ? and lease = ? {one}");
    let mut cells = cells![Part::PROGRAMME.number(), lease];
    cells.extend(id.map(|id| Cell::from(id.number())));
    sql::execute(connection, &sql, cells).await?;
    Ok(())
}

/// How attempts went, for the endpoint as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Went {
    pub delivered: i64,
    pub failed: i64,
    /// It wants to be left alone until then.
    pub paused_until: Option<Instant>,
}

/// Notes how attempts went. Answers since when everything fails.
pub(super) async fn endpoint_went(
    connection: &mut Connection,
    id: EndpointId,
    went: Went,
    now: Instant,
) -> Result<Option<Instant>, sql::Error> {
    let (part, moment) = (Part::PROGRAMME.number(), now.as_microsecond());
    let known = endpoint_find(connection, id).await?;
    let Some(known) = known.filter(|_| went.delivered + went.failed > 0) else { return Ok(None) };
    let failing_since = (went.delivered == 0).then(|| known.failing_since.unwrap_or(now));
    let delivered_at = if went.delivered > 0 { Some(now) } else { known.delivered_at };
    let paused_until = went.paused_until.map_or(known.paused_until, |until| until.max(known.paused_until));
    let sql = "update webhook_endpoint set failing_since = ?, tried_at = ?, delivered_at = ?, paused_until = ? \
               where part = ? and id = ?";
    let cells = cells![
        failing_since.map(|since| since.as_microsecond()),
        moment,
        delivered_at.map(|at| at.as_microsecond()),
        paused_until.as_microsecond(),
        part,
        id.number()
    ];
    sql::execute(connection, sql, cells).await?;
    let hour = hour_of(now);
    let sql = "select delivered, failed from webhook_hour where part = ? and endpoint = ? and hour = ?";
    let row = sql::row(connection, sql, cells![part, id.number(), hour]).await?;
    let before = |name| row.as_ref().map_or(Ok(0), |row| sql::column::<i64>(row, name));
    let (delivered, failed) = (before("delivered")? + went.delivered, before("failed")? + went.failed);
    let sql = "insert into webhook_hour (part, endpoint, hour, delivered, failed) values (?, ?, ?, ?, ?)
               on conflict (part, endpoint, hour) do update set delivered = excluded.delivered, failed = excluded.failed";
    sql::execute(connection, sql, cells![part, id.number(), hour, delivered, failed]).await?;
    Ok(failing_since)
}

fn hour_of(now: Instant) -> i64 {
    now.as_second().div_euclid(3600)
}

/// Attempts of the last hours, the oldest hour first: those that were taken, and those that failed.
pub async fn endpoint_hours(
    connection: &mut Connection,
    id: EndpointId,
    now: Instant,
    hours: i64,
) -> Result<Vec<(i64, i64)>, sql::Error> {
    let first = hour_of(now) - hours + 1;
    let sql = "select hour, delivered, failed from webhook_hour where part = ? and endpoint = ? and hour >= ?";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), id.number(), first]).await?;
    let mut counts = vec![(0, 0); usize::try_from(hours).unwrap_or_default()];
    for row in &rows {
        let place = usize::try_from(sql::column::<i64>(row, "hour")? - first).unwrap_or(usize::MAX);
        if let Some(count) = counts.get_mut(place) {
            *count = (sql::column(row, "delivered")?, sql::column(row, "failed")?);
        }
    }
    Ok(counts)
}

/// Endpoints that were taken away and have deliveries left.
pub(super) async fn endpoints_deleted(connection: &mut Connection) -> Result<Vec<EndpointId>, sql::Error> {
    let sql = "select id from webhook_endpoint where part = ? and state = 'deleted'";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(|row| Ok(EndpointId(id(sql::column(row, "id")?)?))).collect()
}

/// Forgets an endpoint that was taken away, and old counts of all others.
pub(super) async fn endpoints_clear(
    connection: &mut Connection,
    gone: &[EndpointId],
    now: Instant,
    kept_hours: i64,
) -> Result<(), sql::Error> {
    let part = Part::PROGRAMME.number();
    for id in gone {
        for sql in [
            "delete from webhook_endpoint where part = ? and id = ? and state = 'deleted'",
            "delete from webhook_hour where part = ? and endpoint = ?",
            "delete from webhook_replay where part = ? and endpoint = ?",
        ] {
            sql::execute(connection, sql, cells![part, id.number()]).await?;
        }
    }
    let sql = "delete from webhook_hour where part = ? and hour < ?";
    sql::execute(connection, sql, cells![part, hour_of(now) - kept_hours]).await?;
    Ok(())
}
