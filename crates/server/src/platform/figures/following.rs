//! How the figures keep up with the journal.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::SignedDuration;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Instant, MemberId, Name, Part, TransactionId};
use lojal_core::programme::Programme;

use super::Total;
use super::card::{Card, Sale, Shared, order_of};
use super::daily::{Count, Daily, Days};
use super::guests::{guest_orders_among, guest_orders_count, guest_orders_hand_over};
use super::listing::{NEVER_ENDS, NEVER_ORDERED};
use super::merging::{Counted, gather};
use super::reading::{cards_of, day_number};
use super::recommended::{friends_write, past_of, recommended_write};
use super::recommending::{Purchase, Recommended, hear, needs_past};
use crate::platform::clock::instant;
use crate::platform::database::Database;
use crate::platform::journal::{
    Body, JournalRow, id, journal_find_all, journal_grown, journal_page, journal_page_of, journal_since,
    looked_at_again, transaction_id,
};
use crate::platform::progress::{progress_advance, progress_find, progress_set};
use crate::platform::sql::{self, Connection, cells, damaged};
use crate::platform::states::{State, state_find_all};

/// Under which the place in the journal is kept.
const WORK: &str = "figures";
/// Counts the writes, so that of two processes one is late.
const ROUND: &str = "figures_round";
/// By what it was counted: see [`manner`].
const MANNER: &str = "figures_manner";
/// When the end of the journal was last reached.
const THROUGH: &str = "figures_through";
/// How often that is noted when nothing else is written.
const NOTED: SignedDuration = SignedDuration::from_secs(60);
/// How often everything has been counted from the beginning.
const GENERATION: &str = "figures_generation";
/// Works of which nothing moves along with the data.
pub(crate) const WORKS: [&str; 5] = [WORK, ROUND, MANNER, THROUGH, GENERATION];
/// Counts up when a release counts in another way.
const RELEASE: u8 = 2;
/// Between pages, so that whoever writes does not wait for the next one at once.
const PAUSE: Duration = Duration::from_millis(10);

/// Rows that are counted together.
const PAGE: usize = 1000;
/// Holders whose cards are compared with their states together.
const SWEPT: usize = 5000;

/// Takes in what the journal has gained. Answers how many rows were counted.
pub async fn figures_catch_up(database: &Database, programme: &Programme, now: Instant) -> Result<usize, sql::Error> {
    let manner = manner(programme);
    if progress_find(&mut *database.read().await?, Part::PROGRAMME, MANNER).await? != manner {
        figures_drop(database, now).await?;
        let mut transaction = database.write_aside().await?;
        progress_set(&mut transaction, Part::PROGRAMME, MANNER, manner, now).await?;
        transaction.commit().await?;
    }
    let begun = Stand::read(&mut *database.read().await?).await?;
    let mut counted = 0;
    for part in journal_grown(database, WORK, now).await? {
        let Some(rows) = follow(database, programme, part, now).await? else { return Ok(counted) };
        counted += rows;
    }
    let Some(guests) = guest_orders_count(database, &programme.calendar, now).await? else { return Ok(counted) };
    counted += guests;
    let noted = figures_through(&mut *database.read().await?).await?;
    if noted.is_none_or(|noted| now.duration_since(noted).abs() >= NOTED) {
        let stand = Stand::read(&mut *database.read().await?).await?;
        let mut transaction = database.write_aside().await?;
        // What was begun anew meanwhile has not come to its end.
        if stand.generation == begun.generation && stand.claim(&mut transaction, now).await? {
            progress_set(&mut transaction, Part::PROGRAMME, THROUGH, now.as_microsecond(), now).await?;
            transaction.commit().await?;
        } else {
            transaction.rollback().await?;
        }
    }
    Ok(counted)
}

/// Up to when everything has been counted, to the minute; `None` before the end of the journal was first reached.
pub async fn figures_through(connection: &mut Connection) -> Result<Option<Instant>, sql::Error> {
    let through = progress_find(connection, Part::PROGRAMME, THROUGH).await?;
    Ok((through != 0).then(|| instant(through)))
}

