//! Disks on which a sync takes longer: what is left of the figure without the delay.

use std::time::Duration;

use super::super::figure::{Figure, Line};
use super::super::load::{Load, drive};
use super::super::shop::{Buyer, Customer, Shop};
use super::Bench;
use crate::failure::Failure;

const CLIENTS: usize = 256;

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Line>, Failure> {
    let undelayed = load(bench, &bench.shop).await?.per_second();
    let mut lines = Vec::new();
    for (delay, goal) in [(1, "≥ .7"), (4, "≥ .4")] {
        let measure = format!("{delay} ms added to every sync, 256 clients");
        let place = bench.ground.fresh().await?;
        let Some(place) = bench.ground.slowed(&place, Duration::from_millis(delay)) else {
            let why = "there is no way to slow down the syncs of a file: use PostgreSQL, or a slow disk";
            lines.push(Line::LeftOut { measure, why });
            continue;
        };
        let shop = Shop::open(place, bench.plan.members, None).await?;
        let mut slow = load(bench, &shop).await?;
        shop.close().await;
        let figure = Figure::of_load(measure, "orders/s", &mut slow);
        lines.push(Line::Measured(figure.against(undelayed, "without the delay").goal(goal)));
    }
    Ok(lines)
}

async fn load(bench: &Bench<'_>, shop: &Shop) -> Result<Load, Failure> {
    Ok(drive(Customer::many(shop, CLIENTS, Buyer::Anybody, 0), bench.until()).await?.0)
}
