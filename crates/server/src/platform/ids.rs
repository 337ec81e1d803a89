//! Where ids come from.

use std::sync::Mutex;

use lojal_core::kernel::{Id, Part};

use super::clock::Clock;
use super::random;

/// The sequence starts below this, so that at least as many ids again fit into one millisecond.
const HIGHEST_START: u16 = 1 << 15;

/// Makes ids that grow within the process. Each process starts its sequence at another random
/// number, so that two of them rarely make the same id; the primary key settles the rest.
#[derive(Debug)]
pub struct Ids {
    clock: Clock,
    start: u16,
    last: Mutex<(i64, u16)>,
}

impl Ids {
    pub fn new(clock: Clock) -> Result<Ids, random::NoRandomness> {
        let start = u16::from_le_bytes(random::bytes()?) % HIGHEST_START;
        Ok(Ids { clock, start, last: Mutex::new((0, start)) })
    }

    /// A new id in `part`.
    pub fn next(&self, part: Part) -> Id {
        self.next_after(part, None)
    }

    /// A new id in `part` that is higher than `floor`, even when another machine whose clock runs
    /// ahead made `floor`.
    pub fn next_after(&self, part: Part, floor: Option<Id>) -> Id {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = self.clock.now().as_millisecond();
        let least = floor.map_or(now, |floor| now.max(floor.milliseconds() + i64::from(floor.milliseconds() >= now)));
        *last = match *last {
            (moment, sequence) if moment >= least && sequence < u16::MAX => (moment, sequence + 1),
            (moment, _) if moment >= least => (moment + 1, self.start),
            _ => (least, self.start),
        };
        Id::new(last.0, last.1, part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_within_a_part_whatever_the_clock_does() {
        let clock = Clock::stopped_at("2026-05-01T12:00:00Z".parse().unwrap());
        let ids = Ids::new(clock.clone()).unwrap();
        let part = Part::of("club", "ada");
        let mut last = ids.next(part);
        for step in 0..200_000 {
            if step == 100_000 {
                clock.set("2026-04-01T12:00:00Z".parse().unwrap());
            }
            let id = ids.next(part);
            assert!(id > last && id.part() == part);
            last = id;
        }
    }

    #[test]
    fn an_id_passes_its_floor() {
        let clock = Clock::stopped_at("2026-05-01T12:00:00Z".parse().unwrap());
        let ids = Ids::new(clock).unwrap();
        let part = Part::of("club", "ada");
        let floor = Id::new(1_900_000_000_000, u16::MAX, part);
        assert!(ids.next_after(part, Some(floor)) > floor);
    }
}
