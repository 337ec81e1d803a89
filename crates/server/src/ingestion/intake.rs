//! A window of entries: whose they are is found with a few statements, unknown customers become
//! members where that is asked for, and everything is submitted together.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lojal_core::activity::Activity;
use lojal_core::command::Command;
use lojal_core::kernel::{Instant, MemberId, Name, Part};

use crate::platform::application::{Application, NewMember};
use crate::platform::cards::{Card, CardNumber, CardRefusal, card_find_all};
use crate::platform::enrolment::{IfEnrolled, member_find_all, member_find_all_by_external_id};
use crate::platform::http::fields::MemberName;
use crate::platform::http::identifiers::IdentifiersInput;
use crate::platform::identity::IdentityError;
use crate::platform::writer::{Answer, Submission, WriteError, Writer};

/// Something to be decided about a member who is known by name only.
#[derive(Clone, Debug)]
pub struct Entry {
    pub member: MemberName,
    pub asked: Asked,
    /// The moment of the decision; `None` is the system clock. An import of history states it.
    pub at: Option<Instant>,
    /// Decide and answer, write nothing.
    pub dry_run: bool,
    pub if_unknown: IfUnknown,
    /// What the member was seen with when it happened.
    pub seen: Option<Box<IdentifiersInput>>,
}

/// What is to be decided.
#[derive(Clone, Debug)]
pub enum Asked {
    Command(Command),
    /// Its command names the member.
    Activity(Activity),
}

/// What to do for a customer who is no member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfUnknown {
    /// Makes the customer a member first. Not where the member is named by an id of ours.
    Enrol,
    /// Answers that there is no such member.
    Leave,
}

/// What became of an entry.
#[derive(Debug)]
pub enum Outcome {
    Answered(Box<Answer>),
    /// There is no such member.
    Unknown(Box<Entry>),
    /// Whose it is could not be found out, or the customer could not be made a member.
    Unresolved(Arc<WriteError>),
}

/// A window whose members are known.
#[derive(Debug)]
pub struct Ready {
    /// Customers who became members with it.
    pub enrolled: u64,
    places: Vec<Place>,
}

/// Where an entry of a window stands.
#[derive(Debug)]
enum Place {
    Waiting(Box<Submission>),
    Settled(Box<Outcome>),
}

impl Asked {
    fn command(self, member: MemberId) -> Command {
        match self {
            Asked::Command(command) => command,
            Asked::Activity(activity) => Command::PostActivity { member, activity },
        }
    }
}

/// Finds the members of a window, and enrols those who are to be, at the time of their first entry.
pub async fn prepare(application: &Application, entries: Vec<Entry>) -> Result<Ready, WriteError> {
    let mut people = People::find(application, &entries).await?;
    let enrolled = people.enrol(application, &entries).await?;
    people.watch(application, &entries).await?;
    let places = entries.into_iter().map(|entry| people.place(entry)).collect();
    Ok(Ready { enrolled, places })
}

impl Ready {
    /// Everything that is still to be submitted.
    pub fn submissions(&self) -> impl Iterator<Item = &Submission> {
        self.places.iter().filter_map(|place| match place {
            Place::Waiting(submission) => Some(submission.as_ref()),
            Place::Settled(_) => None,
        })
    }

    /// Settles those submissions for which there is an answer already; others may be sent somewhere else.
    pub fn settle(&mut self, answer: impl Fn(&mut Submission) -> Option<Outcome>) {
        for place in &mut self.places {
            if let Place::Waiting(submission) = place
                && let Some(outcome) = answer(submission)
            {
                *place = Place::Settled(Box::new(outcome));
            }
        }
    }

    /// Has everything decided, waiting for room where there is none. The outcomes come in the order
    /// of the entries.
    pub async fn carry_out(self, writer: &Writer) -> Vec<Outcome> {
        let mut submissions = Vec::with_capacity(self.places.len());
        let mut settled = Vec::with_capacity(self.places.len());
        for place in self.places {
            settled.push(match place {
                Place::Settled(outcome) => Some(*outcome),
                Place::Waiting(submission) => {
                    submissions.push(*submission);
                    None
                }
            });
        }
        let mut answers = writer.submit_all(submissions).await.into_iter();
        let answered = |settled: Option<Outcome>| {
            settled.or_else(|| answers.next().map(|answer| Outcome::Answered(Box::new(answer))))
        };
        settled.into_iter().filter_map(answered).collect()
    }
}

/// The members whom a window names.
#[derive(Default)]
struct People {
    by_id: BTreeSet<MemberId>,
    by_name: HashMap<Name, Result<MemberId, Arc<WriteError>>>,
    by_card: HashMap<CardNumber, Card>,
    /// For each customer who is to become a member, the entry with which that happens: those before
    /// it came too early.
    position: usize,
    joined_with: HashMap<Name, usize>,
}

