//! Activities that are not orders.

use super::awards::{self, Ground};
use super::evaluate::{self, Occasion};
use crate::activity::{Activity, builtin};
use crate::command::{Command, Key};
use crate::decision::{ActivityRecord, Award, Because, JudgedActivity, Record, Refusal};
use crate::desk::{Desk, Event, RewardGiven, RewardSource, Undecided};
use crate::kernel::{Instant, Name, TransactionId};
use crate::ledger::Gave;
use crate::programme::condition::MemberFacts;
use crate::programme::{PendingRule, Programme, Rule};

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
    let record = happen(desk, activity)?;
    tell(desk, &activity.name, &activity.external_id, Some(activity));
    if let Some(key) = command.key() {
        let key: Key = key;
        desk.record(key, Record::Activity(Some(Box::new(record))));
    }
    Ok(())
}

/// An activity that is called off, and why.
pub struct NamedActivity<'a> {
    pub activity: &'a Name,
    pub external_id: &'a Name,
    pub reason: Option<&'a Name>,
}

/// Takes back what an activity gave, as if it had never happened: limits and budgets have room again, what
/// cannot be taken back is owed or let go, and a code that was not used is cancelled. Guards, in order:
/// unknown; called off before, which is a repetition; one of which too little is known.
pub fn call_off_activity(
    desk: &mut Desk<'_>,
    command: &Command,
    named: &NamedActivity<'_>,
    known: Option<&(TransactionId, Record)>,
) -> Result<(), Undecided> {
    let external_id = named.external_id.clone();
    let Some((transaction, Record::Activity(record))) = known else {
        return Err(Refusal::UnknownActivity { external_id }.into());
    };
    let Some(record) = record else {
        return Err(Refusal::ActivityFinal { external_id }.into());
    };
    if record.called_off {
        desk.decision.repeats = Some(*transaction);
        return Ok(());
    }
    desk.decision.replaces = Some(*transaction);
    withdraw(desk, named, record)?;
    tell(desk, named.activity, named.external_id, None);
    if let Some(key) = command.key() {
        let key: Key = key;
        let record =
            ActivityRecord { awards: Vec::new(), rewarded: Vec::new(), called_off: true, ..(**record).clone() };
        desk.record(key, Record::Activity(Some(Box::new(record))));
    }
    Ok(())
}

/// Tells whoever waits for what somebody does that was recommended.
fn tell(desk: &mut Desk<'_>, activity: &Name, external_id: &Name, told: Option<&Activity>) {
    if desk.holder.referral.is_some() {
        let (activity, external_id) = (activity.clone(), external_id.clone());
        let told = told.map(|told| Box::new(told.clone()));
        desk.events.push(Event::ActivityTold { activity, external_id, told });
    }
}

fn version<'a>(desk: &Desk<'a>, version: u32) -> Result<&'a Programme, Refusal> {
    desk.rulebook.version(version).map(|programme| programme.as_ref()).ok_or_else(|| {
        let detail = Name::from("the programme version of the activity is not there");
        Refusal::Invalid { field: Name::from("version"), detail }
    })
}

/// Takes back all that an activity gave, under the version by which it gave.
fn withdraw(desk: &mut Desk<'_>, named: &NamedActivity<'_>, record: &ActivityRecord) -> Result<(), Undecided> {
    let programme = version(desk, record.version)?;
    did_not_happen(desk, named.activity, record.occurred_at);
    let ground = ground(programme, &record.brand, record.occurred_at, &|_| None);
    let mut took = false;
    for gone in &record.awards {
        took |= take_back(desk, programme, named, gone, &ground)?;
    }
    if !took {
        let at = desk.now;
        desk.effect(at, called_off(named, None), Vec::new());
    }
    for rule in &record.rewarded {
        withdraw_reward(desk, rule, record.occurred_at, record.version);
    }
    Ok(())
}

fn withdraw_reward(desk: &mut Desk<'_>, rule: &Name, occurred_at: Instant, version: u32) {
    let (at, source) = (desk.now, RewardSource::Activity(occurred_at));
    desk.events.push(Event::RewardWithdrawn { at, rule: rule.clone(), source, version });
}

fn ground<'a>(
    programme: &Programme,
    brand: &'a Name,
    occurred_at: Instant,
    release: &'a dyn Fn(PendingRule) -> Option<Instant>,
) -> Ground<'a> {
    Ground {
        brand,
        order: None,
        earned_at: occurred_at,
        expiries: awards::expiries(programme, occurred_at),
        date: programme.calendar.date(occurred_at),
        release,
    }
}

