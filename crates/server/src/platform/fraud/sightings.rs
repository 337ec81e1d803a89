//! Who was seen with what. A sighting lies in its party's part; whoever else was seen with a mark is found in the part
//! of the mark, which also knows how many they are.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{Instant, MemberId, Part};
use lojal_fraud::graph::Sighting;
use lojal_fraud::identifier::{IdentifierKind, Mark};

use super::super::clock::instant;
use super::super::enrolment::member_lock;
use super::super::journal::id;
use super::super::sql::{self, Cell, Connection, Outcome, Row, Statement, cells, damaged};

/// Parts of marks: as many as there are of members.
const PARTS: u8 = 64;
/// So many sightings of a part are taken out at once.
const BITE: i64 = 200;

/// Marks are keyed hashes, so that their first byte spreads them evenly.
pub(super) fn part_of(mark: Mark) -> Part {
    Part::from_number(i64::from(mark.hash[0] % PARTS)).unwrap_or(Part::PROGRAMME)
}

/// The key of a mark in its own part.
pub(super) fn key_of(mark: Mark) -> Vec<Cell> {
    cells![part_of(mark).number(), i64::from(mark.kind.tag()), mark.hash.to_vec()]
}

fn key_of_sighting(party: MemberId, mark: Mark) -> Vec<Cell> {
    cells![party.part().number(), party.number(), i64::from(mark.kind.tag()), mark.hash.to_vec()]
}

/// A mark from the columns `kind` and `mark`.
pub(in crate::platform) fn read_mark(row: &Row) -> Result<Mark, sql::Error> {
    let tag: i64 = sql::column(row, "kind")?;
    let kind = u8::try_from(tag).ok().and_then(IdentifierKind::tagged);
    let hash: &[u8] = sql::column(row, "mark")?;
    Ok(Mark {
        kind: kind.ok_or_else(|| damaged(format!("{tag} is no kind of identifier")))?,
        hash: hash.try_into().map_err(|_| damaged("a mark has not 16 bytes"))?,
    })
}

pub(super) fn read_sighting(row: &Row) -> Result<(Mark, Sighting), sql::Error> {
    let times: i64 = sql::column(row, "times")?;
    let seen = Sighting {
        first: instant(sql::column(row, "first_at")?),
        last: instant(sql::column(row, "last_at")?),
        times: u32::try_from(times).unwrap_or(u32::MAX),
    };
    Ok((read_mark(row)?, seen))
}

/// What a party was seen with of some marks.
pub(super) async fn sightings_find(
    connection: &mut Connection,
    party: MemberId,
    marks: impl IntoIterator<Item = Mark>,
) -> Result<BTreeMap<Mark, Sighting>, sql::Error> {
    let head = "select kind, mark, first_at, last_at, times from sighting where (part, party, kind, mark) in";
    let keys = marks.into_iter().map(|mark| key_of_sighting(party, mark)).collect();
    sql::look_up(connection, head, keys).await?.iter().map(read_sighting).collect()
}

/// Adds what a party was seen with. Costs the marks that are given. Whoever calls has locked the party.
pub async fn sightings_add(
    connection: &mut Connection,
    party: MemberId,
    marks: &[Mark],
    at: Instant,
) -> Result<usize, sql::Error> {
    let once = Sighting { first: at, last: at, times: 1 };
    sightings_add_all(connection, vec![(party, marks.iter().copied().collect(), once)]).await
}

/// As [`sightings_add`], of several parties, each once. The marks of all are changed in one order, so that two who do
/// this do not wait for each other.
pub(super) async fn sightings_add_all(
    connection: &mut Connection,
    seen: Vec<(MemberId, BTreeSet<Mark>, Sighting)>,
) -> Result<usize, sql::Error> {
    let (mut statements, mut new, mut number) = (Vec::new(), Vec::new(), 0);
    for (party, marks, once) in seen {
        let known = sightings_find(connection, party, marks.iter().copied()).await?;
        number += marks.len();
        new.extend(marks.iter().filter(|mark| !known.contains_key(mark)).map(|mark| (*mark, party)));
        statements.push(put(party, marks.iter().map(|mark| (*mark, joined(known.get(mark).copied(), once)))));
    }
    statements.extend(led_to(new));
    sql::run_all(connection, statements).await?;
    Ok(number)
}

