//! Tier ladders, and how far a member has come on them.

pub mod api;
mod wire;
