//! Programmes: the versions of the document, checking one and publishing one.

pub mod api;
mod wire;
