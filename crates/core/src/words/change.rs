//! What changes between two versions of a programme, in sentences, and summed up in a line.

mod value;

use std::collections::BTreeSet;

use super::{Speaker, Words, sentence};
use crate::kernel::Language;
use crate::programme::Texts;
use crate::programme::diff::{Aspect, Change, Diff, ForMembers, Kind, Subject, Value};

/// Says what differs between two versions, in one language.
#[derive(Clone, Copy)]
pub struct ChangeSpeaker<'a> {
    words: &'a Words,
    diff: &'a Diff,
    old: Speaker<'a>,
    new: Speaker<'a>,
}

impl Words {
    /// Speaks of what differs between two versions.
    pub fn between<'a>(&'a self, diff: &'a Diff) -> ChangeSpeaker<'a> {
        ChangeSpeaker { words: self, diff, old: self.about(&diff.old), new: self.about(&diff.new) }
    }
}

impl ChangeSpeaker<'_> {
    /// One sentence: `Level “Gold”, multiplier: ×1.5 → ×1.3.`
    pub fn change(&self, change: &Change) -> String {
        let subject = self.subject(&change.subject, &change.kind);
        match &change.kind {
            Kind::Added => self.words.say("change-added", &[("subject", subject.into())]),
            Kind::Removed => self.words.say("change-removed", &[("subject", subject.into())]),
            Kind::Altered { aspect: Aspect::Perk, old, new } => self.perk(&sentence(&subject), old, new),
            Kind::Altered { aspect, old, new } => self.altered(change, &sentence(&subject), aspect, (old, new)),
        }
    }

    /// How many changes of each kind there are, the worst first:
    /// `Worse for members: 2 rewards dearer. Better: 1 new way to earn.`
    pub fn summary(&self) -> String {
        let effects = [ForMembers::Worse, ForMembers::Mixed, ForMembers::Better, ForMembers::Neutral];
        let lines = effects.into_iter().filter_map(|effect| {
            let changes: Vec<&Change> = self.diff.changes.iter().filter(|change| change.effect == effect).collect();
            if changes.is_empty() {
                return None;
            }
            Some(match effect {
                ForMembers::Worse => self.words.say("summary-worse", &[("changes", self.groups(&changes).into())]),
                ForMembers::Better => self.words.say("summary-better", &[("changes", self.groups(&changes).into())]),
                ForMembers::Mixed => self.words.say("summary-mixed", &[("changes", self.number_of(&changes).into())]),
                ForMembers::Neutral => {
                    self.words.say("summary-neutral", &[("changes", self.number_of(&changes).into())])
                }
            })
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { self.words.say("summary-nothing", &[]) } else { lines.join(" ") }
    }

    /// A term as it was and as it is to be, as phrases; `None` for what was added or removed.
    pub fn terms(&self, change: &Change) -> Option<(String, String)> {
        match &change.kind {
            Kind::Added | Kind::Removed => None,
            Kind::Altered { aspect, old, new } => Some(self.both(aspect, old, new)),
        }
    }

    fn altered(&self, change: &Change, subject: &str, aspect: &Aspect, (old, new): (&Value, &Value)) -> String {
        let (before, after) = self.both(aspect, old, new);
        let is_sold = matches!((old, new), (Value::Price { .. }, Value::Price { .. }));
        let key = match (aspect, change.effect) {
            (Aspect::Price, ForMembers::Worse) if is_sold => "change-dearer",
            (Aspect::Price, ForMembers::Better) if is_sold => "change-cheaper",
            // What has commas and colons of its own.
            (
                Aspect::When
                | Aspect::Lines
                | Aspect::Exclusions
                | Aspect::Description
                | Aspect::Advocates
                | Aspect::Friends
                | Aspect::QualifyWhen
                | Aspect::Variants,
                _,
            ) => "change-rewritten",
            _ => "change-altered",
        };
        let values = [
            ("subject", subject.into()),
            ("aspect", self.aspect(&change.subject, aspect).into()),
            ("old", before.into()),
            ("new", after.into()),
        ];
        self.words.say(key, &values)
    }

    fn perk(&self, subject: &str, old: &Value, new: &Value) -> String {
        let say = |key: &'static str, perk: String| {
            self.words.say(key, &[("subject", subject.into()), ("perk", perk.into())])
        };
        match (old, new) {
            (Value::Nothing, new) => say("change-perk-gained", self.new.term(&Aspect::Perk, new)),
            (old, Value::Nothing) => say("change-perk-lost", self.old.term(&Aspect::Perk, old)),
            (old, new) => {
                let (old, new) = self.both(&Aspect::Perk, old, new);
                let aspect = self.words.say("aspect-perk", &[]);
                let values =
                    [("subject", subject.into()), ("aspect", aspect.into()), ("old", old.into()), ("new", new.into())];
                self.words.say("change-altered", &values)
            }
        }
    }

    /// Both values in words. Texts are quoted in this language, or in one in which they differ.
    fn both(&self, aspect: &Aspect, old: &Value, new: &Value) -> (String, String) {
        match (old, new) {
            (Value::Texts(old), Value::Texts(new)) => self.differing(old, new),
            (Value::Forms(old), Value::Forms(new)) => {
                let names = |forms: &std::collections::BTreeMap<Language, crate::programme::PluralForms>| -> Texts {
                    let listed = forms.iter().map(|(language, forms)| {
                        let forms = [Some(&forms.one), forms.few.as_ref(), Some(&forms.many), forms.other.as_ref()];
                        let forms: Vec<&str> = forms.into_iter().flatten().map(String::as_str).collect();
                        (*language, forms.join(", "))
                    });
                    listed.collect()
                };
                self.differing(&names(old), &names(new))
            }
            (old, new) => (self.old.term(aspect, old), self.new.term(aspect, new)),
        }
    }

    fn differing(&self, old: &Texts, new: &Texts) -> (String, String) {
        let own = self.words.language();
        let differs = |language: &Language| old.get(language) != new.get(language);
        let shown = [own].into_iter().chain(Language::ALL).find(differs).unwrap_or(own);
        let quoted = |texts: &Texts| match texts.get(&shown) {
            Some(text) => self.words.say("term-quoted", &[("text", text.as_str().into())]),
            None => self.words.say("term-none", &[]),
        };
        (quoted(old), quoted(new))
    }

    /// What a change is about; by its old name when it is gone.
    fn subject(&self, subject: &Subject, kind: &Kind) -> String {
        let speaker = if *kind == Kind::Removed { self.old } else { self.new };
        let say = |key: &'static str, name: &str| self.words.say(key, &[("name", name.into())]);
        match subject {
            Subject::Programme => self.words.say("subject-programme", &[]),
            Subject::Operator => self.words.say("subject-operator", &[]),
            Subject::Brand(id) => {
                let brand = speaker.programme.brand(id);
                say("subject-brand", brand.map_or(id.as_str(), |brand| speaker.text(&brand.name)))
            }
            Subject::Unit(id) => say("subject-unit", &speaker.plural(id)),
            Subject::Rule(id) | Subject::Campaign(id) => speaker.rule(id),
            Subject::Ladder(id) => {
                let ladder = speaker.programme.ladder(id);
                say("subject-ladder", ladder.map_or(id.as_str(), |ladder| speaker.text(&ladder.name)))
            }
            Subject::Level(id) => say("subject-level", speaker.level(id)),
            Subject::Reward(id) => say("subject-reward", speaker.reward(id)),
            Subject::Referral(id) => say("subject-referral", speaker.edition(id)),
            Subject::Transfers => self.words.say("subject-transfers", &[]),
            Subject::Gifts => self.words.say("subject-gifts", &[]),
            Subject::Households => self.words.say("subject-households", &[]),
            Subject::Holds => self.words.say("subject-holds", &[]),
            Subject::Fraud => self.words.say("subject-fraud", &[]),
        }
    }

    fn aspect(&self, subject: &Subject, aspect: &Aspect) -> String {
        let key = match aspect {
            Aspect::Exchange(code) => {
                return self.words.say("aspect-exchange", &[("currency", code.as_str().into())]);
            }
            Aspect::Label(word) => {
                return self.words.say("aspect-label", &[("word", word.as_str().into())]);
            }
            Aspect::Setting(name) => {
                return self.words.say("aspect-setting", &[("name", name.as_str().into())]);
            }
            Aspect::Cap(window) => {
                return self.words.say("aspect-cap", &[("window", self.words.per_window(*window).into())]);
            }
            Aspect::FriendsCap(window) => {
                return self.words.say("aspect-friends-cap", &[("window", self.words.per_window(*window).into())]);
            }
            Aspect::Id => "aspect-id",
            Aspect::Name => "aspect-name",
            Aspect::Description => "aspect-description",
            Aspect::Languages => "aspect-languages",
            Aspect::TimeZone => "aspect-time-zone",
            Aspect::Currency => "aspect-currency",
            Aspect::Decimals => "aspect-decimals",
            Aspect::Rounding => "aspect-rounding",
            Aspect::JoinOnFirstOrder => "aspect-join-on-first-order",
            Aspect::Stacking => "aspect-stacking",
            Aspect::Exclusions => "aspect-exclusions",
            Aspect::LooseReturns => "aspect-loose-returns",
            Aspect::Scale => "aspect-scale",
            Aspect::Worth => "aspect-worth",
            Aspect::Spendable => "aspect-spendable",
            Aspect::Pending => "aspect-pending",
            Aspect::Expiry => "aspect-expiry",
            Aspect::SpendOrder => "aspect-spend-order",
            Aspect::Debt => "aspect-debt",
            Aspect::Trigger => "aspect-trigger",
            Aspect::When => "aspect-when",
            Aspect::Lines => "aspect-lines",
            Aspect::Unit => "aspect-unit",
            Aspect::Award => "aspect-award",
            Aspect::AppliesTo => "aspect-applies-to",
            Aspect::Remainder => "aspect-remainder",
            Aspect::Multiplied => "aspect-multiplied",
            Aspect::OrderCap => "aspect-order-cap",
            Aspect::Period => "aspect-period",
            Aspect::Budget => "aspect-budget",
            Aspect::Metric => "aspect-metric",
            Aspect::LadderWindow => "aspect-ladder-window",
            Aspect::Keep => "aspect-keep",
            Aspect::Grace => "aspect-grace",
            Aspect::StepDown => "aspect-step-down",
            Aspect::OnReturn => "aspect-on-return",
            Aspect::Threshold => "aspect-threshold",
            Aspect::Multiplier => "aspect-multiplier",
            Aspect::Perk => "aspect-perk",
            Aspect::Gives => "aspect-gives",
            Aspect::Price => "aspect-price",
            Aspect::Stock => "aspect-stock",
            Aspect::Limit => "aspect-limit",
            Aspect::Voucher => "aspect-voucher",
            Aspect::Validity => "aspect-validity",
            Aspect::Least => "aspect-least",
            Aspect::Most if *subject == Subject::Households => "aspect-most-members",
            Aspect::Most => "aspect-most",
            Aspect::Units => "aspect-units",
            Aspect::HoldValid => "aspect-hold-valid",
            Aspect::HoldLongest => "aspect-hold-longest",
            Aspect::HoldMost => "aspect-hold-most",
            Aspect::Address => "aspect-address",
            Aspect::Registration => "aspect-registration",
            Aspect::Contact => "aspect-contact",
            Aspect::Complaints => "aspect-complaints",
            Aspect::ComplaintAnswer => "aspect-complaint-answer",
            Aspect::DataProtection => "aspect-data-protection",
            Aspect::MinimumAge => "aspect-minimum-age",
            Aspect::Notice => "aspect-notice",
            Aspect::HoldsFrom => "aspect-holds-from",
            Aspect::Advocates => "aspect-advocates",
            Aspect::Friends => "aspect-friends",
            Aspect::TouchWindow => "aspect-touch-window",
            Aspect::Credit => "aspect-credit",
            Aspect::QualifyOn => "aspect-qualify-on",
            Aspect::QualifyWhen => "aspect-qualify-when",
            Aspect::QualifyWait => "aspect-qualify-wait",
            Aspect::QualifyWithin => "aspect-qualify-within",
            Aspect::FriendsBudget => "aspect-friends-budget",
            Aspect::FriendReturn => "aspect-friend-return",
            Aspect::Review => "aspect-review",
            Aspect::Variants => "aspect-variants",
        };
        self.words.say(key, &[])
    }

    fn number_of(&self, changes: &[&Change]) -> String {
        self.words.counted("group-changes", i64::try_from(changes.len()).unwrap_or(i64::MAX))
    }

    /// Each subject counts once in a group, however many of its terms change.
    fn groups(&self, changes: &[&Change]) -> String {
        let mut groups: Vec<(&'static str, BTreeSet<&Subject>)> = Vec::new();
        let mut others = 0;
        for change in changes {
            match group(change) {
                "group-others" => others += 1,
                key => match groups.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, subjects)) => {
                        subjects.insert(&change.subject);
                    }
                    None => groups.push((key, BTreeSet::from([&change.subject]))),
                },
            }
        }
        let counted = |(key, subjects): &(&'static str, BTreeSet<&Subject>)| {
            self.words.counted(key, i64::try_from(subjects.len()).unwrap_or(i64::MAX))
        };
        let others = if others > 0 { Some(self.words.counted("group-others", others)) } else { None };
        groups.iter().map(counted).chain(others).collect::<Vec<_>>().join(", ")
    }
}

