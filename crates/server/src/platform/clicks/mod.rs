//! Who followed a member's link. A click is written to a log of its own, of which many share one sync, and is in the
//! database a second later; whoever reads has that done first. What is kept of an address and a browser are keyed hashes.

mod cleaning;
mod landing;
mod log;
mod seen;
mod store;
mod token;
mod visitor;
mod visitors;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant as Moment};

use axum::http::HeaderMap;
use jiff::SignedDuration;
use lojal_core::kernel::{ClickId, Id, Instant, MemberId, PARTS, Part};
use lojal_fraud::identifier::{Clear, IdentifierKind, Normalising};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use cleaning::clicks_forget;
pub use landing::{CLICK_PARAMETER, Landing, landing_find, landing_of, landing_set};
pub use log::NotKept;
pub use seen::encountered_identifiers;
pub use store::{Touched, click_find, click_find_all, click_list, clicks_of, clicks_since, touch_add, touches_of};
pub use token::{ClickToken, TOKEN_LENGTH};
pub use visitor::{agent_of, kind_of};
pub use visitors::{click_claim, visitor_is};
pub(super) use visitors::{visitors_erase, visitors_forget};

use super::application::Application;
use super::clock::instant;
use super::http::clients::Client;
use super::http::limits::Limits;
use super::identity::Vault;
use super::random::{self, NoRandomness};
use super::referral_codes::{CodeName, Lead, code_find_all, code_lead};
use super::sql::{self, Connection, Row, column};
use log::{ClickLog, Held};

/// What marks of identifiers are for, wherever they were seen.
const IDENTIFIER: &str = "identifier";
const VISITOR: &str = "referral visitor";
/// For so long a code is known to lead somewhere: whoever blocks it waits no longer.
const KNOWN: Duration = Duration::from_secs(5);
/// A code that is followed again and again is looked up before that, so that nobody waits for it.
const FRESH: Duration = Duration::from_millis(2_500);
/// Codes that are remembered; then all are looked up again.
const MOST_KNOWN: usize = 100_000;
/// For so long the landing page is known.
const LANDING_KNOWN: Duration = Duration::from_secs(1);
/// How often the log goes into the database.
const ROUND: Duration = Duration::from_secs(1);
/// Whoever has just clicked may be here before the log of the process that saw it is in the database.
const WAITED_FOR: SignedDuration = SignedDuration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(100);
/// Files that are kept open for a database that takes nothing.
const MOST_HELD: usize = 16;
/// Clicks from one place: a family behind one address, or a café.
const AT_ONCE: u32 = 60;
const PER_SECOND: u32 = 5;
/// Whoever has one address of the newer kind may have as many as they like.
const PLACES: u32 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClickKind {
    Person,
    /// A program that goes through pages.
    Robot,
    /// A browser that fetched ahead.
    Prefetch,
    /// A program that shows what a link leads to.
    Preview,
}

impl ClickKind {
    const ALL: [ClickKind; 4] = [ClickKind::Person, ClickKind::Robot, ClickKind::Prefetch, ClickKind::Preview];

    pub fn name(self) -> &'static str {
        match self {
            ClickKind::Person => "person",
            ClickKind::Robot => "robot",
            ClickKind::Prefetch => "prefetch",
            ClickKind::Preview => "preview",
        }
    }

    fn named(name: &str) -> Option<ClickKind> {
        ClickKind::ALL.into_iter().find(|known| known.name() == name)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClickSource {
    /// Somebody came by here.
    Link,
    /// The shop says so.
    Shop,
}

impl ClickSource {
    pub fn name(self) -> &'static str {
        match self {
            ClickSource::Link => "link",
            ClickSource::Shop => "shop",
        }
    }

    fn named(name: &str) -> Option<ClickSource> {
        [ClickSource::Link, ClickSource::Shop].into_iter().find(|known| known.name() == name)
    }
}

/// A keyed hash that tells one from another, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(u128);

impl Mark {
    /// Programs are no visitors.
    pub const NOBODY: Mark = Mark(0);

    /// Of a visitor, by whatever they are known by.
    pub fn of_visitor(vault: &Vault, known_by: &VisitorKey) -> Mark {
        let text = match known_by {
            VisitorKey::Cookie(drawn) => format!("cookie {drawn:032x}"),
            VisitorKey::Shop(name) => format!("shop {name}"),
        };
        Mark(token::first_16(vault.mark(VISITOR, text.as_bytes())))
    }

    fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Where what is known of it lies.
    fn part(self) -> Part {
        let number = (self.0 % u128::from(PARTS)) as i64;
        Part::from_number(number).unwrap_or(Part::PROGRAMME)
    }

