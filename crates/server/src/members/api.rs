//! `/v1/members`.

use axum::Extension;
use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, MemberId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::merging::{Merge, MergeOutcome, merge};
use super::wire::{
    EnrolAnswer, LeaveAnswer, LeaveQuery, MemberInput, MemberJson, MemberPatch, MemberSummary, MergeAnswer, MergeInput,
    MergeOutcomeJson, PatchAnswer,
};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::{Application, NewMember};
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::clicks::Clicks;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{MemberKey, MemberName, MemberPath};
use crate::platform::http::page::{Page, PageQuery, unknown_cursor};
use crate::platform::http::query::{IdempotencyKey, NoQuery, RequiredIdempotencyKey, WriteQuery, Written, language};
use crate::platform::http::subject::{member_named, state_of};
use crate::platform::http::{Json, JsonOnce, Path, Problem, Query};
use crate::platform::identity::Identity;
use crate::platform::introductions::{Met, introduce};
use crate::platform::writer::{Idempotency, Submission};
use crate::referrals::IntroducedJson;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(member_enrol, member_list))
        .routes(routes!(member_get, member_patch, member_leave))
        .routes(routes!(member_merge))
        .routes(routes!(lead_track))
}

/// Enrol a member
///
/// The shop's own id is unique: a second member with it is refused. With `referral`, whoever recommended the shop is
/// looked for; that nobody is found refuses nothing.
#[utoipa::path(
    post,
    path = "/v1/members",
    tag = "members",
    params(WriteQuery, IdempotencyKey),
    request_body = MemberInput,
    responses(
        (status = 201, description = "Enrolled", body = EnrolAnswer),
        (status = 200, description = "What would happen (dry run)", body = EnrolAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn member_enrol(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<MemberInput>,
) -> Result<Written<EnrolAnswer>, Problem> {
    enrolled(&application, &clicks, body, idempotency, &query).await
}

/// Tell of a lead
///
/// Somebody joined, with what they came with. The same as enrolling a member.
#[utoipa::path(
    post,
    path = "/v1/track/lead",
    tag = "referrals",
    params(WriteQuery, RequiredIdempotencyKey),
    request_body = MemberInput,
    responses(
        (status = 201, description = "Enrolled", body = EnrolAnswer),
        (status = 200, description = "What would happen (dry run)", body = EnrolAnswer)
    ),
    security(("key" = ["write"]))
)]
async fn lead_track(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<MemberInput>,
) -> Result<Written<EnrolAnswer>, Problem> {
    enrolled(&application, &clicks, body, Some(idempotency), &query).await
}

async fn enrolled(
    application: &Application,
    clicks: &Clicks,
    mut body: MemberInput,
    idempotency: Option<Idempotency>,
    query: &WriteQuery,
) -> Result<Written<EnrolAnswer>, Problem> {
    let now = application.clock.now();
    let mut faults = Faults::default();
    body.check(&mut faults);
    let joined_at = body.joined_at.map_or(now, |time| faults.past("/joined_at", time, now));
    faults.finish()?;

    let met: Option<Met> = body.referral.take().map(Met::from);
    let external_id = body.external_id.0.to_string();
    let profile = body.profile();
    let new = NewMember {
        profile,
        identity: body.person.map(Identity::from).unwrap_or_default(),
        joined_at: Some(joined_at),
        idempotency,
        dry_run: query.dry_run,
        ..NewMember::new(external_id.clone())
    };
    let done = application.enrol(new).await?;
    if let Some(identifiers) = body.identifiers.filter(|_| !query.dry_run) {
        application.watch_if_checked(MemberId(done.holder.0), &identifiers.clear()).await?;
    }
    let referral = match met.filter(|_| !query.dry_run) {
        Some(met) => Some(introduce(application, clicks, MemberId(done.holder.0), &met, joined_at).await?),
        None => None,
    };

    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let answer = EnrolAnswer {
        id: (!query.dry_run).then_some(MemberKey(MemberId(done.holder.0))),
        external_id,
        transaction: TransactionJson::new(&done, &application.rulebook(), telling),
        referral: referral.as_ref().map(IntroducedJson::from),
    };
    Ok(Written::created(answer, query.dry_run, done.repeated))
}

/// List members
#[utoipa::path(
    get,
    path = "/v1/members",
    tag = "members",
    params(PageQuery),
    responses((status = 200, description = "A page of members", body = Page<MemberSummary>)),
    security(("key" = ["read"]))
)]
async fn member_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Page<MemberSummary>>, Problem> {
    let after: Option<MemberId> =
        query.cursor.map(|cursor| cursor.0.parse().map_err(|_| unknown_cursor())).transpose()?;
    let limit = query.limit.0;
    let mut rows = application.members(after, limit + 1).await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|row| row.id.to_string());
    Ok(axum::Json(Page { data: rows.iter().map(MemberSummary::from).collect(), has_more, next_cursor }))
}

/// Get a member
#[utoipa::path(
    get,
    path = "/v1/members/{member}",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "The member", body = MemberJson)),
    security(("key" = ["read"]))
)]
async fn member_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<MemberJson>, Problem> {
    let row = member_named(&application, &member.0).await?;
    Ok(axum::Json(member_json(&application, row.id).await?))
}

