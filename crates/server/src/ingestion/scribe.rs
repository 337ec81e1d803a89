//! Writes results down for the client.

use std::sync::Arc;

use axum::http::StatusCode;
use lojal_core::kernel::Language;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::body::{Piece, Pulse};
use super::intake::Outcome;
use super::stream::{Answered, Marked, Numbered, Subject};
use super::wire::{LeanAnswer, LineJson, ResultJson};
use crate::ledger_entries::{LeanTransactionJson, Telling};
use crate::platform::application::Application;
use crate::platform::http::Problem;

/// Results are sent on when there are so many bytes of them.
const PIECE: usize = 16 * 1024;

/// Writes down what became of the lines.
pub struct Scribe {
    pub application: Application,
    pub language: Option<Language>,
    pub lean: bool,
    pub request_id: String,
    /// The stream has ended when its last result is written down.
    pub _place: OwnedSemaphorePermit,
}

impl Scribe {
    /// Goes on taking results when nobody reads them any more, so that everything is carried out.
    pub async fn run<S: Subject>(
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
