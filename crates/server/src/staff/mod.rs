//! People who work in the console: who they are, and how they come in.

mod account;
mod again;
mod door;
pub mod pages;
mod passkeys;
mod provider;
mod sign_in;
mod team;
mod ways;
