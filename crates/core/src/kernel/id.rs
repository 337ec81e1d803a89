use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many parts the data is divided into. Fixed for ever: it is carried inside every id.
pub const PARTS: u8 = 64;

const PART_BITS: u32 = 6;
const SEQUENCE_BITS: u32 = 16;
/// 2020-01-01T00:00:00Z. With 41 bits of milliseconds ids last until 2089.
const EPOCH_MILLISECONDS: i64 = 1_577_836_800_000;
/// Crockford's base 32, lower case: sorts like the number, and nobody reads 1 for l.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH: usize = 13;

/// The shard that owns a piece of data; leads every key in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part(u8);

impl Part {
    /// The part that holds what belongs to the whole programme rather than to a member.
    pub const PROGRAMME: Part = Part(0);

    /// The part of a member or household, from the name the shop gave it.
    pub fn of(programme: &str, external_id: &str) -> Part {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(programme.len() as u64).to_le_bytes());
        hasher.update(programme.as_bytes());
        hasher.update(external_id.as_bytes());
        Part(hasher.finalize().as_bytes()[0] % PARTS)
    }

    pub fn all() -> impl Iterator<Item = Part> + Clone {
        (0..PARTS).map(Part)
    }

    pub fn number(self) -> i64 {
        i64::from(self.0)
    }

    /// From a number below [`PARTS`].
    pub fn from_number(number: i64) -> Option<Part> {
        u8::try_from(number).ok().filter(|number| *number < PARTS).map(Part)
    }
}

/// 63 bits, made by the application, sortable by time: milliseconds since 2020, a sequence within
/// the millisecond, and the [`Part`] that owns what the id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(i64);

impl Id {
    /// `milliseconds` since 1970; moments before 2020 or after 2089 are clamped, so that only the
    /// order of ids suffers from a broken clock, not their uniqueness.
    pub fn new(milliseconds: i64, sequence: u16, part: Part) -> Id {
        let since = (milliseconds - EPOCH_MILLISECONDS).clamp(0, (1 << 41) - 1);
        Id(since << (SEQUENCE_BITS + PART_BITS) | i64::from(sequence) << PART_BITS | part.number())
    }

    pub fn part(self) -> Part {
        Part((self.0 & i64::from(PARTS - 1)) as u8)
    }

    pub fn number(self) -> i64 {
        self.0
    }

    /// When it was made, in milliseconds since 1970.
    pub fn milliseconds(self) -> i64 {
        (self.0 >> (SEQUENCE_BITS + PART_BITS)) + EPOCH_MILLISECONDS
    }

    /// From the database. Negative numbers are no ids.
    pub fn from_number(number: i64) -> Option<Id> {
        (number >= 0).then_some(Id(number))
    }

    fn write(self, prefix: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; TEXT_LENGTH];
        for (index, character) in text.iter_mut().enumerate() {
            let shift = 5 * (TEXT_LENGTH - 1 - index) as u32;
            *character = ALPHABET[(self.0 as u64 >> shift) as usize & 31];
        }
        formatter.write_str(prefix)?;
        formatter.write_str("_")?;
        formatter.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }

    fn read(prefix: &'static str, text: &str) -> Result<Id, IdError> {
        let wrong = IdError { prefix };
        let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong)?;
        if digits.len() != TEXT_LENGTH {
            return Err(wrong);
        }
        let mut number: u64 = 0;
        for (index, digit) in digits.bytes().enumerate() {
            let value = ALPHABET.iter().position(|known| *known == digit).ok_or(wrong)? as u64;
            if index == 0 && value > 7 {
                return Err(wrong);
            }
            number = number << 5 | value;
        }
        i64::try_from(number).map(Id).map_err(|_| wrong)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is written {prefix}_ and then 13 characters of 0-9 and a-z without i, l, o, u")]
pub struct IdError {
    pub prefix: &'static str,
}

macro_rules! id_of {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Id);

        impl $name {
            pub fn part(self) -> Part {
                self.0.part()
            }

            pub fn number(self) -> i64 {
                self.0.number()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write($prefix, formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Id::read($prefix, text).map($name)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.number())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = i64::deserialize(deserializer)?;
                Id::from_number(number).map($name).ok_or_else(|| D::Error::custom(format!("{number} is no id")))
            }
        }
    };
}

id_of!(
    /// A customer enrolled in the programme.
    MemberId,
    "mem"
);
id_of!(
    /// Whoever a wallet belongs to: a member (with the member's own number) or a household.
    HolderId,
    "hol"
);
id_of!(
    /// A ledger transaction: one row of the journal.
    TransactionId,
    "txn"
);

id_of!(
    /// A loyalty card, by whose number a member is named at a till. No decision looks at it.
    CardId,
    "crd"
);

id_of!(
    /// A click on a member's link. Decisions only pass its name on.
    ClickId,
    "clk"
);

id_of!(
    /// A member passed their link on. No decision looks at it.
    ShareId,
    "shr"
);

id_of!(
    /// A suspicion that a person looks at.
    CaseId,
    "cas"
);

impl From<MemberId> for HolderId {
    fn from(member: MemberId) -> HolderId {
        HolderId(member.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let part = Part::of("club", "customer-1");
        let id = MemberId(Id::new(1_790_000_000_000, 513, part));
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(id.part(), part);
        assert!(text.starts_with("mem_") && text.len() == 17);
    }

    #[test]
    fn ids_sort_by_time_as_numbers_and_as_text() {
        let early = TransactionId(Id::new(1_700_000_000_000, 9, Part(63)));
        let late = TransactionId(Id::new(1_700_000_000_001, 0, Part(0)));
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn wrong_ids_are_refused() {
        for text in [
            "",
            "mem_",
            "txn_0123456789abc",
            "mem_0123456789ab",
            "mem_0123456789abu",
            "mem_z123456789abc",
            "MEM_0123456789abc",
        ] {
            assert!(text.parse::<MemberId>().is_err(), "{text}");
        }
    }
}
