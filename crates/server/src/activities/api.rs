//! `/v1/activities`.

use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::kernel::MemberId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{ActivityAnswer, ActivityInput, CallOffInput};
use crate::ledger_entries::{ExplanationJson, Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::http::query::{ExplainQuery, IdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{Named, member_named, submit};
use crate::platform::http::{Json, Problem, Query};
use crate::platform::writer::{Answer, Submission, WriteError};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(activity_post)).routes(routes!(activity_call_off)).merge(super::batch::routes())
}

/// Post an activity
///
/// A dated fact about a member. Its own id makes it count once, however often it is sent.
#[utoipa::path(
    post,
    path = "/v1/activities",
    tag = "activities",
    params(ExplainQuery, IdempotencyKey),
    request_body = ActivityInput,
    responses(
        (status = 201, description = "What it led to", body = ActivityAnswer),
        (status = 200, description = "What would happen (dry run)", body = ActivityAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn activity_post(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<ExplainQuery>,
    Json { body, idempotency }: Json<ActivityInput>,
) -> Result<Written<ActivityAnswer>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let (member, activity) = body.into_activity(programme, application.clock.now())?;
    let row = member_named(&application, &member).await?;
    let command = Command::PostActivity { member: row.account, activity };
    let submission = Submission { idempotency, dry_run: query.dry_run, ..Submission::new(row.account, command) };
    let done = submit(&application, submission, query.explain).await?;
    let explanation = query.explain.then(|| ExplanationJson::of(&done, &application.rulebook(), language(query.lang)));
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(ActivityAnswer { transaction, explanation }, query.dry_run, done.repeated))
}

/// Call off an activity
///
/// It turned out not to have happened, or not to count: a review that was copied, attendance that was
/// cancelled. What it gave is taken back as a return takes back what an order gave: what is still
/// pending first, then what is available, then by the unit's policy on debts. Limits and budgets have
/// room again, and a voucher that was not used is cancelled. Calling off twice changes nothing.
#[utoipa::path(
    post,
    path = "/v1/activities/call_off",
    tag = "activities",
    params(WriteQuery, IdempotencyKey),
    request_body = CallOffInput,
    responses(
        (status = 201, description = "What it led to", body = ActivityAnswer),
        (status = 200, description = "What would happen (dry run)", body = ActivityAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn activity_call_off(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<CallOffInput>,
) -> Result<Written<ActivityAnswer>, Problem> {
    let row = member_named(&application, &body.member).await?;
    let submission = |member: MemberId| {
        let (activity, external_id) = (body.name.0.clone(), body.external_id.0.clone());
        let reason = body.reason.as_ref().map(|reason| reason.0.clone());
        let command = Command::CallOffActivity { member, activity, external_id, reason };
        Submission { idempotency: idempotency.clone(), dry_run: query.dry_run, ..Submission::new(member, command) }
    };
    let done = call_off(&application, &row, submission).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::created(ActivityAnswer { transaction, explanation: None }, query.dry_run, done.repeated))
}

/// An activity is known by the account for which it was posted: the one that is named, or another one of
/// the same person. Which one is found out beforehand, so that a key is not used up by a refusal.
async fn call_off(application: &Application, named: &Named, submission: impl Fn(MemberId) -> Submission) -> Answer {
    let others = application.merged_accounts(named.id).await?;
    for account in others.iter().copied().chain([named.id]).filter(|account| *account != named.account) {
        let trial = Submission { dry_run: true, idempotency: None, ..submission(account) };
        match application.writer.submit(trial).await {
            Err(WriteError::Refused(Refusal::UnknownActivity { .. })) => {}
            _ => return application.writer.submit(submission(account)).await,
        }
    }
    application.writer.submit(submission(named.account)).await
}
