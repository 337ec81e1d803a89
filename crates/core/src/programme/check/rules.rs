//! Multipliers, limits and triggers of rules that do not do what they seem to.

use super::{Check, Concern};
use crate::activity::builtin;
use crate::kernel::{Factor, Window};
use crate::programme::finding::Place;
use crate::programme::remark::{Argument, Remark};
use crate::programme::{AwardKind, Cap, Rule, Trigger};

impl<'p> Check<'p> {
    pub fn rules(&mut self) {
        for (index, rule) in self.programme.rules.iter().enumerate() {
            let place = self.place(rule);
            self.trigger(rule, &place);
            if let AwardKind::Multiplier { factor, .. } = &rule.award {
                self.multiplier(index, rule, *factor, &place);
            }
            if !super::looks_at_lines(rule) && !rule.lines.is_always() {
                self.say(Concern::LinesWithoutEffect, &place.key("lines"), "finding-lines-without-effect");
            }
            self.caps(rule, &place);
            self.exclusions(rule, &place);
        }
        for unit in &self.programme.units {
            self.idle_caps(&unit.caps, &Place::root().key("units").key(&unit.id).key("caps"));
        }
    }

    /// The names of activities are the shop's own, so that only what is nearly one of the house's is
    /// likely to be a mistake.
    fn trigger(&mut self, rule: &Rule, place: &Place) {
        let Trigger::Activity(name) = &rule.on else {
            return;
        };
        let known = builtin::ALL.into_iter().chain(["order"]);
        let meant = known.into_iter().find(|known| {
            let near = if known.len() > 5 { 2 } else { 1 };
            known != name && distance(known, name) <= near
        });
        if let Some(meant) = meant {
            self.say(
                Concern::ActivityMisspelt,
                &place.key("on"),
                Remark::new("finding-activity-misspelt").word("activity", name).word("meant", meant),
            );
        }
    }

    fn multiplier(&mut self, index: usize, rule: &Rule, factor: Factor, place: &Place) {
        let programme = self.programme;
        if factor == Factor::ONE {
            self.say(Concern::MultipliesNothing, &place.key("multiplier"), "finding-multiplies-by-one");
            return;
        }
        let acts = programme.rules.iter().any(|target| {
            multiplies(rule, target) && !self.together(&self.rules[index], target).is_some_and(|ways| ways.is_empty())
        });
        if !acts && !self.is_dead(index) {
            self.say(
                Concern::MultipliesNothing,
                place,
                Remark::new("finding-multiplies-nothing").word("rule", &rule.id),
            );
        }
    }

    /// Limits below what is given at once, and limits that others make idle.
    fn caps(&mut self, rule: &Rule, place: &Place) {
        let at_once = match rule.award {
            AwardKind::Fixed { points } => points,
            AwardKind::PerItem { each } => each,
            _ => 0,
        };
        let of_rule = rule.order_cap.map(|most| ("order", most)).into_iter();
        let of_rule = of_rule.chain(rule.caps.iter().map(|cap| (cap.window.name(), cap.most)));
        let lowest = of_rule.filter(|(_, most)| *most < at_once).min_by_key(|(_, most)| *most);
        if let Some((name, most)) = lowest {
            self.say(
                Concern::CapBelowAward,
                &place.key("caps").key(name),
                Remark::new("finding-cap-below-award")
                    .word("rule", &rule.id)
                    .number("points", at_once)
                    .number("most", most),
            );
        } else if at_once > 0 {
            let unit = &self.programme.units[rule.unit];
            if let Some(cap) = unit.caps.iter().filter(|cap| cap.most < at_once).min_by_key(|cap| cap.most) {
                self.say(
                    Concern::CapBelowAward,
                    place,
                    Remark::new("finding-cap-of-unit-below-award")
                        .word("rule", &rule.id)
                        .number("points", at_once)
                        .units("unit", unit)
                        .number("most", cap.most),
                );
            }
        }
        self.idle_caps(&rule.caps, &place.key("caps"));
    }

    fn idle_caps(&mut self, caps: &[Cap], place: &Place) {
        for cap in caps {
            let by = caps.iter().find(|other| {
                other.window != cap.window
                    && match most_times(other.window, cap.window) {
                        // So many of the shorter windows touch the longer one.
                        Some(times) => other.most.saturating_mul(times) <= cap.most,
                        // A week may lie in two months, quarters or years.
                        None => {
                            let touched =
                                if cap.window == Window::Week && other.window != Window::Lifetime { 2 } else { 1 };
                            other.window > cap.window && other.most.saturating_mul(touched) <= cap.most
                        }
                    }
            });
            if let Some(by) = by {
                self.say(
                    Concern::CapWithoutEffect,
                    &place.key(cap.window.name()),
                    Remark::new("finding-cap-without-effect")
                        .number("most", by.most)
                        .with("window", Argument::Window(by.window)),
                );
                return;
            }
        }
    }

    /// What is paid with points, or for what only stands for money, earns a second time.
    fn exclusions(&mut self, rule: &Rule, place: &Place) {
        if !matches!(rule.award, AwardKind::PerAmount { .. }) || !self.programme.units[rule.unit].spendable {
            return;
        }
        let own = self.section(rule).is_some_and(|section| section.exclude.is_some());
        let place = if own { place.key("exclude") } else { Place::root().key("exclude") };
        let said = |concern: Concern, findings: &super::Findings| {
            findings.0.iter().any(|finding| finding.code == concern.code() && finding.pointer == place.pointer())
        };
        if !rule.exclude.gift_cards && !said(Concern::EarnsOnGiftCards, &self.findings) {
            self.say(Concern::EarnsOnGiftCards, &place.key("gift_cards"), "finding-earns-on-gift-cards");
        }
        if !rule.exclude.paid_with_points && !said(Concern::EarnsOnPoints, &self.findings) {
            self.say(Concern::EarnsOnPoints, &place.key("paid_with_points"), "finding-earns-on-points");
        }
    }
}

/// Whether a multiplier acts on what another rule gives, whenever both fire.
pub fn multiplies(multiplier: &Rule, target: &Rule) -> bool {
    let AwardKind::Multiplier { applies_to, .. } = &multiplier.award else {
        return false;
    };
    let by_lines = matches!(target.award, AwardKind::PerAmount { .. } | AwardKind::PerItem { .. });
    target.multiplied
        && !matches!(target.award, AwardKind::Multiplier { .. } | AwardKind::Reward { .. })
        && target.on == multiplier.on
        && applies_to.as_ref().is_none_or(|targets| targets.contains(&target.id))
        && (multiplier.lines.is_always() || by_lines)
}

/// The most days that a window has.
pub fn longest(window: Window) -> i64 {
    match window {
        Window::Day => 1,
        Window::Week => 7,
        Window::Month => 31,
        Window::Quarter => 92,
        Window::Year => 366,
        Window::Lifetime => i64::MAX,
    }
}

/// How many of the shorter windows may lie in or touch the longer one; `None` when it is not longer.
pub fn most_times(shorter: Window, longer: Window) -> Option<i64> {
    if shorter >= longer || longer == Window::Lifetime {
        return None;
    }
    Some(match (shorter, longer) {
        (Window::Day, _) => longest(longer),
        (Window::Week, Window::Month) => 6,
        (Window::Week, Window::Quarter) => 15,
        (Window::Week, _) => 54,
        (Window::Month, Window::Quarter) => 3,
        (Window::Month, _) => 12,
        _ => 4,
    })
}

/// How many letters must be changed, added or left out to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, its) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *its);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
