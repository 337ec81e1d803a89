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
        name: "progress",
        columns: &[("part", Number), ("work", Text), ("position", Number), ("updated_at", Number)],
        key: Key::Whole(2),
    },
];

/// What goes from one database into another as it stands, and into an export in the open or not at
/// all: personal data and cards with their keys, by what they are found, and which master key belongs to them; the
/// people who work here, with their passwords and sessions, and what they ask of each other; how members come in; where
/// events are told; and archived rows, which an export has among the others. What is kept of recommendations under
/// this key stands beside it.
pub(super) const CLOSED: &[Table] = &[
    Table {
        name: "staff",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("email", Text),
            ("name", Text),
            ("role", Text),
            ("password", Text),
            ("second_factor", Bytes),
            ("second_factor_step", Number),
            ("created_at", Number),
            ("disabled_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "staff_session",
        columns: &[
            ("part", Number),
            ("hash", Bytes),
            ("staff", Number),
            ("created_at", Number),
            ("seen_at", Number),
            ("agent", Text),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "staff_action",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("staff", Number),
            ("acted_at", Number),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "passkey",
        columns: &[
            ("part", Number),
            ("mark", Bytes),
            ("staff", Number),
            ("name", Text),
            ("credential", Bytes),
            ("handle", Bytes),
            ("key", Bytes),
            ("counter", Number),
            ("synced", Number),
            ("relying_party", Text),
            ("created_at", Number),
            ("used_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "provider_identity",
        columns: &[
            ("part", Number),
            ("mark", Bytes),
            ("staff", Number),
            ("issuer", Text),
            ("created_at", Number),
            ("used_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "adjustment_request",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("form", Text),
            ("member", Number),
            ("unit", Text),
            ("brand", Text),
            ("amount", Number),
            ("reason", Text),
            ("state", Text),
            ("attempt", Number),
            ("asked_by", Number),
            ("asked_at", Number),
            ("settled_by", Number),
            ("settled_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "merge_request",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("form", Text),
            ("survivor", Number),
            ("account", Number),
            ("reason", Text),
            ("state", Text),
            ("attempt", Number),
            ("asked_by", Number),
            ("asked_at", Number),
            ("settled_by", Number),
            ("settled_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "segment",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("name", Text),
            ("filter", Text),
            ("made_by", Number),
            ("made_at", Number),
            ("members", Number),
            ("counted_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "signing_secret",
        columns: &[
            ("part", Number),
            ("id", Text),
            ("name", Text),
            ("sealed", Bytes),
            ("created_at", Number),
            ("revoked_at", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "appearance_version",
        columns: &[("part", Number), ("number", Number), ("body", Bytes), ("made_at", Number), ("made_by", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "appearance_picture",
        columns: &[("part", Number), ("mark", Text), ("ending", Text), ("content", Bytes), ("added_at", Number)],
        key: Key::Whole(2),
    },
    Table { name: "entry_token", columns: &[("part", Number), ("mark", Bytes), ("until", Number)], key: Key::Whole(2) },
    Table {
        name: "sign_in_code",
        columns: &[
            ("part", Number),
            ("ticket", Bytes),
            ("member", Number),
            ("code", Bytes),
            ("address", Bytes),
            ("made_at", Number),
            ("tries", Number),
        ],
        key: Key::Whole(3),
    },
    Table {
        name: "sign_in_failure",
        columns: &[("part", Number), ("address", Bytes), ("day", Number), ("tries", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "member_session",
        columns: &[
            ("part", Number),
            ("hash", Bytes),
            ("member", Number),
            ("created_at", Number),
            ("seen_at", Number),
            ("agent", Text),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "loyalty_card",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("mark", Bytes),
            ("member", Number),
            ("sealed", Bytes),
            ("state", Text),
            ("given_at", Number),
            ("ended_at", Number),
            ("replaced_by", Number),
        ],
        key: Key::Id,
    },
    Table {
        name: "member_search",
        columns: &[("part", Number), ("member", Number), ("mark", Number)],
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
    Table { name: "setting", columns: &[("part", Number), ("name", Text), ("value", Bytes)], key: Key::Whole(2) },
    Table { name: "member_key", columns: &[("part", Number), ("member", Number), ("wrapped", Bytes)], key: Key::Id },
    Table { name: "identity", columns: &[("part", Number), ("member", Number), ("sealed", Bytes)], key: Key::Id },
    Table {
        name: "webhook_endpoint",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("url", Text),
            ("description", Text),
            ("events", Text),
            ("state", Text),
            ("reason", Text),
            ("sealed", Bytes),
            ("sealed_before", Bytes),
            ("before_until", Number),
            ("since", Number),
            ("made_at", Number),
            ("failing_since", Number),
            ("tried_at", Number),
            ("delivered_at", Number),
            ("wake", Number),
            ("wake_at", Number),
            ("paused_until", Number),
            ("lease", Number),
            ("leased_until", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "webhook_delivery",
        columns: &[
            ("part", Number),
            ("endpoint", Number),
            ("source", Number),
            ("position", Number),
            ("kind", Text),
            ("holder", Number),
            ("state", Text),
            ("attempts", Number),
            ("due_at", Number),
            ("made_at", Number),
            ("status", Number),
            ("answer", Text),
            ("tries", Text),
        ],
        key: Key::Whole(4),
    },
    Table { name: "webhook_head", columns: &[("part", Number), ("holder", Number), ("head", Number)], key: Key::Id },
    Table {
        name: "webhook_hour",
        columns: &[("part", Number), ("endpoint", Number), ("hour", Number), ("delivered", Number), ("failed", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "webhook_replay",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("endpoint", Number),
            ("until", Number),
            ("lanes", Number),
            ("lane", Number),
            ("position", Number),
            ("begun", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "webhook_request",
        columns: &[("part", Number), ("key", Text), ("fingerprint", Bytes), ("subject", Text), ("made_at", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "journal_archive",
        columns: &[
            ("part", Number),
            ("last_id", Number),
            ("first_id", Number),
            ("transactions", Number),
            ("body", Bytes),
            ("hash", Bytes),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "guest_order",
        columns: &[
            ("part", Number),
            ("name", Text),
            ("placed_at", Number),
            ("amount", Number),
            ("counted", Number),
            ("counted_in", Number),
            ("counted_day", Number),
            ("counted_amount", Number),
        ],
        key: Key::Whole(2),
    },
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
mod tests;
