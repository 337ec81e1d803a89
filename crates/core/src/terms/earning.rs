//! What is given for what: rules and campaigns, with their conditions and limits, and what holds for all
//! of them.

use super::scribe::{Scribe, unit_place};
use super::span::Text;
use super::units::{available, since};
use super::{Clause, Section};
use crate::programme::condition::{NumberField, Test};
use crate::programme::{
    AwardKind, Cap, Exclusions, PendingFrom, Place, Programme, Rule, RulePending, Stacking, Trigger, Unit, WordKind,
};

use crate::activity::builtin;
use crate::kernel::{Rounding, Window};

pub fn section(scribe: &Scribe<'_>) -> Section {
    let programme = scribe.programme;
    let list = |campaigns: bool| -> Vec<Text> {
        let rules = programme.rules.iter().filter(|rule| rule.campaign.is_some() == campaigns);
        rules.map(|rule| in_full(scribe, rule)).collect()
    };
    let mut clauses = Vec::new();
    let (standing, campaigns) = (list(false), list(true));
    if !standing.is_empty() {
        let units = scribe.all_units();
        let text = scribe.say("terms-earning-rules", &[("units", units.into())]).capitalised();
        clauses.push(Clause { text, points: standing });
    }
    if !campaigns.is_empty() {
        clauses.push(Clause { text: scribe.say("terms-earning-campaigns", &[]), points: campaigns });
    }
    if programme.rules.iter().any(counts_money) {
        clauses.push(excluded_by_all(scribe).into());
    }
    clauses.push(scribe.say("terms-rounding", &[("rounding", rounding(programme.rounding).into())]).into());
    clauses.extend(stacking(scribe).map(Clause::from));
    for unit in programme.units.iter().filter(|unit| !unit.caps.is_empty()) {
        let caps = caps(scribe, &unit.caps, unit, &unit_place(unit).key("caps"));
        clauses.push(scribe.say("terms-unit-limit", &[("caps", scribe.and(caps).into())]).into());
    }
    if !programme.exchange.is_empty() {
        clauses.push(exchange(scribe).into());
    }
    let spendable = programme.units.iter().filter(|unit| unit.spendable);
    clauses.extend(spendable.map(|unit| available(scribe, unit).into()));
    (scribe.say("terms-section-earning", &[]), clauses)
}

/// A rule in a row of the table: its name, what it gives, and on which conditions.
pub fn row(scribe: &Scribe<'_>, rule: &Rule) -> Vec<Text> {
    vec![scribe.rule_name(rule), award(scribe, rule).capitalised(), Text::joined(facts(scribe, rule), " ")]
}

/// A rule in a sentence, and others for its conditions and limits.
fn in_full(scribe: &Scribe<'_>, rule: &Rule) -> Text {
    let name = scribe.rule_name(rule);
    let sentence = scribe.say("terms-rule", &[("name", name.into()), ("award", award(scribe, rule).into())]);
    Text::joined(std::iter::once(sentence).chain(facts(scribe, rule)), " ")
}

