//! A history replayed comes to what it came to.

use jiff::SignedDuration;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Profile, ReturnedLine};
use lojal_core::kernel::{HolderId, Id, Instant, Language, Money, Name, Part, TransactionId};
use lojal_core::programme::starter;
use lojal_simulation::history::{Action, Shape, Step};
use lojal_simulation::replay::{CERTAIN, Comparison, MEMORY, Manner, Outcome, Redemption, Replay};

use crate::order_of_arrival::{shares_something, tick_all};
use crate::story::{Story, Telling, balances, programme, seeds};

const AS_RECORDED: Manner = Manner { redemption: Redemption::AsRecorded, seed: 1, memory: SignedDuration::MAX };
const NOBODY: Manner = Manner { redemption: Redemption::Nobody, seed: 1, memory: MEMORY };

fn told(seed: u64) -> Story {
    Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 8, steps: 220 }.tell()
}

fn replayed(text: &str, steps: &[Step], manner: Manner) -> Outcome {
    let mut replay = Replay::new(programme(text), manner);
    steps.iter().for_each(|step| replay.take(step).unwrap());
    replay.finish(steps.last().unwrap().at).unwrap()
}

/// Members who each order now and then, always the same.
fn customers(members: u16, orders: i64) -> Vec<Step> {
    let start: Instant = "2024-01-10T12:00:00Z".parse().unwrap();
    let holder = |member| HolderId(Id::new(0, member, Part::PROGRAMME));
    let mut number = 0;
    let mut step = |at: Instant, member, command| {
        number += 1;
        let transaction = TransactionId(Id::new(at.as_millisecond(), number as u16, Part::PROGRAMME));
        Step { at, holder: holder(member), transaction, entropy: number, command }
    };
    let enrol = |member| Command::Enrol { holder: holder(member), joined_at: start, profile: Profile::default() };
    let mut steps: Vec<Step> = (0..members).map(|member| step(start, member, enrol(member))).collect();
    for round in 1..=orders {
        for member in 0..members {
            let at = start + SignedDuration::from_hours(24 * 9 * round) + SignedDuration::from_secs(i64::from(member));
            let line = Line {
                id: Name::const_new("1"),
                sku: None,
                quantity: 1,
                total: Money(2_000 + 700 * i64::from(member)),
                tax: Money::ZERO,
                kind: LineKind::Product,
                category: None,
                make: None,
                tags: Vec::new(),
                discounted: false,
                returned: 0,
            };
            let order = Order {
                external_id: Name::from(format!("{member}-{round}")),
                brand: Name::const_new("shop"),
                state: OrderState::Closed,
                placed_at: at,
                paid_at: Some(at),
                closed_at: Some(at),
                channel: None,
                country: None,
                tags: Vec::new(),
                paid_with_points: Money::ZERO,
                lines: vec![line],
            };
            steps.push(step(at, member, Command::PutOrder { order }));
        }
    }
    steps
}

#[test]
fn a_replay_comes_to_what_the_history_came_to() {
    for seed in seeds(40) {
        let mut story = told(seed);
        let mut replay = Replay::new(programme(&story.text), AS_RECORDED);
        story.steps.iter().for_each(|step| replay.take(step).unwrap());
        // Who comes first at what all share depends on when time is let pass.
        if shares_something(&story.text) {
            continue;
        }
        let end = story.end();
        replay.pass(end).unwrap();
        tick_all(&mut story.shell, end, 60_000);
        assert_eq!(balances(replay.shell()), balances(&story.shell), "seed {seed}\n{}", story.text);
    }
}

