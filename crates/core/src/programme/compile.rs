//! From the document to a [`Programme`] that cannot be wrong. All mistakes are found, not only the
//! first; each with its place and its remedy.

use std::collections::BTreeMap;

use super::condition::Test;
use super::document::{Decimal, Document, ExpirySection, PendingSection, Texts, TransferSection, UnitSection};
use super::finding::{Findings, Place};
use super::model::*;
use super::remark::Remark;
use super::vocabulary::{Scope, Vocabulary};
use super::{compile_rules, operator};
use crate::kernel::{
    Calendar, DecimalError, Factor, Instant, LARGEST_AMOUNT, Language, Money, Name, Period, PeriodError, Window,
    parse_decimal,
};

const LONGEST_ID: usize = 64;
const LONGEST_TEXT: usize = 2_000;

/// What the sections need of each other while they are read.
pub(super) struct Compiler<'a> {
    pub document: &'a Document,
    pub calendar: Calendar,
    pub currency: Currency,
    pub units: Vec<Unit>,
    pub ladders: Vec<Ladder>,
    pub rewards: Vec<Reward>,
    pub looks_at: LooksAt,
    pub findings: Findings,
}

/// Compiles a document. The programme is there exactly when no finding is an error.
pub fn compile(document: &Document) -> (Option<Programme>, Findings) {
    let calendar = Calendar::new(&document.programme.time_zone);
    let mut compiler = Compiler {
        document,
        calendar: calendar.clone().unwrap_or_else(|_| Calendar::utc()),
        currency: Currency {
            code: Name::from(document.programme.currency.as_str()),
            decimals: document.programme.decimals.min(6),
        },
        units: Vec::new(),
        ladders: Vec::new(),
        rewards: Vec::new(),
        looks_at: LooksAt::default(),
        findings: Findings::default(),
    };
    let root = Place::root();
    if calendar.is_err() {
        compiler.findings.error(
            &root.key("programme").key("time_zone"),
            "unknown_time_zone",
            "finding-unknown-time-zone",
        );
    }
    compiler.programme_section();
    let brands = compiler.brands();
    compiler.units = compiler.read_units();
    compiler.ladders = compiler.read_ladders();
    compiler.rewards = compiler.read_rewards();
    let rules = compile_rules::rules(&mut compiler);
    let referrals = compiler.referrals();
    compiler.planned();
    let programme = Programme {
        version: 0,
        id: Name::from(document.programme.id.as_str()),
        name: document.programme.name.clone(),
        languages: document.programme.languages.clone(),
        calendar: compiler.calendar.clone(),
        time_zone: document.programme.time_zone.clone(),
        currency: compiler.currency.clone(),
        exchange: compiler.exchange(),
        rounding: document.programme.rounding,
        join_on_first_order: document.programme.join_on_first_order,
        brands,
        rules,
        referrals,
        stacking: document.stacking.multipliers,
        exclude: compile_rules::exclusions(&document.exclude),
        loose_returns: document.returns.without_order,
        transfers: compiler.transfers(&document.transfers, "transfers"),
        gifts: compiler.transfers(&document.gifts, "gifts"),
        households: compiler.households(),
        holds: compiler.holds(),
        fraud: compiler.fraud(),
        operator: operator::operator(&mut compiler),
        labels: compiler.labels(),
        units: compiler.units,
        ladders: compiler.ladders,
        rewards: compiler.rewards,
        looks_at: compiler.looks_at,
    };
    let findings = compiler.findings;
    (if findings.has_errors() { None } else { Some(programme) }, findings)
}

