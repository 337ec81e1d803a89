//! An order through its whole life. Whatever happens to it, the same thing is done: it is judged
//! again, under the version and the facts it was first judged by, as if it had always been as it is
//! now, and the difference is posted. So any sequence of partial returns ends where one full return
//! would.

use super::awards::{self, Ground};
use super::evaluate::{self, Evaluation, Occasion};
use crate::activity::{Order, OrderState};
use crate::command::{Command, Key, KeyKind, ReturnedLine};
use crate::decision::{Award, Because, OrderRecord, Record, Refusal};
use crate::desk::{Desk, Event, RewardGiven, RewardSource, Undecided};
use crate::explanation::Explanation;
use crate::kernel::{Instant, Name, TransactionId};
use crate::ledger::Gave;
use crate::programme::condition::{MemberFacts, OrderFacts};
use crate::programme::{AwardKind, LooseReturns, PendingRule, Programme, Rule};

/// An order as it now stands. Guards, in order: for a new one an unknown brand and a cancellation;
/// for a known one another brand, a line that disappears although pieces of it came back, and a
/// step that no order takes. A known order keeps the time at which it was first said to be placed:
/// limits, tiers and expiry have been counted by it.
pub fn put_order(
    desk: &mut Desk<'_>,
    order: &Order,
    known: Option<(TransactionId, &OrderRecord)>,
) -> Result<(), Undecided> {
    if order.state == OrderState::Open {
        let detail = Name::from("an open order is a quote: ask for a dry run of it as paid");
        return Err(Refusal::Invalid { field: Name::from("state"), detail }.into());
    }
    let Some((transaction, record)) = known else {
        if desk.programme.brand(&order.brand).is_none() {
            return Err(Refusal::UnknownBrand { brand: order.brand.clone() }.into());
        }
        if order.state == OrderState::Cancelled {
            return Err(Refusal::UnknownOrder { order: order.external_id.clone() }.into());
        }
        let record = open_record(desk, order);
        return settle(desk, record, order.paid_at.unwrap_or(order.placed_at), Stage::First);
    };
    let order = with_returns(order, &record.order)?;
    if order == record.order || is_late_message(&order, &record.order) {
        desk.decision.repeats = Some(transaction);
        return Ok(());
    }
    allowed_step(record.order.state, order.state)?;
    desk.decision.replaces = Some(transaction);
    let at = match order.state {
        OrderState::Closed => order.closed_at.unwrap_or(desk.now),
        _ => desk.now,
    };
    settle(desk, OrderRecord { order, ..record.clone() }, at, Stage::Later)
}

/// Pieces came back. Guards, in order: an order that is not known or does not count; a return that
/// was counted before; an unknown line; more pieces than are kept.
pub fn return_lines(
    desk: &mut Desk<'_>,
    order: &Name,
    return_id: &Name,
    at: Instant,
    lines: &[ReturnedLine],
    known: Option<(TransactionId, &OrderRecord)>,
) -> Result<(), Undecided> {
    let Some((transaction, record)) = known else {
        return Err(Refusal::UnknownOrder { order: order.clone() }.into());
    };
    if record.returns.contains(return_id) {
        desk.decision.repeats = Some(transaction);
        return Ok(());
    }
    if record.order.state == OrderState::Cancelled {
        return Err(Refusal::OrderStep { from: Name::from("cancelled"), to: Name::from("returned") }.into());
    }
    let mut record = record.clone();
    for returned in lines {
        let line = record.order.lines.iter_mut().find(|line| line.id == returned.line);
        let Some(line) = line else {
            return Err(Refusal::UnknownLine { line: returned.line.clone() }.into());
        };
        if returned.quantity < 1 || returned.quantity > line.kept() {
            return Err(Refusal::ReturnsTooMany {
                line: line.id.clone(),
                quantity: line.quantity,
                returned: line.returned,
                asked: returned.quantity,
            }
            .into());
        }
        line.returned += returned.quantity;
    }
    record.returns.push(return_id.clone());
    desk.decision.replaces = Some(transaction);
    settle(desk, record, at, Stage::Later)
}

