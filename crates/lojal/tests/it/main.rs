//! The tests of the binary, in one program.

mod docs;
mod house;
mod import;
mod reference;
mod tidy;
