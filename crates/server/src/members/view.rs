//! `/console/members/{member}`: who somebody is, what they have, what happened, and what can be done for them.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::holder::{Holder, HolderKind, OpenVoucher};
use lojal_core::kernel::{Instant, Language, MemberId};
use lojal_core::ledger::{Hold, Wallet};
use lojal_core::programme::{Ladder, Programme, text};
use lojal_core::tiers::reached;
use lojal_core::words::{Speaker, Words};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::accounts::{AccountView, account_views, survivor_view};
use super::actions::form_name;
use super::cards::card_views;
use super::pages::{Named, address, member_of};
use super::recommended::recommended;
use super::requests::limit_find;
use super::story::{Listener, story};
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus, member_find_all};
use crate::platform::http::subject::{accounts_now, as_of_now};
use crate::platform::identity::{Identity, identity_find_all};
use crate::platform::likeness::{Alike, Likeness};
use crate::platform::pages::{Form, PageError, PageState};
use crate::platform::staff::{Manages, Permission, Serves, Staff, Views};

/// Letters of a voucher's code that are shown: enough to tell it from others, too few to use it.
const CODE_TAIL: usize = 4;

#[derive(Default, Deserialize)]
pub struct StoryQuery {
    /// Where the story goes on.
    from: Option<String>,
    /// Of the household, not of the member.
    #[serde(default)]
    household: bool,
    /// What was just done.
    done: Option<String>,
}

/// What may be said to have just been done.
const DONE: [&str; 14] = [
    "adjusted",
    "requested",
    "released",
    "rolled-back",
    "corrected",
    "card-given",
    "card-blocked",
    "card-unblocked",
    "card-replaced",
    "card-moved",
    "left",
    "erased",
    "merged",
    "merge-requested",
];

/// What somebody tried to do on the page, and why it was not done.
#[derive(Default)]
pub struct Attempt {
    /// Which of the page's forms it was.
    pub which: &'static str,
    pub form: Form,
    pub refused: Option<String>,
}

#[derive(Serialize)]
struct PersonView {
    id: String,
    /// What the page calls the member.
    title: String,
    external_id: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    birth_year: Option<i16>,
    language: Option<String>,
    joined: String,
    household: Option<HouseholdView>,
    has_left: bool,
    is_erased: bool,
    /// Whose account it was.
    merged_into: Option<AccountView>,
}

#[derive(Serialize)]
struct HouseholdView {
    id: String,
    others: Vec<OtherView>,
}

#[derive(Serialize)]
struct OtherView {
    id: String,
    name: String,
}

/// One balance. What is nothing is not said.
#[derive(Serialize)]
pub struct WalletView {
    pub available: String,
    pub worth: Option<String>,
    pub pending: Option<String>,
    held: Option<String>,
    debt: Option<String>,
    expires: Option<String>,
    expires_until: Option<String>,
    is_of_household: bool,
}

/// How far a member has come on one ladder.
#[derive(Serialize)]
pub struct TierView {
    pub ladder: String,
    pub level: String,
    kept_until: Option<String>,
    pub reached: String,
    /// Absent at the top.
    pub next: Option<NextView>,
}

#[derive(Serialize)]
pub struct NextView {
    pub level: String,
    pub at: String,
    pub missing: String,
    /// How long the bar is, and how much of it is filled.
    pub most: i64,
    pub filled: i64,
}

#[derive(Serialize)]
struct HoldView {
    id: String,
    amount: String,
    until: String,
    reference: Option<String>,
}

#[derive(Serialize)]
struct VoucherView {
    tail: String,
    reward: String,
    until: Option<String>,
    /// Issued to an account that was merged into this one.
    is_of_account: bool,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
}

pub async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(name): Named,
    Query(query): Query<StoryQuery>,
) -> Result<Response, PageError> {
    let row = member_of(&state, &name).await?;
    Ok(shown(&staff, &state, &row, &query, Attempt::default()).await?.into_response())
}

/// The page with what was tried and not done.
pub async fn refused<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    row: &MemberRow,
    attempt: Attempt,
) -> Result<Response, PageError> {
    Ok(shown(staff, state, row, &StoryQuery::default(), attempt).await?.into_response())
}

