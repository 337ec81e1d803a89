//! The tests of the binary, in one program.

mod crash;
mod docs;
mod house;
mod import;
mod reference;
mod tidy;
