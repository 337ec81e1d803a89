//! What every slice stands on. Never imports a slice.

pub mod writer;
