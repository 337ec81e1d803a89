//! People with what they have, and the traces that they leave when they come by.

use lojal_core::kernel::{Id, Instant, MemberId};
use lojal_fraud::identifier::{Clear, Mark, Normalising, PostalAddress};
use lojal_simulation::chance::Chance;

use crate::world::{World, address, email, first_name, full_name, is_woman, phone, surname, word};

/// How often, in a thousand, something is not known of a visit.
const NO_DEVICE: u64 = 80;
const NO_IP: u64 = 30;
const NO_TRAITS: u64 = 100;
const NO_ADDRESS: u64 = 80;

/// Where people live together.
#[derive(Clone)]
pub struct Home {
    pub surname: String,
    /// Of those who live there: hardly anybody names a child as oneself.
    pub first_names: Vec<&'static str>,
    pub line: String,
    pub postcode: String,
    pub ip: String,
    /// A tablet on the sofa.
    pub tablet: String,
    pub locker: u64,
}

#[derive(Clone)]
pub struct Person {
    pub id: MemberId,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub device: String,
    pub traits: String,
    pub payment: Option<String>,
    pub home: Home,
    /// In a thousand orders, how many go to a parcel locker.
    pub by_locker: u64,
}

/// Where somebody is when coming by.
#[derive(Clone, Copy)]
pub enum Place {
    Home,
    /// The same, on what the household shares.
    Sofa,
    Mobile,
    Office(u64),
    Campus,
    /// On the shop's own tablet.
    Shop(u64),
    Vpn,
}

/// A visit that was seen.
pub struct Visit {
    pub party: MemberId,
    pub at: Instant,
    pub marks: Vec<Mark>,
}

impl Home {
    pub fn new(world: &World, chance: &mut Chance) -> Home {
        let (line, postcode) = address(chance);
        Home {
            surname: surname(chance),
            first_names: Vec::new(),
            line,
            postcode,
            ip: world.home_ip(chance),
            tablet: world.device(chance),
            locker: world.any_locker(chance),
        }
    }
}

impl Person {
    pub fn new(world: &World, chance: &mut Chance) -> Person {
        let home = Home::new(world, chance);
        Person::at(home, world, chance)
    }

    /// Somebody of a household: three in four have its surname.
    pub fn at(mut home: Home, world: &World, chance: &mut Chance) -> Person {
        let woman = is_woman(chance);
        // The first one gives a household its name.
        let is_named = home.first_names.is_empty() || chance.happens(750);
        let own = if is_named { home.surname.clone() } else { surname(chance) };
        let mut first = first_name(chance, woman);
        while home.first_names.contains(&first) && !chance.happens(10) {
            first = first_name(chance, woman);
        }
        home.first_names.push(first);
        Person {
            id: id(chance),
            name: full_name(first, &own, woman),
            email: world.free(match chance.happens(4) {
                // Some who are honest do not like to give theirs.
                true => format!("{}{}@yopmail.com", word(chance), chance.below(1_000)),
                false => email(chance, first, &own),
            }),
            phone: chance.happens(650).then(|| phone(chance)),
            device: world.device(chance),
            traits: world.traits(chance),
            payment: chance.happens(700).then(|| card(chance)),
            home,
            by_locker: if chance.happens(600) { 900 } else { 100 },
        }
    }

    /// Where honest people mostly are.
    pub fn usual_place(&self, chance: &mut Chance) -> Place {
        match chance.weighted(&[55, 38, 4, 3]) {
            0 => Place::Home,
            1 => Place::Mobile,
            2 => Place::Vpn,
            _ => Place::Sofa,
        }
    }

    /// What is seen of a visit. `pays` is whether it ends with an order.
    pub fn visit(&self, place: Place, pays: bool, at: Instant, world: &World, chance: &mut Chance) -> Visit {
        let shop = match place {
            Place::Shop(number) => Some(world.shop_tablet(number)),
            _ => None,
        };
        let ip = match place {
            // One in twenty visits finds the line under another address of its network.
            Place::Home | Place::Sofa if chance.happens(50) => moved(&self.home.ip, chance),
            Place::Home | Place::Sofa => self.home.ip.clone(),
            Place::Mobile => world.mobile_ip(chance),
            Place::Office(office) => world.office_ip(office),
            Place::Campus => world.campus_ip(chance),
            Place::Vpn => world.vpn_ip(chance),
            Place::Shop(_) => shop.as_ref().map(|(_, ip)| ip.clone()).unwrap_or_default(),
        };
        let device = match (place, &shop) {
            (_, Some((tablet, _))) => tablet,
            (Place::Sofa, _) => &self.home.tablet,
            _ => &self.device,
        };
        let known = |chance: &mut Chance, missing: u64| !chance.happens(missing);
        let locker = world.locker(self.home.locker);
        let sent_to = if chance.happens(self.by_locker) {
            PostalAddress { line: &locker, country: "PL", ..PostalAddress::default() }
        } else {
            PostalAddress { line: &self.home.line, postcode: &self.home.postcode, town: "", country: "PL" }
        };
        let clear = Clear {
            name: Some(&self.name),
            email: Some(&self.email),
            phone: self.phone.as_deref(),
            device: known(chance, NO_DEVICE).then_some(device.as_str()),
            ip: known(chance, NO_IP).then_some(ip.as_str()),
            address: (pays && known(chance, NO_ADDRESS)).then_some(sent_to),
            payment: self.payment.as_deref().filter(|_| pays),
            traits: known(chance, NO_TRAITS).then_some(self.traits.as_str()),
            locker: None,
        };
        let marks = clear.marks(&Normalising::default(), &world.keyed());
        Visit { party: self.id, at, marks }
    }

    /// What is compared in the clear when a friend orders.
    pub fn portrait(&self) -> Clear<'_> {
        Clear { name: Some(&self.name), email: Some(&self.email), ..Clear::default() }
    }
}

/// Says nothing about whose it is or when it was made.
fn id(chance: &mut Chance) -> MemberId {
    let number = (chance.bits() >> 1) as i64;
    MemberId(Id::from_number(number).unwrap_or(Id::new(0, 0, lojal_core::kernel::Part::PROGRAMME)))
}

pub fn card(chance: &mut Chance) -> String {
    format!("card-{:016x}", chance.bits())
}

fn moved(ip: &str, chance: &mut Chance) -> String {
    match ip.rsplit_once('.') {
        Some((network, _)) => format!("{network}.{}", 2 + chance.below(250)),
        None => ip.to_owned(),
    }
}
