use std::collections::BTreeMap;

use crate::texts::texts;
use jiff::SignedDuration;
use lojal_core::kernel::{Id, Language, MemberId, Name, Part, TransactionId};
use lojal_core::programme::{parse_toml, starter};
use lojal_simulation::history::Step;
use lojal_simulation::replay::{Manner, Redemption, Replay};
use lojal_simulation::shop::{Shop, ShopPlan};

use crate::tests::page::{check_page, read};
use lojal_core::programme::Programme;
use lojal_report::simulation::{Against, Fit, Goal, Report, Sweep, SweepPoint, figures};
use lojal_simulation::replay::{Comparison, Estimate, Outcome};

/// Some time of a small shop.
pub fn steps(programme: &Programme, days: u32) -> Vec<Step> {
    let ends_on = "2026-06-30".parse().unwrap();
    let brand = programme.brands[0].id.clone();
    let plan = ShopPlan { members: 120, days, ..ShopPlan::two_years(7, ends_on, programme.calendar.clone(), brand) };
    let mut members: BTreeMap<Name, MemberId> = BTreeMap::new();
    let mut steps = Vec::new();
    for event in Shop::new(plan) {
        let number = members.len() as u16;
        let part = Part::of(&programme.id, &event.member);
        let member = *members.entry(event.member.clone()).or_insert(MemberId(Id::new(0, number, part)));
        let Some(command) = event.command(member) else { continue };
        let number = steps.len() as u128;
        let transaction = TransactionId(Id::new(event.at.as_millisecond(), (number % 30_000) as u16, member.part()));
        steps.push(Step { at: event.at, holder: member.into(), transaction, entropy: number, command });
    }
    steps
}

