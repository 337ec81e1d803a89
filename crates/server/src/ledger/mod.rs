//! The books, for staff: what was decided, what is owed, and what an accountant takes home.

mod accounts;
mod browse;
pub mod pages;
mod transaction;
