//! Requests to programs of others: signed as Standard Webhooks has it, to addresses that were looked at.

mod address;
mod line;
mod secret;

pub use address::{Reach, WrongAddress, check_url, stated_ip};
pub use line::{Answered, Line, Message, Trouble};
pub use secret::{Secret, signatures};
