//! The pure engine of Lojal.
//!
//! A programme document is parsed into types that cannot be wrong ([`programme`]), a member's
//! state is loaded by somebody else, and [`engine::decide`] says what a command does to it and why.
//! Nothing here reads a clock, draws a random number, or touches a file, a socket or a database:
//! the same inputs give the same decision, bit for bit.

pub mod activity;
pub mod command;
pub mod decision;
pub mod desk;
pub mod earning;
pub mod engine;
pub mod explanation;
pub mod holder;
pub mod holds;
pub mod kernel;
pub mod ledger;
pub mod merging;
pub mod programme;
pub mod referrals;
pub mod rewards;
pub mod terms;
pub mod tiers;
pub mod transfers;
pub mod words;
