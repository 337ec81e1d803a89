//! Friends who are asked to confirm a recommendation with a code: how the code is sent, and how shops ask for it in their
//! own pages.

pub mod api;
pub mod sending;
mod wire;

pub use wire::VerificationJson;
