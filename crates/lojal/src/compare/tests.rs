use crate::texts::texts;
use lojal_core::kernel::{Factor, Language};
use lojal_core::programme::{parse_toml, starter};

use super::*;
use crate::simulate::tests::{replayed, steps};
use crate::tests::page::check_page;

const MAPPING: &str = "[columns]\norder = \"o\"\nmember = \"m\"\ntime = \"t\"\nline_total = \"a\"\n[times]\n\
    formats = [\"%Y-%m-%d\"]\n";

/// Points that nothing says the worth of, and nothing to buy for them.
const BARE: &str = "[programme]\nid = \"bare\"\nname = { en = \"Bare\", pl = \"Goły\" }\nlanguages = [\"en\", \"pl\"]\n\
    time_zone = \"UTC\"\ncurrency = \"PLN\"\n[brands.shop]\nname = { en = \"Shop\", pl = \"Sklep\" }\n[units.points]\n\
    name.en = { one = \"point\", many = \"points\" }\n\
    name.pl = { one = \"punkt\", few = \"punkty\", many = \"punktów\", other = \"punktu\" }\n\
    [earning.review]\nname = { en = \"<b>Reviews</b>\", pl = \"Opinie\" }\non = \"review\"\npoints = 1\n\
    [planned.referral]\nsummary = { en = \"Bring a friend\", pl = \"Poleć\" }\n";

/// Each programme after so many days of a small shop.
fn compared<T>(documents: &[&str], days: u32, told: impl FnOnce(&Report<'_>) -> T) -> T {
    let programmes: Vec<Programme> = documents.iter().map(|text| parse_toml(text).unwrap()).collect();
    let steps = steps(&programmes[0], days);
    let outcomes: Vec<Outcome> = programmes.iter().map(|programme| replayed(programme, &steps)).collect();
    let entry = |((programme, outcome), document): ((_, _), &&str)| Entry {
        file: "some/file.toml".to_owned(),
        programme,
        outcome,
        rate: Factor::ONE,
        exchange: Exchange::default(),
        planned: planned(document).unwrap(),
    };
    let mapping = Mapping::parse(MAPPING).unwrap();
    let entries = programmes.iter().zip(&outcomes).zip(documents).map(entry).collect();
    told(&Report { source: "orders & returns.csv", shop: &programmes[0], mapping: &mapping, entries })
}

fn double() -> String {
    starter(Language::En).replace("rate = 1\nper", "rate = 2\nper")
}

#[test]
fn the_page_says_what_the_json_says() {
    let double = double();
    for (documents, days) in
        [(vec![starter(Language::En), &double, BARE], 500), (vec![BARE, BARE], 40), (vec![BARE], 0)]
    {
        compared(&documents, days, |report| {
            let json = report.json().unwrap();
            for language in Language::ALL {
                let texts = texts(language);
                check_page(&report.html(&texts).unwrap(), language, &json);
                let summary = report.summary(&texts);
                assert!(summary.lines().all(|line| line.chars().count() <= 100), "{summary}");
                assert!(!summary.contains("compare-") && !summary.contains("{ $"), "{summary}");
            }
        });
    }
}

#[test]
fn what_the_orders_cannot_exercise_is_said() {
    let double = double();
    compared(&[&double, BARE], 400, |report| {
        let page = report.html(&texts(Language::En)).unwrap();
        for said in ["&lt;b&gt;Reviews&lt;&#x2f;b&gt;", "run by Lojal yet: Bring a friend", "no first reward"] {
            assert!(page.contains(said), "{said}");
        }
        let figures = report.figures();
        assert!(figures[1].rate.is_none() && figures[1].reached.is_none() && figures[1].breakage.is_none());
        assert!(figures[0].rate.is_some_and(|rate| rate.low <= rate.expected && rate.expected <= rate.high));
    });
}

#[test]
fn twice_the_points_are_twice_the_rate_and_sooner_a_reward() {
    let double = double();
    compared(&[starter(Language::En), &double], 500, |report| {
        let [one, two] = &report.figures()[..] else { panic!("two programmes") };
        let rate = |figures: &Figures| figures.rate.unwrap().expected;
        assert!(rate(two) > rate(one) * 17 / 10, "{} and {}", rate(one), rate(two));
        assert!(two.half_by.unwrap() < one.half_by.unwrap());
        assert!(two.decile_rates.iter().zip(&one.decile_rates).all(|(two, one)| two > one));
        // The same name twice is told apart by the files.
        assert_eq!(report.names(Language::En)[0], "The Club (file.toml)");
        let files = report.csv(&texts(Language::En)).unwrap();
        for (name, content) in files {
            let lines: Vec<_> = csv::Reader::from_reader(content.as_bytes()).into_records().collect();
            assert!(lines.iter().all(Result::is_ok), "{name}: {content}");
        }
    });
}

/// A time for which one programme alone is known compares nothing.
#[test]
fn what_is_compared_is_known_of_all() {
    let double = double();
    compared(&[starter(Language::En), &double, BARE], 500, |report| {
        let mut figures = report.figures();
        let known = figures[0].within[0].share;
        assert!(known.is_some());
        for (one, other, longest) in [
            ([true, true, true], [true, true, false], 1),
            ([true; 3], [true; 3], 2),
            ([true, true, false], [false; 3], 1),
        ] {
            for (figures, is_known) in figures.iter_mut().zip([one, other]) {
                let within = figures.within.iter_mut().zip(is_known);
                within.for_each(|(within, is_known)| within.share = known.filter(|_| is_known));
            }
            assert_eq!(sections::longest(&figures), longest, "{one:?} and {other:?}");
        }
    });
}
