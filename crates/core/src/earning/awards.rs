//! From what a rule would give to what it does give: whole points, within limits and budgets; and
//! what must be taken back when a thing gives less than before.

use super::evaluate::{Raw, round};
use crate::decision::{Award, Draw, Limit, Reckoning};
use crate::desk::{Desk, Event, Undecided};
use crate::explanation::NearMiss;
use crate::holder::Fraction;
use crate::kernel::{Date, Instant, Name};
use crate::ledger::{Gave, Lot, Posting};
use crate::programme::{AwardKind, DebtPolicy, PendingRule, Programme, Rule, RulePending, Unit};

/// What an award is given for.
pub struct Ground<'a> {
    pub brand: &'a Name,
    /// The order, when it is one.
    pub order: Option<&'a Name>,
    pub earned_at: Instant,
    /// When what was earned then expires, by unit.
    pub expiries: Vec<Option<Instant>>,
    /// The day that limits count for.
    pub date: Date,
    /// When points that wait become available; `None` while that is not known.
    pub release: &'a dyn Fn(PendingRule) -> Option<Instant>,
}

/// Makes sure that enough is known of every budget which these raw awards may draw from.
pub fn reserve_budgets(desk: &Desk<'_>, raws: &[Raw<'_>]) -> Result<(), Undecided> {
    let rounding = desk.programme.rounding;
    let mut wanted: Vec<(&Name, i64)> = Vec::new();
    let mut want = |quantity, points: i64| match wanted.iter_mut().find(|(known, _)| *known == quantity) {
        Some((_, sum)) => *sum += points,
        None => wanted.push((quantity, points)),
    };
    for raw in raws {
        let points = raw.points(rounding);
        if let Some(budget) = raw.rule.budget() {
            want(&budget.quantity, points);
        }
        for (rule, without) in &raw.without {
            if let Some(budget) = rule.budget() {
                want(&budget.quantity, (points - round(*without, rounding)).max(0));
            }
        }
    }
    wanted
        .into_iter()
        .filter(|(_, points)| *points > 0)
        .try_for_each(|(quantity, points)| desk.reserve(quantity, points))
}

/// An award as it comes out, with the sentence's worth of numbers behind it.
pub struct Settled<'p> {
    pub rule: &'p Rule,
    pub award: Award,
    pub reckoning: Reckoning,
    /// More (or, when negative, fewer) points than before.
    pub change: i64,
}

/// Settles what a rule gives against what it gave before, if anything: within its limits, and never
/// above the room that limits left to it at first.
pub fn settle<'p>(
    desk: &mut Desk<'_>,
    programme: &Programme,
    raw: &Raw<'p>,
    before: Option<&Award>,
    ground: &Ground<'_>,
) -> Result<Settled<'p>, Undecided> {
    let unit = &programme.units[raw.rule.unit];
    let had = before.map_or(0, |award| award.points);
    let (wanted, exact) = wanted(desk, programme, raw, before, had);
    let mut limits = Vec::new();
    let mut target = wanted;
    if let Some(most) = raw.rule.order_cap.filter(|most| *most < target) {
        limits.push(Limit::RuleOrder { most });
        target = most;
    }
    let mut room = before.and_then(|award| award.room);
    if let Some(room) = room.filter(|room| *room < target) {
        target = room;
    }
    if target > had {
        let open = window_room(desk, unit, raw.rule, ground.date, target - had, &mut limits);
        if before.is_none() && open < i64::MAX {
            room = Some(open);
        }
        let most = had.saturating_add(open.max(0));
        if most < target {
            target = most;
            room = Some(most);
        }
    }
    let mut drawn = before.map(|award| award.drawn.clone()).unwrap_or_default();
    target = budgets(desk, programme, raw, (wanted, target, had), &mut drawn, &mut limits)?;
    if limits.iter().any(|limit| matches!(limit, Limit::Budget { .. })) {
        room = Some(room.map_or(target, |room| room.min(target)));
    }
    count_usage(desk, unit, raw.rule, target - had, ground.date);
    Ok(Settled {
        rule: raw.rule,
        change: target - had,
        reckoning: Reckoning {
            rule: raw.rule.id.clone(),
            basis: raw.basis.clone(),
            multipliers: raw.multipliers.clone(),
            before_limits: wanted,
            limits,
            points: target,
        },
        award: Award {
            rule: raw.rule.id.clone(),
            unit: unit.id.clone(),
            brand: ground.brand.clone(),
            points: target,
            room,
            exact,
            whole: exact.map(|_| wanted),
            drawn,
        },
    })
}

