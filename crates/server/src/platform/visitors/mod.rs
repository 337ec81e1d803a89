//! Members who come by themselves: by a token that the shop signs, or by a code that they get by mail.

mod authority;
mod code;
mod entry;
mod secrets;
mod token;

/// The page on which members recommend the shop.
pub const INVITE: &str = "/portal/invite";
/// The page on which the terms stand.
pub const TERMS: &str = "/portal/terms";

pub use authority::{MEMBER_SESSIONS, MemberToken, Visitor, member_cookie, member_cookie_value};
pub use code::{
    CODE_KEPT, CODE_LENGTH, CodeDesk, CodeError, CodeRequest, CodeUse, SECOND_STEP_KEPT, code_take, code_write,
};
pub use entry::EntryFault;
pub use secrets::{SigningSecret, secret_create, secret_list, secret_revoke};
pub use token::{Claims, LONGEST_LIFE, TokenFault, sign};
