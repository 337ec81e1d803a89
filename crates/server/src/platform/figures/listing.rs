//! Members by what their cards say. Whatever is asked, one index leads through it, and one look goes no further than
//! so many cards, so that a page costs the same however many members there are.

use lojal_core::kernel::{Id, Instant, MemberId, Part};

use crate::platform::clock::instant;
use crate::platform::journal::id;
use crate::platform::lanes::merged;
use crate::platform::sql::{self, Cell, Connection, Row, Statement, cells};

/// In the place of when somebody ordered last who never did.
pub(super) const NEVER_ORDERED: i64 = 0;
/// In the place of when something ends that never does.
pub(super) const NEVER_ENDS: i64 = i64::MAX;

/// How far one look goes.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Cards that it goes through at most.
    pub most: usize,
    /// Those that are taken at once.
    pub stride: usize,
}

impl Look {
    pub const USUAL: Look = Look { most: 4000, stride: 1000 };
}

/// Which members are asked for. Nothing stands for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of the first ladder.
    pub level: Option<String>,
    pub least_points: Option<i64>,
    /// In minor units.
    pub least_spent: Option<i64>,
    pub least_orders: Option<i64>,
    pub most_orders: Option<i64>,
    /// The latest order was placed at this moment or later.
    pub ordered_since: Option<Instant>,
    /// The latest order was placed before this moment.
    pub quiet_since: Option<Instant>,
    /// Something ends before this moment.
    pub expires_before: Option<Instant>,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Whoever joined last.
    #[default]
    Newest,
    MostPoints,
    MostSpent,
    LatestOrder,
    /// Whose points end first.
    SoonestExpiry,
}

/// Where a list goes on: what the last card was put in order by, and whose it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub value: i64,
    pub member: i64,
}

/// The columns of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub member: MemberId,
    pub level: Option<String>,
    pub points: i64,
    /// In minor units.
    pub spent: i64,
    pub orders: i64,
    pub last_order_at: Option<Instant>,
    pub expires_at: Option<Instant>,
}

/// A piece of a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub members: Vec<Listed>,
    /// Where it goes on; `None` at the end.
    pub next: Option<Place>,
    /// Whether the look ended before there were as many as asked for.
    pub ended_early: bool,
}

impl Filter {
    fn takes(&self, card: &Listed) -> bool {
        self.level.as_ref().is_none_or(|level| card.level.as_ref() == Some(level))
            && self.least_points.is_none_or(|least| card.points >= least)
            && self.least_spent.is_none_or(|least| card.spent >= least)
            && self.least_orders.is_none_or(|least| card.orders >= least)
            && self.most_orders.is_none_or(|most| card.orders <= most)
            && self.ordered_since.is_none_or(|since| card.last_order_at.is_some_and(|at| at >= since))
            && self.quiet_since.is_none_or(|since| card.last_order_at.is_some_and(|at| at < since))
            && self.expires_before.is_none_or(|before| card.expires_at.is_some_and(|at| at < before))
    }
}

/// An index, and the stretch of it that is looked through.
struct Lead {
    /// What is put in order; `member` where nothing else is.
    column: &'static str,
    is_ascending: bool,
    /// From here on, the end excluded.
    begin: i64,
    /// Up to here, included.
    end: i64,
    /// Only of this level.
    level: Option<String>,
}

impl Lead {
    fn of(filter: &Filter, order: Order, place: Option<Place>) -> Lead {
        let micro = |at: Option<Instant>| at.map(Instant::as_microsecond);
        let down = |column, begin: Option<i64>, end: Option<i64>| Lead {
            column,
            is_ascending: false,
            begin: place.map_or(begin.unwrap_or(i64::MAX), |place| place.value),
            end: end.unwrap_or(i64::MIN),
            level: None,
        };
        match order {
            Order::Newest => Lead { level: filter.level.clone(), ..down("member", None, None) },
            Order::MostPoints => down("points", None, filter.least_points),
            Order::MostSpent => down("spent", None, filter.least_spent),
            Order::LatestOrder => down("last_order_at", micro(filter.quiet_since), micro(filter.ordered_since)),
            Order::SoonestExpiry => Lead {
                is_ascending: true,
                begin: place.map_or(i64::MIN, |place| place.value),
                end: micro(filter.expires_before).unwrap_or(i64::MAX),
                ..down("expires_at", None, None)
            },
        }
    }

