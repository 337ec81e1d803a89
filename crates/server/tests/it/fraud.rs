//! What is kept to tell made-up referrals: the same verdicts as with everything in memory, true counts, and nothing
//! left of whoever asks to be forgotten.

use std::collections::BTreeMap;

use lojal_core::kernel::{Id, Instant, MemberId, Money, Part};
use lojal_fraud::detector::Detector;
use lojal_fraud::identifier::{Clear, IdentifierKind, Mark, PostalAddress};
use lojal_fraud::likeness::Likeness;
use lojal_fraud::policy::{Policy, Retention, Rule, Verdict};
use lojal_fraud::referral::Referral;
use lojal_fraud_measure::policy;
use lojal_fraud_measure::set::{DAY, Event, Set};
use lojal_server::platform::fraud::{
    assess, fraud_forget, fraud_merge, marks, referral_add, referral_note_return, sightings_add,
};
use lojal_server::platform::sql;

use crate::shop::{Shop, moment};

const SEED: u64 = 7_001;
const REFERRALS: u64 = 700;
/// How often what is old goes, in days.
const FORGETTING: i64 = 30;

async fn see(shop: &Shop, detector: &mut Detector, event: &Event) {
    let mut transaction = shop.application.database.write_aside().await.unwrap();
    match event {
        Event::Visit(visit) => {
            detector.observe(visit.party, &visit.marks, visit.at);
            sightings_add(&mut transaction, visit.party, &visit.marks, visit.at).await.unwrap();
        }
        Event::Return(friend) => {
            detector.note_return(*friend);
            referral_note_return(&mut transaction, *friend).await.unwrap();
        }
        Event::Referral(referral) => {
            let is_new = detector.refer(*referral).is_ok();
            assert_eq!(referral_add(&mut transaction, referral).await.unwrap(), is_new);
        }
    }
    transaction.commit().await.unwrap();
}

async fn assert_alike(shop: &Shop, detector: &Detector, friend: MemberId) -> Verdict {
    let mut snapshot = shop.application.database.snapshot().await.unwrap();
    let kept = assess(&mut snapshot, detector.policy(), friend).await.unwrap();
    let known = detector.assess(friend);
    assert_eq!(kept, known, "{friend}");
    known.unwrap().verdict
}

/// At the order, when little is known, and at the end, when much has been forgotten again.
#[tokio::test]
async fn out_of_the_tables_comes_what_comes_out_of_memory() {
    let shop = Shop::open().await;
    let set = Set::generate(SEED, REFERRALS);
    let mut detector = Detector::new(policy()).unwrap();
    let mut friends = Vec::new();
    let mut verdicts: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut forgotten = set.events[0].0;
    for (at, event) in &set.events {
        if at.as_second() - forgotten.as_second() > FORGETTING * DAY {
            forgotten = *at;
            let retention = &detector.policy().retention.clone();
            let kept = fraud_forget(&shop.application.database, retention, *at).await.unwrap();
            assert_eq!(kept, detector.forget(*at));
        }
        see(&shop, &mut detector, event).await;
        if let Event::Referral(referral) = event {
            friends.push(referral.friend);
            if friends.len() % 4 == 0 || set.truths[&referral.friend].cohort.is_fraud() {
                assert_alike(&shop, &detector, referral.friend).await;
            }
        }
    }
    for friend in friends.iter().filter(|friend| detector.referrals().of_friend(**friend).is_some()) {
        *verdicts.entry(assert_alike(&shop, &detector, *friend).await).or_default() += 1;
    }
    assert!(verdicts.len() >= 3, "the set is not worth much: {verdicts:?}");
    assert_eq!(shop.count("sighting").await as usize, detector.graph().len());
    assert_eq!(shop.count("mark_party").await, shop.count("sighting where kind <> 12").await);
}

