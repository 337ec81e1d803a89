//! Ids, money, time and rounding. Imports nothing of the house.

mod calendar;
mod decimal;
mod id;
mod language;
mod logarithm;
pub mod microseconds;
mod rounding;

pub use calendar::{Calendar, CalendarError, Period, PeriodError, Window};
pub use decimal::{DecimalError, Factor, LARGEST_AMOUNT, Money, format_decimal, parse_decimal};
pub use id::{CardId, CaseId, ClickId, HolderId, Id, IdError, MemberId, PARTS, Part, ShareId, TransactionId};
pub use language::Language;
pub use logarithm::log2;
pub use rounding::Rounding;

/// A date without a time of day.
pub use jiff::civil::Date;

/// A moment in time, UTC, to the nanosecond; the house keeps microseconds.
pub use jiff::Timestamp as Instant;

/// A name that the programme's author chose: of a rule, a unit, a tier, a reward.
/// Cloning one of at most 24 bytes allocates nothing.
pub use compact_str::CompactString as Name;
