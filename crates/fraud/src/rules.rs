//! What speaks for or against one referral, with the evidence as values, so that words for it can be made in any
//! language.

use std::collections::BTreeSet;

use lojal_core::kernel::{Instant, MemberId};
use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::identifier::{IdentifierKind, Nature};
use crate::policy::{Policy, Rule, Verdict};
use crate::referral::{Referral, Referrals};
use crate::rings::{Ring, Surroundings, is_thin};
use crate::scale::Thousandths;
use crate::weights::Precedents;

/// From this strength on a rule's own verdict counts, and not its weight alone.
const DECISIVE: Thousandths = Thousandths(500);
/// Fewer friends than this say nothing about an advocate's way.
const FEW: u64 = 3;
/// Returns are compared with at least this share, so that a shop without any does not accuse the first.
const LEAST_RETURNS: Thousandths = Thousandths(50);
/// How much the device of an earlier customer says, where the name is another.
const SAME_DEVICE_ELSEWHERE: Thousandths = Thousandths(500);
/// What is left of one card where two people live together.
const SHARED_CARD: Thousandths = Thousandths(500);
/// What is left of one device where two people live together.
const SHARED_TABLET: Thousandths = Thousandths(300);

/// A fact that a finding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Evidence {
    /// Both were seen with the same thing; so many parties were, and the other one since then.
    Shared {
        kind: IdentifierKind,
        with: MemberId,
        parties: usize,
        since: Instant,
    },
    AlikeNames {
        likeness: Thousandths,
    },
    AlikeMails {
        likeness: Thousandths,
    },
    DisposableMail,
    /// The shop said so.
    KnownCustomer,
    /// So many of the advocate's friends within so many hours.
    Friends {
        number: u64,
        hours: u64,
    },
    /// So many of them on something that others use too, or not.
    FriendsSharing {
        kind: IdentifierKind,
        number: u64,
        others: usize,
        hours: u64,
    },
    /// So many came by the code alone, of so many.
    WithoutClick {
        number: u64,
        of: u64,
        hours: u64,
    },
    OrderedAfter {
        seconds: u64,
    },
    /// The advocate's friends returned so many of so many, and everybody else's such a share.
    Returned {
        number: u64,
        of: u64,
        elsewhere: Thousandths,
    },
    /// So many of the advocate's friends ordered for hardly more than is needed.
    Thin {
        number: u64,
        of: u64,
    },
    /// So many friends hang together.
    Linked {
        number: u64,
        of: u64,
    },
    /// The shape of the ring that the friend is in.
    Shape {
        linked: usize,
        density: Thousandths,
        isolation: Thousandths,
        synchrony: Thousandths,
        thin: Thousandths,
    },
}

/// One rule that applies, how much, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: Rule,
    /// What the rule alone asks for.
    pub verdict: Verdict,
    /// How much of the rule applies.
    pub strength: Thousandths,
    /// What it adds to the score; below zero where it speaks for the referral.
    pub weight: i32,
    pub evidence: Vec<Evidence>,
}

/// Everything that the rules look at.
pub struct Look<'a> {
    pub referral: &'a Referral,
    pub graph: &'a Graph,
    pub referrals: &'a Referrals,
    pub around: &'a Surroundings,
    pub ring: Option<&'a Ring>,
    pub policy: &'a Policy,
    pub precedents: &'a Precedents,
    /// The advocate's friends who ordered at about the same time.
    pub friends: &'a [&'a Referral],
}

