//! What changes for members between two versions of a programme, and whether it is worse for them.

mod align;
mod conditions;
mod general;
mod ladders;
mod operator;
mod order;
mod referrals;
mod rewards;
mod rules;
mod units;

use super::condition::Test;
use super::document::{DebtPolicy, LooseReturns, OnReturn, PluralForms, Stacking, StepDown, Texts};
use super::finding::Place;
use super::model::*;
use super::referrals::{CreditPolicy, Review};
use crate::kernel::{Factor, Instant, Language, Money, Name, Period, Rounding, Window};
use crate::ledger::SpendOrder;
use std::collections::BTreeMap;

/// Two versions of a programme and what differs, the worst first.
#[derive(Clone, Debug)]
pub struct Diff {
    pub old: Programme,
    pub new: Programme,
    pub changes: Vec<Change>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// JSON pointer into the new document; into the old one for what was removed.
    pub pointer: String,
    pub subject: Subject,
    pub kind: Kind,
    pub effect: ForMembers,
    /// Whether law or fairness demands that members are told before it comes into force.
    pub notice: bool,
}

/// What a change means to members, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForMembers {
    Worse,
    /// Better for some and worse for others, or nobody can tell from the documents alone.
    Mixed,
    Better,
    /// A name, or a detail that gives and takes nothing.
    Neutral,
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Programme,
    /// Who runs it.
    Operator,
    Brand(Name),
    Unit(Name),
    /// A standing earning rule.
    Rule(Name),
    Campaign(Name),
    Ladder(Name),
    Level(Name),
    Reward(Name),
    /// An edition of recommendations.
    Referral(Name),
    Transfers,
    Gifts,
    Households,
    Holds,
    /// How recommendations are checked.
    Fraud,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Altered { aspect: Aspect, old: Value, new: Value },
}

/// Which term of its subject was altered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aspect {
    Id,
    Name,
    /// What this word of the shop's own is called.
    Label(Name),
    /// One of how recommendations are checked, by its name in the document.
    Setting(Name),
    Description,
    Languages,
    TimeZone,
    Currency,
    Decimals,
    /// What one of this currency is worth.
    Exchange(Name),
    Rounding,
    JoinOnFirstOrder,
    Stacking,
    Exclusions,
    LooseReturns,
    Scale,
    Worth,
    Spendable,
    Pending,
    Expiry,
    SpendOrder,
    Debt,
    Cap(Window),
    Trigger,
    When,
    Lines,
    Unit,
    Award,
    AppliesTo,
    Remainder,
    Multiplied,
    OrderCap,
    Period,
    Budget,
    Metric,
    LadderWindow,
    Keep,
    Grace,
    StepDown,
    OnReturn,
    Threshold,
    Multiplier,
    Perk,
    Gives,
    Price,
    Stock,
    Limit,
    Voucher,
    Validity,
    Least,
    Most,
    Units,
    HoldValid,
    HoldLongest,
    HoldMost,
    Address,
    Registration,
    Contact,
    Complaints,
    ComplaintAnswer,
    DataProtection,
    MinimumAge,
    Notice,
    HoldsFrom,
    Advocates,
    Friends,
    /// How long a click counts.
    TouchWindow,
    Credit,
    QualifyOn,
    QualifyWhen,
    QualifyWait,
    QualifyWithin,
    FriendsCap(Window),
    FriendsBudget,
    FriendReturn,
    Review,
    Variants,
}

