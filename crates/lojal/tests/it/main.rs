//! The tests of the binary, in one program.

mod advise;
mod archive;
mod bench;
mod browser;
mod browser_merging;
mod browser_recommending;
mod commands;
mod compare;
mod demo;
mod docs;
mod entrance;
mod faults;
mod fraud;
mod house;
mod import;
mod keeping;
mod portal;
mod reference;
mod settings;
mod simulate;
mod terms_pdf;
mod tidy;
mod widget;
mod widget_trouble;