/// What a rule gives, and for what: `1 punkt za każdą wydaną złotówkę`.
pub fn award(scribe: &Scribe<'_>, rule: &Rule) -> Text {
    let programme = scribe.programme;
    let place = scribe.rule_place(rule);
    let unit = &programme.units[rule.unit];
    match &rule.award {
        AwardKind::PerAmount { rate, per, .. } => {
            let rate = scribe.rate(unit, *rate, &place.key("rate"));
            let per_place = place.key("per");
            let (size, per) =
                scribe.coin(*per, &per_place).unwrap_or_else(|| ("neuter", scribe.money(*per, &per_place)));
            scribe.say("terms-award-amount", &[("rate", rate.into()), ("size", size.into()), ("per", per.into())])
        }
        AwardKind::PerItem { each } => {
            let each = scribe.amount(unit, *each, &place.key("per_item"));
            scribe.say("terms-award-piece", &[("each", each.into())])
        }
        AwardKind::Fixed { points } => {
            let amount = scribe.amount(unit, *points, &place.key("points"));
            scribe.say("terms-award-fixed", &[("amount", amount.into()), ("occasion", occasion(scribe, rule).into())])
        }
        AwardKind::PerValue { attribute, rate, per } => {
            let rate = scribe.rate(unit, *rate, &place.key("rate"));
            let place = place.key("per_value");
            let per = scribe.counted("parts-each", *per, &place.key("per"));
            let attribute = match attribute.as_str() {
                "total" if super::referrals::rewards_recommendations(rule) => {
                    Text::stated(scribe.word("field-friends-total"), place.key("attribute").pointer())
                }
                _ => scribe.label(WordKind::Attribute, attribute, &place.key("attribute")),
            };
            scribe.say(
                "terms-award-attribute",
                &[("rate", rate.into()), ("per", per.into()), ("attribute", attribute.into())],
            )
        }
        AwardKind::Multiplier { factor, applies_to } => {
            let factor = scribe.factor(*factor, &place.key("multiplier"));
            match applies_to {
                Some(targets) => {
                    let targets = targets.iter().filter_map(|target| programme.rule(target));
                    let rules = scribe.and(targets.map(|rule| scribe.quoted(scribe.rule_name(rule))).collect());
                    scribe.say("terms-award-multiplier", &[("factor", factor.into()), ("rules", rules.into())])
                }
                None => scribe.say("terms-award-multiplier-all", &[("factor", factor.into())]),
            }
        }
        AwardKind::Reward { reward } => {
            let reward = &programme.rewards[*reward];
            let name = scribe.text(&reward.name, &Place::root().key("rewards").key(&reward.id).key("name"));
            scribe.say("terms-award-reward", &[("reward", name.into()), ("occasion", occasion(scribe, rule).into())])
        }
    }
}

fn occasion(scribe: &Scribe<'_>, rule: &Rule) -> Text {
    match &rule.on {
        Trigger::Order => scribe.say("terms-occasion-order", &[]),
        Trigger::Activity(name) => match name.as_str() {
            builtin::JOINED => scribe.say("terms-occasion-joined", &[]),
            builtin::BIRTHDAY => scribe.say("terms-occasion-birthday", &[]),
            builtin::TIER_REACHED => scribe.say("terms-occasion-level", &[]),
            builtin::FRIEND_JOINED => scribe.say("terms-occasion-friend-joined", &[]),
            builtin::FRIEND_QUALIFIED => match numbered_friend(rule) {
                Some(count) => {
                    let number = scribe.number(count, &scribe.rule_place(rule).key("when").index(0));
                    scribe.say("terms-occasion-friend-number", &[("count", count.into()), ("number", number.into())])
                }
                None => scribe.say("terms-occasion-friend-qualified", &[]),
            },
            builtin::REFERRED => scribe.say("terms-occasion-referred", &[]),
            builtin::REFERRAL_QUALIFIED => scribe.say("terms-occasion-referral-qualified", &[]),
            _ if is_once(rule) => scribe.say("terms-occasion-once", &[]),
            _ => scribe.say("terms-occasion-activity", &[]),
        },
    }
}

/// Which of a member's friends a rule is for, where nothing else is asked.
fn numbered_friend(rule: &Rule) -> Option<i64> {
    let is_of_friends = matches!(&rule.on, Trigger::Activity(name) if name.as_str() == builtin::FRIEND_QUALIFIED);
    // What else is given is not said to be for an occasion.
    let has_occasion = matches!(rule.award, AwardKind::Fixed { .. } | AwardKind::Reward { .. });
    let [Test::NumberIn { field: NumberField::ActivityAttribute(name), numbers }] = conditions_of(rule) else {
        return None;
    };
    numbers.first().copied().filter(|_| is_of_friends && has_occasion && name == "friends" && numbers.len() == 1)
}

/// What has to hold, but for what says whom a campaign is for.
fn conditions_of(rule: &Rule) -> &[Test] {
    let tests = rule.when.parts();
    let audience = rule.campaign.as_ref().map_or(0, |campaign| campaign.audience);
    &tests[..tests.len().saturating_sub(audience)]
}

/// Whether the limit for all time is used up by the first award.
fn is_once(rule: &Rule) -> bool {
    let AwardKind::Fixed { points } = rule.award else {
        return false;
    };
    let has_own_words = matches!(&rule.on, Trigger::Activity(name) if builtin::ALL.contains(&name.as_str()));
    !has_own_words
        && rule.on != Trigger::Order
        && rule.caps.iter().any(|cap| cap.window == Window::Lifetime && cap.most == points)
}

