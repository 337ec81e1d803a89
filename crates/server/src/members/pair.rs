//! Two accounts beside each other, and what merging them would do, in plain words.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use lojal_core::decision::Refusal;
use lojal_core::holder::{Holder, HolderKind};
use lojal_core::kernel::{Instant, Language, MemberId, Money, Name};
use lojal_core::ledger::Wallet;
use lojal_core::programme::{Ladder, Programme, text};
use lojal_core::words::Speaker;
use serde::Serialize;

use super::foreseen::Foreseen;
use super::holders::holders;
use super::pages::address;
use crate::platform::cards::{Card, CardState};
use crate::platform::consents::{Consent, Purpose, consent_list};
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::figures::cards_of;
use crate::platform::http::subject::{accounts_now, as_of_now};
use crate::platform::identity::Identity;
use crate::platform::pages::{Frame, PageError, PageState, Texts};

/// One of the two, with everything that the page tells of it.
pub struct Side {
    pub row: MemberRow,
    pub own: Holder,
    household: Option<Holder>,
    /// Accounts that were merged into this one before.
    accounts: Vec<Holder>,
    /// Who else shares the wallet.
    others: Vec<String>,
    identity: Identity,
    cards: Vec<Card>,
    consents: Vec<Consent>,
    /// In minor units, as far as it was counted.
    spent: Option<i64>,
}

impl Side {
    async fn of(state: &PageState, row: MemberRow) -> Result<Side, PageError> {
        let application = &state.application;
        let lost = || PageError::internal(&format!("{} has no state", row.id));
        let own = as_of_now(application, application.holder(row.id.into()).await?.ok_or_else(lost)?);
        let household = match row.household {
            Some(household) => Some(as_of_now(application, application.holder(household).await?.ok_or_else(lost)?)),
            None => None,
        };
        let accounts = accounts_now(application, &own).await?;
        let others = match household.as_ref().map(|household| &household.kind) {
            Some(HolderKind::Household { members }) => {
                members.iter().filter(|other| **other != row.id).copied().collect()
            }
            _ => Vec::new(),
        };
        let identity = application.identity(row.id).await?.unwrap_or_default();
        let cards = application.cards(row.id).await?;
        let mut connection = application.database.read().await?;
        let consents = consent_list(&mut connection, row.id).await?;
        let counted = cards_of(&mut connection, [row.id.into()]).await?;
        let named = holders(state, &mut connection, others.iter().copied().map(Into::into)).await?;
        drop(connection);
        let others = others.into_iter().filter_map(|other: MemberId| Some(named.get(&other.into())?.name.clone()));
        let spent = counted.values().next().map(|card| card.spent());
        Ok(Side { others: others.collect(), own, household, accounts, identity, cards, consents, spent, row })
    }

    /// What the page calls it.
    pub fn title(&self) -> String {
        let external_id = || (!self.row.is_erased()).then(|| self.row.external_id.clone());
        self.identity.name.clone().or_else(external_id).unwrap_or_else(|| self.row.id.to_string())
    }

    /// What still waits at accounts that were merged into this one before, and goes on from there.
    fn waiting(&self, unit: &str) -> i64 {
        let wallets = self.accounts.iter().filter_map(|account| account.wallets.get(unit));
        wallets.map(|wallet| wallet.pending() + wallet.held()).fold(0, i64::saturating_add)
    }

    /// All that there is of a unit, in the wallets from which it spends, too.
    fn has(&self, unit: &str) -> i64 {
        let wallets = [Some(&self.own), self.household.as_ref()].into_iter().flatten();
        let wallets = wallets.filter_map(|holder| holder.wallets.get(unit));
        let amounts = wallets.map(|wallet| wallet.available() + wallet.pending() + wallet.held());
        amounts.fold(self.waiting(unit), i64::saturating_add)
    }

    /// Who has more orders, and then who joined first, is the one to stay.
    fn weight(&self) -> (i64, Reverse<Instant>) {
        (self.own.orders, Reverse(self.own.joined_at))
    }
}

/// Both accounts.
pub struct Pair {
    /// The one that stays.
    pub survivor: Side,
    /// The one that goes into it.
    pub account: Side,
}

