use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, Hold, Lot, Pending, Posting, total};
use crate::kernel::{Instant, Name, TransactionId};

/// The most that a wallet may ever have been given: leaves the sums of all wallets inside 63 bits
/// for any real programme, and every sum inside one wallet for certain.
const LARGEST_TOTAL: i64 = 1_000_000_000_000_000_000;

/// Which points are spent, or taken back, first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpendOrder {
    /// Those that expire soonest; among equals the oldest.
    #[default]
    ExpiringFirst,
    /// Those earned first.
    OldestFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the amount would leave what a wallet can hold")]
pub struct TooLarge;

/// All that has ever happened in a wallet, in sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub issued: i64,
    pub redeemed: i64,
    pub expired: i64,
    pub reversed: i64,
    /// Sent less received.
    pub sent: i64,
}

/// One holder's balance in one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    pub unit: Name,
    pub lots: Vec<Lot>,
    pub holds: Vec<Hold>,
    /// Zero or more.
    pub debt: i64,
    pub totals: Totals,
    /// The last time the holder earned or spent here: what expiry after inactivity counts from.
    pub active_at: Option<Instant>,
}

/// What taking points back came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reversal {
    pub postings: Vec<Posting>,
    /// What was no longer there.
    pub missing: i64,
}

impl Wallet {
    pub fn new(unit: Name) -> Wallet {
        Wallet { unit, lots: Vec::new(), holds: Vec::new(), debt: 0, totals: Totals::default(), active_at: None }
    }

    pub fn available(&self) -> i64 {
        self.lots.iter().filter(|lot| lot.pending.is_none()).map(|lot| lot.amount).sum()
    }

    pub fn pending(&self) -> i64 {
        self.lots.iter().filter(|lot| lot.pending.is_some()).map(|lot| lot.amount).sum()
    }

    pub fn held(&self) -> i64 {
        self.holds.iter().map(Hold::amount).sum()
    }

    /// Gives a new lot. An available one makes good a debt first.
    pub fn issue(&mut self, lot: Lot) -> Result<Vec<Posting>, TooLarge> {
        let issued = self.totals.issued.checked_add(lot.amount).filter(|sum| *sum <= LARGEST_TOTAL).ok_or(TooLarge)?;
        self.totals.issued = issued;
        let mut book = Book::new(&self.unit);
        book.post(Account::Issued, &lot.brand, -lot.amount);
        self.put(lot, &mut book);
        Ok(book.postings)
    }

    /// Takes `amount` back: first what is pending of that which `gave` it, then what is available, then
    /// what else is pending of the order. What is missing is left to the caller, who knows the
    /// programme's policy on debts.
    pub fn reverse(&mut self, mut amount: i64, gave: Option<Gave<'_>>, spend_order: SpendOrder) -> Reversal {
        let mut book = Book::new(&self.unit);
        if let Some(gave) = gave {
            amount -= self.take_pending(amount, &mut book, |lot, pending| gave.is_source(lot, pending));
        }
        let taken = self.take(amount.min(self.available()), spend_order);
        amount -= total(&taken);
        for lot in &taken {
            book.post(Account::Available, &lot.brand, -lot.amount);
            book.post(Account::Reversed, &lot.brand, lot.amount);
        }
        if let Some(Gave::Order { order, .. }) = gave {
            amount -= self.take_pending(amount, &mut book, |_, pending| pending.order.as_ref() == Some(order));
        }
        self.totals.reversed += book.sum(Account::Reversed);
        Reversal { postings: book.postings, missing: amount }
    }

    /// Takes up to `amount` out of the pending lots that `belong`, and answers how much it came to.
    fn take_pending(&mut self, amount: i64, book: &mut Book, belong: impl Fn(&Lot, &Pending) -> bool) -> i64 {
        let mut left = amount;
        let belongs = |lot: &Lot| lot.pending.as_ref().is_some_and(|pending| belong(lot, pending));
        for lot in self.lots.iter_mut().filter(|lot| belongs(lot)) {
            let taken = lot.amount.min(left);
            lot.amount -= taken;
            left -= taken;
            book.post(Account::Pending, &lot.brand, -taken);
            book.post(Account::Reversed, &lot.brand, taken);
        }
        self.lots.retain(|lot| lot.amount > 0);
        amount - left
    }

    /// Books what could not be taken back as owed.
    pub fn owe(&mut self, amount: i64, brand: &Name) -> Result<Vec<Posting>, TooLarge> {
        self.debt = self.debt.checked_add(amount).filter(|sum| *sum <= LARGEST_TOTAL).ok_or(TooLarge)?;
        self.totals.reversed += amount;
        let mut book = Book::new(&self.unit);
        book.post(Account::Debt, brand, -amount);
        book.post(Account::Reversed, brand, amount);
        Ok(book.postings)
    }

