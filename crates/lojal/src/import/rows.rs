//! Rows of the file, one by one: each is read into a line of an order, or left out with a reason.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use csv::ByteRecord;
use jiff::civil::Time;
use jiff::fmt::strtime;
use lojal_core::activity::{LineKind, OrderState};
use lojal_core::kernel::{Calendar, Factor, Instant, Money, Name};
use lojal_core::programme::Programme;
use lojal_server::platform::http::fields::Label;
use lojal_server::platform::http::identifiers::{IdentifiersInput, PostalAddressInput};
use serde::Serialize;

use super::ImportError;
use super::mapping::{Amounts, Column, Mapping, Seen, StatedState};
use super::number::{Millionths, Rounded, to_money};

/// What the programme says about every order.
#[derive(Clone, Debug)]
pub struct Terms {
    pub calendar: Calendar,
    /// The IANA name of the calendar's zone.
    pub time_zone: String,
    pub currency: Name,
    pub decimals: u8,
    pub brand: Name,
    /// What one of another currency is worth in the programme's.
    pub exchange: BTreeMap<Name, Factor>,
    /// An order dated later than this cannot have happened.
    pub latest: Instant,
}

impl Terms {
    /// The terms of a programme as of `now`.
    pub fn of(programme: &Programme, now: Instant) -> Terms {
        Terms {
            calendar: programme.calendar.clone(),
            time_zone: programme.time_zone.clone(),
            currency: programme.currency.code.clone(),
            decimals: programme.currency.decimals,
            brand: programme.brands.first().map(|brand| brand.id.clone()).unwrap_or_default(),
            exchange: programme.exchange.clone(),
            latest: now,
        }
    }
}

/// One row that counts.
#[derive(Clone, Debug)]
pub struct Row {
    pub number: u64,
    pub order: Name,
    /// None where the file names nobody.
    pub member: Option<Name>,
    pub at: Instant,
    pub head: Head,
    pub line: ShopLine,
}

/// What a row says about its whole order; the first row of the order is believed.
#[derive(Clone, Debug)]
pub struct Head {
    pub state: OrderState,
    pub brand: Name,
    pub channel: Option<Name>,
    pub country: Option<Name>,
    /// What the customer was seen with.
    pub seen: Option<Box<IdentifiersInput>>,
}

#[derive(Clone, Debug)]
pub struct ShopLine {
    pub row: u64,
    /// As the shop names it; otherwise the line is named by its position.
    pub id: Option<Name>,
    pub sku: Option<Name>,
    /// 1 or more.
    pub pieces: i64,
    /// Whether the goods came back.
    pub returned: bool,
    pub price: Price,
    /// For all pieces, tax included, zero or more.
    pub total: Money,
    pub tax: Money,
    /// Whether the file's amount has more decimals than the programme's money.
    pub rounded: bool,
    pub kind: LineKind,
    pub category: Option<Name>,
    pub make: Option<Name>,
    pub discounted: bool,
}

/// What one piece costs, as the exact fraction `millionths / pieces`.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    pub millionths: i64,
    pub pieces: i64,
}

impl PartialEq for Price {
    fn eq(&self, other: &Price) -> bool {
        i128::from(self.millionths) * i128::from(other.pieces) == i128::from(other.millionths) * i128::from(self.pieces)
    }
}

/// A row that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub row: u64,
    pub reason: Reason,
    /// The column at fault, by its name in the file.
    pub column: Option<String>,
    /// What stands there; never a member's id.
    pub found: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    NoOrder,
    MissingField,
    BadBytes,
    BadTime,
    Future,
    BadNumber,
    NoPieces,
    NegativeAmount,
    TooLarge,
    OtherCurrency,
    UnknownState,
    SkippedState,
    /// What the customer was seen with is no such thing, or a card's own number.
    BadIdentifier,
    /// A row of the order before it names another member.
    OtherMember,
    /// Goods coming back in an order that was called off: it never counted.
    ReturnOfCancelled,
    /// Goods that somebody brought back whom the file does not name: nobody knows of which order.
    ReturnOfGuest,
}

#[cfg(test)]
impl Reason {
    pub const ALL: [Reason; 16] = [
        Reason::NoOrder,
        Reason::MissingField,
        Reason::BadBytes,
        Reason::BadTime,
        Reason::Future,
        Reason::BadNumber,
        Reason::NoPieces,
        Reason::NegativeAmount,
        Reason::TooLarge,
        Reason::OtherCurrency,
        Reason::UnknownState,
        Reason::SkippedState,
        Reason::BadIdentifier,
        Reason::OtherMember,
        Reason::ReturnOfCancelled,
        Reason::ReturnOfGuest,
    ];
}

