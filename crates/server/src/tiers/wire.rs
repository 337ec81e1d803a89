//! Tiers as JSON.

use std::collections::BTreeMap;

use lojal_core::holder::Holder;
use lojal_core::kernel::{Instant, Name};
use lojal_core::programme::{Ladder, LadderWindow, Level, Metric, Programme};
use lojal_core::tiers::reached;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger_entries::Teller;
use crate::platform::http::fields::Time;
use crate::rewards::texts;

/// A ladder of the programme in force.
#[derive(Serialize, ToSchema)]
#[schema(as = Ladder)]
pub struct LadderJson {
    #[schema(example = "status")]
    id: String,
    /// In every language of the programme.
    name: BTreeMap<String, String>,
    metric: MetricJson,
    /// Over which time it counts: `lifetime`, `calendar_year`, `membership_year`, or a length like `12 months`.
    #[schema(example = "12 months")]
    window: String,
    /// From the base upwards.
    levels: Vec<LevelJson>,
}

/// What a ladder counts.
#[derive(Serialize, ToSchema)]
#[schema(as = Metric)]
#[serde(tag = "counts", rename_all = "snake_case")]
pub enum MetricJson {
    /// Money paid for what is kept.
    Spend {
        currency: String,
    },
    Points {
        unit: String,
    },
    Orders,
    Activity {
        activity: String,
    },
}

#[derive(Serialize, ToSchema)]
#[schema(as = Level)]
pub struct LevelJson {
    #[schema(example = "gold")]
    id: String,
    name: BTreeMap<String, String>,
    /// The metric at which it begins; money has its decimals.
    #[schema(example = "1000.00")]
    at: String,
    /// What points are multiplied by.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1.5")]
    multiplier: Option<String>,
    /// What else it brings.
    perks: Vec<BTreeMap<String, String>>,
}

/// How far a member has come on one ladder.
#[derive(Serialize, ToSchema)]
#[schema(as = TierStanding)]
pub struct TierStandingJson {
    #[schema(example = "status")]
    ladder: String,
    #[schema(example = "silver")]
    level: String,
    /// Absent for the base level of somebody who never had another.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    /// The level is kept at least until then, whatever the metric says.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_until: Option<Time>,
    /// Too little was found; unless enough is reached before, the level falls then.
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_until: Option<Time>,
    /// When the ladder looks at the member again.
    #[serde(skip_serializing_if = "Option::is_none")]
    review_at: Option<Time>,
    metric: MetricJson,
    /// What counts now; money has its decimals.
    #[schema(example = "640.00")]
    reached: String,
    /// What is missing to the level that is held, when it is kept without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_to_keep: Option<String>,
    /// Absent at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<NextLevelJson>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NextLevel)]
pub struct NextLevelJson {
    #[schema(example = "gold")]
    level: String,
    /// The metric at which it begins.
    #[schema(example = "1000.00")]
    at: String,
    /// What is missing.
    #[schema(example = "360.00")]
    missing: String,
}

impl LadderJson {
    pub fn new(ladder: &Ladder, programme: &Programme) -> LadderJson {
        LadderJson {
            id: ladder.id.to_string(),
            name: texts(&ladder.name, programme),
            metric: metric(ladder, programme),
            window: match ladder.window {
                LadderWindow::Lifetime => "lifetime".to_owned(),
                LadderWindow::CalendarYear => "calendar_year".to_owned(),
                LadderWindow::MembershipYear => "membership_year".to_owned(),
                LadderWindow::Rolling(period) => period.to_string(),
            },
            levels: ladder.levels.iter().map(|level| LevelJson::new(level, ladder, programme)).collect(),
        }
    }
}

impl LevelJson {
    fn new(level: &Level, ladder: &Ladder, programme: &Programme) -> LevelJson {
        LevelJson {
            id: level.id.to_string(),
            name: texts(&level.name, programme),
            at: Teller::new(Some(programme)).metric(&ladder.id, level.at),
            multiplier: level.multiplier.map(|factor| factor.to_string()),
            perks: level.perks.iter().map(|perk| texts(perk, programme)).collect(),
        }
    }
}

impl TierStandingJson {
    pub fn new(ladder: &Ladder, holder: &Holder, programme: &Programme, now: Instant) -> TierStandingJson {
        let state = holder.tiers.get(&ladder.id);
        let rank = state.and_then(|state| ladder.rank(&state.level)).unwrap_or(0);
        let level = &ladder.levels[rank];
        let reached = state.map_or(0, |state| reached(programme, ladder, holder, state, now));
        let teller = Teller::new(Some(programme));
        let say = |number: i64| teller.metric(&ladder.id, number);
        let secured = |(secured, until): &(Name, Instant)| (*secured == level.id && *until > now).then_some(*until);
        TierStandingJson {
            ladder: ladder.id.to_string(),
            level: level.id.to_string(),
            since: state.map(|state| Time(state.since)),
            kept_until: state.and_then(|state| state.secured.as_ref()).and_then(secured).map(Time),
            grace_until: state.and_then(|state| state.grace_until).map(Time),
            review_at: state.and_then(|state| state.review_at).map(Time),
            metric: metric(ladder, programme),
            reached: say(reached),
            missing_to_keep: (reached < level.at).then(|| say(level.at - reached)),
            next: ladder.levels.get(rank + 1).map(|next| NextLevelJson {
                level: next.id.to_string(),
                at: say(next.at),
                missing: say((next.at - reached).max(0)),
            }),
        }
    }
}

fn metric(ladder: &Ladder, programme: &Programme) -> MetricJson {
    match &ladder.metric {
        Metric::Spend => MetricJson::Spend { currency: programme.currency.code.to_string() },
        Metric::Points(unit) => MetricJson::Points { unit: unit.to_string() },
        Metric::Orders => MetricJson::Orders,
        Metric::Activity(activity) => MetricJson::Activity { activity: activity.to_string() },
    }
}
