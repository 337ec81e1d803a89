//! `/v1/activities:batch`.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{ActivityAnswer, ActivityInput};
use crate::ingestion::{Asked, BatchQuery, Entry, IfUnknown, LineJson, Reading, Room, Subject, stream};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::http::{Problem, Query};
use crate::platform::writer::Done;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(activity_batch)).layer(Extension(Room::default()))
}

/// Post many activities
///
/// An activity on each line (NDJSON, plain or with `Content-Encoding: gzip`), as `POST
/// /v1/activities` takes it; a result line for each, in the same order, while the body is still
/// being read. A line that is wrong fails alone; blank lines are skipped. The same body may be sent
/// again: nothing counts twice.
#[utoipa::path(
    post,
    path = "/v1/activities:batch",
    tag = "activities",
    params(BatchQuery),
    request_body(content = ActivityInput, content_type = "application/x-ndjson"),
    responses((
        status = 200,
        description = "A result line for each line, as they are carried out",
        body = LineJson<ActivityAnswer>,
        content_type = "application/x-ndjson"
    )),
    security(("key" = ["write"]))
)]
async fn activity_batch(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<BatchQuery>,
    request: Request,
) -> Result<Response, Problem> {
    stream::<Activities>(application, query, request)
}

struct Activities;

impl Subject for Activities {
    type Input = ActivityInput;
    type Mark = ();
    type Answer = ActivityAnswer;

    const TURNS: Option<&'static str> = None;

    fn read(input: ActivityInput, reading: &Reading<'_>) -> Result<(Entry, ()), Problem> {
        let (member, activity) = input.into_activity(reading.programme, reading.now)?;
        let asked = Asked::Activity(activity);
        Ok((Entry { member, asked, at: None, dry_run: reading.dry_run, if_unknown: IfUnknown::Leave, seen: None }, ()))
    }

    fn status(dry_run: bool) -> StatusCode {
        if dry_run { StatusCode::OK } else { StatusCode::CREATED }
    }

    fn answer(application: &Application, done: &Done, (): (), telling: Telling) -> ActivityAnswer {
        ActivityAnswer { transaction: TransactionJson::new(done, &application.rulebook(), telling), explanation: None }
    }
}
