//! Programmes: the versions of the document, checking one, comparing one and publishing one.

pub mod api;
mod campaigns;
mod changes;
pub mod pages;
mod pdf;
mod values;
mod wire;

pub use changes::DiffAnswer;
pub use pdf::{PdfError, pdf};
