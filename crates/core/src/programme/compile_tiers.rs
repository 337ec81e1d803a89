//! Tier ladders of a document.

use std::collections::BTreeSet;

use super::compile::Compiler;
use super::document::{Decimal, LadderSection, LevelSection};
use super::finding::Place;
use super::model::*;
use super::remark::Remark;
use crate::kernel::{Name, Period};

impl Compiler<'_> {
    pub(super) fn read_ladders(&mut self) -> Vec<Ladder> {
        let place = Place::root().key("tiers");
        let document = self.document;
        let mut seen = BTreeSet::new();
        let ladders =
            document.tiers.iter().filter_map(|(id, section)| self.ladder(id, section, &place.key(id), &mut seen));
        ladders.collect()
    }

    fn ladder(
        &mut self,
        id: &str,
        section: &LadderSection,
        place: &Place,
        seen: &mut BTreeSet<String>,
    ) -> Option<Ladder> {
        self.id(id, place);
        self.texts(&section.name, &place.key("name"));
        let metric = self.metric(section, place);
        let window = self.ladder_window(&section.window, &place.key("window"));
        if section.keep < 0 || section.keep > 10 {
            self.findings.error(&place.key("keep"), "out_of_range", "finding-keep-range");
        }
        if section.base.at.is_some() {
            self.findings.error(&place.key("base").key("at"), "base_begins", "finding-base-begins");
        }
        let of_money = matches!(metric, Some(Metric::Spend));
        let mut levels = vec![self.level(&section.base, Some(0), of_money, &place.key("base"), seen)];
        for (index, level) in section.levels.iter().enumerate() {
            let place = place.key("levels").index(index);
            let level = self.level(level, None, of_money, &place, seen);
            let below = levels.last().map_or(0, |below| below.at);
            if level.at <= below {
                self.findings.error(
                    &place.key("at"),
                    "levels_out_of_order",
                    Remark::new("finding-levels-out-of-order").word("level", &level.id),
                );
            }
            levels.push(level);
        }
        if section.levels.is_empty() {
            self.findings.error(&place.key("levels"), "no_levels", "finding-no-levels");
        }
        Some(Ladder {
            id: Name::from(id),
            name: section.name.clone(),
            shape: Name::from(format!(
                "{} {} {}",
                section.metric,
                section.unit.as_deref().unwrap_or(""),
                section.window
            )),
            metric: metric?,
            window: window?,
            keep: section.keep,
            grace: section.grace.as_ref().and_then(|grace| self.period(grace, &place.key("grace"))),
            step_down: section.step_down,
            on_return: section.on_return,
            levels,
        })
    }

    fn metric(&mut self, section: &LadderSection, place: &Place) -> Option<Metric> {
        if section.unit.is_some() && section.metric != "points" {
            self.findings.error(&place.key("unit"), "unit_unfit", "finding-unit-unfit");
        }
        match section.metric.as_str() {
            "spend" => Some(Metric::Spend),
            "orders" => Some(Metric::Orders),
            "points" => {
                let unit = self.unit_index(section.unit.as_deref(), &place.key("unit"))?;
                Some(Metric::Points(self.units[unit].id.clone()))
            }
            other => match other.strip_prefix("activity:").filter(|name| !name.is_empty()) {
                Some(name) => Some(Metric::Activity(Name::from(name))),
                None => {
                    self.findings.error(
                        &place.key("metric"),
                        "unknown_metric",
                        Remark::new("finding-unknown-metric").word("metric", other),
                    );
                    None
                }
            },
        }
    }

    fn ladder_window(&mut self, text: &str, place: &Place) -> Option<LadderWindow> {
        match text {
            "lifetime" => Some(LadderWindow::Lifetime),
            "calendar_year" => Some(LadderWindow::CalendarYear),
            "membership_year" => Some(LadderWindow::MembershipYear),
            period => match period.parse::<Period>() {
                Ok(period) if !period.is_zero() => Some(LadderWindow::Rolling(period)),
                _ => {
                    self.findings.error(
                        place,
                        "unknown_window",
                        Remark::new("finding-unknown-window").word("window", text),
                    );
                    None
                }
            },
        }
    }

    fn level(
        &mut self,
        section: &LevelSection,
        at: Option<i64>,
        of_money: bool,
        place: &Place,
        seen: &mut BTreeSet<String>,
    ) -> Level {
        self.id(&section.id, &place.key("id"));
        if !seen.insert(section.id.clone()) {
            self.findings.error(
                &place.key("id"),
                "level_twice",
                Remark::new("finding-level-twice").word("level", &section.id),
            );
        }
        self.texts(&section.name, &place.key("name"));
        for (index, perk) in section.perks.iter().enumerate() {
            self.texts(perk, &place.key("perks").index(index));
        }
        let read = |compiler: &mut Self, at: &Decimal| {
            let place = place.key("at");
            if of_money { compiler.money(at, &place).map(|money| money.0) } else { compiler.whole(at, &place) }
        };
        let stated = section.at.as_ref().and_then(|at| read(self, at));
        if at.is_none() && section.at.is_none() {
            self.findings.error(
                place,
                "level_without_beginning",
                Remark::new("finding-level-without-beginning").word("level", &section.id),
            );
        }
        Level {
            id: Name::from(section.id.as_str()),
            name: section.name.clone(),
            at: at.or(stated).unwrap_or(i64::MAX),
            multiplier: section.multiplier.as_ref().and_then(|factor| self.factor(factor, &place.key("multiplier"))),
            perks: section.perks.clone(),
        }
    }
}
