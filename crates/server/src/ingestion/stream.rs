//! Lines in, result lines out. Three tasks hand windows of lines on: one reads and parses, one has
//! them decided, one writes the results down. Each waits for the next, and the last waits for the
//! client, so a stream takes the same memory however long it is, and a slow client slows nobody
//! else. A client who goes away does not stop what was taken.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body::Body as _;
use lojal_core::command::Command;
use lojal_core::kernel::{Instant, Language, Name};
use lojal_core::programme::Programme;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::sync::mpsc;

use super::body::{Piece, Pulse, streamed};
use super::intake::{Asked, Entry, Outcome, Ready, prepare};
use super::lines::{Line, Lines, Packing};
use super::owners::Owners;
use super::wire::{BatchQuery, LeanAnswer, LineJson, ResultJson};
use crate::ledger_entries::{LeanTransactionJson, Telling};
use crate::platform::application::Application;
use crate::platform::http::Problem;
use crate::platform::http::extract::{IDEMPOTENCY_KEY, parse};
use crate::platform::http::fields::MemberName;
use crate::platform::http::finish::RequestId;
use crate::platform::http::query::language;
use crate::platform::http::subject::unknown_member;
use crate::platform::http::turns::{Turn, Turns};
use crate::platform::writer::{Done, WriteError};

const KIND: &str = "application/x-ndjson";
/// A window is full with so many lines, or so many bytes of them.
const MOST_LINES: usize = 512;
const MOST_BYTES: usize = 1024 * 1024;
/// A stream that moves in neither direction for so long is given up.
const IDLE: Duration = Duration::from_secs(60);
/// Results are sent on when there are so many bytes of them.
const PIECE: usize = 16 * 1024;
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
struct Numbered<T> {
    number: u64,
    line: Result<T, Problem>,
}

/// Lines that are decided together.
struct Window<Mark> {
    lines: Vec<Numbered<(Entry, Mark)>>,
    bytes: usize,
    /// Who is said to have each order.
    orders: HashMap<Name, MemberName>,
    /// Whether the body has come to its end with it.
    last: bool,
}

/// A window with what became of its lines.
struct Answered<Mark> {
    lines: Vec<Numbered<(Outcome, Marked<Mark>)>>,
    last: bool,
}

/// What is kept of a line until it is answered.
#[derive(Clone, Copy)]
struct Marked<Mark> {
    mark: Mark,
    dry_run: bool,
}

