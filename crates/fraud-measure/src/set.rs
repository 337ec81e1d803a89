//! A set of referrals in the order of time, and the truth about them, apart.

use std::collections::BTreeMap;

use lojal_core::kernel::{Instant, MemberId, Money};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::referral::Referral;
use lojal_simulation::chance::Chance;
use serde::Serialize;

use crate::people::{Person, Place, Visit};
use crate::world::{World, about};
use crate::{honest, schemes};

/// For how much a friend must order.
pub const LEAST_ORDER: Money = Money(10_000);
/// After so many days a friend's order counts, unless it was returned.
pub const WAITING_DAYS: i64 = 14;
/// How long it all lasts.
pub const DAYS: i64 = 180;
pub const DAY: i64 = 86_400;
pub const HOUR: i64 = 3_600;

/// 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600;
/// What both sides get for a friend, and the advocate more for the fifth and the tenth.
const STAKE: i64 = 4_000;
const FIFTH: i64 = 5_000;
const TENTH: i64 = 10_000;

/// Where a referral comes from in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cohort {
    Friends,
    Household,
    Colleagues,
    Neighbours,
    ShopTablet,
    WordOfMouth,
    Burst,
    /// Honest people whom somebody recommended who also makes friends up.
    FriendsOfCrooks,
    SelfReferral,
    CarefulSelfReferral,
    FastRing,
    SlowRing,
    CouponSite,
    ReturnAbuse,
    SecondAccount,
}

impl Cohort {
    pub const ALL: [Cohort; 15] = [
        Cohort::Friends,
        Cohort::Household,
        Cohort::Colleagues,
        Cohort::Neighbours,
        Cohort::ShopTablet,
        Cohort::WordOfMouth,
        Cohort::Burst,
        Cohort::FriendsOfCrooks,
        Cohort::SelfReferral,
        Cohort::CarefulSelfReferral,
        Cohort::FastRing,
        Cohort::SlowRing,
        Cohort::CouponSite,
        Cohort::ReturnAbuse,
        Cohort::SecondAccount,
    ];

    pub fn is_fraud(self) -> bool {
        self >= Cohort::SelfReferral
    }

    pub fn is_ring(self) -> bool {
        matches!(self, Cohort::FastRing | Cohort::SlowRing)
    }

    pub fn name(self) -> &'static str {
        match self {
            Cohort::Friends => "friends",
            Cohort::Household => "households",
            Cohort::Colleagues => "colleagues and fellow students",
            Cohort::Neighbours => "neighbours with one parcel locker",
            Cohort::ShopTablet => "on the shop's tablet",
            Cohort::WordOfMouth => "by word of mouth, without a click",
            Cohort::Burst => "burst after a post",
            Cohort::FriendsOfCrooks => "honest friends of crooks",
            Cohort::SelfReferral => "self-referral",
            Cohort::CarefulSelfReferral => "careful self-referral",
            Cohort::FastRing => "ring within a week",
            Cohort::SlowRing => "ring over 30 to 90 days",
            Cohort::CouponSite => "code on a coupon site",
            Cohort::ReturnAbuse => "returned after the reward",
            Cohort::SecondAccount => "second account of a customer",
        }
    }
}

/// What the detector is never told.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    pub cohort: Cohort,
    /// Which group of made-up friends it belongs to.
    pub group: u64,
}

pub enum Event {
    Visit(Visit),
    Referral(Referral),
    Return(MemberId),
}

pub struct Set {
    /// In the order of time.
    pub events: Vec<(Instant, Event)>,
    pub truths: BTreeMap<MemberId, Truth>,
    pub fraud_per_mille: u64,
}

/// How a friend comes, beside who it is.
pub struct Coming {
    pub at: i64,
    pub place: Place,
    /// In a thousand friends, how many only use the code.
    pub without_click: u64,
    /// In a thousand, how many order for hardly more than is needed.
    pub thin: u64,
    /// In a thousand, how many order within seconds of the click.
    pub quick: u64,
    /// In a thousand, how many return it.
    pub returns: u64,
    /// After how many days they do.
    pub returned_after: (i64, i64),
}

impl Coming {
    /// As honest people come.
    pub fn usual(at: i64, place: Place) -> Coming {
        Coming { at, place, without_click: 150, thin: 170, quick: 7, returns: 80, returned_after: (3, 30) }
    }
}

/// A set in the making.
pub struct Draft {
    pub world: World,
    pub chance: Chance,
    pub cohort: Cohort,
    pub group: u64,
    visits: Vec<Visit>,
    referrals: Vec<Referral>,
    returns: Vec<(Instant, MemberId)>,
    truths: BTreeMap<MemberId, Truth>,
}

