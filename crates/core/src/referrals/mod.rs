//! Who recommended whom. The relation lives with the friend, whose orders decide about it; advocates are told
//! how it stands, each time it changes, and their own rewards follow from that. What is told is always the whole
//! state with a number, so that it does not matter in which order it arrives.
//!
//! What both sides are given are earning rules on activities of the house. This capability says which of them
//! took place, under which version; the engine has them judged.

pub mod attribution;

mod advocate;
mod crediting;
mod editions;
mod friend;
mod state;

pub use advocate::{Heard, hear};
pub use crediting::{Coming, Crediting, asks_advocates, credit};
pub use editions::{may_be_recommended, may_recommend};
pub use friend::{end, happened, judge, lose_advocate, merged_with, next_due, ordered, refer, review, wanted};
pub use state::{
    Advocacy, CLOCKS_DIFFER, Credit, Friends, Fulfilled, Ground, Introduction, Judge, Lapse, Recommendation,
    ReferralState, Rejection, Stage, Step, Verdict, Wanted,
};
