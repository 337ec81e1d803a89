//! `/portal/invite`: a member's own link, what both sides get for it, and the friends who came. Of friends nothing is
//! shown but when they came and how it stands.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use lojal_core::activity::builtin;
use lojal_core::kernel::{Instant, Language, MemberId, Name};
use lojal_core::programme::condition::{NumberField, Test, TextField};
use lojal_core::programme::{AwardKind, Edition, Programme, Trigger, text};
use lojal_core::referrals::{self, Advocacy, Friends, Step};
use lojal_core::words::Speaker;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::pages::html;
use super::sign_in::Busy;
use super::standing::Standing;
use super::thanks::{messages, open_marks};
use super::{leaderboard, materials};
use crate::platform::advocacies::advocacies;
use crate::platform::clicks::clicks_of;
use crate::platform::pages::passing::WAYS;
use crate::platform::pages::{Dressed, Form, Framing, PageError, PageState, see_other};
use crate::platform::referral_codes::{
    CodeKind, CodeRefusal, CodeState, LinkBase, NameFault, ReferralCode, WrittenCode, code_choose, code_make,
};
use crate::platform::shares::shares_of;
use crate::platform::square::square_svg;
use crate::platform::thanks::Side;
use crate::platform::visitors::{INVITE, Visitor};
use crate::platform::ways::{Offers, ways};

pub const HERE: &str = INVITE;
/// Friends on one page.
const FRIENDS: usize = 20;
/// Friends over whom what they brought is added up; whoever has more is told of the latest.
const ADDED_UP: usize = 500;
/// Shares and clicks that are counted; beyond, it is said that there are more.
const MOST_COUNTED: i64 = 10_000;
const LONGEST_MESSAGE: usize = 300;

#[derive(Serialize)]
struct FriendView {
    when: String,
    state: &'static str,
    says: String,
    /// What it brought, as it stands.
    gave: Vec<String>,
    /// By which a form names the friend, as long as they may be thanked.
    thank: Option<String>,
}

/// The next number of friends for which there is something more.
#[derive(Serialize)]
struct NextStep {
    missing: i64,
    at: i64,
    count: i64,
    name: String,
}

#[derive(Default, Deserialize)]
pub struct InviteQuery {
    /// Where the list of friends goes on.
    before: Option<String>,
}

pub async fn page(
    visitor: Visitor,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
    Query(query): Query<InviteQuery>,
) -> Result<Response, PageError> {
    Ok(leading_on(shown(&visitor, &state, &links, &query, &Form::default()).await?))
}

/// The page has forms that lead on to what people talk by.
fn leading_on(page: Html<String>) -> Response {
    let mut response = page.into_response();
    response.extensions_mut().insert(Framing::PassesOn);
    response
}

/// The page with what the member would rather say to friends: it is kept nowhere, and stands in no address.
pub async fn message(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
    form: Form,
) -> Result<Response, PageError> {
    Ok(leading_on(shown(&visitor, &state, &links, &InviteQuery::default(), &form).await?))
}

/// Makes the member's link.
pub async fn link(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
    mut form: Form,
) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    may_recommend(&standing, &state).ok_or(PageError::NOT_FOUND)?;
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    if let Err(refusal) = code_make(application, &mut transaction, visitor.member.id, "").await? {
        form.fault("link", refused(refusal));
        drop(transaction);
        return Ok(shown(&visitor, &state, &links, &InviteQuery::default(), &form).await?.into_response());
    }
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Gives the link a name of the member's choice.
pub async fn name(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
    mut form: Form,
) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    may_recommend(&standing, &state).ok_or(PageError::NOT_FOUND)?;
    let typed = form.required("name");
    let application = &state.application;
    match WrittenCode::chosen(&typed) {
        Err(_) if typed.is_empty() => {}
        Err(fault) => form.fault("name", name_fault(fault)),
        Ok(written) => {
            let mut transaction = application.database.write_aside().await?;
            match code_choose(application, &mut transaction, visitor.member.id, "", written).await? {
                Ok(_) => {
                    transaction.commit().await?;
                    return Ok(see_other(HERE));
                }
                Err(refusal) => form.fault("name", refused(refusal)),
            }
        }
    }
    Ok(leading_on(shown(&visitor, &state, &links, &InviteQuery::default(), &form).await?))
}

