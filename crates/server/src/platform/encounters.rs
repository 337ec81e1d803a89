//! What somebody met before joining: links that were followed, and codes that were typed.
//!
//! What is handed on with a link stands in an address, and addresses are copied. Whoever comes with it first was the
//! browser that followed the link, and brings along what that browser had met until then. Whoever else comes with it met
//! that one link and no more.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::kernel::{ClickId, Id, Instant, MemberId};
use lojal_core::referrals::attribution::{Touch, TouchKind, Visitor};
use lojal_fraud::identifier::Mark as Identifier;

use super::application::Application;
use super::clicks::{
    Click, ClickKind, ClickSource, ClickToken, Clicks, Mark, Touched, VisitorKey, click_claim, click_find_all,
    click_revive, encountered_identifiers, touches_of,
};
use super::clock::instant;
use super::introductions::Met;
use super::referral_codes::{CodeRefusal, Lead, ReferralCode, code_find_all, code_find_by_name, code_lead};
use super::sql::Connection;
use super::writer::WriteError;

/// Touches of one visitor that are looked at.
const MOST_TOUCHES: usize = 100;

/// A touch with where it was met.
pub(super) struct Seen {
    pub touch: Touch,
    pub channel: String,
    /// Where the friend was at that moment, as keyed hashes.
    pub identifiers: Vec<Identifier>,
    /// Whether there is anybody whom it speaks for.
    pub leads: bool,
}

/// Everything that a friend met, and by what the friend was known then.
#[derive(Default)]
pub(super) struct Encounters {
    pub seen: Vec<Seen>,
    pub visitors: BTreeSet<Mark>,
    followed: BTreeMap<ClickId, Followed>,
}

/// A link that was followed.
struct Followed {
    code: Id,
    at: Instant,
    /// Whether it was the friend: then what is known of that moment is known of the friend.
    is_own: bool,
}

/// Whoever asks, and as whom the answer is meant.
pub(super) struct Asking<'a> {
    pub application: &'a Application,
    pub clicks: &'a Clicks,
    pub friend: MemberId,
    /// The friend's own account and those that were merged into it.
    pub accounts: &'a BTreeSet<MemberId>,
    pub came_at: Instant,
}

impl Encounters {
    pub async fn of(asking: &Asking<'_>, met: &Met) -> Result<Encounters, WriteError> {
        let mut encounters = Encounters::default();
        let vault = &asking.application.vault;
        let named = met.visitor.as_ref().map(|name| Mark::of_visitor(vault, &VisitorKey::Shop(name.clone())));
        if let Some(token) = met.click.as_deref().and_then(|text| ClickToken::verify(vault, text)) {
            encounters.add_token(asking, token, named).await?;
        }
        if let Some(visitor) = named {
            encounters.add_named(asking, visitor).await?;
        }
        encounters.look(asking, met).await?;
        Ok(encounters)
    }

    /// The link that was followed, and what the same browser met before.
    async fn add_token(
        &mut self,
        asking: &Asking<'_>,
        token: ClickToken,
        named: Option<Mark>,
    ) -> Result<(), WriteError> {
        let Some(code) = token.code else { return Ok(()) };
        let click = match asking.clicks.wait_for(token.click).await? {
            Some(click) => Some(click),
            None => {
                let mut transaction = asking.application.database.write_aside().await?;
                let visitor = named.unwrap_or(Mark::NOBODY);
                let click = click_revive(asking.application, &mut transaction, token.click, code, visitor).await?;
                transaction.commit().await?;
                click
            }
        };
        // One whose code is gone says by itself when it was.
        let moment = instant(token.click.0.milliseconds() * 1_000);
        let at = click.as_ref().map_or(moment, |click| instant(click.clicked_at));
        let is_own = is_claimed(asking, token.click).await?;
        self.followed.insert(token.click, Followed { code, at, is_own });
        match click {
            Some(click) if is_own && click.visitor != Mark::NOBODY => {
                self.add_visitor(asking, click.visitor, click.id).await
            }
            _ => Ok(()),
        }
    }

    /// What the shop told of a visitor, and what the browsers met before that brought them to the shop.
    async fn add_named(&mut self, asking: &Asking<'_>, visitor: Mark) -> Result<(), WriteError> {
        let mut connection = asking.application.database.read().await?;
        let touched = touches_of(&mut connection, visitor, None, MOST_TOUCHES).await?;
        let found = click_find_all(&mut connection, touched.iter().map(|touched| touched.click)).await?;
        drop(connection);
        self.visitors.insert(visitor);
        self.add_all(touched, false);
        // The latest of each browser: whatever it met before comes with it.
        let mut latest: BTreeMap<Mark, &Click> = BTreeMap::new();
        let is_other = |click: &&Click| click.source == ClickSource::Link && click.visitor != Mark::NOBODY;
        for click in found.iter().filter(is_other) {
            let known = latest.entry(click.visitor).or_insert(click);
            *known = if click.id > known.id { click } else { known };
        }
        if !latest.is_empty() {
            asking.clicks.fold().await?;
        }
        for (browser, click) in latest {
            if !self.visitors.contains(&browser) && is_claimed(asking, click.id).await? {
                self.add_visitor(asking, browser, click.id).await?;
            }
        }
        Ok(())
    }

