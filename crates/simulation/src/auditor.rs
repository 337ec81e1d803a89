//! A second, independent and deliberately simple model of the books. It is told what was asked and
//! what the engine answered, keeps sums of its own, and says where the answers contradict each
//! other. It knows no rule of any programme.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use lojal_core::command::Command;
use lojal_core::decision::{Because, Decision, Effect, Refusal};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant, Name, TransactionId};
use lojal_core::ledger::{Account, Wallet};
use lojal_core::programme::Programme;
use lojal_core::referrals::Recommendation;

mod referrals;

use referrals::Referrals;

/// One request with its answer.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub holder: HolderId,
    pub transaction: TransactionId,
    pub now: Instant,
    pub command: &'a Command,
    pub outcome: Result<&'a Decision, &'a Refusal>,
    /// The holder's state afterwards.
    pub after: Option<&'a Holder>,
}

/// Something that cannot be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub holder: HolderId,
    pub transaction: TransactionId,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.holder, self.transaction, self.what)
    }
}

/// Sums by account; none of them can overflow.
type Balances = BTreeMap<Account, i128>;

#[derive(Clone, Debug, Default)]
pub struct Auditor {
    wallets: BTreeMap<(HolderId, Name), Balances>,
    clocks: BTreeMap<HolderId, Instant>,
    transactions: BTreeSet<TransactionId>,
    /// What may happen once only, by a name that says what it is.
    happened: BTreeSet<String>,
    /// Points that each rule gave for each order, as it was last said.
    awards: BTreeMap<(HolderId, Name, Name), i128>,
    /// Of what all holders share, what there is and what is left.
    shared: BTreeMap<Name, (i128, i128)>,
    referrals: Referrals,
    faults: Vec<Fault>,
}

impl Auditor {
    /// `shared` are the totals of stocks and budgets.
    pub fn new(shared: impl IntoIterator<Item = (Name, i64)>) -> Auditor {
        let shared = shared.into_iter().map(|(name, total)| (name, (i128::from(total), i128::from(total))));
        Auditor { shared: shared.collect(), ..Auditor::default() }
    }

    /// Beside the totals, what an advocate's friends are limited to.
    pub fn of(programme: &Programme) -> Auditor {
        Auditor { referrals: Referrals::under(programme), ..Auditor::new(programme.shared_quantities()) }
    }

    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Listens to one answer.
    pub fn observe(&mut self, entry: &Entry<'_>) {
        let decision = match (entry.outcome, entry.command) {
            (Ok(decision), _) => decision,
            (Err(Refusal::Merged { .. }), _) => return,
            (Err(_), Command::HearOfFriend { recommendation }) => return self.referrals.refused(recommendation),
            (Err(_), _) => return,
        };
        if decision.repeats.is_some() {
            self.repeated(entry, decision);
            return;
        }
        if !self.transactions.insert(entry.transaction) {
            self.fault(entry, "the transaction was acknowledged before");
        }
        self.command_once(entry);
        for effect in &decision.effects {
            self.effect(entry, effect);
        }
        for draw in &decision.draws {
            let (total, left) = self.shared.entry(draw.quantity.clone()).or_default();
            *left -= i128::from(draw.amount);
            let (total, left) = (*total, *left);
            if left < 0 || left > total {
                self.fault(entry, format!("{left} of {total} are left of {}", draw.quantity));
            }
        }
        for what in self.referrals.observe(entry, decision) {
            self.fault(entry, what);
        }
        for draw in &decision.draws {
            let (total, left) = self.shared.get(&draw.quantity).copied().unwrap_or_default();
            if let Some(counting) = self.referrals.counting(&draw.quantity).filter(|counting| *counting != total - left)
            {
                self.fault(entry, format!("{counting} friends count by {}, {left} of {total} are left", draw.quantity));
            }
        }
        match entry.after {
            Some(after) => self.state(entry, after),
            None => self.fault(entry, "there is a decision and no state"),
        }
    }

