//! Disks on which a sync takes longer: what is left of the figure without the delay.

use std::time::Duration;

use lojal_server::platform::database::Place;

use super::super::figure::{Figure, Line};
use super::super::load::{Load, drive};
use super::super::shop::{Buyer, Customer, Shop};
use super::Bench;
use crate::failure::Failure;

const CLIENTS: usize = 256;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    let mut undelayed = None;
    for (delay, goal) in [(1, "≥ .7"), (4, "≥ .4")] {
        let measure = format!("{delay} ms added to every sync, 256 clients");
        let place = bench.ground.fresh().await?;
        let Some(slow) = bench.ground.slowed(&place, Duration::from_millis(delay)) else {
            let why = "there is no way to slow down the syncs of a file: use PostgreSQL, or a slow disk";
            lines.push(Line::LeftOut { measure, why });
            continue;
        };
        let limit = match undelayed {
            Some(limit) => limit,
            None => load(bench, bench.ground.fresh().await?).await?.per_second(),
        };
        undelayed = Some(limit);
        let figure = Figure::of_load(measure, "orders/s", &mut load(bench, slow).await?);
        lines.push(Line::Measured(figure.against(limit, "without the delay").goal(goal)));
    }
    Ok(lines)
}

/// On a new shop each time: none has orders that another has not.
async fn load(bench: &Bench<'_>, place: Place) -> Result<Load, Failure> {
    let shop = Shop::open(place, bench.plan.members, None).await?;
    let (load, customers) = drive(Customer::many(&shop, CLIENTS, Buyer::Anybody, 0), bench.until()).await?;
    drop(customers);
    shop.close().await;
    Ok(load)
}