fn name_fault(fault: NameFault) -> &'static str {
    match fault {
        NameFault::TooShort | NameFault::TooLong => "invite-fault-length",
        NameFault::Letters | NameFault::FewLetters => "invite-fault-letters",
        NameFault::Reserved => "invite-fault-taken",
    }
}

fn refused(refusal: CodeRefusal) -> &'static str {
    match refusal {
        CodeRefusal::TooMany => "invite-fault-many",
        CodeRefusal::Changed => "invite-fault-changed",
        CodeRefusal::Blocked => "invite-fault-blocked",
        _ => "invite-fault-taken",
    }
}

async fn shown(
    visitor: &Visitor,
    state: &PageState,
    links: &LinkBase,
    query: &InviteQuery,
    form: &Form,
) -> Result<Html<String>, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    let programme = &standing.programme;
    if programme.referrals.is_empty() && standing.own.friends.is_empty() {
        return Err(PageError::NOT_FOUND);
    }
    let language = visitor.frame.language();
    let texts = state.pages.texts(language);
    let speaker = texts.words.about(programme);
    let edition = may_recommend(&standing, state);
    let codes = state.application.referral_codes(visitor.member.id).await?;
    let is_blocked = is_blocked(&codes);
    let reach = reach(state, visitor.member.id, &codes).await?;
    let code = best(codes);
    let link = code.as_ref().map(|code| links.link(code));
    let shop = state.shop_name(language);
    let message = said(form.text("message"), || texts.say("invite-message", None, &[("shop", shop.clone())]));
    let now = state.application.clock.now();
    let friends = friends(state, visitor, &standing, query).await?;
    let mut frame = visitor.frame.clone();
    frame.path = HERE.to_owned();
    let ways = ways(programme, &texts.words, now);
    let offers = Offers::of(&ways);
    let content = context! {
        edition => edition.map(|edition| text(&edition.name, language)),
        until => edition.and_then(|edition| edition.until).map(|until| speaker.until(until)),
        offers => Value::from(Serde(&offers)),
        is_blocked,
        shares => reach.0,
        clicks => reach.1,
        code => code.as_ref().map(|code| code.shown.as_str()),
        is_chosen => code.as_ref().is_some_and(|code| code.kind == CodeKind::Chosen),
        square => link.as_deref().and_then(square_svg),
        ways_out => WAYS,
        prepared => materials::prepared(state, visitor).await?,
        thanks => messages(state, language, Side::Advocate),
        has_leaderboard => leaderboard::is_on(state, programme).await?,
        link,
        message,
        longest => LONGEST_MESSAGE,
        form => Value::from(Serde(form)),
        next => Value::from(Serde(&edition.and_then(|edition| next_step(programme, edition, &standing, state, language)))),
        ..told(&standing, &friends, speaker, language)
    };
    html(state, "portal/invite.html", &frame, content)
}

/// How often the member passed the link on, and how often people followed it.
async fn reach(state: &PageState, member: MemberId, codes: &[ReferralCode]) -> Result<(i64, i64), PageError> {
    let mut connection = state.application.database.read().await?;
    let shares = shares_of(&mut connection, member, MOST_COUNTED).await?;
    let mut clicks = 0;
    for code in codes {
        clicks += clicks_of(&mut connection, code.id, MOST_COUNTED - clicks).await?;
    }
    Ok((shares, clicks))
}

/// The edition in which the member may recommend now.
pub fn may_recommend<'s>(standing: &'s Standing, state: &PageState) -> Option<&'s Edition> {
    referrals::may_recommend(&standing.programme, &standing.own, state.application.clock.now())
}

/// The edition by which the member may still be recommended.
pub fn may_be_recommended<'s>(standing: &'s Standing, state: &PageState) -> Option<&'s Edition> {
    referrals::may_be_recommended(&standing.programme, &standing.own, state.application.clock.now())
}