/// Answers at once, and goes on answering for as long as lines come.
pub fn stream<S: Subject>(application: Application, query: BatchQuery, request: Request) -> Result<Response, Problem> {
    let packing = check(request.headers())?;
    application.rulebook().live().ok_or(WriteError::NoProgramme)?;
    let extensions = request.extensions();
    let request_id = extensions.get::<RequestId>().map_or_else(String::new, |RequestId(id)| id.clone());
    let turns = extensions.get::<Turns>().cloned().unwrap_or_default();
    let pulse = Arc::new(Pulse::new(IDLE));
    let (windows, taken) = mpsc::channel(1);
    let (results, answered) = mpsc::channel(WINDOWS);
    let (pieces, sent) = mpsc::channel(1);

    let source = Source { body: request.into_body(), arrived: Bytes::new(), lines: Lines::new(packing), held: None };
    let reader = Reader::<S> { application: application.clone(), source, dry_run: query.dry_run };
    tokio::spawn(reader.run(windows, Arc::clone(&pulse)));
    tokio::spawn(decide::<S>(application.clone(), turns, taken, results, Arc::clone(&pulse)));
    let scribe = Scribe { application, language: language(query.lang), lean: query.lean, request_id };
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

impl<Mark> Window<Mark> {
    fn new() -> Window<Mark> {
        Window { lines: Vec::new(), bytes: 0, orders: HashMap::new(), last: false }
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= MOST_LINES || self.bytes >= MOST_BYTES
    }

    /// Adds a line. One that gives an order of this window to somebody else is given back: whose it
    /// is must be settled first.
    fn add(&mut self, read: Read<Mark>) -> Option<Read<Mark>> {
        if let Ok((entry, _)) = &read.asked.line
            && let Some(order) = order_of(entry)
        {
            match self.orders.get(order) {
                Some(member) if *member != entry.member => return Some(read),
                Some(_) => (),
                None => drop(self.orders.insert(order.clone(), entry.member.clone())),
            }
        }
        self.bytes += read.bytes;
        self.lines.push(read.asked);
        None
    }
}

fn order_of(entry: &Entry) -> Option<&Name> {
    match &entry.asked {
        Asked::Command(Command::PutOrder { order }) => Some(&order.external_id),
        _ => None,
    }
}

/// A line that has been read.
struct Read<Mark> {
    bytes: usize,
    asked: Numbered<(Entry, Mark)>,
}

struct Source<Mark> {
    body: Body,
    /// What has arrived and was not unpacked yet.
    arrived: Bytes,
    lines: Lines,
    /// A line that waits for the next window.
    held: Option<Read<Mark>>,
}

struct Reader<S: Subject> {
    application: Application,
    source: Source<S::Mark>,
    dry_run: bool,
}

impl<S: Subject> Reader<S> {
    /// Fills windows for as long as lines come. A window that is not full goes as soon as there is
    /// room for it and nothing more has arrived.
    async fn run(mut self, windows: mpsc::Sender<Window<S::Mark>>, pulse: Arc<Pulse>) {
        let mut window = Window::new();
        let mut ended = false;
        loop {
            let full = match self.cut(&mut window) {
                Ok(full) => full,
                Err(problem) => {
                    self.give_up(&mut window, problem);
                    ended = true;
                    false
                }
            };
            if ended && !full {
                window.last = true;
                let _ = windows.send(window).await;
                return;
            }
            tokio::select! {
                biased;
                frame = std::future::poll_fn(|context| std::pin::Pin::new(&mut self.source.body).poll_frame(context)),
                    if !full && !ended => match frame {
                    Some(Ok(frame)) => {
                        pulse.beat();
                        self.source.arrived = frame.into_data().unwrap_or_default();
                    }
                    Some(Err(_)) => {
                        let detail = "the body ended before it was complete: nothing after this was read";
                        self.give_up(&mut window, Problem::new(StatusCode::BAD_REQUEST, "body_broken_off", detail));
                        ended = true;
                    }
                    None => {
                        ended = true;
                        if let Err(problem) = self.source.lines.end() {
                            self.give_up(&mut window, problem);
                        }
                    }
                },
                room = windows.reserve(), if !window.lines.is_empty() => match room {
                    Ok(room) => room.send(std::mem::replace(&mut window, Window::new())),
                    Err(_) => return,
                },
                () = pulse.stopped(), if !full && !ended => {
                    let detail = "nothing has moved for too long: nothing after this was read";
                    self.give_up(&mut window, Problem::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail));
                    ended = true;
                }
            }
        }
    }

    /// Nothing more is read; the answer says so in the place of the line that would have followed.
    fn give_up(&mut self, window: &mut Window<S::Mark>, problem: Problem) {
        window.lines.push(Numbered { number: self.source.lines.next_number(), line: Err(problem) });
        self.source.arrived = Bytes::new();
        self.source.lines = Lines::new(Packing::Plain);
    }

    /// Reads lines until the window is full, which it answers, or until more must arrive.
    fn cut(&mut self, window: &mut Window<S::Mark>) -> Result<bool, Problem> {
        let rulebook = self.application.rulebook();
        let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
        let reading = Reading { programme, now: self.application.clock.now(), dry_run: self.dry_run };
        let Source { arrived, lines, held, .. } = &mut self.source;
        if let Some(read) = held.take()
            && let Some(read) = window.add(read)
        {
            *held = Some(read);
            return Ok(true);
        }
        loop {
            while !window.is_full() {
                let Some(Line { number, text }) = lines.next_line() else { break };
                let bytes = text.as_ref().map_or(0, |text| text.len());
                let line = text.and_then(|text| S::read(parse_line(text)?, &reading));
                if let Some(read) = window.add(Read { bytes, asked: Numbered { number, line } }) {
                    *held = Some(read);
                    return Ok(true);
                }
            }
            if window.is_full() || arrived.is_empty() {
                return Ok(window.is_full());
            }
            lines.feed(arrived)?;
        }
    }
}

