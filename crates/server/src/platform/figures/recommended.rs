//! Recommendations and advocates in lists: written with the figures, and read by whoever shows them.

use std::collections::HashMap;

use lojal_core::kernel::{Instant, MemberId, Part};

use super::card::{Card, Sale, order_of};
use super::following::generation;
use super::recommending::{Brought, Purchase, Recommended};
use crate::platform::clock::instant;
use crate::platform::journal::{id, journal_since};
use crate::platform::lanes::merged;
use crate::platform::sql::{self, Cell, Connection, Row, Statement, cells, damaged};

/// Rows that one look goes through where two filters are set, of which one leads.
const MOST_LOOKED_AT: usize = 4000;
const STRIDE: usize = 1000;

/// Everything that a holder bought until a card was written, in the order in which it became known.
pub(super) async fn past_of(connection: &mut Connection, card: &Card) -> Result<Vec<Purchase>, sql::Error> {
    if card.facts.last_order_at.is_none() {
        return Ok(Vec::new());
    }
    let mut known: HashMap<_, Sale> = HashMap::new();
    let mut purchases = Vec::new();
    for row in journal_since(connection, Some(card.head), -1).await? {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        let Some(order) = order_of(&body) else { continue };
        let before = known.insert(order.order.external_id.clone(), Sale::of(order)).unwrap_or_default();
        purchases.push(Purchase::new(order, before));
    }
    Ok(purchases)
}

/// Adds to what stands of advocates. Nobody else writes it meanwhile: the round has been claimed.
pub(super) async fn recommended_write(
    connection: &mut Connection,
    generation: i64,
    recommended: &Recommended,
) -> Result<(), sql::Error> {
    let advocates = recommended.advocates.iter().filter(|(_, brought)| **brought != Brought::default());
    let advocates: Vec<_> = advocates.collect();
    let key = |((advocate, period), _): &(&(MemberId, String), &Brought)| {
        cells![advocate.part().number(), advocate.number(), period.as_str()]
    };
    let sql = "select advocate, period, generation, joined, qualified, amount from referral_advocate
               where (part, advocate, period) in";
    let mut known: HashMap<(i64, String), Brought> = HashMap::new();
    for row in sql::look_up(connection, sql, advocates.iter().map(key).collect()).await? {
        if sql::column::<i64>(&row, "generation")? == generation {
            known.insert((sql::column(&row, "advocate")?, sql::column(&row, "period")?), read_brought(&row)?);
        }
    }
    let row = |((advocate, period), brought): (&(MemberId, String), &Brought)| {
        let before = known.get(&(advocate.number(), period.clone())).copied().unwrap_or_default();
        cells![
            advocate.part().number(),
            advocate.number(),
            period.as_str(),
            generation,
            before.joined + brought.joined,
            before.qualified + brought.qualified,
            before.amount + brought.amount,
        ]
    };
    sql::insert_all(
        connection,
        "insert into referral_advocate (part, advocate, period, generation, joined, qualified, amount) values",
        "on conflict (part, advocate, period) do update set generation = excluded.generation,
         joined = excluded.joined, qualified = excluded.qualified, amount = excluded.amount",
        advocates.into_iter().map(row).collect(),
    )
    .await?;
    Ok(())
}

fn read_brought(row: &Row) -> Result<Brought, sql::Error> {
    let number = |name| sql::column::<i64>(row, name);
    Ok(Brought { joined: number("joined")?, qualified: number("qualified")?, amount: number("amount")? })
}

/// Writes the rows of friends whose recommendation stands otherwise now.
pub(super) async fn friends_write(
    connection: &mut Connection,
    generation: i64,
    recommended: &Recommended,
) -> Result<(), sql::Error> {
    let row = |(friend, came): &(MemberId, super::Came)| {
        let (referral, state, came_at) = came.listed();
        let came_at = came_at.as_microsecond();
        cells![friend.part().number(), friend.number(), generation, referral.as_str(), state, came_at]
    };
    sql::insert_all(
        connection,
        "insert into referral_card (part, friend, generation, referral, state, came_at) values",
        "on conflict id_key (part, friend) do update set generation = excluded.generation,
         referral = excluded.referral, state = excluded.state, came_at = excluded.came_at",
        recommended.friends.iter().map(row).collect(),
    )
    .await?;
    Ok(())
}

/// By what advocates are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// By friends who count.
    Qualified,
    /// By what friends bought, less returns.
    Amount,
}

/// What the friends of a member brought in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advocated {
    pub advocate: MemberId,
    pub joined: i64,
    pub qualified: i64,
    /// In minor units.
    pub amount: i64,
}