impl Set {
    /// The same for the same seed: `referrals` of them, of which 5 to 20 in a thousand are made up.
    pub fn generate(seed: u64, referrals: u64) -> Set {
        let mut chance = Chance::seeded(seed);
        let fraud_per_mille = 5 + chance.below(16);
        let mut draft = Draft {
            world: World::new(referrals, seed),
            chance,
            cohort: Cohort::Friends,
            group: 0,
            visits: Vec::new(),
            referrals: Vec::new(),
            returns: Vec::new(),
            truths: BTreeMap::new(),
        };
        schemes::fill(&mut draft, (referrals * fraud_per_mille / 1000).max(12));
        honest::fill(&mut draft, referrals);
        draft.finish(fraud_per_mille)
    }
}

impl Draft {
    pub fn number(&self) -> u64 {
        self.referrals.len() as u64
    }

    pub fn person(&mut self) -> Person {
        Person::new(&self.world, &mut self.chance)
    }

    /// A customer of the shop for some time: a few visits before `until`.
    pub fn customer(&mut self, person: &Person, until: i64) {
        for _ in 0..self.chance.between(1, 4) {
            let place = person.usual_place(&mut self.chance);
            let at = until - HOUR - self.chance.below(120 * DAY as u64) as i64;
            self.come_by(person, place, true, at);
        }
    }

    pub fn come_by(&mut self, person: &Person, place: Place, pays: bool, at: i64) {
        let visit = person.visit(place, pays, moment(at), &self.world, &mut self.chance);
        self.visits.push(visit);
    }

    /// A friend comes by somebody's recommendation and orders.
    pub fn refer(&mut self, advocate: &Person, friend: &Person, coming: &Coming) {
        let chance = &mut self.chance;
        let clicked = (!chance.happens(coming.without_click)).then(|| {
            let seconds = match chance.happens(coming.quick) {
                true => chance.between(2, 9),
                false => 40 + about(chance, 3 * HOUR),
            };
            coming.at - seconds
        });
        let order = match chance.happens(coming.thin) {
            true => LEAST_ORDER.0 + chance.between(0, 800),
            false => LEAST_ORDER.0 + about(chance, 14_000),
        };
        if chance.happens(coming.returns) {
            let after = chance.between(coming.returned_after.0 * DAY, coming.returned_after.1 * DAY);
            self.returns.push((moment(coming.at + after), friend.id));
        }
        if let Some(clicked) = clicked {
            self.come_by(friend, coming.place, false, clicked);
        }
        self.come_by(friend, coming.place, true, coming.at);
        let portrait = friend.portrait();
        self.referrals.push(Referral {
            advocate: advocate.id,
            friend: friend.id,
            at: moment(coming.at),
            clicked_at: clicked.map(moment),
            likeness: Likeness::between(&advocate.portrait(), &portrait),
            disposable_mail: portrait.has_disposable_mail(&Default::default()),
            existing_customer: false,
            order: Money(order),
            least_order: Some(LEAST_ORDER),
            stake: Money(STAKE),
        });
        self.truths.insert(friend.id, Truth { cohort: self.cohort, group: self.group });
    }

    fn finish(mut self, fraud_per_mille: u64) -> Set {
        self.referrals.sort_by_key(|referral| (referral.at, referral.friend));
        let mut friends: BTreeMap<MemberId, u32> = BTreeMap::new();
        for referral in &mut self.referrals {
            let number = friends.entry(referral.advocate).or_default();
            *number += 1;
            referral.stake = Money(match *number {
                5 => STAKE + FIFTH,
                10 => STAKE + TENTH,
                _ => STAKE,
            });
        }
        let visits = self.visits.into_iter().map(|visit| (visit.at, 0, Event::Visit(visit)));
        let referrals = self.referrals.into_iter().map(|referral| (referral.at, 1, Event::Referral(referral)));
        let returns = self.returns.into_iter().map(|(at, friend)| (at, 2, Event::Return(friend)));
        let mut events: Vec<(Instant, u8, Event)> = visits.chain(referrals).chain(returns).collect();
        events.sort_by_key(|(at, rank, event)| (*at, *rank, event.party()));
        let events = events.into_iter().map(|(at, _, event)| (at, event)).collect();
        Set { events, truths: self.truths, fraud_per_mille }
    }
}

impl Event {
    fn party(&self) -> MemberId {
        match self {
            Event::Visit(visit) => visit.party,
            Event::Referral(referral) => referral.friend,
            Event::Return(friend) => *friend,
        }
    }
}

/// Seconds since the beginning as a moment.
pub fn moment(seconds: i64) -> Instant {
    Instant::from_second(BEGINNING + seconds).unwrap_or(Instant::UNIX_EPOCH)
}
