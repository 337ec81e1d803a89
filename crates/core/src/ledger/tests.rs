//! Whatever is done to a wallet, its postings balance and add up to its balances.

use proptest::prelude::*;

use super::*;
use crate::kernel::{Id, Part};

#[derive(Clone, Debug)]
enum Step {
    Issue { amount: i64, day: i64, expires_in: Option<i64>, waits: Option<i64> },
    Reverse { amount: i64, order: Option<i64>, owe: bool },
    Hold { amount: i64 },
    Capture { amount: i64 },
    ReleaseHold,
    Redeem { amount: i64 },
    Unredeem,
    Send { amount: i64 },
    SendAll,
    Receive { amount: i64, debt: i64 },
    Repay,
    Forgive,
    Pass { day: i64 },
    ExpireAvailable,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = 1..200i64;
    let step = prop_oneof![
        4 => (amount.clone(), 0..50i64, proptest::option::of(1..60i64), proptest::option::of(0..30i64))
            .prop_map(|(amount, day, expires_in, waits)| Step::Issue { amount, day, expires_in, waits }),
        2 => (amount.clone(), proptest::option::of(0..50i64), any::<bool>())
            .prop_map(|(amount, order, owe)| Step::Reverse { amount, order, owe }),
        1 => amount.clone().prop_map(|amount| Step::Hold { amount }),
        1 => amount.clone().prop_map(|amount| Step::Capture { amount }),
        1 => Just(Step::ReleaseHold),
        2 => amount.clone().prop_map(|amount| Step::Redeem { amount }),
        1 => Just(Step::Unredeem),
        1 => amount.clone().prop_map(|amount| Step::Send { amount }),
        1 => Just(Step::SendAll),
        1 => (amount, 0..50i64).prop_map(|(amount, debt)| Step::Receive { amount, debt }),
        1 => Just(Step::Repay),
        1 => Just(Step::Forgive),
        2 => (0..120i64).prop_map(|day| Step::Pass { day }),
        1 => Just(Step::ExpireAvailable),
    ];
    proptest::collection::vec(step, 1..60)
}

fn day(day: i64) -> Instant {
    Instant::from_second(1_700_000_000 + day * 86_400).unwrap()
}

fn brand() -> Name {
    Name::from("shop")
}

fn rule() -> Name {
    Name::from("spend")
}

/// Does a step, with the guards that the capabilities have, and answers what was posted.
fn take(wallet: &mut Wallet, step: &Step, redeemed: &mut Vec<Vec<Lot>>, number: u16) -> Vec<Posting> {
    let order = SpendOrder::ExpiringFirst;
    let affordable = |wallet: &Wallet, amount: i64| amount.min(wallet.available());
    match step {
        Step::Issue { amount, day: earned, expires_in, waits } => {
            let mut lot = Lot::available(brand(), *amount, day(*earned), expires_in.map(|days| day(earned + days)));
            if let Some(waits) = waits {
                lot = lot.waiting(Some(Name::from(earned.to_string())), Some(rule()), Some(day(earned + waits)));
            }
            wallet.issue(lot).unwrap()
        }
        Step::Reverse { amount, order: of, owe } => {
            let of = of.map(|of| Name::from(of.to_string()));
            let rule = rule();
            let mut reversal =
                wallet.reverse(*amount, of.as_ref().map(|order| Gave::Order { order, rule: &rule }), order);
            if *owe && reversal.missing > 0 {
                reversal.postings.extend(wallet.owe(reversal.missing, &brand()).unwrap());
            }
            reversal.postings
        }
        Step::Hold { amount } => {
            let amount = affordable(wallet, *amount);
            if amount == 0 {
                return Vec::new();
            }
            let id = TransactionId(Id::new(1_700_000_000_000, number, Part::PROGRAMME));
            wallet.hold(id, amount, day(100), None, order)
        }
        Step::Capture { amount } => match wallet.holds.first().map(|hold| (hold.id, hold.amount())) {
            Some((id, held)) => wallet.capture(id, held.min(*amount)),
            None => Vec::new(),
        },
        Step::ReleaseHold => {
            wallet.holds.first().map(|hold| hold.id).map(|id| wallet.release_hold(id)).unwrap_or_default()
        }
        Step::Redeem { amount } => {
            let (lots, postings) = wallet.redeem(affordable(wallet, *amount), order);
            redeemed.push(lots);
            postings
        }
        Step::Unredeem => redeemed.pop().map(|lots| wallet.unredeem(lots)).unwrap_or_default(),
        Step::Send { amount } => wallet.send(affordable(wallet, *amount), order).1,
        Step::SendAll => wallet.send_all().2,
        Step::Receive { amount, debt } => {
            wallet.receive(vec![Lot::available(brand(), *amount, day(0), None)], *debt).unwrap()
        }
        Step::Repay => wallet.repay(order),
        Step::Forgive => wallet.forgive().1,
        Step::Pass { day: to } => {
            let mut postings = Vec::new();
            while let Some((_, more)) = wallet.release(day(*to)) {
                postings.extend(more);
            }
            while let Some((_, more)) = wallet.expire(day(*to)) {
                postings.extend(more);
            }
            postings
        }
        Step::ExpireAvailable => wallet.expire_available(),
    }
}

proptest! {
    #[test]
    fn every_step_balances_and_adds_up(steps in steps()) {
        let mut wallet = Wallet::new(Name::from("points"));
        let mut books = std::collections::BTreeMap::new();
        let mut redeemed = Vec::new();
        for (number, step) in steps.iter().enumerate() {
            let postings = take(&mut wallet, step, &mut redeemed, number as u16);
            prop_assert_eq!(postings.iter().map(|posting| posting.amount).sum::<i64>(), 0, "{:?}", step);
            for posting in postings {
                *books.entry(posting.account).or_insert(0) += posting.amount;
            }
            let book = |account: Account| books.get(&account).copied().unwrap_or(0);
            let totals = wallet.totals;
            let kept = [
                (Account::Available, wallet.available()),
                (Account::Pending, wallet.pending()),
                (Account::Held, wallet.held()),
                (Account::Debt, -wallet.debt),
                (Account::Issued, -totals.issued),
                (Account::Redeemed, totals.redeemed),
                (Account::Expired, totals.expired),
                (Account::Reversed, totals.reversed),
                (Account::InTransit, totals.sent),
            ];
            for (account, balance) in kept {
                prop_assert_eq!(book(account), balance, "{:?} after {:?}", account, step);
            }
            prop_assert!(wallet.available() >= 0 && wallet.pending() >= 0 && wallet.held() >= 0 && wallet.debt >= 0);
            prop_assert!(wallet.lots.iter().all(|lot| lot.amount > 0));
        }
    }
}
