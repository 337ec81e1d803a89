//! Members: enrolling, finding, changing, accepting the terms, leaving.

mod actions;
mod amounts;
pub mod api;
pub mod pages;
mod requests;
mod story;
pub mod terms;
mod view;
mod wire;
