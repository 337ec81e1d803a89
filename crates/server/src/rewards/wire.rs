//! Rewards as JSON.

use std::collections::BTreeMap;

use lojal_core::decision::Refusal;
use lojal_core::kernel::{Language, Money, format_decimal};
use lojal_core::programme::{Gives, Programme, Reward, Texts, text};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::ledger_entries::WindowJson;
use crate::platform::http::fields::Time;

/// A reward of the programme in force.
#[derive(Serialize, ToSchema)]
#[schema(as = Reward)]
pub struct RewardJson {
    #[schema(example = "coffee")]
    id: String,
    /// In every language of the programme.
    #[schema(example = json!({"en": "A coffee", "pl": "Kawa"}))]
    name: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    description: BTreeMap<String, String>,
    gives: GivesJson,
    /// Absent: it cannot be redeemed for, only be given by a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceJson>,
    /// How often one member may have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<RewardLimitJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Time>,
    /// Exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Time>,
    /// Whether a code is handed out.
    voucher: bool,
}

/// What is had. Money is in the programme's currency.
#[derive(Serialize, ToSchema)]
#[schema(as = Gives)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GivesJson {
    PercentOff {
        percent: i64,
    },
    AmountOff {
        amount: String,
    },
    /// The product by its SKU.
    FreeProduct {
        product: String,
    },
    FreeShipping,
    GiftCard {
        amount: String,
    },
    CashBack {
        amount: String,
    },
    Experience,
    ExclusiveAccess,
    Donation {
        amount: String,
        cause: BTreeMap<String, String>,
    },
}

#[derive(Serialize, ToSchema)]
#[schema(as = Price)]
pub struct PriceJson {
    #[schema(example = "points")]
    unit: String,
    #[schema(example = 100)]
    points: i64,
    /// What is paid in money beside the points.
    #[schema(example = "0.00")]
    cash: String,
    currency: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = RewardLimit)]
pub struct RewardLimitJson {
    times: i64,
    per: WindowJson,
}

/// A reward, and whether a member can have it now.
#[derive(Serialize, ToSchema)]
#[schema(as = RewardForMember)]
pub struct RewardForMember {
    pub reward: RewardJson,
    /// Whether it can be redeemed for now.
    pub available: bool,
    /// What stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<MissingJson>,
}

/// Why a reward cannot be had now.
#[derive(Serialize, ToSchema)]
#[schema(as = Missing)]
pub struct MissingJson {
    /// The code of the refusal that a redemption would get.
    #[schema(example = "insufficient_points")]
    pub code: String,
    /// In words.
    pub detail: String,
    /// The facts, for programs.
    #[schema(value_type = Object, example = json!({"unit": "points", "needed": 100, "available": 40}))]
    pub facts: Map<String, Value>,
}

impl MissingJson {
    pub fn new(refusal: &Refusal, detail: String) -> MissingJson {
        let mut facts = match serde_json::to_value(refusal) {
            Ok(Value::Object(facts)) => facts,
            _ => Map::new(),
        };
        facts.remove("refusal");
        MissingJson { code: refusal.code(), detail, facts }
    }
}

impl RewardJson {
    pub fn new(reward: &Reward, programme: &Programme) -> RewardJson {
        let money = |amount: Money| format_decimal(amount.0, programme.currency.decimals);
        RewardJson {
            id: reward.id.to_string(),
            name: texts(&reward.name, programme),
            description: reward
                .description
                .as_ref()
                .map(|description| texts(description, programme))
                .unwrap_or_default(),
            gives: GivesJson::new(&reward.gives, programme),
            price: reward.price.as_ref().map(|price| PriceJson {
                unit: programme.units.get(price.unit).map(|unit| unit.id.to_string()).unwrap_or_default(),
                points: price.points,
                cash: money(price.cash),
                currency: programme.currency.code.to_string(),
            }),
            limit: reward.limit.as_ref().map(|limit| RewardLimitJson { times: limit.times, per: limit.window.into() }),
            from: reward.from.map(Time),
            until: reward.until.map(Time),
            voucher: reward.voucher.is_some(),
        }
    }
}

impl GivesJson {
    pub fn new(gives: &Gives, programme: &Programme) -> GivesJson {
        let money = |amount: &Money| format_decimal(amount.0, programme.currency.decimals);
        match gives {
            Gives::PercentOff { percent } => GivesJson::PercentOff { percent: *percent },
            Gives::AmountOff { amount } => GivesJson::AmountOff { amount: money(amount) },
            Gives::FreeProduct { product } => GivesJson::FreeProduct { product: product.to_string() },
            Gives::FreeShipping => GivesJson::FreeShipping,
            Gives::GiftCard { amount } => GivesJson::GiftCard { amount: money(amount) },
            Gives::CashBack { amount } => GivesJson::CashBack { amount: money(amount) },
            Gives::Experience => GivesJson::Experience,
            Gives::ExclusiveAccess => GivesJson::ExclusiveAccess,
            Gives::Donation { amount, cause } => {
                GivesJson::Donation { amount: money(amount), cause: texts(cause, programme) }
            }
        }
    }
}

/// A text in every language of the programme, by the language's tag.
pub fn texts(known: &Texts, programme: &Programme) -> BTreeMap<String, String> {
    let in_language = |language: &Language| (language.tag().to_owned(), text(known, *language).to_owned());
    programme.languages.iter().map(in_language).collect()
}
