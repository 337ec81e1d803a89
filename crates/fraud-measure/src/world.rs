//! The surroundings that people share without knowing each other: networks, lockers, kinds of telephone.

use std::cell::RefCell;
use std::collections::BTreeSet;

use lojal_simulation::chance::Chance;

/// Names as frequent as they are: the first of a list most of all.
const WOMEN: [&str; 24] = [
    "Anna",
    "Maria",
    "Katarzyna",
    "Małgorzata",
    "Agnieszka",
    "Barbara",
    "Ewa",
    "Elżbieta",
    "Magdalena",
    "Joanna",
    "Aleksandra",
    "Monika",
    "Natalia",
    "Julia",
    "Zofia",
    "Karolina",
    "Marta",
    "Beata",
    "Dorota",
    "Paulina",
    "Iwona",
    "Oliwia",
    "Weronika",
    "Łucja",
];
const MEN: [&str; 24] = [
    "Piotr",
    "Krzysztof",
    "Andrzej",
    "Tomasz",
    "Jan",
    "Paweł",
    "Michał",
    "Marcin",
    "Jakub",
    "Adam",
    "Łukasz",
    "Grzegorz",
    "Mateusz",
    "Wojciech",
    "Mariusz",
    "Dariusz",
    "Kamil",
    "Rafał",
    "Szymon",
    "Bartosz",
    "Filip",
    "Artur",
    "Maciej",
    "Igor",
];
/// For a man; a woman's ends in -a where his ends in -i.
const SURNAMES: [&str; 40] = [
    "Nowak",
    "Kowalski",
    "Wiśniewski",
    "Wójcik",
    "Kowalczyk",
    "Kamiński",
    "Lewandowski",
    "Zieliński",
    "Szymański",
    "Woźniak",
    "Dąbrowski",
    "Kozłowski",
    "Mazur",
    "Jankowski",
    "Kwiatkowski",
    "Wojciechowski",
    "Krawczyk",
    "Kaczmarek",
    "Piotrowski",
    "Grabowski",
    "Zając",
    "Pawłowski",
    "Michalski",
    "Król",
    "Wieczorek",
    "Jabłoński",
    "Wróbel",
    "Nowakowski",
    "Majewski",
    "Olszewski",
    "Stępień",
    "Malinowski",
    "Jaworski",
    "Adamczyk",
    "Dudek",
    "Nowicki",
    "Pawlak",
    "Górski",
    "Witkowski",
    "Walczak",
];
/// Beginnings and ends of the many surnames that few people have.
const RARE: [&str; 30] = [
    "Brzo", "Cieś", "Dróż", "Fili", "Gaw", "Hein", "Jur", "Kał", "Lip", "Miel", "Nied", "Orl", "Pień", "Rog", "Sob",
    "Tru", "Urb", "Wal", "Żur", "Bor", "Cza", "Dem", "Gor", "Kub", "Mak", "Ol", "Pas", "Sta", "Tom", "Zab",
];
const ENDS: [&str; 10] = ["owski", "ecki", "czak", "czyk", "arz", "ik", "ański", "uch", "as", "acki"];
const PROVIDERS: [&str; 8] =
    ["gmail.com", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "outlook.com", "icloud.com", "proton.me"];
const PROVIDER_WEIGHTS: [u64; 8] = [46, 17, 10, 9, 6, 6, 4, 2];
const STREETS: [&str; 20] = [
    "Długa",
    "Polna",
    "Leśna",
    "Słoneczna",
    "Krótka",
    "Szkolna",
    "Ogrodowa",
    "Lipowa",
    "Łąkowa",
    "Brzozowa",
    "Kwiatowa",
    "Kościelna",
    "Sosnowa",
    "Zielona",
    "Parkowa",
    "Akacjowa",
    "Kolejowa",
    "Mickiewicza",
    "Sienkiewicza",
    "Słowackiego",
];

/// What is around, in proportion to how many referrals there are, so that crowds are as dense in a small set.
pub struct World {
    pub offices: u64,
    lockers: u64,
    traits: u64,
    seed: u64,
    /// Mail addresses that somebody has: nobody else can.
    taken: RefCell<BTreeSet<String>>,
}

impl World {
    pub fn new(referrals: u64, seed: u64) -> World {
        let at_least = |share: u64, least: u64| (referrals / share).max(least);
        World { offices: at_least(150, 8), lockers: at_least(40, 30), traits: 2_000, seed, taken: RefCell::default() }
    }

    pub fn locker(&self, number: u64) -> String {
        format!("Paczkomat L{:04}X", number % self.lockers)
    }

    pub fn any_locker(&self, chance: &mut Chance) -> u64 {
        chance.below(self.lockers)
    }

    /// Telephones and browsers: a few that everybody has, and many that hardly anybody has.
    pub fn traits(&self, chance: &mut Chance) -> String {
        format!("traits-{}", skewed(chance, self.traits))
    }

    /// One of the exits that thousands of mobile telephones have in common.
    pub fn mobile_ip(&self, chance: &mut Chance) -> String {
        format!("37.47.{}.{}", chance.below(12), 1 + chance.below(20))
    }

    pub fn vpn_ip(&self, chance: &mut Chance) -> String {
        format!("185.{}.{}.{}", 60 + chance.below(6), chance.below(8), 1 + chance.below(12))
    }