/// The best advocates of a period as totals name it, or of all time, at most `limit`.
pub async fn advocates_listed(
    connection: &mut Connection,
    period: &str,
    rank: Rank,
    limit: usize,
) -> Result<Vec<Advocated>, sql::Error> {
    let generation = generation(connection).await?;
    let column = match rank {
        Rank::Qualified => "qualified",
        Rank::Amount => "amount",
    };
    let question = |part: Option<Part>| {
        let mut cells: Vec<Cell> = part.into_iter().map(|part| Cell::from(part.number())).collect();
        let part = if part.is_some() { "part = ? and " } else { "" };
        cells.extend(cells![generation, period, limit as i64]);
        let sql = format!(
            "select advocate, joined, qualified, amount from referral_advocate
             where {part}generation = ? and period = ? and {column} > 0
             order by {column} desc, advocate desc limit ?"
        );
        Statement::plain(sql, cells)
    };
    let lanes = connection.dialect().in_order_of_time().into_iter().map(question).collect();
    let mut found = Vec::new();
    for row in sql::run_all(connection, lanes).await?.iter().flat_map(|answer| &answer.rows) {
        let Brought { joined, qualified, amount } = read_brought(row)?;
        let advocate = MemberId(id(sql::column(row, "advocate")?)?);
        found.push(Advocated { advocate, joined, qualified, amount });
    }
    let size = |advocated: &Advocated| match rank {
        Rank::Qualified => advocated.qualified,
        Rank::Amount => advocated.amount,
    };
    found.sort_unstable_by_key(|advocated| std::cmp::Reverse((size(advocated), advocated.advocate)));
    found.truncate(limit);
    Ok(found)
}

/// Which recommendations are asked for. Nothing stands for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReferralFilter {
    pub state: Option<String>,
    pub referral: Option<String>,
}

/// A friend in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedFriend {
    pub friend: MemberId,
    pub referral: String,
    pub state: String,
    pub came_at: Instant,
}

impl ListedFriend {
    /// After which friend a list goes on: when they came, and who it was.
    pub fn place(&self) -> (i64, i64) {
        (self.came_at.as_microsecond(), self.friend.number())
    }
}

/// Friends who came before a place, the latest first, at most `limit`; and where it goes on.
pub async fn friends_listed(
    connection: &mut Connection,
    filter: &ReferralFilter,
    before: Option<(i64, i64)>,
    limit: usize,
) -> Result<(Vec<ListedFriend>, Option<(i64, i64)>), sql::Error> {
    let generation = generation(connection).await?;
    let takes = |friend: &ListedFriend| filter.referral.as_ref().is_none_or(|referral| friend.referral == *referral);
    // The state leads, where both are asked for.
    let is_looked_through = filter.state.is_some() && filter.referral.is_some();
    let stride = if is_looked_through { STRIDE } else { limit + 1 };
    let mut found: Vec<ListedFriend> = Vec::new();
    let (mut place, mut looked_at) = (before, 0);
    loop {
        let (friends, has_more) = stretch(connection, generation, filter, place, stride).await?;
        looked_at += friends.len();
        place = friends.last().map(ListedFriend::place).or(place);
        for friend in friends.into_iter().filter(takes) {
            if found.len() == limit {
                return Ok((found.clone(), found.last().map(ListedFriend::place)));
            }
            found.push(friend);
        }
        if !has_more {
            return Ok((found, None));
        }
        if looked_at >= MOST_LOOKED_AT {
            return Ok((found, place));
        }
    }
}

/// The next friends along one index, and whether there are more.
async fn stretch(
    connection: &mut Connection,
    generation: i64,
    filter: &ReferralFilter,
    before: Option<(i64, i64)>,
    stride: usize,
) -> Result<(Vec<ListedFriend>, bool), sql::Error> {
    let lanes = connection.dialect().in_order_of_time();
    let of_each = (stride / lanes.len()).max(2);
    let (came_at, friend) = before.unwrap_or((i64::MAX, i64::MAX));
    let question = |part: Option<Part>| {
        let mut conditions = Vec::new();
        let mut cells = Vec::new();
        let mut is = |column: &str, cell: Cell| {
            conditions.push(format!("{column} = ?"));
            cells.push(cell);
        };
        part.into_iter().for_each(|part| is("part", Cell::from(part.number())));
        is("generation", Cell::from(generation));
        match (&filter.state, &filter.referral) {
            (Some(state), _) => is("state", Cell::from(state.as_str())),
            (None, Some(referral)) => is("referral", Cell::from(referral.as_str())),
            (None, None) => {}
        }
        cells.extend(cells![came_at, friend, of_each as i64]);
        let sql = format!(
            "select friend, referral, state, came_at from referral_card
             where {} and (came_at, friend) < (?, ?) order by came_at desc, friend desc limit ?",
            conditions.join(" and ")
        );
        Statement::plain(sql, cells)
    };
    let answers = sql::run_all(connection, lanes.into_iter().map(question).collect()).await?;
    let friends = answers.iter().map(|answer| answer.rows.iter().map(read_friend).collect::<Result<Vec<_>, _>>());
    let order = |friend: &ListedFriend| std::cmp::Reverse(friend.place());
    Ok(merged(friends.collect::<Result<_, _>>()?, of_each, order))
}

fn read_friend(row: &Row) -> Result<ListedFriend, sql::Error> {
    Ok(ListedFriend {
        friend: MemberId(id(sql::column(row, "friend")?)?),
        referral: sql::column(row, "referral")?,
        state: sql::column(row, "state")?,
        came_at: instant(sql::column(row, "came_at")?),
    })
}
