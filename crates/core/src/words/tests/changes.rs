//! What changes between two versions, in both languages, with what it means to members.

use super::*;
use crate::programme::diff::{Diff, Kind, compare};
use crate::programme::{Programme, starter};

/// Pieces of the starter, and what stands in their place in the other version.
const EDITS: &[(&str, &str)] = &[
    ("id = \"club\"", "id = \"circle\""),
    ("name = { en = \"The Club\", pl = \"Klub\" }", "name = { en = \"The Circle\", pl = \"Klub\" }"),
    ("name = { en = \"The Club\", pl = \"Klub\" }", "name = { en = \"The Club\", pl = \"Krąg\" }"),
    ("languages = [\"en\", \"pl\"]", "languages = [\"pl\"]"),
    ("Europe/Warsaw", "Europe/Berlin"),
    ("currency = \"PLN\"", "currency = \"EUR\""),
    ("currency = \"PLN\"", "currency = \"PLN\"\ndecimals = 3"),
    ("currency = \"PLN\"", "currency = \"PLN\"\nexchange = { EUR = \"4.25\" }"),
    ("rounding = \"down\"", "rounding = \"up\""),
    ("join_on_first_order = true", "join_on_first_order = false"),
    ("[brands.shop]", "[brands.cafe]\nname = { en = \"The café\", pl = \"Kawiarnia\" }\n\n[brands.shop]"),
    ("name = { en = \"The shop\", pl = \"Sklep\" }", "name = { en = \"The store\", pl = \"Sklep\" }"),
    ("review = { en = \"review\"", "review = { en = \"opinion\""),
    ("many = \"points\"", "many = \"pts\""),
    ("many = \"punktów\", other = \"punktu\" }", "many = \"punktów\", other = \"punktu\" }\nscale = 1"),
    ("worth = { units = 100, money = \"5.00\" }", "worth = { units = 100, money = \"4.00\" }"),
    ("worth = { units = 100, money = \"5.00\" }", ""),
    ("debt = \"carry\"", "debt = \"block\""),
    ("debt = \"carry\"", "debt = \"forgive\""),
    ("debt = \"carry\"", "debt = \"carry\"\ncaps = { day = 500 }"),
    ("spend = \"expiring_first\"", "spend = \"oldest_first\""),
    ("pending = { after = \"closed\", for = \"14 days\" }", ""),
    ("pending = { after = \"closed\", for = \"14 days\" }", "pending = { after = \"closed\", for = \"1 month\" }"),
    ("pending = { after = \"closed\", for = \"14 days\" }", "pending = { after = \"paid\", for = \"30 days\" }"),
    ("expiry = { after_earning = \"12 months\", until_end_of = \"month\" }", ""),
    ("until_end_of = \"month\"", "until_end_of = \"year\""),
    ("after_earning = \"12 months\", until_end_of = \"month\"", "after_earning = \"1 year\""),
    ("after_earning = \"12 months\", until_end_of = \"month\"", "after_inactivity = \"6 months\""),
    ("after_earning = \"12 months\", until_end_of = \"month\"", "on = [\"12-31\"]"),
    (
        "after_earning = \"12 months\", until_end_of = \"month\"",
        "on = [\"06-30\", \"12-31\"], not_before = \"3 months\"",
    ),
    ("rate = 1\n", "rate = 2\n"),
    ("per = \"1.00\"", "per = \"2.50\""),
    ("per = \"1.00\"", "per = \"1.00\"\nremainder = \"carry\""),
    ("per = \"1.00\"", "per = \"1.00\"\nmultiplied = true\ncaps = { order = 200, month = 1000 }"),
    ("rate = 1\nper = \"1.00\"", "per_item = 5"),
    ("rate = 1\nper = \"1.00\"", "points = 5\nmultiplied = true"),
    ("per = \"1.00\"", "per = \"1.00\"\nlines = [{ field = \"line.category\", in = [\"coffee\", \"tea\"] }]"),
    ("per = \"1.00\"", "per = \"1.00\"\nexclude = { shipping = true, discounted_lines = true }"),
    ("per = \"1.00\"", "per = \"1.00\"\npending = { after = \"closed\", for = \"7 days\" }"),
    ("per = \"1.00\"", "per = \"1.00\"\nimmediate = true"),
    ("at_least = \"200.00\"", "at_least = \"250.00\""),
    ("at_least = \"200.00\"", "at_least = \"150.00\""),
    ("when = [{ field = \"order.total\", at_least = \"200.00\" }]", "when = [{ field = \"order.first\", is = true }]"),
    ("points = 50\n", "points = 40\n"),
    ("on = \"survey\"", "on = \"feedback\""),
    ("on = \"event\"\npoints = 20", "on = \"event\"\nper_value = { attribute = \"hours\", per = 2 }\nrate = 3"),
    ("on = \"event\"\npoints = 20", "on = \"event\"\npoints = 20\nmultiplied = true"),
    ("caps = { month = 30 }", "caps = { month = 20 }"),
    ("caps = { month = 30 }", ""),
    ("reward = \"birthday-code\"", "reward = \"coupon-10\""),
    ("[earning.survey]", "[earning.poll]"),
    ("gift_cards = true", "gift_cards = false\ntax = true"),
    ("multiplier = 2\napplies_to = [\"spend\"]", "multiplier = 3\napplies_to = [\"spend\"]"),
    ("applies_to = [\"spend\"]", ""),
    ("budget = 500000", "budget = 400000"),
    ("budget = 500000", ""),
    ("budget = 500000", "budget = 500000\nfrom = \"2026-07-01\"\nuntil = \"2026-12-31\""),
    ("in = [\"saturday\", \"sunday\"]", "in = [\"sunday\"]"),
    ("multipliers = \"additive\"", "multipliers = \"compound\""),
    ("multipliers = \"additive\"", "multipliers = \"best\""),
    ("name = { en = \"Status\", pl = \"Status\" }", "name = { en = \"Standing\", pl = \"Status\" }"),
    ("metric = \"spend\"", "metric = \"orders\""),
    ("window = \"12 months\"", "window = \"lifetime\""),
    ("window = \"12 months\"", "window = \"6 months\""),
    ("window = \"12 months\"", "window = \"calendar_year\"\nkeep = 2"),
    ("grace = \"30 days\"", ""),
    ("grace = \"30 days\"", "grace = \"60 days\"\non_return = \"keep\""),
    ("step_down = \"one\"", "step_down = \"to_earned\""),
    ("at = \"3000.00\"", "at = \"3500.00\""),
    ("at = \"1000.00\"", "at = \"900.00\""),
    ("multiplier = \"1.5\"", "multiplier = \"1.3\""),
    ("multiplier = \"1.5\"", ""),
    ("perks = [{ en = \"Free delivery\", pl = \"Darmowa dostawa\" }]", ""),
    (
        "perks = [{ en = \"Free delivery\", pl = \"Darmowa dostawa\" }]",
        "perks = [{ en = \"Fast delivery\", pl = \"Szybka dostawa\" }, { en = \"A gift\", pl = \"Upominek\" }]",
    ),
    (
        "[[tiers.status.levels]]\nid = \"silver\"\nname = { en = \"Silver\", pl = \"Srebrny\" }\nat = \"1000.00\"\n\
         multiplier = \"1.25\"\n",
        "",
    ),
    (
        "[[tiers.status.levels]]\nid = \"silver\"",
        "[[tiers.status.levels]]\nid = \"bronze\"\nname = { en = \"Bronze\", pl = \"Brązowy\" }\nat = \"500.00\"\n\n\
         [[tiers.status.levels]]\nid = \"silver\"",
    ),
    ("price = 200\n", "price = 250\n"),
    ("price = 500\n", "price = 400\ncash = \"10.00\"\n"),
    ("price = 500\n", "price = 450\n"),
    ("price = 500\n", ""),
    ("amount = \"10.00\"\nprice = 200", "amount = \"8.00\"\nprice = 200"),
    ("kind = \"amount_off\"\namount = \"10.00\"", "kind = \"gift_card\"\namount = \"10.00\""),
    ("kind = \"amount_off\"\namount = \"10.00\"", "kind = \"cash_back\"\namount = \"10.00\""),
    ("kind = \"free_shipping\"", "kind = \"experience\""),
    ("kind = \"exclusive_access\"", "kind = \"free_product\"\nproduct = \"TEE-02\""),
    ("amount = \"15.00\"", "amount = \"20.00\""),
    ("percent = 15", "percent = 10"),
    ("stock = 300\n", "stock = 200\n"),
    ("stock = 300\n", ""),
    ("limit = { times = 2, every = \"month\" }", "limit = { times = 2, every = \"year\" }"),
    ("limit = { times = 2, every = \"month\" }", ""),
    ("at_least = \"gold\"", "at_least = \"silver\""),
    ("prefix = \"CLUB\", valid = \"60 days\"", "prefix = \"CLUB\", valid = \"30 days\""),
    ("prefix = \"CLUB\", valid = \"60 days\"", "prefix = \"CLUB\""),
    ("voucher = { prefix = \"CLUB\", valid = \"60 days\" }", "voucher = { pool = \"codes\", valid = \"60 days\" }"),
    ("voucher = { prefix = \"CLUB\", valid = \"60 days\" }", ""),
    (
        "kind = \"amount_off\"\n",
        "kind = \"amount_off\"\nuntil = \"2026-12-31\"\ndescription = { en = \"Once\", pl = \"Raz\" }\n",
    ),
    ("[gifts]\nleast = 10\nmost = 1000\ncaps = { month = 2000 }", ""),
    ("[gifts]\nleast = 10\nmost = 1000\ncaps = { month = 2000 }", "[gifts]\nleast = 20\nunits = []"),
    ("[gifts]", "[transfers]\n\n[gifts]"),
    ("[households]\nmost = 6", ""),
    ("[households]\nmost = 6", "[households]\nmost = 4"),
    ("valid = \"30 minutes\"\nlongest = \"7 days\"\nmost = 20", "valid = \"1 hour\"\nlongest = \"1 day\"\nmost = 5"),
    ("[holds]", "[returns]\nwithout_order = \"ignore\"\n\n[holds]"),
    (
        "[brands.shop]",
        "[operator]\nname = \"Shop Ltd\"\nregistration = [\"KRS 1\"]\naddress = \"Quay 1\"\nemail = \"us@example.com\"\nminimum_age = 16\nnotice = \"7 days\"\nfrom = \"2026-12-01\"\n\
         complaints = { to = \"desk@example.com\", answer = \"30 days\" }\ndata_protection = { contact = \"dpo@example.com\" }\n\n[brands.shop]",
    ),
    ("\n[referrals.spring]", "\n[referrals.summer]"),
    ("Bring a friend\"", "Take a friend along\""),
    ("from = \"2027-03-01\"\nuntil = \"2027-05-31\"", ""),
    ("until = \"2027-05-31\"", "until = \"2027-06-30\""),
    ("advocates = [{ field = \"member.orders\", at_least = 2 }]", ""),
    ("friends = [{ field = \"member.orders\", at_most = 1 }]", ""),
    ("window = \"60 days\"", ""),
    ("credit = \"split\"", "credit = \"first\""),
    ("credit = \"split\"", ""),
    ("on = \"course\"", "on = \"survey\""),
    (
        "when = [{ field = \"activity.attribute.parts\", at_least = 3 }]",
        "when = [{ field = \"activity.attribute.parts\", at_least = 2 }]",
    ),
    ("wait = { after = \"placed\", for = \"30 days\" }", "wait = { after = \"placed\", for = \"14 days\" }"),
    ("qualify.wait = { after = \"placed\", for = \"30 days\" }", ""),
    ("qualify.within = \"90 days\"", "qualify.within = \"6 weeks\""),
    ("qualify.within = \"90 days\"", ""),
    ("caps = { month = 5 }", "caps = { month = 3, lifetime = 20 }"),
    ("budget = 1000", "budget = 2000"),
    ("budget = 1000", ""),
    ("on_return = \"keep\"", ""),
    ("review = \"all\"", ""),
    ("review = \"all\"", "review = \"none\""),
    ("variants = [\"coffee\", \"tea\"]", "variants = [\"coffee\", \"cake\"]"),
    ("variants = [\"coffee\", \"tea\"]", ""),
    ("flag_from = 300", "flag_from = 320"),
];

