//! Activities that are not orders.

use super::awards::{self, Ground};
use super::evaluate::{self, Occasion};
use crate::activity::{Activity, builtin};
use crate::command::{Command, Key};
use crate::decision::{Because, Record, Refusal};
use crate::desk::{Desk, Event, Undecided};
use crate::kernel::{Name, TransactionId};
use crate::programme::PendingRule;

/// An activity that somebody posted. Guards, in order: known already; a name of the house; an
/// unknown brand.
pub fn post_activity(
    desk: &mut Desk<'_>,
    command: &Command,
    activity: &Activity,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    if known.is_some() {
        desk.decision.repeats = known;
        return Ok(());
    }
    if builtin::ALL.contains(&activity.name.as_str()) {
        let detail = Name::from("this activity arises by itself and cannot be posted");
        return Err(Refusal::Invalid { field: Name::from("name"), detail }.into());
    }
    if desk.programme.brand(&activity.brand).is_none() {
        return Err(Refusal::UnknownBrand { brand: activity.brand.clone() }.into());
    }
    if let Some(key) = command.key() {
        let key: Key = key;
        desk.record(key, Record::Activity);
    }
    happen(desk, activity)
}

/// An activity takes place: it is counted, and the rules on it give what they give.
pub fn happen(desk: &mut Desk<'_>, activity: &Activity) -> Result<(), Undecided> {
    let programme = desk.programme;
    if programme.counts_activity(&activity.name) {
        *desk.holder.activities.entry(activity.name.clone()).or_insert(0) += 1;
    }
    desk.events.push(Event::Happened { at: activity.occurred_at, activity: activity.name.clone() });
    let levels = desk.levels();
    let mut explanation = desk.explanation.take();
    let evaluation = {
        let occasion = Occasion {
            member: desk.member_facts(&levels, activity.occurred_at),
            at: desk.local(activity.occurred_at),
            order: None,
            activity: Some(activity),
        };
        evaluate::evaluate(programme, &occasion, explanation.as_mut())
    };
    desk.explanation = explanation;
    awards::reserve_budgets(desk, &evaluation.raws)?;
    let release = |pending: PendingRule| Some(programme.calendar.after(activity.occurred_at, pending.wait));
    let ground = Ground {
        brand: &activity.brand,
        order: None,
        earned_at: activity.occurred_at,
        expiries: awards::expiries(programme, activity.occurred_at),
        date: programme.calendar.date(activity.occurred_at),
        release: &release,
    };
    for raw in &evaluation.raws {
        let settled = awards::settle(desk, programme, raw, None, &ground)?;
        desk.fired(&raw.rule.id, settled.change);
        if settled.change > 0 {
            let postings = awards::give(desk, programme, raw.rule, settled.change, &ground)?;
            let because = Because::ActivityEarned {
                activity: activity.name.clone(),
                external_id: activity.external_id.clone(),
                reckoning: settled.reckoning,
            };
            desk.effect(activity.occurred_at, because, postings);
        }
    }
    for (rule, reward) in evaluation.rewards {
        desk.fired(&rule.id, 0);
        let reward = programme.rewards[reward].id.clone();
        desk.events.push(Event::RewardGiven { at: activity.occurred_at, reward, rule: rule.id.clone(), order: None });
    }
    Ok(())
}
