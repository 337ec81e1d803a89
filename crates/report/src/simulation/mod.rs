//! What a simulation came to, for people and for programs: a page, a few lines, JSON and CSV. All tell the same
//! figures, and the page says how each is reckoned.

mod data;
pub mod figures;
mod sections;
mod summary;

use lojal_core::programme::Programme;
use lojal_core::words::Words;
use lojal_simulation::replay::{CERTAIN, Comparison, Estimate, Outcome, Redemption, share};
use serde::Serialize;

use crate::ReportError;
use crate::Texts;
use crate::page::Page;
use crate::voice::Voice;
use crate::{count, page};
use figures::Figures;

/// What a simulation came to.
#[derive(Clone)]
pub struct Report<'a> {
    /// What was replayed, for people: `orders.csv`, or the history of a data folder.
    pub source: &'a str,
    pub programme: &'a Programme,
    pub outcome: &'a Outcome,
    pub against: Option<Against<'a>>,
    /// By how many thousandths members spend more when the reward rate rises by one percentage point, and less when
    /// it falls. Nothing is assumed unless it is stated, and replayed figures never contain it.
    pub elasticity: Option<i64>,
    pub sweep: Option<&'a Sweep>,
    pub fit: Fit,
}

/// The programme that another one is compared with, under the same history.
#[derive(Clone, Copy)]
pub struct Against<'a> {
    pub programme: &'a Programme,
    pub outcome: &'a Outcome,
    pub comparison: &'a Comparison,
}

/// How often a member who can afford a reward takes one after an order, where no history says it: a guess that is
/// called one in the report.
pub const ASSUMED: u64 = CERTAIN / 5;

/// How the likelihood of a redemption was found, where redemptions are modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Fit {
    Stated,
    /// So many of the occasions in the history on which a reward was within reach were used.
    Fitted {
        redemptions: u64,
        occasions: u64,
    },
    /// The history says nothing of it.
    Assumed,
}

impl Fit {
    /// As often as the shop's own members took rewards, by what was recorded under the programme that held.
    pub fn to(recorded: &Outcome) -> (Redemption, Fit) {
        let (redemptions, occasions) = (recorded.redemptions, recorded.occasions);
        let likelihood = (redemptions * CERTAIN).checked_div(occasions).unwrap_or(ASSUMED).min(CERTAIN);
        let fit = if occasions > 0 { Fit::Fitted { redemptions, occasions } } else { Fit::Assumed };
        (Redemption::Modelled { likelihood }, fit)
    }
}

/// One setting over a range of values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// Its place in the document: `earning.spend.rate`.
    pub setting: String,
    pub goal: Goal,
    pub points: Vec<SweepPoint>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SweepPoint {
    pub value: String,
    /// In millionths of revenue.
    pub cost_share: Estimate,
    pub goal: i64,
}

/// What is got for the cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The share of members who could afford a reward at some moment, in millionths.
    Reached,
    /// Rewards that were taken.
    Redemptions,
    /// What is given for what is paid, in millionths.
    Generosity,
    /// The share of members above the base of the first ladder at the end, in millionths.
    Climbed,
}

impl Goal {
    pub fn of(self, outcome: &Outcome) -> i64 {
        match self {
            Goal::Reached => share(count(outcome.first_reward.reached), count(outcome.members)),
            Goal::Redemptions => {
                count(outcome.redemptions.max(outcome.rewards.iter().map(|reward| reward.redeemed).sum()))
            }
            Goal::Generosity => {
                let value = outcome.standings.iter().map(|standing| standing.value).sum();
                share(value, outcome.standings.iter().map(|standing| standing.revenue).sum())
            }
            Goal::Climbed => {
                let levels = outcome.ladders.first().map_or(&[][..], |ladder| &ladder.levels);
                share(levels.iter().skip(1).map(|(_, members)| members).sum(), count(outcome.members))
            }
        }
    }
}

impl SweepPoint {
    pub fn of(value: String, goal: Goal, outcome: &Outcome) -> SweepPoint {
        SweepPoint { value, cost_share: outcome.cost.share, goal: goal.of(outcome) }
    }
}

impl Report<'_> {
    /// One page that needs nothing else, in the language of the texts.
    pub fn html(&self, texts: &Texts) -> Result<String, ReportError> {
        page::render(&self.page(texts, &Words::new(texts.language())))
    }

    /// What stands on the page, for those who set it in another one.
    pub fn page(&self, texts: &Texts, words: &Words) -> Page {
        sections::page(self, &Figures::of(self), &Voice::new(texts, words, self.programme))
    }

    /// Everything that the page tells, in minor units of money, in the smallest parts of units, and in millionths.
    pub fn json(&self) -> Result<String, ReportError> {
        data::json(self, &Figures::of(self))
    }

    /// The names of files and what they hold: money and points with their decimals, for a spreadsheet.
    pub fn csv(&self) -> Result<Vec<(&'static str, String)>, ReportError> {
        data::csv(self)
    }

    /// What matters most, in as many lines as a terminal has room for.
    pub fn summary(&self, texts: &Texts) -> String {
        let words = Words::new(texts.language());
        summary::summary(self, &Figures::of(self), &Voice::new(texts, &words, self.programme))
    }

    /// The programme on trial, and the one it is compared with.
    fn sides(&self) -> Vec<Side<'_>> {
        let tried = Side { programme: self.programme, outcome: self.outcome };
        let against = self.against.map(|against| Side { programme: against.programme, outcome: against.outcome });
        [tried].into_iter().chain(against).collect()
    }
}

/// A programme and what it came to.
#[derive(Clone, Copy)]
struct Side<'a> {
    programme: &'a Programme,
    outcome: &'a Outcome,
}
