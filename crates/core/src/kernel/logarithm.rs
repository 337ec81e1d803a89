//! Logarithms in whole numbers, alike on every machine.

/// The binary logarithm in 65536ths, rounded down; `number` is above zero. Bit by bit, by squaring.
pub fn log2(number: u64) -> u64 {
    let whole = u64::from(number.ilog2());
    let mut mantissa = (u128::from(number) << 63) >> whole;
    let mut fraction = 0;
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 63;
        fraction <<= 1;
        if mantissa >= 1 << 64 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    (whole << 16) | fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right() {
        for (number, expected) in [(1, 0), (2, 65_536), (3, 103_872), (10, 217_705), (u64::MAX, 64 * 65_536 - 1)] {
            assert_eq!(log2(number), expected, "{number}");
        }
    }
}
