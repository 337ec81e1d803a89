//! The words that a story is told in: those that a programme's rules look for, and a few that
//! they do not.

use std::collections::BTreeSet;

use lojal_core::kernel::Name;
use lojal_core::programme::condition::{FlagField, NumberField, SetField, Test, TextField};
use lojal_core::programme::{AwardKind, Metric, Programme, Trigger};

/// What can be named in orders, activities and redemptions of one programme.
#[derive(Clone, Debug)]
pub struct Words {
    pub brands: Vec<Name>,
    pub units: Vec<Name>,
    pub rewards: Vec<Name>,
    /// Of recommendations.
    pub editions: Vec<Name>,
    pub activities: Vec<Name>,
    pub skus: Vec<Name>,
    pub categories: Vec<Name>,
    pub makes: Vec<Name>,
    pub line_tags: Vec<Name>,
    pub order_tags: Vec<Name>,
    pub channels: Vec<Name>,
    pub countries: Vec<Name>,
    pub segments: Vec<Name>,
    pub attributes: Vec<Name>,
    /// Attributes of activities that hold a number.
    pub measures: Vec<Name>,
    /// Attributes of activities that hold yes or no.
    pub marks: Vec<Name>,
}

#[derive(Default)]
struct Looked {
    skus: BTreeSet<Name>,
    categories: BTreeSet<Name>,
    makes: BTreeSet<Name>,
    line_tags: BTreeSet<Name>,
    order_tags: BTreeSet<Name>,
    channels: BTreeSet<Name>,
    countries: BTreeSet<Name>,
    segments: BTreeSet<Name>,
    measures: BTreeSet<Name>,
    marks: BTreeSet<Name>,
}

impl Words {
    pub fn of(programme: &Programme) -> Words {
        let mut looked = Looked::default();
        let mut activities: BTreeSet<Name> = BTreeSet::new();
        for rule in &programme.rules {
            looked.collect(&rule.when);
            looked.collect(&rule.lines);
            if let Trigger::Activity(name) = &rule.on {
                activities.insert(name.clone());
            }
            if let AwardKind::PerValue { attribute, .. } = &rule.award {
                looked.measures.insert(attribute.clone());
            }
        }
        for reward in &programme.rewards {
            looked.collect(&reward.when);
        }
        for edition in &programme.referrals {
            looked.collect(&edition.qualify.when);
            if let Trigger::Activity(name) = &edition.qualify.on {
                activities.insert(name.clone());
            }
        }
        for ladder in &programme.ladders {
            if let Metric::Activity(name) = &ladder.metric {
                activities.insert(name.clone());
            }
        }
        for own in lojal_core::activity::builtin::ALL {
            activities.remove(own);
        }
        Words {
            brands: programme.brands.iter().map(|brand| brand.id.clone()).collect(),
            units: programme.units.iter().map(|unit| unit.id.clone()).collect(),
            rewards: programme.rewards.iter().map(|reward| reward.id.clone()).collect(),
            editions: programme.referrals.iter().map(|edition| edition.id.clone()).collect(),
            activities: with(activities, &["wave"]),
            skus: with(looked.skus, &["A-1", "B-2"]),
            categories: with(looked.categories, &["bread", "wine"]),
            makes: with(looked.makes, &["nobody"]),
            line_tags: with(looked.line_tags, &["plain"]),
            order_tags: with(looked.order_tags, &["quiet"]),
            channels: with(looked.channels, &["web", "store"]),
            countries: with(looked.countries, &["PL", "DE"]),
            segments: with(looked.segments, &["night-owls"]),
            attributes: programme.looks_at.attributes.iter().cloned().collect(),
            measures: with(looked.measures, &["stars"]),
            marks: looked.marks.into_iter().collect(),
        }
    }
}

fn with(found: BTreeSet<Name>, others: &[&'static str]) -> Vec<Name> {
    let mut words = found;
    words.extend(others.iter().map(|word| Name::const_new(word)));
    words.into_iter().collect()
}

impl Looked {
    fn collect(&mut self, test: &Test) {
        match test {
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| self.collect(test)),
            Test::Not(test) => self.collect(test),
            Test::TextIn { field, texts } => {
                if let Some(words) = self.of_field(field) {
                    words.extend(texts.iter().cloned());
                }
            }
            Test::Has { field, texts } => {
                let words = match field {
                    SetField::OrderTags => &mut self.order_tags,
                    SetField::LineTags => &mut self.line_tags,
                    SetField::MemberSegments => &mut self.segments,
                };
                words.extend(texts.iter().cloned());
            }
            Test::Number { field: NumberField::ActivityAttribute(name), .. }
            | Test::NumberIn { field: NumberField::ActivityAttribute(name), .. } => {
                self.measures.insert(name.clone());
            }
            Test::Flag { field: FlagField::ActivityAttribute(name), .. } => {
                self.marks.insert(name.clone());
            }
            _ => {}
        }
    }

    fn of_field(&mut self, field: &TextField) -> Option<&mut BTreeSet<Name>> {
        match field {
            TextField::OrderChannel => Some(&mut self.channels),
            TextField::OrderCountry => Some(&mut self.countries),
            TextField::LineSku => Some(&mut self.skus),
            TextField::LineCategory => Some(&mut self.categories),
            TextField::LineMake => Some(&mut self.makes),
            _ => None,
        }
    }
}
