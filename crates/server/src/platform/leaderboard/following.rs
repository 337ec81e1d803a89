//! How the leaderboard keeps up with the journal. What an advocate hears of a friend has a number, and each row is written
//! as things stand now, so that anything may be read twice.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lojal_core::decision::{Because, Record};
use lojal_core::kernel::{Calendar, HolderId, Instant, MemberId, Name, Part};
use lojal_core::referrals::{Advocacy, Friends, Step};

use super::name::{name_follow, names_erase};
use super::period::Period;
use crate::platform::advocacies::advocacies;
use crate::platform::clock::instant;
use crate::platform::database::Database;
use crate::platform::journal::{
    JournalRow, id, journal_grown, journal_page, journal_page_of, looked_at_again, transaction_id,
};
use crate::platform::progress::{progress_advance, progress_find, progress_set};
use crate::platform::sql::{self, Connection, Row, Statement, cells, damaged};
use crate::platform::states::{State, state_find_all, state_page};

/// Under which the place in the journal is kept.
const WORK: &str = "leaderboard";
/// Counts the writes, so that of two processes one is late.
const ROUND: &str = "leaderboard_round";
/// Works of which nothing moves along with the data.
pub(crate) const WORKS: [&str; 2] = [WORK, ROUND];
/// Rows of the journal, and holders, that are read together.
const PAGE: usize = 256;
/// Friends of one advocate that are read again where something was overlooked.
const ALL_FRIENDS: usize = 1_000_000;

/// Takes in what the journal has gained. Answers how many members were counted anew.
pub async fn leaderboard_catch_up(database: &Database, calendar: &Calendar, now: Instant) -> Result<usize, sql::Error> {
    let mut counted = 0;
    for part in journal_grown(database, WORK, now).await? {
        let Some(members) = follow(database, calendar, part, now).await? else { return Ok(counted) };
        counted += members;
    }
    Ok(counted)
}

/// Forgets what was counted; it is counted again from the beginning. Names stay: they follow from nothing.
pub async fn leaderboard_drop(database: &Database, now: Instant) -> Result<(), sql::Error> {
    loop {
        let round = progress_find(&mut *database.read().await?, Part::PROGRAMME, ROUND).await?;
        let mut transaction = database.write_aside().await?;
        if !progress_advance(&mut transaction, Part::PROGRAMME, ROUND, (round, round + 1), now).await? {
            transaction.rollback().await?;
            continue;
        }
        for table in ["leaderboard_place", "leaderboard_tally"] {
            let sql = format!("delete from {table} where part = ?");
            sql::execute(&mut transaction, &sql, cells![Part::PROGRAMME.number()]).await?;
        }
        for part in Part::all() {
            let sql = "delete from friend_counted where part = ?";
            sql::execute(&mut transaction, sql, cells![part.number()]).await?;
            let sql = "delete from progress where part = ? and work = ?";
            sql::execute(&mut transaction, sql, cells![part.number(), WORK]).await?;
        }
        return transaction.commit().await;
    }
}

/// Looks for advocates of whom something else was counted than their accounts say: in a file, rows may come to light
/// late. Answers how many there were.
pub async fn leaderboard_overlooked(
    database: &Database,
    calendar: &Calendar,
    now: Instant,
) -> Result<usize, sql::Error> {
    let (mut found, mut after) = (0, None);
    loop {
        let mut connection = database.read().await?;
        let page = state_page(&mut connection, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.holder.id);
        let mut stale = Vec::new();
        for state in page.iter().filter(|state| !state.holder.friends.is_empty() && !state.holder.is_closed()) {
            let leader = MemberId(state.holder.id.0);
            let known = rows_of(&mut connection, [leader]).await?.into_iter().filter(Counted::counts).count();
            let counts: i64 = state.holder.friends.values().map(Friends::count).sum();
            if i64::try_from(known).ok() == Some(counts) {
                continue;
            }
            let accounts: Vec<MemberId> = state.holder.merged_accounts().chain([leader]).collect();
            stale.push((leader, advocacies(&mut connection, &accounts, None, ALL_FRIENDS).await?));
        }
        drop(connection);
        if stale.is_empty() {
            continue;
        }
        found += stale.len();
        let change = Change {
            holders: stale.iter().map(|(leader, _)| (*leader).into()).collect(),
            heard: stale.into_iter().flat_map(|(leader, all)| all.into_iter().map(move |it| (leader, it))).collect(),
        };
        if !change.write(database, calendar, None, now).await? {
            return Ok(found);
        }
    }
}

