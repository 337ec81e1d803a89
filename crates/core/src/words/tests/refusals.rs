//! Every refusal in both languages.

use super::*;
use crate::decision::Refusal;
use crate::kernel::{MemberId, Window};

fn refusals() -> Vec<Refusal> {
    let id = || Name::from("xyz");
    let coffee = || Name::from("coffee");
    let code = || Name::from("KAWA-2345-7K3P");
    let at = moment("2026-04-03 14:05");
    vec![
        Refusal::NoProgramme,
        Refusal::AlreadyEnrolled,
        Refusal::UnknownHolder,
        Refusal::MemberLeft,
        Refusal::Merged { into: MemberId(holder(7).0) },
        Refusal::MergeUnderWay,
        Refusal::MergeWithSelf,
        Refusal::TooManyAccounts { most: 64 },
        Refusal::InHousehold,
        Refusal::NotInHousehold,
        Refusal::HouseholdFull { most: 6 },
        Refusal::HouseholdsNotOffered,
        Refusal::UnknownUnit { unit: id() },
        Refusal::UnknownBrand { brand: id() },
        Refusal::UnknownReward { reward: id() },
        Refusal::UnknownOrder { order: "1001".into() },
        Refusal::UnknownActivity { external_id: "r-1".into() },
        Refusal::ActivityFinal { external_id: "r-1".into() },
        Refusal::ReferralsNotOffered,
        Refusal::UnknownReferral { referral: id() },
        Refusal::AlreadyReferred { at },
        Refusal::NotReferred,
        Refusal::ReferralOver,
        Refusal::MayNotRecommend { referral: id() },
        Refusal::UnknownLine { line: "3".into() },
        Refusal::UnknownHold { hold: transaction(1) },
        Refusal::UnknownRedemption { redemption: transaction(1) },
        Refusal::UnknownVoucher { code: code() },
        Refusal::OrderStep { from: "cancelled".into(), to: "paid".into() },
        Refusal::OrderStep { from: "open".into(), to: "closed".into() },
        Refusal::Invalid { field: "/lines/0/quantity".into(), detail: "must be at least 1".into() },
        Refusal::DifferentContent { external_id: "r-1".into() },
        Refusal::ReturnsTooMany { line: "3".into(), quantity: 5, returned: 4, asked: 2 },
        Refusal::InsufficientPoints { unit: "points".into(), needed: 500, available: 122 },
        Refusal::DebtOpen { unit: "points".into(), debt: 22 },
        Refusal::NotSpendable { unit: "miles".into() },
        Refusal::HoldTooSmall { unit: "points".into(), held: 50, asked: 80 },
        Refusal::TooManyHolds { most: 20 },
        Refusal::HoldTooLong { longest: "7 days".parse().unwrap() },
        Refusal::RewardNotAvailable { reward: coffee() },
        Refusal::RewardNotForMember { reward: coffee() },
        Refusal::RewardNotAvailable { reward: "cinema".into() },
        Refusal::RewardNotAvailable { reward: "surprise".into() },
        Refusal::RewardNotForMember { reward: "cinema".into() },
        Refusal::RewardLimit { reward: coffee(), times: 2, window: Window::Month },
        Refusal::RewardLimit { reward: coffee(), times: 1, window: Window::Lifetime },
        Refusal::OutOfStock { reward: coffee() },
        Refusal::AlreadyRolledBack { redemption: transaction(1) },
        Refusal::VoucherUsed { code: code(), at },
        Refusal::VoucherLapsed { code: code(), at },
        Refusal::VoucherCancelled { code: code(), at },
        Refusal::TransfersNotOffered,
        Refusal::TransferTooSmall { unit: "points".into(), least: 10 },
        Refusal::TransferTooLarge { unit: "points".into(), most: 1000 },
        Refusal::TransferLimit { unit: "points".into(), most: 2000, window: Window::Month, left: 150 },
        Refusal::TransferToSelf,
        Refusal::TooLarge,
    ]
}

#[test]
fn every_refusal_has_its_sentence() {
    let programme = club();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme), en.about(&programme));
    let sentences =
        refusals().into_iter().map(|refusal| (refusal.code(), [pl.refusal(&refusal), en.refusal(&refusal)]));
    let actual = golden(sentences.collect::<Vec<_>>());
    assert_golden(&actual, include_str!("refusals.txt"));
    let covered: BTreeSet<String> = refusals().iter().map(Refusal::code).collect();
    assert_eq!(covered, variants(include_str!("../../decision/refusal.rs"), "Refusal"));
}
