//! Rewards: the catalogue, and what a member can have of it now.

pub mod api;
mod store;
mod wire;

pub use api::refusal_of;
pub use store::{pool_codes_free, quantity_remaining};
pub use wire::{GivesJson, texts};
