//! `/portal/account`: who a member is to the shop, what they agree to, where they are signed in, their data, and leaving.

use std::sync::Arc;

use axum::Extension;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::command::{Birthday, Command};
use lojal_core::kernel::{Date, Language, MemberId};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use serde_json::json;

use super::home::shares;
use super::pages::{self, html};
use super::sign_in::{Busy, Doorkeeper, set_cookie};
use super::standing::Standing;
use crate::ledger_entries::{Telling, TransactionJson};
use crate::members::{AcceptanceJson, MemberJson, form_name, form_named, idempotency, member_json};
use crate::platform::application::Application;
use crate::platform::consents::{Purpose, consent_add, consent_list, is_given};
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::fields::Remark;
use crate::platform::identity::Identity;
use crate::platform::leaderboard::name_find;
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::thanks::{Side, thanks_of};
use crate::platform::visitors::{MEMBER_SESSIONS, Visitor};
use crate::platform::writer::Submission;

pub const HERE: &str = "/portal/account";
const GOODBYE: &str = "/portal/goodbye";
/// Transactions that are read at once for somebody's data.
const PAGE: usize = 500;
/// A year with a 29th of February.
const LEAP_YEAR: i16 = 2000;

#[derive(Serialize)]
struct SessionView {
    mark: String,
    agent: String,
    seen_at: String,
    is_this: bool,
}

pub async fn page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let identity = state.application.identity(visitor.member.id).await?.unwrap_or_default();
    let form = Form::default().with("name", identity.name.unwrap_or_default());
    let form = form.with("phone", identity.phone.unwrap_or_default());
    Ok(shown(&visitor, &state, &form).await?.into_response())
}

async fn shown(visitor: &Visitor, state: &PageState, form: &Form) -> Result<Html<String>, PageError> {
    let application = &state.application;
    let standing = Standing::of(&visitor.member, state).await?;
    let identity = application.identity(visitor.member.id).await?.unwrap_or_default();
    let mut connection = application.database.read().await?;
    let consents = consent_list(&mut connection, visitor.member.id).await?;
    let now = application.clock.now();
    let sessions = MEMBER_SESSIONS.list(&mut connection, visitor.member.id.into(), now).await?;
    drop(connection);
    let texts = state.pages.texts(visitor.frame.language());
    let calendar = application.calendar();
    let sessions: Vec<SessionView> = sessions
        .iter()
        .map(|session| SessionView {
            mark: session.mark(),
            agent: browser_name(&session.agent),
            seen_at: texts.words.moment_in(&calendar, session.seen_at),
            is_this: session.hash == visitor.session.hash,
        })
        .collect();
    let given: Vec<&str> =
        Purpose::ALL.into_iter().filter(|purpose| is_given(&consents, *purpose)).map(Purpose::name).collect();
    let mut frame = visitor.frame.clone();
    frame.path = HERE.to_owned();
    let birthday = standing.own.profile.birthday.map(|birthday| {
        let day = Date::new(LEAP_YEAR, birthday.month, birthday.day).ok();
        day.map_or(String::new(), |day| texts.words.date(day).replace(&format!(" {LEAP_YEAR}"), ""))
    });
    let content = context! {
        form => Value::from(Serde(form)),
        email => identity.email,
        birthday,
        purposes => Purpose::ALL.map(Purpose::name).to_vec(),
        given,
        sessions => Value::from(Serde(&sessions)),
        shares => shares(&standing.programme),
        invites => !standing.programme.referrals.is_empty(),
        joined => texts.words.date(calendar.date(standing.own.joined_at)),
    };
    html(state, "portal/account.html", &frame, content)
}

/// What a browser is called, from the long name that it gives itself: each one names those that it is like as well, so
/// the more particular names come first.
fn browser_name(agent: &str) -> String {
    let programs =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS")];
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    let names = [find(&programs), find(&systems).or(find(&[("Linux", "Linux")]))];
    names.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Writes down what the member says of themselves. A birthday is said once: points depend on it.
pub async fn correct(Busy(visitor): Busy, Dressed(state): Dressed, mut form: Form) -> Result<Response, PageError> {
    let application = &state.application;
    let mut text = |field: &'static str| {
        let text = Some(form.text(field).to_owned()).filter(|text| !text.is_empty());
        if text.as_deref().is_some_and(|text| Remark::parse(text).is_err()) {
            form.fault(field, "fault-text");
        }
        text
    };
    let (name, phone) = (text("name"), text("phone"));
    let holder = application.holder(visitor.member.id.into()).await?.ok_or(PageError::NOT_FOUND)?;
    let birthday = birthday(&mut form).filter(|_| holder.profile.birthday.is_none());
    if !form.is_sound() {
        return Ok(shown(&visitor, &state, &form).await?.into_response());
    }
    if let Some(birthday) = birthday {
        let command = Command::SayBirthday { birthday };
        if let Err(cause) = application.writer.submit(Submission::new(visitor.member.id, command)).await {
            return Err(cause.into());
        }
    }
    let change = |member: &MemberRow, known: Identity| match member.status {
        MemberStatus::Active => Identity { name, phone, ..known },
        MemberStatus::Left | MemberStatus::Merged { .. } => known,
    };
    application.change_identity(visitor.member.id, change).await?;
    Ok(see_other(HERE))
}