    fn read(row: &Row, name: &str) -> Result<Mark, sql::Error> {
        Mark::read_any(row, name)?.ok_or_else(|| sql::damaged(format!("{name} is missing")))
    }

    fn read_any(row: &Row, name: &str) -> Result<Option<Mark>, sql::Error> {
        let bytes: Vec<u8> = column(row, name)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let bytes = bytes.try_into().map_err(|_| sql::damaged(format!("{name} has another length")))?;
        Ok(Some(Mark(u128::from_be_bytes(bytes))))
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Mark, D::Error> {
        let text = String::deserialize(deserializer)?;
        u128::from_str_radix(&text, 16).map(Mark).map_err(serde::de::Error::custom)
    }
}

/// By what a visitor is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitorKey {
    /// What was drawn for a browser.
    Cookie(u128),
    /// The shop's own name for a visitor.
    Shop(String),
}

impl VisitorKey {
    pub fn drawn() -> Result<VisitorKey, NoRandomness> {
        Ok(VisitorKey::Cookie(u128::from_le_bytes(random::bytes()?)))
    }

    /// From the cookie of a browser that was here before.
    pub fn from_cookie(text: &str) -> Option<VisitorKey> {
        token::read(text).map(VisitorKey::Cookie)
    }

    /// As the cookie has it; what a shop calls somebody is none.
    pub fn cookie(&self) -> Option<String> {
        match self {
            VisitorKey::Cookie(drawn) => {
                let mut text = String::new();
                token::write(&mut text, *drawn);
                Some(text)
            }
            VisitorKey::Shop(_) => None,
        }
    }
}

/// Somebody followed a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Click {
    pub id: ClickId,
    /// None where there is no such code, so that nobody can tell by how long it takes.
    #[serde(with = "numbers")]
    pub code: Option<Id>,
    /// Whose code it was at that moment.
    pub advocate: Option<MemberId>,
    pub channel: String,
    pub visitor: Mark,
    pub kind: ClickKind,
    pub source: ClickSource,
    pub address: Option<Mark>,
    pub network: Option<Mark>,
    pub agent: Option<Mark>,
    /// In microseconds.
    pub clicked_at: i64,
}

impl Click {
    /// Whether a person followed a code.
    pub fn is_of_person(&self) -> bool {
        self.kind == ClickKind::Person && self.code.is_some()
    }

    /// Whether somebody who can be known again met a recommendation.
    fn is_touch(&self) -> bool {
        self.is_of_person() && self.visitor != Mark::NOBODY
    }
}

impl Click {
    /// Where it came from, as made-up recommendations are looked for.
    pub fn identifiers(&self) -> Vec<lojal_fraud::identifier::Mark> {
        let seen = [
            (IdentifierKind::Ip, self.address),
            (IdentifierKind::Network, self.network),
            (IdentifierKind::Traits, self.agent),
        ];
        let mark = |(kind, mark): (IdentifierKind, Option<Mark>)| {
            Some(lojal_fraud::identifier::Mark { kind, hash: mark?.bytes() })
        };
        seen.into_iter().filter_map(mark).collect()
    }
}

mod numbers {
    use super::{Deserialize, Deserializer, Id, Serialize, Serializer};

    pub fn serialize<S: Serializer>(code: &Option<Id>, serializer: S) -> Result<S::Ok, S::Error> {
        code.map(Id::number).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Id>, D::Error> {
        let number = Option::<i64>::deserialize(deserializer)?;
        Ok(number.and_then(Id::from_number))
    }
}

/// What a request tells of where it came from, as marks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traces {
    pub address: Option<Mark>,
    pub network: Option<Mark>,
    pub agent: Option<Mark>,
}

impl Traces {
    pub fn of(vault: &Vault, client: &Client, headers: &HeaderMap) -> Traces {
        let address = client.address.map(|address| address.to_string());
        let seen = Clear { ip: address.as_deref(), traits: agent_of(headers), ..Clear::default() };
        let keyed = |bytes: &[u8]| token::first_16(vault.mark(IDENTIFIER, bytes)).to_be_bytes();
        let mut traces = Traces::default();
        for mark in seen.marks(&Normalising::default(), &keyed) {
            let hash = Some(Mark(u128::from_be_bytes(mark.hash)));
            match mark.kind {
                IdentifierKind::Ip => traces.address = hash,
                IdentifierKind::Network => traces.network = hash,
                IdentifierKind::Traits => traces.agent = hash,
                _ => {}
            }
        }
        traces
    }
}

