//! `/v1/codes` and `/v1/members/{member}/codes`.

use axum::Extension;
use axum::extract::State;
use lojal_core::kernel::{Id, Instant};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{CodeAnswer, CodeInput, CodeJson, CodeList};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::http::fields::{MemberKey, MemberPath};
use crate::platform::http::query::{IdempotencyKey, NoQuery, Written};
use crate::platform::http::referral_fields::CodeText;
use crate::platform::http::subject::member_named;
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::referral_codes::{
    CodeRefusal, LinkBase, Outcome, ReferralCode, WrittenCode, code_block, code_choose, code_find, code_find_by_name,
    code_lead, code_make, code_replace,
};
use crate::platform::requests::{request_begin, request_settle};
use crate::platform::sql::Transaction;
use crate::platform::writer::Idempotency;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(code_list, code_give))
        .routes(routes!(code_get))
        .routes(routes!(code_stop))
        .routes(routes!(code_resume))
        .routes(routes!(code_change))
}

/// List the codes of a member
///
/// By which the member recommends the shop: the newest first, blocked and replaced ones included, and those of accounts
/// that were merged into the member's.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/codes",
    tag = "referrals",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "The codes", body = CodeList)),
    security(("key" = ["read"]))
)]
async fn code_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<CodeList>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let codes = application.referral_codes(row.id).await?;
    Ok(axum::Json(CodeList { data: codes.iter().map(|code| CodeJson::new(code, &links)).collect() }))
}

/// Give a member a code
///
/// The member's code for the channel; it is made when there is none. With `name`, the name that is chosen: the one that
/// the member had chosen before leads on to it, and is never given to anybody else.
#[utoipa::path(
    post,
    path = "/v1/members/{member}/codes",
    tag = "referrals",
    params(
        ("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        IdempotencyKey,
    ),
    request_body = CodeInput,
    responses((status = 200, description = "The code", body = CodeJson)),
    security(("key" = ["write"]))
)]
async fn code_give(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
    Json { body, idempotency }: Json<CodeInput>,
) -> Result<Written<CodeJson>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let channel = body.channel.unwrap_or_default().0;
    let written = body.name.map(|name| WrittenCode::chosen(&name.0)).transpose();
    let written = written.map_err(|fault| Problem::field("/name", fault.code(), fault.to_string()))?;
    let mut step = Step::begin(&application, idempotency).await?;
    if step.first.is_some() {
        return step.again(&links).await;
    }
    let code = match written {
        Some(written) => code_choose(&application, &mut step.transaction, row.id, &channel, written).await,
        None => code_make(&application, &mut step.transaction, row.id, &channel).await,
    };
    step.end(code, &links).await
}

/// Look a code up
///
/// For a till or a checkout where somebody has typed it.
#[utoipa::path(
    get,
    path = "/v1/codes/{code}",
    tag = "referrals",
    params(("code" = inline(CodeText), Path, description = "As it stands in a link or was typed")),
    responses((status = 200, description = "The code", body = CodeAnswer)),
    security(("key" = ["read"]))
)]
async fn code_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(code): Path<CodeText>,
    _: Query<NoQuery>,
) -> Result<axum::Json<CodeAnswer>, Problem> {
    let mut connection = application.database.read().await?;
    let found = code_find_by_name(&mut connection, &code.0).await?;
    let found = found.ok_or_else(|| CodeRefusal::unknown(&code.0))?;
    let lead = code_lead(&mut connection, &code.0).await?.ok();
    let advocate = lead.map(|lead| MemberKey(lead.advocate));
    Ok(axum::Json(CodeAnswer { code: CodeJson::new(&found, &links), advocate }))
}

/// Block a code
///
/// It leads to nobody until it is unblocked. Names that lead on to it lead to nobody as well.
#[utoipa::path(
    post,
    path = "/v1/codes/{code}/block",
    tag = "referrals",
    params(("code" = inline(CodeText), Path, description = "As it stands in a link or was typed"), IdempotencyKey),
    request_body = Nothing,
    responses((status = 200, description = "The code", body = CodeJson)),
    security(("key" = ["write"]))
)]
async fn code_stop(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(code): Path<CodeText>,
    _: Query<NoQuery>,
    Json { idempotency, .. }: Json<Nothing>,
) -> Result<Written<CodeJson>, Problem> {
    let mut step = Step::begin(&application, idempotency).await?;
    if step.first.is_some() {
        return step.again(&links).await;
    }
    let code = step.named(code).await?;
    let blocked = code_block(&application, &mut step.transaction, &code, true).await;
    step.end(blocked, &links).await
}

