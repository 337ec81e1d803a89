//! Members: enrolling, finding, changing, accepting the terms, leaving.

mod actions;
mod amounts;
pub mod api;
mod export;
mod filter;
pub mod pages;
mod requests;
mod segments;
mod shares;
mod story;
pub mod terms;
mod view;
mod wire;