/// What a code was known to lead to.
struct KnownLead {
    /// When it was looked up.
    since: Moment,
    /// It is looked up again at this moment.
    is_asked: bool,
    lead: Option<Arc<Lead>>,
}

/// Takes in clicks. Clones share everything.
#[derive(Clone)]
pub struct Clicks(Arc<Inside>);

struct Inside {
    application: Application,
    public: Arc<str>,
    log: ClickLog,
    known: Mutex<HashMap<CodeName, KnownLead>>,
    landing: Mutex<Option<(Moment, Arc<Landing>)>>,
    places: Limits,
    networks: Limits,
    /// One at a time puts the log into the database.
    folding: tokio::sync::Mutex<Folding>,
    /// How often somebody began to.
    begun: AtomicU64,
}

#[derive(Default)]
struct Folding {
    /// Files whose clicks are not in the database yet.
    held: Vec<Held>,
    /// The last time that all of them went in.
    done: u64,
}

impl Clicks {
    /// Begins to take in clicks, and to put them into the database, until the last clone is dropped.
    pub fn start(application: &Application, public: &Arc<str>) -> Clicks {
        let limits = |times: u32| {
            let count = |count: u32| NonZeroU32::MIN.saturating_add(times * count - 1);
            Limits::new(count(PER_SECOND), count(AT_ONCE))
        };
        let clicks = Clicks(Arc::new(Inside {
            application: application.clone(),
            public: Arc::clone(public),
            log: ClickLog::start(application.database.folder()),
            known: Mutex::default(),
            landing: Mutex::default(),
            places: limits(1),
            networks: limits(PLACES),
            folding: tokio::sync::Mutex::default(),
            begun: AtomicU64::new(0),
        }));
        tokio::spawn(keep_folding(Arc::downgrade(&clicks.0)));
        clicks
    }

    /// Whether one more click from a place is taken in. A place that is refused takes nothing from those beside it.
    pub fn admit(&self, client: &Client) -> bool {
        let place = self.0.places.take(&client.name).1.is_ok();
        place && client.network.as_ref().is_none_or(|network| self.0.networks.take(network).1.is_ok())
    }

    /// Whom a code leads to, as of some seconds ago at most; nobody, whatever the reason.
    pub async fn lead(&self, name: &CodeName) -> Result<Option<Arc<Lead>>, sql::Error> {
        let now = Moment::now();
        {
            let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.get_mut(name)
                && now.duration_since(known.since) < KNOWN
            {
                if now.duration_since(known.since) >= FRESH && !known.is_asked {
                    known.is_asked = true;
                    tokio::spawn(self.clone().look_up_again(name.clone()));
                }
                return Ok(known.lead.clone());
            }
        }
        self.look_up(name).await
    }

    async fn look_up(&self, name: &CodeName) -> Result<Option<Arc<Lead>>, sql::Error> {
        // As of now at the earliest: whatever is blocked while this is looked up is looked up again in time.
        let since = Moment::now();
        let lead = code_lead(&mut *self.0.application.database.read().await?, name).await?.ok().map(Arc::new);
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(name.clone(), KnownLead { since, is_asked: false, lead: lead.clone() });
        Ok(lead)
    }

    async fn look_up_again(self, name: CodeName) {
        if let Err(cause) = self.look_up(&name).await {
            tracing::warn!(%cause, "a code cannot be looked up, and will be when it is followed again");
        }
    }

    /// Where links lead, as of a second ago at most.
    pub async fn landing(&self) -> Result<Arc<Landing>, sql::Error> {
        let now = Moment::now();
        let known = self.0.landing.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((since, landing)) = known
            && now.duration_since(since) < LANDING_KNOWN
        {
            return Ok(landing);
        }
        let found = Landing::find(&mut *self.0.application.database.read().await?, &self.0.public).await?;
        let landing = Arc::new(found);
        *self.0.landing.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&landing)));
        Ok(landing)
    }

    /// Returns when the click is kept. It is written down as well when the answer is that it took too long.
    pub async fn keep(&self, click: &Click) -> Result<(), NotKept> {
        self.0.log.keep(click).await
    }

    /// Puts whatever was answered by now into the database. Those who ask at the same time share it.
    pub async fn fold(&self) -> Result<(), sql::Error> {
        self.0.fold().await
    }

    /// A click, wherever in this process it stands.
    pub async fn find(&self, click: ClickId) -> Result<Option<Click>, sql::Error> {
        let database = &self.0.application.database;
        if let Some(found) = click_find(&mut *database.read().await?, click).await? {
            return Ok(Some(found));
        }
        self.fold().await?;
        click_find(&mut *database.read().await?, click).await
    }

    /// As [`Clicks::find`]; one that another process has just seen is waited for.
    pub async fn wait_for(&self, click: ClickId) -> Result<Option<Click>, sql::Error> {
        let mut found = self.find(click).await?;
        let until = instant(click.0.milliseconds() * 1_000).saturating_add(WAITED_FOR).unwrap_or(Instant::MIN);
        let patience = Moment::now() + WAITED_FOR.unsigned_abs();
        while found.is_none() && self.0.application.clock.now() < until && Moment::now() < patience {
            tokio::time::sleep(PAUSE).await;
            found = click_find(&mut *self.0.application.database.read().await?, click).await?;
        }
        Ok(found)
    }
}

