//! Who brings whom. A few bring many, most bring nobody; now and then somebody brings themself.

use lojal_core::kernel::{Instant, Name};

use super::customer::{later, name_of};
use crate::chance::Chance;

/// Draws of their own, so that the rest of a story is the same with recommendations and without.
const STORIES: u64 = 1 << 40;
/// Of those who join, how many were recommended, in per mille.
const RECOMMENDED: u64 = 150;
/// Nobody recommends a shop that hardly anybody knows.
const LEAST_JOINED: usize = 20;
/// Of recommendations, how many are made up, in per mille.
const MADE_UP: u64 = 20;
const CHANNELS: [&str; 4] = ["whatsapp", "messenger", "mail", "qr"];
const CHANNEL_WEIGHTS: [u64; 4] = [50, 25, 15, 10];

/// A recommendation by which a member came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommended {
    /// The advocate's external id.
    pub by: Name,
    /// How the link was passed on.
    pub channel: Name,
    /// When the friend followed it.
    pub clicked_at: Instant,
    /// How many others followed it at about that time and never joined.
    pub others: u64,
    /// Advocate and friend are the same person.
    pub is_made_up: bool,
}

/// By whom a customer comes, of those who have joined, the earliest first: the earlier, the likelier.
pub fn recommended(number: u64, joins_at: Instant, joined: &[u64], chance: &Chance) -> Option<Recommended> {
    let mut chance = chance.chapter(STORIES | number, 0);
    if joined.len() < LEAST_JOINED || !chance.happens(RECOMMENDED) {
        return None;
    }
    let count = joined.len() as u64;
    // The cube of a draw: the first tenth brings nearly half.
    let place = chance.below(count) * chance.below(count) / count * chance.below(count) / count;
    let by = name_of(joined[place as usize]);
    let channel = Name::const_new(CHANNELS[chance.weighted(&CHANNEL_WEIGHTS)]);
    let is_made_up = chance.happens(MADE_UP);
    let waited = if is_made_up { 60 } else { chance.between(120, 9 * 86_400) };
    Some(Recommended { by, channel, clicked_at: later(joins_at, -waited), others: chance.below(5), is_made_up })
}