fn birthday(form: &mut Form) -> Option<Birthday> {
    let (day, month) = (form.text("day").to_owned(), form.text("month").to_owned());
    if day.is_empty() && month.is_empty() {
        return None;
    }
    let stated = day.parse().ok().zip(month.parse().ok());
    let stated = stated.filter(|(day, month)| Date::new(LEAP_YEAR, *month, *day).is_ok());
    if stated.is_none() {
        form.fault("day", "portal-fault-birthday");
    }
    stated.map(|(day, month)| Birthday { month, day })
}

pub async fn consents(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let application = &state.application;
    let member = visitor.member.id;
    let mut transaction = application.database.write_aside_in(member.part()).await?;
    let known = consent_list(&mut transaction, member).await?;
    for purpose in Purpose::ALL {
        let given = form.text(purpose.name()) == "yes";
        if given != is_given(&known, purpose) {
            consent_add(&mut transaction, member, purpose, given, application.clock.now()).await?;
        }
    }
    transaction.commit().await?;
    Ok(see_other(HERE))
}

pub async fn end_session(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let (member, now) = (visitor.member.id, state.application.clock.now());
    let sessions = MEMBER_SESSIONS.list(&mut *state.application.database.read().await?, member.into(), now).await?;
    let mark = form.text("session");
    let session = sessions.iter().find(|session| session.mark() == mark).ok_or(PageError::NOT_FOUND)?;
    let mut transaction = state.application.database.write_aside_in(member.part()).await?;
    MEMBER_SESSIONS.end(&mut transaction, member.into(), &session.hash).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Everything that is known of the member, as one file.
pub async fn data(
    visitor: Visitor,
    Dressed(state): Dressed,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
) -> Result<Response, PageError> {
    doorkeeper.take_along(visitor.member.id)?;
    let application = &state.application;
    let member = visitor.member.id;
    let unread = |_| PageError::internal(&"the data of a member cannot be read");
    let language = visitor.frame.language();
    let mut accounts = Vec::new();
    for account in application.merged_accounts(member).await? {
        let row = application.member(account).await?.ok_or(PageError::NOT_FOUND)?;
        let holder = application.holder(account.into()).await?.ok_or(PageError::NOT_FOUND)?;
        let person = application.identity(account).await?;
        let accepted = application.acceptances(account).await?;
        accounts.push(json!({
            "account": MemberJson::new(&row, &holder, person, &accepted),
            "terms_acceptances": accepted.iter().map(AcceptanceJson::from).collect::<Vec<_>>(),
            "consents": consents_of(application, account).await?,
            "transactions": transactions_of(application, account, language).await?,
        }));
    }
    let mut connection = application.database.read().await?;
    let sessions = MEMBER_SESSIONS.list(&mut connection, member.into(), application.clock.now()).await?;
    let leaderboard_name = name_find(&mut connection, member).await?.map(|name| name.name);
    drop(connection);
    let sessions = sessions.iter().map(|session| {
        json!({ "since": session.created_at.to_string(), "used_at": session.seen_at.to_string(), "browser": session.agent })
    });
    let cards = application.cards(member).await?;
    let cards = cards.iter().map(|card| {
        let ended_at = card.ended_at.map(|moment| moment.to_string());
        json!({ "number": card.number.as_str(), "state": card.state.name(), "given_at": card.given_at.to_string(), "ended_at": ended_at })
    });
    let accepted = application.acceptances(member).await?;
    let all = json!({
        "member": member_json(application, member).await.map_err(unread)?,
        "cards": cards.collect::<Vec<_>>(),
        "terms_acceptances": accepted.iter().map(AcceptanceJson::from).collect::<Vec<_>>(),
        "consents": consents_of(application, member).await?,
        "sessions": sessions.collect::<Vec<_>>(),
        "leaderboard_name": leaderboard_name,
        "thanks": thanks_received(application, member).await?,
        "transactions": transactions_of(application, member, language).await?,
        "accounts": accounts,
    });
    let text = serde_json::to_string_pretty(&all).map_err(|cause| PageError::internal(&cause))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"my-data.json\"")),
    ];
    Ok((headers, text).into_response())
}

