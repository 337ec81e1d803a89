//! What is said of programmes that can be executed, and must not be published without a thought.

use lojal_core::kernel::{Language, Money};
use lojal_core::programme::{Finding, Severity, Usual, check_toml, check_toml_with};
use lojal_core::words::Words;

use crate::shop::{FRAME, POINTS, SPEND};

/// All that is found, as `code at pointer`, errors first said.
fn found(text: &str, usual: Option<&Usual>) -> Vec<String> {
    let findings = match check_toml_with(text, usual) {
        Ok(checked) => checked.warnings,
        Err(findings) => findings,
    };
    for finding in &findings {
        assert!(finding.line.is_some(), "{finding}");
        assert_told(finding);
    }
    let relevant = findings.iter().filter(|finding| finding.code != "worth_not_stated");
    relevant.map(|finding| format!("{} {}", finding.code, finding.pointer)).collect()
}

/// That each language has a sentence for it, and a remedy, with nothing left blank.
pub fn assert_told(finding: &Finding) {
    // What was found may be quoted, whatever it looks like.
    let quotes_a_blank = format!("{finding:?}").contains("{$");
    for language in Language::ALL {
        let words = Words::new(language);
        for text in [words.problem(finding), words.remedy(finding)] {
            let is_whole =
                !text.is_empty() && !text.starts_with("finding-") && (quotes_a_blank || !text.contains("{$"));
            assert!(is_whole, "{language:?} {text} {finding:?}");
        }
    }
}

/// An edition of recommendations.
fn edition(id: &str, rest: &str) -> String {
    format!("\n[referrals.{id}]\nname = {{ en = \"{id}\" }}\n{rest}\n")
}

/// A document beside what is to be found in it.
fn table(rows: &[(&[&str], &[&str])]) {
    for (parts, expected) in rows {
        let text = format!("{FRAME}{}", parts.concat());
        assert_eq!(found(&text, None), *expected, "{}", parts.concat());
    }
}

/// A rule on orders with these conditions.
fn rule(id: &str, rest: &str) -> String {
    format!("\n[earning.{id}]\nname = {{ en = \"{id}\" }}\n{rest}\n")
}

fn campaign(id: &str, rest: &str) -> String {
    format!("\n[campaigns.{id}]\nname = {{ en = \"{id}\" }}\n{rest}\n")
}

fn reward(id: &str, rest: &str) -> String {
    format!("\n[rewards.{id}]\nname = {{ en = \"{id}\" }}\nkind = \"free_shipping\"\n{rest}\n")
}

const WORTH: &str = r#"
[units.points]
name.en = { one = "point", many = "points" }
worth = { units = 100, money = "5.00" }
"#;

const LADDER: &str = r#"
[tiers.status]
name = { en = "Status" }
metric = "spend"
window = "12 months"
base = { id = "member", name = { en = "Member" } }
[[tiers.status.levels]]
id = "silver"
name = { en = "Silver" }
at = "1000.00"
multiplier = "1.5"
[[tiers.status.levels]]
id = "gold"
name = { en = "Gold" }
at = "5000.00"
multiplier = 2
"#;

