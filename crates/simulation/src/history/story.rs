use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use lojal_core::activity::{Activity, Line, LineKind, Order, OrderState, Value};
use lojal_core::command::{Acting, Birthday, Command, Profile, ReturnedLine, TransferKind};
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Money, Name, Part, TransactionId};
use lojal_core::programme::Programme;
use lojal_core::referrals::{Credit, Introduction, Judge, Stage, Verdict};

use super::action::{Action, Mix};
use super::{Step, Words};
use crate::chance::Chance;
use crate::shell::Shell;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Which history to tell.
#[derive(Clone, Debug)]
pub struct HistoryPlan {
    pub seed: u64,
    pub members: usize,
    pub households: usize,
    pub starts_at: Instant,
    pub mix: Mix,
}

/// An order of the story, as it was last stated.
#[derive(Clone, Debug)]
struct KnownOrder {
    holder: HolderId,
    order: Order,
    /// Pieces not yet sent back, by line.
    left: BTreeMap<Name, i64>,
    returns: u32,
}

#[derive(Clone, Debug)]
struct Actor {
    member: MemberId,
    number: usize,
    orders: Vec<KnownOrder>,
    redemptions: Vec<(HolderId, TransactionId)>,
    said: Vec<(HolderId, Command)>,
    named: u32,
    left: bool,
}

/// Tells a history step by step. It looks at the state that the steps so far have led to, so that
/// most of what it asks for can be had.
#[derive(Clone, Debug)]
pub struct History {
    plan: HistoryPlan,
    words: Words,
    chance: Chance,
    at: Instant,
    told: u16,
    actors: Vec<Actor>,
    households: Vec<HolderId>,
    openings: Vec<(HolderId, Command)>,
}

impl History {
    pub fn new(plan: HistoryPlan, programme: &Programme) -> History {
        let mut chance = Chance::seeded(plan.seed).chapter(1, 0);
        let words = Words::of(programme);
        let id = |kind: &str, number: usize| {
            let part = Part::of(&programme.id, &format!("{kind}-{number}"));
            Id::new(plan.starts_at.as_millisecond(), number as u16 + if kind == "household" { 1000 } else { 0 }, part)
        };
        let actors: Vec<Actor> =
            (0..plan.members).map(|number| Actor::new(number, MemberId(id("member", number)))).collect();
        let households: Vec<HolderId> = (0..plan.households).map(|number| HolderId(id("household", number))).collect();
        let mut openings: Vec<(HolderId, Command)> = Vec::new();
        for household in &households {
            openings.push((*household, Command::OpenHousehold { holder: *household, opened_at: plan.starts_at }));
        }
        for actor in &actors {
            let profile = profile(&words, &mut chance);
            openings.push((
                actor.member.into(),
                Command::Enrol { holder: actor.member.into(), joined_at: plan.starts_at, profile },
            ));
        }
        openings.reverse();
        History { at: plan.starts_at, words, chance, told: 0, actors, households, openings, plan }
    }

    /// The next step, given what the earlier ones led to.
    pub fn next(&mut self, shell: &Shell) -> Step {
        if let Some((holder, command)) = self.openings.pop() {
            return self.step(holder, command);
        }
        self.pass_time();
        let weights: Vec<u64> = self.plan.mix.iter().map(|(_, weight)| *weight).collect();
        let index = self.chance.below(self.actors.len() as u64) as usize;
        // What cannot be done now, for want of an order or a hold, gives way to a new order.
        let asked = (0..4).find_map(|_| {
            let (action, _) = self.plan.mix[self.chance.weighted(&weights)];
            self.ask(index, action, shell)
        });
        let (holder, command) = match asked {
            Some(asked) => asked,
            None => self.order(index, 0),
        };
        let step = self.step(holder, command);
        let actor = &mut self.actors[index];
        if let Command::Redeem { .. } = &step.command {
            actor.redemptions.push((holder, step.transaction));
        }
        actor.said.push((holder, step.command.clone()));
        step
    }

    fn step(&mut self, holder: HolderId, command: Command) -> Step {
        self.told = (self.told + 1) % (1 << 15);
        let transaction = TransactionId(Id::new(self.at.as_millisecond(), self.told, holder.part()));
        let entropy = u128::from(self.chance.bits()) << 64 | u128::from(self.chance.bits());
        Step { at: self.at, holder, transaction, entropy, command }
    }

