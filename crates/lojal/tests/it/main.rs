//! The tests of the binary, in one program.

mod tidy;
