//! Reading what has been counted.

use std::collections::{BTreeMap, HashMap};

use lojal_core::kernel::{Date, HolderId, Part};

use super::card::Card;
use super::daily::Count;
use crate::platform::journal::{id, transaction_id};
use crate::platform::shares::tallies;
use crate::platform::sql::{self, Connection, Row, cells, damaged};

/// Totals and days of some names, in the memory of a page.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    totals: HashMap<String, BTreeMap<String, i64>>,
    days: HashMap<String, Vec<(Date, String, Count)>>,
}

impl Figures {
    /// Reads the totals of these names.
    pub async fn read_totals(&mut self, connection: &mut Connection, names: &[&str]) -> Result<(), sql::Error> {
        for name in names {
            let sql = "select subject, amount from figure_total where part = ? and name = ? and amount <> 0";
            let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), *name]).await?;
            let totals = rows.iter().map(|row| Ok((sql::column(row, "subject")?, sql::column(row, "amount")?)));
            self.totals.insert((*name).to_owned(), totals.collect::<Result<_, sql::Error>>()?);
        }
        Ok(())
    }

    /// Reads the days of these names, `first` and `last` included.
    pub async fn read_days(
        &mut self,
        connection: &mut Connection,
        names: &[&str],
        (first, last): (Date, Date),
    ) -> Result<(), sql::Error> {
        for name in names {
            let sql = "select day, subject, times, amount from figure_day
                       where part = ? and name = ? and day between ? and ? order by day, subject";
            let cells = cells![Part::PROGRAMME.number(), *name, day_number(first), day_number(last)];
            let rows = sql::rows(connection, sql, cells).await?;
            let day = |row: &Row| {
                let count = Count { times: sql::column(row, "times")?, amount: sql::column(row, "amount")? };
                Ok((date_of(sql::column(row, "day")?)?, sql::column(row, "subject")?, count))
            };
            self.days.insert((*name).to_owned(), rows.iter().map(day).collect::<Result<_, sql::Error>>()?);
        }
        Ok(())
    }

    /// Reads the tallies of these names, `first` and `last` included, as days.
    pub async fn read_tallies(
        &mut self,
        connection: &mut Connection,
        names: &[&str],
        days: (Date, Date),
    ) -> Result<(), sql::Error> {
        for name in names {
            let tallied = tallies(connection, name, days).await?;
            let day = |(date, subject, times)| (date, subject, Count { times, amount: 0 });
            self.days.insert((*name).to_owned(), tallied.into_iter().map(day).collect());
        }
        Ok(())
    }

    /// What has been counted under a name, by subject.
    pub fn totals(&self, name: &str) -> impl Iterator<Item = (&str, i64)> {
        self.totals.get(name).into_iter().flatten().map(|(subject, amount)| (subject.as_str(), *amount))
    }

    pub fn total(&self, name: &str, subject: &str) -> i64 {
        self.totals.get(name).and_then(|totals| totals.get(subject)).copied().unwrap_or(0)
    }

    /// What has been counted by the day under a name, in the order of days.
    pub fn days(&self, name: &str) -> impl Iterator<Item = (Date, &str, Count)> {
        self.days.get(name).into_iter().flatten().map(|(date, subject, count)| (*date, subject.as_str(), *count))
    }

    /// All that was counted under a name from one day to another, both included.
    pub fn sum(&self, name: &str, (first, last): (Date, Date), includes: impl Fn(&str) -> bool) -> Count {
        let mut sum = Count::default();
        for (date, subject, count) in self.days(name) {
            if (first..=last).contains(&date) && includes(subject) {
                sum += count;
            }
        }
        sum
    }
}

/// What was counted under a name from one day to another, both included, by subject.
pub async fn sums_by_subject(
    connection: &mut Connection,
    name: &str,
    (first, last): (Date, Date),
) -> Result<Vec<(String, Count)>, sql::Error> {
    let sql = "select subject, cast(sum(times) as bigint) as times, cast(sum(amount) as bigint) as amount
               from figure_day where part = ? and name = ? and day between ? and ? group by subject";
    let cells = cells![Part::PROGRAMME.number(), name, day_number(first), day_number(last)];
    let sum = |row: &Row| {
        let count = Count { times: sql::column(row, "times")?, amount: sql::column(row, "amount")? };
        Ok((sql::column(row, "subject")?, count))
    };
    sql::rows(connection, sql, cells).await?.iter().map(sum).collect()
}

/// The cards of these holders that there are.
pub async fn cards_of(
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<HashMap<HolderId, Card>, sql::Error> {
    let keys = holders.into_iter().map(|holder| cells![holder.part().number(), holder.number()]).collect();
    let sql = "select member, head, generation, body from member_card where (part, member) in";
    let rows = sql::look_up(connection, sql, keys).await?;
    rows.iter().map(|row| card_read(row).map(|card| (card.holder, card))).collect()
}

fn card_read(row: &Row) -> Result<Card, sql::Error> {
    let holder = HolderId(id(sql::column(row, "member")?)?);
    let facts = serde_json::from_str(sql::column(row, "body")?)
        .map_err(|cause| damaged(format!("the card of {holder}: {cause}")))?;
    let head = transaction_id(sql::column(row, "head")?)?;
    Ok(Card { holder, head, generation: sql::column(row, "generation")?, facts })
}

/// Days since 1970.
pub fn day_number(date: Date) -> i64 {
    let since = date.since(EPOCH).map(|span| span.get_days());
    since.map_or(0, i64::from)
}

pub fn date_of(number: i64) -> Result<Date, sql::Error> {
    let days = jiff::Span::new().try_days(number).map_err(damaged)?;
    EPOCH.checked_add(days).map_err(damaged)
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);
