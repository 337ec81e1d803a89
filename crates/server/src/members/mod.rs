//! Members: enrolling, finding, changing, accepting the terms, leaving.

pub mod api;
pub mod terms;
mod wire;
