//! Words of thanks in the portal: of the shop for a friend who counts, and between the two who need not know more of each
//! other than they do. What is passed on is one of a few prepared messages.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::Response;
use lojal_core::kernel::{Instant, Language, MemberId};
use lojal_core::referrals::{Advocacy, Stage, Step};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::invite::{Gains, HERE};
use super::letters::thanks_letter;
use super::pages::HOME;
use super::sign_in::Busy;
use super::standing::Standing;
use crate::platform::advocacies::advocacies;
use crate::platform::consents::{Purpose, consent_list, is_given};
use crate::platform::enrolment::MemberStatus;
use crate::platform::identity::Vault;
use crate::platform::pages::{Dressed, Form, Frame, PageError, PageState, see_other};
use crate::platform::thanks::{MESSAGES, Side, Thanks, thanks_add, thanks_of, thanks_put_away};
use crate::platform::visitors::Visitor;
use crate::platform::ways::{Offers, ways};

/// The prepared messages, which the shop may word in its own way.
const BY_ADVOCATES: [&str; MESSAGES as usize] = ["thanks-advocate-1", "thanks-advocate-2", "thanks-advocate-3"];
const BY_FRIENDS: [&str; MESSAGES as usize] = ["thanks-friend-1", "thanks-friend-2", "thanks-friend-3"];
const PURPOSE: &str = "thanks for a friend";
/// Friends who are looked at for the shop's thanks, the latest ones.
const LATEST: usize = 20;
/// For so long a friend who counts is news.
const NEWS: jiff::SignedDuration = jiff::SignedDuration::from_hours(90 * 24);
/// Friends among whom the one is looked for who is thanked.
const MOST_FRIENDS: usize = 500;

/// What the first page tells once.
#[derive(Default, Serialize)]
pub struct News {
    /// How many friends count whom the member has not been told of, and what they have brought.
    counted: Option<String>,
    /// What others have said, each with who that was.
    said: Vec<String>,
    /// How somebody stands who came by a recommendation, and what there is for it.
    referred: Option<Referred>,
}

#[derive(Serialize)]
struct Referred {
    says: String,
    gets: Vec<String>,
    /// Whether the advocate may be thanked.
    may_thank: bool,
    messages: Vec<String>,
}

fn accounts(standing: &Standing) -> Vec<MemberId> {
    standing.own.merged_accounts().chain([MemberId(standing.own.id.0)]).collect()
}

/// The prepared messages of a side.
pub fn messages(state: &PageState, language: Language, side: Side) -> Vec<String> {
    (1..=MESSAGES).map(|number| message(state, language, side, number)).collect()
}

fn message(state: &PageState, language: Language, side: Side, number: i64) -> String {
    let keys = match side {
        Side::Advocate => BY_ADVOCATES,
        Side::Friend | Side::Shop => BY_FRIENDS,
    };
    let key = usize::try_from(number - 1).ok().and_then(|index| keys.get(index));
    key.map(|key| state.pages.texts(language).say(key, None, &[])).unwrap_or_default()
}

/// What is new for a member, for their first page.
pub async fn news(state: &PageState, standing: &Standing, language: Language) -> Result<News, PageError> {
    let accounts = accounts(standing);
    let mut connection = state.application.database.read().await?;
    let known = thanks_of(&mut connection, accounts.iter().copied()).await?;
    let friends = advocacies(&mut connection, &accounts, None, LATEST).await?;
    drop(connection);
    let texts = state.pages.texts(language);
    let speaker = texts.words.about(&standing.programme);
    let counted = unseen(&friends, &known, state.application.clock.now());
    let amounts = Gains::of(counted.iter().copied()).said(&standing.programme, speaker, language);
    let key = if amounts.is_empty() { "thanks-counted" } else { "thanks-counted-brought" };
    let count = Some(counted.len() as i64).filter(|count| *count > 0);
    let counted = count.map(|count| texts.say(key, Some(count), &[("amounts", amounts.join(", "))]));
    let said = known.iter().filter(|thanks| thanks.seen_at.is_none() && thanks.side != Side::Shop);
    let said = said.map(|thanks| {
        let key = if thanks.side == Side::Advocate { "thanks-from-advocate" } else { "thanks-from-friend" };
        texts.say(key, None, &[("message", message(state, language, thanks.side, thanks.message))])
    });
    Ok(News { counted, said: said.collect(), referred: referred(state, standing, language).await? })
}

