//! What a new version of a programme means to its members.

use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::diff::{Change, ForMembers, compare};
use lojal_core::programme::{Programme, parse_toml, starter};

fn programme(text: &str) -> Programme {
    parse_toml(text).unwrap_or_else(|findings| panic!("{}", findings[0]))
}

fn starter_with(extra: &str) -> Programme {
    programme(&format!("{}\n{extra}", starter(Language::En)))
}

fn day(text: &str) -> Instant {
    programme(starter(Language::En)).calendar.parse(text).unwrap()
}

fn effects(changes: &[Change]) -> Vec<(&str, ForMembers, bool)> {
    changes.iter().map(|change| (change.pointer.as_str(), change.effect, change.notice)).collect()
}

const SUMMER: &str = "[campaigns.summer]\nname = { en = \"Summer\", pl = \"Lato\" }\nmultiplier = 2\n\
                      from = \"2026-06-01\"\nuntil = \"2026-08-31\"\n";

#[test]
fn what_is_over_is_taken_from_nobody() {
    let (with, without) = (starter_with(SUMMER), starter_with(""));
    for (at, effect) in [
        ("2026-05-01", ForMembers::Worse),
        ("2026-08-31 23:59", ForMembers::Worse),
        ("2026-09-01", ForMembers::Neutral),
    ] {
        let diff = compare(&with, &without, day(at));
        let notice = effect == ForMembers::Worse;
        assert_eq!(effects(&diff.changes), [("/campaigns/summer", effect, notice)], "{at}");
    }
}

#[test]
fn what_has_begun_cannot_begin_earlier() {
    let earlier = starter_with(&SUMMER.replace("2026-06-01", "2026-05-15"));
    let summer = starter_with(SUMMER);
    for (at, effect) in [("2026-05-01", ForMembers::Better), ("2026-07-01", ForMembers::Neutral)] {
        assert_eq!(
            effects(&compare(&summer, &earlier, day(at)).changes),
            [("/campaigns/summer/until", effect, false)],
            "{at}"
        );
    }
}

#[test]
fn a_multiplier_below_one_is_nothing_to_be_glad_of() {
    let slow = starter_with(&SUMMER.replace("multiplier = 2", "multiplier = \"0.5\""));
    let without = starter_with("");
    let at = day("2026-07-01");
    assert_eq!(effects(&compare(&without, &slow, at).changes), [("/campaigns/summer", ForMembers::Worse, true)]);
    assert_eq!(effects(&compare(&slow, &without, at).changes), [("/campaigns/summer", ForMembers::Better, false)]);
}

#[test]
fn more_decimals_change_no_amount() {
    let text = starter(Language::En);
    let finer = text.replacen("currency = \"PLN\"", "currency = \"PLN\"\ndecimals = 4", 1);
    let diff = compare(&programme(text), &programme(&finer), day("2026-07-01"));
    assert_eq!(effects(&diff.changes), [("/programme/decimals", ForMembers::Mixed, true)]);
}

#[test]
fn another_name_in_the_document_is_another_thing() {
    let text = starter(Language::En);
    let renamed = text.replacen("[rewards.mug]", "[rewards.cup]", 1);
    let diff = compare(&programme(text), &programme(&renamed), day("2026-07-01"));
    assert_eq!(
        effects(&diff.changes),
        [("/rewards/mug", ForMembers::Worse, true), ("/rewards/cup", ForMembers::Better, false)]
    );
    assert_eq!(diff.needs_notice().count(), 1);
}

#[test]
fn the_same_said_in_another_way_is_no_change() {
    let text = starter(Language::En);
    let other = text.replacen("rate = 1\nper = \"1.00\"", "per = \"1\"", 1).replacen(
        "multiplier = 2\n",
        "multiplier = \"2.00\"\n",
        1,
    );
    assert!(compare(&programme(text), &programme(&other), day("2026-07-01")).changes.is_empty());
}

#[test]
fn a_version_holds_from_its_moment_until_a_later_one_does() {
    use lojal_core::programme::Rulebook;
    use std::sync::Arc;
    let version = |number: u32, from: Option<&str>| {
        let mut version = starter_with("");
        version.version = number;
        (Arc::new(version), from.map(day))
    };
    let rulebook = Rulebook::dated([
        version(1, None),
        version(2, Some("2026-06-01")),
        version(3, Some("2026-08-01")),
        version(4, Some("2026-07-01")),
    ]);
    let live = |rulebook: &Rulebook, at: &str| rulebook.live_at(day(at)).map(|programme| programme.version);
    for (at, holds) in [
        ("2020-01-01", 1),
        ("2026-05-31 23:59", 1),
        ("2026-06-01", 2),
        ("2026-06-30", 2),
        ("2026-07-01", 4),
        ("2026-09-01", 4),
    ] {
        assert_eq!(live(&rulebook, at), Some(holds), "{at}");
        // As it stood when that version held, whatever was published since.
        assert_eq!(live(&rulebook.up_to(holds), at), Some(holds), "{at}");
        assert_eq!(rulebook.at(day(at)).live().map(|programme| programme.version), Some(holds), "{at}");
        assert_eq!(rulebook.has_waiting(day(at)), holds != 4, "{at}");
    }
    assert_eq!(rulebook.latest().map(|programme| programme.version), Some(4));
}
