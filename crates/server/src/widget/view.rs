//! What the widget shows, made of the same pieces as members' own pages.

use lojal_core::command::Command;
use lojal_core::decision::Record;
use lojal_core::kernel::{Language, MemberId, Name};
use lojal_core::ledger::Account;
use lojal_core::programme::{Gives, Programme, text};

use super::wire::{
    WidgetBar, WidgetLevel, WidgetMember, WidgetQuote, WidgetRedemption, WidgetReferral, WidgetReward, WidgetView,
    WidgetWallet, WidgetWay,
};
use crate::members::Pieces;
use crate::platform::appearance::{PictureUse, widget_style};
use crate::platform::enrolment::MemberRow;
use crate::platform::pages::{PageError, PageState};
use crate::platform::ways::{Offers, Way, ways};
use crate::platform::writer::Done;
use crate::portal::{
    RewardView, Standing, closest, ends, left_of, may_be_recommended, may_recommend, own_link, price_text, reward_views,
};

/// Rewards that a guest may look forward to.
const TO_LOOK_FORWARD_TO: usize = 3;
/// What the widget says by itself; it asks for them by what follows the hyphen.
const TEXTS: [&str; 37] = [
    "widget-open",
    "widget-close",
    "widget-lead",
    "widget-ways",
    "widget-no-ways",
    "widget-offers",
    "widget-join",
    "widget-portal",
    "widget-have",
    "widget-level",
    "widget-closest",
    "widget-no-rewards",
    "widget-redeem",
    "widget-sure",
    "widget-not-now",
    "widget-copy",
    "widget-copied",
    "widget-back",
    "widget-code",
    "widget-cart-empty",
    "widget-cart-unknown",
    "widget-failed",
    "widget-unsure",
    "widget-again",
    "widget-ended",
    "widget-waiting",
    "widget-friend",
    "widget-friend-code",
    "widget-friend-check",
    "widget-friend-kept",
    "widget-friend-other",
    "widget-friend-wrong",
    "widget-friend-often",
    "widget-friend-unknown",
    "widget-recommend",
    "widget-recommend-get",
    "widget-copy-link",
];

/// For a guest, or for a member.
pub async fn view(
    state: &PageState,
    member: Option<&MemberRow>,
    programme: &Programme,
    language: Language,
) -> Result<WidgetView, PageError> {
    let (rewards, referral, member) = match member {
        Some(member) => {
            let standing = Standing::of(member, state).await?;
            let identity = state.application.identity(member.id).await?.unwrap_or_default();
            let first_name = identity.name.as_deref().and_then(|name| name.split_whitespace().next());
            let (rewards, member) = of_member(state, member, &standing, first_name, language).await?;
            (rewards, recommending(state, &standing, language).await?, Some(member))
        }
        None => (for_guests(state, programme, language).await?, recommended(state, programme, language), None),
    };
    Ok(WidgetView { referral, ..put_together(state, programme, language, rewards, member) })
}

/// For somebody who is in no database.
pub async fn sample_view(
    state: &PageState,
    member: &MemberRow,
    standing: &Standing,
    first_name: &str,
    language: Language,
) -> Result<WidgetView, PageError> {
    let (rewards, member) = of_member(state, member, standing, Some(first_name), language).await?;
    let referral = recommended(state, &standing.programme, language);
    Ok(WidgetView { referral, ..put_together(state, &standing.programme, language, rewards, Some(member)) })
}

/// What there is for whoever comes by a recommendation; nothing while nobody can be recommended.
fn recommended(state: &PageState, programme: &Programme, language: Language) -> Option<WidgetReferral> {
    let now = state.application.clock.now();
    programme.referrals.iter().any(|edition| edition.runs_at(now)).then(|| WidgetReferral {
        asks: true,
        gets: friend_gets(state, programme, language),
        link: None,
        recommends: false,
    })
}

/// The same, as it is for a member: their own link, and whether they may still say who recommended the shop to them.
async fn recommending(
    state: &PageState,
    standing: &Standing,
    language: Language,
) -> Result<Option<WidgetReferral>, PageError> {
    let Some(referral) = recommended(state, &standing.programme, language) else { return Ok(None) };
    let recommends = may_recommend(standing, state).is_some();
    let link = if recommends { own_link(state, MemberId(standing.own.id.0)).await? } else { None };
    Ok(Some(WidgetReferral { asks: may_be_recommended(standing, state).is_some(), link, recommends, ..referral }))
}

