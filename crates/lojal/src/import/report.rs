//! What an import read, matched, left out and wrote.

mod render;

use std::collections::BTreeMap;

use lojal_core::activity::OrderState;
use lojal_core::kernel::{Calendar, Instant, Money, Name, format_decimal};
use serde::Serialize;

use super::rows::{LeftOut, Reason, ShopLine, Terms};

/// How many examples of each kind of trouble are kept.
const EXAMPLES: usize = 5;

/// The numbers of one import. Money is counted in the programme's minor units.
#[derive(Clone, Debug)]
pub struct Report {
    currency: Name,
    decimals: u8,
    calendar: Calendar,
    /// Rows of the file, the header apart.
    pub rows: u64,
    left_out: BTreeMap<Reason, Counted<LeftOut>>,
    pub members: u64,
    first: Option<Instant>,
    last: Option<Instant>,
    /// Orders with goods bought.
    pub orders: Counts,
    /// Of those, called off.
    pub cancelled_orders: u64,
    /// Orders of the file with goods that came back.
    pub returns: Counts,
    pub matching: Matching,
    pub guests: Guests,
    /// Lines whose amount has more decimals than the programme's money.
    pub rounded_lines: u64,
    /// Commands that the file amounts to.
    pub steps: u64,
    pub written: Written,
}

#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub orders: u64,
    pub lines: u64,
    pub pieces: i64,
    pub total: Money,
}

/// Lines of goods that came back, by whether their order was found.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    pub lines: u64,
    pub partly: u64,
    pub unmatched: u64,
    pub pieces: i64,
    pub unmatched_pieces: i64,
}

/// Orders of people whom the file does not name.
#[derive(Clone, Debug, Default)]
pub struct Guests {
    pub orders: u64,
    pub rows: u64,
    /// What they came to, less what came back.
    pub kept: Money,
    /// Written as they stand in the file.
    pub accepted: u64,
    /// Acknowledged in an earlier run over the same file.
    pub resumed: u64,
}

/// What became of the commands.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub enrolled: u64,
    pub accepted: u64,
    /// The same was known already.
    pub repeated: u64,
    /// Acknowledged in an earlier run over the same file.
    pub resumed: u64,
    refused: BTreeMap<String, Counted<Refused>>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Refused {
    pub order: Name,
    pub detail: String,
}

#[derive(Clone, Debug)]
struct Counted<T> {
    count: u64,
    examples: Vec<T>,
}

impl<T> Default for Counted<T> {
    fn default() -> Counted<T> {
        Counted { count: 0, examples: Vec::new() }
    }
}

impl<T> Counted<T> {
    fn add(&mut self, example: T) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example);
        }
    }
}

impl Report {
    pub fn new(terms: &Terms) -> Report {
        Report {
            currency: terms.currency.clone(),
            decimals: terms.decimals,
            calendar: terms.calendar.clone(),
            rows: 0,
            left_out: BTreeMap::new(),
            members: 0,
            first: None,
            last: None,
            orders: Counts::default(),
            cancelled_orders: 0,
            returns: Counts::default(),
            matching: Matching::default(),
            guests: Guests::default(),
            rounded_lines: 0,
            steps: 0,
            written: Written::default(),
        }
    }

    pub fn leave_out(&mut self, left_out: LeftOut) {
        self.left_out.entry(left_out.reason).or_default().add(left_out);
    }

    /// Rows left out for any reason.
    pub fn rows_left_out(&self) -> u64 {
        self.left_out.values().map(|counted| counted.count).sum()
    }

    #[cfg(test)]
    pub fn left_out_for(&self, reason: Reason) -> u64 {
        self.left_out.get(&reason).map_or(0, |counted| counted.count)
    }

    pub fn count_time(&mut self, at: Instant) {
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        self.last = self.last.max(Some(at));
    }

    /// The last moment of which the file tells.
    pub fn last(&self) -> Option<Instant> {
        self.last
    }

    pub fn count_order(&mut self, lines: &[(Name, ShopLine)], state: OrderState) {
        self.orders.orders += 1;
        self.cancelled_orders += u64::from(state == OrderState::Cancelled);
        for (_, line) in lines {
            self.orders.count(line);
            self.rounded_lines += u64::from(line.rounded);
        }
    }

    pub fn count_guest(&mut self, rows: u64, kept: Money) {
        self.guests.orders += 1;
        self.guests.rows += rows;
        self.guests.kept = self.guests.kept + kept;
    }

    /// A line of goods that came back, of which `matched` pieces were found among earlier lines.
    pub fn count_return(&mut self, line: &ShopLine, matched: i64) {
        self.returns.count(line);
        self.rounded_lines += u64::from(line.rounded);
        self.matching.pieces += matched;
        self.matching.unmatched_pieces += line.pieces - matched;
        match matched {
            0 => self.matching.unmatched += 1,
            _ if matched < line.pieces => self.matching.partly += 1,
            _ => self.matching.lines += 1,
        }
    }

    pub fn refuse(&mut self, code: String, order: Name, detail: String) {
        self.written.refused.entry(code).or_default().add(Refused { order, detail });
    }

    pub fn refused(&self) -> u64 {
        self.written.refused.values().map(|counted| counted.count).sum()
    }

    fn money(&self, money: Money) -> String {
        format_decimal(money.0, self.decimals)
    }
}

impl Counts {
    fn count(&mut self, line: &ShopLine) {
        self.lines += 1;
        self.pieces += line.pieces;
        self.total = self.total + line.total;
    }
}