/// The code that is shown: the one that the member has chosen, before the one that was made.
pub(super) fn best(codes: Vec<ReferralCode>) -> Option<ReferralCode> {
    let open = codes.into_iter().filter(|code| code.state == CodeState::Active && code.channel.is_empty());
    open.min_by_key(|code| (code.kind != CodeKind::Chosen, std::cmp::Reverse(code.made_at)))
}

/// Whoever blocked the newest one means the member: nothing is offered that would be refused.
fn is_blocked(codes: &[ReferralCode]) -> bool {
    let newest = codes.iter().find(|code| code.channel.is_empty());
    newest.is_some_and(|code| code.state == CodeState::Blocked)
}

/// What the member would say, on one line; the shop's own words, unless something else was typed.
pub(super) fn said(typed: &str, usual: impl FnOnce() -> String) -> String {
    let typed: Vec<&str> = typed.split_whitespace().collect();
    let typed: String = typed.join(" ").chars().take(LONGEST_MESSAGE).collect();
    if typed.is_empty() { usual() } else { typed }
}

/// The code by which the member recommends, if they have one.
pub(super) async fn own_code(state: &PageState, member: MemberId) -> Result<Option<ReferralCode>, PageError> {
    Ok(best(state.application.referral_codes(member).await?))
}

/// The member's own link, if they have one.
pub async fn own_link(state: &PageState, member: MemberId) -> Result<Option<String>, PageError> {
    Ok(own_code(state, member).await?.map(|code| LinkBase::new(&state.public).link(&code)))
}

/// The friends of a page, and whether there are more.
struct Listed {
    friends: Vec<Advocacy>,
    next: Option<MemberId>,
    is_later: bool,
    /// What the latest of all friends brought.
    brought: Gains,
    under_way: usize,
    /// Friends who may be thanked.
    marks: BTreeMap<MemberId, String>,
}

async fn friends(
    state: &PageState,
    visitor: &Visitor,
    standing: &Standing,
    query: &InviteQuery,
) -> Result<Listed, PageError> {
    let before: Option<MemberId> =
        query.before.as_ref().map(|before| before.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
    let accounts: Vec<MemberId> = standing.own.merged_accounts().chain([MemberId(standing.own.id.0)]).collect();
    let mut connection = state.application.database.read().await?;
    let all = advocacies(&mut connection, &accounts, None, ADDED_UP).await?;
    let mut friends = match before {
        None => all.iter().take(FRIENDS + 1).cloned().collect(),
        Some(before) => advocacies(&mut connection, &accounts, Some(before), FRIENDS + 1).await?,
    };
    let has_more = friends.len() > FRIENDS;
    friends.truncate(FRIENDS);
    drop(connection);
    let marks = open_marks(state, visitor, &friends).await?;
    let is_open = |advocacy: &&Advocacy| {
        matches!(advocacy.recommendation.step, Step::Joined | Step::Ordered { .. } | Step::Checking | Step::Held)
    };
    Ok(Listed {
        next: friends.last().filter(|_| has_more).map(|last| last.recommendation.friend),
        is_later: before.is_some(),
        under_way: all.iter().filter(is_open).count(),
        friends,
        brought: Gains::of(&all),
        marks,
    })
}

/// What friends brought, as it stands.
#[derive(Default)]
pub struct Gains {
    points: BTreeMap<Name, i64>,
    /// How often each rule gave its reward.
    rewards: BTreeMap<Name, i64>,
}

impl Gains {
    pub fn of<'a>(friends: impl IntoIterator<Item = &'a Advocacy>) -> Gains {
        let mut gains = Gains::default();
        let sides = friends.into_iter().flat_map(|friend| [&friend.joined, &friend.qualified]);
        for record in sides.flatten().map(|judged| &judged.record) {
            for award in record.awards.iter().filter(|award| award.points > 0) {
                *gains.points.entry(award.unit.clone()).or_default() += award.points;
            }
            for rule in &record.rewarded {
                *gains.rewards.entry(rule.clone()).or_default() += 1;
            }
        }
        gains
    }

    /// Each as a few words: amounts, and the names of rewards.
    pub fn said(&self, programme: &Programme, speaker: Speaker<'_>, language: Language) -> Vec<String> {
        let amounts = self.points.iter().map(|(unit, points)| speaker.amount(unit, *points));
        // A rule that the programme no longer has cannot be named.
        let rewards = self.rewards.iter().filter_map(|(rule, times)| {
            let name = reward_of(programme, rule, language)?;
            Some(if *times > 1 { format!("{times} × {name}") } else { name.to_owned() })
        });
        amounts.chain(rewards).collect()
    }
}