/// The starter, with an edition of recommendations and a setting of the detector.
fn base() -> String {
    format!("{}{EDITION}", starter(Language::En))
}

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź kogoś" }
from = "2027-03-01"
until = "2027-05-31"
advocates = [{ field = "member.orders", at_least = 2 }]
friends = [{ field = "member.orders", at_most = 1 }]
window = "60 days"
credit = "split"
caps = { month = 5 }
budget = 1000
on_return = "keep"
review = "all"
variants = ["coffee", "tea"]
qualify.on = "course"
qualify.when = [{ field = "activity.attribute.parts", at_least = 3 }]
qualify.wait = { after = "placed", for = "30 days" }
qualify.within = "90 days"

[fraud]
flag_from = 300
"#;

fn with(from: &str, to: &str) -> Programme {
    let text = base();
    assert!(text.contains(from), "{from}");
    parse_toml(&text.replacen(from, to, 1)).unwrap_or_else(|findings| panic!("{to}: {}", findings[0]))
}

fn diff(old: &Programme, new: &Programme) -> Diff {
    compare(old, new, moment("2026-06-01"))
}

#[test]
fn changes_are_told_in_both_languages() {
    let before = parse_toml(&base()).unwrap();
    let (pl, en) = (Words::new(Language::Pl), Words::new(Language::En));
    let mut actual = String::new();
    for (from, to) in EDITS {
        let diff = diff(&before, &with(from, to));
        assert!(!diff.changes.is_empty(), "{from} to {to}");
        for change in &diff.changes {
            let mark = if change.notice { ", to be announced" } else { "" };
            let name = format!("{} {}{mark}", change.pointer, change.effect.name());
            actual.push_str(&golden([(name, [pl.between(&diff).change(change), en.between(&diff).change(change)])]));
        }
    }
    assert_golden(&actual, include_str!("changes.txt"));
}