/// Goods whose order nobody can name: by the programme's policy, what they would earn today is
/// taken back.
pub fn return_without_order(
    desk: &mut Desk<'_>,
    command: &Command,
    goods: &Order,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    if known.is_some() {
        desk.decision.repeats = known;
        return Ok(());
    }
    if desk.programme.brand(&goods.brand).is_none() {
        return Err(Refusal::UnknownBrand { brand: goods.brand.clone() }.into());
    }
    if let Some(key) = command.key() {
        let key: Key = key;
        desk.record(key, Record::LooseReturn);
    }
    let programme = desk.programme;
    if programme.loose_returns == LooseReturns::Ignore {
        return Ok(());
    }
    let levels = desk.levels();
    let number = desk.holder.orders.max(1);
    let mut explanation = desk.explanation.take();
    let facts = desk.member_facts(&levels, goods.placed_at);
    let evaluation = judge(programme, goods, number, facts, &mut explanation);
    desk.explanation = explanation;
    for raw in &evaluation.raws {
        let by_goods = matches!(raw.rule.award, AwardKind::PerAmount { .. } | AwardKind::PerItem { .. });
        if !by_goods {
            continue;
        }
        let unit = &programme.units[raw.rule.unit];
        let points = match raw.rule.award {
            AwardKind::PerAmount { carry: true, .. } => {
                let change = crate::holder::Fraction { numerator: -raw.exact.numerator, ..raw.exact };
                -awards::carry(desk, &raw.rule.id, change)
            }
            _ => raw.points(programme.rounding).min(raw.rule.order_cap.unwrap_or(i64::MAX)),
        };
        if points == 0 {
            continue;
        }
        let taken = awards::take_back(desk, unit, points, goods.placed_at, None, &goods.brand)?;
        desk.fired(&raw.rule.id, -points);
        let reckoning = crate::decision::Reckoning {
            rule: raw.rule.id.clone(),
            basis: raw.basis.clone(),
            multipliers: raw.multipliers.clone(),
            before_limits: points,
            limits: Vec::new(),
            points,
        };
        let because = Because::GoodsReturned {
            goods: goods.external_id.clone(),
            reckoning,
            debt: taken.debt,
            forgiven: taken.forgiven,
        };
        desk.effect(goods.placed_at, because, taken.postings);
    }
    let spent = evaluate::countable_spend(programme, goods).0;
    desk.events.push(Event::Spent { at: goods.placed_at, amount: -spent });
    Ok(())
}

/// A record for an order that is new, with the facts by which it will always be judged.
fn open_record(desk: &Desk<'_>, order: &Order) -> OrderRecord {
    OrderRecord {
        order: order.clone(),
        version: desk.programme.version,
        number: desk.holder.orders + 1,
        levels: desk.levels(),
        profile: desk.profile_looked_at(desk.programme),
        earned_at: order.paid_at.unwrap_or(order.placed_at),
        awards: Vec::new(),
        rewarded: Vec::new(),
        returns: Vec::new(),
        counted: false,
        spent: 0,
    }
}

/// The order as stated, with the pieces that came back before. A shop states orders without their
/// returns, so they are carried over by line.
fn with_returns(stated: &Order, known: &Order) -> Result<Order, Refusal> {
    if stated.brand != known.brand {
        return Err(Refusal::DifferentContent { external_id: stated.external_id.clone() });
    }
    let mut order = Order { placed_at: known.placed_at, ..stated.clone() };
    for before in known.lines.iter().filter(|line| line.returned > 0) {
        let line = order.lines.iter_mut().find(|line| line.id == before.id);
        match line.filter(|line| line.quantity >= before.returned) {
            Some(line) => line.returned = before.returned,
            None => return Err(Refusal::DifferentContent { external_id: stated.external_id.clone() }),
        }
    }
    // A shop that reports a later step need not repeat when the earlier ones were.
    order.paid_at = order.paid_at.or(known.paid_at);
    order.closed_at = order.closed_at.or(known.closed_at);
    Ok(order)
}

/// The same order at an earlier step: a message that was overtaken by a later one.
fn is_late_message(stated: &Order, known: &Order) -> bool {
    stated.state < known.state && Order { state: known.state, ..stated.clone() } == *known
}

/// An order only goes forward, and comes back from nothing.
fn allowed_step(from: OrderState, to: OrderState) -> Result<(), Refusal> {
    let name = |state: OrderState| {
        Name::from(match state {
            OrderState::Open => "open",
            OrderState::Paid => "paid",
            OrderState::Closed => "closed",
            OrderState::Cancelled => "cancelled",
        })
    };
    if from == OrderState::Cancelled || to < from {
        Err(Refusal::OrderStep { from: name(from), to: name(to) })
    } else {
        Ok(())
    }
}

