//! Rewards: the catalogue, and what a member can have of it now.

pub mod api;
mod store;
mod wire;

pub use wire::{GivesJson, texts};
