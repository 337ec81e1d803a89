//! The books by month: what was owed, what was given and taken, and what is owed now. Months are those in which
//! things were written down, so that a month that is over never changes.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::{Date, Money, format_decimal};
use lojal_core::ledger::Account;
use lojal_core::programme::{Programme, text};
use lojal_core::words::Words;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::platform::figures::{Figures, Month, figures_through};
use crate::platform::pages::{PageError, PageState};
use crate::platform::sql::Connection;
use crate::platform::staff::{Staff, Views};

const FIRST_YEAR: i16 = 2000;
/// The programme's side of the books, as columns.
const COLUMNS: [(Account, &str); 5] = [
    (Account::Issued, "issued"),
    (Account::Redeemed, "redeemed"),
    (Account::Expired, "expired"),
    (Account::Reversed, "reversed"),
    (Account::InTransit, "in-transit"),
];

#[derive(Default, Deserialize)]
pub struct Asked {
    year: Option<i16>,
}

/// What a unit of a brand came to in a month.
#[derive(Clone, Copy, Debug, Default)]
struct Movement {
    opening: i64,
    /// In the order of [`COLUMNS`]; what was issued is above zero.
    columns: [i64; 5],
}

impl Movement {
    /// What members have at the end: what was given, less what was spent, ended, was taken back or is on its way.
    fn closing(&self) -> i64 {
        let [issued, redeemed, expired, reversed, in_transit] = self.columns;
        self.opening + issued - redeemed - expired - reversed - in_transit
    }
}

/// A unit and the brand that answers for it.
type Issuer = (String, String);

#[derive(Serialize)]
struct IssuerView {
    unit: String,
    brand: String,
    rows: Vec<RowView>,
    worth: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    month: String,
    opening: String,
    columns: Vec<String>,
    closing: String,
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let programme = state.application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let this = today(&state).year();
    let year = asked.year.unwrap_or(this);
    if !(FIRST_YEAR..=this).contains(&year) {
        return Err(PageError::NOT_FOUND);
    }
    let mut connection = state.application.database.read().await?;
    let months = movements(&state, &mut connection, year).await?;
    let is_counted = figures_through(&mut connection).await?.is_some();
    drop(connection);
    let language = staff.frame.language();
    let words = &state.pages.texts(language).words;
    let speaker = words.about(&programme);
    let mut issuers = Vec::new();
    for ((unit, brand), months) in &months {
        let amount = |amount: i64| words.number(amount, scale(&programme, unit));
        let row = |(month, movement): (&Month, &Movement)| RowView {
            month: format!("{} {}", words.month(month.number()), month.year()),
            opening: amount(movement.opening),
            columns: movement.columns.iter().map(|number| amount(*number)).collect(),
            closing: amount(movement.closing()),
        };
        let closing = months.values().last().map_or(0, Movement::closing);
        let index = programme.units.iter().position(|known| known.id == *unit);
        let worth = index.and_then(|index| programme.worth(index)).map(|worth| Money(worth.of(closing).0));
        issuers.push(IssuerView {
            unit: speaker.plural(unit),
            brand: brand_name(&programme, brand, words),
            rows: months.iter().rev().map(row).collect(),
            worth: worth.map(|worth| speaker.money(worth)),
        });
    }
    let content = context! {
        year,
        before => (year > FIRST_YEAR).then_some(year - 1),
        after => (year < this).then_some(year + 1),
        columns => COLUMNS.map(|(_, name)| name).to_vec(),
        issuers => Value::from(Serde(&issuers)),
        is_counted,
    };
    Ok(state.pages.html("ledger/accounts.html", &staff.frame, content)?.into_response())
}

/// The same as a file for a spreadsheet.
pub async fn sheet(
    _: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let programme = state.application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let year = asked.year.unwrap_or(today(&state).year());
    if !(FIRST_YEAR..=today(&state).year()).contains(&year) {
        return Err(PageError::NOT_FOUND);
    }
    let mut connection = state.application.database.read().await?;
    let months = movements(&state, &mut connection, year).await?;
    if figures_through(&mut connection).await?.is_none() {
        // Half of the books is worse than none.
        return Err(PageError::Status(StatusCode::SERVICE_UNAVAILABLE));
    }
    drop(connection);
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let heading =
        ["month", "unit", "brand", "opening", "issued", "redeemed", "expired", "reversed", "in_transit", "closing"];
    let written = (|| {
        sheet.write_record(heading)?;
        for ((unit, brand), months) in &months {
            for (month, movement) in months {
                let amount = |amount: i64| format_decimal(amount, scale(&programme, unit));
                let start = [month.to_string(), unit.clone(), brand.clone(), amount(movement.opening)];
                let columns = movement.columns.iter().map(|number| amount(*number));
                sheet.write_record(start.into_iter().chain(columns).chain([amount(movement.closing())]))?;
            }
        }
        sheet.into_inner().map_err(|cause| csv::Error::from(cause.into_error()))
    })();
    let written = written.map_err(|cause: csv::Error| PageError::internal(&cause))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"accounts-{year}.csv\"")),
    ];
    Ok((headers, written).into_response())
}

fn today(state: &PageState) -> Date {
    state.application.calendar().date(state.application.clock.now())
}

fn scale(programme: &Programme, unit: &str) -> u8 {
    programme.unit(unit).map_or(0, |unit| unit.scale)
}

fn brand_name(programme: &Programme, brand: &str, words: &Words) -> String {
    programme.brand(brand).map_or(brand.to_owned(), |brand| text(&brand.name, words.language()).to_owned())
}

/// The months of a year, or those of it that have begun, by issuer.
async fn movements(
    state: &PageState,
    connection: &mut Connection,
    year: i16,
) -> Result<BTreeMap<Issuer, BTreeMap<Month, Movement>>, PageError> {
    let today = today(state);
    let first = jiff::civil::date(year, 1, 1);
    let last = jiff::civil::date(year, 12, 31).min(today);
    let mut figures = Figures::default();
    figures.read_days(connection, &["booked"], (jiff::civil::date(FIRST_YEAR, 1, 1), last)).await?;
    let mut opening: BTreeMap<Issuer, i64> = BTreeMap::new();
    let mut moved: BTreeMap<Issuer, BTreeMap<Month, [i64; 5]>> = BTreeMap::new();
    for (date, subject, count) in figures.days("booked") {
        let mut names = subject.splitn(3, '/');
        let (Some(account), Some(unit), Some(brand)) = (names.next(), names.next(), names.next()) else { continue };
        let Some(column) = COLUMNS.iter().position(|(known, _)| known.name() == account) else { continue };
        let issuer = (unit.to_owned(), brand.to_owned());
        // The programme's accounts are the other side of what members have.
        if date < first {
            *opening.entry(issuer).or_default() -= count.amount;
            continue;
        }
        let sign = if column == 0 { -1 } else { 1 };
        let months = moved.entry(issuer).or_default();
        months.entry(Month::of(date)).or_default()[column] += sign * count.amount;
    }
    let issuers: Vec<Issuer> = opening.keys().chain(moved.keys()).cloned().collect();
    let mut movements = BTreeMap::new();
    for issuer in issuers {
        let mut balance = opening.get(&issuer).copied().unwrap_or(0);
        let mut months = BTreeMap::new();
        let mut month = Month::of(first);
        while month.first_day() <= last {
            let columns = moved.get(&issuer).and_then(|months| months.get(&month)).copied().unwrap_or_default();
            let movement = Movement { opening: balance, columns };
            balance = movement.closing();
            months.insert(month, movement);
            month = month.plus(1);
        }
        movements.insert(issuer, months);
    }
    Ok(movements)
}
