//! Earning rules and campaigns of a document.

use super::compile::Compiler;
use super::condition::Test;
use super::document::{ExcludeSection, Remainder, RuleSection};
use super::finding::Place;
use super::model::*;
use super::remark::Remark;
use super::vocabulary::Scope;
use crate::kernel::{Factor, Name, Window};

const MOST_RULES: usize = 500;

/// Standing rules and then campaigns, in the order of the document.
pub(super) fn rules(compiler: &mut Compiler<'_>) -> Vec<Rule> {
    let document = compiler.document;
    let root = Place::root();
    let standing = document.earning.iter().map(|(id, section)| (id, section, root.key("earning").key(id), false));
    let campaigns = document.campaigns.iter().map(|(id, section)| (id, section, root.key("campaigns").key(id), true));
    let mut rules: Vec<Rule> = Vec::new();
    for (id, section, place, is_campaign) in standing.chain(campaigns) {
        if rules.iter().any(|rule| rule.id == id.as_str()) {
            compiler.findings.error(&place, "rule_twice", Remark::new("finding-rule-twice").word("rule", id));
        }
        if let Some(rule) = read_rule(compiler, id, section, &place, is_campaign) {
            rules.push(rule);
        }
    }
    if rules.len() > MOST_RULES {
        compiler.findings.error(
            &root.key("earning"),
            "too_many",
            Remark::new("finding-too-many-rules").plain("most", MOST_RULES as i64),
        );
    }
    known_targets(compiler, &rules);
    rules
}

fn read_rule(
    compiler: &mut Compiler<'_>,
    id: &str,
    section: &RuleSection,
    place: &Place,
    is_campaign: bool,
) -> Option<Rule> {
    compiler.id(id, place);
    compiler.texts(&section.name, &place.key("name"));
    let on = trigger(compiler, section, place);
    let scope = if on == Trigger::Order { Scope::Order } else { Scope::Activity };
    let award = award(compiler, section, &on, place);
    let unit = match &award {
        Some(AwardKind::Multiplier { .. } | AwardKind::Reward { .. }) => {
            if section.unit.is_some() {
                compiler.findings.error(&place.key("unit"), "field_unfit", "finding-unit-without-points");
            }
            Some(0)
        }
        _ => compiler.unit_index(section.unit.as_deref(), &place.key("unit")),
    };
    let mut when = vec![compiler.conditions(&section.when, scope, &place.key("when"))];
    if !section.audience.is_empty() {
        when.push(compiler.conditions(&section.audience, Scope::Member, &place.key("audience")));
    }
    let lines = if on == Trigger::Order {
        compiler.conditions(&section.lines, Scope::Line, &place.key("lines"))
    } else {
        if !section.lines.is_empty() {
            compiler.findings.error(&place.key("lines"), "field_unfit", "finding-lines-without-order");
        }
        Test::ALWAYS
    };
    let campaign = campaign(compiler, id, section, place, is_campaign);
    let pending = if section.immediate {
        RulePending::Immediate
    } else {
        compiler.pending(section.pending.as_ref(), &place.key("pending")).map_or(RulePending::AsUnit, RulePending::Own)
    };
    let award = award?;
    let by_amount = matches!(award, AwardKind::PerAmount { .. } | AwardKind::PerItem { .. });
    let order_cap = section.caps.order.and_then(|most| compiler.positive(most, &place.key("caps").key("order")));
    Some(Rule {
        id: Name::from(id),
        name: section.name.clone(),
        campaign,
        on,
        when: flatten(when),
        lines,
        unit: unit?,
        multiplied: section.multiplied.unwrap_or(by_amount),
        award,
        order_cap,
        caps: caps(compiler, id, section, place),
        exclude: exclusions(section.exclude.as_ref().unwrap_or(&compiler.document.exclude)),
        pending,
    })
}

/// One conjunction in place of nested ones.
fn flatten(tests: Vec<Test>) -> Test {
    let parts = tests.into_iter().flat_map(|test| match test {
        Test::All(parts) => parts,
        other => vec![other],
    });
    Test::All(parts.collect())
}

