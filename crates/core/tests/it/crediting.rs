//! Who is credited with a friend, where editions are for some: as tables of who was met when.

use std::collections::BTreeMap;

use lojal_core::holder::Holder;
use lojal_core::kernel::{ClickId, Id, MemberId, Name};
use lojal_core::programme::Programme;
use lojal_core::referrals::attribution::{Outcome, Touch, TouchKind, Visitor};
use lojal_core::referrals::{Coming, Crediting, asks_advocates, credit};

use super::shop::{POINTS, Shop, check};

const VIP: &str = r#"
[referrals.vip]
name = { en = "For the best" }
advocates = [{ field = "member.segments", is = "vip" }]
window = "20 days"
from = "2026-01-10"
"#;
const EVERYBODY: &str = r#"
[referrals.everybody]
name = { en = "For everybody" }
credit = "first"
window = "40 days"
"#;
const ENDED: &str = r#"
[referrals.everybody]
name = { en = "For everybody" }
until = "2026-01-20"
"#;
const SEGMENT: &str = r#"
[labels.segment]
vip = { en = "VIP" }
"#;

/// Ada may recommend under every edition, Ben and Kim are no VIPs, and Eve comes.
fn town(editions: &[&str]) -> Shop {
    let parts: Vec<&str> = [POINTS, SEGMENT].into_iter().chain(editions.iter().copied()).collect();
    let people = "2026-01-01 ada joins segment=vip
                  2026-01-01 ben joins
                  2026-01-01 kim joins
                  2026-01-01 eve joins";
    check(&parts, people)
}

/// Says who is credited with Eve, who comes on 1 February at noon, by lines such as `2026-01-20 ben` or
/// `2026-01-20 ada robot`.
fn credited(shop: &Shop, named: Option<&str>, met: &str) -> Crediting {
    let programme: &Programme = shop.rulebook.live().unwrap();
    let touch = |(number, line): (i64, &str)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let visitor = if words.contains(&"robot") { Visitor::Robot } else { Visitor::Person };
        let kind = if words.contains(&"code") { TouchKind::Code } else { TouchKind::Click };
        let advocate = MemberId(shop.id_of(&Name::from(words[1])).0);
        let id = ClickId(Id::from_number(number).unwrap());
        Touch { at: shop.moment(words[0]), id, advocate, kind, visitor }
    };
    let touches: Vec<Touch> = (1..).zip(met.lines()).map(touch).collect();
    let advocates: BTreeMap<MemberId, Holder> =
        shop.holders.values().map(|holder| (MemberId(holder.id.0), holder.clone())).collect();
    let came_at = shop.moment("2026-02-01T12:00");
    let named = named.map(Name::from);
    let coming = Coming {
        friend: &shop.holders["eve"],
        named: named.as_ref(),
        touches: &touches,
        advocates: &advocates,
        came_at,
        now: came_at,
    };
    credit(programme, &coming)
}

/// `vip ada` for who is credited by which edition, and what became of each touch.
fn said(shop: &Shop, crediting: &Crediting) -> (String, Vec<Outcome>) {
    let name = |advocate: MemberId| {
        let found = shop.holders.iter().find(|(_, holder)| holder.id.0 == advocate.0);
        found.map_or("", |(name, _)| name.as_str())
    };
    let edition = crediting.referral.as_deref().unwrap_or("none");
    let credits = crediting.attribution.credits.iter().map(|credit| format!(" {}", name(credit.advocate)));
    let outcomes = crediting.attribution.trace.iter().map(|(_, outcome)| *outcome).collect();
    (credits.fold(edition.to_owned(), |said, name| said + &name), outcomes)
}

#[test]
fn an_edition_counts_for_those_who_may_recommend_under_it() {
    let shop = town(&[VIP, EVERYBODY]);
    for (met, expected) in [
        ("2026-01-20 ada", "vip ada"),
        ("2026-01-20 ben", "everybody ben"),
        // Whoever was met last says by which edition; by that one Kim and Ben may recommend, and so may Ada.
        ("2026-01-20 ben\n2026-01-25 ada", "vip ada"),
        ("2026-01-20 ada\n2026-01-25 ben", "everybody ada"),
        ("2026-01-19 kim\n2026-01-20 ada\n2026-01-25 ben", "everybody kim"),
        // What is over for one edition is not for another, nor what came before it.
        ("2026-01-11 ada\n2026-01-12 ben", "everybody ada"),
        ("2026-01-05 ada", "everybody ada"),
        // A program that looks at the link of a VIP says nothing.
        ("2026-01-20 ben\n2026-01-25 ada robot", "everybody ben"),
        ("2026-01-25 ada robot", "none"),
        // Clocks differ, where nothing else was met.
        ("2026-02-01T12:30 ben", "everybody ben"),
        ("2026-01-20 ben\n2026-02-01T12:30 ada", "everybody ben"),
        ("", "none"),
    ] {
        assert_eq!(said(&shop, &credited(&shop, None, met)).0, expected, "{met}");
    }
    let (_, outcomes) = said(&shop, &credited(&shop, None, "2026-01-20 ben\n2026-01-25 ada\n2026-02-01T12:30 kim"));
    let whole = Outcome::Credited { share: 100 };
    assert_eq!(outcomes, [Outcome::LeadsToNobody, whole, Outcome::LeadsToNobody]);
}

#[test]
fn whoever_may_recommend_is_credited_before_one_who_was_met_later_and_may_not() {
    for (editions, named) in [(&[VIP][..], None), (&[VIP, ENDED], None), (&[VIP, EVERYBODY], Some("vip"))] {
        let shop = town(editions);
        let crediting = credited(&shop, named, "2026-01-21 ada\n2026-01-25 ben");
        let outcomes = vec![Outcome::Credited { share: 100 }, Outcome::LeadsToNobody];
        assert_eq!(said(&shop, &crediting), ("vip ada".to_owned(), outcomes));
    }
}

#[test]
fn where_nobody_may_recommend_they_are_credited_and_told_why_it_comes_to_nothing() {
    // With one edition, with one that ended besides, and where it is named: the same.
    for (editions, named) in [(&[VIP][..], None), (&[VIP, ENDED], None), (&[VIP, EVERYBODY], Some("vip"))] {
        let shop = town(editions);
        let crediting = credited(&shop, named, "2026-01-21 kim\n2026-01-25 ben");
        let (who, outcomes) = said(&shop, &crediting);
        assert_eq!(who, "vip ben");
        assert_eq!(outcomes[1], Outcome::Credited { share: 100 });
    }
    // One who may, and was met too long ago, is no reason to pass over the others.
    let shop = town(&[VIP, ENDED]);
    let crediting = credited(&shop, None, "2026-01-10 ada\n2026-01-25 ben");
    assert_eq!(said(&shop, &crediting).0, "vip ben");
}

#[test]
fn advocates_are_asked_only_where_it_makes_a_difference() {
    let vip = town(&[VIP, EVERYBODY]).rulebook;
    let vip = vip.live().unwrap();
    assert!(asks_advocates(vip, None) && asks_advocates(vip, Some(&Name::from("vip"))));
    assert!(!asks_advocates(vip, Some(&Name::from("everybody"))));
    let everybody = town(&[EVERYBODY]).rulebook;
    assert!(!asks_advocates(everybody.live().unwrap(), None));
}
