//! How events are made: behind the journal, which knows nothing of it.
//!
//! Each event is a row under a name that follows from the journal, so making it twice makes it once. Where rows of
//! different parts come to light out of order, in a file, one that was passed over is found by the next row of its
//! holder, or by an hourly look at all holders.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use jiff::SignedDuration;
use lojal_core::kernel::{HolderId, Id, Instant, Part, TransactionId};

use super::delivery::{APART, Delivery, EventId, delivery_insert_all};
use super::endpoint::{Endpoint, EndpointId, endpoint_list, endpoints_wake};
use super::kind::Kind;
use super::origins::{Beside, Happened, latest_beside};
use super::replaying::before;
use crate::platform::application::Application;
use crate::platform::journal::{
    JournalRow, heads_of, id, journal_find_all, journal_grown, journal_heads, journal_page, journal_page_of,
    journal_since, looked_at_again, transaction_id,
};
use crate::platform::progress::{progress_advance, progress_find, progress_set};
use crate::platform::rulebook::PublishedVersion;
use crate::platform::sql::{self, Connection, cells, damaged};

/// Under which the place in the journal is kept.
const WORK: &str = "webhooks";
/// Counts the writes, so that of two processes one is late.
const ROUND: &str = "webhooks_round";
/// The last version of the programme that was told of.
const VERSION: &str = "webhooks_version";
/// What is older when a lane is looked at for the first time is history: it can be replayed.
const HISTORY: SignedDuration = SignedDuration::from_mins(10);
/// Rows that are read together.
const PAGE: usize = 500;
/// And of each of many lanes, at least.
const LEAST: usize = 16;
/// Holders that are compared together in the hourly look.
const SWEPT: usize = 5000;
/// Between pages, so that whoever writes does not wait for the next one at once.
const PAUSE: Duration = Duration::from_millis(10);

/// Makes events of what the journal has gained. Without an endpoint nothing is read. Answers how many deliveries
/// were added.
pub async fn follow(application: &Application) -> Result<u64, sql::Error> {
    let database = &application.database;
    let now = application.clock.now();
    if Stand::read(&mut *database.read().await?).await?.is_idle() {
        return Ok(0);
    }
    let Some(mut made) = follow_versions(application, now).await? else { return Ok(0) };
    for beside in Beside::ALL {
        let Some(added) = follow_beside(application, beside, now).await? else { return Ok(made) };
        made += added;
    }
    for part in journal_grown(database, WORK, now).await? {
        let Some(added) = follow_lane(application, part, now).await? else { return Ok(made) };
        made += added;
    }
    Ok(made)
}

/// Before anything changes about who is told: whoever is making events at this moment begins again, and whoever changes
/// something at the same time waits.
pub(super) async fn hold_still(connection: &mut Connection, now: Instant) -> Result<(), sql::Error> {
    let sql = "insert into progress (part, work, position, updated_at) values (?, ?, 0, ?) \
               on conflict (part, work) do nothing";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), ROUND, now.as_microsecond()]).await?;
    let sql = "update progress set position = position + 1 where part = ? and work = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), ROUND]).await?;
    Ok(())
}

/// The highest id of what has happened until now, while [`hold_still`] holds: whoever is told from then on is told what
/// is above it, whatever the clocks of those who write say.
pub(super) async fn latest(application: &Application, connection: &mut Connection) -> Result<i64, sql::Error> {
    let parts: Vec<Part> = Part::all().collect();
    let answers = sql::run_all(connection, vec![heads_of(connection.dialect(), &parts)]).await?;
    let mut latest = -1;
    for answer in &answers {
        let heads = journal_heads(&answer.rows, &parts)?;
        latest = heads.iter().map(|(_, head)| head.number()).fold(latest, i64::max);
    }
    latest = latest.max(latest_beside(connection).await?);
    let versions = application.versions().await?;
    Ok(versions.iter().map(|version| event_of(version).source.number()).fold(latest, i64::max))
}

/// To whom something may be sent, as of a round of writing.
struct Stand {
    round: i64,
    listeners: Vec<Endpoint>,
}

impl Stand {
    async fn read(connection: &mut Connection) -> Result<Stand, sql::Error> {
        // The round first: whoever is added later takes the next one.
        let round = progress_find(connection, Part::PROGRAMME, ROUND).await?;
        let mut listeners = endpoint_list(connection).await?;
        listeners.retain(|endpoint| endpoint.disabled.is_none());
        Ok(Stand { round, listeners })
    }

