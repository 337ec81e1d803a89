//! The mapping document: how the columns of a shop's export become orders. Written in TOML, and
//! explained line by line in `examples/online-retail/online-retail.toml`.

use jiff::civil::DateTime;
use jiff::fmt::strtime;
use lojal_core::activity::{LineKind, OrderState};
use lojal_core::kernel::{Name, Period};
use serde::Deserialize;
use toml::Spanned;

use super::encoding::Encoding;
use super::number::NumberFormat;

/// A mapping that has been found to make sense. Whether its columns exist is known once the file
/// is open.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub delimiter: u8,
    pub quote: u8,
    pub encoding: Encoding,
    /// How far apart rows of one order may lie; `None` when the file is in no order and has to be
    /// read to its end first.
    pub order_window: Option<Period>,
    pub columns: Columns,
    pub amounts: Amounts,
    pub time_formats: Vec<String>,
    pub numbers: NumberFormat,
    pub defaults: Defaults,
    /// Whether line totals and prices hold the tax already.
    pub tax_included: bool,
    pub states: Vec<(Name, StatedState)>,
    pub kinds: Vec<(Name, LineKind)>,
    pub cancellation: Option<Cancellation>,
    /// Whether goods that come back are looked for among the member's earlier lines.
    pub match_cancellations: bool,
}

/// The name of a column, and where the mapping names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub place: Place,
}

/// From 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// The columns that an order is made of, amounts apart.
#[derive(Clone, Debug)]
pub struct Columns {
    pub order: Column,
    pub member: Column,
    pub time: Column,
    pub line: Option<Column>,
    pub sku: Option<Column>,
    pub quantity: Option<Column>,
    pub tax: Option<Column>,
    pub discount: Option<Column>,
    pub currency: Option<Column>,
    pub category: Option<Column>,
    pub make: Option<Column>,
    pub channel: Option<Column>,
    pub country: Option<Column>,
    pub state: Option<Column>,
    /// What the customer was seen with.
    pub seen: Vec<(Seen, Column)>,
}

/// What somebody may have been seen with when they ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Ip,
    Device,
    Payment,
    Locker,
    Address,
    Postcode,
    Town,
}

/// What a line costs is stated in one of two ways.
#[derive(Clone, Debug)]
pub enum Amounts {
    /// For one piece, before the discount.
    UnitPrice(Column),
    /// For all pieces, after the discount.
    LineTotal(Column),
}

/// What holds for orders whose rows do not say.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    pub currency: Option<Name>,
    pub brand: Option<Name>,
    pub channel: Option<Name>,
    pub country: Option<Name>,
}

/// What the shop's word for a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedState {
    Order(OrderState),
    /// Not a sale yet, or never one: left out.
    Skip,
}

/// How to tell that an order of the file is goods coming back.
#[derive(Clone, Debug)]
pub struct Cancellation {
    pub prefix: String,
    pub column: Column,
}

/// What is wrong with a mapping, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {problem}", place.line, place.column)]
pub struct MappingError {
    pub place: Place,
    pub problem: String,
}

