//! Members who pass their link on, and how often links are passed on and followed. What is counted here is counted in the
//! transaction that writes it, because clicks and shares are forgotten after a while and their numbers are not.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use lojal_core::kernel::{Calendar, Date, Instant, MemberId, Part, ShareId};
use lojal_core::programme::Rulebook;

use super::application::Application;
use super::clock::instant;
use super::database::Database;
use super::figures::{Month, date_of, day_number, subject};
use super::journal::id;
use super::lanes::rows_since;
use super::sql::{self, Connection, Dialect, Row, Statement, cells, damaged};

/// The same link by the same way within so short a time is one that was clicked twice.
const AT_ONCE: SignedDuration = SignedDuration::from_secs(10);
/// Shares of a member that are looked at for that.
const LATEST: i64 = 20;
/// As long as clicks.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
const COLUMNS: &str = "id, member, channel, source, shared_at";
pub const SHARED: &str = "shared";
pub const CLICKED: &str = "clicked";
pub const SHARERS: &str = "sharers";

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareSource {
    /// It was seen here.
    Portal,
    /// The shop says so.
    Shop,
}

impl ShareSource {
    pub fn name(self) -> &'static str {
        match self {
            ShareSource::Portal => "portal",
            ShareSource::Shop => "shop",
        }
    }

    fn named(name: &str) -> Option<ShareSource> {
        [ShareSource::Portal, ShareSource::Shop].into_iter().find(|known| known.name() == name)
    }
}

/// A member passed the link on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub id: ShareId,
    pub member: MemberId,
    /// By which way: `mail`, `whatsapp`, or the shop's own word.
    pub channel: String,
    pub source: ShareSource,
    pub shared_at: Instant,
}

/// Writes down that a member passed the link on at `at`. What a page sends twice at once is written once.
pub async fn share_add(
    application: &Application,
    connection: &mut Connection,
    (member, channel, source): (MemberId, &str, ShareSource),
    at: Instant,
) -> Result<Share, sql::Error> {
    if source == ShareSource::Portal
        && let Some(known) = just_shared(connection, member, channel, at).await?
    {
        return Ok(known);
    }
    let id = ShareId(application.ids.next(member.part()));
    let share = Share { id, member, channel: channel.to_owned(), source, shared_at: at };
    let sql = "insert into referral_share (part, id, member, channel, source, shared_at) values (?, ?, ?, ?, ?, ?)";
    let part = member.part().number();
    let micro = at.as_microsecond();
    let cells = cells![part, id.number(), member.number(), channel, source.name(), micro];
    sql::execute(connection, sql, cells).await?;
    let (rulebook, calendar) = (application.rulebook(), application.calendar());
    let mut tallies = Tallies::new(&rulebook, &calendar);
    tallies.count(SHARED, at, channel);
    let date = calendar.date(at);
    for (period, first) in Month::of(date).periods().into_iter().zip(first_days(date)) {
        let sql = "insert into referral_sharer (part, member, period) values (?, ?, ?)
                   on conflict (part, member, period) do nothing";
        let cells = cells![part, member.number(), period.as_str()];
        if sql::execute(connection, sql, cells).await? == 1 {
            tallies.add(SHARERS, first, period);
        }
    }
    tallies.write(connection, member.part()).await?;
    Ok(share)
}

/// The first days of a date's month, quarter and year.
fn first_days(date: Date) -> [Date; 3] {
    let month = Month::of(date);
    let back = |months: i8| month.plus(-i32::from(months)).first_day();
    [month.first_day(), back((month.number() - 1) % 3), back(month.number() - 1)]
}

async fn just_shared(
    connection: &mut Connection,
    member: MemberId,
    channel: &str,
    at: Instant,
) -> Result<Option<Share>, sql::Error> {
    let sql = format!("select {COLUMNS} from referral_share where part = ? and member = ? order by id desc limit ?");
    let cells = cells![member.part().number(), member.number(), LATEST];
    let latest = sql::rows(connection, &sql, cells).await?;
    let latest = latest.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let is_same = |share: &Share| share.channel == channel && at.duration_since(share.shared_at).abs() < AT_ONCE;
    Ok(latest.into_iter().find(is_same))
}

