//! How fast a history is replayed: orders of two lines, by 20,000 members over two years, under twenty rules.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jiff::SignedDuration;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::{Command, Profile};
use lojal_core::kernel::{HolderId, Id, Instant, Money, Name, Part, TransactionId};
use lojal_core::programme::{Programme, parse_toml};
use lojal_simulation::history::Step;
use lojal_simulation::replay::{MEMORY, Manner, Redemption, Replay};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PROGRAMME: &str = include_str!("../../core/benches/twenty-rules.toml");
const MEMBERS: u64 = 20_000;
const ORDERS: u64 = 200_000;
const SECONDS_BETWEEN: i64 = 2 * 365 * 86_400 / ORDERS as i64;

fn line(id: &'static str, category: &'static str, total: i64) -> Line {
    Line {
        id: Name::const_new(id),
        sku: None,
        quantity: 1,
        total: Money(total),
        tax: Money(total * 23 / 123),
        kind: LineKind::Product,
        category: Some(Name::const_new(category)),
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    }
}

fn steps() -> Vec<Step> {
    let start: Instant = "2024-01-01T08:00:00Z".parse().expect("a time");
    let holder = |member: u64| {
        HolderId(Id::new(0, (member / 64) as u16, Part::all().nth(member as usize % 64).expect("a part")))
    };
    let step = |at, member, number, command| {
        let holder = holder(member);
        let transaction = TransactionId(Id::new(start.as_millisecond() + number as i64, 0, holder.0.part()));
        Step { at, holder, transaction, entropy: 0, command }
    };
    let enrolled = (0..MEMBERS).map(|member| {
        let command = Command::Enrol { holder: holder(member), joined_at: start, profile: Profile::default() };
        step(start, member, member, command)
    });
    let ordered = (0..ORDERS).map(|number| {
        let at = start + SignedDuration::from_secs(SECONDS_BETWEEN * number as i64);
        let order = Order {
            external_id: Name::from(format!("order-{number}")),
            brand: Name::const_new("shop"),
            state: OrderState::Closed,
            placed_at: at,
            paid_at: Some(at),
            closed_at: Some(at),
            channel: None,
            country: None,
            tags: Vec::new(),
            paid_with_points: Money::ZERO,
            lines: vec![line("1", "coffee", 2_000 + (number % 90) as i64 * 100), line("2", "books", 3_999)],
        };
        step(at, number * 7_919 % MEMBERS, MEMBERS + number, Command::PutOrder { order })
    });
    enrolled.chain(ordered).collect()
}

fn replay(criterion: &mut Criterion) {
    let programme: Programme = parse_toml(PROGRAMME).expect("a programme");
    let steps = steps();
    let until = steps.last().expect("a step").at;
    let mut group = criterion.benchmark_group("replay");
    group.throughput(Throughput::Elements(ORDERS)).sample_size(10);
    group.bench_function("orders under 20 rules", |bencher| {
        bencher.iter_batched(
            || Replay::new(programme.clone(), Manner { redemption: Redemption::Nobody, seed: 1, memory: MEMORY }),
            |mut replay| {
                steps.iter().for_each(|step| replay.take(step).expect("a decision"));
                replay.finish(until).expect("an outcome")
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, replay);
criterion_main!(benches);