/// Sentences on when a rule holds, how far it goes, and what is different from other rules.
fn facts(scribe: &Scribe<'_>, rule: &Rule) -> Vec<Text> {
    let programme = scribe.programme;
    let place = scribe.rule_place(rule);
    let unit = &programme.units[rule.unit];
    let mut facts = Vec::new();
    if let Some(campaign) = &rule.campaign
        && (campaign.from.is_some() || campaign.until.is_some())
    {
        let bounds = scribe.bounds(campaign.from, campaign.until, &place);
        facts.push(scribe.say("terms-fact-period", &[("bounds", bounds.into())]));
    }
    let when = conditions_of(rule);
    let audience = &rule.when.parts()[when.len()..];
    if numbered_friend(rule).is_none() {
        facts.extend(conditions(scribe, when, &place.key("when")));
    }
    let listed = |list: Vec<Text>| [("conditions", Text::joined(list, "; ").into())];
    let (audience, not_for) = scribe.conditions(audience, &place.key("audience"));
    facts.extend((!audience.is_empty()).then(|| scribe.say("terms-fact-audience", &listed(audience))));
    facts.extend((!not_for.is_empty()).then(|| scribe.say("terms-fact-conditions-not", &listed(not_for))));
    let (lines, not_lines) = scribe.conditions(rule.lines.parts(), &place.key("lines"));
    facts.extend((!lines.is_empty()).then(|| scribe.say("terms-fact-lines", &listed(lines))));
    facts.extend((!not_lines.is_empty()).then(|| scribe.say("terms-fact-lines-not", &listed(not_lines))));
    if counts_money(rule) && rule.exclude != programme.exclude {
        facts.push(match excluded(scribe, &rule.exclude, &place.key("exclude")) {
            Some(list) => scribe.say("terms-fact-excluded", &[("list", list.into())]),
            None => scribe.say("terms-fact-excluded-nothing", &[]),
        });
    }
    facts.extend(limits(scribe, rule, unit, &place));
    if matches!(rule.award, AwardKind::PerAmount { carry: true, .. }) {
        facts.push(scribe.say("terms-fact-carried", &[]));
    }
    let is_order = rule.on == Trigger::Order;
    let when = match rule.pending {
        RulePending::AsUnit => None,
        RulePending::Immediate => (is_order && unit.pending.is_some()).then(|| scribe.say("terms-at-once", &[])),
        RulePending::Own(mut pending) => {
            // An activity has one moment only.
            pending.from = if is_order { pending.from } else { PendingFrom::Placed };
            Some(since(scribe, pending, is_order, &place.key("pending").key("for")))
        }
    };
    facts.extend(when.map(|when| scribe.say("terms-fact-available", &[("when", when.into())])));
    facts
}

/// `Warunek – ….` or `Warunki – …; ….`, and `Nie dotyczy – ….`
pub fn conditions(scribe: &Scribe<'_>, tests: &[Test], place: &Place) -> Vec<Text> {
    let (must, must_not) = scribe.conditions(tests, place);
    let count = i64::try_from(must.len()).unwrap_or(i64::MAX);
    let listed = |list: Vec<Text>| ("conditions", Text::joined(list, "; ").into());
    let mut facts = Vec::new();
    if !must.is_empty() {
        facts.push(scribe.say("terms-fact-conditions", &[("count", count.into()), listed(must)]));
    }
    if !must_not.is_empty() {
        facts.push(scribe.say("terms-fact-conditions-not", &[listed(must_not)]));
    }
    facts
}

fn limits(scribe: &Scribe<'_>, rule: &Rule, unit: &Unit, place: &Place) -> Vec<Text> {
    let mut limits = Vec::new();
    if let Some(cap) = rule.order_cap {
        let amount = scribe.amount(unit, cap, &place.key("caps").key("order"));
        limits.push(match rule.on {
            Trigger::Order => scribe.say("terms-fact-order-limit", &[("amount", amount.into())]),
            Trigger::Activity(_) => scribe.say("terms-fact-activity-limit", &[("amount", amount.into())]),
        });
    }
    if !is_once(rule) && !rule.caps.is_empty() {
        let caps = caps(scribe, &rule.caps, unit, &place.key("caps"));
        limits.push(scribe.say("terms-fact-limit", &[("caps", scribe.and(caps).into())]));
    }
    if let Some(budget) = rule.budget() {
        let amount = scribe.amount(unit, budget.total, &place.key("budget"));
        limits.push(scribe.say("terms-fact-budget", &[("amount", amount.into())]));
    }
    limits
}

