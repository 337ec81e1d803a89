//! Clicks and touches in the database.

use std::collections::BTreeSet;

use lojal_core::kernel::{ClickId, Id, Instant, MemberId, Part};

use super::{Click, ClickKind, ClickSource, Mark};
use crate::platform::application::Application;
use crate::platform::clock::instant;
use crate::platform::database::Database;
use crate::platform::journal::id;
use crate::platform::lanes::merged;
use crate::platform::shares::{CLICKED, Tallies};
use crate::platform::sql::{self, Cell, Connection, Dialect, Row, Statement, cells, damaged};

const COLUMNS: &str = "id, code, member, channel, visitor, kind, source, address, network, agent, clicked_at";
/// More than anybody meets.
const EVERYTHING: usize = u32::MAX as usize;
/// Rows that go into the database together.
const CHUNK: usize = 500;

/// What somebody met: found by the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    pub clicked_at: Instant,
    pub click: ClickId,
    pub code: Id,
}

/// Writes clicks with their touches. Done twice, it is done once. Those of no code are left out.
pub(super) async fn clicks_fold(application: &Application, clicks: &[Click]) -> Result<(), sql::Error> {
    let database = &application.database;
    let led = |click: &&Click| click.code.is_some() && click.advocate.is_some();
    let mut clicks: Vec<&Click> = clicks.iter().filter(led).collect();
    if clicks.is_empty() {
        return Ok(());
    }
    if database.dialect() != Dialect::Distributed {
        let mut transaction = database.write_aside().await?;
        tally(application, &mut transaction, &clicks).await?;
        sql::run_all(&mut transaction, statements(&clicks)).await?;
        return transaction.commit().await;
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
    let people: Vec<&Click> = clicks.iter().copied().filter(|click| click.is_touch()).collect();
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
    for click in people.iter().filter(|click| known.insert(click.id.number())) {
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
            "on conflict id_key (part, id) do nothing",
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

/// Everything that a visitor met from a moment on, at most so much of it, the latest first.
pub async fn touches_of(
    connection: &mut Connection,
    visitor: Mark,
    since: Instant,
    limit: usize,
) -> Result<Vec<Touched>, sql::Error> {
    let sql = "select click, code, clicked_at from referral_touch \
               where part = ? and visitor = ? and clicked_at >= ? order by click desc limit ?";
    let cells = cells![visitor.part().number(), visitor.bytes().to_vec(), since.as_microsecond(), limit as i64];
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

/// Notes that a visitor turned out to be a member.
pub async fn visitor_is(
    connection: &mut Connection,
    visitor: Mark,
    member: MemberId,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into referral_visitor (part, member, visitor, known_since) values (?, ?, ?, ?) \
               on conflict (part, member, visitor) do nothing";
    let cells = cells![member.part().number(), member.number(), visitor.bytes().to_vec(), now.as_microsecond()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Forgets which visitor a member was, and what that one met. Whoever calls has locked the member.
pub(in crate::platform) async fn visitors_erase(
    connection: &mut Connection,
    member: MemberId,
) -> Result<(), sql::Error> {
    let sql = "select visitor from referral_visitor where part = ? and member = ?";
    let keys = cells![member.part().number(), member.number()];
    let mut statements = Vec::new();
    for row in &sql::rows(connection, sql, keys.clone()).await? {
        let visitor = Mark::read(row, "visitor")?;
        for touched in touches_of(connection, visitor, Instant::MIN, EVERYTHING).await? {
            let sql = "update referral_click set visitor = ?, address = ?, network = ?, agent = ? \
                       where part = ? and id = ?";
            let nobody = || Vec::new();
            let click = cells![
                Mark::NOBODY.bytes().to_vec(),
                nobody(),
                nobody(),
                nobody(),
                touched.click.part().number(),
                touched.click.number()
            ];
            statements.push(Statement::plain(sql, click));
        }
        let sql = "delete from referral_touch where part = ? and visitor = ?";
        statements.push(Statement::plain(sql, cells![visitor.part().number(), visitor.bytes().to_vec()]));
    }
    let sql = "delete from referral_visitor where part = ? and member = ?";
    statements.push(Statement::plain(sql, keys));
    sql::run_all(connection, statements).await?;
    Ok(())
}

pub async fn click_find(connection: &mut Connection, click: ClickId) -> Result<Option<Click>, sql::Error> {
    let sql = format!("select {COLUMNS} from referral_click where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![click.part().number(), click.number()]).await?;
    row.map(|row| read(&row)).transpose()
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

/// Forgets clicks and touches of one part from before a moment.
pub(super) async fn clicks_forget(database: &Database, part: Part, before: Instant) -> Result<(), sql::Error> {
    let mut transaction = database.write_aside_in(part).await?;
    let cells = cells![part.number(), before.as_microsecond()];
    sql::execute(&mut transaction, "delete from referral_click where part = ? and clicked_at < ?", cells.clone())
        .await?;
    sql::execute(&mut transaction, "delete from referral_touch where part = ? and clicked_at < ?", cells).await?;
    transaction.commit().await
}

fn read(row: &Row) -> Result<Click, sql::Error> {
    let (kind, source): (&str, &str) = (sql::column(row, "kind")?, sql::column(row, "source")?);
    Ok(Click {
        id: ClickId(id(sql::column(row, "id")?)?),
        code: Some(id(sql::column(row, "code")?)?),
        advocate: Some(MemberId(id(sql::column(row, "member")?)?)),
        channel: sql::column(row, "channel")?,
        visitor: Mark::read(row, "visitor")?,
        kind: ClickKind::named(kind).ok_or_else(|| damaged(format!("{kind} is no kind of click")))?,
        source: ClickSource::named(source).ok_or_else(|| damaged(format!("{source} is no source of clicks")))?,
        address: Mark::read_any(row, "address")?,
        network: Mark::read_any(row, "network")?,
        agent: Mark::read_any(row, "agent")?,
        clicked_at: sql::column(row, "clicked_at")?,
    })
}
