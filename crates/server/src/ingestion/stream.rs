//! Lines in, result lines out. Three tasks hand windows of lines on: one reads and parses, one has
//! them decided, one writes the results down. Each waits for the next, and the last waits for the
//! client, so a stream takes the same memory however long it is, and a slow client slows nobody
//! else. A client who goes away does not stop what was taken.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use lojal_core::kernel::{Instant, Name};
use lojal_core::programme::Programme;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::body::{Pulse, streamed};
use super::decide::{Room, decide};
use super::intake::{Entry, Outcome};
use super::lines::Packing;
use super::reader::Reader;
use super::scribe::Scribe;
use super::wire::BatchQuery;
use crate::ledger_entries::Telling;
use crate::platform::application::Application;
use crate::platform::http::Problem;
use crate::platform::http::closing::Closing;
use crate::platform::http::extract::IDEMPOTENCY_KEY;
use crate::platform::http::fields::MemberName;
use crate::platform::http::finish::RequestId;
use crate::platform::http::query::language;
use crate::platform::http::subject::unknown_member;
use crate::platform::http::turns::Turns;
use crate::platform::writer::{Done, WriteError};

const KIND: &str = "application/x-ndjson";
/// A stream that moves in neither direction for so long is given up.
const IDLE: Duration = Duration::from_secs(60);
/// Windows that are decided, or about to be, before the client has taken the results of earlier ones.
const WINDOWS: usize = 2;

/// What the lines of a stream are.
pub trait Subject: Send + Sync + 'static {
    /// A line as it comes.
    type Input: DeserializeOwned + Send;
    /// What must be known of a line when it is answered.
    type Mark: Copy + Send + Sync;
    type Answer: Serialize + Send;

    /// The route of single requests about the same things: lines take turns with them.
    const TURNS: Option<&'static str>;

    /// What a line asks for.
    fn read(input: Self::Input, reading: &Reading<'_>) -> Result<(Entry, Self::Mark), Problem>;

    /// The status of a single request that is carried out.
    fn status(dry_run: bool) -> StatusCode;

    /// The answer of a single request.
    fn answer(application: &Application, done: &Done, mark: Self::Mark, telling: Telling) -> Self::Answer;

    /// What a customer who is no member would get, if anything.
    fn unknown(_: &Application, _: Entry) -> Result<(Done, Self::Mark), Problem> {
        Err(unknown_member())
    }
}

/// Under which a line is read.
pub struct Reading<'a> {
    pub programme: &'a Programme,
    pub now: Instant,
    pub dry_run: bool,
}

/// A line by its number: what it asks for, what became of it, or what is wrong with it.
pub struct Numbered<T> {
    pub number: u64,
    pub line: Result<T, Problem>,
}

/// Lines that are decided together.
pub struct Window<Mark> {
    pub lines: Vec<Numbered<(Entry, Mark)>>,
    pub bytes: usize,
    /// Who is said to have each order.
    pub orders: HashMap<Name, MemberName>,
    /// Whether the body has come to its end with it.
    pub last: bool,
}

/// A window with what became of its lines.
pub struct Answered<Mark> {
    pub lines: Vec<Numbered<(Outcome, Marked<Mark>)>>,
    pub last: bool,
}

/// What is kept of a line until it is answered.
#[derive(Clone, Copy)]
pub struct Marked<Mark> {
    pub mark: Mark,
    pub dry_run: bool,
}

/// Answers at once, and goes on answering for as long as lines come.
pub fn stream<S: Subject>(application: Application, query: BatchQuery, request: Request) -> Result<Response, Problem> {
    let packing = check(request.headers())?;
    application.rulebook().live().ok_or(WriteError::NoProgramme)?;
    let extensions = request.extensions();
    let request_id = extensions.get::<RequestId>().map_or_else(String::new, |RequestId(id)| id.clone());
    let turns = extensions.get::<Turns>().cloned().unwrap_or_default();
    let room = extensions.get::<Room>().cloned().unwrap_or_default();
    let place = room.enter()?;
    let closing = extensions.get::<Closing>().cloned().unwrap_or_default();
    let pulse = Arc::new(Pulse::new(IDLE));
    let (windows, taken) = mpsc::channel(1);
    let (results, answered) = mpsc::channel(WINDOWS);
    let (pieces, sent) = mpsc::channel(1);

    let reader = Reader::<S>::new(application.clone(), request.into_body(), packing, query.dry_run);
    tokio::spawn(reader.run(windows, Arc::clone(&pulse), closing));
    tokio::spawn(decide::<S>(application.clone(), turns, room, taken, results, Arc::clone(&pulse)));
    let scribe = Scribe { application, language: language(query.lang), lean: query.lean, request_id, _place: place };
    tokio::spawn(scribe.run::<S>(answered, pieces, Arc::clone(&pulse)));

    let mut response = Response::new(streamed(sent, pulse));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(KIND));
    Ok(response)
}

/// What can be refused before a line is read.
fn check(headers: &HeaderMap) -> Result<Packing, Problem> {
    let text = |name: header::HeaderName| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    };
    if headers.contains_key(IDEMPOTENCY_KEY) {
        let detail = "takes no Idempotency-Key: each line has an id of its own, so the same body may be sent again";
        let problem = Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_not_taken", detail);
        return Err(problem.naming("Idempotency-Key", "idempotency_key_not_taken", detail));
    }
    let unsupported = |code: &str, detail: &str| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, code, detail);
    if text(header::CONTENT_TYPE) != KIND {
        let detail = "the body must be JSON, a value on each line, with the header Content-Type: application/x-ndjson";
        return Err(unsupported("not_ndjson", detail));
    }
    match text(header::CONTENT_ENCODING).as_str() {
        "" | "identity" => Ok(Packing::Plain),
        "gzip" | "x-gzip" => Ok(Packing::Gzip),
        _ => Err(unsupported("unknown_encoding", "the body may be plain, or packed with Content-Encoding: gzip")),
    }
}
