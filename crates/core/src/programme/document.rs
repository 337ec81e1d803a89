//! The programme document as its author writes it: TOML in a file, JSON over the API, one schema.
//! Nothing here is checked beyond its shape; the compiler beside it makes of it what cannot be wrong.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check::AcceptedSection;
use super::fraud::FraudSection;
use super::labels::LabelsSection;
use super::operator::OperatorSection;
use super::planned::{Capability, PlannedSection};
use super::referrals::ReferralSection;
use crate::kernel::{Language, Rounding, Window};
use crate::ledger::SpendOrder;

/// A text in each language of the programme.
pub type Texts = BTreeMap<Language, String>;

/// A number that must be exact: a whole number, or text for one with decimals (`"1.5"`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a whole number, or a number with decimals in quotation marks, like \"1.5\"")]
pub enum Decimal {
    Whole(i64),
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub programme: ProgrammeSection,
    /// The shops or companies that take part, by id. One is enough.
    pub brands: IndexMap<String, BrandSection>,
    /// What wallets hold, by id.
    pub units: IndexMap<String, UnitSection>,
    /// Standing earning rules, by id.
    #[serde(default)]
    pub earning: IndexMap<String, RuleSection>,
    /// Earning rules with a period, an audience and a budget, by id.
    #[serde(default)]
    pub campaigns: IndexMap<String, RuleSection>,
    #[serde(default)]
    pub stacking: StackingSection,
    /// What earns nothing unless a rule says otherwise.
    #[serde(default)]
    pub exclude: ExcludeSection,
    /// Tier ladders, by id.
    #[serde(default)]
    pub tiers: IndexMap<String, LadderSection>,
    /// By id.
    #[serde(default)]
    pub rewards: IndexMap<String, RewardSection>,
    /// Editions of the referral programme, by id.
    #[serde(default)]
    pub referrals: IndexMap<String, ReferralSection>,
    #[serde(default)]
    pub returns: ReturnsSection,
    pub transfers: Option<TransferSection>,
    pub gifts: Option<TransferSection>,
    pub households: Option<HouseholdSection>,
    #[serde(default)]
    pub holds: HoldSection,
    /// Recommendations are checked. Everything beneath has a usual value.
    pub fraud: Option<FraudSection>,
    /// What the shop's own words are called in front of members.
    #[serde(default)]
    pub labels: LabelsSection,
    /// What is promised and does not run yet, in words.
    #[serde(default)]
    pub planned: IndexMap<Capability, PlannedSection>,
    /// Who runs the programme: for the terms that are made of this document.
    #[serde(default)]
    pub operator: OperatorSection,
    /// Warnings that are meant.
    #[serde(default)]
    pub accepted: Vec<AcceptedSection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgrammeSection {
    /// Fixed for ever: data is divided by it. Lower-case letters, digits and hyphens.
    pub id: String,
    pub name: Texts,
    /// Every text of the document must be there in each of them.
    pub languages: Vec<Language>,
    /// An IANA zone: what "a day" and "midnight" mean.
    pub time_zone: String,
    /// ISO 4217 code of the money that all amounts in this document are in.
    pub currency: String,
    /// Decimals of the currency; prices with fractions of a grosz or a penny need 3 or 4.
    #[serde(default = "two")]
    pub decimals: u8,
    /// Other currencies in which orders may come, each with what one of it is worth here.
    #[serde(default)]
    pub exchange: IndexMap<String, Decimal>,
    /// How a fraction of a point becomes a whole one.
    #[serde(default)]
    pub rounding: Rounding,
    /// Whether a customer's first order makes them a member.
    #[serde(default)]
    pub join_on_first_order: bool,
}

fn two() -> u8 {
    2
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BrandSection {
    pub name: Texts,
}

/// The forms of a unit's name: English needs `one` and `many`; Polish `one` (punkt), `few`
/// (punkty), `many` (punktów) and, for fractions, `other` (punktu).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluralForms {
    pub one: String,
    pub few: Option<String>,
    pub many: String,
    pub other: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitSection {
    pub name: BTreeMap<Language, PluralForms>,
    /// Decimals with which amounts are shown: 0 for points, 2 for cashback kept in cents.
    #[serde(default)]
    pub scale: u8,
    /// What the unit is worth in money, for liability and for "what it is worth".
    pub worth: Option<WorthSection>,
    /// `false` for what only counts: status credits, donations.
    #[serde(default = "yes")]
    pub spendable: bool,
    /// Points of orders wait before they can be spent.
    pub pending: Option<PendingSection>,
    pub expiry: Option<ExpirySection>,
    #[serde(default)]
    pub spend: SpendOrder,
    #[serde(default)]
    pub debt: DebtPolicy,
    /// The most that one member may earn in a window, all rules together.
    #[serde(default)]
    pub caps: BTreeMap<Window, i64>,
}

fn yes() -> bool {
    true
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorthSection {
    /// So many of the unit, in its smallest parts…
    pub units: i64,
    /// …are worth this.
    pub money: Decimal,
}

/// From which moment a wait is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PendingFrom {
    /// When the order was placed, or the activity happened.
    Placed,
    Paid,
    /// When the order was delivered.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PendingSection {
    pub after: PendingFrom,
    /// A length of time, like `14 days`.
    #[serde(rename = "for")]
    pub wait: String,
}

/// One of the ways in which points end. All absent: never.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpirySection {
    /// So long after they were earned, like `12 months`.
    pub after_earning: Option<String>,
    /// With `after_earning`: not before the end of that day, month, quarter or year.
    pub until_end_of: Option<Window>,
    /// All together, so long after the member last earned or spent.
    pub after_inactivity: Option<String>,
    /// On these days of each year, written month-day like `12-31`, at the end of the day.
    #[serde(default)]
    pub on: Vec<String>,
    /// With `on`: points younger than this wait for the next of the days.
    pub not_before: Option<String>,
}

/// What happens when points must be taken back that are no longer there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DebtPolicy {
    /// They are owed; what is earned next makes it good first.
    #[default]
    Carry,
    /// The difference is let go.
    Forgive,
    /// As `carry`, and nothing can be redeemed, held or sent until it is made good.
    Block,
}

