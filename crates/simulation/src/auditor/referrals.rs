//! Books of recommendations: what friends said, what advocates heard, who has which number, and what was given for it.

use std::collections::BTreeMap;

use lojal_core::activity::builtin;
use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, FollowUpCommand, JudgedActivity, Record};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, MemberId, Name};
use lojal_core::programme::Programme;
use lojal_core::referrals::{Advocacy, Recommendation, ReferralState, Step};

use super::Entry;

/// An advocate and a friend.
type Pair = (MemberId, MemberId);

/// What was given, and what is kept of it, by advocate.
type Given = (i64, BTreeMap<HolderId, i64>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    sequence: u32,
    share: i64,
    step: Step,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Referrals {
    programme: Option<Programme>,
    said: BTreeMap<Pair, Word>,
    heard: BTreeMap<Pair, Word>,
    /// Friends who have a place in a budget, by its name.
    counting: BTreeMap<Name, BTreeMap<HolderId, ()>>,
    /// Numbers of friends, by who heard of them and by edition.
    numbers: BTreeMap<(HolderId, Name), BTreeMap<Pair, i64>>,
    /// Points that were given for an activity of the house, and those that records of it name, by advocate.
    given: BTreeMap<(HolderId, Name, Name), Given>,
}

impl Referrals {
    pub fn under(programme: &Programme) -> Referrals {
        Referrals { programme: Some(programme.clone()), ..Referrals::default() }
    }

    /// Listens to an answer, and says what cannot be.
    pub fn observe(&mut self, entry: &Entry<'_>, decision: &Decision) -> Vec<String> {
        let mut faults = Vec::new();
        for effect in &decision.effects {
            self.give(entry.holder, &effect.because);
        }
        for follow_up in &decision.follow_ups {
            if let FollowUpCommand::HearOfFriend { recommendation } = &follow_up.command {
                // What an account that was merged passes on was said to it already.
                if !recommendation.is_passed_on {
                    faults.extend(self.says(recommendation));
                }
            }
        }
        let Some(after) = entry.after else { return faults };
        if let Command::HearOfFriend { recommendation } = entry.command {
            match decision.records.iter().find_map(|(_, record)| advocacy(record)) {
                Some(advocacy) => faults.extend(self.hears(after, recommendation, advocacy)),
                None => faults.push("what was heard of a friend is not kept".to_owned()),
            }
        }
        if let Some(state) = after.referral.as_deref() {
            faults.extend(self.stands(after, state));
        }
        faults
    }

    fn give(&mut self, holder: HolderId, because: &Because) {
        let (activity, external_id, points) = match because {
            Because::ActivityEarned { activity, external_id, reckoning, .. } => {
                (activity, external_id, reckoning.points)
            }
            Because::ActivitySettled { activity, external_id, was, reckoning, .. } => {
                (activity, external_id, reckoning.points - was)
            }
            Because::ActivityCalledOff { activity, external_id, points, .. } => (activity, external_id, -points),
            _ => return,
        };
        if builtin::OF_REFERRALS.contains(&activity.as_str()) {
            // A friend comes once, however often they are recommended.
            let is_own = [builtin::REFERRED, builtin::REFERRAL_QUALIFIED].contains(&activity.as_str());
            let id = if is_own { Name::const_new("") } else { external_id.clone() };
            self.given.entry((holder, activity.clone(), id)).or_default().0 += points;
        }
    }

    /// What is given for an activity is what the records of it say, and nothing where it did not take place. Two
    /// advocates of one friend may turn out to be one person, who then has two.
    fn agrees(
        &mut self,
        holder: HolderId,
        (activity, id): (&str, &str),
        advocate: HolderId,
        judged: Option<&JudgedActivity>,
    ) -> Option<String> {
        let key = (holder, Name::from(activity), Name::from(id));
        let (given, kept) = self.given.entry(key).or_default();
        let points = judged.map_or(0, |judged| judged.record.awards.iter().map(|award| award.points).sum::<i64>());
        kept.insert(advocate, points);
        let kept: i64 = kept.values().sum();
        (*given != kept).then(|| format!("{given} were given for {activity}, and {kept} are kept"))
    }

    /// Each word has a number of its own, one higher than the last.
    fn says(&mut self, recommendation: &Recommendation) -> Option<String> {
        let Recommendation { advocate, friend, sequence, share, step, .. } = recommendation;
        let word = Word { sequence: *sequence, share: *share, step: step.clone() };
        let before = self.said.insert((*advocate, *friend), word);
        let is_later = before.is_none_or(|before| before.sequence < *sequence);
        (!is_later).then(|| format!("word {sequence} is said of {friend} once more"))
    }

    /// Who has left, or may not recommend, hears nothing; nor does the friend say anything more.
    pub fn refused(&mut self, recommendation: &Recommendation) {
        self.said.remove(&(recommendation.advocate, recommendation.friend));
    }

    fn hears(&mut self, holder: &Holder, recommendation: &Recommendation, advocacy: &Advocacy) -> Vec<String> {
        let Recommendation { advocate, friend, referral, sequence, share, step, .. } = recommendation;
        let pair = (*advocate, *friend);
        let mut faults = Vec::new();
        self.heard.insert(pair, Word { sequence: *sequence, share: *share, step: step.clone() });
        let (counts, came) = (recommendation.counts_since().is_some(), recommendation.has_brought());
        if (advocacy.number.is_some() && !counts)
            || advocacy.number.is_some() != advocacy.qualified.is_some()
            || came != advocacy.joined.is_some()
        {
            faults.push(format!("what is given for {friend} does not follow from “{}”", step.name()));
        }
        let numbers = self.numbers.entry((holder.id, referral.clone())).or_default();
        match advocacy.number {
            Some(number) => drop(numbers.insert(pair, number)),
            None => drop(numbers.remove(&pair)),
        }
        faults.extend(self.numbered(holder, referral));
        faults.extend(self.within_caps(holder, advocacy));
        let id = friend.to_string();
        let heard = [(builtin::FRIEND_QUALIFIED, &advocacy.qualified), (builtin::FRIEND_JOINED, &advocacy.joined)];
        for (activity, judged) in heard {
            faults.extend(self.agrees(holder.id, (activity, &id), (*advocate).into(), judged.as_deref()));
        }
        faults
    }

    /// No two friends have one number, and no number is nobody's.
    fn numbered(&self, holder: &Holder, referral: &Name) -> Option<String> {
        if holder.merged_into().is_some() {
            // They are the survivor's.
            return None;
        }
        let friends = holder.friends.get(referral).cloned().unwrap_or_default();
        let numbers = self.numbers.get(&(holder.id, referral.clone()));
        let mut numbers: Vec<i64> = numbers.into_iter().flat_map(BTreeMap::values).copied().collect();
        numbers.extend(friends.inherited.iter().filter(|number| **number > 0));
        numbers.sort_unstable();
        let known = (1..=friends.highest).filter(|number| !friends.free.contains(number));
        (!known.eq(numbers.iter().copied())).then(|| format!("friends have the numbers {numbers:?} of {friends:?}"))
    }

    /// No window has more friends than the edition allows. Accounts that were merged had limits of their own.
    fn within_caps(&self, holder: &Holder, advocacy: &Advocacy) -> Option<String> {
        let programme = self.programme.as_ref()?;
        if holder.merged_into().is_some() || holder.accounts().next().is_some() {
            return None;
        }
        let edition = programme.edition(&advocacy.recommendation.referral)?;
        let date = programme.calendar.date(advocacy.qualified.as_ref()?.activity.occurred_at);
        let mut caps = edition.caps.iter();
        let overrun = caps.find(|cap| {
            let start = programme.calendar.window_start(date, cap.window);
            let used = holder.usage.get(&cap.usage).and_then(|usage| usage.used.get(&start)).copied().unwrap_or(0);
            used > cap.most
        })?;
        Some(format!("more friends count than {} in a {:?}", overrun.most, overrun.window))
    }

    /// What a friend is given follows from how the recommendation stands, and so does the place in the budget.
    fn stands(&mut self, holder: &Holder, state: &ReferralState) -> Vec<String> {
        let step = state.step();
        let counts = matches!(step, Step::Qualified { .. });
        let came = step.has_come();
        let mut faults = Vec::new();
        if counts != state.reward.is_some() || came != state.welcome.is_some() {
            faults.push(format!("what is given to the friend does not follow from “{}”", step.name()));
        }
        for (activity, judged) in [(builtin::REFERRED, &state.welcome), (builtin::REFERRAL_QUALIFIED, &state.reward)] {
            faults.extend(self.agrees(holder.id, (activity, ""), holder.id, judged.as_deref()));
        }
        let budget = Name::from(format!("referral/{}", state.referral));
        let places = self.counting.entry(budget).or_default();
        match state.drawn {
            true => places.insert(holder.id, ()),
            false => places.remove(&holder.id),
        };
        faults
    }

    /// How many have a place in a budget.
    pub fn counting(&self, budget: &Name) -> Option<i128> {
        budget.starts_with("referral/").then(|| self.counting.get(budget).map_or(0, |places| places.len() as i128))
    }

    /// What one side knows and the other does not, when nothing is on its way any more.
    pub fn disagreements(&self) -> Vec<(HolderId, String)> {
        let said = self.said.iter().filter(|(pair, word)| {
            // Who is credited with nothing may be nobody, or gone.
            word.share > 0 && self.heard.get(pair) != Some(word)
        });
        said.map(|((advocate, friend), word)| {
            let heard = self.heard.get(&(*advocate, *friend)).map_or("nothing", |heard| heard.step.name());
            let said = word.step.name();
            ((*friend).into(), format!("has said “{said}” to {advocate}, who has heard “{heard}”"))
        })
        .collect()
    }
}

fn advocacy(record: &Record) -> Option<&Advocacy> {
    match record {
        Record::Advocacy(advocacy) => Some(advocacy),
        _ => None,
    }
}
