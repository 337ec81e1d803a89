//! Recommendations: who recommended whom.

pub mod attribution;
