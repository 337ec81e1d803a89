//! How points are earned: by orders through their whole life, and by activities.

mod activities;
mod awards;
mod evaluate;
mod orders;

pub use activities::{NamedActivity, call_off_activity, happen, judge_activity, post_activity};
pub use awards::has_room;
pub use orders::{put_order, return_lines, return_without_order};
