//! What the shop has set for the leaderboard. It stands beside the programme, not in it: nothing is decided by it, no
//! term speaks of it, and it can be switched off at once.

use lojal_core::kernel::Part;
use serde::{Deserialize, Serialize};

use crate::platform::sql::{self, Connection, cells, damaged};

const SETTING: &str = "leaderboard";
/// Whoever sees more of them reads none.
pub const MOST_PLACES: i64 = 100;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderboardSettings {
    /// Whether members see it.
    pub is_on: bool,
    /// How many places they see.
    pub places: i64,
    /// From how many advocates on it is shown at all: of two, each would know who the other is.
    pub least_advocates: i64,
}

impl Default for LeaderboardSettings {
    fn default() -> LeaderboardSettings {
        LeaderboardSettings { is_on: false, places: 10, least_advocates: 5 }
    }
}

pub async fn settings_find(connection: &mut Connection) -> Result<LeaderboardSettings, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await? else {
        return Ok(LeaderboardSettings::default());
    };
    serde_json::from_slice(sql::column(&row, "value")?).map_err(damaged)
}

/// Takes the place of what was set before.
pub async fn settings_set(connection: &mut Connection, settings: &LeaderboardSettings) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let value = serde_json::to_vec(settings).map_err(sql::unwritable)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING, value]).await?;
    Ok(())
}
