//! What members see of themselves: coming in, and their own pages.

mod account;
mod confirm;
mod friend_code;
mod home;
mod install;
mod invite;
mod leaderboard;
mod letters;
mod materials;
pub mod pages;
mod passing;
mod rewards;
mod share;
mod sign_in;
mod standing;
mod terms;
mod thanks;
mod vouchers;

pub use home::{Known, closest, ends, history_content, home_content};
pub use invite::{may_be_recommended, may_recommend, own_link};
pub use letters::{code_letter, confirmation_letter, confirmation_text};
pub use rewards::{RewardView, left_of, price_text, reward_views, rewards_content, take};
pub use sign_in::{by_hand, sign_in_content};
pub use standing::Standing;
pub use vouchers::DrawnCode;
