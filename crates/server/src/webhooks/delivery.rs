//! Deliveries as rows: one for each event and endpoint, in the part of the event. None has a payload: that is made
//! of the journal when it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use lojal_core::kernel::{HolderId, Id, Instant, Part};
use serde::{Deserialize, Serialize};

use super::endpoint::{EndpointId, digits, from_digits};
use super::kind::Kind;
use crate::platform::clock::instant;
use crate::platform::journal::id;
use crate::platform::lanes::merged;
use crate::platform::sql::{self, Cell, Connection, Row, Statement, cells, damaged};

const COLUMNS: &str = "part, endpoint, source, position, kind, holder, state, attempts, due_at, made_at, status, \
                       answer, tries";
/// The place of an event that is about no effect: no transaction has so many.
pub const APART: i64 = 10_000;
/// The place of an event that is about a friend who confirms.
pub const CONFIRMING: i64 = APART + 1;
/// The place of an event that is about a link that was passed on,
pub const PASSED_ON: i64 = APART + 2;
/// and of one that was followed.
pub const FOLLOWED: i64 = APART + 3;
const PREFIX: &str = "evt_";
/// Rows that are cleared away in one transaction.
const CLEARED_AT_ONCE: i64 = 2000;
/// Attempts that are remembered, those of replays included.
const TRIES_KEPT: usize = 30;

/// What an event is called for ever: the transaction, and the effect in it. The same event is made from the same row
/// as often as anybody likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId {
    pub source: Id,
    pub position: i64,
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}-{}", digits(self.source), self.position)
    }
}

impl FromStr for EventId {
    type Err = String;

    fn from_str(text: &str) -> Result<EventId, String> {
        let read = || {
            let (source, position) = text.strip_prefix(PREFIX)?.split_once('-')?;
            let is_plain = (1..=5).contains(&position.len()) && position.bytes().all(|byte| byte.is_ascii_digit());
            Some(EventId { source: from_digits(source)?, position: is_plain.then(|| position.parse().ok())?? })
        };
        read().ok_or_else(|| "an event is named evt_…-N".to_owned())
    }
}

fn happened_at(source: Id) -> Instant {
    Instant::from_millisecond(source.milliseconds()).unwrap_or(Instant::MAX)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Delivered,
    /// Every attempt has failed.
    Dead,
}

impl State {
    pub const ALL: [State; 3] = [State::Waiting, State::Delivered, State::Dead];

    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Delivered => "delivered",
            State::Dead => "dead",
        }
    }

    pub fn named(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// In microseconds since 1970.
    pub at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    pub milliseconds: i64,
}

#[derive(Clone, Debug)]
pub struct Delivery {
    pub endpoint: EndpointId,
    pub event: EventId,
    pub kind: Kind,
    /// Whose points it is about.
    pub holder: Option<HolderId>,
    pub state: State,
    /// Since it was made, or last replayed.
    pub attempts: i64,
    pub due_at: Option<Instant>,
    pub made_at: Instant,
    /// The latest answer.
    pub status: Option<i64>,
    /// The beginning of it.
    pub answer: String,
    pub tries: Vec<Try>,
}

impl Delivery {
    /// One that is due since it happened. Of two that are new, the later event is due later whatever the clocks of
    /// those who make them say.
    pub fn new(endpoint: EndpointId, event: EventId, kind: Kind, holder: Option<HolderId>, now: Instant) -> Delivery {
        Delivery {
            endpoint,
            event,
            kind,
            holder,
            state: State::Waiting,
            attempts: 0,
            due_at: Some(now.min(happened_at(event.source))),
            made_at: now,
            status: None,
            answer: String::new(),
            tries: Vec::new(),
        }
    }

    /// Adds an attempt; those long ago are forgotten.
    pub fn tried(&mut self, attempt: Try) {
        self.tries.push(attempt);
        let surplus = self.tries.len().saturating_sub(TRIES_KEPT);
        self.tries.drain(..surplus);
    }

