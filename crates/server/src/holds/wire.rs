//! Holds as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger_entries::TransactionJson;
use crate::platform::http::fields::{HouseholdKey, Label, MemberName, Points, Time, TransactionKey};

/// Points to be set aside.
#[derive(Deserialize, ToSchema)]
#[schema(as = HoldInput, example = json!({"member": "customer-1001", "unit": "points", "amount": 300, "reference": "cart-9"}))]
#[serde(deny_unknown_fields)]
pub struct HoldInput {
    pub member: MemberName,
    pub unit: Label,
    pub amount: Points,
    /// Until when, unless it is captured or released before; as the programme says, when it is left out.
    pub valid_until: Option<Time>,
    /// The shop's own name for it.
    pub reference: Option<Label>,
}

/// How much of a hold is spent.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = CaptureInput, example = json!({"amount": 250}))]
#[serde(deny_unknown_fields)]
pub struct CaptureInput {
    /// All of it, when it is left out; the rest is given back.
    pub amount: Option<Points>,
}

/// Nothing is to be said.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NothingInput)]
#[serde(deny_unknown_fields)]
pub struct NothingInput {}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = HoldState)]
#[serde(rename_all = "snake_case")]
pub enum HoldStateJson {
    Open,
    Captured,
    Released,
    /// Its time was up.
    Lapsed,
}

/// A hold.
#[derive(Serialize, ToSchema)]
#[schema(as = Hold)]
pub struct HoldJson {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<TransactionKey>,
    pub holder: HouseholdKey,
    #[schema(example = "points")]
    pub unit: String,
    pub amount: i64,
    pub valid_until: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub state: HoldStateJson,
}

/// What a hold, its capture or its release led to.
#[derive(Serialize, ToSchema)]
pub struct HoldAnswer {
    pub hold: HoldJson,
    pub transaction: TransactionJson,
}
