//! Wallets: what a member has, in each unit.

pub mod api;
mod wire;
