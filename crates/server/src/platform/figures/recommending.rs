//! Members who came by a recommendation, and what both sides were given for it. How a recommendation stands is what the
//! friend's card adds to the days, so that whatever is judged otherwise later corrects the day on which it happened; what
//! was given is counted on the day on which it was given, and taken back on the day on which it was taken back.

use std::collections::BTreeMap;

use lojal_core::activity::builtin;
use lojal_core::command::Command;
use lojal_core::decision::{Because, Effect, FollowUpCommand, OrderRecord, Record};
use lojal_core::kernel::{Calendar, Instant, MemberId, Name, TransactionId, microseconds};
use lojal_core::ledger::Account;
use lojal_core::programme::{Programme, Trigger};
use lojal_core::referrals::{Advocacy, CLOCKS_DIFFER, Credit, Introduction, Rejection, Step};
use serde::{Deserialize, Serialize};

use super::card::{Facts, Sale};
use super::daily::{Count, Daily, Days};
use super::histogram::bucket;
use super::{Month, Total};
use crate::platform::journal::Body;

/// What is counted of advocates in all, beside each period.
pub const ALL_TIME: &str = "all";
const ADVOCATE: &str = "advocate";
const FRIEND: &str = "friend";

/// How a member came by a recommendation, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Came {
    /// The transaction with which it began.
    pub began: TransactionId,
    /// The edition.
    pub referral: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Name>,
    #[serde(with = "microseconds")]
    pub touched_at: Instant,
    #[serde(with = "microseconds")]
    pub came_at: Instant,
    pub credits: Vec<Credit>,
    pub step: Step,
    /// Since when it stands like this.
    #[serde(with = "microseconds")]
    pub stood_at: Instant,
    /// When the first order since then was placed that was paid, whatever came of it later.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub first_order_at: Option<Instant>,
    /// Whether the friend had bought before.
    #[serde(default, skip_serializing_if = "is_default")]
    pub had_bought: bool,
    /// Since then, less those of which nothing is kept.
    #[serde(default, skip_serializing_if = "is_default")]
    pub orders: i64,
    /// What is kept of them, in minor units.
    #[serde(default, skip_serializing_if = "is_default")]
    pub amount: i64,
    /// What the friend was given, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<Name, Given>,
    /// Vouchers that the friend was given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gifts: i64,
}

/// What a rule gave for a recommendation, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    pub unit: Name,
    pub points: i64,
}

/// A voucher that was given for a recommendation, as long as it can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    pub code: Name,
    pub reward: Name,
    /// Under which it was counted, the side last.
    pub subject: String,
}

/// An order as it stood before a row of the journal, and as it stands after it.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    pub placed_at: Instant,
    pub before: Sale,
    pub after: Sale,
}

impl Purchase {
    pub fn new(record: &OrderRecord, before: Sale) -> Purchase {
        Purchase { placed_at: record.order.placed_at, before, after: Sale::of(record) }
    }
}

/// Recommendations that are counted together: the edition, what was compared, and how it was passed on.
pub fn subject(referral: &str, variant: Option<&str>, channel: Option<&str>) -> String {
    format!("{referral}/{}/{}", variant.unwrap_or_default(), channel.unwrap_or_default())
}

impl Came {
    /// What was given for an earlier recommendation that came to nothing stays with the friend, and nobody is welcomed
    /// twice.
    fn begin(
        (id, body): (TransactionId, &Body),
        introduction: &Introduction,
        (referral, step): (&Name, &Step),
        before: Option<Came>,
    ) -> Came {
        let (given, gifts) = before.map(|before| (before.given, before.gifts)).unwrap_or_default();
        let heard = body.decision.follow_ups.iter().find_map(|follow_up| match &follow_up.command {
            FollowUpCommand::HearOfFriend { recommendation } if recommendation.referral == *referral => {
                Some(recommendation)
            }
            _ => None,
        });
        Came {
            began: id,
            referral: referral.clone(),
            variant: heard.and_then(|recommendation| recommendation.variant.clone()),
            channel: introduction.channel.clone(),
            touched_at: introduction.touched_at,
            came_at: introduction.came_at.min(body.inputs.now),
            credits: introduction.credits.clone(),
            step: step.clone(),
            stood_at: body.inputs.now,
            first_order_at: None,
            had_bought: false,
            orders: 0,
            amount: 0,
            given,
            gifts,
        }
    }

