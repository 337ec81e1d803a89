//! Levels that nobody can reach, that bring nothing, or that are worse than the one below.

use std::collections::BTreeSet;

use super::{Check, Concern, rewards};
use crate::activity::builtin;
use crate::kernel::{Factor, Name, Window};
use crate::programme::condition::{Test, TextField};
use crate::programme::finding::Place;
use crate::programme::remark::{Argument, Remark};
use crate::programme::{AwardKind, Ladder, LadderWindow, Metric, Trigger};

impl<'p> Check<'p> {
    pub fn tiers(&mut self) {
        let programme = self.programme;
        let multiplies = programme.rules.iter().any(|rule| rule.multiplied && !is_multiplier(&rule.award));
        let named = self.named_levels();
        for ladder in &programme.ladders {
            let place = Place::root().key("tiers").key(&ladder.id);
            self.reach(ladder, &place);
            let mut best = Factor::ONE;
            for (index, level) in ladder.levels.iter().enumerate() {
                let place = level_place(&place, index);
                if let Some(factor) = level.multiplier {
                    if !multiplies {
                        self.say(
                            Concern::MultipliesNothing,
                            &place.key("multiplier"),
                            Remark::new("finding-level-multiplies-nothing").word("level", &level.id),
                        );
                    }
                    best = best.max(factor);
                }
                let factor = level.multiplier.unwrap_or(Factor::ONE);
                if factor < best {
                    self.say(
                        Concern::LevelWorseThanBelow,
                        &place,
                        Remark::new("finding-level-worse-than-below")
                            .word("level", &level.id)
                            .with("factor", Argument::Factor(factor))
                            .with("best", Argument::Factor(best)),
                    );
                }
                let brings = level.multiplier.is_some() || !level.perks.is_empty();
                if index > 0 && !brings && !named.as_ref().is_none_or(|named| named.contains(&level.id)) {
                    self.say(
                        Concern::LevelBringsNothing,
                        &place,
                        Remark::new("finding-level-brings-nothing").word("level", &level.id),
                    );
                }
            }
        }
    }

    /// Levels that some condition names; `None` when reaching any of them is a reason to be given something.
    fn named_levels(&self) -> Option<BTreeSet<Name>> {
        let mut named = BTreeSet::new();
        for rule in &self.programme.rules {
            let mut of_rule = BTreeSet::new();
            levels_in(&rule.when, &mut of_rule);
            let when_reached = rule.on == Trigger::Activity(Name::from(builtin::TIER_REACHED));
            if when_reached && of_rule.is_empty() {
                return None;
            }
            levels_in(&rule.lines, &mut of_rule);
            named.extend(of_rule);
        }
        for reward in &self.programme.rewards {
            levels_in(&reward.when, &mut named);
        }
        Some(named)
    }

    /// By points, a level may lie above all that the rules and limits allow.
    fn reach(&mut self, ladder: &Ladder, place: &Place) {
        let Metric::Points(unit) = &ladder.metric else {
            return;
        };
        let Some(unit) = self.programme.units.iter().position(|known| known.id == *unit) else {
            return;
        };
        let window = match ladder.window {
            LadderWindow::CalendarYear => Window::Year,
            LadderWindow::Lifetime => Window::Lifetime,
            // These touch two years of the calendar, over which limits are counted.
            LadderWindow::MembershipYear | LadderWindow::Rolling(_) => return self.reach_at_all(ladder, unit, place),
        };
        let most = rewards::most_within(self, unit, window);
        self.levels_above(ladder, most, place);
    }

    fn reach_at_all(&mut self, ladder: &Ladder, unit: usize, place: &Place) {
        let most = rewards::most_within(self, unit, Window::Lifetime);
        self.levels_above(ladder, most, place);
    }

    fn levels_above(&mut self, ladder: &Ladder, most: Option<i64>, place: &Place) {
        let Some(most) = most else {
            return;
        };
        let above = ladder.levels.iter().enumerate().skip(1).find(|(_, level)| level.at > most);
        if let Some((index, level)) = above {
            self.say(
                Concern::LevelOutOfReach,
                &level_place(place, index).key("at"),
                Remark::new("finding-level-out-of-reach")
                    .word("level", &level.id)
                    .number("at", level.at)
                    .number("most", most),
            );
        }
    }
}

fn level_place(ladder: &Place, index: usize) -> Place {
    match index.checked_sub(1) {
        None => ladder.key("base"),
        Some(index) => ladder.key("levels").index(index),
    }
}

fn is_multiplier(award: &AwardKind) -> bool {
    matches!(award, AwardKind::Multiplier { .. } | AwardKind::Reward { .. })
}

fn levels_in(test: &Test, found: &mut BTreeSet<Name>) {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| levels_in(test, found)),
        Test::Not(test) => levels_in(test, found),
        Test::LevelIn { levels } => found.extend(levels.iter().cloned()),
        Test::TextIn { field: TextField::ActivityAttribute(name), texts } if name == "level" => {
            found.extend(texts.iter().cloned());
        }
        _ => {}
    }
}