/// Each edit done backwards is as good as it was bad.
#[test]
fn what_is_taken_back_means_the_opposite() {
    use crate::programme::diff::ForMembers::{Better, Mixed, Neutral, Worse};
    let before = parse_toml(&base()).unwrap();
    for (from, to) in EDITS {
        let after = with(from, to);
        let effects = |diff: Diff| {
            let mut effects: Vec<_> = diff.changes.into_iter().map(|change| (change.pointer, change.effect)).collect();
            effects.sort();
            effects
        };
        let (forth, back) = (effects(diff(&before, &after)), effects(diff(&after, &before)));
        assert_eq!(forth.len(), back.len(), "{to}");
        for effect in [Better, Worse, Mixed, Neutral] {
            let opposite = match effect {
                Better => Worse,
                Worse => Better,
                other => other,
            };
            let count = |list: &[(String, _)], wanted| list.iter().filter(|(_, effect)| *effect == wanted).count();
            let is_another_name = |list: &[(String, _)]| list.iter().any(|(place, _)| place.starts_with("/brands/"));
            if !is_another_name(&forth) && !to.is_empty() {
                assert_eq!(count(&forth, effect), count(&back, opposite), "{from} to {to}: {forth:?}, {back:?}");
            }
        }
    }
}

#[test]
fn every_aspect_is_told_of() {
    let before = parse_toml(&base()).unwrap();
    let told: BTreeSet<String> = EDITS
        .iter()
        .flat_map(|(from, to)| diff(&before, &with(from, to)).changes)
        .filter_map(|change| match change.kind {
            Kind::Altered { aspect, .. } => Some(aspect.name()),
            _ => None,
        })
        .map(str::to_owned)
        .collect();
    let mut missing = variants(include_str!("../../programme/diff/mod.rs"), "Aspect");
    missing.retain(|aspect| !told.contains(aspect));
    // They need a second unit, and are told of below.
    assert_eq!(missing, BTreeSet::from(["spendable".to_owned(), "unit".to_owned()]));
}

