//! The leaderboard as JSON.

use std::borrow::Cow;

use lojal_core::kernel::Date;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{KnownFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, SchemaFormat};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::platform::http::fields::{Label, MemberKey, MemberPath, Time};
use crate::platform::http::page::{Cursor, Limit};
use crate::platform::leaderboard::{Own, PeriodKind, Placed};

/// A day of the programme's calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let is_short = text.len() == "2026-04-01".len();
        let day = is_short.then(|| text.parse().ok()).flatten();
        day.map(Day).ok_or_else(|| serde::de::Error::custom("is no day; write it like 2026-04-01"))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .examples(["2026-04-01"]);
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for Day {}

/// For how long friends are counted together.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum PeriodName {
    #[default]
    Month,
    Quarter,
    Year,
    /// As long as an edition of the programme runs.
    Edition,
    All,
}

impl From<PeriodName> for PeriodKind {
    fn from(name: PeriodName) -> PeriodKind {
        match name {
            PeriodName::Month => PeriodKind::Month,
            PeriodName::Quarter => PeriodKind::Quarter,
            PeriodName::Year => PeriodKind::Year,
            PeriodName::Edition => PeriodKind::Edition,
            PeriodName::All => PeriodKind::All,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LeaderboardQuery {
    /// A month, if it is absent.
    #[serde(default)]
    #[param(inline, required = false)]
    pub period: PeriodName,
    /// A day of the month, quarter or year that is meant; today, if it is absent.
    #[param(inline, required = false)]
    pub date: Option<Day>,
    /// The edition that is meant; the one that runs, if it is absent.
    #[param(inline, required = false)]
    pub referral: Option<Label>,
    /// Whose own place is to be told as well.
    #[param(inline, required = false)]
    pub member: Option<MemberPath>,
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    pub cursor: Option<Cursor>,
    /// How many at once.
    #[serde(default)]
    #[param(inline, required = false)]
    pub limit: Limit,
}

/// A place on the leaderboard.
#[derive(Serialize, ToSchema)]
#[schema(as = LeaderboardPlace)]
pub struct PlaceJson {
    /// Members with as many friends share a place, and the next ones are left out: 1, 1, 3.
    pub rank: i64,
    /// How many friends count.
    pub friends: i64,
    pub member: MemberKey,
    /// The name by which the member wants to be shown to others. Without one, show them none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String, example = "Ada szyje")]
    pub name: Option<String>,
}

impl PlaceJson {
    pub fn new(place: &Placed, name: Option<String>) -> PlaceJson {
        PlaceJson { rank: place.rank, friends: place.friends, member: MemberKey(place.member), name }
    }
}

/// Where a member stands.
#[derive(Serialize, ToSchema)]
#[schema(as = LeaderboardOwnPlace)]
pub struct OwnPlaceJson {
    /// Absent without a friend who counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = i64)]
    pub rank: Option<i64>,
    pub friends: i64,
    /// What it takes to stand higher; absent at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = NextPlaceJson)]
    pub next: Option<NextPlaceJson>,
}

/// The next higher place.
#[derive(Serialize, ToSchema)]
#[schema(as = LeaderboardNextPlace)]
pub struct NextPlaceJson {
    pub rank: i64,
    /// How many more friends it takes.
    pub missing: i64,
}

impl From<Own> for OwnPlaceJson {
    fn from(own: Own) -> OwnPlaceJson {
        let next = own.next.map(|(missing, rank)| NextPlaceJson { rank, missing });
        OwnPlaceJson { rank: own.rank, friends: own.friends, next }
    }
}

/// Who has brought how many friends who count, in a period.
#[derive(Serialize, ToSchema)]
#[schema(as = Leaderboard)]
pub struct LeaderboardJson {
    /// `2026-11`, `2026-Q4`, `2026`, `edition/` and its id, or `all`.
    #[schema(example = "2026-11")]
    pub period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Time)]
    pub from: Option<Time>,
    /// The first moment that is not in it any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Time)]
    pub until: Option<Time>,
    /// How many members have friends who count.
    pub advocates: i64,
    /// Where the member stands who was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = OwnPlaceJson)]
    pub own: Option<OwnPlaceJson>,
    pub data: Vec<PlaceJson>,
    /// Whether more follow.
    pub has_more: bool,
    /// Where the next page begins; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub next_cursor: Option<String>,
}
