//! Where a decision is worked out: the holder's state while it changes, the decision while it
//! grows, and what the capabilities tell each other through the engine.

use crate::activity::Activity;
use crate::command::{Inputs, Needs, Profile};
use crate::decision::{Because, Decision, Draw, Effect, FollowUp, FollowUpCommand, OrderRecord, Record, Refusal};
use crate::explanation::Explanation;
use crate::holder::{Holder, Usage};
use crate::kernel::{Date, HolderId, Instant, Name, Window};
use crate::ledger::Posting;
use crate::programme::condition::{LocalTime, MemberFacts};
use crate::programme::{Cap, DebtPolicy, Programme, Rulebook, Unit};

/// How many codes of one pool a single decision may hand out.
const MOST_POOL_CODES: usize = 4;
/// Windows that ended so many days ago are forgotten: nothing so late counts against a limit.
const USAGE_KEPT_DAYS: i64 = 400;

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undecided {
    /// The answer is no. Nothing is to be written.
    Refused(Refusal),
    /// The engine must know more: add it to the inputs and ask again.
    Needs(Needs),
}

impl From<Refusal> for Undecided {
    fn from(refusal: Refusal) -> Undecided {
        Undecided::Refused(refusal)
    }
}

impl From<crate::ledger::TooLarge> for Undecided {
    fn from(_: crate::ledger::TooLarge) -> Undecided {
        Undecided::Refused(Refusal::TooLarge)
    }
}

/// What one capability has to tell the others. The engine passes it on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Money spent (or, when negative, returned) that counts for tiers.
    Spent { at: Instant, amount: i64 },
    /// Points earned, net of what was taken back.
    Earned { at: Instant, unit: Name, points: i64 },
    /// An order began to count, or stopped.
    Ordered { at: Instant, orders: i64 },
    /// An activity happened, once, or did not after all: minus once.
    Happened { at: Instant, activity: Name, times: i64 },
    /// A rule gives a reward for free.
    RewardGiven(RewardGiven),
    /// An order that came back, or an activity that was called off, no longer gives what a rule gave.
    RewardWithdrawn { at: Instant, rule: Name, source: RewardSource, version: u32 },
    /// An order was judged, first or again: told only of those who were recommended.
    OrderJudged { record: Box<OrderRecord> },
    /// An activity that the shop told of happened, or (`None`) did not after all: told only of those who were recommended.
    ActivityTold { activity: Name, external_id: Name, told: Option<Box<Activity>> },
    /// A recommendation stands otherwise than before.
    ReferralStands,
    /// A level was reached from below.
    LevelReached { at: Instant, level: Name },
}

/// What a rule gives for free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RewardGiven {
    pub at: Instant,
    pub reward: Name,
    pub rule: Name,
    pub order: Option<Name>,
    /// The programme version of the rule, by which the reward is what it was when it was promised.
    pub version: u32,
}

/// What a rule gave a reward for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RewardSource {
    Order(Name),
    /// An activity that happened then.
    Activity(Instant),
}

/// One decision in the making.
pub struct Desk<'a> {
    pub rulebook: &'a Rulebook,
    /// The version in force.
    pub programme: &'a Programme,
    pub inputs: &'a Inputs,
    /// The moment of the decision: never before what was decided earlier.
    pub now: Instant,
    pub holder: Holder,
    pub decision: Decision,
    pub events: Vec<Event>,
    /// Filled only when somebody asks.
    pub explanation: Option<Explanation>,
    vouchers_made: u32,
}

impl<'a> Desk<'a> {
    pub fn new(rulebook: &'a Rulebook, programme: &'a Programme, inputs: &'a Inputs, holder: Holder) -> Desk<'a> {
        let decision = Decision::empty(programme.version);
        Desk {
            rulebook,
            programme,
            inputs,
            now: inputs.now.max(holder.clock),
            holder,
            decision,
            events: Vec::new(),
            explanation: None,
            vouchers_made: 0,
        }
    }

    pub fn effect(&mut self, at: Instant, because: Because, postings: Vec<Posting>) {
        self.decision.effects.push(Effect { at, because, postings });
    }

    pub fn record(&mut self, key: crate::command::Key, record: Record) {
        match self.decision.records.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = record,
            None => self.decision.records.push((key, record)),
        }
    }

