//! Whether a programme is worth it for a shop yet, and one to begin with.

mod judgement;
mod reading;
mod sources;
mod starter;
mod telling;

use lojal_core::kernel::Name;
use lojal_core::programme::{Programme, parse_toml};
use lojal_core::words::Words;
use serde_json::json;

use crate::failure::Failure;
use crate::report::page;
use crate::report::voice::Voice;
use crate::texts::Texts;

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
        let findings: Vec<String> =
            findings.iter().map(|finding| format!("{} ({})", finding.problem, finding.remedy)).collect();
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
        page::render(&telling::page(self, &Voice::new(texts, &words, self.shop)))
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

#[cfg(test)]
mod tests {
    use lojal_core::kernel::{Language, Money};
    use lojal_core::programme::Usual;
    use lojal_simulation::habits::{Habits, Purchase};

    use super::*;
    use crate::report::tests::check_page;

    fn past(purchases: &[(u32, i64, i64)], last: i64, usual: (i64, i64)) -> Past {
        let purchase = |known: &(u32, i64, i64)| Purchase { customer: known.0, day: known.1, paid: known.2 };
        Past {
            habits: Habits::of(purchases.iter().map(purchase).collect(), last),
            from: "2024-01-01".parse().unwrap(),
            until: "2024-12-31".parse().unwrap(),
            returned: 12_345,
            usual: Usual { orders_a_year: usual.0, average_order: Money(usual.1) },
            tells_delivery: true,
        }
    }

    #[test]
    fn the_advice_says_the_same_everywhere() {
        let busy: Vec<(u32, i64, i64)> =
            (0..900).flat_map(|customer| (0..8).map(move |visit| (customer, visit * 40, 4_000))).collect();
        let one = [(1, 0, 500)];
        for (purchases, last, margin) in [(&busy[..], 700, Some(300_000)), (&busy, 290, None), (&one, 0, Some(1))] {
            let (shop, past) = (shop(&"PLN".into(), "UTC").unwrap(), past(purchases, last, (300, 4_000)));
            let judgement = Judgement::of(&past.habits, margin);
            let advice = Advice { source: "a & b.csv", shop: &shop, past: &past, judgement: &judgement, margin };
            for language in Language::ALL {
                let texts = Texts::new(language);
                check_page(&advice.html(&texts).unwrap(), language, &advice.json().unwrap());
                let summary = advice.summary(&texts);
                assert!(summary.lines().all(|line| line.chars().count() <= 100), "{summary}");
                assert!(!summary.contains("advise-") && !summary.contains("{ $"), "{summary}");
            }
        }
    }

    /// Whatever the shop, what is written is a programme without a warning, and an ordinary customer gets there.
    #[test]
    fn every_shop_gets_a_sound_programme() {
        for currency in ["PLN", "GBP", "JPY"] {
            let shop = shop(&currency.into(), "Europe/Warsaw").unwrap();
            for (orders_a_year, average) in [(100, 2_000), (130, 3_527), (240, 44_441), (5_200, 150), (700, 9_999_999)]
            {
                for margin in [None, Some(60_000), Some(300_000), Some(950_000)] {
                    let past = past(&[(1, 0, average), (1, 50, average)], 200, (orders_a_year, average));
                    for language in Language::ALL {
                        let written = document(&past, &shop, margin, &Texts::new(language));
                        let written = written.unwrap_or_else(|failure| {
                            panic!("{currency} {orders_a_year} {average} {margin:?}: {failure}")
                        });
                        assert!(written.contains("[rewards.small]"), "{written}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_currency_or_no_zone_is_named() {
        assert!(shop(&"ZLOTY".into(), "UTC").unwrap_err().to_string().contains("ZLOTY"));
        assert!(shop(&"PLN".into(), "Warsaw").unwrap_err().to_string().contains("Warsaw"));
    }
}