/// The most within each window.
pub fn caps(scribe: &Scribe<'_>, caps: &[Cap], unit: &Unit, place: &Place) -> Vec<Text> {
    let said = |cap: &Cap| scribe.within(scribe.amount(unit, cap.most, &place.key(cap.window.name())), cap.window);
    caps.iter().map(said).collect()
}

fn counts_money(rule: &Rule) -> bool {
    rule.on == Trigger::Order && matches!(rule.award, AwardKind::PerAmount { .. } | AwardKind::PerItem { .. })
}

fn excluded_by_all(scribe: &Scribe<'_>) -> Text {
    match excluded(scribe, &scribe.programme.exclude, &Place::root().key("exclude")) {
        Some(list) => scribe.say("terms-excluded", &[("list", list.into())]),
        None => scribe.say("terms-excluded-nothing", &[]),
    }
}

/// What is left out of account, one after the other.
pub fn excluded(scribe: &Scribe<'_>, exclusions: &Exclusions, place: &Place) -> Option<Text> {
    let list = [
        (exclusions.shipping, "shipping", scribe.word("terms-excluded-shipping")),
        (exclusions.tax, "tax", scribe.word("terms-excluded-tax")),
        (exclusions.gift_cards, "gift_cards", scribe.word("terms-excluded-gift-cards")),
        (exclusions.fees, "fees", scribe.word("terms-excluded-fees")),
        (exclusions.discounted_lines, "discounted_lines", scribe.word("terms-excluded-discounted")),
        (exclusions.paid_with_points, "paid_with_points", scribe.word("terms-excluded-points")),
    ];
    let list = list.into_iter().filter(|(is_excluded, ..)| *is_excluded);
    let list: Vec<Text> = list.map(|(_, field, word)| Text::stated(word, place.key(field).pointer())).collect();
    (!list.is_empty()).then(|| scribe.and(list))
}

fn rounding(rounding: Rounding) -> &'static str {
    match rounding {
        Rounding::Down => "down",
        Rounding::Nearest => "nearest",
        Rounding::Up => "up",
    }
}

/// Only where something multiplies, and something can be multiplied.
fn stacking(scribe: &Scribe<'_>) -> Option<Text> {
    let programme = scribe.programme;
    let multiplied = programme.rules.iter().filter(|rule| rule.multiplied && !is_modifier(rule));
    let rules: Vec<Text> = multiplied.map(|rule| scribe.quoted(scribe.rule_name(rule))).collect();
    if rules.is_empty() || !has_multipliers(programme) {
        return None;
    }
    let stacking = match programme.stacking {
        Stacking::Compound => "compound",
        Stacking::Additive => "additive",
        Stacking::Best => "best",
    };
    Some(scribe.say("terms-stacking", &[("rules", scribe.and(rules).into()), ("stacking", stacking.into())]))
}

fn is_modifier(rule: &Rule) -> bool {
    matches!(rule.award, AwardKind::Multiplier { .. } | AwardKind::Reward { .. })
}

fn has_multipliers(programme: &Programme) -> bool {
    let levels = programme.ladders.iter().flat_map(|ladder| &ladder.levels);
    levels.into_iter().any(|level| level.multiplier.is_some())
        || programme.rules.iter().any(|rule| matches!(rule.award, AwardKind::Multiplier { .. }))
}

fn exchange(scribe: &Scribe<'_>) -> Text {
    let place = Place::root().key("programme").key("exchange");
    let rates = scribe.programme.exchange.iter().map(|(code, rate)| {
        let place = place.key(code);
        let currency = Text::stated(code.as_str(), place.pointer());
        let money = scribe.exchange_rate(*rate, &place);
        scribe.say("terms-exchange-rate", &[("currency", currency.into()), ("money", money.into())])
    });
    let rates = Text::joined(rates.collect::<Vec<_>>(), "; ");
    scribe.say("terms-exchange", &[("rates", rates.into())])
}