#[test]
fn the_sums_hold_together() {
    for seed in seeds(40) {
        let story = told(seed);
        let outcome = replayed(&story.text, &story.steps, AS_RECORDED);
        for (index, unit) in outcome.units.iter().enumerate() {
            let flow = unit.flow;
            let left = flow.issued - flow.reversed - flow.redeemed - flow.expired;
            assert_eq!(left, flow.outstanding() - flow.debt, "seed {seed}: {unit:?}\n{}", story.text);
            assert_eq!(flow.kept(), flow.redeemed + flow.expired + flow.outstanding(), "seed {seed}: {unit:?}");
            let monthly: i64 = outcome.months.iter().map(|month| month.flows[index].issued).sum();
            assert_eq!(monthly, flow.issued, "seed {seed}");
            assert!(unit.spent.low <= unit.spent.expected && unit.spent.expected <= unit.spent.high);
        }
        let months = &outcome.months;
        assert_eq!(months.iter().map(|month| month.orders).sum::<u64>(), outcome.orders);
        assert_eq!(months.iter().map(|month| month.revenue).sum::<i64>(), outcome.revenue);
        assert_eq!(months.iter().map(|month| month.joined).sum::<u64>(), outcome.members);
        assert!(months.windows(2).all(|pair| pair[0].first < pair[1].first), "each month once, seed {seed}");
        for ladder in &outcome.ladders {
            assert_eq!(ladder.levels.iter().map(|(_, members)| members).sum::<i64>(), outcome.members as i64);
        }
        for groups in [&outcome.deciles, &outcome.frequencies] {
            assert_eq!(groups.iter().map(|group| group.members).sum::<u64>(), outcome.buyers);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_outcome() {
    let steps = customers(30, 40);
    let modelled = |seed, likelihood| {
        let redemption = Redemption::Modelled { likelihood };
        replayed(starter(Language::En), &steps, Manner { redemption, seed, ..NOBODY })
    };
    let (often, again, other) = (modelled(7, CERTAIN / 4), modelled(7, CERTAIN / 4), modelled(8, CERTAIN / 4));
    assert_eq!(often, again);
    assert!(often.redemptions > 0 && often.units[0].flow.redeemed > 0);
    assert_ne!(often.rewards, other.rewards);
    assert!(modelled(7, CERTAIN).redemptions > often.redemptions);
    assert_eq!(modelled(7, 0).units, replayed(starter(Language::En), &steps, NOBODY).units);
    assert_eq!(modelled(7, 0).redemptions, 0);
}

/// Twice as many points for each order: everybody who bought anything gains, and nobody loses.
#[test]
fn a_better_programme_makes_winners_only() {
    let text = starter(Language::En);
    let better = text.replace("rate = 1\nper", "rate = 2\nper");
    assert_ne!(text, better);
    let steps = customers(30, 40);
    let (now, then) = (replayed(text, &steps, NOBODY), replayed(&better, &steps, NOBODY));
    let comparison = Comparison::of(&then, &now);
    assert_eq!((comparison.winners, comparison.losers), (30, 0), "{comparison:?}");
    assert!(comparison.rates.1 > comparison.rates.0);
    assert_eq!(comparison.buyers, now.buyers);
    assert_eq!(comparison.changes.iter().map(|change| change.buyers).sum::<u64>(), comparison.buyers);
    assert!(comparison.by_decile.windows(2).all(|pair| pair[0] < pair[1]), "who pays more gains more");
    let back = Comparison::of(&now, &then);
    assert_eq!((back.losers, back.lost), (comparison.winners, comparison.gained));
    assert_eq!(Comparison::of(&now, &now).winners, 0);
}

/// What one member comes to, worked out by hand: 40 orders of 20.00, 1 point for each 1 PLN, 50 for joining.
#[test]
fn an_outcome_is_what_it_would_be_on_paper() {
    let outcome = replayed(starter(Language::En), &customers(1, 40), NOBODY);
    assert_eq!((outcome.members, outcome.buyers, outcome.orders, outcome.revenue), (1, 1, 40, 80_000));
    let standing = outcome.rules.iter().find(|rule| rule.rule == "spend").unwrap();
    assert_eq!(standing.times, 40);
    let never = outcome.rules.iter().filter(|rule| rule.times == 0).map(|rule| rule.rule.as_str());
    assert_eq!(never.collect::<Vec<_>>(), ["large-order", "review", "newsletter", "survey", "event", "birthday"]);
    // The second order is on a Sunday in January, when points are doubled. So the seventh makes 200 with the 50 of
    // joining; each waits 14 days after its delivery.
    assert_eq!(outcome.first_reward.quartiles, Some([9 * 7 + 14; 3]));
    let flow = outcome.units[0].flow;
    assert_eq!(flow.issued, 50 + standing.points);
    // 100 points are worth 5.00.
    assert_eq!(outcome.cost.ceiling, flow.issued * 5);
    assert_eq!(outcome.cost.liability_ceiling, flow.outstanding() * 5);
}

/// Points that were spent before their goods came back are owed. Until they are paid, they have cost what they bought.
#[test]
fn what_is_spent_and_then_taken_back_costs_until_it_is_paid() {
    let mut steps = customers(1, 1);
    let Some(bought) = steps.last_mut() else { panic!("one order") };
    let Command::PutOrder { order } = &mut bought.command else { panic!("an order") };
    order.lines[0].total = Money(100_000);
    let (at, order, holder) = (bought.at, order.external_id.clone(), bought.holder);
    let lines = vec![ReturnedLine { line: Name::const_new("1"), quantity: 1 }];
    let return_id = Name::const_new("back");
    for (days, command) in [
        (20, Command::Redeem { reward: Name::const_new("coupon-10"), reference: None, acting: None }),
        (21, Command::ReturnLines { order, return_id, returned_at: at, lines }),
    ] {
        let at = at + SignedDuration::from_hours(24 * days);
        let transaction = TransactionId(Id::new(at.as_millisecond(), 900, Part::PROGRAMME));
        steps.push(Step { at, holder, transaction, entropy: 900, command });
    }
    let outcome = replayed(starter(Language::En), &steps, AS_RECORDED);
    let flow = outcome.units[0].flow;
    assert_eq!((outcome.revenue, outcome.refused.len()), (0, 0), "{:?}", outcome.refused);
    assert!(flow.redeemed > 0 && flow.debt > 0, "{flow:?}");
    // 100 points are worth 5.00.
    assert_eq!(outcome.cost.ceiling, (flow.redeemed + flow.outstanding()) * 5);
    assert_eq!(outcome.cost.points.expected, outcome.cost.ceiling);
}

/// An order is put again whenever it changes.
#[test]
fn an_order_that_changes_is_one_order() {
    let mut steps = customers(1, 1);
    let first = steps.last().unwrap().clone();
    for (number, (total, state)) in [
        (3_000, OrderState::Closed),
        (1_000, OrderState::Closed),
        (4_000, OrderState::Closed),
        (4_000, OrderState::Cancelled),
    ]
    .into_iter()
    .enumerate()
    {
        let mut step = first.clone();
        step.at += SignedDuration::from_mins(1 + number as i64);
        step.transaction = TransactionId(Id::new(step.at.as_millisecond(), 900, Part::PROGRAMME));
        if let Command::PutOrder { order } = &mut step.command {
            order.state = state;
            order.lines[0].total = Money(total);
        }
        steps.push(step);
        let outcome = replayed(starter(Language::En), &steps, NOBODY);
        let revenue = if state == OrderState::Cancelled { 0 } else { total };
        assert_eq!((outcome.orders, outcome.revenue, outcome.buyers), (1, revenue, 1), "{number}");
    }
}

#[test]
fn where_nobody_spends_all_of_it_may_be_owed() {
    let cost = replayed(starter(Language::En), &customers(3, 60), NOBODY).cost;
    assert!(cost.ceiling > 0 && cost.points.high == cost.ceiling && cost.points.low == 0, "{cost:?}");
    assert_eq!(cost.liability.high, cost.liability_ceiling);
}

#[test]
fn memory_does_not_grow_with_the_orders() {
    let mut replay = Replay::new(programme(starter(Language::En)), NOBODY);
    let mut most = 0;
    for step in customers(1, 400) {
        replay.take(&step).unwrap();
        most = most.max(replay.shell().remembered());
    }
    // One order every nine days, for 400 days.
    assert_eq!(most, 400 / 9 + 1);
}
