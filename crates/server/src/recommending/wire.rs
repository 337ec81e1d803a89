//! Figures of recommending as JSON.

use std::collections::BTreeMap;

use lojal_core::kernel::format_decimal;
use lojal_core::programme::Programme;
use serde::Serialize;
use utoipa::ToSchema;

use crate::overview::{Figure, Reach, Reached};
use crate::platform::figures::Figures;
use crate::platform::http::fields::Time;
use crate::platform::http::referral_fields::Day;

/// What recommending brought from one day to another, both included. Each figure is by the day on which it happened; what
/// is judged otherwise later corrects that day.
#[derive(Serialize, ToSchema)]
pub struct ReferralFigures {
    pub from: Day,
    pub until: Day,
    /// The edition of which it tells; absent where it tells of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub referral: Option<String>,
    /// Up to when everything has been counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_until: Option<Time>,
    /// How often links were passed on.
    pub shared: i64,
    /// How often people followed one.
    pub clicked: i64,
    /// Friends whose recommendation is recognised.
    pub joined: i64,
    /// Friends with a first order.
    pub bought: i64,
    /// Of these, those who had never bought before.
    pub new_customers: i64,
    /// Friends who count.
    pub qualified: i64,
    /// Sides that were given something, less those from whom all of it was taken back.
    pub rewarded: i64,
    pub reversed: i64,
    pub expired: i64,
    /// Recommendations that are not recognised, by the reason.
    #[schema(example = json!({"self_referral": 1}))]
    pub rejected: BTreeMap<String, i64>,
    /// Orders of friends, less those of which nothing is kept.
    pub orders: i64,
    #[schema(example = "PLN")]
    pub currency: String,
    /// What friends bought, less returns.
    #[schema(example = "1240.00")]
    pub revenue: String,
    /// What both sides were given, less what was taken back: points by what they are worth, vouchers by the amount they name.
    #[schema(example = "61.50")]
    pub cost: String,
    /// The cost divided by new customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String, example = "20.50")]
    pub cost_per_new_customer: Option<String>,
    /// Half of the friends who followed a link joined within so many minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = i64)]
    pub median_minutes_to_joining: Option<i64>,
    /// Half of the friends who bought did so within so many minutes of joining.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = i64)]
    pub median_minutes_to_purchase: Option<i64>,
    /// Points given less those taken back, by unit, to both sides.
    #[schema(example = json!({"points": 1200}))]
    pub points: BTreeMap<String, i64>,
}

impl ReferralFigures {
    pub fn new(
        figures: &Figures,
        programme: &Programme,
        edition: Option<&str>,
        (from, until): (Day, Day),
    ) -> ReferralFigures {
        let told = Reached { figures, edition, days: (from.0, until.0) };
        let (revenue, orders) = told.sales();
        let decimals = programme.currency.decimals;
        let cost = told.cost(programme);
        let new_customers = told.times("referral_new");
        let reasons = told.by("referral_rejected", 3).into_iter();
        let points = told.by("referral_points", 4).into_iter();
        ReferralFigures {
            from,
            until,
            referral: edition.map(str::to_owned),
            counted_until: None,
            shared: told.times("shared"),
            clicked: told.times("clicked"),
            joined: told.times("referral_joined"),
            bought: told.times("referral_bought"),
            new_customers,
            qualified: told.times("referral_qualified"),
            rewarded: told.times("referral_rewarded"),
            reversed: told.times("referral_reversed"),
            expired: told.times("referral_expired"),
            rejected: reasons.map(|(why, count)| (why, count.times)).filter(|(_, times)| *times != 0).collect(),
            orders,
            currency: programme.currency.code.to_string(),
            revenue: format_decimal(revenue, decimals),
            cost: format_decimal(cost, decimals),
            cost_per_new_customer: Figure::Mean(cost, new_customers).written(programme, None),
            median_minutes_to_joining: told.median("referral_click_wait"),
            median_minutes_to_purchase: told.median("referral_purchase_wait"),
            points: points.map(|(unit, count)| (unit, count.amount)).filter(|(_, amount)| *amount != 0).collect(),
        }
    }

    /// Under which its days are kept.
    pub fn counted_as() -> Vec<&'static str> {
        let mut names: Vec<&str> = Reach::ALL.iter().flat_map(|reach| reach.counted_as()).copied().collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
