//! Members with several accounts: what was bought under one that was merged is the survivor's, so that one person is
//! counted once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lojal_core::kernel::{HolderId, Instant, microseconds};
use serde::{Deserialize, Serialize};

use super::card::{Bought, Card};
use super::reading::cards_of;
use crate::platform::sql::{self, Connection};
use crate::platform::states::State;

/// What was bought under other accounts of a member's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Bought>,
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    pub last_order_at: Option<Instant>,
}

/// A card as it is now, and as it was last written.
pub(super) struct Counted {
    pub card: Card,
    pub before: Option<Card>,
}

/// Has the cards of survivors say what was bought under their other accounts, wherever one of either has changed. The
/// answer are those among them that had no row of their own.
pub(super) async fn gather(
    connection: &mut Connection,
    generation: i64,
    states: &HashMap<HolderId, State>,
    cards: &mut BTreeMap<HolderId, Counted>,
) -> Result<Vec<HolderId>, sql::Error> {
    let survivors: BTreeSet<HolderId> = cards.keys().filter_map(|holder| survivor(*holder, states)).collect();
    let accounts_of = |survivor: &HolderId| -> Vec<HolderId> {
        let accounts = states.get(survivor).into_iter().flat_map(|state| state.holder.merged_accounts());
        accounts.map(HolderId::from).collect()
    };
    let concerned = survivors.iter().flat_map(|survivor| accounts_of(survivor).into_iter().chain([*survivor]));
    let missing: BTreeSet<HolderId> = concerned.filter(|holder| !cards.contains_key(holder)).collect();
    let mut known = cards_of(connection, missing).await?;
    known.retain(|_, card| card.generation == generation);
    let mut told = Vec::new();
    for survivor in survivors {
        let mut elsewhere = Elsewhere::default();
        for account in accounts_of(&survivor) {
            let Some(card) = cards.get(&account).map(|counted| &counted.card).or(known.get(&account)) else { continue };
            elsewhere.months = together(&elsewhere.months, &card.facts.months);
            elsewhere.last_order_at = elsewhere.last_order_at.max(card.facts.last_order_at);
        }
        // Whoever has not been counted yet will be, with a row of their own.
        if let Some(card) = known.remove(&survivor) {
            told.push(survivor);
            cards.insert(survivor, Counted { before: Some(card.clone()), card });
        }
        if let Some(counted) = cards.get_mut(&survivor) {
            counted.card.facts.elsewhere = elsewhere;
        }
    }
    Ok(told)
}

/// Whose account a holder's has become, or its own where others were merged into it.
fn survivor(holder: HolderId, states: &HashMap<HolderId, State>) -> Option<HolderId> {
    let mut holder = &states.get(&holder)?.holder;
    if holder.merged_into().is_none() && holder.merged_accounts().next().is_none() {
        return None;
    }
    while let Some(into) = holder.merged_into() {
        holder = &states.get(&into.into())?.holder;
    }
    Some(holder.id)
}

/// What was bought in the months of both.
pub(super) fn together(one: &[Bought], other: &[Bought]) -> Vec<Bought> {
    let mut months: BTreeMap<_, Bought> = BTreeMap::new();
    for bought in one.iter().chain(other) {
        let sum = months.entry(bought.month).or_insert(Bought { month: bought.month, orders: 0, amount: 0 });
        sum.orders += bought.orders;
        sum.amount += bought.amount;
    }
    months.into_values().collect()
}
