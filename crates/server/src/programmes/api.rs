//! `/v1/programmes`.

use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, header};
use lojal_core::kernel::Language;
use lojal_core::programme::diff::{Diff, compare};
use lojal_core::programme::{Finding, LARGEST_DOCUMENT, Severity};
use lojal_core::terms::{Terms, html, markdown};
use lojal_core::words::Words;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::changes::DiffAnswer;
use super::pdf::pdf;
use super::wire::{CheckAnswer, DocumentJson, FindingJson, PublishAnswer, VersionJson};
use crate::platform::application::Application;
use crate::platform::auth::{Administers, Authority, Reads};
use crate::platform::http::extract::read_body_up_to;
use crate::platform::http::fields::{Lang, Time};
use crate::platform::http::page::Page;
use crate::platform::http::problem::FieldError;
use crate::platform::http::query::{NoQuery, Written, language};
use crate::platform::http::{Path, Problem, Query};
use crate::platform::rulebook::{PublishError, PublishOptions, check};
use crate::platform::writer::WriteError;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PublishQuery {
    /// Answers what would happen and writes nothing.
    #[serde(default)]
    #[param(required = false)]
    dry_run: bool,
    /// Publishes in spite of warnings.
    #[serde(default)]
    #[param(required = false)]
    accept_warnings: bool,
    /// From when the version is to hold: a date, or a date with a time, on the programme's wall clock; or an RFC
    /// 3339 time. At once when absent.
    #[param(required = false, example = "2026-12-15")]
    effective_from: Option<String>,
    /// States that the version may hold at once though it is worse for members.
    #[serde(default)]
    #[param(required = false)]
    accept_worse: bool,
    /// The language of what is found; English if none is named.
    #[param(inline, required = false)]
    lang: Option<Lang>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct CheckQuery {
    /// The language of what is found; English if none is named.
    #[param(inline, required = false)]
    lang: Option<Lang>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DiffQuery {
    /// The version to compare with; else the one in force.
    #[param(required = false, minimum = 1)]
    against: Option<u32>,
    /// The language of the answer; else the first of the document.
    #[param(inline, required = false)]
    lang: Option<Lang>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TermsQuery {
    /// One of the programme's languages; the first unless stated.
    #[param(inline, required = false)]
    lang: Option<Lang>,
    #[serde(default)]
    #[param(inline, required = false)]
    format: TermsFormat,
    /// A version; the terms then end with what has changed since.
    #[param(required = false, minimum = 1)]
    since: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TermsFormat {
    #[default]
    Md,
    Html,
    Pdf,
}

/// A PDF.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes what an answer has in it")]
struct Paper(Vec<u8>);

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(programme_list, programme_publish))
        .routes(routes!(programme_get))
        .routes(routes!(programme_terms))
        .routes(routes!(programme_check))
        .routes(routes!(programme_diff))
        .routes(routes!(programme_schema))
}

/// List programme versions
///
/// The oldest first. None is ever taken away.
#[utoipa::path(
    get,
    path = "/v1/programmes",
    tag = "programmes",
    responses((status = 200, description = "All versions", body = Page<VersionJson>)),
    security(("key" = ["read"]))
)]
async fn programme_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<VersionJson>>, Problem> {
    let versions = application.versions().await?;
    let live = application.rulebook().live().map_or(0, |programme| programme.version);
    Ok(axum::Json(Page::whole(versions.iter().map(|version| VersionJson::new(version, live)).collect())))
}

/// Get a programme version
#[utoipa::path(
    get,
    path = "/v1/programmes/{version}",
    tag = "programmes",
    params(("version" = u32, Path, description = "From 1", minimum = 1)),
    responses((status = 200, description = "The version with its document", body = DocumentJson)),
    security(("key" = ["read"]))
)]
async fn programme_get(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(version): Path<u32>,
    _: Query<NoQuery>,
) -> Result<axum::Json<DocumentJson>, Problem> {
    let published = application.version(version).await?;
    let published = published.ok_or_else(|| Problem::not_found("unknown_version", "no such version"))?;
    let live = application.rulebook().live().map_or(0, |programme| programme.version);
    Ok(axum::Json(DocumentJson::new(published, live)))
}

