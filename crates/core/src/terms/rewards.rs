//! Rewards, and what else can be done with what is in a wallet.

use super::earning::{caps, conditions};
use super::scribe::Scribe;
use super::span::Text;
use super::{Clause, Section};
use crate::kernel::Money;
use crate::programme::{Gives, Place, Reward, TransferPolicy, Unit};

pub fn section(scribe: &Scribe<'_>) -> Section {
    let programme = scribe.programme;
    let mut clauses = Vec::new();
    if !programme.rewards.is_empty() {
        let points = programme.rewards.iter().map(|reward| in_full(scribe, reward)).collect();
        clauses.push(Clause { text: scribe.say("terms-rewards", &[]), points });
        if !scribe.priced_units().is_empty() {
            clauses.push(scribe.say("terms-redeem", &[]).into());
        }
    }
    let spendable = scribe.spendable_units();
    if !spendable.is_empty() {
        let place = Place::root().key("holds");
        let holds = &programme.holds;
        let values = [
            ("units", spendable.into()),
            ("valid", scribe.period(holds.valid, &place.key("valid")).into()),
            ("longest", scribe.period(holds.longest, &place.key("longest")).into()),
            ("most", scribe.number(holds.most, &place.key("most")).into()),
        ];
        clauses.push(scribe.say("terms-hold", &values).into());
    }
    for (policy, key, sentence) in
        [(&programme.transfers, "transfers", "terms-transfer"), (&programme.gifts, "gifts", "terms-gift")]
    {
        let Some(policy) = policy else { continue };
        let place = Place::root().key(key);
        let units: Vec<&Unit> = policy.units.iter().filter_map(|unit| programme.unit(unit)).collect();
        let named = scribe.and(units.iter().map(|unit| scribe.units(unit)).collect());
        let mut limits = transfer_limits(scribe, policy, &units, &place);
        limits.push(scribe.say("terms-transfer-kept", &[("units", named.clone().into())]).capitalised());
        let limits = Text::joined(limits, " ");
        clauses.push(scribe.say(sentence, &[("units", named.into()), ("limits", limits.into())]).into());
    }
    if !scribe.spendable_units().is_empty() {
        clauses.extend(forbidden(scribe).map(Clause::from));
    }
    (scribe.say("terms-section-rewards", &[]), clauses)
}

/// A reward in a row of the table.
pub fn row(scribe: &Scribe<'_>, reward: &Reward) -> Vec<Text> {
    vec![
        scribe.text(&reward.name, &reward_place(reward).key("name")),
        price(scribe, reward).capitalised(),
        gives(scribe, reward).capitalised(),
        Text::joined(facts(scribe, reward), " "),
    ]
}

/// The least that a reward costs, of those that cost anything.
pub fn cheapest(scribe: &Scribe<'_>, unit: usize) -> Option<Text> {
    let priced = scribe.programme.rewards.iter().filter_map(|reward| Some((reward, reward.price.as_ref()?)));
    let (reward, price) =
        priced.filter(|(_, price)| price.unit == unit && price.points > 0).min_by_key(|(_, price)| price.points)?;
    let place = reward_place(reward).key("price");
    Some(scribe.of_amount(&scribe.programme.units[unit], price.points, &place))
}

fn reward_place(reward: &Reward) -> Place {
    Place::root().key("rewards").key(&reward.id)
}

fn in_full(scribe: &Scribe<'_>, reward: &Reward) -> Text {
    let place = reward_place(reward);
    let name = scribe.text(&reward.name, &place.key("name"));
    let gives = gives(scribe, reward);
    let sentence = match is_alike(&name, &gives) {
        true => scribe.say("terms-reward-alike", &[("name", name.into())]),
        false => scribe.say("terms-reward", &[("name", name.into()), ("gives", gives.into())]),
    };
    let description = reward.description.as_ref().map(|text| {
        let text = scribe.text(text, &place.key("description"));
        // An author may or may not end with a full stop.
        if text.plain().ends_with(['.', '!', '?', '…']) { text } else { Text::joined([text, Text::words(".")], "") }
    });
    let price = scribe.say("terms-reward-price", &[("price", price(scribe, reward).into())]);
    let sentences = std::iter::once(sentence).chain(description).chain([price]);
    Text::joined(sentences.chain(facts(scribe, reward)), " ")
}

/// Whether a name says already what there is to be had.
fn is_alike(name: &Text, gives: &Text) -> bool {
    let bare = |text: &Text| text.plain().to_lowercase().replace('\u{a0}', " ");
    bare(name) == bare(gives)
}

fn price(scribe: &Scribe<'_>, reward: &Reward) -> Text {
    let place = reward_place(reward);
    let Some(price) = &reward.price else {
        return scribe.say("terms-price-given", &[]);
    };
    let points = scribe.amount(&scribe.programme.units[price.unit], price.points, &place.key("price"));
    let has_cash = price.cash > Money::ZERO;
    let cash = scribe.money(price.cash, &place.key("cash"));
    match (price.points, has_cash) {
        (0, false) => scribe.say("terms-price-free", &[]),
        (0, true) => cash,
        (_, false) => points,
        (_, true) => scribe.say("terms-price-cash", &[("points", points.into()), ("money", cash.into())]),
    }
}

