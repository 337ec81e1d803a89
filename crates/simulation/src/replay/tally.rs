//! Counting while a history is replayed: sums that grow with the members and with nothing else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::SignedDuration;
use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, Effect, MultiplierSource, Reckoning, Refusal};
use lojal_core::holder::HolderKind;
use lojal_core::kernel::{Date, HolderId, Instant, Name, Window};
use lojal_core::ledger::{Account, Posting};
use lojal_core::programme::{AwardKind, Programme, Worth};

use super::fates::Fates;
use super::outcome::{
    Cost, FirstReward, Flow, Group, LadderOutcome, Month, Outcome, RewardOutcome, RuleOutcome, Standing, UnitOutcome,
};
use super::redemption::Redemption;
use crate::history::Step;
use crate::shell::Shell;
use crate::statistics::{Estimate, group, share};

const DECILES: usize = 10;
/// Classes of buyers by the number of their orders.
const FREQUENCIES: [(u32, u32); 5] = [(1, 1), (2, 3), (4, 6), (7, 12), (13, u32::MAX)];
const DAYS_OF_A_MONTH: i64 = 30;
const SHORTEST_MONTH: SignedDuration = SignedDuration::from_hours(28 * 24 - 1);

pub(super) struct Tally {
    programme: Arc<Programme>,
    spending: bool,
    worths: Vec<Option<Worth>>,
    /// The cheapest reward that can be had for the unit alone.
    cheapest: Vec<Option<i64>>,
    pub(super) occasions: u64,
    redemptions: u64,
    /// From the first one on.
    months: Vec<Sums>,
    moves: Vec<BTreeMap<(Name, Name), u64>>,
    rules: HashMap<Name, (u64, i64)>,
    rewards: HashMap<Name, (u64, u64, i64)>,
    refused: BTreeMap<String, u64>,
    from: Option<Instant>,
    members: HashMap<HolderId, Member>,
}

/// What happened in one month.
struct Sums {
    first: Date,
    begins: Instant,
    orders: u64,
    returns: u64,
    joined: u64,
    revenue: i64,
    given: i64,
    /// By unit; what is pending, available and owed by how much it changed.
    flows: Vec<Flow>,
    /// By unit.
    fates: Vec<Fates>,
    /// By how much levels grew, by ladder.
    levels: Vec<Vec<i64>>,
}

impl Sums {
    fn new(programme: &Programme, first: Date) -> Sums {
        Sums {
            first,
            begins: programme.calendar.start_of(first),
            orders: 0,
            returns: 0,
            joined: 0,
            revenue: 0,
            given: 0,
            flows: vec![Flow::default(); programme.units.len()],
            fates: vec![Fates::default(); programme.units.len()],
            levels: programme.ladders.iter().map(|ladder| vec![0; ladder.levels.len()]).collect(),
        }
    }
}

/// How a step changed an order.
#[derive(Clone, Copy, Default)]
pub(super) struct OrderChange {
    /// It was not known before, and is not called off.
    pub is_new: bool,
    /// By how much what is paid for it changed.
    pub paid: i64,
}

/// What the engine does not keep of a member.
#[derive(Clone)]
struct Member {
    group: u8,
    orders: u32,
    revenue: i64,
    given: i64,
    /// By unit.
    available: Box<[i64]>,
    /// When a reward was within reach for the first time.
    first_reward: Option<Instant>,
}

impl Tally {
    /// `spending`: whether members may spend at all.
    pub(super) fn new(programme: Arc<Programme>, spending: bool) -> Tally {
        let units = programme.units.len();
        let cheapest = |unit| {
            let prices = programme.rewards.iter().filter_map(|reward| reward.price.as_ref());
            prices.filter(|price| price.unit == unit && price.points > 0).map(|price| price.points).min()
        };
        Tally {
            worths: (0..units).map(|unit| programme.worth(unit)).collect(),
            cheapest: (0..units).map(cheapest).collect(),
            spending,
            occasions: 0,
            redemptions: 0,
            from: None,
            moves: vec![BTreeMap::new(); programme.ladders.len()],
            rules: HashMap::new(),
            rewards: HashMap::new(),
            refused: BTreeMap::new(),
            months: Vec::new(),
            members: HashMap::new(),
            programme,
        }
    }

