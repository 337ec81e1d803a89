//! Voucher codes: unguessable, with a check character, without letters that look alike.
//!
//! `CLUB-7K3M-QX2R-9VTA-HW5D`: a prefix, then four groups of four characters out of 31. The first
//! two name the part that knows the code, thirteen are random (64 bits), and the last makes the
//! weighted sum of all sixteen divisible by 31. As 31 is prime and the weights differ, every single
//! wrong character and every swap of two is noticed.

use crate::kernel::{Name, PARTS, Part};

/// Without 0 O, 1 I L.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const BASE: u64 = ALPHABET.len() as u64;
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// The `number`th code of a decision with this entropy.
pub fn generate(prefix: &str, part: Part, entropy: u128, number: u32) -> Name {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"lojal voucher code");
    hasher.update(&entropy.to_le_bytes());
    hasher.update(&number.to_le_bytes());
    let mut stream = hasher.finalize_xof();
    let mut values = [0u64; LENGTH];
    values[0] = part.number() as u64 / BASE;
    values[1] = part.number() as u64 % BASE;
    for value in &mut values[2..LENGTH - 1] {
        *value = even(&mut stream);
    }
    let sum: u64 = (0..LENGTH - 1).map(|index| weight(index) * values[index]).sum();
    // The last weight is 16, and 2 is its inverse modulo 31: 16 × 2 = 32.
    values[LENGTH - 1] = (BASE - sum % BASE) % BASE * 2 % BASE;
    let mut code = String::with_capacity(prefix.len() + LENGTH + LENGTH / GROUP);
    code.push_str(prefix);
    for (index, value) in values.into_iter().enumerate() {
        if index % GROUP == 0 && !code.is_empty() {
            code.push('-');
        }
        code.push(char::from(ALPHABET[value as usize]));
    }
    Name::from(code)
}

/// A value below 31, each as likely as the others.
fn even(stream: &mut blake3::OutputReader) -> u64 {
    loop {
        let mut byte = [0u8];
        stream.fill(&mut byte);
        if byte[0] < 248 {
            return u64::from(byte[0]) % BASE;
        }
    }
}

fn weight(index: usize) -> u64 {
    index as u64 + 1
}

/// The sixteen values of a code, in the order of the text; `None` when it is none of ours.
fn values(code: &str) -> Option<[u64; LENGTH]> {
    let mut values = [0u64; LENGTH];
    let mut count = 0;
    for byte in code.bytes().rev().filter(|byte| *byte != b'-') {
        if count == LENGTH {
            break;
        }
        let value = ALPHABET.iter().position(|known| *known == byte)?;
        values[LENGTH - 1 - count] = value as u64;
        count += 1;
    }
    (count == LENGTH).then_some(values)
}

/// Whether the check character fits: a code that was mistyped does not.
pub fn code_is_well_formed(code: &str) -> bool {
    values(code).is_some_and(|values| {
        let sum: u64 = values.iter().enumerate().map(|(index, value)| weight(index) * value).sum();
        sum.is_multiple_of(BASE)
    })
}

/// The part that knows a code of our own making.
pub fn code_part(code: &str) -> Option<Part> {
    let values = values(code).filter(|_| code_is_well_formed(code))?;
    Part::from_number((values[0] * BASE + values[1]) as i64).filter(|part| part.number() < i64::from(PARTS))
}
