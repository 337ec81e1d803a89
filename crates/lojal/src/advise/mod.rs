//! Whether a programme is worth it for a shop yet, and one to begin with.

mod judgement;
mod reading;
mod sources;
mod starter;
mod telling;

#[cfg(test)]
mod tests;

use lojal_core::kernel::{Language, Name};
use lojal_core::programme::{Programme, parse_toml};
use lojal_core::words::Words;
use serde_json::json;

use crate::failure::Failure;
use crate::texts::Texts;
use lojal_report::page;
use lojal_report::voice::Voice;

pub use judgement::Judgement;
pub use reading::Past;
pub use starter::document;

/// Changes when a program that reads the old form would read something else than it says.
const FORMAT: u32 = 1;

/// What is told to a shop.
pub struct Advice<'a> {
    /// What was read, for people.
    pub source: &'a str,
    pub shop: &'a Programme,
    pub past: &'a Past,
    pub judgement: &'a Judgement,
    /// What is left of what customers pay, in millionths, where it was stated.
    pub margin: Option<i64>,
}

/// A shop of which nothing is known but its money and its clock.
pub fn shop(currency: &Name, time_zone: &str) -> Result<Programme, Failure> {
    let quoted = |text: &str| toml::Value::String(text.to_owned());
    let text = format!(
        "[programme]\nid = \"shop\"\nname = {{ en = \"Shop\" }}\nlanguages = [\"en\"]\ntime_zone = {}\ncurrency = {}\n\
         [brands.shop]\nname = {{ en = \"Shop\" }}\n[units.points]\nname.en = {{ one = \"point\", many = \"points\" }}\n",
        quoted(time_zone),
        quoted(currency)
    );
    parse_toml(&text).map_err(|findings| {
        let words = Words::new(Language::En);
        let told = |finding| format!("{} ({})", words.problem(finding), words.remedy(finding));
        let findings: Vec<String> = findings.iter().map(told).collect();
        let findings = findings.join("; ");
        Failure::new(format!("the currency {currency} or the time zone {time_zone} cannot be used: {findings}"))
    })
}

impl Advice<'_> {
    /// The verdicts, what they rest on, and the sources.
    pub fn summary(&self, texts: &Texts) -> String {
        let words = Words::new(texts.language());
        telling::summary(self, &Voice::new(texts, &words, self.shop))
    }

    /// The same as one page that needs nothing else.
    pub fn html(&self, texts: &Texts) -> Result<String, Failure> {
        let words = Words::new(texts.language());
        Ok(page::render(&telling::page(self, &Voice::new(texts, &words, self.shop)))?)
    }

    /// Everything that is told: money in minor units, shares in millionths.
    pub fn json(&self) -> Result<String, Failure> {
        let currency = &self.shop.currency;
        let whole = json!({
            "format": FORMAT,
            "source": self.source,
            "currency": { "code": currency.code, "decimals": currency.decimals },
            "shares_are_of": 1_000_000,
            "from": self.past.from,
            "until": self.past.until,
            "returned": self.past.returned,
            "unmatched": self.past.unmatched,
            "usual": {
                "orders_a_year_in_hundredths": self.past.usual.orders_a_year,
                "average_order": self.past.usual.average_order.0,
            },
            "margin": self.margin,
            "habits": self.past.habits,
            "judgement": self.judgement,
            "sources": sources::SOURCES,
        });
        Ok(format!("{whole:#}\n"))
    }
}