pub async fn share_find(connection: &mut Connection, share: ShareId) -> Result<Option<Share>, sql::Error> {
    let sql = format!("select {COLUMNS} from referral_share where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![share.part().number(), share.number()]).await?;
    row.as_ref().map(read).transpose()
}

/// Shares by their ids, as far as there are any.
pub async fn share_find_all(
    connection: &mut Connection,
    shares: impl IntoIterator<Item = ShareId>,
) -> Result<Vec<Share>, sql::Error> {
    let keys = shares.into_iter().map(|share| cells![share.part().number(), share.number()]).collect();
    let head = format!("select {COLUMNS} from referral_share where (part, id) in");
    sql::look_up(connection, &head, keys).await?.iter().map(read).collect()
}

/// Shares after an id in each lane, in the order of their ids, at most `limit` of each.
pub async fn shares_since(
    connection: &mut Connection,
    lanes: &[(Option<Part>, i64)],
    limit: usize,
) -> Result<Vec<Vec<Share>>, sql::Error> {
    let select = |page: &str| format!("select {COLUMNS} from referral_share where {page}");
    let pages = rows_since(connection, select, lanes, limit).await?;
    pages.iter().map(|page| page.iter().map(read).collect()).collect()
}

/// How often a member passed the link on, as long as shares are kept, counted up to `most`.
pub async fn shares_of(connection: &mut Connection, member: MemberId, most: i64) -> Result<i64, sql::Error> {
    let sql = "select count(*) as n from (select id from referral_share where part = ? and member = ? limit ?) counted";
    let row = sql::row(connection, sql, cells![member.part().number(), member.number(), most]).await?;
    row.map_or(Ok(0), |row| sql::column(&row, "n"))
}

fn read(row: &Row) -> Result<Share, sql::Error> {
    let source: &str = sql::column(row, "source")?;
    Ok(Share {
        id: ShareId(id(sql::column(row, "id")?)?),
        member: MemberId(id(sql::column(row, "member")?)?),
        channel: sql::column(row, "channel")?,
        source: ShareSource::named(source).ok_or_else(|| damaged(format!("{source} is no source of shares")))?,
        shared_at: instant(sql::column(row, "shared_at")?),
    })
}

/// Forgets the shares of one part that are old.
pub(super) async fn shares_forget(database: &Database, part: Part, now: Instant) -> Result<(), sql::Error> {
    let before = now.saturating_sub(KEPT).unwrap_or(Instant::MIN);
    let mut transaction = database.write_aside_in(part).await?;
    let sql = "delete from referral_share where part = ? and shared_at < ?";
    sql::execute(&mut transaction, sql, cells![part.number(), before.as_microsecond()]).await?;
    transaction.commit().await
}

/// Forgets what a member passed on. Whoever calls has locked the member.
pub(super) async fn shares_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    for table in ["referral_share", "referral_sharer"] {
        let sql = format!("delete from {table} where part = ? and member = ?");
        sql::execute(connection, &sql, cells![member.part().number(), member.number()]).await?;
    }
    Ok(())
}

/// What has been counted and is not written yet.
pub(super) struct Tallies<'a> {
    rulebook: &'a Rulebook,
    calendar: &'a Calendar,
    counted: BTreeMap<(&'static str, i64, String), i64>,
}

impl<'a> Tallies<'a> {
    pub fn new(rulebook: &'a Rulebook, calendar: &'a Calendar) -> Tallies<'a> {
        Tallies { rulebook, calendar, counted: BTreeMap::new() }
    }

    /// Something was done by a way, in the edition that ran then.
    pub fn count(&mut self, name: &'static str, at: Instant, channel: &str) {
        let programme = self.rulebook.live_at(at);
        let mut running = programme.iter().flat_map(|programme| &programme.referrals);
        let edition = running.find(|edition| edition.runs_at(at));
        let subject = subject(edition.map_or("", |edition| edition.id.as_str()), None, Some(channel));
        self.add(name, self.calendar.date(at), subject);
    }

    fn add(&mut self, name: &'static str, date: Date, subject: String) {
        *self.counted.entry((name, day_number(date), subject)).or_default() += 1;
    }

    /// Adds to what stands, in the transaction that writes what is counted.
    pub async fn write(self, connection: &mut Connection, part: Part) -> Result<(), sql::Error> {
        if self.counted.is_empty() {
            return Ok(());
        }
        // One machine has one row for a day; over several each has its own.
        let part = if connection.dialect() == Dialect::Distributed { part } else { Part::PROGRAMME };
        let part = part.number();
        let row =
            |(name, day, subject): &(&'static str, i64, String)| cells![part, *name, *day, subject.as_str(), 0_i64];
        // In the order of the keys, so that two who write wait for each other and never for ever.
        let mut statements = vec![Statement::insert(
            "insert into referral_tally (part, name, day, subject, times) values",
            "on conflict (part, name, day, subject) do nothing",
            self.counted.keys().map(row).collect(),
        )];
        let sql = "update referral_tally set times = times + ? where part = ? and name = ? and day = ? and subject = ?";
        let more = |((name, day, subject), times): ((&'static str, i64, String), i64)| {
            Statement::plain(sql, cells![times, part, name, day, subject])
        };
        statements.extend(self.counted.into_iter().map(more));
        sql::run_all(connection, statements).await?;
        Ok(())
    }
}

/// What was tallied under a name from one day to another, both included, in the order of days.
pub async fn tallies(
    connection: &mut Connection,
    name: &str,
    (first, last): (Date, Date),
) -> Result<Vec<(Date, String, i64)>, sql::Error> {
    let question = |part: Option<Part>| {
        let mut cells: Vec<sql::Cell> = part.into_iter().map(|part| sql::Cell::from(part.number())).collect();
        let part = if part.is_some() { "part = ? and " } else { "" };
        cells.extend(cells![name, day_number(first), day_number(last)]);
        let sql = format!(
            "select day, subject, cast(sum(times) as bigint) as times from referral_tally
             where {part}name = ? and day between ? and ? group by day, subject"
        );
        Statement::plain(sql, cells)
    };
    // What was moved here from several machines lies in all parts.
    let lanes = connection.dialect().in_order_of_time();
    let mut found: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for row in sql::run_all(connection, lanes.into_iter().map(question).collect()).await?.iter().flat_map(|it| &it.rows)
    {
        let key = (sql::column(row, "day")?, sql::column(row, "subject")?);
        *found.entry(key).or_default() += sql::column::<i64>(row, "times")?;
    }
    found.into_iter().map(|((day, subject), times)| Ok((date_of(day)?, subject, times))).collect()
}
