//! `/console/programme`: what is in force, in sentences; the versions; and the draft of the next one.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::kernel::Language;
use lojal_core::programme::diff::{Diff, ForMembers, compare};
use lojal_core::programme::{Finding, Programme, STARTERS, Severity, starter, text};
use lojal_core::terms::{Block, Span, Terms, Text};
use lojal_core::words::Words;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::values::{Unfit, applied, groups};
use crate::platform::application::Application;
use crate::platform::drafts::{draft_find, draft_set};
use crate::platform::pages::{Form, Frame, PageError, PageState, see_other};
use crate::platform::rulebook::{PublishError, PublishOptions, PublishedVersion, check, version_find, version_list};
use crate::platform::staff::{Manages, Staff, Views};

const HERE: &str = "/console/programme";
const DRAFT: &str = "/console/programme/draft";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page))
        .route("/console/programme/campaigns", get(super::campaigns::campaigns))
        .route("/console/programme/versions/{version}", get(version))
        .route(DRAFT, get(draft).post(save))
        .route("/console/programme/draft/begin", post(begin))
        .route("/console/programme/draft/check", post(check_only))
        .route("/console/programme/draft/publish", post(publish))
        .route("/console/programme/draft/discard", post(discard))
        .route("/console/programme/draft/try", post(try_out))
}

/// A piece of what the public is told.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Piece {
    Steps { steps: Vec<Vec<Mark>> },
    Table { caption: Vec<Mark>, head: Vec<Vec<Mark>>, rows: Vec<Vec<Vec<Mark>>> },
}

/// Words, and what is still to be filled in.
#[derive(Serialize)]
struct Mark {
    text: String,
    is_blank: bool,
}

fn marks(text: &Text) -> Vec<Mark> {
    let mark = |span: &Span| Mark { text: span.text().to_owned(), is_blank: matches!(span, Span::Blank(_)) };
    text.spans().iter().map(mark).collect()
}

/// The summary: what stands before the terms in full.
fn summary(programme: &Programme, words: &Words) -> Vec<Piece> {
    let blocks = Terms::of(programme, words).blocks.into_iter().skip(1);
    let before = blocks.take_while(|block| !matches!(block, Block::Part(_)));
    before
        .filter_map(|block| match block {
            Block::Steps(steps) => Some(Piece::Steps { steps: steps.iter().map(marks).collect() }),
            Block::Table(table) => Some(Piece::Table {
                caption: marks(&table.caption),
                head: table.head.iter().map(marks).collect(),
                rows: table.rows.iter().map(|row| row.iter().map(marks).collect()).collect(),
            }),
            _ => None,
        })
        .collect()
}

#[derive(Serialize)]
struct VersionView {
    version: u32,
    published_at: String,
    effective_from: Option<String>,
    is_live: bool,
    is_waiting: bool,
}

#[derive(Serialize)]
struct FindingView {
    severity: &'static str,
    code: String,
    place: String,
    line: Option<usize>,
    problem: String,
    remedy: String,
    accepted: Option<String>,
}

impl FindingView {
    fn new(finding: &Finding, words: &Words) -> FindingView {
        FindingView {
            severity: finding.severity.name(),
            code: finding.code.clone(),
            place: finding.pointer.clone(),
            line: finding.line,
            problem: words.problem(finding),
            remedy: words.remedy(finding),
            accepted: finding.accepted.clone(),
        }
    }
}

#[derive(Serialize)]
struct ChangeView {
    text: String,
    effect: &'static str,
    notice: bool,
}

#[derive(Serialize)]
struct DiffView {
    summary: String,
    changes: Vec<ChangeView>,
    needs_notice: bool,
}

impl DiffView {
    fn new(diff: &Diff, words: &Words) -> DiffView {
        let speaker = words.between(diff);
        let changes = diff.changes.iter().map(|change| ChangeView {
            text: speaker.change(change),
            effect: match change.effect {
                ForMembers::Worse => "worse",
                ForMembers::Mixed => "mixed",
                ForMembers::Better => "better",
                ForMembers::Neutral => "neutral",
            },
            notice: change.notice,
        });
        DiffView {
            summary: speaker.summary(),
            changes: changes.collect(),
            needs_notice: diff.needs_notice().next().is_some(),
        }
    }
}

/// What is to be said about a draft.
#[derive(Serialize)]
struct Judgement {
    findings: Vec<FindingView>,
    errors: usize,
    warnings: usize,
    diff: Option<DiffView>,
    /// What the public would be told.
    summary: Vec<Piece>,
}

/// The words for a programme in the reader's language, or in the programme's first where it lacks that.
fn words_for<'w>(state: &'w PageState, programme: &Programme, reader: Language) -> &'w Words {
    let spoken =
        if programme.languages.contains(&reader) { Some(reader) } else { programme.languages.first().copied() };
    &state.pages.texts(spoken.unwrap_or(reader)).words
}

