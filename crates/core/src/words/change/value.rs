//! Terms of a programme as phrases that stand by themselves.

use super::super::Speaker;
use super::super::dates::MONTHS;
use crate::kernel::{Language, Name, Period, Rounding};
use crate::ledger::SpendOrder;
use crate::programme::diff::{Aspect, Award, Value};
use crate::programme::{
    CreditPolicy, DebtPolicy, Exclusions, Expiry, Gives, LadderWindow, LooseReturns, Metric, OnReturn, PendingFrom,
    PendingRule, Review, Stacking, StepDown, Trigger, VoucherSource, WordKind,
};

impl Speaker<'_> {
    /// A term in words. What is not there means something else for each aspect.
    pub(super) fn term(&self, aspect: &Aspect, value: &Value) -> String {
        match value {
            Value::Nothing => self.nothing(aspect),
            Value::Flag(is) => self.yes_or_no(*is),
            Value::Count(count) => self.words.number(*count, 0),
            Value::Amount { unit, amount } => self.amount(unit, *amount),
            Value::Factor(factor) => self.words.factor(*factor),
            Value::Period(period) => self.words.period(*period),
            Value::Text(text) => text.to_string(),
            Value::Texts(texts) => self.text(texts).to_owned(),
            Value::Forms(forms) => {
                forms.get(&self.language()).or_else(|| forms.values().next()).map_or("", |forms| &forms.many).to_owned()
            }
            Value::Languages(languages) => self.languages(languages),
            Value::Units(units) if units.is_empty() => self.say("term-none", &[]),
            Value::Units(units) => {
                let names: Vec<String> = units.iter().map(|unit| self.plural(unit)).collect();
                names.join(", ")
            }
            Value::Rules(rules) => {
                let rules: Vec<String> = rules
                    .iter()
                    .map(|rule| self.say("term-quoted", &[("text", self.rule_name(rule).into())]))
                    .collect();
                rules.join(", ")
            }
            Value::Condition(test) if test.is_always() => match aspect {
                Aspect::Lines => self.say("term-all-goods", &[]),
                _ => self.say("term-no-conditions", &[]),
            },
            Value::Condition(test) => self.condition(test),
            Value::Exclusions(exclusions) => self.excluded(*exclusions),
            Value::Between { from: None, until: None } => self.say("term-without-end", &[]),
            Value::Between { from, until } => {
                let bounds = from.map(|from| self.since(from)).into_iter();
                bounds.chain(until.map(|until| self.until(until))).collect::<Vec<_>>().join(" ")
            }
            Value::Worth { unit, worth } => self.say(
                "term-worth",
                &[("amount", self.amount(unit, worth.units).into()), ("money", self.money(worth.money).into())],
            ),
            Value::Pending(rule) => self.waits(*rule),
            Value::Expiry(expiry) => self.expires(expiry),
            Value::Award { unit, award } => self.award(unit, award),
            Value::Metric(metric) => self.metric(metric),
            Value::LadderWindow(window) => self.ladder_window(*window),
            Value::Threshold { metric, at } => self.threshold(metric, *at),
            Value::Gives(gives) => self.gives(gives),
            Value::Price { unit, points, cash } if cash.0 == 0 => self.amount(unit, *points),
            Value::Price { unit, points, cash } => self.say(
                "price-with-cash",
                &[("points", self.amount(unit, *points).into()), ("cash", self.money(*cash).into())],
            ),
            Value::Limit { times, window } => self.say(
                "limit-times",
                &[
                    ("times", self.words.counted("times", *times).into()),
                    ("window", self.words.per_window(*window).into()),
                ],
            ),
            Value::Voucher(source) => self.voucher_source(source),
            Value::Trigger(Trigger::Order) => self.say("trigger-order", &[]),
            Value::Trigger(Trigger::Activity(name)) => self.activity(name),
            Value::Rounding(rounding) => self.choice(match rounding {
                Rounding::Down => "rounding-down",
                Rounding::Nearest => "rounding-nearest",
                Rounding::Up => "rounding-up",
            }),
            Value::Stacking(stacking) => self.choice(match stacking {
                Stacking::Compound => "stacking-compound",
                Stacking::Additive => "stacking-additive",
                Stacking::Best => "stacking-best",
            }),
            Value::SpendOrder(order) => self.choice(match order {
                SpendOrder::ExpiringFirst => "spend-expiring",
                SpendOrder::OldestFirst => "spend-oldest",
            }),
            Value::Debt(debt) => self.choice(match debt {
                DebtPolicy::Carry => "debt-carry",
                DebtPolicy::Forgive => "debt-forgive",
                DebtPolicy::Block => "debt-block",
            }),
            Value::StepDown(step) => self.choice(match step {
                StepDown::ToEarned => "step-down-earned",
                StepDown::One => "step-down-one",
            }),
            Value::OnReturn(on_return) if *aspect == Aspect::FriendReturn => self.choice(match on_return {
                OnReturn::Recheck => "friend-return-recheck",
                OnReturn::Keep => "friend-return-keep",
            }),
            Value::OnReturn(on_return) => self.choice(match on_return {
                OnReturn::Recheck => "return-recheck",
                OnReturn::Keep => "return-keep",
            }),
            Value::LooseReturns(returns) => self.choice(match returns {
                LooseReturns::Reverse => "loose-reverse",
                LooseReturns::Ignore => "loose-ignore",
            }),
            Value::Credit(credit) => self.choice(match credit {
                CreditPolicy::Last => "credit-last",
                CreditPolicy::First => "credit-first",
                CreditPolicy::Split => "credit-split",
            }),
            Value::Review(review) => self.choice(match review {
                Review::Suspicious => "review-suspicious",
                Review::All => "review-all",
                Review::None => "review-none",
            }),
        }
    }

    fn choice(&self, key: &'static str) -> String {
        self.words.say(key, &[])
    }

    fn nothing(&self, aspect: &Aspect) -> String {
        self.choice(match aspect {
            Aspect::Cap(_)
            | Aspect::OrderCap
            | Aspect::Budget
            | Aspect::Stock
            | Aspect::Limit
            | Aspect::Most
            | Aspect::FriendsCap(_)
            | Aspect::FriendsBudget => "term-no-limit",
            Aspect::Validity | Aspect::QualifyWithin => "term-without-end",
            Aspect::Pending | Aspect::QualifyWait => "term-at-once",
            Aspect::Price => "term-not-for-sale",
            Aspect::AppliesTo => "term-all-rules",
            _ => "term-none",
        })
    }

    fn languages(&self, languages: &[Language]) -> String {
        let names = languages.iter().map(|language| {
            self.choice(match language {
                Language::Pl => "language-polish",
                Language::En => "language-english",
            })
        });
        names.collect::<Vec<_>>().join(", ")
    }

    fn excluded(&self, list: Exclusions) -> String {
        let words = [
            (list.shipping, "excluded-shipping"),
            (list.tax, "excluded-tax"),
            (list.gift_cards, "excluded-gift-cards"),
            (list.fees, "excluded-fees"),
            (list.discounted_lines, "excluded-discounted"),
            (list.paid_with_points, "excluded-points"),
        ];
        let named: Vec<String> = words.into_iter().filter(|(is, _)| *is).map(|(_, key)| self.choice(key)).collect();
        if named.is_empty() { self.say("term-nothing", &[]) } else { named.join(", ") }
    }

    fn waits(&self, rule: PendingRule) -> String {
        let key = match rule.from {
            PendingFrom::Placed => "pending-placed",
            PendingFrom::Paid => "pending-paid",
            PendingFrom::Closed => "pending-closed",
        };
        self.lasting(key, rule.wait)
    }

    fn lasting(&self, key: &'static str, period: Period) -> String {
        self.words.say(key, &[("period", self.words.period(period).into())])
    }

    fn expires(&self, expiry: &Expiry) -> String {
        match expiry {
            Expiry::Never => self.say("expiry-never", &[]),
            Expiry::AfterEarning { period, until_end_of: None } => self.lasting("expiry-after-earning", *period),
            Expiry::AfterEarning { period, until_end_of: Some(window) } => self.say(
                "expiry-until-end-of",
                &[("period", self.words.period(*period).into()), ("window", window.name().into())],
            ),
            Expiry::AfterInactivity { period } => self.lasting("expiry-after-inactivity", *period),
            Expiry::OnDates { days, not_before } => {
                let days: Vec<String> = days.iter().map(|day| self.day_of_year(*day)).collect();
                match not_before {
                    None => self.say("expiry-on-dates", &[("days", days.join(", ").into())]),
                    Some(period) => self.say(
                        "expiry-not-before",
                        &[("days", days.join(", ").into()), ("period", self.words.period(*period).into())],
                    ),
                }
            }
        }
    }

    fn day_of_year(&self, (month, day): (i8, i8)) -> String {
        let month = MONTHS[usize::from(month.unsigned_abs().clamp(1, 12)) - 1];
        self.say("day-of-year", &[("day", day.to_string().into()), ("month", month.into())])
    }

    fn award(&self, unit: &Name, award: &Award) -> String {
        match award {
            Award::PerAmount { rate, per } => self.say(
                "award-amount",
                &[
                    ("rate", self.rate(unit, *rate).into()),
                    ("size", if self.is_one_coin(*per) { "one" } else { "other" }.into()),
                    ("per", self.money(*per).into()),
                ],
            ),
            Award::PerItem { each } => self.say("award-pieces", &[("each", self.amount(unit, *each).into())]),
            Award::Fixed { points } => self.amount(unit, *points),
            Award::PerValue { attribute, rate, per } => self.say(
                "award-attribute",
                &[
                    ("rate", self.rate(unit, *rate).into()),
                    ("per", self.words.counted("parts-each", *per).into()),
                    ("attribute", attribute.as_str().into()),
                ],
            ),
            Award::Multiplier { factor } => self.words.factor(*factor),
            Award::Reward { reward } => self.say("subject-reward", &[("name", self.reward(reward).into())]),
        }
    }

    fn metric(&self, metric: &Metric) -> String {
        match metric {
            Metric::Spend => self.say("metric-spend", &[]),
            Metric::Points(unit) => self.say("metric-points", &[("name", self.plural(unit).into())]),
            Metric::Orders => self.say("metric-orders", &[]),
            Metric::Activity(name) => {
                self.say("metric-activity", &[("name", self.label(WordKind::Activity, name).into())])
            }
        }
    }

    fn ladder_window(&self, window: LadderWindow) -> String {
        match window {
            LadderWindow::Lifetime => self.say("window-lifetime", &[]),
            LadderWindow::CalendarYear => self.say("window-calendar-year", &[]),
            LadderWindow::MembershipYear => self.say("window-membership-year", &[]),
            LadderWindow::Rolling(period) => self.lasting("window-rolling", period),
        }
    }

    fn threshold(&self, metric: &Metric, at: i64) -> String {
        match metric {
            Metric::Spend => self.money(crate::kernel::Money(at)),
            Metric::Points(unit) => self.amount(unit, at),
            Metric::Orders => self.words.counted("orders", at),
            Metric::Activity(_) => self.words.counted("times", at),
        }
    }

    fn gives(&self, gives: &Gives) -> String {
        let amount = |key: &'static str, money| self.words.say(key, &[("amount", self.money(money).into())]);
        match gives {
            Gives::PercentOff { percent } => {
                self.say("gives-percent", &[("percent", self.words.percent(*percent, 0).into())])
            }
            Gives::AmountOff { amount: money } => amount("gives-amount", *money),
            Gives::FreeProduct { product } => self.say("gives-product", &[("product", product.as_str().into())]),
            Gives::FreeShipping => self.say("gives-shipping", &[]),
            Gives::GiftCard { amount: money } => amount("gives-card", *money),
            Gives::CashBack { amount: money } => amount("gives-cash", *money),
            Gives::Experience => self.say("gives-experience", &[]),
            Gives::ExclusiveAccess => self.say("gives-access", &[]),
            Gives::Donation { amount, cause } => self
                .say("gives-donation", &[("amount", self.money(*amount).into()), ("cause", self.text(cause).into())]),
        }
    }

    fn voucher_source(&self, source: &VoucherSource) -> String {
        match source {
            VoucherSource::Generated { prefix } if prefix.is_empty() => self.say("voucher-generated", &[]),
            VoucherSource::Generated { prefix } => self.say("voucher-prefix", &[("prefix", prefix.as_str().into())]),
            VoucherSource::Pool { pool } => self.say("voucher-pool", &[("pool", pool.as_str().into())]),
        }
    }
}
