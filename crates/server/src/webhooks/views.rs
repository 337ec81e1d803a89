//! What pages show of endpoints and deliveries: finished texts.

use lojal_core::kernel::{Calendar, Instant, TransactionId};
use lojal_core::words::Words;
use serde::Serialize;

use super::delivery::{Delivery, State, Try};
use super::endpoint::Endpoint;
use super::kind::Kind;
use crate::platform::clock::instant;

/// Width and height of a day that is drawn, an hour being a bar.
const BAR: i64 = 5;
const HEIGHT: i64 = 28;

#[derive(Serialize)]
pub struct EndpointView {
    pub id: String,
    pub url: String,
    pub description: String,
    /// Names of chosen kinds; none are all.
    pub kinds: Vec<String>,
    /// `enabled`, `failing`, or why it is disabled.
    pub state: &'static str,
    pub is_enabled: bool,
    pub made: String,
    pub failing_since: Option<String>,
    pub delivered: Option<String>,
    pub old_secret_until: Option<String>,
    pub day: DayView,
}

/// How attempts of the last day went.
#[derive(Serialize)]
pub struct DayView {
    pub bars: Vec<BarView>,
    /// Of a hundred, how many were taken; absent when nothing was sent.
    pub percent: Option<i64>,
    pub attempts: i64,
}

#[derive(Serialize)]
pub struct BarView {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    pub class: &'static str,
}

impl DayView {
    pub fn new(hours: &[(i64, i64)]) -> DayView {
        let most = hours.iter().map(|(delivered, failed)| delivered + failed).max().unwrap_or(0).max(1);
        let mut bars = Vec::new();
        for (place, (delivered, failed)) in (0..).zip(hours) {
            // What is there at all can be seen.
            let height = |count: i64| if count > 0 { (count * HEIGHT / most).max(1) } else { 0 };
            let (taken, refused) = (height(*delivered), height(*failed));
            let x = place * BAR;
            if taken > 0 {
                bars.push(BarView { x, y: HEIGHT - taken, height: taken, class: "taken" });
            }
            if refused > 0 {
                bars.push(BarView { x, y: (HEIGHT - taken - refused).max(0), height: refused, class: "refused" });
            }
        }
        let taken: i64 = hours.iter().map(|(delivered, _)| delivered).sum();
        let attempts = taken + hours.iter().map(|(_, failed)| failed).sum::<i64>();
        DayView { bars, percent: (attempts > 0).then(|| taken * 100 / attempts), attempts }
    }
}

impl EndpointView {
    pub fn new(
        endpoint: &Endpoint,
        hours: &[(i64, i64)],
        words: &Words,
        calendar: &Calendar,
        now: Instant,
    ) -> EndpointView {
        let moment = |at: Instant| words.moment_in(calendar, at);
        let state = match (endpoint.disabled, endpoint.failing_since) {
            (Some(reason), _) => reason.name(),
            (None, Some(_)) => "troubled",
            (None, None) => "enabled",
        };
        EndpointView {
            id: endpoint.id.to_string(),
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            kinds: endpoint.names().map(str::to_owned).collect(),
            state,
            is_enabled: endpoint.disabled.is_none(),
            made: moment(endpoint.made_at),
            failing_since: endpoint.failing_since.map(moment),
            delivered: endpoint.delivered_at.map(moment),
            old_secret_until: Some(endpoint.before_until).filter(|until| *until > now).map(moment),
            day: DayView::new(hours),
        }
    }
}

#[derive(Serialize)]
pub struct DeliveryView {
    pub event: String,
    pub kind: &'static str,
    pub text_key: String,
    pub state: &'static str,
    pub made: String,
    pub next: Option<String>,
    pub attempts: usize,
    pub status: Option<i64>,
    pub answer: String,
    /// Where the console shows what it is about.
    pub transaction: Option<String>,
    pub tries: Vec<TryView>,
}

#[derive(Serialize)]
pub struct TryView {
    pub at: String,
    pub status: Option<u16>,
    pub trouble: Option<String>,
    pub milliseconds: String,
}

impl DeliveryView {
    pub fn new(delivery: &Delivery, words: &Words, calendar: &Calendar) -> DeliveryView {
        let moment = |at: Instant| words.moment_in(calendar, at);
        let attempt = |attempt: &Try| TryView {
            at: moment(instant(attempt.at)),
            status: attempt.status,
            trouble: attempt.trouble.clone(),
            milliseconds: words.number(attempt.milliseconds, 0),
        };
        DeliveryView {
            event: delivery.event.to_string(),
            kind: delivery.kind.name(),
            text_key: delivery.kind.text_key(),
            state: delivery.state.name(),
            made: moment(delivery.made_at),
            next: delivery.due_at.filter(|_| delivery.state == State::Waiting).map(moment),
            attempts: delivery.tries.len(),
            status: delivery.status,
            answer: delivery.answer.clone(),
            transaction: delivery.holder.map(|_| TransactionId(delivery.event.source).to_string()),
            tries: delivery.tries.iter().rev().map(attempt).collect(),
        }
    }
}

/// A kind that can be chosen.
#[derive(Serialize)]
pub struct KindView {
    pub name: &'static str,
    pub text_key: String,
    pub example: Option<String>,
}

impl KindView {
    pub fn choices() -> Vec<KindView> {
        Kind::choices().map(|kind| KindView { name: kind.name(), text_key: kind.text_key(), example: None }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_high_as_its_busiest_hour() {
        let day = DayView::new(&[(0, 0), (3, 1), (1, 0)]);
        let bars: Vec<_> = day.bars.iter().map(|bar| (bar.x, bar.y, bar.height, bar.class)).collect();
        assert_eq!(bars, [(5, 7, 21, "taken"), (5, 0, 7, "refused"), (10, 21, 7, "taken")]);
        assert_eq!((day.percent, day.attempts), (Some(80), 5));
        assert_eq!(DayView::new(&[(0, 0)]).percent, None);
    }
}
