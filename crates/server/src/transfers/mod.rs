//! Transfers and gifts between members.

pub mod api;
