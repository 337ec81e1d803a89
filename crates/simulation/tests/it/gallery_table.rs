//! What customers get under the programmes of the gallery, reckoned by hand.

use std::collections::BTreeMap;

use jiff::ToSpan;
use lojal_core::activity::{Activity, Line, LineKind, Order, OrderState, Value};
use lojal_core::command::{Command, Profile};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Money, Name, Part, TransactionId, parse_decimal};
use lojal_core::programme::Programme;
use lojal_core::referrals::{Credit, Introduction, Judge, Verdict};
use lojal_simulation::history::Step;
use lojal_simulation::shell::{Outcome, Shell};

use crate::gallery::text_of;
use crate::story::{programme, shell};

/// `FILE [in SEGMENT]: HAPPENINGS => UNIT AMOUNT …`; a happening a day, from Monday, 3 March 2025. Who buys
/// joined on 1 February.
const TABLE: &str = "
gallery/starbucks-rewards: buy 400; buy 100; buy 100 => stars 620
gallery/starbucks-rewards: buy 100 category=alcohol => stars 0
gallery/sephora-beauty-insider: buy 360; buy 100.90 => points 460
gallery/nike-membership: do run kilometres=60; buy 100 => kilometres 60
gallery/amazon-prime in prime-visa: buy 100 => points 500
gallery/amazon-prime in amazon-visa: buy 100 => points 300
gallery/amazon-prime: buy 100 => points 0
gallery/payback: buy 101; buy 10 brand=empik => points 55
# Gold, reached by the first flight, holds from the second one on; the first one passes all three milestones.
gallery/avios: buy 22000; buy 100 => avios 144400, tier-points 22100
gallery/allegro-smart-monety in smart: buy 100 tag=moneta; buy 100 => coins 1
gallery/allegro-smart-monety: buy 100 tag=moneta => coins 0
gallery/zalando-plus: buy 600; do profile; do profile; do newsletter => points 800
gallery/inpost-incoins: do eco_return; do parcel_fetched => incoins 41
gallery/mbank-referral: bring personal-account do personal_account_used; bring young-account do young_account_used; \
bring business-account do business_account_used; \
bring business-account-accounting do business_account_with_accounting_used; take paid-out => bonus 60000, friend/bonus 0
gallery/revolut-referral: bring invitation do card_payments payments=3 least_grosze=2500; take paid-out \
=> reward 19000, friend/reward 0
gallery/revolut-referral in under-18: bring under-18 do card_payments payments=1 => reward 5000, friend/reward 5000
gallery/payu-partner: do merchant_commission grosze=12345; take paid-out => commission 2345
gallery/travelist-partner: do booking_called_off grosze=54321 => funds 54321
gallery/mz-wallace-rewards: buy 250 => points 250
gallery/saalt: buy 80; do review; bring friends buy 30 => points 305, friend/points 130
gallery/saalt: buy 80; bring friends buy 29.99 => points 80, friend/points 29
gallery/olive-and-june: buy 100; bring friends buy 30 => points 350, friend/points 180
gallery/annmarie: buy 400; buy 100; bring friends buy 50 => points 725, friend/points 150
gallery/holzkern: buy 99.90; bring friends buy 100 => points 299, friend/points 200
# Who has not ordered yet cannot recommend.
gallery/holzkern: bring friends buy 100 => points 0, friend/points 200
gallery/lego-insiders: buy 99.99; do set_registered => points 669
# The source's own example: 98 zlotys, with the card, for fruit and marked products, are 8 stickers.
gallery/biedronka-biedromania: buy 98 category=fruit tag=extra order=karta => stickers 8
gallery/biedronka-biedromania: buy 98 => stickers 2
gallery/klub-ceneo: buy 95; do review => points 19
gallery/klub-tesco: buy 101 => points 50
starters/points: buy 100 => points 150
starters/tiers: buy 1200; buy 100 => points 1325
starters/cashback: buy 99.99; buy 0.26; buy 100 make=own => cashback 700
starters/paid-club in club: buy 99 category=membership; buy 100 => points 200
starters/paid-club: buy 100 => points 100
starters/coalition: buy 100 brand=bookshop; buy 100 brand=bakery => points 300
starters/community: do answer_accepted; do gathering_attended => points 25, merits 3
# Ten thanks from the circle open the workshop.
starters/community: do gathering_attended; do gathering_attended; do gathering_attended; do gathering_attended; \
do answer_accepted; do answer_accepted; buy 600; wait 14; take workshop => points 90, merits 10
starters/referrals: buy 80; bring friends buy 80 => points 340, friend/points 40
starters/referrals: buy 80; bring friends buy 79.99 => points 40, friend/points 39
starters/charity: buy 105; buy 5; do volunteering hours=2 => hearts 51
starters/staff-recognition: do thanked; do mentoring hours=3; do work_anniversary years=5 => thanks 135
starter-pl: buy 200 => points 280
starter-en: buy 199.99 => points 249
";