/// Positions of the mapped columns in the file.
struct Positions {
    order: Field,
    member: Field,
    time: Field,
    amount: Field,
    line: Option<Field>,
    sku: Option<Field>,
    quantity: Option<Field>,
    tax: Option<Field>,
    discount: Option<Field>,
    currency: Option<Field>,
    category: Option<Field>,
    make: Option<Field>,
    channel: Option<Field>,
    country: Option<Field>,
    state: Option<Field>,
    seen: Vec<(Seen, Field)>,
    cancellation: Option<Field>,
}

#[derive(Clone)]
struct Field {
    position: usize,
    name: String,
}

pub struct Rows<R> {
    records: csv::Reader<R>,
    record: ByteRecord,
    mapping: Mapping,
    terms: Terms,
    positions: Positions,
    /// Rows are numbered as a spreadsheet numbers them: the header is row 1.
    number: u64,
    /// Rows of one order share their time: reading it once is enough.
    last_time: Option<(String, Instant)>,
}

impl<R: Read> Rows<R> {
    pub fn open(file: R, mapping: &Mapping, terms: &Terms) -> Result<Rows<R>, ImportError> {
        let mut records = csv::ReaderBuilder::new()
            .delimiter(mapping.delimiter)
            .quote(mapping.quote)
            .flexible(true)
            .has_headers(true)
            .from_reader(file);
        let header = records.byte_headers()?.clone();
        let mut names = Vec::with_capacity(header.len());
        for (index, name) in header.iter().enumerate() {
            let name = if index == 0 { name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name) } else { name };
            let name = mapping.encoding.decode(name).map_err(|_| ImportError::Header)?;
            names.push(name.trim().to_owned());
        }
        let positions = Positions::find(mapping, &names)?;
        Ok(Rows {
            records,
            record: ByteRecord::new(),
            mapping: mapping.clone(),
            terms: terms.clone(),
            positions,
            number: 1,
            last_time: None,
        })
    }

    /// The next row; `None` at the end of the file.
    pub fn next_row(&mut self) -> Result<Option<Result<Row, LeftOut>>, ImportError> {
        if !self.records.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(self.row()))
    }

    fn row(&mut self) -> Result<Row, LeftOut> {
        let positions = &self.positions;
        let member = self.name(&positions.member)?;
        let Some(order) = self.name(&positions.order)? else {
            return Err(self.left_out(Reason::NoOrder));
        };
        let head = self.head()?;
        let line = self.line()?;
        let at = self.time()?;
        Ok(Row { number: self.number, order, member, at, head, line })
    }

    fn head(&self) -> Result<Head, LeftOut> {
        let defaults = &self.mapping.defaults;
        let country = self.optional_name(&self.positions.country)?.or_else(|| defaults.country.clone());
        Ok(Head {
            state: self.state()?,
            seen: self.seen(country.as_ref())?,
            brand: defaults.brand.clone().unwrap_or_else(|| self.terms.brand.clone()),
            channel: self.optional_name(&self.positions.channel)?.or_else(|| defaults.channel.clone()),
            country,
        })
    }

    /// What is no such thing is told of by its column alone: it is about a person.
    fn seen(&self, country: Option<&Name>) -> Result<Option<Box<IdentifiersInput>>, LeftOut> {
        let mut seen = IdentifiersInput::default();
        let (mut street, mut postcode, mut town) = (None, None, None);
        for (what, field) in &self.positions.seen {
            let wrong = || LeftOut { column: Some(field.name.clone()), ..self.left_out(Reason::BadIdentifier) };
            let text = self.text(field)?;
            if text.is_empty() {
                continue;
            }
            let label = Some(Label::parse(&text).map_err(|_| wrong())?);
            match what {
                Seen::Ip => seen.ip = label,
                Seen::Device => seen.device = label,
                Seen::Payment => seen.payment = label,
                Seen::Locker => seen.locker = label,
                Seen::Address => street = label,
                Seen::Postcode => postcode = label,
                Seen::Town => town = label,
            }
            if !seen.is_sound() {
                return Err(wrong());
            }
        }
        if let Some(line) = street.filter(|_| postcode.is_some() || town.is_some()) {
            seen.address = Some(PostalAddressInput { line, postcode, town, country: country.cloned().map(Label) });
        }
        Ok((seen != IdentifiersInput::default()).then(|| Box::new(seen)))
    }

    /// What one of the row's currency is worth in the programme's.
    fn exchange(&self) -> Result<Factor, LeftOut> {
        let stated = self.optional_name(&self.positions.currency)?;
        let Some(currency) = stated.or_else(|| self.mapping.defaults.currency.clone()) else { return Ok(Factor::ONE) };
        if currency.eq_ignore_ascii_case(&self.terms.currency) {
            return Ok(Factor::ONE);
        }
        let known = self.terms.exchange.iter().find(|(known, _)| known.eq_ignore_ascii_case(&currency));
        known
            .map(|(_, factor)| *factor)
            .ok_or_else(|| self.fault(Reason::OtherCurrency, self.positions.currency.as_ref(), &currency))
    }

    fn state(&self) -> Result<OrderState, LeftOut> {
        let Some(field) = &self.positions.state else { return Ok(OrderState::Paid) };
        let word = self.name(field)?.unwrap_or_default();
        match self.mapping.states.iter().find(|(known, _)| *known == word) {
            Some((_, StatedState::Order(state))) => Ok(*state),
            Some((_, StatedState::Skip)) => Err(self.fault(Reason::SkippedState, Some(field), &word)),
            None => Err(self.fault(Reason::UnknownState, Some(field), &word)),
        }
    }

    fn line(&self) -> Result<ShopLine, LeftOut> {
        let positions = &self.positions;
        let quantity = match &positions.quantity {
            Some(field) => self.quantity(field)?,
            None => 1,
        };
        let amount = self.number(&positions.amount)?;
        let discount = self.optional_number(&positions.discount)?.map_or(0, |discount| discount.0.abs());
        let tax = self.optional_number(&positions.tax)?.map_or(0, |tax| tax.0.abs());
        let pieces = quantity.abs();
        let cancelled = self.is_cancellation()?;
        let (price, total, negative) = match &self.mapping.amounts {
            Amounts::UnitPrice(_) => {
                let price = Price { millionths: amount.0, pieces: 1 };
                (price, i128::from(amount.0) * i128::from(pieces) - i128::from(discount), quantity < 0)
            }
            // Shops write the total of goods that came back with either sign.
            Amounts::LineTotal(_) => {
                let total = amount.0.abs();
                (Price { millionths: total, pieces }, i128::from(total), quantity < 0 || amount.0 < 0)
            }
        };
        let total = if self.mapping.tax_included { total } else { total + i128::from(tax) };
        let exchange = self.exchange()?;
        let Rounded { money: total, inexact } = self.money(total, exchange)?;
        let sku = self.optional_name(&positions.sku)?;
        Ok(ShopLine {
            row: self.number,
            id: self.optional_name(&positions.line)?,
            pieces,
            returned: cancelled || negative,
            price,
            total,
            tax: self.money(i128::from(tax), exchange)?.money.min(total),
            rounded: inexact,
            kind: self.kind(sku.as_ref()),
            sku,
            category: self.optional_name(&positions.category)?,
            make: self.optional_name(&positions.make)?,
            discounted: discount > 0,
        })
    }

    fn quantity(&self, field: &Field) -> Result<i64, LeftOut> {
        match self.number(field)?.whole() {
            Some(0) => Err(self.fault(Reason::NoPieces, Some(field), "0")),
            Some(quantity) => Ok(quantity),
            None => Err(self.fault(Reason::BadNumber, Some(field), &self.text(field)?)),
        }
    }

    fn money(&self, millionths: i128, exchange: Factor) -> Result<Rounded, LeftOut> {
        let reason = if millionths < 0 { Reason::NegativeAmount } else { Reason::TooLarge };
        to_money(millionths, exchange, self.terms.decimals).ok_or_else(|| {
            let found = self.text(&self.positions.amount).unwrap_or_default().into_owned();
            self.fault(reason, Some(&self.positions.amount), &found)
        })
    }

    fn kind(&self, sku: Option<&Name>) -> LineKind {
        let known = sku.and_then(|sku| self.mapping.kinds.iter().find(|(listed, _)| listed == sku));
        known.map_or(LineKind::Product, |(_, kind)| *kind)
    }

    fn is_cancellation(&self) -> Result<bool, LeftOut> {
        match (&self.positions.cancellation, &self.mapping.cancellation) {
            (Some(field), Some(cancellation)) => Ok(self.text(field)?.starts_with(&cancellation.prefix)),
            _ => Ok(false),
        }
    }

    fn time(&mut self) -> Result<Instant, LeftOut> {
        let field = self.positions.time.clone();
        let text = self.text(&field)?;
        if let Some((known, at)) = &self.last_time
            && *known == text
        {
            return Ok(*at);
        }
        let text = text.into_owned();
        let formats = &self.mapping.time_formats;
        let read = formats.iter().find_map(|format| read_time(format, &text, &self.terms.calendar));
        let at = read.ok_or_else(|| self.fault(Reason::BadTime, Some(&field), &text))?;
        if at > self.terms.latest {
            return Err(self.fault(Reason::Future, Some(&field), &text));
        }
        self.last_time = Some((text, at));
        Ok(at)
    }

    fn number(&self, field: &Field) -> Result<Millionths, LeftOut> {
        let text = self.text(field)?;
        self.mapping.numbers.read(&text).ok_or_else(|| self.fault(Reason::BadNumber, Some(field), &text))
    }

    fn optional_number(&self, field: &Option<Field>) -> Result<Option<Millionths>, LeftOut> {
        match field {
            Some(field) if !self.text(field)?.is_empty() => self.number(field).map(Some),
            _ => Ok(None),
        }
    }

    fn optional_name(&self, field: &Option<Field>) -> Result<Option<Name>, LeftOut> {
        field.as_ref().map_or(Ok(None), |field| self.name(field))
    }

    /// `None` when nothing stands there.
    fn name(&self, field: &Field) -> Result<Option<Name>, LeftOut> {
        let text = self.text(field)?;
        Ok((!text.is_empty()).then(|| Name::from(text)))
    }

    fn text(&self, field: &Field) -> Result<Cow<'_, str>, LeftOut> {
        let Some(bytes) = self.record.get(field.position) else {
            return Err(LeftOut { column: Some(field.name.clone()), ..self.left_out(Reason::MissingField) });
        };
        match self.mapping.encoding.decode(bytes) {
            Ok(Cow::Borrowed(text)) => Ok(Cow::Borrowed(text.trim())),
            Ok(Cow::Owned(text)) => Ok(Cow::Owned(text.trim().to_owned())),
            Err(_) => Err(LeftOut { column: Some(field.name.clone()), ..self.left_out(Reason::BadBytes) }),
        }
    }

    fn left_out(&self, reason: Reason) -> LeftOut {
        LeftOut { row: self.number, reason, column: None, found: None }
    }

    fn fault(&self, reason: Reason, field: Option<&Field>, found: &str) -> LeftOut {
        /// A report shows enough of a wrong value to recognise it.
        const LONGEST: usize = 40;
        let found = found.chars().take(LONGEST).collect();
        LeftOut { row: self.number, reason, column: field.map(|field| field.name.clone()), found: Some(found) }
    }
}

