//! The small types that request bodies and addresses are made of. Each refuses what it cannot be
//! and says the same in the API description, so that the two cannot differ.

use std::borrow::Cow;
use std::fmt;

use lojal_core::activity::Value;
use lojal_core::command::Birthday;
use lojal_core::kernel::{CardId, CaseId, HolderId, Instant, LARGEST_AMOUNT, Language, MemberId, Name, TransactionId};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, KnownFormat, SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::platform::cards::CardNumber;

/// 13 characters of Crockford's base 32, the first of which carries three bits.
macro_rules! id_digits {
    () => {
        "[0-7][0-9a-hjkmnp-tv-z]{12}"
    };
}

/// No control characters.
const PRINTABLE: &str = r"^[^\u0000-\u001F\u007F]+$";

fn printable(text: &str, longest: usize) -> Result<Name, String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.chars().count() > longest {
        return Err(format!("has more than {longest} characters"));
    }
    if text.chars().any(|character| character < ' ' || character == '\u{7f}') {
        return Err("has a control character in it".to_owned());
    }
    Ok(Name::from(text))
}

/// A type that is written as text and read by a function that names what is wrong.
macro_rules! text_field {
    ($name:ident, $schema:expr) => {
        text_field!($name, stringify!($name), $schema);
    };
    ($name:ident, $label:expr, $schema:expr) => {
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                $name::parse(&text).map_err(D::Error::custom)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($label)
            }
        }
    };
}

pub(super) fn text_schema(longest: usize, pattern: &str, example: &str) -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(longest))
            .pattern(Some(pattern))
            .examples([example])
            .build(),
    )
}

/// The shop's own id of a customer, an order, a return or an activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalId(pub Name);

impl ExternalId {
    const LONGEST: usize = 200;

    pub fn parse(text: &str) -> Result<ExternalId, String> {
        printable(text, ExternalId::LONGEST).map(ExternalId)
    }
}

pub(super) use {id_digits, text_field};

text_field!(ExternalId, text_schema(ExternalId::LONGEST, PRINTABLE, "1001"));

/// A short name: a SKU, a category, a channel, a tag, the id of a unit or a reward.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label(pub Name);

impl Label {
    const LONGEST: usize = 100;

    pub fn parse(text: &str) -> Result<Label, String> {
        printable(text, Label::LONGEST).map(Label)
    }
}

text_field!(Label, text_schema(Label::LONGEST, PRINTABLE, "points"));

/// A sentence from a person: why an adjustment was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark(pub Name);

impl Remark {
    const LONGEST: usize = 500;

    pub fn parse(text: &str) -> Result<Remark, String> {
        printable(text, Remark::LONGEST).map(Remark)
    }
}

text_field!(Remark, text_schema(Remark::LONGEST, PRINTABLE, "Sorry for the late parcel"));

/// A voucher's code. Worth money to whoever knows it, so it never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct VoucherCode(pub Name);

impl VoucherCode {
    const LONGEST: usize = 100;

    pub fn parse(text: &str) -> Result<VoucherCode, String> {
        printable(text, VoucherCode::LONGEST).map(VoucherCode)
    }
}

impl fmt::Debug for VoucherCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VoucherCode(…)")
    }
}

text_field!(VoucherCode, text_schema(VoucherCode::LONGEST, PRINTABLE, "WELCOME-7XK4-M2QP"));

/// Money as text, in the currency that stands beside it: `12.40`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(pub String);

impl Decimal {
    pub fn parse(text: &str) -> Result<Decimal, String> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let number = |part: &str, longest: usize| {
            (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if number(whole, 15) && number(fraction, 6) {
            Ok(Decimal(text.to_owned()))
        } else {
            Err("is no amount of money; write it as text like \"12.40\"".to_owned())
        }
    }
}

text_field!(Decimal, text_schema(23, r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$", "12.40"));

/// An ISO 4217 code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency(pub Name);

impl Currency {
    pub fn parse(text: &str) -> Result<Currency, String> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Currency(Name::from(text)))
        } else {
            Err("is no currency; write its three capital letters, like PLN".to_owned())
        }
    }
}

text_field!(Currency, text_schema(3, "^[A-Z]{3}$", "PLN"));

/// A moment, RFC 3339 with its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Instant);

impl Time {
    pub fn parse(text: &str) -> Result<Time, String> {
        let moment: Option<Instant> = text.parse().ok();
        moment
            .and_then(|moment| Instant::from_microsecond(moment.as_microsecond()).ok())
            .map(Time)
            .ok_or_else(|| "is no time; write it like 2026-04-01T10:30:00Z".to_owned())
    }
}

