//! The shop's history as steps for the engine, in the order in which it happened.

use std::collections::{HashSet, VecDeque};
use std::io::Read;

use lojal_core::activity::{Line, Order, OrderState};
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::kernel::{Instant, Money, Name};

use super::ImportError;
use super::grouping::{Grouping, ShopOrder};
use super::mapping::Mapping;
use super::matching::{BoughtLines, Match};
use super::report::Report;
use super::rows::{LeftOut, Reason, Row, Rows, ShopLine, Terms};

/// One command, dated as the shop's file dates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Instant,
    /// The shop's own id.
    pub member: Name,
    /// The order of the file that it comes from.
    pub order: Name,
    pub command: Command,
}

/// Reads a file into steps. The same file under the same mapping and terms always gives the same
/// steps, which is what makes an interrupted import resumable by their count.
pub struct History<R> {
    rows: Rows<R>,
    grouping: Grouping,
    bought: Option<BoughtLines>,
    members: HashSet<Name>,
    steps: VecDeque<Step>,
    ended: bool,
    report: Report,
}

impl<R: Read> History<R> {
    pub fn open(file: R, mapping: &Mapping, terms: &Terms) -> Result<History<R>, ImportError> {
        let window = mapping.order_window.map(|period| (terms.calendar.clone(), period));
        Ok(History {
            rows: Rows::open(file, mapping, terms)?,
            grouping: Grouping::new(window),
            bought: mapping.match_cancellations.then(BoughtLines::default),
            members: HashSet::new(),
            steps: VecDeque::new(),
            ended: false,
            report: Report::new(terms),
        })
    }

    /// The next step; `None` at the end of the file.
    pub fn next_step(&mut self) -> Result<Option<Step>, ImportError> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Ok(Some(step));
            }
            match self.next_order()? {
                Some(order) => self.unfold(order),
                None => return Ok(None),
            }
        }
    }

    /// What has been read so far.
    pub fn report(&mut self) -> &mut Report {
        &mut self.report
    }

    pub fn into_report(self) -> Report {
        self.report
    }

    fn next_order(&mut self) -> Result<Option<ShopOrder>, ImportError> {
        while !self.ended {
            if let Some(order) = self.grouping.next_complete() {
                return Ok(Some(order));
            }
            match self.rows.next_row()? {
                None => self.ended = true,
                Some(row) => {
                    self.report.rows += 1;
                    match row {
                        Ok(row) => self.group(row)?,
                        Err(left_out) => self.report.leave_out(left_out),
                    }
                }
            }
        }
        Ok(self.grouping.next_of_rest())
    }

    fn group(&mut self, row: Row) -> Result<(), ImportError> {
        if let Err(left_out) = self.grouping.add(row)? {
            self.report.leave_out(left_out);
        }
        Ok(())
    }

    /// Goods bought are one command; goods that came back follow them.
    fn unfold(&mut self, order: ShopOrder) {
        self.report.count_time(order.at);
        if self.members.insert(order.member.clone()) {
            self.report.members += 1;
        }
        let (returned, bought): (Vec<_>, Vec<_>) = order.lines.iter().cloned().partition(|(_, line)| line.returned);
        if !bought.is_empty() {
            self.buy(&order, &bought);
        }
        if returned.is_empty() {
            return;
        }
        if order.head.state == OrderState::Cancelled {
            for (_, line) in returned {
                let reason = Reason::ReturnOfCancelled;
                self.report.leave_out(LeftOut { row: line.row, reason, column: None, found: None });
            }
        } else {
            self.take_back(&order, returned);
        }
    }

    fn buy(&mut self, order: &ShopOrder, lines: &[(Name, ShopLine)]) {
        if let Some(index) = self.bought.as_mut().filter(|_| order.head.state != OrderState::Cancelled) {
            for (id, line) in lines {
                if let Some(sku) = &line.sku {
                    let kept = Match { order: order.id.clone(), line: id.clone(), pieces: line.pieces };
                    index.add(&order.member, sku, line.price, kept);
                }
            }
        }
        self.report.count_order(lines, order.head.state);
        let command = Command::PutOrder { order: as_order(order, lines, order.head.state) };
        self.push(order, command);
    }

    fn take_back(&mut self, order: &ShopOrder, returned: Vec<(Name, ShopLine)>) {
        self.report.returns.orders += 1;
        let mut matched: Vec<Match> = Vec::new();
        let mut unmatched = Vec::new();
        for (id, line) in returned {
            let found = match (&mut self.bought, &line.sku) {
                (Some(index), Some(sku)) => index.take_back(&order.member, sku, line.price, line.pieces),
                _ => Vec::new(),
            };
            let pieces: i64 = found.iter().map(|found| found.pieces).sum();
            self.report.count_return(&line, pieces);
            matched.extend(found);
            if pieces < line.pieces {
                unmatched.push((id, rest_of(line, pieces)));
            }
        }
        for (bought_in, lines) in by_order(matched) {
            let return_id = order.id.clone();
            self.push(order, Command::ReturnLines { order: bought_in, return_id, returned_at: order.at, lines });
        }
        if !unmatched.is_empty() {
            let goods = as_order(order, &unmatched, OrderState::Paid);
            self.push(order, Command::ReturnWithoutOrder { goods });
        }
    }

    fn push(&mut self, order: &ShopOrder, command: Command) {
        self.report.steps += 1;
        self.steps.push_back(Step { at: order.at, member: order.member.clone(), order: order.id.clone(), command });
    }
}

/// One return for each order, each line named once, in the order in which they were matched.
fn by_order(matches: Vec<Match>) -> Vec<(Name, Vec<ReturnedLine>)> {
    let mut orders: Vec<(Name, Vec<ReturnedLine>)> = Vec::new();
    for Match { order, line, pieces } in matches {
        let position = orders.iter().position(|(known, _)| *known == order).unwrap_or_else(|| {
            orders.push((order, Vec::new()));
            orders.len() - 1
        });
        let lines = &mut orders[position].1;
        match lines.iter_mut().find(|known| known.line == line) {
            Some(known) => known.quantity += pieces,
            None => lines.push(ReturnedLine { line, quantity: pieces }),
        }
    }
    orders
}

/// What is left of a line when some pieces were matched.
fn rest_of(line: ShopLine, matched: i64) -> ShopLine {
    let pieces = line.pieces - matched;
    let share = |money: Money| {
        let doubled = i128::from(money.0) * i128::from(pieces) * 2 + i128::from(line.pieces);
        Money((doubled / (2 * i128::from(line.pieces))) as i64)
    };
    ShopLine { total: share(line.total), tax: share(line.tax), pieces, ..line }
}

fn as_order(order: &ShopOrder, lines: &[(Name, ShopLine)], state: OrderState) -> Order {
    Order {
        external_id: order.id.clone(),
        brand: order.head.brand.clone(),
        state,
        placed_at: order.at,
        paid_at: (state != OrderState::Cancelled).then_some(order.at),
        closed_at: (state == OrderState::Closed).then_some(order.at),
        channel: order.head.channel.clone(),
        country: order.head.country.clone(),
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines: lines.iter().map(|(id, line)| as_line(id, line)).collect(),
    }
}

fn as_line(id: &Name, line: &ShopLine) -> Line {
    Line {
        id: id.clone(),
        sku: line.sku.clone(),
        quantity: line.pieces,
        total: line.total,
        tax: line.tax,
        kind: line.kind,
        category: line.category.clone(),
        make: line.make.clone(),
        tags: Vec::new(),
        discounted: line.discounted,
        returned: 0,
    }
}