    fn is_idle(&self) -> bool {
        self.listeners.is_empty()
    }

    /// Nothing up to here is anybody's business.
    fn floor(&self) -> i64 {
        self.listeners.iter().map(|endpoint| endpoint.since).min().unwrap_or(i64::MAX)
    }

    /// The deliveries of an event.
    fn told(
        &self,
        event: EventId,
        kind: Kind,
        holder: Option<HolderId>,
        now: Instant,
    ) -> impl Iterator<Item = Delivery> {
        let told = move |endpoint: &&Endpoint| endpoint.since < event.source.number() && endpoint.wants(kind);
        let delivery = move |endpoint: &Endpoint| Delivery::new(endpoint.id, event, kind, holder, now);
        self.listeners.iter().filter(told).map(delivery)
    }

    /// Takes the next round, unless somebody else has; others wait until the transaction has ended.
    async fn claim(&self, connection: &mut Connection, now: Instant) -> Result<bool, sql::Error> {
        progress_advance(connection, Part::PROGRAMME, ROUND, (self.round, self.round + 1), now).await
    }
}

/// The events of a transaction: which effects they are about.
pub(super) fn events_of(row: &JournalRow) -> Result<Vec<(EventId, Kind)>, sql::Error> {
    let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
    let event = |(index, kind): (usize, Option<Kind>)| {
        Some((EventId { source: row.id.0, position: i64::try_from(index).ok()? }, kind?))
    };
    let kinds = body.decision.effects.iter().map(|effect| Kind::of(&effect.because));
    Ok(kinds.enumerate().filter_map(event).collect())
}

/// The event of a version of the programme.
pub(super) fn event_of(version: &PublishedVersion) -> EventId {
    let sequence = u16::try_from(version.version).unwrap_or(u16::MAX);
    EventId { source: Id::new(version.published_at.as_millisecond(), sequence, Part::PROGRAMME), position: APART }
}

/// Tells of versions that were published; `None` when another process came first.
async fn follow_versions(application: &Application, now: Instant) -> Result<Option<u64>, sql::Error> {
    let latest = application.rulebooks.current().latest().map_or(0, |programme| i64::from(programme.version));
    let mut connection = application.database.read().await?;
    let stand = Stand::read(&mut connection).await?;
    let told = progress_find(&mut connection, Part::PROGRAMME, VERSION).await?;
    drop(connection);
    if latest <= told {
        return Ok(Some(0));
    }
    let versions = application.versions().await?;
    let new = versions.iter().filter(|version| i64::from(version.version) > told);
    let deliveries: Vec<Delivery> =
        new.flat_map(|version| stand.told(event_of(version), Kind::ProgrammePublished, None, now)).collect();
    let mut transaction = application.database.write_aside().await?;
    if !stand.claim(&mut transaction, now).await? {
        transaction.rollback().await?;
        return Ok(None);
    }
    let added = delivery_insert_all(&mut transaction, &deliveries).await?;
    wake(&mut transaction, &deliveries, now).await?;
    progress_set(&mut transaction, Part::PROGRAMME, VERSION, latest, now).await?;
    transaction.commit().await?;
    Ok(Some(added))
}