    fn cells(&self) -> Vec<Cell> {
        cells![
            self.event.source.part().number(),
            self.endpoint.number(),
            self.event.source.number(),
            self.event.position,
            self.kind.name(),
            self.holder.map(HolderId::number),
            self.state.name(),
            self.attempts,
            self.due_at.map(|due| due.as_microsecond()),
            self.made_at.as_microsecond(),
            self.status,
            self.answer.as_str(),
            serde_json::to_string(&self.tries).unwrap_or_default(),
        ]
    }

    fn read(row: &Row) -> Result<Delivery, sql::Error> {
        let state: &str = sql::column(row, "state")?;
        let kind: &str = sql::column(row, "kind")?;
        Ok(Delivery {
            endpoint: EndpointId(id(sql::column(row, "endpoint")?)?),
            event: EventId { source: id(sql::column(row, "source")?)?, position: sql::column(row, "position")? },
            kind: Kind::named(kind).ok_or_else(|| damaged(format!("{kind} is no kind of event")))?,
            holder: sql::column::<Option<i64>>(row, "holder")?.map(id).transpose()?.map(HolderId),
            state: State::named(state).ok_or_else(|| damaged(format!("a delivery is {state}")))?,
            attempts: sql::column(row, "attempts")?,
            due_at: sql::column::<Option<i64>>(row, "due_at")?.map(instant),
            made_at: instant(sql::column(row, "made_at")?),
            status: sql::column(row, "status")?,
            answer: sql::column(row, "answer")?,
            tries: serde_json::from_str(sql::column(row, "tries")?).map_err(damaged)?,
        })
    }
}

/// Writes deliveries down; one that is there already stays as it is.
pub(super) async fn delivery_insert_all(
    connection: &mut Connection,
    deliveries: &[Delivery],
) -> Result<u64, sql::Error> {
    let rows = deliveries.iter().map(Delivery::cells).collect();
    let head = format!("insert into webhook_delivery ({COLUMNS}) values");
    sql::insert_all(connection, &head, "on conflict (part, endpoint, source, position) do nothing", rows).await
}

/// As [`delivery_insert_all`]; one that is there already is sent once more.
pub(super) async fn delivery_renew_all(
    connection: &mut Connection,
    deliveries: &[Delivery],
) -> Result<u64, sql::Error> {
    let rows = deliveries.iter().map(Delivery::cells).collect();
    let head = format!("insert into webhook_delivery ({COLUMNS}) values");
    let tail = "on conflict (part, endpoint, source, position) do update set state = excluded.state, \
                attempts = excluded.attempts, due_at = excluded.due_at";
    sql::insert_all(connection, &head, tail, rows).await
}

/// A delivery after an attempt, and when it had been due. What was asked for meanwhile, to send it once more, has
/// changed that, and stays.
pub(super) struct Settled {
    pub delivery: Delivery,
    pub was_due: Option<Instant>,
}

/// Writes down what attempts came to.
pub(super) async fn delivery_settle_all(connection: &mut Connection, settled: &[Settled]) -> Result<(), sql::Error> {
    let sql = "update webhook_delivery set state = ?, attempts = ?, due_at = ?, status = ?, answer = ?, tries = ? \
               where part = ? and endpoint = ? and source = ? and position = ? and due_at = ?";
    let statement = |Settled { delivery, was_due }: &Settled| {
        let cells = cells![
            delivery.state.name(),
            delivery.attempts,
            delivery.due_at.map(|due| due.as_microsecond()),
            delivery.status,
            delivery.answer.as_str(),
            serde_json::to_string(&delivery.tries).unwrap_or_default(),
            delivery.event.source.part().number(),
            delivery.endpoint.number(),
            delivery.event.source.number(),
            delivery.event.position,
            was_due.map(|due| due.as_microsecond())
        ];
        Statement::plain(sql, cells)
    };
    sql::run_all(connection, settled.iter().map(statement).collect()).await?;
    Ok(())
}

pub async fn delivery_find(
    connection: &mut Connection,
    endpoint: EndpointId,
    event: EventId,
) -> Result<Option<Delivery>, sql::Error> {
    let sql = format!(
        "select {COLUMNS} from webhook_delivery where part = ? and endpoint = ? and source = ? and position = ?"
    );
    let cells = cells![event.source.part().number(), endpoint.number(), event.source.number(), event.position];
    sql::row(connection, &sql, cells).await?.as_ref().map(Delivery::read).transpose()
}

