//! Fields of bodies and addresses about recommendations.

use std::borrow::Cow;

use lojal_core::kernel::{ClickId, Date, ShareId};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::fields::{id_digits, id_field, text_field, text_schema};
use crate::platform::clicks::TOKEN_LENGTH;
use crate::platform::referral_codes::CodeName;

/// A code by which a member recommends, as it stands in a link or was typed. Blanks, hyphens, accents and the size of
/// letters mean nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeText(pub CodeName);

impl CodeText {
    pub fn parse(text: &str) -> Result<CodeText, String> {
        let wrong = "is no code; it has 4 to 40 letters and digits";
        CodeName::parse(text).map(CodeText).ok_or_else(|| wrong.to_owned())
    }
}

text_field!(CodeText, "ReferralCodeText", text_schema(80, r"^[^\u0000-\u001F\u007F]{4,80}$", "7K3M-QX2R-9VTA"));

/// Where a code is used, in the shop's own words: `flyer`, `instagram`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelText(pub String);

impl ChannelText {
    const LONGEST: usize = 30;

    pub fn parse(text: &str) -> Result<ChannelText, String> {
        let is_sound = (1..=ChannelText::LONGEST).contains(&text.len())
            && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_');
        let wrong = "is no channel; it has up to 30 of a-z, 0-9 and _";
        if is_sound { Ok(ChannelText(text.to_owned())) } else { Err(wrong.to_owned()) }
    }
}

text_field!(ChannelText, "Channel", text_schema(ChannelText::LONGEST, "^[a-z0-9_]{1,30}$", "instagram"));

id_field!(
    /// A click on a member's link.
    ClickKey,
    ClickId,
    "ClickId",
    "clk"
);

id_field!(
    /// A member passed their link on.
    ShareKey,
    ShareId,
    "ShareId",
    "shr"
);

/// A day of the programme's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    pub fn parse(text: &str) -> Result<Day, String> {
        let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
        day.map(Day).ok_or_else(|| "is no day; write it like 2026-04-01".to_owned())
    }
}

text_field!(Day, text_schema(10, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2026-04-01"));

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// What was handed on as `lojal_click` with somebody who followed a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClickTokenText(pub String);

impl ClickTokenText {
    pub fn parse(text: &str) -> Result<ClickTokenText, String> {
        let is_sound =
            text.len() == TOKEN_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        let wrong = "is no click; send the parameter lojal_click as it came";
        if is_sound { Ok(ClickTokenText(text.to_owned())) } else { Err(wrong.to_owned()) }
    }
}

text_field!(
    ClickTokenText,
    "ClickToken",
    text_schema(TOKEN_LENGTH, r"^[0-9a-z]{26}\.[0-9a-z]{26}$", "0p4k2v9x7m3ab0p4k2v9x7m3ab.0p4k2v9x7m3ab0p4k2v9x7m3ab")
);
