//! HTTP: how a request is read, who may send it, how often, and how it is answered.

pub mod clients;
pub mod closing;
pub(crate) mod connections;
pub mod extract;
pub mod faults;
pub mod fields;
pub mod finish;
pub mod identifiers;
pub mod limits;
pub mod openapi;
pub mod page;
pub mod problem;
pub mod query;
pub mod referral_fields;
mod refusal;
mod server;
mod stopwatch;
pub mod subject;
pub mod turns;

pub use extract::{Json, JsonOnce, Path, Query};
pub use problem::{FieldError, Problem};
pub use server::{HttpOptions, Routes, router, serve};
pub use stopwatch::Stopwatch;