async fn shown<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    row: &MemberRow,
    query: &StoryQuery,
    attempt: Attempt,
) -> Result<Html<String>, PageError> {
    let application = &state.application;
    let lost = || PageError::internal(&format!("{} has no state", row.id));
    let own = as_of_now(application, application.holder(row.id.into()).await?.ok_or_else(lost)?);
    let household = match row.household {
        Some(household) => Some(as_of_now(application, application.holder(household).await?.ok_or_else(lost)?)),
        None => None,
    };
    let identity = application.identity(row.id).await?.unwrap_or_default();
    let rulebook = application.rulebook();
    let programme = rulebook.live();
    let mut frame = staff.frame.clone();
    // Where a reader who chooses another language comes back to.
    frame.path = address(row.id);
    let language = frame.language();
    let words = &state.pages.texts(language).words;
    let mut pieces = programme.map(|programme| Pieces::new(programme, words, &own, household.as_ref(), state));
    let accounts = accounts_now(application, &own).await?;
    if let Some((programme, pieces)) = programme.zip(pieces.as_mut()) {
        let open = accounts.iter().flat_map(|account| &account.vouchers);
        pieces.vouchers.extend(open.map(|voucher| VoucherView::new(voucher, programme, words, true)));
    }
    let from = query.from.as_ref().map(|from| from.parse().map_err(|_| PageError::NOT_FOUND)).transpose()?;
    let told = household.as_ref().filter(|_| query.household).unwrap_or(&own);
    let story = story(state, &frame, Listener::Staff, told.id, from).await?;
    let limit = limit_find(&mut *application.database.read().await?).await?;
    let form = |which: &str, fresh: Form| if attempt.which == which { attempt.form.clone() } else { fresh };
    let content = context! {
        person => Value::from(Serde(&person(state, row, &own, household.as_ref(), &identity, words).await?)),
        pieces => Value::from(Serde(&pieces)),
        accounts => Value::from(Serde(&account_views(state, &accounts, programme.map(|it| &**it), words).await?)),
        alike => Value::from(Serde(&alike(application, row, &own, &identity).await?)),
        cards => Value::from(Serde(&card_views(application, row, words).await?)),
        blank => Value::from(Serde(&Form::default())),
        carding => Value::from(Serde(&form("card", Form::default()))),
        story => Value::from(Serde(&story)),
        recommended => Value::from(Serde(&recommended(state, &own, programme.map(|it| &**it), words).await?)),
        is_of_household => query.household && household.is_some(),
        is_later => query.from.is_some(),
        done => query.done.as_deref().filter(|done| DONE.contains(done)),
        which => attempt.which,
        refused => attempt.refused.as_deref(),
        once => form_name()?,
        adjusting => Value::from(Serde(&form("adjust", Form::default().with("direction", "give")))),
        correcting => Value::from(Serde(&form("person", typed(&identity)))),
        sure => Value::from(Serde(&form("leave", Form::default()))),
        limit => words.number(limit, 0),
        is_closed => row.status != MemberStatus::Active,
        may_serve => staff.may::<Serves>(),
        may_manage => staff.may::<Manages>(),
    };
    state.pages.html("members/member.html", &frame, content)
}

/// Somebody who may be the same person.
#[derive(Serialize)]
pub(super) struct AlikeView {
    id: String,
    name: String,
    in_what: Vec<&'static str>,
}

/// As [`alike`], where nothing is known of the member yet.
pub(super) async fn alike_of(application: &Application, row: &MemberRow) -> Result<Vec<AlikeView>, PageError> {
    let lost = || PageError::internal(&format!("{} has no state", row.id));
    let own = application.holder(row.id.into()).await?.ok_or_else(lost)?;
    let identity = application.identity(row.id).await?.unwrap_or_default();
    alike(application, row, &own, &identity).await
}

async fn alike(
    application: &Application,
    row: &MemberRow,
    own: &Holder,
    identity: &Identity,
) -> Result<Vec<AlikeView>, PageError> {
    if matches!(row.status, MemberStatus::Merged { .. }) {
        return Ok(Vec::new());
    }
    let found = application.members_like(row.id, identity, own.profile.birthday).await?;
    let view = |alike: Alike| AlikeView {
        id: alike.member.id.to_string(),
        name: alike.person.name.unwrap_or(alike.member.external_id),
        in_what: alike.in_what.into_iter().map(Likeness::name).collect(),
    };
    Ok(found.into_iter().map(view).collect())
}

