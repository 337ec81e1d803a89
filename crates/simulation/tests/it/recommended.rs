//! A past with recommendations, under the programme of its day and under others, worked out by hand.

use jiff::SignedDuration;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Profile, ReturnedLine};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Money, Name, Part, TransactionId};
use lojal_core::referrals::{Credit, Introduction, Judge, Verdict};
use lojal_simulation::history::Step;
use lojal_simulation::replay::{Manner, Outcome, Redemption, Replay};

use crate::story::programme;

const AS_RECORDED: Manner = Manner { redemption: Redemption::AsRecorded, seed: 1, memory: SignedDuration::MAX };
const ADA: u16 = 1;
const BOB: u16 = 2;
const EVE: u16 = 3;
const KIM: u16 = 4;
const LIZ: u16 = 5;

/// The advocate has `thanks` and the friend 100 when the order has stood for so long.
fn club(thanks: i64, wait: &str, more: &str) -> String {
    format!(
        r#"
[programme]
id = "club"
name = {{ en = "Club" }}
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
[brands.shop]
name = {{ en = "Shop" }}
[units.points]
name.en = {{ one = "point", many = "points" }}
worth = {{ units = 1, money = "0.01" }}
[earning.thanks]
name = {{ en = "Thanks" }}
on = "friend_qualified"
points = {thanks}
[earning.first_order]
name = {{ en = "First order" }}
on = "referral_qualified"
points = 100
[referrals.spring]
name = {{ en = "Bring a friend" }}
{more}
[referrals.spring.qualify]
wait = {{ after = "placed", for = "{wait}" }}
"#
    )
}

fn holder(number: u16) -> HolderId {
    HolderId(Id::new(1_735_689_600_000, number, Part::PROGRAMME))
}

/// A past that is written down by the day and second.
#[derive(Default)]
struct Past(Vec<Step>);

impl Past {
    fn at(&mut self, day: i64, second: i64, who: u16, command: Command) {
        let (at, number) = (moment(day, second), self.0.len() as u16);
        let transaction = TransactionId(Id::new(at.as_millisecond(), number, Part::PROGRAMME));
        self.0.push(Step { at, holder: holder(who), transaction, entropy: u128::from(number), command });
    }

    fn joins(&mut self, day: i64, who: u16) {
        let enrol = Command::Enrol { holder: holder(who), joined_at: moment(day, 0), profile: Profile::default() };
        self.at(day, 0, who, enrol);
    }

    fn comes(&mut self, day: i64, friend: u16, credits: &[(u16, i64)]) {
        let credit = |(advocate, share): &(u16, i64)| Credit { advocate: MemberId(holder(*advocate).0), share: *share };
        let introduction = Introduction {
            referral: None,
            credits: credits.iter().map(credit).collect(),
            touched_at: moment(day, 0),
            came_at: moment(day, 0),
            channel: None,
        };
        self.joins(day, friend);
        self.at(day, 1, friend, Command::Refer { introduction: Box::new(introduction) });
    }

    fn orders(&mut self, day: i64, who: u16) {
        self.at(day, 60, who, Command::PutOrder { order: order(&format!("order-{who}"), moment(day, 60)) });
    }

    fn returns(&mut self, day: i64, who: u16) {
        let lines = vec![ReturnedLine { line: Name::const_new("1"), quantity: 1 }];
        let (order, return_id) = (Name::from(format!("order-{who}")), Name::const_new("back"));
        self.at(day, 120, who, Command::ReturnLines { order, return_id, returned_at: moment(day, 120), lines });
    }

    fn judged(&mut self, day: i64, who: u16, verdict: Verdict, by: Judge) {
        self.at(day, 61, who, Command::JudgeReferral { verdict, by, seen: None });
    }

    fn under(&self, text: &str, until: i64) -> Outcome {
        let mut replay = Replay::new(programme(text), AS_RECORDED);
        self.0.iter().for_each(|step| replay.take(step).unwrap());
        replay.finish(moment(until, 0)).unwrap()
    }
}

fn moment(day: i64, second: i64) -> Instant {
    let start: Instant = "2025-01-01T12:00:00Z".parse().unwrap();
    start + SignedDuration::from_secs(day * 86_400 + second)
}

fn order(id: &str, at: Instant) -> Order {
    let line = Line {
        id: Name::const_new("1"),
        sku: None,
        quantity: 1,
        total: Money(10_000),
        tax: Money::ZERO,
        kind: LineKind::Product,
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    };
    Order {
        external_id: Name::from(id),
        brand: Name::const_new("shop"),
        state: OrderState::Paid,
        placed_at: at,
        paid_at: Some(at),
        closed_at: None,
        channel: None,
        country: None,
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines: vec![line],
    }
}

/// How often a rule gave something, and what it comes to.
fn rule(outcome: &Outcome, name: &str) -> (u64, i64) {
    let known = outcome.rules.iter().find(|rule| rule.rule == name).unwrap();
    (known.times, known.points)
}

/// Three friends of Ada order on the first day. The detector has nothing against any of them, and says so when their order
/// has stood for three days. Kim brings everything back on the tenth.
fn three_friends() -> Past {
    let mut past = Past::default();
    past.joins(0, ADA);
    for friend in [EVE, KIM, LIZ] {
        past.comes(0, friend, &[(ADA, 100)]);
    }
    for friend in [EVE, KIM, LIZ] {
        past.orders(1, friend);
    }
    for friend in [EVE, KIM, LIZ] {
        past.judged(4, friend, Verdict::Allow, Judge::Detector);
    }
    past.returns(10, KIM);
    past
}

