//! How a report says things: texts, numbers and names in one language.

use lojal_core::kernel::{Date, Language, Money, Name, format_decimal};
use lojal_core::programme::{Programme, text};
use lojal_core::words::{Speaker, Words};

use super::charts::Scale;
use super::page::Cell;
use crate::Texts;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Count,
    Days,
    /// Minor units of the currency.
    Money,
    /// Millionths.
    Share,
    /// The smallest parts of a unit.
    Points {
        scale: u8,
    },
}

pub struct Voice<'a> {
    texts: &'a Texts,
    pub words: &'a Words,
    speaker: Speaker<'a>,
    programme: &'a Programme,
}

impl<'a> Voice<'a> {
    pub fn new(texts: &'a Texts, words: &'a Words, programme: &'a Programme) -> Voice<'a> {
        Voice { texts, words, speaker: words.about(programme), programme }
    }

    pub fn language(&self) -> Language {
        self.texts.language()
    }

    pub fn say(&self, key: &str) -> String {
        self.texts.say(key, &[])
    }

    pub fn tell(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        self.texts.say(key, values)
    }

    pub fn counted(&self, key: &str, count: u64, values: &[(&'static str, &str)]) -> String {
        self.texts.say_counted(key, count, values)
    }

    pub fn count(&self, number: u64) -> String {
        self.words.number(super::count(number), 0)
    }

    pub fn money(&self, amount: i64) -> String {
        self.speaker.money(Money(amount))
    }

    /// `4,5%`, from millionths: in a sentence.
    pub fn percent(&self, share: i64) -> String {
        self.words.percent(hundredths(share), 2)
    }

    /// `4,50%`: in a column.
    pub fn share(&self, share: i64) -> String {
        format!("{}%", self.words.number(hundredths(share), 2))
    }

    pub fn amount(&self, unit: &Name, amount: i64) -> String {
        self.speaker.amount(unit, amount)
    }

    pub fn write(&self, kind: Kind, number: i64) -> String {
        match kind {
            Kind::Count => self.words.number(number, 0),
            Kind::Days => self.counted("days", number.unsigned_abs(), &[]),
            Kind::Money => self.money(number),
            Kind::Share => self.share(number),
            Kind::Points { scale } => self.words.number(number, scale),
        }
    }

    /// A change, with its sign: `+12`. Shares change by percentage points.
    pub fn write_change(&self, kind: Kind, change: i64) -> String {
        let plus = if change > 0 { "+" } else { "" };
        match kind {
            Kind::Share => {
                let points = self.words.number(hundredths(change), 2);
                self.tell("percentage-points", &[("number", &format!("{plus}{points}"))])
            }
            Kind::Days => {
                let sign = if change < 0 { "\u{2212}" } else { plus };
                format!("{sign}{}", self.write(kind, change))
            }
            _ => format!("{plus}{}", self.write(kind, change)),
        }
    }

    pub fn cell(&self, kind: Kind, number: i64) -> Cell {
        Cell::new(self.write(kind, number), Some(number))
    }

    pub fn cell_or_none(&self, kind: Kind, number: Option<i64>) -> Cell {
        number.map_or_else(|| Cell::text("–"), |number| self.cell(kind, number))
    }

    pub fn change_cell(&self, kind: Kind, change: Option<i64>) -> Cell {
        let text = change.map_or_else(|| "–".to_owned(), |change| self.write_change(kind, change));
        Cell::new(text, change)
    }

    /// `mar 2026`
    pub fn month(&self, first: Date) -> String {
        let month = self.counted("month-short", first.month().unsigned_abs().into(), &[]);
        format!("{month}\u{a0}{}", first.year())
    }

    /// The number on an axis.
    pub fn on_axis(&self, kind: Kind) -> (u8, impl Fn(i64, u8, u32) -> String + '_) {
        let decimals = match kind {
            Kind::Count | Kind::Days => 0,
            Kind::Money => self.programme.currency.decimals,
            Kind::Share => 4,
            Kind::Points { scale } => scale,
        };
        let write = move |number: i64, decimals: u8, thousands: u32| {
            let number = self.words.number(number, decimals);
            let number = match thousands {
                0 => number,
                1 => self.tell("thousands", &[("number", &number)]),
                2 => self.tell("millions", &[("number", &number)]),
                3 => self.tell("billions", &[("number", &number)]),
                _ => self.tell("thousands-to-the", &[("number", &number), ("power", &(thousands * 3).to_string())]),
            };
            if kind == Kind::Share { format!("{number}%") } else { number }
        };
        (decimals, write)
    }

    pub fn currency(&self) -> String {
        self.programme.currency.code.to_string()
    }

    /// Money without its currency, and without its decimals where others beside it are large.
    pub fn short_money(&self, amount: i64, largest: u64) -> String {
        const LARGE: u64 = 20;
        let decimals = self.programme.currency.decimals;
        let whole = 10i64.pow(u32::from(decimals));
        match largest / whole.unsigned_abs() {
            ..LARGE => self.words.number(amount, decimals),
            _ => self.words.number((amount / whole).saturating_add((amount % whole) * 2 / whole), 0),
        }
    }

    pub fn rule(&self, programme: &Programme, id: &Name) -> String {
        programme.rule(id).map_or_else(|| id.to_string(), |rule| text(&rule.name, self.language()).to_owned())
    }

    pub fn reward(&self, programme: &Programme, id: &Name) -> String {
        programme.reward(id).map_or_else(|| id.to_string(), |reward| text(&reward.name, self.language()).to_owned())
    }

    pub fn level(&self, programme: &Programme, id: &Name) -> String {
        programme.level(id).map_or_else(|| id.to_string(), |level| text(&level.name, self.language()).to_owned())
    }

    pub fn ladder(&self, programme: &Programme, id: &Name) -> String {
        programme.ladder(id).map_or_else(|| id.to_string(), |ladder| text(&ladder.name, self.language()).to_owned())
    }

    pub fn programme(&self, programme: &Programme) -> String {
        let name = text(&programme.name, self.language());
        match programme.version {
            0 => name.to_owned(),
            version => self.tell("programme-version", &[("name", name), ("version", &version.to_string())]),
        }
    }

    /// A tenth of the buyers, by its number from the one who pays least.
    pub fn decile(&self, number: &str) -> String {
        match number {
            "1" => self.say("decile-first"),
            "10" => self.say("decile-last"),
            number => self.tell("decile", &[("decile", number)]),
        }
    }

    /// The unit by itself, in the plural: `punkty`.
    pub fn unit(&self, programme: &Programme, id: &Name) -> String {
        let forms =
            programme.unit(id).and_then(|unit| unit.forms.get(&self.language()).or_else(|| unit.forms.values().next()));
        forms.map_or_else(|| id.to_string(), |forms| forms.few.as_ref().unwrap_or(&forms.many).clone())
    }
}

/// A hundredth of a percent is as fine as anybody reads.
fn hundredths(share: i64) -> i64 {
    share.saturating_add(50 * share.signum()) / 100
}

/// As a spreadsheet reads it: `1234.50`.
pub fn plain(kind: Kind, number: i64, currency_decimals: u8) -> String {
    match kind {
        Kind::Count | Kind::Days => number.to_string(),
        Kind::Money => format_decimal(number, currency_decimals),
        Kind::Share => format_decimal(number, 6),
        Kind::Points { scale } => format_decimal(number, scale),
    }
}

impl<'a> Scale<'a> {
    pub fn with(axis: &'a (u8, impl Fn(i64, u8, u32) -> String)) -> Scale<'a> {
        Scale { decimals: axis.0, write: &axis.1 }
    }
}
