//! Who followed a member's link, as it happens and afterwards.

pub mod api;
pub mod pages;
pub mod shares;
mod wire;

pub use shares::ShareJson;
pub use wire::ClickJson;