    /// The month in which a moment lies. What lies before the first one is counted there.
    fn month(&mut self, at: Instant) -> usize {
        let calendar = &self.programme.calendar;
        if self.months.is_empty() {
            self.months.push(Sums::new(&self.programme, calendar.date(at).first_of_month()));
        }
        while let Some(last) = self.months.last() {
            let next = calendar.window_end(last.first, Window::Month);
            // A month is at least four weeks long.
            if at.duration_since(last.begins) < SHORTEST_MONTH || at < calendar.start_of(next) {
                break;
            }
            self.months.push(Sums::new(&self.programme, next));
        }
        // Nearly everything is of the latest months.
        self.months.iter().rposition(|month| month.begins <= at).unwrap_or(0)
    }

    pub(super) fn refuse(&mut self, refusal: &Refusal) {
        *self.refused.entry(refusal.code()).or_default() += 1;
    }

    /// Counts a decision, and how it changed an order.
    pub(super) fn count(&mut self, step: &Step, decision: &Decision, change: OrderChange) {
        self.from.get_or_insert(step.at);
        let units = self.programme.units.len();
        let month = self.month(step.at);
        let month = &mut self.months[month];
        let member = self.members.entry(step.holder).or_insert_with(|| Member {
            group: group(step.holder),
            orders: 0,
            revenue: 0,
            given: 0,
            available: vec![0; units].into(),
            first_reward: None,
        });
        let mut paid = change.paid;
        match &step.command {
            Command::PutOrder { .. } => {
                month.orders += u64::from(change.is_new);
                member.orders += u32::from(change.is_new);
            }
            Command::ReturnLines { .. } => month.returns += 1,
            Command::ReturnWithoutOrder { goods } => {
                month.returns += 1;
                paid = -goods.total().0;
            }
            Command::Enrol { .. } => {
                month.joined += 1;
                // Everybody begins at the base.
                month.levels.iter_mut().for_each(|levels| levels[0] += 1);
            }
            _ => {}
        }
        member.revenue += paid;
        month.revenue += paid;
        for effect in &decision.effects {
            self.count_effect(step.holder, effect);
        }
    }

    fn count_effect(&mut self, holder: HolderId, effect: &Effect) {
        let month = self.month(effect.at);
        let month = &mut self.months[month];
        let Some(member) = self.members.get_mut(&holder) else { return };
        for posting in &effect.postings {
            let Some(unit) = self.programme.units.iter().position(|unit| unit.id == posting.unit) else { continue };
            month.flows[unit].post(posting);
            match posting.account {
                Account::Redeemed => month.fates[unit].add(member.group, posting.amount, 0),
                Account::Expired => month.fates[unit].add(member.group, 0, posting.amount),
                Account::Available => {
                    member.available[unit] += posting.amount;
                    let within_reach = self.cheapest[unit].is_some_and(|price| member.available[unit] >= price);
                    if within_reach && member.first_reward.is_none() {
                        member.first_reward = Some(effect.at);
                    }
                }
                _ => {}
            }
        }
        match &effect.because {
            Because::OrderEarned { reckoning, .. } | Because::ActivityEarned { reckoning, .. } => {
                self.count_rule(reckoning, reckoning.points, 1);
            }
            Because::OrderSettled { reckoning, was, .. } | Because::ActivitySettled { reckoning, was, .. } => {
                self.count_rule(reckoning, reckoning.points - was, 0);
            }
            Because::ActivityCalledOff { rule: Some(rule), points, .. } => {
                self.rules.entry(rule.clone()).or_default().1 -= points;
            }
            Because::GoodsReturned { reckoning, .. } => self.count_rule(reckoning, -reckoning.points.abs(), 0),
            Because::Captured { .. } => self.redemptions += 1,
            Because::Redeemed { reward, .. } => {
                self.redemptions += 1;
                let counts = self.rewards.entry(reward.clone()).or_default();
                counts.0 += 1;
                counts.2 += spent(&effect.postings);
            }
            Because::RolledBack { reward, .. } => {
                self.rewards.entry(reward.clone()).or_default().2 += spent(&effect.postings);
            }
            Because::VoucherIssued { reward, rule: Some(rule), .. } => {
                self.rewards.entry(reward.clone()).or_default().1 += 1;
                self.rules.entry(rule.clone()).or_default().0 += 1;
                let value =
                    self.programme.reward(reward).and_then(|reward| reward.gives.money()).map_or(0, |money| money.0);
                member.given += value;
                month.given += value;
            }
            Because::TierChanged { ladder, from, to, .. } => {
                let Some(index) = self.programme.ladders.iter().position(|known| known.id == *ladder) else { return };
                let known = &self.programme.ladders[index];
                for (level, change) in [(from, -1), (to, 1)] {
                    if let Some(rank) = known.rank(level) {
                        month.levels[index][rank] += change;
                    }
                }
                *self.moves[index].entry((from.clone(), to.clone())).or_default() += 1;
            }
            _ => {}
        }
    }

