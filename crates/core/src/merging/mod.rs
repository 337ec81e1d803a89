//! Two accounts of one person become one. The survivor asks, the other account answers: from then on
//! it is closed, and whatever it has, and whatever becomes of its orders later, goes on to the
//! survivor, as a member's points go on to a household.
//!
//! An account goes into another one only while that one waits for it, and whoever waits neither leaves
//! nor merges. So the one that it goes into is always open at that moment, and accounts never lead in
//! a circle, whatever is asked at the same time.

use std::collections::BTreeMap;

use crate::command::{Command, Inheritance, TransferKind};
use crate::decision::{Because, FollowUpCommand, Record, Refusal};
use crate::desk::{Desk, Undecided};
use crate::holder::{Fraction, Holder, HolderKind, Membership, Merging, Usage};
use crate::kernel::{MemberId, Name, TransactionId};
use crate::{tiers, transfers};

/// A member's state stays small, and one that everything is merged into is none of a person.
const MOST_ACCOUNTS: usize = 64;

/// Asks another account to become a part of this one. Guards, in order: a household; itself; too many.
/// An account that was asked before is a repetition.
pub fn begin(desk: &mut Desk<'_>, account: MemberId) -> Result<(), Undecided> {
    let own = MemberId(desk.holder.id.0);
    let HolderKind::Member { accounts, .. } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    if account == own {
        return Err(Refusal::MergeWithSelf.into());
    }
    if accounts.contains_key(&account) {
        return Ok(());
    }
    if accounts.len() >= MOST_ACCOUNTS {
        return Err(Refusal::TooManyAccounts { most: MOST_ACCOUNTS as i64 }.into());
    }
    accounts.insert(account, Merging::Asked);
    let at = desk.now;
    desk.effect(at, Because::MergeAsked { account }, Vec::new());
    desk.follow_up(account.into(), FollowUpCommand::MergeInto { survivor: own });
    Ok(())
}

/// The account becomes a part of the survivor's. What is held stays held until the checkout ends. It
/// refuses while it waits for an account of its own.
pub fn go_into(desk: &mut Desk<'_>, survivor: MemberId) -> Result<(), Undecided> {
    let HolderKind::Member { membership, accounts } = &desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    match membership {
        Membership::Merged { into } if *into == survivor => return Ok(()),
        Membership::Merged { into } => return Err(Refusal::Merged { into: *into }.into()),
        Membership::Left { .. } | Membership::Active { .. } => {}
    }
    if is_waiting(accounts) {
        return Err(Refusal::MergeUnderWay.into());
    }
    if desk.holder.household().is_some() {
        transfers::leave_household(desk, None)?;
    }
    if let HolderKind::Member { membership, .. } = &mut desk.holder.kind {
        *membership = Membership::Merged { into: survivor };
    }
    let at = desk.now;
    desk.effect(at, Because::MergedInto { survivor }, Vec::new());
    Ok(())
}

/// The other account could not be merged: nobody waits for it any more.
pub fn abandon(desk: &mut Desk<'_>, account: MemberId, refusal: &Name) -> Result<(), Undecided> {
    let HolderKind::Member { accounts, .. } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    if accounts.get(&account) == Some(&Merging::Asked) {
        accounts.remove(&account);
        let at = desk.now;
        desk.effect(at, Because::MergeAbandoned { account, refusal: refusal.clone() }, Vec::new());
    }
    Ok(())
}

/// Whether a member waits for another account to answer.
pub fn is_under_way(holder: &Holder) -> bool {
    match &holder.kind {
        HolderKind::Member { accounts, .. } => is_waiting(accounts),
        HolderKind::Household { .. } => false,
    }
}

fn is_waiting(accounts: &BTreeMap<MemberId, Merging>) -> bool {
    accounts.values().any(|merging| *merging == Merging::Asked)
}

/// Whether it is what the survivor's wallet was too full to take: it stays with the account until something
/// happens there, so that it is not sent to and fro for ever.
pub fn came_back(command: &Command) -> bool {
    matches!(command, Command::TakeBack { parcel, .. } if parcel.kind == TransferKind::Merge)
}