/// Reads a line in one go. Only one that is wrong is read again, to say what is wrong and where.
fn parse_line<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    let error = match serde_json::from_slice(text) {
        Ok(input) => return Ok(input),
        Err(error) => error,
    };
    if matches!(error.classify(), Category::Data) || std::str::from_utf8(text).is_err() {
        return parse(text);
    }
    let column = error.column();
    let detail = format!("the line is no JSON from column {column} on");
    let facts = [("column".to_owned(), column.into())].into_iter().collect();
    Err(Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail).with_facts(facts))
}

/// Has windows decided, one after the other. While one is with the writer the next is prepared.
async fn decide<S: Subject>(
    application: Application,
    turns: Turns,
    mut windows: mpsc::Receiver<Window<S::Mark>>,
    results: mpsc::Sender<Answered<S::Mark>>,
    pulse: Arc<Pulse>,
) {
    let mut owners = Owners::default();
    let mut ready = None;
    loop {
        let submitting = async {
            if let Some((decidable, room)) = ready.take() {
                let decidable: Decidable<S::Mark> = decidable;
                let room: mpsc::Permit<'_, Answered<S::Mark>> = room;
                room.send(decidable.carry_out(&application).await);
                pulse.beat();
            }
        };
        let preparing = async {
            let window = windows.recv().await?;
            // Before any turn is taken, so that nobody ever waits for a client who reads slowly.
            let room = results.reserve().await.ok()?;
            Some((Decidable::new::<S>(&application, &turns, &mut owners, window).await, room))
        };
        let ((), prepared) = tokio::join!(submitting, preparing);
        if prepared.is_none() {
            return;
        }
        ready = prepared;
    }
}

/// A window on its way to the writer.
struct Decidable<Mark> {
    lines: Vec<Numbered<Marked<Mark>>>,
    ready: Result<Ready, WriteError>,
    last: bool,
    _turns: Vec<Turn>,
}

impl<Mark: Copy> Decidable<Mark> {
    async fn new<S: Subject<Mark = Mark>>(
        application: &Application,
        turns: &Turns,
        owners: &mut Owners,
        window: Window<Mark>,
    ) -> Decidable<Mark> {
        let Window { lines: asked, orders, last, .. } = window;
        let mut entries = Vec::with_capacity(asked.len());
        let mut lines = Vec::with_capacity(asked.len());
        for Numbered { number, line } in asked {
            let line = line.map(|(entry, mark)| {
                let marked = Marked { mark, dry_run: entry.dry_run };
                entries.push(entry);
                marked
            });
            lines.push(Numbered { number, line });
        }
        let names: BTreeSet<String> = orders.into_keys().map(String::from).collect();
        let held = match S::TURNS {
            Some(route) => turns.take_all(route, names.clone()).await,
            None => Vec::new(),
        };
        let ready = resolve(application, owners, entries, &names).await;
        Decidable { lines, ready, last, _turns: held }
    }

    async fn carry_out(self, application: &Application) -> Answered<Mark> {
        let mut outcomes = match self.ready {
            Ok(ready) => Ok(ready.carry_out(&application.writer).await.into_iter()),
            Err(cause) => Err(Arc::new(cause)),
        };
        let mut answered = |marked: Marked<Mark>| {
            let outcome = match &mut outcomes {
                Ok(outcomes) => outcomes.next().ok_or_else(|| Problem::internal(&"a line was not answered"))?,
                Err(cause) => Outcome::Unresolved(Arc::clone(cause)),
            };
            Ok((outcome, marked))
        };
        let lines = self.lines.into_iter();
        let lines = lines.map(|Numbered { number, line }| Numbered { number, line: line.and_then(&mut answered) });
        Answered { lines: lines.collect(), last: self.last }
    }
}

