//! What an order export cannot exercise of a programme: said plainly, so that nobody takes the figures for the
//! whole of it.

use lojal_core::activity::builtin;
use lojal_core::kernel::{Instant, Name};
use lojal_core::programme::{AwardKind, Metric, Programme, Rule, Trigger, text};
use serde::Serialize;

use super::Entry;
use super::figures::has_prices;
use crate::import::Mapping;
use lojal_report::voice::Voice;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Rules on something that is no order.
    Activity,
    Birthday,
    /// Campaigns at another time.
    Campaign,
    /// Rules on orders that gave nothing.
    Unmet,
    /// Ladders that count something else than purchases.
    Ladder,
    /// All orders are sold by one of several brands.
    Brands,
    /// The programme leaves out tax, and the export does not tell it.
    Tax,
    /// No reward has a price in points.
    NoPrices,
    /// Units that nothing says the worth of.
    NoWorth,
    /// Rewards that rules give, without an amount of money.
    Gifts,
    /// Levels whose perks are words.
    Perks,
    /// Points passed on, and wallets that are shared.
    Sharing,
    Planned,
}

/// Parts of a programme that nothing happened to, by their ids.
#[derive(Clone, Debug, Serialize)]
pub struct Gap {
    pub why: Why,
    pub of: Vec<Name>,
}

pub fn gaps(entry: &Entry<'_>, mapping: &Mapping) -> Vec<Gap> {
    let Entry { programme, outcome, .. } = entry;
    let ids = |is_meant: &dyn Fn(&Rule) -> bool| -> Vec<Name> {
        programme.rules.iter().filter(|rule| is_meant(rule)).map(|rule| rule.id.clone()).collect()
    };
    let over = |rule: &Rule| outcome.from.is_some_and(|from| !overlaps(rule, from, outcome.until));
    let fired = |rule: &Rule| outcome.rules.iter().any(|known| known.rule == rule.id && known.times > 0);
    let ladders = programme.ladders.iter().filter(|ladder| matches!(ladder.metric, Metric::Activity(_)));
    let units = programme.units.iter().enumerate();
    let without_worth = units.filter(|(unit, known)| known.spendable && programme.worth(*unit).is_none());
    let leaves_tax_out = programme.exclude.tax || programme.rules.iter().any(|rule| rule.exclude.tax);
    let none = Vec::new;
    let found = [
        (Why::Activity, ids(&|rule| activity(rule).is_some_and(|name| !builtin::ALL.contains(&name)))),
        (Why::Birthday, ids(&|rule| activity(rule) == Some(builtin::BIRTHDAY))),
        (Why::Campaign, ids(&|rule| rule.on == Trigger::Order && over(rule))),
        (Why::Unmet, ids(&|rule| rule.on == Trigger::Order && !over(rule) && !fired(rule))),
        (Why::Ladder, ladders.map(|ladder| ladder.id.clone()).collect()),
        (Why::Brands, if programme.brands.len() > 1 { vec![programme.brands[0].id.clone()] } else { none() }),
        (Why::Tax, if leaves_tax_out && mapping.columns.tax.is_none() { vec![Name::const_new("tax")] } else { none() }),
        (Why::NoPrices, if has_prices(entry) { none() } else { vec![programme.id.clone()] }),
        (Why::NoWorth, without_worth.map(|(_, unit)| unit.id.clone()).collect()),
        (Why::Gifts, gifts(programme)),
        (Why::Perks, perks(programme)),
        (Why::Sharing, sharing(programme)),
        (Why::Planned, entry.planned.iter().map(|(capability, _)| Name::from(capability.to_string())).collect()),
    ];
    found.into_iter().filter(|(_, of)| !of.is_empty()).map(|(why, of)| Gap { why, of }).collect()
}

fn activity(rule: &Rule) -> Option<&str> {
    match &rule.on {
        Trigger::Order => None,
        Trigger::Activity(name) => Some(name),
    }
}

fn overlaps(rule: &Rule, from: Instant, until: Instant) -> bool {
    rule.campaign.as_ref().is_none_or(|campaign| {
        campaign.from.is_none_or(|begins| begins <= until) && campaign.until.is_none_or(|ends| from < ends)
    })
}

/// Rewards that a rule gives on orders or on joining, and that have no amount.
fn gifts(programme: &Programme) -> Vec<Name> {
    let given = programme.rules.iter().filter_map(|rule| match rule.award {
        AwardKind::Reward { reward } => programme.rewards.get(reward),
        _ => None,
    });
    let mut gifts: Vec<Name> =
        given.filter(|reward| reward.gives.money().is_none()).map(|reward| reward.id.clone()).collect();
    gifts.sort_unstable();
    gifts.dedup();
    gifts
}

fn perks(programme: &Programme) -> Vec<Name> {
    let levels = programme.ladders.iter().flat_map(|ladder| &ladder.levels);
    levels.filter(|level| !level.perks.is_empty()).map(|level| level.id.clone()).collect()
}

fn sharing(programme: &Programme) -> Vec<Name> {
    let parts = [
        ("transfers", programme.transfers.is_some()),
        ("gifts", programme.gifts.is_some()),
        ("households", programme.households.is_some()),
    ];
    parts.into_iter().filter(|(_, is_there)| *is_there).map(|(part, _)| Name::const_new(part)).collect()
}

/// In a sentence each.
pub fn sentences(entry: &Entry<'_>, gaps: &[Gap], voice: &Voice<'_>) -> Vec<String> {
    let programme = entry.programme;
    let named = |name: &dyn Fn(&Name) -> String, gap: &Gap| {
        let mut names: Vec<String> = gap.of.iter().map(name).collect();
        // Several rewards may be called the same.
        names.dedup();
        names.join("; ")
    };
    let rule = |id: &Name| voice.rule(programme, id);
    let sentence = |gap: &Gap| -> Vec<String> {
        let (key, name): (&str, &dyn Fn(&Name) -> String) = match gap.why {
            Why::Activity => ("gap-activity", &rule),
            Why::Birthday => ("gap-birthday", &rule),
            Why::Campaign => ("gap-campaign", &rule),
            Why::Unmet => ("gap-unmet", &rule),
            Why::Ladder => ("gap-ladder", &|id| voice.ladder(programme, id)),
            Why::Brands => ("gap-brands", &|id| {
                programme
                    .brand(id)
                    .map_or_else(|| id.to_string(), |brand| text(&brand.name, voice.language()).to_owned())
            }),
            Why::Tax => ("gap-tax", &Name::to_string),
            Why::NoPrices => ("gap-no-prices", &Name::to_string),
            Why::NoWorth => ("gap-no-worth", &|id| voice.unit(programme, id)),
            Why::Gifts => ("gap-gifts", &|id| voice.reward(programme, id)),
            Why::Perks => ("gap-perks", &|id| voice.level(programme, id)),
            Why::Sharing => ("gap-sharing", &Name::to_string),
            Why::Planned => {
                let planned = entry.planned.iter().map(|(_, summary)| text(summary, voice.language()));
                return planned.map(|summary| voice.tell("gap-planned", &[("summary", summary)])).collect();
            }
        };
        vec![voice.tell(key, &[("names", &named(name, gap))])]
    };
    gaps.iter().flat_map(sentence).collect()
}
