//! Who recommended whom, as both sides know it: what a friend said last is what each advocate heard last, unless it is on its
//! way; numbers are given once; rewards are there where a friend counts and nowhere else; budgets and limits hold.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::decision::{FollowUpCommand, Record};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, MemberId, Name};
use lojal_core::programme::Rulebook;
use lojal_core::referrals::{Advocacy, Friends, Recommendation, Step};

use super::Auditor;
use super::replay::Replay;

/// How a recommendation stands, as it was said or heard.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    share: i64,
    step: Step,
}

impl Word {
    fn heard(recommendation: &Recommendation) -> Word {
        Word { share: recommendation.share, step: recommendation.step.clone() }
    }
}

/// An advocate and a friend.
type Pair = (MemberId, MemberId);

/// What one side knows and the other has not been found to know.
#[derive(Default)]
pub(super) struct Referrals {
    said: BTreeMap<Pair, Word>,
    heard: BTreeMap<Pair, Word>,
    /// Of advocates who have left, who hear nothing any more.
    gone: BTreeSet<Pair>,
    /// Of whom something lies in the outbox.
    on_their_way: BTreeSet<Pair>,
    /// By the budget's name: friends who count.
    counting: BTreeMap<Name, i64>,
}

impl Referrals {
    fn says(&mut self, pair: Pair, word: Word) {
        if self.heard.get(&pair) == Some(&word) {
            self.heard.remove(&pair);
        } else {
            self.said.insert(pair, word);
        }
    }

    fn hears(&mut self, pair: Pair, word: Word) {
        if self.said.get(&pair) == Some(&word) {
            self.said.remove(&pair);
        } else {
            self.heard.insert(pair, word);
        }
    }

    /// Something lies in the outbox.
    pub fn is_on_its_way(&mut self, command: &FollowUpCommand) {
        let FollowUpCommand::HearOfFriend { recommendation } = command else { return };
        self.on_their_way.insert((recommendation.advocate, recommendation.friend));
    }

    /// What does not agree although nothing is on its way, with whose account it is.
    pub fn disagreements(&mut self) -> Vec<(HolderId, String)> {
        let Referrals { said, heard, gone, on_their_way, counting } = std::mem::take(self);
        self.counting = counting;
        let mut found = Vec::new();
        for ((advocate, friend), word) in &said {
            let pair = (*advocate, *friend);
            if !on_their_way.contains(&pair) {
                let step = word.step.name();
                let known = heard.get(&pair).map_or("nothing", |heard| heard.step.name());
                let what = format!("says “{step}” of the recommendation by {advocate}, who has heard “{known}”");
                found.push(((*friend).into(), what));
            }
        }
        // An earlier advocate of somebody whom another one has recommended since has nothing that counts.
        let alone = heard.iter().filter(|(pair, word)| {
            let is_known = said.contains_key(pair) || on_their_way.contains(pair) || gone.contains(pair);
            matches!(word.step, Step::Qualified { .. }) && !is_known
        });
        for ((advocate, friend), _) in alone {
            found.push(((*advocate).into(), format!("counts {friend}, who credits somebody else or nobody")));
        }
        found
    }

    pub fn counting(&mut self) -> BTreeMap<Name, i64> {
        std::mem::take(&mut self.counting)
    }
}

impl Auditor {
    /// What a holder's journal comes to, as a friend and as an advocate.
    pub(super) fn check_referrals(&mut self, replay: &Replay) {
        let Some(holder) = &replay.holder else { return };
        self.check_friend(holder);
        let advocacies: Vec<&Advocacy> = replay
            .records
            .values()
            .filter_map(|(_, record)| match record {
                Record::Advocacy(advocacy) => Some(advocacy.as_ref()),
                _ => None,
            })
            .collect();
        for advocacy in &advocacies {
            let recommendation = &advocacy.recommendation;
            // What an account passes on it has heard itself.
            if recommendation.share > 0 && !recommendation.is_passed_on {
                let pair = (recommendation.advocate, recommendation.friend);
                self.referrals.hears(pair, Word::heard(recommendation));
                if holder.has_left() {
                    self.referrals.gone.insert(pair);
                }
            }
            let (counts, came) = (recommendation.counts_since().is_some(), recommendation.has_brought());
            let numbered = advocacy.number.is_some();
            if (numbered && !counts) || numbered != advocacy.qualified.is_some() || came != advocacy.joined.is_some() {
                let what = format!("is not given for {} what follows from how it stands", recommendation.friend);
                self.note(Some(holder.id), None, what);
            }
        }
        self.check_numbers(holder, &advocacies);
        self.check_caps(holder, &advocacies);
    }

