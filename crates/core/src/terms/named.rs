//! Numbers in the names that an author gives to rules and rewards. Members read them as promises, so that
//! one which the engine does not know is pointed out.

use std::collections::BTreeSet;

use jiff::ToSpan;

use crate::kernel::{Factor, Instant};
use crate::programme::condition::Test;
use crate::programme::{AwardKind, Gives, Place, Programme, Reward, Rule, Texts};

/// A number in millionths.
type Millionths = i128;

/// The names that state a number which what they name does not have: where, the name, and the number.
pub fn unfounded(programme: &Programme) -> Vec<(Place, String, String)> {
    let mut unfounded = Vec::new();
    for rule in &programme.rules {
        let section = if rule.campaign.is_some() { "campaigns" } else { "earning" };
        let place = Place::root().key(section).key(&rule.id).key("name");
        compare(&rule.name, &of_rule(programme, rule), &place, &mut unfounded);
    }
    for reward in &programme.rewards {
        let place = Place::root().key("rewards").key(&reward.id).key("name");
        compare(&reward.name, &of_reward(programme, reward), &place, &mut unfounded);
    }
    unfounded
}

fn compare(name: &Texts, known: &Known<'_>, place: &Place, unfounded: &mut Vec<(Place, String, String)>) {
    for (language, text) in name {
        for (numeral, readings) in numerals(text) {
            if !readings.iter().any(|reading| known.numbers.contains(reading)) {
                unfounded.push((place.key(language.tag()), text.clone(), numeral));
            }
        }
    }
}

struct Known<'a> {
    programme: &'a Programme,
    numbers: BTreeSet<Millionths>,
}

impl Known<'_> {
    fn whole(&mut self, number: i64) {
        self.numbers.insert(i128::from(number) * i128::from(Factor::ONE.0));
    }

    fn decimal(&mut self, number: i64, decimals: u8) {
        let number = i128::from(number) * i128::from(Factor::ONE.0);
        self.numbers.insert(number / 10i128.pow(u32::from(decimals)));
    }

    fn money(&mut self, minor: i64) {
        self.decimal(minor, self.programme.currency.decimals);
    }

    fn amount(&mut self, unit: usize, amount: i64) {
        self.decimal(amount, self.programme.units[unit].scale);
    }

    fn factor(&mut self, factor: Factor) {
        self.numbers.insert(i128::from(factor.0));
        // "25% more"
        self.numbers.insert(i128::from(factor.0 - Factor::ONE.0) * 100);
    }

    /// The day of a moment, and the day before, for a period that ends with it.
    fn moment(&mut self, moment: Option<Instant>) {
        let Some(moment) = moment else { return };
        let day = self.programme.calendar.date(moment);
        for day in [day, day.saturating_sub(1.day())] {
            self.whole(i64::from(day.day()));
            self.whole(i64::from(day.month()));
            self.whole(i64::from(day.year()));
        }
    }

    fn test(&mut self, test: &Test) {
        match test {
            Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| self.test(test)),
            Test::Not(test) => self.test(test),
            Test::Number { range, .. } => {
                // "More than 5" is kept as "at least 6".
                let bounds = [range.least, range.most].into_iter().flatten();
                bounds.for_each(|bound| [bound - 1, bound, bound + 1].into_iter().for_each(|bound| self.whole(bound)));
            }
            Test::Money { range, .. } => {
                let bounds = [range.least, range.most].into_iter().flatten();
                bounds.for_each(|bound| [bound - 1, bound, bound + 1].into_iter().for_each(|bound| self.money(bound)));
            }
            Test::NumberIn { numbers, .. } => numbers.iter().for_each(|number| self.whole(*number)),
            Test::MonthIn { months } => months.iter().for_each(|month| self.whole(i64::from(*month))),
            Test::Moment { from, until, .. } => {
                self.moment(*from);
                self.moment(*until);
            }
            // A name has its own numbers.
            Test::LevelIn { levels } => {
                for level in levels.iter().filter_map(|level| self.programme.level(level)) {
                    self.names(&level.name);
                }
            }
            Test::TextIn { texts, .. } | Test::Has { texts, .. } => {
                for text in texts {
                    let level = self.programme.level(text);
                    self.numbers.extend(numerals(text).into_iter().flat_map(|(_, readings)| readings));
                    if let Some(level) = level {
                        self.names(&level.name);
                        self.whole(level.at);
                    }
                }
            }
            Test::Flag { .. } | Test::WeekdayIn { .. } => {}
        }
    }

    fn names(&mut self, names: &Texts) {
        self.numbers.extend(names.values().flat_map(|name| numerals(name)).flat_map(|(_, readings)| readings));
    }
}

