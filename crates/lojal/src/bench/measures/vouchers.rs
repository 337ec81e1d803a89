//! Voucher codes: made by redemptions of a free reward, and made alone.

use std::hint::black_box;
use std::time::Instant;

use lojal_core::command::Command;
use lojal_core::kernel::{Name, Part};
use lojal_core::rewards::voucher_code;
use lojal_server::platform::writer::Submission;
use lojal_simulation::chance::Chance;

use super::super::figure::Figure;
use super::super::load::{Client, Load, drive};
use super::super::shop::{REWARD, Shop, Written};
use super::{Bench, REMEMBERED};
use crate::failure::Failure;

const CLIENTS: usize = 256;
/// Codes made between two looks at the clock.
const CODES: u64 = 10_000;

struct Redeemer {
    shop: Shop,
    chance: Chance,
    written: Vec<Written>,
}

impl Client for Redeemer {
    async fn ask(&mut self) -> Result<u64, Failure> {
        let member = self.shop.somebody(&mut self.chance);
        let holder = self.shop.holder(member).ok_or_else(|| Failure::new("the shop has no members"))?;
        let command = Command::Redeem { reward: Name::const_new(REWARD), reference: None, acting: None };
        let done = self.shop.application.writer.submit(Submission::new(holder, command)).await?;
        if self.written.len() < REMEMBERED / CLIENTS {
            self.written.push(Written::of(&done));
        }
        Ok(1)
    }
}

pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let redeemer = |number: usize| Redeemer {
        shop: bench.shop.clone(),
        chance: Chance::seeded(number as u64),
        written: Vec::new(),
    };
    let (mut load, redeemers) = drive((0..CLIENTS).map(redeemer).collect(), bench.until()).await?;
    let written = redeemers.into_iter().flat_map(|redeemer| redeemer.written).collect();
    let limit = bench.bare_limit(written).await?;
    let redeemed =
        Figure::of_load("vouchers redeemed, 256 clients", "codes/s", &mut load).against(limit, bench.same_rows());
    let mut made = code_maker(bench, |number| {
        black_box(voucher_code("GIFT", Part::PROGRAMME, u128::from(number), 0));
    });
    let hashed = code_maker(bench, |number| {
        black_box(blake3::hash(&number.to_le_bytes()));
    });
    let made = Figure { quantiles: None, ..Figure::of_load("voucher codes made, on one core", "codes/s", &mut made) };
    Ok(vec![redeemed.goal("–"), made.against(hashed.per_second(), "one hash for each").goal("≥ 50,000/s")])
}

fn code_maker(bench: &Bench<'_>, make: impl Fn(u64)) -> Load {
    let begun = Instant::now();
    let mut load = Load::default();
    while begun.elapsed() < bench.plan.time / 4 {
        (load.done..load.done + CODES).for_each(&make);
        load.done += CODES;
    }
    load.elapsed = begun.elapsed();
    load
}
