//! The draft of a programme, tried on the shop's own past beside the version in force: begun from a page, carried
//! out in the background, and shown with the charts of `lojal simulate`.

pub mod pages;

mod course;
mod kept;
