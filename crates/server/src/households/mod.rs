//! Households: members who share their wallets.

pub mod api;
