//! Turns: two requests that say they are the same, by their `Idempotency-Key`, or that put the same
//! thing, are carried out one after the other. What they look up before they write, in parts other
//! than their own member's, is then still so when they write.
//!
//! It holds within one process. Between several, the natural keys of each part stay unique, and a
//! key that comes with the same member again gets its first answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::OwnedMutexGuard;

use super::extract::IDEMPOTENCY_KEY;
use super::problem::Problem;

/// What only one request at a time may be about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    /// An `Idempotency-Key`, whatever it came with.
    Key(Vec<u8>),
    /// What a `PUT` names: the route, and what fills it.
    Thing(String, Vec<String>),
}

/// Who is at it and who waits. Nothing is kept of a matter that nobody is concerned with.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    queues: Arc<Mutex<BTreeMap<Matter, Queue>>>,
}

#[derive(Debug, Default)]
struct Queue {
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Those who wait, and the one whose turn it is.
    people: usize,
}

/// Held by the one whose turn it is. The fields are dropped in this order: first the turn passes
/// on, then the place in the queue is given up.
#[must_use]
pub struct Turn {
    _turn: OwnedMutexGuard<()>,
    _place: Place,
}

/// A place in a queue.
struct Place {
    turns: Turns,
    matter: Matter,
}

impl Turns {
    /// Turns in many things of one route, as requests that put them take them one by one. Always in
    /// the same order, so that no two who take many ever wait for each other.
    pub async fn take_all(&self, route: &str, names: BTreeSet<String>) -> Vec<Turn> {
        let mut held = Vec::with_capacity(names.len());
        for name in names {
            held.push(self.take(Matter::Thing(route.to_owned(), vec![name])).await);
        }
        held
    }

    async fn take(&self, matter: Matter) -> Turn {
        let turn = {
            let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queues.entry(matter.clone()).or_default();
            queue.people += 1;
            Arc::clone(&queue.turn)
        };
        // From here on, also whoever stops waiting gives the place up.
        let place = Place { turns: self.clone(), matter };
        Turn { _turn: turn.lock_owned().await, _place: place }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queues = self.turns.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get_mut(&self.matter) {
            queue.people -= 1;
            if queue.people == 0 {
                queues.remove(&self.matter);
            }
        }
    }
}

/// Waits until it is the request's turn in everything that it is about. A caller who goes away
/// does not end the turn: what was begun is finished first. Who puts many things finds the turns
/// among the request's extensions.
pub async fn in_turn(
    State(turns): State<Turns>,
    parameters: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let matters = matters(&request, parameters.ok().as_ref());
    request.extensions_mut().insert(turns.clone());
    if matters.is_empty() {
        return next.run(request).await;
    }
    let mut held = Vec::with_capacity(matters.len());
    for matter in matters {
        held.push(turns.take(matter).await);
    }
    let answered = tokio::spawn(async move {
        let response = next.run(request).await;
        drop(held);
        response
    });
    answered.await.unwrap_or_else(|defect| Problem::internal(&defect).into_response())
}

/// The key always before the thing, so that no two requests ever wait for each other.
fn matters(request: &Request, parameters: Option<&RawPathParams>) -> Vec<Matter> {
    let key = request.headers().get(IDEMPOTENCY_KEY).map(|key| Matter::Key(key.as_bytes().to_vec()));
    let route = request.extensions().get::<MatchedPath>().filter(|_| request.method() == Method::PUT);
    let thing = route.zip(parameters).map(|(route, parameters)| {
        Matter::Thing(route.as_str().to_owned(), parameters.iter().map(|(_, value)| value.to_owned()).collect())
    });
    key.into_iter().chain(thing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Matter {
        Matter::Key(name.as_bytes().to_vec())
    }

    fn queues(turns: &Turns) -> usize {
        turns.queues.lock().unwrap().len()
    }

    #[tokio::test]
    async fn one_at_a_time_and_nothing_is_left_behind() {
        let turns = Turns::default();
        let first = turns.take(key("a")).await;
        let other = turns.take(key("b")).await;
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(key("a")).await }
        });
        let impatient = tokio::time::timeout(std::time::Duration::from_millis(20), turns.take(key("a"))).await;
        assert!(impatient.is_err() && !waiting.is_finished());
        assert_eq!(queues(&turns), 2);
        drop(other);
        drop(first);
        let second = waiting.await.unwrap();
        assert_eq!(queues(&turns), 1);
        drop(second);
        assert_eq!(queues(&turns), 0);
    }
}
