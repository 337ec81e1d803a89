//! Earning rules and campaigns of a document.

use super::compile::Compiler;
use super::condition::Test;
use super::document::{ExcludeSection, Remainder, RuleSection};
use super::finding::Place;
use super::model::*;
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
            compiler.findings.error(
                &place,
                "rule_twice",
                format!("there are two rules {id}"),
                "give each rule and campaign its own id",
            );
        }
        if let Some(rule) = read_rule(compiler, id, section, &place, is_campaign) {
            rules.push(rule);
        }
    }
    if rules.len() > MOST_RULES {
        compiler.findings.error(
            &root.key("earning"),
            "too_many",
            format!("a programme has at most {MOST_RULES} rules"),
            "remove some",
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
                compiler.findings.error(
                    &place.key("unit"),
                    "field_unfit",
                    "this rule gives no points of its own",
                    "remove unit",
                );
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
            compiler.findings.error(
                &place.key("lines"),
                "field_unfit",
                "only orders have lines",
                "remove lines, or set on = \"order\"",
            );
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
        let problem = if stated.is_empty() {
            "the rule gives nothing".to_owned()
        } else {
            format!("the rule has {}", stated.join(" and "))
        };
        compiler.findings.error(
            place,
            "award_shape",
            problem,
            "state exactly one of per, per_item, points, per_value, multiplier and reward",
        );
        return None;
    };
    unfit(
        compiler,
        section.rate.is_some() && !matches!(kind, "per" | "per_value"),
        place,
        "rate",
        "belongs to per or per_value",
    );
    unfit(compiler, section.remainder == Remainder::Carry && kind != "per", place, "remainder", "belongs to per");
    unfit(compiler, section.applies_to.is_some() && kind != "multiplier", place, "applies_to", "belongs to multiplier");
    unfit(
        compiler,
        matches!(kind, "per" | "per_item") && *on != Trigger::Order,
        place,
        kind,
        "counts what was bought, so it belongs to on = \"order\"",
    );
    unfit(
        compiler,
        kind == "per_value" && *on == Trigger::Order,
        place,
        kind,
        "counts an attribute of an activity, and this rule is on orders",
    );
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
                let remedy = format!("use one of the rewards: {}", known.join(", "));
                compiler.findings.error(
                    &place.key("reward"),
                    "unknown_reward",
                    format!("there is no reward {wanted}"),
                    remedy,
                );
            }
            let reward = reward?;
            if compiler.rewards[reward].voucher.is_none() {
                let remedy = format!("add voucher = {{ valid = \"30 days\" }} to the reward {wanted}");
                compiler.findings.error(
                    &place.key("reward"),
                    "reward_without_voucher",
                    "what a rule gives is handed out as a code, and this reward has none",
                    remedy,
                );
            }
            Some(AwardKind::Reward { reward })
        }
    }
}

fn unfit(compiler: &mut Compiler<'_>, is_unfit: bool, place: &Place, field: &str, why: &str) {
    if is_unfit {
        compiler.findings.error(
            &place.key(field),
            "field_unfit",
            format!("{field} {why}"),
            format!("remove {field} or change the rule"),
        );
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
    unfit(
        compiler,
        gives_no_points && (!read.is_empty() || caps.order.is_some()),
        place,
        "caps",
        "limits points, and this rule gives none of its own",
    );
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
            unfit(compiler, there, place, field, "belongs to campaigns");
        }
        return None;
    }
    let from = section.from.as_ref().and_then(|from| compiler.moment(from, false, &place.key("from")));
    let until = section.until.as_ref().and_then(|until| compiler.moment(until, true, &place.key("until")));
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        compiler.findings.error(
            &place.key("until"),
            "ends_before_start",
            "the campaign ends before it begins",
            "swap from and until",
        );
    }
    let budget = section.budget.and_then(|total| compiler.positive(total, &place.key("budget")));
    unfit(
        compiler,
        budget.is_some() && section.reward.is_some(),
        place,
        "budget",
        "limits points; give the reward a stock instead",
    );
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
                    format!("{target} is not multiplied"),
                    format!("set multiplied = true in {target}"),
                ),
                // A rule with mistakes of its own is there all the same.
                None if compiler.document.earning.contains_key(target.as_str())
                    || compiler.document.campaigns.contains_key(target.as_str()) => {}
                None => compiler.findings.error(
                    &place,
                    "unknown_rule",
                    format!("there is no rule {target}"),
                    "name an earning rule or campaign of this document",
                ),
            }
        }
    }
}
