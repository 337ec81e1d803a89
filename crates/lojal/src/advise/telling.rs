//! The advice in words: for a terminal, and as a page.

use lojal_simulation::replay::share;
use lojal_simulation::statistics::{Estimate, WHOLE};

use super::Advice;
use super::judgement::{Check, Finding, Judgement, Mark, Verdict, fitting_rate};
use super::sources::SOURCES;
use lojal_report::charts::{Scale, Series, Told, lines};
use lojal_report::count;
use lojal_report::page::{Block, Cell, Chart, Highlight, Page, Section, Table};
use lojal_report::terminal::wrapped_within;
use lojal_report::voice::{Kind, Voice};

/// Beside their margin, texts are this wide.
const WIDTH: usize = 92;
const MARGIN: &str = "    ";
const DAYS_OF_A_MONTH: i64 = 30;
const MONTHS: i64 = 24;

pub fn summary(advice: &Advice<'_>, voice: &Voice<'_>) -> String {
    let mut lines = vec![basis(advice, voice), String::new()];
    for (subject, verdict, checks) in verdicts(advice.judgement) {
        lines.push(told_verdict(subject, verdict, voice));
        for check in Judgement::reasons(verdict, checks) {
            lines.extend(indented("  – ", &here(check, voice)));
        }
    }
    for (heading, checks) in [
        ("advise-loyalty-checks", &advice.judgement.loyalty_checks),
        ("advise-referral-checks", &advice.judgement.referral_checks),
    ] {
        lines.extend([String::new(), voice.say(heading)]);
        for check in checks {
            lines.push(format!("  {} – {}", name(check, voice), mark(check.mark, voice)));
            lines.extend(indented(MARGIN, &here(check, voice)));
            lines.extend(indented(MARGIN, &rule(check, voice)));
        }
    }
    lines.extend([String::new(), voice.say("advise-context")]);
    lines.extend(context(advice, voice).iter().flat_map(|text| indented("  – ", text)));
    lines.extend([String::new(), voice.say("advise-sources")]);
    for (index, source) in SOURCES.iter().enumerate() {
        lines.extend(indented(&format!(" [{}] ", index + 1), source));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// The first line after a mark, the others below it.
fn indented(first: &str, text: &str) -> Vec<String> {
    let below = " ".repeat(first.chars().count());
    let lines = wrapped_within(text, WIDTH);
    let prefixes = std::iter::once(first).chain(std::iter::repeat(below.as_str()));
    lines.iter().zip(prefixes).map(|(line, prefix)| format!("{prefix}{line}")).collect()
}

fn verdicts(judgement: &Judgement) -> [(&'static str, Verdict, &[Check]); 2] {
    [
        ("advise-loyalty", judgement.loyalty, &judgement.loyalty_checks),
        ("advise-referral", judgement.referral, &judgement.referral_checks),
    ]
}

fn told_verdict(subject: &'static str, verdict: Verdict, voice: &Voice<'_>) -> String {
    voice.tell("advise-verdict", &[("subject", &voice.say(subject)), ("verdict", &told(verdict, voice))])
}

fn told(verdict: Verdict, voice: &Voice<'_>) -> String {
    voice.say(match verdict {
        Verdict::Yes => "advise-yes",
        Verdict::NotYet => "advise-not-yet",
        Verdict::CannotTell => "advise-cannot-tell",
    })
}

fn mark(mark: Mark, voice: &Voice<'_>) -> String {
    voice.say(match mark {
        Mark::Good => "advise-good",
        Mark::Between => "advise-between",
        Mark::Short => "advise-short",
        Mark::Unknown => "advise-unknown",
    })
}

fn basis(advice: &Advice<'_>, voice: &Voice<'_>) -> String {
    let (habits, past) = (&advice.past.habits, advice.past);
    voice.tell(
        "advise-basis",
        &[
            ("customers", &voice.count(habits.customers)),
            ("orders", &voice.count(habits.orders)),
            ("from", &voice.words.date(past.from)),
            ("until", &voice.words.date(past.until)),
        ],
    )
}

fn name(check: &Check, voice: &Voice<'_>) -> String {
    voice.say(match check.finding {
        Finding::Repeat { .. } => "advise-repeat",
        Finding::Interval { .. } => "advise-interval",
        Finding::Base { .. } => "advise-base",
        Finding::Margin { .. } => "advise-margin",
        Finding::Friend { .. } => "advise-friend",
        Finding::Advocates { .. } => "advise-advocates",
    })
}

/// How it is in this shop.
fn here(check: &Check, voice: &Voice<'_>) -> String {
    let days = |days: i64| voice.write(Kind::Days, days);
    match check.finding {
        Finding::Repeat { days: within, watched, share: Some(Estimate { low, expected, high }) } => voice.counted(
            "advise-repeat-here",
            watched,
            &[
                ("share", &voice.percent(expected)),
                ("low", &voice.percent(low)),
                ("high", &voice.percent(high)),
                ("days", &days(within)),
            ],
        ),
        Finding::Repeat { share: None, .. } => voice.say("advise-repeat-none"),
        Finding::Interval { half_by, within, share, watched } => match share {
            None => voice.say("advise-interval-few"),
            Some(Estimate { low, expected, high }) => {
                let half = match half_by {
                    Some(half_by) => voice.counted("advise-interval-here", half_by.unsigned_abs(), &[]),
                    None => voice.tell("advise-interval-none", &[("days", &days(watched))]),
                };
                let shares = [expected, low, high].map(|share| voice.percent(share));
                let values = [("share", &shares[0]), ("low", &shares[1]), ("high", &shares[2])];
                let values = values.map(|(name, text)| (name, text.as_str()));
                format!("{half} {}", voice.counted("advise-interval-share", within.unsigned_abs(), &values))
            }
        },
        Finding::Base { active, change: Some(change) } => {
            voice.counted("advise-base-here", active, &[("change", &points(change, voice))])
        }
        Finding::Base { active, change: None } => voice.counted("advise-base-none", active, &[]),
        Finding::Margin { margin: Some(margin), rate, uplift } => {
            let key = match (uplift, check.mark) {
                (None, _) => "advise-margin-never",
                (Some(_), Mark::Short) => "advise-margin-thin",
                (Some(_), _) => "advise-margin-here",
            };
            let [margin, rate, uplift] = [margin, rate, uplift.unwrap_or(0)].map(|share| voice.percent(share));
            voice.tell(key, &[("margin", &margin), ("rate", &rate), ("uplift", &uplift)])
        }
        Finding::Margin { margin: None, .. } => voice.say("advise-margin-none"),
        Finding::Friend { unmatched: Some(share), .. } => {
            voice.tell("advise-friend-unmatched", &[("share", &voice.percent(share))])
        }
        Finding::Friend { days: within, paid: Some(paid), earned, gifts, unmatched: None } => {
            let values = [("paid", voice.money(paid)), ("days", days(within)), ("gifts", voice.money(gifts))];
            let mut values: Vec<(&'static str, &str)> =
                values.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let earned = earned.map(|earned| voice.money(earned));
            match &earned {
                Some(earned) => {
                    values.push(("earned", earned));
                    voice.tell("advise-friend-here", &values)
                }
                None => voice.tell("advise-friend-no-margin", &values),
            }
        }
        Finding::Friend { paid: None, .. } => voice.say("advise-friend-none"),
        Finding::Advocates { active } => voice.counted("advise-advocates-here", active, &[]),
    }
}

/// `4.5 pp`
fn points(share: i64, voice: &Voice<'_>) -> String {
    voice.tell("percentage-points", &[("number", &voice.words.short_number(share, 4))])
}

/// The threshold, and whose it is.
fn rule(check: &Check, voice: &Voice<'_>) -> String {
    voice.say(match check.finding {
        Finding::Repeat { .. } => "advise-repeat-rule",
        Finding::Interval { .. } => "advise-interval-rule",
        Finding::Base { .. } => "advise-base-rule",
        Finding::Margin { .. } => "advise-margin-rule",
        Finding::Friend { .. } => "advise-friend-rule",
        Finding::Advocates { .. } => "advise-advocates-rule",
    })
}

/// What no verdict rests on.
fn context(advice: &Advice<'_>, voice: &Voice<'_>) -> Vec<String> {
    let habits = &advice.past.habits;
    let each = count(habits.orders) * 10 / count(habits.customers).max(1);
    vec![
        voice.tell(
            "advise-order",
            &[
                ("mean", &voice.money(habits.average_order)),
                ("median", &voice.money(habits.median_order)),
                ("each", &voice.words.number(each, 1)),
            ],
        ),
        earned(advice, voice),
        voice.tell("advise-top", &[("share", &voice.percent(habits.top_fifth))]),
        voice.tell("advise-returns", &[("share", &voice.percent(advice.past.returned))]),
        voice.say("advise-first-seen"),
    ]
}

/// What the customer in the middle would earn in a year.
fn earned(advice: &Advice<'_>, voice: &Voice<'_>) -> String {
    let usual = &advice.past.usual;
    let rate = fitting_rate(advice.margin);
    let spent = i128::from(usual.average_order.0) * i128::from(usual.orders_a_year) / 100;
    let earned = i64::try_from(spent * i128::from(rate) / i128::from(WHOLE)).unwrap_or(i64::MAX);
    voice.tell(
        "advise-earned",
        &[
            ("rate", &voice.percent(rate)),
            ("orders", &voice.words.short_number(usual.orders_a_year, 2)),
            ("earned", &voice.money(earned)),
        ],
    )
}

pub fn page(advice: &Advice<'_>, voice: &Voice<'_>) -> Page {
    let judgement = advice.judgement;
    let mut verdict = Vec::new();
    for (subject, known, checks) in verdicts(judgement) {
        let mut sentences = vec![told_verdict(subject, known, voice)];
        // The sections below say what speaks for it.
        if known != Verdict::Yes {
            sentences.extend(Judgement::reasons(known, checks).iter().map(|check| here(check, voice)));
        }
        verdict.push(sentences.join(" "));
    }
    let checks = |id: &'static str, heading: &'static str, checks: &[Check]| {
        let facts = checks.iter().map(|check| {
            let term = format!("{} – {}", name(check, voice), mark(check.mark, voice));
            (term, format!("{} {}", here(check, voice), rule(check, voice)))
        });
        Section { id, heading: voice.say(heading), blocks: vec![Block::Facts { facts: facts.collect() }] }
    };
    let context = context(advice, voice).into_iter().map(Block::text).collect();
    let sources = SOURCES.iter().enumerate().map(|(index, source)| (format!("[{}]", index + 1), (*source).to_owned()));
    Page {
        language: voice.language().tag(),
        title: voice.say("advise-title"),
        subtitle: format!("{} · {}", advice.source, basis(advice, voice)),
        contents: voice.say("page-contents"),
        numbers: voice.say("page-numbers"),
        verdict,
        highlights: highlights(advice, voice),
        sections: vec![
            checks("loyalty", "advise-loyalty-checks", &judgement.loyalty_checks),
            checks("referral", "advise-referral-checks", &judgement.referral_checks),
            coming_back(advice, voice),
            Section { id: "context", heading: voice.say("advise-context"), blocks: context },
            Section {
                id: "sources",
                heading: voice.say("advise-sources"),
                blocks: vec![Block::Facts { facts: sources.collect() }],
            },
        ],
        footer: voice.say("page-footer"),
    }
}

fn highlights(advice: &Advice<'_>, voice: &Voice<'_>) -> Vec<Highlight> {
    let habits = &advice.past.habits;
    let card = |label: &'static str, kind: Kind, number: i64, note: String| Highlight {
        label: voice.say(label),
        figure: voice.cell(kind, number),
        note,
    };
    let returning = share(count(habits.returning), count(habits.customers));
    vec![
        card("advise-card-customers", Kind::Count, count(habits.customers), String::new()),
        card("advise-card-returning", Kind::Count, count(habits.returning), voice.percent(returning)),
        card("advise-card-order", Kind::Money, habits.average_order, String::new()),
    ]
}

/// How soon customers come back, drawn.
fn coming_back(advice: &Advice<'_>, voice: &Voice<'_>) -> Section {
    let habits = &advice.past.habits;
    let months: Vec<i64> = (1..=(habits.days / DAYS_OF_A_MONTH).clamp(1, MONTHS)).collect();
    let curve = |known: &lojal_simulation::statistics::Curve| -> Vec<Estimate> {
        months.iter().map_while(|month| known.by(month * DAYS_OF_A_MONTH)).collect()
    };
    let series = [("advise-second", &habits.second, 0), ("advise-next", &habits.next, 1)].map(|(key, known, style)| {
        let shares = curve(known);
        Series {
            name: voice.say(key),
            values: shares.iter().map(|share| share.expected).collect(),
            bounds: shares.iter().map(|share| (share.low, share.high)).collect(),
            style,
        }
    });
    let (title, caption) = (voice.say("advise-curve-title"), voice.say("advise-curve-caption"));
    let labels: Vec<String> = months.iter().map(ToString::to_string).collect();
    let axis = voice.on_axis(Kind::Share);
    let told = Told { id: "coming-back-curve", title: &title, description: &caption };
    let drawing = lines(told, &labels, &series, Scale::with(&axis));
    let rows = labels.iter().enumerate().map(|(index, label)| {
        let cells = series.iter().map(|known| match known.values.get(index) {
            Some(share) => Cell::text(voice.share(*share)),
            None => Cell::text("–"),
        });
        (label.clone(), cells.collect())
    });
    let head = ["advise-month", "advise-second", "advise-next"].map(|key| voice.say(key)).into();
    let table = Table { caption: title.clone(), head, rows: rows.collect() };
    let chart = Block::Chart { chart: Chart { title, caption, drawing, table } };
    Section { id: "coming-back", heading: voice.say("advise-curve-heading"), blocks: vec![chart] }
}
