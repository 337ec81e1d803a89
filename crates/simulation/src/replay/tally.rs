//! Counting while a history is replayed: sums that grow with the members and with nothing else.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, Effect, MultiplierSource, Reckoning, Refusal};
use lojal_core::holder::HolderKind;
use lojal_core::kernel::{Date, HolderId, Instant, Money, Name};
use lojal_core::ledger::{Account, Posting};
use lojal_core::programme::{AwardKind, Gives, Programme, Worth};

use super::groups::{Fates, group};
use super::outcome::{
    Cost, Estimate, FirstReward, Flow, Group, LadderOutcome, Month, Outcome, RewardOutcome, RuleOutcome, Standing,
    UnitOutcome, share,
};
use super::redemption::Redemption;
use crate::history::Step;
use crate::shell::Shell;

const DECILES: usize = 10;
const DAYS_OF_A_MONTH: i64 = 30;

pub(super) struct Tally {
    programme: Arc<Programme>,
    worths: Vec<Option<Worth>>,
    /// The cheapest reward that can be had for the unit alone.
    cheapest: Vec<Option<i64>>,
    pub(super) occasions: u64,
    pub(super) redemptions: u64,
    from: Option<Instant>,
    /// What is summed up since the beginning.
    total: Sums,
    /// What it was when the month began.
    before: Sums,
    fates: Vec<Fates>,
    levels: Vec<Vec<i64>>,
    moves: Vec<BTreeMap<(Name, Name), u64>>,
    rules: HashMap<Name, (u64, i64)>,
    rewards: HashMap<Name, (u64, u64, i64)>,
    refused: BTreeMap<String, u64>,
    months: Vec<Month>,
    members: HashMap<HolderId, Member>,
}

#[derive(Clone, Default)]
struct Sums {
    orders: u64,
    returns: u64,
    joined: u64,
    revenue: i64,
    given: i64,
    flows: Vec<Flow>,
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
    pub(super) fn new(programme: Arc<Programme>) -> Tally {
        let units = programme.units.len();
        let cheapest = |unit| {
            let prices = programme.rewards.iter().filter_map(|reward| reward.price.as_ref());
            prices.filter(|price| price.unit == unit && price.points > 0).map(|price| price.points).min()
        };
        let total = Sums { flows: vec![Flow::default(); units], ..Sums::default() };
        Tally {
            worths: (0..units).map(|unit| worth(&programme, unit)).collect(),
            cheapest: (0..units).map(cheapest).collect(),
            occasions: 0,
            redemptions: 0,
            from: None,
            before: total.clone(),
            total,
            fates: vec![Fates::default(); units],
            levels: programme.ladders.iter().map(|ladder| vec![0; ladder.levels.len()]).collect(),
            moves: vec![BTreeMap::new(); programme.ladders.len()],
            rules: HashMap::new(),
            rewards: HashMap::new(),
            refused: BTreeMap::new(),
            months: Vec::new(),
            members: HashMap::new(),
            programme,
        }
    }

    pub(super) fn begin(&mut self, at: Instant) {
        self.from.get_or_insert(at);
    }

    pub(super) fn refuse(&mut self, refusal: &Refusal) {
        *self.refused.entry(refusal.code()).or_default() += 1;
    }

    /// Counts a decision, and by how much it changed what is paid for an order.
    pub(super) fn count(&mut self, step: &Step, decision: &Decision, paid: i64) {
        let units = self.programme.units.len();
        let member = self.members.entry(step.holder).or_insert_with(|| Member {
            group: group(step.holder),
            orders: 0,
            revenue: 0,
            given: 0,
            available: vec![0; units].into(),
            first_reward: None,
        });
        let mut paid = paid;
        match &step.command {
            Command::PutOrder { .. } => {
                self.total.orders += u64::from(paid > 0);
                member.orders += u32::from(paid > 0);
            }
            Command::ReturnLines { .. } => self.total.returns += 1,
            Command::ReturnWithoutOrder { goods } => {
                self.total.returns += 1;
                paid = -goods.total().0;
            }
            Command::Enrol { .. } => {
                self.total.joined += 1;
                // Everybody begins at the base.
                self.levels.iter_mut().for_each(|levels| levels[0] += 1);
            }
            _ => {}
        }
        member.revenue += paid;
        self.total.revenue += paid;
        for effect in &decision.effects {
            self.count_effect(step.holder, effect);
        }
    }