/// What a friend gets, in the sentences of the terms.
pub fn friend_gets(state: &PageState, programme: &Programme, language: Language) -> Vec<WidgetWay> {
    let ways = ways(programme, &state.pages.texts(language).words, state.application.clock.now());
    Offers::of(&ways).theirs.into_iter().map(way).collect()
}

fn way(way: &Way) -> WidgetWay {
    WidgetWay { what: way.what.clone(), award: way.award.clone(), limits: way.limits.clone() }
}

fn put_together(
    state: &PageState,
    programme: &Programme,
    language: Language,
    rewards: Vec<WidgetReward>,
    member: Option<WidgetMember>,
) -> WidgetView {
    let texts = state.pages.texts(language);
    let say = |key: &str| {
        let name = key.split_once('-').map_or(key, |(_, name)| name);
        (name.to_owned(), texts.say(key, None, &[]))
    };
    let look = state.pages.look();
    WidgetView {
        name: look.appearance.name(language).unwrap_or(text(&programme.name, language)).to_owned(),
        logo: look.picture(PictureUse::Logo).map(|address| format!("{}{address}", state.public)),
        style: widget_style(&look.appearance),
        portal: format!("{}/portal", state.public),
        texts: TEXTS.into_iter().map(say).collect(),
        ways: ways(programme, &texts.words, state.application.clock.now()).iter().map(way).collect(),
        rewards,
        member,
        referral: None,
    }
}

/// The cheapest of what is on offer, and not gone.
async fn for_guests(
    state: &PageState,
    programme: &Programme,
    language: Language,
) -> Result<Vec<WidgetReward>, PageError> {
    let now = state.application.clock.now();
    let speaker = state.pages.texts(language).words.about(programme);
    let offered = programme.rewards.iter().filter(|reward| reward.offered_at(now));
    let mut offered: Vec<_> = offered.filter_map(|reward| Some((reward, reward.price.as_ref()?))).collect();
    offered.sort_by_key(|(_, price)| price.points);
    let mut shown = Vec::new();
    for (reward, price) in offered {
        if shown.len() == TO_LOOK_FORWARD_TO {
            break;
        }
        if left_of(&state.application, reward).await?.is_some_and(|left| left <= 0) {
            continue;
        }
        shown.push(WidgetReward {
            id: reward.id.to_string(),
            name: text(&reward.name, language).to_owned(),
            price: price_text(programme, reward, speaker),
            available: false,
            note: None,
            question: None,
            most: price.points,
            filled: 0,
        });
    }
    Ok(shown)
}

