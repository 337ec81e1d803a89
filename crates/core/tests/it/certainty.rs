//! What the analysis says of conditions is never wrong: it is compared with many random facts.

use lojal_core::activity::{Line, LineKind, Order, OrderState, Value};
use lojal_core::command::Profile;
use lojal_core::kernel::{Instant, Money, Name};
use lojal_core::programme::condition::{Facts, LocalTime, MemberFacts, OrderFacts, Test};
use lojal_core::programme::{Finding, Programme, Rule, check_toml, parse_toml};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::shop::{FRAME, POINTS};

const LADDERS: &str = r#"
[tiers.status]
name = { en = "Status" }
metric = "spend"
window = "12 months"
base = { id = "member", name = { en = "Member" } }
levels = [{ id = "silver", name = { en = "Silver" }, at = 10 }, { id = "gold", name = { en = "Gold" }, at = 20 }]
[tiers.play]
name = { en = "Play" }
metric = "orders"
window = "lifetime"
base = { id = "new", name = { en = "New" } }
levels = [{ id = "old", name = { en = "Old" }, at = 3 }]
"#;

/// Moments around a campaign of a few days.
const MOMENTS: [&str; 8] = [
    "2026-05-01 00:00",
    "2026-05-03 23:59",
    "2026-05-04 00:00",
    "2026-05-05 12:00",
    "2026-05-08 23:59",
    "2026-05-09 00:00",
    "2026-10-25 02:30",
    "2028-02-29 09:00",
];

fn single(of_line: bool) -> impl Strategy<Value = String> {
    let number = |field: &'static str, most: i64| {
        let comparison = select(vec!["is", "is_not", "at_least", "more_than", "at_most", "less_than"]);
        (comparison, 0..=most)
            .prop_map(move |(comparison, limit)| format!("{{ field = \"{field}\", {comparison} = {limit} }}"))
            .boxed()
    };
    let text = |field: &'static str, values: &'static [&'static str]| {
        (select(vec!["in", "not_in"]), subsequence(values, 1..=2))
            .prop_map(move |(comparison, values)| format!("{{ field = \"{field}\", {comparison} = {values:?} }}"))
            .boxed()
    };
    let flag = |field: &'static str| {
        any::<bool>().prop_map(move |flag| format!("{{ field = \"{field}\", is = {flag} }}")).boxed()
    };
    let moment = (select(vec!["at_least", "less_than"]), select(MOMENTS.to_vec()))
        .prop_map(|(comparison, moment)| format!("{{ field = \"time.now\", {comparison} = \"{moment}\" }}"))
        .boxed();
    let level = (select(vec!["at_least", "at_most", "is", "is_not"]), select(vec!["member", "silver", "gold", "old"]))
        .prop_map(|(comparison, level)| format!("{{ field = \"member.tier\", {comparison} = \"{level}\" }}"))
        .boxed();
    let mut fields = vec![
        number("order.total", 4),
        number("order.number", 3),
        flag("order.first"),
        number("order.items", 3),
        text("order.channel", &["web", "app"]),
        text("order.tags", &["a", "b", "c"]),
        text("member.segments", &["a", "b"]),
        number("member.attribute.x", 3),
        text("member.attribute.x", &["a", "b"]),
        flag("member.attribute.x"),
        number("time.hour", 24),
        number("time.day", 31),
        text("time.weekday", &["monday", "tuesday", "friday", "saturday"]),
        (select(vec!["in", "not_in"]), subsequence(vec![2, 5, 10], 1..=2))
            .prop_map(|(comparison, months)| format!("{{ field = \"time.month\", {comparison} = {months:?} }}"))
            .boxed(),
        moment,
        level,
    ];
    if of_line {
        fields.extend([flag("line.discounted"), number("line.price", 3), number("line.quantity", 3)]);
        fields.push(text("line.category", &["cups", "pots"]));
    }
    proptest::strategy::Union::new(fields)
}

