//! How things stand: the first page of the console, and what its figures are made of.

mod cohorts;
mod drawing;
mod measures;
mod outstanding;
pub mod pages;
mod period;
mod shown;
