//! The shop's history as steps for the engine, in the order in which it happened.

use std::collections::{HashSet, VecDeque};
use std::io::Read;

use lojal_core::activity::{Line, Order, OrderState};
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::kernel::{Instant, Money, Name};
use lojal_server::platform::figures::GuestOrder;
use lojal_server::platform::http::identifiers::IdentifiersInput;

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
    /// What the member was seen with.
    pub seen: Option<Box<IdentifiersInput>>,
}

/// What a file tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Step(Box<Step>),
    /// An order of somebody whom the file does not name.
    Guest(GuestOrder),
}

impl Told {
    pub fn step(&self) -> Option<&Step> {
        match self {
            Told::Step(step) => Some(step.as_ref()),
            Told::Guest(_) => None,
        }
    }

    pub fn guest(&self) -> Option<&GuestOrder> {
        match self {
            Told::Step(_) => None,
            Told::Guest(order) => Some(order),
        }
    }
}

/// Reads a file into steps. The same file under the same mapping and terms always gives the same
/// steps, which is what makes an interrupted import resumable by their count.
pub struct History<R> {
    rows: Rows<R>,
    grouping: Grouping,
    bought: Option<BoughtLines>,
    members: HashSet<Name>,
    told: VecDeque<Told>,
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
            told: VecDeque::new(),
            ended: false,
            report: Report::new(terms),
        })
    }

    /// The next step, whatever guests bought; `None` at the end of the file.
    pub fn next_step(&mut self) -> Result<Option<Step>, ImportError> {
        loop {
            match self.next_told()? {
                Some(Told::Step(step)) => return Ok(Some(*step)),
                Some(Told::Guest(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// The next step or order of a guest; `None` at the end of the file.
    pub fn next_told(&mut self) -> Result<Option<Told>, ImportError> {
        loop {
            if let Some(told) = self.told.pop_front() {
                return Ok(Some(told));
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
        let Some(member) = order.member.clone() else { return self.unfold_guest(order) };
        self.report.count_time(order.at);
        if self.members.insert(member.clone()) {
            self.report.members += 1;
        }
        let (returned, bought): (Vec<_>, Vec<_>) = order.lines.iter().cloned().partition(|(_, line)| line.returned);
        if !bought.is_empty() {
            self.buy(&member, &order, &bought);
        }
        if returned.is_empty() {
            return;
        }
        if order.head.state == OrderState::Cancelled {
            self.leave_out(&returned, Reason::ReturnOfCancelled);
        } else {
            self.take_back(&member, &order, returned);
        }
    }

    /// What a guest bought, less what came back in the same order.
    fn unfold_guest(&mut self, order: ShopOrder) {
        let (returned, bought): (Vec<_>, Vec<_>) = order.lines.into_iter().partition(|(_, line)| line.returned);
        if bought.is_empty() {
            return self.leave_out(&returned, Reason::ReturnOfGuest);
        }
        let total = |lines: &[(Name, ShopLine)]| lines.iter().map(|(_, line)| line.total.0).sum::<i64>();
        let is_cancelled = order.head.state == OrderState::Cancelled;
        let kept = if is_cancelled { 0 } else { (total(&bought) - total(&returned)).max(0) };
        self.report.count_guest((bought.len() + returned.len()) as u64, Money(kept));
        self.told.push_back(Told::Guest(GuestOrder { external_id: order.id, placed_at: order.at, kept: Money(kept) }));
    }

    fn leave_out(&mut self, lines: &[(Name, ShopLine)], reason: Reason) {
        for (_, line) in lines {
            self.report.leave_out(LeftOut { row: line.row, reason, column: None, found: None });
        }
    }

    fn buy(&mut self, member: &Name, order: &ShopOrder, lines: &[(Name, ShopLine)]) {
        if let Some(index) = self.bought.as_mut().filter(|_| order.head.state != OrderState::Cancelled) {
            for (id, line) in lines {
                if let Some(sku) = &line.sku {
                    let kept = Match { order: order.id.clone(), line: id.clone(), pieces: line.pieces };
                    index.add(member, sku, line.price, kept);
                }
            }
        }
        self.report.count_order(lines, order.head.state);
        let command = Command::PutOrder { order: as_order(order, lines, order.head.state) };
        self.push(member, order, command);
    }

    fn take_back(&mut self, member: &Name, order: &ShopOrder, returned: Vec<(Name, ShopLine)>) {
        self.report.returns.orders += 1;
        let mut matched: Vec<Match> = Vec::new();
        let mut unmatched = Vec::new();
        for (id, line) in returned {
            let found = match (&mut self.bought, &line.sku) {
                (Some(index), Some(sku)) => index.take_back(member, sku, line.price, line.pieces),
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
            self.push(
                member,
                order,
                Command::ReturnLines { order: bought_in, return_id, returned_at: order.at, lines },
            );
        }
        if !unmatched.is_empty() {
            let goods = as_order(order, &unmatched, OrderState::Paid);
            self.push(member, order, Command::ReturnWithoutOrder { goods });
        }
    }

    fn push(&mut self, member: &Name, order: &ShopOrder, command: Command) {
        self.report.steps += 1;
        let seen = order.head.seen.clone();
        let step = Step { at: order.at, member: member.clone(), order: order.id.clone(), command, seen };
        self.told.push_back(Told::Step(Box::new(step)));
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
