//! Cases: recommendations that somebody may have made up, what speaks for that, and what a person decides.

pub mod api;
mod drawing;
pub mod pages;
mod proof;
mod wire;
mod words;