    fn pass_time(&mut self) {
        let chance = &mut self.chance;
        let seconds = match chance.weighted(&[10, 45, 30, 11, 3, 1]) {
            0 => 0,
            1 => chance.between(1, 20 * MINUTE),
            2 => chance.between(HOUR, 3 * DAY),
            3 => chance.between(DAY, 20 * DAY),
            4 => chance.between(20 * DAY, 90 * DAY),
            _ => chance.between(90 * DAY, 500 * DAY),
        };
        self.at = self.at.saturating_add(seconds.seconds()).unwrap_or(Instant::MAX);
    }

    fn ask(&mut self, index: usize, action: Action, shell: &Shell) -> Option<(HolderId, Command)> {
        let index = if action.goes_on() { index } else { self.survivor(index, shell) };
        let own = HolderId::from(self.actors[index].member);
        let holder = spending(&self.actors[index], shell);
        let state = shell.holder(holder)?;
        match action {
            Action::Order => Some(self.order(index, 0)),
            Action::LateOrder => {
                let days = self.chance.between(1, 60);
                Some(self.order(index, days))
            }
            Action::OrderGoesOn => self.order_goes_on(index),
            Action::OrderCorrected => self.order_corrected(index),
            Action::Return => self.bring_back(index),
            Action::LooseReturn => {
                let goods = self.new_order(index, 0, "loose");
                Some((own, Command::ReturnWithoutOrder { goods }))
            }
            Action::Activity => Some((own, self.activity(index))),
            Action::CallOff => self.call_off(index),
            Action::Hold => self.hold(state).map(|command| (holder, command)),
            Action::EndHold => self.end_hold(state).map(|command| (holder, command)),
            Action::Redeem => {
                if self.words.rewards.is_empty() {
                    return None;
                }
                let reward = self.chance.one_of(&self.words.rewards).clone();
                let acting =
                    if holder == own { None } else { Some(asks(self.actors[index].member, shell.holder(own)?)) };
                Some((holder, Command::Redeem { reward, reference: None, acting }))
            }
            Action::RollBack => self.roll_back(index),
            Action::UseVoucher => {
                let state = if self.chance.happens(500) { state } else { shell.holder(own)? };
                self.use_voucher(state).map(|command| (state.id, command))
            }
            Action::Adjust => Some((holder, self.adjust(state))),
            Action::Send => self.send(index, state, shell).map(|command| (holder, command)),
            Action::Household => self.household(index, shell),
            Action::Merge => {
                let account = self.chance.one_of(&self.actors).member;
                (account != self.actors[index].member).then_some((own, Command::Merge { account }))
            }
            Action::Profile => {
                let profile = profile(&self.words, &mut self.chance);
                Some((self.actors[index].member.into(), Command::UpdateProfile { profile }))
            }
            Action::Recommend => self.recommend(index),
            Action::JudgeReferral => judgement(&mut self.chance, shell.holder(own)?).map(|command| (own, command)),
            Action::SameAgain => {
                let said = &self.actors[index].said;
                let keyed: Vec<_> = said.iter().filter(|(_, command)| command.key().is_some()).collect();
                if keyed.is_empty() { None } else { Some((*self.chance.one_of(&keyed)).clone()) }
            }
            Action::Tick => Some((if self.chance.happens(500) { holder } else { own }, Command::Tick)),
            Action::Leave => {
                let actor = &mut self.actors[index];
                (!std::mem::replace(&mut actor.left, true)).then_some((actor.member.into(), Command::Leave))
            }
        }
    }

    /// Whose account the actor's is by now; seldom nobody has heard of it.
    fn survivor(&mut self, index: usize, shell: &Shell) -> usize {
        let mut index = index;
        while let Some(survivor) = shell.holder(self.actors[index].member.into()).and_then(Holder::merged_into)
            && let Some(found) = self.actors.iter().position(|actor| actor.member == survivor)
            && self.chance.happens(900)
        {
            index = found;
        }
        index
    }

    /// Seldom the friend is among those who recommend, or came before.
    fn recommend(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let editions = &self.words.editions;
        if editions.is_empty() {
            return None;
        }
        let chance = &mut self.chance;
        let mut advocates = BTreeSet::new();
        for _ in 0..chance.between(1, 3) {
            let advocate = chance.below(self.actors.len() as u64) as usize;
            if advocate != index || chance.happens(100) {
                advocates.insert(self.actors[advocate].member);
            }
        }
        let count = advocates.len() as i64;
        let shares = (0..count).map(|place| 100 / count + i64::from(place < 100 % count));
        let credits: Vec<Credit> =
            advocates.into_iter().zip(shares).map(|(advocate, share)| Credit { advocate, share }).collect();
        let referral = chance.happens(300).then(|| chance.one_of(editions).clone());
        let touched_at = earlier(self.at, chance.between(0, 12 * DAY), self.plan.starts_at);
        let came_at = earlier(self.at, chance.between(0, HOUR), touched_at);
        let introduction = Introduction { referral, credits, touched_at, came_at, channel: None };
        let friend = self.actors[index].member;
        (count > 0).then(|| (friend.into(), Command::Refer { introduction: Box::new(introduction) }))
    }

