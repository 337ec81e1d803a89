//! `/portal/terms`: what holds, what has changed since the member agreed, and agreeing.

use axum::response::{IntoResponse, Response};
use lojal_core::kernel::Language;
use lojal_core::programme::diff::compare;
use lojal_core::terms::{Block, Terms, Text, section_number};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::pages::html;
use super::sign_in::Busy;
use super::standing::Standing;
use crate::platform::acceptances::Acceptance;
use crate::platform::clock::whole_microseconds;
use crate::platform::pages::{Dressed, Form, PageError, see_other};
use crate::platform::visitors::{TERMS, Visitor};

pub const HERE: &str = TERMS;

/// A piece of the terms.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Piece {
    Part { text: String },
    Section { text: String },
    Steps { steps: Vec<String> },
    Table { caption: String, head: Vec<String>, rows: Vec<Vec<String>> },
    Clauses { clauses: Vec<ClauseView> },
}

#[derive(Serialize)]
struct ClauseView {
    text: String,
    points: Vec<String>,
}

pub async fn page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let programme = &standing.programme;
    // The terms have the languages of the programme, which may be fewer than those of the house.
    let language = visitor.frame.language();
    let known = |language: &Language| programme.languages.contains(language);
    let language = Some(language).filter(known).or(programme.languages.first().copied()).unwrap_or(language);
    let words = &state.pages.texts(language).words;
    let terms = Terms::of(programme, words);
    let accepted = state.application.acceptances(visitor.member.id).await?;
    let current = accepted.iter().find(|known| known.version == programme.version);
    let calendar = state.application.calendar();
    let own = &state.pages.texts(visitor.frame.language()).words;
    let since = accepted.iter().rev().find(|known| known.version < programme.version).filter(|_| current.is_none());
    let old = since.and_then(|known| standing.rulebook.version(known.version));
    let changes: Option<Vec<String>> = old.map(|old| {
        let from = standing.rulebook.effective_from(programme.version);
        let diff = compare(old, programme, from.unwrap_or_else(|| state.application.clock.now()));
        let speaker = own.between(&diff);
        diff.changes.iter().map(|change| speaker.change(change)).collect()
    });
    let content = context! {
        title => terms.title.plain(),
        from => terms.from.plain(),
        version => programme.version,
        language => language.tag(),
        pieces => Value::from(Serde(&pieces(&terms))),
        accepted => current.map(|known| own.date(calendar.date(known.accepted_at))),
        changes,
    };
    Ok(html(&state, "portal/terms.html", &visitor.frame, content)?.into_response())
}

fn pieces(terms: &Terms) -> Vec<Piece> {
    let mut sections = 0;
    let plain = |texts: &[Text]| texts.iter().map(Text::plain).collect::<Vec<_>>();
    let mut piece = |block: &Block| match block {
        Block::Part(text) => Piece::Part { text: text.plain() },
        Block::Section(text) => {
            sections += 1;
            Piece::Section { text: format!("{} {}", section_number(terms.language, sections), text.plain()) }
        }
        Block::Steps(steps) => Piece::Steps { steps: plain(steps) },
        Block::Table(table) => Piece::Table {
            caption: table.caption.plain(),
            head: plain(&table.head),
            rows: table.rows.iter().map(|row| plain(row)).collect(),
        },
        Block::Clauses(clauses) => Piece::Clauses {
            clauses: clauses
                .iter()
                .map(|clause| ClauseView { text: clause.text.plain(), points: plain(&clause.points) })
                .collect(),
        },
    };
    terms.blocks.iter().map(&mut piece).collect()
}

/// Writes down that the member agrees to the version that was shown.
pub async fn accept(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let rulebook = state.application.rulebook();
    let programme = rulebook.live().ok_or(PageError::NOT_FOUND)?;
    // Whoever has read an older page reads the new one first.
    if form.text("version").parse() != Ok(programme.version) {
        return Ok(see_other(HERE));
    }
    let language = programme.languages.iter().copied().find(|language| language.tag() == form.text("language"));
    let now = whole_microseconds(state.application.clock.now());
    let acceptance = Acceptance {
        version: programme.version,
        language: language.ok_or(PageError::NOT_FOUND)?,
        accepted_at: now,
        recorded_at: now,
    };
    state.application.accept_terms(visitor.member.id, &acceptance).await?;
    Ok(see_other(HERE))
}