    pub fn subject(&self) -> String {
        subject(&self.referral, self.variant.as_deref(), self.channel.as_deref())
    }

    /// Whether the friend is recognised as having come by the recommendation. That the budget was spent when they
    /// qualified is nobody's fault.
    pub fn is_recognised(&self) -> bool {
        match &self.step {
            Step::Rejected { rejection } => *rejection == Rejection::BudgetSpent,
            _ => true,
        }
    }

    fn was_given(&self) -> bool {
        self.gifts > 0 || self.given.values().any(|given| given.points > 0)
    }

    /// From when on orders are the friend's as one who was recommended.
    fn since(&self) -> Instant {
        self.touched_at.saturating_sub(CLOCKS_DIFFER).unwrap_or(Instant::MIN)
    }

    /// What decides where orders are counted.
    fn way(&self) -> (TransactionId, bool, &[Credit]) {
        (self.began, self.is_recognised(), &self.credits)
    }

    fn buy(&mut self, purchase: &Purchase) {
        let has_bought = purchase.after.orders > 0;
        if purchase.placed_at < self.since() {
            self.had_bought |= has_bought;
            return;
        }
        self.orders += purchase.after.orders - purchase.before.orders;
        self.amount += purchase.after.amount - purchase.before.amount;
        if has_bought {
            let earliest = self.first_order_at.map_or(purchase.placed_at, |first| first.min(purchase.placed_at));
            self.first_order_at = Some(earliest);
        }
    }

    /// What it adds to the days.
    fn days(&self, calendar: &Calendar) -> Vec<(Daily, Count)> {
        let mut days = Vec::new();
        let mut add = |name, at: Instant, subject: String, amount| {
            days.push((Daily { name, date: calendar.date(at), subject }, Count { times: 1, amount }));
        };
        let subject = self.subject();
        if let Step::Rejected { rejection } = &self.step {
            add("referral_rejected", self.stood_at, format!("{subject}/{}", written(rejection)), 0);
        }
        if !self.is_recognised() {
            return days;
        }
        add("referral_joined", self.came_at, subject.clone(), 0);
        let waited = |name, from: Instant, to: Instant| {
            let minutes = to.duration_since(from).as_mins().max(0);
            (name, to, format!("{}/{}", self.referral, bucket(minutes)), minutes)
        };
        // A code that was typed was met in the moment of coming.
        if self.touched_at < self.came_at {
            let (name, at, subject, minutes) = waited("referral_click_wait", self.touched_at, self.came_at);
            add(name, at, subject, minutes);
        }
        if let Some(first) = self.first_order_at {
            add("referral_bought", first, subject.clone(), 0);
            if !self.had_bought {
                add("referral_new", first, subject.clone(), 0);
            }
            let (name, _, wait, minutes) = waited("referral_purchase_wait", self.came_at, first);
            add(name, first, wait, minutes);
        }
        match &self.step {
            Step::Qualified { at, .. } => add("referral_qualified", *at, subject, 0),
            Step::Reversed => add("referral_reversed", self.stood_at, subject, 0),
            Step::Expired { lapse } => {
                add("referral_expired", self.stood_at, format!("{subject}/{}", written(lapse)), 0);
            }
            Step::Joined | Step::Ordered { .. } | Step::Checking | Step::Held | Step::Rejected { .. } => {}
        }
        days
    }

    /// What it adds to the totals.
    pub(super) fn totals(&self) -> Vec<Total> {
        let mut totals = vec![Total::referrals(&self.referral, self.step.name())];
        let bought = if self.is_recognised() { self.orders } else { 0 };
        totals.extend((1..=2).filter(|least| bought >= *least).map(Total::friends_buying));
        totals
    }

    /// By what it is listed.
    pub(super) fn listed(&self) -> (&Name, &'static str, Instant) {
        (&self.referral, self.step.name(), self.came_at)
    }
}

/// As it is written down, in one word.
fn written(reason: &impl Serialize) -> String {
    let written = serde_json::to_value(reason).unwrap_or_default();
    written.as_str().unwrap_or_default().to_owned()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What friends of an advocate's add to a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Brought {
    pub joined: i64,
    pub qualified: i64,
    pub amount: i64,
}

