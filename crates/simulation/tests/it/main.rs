//! One test binary, a file for each subject. Every random test prints its seed when it fails, and
//! `LOJAL_SEEDS=200` makes each of them try that many seeds.

mod books;
mod gallery;
mod gallery_table;
mod habits;
mod merging;
mod order_of_arrival;
mod programmes;
mod purity;
mod recommended;
mod replay;
mod returns;
mod shop;
mod story;
