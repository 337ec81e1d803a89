//! What is on its way to one endpoint at one moment: a window that is filled up while it empties. Deliveries of one
//! holder stand in one lane, of which one at a time is sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lojal_core::kernel::HolderId;

use super::delivery::{Delivery, EventId, FOLLOWED};

/// Deliveries that are looked for together.
pub(super) const PAGE: usize = 64;
/// So many are held at most while they all wait for others of their holder.
const MOST: usize = 8 * PAGE;

/// A delivery with what is sent; there may be nothing to tell.
pub(super) struct Ready {
    pub delivery: Delivery,
    pub body: Option<Vec<u8>>,
}

/// Those of one holder, or one that is about no holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lane(Option<HolderId>, Option<EventId>);

#[derive(Default)]
pub(super) struct Window {
    /// What waits behind the one that is under way, if one is.
    lanes: BTreeMap<Lane, VecDeque<Ready>>,
    /// Lanes of which the next one can be sent.
    free: VecDeque<Lane>,
    /// Everything that is not written down yet.
    held: BTreeSet<EventId>,
    waiting: usize,
}

impl Window {
    pub fn add(&mut self, ready: Ready) {
        let event = ready.delivery.event;
        if !self.held.insert(event) {
            return;
        }
        // However many people follow one member's link, the member's own events do not wait for them.
        let holder = ready.delivery.holder.filter(|_| event.position != FOLLOWED);
        let lane = Lane(holder, holder.is_none().then_some(event));
        self.waiting += 1;
        match self.lanes.get_mut(&lane) {
            Some(queue) => queue.push_back(ready),
            None => {
                self.lanes.insert(lane, VecDeque::from([ready]));
                self.free.push_back(lane);
            }
        }
    }

    /// What can be sent now. Its lane waits until it is [`answered`](Window::answered).
    pub fn next(&mut self) -> Option<(Lane, Ready)> {
        let lane = self.free.pop_front()?;
        let ready = self.lanes.get_mut(&lane)?.pop_front()?;
        self.waiting -= 1;
        Some((lane, ready))
    }

    /// Lets the next one of a lane be sent.
    pub fn answered(&mut self, lane: Lane) {
        match self.lanes.get(&lane) {
            Some(queue) if !queue.is_empty() => self.free.push_back(lane),
            _ => drop(self.lanes.remove(&lane)),
        }
    }

    /// Lets go of what is written down.
    pub fn settled(&mut self, events: &[EventId]) {
        self.held.retain(|held| !events.contains(held));
    }

    pub fn held(&self) -> &BTreeSet<EventId> {
        &self.held
    }

    /// Whether nothing waits to be sent.
    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Whether it is time to look for more.
    pub fn has_room(&self) -> bool {
        self.held.len() < MOST && (self.waiting < PAGE / 2 || self.free.is_empty())
    }
}
