//! Orders through their whole life: quoted, paid, closed, returned, called off.

pub mod api;
mod batch;
mod parsing;
mod returns;
mod tracking;
mod wire;

pub use api::{cart_of, quoted};
pub use parsing::serve_parsing_only;
pub use wire::QuoteInput;