fn condition(of_line: bool) -> impl Strategy<Value = String> {
    single(of_line).prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("{{ not = {inner} }}")),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| format!("{{ all = [{}] }}", all.join(", "))),
            prop::collection::vec(inner, 1..3).prop_map(|any| format!("{{ any = [{}] }}", any.join(", "))),
        ]
    })
}

/// A rule on orders or a campaign of a few days.
fn rule(id: &'static str) -> impl Strategy<Value = String> {
    let when = prop::collection::vec(condition(false), 0..4);
    let lines = prop::collection::vec(condition(true), 0..3);
    (when, lines, any::<bool>(), any::<bool>()).prop_map(move |(when, lines, campaign, excludes)| {
        let (section, time) = if campaign {
            ("campaigns", "from = \"2026-05-04\"\nuntil = \"2026-05-08\"\n")
        } else {
            ("earning", "")
        };
        format!(
            "[{section}.{id}]\nname = {{ en = \"{id}\" }}\nper = 1\nexclude = {{ discounted_lines = {excludes} }}\n{time}\
             when = [{}]\nlines = [{}]\n",
            when.join(", "),
            lines.join(", ")
        )
    })
}

/// What is the case when somebody buys.
#[derive(Clone, Debug)]
struct Case {
    moment: &'static str,
    total: i64,
    number: i64,
    channel: Option<&'static str>,
    tags: Vec<&'static str>,
    segments: Vec<&'static str>,
    attribute: Option<Value>,
    levels: (&'static str, &'static str),
    line: (bool, i64, i64, Option<&'static str>),
}

fn case() -> impl Strategy<Value = Case> {
    let attribute = prop_oneof![
        Just(None),
        (0..4_i64).prop_map(|number| Some(Value::Number(number))),
        select(vec!["a", "b", "z"]).prop_map(|text| Some(Value::Text(Name::from(text)))),
        any::<bool>().prop_map(|flag| Some(Value::Flag(flag))),
    ];
    let line = (any::<bool>(), 0..5_i64, 1..4_i64, select(vec![None, Some("cups"), Some("pots"), Some("jugs")]));
    let order = (
        select(MOMENTS.to_vec()),
        0..6_i64,
        1..5_i64,
        select(vec![None, Some("web"), Some("app"), Some("till")]),
        subsequence(vec!["a", "b", "c", "d"], 0..=4),
    );
    let member = (
        subsequence(vec!["a", "b", "c"], 0..=3),
        attribute,
        (select(vec!["member", "silver", "gold"]), select(vec!["new", "old"])),
    );
    (order, member, line).prop_map(|((moment, total, number, channel, tags), (segments, attribute, levels), line)| {
        Case { moment, total, number, channel, tags, segments, attribute, levels, line }
    })
}

/// Answers of a rule's conditions in one case: the period, `when`, and `lines` for the line.
struct Answers {
    runs: bool,
    when: Vec<bool>,
    lines: Vec<bool>,
    excluded: bool,
}

impl Answers {
    fn fires(&self) -> bool {
        self.runs && !self.excluded && self.when.iter().chain(&self.lines).all(|holds| *holds)
    }

