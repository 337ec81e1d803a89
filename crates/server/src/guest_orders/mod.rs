//! What the shop sells to people who are no members: counted beside the members' orders, and nothing else.

pub mod api;