    fn count_effect(&mut self, holder: HolderId, effect: &Effect) {
        let Some(member) = self.members.get_mut(&holder) else { return };
        for posting in &effect.postings {
            let Some(unit) = self.programme.units.iter().position(|unit| unit.id == posting.unit) else { continue };
            self.total.flows[unit].post(posting);
            match posting.account {
                Account::Redeemed => self.fates[unit].add(member.group, posting.amount, 0),
                Account::Expired => self.fates[unit].add(member.group, 0, posting.amount),
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
            Because::OrderSettled { reckoning, was, .. } => self.count_rule(reckoning, reckoning.points - was, 0),
            Because::GoodsReturned { reckoning, .. } => self.count_rule(reckoning, -reckoning.points.abs(), 0),
            Because::Redeemed { reward, .. } => {
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
                let value = self.programme.reward(reward).map_or(0, |reward| money_value(&reward.gives));
                member.given += value;
                self.total.given += value;
            }
            Because::TierChanged { ladder, from, to, .. } => {
                let Some(index) = self.programme.ladders.iter().position(|known| known.id == *ladder) else { return };
                let known = &self.programme.ladders[index];
                for (level, change) in [(from, -1), (to, 1)] {
                    if let Some(rank) = known.rank(level) {
                        self.levels[index][rank] += change;
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

    /// Ends the month in which a day lies.
    pub(super) fn close_month(&mut self, day: Date) {
        let (now, before) = (&self.total, &self.before);
        let flows = now.flows.iter().zip(&before.flows).map(|(now, before)| now.since(before)).collect();
        let (liability_ceiling, liability) = self.liability();
        self.months.push(Month {
            first: day.first_of_month(),
            orders: now.orders - before.orders,
            joined: now.joined - before.joined,
            revenue: now.revenue - before.revenue,
            flows,
            liability_ceiling,
            liability,
            levels: self.levels.clone(),
        });
        self.before = self.total.clone();
    }

    /// What members still have, in money: if all of it is spent, and the share that is expected to be.
    fn liability(&self) -> (i64, Estimate) {
        let mut all = (0, Estimate::default());
        for (unit, flow) in self.total.flows.iter().enumerate() {
            let worth = self.in_money(unit, flow.outstanding());
            all = (all.0 + worth, all.1.plus(self.fates[unit].spent().of(worth)));
        }
        all
    }

    fn in_money(&self, unit: usize, points: i64) -> i64 {
        self.worths[unit].map_or(0, |worth| worth.of(points).0)
    }

    pub(super) fn into_outcome(self, shell: &Shell, redemption: Redemption, seed: u64, until: Instant) -> Outcome {
        let (standings, reached) = self.standings(shell);
        let buyers = standings.iter().filter(|standing| standing.orders > 0).count() as u64;
        Outcome {
            programme: self.programme.id.clone(),
            redemption,
            seed,
            from: self.from,
            until,
            members: self.total.joined,
            buyers,
            orders: self.total.orders,
            returns: self.total.returns,
            revenue: self.total.revenue,
            refused: self.refused.clone(),
            occasions: self.occasions,
            redemptions: self.redemptions,
            units: self.units(),
            cost: self.cost(),
            ladders: self.ladders(),
            rules: self.rules(),
            rewards: self.rewards(),
            deciles: deciles(&standings, &reached),
            segments: self.segments(shell, &standings, &reached),
            first_reward: first_reward(reached.iter().flatten().copied()),
            months: self.months,
            standings,
        }
    }

    /// Everybody's share, and beside it the days until the first reward, in the order of their ids.
    fn standings(&self, shell: &Shell) -> (Vec<Standing>, Vec<Option<i64>>) {
        let members = shell.holders().filter_map(|holder| Some((holder, self.members.get(&holder.id)?)));
        let members = members.filter(|(holder, _)| matches!(holder.kind, HolderKind::Member { .. }));
        members
            .map(|(holder, member)| {
                let earned = self.programme.units.iter().enumerate().map(|(unit, known)| {
                    let totals = holder.wallets.get(&known.id).map(|wallet| wallet.totals).unwrap_or_default();
                    self.in_money(unit, totals.issued - totals.reversed)
                });
                let value = earned.sum::<i64>() + member.given;
                let standing = Standing { holder: holder.id, orders: member.orders, revenue: member.revenue, value };
                let joined = holder.joined_at;
                let reached = member.first_reward;
                (standing, reached.map(|at| self.programme.calendar.days_between(joined, at).max(0)))
            })
            .unzip()
    }

    fn units(&self) -> Vec<UnitOutcome> {
        let units = self.programme.units.iter().enumerate();
        units
            .map(|(index, unit)| UnitOutcome {
                unit: unit.id.clone(),
                flow: self.total.flows[index],
                worth_units: self.worths[index].map_or(1, |worth| worth.units),
                worth: self.worths[index].map(|worth| worth.money.0),
                spent: self.fates[index].spent(),
            })
            .collect()
    }

    fn cost(&self) -> Cost {
        let mut points = Estimate::default();
        let mut ceiling = 0;
        for (unit, flow) in self.total.flows.iter().enumerate() {
            let issued = self.in_money(unit, flow.issued - flow.reversed);
            ceiling += issued;
            points = points.plus(self.fates[unit].spent().of(issued));
        }
        let all = points.plus(Estimate::certain(self.total.given));
        let of_revenue = |money| share(money, self.total.revenue);
        let (liability_ceiling, liability) = self.liability();
        Cost {
            ceiling,
            points,
            given: self.total.given,
            share: Estimate {
                low: of_revenue(all.low),
                expected: of_revenue(all.expected),
                high: of_revenue(all.high),
            },
            liability_ceiling,
            liability,
        }
    }

    fn ladders(&self) -> Vec<LadderOutcome> {
        let ladders = self.programme.ladders.iter().zip(self.levels.iter().zip(&self.moves));
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

    fn segments(&self, shell: &Shell, standings: &[Standing], reached: &[Option<i64>]) -> Vec<Group> {
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

    /// What moved since then, and what is there now.
    fn since(&self, before: &Flow) -> Flow {
        Flow {
            issued: self.issued - before.issued,
            reversed: self.reversed - before.reversed,
            redeemed: self.redeemed - before.redeemed,
            expired: self.expired - before.expired,
            ..*self
        }
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

/// What a unit is worth: as the programme states it, or by the best reward in money that it buys.
fn worth(programme: &Programme, unit: usize) -> Option<Worth> {
    let known = &programme.units[unit];
    let by_reward = || {
        let bought = programme.rewards.iter().filter_map(|reward| {
            let price = reward.price.as_ref().filter(|price| price.unit == unit && price.points > 0)?;
            let money = money_value(&reward.gives) - price.cash.0;
            (money > 0).then_some(Worth { units: price.points, money: Money(money) })
        });
        bought.max_by_key(|worth| i128::from(worth.money.0) * 1_000_000_000 / i128::from(worth.units))
    };
    known.worth.or_else(by_reward).filter(|_| known.spendable)
}

/// What a reward is worth in money, where its kind says it; a share of an unknown purchase does not.
fn money_value(gives: &Gives) -> i64 {
    match gives {
        Gives::AmountOff { amount }
        | Gives::GiftCard { amount }
        | Gives::CashBack { amount }
        | Gives::Donation { amount, .. } => amount.0,
        Gives::PercentOff { .. }
        | Gives::FreeProduct { .. }
        | Gives::FreeShipping
        | Gives::Experience
        | Gives::ExclusiveAccess => 0,
    }
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
