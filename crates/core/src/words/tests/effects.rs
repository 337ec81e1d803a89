//! Every reason in both languages. The golden file is what a member reads.

use super::*;
use crate::command::TransferKind;
use crate::decision::{Basis, Because, Effect, Limit, MultiplierSource, Reckoning, Standing, TierCause};
use crate::kernel::{MemberId, Window};
use crate::ledger::{Account, Posting};
use crate::referrals::{Lapse, Rejection, Step};
use crate::words::tests::names;

fn post(account: Account, unit: &str, amount: i64) -> Posting {
    Posting { account, unit: unit.into(), brand: "shop".into(), amount }
}

/// Points of a rule without multipliers or limits.
fn reckoned(rule: &str, basis: Basis, points: i64) -> Reckoning {
    Reckoning { rule: rule.into(), basis, multipliers: Vec::new(), before_limits: points, limits: Vec::new(), points }
}

fn spent(amount: i64) -> Basis {
    Basis::Amount { amount: Money(amount), rate: Factor::ONE, per: Money(100), carried: false }
}

fn gold() -> (MultiplierSource, Factor) {
    (MultiplierSource::Tier("gold".into()), Factor(1_500_000))
}

fn earned(reckoning: Reckoning) -> Because {
    Because::OrderEarned { order: "1001".into(), version: 1, reckoning }
}

fn tier(ladder: &str, from: &str, to: &str, standing: (i64, i64), cause: TierCause) -> Because {
    let standing = Standing { reached: standing.0, needed: standing.1 };
    Because::TierChanged { ladder: ladder.into(), from: from.into(), to: to.into(), standing, cause }
}

fn orders() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Debt, Issued, Pending, Reversed};
    let limited = |limit, points| Reckoning { limits: vec![limit], points, ..reckoned("spend", spent(22_300), 223) };
    let multiplied = Reckoning { multipliers: vec![gold()], ..reckoned("spend", spent(12_345), 185) };
    let twice = (MultiplierSource::Rule("weekend".into()), Factor(2_000_000));
    let carried = Basis::Amount { amount: Money(1250), rate: Factor::ONE, per: Money(100), carried: true };
    let half = Basis::Amount { amount: Money(25_000), rate: Factor(500_000), per: Money(1000), carried: false };
    vec![
        (
            earned(reckoned("spend", spent(12_300), 123)),
            vec![post(Issued, "points", -123), post(Pending, "points", 123)],
        ),
        (earned(multiplied.clone()), vec![post(Issued, "points", -185), post(Available, "points", 185)]),
        (
            earned(Reckoning { multipliers: vec![gold(), twice], ..reckoned("spend", spent(10_000), 300) }),
            vec![post(Issued, "points", -300), post(Debt, "points", 20), post(Available, "points", 280)],
        ),
        (earned(reckoned("spend", carried, 13)), Vec::new()),
        (earned(Reckoning { multipliers: vec![gold()], ..reckoned("spend", spent(10_000), 120) }), Vec::new()),
        (earned(reckoned("spring", half, 12)), Vec::new()),
        (earned(reckoned("spend", Basis::Pieces { pieces: 3, each: 50 }, 150)), Vec::new()),
        (earned(limited(Limit::RuleOrder { most: 100 }, 100)), Vec::new()),
        (earned(limited(Limit::Rule { window: Window::Month, most: 200 }, 22)), Vec::new()),
        (earned(limited(Limit::Unit { window: Window::Lifetime, most: 1000 }, 1)), Vec::new()),
        (earned(limited(Limit::Budget { campaign: "spring".into(), left: 5 }, 5)), Vec::new()),
        (earned(reckoned("forgotten", Basis::Fixed { points: 5 }, 5)), vec![post(Issued, "miles", -5)]),
        (
            Because::OrderSettled {
                order: "1001".into(),
                version: 1,
                was: 185,
                reckoning: Reckoning { multipliers: vec![gold()], ..reckoned("spend", spent(10_000), 150) },
                debt: 10,
                forgiven: 3,
            },
            vec![post(Available, "points", -25), post(Debt, "points", -10), post(Reversed, "points", 35)],
        ),
        (
            Because::OrderSettled {
                order: "1001".into(),
                version: 1,
                was: 185,
                reckoning: reckoned("spend", spent(0), 0),
                debt: 0,
                forgiven: 0,
            },
            vec![post(Available, "points", -185), post(Reversed, "points", 185)],
        ),
        (
            Because::GoodsReturned {
                goods: "C17".into(),
                reckoning: reckoned("spend", spent(5000), 50),
                debt: 30,
                forgiven: 0,
            },
            vec![post(Available, "points", -20), post(Debt, "points", -30), post(Reversed, "points", 50)],
        ),
    ]
}