/// What is due for an endpoint besides what is `held` already, the earliest first. Of one holder, everything that comes
/// before one of these is among them.
pub(super) async fn deliveries_due(
    connection: &mut Connection,
    endpoint: EndpointId,
    now: Instant,
    limit: usize,
    held: &BTreeSet<EventId>,
) -> Result<Vec<Delivery>, sql::Error> {
    let mut of_parts: BTreeMap<Part, usize> = BTreeMap::new();
    held.iter().for_each(|event| *of_parts.entry(event.source.part()).or_default() += 1);
    let sql = format!(
        "select {COLUMNS} from webhook_delivery where part = ? and endpoint = ? and due_at <= ? \
         order by due_at, source, position limit ?"
    );
    let of_part = |part: Part| {
        let limit = limit.div_ceil(8) + of_parts.get(&part).copied().unwrap_or(0);
        Statement::plain(sql.as_str(), cells![part.number(), endpoint.number(), now.as_microsecond(), limit as i64])
    };
    let answers = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let rows = answers.iter().flat_map(|answer| &answer.rows);
    let mut due = rows.map(Delivery::read).collect::<Result<Vec<_>, _>>()?;
    due.retain(|delivery| !held.contains(&delivery.event));
    due.sort_by_key(|delivery| (delivery.due_at, delivery.event));
    due.truncate(limit);
    Ok(due)
}

/// How many deliveries are due for an endpoint, as far as anybody cares to count.
pub(super) async fn deliveries_due_count(
    connection: &mut Connection,
    endpoint: EndpointId,
    now: Instant,
    most: usize,
) -> Result<usize, sql::Error> {
    let sql = "select count(*) as found from (
                   select source from webhook_delivery where part = ? and endpoint = ? and due_at <= ? limit ?
               ) as counted";
    let (endpoint, now) = (endpoint.number(), now.as_microsecond());
    let of_part = |part: Part| Statement::plain(sql, cells![part.number(), endpoint, now, most as i64]);
    let answers = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let mut found = 0;
    for row in answers.iter().flat_map(|answer| &answer.rows) {
        found += sql::column::<i64>(row, "found")?;
    }
    Ok(usize::try_from(found).unwrap_or(most).min(most))
}

/// When the next thing is due for an endpoint.
pub(super) async fn deliveries_next(
    connection: &mut Connection,
    endpoint: EndpointId,
) -> Result<Option<Instant>, sql::Error> {
    let sql = "select due_at from webhook_delivery where part = ? and endpoint = ? and due_at is not null \
               order by due_at limit 1";
    let of_part = |part: Part| Statement::plain(sql, cells![part.number(), endpoint.number()]);
    let answers = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let mut next: Option<i64> = None;
    for row in answers.iter().flat_map(|answer| &answer.rows) {
        let due: i64 = sql::column(row, "due_at")?;
        next = Some(next.map_or(due, |next| next.min(due)));
    }
    Ok(next.map(instant))
}

/// Which deliveries are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<Kind>,
    /// Only what is older than this event.
    pub before: Option<EventId>,
}

/// A page of deliveries, the latest event first.
#[derive(Debug, Default)]
pub struct Listed {
    pub deliveries: Vec<Delivery>,
    /// Where it goes on.
    pub next: Option<EventId>,
    /// Whether the look ended before there were as many as asked for.
    pub ended_early: bool,
}

/// Rows that one look goes through when only some kind is wanted.
const LOOK: usize = 4000;
const STRIDE: usize = 500;

pub async fn delivery_list(
    connection: &mut Connection,
    endpoint: EndpointId,
    filter: Filter,
    limit: usize,
) -> Result<Listed, sql::Error> {
    let mut listed = Listed::default();
    let (mut place, mut looked) = (filter.before, 0);
    loop {
        let stride = if filter.kind.is_some() { STRIDE } else { limit + 1 };
        let (rows, has_more) = page(connection, endpoint, filter.state, place, stride).await?;
        looked += rows.len();
        for delivery in rows {
            if filter.kind.is_none_or(|kind| kind == delivery.kind) {
                if listed.deliveries.len() == limit {
                    listed.next = place;
                    return Ok(listed);
                }
                place = Some(delivery.event);
                listed.deliveries.push(delivery);
            } else {
                place = Some(delivery.event);
            }
        }
        if !has_more || looked >= LOOK {
            listed.next = place.filter(|_| has_more);
            listed.ended_early = has_more && listed.deliveries.len() < limit;
            return Ok(listed);
        }
    }
}