fn trigger(compiler: &mut Compiler<'_>, section: &RuleSection, place: &Place) -> Trigger {
    if section.on == "order" {
        return Trigger::Order;
    }
    compiler.id(&section.on, &place.key("on"));
    Trigger::Activity(Name::from(section.on.as_str()))
}

fn award(compiler: &mut Compiler<'_>, section: &RuleSection, on: &Trigger, place: &Place) -> Option<AwardKind> {
    let kinds = [
        ("per", section.per.is_some()),
        ("per_item", section.per_item.is_some()),
        ("points", section.points.is_some()),
        ("per_value", section.per_value.is_some()),
        ("multiplier", section.multiplier.is_some()),
        ("reward", section.reward.is_some()),
    ];
    let stated: Vec<&str> = kinds.iter().filter(|(_, there)| *there).map(|(kind, _)| *kind).collect();
    let [kind] = stated[..] else {
        compiler.findings.error(
            place,
            "award_shape",
            Remark::new("finding-award-shape")
                .words("stated", &stated)
                .word("kind", if stated.is_empty() { "nothing" } else { "several" }),
        );
        return None;
    };
    unfit(
        compiler,
        section.rate.is_some() && !matches!(kind, "per" | "per_value"),
        place,
        "rate",
        "finding-rate-unfit",
    );
    unfit(
        compiler,
        section.remainder == Remainder::Carry && kind != "per",
        place,
        "remainder",
        "finding-remainder-unfit",
    );
    unfit(
        compiler,
        section.applies_to.is_some() && kind != "multiplier",
        place,
        "applies_to",
        "finding-applies-to-unfit",
    );
    unfit(
        compiler,
        matches!(kind, "per" | "per_item") && *on != Trigger::Order,
        place,
        kind,
        "finding-counts-purchases",
    );
    unfit(compiler, kind == "per_value" && *on == Trigger::Order, place, kind, "finding-counts-attribute");
    let rate = match &section.rate {
        Some(rate) => compiler.factor(rate, &place.key("rate"))?,
        None => Factor::ONE,
    };
    match kind {
        "per" => {
            let per = compiler.money(section.per.as_ref()?, &place.key("per"))?;
            compiler.positive(per.0, &place.key("per"))?;
            Some(AwardKind::PerAmount { rate, per, carry: section.remainder == Remainder::Carry })
        }
        "per_item" => Some(AwardKind::PerItem { each: compiler.positive(section.per_item?, &place.key("per_item"))? }),
        "points" => Some(AwardKind::Fixed { points: compiler.positive(section.points?, &place.key("points"))? }),
        "per_value" => {
            let per_value = section.per_value.as_ref()?;
            let per = compiler.positive(per_value.per, &place.key("per_value").key("per"))?;
            Some(AwardKind::PerValue { attribute: Name::from(per_value.attribute.as_str()), rate, per })
        }
        "multiplier" => {
            let factor = compiler.factor(section.multiplier.as_ref()?, &place.key("multiplier"))?;
            let applies_to =
                section.applies_to.as_ref().map(|rules| rules.iter().map(|rule| Name::from(rule.as_str())).collect());
            Some(AwardKind::Multiplier { factor, applies_to })
        }
        _ => {
            let wanted = section.reward.as_deref()?;
            let reward = compiler.rewards.iter().position(|reward| reward.id == wanted);
            if reward.is_none() {
                let known: Vec<&str> = compiler.rewards.iter().map(|reward| reward.id.as_str()).collect();
                compiler.findings.error(
                    &place.key("reward"),
                    "unknown_reward",
                    Remark::new("finding-unknown-reward").word("reward", wanted).words("known", known),
                );
            }
            let reward = reward?;
            if compiler.rewards[reward].voucher.is_none() {
                compiler.findings.error(
                    &place.key("reward"),
                    "reward_without_voucher",
                    Remark::new("finding-reward-without-voucher").word("reward", wanted),
                );
            }
            Some(AwardKind::Reward { reward })
        }
    }
}

