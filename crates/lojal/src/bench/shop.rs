//! The shop that is measured: twenty rules, many members, and orders of three lines.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::ToSpan;
use lojal_core::activity::{Line, LineKind, Order, OrderState};
use lojal_core::command::Command;
use lojal_core::kernel::{HolderId, Instant, MemberId, Money, Name};
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::Place;
use lojal_server::platform::writer::{Done, Submission};
use lojal_simulation::chance::Chance;

use super::load::Client;
use crate::failure::Failure;

/// The rules by which one decision of the core is measured, too, and a reward that costs nothing.
const PROGRAMME: &str = concat!(
    include_str!("../../../core/benches/twenty-rules.toml"),
    r#"
[rewards.gift]
name = { en = "A gift" }
kind = "amount_off"
amount = "10.00"
unit = "points"
price = 0
voucher = { prefix = "GIFT", valid = "60 days" }
"#
);
pub const REWARD: &str = "gift";

/// Members that join together.
const CHUNK: usize = 2_000;

/// Category, make and price of what is sold.
const GOODS: [(&str, &str, i64); 8] = [
    ("coffee", "alto", 4_499),
    ("coffee", "granit", 3_899),
    ("books", "papirus", 3_999),
    ("kitchen", "granit", 9_599),
    ("kitchen", "lipa", 2_490),
    ("garden", "lipa", 5_950),
    ("toys", "bobo", 7_900),
    ("linen", "len", 12_900),
];
const CHANNELS: [&str; 3] = ["app", "web", "store"];

/// Clones share it.
#[derive(Clone, Debug)]
pub struct Shop {
    pub application: Application,
    members: Arc<[MemberId]>,
    orders: Arc<AtomicU64>,
}

impl Shop {
    /// Opens a shop with so many members, who joined at `joined_at`, or now.
    pub async fn open(place: Place, members: u64, joined_at: Option<Instant>) -> Result<Shop, Failure> {
        let application = Application::open(place, Clock::system()).await?;
        application.publish(PROGRAMME).await?;
        let mut ids = Vec::new();
        let names: Vec<u64> = (0..members).collect();
        for chunk in names.chunks(CHUNK) {
            let joining = chunk.iter().map(|number| NewMember {
                joined_at,
                now: joined_at,
                ..NewMember::new(member_name(*number))
            });
            for answer in application.enrol_all(joining.collect()).await? {
                ids.push(MemberId(answer?.holder.0));
            }
        }
        Ok(Shop { application, members: ids.into(), orders: Arc::default() })
    }

    pub fn members(&self) -> &[MemberId] {
        &self.members
    }

    /// Somebody, at random.
    pub fn somebody(&self, chance: &mut Chance) -> u64 {
        chance.below(self.members.len() as u64)
    }

    pub fn holder(&self, member: u64) -> Option<HolderId> {
        self.members.get(member as usize).map(|id| HolderId(id.0))
    }

    /// The next purchase of a member, paid and delivered at `at`.
    pub fn purchase(&self, member: u64, at: Instant, chance: &mut Chance) -> Purchase {
        let number = self.orders.fetch_add(1, Ordering::Relaxed);
        let goods = std::array::from_fn(|_| (chance.below(GOODS.len() as u64) as usize, chance.between(1, 3)));
        Purchase { number, member, at, channel: CHANNELS[chance.below(CHANNELS.len() as u64) as usize], goods }
    }

    pub async fn close(self) {
        self.application.close().await;
    }
}

pub fn member_name(number: u64) -> String {
    format!("m{number}")
}

/// An order, before it is put into words.
#[derive(Clone, Debug)]
pub struct Purchase {
    pub number: u64,
    pub member: u64,
    at: Instant,
    channel: &'static str,
    /// Index of the goods, and pieces.
    goods: [(usize, i64); 3],
}

impl Purchase {
    /// The shop's own id of the order.
    pub fn name(&self) -> String {
        format!("o{}", self.number)
    }

    pub fn command(&self) -> Command {
        let line = |(index, (goods, quantity)): (usize, &(usize, i64))| {
            let (category, make, price) = GOODS[*goods];
            Line {
                id: Name::from((index + 1).to_string()),
                sku: None,
                quantity: *quantity,
                total: Money(price * quantity),
                tax: Money::ZERO,
                kind: LineKind::Product,
                category: Some(Name::const_new(category)),
                make: Some(Name::const_new(make)),
                tags: Vec::new(),
                discounted: false,
                returned: 0,
            }
        };
        let order = Order {
            external_id: Name::from(self.name()),
            brand: Name::const_new("shop"),
            state: OrderState::Closed,
            placed_at: self.at,
            paid_at: None,
            closed_at: Some(self.at),
            channel: Some(Name::const_new(self.channel)),
            country: Some(Name::const_new("PL")),
            tags: Vec::new(),
            paid_with_points: Money::ZERO,
            lines: self.goods.iter().enumerate().map(line).collect(),
        };
        Command::PutOrder { order }
    }

