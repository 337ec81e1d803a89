//! One transaction: what was decided, why, and what it followed from.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::{HolderId, TransactionId};
use lojal_core::words::speaks_of;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::members::holders;
use crate::platform::journal::journal_find;
use crate::platform::pages::{PageError, PageState};
use crate::platform::staff::{Staff, Views};

/// Digits of a hash that are enough to compare two by eye.
const HASH_SHOWN: usize = 16;

#[derive(Serialize)]
struct EntryView {
    when: String,
    why: String,
    postings: Vec<PostingView>,
}

#[derive(Serialize)]
struct PostingView {
    account: &'static str,
    brand: String,
    amount: String,
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let id: TransactionId = name.parse().map_err(|_| PageError::NOT_FOUND)?;
    let mut connection = state.application.database.read().await?;
    let row = journal_find(&mut connection, id).await?.ok_or(PageError::NOT_FOUND)?;
    let done = row.done()?;
    let named = holders(&state, &mut connection, [row.holder]).await?;
    drop(connection);
    let words = &state.pages.texts(staff.frame.language()).words;
    let rulebook = state.application.rulebook();
    let calendar = state.application.calendar();
    let names: BTreeMap<HolderId, String> = named.iter().map(|(holder, view)| (*holder, view.name.clone())).collect();
    let mut entries = Vec::new();
    for effect in &done.decision.effects {
        let Some(programme) = speaks_of(&rulebook, done.decision.version, effect) else { continue };
        let speaker = words.about(programme).calling(&names);
        let posting = |posting: &lojal_core::ledger::Posting| PostingView {
            account: posting.account.name(),
            brand: posting.brand.to_string(),
            amount: speaker.signed_amount(&posting.unit, posting.amount),
        };
        entries.push(EntryView {
            when: words.moment_in(&calendar, effect.at),
            why: speaker.effect(effect),
            postings: effect.postings.iter().map(posting).collect(),
        });
    }
    let hash: String = row.hash.iter().map(|byte| format!("{byte:02x}")).take(HASH_SHOWN / 2).collect();
    let content = context! {
        id => id.to_string(),
        when => words.moment_in(&calendar, row.decided_at),
        holder => named.get(&row.holder).map(|view| Value::from(Serde(view))),
        version => row.version,
        kind => row.kind,
        entries => Value::from(Serde(&entries)),
        earlier => row.prev.map(|earlier| earlier.to_string()),
        replaces => done.decision.replaces.map(|replaced| replaced.to_string()),
        hash,
    };
    Ok(state.pages.html("ledger/transaction.html", &staff.frame, content)?.into_response())
}
