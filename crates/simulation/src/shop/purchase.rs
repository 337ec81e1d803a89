//! One order from the basket to the last return.

use std::collections::BTreeMap;

use lojal_core::activity::{Activity, Line, LineKind, Order, OrderState, Value};
use lojal_core::command::ReturnedLine;
use lojal_core::kernel::{Instant, Money, Name};

use super::customer::later;
use super::{Product, ShopEvent, ShopEventKind, World, catalogue, season};
use crate::chance::Chance;

const DAY: i64 = 86_400;
/// From this goods total the parcel is free.
const FREE_SHIPPING_FROM: i64 = 20_000;
const SHIPPING: Money = Money(1_499);
/// How many days the customer may think about it.
const RETURN_DAYS: i64 = 30;

/// Who buys, where and when.
pub struct Purchase<'a> {
    pub at: Instant,
    pub number: u64,
    pub member: &'a Name,
    pub favourites: [usize; 2],
    pub country: &'a Name,
    pub in_store: bool,
}

/// How an order goes on after it was placed. Each step is later than the one before.
enum Fate {
    /// Taken home at once.
    OverTheCounter,
    /// Paid at once, or after a bank's two days; then delivered.
    Delivered {
        paid: Instant,
        closed: Instant,
    },
    /// Called off after it was paid.
    CalledOff {
        paid: Instant,
        cancelled: Instant,
    },
    NeverPaid {
        cancelled: Instant,
    },
}

/// All that follows from one visit to the shop.
pub fn purchase(purchase: Purchase<'_>, chance: &mut Chance, world: &World) -> Vec<ShopEvent> {
    let order = basket(&purchase, chance, world);
    let fate = fate(&purchase, chance);
    let mut events = Events { member: purchase.member, events: Vec::new() };
    events.tell(&order, &fate);
    let received = match fate {
        Fate::OverTheCounter => purchase.at,
        Fate::Delivered { closed, .. } => closed,
        Fate::CalledOff { .. } | Fate::NeverPaid { .. } => return events.events,
    };
    returns(&order, received, purchase.in_store, chance, &mut events);
    if chance.happens(120) {
        events.add(later(received, chance.between(DAY, 15 * DAY)), |at| review(&order, at, chance));
    }
    events.events
}

struct Events<'a> {
    member: &'a Name,
    events: Vec<ShopEvent>,
}

impl Events<'_> {
    fn add(&mut self, at: Instant, kind: impl FnOnce(Instant) -> ShopEventKind) {
        self.events.push(ShopEvent { at, member: self.member.clone(), kind: kind(at) });
    }

    fn order(&mut self, at: Instant, order: Order) {
        self.add(at, |_| ShopEventKind::Ordered { order });
    }

    /// The order in each state that it passes through.
    fn tell(&mut self, order: &Order, fate: &Fate) {
        let placed = order.placed_at;
        let paid_at = |paid: Instant| Order { state: OrderState::Paid, paid_at: Some(paid), ..order.clone() };
        match *fate {
            Fate::OverTheCounter => self.order(
                placed,
                Order { state: OrderState::Closed, paid_at: Some(placed), closed_at: Some(placed), ..order.clone() },
            ),
            Fate::Delivered { paid, closed } => {
                if paid > placed {
                    self.order(placed, order.clone());
                }
                self.order(paid, paid_at(paid));
                self.order(closed, Order { state: OrderState::Closed, closed_at: Some(closed), ..paid_at(paid) });
            }
            Fate::CalledOff { paid, cancelled } => {
                self.order(paid, paid_at(paid));
                self.order(cancelled, Order { state: OrderState::Cancelled, ..paid_at(paid) });
            }
            Fate::NeverPaid { cancelled } => {
                self.order(placed, order.clone());
                self.order(cancelled, Order { state: OrderState::Cancelled, ..order.clone() });
            }
        }
    }
}

fn fate(purchase: &Purchase<'_>, chance: &mut Chance) -> Fate {
    let placed = purchase.at;
    if purchase.in_store {
        return Fate::OverTheCounter;
    }
    let by_transfer = chance.happens(180);
    if by_transfer && chance.happens(90) {
        return Fate::NeverPaid { cancelled: later(placed, 5 * DAY) };
    }
    let paid = if by_transfer { later(placed, chance.between(6 * 3600, 2 * DAY)) } else { placed };
    if chance.happens(20) {
        return Fate::CalledOff { paid, cancelled: later(paid, chance.between(600, 20 * 3600)) };
    }
    Fate::Delivered { paid, closed: later(paid, chance.between(20 * 3600, 6 * DAY)) }
}

