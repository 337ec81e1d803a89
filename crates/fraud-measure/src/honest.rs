//! Honest people who look like crooks.

use crate::people::{Home, Person, Place};
use crate::set::{Cohort, Coming, DAY, DAYS, Draft, HOUR};
use crate::world::about;

/// Fills the set up to so many referrals.
pub fn fill(draft: &mut Draft, referrals: u64) {
    let bystanders = referrals / 3;
    for _ in 0..bystanders {
        bystander(draft);
    }
    while draft.number() < referrals {
        let room = referrals - draft.number();
        // The rarer ones bring many at once.
        match draft.chance.weighted(&[420, 200, 70, 90, 60, 8, 2]) {
            0 => friends(draft, room),
            1 => household(draft, room),
            2 => colleagues(draft, room),
            3 => neighbours(draft),
            4 => shop_tablet(draft),
            5 => word_of_mouth(draft, room),
            _ => burst(draft, referrals, room),
        }
    }
}

/// Customers whom nobody recommended: they use the same lockers, lines and tablets.
fn bystander(draft: &mut Draft) {
    let person = draft.person();
    let until = draft.chance.between(DAY, DAYS * DAY);
    draft.customer(&person, until);
    match draft.chance.below(100) {
        0..4 => {
            let shop = draft.chance.below(4);
            draft.come_by(&person, Place::Shop(shop), true, until);
        }
        4..14 => {
            let office = draft.chance.below(draft.world.offices);
            draft.come_by(&person, Place::Office(office), true, until);
        }
        14..19 => draft.come_by(&person, Place::Campus, true, until),
        _ => {}
    }
}

fn any_time(draft: &mut Draft) -> i64 {
    draft.chance.between(DAY, DAYS * DAY)
}

/// How many friends an advocate has: most have one, a few have many.
fn number(draft: &mut Draft) -> u64 {
    match draft.chance.weighted(&[620, 180, 120, 60, 20]) {
        0 => 1,
        1 => 2,
        2 => draft.chance.between(3, 5) as u64,
        3 => draft.chance.between(6, 12) as u64,
        _ => draft.chance.between(13, 35) as u64,
    }
}

fn friends(draft: &mut Draft, room: u64) {
    draft.cohort = Cohort::Friends;
    let advocate = draft.person();
    let start = any_time(draft);
    draft.customer(&advocate, start);
    for _ in 0..number(draft).min(room) {
        let friend = draft.person();
        let place = friend.usual_place(&mut draft.chance);
        let at = draft.chance.between(start, DAYS * DAY);
        draft.refer(&advocate, &friend, &Coming::usual(at, place));
        come_again(draft, &friend, at);
    }
}

/// Half of those who are honest come back.
fn come_again(draft: &mut Draft, friend: &Person, at: i64) {
    if draft.chance.happens(500) {
        let place = friend.usual_place(&mut draft.chance);
        let later = at + draft.chance.between(2 * DAY, 40 * DAY);
        draft.come_by(friend, place, true, later);
    }
}

/// People who live together: one address and line, mostly one surname, sometimes one tablet, rarely one card.
fn household(draft: &mut Draft, room: u64) {
    draft.cohort = Cohort::Household;
    let advocate = draft.person();
    let start = any_time(draft);
    draft.customer(&advocate, start);
    let mut home = advocate.home.clone();
    for _ in 0..(1 + draft.chance.weighted(&[70, 20, 8, 2]) as u64).min(room) {
        let mut friend = Person::at(home, &draft.world, &mut draft.chance);
        home = friend.home.clone();
        if draft.chance.happens(30) {
            friend.payment = advocate.payment.clone();
        }
        if draft.chance.happens(200) {
            friend.traits = advocate.traits.clone();
        }
        let place = match draft.chance.weighted(&[60, 18, 22]) {
            0 => Place::Home,
            1 => Place::Sofa,
            _ => Place::Mobile,
        };
        let at = draft.chance.between(start, DAYS * DAY);
        draft.refer(&advocate, &friend, &Coming::usual(at, place));
        come_again(draft, &friend, at);
    }
    if draft.chance.happens(180) {
        draft.come_by(&advocate, Place::Sofa, true, start - HOUR);
    }
}

