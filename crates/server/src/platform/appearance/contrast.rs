//! How well one colour can be told from another, by the formula of WCAG 2.2, in whole numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What text needs on its ground, in hundredths: 4.5 to 1.
pub const ENOUGH: u32 = 450;
/// One, in the numbers of [`LINEAR`].
const ONE: u64 = 10_000_000;

/// A colour of the screen, written as `#1b5a9e`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour(pub [u8; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as # with six hexadecimal digits: #1b5a9e")]
pub struct NoColour;

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Colour, NoColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NoColour)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| NoColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Colour([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(formatter, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl TryFrom<String> for Colour {
    type Error = NoColour;

    fn try_from(text: String) -> Result<Colour, NoColour> {
        text.parse()
    }
}

impl From<Colour> for String {
    fn from(colour: Colour) -> String {
        colour.to_string()
    }
}

impl Colour {
    pub const BLACK: Colour = Colour([0; 3]);
    pub const WHITE: Colour = Colour([255; 3]);

    /// The relative luminance, from 0 to [`ONE`] ten thousand times.
    fn luminance(self) -> u64 {
        let [red, green, blue] = self.0.map(|channel| u64::from(LINEAR[usize::from(channel)]));
        2_126 * red + 7_152 * green + 722 * blue
    }

    /// The contrast ratio in hundredths, rounded down, so that what is not enough never looks as if it were.
    pub fn contrast(self, other: Colour) -> u32 {
        let (one, two) = (self.luminance(), other.luminance());
        let flare = ONE * 10_000 / 20;
        let ratio = (one.max(two) + flare) * 100 / (one.min(two) + flare);
        u32::try_from(ratio).unwrap_or(u32::MAX)
    }

    /// The least contrast with any of these.
    pub fn worst(self, others: &[Colour]) -> u32 {
        others.iter().map(|other| self.contrast(*other)).min().unwrap_or(u32::MAX)
    }

    /// So many of 255 steps on the way to another colour.
    pub fn towards(self, other: Colour, steps: u32) -> Colour {
        let mix = |from: u8, to: u8| {
            let mixed = (u32::from(from) * (255 - steps.min(255)) + u32::from(to) * steps.min(255) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        Colour([mix(a, x), mix(b, y), mix(c, z)])
    }

    /// Whichever of white and black is better read on it.
    pub fn text(self) -> Colour {
        if self.contrast(Colour::WHITE) >= ENOUGH { Colour::WHITE } else { Colour::BLACK }
    }

    /// The nearest lighter or darker one that is `fit`.
    pub fn nearest(self, fit: impl Fn(Colour) -> bool) -> Option<Colour> {
        let ways = (0..=255).flat_map(|steps| [Colour::BLACK, Colour::WHITE].map(|end| self.towards(end, steps)));
        ways.into_iter().find(|colour| fit(*colour))
    }
}

/// sRGB made linear, for each value of a channel, in ten-millionths.
const LINEAR: [u32; 256] = [
    0, 3_035, 6_071, 9_106, 12_141, 15_176, 18_212, 21_247, 24_282, 27_317, 30_353, 33_465, 36_765, 40_247, 43_914,
    47_770, 51_815, 56_054, 60_488, 65_121, 69_954, 74_990, 80_232, 85_681, 91_341, 97_212, 103_298, 109_601, 116_122,
    122_865, 129_830, 137_021, 144_438, 152_085, 159_963, 168_074, 176_420, 185_002, 193_824, 202_886, 212_190,
    221_739, 231_534, 241_576, 251_869, 262_412, 273_209, 284_260, 295_568, 307_134, 318_960, 331_048, 343_398,
    356_013, 368_895, 382_044, 395_462, 409_152, 423_114, 437_350, 451_862, 466_651, 481_718, 497_066, 512_695,
    528_606, 544_803, 561_285, 578_054, 595_112, 612_461, 630_100, 648_033, 666_259, 684_782, 703_601, 722_719,
    742_136, 761_854, 781_874, 802_198, 822_827, 843_762, 865_005, 886_556, 908_417, 930_590, 953_075, 975_873,
    998_987, 1_022_417, 1_046_165, 1_070_231, 1_094_617, 1_119_324, 1_144_354, 1_169_707, 1_195_384, 1_221_388,
    1_247_718, 1_274_377, 1_301_365, 1_328_683, 1_356_333, 1_384_316, 1_412_633, 1_441_285, 1_470_273, 1_499_598,
    1_529_262, 1_559_265, 1_589_608, 1_620_294, 1_651_322, 1_682_694, 1_714_411, 1_746_474, 1_778_884, 1_811_642,
    1_844_750, 1_878_208, 1_912_017, 1_946_178, 1_980_693, 2_015_563, 2_050_787, 2_086_369, 2_122_308, 2_158_605,
    2_195_262, 2_232_280, 2_269_659, 2_307_400, 2_345_506, 2_383_976, 2_422_811, 2_462_013, 2_501_583, 2_541_521,
    2_581_829, 2_622_507, 2_663_556, 2_704_978, 2_746_773, 2_788_943, 2_831_487, 2_874_408, 2_917_706, 2_961_383,
    3_005_438, 3_049_873, 3_094_689, 3_139_887, 3_185_468, 3_231_432, 3_277_781, 3_324_515, 3_371_636, 3_419_144,
    3_467_041, 3_515_326, 3_564_001, 3_613_068, 3_662_526, 3_712_377, 3_762_621, 3_813_260, 3_864_294, 3_915_725,
    3_967_552, 4_019_778, 4_072_402, 4_125_426, 4_178_851, 4_232_677, 4_286_905, 4_341_536, 4_396_572, 4_452_012,
    4_507_858, 4_564_110, 4_620_770, 4_677_838, 4_735_315, 4_793_202, 4_851_499, 4_910_208, 4_969_330, 5_028_865,
    5_088_813, 5_149_177, 5_209_956, 5_271_151, 5_332_764, 5_394_795, 5_457_245, 5_520_114, 5_583_404, 5_647_115,
    5_711_248, 5_775_804, 5_840_784, 5_906_188, 5_972_018, 6_038_273, 6_104_956, 6_172_066, 6_239_604, 6_307_571,
    6_375_969, 6_444_797, 6_514_056, 6_583_748, 6_653_873, 6_724_432, 6_795_425, 6_866_853, 6_938_718, 7_011_019,
    7_083_758, 7_156_935, 7_230_551, 7_304_607, 7_379_104, 7_454_042, 7_529_422, 7_605_245, 7_681_511, 7_758_222,
    7_835_378, 7_912_979, 7_991_027, 8_069_523, 8_148_466, 8_227_858, 8_307_699, 8_387_990, 8_468_732, 8_549_926,
    8_631_572, 8_713_671, 8_796_224, 8_879_231, 8_962_694, 9_046_612, 9_130_987, 9_215_819, 9_301_109, 9_386_857,
    9_473_065, 9_559_734, 9_646_862, 9_734_453, 9_822_506, 9_911_021, 10_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn ratios_are_those_of_the_guideline() {
        for (one, two, hundredths) in [
            ("#000000", "#ffffff", 2_100),
            ("#ffffff", "#ffffff", 100),
            // The grey that is only just enough on white, and the next one that is not.
            ("#767676", "#ffffff", 454),
            ("#777777", "#ffffff", 447),
            ("#0000ff", "#ffffff", 859),
            ("#ff0000", "#ffffff", 399),
            ("#1b5a9e", "#fdfcf9", 681),
        ] {
            assert_eq!(colour(one).contrast(colour(two)), hundredths, "{one} on {two}");
            assert_eq!(colour(two).contrast(colour(one)), hundredths, "{two} on {one}");
        }
    }

    #[test]
    fn every_colour_has_a_text_that_can_be_read_on_it() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let ground = Colour([red, green, blue]);
                    assert!(ground.text().contrast(ground) >= ENOUGH, "{ground}");
                }
            }
        }
    }

    #[test]
    fn the_nearest_one_that_is_enough_is_found_in_the_better_direction() {
        for (start, ground, nearest) in
            [("#777777", "#ffffff", "#767676"), ("#767676", "#ffffff", "#767676"), ("#777777", "#000000", "#777777")]
        {
            let found = colour(start).nearest(|colour_| colour_.contrast(colour(ground)) >= ENOUGH);
            assert_eq!(found, Some(colour(nearest)), "{start} on {ground}");
        }
        let orange = colour("#ff9900").nearest(|it| it.contrast(Colour::WHITE) >= ENOUGH).unwrap();
        assert!(orange.contrast(Colour::WHITE) >= ENOUGH && orange.0[0] > orange.0[1], "{orange}");
        assert_eq!(colour("#777777").nearest(|_| false), None);
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!(colour("#1B5a9e").to_string(), "#1b5a9e");
        for text in ["", "#", "1b5a9e", "#1b5a9", "#1b5a9e0", "#1b5a9g", "#+b5a9e", "red", "#1b5a9\u{e9}"] {
            assert_eq!(text.parse::<Colour>(), Err(NoColour), "{text}");
        }
    }
}