impl Mapping {
    pub fn parse(text: &str) -> Result<Mapping, MappingError> {
        let document: Document = toml::from_str(text).map_err(|error| MappingError {
            place: place(text, error.span().map_or(0, |span| span.start)),
            problem: error.message().to_owned(),
        })?;
        Reader { text }.mapping(document)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    file: FileSection,
    columns: Spanned<ColumnsSection>,
    times: TimesSection,
    #[serde(default)]
    numbers: NumbersSection,
    #[serde(default)]
    orders: OrdersSection,
    #[serde(default)]
    states: StatesSection,
    #[serde(default)]
    kinds: KindsSection,
    cancellation: Option<CancellationSection>,
    match_cancellations: Option<Spanned<bool>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    delimiter: Option<Spanned<String>>,
    quote: Option<Spanned<String>>,
    #[serde(default)]
    encoding: Encoding,
    sorted: Option<bool>,
    order_window: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnsSection {
    order: Spanned<String>,
    member: Spanned<String>,
    time: Spanned<String>,
    line: Option<Spanned<String>>,
    sku: Option<Spanned<String>>,
    quantity: Option<Spanned<String>>,
    unit_price: Option<Spanned<String>>,
    line_total: Option<Spanned<String>>,
    tax: Option<Spanned<String>>,
    discount: Option<Spanned<String>>,
    currency: Option<Spanned<String>>,
    category: Option<Spanned<String>>,
    make: Option<Spanned<String>>,
    channel: Option<Spanned<String>>,
    country: Option<Spanned<String>>,
    state: Option<Spanned<String>>,
    ip: Option<Spanned<String>>,
    device: Option<Spanned<String>>,
    payment: Option<Spanned<String>>,
    locker: Option<Spanned<String>>,
    address: Option<Spanned<String>>,
    postcode: Option<Spanned<String>>,
    town: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimesSection {
    formats: Spanned<Vec<Spanned<String>>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumbersSection {
    decimal: Option<Spanned<String>>,
    thousands: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OrdersSection {
    currency: Option<Name>,
    brand: Option<Name>,
    channel: Option<Name>,
    country: Option<Name>,
    tax_included: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StatesSection {
    paid: Vec<Spanned<Name>>,
    closed: Vec<Spanned<Name>>,
    cancelled: Vec<Spanned<Name>>,
    skip: Vec<Spanned<Name>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct KindsSection {
    shipping: Vec<Name>,
    gift_card: Vec<Name>,
    fee: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancellationSection {
    prefix: Spanned<String>,
    column: Option<Spanned<String>>,
}

const DEFAULT_WINDOW: &str = "10 minutes";

/// Turns the document into a mapping; holds the text to find places in.
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn mapping(&self, document: Document) -> Result<Mapping, MappingError> {
        let columns_at = document.columns.span().start;
        let mut section = document.columns.into_inner();
        let amounts = self.amounts(columns_at, section.unit_price.take(), section.line_total.take())?;
        let columns = self.columns(section);
        let match_cancellations = match document.match_cancellations {
            Some(wanted) if *wanted.get_ref() && columns.sku.is_none() => {
                return Err(
                    self.error(wanted.span().start, "matching needs the column of the sku: name it in [columns]")
                );
            }
            wanted => wanted.is_some_and(Spanned::into_inner),
        };
        let cancellation = match document.cancellation {
            Some(section) => Some(self.cancellation(section, &columns)?),
            None => None,
        };
        let orders = document.orders;
        Ok(Mapping {
            delimiter: self.ascii(document.file.delimiter, b',')?,
            quote: self.ascii(document.file.quote, b'"')?,
            encoding: document.file.encoding,
            order_window: self.order_window(document.file.sorted, document.file.order_window)?,
            columns,
            amounts,
            time_formats: self.time_formats(document.times.formats)?,
            numbers: self.numbers(document.numbers)?,
            defaults: Defaults {
                currency: orders.currency,
                brand: orders.brand,
                channel: orders.channel,
                country: orders.country,
            },
            tax_included: orders.tax_included.unwrap_or(true),
            states: self.states(document.states)?,
            kinds: kinds(document.kinds),
            cancellation,
            match_cancellations,
        })
    }

    fn columns(&self, section: ColumnsSection) -> Columns {
        let seen = [
            (Seen::Ip, section.ip),
            (Seen::Device, section.device),
            (Seen::Payment, section.payment),
            (Seen::Locker, section.locker),
            (Seen::Address, section.address),
            (Seen::Postcode, section.postcode),
            (Seen::Town, section.town),
        ];
        let seen = seen.into_iter().filter_map(|(what, name)| Some((what, self.column(name?)))).collect();
        Columns {
            order: self.column(section.order),
            member: self.column(section.member),
            time: self.column(section.time),
            line: section.line.map(|name| self.column(name)),
            sku: section.sku.map(|name| self.column(name)),
            quantity: section.quantity.map(|name| self.column(name)),
            tax: section.tax.map(|name| self.column(name)),
            discount: section.discount.map(|name| self.column(name)),
            currency: section.currency.map(|name| self.column(name)),
            category: section.category.map(|name| self.column(name)),
            make: section.make.map(|name| self.column(name)),
            channel: section.channel.map(|name| self.column(name)),
            country: section.country.map(|name| self.column(name)),
            state: section.state.map(|name| self.column(name)),
            seen,
        }
    }

    fn amounts(
        &self,
        at: usize,
        unit_price: Option<Spanned<String>>,
        line_total: Option<Spanned<String>>,
    ) -> Result<Amounts, MappingError> {
        match (unit_price, line_total) {
            (Some(name), None) => Ok(Amounts::UnitPrice(self.column(name))),
            (None, Some(name)) => Ok(Amounts::LineTotal(self.column(name))),
            (None, None) => Err(self.error(at, "[columns] must name unit_price or line_total")),
            (Some(_), Some(name)) => Err(self.error(
                name.span().start,
                "unit_price and line_total exclude each other: name the one that the shop charges by",
            )),
        }
    }

    fn cancellation(&self, section: CancellationSection, columns: &Columns) -> Result<Cancellation, MappingError> {
        if section.prefix.get_ref().is_empty() {
            return Err(self.error(section.prefix.span().start, "the prefix must not be empty"));
        }
        let column = section.column.map_or_else(|| columns.order.clone(), |name| self.column(name));
        Ok(Cancellation { prefix: section.prefix.into_inner(), column })
    }

    fn order_window(
        &self,
        sorted: Option<bool>,
        window: Option<Spanned<String>>,
    ) -> Result<Option<Period>, MappingError> {
        let at = window.as_ref().map_or(0, |window| window.span().start);
        if sorted == Some(false) {
            return match window {
                Some(_) => Err(self.error(at, "order_window means nothing when sorted = false: leave one of them out")),
                None => Ok(None),
            };
        }
        let text = window.map_or_else(|| DEFAULT_WINDOW.to_owned(), Spanned::into_inner);
        text.parse().map(Some).map_err(|error| self.error(at, &format!("\"{text}\" {error}")))
    }

    fn time_formats(&self, formats: Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, MappingError> {
        if formats.get_ref().is_empty() {
            return Err(self.error(formats.span().start, "at least one format is needed, like \"%Y-%m-%d %H:%M\""));
        }
        formats.into_inner().into_iter().map(|format| self.time_format(format)).collect()
    }

    /// A format is sound when it reads back what it writes, at least to the day.
    fn time_format(&self, format: Spanned<String>) -> Result<String, MappingError> {
        let at = format.span().start;
        let format = format.into_inner();
        let sample = DateTime::constant(2026, 11, 24, 13, 47, 58, 0);
        let zoned = sample.in_tz("UTC").map_err(|error| self.error(at, &error.to_string()))?;
        let written = strtime::format(&format, &zoned);
        let read = written.and_then(|written| strtime::parse(&format, &written)).and_then(|time| time.to_date());
        match read {
            Ok(date) if date == sample.date() => Ok(format),
            _ => Err(self.error(
                at,
                &format!("\"{format}\" does not describe a day; write it like \"%d.%m.%Y %H:%M\" or \"%Y-%m-%d\""),
            )),
        }
    }

    fn numbers(&self, section: NumbersSection) -> Result<NumberFormat, MappingError> {
        let decimal_at = section.decimal.as_ref().map_or(0, |decimal| decimal.span().start);
        let decimal = match section.decimal.as_ref().map(|decimal| decimal.get_ref().as_str()) {
            None | Some(".") => '.',
            Some(",") => ',',
            Some(_) => return Err(self.error(decimal_at, "the decimal mark is \".\" or \",\"")),
        };
        let Some(thousands) = section.thousands.filter(|thousands| !thousands.get_ref().is_empty()) else {
            return Ok(NumberFormat { decimal, thousands: None });
        };
        let mut letters = thousands.get_ref().chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter != decimal && !letter.is_ascii_digit() && letter != '-' => {
                Ok(NumberFormat { decimal, thousands: Some(letter) })
            }
            _ => Err(self.error(
                thousands.span().start,
                "the thousands separator is one character, and another one than the decimal mark",
            )),
        }
    }

    fn states(&self, section: StatesSection) -> Result<Vec<(Name, StatedState)>, MappingError> {
        let mut states: Vec<(Name, StatedState)> = Vec::new();
        for (words, state) in [
            (section.paid, StatedState::Order(OrderState::Paid)),
            (section.closed, StatedState::Order(OrderState::Closed)),
            (section.cancelled, StatedState::Order(OrderState::Cancelled)),
            (section.skip, StatedState::Skip),
        ] {
            for word in words {
                if states.iter().any(|(known, _)| known == word.get_ref()) {
                    return Err(self.error(word.span().start, &format!("\"{}\" is listed twice", word.get_ref())));
                }
                states.push((word.into_inner(), state));
            }
        }
        Ok(states)
    }

    fn ascii(&self, letter: Option<Spanned<String>>, default: u8) -> Result<u8, MappingError> {
        let Some(letter) = letter else { return Ok(default) };
        match letter.get_ref().as_bytes() {
            [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'\n' && *byte != b'\r' => Ok(*byte),
            _ if letter.get_ref() == "tab" => Ok(b'\t'),
            _ => Err(self.error(letter.span().start, "one character is needed, like \";\" or \"tab\"")),
        }
    }

    fn column(&self, name: Spanned<String>) -> Column {
        Column { place: place(self.text, name.span().start), name: name.into_inner() }
    }

    fn error(&self, at: usize, problem: &str) -> MappingError {
        MappingError { place: place(self.text, at), problem: problem.to_owned() }
    }
}

fn kinds(section: KindsSection) -> Vec<(Name, LineKind)> {
    let of = |skus: Vec<Name>, kind: LineKind| skus.into_iter().map(move |sku| (sku, kind));
    of(section.shipping, LineKind::Shipping)
        .chain(of(section.gift_card, LineKind::GiftCard))
        .chain(of(section.fee, LineKind::Fee))
        .collect()
}

fn place(text: &str, offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
match_cancellations = true
[file]
delimiter = ";"
encoding = "windows-1250"
[columns]
order = "Nr"
member = "Klient"
time = "Data"
sku = "Kod"
quantity = "Ile"
unit_price = "Cena"
[times]
formats = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
[numbers]
decimal = ","
thousands = " "
[states]
closed = ["wydane"]
skip = ["koszyk"]
[cancellation]
prefix = "K"
"#;

    #[test]
    fn a_sound_mapping_is_read() {
        let mapping = Mapping::parse(SOUND).unwrap();
        assert_eq!(mapping.delimiter, b';');
        assert_eq!(mapping.encoding, Encoding::Windows1250);
        assert_eq!(mapping.order_window, Some(Period::minutes(10)));
        assert_eq!(mapping.numbers, NumberFormat { decimal: ',', thousands: Some(' ') });
        assert_eq!(mapping.columns.order, Column { name: "Nr".to_owned(), place: Place { line: 7, column: 9 } });
        assert_eq!(mapping.cancellation.unwrap().column.name, "Nr");
        assert!(mapping.match_cancellations);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (right, wrong, line, column, problem) in [
            ("order = \"Nr\"", "ordr = \"Nr\"", 7, 1, "unknown field `ordr`"),
            ("order = \"Nr\"", "order = 5", 7, 9, "invalid type"),
            ("order = \"Nr\"", "order = \"Nr", 7, 12, ""),
            ("delimiter = \";\"", "delimiter = \";;\"", 4, 13, "one character"),
            ("\"windows-1250\"", "\"cp1250\"", 5, 12, "unknown variant `cp1250`"),
            ("unit_price = \"Cena\"", "", 6, 1, "unit_price or line_total"),
            ("unit_price = \"Cena\"", "unit_price = \"Cena\"\nline_total = \"Wart\"", 13, 14, "exclude each other"),
            ("\"%d.%m.%Y\"]", "\"%d.%m\"]", 14, 30, "does not describe a day"),
            ("\"%d.%m.%Y\"]", "\"%d.%m.%Q\"]", 14, 30, "does not describe a day"),
            ("[\"%d.%m.%Y %H:%M\", \"%d.%m.%Y\"]", "[]", 14, 11, "at least one format"),
            ("thousands = \" \"", "thousands = \",\"", 17, 13, "thousands separator"),
            ("decimal = \",\"", "decimal = \"'\"", 16, 11, "decimal mark"),
            ("skip = [\"koszyk\"]", "skip = [\"wydane\"]", 20, 9, "listed twice"),
            ("prefix = \"K\"", "prefix = \"\"", 22, 10, "must not be empty"),
            ("sku = \"Kod\"", "", 2, 23, "matching needs"),
            ("[file]", "[file]\norder_window = \"soon\"", 4, 16, "no length of time"),
            ("[file]", "[file]\nsorted = false\norder_window = \"1 hour\"", 5, 16, "means nothing"),
        ] {
            let error = Mapping::parse(&SOUND.replacen(right, wrong, 1)).unwrap_err();
            assert!(error.problem.contains(problem), "{wrong}: {error}");
            assert_eq!((error.place.line, error.place.column), (line, column), "{wrong}: {error}");
        }
    }
}