#[test]
fn conditions_that_contradict() {
    let never = |when: &str, expected: &[&str]| {
        let text = rule("odd", &format!("points = 5\n{when}"));
        table(&[(&[POINTS, SPEND, LADDER, &text], expected)]);
    };
    let at = |place: &str| format!("rule_never_fires /earning/odd/{place}");
    for (when, place) in [
        ("when = [{ field = \"order.total\", at_least = \"50.00\", less_than = \"50.00\" }]", "when/0"),
        ("when = [{ field = \"order.total\", more_than = 9 }, { field = \"order.total\", at_most = 9 }]", "when/1"),
        ("when = [{ field = \"order.first\", is = true }, { field = \"order.number\", at_least = 2 }]", "when/1"),
        ("when = [{ field = \"order.number\", less_than = 1 }]", "when/0"),
        ("when = [{ field = \"time.hour\", at_least = 24 }]", "when/0"),
        ("when = [{ field = \"time.month\", is = 2 }, { field = \"time.day\", at_least = 30 }]", "when/1"),
        ("when = [{ field = \"member.tier\", is = \"gold\" }, { field = \"member.tier\", is = \"silver\" }]", "when/1"),
        (
            "when = [{ field = \"order.channel\", in = [\"web\", \"app\"] }, { field = \"order.channel\", not_in = [\"app\", \"web\"] }]",
            "when/1",
        ),
        ("when = [{ field = \"order.brand\", is = \"shpo\" }]", "when/0"),
        (
            "when = [{ field = \"order.tags\", is = \"a\" }, { not = { field = \"order.tags\", in = [\"a\", \"b\"] } }]",
            "when/1",
        ),
        (
            "when = [{ field = \"member.attribute.x\", is = \"a\" }, { field = \"member.attribute.x\", at_least = 3 }]",
            "when/1",
        ),
        (
            "when = [{ any = [{ field = \"time.hour\", less_than = 6 }, { field = \"time.hour\", more_than = 20 }] }, { field = \"time.hour\", is = 12 }]",
            "when/1",
        ),
        (
            "when = [{ not = { any = [{ field = \"order.items\", at_least = 3 }, { field = \"order.items\", less_than = 3 }] } }]",
            "when/0",
        ),
        ("lines = [{ field = \"line.discounted\", is = true }]\nexclude = { discounted_lines = true }", "lines/0"),
        (
            "when = [{ field = \"order.total\", is = 5 }]\nlines = [{ field = \"order.total\", more_than = 5 }]",
            "lines/0",
        ),
        ("on = \"birthday\"\nwhen = [{ field = \"activity.attribute.age\", at_least = 18 }]", "when/0"),
        ("on = \"tier_reached\"\nwhen = [{ field = \"activity.attribute.level\", is = \"golden\" }]", "when/0"),
    ] {
        never(when, &[&at(place)]);
    }
    // A number is neither yes nor no.
    never(
        "when = [{ field = \"member.attribute.x\", is = false }, { field = \"member.attribute.x\", at_least = 3 }]",
        &["condition_always /earning/odd/when/0"],
    );
    // What may well hold, however odd it looks.
    for when in [
        "when = [{ field = \"order.tags\", is = \"a\" }, { field = \"order.tags\", is = \"b\" }]",
        "when = [{ field = \"time.month\", is = 2 }, { field = \"time.day\", is = 29 }]",
        "when = [{ field = \"order.channel\", is_not = \"web\" }, { field = \"order.channel\", is_not = \"app\" }]",
        "when = [{ field = \"order.number\", at_most = 1 }]",
        "on = \"tier_reached\"\nwhen = [{ field = \"activity.attribute.level\", is = \"gold\" }]",
    ] {
        never(when, &[]);
    }
}

#[test]
fn conditions_against_the_time_of_a_campaign() {
    let run = |when: &str| {
        campaign("may", &format!("points = 5\nfrom = \"2026-05-04\"\nuntil = \"2026-05-08\"\nwhen = [{when}]"))
    };
    let never: &[&str] = &["rule_never_fires /campaigns/may/when/0"];
    table(&[
        (&[POINTS, SPEND, &run("{ field = \"time.weekday\", is = \"saturday\" }")], never),
        (&[POINTS, SPEND, &run("{ field = \"time.weekday\", is = \"friday\" }")], &[]),
        (&[POINTS, SPEND, &run("{ field = \"time.month\", is = 6 }")], never),
        (&[POINTS, SPEND, &run("{ field = \"time.day\", more_than = 8 }")], never),
        (&[POINTS, SPEND, &run("{ field = \"time.now\", at_least = \"2026-06-01\" }")], never),
        (
            &[POINTS, SPEND, &run("{ field = \"time.now\", at_least = \"2026-05-01\" }")],
            &["condition_always /campaigns/may/when/0"],
        ),
    ]);
}

