//! Which tables move, and what their columns are.

use crate::platform::sql::Dialect;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    /// Written as hexadecimal digits.
    Bytes,
}

pub(super) struct Table {
    pub name: &'static str,
    /// The key first, in its order.
    pub columns: &'static [(&'static str, Kind)],
    pub key: Key,
}

/// How a table is kept: see [`Dialect::migration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// By `id_key`.
    Id,
    /// By `name_key` of so many columns.
    Name(usize),
    /// By a primary key of so many columns.
    Whole(usize),
}

use Kind::{Bytes, Number, Text};

/// In the order in which they are written. `identity`, `member_key` and `loyalty_card` move as opened data.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "programme_version",
        columns: &[
            ("part", Number),
            ("version", Number),
            ("format", Text),
            ("document", Text),
            ("fingerprint", Bytes),
            ("published_at", Number),
            ("effective_from", Number),
            ("accepted_worse", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "member",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("external_id", Text),
            ("household", Number),
            ("status", Text),
            ("created_at", Number),
            ("enrolled_by", Number),
            ("merged_into", Number),
        ],
        key: Key::Id,
    },
    Table {
        name: "journal",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("holder", Number),
            ("prev", Number),
            ("decided_at", Number),
            ("version", Number),
            ("kind", Text),
            ("body", Text),
            ("hash", Bytes),
        ],
        key: Key::Id,
    },
    Table {
        name: "holder_state",
        columns: &[
            ("part", Number),
            ("holder", Number),
            ("body", Bytes),
            ("head", Number),
            ("head_hash", Bytes),
            ("version", Number),
            ("clock", Number),
            ("due_at", Number),
        ],
        key: Key::Id,
    },
    Table {
        name: "natural_key",
        columns: &[("part", Number), ("kind", Text), ("id", Text), ("journal_id", Number)],
        key: Key::Name(3),
    },
    Table {
        name: "outbox",
        columns: &[
            ("part", Number),
            ("journal_id", Number),
            ("position", Number),
            ("receiver", Number),
            ("body", Text),
            ("created_at", Number),
            ("failure", Text),
        ],
        key: Key::Whole(3),
    },
    Table {
        name: "receipt",
        columns: &[("part", Number), ("journal_id", Number), ("step", Text), ("applied_by", Number), ("refusal", Text)],
        key: Key::Whole(3),
    },
    Table {
        name: "shared_quantity",
        columns: &[("part", Number), ("name", Text), ("remaining", Number), ("total", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "pool_code",
        columns: &[("part", Number), ("code", Text), ("pool", Text), ("taken_by", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "idempotency",
        columns: &[
            ("part", Number),
            ("key", Text),
            ("fingerprint", Bytes),
            ("journal_id", Number),
            ("refusal", Text),
            ("created_at", Number),
        ],
        key: Key::Name(2),
    },
    Table {
        name: "api_key",
        columns: &[
            ("part", Number),
            ("id", Text),
            ("name", Text),
            ("kind", Text),
            ("scopes", Text),
            ("hash", Bytes),
            ("created_at", Number),
            ("last_used_at", Number),
            ("revoked_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "terms_acceptance",
        columns: &[
            ("part", Number),
            ("member", Number),
            ("version", Number),
            ("language", Text),
            ("accepted_at", Number),
            ("recorded_at", Number),
        ],
        key: Key::Whole(3),
    },
    Table {
        name: "consent",
        columns: &[("part", Number), ("member", Number), ("purpose", Text), ("changed_at", Number), ("state", Text)],
        key: Key::Whole(4),
    },
    Table {
        name: "loyalty_card_step",
        columns: &[
            ("part", Number),
            ("card", Number),
            ("id", Number),
            ("step", Text),
            ("member", Number),
            ("staff", Number),
            ("reason", Text),
        ],
        key: Key::Whole(3),
    },
    Table {
        name: "referral_code",
        columns: &[
            ("part", Number),
            ("name", Text),
            ("id", Number),
            ("shown", Text),
            ("member", Number),
            ("channel", Text),
            ("kind", Text),
            ("state", Text),
            ("made_at", Number),
            ("ended_at", Number),
            ("replaced_by", Number),
        ],
        key: Key::Name(2),
    },
    Table {
        name: "leaderboard_name",
        columns: &[("part", Number), ("member", Number), ("name", Text), ("state", Text), ("chosen_at", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "referral_thanks",
        columns: &[
            ("part", Number),
            ("member", Number),
            ("friend", Number),
            ("side", Text),
            ("message", Number),
            ("thanked_at", Number),
            ("seen_at", Number),
        ],
        key: Key::Whole(4),
    },
    Table {
        name: "referral_attribution",
        columns: &[("part", Number), ("friend", Number), ("came_at", Number), ("body", Text)],
        key: Key::Whole(2),
    },
    Table {
        name: "referral_friend",
        columns: &[("part", Number), ("advocate", Number), ("friend", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "referral_share",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("member", Number),
            ("channel", Text),
            ("source", Text),
            ("shared_at", Number),
        ],
        key: Key::Id,
    },
    Table {
        name: "referral_sharer",
        columns: &[("part", Number), ("member", Number), ("period", Text)],
        key: Key::Whole(3),
    },
    Table {
        name: "material_picture",
        columns: &[
            ("part", Number),
            ("mark", Text),
            ("ending", Text),
            ("width", Number),
            ("height", Number),
            ("title", Text),
            ("content", Bytes),
            ("added_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "referral_tally",
        columns: &[("part", Number), ("name", Text), ("day", Number), ("subject", Text), ("times", Number)],
        key: Key::Whole(4),
    },
    Table {
        name: "progress",
        columns: &[("part", Number), ("work", Text), ("position", Number), ("updated_at", Number)],
        key: Key::Whole(2),
    },
];

/// Tables that do not move: what is built again, may be asked for again, or belongs to one database.
#[cfg(test)]
const ELSEWHERE: &[&str] = &[
    "adjustment_share",
    "appearance_fault",
    "directory",
    "entrance_challenge",
    "figure_day",
    "figure_total",
    "friend_counted",
    "leaderboard_place",
    "leaderboard_tally",
    "member_card",
    "part_claim",
    "referral_advocate",
    "referral_card",
    "schema_lock",
    "schema_migration",
    "task",
];

impl Table {
    pub fn named(name: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// The columns of the key, `part` first.
    pub fn key_columns(&self) -> &'static [(&'static str, Kind)] {
        let columns = match self.key {
            Key::Id => 2,
            Key::Name(columns) | Key::Whole(columns) => columns,
        };
        self.columns.get(..columns).unwrap_or_default()
    }

    /// `part, id`
    pub fn key_list(&self) -> String {
        self.key_columns().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// `part, id, …`
    pub fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The columns by which the rows are put in order, and found again.
    pub fn order(&self, dialect: Dialect) -> &'static [(&'static str, Kind)] {
        let (from, to) = match (self.key, dialect) {
            (Key::Id, Dialect::Sqlite) => (1, 2),
            (Key::Id, _) => (0, 2),
            (Key::Name(columns), Dialect::Distributed) | (Key::Whole(columns), _) => (0, columns),
            (Key::Name(columns), _) => (1, columns),
        };
        self.columns.get(from..to).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::platform::database::Database;
    use crate::platform::sql;

    use super::super::closed::CLOSED;
    use super::super::watched::WATCHED;
    use super::*;

    /// A table or column that somebody adds must move too, or be named as one that does not.
    #[tokio::test]
    async fn every_table_and_column_moves_or_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().into()).await.unwrap();
        let mut connection = database.read().await.unwrap();
        let sql = "select m.name as table_name, c.name as column_name from sqlite_master m, pragma_table_info(m.name) c
                   where m.type = 'table' and m.name not like 'sqlite_%' order by m.name, c.cid";
        for row in sql::rows(&mut connection, sql, vec![]).await.unwrap() {
            let table: String = sql::column(&row, "table_name").unwrap();
            let column: String = sql::column(&row, "column_name").unwrap();
            let moves = CLOSED
                .iter()
                .chain(WATCHED)
                .chain(TABLES)
                .find(|known| known.name == table)
                .is_some_and(|table| table.columns.iter().any(|(known, _)| *known == column.as_str()));
            assert!(moves || ELSEWHERE.contains(&table.as_str()), "{table}.{column} would be left behind");
        }
    }
}
