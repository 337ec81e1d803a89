//! `lojal bench`: how quick the house is, each figure beside the bare limit of the same run on the
//! same disk. A ratio says more than a figure: machines differ, and drift from minute to minute.

mod bare;
mod curve;
mod disk;
mod figure;
mod ground;
mod growth;
mod http;
mod load;
mod measures;
mod pages;
mod process;
mod service;
mod shop;

pub use ground::Ground;
pub use growth::{Growth, grow};
pub use measures::{Measure, Plan, measure_all};
pub use pages::{Scale, Timing, time_pages};
