//! What waits for a second pair of eyes: adjustments, and accounts to be merged.

use std::collections::{BTreeMap, HashMap};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lojal_core::command::Command;
use lojal_core::kernel::{Id, Instant, MemberId, Name, Part};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::actions::{hindrance, idempotency};
use super::amounts::typed_amount;
use super::confirming::Requests;
use super::merge_decisions;
use super::merge_requests::MERGES;
use crate::platform::enrolment::{MemberRow, member_find_all};
use crate::platform::http::subject::spend_once;
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::sql::{self, Connection, Row, cells, damaged};
use crate::platform::staff::{Manages, Owns, Permission, Staff, Views, account_list};
use crate::platform::writer::Submission;

pub const HERE: &str = "/console/members/requests";
/// What one person may give to or take from a member in a day, in whole units, where the owner has said nothing else.
const USUAL_LIMIT: i64 = 1_000;
/// The setting that says something else.
const LIMIT: &str = "adjustment_limit";
/// Adjustments that wait.
const ADJUSTMENTS: Requests<Request> = Requests {
    table: "adjustment_request",
    columns: "id, member, unit, brand, amount, reason, state, attempt, asked_by, asked_at, settled_by",
    read: Request::read,
};

/// An adjustment that somebody asks for.
pub struct NewRequest {
    pub id: i64,
    /// The form by which it was asked for: it counts once.
    pub form: String,
    pub member: MemberId,
    pub unit: Name,
    pub brand: Name,
    pub amount: i64,
    pub reason: Name,
    pub asked_by: i64,
    pub asked_at: Instant,
}

struct Request {
    id: i64,
    member: MemberId,
    unit: Name,
    brand: Name,
    amount: i64,
    reason: Name,
    state: String,
    /// How often the ledger has refused it.
    attempt: i64,
    asked_by: i64,
    asked_at: Instant,
    settled_by: Option<i64>,
}

impl Request {
    fn read(row: &Row) -> Result<Request, sql::Error> {
        let number: i64 = sql::column(row, "member")?;
        let member = Id::from_number(number).ok_or_else(|| damaged(format!("{number} is no id")))?;
        let asked_at = Instant::from_microsecond(sql::column(row, "asked_at")?).map_err(damaged)?;
        Ok(Request {
            id: sql::column(row, "id")?,
            member: MemberId(member),
            unit: Name::from(sql::column::<&str>(row, "unit")?),
            brand: Name::from(sql::column::<&str>(row, "brand")?),
            amount: sql::column(row, "amount")?,
            reason: Name::from(sql::column::<&str>(row, "reason")?),
            state: sql::column(row, "state")?,
            attempt: sql::column(row, "attempt")?,
            asked_by: sql::column(row, "asked_by")?,
            asked_at,
            settled_by: sql::column(row, "settled_by")?,
        })
    }

    fn command(&self) -> Command {
        let (unit, brand) = (self.unit.clone(), self.brand.clone());
        Command::Adjust { unit, brand, amount: self.amount, reason: self.reason.clone() }
    }
}

/// Answers whether it is new.
pub async fn request_insert(connection: &mut Connection, request: &NewRequest) -> Result<bool, sql::Error> {
    let sql = "insert into adjustment_request
                   (part, id, form, member, unit, brand, amount, reason, state, attempt, asked_by, asked_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, 'open', 0, ?, ?)
               on conflict (part, form) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        request.id,
        request.form.as_str(),
        request.member.number(),
        request.unit.as_str(),
        request.brand.as_str(),
        request.amount,
        request.reason.as_str(),
        request.asked_by,
        request.asked_at.as_microsecond(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// How much waits, of either kind.
pub async fn requests_count(connection: &mut Connection) -> Result<usize, sql::Error> {
    Ok(ADJUSTMENTS.count(connection).await? + MERGES.count(connection).await?)
}

/// What one person may give to or take from a member in a day, in whole units.
pub async fn limit_find(connection: &mut Connection) -> Result<i64, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), LIMIT]).await? else {
        return Ok(USUAL_LIMIT);
    };
    let bytes: &[u8] = sql::column(&row, "value")?;
    Ok(bytes.try_into().map_or(USUAL_LIMIT, i64::from_le_bytes))
}

async fn limit_set(connection: &mut Connection, limit: i64) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let cells = cells![Part::PROGRAMME.number(), LIMIT, limit.to_le_bytes().to_vec()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

#[derive(Serialize)]
struct RequestView {
    id: i64,
    member: String,
    name: String,
    amount: String,
    reason: String,
    asked_by: String,
    asked_at: String,
    state: String,
    settled_by: Option<String>,
    /// Nobody confirms what they ask for themselves.
    is_own: bool,
}

pub async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    shown(&staff, &state, Form::default(), None).await
}

