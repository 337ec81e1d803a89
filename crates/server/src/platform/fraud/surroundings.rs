//! What is around one referral, out of the tables: as much as the detector looks at, and no more. What it says of that
//! is what it would say if it held everything, because it is told how many there are of what is not here.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::MemberId;
use lojal_fraud::detector::Detector;
use lojal_fraud::graph::Graph;
use lojal_fraud::identifier::{Mark, Nature};
use lojal_fraud::policy::Policy;
use lojal_fraud::referral::{Referral, Referrals};
use lojal_fraud::rings::{SAMPLE, Surroundings};
use lojal_fraud::second_step::SecondStep;
use lojal_fraud::weights::Precedents;

use super::super::journal::id;
use super::super::sql::{self, Cell, Connection, Outcome, Statement, cells};
use super::FraudError;
use super::precedents::precedents_find;
use super::referrals::{friends_around, referral_find, referrals_find, tallies};
use super::sightings::{key_of, read_mark, read_sighting, sightings_find};
use super::verifications::verification_find;

/// A piece of the graph, as it grows.
struct Piece<'a> {
    connection: &'a mut Connection,
    policy: &'a Policy,
    graph: Graph,
    referrals: Referrals,
    precedents: Precedents,
    /// Whose marks are here.
    known: BTreeSet<MemberId>,
    /// Whose referrals were asked for.
    asked: BTreeSet<MemberId>,
}

/// A detector that knows what is around the referral of a friend; none where nobody recommended the friend.
pub async fn detector_around(
    connection: &mut Connection,
    policy: &Policy,
    friend: MemberId,
) -> Result<Option<Detector>, FraudError> {
    let Some((referral, _)) = referral_find(connection, friend).await? else { return Ok(None) };
    let precedents = precedents_find(connection, friend).await?;
    let mut piece = Piece {
        connection,
        policy,
        graph: Graph::default(),
        referrals: Referrals::default(),
        precedents,
        known: BTreeSet::new(),
        asked: BTreeSet::new(),
    };
    piece.gather(&referral).await?;
    let second_step = verification_find(piece.connection, friend).await?.and_then(|known| known.second_step());
    if let Some(SecondStep::Taken(mark)) = second_step {
        piece.load_sizes(&[mark]).await?;
        for (mark, seen) in sightings_find(piece.connection, friend, [mark]).await? {
            piece.graph.put(friend, mark, seen);
        }
    }
    let Piece { graph, referrals, precedents, .. } = piece;
    let mut detector = Detector::of(policy.clone(), graph, referrals, precedents).map_err(FraudError::Policy)?;
    if let Some(step) = second_step {
        detector.note_second_step(friend, step);
    }
    Ok(Some(detector))
}