    /// To be asked when nothing is on its way any more.
    pub fn close(&mut self) {
        let mut transit: BTreeMap<&Name, i128> = BTreeMap::new();
        for ((_, unit), balances) in &self.wallets {
            *transit.entry(unit).or_default() += sum(balances, Account::InTransit);
        }
        let in_transit = transit
            .into_iter()
            .filter(|(_, amount)| *amount != 0)
            .map(|(unit, amount)| format!("{amount} {unit} are still on their way"));
        let reversed = self.wallets.values().map(|balances| sum(balances, Account::Reversed)).sum::<i128>();
        let unreversed = (reversed < 0).then(|| format!("{reversed} are reversed"));
        let lost: Vec<String> = in_transit.chain(unreversed).collect();
        let last = self.transactions.last().copied();
        if let Some(transaction) = last {
            let disagreements = self.referrals.disagreements().into_iter();
            self.faults.extend(disagreements.map(|(holder, what)| Fault { holder, transaction, what }));
        }
        let holder = self.clocks.keys().next().copied();
        if let (Some(transaction), Some(holder)) = (last, holder) {
            self.faults.extend(lost.into_iter().map(|what| Fault { holder, transaction, what }));
        }
    }

    fn fault(&mut self, entry: &Entry<'_>, what: impl Into<String>) {
        self.faults.push(Fault { holder: entry.holder, transaction: entry.transaction, what: what.into() });
    }

    fn once(&mut self, entry: &Entry<'_>, what: String) {
        if !self.happened.insert(what.clone()) {
            self.fault(entry, format!("{what} for the second time"));
        }
    }

    fn repeated(&mut self, entry: &Entry<'_>, decision: &Decision) {
        if decision.repeats.is_none_or(|earlier| !self.transactions.contains(&earlier)) {
            self.fault(entry, "repeats a transaction that never was");
        }
        let nothing = decision.effects.is_empty()
            && decision.records.is_empty()
            && decision.draws.is_empty()
            && decision.follow_ups.is_empty();
        if !nothing {
            self.fault(entry, "a repetition does something");
        }
    }

    /// What the shop names itself counts once.
    fn command_once(&mut self, entry: &Entry<'_>) {
        let holder = entry.holder;
        match entry.command {
            Command::Enrol { .. } | Command::OpenHousehold { .. } => self.once(entry, format!("{holder} begins")),
            Command::ReturnLines { order, return_id, .. } => {
                self.once(entry, format!("{holder} brings back {return_id} of {order}"));
            }
            Command::ReturnWithoutOrder { goods } => {
                self.once(entry, format!("{holder} brings back {} without an order", goods.external_id));
            }
            Command::PostActivity { member, activity } => {
                self.once(entry, format!("{member} does {} {}", activity.name, activity.external_id));
            }
            Command::CallOffActivity { member, activity, external_id, .. } => {
                self.once(entry, format!("{member} did not do {activity} {external_id}"));
            }
            Command::Receive { parcel } | Command::TakeBack { parcel, .. } => {
                self.once(entry, format!("{} {} arrives", parcel.transfer, parcel.unit));
            }
            Command::Inherit { inheritance } => self.once(entry, format!("{} is inherited", inheritance.transfer)),
            Command::HearOfFriend { recommendation } => {
                let Recommendation { advocate, friend, sequence, .. } = recommendation.as_ref();
                self.once(entry, format!("{holder} hears of {friend} by {advocate} for the {sequence}th time"));
            }
            _ => {}
        }
    }

    fn effect(&mut self, entry: &Entry<'_>, effect: &Effect) {
        let now = entry.after.map_or(entry.now, |after| after.clock);
        if effect.at > now {
            self.fault(entry, format!("{:?} is dated {} and was decided at {now}", effect.because, effect.at));
        }
        self.effect_once(entry, &effect.because);
        self.balance(entry, effect);
        self.reckoning(entry, effect);
    }

    fn effect_once(&mut self, entry: &Entry<'_>, because: &Because) {
        match because {
            Because::Captured { hold } | Because::HoldReleased { hold } | Because::HoldLapsed { hold } => {
                self.once(entry, format!("{hold} ends"));
            }
            Because::RolledBack { redemption, .. } => self.once(entry, format!("{redemption} is rolled back")),
            Because::VoucherIssued { code, .. } => self.once(entry, format!("{code} is issued")),
            Because::VoucherUsed { code, .. }
            | Because::VoucherLapsed { code, .. }
            | Because::VoucherCancelled { code, .. } => self.once(entry, format!("{code} ends")),
            _ => {}
        }
    }

