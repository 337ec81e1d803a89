//! The tests of the detector, in one program.

mod graph;
mod house;
mod policy;
mod precedents;
mod rings;
mod rules;
mod second_step;
