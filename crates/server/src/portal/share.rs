//! `/portal/share`: points for others, and a household that shares its wallets.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Extension;
use axum::response::{Html, IntoResponse, Response};
use jiff::SignedDuration;
use lojal_core::command::{Command, TransferKind};
use lojal_core::decision::Refusal;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Instant, MemberId};
use lojal_core::programme::{Programme, TransferPolicy, Unit};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::pages::{self, html};
use super::sign_in::{Busy, Doorkeeper};
use super::standing::Standing;
use crate::members::{form_name, form_named, idempotency, typed_amount};
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::subject::spend_answer;
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::visitors::Visitor;
use crate::platform::writer::{Idempotency, Submission, WriteError};

pub const HERE: &str = "/portal/share";
const INVITATION: &str = "invitation to a household";
/// How long an invitation holds.
const INVITATION_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
const MARK_LENGTH: usize = 32;

/// One kind of sending that the programme allows.
#[derive(Serialize)]
struct WayView {
    kind: &'static str,
    units: Vec<UnitView>,
    least: String,
    most: Option<String>,
}

#[derive(Serialize)]
struct UnitView {
    id: String,
    name: String,
    has: String,
}

/// What somebody tried on the page, and why it was not done.
#[derive(Default)]
struct Attempt {
    which: &'static str,
    form: Form,
    refused: Option<String>,
    invitation: Option<String>,
}

pub async fn page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    Ok(shown(&visitor, &state, Attempt::default()).await?.into_response())
}

async fn shown(visitor: &Visitor, state: &PageState, attempt: Attempt) -> Result<Html<String>, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    let programme = &standing.programme;
    let members = standing.household.as_ref().map(members_of).unwrap_or_default();
    let others = first_names(state, visitor, members.into_iter()).await?;
    let speaker = state.pages.texts(visitor.frame.language()).words.about(programme);
    let mut frame = visitor.frame.clone();
    frame.path = HERE.to_owned();
    let content = context! {
        shared => standing.household.as_ref().map(|household| Standing::amounts(household, speaker)),
        ways => Value::from(Serde(&ways(&standing, visitor, state))),
        may_share => programme.households.is_some(),
        most => programme.households,
        is_in => standing.household.is_some(),
        others,
        which => attempt.which,
        form => Value::from(Serde(&attempt.form)),
        refused => attempt.refused,
        invitation => attempt.invitation,
        once => form_name()?,
    };
    html(state, "portal/share.html", &frame, content)
}

fn ways(standing: &Standing, visitor: &Visitor, state: &PageState) -> Vec<WayView> {
    let language = visitor.frame.language();
    let programme = &standing.programme;
    let speaker = state.pages.texts(language).words.about(programme);
    let way = |(kind, policy): (&'static str, &TransferPolicy)| {
        let units = allowed(programme, policy);
        let amount = |amount| units.first().map(|unit| speaker.amount(&unit.id, amount));
        let view = |unit: &&Unit| UnitView {
            id: unit.id.to_string(),
            name: unit.forms.get(&language).or(unit.forms.values().next()).map_or(String::new(), |it| it.one.clone()),
            has: speaker.amount(&unit.id, standing.available(&unit.id)),
        };
        Some(WayView {
            kind,
            least: amount(policy.least)?,
            most: policy.most.and_then(amount),
            units: units.iter().map(view).collect(),
        })
    };
    policies(programme).into_iter().filter_map(way).collect()
}

fn policies(programme: &Programme) -> Vec<(&'static str, &TransferPolicy)> {
    let gifts = programme.gifts.iter().map(|policy| ("gift", policy));
    gifts.chain(programme.transfers.iter().map(|policy| ("transfer", policy))).collect()
}

/// The units that may be sent; a policy without a list allows all that can be spent.
fn allowed<'p>(programme: &'p Programme, policy: &TransferPolicy) -> Vec<&'p Unit> {
    let is_allowed = |unit: &&Unit| unit.spendable && (policy.units.is_empty() || policy.units.contains(&unit.id));
    programme.units.iter().filter(is_allowed).collect()
}

/// The first names of others, as far as they have one.
async fn first_names(
    state: &PageState,
    visitor: &Visitor,
    members: impl Iterator<Item = MemberId>,
) -> Result<Vec<String>, PageError> {
    let others: Vec<MemberId> = members.filter(|member| *member != visitor.member.id).collect();
    let application = &state.application;
    let people =
        identity_find_all(&mut *application.database.read().await?, &application.vault, others.iter().copied()).await?;
    let somebody = state.pages.texts(visitor.frame.language()).say("portal-somebody", None, &[]);
    let name = |member: &MemberId| {
        let name = people.get(member).and_then(|person| person.name.as_deref());
        name.and_then(|name| name.split_whitespace().next()).unwrap_or(&somebody).to_owned()
    };
    Ok(others.iter().map(name).collect())
}

