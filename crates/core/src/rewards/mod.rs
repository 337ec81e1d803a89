//! Rewards: taking one for points, being given one, vouchers, and taking a redemption back.

mod code;

#[cfg(test)]
mod tests;

use crate::command::{Acting, Key, KeyKind};
use crate::decision::{Because, Record, RedemptionRecord, Refusal, VoucherRecord, VoucherState};
use crate::desk::{Desk, RewardGiven, RewardSource, Undecided};
use crate::explanation::NearMiss;
use crate::holder::{Given, HolderKind, OpenVoucher};
use crate::kernel::{HolderId, Instant, MemberId, Name, TransactionId};
use crate::programme::condition::{Facts, MemberFacts};
use crate::programme::{Reward, VoucherRule, VoucherSource};

pub use code::{code_is_well_formed, code_part, generate as voucher_code};

/// Takes a reward. Guards, in order: unknown; asked for by nobody of the household; not for sale or not at this time; not for this
/// member; taken too often; a debt that blocks; too few points; out of stock, or of codes.
pub fn redeem(
    desk: &mut Desk<'_>,
    reward: &Name,
    reference: Option<&Name>,
    acting: Option<&Acting>,
) -> Result<(), Undecided> {
    let programme = desk.programme;
    let Some(found) = programme.reward(reward) else {
        return Err(Refusal::UnknownReward { reward: reward.clone() }.into());
    };
    if let HolderKind::Household { members } = &desk.holder.kind
        && !acting.is_some_and(|acting| members.contains(&acting.member))
    {
        return Err(Refusal::NotInHousehold.into());
    }
    let Some(price) = found.price.as_ref().filter(|_| found.offered_at(desk.now)) else {
        return Err(Refusal::RewardNotAvailable { reward: reward.clone() }.into());
    };
    if !is_for(desk, found, acting) {
        return Err(Refusal::RewardNotForMember { reward: reward.clone() }.into());
    }
    let today = programme.calendar.date(desk.now);
    if let Some(limit) = &found.limit
        && desk.room(&limit.usage, limit.window, limit.times, today) < 1
    {
        return Err(Refusal::RewardLimit { reward: reward.clone(), times: limit.times, window: limit.window }.into());
    }
    let unit = &programme.units[price.unit];
    desk.spendable(unit, price.points)?;
    let drawn = take_stock(desk, found)?;
    let (lots, postings) = desk.holder.wallets.open(&unit.id).redeem(price.points, unit.spend_order);
    desk.holder.wallets.open(&unit.id).active_at = Some(desk.now);
    let at = desk.now;
    desk.effect(at, Because::Redeemed { reward: reward.clone(), reference: reference.cloned() }, postings);
    if let Some(limit) = &found.limit {
        desk.use_up(&limit.usage, limit.window, 1, today);
    }
    let redemption = desk.inputs.transaction;
    let voucher = match &found.voucher {
        Some(rule) => Some(issue(desk, found, rule, at, Origin::Redeemed(redemption))?),
        None => None,
    };
    let record = RedemptionRecord {
        redemption,
        reward: reward.clone(),
        redeemed_at: at,
        unit: unit.id.clone(),
        lots,
        cash: price.cash,
        voucher,
        drawn,
        rolled_back: false,
    };
    desk.record(Key { kind: KeyKind::Redemption, id: Name::from(redemption.to_string()) }, Record::Redemption(record));
    Ok(())
}

