//! How often a fault test is carried out, and with which luck.
//!
//! Usually once, with the same luck every time. `LOJAL_FAULT_ROUNDS` asks for more, and
//! `LOJAL_FAULT_SEED` for other luck: what was found with some luck is found with it again.

use std::env;

const USUAL_SEED: u64 = 20_260_401;

/// Random enough for choosing moments, and the same each time for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// From zero on, and less than `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// Whether what happens once in `limit` times happens now.
    pub fn hits(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last as u64 + 1) as usize);
        }
    }

    /// Dice that fall otherwise, and always alike after these.
    pub fn another(&mut self) -> Dice {
        Dice(self.below(1 << 31) << 16)
    }
}

/// The dice of each round, which is announced: whoever reads why a test failed reads with which luck.
///
/// # Panics
/// When the environment states something else than numbers.
pub fn rounds(scenario: &'static str) -> impl Iterator<Item = Dice> {
    let (rounds, seed) = (stated("LOJAL_FAULT_ROUNDS", 1).max(1), stated("LOJAL_FAULT_SEED", USUAL_SEED));
    (1..=rounds).map(move |round| {
        eprintln!("{scenario}: round {round} of {rounds}, LOJAL_FAULT_SEED={seed}");
        Dice::new(seed.wrapping_add(round << 32))
    })
}

fn stated(name: &str, usual: u64) -> u64 {
    match env::var(name) {
        Ok(text) if !text.is_empty() => text.parse().expect("LOJAL_FAULT_ROUNDS and LOJAL_FAULT_SEED are numbers"),
        _ => usual,
    }
}