#[test]
fn conditions_that_say_nothing() {
    table(&[
        (
            &[POINTS, SPEND, &rule("odd", "points = 5\nwhen = [{ field = \"time.hour\", at_least = 0 }]")],
            &["condition_always /earning/odd/when/0"],
        ),
        (
            &[
                POINTS,
                SPEND,
                &rule(
                    "odd",
                    "points = 5\nwhen = [{ field = \"order.total\", at_least = 50 }, { field = \"order.total\", at_least = 80 }]",
                ),
            ],
            &["condition_always /earning/odd/when/0"],
        ),
        (
            &[
                POINTS,
                SPEND,
                &rule(
                    "odd",
                    "points = 5\nwhen = [{ field = \"order.items\", at_least = 3 }, { any = [{ field = \"order.items\", at_most = 2 }, { field = \"order.tags\", is = \"a\" }] }]",
                ),
            ],
            &["condition_branch_never /earning/odd/when/1/any/0"],
        ),
    ]);
}

#[test]
fn rules_that_do_not_do_what_they_seem_to() {
    let double = rule("double", "multiplier = 2\non = \"review\"");
    let reviews = rule("review", "on = \"review\"\npoints = 5\ncaps = { month = 50 }");
    let voucher = reward("code", "voucher = { }");
    table(&[
        (&[POINTS, SPEND, &rule("again", "per = \"2.00\"")], &["rules_fire_together /earning/again"]),
        (&[POINTS, SPEND, &rule("again", "per = \"2.00\"\nwhen = [{ field = \"order.first\", is = true }]")], &[]),
        (&[POINTS, SPEND, &rule("fixed", "points = 2")], &[]),
        (&[POINTS, SPEND, &double, &reviews], &["multiplies_nothing /earning/double"]),
        (&[POINTS, SPEND, &double, &reviews.replace("points = 5", "points = 5\nmultiplied = true")], &[]),
        (&[POINTS, SPEND, &rule("same", "multiplier = 1")], &["multiplies_nothing /earning/same/multiplier"]),
        (
            &[
                POINTS,
                &rule("web", "per = 1\nwhen = [{ field = \"order.channel\", is = \"web\" }]"),
                &rule("app", "multiplier = 2\nwhen = [{ field = \"order.channel\", is = \"app\" }]"),
            ],
            &["multiplies_nothing /earning/app"],
        ),
        (
            &[
                POINTS,
                SPEND,
                &rule("gift", "reward = \"code\"\nlines = [{ field = \"line.sku\", is = \"A\" }]"),
                &voucher,
            ],
            &["lines_without_effect /earning/gift/lines"],
        ),
        (
            &[POINTS, SPEND, &rule("big", "points = 50\ncaps = { month = 30 }")],
            &["cap_below_award /earning/big/caps/month"],
        ),
        (
            &[POINTS, SPEND, &rule("big", "points = 5\ncaps = { day = 5, month = 200 }")],
            &["cap_without_effect /earning/big/caps/month"],
        ),
        (
            &[POINTS, SPEND, &rule("big", "points = 5\ncaps = { day = 50, month = 20 }")],
            &["cap_without_effect /earning/big/caps/day"],
        ),
        (&[POINTS, SPEND, &rule("big", "points = 5\ncaps = { week = 20, month = 20 }")], &[]),
        (
            &[POINTS, SPEND, &rule("joined", "on = \"join\"\npoints = 5\ncaps = { lifetime = 5 }")],
            &["activity_misspelt /earning/joined/on"],
        ),
        (
            &[POINTS, SPEND, "[exclude]\ngift_cards = false\npaid_with_points = false\n"],
            &["earns_on_gift_cards /exclude/gift_cards", "earns_on_points /exclude/paid_with_points"],
        ),
    ]);
}

