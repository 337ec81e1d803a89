//! Who has brought how many friends, as programs and staff look at it.

pub mod api;
pub mod pages;
mod wire;
