use std::collections::BTreeSet;

use super::code::{code_is_well_formed, code_part, generate};
use crate::kernel::Part;

#[test]
fn codes_are_well_formed_different_and_know_their_part() {
    let mut seen = BTreeSet::new();
    for (number, part) in Part::all().cycle().take(2_000).enumerate() {
        let code = generate("CLUB", part, 7, number as u32);
        assert!(code.starts_with("CLUB-") && code.len() == 24, "{code}");
        assert!(code_is_well_formed(&code), "{code}");
        assert_eq!(code_part(&code), Some(part));
        assert!(seen.insert(code));
    }
}

#[test]
fn a_mistyped_code_is_noticed() {
    let code = generate("", Part::PROGRAMME, 42, 1).to_string();
    assert!(code_is_well_formed(&code), "{code}");
    let characters: Vec<char> = code.chars().collect();
    for index in (0..characters.len()).filter(|index| characters[*index] != '-') {
        for wrong in "23456789ABCDEFGHJKMNPQRSTUVWXYZ".chars().filter(|wrong| *wrong != characters[index]) {
            let mut mistyped = characters.clone();
            mistyped[index] = wrong;
            assert!(!code_is_well_formed(&mistyped.iter().collect::<String>()), "{index} {wrong}");
        }
    }
    for (left, right) in (0..15).map(|index| (index, index + 1)) {
        let plain: Vec<char> = code.chars().filter(|character| *character != '-').collect();
        let mut swapped = plain.clone();
        swapped.swap(left, right);
        let noticed = !code_is_well_formed(&swapped.iter().collect::<String>());
        assert_eq!(noticed, plain[left] != plain[right], "{left}");
    }
}