/// Sends points: first the question whether it is meant, then the sending itself.
pub async fn send(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    mut form: Form,
) -> Result<Response, PageError> {
    let once = form_named(&form)?;
    let application = &state.application;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(PageError::NOT_FOUND)?;
    if !Standing::of(&visitor.member, &state).await?.is_admitted() {
        return settled(&state, &visitor, "open", Err(WriteError::Refused(Refusal::NotInHousehold))).await;
    }
    let language = visitor.frame.language();
    let named = form.text("kind").to_owned();
    let policy = policies(programme).into_iter().find(|(kind, _)| *kind == named);
    let (which, policy) = policy.ok_or(PageError::NOT_FOUND)?;
    let kind = if which == "gift" { TransferKind::Gift } else { TransferKind::Transfer };
    let units = allowed(programme, policy);
    let unit = units.iter().find(|unit| unit.id == form.text("unit")).or(units.first());
    let unit = unit.ok_or(PageError::NOT_FOUND)?;
    let (to, typed) = (form.required("to").to_lowercase(), form.required("amount"));
    let amount = typed_amount(&typed, unit.scale, language);
    if amount.is_none() {
        form.fault("amount", "fault-amount");
    }
    let mut receiver = None;
    if form.is_sound() {
        // Whoever tries out addresses would learn who is a member.
        doorkeeper.seek(visitor.member.id)?;
        receiver = receiver_of(application, &to, &visitor).await?;
        if receiver.is_none() {
            form.fault("to", "portal-fault-receiver");
        }
    }
    let (Some(receiver), Some(amount), true) = (receiver, amount, form.is_sound()) else {
        return Ok(shown(&visitor, &state, Attempt { which, form, ..Attempt::default() }).await?.into_response());
    };
    let is_sure = form.text("sure") == "yes";
    let command = Command::Transfer { kind, unit: unit.id.clone(), amount, to: receiver.holder() };
    let idempotency = idempotency(once.clone(), visitor.member.id, &command)?;
    let answer = spend_answer(application, &visitor.member, |holder| Submission {
        idempotency: is_sure.then(|| idempotency.clone()),
        dry_run: !is_sure,
        ..Submission::new(holder, command.clone())
    });
    match answer.await {
        Ok(_) if is_sure => Ok(see_other("/portal/history")),
        Ok(_) => {
            let speaker = state.pages.texts(language).words.about(programme);
            let mut frame = visitor.frame.clone();
            frame.path = HERE.to_owned();
            let content = context! {
                form => Value::from(Serde(&form)),
                amount => speaker.amount(&unit.id, amount),
                which,
                unit => unit.id.as_str(),
                once,
            };
            Ok(html(&state, "portal/send.html", &frame, content)?.into_response())
        }
        Err(cause) => {
            let refused = Some(pages::refused(&state, &visitor.frame, cause)?);
            Ok(shown(&visitor, &state, Attempt { which, form, refused, invitation: None }).await?.into_response())
        }
    }
}

/// The one other member who has this address; nobody is guessed at among several.
async fn receiver_of(application: &Application, to: &str, visitor: &Visitor) -> Result<Option<MemberRow>, PageError> {
    let found = application.members_with_address(to).await?.into_iter().map(|(member, _)| member);
    let is_meant = |member: &MemberRow| member.status == MemberStatus::Active && member.id != visitor.member.id;
    let mut found = found.filter(is_meant);
    let first = found.next();
    Ok(first.filter(|_| found.next().is_none()))
}

/// Opens a household with this member in it.
pub async fn open(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let once = form_named(&form)?;
    let application = &state.application;
    let rulebook = application.rulebook();
    if rulebook.live().is_none_or(|programme| programme.households.is_none()) {
        return Err(PageError::NOT_FOUND);
    }
    // Who cannot join it would leave it behind with nobody in it.
    if Standing::of(&visitor.member, &state).await?.own.household().is_some() {
        return Ok(see_other(HERE));
    }
    let fingerprint = *blake3::hash(&visitor.member.id.number().to_le_bytes()).as_bytes();
    let opened = application.open_household(Some(Idempotency { key: once.clone(), fingerprint }), false).await;
    let joined = match opened {
        Ok(done) => joined(&state, &visitor, format!("{once}-join"), done.holder).await?,
        Err(cause) => Err(cause),
    };
    settled(&state, &visitor, "open", joined).await
}