/// What is known of a person, as the form for corrections has it.
fn typed(identity: &Identity) -> Form {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Form::default()
        .with("name", text(&identity.name))
        .with("email", text(&identity.email))
        .with("phone", text(&identity.phone))
        .with("language", text(&identity.language))
        .with("birth_year", identity.birth_year.map(|year| year.to_string()).unwrap_or_default())
}

async fn person(
    state: &PageState,
    row: &MemberRow,
    own: &Holder,
    household: Option<&Holder>,
    identity: &Identity,
    words: &Words,
) -> Result<PersonView, PageError> {
    let external_id = (!row.is_erased()).then(|| row.external_id.clone());
    Ok(PersonView {
        id: row.id.to_string(),
        title: identity.name.clone().or(external_id.clone()).unwrap_or_else(|| row.id.to_string()),
        external_id,
        email: identity.email.clone(),
        phone: identity.phone.clone(),
        birth_year: identity.birth_year,
        language: identity.language.clone(),
        joined: words.date(state.application.calendar().date(own.joined_at)),
        household: match household {
            Some(household) => Some(shared(state, row.id, household).await?),
            None => None,
        },
        has_left: row.status == MemberStatus::Left,
        is_erased: row.is_erased(),
        merged_into: survivor_view(state, row, words).await?,
    })
}

async fn shared(state: &PageState, member: MemberId, household: &Holder) -> Result<HouseholdView, PageError> {
    let none = BTreeSet::new();
    let members = match &household.kind {
        HolderKind::Household { members } => members,
        HolderKind::Member { .. } => &none,
    };
    let others: Vec<MemberId> = members.iter().copied().filter(|other| *other != member).collect();
    let mut connection = state.application.database.read().await?;
    let rows = member_find_all(&mut connection, others.iter().copied()).await?;
    let people = identity_find_all(&mut connection, &state.application.vault, others).await?;
    let other = |row: MemberRow| OtherView {
        id: row.id.to_string(),
        name: people.get(&row.id).and_then(|person| person.name.clone()).unwrap_or(row.external_id),
    };
    Ok(HouseholdView { id: household.id.to_string(), others: rows.into_iter().map(other).collect() })
}

/// What the programme says of a member.
#[derive(Serialize)]
pub struct Pieces {
    pub wallets: Vec<WalletView>,
    pub tiers: Vec<TierView>,
    holds: Vec<HoldView>,
    vouchers: Vec<VoucherView>,
    units: Vec<Choice>,
    brands: Vec<Choice>,
}

impl Pieces {
    /// `household` is the one whose wallets the member shares.
    pub fn new(
        programme: &Programme,
        words: &Words,
        own: &Holder,
        household: Option<&Holder>,
        state: &PageState,
    ) -> Pieces {
        let speaker = words.about(programme);
        let language = words.language();
        let now = state.application.clock.now();
        let spends = household.unwrap_or(own);
        let mut wallets: Vec<WalletView> = Vec::new();
        for unit in &programme.units {
            let unused = Wallet::new(unit.id.clone());
            let wallet = spends.wallets.get(&unit.id).unwrap_or(&unused);
            wallets.push(WalletView::new(wallet, programme, speaker, household.is_some()));
            let waits = own.wallets.get(&unit.id).filter(|wallet| household.is_some() && !wallet.lots.is_empty());
            wallets.extend(waits.map(|wallet| WalletView::new(wallet, programme, speaker, false)));
        }
        let hold = |unit: &str, hold: &Hold| HoldView {
            id: hold.id.to_string(),
            amount: speaker.amount(unit, hold.amount()),
            until: speaker.until(hold.valid_until),
            reference: hold.reference.as_ref().map(ToString::to_string),
        };
        let holds = spends.wallets.iter().flat_map(|wallet| wallet.holds.iter().map(|open| hold(&wallet.unit, open)));
        let vouchers = own.vouchers.iter().chain(household.into_iter().flat_map(|household| &household.vouchers));
        let vouchers = vouchers.map(|voucher| VoucherView::new(voucher, programme, words, false));
        Pieces {
            holds: holds.collect(),
            vouchers: vouchers.collect(),
            tiers: programme
                .ladders
                .iter()
                .map(|ladder| tier(ladder, own, programme, speaker, language, now))
                .collect(),
            units: programme
                .units
                .iter()
                .map(|unit| choice(&unit.id, unit_name(programme, &unit.id, language)))
                .collect(),
            brands: programme.brands.iter().map(|brand| choice(&brand.id, text(&brand.name, language))).collect(),
            wallets,
        }
    }
}

