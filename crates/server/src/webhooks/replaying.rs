//! Everything since a moment once more: what was delivered, what was not, and what happened before the endpoint
//! was made or while it was disabled.

use std::time::Duration;

use lojal_core::kernel::{Id, Instant, Part};

use super::delivery::{Delivery, delivery_renew_all};
use super::endpoint::{Endpoint, EndpointId, endpoint_find, endpoints_wake};
use super::following::{event_of, events_of};
use super::kind::Kind;
use crate::platform::application::Application;
use crate::platform::journal::{id, journal_page, journal_page_of, transaction_id};
use crate::platform::sql::{self, Connection, Row, cells};

const PAGE: usize = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// One that is under way.
struct Replay {
    id: i64,
    endpoint: EndpointId,
    begun: i64,
    until: i64,
    /// How many lanes of the journal are done.
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
            lane: sql::column(row, "lane")?,
            position: sql::column(row, "position")?,
        })
    }
}

/// The highest number below all ids of what happens at a moment or later.
pub fn before(moment: Instant) -> i64 {
    Id::new(moment.as_millisecond(), 0, Part::PROGRAMME).number() - 1
}

/// Asks for a replay of what happened since a moment, up to the id `until`, which is the replay's own.
pub async fn replay_begin(
    connection: &mut Connection,
    endpoint: EndpointId,
    since: Instant,
    until: Id,
) -> Result<(), sql::Error> {
    let begun = before(since);
    let sql = "insert into webhook_replay (part, id, endpoint, until, lane, position, begun) \
               values (?, ?, ?, ?, 0, ?, ?)";
    let number = until.number();
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), number, endpoint.number(), number, begun, begun])
        .await?;
    Ok(())
}

/// Whether one is under way for an endpoint.
pub async fn replay_is_under_way(connection: &mut Connection, endpoint: EndpointId) -> Result<bool, sql::Error> {
    let sql = "select id from webhook_replay where part = ? and endpoint = ? limit 1";
    Ok(sql::row(connection, sql, cells![Part::PROGRAMME.number(), endpoint.number()]).await?.is_some())
}

/// Carries on with all replays. Answers how many deliveries are to be sent.
pub async fn replay_all(application: &Application) -> Result<u64, sql::Error> {
    let mut made = 0;
    loop {
        let mut connection = application.database.read().await?;
        let sql = "select id, endpoint, begun, until, lane, position from webhook_replay \
                   where part = ? order by id limit 1";
        let row = sql::row(&mut connection, sql, cells![Part::PROGRAMME.number()]).await?;
        let Some(replay) = row.as_ref().map(Replay::read).transpose()? else { return Ok(made) };
        let endpoint = endpoint_find(&mut connection, replay.endpoint).await?;
        drop(connection);
        match step(application, &replay, endpoint).await? {
            Some(deliveries) => made += deliveries,
            // Another process is at it.
            None => return Ok(made),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The next page of a replay; `None` when another process came first.
async fn step(
    application: &Application,
    replay: &Replay,
    endpoint: Option<Endpoint>,
) -> Result<Option<u64>, sql::Error> {
    let now = application.clock.now();
    let mut connection = application.database.read().await?;
    let lanes = connection.dialect().in_order_of_time();
    let lane = usize::try_from(replay.lane).ok().and_then(|lane| lanes.get(lane).copied());
    let (Some(part), Some(endpoint)) = (lane, endpoint) else {
        drop(connection);
        return finish(application, replay).await;
    };
    let mut deliveries = Vec::new();
    if replay.lane == 0 && replay.position == replay.begun {
        for version in application.versions().await? {
            let event = event_of(&version);
            let is_meant = event.source.number() > replay.begun && event.source.number() <= replay.until;
            if is_meant && endpoint.wants(Kind::ProgrammePublished) {
                deliveries.push(Delivery::new(endpoint.id, event, Kind::ProgrammePublished, None, now));
            }
        }
    }
    let rows = match part {
        Some(part) => journal_page_of(&mut connection, part, replay.position, PAGE).await?,
        None => journal_page(&mut connection, transaction_id(replay.position).ok(), PAGE).await?,
    };
    drop(connection);
    for row in rows.iter().filter(|row| row.id.number() <= replay.until) {
        let events = events_of(row)?.into_iter().filter(|(_, kind)| endpoint.wants(*kind));
        deliveries.extend(events.map(|(event, kind)| Delivery::new(endpoint.id, event, kind, Some(row.holder), now)));
    }
    let last = rows.last().map_or(replay.until, |row| row.id.number());
    let is_done = rows.len() < PAGE || last >= replay.until;
    let next = if is_done { (replay.lane + 1, replay.begun) } else { (replay.lane, last) };
    let mut transaction = application.database.write_aside().await?;
    let sql = "update webhook_replay set lane = ?, position = ? where part = ? and id = ? and lane = ? \
               and position = ?";
    let cells = cells![next.0, next.1, Part::PROGRAMME.number(), replay.id, replay.lane, replay.position];
    if sql::execute(&mut transaction, sql, cells).await? == 0 {
        transaction.rollback().await?;
        return Ok(None);
    }
    let made = delivery_renew_all(&mut transaction, &deliveries).await?;
    if made > 0 {
        endpoints_wake(&mut transaction, [endpoint.id], now).await?;
    }
    transaction.commit().await?;
    Ok(Some(made))
}

async fn finish(application: &Application, replay: &Replay) -> Result<Option<u64>, sql::Error> {
    let mut transaction = application.database.write_aside().await?;
    let sql = "delete from webhook_replay where part = ? and id = ?";
    sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), replay.id]).await?;
    transaction.commit().await?;
    Ok(Some(0))
}