fn unfit(compiler: &mut Compiler<'_>, is_unfit: bool, place: &Place, field: &str, why: &'static str) {
    if is_unfit {
        compiler.findings.error(&place.key(field), "field_unfit", Remark::new(why).word("field", field));
    }
}

fn caps(compiler: &mut Compiler<'_>, id: &str, section: &RuleSection, place: &Place) -> Vec<Cap> {
    let caps = &section.caps;
    let windows = [
        (Window::Day, caps.day),
        (Window::Week, caps.week),
        (Window::Month, caps.month),
        (Window::Quarter, caps.quarter),
        (Window::Year, caps.year),
        (Window::Lifetime, caps.lifetime),
    ];
    let mut read = Vec::new();
    for (window, most) in windows {
        let place = place.key("caps").key(window.name());
        if let Some(most) = most.and_then(|most| compiler.positive(most, &place)) {
            read.push(Cap { window, most, usage: Name::from(format!("rule/{id}/{}", window.name())) });
        }
    }
    let gives_no_points = section.multiplier.is_some() || section.reward.is_some();
    unfit(compiler, gives_no_points && (!read.is_empty() || caps.order.is_some()), place, "caps", "finding-caps-unfit");
    read
}

pub(super) fn exclusions(section: &ExcludeSection) -> Exclusions {
    Exclusions {
        shipping: section.shipping,
        tax: section.tax,
        gift_cards: section.gift_cards,
        fees: section.fees,
        discounted_lines: section.discounted_lines,
        paid_with_points: section.paid_with_points,
    }
}

fn campaign(
    compiler: &mut Compiler<'_>,
    id: &str,
    section: &RuleSection,
    place: &Place,
    is_campaign: bool,
) -> Option<Campaign> {
    if !is_campaign {
        let fields = [
            ("from", section.from.is_some()),
            ("until", section.until.is_some()),
            ("audience", !section.audience.is_empty()),
            ("budget", section.budget.is_some()),
        ];
        for (field, there) in fields {
            unfit(compiler, there, place, field, "finding-campaign-field");
        }
        return None;
    }
    let from = section.from.as_ref().and_then(|from| compiler.moment(from, false, &place.key("from")));
    let until = section.until.as_ref().and_then(|until| compiler.moment(until, true, &place.key("until")));
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        compiler.findings.error(&place.key("until"), "ends_before_start", "finding-ends-before-start");
    }
    let budget = section.budget.and_then(|total| compiler.positive(total, &place.key("budget")));
    unfit(compiler, budget.is_some() && section.reward.is_some(), place, "budget", "finding-budget-unfit");
    Some(Campaign {
        from,
        until,
        budget: budget.map(|total| Budget { quantity: Name::from(format!("budget/{id}")), total }),
        audience: section.audience.len(),
    })
}

/// What a multiplier names must be there, and be something that can be multiplied.
fn known_targets(compiler: &mut Compiler<'_>, rules: &[Rule]) {
    for rule in rules {
        let AwardKind::Multiplier { applies_to: Some(targets), .. } = &rule.award else {
            continue;
        };
        let section = if rule.campaign.is_some() { "campaigns" } else { "earning" };
        for (index, target) in targets.iter().enumerate() {
            let place = Place::root().key(section).key(&rule.id).key("applies_to").index(index);
            match rules.iter().find(|rule| rule.id == *target) {
                Some(found) if found.multiplied => {}
                Some(_) => compiler.findings.error(
                    &place,
                    "not_multiplied",
                    Remark::new("finding-not-multiplied").word("rule", target),
                ),
                // A rule with mistakes of its own is there all the same.
                None if compiler.document.earning.contains_key(target.as_str())
                    || compiler.document.campaigns.contains_key(target.as_str()) => {}
                None => compiler.findings.error(
                    &place,
                    "unknown_rule",
                    Remark::new("finding-unknown-rule").word("rule", target),
                ),
            }
        }
    }
}
