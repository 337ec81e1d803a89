//! What the page says, section by section.

use lojal_core::kernel::Factor;
use lojal_simulation::replay::{Estimate, Redemption};

use super::figures::{DAYS, Figures, peopled};
use super::gaps::sentences;
use super::{Entry, Report};
use lojal_report::charts::{Scale, Series, Told, bars, lines};
use lojal_report::page::{Block, Cell, Chart, Highlight, Page, Section, Table};
use lojal_report::voice::{Kind, Voice};
use lojal_report::{capitalised, count};

/// What is told, with how it is called.
struct Telling<'a> {
    report: &'a Report<'a>,
    figures: &'a [Figures],
    names: Vec<String>,
    voice: &'a Voice<'a>,
}

pub fn page(report: &Report<'_>, figures: &[Figures], voice: &Voice<'_>) -> Page {
    let telling = Telling { report, figures, names: report.names(voice.language()), voice };
    let sections = vec![
        telling.basis(),
        telling.key_figures(),
        telling.rates(),
        telling.deciles(),
        telling.frequencies(),
        telling.first_reward(),
        telling.fates(),
        telling.not_exercised(),
        glossary(voice),
    ];
    Page {
        language: voice.language().tag(),
        title: voice.counted("compare-title", figures.len() as u64, &[]),
        subtitle: voice.say("compare-subtitle"),
        contents: voice.say("page-contents"),
        numbers: voice.say("page-numbers"),
        verdict: verdict(report, figures, voice),
        highlights: telling.highlights(),
        sections,
        footer: voice.say("page-footer"),
    }
}

/// The two or three sentences that somebody reads who reads nothing else.
pub fn verdict(report: &Report<'_>, figures: &[Figures], voice: &Voice<'_>) -> Vec<String> {
    let names = report.names(voice.language());
    let mut sentences = Vec::new();
    let rates = figures.iter().map(|known| known.rate);
    sentences.extend(ends("compare-verdict-rates", 0, &names, rates, voice));
    let longest = longest(figures);
    let shares = figures.iter().map(|known| known.within[longest].share);
    sentences.extend(ends("compare-verdict-soon", DAYS[longest].unsigned_abs(), &names, shares, voice));
    let partly = figures.iter().filter(|known| !known.not_exercised.is_empty()).count();
    if partly > 0 {
        sentences.push(voice.counted("compare-verdict-gaps", partly as u64, &[]));
    }
    sentences
}

/// The longest time, by its place among [`DAYS`], for which the share of those who could afford a reward is known of
/// every programme that has prices, else of any.
pub fn longest(figures: &[Figures]) -> usize {
    let is_known = |known: &Figures, place: usize| known.within[place].share.is_some();
    let has_prices = |known: &&Figures| known.reached.is_some();
    let of_every = |place: &usize| figures.iter().filter(has_prices).all(|known| is_known(known, *place));
    let of_any = |place: &usize| figures.iter().any(|known| is_known(known, *place));
    let longest = (0..DAYS.len()).rev().find(|place| of_every(place) && of_any(place));
    longest.or_else(|| (0..DAYS.len()).rev().find(of_any)).unwrap_or(DAYS.len() - 1)
}