text_field!(
    Time,
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-04-01T10:30:00Z"])
            .build()
    )
);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A day of the year, month first: `04-17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDay(pub Birthday);

impl MonthDay {
    pub fn parse(text: &str) -> Result<MonthDay, String> {
        let wrong = || "is no day of the year; write month and day, like 04-17".to_owned();
        let two = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let (month, day) = text.split_once('-').filter(|(month, day)| two(month) && two(day)).ok_or_else(wrong)?;
        let month: i8 = month.parse().map_err(|_| wrong())?;
        let day: i8 = day.parse().map_err(|_| wrong())?;
        // 2000 had a 29 February.
        lojal_core::kernel::Date::new(2000, month, day).map_err(|_| wrong())?;
        Ok(MonthDay(Birthday { month, day }))
    }
}

text_field!(MonthDay, text_schema(5, "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "04-17"));

impl Serialize for MonthDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:02}-{:02}", self.0.month, self.0.day))
    }
}

/// Names a member: by the id that this API gave, by the shop's own, or by a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberName {
    Id(MemberId),
    External(Name),
    Card(CardNumber),
}

impl MemberName {
    const PREFIX: &str = "ext:";
    const CARD: &str = "card:";

    /// `mem_…`, `card:` and the number of a card, or the shop's own id, in a body.
    pub fn parse(text: &str) -> Result<MemberName, String> {
        if let Ok(id) = text.parse() {
            return Ok(MemberName::Id(id));
        }
        if let Some(number) = text.strip_prefix(MemberName::CARD) {
            return CardText::parse(number).map(|number| MemberName::Card(number.0));
        }
        let external = text.strip_prefix(MemberName::PREFIX).unwrap_or(text);
        ExternalId::parse(external).map(|external| MemberName::External(external.0))
    }
}

text_field!(MemberName, text_schema(204, PRINTABLE, "customer-1001"));

/// As [`MemberName`], in an address: `mem_…`, `ext:` and the shop's own id, or `card:` and a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPath(pub MemberName);

impl MemberPath {
    pub fn parse(text: &str) -> Result<MemberPath, String> {
        let name = MemberName::parse(text)?;
        if matches!(name, MemberName::External(_)) && !text.starts_with(MemberName::PREFIX) {
            return Err("a member is named mem_…, by the shop's own id ext:…, or by a card card:…".to_owned());
        }
        Ok(MemberPath(name))
    }
}

text_field!(
    MemberPath,
    text_schema(
        204,
        concat!(r"^(mem_", id_digits!(), r"|ext:[^\u0000-\u001F\u007F]{1,200}|card:[0-9A-Za-z -]{4,80})$"),
        "ext:customer-1001"
    )
);

/// The number of a loyalty card, as it is printed or in an app: 4 to 40 letters and digits; blanks and hyphens mean
/// nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText(pub CardNumber);

impl CardText {
    pub fn parse(text: &str) -> Result<CardText, String> {
        let wrong = "is no number of a card; it has 4 to 40 letters from A to Z and digits";
        CardNumber::parse(text).map(CardText).ok_or_else(|| wrong.to_owned())
    }
}

text_field!(CardText, "CardNumber", text_schema(80, "^[0-9A-Za-z -]{4,80}$", "2600 1234 5678"));

macro_rules! id_field {
    ($(#[$doc:meta])* $name:ident, $id:ident, $label:literal, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $id);

        impl $name {
            pub fn parse(text: &str) -> Result<$name, String> {
                text.parse().map($name).map_err(|error: lojal_core::kernel::IdError| error.to_string())
            }
        }

        text_field!(
            $name,
            $label,
            text_schema(17, concat!("^", $prefix, "_", id_digits!(), "$"), concat!($prefix, "_0p4k2v9x7m3ab"))
        );

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }
    };
}

pub(super) use id_field;

id_field!(
    /// A member, by the id that this API gave.
    MemberKey,
    MemberId,
    "MemberId",
    "mem"
);
id_field!(
    /// A loyalty card, by the id that this API gave.
    CardKey,
    CardId,
    "CardId",
    "crd"
);
id_field!(
    /// A suspicion that a person looks at, by the id that this API gave.
    CaseKey,
    CaseId,
    "CaseId",
    "cas"
);
id_field!(HouseholdKey, HolderId, "HouseholdId", "hol");
id_field!(
    /// A transaction; also names the hold or the redemption that it made.
    TransactionKey,
    TransactionId,
    "TransactionId",
    "txn"
);

/// One effect of a transaction: `txn_…-N`, N counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryKey {
    pub transaction: TransactionId,
    pub index: usize,
}

impl EntryKey {
    pub fn parse(text: &str) -> Result<EntryKey, String> {
        let read = || {
            let (transaction, index) = text.split_once('-')?;
            let digits = (1..=5).contains(&index.len()) && index.bytes().all(|byte| byte.is_ascii_digit());
            Some(EntryKey { transaction: transaction.parse().ok()?, index: digits.then(|| index.parse().ok())?? })
        };
        read().ok_or_else(|| "an entry is named txn_…-N".to_owned())
    }
}

text_field!(
    EntryKey,
    "EntryId",
    text_schema(23, concat!("^txn_", id_digits!(), "-[0-9]{1,5}$"), "txn_0p4k2v9x7m3ab-0")
);

impl fmt::Display for EntryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.transaction, self.index)
    }
}

impl Serialize for EntryKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

macro_rules! whole_field {
    ($(#[$doc:meta])* $name:ident, $least:expr, $most:expr, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub i64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let number = i64::deserialize(deserializer)?;
                if ($least..=$most).contains(&number) {
                    Ok($name(number))
                } else {
                    Err(D::Error::custom(format_args!("{number} is not between {} and {}", $least, $most)))
                }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object = ObjectBuilder::new()
                    .schema_type(Type::Integer)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
                    .minimum(Some($least))
                    .maximum(Some($most))
                    .examples([$example]);
                Schema::Object(object.build()).into()
            }
        }

        impl ToSchema for $name {}
    };
}

whole_field!(
    /// An amount of a unit, in its smallest parts; 1 or more.
    Points,
    1i64,
    LARGEST_AMOUNT,
    500
);
whole_field!(
    /// An amount of a unit, in its smallest parts, given or taken.
    SignedPoints,
    -LARGEST_AMOUNT,
    LARGEST_AMOUNT,
    -50
);
whole_field!(
    /// Pieces of a line.
    Pieces,
    1i64,
    1_000_000i64,
    2
);

/// A value that an activity or a member carries for rules to look at: text, a whole number, or
/// true or false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeValue(pub Value);

const LONGEST_VALUE: usize = 500;

/// The most attributes of one member or activity.
pub const MOST_ATTRIBUTES: usize = 50;

/// Attributes by name, for an API description.
pub fn attributes_schema() -> Schema {
    map_of(AttributeValue::schema())
}

/// Attributes by name, each of which may be taken away.
pub fn attribute_changes_schema() -> Schema {
    let nothing = ObjectBuilder::new().schema_type(Type::Null).build();
    let value = AnyOfBuilder::new().item(AttributeValue::schema()).item(Schema::Object(nothing));
    map_of(Schema::AnyOf(value.build()).into())
}

fn map_of(value: RefOr<Schema>) -> Schema {
    let names = text_schema(Label::LONGEST, PRINTABLE, "size");
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property_names(Some(names))
        .additional_properties(Some(AdditionalProperties::RefOr(value)))
        .max_properties(Some(MOST_ATTRIBUTES));
    Schema::Object(object.build())
}

impl<'de> Deserialize<'de> for AttributeValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<AttributeValue, D::Error> {
        struct Reader;

        impl Visitor<'_> for Reader {
            type Value = AttributeValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("text, a whole number, true or false")
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<AttributeValue, E> {
                Ok(AttributeValue(Value::Flag(flag)))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<AttributeValue, E> {
                if number.abs_diff(0) <= LARGEST_AMOUNT.unsigned_abs() {
                    Ok(AttributeValue(Value::Number(number)))
                } else {
                    Err(E::custom("is too large"))
                }
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<AttributeValue, E> {
                i64::try_from(number).map_err(|_| E::custom("is too large")).and_then(|number| self.visit_i64(number))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<AttributeValue, E> {
                let text = printable(text, LONGEST_VALUE).map_err(E::custom)?;
                Ok(AttributeValue(Value::Text(text)))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl Serialize for AttributeValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl PartialSchema for AttributeValue {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(-LARGEST_AMOUNT))
            .maximum(Some(LARGEST_AMOUNT))
            .build();
        let flag = ObjectBuilder::new().schema_type(Type::Boolean).build();
        let any = AnyOfBuilder::new()
            .item(text_schema(LONGEST_VALUE, PRINTABLE, "wholesale"))
            .item(Schema::Object(number))
            .item(Schema::Object(flag));
        Schema::AnyOf(any.build()).into()
    }
}

impl ToSchema for AttributeValue {}

/// A language in which the house speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = Language)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Pl,
    En,
}

impl Lang {
    pub fn tag(self) -> &'static str {
        Language::from(self).tag()
    }

    pub fn from_tag(tag: &str) -> Option<Lang> {
        [Lang::Pl, Lang::En].into_iter().find(|lang| lang.tag() == tag)
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Pl => Lang::Pl,
            Language::En => Lang::En,
        }
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::Pl => Language::Pl,
            Lang::En => Language::En,
        }
    }
}