#[test]
fn campaigns_and_costs_without_a_bound() {
    let double = |id: &str, rest: &str| campaign(id, &format!("multiplier = 2\n{rest}"));
    let april = double("april", "from = \"2026-04-01\"\nuntil = \"2026-04-30\"");
    table(&[
        (&[POINTS, SPEND, &double("ever", "")], &["campaign_without_end /campaigns/ever"]),
        (&[POINTS, SPEND, &double("ever", "budget = 100")], &["budget_without_end /campaigns/ever/budget"]),
        (
            &[POINTS, SPEND, &april, &double("easter", "from = \"2026-04-05\"\nuntil = \"2026-04-06\"")],
            &["campaigns_stack /campaigns/easter"],
        ),
        (&[POINTS, SPEND, &april, &double("may", "from = \"2026-05-01\"\nuntil = \"2026-05-31\"")], &[]),
        (
            &[
                POINTS,
                SPEND,
                &april,
                &double("easter", "from = \"2026-04-05\"\nuntil = \"2026-04-06\""),
                "[stacking]\nmultipliers = \"best\"\n",
            ],
            &[],
        ),
        (&[POINTS, SPEND, &rule("review", "on = \"review\"\npoints = 5")], &["activity_without_cap /earning/review"]),
        (&[POINTS, SPEND, &rule("birthday", "on = \"birthday\"\npoints = 5")], &[]),
        (&[POINTS, SPEND, "[gifts]\nleast = 5\n"], &["transfers_without_cap /gifts"]),
        (&[POINTS, SPEND, &reward("free", "price = 0")], &["free_reward_without_limit /rewards/free/price"]),
        (&[POINTS, SPEND, &reward("free", "price = 0\nlimit = { times = 1 }")], &[]),
    ]);
}

#[test]
fn levels_and_rewards_out_of_reach() {
    let ladder = |metric: &str, at: &str| {
        format!(
            "\n[tiers.status]\nname = {{ en = \"Status\" }}\nmetric = \"{metric}\"\nunit = \"points\"\nwindow = \"calendar_year\"\n\
             base = {{ id = \"none\", name = {{ en = \"None\" }} }}\n[[tiers.status.levels]]\nid = \"top\"\nname = {{ en = \"Top\" }}\n\
             at = {at}\nperks = [{{ en = \"A chair\" }}]\n"
        )
    };
    let few = rule("few", "per = \"1.00\"\ncaps = { month = 10 }");
    table(&[
        (&[POINTS, &few, &ladder("points", "121")], &["level_out_of_reach /tiers/status/levels/0/at"]),
        (&[POINTS, &few, &ladder("points", "120")], &[]),
        (
            &[POINTS, SPEND, &LADDER.replace("multiplier = 2", "multiplier = \"1.2\"")],
            &["level_worse_than_below /tiers/status/levels/1"],
        ),
        (
            &[POINTS, SPEND, &LADDER.replace("multiplier = 2", "")],
            &["level_worse_than_below /tiers/status/levels/1", "level_brings_nothing /tiers/status/levels/1"],
        ),
        (
            &[POINTS, &rule("flat", "points = 2"), LADDER],
            &[
                "multiplies_nothing /tiers/status/levels/0/multiplier",
                "multiplies_nothing /tiers/status/levels/1/multiplier",
            ],
        ),
        (&[POINTS, SPEND, &reward("lost", "")], &["reward_out_of_reach /rewards/lost"]),
        (&[POINTS, &reward("dear", "price = 10")], &["reward_out_of_reach /rewards/dear/price"]),
        (
            &[
                &POINTS.replace("[units.points]", "[units.points]\ncaps = { lifetime = 50 }"),
                SPEND,
                &reward("dear", "price = 51"),
            ],
            &["reward_beyond_caps /rewards/dear/price"],
        ),
        (
            &[POINTS, SPEND, &reward("past", "price = 5\nfrom = \"2026-05-01\"\nuntil = \"2026-04-01\"")],
            &["reward_never_offered /rewards/past/until"],
        ),
        (
            &[
                POINTS,
                SPEND,
                LADDER,
                &reward(
                    "odd",
                    "price = 5\nwhen = [{ field = \"member.tier\", is = \"gold\" }, { field = \"member.tier\", is = \"member\" }]",
                ),
            ],
            &["reward_never_offered /rewards/odd/when/1"],
        ),
    ]);
}