/// An activity of the house as it should stand: it takes place, is judged again by the facts it was first judged
/// by, or turns out not to have happened. `version` is the one whose rules hold.
pub fn judge_activity(
    desk: &mut Desk<'_>,
    version: u32,
    before: Option<Box<JudgedActivity>>,
    wanted: Option<Activity>,
) -> Result<Option<Box<JudgedActivity>>, Undecided> {
    match (before, wanted) {
        (None, None) => Ok(None),
        (Some(before), None) => {
            let JudgedActivity { activity, record, .. } = *before;
            let named = NamedActivity { activity: &activity.name, external_id: &activity.external_id, reason: None };
            withdraw(desk, &named, &record)?;
            Ok(None)
        }
        (None, Some(activity)) => {
            let programme = self::version(desk, version)?;
            let (levels, profile, orders) = (desk.levels(), desk.profile_looked_at(programme), desk.holder.orders);
            let record = take_place(desk, programme, &activity)?;
            Ok(Some(Box::new(JudgedActivity { activity, levels, profile, orders, record })))
        }
        (Some(before), Some(activity)) if before.activity == activity => Ok(Some(before)),
        (Some(before), Some(activity)) => judge_again(desk, *before, activity).map(|judged| Some(Box::new(judged))),
    }
}

/// Judges an activity that is known otherwise now, and posts the difference to what it gave before.
fn judge_again(
    desk: &mut Desk<'_>,
    mut judged: JudgedActivity,
    activity: Activity,
) -> Result<JudgedActivity, Undecided> {
    let programme = version(desk, judged.record.version)?;
    let occurred_at = judged.record.occurred_at;
    let activity = Activity { occurred_at, ..activity };
    let occasion = Occasion {
        member: MemberFacts {
            profile: &judged.profile,
            joined_at: desk.holder.joined_at,
            days_since_joining: programme.calendar.days_between(desk.holder.joined_at, occurred_at),
            levels: &judged.levels,
            orders: judged.orders,
        },
        at: crate::desk::local_time(programme, occurred_at),
        order: None,
        activity: Some(&activity),
    };
    let evaluation = evaluate::evaluate(programme, &occasion, None);
    awards::reserve_budgets(desk, &evaluation.raws)?;
    let release = |pending: PendingRule| Some(programme.calendar.after(occurred_at, pending.wait));
    let ground = ground(programme, &activity.brand, occurred_at, &release);
    let before = std::mem::take(&mut judged.record.awards);
    let mut after = Vec::new();
    for raw in &evaluation.raws {
        let earlier = before.iter().find(|award| award.rule == raw.rule.id);
        let settled = awards::settle(desk, programme, raw, earlier, &ground)?;
        after.push(post(desk, programme, &activity, settled, earlier, &ground)?);
    }
    for gone in before.iter().filter(|gone| !after.iter().any(|kept: &Award| kept.rule == gone.rule)) {
        if let Some(rule) = programme.rule(&gone.rule) {
            let raw = evaluate::nothing(rule, gone.exact);
            let settled = awards::settle(desk, programme, &raw, Some(gone), &ground)?;
            post(desk, programme, &activity, settled, Some(gone), &ground)?;
        }
    }
    let given: Vec<&Rule> = evaluation.rewards.iter().map(|(rule, _)| *rule).collect();
    for rule in std::mem::take(&mut judged.record.rewarded) {
        if given.iter().any(|giving| giving.id == rule) {
            judged.record.rewarded.push(rule);
        } else {
            withdraw_reward(desk, &rule, occurred_at, programme.version);
        }
    }
    judged.record.awards = after;
    judged.activity = activity;
    Ok(judged)
}

/// Posts what one rule gives more or less than before, and answers the award as it now stands.
fn post(
    desk: &mut Desk<'_>,
    programme: &Programme,
    activity: &Activity,
    settled: awards::Settled<'_>,
    earlier: Option<&Award>,
    ground: &Ground<'_>,
) -> Result<Award, Undecided> {
    let awards::Settled { rule, award, reckoning, change } = settled;
    let (debt, forgiven, postings) = if change > 0 {
        (0, 0, awards::give(desk, programme, rule, change, ground)?)
    } else if change < 0 {
        let gave = Gave::Activity { rule: &rule.id, occurred_at: ground.earned_at };
        let unit = &programme.units[rule.unit];
        let taken = awards::take_back(desk, unit, -change, ground.earned_at, Some(gave), ground.brand)?;
        (taken.debt, taken.forgiven, taken.postings)
    } else {
        return Ok(award);
    };
    let because = Because::ActivitySettled {
        activity: activity.name.clone(),
        external_id: activity.external_id.clone(),
        version: programme.version,
        was: earlier.map_or(0, |award| award.points),
        reckoning,
        debt,
        forgiven,
    };
    let at = desk.now;
    desk.effect(at, because, postings);
    Ok(award)
}

