//! What a careful analyst would say of a programme that can be executed: rules that never fire, rewards
//! out of reach, points worth more than they cost, costs without a bound. Pure, like all of the core;
//! what needs to know how customers buy is told so by the caller.

mod accepted;
mod campaigns;
mod concern;
mod conditions;
mod costs;
mod referrals;
mod rewards;
mod rules;
mod space;
mod texts;
mod tiers;
mod units;
mod usual;
mod world;

pub use accepted::{AcceptedSection, accept};
pub use concern::Concern;
pub use usual::Usual;

use std::cell::Cell;

use super::condition::{FlagField, Test};
use super::document::{Condition, Document, RuleSection};
use super::finding::{Finding, Findings, Place};
use super::remark::Remark;
use super::{AwardKind, Programme, Rule, Trigger};
use world::{Regions, World};

/// All there is to say, in the order of the document's sections.
pub fn analyse(document: &Document, programme: &Programme, usual: Option<&Usual>) -> Vec<Finding> {
    let steps = Cell::new(0);
    let mut check =
        Check { document, programme, usual, steps: &steps, findings: Findings::default(), rules: Vec::new() };
    check.rules = programme.rules.iter().map(|rule| check.ways(rule)).collect();
    check.units();
    check.texts();
    check.conditions();
    check.rules();
    check.campaigns();
    check.costs();
    check.referrals();
    check.tiers();
    check.rewards();
    check.as_usual();
    check.findings.0
}

/// One analysis.
struct Check<'p> {
    document: &'p Document,
    programme: &'p Programme,
    usual: Option<&'p Usual>,
    steps: &'p Cell<u32>,
    findings: Findings,
    /// In which ways each rule can fire.
    rules: Vec<Option<Regions>>,
}

/// A condition and where it stands.
struct Stated<'p> {
    place: Place,
    /// As it is called beside others, like `when[0]`.
    called: String,
    /// Whether it was written as `any`.
    any: bool,
    test: &'p Test,
}

impl<'p> Check<'p> {
    fn say(&mut self, concern: Concern, place: &Place, remark: impl Into<Remark>) {
        self.findings.push(concern.severity(), place, concern.code(), remark);
    }

    fn world(&self, on: &Trigger) -> World<'p> {
        World::new(self.programme, on, self.steps)
    }

    fn section(&self, rule: &Rule) -> Option<&'p RuleSection> {
        let sections = if rule.campaign.is_some() { &self.document.campaigns } else { &self.document.earning };
        sections.get(rule.id.as_str())
    }

    fn place(&self, rule: &Rule) -> Place {
        let section = if rule.campaign.is_some() { "campaigns" } else { "earning" };
        Place::root().key(section).key(&rule.id)
    }

    /// The conditions of a rule, each with its place.
    fn stated(&self, rule: &'p Rule) -> Vec<Stated<'p>> {
        let Some(section) = self.section(rule) else {
            return Vec::new();
        };
        let place = self.place(rule);
        let (when, audience) = parts(&rule.when).split_at(section.when.len().min(parts(&rule.when).len()));
        let mut stated = stated(&place.key("when"), "when", &section.when, when);
        stated.extend(self::stated(&place.key("audience"), "audience", &section.audience, audience));
        if looks_at_lines(rule) {
            stated.extend(self::stated(&place.key("lines"), "lines", &section.lines, parts(&rule.lines)));
        }
        stated
    }

    /// What holds before any condition is read: the campaign's time, and what can count at all.
    fn ground(&self, rule: &Rule) -> Option<Regions> {
        let world = self.world(&rule.on);
        let mut ways = world.anything();
        if let Some(campaign) = &rule.campaign {
            ways = world.within(ways, campaign)?;
        }
        if let AwardKind::PerValue { attribute, .. } = &rule.award {
            ways = world.with_value(ways, attribute)?;
        }
        if counts_lines(rule) && rule.exclude.discounted_lines {
            ways = world.narrow(ways, &Test::Flag { field: FlagField::LineDiscounted, is: false }, true)?;
        }
        Some(ways)
    }

    /// In which ways a rule can fire.
    fn ways(&self, rule: &Rule) -> Option<Regions> {
        let world = self.world(&rule.on);
        let ways = world.narrow(self.ground(rule)?, &rule.when, true)?;
        if looks_at_lines(rule) { world.narrow(ways, &rule.lines, true) } else { Some(ways) }
    }

    /// Those of the ways of one rule in which the other can fire as well.
    fn together(&self, ways: &Option<Regions>, other: &Rule) -> Option<Regions> {
        let world = self.world(&other.on);
        let mut ways = ways.clone()?;
        if let Some(campaign) = &other.campaign {
            ways = world.within(ways, campaign)?;
        }
        ways = world.narrow(ways, &other.when, true)?;
        if looks_at_lines(other) { world.narrow(ways, &other.lines, true) } else { Some(ways) }
    }

    /// Whether it is certain that a rule never fires.
    fn is_dead(&self, index: usize) -> bool {
        self.rules[index].as_ref().is_some_and(Vec::is_empty)
    }
}

/// Conditions as they were written beside what they were compiled to.
fn stated<'p>(place: &Place, list: &str, written: &[Condition], tests: &'p [Test]) -> Vec<Stated<'p>> {
    let stated = written.iter().zip(tests).enumerate().map(|(index, (written, test))| Stated {
        place: place.index(index),
        called: format!("{list}[{index}]"),
        any: written.any.is_some(),
        test,
    });
    stated.collect()
}

/// The parts of a conjunction.
fn parts(test: &Test) -> &[Test] {
    match test {
        Test::All(parts) => parts,
        _ => std::slice::from_ref(test),
    }
}

/// Whether the rule's conditions on lines have any effect.
fn looks_at_lines(rule: &Rule) -> bool {
    !matches!(rule.award, AwardKind::Reward { .. } | AwardKind::PerValue { .. })
}

/// Whether the rule gives something only where a line counts.
fn counts_lines(rule: &Rule) -> bool {
    match rule.award {
        AwardKind::PerAmount { .. } | AwardKind::PerItem { .. } => true,
        AwardKind::Fixed { .. } => !rule.lines.is_always(),
        _ => false,
    }
}
