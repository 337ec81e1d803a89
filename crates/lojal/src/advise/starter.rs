//! A programme fitted to how the shop's own customers buy.

use lojal_core::kernel::{Language, format_decimal};
use lojal_core::programme::{Programme, check_toml_with};
use lojal_core::words::Words;

use super::Past;
use super::judgement::{UPLIFT, fitting_rate, uplift};
use crate::failure::Failure;
use crate::texts::Texts;

const WHOLE: i64 = 1_000_000;
/// An order of the usual size is to give so many points, or up to ten times as many.
const POINTS: i64 = 50;
/// A unit of money that the rule speaks of.
const PER: i64 = 100;

/// What the shop's own numbers lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fitted {
    /// In millionths.
    rate: i64,
    /// So many points for `per` minor units.
    points: i64,
    per: i64,
    /// What 1,000 points are worth, in minor units.
    worth: i64,
    /// Rewards: an amount in minor units, and its price.
    rewards: [Option<(i64, i64)>; 2],
    /// Days by which half of all purchases are followed by the next, where that is known.
    half_by: Option<i64>,
}

impl Fitted {
    fn to(past: &Past, margin: Option<i64>) -> Fitted {
        let usual = &past.usual;
        let order = usual.average_order.0.max(1);
        let mut by_point = 1;
        while order / (by_point * 10) >= POINTS {
            by_point *= 10;
        }
        let rate = fitting_rate(margin);
        let worth = 1_000 * by_point * rate / WHOLE;
        let (points, per) = if by_point < PER { (PER / by_point, PER) } else { (1, by_point) };
        // Within reach of the customer in the middle: after two orders or a quarter of a year, and within a year.
        let money = |points: i64| points.saturating_mul(worth) / 1_000;
        let by_order = order / by_point;
        let a_year = by_order.saturating_mul(usual.orders_a_year) / 100;
        let small = reward(money((2 * by_order).max(a_year / 4).min(a_year)), worth);
        let large = small.and_then(|(small, _)| reward(money(a_year), worth).filter(|(large, _)| *large >= 2 * small));
        let half_by = past.habits.next.day_of(WHOLE / 2);
        Fitted { rate, points, per, worth, rewards: [small, large], half_by }
    }
}

/// For how long points live: three times as long as it takes to come back, or more, where that is within a year; else
/// two years, and in any case some time longer than it takes.
fn months(half_by: Option<i64>) -> i64 {
    match half_by {
        Some(..=120) => 12,
        None => 24,
        Some(days) => 12 * (days / 365 + 1).max(2),
    }
}

/// The largest round amount of money up to a limit, at a round price where there is one.
fn reward(limit: i64, worth: i64) -> Option<(i64, i64)> {
    let powers = std::iter::successors(Some(1_i64), |power| power.checked_mul(10)).take_while(|power| *power <= limit);
    let mut amounts: Vec<i64> =
        powers.flat_map(|power| [10, 15, 20, 30, 40, 50, 60, 80].map(|part| power * part / 10)).collect();
    amounts.retain(|amount| *amount > 0 && *amount <= limit);
    amounts.sort_unstable();
    amounts.dedup();
    let price = |amount: i64| (amount * 1_000 + worth - 1) / worth.max(1);
    let is_round = |amount: &i64| amount * 1_000 % worth.max(1) == 0 && price(*amount) % 10 == 0;
    let largest = amounts.last().copied()?;
    let round = amounts.iter().rev().copied().find(is_round).filter(|amount| amount * 2 >= largest);
    let amount = round.unwrap_or(largest);
    Some((amount, price(amount)))
}

/// A programme document that passes its check, and that of an ordinary member of this shop.
pub fn document(past: &Past, shop: &Programme, margin: Option<i64>, texts: &Texts) -> Result<String, Failure> {
    let fitted = Fitted::to(past, margin);
    let document = written(&fitted, past, shop, margin, texts);
    match check_toml_with(&document, Some(&past.usual)) {
        Ok(checked) if checked.unaccepted().is_empty() => Ok(document),
        Ok(checked) => Err(unfit(&checked.unaccepted(), texts)),
        Err(findings) => Err(unfit(&findings, texts)),
    }
}

fn unfit(findings: &[lojal_core::programme::Finding], texts: &Texts) -> Failure {
    let words = Words::new(texts.language());
    let findings: Vec<String> = findings.iter().map(|finding| words.finding(finding)).collect();
    Failure::new(format!("no programme fits these orders; begin with lojal init\n{}", findings.join("\n")))
}