fn did_not_happen(desk: &mut Desk<'_>, activity: &Name, occurred_at: Instant) {
    let merged = desk.holder.merged_into().is_some();
    if let Some(times) = desk.holder.activities.get_mut(activity) {
        *times -= 1;
        if *times == 0 {
            desk.holder.activities.remove(activity);
        }
    } else if merged && desk.programme.counts_activity(activity) {
        // The survivor has counted it.
        desk.holder.activities.insert(activity.clone(), -1);
    }
    desk.events.push(Event::Happened { at: occurred_at, activity: activity.clone(), times: -1 });
}

/// Takes back what one rule gave. Answers whether it was anything.
fn take_back(
    desk: &mut Desk<'_>,
    programme: &Programme,
    named: &NamedActivity<'_>,
    gone: &Award,
    ground: &Ground<'_>,
) -> Result<bool, Undecided> {
    let Some(rule) = programme.rule(&gone.rule) else {
        return Ok(false);
    };
    let raw = evaluate::nothing(rule, gone.exact);
    let settled = awards::settle(desk, programme, &raw, Some(gone), ground)?;
    if settled.change >= 0 {
        return Ok(false);
    }
    desk.fired(&rule.id, settled.change);
    let gave = Gave::Activity { rule: &rule.id, occurred_at: ground.earned_at };
    let unit = &programme.units[rule.unit];
    let taken = awards::take_back(desk, unit, -settled.change, ground.earned_at, Some(gave), ground.brand)?;
    let (debt, forgiven) = (taken.debt, taken.forgiven);
    let shortfall = Shortfall { rule: rule.id.clone(), points: -settled.change, debt, forgiven };
    let at = desk.now;
    desk.effect(at, called_off(named, Some(shortfall)), taken.postings);
    Ok(true)
}

/// What a rule had given, and what of it could not be taken back.
struct Shortfall {
    rule: Name,
    points: i64,
    debt: i64,
    forgiven: i64,
}

fn called_off(named: &NamedActivity<'_>, taken: Option<Shortfall>) -> Because {
    let (activity, external_id, reason) = (named.activity.clone(), named.external_id.clone(), named.reason.cloned());
    match taken {
        Some(Shortfall { rule, points, debt, forgiven }) => {
            Because::ActivityCalledOff { activity, external_id, rule: Some(rule), points, reason, debt, forgiven }
        }
        None => {
            Because::ActivityCalledOff { activity, external_id, rule: None, points: 0, reason, debt: 0, forgiven: 0 }
        }
    }
}

/// An activity takes place: it is counted, and the rules on it give what they give. Answers with what it
/// takes to call it off.
pub fn happen(desk: &mut Desk<'_>, activity: &Activity) -> Result<ActivityRecord, Undecided> {
    let programme = desk.programme;
    take_place(desk, programme, activity)
}

/// The same, under the rules of `programme`.
fn take_place(desk: &mut Desk<'_>, programme: &Programme, activity: &Activity) -> Result<ActivityRecord, Undecided> {
    if programme.counts_activity(&activity.name) || desk.programme.counts_activity(&activity.name) {
        *desk.holder.activities.entry(activity.name.clone()).or_insert(0) += 1;
    }
    desk.events.push(Event::Happened { at: activity.occurred_at, activity: activity.name.clone(), times: 1 });
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
    let ground = ground(programme, &activity.brand, activity.occurred_at, &release);
    let mut given = Vec::new();
    for raw in &evaluation.raws {
        let settled = awards::settle(desk, programme, raw, None, &ground)?;
        desk.fired(&raw.rule.id, settled.change);
        if settled.award.points != 0 || settled.award.whole.is_some() {
            given.push(settled.award);
        }
        if settled.change > 0 {
            let postings = awards::give(desk, programme, raw.rule, settled.change, &ground)?;
            let because = Because::ActivityEarned {
                activity: activity.name.clone(),
                external_id: activity.external_id.clone(),
                version: Some(programme.version).filter(|version| *version != desk.programme.version),
                reckoning: settled.reckoning,
            };
            desk.effect(activity.occurred_at, because, postings);
        }
    }
    let mut rewarded = Vec::new();
    for (rule, reward) in evaluation.rewards {
        desk.fired(&rule.id, 0);
        rewarded.push(rule.id.clone());
        let reward = programme.rewards[reward].id.clone();
        let (at, rule, version) = (activity.occurred_at, rule.id.clone(), programme.version);
        desk.events.push(Event::RewardGiven(RewardGiven { at, reward, rule, order: None, version }));
    }
    Ok(ActivityRecord {
        occurred_at: activity.occurred_at,
        brand: activity.brand.clone(),
        version: programme.version,
        awards: given,
        rewarded,
        called_off: false,
    })
}