    fn count_rule(&mut self, reckoning: &Reckoning, points: i64, times: u64) {
        match self.rules.get_mut(&reckoning.rule) {
            Some(known) => *known = (known.0 + times, known.1 + points),
            None => drop(self.rules.insert(reckoning.rule.clone(), (times, points))),
        }
        for (source, _) in &reckoning.multipliers {
            if let MultiplierSource::Rule(rule) = source {
                match self.rules.get_mut(rule) {
                    Some(known) => known.0 += times,
                    None => drop(self.rules.insert(rule.clone(), (times, 0))),
                }
            }
        }
    }

    /// The share of points that is spent. Where nobody may spend any, no fate tells it.
    fn spent(&self, fates: &Fates) -> Estimate {
        if self.spending { fates.spent() } else { Fates::default().spent() }
    }

    /// What some points are worth in money.
    fn in_money(&self, unit: usize, points: i64) -> i64 {
        self.worths[unit].map_or(0, |worth| worth.of(points).0)
    }

    /// What members still have, in money: if all of it is spent, and the share that is expected to be.
    fn liability(&self, flows: &[Flow], fates: &[Fates]) -> (i64, Estimate) {
        let mut all = (0, Estimate::default());
        for (unit, flow) in flows.iter().enumerate() {
            let worth = self.in_money(unit, flow.outstanding());
            all = (all.0 + worth, all.1.plus(self.spent(&fates[unit]).of(worth)));
        }
        all
    }

    /// The months as they are told, and everything together.
    fn sum_up(&self, until: Instant) -> (Vec<Month>, Sums) {
        let mut total = Sums::new(&self.programme, self.programme.calendar.date(until));
        let months = self.months.iter().map(|month| {
            total.add(month);
            let (liability_ceiling, liability) = self.liability(&total.flows, &total.fates);
            let flows = month.flows.iter().zip(&total.flows).map(|(month, total)| month.with_balances_of(total));
            Month {
                first: month.first,
                orders: month.orders,
                joined: month.joined,
                revenue: month.revenue,
                flows: flows.collect(),
                liability_ceiling,
                liability,
                levels: total.levels.clone(),
            }
        });
        (months.collect(), total)
    }

    pub(super) fn into_outcome(mut self, shell: &Shell, redemption: Redemption, seed: u64, until: Instant) -> Outcome {
        self.month(until);
        let (months, total) = self.sum_up(until);
        let (standings, reached) = self.standings(shell, until);
        let buyers = standings.iter().filter(|standing| standing.orders > 0).count() as u64;
        Outcome {
            programme: self.programme.id.clone(),
            redemption,
            seed,
            from: self.from,
            until,
            members: total.joined,
            buyers,
            orders: total.orders,
            returns: total.returns,
            revenue: total.revenue,
            refused: self.refused.clone(),
            occasions: self.occasions,
            redemptions: self.redemptions,
            units: self.units(&total),
            cost: self.cost(&total),
            ladders: self.ladders(&total),
            rules: self.rules(),
            rewards: self.rewards(),
            deciles: deciles(&standings, &reached),
            frequencies: frequencies(&standings, &reached),
            segments: segments(shell, &standings, &reached),
            first_reward: first_reward(reached.iter().flatten().copied()),
            months,
            standings,
        }
    }

