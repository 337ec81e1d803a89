//! Holds: points set aside at checkout, then captured or released.

pub mod api;
mod wire;