#[test]
fn what_a_unit_costs_and_is_worth() {
    let waits = |from: &str, wait: &str, expiry: &str| {
        format!("{POINTS}pending = {{ after = \"{from}\", for = \"{wait}\" }}\nexpiry = {expiry}\n")
    };
    let cash = "\n[rewards.cash]\nname = { en = \"Cash\" }\nkind = \"cash_back\"\namount = \"10.00\"\nprice = 150\n";
    table(&[
        (&[WORTH, SPEND], &[]),
        (&[WORTH, &rule("spend", "per = \"0.05\"")], &["unit_worth_more /earning/spend/per"]),
        (&[WORTH, &rule("spend", "per = \"0.05\"\ncaps = { month = 9 }")], &["generous_return /earning/spend/per"]),
        // A condition may bound it as well as a number.
        (
            &[WORTH, &rule("spend", "per = \"0.05\"\nwhen = [{ field = \"order.first\", is = true }]")],
            &["generous_return /earning/spend/per"],
        ),
        (&[WORTH, &rule("spend", "per = \"0.25\"")], &[]),
        (&[WORTH, &rule("spend", "per = \"0.24\"")], &["generous_return /earning/spend"]),
        (&[WORTH, &rule("spend", "per = \"0.40\""), LADDER], &["generous_return /earning/spend"]),
        (&[WORTH, &rule("spend", "per = \"0.60\""), LADDER], &[]),
        (&[WORTH, SPEND, cash], &["reward_above_worth /rewards/cash/price"]),
        (
            &[&waits("closed", "30 days", "{ after_earning = \"2 weeks\" }"), SPEND],
            &["expiry_before_release /units/points/pending"],
        ),
        // Points of activities never wait, and a rule may have a wait of its own.
        (
            &[
                &waits("closed", "30 days", "{ after_earning = \"2 weeks\" }"),
                &rule("joining", "on = \"joined\"\npoints = 5"),
            ],
            &[],
        ),
        (
            &[
                &waits("closed", "30 days", "{ after_earning = \"2 weeks\" }"),
                &rule("spend", "per = \"1.00\"\npending = { after = \"closed\", for = \"2 days\" }"),
            ],
            &[],
        ),
        (&[&waits("closed", "30 days", "{ after_earning = \"12 months\" }"), SPEND], &[]),
        (
            &[&waits("closed", "30 days", "{ on = [\"12-31\"] }"), SPEND],
            &["some_expire_before_release /units/points/pending"],
        ),
        (&[&waits("closed", "30 days", "{ on = [\"12-31\"], not_before = \"3 months\" }"), SPEND], &[]),
    ]);
}

#[test]
fn rules_that_exclude_each_other_are_not_added_up() {
    let by_channel = |id: &str, channel: &str| {
        rule(id, &format!("per = \"0.40\"\nwhen = [{{ field = \"order.channel\", is = \"{channel}\" }}]"))
    };
    let both = rule("both", "per = \"0.40\"\nwhen = [{ field = \"order.tags\", is = \"a\" }]");
    table(&[
        (&[WORTH, &by_channel("web", "web"), &by_channel("app", "app")], &[]),
        (&[WORTH, &by_channel("web", "web"), &both], &["generous_return /earning/web"]),
    ]);
}

