//! How things stand: the first page of the console, and what its figures are made of.

mod cohorts;
mod drawing;
mod measures;
mod outstanding;
pub mod pages;
mod period;
mod recommending;
mod shown;

pub use measures::{Measure, Value as Figure};
pub use pages::{age, chosen_period, periods, read_days};
pub use recommending::{Reach, Told as Reached};
pub use shown::{FigureView, Told};
