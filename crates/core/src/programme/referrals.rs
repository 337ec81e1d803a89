//! Editions of the referral programme: who may recommend whom, what makes a recommendation count, and how
//! many of them. What both sides are given for it are earning rules on activities of the house.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::compile::Compiler;
use super::condition::{MoneyField, Test};
use super::document::{Condition, OnReturn, PendingSection, Texts};
use super::finding::Place;
use super::model::{Budget, Cap, PendingRule, Trigger};
use super::remark::Remark;
use super::vocabulary::Scope;
use crate::kernel::{Instant, MemberId, Money, Name, Period, Window};

const MOST_EDITIONS: usize = 50;
const MOST_VARIANTS: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferralSection {
    pub name: Texts,
    /// The first moment, as a date or a date with a time; open when absent.
    pub from: Option<String>,
    /// The last day, or the moment at which it is over.
    pub until: Option<String>,
    /// Who may recommend: conditions on the member.
    #[serde(default)]
    pub advocates: Vec<Condition>,
    /// Who may be recommended: conditions on the member who comes. Somebody without an order, when absent.
    pub friends: Option<Vec<Condition>>,
    /// How long a click counts, like `30 days`.
    #[serde(default = "thirty_days")]
    pub window: String,
    /// Who is credited where several have recommended the same friend.
    #[serde(default)]
    pub credit: CreditPolicy,
    #[serde(default)]
    pub qualify: QualifySection,
    /// The most friends of one advocate who count in a window.
    #[serde(default)]
    pub caps: BTreeMap<Window, i64>,
    /// The most friends of all advocates together who count.
    pub budget: Option<i64>,
    /// Whether what a friend qualified by is given up again when it comes back.
    #[serde(default)]
    pub on_return: OnReturn,
    #[serde(default)]
    pub review: Review,
    /// Versions of the offer that are compared with each other; each advocate has one of them.
    #[serde(default)]
    pub variants: Vec<String>,
}

fn thirty_days() -> String {
    "30 days".to_owned()
}

/// Who is credited with a friend whom several recommended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CreditPolicy {
    /// Who recommended last.
    #[default]
    Last,
    /// Who recommended first.
    First,
    /// All of them, in equal shares.
    Split,
}

/// Who looks at a recommendation before anybody is rewarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// The detector looks at each, and a person at those that it doubts.
    #[default]
    Suspicious,
    /// A person looks at each.
    All,
    /// Nobody does.
    None,
}

/// What makes a recommendation count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualifySection {
    /// `order`, or the name of an activity.
    pub on: String,
    /// All of these must hold, of the order as it is kept or of the activity.
    pub when: Vec<Condition>,
    /// How long it has to stand: as long as goods can be returned, for instance.
    pub wait: Option<PendingSection>,
    /// How long the friend has time, since joining or being recommended, like `90 days`.
    pub within: Option<String>,
}

impl Default for QualifySection {
    fn default() -> QualifySection {
        QualifySection { on: "order".to_owned(), when: Vec::new(), wait: None, within: None }
    }
}

/// One edition.
#[derive(Clone, Debug)]
pub struct Edition {
    pub id: Name,
    pub name: Texts,
    pub from: Option<Instant>,
    /// Exclusive.
    pub until: Option<Instant>,
    /// Of the member who recommends.
    pub advocates: Test,
    /// Of the member who comes.
    pub friends: Test,
    pub window: Period,
    pub credit: CreditPolicy,
    pub qualify: Qualify,
    /// Friends of one advocate, with the name under which they are counted.
    pub caps: Vec<Cap>,
    /// Friends altogether.
    pub budget: Option<Budget>,
    pub on_return: OnReturn,
    pub review: Review,
    pub variants: Vec<Name>,
}

#[derive(Clone, Debug)]
pub struct Qualify {
    pub on: Trigger,
    pub when: Test,
    pub wait: Option<PendingRule>,
    pub within: Option<Period>,
}