fn basket(purchase: &Purchase<'_>, chance: &mut Chance, world: &World) -> Order {
    let date = world.plan.calendar.date(purchase.at);
    let wanted = 1 + chance.weighted(&[45, 27, 15, 8, 5]);
    let mut lines: Vec<Line> = Vec::new();
    for _ in 0..wanted {
        let product = product(purchase, date.month(), chance, world);
        if lines.iter().any(|line| line.sku.as_ref() == Some(&product.sku)) {
            continue;
        }
        let pieces = [1, 2, 3, 6][chance.weighted(&[780, 150, 50, 20])];
        let discounted = chance.happens(season::discounts(date));
        lines.push(product.line(line_id(&lines), pieces, discounted));
    }
    if chance.happens(20) {
        let value = Money(*chance.one_of(&[5_000, 10_000, 20_000]));
        lines.push(catalogue::gift_card(line_id(&lines), value));
    }
    let goods: Money = lines.iter().map(|line| line.total).sum();
    if !purchase.in_store && goods.0 < FREE_SHIPPING_FROM {
        lines.push(catalogue::shipping(line_id(&lines), SHIPPING));
    }
    let channel = match (purchase.in_store, chance.happens(350)) {
        (true, _) => "store",
        (false, true) => "app",
        (false, false) => "web",
    };
    Order {
        external_id: Name::from(format!("order-{}", 100_000 + purchase.number)),
        brand: world.plan.brand.clone(),
        state: OrderState::Open,
        placed_at: purchase.at,
        paid_at: None,
        closed_at: None,
        channel: Some(Name::const_new(channel)),
        country: Some(purchase.country.clone()),
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines,
    }
}

fn line_id(lines: &[Line]) -> Name {
    Name::from((lines.len() + 1).to_string())
}

/// From a favourite shelf or from one that the season recommends; cheap things oftener.
fn product<'a>(purchase: &Purchase<'_>, month: i8, chance: &mut Chance, world: &'a World) -> &'a Product {
    let shelf = match chance.weighted(&[45, 20, 35]) {
        index @ (0 | 1) => purchase.favourites[index],
        _ => {
            let interest: Vec<u64> =
                (0..world.shelves.len()).map(|category| season::interest(category, month)).collect();
            chance.weighted(&interest)
        }
    };
    let shelf = &world.shelves[shelf];
    let products = shelf.len() as u64;
    &shelf[chance.below(products).min(chance.below(products)) as usize]
}

/// Most customers keep everything; some send back a piece, some the lot, some come twice.
fn returns(order: &Order, received: Instant, in_store: bool, chance: &mut Chance, events: &mut Events<'_>) {
    if !chance.happens(if in_store { 35 } else { 90 }) {
        return;
    }
    let mut left: Vec<(Name, i64)> = order
        .lines
        .iter()
        .filter(|line| line.kind == LineKind::Product)
        .map(|line| (line.id.clone(), line.quantity))
        .collect();
    let times = if chance.happens(120) { 2 } else { 1 };
    let mut at = received;
    for time in 1..=times {
        at = later(at, chance.between(DAY / 2, RETURN_DAYS * DAY / times));
        let everything = chance.happens(300);
        let lines = send_back(&mut left, everything, chance);
        if lines.is_empty() {
            return;
        }
        let order = order.external_id.clone();
        let return_id = Name::from(format!("{order}-return-{time}"));
        events.add(at, |_| ShopEventKind::Returned { order, return_id, lines });
    }
}

/// Takes pieces out of `left`: all of them, or some of one line.
fn send_back(left: &mut Vec<(Name, i64)>, everything: bool, chance: &mut Chance) -> Vec<ReturnedLine> {
    if left.is_empty() {
        return Vec::new();
    }
    if everything {
        return left.drain(..).map(|(line, quantity)| ReturnedLine { line, quantity }).collect();
    }
    let index = chance.below(left.len() as u64) as usize;
    let (line, most) = &mut left[index];
    let quantity = chance.between(1, *most);
    *most -= quantity;
    let returned = vec![ReturnedLine { line: line.clone(), quantity }];
    left.retain(|(_, most)| *most > 0);
    returned
}

fn review(order: &Order, at: Instant, chance: &mut Chance) -> ShopEventKind {
    let stars = [1, 2, 3, 4, 5][chance.weighted(&[4, 4, 10, 27, 55])];
    let photo = chance.happens(200);
    ShopEventKind::Took {
        activity: Activity {
            name: Name::const_new("review"),
            external_id: Name::from(format!("review-{}", order.external_id)),
            occurred_at: at,
            brand: order.brand.clone(),
            attributes: BTreeMap::from([
                (Name::const_new("stars"), Value::Number(stars)),
                (Name::const_new("photo"), Value::Flag(photo)),
            ]),
            share: Activity::WHOLE,
        },
    }
}
