//! Whom a request is about: finding members and holders, and sending commands where they belong.

use std::ops::Deref;
use std::sync::Arc;

use lojal_core::command::{Acting, Command, Inputs};
use lojal_core::decision::Refusal;
use lojal_core::engine;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Id, MemberId, TransactionId};
use lojal_core::programme::Programme;
use lojal_core::rewards;

use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus};

use super::fields::MemberName;
use super::problem::Problem;
use crate::platform::sql;
use crate::platform::states::{State, state_find_all};
use crate::platform::writer::{Answer, Done, Submission, WriteError};

/// 404 for a member that the address or the body names.
pub fn unknown_member() -> Problem {
    Problem::not_found("unknown_member", "no such member")
}

/// The member of that name, and the account that the name is of.
#[derive(Clone, Debug)]
pub struct Named {
    /// Another one than the member's where it was merged into theirs.
    pub account: MemberId,
    pub member: MemberRow,
}

impl Named {
    /// The member, where what is asked is about the named account itself.
    pub fn itself(self) -> Result<MemberRow, Refusal> {
        if self.is_merged() { Err(Refusal::Merged { into: self.member.id }) } else { Ok(self.member) }
    }

    fn is_merged(&self) -> bool {
        self.account != self.member.id
    }
}

impl Deref for Named {
    type Target = MemberRow;

    fn deref(&self) -> &MemberRow {
        &self.member
    }
}

/// The member of that name, if there is one. The name of an account that was merged leads to the survivor.
pub async fn member_look_up(application: &Application, name: &MemberName) -> Result<Option<Named>, Problem> {
    let found = match name {
        MemberName::Id(id) => application.member(*id).await,
        MemberName::External(external_id) => application.member_by_external_id(external_id).await,
        MemberName::Card(number) => application.member(application.member_by_card(number).await??).await,
    };
    let Some(found) = found? else { return Ok(None) };
    Ok(Some(Named { account: found.id, member: application.survivor(found).await? }))
}

/// The member of that name, or 404.
pub async fn member_named(application: &Application, name: &MemberName) -> Result<Named, Problem> {
    member_look_up(application, name).await?.ok_or_else(unknown_member)
}

/// The member of that name with what decisions know about them, or 404.
pub async fn member_state_named(application: &Application, name: &MemberName) -> Result<(MemberRow, State), Problem> {
    let found = match name {
        MemberName::Id(id) => application.member_state(*id).await,
        MemberName::External(external_id) => application.member_state_by_external_id(external_id).await,
        MemberName::Card(number) => application.member_state(application.member_by_card(number).await??).await,
    };
    let (row, state) = found?.ok_or_else(unknown_member)?;
    if !matches!(row.status, MemberStatus::Merged { .. }) {
        return Ok((row, state));
    }
    let survivor = application.survivor(row).await?;
    application.member_state(survivor.id).await?.ok_or_else(unknown_member)
}

/// 404 for a household that the address names.
pub fn unknown_household() -> Problem {
    Problem::not_found("unknown_household", "no such household")
}

/// A holder that is a household, as it was written last, or 404.
pub async fn household_named(application: &Application, household: HolderId) -> Result<Holder, Problem> {
    let holder = application.holder(household).await?;
    holder.filter(|holder| matches!(holder.kind, HolderKind::Household { .. })).ok_or_else(unknown_household)
}

/// A holder's state as it was written last, or 404.
pub async fn state_of(application: &Application, holder: HolderId) -> Result<State, Problem> {
    application.state(holder).await?.ok_or_else(unknown_member)
}

/// A holder as of now, or 404.
pub async fn holder_now(application: &Application, holder: HolderId) -> Result<Holder, Problem> {
    Ok(as_of_now(application, state_of(application, holder).await?.holder))
}

