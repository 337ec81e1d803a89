//! The tests of the binary, in one program.

mod house;
mod import;
mod reference;
mod tidy;
