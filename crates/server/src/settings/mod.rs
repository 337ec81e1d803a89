//! What the house is connected with: the keys of shops and tills.

pub mod pages;
pub mod signing;
