//! Ledger entries: what happened to a member's points, and why.

pub mod api;
mod explanation;
mod reason;
mod wire;
mod words;

pub use api::transaction_named;
pub use explanation::ExplanationJson;
pub use reason::{Teller, WindowJson};
pub use wire::{BalanceJson, EffectJson, Telling, TransactionJson};