async fn judged(state: &PageState, frame: &Frame, document: &str) -> Result<Judgement, PageError> {
    let application = &state.application;
    let (findings, programme) = match check(document, application.usual().await?.as_ref()) {
        Ok(checked) => (checked.warnings, Some(checked.programme)),
        Err(findings) => (findings, None),
    };
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let rulebook = application.rulebook();
    let words = &state.pages.texts(frame.language()).words;
    let diff = programme.as_ref().zip(rulebook.live());
    let diff = diff.map(|(new, old)| DiffView::new(&compare(old, new, application.clock.now()), words));
    let told = programme.as_ref().map(|programme| summary(programme, words_for(state, programme, frame.language())));
    Ok(Judgement {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        findings: findings.iter().map(|finding| FindingView::new(finding, words)).collect(),
        diff,
        summary: told.unwrap_or_default(),
    })
}

async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let versions = version_list(&mut connection).await?;
    let has_draft = draft_find(&mut connection).await?.is_some();
    drop(connection);
    let rulebook = application.rulebook();
    let live = rulebook.live();
    let reader = staff.frame.language();
    let content = context! {
        name => live.map(|programme| text(&programme.name, reader).to_owned()),
        summary => Value::from(Serde(live.map(|programme| summary(programme, words_for(&state, programme, reader))))),
        versions => Value::from(Serde(views(application, &state, &versions, reader))),
        starters => STARTERS.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(),
        has_draft,
        may_change => staff.may::<Manages>(),
    };
    Ok(state.pages.html("programme/overview.html", &staff.frame, content)?.into_response())
}

/// The latest first.
fn views(
    application: &Application,
    state: &PageState,
    versions: &[PublishedVersion],
    reader: Language,
) -> Vec<VersionView> {
    let words = &state.pages.texts(reader).words;
    let (calendar, now) = (application.calendar(), application.clock.now());
    let live = application.rulebook().live().map_or(0, |programme| programme.version);
    let view = |version: &PublishedVersion| VersionView {
        version: version.version,
        published_at: words.moment_in(&calendar, version.published_at),
        effective_from: version.effective_from.map(|from| words.moment_in(&calendar, from)),
        is_live: version.version == live,
        is_waiting: version.effective_from.is_some_and(|from| from > now),
    };
    versions.iter().rev().map(view).collect()
}

async fn version(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(number): Path<u32>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut connection = application.database.read().await?;
    let version = version_find(&mut connection, number).await?.ok_or(PageError::NOT_FOUND)?;
    let before = version_find(&mut connection, number.saturating_sub(1)).await?;
    drop(connection);
    let compiled = version.compile().map_err(|_| PageError::internal(&"a published version cannot be read"))?;
    let before = before.and_then(|before| before.compile().ok());
    let reader = staff.frame.language();
    let diff = before.map(|before| {
        let diff = compare(&before, &compiled, version.effective_from.unwrap_or(version.published_at));
        DiffView::new(&diff, &state.pages.texts(reader).words)
    });
    let content = context! {
        number,
        document => version.document.as_str(),
        diff => Value::from(Serde(&diff)),
        summary => Value::from(Serde(summary(&compiled, words_for(&state, &compiled, reader)))),
    };
    Ok(state.pages.html("programme/version.html", &staff.frame, content)?.into_response())
}

/// The draft as it is; where there is none, the version that was published last.
async fn draft(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let mut connection = state.application.database.read().await?;
    let kept = draft_find(&mut connection).await?;
    let last = version_list(&mut connection).await?.pop();
    drop(connection);
    let Some(document) = kept.or(last.map(|version| version.document)) else { return Ok(see_other(HERE)) };
    let form = Form::default().with("base", mark(&document)).with("document", document);
    Ok(shown(&staff, &state, &form, None).await?.into_response())
}

/// By which a text is known again.
fn mark(document: &str) -> String {
    blake3::hash(document.as_bytes()).to_hex()[..16].to_owned()
}

async fn shown(
    staff: &Staff<Manages>,
    state: &PageState,
    form: &Form,
    refused: Option<&str>,
) -> Result<Html<String>, PageError> {
    shown_with(staff, state, form, refused, &[]).await
}

/// `unfit` are places of values that could not be put into the text.
async fn shown_with(
    staff: &Staff<Manages>,
    state: &PageState,
    form: &Form,
    refused: Option<&str>,
    unfit: &[String],
) -> Result<Html<String>, PageError> {
    let judgement = judged(state, &staff.frame, form.raw("document")).await?;
    let content = context! {
        form => Value::from(Serde(form)),
        judgement => Value::from(Serde(&judgement)),
        groups => Value::from(Serde(groups(form.raw("document"), staff.frame.language()))),
        unfit => Value::from(Serde(unfit)),
        refused,
    };
    state.pages.html("programme/draft.html", &staff.frame, content)
}

/// Begins a draft with one of the starters.
async fn begin(staff: Staff<Manages>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let document = match form.text("starter") {
        "complete" => starter(staff.frame.language()),
        kind => STARTERS.iter().find(|(known, _)| *known == kind).ok_or(PageError::NOT_FOUND)?.1,
    };
    keep(&staff, &state, document).await?;
    Ok(see_other(DRAFT))
}

