//! What a shop and its members recommend with: prepared messages, pictures, squares and posters.

pub mod pages;
mod poster;
mod square;

pub use pages::served;
pub use poster::{PaperSize, Poster, poster};
pub use square::{square, square_png, square_svg};
