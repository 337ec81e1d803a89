//! One setting of a programme changed without an editor: `earning.spend.rate=2`.

use std::str::FromStr;

use lojal_core::kernel::{format_decimal, parse_decimal};
use toml::{Table, Value};

use crate::failure::Failure;

/// Decimals with which a range is stepped through.
const DECIMALS: u8 = 4;
/// More would be neither looked at nor paid for: each is a whole replay.
const MOST_VALUES: i64 = 25;

/// A place in a document and what is to stand there. In a list, an entry is named by its `id` or its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    path: Vec<String>,
    value: Value,
}

/// A setting with a range of values: `earning.spend.rate=1..3:0.5`.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    path: Vec<String>,
    first: i64,
    last: i64,
    step: i64,
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Setting, String> {
        let (path, value) = split(text)?;
        // Numbers with decimals stand in quotation marks in a document; nobody types them on a command line.
        let value = match format!("value = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("value")) {
            Some(Value::Float(_)) | None => Value::String(value.to_owned()),
            Some(value) => value,
        };
        Ok(Setting { path, value })
    }
}

impl FromStr for Range {
    type Err = String;

    fn from_str(text: &str) -> Result<Range, String> {
        const WRONG: &str = "a range is written FIRST..LAST:STEP, like earning.spend.rate=1..3:0.5";
        let (path, values) = split(text)?;
        let (first, rest) = values.split_once("..").ok_or(WRONG)?;
        let (last, step) = rest.split_once(':').ok_or(WRONG)?;
        let number = |text: &str| parse_decimal(text.trim(), DECIMALS).map_err(|cause| format!("{text}: {cause}"));
        let range = Range { path, first: number(first)?, last: number(last)?, step: number(step)? };
        if range.step <= 0 || range.last < range.first {
            return Err(WRONG.to_owned());
        }
        if (range.last - range.first) / range.step >= MOST_VALUES {
            return Err(format!("more than {MOST_VALUES} values: take a larger step"));
        }
        Ok(range)
    }
}

impl Range {
    /// The setting's name, as it was typed.
    pub fn name(&self) -> String {
        self.path.join(".")
    }

    /// Each value as people write it, with the setting.
    pub fn settings(&self) -> impl Iterator<Item = (String, Setting)> {
        let numbers = (0..).map(|index| self.first + index * self.step).take_while(|number| *number <= self.last);
        numbers.map(|number| {
            let text = format_decimal(number, DECIMALS);
            let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
            let value = text.parse().map_or_else(|_| Value::String(text.clone()), Value::Integer);
            (text, Setting { path: self.path.clone(), value })
        })
    }
}

fn split(text: &str) -> Result<(Vec<String>, &str), String> {
    let (path, value) = text.split_once('=').ok_or("a setting is written PLACE=VALUE, like earning.spend.rate=2")?;
    let path: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        return Err(format!("{text}: a place is written with points between its names, like earning.spend.rate"));
    }
    Ok((path, value.trim()))
}

/// A document with settings changed.
pub fn with_settings<'a>(document: &str, settings: impl IntoIterator<Item = &'a Setting>) -> Result<String, Failure> {
    let mut settings = settings.into_iter().peekable();
    if settings.peek().is_none() {
        return Ok(document.to_owned());
    }
    // JSON is another way of writing the same document.
    let parsed = if document.trim_start().starts_with('{') {
        serde_json::from_str(document).map_err(|cause| cause.to_string())
    } else {
        document.parse().map_err(|cause: toml::de::Error| cause.message().to_owned())
    };
    let mut table: Table = parsed.map_err(Failure::new)?;
    for setting in settings {
        setting.put(&mut table)?;
    }
    Ok(table.to_string())
}