    /// Everybody's share, and beside it the days until the first reward, in the order of their ids.
    fn standings(&self, shell: &Shell, until: Instant) -> (Vec<Standing>, Vec<Option<i64>>) {
        let members = shell.holders().filter_map(|holder| Some((holder, self.members.get(&holder.id)?)));
        let members = members.filter(|(holder, _)| matches!(holder.kind, HolderKind::Member { .. }));
        members
            .map(|(holder, member)| {
                let earned = self.programme.units.iter().enumerate().map(|(unit, known)| {
                    let totals = holder.wallets.get(&known.id).map(|wallet| wallet.totals).unwrap_or_default();
                    self.in_money(unit, totals.issued - totals.reversed)
                });
                let value = earned.sum::<i64>() + member.given;
                let since = |at| self.programme.calendar.days_between(holder.joined_at, at).max(0);
                let first_reward = member.first_reward.map(since);
                let Member { orders, revenue, .. } = *member;
                let days = since(until);
                let standing = Standing { holder: holder.id, orders, revenue, value, days, first_reward };
                (standing, first_reward)
            })
            .unzip()
    }

    fn units(&self, total: &Sums) -> Vec<UnitOutcome> {
        let units = self.programme.units.iter().enumerate();
        units
            .map(|(index, unit)| UnitOutcome {
                unit: unit.id.clone(),
                flow: total.flows[index],
                worth_units: self.worths[index].map_or(1, |worth| worth.units),
                worth: self.worths[index].map(|worth| worth.money.0),
                spent: self.spent(&total.fates[index]),
            })
            .collect()
    }

    fn cost(&self, total: &Sums) -> Cost {
        let mut points = Estimate::default();
        let mut ceiling = 0;
        for (unit, flow) in total.flows.iter().enumerate() {
            let kept = self.in_money(unit, flow.kept());
            ceiling += kept;
            points = points.plus(self.spent(&total.fates[unit]).of(kept));
        }
        let all = points.plus(Estimate::certain(total.given));
        let of_revenue = |money| share(money, total.revenue);
        let (liability_ceiling, liability) = self.liability(&total.flows, &total.fates);
        Cost {
            ceiling,
            points,
            given: total.given,
            share: Estimate {
                low: of_revenue(all.low),
                expected: of_revenue(all.expected),
                high: of_revenue(all.high),
            },
            liability_ceiling,
            liability,
        }
    }

    fn ladders(&self, total: &Sums) -> Vec<LadderOutcome> {
        let ladders = self.programme.ladders.iter().zip(total.levels.iter().zip(&self.moves));
        ladders
            .map(|(ladder, (members, moves))| LadderOutcome {
                ladder: ladder.id.clone(),
                levels: ladder.levels.iter().map(|level| level.id.clone()).zip(members.iter().copied()).collect(),
                moves: moves.iter().map(|((from, to), times)| (from.clone(), to.clone(), *times)).collect(),
            })
            .collect()
    }

    fn rules(&self) -> Vec<RuleOutcome> {
        let rules = self.programme.rules.iter();
        rules
            .map(|rule| {
                let (times, points) = self.rules.get(&rule.id).copied().unwrap_or_default();
                RuleOutcome {
                    rule: rule.id.clone(),
                    campaign: rule.campaign.is_some(),
                    times,
                    points,
                    unit: self.programme.units[rule.unit].id.clone(),
                    multiplies: matches!(rule.award, AwardKind::Multiplier { .. }),
                }
            })
            .collect()
    }

    fn rewards(&self) -> Vec<RewardOutcome> {
        let rewards = self.programme.rewards.iter();
        rewards
            .map(|reward| {
                let (redeemed, given, points) = self.rewards.get(&reward.id).copied().unwrap_or_default();
                RewardOutcome { reward: reward.id.clone(), redeemed, given, points }
            })
            .collect()
    }
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        self.orders += other.orders;
        self.returns += other.returns;
        self.joined += other.joined;
        self.revenue += other.revenue;
        self.given += other.given;
        self.flows.iter_mut().zip(&other.flows).for_each(|(all, flow)| all.add(flow));
        self.fates.iter_mut().zip(&other.fates).for_each(|(all, fates)| all.join(fates));
        for (all, levels) in self.levels.iter_mut().zip(&other.levels) {
            all.iter_mut().zip(levels).for_each(|(all, members)| *all += members);
        }
    }
}

