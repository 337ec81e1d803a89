//! Activities: dated facts that are no orders.

pub mod api;
mod batch;
mod wire;
