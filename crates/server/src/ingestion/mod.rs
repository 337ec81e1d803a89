//! Many things at once: the one path by which streams of lines and imported files reach the
//! writer. A window of entries is resolved with a few statements, submitted together, and answered
//! in order.

mod body;
mod decide;
mod intake;
mod lines;
mod reader;
mod scribe;
mod stream;
mod wire;

pub(crate) use decide::Room;
pub use intake::{Asked, Entry, IfUnknown, Outcome, Ready, prepare};
pub(crate) use stream::{Reading, Subject, stream};
pub(crate) use wire::{BatchQuery, LineJson};
