//! Everything together: what is seen is added piece by piece, and a referral is judged by all that is known at
//! the moment.

use lojal_core::kernel::{Instant, MemberId};
use serde::{Deserialize, Serialize};

use crate::graph::Graph;
use crate::identifier::{IdentifierKind, Mark};
use crate::policy::{Policy, PolicyError, Rule, Verdict};
use crate::referral::{AlreadyReferred, Referral, Referrals};
use crate::rings::{Ring, Surroundings};
use crate::rules::{Evidence, Finding, Look};
use crate::second_step::{Proof, SecondStep, SecondSteps};
use crate::weights::{Decision, Grounds, PrecedentError, Precedents};

const DAY_SECONDS: i64 = 86_400;

#[derive(Clone, Debug)]
pub struct Detector {
    policy: Policy,
    graph: Graph,
    referrals: Referrals,
    precedents: Precedents,
    second_steps: SecondSteps,
}

/// What is to be done with a referral, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    pub verdict: Verdict,
    /// The sum of all findings. A hundred more is a doubling of the odds.
    pub score: i32,
    /// The heaviest first.
    pub findings: Vec<Finding>,
    /// Who hangs together with the friend, where anybody does.
    pub ring: Option<Ring>,
    /// What came of the second step, where the friend has come to an end with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// How many edges of the graph were looked at.
    pub touched: usize,
}

/// How much went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forgotten {
    pub sightings: usize,
    pub referrals: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    #[error("{0} was recommended by nobody who is known: there is nothing to decide")]
    Unknown(MemberId),
    #[error(transparent)]
    Precedent(#[from] PrecedentError),
}

impl Assessment {
    /// Rules that speak against the referral.
    pub fn rules(&self) -> impl Iterator<Item = Rule> + '_ {
        self.findings.iter().filter(|finding| finding.weight > 0).map(|finding| finding.rule)
    }

    /// What speaks against it: what a decision is counted for.
    pub fn grounds(&self) -> Grounds {
        Grounds { rules: self.rules().collect(), kinds: self.kinds().collect() }
    }

    /// Identifiers that speak against it: what is shared with the advocate or an earlier customer, or holds the
    /// ring together.
    pub fn kinds(&self) -> impl Iterator<Item = IdentifierKind> + '_ {
        let against = self.findings.iter().filter(|finding| finding.weight > 0);
        let shared = against.flat_map(|finding| &finding.evidence).filter_map(|evidence| match evidence {
            Evidence::Shared { kind, .. } | Evidence::FriendsSharing { kind, .. } => Some(*kind),
            _ => None,
        });
        // What joins a ring that did not speak, or a family, has told nothing.
        let has_spoken = self.rules().any(|rule| rule == Rule::Ring);
        let ties = self.ring.iter().filter(move |_| has_spoken).flat_map(|ring| &ring.ties);
        let in_ring = ties.filter(|(_, _, tie)| !tie.household).flat_map(|(_, _, tie)| tie.kinds.iter().copied());
        shared.chain(in_ring)
    }
}

impl Detector {
    /// Refuses a policy with settings out of their bounds.
    pub fn new(policy: Policy) -> Result<Detector, Vec<PolicyError>> {
        policy.check()?;
        let (graph, referrals, precedents) = (Graph::default(), Referrals::default(), Precedents::default());
        Ok(Detector { policy, graph, referrals, precedents, second_steps: SecondSteps::default() })
    }

    /// A detector of what is kept elsewhere: what is around one referral is enough to judge it.
    pub fn of(
        policy: Policy,
        graph: Graph,
        referrals: Referrals,
        precedents: Precedents,
    ) -> Result<Detector, Vec<PolicyError>> {
        policy.check()?;
        Ok(Detector { policy, graph, referrals, precedents, second_steps: SecondSteps::default() })
    }

    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    pub fn referrals(&self) -> &Referrals {
        &self.referrals
    }

    pub fn precedents(&self) -> &Precedents {
        &self.precedents
    }

