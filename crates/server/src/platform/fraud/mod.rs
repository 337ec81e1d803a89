//! What is kept to tell referrals that were earned from those that were made up: who was seen with what, as keyed
//! hashes; who recommended whom; and what people decided. The judging itself is `lojal-fraud`, which knows no database.

mod cases;
mod decisions;
mod guard;
mod policy;
mod precedents;
mod referrals;
mod sightings;
mod stakes;
mod surroundings;
mod verifications;
mod verifying;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lojal_core::kernel::{Instant, MemberId, Name, Part};
use lojal_core::programme::Programme;
use lojal_core::programme::fraud::FraudSettings;
use lojal_fraud::detector::{Assessment, Forgotten};
use lojal_fraud::graph::Sighting;
use lojal_fraud::identifier::{Clear, IdentifierKind, Mark, Normalising};
use lojal_fraud::policy::{Policy, PolicyError, Retention};

pub use cases::{
    Case, CaseFilter, CaseHand, CasePage, CaseRefusal, CaseState, CaseStep, ListedCase, case_find, case_find_all,
    case_note, case_of, case_page, case_steps, cases_erase, cases_open, verdict_name,
};
pub use decisions::{send_decision, send_decisions};
pub use guard::{guard, guard_again, guard_overlooked, guard_overlooked_in_turn};
pub use policy::{normalising_of, policy_of};
pub use precedents::{decision_named, precedent_count, precedent_counts};
pub use referrals::{referral_add, referral_find, referral_note_return, referral_put};
pub(super) use sightings::read_mark;
pub use sightings::{sightings_add, sightings_erase};
pub use surroundings::detector_around;
pub(super) use verifications::verifications_erase;
pub use verifications::{
    Asker, Channel, Verification, VerificationRefusal, VerificationState, VerificationStep, verification_by_ticket,
    verification_find, verification_steps, verification_steps_find, verification_steps_since, verifications_due,
};
pub use verifying::Confirming;

use super::application::Application;
use super::database::Database;
use super::enrolment::{MemberStatus, member_find, member_lock, member_page, member_survivor};
use super::identity::{Identity, IdentityError, Vault, identity_find};
use super::journal::id;
use super::progress::{progress_advance, progress_find, progress_set};
use super::sql::{self, Connection};
use super::states::state_find;

/// What marks of identifiers are for.
const PURPOSE: &str = "identifier";
const DAY_SECONDS: i64 = 86_400;
/// The work of watching everybody who was there before.
const WORK: &str = "fraud";
/// How far it has come.
const PLACE: &str = "fraud_place";
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

/// Watches everybody of whom something was known before recommendations were checked, from where it stopped. Answers how
/// many members were looked at.
pub(super) async fn fraud_catch_up(application: &Application) -> Result<usize, sql::Error> {
    let database = &application.database;
    let mut seen = 0;
    loop {
        let mut connection = database.read().await?;
        let done = progress_find(&mut connection, Part::PROGRAMME, WORK).await?;
        let position = progress_find(&mut connection, Part::PROGRAMME, PLACE).await?;
        drop(connection);
        let is_checked = i64::from(application.fraud_settings().is_some());
        if done == is_checked {
            return Ok(seen);
        }
        let now = application.clock.now();
        let mut transaction = database.write_aside().await?;
        let after = MemberId(id(position)?);
        let members = match is_checked {
            0 => Vec::new(),
            _ => member_page(&mut transaction, Some(after).filter(|_| position > 0), PAGE).await?,
        };
        let place = members.last().map_or(0, |last| last.id.number());
        // Whoever else is at the same place waits here, and goes on behind it.
        if !progress_advance(&mut transaction, Part::PROGRAMME, PLACE, (position, place), now).await? {
            continue;
        }
        if members.is_empty() {
            progress_set(&mut transaction, Part::PROGRAMME, WORK, is_checked, now).await?;
        }
        let people = members.iter().map(|row| (row.id, row.created_at)).collect();
        application.watch_people_in(&mut transaction, people).await?;
        transaction.commit().await?;
        seen += members.len();
    }
}

