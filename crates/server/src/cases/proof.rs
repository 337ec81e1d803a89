//! The second step on the page of a case: whether the friend was asked for a code, and what came of it.

use axum::extract::{Path, State};
use axum::response::Response;
use lojal_fraud::second_step::Proof;
use serde::Serialize;

use super::pages::{HERE, asked, shown};
use crate::platform::fraud::{
    Asker, Case, CaseState, Channel, Verification, VerificationRefusal, VerificationState, VerificationStep,
    verification_find, verification_steps,
};
use crate::platform::pages::{Form, PageError, PageState, Texts, see_other};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Staff};

/// What is known of it.
pub struct Found {
    is_open: bool,
    proof: Option<Proof>,
    verification: Option<Verification>,
    steps: Vec<VerificationStep>,
}

#[derive(Serialize)]
pub struct ProofView {
    /// What came of it, in a sentence.
    said: String,
    /// Whether the case waits for the friend, and not for a person.
    is_waiting: bool,
    may_ask: bool,
    channel: Option<String>,
    sends: Option<String>,
    tries: Option<String>,
    steps: Vec<ProofStepView>,
}

#[derive(Serialize)]
struct ProofStepView {
    step: String,
    who: Option<String>,
    when: String,
}

pub async fn found(connection: &mut Connection, case: &Case) -> Result<Found, PageError> {
    Ok(Found {
        is_open: case.state == CaseState::Open,
        proof: case.assessment.proof,
        verification: verification_find(connection, case.friend).await?,
        steps: verification_steps(connection, case.friend).await?,
    })
}

impl Found {
    pub fn view(self, state: &PageState, texts: &Texts, who: &impl Fn(i64) -> Option<String>) -> ProofView {
        let calendar = state.application.calendar();
        let channel = |channel: Option<Channel>| {
            texts.say(&format!("case-proof-channel-{}", channel.map_or("none", Channel::name)), None, &[])
        };
        let steps = self.steps.iter().map(|step| ProofStepView {
            step: texts.say(&format!("case-proof-step-{}", step.step), None, &[]),
            who: step.staff.map(|id| who(id).unwrap_or_default()),
            when: texts.words.moment_in(&calendar, step.at()),
        });
        let steps = steps.collect();
        let Some(verification) = self.verification else {
            let said = texts.say("case-proof-none", None, &[]);
            return ProofView {
                said,
                is_waiting: false,
                may_ask: self.is_open,
                channel: None,
                sends: None,
                tries: None,
                steps,
            };
        };
        let is_asked = verification.state == VerificationState::Asked;
        let key = match (verification.state, self.proof) {
            (VerificationState::Confirmed, Some(Proof::Shared)) => "case-proof-shared".to_owned(),
            (known, _) => format!("case-proof-{}", known.name()),
        };
        let when = texts.words.moment_in(&calendar, verification.ends_at);
        ProofView {
            said: texts.say(&key, None, &[("when", when)]),
            is_waiting: self.is_open && is_asked,
            may_ask: self.is_open && !verification.is_confirmed(),
            channel: Some(channel(verification.channel)),
            sends: Some(texts.words.number(verification.sends, 0)),
            tries: Some(texts.words.number(verification.tries, 0)),
            steps,
        }
    }
}

fn why(refusal: VerificationRefusal) -> &'static str {
    match refusal {
        VerificationRefusal::Confirmed => "case-ask-refused-confirmed",
        VerificationRefusal::TooSoon(_) => "case-ask-refused-too-soon",
        VerificationRefusal::TooMany => "case-ask-refused-too-many",
    }
}

/// Somebody of the staff wants the friend to confirm.
pub async fn ask(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(case): Path<String>,
) -> Result<Response, PageError> {
    let case = asked(&state, &case).await?;
    if case.state != CaseState::Open {
        return shown(&staff, &state, &case, Form::default(), true).await;
    }
    let application = &state.application;
    let asked = application.verification_ask(case.friend, Asker::Staff(staff.account.id), None).await;
    match asked.map_err(|cause| PageError::internal(&cause))? {
        Ok(_) => {
            let mut transaction = application.database.write_aside().await?;
            staff.note(&mut transaction, application, "case_verification_asked", case.id.to_string(), "").await?;
            transaction.commit().await?;
            Ok(see_other(&format!("{HERE}/{}", case.id)))
        }
        Err(refusal) => {
            let mut form = Form::default();
            form.fault("ask", why(refusal));
            shown(&staff, &state, &case, form, false).await
        }
    }
}
