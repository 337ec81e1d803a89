//! How long it takes to write and to read what an order writes: a journal body for an order of four
//! lines, and the state of a member who has ordered every week for a year.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::ToSpan;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Inputs, Profile};
use lojal_core::engine::decide;
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, Language, Money, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook, parse_toml, starter};
use lojal_server::platform::journal::{Body, balances};
use lojal_server::platform::packing::{pack_body, pack_state, unpack_body, unpack_state};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn line(id: &'static str, category: &'static str, make: &'static str, quantity: i64, total: i64) -> Line {
    Line {
        id: Name::const_new(id),
        sku: Some(Name::from(format!("{category}-{id}"))),
        quantity,
        total: Money(total),
        tax: Money(total * 23 / 123),
        kind: if category == "parcel" { LineKind::Shipping } else { LineKind::Product },
        category: Some(Name::const_new(category)),
        make: Some(Name::const_new(make)),
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    }
}

fn order(number: i64, placed_at: Instant) -> Command {
    let order = Order {
        external_id: Name::from(format!("order-{number}")),
        brand: Name::const_new("shop"),
        state: OrderState::Paid,
        placed_at,
        paid_at: Some(placed_at),
        closed_at: None,
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

/// The body of the last of a year's weekly orders, and the state after it.
fn a_year_of_orders() -> (Body, Holder) {
    let programme = Programme { version: 1, ..parse_toml(starter(Language::En)).expect("a programme") };
    let rulebook = Rulebook::new([programme]);
    let mut now: Instant = "2025-05-20T16:00:00Z".parse().expect("a time");
    let holder = HolderId(Id::new(now.as_millisecond(), 0, Part::PROGRAMME));
    let enrol = Command::Enrol { holder, joined_at: now, profile: Profile::default() };
    let (mut holder, _) = decide(&rulebook, None, None, &enrol, &inputs(0, now)).expect("a decision");
    let mut latest = None;
    for number in 1..=52 {
        now = now.saturating_add((7 * 24).hours()).expect("a time");
        let (command, inputs) = (order(number, now), inputs(number, now));
        let (after, decision) = decide(&rulebook, Some(&holder), None, &command, &inputs).expect("a decision");
        latest = Some(Body::new(command, inputs, decision, balances(&after)));
        holder = after;
    }
    (latest.expect("a year"), holder)
}

fn packing(criterion: &mut Criterion) {
    let (body, holder) = a_year_of_orders();
    let text = pack_body(&body).expect("a body");
    let bytes = pack_state(&holder);
    let Inputs { transaction, now, .. } = body.inputs;
    println!("a body of {} bytes, a state of {} bytes", text.len(), bytes.len());
    criterion.bench_function("pack a body", |bencher| bencher.iter(|| pack_body(black_box(&body))));
    criterion.bench_function("unpack a body", |bencher| {
        bencher.iter(|| unpack_body(black_box(&text), transaction, now, body.decision.version))
    });
    criterion.bench_function("pack a state", |bencher| bencher.iter(|| pack_state(black_box(&holder))));
    criterion.bench_function("unpack a state", |bencher| bencher.iter(|| unpack_state(black_box(&bytes))));
}

criterion_group!(benches, packing);
criterion_main!(benches);