/// Who has most, and who has least; several where what is written is the same.
fn ends(
    key: &'static str,
    count: u64,
    names: &[String],
    shares: impl Iterator<Item = Option<Estimate>>,
    voice: &Voice<'_>,
) -> Option<String> {
    let written = |share: i64| (share, voice.percent(share));
    let known = shares.zip(names).filter_map(|(share, name)| Some((written(share?.expected), name)));
    let known: Vec<((i64, String), &String)> = known.collect();
    let [most, least] = [known.iter().max()?, known.iter().min()?].map(|((_, share), _)| share);
    let of = |wanted: &String| {
        let same = known.iter().filter(|((_, share), _)| share == wanted);
        same.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let values = [("most", of(most)), ("high", most.clone()), ("least", of(least)), ("low", least.clone())];
    let values = values.each_ref().map(|(name, text)| (*name, text.as_str()));
    (most != least).then(|| voice.counted(key, count, &values))
}

/// An estimate in a table, with its interval below.
pub fn estimated(kind: Kind, estimate: Option<Estimate>, voice: &Voice<'_>) -> Cell {
    let Some(Estimate { low, expected, high }) = estimate else { return Cell::text("–") };
    let mut cell = voice.cell(kind, expected);
    let [low, high] = [low, high].map(|bound| voice.write(kind, bound));
    // Bounds that are written alike tell nothing.
    if low != high {
        cell.note = format!("{low} – {high}");
    }
    cell
}

impl Telling<'_> {
    fn highlights(&self) -> Vec<Highlight> {
        let cards = self.figures.iter().zip(&self.names).filter_map(|(known, name)| {
            let rate = known.rate?;
            let note = match known.cost_share {
                Some(cost) => self.voice.tell("compare-card", &[("cost", &self.voice.percent(cost.expected))]),
                None => String::new(),
            };
            Some(Highlight { label: name.clone(), figure: self.voice.cell(Kind::Share, rate.expected), note })
        });
        cards.collect()
    }

    fn basis(&self) -> Section {
        let (voice, report) = (self.voice, self.report);
        let mut facts = vec![(voice.say("basis-source"), report.source.to_owned())];
        let Some(entry) = report.entries.first() else {
            return Section { id: "basis", heading: voice.say("basis-heading"), blocks: Vec::new() };
        };
        let outcome = entry.outcome;
        if let Some(from) = outcome.from {
            let day = |moment| voice.words.date(report.shop.calendar.date(moment));
            facts.push((voice.say("basis-period"), format!("{} – {}", day(from), day(outcome.until))));
        }
        let members = [("members", voice.count(outcome.members)), ("buyers", voice.count(outcome.buyers))];
        let members = members.each_ref().map(|(name, text)| (*name, text.as_str()));
        facts.push((voice.say("basis-members"), voice.tell("basis-members-value", &members)));
        let orders = [("orders", voice.count(outcome.orders)), ("returns", voice.count(outcome.returns))];
        let orders = orders.each_ref().map(|(name, text)| (*name, text.as_str()));
        facts.push((voice.say("basis-orders"), voice.tell("basis-orders-value", &orders)));
        let revenue = entry.exchange.back(outcome.revenue);
        facts.push((voice.say("basis-revenue"), voice.money(revenue)));
        let mut rates: Vec<String> = report.entries.iter().filter_map(|entry| self.rate_of(entry)).collect();
        rates.sort_unstable();
        rates.dedup();
        if !rates.is_empty() {
            facts.push((voice.say("compare-rates"), rates.join("; ")));
        }
        if let Redemption::Modelled { likelihood } = outcome.redemption {
            let share = voice.percent(i64::try_from(likelihood).unwrap_or(i64::MAX));
            let fit = voice.say("fit-assumed");
            facts.push((
                voice.say("basis-redemption"),
                voice.tell("redemption-modelled", &[("share", &share), ("fit", &fit)]),
            ));
        }
        facts.push((voice.say("basis-seed"), outcome.seed.to_string()));
        let blocks = vec![
            Block::Facts { facts },
            Block::note(voice.say("basis-unknowable")),
            Block::note(voice.say("compare-adapted")),
        ];
        Section { id: "basis", heading: voice.say("basis-heading"), blocks }
    }

    /// `1 GBP = 4.97 PLN`
    fn rate_of(&self, entry: &Entry<'_>) -> Option<String> {
        let (here, there) = (&self.report.shop.currency.code, &entry.programme.currency.code);
        let rate = self.voice.words.short_number(entry.rate.0, Factor::DECIMALS);
        (here != there).then(|| format!("1\u{a0}{here} = {rate}\u{a0}{there}"))
    }

    fn key_figures(&self) -> Section {
        let voice = self.voice;
        let longest = longest(self.figures);
        let rows = self.figures.iter().zip(&self.names).map(|(known, name)| {
            let cells = vec![
                estimated(Kind::Share, known.rate, voice),
                estimated(Kind::Share, known.cost_share, voice),
                estimated(Kind::Money, known.cost, voice),
                estimated(Kind::Share, known.reached, voice),
                estimated(Kind::Share, known.within[longest].share, voice),
                voice.cell_or_none(Kind::Days, known.half_by),
                estimated(Kind::Share, known.breakage, voice),
            ];
            (name.clone(), cells)
        });
        let first = ["column-programme", "compare-rate", "figure-cost-share", "figure-cost", "compare-reached"];
        let within = voice.counted("compare-within", DAYS[longest].unsigned_abs(), &[]);
        let rest = ["compare-half-by", "compare-breakage"].map(|key| voice.say(key));
        let head = first.map(|key| voice.say(key)).into_iter().chain([within]).chain(rest).collect();
        let table = Block::table(voice.say("compare-figures-caption"), head, rows.collect());
        let blocks = vec![table, Block::text(voice.say("compare-dash"))];
        Section { id: "figures", heading: voice.say("figures-heading"), blocks }
    }

    fn rates(&self) -> Section {
        let voice = self.voice;
        let told: Vec<(&Figures, &String, Estimate)> =
            self.figures.iter().zip(&self.names).filter_map(|(known, name)| Some((known, name, known.rate?))).collect();
        let heading = voice.say("compare-rate-heading");
        if told.is_empty() {
            return Section { id: "rate", heading, blocks: vec![Block::text(voice.say("compare-no-worth"))] };
        }
        let names: Vec<String> = told.iter().map(|(_, name, _)| (*name).clone()).collect();
        let bounds = |estimate: Estimate| (estimate.low, estimate.high);
        let spent = |known: &Figures| known.cost_share.unwrap_or_default();
        let series = [
            Series {
                name: voice.say("compare-rate"),
                values: told.iter().map(|(_, _, rate)| rate.expected).collect(),
                bounds: told.iter().map(|(_, _, rate)| bounds(*rate)).collect(),
                style: 0,
            },
            Series {
                name: voice.say("figure-cost-share"),
                values: told.iter().map(|(known, _, _)| spent(known).expected).collect(),
                bounds: told.iter().map(|(known, _, _)| bounds(spent(known))).collect(),
                style: 1,
            },
        ];
        let (title, caption) = (voice.say("compare-rate-title"), voice.say("compare-rate-caption"));
        let about = Told { id: "rates", title: &title, description: &caption };
        let drawing = bars(about, &names, &series, &|share| voice.share(share));
        let rows = told.iter().map(|(known, name, rate)| {
            let cost = spent(known);
            let shares = [rate.expected, rate.low, rate.high, cost.expected, cost.low, cost.high];
            let mut cells: Vec<Cell> = shares.map(|share| voice.cell(Kind::Share, share)).into();
            cells.push(voice.cell_or_none(Kind::Money, known.cost_ceiling));
            ((*name).clone(), cells)
        });
        let keys = [
            "column-programme",
            "compare-rate",
            "column-low",
            "column-high",
            "figure-cost-share",
            "column-low",
            "column-high",
            "figure-cost-ceiling",
        ];
        let table = Table { caption: title.clone(), head: keys.map(|key| voice.say(key)).into(), rows: rows.collect() };
        let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
        Section { id: "rate", heading, blocks: vec![Block::text(voice.say("compare-rate-lead")), chart] }
    }

    /// One line for each programme, over the same places.
    fn lines(
        &self,
        id: &'static str,
        keys: (&'static str, &'static str, &'static str),
        places: &[(String, String)],
        values: &dyn Fn(&Figures) -> Vec<i64>,
    ) -> Block {
        let voice = self.voice;
        let series = self.figures.iter().zip(&self.names).enumerate().map(|(style, (known, name))| Series {
            name: name.clone(),
            values: values(known),
            bounds: Vec::new(),
            style,
        });
        let series: Vec<Series> = series.collect();
        let (title, caption) = (voice.say(keys.0), voice.say(keys.1));
        let axis = voice.on_axis(Kind::Share);
        let labels: Vec<String> = places.iter().map(|(short, _)| short.clone()).collect();
        let told = Told { id, title: &title, description: &caption };
        let drawing = lines(told, &labels, &series, Scale::with(&axis));
        let rows = places.iter().enumerate().map(|(index, (_, name))| {
            let cells = series.iter().map(|known| voice.cell_or_none(Kind::Share, known.values.get(index).copied()));
            (name.clone(), cells.collect())
        });
        let head = [voice.say(keys.2)].into_iter().chain(self.names.iter().cloned()).collect();
        let table = Table { caption: title.clone(), head, rows: rows.collect() };
        Block::Chart { chart: Chart { title, caption, drawing, table } }
    }

    fn deciles(&self) -> Section {
        let voice = self.voice;
        let peopled = peopled(self.report, |entry| &entry.outcome.deciles);
        let places: Vec<(String, String)> = peopled
            .iter()
            .map(|index| (index + 1).to_string())
            .map(|number| (number.clone(), voice.decile(&number)))
            .collect();
        let chart =
            self.lines("by-decile", ("deciles-title", "compare-deciles-caption", "column-group"), &places, &|known| {
                peopled.iter().map(|index| known.decile_rates[*index]).collect()
            });
        let blocks = vec![Block::text(voice.say("groups-lead")), chart];
        Section { id: "deciles", heading: voice.say("compare-deciles-heading"), blocks }
    }

    fn frequencies(&self) -> Section {
        let voice = self.voice;
        let peopled = peopled(self.report, |entry| &entry.outcome.frequencies);
        let groups = self.report.entries.first().map_or(&[][..], |entry| &entry.outcome.frequencies);
        let place = |index: &usize| {
            let group = &groups[*index];
            let orders = match group.name.split_once('-') {
                Some((least, most)) if least == most => least.to_owned(),
                _ => group.name.replace('-', "–"),
            };
            let buyers = voice.counted("compare-buyers", group.members, &[("orders", &orders)]);
            (orders, buyers)
        };
        let places: Vec<(String, String)> = peopled.iter().map(place).collect();
        let chart = self.lines(
            "by-frequency",
            ("compare-frequency-title", "compare-frequency-caption", "basis-orders"),
            &places,
            &|known| peopled.iter().map(|index| known.frequency_rates[*index]).collect(),
        );
        let blocks = vec![Block::text(voice.say("compare-frequency-lead")), chart];
        Section { id: "frequency", heading: voice.say("compare-frequency-heading"), blocks }
    }

    fn first_reward(&self) -> Section {
        let voice = self.voice;
        let months = self.figures.iter().map(|known| known.by_month.len()).max().unwrap_or(0);
        let heading = voice.say("first-heading");
        if self.figures.iter().all(|known| known.reached.is_none()) {
            let blocks = vec![Block::text(voice.say("compare-no-prices"))];
            return Section { id: "first-reward", heading, blocks };
        }
        let places: Vec<(String, String)> = (1..=months).map(|month| (month.to_string(), month.to_string())).collect();
        let keys = ("compare-first-title", "compare-first-caption", "column-month-of-membership");
        let chart = self.lines("first", keys, &places, &|known| known.by_month.clone());
        let rows = self.figures.iter().zip(&self.names).map(|(known, name)| {
            let mut cells = vec![voice.cell_or_none(Kind::Count, known.reached_members.map(count))];
            cells.push(estimated(Kind::Share, known.reached, voice));
            cells.extend(known.within.iter().map(|within| estimated(Kind::Share, within.share, voice)));
            for quartile in 0..3 {
                cells.push(voice.cell_or_none(Kind::Days, known.quartiles.map(|quartiles| quartiles[quartile])));
            }
            (name.clone(), cells)
        });
        let within = DAYS.map(|days| voice.counted("compare-within", days.unsigned_abs(), &[]));
        let columns = ["column-programme", "column-members", "compare-reached"].map(|key| voice.say(key));
        let quartiles = ["compare-quarter", "compare-half", "compare-most"].map(|key| voice.say(key));
        let head = columns.into_iter().chain(within).chain(quartiles).collect();
        let table = Block::table(voice.say("compare-first-caption-table"), head, rows.collect());
        let drawn = if months > 0 { chart } else { Block::note(voice.say("compare-first-few")) };
        let blocks = vec![Block::text(voice.say("compare-first-lead")), drawn, table];
        Section { id: "first-reward", heading, blocks }
    }

    fn fates(&self) -> Section {
        let voice = self.voice;
        let told: Vec<_> =
            self.figures.iter().zip(&self.names).filter_map(|(known, name)| Some((known, name, known.fate?))).collect();
        let heading = voice.say("compare-fate-heading");
        if told.is_empty() {
            return Section { id: "fate", heading, blocks: vec![Block::text(voice.say("compare-no-worth"))] };
        }
        let names: Vec<String> = told.iter().map(|(_, name, _)| (*name).clone()).collect();
        let part = |style: usize, key: &'static str, of: fn(&super::figures::Fate) -> i64| Series {
            name: capitalised(&voice.say(key)),
            values: told.iter().map(|(_, _, fate)| of(fate)).collect(),
            bounds: Vec::new(),
            style,
        };
        let series = [
            part(0, "column-redeemed", |fate| fate.spent),
            part(1, "compare-owed", |fate| fate.owed),
            part(3, "column-expired", |fate| fate.expired),
            part(2, "compare-held", |fate| fate.held),
        ];
        let (title, caption) = (voice.say("compare-fate-title"), voice.say("compare-fate-caption"));
        let about = Told { id: "fates", title: &title, description: &caption };
        let drawing = bars(about, &names, &series, &|share| voice.share(share));
        let rows = told.iter().map(|(known, name, fate)| {
            let shares = [fate.spent, fate.owed, fate.expired, fate.held].map(|share| voice.cell(Kind::Share, share));
            let mut cells: Vec<Cell> = shares.into();
            cells.push(estimated(Kind::Share, known.breakage, voice));
            ((*name).clone(), cells)
        });
        let keys = [
            "column-programme",
            "column-redeemed",
            "compare-owed",
            "column-expired",
            "compare-held",
            "compare-breakage",
        ];
        let table = Table { caption: title.clone(), head: keys.map(|key| voice.say(key)).into(), rows: rows.collect() };
        let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
        Section { id: "fate", heading, blocks: vec![Block::text(voice.say("compare-fate-lead")), chart] }
    }

    fn not_exercised(&self) -> Section {
        let voice = self.voice;
        let mut blocks = vec![Block::text(voice.say("compare-gaps-lead"))];
        for ((entry, known), name) in self.report.entries.iter().zip(self.figures).zip(&self.names) {
            let items = sentences(entry, &known.not_exercised, voice);
            blocks.push(match items.is_empty() {
                true => Block::text(voice.tell("compare-gaps-none", &[("name", name)])),
                false => Block::List { heading: name.clone(), items },
            });
        }
        Section { id: "not-exercised", heading: voice.say("compare-gaps-heading"), blocks }
    }
}

fn glossary(voice: &Voice<'_>) -> Section {
    let terms = [
        ("basis-revenue", "glossary-revenue"),
        ("term-worth", "glossary-worth"),
        ("compare-rate", "compare-glossary-rate"),
        ("figure-cost", "glossary-cost"),
        ("figure-cost-share", "glossary-cost-share"),
        ("compare-reached", "compare-glossary-reached"),
        ("compare-within-days", "compare-glossary-within"),
        ("compare-half-by", "compare-glossary-half"),
        ("compare-breakage", "compare-glossary-breakage"),
        ("term-decile", "glossary-decile"),
        ("term-interval", "compare-glossary-interval"),
        ("compare-rates", "compare-glossary-rates"),
        ("term-rounding", "glossary-rounding"),
    ];
    let facts = terms.iter().map(|(term, meaning)| (capitalised(&voice.say(term)), voice.say(meaning)));
    Section {
        id: "glossary",
        heading: voice.say("glossary-heading"),
        blocks: vec![Block::Facts { facts: facts.collect() }],
    }
}