    fn call_off(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let posted = self.actors[index].said.iter().filter_map(|(holder, command)| match command {
            Command::PostActivity { member, activity } => Some((*holder, *member, activity)),
            _ => None,
        });
        let posted: Vec<_> = posted.collect();
        if posted.is_empty() {
            return None;
        }
        let (holder, member, activity) = *self.chance.one_of(&posted);
        let external_id = match self.chance.below(20) {
            0 => Name::const_new("never"),
            _ => activity.external_id.clone(),
        };
        let reason = Some(Name::const_new("it was another's"));
        Some((holder, Command::CallOffActivity { member, activity: activity.name.clone(), external_id, reason }))
    }

    fn order(&mut self, index: usize, days_late: i64) -> (HolderId, Command) {
        let holder = HolderId::from(self.actors[index].member);
        let order = self.new_order(index, days_late, "order");
        let left = order.lines.iter().map(|line| (line.id.clone(), line.quantity)).collect();
        self.actors[index].orders.push(KnownOrder { holder, order: order.clone(), left, returns: 0 });
        (holder, Command::PutOrder { order })
    }

    fn new_order(&mut self, index: usize, days_late: i64, kind: &str) -> Order {
        let external_id = self.actors[index].name(kind);
        let chance = &mut self.chance;
        let placed_at = earlier(self.at, days_late * DAY + chance.between(0, 2 * HOUR), self.plan.starts_at);
        let paid_at = earlier(self.at, chance.between(0, HOUR), placed_at);
        let closed = chance.happens(400);
        let lines: Vec<Line> = (0..chance.between(1, 4)).map(|number| line(number, &self.words, chance)).collect();
        let total: Money = lines.iter().map(|line| line.total).sum();
        let mut tags = Vec::new();
        if chance.happens(200) {
            tags.push(chance.one_of(&self.words.order_tags).clone());
        }
        Order {
            external_id,
            brand: chance.one_of(&self.words.brands).clone(),
            state: if closed { OrderState::Closed } else { OrderState::Paid },
            placed_at,
            paid_at: Some(paid_at),
            closed_at: closed.then_some(self.at),
            channel: Some(chance.one_of(&self.words.channels).clone()),
            country: Some(chance.one_of(&self.words.countries).clone()),
            tags,
            paid_with_points: if chance.happens(150) { Money(chance.between(0, total.0)) } else { Money::ZERO },
            lines,
        }
    }

    fn order_goes_on(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let at = self.at;
        let chance = &mut self.chance;
        let known = pick(&mut self.actors[index].orders, chance)?;
        match (known.order.state, chance.below(10)) {
            (OrderState::Paid, 0..=7) => {
                known.order.state = OrderState::Closed;
                known.order.closed_at = Some(at);
            }
            (OrderState::Paid | OrderState::Closed, 8 | 9) => known.order.state = OrderState::Cancelled,
            _ => return None,
        }
        Some((known.holder, Command::PutOrder { order: known.order.clone() }))
    }

    fn order_corrected(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let chance = &mut self.chance;
        let known = pick(&mut self.actors[index].orders, chance)?;
        if known.order.state == OrderState::Cancelled {
            return None;
        }
        let line = &mut known.order.lines[0];
        line.total = Money(chance.between(0, 2 * line.total.0 + 100));
        line.tax = Money(line.total.0 * 23 / 123);
        Some((known.holder, Command::PutOrder { order: known.order.clone() }))
    }

    fn bring_back(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let chance = &mut self.chance;
        let known = pick(&mut self.actors[index].orders, chance)?;
        if known.order.state == OrderState::Cancelled {
            return None;
        }
        let everything = chance.happens(250);
        let mut lines = Vec::new();
        for (line, left) in &mut known.left {
            if *left > 0 && (everything || chance.happens(500)) {
                let quantity = if everything { *left } else { chance.between(1, *left) };
                *left -= quantity;
                lines.push(ReturnedLine { line: line.clone(), quantity });
            }
        }
        if lines.is_empty() {
            return None;
        }
        known.returns += 1;
        let order = known.order.external_id.clone();
        let return_id = Name::from(format!("{order}-back-{}", known.returns));
        Some((known.holder, Command::ReturnLines { order, return_id, returned_at: self.at, lines }))
    }