/// Gives a reward for free, by a rule, for an order where there is one. Where its stock or its pool
/// of codes has run out, or the member has had it as often as its limit allows, nothing is given.
pub fn grant(desk: &mut Desk<'_>, given: &RewardGiven) -> Result<(), Undecided> {
    let at = given.at;
    let programme = desk.rulebook.version(given.version).map_or(desk.programme, |known| known);
    let Some(found) = programme.reward(&given.reward) else {
        return Ok(());
    };
    let day = programme.calendar.date(at);
    if found.limit.as_ref().is_some_and(|limit| desk.room(&limit.usage, limit.window, limit.times, day) < 1) {
        return Ok(());
    }
    let Some(voucher) = &found.voucher else {
        return Ok(());
    };
    let drawn = match take_stock(desk, found) {
        Err(Undecided::Refused(_)) => return Ok(()),
        other => other?,
    };
    let given = Given { rule: given.rule.clone(), order: given.order.clone() };
    match issue(desk, found, voucher, at, Origin::Given(given)) {
        Err(Undecided::Refused(_)) => {
            drawn.iter().for_each(|draw| desk.put_back(&draw.quantity, draw.amount));
            return Ok(());
        }
        other => other?,
    };
    if let Some(limit) = &found.limit {
        desk.use_up(&limit.usage, limit.window, 1, day);
    }
    Ok(())
}

/// Takes back what a rule gave for an order that came back, or for an activity that was called off. A
/// code that was used stays used.
pub fn withdraw(desk: &mut Desk<'_>, at: Instant, rule: &Name, source: &RewardSource, version: u32) {
    let programme = desk.rulebook.version(version).map_or(desk.programme, |known| known);
    let is_it = |voucher: &OpenVoucher| {
        let Some(given) = voucher.given.as_ref().filter(|given| given.rule == *rule) else { return false };
        match source {
            RewardSource::Order(order) => given.order.as_ref() == Some(order),
            RewardSource::Activity(occurred_at) => given.order.is_none() && voucher.issued_at == *occurred_at,
        }
    };
    // Two activities at the same moment are given codes that are worth the same: one of them goes.
    let most = match source {
        RewardSource::Order(_) => usize::MAX,
        RewardSource::Activity(_) => 1,
    };
    for _ in 0..most {
        let Some(index) = desk.holder.vouchers.iter().position(is_it) else { break };
        let voucher = desk.holder.vouchers.remove(index);
        close(desk, &voucher, VoucherState::Cancelled { at });
        if let Some(reward) = programme.reward(&voucher.reward) {
            if let Some(stock) = &reward.stock {
                desk.put_back(&stock.quantity, 1);
            }
            if let Some(limit) = &reward.limit {
                let day = desk.programme.calendar.date(voucher.issued_at);
                desk.use_up(&limit.usage, limit.window, -1, day);
            }
        }
        desk.effect(at, Because::VoucherCancelled { code: voucher.code, reward: voucher.reward }, Vec::new());
    }
}

/// Takes a redemption back: the points return with their own dates, the code is cancelled, the
/// stock is put back. Guards, in order: unknown; done before; the code was used.
pub fn roll_back(
    desk: &mut Desk<'_>,
    redemption: TransactionId,
    reason: Option<&Name>,
    known: Option<&RedemptionRecord>,
) -> Result<(), Undecided> {
    let Some(record) = known else {
        return Err(Refusal::UnknownRedemption { redemption }.into());
    };
    if record.rolled_back {
        return Err(Refusal::AlreadyRolledBack { redemption }.into());
    }
    let at = desk.now;
    if let Some(code) = &record.voucher {
        let Some(index) = desk.holder.vouchers.iter().position(|voucher| voucher.code == *code) else {
            return Err(Refusal::VoucherUsed { code: code.clone(), at }.into());
        };
        let voucher = desk.holder.vouchers.remove(index);
        close(desk, &voucher, VoucherState::Cancelled { at });
        desk.effect(at, Because::VoucherCancelled { code: code.clone(), reward: record.reward.clone() }, Vec::new());
    }
    let postings = desk.holder.wallets.open(&record.unit).unredeem(record.lots.clone());
    for draw in &record.drawn {
        desk.put_back(&draw.quantity, draw.amount);
    }
    if let Some(limit) = desk.programme.reward(&record.reward).and_then(|reward| reward.limit.as_ref()) {
        let day = desk.programme.calendar.date(record.redeemed_at);
        desk.use_up(&limit.usage, limit.window, -1, day);
    }
    desk.effect(
        at,
        Because::RolledBack { redemption, reward: record.reward.clone(), reason: reason.cloned() },
        postings,
    );
    let record = RedemptionRecord { rolled_back: true, ..record.clone() };
    desk.record(Key { kind: KeyKind::Redemption, id: Name::from(redemption.to_string()) }, Record::Redemption(record));
    Ok(())
}

