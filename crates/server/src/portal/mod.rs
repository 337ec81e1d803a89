//! What members see of themselves: coming in, and their own pages.

mod account;
mod home;
mod install;
mod letters;
pub mod pages;
mod rewards;
mod share;
mod sign_in;
mod standing;
mod terms;
mod vouchers;

pub use home::{WayView, closest, ends, ways};
pub use rewards::{RewardView, reward_views, take};
pub use standing::Standing;
