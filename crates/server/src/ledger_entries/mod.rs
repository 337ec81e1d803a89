//! Ledger entries: what happened to a member's points, and why.

pub mod api;
mod condition;
mod explanation;
mod reason;
mod reckoning;
mod step;
mod wire;
mod words;

pub use explanation::ExplanationJson;
pub use reason::{Teller, WindowJson};
pub use wire::{BalanceJson, LeanTransactionJson, LedgerEntryJson, Telling, TransactionJson};
pub use words::refusal_words;
