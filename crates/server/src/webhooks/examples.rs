//! What each kind of event looks like, made by what makes the real ones.

use lojal_core::command::{Command, TransferKind};
use lojal_core::decision::{Basis, Because, Decision, Effect, Reckoning, Standing, TierCause};
use lojal_core::kernel::{ClickId, HolderId, Id, Instant, MemberId, Name, Part, ShareId, TransactionId};
use lojal_core::ledger::{Account, Posting};
use lojal_core::programme::Rulebook;
use lojal_core::referrals::{Lapse, Rejection, Step};
use serde_json::{Value, json};

use super::kind::Kind;
use super::payload::{ConfirmingData, MemberData, Payload};
use crate::platform::clicks::{Click, ClickKind, ClickSource, Mark};
use crate::platform::clock::instant;
use crate::platform::shares::{Share, ShareSource};
use crate::platform::writer::{Balance, Done};

/// 2026-05-04T10:00:00Z.
const MOMENT: i64 = 1_777_888_800_000_000;
const DAY: i64 = 86_400_000_000;

fn member_at(at: Instant) -> MemberId {
    MemberId(Id::new(at.as_millisecond(), 7, Part::PROGRAMME))
}

fn somebody(at: Instant) -> MemberData {
    MemberData::new(member_at(at), Some("customer-1001".to_owned()))
}

/// A payload of this kind.
pub fn example(kind: Kind) -> Value {
    let at = instant(MOMENT);
    let because = match kind {
        Kind::ProgrammePublished => {
            let data = json!({ "programme_version": 3, "published_at": at, "effective_from": at });
            return json!({ "type": kind.name(), "timestamp": at, "data": data });
        }
        Kind::WebhookTest => {
            let data = json!({ "text": "This is a test: nothing has happened." });
            return json!({ "type": kind.name(), "timestamp": at, "data": data });
        }
        Kind::ReferralVerificationRequested | Kind::ReferralVerificationConfirmed => {
            let channel = (kind == Kind::ReferralVerificationConfirmed).then_some("mail");
            return Payload::confirming(kind, at, ConfirmingData { member: somebody(at), channel }).value();
        }
        Kind::ReferralInvited => {
            let id = ShareId(Id::new(at.as_millisecond(), 31, Part::PROGRAMME));
            let (member, channel) = (member_at(at), "whatsapp".to_owned());
            let share = Share { id, member, channel, source: ShareSource::Portal, shared_at: at };
            return Payload::invited(share, somebody(at)).value();
        }
        Kind::ReferralClicked => {
            let click = Click {
                id: ClickId(Id::new(at.as_millisecond(), 32, Part::PROGRAMME)),
                code: None,
                advocate: Some(member_at(at)),
                channel: "whatsapp".to_owned(),
                visitor: Mark::NOBODY,
                kind: ClickKind::Person,
                source: ClickSource::Link,
                address: None,
                network: None,
                agent: None,
                clicked_at: at.as_microsecond(),
            };
            return Payload::clicked(&click, somebody(at)).value();
        }
        _ => because(kind, at),
    };
    let id = |sequence| Id::new(at.as_millisecond(), sequence, Part::PROGRAMME);
    let is_household = kind == Kind::HouseholdOpened;
    let mut decision = Decision::empty(3);
    decision.effects = vec![Effect { at, because, postings: postings(kind) }];
    let done = Done {
        transaction: TransactionId(id(900)),
        holder: HolderId(id(7)),
        decided_at: at,
        command: Command::Tick,
        decision,
        balances: vec![Balance {
            unit: Name::from("points"),
            available: if is_household { 0 } else { 340 },
            pending: 0,
            held: 0,
            debt: 0,
            expired: 0,
        }],
        record: None,
        repeated: false,
        explanation: Default::default(),
    };
    let member = (!is_household).then(|| MemberData::new(MemberId(id(7)), Some("customer-1001".to_owned())));
    Payload::effect(done, 0, kind, member, &Rulebook::default()).map(|payload| payload.value()).unwrap_or_default()
}

/// What moves, for those kinds by which something does.
fn postings(kind: Kind) -> Vec<Posting> {
    let (from, to, amount) = match kind {
        Kind::PointsEarned => (Account::Issued, Account::Available, 120),
        Kind::PointsReleased => (Account::Pending, Account::Available, 120),
        Kind::PointsReversed => (Account::Available, Account::Reversed, 40),
        Kind::PointsExpired | Kind::PointsForfeited => (Account::Available, Account::Expired, 60),
        Kind::PointsAdjusted => (Account::Issued, Account::Available, 50),
        Kind::PointsSent => (Account::Available, Account::InTransit, 100),
        Kind::PointsReceived | Kind::PointsCameBack => (Account::InTransit, Account::Available, 100),
        Kind::HoldCreated => (Account::Available, Account::Held, 200),
        Kind::HoldCaptured => (Account::Held, Account::Redeemed, 200),
        Kind::HoldReleased | Kind::HoldLapsed => (Account::Held, Account::Available, 200),
        Kind::RewardRedeemed => (Account::Available, Account::Redeemed, 500),
        Kind::RedemptionRolledBack => (Account::Redeemed, Account::Available, 500),
        Kind::DebtRepaid => (Account::Available, Account::Debt, 30),
        Kind::DebtForgiven => (Account::Issued, Account::Debt, 30),
        _ => return Vec::new(),
    };
    let posting = |account, amount| Posting { account, unit: Name::from("points"), brand: Name::from("shop"), amount };
    vec![posting(from, -amount), posting(to, amount)]
}

