//! Merging an account into that of the same person. The engine decides, at the survivor and then at the account; here is
//! what goes with it: that both agree before anything is written, and what is kept of the person.

use std::time::Duration;

use lojal_core::command::Command;
use lojal_core::decision::{Because, Refusal};
use lojal_core::holder::{HolderKind, Merging};
use lojal_core::kernel::{HolderId, MemberId, Name, TransactionId};

use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::fraud::fraud_merge;
use crate::platform::identity::{Identity, IdentityError};
use crate::platform::writer::{Answer, Done, Idempotency, Submission, WriteError};

/// How long to wait for the account's answer, which takes a moment as a rule.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(25);
/// So much of a story is read at once.
const PAGE: usize = 64;

/// Asks for an account to become a part of another one of the same person.
#[derive(Clone, Debug)]
pub struct Merge {
    /// Whose account stays; one that was itself merged leads to where it went.
    pub survivor: MemberId,
    /// The account that goes into it.
    pub account: MemberId,
    pub dry_run: bool,
    pub idempotency: Option<Idempotency>,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    Merged,
    /// The account has not answered yet. Nothing is left to be done but to wait. So it is for a dry run, too, that
    /// nobody refused.
    UnderWay,
    /// The account refused, which only happens when something else was asked of it in the same moment.
    Abandoned {
        /// The code of its refusal.
        refusal: Name,
    },
}

/// Merges an account into another one. What both would refuse is refused before anything is written. Asked again, it
/// is answered as before, and what an interruption left undone is done.
pub async fn merge(application: &Application, merge: Merge) -> Result<(Done, MergeOutcome), WriteError> {
    let (named, account) = (found(application, merge.survivor).await?, found(application, merge.account).await?);
    let survivor = application.survivor(named).await?.id;
    if let Some(idempotency) = merge.idempotency.as_ref().filter(|_| !merge.dry_run)
        // The one that was asked then may have been merged itself since.
        && let Some(answer) = application.answered_before(idempotency).await?
    {
        return told(application, &merge, survivor, answer?).await;
    }
    let into = application.survivor(account).await?.id;
    let is_merged = merge.account != survivor && into == survivor;
    if !is_merged && into != merge.account {
        return Err(WriteError::Refused(Refusal::Merged { into }));
    }
    if !is_merged {
        trial(application, survivor.into(), Command::Merge { account: merge.account }).await?;
        trial(application, merge.account.into(), Command::MergeInto { survivor }).await?;
    }
    let submission = Submission {
        idempotency: merge.idempotency.clone(),
        dry_run: merge.dry_run,
        ..Submission::new(survivor, Command::Merge { account: merge.account })
    };
    let done = application.writer.submit(submission).await?;
    told(application, &merge, survivor, done).await
}

/// What was done, and what has come of it; once it is merged, what is known of the person goes along.
async fn told(
    application: &Application,
    merge: &Merge,
    survivor: MemberId,
    done: Done,
) -> Result<(Done, MergeOutcome), WriteError> {
    let outcome = match merge.dry_run {
        true => MergeOutcome::UnderWay,
        false => outcome(application, &done, merge.account).await?,
    };
    if outcome == MergeOutcome::Merged {
        take_over(application, survivor, merge.account).await.map_err(unsealed)?;
    }
    Ok((done, outcome))
}

async fn found(application: &Application, member: MemberId) -> Result<MemberRow, WriteError> {
    application.member(member).await?.ok_or(WriteError::Refused(Refusal::UnknownHolder))
}

/// What a holder would say to it.
async fn trial(application: &Application, holder: HolderId, command: Command) -> Answer {
    application.writer.submit(Submission { dry_run: true, ..Submission::new(holder, command) }).await
}

/// Whatever is known of the person under the account only is known of the survivor, too. The account keeps what it
/// has: it is the same person's, whose address may be either. Accounts that were merged before are looked through as
/// well, since nobody may have waited for them to the end.
async fn take_over(application: &Application, survivor: MemberId, account: MemberId) -> Result<(), IdentityError> {
    let mut others = Vec::new();
    let before = application.merged_accounts(survivor).await?.into_iter().filter(|other| *other != account);
    for other in std::iter::once(account).chain(before) {
        others.extend(application.identity(other).await?);
        fraud_merge(&application.database, other, survivor).await?;
    }
    let change = |member: &MemberRow, known: Identity| match member.status {
        MemberStatus::Active => others.into_iter().fold(known, filled),
        // Nothing more is written down of whoever has left; one that was merged since is filled in where it went.
        MemberStatus::Left | MemberStatus::Merged { .. } => known,
    };
    application.change_identity(survivor, change).await?;
    Ok(())
}

/// What is known, and where nothing is, what `other` says.
fn filled(known: Identity, other: Identity) -> Identity {
    Identity {
        name: known.name.or(other.name),
        email: known.email.or(other.email),
        phone: known.phone.or(other.phone),
        language: known.language.or(other.language),
        birth_year: known.birth_year.or(other.birth_year),
    }
}

fn unsealed(cause: IdentityError) -> WriteError {
    match cause {
        IdentityError::Storage(cause) => WriteError::Storage(cause),
        other => WriteError::Broken(other.to_string()),
    }
}

/// Waits for the account's answer to `asked`.
async fn outcome(application: &Application, asked: &Done, account: MemberId) -> Result<MergeOutcome, WriteError> {
    let waiting = async {
        loop {
            match merging(application, asked.holder, account).await? {
                Some(Merging::Asked) => tokio::time::sleep(PAUSE).await,
                Some(Merging::Merged) => return Ok(MergeOutcome::Merged),
                None => {
                    let refusal = abandoned(application, asked.transaction, asked.holder, account).await?;
                    return Ok(MergeOutcome::Abandoned { refusal });
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or(Ok(MergeOutcome::UnderWay))
}

/// How far the survivor knows the account to have come.
async fn merging(
    application: &Application,
    survivor: HolderId,
    account: MemberId,
) -> Result<Option<Merging>, WriteError> {
    let holder = application.holder(survivor).await?.ok_or(WriteError::Refused(Refusal::UnknownHolder))?;
    Ok(match holder.kind {
        HolderKind::Member { accounts, .. } => accounts.get(&account).copied(),
        HolderKind::Household { .. } => None,
    })
}

/// Why the account refused: the survivor's story tells, somewhere after it was asked.
async fn abandoned(
    application: &Application,
    asked: TransactionId,
    survivor: HolderId,
    account: MemberId,
) -> Result<Name, WriteError> {
    let mut from = None;
    while let Some(page) = application.transactions(survivor, from, PAGE).await? {
        for effect in page.transactions.iter().flat_map(|done| &done.decision.effects) {
            match &effect.because {
                Because::MergeAbandoned { account: other, refusal } if *other == account => return Ok(refusal.clone()),
                _ => {}
            }
        }
        from = page.next.filter(|next| *next > asked);
        if from.is_none() {
            break;
        }
    }
    Err(WriteError::Broken(format!("nothing tells what became of {account}")))
}