    /// A line of one's own, in a network of neighbours; or a neighbourhood behind one address.
    pub fn home_ip(&self, chance: &mut Chance) -> String {
        let block = chance.below(4_000);
        match chance.happens(150) {
            true => format!("94.{}.{}.1", 200 + block % 20, block / 20),
            false => format!("83.{}.{}.{}", block % 30, block / 30, 2 + chance.below(250)),
        }
    }

    pub fn office_ip(&self, office: u64) -> String {
        format!("195.{}.{}.10", 100 + office / 250, office % 250)
    }

    /// A university: four lines for everybody.
    pub fn campus_ip(&self, chance: &mut Chance) -> String {
        format!("149.156.{}.1", chance.below(4))
    }

    pub fn device(&self, chance: &mut Chance) -> String {
        // Cheap telephones that are told apart by nothing.
        match chance.happens(12) {
            true => format!("device-alike-{}", chance.below(30)),
            false => format!("device-{:016x}", chance.bits()),
        }
    }

    /// The address, or one like it that is still free, as providers suggest.
    pub fn free(&self, email: String) -> String {
        let mut taken = self.taken.borrow_mut();
        let (local, domain) = email.split_once('@').unwrap_or((&email, "wp.pl"));
        let mut free = email.clone();
        let mut number = 1;
        while !taken.insert(free.replace('.', "")) {
            number += 1;
            free = format!("{local}{number}@{domain}");
        }
        free
    }

    pub fn shop_tablet(&self, shop: u64) -> (String, String) {
        (format!("tablet-{}", shop % 4), format!("91.230.{}.5", shop % 4))
    }

    /// A key that only this set has.
    pub fn keyed(&self) -> impl Fn(&[u8]) -> [u8; 16] + use<> {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        move |bytes: &[u8]| {
            let mut hash = [0; 16];
            hash.copy_from_slice(&blake3::keyed_hash(&key, bytes).as_bytes()[..16]);
            hash
        }
    }
}

/// Below `limit`, small numbers most often.
pub fn skewed(chance: &mut Chance, limit: u64) -> u64 {
    let spread = chance.below(limit + 1).max(1);
    chance.below(spread)
}

/// An amount or a time that is `mean` on average, mostly less and sometimes much more.
pub fn about(chance: &mut Chance, mean: i64) -> i64 {
    (chance.exponential() as i64 * mean) >> 16
}

pub fn is_woman(chance: &mut Chance) -> bool {
    chance.happens(540)
}

pub fn first_name(chance: &mut Chance, woman: bool) -> &'static str {
    let names = if woman { &WOMEN } else { &MEN };
    names[skewed(chance, names.len() as u64) as usize]
}

pub fn surname(chance: &mut Chance) -> String {
    match chance.happens(350) {
        true => SURNAMES[skewed(chance, SURNAMES.len() as u64) as usize].to_owned(),
        false => format!("{}{}{}", chance.one_of(&RARE), chance.one_of(&["", "a", "o", "e"]), chance.one_of(&ENDS)),
    }
}

pub fn full_name(first: &str, surname: &str, woman: bool) -> String {
    match surname.strip_suffix("ki") {
        Some(stem) if woman => format!("{first} {stem}ka"),
        _ => format!("{first} {surname}"),
    }
}

/// An address made of a name, as most are, or of something else.
pub fn email(chance: &mut Chance, first: &str, surname: &str) -> String {
    let (first, surname) = (plain(first), plain(surname));
    let number = chance.below(100);
    let local = match chance.weighted(&[30, 15, 15, 15, 25]) {
        0 => format!("{first}.{surname}"),
        1 => format!("{first}.{surname}{number}"),
        2 => format!("{surname}{number}"),
        3 => format!("{first}{}", chance.below(10_000)),
        _ => format!("{}{}{number}", word(chance), word(chance)),
    };
    format!("{local}@{}", PROVIDERS[chance.weighted(&PROVIDER_WEIGHTS)])
}

/// A word that means nothing.
pub fn word(chance: &mut Chance) -> String {
    const BEGINNINGS: [&str; 12] = ["ba", "ko", "mi", "ru", "ze", "ta", "lo", "pi", "sa", "ne", "do", "fu"];
    const ENDINGS: [&str; 12] = ["ra", "nek", "la", "tos", "mi", "ga", "lik", "dor", "ska", "ne", "vo", "xis"];
    format!("{}{}", chance.one_of(&BEGINNINGS), chance.one_of(&ENDINGS))
}

pub fn phone(chance: &mut Chance) -> String {
    format!("{}", 500_000_000 + chance.below(399_999_999))
}

/// A street address; most are flats.
pub fn address(chance: &mut Chance) -> (String, String) {
    let street = STREETS[chance.below(STREETS.len() as u64) as usize];
    let house = 1 + chance.below(120);
    let line = match chance.happens(650) {
        true => format!("ul. {street} {house}/{}", 1 + chance.below(60)),
        false => format!("ul. {street} {house}"),
    };
    (line, format!("{:02}-{:03}", chance.below(90) + 10, chance.below(1_000)))
}

fn plain(text: &str) -> String {
    let plain = |letter: char| match letter {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        other => other,
    };
    text.to_lowercase().chars().map(plain).collect()
}
