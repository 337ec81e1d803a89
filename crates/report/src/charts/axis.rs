//! Axes: round steps, and numbers short enough to stand beside them.

use super::LETTER;

/// Lines across a chart, about.
const LINES: i128 = 4;

/// How the numbers along an axis are written, from a number, how many of its decimals are zero at every step,
/// and the power of a thousand that is left out.
#[derive(Clone, Copy)]
pub struct Scale<'a> {
    /// Decimals of the numbers.
    pub decimals: u8,
    /// Writes a number with so many decimals, in units of a thousand to this power.
    pub write: &'a dyn Fn(i64, u8, u32) -> String,
}

/// An axis whose numbers are written alike.
pub struct Axis<'a> {
    scale: Scale<'a>,
    /// Decimals that are zero at every step: they are not written.
    zeros: u32,
    thousands: u32,
}

impl<'a> Axis<'a> {
    pub fn of(ticks: &[i64], scale: Scale<'a>) -> Axis<'a> {
        let largest = ticks.iter().map(|tick| tick.unsigned_abs()).max().unwrap_or(0);
        let zeros =
            (0..18).take_while(|zeros| ticks.iter().all(|tick| tick % 10i64.pow(zeros + 1) == 0)).count() as u32;
        let whole = largest / 10u64.pow(u32::from(scale.decimals));
        // 9,000 is short enough.
        let thousands = if whole < 10_000 { 0 } else { (whole.ilog10()) / 3 };
        Axis { scale, zeros, thousands }
    }

    pub fn write(&self, tick: i64) -> String {
        if tick == 0 {
            return (self.scale.write)(0, 0, 0);
        }
        let decimals = u32::from(self.scale.decimals) + self.thousands * 3;
        let zeros = self.zeros.min(decimals);
        (self.scale.write)(tick / 10i64.pow(zeros), (decimals - zeros) as u8, self.thousands)
    }
}

/// Round numbers from the one below the least to the one above the most.
pub fn ticks(least: i64, most: i64) -> Vec<i64> {
    let (least, most) = (i128::from(least), i128::from(most).max(i128::from(least) + 1));
    let rough = (most - least + LINES - 1) / LINES;
    let powers = std::iter::successors(Some(1i128), |power| Some(power * 10));
    let step = powers.flat_map(|power| [1, 2, 5].map(|part| part * power)).find(|step| *step >= rough).unwrap_or(rough);
    let first = least.div_euclid(step);
    let last = -(-most).div_euclid(step);
    let written = (first..=last).map(|tick| i64::try_from(tick * step));
    // The largest numbers have no round one above them.
    let mut ticks: Vec<i64> = written.filter_map(Result::ok).collect();
    if last * step > i128::from(i64::MAX) {
        ticks.push(i64::MAX);
    }
    ticks
}

/// Where a number of a range lies between two places.
pub fn between(number: i64, range: (i64, i64), places: (f64, f64)) -> f64 {
    let whole = (range.1 as f64 - range.0 as f64).max(1.0);
    places.0 + (places.1 - places.0) * (number as f64 - range.0 as f64) / whole
}

/// So much of a text as there is room for.
pub fn fit(text: &str, width: f64) -> String {
    let room = (width / LETTER) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (least, most, expected) in [
            (0, 9, vec![0, 5, 10]),
            (0, 0, vec![0, 1]),
            (-30, 110, vec![-50, 0, 50, 100, 150]),
            (0, 1_234_567, vec![0, 500_000, 1_000_000, 1_500_000]),
        ] {
            assert_eq!(ticks(least, most), expected, "{least} to {most}");
        }
        assert_eq!(ticks(0, i64::MAX).last(), Some(&i64::MAX));
        assert!(ticks(i64::MIN / 2, i64::MAX / 2).len() < 8);
    }

    #[test]
    fn numbers_are_short_and_alike() {
        let plain = |number: i64, decimals: u8, thousands: u32| format!("{number}/{decimals}/{thousands}");
        for (ticks, decimals, tick, expected) in [
            (vec![0, 5_000, 10_000], 2, 5_000, "50/0/0"),
            (vec![0, 25, 50], 2, 25, "25/2/0"),
            (vec![0, 500_000, 1_000_000], 0, 500_000, "5/1/2"),
            (vec![0, 20_000, 40_000], 0, 20_000, "20/0/1"),
        ] {
            let axis = Axis::of(&ticks, Scale { decimals, write: &plain });
            assert_eq!(axis.write(tick), expected, "{ticks:?}");
        }
    }
}
