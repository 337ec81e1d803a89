//! What is kept to tell referrals that were earned from those that were made up: who was seen with what, as keyed
//! hashes; who recommended whom; and what people decided. The judging itself is `lojal-fraud`, which knows no database.

mod cases;
mod guard;
mod policy;
mod precedents;
mod referrals;
mod sightings;
mod surroundings;
mod verifications;
mod verifying;

use std::collections::BTreeMap;

use lojal_core::kernel::{Instant, MemberId, Part};
use lojal_core::programme::fraud::FraudSettings;
use lojal_fraud::detector::{Assessment, Forgotten};
use lojal_fraud::identifier::{Clear, IdentifierKind, Mark, Normalising};
use lojal_fraud::policy::{Policy, PolicyError, Retention};

pub use cases::{
    Case, CaseFilter, CaseHand, CasePage, CaseRefusal, CaseState, CaseStep, case_find, case_note, case_of, case_page,
    case_steps, cases_erase, cases_open, verdict_name,
};
pub use guard::{guard, guard_overlooked, send_decisions};
pub use policy::{normalising_of, policy_of};
pub use precedents::{decision_named, precedent_count, precedent_counts};
pub use referrals::{referral_add, referral_find, referral_note_return};
pub(super) use sightings::read_mark;
pub use sightings::{sightings_add, sightings_erase};
pub use surroundings::detector_around;
pub(super) use verifications::verifications_erase;
pub use verifications::{
    Asker, Channel, Verification, VerificationRefusal, VerificationState, VerificationStep, verification_by_ticket,
    verification_find, verification_step_latest, verification_steps, verification_steps_find, verification_steps_since,
    verifications_due,
};
pub use verifying::Confirming;

use super::application::Application;
use super::database::Database;
use super::enrolment::{MemberStatus, member_find, member_lock, member_page, member_survivor};
use super::identity::{Identity, IdentityError, Vault, identity_find_all};
use super::progress::{progress_find, progress_set};
use super::sql::{self, Connection};

/// What marks of identifiers are for.
const PURPOSE: &str = "identifier";
const DAY_SECONDS: i64 = 86_400;
/// The work of watching everybody who was there before.
const WORK: &str = "fraud";
/// Members that are looked at together.
const PAGE: usize = 128;