#[test]
fn texts_that_were_only_copied() {
    let frame =
        FRAME.replace("[\"en\"]", "[\"en\", \"pl\"]").replace("{ en = \"Club\" }", "{ en = \"Club\", pl = \"Club\" }");
    let frame = frame.replace("{ en = \"Shop\" }", "{ en = \"Shop\", pl = \"Sklep\" }");
    let text = |name: &str, few: &str, many: &str, sentence: &str| {
        format!(
            "{frame}\n[units.points]\nname.en = {{ one = \"point\", many = \"points\" }}\nname.pl = {{ one = \"{name}\", few = \
             \"{few}\", many = \"{many}\" }}\n[earning.spend]\nname = {{ en = \"A point for each zloty\", pl = \"{sentence}\" }}\nper = 1\n"
        )
    };
    for (text, expected) in [
        (text("punkt", "punkty", "punktów", "Punkt za złotówkę"), vec![]),
        (text("punkt", "punkt", "punktów", "Punkt"), vec!["plural_forms_equal /units/points/name/pl"]),
        (text("punkt", "punkt", "punkt", "Punkt"), vec!["plural_forms_equal /units/points/name/pl"]),
        (text("point", "points", "points", "Punkt"), vec!["text_not_translated /units/points/name/pl"]),
        (
            text("punkt", "punkty", "punktów", "A point for each zloty"),
            vec!["text_not_translated /earning/spend/name/pl"],
        ),
    ] {
        assert_eq!(found(&text, None), expected, "{text}");
    }
}

#[test]
fn what_an_ordinary_member_can_reach() {
    let usual = Usual { orders_a_year: 400, average_order: Money(50_00) };
    let shop = |price: i64, expiry: &str| {
        let dear = reward("dear", "price = 5000");
        format!("{FRAME}{POINTS}{expiry}{SPEND}{}{dear}", reward("cheap", &format!("price = {price}")))
    };
    for (text, expected) in [
        (shop(200, ""), vec!["reward_far_away /rewards/dear/price"]),
        (shop(201, ""), vec!["no_reward_in_a_year /rewards/cheap/price"]),
        (
            shop(200, "expiry = { after_earning = \"6 months\" }"),
            vec!["reward_far_away /rewards/dear/price", "expiry_before_reward /units/points/expiry"],
        ),
        (
            shop(200, "expiry = { after_inactivity = \"60 days\" }"),
            vec!["reward_far_away /rewards/dear/price", "expiry_before_reward /units/points/expiry"],
        ),
        (shop(200, "expiry = { after_inactivity = \"4 months\" }"), vec!["reward_far_away /rewards/dear/price"]),
    ] {
        assert_eq!(found(&text, Some(&usual)), expected, "{text}");
        assert_eq!(found(&text, None), Vec::<String>::new());
    }
}

#[test]
fn what_is_meant_is_accepted_in_the_document() {
    let review = rule("review", "on = \"review\"\npoints = 5");
    let accepted = |finding: &str, at: &str| {
        let at = if at.is_empty() { String::new() } else { format!("at = \"{at}\"\n") };
        format!("[[accepted]]\nfinding = \"{finding}\"\n{at}reason = \"We read each of them.\"\n")
    };
    for (acceptance, idle) in [
        (accepted("activity_without_cap", "/earning/review"), false),
        (accepted("activity_without_cap", "/earning"), false),
        (accepted("activity_without_cap", ""), false),
        (accepted("activity_without_cap", "/earning/rev"), true),
        (accepted("campaigns_stack", ""), true),
    ] {
        let text = format!("{FRAME}{WORTH}{SPEND}{review}{acceptance}");
        let checked = check_toml(&text).unwrap();
        if idle {
            let codes: Vec<String> = checked.unaccepted().into_iter().map(|finding| finding.code).collect();
            assert_eq!(codes, ["activity_without_cap", "accepted_nothing"], "{acceptance}");
        } else {
            assert_eq!(checked.unaccepted(), [], "{acceptance}");
            assert_eq!(checked.warnings[0].severity, Severity::Notice);
            assert_eq!(checked.warnings[0].accepted.as_deref(), Some("We read each of them."));
        }
    }
    // What can be found only beside orders is not called idle without them; and errors stay errors.
    let patient = format!("{FRAME}{WORTH}{SPEND}{}", accepted("no_reward_in_a_year", ""));
    assert_eq!(check_toml(&patient).unwrap().unaccepted(), []);
    let never = rule("never", "points = 1\nwhen = [{ field = \"time.hour\", at_least = 24 }]");
    assert!(check_toml(&format!("{FRAME}{WORTH}{SPEND}{never}{}", accepted("rule_never_fires", ""))).is_err());
}