/// Change a member
///
/// What is left out stays as it is, `null` takes it away; `segments` replaces all segments. Named by its `mem_…`, an
/// account that was merged has its `person` corrected, and nothing else; the answer is the member whose account it became.
#[utoipa::path(
    patch,
    path = "/v1/members/{member}",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"), WriteQuery),
    request_body = MemberPatch,
    responses((status = 200, description = "The member after the change", body = PatchAnswer)),
    security(("key" = ["write"]))
)]
async fn member_patch(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<WriteQuery>,
    Json { mut body, .. }: Json<MemberPatch>,
) -> Result<axum::Json<PatchAnswer>, Problem> {
    let named = member_named(&application, &member.0).await?;
    let is_of_person = body.person.is_some() && !body.changes_profile();
    let account = match member.0 {
        // What is known of the person under an account that was merged goes on letting them in, so it can be corrected.
        MemberName::Id(_) if is_of_person => named.account,
        _ => named.itself()?.id,
    };
    let mut faults = Faults::default();
    let current = state_of(&application, account.into()).await?.holder;
    let profile = body.profile(&current.profile, &mut faults);
    let person = body.person.take();
    if let Some(person) = &person {
        let known = application.identity(account).await?;
        person.clone().apply(known.unwrap_or_default(), &mut faults);
    }
    faults.finish()?;

    let mut transaction = None;
    if body.changes_profile() {
        let command = Command::UpdateProfile { profile };
        let submission = Submission { dry_run: query.dry_run, ..Submission::new(account, command) };
        let done = application.writer.submit(submission).await?;
        let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
        transaction = Some(TransactionJson::new(&done, &application.rulebook(), telling));
    }
    if let Some(person) = person.filter(|_| !query.dry_run) {
        // It was sound beside what was known then, and each field is checked by itself.
        let change = |_: &MemberRow, known| person.apply(known, &mut Faults::default());
        application.change_identity(account, change).await?;
    }
    Ok(axum::Json(PatchAnswer { member: member_json(&application, account).await?, transaction }))
}

/// Let a member leave the programme
///
/// Points are forfeited and nothing is earned any more. `erase=true` forgets the personal data as
/// well, and the shop's own id of the member, so that only `mem_…` finds the member from then on;
/// the ledger stays, under an id that names nobody. Leaving twice changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/members/{member}",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"), LeaveQuery),
    responses((status = 200, description = "The member has left", body = LeaveAnswer)),
    security(("key" = ["write"]))
)]
async fn member_leave(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<LeaveQuery>,
) -> Result<axum::Json<LeaveAnswer>, Problem> {
    let row = member_named(&application, &member.0).await?.itself()?;
    let mut transaction = None;
    if row.status == MemberStatus::Active {
        let holder = HolderId::from(row.id);
        let submission = Submission { dry_run: query.dry_run, ..Submission::new(holder, Command::Leave) };
        let done = application.writer.submit(submission).await?;
        let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
        transaction = Some(TransactionJson::new(&done, &application.rulebook(), telling));
    }
    if query.erase && !query.dry_run {
        application.erase_member(row.id).await?;
    }
    let row = member_named(&application, &MemberName::Id(row.id)).await?;
    let erased = row.is_erased() && application.identity(row.id).await?.is_none();
    Ok(axum::Json(LeaveAnswer { id: MemberKey(row.id), transaction, erased }))
}

/// Merge another account into a member's
///
/// For somebody who has two. Points, what is owed, limits, levels and counts go to the member; personal data and
/// attributes are taken over where nothing is known of the member. Orders, holds, vouchers and the story stay with the
/// account, whose ids and cards name the member from now on. It cannot be undone.
///
/// The member is asked, then the account, which takes a moment: `outcome` tells what came of it. What either would
/// refuse is refused before anything is written. Merging an account that is merged already changes nothing.
#[utoipa::path(
    post,
    path = "/v1/members/{member}/merge",
    tag = "members",
    params(("member" = inline(MemberPath), Path, description = "Whose account stays: `mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"), WriteQuery, RequiredIdempotencyKey),
    request_body = MergeInput,
    responses((status = 200, description = "Merged, or under way", body = MergeAnswer)),
    security(("key" = ["write"]))
)]
async fn member_merge(
    _: Authority<Writes>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<WriteQuery>,
    JsonOnce { body, idempotency }: JsonOnce<MergeInput>,
) -> Result<Written<MergeAnswer>, Problem> {
    let survivor = member_named(&application, &member.0).await?;
    let account = member_named(&application, &body.account)
        .await
        .map_err(|problem| problem.with_detail("no such account to merge"))?;
    let asked = Merge {
        survivor: survivor.account,
        account: account.account,
        dry_run: query.dry_run,
        idempotency: Some(idempotency),
    };
    let (done, outcome) = merge(&application, asked).await?;
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let (outcome, refusal) = match outcome {
        MergeOutcome::Merged => (MergeOutcomeJson::Merged, None),
        MergeOutcome::UnderWay => (MergeOutcomeJson::UnderWay, None),
        MergeOutcome::Abandoned { refusal } => (MergeOutcomeJson::Abandoned, Some(refusal.to_string())),
    };
    let answer = MergeAnswer {
        outcome: (!query.dry_run).then_some(outcome),
        refusal,
        member: member_json(&application, survivor.id).await?,
        transaction: TransactionJson::new(&done, &application.rulebook(), telling),
    };
    Ok(Written::changed(answer, done.repeated))
}

/// All that is known of a member.
pub async fn member_json(application: &Application, id: MemberId) -> Result<MemberJson, Problem> {
    let row = member_named(application, &MemberName::Id(id)).await?;
    let holder = state_of(application, row.id.into()).await?.holder;
    let identity = application.identity(row.id).await?;
    let accepted = application.acceptances(row.id).await?;
    Ok(MemberJson::new(&row, &holder, identity, &accepted))
}