#[test]
fn customers_get_what_the_known_programmes_promise() {
    for row in TABLE.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let (situation, expected) = row.split_once(" => ").expect(row);
        let (file, happenings) = situation.split_once(": ").expect(row);
        let (file, segment) = file.split_once(" in ").map_or((file, None), |(file, segment)| (file, Some(segment)));
        let customer = &mut Customer::of(programme(&text_of(&format!("{file}.toml"))), segment);
        for happening in happenings.split("; ") {
            customer.meet(happening);
        }
        let amounts = expected.split(", ").map(|pair| pair.split_once(' ').expect(row));
        let expected: Vec<(&str, i64)> = amounts.map(|(unit, amount)| (unit, amount.parse().expect(row))).collect();
        for (unit, amount) in expected {
            assert_eq!(customer.has(unit), amount, "{unit} in: {row}");
        }
    }
}

struct Customer {
    shell: Shell,
    brand: Name,
    decimals: u8,
    holder: HolderId,
    profile: Profile,
    /// Who came last by their recommendation.
    friend: Option<HolderId>,
    now: Instant,
    told: u16,
}

impl Customer {
    fn of(programme: Programme, segment: Option<&str>) -> Customer {
        let joined_at: Instant = "2025-02-01T10:00:00Z".parse().unwrap();
        let part = Part::of(&programme.id, "customer");
        let mut customer = Customer {
            brand: programme.brands[0].id.clone(),
            decimals: programme.currency.decimals,
            holder: MemberId(Id::new(joined_at.as_millisecond(), 1, part)).into(),
            shell: shell(programme),
            profile: Profile { segments: segment.into_iter().map(Name::from).collect(), ..Profile::default() },
            friend: None,
            now: joined_at,
            told: 0,
        };
        let profile = customer.profile.clone();
        customer.perform(Command::Enrol { holder: customer.holder, joined_at, profile });
        customer.now = "2025-03-03T10:00:00Z".parse().unwrap();
        customer
    }

    /// `buy AMOUNT [category=…] [tag=…] [make=…] [order=…] [brand=…]`, `do ACTIVITY [ATTRIBUTE=NUMBER]`,
    /// `take REWARD`, `wait DAYS`, or `bring EDITION HAPPENING`: somebody like themself comes, and does that.
    fn meet(&mut self, happening: &str) {
        let words: Vec<&str> = happening.split(' ').collect();
        if words[0] == "wait" {
            self.now = self.now.checked_add((24 * words[1].parse::<i64>().unwrap()).hours()).unwrap();
            return;
        }
        if words[0] == "bring" {
            return self.bring(words[1], happening.splitn(3, ' ').nth(2).unwrap());
        }
        let details: BTreeMap<&str, &str> = words[2..].iter().filter_map(|word| word.split_once('=')).collect();
        let command = match words[0] {
            "buy" => Command::PutOrder { order: self.order(words[1], &details) },
            "do" => Command::PostActivity { member: self.member(), activity: self.activity(words[1], &details) },
            "take" => Command::Redeem { reward: Name::from(words[1]), reference: None, acting: None },
            other => panic!("what is {other}?"),
        };
        self.perform(command);
        self.now = self.now.checked_add(24.hours()).unwrap();
    }