fn gives(scribe: &Scribe<'_>, reward: &Reward) -> Text {
    let place = reward_place(reward);
    let amount = |amount: Money| ("amount", scribe.money(amount, &place.key("amount")).into());
    match &reward.gives {
        Gives::PercentOff { percent } => {
            let percent = scribe.percent(*percent, &place.key("percent"));
            scribe.say("terms-gives-percent", &[("percent", percent.into())])
        }
        Gives::AmountOff { amount: money } => scribe.say("terms-gives-amount", &[amount(*money)]),
        Gives::FreeProduct { .. } => scribe.say("terms-gives-product", &[]),
        Gives::FreeShipping => scribe.say("terms-gives-shipping", &[]),
        Gives::GiftCard { amount: money } => scribe.say("terms-gives-card", &[amount(*money)]),
        Gives::CashBack { amount: money } => scribe.say("terms-gives-cash", &[amount(*money)]),
        Gives::Experience => scribe.say("terms-gives-experience", &[]),
        Gives::ExclusiveAccess => scribe.say("terms-gives-access", &[]),
        Gives::Donation { amount: money, cause } => {
            let cause = scribe.text(cause, &place.key("cause"));
            scribe.say("terms-gives-donation", &[amount(*money), ("cause", cause.into())])
        }
    }
}

fn facts(scribe: &Scribe<'_>, reward: &Reward) -> Vec<Text> {
    let place = reward_place(reward);
    let mut facts = Vec::new();
    if reward.price.is_some() {
        if reward.from.is_some() || reward.until.is_some() {
            let bounds = scribe.bounds(reward.from, reward.until, &place);
            facts.push(scribe.say("terms-fact-period", &[("bounds", bounds.into())]));
        }
        facts.extend(conditions(scribe, reward.when.parts(), &place.key("when")));
    }
    if let Some(limit) = &reward.limit {
        let times = scribe.counted("times", limit.times, &place.key("limit").key("times"));
        facts.push(scribe.say("terms-fact-times", &[("times", times.into()), ("window", limit.window.name().into())]));
    }
    if let Some(stock) = &reward.stock {
        let pieces = scribe.counted("pieces", stock.total, &place.key("stock"));
        facts.push(scribe.say("terms-fact-stock", &[("pieces", pieces.into())]));
    }
    if let Some(voucher) = &reward.voucher {
        facts.push(match voucher.valid {
            Some(valid) => {
                let period = scribe.for_period(valid, &place.key("voucher").key("valid"));
                scribe.say("terms-fact-voucher", &[("period", period.into())])
            }
            None => scribe.say("terms-fact-voucher-open", &[]),
        });
    }
    facts
}

/// What members might expect of a wallet and cannot do.
fn forbidden(scribe: &Scribe<'_>) -> impl Iterator<Item = Text> {
    let programme = scribe.programme;
    let stays = programme.transfers.is_none() && programme.gifts.is_none();
    let is_paid_out = programme.rewards.iter().any(|reward| matches!(reward.gives, Gives::CashBack { .. }));
    let stays = stays.then(|| scribe.say("terms-not-transferred", &[("units", scribe.spendable_units().into())]));
    let not_paid =
        (!is_paid_out).then(|| scribe.say("terms-not-paid-out", &[("units", scribe.spendable_units().into())]));
    stays.into_iter().chain(not_paid)
}

fn transfer_limits(scribe: &Scribe<'_>, policy: &TransferPolicy, units: &[&Unit], place: &Place) -> Vec<Text> {
    let amount = |amount: i64, field: &str| -> Text {
        scribe.or(units.iter().map(|unit| scribe.amount(unit, amount, &place.key(field))).collect())
    };
    // Less than one cannot be sent anyway.
    let least = (policy.least > 1).then(|| ("least", amount(policy.least, "least").into()));
    let most = policy.most.map(|most| ("most", amount(most, "most").into()));
    let mut limits = Vec::new();
    match (least, most) {
        (Some(least), Some(most)) => limits.push(scribe.say("terms-transfer-between", &[least, most])),
        (Some(least), None) => limits.push(scribe.say("terms-transfer-least", &[least])),
        (None, Some(most)) => limits.push(scribe.say("terms-transfer-most", &[most])),
        (None, None) => {}
    }
    let within: Vec<Text> =
        units.iter().flat_map(|unit| caps(scribe, &policy.caps, unit, &place.key("caps"))).collect();
    if !within.is_empty() {
        limits.push(scribe.say("terms-transfer-caps", &[("caps", scribe.and(within).into())]));
    }
    limits
}