/// A term as it was, or as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not there: what that means depends on the aspect.
    Nothing,
    Flag(bool),
    Count(i64),
    Amount {
        unit: Name,
        amount: i64,
    },
    Factor(Factor),
    Period(Period),
    Text(Name),
    Texts(Texts),
    Forms(BTreeMap<Language, PluralForms>),
    Languages(Vec<Language>),
    Units(Vec<Name>),
    Rules(Vec<Name>),
    Condition(Test),
    Exclusions(Exclusions),
    Between {
        from: Option<Instant>,
        until: Option<Instant>,
    },
    Worth {
        unit: Name,
        worth: Worth,
    },
    Pending(PendingRule),
    Expiry(Expiry),
    Award {
        unit: Name,
        award: Award,
    },
    Metric(Metric),
    LadderWindow(LadderWindow),
    Threshold {
        metric: Metric,
        at: i64,
    },
    Gives(Gives),
    Price {
        unit: Name,
        points: i64,
        cash: Money,
    },
    Limit {
        times: i64,
        window: Window,
    },
    Voucher(VoucherSource),
    Trigger(Trigger),
    Rounding(Rounding),
    Stacking(Stacking),
    SpendOrder(SpendOrder),
    Debt(DebtPolicy),
    StepDown(StepDown),
    OnReturn(OnReturn),
    LooseReturns(LooseReturns),
    Credit(CreditPolicy),
    Review(Review),
}

/// What a rule gives, with names in the place of indices, so that two versions can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Award {
    PerAmount { rate: Factor, per: Money },
    PerItem { each: i64 },
    Fixed { points: i64 },
    PerValue { attribute: Name, rate: Factor, per: i64 },
    Multiplier { factor: Factor },
    Reward { reward: Name },
}

/// Compares two versions. `at` is the moment at which the new one comes into force: what is over by
/// then is taken from nobody.
pub fn compare(old: &Programme, new: &Programme, at: Instant) -> Diff {
    let decimals = (old.currency.decimals, new.currency.decimals);
    let (old, new) = align::aligned(old, new);
    let mut comparison = Comparison { old: &old, new: &new, decimals, at, changes: Vec::new() };
    comparison.general();
    comparison.operator();
    comparison.units();
    comparison.rules();
    comparison.ladders();
    comparison.rewards();
    comparison.referrals();
    let mut changes = comparison.changes;
    changes.sort_by_key(|change| change.effect);
    Diff { old, new, changes }
}

impl Diff {
    /// What stands in the way of publishing at once: what members must be told of first.
    pub fn needs_notice(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.notice)
    }
}

impl Aspect {
    /// Stable, snake_case.
    pub fn name(&self) -> &'static str {
        match self {
            Aspect::Id => "id",
            Aspect::Name => "name",
            Aspect::Label(_) => "label",
            Aspect::Description => "description",
            Aspect::Languages => "languages",
            Aspect::TimeZone => "time_zone",
            Aspect::Currency => "currency",
            Aspect::Decimals => "decimals",
            Aspect::Exchange(_) => "exchange",
            Aspect::Rounding => "rounding",
            Aspect::JoinOnFirstOrder => "join_on_first_order",
            Aspect::Stacking => "stacking",
            Aspect::Exclusions => "exclusions",
            Aspect::LooseReturns => "loose_returns",
            Aspect::Scale => "scale",
            Aspect::Worth => "worth",
            Aspect::Spendable => "spendable",
            Aspect::Pending => "pending",
            Aspect::Expiry => "expiry",
            Aspect::SpendOrder => "spend_order",
            Aspect::Debt => "debt",
            Aspect::Cap(_) => "cap",
            Aspect::Trigger => "trigger",
            Aspect::When => "when",
            Aspect::Lines => "lines",
            Aspect::Unit => "unit",
            Aspect::Award => "award",
            Aspect::AppliesTo => "applies_to",
            Aspect::Remainder => "remainder",
            Aspect::Multiplied => "multiplied",
            Aspect::OrderCap => "order_cap",
            Aspect::Period => "period",
            Aspect::Budget => "budget",
            Aspect::Metric => "metric",
            Aspect::LadderWindow => "ladder_window",
            Aspect::Keep => "keep",
            Aspect::Grace => "grace",
            Aspect::StepDown => "step_down",
            Aspect::OnReturn => "on_return",
            Aspect::Threshold => "threshold",
            Aspect::Multiplier => "multiplier",
            Aspect::Perk => "perk",
            Aspect::Gives => "gives",
            Aspect::Price => "price",
            Aspect::Stock => "stock",
            Aspect::Limit => "limit",
            Aspect::Voucher => "voucher",
            Aspect::Validity => "validity",
            Aspect::Least => "least",
            Aspect::Most => "most",
            Aspect::Units => "units",
            Aspect::HoldValid => "hold_valid",
            Aspect::HoldLongest => "hold_longest",
            Aspect::HoldMost => "hold_most",
            Aspect::Setting(_) => "setting",
            Aspect::Address => "address",
            Aspect::Registration => "registration",
            Aspect::Contact => "contact",
            Aspect::Complaints => "complaints",
            Aspect::ComplaintAnswer => "complaint_answer",
            Aspect::DataProtection => "data_protection",
            Aspect::MinimumAge => "minimum_age",
            Aspect::Notice => "notice",
            Aspect::HoldsFrom => "holds_from",
            Aspect::Advocates => "advocates",
            Aspect::Friends => "friends",
            Aspect::TouchWindow => "touch_window",
            Aspect::Credit => "credit",
            Aspect::QualifyOn => "qualify_on",
            Aspect::QualifyWhen => "qualify_when",
            Aspect::QualifyWait => "qualify_wait",
            Aspect::QualifyWithin => "qualify_within",
            Aspect::FriendsCap(_) => "friends_cap",
            Aspect::FriendsBudget => "friends_budget",
            Aspect::FriendReturn => "friend_return",
            Aspect::Review => "review",
            Aspect::Variants => "variants",
        }
    }
}