/// Finds out whose the lines are, and refuses orders that are another member's.
async fn resolve(
    application: &Application,
    owners: &mut Owners,
    entries: Vec<Entry>,
    orders: &BTreeSet<String>,
) -> Result<Ready, WriteError> {
    let mut ready = prepare(application, entries).await?;
    if orders.is_empty() {
        return Ok(ready);
    }
    let names: Vec<&str> = orders.iter().map(String::as_str).collect();
    let known = owners.find(application, &names).await?;
    ready.settle(|submission| match &submission.command {
        Command::PutOrder { order } => {
            let owner = known.get(&order.external_id);
            owner.filter(|owner| **owner != submission.holder).map(|_| Outcome::Taken)
        }
        _ => None,
    });
    Ok(ready)
}

/// Writes down what became of the lines.
struct Scribe {
    application: Application,
    language: Option<Language>,
    lean: bool,
    request_id: String,
}

impl Scribe {
    /// Goes on taking results when nobody reads them any more, so that everything is carried out.
    async fn run<S: Subject>(
        self,
        mut answered: mpsc::Receiver<Answered<S::Mark>>,
        pieces: mpsc::Sender<Piece>,
        pulse: Arc<Pulse>,
    ) {
        let mut client = Some(pieces);
        while let Some(window) = answered.recv().await {
            let mut text = Vec::with_capacity(PIECE);
            for Numbered { number, line } in window.lines {
                let Some(pieces) = &client else { break };
                let json = self.line::<S>(number, line);
                if serde_json::to_writer(&mut text, &json).is_ok() {
                    text.push(b'\n');
                }
                if text.len() >= PIECE && !send(pieces, Piece::Lines(std::mem::take(&mut text).into()), &pulse).await {
                    client = None;
                }
            }
            let Some(pieces) = &client else { continue };
            let sent = text.is_empty() || send(pieces, Piece::Lines(text.into()), &pulse).await;
            if !sent {
                client = None;
            } else if window.last {
                send(pieces, Piece::End, &pulse).await;
            }
        }
    }

    fn line<S: Subject>(&self, number: u64, line: Result<(Outcome, Marked<S::Mark>), Problem>) -> LineJson<S::Answer> {
        match line.and_then(|(outcome, marked)| self.result::<S>(outcome, marked)) {
            Ok((status, repeated, result)) => {
                LineJson { line: number, status: status.as_u16(), repeated, result: Some(result), problem: None }
            }
            Err(problem) => LineJson {
                line: number,
                status: problem.status().as_u16(),
                repeated: false,
                result: None,
                problem: Some(problem.into_wire(&self.request_id)),
            },
        }
    }

    fn result<S: Subject>(
        &self,
        outcome: Outcome,
        Marked { mark, dry_run }: Marked<S::Mark>,
    ) -> Result<(StatusCode, bool, ResultJson<S::Answer>), Problem> {
        let (done, mark) = match outcome {
            Outcome::Answered(answer) => ((*answer)?, mark),
            Outcome::Unknown(entry) => S::unknown(&self.application, *entry)?,
            Outcome::Unresolved(cause) => return Err(Problem::internal(&cause)),
            Outcome::Taken => return Err(order_of_another_member()),
        };
        let telling = Telling { language: self.language, dry_run };
        let repeated = done.repeated && !dry_run;
        if self.lean {
            let transaction = LeanTransactionJson::new(&done, dry_run);
            return Ok((S::status(dry_run), repeated, ResultJson::Lean(LeanAnswer { transaction })));
        }
        let answer = S::answer(&self.application, &done, mark, telling);
        Ok((S::status(dry_run), repeated, ResultJson::Whole(answer)))
    }
}

/// Whether the client took it. One who takes nothing for too long is given up.
async fn send(pieces: &mpsc::Sender<Piece>, piece: Piece, pulse: &Pulse) -> bool {
    tokio::select! {
        sent = pieces.send(piece) => sent.is_ok(),
        () = pulse.stopped() => false,
    }
}

/// 409: an order's id is unique in the whole shop.
pub fn order_of_another_member() -> Problem {
    Problem::conflict("order_of_another_member", "an order with this id is known, and it is another member's")
}