/// What time has done since the last write is done here, too, by the same engine, but not written.
pub fn as_of_now(application: &Application, written: Holder) -> Holder {
    let rulebook = application.rulebook();
    let now = application.clock.now();
    let is_due = |programme: &Arc<Programme>| engine::next_due(programme, &written).is_some_and(|due| due <= now);
    if !rulebook.live().is_some_and(is_due) {
        return written;
    }
    let inputs = Inputs {
        now: now.max(written.clock),
        transaction: TransactionId(Id::new(now.as_millisecond(), 0, written.id.part())),
        entropy: 0,
        shared: Default::default(),
        pool_codes: Default::default(),
    };
    let passed = engine::decide(&rulebook, Some(&written), None, &Command::Tick, &inputs);
    // Where time gives something that must be drawn from a shared quantity, only the clock's own
    // job can say what; until then the written state is the truth.
    passed.map_or(written, |(holder, _)| holder)
}

/// The accounts that were merged into a member's, as of now, the latest that joined first.
pub async fn accounts_now(application: &Application, member: &Holder) -> Result<Vec<Holder>, sql::Error> {
    let accounts: Vec<HolderId> = member.merged_accounts().map(HolderId::from).collect();
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let states = state_find_all(&mut *application.database.read().await?, accounts).await?;
    let mut accounts: Vec<Holder> = states.into_iter().map(|state| as_of_now(application, state.holder)).collect();
    accounts.sort_by_key(|account| std::cmp::Reverse((account.joined_at, account.id)));
    Ok(accounts)
}

/// Has a command that spends decided where the member's wallets are: whatever earns is the
/// member's own, whatever spends is the household's. When the member joined or left one in between,
/// the command goes there.
pub async fn spend(
    application: &Application,
    member: &Named,
    submission: impl Fn(HolderId) -> Submission,
) -> Result<Done, Problem> {
    Ok(match member.is_merged() {
        true => spend_once(application, member, submission).await?,
        false => spend_answer(application, member, submission).await?,
    })
}

/// As [`spend_answer`], where the wallets may have been somewhere else when it was asked for the first time: with
/// another account of the person, before both were merged, or in that one's household.
pub async fn spend_once(
    application: &Application,
    member: &MemberRow,
    submission: impl Fn(HolderId) -> Submission,
) -> Answer {
    let asked = submission(member.holder());
    if let Some(idempotency) = asked.idempotency.filter(|_| !asked.dry_run)
        && let Some(answer) = application.answered_before(&idempotency).await?
    {
        return answer;
    }
    spend_answer(application, member, submission).await
}

/// As [`spend`], for those who make something else of a refusal than a problem.
pub async fn spend_answer(
    application: &Application,
    member: &MemberRow,
    submission: impl Fn(HolderId) -> Submission,
) -> Answer {
    match application.writer.submit(submission(member.holder())).await {
        Err(WriteError::Refused(Refusal::InHousehold | Refusal::UnknownHolder)) => {
            let moved = application.member(member.id).await?.ok_or(WriteError::Refused(Refusal::UnknownHolder))?;
            application.writer.submit(submission(moved.holder())).await
        }
        answer => answer,
    }
}

/// What a reward's conditions look at when a member takes it from a shared wallet; `None` for a
/// member's own wallet.
pub async fn acting(application: &Application, member: &MemberRow) -> Result<Option<Acting>, Problem> {
    if member.household.is_none() {
        return Ok(None);
    }
    let holder = holder_now(application, member.id.into()).await?;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    Ok(Some(rewards::acting(programme, member.id, &holder)))
}

/// Has a command decided, and, when asked for, what became of each rule told.
pub async fn decided(application: &Application, submission: Submission, explain: bool) -> Answer {
    match explain {
        true => application.submit_explained(submission).await,
        false => application.writer.submit(submission).await,
    }
}

/// As [`decided`], for those who make nothing else of a refusal than a problem.
pub async fn submit(application: &Application, submission: Submission, explain: bool) -> Result<Done, Problem> {
    Ok(decided(application, submission, explain).await?)
}