fn activities() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Issued};
    let posted = vec![post(Issued, "points", -10), post(Available, "points", 10)];
    let value = Basis::Attribute { attribute: "minutes".into(), value: 45, rate: Factor(2_000_000), per: 10 };
    let each = Basis::Attribute { attribute: "minutes".into(), value: 45, rate: Factor::ONE, per: 1 };
    let activity = |name: &str, reckoning| Because::ActivityEarned {
        activity: name.into(),
        external_id: "r-1".into(),
        version: None,
        reckoning,
    };
    vec![
        (activity("review", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("birthday", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("joined", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("tier_reached", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("friend_joined", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("friend_qualified", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("referred", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted.clone()),
        (activity("referral_qualified", reckoned("review", Basis::Fixed { points: 10 }, 10)), posted),
        (activity("training", reckoned("review", value, 9)), Vec::new()),
        (activity("training", reckoned("review", each, 45)), Vec::new()),
    ]
}

fn time_and_holds() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Debt, Expired, Held, Pending, Redeemed};
    let april = moment("2026-04-03 14:05");
    let hold = transaction(1);
    vec![
        (
            Because::Released { order: Some("1001".into()), earned_at: april },
            vec![post(Pending, "points", -123), post(Available, "points", 123)],
        ),
        (
            Because::Released { order: None, earned_at: april },
            vec![post(Pending, "miles", -5), post(Debt, "miles", 2), post(Available, "miles", 3)],
        ),
        (Because::ReleaseSet { order: "1001".into(), until: moment("2026-04-17") }, Vec::new()),
        (
            Because::Expired { earned_at: Some(april) },
            vec![post(Available, "points", -22), post(Expired, "points", 22)],
        ),
        (Because::Expired { earned_at: None }, vec![post(Available, "points", -22), post(Expired, "points", 22)]),
        (
            Because::ExpiredAfterInactivity { since: april },
            vec![post(Available, "points", -1), post(Expired, "points", 1)],
        ),
        (
            Because::Held { until: april, reference: None },
            vec![post(Available, "points", -100), post(Held, "points", 100)],
        ),
        (
            Because::Held { until: april, reference: Some("K-7".into()) },
            vec![post(Available, "points", -100), post(Held, "points", 100)],
        ),
        (Because::Captured { hold }, vec![post(Held, "points", -100), post(Redeemed, "points", 100)]),
        (
            Because::Captured { hold },
            vec![post(Held, "points", -100), post(Redeemed, "points", 80), post(Available, "points", 20)],
        ),
        (Because::HoldReleased { hold }, vec![post(Held, "points", -100), post(Available, "points", 100)]),
        (Because::HoldLapsed { hold }, vec![post(Held, "points", -100), post(Available, "points", 100)]),
    ]
}

fn rewards() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Debt, Issued, Redeemed, Reversed};
    let code = || Name::from("KAWA-2345-7K3P");
    let spent = vec![post(Available, "points", -100), post(Redeemed, "points", 100)];
    let back = vec![post(Redeemed, "points", -100), post(Available, "points", 100)];
    let coffee = || Name::from("coffee");
    vec![
        (Because::Redeemed { reward: coffee(), reference: None }, spent.clone()),
        (Because::Redeemed { reward: coffee(), reference: Some("K-7".into()) }, spent),
        (Because::Redeemed { reward: coffee(), reference: None }, Vec::new()),
        (Because::RolledBack { redemption: transaction(2), reward: coffee(), reason: None }, back.clone()),
        (
            Because::RolledBack {
                redemption: transaction(2),
                reward: coffee(),
                reason: Some("ekspres w naprawie".into()),
            },
            back,
        ),
        (Because::VoucherIssued { code: code(), reward: coffee(), rule: None, valid_until: None }, Vec::new()),
        (
            Because::VoucherIssued {
                code: "AB12".into(),
                reward: coffee(),
                rule: Some("birthday".into()),
                valid_until: Some(moment("2026-05-04")),
            },
            Vec::new(),
        ),
        (Because::VoucherUsed { code: code(), reward: coffee(), order: None }, Vec::new()),
        (Because::VoucherUsed { code: code(), reward: coffee(), order: Some("1001".into()) }, Vec::new()),
        (Because::VoucherLapsed { code: code(), reward: coffee() }, Vec::new()),
        (Because::VoucherCancelled { code: code(), reward: coffee() }, Vec::new()),
        (
            Because::Adjusted { reason: "przeprosiny za opóźnienie".into(), debt: 0 },
            vec![post(Issued, "points", -50), post(Available, "points", 50)],
        ),
        (
            Because::Adjusted { reason: "pomyłka.".into(), debt: 12 },
            vec![post(Available, "points", -38), post(Debt, "points", -12), post(Reversed, "points", 50)],
        ),
        (
            called_off(Some("review"), 50, Some("the review was copied.")),
            vec![post(Available, "points", -50), post(Reversed, "points", 50)],
        ),
        (called_off(None, 0, None), Vec::new()),
        (Because::DebtForgiven { forgiven: 5 }, vec![post(Debt, "points", 5), post(Reversed, "points", -5)]),
        (Because::DebtRepaid, vec![post(Available, "points", -5), post(Debt, "points", 5)]),
    ]
}

fn called_off(rule: Option<&str>, points: i64, reason: Option<&str>) -> Because {
    Because::ActivityCalledOff {
        activity: "review".into(),
        external_id: "r-1".into(),
        rule: rule.map(Name::from),
        points,
        reason: reason.map(Name::from),
        debt: 0,
        forgiven: 0,
    }
}

/// A debt that moves into a household, or arrives there.
fn owed(sign: i64) -> Vec<Posting> {
    vec![post(Account::Debt, "points", 15 * sign), post(Account::InTransit, "points", -15 * sign)]
}

fn people() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Expired, InTransit};
    let (ewa, home) = (holder(7), holder(9));
    let sent = vec![post(Available, "points", -40), post(InTransit, "points", 40)];
    let arrived = vec![post(InTransit, "points", -40), post(Available, "points", 40)];
    let all = vec![
        post(Available, "points", -40),
        post(Expired, "points", 40),
        post(Available, "miles", -2),
        post(Expired, "miles", 2),
    ];
    let member = MemberId(ewa.0);
    let received = |kind| Because::Received { from: ewa, kind, transfer: transaction(3) };
    let abandoned = |refusal: &str| Because::MergeAbandoned { account: member, refusal: refusal.into() };
    let came_back = |refusal: &str| Because::CameBack { from: ewa, transfer: transaction(3), refusal: refusal.into() };
    vec![
        (Because::Sent { to: ewa, kind: TransferKind::Transfer }, sent.clone()),
        (Because::Sent { to: ewa, kind: TransferKind::Gift }, sent.clone()),
        (Because::Sent { to: home, kind: TransferKind::Household }, sent.clone()),
        (received(TransferKind::Transfer), arrived.clone()),
        (received(TransferKind::Gift), arrived.clone()),
        (received(TransferKind::Household), arrived.clone()),
        (came_back("member_left"), arrived.clone()),
        (came_back("storm"), arrived.clone()),
        (Because::Enrolled, Vec::new()),
        (Because::HouseholdOpened, Vec::new()),
        (Because::ProfileUpdated, Vec::new()),
        (Because::HouseholdJoined { household: home }, Vec::new()),
        (Because::HouseholdLeft { household: home }, Vec::new()),
        (Because::MemberAdmitted { member }, Vec::new()),
        (Because::MemberDismissed { member }, Vec::new()),
        (Because::MergeAsked { account: member }, Vec::new()),
        (Because::MergedInto { survivor: member }, Vec::new()),
        (Because::AccountMerged { account: member }, Vec::new()),
        (abandoned("member_left"), Vec::new()),
        (abandoned("merged"), Vec::new()),
        (abandoned("merge_under_way"), Vec::new()),
        (Because::Sent { to: ewa, kind: TransferKind::Merge }, sent.clone()),
        (received(TransferKind::Merge), arrived.clone()),
        (Because::Left, Vec::new()),
        (Because::Forfeited, all),
        (Because::Sent { to: home, kind: TransferKind::Household }, owed(1)),
        (received(TransferKind::Household), owed(-1)),
        (Because::Sent { to: ewa, kind: TransferKind::Merge }, owed(1)),
        (received(TransferKind::Merge), owed(-1)),
    ]
}