    /// The order as the API takes it, without its id.
    pub fn json(&self) -> String {
        format!("{{{}", self.fields())
    }

    /// The order as a line of a bulk request.
    pub fn json_line(&self) -> String {
        format!("{{\"external_id\":\"{}\",{}\n", self.name(), self.fields())
    }

    fn fields(&self) -> String {
        let line = |(index, (goods, quantity)): (usize, &(usize, i64))| {
            let (category, make, price) = GOODS[*goods];
            let (whole, hundredths) = (price * quantity / 100, price * quantity % 100);
            format!(
                r#"{{"id":"{}","quantity":{quantity},"total":"{whole}.{hundredths:02}","category":"{category}","make":"{make}"}}"#,
                index + 1
            )
        };
        let lines: Vec<String> = self.goods.iter().enumerate().map(line).collect();
        format!(
            r#""member":"{}","state":"closed","currency":"PLN","placed_at":"{at}","closed_at":"{at}","channel":"{}","country":"PL","lines":[{}]}}"#,
            member_name(self.member),
            self.channel,
            lines.join(","),
            at = self.at,
        )
    }
}

/// What was written and must be written again for the bare limit.
#[derive(Clone, Debug)]
pub struct Written {
    pub transaction: lojal_core::kernel::TransactionId,
    pub holder: HolderId,
    pub keys: Vec<lojal_core::command::Key>,
}

impl Written {
    pub fn of(done: &Done) -> Written {
        let keys = done.decision.records.iter().map(|(key, _)| key.clone()).collect();
        Written { transaction: done.transaction, holder: done.holder, keys }
    }
}

/// Whose orders a client puts.
#[derive(Clone, Copy, Debug)]
pub enum Buyer {
    /// Another one each time.
    Anybody,
    Only(u64),
}

/// Puts orders in process, one after the other.
pub struct Customer {
    shop: Shop,
    chance: Chance,
    buyer: Buyer,
    /// How many orders are still to be remembered.
    remembers: usize,
    pub written: Vec<Written>,
}

impl Customer {
    /// So many customers, who together remember about `remembered` of their orders.
    pub fn many(shop: &Shop, count: usize, buyer: Buyer, remembered: usize) -> Vec<Customer> {
        let customer = |number: usize| Customer {
            shop: shop.clone(),
            chance: Chance::seeded(number as u64),
            buyer,
            remembers: remembered.div_ceil(count),
            written: Vec::new(),
        };
        (0..count).map(customer).collect()
    }
}

impl Client for Customer {
    async fn ask(&mut self) -> Result<u64, Failure> {
        let member = match self.buyer {
            Buyer::Anybody => self.shop.somebody(&mut self.chance),
            Buyer::Only(member) => member,
        };
        let holder = self.shop.holder(member).ok_or_else(|| Failure::new("the shop has no members"))?;
        let now = self.shop.application.clock.now();
        let command = self.shop.purchase(member, now, &mut self.chance).command();
        let done = self.shop.application.writer.submit(Submission::new(holder, command)).await?;
        if self.written.len() < self.remembers {
            self.written.push(Written::of(&done));
        }
        Ok(1)
    }
}

/// Puts orders of the past in process: the shop's history, told in the order of time.
pub struct Chronicler {
    pub shop: Shop,
    pub chance: Chance,
    pub begins_at: Instant,
    /// How far apart two orders are.
    pub microseconds_apart: i64,
}

impl Client for Chronicler {
    async fn ask(&mut self) -> Result<u64, Failure> {
        let member = self.shop.somebody(&mut self.chance);
        let holder = self.shop.holder(member).ok_or_else(|| Failure::new("the shop has no members"))?;
        let mut purchase = self.shop.purchase(member, self.begins_at, &mut self.chance);
        let passed = i64::try_from(purchase.number).unwrap_or(i64::MAX).saturating_mul(self.microseconds_apart);
        purchase.at = self.begins_at.checked_add(passed.microseconds())?;
        let submission = Submission { now: Some(purchase.at), ..Submission::new(holder, purchase.command()) };
        self.shop.application.writer.submit(submission).await?;
        Ok(1)
    }
}
