//! What answers are worth, beside the truth.

use std::collections::BTreeMap;

use lojal_core::kernel::Money;
use lojal_fraud::policy::Verdict;
use serde::Serialize;

use crate::set::Cohort;
use crate::trial::{Answer, Judged};

/// The precision at which recall is asked for.
const PRECISE: f64 = 0.95;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// The area under the curve of precision and recall, as average precision.
    pub pr_auc: f64,
    /// How many of those made up are found where at most one in twenty that are found is honest.
    pub recall_at_95_precision: f64,
    /// Of those held or rejected, how many were made up.
    pub precision: f64,
    /// Of those made up, how many were held or rejected.
    pub recall: f64,
    /// Of all rings, of how many at least half was held or rejected.
    pub ring_recall: f64,
    pub rings: u64,
    /// For each thousand referrals, how many wait for a person, and how many are shown to one.
    pub held_per_thousand: f64,
    pub flagged_per_thousand: f64,
    /// For each thousand referrals, how many are rejected without a person.
    pub rejected_per_thousand: f64,
    /// Of honest referrals, how many are held or rejected.
    pub false_holds: f64,
    /// What made-up referrals would have been given, and how much of it was held or rejected.
    pub money_made_up: Money,
    pub money_saved: Money,
    /// What honest referrals would have been given that were held or rejected.
    pub money_wrongly_held: Money,
    /// Of each cohort, how many there are and how many were held or rejected.
    pub cohorts: BTreeMap<Cohort, Share>,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Share {
    pub referrals: u64,
    pub stopped: u64,
}

impl Share {
    pub fn rate(self) -> f64 {
        ratio(self.stopped, self.referrals)
    }
}

impl Figures {
    pub fn of(judged: &[Judged], answer: impl Fn(&Judged) -> Answer) -> Figures {
        let mut ranked: Vec<(i64, bool)> =
            judged.iter().map(|one| (answer(one).score, one.truth.cohort.is_fraud())).collect();
        ranked.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let curve = curve(&ranked);
        let mut figures = Figures {
            pr_auc: average_precision(&curve),
            recall_at_95_precision: recall_at(&curve, PRECISE),
            ..Figures::default()
        };
        let mut rings: BTreeMap<u64, Share> = BTreeMap::new();
        let mut verdicts: BTreeMap<Verdict, u64> = BTreeMap::new();
        for one in judged {
            let verdict = answer(one).verdict;
            let stopped = verdict >= Verdict::Hold;
            *verdicts.entry(verdict).or_default() += 1;
            let cohort = one.truth.cohort;
            count(figures.cohorts.entry(cohort).or_default(), stopped);
            if cohort.is_ring() {
                count(rings.entry(one.truth.group).or_default(), stopped);
            }
            match (cohort.is_fraud(), stopped) {
                (true, _) => {
                    figures.money_made_up = figures.money_made_up + one.stake;
                    if stopped {
                        figures.money_saved = figures.money_saved + one.stake;
                    }
                }
                (false, true) => figures.money_wrongly_held = figures.money_wrongly_held + one.stake,
                (false, false) => {}
            }
        }
        let (made_up, honest) = (sum(&figures, true), sum(&figures, false));
        figures.precision = ratio(made_up.stopped, made_up.stopped + honest.stopped);
        figures.recall = made_up.rate();
        figures.false_holds = honest.rate();
        figures.rings = rings.len() as u64;
        let found = rings.values().filter(|ring| ring.stopped * 2 >= ring.referrals).count() as u64;
        figures.ring_recall = ratio(found, figures.rings);
        let each_thousand = |verdict: Verdict| {
            1_000.0 * ratio(verdicts.get(&verdict).copied().unwrap_or_default(), judged.len() as u64)
        };
        figures.held_per_thousand = each_thousand(Verdict::Hold);
        figures.flagged_per_thousand = each_thousand(Verdict::Flag);
        figures.rejected_per_thousand = each_thousand(Verdict::Reject);
        figures
    }
}

fn count(share: &mut Share, stopped: bool) {
    share.referrals += 1;
    share.stopped += u64::from(stopped);
}

fn sum(figures: &Figures, is_fraud: bool) -> Share {
    let shares = figures.cohorts.iter().filter(|(cohort, _)| cohort.is_fraud() == is_fraud);
    shares.fold(Share::default(), |sum, (_, share)| Share {
        referrals: sum.referrals + share.referrals,
        stopped: sum.stopped + share.stopped,
    })
}

/// Of each score, from the highest: precision and recall if everything from there on is stopped. Those of one
/// score come together, because nothing tells them apart.
fn curve(ranked: &[(i64, bool)]) -> Vec<(f64, f64)> {
    let all = ranked.iter().filter(|(_, made_up)| *made_up).count() as u64;
    let (mut found, mut stopped) = (0, 0);
    let mut curve = Vec::new();
    for (index, (score, made_up)) in ranked.iter().enumerate() {
        stopped += 1;
        found += u64::from(*made_up);
        if ranked.get(index + 1).is_none_or(|(next, _)| next != score) {
            curve.push((ratio(found, stopped), ratio(found, all)));
        }
    }
    curve
}

/// Precision at each step of recall, weighted by the step; nothing is interpolated.
fn average_precision(curve: &[(f64, f64)]) -> f64 {
    let mut before = 0.0;
    let mut sum = 0.0;
    for (precision, recall) in curve {
        sum += precision * (recall - before);
        before = *recall;
    }
    sum
}

fn recall_at(curve: &[(f64, f64)], precise: f64) -> f64 {
    let enough = curve.iter().filter(|(precision, _)| *precision >= precise);
    enough.map(|(_, recall)| *recall).fold(0.0, f64::max)
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(ranked: &[(i64, bool)]) -> (f64, f64) {
        let curve = curve(ranked);
        (average_precision(&curve), recall_at(&curve, PRECISE))
    }

    #[test]
    fn average_precision_by_hand() {
        // Found first, second and fourth of four: (1/1 + 2/2 + 3/4) / 3.
        assert_eq!(figures(&[(9, true), (8, true), (7, false), (6, true)]), ((1.0 + 1.0 + 0.75) / 3.0, 2.0 / 3.0));
        // Nothing tells these apart: a quarter is made up.
        assert_eq!(figures(&[(1, true), (1, false), (1, false), (1, false)]), (0.25, 0.0));
        assert_eq!(figures(&[(1, false)]), (0.0, 0.0));
    }
}
