//! All that was decided, the latest first.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::{Id, Instant, TransactionId};
use lojal_core::ledger::Account;
use lojal_core::words::{Speaker, speaks_of};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use crate::members::{HolderView, holders};
use crate::platform::journal::{JournalRow, journal_browse};
use crate::platform::pages::{Form, Frame, PageError, PageState};
use crate::platform::sql::Connection;
use crate::platform::staff::{Staff, Views};
use crate::platform::writer::Done;

const ON_A_PAGE: usize = 40;

/// Kinds of commands that may be chosen, by the name of the choice.
const KINDS: [(&str, &[&str]); 10] = [
    ("orders", &["put_order"]),
    ("returns", &["return_lines", "return_without_order"]),
    ("activities", &["post_activity"]),
    ("redemptions", &["redeem", "roll_back_redemption"]),
    ("vouchers", &["use_voucher"]),
    ("holds", &["hold", "capture_hold", "release_hold"]),
    ("adjustments", &["adjust"]),
    ("transfers", &["transfer", "receive", "take_back"]),
    (
        "members",
        &[
            "enrol",
            "leave",
            "update_profile",
            "open_household",
            "join_household",
            "leave_household",
            "admit_member",
            "dismiss_member",
        ],
    ),
    ("time", &["tick"]),
];

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    /// The last day that is shown.
    #[serde(default)]
    until: String,
    before: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    when: String,
    holder: HolderView,
    what: String,
    /// What became of what can be spent and of what is pending.
    changes: Vec<String>,
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let mut form = Form::default().with("kind", asked.kind.as_str()).with("until", asked.until.trim());
    let kinds = KINDS.iter().find(|(name, _)| *name == asked.kind).map(|(_, kinds)| *kinds).unwrap_or_default();
    let end = match form.text("until") {
        "" => None,
        until => match end_of(&state, until) {
            Some(end) => Some(end),
            None => {
                form.fault("until", "ledger-no-date");
                None
            }
        },
    };
    let before = match asked.before.as_deref().map(str::parse::<TransactionId>) {
        Some(Ok(before)) => Some(before.0),
        Some(Err(_)) => return Err(PageError::NOT_FOUND),
        None => end,
    };
    let mut connection = state.application.database.read().await?;
    let browsed = journal_browse(&mut connection, before, kinds, ON_A_PAGE).await?;
    let rows = views(&state, &staff.frame, &mut connection, &browsed.rows).await?;
    drop(connection);
    let next = browsed.next.map(|next| {
        let mut address = form_urlencoded::Serializer::new(String::new());
        for field in ["kind", "until"] {
            address.append_pair(field, form.text(field));
        }
        address.append_pair("before", &next.to_string()).finish()
    });
    let content = context! {
        rows => Value::from(Serde(&rows)),
        kinds => KINDS.map(|(name, _)| name).to_vec(),
        form => Value::from(Serde(&form)),
        next,
        ended_early => browsed.ended_early,
        is_first => asked.before.is_none(),
        is_filtered => !kinds.is_empty() || end.is_some(),
    };
    Ok(state.pages.html("ledger/browse.html", &staff.frame, content)?.into_response())
}

/// An id above all that were made on a day or before.
fn end_of(state: &PageState, until: &str) -> Option<Id> {
    let calendar = state.application.calendar();
    let date: lojal_core::kernel::Date = until.parse().ok()?;
    let end: Instant = calendar.start_of(date.tomorrow().ok()?);
    Some(Id::new(end.as_millisecond(), 0, lojal_core::kernel::Part::PROGRAMME))
}

async fn views(
    state: &PageState,
    frame: &Frame,
    connection: &mut Connection,
    rows: &[JournalRow],
) -> Result<Vec<RowView>, PageError> {
    let holders = holders(state, connection, rows.iter().map(|row| row.holder)).await?;
    let words = &state.pages.texts(frame.language()).words;
    let rulebook = state.application.rulebook();
    let calendar = state.application.calendar();
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let done = row.done()?;
        let told = done.decision.effects.iter().find_map(|effect| {
            let programme = speaks_of(&rulebook, done.decision.version, effect)?;
            Some(words.about(programme).effect(effect))
        });
        let programme = rulebook.version(done.decision.version).or_else(|| rulebook.live());
        let changes = programme.map(|programme| changes(&done, words.about(programme))).unwrap_or_default();
        views.push(RowView {
            id: row.id.to_string(),
            when: words.moment_in(&calendar, row.decided_at),
            holder: holders.get(&row.holder).cloned().unwrap_or_default(),
            what: told.unwrap_or_default(),
            changes,
        });
    }
    Ok(views)
}

/// What changed in the holder's accounts, all effects together.
fn changes(done: &Done, speaker: Speaker<'_>) -> Vec<String> {
    let mut sums: Vec<(&lojal_core::kernel::Name, i64)> = Vec::new();
    for posting in done.decision.effects.iter().flat_map(|effect| &effect.postings) {
        let is_held = [Account::Available, Account::Pending, Account::Held, Account::Debt].contains(&posting.account);
        if !is_held {
            continue;
        }
        match sums.iter_mut().find(|(unit, _)| **unit == posting.unit) {
            Some((_, sum)) => *sum += posting.amount,
            None => sums.push((&posting.unit, posting.amount)),
        }
    }
    sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(unit, sum)| speaker.signed_amount(unit, sum)).collect()
}