    pub fn follow_up(&mut self, to: HolderId, command: FollowUpCommand) {
        self.decision.follow_ups.push(FollowUp { to, command });
    }

    /// Tells those who ask how many points a rule gave.
    pub fn fired(&mut self, rule: &Name, points: i64) {
        if let Some(explanation) = &mut self.explanation {
            explanation.fired(rule, points);
        }
    }

    /// Makes sure that it is known how much of a shared quantity there is, when up to `wanted` of
    /// it may be drawn in this decision.
    pub fn reserve(&self, quantity: &Name, wanted: i64) -> Result<(), Undecided> {
        let total = self.drawn(quantity).max(0).saturating_add(wanted);
        match self.inputs.shared.get(quantity) {
            Some(offered) if offered.asked >= total || offered.given < offered.asked => Ok(()),
            _ => {
                let mut needs = Needs::default();
                needs.shared.insert(quantity.clone(), total);
                Err(Undecided::Needs(needs))
            }
        }
    }

    /// What this decision has drawn of a shared quantity so far.
    fn drawn(&self, quantity: &Name) -> i64 {
        self.decision.draws.iter().filter(|draw| draw.quantity == *quantity).map(|draw| draw.amount).sum()
    }

    /// Draws up to `wanted` of a shared quantity and says how much it came to.
    pub fn draw(&mut self, quantity: &Name, wanted: i64) -> Result<i64, Undecided> {
        self.reserve(quantity, wanted)?;
        let there = self.inputs.shared.get(quantity).map_or(0, |offered| offered.given);
        let given = wanted.min(there - self.drawn(quantity)).max(0);
        self.note_draw(quantity, given);
        Ok(given)
    }

    /// Gives back what was drawn before.
    pub fn put_back(&mut self, quantity: &Name, amount: i64) {
        self.note_draw(quantity, -amount);
    }

    fn note_draw(&mut self, quantity: &Name, amount: i64) {
        if amount == 0 {
            return;
        }
        match self.decision.draws.iter_mut().find(|draw| draw.quantity == *quantity) {
            Some(draw) => draw.amount += amount,
            None => self.decision.draws.push(Draw { quantity: quantity.clone(), amount }),
        }
    }

    /// The next free code of an imported pool; `None` when the pool is empty.
    pub fn pool_code(&mut self, pool: &Name) -> Result<Option<Name>, Undecided> {
        let Some(codes) = self.inputs.pool_codes.get(pool) else {
            let mut needs = Needs::default();
            needs.pool_codes.insert(pool.clone(), MOST_POOL_CODES);
            return Err(Undecided::Needs(needs));
        };
        let issued = &self.decision.effects;
        let free = codes.iter().find(|code| {
            !issued
                .iter()
                .any(|effect| matches!(&effect.because, Because::VoucherIssued { code: known, .. } if known == *code))
        });
        Ok(free.cloned())
    }

    /// A number that tells apart the vouchers made in one decision.
    pub fn next_voucher(&mut self) -> u32 {
        self.vouchers_made += 1;
        self.vouchers_made
    }

    /// What the calendar on the wall says.
    pub fn local(&self, moment: Instant) -> LocalTime {
        local_time(self.programme, moment)
    }

    /// The levels held now, one for each ladder of the version in force.
    pub fn levels(&self) -> Vec<Name> {
        levels(self.programme, &self.holder)
    }

    /// What rules may know of the holder now.
    pub fn member_facts<'f>(&'f self, levels: &'f [Name], moment: Instant) -> MemberFacts<'f> {
        member_facts(self.programme, &self.holder, levels, moment)
    }

    /// What rules look at in the holder's profile: all that is kept with what is judged.
    pub fn profile_looked_at(&self, programme: &Programme) -> Profile {
        let looks_at = &programme.looks_at;
        let profile = &self.holder.profile;
        let attributes = profile.attributes.iter().filter(|(name, _)| looks_at.attributes.contains(*name));
        let attributes = attributes.map(|(name, value)| (name.clone(), value.clone())).collect();
        let segments = if looks_at.segments { profile.segments.clone() } else { Default::default() };
        Profile { attributes, segments, birthday: None }
    }

