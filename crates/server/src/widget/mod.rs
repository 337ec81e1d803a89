//! What pages of the shop show of the programme: a widget that they load, and the little API behind it.

pub mod api;
mod codes;
pub mod demo;
mod guard;
mod view;
mod wire;

pub use view::sample_view;
