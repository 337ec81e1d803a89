//! Where events come from: the journal, and what happens beside it. Ids begin with the time everywhere, so that what is
//! new is found behind what is known.

use jiff::SignedDuration;
use lojal_core::kernel::{HolderId, Id, Instant, Part};

use super::delivery::{CONFIRMING, EventId, FOLLOWED, PASSED_ON};
use super::endpoint::Endpoint;
use super::following::events_of;
use super::kind::Kind;
use crate::platform::clicks::{Click, clicks_since};
use crate::platform::fraud::verification_steps_since;
use crate::platform::journal::{JournalRow, journal_page, journal_page_of, transaction_id};
use crate::platform::lanes::last_of;
use crate::platform::progress::{CLICKS_TOLD, SHARES_TOLD};
use crate::platform::shares::{Share, shares_since};
use crate::platform::sql::{self, Connection, Dialect};

/// For so long after a step one may come to light that was begun before it.
const LATE: SignedDuration = SignedDuration::from_secs(60);
/// Of links is told once what other processes know of them is written, too. A click that comes to light still later, out of
/// the log of a process that died, is not told: it stands in the list of clicks, and a replay tells of it.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);

/// What happens beside the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// Friends are asked to confirm, and do.
    Confirming,
    /// Members pass their links on.
    Passing,
    /// People follow them.
    Following,
}

/// Something that happened, and what it is told as.
pub(super) struct Happened {
    pub id: Id,
    pub holder: HolderId,
    pub events: Vec<(EventId, Kind)>,
}

impl Happened {
    fn told_as(id: Id, holder: impl Into<HolderId>, place: i64, kind: Option<Kind>) -> Happened {
        let event = EventId { source: id, position: place };
        Happened { id, holder: holder.into(), events: kind.map(|kind| (event, kind)).into_iter().collect() }
    }
}

impl Beside {
    pub const ALL: [Beside; 3] = [Beside::Confirming, Beside::Passing, Beside::Following];

    /// Under which it is kept up to where was told.
    pub fn work(self) -> &'static str {
        match self {
            Beside::Confirming => "webhooks_confirmation",
            Beside::Passing => SHARES_TOLD,
            Beside::Following => CLICKS_TOLD,
        }
    }

    fn table(self) -> &'static str {
        match self {
            Beside::Confirming => "friend_verification_step",
            Beside::Passing => "referral_share",
            Beside::Following => "referral_click",
        }
    }

    pub fn lanes(self, dialect: Dialect) -> Vec<Option<Part>> {
        match self {
            Beside::Confirming => vec![Some(Part::PROGRAMME)],
            Beside::Passing | Beside::Following => dialect.in_order_of_time(),
        }
    }

    /// From where on is looked at, where everything up to `position` has been looked at once.
    pub fn looked_at_again(self, position: i64, now: Instant) -> i64 {
        let Some(at) = Id::from_number(position).map(Id::milliseconds) else { return position };
        let late = LATE.as_secs() * 1_000;
        match self {
            Beside::Confirming if now.as_millisecond() - at <= late => Id::new(at - late, 0, Part::PROGRAMME).number(),
            Beside::Confirming | Beside::Passing | Beside::Following => position,
        }
    }

    /// The highest number of what may be told by now.
    pub fn settled(self, now: Instant) -> i64 {
        match self {
            Beside::Confirming => i64::MAX,
            Beside::Passing | Beside::Following => {
                super::replaying::before(now.saturating_sub(SETTLED).unwrap_or(Instant::MIN))
            }
        }
    }

    /// What came after an id in each lane, at most `limit` of each.
    pub async fn since(
        self,
        connection: &mut Connection,
        lanes: &[(Option<Part>, i64)],
        limit: usize,
    ) -> Result<Vec<Vec<Happened>>, sql::Error> {
        Ok(match self {
            Beside::Confirming => {
                let after = lanes.first().map_or(i64::MAX, |(_, after)| *after);
                let steps = verification_steps_since(connection, after, limit).await?.into_iter();
                let told =
                    steps.map(|step| Happened::told_as(step.id, step.friend, CONFIRMING, Kind::of_step(&step.step)));
                vec![told.collect()]
            }
            Beside::Passing => {
                let pages = shares_since(connection, lanes, limit).await?.into_iter();
                let told =
                    |share: Share| Happened::told_as(share.id.0, share.member, PASSED_ON, Some(Kind::ReferralInvited));
                pages.map(|page| page.into_iter().map(told).collect()).collect()
            }
            Beside::Following => {
                let pages = clicks_since(connection, lanes, limit).await?.into_iter();
                let told = |click: Click| {
                    let kind = click.is_of_person().then_some(Kind::ReferralClicked);
                    // Every click that is written has an advocate.
                    let holder = click.advocate.map_or(HolderId(click.id.0), HolderId::from);
                    Happened::told_as(click.id.0, holder, FOLLOWED, kind)
                };
                pages.map(|page| page.into_iter().map(told).collect()).collect()
            }
        })
    }
}

impl Beside {
    /// Whether an endpoint is told of any of it.
    fn is_wanted(self, endpoint: &Endpoint) -> bool {
        let kinds: &[Kind] = match self {
            Beside::Confirming => &[Kind::ReferralVerificationRequested, Kind::ReferralVerificationConfirmed],
            Beside::Passing => &[Kind::ReferralInvited],
            Beside::Following => &[Kind::ReferralClicked],
        };
        kinds.iter().any(|kind| endpoint.wants(*kind))
    }
}

/// The highest id of all that happened beside the journal; -1 where nothing has.
pub(super) async fn latest_beside(connection: &mut Connection) -> Result<i64, sql::Error> {
    let mut latest = -1;
    for beside in Beside::ALL {
        let lanes = beside.lanes(connection.dialect());
        latest = latest.max(last_of(connection, beside.table(), &lanes).await?);
    }
    Ok(latest)
}

/// One of all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Journal(Option<Part>),
    Beside(Beside, Option<Part>),
}

impl Lane {
    /// All of them, those of the journal first.
    pub fn all(dialect: Dialect) -> Vec<Lane> {
        let beside = Beside::ALL
            .into_iter()
            .flat_map(|beside| beside.lanes(dialect).into_iter().map(move |part| Lane::Beside(beside, part)));
        dialect.in_order_of_time().into_iter().map(Lane::Journal).chain(beside).collect()
    }

    /// Whether there may be anything in it that an endpoint is told of.
    pub fn is_wanted(self, endpoint: &Endpoint) -> bool {
        match self {
            Lane::Journal(_) => true,
            Lane::Beside(beside, _) => beside.is_wanted(endpoint),
        }
    }

    /// What came after an id, at most `limit` of it.
    pub async fn since(
        self,
        connection: &mut Connection,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Happened>, sql::Error> {
        let rows = match self {
            Lane::Journal(Some(part)) => journal_page_of(connection, part, after, limit).await?,
            Lane::Journal(None) => journal_page(connection, transaction_id(after).ok(), limit).await?,
            Lane::Beside(beside, part) => {
                let mut pages = beside.since(connection, &[(part, after)], limit).await?;
                return Ok(pages.pop().unwrap_or_default());
            }
        };
        let happened = |row: &JournalRow| Ok(Happened { id: row.id.0, holder: row.holder, events: events_of(row)? });
        rows.iter().map(happened).collect()
    }
}
