//! `/v1/cases`.

use std::cmp::Reverse;

use axum::extract::State;
use lojal_core::kernel::CaseId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{CaseJson, CaseQuery, DecisionInput, UndoInput, rule_named};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::fraud::{
    CaseFilter, CaseHand, CaseRefusal, case_find, case_find_all, case_page, case_steps, send_decision,
    verification_find,
};
use crate::platform::http::fields::CaseKey;
use crate::platform::http::page::{Page, unknown_cursor};
use crate::platform::http::query::{IdempotencyKey, NoQuery};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::verifications::VerificationJson;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(case_list))
        .routes(routes!(case_get))
        .routes(routes!(case_decide))
        .routes(routes!(case_undo))
}

/// List cases
///
/// Recommendations that somebody should look at, the newest first. A page of one rule may be empty although more follow:
/// only so many cases are looked through at once.
#[utoipa::path(
    get,
    path = "/v1/cases",
    tag = "cases",
    params(CaseQuery),
    responses((status = 200, description = "A page of cases", body = Page<CaseJson>)),
    security(("key" = ["read"]))
)]
async fn case_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<CaseQuery>,
) -> Result<axum::Json<Page<CaseJson>>, Problem> {
    let before: Option<CaseId> =
        query.cursor.map(|cursor| cursor.0.parse().map_err(|_| unknown_cursor())).transpose()?;
    let rule = query.rule.map(|code| rule_named(&code).ok_or_else(unknown_rule)).transpose()?;
    let filter = CaseFilter { state: query.state.map(Into::into), rule };
    let mut connection = application.database.read().await?;
    let page = case_page(&mut connection, filter, before, query.limit.0).await?;
    let mut cases = case_find_all(&mut connection, page.cases.iter().map(|case| case.id)).await?;
    drop(connection);
    cases.sort_by_key(|case| Reverse(case.id));
    let rulebook = application.rulebook();
    Ok(axum::Json(Page {
        data: cases.iter().map(|case| CaseJson::listed(case, rulebook.live().map(|live| &**live))).collect(),
        has_more: page.next.is_some(),
        next_cursor: page.next.map(|next| next.to_string()),
    }))
}

fn unknown_rule() -> Problem {
    let detail = "rule: is no rule; those of the programme's [fraud.rules] are";
    Problem::new(axum::http::StatusCode::BAD_REQUEST, "invalid_parameter", detail)
}

/// Get a case
#[utoipa::path(
    get,
    path = "/v1/cases/{case}",
    tag = "cases",
    params(("case" = inline(CaseKey), Path, description = "`cas_…`")),
    responses((status = 200, description = "The case", body = CaseJson)),
    security(("key" = ["read"]))
)]
async fn case_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(case): Path<CaseKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<CaseJson>, Problem> {
    case_json(&application, case.0).await.map(axum::Json)
}

/// Decide a case
///
/// `confirmed` says that the recommendation was made up, `cleared` that it was honest. What spoke in the case weighs a
/// little more or less from then on.
#[utoipa::path(
    post,
    path = "/v1/cases/{case}/decide",
    tag = "cases",
    params(("case" = inline(CaseKey), Path, description = "`cas_…`"), IdempotencyKey),
    request_body = DecisionInput,
    responses((status = 200, description = "The case", body = CaseJson)),
    security(("key" = ["write"]))
)]
async fn case_decide(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(case): Path<CaseKey>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<DecisionInput>,
) -> Result<axum::Json<CaseJson>, Problem> {
    let hand = CaseHand { application: &application, staff: None };
    let mut transaction = application.database.write_aside().await?;
    let known = case_find(&mut transaction, case.0).await?.ok_or(CaseRefusal::Unknown)?;
    let decision = body.decision.into();
    // The same decision again is the one that is there.
    if known.state.decision() != Some(decision) {
        hand.decide(&mut transaction, case.0, decision, &body.reason.0).await??;
        transaction.commit().await?;
        send_decision(&application, case.0).await;
    } else {
        drop(transaction);
    }
    case_json(&application, case.0).await.map(axum::Json)
}

/// Take a decision back
///
/// As if it had never been taken: the case waits again.
#[utoipa::path(
    post,
    path = "/v1/cases/{case}/undo",
    tag = "cases",
    params(("case" = inline(CaseKey), Path, description = "`cas_…`"), IdempotencyKey),
    request_body = UndoInput,
    responses((status = 200, description = "The case", body = CaseJson)),
    security(("key" = ["write"]))
)]
async fn case_undo(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(case): Path<CaseKey>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<UndoInput>,
) -> Result<axum::Json<CaseJson>, Problem> {
    let hand = CaseHand { application: &application, staff: None };
    let mut transaction = application.database.write_aside().await?;
    hand.undo(&mut transaction, case.0, &body.reason.0).await??;
    transaction.commit().await?;
    send_decision(&application, case.0).await;
    case_json(&application, case.0).await.map(axum::Json)
}

async fn case_json(application: &Application, case: CaseId) -> Result<CaseJson, Problem> {
    let mut connection = application.database.read().await?;
    let known = case_find(&mut connection, case).await?.ok_or(CaseRefusal::Unknown)?;
    let steps = case_steps(&mut connection, case).await?;
    let verification = verification_find(&mut connection, known.friend).await?;
    let rulebook = application.rulebook();
    let case = CaseJson::new(&known, &steps, rulebook.live().map(|live| &**live));
    Ok(CaseJson { verification: verification.as_ref().map(VerificationJson::from), ..case })
}
