//! Loyalty cards: giving, blocking, replacing, moving.

pub mod api;
mod wire;