#[test]
fn a_rule_may_give_another_unit() {
    let text = starter(Language::En).replacen(
        "[units.points]",
        "[units.stars]\nname.en = { one = \"star\", many = \"stars\" }\n\
         name.pl = { one = \"gwiazdka\", few = \"gwiazdki\", many = \"gwiazdek\" }\n\n[units.points]",
        1,
    );
    let text = text
        .replacen("rate = 1\n", "rate = 1\nunit = \"points\"\n", 1)
        .replace("\npoints = ", "\nunit = \"points\"\npoints = ")
        .replace("\nprice = ", "\nunit = \"points\"\nprice = ")
        .replacen("[gifts]", "[gifts]\nunits = [\"points\"]", 1);
    let before = parse_toml(&text).unwrap_or_else(|findings| panic!("{}", findings[0]));
    let moved = text.replacen("unit = \"points\"\npoints = 50", "unit = \"stars\"\npoints = 50", 1);
    let after = parse_toml(&moved.replacen("[units.stars]\n", "[units.stars]\nspendable = false\n", 1)).unwrap();
    let diff = diff(&before, &after);
    let words = Words::new(Language::Pl);
    let told: Vec<String> = diff.changes.iter().map(|change| spaced(&words.between(&diff).change(change))).collect();
    assert_eq!(
        told,
        [
            "Jednostka „Gwiazdki”, do wydawania: tak → nie.",
            "Zasada „50 punktów za rejestrację”, w jednostce: Punkty → Gwiazdki."
        ]
    );
}

