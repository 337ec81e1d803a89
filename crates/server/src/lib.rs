//! Storage, writer, HTTP and background work around the pure engine.

pub mod audit;
pub mod moving;
pub mod platform;
