//! Everything since a moment once more: what was delivered, what was not, and what happened before the endpoint
//! was made or while it was disabled. It goes on only as what is due is sent, so that what happens meanwhile waits for
//! a page of it, however much there is.

use lojal_core::kernel::{HolderId, Id, Instant, Part};

use super::delivery::{Delivery, EventId, deliveries_due_count, delivery_renew_all};
use super::endpoint::{Endpoint, EndpointId, endpoint_find, endpoints_wake};
use super::following::event_of;
use super::kind::Kind;
use super::origins::Lane;
use crate::platform::application::Application;
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Row, cells};

/// Rows that are read together.
const PAGE: usize = 500;
/// No more is put on its way while so many deliveries are due.
const AHEAD: usize = 64;
const COLUMNS: &str = "id, endpoint, begun, until, lanes, lane, position";

/// One that is under way.
struct Replay {
    id: i64,
    endpoint: EndpointId,
    begun: i64,
    until: i64,
    /// How many lanes the journal had,
    lanes: i64,
    /// and how many of all lanes are done.
    lane: i64,
    /// Up to where the next one is.
    position: i64,
}

impl Replay {
    fn read(row: &Row) -> Result<Replay, sql::Error> {
        Ok(Replay {
            id: sql::column(row, "id")?,
            endpoint: EndpointId(id(sql::column(row, "endpoint")?)?),
            begun: sql::column(row, "begun")?,
            until: sql::column(row, "until")?,
            lanes: sql::column(row, "lanes")?,
            lane: sql::column(row, "lane")?,
            position: sql::column(row, "position")?,
        })
    }
}

/// The highest number below all ids of what happens at a moment or later.
pub fn before(moment: Instant) -> i64 {
    Id::new(moment.as_millisecond(), 0, Part::PROGRAMME).number() - 1
}

/// Asks for a replay of what happened since a moment, up to the id `until`, which is the replay's own. Answers whether
/// it begins: of each endpoint there is one at a time.
pub async fn replay_begin(
    connection: &mut Connection,
    endpoint: EndpointId,
    since: Instant,
    until: Id,
) -> Result<bool, sql::Error> {
    if replay_is_under_way(connection, endpoint).await? {
        return Ok(false);
    }
    let begun = before(since);
    let lanes = connection.dialect().in_order_of_time().len() as i64;
    let sql = "insert into webhook_replay (part, id, endpoint, until, lanes, lane, position, begun) \
               values (?, ?, ?, ?, ?, 0, ?, ?)";
    let (part, number) = (Part::PROGRAMME.number(), until.number());
    sql::execute(connection, sql, cells![part, number, endpoint.number(), number, lanes, begun, begun]).await?;
    Ok(true)
}

/// Ends a replay before it is through: what it has put on its way already stays there. Answers whether there was one.
pub async fn replay_stop(connection: &mut Connection, endpoint: EndpointId) -> Result<bool, sql::Error> {
    let sql = "delete from webhook_replay where part = ? and endpoint = ?";
    Ok(sql::execute(connection, sql, cells![Part::PROGRAMME.number(), endpoint.number()]).await? > 0)
}

/// Whether one is under way for an endpoint.
pub async fn replay_is_under_way(connection: &mut Connection, endpoint: EndpointId) -> Result<bool, sql::Error> {
    let sql = "select id from webhook_replay where part = ? and endpoint = ? limit 1";
    Ok(sql::row(connection, sql, cells![Part::PROGRAMME.number(), endpoint.number()]).await?.is_some())
}

/// Carries on with all replays whose endpoints have little to be sent, by a page each. Answers whether there was anything
/// to do; one that cannot go on keeps no other from it.
pub async fn replay_all(application: &Application) -> Result<bool, sql::Error> {
    let mut connection = application.database.read().await?;
    let sql = format!("select {COLUMNS} from webhook_replay where part = ? order by id");
    let rows = sql::rows(&mut connection, &sql, cells![Part::PROGRAMME.number()]).await?;
    drop(connection);
    let (mut has_moved, mut trouble) = (false, None);
    for row in &rows {
        match go_on(application, Replay::read(row)?).await {
            Ok(is_ours) => has_moved |= is_ours,
            Err(cause) => trouble = Some(cause),
        }
    }
    trouble.map_or(Ok(has_moved), Err)
}

/// Carries on with the replay of one endpoint, by a page. Answers whether there was one.
pub(super) async fn replay_one(application: &Application, endpoint: EndpointId) -> Result<bool, sql::Error> {
    let mut connection = application.database.read().await?;
    let sql = format!("select {COLUMNS} from webhook_replay where part = ? and endpoint = ? order by id limit 1");
    let row = sql::row(&mut connection, &sql, cells![Part::PROGRAMME.number(), endpoint.number()]).await?;
    drop(connection);
    match row {
        Some(row) => go_on(application, Replay::read(&row)?).await,
        None => Ok(false),
    }
}