fn written(fitted: &Fitted, past: &Past, shop: &Programme, margin: Option<i64>, texts: &Texts) -> String {
    let (currency, decimals) = (&shop.currency.code, shop.currency.decimals);
    let money = |amount: i64| format_decimal(amount, decimals);
    // As names say it: without decimals that are zero.
    let short = |amount: i64, language: Language| {
        let text = money(amount);
        let text = text.strip_suffix(".00").unwrap_or(&text).to_owned();
        match language {
            Language::Pl => text.replace('.', ","),
            Language::En => text,
        }
    };
    let comment = |key: &str, values: &[(&'static str, &str)]| {
        let text = texts.say(key, values);
        let lines = lojal_report::terminal::wrapped_within(&text, 98);
        lines.iter().map(|line| format!("# {line}\n")).collect::<String>()
    };
    let percent = |share: i64| {
        let text = format_decimal((share + 50) / 100, 2);
        texts.decimal(text.trim_end_matches('0').trim_end_matches('.'))
    };
    let orders = texts.number(lojal_report::count(past.habits.orders));
    let period = [past.from, past.until].map(|date| date.to_string());
    let head = comment("starter-head", &[("orders", &orders), ("from", &period[0]), ("until", &period[1])]);
    let (rate, points) = (percent(fitted.rate), fitted.points);
    let currency_pl = if currency == "PLN" { "zł" } else { currency.as_str() };
    let per = [Language::Pl, Language::En].map(|language| short(fitted.per, language));
    let earns = [
        format!("{points} {} za każde {} {currency_pl}", punkty(points), per[0]),
        format!("{points} {} for each {} {currency}", if points == 1 { "point" } else { "points" }, per[1]),
    ];
    let pending = if past.tells_delivery { "closed" } else { "paid" };
    let mut document = format!(
        "{head}\n[programme]\nid = \"club\"\nname = {{ pl = \"Klub\", en = \"The club\" }}\n\
         languages = [\"pl\", \"en\"]\ntime_zone = \"{}\"\ncurrency = \"{currency}\"\njoin_on_first_order = true\n\n\
         [brands.shop]\nname = {{ pl = \"Sklep\", en = \"The shop\" }}\n\n[units.points]\n\
         name.pl = {{ one = \"punkt\", few = \"punkty\", many = \"punktów\", other = \"punktu\" }}\n\
         name.en = {{ one = \"point\", many = \"points\" }}\n",
        shop.time_zone
    );
    document += &match margin.map(|margin| (percent(margin), uplift(margin, fitted.rate))) {
        Some((margin, None)) => comment("starter-worth-never", &[("rate", &rate), ("margin", &margin)]),
        Some((_, Some(more))) if more > UPLIFT => {
            comment("starter-worth-thin", &[("rate", &rate), ("uplift", &percent(more))])
        }
        _ => comment("starter-worth", &[("rate", &rate)]),
    };
    document += &format!("worth = {{ units = 1000, money = \"{}\" }}\n", money(fitted.worth));
    document += &comment("starter-pending", &[]);
    document += &format!("pending = {{ after = \"{pending}\", for = \"14 days\" }}\n");
    if fitted.half_by.is_some() {
        document += &comment("starter-expiry", &[]);
    }
    let months = months(fitted.half_by);
    document += &format!("expiry = {{ after_earning = \"{months} months\", until_end_of = \"month\" }}\n\n");
    document += &format!(
        "[earning.spend]\nname = {{ pl = \"{}\", en = \"{}\" }}\nrate = {points}\nper = \"{}\"\n",
        earns[0],
        earns[1],
        money(fitted.per)
    );
    let rewards = fitted.rewards.into_iter().flatten().zip(["small", "large"]);
    for ((amount, price), id) in rewards {
        document += &format!(
            "\n{}[rewards.{id}]\n",
            if id == "small" { comment("starter-reward", &[]) } else { String::new() }
        );
        document += &format!(
            "name = {{ pl = \"{} {currency_pl} rabatu\", en = \"{} {currency} off\" }}\nkind = \"amount_off\"\n\
             amount = \"{}\"\nprice = {price}\nvoucher = {{ prefix = \"CLUB\", valid = \"60 days\" }}\n",
            short(amount, Language::Pl),
            short(amount, Language::En),
            money(amount)
        );
    }
    document
}

/// The Polish noun after a number that is a power of ten.
fn punkty(points: i64) -> &'static str {
    if points == 1 { "punkt" } else { "punktów" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_outlive_the_time_until_the_next_purchase() {
        let known = [(None, 24), (Some(0), 12), (Some(120), 12), (Some(121), 24), (Some(729), 24), (Some(730), 36)];
        for (half_by, expected) in known.into_iter().chain([(Some(900), 36), (Some(2_000), 72)]) {
            assert_eq!(months(half_by), expected, "{half_by:?}");
        }
    }

    #[test]
    fn rewards_are_round() {
        // 1,000 points are worth 30.00: a point is 3 groszy.
        for (limit, worth, expected) in [
            (650, 3_000, Some((600, 200))),
            (59, 3_000, Some((30, 10))),
            (1, 3_000, Some((1, 1))),
            (0, 3_000, None),
            (1_234, 250, Some((1_000, 4_000))),
            (176, 250, Some((150, 600))),
        ] {
            assert_eq!(reward(limit, worth), expected, "{limit} at {worth}");
        }
    }
}
