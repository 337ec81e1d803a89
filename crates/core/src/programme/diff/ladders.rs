//! Tier ladders and their levels.

use std::cmp::Ordering;

use super::general::optional;
use super::{Aspect, Comparison, ForMembers, Subject, Value, order};
use crate::programme::document::{OnReturn, StepDown, Texts};
use crate::programme::finding::Place;
use crate::programme::model::{Ladder, Level, Metric};

impl Comparison<'_> {
    pub(super) fn ladders(&mut self) {
        let (old, new) = (self.old, self.new);
        let place = Place::root().key("tiers");
        for ladder in &new.ladders {
            let place = place.key(&ladder.id);
            match old.ladder(&ladder.id) {
                None => self.added(&place, Subject::Ladder(ladder.id.clone()), ForMembers::Better),
                Some(before) => self.ladder(&place, before, ladder),
            }
        }
        for ladder in old.ladders.iter().filter(|ladder| new.ladder(&ladder.id).is_none()) {
            self.removed(&place.key(&ladder.id), Subject::Ladder(ladder.id.clone()), ForMembers::Worse);
        }
    }

    fn ladder(&mut self, place: &Place, old: &Ladder, new: &Ladder) {
        let subject = Subject::Ladder(new.id.clone());
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        let metrics = (Value::Metric(old.metric.clone()), Value::Metric(new.metric.clone()));
        self.altered(&place.key("metric"), &subject, Aspect::Metric, metrics, ForMembers::Mixed);
        let windows = (Value::LadderWindow(old.window), Value::LadderWindow(new.window));
        let effect = order::ladder_window(old.window, new.window);
        self.altered(&place.key("window"), &subject, Aspect::LadderWindow, windows, effect);
        let keep = (Value::Count(old.keep), Value::Count(new.keep));
        let effect = order::more(Some(new.keep.cmp(&old.keep)));
        self.altered(&place.key("keep"), &subject, Aspect::Keep, keep, effect);
        let grace = (optional(old.grace, Value::Period), optional(new.grace, Value::Period));
        let effect = order::longer(old.grace, new.grace, Ordering::Less);
        self.altered(&place.key("grace"), &subject, Aspect::Grace, grace, effect);
        let step = (Value::StepDown(old.step_down), Value::StepDown(new.step_down));
        let effect = if new.step_down == StepDown::One { ForMembers::Better } else { ForMembers::Worse };
        self.altered(&place.key("step_down"), &subject, Aspect::StepDown, step, effect);
        let on_return = (Value::OnReturn(old.on_return), Value::OnReturn(new.on_return));
        let effect = if new.on_return == OnReturn::Keep { ForMembers::Better } else { ForMembers::Worse };
        self.altered(&place.key("on_return"), &subject, Aspect::OnReturn, on_return, effect);
        self.levels(place, old, new);
    }

    fn levels(&mut self, place: &Place, old: &Ladder, new: &Ladder) {
        for (index, level) in new.levels.iter().enumerate() {
            let place = level_place(place, index);
            match old.levels.iter().find(|before| before.id == level.id) {
                Some(before) => self.level(&place, (old, before), (new, level)),
                None => {
                    // Who reaches it would have been at the level below.
                    let below = index.checked_sub(1).and_then(|below| new.levels.get(below));
                    let effect = match below.map(|below| order::factor(below.multiplier, level.multiplier)) {
                        None | Some(ForMembers::Better | ForMembers::Neutral) => ForMembers::Better,
                        Some(_) => ForMembers::Mixed,
                    };
                    self.added(&place, Subject::Level(level.id.clone()), effect);
                }
            }
        }
        for (index, level) in old.levels.iter().enumerate() {
            if new.rank(&level.id).is_none() {
                self.removed(&level_place(place, index), Subject::Level(level.id.clone()), ForMembers::Worse);
            }
        }
    }

    fn level(&mut self, place: &Place, (old_ladder, old): (&Ladder, &Level), (new_ladder, new): (&Ladder, &Level)) {
        let subject = Subject::Level(new.id.clone());
        let names = (Value::Texts(old.name.clone()), Value::Texts(new.name.clone()));
        self.altered(&place.key("name"), &subject, Aspect::Name, names, ForMembers::Neutral);
        // Another metric has been told of; the levels then stand for something else altogether.
        if old_ladder.metric == new_ladder.metric {
            let threshold = |ladder: &Ladder, at| Value::Threshold { metric: ladder.metric.clone(), at };
            let thresholds = (threshold(old_ladder, old.at), threshold(new_ladder, new.at));
            let compared =
                if new_ladder.metric != Metric::Spend || self.same_money() { Some(new.at.cmp(&old.at)) } else { None };
            self.altered(&place.key("at"), &subject, Aspect::Threshold, thresholds, order::less(compared));
        }
        let multipliers = (optional(old.multiplier, Value::Factor), optional(new.multiplier, Value::Factor));
        let effect = order::factor(old.multiplier, new.multiplier);
        self.altered(&place.key("multiplier"), &subject, Aspect::Multiplier, multipliers, effect);
        self.perks(&place.key("perks"), &subject, old, new);
    }

    /// Nobody can tell from a text whether another one promises more.
    fn perks(&mut self, place: &Place, subject: &Subject, old: &Level, new: &Level) {
        let gone: Vec<_> = old.perks.iter().filter(|perk| !new.perks.contains(perk)).collect();
        let come: Vec<_> = new.perks.iter().filter(|perk| !old.perks.contains(perk)).collect();
        for index in 0..gone.len().max(come.len()) {
            let (old, new) = (gone.get(index), come.get(index));
            let effect = match (old, new) {
                (Some(_), None) => ForMembers::Worse,
                (None, Some(_)) => ForMembers::Better,
                _ => ForMembers::Mixed,
            };
            let texts = |perk: Option<&&Texts>| optional(perk, |perk| Value::Texts((*perk).clone()));
            self.altered(place, subject, Aspect::Perk, (texts(old), texts(new)), effect);
        }
    }
}

/// The base stands beside the other levels.
fn level_place(ladder: &Place, index: usize) -> Place {
    match index.checked_sub(1) {
        None => ladder.key("base"),
        Some(index) => ladder.key("levels").index(index),
    }
}
