//! People who work in the console: accounts, what each may do, the browsers in which they are signed in, and
//! what they did.

mod account;
mod action;
mod authority;
mod one_time;
mod password;
mod session;

pub use account::{
    Account, NewAccount, Role, account_create, account_disable, account_find, account_find_by_email, account_list,
    account_set_password, account_set_role, account_set_second_factor, account_take_step, has_accounts,
};
pub use action::{Action, action_list, action_note};
pub use authority::{Manages, Owns, Permission, Serves, Staff, Views};
pub use one_time::{STEP_SECONDS, Secret};
pub use password::{PasswordFault, check_password, hash_password, verify_password};
pub use session::{SESSION_COOKIE, STAFF_SESSIONS};
