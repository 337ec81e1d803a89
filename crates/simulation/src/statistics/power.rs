//! How many people a test needs before it can tell anything.

use super::WHOLE;

/// Where there is no difference, one is found five times in a hundred: so many standard deviations, in hundred
/// thousandths.
const LEVEL: i128 = 195_996;
/// One that is there is found eight times out of ten.
const POWER: i128 = 84_162;

/// How many members each of two groups needs to tell one share from another, both in millionths: the usual formula
/// for two proportions (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 3rd edition,
/// section 4.2, without their correction for continuity). `None` where the shares are the same.
pub fn members_needed(one: i64, other: i64) -> Option<u64> {
    let (one, other) = (i128::from(one.clamp(0, WHOLE)), i128::from(other.clamp(0, WHOLE)));
    let whole = i128::from(WHOLE);
    let difference = (other - one) * (other - one);
    if difference == 0 {
        return None;
    }
    // Variances in millionths of millionths, doubled where the mean of both shares would need a half.
    let sum = one + other;
    let pooled = sum * (2 * whole - sum) / 2;
    let apart = one * (whole - one) + other * (whole - other);
    // Three more decimals than the roots would have.
    const FINER: i128 = 1_000;
    let root = |variance: i128| (variance * FINER * FINER).isqrt();
    let width = LEVEL * root(pooled) + POWER * root(apart);
    let finer = FINER * 100_000;
    let square = width * width / (finer * finer);
    u64::try_from((square + difference - 1) / difference).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R, power.prop.test(p1, p2, power = 0.8): n in each group, rounded up.
    #[test]
    fn as_a_statistics_package_has_it() {
        for (one, other, members) in
            [(10_000, 20_000, 2_319), (200_000, 220_000, 6_510), (500_000, 600_000, 388), (300_000, 330_000, 3_763)]
        {
            assert_eq!(members_needed(one, other), Some(members), "{one} and {other}");
            assert_eq!(members_needed(other, one), Some(members));
        }
        assert_eq!(members_needed(250_000, 250_000), None);
        assert_eq!(members_needed(0, WHOLE), Some(2));
    }
}