/// A condition: exactly one of `all`, `any`, `not`, or a `field` with one comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub all: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub any: Option<Vec<Condition>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<Box<Condition>>,
    /// A word of the vocabulary: `order.total`, `line.category`, `member.tier`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_not: Option<Scalar>,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Scalar>>,
    #[serde(rename = "not_in", skip_serializing_if = "Option::is_none")]
    pub none_of: Option<Vec<Scalar>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_than: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Scalar>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_than: Option<Scalar>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "text, a whole number, true or false; a number with decimals goes in quotation marks")]
pub enum Scalar {
    Flag(bool),
    Whole(i64),
    Text(String),
}

/// An earning rule: what it reacts to, what must hold, and exactly one kind of award: `per` (with
/// `rate`), `per_item`, `points`, `per_value`, `multiplier`, or `reward`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSection {
    pub name: Texts,
    /// `order`, or the name of an activity.
    #[serde(default = "order")]
    pub on: String,
    /// Which unit; may be left out where there is only one.
    pub unit: Option<String>,
    /// All of these must hold.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Only lines of which all of these hold are counted.
    #[serde(default)]
    pub lines: Vec<Condition>,
    /// Points for each `per`; 1 unless stated.
    pub rate: Option<Decimal>,
    /// An amount of money.
    pub per: Option<Decimal>,
    /// What is less than a whole point: `drop` it, or `carry` it to the next order.
    #[serde(default)]
    pub remainder: Remainder,
    /// Points for each piece.
    pub per_item: Option<i64>,
    /// A fixed number of points.
    pub points: Option<i64>,
    /// Points by a number that the activity carries.
    pub per_value: Option<PerValueSection>,
    /// Multiplies what other rules give.
    pub multiplier: Option<Decimal>,
    /// With `multiplier`: the rules that it multiplies; all that can be multiplied unless stated.
    pub applies_to: Option<Vec<String>>,
    /// A reward that is given for free.
    pub reward: Option<String>,
    /// Whether multipliers act on it: yes for `per` and `per_item`, no for the others, unless stated.
    pub multiplied: Option<bool>,
    #[serde(default)]
    pub caps: RuleCaps,
    /// What earns nothing here, in place of the programme's own list.
    pub exclude: Option<ExcludeSection>,
    /// In place of the unit's own wait.
    pub pending: Option<PendingSection>,
    /// Available at once, whatever the unit says.
    #[serde(default)]
    pub immediate: bool,
    /// Campaigns only: the first moment, as a date or a date with a time; open when absent.
    pub from: Option<String>,
    /// Campaigns only: the last day, or the moment at which it is over.
    pub until: Option<String>,
    /// Campaigns only: conditions on the member.
    #[serde(default)]
    pub audience: Vec<Condition>,
    /// Campaigns only: the most that it gives all members together.
    pub budget: Option<i64>,
}