impl Flow {
    fn post(&mut self, posting: &Posting) {
        match posting.account {
            Account::Available | Account::Held => self.available += posting.amount,
            Account::Pending => self.pending += posting.amount,
            Account::Debt => self.debt -= posting.amount,
            Account::Issued => self.issued -= posting.amount,
            Account::Redeemed => self.redeemed += posting.amount,
            Account::Expired => self.expired += posting.amount,
            Account::Reversed => self.reversed += posting.amount,
            Account::InTransit => {}
        }
    }

    fn add(&mut self, other: &Flow) {
        self.issued += other.issued;
        self.reversed += other.reversed;
        self.redeemed += other.redeemed;
        self.expired += other.expired;
        self.pending += other.pending;
        self.available += other.available;
        self.debt += other.debt;
    }

    /// What moved here, and what is there in the end.
    fn with_balances_of(&self, total: &Flow) -> Flow {
        Flow { pending: total.pending, available: total.available, debt: total.debt, ..*self }
    }
}

impl Group {
    fn add(&mut self, standing: &Standing, reached: bool) {
        self.members += 1;
        self.orders += u64::from(standing.orders);
        self.revenue += standing.revenue;
        self.value += standing.value;
        self.reached += u64::from(reached);
    }
}

fn spent(postings: &[Posting]) -> i64 {
    postings.iter().filter(|posting| posting.account == Account::Redeemed).map(|posting| posting.amount).sum()
}

/// Buyers by what they paid, in ten groups of the same size.
fn deciles(standings: &[Standing], reached: &[Option<i64>]) -> Vec<Group> {
    let mut buyers: Vec<_> = standings.iter().zip(reached).filter(|(standing, _)| standing.orders > 0).collect();
    buyers.sort_by_key(|(standing, _)| (standing.revenue, standing.holder));
    let mut deciles = vec![Group::default(); DECILES];
    let count = buyers.len();
    for (index, (standing, reached)) in buyers.into_iter().enumerate() {
        deciles[index * DECILES / count].add(standing, reached.is_some());
    }
    for (index, decile) in deciles.iter_mut().enumerate() {
        decile.name = Name::from((index + 1).to_string());
    }
    deciles
}

fn frequencies(standings: &[Standing], reached: &[Option<i64>]) -> Vec<Group> {
    let class = |(least, most)| {
        let name = if most == u32::MAX { format!("{least}+") } else { format!("{least}-{most}") };
        let mut group = Group { name: Name::from(name), ..Group::default() };
        let within = |standing: &Standing| (least..=most).contains(&standing.orders);
        for (standing, reached) in standings.iter().zip(reached).filter(|(standing, _)| within(standing)) {
            group.add(standing, reached.is_some());
        }
        group
    };
    FREQUENCIES.map(class).into()
}

fn segments(shell: &Shell, standings: &[Standing], reached: &[Option<i64>]) -> Vec<Group> {
    let mut segments: BTreeMap<Name, Group> = BTreeMap::new();
    for (standing, reached) in standings.iter().zip(reached) {
        let profile = shell.holder(standing.holder).map(|holder| &holder.profile);
        for segment in profile.into_iter().flat_map(|profile| &profile.segments) {
            let group = segments.entry(segment.clone()).or_default();
            group.name = segment.clone();
            group.add(standing, reached.is_some());
        }
    }
    segments.into_values().collect()
}

fn first_reward(days: impl Iterator<Item = i64>) -> FirstReward {
    let mut days: Vec<i64> = days.collect();
    days.sort_unstable();
    let mut after_months = BTreeMap::new();
    for days in &days {
        *after_months.entry(days / DAYS_OF_A_MONTH).or_default() += 1;
    }
    let quartile = |quarters: usize| days[(days.len() - 1) * quarters / 4];
    let quartiles = (!days.is_empty()).then(|| [quartile(1), quartile(2), quartile(3)]);
    FirstReward { reached: days.len() as u64, quartiles, after_months }
}
