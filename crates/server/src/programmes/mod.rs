//! Programmes: the versions of the document, checking one, comparing one and publishing one.

pub mod api;
mod changes;
mod pdf;
pub mod pages;
mod wire;

pub use changes::DiffAnswer;
pub use pdf::{PdfError, pdf};