/// What decides how things are counted: where it changes, everything is counted again.
fn manner(programme: &Programme) -> i64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[RELEASE]);
    let unit = programme.main_unit().map(|unit| unit.id.as_str());
    let ladder = programme.ladders.first();
    let levels = ladder.into_iter().flat_map(|ladder| &ladder.levels).map(|level| level.id.as_str());
    let ladder = ladder.map(|ladder| ladder.id.as_str());
    let named = [Some(programme.calendar.zone()), unit, ladder].map(Option::unwrap_or_default);
    for text in named.into_iter().chain(levels) {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    let hash = hasher.finalize();
    hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// Forgets all figures; they are built again from the beginning. Cards stay where they are, and stand for nothing
/// until they are written again: to take out a million rows would keep everybody waiting.
pub async fn figures_drop(database: &Database, now: Instant) -> Result<(), sql::Error> {
    loop {
        let stand = Stand::read(&mut *database.read().await?).await?;
        let mut transaction = database.write_aside().await?;
        // From here on nobody else counts: what others have read before is of another round.
        if !stand.claim(&mut transaction, now).await? {
            transaction.rollback().await?;
            continue;
        }
        // Two databases never count in the same generation: what moves says in which it was counted.
        let generation = now.as_microsecond().max(stand.generation + 1);
        progress_set(&mut transaction, Part::PROGRAMME, GENERATION, generation, now).await?;
        for table in ["figure_total", "figure_day"] {
            let sql = format!("delete from {table} where part = ?");
            sql::execute(&mut transaction, &sql, cells![Part::PROGRAMME.number()]).await?;
        }
        for part in Part::all() {
            let sql = "delete from progress where part = ? and work in (?, ?)";
            sql::execute(&mut transaction, sql, cells![part.number(), WORK, THROUGH]).await?;
        }
        return transaction.commit().await;
    }
}

/// Where counting stands, read before anything is changed.
#[derive(Clone, Copy)]
pub(super) struct Stand {
    /// How often anything has been written.
    round: i64,
    /// How often everything has been begun anew; cards of another generation stand for nothing.
    pub(super) generation: i64,
}

impl Stand {
    pub(super) async fn read(connection: &mut Connection) -> Result<Stand, sql::Error> {
        let round = progress_find(connection, Part::PROGRAMME, ROUND).await?;
        Ok(Stand { round, generation: progress_find(connection, Part::PROGRAMME, GENERATION).await? })
    }

    /// Takes the next round, unless somebody else has taken it since this was read; others wait until the transaction
    /// has ended.
    pub(super) async fn claim(self, connection: &mut Connection, now: Instant) -> Result<bool, sql::Error> {
        progress_advance(connection, Part::PROGRAMME, ROUND, (self.round, self.round + 1), now).await
    }
}

/// In which count figures stand that say in which they were counted.
pub(super) async fn generation(connection: &mut Connection) -> Result<i64, sql::Error> {
    progress_find(connection, Part::PROGRAMME, GENERATION).await
}

/// Follows the journal of a part, or of all where they lie together, to its end; `None` when another process
/// came first.
async fn follow(
    database: &Database,
    programme: &Programme,
    part: Option<Part>,
    now: Instant,
) -> Result<Option<usize>, sql::Error> {
    let place = part.unwrap_or(Part::PROGRAMME);
    let mut counted = 0;
    let mut after = None;
    loop {
        let mut connection = database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        let position = progress_find(&mut connection, place, WORK).await?;
        let begin = after.unwrap_or_else(|| looked_at_again(connection.dialect(), position));
        let rows = match part {
            Some(part) => journal_page_of(&mut connection, part, begin, PAGE).await?,
            None => journal_page(&mut connection, transaction_id(begin).ok(), PAGE).await?,
        };
        let Some(last) = rows.last().map(|row| row.id.number()) else { break };
        let is_last = rows.len() < PAGE;
        let change = Change::read(&mut connection, programme, stand, rows).await?;
        drop(connection);
        counted += change.counted;
        let is_old = change.counted == 0 && last <= position;
        if !is_old && !change.write(database, programme, (place, last.max(position)), now).await? {
            return Ok(None);
        }
        after = Some(last);
        if is_last {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Some(counted))
}

/// Rows of one holder, with what they and others say.
#[derive(Clone, Copy)]
struct Rows<'a> {
    of_holder: &'a [JournalRow],
    bodies: &'a HashMap<TransactionId, Body>,
    replaced: &'a HashMap<TransactionId, Body>,
}

/// What some rows of the journal change.
struct Change {
    stand: Stand,
    cards: Vec<Card>,
    totals: BTreeMap<Total, i64>,
    days: Days,
    recommended: Recommended,
    /// Orders that were a guest's.
    handed_over: Vec<Name>,
    counted: usize,
}

impl Change {
    async fn read(
        connection: &mut Connection,
        programme: &Programme,
        stand: Stand,
        rows: Vec<JournalRow>,
    ) -> Result<Change, sql::Error> {
        let mut of_holders: BTreeMap<HolderId, Vec<JournalRow>> = BTreeMap::new();
        for row in rows {
            of_holders.entry(row.holder).or_default().push(row);
        }
        let mut known = cards_of(connection, of_holders.keys().copied()).await?;
        known.retain(|_, card| card.generation == stand.generation);
        for (holder, rows) in &mut of_holders {
            let head = known.get(holder).map(|card| card.head);
            rows.retain(|row| head.is_none_or(|head| row.id > head));
            // What another process wrote meanwhile, or what was overlooked, lies between.
            if let Some(first) = rows.first()
                && first.prev != head
            {
                let mut between = journal_since(connection, first.prev, head.map_or(-1, TransactionId::number)).await?;
                between.append(rows);
                *rows = between;
            }
        }
        of_holders.retain(|_, rows| !rows.is_empty());
        let states = states_that_matter(connection, of_holders.keys().copied()).await?;
        let mut bodies = HashMap::new();
        for row in of_holders.values().flatten() {
            bodies.insert(row.id, read_body(row)?);
        }
        let replaced = replaced(connection, &bodies).await?;
        let orders = bodies.values().filter_map(order_of).map(|record| &record.order.external_id).collect();
        let mut change = Change {
            stand,
            cards: Vec::new(),
            totals: BTreeMap::new(),
            days: Days::default(),
            recommended: Recommended::default(),
            handed_over: guest_orders_among(connection, orders).await?,
            counted: 0,
        };
        let mut cards = BTreeMap::new();
        for (holder, rows) in of_holders {
            let before = known.remove(&holder);
            let Some(last) = rows.last() else { continue };
            let mut card = before.clone().unwrap_or_else(|| Card::new(holder, last.id, stand.generation));
            card.head = last.id;
            change.counted += rows.len();
            let rows = Rows { of_holder: &rows, bodies: &bodies, replaced: &replaced };
            change.tell(connection, programme, rows, (&mut card, before.as_ref())).await?;
            let state = states.get(&holder).ok_or_else(|| damaged(format!("the state of {holder} is missing")))?;
            card.take_over(&state.holder, programme);
            card.facts.shared = shared(&state.holder, &states, programme);
            cards.insert(holder, Counted { card, before });
        }
        for survivor in gather(connection, stand.generation, &states, &mut cards).await? {
            if let (Some(counted), Some(state)) = (cards.get_mut(&survivor), states.get(&survivor)) {
                counted.card.facts.shared = shared(&state.holder, &states, programme);
            }
        }
        for Counted { card, before } in cards.into_values() {
            let added = card.totals().into_iter();
            let taken = before.map(|card| card.totals()).unwrap_or_default().into_iter();
            for (total, amount) in added.chain(taken.map(|(total, amount)| (total, -amount))) {
                *change.totals.entry(total).or_default() += amount;
            }
            change.cards.push(card);
        }
        change.totals.retain(|_, amount| *amount != 0);
        change.share(connection, programme, &states).await?;
        Ok(change)
    }

    /// Takes in what rows of one holder say, in their order.
    async fn tell(
        &mut self,
        connection: &mut Connection,
        programme: &Programme,
        rows: Rows<'_>,
        (card, before): (&mut Card, Option<&Card>),
    ) -> Result<(), sql::Error> {
        let calendar = &programme.calendar;
        let mut purchases = Vec::new();
        for (id, body) in rows.of_holder.iter().filter_map(|row| Some((row.id, rows.bodies.get(&row.id)?))) {
            self.days.count_effects(body, calendar);
            let known = |id| rows.bodies.get(&id).or_else(|| rows.replaced.get(&id));
            let earlier = body.decision.replaces.and_then(known);
            hear(&mut card.facts, (id, body, earlier), programme, &mut self.days);
            let Some(order) = order_of(body) else { continue };
            let sold_before = earlier.and_then(order_of).map(Sale::of).unwrap_or_default();
            let purchase = Purchase::new(order, sold_before);
            card.count(purchase.placed_at, purchase.before, purchase.after, calendar);
            self.days.count_order(purchase.placed_at, purchase.before, purchase.after, calendar);
            purchases.push(purchase);
        }
        let was = before.and_then(|card| card.facts.came.as_ref());
        let past = match before {
            Some(before) if needs_past(was, card.facts.came.as_ref()) => past_of(connection, before).await?,
            _ => Vec::new(),
        };
        let (friend, bought) = (MemberId(card.holder.0), (past.as_slice(), purchases.as_slice()));
        self.recommended.settle(friend, (was, &mut card.facts.came), bought, &mut self.days, calendar);
        Ok(())
    }

    /// Tells the members of households whose balance has changed.
    async fn share(
        &mut self,
        connection: &mut Connection,
        programme: &Programme,
        states: &HashMap<HolderId, State>,
    ) -> Result<(), sql::Error> {
        let changed: BTreeSet<HolderId> = self.cards.iter().map(|card| card.holder).collect();
        let mut members: BTreeMap<HolderId, Shared> = BTreeMap::new();
        for state in changed.iter().filter_map(|holder| states.get(holder)) {
            let HolderKind::Household { members: of_household } = &state.holder.kind else { continue };
            let balance = household_balance(&state.holder, programme);
            members.extend(of_household.iter().map(|member| ((*member).into(), balance)));
        }
        members.retain(|member, _| !changed.contains(member));
        let mut cards = cards_of(connection, members.keys().copied()).await?;
        // Who has moved on meanwhile has an own row that says so.
        cards.retain(|_, card| card.generation == self.stand.generation && card.facts.shared.is_some());
        for (member, mut card) in cards {
            card.facts.shared = members.get(&member).copied();
            self.cards.push(card);
        }
        Ok(())
    }

    /// Writes everything, or nothing when another process has written meanwhile.
    async fn write(
        self,
        database: &Database,
        programme: &Programme,
        (place, position): (Part, i64),
        now: Instant,
    ) -> Result<bool, sql::Error> {
        let mut transaction = database.write_aside().await?;
        if !self.stand.claim(&mut transaction, now).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        progress_set(&mut transaction, place, WORK, position, now).await?;
        let cards = self.cards.iter().map(|card| card_cells(card, programme)).collect::<Result<_, _>>()?;
        sql::insert_all(
            &mut transaction,
            "insert into member_card
             (part, member, head, generation, level, points, spent, orders, last_order_at, expires_at, body) values",
            "on conflict id_key (part, member) do update set head = excluded.head,
             generation = excluded.generation, level = excluded.level,
             points = excluded.points, spent = excluded.spent, orders = excluded.orders,
             last_order_at = excluded.last_order_at, expires_at = excluded.expires_at, body = excluded.body",
            cards,
        )
        .await?;
        write_totals(&mut transaction, self.totals).await?;
        write_days(&mut transaction, self.days).await?;
        let generation = self.stand.generation;
        recommended_write(&mut transaction, generation, &self.recommended).await?;
        friends_write(&mut transaction, generation, &self.recommended).await?;
        guest_orders_hand_over(&mut transaction, &self.handed_over).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// The states of holders, of the households that they are members of, and of those into whose accounts theirs were
/// merged.
async fn states_that_matter(
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<HashMap<HolderId, State>, sql::Error> {
    let known = |states: Vec<State>| states.into_iter().map(|state| (state.holder.id, state));
    let mut states: HashMap<HolderId, State> = known(state_find_all(connection, holders).await?).collect();
    loop {
        let leading: BTreeSet<HolderId> = states.values().filter_map(|state| state.holder.leads_to()).collect();
        let missing: Vec<HolderId> = leading.into_iter().filter(|holder| !states.contains_key(holder)).collect();
        let found = state_find_all(connection, missing).await?;
        if found.is_empty() {
            return Ok(states);
        }
        states.extend(known(found));
    }
}

/// What the household of a member has.
fn shared(holder: &Holder, states: &HashMap<HolderId, State>, programme: &Programme) -> Option<Shared> {
    states.get(&holder.household()?).map(|state| household_balance(&state.holder, programme))
}

fn household_balance(household: &Holder, programme: &Programme) -> Shared {
    let mut card = Card::new(household.id, TransactionId(household.id.0), 0);
    card.take_over(household, programme);
    card.balance(programme)
}

/// Adds to what stands in the totals. Nobody else writes them meanwhile: the round has been claimed.
async fn write_totals(connection: &mut Connection, totals: BTreeMap<Total, i64>) -> Result<(), sql::Error> {
    let place = Part::PROGRAMME.number();
    let keys = totals.keys().map(|total| cells![place, total.name, total.subject.as_str()]).collect();
    let sql = "select name, subject, amount from figure_total where (part, name, subject) in";
    let mut known: HashMap<(String, String), i64> = HashMap::new();
    for row in sql::look_up(connection, sql, keys).await? {
        known.insert((sql::column(&row, "name")?, sql::column(&row, "subject")?), sql::column(&row, "amount")?);
    }
    let total = |(total, amount): (Total, i64)| {
        let before = known.get(&(total.name.to_owned(), total.subject.clone())).copied().unwrap_or(0);
        cells![place, total.name, total.subject, before + amount]
    };
    sql::insert_all(
        connection,
        "insert into figure_total (part, name, subject, amount) values",
        "on conflict (part, name, subject) do update set amount = excluded.amount",
        totals.into_iter().map(total).collect(),
    )
    .await?;
    Ok(())
}

/// As [`write_totals`], for the days.
pub(super) async fn write_days(connection: &mut Connection, days: Days) -> Result<(), sql::Error> {
    let place = Part::PROGRAMME.number();
    let days: Vec<(Daily, Count)> = days.into_counts().collect();
    let key = |(daily, _): &(Daily, Count)| cells![place, daily.name, day_number(daily.date), daily.subject.as_str()];
    let sql = "select name, day, subject, times, amount from figure_day where (part, name, day, subject) in";
    let mut known: HashMap<(String, i64, String), Count> = HashMap::new();
    for row in sql::look_up(connection, sql, days.iter().map(key).collect()).await? {
        let key = (sql::column(&row, "name")?, sql::column(&row, "day")?, sql::column(&row, "subject")?);
        known.insert(key, Count { times: sql::column(&row, "times")?, amount: sql::column(&row, "amount")? });
    }
    let day = |(daily, mut count): (Daily, Count)| {
        let number = day_number(daily.date);
        count += known.get(&(daily.name.to_owned(), number, daily.subject.clone())).copied().unwrap_or_default();
        cells![place, daily.name, number, daily.subject, count.times, count.amount]
    };
    sql::insert_all(
        connection,
        "insert into figure_day (part, name, day, subject, times, amount) values",
        "on conflict (part, name, day, subject) do update set times = excluded.times, amount = excluded.amount",
        days.into_iter().map(day).collect(),
    )
    .await?;
    Ok(())
}

/// What a card is written as. Lists go along the columns, so none is empty for whoever is listed: who never ordered
/// comes before everybody, and what never ends, after everything.
fn card_cells(card: &Card, programme: &Programme) -> Result<Vec<sql::Cell>, sql::Error> {
    let body = serde_json::to_string(&card.facts).map_err(damaged)?;
    let is_listed = card.is_listed();
    let balance = card.balance(programme);
    let micro = |at: Instant| at.as_microsecond();
    Ok(cells![
        card.holder.part().number(),
        card.holder.number(),
        card.head.number(),
        card.generation,
        card.level(programme).filter(|_| is_listed).map(|level| level.as_str().to_owned()),
        is_listed.then_some(balance.points),
        is_listed.then(|| card.spent()),
        is_listed.then(|| card.orders()),
        is_listed.then(|| card.last_order_at().map_or(NEVER_ORDERED, micro)),
        is_listed.then(|| balance.expires_at.map_or(NEVER_ENDS, micro)),
        body,
    ])
}

fn read_body(row: &JournalRow) -> Result<Body, sql::Error> {
    row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))
}

/// The rows that others replace and that are not among those at hand.
async fn replaced(
    connection: &mut Connection,
    bodies: &HashMap<TransactionId, Body>,
) -> Result<HashMap<TransactionId, Body>, sql::Error> {
    let missing: BTreeSet<TransactionId> =
        bodies.values().filter_map(|body| body.decision.replaces).filter(|id| !bodies.contains_key(id)).collect();
    if missing.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = journal_find_all(connection, missing).await?;
    rows.iter().map(|row| Ok((row.id, read_body(row)?))).collect()
}

/// Counts what was written out of order and has no successor that tells of it. Answers how many holders there were.
pub async fn figures_overlooked(database: &Database, programme: &Programme, now: Instant) -> Result<usize, sql::Error> {
    let mut found = 0;
    let mut after = None;
    loop {
        let mut connection = database.read().await?;
        let stand = Stand::read(&mut connection).await?;
        let (page, mut cells) = connection.dialect().page("holder", after);
        let sql = format!(
            "select holder, state_head, card_head from (
                 select holder_state.part as part, holder_state.holder as holder, holder_state.head as state_head,
                        case when member_card.generation = ? then member_card.head end as card_head
                 from holder_state left join member_card
                 on member_card.part = holder_state.part and member_card.member = holder_state.holder
             ) as compared where {page} limit ?"
        );
        cells.insert(0, sql::Cell::from(stand.generation));
        cells.extend(cells![SWEPT as i64]);
        let rows = sql::rows(&mut connection, &sql, cells).await?;
        let mut missing = Vec::new();
        for row in &rows {
            let head: i64 = sql::column(row, "state_head")?;
            after = Some(id(sql::column(row, "holder")?)?);
            if sql::column::<Option<i64>>(row, "card_head")?.is_none_or(|counted| counted < head) {
                missing.push(transaction_id(head)?);
            }
        }
        for heads in missing.chunks(PAGE) {
            let heads = journal_find_all(&mut connection, heads.iter().copied()).await?;
            let stand = Stand::read(&mut connection).await?;
            let change = Change::read(&mut connection, programme, stand, heads).await?;
            found += change.cards.len();
            let position = progress_find(&mut connection, Part::PROGRAMME, WORK).await?;
            if !change.write(database, programme, (Part::PROGRAMME, position), now).await? {
                return Ok(found);
            }
        }
        if rows.len() < SWEPT {
            return Ok(found);
        }
    }
}
