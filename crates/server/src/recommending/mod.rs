//! What recommending brings, for staff and for other programs, and everything about one recommendation.

pub mod api;
mod editions;
mod listing;
mod one;
pub mod pages;
mod wire;