impl Edition {
    pub fn runs_at(&self, moment: Instant) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.until.is_none_or(|until| moment < until)
    }

    /// For how much a friend has to order, where that is asked for.
    pub fn least_order(&self) -> Option<Money> {
        let least = |test: &Test| match test {
            Test::Money { field: MoneyField::OrderTotal, range } => range.least,
            _ => None,
        };
        self.qualify.when.parts().iter().filter_map(least).max().map(Money)
    }

    /// The offer that an advocate makes: always the same one, so that friends compare notes in peace. `None`
    /// where nothing is compared.
    pub fn variant(&self, advocate: MemberId) -> Option<&Name> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.id.as_bytes());
        hasher.update(&advocate.number().to_le_bytes());
        let hash = u64::from_le_bytes(*hasher.finalize().as_bytes().first_chunk()?);
        self.variants.get((hash % (self.variants.len().max(1) as u64)) as usize)
    }
}

impl Compiler<'_> {
    pub(super) fn referrals(&mut self) -> Vec<Edition> {
        let document = self.document;
        let place = Place::root().key("referrals");
        if document.referrals.len() > MOST_EDITIONS {
            let remark = Remark::new("finding-too-many-editions").plain("most", MOST_EDITIONS as i64);
            self.findings.error(&place, "too_many", remark);
        }
        document.referrals.iter().filter_map(|(id, section)| self.edition(id, section, &place.key(id))).collect()
    }

    fn edition(&mut self, id: &str, section: &ReferralSection, place: &Place) -> Option<Edition> {
        self.id(id, place);
        self.texts(&section.name, &place.key("name"));
        let from = section.from.as_ref().and_then(|from| self.moment(from, false, &place.key("from")));
        let until = section.until.as_ref().and_then(|until| self.moment(until, true, &place.key("until")));
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            self.findings.error(&place.key("until"), "ends_before_start", "finding-ends-before-start");
        }
        let advocates = self.conditions(&section.advocates, Scope::Member, &place.key("advocates"));
        let newcomers = [Condition {
            field: Some("member.orders".to_owned()),
            is: Some(super::document::Scalar::Whole(0)),
            ..Condition::default()
        }];
        let friends = section.friends.as_deref().unwrap_or(&newcomers);
        let friends = self.conditions(friends, Scope::Member, &place.key("friends"));
        let mut caps = Vec::new();
        for (window, most) in &section.caps {
            if let Some(most) = self.positive(*most, &place.key("caps").key(window.name())) {
                caps.push(Cap { window: *window, most, usage: Name::from(format!("referral/{id}/{}", window.name())) });
            }
        }
        let budget = section.budget.and_then(|total| self.positive(total, &place.key("budget")));
        Some(Edition {
            id: Name::from(id),
            name: section.name.clone(),
            from,
            until,
            advocates,
            friends,
            window: self.wait(&section.window, &place.key("window"))?,
            credit: section.credit,
            qualify: self.qualify(&section.qualify, &place.key("qualify")),
            caps,
            budget: budget.map(|total| Budget { quantity: Name::from(format!("referral/{id}")), total }),
            on_return: section.on_return,
            review: section.review,
            variants: self.variants(&section.variants, &place.key("variants")),
        })
    }

    fn qualify(&mut self, section: &QualifySection, place: &Place) -> Qualify {
        let on = if section.on == "order" {
            Trigger::Order
        } else {
            self.id(&section.on, &place.key("on"));
            if crate::activity::builtin::ALL.contains(&section.on.as_str()) {
                let remark = Remark::new("finding-qualify-on-builtin").word("activity", &section.on);
                self.findings.error(&place.key("on"), "field_unfit", remark);
            }
            Trigger::Activity(Name::from(section.on.as_str()))
        };
        let scope = if on == Trigger::Order { Scope::Order } else { Scope::Activity };
        let within = section.within.as_ref().and_then(|within| self.wait(within, &place.key("within")));
        Qualify {
            on,
            when: self.conditions(&section.when, scope, &place.key("when")),
            wait: self.pending(section.wait.as_ref(), &place.key("wait")),
            within,
        }
    }

    fn variants(&mut self, variants: &[String], place: &Place) -> Vec<Name> {
        if variants.len() == 1 || variants.len() > MOST_VARIANTS {
            let remark = Remark::new("finding-variants-range").plain("most", MOST_VARIANTS as i64);
            self.findings.error(place, "out_of_range", remark);
        }
        for (index, variant) in variants.iter().enumerate() {
            self.id(variant, &place.index(index));
            if variants[..index].contains(variant) {
                let remark = Remark::new("finding-variant-twice").word("variant", variant);
                self.findings.error(&place.index(index), "variant_twice", remark);
            }
        }
        variants.iter().map(|variant| Name::from(variant.as_str())).collect()
    }
}
