//! What people decide about cases, on its way to the ledger. A word may be said again: what it comes to is the same. Of two
//! words the later one holds, whoever says them, and in whatever order they arrive.

use lojal_core::command::Command;
use lojal_core::kernel::{CaseId, MemberId};
use lojal_core::referrals::{Judge, ReferralState, Rejection, Stage, Verdict};

use super::super::application::Application;
use super::super::writer::{Submission, WriteError};
use super::cases::{CaseState, Word, case_sent, cases_unsent, word_find, word_of};

/// Cases that are looked for together.
const PAGE: usize = 256;

/// Tells the engine what people decided about cases, the earliest first. One that cannot be sent keeps no other waiting.
pub async fn send_decisions(application: &Application) -> Result<(), WriteError> {
    let mut after = None;
    loop {
        let cases = cases_unsent(&mut *application.database.read().await?, after, PAGE).await?;
        for case in &cases {
            if let Err(cause) = tell(application, *case).await {
                tracing::error!(%case, %cause, "what was decided about a case is told later");
            }
        }
        after = cases.last().copied();
        if cases.len() < PAGE {
            return Ok(());
        }
    }
}

/// Tells the engine at once what was decided about a case. Where that fails, it is told later.
pub async fn send_decision(application: &Application, case: CaseId) {
    if let Err(cause) = tell(application, case).await {
        tracing::error!(%case, %cause, "what was decided about a case is told later");
    }
}

/// Says what is true of a case until it still is when it was said: meanwhile somebody may have decided otherwise, and
/// somebody else may have said so. Answers whether it was heard.
async fn tell(application: &Application, case: CaseId) -> Result<bool, WriteError> {
    loop {
        let Some(word) = word_find(&mut *application.database.read().await?, case).await? else { return Ok(false) };
        let account = account_of(application, word.friend).await?;
        let is_heard = judge(application, account, (verdict_of(&word), Judge::Person), None).await?;
        let mut transaction = application.database.write_aside().await?;
        let is_current = case_sent(&mut transaction, case, word.revision).await?;
        transaction.commit().await?;
        if is_current {
            return Ok(is_heard);
        }
    }
}

/// Says again what was decided about the recommendation of a friend, where the ledger has it otherwise: it was decided
/// under a release that did not keep it, or was overtaken by an earlier word. Answers whether it had to be said.
pub(super) async fn told_again(
    application: &Application,
    watched: MemberId,
    state: &ReferralState,
) -> Result<bool, WriteError> {
    let known = word_of(&mut *application.database.read().await?, watched).await?;
    let Some((case, _)) = known.filter(|(_, word)| is_otherwise(word, state)) else { return Ok(false) };
    tell(application, case).await
}

fn is_otherwise(word: &Word, state: &ReferralState) -> bool {
    let is_over = match &state.stage {
        Stage::Expired { .. } => true,
        Stage::Rejected { rejection, .. } => *rejection != Rejection::Fraud,
        _ => false,
    };
    let is_rejected = matches!(state.stage, Stage::Rejected { by: Judge::Person, .. });
    if is_over || word.revision == 0 {
        return false;
    }
    match word.state {
        CaseState::Confirmed => !is_rejected,
        CaseState::Cleared => !state.is_cleared,
        CaseState::Open => state.is_cleared || is_rejected,
    }
}

/// Whether somebody has taken back what was decided, so that a person has to look again, whatever the detector finds.
pub(super) async fn is_taken_back(application: &Application, watched: MemberId) -> Result<bool, WriteError> {
    let known = word_of(&mut *application.database.read().await?, watched).await?;
    Ok(known.is_some_and(|(_, word)| word.state == CaseState::Open && word.revision > 0))
}

/// The account that was recommended, of those that became one.
pub(super) async fn account_of(application: &Application, friend: MemberId) -> Result<MemberId, WriteError> {
    let Some(holder) = application.holder(friend.into()).await? else { return Ok(friend) };
    if holder.referral.is_some() {
        return Ok(friend);
    }
    for account in holder.merged_accounts() {
        if application.holder(account.into()).await?.is_some_and(|holder| holder.referral.is_some()) {
            return Ok(account);
        }
    }
    Ok(friend)
}

fn verdict_of(word: &Word) -> Verdict {
    match word.state {
        CaseState::Confirmed => Verdict::Reject,
        CaseState::Cleared => Verdict::Allow,
        // It was taken back: a person has to look again.
        CaseState::Open => Verdict::Hold,
    }
}

/// What the engine refuses has come to an end by itself: nothing is left to be said. `seen` is how it stood when the
/// detector looked. Answers whether it was heard.
pub(super) async fn judge(
    application: &Application,
    friend: MemberId,
    (verdict, by): (Verdict, Judge),
    seen: Option<u32>,
) -> Result<bool, WriteError> {
    let command = Command::JudgeReferral { verdict, by, seen };
    match application.writer.submit(Submission::new(friend, command)).await {
        Ok(_) => Ok(true),
        Err(WriteError::Refused(refusal)) => {
            tracing::info!(%friend, %refusal, "nothing is decided about a recommendation any more");
            Ok(false)
        }
        Err(other) => Err(other),
    }
}
