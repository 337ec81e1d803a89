//! Many clients at once, each with one thing under way, and how long each thing took.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// A client gives up after so many failures: what follows would say nothing new.
const MOST_FAILURES: u64 = 10;
/// How often two loads take turns.
const TURNS: u32 = 4;

/// Somebody who asks for one thing after another.
pub trait Client: Send + 'static {
    /// Asks, waits for the answer, and says how many things were done.
    fn ask(&mut self) -> impl Future<Output = Result<u64, Failure>> + Send;
}

/// When clients stop.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    Time(Duration),
    /// All of them together have asked so often.
    Times(u64),
}

/// What came of a load.
#[derive(Debug, Default)]
pub struct Load {
    pub done: u64,
    pub errors: u64,
    /// What the first of the errors said.
    pub first_error: Option<String>,
    pub elapsed: Duration,
    pub latencies: Latencies,
}

impl Load {
    pub fn per_second(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    pub fn add(&mut self, other: Load) {
        self.done += other.done;
        self.errors += other.errors;
        self.first_error = self.first_error.take().or(other.first_error);
        self.elapsed += other.elapsed;
        self.latencies.microseconds.extend(other.latencies.microseconds);
    }
}

/// Two loads in turns, so that whatever else the machine does slows down both alike.
pub async fn compare<A: Client, B: Client>(
    mut clients: Vec<A>,
    mut others: Vec<B>,
    time: Duration,
) -> Result<(Load, Load), Failure> {
    let mut loads = (Load::default(), Load::default());
    for _ in 0..TURNS {
        let (load, back) = drive(clients, Until::Time(time / TURNS)).await?;
        clients = back;
        loads.0.add(load);
        let (load, back) = drive(others, Until::Time(time / TURNS)).await?;
        others = back;
        loads.1.add(load);
    }
    Ok(loads)
}

/// Has all clients ask at once, and gives them back.
pub async fn drive<C: Client>(clients: Vec<C>, until: Until) -> Result<(Load, Vec<C>), Failure> {
    let begun = Instant::now();
    let asked = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> =
        clients.into_iter().map(|client| tokio::spawn(ask_on(client, until, begun, Arc::clone(&asked)))).collect();
    let mut load = Load::default();
    let mut clients = Vec::with_capacity(tasks.len());
    for task in tasks {
        let (client, part) = task.await?;
        clients.push(client);
        load.add(part);
    }
    load.elapsed = begun.elapsed();
    Ok((load, clients))
}

/// Has all clients together ask so often a second, whatever the answers do. Who waits for an answer asks late, and that
/// counts: times are taken from the moment at which it was due.
pub async fn pace<C: Client>(clients: Vec<C>, per_second: u32, time: Duration) -> Result<(Load, Vec<C>), Failure> {
    let count = u32::try_from(clients.len()).unwrap_or(u32::MAX);
    let step = Duration::from_secs(1) * count / per_second;
    let begun = Instant::now();
    let paced = |(number, client): (u32, C)| {
        let first = begun + step * number / count;
        tokio::spawn(ask_at(client, first, step, begun + time))
    };
    let tasks: Vec<_> = (0..count).zip(clients).map(paced).collect();
    let mut load = Load::default();
    let mut clients = Vec::with_capacity(tasks.len());
    for task in tasks {
        let (client, part) = task.await?;
        clients.push(client);
        load.add(part);
    }
    load.elapsed = begun.elapsed();
    Ok((load, clients))
}

async fn ask_at<C: Client>(mut client: C, mut due: Instant, step: Duration, until: Instant) -> (C, Load) {
    let mut load = Load::default();
    while load.errors < MOST_FAILURES && due < until {
        tokio::time::sleep_until(due.into()).await;
        match client.ask().await {
            Ok(done) => {
                load.done += done;
                load.latencies.add(due.elapsed());
            }
            Err(failure) => {
                load.errors += 1;
                load.first_error.get_or_insert_with(|| failure.to_string());
            }
        }
        due += step;
    }
    (client, load)
}

async fn ask_on<C: Client>(mut client: C, until: Until, begun: Instant, asked: Arc<AtomicU64>) -> (C, Load) {
    let mut load = Load::default();
    let goes_on = || match until {
        Until::Time(time) => begun.elapsed() < time,
        Until::Times(times) => asked.fetch_add(1, Ordering::Relaxed) < times,
    };
    while load.errors < MOST_FAILURES && goes_on() {
        let begun = Instant::now();
        match client.ask().await {
            Ok(done) => {
                load.done += done;
                load.latencies.add(begun.elapsed());
            }
            Err(failure) => {
                load.errors += 1;
                load.first_error.get_or_insert_with(|| failure.to_string());
            }
        }
    }
    (client, load)
}

/// How long things took.
#[derive(Debug, Default)]
pub struct Latencies {
    microseconds: Vec<u32>,
}

impl Latencies {
    pub fn add(&mut self, time: Duration) {
        self.microseconds.push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    pub fn extend(&mut self, times: Vec<Duration>) {
        times.into_iter().for_each(|time| self.add(time));
    }

    /// The milliseconds within which half of them, 95 and 99 of 100, were answered.
    pub fn quantiles(&mut self) -> Quantiles {
        self.microseconds.sort_unstable();
        let at = |hundredths: usize| {
            let index = (self.microseconds.len() * hundredths / 100).min(self.microseconds.len().saturating_sub(1));
            self.microseconds.get(index).map_or(0.0, |time| f64::from(*time) / 1_000.0)
        };
        Quantiles { p50: at(50), p95: at(95), p99: at(99) }
    }
}

/// In milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    pub p50: f64,
    pub p95: f64,
    pub p99: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_ninety_nine_of_a_hundred() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.quantiles(), Quantiles { p50: 0.0, p95: 0.0, p99: 0.0 });
        (1..=100).rev().for_each(|milliseconds| latencies.add(Duration::from_millis(milliseconds)));
        assert_eq!(latencies.quantiles(), Quantiles { p50: 51.0, p95: 96.0, p99: 100.0 });
    }
}
