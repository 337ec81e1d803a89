//! The values of a draft that are changed most often, by a form beside its text. The form changes the text, and
//! nothing else of it: comments, order and blanks stay as they are.

use lojal_core::kernel::{Language, Period};
use serde::Serialize;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::platform::pages::Form;

/// What the fields of the form are called: what was typed, in which unit of time, and what stood there before.
const TYPED: &str = "value:";
const UNIT: &str = "unit:";
const BEFORE: &str = "before:";

/// How a value is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Number,
    Date,
    Period,
}

/// Where a value stands in its thing, and what it is.
type Known = (&'static [&'static str], Kind);

const RULE: &[Known] = &[
    (&["rate"], Kind::Number),
    (&["per"], Kind::Number),
    (&["points"], Kind::Number),
    (&["per_item"], Kind::Number),
    (&["multiplier"], Kind::Number),
    (&["from"], Kind::Date),
    (&["until"], Kind::Date),
    (&["budget"], Kind::Number),
];
const EDITION: &[Known] = &[
    (&["from"], Kind::Date),
    (&["until"], Kind::Date),
    (&["window"], Kind::Period),
    (&["qualify", "within"], Kind::Period),
    (&["caps", "month"], Kind::Number),
    (&["caps", "year"], Kind::Number),
    (&["caps", "lifetime"], Kind::Number),
    (&["budget"], Kind::Number),
];
const LEVEL: &[Known] = &[(&["at"], Kind::Number), (&["multiplier"], Kind::Number)];
const REWARD: &[Known] = &[
    (&["price"], Kind::Number),
    (&["amount"], Kind::Number),
    (&["percent"], Kind::Number),
    (&["stock"], Kind::Number),
];
const UNIT_OF_POINTS: &[Known] = &[
    (&["worth", "units"], Kind::Number),
    (&["worth", "money"], Kind::Number),
    (&["expiry", "after_earning"], Kind::Period),
    (&["expiry", "after_inactivity"], Kind::Period),
];

/// A section of the document.
#[derive(Serialize)]
pub struct Group {
    section: &'static str,
    things: Vec<Thing>,
}

/// A rule, a level, a reward or a unit.
#[derive(Serialize)]
struct Thing {
    name: String,
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    /// In the document: `earning/spend/rate`.
    place: String,
    /// What it is called there, by which its label is known.
    key: String,
    kind: Kind,
    /// As it stands there, in the reader's way of writing numbers.
    value: String,
    /// Of a length of time.
    unit: String,
}

/// What can be changed by the form; nothing where the text cannot be read.
pub fn groups(document: &str, language: Language) -> Vec<Group> {
    let Ok(document) = document.parse::<DocumentMut>() else { return Vec::new() };
    let of = |section: &'static str, known: &[Known]| {
        let things = entries(document.as_table(), section)
            .filter_map(|(id, thing)| Thing::of(thing, &format!("{section}/{id}"), id, known, language));
        Group { section, things: things.collect() }
    };
    let levels = entries(document.as_table(), "tiers").flat_map(|(id, ladder)| {
        let count = ladder.get("levels").map_or(0, length);
        let place = format!("tiers/{id}/levels");
        (0..count).filter_map(move |index| {
            let level = element(ladder.get("levels")?, index)?;
            Thing::of(level, &format!("{place}/{index}"), id, LEVEL, language)
        })
    });
    let levels = Group { section: "tiers", things: levels.collect() };
    let groups = [
        of("earning", RULE),
        of("campaigns", RULE),
        of("referrals", EDITION),
        levels,
        of("rewards", REWARD),
        of("units", UNIT_OF_POINTS),
    ];
    groups.into_iter().filter(|group| !group.things.is_empty()).collect()
}

impl Thing {
    fn of(thing: &dyn TableLike, place: &str, id: &str, known: &[Known], language: Language) -> Option<Thing> {
        let fields = known.iter().filter_map(|(path, kind)| {
            let (last, before) = path.split_last()?;
            let table = before.iter().try_fold(thing, |table, step| table.get(step)?.as_table_like())?;
            let text = written(table.get(last)?.as_value()?)?;
            let (value, unit) = shown(&text, *kind, language)?;
            Some(Field { place: format!("{place}/{}", path.join("/")), key: path.join("-"), kind: *kind, value, unit })
        });
        let fields: Vec<Field> = fields.collect();
        let name = name(thing, language).unwrap_or_else(|| id.to_owned());
        (!fields.is_empty()).then_some(Thing { name, fields })
    }
}

/// What it is called in the reader's language, or in another one.
fn name(thing: &dyn TableLike, language: Language) -> Option<String> {
    let names = thing.get("name")?.as_table_like()?;
    let spoken = names.get(language.tag()).or_else(|| names.iter().next().map(|(_, name)| name))?;
    // A unit has a name for each number of it.
    let forms = spoken.as_table_like().and_then(|forms| forms.get("few").or_else(|| forms.get("many")));
    forms.unwrap_or(spoken).as_str().map(str::to_owned)
}

