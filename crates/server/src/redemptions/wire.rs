//! Redemptions as JSON.

use lojal_core::decision::{Because, Record, RedemptionRecord};
use lojal_core::kernel::{HolderId, TransactionId, format_decimal};
use lojal_core::ledger::total;
use lojal_core::programme::Programme;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger_entries::TransactionJson;
use crate::platform::http::fields::{EntryKey, HouseholdKey, Label, MemberName, Remark, Time, TransactionKey};
use crate::platform::writer::Done;
use crate::rewards::GivesJson;

#[derive(Deserialize, ToSchema)]
#[schema(as = RedemptionInput, example = json!({"member": "customer-1001", "reward": "coffee"}))]
#[serde(deny_unknown_fields)]
pub struct RedemptionInput {
    pub member: MemberName,
    /// The reward's id in the programme.
    pub reward: Label,
    /// The shop's own name for it.
    pub reference: Option<Label>,
}

#[derive(Default, Deserialize, ToSchema)]
#[schema(as = RollBackInput, example = json!({"reason": "The customer changed her mind"}))]
#[serde(deny_unknown_fields)]
pub struct RollBackInput {
    /// Why, for the member to read.
    pub reason: Option<Remark>,
}

/// The act of taking a reward.
#[derive(Serialize, ToSchema)]
#[schema(as = Redemption)]
pub struct RedemptionJson {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<TransactionKey>,
    holder: HouseholdKey,
    #[schema(example = "coffee")]
    reward: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gives: Option<GivesJson>,
    redeemed_at: Time,
    #[schema(example = "points")]
    unit: String,
    #[schema(example = 100)]
    points: i64,
    /// What the member pays in money beside the points.
    #[schema(example = "0.00")]
    cash: String,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    voucher: Option<RedemptionVoucherJson>,
    rolled_back: bool,
}

/// The code that was handed out.
#[derive(Serialize, ToSchema)]
#[schema(as = RedemptionVoucher)]
pub struct RedemptionVoucherJson {
    /// Names the voucher without giving its code away; absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<EntryKey>,
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// What a redemption, or taking it back, led to.
#[derive(Serialize, ToSchema)]
pub struct RedemptionAnswer {
    pub redemption: RedemptionJson,
    pub transaction: TransactionJson,
}

/// The record of a redemption among those that a transaction wrote.
pub fn record_in(done: &Done, redemption: TransactionId) -> Option<&RedemptionRecord> {
    done.decision.records.iter().find_map(|(_, record)| match record {
        Record::Redemption(record) if record.redemption == redemption => Some(record),
        _ => None,
    })
}

/// The entry by which a transaction issued a voucher.
fn issued_in(made: &Done, wanted: &str) -> Option<EntryKey> {
    let issues = |because: &Because| matches!(because, Because::VoucherIssued { code, .. } if code == wanted);
    let index = made.decision.effects.iter().position(|effect| issues(&effect.because))?;
    Some(EntryKey { transaction: made.transaction, index })
}

impl RedemptionJson {
    /// `made` is the transaction of the redemption itself.
    pub fn new(
        record: &RedemptionRecord,
        holder: HolderId,
        made: &Done,
        programme: &Programme,
        dry_run: bool,
    ) -> RedemptionJson {
        let voucher = record.voucher.as_ref().map(|code| RedemptionVoucherJson {
            id: issued_in(made, code).filter(|_| !dry_run),
            code: (!dry_run).then(|| code.to_string()),
        });
        RedemptionJson {
            id: (!dry_run).then_some(TransactionKey(record.redemption)),
            holder: HouseholdKey(holder),
            reward: record.reward.to_string(),
            gives: programme.reward(&record.reward).map(|reward| GivesJson::new(&reward.gives, programme)),
            redeemed_at: Time(record.redeemed_at),
            unit: record.unit.to_string(),
            points: total(&record.lots),
            cash: format_decimal(record.cash.0, programme.currency.decimals),
            currency: programme.currency.code.to_string(),
            voucher,
            rolled_back: record.rolled_back,
        }
    }
}
