//! People who work in the console: accounts, what each may do, the browsers in which they are signed in, and
//! what they did.

mod account;
mod action;
mod authority;
mod challenge;
mod one_time;
mod passkey;
mod password;
mod session;
mod ways;

pub use account::{
    Account, NewAccount, Role, account_create, account_disable, account_find, account_find_by_email, account_hold,
    account_list, account_set_password, account_set_role, account_set_second_factor, account_take_step, has_accounts,
};
pub use action::{Action, action_list, action_note};
pub use authority::{Manages, Owns, Permission, Serves, Staff, Views};
pub use challenge::{
    CHALLENGE_KEPT, Challenge, ENTRANCE_COOKIE, Purpose, challenge_ask, challenge_take, entrance_token,
};
pub use one_time::{STEP_SECONDS, Secret};
pub use passkey::{
    MOST_PASSKEYS, Passkey, passkey_create, passkey_find, passkey_list, passkey_owners, passkey_remove,
    passkey_remove_all, passkey_use,
};
pub use password::{PasswordFault, check_password, hash_password, readable, verify_password};
pub use session::{SESSION_COOKIE, STAFF_SESSIONS};
pub use ways::{
    Provider, ProviderIdentity, Ways, provider_identity_create, provider_identity_find, provider_identity_of,
    provider_identity_remove, provider_identity_use, ways_find, ways_set,
};

use crate::platform::sql::{self, Connection};

/// Takes away all that somebody has beside the password, and ends their sessions: for whoever has lost a telephone.
pub async fn account_forget_steps(connection: &mut Connection, account: &Account) -> Result<(), sql::Error> {
    account_set_second_factor(connection, account.id, None).await?;
    passkey_remove_all(connection, account.id).await?;
    provider_identity_remove(connection, account.id).await?;
    STAFF_SESSIONS.end_all(connection, account.into()).await
}