impl Pair {
    /// `keep` is the one that stays; where nobody has said, the one with more orders, or the older one.
    pub async fn of(
        state: &PageState,
        one: MemberRow,
        other: MemberRow,
        keep: Option<MemberId>,
    ) -> Result<Pair, PageError> {
        let (one, other) = (Side::of(state, one).await?, Side::of(state, other).await?);
        let is_other = match keep {
            Some(keep) if keep == one.row.id => false,
            Some(keep) if keep == other.row.id => true,
            Some(_) => return Err(PageError::NOT_FOUND),
            // Whoever can only stay, or not even that, is no choice.
            None if other.row.status != MemberStatus::Active => false,
            None => one.row.status != MemberStatus::Active || other.weight() > one.weight(),
        };
        Ok(match is_other {
            false => Pair { survivor: one, account: other },
            true => Pair { survivor: other, account: one },
        })
    }

    /// Whether it is done already.
    pub fn is_merged(&self) -> bool {
        self.account.row.status == MemberStatus::Merged { into: self.survivor.row.id }
    }

    /// How things would stand afterwards, or why they cannot be merged.
    pub fn foreseen(&self, state: &PageState) -> Result<Foreseen, Refusal> {
        let sides = [&self.survivor, &self.account];
        let holders = sides.into_iter().flat_map(|side| std::iter::once(&side.own).chain(&side.household)).cloned();
        Foreseen::of(&state.application, self.survivor.row.id, self.account.row.id, holders)
    }

    /// What goes over at once or later, in whole units, rounded up.
    pub fn brought(&self, foreseen: &Foreseen, programme: &Programme) -> i64 {
        whole_units(programme, |unit| foreseen.brought(unit).saturating_add(self.account.waiting(unit)))
    }

    /// What more than one person has to look at: what goes over, or what the names of the account lead to from then on,
    /// whichever is more.
    pub fn at_stake(&self, foreseen: &Foreseen, programme: &Programme) -> i64 {
        let had = whole_units(programme, |unit| self.survivor.has(unit));
        had.max(self.brought(foreseen, programme))
    }

    /// What is known of both, and what would happen.
    pub fn view(&self, state: &PageState, frame: &Frame, foreseen: Option<&Foreseen>) -> PairView {
        let texts = state.pages.texts(frame.language());
        let rulebook = state.application.rulebook();
        let programme = rulebook.live();
        let teller = programme.map(|programme| Teller {
            texts,
            programme,
            speaker: texts.words.about(programme),
            language: frame.language(),
        });
        let lines = self.lines(state, texts, teller.as_ref());
        let told = foreseen.zip(teller.as_ref());
        PairView {
            survivor: SideView::of(&self.survivor),
            account: SideView::of(&self.account),
            lines,
            at_once: told.map(|(foreseen, teller)| self.at_once(foreseen, teller)).unwrap_or_default(),
            later: told.map(|(foreseen, teller)| self.later(foreseen, teller)).unwrap_or_default(),
            stays: told.map(|(_, teller)| self.stays(teller)).unwrap_or_default(),
        }
    }