/// Follows the journal of a part, or of all where they lie together, to its end; `None` when another process
/// came first.
async fn follow(
    database: &Database,
    calendar: &Calendar,
    part: Option<Part>,
    now: Instant,
) -> Result<Option<usize>, sql::Error> {
    let place = part.unwrap_or(Part::PROGRAMME);
    let (mut counted, mut after) = (0, None);
    loop {
        let mut connection = database.read().await?;
        let position = progress_find(&mut connection, place, WORK).await?;
        let begin = after.unwrap_or_else(|| looked_at_again(connection.dialect(), position));
        let rows = match part {
            Some(part) => journal_page_of(&mut connection, part, begin, PAGE).await?,
            None => journal_page(&mut connection, transaction_id(begin).ok(), PAGE).await?,
        };
        drop(connection);
        let Some(last) = rows.last().map(|row| row.id.number()) else { return Ok(Some(counted)) };
        let change = Change::read(&rows)?;
        counted += change.holders.len();
        let is_new = last > position;
        if (is_new || !change.holders.is_empty())
            && !change.write(database, calendar, Some((place, last.max(position))), now).await?
        {
            return Ok(None);
        }
        after = Some(last);
        if rows.len() < PAGE {
            return Ok(Some(counted));
        }
    }
}

/// A friend who counts, or did.
struct Counted {
    leader: MemberId,
    advocate: MemberId,
    friend: MemberId,
    referral: Name,
    sequence: i64,
    qualified_at: Option<Instant>,
}

impl Counted {
    fn read(row: &Row) -> Result<Counted, sql::Error> {
        let member = |name| Ok::<_, sql::Error>(MemberId(id(sql::column(row, name)?)?));
        Ok(Counted {
            leader: member("leader")?,
            advocate: member("advocate")?,
            friend: member("friend")?,
            referral: Name::from(sql::column::<&str>(row, "referral")?),
            sequence: sql::column(row, "sequence")?,
            qualified_at: sql::column::<Option<i64>>(row, "qualified_at")?.map(instant),
        })
    }

    fn counts(&self) -> bool {
        self.qualified_at.is_some()
    }

    /// An account that was merged hears the same as the survivor, who counts the friend in its place.
    fn is_newer_than(&self, known: &Counted) -> bool {
        (self.sequence, self.counts()) > (known.sequence, known.counts())
    }
}

/// Who is concerned by some rows of the journal, and what advocates heard.
struct Change {
    holders: BTreeSet<HolderId>,
    heard: Vec<(MemberId, Advocacy)>,
}

impl Change {
    fn read(rows: &[JournalRow]) -> Result<Change, sql::Error> {
        let mut change = Change { holders: BTreeSet::new(), heard: Vec::new() };
        for row in rows {
            let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
            let concerns = |because: &Because| {
                matches!(because, Because::MergedInto { .. } | Because::AccountMerged { .. } | Because::Left)
            };
            if body.decision.effects.iter().any(|effect| concerns(&effect.because)) {
                change.holders.insert(row.holder);
            }
            for (_, record) in body.decision.records {
                if let Record::Advocacy(advocacy) = record {
                    change.holders.insert(row.holder);
                    change.heard.push((MemberId(row.holder.0), *advocacy));
                }
            }
        }
        Ok(change)
    }