fn programme(text: &str) -> Programme {
    parse_toml(text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

pub fn replayed(programme: &Programme, steps: &[Step]) -> Outcome {
    let redemption = Redemption::Modelled { likelihood: 150_000 };
    let manner = Manner { redemption, seed: 11, memory: SignedDuration::from_hours(400 * 24) };
    let mut replay = Replay::new(programme.clone(), manner);
    steps.iter().for_each(|step| replay.take(step).unwrap());
    replay.finish(steps.last().map_or("2026-01-01T00:00:00Z".parse().unwrap(), |step| step.at)).unwrap()
}

/// Everything that a report is made of.
struct Sample {
    tried: (Programme, Outcome),
    against: Option<(Programme, Outcome, Comparison)>,
    sweep: Option<Sweep>,
    elasticity: Option<i64>,
}

impl Sample {
    fn alone(text: &str, days: u32) -> Sample {
        let programme = programme(text);
        let outcome = replayed(&programme, &steps(&programme, days));
        Sample { tried: (programme, outcome), against: None, sweep: None, elasticity: None }
    }

    fn nothing(text: &str) -> Sample {
        let programme = programme(text);
        let outcome = replayed(&programme, &[]);
        Sample { tried: (programme, outcome), against: None, sweep: None, elasticity: None }
    }

    /// A programme with everything that a report can show.
    fn compared(text: &str, before: &str) -> Sample {
        let before = programme(before);
        let steps = steps(&before, 730);
        let mut sample = Sample::alone(text, 0);
        sample.tried.1 = replayed(&sample.tried.0, &steps);
        let outcome = replayed(&before, &steps);
        let comparison = Comparison::of(&sample.tried.1, &outcome);
        let points = [("1", &outcome), ("2", &sample.tried.1)];
        let points = points.map(|(value, outcome)| SweepPoint::of(value.to_owned(), Goal::Reached, outcome));
        sample.sweep =
            Some(Sweep { setting: "earning.spend.rate".to_owned(), goal: Goal::Reached, points: points.into() });
        sample.against = Some((before, outcome, comparison));
        sample.elasticity = Some(5);
        sample
    }

    fn report(&self) -> Report<'_> {
        let against = self.against.as_ref();
        Report {
            source: "orders & returns.csv",
            programme: &self.tried.0,
            outcome: &self.tried.1,
            against: against.map(|(programme, outcome, comparison)| Against { programme, outcome, comparison }),
            elasticity: self.elasticity,
            sweep: self.sweep.as_ref(),
            fit: Fit::Fitted { redemptions: 22, occasions: 140 },
        }
    }

    fn html(&self, language: Language) -> String {
        self.report().html(&texts(language)).unwrap()
    }
}

fn better() -> String {
    starter(Language::En).replace("rate = 1\nper", "rate = 2\nper")
}

/// Whatever the outcome, the page is whole, needs nothing else, and says what the JSON says.
fn check(sample: &Sample) -> String {
    let json = sample.report().json().unwrap();
    for language in Language::ALL {
        check_page(&sample.html(language), language, &json);
    }
    sample.html(Language::En)
}

#[test]
fn a_report_says_what_the_json_says() {
    let sample = Sample::compared(&better(), starter(Language::En));
    let page = check(&sample);
    assert!(read(&page).figures.len() > 300);
    for section in ["verdict", "basis", "figures", "points", "liability", "cost", "tiers", "groups", "first-reward"] {
        assert!(page.contains(&format!("\"{section}\"")), "{section}");
    }
    for section in ["changes", "rules", "rewards", "refusals", "sweep", "glossary"] {
        assert!(page.contains(&format!("id=\"{section}\"")), "{section}");
    }
    assert!(page.contains("get more") && page.contains("If members answered the change"));
}

#[test]
fn what_is_not_there_is_said_and_not_drawn() {
    let nothing = check(&Sample::nothing(starter(Language::En)));
    assert!(nothing.contains("has no orders of members") && nothing.contains("Nobody bought anything"));
    let month = Sample::alone(starter(Language::En), 20);
    assert!(month.tried.1.months.len() <= 2);
    check(&month);
    let bare = "[programme]\nid = \"bare\"\nname = { en = \"Bare\" }\nlanguages = [\"en\"]\ntime_zone = \"UTC\"\n\
        currency = \"PLN\"\n[brands.shop]\nname = { en = \"Shop\" }\n[units.points]\n\
        name.en = { one = \"point\", many = \"points\" }\n[earning.spend]\nname = { en = \"Spend\" }\n\
        on = \"order\"\nrate = 1\nper = \"1.00\"\n";
    let bare = check(&Sample::alone(bare, 200));
    for said in ["worth in money: points", "has no tiers", "has no rewards", "no cost to tell"] {
        assert!(bare.contains(said), "{said}");
    }
}

#[test]
fn hostile_names_stay_text() {
    let hostile = "<script>alert()</script><b a='\\\"&";
    let text = better()
        .replace("1 point for each 1 PLN", hostile)
        .replace("The Club", hostile)
        .replace("\"points\"", &format!("\"{hostile}\""));
    let page = check(&Sample::compared(&text, starter(Language::En)));
    assert!(!page.contains("<script") && !page.contains("<b a"), "not escaped");
    assert!(page.contains("&lt;script&gt;"));
}

#[test]
fn the_largest_numbers_are_drawn_too() {
    let mut sample = Sample::compared(&better(), starter(Language::En));
    let huge = i64::MAX / 4;
    let outcome = &mut sample.tried.1;
    outcome.revenue = huge;
    outcome.cost.points = Estimate { low: huge / 2, expected: huge, high: huge };
    outcome.cost.liability = outcome.cost.points;
    for (index, month) in outcome.months.iter_mut().enumerate() {
        month.revenue = -5;
        month.flows[0].issued = huge / (index as i64 + 1);
        month.flows[0].expired = huge;
        month.liability.high = i64::MAX;
    }
    outcome.deciles[9].value = -huge;
    outcome.rules[0].times = u64::MAX / 2;
    check(&sample);
}

#[test]
fn elasticity_is_reckoned_as_the_page_says() {
    let mut sample = Sample::compared(&better(), starter(Language::En));
    let plain = figures::Figures::of(&Report { elasticity: None, ..sample.report() });
    assert!(plain.response.is_none());
    // From 5% to 7%: two percentage points, at 5 thousandths each: one in a hundred.
    sample.tried.1.revenue = 1_000_000;
    if let Some((_, _, comparison)) = &mut sample.against {
        comparison.rates = (50_000, 70_000);
    }
    let answered = figures::Figures::of(&sample.report()).response.unwrap();
    assert_eq!((answered.rate_change, answered.revenue_change, answered.revenue), (20_000, 10_000, 1_010_000));
    assert_eq!(answered.cost_change, figures::cost(&sample.tried.1).expected / 100);
}

#[test]
fn the_files_for_spreadsheets_hold_the_same_numbers() {
    let mut sample = Sample::compared(&better(), starter(Language::En));
    sample.tried.1.segments[0].name = Name::from("=1+1");
    let files = sample.report().csv().unwrap();
    assert_eq!(
        files.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        ["months.csv", "rules.csv", "deciles.csv", "tiers.csv", "rewards.csv"]
    );
    let outcome = &sample.tried.1;
    let revenue: f64 = column(&files[0].1, "revenue", "tried").iter().map(|text| text.parse::<f64>().unwrap()).sum();
    assert_eq!((revenue * 100.0).round() as i64, outcome.revenue * outcome.units.len() as i64);
    let times: u64 = column(&files[1].1, "times", "tried").iter().map(|text| text.parse::<u64>().unwrap()).sum();
    assert_eq!(times, outcome.rules.iter().map(|rule| rule.times).sum::<u64>());
    assert!(column(&files[2].1, "group", "tried").contains(&"'=1+1".to_owned()));
    assert_eq!(
        column(&files[2].1, "group", "against").len(),
        sample.against.as_ref().unwrap().1.deciles.len() + outcome.segments.len()
    );
}

/// The texts of a column, of one programme.
fn column(file: &str, name: &str, side: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let index = reader.headers().unwrap().iter().position(|known| known == name).unwrap();
    let lines = reader.records().map(|line| line.unwrap());
    lines.filter(|line| &line[0] == side).map(|line| line[index].to_owned()).collect()
}

#[test]
fn the_summary_fits_a_terminal() {
    for sample in [Sample::compared(&better(), starter(Language::En)), Sample::nothing(starter(Language::En))] {
        for language in Language::ALL {
            let summary = sample.report().summary(&texts(language));
            let lines: Vec<&str> = summary.lines().collect();
            assert!((15..=32).contains(&lines.len()), "{} lines\n{summary}", lines.len());
            assert!(lines.iter().all(|line| line.chars().count() <= 110), "{summary}");
            assert!(!summary.contains("figure-") && !summary.contains("{ $"), "{summary}");
        }
    }
}