    fn activity(&mut self, index: usize) -> Command {
        let external_id = self.actors[index].name("activity");
        let chance = &mut self.chance;
        let mut attributes = BTreeMap::new();
        for attribute in &self.words.attributes {
            attributes.insert(attribute.clone(), Value::Number(chance.between(0, 20)));
        }
        for measure in &self.words.measures {
            // Stars of a review; kilometres, hours or grosze otherwise.
            let most = if *measure == "stars" { 5 } else { 2_000 };
            attributes.insert(measure.clone(), Value::Number(chance.between(1, most)));
        }
        for mark in &self.words.marks {
            attributes.insert(mark.clone(), Value::Flag(chance.happens(500)));
        }
        let late = if chance.happens(150) { chance.between(0, 40 * DAY) } else { 0 };
        Command::PostActivity {
            member: self.actors[index].member,
            activity: Activity {
                name: chance.one_of(&self.words.activities).clone(),
                external_id,
                occurred_at: earlier(self.at, late, self.plan.starts_at),
                brand: chance.one_of(&self.words.brands).clone(),
                attributes,
                share: Activity::WHOLE,
            },
        }
    }

    fn hold(&mut self, state: &Holder) -> Option<Command> {
        let unit = self.chance.one_of(&self.words.units).clone();
        let amount = self.amount(state, &unit)?;
        let seconds = self.chance.between(MINUTE, 7 * DAY);
        let valid_until = self.at.saturating_add(seconds.seconds()).ok()?;
        Some(Command::Hold { unit, amount, valid_until, reference: None })
    }

    fn end_hold(&mut self, state: &Holder) -> Option<Command> {
        let holds: Vec<_> = state.wallets.iter().flat_map(|wallet| &wallet.holds).collect();
        if holds.is_empty() {
            return None;
        }
        let hold = *self.chance.one_of(&holds);
        if self.chance.happens(400) {
            return Some(Command::ReleaseHold { hold: hold.id });
        }
        let amount = self.chance.happens(400).then(|| self.chance.between(1, hold.amount()));
        Some(Command::CaptureHold { hold: hold.id, amount })
    }

    fn roll_back(&mut self, index: usize) -> Option<(HolderId, Command)> {
        let redemptions = &self.actors[index].redemptions;
        if redemptions.is_empty() {
            return None;
        }
        let (holder, redemption) = *self.chance.one_of(redemptions);
        Some((holder, Command::RollBackRedemption { redemption, reason: None }))
    }

    fn use_voucher(&mut self, state: &Holder) -> Option<Command> {
        if state.vouchers.is_empty() {
            return None;
        }
        let code = self.chance.one_of(&state.vouchers).code.clone();
        Some(Command::UseVoucher { code, order: None })
    }

    fn adjust(&mut self, state: &Holder) -> Command {
        let unit = self.chance.one_of(&self.words.units).clone();
        let size = match self.amount(state, &unit) {
            Some(amount) if self.chance.happens(400) => -amount,
            _ => self.chance.between(1, 400),
        };
        let brand = self.chance.one_of(&self.words.brands).clone();
        Command::Adjust { unit, brand, amount: size, reason: Name::const_new("goodwill") }
    }

    fn send(&mut self, index: usize, state: &Holder, shell: &Shell) -> Option<Command> {
        let unit = self.chance.one_of(&self.words.units).clone();
        let amount = self.amount(state, &unit)?;
        let other = self.chance.below(self.actors.len() as u64) as usize;
        let to = spending(&self.actors[other], shell);
        if other == index || to == state.id {
            return None;
        }
        let kind = if self.chance.happens(500) { TransferKind::Gift } else { TransferKind::Transfer };
        Some(Command::Transfer { kind, unit, amount, to })
    }

    fn household(&mut self, index: usize, shell: &Shell) -> Option<(HolderId, Command)> {
        let member = self.actors[index].member;
        let holder = HolderId::from(member);
        if shell.holder(holder)?.household().is_some() {
            return Some((holder, Command::LeaveHousehold { household: None }));
        }
        if self.households.is_empty() {
            return None;
        }
        let household = *self.chance.one_of(&self.households);
        Some((holder, Command::JoinHousehold { household }))
    }

