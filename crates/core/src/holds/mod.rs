//! Points set aside at checkout, and corrections by staff.

use crate::decision::{Because, Refusal};
use crate::desk::{Desk, Undecided};
use crate::kernel::{Instant, LARGEST_AMOUNT, Name, TransactionId};
use crate::ledger::Lot;
use crate::programme::DebtPolicy;

/// Sets points aside. Guards, in order: unknown unit; too long; too many open holds; a debt that
/// blocks; too few points.
pub fn hold(
    desk: &mut Desk<'_>,
    unit: &Name,
    amount: i64,
    valid_until: Instant,
    reference: Option<&Name>,
) -> Result<(), Undecided> {
    let programme = desk.programme;
    let Some(found) = programme.unit(unit) else {
        return Err(Refusal::UnknownUnit { unit: unit.clone() }.into());
    };
    positive(amount, "amount")?;
    let longest = programme.holds.longest;
    if valid_until <= desk.now {
        let detail = Name::from("must be in the future");
        return Err(Refusal::Invalid { field: Name::from("valid_until"), detail }.into());
    }
    if valid_until > programme.calendar.after(desk.now, longest) {
        return Err(Refusal::HoldTooLong { longest }.into());
    }
    let open: usize = desk.holder.wallets.iter().map(|wallet| wallet.holds.len()).sum();
    if open as i64 >= programme.holds.most {
        return Err(Refusal::TooManyHolds { most: programme.holds.most }.into());
    }
    desk.spendable(found, amount)?;
    let (at, id) = (desk.now, desk.inputs.transaction);
    let wallet = desk.holder.wallets.open(unit);
    let postings = wallet.hold(id, amount, valid_until, reference.cloned(), found.spend_order);
    desk.effect(at, Because::Held { until: valid_until, reference: reference.cloned() }, postings);
    Ok(())
}

/// Spends a hold, or `amount` of it; the rest is given back.
pub fn capture(desk: &mut Desk<'_>, hold: TransactionId, amount: Option<i64>) -> Result<(), Undecided> {
    let (unit, held) = find(desk, hold)?;
    let amount = amount.unwrap_or(held);
    positive(amount, "amount")?;
    if amount > held {
        return Err(Refusal::HoldTooSmall { unit, held, asked: amount }.into());
    }
    let at = desk.now;
    let wallet = desk.holder.wallets.open(&unit);
    wallet.active_at = Some(at);
    let postings = wallet.capture(hold, amount);
    desk.effect(at, Because::Captured { hold }, postings);
    Ok(())
}

/// Gives a hold back.
pub fn release(desk: &mut Desk<'_>, hold: TransactionId) -> Result<(), Undecided> {
    let (unit, _) = find(desk, hold)?;
    let at = desk.now;
    let postings = desk.holder.wallets.open(&unit).release_hold(hold);
    desk.effect(at, Because::HoldReleased { hold }, postings);
    Ok(())
}

/// Gives back every hold.
pub fn release_all(desk: &mut Desk<'_>) {
    let at = desk.now;
    let open = |desk: &Desk<'_>| {
        desk.holder.wallets.iter().find_map(|wallet| Some((wallet.unit.clone(), wallet.holds.first()?.id)))
    };
    while let Some((unit, hold)) = open(desk) {
        let postings = desk.holder.wallets.open(&unit).release_hold(hold);
        desk.effect(at, Because::HoldReleased { hold }, postings);
    }
}

/// Gives back holds whose time is over.
pub fn lapse(desk: &mut Desk<'_>, at: Instant) {
    let overdue = |desk: &Desk<'_>| {
        desk.holder.wallets.iter().find_map(|wallet| {
            let hold = wallet.holds.iter().find(|hold| hold.valid_until <= at)?;
            Some((wallet.unit.clone(), hold.id))
        })
    };
    while let Some((unit, hold)) = overdue(desk) {
        let postings = desk.holder.wallets.open(&unit).release_hold(hold);
        desk.effect(at, Because::HoldLapsed { hold }, postings);
    }
}

/// Gives or takes points by a person's decision. Guards, in order: unknown unit or brand; an empty
/// or too large amount; more to be taken than is available.
pub fn adjust(desk: &mut Desk<'_>, unit: &Name, brand: &Name, amount: i64, reason: &Name) -> Result<(), Undecided> {
    let programme = desk.programme;
    let Some(found) = programme.unit(unit) else {
        return Err(Refusal::UnknownUnit { unit: unit.clone() }.into());
    };
    if programme.brand(brand).is_none() {
        return Err(Refusal::UnknownBrand { brand: brand.clone() }.into());
    }
    positive(amount.saturating_abs(), "amount")?;
    let at = desk.now;
    if amount > 0 {
        let expires_at = desk.expires_at(found, at);
        let wallet = desk.holder.wallets.open(unit);
        wallet.active_at = Some(at);
        let postings = wallet.issue(Lot::available(brand.clone(), amount, at, expires_at))?;
        desk.effect(at, Because::Adjusted { reason: reason.clone(), debt: 0 }, postings);
        return Ok(());
    }
    let available = desk.holder.wallets.get(unit).map_or(0, |wallet| wallet.available());
    if available < -amount && found.debt == DebtPolicy::Forgive {
        return Err(Refusal::InsufficientPoints { unit: unit.clone(), needed: -amount, available }.into());
    }
    let wallet = desk.holder.wallets.open(unit);
    let mut reversal = wallet.reverse(-amount, None, found.spend_order);
    if reversal.missing > 0 {
        reversal.postings.extend(wallet.owe(reversal.missing, brand)?);
    }
    desk.effect(at, Because::Adjusted { reason: reason.clone(), debt: reversal.missing }, reversal.postings);
    Ok(())
}

fn find(desk: &Desk<'_>, hold: TransactionId) -> Result<(Name, i64), Refusal> {
    let found = desk.holder.wallets.iter().find_map(|wallet| {
        let found = wallet.holds.iter().find(|known| known.id == hold)?;
        Some((wallet.unit.clone(), found.amount()))
    });
    found.ok_or(Refusal::UnknownHold { hold })
}

fn positive(amount: i64, field: &str) -> Result<(), Refusal> {
    if (1..=LARGEST_AMOUNT).contains(&amount) {
        return Ok(());
    }
    let detail = Name::from("must be above zero and of a size that a wallet can hold");
    Err(Refusal::Invalid { field: Name::from(field), detail })
}
