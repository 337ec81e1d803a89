//! Who came by whom, and how it stands.

pub mod api;
mod wire;

pub use wire::{IntroducedJson, ReferralInput};
