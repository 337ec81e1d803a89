//! `/v1/ledger_entries`, and the entries of one member or household.

use axum::extract::State;
use lojal_core::kernel::{HolderId, Language};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::explanation::ExplanationJson;
use super::wire::{LedgerEntryJson, Telling, TransactionJson, WhyJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::{EntryKey, HouseholdKey, Lang, MemberName, MemberPath};
use crate::platform::http::page::{Cursor, Page, WordedPageQuery, unknown_cursor};
use crate::platform::http::query::{WhyQuery, WordsQuery, language};
use crate::platform::http::subject::{household_named, member_named, state_of};
use crate::platform::http::{Path, Problem, Query};
use crate::platform::journal::{journal_find, journal_walk};
use crate::platform::writer::Done;

/// Rows of the journal read at once while a page fills.
const STRIDE: usize = 50;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(member_entries))
        .routes(routes!(household_entries))
        .routes(routes!(entry_get))
        .routes(routes!(entry_why))
}

/// List a member's ledger entries
///
/// Newest first, each with its reason. What a member of a household earns moves on to the household,
/// whose entries are listed under its own address. So are those of an account that was merged, by its `mem_…`; its
/// other names lead to the member.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/ledger_entries",
    tag = "ledger_entries",
    params(
        ("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"),
        WordedPageQuery
    ),
    responses((status = 200, description = "A page of entries", body = Page<LedgerEntryJson>)),
    security(("key" = ["read"]))
)]
async fn member_entries(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<WordedPageQuery>,
) -> Result<axum::Json<Page<LedgerEntryJson>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let holder = if matches!(member.0, MemberName::Id(_)) { row.account } else { row.id };
    entries(&application, holder.into(), query).await
}

/// List a household's ledger entries
#[utoipa::path(
    get,
    path = "/v1/households/{household}/ledger_entries",
    tag = "ledger_entries",
    params(("household" = inline(HouseholdKey), Path, description = "`hol_…`"), WordedPageQuery),
    responses((status = 200, description = "A page of entries", body = Page<LedgerEntryJson>)),
    security(("key" = ["read"]))
)]
async fn household_entries(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(household): Path<HouseholdKey>,
    Query(query): Query<WordedPageQuery>,
) -> Result<axum::Json<Page<LedgerEntryJson>>, Problem> {
    household_named(&application, household.0).await?;
    entries(&application, household.0, query).await
}

/// Get a ledger entry
#[utoipa::path(
    get,
    path = "/v1/ledger_entries/{entry}",
    tag = "ledger_entries",
    params(("entry" = inline(EntryKey), Path, description = "`txn_…-N`"), WordsQuery),
    responses((status = 200, description = "The entry", body = LedgerEntryJson)),
    security(("key" = ["read"]))
)]
async fn entry_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(entry): Path<EntryKey>,
    Query(query): Query<WordsQuery>,
) -> Result<axum::Json<LedgerEntryJson>, Problem> {
    let (entry, _) = entry_named(&application, entry, language(query.lang)).await?;
    Ok(axum::Json(entry))
}

/// Say why an entry was made
///
/// In one sentence, and with all that happened in the same transaction.
#[utoipa::path(
    get,
    path = "/v1/ledger_entries/{entry}/why",
    tag = "ledger_entries",
    params(("entry" = inline(EntryKey), Path, description = "`txn_…-N`"), WhyQuery),
    responses((status = 200, description = "Why", body = WhyJson)),
    security(("key" = ["read"]))
)]
async fn entry_why(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(name): Path<EntryKey>,
    Query(query): Query<WhyQuery>,
) -> Result<axum::Json<WhyJson>, Problem> {
    let language = query.lang.unwrap_or(Lang::En).into();
    let (entry, mut done) = entry_named(&application, name, Some(language)).await?;
    if query.explain {
        done.explanation = application.explain(done.transaction).await?.unwrap_or_default();
    }
    let explanation = query.explain.then(|| ExplanationJson::of(&done, &application.rulebook(), Some(language)));
    let text = entry.text.clone().unwrap_or_default();
    let telling = Telling { language: Some(language), dry_run: false };
    let transaction = TransactionJson::new(&done, &application.rulebook(), telling);
    Ok(axum::Json(WhyJson { entry, text, transaction, explanation }))
}

async fn entry_named(
    application: &Application,
    name: EntryKey,
    language: Option<Language>,
) -> Result<(LedgerEntryJson, Done), Problem> {
    let unknown = || Problem::not_found("unknown_ledger_entry", "no such ledger entry");
    let done = application.transaction(name.transaction).await?.ok_or_else(unknown)?;
    let entry = LedgerEntryJson::new(&done, name.index, &application.rulebook(), language).ok_or_else(unknown)?;
    Ok((entry, done))
}

/// Walks the holder's chain of transactions backwards until the page is full. Effects without
/// postings are no entries.
async fn entries(
    application: &Application,
    holder: HolderId,
    query: WordedPageQuery,
) -> Result<axum::Json<Page<LedgerEntryJson>>, Problem> {
    let state = state_of(application, holder).await?;
    let limit = query.limit.0;
    let last = query.cursor.as_ref().map(read_cursor).transpose()?;
    let rulebook = application.rulebook();
    let mut connection = application.database.read().await?;
    if let Some(last) = last
        && journal_find(&mut connection, last.transaction).await?.is_none_or(|row| row.holder != holder)
    {
        return Err(unknown_cursor());
    }
    let mut next = Some(last.map_or(state.head, |last| last.transaction));
    let mut found = Vec::new();
    while let Some(from) = next.filter(|_| found.len() <= limit) {
        let rows = journal_walk(&mut connection, Some(from), STRIDE).await?;
        next = rows.last().and_then(|row| row.prev);
        for row in &rows {
            let done = row.done()?;
            for index in (0..done.decision.effects.len()).rev() {
                let seen = last.is_some_and(|last| last.transaction == row.id && index >= last.index);
                if seen || done.decision.effects[index].postings.is_empty() || found.len() > limit {
                    continue;
                }
                found.extend(LedgerEntryJson::new(&done, index, &rulebook, language(query.lang)));
            }
        }
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| has_more).map(|entry| entry.id.to_string());
    Ok(axum::Json(Page { data: found, has_more, next_cursor }))
}

fn read_cursor(cursor: &Cursor) -> Result<EntryKey, Problem> {
    EntryKey::parse(&cursor.0).map_err(|_| unknown_cursor())
}