async fn page(
    connection: &mut Connection,
    endpoint: EndpointId,
    state: Option<State>,
    before: Option<EventId>,
    limit: usize,
) -> Result<(Vec<Delivery>, bool), sql::Error> {
    let of_each = limit.div_ceil(4).max(16);
    let source = before.map_or(i64::MAX, |event| event.source.number());
    let position = before.map_or(i64::MAX, |event| event.position);
    let of_part = |part: Part| {
        let mut cells = cells![part.number(), endpoint.number()];
        let state = state.map_or(String::new(), |state| {
            cells.push(Cell::from(state.name()));
            "and state = ?".to_owned()
        });
        let sql = format!(
            "select {COLUMNS} from webhook_delivery where part = ? and endpoint = ? {state} \
             and (source, position) < (?, ?) order by source desc, position desc limit ?"
        );
        cells.extend(cells![source, position, of_each as i64]);
        Statement::plain(sql, cells)
    };
    let answers = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let lanes = answers.iter().map(|answer| answer.rows.iter().map(Delivery::read).collect::<Result<Vec<_>, _>>());
    let lanes = lanes.collect::<Result<Vec<_>, _>>()?;
    Ok(merged(lanes, of_each, |delivery| std::cmp::Reverse(delivery.event)))
}

/// How many deliveries of an endpoint are in a state, as far as anybody cares to count.
pub async fn delivery_count(
    connection: &mut Connection,
    endpoint: EndpointId,
    state: State,
    most: i64,
) -> Result<i64, sql::Error> {
    let sql = "select count(*) as found from (
                   select source from webhook_delivery where part = ? and endpoint = ? and state = ? limit ?
               ) as counted";
    let of_part = |part: Part| Statement::plain(sql, cells![part.number(), endpoint.number(), state.name(), most]);
    let answers = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let mut found = 0;
    for row in answers.iter().flat_map(|answer| &answer.rows) {
        found += sql::column::<i64>(row, "found")?;
    }
    Ok(found.min(most))
}

/// Lets what has failed for good be sent once more, all that happened since a moment, in one part.
pub(super) async fn deliveries_revive(
    connection: &mut Connection,
    endpoint: EndpointId,
    part: Part,
    since: i64,
    now: Instant,
) -> Result<u64, sql::Error> {
    let sql = "update webhook_delivery set state = 'waiting', attempts = 0, due_at = ? \
               where part = ? and endpoint = ? and state = 'dead' and source > ?";
    sql::execute(connection, sql, cells![now.as_microsecond(), part.number(), endpoint.number(), since]).await
}

/// Lets one delivery be sent once more.
pub(super) async fn delivery_revive(
    connection: &mut Connection,
    endpoint: EndpointId,
    event: EventId,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update webhook_delivery set state = 'waiting', attempts = 0, due_at = ? \
               where part = ? and endpoint = ? and source = ? and position = ?";
    let part = event.source.part().number();
    let cells = cells![now.as_microsecond(), part, endpoint.number(), event.source.number(), event.position];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// Clears away some of what stands in a state, of events before a moment. Answers how much; when that is nothing, there
/// is no more.
pub(super) async fn deliveries_clear(
    connection: &mut Connection,
    endpoint: EndpointId,
    part: Part,
    (state, before): (State, i64),
) -> Result<u64, sql::Error> {
    let sql = "delete from webhook_delivery where part = ? and endpoint = ? and (source, position) in (
                   select source, position from webhook_delivery
                   where part = ? and endpoint = ? and state = ? and source < ? limit ?
               )";
    let (part, endpoint) = (part.number(), endpoint.number());
    let cells = cells![part, endpoint, part, endpoint, state.name(), before, CLEARED_AT_ONCE];
    sql::execute(connection, sql, cells).await
}
