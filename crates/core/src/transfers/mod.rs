//! What goes between holders: transfers and gifts, and the shared wallet of a household. Nothing
//! here touches two holders at once: what the other one must do leaves as a follow-up.

use crate::command::{Command, Key, Parcel, TransferKind};
use crate::decision::{Because, FollowUpCommand, Record, Refusal};
use crate::desk::{Desk, Undecided};
use crate::holder::{HolderKind, Membership};
use crate::kernel::{HolderId, MemberId, Name, TransactionId};
use crate::ledger::Posting;
use crate::programme::{DebtPolicy, TransferPolicy};

/// Sends points to another holder. Guards, in order: not offered; an unknown unit, or one that may
/// not be sent; to oneself; out of bounds; over a cap; a debt that blocks; too few points.
pub fn send(desk: &mut Desk<'_>, kind: TransferKind, unit: &Name, amount: i64, to: HolderId) -> Result<(), Undecided> {
    let programme = desk.programme;
    let policy: Option<&TransferPolicy> = match kind {
        TransferKind::Transfer => programme.transfers.as_ref(),
        TransferKind::Gift => programme.gifts.as_ref(),
        TransferKind::Household | TransferKind::Merge => None,
    };
    let Some(policy) = policy else {
        return Err(Refusal::TransfersNotOffered.into());
    };
    let Some(found) = programme.unit(unit) else {
        return Err(Refusal::UnknownUnit { unit: unit.clone() }.into());
    };
    if !policy.units.contains(unit) {
        return Err(Refusal::TransfersNotOffered.into());
    }
    if to == desk.holder.id {
        return Err(Refusal::TransferToSelf.into());
    }
    if amount < policy.least {
        return Err(Refusal::TransferTooSmall { unit: unit.clone(), least: policy.least }.into());
    }
    if let Some(most) = policy.most.filter(|most| amount > *most) {
        return Err(Refusal::TransferTooLarge { unit: unit.clone(), most }.into());
    }
    let today = programme.calendar.date(desk.now);
    for cap in &policy.caps {
        let left = desk.cap_room(cap, today);
        if amount > left {
            let (unit, left) = (unit.clone(), left.max(0));
            return Err(Refusal::TransferLimit { unit, most: cap.most, window: cap.window, left }.into());
        }
    }
    desk.spendable(found, amount)?;
    for cap in &policy.caps {
        desk.use_up(&cap.usage, cap.window, amount, today);
    }
    let at = desk.now;
    let wallet = desk.holder.wallets.open(unit);
    wallet.active_at = Some(at);
    let (lots, postings) = wallet.send(amount, found.spend_order);
    post_parcel(desk, kind, unit.clone(), lots, 0, to, postings);
    Ok(())
}

/// Moves on what became available, and what is owed, to where the member's wallet is: with the household,
/// or with the member into whose account this one was merged.
pub fn sweep(desk: &mut Desk<'_>) {
    let kind = if desk.holder.merged_into().is_some() { TransferKind::Merge } else { TransferKind::Household };
    if let Some(to) = desk.holder.leads_to() {
        send_everything(desk, kind, to);
    }
}

fn send_everything(desk: &mut Desk<'_>, kind: TransferKind, to: HolderId) {
    let units: Vec<Name> = desk.holder.wallets.iter().map(|wallet| wallet.unit.clone()).collect();
    for unit in units {
        let (lots, debt, postings) = desk.holder.wallets.open(&unit).send_all();
        if !postings.is_empty() {
            post_parcel(desk, kind, unit, lots, debt, to, postings);
        }
    }
}

fn post_parcel(
    desk: &mut Desk<'_>,
    kind: TransferKind,
    unit: Name,
    lots: Vec<crate::ledger::Lot>,
    debt: i64,
    to: HolderId,
    postings: Vec<Posting>,
) {
    let at = desk.now;
    desk.effect(at, Because::Sent { to, kind }, postings);
    let parcel = Parcel { transfer: desk.inputs.transaction, kind, from: desk.holder.id, unit, lots, debt };
    desk.follow_up(to, FollowUpCommand::Receive { parcel });
}

/// Receives what another holder sent. What has left, or cannot hold it, refuses, and the parcel
/// goes back; a household refuses what comes from somebody it did not admit.
pub fn receive(
    desk: &mut Desk<'_>,
    command: &Command,
    parcel: &Parcel,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    if known.is_some() {
        desk.decision.repeats = known;
        return Ok(());
    }
    if let (TransferKind::Household, HolderKind::Household { members }) = (parcel.kind, &desk.holder.kind)
        && !members.contains(&MemberId(parcel.from.0))
    {
        return Err(Refusal::NotInHousehold.into());
    }
    let because = Because::Received { from: parcel.from, kind: parcel.kind, transfer: parcel.transfer };
    take_in(desk, command, parcel, because)
}