fn of_rule<'a>(programme: &'a Programme, rule: &Rule) -> Known<'a> {
    let mut known = Known { programme, numbers: BTreeSet::new() };
    let scale = programme.units[rule.unit].scale;
    match &rule.award {
        AwardKind::PerAmount { rate, per, .. } => {
            let rate = i128::from(rate.0) / 10i128.pow(u32::from(scale));
            known.numbers.insert(rate);
            known.money(per.0);
            // What comes back of each hundred, where the unit is worth what it says.
            let coin = 10i128.pow(u32::from(programme.currency.decimals));
            known.numbers.insert(rate * 100 * coin / i128::from(per.0));
            if let Some(worth) = programme.units[rule.unit].worth {
                let worth = rate * 10i128.pow(u32::from(scale)) * i128::from(worth.money.0) / i128::from(worth.units);
                known.numbers.insert(worth * 100 / i128::from(per.0));
            }
        }
        AwardKind::PerItem { each } => known.amount(rule.unit, *each),
        AwardKind::Fixed { points } => known.amount(rule.unit, *points),
        AwardKind::PerValue { rate, per, .. } => {
            known.numbers.insert(i128::from(rate.0) / 10i128.pow(u32::from(scale)));
            known.whole(*per);
        }
        AwardKind::Multiplier { factor, .. } => known.factor(*factor),
        AwardKind::Reward { reward } => {
            let reward = of_reward(programme, &programme.rewards[*reward]);
            known.numbers.extend(reward.numbers);
        }
    }
    known.test(&rule.when);
    known.test(&rule.lines);
    if super::referrals::rewards_recommendations(rule) {
        for edition in &programme.referrals {
            [&edition.advocates, &edition.friends, &edition.qualify.when].into_iter().for_each(|test| known.test(test));
            let periods = [edition.qualify.within, edition.qualify.wait.map(|wait| wait.wait)];
            periods.into_iter().flatten().for_each(|period| known.whole(period.amount()));
            edition.caps.iter().for_each(|cap| known.whole(cap.most));
        }
    }
    let caps = rule.caps.iter().map(|cap| cap.most).chain(rule.order_cap);
    caps.chain(rule.budget().map(|budget| budget.total)).for_each(|most| known.amount(rule.unit, most));
    if let Some(campaign) = &rule.campaign {
        known.moment(campaign.from);
        known.moment(campaign.until);
    }
    known
}

fn of_reward<'a>(programme: &'a Programme, reward: &Reward) -> Known<'a> {
    let mut known = Known { programme, numbers: BTreeSet::new() };
    match &reward.gives {
        Gives::PercentOff { percent } => known.whole(*percent),
        Gives::AmountOff { amount }
        | Gives::GiftCard { amount }
        | Gives::CashBack { amount }
        | Gives::Donation { amount, .. } => known.money(amount.0),
        Gives::FreeProduct { .. } | Gives::FreeShipping | Gives::Experience | Gives::ExclusiveAccess => {}
    }
    if let Some(price) = &reward.price {
        known.amount(price.unit, price.points);
        known.money(price.cash.0);
    }
    reward.stock.iter().for_each(|stock| known.whole(stock.total));
    reward.limit.iter().for_each(|limit| known.whole(limit.times));
    let valid = reward.voucher.as_ref().and_then(|voucher| voucher.valid);
    valid.into_iter().for_each(|valid| known.whole(valid.amount()));
    known.test(&reward.when);
    known.moment(reward.from);
    known.moment(reward.until);
    known
}

/// The numerals of a text, each with the numbers that it may be read as: `1,500` is a thousand and a half in
/// one language, and one and a half in another.
fn numerals(text: &str) -> Vec<(String, Vec<Millionths>)> {
    let letters: Vec<char> = text.chars().collect();
    let digits = |from: usize| letters[from.min(letters.len())..].iter().take_while(|l| l.is_ascii_digit()).count();
    let mut found = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let start = at;
        at += digits(at);
        if at == start {
            at += 1;
            continue;
        }
        while at < letters.len() && matches!(letters[at], '.' | ',') && digits(at + 1) > 0
            || at < letters.len() && matches!(letters[at], ' ' | '\u{a0}') && digits(at + 1) == 3
        {
            at += 1 + digits(at + 1);
        }
        let numeral: String = letters[start..at].iter().collect();
        let bare = numeral.replace([' ', '\u{a0}'], "");
        let mut readings: Vec<Millionths> = Vec::new();
        readings.extend(bare.replace(['.', ','], "").parse::<i128>().ok().map(|whole| whole * 1_000_000));
        if let Some((whole, fraction)) = bare.rsplit_once(['.', ',']).filter(|(_, fraction)| fraction.len() <= 6) {
            let digits = format!("{}{fraction:0<6}", whole.replace(['.', ','], ""));
            readings.extend(digits.parse::<i128>());
        }
        found.push((numeral, readings));
    }
    found
}