fn entries<'d>(document: &'d dyn TableLike, section: &str) -> impl Iterator<Item = (&'d str, &'d dyn TableLike)> {
    let section = document.get(section).and_then(Item::as_table_like);
    section.into_iter().flat_map(TableLike::iter).filter_map(|(id, item)| Some((id, item.as_table_like()?)))
}

fn length(list: &Item) -> usize {
    match list {
        Item::ArrayOfTables(tables) => tables.len(),
        other => other.as_array().map_or(0, toml_edit::Array::len),
    }
}

fn element(list: &Item, index: usize) -> Option<&dyn TableLike> {
    match list {
        Item::ArrayOfTables(tables) => tables.get(index).map(|table| table as &dyn TableLike),
        other => other.as_array()?.get(index)?.as_inline_table().map(|table| table as &dyn TableLike),
    }
}

/// A value as its text has it, without quotation marks.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Integer(number) => Some(number.value().to_string()),
        Value::String(text) => Some(text.value().clone()),
        _ => None,
    }
}

/// A value in the form, and the unit of a length of time; `None` for what the form has no field for.
fn shown(text: &str, kind: Kind, language: Language) -> Option<(String, String)> {
    Some(match kind {
        Kind::Number if language == Language::Pl => (text.replacen('.', ",", 1), String::new()),
        Kind::Number => (text.to_owned(), String::new()),
        Kind::Date => (is_date(text).then(|| text.to_owned())?, String::new()),
        Kind::Period => {
            let period: Period = text.parse().ok()?;
            (period.amount().to_string(), period.unit().name().to_owned())
        }
    })
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<lojal_core::kernel::Date>().is_ok()
}

/// Why the values cannot be put into the text.
pub enum Unfit {
    /// The text cannot be read.
    Text,
    /// What was typed at these places cannot be meant.
    Places(Vec<String>),
}

/// The text with all that was changed in the form, which then forgets it.
pub fn applied(document: &str, form: &mut Form, language: Language) -> Result<String, Unfit> {
    let changed = changed(form);
    if changed.is_empty() {
        return Ok(document.to_owned());
    }
    let mut edited: DocumentMut = document.parse().map_err(|_| Unfit::Text)?;
    let mut unfit = Vec::new();
    for (place, typed, unit) in changed {
        if put(&mut edited, &place, &typed, &unit, language).is_none() {
            unfit.push(place);
        }
    }
    if !unfit.is_empty() {
        return Err(Unfit::Places(unfit));
    }
    form.values.retain(|name, _| ![TYPED, UNIT, BEFORE].iter().any(|prefix| name.starts_with(prefix)));
    Ok(edited.to_string())
}

/// Places with what was typed there, where that is another thing than what stood there.
fn changed(form: &Form) -> Vec<(String, String, String)> {
    let places = form.values.keys().filter_map(|name| name.strip_prefix(TYPED));
    let changed = places.filter_map(|place| {
        let (typed, unit) = (form.text(&format!("{TYPED}{place}")), form.text(&format!("{UNIT}{place}")));
        let before = form.text(&format!("{BEFORE}{place}"));
        let now = if unit.is_empty() { typed.to_owned() } else { format!("{typed} {unit}") };
        (now != before).then(|| (place.to_owned(), typed.to_owned(), unit.to_owned()))
    });
    changed.collect()
}

/// Puts a value in the place of another one of its kind; `None` where it does not fit.
fn put(document: &mut DocumentMut, place: &str, typed: &str, unit: &str, language: Language) -> Option<()> {
    let steps: Vec<&str> = place.split('/').collect();
    let value = find(document.as_table_mut(), &steps)?.as_value_mut()?;
    let known = [RULE, EDITION, LEVEL, REWARD, UNIT_OF_POINTS].into_iter().flatten();
    let (_, kind) = known.copied().find(|(path, _)| steps.ends_with(path))?;
    let mut new = match kind {
        Kind::Number => number(typed, value.is_integer(), language)?,
        Kind::Date => Value::from(is_date(typed).then_some(typed)?),
        Kind::Period => {
            let period: Period = format!("{typed} {unit}").parse().ok()?;
            Value::from(period.to_string())
        }
    };
    *new.decor_mut() = value.decor().clone();
    *value = new;
    Some(())
}

fn find<'d>(table: &'d mut dyn TableLike, steps: &[&str]) -> Option<&'d mut Item> {
    let (first, rest) = steps.split_first()?;
    let item = table.get_mut(first)?;
    let Some(next) = rest.first() else { return Some(item) };
    if let Ok(index) = next.parse::<usize>()
        && !item.is_table_like()
    {
        let element = match item {
            Item::ArrayOfTables(tables) => tables.get_mut(index)? as &mut dyn TableLike,
            other => other.as_array_mut()?.get_mut(index)?.as_inline_table_mut()?,
        };
        return find(element, &rest[1..]);
    }
    find(item.as_table_like_mut()?, rest)
}

/// A number as the reader writes it, as the document has it: whole ones without quotation marks where one stood there.
fn number(typed: &str, was_whole: bool, language: Language) -> Option<Value> {
    let text: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = if language == Language::Pl { text.replacen(',', ".", 1) } else { text };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    match text.parse::<i64>() {
        Ok(number) if was_whole => Some(Value::from(number)),
        _ => Some(Value::from(text)),
    }
}