impl Positions {
    fn find(mapping: &Mapping, names: &[String]) -> Result<Positions, ImportError> {
        let find = |column: &Column| match names.iter().position(|name| *name == column.name) {
            Some(position) => Ok(Field { position, name: column.name.clone() }),
            None => Err(ImportError::NoColumn {
                place: column.place,
                column: column.name.clone(),
                columns: names.join(", "),
            }),
        };
        let find_optional = |column: &Option<Column>| column.as_ref().map(find).transpose();
        let columns = &mapping.columns;
        let amount = match &mapping.amounts {
            Amounts::UnitPrice(column) | Amounts::LineTotal(column) => column,
        };
        Ok(Positions {
            order: find(&columns.order)?,
            member: find(&columns.member)?,
            time: find(&columns.time)?,
            amount: find(amount)?,
            line: find_optional(&columns.line)?,
            sku: find_optional(&columns.sku)?,
            quantity: find_optional(&columns.quantity)?,
            tax: find_optional(&columns.tax)?,
            discount: find_optional(&columns.discount)?,
            currency: find_optional(&columns.currency)?,
            category: find_optional(&columns.category)?,
            make: find_optional(&columns.make)?,
            channel: find_optional(&columns.channel)?,
            country: find_optional(&columns.country)?,
            state: find_optional(&columns.state)?,
            seen: columns
                .seen
                .iter()
                .map(|(what, column)| Ok((*what, find(column)?)))
                .collect::<Result<_, ImportError>>()?,
            cancellation: mapping.cancellation.as_ref().map(|cancellation| find(&cancellation.column)).transpose()?,
        })
    }
}

/// What names an offset is a moment; the rest is the programme's wall clock.
fn read_time(format: &str, text: &str, calendar: &Calendar) -> Option<Instant> {
    let time = strtime::parse(format, text).ok()?;
    if time.offset().is_some() {
        return time.to_timestamp().ok();
    }
    let date = time.to_date().ok()?;
    let local = time.to_datetime().unwrap_or_else(|_| date.to_datetime(Time::midnight()));
    Some(calendar.moment(local))
}
