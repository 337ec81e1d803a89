//! Members: enrolling, finding, changing, leaving.

pub mod api;
mod wire;
