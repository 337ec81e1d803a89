//! Tells referrals that were earned from those that were made up.
//!
//! People leave identifiers behind: mail addresses, devices, cards, addresses. Keyed hashes of them join
//! people in a [`graph`]; [`rules`] look at one referral, [`rings`] at those around it; what people decide
//! about cases feeds the [`weights`]. [`detector`] puts them together.
//!
//! Nothing here reads a clock, draws a random number, or touches a file, a socket or a database, and scores are
//! whole numbers: the same referrals give the same score everywhere. No clear text is kept: an
//! [`identifier`] is normalised and hashed with the caller's key at once. Nothing is ever approved
//! because time has passed.

pub mod detector;
pub mod graph;
pub mod identifier;
pub mod likeness;
pub mod policy;
pub mod referral;
pub mod rings;
pub mod rules;
pub mod scale;
pub mod second_step;
pub mod weights;