/// What has been counted of recommendations and is not written yet, beside the days.
#[derive(Debug, Default)]
pub(super) struct Recommended {
    pub advocates: BTreeMap<(MemberId, String), Brought>,
    /// Friends whose row in the list of recommendations is another one now.
    pub friends: Vec<(MemberId, Came)>,
}

/// What a row of the journal tells of the holder's own recommendation, and of what was given for one.
pub(super) fn hear(
    facts: &mut Facts,
    (id, body, earlier): (TransactionId, &Body, Option<&Body>),
    programme: &Programme,
    days: &mut Days,
) {
    let heard = advocacy(body);
    let was = was_given(facts, earlier.and_then(advocacy));
    let mut given = Booking { body, programme, days };
    if let Some(advocacy) = heard {
        given.advocate(earlier.and_then(self::advocacy), advocacy);
    }
    for effect in &body.decision.effects {
        match &effect.because {
            Because::Referred { referral, step, .. } => stand(facts, (id, body), referral, step, effect.at),
            Because::AdvocateLost { advocate, .. } => {
                if let Some(came) = &mut facts.came {
                    came.credits.retain(|credit| credit.advocate != *advocate);
                }
            }
            _ => given.effect(facts, effect, heard),
        }
    }
    let is = was_given(facts, heard);
    for (side, before, after) in [(FRIEND, was.0, is.0), (ADVOCATE, was.1, is.1)] {
        let subject = if side == FRIEND { facts.came.as_ref().map(Came::subject) } else { heard.map(of_advocacy) };
        if let Some(subject) = subject.filter(|_| before != after) {
            let times = i64::from(after) - i64::from(before);
            given.add("referral_rewarded", format!("{subject}/{side}"), Count { times, amount: 0 });
        }
    }
}

/// Whether the friend's side holds anything, and whether the advocate's does.
fn was_given(facts: &Facts, advocacy: Option<&Advocacy>) -> (bool, bool) {
    let advocate = advocacy.is_some_and(|advocacy| {
        let judged = [&advocacy.joined, &advocacy.qualified].into_iter().flatten();
        let mut records = judged.map(|judged| &judged.record);
        records.any(|record| !record.rewarded.is_empty() || record.awards.iter().any(|award| award.points > 0))
    });
    (facts.came.as_ref().is_some_and(Came::was_given), advocate)
}

fn advocacy(body: &Body) -> Option<&Advocacy> {
    match body.record()? {
        Record::Advocacy(advocacy) => Some(advocacy),
        _ => None,
    }
}

fn of_advocacy(advocacy: &Advocacy) -> String {
    let recommendation = &advocacy.recommendation;
    subject(&recommendation.referral, recommendation.variant.as_deref(), recommendation.channel.as_deref())
}

/// The friend's recommendation begins, or goes on.
fn stand(facts: &mut Facts, (id, body): (TransactionId, &Body), referral: &Name, step: &Step, at: Instant) {
    let begins = matches!(step, Step::Joined | Step::Rejected { .. });
    match (&body.command, &mut facts.came) {
        // What was over before is told in the same row, with another step.
        (Command::Refer { introduction }, _) if begins => {
            let before = facts.came.take();
            facts.came = Some(Came::begin((id, body), introduction, (referral, step), before));
        }
        (_, Some(came)) => {
            came.step = step.clone();
            came.stood_at = at;
        }
        (_, None) => {}
    }
}

/// What one row gives and takes back.
struct Booking<'a> {
    body: &'a Body,
    programme: &'a Programme,
    days: &'a mut Days,
}