fn judge<'p>(
    programme: &'p Programme,
    order: &Order,
    number: i64,
    member: MemberFacts<'_>,
    explanation: &mut Option<Explanation>,
) -> Evaluation<'p> {
    let occasion = Occasion {
        member,
        at: crate::desk::local_time(programme, order.placed_at),
        order: Some(OrderFacts { order, total: order.kept_total(), number }),
        activity: None,
    };
    evaluate::evaluate(programme, &occasion, explanation.as_mut())
}

/// Whether an order is settled for the first time: only then it gives rewards.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    First,
    Later,
}

/// Judges the order of `record` again and posts the difference to what it gave before.
fn settle(desk: &mut Desk<'_>, mut record: OrderRecord, at: Instant, stage: Stage) -> Result<(), Undecided> {
    let Some(programme) = desk.rulebook.version(record.version) else {
        let detail = Name::from("the programme version of the order is not there");
        return Err(Refusal::Invalid { field: Name::from("version"), detail }.into());
    };
    let programme: &Programme = programme;
    count_order(desk, programme, &mut record);
    let before = std::mem::take(&mut record.awards);
    let order = &record.order;
    let member = MemberFacts {
        profile: &record.profile,
        joined_at: desk.holder.joined_at,
        days_since_joining: programme.calendar.days_between(desk.holder.joined_at, order.placed_at),
        levels: &record.levels,
        orders: record.number - 1,
    };
    let mut explanation = desk.explanation.take();
    let evaluation = if order.counts() {
        judge(programme, order, record.number, member, &mut explanation)
    } else {
        Evaluation { raws: Vec::new(), rewards: Vec::new() }
    };
    desk.explanation = explanation;
    awards::reserve_budgets(desk, &evaluation.raws)?;
    let releases = releases(programme, order);
    let release = |pending| match releases.iter().find(|(known, _)| *known == pending) {
        Some((_, until)) => *until,
        None => pending.from_order(&programme.calendar, order),
    };
    let earned_at = record.earned_at;
    let ground = Ground {
        brand: &order.brand,
        order: Some(&order.external_id),
        earned_at,
        expiries: awards::expiries(programme, earned_at),
        date: programme.calendar.date(order.placed_at),
        release: &release,
    };
    let mut after = Vec::with_capacity(evaluation.raws.len());
    for raw in &evaluation.raws {
        let earlier = before.iter().find(|award| award.rule == raw.rule.id);
        let settled = awards::settle(desk, programme, raw, earlier, &ground)?;
        desk.fired(&raw.rule.id, settled.award.points);
        after.push(post(desk, programme, &record, settled, earlier, &ground, at)?);
    }
    for gone in &before {
        if !after.iter().any(|kept| kept.rule == gone.rule) {
            after.extend(withdraw(desk, programme, &record, gone, &ground, at)?);
        }
    }
    if !before.is_empty() {
        release_lots(desk, programme, order, &after, &release, at);
    }
    settle_rewards(desk, programme, &mut record, &evaluation.rewards, at, stage);
    record.awards = after;
    if desk.holder.referral.is_some() {
        desk.events.push(Event::OrderJudged { record: Box::new(record.clone()) });
    }
    let key = Key { kind: KeyKind::Order, id: record.order.external_id.clone() };
    desk.record(key, Record::Order(Box::new(record)));
    Ok(())
}

/// Gives rewards the first time, and takes back, later, those that the order would no longer give.
fn settle_rewards(
    desk: &mut Desk<'_>,
    programme: &Programme,
    record: &mut OrderRecord,
    given: &[(&Rule, usize)],
    at: Instant,
    stage: Stage,
) {
    let order = record.order.external_id.clone();
    if stage == Stage::First {
        for (rule, reward) in given {
            let reward = programme.rewards[*reward].id.clone();
            desk.fired(&rule.id, 0);
            let (rule_id, order, version) = (rule.id.clone(), Some(order.clone()), programme.version);
            desk.events.push(Event::RewardGiven(RewardGiven { at, reward, rule: rule_id, order, version }));
            record.rewarded.push(rule.id.clone());
        }
        return;
    }
    record.rewarded.retain(|rule| {
        let stays = given.iter().any(|(giving, _)| giving.id == *rule);
        if !stays {
            let source = RewardSource::Order(order.clone());
            let version = programme.version;
            desk.events.push(Event::RewardWithdrawn { at, rule: rule.clone(), source, version });
        }
        stays
    });
}

