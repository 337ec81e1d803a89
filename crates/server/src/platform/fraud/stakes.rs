//! What is at stake: what both sides of a recommendation would be given, in money.

use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, FollowUpCommand};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Money, TransactionId};
use lojal_core::ledger::Account;
use lojal_core::programme::Programme;
use lojal_core::referrals::{Judge, Stage, Verdict};

use super::super::application::Application;
use super::super::foreseeing::{Codes, foresee};
use super::super::writer::{Submission, WriteError};

const ALLOW: Command = Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Person, seen: None };

/// What both sides would be given if it counted now: decided, and not carried out. What still has to stand for a while is
/// looked at as if it had.
pub(super) async fn stake(application: &Application, friend: &Holder) -> Result<Money, WriteError> {
    let Some(decision) = foreseen(application, friend) else { return Ok(Money::ZERO) };
    let rulebook = application.rulebook();
    let Some(programme) = rulebook.live() else { return Ok(Money::ZERO) };
    let mut stake = given(&decision, programme);
    for follow_up in &decision.follow_ups {
        if let FollowUpCommand::HearOfFriend { recommendation } = &follow_up.command {
            let command = Command::HearOfFriend { recommendation: recommendation.clone() };
            let heard = tried(application, follow_up.to, command).await?;
            stake = stake + heard.map_or(Money::ZERO, |decision| given(&decision, programme));
        }
    }
    Ok(stake)
}

/// What a friend would decide had everything stood for long enough; none where it would be refused.
fn foreseen(application: &Application, friend: &Holder) -> Option<Decision> {
    let mut friend = friend.clone();
    let state = friend.referral.as_deref_mut()?;
    state.stage = Stage::Ripe { ground: state.ground()?.clone() };
    let now = application.clock.now();
    let transaction = TransactionId(Id::new(now.as_millisecond(), 0, friend.id.part()));
    let decided = foresee(&application.rulebook(), Some(&friend), &ALLOW, (now, transaction), Codes::Sample);
    decided.ok().map(|(_, decision, _)| decision)
}

/// What a holder would decide; none where it would be refused.
async fn tried(application: &Application, holder: HolderId, command: Command) -> Result<Option<Decision>, WriteError> {
    let submission = Submission { dry_run: true, ..Submission::new(holder, command) };
    match application.writer.submit(submission).await {
        Ok(done) => Ok(Some(done.decision)),
        Err(WriteError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// What a decision gives, by what units are worth.
fn given(decision: &Decision, programme: &Programme) -> Money {
    let postings = decision.effects.iter().flat_map(|effect| &effect.postings);
    let gains = postings.filter(|posting| matches!(posting.account, Account::Available | Account::Pending));
    let worth = |(unit, amount): (&lojal_core::kernel::Name, i64)| {
        let index = programme.units.iter().position(|known| known.id == *unit)?;
        programme.worth(index).map(|worth| worth.of(amount))
    };
    let money = gains.filter_map(|posting| worth((&posting.unit, posting.amount))).sum::<Money>();
    let vouchers = decision.effects.iter().filter_map(|effect| match &effect.because {
        Because::VoucherIssued { reward, .. } => programme.cost(programme.reward(reward)?),
        _ => None,
    });
    money.max(Money::ZERO) + vouchers.sum::<Money>()
}