/// Get the public terms of a programme version
///
/// How it works, and the rules in full, made of what runs. As Markdown, as a page of HTML that needs nothing
/// else, or as a PDF to print and to listen to. With `since`, they end with what has changed since an earlier version, what is worse for members first.
#[utoipa::path(
    get,
    path = "/v1/programmes/{version}/terms",
    tag = "programmes",
    params(("version" = u32, Path, description = "From 1", minimum = 1), TermsQuery),
    responses((
        status = 200,
        description = "The terms",
        content((String = "text/markdown"), (String = "text/html"), (Paper = "application/pdf"))
    )),
    security(("key" = ["read"]))
)]
async fn programme_terms(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(version): Path<u32>,
    Query(query): Query<TermsQuery>,
) -> Result<([(HeaderName, &'static str); 1], Vec<u8>), Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.version(version);
    let programme = programme.ok_or_else(|| Problem::not_found("unknown_version", "no such version"))?;
    let language = match language(query.lang) {
        Some(language) if !programme.languages.contains(&language) => {
            let detail = format!("this version has no texts in {}", language.tag());
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_language", detail));
        }
        Some(language) => language,
        None => programme.languages.first().copied().unwrap_or(Language::En),
    };
    let words = Words::new(language);
    let mut terms = Terms::of(programme, &words);
    if let Some(since) = query.since {
        let old = rulebook
            .version(since)
            .ok_or_else(|| Problem::not_found("unknown_version", "no version has the number in since"))?;
        if since >= version {
            let detail = "since names an earlier version than the one whose terms are asked for";
            return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_since", detail));
        }
        let from = rulebook.effective_from(version);
        let diff = compare(old, programme, from.unwrap_or_else(|| application.clock.now()));
        terms = terms.since(&diff, &words, from);
    }
    Ok(match query.format {
        TermsFormat::Md => ([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], markdown(&terms).into_bytes()),
        TermsFormat::Html => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html(&terms).into_bytes()),
        TermsFormat::Pdf => {
            ([(header::CONTENT_TYPE, "application/pdf")], pdf(&terms).map_err(|error| Problem::internal(&error))?)
        }
    })
}

/// Check a programme document
///
/// TOML or JSON. Says where, what, and how to mend it, also by what an ordinary member of yours buys in a
/// year, once there are enough of them; nothing is written.
#[utoipa::path(
    post,
    path = "/v1/programmes/check",
    tag = "programmes",
    params(CheckQuery),
    request_body(content((String = "application/toml"), (serde_json::Value = "application/json"))),
    responses((status = 200, description = "What is to be said about it", body = CheckAnswer)),
    security(("key" = ["read"]))
)]
async fn programme_check(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<CheckQuery>,
    request: Request,
) -> Result<axum::Json<CheckAnswer>, Problem> {
    let document = read_document(request).await?;
    let words = Words::new(language(query.lang).unwrap_or(Language::En));
    let (valid, sound, findings) = match check(&document, application.usual().await?.as_ref()) {
        Ok(checked) => (true, checked.unaccepted().is_empty(), checked.warnings),
        Err(findings) => (false, false, findings),
    };
    Ok(axum::Json(CheckAnswer { valid, sound, findings: FindingJson::all(findings, &words) }))
}

/// Compare a programme document
///
/// Says in words what changes for members when the document takes the place of a version, what is
/// worse for them, and what they must be told of first. Nothing is written.
#[utoipa::path(
    post,
    path = "/v1/programmes/diff",
    tag = "programmes",
    params(DiffQuery),
    request_body(content((String = "application/toml"), (serde_json::Value = "application/json"))),
    responses((status = 200, description = "What differs", body = DiffAnswer)),
    security(("key" = ["read"]))
)]
async fn programme_diff(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<DiffQuery>,
    request: Request,
) -> Result<axum::Json<DiffAnswer>, Problem> {
    let new = check(&read_document(request).await?, None);
    let new = new
        .map_err(|findings| mistakes(findings, &Words::new(language(query.lang).unwrap_or(Language::En))))?
        .programme;
    let rulebook = application.rulebook();
    let old = match query.against {
        Some(version) => {
            rulebook.version(version).ok_or_else(|| Problem::not_found("unknown_version", "no such version"))?
        }
        None => rulebook.live().ok_or(WriteError::NoProgramme)?,
    };
    let spoken = language(query.lang).or(new.languages.first().copied()).unwrap_or(Language::En);
    let diff = compare(old, &new, application.clock.now());
    Ok(axum::Json(DiffAnswer::new(&diff, Some(old.version), spoken)))
}

