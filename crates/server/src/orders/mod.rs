//! Orders through their whole life: quoted, paid, closed, returned, called off.

pub mod api;
mod batch;
mod returns;
mod wire;