/// Uses a voucher, once. Guards, in order: unknown; used; cancelled; lapsed. The same order using
/// the same voucher again is a repetition.
pub fn use_voucher(
    desk: &mut Desk<'_>,
    code: &Name,
    order: Option<&Name>,
    known: Option<(TransactionId, &VoucherRecord)>,
) -> Result<(), Undecided> {
    let Some((transaction, record)) = known.filter(|(_, record)| record.holder == desk.holder.id) else {
        return Err(Refusal::UnknownVoucher { code: code.clone() }.into());
    };
    match &record.state {
        VoucherState::Used { order: used_by, .. } if order.is_some() && used_by.as_ref() == order => {
            desk.decision.repeats = Some(transaction);
            return Ok(());
        }
        VoucherState::Used { at, .. } => return Err(Refusal::VoucherUsed { code: code.clone(), at: *at }.into()),
        VoucherState::Cancelled { at } => return Err(Refusal::VoucherCancelled { code: code.clone(), at: *at }.into()),
        VoucherState::Lapsed { at } => return Err(Refusal::VoucherLapsed { code: code.clone(), at: *at }.into()),
        VoucherState::Issued => {}
    }
    let Some(index) = desk.holder.vouchers.iter().position(|voucher| voucher.code == *code) else {
        let at = record.valid_until.unwrap_or(desk.now);
        return Err(Refusal::VoucherLapsed { code: code.clone(), at }.into());
    };
    desk.holder.vouchers.remove(index);
    let at = desk.now;
    let record = VoucherRecord { state: VoucherState::Used { at, order: order.cloned() }, ..record.clone() };
    let because = Because::VoucherUsed { code: code.clone(), reward: record.reward.clone(), order: order.cloned() };
    desk.effect(at, because, Vec::new());
    desk.record(Key { kind: KeyKind::Voucher, id: code.clone() }, Record::Voucher(record));
    Ok(())
}

/// When the next voucher lapses.
pub fn next_due(desk_vouchers: &[OpenVoucher]) -> Option<Instant> {
    desk_vouchers.iter().filter_map(|voucher| voucher.valid_until).min()
}

/// Lets vouchers lapse whose time has come.
pub fn lapse(desk: &mut Desk<'_>, at: Instant) {
    while let Some(index) =
        desk.holder.vouchers.iter().position(|voucher| voucher.valid_until.is_some_and(|until| until <= at))
    {
        let voucher = desk.holder.vouchers.remove(index);
        close(desk, &voucher, VoucherState::Lapsed { at });
        desk.effect(at, Because::VoucherLapsed { code: voucher.code, reward: voucher.reward }, Vec::new());
    }
}

/// Rewards that the holder could take now, but for points. A member of a household spends from the
/// household's wallet, of which nothing is known here; nor is it asked whether the stock lasts.
pub fn near(desk: &Desk<'_>) -> Vec<NearMiss> {
    if desk.holder.household().is_some() || matches!(desk.holder.kind, HolderKind::Household { .. }) {
        return Vec::new();
    }
    let today = desk.programme.calendar.date(desk.now);
    let within_limit = |reward: &Reward| {
        reward.limit.as_ref().is_none_or(|limit| desk.room(&limit.usage, limit.window, limit.times, today) > 0)
    };
    let near = |reward: &Reward| {
        let price = reward.price.as_ref()?;
        let unit = &desk.programme.units[price.unit];
        let wallet = desk.holder.wallets.get(&unit.id);
        let available = wallet.map_or(0, |wallet| wallet.available());
        let is_offered = unit.spendable && reward.offered_at(desk.now) && within_limit(reward);
        if !is_offered || !NearMiss::is_near(available, price.points) || !is_for(desk, reward, None) {
            return None;
        }
        Some(NearMiss::Reward {
            reward: reward.id.clone(),
            unit: unit.id.clone(),
            needed: price.points,
            missing: price.points - available,
            pending: wallet.map_or(0, |wallet| wallet.pending()),
        })
    };
    desk.programme.rewards.iter().filter_map(near).collect()
}