/// One line at work, where some parcels go as well; or a campus with its halls of residence.
fn colleagues(draft: &mut Draft, room: u64) {
    draft.cohort = Cohort::Colleagues;
    let advocate = draft.person();
    let start = any_time(draft);
    draft.customer(&advocate, start);
    let office = draft.chance.below(draft.world.offices);
    let place = if draft.chance.happens(300) { Place::Campus } else { Place::Office(office) };
    draft.come_by(&advocate, place, true, start - HOUR);
    let to_work = draft.chance.happens(250);
    for _ in 0..draft.chance.between(1, 8).min(room as i64) {
        let mut friend = draft.person();
        if to_work {
            let house = office % 90 + 1;
            friend.home.line = match place {
                Place::Campus => format!("Dom Studencki, ul. Piastowska {}", house % 5 + 1),
                _ => format!("ul. Przemysłowa {house}"),
            };
            friend.home.postcode = format!("30-{:03}", office % 1_000);
            friend.by_locker = 300;
        }
        // Somebody tells the others over lunch, and some order at once.
        let soon = draft.chance.happens(400);
        let at = start + draft.chance.between(0, if soon { DAY } else { 60 * DAY });
        draft.refer(&advocate, &friend, &Coming::usual(at.min(DAYS * DAY), place));
        come_again(draft, &friend, at);
    }
}

/// One parcel locker, and sometimes one line for the whole block.
fn neighbours(draft: &mut Draft) {
    draft.cohort = Cohort::Neighbours;
    let advocate = draft.person();
    let start = any_time(draft);
    draft.customer(&advocate, start);
    let mut friend = draft.person();
    let own: Home = friend.home.clone();
    friend.home = Home { locker: advocate.home.locker, ..own };
    if draft.chance.happens(400) {
        friend.home.ip = advocate.home.ip.clone();
    }
    friend.by_locker = 950;
    let at = draft.chance.between(start, DAYS * DAY);
    draft.refer(&advocate, &friend, &Coming::usual(at, Place::Home));
    come_again(draft, &friend, at);
}

/// Joined in the shop, on its tablet, advocate and friend alike.
fn shop_tablet(draft: &mut Draft) {
    draft.cohort = Cohort::ShopTablet;
    let advocate = draft.person();
    let start = any_time(draft);
    draft.customer(&advocate, start);
    let shop = draft.chance.below(4);
    draft.come_by(&advocate, Place::Shop(shop), true, start - HOUR);
    let friend = draft.person();
    let together = draft.chance.happens(500);
    let at = if together { start + 600 } else { draft.chance.between(start, DAYS * DAY) };
    draft.refer(&advocate, &friend, &Coming { without_click: 600, ..Coming::usual(at, Place::Shop(shop)) });
    come_again(draft, &friend, at);
}

/// A hairdresser who tells customers a code; now and then there is a fair, and many come at once.
fn word_of_mouth(draft: &mut Draft, room: u64) {
    draft.cohort = Cohort::WordOfMouth;
    let advocate = draft.person();
    let start = draft.chance.between(DAY, (DAYS - 60) * DAY);
    draft.customer(&advocate, start);
    let without_click = draft.chance.between(600, 900) as u64;
    let fair = draft.chance.happens(200);
    let span = if fair { 6 * DAY } else { 60 * DAY };
    for _ in 0..draft.chance.between(10, 35).min(room as i64) {
        let friend = draft.person();
        let place = friend.usual_place(&mut draft.chance);
        let at = draft.chance.between(start, start + span);
        draft.refer(&advocate, &friend, &Coming { without_click, ..Coming::usual(at, place) });
        come_again(draft, &friend, at);
    }
}

/// Somebody with many readers posts the link: hundreds within two days, from telephones, some with the code from
/// a picture, many for as little as the offer asks.
fn burst(draft: &mut Draft, referrals: u64, room: u64) {
    draft.cohort = Cohort::Burst;
    let advocate = draft.person();
    let start = draft.chance.between(20 * DAY, (DAYS - 5) * DAY);
    draft.customer(&advocate, start);
    let most = (referrals / 100).clamp(30, 300) as i64;
    for _ in 0..draft.chance.between(most / 3, most).min(room as i64) {
        let friend = draft.person();
        let place = if draft.chance.happens(700) { Place::Mobile } else { Place::Home };
        let after = about(&mut draft.chance, 14 * HOUR);
        let usual = Coming::usual(start + after.min(4 * DAY), place);
        draft.refer(&advocate, &friend, &Coming { without_click: 250, thin: 280, quick: 15, ..usual });
        come_again(draft, &friend, start + after);
    }
}