/// What an account has seen, the latest first.
async fn transactions_of(
    application: &Application,
    account: MemberId,
    language: Language,
) -> Result<Vec<TransactionJson>, PageError> {
    let rulebook = application.rulebook();
    let telling = Telling { language: Some(language), dry_run: false };
    let mut transactions = Vec::new();
    let mut from = None;
    loop {
        let page = application.transactions(account.into(), from, PAGE).await?.ok_or(PageError::NOT_FOUND)?;
        transactions.extend(page.transactions.iter().map(|done| TransactionJson::new(done, &rulebook, telling)));
        from = page.next;
        if from.is_none() {
            return Ok(transactions);
        }
    }
}

/// What others have passed on to a member, by the number of the prepared message.
async fn thanks_received(application: &Application, member: MemberId) -> Result<Vec<serde_json::Value>, PageError> {
    let mut accounts = application.merged_accounts(member).await?;
    accounts.push(member);
    let received = thanks_of(&mut *application.database.read().await?, accounts).await?;
    let received = received.iter().filter(|thanks| thanks.side != Side::Shop);
    let told = received.map(
        |thanks| json!({ "from": thanks.side.name(), "message": thanks.message, "at": thanks.thanked_at.to_string() }),
    );
    Ok(told.collect())
}

async fn consents_of(application: &Application, account: MemberId) -> Result<Vec<serde_json::Value>, PageError> {
    let consents = consent_list(&mut *application.database.read().await?, account).await?;
    let said = consents.iter().map(|consent| {
        json!({ "purpose": consent.purpose.name(), "given": consent.is_given, "changed_at": consent.changed_at.to_string() })
    });
    Ok(said.collect())
}

pub async fn leave_page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    Ok(shown_leaving(&visitor, &state, &Form::default(), None).await?.into_response())
}

async fn shown_leaving(
    visitor: &Visitor,
    state: &PageState,
    form: &Form,
    refused: Option<String>,
) -> Result<Html<String>, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    let speaker = state.pages.texts(visitor.frame.language()).words.about(&standing.programme);
    let shared = standing.household.as_ref().map(|household| Standing::amounts(household, speaker));
    let content = context! {
        form => Value::from(Serde(form)),
        lost => Standing::amounts(&standing.own, speaker),
        is_in_household => shared.is_some(),
        shared,
        refused,
        once => form_name()?,
    };
    html(state, "portal/leave.html", &visitor.frame, content)
}

/// Leaves the programme, after somebody has said that it is meant. What is shared with others has a question of its
/// own, so the household is left first.
pub async fn leave(Busy(visitor): Busy, Dressed(state): Dressed, mut form: Form) -> Result<Response, PageError> {
    if visitor.member.household.is_some() {
        return Ok(shown_leaving(&visitor, &state, &form, None).await?.into_response());
    }
    if form.text("sure") != "yes" {
        form.fault("sure", "fault-sure");
        return Ok(shown_leaving(&visitor, &state, &form, None).await?.into_response());
    }
    let member = visitor.member.id;
    let idempotency = Some(idempotency(form_named(&form)?, member, &Command::Leave)?);
    let submission = Submission { idempotency, ..Submission::new(member, Command::Leave) };
    if let Err(cause) = state.application.writer.submit(submission).await {
        let words = pages::refused(&state, &visitor.frame, cause)?;
        return Ok(shown_leaving(&visitor, &state, &form, Some(words)).await?.into_response());
    }
    let mut transaction = state.application.database.write_aside_in(member.part()).await?;
    MEMBER_SESSIONS.end_all(&mut transaction, member.into()).await?;
    transaction.commit().await?;
    let mut response = see_other(GOODBYE);
    set_cookie(&mut response, &state, "", 0);
    Ok(response)
}

pub async fn goodbye(frame: crate::platform::pages::Frame, Dressed(state): Dressed) -> Result<Response, PageError> {
    Ok(html(&state, "portal/goodbye.html", &frame, context! {})?.into_response())
}

#[cfg(test)]
mod tests {
    use super::browser_name;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
                "Chrome · Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
                "Safari · iPhone",
            ),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
            ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox · Android"),
            ("curl/8.5", ""),
        ] {
            assert_eq!(browser_name(agent), name, "{agent}");
        }
    }
}