/// Whole points before limits. A rule that carries adds what is less than a point to the next.
fn wanted(
    desk: &mut Desk<'_>,
    programme: &Programme,
    raw: &Raw<'_>,
    before: Option<&Award>,
    had: i64,
) -> (i64, Option<Fraction>) {
    if !raw.carries() {
        return (raw.points(programme.rounding), None);
    }
    let earlier = before.and_then(|award| award.exact).map_or(0, |exact| exact.numerator);
    let change = Fraction { numerator: raw.exact.numerator - earlier, denominator: raw.exact.denominator };
    let whole = before.and_then(|award| award.whole).unwrap_or(had).saturating_add(carry(desk, &raw.rule.id, change));
    (whole, Some(raw.exact))
}

/// Adds an exact change to what a rule carries, and takes the whole points out of it.
pub fn carry(desk: &mut Desk<'_>, rule: &Name, change: Fraction) -> i64 {
    let carried = desk.holder.remainders.get(rule).copied();
    // What was carried under another rate is kept as the same part of a point, rounded down; a
    // part too fine to be converted is less than any point.
    let carried = carried.map_or(0, |known| {
        if known.denominator == change.denominator {
            known.numerator
        } else {
            known.numerator.checked_mul(change.denominator).map_or(0, |scaled| scaled / known.denominator)
        }
    });
    let sum = carried + change.numerator;
    let whole = sum.div_euclid(change.denominator);
    let rest = sum.rem_euclid(change.denominator);
    if rest == 0 {
        desk.holder.remainders.remove(rule);
    } else {
        desk.holder.remainders.insert(rule.clone(), Fraction { numerator: rest, denominator: change.denominator });
    }
    i64::try_from(whole).unwrap_or(0)
}

/// Whether a rule that was only just missed would have given anything: what its limits leave today, and what is
/// known of its budget.
pub fn has_room(desk: &Desk<'_>, miss: &NearMiss) -> bool {
    let NearMiss::Rule { rule, .. } = miss else { return true };
    let Some(rule) = desk.programme.rule(rule) else { return true };
    let today = desk.programme.calendar.date(desk.now);
    if let AwardKind::Reward { reward } = rule.award {
        let limit = desk.programme.rewards[reward].limit.as_ref();
        return limit.is_none_or(|limit| desk.room(&limit.usage, limit.window, limit.times, today) > 0);
    }
    let spent = rule.budget().and_then(|budget| desk.inputs.shared.get(&budget.quantity));
    if spent.is_some_and(|offered| offered.given == 0) {
        return false;
    }
    let is_multiplier = matches!(rule.award, AwardKind::Multiplier { .. });
    let caps = rule.caps.iter().chain(desk.programme.units[rule.unit].caps.iter().filter(|_| !is_multiplier));
    caps.into_iter().all(|cap| desk.cap_room(cap, today) > 0)
}

/// What the windows of the rule and of the unit still leave, and which of them cuts `wanted`.
fn window_room(desk: &Desk<'_>, unit: &Unit, rule: &Rule, date: Date, wanted: i64, limits: &mut Vec<Limit>) -> i64 {
    let mut open = i64::MAX;
    for cap in &rule.caps {
        let room = desk.cap_room(cap, date);
        if room < wanted.min(open) {
            limits.push(Limit::Rule { window: cap.window, most: cap.most });
        }
        open = open.min(room);
    }
    for cap in &unit.caps {
        let room = desk.cap_room(cap, date);
        if room < wanted.min(open) {
            limits.push(Limit::Unit { window: cap.window, most: cap.most });
        }
        open = open.min(room);
    }
    open.max(0)
}

fn count_usage(desk: &mut Desk<'_>, unit: &Unit, rule: &Rule, change: i64, date: Date) {
    for cap in rule.caps.iter().chain(&unit.caps) {
        desk.use_up(&cap.usage, cap.window, change, date);
    }
}

/// Draws from, or gives back to, the budgets of the rule's own campaign and of the campaigns that
/// multiplied it. Answers the points that the budgets allow. `wanted` is before all limits.
fn budgets(
    desk: &mut Desk<'_>,
    programme: &Programme,
    raw: &Raw<'_>,
    (wanted, mut target, had): (i64, i64, i64),
    drawn: &mut Vec<Draw>,
    limits: &mut Vec<Limit>,
) -> Result<i64, Undecided> {
    give_up_draws(desk, raw, drawn);
    for (rule, without) in &raw.without {
        let added = raw.points(programme.rounding) - round(*without, programme.rounding);
        let costs = (target - wanted.saturating_sub(added)).max(0);
        let short = draw_for(desk, rule, costs, target - had, drawn, limits)?;
        // What a rule carries makes the whole points of one order depend on others: after a return
        // the costs of a multiplier are no measure for it.
        if !raw.carries() || target > had {
            target -= short;
        }
    }
    if raw.rule.budget().is_some() {
        target -= draw_for(desk, raw.rule, target.max(0), target - had, drawn, limits)?;
    }
    Ok(target)
}