fn order() -> String {
    "order".to_owned()
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Remainder {
    #[default]
    Drop,
    Carry,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerValueSection {
    /// The attribute of the activity, a whole number.
    pub attribute: String,
    /// Points for each so many of it; 1 unless stated.
    #[serde(default = "one")]
    pub per: i64,
}

fn one() -> i64 {
    1
}

/// The most that a rule gives one member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleCaps {
    /// For one order or activity.
    pub order: Option<i64>,
    pub day: Option<i64>,
    pub week: Option<i64>,
    pub month: Option<i64>,
    pub quarter: Option<i64>,
    pub year: Option<i64>,
    pub lifetime: Option<i64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stacking {
    /// Each on top of the other: 2 and 1.5 make 3.
    #[default]
    Compound,
    /// What each adds is summed: 2 and 1.5 make 2.5.
    Additive,
    /// Only the largest counts: 2 and 1.5 make 2.
    Best,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StackingSection {
    pub multipliers: Stacking,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExcludeSection {
    pub shipping: bool,
    pub tax: bool,
    pub gift_cards: bool,
    pub fees: bool,
    pub discounted_lines: bool,
    pub paid_with_points: bool,
}

impl Default for ExcludeSection {
    fn default() -> ExcludeSection {
        ExcludeSection {
            shipping: true,
            tax: false,
            gift_cards: true,
            fees: true,
            discounted_lines: false,
            paid_with_points: true,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderSection {
    pub name: Texts,
    /// `spend`, `points`, `orders`, or `activity:NAME`.
    pub metric: String,
    /// With `points`: of which unit.
    pub unit: Option<String>,
    /// `lifetime`, `calendar_year`, `membership_year`, or a rolling period like `12 months`.
    pub window: String,
    /// After the year in which a level was reached it is kept for so many more years.
    #[serde(default = "one")]
    pub keep: i64,
    /// How long a level stays when a review finds too little, like `30 days`.
    pub grace: Option<String>,
    #[serde(default)]
    pub step_down: StepDown,
    #[serde(default)]
    pub on_return: OnReturn,
    /// The level of those who have reached none of the others.
    pub base: LevelSection,
    /// From the lowest to the highest.
    pub levels: Vec<LevelSection>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepDown {
    /// To the level that the metric supports.
    #[default]
    ToEarned,
    /// One level at a time.
    One,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnReturn {
    /// A level that the returned goods had carried is lost at once.
    #[default]
    Recheck,
    /// The level stays until its next review.
    Keep,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelSection {
    pub id: String,
    pub name: Texts,
    /// The metric at which it begins: money for `spend`, a whole number otherwise. Not for the base.
    pub at: Option<Decimal>,
    pub multiplier: Option<Decimal>,
    /// What else the level brings, in words.
    #[serde(default)]
    pub perks: Vec<Texts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RewardKind {
    PercentOff,
    AmountOff,
    FreeProduct,
    FreeShipping,
    GiftCard,
    CashBack,
    Experience,
    ExclusiveAccess,
    Donation,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardSection {
    pub name: Texts,
    pub description: Option<Texts>,
    pub kind: RewardKind,
    /// For `percent_off`.
    pub percent: Option<i64>,
    /// For `amount_off`, `gift_card`, `cash_back` and `donation`.
    pub amount: Option<Decimal>,
    /// For `free_product`: its SKU.
    pub product: Option<String>,
    /// For `donation`: to what.
    pub cause: Option<Texts>,
    /// In points. Absent: it cannot be bought, only be given by a rule.
    pub price: Option<i64>,
    /// Which unit the price is in; may be left out where there is only one.
    pub unit: Option<String>,
    /// What the member pays beside the points.
    pub cash: Option<Decimal>,
    /// How many there are, for all members together.
    pub stock: Option<i64>,
    pub limit: Option<RewardLimitSection>,
    /// Conditions on the member and the time.
    #[serde(default)]
    pub when: Vec<Condition>,
    pub from: Option<String>,
    pub until: Option<String>,
    /// The code that is handed out. Absent: none is.
    pub voucher: Option<VoucherSection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RewardLimitSection {
    pub times: i64,
    #[serde(default = "lifetime")]
    pub every: Window,
}

fn lifetime() -> Window {
    Window::Lifetime
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherSection {
    /// Stands before generated codes.
    pub prefix: Option<String>,
    /// Codes are taken from this imported pool instead of being generated.
    pub pool: Option<String>,
    /// How long a code is valid, like `30 days`; for ever when absent.
    pub valid: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LooseReturns {
    /// Takes back what the goods would earn today.
    #[default]
    Reverse,
    /// Changes nothing.
    Ignore,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnsSection {
    /// Goods that come back without an order that anybody can name.
    pub without_order: LooseReturns,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferSection {
    /// The least that may be sent at once.
    pub least: Option<i64>,
    /// The most that may be sent at once.
    pub most: Option<i64>,
    /// The most that one member may send in a window.
    #[serde(default)]
    pub caps: BTreeMap<Window, i64>,
    /// All spendable units unless stated.
    pub units: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HouseholdSection {
    /// The most members that may share a wallet.
    #[serde(default = "six")]
    pub most: i64,
}

fn six() -> i64 {
    6
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldSection {
    /// How long a hold lasts when nothing is said.
    pub valid: String,
    /// The longest that may be asked for.
    pub longest: String,
    /// The most open holds of one member.
    pub most: i64,
}

impl Default for HoldSection {
    fn default() -> HoldSection {
        HoldSection { valid: "30 minutes".to_owned(), longest: "7 days".to_owned(), most: 20 }
    }
}
