//! Browsers in which staff are signed in.

use jiff::SignedDuration;
use lojal_core::kernel::Part;

use super::account::Account;
use crate::platform::sessions::{Owner, Sessions};

pub const SESSION_COOKIE: &str = "lojal_staff";

pub const STAFF_SESSIONS: Sessions = Sessions {
    table: "staff_session",
    owner: "staff",
    idle: SignedDuration::from_hours(12),
    longest: SignedDuration::from_hours(7 * 24),
};

impl From<&Account> for Owner {
    fn from(account: &Account) -> Owner {
        Owner { part: Part::PROGRAMME, number: account.id }
    }
}