    /// The earliest moment at which a pending lot becomes available.
    pub fn next_release(&self) -> Option<Instant> {
        self.lots.iter().filter_map(|lot| lot.pending.as_ref()?.until).min()
    }

    /// Makes available what was pending until `moment` or before, one lot at a time.
    pub fn release(&mut self, moment: Instant) -> Option<(Lot, Vec<Posting>)> {
        let due =
            |lot: &Lot| lot.pending.as_ref().and_then(|pending| pending.until).is_some_and(|until| until <= moment);
        let index = self.lots.iter().position(due)?;
        let released = self.lots.remove(index);
        let mut book = Book::new(&self.unit);
        book.post(Account::Pending, &released.brand, -released.amount);
        self.put(Lot { pending: None, ..released.clone() }, &mut book);
        Some((released, book.postings))
    }

    /// Tells the pending lots that a rule gave for an order when they will become available, or
    /// that it is not known. Answers whether any of them changed.
    pub fn set_release(&mut self, order: &Name, rule: &Name, until: Option<Instant>) -> bool {
        let mut changed = false;
        for pending in self.lots.iter_mut().filter_map(|lot| lot.pending.as_mut()) {
            if pending.is_of(order, rule) && pending.until != until {
                pending.until = until;
                changed = true;
            }
        }
        changed
    }

    /// The earliest moment at which a lot expires, pending or available.
    pub fn next_expiry(&self) -> Option<Instant> {
        self.lots.iter().filter_map(|lot| lot.expires_at).min()
    }

    /// Expires one lot whose time has come.
    pub fn expire(&mut self, moment: Instant) -> Option<(Lot, Vec<Posting>)> {
        let index = self.lots.iter().position(|lot| lot.expires_at.is_some_and(|at| at <= moment))?;
        let lot = self.lots.remove(index);
        let postings = self.expire_lots(std::slice::from_ref(&lot));
        Some((lot, postings))
    }

    /// Expires everything that is available.
    pub fn expire_available(&mut self) -> Vec<Posting> {
        let (expired, kept) = std::mem::take(&mut self.lots).into_iter().partition(|lot: &Lot| lot.pending.is_none());
        self.lots = kept;
        self.expire_lots(&expired)
    }

    /// Expires everything but what is held.
    pub fn expire_all(&mut self) -> Vec<Posting> {
        let lots = std::mem::take(&mut self.lots);
        self.expire_lots(&lots)
    }

    fn expire_lots(&mut self, lots: &[Lot]) -> Vec<Posting> {
        let mut book = Book::new(&self.unit);
        for lot in lots {
            book.post(lot.account(), &lot.brand, -lot.amount);
            book.post(Account::Expired, &lot.brand, lot.amount);
        }
        self.totals.expired += book.sum(Account::Expired);
        book.postings
    }

    /// Sets `amount` aside. The caller has seen that it is available.
    pub fn hold(
        &mut self,
        id: TransactionId,
        amount: i64,
        valid_until: Instant,
        reference: Option<Name>,
        spend_order: SpendOrder,
    ) -> Vec<Posting> {
        let lots = self.take(amount, spend_order);
        let postings = self.move_lots(&lots, Account::Available, Account::Held);
        self.holds.push(Hold { id, lots, valid_until, reference });
        postings
    }

    /// The earliest moment at which a hold lapses.
    pub fn next_lapse(&self) -> Option<Instant> {
        self.holds.iter().map(|hold| hold.valid_until).min()
    }

    /// Spends `amount` of a hold and gives the rest back. The caller has seen that it holds enough.
    pub fn capture(&mut self, id: TransactionId, amount: i64) -> Vec<Posting> {
        let Some(index) = self.holds.iter().position(|hold| hold.id == id) else {
            return Vec::new();
        };
        let mut hold = self.holds.remove(index);
        let spent = split(&mut hold.lots, amount);
        let mut postings = self.move_lots(&spent, Account::Held, Account::Redeemed);
        self.totals.redeemed += total(&spent);
        postings.extend(self.give_back(hold.lots, Account::Held));
        postings
    }

    /// Gives a hold back. What has expired meanwhile expires at the next step of the clock.
    pub fn release_hold(&mut self, id: TransactionId) -> Vec<Posting> {
        let Some(index) = self.holds.iter().position(|hold| hold.id == id) else {
            return Vec::new();
        };
        let hold = self.holds.remove(index);
        self.give_back(hold.lots, Account::Held)
    }

    /// Spends `amount`. The caller has seen that it is available.
    pub fn redeem(&mut self, amount: i64, spend_order: SpendOrder) -> (Vec<Lot>, Vec<Posting>) {
        let lots = self.take(amount, spend_order);
        self.totals.redeemed += total(&lots);
        let postings = self.move_lots(&lots, Account::Available, Account::Redeemed);
        (lots, postings)
    }

