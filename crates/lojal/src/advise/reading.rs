//! An order export as purchases of customers.

use lojal_core::kernel::Date;
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
    /// The share of which nobody can say in which order it was bought.
    pub unmatched: i64,
    /// How the customer in the middle buys.
    pub usual: Usual,
    /// Whether the export says when orders were delivered.
    pub tells_delivery: bool,
}

impl Past {
    pub fn read(export: &Export, shop: &Programme, texts: &Texts) -> Result<Past, Failure> {
        let (mut buying, mut period) = (Buying::default(), None);
        export.read(shop, texts, |step| {
            buying.add(&step);
            let (first, last) = period.unwrap_or((step.at, step.at));
            period = Some((step.at.min(first), step.at.max(last)));
        })?;
        let (Some((first, last)), Some(usual)) = (period, buying.usual(&shop.calendar)) else {
            return Err(Failure::new(format!(
                "{} has no order of a customer that could be read, and of which something was kept",
                export.file.display()
            )));
        };
        let calendar = &shop.calendar;
        let (from, until) = (calendar.date(first), calendar.date(last));
        let purchases = buying.kept().map(|order| Purchase {
            customer: order.customer,
            day: calendar.days_between(first, order.at),
            paid: order.paid,
        });
        Ok(Past {
            habits: Habits::of(purchases.collect(), calendar.days_between(first, last)),
            from,
            until,
            returned: share(buying.came_back, buying.sold),
            unmatched: share(buying.unmatched, buying.sold),
            usual,
            tells_delivery: export.mapping.columns.state.is_some(),
        })
    }
}