fn is_for(desk: &Desk<'_>, reward: &Reward, acting: Option<&Acting>) -> bool {
    let levels = desk.levels();
    let member = match acting {
        None => desk.member_facts(&levels, desk.now),
        Some(acting) => MemberFacts {
            profile: &acting.profile,
            joined_at: acting.joined_at,
            days_since_joining: desk.programme.calendar.days_between(acting.joined_at, desk.now),
            levels: &acting.levels,
            orders: acting.orders,
        },
    };
    reward.when.holds(&Facts { member: &member, at: desk.local(desk.now), order: None, line: None, activity: None })
}

fn take_stock(desk: &mut Desk<'_>, reward: &Reward) -> Result<Vec<crate::decision::Draw>, Undecided> {
    let Some(stock) = &reward.stock else {
        return Ok(Vec::new());
    };
    if desk.draw(&stock.quantity, 1)? == 0 {
        return Err(Refusal::OutOfStock { reward: reward.id.clone() }.into());
    }
    Ok(vec![crate::decision::Draw { quantity: stock.quantity.clone(), amount: 1 }])
}

/// Why a code is handed out.
enum Origin {
    Redeemed(TransactionId),
    Given(Given),
}

/// Hands out a code.
fn issue(
    desk: &mut Desk<'_>,
    reward: &Reward,
    rule: &VoucherRule,
    at: Instant,
    origin: Origin,
) -> Result<Name, Undecided> {
    let (redemption, given) = match origin {
        Origin::Redeemed(redemption) => (Some(redemption), None),
        Origin::Given(given) => (None, Some(given)),
    };
    let by = given.as_ref().map(|given| given.rule.clone());
    let code = match &rule.source {
        VoucherSource::Generated { prefix } => {
            let number = desk.next_voucher();
            code::generate(prefix, desk.holder.id.part(), desk.inputs.entropy, number)
        }
        VoucherSource::Pool { pool } => match desk.pool_code(pool)? {
            Some(code) => code,
            None => return Err(Refusal::OutOfStock { reward: reward.id.clone() }.into()),
        },
    };
    let valid_until = rule.valid.map(|valid| desk.programme.calendar.after(at, valid));
    desk.holder.vouchers.push(OpenVoucher {
        code: code.clone(),
        reward: reward.id.clone(),
        issued_at: at,
        redemption,
        given,
        valid_until,
    });
    let record = VoucherRecord {
        code: code.clone(),
        reward: reward.id.clone(),
        holder: desk.holder.id,
        issued_at: at,
        valid_until,
        redemption,
        state: VoucherState::Issued,
    };
    desk.record(Key { kind: KeyKind::Voucher, id: code.clone() }, Record::Voucher(record));
    let because = Because::VoucherIssued { code: code.clone(), reward: reward.id.clone(), rule: by, valid_until };
    desk.effect(at, because, Vec::new());
    Ok(code)
}

fn close(desk: &mut Desk<'_>, voucher: &OpenVoucher, state: VoucherState) {
    let record = VoucherRecord {
        code: voucher.code.clone(),
        reward: voucher.reward.clone(),
        holder: desk.holder.id,
        issued_at: voucher.issued_at,
        valid_until: voucher.valid_until,
        redemption: voucher.redemption,
        state,
    };
    desk.record(Key { kind: KeyKind::Voucher, id: voucher.code.clone() }, Record::Voucher(record));
}

/// The facts about a member that a household's redemption is judged by.
pub fn acting(programme: &crate::programme::Programme, member: MemberId, holder: &crate::holder::Holder) -> Acting {
    debug_assert_eq!(HolderId::from(member), holder.id);
    Acting {
        member,
        joined_at: holder.joined_at,
        profile: holder.profile.clone(),
        levels: crate::desk::levels(programme, holder),
        orders: holder.orders,
    }
}