impl Booking<'_> {
    fn add(&mut self, name: &'static str, subject: String, count: Count) {
        self.days.add(name, self.programme.calendar.date(self.body.inputs.now), subject, count);
    }

    /// What the advocate has for a friend now, less what they had before.
    fn advocate(&mut self, before: Option<&Advocacy>, after: &Advocacy) {
        let mut points: BTreeMap<&Name, i64> = BTreeMap::new();
        for (advocacy, sign) in [(before, -1), (Some(after), 1)] {
            let judged = advocacy.into_iter().flat_map(|advocacy| [&advocacy.joined, &advocacy.qualified]).flatten();
            for award in judged.flat_map(|judged| &judged.record.awards) {
                *points.entry(&award.unit).or_default() += sign * award.points;
            }
        }
        for (unit, amount) in points.into_iter().filter(|(_, amount)| *amount != 0) {
            let subject = format!("{}/{ADVOCATE}/{unit}", of_advocacy(after));
            self.add("referral_points", subject, Count { times: amount.signum(), amount });
        }
    }

    fn effect(&mut self, facts: &mut Facts, effect: &Effect, heard: Option<&Advocacy>) {
        match &effect.because {
            Because::ActivityEarned { activity, reckoning, .. } => {
                self.gain(facts, activity, (&reckoning.rule, reckoning.points), effect);
            }
            Because::ActivitySettled { activity, was, reckoning, forgiven, .. } => {
                self.forgive(activity, &reckoning.rule, *forgiven, heard);
                self.gain(facts, activity, (&reckoning.rule, reckoning.points - was + forgiven), effect);
            }
            Because::ActivityCalledOff { activity, rule: Some(rule), points, forgiven, .. } => {
                self.forgive(activity, rule, *forgiven, heard);
                self.gain(facts, activity, (rule, forgiven - points), effect);
            }
            Because::VoucherIssued { code, reward, rule: Some(rule), .. } => {
                self.gift(facts, (code, reward, rule), heard);
            }
            Because::VoucherCancelled { code, .. } => self.gift_back(facts, code),
            Because::VoucherUsed { code, .. } | Because::VoucherLapsed { code, .. } => {
                facts.gifts.retain(|gift| gift.code != *code);
            }
            _ => {}
        }
    }

    /// What a rule gives the friend more or less than before.
    fn gain(&mut self, facts: &mut Facts, activity: &Name, (rule, points): (&Name, i64), effect: &Effect) {
        if ![builtin::REFERRED, builtin::REFERRAL_QUALIFIED].contains(&activity.as_str()) || points == 0 {
            return;
        }
        let Some(came) = &mut facts.came else { return };
        let issued = effect.postings.iter().find(|posting| posting.account == Account::Issued);
        let known = came.given.get(rule).map(|given| given.unit.clone());
        let Some(unit) = known.or_else(|| issued.map(|posting| posting.unit.clone())) else { return };
        let given = came.given.entry(rule.clone()).or_insert(Given { unit: unit.clone(), points: 0 });
        given.points += points;
        if given.points == 0 {
            came.given.remove(rule);
        }
        let subject = format!("{}/{FRIEND}/{unit}", came.subject());
        self.add("referral_points", subject, Count { times: points.signum(), amount: points });
    }

    /// What could not be taken back from the advocate has been given for good.
    fn forgive(&mut self, activity: &Name, rule: &Name, forgiven: i64, heard: Option<&Advocacy>) {
        if ![builtin::FRIEND_JOINED, builtin::FRIEND_QUALIFIED].contains(&activity.as_str()) || forgiven == 0 {
            return;
        }
        let unit = self.programme.rule(rule).and_then(|rule| self.programme.units.get(rule.unit));
        if let (Some(unit), Some(advocacy)) = (unit, heard) {
            let subject = format!("{}/{ADVOCATE}/{}", of_advocacy(advocacy), unit.id);
            self.add("referral_points", subject, Count { times: 0, amount: forgiven });
        }
    }

    fn gift(&mut self, facts: &mut Facts, (code, reward, rule): (&Name, &Name, &Name), heard: Option<&Advocacy>) {
        let on = self.programme.rule(rule).map(|rule| &rule.on);
        let Some(Trigger::Activity(activity)) = on else { return };
        let subject = match activity.as_str() {
            builtin::REFERRED | builtin::REFERRAL_QUALIFIED => {
                let Some(came) = &mut facts.came else { return };
                came.gifts += 1;
                format!("{}/{FRIEND}", came.subject())
            }
            builtin::FRIEND_JOINED | builtin::FRIEND_QUALIFIED => {
                let Some(advocacy) = heard else { return };
                format!("{}/{ADVOCATE}", of_advocacy(advocacy))
            }
            _ => return,
        };
        self.add("referral_gifts", format!("{subject}/{reward}"), Count { times: 1, amount: 0 });
        facts.gifts.push(Gift { code: code.clone(), reward: reward.clone(), subject });
    }

    fn gift_back(&mut self, facts: &mut Facts, code: &Name) {
        let Some(place) = facts.gifts.iter().position(|gift| gift.code == *code) else { return };
        let gift = facts.gifts.remove(place);
        if let Some(came) = facts.came.as_mut().filter(|_| gift.subject.ends_with(FRIEND)) {
            came.gifts -= 1;
        }
        self.add("referral_gifts", format!("{}/{}", gift.subject, gift.reward), Count { times: -1, amount: 0 });
    }
}

