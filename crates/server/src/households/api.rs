//! `/v1/households`.

use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::holder::HolderKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::http::fields::{HouseholdKey, MemberKey, MemberName, MemberPath, Time};
use crate::platform::http::query::{IdempotencyKey, NoQuery, WriteQuery, Written, language};
use crate::platform::http::subject::{household_named, member_named, unknown_household, unknown_member};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::Submission;

/// Nothing is to be said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HouseholdInput {}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"member": "customer-1001"}))]
#[serde(deny_unknown_fields)]
struct HouseholdMemberInput {
    member: MemberName,
}

/// Members who share their wallets.
#[derive(Serialize, ToSchema)]
#[schema(as = Household)]
struct HouseholdJson {
    id: HouseholdKey,
    opened_at: Time,
    members: Vec<MemberKey>,
}

#[derive(Serialize, ToSchema)]
struct HouseholdAnswer {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<HouseholdKey>,
    transaction: TransactionJson,
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(household_open))
        .routes(routes!(household_get))
        .routes(routes!(household_add_member))
        .routes(routes!(household_remove_member))
}

/// Open a household
#[utoipa::path(
    post,
    path = "/v1/households",
    tag = "households",
    params(WriteQuery, IdempotencyKey),
    request_body = HouseholdInput,
    responses(
        (status = 201, description = "Opened", body = HouseholdAnswer),
        (status = 200, description = "What would happen (dry run)", body = HouseholdAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn household_open(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    Json { idempotency, .. }: Json<HouseholdInput>,
) -> Result<Written<HouseholdAnswer>, Problem> {
    let done = application.open_household(idempotency, query.dry_run).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let answer = HouseholdAnswer {
        id: (!query.dry_run).then_some(HouseholdKey(done.holder)),
        transaction: TransactionJson::new(&done, &application.rulebook(), telling),
    };
    Ok(Written::created(answer, query.dry_run, done.repeated))
}

/// Get a household
#[utoipa::path(
    get,
    path = "/v1/households/{household}",
    tag = "households",
    params(("household" = inline(HouseholdKey), Path, description = "`hol_…`")),
    responses((status = 200, description = "The household", body = HouseholdJson)),
    security(("key" = ["read"]))
)]
async fn household_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(household): Path<HouseholdKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<HouseholdJson>, Problem> {
    let holder = household_named(&application, household.0).await?;
    let HolderKind::Household { members } = &holder.kind else {
        return Err(unknown_household());
    };
    Ok(axum::Json(HouseholdJson {
        id: household,
        opened_at: Time(holder.joined_at),
        members: members.iter().map(|member| MemberKey(*member)).collect(),
    }))
}

/// Add a member to a household
///
/// What the member has goes along, a moment later; from now on the member's activities count for
/// the household.
#[utoipa::path(
    post,
    path = "/v1/households/{household}/members",
    tag = "households",
    params(("household" = inline(HouseholdKey), Path, description = "`hol_…`"), WriteQuery, IdempotencyKey),
    request_body = HouseholdMemberInput,
    responses((status = 200, description = "Added", body = HouseholdAnswer)),
    security(("key" = ["write"]))
)]
async fn household_add_member(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(household): Path<HouseholdKey>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<HouseholdMemberInput>,
) -> Result<Written<HouseholdAnswer>, Problem> {
    let holder = household_named(&application, household.0).await?;
    let row = member_named(&application, &body.member).await?;
    let rulebook = application.rulebook();
    let most = rulebook.live().and_then(|programme| programme.households);
    if let (Some(most), HolderKind::Household { members }) = (most, &holder.kind)
        && !members.contains(&row.id)
        && members.len() as u64 >= most.unsigned_abs()
    {
        return Err(Refusal::HouseholdFull { most }.into());
    }
    let command = Command::JoinHousehold { household: household.0 };
    let submission = Submission { idempotency, dry_run: query.dry_run, ..Submission::new(row.id, command) };
    let done = application.writer.submit(submission).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::changed(HouseholdAnswer { id: Some(household), transaction }, done.repeated && !query.dry_run))
}

/// Remove a member from a household
///
/// The wallets stay with the household; from now on the member's activities count for the member.
#[utoipa::path(
    delete,
    path = "/v1/households/{household}/members/{member}",
    tag = "households",
    params(
        ("household" = inline(HouseholdKey), Path, description = "`hol_…`"),
        ("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        WriteQuery
    ),
    responses((status = 200, description = "Removed", body = HouseholdAnswer)),
    security(("key" = ["write"]))
)]
async fn household_remove_member(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path((household, member)): Path<(HouseholdKey, MemberPath)>,
    Query(query): Query<WriteQuery>,
) -> Result<axum::Json<HouseholdAnswer>, Problem> {
    household_named(&application, household.0).await?;
    let row = member_named(&application, &member.0).await?;
    if row.household != Some(household.0) {
        return Err(unknown_member());
    }
    let submission = Submission {
        dry_run: query.dry_run,
        ..Submission::new(row.id, Command::LeaveHousehold { household: row.household })
    };
    let done = application.writer.submit(submission).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(axum::Json(HouseholdAnswer { id: Some(household), transaction }))
}