async fn go_on(application: &Application, replay: Replay) -> Result<bool, sql::Error> {
    let now = application.clock.now();
    let mut connection = application.database.read().await?;
    let due = deliveries_due_count(&mut connection, replay.endpoint, now, AHEAD).await?;
    drop(connection);
    if due >= AHEAD { Ok(false) } else { step(application, replay).await }
}

/// The next page of a replay. Answers whether it was written, and not another process came first.
async fn step(application: &Application, replay: Replay) -> Result<bool, sql::Error> {
    let now = application.clock.now();
    let mut connection = application.database.read().await?;
    let endpoint = endpoint_find(&mut connection, replay.endpoint).await?;
    let lanes = Lane::all(connection.dialect());
    let known = (replay.lane, replay.position);
    // Moved to where rows lie in other lanes, it begins again.
    let of_journal = connection.dialect().in_order_of_time().len() as i64;
    let is_elsewhere = replay.lanes != of_journal;
    let replay = if is_elsewhere { Replay { lane: 0, position: replay.begun, ..replay } } else { replay };
    let (replay, lane) = match &endpoint {
        Some(endpoint) => wanted(replay, &lanes, endpoint),
        None => (replay, None),
    };
    let (Some(lane), Some(endpoint)) = (lane, endpoint) else {
        drop(connection);
        return finish(application, &replay).await;
    };
    let mut deliveries = Vec::new();
    if replay.lane == 0 && replay.position == replay.begun {
        for version in application.versions().await? {
            let event = event_of(&version);
            let is_meant = event.source.number() > replay.begun && event.source.number() <= replay.until;
            if is_meant && endpoint.wants(Kind::ProgrammePublished) {
                deliveries.push(again(endpoint.id, event, Kind::ProgrammePublished, None, now));
            }
        }
    }
    let page = lane.since(&mut connection, replay.position, PAGE).await?;
    drop(connection);
    let (mut last, mut is_done) = (replay.position, page.len() < PAGE);
    let most = deliveries.len() + AHEAD;
    for happened in page {
        if happened.id.number() > replay.until {
            is_done = true;
            break;
        }
        if deliveries.len() >= most {
            is_done = false;
            break;
        }
        let events = happened.events.into_iter().filter(|(_, kind)| endpoint.wants(*kind));
        deliveries.extend(events.map(|(event, kind)| again(endpoint.id, event, kind, Some(happened.holder), now)));
        last = happened.id.number();
    }
    let next = if is_done { (replay.lane + 1, replay.begun) } else { (replay.lane, last) };
    let mut transaction = application.database.write_aside().await?;
    let sql = "update webhook_replay set lanes = ?, lane = ?, position = ? where part = ? and id = ? and lane = ? \
               and position = ?";
    let part = Part::PROGRAMME.number();
    let cells = cells![of_journal, next.0, next.1, part, replay.id, known.0, known.1];
    if sql::execute(&mut transaction, sql, cells).await? == 0 {
        transaction.rollback().await?;
        return Ok(false);
    }
    let made = delivery_renew_all(&mut transaction, &deliveries).await?;
    if made > 0 {
        endpoints_wake(&mut transaction, [endpoint.id], now).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// The lane that comes next, without those of which the endpoint is told nothing.
fn wanted(mut replay: Replay, lanes: &[Lane], endpoint: &Endpoint) -> (Replay, Option<Lane>) {
    let at = |place: i64| usize::try_from(place).ok().and_then(|place| lanes.get(place).copied());
    let mut lane = at(replay.lane);
    while lane.is_some_and(|lane| !lane.is_wanted(endpoint)) {
        replay = Replay { lane: replay.lane + 1, position: replay.begun, ..replay };
        lane = at(replay.lane);
    }
    (replay, lane)
}

/// A delivery that is due after whatever is due already.
fn again(endpoint: EndpointId, event: EventId, kind: Kind, holder: Option<HolderId>, now: Instant) -> Delivery {
    Delivery { due_at: Some(now), ..Delivery::new(endpoint, event, kind, holder, now) }
}

async fn finish(application: &Application, replay: &Replay) -> Result<bool, sql::Error> {
    let mut transaction = application.database.write_aside().await?;
    let sql = "delete from webhook_replay where part = ? and id = ?";
    sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), replay.id]).await?;
    transaction.commit().await?;
    Ok(true)
}