/// What a rule gives by its name.
fn reward_of<'p>(programme: &'p Programme, rule: &str, language: Language) -> Option<&'p str> {
    let rule = programme.rule(rule)?;
    let name = match rule.award {
        AwardKind::Reward { reward } => &programme.rewards[reward].name,
        _ => &rule.name,
    };
    Some(text(name, language))
}

fn told(standing: &Standing, listed: &Listed, speaker: Speaker<'_>, language: Language) -> Value {
    let said = |gains: Gains| gains.said(&standing.programme, speaker, language);
    let view = |advocacy: &Advocacy| FriendView {
        when: speaker.day(advocacy.recommendation.came_at),
        state: advocacy.recommendation.step.name(),
        says: match advocacy.limit {
            Some(window) => speaker.limit_reached(window),
            None => speaker.step(&advocacy.recommendation.step, "advocate"),
        },
        gave: said(Gains::of([advocacy])),
        thank: listed.marks.get(&advocacy.recommendation.friend).cloned(),
    };
    let views: Vec<FriendView> = listed.friends.iter().map(view).collect();
    let counted: i64 = standing.own.friends.values().map(Friends::count).sum();
    context! {
        friends => Value::from(Serde(&views)),
        older => listed.next.map(|next| next.to_string()),
        is_later => listed.is_later,
        counted,
        under_way => listed.under_way,
        brought => listed.brought.said(&standing.programme, speaker, language),
    }
}

/// What the next friends bring more, by the rules that name how many there have to be.
fn next_step(
    programme: &Programme,
    edition: &Edition,
    standing: &Standing,
    state: &PageState,
    language: Language,
) -> Option<NextStep> {
    let count = standing.own.friends.get(&edition.id).map_or(0, Friends::count);
    let now: Instant = state.application.clock.now();
    let rules = programme.rules.iter().filter(|rule| {
        rule.on == Trigger::Activity(Name::from(builtin::FRIEND_QUALIFIED))
            && rule.when.parts().iter().all(|test| is_of_edition(test, edition))
            && rule.campaign.as_ref().is_none_or(|campaign| campaign.runs_at(now))
            && !matches!(rule.award, AwardKind::Multiplier { .. })
    });
    let steps = rules.filter_map(|rule| {
        let at = rule.when.parts().iter().flat_map(asked_friends).filter(|at| *at > count).min()?;
        Some(NextStep { missing: at - count, at, count, name: text(&rule.name, language).to_owned() })
    });
    steps.min_by_key(|step| step.at)
}

/// Whether a condition may hold for friends of an edition.
fn is_of_edition(test: &Test, edition: &Edition) -> bool {
    match test {
        Test::TextIn { field: TextField::ActivityAttribute(name), texts } if name == "referral" => {
            texts.contains(&edition.id)
        }
        Test::TextIn { field: TextField::ActivityAttribute(name), texts } if name == "variant" => {
            edition.variants.iter().any(|variant| texts.contains(variant))
        }
        _ => true,
    }
}

/// The numbers of friends that a condition asks for.
fn asked_friends(test: &Test) -> Vec<i64> {
    let is_meant = |field: &NumberField| matches!(field, NumberField::ActivityAttribute(name) if name == "friends");
    match test {
        Test::NumberIn { field, numbers } if is_meant(field) => numbers.iter().copied().collect(),
        Test::Number { field, range } if is_meant(field) => range.least.into_iter().collect(),
        _ => Vec::new(),
    }
}