impl ForMembers {
    /// Stable, snake_case.
    pub fn name(self) -> &'static str {
        match self {
            ForMembers::Worse => "worse",
            ForMembers::Mixed => "mixed",
            ForMembers::Better => "better",
            ForMembers::Neutral => "neutral",
        }
    }

    /// Two effects of one change together.
    fn and(self, other: ForMembers) -> ForMembers {
        match (self, other) {
            (ForMembers::Neutral, effect) | (effect, ForMembers::Neutral) => effect,
            (one, other) if one == other => one,
            _ => ForMembers::Mixed,
        }
    }

    /// The effect of the same change to something that takes away instead of giving.
    fn reversed(self) -> ForMembers {
        match self {
            ForMembers::Better => ForMembers::Worse,
            ForMembers::Worse => ForMembers::Better,
            other => other,
        }
    }
}

/// Two versions while they are being compared.
struct Comparison<'a> {
    old: &'a Programme,
    new: &'a Programme,
    /// Of money, as the documents state them.
    decimals: (u8, u8),
    at: Instant,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn added(&mut self, place: &Place, subject: Subject, effect: ForMembers) {
        self.note(place, subject, Kind::Added, effect);
    }

    fn removed(&mut self, place: &Place, subject: Subject, effect: ForMembers) {
        self.note(place, subject, Kind::Removed, effect);
    }

    /// Notes an altered term, unless it is the same.
    fn altered(
        &mut self,
        place: &Place,
        subject: &Subject,
        aspect: Aspect,
        (old, new): (Value, Value),
        effect: ForMembers,
    ) {
        if old != new {
            self.note(place, subject.clone(), Kind::Altered { aspect, old, new }, effect);
        }
    }

    fn note(&mut self, place: &Place, subject: Subject, kind: Kind, effect: ForMembers) {
        // Whoever becomes a member without asking must be told, though it costs them nothing.
        let joins = matches!(&kind, Kind::Altered { aspect: Aspect::JoinOnFirstOrder, new: Value::Flag(true), .. });
        let notice = joins || matches!(effect, ForMembers::Worse | ForMembers::Mixed);
        self.changes.push(Change { pointer: place.pointer().to_owned(), subject, kind, effect, notice });
    }

    /// Whether amounts of money of both versions can be compared at all.
    fn same_money(&self) -> bool {
        self.old.currency.code == self.new.currency.code
    }
}
