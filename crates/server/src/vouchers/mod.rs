//! Vouchers: codes that were handed out, and the pools that imported ones come from. A code is
//! worth money to whoever knows it, so it travels in bodies, never in addresses.

pub mod api;
pub mod pages;
pub mod pools;
mod wire;