impl Look<'_> {
    /// Every rule that applies, the heaviest first.
    pub fn findings(&self) -> Vec<Finding> {
        let found = [
            self.self_referral(),
            self.existing_customer(),
            self.shared(Rule::SamePayment, IdentifierKind::Payment, SHARED_CARD),
            self.shared(Rule::SameDevice, IdentifierKind::Device, SHARED_TABLET),
            self.same_place(),
            self.alike_name(),
            self.alike_mail(),
            self.disposable_mail(),
            self.advocate_velocity(),
            self.place_velocity(Rule::IpVelocity, IdentifierKind::Ip, self.policy.thresholds.ip_friends),
            self.place_velocity(Rule::NetworkVelocity, IdentifierKind::Network, self.policy.thresholds.network_friends),
            self.coupon_site(),
            self.too_quick(),
            self.return_rate(),
            self.thin_orders(),
            self.ring(),
            self.linked_friends(),
            self.household(),
        ];
        let mut found: Vec<Finding> = found.into_iter().flatten().filter(|found| found.weight != 0).collect();
        found.sort_by_key(|finding| (std::cmp::Reverse(finding.weight.abs()), finding.rule));
        found
    }

    fn finding(&self, rule: Rule, strength: Thousandths, evidence: Vec<Evidence>) -> Option<Finding> {
        let setting = self.policy.rule(rule);
        let weight = strength.of_weight(self.precedents.weight(rule, setting.weight));
        let verdict = if strength >= DECISIVE { setting.verdict } else { Verdict::Allow };
        Some(Finding { rule, verdict, strength, weight, evidence })
    }

    fn self_referral(&self) -> Option<Finding> {
        let same = self.referral.advocate == self.referral.friend;
        let mut evidence = self.shared_with_advocate(&[IdentifierKind::Email, IdentifierKind::Phone]);
        if self.has_same_name() {
            let others = [IdentifierKind::Address, IdentifierKind::Payment, IdentifierKind::Device];
            let others = self.shared_with_advocate(&others);
            if !others.is_empty() {
                evidence.extend(self.shared_with_advocate(&[IdentifierKind::Name]));
                evidence.extend(others);
            }
        }
        let applies = same || !evidence.is_empty();
        applies.then(|| self.finding(Rule::SelfReferral, Thousandths::ONE, evidence)).flatten()
    }

    /// Somebody else than the advocate, who was there before, and pays, reads mail or telephones as the friend
    /// does, or has the same device. Friends of the same advocate are for the ring to judge.
    fn existing_customer(&self) -> Option<Finding> {
        if self.referral.existing_customer {
            return self.finding(Rule::ExistingCustomer, Thousandths::ONE, vec![Evidence::KnownCustomer]);
        }
        let came = self.referral.clicked_at.unwrap_or(self.referral.at);
        let mut strongest = Thousandths::NONE;
        let mut evidence = Vec::new();
        for kind in [IdentifierKind::Payment, IdentifierKind::Email, IdentifierKind::Phone, IdentifierKind::Device] {
            for (party, mark) in self.around.others_with(kind) {
                let Some(seen) = self.graph.sighting(party, mark) else { continue };
                let tie = self.around.tie_to(party).filter(|tie| !tie.household && tie.kinds.contains(&kind));
                let Some(tie) = tie else { continue };
                if seen.first >= came || self.referrals.source(party) == self.referral.advocate {
                    continue;
                }
                let named = tie.kinds.contains(&IdentifierKind::Name);
                let strength = match kind {
                    // A device changes hands; with the same name on it, it did not.
                    IdentifierKind::Device if !named => tie.weight.times(SAME_DEVICE_ELSEWHERE),
                    _ => Thousandths::ONE,
                };
                strongest = strongest.max(strength);
                let parties = self.graph.fan_out(mark);
                evidence.push(Evidence::Shared { kind, with: party, parties, since: seen.first });
            }
        }
        (!evidence.is_empty()).then(|| self.finding(Rule::ExistingCustomer, strongest, evidence)).flatten()
    }

    /// In a household a card may be a couple's, and a device the family's: it says less, and a person decides.
    fn shared(&self, rule: Rule, kind: IdentifierKind, in_household: Thousandths) -> Option<Finding> {
        let evidence = self.shared_with_advocate(&[kind]);
        let Some(Evidence::Shared { .. }) = evidence.first() else { return None };
        // Of a shop's own device next to nothing is left.
        let tie = self.around.tie_to_advocate().filter(|tie| tie.kinds.contains(&kind));
        let rest = tie.map_or(Thousandths::NONE, |tie| Thousandths::of(u64::from(tie.weight.0), 500));
        let lives_together = tie.is_some_and(|tie| tie.household) || self.may_live_together();
        let strength = if lives_together { rest.times(in_household) } else { rest };
        let mut finding = self.finding(rule, strength, evidence)?;
        if lives_together {
            finding.verdict = finding.verdict.min(Verdict::Hold);
        }
        Some(finding)
    }

    fn same_place(&self) -> Option<Finding> {
        let tie = self.around.tie_to_advocate()?;
        let ambient: Vec<IdentifierKind> =
            tie.kinds.iter().copied().filter(|kind| kind.nature() == Nature::Ambient).collect();
        if ambient.len() < tie.kinds.len() || tie.household {
            return None;
        }
        self.finding(Rule::SamePlace, tie.weight, self.shared_with_advocate(&ambient))
    }

    fn alike_name(&self) -> Option<Finding> {
        let likeness = self.referral.likeness.name?;
        let strength = self.above_likeness(likeness)?;
        self.finding(Rule::AlikeName, strength, vec![Evidence::AlikeNames { likeness }])
    }

    fn alike_mail(&self) -> Option<Finding> {
        let likeness = self.referral.likeness.mail.unwrap_or_default();
        let pattern = self.around.shares_with_advocate(IdentifierKind::MailPattern);
        let strength = self.above_likeness(likeness).unwrap_or_default();
        let strength = if pattern { strength.max(Thousandths(700)) } else { strength };
        if strength == Thousandths::NONE {
            return None;
        }
        let mut evidence = self.shared_with_advocate(&[IdentifierKind::MailPattern]);
        evidence.push(Evidence::AlikeMails { likeness });
        self.finding(Rule::AlikeMail, strength, evidence)
    }

    fn disposable_mail(&self) -> Option<Finding> {
        let evidence = vec![Evidence::DisposableMail];
        self.referral.disposable_mail.then(|| self.finding(Rule::DisposableMail, Thousandths::ONE, evidence)).flatten()
    }

    /// Many friends at once are a famous post as often as fraud: what tells them apart is how many hang together.
    fn advocate_velocity(&self) -> Option<Finding> {
        let thresholds = &self.policy.thresholds;
        let number = self.fullest(u64::from(thresholds.advocate_hours), |_| true).len() as u64;
        if number < u64::from(thresholds.advocate_friends) {
            return None;
        }
        let (linked, of) = self.around.linked_friends(self.policy);
        let hours = u64::from(thresholds.advocate_hours);
        let evidence = vec![Evidence::Friends { number, hours }, Evidence::Linked { number: linked, of }];
        let strength = Thousandths(100).plus(Thousandths::of(linked, of));
        self.finding(Rule::AdvocateVelocity, strength, evidence)
    }

    fn place_velocity(&self, rule: Rule, kind: IdentifierKind, least: u32) -> Option<Finding> {
        let hours = u64::from(self.policy.thresholds.place_days) * 24;
        let strangers = self.around.strangers();
        let mut strongest: Option<(Thousandths, Evidence)> = None;
        for mark in self.around.marks_of_friend(kind) {
            let here = |known: &Referral| strangers.contains(&known.friend) && self.around.has(known.friend, mark);
            let number = self.fullest(hours, here).iter().filter(|known| here(known)).count() as u64;
            if number < u64::from(least) {
                continue;
            }
            let others = self.graph.fan_out(mark).saturating_sub(number as usize);
            let strength = Thousandths::of(number, u64::from(least) * 2);
            let strength = self.policy.ties.discounted(strength, others);
            if strongest.as_ref().is_none_or(|(known, _)| strength > *known) {
                strongest = Some((strength, Evidence::FriendsSharing { kind, number, others, hours }));
            }
        }
        let (strength, evidence) = strongest?;
        self.finding(rule, strength, vec![evidence])
    }

    fn coupon_site(&self) -> Option<Finding> {
        let thresholds = &self.policy.thresholds;
        let hours = u64::from(thresholds.coupon_days) * 24;
        let came_alone = |known: &Referral| known.clicked_at.is_none();
        let near = self.fullest(hours, came_alone);
        let of = near.len() as u64;
        let number = near.iter().filter(|known| came_alone(known)).count() as u64;
        let share = Thousandths::of(number, of);
        let least = u64::from(thresholds.coupon_orders);
        if self.referral.clicked_at.is_some() || number < least || share < thresholds.coupon_share {
            return None;
        }
        let strength = Thousandths(700).plus(Thousandths::of(number - least, least * 2));
        self.finding(Rule::CouponSite, strength, vec![Evidence::WithoutClick { number, of, hours }])
    }

    fn too_quick(&self) -> Option<Finding> {
        let seconds = self.referral.at.as_second() - self.referral.clicked_at?.as_second();
        // Ordered before the click: clocks differ, and how long it took is not known.
        let seconds = u64::try_from(seconds).ok()?;
        let quick = u64::from(self.policy.thresholds.quick_seconds);
        if quick == 0 {
            return None;
        }
        // Up to six times as long is unusual still.
        let strength = if seconds <= quick {
            Thousandths::ONE
        } else {
            Thousandths::of((quick * 6).saturating_sub(seconds), quick * 10)
        };
        let evidence = vec![Evidence::OrderedAfter { seconds }];
        (strength > Thousandths::NONE).then(|| self.finding(Rule::TooQuick, strength, evidence)).flatten()
    }

    /// Of those who ordered no later than the last one who returned: the others may do so yet.
    fn return_rate(&self) -> Option<Finding> {
        let thresholds = &self.policy.thresholds;
        let has_returned = |known: &&&Referral| self.referrals.has_returned(known.friend);
        let last = self.friends.iter().rposition(|known| self.referrals.has_returned(known.friend))?;
        let ripe = &self.friends[..=last];
        let (number, of) = (ripe.iter().filter(has_returned).count() as u64, ripe.len() as u64);
        let (own, own_of) = self.referrals.returns_of(self.referral.advocate);
        let (all, all_of) = self.referrals.returns();
        let elsewhere = Thousandths::of(all - own, all_of - own_of).max(LEAST_RETURNS);
        let share = Thousandths::of(number, of);
        let is_outlier = u64::from(share.0) >= u64::from(elsewhere.0) * u64::from(thresholds.return_factor);
        if number < u64::from(thresholds.returned_orders) || !is_outlier {
            return None;
        }
        // As if two more had kept theirs: three of three may be bad luck.
        let strength = Thousandths::of(number, of + 2);
        self.finding(Rule::ReturnRate, strength, vec![Evidence::Returned { number, of, elsewhere }])
    }

    fn thin_orders(&self) -> Option<Finding> {
        if !is_thin(self.referral, self.policy) {
            return None;
        }
        let of = self.friends.len() as u64;
        let number = self.friends.iter().filter(|known| is_thin(known, self.policy)).count() as u64;
        if number < FEW {
            return None;
        }
        let share = Thousandths::of(number, of);
        let strength = Thousandths(share.0.saturating_sub(300) * 10 / 7).times(Thousandths::of(number, FEW * 2));
        self.finding(Rule::ThinOrders, strength, vec![Evidence::Thin { number, of }])
    }

    fn ring(&self) -> Option<Finding> {
        let ring = self.ring?;
        let Ring { linked, density, isolation, synchrony, thin, .. } = *ring;
        let shape = Evidence::Shape { linked, density, isolation, synchrony, thin };
        self.finding(Rule::Ring, ring.strength, vec![shape])
    }

    fn linked_friends(&self) -> Option<Finding> {
        let (number, of) = self.around.linked_friends(self.policy);
        let is_linked = self.ring.is_some_and(|ring| ring.linked > 0);
        if is_linked || number < FEW {
            return None;
        }
        let strength = Thousandths::of(number, of).times(Thousandths::of(number, FEW * 2));
        self.finding(Rule::LinkedFriends, strength, vec![Evidence::Linked { number, of }])
    }

    fn household(&self) -> Option<Finding> {
        let tie = self.around.tie_to_advocate().filter(|tie| tie.household)?;
        self.finding(Rule::Household, Thousandths::ONE, self.shared_with_advocate(&tie.kinds))
    }

    /// Two names, of one surname, or on two devices at one address, line or parcel locker.
    fn may_live_together(&self) -> bool {
        let shares = |kind| self.around.shares_with_advocate(kind);
        let places = [IdentifierKind::Address, IdentifierKind::Ip, IdentifierKind::Locker];
        let is_near = places.into_iter().any(shares) && !shares(IdentifierKind::Device);
        (shares(IdentifierKind::Surname) || is_near) && !self.has_same_name()
    }

    fn has_same_name(&self) -> bool {
        self.around.shares_with_advocate(IdentifierKind::Name)
    }

    /// From the threshold, where half applies, to the same text, where all does.
    fn above_likeness(&self, likeness: Thousandths) -> Option<Thousandths> {
        let least = self.policy.thresholds.likeness;
        let above = likeness.0.checked_sub(least.0)?;
        Some(Thousandths(500).plus(Thousandths::of(u64::from(above), u64::from(least.rest().0.max(1)) * 2)))
    }

    fn shared_with_advocate(&self, kinds: &[IdentifierKind]) -> Vec<Evidence> {
        let advocate = self.referral.advocate;
        let mut seen = BTreeSet::new();
        let marks = kinds.iter().flat_map(|kind| self.around.marks_of_friend(*kind)).filter(|mark| seen.insert(*mark));
        let shared = marks.filter_map(|mark| {
            let sighting = self.graph.sighting(advocate, mark)?;
            let parties = self.graph.fan_out(mark);
            Some(Evidence::Shared { kind: mark.kind, with: advocate, parties, since: sighting.first })
        });
        shared.collect()
    }

    /// The advocate's friends who ordered within so many hours, the friend among them: of all stretches of that length
    /// the one with the most who count.
    fn fullest(&self, hours: u64, counts: impl Fn(&Referral) -> bool) -> &[&Referral] {
        let seconds = i64::try_from(hours).unwrap_or(i64::MAX / 3_600) * 3_600;
        let at = self.referral.at.as_second();
        let second = |index: usize| self.friends[index].at.as_second();
        let (mut end, mut counted, mut fullest) = (0, 0, (0, 0..0));
        for begin in 0..self.friends.len() {
            while end < self.friends.len() && second(end) <= second(begin) + seconds {
                counted += usize::from(counts(self.friends[end]));
                end += 1;
            }
            if (second(begin)..=second(begin) + seconds).contains(&at) && counted > fullest.0 {
                fullest = (counted, begin..end);
            }
            counted -= usize::from(counts(self.friends[begin]));
        }
        &self.friends[fullest.1]
    }
}
