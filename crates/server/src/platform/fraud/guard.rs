//! The guard: comes behind the journal, looks into each recommendation when the friend has ordered and again before
//! anybody is rewarded, and says what the detector thinks. Whatever it does follows from how things stand now, so it may
//! be stopped anywhere and do it again. What it does not understand waits; nothing is approved because time has passed.

use std::collections::BTreeSet;

use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, FollowUpCommand};
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Instant, MemberId, Money, Part};
use lojal_core::ledger::Account;
use lojal_core::programme::Programme;
use lojal_core::referrals::attribution::{Outcome, TouchKind};
use lojal_core::referrals::{Credit, Ground, Judge, ReferralState, Stage, Verdict};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::policy;
use lojal_fraud::referral::Referral;
use lojal_fraud::weights::Decision as Word;

use super::super::application::{Application, unsealed};
use super::super::clock::instant;
use super::super::identity::Identity;
use super::super::introductions::trace_find;
use super::super::journal::{
    JournalRow, journal_grown, journal_page, journal_page_of, looked_at_again, transaction_id,
};
use super::super::progress::{progress_find, progress_set};
use super::super::sql::{self, Connection, damaged};
use super::super::states::state_page;
use super::super::writer::{Submission, WriteError};
use super::cases::{Case, case_sent, cases_unsent};
use super::referrals::{referral_add, referral_note_return, referral_set_stake};
use super::{FraudError, clear_of, normalising_of};

/// Under which the place in the journal is kept.
const WORK: &str = "guard";
/// Rows of the journal, holders and cases that are read together.
const PAGE: usize = 256;

/// Looks into what the journal has gained, and sends what people decided. Answers of how many
/// recommendations the detector had something to say.
pub async fn guard(application: &Application) -> Result<usize, WriteError> {
    if application.fraud_settings().is_none() {
        return Ok(0);
    }
    send_decisions(application).await?;
    let now = application.clock.now();
    let mut said = 0;
    for part in journal_grown(&application.database, WORK, now).await? {
        said += follow(application, part, now).await?;
    }
    Ok(said)
}

/// Follows the journal of a part, or of all where they lie together, to its end.
async fn follow(application: &Application, part: Option<Part>, now: Instant) -> Result<usize, WriteError> {
    let place = part.unwrap_or(Part::PROGRAMME);
    let (mut said, mut after) = (0, None);
    loop {
        let mut connection = application.database.read().await?;
        let position = progress_find(&mut connection, place, WORK).await?;
        let begin = after.unwrap_or_else(|| looked_at_again(connection.dialect(), position));
        let rows = match part {
            Some(part) => journal_page_of(&mut connection, part, begin, PAGE).await?,
            None => journal_page(&mut connection, transaction_id(begin).ok(), PAGE).await?,
        };
        drop(connection);
        for friend in concerned(&rows)? {
            said += usize::from(look_at(application, friend).await?);
        }
        let last = rows.last().map_or(begin, |row| row.id.number());
        if last > position {
            let mut transaction = application.database.write_aside().await?;
            progress_set(&mut transaction, place, WORK, last, now).await?;
            transaction.commit().await?;
        }
        after = Some(last);
        if rows.len() < PAGE {
            return Ok(said);
        }
    }
}

/// The friends of whose recommendations some rows of the journal tell.
fn concerned(rows: &[JournalRow]) -> Result<BTreeSet<MemberId>, sql::Error> {
    let mut friends = BTreeSet::new();
    for row in rows {
        let body = row.read_body().map_err(|cause| damaged(format!("{}: {cause}", row.id)))?;
        let tells = |because: &Because| matches!(because, Because::Referred { .. });
        if body.decision.effects.iter().any(|effect| tells(&effect.because)) {
            friends.insert(MemberId(row.holder.0));
        }
    }
    Ok(friends)
}

/// Looks for recommendations that wait for the detector's word although the journal was followed: in a file, rows may
/// come to light late. Answers how many there were.
pub async fn guard_overlooked(application: &Application) -> Result<usize, WriteError> {
    if application.fraud_settings().is_none() {
        return Ok(0);
    }
    let (mut seen, mut after) = (0, None);
    loop {
        let page = state_page(&mut *application.database.read().await?, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(seen) };
        after = Some(last.holder.id);
        let waits =
            |holder: &Holder| holder.referral.as_deref().is_some_and(|state| matches!(state.stage, Stage::Ripe { .. }));
        for state in page.iter().filter(|state| waits(&state.holder)) {
            look_at(application, MemberId(state.holder.id.0)).await?;
            seen += 1;
        }
    }
}

