//! What every page of the command line keeps.

pub mod page;
