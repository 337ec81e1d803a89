//! Figures as pages show them.

use lojal_core::kernel::Date;
use lojal_core::programme::Programme;
use lojal_core::words::Words;
use serde::Serialize;

use super::drawing::Trend;
use super::measures::{Change, Measure};
use super::period::Period;
use crate::platform::figures::Figures;

/// Periods that a line is drawn through where a period has no pieces.
pub const PERIODS: i32 = 12;

/// What figures are told by.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub figures: &'a Figures,
    pub programme: &'a Programme,
    pub words: &'a Words,
    pub period: Period,
    pub today: Date,
}

#[derive(Debug, Serialize)]
pub struct FigureView {
    pub name: &'static str,
    pub unit: Option<String>,
    /// The edition of which it tells alone.
    pub referral: Option<String>,
    /// None for a share of nothing.
    pub value: Option<String>,
    /// What it was before.
    pub before: Option<String>,
    pub change: Option<ChangeView>,
    pub trend: Option<Trend>,
}

#[derive(Debug, Serialize)]
pub struct ChangeView {
    /// `up`, `down` or `same`
    pub direction: &'static str,
    /// `12,5%`, without a sign; of shares, `12,5`.
    pub size: String,
    /// Whether these are points of a hundred.
    pub is_of_share: bool,
}

/// A row of the page about one figure.
#[derive(Debug, Serialize)]
pub struct PieceView {
    pub name: String,
    pub value: Option<String>,
    /// As a spreadsheet reads it.
    pub number: Option<String>,
    pub first: String,
    pub last: String,
}

impl Told<'_> {
    pub fn figure(&self, measure: &Measure) -> FigureView {
        let value = measure.in_period(self.figures, self.programme, self.period);
        let before = measure.before(self.figures, self.programme, self.period, self.today);
        let say = |value: super::measures::Value| value.say(self.words, self.programme, measure.unit());
        FigureView {
            name: measure.name(),
            unit: measure.unit().map(|unit| unit.to_string()),
            referral: measure.edition().map(|edition| edition.to_string()),
            value: say(value),
            before: before.and_then(say),
            change: before.and_then(|before| value.change_since(before)).map(|change| self.change(change)),
            trend: Trend::through(&self.line(measure)),
        }
    }

    fn change(&self, change: Change) -> ChangeView {
        ChangeView {
            direction: match change.tenths {
                0 => "same",
                1.. => "up",
                _ => "down",
            },
            size: match change.tenths.saturating_abs() {
                tenths if change.is_of_share => self.words.short_number(tenths, 1),
                tenths => self.words.percent(tenths, 1),
            },
            is_of_share: change.is_of_share,
        }
    }

    fn line(&self, measure: &Measure) -> Vec<i64> {
        self.values(measure).into_iter().map(|(_, value)| value.size().unwrap_or(0)).collect()
    }

    /// The pieces of the period; for what counts people, whole periods up to it.
    fn values(&self, measure: &Measure) -> Vec<(Piece, super::measures::Value)> {
        if measure.counts_people() {
            let periods = (0..PERIODS).rev().map(|back| self.period.plus(-back));
            return periods
                .map(|period| (Piece::Period(period), measure.in_period(self.figures, self.programme, period)))
                .collect();
        }
        let pieces = self.period.pieces(self.today).into_iter();
        pieces
            .filter_map(|days| Some((Piece::Days(days), measure.in_days(self.figures, self.programme, days)?)))
            .collect()
    }

    /// The rows that a figure is made of, the latest first.
    pub fn pieces(&self, measure: &Measure) -> Vec<PieceView> {
        let piece = |(piece, value): (Piece, super::measures::Value)| {
            let (first, last) = piece.days();
            PieceView {
                name: match piece {
                    Piece::Period(period) => period.say(self.words),
                    Piece::Days((first, last)) if first == last => self.words.date(first),
                    Piece::Days((first, _)) if matches!(self.period, Period::Year(_)) => {
                        Period::month_of(first).say(self.words)
                    }
                    Piece::Days((first, last)) => {
                        format!("{} – {}", self.words.date(first), self.words.date(last))
                    }
                },
                value: value.say(self.words, self.programme, measure.unit()),
                number: value.written(self.programme, measure.unit()),
                first: first.to_string(),
                last: last.to_string(),
            }
        };
        let mut pieces: Vec<PieceView> = self.values(measure).into_iter().map(piece).collect();
        pieces.reverse();
        pieces
    }
}

#[derive(Clone, Copy)]
enum Piece {
    Days((Date, Date)),
    Period(Period),
}

impl Piece {
    fn days(self) -> (Date, Date) {
        match self {
            Piece::Days(days) => days,
            Piece::Period(period) => period.days(),
        }
    }
}
