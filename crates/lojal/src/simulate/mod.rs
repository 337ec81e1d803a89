//! A programme tried on a shop's own past before it goes live.

mod adapting;
mod export;
pub mod report;
mod run;
mod setting;
mod source;

pub use adapting::{Adapting, Exchange};
pub use export::Export;
pub use run::{Side, run};
pub use setting::{Range, Setting, with_settings};
pub use source::Journal;
