//! What is found in a programme document, and how to mend it, in sentences.

use std::fmt;

use fluent_bundle::FluentValue;

use super::{NounCase, PluralCategory, Words};
use crate::kernel::{Factor, Language};
use crate::programme::{Argument, Finding, PartOfReturn};

/// Shares are kept in millionths of a whole, and shown in tenths of a hundredth.
const MILLIONTHS_OF_A_TENTH: i128 = 1_000;

impl Words {
    /// What is the matter, as a sentence without its first capital and its full stop.
    pub fn problem(&self, finding: &Finding) -> String {
        let values = self.values(finding);
        self.book.say(finding.remark.key, pairs(&values)).unwrap_or_else(|| finding.remark.key.to_owned())
    }

    /// How to mend it.
    pub fn remedy(&self, finding: &Finding) -> String {
        let values = self.values(finding);
        self.book.say_attribute(finding.remark.key, "remedy", pairs(&values)).unwrap_or_default()
    }

    /// All of it, over several lines.
    pub fn finding(&self, finding: &Finding) -> String {
        let mut place = self.say("finding-severity", &[("severity", finding.severity.name().into())]);
        if let (Some(line), Some(column)) = (finding.line, finding.column) {
            let values = [("line", line.to_string().into()), ("column", column.to_string().into())];
            place.push_str(&format!(" {}", self.say("finding-place", &values)));
        }
        if !finding.pointer.is_empty() {
            place.push_str(&format!(" ({})", finding.pointer));
        }
        let mut text = format!("{place}: {}", self.problem(finding));
        let mut line = |key: &'static str, value: &str| {
            text.push_str(&format!("\n  {}", self.say(key, &[("text", value.into())])));
        };
        if !finding.found.is_empty() {
            line("finding-found", &finding.found);
        }
        match &finding.accepted {
            Some(reason) => line("finding-accepted", reason),
            None => line("finding-remedy", &self.remedy(finding)),
        }
        text
    }

    /// Each argument as it is written; a number also as what chooses the plural.
    fn values(&self, finding: &Finding) -> Vec<(String, FluentValue<'static>)> {
        let mut values = Vec::new();
        for (name, argument) in &finding.remark.arguments {
            if let Argument::Number(number) = argument {
                values.push((format!("{name}-count"), number.unsigned_abs().into()));
            }
            if let Argument::Hundredths(number) = argument {
                values.push((format!("{name}-form"), self.form_of_hundredths(*number).into()));
            }
            values.push(((*name).to_owned(), self.argument(argument).into()));
        }
        values
    }

    fn argument(&self, argument: &Argument) -> String {
        match argument {
            Argument::Word(word) => word.clone(),
            Argument::Words(words) => words.join(", "),
            Argument::Number(number) => self.number(*number, 0),
            Argument::Plain(number) => number.to_string(),
            Argument::Money(money, currency) => {
                self.with_currency(&self.number(money.0, currency.decimals), &currency.code)
            }
            Argument::Amount(amount, unit) => {
                self.with_forms(unit, *amount, unit.scale, &self.number(*amount, unit.scale))
            }
            Argument::Units(unit) => self.forms_plural(unit, NounCase::Nominative),
            Argument::Factor(factor) => self.short_number(factor.0, Factor::DECIMALS),
            Argument::Share(share) => self.share(*share),
            Argument::Hundredths(number) => self.short_number(*number, 2),
            Argument::Period(period) => self.period(*period),
            Argument::Window(window) => window.name().to_owned(),
            Argument::Parts(parts) => {
                let parts = parts.iter().map(|(id, part)| match part {
                    PartOfReturn::Gives(share) => format!("{id} {}", self.share(*share)),
                    PartOfReturn::Multiplies(factor) => format!("{id} {}", self.factor(*factor)),
                });
                parts.collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Which form of a noun goes with a number that is written without zeros at its end.
    fn form_of_hundredths(&self, number: i64) -> &'static str {
        let category = match number % 100 {
            0 => self.plural_category(number / 100, 0),
            _ => self.plural_category(number, 2),
        };
        match category {
            PluralCategory::ONE => "one",
            PluralCategory::FEW => "few",
            PluralCategory::MANY => "many",
            _ => "other",
        }
    }

    /// Like `12.5%`, rounded down.
    fn share(&self, share: i128) -> String {
        self.percent(i64::try_from(share / MILLIONTHS_OF_A_TENTH).unwrap_or(i64::MAX), 1)
    }
}

/// In English, for those who look after a programme's machines. Who writes one is told by
/// [`Words::finding`], in their own language.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Words::new(Language::En).finding(self))
    }
}

fn pairs<'v>(values: &'v [(String, FluentValue<'static>)]) -> impl Iterator<Item = (&'v str, FluentValue<'v>)> {
    values.iter().map(|(name, value)| (name.as_str(), value.clone()))
}