/// When what waits as its unit says becomes available: worked out once for all rules.
fn releases(programme: &Programme, order: &Order) -> Vec<(PendingRule, Option<Instant>)> {
    let waits = programme.units.iter().filter_map(|unit| unit.pending);
    waits.map(|pending| (pending, pending.from_order(&programme.calendar, order))).collect()
}

/// Counts the order, and its money, towards what tiers and rules look at.
fn count_order(desk: &mut Desk<'_>, programme: &Programme, record: &mut OrderRecord) {
    let order = &record.order;
    let counts = order.counts();
    if counts != record.counted {
        let change = if counts { 1 } else { -1 };
        desk.holder.orders += change;
        desk.events.push(Event::Ordered { at: order.placed_at, orders: change });
    }
    record.counted = counts;
    let spent = if counts { evaluate::countable_spend(programme, order).0 } else { 0 };
    let change = spent - record.spent;
    record.spent = spent;
    if change != 0 {
        desk.events.push(Event::Spent { at: order.placed_at, amount: change });
    }
}

/// Posts what one rule gives more or less than before, and answers the award as it now stands.
fn post(
    desk: &mut Desk<'_>,
    programme: &Programme,
    record: &OrderRecord,
    settled: awards::Settled<'_>,
    earlier: Option<&Award>,
    ground: &Ground<'_>,
    at: Instant,
) -> Result<Award, Undecided> {
    let awards::Settled { rule, award, reckoning, change } = settled;
    let order = record.order.external_id.clone();
    let (because, postings) = if change > 0 {
        let postings = awards::give(desk, programme, rule, change, ground)?;
        let because = match earlier {
            None => Because::OrderEarned { order, version: record.version, reckoning },
            Some(award) => Because::OrderSettled {
                order,
                version: record.version,
                was: award.points,
                reckoning,
                debt: 0,
                forgiven: 0,
            },
        };
        (because, postings)
    } else if change < 0 {
        let unit = &programme.units[rule.unit];
        let gave = ground.order.map(|order| Gave::Order { order, rule: &rule.id });
        let taken = awards::take_back(desk, unit, -change, ground.earned_at, gave, ground.brand)?;
        let was = earlier.map_or(0, |award| award.points);
        let (debt, forgiven) = (taken.debt, taken.forgiven);
        (Because::OrderSettled { order, version: record.version, was, reckoning, debt, forgiven }, taken.postings)
    } else {
        return Ok(award);
    };
    desk.effect(at, because, postings);
    Ok(award)
}

/// Takes back all that a rule gave which gives nothing any more. What a rule carries can leave a
/// point more or less with the order; such an award stays.
fn withdraw(
    desk: &mut Desk<'_>,
    programme: &Programme,
    record: &OrderRecord,
    gone: &Award,
    ground: &Ground<'_>,
    at: Instant,
) -> Result<Option<Award>, Undecided> {
    let Some(rule) = programme.rule(&gone.rule) else {
        return Ok(None);
    };
    let raw = evaluate::nothing(rule, gone.exact);
    let settled = awards::settle(desk, programme, &raw, Some(gone), ground)?;
    let left = post(desk, programme, record, settled, Some(gone), ground, at)?;
    Ok(Some(left).filter(|left| left.points != 0 || left.whole.is_some_and(|whole| whole != 0)))
}

/// Tells pending lots when they become available, once that is known.
fn release_lots(
    desk: &mut Desk<'_>,
    programme: &Programme,
    order: &Order,
    awards: &[Award],
    release: &dyn Fn(PendingRule) -> Option<Instant>,
    at: Instant,
) {
    for award in awards {
        let Some(rule) = programme.rule(&award.rule) else {
            continue;
        };
        let unit = &programme.units[rule.unit];
        let Some(pending) = awards::pending_rule(unit, rule, true) else {
            continue;
        };
        let until = release(pending);
        let wallet = desk.holder.wallets.open(&unit.id);
        if wallet.set_release(&order.external_id, &rule.id, until)
            && let Some(until) = until
        {
            desk.effect(at, Because::ReleaseSet { order: order.external_id.clone(), until }, Vec::new());
        }
    }
}