    /// Gives back what was spent.
    pub fn unredeem(&mut self, lots: Vec<Lot>) -> Vec<Posting> {
        self.totals.redeemed -= total(&lots);
        self.give_back(lots, Account::Redeemed)
    }

    /// Sends `amount` of what is available on its way to another holder.
    pub fn send(&mut self, amount: i64, spend_order: SpendOrder) -> (Vec<Lot>, Vec<Posting>) {
        let lots = self.take(amount, spend_order);
        self.totals.sent += total(&lots);
        let postings = self.move_lots(&lots, Account::Available, Account::InTransit);
        (lots, postings)
    }

    /// Sends everything that is available, and the debt.
    pub fn send_all(&mut self) -> (Vec<Lot>, i64, Vec<Posting>) {
        let (lots, kept) = std::mem::take(&mut self.lots).into_iter().partition(|lot: &Lot| lot.pending.is_none());
        self.lots = kept;
        let debt = std::mem::take(&mut self.debt);
        let mut book = Book::new(&self.unit);
        for lot in &lots {
            book.post(lot.account(), &lot.brand, -lot.amount);
            book.post(Account::InTransit, &lot.brand, lot.amount);
        }
        if debt > 0 {
            let brand = Name::default();
            book.post(Account::Debt, &brand, debt);
            book.post(Account::InTransit, &brand, -debt);
        }
        self.totals.sent += total(&lots) - debt;
        (lots, debt, book.postings)
    }

    /// Receives what another holder sent.
    pub fn receive(&mut self, lots: Vec<Lot>, debt: i64) -> Result<Vec<Posting>, TooLarge> {
        let arriving = total(&lots) - debt;
        self.totals.sent.checked_sub(arriving).filter(|sum| sum.abs() <= LARGEST_TOTAL).ok_or(TooLarge)?;
        self.totals.sent -= arriving;
        let mut book = Book::new(&self.unit);
        if debt > 0 {
            let brand = Name::default();
            self.debt += debt;
            book.post(Account::Debt, &brand, -debt);
            book.post(Account::InTransit, &brand, debt);
        }
        for lot in lots {
            book.post(Account::InTransit, &lot.brand, -lot.amount);
            self.put(lot, &mut book);
        }
        Ok(book.postings)
    }

    /// Makes good a debt with what is available.
    pub fn repay(&mut self, spend_order: SpendOrder) -> Vec<Posting> {
        let lots = self.take(self.debt.min(self.available()), spend_order);
        self.debt -= total(&lots);
        self.move_lots(&lots, Account::Available, Account::Debt)
    }

    /// Lets the rest of a debt go.
    pub fn forgive(&mut self) -> (i64, Vec<Posting>) {
        let forgiven = std::mem::take(&mut self.debt);
        self.totals.reversed -= forgiven;
        let brand = Name::default();
        let mut book = Book::new(&self.unit);
        book.post(Account::Debt, &brand, forgiven);
        book.post(Account::Reversed, &brand, -forgiven);
        (forgiven, book.postings)
    }

    /// Puts a lot where it belongs; an available one makes good a debt first.
    fn put(&mut self, mut lot: Lot, book: &mut Book) {
        if lot.pending.is_some() {
            book.post(Account::Pending, &lot.brand, lot.amount);
            self.lots.push(lot);
            return;
        }
        let repaid = self.debt.min(lot.amount);
        if repaid > 0 {
            self.debt -= repaid;
            lot.amount -= repaid;
            book.post(Account::Debt, &lot.brand, repaid);
        }
        if lot.amount == 0 {
            return;
        }
        book.post(Account::Available, &lot.brand, lot.amount);
        let alike = |known: &&mut Lot| {
            known.pending.is_none() && known.brand == lot.brand && known.expires_at == lot.expires_at
        };
        match self.lots.iter_mut().find(alike) {
            Some(known) => {
                known.amount += lot.amount;
                known.earned_at = known.earned_at.min(lot.earned_at);
            }
            None => self.lots.push(lot),
        }
    }

    fn give_back(&mut self, lots: Vec<Lot>, from: Account) -> Vec<Posting> {
        let mut book = Book::new(&self.unit);
        for lot in lots {
            book.post(from, &lot.brand, -lot.amount);
            self.put(lot, &mut book);
        }
        book.postings
    }

    fn move_lots(&self, lots: &[Lot], from: Account, to: Account) -> Vec<Posting> {
        let mut book = Book::new(&self.unit);
        for lot in lots {
            book.post(from, &lot.brand, -lot.amount);
            book.post(to, &lot.brand, lot.amount);
        }
        book.postings
    }

