//! Who has brought how many friends: a projection of what advocates hear. It follows the journal a moment behind, may be
//! dropped and is built again, and nothing that is decided depends on it.
//!
//! A place is counted for a member and a period, and beside it how many members have so many friends, so that a page is
//! one look along an index and a rank the sum of a few rows, however many members there are.

mod following;
mod name;
mod period;
mod reading;
mod settings;

pub(crate) use following::WORKS;
pub use following::{leaderboard_catch_up, leaderboard_drop, leaderboard_overlooked};
pub(super) use name::names_erase;
pub use name::{
    BoardName, BoardNameFault, ChosenName, NameState, name_choose, name_find, name_set_state, name_withdraw, names_find,
};
pub use period::{Period, PeriodKind};
pub use reading::{Board, Own, Placed, leaderboard_page};
pub use settings::{LeaderboardSettings, MOST_PLACES, settings_find, settings_set};