/// How recommendations stand, for friends and for advocates.
fn referrals() -> Vec<(Because, Vec<Posting>)> {
    use Account::{Available, Reversed};
    let member = MemberId(holder(7).0);
    let edition = || Name::from("friends");
    let until = moment("2026-05-03");
    let steps = [
        Step::Joined,
        Step::Ordered { until: Some(until) },
        Step::Ordered { until: None },
        Step::Checking,
        Step::Held,
        Step::Qualified { at: until, total: Some(12_000) },
        Step::Reversed,
        Step::Expired { lapse: Lapse::Deadline },
        Step::Expired { lapse: Lapse::Left },
        Step::Expired { lapse: Lapse::Merged },
        Step::Rejected { rejection: Rejection::NotRunning },
        Step::Rejected { rejection: Rejection::NotEligible },
        Step::Rejected { rejection: Rejection::OutsideWindow },
        Step::Rejected { rejection: Rejection::SelfReferral },
        Step::Rejected { rejection: Rejection::BudgetSpent },
        Step::Rejected { rejection: Rejection::Fraud },
    ];
    let friend = |step: &Step| Because::Referred { referral: edition(), advocates: vec![member], step: step.clone() };
    let advocate = |step: &Step, number, limit| Because::FriendStands {
        referral: edition(),
        friend: member,
        step: step.clone(),
        number,
        limit,
    };
    let qualified = &steps[5];
    let limits = [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year, Window::Lifetime];
    let lost = Because::AdvocateLost { referral: edition(), advocate: member, refusal: "may_not_recommend".into() };
    let settled = |was, points| Because::ActivitySettled {
        activity: "friend_qualified".into(),
        external_id: "r-1".into(),
        version: 1,
        was,
        reckoning: Reckoning {
            multipliers: vec![(MultiplierSource::Share, Factor(600_000))],
            ..reckoned("review", Basis::Fixed { points: 100 }, points)
        },
        debt: 0,
        forgiven: 0,
    };
    let taken = |points: i64| vec![post(Available, "points", -points), post(Reversed, "points", points)];
    let told = steps.iter().map(friend).chain(steps.iter().map(|step| advocate(step, None, None)));
    let told = told.chain([advocate(qualified, Some(5), None)]);
    let told = told.chain(limits.map(|window| advocate(qualified, None, Some(window)))).chain([lost]);
    let told = told.map(|because| (because, Vec::new()));
    told.chain([(settled(100, 60), taken(40)), (settled(60, 0), taken(60))]).collect()
}

