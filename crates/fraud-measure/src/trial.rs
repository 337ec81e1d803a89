//! Goes through a set as a shop would: sees, is asked when a friend orders, and again before the reward.

use std::collections::{BTreeMap, VecDeque};

use lojal_core::kernel::{Instant, MemberId, Money};
use lojal_fraud::detector::Detector;
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::{Policy, PolicyError, Verdict};
use lojal_fraud::referral::Referral;

use crate::set::{DAY, Event, Set, Truth, WAITING_DAYS};

/// More friends than this in a day, and the naive rule holds.
const FRIENDS_A_DAY: i64 = 3;

/// What a detector says of a referral.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub score: i64,
    pub verdict: Verdict,
}

/// A referral with everybody's answer to it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub truth: Truth,
    pub stake: Money,
    pub at_order: Answer,
    pub before_reward: Answer,
    pub same_ip_or_device: Answer,
    pub friends_a_day: Answer,
}

/// Every referral that came to be rewarded; where the order was returned before, nothing is at stake.
pub fn judge(set: &Set, policy: Policy, mut going: impl FnMut(u64, u64)) -> Result<Vec<Judged>, Vec<PolicyError>> {
    let mut detector = Detector::new(policy)?;
    let mut waiting: VecDeque<(Instant, Referral, Answer, Answer)> = VecDeque::new();
    let mut returned: BTreeMap<MemberId, Instant> = BTreeMap::new();
    let mut judged = Vec::new();
    let mut today = i64::MIN;
    let all = set.events.len() as u64;
    for (number, (at, event)) in set.events.iter().enumerate() {
        while waiting.front().is_some_and(|(due, ..)| due <= at) {
            judged.extend(waiting.pop_front().and_then(|waited| reward(&detector, set, &returned, waited)));
        }
        if at.as_second() / DAY > today {
            today = at.as_second() / DAY;
            detector.forget(*at);
            going(number as u64, all);
        }
        match event {
            Event::Visit(visit) => {
                detector.observe(visit.party, &visit.marks, visit.at);
            }
            Event::Return(friend) => {
                detector.note_return(*friend);
                returned.insert(*friend, *at);
            }
            Event::Referral(referral) => {
                if detector.refer(*referral).is_ok() {
                    let due = Instant::from_second(at.as_second() + WAITING_DAYS * DAY).unwrap_or(Instant::MAX);
                    let friends_a_day = friends_a_day(&detector, referral);
                    waiting.push_back((due, *referral, answer(&detector, referral.friend), friends_a_day));
                }
            }
        }
    }
    for waited in waiting {
        judged.extend(reward(&detector, set, &returned, waited));
    }
    Ok(judged)
}

fn reward(
    detector: &Detector,
    set: &Set,
    returned: &BTreeMap<MemberId, Instant>,
    (due, referral, at_order, friends_a_day): (Instant, Referral, Answer, Answer),
) -> Option<Judged> {
    let was_returned = returned.get(&referral.friend).is_some_and(|at| *at <= due);
    let truth = *set.truths.get(&referral.friend)?;
    (!was_returned).then(|| Judged {
        truth,
        stake: referral.stake,
        at_order,
        before_reward: answer(detector, referral.friend),
        same_ip_or_device: same_ip_or_device(detector, &referral),
        friends_a_day,
    })
}

fn answer(detector: &Detector, friend: MemberId) -> Answer {
    match detector.assess(friend) {
        Some(found) => Answer { score: i64::from(found.score), verdict: found.verdict },
        None => Answer { score: 0, verdict: Verdict::Allow },
    }
}

fn same_ip_or_device(detector: &Detector, referral: &Referral) -> Answer {
    let graph = detector.graph();
    let shared = |kind: IdentifierKind| {
        let mut marks = graph.marks(referral.friend).filter(|(mark, _)| mark.kind == kind);
        marks.any(|(mark, _)| {
            let others = graph.parties(mark).filter(|other| *other != referral.friend);
            others
                .into_iter()
                .any(|other| detector.referrals().source(other) == referral.advocate || other == referral.advocate)
        })
    };
    let score = i64::from(shared(IdentifierKind::Ip)) + i64::from(shared(IdentifierKind::Device));
    naive(score, score > 0)
}

/// As it is when the friend orders.
fn friends_a_day(detector: &Detector, referral: &Referral) -> Answer {
    let friends = detector.referrals().friends_around(referral.advocate, referral.at, 1_000);
    let since = referral.at.as_second() - DAY;
    let number = friends.iter().filter(|known| known.at.as_second() > since && known.at <= referral.at).count() as i64;
    naive(number, number > FRIENDS_A_DAY)
}

fn naive(score: i64, holds: bool) -> Answer {
    Answer { score, verdict: if holds { Verdict::Hold } else { Verdict::Allow } }
}
