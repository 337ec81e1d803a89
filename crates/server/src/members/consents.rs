//! `/v1/members/{member}/consents`.

use axum::extract::State;
use lojal_core::decision::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::clock::whole_microseconds;
use crate::platform::consents::{Consent, Purpose, consent_add, consent_list};
use crate::platform::enrolment::MemberStatus;
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{MemberPath, Time};
use crate::platform::http::page::Page;
use crate::platform::http::query::NoQuery;
use crate::platform::http::subject::member_named;
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::WriteError;

/// What a member may agree to.
#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsentPurpose)]
#[serde(rename_all = "snake_case")]
enum PurposeJson {
    /// Offers by e-mail.
    Email,
    /// Offers by text message.
    Sms,
}

impl From<PurposeJson> for Purpose {
    fn from(purpose: PurposeJson) -> Purpose {
        match purpose {
            PurposeJson::Email => Purpose::Email,
            PurposeJson::Sms => Purpose::Sms,
        }
    }
}

impl From<Purpose> for PurposeJson {
    fn from(purpose: Purpose) -> PurposeJson {
        match purpose {
            Purpose::Email => PurposeJson::Email,
            Purpose::Sms => PurposeJson::Sms,
        }
    }
}

/// What a member says about one purpose.
#[derive(Deserialize, ToSchema)]
#[schema(as = ConsentInput, example = json!({"given": true}))]
#[serde(deny_unknown_fields)]
struct ConsentInput {
    /// `false`: withdrawn.
    given: bool,
    /// Now, when it is left out.
    changed_at: Option<Time>,
}

/// What a member said about one purpose.
#[derive(Serialize, ToSchema)]
#[schema(as = Consent)]
struct ConsentJson {
    purpose: PurposeJson,
    given: bool,
    changed_at: Time,
}

impl From<&Consent> for ConsentJson {
    fn from(consent: &Consent) -> ConsentJson {
        ConsentJson { purpose: consent.purpose.into(), given: consent.is_given, changed_at: Time(consent.changed_at) }
    }
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(consent_put)).routes(routes!(consents))
}

/// Write down what a member agrees to
///
/// Every change of mind stays, with its time. Who says what holds already changes nothing.
#[utoipa::path(
    put,
    path = "/v1/members/{member}/consents/{purpose}",
    tag = "members",
    params(
        ("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        ("purpose" = inline(PurposeJson), Path, description = "What it is about")
    ),
    request_body = ConsentInput,
    responses((status = 200, description = "What holds now", body = ConsentJson)),
    security(("key" = ["write"]))
)]
async fn consent_put(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path((member, purpose)): Path<(MemberPath, PurposeJson)>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<ConsentInput>,
) -> Result<axum::Json<ConsentJson>, Problem> {
    let row = member_named(&application, &member.0).await?;
    if row.status == MemberStatus::Left {
        return Err(WriteError::Refused(Refusal::MemberLeft).into());
    }
    let now = application.clock.now();
    let mut faults = Faults::default();
    let stated_at = body.changed_at.map(|time| whole_microseconds(faults.past("/changed_at", time, now)));
    faults.finish()?;
    let purpose = Purpose::from(purpose);
    let mut transaction = application.database.write_aside_in(row.id.part()).await?;
    let known = consent_list(&mut transaction, row.id).await?;
    let last = known.iter().rev().find(|consent| consent.purpose == purpose);
    if let Some(last) = last.filter(|last| stated_at.is_none() && last.is_given == body.given) {
        transaction.rollback().await?;
        return Ok(axum::Json(ConsentJson::from(last)));
    }
    let changed_at = stated_at.unwrap_or_else(|| whole_microseconds(now));
    consent_add(&mut transaction, row.id, purpose, body.given, changed_at).await?;
    let said = consent_list(&mut transaction, row.id).await?;
    transaction.commit().await?;
    let stated = Consent { purpose, changed_at, is_given: body.given };
    if !said.contains(&stated) {
        return Err(Problem::conflict(
            "already_stated",
            "something else was said at this very moment; nothing is overwritten",
        ));
    }
    let last = said.iter().rev().find(|consent| consent.purpose == purpose).unwrap_or(&stated);
    Ok(axum::Json(ConsentJson::from(last)))
}

/// List what a member agreed to
///
/// All that was ever said, the oldest first: of each purpose the last one holds, and what was never said is not given.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/consents",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "By time", body = Page<ConsentJson>)),
    security(("key" = ["read"]))
)]
async fn consents(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<ConsentJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let said = consent_list(&mut *application.database.read().await?, row.id).await?;
    Ok(axum::Json(Page::whole(said.iter().map(ConsentJson::from).collect())))
}