/// Tells of what happens beside the journal; `None` when another process came first. Some is looked at again for a while:
/// what is told twice is told once.
async fn follow_beside(application: &Application, beside: Beside, now: Instant) -> Result<Option<u64>, sql::Error> {
    let (mut made, mut read) = (0, BTreeMap::new());
    loop {
        let mut connection = application.database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        let lanes = beside.lanes(connection.dialect());
        let told = positions(&mut connection, beside.work(), &lanes).await?;
        let begin = |(lane, told): (&Option<Part>, &i64)| {
            let fresh = || oldest_told(beside.looked_at_again(*told, now), now);
            (*lane, read.get(&place(*lane)).copied().unwrap_or_else(fresh).max(stand.floor()))
        };
        let begins: Vec<(Option<Part>, i64)> = lanes.iter().zip(&told).map(begin).collect();
        let of_each = (PAGE / lanes.len().max(1)).max(LEAST);
        let pages = beside.since(&mut connection, &begins, of_each).await?;
        drop(connection);
        let (mut deliveries, mut moved, mut has_more) = (Vec::new(), Vec::new(), false);
        for ((lane, told), page) in lanes.iter().zip(told).zip(pages) {
            let settled: Vec<Happened> =
                page.into_iter().take_while(|happened| happened.id.number() <= beside.settled(now)).collect();
            let Some(last) = settled.last().map(|happened| happened.id.number()) else { continue };
            has_more |= settled.len() == of_each;
            read.insert(place(*lane), last);
            if last > told {
                moved.push((place(*lane), told, last));
            }
            for happened in settled {
                let events = happened.events.into_iter();
                deliveries.extend(events.flat_map(|(event, kind)| stand.told(event, kind, Some(happened.holder), now)));
            }
        }
        if !moved.is_empty() || !deliveries.is_empty() {
            let mut transaction = application.database.write_aside().await?;
            let mut is_ours = stand.claim(&mut transaction, now).await?;
            for (place, told, last) in moved {
                let work = beside.work();
                is_ours = is_ours && progress_advance(&mut transaction, place, work, (told, last), now).await?;
            }
            if !is_ours {
                transaction.rollback().await?;
                return Ok(None);
            }
            let added = delivery_insert_all(&mut transaction, &deliveries).await?;
            if added > 0 {
                wake(&mut transaction, &deliveries, now).await?;
            }
            made += added;
            transaction.commit().await?;
        }
        if !has_more {
            return Ok(Some(made));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Where the place in a lane is kept.
fn place(lane: Option<Part>) -> Part {
    lane.unwrap_or(Part::PROGRAMME)
}

/// Up to where each lane was told of; 0 where nothing was.
async fn positions(connection: &mut Connection, work: &str, lanes: &[Option<Part>]) -> Result<Vec<i64>, sql::Error> {
    let keys = lanes.iter().map(|lane| cells![place(*lane).number(), work]).collect();
    let rows = sql::look_up(connection, "select part, position from progress where (part, work) in", keys).await?;
    let mut known: HashMap<i64, i64> = HashMap::new();
    for row in &rows {
        known.insert(sql::column(row, "part")?, sql::column(row, "position")?);
    }
    Ok(lanes.iter().map(|lane| known.get(&place(*lane).number()).copied().unwrap_or(0)).collect())
}

/// Where looking at a lane begins; 0 is where nobody has looked at it so far.
fn oldest_told(begin: i64, now: Instant) -> i64 {
    match begin {
        0 => before(now.saturating_sub(HISTORY).unwrap_or(Instant::MIN)),
        begin => begin,
    }
}

async fn wake(connection: &mut Connection, deliveries: &[Delivery], now: Instant) -> Result<(), sql::Error> {
    let mut endpoints: Vec<EndpointId> = deliveries.iter().map(|delivery| delivery.endpoint).collect();
    endpoints.sort_unstable();
    endpoints.dedup();
    endpoints_wake(connection, endpoints, now).await
}

/// Follows the journal of a part, or of all where they lie together, to its end; `None` when another process came
/// first.
async fn follow_lane(application: &Application, part: Option<Part>, now: Instant) -> Result<Option<u64>, sql::Error> {
    let place = part.unwrap_or(Part::PROGRAMME);
    let (mut added, mut after) = (0, None);
    loop {
        let mut connection = application.database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        let position = progress_find(&mut connection, place, WORK).await?;
        let begin = match after {
            Some(after) => after,
            None => looked_at_again(connection.dialect(), position).max(stand.floor()),
        };
        let rows = match part {
            Some(part) => journal_page_of(&mut connection, part, begin, PAGE).await?,
            None => journal_page(&mut connection, transaction_id(begin).ok(), PAGE).await?,
        };
        let last = rows.last().map_or(begin, |row| row.id.number());
        let is_last = rows.len() < PAGE;
        let news = News::read(&mut connection, &stand, rows, now).await?;
        drop(connection);
        if !stand.is_idle() && (!news.heads.is_empty() || last > position) {
            match news.write(application, &stand, Some((place, last.max(position))), now).await? {
                Some(written) => added += written,
                None => return Ok(None),
            }
        }
        after = Some(last);
        if is_last {
            return Ok(Some(added));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What some rows of the journal come to.
struct News {
    deliveries: Vec<Delivery>,
    /// Up to where each holder is known from now on.
    heads: Vec<(HolderId, TransactionId)>,
}

impl News {
    async fn read(
        connection: &mut Connection,
        stand: &Stand,
        rows: Vec<JournalRow>,
        now: Instant,
    ) -> Result<News, sql::Error> {
        let mut of_holders: BTreeMap<HolderId, Vec<JournalRow>> = BTreeMap::new();
        for row in rows {
            of_holders.entry(row.holder).or_default().push(row);
        }
        let known = known_heads(connection, of_holders.keys().copied()).await?;
        let mut news = News { deliveries: Vec::new(), heads: Vec::new() };
        for (holder, mut rows) in of_holders {
            let head = known.get(&holder).copied().unwrap_or(-1).max(stand.floor());
            rows.retain(|row| row.id.number() > head);
            let Some(first) = rows.first() else { continue };
            // What another process wrote meanwhile, or what was overlooked, lies between.
            let mut all = journal_since(connection, first.prev, head).await?;
            all.append(&mut rows);
            news.heads.extend(all.last().map(|row| (holder, row.id)));
            for row in &all {
                for (event, kind) in events_of(row)? {
                    news.deliveries.extend(stand.told(event, kind, Some(holder), now));
                }
            }
        }
        Ok(news)
    }

    /// Writes everything, or nothing when another process has written meanwhile.
    async fn write(
        self,
        application: &Application,
        stand: &Stand,
        place: Option<(Part, i64)>,
        now: Instant,
    ) -> Result<Option<u64>, sql::Error> {
        let mut transaction = application.database.write_aside().await?;
        if !stand.claim(&mut transaction, now).await? {
            transaction.rollback().await?;
            return Ok(None);
        }
        let added = delivery_insert_all(&mut transaction, &self.deliveries).await?;
        let heads = self.heads.iter();
        let heads = heads.map(|(holder, head)| cells![holder.part().number(), holder.number(), head.number()]);
        sql::insert_all(
            &mut transaction,
            "insert into webhook_head (part, holder, head) values",
            "on conflict id_key (part, holder) do update set head = excluded.head",
            heads.collect(),
        )
        .await?;
        wake(&mut transaction, &self.deliveries, now).await?;
        if let Some((part, position)) = place {
            progress_set(&mut transaction, part, WORK, position, now).await?;
        }
        transaction.commit().await?;
        Ok(Some(added))
    }
}

async fn known_heads(
    connection: &mut Connection,
    holders: impl Iterator<Item = HolderId>,
) -> Result<HashMap<HolderId, i64>, sql::Error> {
    let keys = holders.map(|holder| cells![holder.part().number(), holder.number()]).collect();
    let rows = sql::look_up(connection, "select holder, head from webhook_head where (part, holder) in", keys).await?;
    let read = |row: &sql::Row| Ok((HolderId(id(sql::column(row, "holder")?)?), sql::column(row, "head")?));
    rows.iter().map(read).collect()
}

/// Finds what was written out of order and has no successor that tells of it. Answers how many deliveries were added.
pub async fn follow_overlooked(application: &Application) -> Result<u64, sql::Error> {
    let database = &application.database;
    let now = application.clock.now();
    let (mut added, mut after) = (0, None);
    loop {
        let mut connection = database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        if stand.is_idle() {
            return Ok(added);
        }
        let (page, mut cells) = connection.dialect().page("holder", after);
        let sql = format!(
            "select holder, state_head, known_head from (
                 select holder_state.part as part, holder_state.holder as holder, holder_state.head as state_head,
                        webhook_head.head as known_head
                 from holder_state left join webhook_head
                 on webhook_head.part = holder_state.part and webhook_head.holder = holder_state.holder
             ) as compared where {page} limit ?"
        );
        cells.extend(cells![SWEPT as i64]);
        let rows = sql::rows(&mut connection, &sql, cells).await?;
        let mut missing = Vec::new();
        for row in &rows {
            let head: i64 = sql::column(row, "state_head")?;
            after = Some(id(sql::column(row, "holder")?)?);
            let known = sql::column::<Option<i64>>(row, "known_head")?.unwrap_or(-1);
            if head > known.max(stand.floor()) {
                missing.push(transaction_id(head)?);
            }
        }
        for heads in missing.chunks(PAGE) {
            let stand = Stand::read(&mut connection).await?;
            let rows = journal_find_all(&mut connection, heads.iter().copied()).await?;
            let news = News::read(&mut connection, &stand, rows, now).await?;
            match news.write(application, &stand, None, now).await? {
                Some(written) => added += written,
                None => return Ok(added),
            }
        }
        if rows.len() < SWEPT {
            return Ok(added);
        }
    }
}
