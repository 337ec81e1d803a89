//! Codes by which members recommend the shop: making, choosing, blocking, replacing.

pub mod api;
mod wire;