/// Lets an account that was merged be the same party as the one that it has become.
pub async fn fraud_merge(database: &Database, from: MemberId, into: MemberId) -> Result<(), sql::Error> {
    let mut transaction = database.write_aside().await?;
    for party in [from.min(into), from.max(into)] {
        member_lock(&mut transaction, party).await?;
    }
    // Whoever was recommended twice keeps both, each under its own account.
    let known = state_find(&mut transaction, into.into()).await?;
    let is_own_moved = known.is_none_or(|state| state.holder.referral.is_none());
    sightings::sightings_move(&mut transaction, from, into).await?;
    referrals::referrals_move(&mut transaction, from, into, is_own_moved).await?;
    cases::cases_move(&mut transaction, from, into, is_own_moved).await?;
    verifications::verifications_move(&mut transaction, from, into, is_own_moved).await?;
    transaction.commit().await
}

impl Application {
    /// How recommendations are checked at this moment, if anybody may recommend or somebody says how. Where that was so
    /// under an earlier version only, it goes on as it was: friends may still wait for their reward. Nobody is watched
    /// otherwise.
    pub fn fraud_settings(&self) -> Option<FraudSettings> {
        let rulebook = self.rulebook();
        let live = rulebook.live()?;
        let checks = |programme: &&Arc<Programme>| programme.fraud.is_some() || !programme.referrals.is_empty();
        let earlier = || rulebook.versions().filter(|other| other.version < live.version).filter(checks).last();
        let programme = Some(live).filter(checks).or_else(earlier)?;
        let mut settings = programme.fraud.clone().unwrap_or_default();
        let calling_code = || policy::calling_code_of(live.calendar.zone());
        settings.numbers.entry(Name::from(policy::CALLING_CODE)).or_insert_with(calling_code);
        Some(settings)
    }

    /// As [`Application::watch`], where recommendations are checked at all.
    pub async fn watch_if_checked(&self, member: MemberId, seen: &Clear<'_>) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let marks = marks(&self.vault, seen, &normalising_of(&settings));
        self.watch_marks(member, marks, self.clock.now()).await
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
        for (member, at, marks) in seen {
            self.watch_in(&mut transaction, member, marks, at).await?;
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
            Some(_) => self.watch_marks(member, marks, at).await,
            None => Ok(()),
        }
    }

    /// Notes what is known of several people who have just come, where recommendations are checked at all.
    pub(super) async fn watch_people(&self, people: impl IntoIterator<Item = MemberId>) -> Result<(), sql::Error> {
        let now = self.clock.now();
        let people: BTreeMap<MemberId, Instant> = people.into_iter().map(|member| (member, now)).collect();
        if people.is_empty() || self.fraud_settings().is_none() {
            return Ok(());
        }
        let mut transaction = self.database.write_aside().await?;
        self.watch_people_in(&mut transaction, people).await?;
        transaction.commit().await
    }