/// Looks into the recommendation of a friend as it stands now, and says what the detector thinks of it. Answers
/// whether anything had to be said.
pub async fn look_at(application: &Application, friend: MemberId) -> Result<bool, WriteError> {
    let Some(holder) = application.holder(friend.into()).await? else { return Ok(false) };
    let Some(state) = holder.referral.as_deref() else { return Ok(false) };
    if !matches!(holder.kind, HolderKind::Member { .. }) {
        return Ok(false);
    }
    let Some(ground) = state.ground() else { return came_back(application, friend, state).await.map(|()| false) };
    let Some(advocate) = first_advocate(&state.introduction.credits) else { return Ok(false) };
    // An account that was merged is another one of the same person's.
    let advocate = match application.member(advocate).await? {
        Some(row) => application.survivor(row).await?.id,
        None => advocate,
    };
    let referral = watched(application, friend, advocate, state, ground).await?;
    let stake = match state.stage {
        Stage::Ripe { .. } | Stage::Held { .. } => stake(application, friend).await?,
        _ => Money::ZERO,
    };
    let mut transaction = application.database.write_aside().await?;
    referral_add(&mut transaction, &referral).await?;
    if stake > Money::ZERO {
        referral_set_stake(&mut transaction, friend, stake).await?;
    }
    transaction.commit().await?;
    if !matches!(state.stage, Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. }) {
        return Ok(false);
    }
    let must = matches!(state.stage, Stage::Held { .. });
    let Some((_, assessment)) = application.look_into(friend, must).await.map_err(broken)? else { return Ok(false) };
    let verdict = match assessment.verdict {
        policy::Verdict::Allow | policy::Verdict::Flag => Verdict::Allow,
        policy::Verdict::Hold => Verdict::Hold,
        policy::Verdict::Reject => Verdict::Reject,
    };
    // While it waits, only what is doubted, or no longer is, has to be said.
    let is_news = match (&state.stage, verdict) {
        (Stage::Waiting { .. }, Verdict::Reject) => true,
        (Stage::Waiting { .. }, verdict) => state.is_doubted != (verdict == Verdict::Hold),
        // A person's word is waited for.
        (Stage::Held { .. }, _) => false,
        _ => true,
    };
    if is_news {
        judge(application, friend, verdict, Judge::Detector, Some(state.sequence)).await?;
    }
    Ok(is_news)
}

/// What it rested on came back, before or after it counted.
async fn came_back(application: &Application, friend: MemberId, state: &ReferralState) -> Result<(), WriteError> {
    if matches!(state.stage, Stage::Joined | Stage::Reversed) {
        let mut transaction = application.database.write_aside().await?;
        referral_note_return(&mut transaction, friend).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Where several recommended a friend, the one with the largest share is looked at.
fn first_advocate(credits: &[Credit]) -> Option<MemberId> {
    let largest = credits.iter().map(|credit| credit.share).max()?;
    credits.iter().find(|credit| credit.share == largest).map(|credit| credit.advocate)
}

/// The recommendation as the detector looks at it. Names and mail addresses are compared, and forgotten.
async fn watched(
    application: &Application,
    friend: MemberId,
    advocate: MemberId,
    state: &ReferralState,
    ground: &Ground,
) -> Result<Referral, WriteError> {
    let settings = application.fraud_settings().unwrap_or_default();
    let known = |identity: Option<Identity>| identity.unwrap_or_default();
    let friends = known(application.identity(friend).await.map_err(unsealed)?);
    let advocates = known(application.identity(advocate).await.map_err(unsealed)?);
    let trace = trace_find(&mut *application.database.read().await?, friend).await?;
    let touches = trace.iter().flat_map(|trace| &trace.touches);
    let mut credited = touches.filter(|touch| matches!(touch.outcome, Outcome::Credited { .. }));
    let clicked_at =
        match credited.find(|touch| state.introduction.credits.iter().any(|it| it.advocate == touch.advocate)) {
            Some(touch) => (touch.kind == TouchKind::Click).then(|| instant(touch.at)),
            None => Some(state.introduction.touched_at),
        };
    Ok(Referral {
        advocate,
        friend,
        at: ground.at,
        clicked_at,
        likeness: Likeness::between(&clear_of(&advocates), &clear_of(&friends)),
        disposable_mail: clear_of(&friends).has_disposable_mail(&normalising_of(&settings)),
        existing_customer: false,
        order: Money(ground.total.unwrap_or_default()),
        stake: Money::ZERO,
    })
}

/// What both sides would be given if it counted now, in money: decided, and not carried out.
async fn stake(application: &Application, friend: MemberId) -> Result<Money, WriteError> {
    let command = Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Person, seen: None };
    let Some(decision) = tried(application, friend.into(), command).await? else { return Ok(Money::ZERO) };
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
    money.max(Money::ZERO)
}

/// What the engine refuses has come to an end by itself: nothing is left to be said.
async fn judge(
    application: &Application,
    friend: MemberId,
    verdict: Verdict,
    by: Judge,
    seen: Option<u32>,
) -> Result<(), WriteError> {
    let command = Command::JudgeReferral { verdict, by, seen };
    match application.writer.submit(Submission::new(friend, command)).await {
        Ok(_) => Ok(()),
        Err(WriteError::Refused(refusal)) => {
            tracing::info!(%friend, %refusal, "nothing is decided about a recommendation any more");
            Ok(())
        }
        Err(other) => Err(other),
    }
}

/// Tells the engine what people decided about cases, the earliest first. Asked again it says the same again.
pub async fn send_decisions(application: &Application) -> Result<(), WriteError> {
    loop {
        let cases = cases_unsent(&mut *application.database.read().await?, PAGE as i64).await?;
        for case in &cases {
            judge(application, case.friend, word_of(case), Judge::Person, None).await?;
            let mut transaction = application.database.write_aside().await?;
            sent(&mut transaction, case).await?;
            transaction.commit().await?;
        }
        if cases.len() < PAGE {
            return Ok(());
        }
    }
}

async fn sent(connection: &mut Connection, case: &Case) -> Result<(), sql::Error> {
    case_sent(connection, case.id, case.state).await
}

fn word_of(case: &Case) -> Verdict {
    match case.state.decision() {
        Some(Word::Confirmed) => Verdict::Reject,
        Some(Word::Cleared) => Verdict::Allow,
        // It was taken back: a person has to look again.
        None => Verdict::Hold,
    }
}

fn broken(cause: FraudError) -> WriteError {
    match cause {
        FraudError::Storage(cause) => WriteError::Storage(cause),
        other => WriteError::Broken(other.to_string()),
    }
}
