//! An open Lojal: what the server and the command line share.

use std::sync::Arc;

use lojal_core::command::{Command, Profile};
use lojal_core::kernel::{Calendar, HolderId, Instant, MemberId, Part};
use lojal_core::programme::Rulebook;
use tokio::sync::Notify;

use super::clock::Clock;
use super::database::{Database, OpenError, Place};
use super::enrolment::{Enrolment, IfEnrolled};
use super::identity::{Identity, IdentityError, Vault};
use super::ids::Ids;
use super::jobs::{self, Jobs};
use super::rulebook::{Publication, PublishError, PublishOptions, Rulebooks};
use super::writer::{Answer, Idempotency, Submission, WriteError, Writer};

/// Everything that works on one data folder. Clones share it.
#[derive(Clone, Debug)]
pub struct Application {
    pub database: Database,
    pub writer: Writer,
    pub rulebooks: Rulebooks,
    pub clock: Clock,
    pub ids: Arc<Ids>,
    pub vault: Vault,
    outbox: Arc<Notify>,
}

/// Somebody who joins.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// The shop's own id, unique within the programme.
    pub external_id: String,
    /// What rules may know.
    pub profile: Profile,
    /// What only people may know.
    pub identity: Identity,
    /// `None` is now.
    pub joined_at: Option<Instant>,
    /// The moment of the decision; `None` is the system clock.
    pub now: Option<Instant>,
    pub if_enrolled: IfEnrolled,
    pub idempotency: Option<Idempotency>,
    pub dry_run: bool,
}

impl NewMember {
    /// Somebody of whom nothing but the shop's id is known, and who joins now.
    pub fn new(external_id: impl Into<String>) -> NewMember {
        NewMember {
            external_id: external_id.into(),
            profile: Profile::default(),
            identity: Identity::default(),
            joined_at: None,
            now: None,
            if_enrolled: IfEnrolled::Refuse,
            idempotency: None,
            dry_run: false,
        }
    }
}

impl Application {
    /// Opens a data folder with its database, and makes what is not there.
    pub async fn open(place: impl Into<Place>, clock: Clock) -> Result<Application, OpenError> {
        let place = place.into();
        Application::try_open(&place, clock).await.map_err(|cause| cause.of(&place))
    }

    async fn try_open(place: &Place, clock: Clock) -> Result<Application, OpenError> {
        let database = Database::open(place).await?;
        let vault = Vault::open(&database).await?;
        let rulebooks = Rulebooks::default();
        rulebooks.refresh(&mut *database.read().await?).await?;
        let ids = Arc::new(Ids::new(clock.clone())?);
        let outbox = Arc::new(Notify::new());
        let writer =
            Writer::start(database.clone(), rulebooks.clone(), clock.clone(), Arc::clone(&ids), Arc::clone(&outbox))?;
        Ok(Application { database, writer, rulebooks, clock, ids, vault, outbox })
    }

    /// Opens a data folder whose database must be there already.
    pub async fn open_existing(place: impl Into<Place>, clock: Clock) -> Result<Application, OpenError> {
        let place = place.into();
        if !Database::is_there(&place).await.map_err(|cause| cause.of(&place))? {
            return Err(OpenError::Missing { folder: place.folder });
        }
        Application::open(place, clock).await
    }

    /// Starts deliveries, the clock and the projections; they stop when the answer is dropped.
    pub fn start_jobs(&self) -> Jobs {
        jobs::start(self)
    }

    /// Starts archiving by itself, every hour, what is older than so many whole months; that stops when
    /// the answer is dropped.
    pub fn start_archiving(&self, months: u32) -> Jobs {
        jobs::start_archiving(self, months)
    }

    /// Does everything that is waiting as of `moment`, and returns when nothing is left.
    pub async fn run_until_idle(&self, moment: Instant) -> Result<(), WriteError> {
        jobs::run_until_idle(self, moment).await
    }

    /// Waits for what is under way and lets go of the folder.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// The versions that this process knows, looked at from now; each batch looks for newer ones before it decides.
    pub fn rulebook(&self) -> Arc<Rulebook> {
        self.rulebooks.at(self.clock.now())
    }

