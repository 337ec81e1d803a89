//! The values that a field may still take: what is left when conditions have been read.

use std::collections::BTreeSet;

use crate::kernel::Name;

/// Numbers between bounds, both inclusive, and perhaps no number at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    pub absent: bool,
    /// In order, apart from each other.
    spans: Vec<(i128, i128)>,
}

impl Numbers {
    pub fn between(least: Option<i128>, most: Option<i128>) -> Numbers {
        let (least, most) = (least.unwrap_or(i128::MIN), most.unwrap_or(i128::MAX));
        Numbers { absent: false, spans: if least <= most { vec![(least, most)] } else { Vec::new() } }
    }

    pub fn each(numbers: impl IntoIterator<Item = i64>) -> Numbers {
        let sorted: BTreeSet<i64> = numbers.into_iter().collect();
        Numbers {
            absent: false,
            spans: sorted.into_iter().map(|number| (i128::from(number), i128::from(number))).collect(),
        }
    }

    pub fn or_absent(self) -> Numbers {
        Numbers { absent: true, ..self }
    }

    /// Everything else.
    pub fn negated(&self) -> Numbers {
        let mut spans = Vec::new();
        let mut next = Some(i128::MIN);
        for (least, most) in &self.spans {
            if let Some(start) = next.filter(|start| start < least) {
                spans.push((start, least - 1));
            }
            next = most.checked_add(1);
        }
        if let Some(start) = next {
            spans.push((start, i128::MAX));
        }
        Numbers { absent: !self.absent, spans }
    }

    pub fn and(&self, other: &Numbers) -> Numbers {
        let mut spans = Vec::new();
        for (least, most) in &self.spans {
            for (its_least, its_most) in &other.spans {
                let (least, most) = (*least.max(its_least), *most.min(its_most));
                if least <= most {
                    spans.push((least, most));
                }
            }
        }
        Numbers { absent: self.absent && other.absent, spans }
    }

    pub fn is_empty(&self) -> bool {
        !self.absent && self.spans.is_empty()
    }

    pub fn contains(&self, number: i128) -> bool {
        self.spans.iter().any(|(least, most)| (*least..=*most).contains(&number))
    }

    /// The least and the greatest of them.
    pub fn ends(&self) -> Option<(i128, i128)> {
        Some((self.spans.first()?.0, self.spans.last()?.1))
    }
}

/// One of these texts, or any but these; and perhaps none at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    pub absent: bool,
    only: bool,
    named: BTreeSet<Name>,
}

impl Texts {
    pub fn one_of(named: BTreeSet<Name>) -> Texts {
        Texts { absent: false, only: true, named }
    }

    pub fn any_or_absent() -> Texts {
        Texts { absent: true, only: false, named: BTreeSet::new() }
    }

    pub fn absent() -> Texts {
        Texts { absent: true, only: true, named: BTreeSet::new() }
    }

    pub fn or_absent(self) -> Texts {
        Texts { absent: true, ..self }
    }

    /// Everything else.
    pub fn negated(&self) -> Texts {
        Texts { absent: !self.absent, only: !self.only, named: self.named.clone() }
    }

    pub fn and(&self, other: &Texts) -> Texts {
        let (only, named) = match (self.only, other.only) {
            (true, true) => (true, &self.named & &other.named),
            (true, false) => (true, &self.named - &other.named),
            (false, true) => (true, &other.named - &self.named),
            (false, false) => (false, &self.named | &other.named),
        };
        Texts { absent: self.absent && other.absent, only, named }
    }

    pub fn is_empty(&self) -> bool {
        !self.absent && self.only && self.named.is_empty()
    }
}

/// Several texts at once: of each of `required` one is there, and none of `forbidden`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several {
    required: Vec<BTreeSet<Name>>,
    forbidden: BTreeSet<Name>,
}

impl Several {
    pub fn having(texts: &BTreeSet<Name>) -> Several {
        Several { required: vec![texts.clone()], forbidden: BTreeSet::new() }
    }

    pub fn lacking(texts: &BTreeSet<Name>) -> Several {
        Several { required: Vec::new(), forbidden: texts.clone() }
    }

    pub fn and(&self, other: &Several) -> Several {
        let mut required = self.required.clone();
        required.extend(other.required.iter().filter(|texts| !self.required.contains(texts)).cloned());
        Several { required, forbidden: &self.forbidden | &other.forbidden }
    }

    pub fn is_empty(&self) -> bool {
        self.required.iter().any(|texts| texts.is_subset(&self.forbidden))
    }
}
