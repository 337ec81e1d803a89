//! Random histories: what a handful of holders might ask of the engine, sensible things mostly,
//! with everything that happens to real requests: they come late, twice, or make no sense.

mod action;
mod programme;
mod step;
mod story;
mod words;

pub use action::{Action, Mix};
pub use programme::{Shape, random_programme};
pub use step::Step;
pub use story::{History, HistoryPlan};
pub use words::Words;
