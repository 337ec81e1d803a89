//! What the widget is told, as JSON: finished texts in the reader's language, and numbers only for bars.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::http::fields::Label;
use crate::platform::http::referral_fields::CodeText;

/// Everything that the widget shows.
#[derive(Serialize, ToSchema)]
pub struct WidgetView {
    /// What the programme is called.
    #[schema(example = "The Club")]
    pub name: String,
    /// Where the shop's logo is, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://club.example.com/assets/0123456789abcdef01234567/logo.png")]
    pub logo: Option<String>,
    /// What the widget adds to its own styles: colours and type that the shop has set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// Where members have their own pages.
    #[schema(example = "https://club.example.com/portal")]
    pub portal: String,
    /// The widget's own words.
    pub texts: BTreeMap<String, String>,
    /// Ways to earn, in the sentences of the programme's terms.
    pub ways: Vec<WidgetWay>,
    /// The closest ones for a member; for a guest, some to look forward to.
    pub rewards: Vec<WidgetReward>,
    /// Absent for a guest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<WidgetMember>,
    /// Absent while nobody can be recommended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<WidgetReferral>,
}

/// What there is for people who recommend, and for their friends.
#[derive(Serialize, ToSchema)]
pub struct WidgetReferral {
    /// Whether whoever looks at the page may still say who recommended the shop.
    pub asks: bool,
    /// What a friend gets, in the sentences of the programme's terms.
    pub gets: Vec<WidgetWay>,
    /// The member's own link, if they have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://club.example.com/r/7K3M-QX2R-9VTA")]
    pub link: Option<String>,
    /// Whether the member may recommend the shop.
    pub recommends: bool,
}

/// One way to earn.
#[derive(Serialize, ToSchema)]
pub struct WidgetWay {
    #[schema(example = "1 point for each 1 PLN")]
    pub what: String,
    #[schema(example = "1 point")]
    pub award: String,
    /// Empty where there are none.
    pub limits: String,
}

/// Something to be had for points.
#[derive(Serialize, ToSchema)]
pub struct WidgetReward {
    #[schema(example = "coffee")]
    pub id: String,
    #[schema(example = "A coffee")]
    pub name: String,
    #[schema(example = "100 points")]
    pub price: String,
    /// Whether the member can have it now.
    pub available: bool,
    /// How near it is, or why it cannot be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it takes, before somebody says that they really want it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// How long the bar is, and how much of it is filled.
    pub most: i64,
    pub filled: i64,
}

/// What a member has.
#[derive(Serialize, ToSchema)]
pub struct WidgetMember {
    #[schema(example = "Hello, Ada")]
    pub hello: String,
    pub wallets: Vec<WidgetWallet>,
    /// What ends next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    pub levels: Vec<WidgetLevel>,
    /// Codes that are still good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouchers: Option<String>,
}

/// One balance.
#[derive(Serialize, ToSchema)]
pub struct WidgetWallet {
    #[schema(example = "420 points")]
    pub amount: String,
    /// What it is worth and what is on the way, as far as there is anything to say.
    pub notes: Vec<String>,
}

/// How far a member has come on one ladder.
#[derive(Serialize, ToSchema)]
pub struct WidgetLevel {
    #[schema(example = "Silver")]
    pub name: String,
    /// What is missing to the next one, or that there is none.
    pub note: String,
    /// Absent at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<WidgetBar>,
}

/// How long a bar is, and how much of it is filled.
#[derive(Serialize, ToSchema)]
pub struct WidgetBar {
    pub most: i64,
    pub filled: i64,
    /// The same in words.
    pub text: String,
}

/// What a cart would give.
#[derive(Serialize, ToSchema)]
pub struct WidgetQuote {
    /// Whether it would give anything.
    pub gives: bool,
    #[schema(example = "This cart gives you 249 points.")]
    pub text: String,
    /// What is only just missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near: Option<String>,
    /// Where it comes from, a sentence for each award.
    pub reasons: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"code": "7K3M-QX2R-9VTA"}))]
#[serde(deny_unknown_fields)]
pub struct WidgetCodeInput {
    /// As somebody has typed it.
    pub code: CodeText,
}

/// What a code is worth to a friend. Whose it is, it does not say.
#[derive(Serialize, ToSchema)]
pub struct WidgetCode {
    /// Whether an order with it would be known to be recommended.
    pub works: bool,
    #[schema(example = "This code works.")]
    pub text: String,
    /// What the friend gets.
    pub gets: Vec<WidgetWay>,
    /// What your server sends as `referral` with the order; absent where the code does not work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<WidgetCodeReferral>,
}

/// What goes with the order.
#[derive(Serialize, ToSchema)]
pub struct WidgetCodeReferral {
    /// The code as it is compared: small letters and digits.
    #[schema(example = "7k3mqx2r9vta")]
    pub code: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"reward": "coffee"}))]
#[serde(deny_unknown_fields)]
pub struct WidgetRedemptionInput {
    /// The reward's id in the programme.
    pub reward: Label,
}

/// What a redemption gave.
#[derive(Serialize, ToSchema)]
pub struct WidgetRedemption {
    #[schema(example = "It is yours.")]
    pub text: String,
    /// The voucher's code, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do with it.
    pub how: String,
}
