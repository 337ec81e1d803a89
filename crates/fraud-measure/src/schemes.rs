//! How friends are made up.

use lojal_simulation::chance::Chance;

use crate::people::{Home, Person, Place, card};
use crate::set::{Cohort, Coming, DAY, DAYS, Draft, HOUR, WAITING_DAYS};
use crate::world::{address, email, first_name, full_name, is_woman, phone, surname, word};

/// Makes so many friends up, or a few more, as the last group is made whole.
pub fn fill(draft: &mut Draft, made_up: u64) {
    let mut counted = 0;
    while counted < made_up {
        draft.group += 1;
        counted += match draft.chance.weighted(&[300, 200, 50, 50, 16, 25, 80]) {
            0 => self_referral(draft),
            1 => careful_self_referral(draft),
            2 => ring(draft, Cohort::FastRing),
            3 => ring(draft, Cohort::SlowRing),
            // In a small set a single code must not be all that there is.
            4 if made_up < 60 => 0,
            4 => coupon_site(draft),
            5 => return_abuse(draft),
            _ => second_account(draft),
        };
    }
}

fn crook(draft: &mut Draft) -> (Person, i64) {
    let advocate = draft.person();
    let start = draft.chance.between(5 * DAY, (DAYS - 5) * DAY);
    draft.customer(&advocate, start);
    (advocate, start)
}

/// Somebody who is not there: a name and a mail address, and what else is at hand.
fn nobody(draft: &mut Draft, home: Home) -> Person {
    let mut person = Person::at(home, &draft.world, &mut draft.chance);
    person.name = any_name(&mut draft.chance);
    person
}

fn any_name(chance: &mut Chance) -> String {
    let woman = is_woman(chance);
    let surname = surname(chance);
    full_name(first_name(chance, woman), &surname, woman)
}

/// On one's own telephone, with a second mail address.
fn self_referral(draft: &mut Draft) -> u64 {
    draft.cohort = Cohort::SelfReferral;
    let (advocate, start) = crook(draft);
    let number = 1 + draft.chance.weighted(&[70, 20, 10]) as u64;
    for _ in 0..number {
        let mut friend = nobody(draft, advocate.home.clone());
        let chance = &mut draft.chance;
        friend.device = advocate.device.clone();
        friend.traits = advocate.traits.clone();
        if chance.happens(450) {
            friend.name = advocate.name.clone();
        }
        if chance.happens(550) {
            friend.payment = advocate.payment.clone();
        }
        if chance.happens(250) {
            friend.phone = advocate.phone.clone();
        }
        if let Some((local, domain)) = advocate.email.split_once('@')
            && chance.happens(500)
        {
            friend.email = match chance.below(3) {
                0 => format!("{local}+{}@{domain}", chance.below(9)),
                1 => draft.world.free(format!("{local}{}@{domain}", chance.below(9))),
                _ => draft.world.free(format!("{local}@o2.pl")),
            };
        }
        friend.by_locker = advocate.by_locker;
        let place = if chance.happens(750) { Place::Home } else { Place::Mobile };
        let at = start + chance.between(HOUR, 10 * DAY);
        let usual = Coming::usual(at, place);
        draft.refer(&advocate, &friend, &Coming { without_click: 250, thin: 500, quick: 40, ..usual });
    }
    number
}

/// With another card, in another browser, under another name: what a household looks like.
fn careful_self_referral(draft: &mut Draft) -> u64 {
    draft.cohort = Cohort::CarefulSelfReferral;
    let (advocate, start) = crook(draft);
    let number = 1 + draft.chance.weighted(&[60, 25, 15]) as u64;
    for _ in 0..number {
        let mut friend = nobody(draft, advocate.home.clone());
        let (other_line, other_postcode) = address(&mut draft.chance);
        let chance = &mut draft.chance;
        friend.payment = chance.happens(500).then(|| card(chance));
        friend.phone = chance.happens(300).then(|| phone(chance));
        if chance.happens(500) {
            friend.traits = advocate.traits.clone();
        }
        if chance.happens(200) {
            friend.device = advocate.device.clone();
        }
        if chance.happens(150) {
            friend.email = draft.world.free(format!("{}{}@yopmail.com", word(chance), chance.below(100)));
        }
        if chance.happens(250) {
            friend.home.line = other_line;
            friend.home.postcode = other_postcode;
        }
        friend.by_locker = if chance.happens(500) { 950 } else { 50 };
        let place = match chance.weighted(&[55, 30, 15]) {
            0 => Place::Home,
            1 => Place::Mobile,
            _ => Place::Vpn,
        };
        let at = start + chance.between(DAY, 40 * DAY);
        let usual = Coming::usual(at.min(DAYS * DAY), place);
        draft.refer(&advocate, &friend, &Coming { without_click: 200, thin: 600, ..usual });
    }
    number
}

