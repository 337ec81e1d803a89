//! Whatever happens under whatever programme, the books balance.

use std::collections::BTreeMap;

use lojal_core::command::{Command, TransferKind};
use lojal_core::decision::{Because, Refusal};
use lojal_core::referrals::Step;
use lojal_simulation::history::{Action, Shape};
use lojal_simulation::shell::Outcome;

use crate::story::{Telling, seeds};

fn everything(seed: u64) -> Telling {
    Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 6, steps: 250 }
}

/// Who came by whom, and what came of it, more often than in stories of everything.
#[test]
fn recommendations_balance_under_any_edition_and_history() {
    let (mut qualified, mut reversed, mut too_many) = (0, 0, 0);
    for seed in seeds(150) {
        let mix = Action::RECOMMENDATIONS;
        let story = Telling { seed, shape: Shape::Anything, mix, members: 9, steps: 200 }.tell();
        let effects = story.decisions().flat_map(|(_, decision)| &decision.effects);
        for effect in effects {
            match &effect.because {
                Because::Referred { step: Step::Qualified { .. }, .. } => qualified += 1,
                Because::Referred { step: Step::Reversed, .. } => reversed += 1,
                Because::FriendStands { limit: Some(_), .. } => too_many += 1,
                _ => {}
            }
        }
    }
    assert!(qualified > 150 && reversed > 10 && too_many > 0, "{qualified} {reversed} {too_many}");
}

/// The auditor listens while the stories are told; this adds up all they posted, and sees to it
/// that they reached every corner that they are meant to reach.
#[test]
fn the_books_balance_under_any_programme_and_history() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in seeds(200) {
        let story = everything(seed).tell();
        let effects = story.decisions().flat_map(|(_, decision)| &decision.effects);
        let postings = effects.flat_map(|effect| &effect.postings);
        assert_eq!(postings.map(|posting| i128::from(posting.amount)).sum::<i128>(), 0, "seed {seed}");
        for performed in &story.performed {
            let decision = match &performed.outcome {
                Outcome::Done(decision) => decision,
                Outcome::Refused(Refusal::Invalid { field, detail }) => {
                    panic!("seed {seed}: {field} {detail}: {:#?}", performed.step)
                }
                Outcome::Refused(_) => {
                    *seen.entry("refused").or_default() += 1;
                    continue;
                }
                Outcome::Known => continue,
            };
            if decision.repeats.is_some() {
                *seen.entry("repeated").or_default() += 1;
            }
            if matches!(performed.step.command, Command::TakeBack { .. }) {
                *seen.entry("taken back").or_default() += 1;
            }
            for effect in &decision.effects {
                let what = match &effect.because {
                    Because::OrderEarned { .. } => "earned",
                    Because::OrderSettled { debt: 1.., .. } => "settled with a debt",
                    Because::OrderSettled { forgiven: 1.., .. } => "settled and forgiven",
                    Because::OrderSettled { .. } => "settled",
                    Because::GoodsReturned { .. } => "goods returned",
                    Because::ActivityEarned { .. } => "earned by activity",
                    Because::ActivityCalledOff { debt: 1.., .. } => "activity called off with a debt",
                    Because::ActivityCalledOff { rule: Some(_), .. } => "activity called off",
                    Because::Released { .. } => "released",
                    Because::ReleaseSet { .. } => "release set",
                    Because::Expired { .. } => "expired",
                    Because::ExpiredAfterInactivity { .. } => "expired after inactivity",
                    Because::Held { .. } => "held",
                    Because::Captured { .. } => "captured",
                    Because::HoldReleased { .. } => "hold released",
                    Because::HoldLapsed { .. } => "hold lapsed",
                    Because::Redeemed { .. } => "redeemed",
                    Because::RolledBack { .. } => "rolled back",
                    Because::VoucherIssued { .. } => "voucher issued",
                    Because::VoucherUsed { .. } => "voucher used",
                    Because::VoucherLapsed { .. } => "voucher lapsed",
                    Because::VoucherCancelled { .. } => "voucher cancelled",
                    Because::Adjusted { .. } => "adjusted",
                    Because::Sent { kind: TransferKind::Merge, .. } => "passed on to the survivor",
                    Because::Sent { .. } => "sent",
                    Because::Received { .. } => "received",
                    Because::TierChanged { .. } => "tier changed",
                    Because::TierGrace { .. } => "tier grace",
                    Because::MemberAdmitted { .. } => "member admitted",
                    Because::MemberDismissed { .. } => "member dismissed",
                    Because::AccountMerged { .. } => "account merged",
                    Because::MergeAbandoned { .. } => "merge abandoned",
                    Because::Left => "left",
                    Because::Referred { step: Step::Qualified { .. }, .. } => "referral qualified",
                    Because::Referred { step: Step::Reversed, .. } => "referral reversed",
                    Because::Referred { step: Step::Rejected { .. }, .. } => "referral rejected",
                    Because::Referred { step: Step::Expired { .. }, .. } => "referral expired",
                    Because::Referred { step: Step::Held, .. } => "referral held",
                    Because::Referred { .. } => "referral goes on",
                    Because::AdvocateLost { .. } => "advocate lost",
                    Because::FriendStands { number: Some(_), .. } => "friend counts",
                    Because::FriendStands { limit: Some(_), .. } => "friend over a limit",
                    Because::FriendStands { .. } => "friend stands",
                    _ => "other",
                };
                *seen.entry(what).or_default() += 1;
            }
        }
    }
    for what in [
        "refused",
        "repeated",
        "earned",
        "settled",
        "settled with a debt",
        "settled and forgiven",
        "goods returned",
        "earned by activity",
        "activity called off",
        "activity called off with a debt",
        "released",
        "release set",
        "expired",
        "expired after inactivity",
        "held",
        "captured",
        "hold released",
        "hold lapsed",
        "redeemed",
        "rolled back",
        "voucher issued",
        "voucher used",
        "voucher lapsed",
        "voucher cancelled",
        "adjusted",
        "sent",
        "received",
        "tier changed",
        "tier grace",
        "member admitted",
        "member dismissed",
        "account merged",
        "merge abandoned",
        "passed on to the survivor",
        "left",
        "referral goes on",
        "referral qualified",
        "referral reversed",
        "referral rejected",
        "referral expired",
        "referral held",
        "advocate lost",
        "friend counts",
        "friend stands",
    ] {
        let times = seen.get(what).copied().unwrap_or(0);
        assert!(times >= 5, "{what}: {times} times; {seen:#?}");
    }
}
