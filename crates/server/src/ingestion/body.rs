//! An answer that is sent while it is made, and the pulse by which a dead stream is told from a
//! long one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What is on its way to the client.
pub enum Piece {
    Lines(Bytes),
    /// Everything was answered. Without it the client learns that the answer broke off.
    End,
}

/// The answer whose pieces `pieces` brings.
pub fn streamed(pieces: mpsc::Receiver<Piece>, pulse: Arc<Pulse>) -> Body {
    Body::new(Streamed { pieces, pulse })
}

struct Streamed {
    pieces: mpsc::Receiver<Piece>,
    pulse: Arc<Pulse>,
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.pieces.poll_recv(context).map(|piece| match piece {
            Some(Piece::Lines(bytes)) => {
                self.pulse.beat();
                Some(Ok(Frame::data(bytes)))
            }
            Some(Piece::End) => None,
            None => Some(Err(std::io::Error::other("the answer broke off"))),
        })
    }
}

/// When something last moved, in either direction.
pub struct Pulse {
    last: Mutex<Instant>,
    idle: Duration,
}

impl Pulse {
    /// A stream is dead when nothing has moved for `idle`.
    pub fn new(idle: Duration) -> Pulse {
        Pulse { last: Mutex::new(Instant::now()), idle }
    }

    pub fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Ready when the stream is dead.
    pub async fn stopped(&self) {
        loop {
            let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.elapsed() >= self.idle {
                return;
            }
            tokio::time::sleep_until(last + self.idle).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_millis(300);

    async fn next(body: &mut Body) -> Option<Result<Frame<Bytes>, axum::Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await
    }

    #[tokio::test]
    async fn an_answer_is_whole_only_when_it_was_ended() {
        for whole in [true, false] {
            let (pieces, sent) = mpsc::channel(2);
            let mut body = streamed(sent, Arc::new(Pulse::new(IDLE)));
            pieces.try_send(Piece::Lines(Bytes::from_static(b"{}"))).unwrap_or_default();
            if whole {
                pieces.try_send(Piece::End).unwrap_or_default();
            }
            drop(pieces);
            assert!(next(&mut body).await.is_some_and(|frame| frame.is_ok()));
            match next(&mut body).await {
                None => assert!(whole),
                Some(end) => assert!(end.is_err() && !whole),
            }
        }
    }

    #[tokio::test]
    async fn what_moves_is_alive() {
        let pulse = Pulse::new(IDLE);
        let alive = async {
            for _ in 0..4 {
                tokio::time::sleep(IDLE / 3).await;
                pulse.beat();
            }
            Instant::now()
        };
        let (last, ()) = tokio::join!(alive, pulse.stopped());
        assert!(last.elapsed() >= IDLE);
    }
}
