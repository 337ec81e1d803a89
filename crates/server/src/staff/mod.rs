//! People who work in the console: who they are, and how they come in.

mod account;
pub mod pages;
mod sign_in;
mod team;