#[test]
fn a_summary_counts_what_is_alike() {
    let before = parse_toml(&base()).unwrap();
    let text = base()
        .replacen("price = 200\n", "price = 250\n", 1)
        .replacen("price = 250\nlimit", "price = 300\nlimit", 1)
        .replacen("multiplier = \"1.5\"", "multiplier = \"1.3\"", 1)
        .replacen("perks = [{ en = \"Free delivery\", pl = \"Darmowa dostawa\" }]", "", 1)
        .replacen("[earning.survey]", "[earning.poll]", 1)
        .replacen("The shop", "The store", 1)
        .replacen("Europe/Warsaw", "Europe/Berlin", 1);
    let diff = diff(&before, &parse_toml(&text).unwrap());
    let said = |language| spaced(&Words::new(language).between(&diff).summary());
    assert_eq!(
        said(Language::En),
        "Worse for members: 1 way to earn withdrawn, 1 level with other terms, 2 rewards dearer. \
         To be judged: 1 change. Better: 1 new way to earn. Of no weight: 1 change."
    );
    assert_eq!(
        said(Language::Pl),
        "Gorsze dla uczestników: 1 zasada wycofana, 1 poziom na innych warunkach, 2 nagrody droższe. \
         Do oceny: 1 zmiana. Lepsze: 1 nowa zasada. Bez znaczenia: 1 zmiana."
    );
    let same = compare(&before, &before, moment("2026-06-01"));
    assert!(same.changes.is_empty());
    assert_eq!(Words::new(Language::En).between(&same).summary(), "Nothing changes.");
}