/// Nobody else changes to how many parties marks lead until the transaction ends: where some are taken out and others
/// added, the order of either is not that of both.
pub(super) async fn marks_lock(connection: &mut Connection, marks: Vec<Mark>) -> Result<(), sql::Error> {
    let mut marks: Vec<Mark> = marks.into_iter().filter(|mark| leads(*mark)).collect();
    marks.sort_by_key(|mark| (part_of(*mark), *mark));
    // Over several machines a look-up locks rows of one part only.
    let sql = "update mark_tally set parties = parties where part = ? and kind = ? and mark = ?";
    let lock = |mark: &Mark| Statement::plain(sql, key_of(*mark));
    sql::run_all(connection, marks.iter().map(lock).collect()).await?;
    Ok(())
}

/// Takes out some of what a party was seen with, because it is the party's no more. Whoever calls has locked the party.
pub(super) async fn sightings_part(
    connection: &mut Connection,
    party: MemberId,
    marks: Vec<Mark>,
) -> Result<(), sql::Error> {
    let known = sightings_find(connection, party, marks).await?;
    let sql = "delete from sighting where part = ? and party = ? and kind = ? and mark = ?";
    let delete = |mark: &Mark| Statement::plain(sql, key_of_sighting(party, *mark));
    let mut statements: Vec<Statement> = known.keys().map(delete).collect();
    statements.extend(parted(known.keys().map(|mark| (*mark, party))));
    sql::run_all(connection, statements).await?;
    Ok(())
}

/// What is known and what comes, in whatever order they come.
fn joined(known: Option<Sighting>, other: Sighting) -> Sighting {
    match known {
        None => other,
        Some(known) => Sighting {
            first: known.first.min(other.first),
            last: known.last.max(other.last),
            times: known.times.saturating_add(other.times),
        },
    }
}

fn put(party: MemberId, seen: impl IntoIterator<Item = (Mark, Sighting)>) -> Statement {
    let row = |(mark, seen): (Mark, Sighting)| {
        let mut row = key_of_sighting(party, mark);
        row.extend(cells![seen.first.as_microsecond(), seen.last.as_microsecond(), i64::from(seen.times)]);
        row
    };
    Statement::insert(
        "insert into sighting (part, party, kind, mark, first_at, last_at, times) values",
        "on conflict (part, party, kind, mark) do update set \
         first_at = excluded.first_at, last_at = excluded.last_at, times = excluded.times",
        seen.into_iter().map(row).collect(),
    )
}

/// Whether a mark leads to those who were seen with it. A surname joins nobody: it is looked at where people are found
/// by something else, and half a town has the same.
fn leads(mark: Mark) -> bool {
    mark.kind != IdentifierKind::Surname
}

/// Lets marks lead to parties to whom they have not led yet, in the order of their keys.
fn led_to(edges: impl IntoIterator<Item = (Mark, MemberId)>) -> Vec<Statement> {
    let edges = ordered(edges);
    let with = |(mark, cell): (Mark, Cell)| key_of(mark).into_iter().chain([cell]).collect::<Vec<Cell>>();
    let mut marks: Vec<Mark> = edges.iter().map(|(mark, _)| *mark).collect();
    marks.dedup();
    let mut statements = vec![
        Statement::insert(
            "insert into mark_party (part, kind, mark, party) values",
            "on conflict (part, kind, mark, party) do nothing",
            edges.iter().map(|(mark, party)| with((*mark, Cell::from(party.number())))).collect(),
        ),
        Statement::insert(
            "insert into mark_tally (part, kind, mark, parties) values",
            "on conflict (part, kind, mark) do nothing",
            marks.iter().map(|mark| with((*mark, Cell::from(0_i64)))).collect(),
        ),
    ];
    statements.extend(edges.iter().map(|(mark, _)| {
        let sql = "update mark_tally set parties = parties + 1 where part = ? and kind = ? and mark = ?";
        Statement::plain(sql, key_of(*mark))
    }));
    statements
}

/// Lets marks lead to parties no more, in the order of their keys.
fn parted(sightings: impl IntoIterator<Item = (Mark, MemberId)>) -> Vec<Statement> {
    let sightings = ordered(sightings);
    let mut statements = Vec::new();
    for (mark, party) in sightings {
        let mut edge = key_of(mark);
        edge.push(Cell::from(party.number()));
        let sql = "delete from mark_party where part = ? and kind = ? and mark = ? and party = ?";
        statements.push(Statement::plain(sql, edge));
        let sql = "update mark_tally set parties = parties - 1 where part = ? and kind = ? and mark = ?";
        statements.push(Statement::plain(sql, key_of(mark)));
        let sql = "delete from mark_tally where part = ? and kind = ? and mark = ? and parties <= 0";
        statements.push(Statement::plain(sql, key_of(mark)));
    }
    statements
}

