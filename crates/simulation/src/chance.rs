//! Chance on integers: a seeded generator and the few distributions that a shop needs.

use lojal_core::kernel::log2;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// How many 32-bit words each chapter of a story may use.
const CHAPTER_WORDS: u128 = 1 << 24;
/// The natural logarithm of 2, in 65536ths.
const LN_2: u64 = 45_426;

/// One in [`exponential`](Chance::exponential).
pub const ONE: u64 = 1 << 16;

/// A source of draws whose stream is fixed by its seed for ever.
#[derive(Clone, Debug)]
pub struct Chance {
    generator: ChaCha8Rng,
}

impl Chance {
    pub fn seeded(seed: u64) -> Chance {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        Chance { generator: ChaCha8Rng::from_seed(key) }
    }

    /// The draws of one chapter of one story: the same whatever else is drawn, so that stories
    /// do not disturb each other and nothing has to be kept between chapters.
    pub fn chapter(&self, story: u64, chapter: u64) -> Chance {
        let mut generator = self.generator.clone();
        generator.set_stream(story);
        generator.set_word_pos(u128::from(chapter) * CHAPTER_WORDS);
        Chance { generator }
    }

    /// All 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// From 0 to `limit`, `limit` not included; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The high half of the product: its bias is less than limit / 2^64.
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1).max(1) as u64) as i64
    }

    /// Whether something happens that happens `per_mille` times in a thousand.
    pub fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `choices`, which are not empty.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len() as u64) as usize]
    }

    /// The index of one of `weights`, each as often as its weight; their sum is above zero.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return index;
            }
            rest -= weight;
        }
        weights.len().saturating_sub(1)
    }

    /// Exponentially distributed with mean [`ONE`]: the waiting time for what happens by chance.
    pub fn exponential(&mut self) -> u64 {
        let halvings = (64 * ONE).saturating_sub(log2(self.bits() | 1));
        (halvings * LN_2) >> 16
    }

    /// Beta(1, `sharpness`) in millionths: a probability that differs from one to the next, most
    /// of them small when `sharpness` is large.
    pub fn small_probability(&mut self, sharpness: u32) -> u64 {
        (0..sharpness).map(|_| self.below(1_000_000)).min().unwrap_or(1_000_000)
    }

    /// The same elements in a random order.
    pub fn shuffle<T>(&mut self, elements: &mut [T]) {
        for last in (1..elements.len()).rev() {
            elements.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Spreads numbers evenly over 64 bits (the finaliser of splitmix64, by Steele, Lea and Flood, 2014).
pub fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed_for_ever() {
        let mut chance = Chance::seeded(7).chapter(3, 2);
        assert_eq!([chance.below(1000), chance.below(1000), chance.below(1000)], [413, 427, 989]);
    }

    #[test]
    fn averages_are_as_promised() {
        let mut chance = Chance::seeded(1);
        let draws = 20_000;
        let mean = (0..draws).map(|_| chance.exponential()).sum::<u64>() / draws;
        assert!(mean.abs_diff(ONE) < ONE / 50, "{mean}");
        let mean = (0..draws).map(|_| chance.small_probability(9)).sum::<u64>() / draws;
        assert!(mean.abs_diff(100_000) < 3_000, "{mean}");
        let happened = (0..draws).filter(|_| chance.happens(250)).count() as u64;
        assert!(happened.abs_diff(draws / 4) < 200, "{happened}");
        let heavy = (0..draws).filter(|_| chance.weighted(&[1, 0, 3]) == 2).count() as u64;
        assert!(heavy.abs_diff(draws * 3 / 4) < 200, "{heavy}");
    }
}