    /// Asks one lane for cards after a place.
    fn question(&self, part: Option<Part>, place: Option<Place>, limit: usize) -> Statement {
        let Lead { column, is_ascending, .. } = self;
        let (after, within, way) = if *is_ascending { (">", "<=", "asc") } else { ("<", ">=", "desc") };
        let mut conditions = Vec::new();
        let mut cells = Vec::new();
        if let Some(part) = part {
            conditions.push("part = ?".to_owned());
            cells.push(Cell::from(part.number()));
        }
        if let Some(level) = &self.level {
            conditions.push("level = ?".to_owned());
            cells.push(Cell::from(level.as_str()));
        }
        match place {
            Some(place) => {
                conditions.push(format!("({column}, member) {after} (?, ?)"));
                cells.extend(cells![place.value, place.member]);
            }
            None => {
                let or_equal = if self.begin == i64::MIN || self.begin == i64::MAX { "=" } else { "" };
                conditions.push(format!("{column} {after}{or_equal} ?"));
                cells.push(Cell::from(self.begin));
            }
        }
        conditions.push(format!("{column} {within} ?"));
        cells.push(Cell::from(self.end));
        // Whoever is not listed has empty columns.
        conditions.push("spent is not null".to_owned());
        cells.push(Cell::from(limit as i64));
        let sql = format!(
            "select member, level, points, spent, orders, last_order_at, expires_at from member_card
             where {} order by {column} {way}, member {way} limit ?",
            conditions.join(" and ")
        );
        Statement::plain(sql, cells)
    }

    fn place(&self, card: &Listed) -> Place {
        let micro = |at: Option<Instant>, never| at.map_or(never, Instant::as_microsecond);
        let value = match self.column {
            "points" => card.points,
            "spent" => card.spent,
            "last_order_at" => micro(card.last_order_at, NEVER_ORDERED),
            "expires_at" => micro(card.expires_at, NEVER_ENDS),
            _ => card.member.number(),
        };
        Place { value, member: card.member.number() }
    }

    /// Sorts like the database does.
    fn key(&self, place: Place) -> (i64, i64) {
        if self.is_ascending { (place.value, place.member) } else { (!place.value, !place.member) }
    }
}

/// Members whom a filter takes, after a place, at most `limit`.
pub async fn members_listed(
    connection: &mut Connection,
    filter: &Filter,
    order: Order,
    after: Option<Place>,
    limit: usize,
    look: Look,
) -> Result<Listing, sql::Error> {
    let lead = Lead::of(filter, order, after);
    let mut listing = Listing { next: after, ..Listing::default() };
    let mut looked = 0;
    while looked < look.most {
        let (cards, has_more) = stride(connection, &lead, listing.next, look.stride).await?;
        looked += cards.len().max(1);
        for card in cards {
            let place = lead.place(&card);
            if filter.takes(&card) {
                if listing.members.len() == limit {
                    return Ok(listing);
                }
                listing.members.push(card);
            }
            listing.next = Some(place);
        }
        if !has_more {
            listing.next = None;
            return Ok(listing);
        }
    }
    listing.ended_early = listing.members.len() < limit;
    Ok(listing)
}

/// The next cards in their order, and whether there are more.
async fn stride(
    connection: &mut Connection,
    lead: &Lead,
    place: Option<Place>,
    stride: usize,
) -> Result<(Vec<Listed>, bool), sql::Error> {
    let lanes = connection.dialect().in_order_of_time();
    let of_each = (stride / lanes.len()).max(2);
    let questions = lanes.iter().map(|part| lead.question(*part, place, of_each)).collect();
    let answers = sql::run_all(connection, questions).await?;
    let cards = answers.iter().map(|answer| answer.rows.iter().map(read).collect::<Result<Vec<_>, _>>());
    Ok(merged(cards.collect::<Result<_, _>>()?, of_each, |card| lead.key(lead.place(card))))
}

/// How many of the next cards a filter takes, and where counting goes on: a piece at a time, so that nobody waits for
/// the whole.
pub async fn members_counted(
    connection: &mut Connection,
    filter: &Filter,
    order: Order,
    after: Option<Place>,
) -> Result<(i64, Option<Place>), sql::Error> {
    let lead = Lead::of(filter, order, after);
    let (cards, has_more) = stride(connection, &lead, after, Look::USUAL.stride).await?;
    let next = cards.last().map(|card| lead.place(card)).filter(|_| has_more);
    Ok((cards.iter().filter(|card| filter.takes(card)).count() as i64, next))
}

fn read(row: &Row) -> Result<Listed, sql::Error> {
    let moment = |column, never| {
        let number = sql::column::<Option<i64>>(row, column)?;
        Ok::<_, sql::Error>(number.filter(|number| *number != never).map(instant))
    };
    let number = |column| Ok::<_, sql::Error>(sql::column::<Option<i64>>(row, column)?.unwrap_or(0));
    let member: Id = id(sql::column(row, "member")?)?;
    Ok(Listed {
        member: MemberId(member),
        level: sql::column(row, "level")?,
        points: number("points")?,
        spent: number("spent")?,
        orders: number("orders")?,
        last_order_at: moment("last_order_at", NEVER_ORDERED)?,
        expires_at: moment("expires_at", NEVER_ENDS)?,
    })
}