impl Compiler<'_> {
    fn programme_section(&mut self) {
        let section = &self.document.programme;
        let place = Place::root().key("programme");
        self.id(&section.id, &place.key("id"));
        if section.languages.is_empty() {
            self.findings.error(&place.key("languages"), "no_language", "finding-no-language");
        }
        self.texts(&section.name, &place.key("name"));
        let code = &section.currency;
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.findings.error(
                &place.key("currency"),
                "unknown_currency",
                Remark::new("finding-unknown-currency").word("code", code),
            );
        }
        if section.decimals > 6 {
            self.findings.error(&place.key("decimals"), "too_many_decimals", "finding-too-many-decimals-money");
        }
    }

    fn exchange(&mut self) -> BTreeMap<Name, Factor> {
        let place = Place::root().key("programme").key("exchange");
        let mut rates = BTreeMap::new();
        for (code, rate) in &self.document.programme.exchange {
            if let Some(factor) = self.factor(rate, &place.key(code)) {
                rates.insert(Name::from(code.as_str()), factor);
            }
        }
        rates
    }

    fn brands(&mut self) -> Vec<Brand> {
        let place = Place::root().key("brands");
        if self.document.brands.is_empty() {
            self.findings.error(&place, "no_brand", "finding-no-brand");
        }
        let mut brands = Vec::new();
        for (id, section) in &self.document.brands {
            let place = place.key(id);
            self.id(id, &place);
            self.texts(&section.name, &place.key("name"));
            brands.push(Brand { id: Name::from(id.as_str()), name: section.name.clone() });
        }
        brands
    }

    fn read_units(&mut self) -> Vec<Unit> {
        let place = Place::root().key("units");
        if self.document.units.is_empty() {
            self.findings.error(&place, "no_unit", "finding-no-unit");
        }
        let document = self.document;
        document.units.iter().map(|(id, section)| self.unit(id, section, &place.key(id))).collect()
    }

    fn unit(&mut self, id: &str, section: &UnitSection, place: &Place) -> Unit {
        self.id(id, place);
        self.plural_forms(section, &place.key("name"));
        if section.scale > 6 {
            self.findings.error(&place.key("scale"), "too_many_decimals", "finding-too-many-decimals-unit");
        }
        let worth = section.worth.as_ref().and_then(|worth| {
            let place = place.key("worth");
            let units = self.positive(worth.units, &place.key("units"))?;
            let money = self.money(&worth.money, &place.key("money"))?;
            Some(Worth { units, money })
        });
        let mut caps = Vec::new();
        for (window, most) in &section.caps {
            if let Some(most) = self.positive(*most, &place.key("caps").key(window.name())) {
                caps.push(Cap { window: *window, most, usage: Name::from(format!("unit/{id}/{}", window.name())) });
            }
        }
        Unit {
            id: Name::from(id),
            forms: section.name.clone(),
            scale: section.scale,
            worth,
            spendable: section.spendable,
            pending: self.pending(section.pending.as_ref(), &place.key("pending")),
            expiry: section.expiry.as_ref().map_or(Expiry::Never, |expiry| self.expiry(expiry, &place.key("expiry"))),
            spend_order: section.spend,
            debt: section.debt,
            caps,
        }
    }

    fn plural_forms(&mut self, section: &UnitSection, place: &Place) {
        for language in self.document.programme.languages.clone() {
            match section.name.get(&language) {
                None => self.missing_text(language, place),
                Some(forms) if language == Language::Pl && forms.few.is_none() => {
                    self.findings.error(&place.key("pl"), "missing_plural", "finding-missing-plural");
                }
                Some(_) => {}
            }
        }
    }

    pub fn pending(&mut self, section: Option<&PendingSection>, place: &Place) -> Option<PendingRule> {
        let section = section?;
        let wait = self.period(&section.wait, &place.key("for"))?;
        Some(PendingRule { from: section.after, wait })
    }

    fn expiry(&mut self, section: &ExpirySection, place: &Place) -> Expiry {
        let ways = [section.after_earning.is_some(), section.after_inactivity.is_some(), !section.on.is_empty()];
        if ways.iter().filter(|there| **there).count() > 1 {
            self.findings.error(place, "several_expiries", "finding-several-expiries");
            return Expiry::Never;
        }
        if section.until_end_of.is_some() && section.after_earning.is_none() {
            self.findings.error(&place.key("until_end_of"), "expiry_incomplete", "finding-expiry-without-earning");
        }
        if section.not_before.is_some() && section.on.is_empty() {
            self.findings.error(&place.key("not_before"), "expiry_incomplete", "finding-expiry-without-dates");
        }
        if let Some(period) = &section.after_earning {
            let period = self.wait(period, &place.key("after_earning"));
            let until_end_of = section.until_end_of.filter(|window| *window != Window::Lifetime);
            return period.map_or(Expiry::Never, |period| Expiry::AfterEarning { period, until_end_of });
        }
        if let Some(period) = &section.after_inactivity {
            let period = self.wait(period, &place.key("after_inactivity"));
            return period.map_or(Expiry::Never, |period| Expiry::AfterInactivity { period });
        }
        let mut days = Vec::new();
        for (index, text) in section.on.iter().enumerate() {
            match month_and_day(text) {
                Some(day) => days.push(day),
                None => self.findings.error(
                    &place.key("on").index(index),
                    "not_a_day",
                    Remark::new("finding-not-a-day").word("text", text),
                ),
            }
        }
        days.sort_unstable();
        days.dedup();
        let not_before = section.not_before.as_ref().and_then(|period| self.period(period, &place.key("not_before")));
        if days.is_empty() { Expiry::Never } else { Expiry::OnDates { days, not_before } }
    }

    fn transfers(&mut self, section: &Option<TransferSection>, key: &str) -> Option<TransferPolicy> {
        let section = section.as_ref()?;
        let place = Place::root().key(key);
        let least = section.least.map_or(Some(1), |least| self.positive(least, &place.key("least"))).unwrap_or(1);
        let most = section.most.and_then(|most| self.positive(most, &place.key("most")));
        if most.is_some_and(|most| most < least) {
            self.findings.error(&place.key("most"), "most_below_least", "finding-most-below-least");
        }
        let mut caps = Vec::new();
        for (window, most) in &section.caps {
            if let Some(most) = self.positive(*most, &place.key("caps").key(window.name())) {
                caps.push(Cap { window: *window, most, usage: Name::from(format!("{key}/{}", window.name())) });
            }
        }
        let units = match &section.units {
            None => self.units.iter().filter(|unit| unit.spendable).map(|unit| unit.id.clone()).collect(),
            Some(units) => {
                let named = units.iter().enumerate().filter_map(|(index, unit)| {
                    let index = self.unit_index(Some(unit), &place.key("units").index(index))?;
                    Some(self.units[index].id.clone())
                });
                named.collect()
            }
        };
        Some(TransferPolicy { least, most, caps, units })
    }

    fn households(&mut self) -> Option<i64> {
        let section = self.document.households.as_ref()?;
        let place = Place::root().key("households").key("most");
        if !(2..=100).contains(&section.most) {
            self.findings.error(&place, "out_of_range", "finding-household-range");
        }
        Some(section.most)
    }

    fn holds(&mut self) -> HoldPolicy {
        let section = &self.document.holds;
        let place = Place::root().key("holds");
        let valid = self.wait(&section.valid, &place.key("valid")).unwrap_or(Period::minutes(30));
        let longest = self.wait(&section.longest, &place.key("longest")).unwrap_or(Period::days(7));
        if !(1..=1_000).contains(&section.most) {
            self.findings.error(&place.key("most"), "out_of_range", "finding-holds-range");
        }
        HoldPolicy { valid, longest, most: section.most }
    }

    pub fn conditions(&mut self, conditions: &[super::document::Condition], scope: Scope, place: &Place) -> Test {
        let mut vocabulary = Vocabulary {
            calendar: &self.calendar,
            decimals: self.currency.decimals,
            ladders: &self.ladders,
            findings: &mut self.findings,
            looks_at: &mut self.looks_at,
        };
        vocabulary.all(conditions, scope, place)
    }

    /// The unit's index; the only one when none is named.
    pub fn unit_index(&mut self, unit: Option<&str>, place: &Place) -> Option<usize> {
        let known: Vec<String> = self.units.iter().map(|unit| unit.id.to_string()).collect();
        match unit {
            Some(id) => {
                let index = self.units.iter().position(|unit| unit.id == id);
                if index.is_none() {
                    self.findings.error(
                        place,
                        "unknown_unit",
                        Remark::new("finding-unknown-unit").word("unit", id).words("known", &known),
                    );
                }
                index
            }
            None if self.units.len() == 1 => Some(0),
            None => {
                self.findings.error(place, "unit_missing", Remark::new("finding-unit-missing").words("known", &known));
                None
            }
        }
    }

    /// An id: short, without spaces, the same in every file system and URL.
    pub fn id(&mut self, id: &str, place: &Place) {
        let fit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(fit) {
            self.findings.error(
                place,
                "id_unfit",
                Remark::new("finding-id-unfit").word("id", id).plain("longest", LONGEST_ID as i64),
            );
        }
    }

    /// A text must be there in every language of the programme.
    pub fn texts(&mut self, texts: &Texts, place: &Place) {
        for language in self.document.programme.languages.clone() {
            match texts.get(&language) {
                None => self.missing_text(language, place),
                Some(text) if text.trim().is_empty() || text.len() > LONGEST_TEXT => {
                    self.findings.error(
                        &place.key(language.tag()),
                        "text_unfit",
                        Remark::new("finding-text-unfit").plain("longest", LONGEST_TEXT as i64),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn missing_text(&mut self, language: Language, place: &Place) {
        let tag = language.tag();
        self.findings.error(
            place,
            "missing_translation",
            Remark::new("finding-missing-translation").word("language", tag),
        );
    }

    pub fn period(&mut self, text: &str, place: &Place) -> Option<Period> {
        match text.parse() {
            Ok(period) => Some(period),
            Err(PeriodError) => {
                self.findings.error(place, "not_a_period", Remark::new("finding-not-a-period").word("text", text));
                None
            }
        }
    }

    /// A period that is longer than nothing.
    pub fn wait(&mut self, text: &str, place: &Place) -> Option<Period> {
        let period = self.period(text, place)?;
        if period.is_zero() {
            self.findings.error(place, "not_a_period", "finding-empty-period");
            return None;
        }
        Some(period)
    }

    /// A moment; a bare date as an end means the end of that day.
    pub fn moment(&mut self, text: &str, is_end: bool, place: &Place) -> Option<Instant> {
        match self.calendar.parse(text) {
            Ok(moment) => {
                let bare = text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10;
                Some(if bare && is_end { self.calendar.after(moment, Period::days(1)) } else { moment })
            }
            Err(_) => {
                self.findings.error(place, "not_a_time", Remark::new("finding-not-a-time").word("text", text));
                None
            }
        }
    }

    pub fn money(&mut self, decimal: &Decimal, place: &Place) -> Option<Money> {
        self.decimal(decimal, self.currency.decimals, place).map(Money)
    }

    /// A factor above zero.
    pub fn factor(&mut self, decimal: &Decimal, place: &Place) -> Option<Factor> {
        let factor = self.decimal(decimal, Factor::DECIMALS, place)?;
        if factor == 0 || factor > Factor::LARGEST.0 {
            self.findings.error(place, "out_of_range", "finding-factor-range");
            return None;
        }
        Some(Factor(factor))
    }

    pub fn whole(&mut self, decimal: &Decimal, place: &Place) -> Option<i64> {
        self.decimal(decimal, 0, place)
    }

    /// A number that is not negative, scaled by `decimals`.
    fn decimal(&mut self, decimal: &Decimal, decimals: u8, place: &Place) -> Option<i64> {
        let text = match decimal {
            Decimal::Whole(number) => number.to_string(),
            Decimal::Text(text) => text.clone(),
        };
        match parse_decimal(&text, decimals) {
            Ok(number) if number >= 0 => Some(number),
            Ok(_) => {
                self.findings.error(place, "negative", Remark::new("finding-negative").word("number", text));
                None
            }
            Err(problem) => {
                let kind = match problem {
                    DecimalError::NotANumber => "other",
                    DecimalError::TooPrecise(_) => "precise",
                    DecimalError::TooLarge => "large",
                };
                self.findings.error(
                    place,
                    "not_a_number",
                    Remark::new("finding-not-a-number")
                        .word("text", text)
                        .word("problem", kind)
                        .plain("decimals", i64::from(decimals)),
                );
                None
            }
        }
    }

    pub fn positive(&mut self, number: i64, place: &Place) -> Option<i64> {
        if (1..=LARGEST_AMOUNT).contains(&number) {
            return Some(number);
        }
        self.findings.error(
            place,
            "out_of_range",
            Remark::new("finding-out-of-range").plain("number", number).plain("most", LARGEST_AMOUNT),
        );
        None
    }

    pub fn not_negative(&mut self, number: i64, place: &Place) -> Option<i64> {
        if number == 0 { Some(0) } else { self.positive(number, place) }
    }
}

fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // A leap year, so that 02-29 can be meant; in other years it is the last day of February.
    jiff::civil::Date::new(2024, month, day).ok().map(|_| (month, day))
}
