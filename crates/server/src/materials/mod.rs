//! What a shop and its members recommend with: prepared messages, pictures, squares and posters.

pub mod pages;
mod poster;
mod printing;

pub use pages::served;
pub use poster::PaperSize;
pub use printing::{Asks, Print, printed};