/// Takes back a parcel that could not be delivered.
pub fn take_back(
    desk: &mut Desk<'_>,
    command: &Command,
    parcel: &Parcel,
    refusal: &Name,
    known: Option<TransactionId>,
) -> Result<(), Undecided> {
    if known.is_some() {
        desk.decision.repeats = known;
        return Ok(());
    }
    let from = desk.holder.id;
    let because = Because::CameBack { from, transfer: parcel.transfer, refusal: refusal.clone() };
    take_in(desk, command, parcel, because)
}

fn take_in(desk: &mut Desk<'_>, command: &Command, parcel: &Parcel, because: Because) -> Result<(), Undecided> {
    let at = desk.now;
    let wallet = desk.holder.wallets.open(&parcel.unit);
    wallet.active_at = wallet.active_at.max(Some(at));
    let postings = wallet.receive(parcel.lots.clone(), parcel.debt)?;
    desk.effect(at, because, postings);
    settle_debt(desk, &parcel.unit);
    if desk.holder.has_left() {
        let postings = desk.holder.wallets.open(&parcel.unit).expire_all();
        desk.effect(at, Because::Forfeited, postings);
    }
    if let Some(key) = command.key() {
        let key: Key = key;
        desk.record(key, Record::Parcel);
    }
    Ok(())
}

/// A debt that came along is made good with what is there; the rest is owed or let go, by the
/// unit's policy.
fn settle_debt(desk: &mut Desk<'_>, unit: &Name) {
    let programme = desk.programme;
    let Some(found) = programme.unit(unit) else {
        return;
    };
    if desk.holder.leads_to().is_some() {
        return;
    }
    let at = desk.now;
    let wallet = desk.holder.wallets.open(unit);
    let repaid = wallet.repay(found.spend_order);
    let (forgiven, let_go) = if found.debt == DebtPolicy::Forgive { wallet.forgive() } else { (0, Vec::new()) };
    if !repaid.is_empty() {
        desk.effect(at, Because::DebtRepaid, repaid);
    }
    if forgiven > 0 {
        desk.effect(at, Because::DebtForgiven { forgiven }, let_go);
    }
}

/// A new household, without members.
pub fn open_household(desk: &mut Desk<'_>) -> Result<(), Undecided> {
    if desk.programme.households.is_none() {
        return Err(Refusal::HouseholdsNotOffered.into());
    }
    let at = desk.now;
    desk.effect(at, Because::HouseholdOpened, Vec::new());
    Ok(())
}

/// The member's points move to the household, and so will all that is earned.
pub fn join_household(desk: &mut Desk<'_>, household: HolderId) -> Result<(), Undecided> {
    if desk.programme.households.is_none() {
        return Err(Refusal::HouseholdsNotOffered.into());
    }
    if desk.holder.household().is_some() {
        return Err(Refusal::InHousehold.into());
    }
    let HolderKind::Member { membership, .. } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    *membership = Membership::Active { household: Some(household) };
    let member = MemberId(desk.holder.id.0);
    let at = desk.now;
    desk.effect(at, Because::HouseholdJoined { household }, Vec::new());
    desk.follow_up(household, FollowUpCommand::AdmitMember { member });
    Ok(())
}

/// From now on the member earns alone again. What the household has stays with the household, and
/// goes along with the last one who leaves.
pub fn leave_household(desk: &mut Desk<'_>, named: Option<HolderId>) -> Result<(), Undecided> {
    let Some(household) = desk.holder.household().filter(|mine| named.is_none_or(|named| named == *mine)) else {
        return Err(Refusal::NotInHousehold.into());
    };
    sweep(desk);
    if let HolderKind::Member { membership, .. } = &mut desk.holder.kind {
        *membership = Membership::Active { household: None };
    }
    let member = MemberId(desk.holder.id.0);
    let at = desk.now;
    desk.effect(at, Because::HouseholdLeft { household }, Vec::new());
    desk.follow_up(household, FollowUpCommand::DismissMember { member });
    Ok(())
}

/// The household's own list grows. A member who is in it already is a repetition.
pub fn admit(desk: &mut Desk<'_>, member: MemberId) -> Result<(), Undecided> {
    let most = desk.programme.households.unwrap_or(0);
    let HolderKind::Household { members } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    if members.contains(&member) {
        return Ok(());
    }
    if members.len() as i64 >= most {
        return Err(Refusal::HouseholdFull { most }.into());
    }
    members.insert(member);
    let at = desk.now;
    desk.effect(at, Because::MemberAdmitted { member }, Vec::new());
    Ok(())
}

pub fn dismiss(desk: &mut Desk<'_>, member: MemberId) -> Result<(), Undecided> {
    let HolderKind::Household { members } = &mut desk.holder.kind else {
        return Err(Refusal::UnknownHolder.into());
    };
    let was_there = members.remove(&member);
    let is_empty = members.is_empty();
    if was_there {
        let at = desk.now;
        desk.effect(at, Because::MemberDismissed { member }, Vec::new());
    }
    if was_there && is_empty {
        send_everything(desk, TransferKind::Household, member.into());
    }
    Ok(())
}