/// Friends who count and of whom the member has not been told.
fn unseen<'f>(friends: &'f [Advocacy], known: &[Thanks], now: Instant) -> Vec<&'f Advocacy> {
    let told: BTreeSet<MemberId> =
        known.iter().filter(|thanks| thanks.side == Side::Shop).map(|thanks| thanks.friend).collect();
    let is_news = |advocacy: &&Advocacy| match advocacy.recommendation.step {
        Step::Qualified { at, .. } => advocacy.number.is_some() && now.duration_since(at) < NEWS,
        _ => false,
    };
    friends.iter().filter(is_news).filter(|advocacy| !told.contains(&advocacy.recommendation.friend)).collect()
}

/// How a recommendation stands, for whoever came by it, as long as something is to be said.
async fn referred(state: &PageState, standing: &Standing, language: Language) -> Result<Option<Referred>, PageError> {
    let Some(referral) = standing.own.referral.as_deref() else { return Ok(None) };
    let is_open =
        matches!(referral.stage, Stage::Joined | Stage::Waiting { .. } | Stage::Ripe { .. } | Stage::Held { .. });
    let may_thank = matches!(referral.stage, Stage::Qualified { .. }) && !has_thanked(state, standing).await?;
    if !is_open && !may_thank {
        return Ok(None);
    }
    let texts = state.pages.texts(language);
    let ways = ways(&standing.programme, &texts.words, state.application.clock.now());
    let gets = Offers::of(&ways).theirs;
    Ok(Some(Referred {
        says: texts.words.about(&standing.programme).step(&referral.step(), "friend"),
        gets: gets.into_iter().filter(|_| is_open).map(|way| way.award.clone()).collect(),
        may_thank,
        messages: if may_thank { messages(state, language, Side::Friend) } else { Vec::new() },
    }))
}

/// Those to whom a friend owes it, as they were credited.
fn advocates(standing: &Standing) -> Vec<MemberId> {
    let credits = standing.own.referral.iter().flat_map(|referral| &referral.credits);
    credits.map(|credit| credit.advocate).collect()
}

async fn has_thanked(state: &PageState, standing: &Standing) -> Result<bool, PageError> {
    let own = MemberId(standing.own.id.0);
    let mut connection = state.application.database.read().await?;
    let known = thanks_of(&mut connection, advocates(standing)).await?;
    Ok(known.iter().any(|thanks| thanks.side == Side::Friend && thanks.friend == own))
}

/// Puts away what the first page has told.
pub async fn put_away(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let accounts = accounts(&standing);
    let now = state.application.clock.now();
    let mut connection = state.application.database.read().await?;
    let known = thanks_of(&mut connection, accounts.iter().copied()).await?;
    let friends = advocacies(&mut connection, &accounts, None, LATEST).await?;
    drop(connection);
    let told = |advocacy: &Advocacy| Thanks {
        member: visitor.member.id,
        friend: advocacy.recommendation.friend,
        side: Side::Shop,
        message: 0,
        thanked_at: now,
        seen_at: Some(now),
    };
    let told: Vec<Thanks> = unseen(&friends, &known, now).into_iter().map(told).collect();
    let mut transaction = state.application.database.write_aside().await?;
    thanks_add(&mut transaction, &told).await?;
    thanks_put_away(&mut transaction, accounts, now).await?;
    transaction.commit().await?;
    Ok(see_other(HOME))
}

/// By what a form names a friend: it says nothing of who that is, and holds for this advocate alone.
fn mark(vault: &Vault, advocate: MemberId, friend: MemberId) -> String {
    let pair = [advocate.number().to_le_bytes(), friend.number().to_le_bytes()].concat();
    vault.mark(PURPOSE, &pair).to_hex()[..32].to_owned()
}

/// By which mark each friend can be thanked who counts and has not been.
pub async fn open_marks(
    state: &PageState,
    visitor: &Visitor,
    friends: &[Advocacy],
) -> Result<BTreeMap<MemberId, String>, PageError> {
    let counts = friends.iter().filter(|advocacy| is_counted(advocacy));
    let counts: Vec<MemberId> = counts.map(|advocacy| advocacy.recommendation.friend).collect();
    let known = thanks_of(&mut *state.application.database.read().await?, counts.iter().copied()).await?;
    let thanked: BTreeSet<MemberId> =
        known.iter().filter(|thanks| thanks.side == Side::Advocate).map(|thanks| thanks.friend).collect();
    let vault = &state.application.vault;
    let open = counts.into_iter().filter(|friend| !thanked.contains(friend));
    Ok(open.map(|friend| (friend, mark(vault, visitor.member.id, friend))).collect())
}

