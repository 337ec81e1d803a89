//! How the customers of an export usually buy.

use std::collections::HashMap;
use std::path::Path;

use indicatif::ProgressBar;
use lojal_core::activity::{Order, OrderState};
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::kernel::{Calendar, Instant, Name};
use lojal_core::programme::Usual;

use super::run::open;
use super::{History, Mapping, RunError, Step, Terms};

/// The customer in the middle by orders a year, counted from each customer's first order, and the
/// average order of all. `None` when the file has no orders.
pub fn usual(file: &Path, mapping: &Mapping, terms: &Terms) -> Result<Option<Usual>, RunError> {
    let mut history = History::open(open(file, &ProgressBar::hidden())?, mapping, terms)?;
    let mut buying = Buying::default();
    while let Some(step) = history.next_step()? {
        buying.add(&step);
    }
    Ok(buying.usual(&terms.calendar))
}

/// Orders, and what came back of them.
#[derive(Default)]
pub struct Buying {
    customers: HashMap<Name, u32>,
    /// By the order's id.
    orders: HashMap<Name, Bought>,
    /// When the latest order was placed.
    last: Option<Instant>,
    /// What all orders came to, before anything came back.
    pub sold: i64,
    /// What came back, and the part of it that belongs to no order of the file.
    pub came_back: i64,
    pub unmatched: i64,
}

/// An order with what has not come back of it.
pub struct Bought {
    pub customer: u32,
    pub at: Instant,
    pub paid: i64,
    lines: Vec<(Name, i64, i64)>,
}

impl Buying {
    pub fn add(&mut self, step: &Step) {
        match &step.command {
            Command::PutOrder { order } if order.state != OrderState::Cancelled => self.buy(step, order),
            Command::ReturnLines { order, lines, .. } => self.give_back(order, lines),
            Command::ReturnWithoutOrder { goods } => {
                self.came_back += goods.total().0;
                self.unmatched += goods.total().0;
            }
            _ => {}
        }
    }

    fn buy(&mut self, step: &Step, order: &Order) {
        let customers = self.customers.len() as u32;
        let customer = *self.customers.entry(step.member.clone()).or_insert(customers);
        let paid = order.total().0;
        self.sold += paid;
        self.last = self.last.max(Some(step.at));
        let lines = order.lines.iter().map(|line| (line.id.clone(), line.quantity, line.total.0)).collect();
        self.orders.insert(order.external_id.clone(), Bought { customer, at: step.at, paid, lines });
    }

    fn give_back(&mut self, order: &Name, returned: &[ReturnedLine]) {
        let Some(bought) = self.orders.get_mut(order) else { return };
        for back in returned {
            let Some((_, pieces, total)) = bought.lines.iter_mut().find(|(id, _, _)| *id == back.line) else {
                continue;
            };
            let worth = if *pieces > 0 { *total * back.quantity.min(*pieces) / *pieces } else { 0 };
            *pieces -= back.quantity;
            *total -= worth;
            bought.paid -= worth;
            self.came_back += worth;
        }
    }

    /// Orders of which something is kept.
    pub fn kept(&self) -> impl Iterator<Item = &Bought> {
        self.orders.values().filter(|order| order.lines.iter().any(|(_, pieces, _)| *pieces > 0))
    }

    pub fn usual(&self, calendar: &Calendar) -> Option<Usual> {
        let last = self.last?;
        // By customer: the first order, and how many there were.
        let mut customers: HashMap<u32, (Instant, i64)> = HashMap::new();
        let (mut spent, mut orders) = (0_i128, 0);
        for order in self.kept() {
            let known = customers.entry(order.customer).or_insert((order.at, 0));
            *known = (known.0.min(order.at), known.1 + 1);
            spent += i128::from(order.paid);
            orders += 1;
        }
        let seen = customers.values().map(|(first, orders)| (calendar.days_between(*first, last), *orders));
        Usual::of(seen, spent, orders)
    }
}
