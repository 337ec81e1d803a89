//! Rows become orders. In a sorted file the rows of one order lie near each other, so an order is
//! complete when the file has moved on far enough, and only the orders of that window are held.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use lojal_core::kernel::{Calendar, Instant, Name, Period};

use super::ImportError;
use super::rows::{Head, LeftOut, Reason, Row, ShopLine};

/// One order of the file: goods bought, goods that came back, or both.
#[derive(Clone, Debug)]
pub struct ShopOrder {
    pub id: Name,
    /// Whom any of its rows names; None is a guest's order.
    pub member: Option<Name>,
    /// The time of its earliest row.
    pub at: Instant,
    pub head: Head,
    /// Each with its id: the shop's own, or the position from 1.
    pub lines: Vec<(Name, ShopLine)>,
}

/// Gives orders sorted by the time of their earliest row, then by their id as text.
pub struct Grouping {
    window: Option<(Calendar, Period)>,
    open: HashMap<Name, ShopOrder>,
    queue: BTreeSet<(Instant, Name)>,
    /// The latest row so far.
    latest: Option<Instant>,
    /// The last order given away: nothing may come before it any more.
    frontier: Option<(Instant, Name)>,
    /// Hashes of the ids given away, eight bytes each: a straggler must not pass for a new order.
    given: HashSet<u64>,
}

impl Grouping {
    /// Without a window all rows are read before the first order is given.
    pub fn new(window: Option<(Calendar, Period)>) -> Grouping {
        Grouping {
            window,
            open: HashMap::new(),
            queue: BTreeSet::new(),
            latest: None,
            frontier: None,
            given: HashSet::new(),
        }
    }

    /// Takes the next row of the file; a row of another member's order is handed back.
    pub fn add(&mut self, row: Row) -> Result<Result<(), LeftOut>, ImportError> {
        if let Some(order) = self.open.get(&row.order) {
            if order.member.is_some() && row.member.is_some() && order.member != row.member {
                return Ok(Err(LeftOut { row: row.number, reason: Reason::OtherMember, column: None, found: None }));
            }
        } else if self.given.contains(&hash(&row.order)) {
            return Err(ImportError::OutOfPlace { row: row.number, order: row.order });
        }
        let earliest = self.open.get(&row.order).map_or(row.at, |order| order.at.min(row.at));
        if self.frontier.as_ref().is_some_and(|frontier| (earliest, &row.order) < (frontier.0, &frontier.1)) {
            return Err(ImportError::OutOfPlace { row: row.number, order: row.order });
        }
        self.latest = self.latest.max(Some(row.at));
        let order = self.open.entry(row.order.clone()).or_insert_with(|| ShopOrder {
            id: row.order.clone(),
            member: None,
            at: row.at,
            head: row.head,
            lines: Vec::new(),
        });
        self.queue.remove(&(order.at, row.order.clone()));
        order.at = earliest;
        order.member = order.member.take().or(row.member);
        self.queue.insert((earliest, row.order));
        let position = Name::from((order.lines.len() + 1).to_string());
        order.lines.push((row.line.id.clone().unwrap_or(position), row.line));
        Ok(Ok(()))
    }

    /// The next order of which no more rows can come.
    pub fn next_complete(&mut self) -> Option<ShopOrder> {
        let (calendar, period) = self.window.as_ref()?;
        let (earliest, _) = self.queue.first()?;
        if calendar.after(*earliest, *period) < self.latest? { self.next_of_rest() } else { None }
    }

    /// The next order once the file has ended.
    pub fn next_of_rest(&mut self) -> Option<ShopOrder> {
        let (at, id) = self.queue.pop_first()?;
        if self.window.is_some() {
            self.given.insert(hash(&id));
        }
        let order = self.open.remove(&id);
        self.frontier = Some((at, id));
        order
    }
}

fn hash(id: &Name) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