    fn check_friend(&mut self, holder: &Holder) {
        let Some(state) = holder.referral.as_deref() else { return };
        let friend = MemberId(holder.id.0);
        let step = state.step();
        let counts = matches!(step, Step::Qualified { .. });
        let came = step.has_come();
        if counts != state.reward.is_some() || came != state.welcome.is_some() {
            self.note(Some(holder.id), None, "is not given what follows from how the recommendation stands");
        }
        for credit in state.credits.iter().filter(|credit| credit.advocate != friend) {
            let word = Word { share: credit.share, step: step.clone() };
            self.referrals.says((credit.advocate, friend), word);
        }
        if state.drawn
            && let Some(budget) = budget_of(&self.rulebook, state.version, &state.referral)
        {
            *self.referrals.counting.entry(budget).or_insert(0) += 1;
        }
        if state.drawn && !counts {
            self.note(Some(holder.id), None, "has a place in a budget and does not count");
        }
    }

    /// Each number of an edition belongs to one friend. Those of an account that was merged are the survivor's.
    fn check_numbers(&mut self, holder: &Holder, advocacies: &[&Advocacy]) {
        if holder.merged_into().is_some() {
            return;
        }
        let mut numbers: BTreeMap<&Name, Vec<i64>> = BTreeMap::new();
        for (edition, friends) in &holder.friends {
            numbers.entry(edition).or_default().extend(&friends.inherited);
        }
        for advocacy in advocacies {
            numbers.entry(&advocacy.recommendation.referral).or_default().extend(advocacy.number);
        }
        let nobody = Friends::default();
        for (edition, mut numbers) in numbers {
            numbers.sort_unstable();
            let friends = holder.friends.get(edition).unwrap_or(&nobody);
            // One below zero is heard of before the friend that it stands for.
            let known = numbers.iter().copied().filter(|number| *number > 0);
            if !known.eq((1..=friends.highest).filter(|number| !friends.free.contains(number))) {
                self.note(Some(holder.id), None, format!("does not number the friends of {edition} once each"));
            }
        }
    }

    /// No window has more friends than the edition allows. Accounts that were merged had limits of their own.
    fn check_caps(&mut self, holder: &Holder, advocacies: &[&Advocacy]) {
        if holder.accounts().next().is_some() || holder.merged_into().is_some() {
            return;
        }
        let mut counted: BTreeMap<(Name, String), (i64, i64)> = BTreeMap::new();
        for advocacy in advocacies.iter().filter(|advocacy| advocacy.number.is_some()) {
            let recommendation = &advocacy.recommendation;
            let Some(programme) = self.rulebook.version(recommendation.version) else { continue };
            let Some(edition) = programme.edition(&recommendation.referral) else { continue };
            let Some(judged) = &advocacy.qualified else { continue };
            let date = programme.calendar.date(judged.activity.occurred_at);
            for cap in &edition.caps {
                let start = programme.calendar.window_start(date, cap.window);
                let (count, most) = counted.entry((cap.usage.clone(), start.to_string())).or_default();
                *count += 1;
                // Another version may have allowed more.
                *most = (*most).max(cap.most);
            }
        }
        for ((usage, start), (count, most)) in counted {
            if count > most {
                self.note(Some(holder.id), None, format!("{usage} since {start}: {count} friends count of {most}"));
            }
        }
    }

    /// Both sides, when everybody has been looked at. `drawn` is what was used of each shared quantity.
    pub(super) fn check_both_sides(&mut self, drawn: &BTreeMap<Name, i64>) {
        for (holder, what) in self.referrals.disagreements() {
            self.note(Some(holder), None, what);
        }
        let mut counting = self.referrals.counting();
        let editions = self.rulebook.versions().flat_map(|programme| &programme.referrals);
        let budgets: BTreeSet<Name> =
            editions.filter_map(|edition| Some(edition.budget.as_ref()?.quantity.clone())).collect();
        for budget in budgets {
            let (used, count) = (drawn.get(&budget).copied().unwrap_or(0), counting.remove(&budget).unwrap_or(0));
            if used != count {
                self.note(None, None, format!("{budget}: {used} places were used, and {count} friends count"));
            }
        }
    }
}

/// The name of an edition's budget.
fn budget_of(rulebook: &Rulebook, version: u32, edition: &Name) -> Option<Name> {
    let edition = rulebook.version(version)?.edition(edition)?;
    edition.budget.as_ref().map(|budget| budget.quantity.clone())
}
