//! Seeded shops and histories to try a programme on.
//!
//! Nothing here reads a clock or a file: a seed and a day are given, and the same seed makes the
//! same story on every machine. All sampling is done on integers, because the last bits of
//! floating-point functions differ between platforms.

pub mod adapting;
pub mod auditor;
pub mod chance;
pub mod habits;
pub mod history;
pub mod replay;
pub mod shell;
pub mod shop;
pub mod statistics;
