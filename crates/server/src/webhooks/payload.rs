//! What an endpoint is sent: made of the journal whenever it is sent, in the words of the API. It has ids, amounts
//! and reasons in it, and nothing about a person but the shop's own id.

use std::collections::{BTreeSet, HashMap};

use lojal_core::decision::Because;
use lojal_core::kernel::{ClickId, Id, Instant, MemberId, Name, ShareId, TransactionId};
use lojal_core::programme::Rulebook;
use serde::Serialize;
use serde_json::Value;

use super::delivery::{APART, CONFIRMING, Delivery, EventId, FOLLOWED, PASSED_ON};
use super::kind::Kind;
use crate::clicks::{ClickJson, ShareJson};
use crate::ledger_entries::{BalanceJson, LedgerEntryJson};
use crate::platform::application::Application;
use crate::platform::clicks::{Click, click_find_all};
use crate::platform::clock::instant;
use crate::platform::enrolment::{MemberRow, member_find_all};
use crate::platform::fraud::{Channel, VerificationStep, verification_steps_find};
use crate::platform::http::fields::{MemberKey, Time};
use crate::platform::journal::journal_find_all;
use crate::platform::rulebook::PublishedVersion;
use crate::platform::shares::{Share, share_find_all};
use crate::platform::sql::{self, Connection};
use crate::platform::writer::Done;

#[derive(Serialize)]
pub struct Payload {
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When it took place.
    pub timestamp: Time,
    pub data: Data,
}

#[derive(Serialize)]
#[serde(untagged)]
pub enum Data {
    Entry(Box<EntryData>),
    Version(VersionData),
    Confirming(ConfirmingData),
    Invited(InvitedData),
    Clicked(ClickedData),
    Test(TestData),
}

/// An entry of the ledger, as the API has it, with whose it is and what they have afterwards.
#[derive(Serialize)]
pub struct EntryData {
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<MemberData>,
    #[serde(flatten)]
    entry: LedgerEntryJson,
    balances: Vec<BalanceJson>,
}

#[derive(Clone, Serialize)]
pub struct MemberData {
    id: MemberKey,
    /// The shop's own; absent once the person has been erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
}

#[derive(Serialize)]
pub struct VersionData {
    programme_version: u32,
    published_at: Time,
    /// From when it holds.
    effective_from: Time,
}

/// A friend who is asked to confirm a recommendation, or has.
#[derive(Serialize)]
pub struct ConfirmingData {
    pub(super) member: MemberData,
    /// By which way the code goes; absent where that is chosen when it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel: Option<&'static str>,
}

/// A member who passed the link on.
#[derive(Serialize)]
pub struct InvitedData {
    pub(super) member: MemberData,
    pub(super) share: ShareJson,
}

/// A member whose link was followed.
#[derive(Serialize)]
pub struct ClickedData {
    pub(super) member: MemberData,
    pub(super) click: ClickJson,
}

#[derive(Serialize)]
pub struct TestData {
    text: &'static str,
}

impl Payload {
    /// The bytes that are signed and sent.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn test(at: Instant) -> Payload {
        let data = Data::Test(TestData { text: "This is a test: nothing has happened." });
        Payload { kind: Kind::WebhookTest.name(), timestamp: Time(at), data }
    }

    fn version(version: &PublishedVersion) -> Payload {
        let data = VersionData {
            programme_version: version.version,
            published_at: Time(version.published_at),
            effective_from: Time(version.effective_from.unwrap_or(version.published_at)),
        };
        let timestamp = Time(version.published_at);
        Payload { kind: Kind::ProgrammePublished.name(), timestamp, data: Data::Version(data) }
    }

    /// A step with confirming.
    pub(super) fn confirming(kind: Kind, at: Instant, data: ConfirmingData) -> Payload {
        Payload { kind: kind.name(), timestamp: Time(at), data: Data::Confirming(data) }
    }

    /// A link that was passed on.
    pub(super) fn invited(share: Share, member: MemberData) -> Payload {
        let timestamp = Time(share.shared_at);
        let data = Data::Invited(InvitedData { member, share: ShareJson::from(share) });
        Payload { kind: Kind::ReferralInvited.name(), timestamp, data }
    }

    /// A link that was followed. Its code may be a name that the member goes by, and stays in the house.
    pub(super) fn clicked(click: &Click, member: MemberData) -> Payload {
        let timestamp = Time(instant(click.clicked_at));
        let data = Data::Clicked(ClickedData { member, click: ClickJson::new(click, None) });
        Payload { kind: Kind::ReferralClicked.name(), timestamp, data }
    }

    /// An effect of a transaction; `None` where it has no such effect.
    pub(super) fn effect(
        mut done: Done,
        index: usize,
        kind: Kind,
        member: Option<MemberData>,
        rulebook: &Rulebook,
    ) -> Option<Payload> {
        let effect = done.decision.effects.get_mut(index)?;
        let at = effect.at;
        without_remarks(&mut effect.because);
        let entry = LedgerEntryJson::new(&done, index, rulebook, None)?;
        let balances = done.balances.iter().map(BalanceJson::from).collect();
        let data = Data::Entry(Box::new(EntryData { member, entry, balances }));
        Some(Payload { kind: kind.name(), timestamp: Time(at), data })
    }
}