    /// The clock on the wall of the programme in force; that of UTC before there is one.
    pub fn calendar(&self) -> Calendar {
        self.rulebook().live().map_or_else(Calendar::utc, |programme| programme.calendar.clone())
    }

    /// Makes a document (TOML or JSON) the version in force, with all its warnings. The same text again
    /// makes no new version.
    pub async fn publish(&self, document: &str) -> Result<Publication, PublishError> {
        let options = PublishOptions { accept_warnings: true, ..PublishOptions::default() };
        self.publish_with(document, &options).await
    }

    /// As [`Application::publish`], in a stated manner: from a moment on, with or without warnings.
    pub async fn publish_with(&self, document: &str, options: &PublishOptions) -> Result<Publication, PublishError> {
        let publication = self.rulebooks.publish(&self.database, &self.clock, document, options).await;
        self.writer.replenished();
        publication
    }

    /// The part of a member with this id of the shop; `None` before a programme is published.
    pub fn part_of(&self, external_id: &str) -> Option<Part> {
        self.rulebook().live().map(|programme| Part::of(&programme.id, external_id))
    }

    /// Enrols somebody; the answer's `holder` is the new member.
    pub async fn enrol(&self, member: NewMember) -> Answer {
        let is_known = !member.dry_run && !member.identity.is_empty();
        let (enrolment, submission) = self.enrolment(member)?;
        let done = self.writer.enrol(enrolment, submission).await?;
        if is_known {
            self.watch_people([MemberId(done.holder.0)]).await?;
        }
        Ok(done)
    }

    /// Enrols many, and finds those who are members already when they ask to be found.
    pub async fn enrol_all(&self, members: Vec<NewMember>) -> Result<Vec<Answer>, WriteError> {
        let known: Vec<bool> = members.iter().map(|member| !member.dry_run && !member.identity.is_empty()).collect();
        let members = members.into_iter().map(|member| self.enrolment(member)).collect::<Result<_, _>>()?;
        let answers = self.writer.enrol_all(members).await;
        let joined = answers.iter().zip(known).filter(|(_, is_known)| *is_known);
        let joined = joined.filter_map(|(answer, _)| Some(MemberId(answer.as_ref().ok()?.holder.0)));
        self.watch_people(joined).await?;
        Ok(answers)
    }

    /// Opens a household; the answer's `holder` is the new one. Its part follows from the
    /// idempotency key, so that the same request finds its first answer.
    pub async fn open_household(&self, idempotency: Option<Idempotency>, dry_run: bool) -> Answer {
        let programme = self.rulebook().live().cloned().ok_or(WriteError::NoProgramme)?;
        let part = match &idempotency {
            Some(idempotency) => Part::of(&programme.id, &idempotency.key),
            None => Part::of(&programme.id, &self.ids.next(Part::PROGRAMME).number().to_string()),
        };
        let holder = HolderId(self.ids.next(part));
        let command = Command::OpenHousehold { holder, opened_at: self.clock.now() };
        self.writer.submit(Submission { idempotency, dry_run, ..Submission::new(holder, command) }).await
    }

    fn enrolment(&self, member: NewMember) -> Result<(Enrolment, Submission), WriteError> {
        let part = self.part_of(&member.external_id).ok_or(WriteError::NoProgramme)?;
        let id = MemberId(self.ids.next(part));
        let identity = match member.identity.is_empty() {
            true => None,
            false => Some(self.vault.seal(id, &member.identity).map_err(unsealed)?),
        };
        let joined_at = member.joined_at.or(member.now).unwrap_or_else(|| self.clock.now());
        let submission = Submission {
            owner: id.into(),
            command: Command::Enrol { holder: id.into(), joined_at, profile: member.profile },
            now: member.now,
            idempotency: member.idempotency,
            dry_run: member.dry_run,
        };
        let enrolment = Enrolment { external_id: member.external_id, identity, if_enrolled: member.if_enrolled };
        Ok((enrolment, submission))
    }

    pub(super) fn outbox_bell(&self) -> Arc<Notify> {
        Arc::clone(&self.outbox)
    }
}

pub(super) fn unsealed(cause: IdentityError) -> WriteError {
    WriteError::Broken(cause.to_string())
}
