//! `/v1/members/{member}/terms_acceptances`.

use axum::extract::State;
use lojal_core::decision::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::acceptances::Acceptance;
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::clock::whole_microseconds;
use crate::platform::enrolment::MemberStatus;
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{Lang, MemberPath, Time};
use crate::platform::http::page::Page;
use crate::platform::http::query::{NoQuery, Written};
use crate::platform::http::subject::member_named;
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::WriteError;

/// What a member accepts.
#[derive(Deserialize, ToSchema)]
#[schema(as = TermsAcceptanceInput, example = json!({"version": 2, "language": "pl"}))]
#[serde(deny_unknown_fields)]
struct AcceptanceInput {
    /// The version of the programme whose terms the member read. It need not hold yet.
    #[schema(minimum = 1)]
    version: u32,
    /// The language in which the member read them.
    language: Lang,
    /// Now, when it is left out.
    accepted_at: Option<Time>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AcceptQuery {
    /// Answers what would happen and writes nothing.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
}

/// A version of the terms that a member accepted.
#[derive(Serialize, ToSchema)]
#[schema(as = TermsAcceptance)]
pub struct AcceptanceJson {
    #[schema(minimum = 1)]
    version: u32,
    language: Lang,
    accepted_at: Time,
    /// When it was written down.
    recorded_at: Time,
}

impl From<&Acceptance> for AcceptanceJson {
    fn from(acceptance: &Acceptance) -> AcceptanceJson {
        AcceptanceJson {
            version: acceptance.version,
            language: acceptance.language.into(),
            accepted_at: Time(acceptance.accepted_at),
            recorded_at: Time(acceptance.recorded_at),
        }
    }
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(terms_accept, terms_acceptance_list))
}

/// Write down that a member accepts the terms
///
/// Of one version, in one language. The first acceptance of a version stays: whoever sends another one of the same
/// version gets the first again.
#[utoipa::path(
    post,
    path = "/v1/members/{member}/terms_acceptances",
    tag = "members",
    params(
        ("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        AcceptQuery
    ),
    request_body = AcceptanceInput,
    responses(
        (status = 201, description = "Written down, now or before", body = AcceptanceJson),
        (status = 200, description = "What would be written down (dry run)", body = AcceptanceJson)
    ),
    security(("key" = ["write"]))
)]
async fn terms_accept(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<AcceptQuery>,
    Json { body, .. }: Json<AcceptanceInput>,
) -> Result<Written<AcceptanceJson>, Problem> {
    let row = member_named(&application, &member.0).await?;
    if row.status == MemberStatus::Left {
        return Err(WriteError::Refused(Refusal::MemberLeft).into());
    }
    let now = whole_microseconds(application.clock.now());
    let mut faults = Faults::default();
    let rulebook = application.rulebook();
    match rulebook.version(body.version) {
        None => faults.add("/version", "unknown_version", "no such version"),
        Some(programme) if !programme.languages.contains(&body.language.into()) => {
            let tag = body.language.tag();
            faults.add("/language", "unknown_language", format_args!("this version has no texts in {tag}"));
        }
        Some(_) => {}
    }
    let accepted_at = body.accepted_at.map_or(now, |time| faults.past("/accepted_at", time, now));
    if let Some(version) = application.version(body.version).await?
        && accepted_at < version.published_at
    {
        let published = version.published_at;
        faults.add("/accepted_at", "too_early", format_args!("the version was published at {published}, after that"));
    }
    faults.finish()?;

    let acceptance = Acceptance {
        version: body.version,
        language: body.language.into(),
        accepted_at: whole_microseconds(accepted_at),
        recorded_at: now,
    };
    let (written, is_known) = match query.dry_run {
        false => application.accept_terms(row.id, &acceptance).await?,
        true => match application.acceptance(row.id, acceptance.version).await? {
            Some(first) => (first, true),
            None => (acceptance, false),
        },
    };
    Ok(Written::created(AcceptanceJson::from(&written), query.dry_run, is_known))
}

/// List the versions of the terms that a member accepted
#[utoipa::path(
    get,
    path = "/v1/members/{member}/terms_acceptances",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "By version", body = Page<AcceptanceJson>)),
    security(("key" = ["read"]))
)]
async fn terms_acceptance_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<AcceptanceJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let accepted = application.acceptances(row.id).await?;
    Ok(axum::Json(Page::whole(accepted.iter().map(AcceptanceJson::from).collect())))
}