/// What leads to somebody, always in one order, so that two who change the same marks do not wait for each other.
fn ordered(edges: impl IntoIterator<Item = (Mark, MemberId)>) -> Vec<(Mark, MemberId)> {
    let mut edges: Vec<(Mark, MemberId)> = edges.into_iter().filter(|(mark, _)| leads(*mark)).collect();
    edges.sort_by_key(|(mark, party)| (part_of(*mark), *mark, *party));
    edges
}

/// All that a party was seen with.
pub(super) async fn sightings_of(
    connection: &mut Connection,
    party: MemberId,
) -> Result<Vec<(Mark, Sighting)>, sql::Error> {
    let sql = "select kind, mark, first_at, last_at, times from sighting where part = ? and party = ?";
    let rows = sql::rows(connection, sql, cells![party.part().number(), party.number()]).await?;
    rows.iter().map(read_sighting).collect()
}

/// Takes out all that a party was seen with, and says how much. Whoever calls has locked the party.
pub async fn sightings_erase(connection: &mut Connection, party: MemberId) -> Result<usize, sql::Error> {
    let seen = sightings_of(connection, party).await?;
    let sql = "delete from sighting where part = ? and party = ?";
    let mut statements = vec![Statement::plain(sql, cells![party.part().number(), party.number()])];
    statements.extend(parted(seen.iter().map(|(mark, _)| (*mark, party))));
    sql::run_all(connection, statements).await?;
    Ok(seen.len())
}

/// Lets one party have been seen with all that another one was, because they are one. Whoever calls has locked both.
pub async fn sightings_move(connection: &mut Connection, from: MemberId, into: MemberId) -> Result<usize, sql::Error> {
    let seen = sightings_of(connection, from).await?;
    if seen.is_empty() {
        return Ok(0);
    }
    let known = sightings_find(connection, into, seen.iter().map(|(mark, _)| *mark)).await?;
    marks_lock(connection, seen.iter().map(|(mark, _)| *mark).collect()).await?;
    sightings_erase(connection, from).await?;
    let new: Vec<(Mark, MemberId)> =
        seen.iter().filter(|(mark, _)| !known.contains_key(mark)).map(|(mark, _)| (*mark, into)).collect();
    let joined = seen.iter().map(|(mark, one)| (*mark, joined(known.get(mark).copied(), *one)));
    let mut statements = vec![put(into, joined)];
    statements.extend(led_to(new));
    sql::run_all(connection, statements).await?;
    Ok(seen.len())
}

/// Takes out a bite of what of a kind was last seen before a moment in a part, and says how many sightings went.
pub(super) async fn sightings_forget(
    connection: &mut Connection,
    part: Part,
    kind: IdentifierKind,
    before: Instant,
) -> Result<usize, sql::Error> {
    let sql = "select party, kind, mark from sighting where part = ? and kind = ? and last_at < ? limit ?";
    let cells = cells![part.number(), i64::from(kind.tag()), before.as_microsecond(), BITE];
    let rows = sql::rows(connection, sql, cells).await?;
    let mut old = Vec::new();
    for row in &rows {
        old.push((read_mark(row)?, MemberId(id(sql::column(row, "party")?)?)));
    }
    let parties: BTreeSet<MemberId> = old.iter().map(|(_, party)| *party).collect();
    for party in parties {
        member_lock(connection, party).await?;
    }
    let sql = "delete from sighting where part = ? and party = ? and kind = ? and mark = ? and last_at < ?";
    let delete = |(mark, party): &(Mark, MemberId)| {
        let mut cells = key_of_sighting(*party, *mark);
        cells.push(Cell::from(before.as_microsecond()));
        Statement::plain(sql, cells)
    };
    let outcomes: Vec<Outcome> = sql::run_all(connection, old.iter().map(delete).collect()).await?;
    let gone = old.iter().zip(&outcomes).filter(|(_, outcome)| outcome.touched > 0).map(|(edge, _)| *edge);
    let gone: Vec<(Mark, MemberId)> = gone.collect();
    sql::run_all(connection, parted(gone.iter().copied())).await?;
    Ok(gone.len())
}

/// Whether anything of a kind was last seen before a moment in a part.
pub(super) async fn is_any_older(
    connection: &mut Connection,
    part: Part,
    kind: IdentifierKind,
    before: Instant,
) -> Result<bool, sql::Error> {
    let sql = "select party from sighting where part = ? and kind = ? and last_at < ? limit 1";
    let cells = cells![part.number(), i64::from(kind.tag()), before.as_microsecond()];
    Ok(sql::row(connection, sql, cells).await?.is_some())
}