impl MemberData {
    pub(super) fn new(id: MemberId, external_id: Option<String>) -> MemberData {
        MemberData { id: MemberKey(id), external_id }
    }

    fn of(row: &MemberRow) -> MemberData {
        MemberData::new(row.id, (!row.is_erased()).then(|| row.external_id.clone()))
    }
}

/// What people wrote about people stays in the house.
fn without_remarks(because: &mut Because) {
    match because {
        Because::Adjusted { reason, .. } => *reason = Name::default(),
        Because::RolledBack { reason, .. } => *reason = None,
        _ => {}
    }
}

/// The payloads of deliveries, as far as what they are about is there.
pub async fn payloads(
    application: &Application,
    connection: &mut Connection,
    deliveries: &[Delivery],
) -> Result<HashMap<EventId, Payload>, sql::Error> {
    let of_journal = deliveries.iter().filter(|delivery| delivery.event.position < APART);
    let mut ids: Vec<TransactionId> = of_journal.map(|delivery| TransactionId(delivery.event.source)).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut transactions: HashMap<TransactionId, Done> = HashMap::new();
    for row in journal_find_all(connection, ids).await? {
        transactions.insert(row.id, row.done()?);
    }
    let mut holders: Vec<MemberId> =
        deliveries.iter().filter_map(|delivery| delivery.holder).map(|holder| MemberId(holder.0)).collect();
    holders.sort_unstable();
    holders.dedup();
    let rows = member_find_all(connection, holders).await?;
    let members: HashMap<MemberId, MemberData> = rows.iter().map(|row| (row.id, MemberData::of(row))).collect();
    let beside = Told::find(connection, deliveries).await?;
    let rulebook = application.rulebook();
    let mut found = HashMap::new();
    for delivery in deliveries {
        let payload = match delivery.kind {
            Kind::WebhookTest => Some(Payload::test(delivery.made_at)),
            Kind::ProgrammePublished => version_of(application, delivery.event).await?,
            kind if delivery.event.position > APART => beside.payload(delivery, kind, &members),
            kind => effect_of(delivery, kind, &transactions, &members, &rulebook),
        };
        found.extend(payload.map(|payload| (delivery.event, payload)));
    }
    Ok(found)
}

fn effect_of(
    delivery: &Delivery,
    kind: Kind,
    transactions: &HashMap<TransactionId, Done>,
    members: &HashMap<MemberId, MemberData>,
    rulebook: &Rulebook,
) -> Option<Payload> {
    let done = transactions.get(&TransactionId(delivery.event.source))?;
    let index = usize::try_from(delivery.event.position).ok()?;
    let member = members.get(&MemberId(delivery.holder?.0)).cloned();
    Payload::effect(done.clone(), index, kind, member, rulebook)
}

/// What happened beside the journal, as far as it is known still.
struct Told {
    steps: Vec<VerificationStep>,
    shares: Vec<Share>,
    clicks: Vec<Click>,
}

impl Told {
    async fn find(connection: &mut Connection, deliveries: &[Delivery]) -> Result<Told, sql::Error> {
        let at = |place: i64| {
            let sources = deliveries.iter().filter(move |delivery| delivery.event.position == place);
            sources.map(|delivery| delivery.event.source).collect::<BTreeSet<Id>>()
        };
        let steps = verification_steps_find(connection, at(CONFIRMING)).await?;
        let shares = share_find_all(connection, at(PASSED_ON).into_iter().map(ShareId)).await?;
        let clicks = click_find_all(connection, at(FOLLOWED).into_iter().map(ClickId)).await?;
        Ok(Told { steps, shares, clicks })
    }

    /// Of whoever was erased there is nothing to tell.
    fn payload(&self, delivery: &Delivery, kind: Kind, members: &HashMap<MemberId, MemberData>) -> Option<Payload> {
        let EventId { source, position } = delivery.event;
        let member = |id: MemberId| members.get(&id).cloned().unwrap_or_else(|| MemberData::new(id, None));
        match position {
            CONFIRMING => {
                let step = self.steps.iter().find(|step| step.id == source)?;
                let channel = step.channel.map(Channel::name);
                Some(Payload::confirming(kind, step.at(), ConfirmingData { member: member(step.friend), channel }))
            }
            PASSED_ON => {
                let share = self.shares.iter().find(|share| share.id.0 == source)?;
                Some(Payload::invited(share.clone(), member(share.member)))
            }
            FOLLOWED => {
                let click = self.clicks.iter().find(|click| click.id.0 == source)?;
                let member = members.get(&click.advocate?).filter(|member| member.external_id.is_some())?;
                Some(Payload::clicked(click, member.clone()))
            }
            _ => None,
        }
    }
}

async fn version_of(application: &Application, event: EventId) -> Result<Option<Payload>, sql::Error> {
    let versions = application.versions().await?;
    Ok(versions.iter().find(|version| super::following::event_of(version) == event).map(Payload::version))
}