fn is_counted(advocacy: &Advocacy) -> bool {
    advocacy.number.is_some() && matches!(advocacy.recommendation.step, Step::Qualified { .. })
}

fn chosen(form: &Form) -> Result<i64, PageError> {
    let number = form.text("message").parse::<i64>().ok();
    number.filter(|number| (1..=MESSAGES).contains(number)).ok_or(PageError::NOT_FOUND)
}

/// An advocate thanks a friend who counts.
pub async fn thank_friend(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let message = chosen(&form)?;
    let standing = Standing::of(&visitor.member, &state).await?;
    let accounts = accounts(&standing);
    let mut connection = state.application.database.read().await?;
    let friends = advocacies(&mut connection, &accounts, None, MOST_FRIENDS).await?;
    drop(connection);
    let vault = &state.application.vault;
    let is_meant = |advocacy: &&Advocacy| {
        let own = mark(vault, visitor.member.id, advocacy.recommendation.friend);
        bool::from(own.as_bytes().ct_eq(form.text("friend").as_bytes()))
    };
    let advocacy = friends.iter().filter(|advocacy| is_counted(advocacy)).find(is_meant).ok_or(PageError::NOT_FOUND)?;
    let friend = advocacy.recommendation.friend;
    say(&state, &visitor.frame, &[friend], friend, Side::Advocate, message).await?;
    Ok(see_other(HERE))
}

/// A friend thanks whoever is credited.
pub async fn thank_advocate(Busy(visitor): Busy, Dressed(state): Dressed, form: Form) -> Result<Response, PageError> {
    let message = chosen(&form)?;
    let standing = Standing::of(&visitor.member, &state).await?;
    let counts = standing.own.referral.as_deref().is_some_and(|it| matches!(it.stage, Stage::Qualified { .. }));
    if !counts {
        return Err(PageError::NOT_FOUND);
    }
    say(&state, &visitor.frame, &advocates(&standing), visitor.member.id, Side::Friend, message).await?;
    Ok(see_other(HOME))
}

/// Passes a message on within the portal, and by mail to whoever has agreed to letters. Said again, it is said once.
async fn say(
    state: &PageState,
    frame: &Frame,
    to: &[MemberId],
    friend: MemberId,
    side: Side,
    message: i64,
) -> Result<(), PageError> {
    let now = state.application.clock.now();
    for member in to {
        let thanks = Thanks { member: *member, friend, side, message, thanked_at: now, seen_at: None };
        let mut transaction = state.application.database.write_aside_in(member.part()).await?;
        let is_new = thanks_add(&mut transaction, &[thanks]).await? > 0;
        transaction.commit().await?;
        if is_new {
            let (state, frame, member) = (state.clone(), frame.clone(), *member);
            tokio::spawn(async move {
                if write(&state, &frame, member, side, message).await.is_err() {
                    tracing::warn!("a word of thanks could not be sent by mail; it stands in the portal");
                }
            });
        }
    }
    Ok(())
}

async fn write(state: &PageState, frame: &Frame, member: MemberId, side: Side, number: i64) -> Result<(), PageError> {
    let Some(mailer) = &state.mailer else { return Ok(()) };
    let application = &state.application;
    let Some(row) = application.member(member).await? else { return Ok(()) };
    let row = application.survivor(row).await?;
    if row.status != MemberStatus::Active {
        return Ok(());
    }
    let consents = consent_list(&mut *application.database.read().await?, row.id).await?;
    let person = application.identity(row.id).await?.unwrap_or_default();
    let Some(email) = person.email.filter(|_| is_given(&consents, Purpose::Email)) else { return Ok(()) };
    // In the language in which the member has agreed to the terms, where that is known.
    let language = application.acceptances(row.id).await?.last().map(|accepted| accepted.language);
    let frame = Frame { language: language.map_or(frame.language, Language::tag), reader: None, ..frame.clone() };
    let said = message(state, frame.language(), side, number);
    let letter = thanks_letter(state, &frame, person.name.as_deref(), side, &said)?;
    mailer.send(&email, letter).await.map_err(|cause| PageError::internal(&cause))
}

/// What the first page shows of it.
pub fn news_content(news: &News) -> Value {
    context! {
        counted => news.counted.clone(),
        said => news.said.clone(),
        referred => Value::from(Serde(&news.referred)),
    }
}
