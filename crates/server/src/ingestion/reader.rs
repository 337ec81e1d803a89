//! Reads lines into windows, for as long as they come and the windows are taken.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::StatusCode;
use http_body::Frame;
use lojal_core::command::Command;
use lojal_core::kernel::Name;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio::sync::mpsc;

use super::body::Pulse;
use super::intake::{Asked, Entry};
use super::lines::{Line, Lines, Packing};
use super::stream::{Numbered, Reading, Subject, Window};
use crate::platform::application::Application;
use crate::platform::http::Problem;
use crate::platform::http::closing::Closing;
use crate::platform::http::extract::parse;
use crate::platform::writer::WriteError;

/// A window is full with so many lines, or so many bytes of them.
const MOST_LINES: usize = 512;
const MOST_BYTES: usize = 1024 * 1024;

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

pub struct Reader<S: Subject> {
    application: Application,
    source: Source<S::Mark>,
    dry_run: bool,
}

impl<S: Subject> Reader<S> {
    pub fn new(application: Application, body: Body, packing: Packing, dry_run: bool) -> Reader<S> {
        let source = Source { body, arrived: Bytes::new(), lines: Lines::new(packing), held: None };
        Reader { application, source, dry_run }
    }

    /// Fills windows for as long as lines come. A window that is not full goes as soon as there is
    /// room for it and nothing more has arrived.
    pub async fn run(mut self, windows: mpsc::Sender<Window<S::Mark>>, pulse: Arc<Pulse>, closing: Closing) {
        let mut window = Window::new();
        let mut ended = false;
        loop {
            let full = match self.cut(&mut window).await {
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
                () = closing.begun(), if !ended => {
                    let detail = "the server is about to end: nothing after this was read";
                    self.give_up(&mut window, Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shutting_down", detail));
                    ended = true;
                }
                frame = next_frame(&mut self.source.body), if !full && !ended => match frame {
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
        let held = self.source.held.take();
        let number = held.map_or_else(|| self.source.lines.next_number(), |read| read.asked.number);
        window.lines.push(Numbered { number, line: Err(problem) });
        self.source.arrived = Bytes::new();
        self.source.lines = Lines::new(Packing::Plain);
    }

    /// Reads lines until the window is full, which it answers, or until more must arrive.
    async fn cut(&mut self, window: &mut Window<S::Mark>) -> Result<bool, Problem> {
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
            // What a packed body unfolds to may be much; others have their turn in between.
            tokio::task::yield_now().await;
        }
    }
}

async fn next_frame(body: &mut Body) -> Option<Result<Frame<Bytes>, axum::Error>> {
    std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
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
