//! `/console/members/requests/merges`: a second person looks at two accounts, and has them merged or not.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, MemberId};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::actions::idempotency;
use super::holders::holders;
use super::merge_requests::{MERGES, MergeRequest};
use super::merges::{merged, why_not};
use super::merging::Merge;
use super::pages::address;
use super::pair::Pair;
use super::requests;
use crate::platform::pages::{Frame, PageError, PageState, see_other};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Permission, Staff, Views, account_list};

/// Where requests stand.
pub const HERE: &str = "/console/members/requests/merges";

/// A request as a list has it.
#[derive(Serialize)]
pub struct WaitingView {
    id: i64,
    address: String,
    survivor: String,
    account: String,
    reason: String,
    asked_by: String,
    asked_at: String,
    state: String,
    settled_by: Option<String>,
}

/// What waits, and what was settled.
pub async fn waiting(
    state: &PageState,
    frame: &Frame,
    connection: &mut Connection,
) -> Result<(Vec<WaitingView>, Vec<WaitingView>), PageError> {
    let (open, settled) = (MERGES.open(connection).await?, MERGES.settled(connection).await?);
    let all = || open.iter().chain(&settled);
    let members = all().flat_map(|request| [request.survivor.into(), request.account.into()]);
    let called = holders(state, connection, members.collect::<Vec<HolderId>>()).await?;
    let staff: BTreeMap<i64, String> =
        account_list(connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let words = &state.pages.texts(frame.language()).words;
    let calendar = state.application.calendar();
    let name = |member: MemberId| called.get(&member.into()).map_or(member.to_string(), |view| view.name.clone());
    let of_staff = |id: i64| staff.get(&id).cloned().unwrap_or_default();
    let view = |request: &MergeRequest| WaitingView {
        id: request.id,
        address: format!("{HERE}/{}", request.id),
        survivor: name(request.survivor),
        account: name(request.account),
        reason: request.reason.clone(),
        asked_by: of_staff(request.asked_by),
        asked_at: words.moment_in(&calendar, request.asked_at),
        state: request.state.clone(),
        settled_by: request.settled_by.map(of_staff),
    };
    Ok((open.iter().map(view).collect(), settled.iter().map(view).collect()))
}

/// What somebody asks for, with both accounts beside each other.
pub async fn request(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    decided_on(&staff, &state, id, None).await
}

async fn asked(state: &PageState, id: i64) -> Result<MergeRequest, PageError> {
    MERGES.find(&mut *state.application.database.read().await?, id).await?.ok_or(PageError::NOT_FOUND)
}

async fn decided_on<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    id: i64,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let asked = asked(state, id).await?;
    let application = &state.application;
    let survivor = application.member(asked.survivor).await?.ok_or(PageError::NOT_FOUND)?;
    let account = application.member(asked.account).await?.ok_or(PageError::NOT_FOUND)?;
    let pair = Pair::of(state, survivor, account, Some(asked.survivor)).await?;
    let mut frame = staff.frame.clone();
    frame.path = format!("{HERE}/{id}");
    let foreseen = if asked.is_open() { Some(pair.foreseen(state)) } else { None };
    let hindered = match &foreseen {
        Some(Err(refusal)) => Some(why_not(state, &frame, refusal)),
        _ => None,
    };
    let names = account_list(&mut *application.database.read().await?).await?;
    let name = |id: i64| names.iter().find(|account| account.id == id).map(|account| account.name.clone());
    let words = &state.pages.texts(frame.language()).words;
    let at = |moment| words.moment_in(&application.calendar(), moment);
    let view = pair.view(state, &frame, foreseen.as_ref().and_then(|foreseen| foreseen.as_ref().ok()));
    let content = context! {
        id,
        pair => Value::from(Serde(&view)),
        hindered,
        refused,
        reason => asked.reason,
        asked_by => name(asked.asked_by),
        asked_at => at(asked.asked_at),
        is_open => asked.settled_at.is_none(),
        is_untouched => asked.state == "open",
        state => asked.state,
        settled_by => asked.settled_by.and_then(name),
        settled_at => asked.settled_at.map(at),
        is_own => asked.asked_by == staff.account.id,
        may_manage => staff.may::<Manages>(),
    };
    Ok(state.pages.html("members/merge-request.html", &frame, content)?.into_response())
}

/// Has it done. What the ledger has taken is not taken again, whoever stopped half-way.
pub async fn confirm(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let request = asked(&state, id).await?;
    if request.asked_by == staff.account.id {
        return Err(PageError::FORBIDDEN);
    }
    let mut transaction = application.database.write_aside().await?;
    let is_open = MERGES.take(&mut transaction, id).await?;
    transaction.commit().await?;
    if !is_open {
        return Ok(see_other(&format!("{HERE}/{id}")));
    }
    let MergeRequest { survivor, account, .. } = request;
    let key = idempotency(request.key(), survivor, &Command::Merge { account })?;
    let done =
        merged(&state, &staff.frame, Merge { survivor, account, dry_run: false, idempotency: Some(key) }).await?;
    let mut transaction = application.database.write_aside().await?;
    match done {
        Ok(()) => {
            let ends = ("confirming", "confirmed");
            let (by, now) = (staff.account.id, application.clock.now());
            if MERGES.settle(&mut transaction, id, ends, by, now).await? {
                let (subject, detail) = (survivor.to_string(), account.to_string());
                staff.note(&mut transaction, application, "merge_confirmed", subject, detail).await?;
            }
            transaction.commit().await?;
            Ok(see_other(&format!("{}?done=merged", address(survivor))))
        }
        Err(words) => {
            MERGES.reopen(&mut transaction, id, request.attempt).await?;
            transaction.commit().await?;
            decided_on(&staff, &state, id, Some(words)).await
        }
    }
}

/// Says no, or, to one's own request, that it is no longer wanted.
pub async fn refuse(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(id): Path<i64>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let request = asked(&state, id).await?;
    let mut transaction = application.database.write_aside().await?;
    let (by, now) = (staff.account.id, application.clock.now());
    if MERGES.settle(&mut transaction, id, ("open", "refused"), by, now).await? {
        let (subject, detail) = (request.survivor.to_string(), request.account.to_string());
        staff.note(&mut transaction, application, "merge_refused", subject, detail).await?;
    }
    transaction.commit().await?;
    Ok(see_other(requests::HERE))
}
