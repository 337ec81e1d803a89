//! Adjustments: points given or taken by staff, with a reason.

pub mod api;