    fn lines(&self, state: &PageState, texts: &Texts, teller: Option<&Teller<'_>>) -> Vec<LineView> {
        let calendar = state.application.calendar();
        let mut lines = Vec::new();
        let mut line = |label: String, told: &dyn Fn(&Side) -> Vec<String>| {
            let (survivor, account) = (told(&self.survivor), told(&self.account));
            if !survivor.is_empty() || !account.is_empty() {
                lines.push(LineView { label, survivor, account });
            }
        };
        let say = |key: &str| texts.say(key, None, &[]);
        let listed = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
        if [&self.survivor, &self.account].iter().any(|side| side.row.status != MemberStatus::Active) {
            line(say("merge-state"), &|side| {
                vec![say(match side.row.status {
                    MemberStatus::Active => "merge-active",
                    MemberStatus::Left => "member-left",
                    MemberStatus::Merged { .. } => "member-merged",
                })]
            });
        }
        line(say("member-name"), &|side| listed(&side.identity.name));
        line(say("field-email"), &|side| listed(&side.identity.email));
        line(say("member-phone"), &|side| listed(&side.identity.phone));
        line(say("member-birth-year"), &|side| side.identity.birth_year.iter().map(ToString::to_string).collect());
        line(say("member-external-id"), &|side| {
            (!side.row.is_erased()).then(|| side.row.external_id.clone()).into_iter().collect()
        });
        line(say("member-joined"), &|side| vec![texts.words.date(calendar.date(side.own.joined_at))]);
        line(say("member-orders"), &|side| vec![texts.words.number(side.own.orders, 0)]);
        if let Some(teller) = teller {
            line(say("member-spent"), &|side| {
                side.spent.map(|spent| teller.speaker.money(Money(spent))).into_iter().collect()
            });
            for unit in &teller.programme.units {
                line(texts.say("merge-balance-of", None, &[("unit", teller.speaker.plural(&unit.id))]), &|side| {
                    teller.wallet(&unit.id, side)
                });
            }
            for ladder in &teller.programme.ladders {
                line(text(&ladder.name, teller.language).to_owned(), &|side| vec![teller.level(ladder, &side.own)]);
            }
        }
        line(say("member-vouchers"), &|side| match side.own.vouchers.len() {
            0 => Vec::new(),
            open => vec![texts.words.number(i64::try_from(open).unwrap_or(i64::MAX), 0)],
        });
        line(say("cards"), &|side| {
            let card = |card: &Card| match card.state {
                CardState::Active => card.number.as_str().to_owned(),
                state => format!("{} ({})", card.number.as_str(), say(&format!("card-{}", state.name()))),
            };
            side.cards.iter().map(card).collect()
        });
        line(say("member-household"), &|side| match (&side.household, side.others.is_empty()) {
            (None, _) => Vec::new(),
            (Some(_), true) => vec![say("merge-household-alone")],
            (Some(_), false) => side.others.clone(),
        });
        line(say("merge-consents"), &|side| {
            let said = Purpose::ALL.into_iter().filter_map(|purpose| {
                let last = side.consents.iter().rev().find(|consent| consent.purpose == purpose)?;
                let key = match (purpose, last.is_given) {
                    (Purpose::Email, true) => "merge-consent-email",
                    (Purpose::Email, false) => "merge-consent-email-withdrawn",
                    (Purpose::Sms, true) => "merge-consent-sms",
                    (Purpose::Sms, false) => "merge-consent-sms-withdrawn",
                };
                Some(texts.say(key, None, &[("date", texts.words.date(calendar.date(last.changed_at)))]))
            });
            said.collect()
        });
        lines
    }

    /// What happens in the same moment.
    fn at_once(&self, foreseen: &Foreseen, teller: &Teller<'_>) -> Vec<String> {
        let Teller { texts, programme, speaker, .. } = teller;
        let mut told = Vec::new();
        let amounts = |amounts: &BTreeMap<Name, i64>| {
            let amounts: Vec<String> = amounts.iter().map(|(unit, amount)| speaker.amount(unit, *amount)).collect();
            (!amounts.is_empty()).then(|| amounts.join(", "))
        };
        match amounts(&foreseen.moved) {
            Some(amounts) => told.push(texts.say("merge-moves", None, &[("amounts", amounts)])),
            None => told.push(texts.say("merge-moves-nothing", None, &[])),
        }
        if let Some(amounts) = amounts(&foreseen.owed) {
            told.push(texts.say("merge-owes", None, &[("amounts", amounts)]));
        }
        for wallet in foreseen.spends.wallets.iter().filter(|wallet| foreseen.moved.contains_key(&wallet.unit)) {
            let amount = speaker.amount(&wallet.unit, wallet.available());
            let key = if self.survivor.household.is_some() { "merge-balance-shared" } else { "merge-balance" };
            told.push(texts.say(key, None, &[("amount", amount)]));
        }
        for ladder in &programme.ladders {
            let (before, after) = (teller.level(ladder, &self.survivor.own), teller.level(ladder, &foreseen.survivor));
            let ladder = text(&ladder.name, teller.language).to_owned();
            let key = if before == after { "merge-level-same" } else { "merge-level" };
            told.push(texts.say(key, None, &[("ladder", ladder), ("before", before), ("after", after)]));
        }
        let blanks = self.blanks(texts);
        if !blanks.is_empty() {
            told.push(texts.say("merge-blanks", None, &[("what", blanks.join(", "))]));
        }
        if self.account.household.is_some() {
            let is_alone = self.account.others.is_empty();
            told.push(texts.say(if is_alone { "merge-leaves-alone" } else { "merge-leaves" }, None, &[]));
        }
        told.push(texts.say("merge-leads", None, &[]));
        told
    }

