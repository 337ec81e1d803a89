//! Clicks and touches in the database.

use std::collections::BTreeSet;

use lojal_core::kernel::{ClickId, Id, Instant, MemberId, Part};

use super::{Click, ClickKind, ClickSource, Mark};
use crate::platform::application::Application;
use crate::platform::clock::instant;
use crate::platform::journal::id;
use crate::platform::lanes::{merged, rows_since};
use crate::platform::shares::{CLICKED, Tallies};
use crate::platform::sql::{self, Cell, Connection, Dialect, Row, Statement, cells, damaged};

const COLUMNS: &str = "id, code, member, channel, visitor, kind, source, address, network, agent, clicked_at";
/// Rows that go into the database together.
const CHUNK: usize = 500;
/// Clicks that share a transaction: whoever writes meanwhile waits for no more of them.
const AT_ONCE: usize = 2_000;

/// A click that was seen here stands in the place of one that is known by its token alone, unless its visitor was
/// forgotten meanwhile.
const SEEN: &str = "on conflict id_key (part, id) do update set member = excluded.member, channel = excluded.channel, \
     visitor = excluded.visitor, kind = excluded.kind, source = excluded.source, address = excluded.address, \
     network = excluded.network, agent = excluded.agent, clicked_at = excluded.clicked_at \
     where referral_click.source = 'shop' and excluded.source = 'link' and length(referral_click.visitor) > 0";

/// What somebody met: found by the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    pub clicked_at: Instant,
    pub click: ClickId,
    pub code: Id,
}