fn tiers() -> Vec<(Because, Vec<Posting>)> {
    let cases = vec![
        tier("status", "silver", "gold", (305_000, 300_000), TierCause::Reached),
        tier("regulars", "guest", "regular", (22, 22), TierCause::Reached),
        tier("status", "gold", "silver", (180_000, 300_000), TierCause::Review),
        tier("status", "gold", "silver", (299_000, 300_000), TierCause::Return),
        tier("status", "gold", "member", (0, 0), TierCause::Programme),
        Because::TierGrace { ladder: "status".into(), tier: "gold".into(), until: moment("2026-05-03") },
    ];
    cases.into_iter().map(|because| (because, Vec::new())).collect()
}

#[test]
fn every_reason_has_its_sentence() {
    let programme = club();
    let names = names();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let (pl, en) = (pl.about(&programme).calling(&names), en.about(&programme).calling(&names));
    let cases = [orders(), activities(), time_and_holds(), rewards(), tiers(), people(), referrals()].concat();
    let mut covered = BTreeSet::new();
    let sentences = cases.into_iter().map(|(because, postings)| {
        let json = serde_json::to_value(&because).unwrap();
        let named = json.as_object().and_then(|object| object.keys().next().cloned());
        let name = named.unwrap_or_else(|| json.as_str().unwrap().to_owned());
        covered.insert(name.clone());
        let effect = Effect { at: moment("2026-04-03"), because, postings };
        (name, [pl.effect(&effect), en.effect(&effect)])
    });
    let actual = golden(sentences.collect::<Vec<_>>());
    assert_golden(&actual, include_str!("effects.txt"));
    assert_eq!(covered, variants(include_str!("../../decision.rs"), "Because"));
}
