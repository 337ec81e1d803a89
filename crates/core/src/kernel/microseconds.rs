//! Moments as the journal writes them: whole microseconds since 1970 as a number. What is finer,
//! which no clock of the house tells, is written out, so that nothing is ever rounded.

use std::fmt;

use jiff::Timestamp;
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

pub fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    let microseconds = moment.as_microsecond();
    match moment.subsec_nanosecond() % 1_000 {
        0 => serializer.serialize_i64(microseconds),
        _ => serializer.collect_str(moment),
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    deserializer.deserialize_any(Moment)
}

struct Moment;

impl Visitor<'_> for Moment {
    type Value = Timestamp;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("microseconds since 1970, or a time like 2026-04-01T10:30:00.123456789Z")
    }

    fn visit_i64<E: Error>(self, microseconds: i64) -> Result<Timestamp, E> {
        Timestamp::from_microsecond(microseconds).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, microseconds: u64) -> Result<Timestamp, E> {
        self.visit_i64(i64::try_from(microseconds).map_err(E::custom)?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }
}

/// For a moment that need not be there.
pub mod option {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
        match moment {
            Some(moment) => super::serialize(moment, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
        #[derive(Deserialize)]
        struct Written(#[serde(with = "super")] Timestamp);
        Ok(Option::<Written>::deserialize(deserializer)?.map(|Written(moment)| moment))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Time(#[serde(with = "super")] Timestamp);

    #[test]
    fn no_moment_is_rounded() {
        for (moment, written) in [
            ("2026-04-01T10:30:00Z", "1775039400000000"),
            ("2026-04-01T10:30:00.000001Z", "1775039400000001"),
            ("1969-12-31T23:59:59.999999Z", "-1"),
            ("2026-04-01T10:30:00.000000001Z", "\"2026-04-01T10:30:00.000000001Z\""),
            ("9999-12-30T22:00:00.999999999Z", "\"9999-12-30T22:00:00.999999999Z\""),
        ] {
            let time = Time(moment.parse().unwrap());
            assert_eq!(serde_json::to_string(&time).unwrap(), written);
            assert_eq!(serde_json::from_str::<Time>(written).unwrap(), time);
        }
    }
}