fn person(name: &'static str) -> Clear<'static> {
    Clear { name: Some(name), ..Clear::default() }
}

fn referral(advocate: MemberId, friend: MemberId, at: Instant) -> Referral {
    Referral {
        advocate,
        friend,
        at,
        clicked_at: None,
        likeness: Likeness::default(),
        disposable_mail: false,
        existing_customer: false,
        order: Money(25_000),
        least_order: None,
        stake: Money(4_000),
    }
}

/// By how many marks lead to how many parties.
async fn tallies(shop: &Shop) -> Vec<(i64, i64)> {
    let mut connection = shop.application.database.read().await.unwrap();
    let sql = "select parties, count(*) as marks from mark_tally group by parties order by parties";
    let rows = sql::rows(&mut connection, sql, vec![]).await.unwrap();
    rows.iter().map(|row| (sql::column(row, "parties").unwrap(), sql::column(row, "marks").unwrap())).collect()
}

#[tokio::test]
async fn who_is_merged_is_one_party_and_who_is_erased_is_none() {
    let shop = Shop::open().await;
    let (ada, ben, cy) = (shop.enrol("ada").await, shop.enrol("ben").await, shop.enrol("cy").await);
    let at = shop.clock.now();
    let card = Clear { payment: Some("tok_1"), device: Some("d-1"), ip: Some("83.4.5.6"), ..Clear::default() };
    for member in [ada, ben, cy] {
        shop.application.watch(member, &card, at).await.unwrap();
        shop.application.watch(member, &card, at).await.unwrap();
    }
    shop.application.watch(ben, &person("Ben Nowak"), at).await.unwrap();
    // A card, a device, a line and its network of three; a name of one. A surname leads to nobody.
    assert_eq!(tallies(&shop).await, [(1, 1), (3, 4)]);
    let policy = Policy::default();
    let mut transaction = shop.application.database.write_aside().await.unwrap();
    assert!(referral_add(&mut transaction, &referral(ben, cy, at)).await.unwrap());
    assert!(!referral_add(&mut transaction, &referral(ada, cy, at)).await.unwrap(), "a friend is recommended once");
    let found = assess(&mut transaction, &policy, cy).await.unwrap().unwrap();
    assert!(found.rules().any(|rule| rule == Rule::SamePayment) && found.verdict == Verdict::Reject, "{found:?}");
    assert_eq!(assess(&mut transaction, &policy, ada).await.unwrap(), None, "nobody recommended her");
    transaction.commit().await.unwrap();

    fraud_merge(&shop.application.database, ben, ada).await.unwrap();
    assert_eq!(tallies(&shop).await, [(1, 1), (2, 4)]);
    let mut connection = shop.application.database.read().await.unwrap();
    let found = assess(&mut connection, &policy, cy).await.unwrap().unwrap();
    assert!(found.findings.iter().any(|finding| format!("{:?}", finding.evidence).contains(&format!("{ada:?}"))));
    drop(connection);

    shop.application.erase_member(ada).await.unwrap();
    assert_eq!(tallies(&shop).await, [(1, 4)]);
    shop.application.watch(ada, &card, at).await.unwrap();
    assert_eq!(tallies(&shop).await, [(1, 4)], "whoever was erased is not watched");
    shop.application.erase_member(cy).await.unwrap();
    assert_eq!(tallies(&shop).await, []);
    assert_eq!((shop.count("sighting").await, shop.count("mark_party").await), (0, 0));
}

#[tokio::test]
async fn what_was_not_seen_for_long_goes_and_the_counts_with_it() {
    let shop = Shop::open().await;
    let (ada, ben) = (shop.enrol("ada").await, shop.enrol("ben").await);
    let line = Clear { ip: Some("83.4.5.6"), payment: Some("tok_1"), ..Clear::default() };
    shop.application.watch(ada, &line, moment("2026-01-01T00:00:00Z")).await.unwrap();
    shop.application.watch(ben, &line, moment("2026-04-01T00:00:00Z")).await.unwrap();
    let retention = Retention::default();
    let gone = fraud_forget(&shop.application.database, &retention, moment("2026-05-01T00:00:00Z")).await.unwrap();
    assert_eq!((gone.sightings, tallies(&shop).await), (2, vec![(1, 2), (2, 1)]));
    let gone = fraud_forget(&shop.application.database, &retention, moment("2026-05-01T00:00:00Z")).await.unwrap();
    assert_eq!(gone.sightings, 0);
}

#[tokio::test]
async fn marks_are_of_this_house_and_of_their_kind_alone() {
    let (one, other) = (Shop::open().await, Shop::open().await);
    let home = PostalAddress { line: "ul. Długa 5 m. 3", postcode: "00-238", town: "Warszawa", country: "PL" };
    let seen = Clear { address: Some(home), email: Some("Jan.Kowalski+x@gmail.com"), ..Clear::default() };
    let of = |shop: &Shop, seen: &Clear<'_>| marks(&shop.application.vault, seen, &Default::default());
    assert_eq!(of(&one, &seen), of(&one, &seen));
    assert_ne!(of(&one, &seen), of(&other, &seen));
    let same = Clear { address: Some(PostalAddress { line: "Długa 5/3", ..home }), ..Clear::default() };
    assert!(of(&one, &same).iter().all(|mark| of(&one, &seen).contains(mark)));
    let word = |kind: IdentifierKind| match kind {
        IdentifierKind::Device => Clear { device: Some("x-1"), ..Clear::default() },
        _ => Clear { payment: Some("x-1"), ..Clear::default() },
    };
    let hashes: Vec<[u8; 16]> = [IdentifierKind::Device, IdentifierKind::Payment]
        .iter()
        .flat_map(|kind| of(&one, &word(*kind)))
        .map(|Mark { hash, .. }| hash)
        .collect();
    assert!(hashes.len() == 2 && hashes[0] != hashes[1]);
}

/// However many share something, an assessment reads a bounded number of rows.
#[tokio::test]
async fn a_crowd_costs_no_more_than_a_few() {
    let shop = Shop::open().await;
    let everywhere = Clear { ip: Some("83.4.5.6"), device: Some("till"), ..Clear::default() };
    let shared = marks(&shop.application.vault, &everywhere, &Default::default());
    let at = shop.clock.now();
    let party = |number: i64| MemberId(Id::new(1_767_225_600_000 + number, 0, Part::from_number(number % 64).unwrap()));
    let mut transaction = shop.application.database.write_aside().await.unwrap();
    let mut detector = Detector::new(Policy::default()).unwrap();
    for number in 0..600 {
        sightings_add(&mut transaction, party(number), &shared, at).await.unwrap();
        detector.observe(party(number), &shared, at);
    }
    for number in 1..90 {
        let one = referral(party(number % 7), party(number + 10), at);
        assert_eq!(referral_add(&mut transaction, &one).await.unwrap(), detector.refer(one).is_ok());
    }
    for number in [11, 40, 99] {
        let found = assess(&mut transaction, &Policy::default(), party(number)).await.unwrap().unwrap();
        assert_eq!(Some(&found), detector.assess(party(number)).as_ref());
        assert!(found.touched < 2_000, "{}", found.touched);
    }
}
