//! The demo's data: a shop of two years, told from a seed and run through the writer like a real
//! one. Interrupted, it is built again from its plan; all of it is idempotent.

mod build;
mod friends;
mod plan;

pub use build::{Built, build, starts_at};
pub use plan::Plan;
