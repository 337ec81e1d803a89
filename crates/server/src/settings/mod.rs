//! What the house is connected with and who takes part: the keys of shops and tills, the way in for members, brands.

pub mod brands;
pub mod index;
pub mod pages;
pub mod signing;