fn because(kind: Kind, at: Instant) -> Because {
    let name = |text: &str| Name::from(text);
    let another = Id::new(at.as_millisecond(), 12, Part::PROGRAMME);
    let (transaction, holder) = (TransactionId(another), HolderId(another));
    let later = instant(MOMENT + 30 * DAY);
    let earlier = instant(MOMENT - 365 * DAY);
    let reckoning = |points| Reckoning {
        rule: name("purchase"),
        basis: Basis::Fixed { points },
        multipliers: Vec::new(),
        before_limits: points,
        limits: Vec::new(),
        points,
    };
    let referred = |step| Because::Referred { referral: name("friends"), advocates: vec![MemberId(another)], step };
    let standing = Standing { reached: 104_000, needed: 100_000 };
    match kind {
        Kind::MemberJoined => Because::Enrolled,
        Kind::MemberUpdated => Because::ProfileUpdated,
        Kind::MemberLeft => Because::Left,
        Kind::MemberMerged => Because::AccountMerged { account: MemberId(another) },
        Kind::ReferralJoined => referred(Step::Joined),
        Kind::ReferralOrdered => referred(Step::Ordered { until: Some(later) }),
        Kind::ReferralChecking => referred(Step::Checking),
        Kind::ReferralHeld => referred(Step::Held),
        Kind::ReferralQualified => referred(Step::Qualified { at: earlier, total: Some(12_000) }),
        Kind::ReferralReversed => referred(Step::Reversed),
        Kind::ReferralExpired => referred(Step::Expired { lapse: Lapse::Deadline }),
        Kind::ReferralRejected => referred(Step::Rejected { rejection: Rejection::NotEligible }),
        Kind::HouseholdOpened => Because::HouseholdOpened,
        Kind::HouseholdJoined => Because::HouseholdJoined { household: holder },
        Kind::HouseholdLeft => Because::HouseholdLeft { household: holder },
        Kind::PointsEarned => Because::OrderEarned { order: name("1001"), version: 3, reckoning: reckoning(120) },
        Kind::PointsReleased => Because::Released { order: Some(name("1001")), earned_at: earlier },
        Kind::PointsReversed => Because::OrderSettled {
            order: name("1001"),
            version: 3,
            was: 120,
            reckoning: reckoning(80),
            debt: 0,
            forgiven: 0,
        },
        Kind::PointsExpired => Because::Expired { earned_at: Some(earlier) },
        Kind::PointsAdjusted => Because::Adjusted { reason: Name::default(), debt: 0 },
        Kind::PointsSent => Because::Sent { to: holder, kind: TransferKind::Gift },
        Kind::PointsReceived => Because::Received { from: holder, kind: TransferKind::Gift, transfer: transaction },
        Kind::PointsCameBack => Because::CameBack { from: holder, transfer: transaction, refusal: name("member_left") },
        Kind::PointsForfeited => Because::Forfeited,
        Kind::DebtRepaid => Because::DebtRepaid,
        Kind::DebtForgiven => Because::DebtForgiven { forgiven: 30 },
        Kind::HoldCreated => Because::Held { until: later, reference: Some(name("cart-77")) },
        Kind::HoldCaptured => Because::Captured { hold: transaction },
        Kind::HoldReleased => Because::HoldReleased { hold: transaction },
        Kind::HoldLapsed => Because::HoldLapsed { hold: transaction },
        Kind::RewardRedeemed => Because::Redeemed { reward: name("coupon-10"), reference: None },
        Kind::RedemptionRolledBack => {
            Because::RolledBack { redemption: transaction, reward: name("coupon-10"), reason: None }
        }
        Kind::VoucherIssued => Because::VoucherIssued {
            code: name("WELCOME-7XK4-M2QP"),
            reward: name("coupon-10"),
            rule: None,
            valid_until: Some(later),
        },
        Kind::VoucherUsed => Because::VoucherUsed {
            code: name("WELCOME-7XK4-M2QP"),
            reward: name("coupon-10"),
            order: Some(name("1002")),
        },
        Kind::VoucherLapsed => Because::VoucherLapsed { code: name("WELCOME-7XK4-M2QP"), reward: name("coupon-10") },
        Kind::VoucherCancelled => {
            Because::VoucherCancelled { code: name("WELCOME-7XK4-M2QP"), reward: name("coupon-10") }
        }
        Kind::TierChanged => Because::TierChanged {
            ladder: name("status"),
            from: name("silver"),
            to: name("gold"),
            standing,
            cause: TierCause::Reached,
        },
        Kind::TierGraceBegan => Because::TierGrace { ladder: name("status"), tier: name("gold"), until: later },
        Kind::ProgrammePublished
        | Kind::WebhookTest
        | Kind::ReferralInvited
        | Kind::ReferralClicked
        | Kind::ReferralVerificationRequested
        | Kind::ReferralVerificationConfirmed => Because::ProfileUpdated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_example_is_of_its_kind() {
        for kind in Kind::ALL.iter().copied() {
            let example = example(kind);
            assert_eq!((example["type"].as_str(), &example["data"].is_object()), (Some(kind.name()), &true));
            let is_of_journal = ![
                Kind::ProgrammePublished,
                Kind::WebhookTest,
                Kind::ReferralInvited,
                Kind::ReferralClicked,
                Kind::ReferralVerificationRequested,
                Kind::ReferralVerificationConfirmed,
            ]
            .contains(&kind);
            if is_of_journal {
                assert_eq!(Kind::of(&because(kind, instant(MOMENT))), Some(kind));
            }
        }
    }
}