    /// What is told too late or was met too early is told as well.
    async fn add_visitor(&mut self, asking: &Asking<'_>, visitor: Mark, until: ClickId) -> Result<(), WriteError> {
        let mut connection = asking.application.database.read().await?;
        let touched = touches_of(&mut connection, visitor, Some(until), MOST_TOUCHES).await?;
        self.visitors.insert(visitor);
        self.add_all(touched, true);
        Ok(())
    }

    fn add_all(&mut self, touched: Vec<Touched>, is_own: bool) {
        for Touched { click, code, clicked_at: at } in touched {
            let followed = self.followed.entry(click).or_insert(Followed { code, at, is_own });
            followed.is_own |= is_own;
        }
    }

    /// Looks for whom all of that speaks.
    async fn look(&mut self, asking: &Asking<'_>, met: &Met) -> Result<(), WriteError> {
        let mut connection = asking.application.database.read().await?;
        let codes: BTreeSet<Id> = self.followed.values().map(|followed| followed.code).collect();
        let mut leads: BTreeMap<Id, (ReferralCode, Option<Lead>)> = BTreeMap::new();
        for code in code_find_all(&mut connection, codes).await? {
            let lead = code_lead(&mut connection, &code.name).await?.ok();
            leads.insert(code.id, (code, lead));
        }
        let clicks = click_find_all(&mut connection, self.followed.keys().copied()).await?;
        let clicks: BTreeMap<ClickId, Click> = clicks.into_iter().map(|click| (click.id, click)).collect();
        let mut told = encountered_identifiers(&mut connection, &self.visitors).await?;
        for (id, followed) in &self.followed {
            let seen = seen(*id, followed, clicks.get(id), leads.get(&followed.code), asking.accounts);
            self.seen.extend(seen.map(|mut seen| {
                seen.identifiers.extend(told.remove(id).unwrap_or_default());
                seen
            }));
        }
        self.seen.extend(typed(&mut connection, asking, met).await?);
        Ok(())
    }
}

/// Nothing is told of a link whose member nobody knows any more.
fn seen(
    id: ClickId,
    followed: &Followed,
    click: Option<&Click>,
    lead: Option<&(ReferralCode, Option<Lead>)>,
    accounts: &BTreeSet<MemberId>,
) -> Option<Seen> {
    let current = lead.and_then(|(_, lead)| lead.as_ref()).map(|lead| lead.advocate);
    let before = || click.and_then(|click| click.advocate).or(lead.map(|(code, _)| code.member));
    let advocate = current.or_else(before)?;
    let visitor = match click {
        Some(click) if click.kind != ClickKind::Person => Visitor::Robot,
        _ => visitor_of(accounts, advocate),
    };
    let channel = click.map(|click| click.channel.clone()).or_else(|| lead.map(|(code, _)| code.channel.clone()));
    Some(Seen {
        touch: Touch { at: followed.at, id, advocate, kind: TouchKind::Click, visitor },
        channel: channel.unwrap_or_default(),
        identifiers: click.filter(|_| followed.is_own).map(Click::identifiers).unwrap_or_default(),
        leads: current.is_some(),
    })
}

/// The code that was typed, as far as there is one.
async fn typed(connection: &mut Connection, asking: &Asking<'_>, met: &Met) -> Result<Option<Seen>, WriteError> {
    let Some(name) = &met.code else { return Ok(None) };
    let Some(code) = code_find_by_name(connection, name).await? else { return Ok(None) };
    let lead: Result<Lead, CodeRefusal> = code_lead(connection, name).await?;
    let advocate = lead.as_ref().map_or(code.member, |lead| lead.advocate);
    let visitor = visitor_of(asking.accounts, advocate);
    Ok(Some(Seen {
        touch: Touch { at: asking.came_at, id: ClickId(code.id), advocate, kind: TouchKind::Code, visitor },
        channel: code.channel,
        identifiers: Vec::new(),
        leads: lead.is_ok(),
    }))
}

fn visitor_of(accounts: &BTreeSet<MemberId>, advocate: MemberId) -> Visitor {
    if accounts.contains(&advocate) { Visitor::Advocate } else { Visitor::Person }
}

/// Whether the friend was the first to come with a click.
async fn is_claimed(asking: &Asking<'_>, click: ClickId) -> Result<bool, WriteError> {
    let now = asking.application.clock.now();
    let mut transaction = asking.application.database.write_aside_in(click.part()).await?;
    let by = click_claim(&mut transaction, click, asking.friend, now).await?;
    transaction.commit().await?;
    Ok(asking.accounts.contains(&by))
}