    /// Writes everything, or nothing when another process has written meanwhile.
    async fn write(
        self,
        database: &Database,
        calendar: &Calendar,
        position: Option<(Part, i64)>,
        now: Instant,
    ) -> Result<bool, sql::Error> {
        let round = progress_find(&mut *database.read().await?, Part::PROGRAMME, ROUND).await?;
        let mut transaction = database.write_aside().await?;
        if !progress_advance(&mut transaction, Part::PROGRAMME, ROUND, (round, round + 1), now).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        if let Some((place, position)) = position {
            progress_set(&mut transaction, place, WORK, position, now).await?;
        }
        if !self.holders.is_empty() {
            self.count(&mut transaction, calendar).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn count(&self, connection: &mut Connection, calendar: &Calendar) -> Result<(), sql::Error> {
        let states = with_survivors(connection, &self.holders).await?;
        let leader = |member: MemberId| leader_of(member, &states);
        let mut people: BTreeMap<MemberId, BTreeSet<MemberId>> = BTreeMap::new();
        for holder in &self.holders {
            let account = MemberId(holder.0);
            let leader = leader(account);
            let accounts = people.entry(leader).or_default();
            accounts.extend([account, leader]);
            accounts.extend(states.get(&leader.into()).into_iter().flat_map(|state| state.holder.merged_accounts()));
        }
        let accounts: BTreeSet<MemberId> = people.values().flatten().copied().collect();
        let mut known: BTreeMap<(MemberId, MemberId, MemberId), Counted> = BTreeMap::new();
        let mut statements = Vec::new();
        for row in rows_of(connection, accounts.iter().copied()).await? {
            let now = leader(row.leader);
            let place = (now, row.advocate, row.friend);
            let is_newer = known.get(&place).is_none_or(|known| row.is_newer_than(known));
            if now != row.leader {
                statements.push(removed(&row));
            }
            if is_newer {
                let row = Counted { leader: now, ..row };
                statements.push(written(&row));
                known.insert(place, row);
            }
        }
        for (holder, advocacy) in &self.heard {
            let heard = heard(leader(*holder), advocacy);
            let place = (heard.leader, heard.advocate, heard.friend);
            let is_new = known.get(&place).map_or(heard.counts(), |known| heard.is_newer_than(known));
            if is_new {
                statements.push(written(&heard));
                known.insert(place, heard);
            }
        }
        sql::run_all(connection, statements).await?;
        for (leader, accounts) in &people {
            for account in accounts.iter().filter(|account| *account != leader) {
                name_follow(connection, *account, *leader).await?;
            }
            if states.get(&(*leader).into()).is_some_and(|state| state.holder.has_left()) {
                names_erase(connection, *leader).await?;
            }
        }
        let wanted = places(&people, &states, known.values(), calendar);
        set_places(connection, &accounts, wanted).await
    }
}

/// The states of some holders and of those whose accounts they have become.
async fn with_survivors(
    connection: &mut Connection,
    holders: &BTreeSet<HolderId>,
) -> Result<HashMap<HolderId, State>, sql::Error> {
    let mut states: HashMap<HolderId, State> = HashMap::new();
    let mut missing = holders.clone();
    while !missing.is_empty() {
        let found = state_find_all(connection, std::mem::take(&mut missing)).await?;
        for state in found {
            let into = state.holder.merged_into().map(HolderId::from);
            missing.extend(into.filter(|into| !states.contains_key(into)));
            states.insert(state.holder.id, state);
        }
        missing.retain(|holder| !states.contains_key(holder));
    }
    Ok(states)
}

/// Whose account a member's is now.
fn leader_of(member: MemberId, states: &HashMap<HolderId, State>) -> MemberId {
    let mut leader = member;
    while let Some(into) = states.get(&leader.into()).and_then(|state| state.holder.merged_into()) {
        leader = into;
    }
    leader
}

async fn rows_of(
    connection: &mut Connection,
    leaders: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<Counted>, sql::Error> {
    let keys = leaders.into_iter().map(|leader| cells![leader.part().number(), leader.number()]).collect();
    let head = "select leader, advocate, friend, referral, sequence, qualified_at from friend_counted
                where (part, leader) in";
    sql::look_up(connection, head, keys).await?.iter().map(Counted::read).collect()
}

fn heard(leader: MemberId, advocacy: &Advocacy) -> Counted {
    let recommendation = &advocacy.recommendation;
    let qualified_at = match recommendation.step {
        // One whom a limit left no room for counts for nothing.
        Step::Qualified { at, .. } => advocacy.number.map(|_| at),
        _ => None,
    };
    Counted {
        leader,
        advocate: recommendation.advocate,
        friend: recommendation.friend,
        referral: recommendation.referral.clone(),
        sequence: i64::from(recommendation.sequence),
        qualified_at,
    }
}

fn removed(row: &Counted) -> Statement {
    let sql = "delete from friend_counted where part = ? and leader = ? and advocate = ? and friend = ?";
    let (leader, advocate, friend) = (row.leader, row.advocate, row.friend);
    Statement::plain(sql, cells![leader.part().number(), leader.number(), advocate.number(), friend.number()])
}

fn written(row: &Counted) -> Statement {
    Statement::insert(
        "insert into friend_counted (part, leader, advocate, friend, referral, sequence, qualified_at) values",
        "on conflict (part, leader, advocate, friend) do update set referral = excluded.referral,
         sequence = excluded.sequence, qualified_at = excluded.qualified_at",
        vec![cells![
            row.leader.part().number(),
            row.leader.number(),
            row.advocate.number(),
            row.friend.number(),
            row.referral.as_str(),
            row.sequence,
            row.qualified_at.map(Instant::as_microsecond),
        ]],
    )
}

/// How many friends count for each member in each period. Whoever has left has no place.
fn places<'r>(
    people: &BTreeMap<MemberId, BTreeSet<MemberId>>,
    states: &HashMap<HolderId, State>,
    known: impl Iterator<Item = &'r Counted>,
    calendar: &Calendar,
) -> BTreeMap<(String, MemberId), i64> {
    let stays = |leader: MemberId| states.get(&leader.into()).is_some_and(|state| !state.holder.is_closed());
    let mut counted: BTreeSet<(String, MemberId, MemberId)> = BTreeSet::new();
    for row in known.filter(|row| people.contains_key(&row.leader) && stays(row.leader)) {
        let Some(at) = row.qualified_at else { continue };
        let periods = Period::of(calendar.date(at), &row.referral);
        // Two accounts of one person that were credited with the same friend are one.
        counted.extend(periods.map(|period| (period.to_string(), row.leader, row.friend)));
    }
    let mut places = BTreeMap::new();
    for (period, leader, _) in counted {
        *places.entry((period, leader)).or_insert(0) += 1;
    }
    places
}

/// Has the members stand where they should, and nowhere else.
async fn set_places(
    connection: &mut Connection,
    members: &BTreeSet<MemberId>,
    wanted: BTreeMap<(String, MemberId), i64>,
) -> Result<(), sql::Error> {
    let part = Part::PROGRAMME.number();
    let keys = members.iter().map(|member| cells![part, member.number()]).collect();
    let head = "select period, member, friends from leaderboard_place where (part, member) in";
    let mut had: BTreeMap<(String, MemberId), i64> = BTreeMap::new();
    for row in &sql::look_up(connection, head, keys).await? {
        let member = MemberId(id(sql::column(row, "member")?)?);
        had.insert((sql::column(row, "period")?, member), sql::column(row, "friends")?);
    }
    let mut statements = Vec::new();
    let mut tallies: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    for ((period, member), friends) in &had {
        if wanted.get(&(period.clone(), *member)) == Some(friends) {
            continue;
        }
        *tallies.entry((period, *friends)).or_insert(0) -= 1;
        if !wanted.contains_key(&(period.clone(), *member)) {
            let sql = "delete from leaderboard_place where part = ? and period = ? and member = ?";
            statements.push(Statement::plain(sql, cells![part, period.as_str(), member.number()]));
        }
    }
    let mut rows = Vec::new();
    for ((period, member), friends) in &wanted {
        if had.get(&(period.clone(), *member)) != Some(friends) {
            *tallies.entry((period, *friends)).or_insert(0) += 1;
            rows.push(cells![part, period.as_str(), member.number(), *friends]);
        }
    }
    if !rows.is_empty() {
        statements.push(Statement::insert(
            "insert into leaderboard_place (part, period, member, friends) values",
            "on conflict (part, period, member) do update set friends = excluded.friends",
            rows,
        ));
    }
    statements.extend(tallied(tallies));
    sql::run_all(connection, statements).await?;
    Ok(())
}

/// So many more members, or fewer, have so many friends in a period.
fn tallied(tallies: BTreeMap<(&str, i64), i64>) -> Vec<Statement> {
    let part = Part::PROGRAMME.number();
    let mut statements = Vec::new();
    for ((period, friends), more) in tallies.into_iter().filter(|(_, more)| *more != 0) {
        let place = cells![part, period, friends];
        statements.push(Statement::insert(
            "insert into leaderboard_tally (part, period, friends, members) values",
            "on conflict (part, period, friends) do nothing",
            vec![cells![part, period, friends, 0_i64]],
        ));
        statements.push(Statement::plain(
            "update leaderboard_tally set members = members + ? where part = ? and period = ? and friends = ?",
            cells![more, part, period, friends],
        ));
        let sql = "delete from leaderboard_tally where part = ? and period = ? and friends = ? and members <= 0";
        statements.push(Statement::plain(sql, place));
    }
    statements
}
