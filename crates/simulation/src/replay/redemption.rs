//! How members take rewards while a history is replayed.

use lojal_core::command::Command;
use lojal_core::holder::Holder;
use lojal_core::kernel::{Instant, TransactionId};
use lojal_core::programme::{Programme, Reward};
use serde::Serialize;

use crate::chance::mixed;

/// A million: how probabilities are counted.
pub const CERTAIN: u64 = 1_000_000;

/// What members do with the points that they have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "model")]
pub enum Redemption {
    /// Nobody takes a reward: the most that can be owed.
    Nobody,
    /// As the history records it: rewards, vouchers and points used at checkout. A reward that a programme
    /// does not have, or that costs more than the member has, is refused as it would be.
    AsRecorded,
    /// After an order, a member who can afford a reward takes one so often, in millionths; which one is
    /// left to chance. What the history records is left out.
    Modelled { likelihood: u64 },
}

impl Redemption {
    /// Whether a recorded command is carried out.
    pub(super) fn follows(&self, command: &Command) -> bool {
        let spends = matches!(
            command,
            Command::Redeem { .. }
                | Command::RollBackRedemption { .. }
                | Command::UseVoucher { .. }
                | Command::Hold { .. }
                | Command::CaptureHold { .. }
                | Command::ReleaseHold { .. }
        );
        !spends || *self == Redemption::AsRecorded
    }

    /// The reward that the holder takes at this occasion, if any. The same seed and occasion draw the same,
    /// whatever the programme, so that programmes are compared by what they do and not by luck.
    pub(super) fn choose<'a>(
        &self,
        programme: &'a Programme,
        holder: &Holder,
        now: Instant,
        seed: u64,
        occasion: TransactionId,
    ) -> Option<&'a Reward> {
        let Redemption::Modelled { likelihood } = *self else { return None };
        let draw = mixed(seed ^ occasion.number().unsigned_abs());
        if draw % CERTAIN >= likelihood {
            return None;
        }
        let within_reach = affordable(programme, holder, now).count() as u64;
        let which = mixed(draw).checked_rem(within_reach)?;
        affordable(programme, holder, now).nth(which as usize)
    }
}

/// Rewards that the holder has the points for.
pub(super) fn affordable<'a>(
    programme: &'a Programme,
    holder: &Holder,
    now: Instant,
) -> impl Iterator<Item = &'a Reward> {
    let available: Vec<i64> = programme
        .units
        .iter()
        .map(|unit| holder.wallets.get(&unit.id).map_or(0, lojal_core::ledger::Wallet::available))
        .collect();
    programme.rewards.iter().filter(move |reward| {
        let price = reward.price.as_ref();
        price.is_some_and(|price| price.points > 0 && available[price.unit] >= price.points) && reward.offered_at(now)
    })
}
