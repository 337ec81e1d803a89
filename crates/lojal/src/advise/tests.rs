use crate::texts::texts;
use lojal_core::kernel::{Language, Money};
use lojal_core::programme::Usual;
use lojal_simulation::habits::{Habits, Purchase};

use super::*;
use crate::tests::page::check_page;

fn past(purchases: &[(u32, i64, i64)], last: i64, usual: (i64, i64)) -> Past {
    let purchase = |known: &(u32, i64, i64)| Purchase { customer: known.0, day: known.1, paid: known.2 };
    Past {
        habits: Habits::of(purchases.iter().map(purchase).collect(), last),
        from: "2024-01-01".parse().unwrap(),
        until: "2024-12-31".parse().unwrap(),
        returned: 12_345,
        unmatched: 0,
        usual: Usual { orders_a_year: usual.0, average_order: Money(usual.1) },
        tells_delivery: true,
    }
}

#[test]
fn the_advice_says_the_same_everywhere() {
    let busy: Vec<(u32, i64, i64)> =
        (0..900).flat_map(|customer| (0..8).map(move |visit| (customer, visit * 40, 4_000))).collect();
    let one = [(1, 0, 500)];
    for (purchases, last, margin) in [(&busy[..], 700, Some(300_000)), (&busy, 290, None), (&one, 0, Some(1))] {
        let (shop, past) = (shop(&"PLN".into(), "UTC").unwrap(), past(purchases, last, (300, 4_000)));
        let judgement = Judgement::of(&past.habits, past.unmatched, margin);
        let advice = Advice { source: "a & b.csv", shop: &shop, past: &past, judgement: &judgement, margin };
        for language in Language::ALL {
            let texts = texts(language);
            check_page(&advice.html(&texts).unwrap(), language, &advice.json().unwrap());
            let summary = advice.summary(&texts);
            assert!(summary.lines().all(|line| line.chars().count() <= 100), "{summary}");
            assert!(!summary.contains("advise-") && !summary.contains("{ $"), "{summary}");
        }
    }
}

/// Whatever the shop, what is written is a programme without a warning, and an ordinary customer gets there.
#[test]
fn every_shop_gets_a_sound_programme() {
    for currency in ["PLN", "GBP", "JPY"] {
        let shop = shop(&currency.into(), "Europe/Warsaw").unwrap();
        for (orders_a_year, average) in [(100, 2_000), (130, 3_527), (240, 44_441), (5_200, 150), (700, 9_999_999)] {
            for margin in [None, Some(60_000), Some(300_000), Some(950_000)] {
                let past = past(&[(1, 0, average), (1, 50, average)], 200, (orders_a_year, average));
                for language in Language::ALL {
                    let written = document(&past, &shop, margin, &texts(language));
                    let written = written
                        .unwrap_or_else(|failure| panic!("{currency} {orders_a_year} {average} {margin:?}: {failure}"));
                    assert!(written.contains("[rewards.small]"), "{written}");
                }
            }
        }
    }
}

/// Where even the least cannot pay for itself soon, or ever, the programme says what the advice says.
#[test]
fn a_thin_margin_is_called_thin() {
    let (shop, past) = (shop(&"PLN".into(), "UTC").unwrap(), a_shop());
    let texts = texts(Language::En);
    for (margin, said) in [
        (350_000, "pays for itself when members buy"),
        (40_000, "pays for itself only when members buy 14.29% more"),
        (5_000, "never pays for itself"),
        (4_000, "never pays for itself"),
    ] {
        let judgement = Judgement::of(&past.habits, past.unmatched, Some(margin));
        let advice = Advice { source: "a.csv", shop: &shop, past: &past, judgement: &judgement, margin: Some(margin) };
        let written = document(&past, &shop, Some(margin), &texts).unwrap().replace("\n# ", " ");
        let told = advice.summary(&texts).split_whitespace().collect::<Vec<_>>().join(" ");
        for text in [&written, &told] {
            assert!(text.contains(said) && !text.contains("buy – more"), "{margin}: {text}");
        }
        assert_eq!(written.contains("as much as pays for itself"), margin == 350_000, "{written}");
    }
}

/// What the programme says of its expiry is so, or is not said.
#[test]
fn points_live_until_the_next_purchase() {
    let shop = shop(&"PLN".into(), "UTC").unwrap();
    let texts = texts(Language::En);
    for (customers, gap, expiry, is_said) in [
        (900, 900, "36 months", true),
        (900, 2_000, "72 months", true),
        (900, 40, "12 months", true),
        (20, 40, "24 months", false),
    ] {
        let come = |customer: u32| [0, gap].map(|day| (customer, day, 4_000));
        let purchases: Vec<(u32, i64, i64)> = (0..customers).flat_map(come).collect();
        let past = past(&purchases, gap + 1, (100, 4_000));
        let written = document(&past, &shop, None, &texts).unwrap();
        assert!(written.contains(&format!("after_earning = \"{expiry}\"")), "{gap}: {written}");
        assert_eq!(written.contains("Longer than it takes"), is_said, "{gap}: {written}");
    }
}

#[test]
fn one_customer_is_spoken_of_as_one() {
    let (shop, past) = (shop(&"PLN".into(), "UTC").unwrap(), past(&[(1, 0, 500)], 0, (100, 500)));
    let judgement = Judgement::of(&past.habits, past.unmatched, None);
    let advice = Advice { source: "a.csv", shop: &shop, past: &past, judgement: &judgement, margin: None };
    let told = advice.summary(&texts(Language::Pl));
    assert!(told.contains("kupił 1 klient.") && !told.contains("kupiło 1"), "{told}");
}

#[test]
fn what_is_no_currency_or_no_zone_is_named() {
    assert!(shop(&"ZLOTY".into(), "UTC").unwrap_err().to_string().contains("ZLOTY"));
    assert!(shop(&"PLN".into(), "Warsaw").unwrap_err().to_string().contains("Warsaw"));
}

/// 900 customers who come every 40 days, half of them three times and half of them eight times.
fn a_shop() -> Past {
    let visits = |customer: u32| if customer.is_multiple_of(2) { 3 } else { 8 };
    let come = |customer: u32| {
        (0..visits(customer)).map(move |visit| (customer, i64::from(customer) / 10 + visit * 40, 4_000))
    };
    past(&(0..900).flat_map(come).collect::<Vec<_>>(), 400, (300, 4_000))
}

/// Read as the shopkeeper who gets it.
#[test]
fn the_advice_reads_as_it_should() {
    let (shop, past) = (shop(&"PLN".into(), "Europe/Warsaw").unwrap(), a_shop());
    let judgement = Judgement::of(&past.habits, past.unmatched, Some(350_000));
    let advice = Advice { source: "a.csv", shop: &shop, past: &past, judgement: &judgement, margin: Some(350_000) };
    for (language, expected) in
        [(Language::Pl, include_str!("tests/advice-pl.txt")), (Language::En, include_str!("tests/advice-en.txt"))]
    {
        let texts = texts(language);
        let written = document(&past, &shop, Some(350_000), &texts).unwrap();
        let actual = format!("{}\n{written}", advice.summary(&texts)).replace('\u{a0}', " ");
        for (actual, expected) in actual.lines().zip(expected.lines()) {
            assert_eq!(actual, expected);
        }
        assert_eq!(actual.lines().count(), expected.lines().count(), "{actual}");
    }
}