/// Publish a programme document
///
/// Makes a new version, in force from this moment on or from a stated one. What was earned before stays
/// under its own version. A version that is worse for members needs a moment that is still to come, so that
/// they can be told, or a statement that it may hold at once. A document with warnings is refused
/// (`unaccepted_warnings`) unless the request, or the document itself, accepts them. The latest text makes no
/// new version.
#[utoipa::path(
    post,
    path = "/v1/programmes",
    tag = "programmes",
    params(PublishQuery),
    request_body(content((String = "application/toml"), (serde_json::Value = "application/json"))),
    responses(
        (status = 201, description = "Published", body = PublishAnswer),
        (status = 200, description = "It was in force already, or would be published (dry run)", body = PublishAnswer)
    ),
    security(("key" = ["admin"]))
)]
async fn programme_publish(
    _: Authority<Administers>,
    State(application): State<Application>,
    Query(query): Query<PublishQuery>,
    request: Request,
) -> Result<Written<PublishAnswer>, Problem> {
    let document = read_document(request).await?;
    let options = PublishOptions {
        effective_from: query.effective_from,
        accept_worse: query.accept_worse,
        accept_warnings: query.accept_warnings,
        dry_run: query.dry_run,
    };
    let words = Words::new(language(query.lang).unwrap_or(Language::En));
    let published = application.publish_with(&document, &options).await.map_err(|error| refusal(error, &words))?;
    let findings = FindingJson::all(published.warnings, &words);
    let answer = PublishAnswer {
        version: published.version,
        unchanged: published.unchanged,
        effective_from: published.effective_from.map(Time),
        findings,
    };
    if query.dry_run {
        return Ok(Written::changed(answer, false));
    }
    Ok(Written::created(answer, published.unchanged, false))
}

/// Get the JSON Schema of the programme document
#[utoipa::path(
    get,
    path = "/v1/programmes/schema",
    tag = "programmes",
    responses((status = 200, description = "JSON Schema", body = serde_json::Value)),
    security(("key" = ["read"]))
)]
async fn programme_schema(_: Authority<Reads>, _: Query<NoQuery>) -> axum::Json<serde_json::Value> {
    axum::Json(lojal_core::programme::schema())
}

async fn read_document(request: Request) -> Result<String, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !["application/toml", "text/plain", "application/json"].contains(&kind.as_str()) {
        let detail = "a document comes as application/toml, text/plain or application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_document", detail));
    }
    let bytes = read_body_up_to(request, LARGEST_DOCUMENT).await?;
    String::from_utf8(bytes).map_err(|error| {
        let detail = format!("the body is not UTF-8 from byte {} on", error.utf8_error().valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "broken_utf8", detail)
    })
}

/// Names what is worse, and the two ways out.
fn worse_for_members(diff: &Diff, words: &Words) -> Problem {
    let speaker = words.between(diff);
    let errors = diff.needs_notice().map(|change| FieldError {
        pointer: change.pointer.clone(),
        code: change.effect.name().to_owned(),
        detail: speaker.change(change),
    });
    let detail = "the version is worse for members, who must be told first: state effective_from, a moment that is \
                  still to come, or accept_worse=true";
    Problem::fields(errors.collect()).with_code("worse_for_members").with_detail(detail)
}

fn refusal(error: PublishError, words: &Words) -> Problem {
    match error {
        PublishError::Mistakes(findings) => mistakes(findings, words),
        PublishError::Warnings(findings) => fields(findings, words).with_code("unaccepted_warnings"),
        PublishError::OtherProgramme { .. } => Problem::conflict("other_programme", error.to_string()),
        PublishError::NoMoment(..) => Problem::field("effective_from", "not_a_moment", error.to_string()),
        PublishError::WorseForMembers(diff) => worse_for_members(&diff, words),
        PublishError::Storage(error) => error.into(),
    }
}

fn mistakes(mut findings: Vec<Finding>, words: &Words) -> Problem {
    findings.retain(|finding| finding.severity == Severity::Error);
    fields(findings, words).with_code("invalid_programme")
}

fn fields(findings: Vec<Finding>, words: &Words) -> Problem {
    let errors = findings.into_iter().map(|finding| FieldError {
        detail: format!("{} ({})", words.problem(&finding), words.remedy(&finding)),
        pointer: finding.pointer,
        code: finding.code,
    });
    Problem::fields(errors.collect())
}