/// Writes a click that a shop tells of.
pub async fn click_add(
    application: &Application,
    connection: &mut Connection,
    click: &Click,
) -> Result<(), sql::Error> {
    store::tally(application, connection, &[click]).await?;
    sql::run_all(connection, store::statements(&[click])).await?;
    Ok(())
}

/// Writes down a click that is known by its token alone: the disk was late, or the process that saw it has not come to it
/// yet. `None` where the code is gone.
pub async fn click_revive(
    application: &Application,
    connection: &mut Connection,
    id: ClickId,
    code: Id,
    visitor: Mark,
) -> Result<Option<Click>, sql::Error> {
    let Some(code) = code_find_all(connection, [code]).await?.pop() else { return Ok(None) };
    let lead = code_lead(connection, &code.name).await?;
    let click = Click {
        id,
        code: Some(code.id),
        advocate: Some(lead.map_or(code.member, |lead| lead.advocate)),
        channel: code.channel,
        visitor,
        kind: ClickKind::Person,
        source: ClickSource::Shop,
        address: None,
        network: None,
        agent: None,
        clicked_at: id.0.milliseconds() * 1_000,
    };
    click_add(application, connection, &click).await?;
    Ok(Some(click))
}

impl Inside {
    async fn fold(&self) -> Result<(), sql::Error> {
        let arrived = self.begun.load(Ordering::Acquire);
        let mut folding = self.folding.lock().await;
        // Whoever began later has taken along everything that was answered before.
        if folding.done > arrived {
            return Ok(());
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        if folding.held.len() < MOST_HELD {
            folding.held.extend(self.log.ended().await);
        }
        self.take_over(&mut folding.held).await;
        // One file that cannot be folded keeps no other waiting.
        let mut failure = None;
        for held in std::mem::take(&mut folding.held) {
            match self.fold_file(held).await {
                Ok(None) => {}
                Ok(Some(unread)) => folding.held.push(unread),
                Err((held, cause)) => {
                    folding.held.push(held);
                    failure = failure.or(Some(cause));
                }
            }
        }
        folding.done = if failure.is_none() { number } else { folding.done };
        failure.map_or(Ok(()), Err)
    }

    async fn take_over(&self, held: &mut Vec<Held>) {
        let room = MOST_HELD.saturating_sub(held.len());
        let log = self.log.clone();
        match tokio::task::spawn_blocking(move || log.left_behind(room)).await {
            Ok(Ok(found)) => held.extend(found),
            Ok(Err(cause)) => tracing::error!(%cause, "clicks that were left behind cannot be looked for"),
            Err(_) => {}
        }
    }

    /// Answers the file where it cannot be read now.
    async fn fold_file(&self, held: Held) -> Result<Option<Held>, (Held, sql::Error)> {
        let read = tokio::task::spawn_blocking(move || (held.read(), held)).await;
        let Ok((read, held)) = read else { return Ok(None) };
        let (clicks, broken) = match read {
            Ok(read) => read,
            Err(cause) => {
                tracing::error!(%cause, "a file of clicks cannot be read, and will be tried again");
                return Ok(Some(held));
            }
        };
        if broken > 0 {
            tracing::warn!(lines = broken, "the end of a file of clicks was cut short");
        }
        let folded = async {
            store::clicks_fold(&self.application, &clicks).await?;
            visitors::clicks_blank(&self.application, &clicks).await
        };
        if let Err(cause) = folded.await {
            return Err((held, cause));
        }
        // Where it stays, it is folded again, which changes nothing.
        let _ = tokio::task::spawn_blocking(move || held.remove()).await;
        Ok(None)
    }
}

async fn keep_folding(inside: Weak<Inside>) {
    let mut interval = tokio::time::interval(ROUND);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let Some(inside) = inside.upgrade() else { break };
        if let Err(cause) = inside.fold().await {
            tracing::error!(%cause, job = "clicks", "a job failed and will be tried again");
        }
    }
}