    /// Adds what a party was seen with: at joining, at an order, at a payment. Costs the marks that are given.
    pub fn observe(&mut self, party: MemberId, marks: &[Mark], at: Instant) -> usize {
        self.graph.observe(party, marks, at)
    }

    /// Adds a referral; the friend's marks are observed beside it.
    pub fn refer(&mut self, referral: Referral) -> Result<(), AlreadyReferred> {
        self.referrals.add(referral)
    }

    /// Notes that a friend returned the order that the referral rests on.
    pub fn note_return(&mut self, friend: MemberId) {
        self.referrals.note_return(friend);
    }

    /// Notes how far a friend has come with the second step.
    pub fn note_second_step(&mut self, friend: MemberId, step: SecondStep) {
        self.second_steps.note(friend, step);
    }

    /// Judges the referral of a friend by what is known now; none where nobody recommended the friend. Asked
    /// when the friend orders, and again before anybody is rewarded, when more is known.
    pub fn assess(&self, friend: MemberId) -> Option<Assessment> {
        let referral = self.referrals.of_friend(friend)?;
        let Detector { policy, graph, referrals, precedents, second_steps } = self;
        let around = Surroundings::of(referral, graph, referrals, policy, precedents);
        let ring = around.ring(graph, referrals, policy);
        let friends = referrals.friends_around(referral.advocate, referral.at, policy.reach.friends);
        let look = Look {
            friends: &friends,
            referral,
            graph,
            referrals,
            around: &around,
            ring: ring.as_ref(),
            policy,
            precedents,
        };
        let findings = look.findings();
        let score = findings.iter().map(|finding| finding.weight).sum::<i32>();
        let by_score = match score {
            score if score >= policy.scores.hold_from => Verdict::Hold,
            score if score >= policy.scores.flag_from => Verdict::Flag,
            _ => Verdict::Allow,
        };
        let by_rule = findings.iter().map(|finding| finding.verdict).max().unwrap_or_default();
        let proof = second_steps.proof(friend, graph);
        let verdict = match precedents.decision(friend) {
            Some(Decision::Confirmed) => Verdict::Reject,
            Some(Decision::Cleared) => Verdict::Allow,
            None => after(by_rule.max(by_score), proof),
        };
        Some(Assessment { verdict, score, findings, ring, proof, touched: around.touched })
    }

    /// Records what a person decided about a referral. From then on that is its verdict, and what had spoken
    /// against it weighs a little more or less everywhere.
    pub fn decide(&mut self, friend: MemberId, decision: Decision) -> Result<(), DecisionError> {
        let assessment = self.assess(friend).ok_or(DecisionError::Unknown(friend))?;
        Ok(self.precedents.record(friend, decision, assessment.rules(), assessment.kinds())?)
    }

    /// Takes a decision back, as if it had never been taken.
    pub fn undo(&mut self, friend: MemberId) -> Result<Decision, DecisionError> {
        Ok(self.precedents.undo(friend)?)
    }

    /// Takes out what is older than the policy keeps it.
    pub fn forget(&mut self, now: Instant) -> Forgotten {
        let retention = &self.policy.retention;
        let ago = |days: u32| {
            let second = now.as_second() - i64::from(days) * DAY_SECONDS;
            Instant::from_second(second).unwrap_or(Instant::MIN)
        };
        let sightings = self.graph.forget(|kind| ago(retention.days(kind)));
        let referrals = self.referrals.forget(ago(retention.referrals));
        Forgotten { sightings, referrals }
    }

    /// Takes out all identifiers of a party who asks to be forgotten. Who recommended whom stays, under ids that
    /// name nobody any more.
    pub fn forget_party(&mut self, party: MemberId) -> usize {
        self.graph.forget_party(party)
    }
}

/// What is left of a verdict once the friend has come to an end with the second step. Nothing worse than the wish for
/// one is made milder by it.
fn after(verdict: Verdict, proof: Option<Proof>) -> Verdict {
    match (verdict, proof) {
        (Verdict::Verify, Some(Proof::Own)) => Verdict::Flag,
        (Verdict::Verify, Some(Proof::Shared | Proof::Missed)) => Verdict::Hold,
        (verdict, _) => verdict,
    }
}
