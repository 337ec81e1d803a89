//! A member with everything that their pages are about.

use std::sync::Arc;

use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{HolderId, TransactionId};
use lojal_core::programme::{Programme, Rulebook};
use lojal_core::words::Speaker;

use crate::platform::enrolment::MemberRow;
use crate::platform::http::subject::{accounts_now, as_of_now};
use crate::platform::pages::{PageError, PageState};
use crate::platform::writer::Done;

pub struct Standing {
    pub own: Holder,
    /// Whose wallets the member shares.
    pub household: Option<Holder>,
    /// Other accounts of the same person, that were merged into this one: what was begun there ends there.
    pub accounts: Vec<Holder>,
    pub rulebook: Arc<Rulebook>,
    pub programme: Arc<Programme>,
}

impl Standing {
    pub async fn of(member: &MemberRow, state: &PageState) -> Result<Standing, PageError> {
        let application = &state.application;
        let lost = || PageError::internal(&format!("{} has no state", member.id));
        let holder = async |holder: HolderId| -> Result<Holder, PageError> {
            Ok(as_of_now(application, application.holder(holder).await?.ok_or_else(lost)?))
        };
        let own = holder(member.id.into()).await?;
        let household = match member.household {
            Some(household) => Some(holder(household).await?),
            None => None,
        };
        let accounts = accounts_now(application, &own).await?;
        let rulebook = application.rulebook();
        let programme = rulebook.live().cloned().ok_or(PageError::NOT_FOUND)?;
        Ok(Standing { own, household, accounts, rulebook, programme })
    }

    /// Who has the wallets from which the member spends.
    pub fn spends(&self) -> &Holder {
        self.household.as_ref().unwrap_or(&self.own)
    }

    /// Whether the household knows of the member, too: it hears of who joins a moment later, and may refuse.
    pub fn is_admitted(&self) -> bool {
        let is_in = |household: &Holder| match &household.kind {
            HolderKind::Household { members } => members.iter().any(|member| HolderId::from(*member) == self.own.id),
            HolderKind::Member { .. } => false,
        };
        self.household.as_ref().is_none_or(is_in)
    }

    /// What is in somebody's wallets in all: what is on the way and what is held, too.
    pub fn amounts(holder: &Holder, speaker: Speaker<'_>) -> Vec<String> {
        let has = holder.wallets.iter().map(|it| (&it.unit, it.available() + it.pending() + it.held()));
        has.filter(|(_, amount)| *amount > 0).map(|(unit, amount)| speaker.amount(unit, amount)).collect()
    }

    /// What can be spent of a unit.
    pub fn available(&self, unit: &str) -> i64 {
        self.spends().wallets.get(unit).map_or(0, |wallet| wallet.available())
    }

    /// Everybody whose vouchers and story are the member's: the household, the member, and the accounts that were
    /// merged.
    pub fn holders(&self) -> impl Iterator<Item = &Holder> {
        self.household.iter().chain([&self.own]).chain(&self.accounts)
    }

    /// How many vouchers the member may show: their own, those of the household, and those of merged accounts.
    pub fn vouchers(&self) -> usize {
        self.holders().map(|holder| holder.vouchers.len()).sum()
    }

    /// A transaction, if it is the member's own, a merged account's, or the household's.
    pub async fn transaction(&self, state: &PageState, id: &str) -> Result<Done, PageError> {
        let id: TransactionId = id.parse().map_err(|_| PageError::NOT_FOUND)?;
        let done = state.application.transaction(id).await?.ok_or(PageError::NOT_FOUND)?;
        let is_theirs = self.holders().any(|holder| holder.id == done.holder);
        if is_theirs { Ok(done) } else { Err(PageError::NOT_FOUND) }
    }
}
