//! How much memory the process occupies after a load.

use super::super::figure::Figure;
use super::super::load::drive;
use super::super::process::resident;
use super::super::shop::{Buyer, Customer};
use super::Bench;
use crate::failure::Failure;

const CLIENTS: usize = 256;
const MEGABYTE: f64 = 1e6;

/// The load's own clients are a part of it: they live in the same process.
pub async fn measure(bench: &Bench<'_>) -> Result<Vec<Figure>, Failure> {
    let unknown = || Failure::new("this system does not say how much memory a process has: measure it on Linux");
    let before = resident().ok_or_else(unknown)?;
    let (mut load, customers) = drive(Customer::many(&bench.shop, CLIENTS, Buyer::Anybody, 0), bench.until()).await?;
    let after = resident().ok_or_else(unknown)?;
    drop(customers);
    let figure = Figure::of_load("resident memory after the load", "MB", &mut load);
    let figure = Figure { figure: after as f64 / MEGABYTE, ..figure };
    Ok(vec![figure.against(before as f64 / MEGABYTE, "before the load").goal("< 300 MB")])
}