/// Why something could not be seen or judged.
#[derive(Debug, thiserror::Error)]
pub enum FraudError {
    #[error("storage failed")]
    Storage(#[from] sql::Error),
    #[error("the policy has settings out of their bounds: {}", listed(.0))]
    Policy(Vec<PolicyError>),
}

fn listed(errors: &[PolicyError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Marks under the key of this house: nobody else can tell what they are of.
pub fn marks(vault: &Vault, seen: &Clear<'_>, normalising: &Normalising) -> Vec<Mark> {
    let keyed = |bytes: &[u8]| {
        let mut hash = [0; 16];
        hash.copy_from_slice(&vault.mark(PURPOSE, bytes).as_bytes()[..16]);
        hash
    };
    seen.marks(normalising, &keyed)
}

/// What personal data tell.
pub fn clear_of(identity: &Identity) -> Clear<'_> {
    Clear {
        name: identity.name.as_deref(),
        email: identity.email.as_deref(),
        phone: identity.phone.as_deref(),
        ..Clear::default()
    }
}

/// Judges the referral of a friend by what is kept at this moment; none where nobody recommended the friend.
pub async fn assess(
    connection: &mut Connection,
    policy: &Policy,
    friend: MemberId,
) -> Result<Option<Assessment>, FraudError> {
    let detector = detector_around(connection, policy, friend).await?;
    Ok(detector.and_then(|detector| detector.assess(friend)))
}

/// Takes out what is older than a policy keeps it, in small bites.
pub async fn fraud_forget(database: &Database, retention: &Retention, now: Instant) -> Result<Forgotten, sql::Error> {
    let ago = |days: u32| {
        let second = now.as_second() - i64::from(days) * DAY_SECONDS;
        Instant::from_second(second).unwrap_or(Instant::MIN)
    };
    let mut forgotten = Forgotten::default();
    for part in Part::all() {
        for kind in IdentifierKind::ALL {
            let before = ago(retention.days(kind));
            while sightings::is_any_older(&mut *database.read().await?, part, kind, before).await? {
                let mut transaction = database.write_aside().await?;
                let gone = sightings::sightings_forget(&mut transaction, part, kind, before).await?;
                transaction.commit().await?;
                forgotten.sightings += gone;
            }
        }
        let before = ago(retention.referrals);
        while referrals::is_any_older(&mut *database.read().await?, part, before).await? {
            let mut transaction = database.write_aside().await?;
            let gone = referrals::referrals_forget(&mut transaction, part, before).await?;
            transaction.commit().await?;
            forgotten.referrals += gone;
        }
    }
    let mut transaction = database.write_aside().await?;
    verifications::verifications_forget(&mut transaction, ago(retention.referrals)).await?;
    transaction.commit().await?;
    Ok(forgotten)
}

/// Watches everybody of whom something was known before recommendations were checked. Answers how many members were
/// looked at.
pub(super) async fn fraud_catch_up(application: &Application) -> Result<usize, IdentityError> {
    let database = &application.database;
    let done = progress_find(&mut *database.read().await?, Part::PROGRAMME, WORK).await?;
    let is_checked = i64::from(application.fraud_settings().is_some());
    if done == is_checked {
        return Ok(0);
    }
    let (mut seen, mut after) = (0, None);
    loop {
        let mut connection = database.read().await?;
        let members = match is_checked {
            0 => Vec::new(),
            _ => member_page(&mut connection, after, PAGE).await?,
        };
        let Some(last) = members.last() else { break };
        after = Some(last.id);
        seen += members.len();
        let people = identity_find_all(&mut connection, &application.vault, members.iter().map(|row| row.id)).await?;
        drop(connection);
        let known = members.iter().filter_map(|row| Some((row.id, Some(row.created_at), people.get(&row.id)?)));
        application.watch_people(known).await?;
    }
    let mut transaction = database.write_aside().await?;
    progress_set(&mut transaction, Part::PROGRAMME, WORK, is_checked, application.clock.now()).await?;
    transaction.commit().await?;
    Ok(seen)
}

/// Lets an account that was merged be the same party as the one that it has become.
pub async fn fraud_merge(database: &Database, from: MemberId, into: MemberId) -> Result<(), sql::Error> {
    let mut transaction = database.write_aside().await?;
    for party in [from.min(into), from.max(into)] {
        member_lock(&mut transaction, party).await?;
    }
    sightings::sightings_move(&mut transaction, from, into).await?;
    referrals::referrals_move(&mut transaction, from, into).await?;
    verifications::verifications_move(&mut transaction, from, into).await?;
    transaction.commit().await
}

impl Application {
    /// How recommendations are checked at this moment, if anybody may recommend or somebody says how; nobody is watched
    /// otherwise.
    pub fn fraud_settings(&self) -> Option<FraudSettings> {
        let rulebook = self.rulebook();
        let programme = rulebook.live()?;
        programme.fraud.clone().or_else(|| (!programme.referrals.is_empty()).then(FraudSettings::default))
    }

    /// As [`Application::watch`], where recommendations are checked at all.
    pub async fn watch_if_checked(&self, member: MemberId, seen: &Clear<'_>) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let marks = marks(&self.vault, seen, &normalising_of(&settings));
        self.watch_marks(BTreeMap::from([(member, marks)]), self.clock.now()).await
    }

    /// As [`Application::watch_if_checked`], of many, each at its moment.
    pub async fn watch_all_if_checked(&self, seen: Vec<(MemberId, Instant, Clear<'_>)>) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings().filter(|_| !seen.is_empty()) else { return Ok(()) };
        let normalising = normalising_of(&settings);
        let mut seen: Vec<(MemberId, Instant, Vec<Mark>)> = seen
            .into_iter()
            .map(|(member, at, clear)| (member, at, marks(&self.vault, &clear, &normalising)))
            .collect();
        // Always in one order, so that two who note the same members do not wait for each other.
        seen.sort_by_key(|(member, at, _)| (*member, *at));
        let mut transaction = self.database.write_aside().await?;
        for (member, at, marks) in &seen {
            watch_in(&mut transaction, *member, marks, *at).await?;
        }
        transaction.commit().await
    }

    /// As [`Application::watch_if_checked`], of marks that were made when they were seen.
    pub(super) async fn watch_marks_if_checked(
        &self,
        member: MemberId,
        marks: Vec<Mark>,
        at: Instant,
    ) -> Result<(), sql::Error> {
        match self.fraud_settings() {
            Some(_) => self.watch_marks(BTreeMap::from([(member, marks)]), at).await,
            None => Ok(()),
        }
    }

    /// Notes what is known of several people, now and since a moment, where recommendations are checked at all.
    pub(super) async fn watch_people<'a>(
        &self,
        people: impl IntoIterator<Item = (MemberId, Option<Instant>, &'a Identity)>,
    ) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let normalising = normalising_of(&settings);
        let marked = people
            .into_iter()
            .map(|(member, since, identity)| (member, (since, marks(&self.vault, &clear_of(identity), &normalising))));
        let marked: BTreeMap<_, _> = marked.filter(|(_, (_, marks))| !marks.is_empty()).collect();
        if marked.is_empty() {
            return Ok(());
        }
        let mut transaction = self.database.write_aside().await?;
        for (member, (since, marks)) in marked {
            for at in since.into_iter().chain([self.clock.now()]) {
                watch_in(&mut transaction, member, &marks, at).await?;
            }
        }
        transaction.commit().await
    }

    /// Notes what a member was seen with. What cannot be read is passed over, and nothing is kept in the clear. Whoever
    /// has left, or was erased, is not watched.
    pub async fn watch(&self, member: MemberId, seen: &Clear<'_>, at: Instant) -> Result<(), sql::Error> {
        let marks = marks(&self.vault, seen, &Normalising::default());
        self.watch_marks(BTreeMap::from([(member, marks)]), at).await
    }

    /// As [`Application::watch`], of several members, by marks.
    pub async fn watch_marks(&self, seen: BTreeMap<MemberId, Vec<Mark>>, at: Instant) -> Result<(), sql::Error> {
        if seen.values().all(Vec::is_empty) {
            return Ok(());
        }
        let mut transaction = self.database.write_aside().await?;
        for (member, marks) in seen {
            watch_in(&mut transaction, member, &marks, at).await?;
        }
        transaction.commit().await
    }
}

/// Notes what a member was seen with, in a transaction that is there.
pub(super) async fn watch_in(
    connection: &mut Connection,
    member: MemberId,
    marks: &[Mark],
    at: Instant,
) -> Result<(), sql::Error> {
    if marks.is_empty() {
        return Ok(());
    }
    let Some(row) = member_find(connection, member).await? else { return Ok(()) };
    let party = member_survivor(connection, row).await?.id;
    let Some(row) = member_lock(connection, party).await? else { return Ok(()) };
    if row.status == MemberStatus::Active && !row.is_erased() {
        sightings_add(connection, party, marks, at).await?;
        sightings::sightings_renew(connection, party, at).await?;
    }
    Ok(())
}