async fn joined(
    state: &PageState,
    visitor: &Visitor,
    name: String,
    household: HolderId,
) -> Result<Result<(), WriteError>, PageError> {
    let command = Command::JoinHousehold { household };
    let idempotency = Some(idempotency(name, visitor.member.id, &command)?);
    let submission = Submission { idempotency, ..Submission::new(visitor.member.id, command) };
    Ok(state.application.writer.submit(submission).await.map(drop))
}

async fn settled(
    state: &PageState,
    visitor: &Visitor,
    which: &'static str,
    answer: Result<(), WriteError>,
) -> Result<Response, PageError> {
    match answer {
        Ok(()) => Ok(see_other(HERE)),
        Err(cause) => {
            let refused = Some(pages::refused(state, &visitor.frame, cause)?);
            Ok(shown(visitor, state, Attempt { which, refused, ..Attempt::default() }).await?.into_response())
        }
    }
}

/// Shows a code with which somebody else may join.
pub async fn invite(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let household = standing.household.as_ref().ok_or(PageError::NOT_FOUND)?;
    if !standing.is_admitted() {
        return settled(&state, &visitor, "open", Err(WriteError::Refused(Refusal::NotInHousehold))).await;
    }
    let until = state.application.clock.now() + INVITATION_KEPT;
    let invitation = Some(invitation(&state.application, household, visitor.member.id, until));
    let attempt = Attempt { which: "invite", invitation, ..Attempt::default() };
    Ok(shown(&visitor, &state, attempt).await?.into_response())
}

/// The mark stands for who invites, and for all who are in the household then: when one of them goes, or somebody
/// comes, the invitation is over.
fn invitation(application: &Application, household: &Holder, inviter: MemberId, until: Instant) -> String {
    let message = format!("{}.{}", household.id, until.as_second());
    let members: Vec<String> = members_of(household).iter().map(MemberId::to_string).collect();
    let marked = format!("{message} {inviter} {}", members.join(" "));
    let mark = application.vault.mark(INVITATION, marked.as_bytes()).to_hex();
    format!("{message}.{}", &mark[..MARK_LENGTH])
}

fn members_of(household: &Holder) -> BTreeSet<MemberId> {
    match &household.kind {
        HolderKind::Household { members } => members.clone(),
        HolderKind::Member { .. } => BTreeSet::new(),
    }
}

/// The household that an invitation is to, as long as it holds.
async fn invited(application: &Application, typed: &str) -> Result<Option<Holder>, PageError> {
    let read = |typed: &str| -> Option<(HolderId, Instant)> {
        let (household, until) = typed.rsplit_once('.')?.0.split_once('.')?;
        Some((household.parse().ok()?, Instant::from_second(until.parse().ok()?).ok()?))
    };
    let Some((household, until)) = read(typed).filter(|(_, until)| application.clock.now() < *until) else {
        return Ok(None);
    };
    let Some(household) = application.holder(household).await? else { return Ok(None) };
    let is_by = |inviter: &MemberId| {
        let own = invitation(application, &household, *inviter, until);
        bool::from(own.as_bytes().ct_eq(typed.as_bytes()))
    };
    let is_ours = members_of(&household).iter().any(is_by);
    Ok(Some(household).filter(|_| is_ours))
}

pub async fn join(Busy(visitor): Busy, Dressed(state): Dressed, mut form: Form) -> Result<Response, PageError> {
    let once = form_named(&form)?;
    let application = &state.application;
    let typed = form.required("invitation");
    let holder = invited(application, &typed).await?;
    if !typed.is_empty() && holder.is_none() {
        form.fault("invitation", "portal-fault-invitation");
    }
    let Some(holder) = holder.filter(|_| form.is_sound()) else {
        return Ok(shown(&visitor, &state, Attempt { which: "join", form, ..Attempt::default() })
            .await?
            .into_response());
    };
    let rulebook = application.rulebook();
    let most = rulebook.live().and_then(|programme| programme.households).ok_or(PageError::NOT_FOUND)?;
    let members = members_of(&holder);
    let is_full = !members.contains(&visitor.member.id) && members.len() as u64 >= most.unsigned_abs();
    let answer = match is_full {
        true => Err(WriteError::Refused(Refusal::HouseholdFull { most })),
        false => joined(&state, &visitor, once, holder.id).await?,
    };
    settled(&state, &visitor, "join", answer).await
}

/// Goes on alone; what is in the household stays there.
pub async fn leave(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let command = Command::LeaveHousehold { household: visitor.member.household };
    let idempotency = Some(idempotency(form_named(&form)?, visitor.member.id, &command)?);
    let submission = Submission { idempotency, ..Submission::new(visitor.member.id, command) };
    let answer = state.application.writer.submit(submission).await.map(drop);
    settled(&state, &visitor, "leave", answer).await
}