    /// Postings of one effect sum to zero, for each unit and brand, and leave no account on the
    /// wrong side.
    fn balance(&mut self, entry: &Entry<'_>, effect: &Effect) {
        let mut sums: BTreeMap<(&Name, &Name), i128> = BTreeMap::new();
        for posting in &effect.postings {
            *sums.entry((&posting.unit, &posting.brand)).or_default() += i128::from(posting.amount);
            let wallet = self.wallets.entry((entry.holder, posting.unit.clone())).or_default();
            *wallet.entry(posting.account).or_default() += i128::from(posting.amount);
        }
        for ((unit, brand), left_over) in sums {
            if left_over != 0 {
                self.fault(entry, format!("postings leave {left_over} {unit} of {brand}: {effect:?}"));
            }
        }
        let units: BTreeSet<&Name> = effect.postings.iter().map(|posting| &posting.unit).collect();
        for unit in units {
            let wallet = self.wallets.get(&(entry.holder, unit.clone())).cloned().unwrap_or_default();
            for (account, amount) in wallet {
                let wrong = match account {
                    Account::Issued | Account::Debt => amount > 0,
                    // A debt that came from another holder may be let go here.
                    Account::InTransit | Account::Reversed => false,
                    _ => amount < 0,
                };
                if wrong {
                    self.fault(entry, format!("{} {unit} is {amount} after {effect:?}", account.name()));
                }
            }
        }
    }

    /// What an order is said to have given is what was posted, and what it is said to have given
    /// before is what was said then.
    fn reckoning(&mut self, entry: &Entry<'_>, effect: &Effect) {
        let (order, was, reckoning, forgiven) = match &effect.because {
            Because::OrderEarned { order, reckoning, .. } => (order, 0, reckoning, 0),
            Because::OrderSettled { order, was, reckoning, forgiven, .. } => (order, *was, reckoning, *forgiven),
            _ => return,
        };
        let key = (entry.holder, order.clone(), reckoning.rule.clone());
        let before = self.awards.insert(key, i128::from(reckoning.points)).unwrap_or(0);
        if before != i128::from(was) {
            self.fault(entry, format!("{} had given {before}, and {was} is said: {effect:?}", reckoning.rule));
        }
        let posted: i128 = effect
            .postings
            .iter()
            .filter(|posting| matches!(posting.account, Account::Issued | Account::Reversed))
            .map(|posting| -i128::from(posting.amount))
            .sum();
        let said = i128::from(reckoning.points) - i128::from(was) + i128::from(forgiven);
        if posted != said {
            self.fault(entry, format!("{said} is said and {posted} is posted: {effect:?}"));
        }
    }

    /// The state is what the postings add up to, and time has done its work in it.
    fn state(&mut self, entry: &Entry<'_>, after: &Holder) {
        let before = self.clocks.insert(entry.holder, after.clock);
        if before.is_some_and(|before| after.clock < before) || after.clock < entry.now {
            self.fault(entry, format!("the clock shows {} at {}", after.clock, entry.now));
        }
        for wallet in after.wallets.iter() {
            let balances = self.wallets.get(&(entry.holder, wallet.unit.clone())).cloned().unwrap_or_default();
            if after.leads_to().is_some() && (wallet.available() != 0 || wallet.debt != 0) {
                self.fault(entry, format!("{} stay with whose wallet is elsewhere", wallet.unit));
            }
            for (account, amount) in stated(wallet) {
                let posted = sum(&balances, account);
                if posted != i128::from(amount) {
                    let unit = &wallet.unit;
                    self.fault(entry, format!("{} {unit} is {amount}, postings say {posted}", account.name()));
                }
            }
            if let Some(what) = overdue(wallet, after.clock) {
                self.fault(entry, what);
            }
        }
        let mut issued = self.wallets.keys().filter(|(holder, _)| *holder == entry.holder);
        if let Some((_, unit)) = issued.find(|(_, unit)| after.wallets.get(unit).is_none()).cloned() {
            self.fault(entry, format!("the wallet of {unit} is gone"));
        }
    }
}

