//! The guard: comes behind the journal, looks into each recommendation when the friend has ordered and again before
//! anybody is rewarded, and says what the detector thinks. Whatever it does follows from how things stand now, so it may
//! be stopped anywhere and do it again. What it does not understand waits, and keeps nobody else waiting; nothing is
//! approved because time has passed.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::Command;
use lojal_core::decision::Because;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{Instant, MemberId, Money, Part};
use lojal_core::programme::{Edition, Review};
use lojal_core::referrals::attribution::{Outcome, TouchKind};
use lojal_core::referrals::{Ground, Judge, ReferralState, Rejection, Stage, Verdict};
use lojal_fraud::identifier::{Mark, Nature};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::policy::{self, Ties};
use lojal_fraud::referral::Referral;

use super::super::application::{Application, unsealed};
use super::super::clock::instant;
use super::super::identity::Identity;
use super::super::introductions::{TracedTouch, trace_find};
use super::super::journal::{
    JournalRow, id, journal_grown, journal_page, journal_page_of, looked_at_again, transaction_id,
};
use super::super::progress::{progress_advance, progress_find, progress_set};
use super::super::sql::{self, Connection, cells};
use super::super::states::state_page;
use super::super::visitors::CodeError;
use super::super::writer::WriteError;
use super::decisions::{is_taken_back, judge, send_decisions, told_again};
use super::referrals::{referral_find, referral_note_return, referral_put};
use super::sightings::{sightings_find, sightings_of};
use super::stakes::stake;
use super::verifications::Asker;
use super::{FraudError, clear_of, fraud_merge, normalising_of};

/// Under which the place in the journal is kept.
const WORK: &str = "guard";
/// Under which is kept when everybody was looked at last, in seconds.
const EVERYBODY: &str = "guard_everybody";
/// How often everybody is looked at, by one process of all.
const EVERYBODY_SECONDS: i64 = 86_400;
/// Rows of the journal, holders and cases that are read together.
const PAGE: usize = 256;

