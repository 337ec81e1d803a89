//! What every slice stands on. Never imports a slice.

pub mod clock;
pub mod database;
pub mod enrolment;
pub mod identity;
pub mod ids;
pub mod journal;
pub mod migrations;
pub mod outbox;
pub mod random;
pub mod rulebook;
pub mod sql;
pub mod states;
pub mod writer;