/// Whether what was bought before has to be known, because it counts in another way from now on.
pub(super) fn needs_past(was: Option<&Came>, is: Option<&Came>) -> bool {
    was.map(Came::way) != is.map(Came::way)
}

impl Recommended {
    /// Counts what changed about a friend: `past` is all that was bought before, where it matters, and `at_hand` what rows
    /// tell that are counted now.
    pub fn settle(
        &mut self,
        friend: MemberId,
        (was, is): (Option<&Came>, &mut Option<Came>),
        (past, at_hand): (&[Purchase], &[Purchase]),
        days: &mut Days,
        calendar: &Calendar,
    ) {
        if needs_past(was, is.as_ref()) {
            if let Some(was) = was {
                past.iter().for_each(|purchase| self.bought(was, purchase, -1, days, calendar));
            }
            if let Some(came) = is {
                (came.orders, came.amount, came.first_order_at, came.had_bought) = (0, 0, None, false);
                for purchase in past.iter().chain(at_hand) {
                    came.buy(purchase);
                    self.bought(came, purchase, 1, days, calendar);
                }
            }
        } else if let Some(came) = is {
            for purchase in at_hand {
                came.buy(purchase);
                self.bought(came, purchase, 1, days, calendar);
            }
        }
        let is = is.as_ref();
        if was == is {
            return;
        }
        for (came, sign) in [(was, -1), (is, 1)].into_iter().filter_map(|(came, sign)| Some((came?, sign))) {
            for (daily, count) in came.days(calendar) {
                let Daily { name, date, subject } = daily;
                days.add(name, date, subject, Count { times: sign * count.times, amount: sign * count.amount });
            }
            self.credit(came, sign, calendar);
        }
        if let Some(came) = is.filter(|came| was.map(Came::listed) != Some(came.listed())) {
            self.friends.push((friend, came.clone()));
        }
    }

    /// An order of a friend's, on the day on which it was placed.
    fn bought(&mut self, came: &Came, purchase: &Purchase, sign: i64, days: &mut Days, calendar: &Calendar) {
        let Purchase { placed_at, before, after, .. } = purchase;
        if *placed_at < came.since() || !came.is_recognised() {
            return;
        }
        let date = calendar.date(*placed_at);
        let (times, amount) = (sign * (after.orders - before.orders), sign * (after.amount - before.amount));
        days.add("referral_sales", date, came.subject(), Count { times, amount });
        for credit in &came.credits {
            // Each order is divided by itself, so that what comes back is what was counted.
            let part = |sale: &Sale| sale.amount * credit.share / 100;
            self.bring(
                credit.advocate,
                Month::of(date),
                Brought { amount: sign * (part(after) - part(before)), ..Brought::default() },
            );
        }
    }

    /// Friends of advocates, in the periods in which they came and began to count.
    fn credit(&mut self, came: &Came, sign: i64, calendar: &Calendar) {
        if !came.is_recognised() {
            return;
        }
        let month = |at| Month::of(calendar.date(at));
        for credit in &came.credits {
            let joined = Brought { joined: sign, ..Brought::default() };
            self.bring(credit.advocate, month(came.came_at), joined);
            if let Step::Qualified { at, .. } = came.step {
                self.bring(credit.advocate, month(at), Brought { qualified: sign, ..Brought::default() });
            }
        }
    }

    fn bring(&mut self, advocate: MemberId, month: Month, brought: Brought) {
        if brought == Brought::default() {
            return;
        }
        for period in month.periods().into_iter().chain([ALL_TIME.to_owned()]) {
            let sum = self.advocates.entry((advocate, period)).or_default();
            sum.joined += brought.joined;
            sum.qualified += brought.qualified;
            sum.amount += brought.amount;
        }
    }
}
