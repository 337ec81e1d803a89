//! `/v1/referrals/{friend}/verification`.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use lojal_core::kernel::MemberId;
use lojal_core::referrals::{Rejection, Stage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{CodeInput, VerificationInput, VerificationJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::courier::Courier;
use crate::platform::fraud::{Asker, Channel, Confirming, Verification, VerificationRefusal, verification_find};
use crate::platform::http::fields::MemberPath;
use crate::platform::http::query::{IdempotencyKey, NoQuery};
use crate::platform::http::subject::{holder_now, member_named};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::requests::{request_begin, request_settle};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(verification_get, verification_send)).routes(routes!(verification_confirm))
}

/// Get how far a friend has come with confirming
#[utoipa::path(
    get,
    path = "/v1/referrals/{friend}/verification",
    tag = "referrals",
    params(("friend" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "How far it has come", body = VerificationJson)),
    security(("key" = ["read"]))
)]
async fn verification_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(friend): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<VerificationJson>, Problem> {
    let friend = member_named(&application, &friend.0).await?.id;
    Ok(axum::Json(VerificationJson::from(&known(&application, friend).await?)))
}

/// Ask a friend to confirm
///
/// Sends a code, or sends one again, which the friend enters on the page that the message leads to, or with you. Where the
/// checks have asked already, this is the same question. A message a minute, five in all.
#[utoipa::path(
    post,
    path = "/v1/referrals/{friend}/verification",
    tag = "referrals",
    params(
        ("friend" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        IdempotencyKey
    ),
    request_body = VerificationInput,
    responses((status = 202, description = "A message is on its way", body = VerificationJson)),
    security(("key" = ["write"]))
)]
async fn verification_send(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(courier): Extension<Courier>,
    Path(friend): Path<MemberPath>,
    _: Query<NoQuery>,
    Json { body, idempotency }: Json<VerificationInput>,
) -> Result<(StatusCode, axum::Json<VerificationJson>), Problem> {
    let friend = member_named(&application, &friend.0).await?.id;
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    let before = request_begin(&mut transaction, idempotency.as_ref(), now).await?;
    // It is noted once it has led to something.
    transaction.rollback().await?;
    if before.is_some() {
        let known = known(&application, friend).await?;
        return Ok((StatusCode::ACCEPTED, axum::Json(VerificationJson::from(&known))));
    }
    recommended(&application, friend).await?;
    let wanted = body.channel.map(Channel::from);
    let person = application.identity(friend).await.map_err(|cause| Problem::internal(&cause))?.unwrap_or_default();
    if courier.ways(&application, &person, wanted).is_empty() {
        let detail = "there is no way to send the friend a code: neither a mail address nor a telephone number is known \
                      that this service is set up to send to";
        return Err(Problem::conflict("no_way_to_send", detail));
    }
    let asked = application.verification_ask(friend, Asker::Shop, wanted).await;
    let asked = asked.map_err(|cause| Problem::internal(&cause))??;
    let mut transaction = application.database.write_aside().await?;
    request_settle(&mut transaction, idempotency.as_ref(), &friend.to_string(), now).await?;
    transaction.commit().await?;
    Ok((StatusCode::ACCEPTED, axum::Json(VerificationJson::from(&asked))))
}

/// Confirm with a code
///
/// The code that the friend was sent and has typed on a page of yours. A right one counts once and for fifteen minutes; after
/// five wrong ones only a new one helps. The recommendation is looked at again at once.
#[utoipa::path(
    post,
    path = "/v1/referrals/{friend}/verification/confirm",
    tag = "referrals",
    params(
        ("friend" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        IdempotencyKey
    ),
    request_body = CodeInput,
    responses((status = 200, description = "It is confirmed", body = VerificationJson)),
    security(("key" = ["write"]))
)]
async fn verification_confirm(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(friend): Path<MemberPath>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<CodeInput>,
) -> Result<axum::Json<VerificationJson>, Problem> {
    let friend = member_named(&application, &friend.0).await?.id;
    let before = known(&application, friend).await?;
    if before.is_confirmed() {
        return Ok(axum::Json(VerificationJson::from(&before)));
    }
    if application.verification_confirm(Confirming::Friend(friend), &body.code.0).await?.is_none() {
        let detail = "is not right, or too old: after five attempts only a new one helps";
        return Err(Problem::field("/code", "wrong_code", detail));
    }
    Ok(axum::Json(VerificationJson::from(&known(&application, friend).await?)))
}

async fn known(application: &Application, friend: MemberId) -> Result<Verification, Problem> {
    let unknown = || Problem::not_found("unknown_verification", "nobody has asked this friend to confirm");
    verification_find(&mut *application.database.read().await?, friend).await?.ok_or_else(unknown)
}

/// Refuses whoever came by nobody, or by a recommendation that is over.
async fn recommended(application: &Application, friend: MemberId) -> Result<(), Problem> {
    let holder = holder_now(application, friend.into()).await?;
    let unknown = || Problem::not_found("unknown_referral", "nobody is credited with this member");
    let state = holder.referral.as_deref().ok_or_else(unknown)?;
    let is_over = match &state.stage {
        Stage::Expired { .. } => true,
        Stage::Rejected { rejection, .. } => *rejection != Rejection::Fraud,
        _ => false,
    };
    if is_over {
        return Err(Problem::conflict(
            "referral_over",
            "the recommendation has come to an end: there is nothing to confirm",
        ));
    }
    Ok(())
}

impl From<VerificationRefusal> for Problem {
    fn from(refusal: VerificationRefusal) -> Problem {
        let detail = refusal.to_string();
        match refusal {
            VerificationRefusal::Confirmed => Problem::conflict(refusal.code(), detail),
            VerificationRefusal::TooSoon(seconds) => {
                let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, refusal.code(), detail);
                problem.retry_after(u64::try_from(seconds).unwrap_or(1))
            }
            VerificationRefusal::TooMany => Problem::new(StatusCode::TOO_MANY_REQUESTS, refusal.code(), detail),
        }
    }
}