    /// Refuses to spend while a debt blocks, what cannot be spent, and more than is available.
    /// A member of a household spends from the household's wallet.
    pub fn spendable(&self, unit: &Unit, needed: i64) -> Result<(), Refusal> {
        if self.holder.household().is_some() {
            return Err(Refusal::InHousehold);
        }
        for wallet in self.holder.wallets.iter().filter(|wallet| wallet.debt > 0) {
            if self.programme.unit(&wallet.unit).is_some_and(|unit| unit.debt == DebtPolicy::Block) {
                return Err(Refusal::DebtOpen { unit: wallet.unit.clone(), debt: wallet.debt });
            }
        }
        if !unit.spendable {
            return Err(Refusal::NotSpendable { unit: unit.id.clone() });
        }
        let available = self.holder.wallets.get(&unit.id).map_or(0, |wallet| wallet.available());
        if available < needed {
            return Err(Refusal::InsufficientPoints { unit: unit.id.clone(), needed, available });
        }
        Ok(())
    }

    /// When points of `unit` that were earned at `earned_at` expire.
    pub fn expires_at(&self, unit: &Unit, earned_at: Instant) -> Option<Instant> {
        unit.expires_at(&self.programme.calendar, earned_at)
    }

    /// What is left of a limit in the window that `date` lies in.
    pub fn room(&self, usage: &str, window: Window, most: i64, date: Date) -> i64 {
        let start = self.programme.calendar.window_start(date, window);
        let usage = self.holder.usage.get(usage).filter(|usage| usage.window == window);
        most - usage.and_then(|usage| usage.used.get(&start)).copied().unwrap_or(0)
    }

    pub fn cap_room(&self, cap: &Cap, date: Date) -> i64 {
        self.room(&cap.usage, cap.window, cap.most, date)
    }

    /// Counts `amount`, which may be negative, against a limit.
    pub fn use_up(&mut self, usage: &Name, window: Window, amount: i64, date: Date) {
        if amount == 0 {
            return;
        }
        // An account that was merged passes on what no longer counts: it is below zero until then.
        let least = if self.holder.merged_into().is_some() { i64::MIN } else { 0 };
        let calendar = &self.programme.calendar;
        let start = calendar.window_start(date, window);
        let entry =
            self.holder.usage.entry(usage.clone()).or_insert_with(|| Usage { window, used: Default::default() });
        if entry.window != window {
            *entry = Usage { window, used: Default::default() };
        }
        let is_new = !entry.used.contains_key(&start);
        let used = entry.used.entry(start).or_insert(0);
        *used = used.saturating_add(amount).max(least);
        if is_new {
            // Whenever a window opens, those that nothing counts for any more are forgotten.
            let kept = jiff::ToSpan::days(USAGE_KEPT_DAYS);
            let oldest = calendar.window_start(calendar.date(self.now).saturating_sub(kept), window);
            entry.used.retain(|start, _| *start >= oldest);
        }
        entry.used.retain(|_, used| *used != 0);
        if entry.used.is_empty() {
            self.holder.usage.remove(usage);
        }
    }
}

pub fn local_time(programme: &Programme, moment: Instant) -> LocalTime {
    let local = programme.calendar.local(moment);
    LocalTime {
        weekday: local.weekday().to_monday_one_offset(),
        hour: local.hour(),
        month: local.month(),
        day: local.day(),
        moment,
    }
}

/// The levels a holder has, one for each ladder of `programme`.
/// What rules may know of a holder now.
pub fn member_facts<'f>(
    programme: &Programme,
    holder: &'f Holder,
    levels: &'f [Name],
    moment: Instant,
) -> MemberFacts<'f> {
    MemberFacts {
        profile: &holder.profile,
        joined_at: holder.joined_at,
        days_since_joining: programme.calendar.days_between(holder.joined_at, moment),
        levels,
        orders: holder.orders,
    }
}

pub fn levels(programme: &Programme, holder: &Holder) -> Vec<Name> {
    let level = |ladder: &crate::programme::Ladder| {
        let held = holder.tiers.get(&ladder.id).filter(|state| ladder.rank(&state.level).is_some());
        held.map_or_else(|| ladder.levels[0].id.clone(), |state| state.level.clone())
    };
    programme.ladders.iter().map(level).collect()
}
