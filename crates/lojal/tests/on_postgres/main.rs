//! The tests of the binary that are about data, on a PostgreSQL of their own.

#[path = "../it/archive.rs"]
mod archive;
#[path = "../it/commands.rs"]
mod commands;
#[path = "../it/faults/mod.rs"]
mod faults;
#[path = "../it/house.rs"]
mod house;
#[path = "../it/import.rs"]
mod import;
#[path = "../it/reference.rs"]
mod reference;
#[path = "../it/settings.rs"]
mod settings;
#[path = "../it/simulate.rs"]
mod simulate;