    /// Often what is there, seldom a little more.
    fn amount(&mut self, state: &Holder, unit: &Name) -> Option<i64> {
        let available = state.wallets.get(unit)?.available();
        if available == 0 {
            return None;
        }
        Some(match self.chance.below(10) {
            0 => available,
            1 => available + self.chance.between(1, 50),
            _ => self.chance.between(1, available),
        })
    }
}

impl Actor {
    fn new(number: usize, member: MemberId) -> Actor {
        Actor { member, number, orders: Vec::new(), redemptions: Vec::new(), said: Vec::new(), named: 0, left: false }
    }

    /// A name that nobody has used.
    fn name(&mut self, kind: &str) -> Name {
        self.named += 1;
        Name::from(format!("{kind}-{}-{}", self.number, self.named))
    }
}

/// Whose wallet the member spends from: their own, or the household's.
fn spending(actor: &Actor, shell: &Shell) -> HolderId {
    let own = HolderId::from(actor.member);
    let household = shell.holder(own).and_then(Holder::household);
    // A household that has not yet admitted the member would not know them.
    household
        .filter(|household| {
            shell.holder(*household).is_some_and(
                |state| matches!(&state.kind, HolderKind::Household { members } if members.contains(&actor.member)),
            )
        })
        .unwrap_or(own)
}

/// What the household is told of the member who asks.
fn asks(member: MemberId, state: &Holder) -> Acting {
    Acting {
        member,
        joined_at: state.joined_at,
        profile: state.profile.clone(),
        levels: state.tiers.values().map(|tier| tier.level.clone()).collect(),
        orders: state.orders,
    }
}

/// What is thought of the recommendation by which somebody came, if anybody may still think of it.
fn judgement(chance: &mut Chance, friend: &Holder) -> Option<Command> {
    let state = friend.referral.as_deref()?;
    let verdict = match chance.weighted(&[6, 2, 2]) {
        0 => Verdict::Allow,
        1 => Verdict::Hold,
        _ => Verdict::Reject,
    };
    let by = if chance.happens(500) { Judge::Detector } else { Judge::Person };
    // The detector does not say that it has nothing against somebody before it is asked.
    let is_asked = state.is_doubted || matches!(state.stage, Stage::Ripe { .. } | Stage::Held { .. });
    let is_said = by == Judge::Person || verdict != Verdict::Allow || is_asked;
    is_said.then_some(Command::JudgeReferral { verdict, by, seen: None })
}

fn pick<'a>(orders: &'a mut [KnownOrder], chance: &mut Chance) -> Option<&'a mut KnownOrder> {
    if orders.is_empty() {
        return None;
    }
    // The latest ones are the most likely to go on.
    let count = orders.len() as u64;
    let index = chance.below(count).max(chance.below(count)) as usize;
    orders.get_mut(index)
}

fn earlier(at: Instant, seconds: i64, not_before: Instant) -> Instant {
    at.saturating_sub(seconds.seconds()).unwrap_or(Instant::MIN).max(not_before)
}

fn line(number: i64, words: &Words, chance: &mut Chance) -> Line {
    let quantity = chance.between(1, 5);
    let total = Money(match chance.below(10) {
        0 => 0,
        1 | 2 => chance.between(1, 999),
        9 => chance.between(20_000, 150_000),
        _ => chance.between(1_000, 30_000),
    });
    let kind = match chance.below(12) {
        0 => LineKind::Shipping,
        1 => LineKind::GiftCard,
        2 => LineKind::Fee,
        _ => LineKind::Product,
    };
    let mut tags = Vec::new();
    if chance.happens(300) {
        tags.push(chance.one_of(&words.line_tags).clone());
    }
    Line {
        id: Name::from(format!("{}", number + 1)),
        sku: chance.happens(900).then(|| chance.one_of(&words.skus).clone()),
        quantity,
        total,
        tax: Money(total.0 * 23 / 123),
        kind,
        category: chance.happens(900).then(|| chance.one_of(&words.categories).clone()),
        make: chance.happens(700).then(|| chance.one_of(&words.makes).clone()),
        tags,
        discounted: chance.happens(250),
        returned: 0,
    }
}

fn profile(words: &Words, chance: &mut Chance) -> Profile {
    let mut segments = BTreeSet::new();
    if chance.happens(500) {
        segments.insert(chance.one_of(&words.segments).clone());
    }
    let mut attributes = BTreeMap::new();
    for attribute in &words.attributes {
        attributes.insert(attribute.clone(), Value::Number(chance.between(0, 20)));
    }
    let birthday =
        chance.happens(700).then(|| Birthday { month: chance.between(1, 12) as i8, day: chance.between(1, 28) as i8 });
    Profile { attributes, segments, birthday }
}
