//! The first page of the console: how things stand, and what is left to do.

pub mod pages;
