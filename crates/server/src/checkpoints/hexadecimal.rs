//! Bytes as people can copy them.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// So many bytes, written as hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes<const LENGTH: usize>(pub [u8; LENGTH]);

/// What a hash function gives.
pub type Digest = Bytes<32>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes are written as twice as many hexadecimal digits")]
pub struct NotHexadecimal(usize);

impl<const LENGTH: usize> fmt::Display for Bytes<LENGTH> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl<const LENGTH: usize> fmt::Debug for Bytes<LENGTH> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl<const LENGTH: usize> std::str::FromStr for Bytes<LENGTH> {
    type Err = NotHexadecimal;

    fn from_str(text: &str) -> Result<Self, NotHexadecimal> {
        let wrong = NotHexadecimal(LENGTH);
        if text.len() != 2 * LENGTH {
            return Err(wrong);
        }
        let mut bytes = [0; LENGTH];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16).ok_or(wrong);
            let [high, low] = <[u8; 2]>::try_from(digits).map_err(|_| wrong)?;
            *byte = (digit(high)? << 4 | digit(low)?) as u8;
        }
        Ok(Bytes(bytes))
    }
}

impl<const LENGTH: usize> Serialize for Bytes<LENGTH> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const LENGTH: usize> Deserialize<'de> for Bytes<LENGTH> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
