//! What goes wrong in a shop's life, done to the binary on purpose. `make faults` does it for longer.
//!
//! After each: the audit is clean, nothing that was acknowledged is missing, and nothing is there
//! twice.

mod customers;
mod cut_line;
mod deliveries;
mod first_start;
// Elsewhere the limits of a program that runs cannot be raised.
#[cfg(target_os = "linux")]
mod full_disk;
mod hung;
mod killed;
mod killed_database;
mod read_only;
mod recommended;
mod trial;