async fn of_member(
    state: &PageState,
    member: &MemberRow,
    standing: &Standing,
    first_name: Option<&str>,
    language: Language,
) -> Result<(Vec<WidgetReward>, WidgetMember), PageError> {
    let texts = state.pages.texts(language);
    let speaker = texts.words.about(&standing.programme);
    let pieces = Pieces::new(&standing.programme, &texts.words, &standing.own, standing.household.as_ref(), state);
    let rewards = closest(reward_views(member, language, standing, state).await?);
    let say = |key: &str, name: &'static str, value: &str| texts.say(key, None, &[(name, value.to_owned())]);
    let wallets = pieces.wallets.iter().map(|wallet| WidgetWallet {
        amount: wallet.available.clone(),
        notes: [
            wallet.worth.as_ref().map(|worth| say("wallet-worth", "amount", worth)),
            wallet.pending.as_ref().map(|pending| say("portal-pending", "amount", pending)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    });
    let levels = pieces.tiers.iter().map(|tier| WidgetLevel {
        name: tier.level.clone(),
        note: match &tier.next {
            Some(next) => {
                let values = [("missing", next.missing.clone()), ("level", next.level.clone())];
                texts.say("tier-missing", None, &values)
            }
            None => say("tier-top", "reached", &tier.reached),
        },
        bar: tier.next.as_ref().map(|next| WidgetBar {
            most: next.most,
            filled: next.filled,
            text: texts.say("tier-progress", None, &[("reached", tier.reached.clone()), ("at", next.at.clone())]),
        }),
    });
    let ends = ends(standing, speaker).into_iter().next();
    let member = WidgetMember {
        hello: match first_name {
            Some(name) => say("portal-hello-name", "name", name),
            None => texts.say("portal-hello", None, &[]),
        },
        wallets: wallets.collect(),
        ends: ends.map(|end| texts.say("widget-ends", None, &[("amount", end.amount), ("until", end.until)])),
        levels: levels.collect(),
        vouchers: i64::try_from(standing.vouchers())
            .ok()
            .filter(|count| *count > 0)
            .map(|count| texts.say("portal-vouchers-have", Some(count), &[])),
    };
    let reward = |reward: RewardView| {
        let question = reward.after.filter(|_| reward.is_available).map(|after| {
            let cost = say("portal-redeem-sure", "price", &reward.price);
            format!("{cost} {}", say("portal-redeem-after", "amount", &after))
        });
        let missing = (reward.missing > 0).then(|| say("portal-missing", "amount", &reward.missing_text));
        let can = reward.is_available.then(|| texts.say("portal-can-have", None, &[]));
        WidgetReward {
            id: reward.id,
            name: reward.name,
            price: reward.price,
            available: reward.is_available,
            note: can.or(reward.why_not).or(missing),
            question,
            most: reward.points,
            filled: reward.has,
        }
    };
    Ok((rewards.into_iter().map(reward).collect(), member))
}

/// What a cart would give, as it was decided.
pub fn quote(state: &PageState, done: &Done, programme: &Programme, language: Language, is_guest: bool) -> WidgetQuote {
    let texts = state.pages.texts(language);
    let speaker = texts.words.about(programme);
    let briefly = match &done.command {
        Command::PutOrder { order } => speaker.quoting(&order.external_id).briefly(),
        _ => speaker.briefly(),
    };
    let mut given: Vec<(Name, i64)> = Vec::new();
    let mut reasons = Vec::new();
    for effect in &done.decision.effects {
        let issued = effect.postings.iter().filter(|posting| posting.account == Account::Issued);
        let mut is_award = false;
        for posting in issued.filter(|posting| posting.amount < 0) {
            is_award = true;
            match given.iter_mut().find(|(unit, _)| *unit == posting.unit) {
                Some((_, amount)) => *amount -= posting.amount,
                None => given.push((posting.unit.clone(), -posting.amount)),
            }
        }
        if is_award {
            reasons.push(briefly.effect(effect));
        }
    }
    let amounts: Vec<String> = given.iter().map(|(unit, amount)| speaker.amount(unit, *amount)).collect();
    let key = match (amounts.is_empty(), is_guest) {
        (true, _) => "widget-cart-nothing",
        (false, true) => "widget-cart-would-give",
        (false, false) => "widget-cart-gives",
    };
    WidgetQuote {
        gives: !amounts.is_empty(),
        text: texts.say(key, None, &[("amount", amounts.join(" + "))]),
        near: done.explanation.near.first().map(|miss| speaker.briefly().invitation(miss)),
        reasons,
    }
}

/// What a redemption gave.
pub fn redemption(state: &PageState, done: &Done, programme: &Programme, language: Language) -> WidgetRedemption {
    let texts = state.pages.texts(language);
    let taken = done.decision.records.iter().find_map(|(_, record)| match record {
        Record::Redemption(taken) if taken.redemption == done.transaction => Some(taken),
        _ => None,
    });
    let code = taken.and_then(|taken| taken.voucher.as_ref()).map(ToString::to_string);
    let reward = taken.and_then(|taken| programme.reward(&taken.reward));
    let is_donation = reward.is_some_and(|reward| matches!(reward.gives, Gives::Donation { .. }));
    let (text, how) = match (is_donation, &code) {
        (true, _) => ("portal-donated", ""),
        (false, Some(_)) => ("portal-redeemed", "portal-voucher-how"),
        (false, None) => ("portal-redeemed", "portal-redeemed-how"),
    };
    let how = if how.is_empty() { String::new() } else { texts.say(how, None, &[]) };
    WidgetRedemption { text: texts.say(text, None, &[]), code, how }
}
