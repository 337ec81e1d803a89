//! `/v1/activities`.

use axum::extract::State;
use lojal_core::command::Command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{ActivityAnswer, ActivityInput};
use crate::ledger_entries::{ExplanationJson, Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::http::query::{ExplainQuery, IdempotencyKey, Written, language};
use crate::platform::http::subject::{member_named, submit};
use crate::platform::http::{Json, Problem, Query};
use crate::platform::writer::{Submission, WriteError};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(activity_post)).merge(super::batch::routes())
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