/// Looks into what the journal has gained, and sends what people decided. Answers of how many
/// recommendations the detector had something to say.
pub async fn guard(application: &Application) -> Result<usize, WriteError> {
    send_decisions(application).await?;
    if application.fraud_settings().is_none() {
        return Ok(0);
    }
    let now = application.clock.now();
    let mut said = application.verifications_lapse().await?;
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
        let concerned = Concerned::of(&rows);
        for (account, survivor) in concerned.merged {
            fraud_merge(&application.database, account, survivor).await?;
        }
        for friend in concerned.friends {
            said += usize::from(try_to_look_at(application, friend).await?);
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

/// Of whom some rows of the journal tell.
#[derive(Default)]
struct Concerned {
    /// Whose recommendation stands otherwise.
    friends: BTreeSet<MemberId>,
    /// Accounts, and what each has become.
    merged: BTreeMap<MemberId, MemberId>,
}

impl Concerned {
    fn of(rows: &[JournalRow]) -> Concerned {
        let mut concerned = Concerned::default();
        for row in rows {
            let body = match row.read_body() {
                Ok(body) => body,
                Err(cause) => {
                    tracing::error!(id = %row.id, %cause, "a row of the journal cannot be read");
                    continue;
                }
            };
            let holder = MemberId(row.holder.0);
            if takes_back(&body.command) {
                concerned.friends.insert(holder);
            }
            for effect in &body.decision.effects {
                match effect.because {
                    Because::Referred { .. } => {
                        concerned.friends.insert(holder);
                    }
                    Because::MergedInto { survivor } => {
                        concerned.merged.insert(holder, survivor);
                    }
                    _ => {}
                }
            }
        }
        concerned
    }
}

/// Whether something comes back by it. Where an edition lets rewards stay, nothing else tells of that.
fn takes_back(command: &Command) -> bool {
    match command {
        Command::ReturnLines { .. } | Command::CallOffActivity { .. } => true,
        Command::PutOrder { order } => !order.counts(),
        _ => false,
    }
}

/// As [`look_at`]. What fails is tried again later, and keeps nobody else waiting.
async fn try_to_look_at(application: &Application, friend: MemberId) -> Result<bool, WriteError> {
    match look_at(application, friend).await {
        Ok(said) => Ok(said),
        Err(cause) => {
            tracing::error!(%friend, %cause, "a recommendation is looked into later");
            let mut transaction = application.database.write_aside_in(friend.part()).await?;
            let sql = "insert into guard_again (part, friend, since) values (?, ?, ?) \
                       on conflict (part, friend) do nothing";
            let now = application.clock.now().as_microsecond();
            sql::execute(&mut transaction, sql, cells![friend.part().number(), friend.number(), now]).await?;
            transaction.commit().await?;
            Ok(false)
        }
    }
}

/// Tries again to look into what could not be looked into before. Answers how many that were.
pub async fn guard_again(application: &Application) -> Result<usize, WriteError> {
    let mut seen = 0;
    for part in Part::all() {
        let mut after = -1;
        loop {
            let page = again_page(&mut *application.database.read().await?, part, after).await?;
            for friend in &page {
                match look_at(application, *friend).await {
                    Ok(_) => {
                        let mut transaction = application.database.write_aside_in(part).await?;
                        let sql = "delete from guard_again where part = ? and friend = ?";
                        sql::execute(&mut transaction, sql, cells![part.number(), friend.number()]).await?;
                        transaction.commit().await?;
                        seen += 1;
                    }
                    Err(cause) => tracing::error!(%friend, %cause, "a recommendation is looked into later"),
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = last.number(),
                _ => break,
            }
        }
    }
    Ok(seen)
}

async fn again_page(connection: &mut Connection, part: Part, after: i64) -> Result<Vec<MemberId>, sql::Error> {
    let sql = "select friend from guard_again where part = ? and friend > ? order by friend limit ?";
    let rows = sql::rows(connection, sql, cells![part.number(), after, PAGE as i64]).await?;
    rows.iter().map(|row| Ok(MemberId(id(sql::column(row, "friend")?)?))).collect()
}

/// As [`guard_overlooked`], once a day, by one process of all.
pub async fn guard_overlooked_in_turn(application: &Application) -> Result<usize, WriteError> {
    let now = application.clock.now();
    let last = progress_find(&mut *application.database.read().await?, Part::PROGRAMME, EVERYBODY).await?;
    if now.as_second() - last < EVERYBODY_SECONDS {
        return Ok(0);
    }
    let mut transaction = application.database.write_aside().await?;
    let turn = (last, now.as_second());
    let is_mine = progress_advance(&mut transaction, Part::PROGRAMME, EVERYBODY, turn, now).await?;
    transaction.commit().await?;
    if is_mine { guard_overlooked(application).await } else { Ok(0) }
}

/// Looks for recommendations that wait for somebody's word although the journal was followed: in a file, rows may
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
        let waits = |holder: &Holder| {
            let stage = holder.referral.as_deref().map(|state| &state.stage);
            matches!(stage, Some(Stage::Ripe { .. } | Stage::Held { .. }))
        };
        for state in page.iter().filter(|state| waits(&state.holder)) {
            try_to_look_at(application, MemberId(state.holder.id.0)).await?;
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
    // An account that was merged is another one of the same person's.
    let watched_as = watched_as(application, friend).await?;
    if told_again(application, watched_as, state).await? {
        return Ok(true);
    }
    let Some(ground) = state.ground() else {
        return came_back(application, watched_as, state).await.map(|()| false);
    };
    let Some((credited, advocate)) = advocate_of(application, watched_as, state).await? else { return Ok(false) };
    for party in [watched_as, advocate] {
        application.watch_person(party).await?;
    }
    let mut referral = watched(application, (watched_as, credited, advocate), (friend, state), ground).await?;
    let is_open = matches!(state.stage, Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. });
    if is_open {
        referral.stake = stake(application, &holder).await?;
    }
    let mut transaction = application.database.write_aside().await?;
    referral_put(&mut transaction, &referral).await?;
    transaction.commit().await?;
    came_back(application, watched_as, state).await?;
    if !is_open {
        return Ok(false);
    }
    let must = matches!(state.stage, Stage::Held { .. });
    let looked = application.look_into(watched_as, must).await.map_err(broken)?;
    let (_, assessment) = looked.ok_or_else(|| WriteError::Broken(format!("{watched_as} is not watched")))?;
    let Some(verdict) = word(application, watched_as, state, assessment.verdict).await? else { return Ok(false) };
    let Some(verdict) = asked_for(application, state, verdict) else { return Ok(false) };
    // While it waits, only what is doubted, or no longer is, has to be said.
    let is_news = match (&state.stage, verdict) {
        (Stage::Waiting { .. }, Verdict::Reject) => true,
        (Stage::Waiting { .. }, verdict) => state.is_doubted != (verdict == Verdict::Hold),
        // A person's word is waited for.
        (Stage::Held { .. }, _) => false,
        _ => true,
    };
    if is_news {
        return judge(application, friend, (verdict, Judge::Detector), Some(state.sequence)).await;
    }
    Ok(false)
}

/// What follows from what the detector found; none while the friend may confirm, and whoever is to be rewarded waits for
/// just that.
async fn word(
    application: &Application,
    watched_as: MemberId,
    state: &ReferralState,
    found: policy::Verdict,
) -> Result<Option<Verdict>, WriteError> {
    Ok(match found {
        policy::Verdict::Reject => Some(Verdict::Reject),
        policy::Verdict::Hold => Some(Verdict::Hold),
        _ if is_taken_back(application, watched_as).await? => Some(Verdict::Hold),
        policy::Verdict::Verify if matters(application, state) => {
            // Refused where it was asked before: then that is waited for.
            let asked = application.verification_ask(watched_as, Asker::Detector, None).await.map_err(unasked)?;
            tracing::debug!(%watched_as, is_asked = asked.is_ok(), "a friend is asked for a code");
            // Nothing worse was found: it is not for a person, as long as the friend may confirm.
            let is_awaited = matches!(state.stage, Stage::Ripe { .. });
            if is_awaited { None } else { Some(Verdict::Allow) }
        }
        policy::Verdict::Allow | policy::Verdict::Flag | policy::Verdict::Verify => Some(Verdict::Allow),
    })
}

/// What the detector may say, where it is asked at all: not where nobody looks, or a person has said that it is right;
/// and where a person looks at each, it turns nobody away.
fn asked_for(application: &Application, state: &ReferralState, verdict: Verdict) -> Option<Verdict> {
    let rulebook = application.rulebook();
    let edition = rulebook.version(state.version).and_then(|programme| programme.edition(&state.referral));
    match edition.map_or(Review::Suspicious, |edition| edition.review) {
        _ if state.is_cleared => None,
        Review::None => None,
        Review::All => Some(verdict.min(Verdict::Hold)),
        Review::Suspicious => Some(verdict),
    }
}

/// Whether it makes a difference if the friend confirms: the detector has a word in it, and the last one.
fn matters(application: &Application, state: &ReferralState) -> bool {
    let rulebook = application.rulebook();
    let edition = rulebook.version(state.version).and_then(|programme| programme.edition(&state.referral));
    !state.is_cleared && edition.is_none_or(|edition| edition.review == Review::Suspicious)
}

/// Notes that what it rests on came back, before or after it counted.
async fn came_back(application: &Application, watched_as: MemberId, state: &ReferralState) -> Result<(), WriteError> {
    let is_there_no_more = match &state.stage {
        _ if state.came_back => true,
        Stage::Joined | Stage::Reversed => true,
        Stage::Rejected { rejection, ground: None, .. } => *rejection == Rejection::Fraud,
        _ => false,
    };
    if is_there_no_more {
        let mut transaction = application.database.write_aside().await?;
        referral_note_return(&mut transaction, watched_as).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// The account that a member's has become; the member's own where it never was another's.
async fn survivor(application: &Application, member: MemberId) -> Result<MemberId, WriteError> {
    Ok(match application.member(member).await? {
        Some(row) => application.survivor(row).await?.id,
        None => member,
    })
}

/// Under whom the recommendation of an account is watched: the account that it has become, unless that one was
/// recommended as well.
async fn watched_as(application: &Application, friend: MemberId) -> Result<MemberId, WriteError> {
    let survivor = survivor(application, friend).await?;
    if survivor == friend {
        return Ok(friend);
    }
    let known = application.holder(survivor.into()).await?;
    if known.is_some_and(|holder| holder.referral.is_some()) {
        return Ok(friend);
    }
    // Until the merge was followed, it lies where it was.
    let is_here = referral_find(&mut *application.database.read().await?, friend).await?.is_some();
    if is_here {
        fraud_merge(&application.database, friend, survivor).await?;
    }
    Ok(survivor)
}

/// Where several recommended a friend, the one is looked at who has most in common with them; of equals, the one with the
/// larger share, and then the younger account. What is telling goes before what a whole town has in common. Answers whom
/// the friend is credited to, and the account that this has become.
async fn advocate_of(
    application: &Application,
    friend: MemberId,
    state: &ReferralState,
) -> Result<Option<(MemberId, MemberId)>, WriteError> {
    // Whoever was lost is credited no more; where nobody is left, it is all the same.
    let credits = if state.credits.is_empty() { &state.introduction.credits } else { &state.credits };
    let mut advocates = Vec::new();
    for credit in credits {
        advocates.push((*credit, survivor(application, credit.advocate).await?));
    }
    if let [(credit, advocate)] = advocates[..] {
        return Ok(Some((credit.advocate, advocate)));
    }
    let everybody = advocates.iter().map(|(_, advocate)| *advocate).chain([friend]);
    application.watch_people(everybody).await?;
    let ties = Ties::default();
    let mut connection = application.database.read().await?;
    let marks: Vec<Mark> = sightings_of(&mut connection, friend).await?.into_iter().map(|(mark, _)| mark).collect();
    let mut found = None;
    for (credit, advocate) in advocates {
        let shared = sightings_find(&mut connection, advocate, marks.iter().copied()).await?;
        let of = |nature: Nature| -> u64 {
            let kinds = shared.keys().map(|mark| mark.kind).filter(|kind| kind.nature() == nature);
            kinds.map(|kind| u64::from(ties.weight(kind, 0).0)).sum()
        };
        let common = (of(Nature::Strong), of(Nature::Ambient));
        found = found.max(Some((common, credit.share, advocate, credit.advocate)));
    }
    Ok(found.map(|(.., advocate, credited)| (credited, advocate)))
}

/// The recommendation as the detector looks at it. Names and mail addresses are compared, and forgotten.
async fn watched(
    application: &Application,
    (watched_as, credited, advocate): (MemberId, MemberId, MemberId),
    (friend, state): (MemberId, &ReferralState),
    ground: &Ground,
) -> Result<Referral, WriteError> {
    let settings = application.fraud_settings().unwrap_or_default();
    let known = |identity: Option<Identity>| identity.unwrap_or_default();
    let friends = known(application.identity(watched_as).await.map_err(unsealed)?);
    let advocates = known(application.identity(advocate).await.map_err(unsealed)?);
    let trace = trace_find(&mut *application.database.read().await?, friend).await?;
    let touches = trace.iter().flat_map(|trace| &trace.touches);
    let mut touches = touches.filter(|touch| touch.advocate == credited);
    let is_credited = |touch: &&TracedTouch| matches!(touch.outcome, Outcome::Credited { .. });
    let clicked_at = match touches.clone().find(is_credited) {
        Some(touch) if touch.kind == TouchKind::Click => Some(instant(touch.at)),
        // Who typed a code may have followed the link before: then the code came with it.
        Some(_) => {
            let came_with_it = |touch: &&TracedTouch| matches!(touch.outcome, Outcome::BeatenByCode { .. });
            touches.rfind(came_with_it).map(|touch| instant(touch.at))
        }
        None => Some(state.introduction.touched_at),
    };
    let rulebook = application.rulebook();
    let edition = rulebook.version(state.version).and_then(|programme| programme.edition(&state.referral));
    Ok(Referral {
        advocate,
        friend: watched_as,
        at: ground.at,
        clicked_at,
        likeness: Likeness::between(&clear_of(&advocates), &clear_of(&friends)),
        disposable_mail: clear_of(&friends).has_disposable_mail(&normalising_of(&settings)),
        existing_customer: trace.as_ref().is_some_and(|trace| trace.is_customer),
        order: Money(ground.total.unwrap_or_default()),
        least_order: edition.and_then(Edition::least_order),
        stake: Money::ZERO,
    })
}

fn broken(cause: FraudError) -> WriteError {
    match cause {
        FraudError::Storage(cause) => WriteError::Storage(cause),
        other => WriteError::Broken(other.to_string()),
    }
}

fn unasked(cause: CodeError) -> WriteError {
    match cause {
        CodeError::Storage(cause) => WriteError::Storage(cause),
        other => WriteError::Broken(other.to_string()),
    }
}
