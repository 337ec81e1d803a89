//! Sends codes to friends who are asked to confirm. What is to be sent stands in the database, and is taken in hand by one
//! process; whatever ends before it was sent is sent by another one, with a code of its own.

use std::time::Duration;

use lojal_core::kernel::Language;

use crate::platform::courier::{Courier, Way};
use crate::platform::enrolment::MemberStatus;
use crate::platform::fraud::{Channel, Verification, verifications_due};
use crate::platform::identity::Identity;
use crate::platform::mail::MailError;
use crate::platform::pages::{Frame, PageError, PageState};
use crate::platform::sms::SmsError;
use crate::portal::{confirmation_letter, confirmation_text};

/// How often it is looked for messages.
const ROUND: Duration = Duration::from_secs(1);

/// What became of one attempt.
enum Attempt {
    Sent,
    /// The same again may go well.
    Later,
    /// Nothing is ever taken there.
    Refused,
}

/// Sends what is due, for as long as the process serves.
pub async fn keep_sending(state: PageState) {
    let mut interval = tokio::time::interval(ROUND);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        if let Err(PageError::Status(status)) = send_due(&state).await {
            tracing::error!(%status, job = "verifications", "a job failed and will be tried again");
        }
    }
}

/// Sends everything that is due by now.
async fn send_due(state: &PageState) -> Result<(), PageError> {
    let application = &state.application;
    let due = verifications_due(&mut *application.database.read().await?, application.clock.now()).await?;
    for one in &due {
        // Whatever is in the way of one keeps none of the others waiting; it is tried again when it lies no longer in hand.
        if application.verification_claim(one).await?
            && let Err(PageError::Status(status)) = send(state, one).await
        {
            tracing::error!(%status, "a code could not be sent and will be tried again");
        }
    }
    Ok(())
}

async fn send(state: &PageState, due: &Verification) -> Result<(), PageError> {
    let application = &state.application;
    let member = application.member(due.friend).await?.filter(|member| member.status == MemberStatus::Active);
    let person = match member {
        Some(member) => application.identity(member.id).await?.unwrap_or_default(),
        None => Identity::default(),
    };
    let courier = Courier { mailer: state.mailer.clone(), texter: state.texter.clone() };
    for way in courier.ways(application, &person, due.wanted) {
        match attempt(state, &courier, due, &way, &person).await? {
            Attempt::Sent => return Ok(application.verification_sent(due.friend, way.channel).await?),
            Attempt::Later => return Ok(application.verification_failed(due).await?),
            Attempt::Refused => {}
        }
    }
    let settled = application.verification_unreachable(due.friend).await;
    settled.map_err(|cause| PageError::internal(&cause))
}

async fn attempt(
    state: &PageState,
    courier: &Courier,
    due: &Verification,
    way: &Way,
    person: &Identity,
) -> Result<Attempt, PageError> {
    let application = &state.application;
    let code = application.verification_code(due, way.channel, (&way.address, way.mark)).await;
    let Some(code) = code.map_err(|cause| PageError::internal(&cause))? else { return Ok(Attempt::Later) };
    let state = &state.dressed().await;
    let frame = frame(state, person);
    let ticket = due.ticket(&application.vault);
    let now = application.clock.now();
    Ok(match (way.channel, &courier.mailer, &courier.texter) {
        (Channel::Mail, Some(mailer), _) => {
            let letter = confirmation_letter(state, &frame, person.name.as_deref(), &ticket, &code)?;
            match mailer.send(&way.address, letter).await {
                Ok(()) => Attempt::Sent,
                Err(MailError::Receiver) => Attempt::Refused,
                Err(cause) => later(&cause),
            }
        }
        (Channel::Sms, _, Some(texter)) => {
            let text = confirmation_text(state, &frame, &ticket, &code);
            match texter.send(&way.address, &text, now).await {
                Ok(()) => Attempt::Sent,
                Err(SmsError::Receiver) => Attempt::Refused,
                Err(cause) => later(&cause),
            }
        }
        _ => Attempt::Refused,
    })
}

/// What went wrong names no receiver.
fn later(cause: &dyn std::error::Error) -> Attempt {
    tracing::warn!(%cause, "a code could not be sent and will be tried again");
    Attempt::Later
}

/// In the language in which the person wants to be addressed, else in the programme's first.
fn frame(state: &PageState, person: &Identity) -> Frame {
    let rulebook = state.application.rulebook();
    let named = |tag: &str| Language::ALL.into_iter().find(|language| language.tag() == tag);
    let own = person.language.as_deref().and_then(|tag| named(tag.split('-').next()?));
    let usual = || rulebook.live().and_then(|programme| programme.languages.first().copied());
    let language = own.or_else(usual).unwrap_or(Language::En);
    Frame { language: language.tag(), path: String::new(), reader: None }
}