impl People {
    async fn find(application: &Application, entries: &[Entry]) -> Result<People, WriteError> {
        let programme = application.rulebook().live().cloned().ok_or(WriteError::NoProgramme)?;
        let (mut ids, mut names, mut cards) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            match &entry.member {
                MemberName::Id(id) => drop(ids.insert(*id)),
                MemberName::External(name) => drop(names.insert(name)),
                MemberName::Card(number) => drop(cards.insert(number)),
            }
        }
        let names = names.into_iter().map(|name| (Part::of(&programme.id, name), name.as_str()));
        let mut connection = application.database.read().await?;
        let mut people = People::default();
        if !ids.is_empty() {
            people.by_id.extend(member_find_all(&mut connection, ids).await?.into_iter().map(|row| row.id));
        }
        for row in member_find_all_by_external_id(&mut connection, names).await? {
            people.by_name.insert(Name::from(row.external_id), Ok(row.id));
        }
        if !cards.is_empty() {
            people.by_card = card_find_all(&mut connection, &application.vault, cards).await.map_err(unread)?;
        }
        Ok(people)
    }

    async fn enrol(&mut self, application: &Application, entries: &[Entry]) -> Result<u64, WriteError> {
        let mut members = Vec::new();
        let mut names = Vec::new();
        for (position, entry) in entries.iter().enumerate() {
            let MemberName::External(name) = &entry.member else { continue };
            let is_known = self.by_name.contains_key(name) || self.joined_with.contains_key(name);
            if is_known || entry.if_unknown == IfUnknown::Leave {
                continue;
            }
            self.joined_with.insert(name.clone(), position);
            names.push(name);
            members.push(NewMember {
                joined_at: entry.at,
                now: entry.at,
                if_enrolled: IfEnrolled::Find,
                ..NewMember::new(name.as_str())
            });
        }
        let mut enrolled = 0;
        for (answer, name) in application.enrol_all(members).await?.into_iter().zip(names) {
            enrolled += answer.as_ref().map_or(0, |done| u64::from(!done.repeated));
            self.by_name.insert(name.clone(), answer.map(|done| MemberId(done.holder.0)).map_err(Arc::new));
        }
        Ok(enrolled)
    }

    /// Notes what members were seen with, before what is asked for may lead to a look at how they came.
    async fn watch(&self, application: &Application, entries: &[Entry]) -> Result<(), WriteError> {
        let mut seen = Vec::new();
        for entry in entries {
            let Some(identifiers) = &entry.seen else { continue };
            let member = match &entry.member {
                MemberName::Id(id) => self.by_id.get(id).copied(),
                MemberName::External(name) => self.by_name.get(name).and_then(|known| known.as_ref().ok().copied()),
                MemberName::Card(number) => self.by_card.get(number).and_then(|card| card.names().ok()),
            };
            let at = entry.at.unwrap_or_else(|| application.clock.now());
            seen.extend(member.map(|member| (member, at, identifiers.clear())));
        }
        Ok(application.watch_all_if_checked(seen).await?)
    }

    /// Entries are placed one after another, in the order in which they came.
    fn place(&mut self, entry: Entry) -> Place {
        let position = self.position;
        self.position += 1;
        let member = match &entry.member {
            MemberName::Id(id) => self.by_id.get(id).map(|id| Ok(*id)),
            MemberName::External(name) => {
                let too_early = self.joined_with.get(name).is_some_and(|joined| position < *joined);
                self.by_name.get(name).filter(|_| !too_early).cloned()
            }
            MemberName::Card(number) => {
                match self.by_card.get(number).ok_or(CardRefusal::Unknown).and_then(Card::names) {
                    Ok(member) => Some(Ok(member)),
                    Err(refusal) => return Place::Settled(Box::new(Outcome::Answered(Box::new(Err(refusal.into()))))),
                }
            }
        };
        match member {
            None => Place::Settled(Box::new(Outcome::Unknown(Box::new(entry)))),
            Some(Err(cause)) => Place::Settled(Box::new(Outcome::Unresolved(cause))),
            Some(Ok(member)) => {
                let Entry { asked, at, dry_run, .. } = entry;
                let submission = Submission::new(member, asked.command(member));
                Place::Waiting(Box::new(Submission { now: at, dry_run, ..submission }))
            }
        }
    }
}

fn unread(cause: IdentityError) -> WriteError {
    match cause {
        IdentityError::Storage(cause) => cause.into(),
        other => WriteError::Broken(other.to_string()),
    }
}
