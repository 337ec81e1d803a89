//! Who is credited with a friend who comes, by which edition. What was met is looked up by whoever asks; what follows
//! from it is decided here, and depends on nothing else.

use std::collections::BTreeMap;

use super::attribution::{Attribution, Outcome, Touch, Visitor, attribute};
use super::editions::{edition_at, is_within, meets};
use super::state::CLOCKS_DIFFER;
use crate::holder::Holder;
use crate::kernel::{Instant, MemberId, Name, Period};
use crate::programme::{CreditPolicy, Edition, Programme};

/// Where no edition says otherwise.
const WINDOW_DAYS: i64 = 30;

/// Somebody who comes, and what they met before.
#[derive(Clone, Copy, Debug)]
pub struct Coming<'a> {
    pub friend: &'a Holder,
    /// The edition that is meant; any, where none is named.
    pub named: Option<&'a Name>,
    /// What was met, as far as there is anybody whom it speaks for.
    pub touches: &'a [Touch],
    /// Those who were met. Whoever is not among them may recommend.
    pub advocates: &'a BTreeMap<MemberId, Holder>,
    pub came_at: Instant,
    /// As of when advocates are asked whether they may recommend.
    pub now: Instant,
}

/// Who is credited, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Crediting {
    /// The edition by which the friend comes; as it was named, where no recommendation could count.
    pub referral: Option<Name>,
    /// Who is credited among several.
    pub policy: CreditPolicy,
    /// From when on touches count.
    pub since: Instant,
    pub attribution: Attribution,
}

/// Whether it makes a difference who recommends: then those who were met have to be known.
pub fn asks_advocates(programme: &Programme, named: Option<&Name>) -> bool {
    programme.referrals.iter().filter(|edition| is_asked(edition, named)).any(|edition| !edition.advocates.is_always())
}

/// Says who is credited with a friend. An edition counts for those who may recommend under it: whoever else was met leads
/// to nobody, and another edition may count for them. Where nobody who was met may recommend, it is as if all might: then
/// they are credited, and told why it comes to nothing.
pub fn credit(programme: &Programme, coming: &Coming<'_>) -> Crediting {
    let permitted = |touch: &Touch, edition: &Edition| {
        let advocate = coming.advocates.get(&touch.advocate);
        advocate.is_none_or(|advocate| meets(programme, advocate, &edition.advocates, coming.now))
    };
    // What was met after the friend came counts only where nothing was met before: clocks differ.
    let is_before = coming.touches.iter().any(|touch| touch.at <= coming.came_at);
    let until = if is_before { coming.came_at } else { coming.came_at + CLOCKS_DIFFER };
    let (meant, is_asked_of) = match edition_meant(programme, coming, until, permitted) {
        Some(edition) => (Some(edition), true),
        None => (edition_meant(programme, coming, until, |_, _| true), false),
    };
    let leads = |touch: &Touch| !is_asked_of || meant.is_none_or(|edition| permitted(touch, edition));
    let (touches, lost): (Vec<Touch>, Vec<Touch>) = coming.touches.iter().copied().partition(leads);
    let asked = || programme.referrals.iter().find(|edition| is_asked(edition, coming.named));
    let edition = meant.or_else(asked);
    let window = edition.map_or(Period::days(WINDOW_DAYS), |edition| edition.window);
    let since = programme.calendar.before(coming.came_at, window);
    let since = meant.and_then(|edition| edition.from).map_or(since, |from| since.max(from));
    let policy = edition.map(|edition| edition.credit).unwrap_or_default();
    let mut attribution = attribute(policy, since, until, &touches);
    attribution.trace.extend(lost.into_iter().map(|touch| (touch, Outcome::LeadsToNobody)));
    attribution.trace.sort_by_key(|(touch, _)| *touch);
    let referral = meant.map(|edition| &edition.id).or(coming.named).cloned();
    Crediting { referral, policy, since, attribution }
}

fn is_asked(edition: &Edition, named: Option<&Name>) -> bool {
    named.is_none_or(|named| edition.id == *named)
}

/// The edition under which a friend is credited to whoever they met last, of those who are permitted. None where no
/// recommendation could count.
fn edition_meant<'p>(
    programme: &'p Programme,
    coming: &Coming<'_>,
    until: Instant,
    permitted: impl Fn(&Touch, &Edition) -> bool,
) -> Option<&'p Edition> {
    let edition_by = |touch: &Touch| {
        let is_candidate = |edition: &Edition| is_asked(edition, coming.named) && permitted(touch, edition);
        let edition = edition_at(programme, coming.friend, is_candidate, touch.at, coming.came_at)?;
        is_within(programme, edition, touch.at, coming.came_at).then_some((*touch, edition))
    };
    let counts = |touch: &&Touch| touch.visitor == Visitor::Person && touch.at <= until;
    let found = coming.touches.iter().filter(counts).filter_map(edition_by);
    found.max_by_key(|(touch, _)| *touch).map(|(_, edition)| edition)
}
