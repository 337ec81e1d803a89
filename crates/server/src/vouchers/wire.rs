//! Vouchers as JSON.

use lojal_core::decision::{VoucherRecord, VoucherState};
use lojal_core::holder::OpenVoucher;
use lojal_core::kernel::Instant;
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger_entries::TransactionJson;
use crate::platform::http::fields::{ExternalId, HouseholdKey, MemberName, Time, TransactionKey, VoucherCode};
use crate::rewards::GivesJson;

#[derive(Deserialize, ToSchema)]
#[schema(as = ValidateInput, example = json!({"code": "WELCOME-7XK4-M2QP"}))]
#[serde(deny_unknown_fields)]
pub struct ValidateInput {
    pub code: VoucherCode,
    /// When stated, the voucher must be this member's.
    pub member: Option<MemberName>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = UseInput, example = json!({"code": "WELCOME-7XK4-M2QP", "order": "1001"}))]
#[serde(deny_unknown_fields)]
pub struct UseInput {
    pub code: VoucherCode,
    /// When stated, the voucher must be this member's.
    pub member: Option<MemberName>,
    /// The order it is used for.
    pub order: Option<ExternalId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VoucherState)]
#[serde(rename_all = "snake_case")]
pub enum VoucherStateJson {
    Issued,
    Used,
    Cancelled,
    Lapsed,
}

/// A code that was handed out.
#[derive(Serialize, ToSchema)]
#[schema(as = Voucher)]
pub struct VoucherJson {
    #[schema(example = "WELCOME-7XK4-M2QP")]
    code: String,
    holder: HouseholdKey,
    #[schema(example = "welcome")]
    reward: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gives: Option<GivesJson>,
    state: VoucherStateJson,
    issued_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Time>,
    /// When it was used or cancelled, or lapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Time>,
    /// The order it was used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    /// The redemption it was handed out for.
    #[serde(skip_serializing_if = "Option::is_none")]
    redemption: Option<TransactionKey>,
}

/// Whether a code can be used now.
#[derive(Serialize, ToSchema)]
pub struct ValidateAnswer {
    pub valid: bool,
    /// Why not: `voucher_used`, `voucher_lapsed` or `voucher_cancelled`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    pub voucher: VoucherJson,
}

#[derive(Serialize, ToSchema)]
pub struct UseAnswer {
    pub voucher: VoucherJson,
    pub transaction: TransactionJson,
}

/// A voucher that can still be used.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenVoucher)]
pub struct OpenVoucherJson {
    code: String,
    reward: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gives: Option<GivesJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Time>,
}

impl OpenVoucherJson {
    pub fn new(voucher: &OpenVoucher, programme: Option<&Programme>) -> OpenVoucherJson {
        OpenVoucherJson {
            code: voucher.code.to_string(),
            reward: voucher.reward.to_string(),
            gives: gives(&voucher.reward, programme),
            valid_until: voucher.valid_until.map(Time),
        }
    }
}

impl VoucherJson {
    /// As of `now`: one whose time is up has lapsed, even before the clock has written that down.
    pub fn new(record: &VoucherRecord, now: Instant, programme: Option<&Programme>) -> VoucherJson {
        let lapsed = record.valid_until.filter(|until| *until <= now);
        let (state, ended_at, order) = match (&record.state, lapsed) {
            (VoucherState::Issued, None) => (VoucherStateJson::Issued, None, None),
            (VoucherState::Issued, Some(at)) => (VoucherStateJson::Lapsed, Some(at), None),
            (VoucherState::Used { at, order }, _) => (VoucherStateJson::Used, Some(*at), order.as_ref()),
            (VoucherState::Cancelled { at }, _) => (VoucherStateJson::Cancelled, Some(*at), None),
            (VoucherState::Lapsed { at }, _) => (VoucherStateJson::Lapsed, Some(*at), None),
        };
        VoucherJson {
            code: record.code.to_string(),
            holder: HouseholdKey(record.holder),
            reward: record.reward.to_string(),
            gives: gives(&record.reward, programme),
            state,
            issued_at: Time(record.issued_at),
            valid_until: record.valid_until.map(Time),
            ended_at: ended_at.map(Time),
            order: order.map(ToString::to_string),
            redemption: record.redemption.map(TransactionKey),
        }
    }

    /// The code of the refusal that using it would get.
    pub fn hindrance(&self) -> Option<&'static str> {
        match self.state {
            VoucherStateJson::Issued => None,
            VoucherStateJson::Used => Some("voucher_used"),
            VoucherStateJson::Cancelled => Some("voucher_cancelled"),
            VoucherStateJson::Lapsed => Some("voucher_lapsed"),
        }
    }
}

fn gives(reward: &str, programme: Option<&Programme>) -> Option<GivesJson> {
    let programme = programme?;
    programme.reward(reward).map(|reward| GivesJson::new(&reward.gives, programme))
}
