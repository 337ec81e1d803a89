//! Puts texts together out of Fluent's sentences and what the document states.

use fluent_bundle::FluentValue;

use super::span::Text;
use crate::kernel::{Factor, Instant, Money, Name, Period, Window};
use crate::programme::condition::Test;
use crate::programme::{Place, Programme, Rule, Texts, Unit, WordKind};
use crate::words::{NounCase, Speaker, Words};

/// Where Fluent is given marks in place of texts: from here on, one for each.
const FIRST_MARK: u32 = 0xE000;

pub struct Scribe<'a> {
    pub programme: &'a Programme,
    words: &'a Words,
    speaker: Speaker<'a>,
}

/// What a sentence is filled with.
pub enum Filling {
    Text(Text),
    /// Chooses among forms; never shown.
    Choice(&'static str),
    /// Chooses the plural; never shown.
    Count(i64),
}

impl From<Text> for Filling {
    fn from(text: Text) -> Filling {
        Filling::Text(text)
    }
}

impl From<&'static str> for Filling {
    fn from(choice: &'static str) -> Filling {
        Filling::Choice(choice)
    }
}

impl From<i64> for Filling {
    fn from(count: i64) -> Filling {
        Filling::Count(count)
    }
}

impl<'a> Scribe<'a> {
    pub fn new(programme: &'a Programme, words: &'a Words) -> Scribe<'a> {
        Scribe { programme, words, speaker: words.about(programme).briefly() }
    }

    /// The sentence under `key`. What it is filled with keeps knowing where it comes from.
    pub fn say(&self, key: &'static str, values: &[(&'static str, Filling)]) -> Text {
        let mark = |index: usize| char::from_u32(FIRST_MARK + index as u32).unwrap_or_default();
        let marked: Vec<(&'static str, FluentValue<'_>)> = values
            .iter()
            .enumerate()
            .map(|(index, (name, filling))| match filling {
                Filling::Text(_) => (*name, mark(index).to_string().into()),
                Filling::Choice(choice) => (*name, (*choice).into()),
                Filling::Count(count) => (*name, count.unsigned_abs().into()),
            })
            .collect();
        let mut text = Text::default();
        let mut plain = String::new();
        for letter in self.words.say(key, &marked).chars() {
            let index = u32::from(letter).checked_sub(FIRST_MARK).map(|index| index as usize);
            match index.and_then(|index| values.get(index)) {
                Some((_, Filling::Text(filling))) => {
                    text.push(Text::words(std::mem::take(&mut plain)));
                    text.push(filling.clone());
                }
                _ => plain.push(letter),
            }
        }
        text.push(Text::words(plain));
        text
    }

    /// A word of the house by itself.
    pub fn word(&self, key: &'static str) -> String {
        self.words.say(key, &[])
    }

    pub fn blank(&self, what: &'static str) -> Text {
        let what = Text::words(self.word(what));
        Text::blank(self.say("terms-missing", &[("what", what.into())]).plain())
    }

    /// A text of the document.
    pub fn text(&self, texts: &Texts, place: &Place) -> Text {
        let language = self.words.language();
        Text::stated(crate::programme::text(texts, language), place.key(language.tag()).pointer())
    }

    pub fn programme_name(&self) -> Text {
        self.text(&self.programme.name, &Place::root().key("programme").key("name"))
    }

    pub fn rule_place(&self, rule: &Rule) -> Place {
        Place::root().key(if rule.campaign.is_some() { "campaigns" } else { "earning" }).key(&rule.id)
    }

    pub fn rule_name(&self, rule: &Rule) -> Text {
        self.text(&rule.name, &self.rule_place(rule).key("name"))
    }

    pub fn quoted(&self, name: Text) -> Text {
        self.say("terms-quoted", &[("name", name.into())])
    }

    /// `5 punktów`
    pub fn amount(&self, unit: &Unit, amount: i64, place: &Place) -> Text {
        Text::stated(self.speaker.amount(&unit.id, amount), place.pointer())
    }

    /// As [`Scribe::amount`], where Polish wants the genitive: od 1 punktu, od 2 punktów.
    pub fn of_amount(&self, unit: &Unit, amount: i64, place: &Place) -> Text {
        Text::stated(self.speaker.of_amount(&unit.id, amount), place.pointer())
    }

    pub fn rate(&self, unit: &Unit, rate: Factor, place: &Place) -> Text {
        Text::stated(self.speaker.rate(&unit.id, rate), place.pointer())
    }

    /// The unit in the plural, as it would be in the middle of a sentence.
    pub fn units(&self, unit: &Unit) -> Text {
        Text::stated(self.speaker.units(&unit.id, NounCase::Nominative), unit_place(unit).key("name").pointer())
    }

    /// The unit in the plural and in the genitive.
    pub fn of_units(&self, unit: &Unit) -> Text {
        Text::stated(self.speaker.units(&unit.id, NounCase::Genitive), unit_place(unit).key("name").pointer())
    }

    /// All units of the programme: `punkty i mile`.
    pub fn all_units(&self) -> Text {
        self.and(self.programme.units.iter().map(|unit| self.units(unit)).collect())
    }

    /// Those in which some reward has its price.
    pub fn priced_units(&self) -> Text {
        let is_priced = |index| {
            self.programme.rewards.iter().filter_map(|reward| reward.price.as_ref()).any(|price| price.unit == index)
        };
        let units = self.programme.units.iter().enumerate().filter(|(index, _)| is_priced(*index));
        self.and(units.map(|(_, unit)| self.units(unit)).collect())
    }

    pub fn spendable_units(&self) -> Text {
        let units = self.programme.units.iter().filter(|unit| unit.spendable);
        self.and(units.map(|unit| self.units(unit)).collect())
    }

    pub fn money(&self, money: Money, place: &Place) -> Text {
        Text::stated(self.speaker.money(money), place.pointer())
    }

    pub fn factor(&self, factor: Factor, place: &Place) -> Text {
        Text::stated(self.words.factor(factor), place.pointer())
    }

    pub fn percent(&self, percent: i64, place: &Place) -> Text {
        Text::stated(self.words.percent(percent, 0), place.pointer())
    }

    /// `14 dni`
    pub fn period(&self, period: Period, place: &Place) -> Text {
        Text::stated(self.words.period(period), place.pointer())
    }

    /// After so long: `14 dni`, `1 miesiąca`.
    pub fn of_period(&self, period: Period, place: &Place) -> Text {
        let key = match period.unit().name() {
            "minute" => "terms-of-minutes",
            "hour" => "terms-of-hours",
            "day" => "terms-of-days",
            "week" => "terms-of-weeks",
            "month" => "terms-of-months",
            _ => "terms-of-years",
        };
        Text::stated(self.words.counted(key, period.amount()), place.pointer())
    }

    /// For so long: `14 dni`, `1 minutę`.
    pub fn for_period(&self, period: Period, place: &Place) -> Text {
        match period.unit().name() {
            "minute" => Text::stated(self.words.counted("terms-for-minutes", period.amount()), place.pointer()),
            "hour" => Text::stated(self.words.counted("terms-for-hours", period.amount()), place.pointer()),
            _ => self.period(period, place),
        }
    }

    /// `ostatnich 12 miesięcy`
    pub fn last_period(&self, period: Period, place: &Place) -> Text {
        let said = self.of_period(period, place);
        if period.amount() != 1 {
            return self.say("terms-last", &[("shape", "other".into()), ("period", said.into())]);
        }
        // "The last year", without a number.
        let bare = said.plain().trim_start_matches(|letter: char| !letter.is_alphabetic()).to_owned();
        let said = Text::stated(bare, place.pointer());
        self.say("terms-last", &[("shape", "one".into()), ("period", said.into())])
    }

    /// A counted thing of the house: `300 sztuk`.
    pub fn counted(&self, key: &'static str, count: i64, place: &Place) -> Text {
        Text::stated(self.words.counted(key, count), place.pointer())
    }

    pub fn number(&self, number: i64, place: &Place) -> Text {
        Text::stated(self.words.number(number, 0), place.pointer())
    }

    /// The moments between which something holds: `od 1 kwietnia 2026 do 30 kwietnia 2026 włącznie`.
    pub fn bounds(&self, from: Option<Instant>, until: Option<Instant>, place: &Place) -> Text {
        let from = from.map(|from| Text::stated(self.speaker.since(from), place.key("from").pointer()));
        let until = until.map(|until| Text::stated(self.speaker.until(until), place.key("until").pointer()));
        Text::joined(from.into_iter().chain(until), " ")
    }

    pub fn date(&self, date: crate::kernel::Date, place: &Place) -> Text {
        Text::stated(self.words.date(date), place.pointer())
    }

    /// A day of each year: `31 grudnia`.
    pub fn day_of_year(&self, day: (i8, i8), place: &Place) -> Text {
        let values = [("day", day.1.to_string().into()), ("month", Words::month_key(day.0).into())];
        Text::stated(self.words.say("terms-day", &values), place.pointer())
    }

    /// The conditions of a list, which the document has one by one at `place`: what must hold, and what
    /// must not.
    pub fn conditions(&self, tests: &[Test], place: &Place) -> (Vec<Text>, Vec<Text>) {
        let (mut must, mut must_not) = (Vec::new(), Vec::new());
        for (index, test) in tests.iter().enumerate() {
            let place = place.index(index);
            let said = |test| Text::stated(self.speaker.condition(test), place.pointer());
            match test {
                Test::Not(test) => must_not.push(said(test)),
                test => must.push(said(test)),
            }
        }
        (must, must_not)
    }

    /// `kawa, herbata i sok`
    pub fn and(&self, texts: Vec<Text>) -> Text {
        self.list("terms-and", texts)
    }

    /// `kawa, herbata lub sok`
    pub fn or(&self, texts: Vec<Text>) -> Text {
        self.list("terms-or", texts)
    }

    fn list(&self, key: &'static str, mut texts: Vec<Text>) -> Text {
        let Some(last) = texts.pop() else {
            return Text::default();
        };
        if texts.is_empty() {
            return last;
        }
        self.say(key, &[("first", Text::joined(texts, ", ").into()), ("last", last.into())])
    }

    /// So much within a window: `2000 punktów w miesiącu kalendarzowym`.
    pub fn within(&self, amount: Text, window: Window) -> Text {
        self.say("terms-cap-window", &[("amount", amount.into()), ("window", window.name().into())])
    }

    /// The currency's coin by its name, and its gender, where an amount is exactly one.
    pub fn coin(&self, money: Money, place: &Place) -> Option<(&'static str, Text)> {
        if money.0 != 10i64.checked_pow(u32::from(self.programme.currency.decimals))? {
            return None;
        }
        let (code, gender) = match self.programme.currency.code.as_str() {
            "PLN" => ("PLN", "feminine"),
            "USD" => ("USD", "masculine"),
            "GBP" => ("GBP", "masculine"),
            "CHF" => ("CHF", "masculine"),
            "EUR" => ("EUR", "neuter"),
            _ => return None,
        };
        let name = self.say("terms-coin", &[("currency", code.into())]).plain();
        Some((gender, Text::stated(name, place.pointer())))
    }

    /// What a unit of another currency is worth here, with all its decimals.
    pub fn exchange_rate(&self, rate: Factor, place: &Place) -> Text {
        Text::stated(self.speaker.rate_in_money(rate), place.pointer())
    }

    /// A word of the shop's own by its label, or as the document has it at `place`.
    pub fn label(&self, kind: WordKind, word: &Name, place: &Place) -> Text {
        match self.programme.labels.of(kind, word) {
            Some(texts) => self.text(texts, &Place::root().key("labels").key(&kind.to_string()).key(word)),
            None => Text::stated(word.as_str(), place.pointer()),
        }
    }
}

pub fn unit_place(unit: &Unit) -> Place {
    Place::root().key("units").key(&unit.id)
}
