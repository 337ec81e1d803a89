//! Redemptions: taking a reward for points, and taking that back.

pub mod api;
pub mod pages;
mod store;
mod wire;