fn sum(balances: &Balances, account: Account) -> i128 {
    balances.get(&account).copied().unwrap_or(0)
}

/// What a wallet says of itself, as the accounts would say it.
fn stated(wallet: &Wallet) -> [(Account, i64); 9] {
    [
        (Account::Available, wallet.available()),
        (Account::Pending, wallet.pending()),
        (Account::Held, wallet.held()),
        (Account::Debt, -wallet.debt),
        (Account::Issued, -wallet.totals.issued),
        (Account::Redeemed, wallet.totals.redeemed),
        (Account::Expired, wallet.totals.expired),
        (Account::Reversed, wallet.totals.reversed),
        (Account::InTransit, wallet.totals.sent),
    ]
}

/// A lot is available from its release until its expiry, and a hold lasts until it lapses.
fn overdue(wallet: &Wallet, clock: Instant) -> Option<String> {
    let unit = &wallet.unit;
    for lot in &wallet.lots {
        if lot.amount <= 0 {
            return Some(format!("a lot of {} {unit}", lot.amount));
        }
        if lot.expires_at.is_some_and(|at| at <= clock) {
            return Some(format!("{unit} that had expired by {clock} are still there: {lot:?}"));
        }
        if lot.pending.as_ref().and_then(|pending| pending.until).is_some_and(|until| until <= clock) {
            return Some(format!("{unit} that were due by {clock} still wait: {lot:?}"));
        }
    }
    let lapsed = wallet.holds.iter().find(|hold| hold.valid_until <= clock)?;
    Some(format!("a hold that had lapsed by {clock} is still open: {lapsed:?}"))
}

#[cfg(test)]
mod tests {
    use lojal_core::command::Profile;
    use lojal_core::holder::HolderKind;
    use lojal_core::kernel::{Id, Part};
    use lojal_core::ledger::Posting;

    use super::*;

    const NOW: Instant = Instant::UNIX_EPOCH;

    fn posting(account: Account, amount: i64) -> Posting {
        Posting { account, unit: Name::from("points"), brand: Name::from("shop"), amount }
    }

    fn faults(postings: Vec<Posting>, state: impl FnOnce(&mut Wallet)) -> Vec<String> {
        let id = Id::new(0, 1, Part::PROGRAMME);
        let mut holder = Holder::new(HolderId(id), HolderKind::member(), NOW, Profile::default());
        state(holder.wallets.open(&Name::from("points")));
        let effect = Effect { at: NOW, because: Because::DebtRepaid, postings };
        let decision = Decision { effects: vec![effect], ..Decision::empty(1) };
        let mut auditor = Auditor::default();
        auditor.observe(&Entry {
            holder: HolderId(id),
            transaction: TransactionId(id),
            now: NOW,
            command: &Command::Tick,
            outcome: Ok(&decision),
            after: Some(&holder),
        });
        auditor.faults().iter().map(|fault| fault.what.clone()).collect()
    }

    fn lot(amount: i64, expires_at: Option<Instant>) -> lojal_core::ledger::Lot {
        lojal_core::ledger::Lot::available(Name::from("shop"), amount, NOW, expires_at)
    }

    #[test]
    fn what_is_right_is_not_a_fault() {
        let issued = vec![posting(Account::Issued, -10), posting(Account::Available, 10)];
        let found = faults(issued, |wallet| {
            wallet.issue(lot(10, None)).unwrap();
        });
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_mistake_is_found() {
        let issue = || vec![posting(Account::Issued, -10), posting(Account::Available, 10)];
        for (postings, amount, expires_at, expected) in [
            (vec![posting(Account::Available, 10)], 10, None, "postings leave 10 points"),
            (vec![posting(Account::Issued, 10), posting(Account::Available, -10)], 10, None, "available points is -10"),
            (issue(), 11, None, "available points is 11, postings say 10"),
            (issue(), 10, Some(NOW), "points that had expired"),
        ] {
            let found = faults(postings, |wallet| {
                wallet.issue(lot(amount, expires_at)).unwrap();
            });
            assert!(found.iter().any(|what| what.starts_with(expected)), "{expected}: {found:?}");
        }
    }
}