/// Under which heading a change that is better or worse is counted.
fn group(change: &Change) -> &'static str {
    let is_price = matches!(
        &change.kind,
        Kind::Altered { aspect: Aspect::Price, old: Value::Price { .. }, new: Value::Price { .. } }
    );
    match (&change.subject, &change.kind) {
        (Subject::Reward(_), Kind::Added) => "group-rewards-added",
        (Subject::Reward(_), Kind::Removed) => "group-rewards-removed",
        (Subject::Reward(_), _) if is_price && change.effect == ForMembers::Worse => "group-rewards-dearer",
        (Subject::Reward(_), _) if is_price => "group-rewards-cheaper",
        (Subject::Reward(_), _) => "group-rewards",
        (Subject::Rule(_) | Subject::Campaign(_), Kind::Added) => "group-rules-added",
        (Subject::Rule(_) | Subject::Campaign(_), Kind::Removed) => "group-rules-removed",
        (Subject::Rule(_) | Subject::Campaign(_), _) => "group-rules",
        (Subject::Level(_), Kind::Added) => "group-levels-added",
        (Subject::Level(_), Kind::Removed) => "group-levels-removed",
        (Subject::Level(_), _) => "group-levels",
        (Subject::Referral(_), Kind::Added) => "group-referrals-added",
        (Subject::Referral(_), Kind::Removed) => "group-referrals-removed",
        (Subject::Referral(_), _) => "group-referrals",
        (Subject::Unit(_), Kind::Altered { .. }) => "group-units",
        _ => "group-others",
    }
}