/// Unblock a code
#[utoipa::path(
    post,
    path = "/v1/codes/{code}/unblock",
    tag = "referrals",
    params(("code" = inline(CodeText), Path, description = "As it stands in a link or was typed"), IdempotencyKey),
    request_body = Nothing,
    responses((status = 200, description = "The code", body = CodeJson)),
    security(("key" = ["write"]))
)]
async fn code_resume(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(code): Path<CodeText>,
    _: Query<NoQuery>,
    Json { idempotency, .. }: Json<Nothing>,
) -> Result<Written<CodeJson>, Problem> {
    let mut step = Step::begin(&application, idempotency).await?;
    if step.first.is_some() {
        return step.again(&links).await;
    }
    let code = step.named(code).await?;
    let unblocked = code_block(&application, &mut step.transaction, &code, false).await;
    step.end(unblocked, &links).await
}

/// Replace a code by a new one
///
/// Links with the old one go on leading to the member; with one that is blocked, to nobody still. Answers the new code.
#[utoipa::path(
    post,
    path = "/v1/codes/{code}/replace",
    tag = "referrals",
    params(("code" = inline(CodeText), Path, description = "As it stands in a link or was typed"), IdempotencyKey),
    request_body = Nothing,
    responses((status = 200, description = "The new code", body = CodeJson)),
    security(("key" = ["write"]))
)]
async fn code_change(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(links): Extension<LinkBase>,
    Path(code): Path<CodeText>,
    _: Query<NoQuery>,
    Json { idempotency, .. }: Json<Nothing>,
) -> Result<Written<CodeJson>, Problem> {
    let mut step = Step::begin(&application, idempotency).await?;
    if step.first.is_some() {
        return step.again(&links).await;
    }
    let code = step.named(code).await?;
    let replaced = code_replace(&application, &mut step.transaction, &code).await;
    step.end(replaced, &links).await
}

/// Nothing is to be said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[schema(as = ReferralCodeStepInput)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Something that is done with a code, once under an `Idempotency-Key`.
struct Step {
    transaction: Transaction,
    idempotency: Option<Idempotency>,
    /// The code to which an earlier request under the same key led.
    first: Option<String>,
    now: Instant,
}

impl Step {
    async fn begin(application: &Application, idempotency: Option<Idempotency>) -> Result<Step, Problem> {
        let mut transaction = application.database.write_aside().await?;
        let now = application.clock.now();
        let first = request_begin(&mut transaction, idempotency.as_ref(), now).await?;
        Ok(Step { transaction, idempotency, first, now })
    }

    /// The code that an address names, as the transaction sees it.
    async fn named(&mut self, code: CodeText) -> Result<ReferralCode, Problem> {
        let found = code_find_by_name(&mut self.transaction, &code.0).await?;
        Ok(found.ok_or_else(|| CodeRefusal::unknown(&code.0))?)
    }

    /// Answers a request that came before with its code, as that stands now. Nothing is done again.
    async fn again(mut self, links: &LinkBase) -> Result<Written<CodeJson>, Problem> {
        let code = self.first.as_ref().and_then(|code| code.parse().ok()).and_then(Id::from_number);
        let found = match code {
            Some(code) => code_find(&mut self.transaction, code).await?,
            None => None,
        };
        let code = found.ok_or(CodeRefusal::Unknown)?;
        Ok(Written::changed(CodeJson::new(&code, links), true))
    }

    /// Keeps what was done, or nothing of it.
    async fn end(mut self, outcome: Outcome<ReferralCode>, links: &LinkBase) -> Result<Written<CodeJson>, Problem> {
        let code = outcome??;
        request_settle(&mut self.transaction, self.idempotency.as_ref(), &code.id.number().to_string(), self.now)
            .await?;
        self.transaction.commit().await?;
        Ok(Written::changed(CodeJson::new(&code, links), false))
    }
}