/// Writes clicks with their touches. Done twice, it is done once. Those of no code are left out. What was seen takes the
/// place of what somebody else knew of the same click by its token alone.
pub(super) async fn clicks_fold(application: &Application, clicks: &[Click]) -> Result<(), sql::Error> {
    let database = &application.database;
    let led = |click: &&Click| click.code.is_some() && click.advocate.is_some();
    let mut clicks: Vec<&Click> = clicks.iter().filter(led).collect();
    if clicks.is_empty() {
        return Ok(());
    }
    clicks.sort_by_key(|click| click.id);
    clicks.dedup_by_key(|click| click.id);
    if database.dialect() != Dialect::Distributed {
        for at_once in clicks.chunks(AT_ONCE) {
            let mut transaction = database.write_aside().await?;
            tally(application, &mut transaction, at_once).await?;
            sql::run_all(&mut transaction, statements(at_once)).await?;
            transaction.commit().await?;
        }
        return Ok(());
    }
    // Over several machines each part has a transaction of its own.
    clicks.sort_by_key(|click| click.id.part());
    for of_part in clicks.chunk_by(|one, other| one.id.part() == other.id.part()) {
        let mut transaction = database.write_aside_in(of_part[0].id.part()).await?;
        tally(application, &mut transaction, of_part).await?;
        sql::run_all(&mut transaction, click_statements(of_part)).await?;
        transaction.commit().await?;
    }
    clicks.retain(|click| click.is_touch());
    clicks.sort_by_key(|click| click.visitor.part());
    for of_part in clicks.chunk_by(|one, other| one.visitor.part() == other.visitor.part()) {
        let mut transaction = database.write_aside_in(of_part[0].visitor.part()).await?;
        sql::run_all(&mut transaction, touch_statements(of_part)).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Counts people who followed a link and are not written yet; all of them lie in one part, or parts lie together.
pub(super) async fn tally(
    application: &Application,
    connection: &mut Connection,
    clicks: &[&Click],
) -> Result<(), sql::Error> {
    let people: Vec<&Click> = clicks.iter().copied().filter(|click| click.is_of_person()).collect();
    let Some(part) = people.first().map(|click| click.id.part()) else { return Ok(()) };
    let keys = people.iter().map(|click| cells![click.id.part().number(), click.id.number()]).collect();
    let sql = "select id from referral_click where (part, id) in";
    let mut known: BTreeSet<i64> = BTreeSet::new();
    for row in sql::look_up(connection, sql, keys).await? {
        known.insert(sql::column(&row, "id")?);
    }
    let rulebook = application.rulebook();
    let calendar = application.calendar();
    let mut tallies = Tallies::new(&rulebook, &calendar);
    for click in people.into_iter().filter(|click| known.insert(click.id.number())) {
        tallies.count(CLICKED, instant(click.clicked_at), &click.channel);
    }
    tallies.write(connection, part).await
}

/// Writes one click, or what a shop says of one.
pub(super) fn statements(clicks: &[&Click]) -> Vec<Statement> {
    let touches: Vec<&Click> = clicks.iter().copied().filter(|click| click.is_touch()).collect();
    click_statements(clicks).into_iter().chain(touch_statements(&touches)).collect()
}

fn click_statements(clicks: &[&Click]) -> Vec<Statement> {
    let row = |click: &&Click| {
        cells![
            click.id.part().number(),
            click.id.number(),
            click.code.map_or(0, Id::number),
            click.advocate.map_or(0, MemberId::number),
            click.channel.as_str(),
            click.visitor.bytes().to_vec(),
            click.kind.name(),
            click.source.name(),
            marked(click.address),
            marked(click.network),
            marked(click.agent),
            click.clicked_at,
        ]
    };
    let of_chunk = |chunk: &[&Click]| {
        Statement::insert(
            "insert into referral_click (part, id, code, member, channel, visitor, kind, source, address, network, \
             agent, clicked_at) values",
            SEEN,
            chunk.iter().map(row).collect(),
        )
    };
    clicks.chunks(CHUNK).map(of_chunk).collect()
}

fn touch_statements(clicks: &[&Click]) -> Vec<Statement> {
    let touch = |click: &&Click| touch_row(click.visitor, click.id, click.code, click.clicked_at);
    clicks.chunks(CHUNK).map(|chunk| touch_insert(chunk.iter().filter_map(touch).collect())).collect()
}

/// Empty where there is none.
fn marked(mark: Option<Mark>) -> Vec<u8> {
    mark.map_or_else(Vec::new, |mark| mark.bytes().to_vec())
}

fn touch_row(visitor: Mark, click: ClickId, code: Option<Id>, clicked_at: i64) -> Option<Vec<Cell>> {
    Some(cells![visitor.part().number(), visitor.bytes().to_vec(), click.number(), code?.number(), clicked_at])
}

fn touch_insert(rows: Vec<Vec<Cell>>) -> Statement {
    Statement::insert(
        "insert into referral_touch (part, visitor, click, code, clicked_at) values",
        "on conflict (part, visitor, click) do nothing",
        rows,
    )
}

/// Lets a visitor be found to have met what somebody else saw.
pub async fn touch_add(connection: &mut Connection, visitor: Mark, touched: &Touched) -> Result<(), sql::Error> {
    let row = touch_row(visitor, touched.click, Some(touched.code), touched.clicked_at.as_microsecond());
    sql::run_all(connection, vec![touch_insert(row.into_iter().collect())]).await?;
    Ok(())
}

/// Everything that a visitor met up to a click, or at all, at most so much of it, the latest first.
pub async fn touches_of(
    connection: &mut Connection,
    visitor: Mark,
    until: Option<ClickId>,
    limit: usize,
) -> Result<Vec<Touched>, sql::Error> {
    let sql = "select click, code, clicked_at from referral_touch \
               where part = ? and visitor = ? and click <= ? order by click desc limit ?";
    let until = until.map_or(i64::MAX, ClickId::number);
    let cells = cells![visitor.part().number(), visitor.bytes().to_vec(), until, limit as i64];
    let rows = sql::rows(connection, sql, cells).await?;
    let read = |row: &Row| {
        Ok(Touched {
            clicked_at: instant(sql::column(row, "clicked_at")?),
            click: ClickId(id(sql::column(row, "click")?)?),
            code: id(sql::column(row, "code")?)?,
        })
    };
    rows.iter().map(read).collect()
}

pub async fn click_find(connection: &mut Connection, click: ClickId) -> Result<Option<Click>, sql::Error> {
    let sql = format!("select {COLUMNS} from referral_click where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![click.part().number(), click.number()]).await?;
    row.map(|row| read(&row)).transpose()
}

/// Clicks by their ids, as far as there are any.
pub async fn click_find_all(
    connection: &mut Connection,
    clicks: impl IntoIterator<Item = ClickId>,
) -> Result<Vec<Click>, sql::Error> {
    let keys = clicks.into_iter().map(|click| cells![click.part().number(), click.number()]).collect();
    let head = format!("select {COLUMNS} from referral_click where (part, id) in");
    sql::look_up(connection, &head, keys).await?.iter().map(read).collect()
}

/// How often people followed a code, as long as clicks are kept, counted up to `most`.
pub async fn clicks_of(connection: &mut Connection, code: Id, most: i64) -> Result<i64, sql::Error> {
    let sql = "select count(*) as n from (select id from referral_click where part = ? and code = ? and kind = ? \
               limit ?) counted";
    let person = ClickKind::Person.name();
    let row = sql::row(connection, sql, cells![code.part().number(), code.number(), person, most]).await?;
    row.map_or(Ok(0), |row| sql::column(&row, "n"))
}

/// Clicks before one, the latest first, at most `limit`, and whether there are more. With codes, only of those.
pub async fn click_list(
    connection: &mut Connection,
    codes: Option<&[Id]>,
    before: Option<ClickId>,
    limit: usize,
) -> Result<(Vec<Click>, bool), sql::Error> {
    let last = before.map_or(i64::MAX, ClickId::number);
    // One more than asked for tells whether there are more.
    let of_each = limit + 1;
    let pages: Vec<(String, Vec<Cell>)> = match codes {
        None => connection.dialect().pages_backwards("id", before.map(|click| click.0)),
        Some(codes) => {
            let page = "part = ? and code = ? and id < ? order by id desc";
            codes.iter().map(|code| (page.to_owned(), cells![code.part().number(), code.number(), last])).collect()
        }
    };
    let question = |(page, mut cells): (String, Vec<Cell>)| {
        cells.push(Cell::from(of_each as i64));
        Statement::plain(format!("select {COLUMNS} from referral_click where {page} limit ?"), cells)
    };
    let answers = sql::run_all(connection, pages.into_iter().map(question).collect()).await?;
    let lanes = answers.iter().map(|answer| answer.rows.iter().map(read).collect::<Result<Vec<_>, sql::Error>>());
    let (mut clicks, _) = merged(lanes.collect::<Result<_, _>>()?, of_each, |click| std::cmp::Reverse(click.id));
    let has_more = clicks.len() > limit;
    clicks.truncate(limit);
    Ok((clicks, has_more))
}

/// Clicks after an id in each lane, in the order of their ids, at most `limit` of each.
pub async fn clicks_since(
    connection: &mut Connection,
    lanes: &[(Option<Part>, i64)],
    limit: usize,
) -> Result<Vec<Vec<Click>>, sql::Error> {
    let select = |page: &str| format!("select {COLUMNS} from referral_click where {page}");
    let pages = rows_since(connection, select, lanes, limit).await?;
    pages.iter().map(|page| page.iter().map(read).collect()).collect()
}

fn read(row: &Row) -> Result<Click, sql::Error> {
    let (kind, source): (&str, &str) = (sql::column(row, "kind")?, sql::column(row, "source")?);
    Ok(Click {
        id: ClickId(id(sql::column(row, "id")?)?),
        code: Some(id(sql::column(row, "code")?)?),
        advocate: Some(MemberId(id(sql::column(row, "member")?)?)),
        channel: sql::column(row, "channel")?,
        visitor: Mark::read_any(row, "visitor")?.unwrap_or(Mark::NOBODY),
        kind: ClickKind::named(kind).ok_or_else(|| damaged(format!("{kind} is no kind of click")))?,
        source: ClickSource::named(source).ok_or_else(|| damaged(format!("{source} is no source of clicks")))?,
        address: Mark::read_any(row, "address")?,
        network: Mark::read_any(row, "network")?,
        agent: Mark::read_any(row, "agent")?,
        clicked_at: sql::column(row, "clicked_at")?,
    })
}