impl Setting {
    fn put(&self, document: &mut Table) -> Result<(), Failure> {
        let Some((last, before)) = self.path.split_last() else { return Ok(()) };
        let mut place = Found::Table(document);
        for (depth, name) in before.iter().enumerate() {
            let known = place.names();
            place = place.enter(name).ok_or_else(|| {
                let here = self.path[..depth].join(".");
                let here = if here.is_empty() { "the document".to_owned() } else { here };
                Failure::new(format!("{here} has no {name}; it has {known}"))
            })?;
        }
        match place {
            Found::Table(table) => drop(table.insert(last.clone(), self.value.clone())),
            Found::List(list) => match last.parse().ok().and_then(|index: usize| list.get_mut(index)) {
                Some(entry) => *entry = self.value.clone(),
                None => return Err(Failure::new(format!("{} has no entry {last}", before.join(".")))),
            },
        }
        Ok(())
    }
}

enum Found<'a> {
    Table(&'a mut Table),
    List(&'a mut Vec<Value>),
}

impl<'a> Found<'a> {
    fn enter(self, name: &str) -> Option<Found<'a>> {
        let value = match self {
            Found::Table(table) => table.get_mut(name)?,
            Found::List(list) => {
                let by_id = |entry: &Value| entry.get("id").and_then(Value::as_str) == Some(name);
                let index = name.parse().ok().or_else(|| list.iter().position(by_id))?;
                list.get_mut(index)?
            }
        };
        match value {
            Value::Table(table) => Some(Found::Table(table)),
            Value::Array(list) => Some(Found::List(list)),
            _ => None,
        }
    }

    fn names(&self) -> String {
        let names: Vec<String> = match self {
            Found::Table(table) => table.keys().cloned().collect(),
            Found::List(list) => (0..list.len())
                .map(|index| list[index].get("id").and_then(Value::as_str).map_or(index.to_string(), str::to_owned))
                .collect(),
        };
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "[earning.spend]\nrate = 1\n[[tiers.status.levels]]\nid = \"gold\"\nmultiplier = \"1.5\"\n";

    fn changed(settings: &[&str]) -> Result<Table, String> {
        let settings: Vec<Setting> = settings.iter().map(|text| text.parse().unwrap()).collect();
        with_settings(DOCUMENT, &settings).map(|text| text.parse().unwrap()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_setting_is_put_where_it_belongs() {
        let table = changed(&["earning.spend.rate = 2", "tiers.status.levels.gold.multiplier=1.3"]).unwrap();
        assert_eq!(table["earning"]["spend"]["rate"].as_integer(), Some(2));
        assert_eq!(table["tiers"]["status"]["levels"][0]["multiplier"].as_str(), Some("1.3"));
        let table = changed(&["earning.spend.caps={ month = 30 }", "earning.spend.on=order"]).unwrap();
        assert_eq!(table["earning"]["spend"]["caps"]["month"].as_integer(), Some(30));
        assert_eq!(table["earning"]["spend"]["on"].as_str(), Some("order"));
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert_eq!(changed(&["earning.spent.rate=2"]).unwrap_err(), "earning has no spent; it has spend");
        assert_eq!(changed(&["earn.spend.rate=2"]).unwrap_err(), "the document has no earn; it has earning, tiers");
        let wrong = changed(&["tiers.status.levels.silver.at=2"]).unwrap_err();
        assert_eq!(wrong, "tiers.status.levels has no silver; it has gold");
        assert!("rate".parse::<Setting>().is_err() && "a..b=1".parse::<Setting>().is_err());
    }

    #[test]
    fn a_range_is_stepped_through() {
        let range: Range = "earning.spend.rate=1..2:0.25".parse().unwrap();
        let values: Vec<String> = range.settings().map(|(text, _)| text).collect();
        assert_eq!(values, ["1", "1.25", "1.5", "1.75", "2"]);
        for wrong in ["a=1..2", "a=2..1:1", "a=1..2:0", "a=1..100:1", "a=x..2:1"] {
            assert!(wrong.parse::<Range>().is_err(), "{wrong}");
        }
    }
}
