//! `/v1/vouchers`, and the vouchers of one member.

use axum::extract::State;
use lojal_core::command::Command;
use lojal_core::decision::{Because, Record, VoucherRecord};
use lojal_core::kernel::{HolderId, Name};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{OpenVoucherJson, UseAnswer, UseInput, ValidateAnswer, ValidateInput, VoucherJson};
use crate::ledger_entries::{Telling, TransactionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::http::fields::{EntryKey, MemberName, MemberPath};
use crate::platform::http::page::Page;
use crate::platform::http::query::{IdempotencyKey, NoQuery, WriteQuery, Written, language};
use crate::platform::http::subject::{holder_now, member_named, state_of};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::writer::{Done, Submission};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(member_vouchers))
        .routes(routes!(voucher_validate))
        .routes(routes!(voucher_use))
        .routes(routes!(voucher_get))
}

/// List a member's vouchers
///
/// Those that can still be used, also those of a household and of accounts that were merged into the member's.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/vouchers",
    tag = "vouchers",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number")),
    responses((status = 200, description = "All open vouchers", body = Page<OpenVoucherJson>)),
    security(("key" = ["read"]))
)]
async fn member_vouchers(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<OpenVoucherJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let own = holder_now(&application, row.id.into()).await?;
    let accounts: Vec<HolderId> = own.merged_accounts().map(HolderId::from).collect();
    let mut open = own.vouchers;
    for other in row.household.into_iter().chain(accounts) {
        open.extend(holder_now(&application, other).await?.vouchers);
    }
    let rulebook = application.rulebook();
    let programme = rulebook.live().map(|programme| &**programme);
    let vouchers = open.iter().map(|voucher| OpenVoucherJson::new(voucher, programme));
    Ok(axum::Json(Page::whole(vouchers.collect())))
}

/// Validate a voucher
///
/// Says whether a code can be used now, and for what. Nothing is written.
#[utoipa::path(
    post,
    path = "/v1/vouchers/validate",
    tag = "vouchers",
    request_body = ValidateInput,
    params(IdempotencyKey),
    responses((status = 200, description = "Whether it can be used", body = ValidateAnswer)),
    security(("key" = ["read"]))
)]
async fn voucher_validate(
    _: Authority<Reads>,
    State(application): State<Application>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<ValidateInput>,
) -> Result<axum::Json<ValidateAnswer>, Problem> {
    let (record, done) = voucher_with_code(&application, &body.code.0, body.member.as_ref()).await?;
    let voucher = voucher_json(&application, &record, &done);
    let hindrance = voucher.hindrance().map(str::to_owned);
    Ok(axum::Json(ValidateAnswer { valid: hindrance.is_none(), code: hindrance, voucher }))
}

/// Use a voucher
///
/// Once. The second time it is refused.
#[utoipa::path(
    post,
    path = "/v1/vouchers/use",
    tag = "vouchers",
    params(WriteQuery, IdempotencyKey),
    request_body = UseInput,
    responses((status = 200, description = "Used", body = UseAnswer)),
    security(("key" = ["write"]))
)]
async fn voucher_use(
    _: Authority<Writes>,
    State(application): State<Application>,
    Query(query): Query<WriteQuery>,
    Json { body, idempotency }: Json<UseInput>,
) -> Result<Written<UseAnswer>, Problem> {
    let (known, found) = voucher_with_code(&application, &body.code.0, body.member.as_ref()).await?;
    let command = Command::UseVoucher { code: body.code.0, order: body.order.map(|order| order.0) };
    let submission = Submission { idempotency, dry_run: query.dry_run, ..Submission::new(found.holder, command) };
    let done = application.writer.submit(submission).await?;
    let record = match &done.record {
        Some(Record::Voucher(record)) => record,
        _ => &known,
    };
    let voucher = voucher_json(&application, record, &done);
    let telling = Telling { language: language(query.lang), dry_run: query.dry_run };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(Written::changed(UseAnswer { voucher, transaction }, done.repeated && !query.dry_run))
}

/// Get a voucher
///
/// By the ledger entry that issued it: its code does not belong into an address.
#[utoipa::path(
    get,
    path = "/v1/vouchers/{voucher}",
    tag = "vouchers",
    params(("voucher" = inline(EntryKey), Path, description = "`txn_…-N`, the entry that issued it")),
    responses((status = 200, description = "The voucher", body = VoucherJson)),
    security(("key" = ["read"]))
)]
async fn voucher_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(entry): Path<EntryKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<VoucherJson>, Problem> {
    let issued = application.transaction(entry.transaction).await?.ok_or_else(unknown)?;
    let effect = issued.decision.effects.get(entry.index).ok_or_else(unknown)?;
    let Because::VoucherIssued { code, .. } = &effect.because else {
        return Err(unknown());
    };
    let (record, done) = voucher_with_code(&application, code, None).await?;
    Ok(axum::Json(voucher_json(&application, &record, &done)))
}

fn unknown() -> Problem {
    Problem::not_found("unknown_voucher", "no such voucher")
}

fn voucher_json(application: &Application, record: &VoucherRecord, done: &Done) -> VoucherJson {
    let rulebook = application.rulebook();
    let programme = rulebook.version(done.decision.version).map(|programme| &**programme);
    VoucherJson::new(record, application.clock.now(), programme)
}

/// What is known of a code, with the transaction that last wrote it. A code of somebody else is as
/// unknown as one that never was.
async fn voucher_with_code(
    application: &Application,
    code: &Name,
    member: Option<&MemberName>,
) -> Result<(VoucherRecord, Done), Problem> {
    let member = match member {
        Some(member) => Some(member_named(application, member).await?),
        None => None,
    };
    let kept = application.voucher(code).await?.ok_or_else(unknown)?;
    if let Some(member) = member.filter(|member| member.holder() != kept.holder) {
        // It may be one of another account of the same person.
        let state = state_of(application, member.id.into()).await?;
        if !state.holder.accounts().any(|(account, _)| account.0 == kept.holder.0) {
            return Err(unknown());
        }
    }
    let done = application.transaction(kept.transaction).await?.ok_or_else(unknown)?;
    Ok((kept.thing, done))
}
