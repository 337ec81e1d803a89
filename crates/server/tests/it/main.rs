//! The server from outside: storage, writer, jobs, audit, moving.

mod audit;
mod data_folder;
mod deliveries;
mod moving;
mod shop;
mod writer;