async fn keep(staff: &Staff<Manages>, state: &PageState, document: &str) -> Result<(), PageError> {
    let mut transaction = state.application.database.write_aside().await?;
    draft_set(&mut transaction, Some(document)).await?;
    staff.note(&mut transaction, &state.application, "draft_saved", "", "").await?;
    transaction.commit().await?;
    Ok(())
}

/// The text that came, with the values that were changed beside it; else the page that says why they were not.
async fn typed(
    staff: &Staff<Manages>,
    state: &PageState,
    form: &mut Form,
) -> Result<Result<String, Response>, PageError> {
    // What browsers make of line ends on their way, undone.
    let document = form.raw("document").replace("\r\n", "\n");
    form.values.insert("document".to_owned(), document.clone());
    let (refused, places) = match applied(&document, form, staff.frame.language()) {
        Ok(document) => {
            form.values.insert("document".to_owned(), document.clone());
            return Ok(Ok(document));
        }
        Err(Unfit::Text) => ("draft-values-unread", Vec::new()),
        Err(Unfit::Places(places)) => ("draft-values-unfit", places),
    };
    Ok(Err(shown_with(staff, state, form, Some(refused), &places).await?.into_response()))
}

/// Keeps the draft, unless somebody else has changed it since it was read.
async fn save(staff: Staff<Manages>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let document = match typed(&staff, &state, &mut form).await? {
        Ok(document) => document,
        Err(page) => return Ok(page),
    };
    if is_overtaken(&state, &form).await? {
        return Ok(shown(&staff, &state, &form, Some("draft-overtaken")).await?.into_response());
    }
    keep(&staff, &state, &document).await?;
    let form = form.with("base", mark(&document));
    Ok(shown(&staff, &state, &form, Some("draft-kept")).await?.into_response())
}

async fn is_overtaken(state: &PageState, form: &Form) -> Result<bool, PageError> {
    let kept = draft_find(&mut *state.application.database.read().await?).await?;
    Ok(kept.is_some_and(|kept| mark(&kept) != form.text("base") && kept != form.raw("document")))
}

/// What is to be said about a text that is being typed: the piece of the page below it.
async fn check_only(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let document = match typed(&staff, &state, &mut form).await? {
        Ok(document) => document,
        Err(page) => return Ok(page),
    };
    let judgement = judged(&state, &staff.frame, &document).await?;
    let content = context! { judgement => Value::from(Serde(&judgement)) };
    Ok(state.pages.html("programme/judgement.html", &staff.frame, content)?.into_response())
}

async fn publish(staff: Staff<Manages>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let document = match typed(&staff, &state, &mut form).await? {
        Ok(document) => document,
        Err(page) => return Ok(page),
    };
    if is_overtaken(&state, &form).await? {
        return Ok(shown(&staff, &state, &form, Some("draft-overtaken")).await?.into_response());
    }
    keep(&staff, &state, &document).await?;
    form.values.insert("base".to_owned(), mark(&document));
    let options = PublishOptions {
        effective_from: Some(form.text("effective").to_owned()).filter(|effective| !effective.is_empty()),
        accept_worse: form.text("accept_worse") == "yes",
        accept_warnings: form.text("accept_warnings") == "yes",
        dry_run: false,
    };
    let refused = match state.application.publish_with(&document, &options).await {
        Ok(publication) => {
            let mut transaction = state.application.database.write_aside().await?;
            draft_set(&mut transaction, None).await?;
            let version = publication.version.to_string();
            staff.note(&mut transaction, &state.application, "programme_published", version, "").await?;
            transaction.commit().await?;
            return Ok(see_other(&format!("{HERE}/versions/{}", publication.version)));
        }
        Err(PublishError::Mistakes(_)) => "draft-mistakes",
        Err(PublishError::Warnings(_)) => {
            form.fault("accept_warnings", "fault-accept-warnings");
            "draft-warnings"
        }
        Err(PublishError::WorseForMembers(_)) => {
            form.fault("effective", "fault-effective-worse");
            "draft-worse"
        }
        Err(PublishError::NoMoment(..)) => {
            form.fault("effective", "fault-effective");
            "draft-no-moment"
        }
        Err(PublishError::OtherProgramme { .. }) => "draft-other-programme",
        Err(PublishError::Storage(cause)) => return Err(cause.into()),
    };
    Ok(shown(&staff, &state, &form, Some(refused)).await?.into_response())
}

/// Keeps the draft, and goes to where it is tried on past orders.
async fn try_out(staff: Staff<Manages>, State(state): State<PageState>, mut form: Form) -> Result<Response, PageError> {
    let document = match typed(&staff, &state, &mut form).await? {
        Ok(document) => document,
        Err(page) => return Ok(page),
    };
    if is_overtaken(&state, &form).await? {
        return Ok(shown(&staff, &state, &form, Some("draft-overtaken")).await?.into_response());
    }
    keep(&staff, &state, &document).await?;
    Ok(see_other("/console/programme/simulations"))
}

async fn discard(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write_aside().await?;
    draft_set(&mut transaction, None).await?;
    staff.note(&mut transaction, &state.application, "draft_discarded", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
