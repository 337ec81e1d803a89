//! `/console/members/{member}/merge`: finding another account of the same person, looking at both, and making one of
//! them. Above what one person may adjust alone, a second one decides, who sees the same (`merge_decisions.rs`).

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::kernel::{MemberId, Part};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;

use super::actions::{forget, form_name, hindrance, idempotency, is_sure, may_alone, named};
use super::merge_requests::{
    NewMergeRequest, merge_request_alone, merge_request_done, merge_request_drop, merge_request_insert,
    merge_request_of,
};
use super::merging::{Merge, MergeOutcome, merge};
use super::pages::{Named, RowView, address, member_of, rows};
use super::pair::Pair;
use super::requests;
use super::shares::Share;
use super::view::alike_of;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::fields::Remark;
use crate::platform::pages::{Form, Frame, PageError, PageState, see_other};
use crate::platform::search::Search;
use crate::platform::staff::{Serves, Staff};
use crate::platform::writer::WriteError;

const MOST_FOUND: usize = 25;

#[derive(Deserialize)]
pub struct MergeQuery {
    /// The other account.
    with: Option<String>,
    /// Which of the two stays.
    keep: Option<String>,
}

/// The page on which another account is chosen, or on which both stand beside each other.
pub async fn page(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    Query(query): Query<MergeQuery>,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    let Some(with) = query.with else { return choosing(&staff, &state, &row, Form::default()).await };
    let keep = query.keep.map(|keep| keep.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
    let here = row.id;
    let pair = Pair::of(&state, row, member_of(&state, &with).await?, keep).await?;
    shown(&staff, &state, here, &pair, Form::default(), None).await
}

/// What was typed to find the other account is personal data, so it travels in a form and never in an address.
pub async fn search(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    choosing(&staff, &state, &row, form).await
}

async fn choosing(
    staff: &Staff<Serves>,
    state: &PageState,
    row: &MemberRow,
    form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut frame = staff.frame.clone();
    frame.path = format!("{}/merge", address(row.id));
    let typed = form.text("sought").to_owned();
    let search = Search::new(&typed);
    let mut found: Vec<MemberRow> = Vec::new();
    if !typed.is_empty() {
        for member in application.search_members(&search, MOST_FOUND).await?.members {
            let member = application.survivor(member).await?;
            if member.id != row.id && found.iter().all(|known| known.id != member.id) {
                found.push(member);
            }
        }
    }
    let is_short = !typed.is_empty() && found.is_empty() && search.is_too_short();
    let alike = alike_of(application, row).await?;
    let identity = application.identity(row.id).await?.unwrap_or_default();
    let external_id = (!row.is_erased()).then(|| row.external_id.clone());
    let found: Vec<RowView> = rows(state, &frame, &found).await?;
    let content = context! {
        id => row.id.to_string(),
        title => identity.name.or(external_id).unwrap_or_else(|| row.id.to_string()),
        is_closed => row.status != MemberStatus::Active,
        alike => Value::from(Serde(&alike)),
        form => Value::from(Serde(&form)),
        is_sought => !typed.is_empty(),
        is_short,
        found => Value::from(Serde(&found)),
    };
    Ok(state.pages.html("members/merge-with.html", &frame, content)?.into_response())
}

/// Both accounts, with what would happen, and the form that has it done.
async fn shown(
    staff: &Staff<Serves>,
    state: &PageState,
    here: MemberId,
    pair: &Pair,
    form: Form,
    refused: Option<String>,
) -> Result<Response, PageError> {
    let mut frame = staff.frame.clone();
    let (survivor, account) = (pair.survivor.row.id, pair.account.row.id);
    let other = if here == survivor { account } else { survivor };
    let at = format!("{}/merge", address(here));
    frame.path = format!("{at}?with={other}&keep={survivor}");
    let foreseen = pair.foreseen(state);
    let mut connection = state.application.database.read().await?;
    let waiting = merge_request_of(&mut connection, [survivor, account]).await?;
    let waiting = waiting.values().find(|request| request.is_open()).map(|request| request.id);
    let limit = requests::limit_find(&mut connection).await?;
    drop(connection);
    let rulebook = state.application.rulebook();
    let size = foreseen
        .as_ref()
        .ok()
        .zip(rulebook.live())
        .map_or(0, |(foreseen, programme)| pair.at_stake(foreseen, programme));
    let words = &state.pages.texts(frame.language()).words;
    let hindered = foreseen.as_ref().err().map(|refusal| why_not(state, &frame, refusal));
    // A form that comes back keeps its name: sent again, it is the same one.
    let once = if form.text("once").is_empty() { form_name()? } else { form.text("once").to_owned() };
    let content = context! {
        pair => Value::from(Serde(&pair.view(state, &frame, foreseen.as_ref().ok()))),
        here => here.to_string(),
        other => other.to_string(),
        swap => format!("{at}?with={other}&keep={account}"),
        hindered,
        refused,
        waiting,
        needs_two => size > limit,
        limit => words.number(limit, 0),
        form => Value::from(Serde(&form)),
        once,
    };
    Ok(state.pages.html("members/merge.html", &frame, content)?.into_response())
}

/// Why two accounts cannot be merged.
pub(super) fn why_not(state: &PageState, frame: &Frame, refusal: &Refusal) -> String {
    let texts = state.pages.texts(frame.language());
    match state.application.rulebook().live() {
        Some(programme) => texts.words.about(programme).refusal(refusal),
        None => texts.say("overview-no-programme", None, &[]),
    }
}

/// Merges both, or asks for a second person.
pub async fn submit(
    staff: Staff<Serves>,
    State(state): State<PageState>,
    Path(name): Named,
    mut form: Form,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    let other = member_of(&state, form.text("with")).await?;
    let keep: MemberId = form.text("keep").parse().map_err(|_| PageError::NOT_FOUND)?;
    let once = named(&form)?;
    let here = row.id;
    let pair = Pair::of(&state, row, other, Some(keep)).await?;
    let (survivor, account) = (pair.survivor.row.id, pair.account.row.id);
    let to = |done: &str| see_other(&format!("{}?done={done}", address(survivor)));
    if pair.is_merged() {
        // Whoever was interrupted after the ledger had it makes good what was not noted.
        written_down(&staff, &state, &pair, &once).await?;
        return Ok(to("merged"));
    }
    let reason = form.required("reason");
    let reason = Remark::parse(&reason).map_err(|_| form.fault("reason", "fault-text")).ok();
    let (true, Some(reason)) = (is_sure(&mut form), reason) else {
        return shown(&staff, &state, here, &pair, form, None).await;
    };
    let application = &state.application;
    let rulebook = application.rulebook();
    // Whether it can be done at all is said to the one who asks, not to the one who confirms.
    let (Ok(foreseen), Some(programme)) = (pair.foreseen(&state), rulebook.live()) else {
        return shown(&staff, &state, here, &pair, form, None).await;
    };
    let day = application.calendar().date(application.clock.now());
    let size = pair.brought(&foreseen, programme);
    let share = Share { form: &once, staff: staff.account.id, member: survivor, day, size };
    // Either may be the one that stays: what it has already is as much at stake, but counts for no day.
    let limit = requests::limit_find(&mut *application.database.read().await?).await?;
    let is_alone = pair.at_stake(&foreseen, programme) <= limit && may_alone(application, &share).await?;
    let request = NewMergeRequest {
        id: application.ids.next(Part::PROGRAMME).number(),
        form: once.clone(),
        survivor,
        account,
        reason: reason.0,
        asked_by: staff.account.id,
        asked_at: application.clock.now(),
        is_alone,
    };
    // Who wants it, and why, is written down before the ledger has it, so that no interruption leaves it unsaid.
    let mut transaction = application.database.write_aside().await?;
    let is_new = merge_request_insert(&mut transaction, &request).await?;
    if is_new {
        staff.note(&mut transaction, application, "merge_requested", survivor.to_string(), account.to_string()).await?;
    }
    let begun = merge_request_alone(&mut transaction, &once).await?;
    transaction.commit().await?;
    if !is_alone {
        return Ok(to("merge-requested"));
    }
    if begun != Some((staff.account.id, account, survivor)) {
        // The same form asked for something else before, or for a second person.
        let words = hindrance(&state, &staff.frame, WriteError::KeyReused)?;
        form.values.remove("once");
        return shown(&staff, &state, here, &pair, form, Some(words)).await;
    }
    let key = idempotency(once.clone(), survivor, &Command::Merge { account })?;
    let asked = Merge { survivor, account, dry_run: false, idempotency: Some(key) };
    if let Err(words) = merged(&state, &staff.frame, asked).await? {
        forget(application, &share).await?;
        let mut transaction = application.database.write_aside().await?;
        merge_request_drop(&mut transaction, &once).await?;
        transaction.commit().await?;
        // Another attempt is another one.
        form.values.remove("once");
        return shown(&staff, &state, here, &pair, form, Some(words)).await;
    }
    written_down(&staff, &state, &pair, &once).await?;
    Ok(to("merged"))
}

/// Notes that what was begun alone by this form is done, unless it was noted before.
async fn written_down(staff: &Staff<Serves>, state: &PageState, pair: &Pair, once: &str) -> Result<(), PageError> {
    let application = &state.application;
    let (survivor, account) = (pair.survivor.row.id, pair.account.row.id);
    let (by, now) = (staff.account.id, application.clock.now());
    let mut transaction = application.database.write_aside().await?;
    if merge_request_done(&mut transaction, once, (survivor, account), by, now).await? {
        staff.note(&mut transaction, application, "accounts_merged", survivor.to_string(), account.to_string()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Has it done; answers why not, in the reader's words.
pub(super) async fn merged(state: &PageState, frame: &Frame, asked: Merge) -> Result<Result<(), String>, PageError> {
    match merge(&state.application, asked).await {
        Ok((_, MergeOutcome::Merged | MergeOutcome::UnderWay)) => Ok(Ok(())),
        Ok((_, MergeOutcome::Abandoned { .. })) => {
            Ok(Err(state.pages.texts(frame.language()).say("merge-abandoned", None, &[])))
        }
        Err(cause) => Ok(Err(hindrance(state, frame, cause)?)),
    }
}
