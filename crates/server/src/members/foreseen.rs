//! What merging two accounts would come to, decided by the engine itself on what there is at this moment.

use std::collections::{BTreeMap, VecDeque};

use lojal_core::command::{Command, TransferKind};
use lojal_core::decision::Refusal;
use lojal_core::engine::Undecided;
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, MemberId, Name, TransactionId};

use crate::platform::application::Application;
use crate::platform::foreseeing::{Codes, foresee};

/// More than two accounts and their households ever tell each other.
const MOST_STEPS: u16 = 256;

/// How things stand when accounts have been merged.
pub struct Foreseen {
    pub survivor: Holder,
    /// Whose wallets the survivor spends from.
    pub spends: Holder,
    pub account: Holder,
    /// What goes over at once, by unit.
    pub moved: BTreeMap<Name, i64>,
    pub owed: BTreeMap<Name, i64>,
}

impl Foreseen {
    /// `holders` are both accounts as of now, and the households that they are in.
    pub fn of(
        application: &Application,
        survivor: MemberId,
        account: MemberId,
        holders: impl IntoIterator<Item = Holder>,
    ) -> Result<Foreseen, Refusal> {
        let rulebook = application.rulebook();
        let now = application.clock.now();
        let mut holders: BTreeMap<HolderId, Holder> = holders.into_iter().map(|holder| (holder.id, holder)).collect();
        let spends = holders.get(&survivor.into()).and_then(Holder::household).unwrap_or(survivor.into());
        let (mut moved, mut owed) = (BTreeMap::new(), BTreeMap::new());
        let mut open = VecDeque::from([(HolderId::from(survivor), Command::Merge { account })]);
        let mut step = 0;
        while let Some((to, command)) = open.pop_front() {
            // Whoever else is told of it is neither of the two.
            let Some(holder) = holders.get(&to).filter(|_| step < MOST_STEPS) else { continue };
            step += 1;
            let transaction = TransactionId(Id::new(now.as_millisecond(), step, to.part()));
            match foresee(&rulebook, Some(holder), &command, (now, transaction), Codes::Sample) {
                Ok((after, decision, _)) => {
                    if let Command::Receive { parcel } = &command
                        && parcel.kind == TransferKind::Merge
                    {
                        let amount: i64 = parcel.lots.iter().map(|lot| lot.amount).sum();
                        *moved.entry(parcel.unit.clone()).or_default() += amount;
                        *owed.entry(parcel.unit.clone()).or_default() += parcel.debt;
                    }
                    holders.insert(to, after);
                    let follows = decision.follow_ups.into_iter();
                    open.extend(follows.map(|follow_up| (follow_up.to, Command::from(follow_up.command))));
                }
                Err(Undecided::Refused(refusal)) => match command {
                    Command::Merge { .. } | Command::MergeInto { .. } => return Err(refusal),
                    other => open.extend(other.way_back(to, &refusal.code())),
                },
                Err(Undecided::Needs(_)) => {}
            }
        }
        let after = |holder: HolderId| holders.get(&holder).cloned().ok_or(Refusal::UnknownHolder);
        moved.retain(|_, amount| *amount != 0);
        owed.retain(|_, amount| *amount != 0);
        Ok(Foreseen {
            survivor: after(survivor.into())?,
            spends: after(spends)?,
            account: after(account.into())?,
            moved,
            owed,
        })
    }

    /// What goes over of a unit, at once or later.
    pub fn brought(&self, unit: &str) -> i64 {
        let later = self.account.wallets.get(unit).map_or(0, |wallet| wallet.pending() + wallet.held());
        self.moved.get(unit).copied().unwrap_or(0).saturating_add(later)
    }
}
