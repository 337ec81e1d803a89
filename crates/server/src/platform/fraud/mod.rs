//! What is kept to tell referrals that were earned from those that were made up: who was seen with what, as keyed
//! hashes; who recommended whom; and what people decided. The judging itself is `lojal-fraud`, which knows no database.

mod precedents;
mod referrals;
mod sightings;
mod surroundings;

use std::collections::BTreeMap;

use lojal_core::kernel::{Instant, MemberId, Part};
use lojal_fraud::detector::{Assessment, Forgotten};
use lojal_fraud::identifier::{Clear, IdentifierKind, Mark, Normalising};
use lojal_fraud::policy::{Policy, PolicyError, Retention};

pub use precedents::{decision_named, precedent_count, precedent_counts};
pub use referrals::{referral_add, referral_find, referral_note_return};
pub use sightings::{sightings_add, sightings_erase};
pub use surroundings::detector_around;

use super::application::Application;
use super::database::Database;
use super::enrolment::{MemberStatus, member_find, member_lock, member_survivor};
use super::identity::{Identity, Vault};
use super::sql::{self, Connection};

/// What marks of identifiers are for.
const PURPOSE: &str = "identifier";
const DAY_SECONDS: i64 = 86_400;

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
            loop {
                let mut transaction = database.write_aside().await?;
                let before = ago(retention.days(kind));
                let (gone, has_more) = sightings::sightings_forget(&mut transaction, part, kind, before).await?;
                if gone > 0 {
                    transaction.commit().await?;
                }
                forgotten.sightings += gone;
                if !has_more {
                    break;
                }
            }
        }
        loop {
            let mut transaction = database.write_aside().await?;
            let (gone, has_more) =
                referrals::referrals_forget(&mut transaction, part, ago(retention.referrals)).await?;
            if gone > 0 {
                transaction.commit().await?;
            }
            forgotten.referrals += gone;
            if !has_more {
                break;
            }
        }
    }
    Ok(forgotten)
}

/// Lets an account that was merged be the same party as the one that it has become.
pub async fn fraud_merge(database: &Database, from: MemberId, into: MemberId) -> Result<(), sql::Error> {
    let mut transaction = database.write_aside().await?;
    for party in [from.min(into), from.max(into)] {
        member_lock(&mut transaction, party).await?;
    }
    sightings::sightings_move(&mut transaction, from, into).await?;
    referrals::referrals_move(&mut transaction, from, into).await?;
    transaction.commit().await
}

impl Application {
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
    }
    Ok(())
}