    /// What nothing is known of but what the account tells.
    fn blanks(&self, texts: &Texts) -> Vec<String> {
        let (known, other) = (&self.survivor.identity, &self.account.identity);
        let blanks = [
            ("merge-blank-name", known.name.is_none() && other.name.is_some()),
            ("merge-blank-email", known.email.is_none() && other.email.is_some()),
            ("merge-blank-phone", known.phone.is_none() && other.phone.is_some()),
            ("merge-blank-birth-year", known.birth_year.is_none() && other.birth_year.is_some()),
            ("merge-blank-language", known.language.is_none() && other.language.is_some()),
        ];
        blanks.into_iter().filter(|(_, is_filled)| *is_filled).map(|(key, _)| texts.say(key, None, &[])).collect()
    }

    /// What goes on for a while.
    fn later(&self, foreseen: &Foreseen, teller: &Teller<'_>) -> Vec<String> {
        let Teller { texts, speaker, .. } = teller;
        let mut told = Vec::new();
        let mut left = |key: &str, of: &dyn Fn(&Wallet) -> i64| {
            let wallets = foreseen.account.wallets.iter().filter(|wallet| of(wallet) > 0);
            let amounts: Vec<String> = wallets.map(|wallet| speaker.amount(&wallet.unit, of(wallet))).collect();
            if !amounts.is_empty() {
                told.push(texts.say(key, None, &[("amounts", amounts.join(", "))]));
            }
        };
        left("merge-pending", &Wallet::pending);
        left("merge-held", &Wallet::held);
        if let Some(open) = i64::try_from(self.account.own.vouchers.len()).ok().filter(|open| *open > 0) {
            told.push(texts.say("merge-vouchers", Some(open), &[]));
        }
        told.push(texts.say("merge-goes-on", None, &[]));
        told
    }

    fn stays(&self, teller: &Teller<'_>) -> Vec<String> {
        ["merge-person-stays", "merge-consents-stay", "merge-story-stays"]
            .into_iter()
            .map(|key| teller.texts.say(key, None, &[]))
            .collect()
    }
}

/// Amounts of all units together, in whole ones, each rounded up.
fn whole_units(programme: &Programme, amount: impl Fn(&str) -> i64) -> i64 {
    let sizes = programme.units.iter().map(|unit| {
        let whole = 10i64.saturating_pow(u32::from(unit.scale));
        let amount = amount(&unit.id);
        amount / whole + i64::from(amount % whole > 0)
    });
    sizes.fold(0, i64::saturating_add)
}

/// Who tells of both in the reader's words.
struct Teller<'a> {
    texts: &'a Texts,
    programme: &'a Programme,
    speaker: Speaker<'a>,
    language: Language,
}

impl Teller<'_> {
    /// What there is of one unit, line by line.
    fn wallet(&self, unit: &str, side: &Side) -> Vec<String> {
        let mut told = Vec::new();
        let wallets = [(side.household.as_ref(), true), (Some(&side.own), false)];
        for (holder, is_shared) in wallets {
            let Some(wallet) = holder.and_then(|holder| holder.wallets.get(unit)) else { continue };
            let amounts = [
                (if is_shared { "merge-available-shared" } else { "merge-available" }, wallet.available()),
                ("wallet-pending", wallet.pending()),
                ("wallet-held", wallet.held()),
                ("wallet-debt", wallet.debt),
            ];
            let amounts = amounts.into_iter().filter(|(_, amount)| *amount > 0);
            told.extend(
                amounts
                    .map(|(key, amount)| self.texts.say(key, None, &[("amount", self.speaker.amount(unit, amount))])),
            );
        }
        if told.is_empty() {
            told.push(self.speaker.amount(unit, 0));
        }
        told
    }

    fn level(&self, ladder: &Ladder, holder: &Holder) -> String {
        let rank = holder.tiers.get(&ladder.id).and_then(|tier| ladder.rank(&tier.level)).unwrap_or(0);
        ladder.levels.get(rank).map_or(String::new(), |level| text(&level.name, self.language).to_owned())
    }
}

/// What a page shows of both.
#[derive(Serialize)]
pub struct PairView {
    survivor: SideView,
    account: SideView,
    lines: Vec<LineView>,
    at_once: Vec<String>,
    later: Vec<String>,
    stays: Vec<String>,
}

#[derive(Serialize)]
struct SideView {
    id: String,
    title: String,
    address: String,
}

impl SideView {
    fn of(side: &Side) -> SideView {
        SideView { id: side.row.id.to_string(), title: side.title(), address: address(side.row.id) }
    }
}

/// One thing that is known of them.
#[derive(Serialize)]
struct LineView {
    label: String,
    survivor: Vec<String>,
    account: Vec<String>,
}
