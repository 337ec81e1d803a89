//! A programme tried on a shop's own past before it goes live.

mod export;
mod setting;
mod source;

#[cfg(test)]
pub mod tests;

pub use export::Export;
pub use setting::{Range, Setting, with_settings};
