//! How it works: a page that is read before joining.

use super::scribe::Scribe;
use super::span::Text;
use super::{Block, Table, earning, levels, operator, rewards, units};
use crate::activity::builtin;
use crate::kernel::Name;
use crate::programme::{AwardKind, Expiry, Programme, Rule, Trigger};

pub fn blocks(scribe: &Scribe<'_>) -> Vec<Block> {
    let programme = scribe.programme;
    let mut blocks = vec![Block::Steps(steps(scribe))];
    if !programme.rules.is_empty() {
        blocks.push(Block::Table(Table {
            caption: scribe.say("terms-table-earning", &[("units", scribe.all_units().into())]),
            head: vec![
                scribe.say("terms-head-for", &[]),
                scribe.say("terms-head-award", &[]),
                scribe.say("terms-head-limits", &[]),
            ],
            rows: programme.rules.iter().map(|rule| earning::row(scribe, rule)).collect(),
        }));
    }
    blocks.extend(programme.ladders.iter().map(|ladder| Block::Table(levels::table(scribe, ladder))));
    if !programme.rewards.is_empty() {
        let units = scribe.priced_units();
        blocks.push(Block::Table(Table {
            caption: match units.is_empty() {
                true => scribe.say("terms-table-rewards-given", &[]),
                false => scribe.say("terms-table-rewards", &[("units", units.into())]),
            },
            head: vec![
                scribe.say("terms-head-reward", &[]),
                scribe.say("terms-head-price", &[]),
                scribe.say("terms-head-gives", &[]),
                scribe.say("terms-head-limits", &[]),
            ],
            rows: programme.rewards.iter().map(|reward| rewards::row(scribe, reward)).collect(),
        }));
    }
    blocks.push(Block::Table(validity(scribe)));
    blocks
}

fn steps(scribe: &Scribe<'_>) -> Vec<Text> {
    let programme = scribe.programme;
    let name = ("programme", scribe.programme_name().into());
    let mut steps = vec![match programme.join_on_first_order {
        true => scribe.say("terms-step-join-order", &[name]),
        false => scribe.say("terms-step-join", &[name]),
    }];
    if !programme.rules.is_empty() {
        steps.push(match plainest(programme) {
            Some(rule) => {
                let units = scribe.units(&programme.units[rule.unit]);
                let award = earning::award(scribe, rule);
                scribe.say("terms-step-earn", &[("units", units.into()), ("award", award.into())])
            }
            None => scribe.say("terms-step-earn-all", &[("units", scribe.all_units().into())]),
        });
    }
    if let Some(rule) = for_recommending(programme) {
        let award = earning::award(scribe, rule);
        steps.push(scribe.say("terms-step-recommend", &[("award", award.into())]));
    }
    let main = plainest(programme).map_or(0, |rule| rule.unit);
    if let Some(unit) = programme.units.get(main).filter(|unit| unit.spendable && unit.pending.is_some()) {
        let values = [("units", scribe.units(unit).into()), ("when", units::when_available(scribe, unit).into())];
        steps.push(scribe.say("terms-step-wait", &values).capitalised());
    }
    for (index, unit) in programme.units.iter().enumerate() {
        if let Some(least) = rewards::cheapest(scribe, index) {
            let values = [("units", scribe.units(unit).into()), ("least", least.into())];
            steps.push(scribe.say("terms-step-spend", &values));
        }
    }
    let ladders = programme.ladders.iter().filter(|ladder| ladder.levels.len() > 1);
    let levels = Text::joined(ladders.map(|ladder| levels::names(scribe, ladder)), "; ");
    if !levels.is_empty() {
        steps.push(scribe.say("terms-step-levels", &[("levels", levels.into())]));
    }
    let ends = programme.units.iter().filter(|unit| unit.expiry != Expiry::Never);
    let ends = Text::joined(ends.map(|unit| units::expiry_sentence(scribe, unit)), " ");
    if !ends.is_empty() {
        steps.push(scribe.say("terms-step-expiry", &[("expiry", ends.into())]));
    }
    steps.push(scribe.say("terms-step-ask", &[("contact", operator::contact(scribe).into())]));
    steps
}

/// The rule on purchases that holds for everybody and everything, if there is one.
fn plainest(programme: &Programme) -> Option<&Rule> {
    programme.rules.iter().find(|rule| {
        rule.campaign.is_none()
            && rule.on == Trigger::Order
            && rule.when.is_always()
            && rule.lines.is_always()
            && matches!(rule.award, AwardKind::PerAmount { .. })
    })
}

/// The rule that gives each advocate something for each friend who counts, if there is one.
fn for_recommending(programme: &Programme) -> Option<&Rule> {
    let qualified = Trigger::Activity(Name::from(builtin::FRIEND_QUALIFIED));
    programme.rules.iter().find(|rule| {
        let is_said_whole = matches!(rule.award, AwardKind::Fixed { .. } | AwardKind::Reward { .. });
        rule.on == qualified && rule.campaign.is_none() && rule.when.is_always() && is_said_whole
    })
}

fn validity(scribe: &Scribe<'_>) -> Table {
    let row = |unit| {
        vec![
            scribe.units(unit).capitalised(),
            units::when_available(scribe, unit).capitalised(),
            units::until(scribe, unit).capitalised(),
        ]
    };
    Table {
        caption: scribe.say("terms-table-validity", &[]),
        head: vec![
            scribe.say("terms-head-unit", &[]),
            scribe.say("terms-head-available", &[]),
            scribe.say("terms-head-expiry", &[]),
        ],
        rows: scribe.programme.units.iter().map(row).collect(),
    }
}