    /// Notes what is known of people since a moment, in a transaction that is there.
    async fn watch_people_in(
        &self,
        connection: &mut Connection,
        people: BTreeMap<MemberId, Instant>,
    ) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let normalising = normalising_of(&settings);
        let mut parties: BTreeMap<MemberId, Instant> = BTreeMap::new();
        for (member, since) in people {
            if let Some(row) = member_find(connection, member).await? {
                let party = member_survivor(connection, row).await?.id;
                parties.entry(party).and_modify(|known| *known = since.min(*known)).or_insert(since);
            }
        }
        let now = self.clock.now();
        let mut seen = Vec::new();
        for (party, since) in parties {
            if is_watched(connection, party).await? {
                let identity = self.person(connection, party).await?.unwrap_or_default();
                let marks: BTreeSet<Mark> =
                    marks(&self.vault, &clear_of(&identity), &normalising).into_iter().collect();
                seen.push((party, marks, Sighting { first: since, last: now.max(since), times: 1 }));
            }
        }
        sightings::sightings_add_all(connection, seen).await.map(drop)
    }

    /// Notes what a member was seen with. What cannot be read is passed over, and nothing is kept in the clear. Whoever
    /// has left, or was erased, is not watched.
    pub async fn watch(&self, member: MemberId, seen: &Clear<'_>, at: Instant) -> Result<(), sql::Error> {
        self.watch_marks(member, marks(&self.vault, seen, &Normalising::default()), at).await
    }

    /// As [`Application::watch`], by marks.
    pub async fn watch_marks(&self, member: MemberId, marks: Vec<Mark>, at: Instant) -> Result<(), sql::Error> {
        let mut transaction = self.database.write_aside().await?;
        self.watch_in(&mut transaction, member, marks, at).await?;
        transaction.commit().await
    }

    /// Makes sure that a member is known by what is known of the person now, and was a short while ago.
    pub(super) async fn watch_person(&self, member: MemberId) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let now = self.clock.now();
        let mut connection = self.database.read().await?;
        let identity = self.person(&mut connection, member).await?.unwrap_or_default();
        let marks: BTreeSet<Mark> =
            marks(&self.vault, &clear_of(&identity), &normalising_of(&settings)).into_iter().collect();
        let known = sightings::sightings_find(&mut connection, member, marks.iter().copied()).await?;
        drop(connection);
        let is_fresh = |seen: &Sighting| now.as_second() - seen.last.as_second() < DAY_SECONDS;
        if known.len() == marks.len() && known.values().all(is_fresh) {
            return Ok(());
        }
        self.watch_marks(member, Vec::new(), now).await
    }

    /// What is known of a person. What cannot be unsealed is as if it were not known: one damaged row is no reason to
    /// watch nobody.
    async fn person(&self, connection: &mut Connection, member: MemberId) -> Result<Option<Identity>, sql::Error> {
        match identity_find(connection, &self.vault, member).await {
            Ok(identity) => Ok(identity),
            Err(IdentityError::Storage(cause)) => Err(cause),
            Err(cause) => {
                tracing::error!(%member, %cause, "nothing is known of a person");
                Ok(None)
            }
        }
    }

    /// Notes what a member was seen with, in a transaction that is there. Whoever comes by now is the one with that name,
    /// mail address and telephone still.
    async fn watch_in(
        &self,
        connection: &mut Connection,
        member: MemberId,
        marks: Vec<Mark>,
        at: Instant,
    ) -> Result<(), sql::Error> {
        let Some(row) = member_find(connection, member).await? else { return Ok(()) };
        let party = member_survivor(connection, row).await?.id;
        if !is_watched(connection, party).await? {
            return Ok(());
        }
        let mut marks = marks;
        let is_now = self.clock.now().as_second() - at.as_second() < DAY_SECONDS;
        if let Some(settings) = self.fraud_settings().filter(|_| is_now)
            && let Some(identity) = self.person(connection, party).await?
        {
            marks.extend(self::marks(&self.vault, &clear_of(&identity), &normalising_of(&settings)));
        }
        sightings_add(connection, party, &marks, at).await.map(drop)
    }

    /// Somebody's personal data have changed: what they were is the person's no more.
    pub(super) async fn watch_change(
        &self,
        connection: &mut Connection,
        member: MemberId,
        (before, now): (&Identity, &Identity),
    ) -> Result<(), sql::Error> {
        let Some(settings) = self.fraud_settings() else { return Ok(()) };
        let normalising = normalising_of(&settings);
        let marks_of = |identity: &Identity| marks(&self.vault, &clear_of(identity), &normalising);
        let kept = marks_of(now);
        let gone: Vec<Mark> = marks_of(before).into_iter().filter(|mark| !kept.contains(mark)).collect();
        sightings::marks_lock(connection, gone.iter().chain(&kept).copied().collect()).await?;
        sightings::sightings_part(connection, member, gone).await?;
        self.watch_in(connection, member, Vec::new(), self.clock.now()).await
    }
}

/// Whether what a party is seen with is noted: nothing more of whoever has left, or was erased. Locks the party.
async fn is_watched(connection: &mut Connection, party: MemberId) -> Result<bool, sql::Error> {
    let row = member_lock(connection, party).await?;
    Ok(row.is_some_and(|row| row.status == MemberStatus::Active && !row.is_erased()))
}