    /// Whether all but one hold.
    fn others(&self, list: &str, index: usize) -> bool {
        let but = |name: &str, answers: &[bool]| {
            answers.iter().enumerate().all(|(place, holds)| *holds || (name == list && place == index))
        };
        self.runs && !self.excluded && but("when", &self.when) && but("lines", &self.lines)
    }
}

fn parts(test: &Test) -> &[Test] {
    match test {
        Test::All(parts) => parts,
        _ => std::slice::from_ref(test),
    }
}

fn ask(programme: &Programme, rule: &Rule, case: &Case) -> Answers {
    let names = |names: &[&str]| -> Vec<Name> { names.iter().map(|name| Name::from(*name)).collect() };
    let moment: Instant = programme.calendar.parse(case.moment).unwrap();
    let (discounted, price, quantity, category) = case.line;
    let line = Line {
        id: Name::from("1"),
        sku: None,
        quantity,
        total: Money(price * quantity * 100),
        tax: Money::ZERO,
        kind: LineKind::Product,
        category: category.map(Name::from),
        make: None,
        tags: Vec::new(),
        discounted,
        returned: 0,
    };
    let order = Order {
        external_id: Name::from("1"),
        brand: Name::from("shop"),
        state: OrderState::Paid,
        placed_at: moment,
        paid_at: Some(moment),
        closed_at: None,
        channel: case.channel.map(Name::from),
        country: None,
        tags: names(&case.tags),
        paid_with_points: Money::ZERO,
        lines: vec![line.clone()],
    };
    let mut profile = Profile::default();
    profile.segments.extend(names(&case.segments));
    profile.attributes.extend(case.attribute.clone().map(|value| (Name::from("x"), value)));
    let levels = names(&[case.levels.0, case.levels.1]);
    let member =
        MemberFacts { profile: &profile, joined_at: moment, days_since_joining: 0, levels: &levels, orders: 0 };
    let local = programme.calendar.local(moment);
    let at = LocalTime {
        weekday: local.weekday().to_monday_one_offset(),
        hour: local.hour(),
        month: local.month(),
        day: local.day(),
        moment,
    };
    let order = OrderFacts { order: &order, total: Money(case.total * 100), number: case.number };
    let facts = Facts { member: &member, at, order: Some(order), line: None, activity: None };
    let with_line = Facts { line: Some(&line), ..facts };
    Answers {
        runs: rule.campaign.as_ref().is_none_or(|campaign| campaign.runs_at(moment)),
        when: parts(&rule.when).iter().map(|test| test.holds(&facts)).collect(),
        lines: parts(&rule.lines).iter().map(|test| test.holds(&with_line)).collect(),
        excluded: discounted && rule.exclude.discounted_lines,
    }
}

fn rule_at<'p>(programme: &'p Programme, finding: &Finding) -> &'p Rule {
    let id = finding.pointer.split('/').nth(2).unwrap();
    programme.rule(id).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_certain_is_so(
        one in rule("one"),
        two in rule("two"),
        alike in any::<bool>(),
        cases in prop::collection::vec(case(), 150),
    ) {
        let two = if alike { one.replace(".one]", ".two]") } else { two };
        let text = format!("{FRAME}{POINTS}{LADDERS}{one}{two}");
        let programme = parse_toml(&text).unwrap();
        let findings = check_toml(&text).map_or_else(|findings| findings, |checked| checked.warnings);
        for finding in &findings {
            match finding.code.as_str() {
                "rule_never_fires" => {
                    let rule = rule_at(&programme, finding);
                    for case in &cases {
                        prop_assert!(!ask(&programme, rule, case).fires(), "{finding}\n{case:?}\n{text}");
                    }
                }
                "condition_always" => {
                    let rule = rule_at(&programme, finding);
                    let steps: Vec<&str> = finding.pointer.split('/').collect();
                    let (list, index) = (steps[3], steps[4].parse::<usize>().unwrap());
                    for case in &cases {
                        let answers = ask(&programme, rule, case);
                        let holds = if list == "when" { answers.when[index] } else { answers.lines[index] };
                        prop_assert!(holds || !answers.others(list, index), "{finding}\n{case:?}\n{text}");
                    }
                }
                "rules_fire_together" => {
                    for case in &cases {
                        let fires = |rule: &Rule| ask(&programme, rule, case).fires();
                        prop_assert_eq!(
                            fires(programme.rule("one").unwrap()),
                            fires(programme.rule("two").unwrap()),
                            "{}\n{:?}\n{}", finding, case, text
                        );
                    }
                }
                _ => {}
            }
        }
    }
}
