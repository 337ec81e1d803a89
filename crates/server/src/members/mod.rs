//! Members: enrolling, finding, changing, accepting the terms, leaving.

mod accounts;
mod actions;
mod amounts;
pub mod api;
mod cards;
mod confirming;
pub mod consents;
mod export;
mod filter;
mod foreseen;
mod holders;
mod merge_decisions;
mod merge_requests;
mod merges;
pub mod merging;
pub mod pages;
mod pair;
mod recommended;
mod requests;
mod segments;
mod shares;
mod story;
pub mod terms;
mod view;
mod wire;

pub use actions::{form_name, hindrance, idempotency, named as form_named};
pub use amounts::typed_amount;
pub use api::member_json;
pub use holders::{HolderView, holders};
pub use story::{Listener, StoryView, invented_story, story};
pub use terms::AcceptanceJson;
pub use view::Pieces;
pub use wire::MemberJson;