/// Gives back what was drawn for campaigns that no longer have a part in the award.
fn give_up_draws(desk: &mut Desk<'_>, raw: &Raw<'_>, drawn: &mut Vec<Draw>) {
    let acting = raw.without.iter().map(|(rule, _)| *rule).chain([raw.rule]);
    let budgets: Vec<&Name> = acting.filter_map(Rule::budget).map(|budget| &budget.quantity).collect();
    drawn.retain(|draw| {
        let stays = budgets.contains(&&draw.quantity);
        if !stays {
            desk.put_back(&draw.quantity, draw.amount);
        }
        stays
    });
}

/// Brings what was drawn from a campaign's budget to `costs` and answers by how much that failed.
/// More is drawn only for points that are new (`more_points`): a return never costs a campaign.
fn draw_for(
    desk: &mut Desk<'_>,
    rule: &Rule,
    costs: i64,
    more_points: i64,
    drawn: &mut Vec<Draw>,
    limits: &mut Vec<Limit>,
) -> Result<i64, Undecided> {
    let Some(budget) = rule.budget() else {
        return Ok(0);
    };
    let had = drawn.iter().find(|draw| draw.quantity == budget.quantity).map_or(0, |draw| draw.amount);
    drawn.retain(|draw| draw.quantity != budget.quantity);
    let asked = (costs - had).min(more_points).max(0);
    let given = if asked > 0 { desk.draw(&budget.quantity, asked)? } else { 0 };
    if costs < had {
        desk.put_back(&budget.quantity, had - costs);
    }
    let have = costs.min(had) + given;
    if have > 0 {
        drawn.push(Draw { quantity: budget.quantity.clone(), amount: have });
    }
    if have < costs {
        limits.push(Limit::Budget { campaign: rule.id.clone(), left: have });
    }
    Ok(costs - have)
}

/// When points that are earned at `earned_at` expire, for each unit of the programme.
pub fn expiries(programme: &Programme, earned_at: Instant) -> Vec<Option<Instant>> {
    programme.units.iter().map(|unit| unit.expires_at(&programme.calendar, earned_at)).collect()
}

/// Gives `points` as a new lot, pending where the rule or the unit says so.
pub fn give(
    desk: &mut Desk<'_>,
    programme: &Programme,
    rule: &Rule,
    points: i64,
    ground: &Ground<'_>,
) -> Result<Vec<Posting>, Undecided> {
    let unit = &programme.units[rule.unit];
    let mut lot = Lot::available(ground.brand.clone(), points, ground.earned_at, ground.expiries[rule.unit]);
    if let Some(pending) = pending_rule(unit, rule, ground.order.is_some()) {
        let until = (ground.release)(pending);
        if until.is_none_or(|until| until > desk.now) {
            lot = lot.waiting(ground.order.cloned(), Some(rule.id.clone()), until);
        }
    }
    let active_at = ground.earned_at;
    let wallet = desk.holder.wallets.open(&unit.id);
    wallet.active_at = wallet.active_at.max(Some(active_at));
    let postings = wallet.issue(lot)?;
    desk.events.push(Event::Earned { at: ground.earned_at, unit: unit.id.clone(), points });
    Ok(postings)
}

/// The wait that a rule's points have: its own, or for orders the unit's.
pub fn pending_rule(unit: &Unit, rule: &Rule, is_order: bool) -> Option<PendingRule> {
    match rule.pending {
        RulePending::Immediate => None,
        RulePending::Own(pending) => Some(pending),
        RulePending::AsUnit => unit.pending.filter(|_| is_order),
    }
}

/// What was taken back, what is owed now, and what was let go.
pub struct TakenBack {
    pub postings: Vec<Posting>,
    pub debt: i64,
    pub forgiven: i64,
}

/// Takes `points` back: what is pending of the order and rule that `gave` them, then what is
/// available, then what else is pending of the order, then by the policy on debts. Whose points go on to
/// a household, or to the member into whose account this one was merged, owes the rest in any case: the
/// points are there, and so the policy is applied there. Who has left owes nothing.
pub fn take_back(
    desk: &mut Desk<'_>,
    unit: &Unit,
    points: i64,
    at: Instant,
    gave: Option<Gave<'_>>,
    brand: &Name,
) -> Result<TakenBack, Undecided> {
    let is_let_go = unit.debt == DebtPolicy::Forgive || desk.holder.has_left();
    let is_owed = desk.holder.leads_to().is_some() || !is_let_go;
    let wallet = desk.holder.wallets.open(&unit.id);
    let reversal = wallet.reverse(points, gave, unit.spend_order);
    let mut taken = TakenBack { postings: reversal.postings, debt: 0, forgiven: 0 };
    if reversal.missing > 0 && is_owed {
        taken.postings.extend(wallet.owe(reversal.missing, brand)?);
        taken.debt = reversal.missing;
    } else {
        taken.forgiven = reversal.missing;
    }
    desk.events.push(Event::Earned { at, unit: unit.id.clone(), points: -points });
    Ok(taken)
}