/// Passes on to the survivor what an account that was merged has counted since the last time: at first
/// everything.
pub fn pass_on(desk: &mut Desk<'_>) {
    let Some(survivor) = desk.holder.merged_into() else {
        return;
    };
    let from = MemberId(desk.holder.id.0);
    let is_first = desk.decision.effects.iter().any(|effect| matches!(effect.because, Because::MergedInto { .. }));
    let accounts = if is_first { desk.holder.merged_accounts().chain([from]).collect() } else { Default::default() };
    let holder = &mut desk.holder;
    let inheritance = Inheritance {
        transfer: desk.inputs.transaction,
        from,
        accounts,
        orders: std::mem::take(&mut holder.orders),
        activities: std::mem::take(&mut holder.activities),
        usage: std::mem::take(&mut holder.usage),
        remainders: std::mem::take(&mut holder.remainders),
        tiers: std::mem::take(&mut holder.tiers),
        friends: std::mem::take(&mut holder.friends),
        profile: if is_first { holder.profile.clone() } else { Default::default() },
        birthday_after: holder.birthday_after.filter(|_| is_first),
    };
    if is_first || !is_empty(&inheritance) {
        desk.follow_up(survivor.into(), FollowUpCommand::Inherit { inheritance: Box::new(inheritance) });
    }
}

fn is_empty(inheritance: &Inheritance) -> bool {
    inheritance.orders == 0
        && inheritance.activities.is_empty()
        && inheritance.friends.is_empty()
        && inheritance.usage.is_empty()
        && inheritance.remainders.is_empty()
        && inheritance.tiers.values().all(|state| state.progress.is_empty())
}

/// Takes over what an account that was merged has counted.
pub fn inherit(
    desk: &mut Desk<'_>,
    command: &Command,
    inheritance: &Inheritance,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    if known.is_some() {
        desk.decision.repeats = known;
        return Ok(());
    }
    let HolderKind::Member { accounts, .. } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    accounts.extend(inheritance.accounts.iter().map(|account| (*account, Merging::Merged)));
    if inheritance.accounts.contains(&inheritance.from) {
        let at = desk.now;
        desk.effect(at, Because::AccountMerged { account: inheritance.from }, Vec::new());
    }
    desk.holder.orders = desk.holder.orders.saturating_add(inheritance.orders);
    for (activity, times) in &inheritance.activities {
        let known = desk.holder.activities.entry(activity.clone()).or_insert(0);
        *known = known.saturating_add(*times);
    }
    for (limit, usage) in &inheritance.usage {
        inherit_usage(desk, limit, usage);
    }
    for (rule, remainder) in &inheritance.remainders {
        inherit_remainder(&mut desk.holder, rule, *remainder);
    }
    let is_merged = desk.holder.merged_into().is_some();
    for (edition, friends) in &inheritance.friends {
        let own = desk.holder.friends.entry(edition.clone()).or_default();
        if is_merged { own.add(friends) } else { own.inherit(friends) }
    }
    desk.holder.friends.retain(|_, friends| !friends.is_empty());
    inherit_profile(&mut desk.holder, inheritance);
    for (ladder, state) in &inheritance.tiers {
        tiers::inherit(desk, ladder, state);
    }
    if !inheritance.accounts.is_empty() {
        introduce_accounts(desk);
    }
    if let Some(key) = command.key() {
        desk.record(key, Record::Parcel);
    }
    Ok(())
}

/// Tells all accounts of a person which others there are. One alone was told by whom it was merged with.
fn introduce_accounts(desk: &mut Desk<'_>) {
    let merged: Vec<MemberId> = desk.holder.merged_accounts().collect();
    if merged.len() < 2 {
        return;
    }
    let own = MemberId(desk.holder.id.0);
    for account in &merged {
        let accounts = merged.iter().copied().chain([own]).filter(|other| other != account).collect();
        desk.follow_up((*account).into(), FollowUpCommand::KnowAccounts { accounts });
    }
}

fn inherit_usage(desk: &mut Desk<'_>, limit: &Name, usage: &Usage) {
    for (start, used) in &usage.used {
        desk.use_up(limit, usage.window, *used, *start);
    }
}

/// Less than a point and less than a point may be a whole one: the rule gives it with the next order.
fn inherit_remainder(holder: &mut Holder, rule: &Name, remainder: Fraction) {
    let sum = match holder.remainders.get(rule) {
        Some(own) if own.denominator == remainder.denominator => own.numerator + remainder.numerator,
        Some(own) => {
            let scaled = own.numerator.checked_mul(remainder.denominator);
            remainder.numerator + scaled.map_or(0, |scaled| scaled / own.denominator)
        }
        None => remainder.numerator,
    };
    holder.remainders.insert(rule.clone(), Fraction { numerator: sum, denominator: remainder.denominator });
}

/// What the survivor says of themself stays; what is not known is taken over.
fn inherit_profile(holder: &mut Holder, inheritance: &Inheritance) {
    for (name, value) in &inheritance.profile.attributes {
        holder.profile.attributes.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if holder.profile.birthday.is_none() && inheritance.profile.birthday.is_some() {
        holder.profile.birthday = inheritance.profile.birthday;
        holder.birthday_after = holder.birthday_after.max(inheritance.birthday_after);
    }
}
