//! Money of both versions with the same number of decimals.

use crate::kernel::Money;
use crate::programme::condition::{Range, Test};
use crate::programme::model::{AwardKind, Gives, Metric, Programme};

/// Both programmes, their money in as many decimals as the one with more of them has.
pub fn aligned(old: &Programme, new: &Programme) -> (Programme, Programme) {
    let decimals = old.currency.decimals.max(new.currency.decimals);
    (with_decimals(old, decimals), with_decimals(new, decimals))
}

fn with_decimals(programme: &Programme, decimals: u8) -> Programme {
    let mut programme = programme.clone();
    let more = decimals.saturating_sub(programme.currency.decimals);
    if more == 0 {
        return programme;
    }
    let scale = 10i64.saturating_pow(u32::from(more));
    let money = |money: &mut Money| money.0 = money.0.saturating_mul(scale);
    for worth in programme.units.iter_mut().filter_map(|unit| unit.worth.as_mut()) {
        money(&mut worth.money);
    }
    for rule in &mut programme.rules {
        if let AwardKind::PerAmount { per, .. } = &mut rule.award {
            money(per);
        }
        rescale(&mut rule.when, scale);
        rescale(&mut rule.lines, scale);
    }
    for ladder in programme.ladders.iter_mut().filter(|ladder| ladder.metric == Metric::Spend) {
        for level in &mut ladder.levels {
            level.at = level.at.saturating_mul(scale);
        }
    }
    for reward in &mut programme.rewards {
        match &mut reward.gives {
            Gives::AmountOff { amount }
            | Gives::GiftCard { amount }
            | Gives::CashBack { amount }
            | Gives::Donation { amount, .. } => money(amount),
            Gives::PercentOff { .. }
            | Gives::FreeProduct { .. }
            | Gives::FreeShipping
            | Gives::Experience
            | Gives::ExclusiveAccess => {}
        }
        if let Some(price) = &mut reward.price {
            money(&mut price.cash);
        }
        rescale(&mut reward.when, scale);
    }
    for edition in &mut programme.referrals {
        for test in [&mut edition.advocates, &mut edition.friends, &mut edition.qualify.when] {
            rescale(test, scale);
        }
    }
    programme.currency.decimals = decimals;
    programme
}

fn rescale(test: &mut Test, scale: i64) {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter_mut().for_each(|test| rescale(test, scale)),
        Test::Not(test) => rescale(test, scale),
        Test::Money { range: Range { least, most }, .. } => {
            for bound in [least, most].into_iter().flatten() {
                *bound = bound.saturating_mul(scale);
            }
        }
        _ => {}
    }
}
