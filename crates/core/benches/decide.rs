//! How long one decision takes: an order of four lines under twenty rules, for a member who has
//! ordered every week for a year.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::ToSpan;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Inputs, Profile};
use lojal_core::engine::decide;
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, Money, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook, parse_toml};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROGRAMME: &str = include_str!("twenty-rules.toml");

fn line(id: &'static str, category: &'static str, make: &'static str, pieces: i64, total: i64) -> Line {
    Line {
        id: Name::const_new(id),
        sku: Some(Name::from(format!("{category}-{id}"))),
        quantity: pieces,
        total: Money(total),
        tax: Money(total * 23 / 123),
        kind: if category == "parcel" { LineKind::Shipping } else { LineKind::Product },
        category: Some(Name::const_new(category)),
        make: Some(Name::const_new(make)),
        tags: vec![Name::const_new("eco")],
        discounted: false,
        returned: 0,
    }
}

/// Paid, delivered the same day.
fn order(number: i64, placed_at: Instant) -> Command {
    let order = Order {
        external_id: Name::from(format!("order-{number}")),
        brand: Name::const_new("shop"),
        state: OrderState::Closed,
        placed_at,
        paid_at: Some(placed_at),
        closed_at: Some(placed_at),
        channel: Some(Name::const_new("app")),
        country: Some(Name::const_new("PL")),
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines: vec![
            line("1", "coffee", "alto", 2, 8_998),
            line("2", "books", "papirus", 1, 3_999),
            line("3", "kitchen", "granit", 1, 9_599),
            line("4", "parcel", "post", 1, 1_499),
        ],
    };
    Command::PutOrder { order }
}

fn inputs(number: i64, now: Instant) -> Inputs {
    Inputs {
        now,
        transaction: TransactionId(Id::new(now.as_millisecond(), number as u16, Part::PROGRAMME)),
        entropy: 0,
        shared: Default::default(),
        pool_codes: Default::default(),
    }
}

/// The member after a year of weekly orders, and the moment of the next one.
fn a_year_of_orders(rulebook: &Rulebook) -> (Holder, Instant) {
    let mut now: Instant = "2025-05-20T16:00:00Z".parse().expect("a time");
    let holder = HolderId(Id::new(0, 0, Part::PROGRAMME));
    let enrol = Command::Enrol { holder, joined_at: now, profile: Profile::default() };
    let mut holder = decided(rulebook, None, &enrol, &inputs(0, now));
    for number in 1..=52 {
        now = now.saturating_add((7 * 24).hours()).expect("a time");
        holder = decided(rulebook, Some(&holder), &order(number, now), &inputs(number, now));
    }
    (holder, now)
}

fn decided(rulebook: &Rulebook, holder: Option<&Holder>, command: &Command, inputs: &Inputs) -> Holder {
    decide(rulebook, holder, None, command, inputs).expect("a decision").0
}

fn one_order(criterion: &mut Criterion) {
    let programme = Programme { version: 1, ..parse_toml(PROGRAMME).expect("a programme") };
    assert_eq!(programme.rules.len(), 20);
    let rulebook = Rulebook::new([programme]);
    let (holder, now) = a_year_of_orders(&rulebook);
    let command = order(53, now);
    let inputs = inputs(53, now);
    criterion.bench_function("decide one order under 20 rules", |bencher| {
        bencher.iter(|| decide(&rulebook, Some(black_box(&holder)), None, black_box(&command), &inputs));
    });
}

criterion_group!(benches, one_order);
criterion_main!(benches);
