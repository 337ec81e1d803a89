//! How the two things that every transaction writes are written: the journal's body, as lean JSON
//! that later releases and plain SQL can read for ever, and the holder's state, as bytes that only
//! this release must read, because a state can be folded again from the journal.

mod body;
mod entropy;
mod state;

pub use body::{pack_body, unpack_body};
pub use state::{DamagedState, pack_state, unpack_state};