/// `refused` is a request with what the ledger says against it.
async fn shown<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    form: Form,
    refused: Option<(i64, String)>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let open = ADJUSTMENTS.open(&mut connection).await?;
    let settled = ADJUSTMENTS.settled(&mut connection).await?;
    let limit = limit_find(&mut connection).await?;
    let (merges, merges_settled) = merge_decisions::waiting(state, &staff.frame, &mut connection).await?;
    let staff_names: BTreeMap<i64, String> =
        account_list(&mut connection).await?.into_iter().map(|account| (account.id, account.name)).collect();
    let members: Vec<MemberId> = open.iter().chain(&settled).map(|request| request.member).collect();
    let people = identity_find_all(&mut connection, &application.vault, members.iter().copied()).await?;
    let rows = member_find_all(&mut connection, members).await?;
    drop(connection);
    let rows: HashMap<MemberId, MemberRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    let words = &state.pages.texts(staff.frame.language()).words;
    let calendar = application.calendar();
    let rulebook = application.rulebook();
    let name = |member: MemberId| {
        let known = people.get(&member).and_then(|person| person.name.clone());
        let external_id = rows.get(&member).filter(|row| !row.is_erased()).map(|row| row.external_id.clone());
        known.or(external_id).unwrap_or_else(|| member.to_string())
    };
    let named = |id: i64| staff_names.get(&id).cloned().unwrap_or_default();
    let view = |request: &Request| RequestView {
        id: request.id,
        member: request.member.to_string(),
        name: name(request.member),
        amount: match rulebook.live() {
            Some(programme) => words.about(programme).signed_amount(&request.unit, request.amount),
            None => request.amount.to_string(),
        },
        reason: request.reason.to_string(),
        asked_by: named(request.asked_by),
        asked_at: words.moment_in(&calendar, request.asked_at),
        state: request.state.clone(),
        settled_by: request.settled_by.map(named),
        is_own: request.asked_by == staff.account.id,
    };
    let mut frame = staff.frame.clone();
    frame.path = HERE.to_owned();
    let content = context! {
        open => Value::from(Serde(&open.iter().map(view).collect::<Vec<_>>())),
        settled => Value::from(Serde(&settled.iter().map(view).collect::<Vec<_>>())),
        merges => Value::from(Serde(&merges)),
        merges_settled => Value::from(Serde(&merges_settled)),
        refused_id => refused.as_ref().map(|(id, _)| *id),
        refused => refused.as_ref().map(|(_, words)| words.as_str()),
        limit => words.number(limit, 0),
        form => Value::from(Serde(&form)),
        may_manage => staff.may::<Manages>(),
        may_own => staff.may::<Owns>(),
    };
    Ok(state.pages.html("members/requests.html", &frame, content)?.into_response())
}

async fn asked(state: &PageState, id: i64) -> Result<Request, PageError> {
    let found = ADJUSTMENTS.find(&mut *state.application.database.read().await?, id).await?;
    found.ok_or(PageError::NOT_FOUND)
}

/// Has it done. What the ledger has taken is not taken again, whoever stopped half-way: until the ledger
/// refuses it, each attempt has the same key.
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
    let row = application.member(request.member).await?.ok_or(PageError::NOT_FOUND)?;
    let mut transaction = application.database.write_aside().await?;
    let is_open = ADJUSTMENTS.take(&mut transaction, id).await?;
    transaction.commit().await?;
    if !is_open {
        return Ok(see_other(HERE));
    }
    let command = request.command();
    let key = format!("console-request-{id}-{}", request.attempt);
    let idempotency = idempotency(key, row.id, &command)?;
    let submission =
        |holder| Submission { idempotency: Some(idempotency.clone()), ..Submission::new(holder, command.clone()) };
    match spend_once(application, &row, submission).await {
        Ok(_) => {
            let mut transaction = application.database.write_aside().await?;
            let ends = ("confirming", "confirmed");
            if ADJUSTMENTS.settle(&mut transaction, id, ends, staff.account.id, application.clock.now()).await? {
                let detail = format!("{:+} {}", request.amount, request.unit);
                staff.note(&mut transaction, application, "adjustment_confirmed", row.id.to_string(), detail).await?;
            }
            transaction.commit().await?;
            Ok(see_other(HERE))
        }
        Err(cause) => {
            let words = hindrance(&state, &staff.frame, cause)?;
            let mut transaction = application.database.write_aside().await?;
            ADJUSTMENTS.reopen(&mut transaction, id, request.attempt).await?;
            transaction.commit().await?;
            shown(&staff, &state, Form::default(), Some((id, words))).await
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
    let ends = ("open", "refused");
    if ADJUSTMENTS.settle(&mut transaction, id, ends, staff.account.id, application.clock.now()).await? {
        let detail = format!("{:+} {}", request.amount, request.unit);
        let member = request.member.to_string();
        staff.note(&mut transaction, application, "adjustment_refused", member, detail).await?;
    }
    transaction.commit().await?;
    Ok(see_other(HERE))
}

pub async fn change_limit(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let typed = form.required("limit");
    let limit = typed_amount(&typed, 0, staff.frame.language());
    if limit.is_none() {
        form.fault("limit", "fault-amount");
    }
    let Some(limit) = limit.filter(|_| form.is_sound()) else { return shown(&staff, &state, form, None).await };
    let mut transaction = state.application.database.write_aside().await?;
    limit_set(&mut transaction, limit).await?;
    staff.note(&mut transaction, &state.application, "adjustment_limit_set", "", limit.to_string()).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