#[test]
fn recommendations_are_rewarded_looked_at_and_worth_their_price() {
    let thanks = rule("thanks", "on = \"friend_qualified\"\npoints = 200");
    let asks = "qualify.when = [{ field = \"order.total\", at_least = \"10.00\" }]";
    let spring = edition("spring", asks);
    let waits = "[units.points]\nname.en = { one = \"point\", many = \"points\" }\n\
                 pending = { after = \"closed\", for = \"14 days\" }\n";
    table(&[
        (&[WORTH, &spring, &thanks], &[]),
        (&[WORTH, &spring], &["recommendations_unrewarded /referrals/spring"]),
        (&[WORTH, &thanks], &["reward_without_edition /earning/thanks/on"]),
        // An edition that the rule has nothing to do with.
        (
            &[
                WORTH,
                &spring,
                &edition("autumn", &format!("friends = []\n{asks}")),
                &rule(
                    "thanks",
                    "on = \"friend_qualified\"\npoints = 200\n\
                     when = [{ field = \"activity.attribute.referral\", is = \"spring\" }]",
                ),
            ],
            &["recommendations_unrewarded /referrals/autumn"],
        ),
        (
            &[
                WORTH,
                &spring,
                &rule(
                    "thanks",
                    "on = \"friend_qualified\"\npoints = 200\n\
                     when = [{ field = \"activity.attribute.referral\", is = \"autumn\" }]",
                ),
            ],
            &["rule_never_fires /earning/thanks/when/0", "recommendations_unrewarded /referrals/spring"],
        ),
        (
            &[WORTH, &edition("spring", &format!("review = \"none\"\n{asks}")), &thanks],
            &["recommendations_unreviewed /referrals/spring/review"],
        ),
        (
            &[
                WORTH,
                &edition("spring", &format!("review = \"all\"\n{asks}")),
                &thanks,
                "[fraud.rules]\ntoo_quick = { verdict = \"verify\" }",
            ],
            &["codes_ask_nobody /fraud/rules/too_quick/verdict"],
        ),
        (
            &[
                WORTH,
                &spring,
                &edition("week", &format!("from = \"2026-05-01\"\nuntil = \"2026-05-07\"\n{asks}")),
                &thanks,
            ],
            &["edition_never_chosen /referrals/week"],
        ),
        (&[WORTH, &edition("spring", ""), &thanks], &["reward_above_order /referrals/spring"]),
        (&[waits, &spring, &thanks], &["recommendation_settles_early /referrals/spring"]),
        (
            &[
                waits,
                &edition("spring", &format!("{asks}\nqualify.wait = {{ after = \"closed\", for = \"14 days\" }}")),
                &thanks,
            ],
            &[],
        ),
        (
            &[WORTH, &spring, &thanks, &rule("hello", "on = \"referred\"\npoints = 5\ncaps = { lifetime = 5 }")],
            &["coming_without_limit /earning/hello"],
        ),
        (
            &[WORTH, &spring, &thanks, &rule("brought", "on = \"friend_joined\"\npoints = 5\ncaps = { month = 50 }")],
            &[],
        ),
    ]);
}
