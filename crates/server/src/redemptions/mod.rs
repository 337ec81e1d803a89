//! Redemptions: taking a reward for points, and taking that back.

pub mod api;
mod store;
mod wire;