    /// What the friend does stands for a month, and the detector has nothing against it.
    fn bring(&mut self, edition: &str, happening: &str) {
        let advocate = self.member();
        let own = self.holder;
        let part = Part::of(&Name::from(edition), "friend");
        let friend = HolderId(Id::new(self.now.as_millisecond(), 1, part));
        (self.holder, self.friend) = (friend, Some(friend));
        self.perform(Command::Enrol { holder: friend, joined_at: self.now, profile: self.profile.clone() });
        let introduction = Introduction {
            referral: Some(Name::from(edition)),
            credits: vec![Credit { advocate, share: 100 }],
            touched_at: self.now,
            came_at: self.now,
            channel: None,
        };
        self.perform(Command::Refer { introduction: Box::new(introduction) });
        self.meet(happening);
        self.meet("wait 31");
        self.perform(Command::Tick);
        self.perform(Command::JudgeReferral { verdict: Verdict::Allow, by: Judge::Detector, seen: None });
        self.shell.hand_on(self.now).unwrap();
        self.holder = own;
    }

    fn order(&self, amount: &str, details: &BTreeMap<&str, &str>) -> Order {
        let detail = |name: &str| details.get(name).map(|text| Name::from(*text));
        Order {
            external_id: Name::from(format!("order-{}", self.told)),
            brand: detail("brand").unwrap_or_else(|| self.brand.clone()),
            state: OrderState::Closed,
            placed_at: self.now,
            paid_at: Some(self.now),
            closed_at: Some(self.now),
            channel: None,
            country: None,
            tags: detail("order").into_iter().collect(),
            paid_with_points: Money::ZERO,
            lines: vec![Line {
                id: Name::from("1"),
                sku: None,
                quantity: 1,
                total: Money(parse_decimal(amount, self.decimals).unwrap()),
                tax: Money::ZERO,
                kind: LineKind::Product,
                category: detail("category"),
                make: detail("make"),
                tags: detail("tag").into_iter().collect(),
                discounted: false,
                returned: 0,
            }],
        }
    }

    fn activity(&self, name: &str, details: &BTreeMap<&str, &str>) -> Activity {
        let value = |text: &str| Value::Number(text.parse().unwrap());
        Activity {
            name: Name::from(name),
            external_id: Name::from(format!("activity-{}", self.told)),
            occurred_at: self.now,
            brand: self.brand.clone(),
            attributes: details.iter().map(|(name, text)| (Name::from(*name), value(text))).collect(),
            share: Activity::WHOLE,
        }
    }

    fn perform(&mut self, command: Command) {
        self.told += 1;
        let transaction = TransactionId(Id::new(self.now.as_millisecond(), self.told, self.holder.part()));
        let step = Step { at: self.now, holder: self.holder, transaction, entropy: u128::from(self.told), command };
        let performed = self.shell.perform(&step).unwrap();
        assert!(matches!(performed.outcome, Outcome::Done(_)), "{performed:#?}");
    }

    fn member(&self) -> MemberId {
        MemberId(self.holder.0)
    }

    /// Available and pending together.
    fn has(&self, unit: &str) -> i64 {
        let (whose, unit) = match unit.strip_prefix("friend/") {
            Some(unit) => (self.friend.unwrap(), unit),
            None => (self.holder, unit),
        };
        let holder = self.shell.holder(whose).unwrap();
        holder.wallets.get(unit).map_or(0, |wallet| wallet.available() + wallet.pending())
    }
}