/// What a ring works with.
struct Tools {
    devices: Vec<String>,
    /// A browser that looks new each time.
    is_wiped: bool,
    traits: Vec<String>,
    cards: Option<Vec<String>>,
    /// Virtual cards, one a friend.
    is_virtual: bool,
    homes: Vec<Home>,
    is_by_locker: bool,
    place: Place,
    phone: Option<String>,
    base: Option<String>,
    is_disposable: bool,
    /// In a thousand orders, how many are for hardly more than is needed.
    thin: u64,
}

fn tools(draft: &mut Draft, advocate: &Person, size: u64) -> Tools {
    let devices = size.div_ceil(draft.chance.between(2, 5) as u64);
    let devices: Vec<String> = (0..devices).map(|_| draft.world.device(&mut draft.chance)).collect();
    let traits: Vec<String> = (0..2).map(|_| draft.world.traits(&mut draft.chance)).collect();
    let mut homes: Vec<Home> = (0..5).map(|_| Home::new(&draft.world, &mut draft.chance)).collect();
    let chance = &mut draft.chance;
    // Some send everything to themselves, some to two or three places, some to a friend of each.
    homes.truncate([1, 3, 5][chance.weighted(&[45, 35, 20])]);
    if chance.happens(250) {
        homes[0] = advocate.home.clone();
    }
    let line = homes[0].ip.clone();
    homes.iter_mut().for_each(|home| home.ip = line.clone());
    let payment = chance.weighted(&[25, 45, 30]);
    Tools {
        devices,
        is_wiped: chance.happens(350),
        traits,
        cards: (payment == 0).then(|| (0..2).map(|_| card(chance)).collect()),
        is_virtual: payment == 1,
        homes,
        is_by_locker: chance.happens(550),
        place: [Place::Home, Place::Mobile, Place::Vpn][chance.weighted(&[25, 35, 40])],
        phone: chance.happens(100).then(|| phone(chance)),
        base: chance.happens(400).then(|| format!("{}{}{}", word(chance), word(chance), word(chance))),
        is_disposable: chance.happens(200),
        thin: chance.between(450, 950) as u64,
    }
}

fn made_up(draft: &mut Draft, tools: &Tools) -> Person {
    let home = draft.chance.one_of(&tools.homes).clone();
    let mut friend = nobody(draft, home);
    let fresh = draft.world.device(&mut draft.chance);
    let chance = &mut draft.chance;
    friend.device = if tools.is_wiped { fresh } else { chance.one_of(&tools.devices).clone() };
    if chance.happens(750) {
        friend.traits = chance.one_of(&tools.traits).clone();
    }
    friend.payment = match &tools.cards {
        Some(cards) => Some(chance.one_of(cards).clone()),
        None => tools.is_virtual.then(|| card(chance)),
    };
    friend.phone = tools.phone.clone().or_else(|| chance.happens(400).then(|| phone(chance)));
    friend.by_locker = if tools.is_by_locker { 950 } else { 50 };
    let number = chance.below(1_000);
    let (first, last) = friend.name.split_once(' ').unwrap_or_default();
    friend.email = draft.world.free(match &tools.base {
        _ if tools.is_disposable => format!("{}{number}@mailinator.com", word(chance)),
        Some(base) => format!("{base}{number}@gmail.com"),
        None => email(chance, first, last),
    });
    // The same flat under several numbers.
    if chance.happens(150) {
        friend.home.line.push('a');
    }
    friend
}