impl Piece<'_> {
    async fn gather(&mut self, referral: &Referral) -> Result<(), sql::Error> {
        let (friend, advocate) = (referral.friend, referral.advocate);
        let near = friends_around(self.connection, advocate, referral.at, self.policy.reach.friends).await?;
        self.load_referrals([friend, advocate].into_iter().chain(near)).await?;
        let (own, all) = tallies(self.connection, advocate).await?;
        self.referrals.state_returns(advocate, own, all);

        // Whoever shares something with the friend, and then whoever shares something strong with those.
        self.load_marks([friend, advocate]).await?;
        self.load_parties(self.marks_of(friend)).await?;
        self.load_meetings(friend, advocate).await?;
        let first = self.around(referral);
        self.load_marks(first.iter().copied()).await?;
        self.load_parties(self.leading_on(friend, &first)).await?;
        let second = self.around(referral);
        self.load_marks(second.iter().copied()).await?;
        self.load_referrals(second.iter().copied()).await?;
        self.load_crowds(referral).await
    }

    fn surroundings(&self, referral: &Referral) -> Surroundings {
        Surroundings::of(referral, &self.graph, &self.referrals, self.policy, &self.precedents)
    }

    fn around(&self, referral: &Referral) -> Vec<MemberId> {
        self.surroundings(referral).parties().to_vec()
    }

    /// As many marks of a party as are looked at.
    fn marks_of(&self, party: MemberId) -> Vec<Mark> {
        self.graph.marks(party).take(self.policy.reach.marks).map(|(mark, _)| mark).collect()
    }

    /// Strong marks of those who share something strong with the friend.
    fn leading_on(&self, friend: MemberId, parties: &[MemberId]) -> Vec<Mark> {
        let strong = |mark: &Mark| mark.kind.nature() == Nature::Strong;
        let own: BTreeSet<Mark> = self.marks_of(friend).into_iter().filter(strong).collect();
        let mut marks = BTreeSet::new();
        for party in parties.iter().filter(|party| **party != friend) {
            let theirs = self.marks_of(*party);
            if theirs.iter().any(|mark| own.contains(mark)) {
                marks.extend(theirs.into_iter().filter(strong));
            }
        }
        marks.difference(&own).copied().collect()
    }

    /// What parties were seen with, stronger kinds first.
    async fn load_marks(&mut self, parties: impl IntoIterator<Item = MemberId>) -> Result<(), sql::Error> {
        let new: Vec<MemberId> = parties.into_iter().filter(|party| self.known.insert(*party)).collect();
        let sql = "select kind, mark, first_at, last_at, times from sighting where part = ? and party = ? \
                   order by kind, mark limit ?";
        let most = self.policy.reach.marks as i64;
        let of = |party: &MemberId| Statement::plain(sql, cells![party.part().number(), party.number(), most]);
        let outcomes = sql::run_all(self.connection, new.iter().map(of).collect()).await?;
        for (party, outcome) in new.iter().zip(&outcomes) {
            for row in &outcome.rows {
                let (mark, seen) = read_sighting(row)?;
                self.graph.put(*party, mark, seen);
            }
        }
        Ok(())
    }

    /// What the advocate was seen with of the friend's marks, however many others the advocate has.
    async fn load_meetings(&mut self, friend: MemberId, advocate: MemberId) -> Result<(), sql::Error> {
        for (mark, seen) in sightings_find(self.connection, advocate, self.marks_of(friend)).await? {
            self.graph.put(advocate, mark, seen);
        }
        Ok(())
    }

    /// How many were seen with some marks, and who, where that leads anywhere.
    async fn load_parties(&mut self, marks: Vec<Mark>) -> Result<(), sql::Error> {
        let sizes = self.load_sizes(&marks).await?;
        let widest = self.policy.reach.widest;
        let narrow: Vec<Mark> = sizes.into_iter().filter(|(_, size)| *size <= widest).map(|(mark, _)| mark).collect();
        self.load_first(&narrow, widest).await.map(drop)
    }

    async fn load_sizes(&mut self, marks: &[Mark]) -> Result<BTreeMap<Mark, usize>, sql::Error> {
        let head = "select kind, mark, parties from mark_tally where (part, kind, mark) in";
        let rows = sql::look_up(self.connection, head, marks.iter().map(|mark| key_of(*mark)).collect()).await?;
        let mut sizes = BTreeMap::new();
        for row in &rows {
            let (mark, parties) = (read_mark(row)?, sql::column::<i64>(row, "parties")?);
            let parties = usize::try_from(parties).unwrap_or_default();
            self.graph.state_fan_out(mark, parties);
            sizes.insert(mark, parties);
        }
        Ok(sizes)
    }

    /// The first so many who were seen with each of some marks.
    async fn load_first(&mut self, marks: &[Mark], most: usize) -> Result<BTreeSet<MemberId>, sql::Error> {
        let sql = "select party from mark_party where part = ? and kind = ? and mark = ? order by party limit ?";
        let of = |mark: &Mark| {
            let mut cells = key_of(*mark);
            cells.push(Cell::from(most as i64));
            Statement::plain(sql, cells)
        };
        let outcomes: Vec<Outcome> = sql::run_all(self.connection, marks.iter().map(of).collect()).await?;
        let mut parties = BTreeSet::new();
        for (mark, outcome) in marks.iter().zip(&outcomes) {
            for row in &outcome.rows {
                let party = MemberId(id(sql::column(row, "party")?)?);
                self.graph.put_party(*mark, party);
                parties.insert(party);
            }
        }
        Ok(parties)
    }

    /// How many share what several of those around share; and of strong marks of many, who some of them are and who
    /// recommended those.
    async fn load_crowds(&mut self, referral: &Referral) -> Result<(), sql::Error> {
        let shared: Vec<Mark> = self.surroundings(referral).shared().collect();
        let sizes = self.load_sizes(&shared).await?;
        let least = self.policy.thresholds.hub_parties as usize;
        let is_hub = |mark: &Mark, size: usize| mark.kind.nature() == Nature::Strong && size >= least;
        let hubs: Vec<Mark> =
            sizes.into_iter().filter(|(mark, size)| is_hub(mark, *size)).map(|(mark, _)| mark).collect();
        let sample = self.load_first(&hubs, SAMPLE).await?;
        self.load_referrals(sample).await
    }

    async fn load_referrals(&mut self, friends: impl IntoIterator<Item = MemberId>) -> Result<(), sql::Error> {
        let new: Vec<MemberId> = friends.into_iter().filter(|friend| self.asked.insert(*friend)).collect();
        for (referral, returned) in referrals_find(self.connection, new).await? {
            // Each friend is asked for once.
            let _ = self.referrals.add(referral);
            if returned {
                self.referrals.note_return(referral.friend);
            }
        }
        Ok(())
    }
}
