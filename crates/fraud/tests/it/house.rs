//! A shop on paper: people are numbers, identifiers are words.

use lojal_core::kernel::{Id, Instant, MemberId, Money};
use lojal_fraud::detector::{Assessment, Detector};
use lojal_fraud::identifier::{IdentifierKind, Mark, opaque};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::policy::{Policy, Rule};
use lojal_fraud::referral::Referral;

pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 24 * HOUR;

pub fn member(number: i64) -> MemberId {
    MemberId(Id::from_number(number).unwrap())
}

pub fn at(seconds: i64) -> Instant {
    Instant::from_second(1_767_225_600 + seconds).unwrap()
}

/// A hash that is good enough for a test, and the same everywhere.
pub fn keyed(bytes: &[u8]) -> [u8; 16] {
    let fold =
        |seed: u64| bytes.iter().fold(seed, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&fold(0xcbf2_9ce4_8422_2325).to_le_bytes());
    hash[8..].copy_from_slice(&fold(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    hash
}

pub fn mark(kind: IdentifierKind, text: &str) -> Mark {
    opaque(kind, text).unwrap().mark(&keyed)
}

/// `payment:visa name:jan` as marks.
pub fn marks(text: &str) -> Vec<Mark> {
    let one = |word: &str| {
        let (code, text) = word.split_once(':').unwrap();
        let kind = IdentifierKind::ALL.into_iter().find(|kind| kind.code() == code).unwrap();
        mark(kind, text)
    };
    text.split_whitespace().map(one).collect()
}

pub struct Shop {
    pub detector: Detector,
}

impl Shop {
    pub fn new() -> Shop {
        Shop::under(Policy::default())
    }

    pub fn under(policy: Policy) -> Shop {
        Shop { detector: Detector::new(policy).unwrap() }
    }

    pub fn saw(&mut self, party: i64, seconds: i64, text: &str) -> &mut Shop {
        self.detector.observe(member(party), &marks(text), at(seconds));
        self
    }

    /// A friend clicks, and orders an hour later for more than is needed.
    pub fn referred(&mut self, advocate: i64, friend: i64, seconds: i64, text: &str) -> &mut Shop {
        let referral = referral(advocate, friend, seconds);
        self.refer(referral, text)
    }

    pub fn refer(&mut self, referral: Referral, text: &str) -> &mut Shop {
        self.detector.observe(referral.friend, &marks(text), referral.at);
        self.detector.refer(referral).unwrap();
        self
    }

    pub fn assess(&self, friend: i64) -> Assessment {
        self.detector.assess(member(friend)).unwrap()
    }

    pub fn rules(&self, friend: i64) -> Vec<Rule> {
        self.assess(friend).findings.iter().map(|finding| finding.rule).collect()
    }
}

pub fn referral(advocate: i64, friend: i64, seconds: i64) -> Referral {
    Referral {
        advocate: member(advocate),
        friend: member(friend),
        at: at(seconds),
        clicked_at: Some(at(seconds - HOUR)),
        likeness: Likeness::default(),
        disposable_mail: false,
        existing_customer: false,
        order: Money(25_000),
        least_order: Some(Money(10_000)),
        stake: Money(4_000),
    }
}
