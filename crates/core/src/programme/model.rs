//! A programme that cannot be wrong: every name resolves, every number is exact and in range.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::Test;
use super::document::{DebtPolicy, LooseReturns, OnReturn, PendingFrom, PluralForms, Stacking, StepDown, Texts};
use super::fraud::FraudSettings;
use super::labels::Labels;
use super::referrals::Edition;
use crate::activity::{Order, OrderState};
use crate::kernel::{Calendar, Date, Factor, Instant, Language, Money, Name, Period, Rounding, Window};
use crate::ledger::SpendOrder;

/// A compiled programme.
#[derive(Clone, Debug)]
pub struct Programme {
    /// 0 until it is published.
    pub version: u32,
    pub id: Name,
    pub name: Texts,
    pub languages: Vec<Language>,
    pub calendar: Calendar,
    /// The IANA name of the calendar's zone.
    pub time_zone: String,
    pub currency: Currency,
    /// What one of another currency is worth, in this programme's.
    pub exchange: BTreeMap<Name, Factor>,
    pub rounding: Rounding,
    pub join_on_first_order: bool,
    pub brands: Vec<Brand>,
    pub units: Vec<Unit>,
    /// Standing rules, then campaigns, each in the order of the document.
    pub rules: Vec<Rule>,
    /// Editions of the referral programme, in the order of the document.
    pub referrals: Vec<Edition>,
    pub stacking: Stacking,
    /// What counts neither for rules without a list of their own, nor for ladders by spend.
    pub exclude: Exclusions,
    pub ladders: Vec<Ladder>,
    pub rewards: Vec<Reward>,
    pub loose_returns: LooseReturns,
    pub transfers: Option<TransferPolicy>,
    pub gifts: Option<TransferPolicy>,
    /// The most members of a household.
    pub households: Option<i64>,
    pub holds: HoldPolicy,
    /// How recommendations are checked, if they are.
    pub fraud: Option<FraudSettings>,
    pub operator: Operator,
    /// What the shop's own words are called.
    pub labels: Labels,
    /// What rules look at in a member's profile: only this is pinned to an order.
    pub looks_at: LooksAt,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LooksAt {
    pub attributes: BTreeSet<Name>,
    pub segments: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217.
    pub code: Name,
    /// How many decimals [`Money`] has here.
    pub decimals: u8,
}

#[derive(Clone, Debug)]
pub struct Brand {
    pub id: Name,
    pub name: Texts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub id: Name,
    pub forms: BTreeMap<Language, PluralForms>,
    pub scale: u8,
    pub worth: Option<Worth>,
    pub spendable: bool,
    pub pending: Option<PendingRule>,
    pub expiry: Expiry,
    pub spend_order: SpendOrder,
    pub debt: DebtPolicy,
    pub caps: Vec<Cap>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    pub units: i64,
    pub money: Money,
}

impl Worth {
    /// What `amount` of the unit is worth, rounded down.
    pub fn of(self, amount: i64) -> Money {
        let worth = i128::from(amount) * i128::from(self.money.0) / i128::from(self.units);
        Money(i64::try_from(worth).unwrap_or(i64::MAX))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingRule {
    pub from: PendingFrom,
    pub wait: Period,
}

impl PendingRule {
    /// When what waits for an order has waited long enough; `None` while that is not known.
    pub fn from_order(self, calendar: &Calendar, order: &Order) -> Option<Instant> {
        let from = match self.from {
            PendingFrom::Placed => order.placed_at,
            PendingFrom::Paid => order.paid_at.unwrap_or(order.placed_at),
            PendingFrom::Closed if order.state == OrderState::Closed => order.closed_at.unwrap_or(order.placed_at),
            PendingFrom::Closed => return None,
        };
        Some(calendar.after(from, self.wait))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    Never,
    AfterEarning {
        period: Period,
        until_end_of: Option<Window>,
    },
    AfterInactivity {
        period: Period,
    },
    /// At the end of these days (month, day) of each year, in order.
    OnDates {
        days: Vec<(i8, i8)>,
        not_before: Option<Period>,
    },
}

/// An earning rule or campaign.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: Name,
    pub name: Texts,
    pub campaign: Option<Campaign>,
    pub on: Trigger,
    /// What must hold of the order or activity, the member and the time; audience included.
    pub when: Test,
    /// Which lines count.
    pub lines: Test,
    /// Index into [`Programme::units`]; a multiplier or a free reward has none of its own.
    pub unit: usize,
    pub award: AwardKind,
    pub multiplied: bool,
    /// For one order or activity.
    pub order_cap: Option<i64>,
    /// For a window, with the name under which usage is kept.
    pub caps: Vec<Cap>,
    pub exclude: Exclusions,
    pub pending: RulePending,
}

impl Rule {
    /// The name under which the campaign's budget is shared by all parts.
    pub fn budget(&self) -> Option<&Budget> {
        self.campaign.as_ref()?.budget.as_ref()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    pub window: Window,
    pub most: i64,
    pub usage: Name,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusions {
    pub shipping: bool,
    pub tax: bool,
    pub gift_cards: bool,
    pub fees: bool,
    pub discounted_lines: bool,
    pub paid_with_points: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulePending {
    AsUnit,
    Immediate,
    Own(PendingRule),
}

#[derive(Clone, Debug)]
pub struct Campaign {
    pub from: Option<Instant>,
    /// Exclusive.
    pub until: Option<Instant>,
    pub budget: Option<Budget>,
    /// How many of the rule's conditions, the last ones, are those of the audience.
    pub audience: usize,
}

impl Campaign {
    pub fn runs_at(&self, moment: Instant) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.until.is_none_or(|until| moment < until)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// `budget/<campaign>`.
    pub quantity: Name,
    pub total: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    Order,
    Activity(Name),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwardKind {
    PerAmount {
        rate: Factor,
        per: Money,
        carry: bool,
    },
    PerItem {
        each: i64,
    },
    Fixed {
        points: i64,
    },
    PerValue {
        attribute: Name,
        rate: Factor,
        per: i64,
    },
    Multiplier {
        factor: Factor,
        applies_to: Option<Vec<Name>>,
    },
    /// Index into [`Programme::rewards`].
    Reward {
        reward: usize,
    },
}

#[derive(Clone, Debug)]
pub struct Ladder {
    pub id: Name,
    pub name: Texts,
    pub metric: Metric,
    pub window: LadderWindow,
    /// Metric and window in a word: progress counted under another shape means nothing here.
    pub shape: Name,
    pub keep: i64,
    pub grace: Option<Period>,
    pub step_down: StepDown,
    pub on_return: OnReturn,
    /// From the base upwards; the base begins at 0.
    pub levels: Vec<Level>,
}

impl Ladder {
    /// The index of a level by its id.
    pub fn rank(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|known| known.id == level)
    }

    /// The highest level that begins at `reached` or below.
    pub fn earned(&self, reached: i64) -> usize {
        self.levels.iter().rposition(|level| level.at <= reached).unwrap_or(0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Money paid for what is kept, less what is excluded, in minor units.
    Spend,
    /// Points earned in this unit, net of what was taken back.
    Points(Name),
    /// Orders of which something is kept.
    Orders,
    /// How often an activity happened.
    Activity(Name),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LadderWindow {
    Lifetime,
    CalendarYear,
    MembershipYear,
    Rolling(Period),
}

#[derive(Clone, Debug)]
pub struct Level {
    pub id: Name,
    pub name: Texts,
    pub at: i64,
    pub multiplier: Option<Factor>,
    pub perks: Vec<Texts>,
}

#[derive(Clone, Debug)]
pub struct Reward {
    pub id: Name,
    pub name: Texts,
    pub description: Option<Texts>,
    pub gives: Gives,
    /// `None`: only a rule gives it.
    pub price: Option<Price>,
    pub stock: Option<Stock>,
    pub limit: Option<RewardLimit>,
    pub when: Test,
    pub from: Option<Instant>,
    /// Exclusive.
    pub until: Option<Instant>,
    pub voucher: Option<VoucherRule>,
}

impl Reward {
    pub fn offered_at(&self, moment: Instant) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.until.is_none_or(|until| moment < until)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gives {
    PercentOff { percent: i64 },
    AmountOff { amount: Money },
    FreeProduct { product: Name },
    FreeShipping,
    GiftCard { amount: Money },
    CashBack { amount: Money },
    Experience,
    ExclusiveAccess,
    Donation { amount: Money, cause: Texts },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Index into [`Programme::units`].
    pub unit: usize,
    pub points: i64,
    pub cash: Money,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// `stock/<reward>`.
    pub quantity: Name,
    pub total: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardLimit {
    pub times: i64,
    pub window: Window,
    /// The name under which usage is kept.
    pub usage: Name,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoucherRule {
    pub source: VoucherSource,
    pub valid: Option<Period>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoucherSource {
    /// Unguessable codes with this in front; may be empty.
    Generated { prefix: Name },
    /// Codes imported by the shop.
    Pool { pool: Name },
}

#[derive(Clone, Debug)]
pub struct TransferPolicy {
    pub least: i64,
    pub most: Option<i64>,
    pub caps: Vec<Cap>,
    pub units: Vec<Name>,
}

/// What the public terms say of those who run the programme. The engine looks at none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    pub name: Option<String>,
    pub address: Option<String>,
    pub registration: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub website: Option<String>,
    pub complaints_to: Option<String>,
    pub complaints_answer: Option<Period>,
    pub data_contact: Option<String>,
    pub data_policy: Option<String>,
    pub minimum_age: Option<i64>,
    pub notice: Period,
    pub from: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldPolicy {
    pub valid: Period,
    pub longest: Period,
    pub most: i64,
}

impl Gives {
    /// What it is worth in money, where its kind says so; a share of an unknown purchase does not.
    pub fn money(&self) -> Option<Money> {
        match self {
            Gives::AmountOff { amount }
            | Gives::GiftCard { amount }
            | Gives::CashBack { amount }
            | Gives::Donation { amount, .. } => Some(*amount),
            Gives::PercentOff { .. }
            | Gives::FreeProduct { .. }
            | Gives::FreeShipping
            | Gives::Experience
            | Gives::ExclusiveAccess => None,
        }
    }
}

impl Programme {
    /// What a unit that can be spent is worth, by its index: as the document states it, or by the best reward in
    /// money that it buys.
    pub fn worth(&self, unit: usize) -> Option<Worth> {
        let known = self.units.get(unit).filter(|known| known.spendable)?;
        let by_reward = || {
            let bought = self.rewards.iter().filter_map(|reward| {
                let price = reward.price.as_ref().filter(|price| price.unit == unit && price.points > 0)?;
                let money = reward.gives.money()?.0 - price.cash.0;
                (money > 0).then_some(Worth { units: price.points, money: Money(money) })
            });
            bought.max_by_key(|worth| i128::from(worth.money.0) * 1_000_000_000 / i128::from(worth.units))
        };
        known.worth.or_else(by_reward)
    }

    /// What a reward takes from the shop, as far as the programme says: the amount that it names, or what those pay who
    /// buy it.
    pub fn cost(&self, reward: &Reward) -> Option<Money> {
        let bought = || {
            let price = reward.price.as_ref()?;
            let points = self.worth(price.unit).map_or(Money::ZERO, |worth| worth.of(price.points));
            Some(points + price.cash)
        };
        reward.gives.money().or_else(bought)
    }

    /// The unit that members have first of all: one that can be spent, where there is one.
    pub fn main_unit(&self) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.spendable).or(self.units.first())
    }

    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    pub fn brand(&self, id: &str) -> Option<&Brand> {
        self.brands.iter().find(|brand| brand.id == id)
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    pub fn edition(&self, id: &str) -> Option<&Edition> {
        self.referrals.iter().find(|edition| edition.id == id)
    }

    pub fn reward(&self, id: &str) -> Option<&Reward> {
        self.rewards.iter().find(|reward| reward.id == id)
    }

    pub fn ladder(&self, id: &str) -> Option<&Ladder> {
        self.ladders.iter().find(|ladder| ladder.id == id)
    }

    /// A level of any ladder; the ids of levels are unique in a programme.
    pub fn level(&self, id: &str) -> Option<&Level> {
        self.ladders.iter().flat_map(|ladder| &ladder.levels).find(|level| level.id == id)
    }

    /// Whether any rule earns on this activity.
    pub fn earns_on(&self, activity: &str) -> bool {
        self.rules.iter().any(|rule| matches!(&rule.on, Trigger::Activity(name) if name == activity))
    }

    /// Names of the activities that some rule or ladder counts.
    pub fn counts_activity(&self, activity: &str) -> bool {
        self.earns_on(activity)
            || self.ladders.iter().any(|ladder| matches!(&ladder.metric, Metric::Activity(name) if name == activity))
    }

    /// Stocks and budgets, which all members share, with their totals.
    pub fn shared_quantities(&self) -> Vec<(Name, i64)> {
        let stocks = self.rewards.iter().filter_map(|reward| reward.stock.as_ref());
        let budgets = self.rules.iter().filter_map(Rule::budget);
        let friends = self.referrals.iter().filter_map(|edition| edition.budget.as_ref());
        stocks
            .map(|stock| (stock.quantity.clone(), stock.total))
            .chain(friends.map(|budget| (budget.quantity.clone(), budget.total)))
            .chain(budgets.map(|budget| (budget.quantity.clone(), budget.total)))
            .collect()
    }

    /// Pools from which codes are taken.
    pub fn pools(&self) -> BTreeSet<Name> {
        let sources = self.rewards.iter().filter_map(|reward| reward.voucher.as_ref());
        sources
            .filter_map(|rule| match &rule.source {
                VoucherSource::Pool { pool } => Some(pool.clone()),
                VoucherSource::Generated { .. } => None,
            })
            .collect()
    }
}

/// The text in `language`, or in the language that is there: a document with a missing one is not
/// published, so this is for texts of older versions.
pub fn text(texts: &Texts, language: Language) -> &str {
    texts.get(&language).or_else(|| texts.values().next()).map_or("", String::as_str)
}