#[test]
fn other_rewards_come_to_what_they_would_have() {
    let past = three_friends();
    let (now, then) = (past.under(&club(500, "3 days", ""), 40), past.under(&club(800, "3 days", ""), 40));
    // Three qualified, and one of them no longer does.
    assert_eq!((rule(&now, "thanks").0, rule(&then, "thanks").0), (3, 3));
    let kept = |outcome: &Outcome| outcome.units[0].flow.issued - outcome.units[0].flow.reversed;
    assert_eq!((kept(&now), kept(&then)), (2 * 600, 2 * 900));
    assert!(now.refused.is_empty() && then.refused.is_empty(), "{:?}", now.refused);
}

/// The words of the past come before the longer wait is over. They are heard when it is: on the fifteenth, not at the end.
#[test]
fn what_was_thought_is_heard_when_the_longer_wait_is_over() {
    let past = three_friends();
    let longer = past.under(&club(500, "14 days", ""), 60);
    assert_eq!(rule(&longer, "thanks"), (2, 1_000), "Kim's order came back before");
    assert_eq!(rule(&longer, "first_order"), (2, 200));
    let first: Vec<i64> = longer.months.iter().map(|month| month.flows[0].issued).collect();
    assert_eq!(first, [1_200, 0, 0], "in January");
    // Shorter ones wait for the words, as they were said.
    let shorter = past.under(&club(500, "1 day", ""), 60);
    assert_eq!(rule(&shorter, "thanks").0, 3);
}

#[test]
fn what_nobody_thought_of_waits_and_what_a_person_said_holds() {
    let mut past = Past::default();
    past.joins(0, ADA);
    for friend in [EVE, KIM, LIZ] {
        past.comes(0, friend, &[(ADA, 100)]);
        past.orders(1, friend);
    }
    past.judged(4, EVE, Verdict::Hold, Judge::Detector);
    past.judged(5, EVE, Verdict::Allow, Judge::Person);
    past.judged(4, KIM, Verdict::Hold, Judge::Detector);
    past.judged(5, KIM, Verdict::Reject, Judge::Person);
    for (wait, more, counted) in [
        ("3 days", "", 1),
        ("14 days", "", 1),
        ("14 days", "review = \"all\"", 1),
        // Whom a person found out is no friend of anybody's, however little is looked at.
        ("3 days", "review = \"none\"", 2),
    ] {
        let outcome = past.under(&club(500, wait, more), 60);
        let kept = outcome.units[0].flow.issued - outcome.units[0].flow.reversed;
        assert_eq!(kept, counted * 600, "{wait} {more}");
    }
}

#[test]
fn limits_budgets_and_what_is_kept_on_return_are_those_that_are_tried() {
    let past = three_friends();
    for (more, advocate, friends) in [
        ("", 2, 2),
        // Whose place is given up leaves it to the next, and nobody comes any more.
        ("caps = { month = 1 }", 1, 2),
        ("budget = 1", 1, 1),
        ("budget = 2", 1, 1),
        ("on_return = \"keep\"", 3, 3),
    ] {
        let outcome = past.under(&club(500, "3 days", more), 40);
        let given = (rule(&outcome, "thanks").1, rule(&outcome, "first_order").1);
        assert_eq!(given, (advocate * 500, friends * 100), "{more}");
    }
}

/// Who is credited is what was found when the friend came: the past says by whom, and not what else was met.
#[test]
fn shares_are_those_of_the_past() {
    let mut past = Past::default();
    past.joins(0, ADA);
    past.joins(0, BOB);
    past.comes(0, EVE, &[(ADA, 60), (BOB, 40)]);
    past.orders(1, EVE);
    past.judged(4, EVE, Verdict::Allow, Judge::Detector);
    for credit in ["last", "split"] {
        let outcome = past.under(&club(500, "3 days", &format!("credit = \"{credit}\"")), 40);
        let value = |who: u16| outcome.standings.iter().find(|standing| standing.holder == holder(who)).unwrap().value;
        assert_eq!((value(ADA), value(BOB), value(EVE)), (300, 200, 100), "{credit}");
    }
}

/// Ada's account goes into Bob's: before her friend orders, or while nothing was heard yet.
#[test]
fn accounts_that_were_merged_are_one_person() {
    let mut past = Past::default();
    past.joins(0, ADA);
    past.joins(0, BOB);
    past.comes(0, EVE, &[(ADA, 100)]);
    past.at(1, 0, BOB, Command::Merge { account: MemberId(holder(ADA).0) });
    past.orders(1, EVE);
    // Somebody follows an old link.
    past.comes(2, KIM, &[(ADA, 100)]);
    past.orders(2, KIM);
    past.judged(4, EVE, Verdict::Allow, Judge::Detector);
    past.judged(5, KIM, Verdict::Allow, Judge::Detector);
    past.returns(10, EVE);
    let mut replay = Replay::new(programme(&club(500, "3 days", "")), AS_RECORDED);
    past.0.iter().for_each(|step| replay.take(step).unwrap());
    let bob = replay.shell().holder(holder(BOB)).unwrap();
    assert_eq!(bob.wallets.get("points").unwrap().available(), 500);
    assert_eq!(bob.friends.values().map(|friends| friends.count()).sum::<i64>(), 1);
    let outcome = replay.finish(moment(40, 0)).unwrap();
    let flow = outcome.units[0].flow;
    assert_eq!((flow.issued - flow.reversed, flow.available, flow.debt), (600, 600, 0));
    assert!(outcome.refused.is_empty(), "{:?}", outcome.refused);
}
