//! The tests of the binary, in one program.

mod archive;
mod bench;
mod commands;
mod crash;
mod demo;
mod docs;
mod house;
mod import;
mod keeping;
mod reference;
mod tidy;
