//! What every slice stands on. Never imports a slice.

pub mod application;
pub mod auth;
pub mod clock;
pub mod database;
pub mod directory;
pub mod enrolment;
pub mod explaining;
pub mod http;
pub mod identity;
pub mod ids;
pub mod jobs;
pub mod journal;
mod key_ring;
pub mod keys;
pub mod migrations;
pub mod outbox;
pub mod packing;
pub mod pools;
pub mod progress;
pub mod random;
pub mod reading;
pub mod rulebook;
pub mod sql;
pub mod standing;
pub mod states;
pub mod tls;
pub mod writer;