    /// Takes `amount`, or all there is, out of the available lots.
    fn take(&mut self, amount: i64, spend_order: SpendOrder) -> Vec<Lot> {
        let never = Instant::MAX;
        self.lots.sort_by_key(|lot| match spend_order {
            SpendOrder::ExpiringFirst => (lot.pending.is_some(), lot.expires_at.unwrap_or(never), lot.earned_at),
            SpendOrder::OldestFirst => (lot.pending.is_some(), lot.earned_at, lot.expires_at.unwrap_or(never)),
        });
        let waiting = self.lots.iter().position(|lot| lot.pending.is_some()).unwrap_or(self.lots.len());
        let mut rest = self.lots.split_off(waiting);
        let taken = split(&mut self.lots, amount);
        self.lots.append(&mut rest);
        taken
    }
}

/// Takes `amount`, or all there is, from the front of `lots`.
fn split(lots: &mut Vec<Lot>, mut amount: i64) -> Vec<Lot> {
    let mut taken = Vec::new();
    for lot in lots.iter_mut() {
        if amount == 0 {
            break;
        }
        let part = lot.amount.min(amount);
        taken.push(Lot { amount: part, ..lot.clone() });
        lot.amount -= part;
        amount -= part;
    }
    lots.retain(|lot| lot.amount > 0);
    taken
}

impl Lot {
    fn account(&self) -> Account {
        if self.pending.is_some() { Account::Pending } else { Account::Available }
    }

    /// A lot that can be spent at once.
    pub fn available(brand: Name, amount: i64, earned_at: Instant, expires_at: Option<Instant>) -> Lot {
        Lot { brand, amount, earned_at, expires_at, pending: None }
    }

    /// A lot that waits.
    pub fn waiting(self, order: Option<Name>, rule: Option<Name>, until: Option<Instant>) -> Lot {
        Lot { pending: Some(Pending { order, rule, until }), ..self }
    }
}

/// What gave points that are taken back.
#[derive(Clone, Copy, Debug)]
pub enum Gave<'a> {
    /// A rule, for an order.
    Order { order: &'a Name, rule: &'a Name },
    /// A rule, for an activity that happened then.
    Activity { rule: &'a Name, occurred_at: Instant },
}

impl Gave<'_> {
    fn is_source(self, lot: &Lot, pending: &Pending) -> bool {
        match self {
            Gave::Order { order, rule } => pending.is_of(order, rule),
            Gave::Activity { rule, occurred_at } => {
                pending.order.is_none() && pending.rule.as_ref() == Some(rule) && lot.earned_at == occurred_at
            }
        }
    }
}

impl Pending {
    fn is_of(&self, order: &Name, rule: &Name) -> bool {
        self.order.as_ref() == Some(order) && self.rule.as_ref() == Some(rule)
    }
}

/// Collects postings of one unit, one for each account and brand.
struct Book {
    unit: Name,
    postings: Vec<Posting>,
}

impl Book {
    fn new(unit: &Name) -> Book {
        Book { unit: unit.clone(), postings: Vec::new() }
    }

    fn post(&mut self, account: Account, brand: &Name, amount: i64) {
        if amount == 0 {
            return;
        }
        match self.postings.iter_mut().find(|posting| posting.account == account && posting.brand == *brand) {
            Some(posting) => posting.amount += amount,
            None => self.postings.push(Posting { account, unit: self.unit.clone(), brand: brand.clone(), amount }),
        }
    }

    fn sum(&self, account: Account) -> i64 {
        self.postings.iter().filter(|posting| posting.account == account).map(|posting| posting.amount).sum()
    }
}

/// All wallets of one holder, in the order in which they were first used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wallets(Vec<Wallet>);

impl FromIterator<Wallet> for Wallets {
    /// The wallets of one holder, at most one in each unit.
    fn from_iter<I: IntoIterator<Item = Wallet>>(wallets: I) -> Wallets {
        Wallets(wallets.into_iter().collect())
    }
}

impl Wallets {
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Wallet> {
        self.0.iter()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Wallet> {
        self.0.iter_mut()
    }

    pub fn get(&self, unit: &str) -> Option<&Wallet> {
        self.0.iter().find(|wallet| wallet.unit == unit)
    }

    pub fn get_mut(&mut self, unit: &str) -> Option<&mut Wallet> {
        self.0.iter_mut().find(|wallet| wallet.unit == unit)
    }

    /// The wallet in `unit`, opened when it is not there yet.
    pub fn open(&mut self, unit: &Name) -> &mut Wallet {
        let index = match self.0.iter().position(|wallet| wallet.unit == *unit) {
            Some(index) => index,
            None => {
                self.0.push(Wallet::new(unit.clone()));
                self.0.len() - 1
            }
        };
        &mut self.0[index]
    }
}