fn choice(id: &str, name: &str) -> Choice {
    Choice { id: id.to_owned(), name: name.to_owned() }
}

/// A unit by the form that goes with one of it.
fn unit_name<'p>(programme: &'p Programme, unit: &'p str, language: Language) -> &'p str {
    let forms = programme.unit(unit).map(|unit| &unit.forms);
    let forms = forms.and_then(|forms| forms.get(&language).or_else(|| forms.values().next()));
    forms.map_or(unit, |forms| forms.one.as_str())
}

/// The end of a code, by which its owner knows it again.
fn tail(code: &str) -> &str {
    let start = code.char_indices().rev().nth(CODE_TAIL - 1).map_or(0, |(start, _)| start);
    &code[start..]
}

impl VoucherView {
    fn new(voucher: &OpenVoucher, programme: &Programme, words: &Words, is_of_account: bool) -> VoucherView {
        let known = programme.reward(&voucher.reward).map(|reward| text(&reward.name, words.language()));
        VoucherView {
            tail: tail(&voucher.code).to_owned(),
            reward: known.unwrap_or(voucher.reward.as_str()).to_owned(),
            until: voucher.valid_until.map(|until| words.about(programme).until(until)),
            is_of_account,
        }
    }
}

impl WalletView {
    fn new(wallet: &Wallet, programme: &Programme, speaker: Speaker<'_>, is_of_household: bool) -> WalletView {
        let amount = |amount: i64| (amount > 0).then(|| speaker.amount(&wallet.unit, amount));
        let worth = programme.unit(&wallet.unit).and_then(|unit| unit.worth);
        let available = wallet.available();
        let ends = wallet.lots.iter().filter(|lot| lot.pending.is_none()).filter_map(|lot| lot.expires_at).min();
        let expires = ends.map(|ends| {
            let of_then = wallet.lots.iter().filter(|lot| lot.pending.is_none() && lot.expires_at == Some(ends));
            of_then.map(|lot| lot.amount).sum()
        });
        WalletView {
            available: speaker.amount(&wallet.unit, available),
            worth: worth.filter(|_| available > 0).map(|worth| speaker.money(worth.of(available))),
            pending: amount(wallet.pending()),
            held: amount(wallet.held()),
            debt: amount(wallet.debt),
            expires: expires.and_then(amount),
            expires_until: ends.map(|ends| speaker.until(ends)),
            is_of_household,
        }
    }
}

fn tier(
    ladder: &Ladder,
    holder: &Holder,
    programme: &Programme,
    speaker: Speaker<'_>,
    language: Language,
    now: Instant,
) -> TierView {
    let state = holder.tiers.get(&ladder.id);
    let rank = state.and_then(|state| ladder.rank(&state.level)).unwrap_or(0);
    let reached = state.map_or(0, |state| reached(programme, ladder, holder, state, now));
    let secured = state.and_then(|state| state.secured.as_ref());
    let level = ladder.levels.get(rank);
    let kept = secured.filter(|(kept, until)| level.is_some_and(|level| level.id == *kept) && *until > now);
    TierView {
        ladder: text(&ladder.name, language).to_owned(),
        level: level.map_or(String::new(), |level| text(&level.name, language).to_owned()),
        kept_until: kept.map(|(_, until)| speaker.until(*until)),
        reached: speaker.measure(&ladder.id, reached),
        next: ladder.levels.get(rank + 1).map(|next| NextView {
            level: text(&next.name, language).to_owned(),
            at: speaker.measure(&ladder.id, next.at),
            missing: speaker.measure(&ladder.id, (next.at - reached).max(0)),
            most: next.at,
            filled: reached.min(next.at),
        }),
    }
}
