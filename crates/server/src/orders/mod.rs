//! Orders through their whole life: quoted, paid, closed, returned, called off.

pub mod api;
mod returns;
mod wire;