/// Friend after friend who is nobody, within a week or over months; some who are real in between.
fn ring(draft: &mut Draft, cohort: Cohort) -> u64 {
    draft.cohort = cohort;
    let (advocate, _) = crook(draft);
    let size = draft.chance.between(5, 15) as u64;
    let days = if cohort == Cohort::FastRing { draft.chance.between(2, 7) } else { draft.chance.between(30, 90) };
    let start = draft.chance.between(5 * DAY, (DAYS - days) * DAY);
    let tools = tools(draft, &advocate, size);
    for _ in 0..size {
        let friend = made_up(draft, &tools);
        let at = start + draft.chance.between(0, days * DAY);
        let quick = if cohort == Cohort::FastRing { 150 } else { 30 };
        let usual = Coming::usual(at, tools.place);
        draft.refer(&advocate, &friend, &Coming { without_click: 120, thin: tools.thin, quick, returns: 60, ..usual });
    }
    if draft.chance.happens(400) {
        draft.cohort = Cohort::FriendsOfCrooks;
        for _ in 0..draft.chance.between(2, 8) {
            let friend = draft.person();
            let place = friend.usual_place(&mut draft.chance);
            let at = start + draft.chance.between(-5 * DAY, (days + 5) * DAY);
            draft.refer(&advocate, &friend, &Coming::usual(at.clamp(0, DAYS * DAY), place));
        }
    }
    size
}

/// Strangers find the code on a site and save themselves the price of coming honestly.
fn coupon_site(draft: &mut Draft) -> u64 {
    draft.cohort = Cohort::CouponSite;
    let (advocate, _) = crook(draft);
    let number = draft.chance.between(22, 45) as u64;
    let days = draft.chance.between(3, 20);
    let start = draft.chance.between(5 * DAY, (DAYS - days) * DAY);
    for _ in 0..number {
        let friend = draft.person();
        let place = friend.usual_place(&mut draft.chance);
        let at = start + draft.chance.between(0, days * DAY);
        let usual = Coming::usual(at, place);
        draft.refer(&advocate, &friend, &Coming { without_click: 930, thin: 350, ..usual });
    }
    number
}

/// Real people who send it all back once the reward is there.
fn return_abuse(draft: &mut Draft) -> u64 {
    draft.cohort = Cohort::ReturnAbuse;
    let (advocate, _) = crook(draft);
    let number = draft.chance.between(5, 12) as u64;
    let days = draft.chance.between(20, 80);
    let start = draft.chance.between(5 * DAY, (DAYS - days) * DAY);
    for _ in 0..number {
        let mut friend = draft.person();
        if draft.chance.happens(200) {
            friend.home = advocate.home.clone();
        }
        let place = friend.usual_place(&mut draft.chance);
        let at = start + draft.chance.between(0, days * DAY);
        let returned_after = (WAITING_DAYS + 1, WAITING_DAYS + 16);
        let usual = Coming::usual(at, place);
        draft.refer(&advocate, &friend, &Coming { returns: 870, returned_after, thin: 300, ..usual });
    }
    number
}

/// A customer who comes again as somebody new.
fn second_account(draft: &mut Draft) -> u64 {
    draft.cohort = Cohort::SecondAccount;
    let (advocate, start) = crook(draft);
    let known = draft.person();
    draft.customer(&known, start);
    let mut friend = nobody(draft, known.home.clone());
    let fresh = draft.world.device(&mut draft.chance);
    let chance = &mut draft.chance;
    friend.name = if chance.happens(700) { known.name.clone() } else { friend.name };
    friend.payment = if chance.happens(600) { known.payment.clone() } else { None };
    friend.phone = if chance.happens(500) { known.phone.clone() } else { None };
    friend.device = if chance.happens(700) { known.device.clone() } else { fresh };
    friend.traits = known.traits.clone();
    friend.by_locker = known.by_locker;
    let at = start + chance.between(HOUR, 20 * DAY);
    draft.refer(&advocate, &friend, &Coming { thin: 300, ..Coming::usual(at.min(DAYS * DAY), Place::Home) });
    1
}
