//! What members see of themselves: coming in, and their own pages.

mod letters;
pub mod pages;
mod sign_in;
