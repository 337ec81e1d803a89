//! An order export as purchases of customers.

use std::collections::HashMap;

use lojal_core::activity::{Order, OrderState};
use lojal_core::command::{Command, ReturnedLine};
use lojal_core::kernel::{Date, Instant, Name};
use lojal_core::programme::{Programme, Usual};
use lojal_simulation::habits::{Habits, Purchase};
use lojal_simulation::replay::share;

use crate::failure::Failure;
use crate::import::Buying;
use crate::simulate::Export;
use crate::texts::Texts;

/// How customers bought, and when.
pub struct Past {
    pub habits: Habits,
    pub from: Date,
    pub until: Date,
    /// Of what was sold, the share that came back, in millionths.
    pub returned: i64,
    /// How the customer in the middle buys.
    pub usual: Usual,
    /// Whether the export says when orders were delivered.
    pub tells_delivery: bool,
}

#[derive(Default)]
struct Reading {
    customers: HashMap<Name, u32>,
    /// By the order's id.
    orders: HashMap<Name, Kept>,
    sold: i64,
    came_back: i64,
    first: Option<Instant>,
    last: Option<Instant>,
}

/// An order with what has not come back of it.
struct Kept {
    customer: u32,
    at: Instant,
    paid: i64,
    lines: Vec<(Name, i64, i64)>,
}

impl Past {
    pub fn read(export: &Export, shop: &Programme, texts: &Texts) -> Result<Past, Failure> {
        let (mut reading, mut buying) = (Reading::default(), Buying::default());
        export.read(shop, texts, |step| {
            buying.add(&step);
            reading.first = Some(reading.first.map_or(step.at, |first| first.min(step.at)));
            reading.last = reading.last.max(Some(step.at));
            let customers = reading.customers.len() as u32;
            let customer = *reading.customers.entry(step.member).or_insert(customers);
            match step.command {
                Command::PutOrder { order } => reading.buy(customer, step.at, &order),
                Command::ReturnLines { order, lines, .. } => reading.give_back(&order, &lines),
                Command::ReturnWithoutOrder { goods } => reading.came_back += goods.total().0,
                _ => {}
            }
        })?;
        let (Some(first), Some(last), Some(usual)) = (reading.first, reading.last, buying.usual(&shop.calendar)) else {
            return Err(Failure::new(format!(
                "{} has no order of a customer that could be read",
                export.file.display()
            )));
        };
        let calendar = &shop.calendar;
        let (from, until) = (calendar.date(first), calendar.date(last));
        let is_kept = |order: &&Kept| order.lines.iter().any(|(_, pieces, _)| *pieces > 0);
        let purchases = reading.orders.values().filter(is_kept).map(|order| Purchase {
            customer: order.customer,
            day: calendar.days_between(first, order.at),
            paid: order.paid,
        });
        Ok(Past {
            habits: Habits::of(purchases.collect(), calendar.days_between(first, last)),
            from,
            until,
            returned: share(reading.came_back, reading.sold),
            usual,
            tells_delivery: export.mapping.columns.state.is_some(),
        })
    }
}

impl Reading {
    fn buy(&mut self, customer: u32, at: Instant, order: &Order) {
        if order.state == OrderState::Cancelled {
            return;
        }
        let paid = order.total().0;
        self.sold += paid;
        let lines = order.lines.iter().map(|line| (line.id.clone(), line.quantity, line.total.0)).collect();
        self.orders.insert(order.external_id.clone(), Kept { customer, at, paid, lines });
    }

    fn give_back(&mut self, order: &Name, returned: &[ReturnedLine]) {
        let Some(kept) = self.orders.get_mut(order) else { return };
        for back in returned {
            let Some((_, pieces, total)) = kept.lines.iter_mut().find(|(id, _, _)| *id == back.line) else { continue };
            let worth = if *pieces > 0 { *total * back.quantity.min(*pieces) / *pieces } else { 0 };
            *pieces -= back.quantity;
            *total -= worth;
            kept.paid -= worth;
            self.came_back += worth;
        }
    }
}
