//! What is kept of recommendations under the key of the data folder, as it moves with it: who followed which link, and what
//! made-up ones are told by.

use super::tables::Kind::{Bytes, Number, Text};
use super::tables::{Key, Table};

pub(super) const WATCHED: &[Table] = &[
    Table {
        name: "referral_click",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("code", Number),
            ("member", Number),
            ("channel", Text),
            ("visitor", Bytes),
            ("kind", Text),
            ("source", Text),
            ("address", Bytes),
            ("network", Bytes),
            ("agent", Bytes),
            ("clicked_at", Number),
        ],
        key: Key::Id,
    },
    Table {
        name: "referral_touch",
        columns: &[("part", Number), ("visitor", Bytes), ("click", Number), ("code", Number), ("clicked_at", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "referral_visitor",
        columns: &[("part", Number), ("member", Number), ("visitor", Bytes), ("known_since", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "referral_claim",
        columns: &[("part", Number), ("click", Number), ("member", Number), ("claimed_at", Number)],
        key: Key::Id,
    },
    Table {
        name: "referral_forgotten",
        columns: &[("part", Number), ("visitor", Bytes), ("forgotten_at", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "referral_request",
        columns: &[("part", Number), ("key", Text), ("fingerprint", Bytes), ("subject", Text), ("made_at", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "sighting",
        columns: &[
            ("part", Number),
            ("party", Number),
            ("kind", Number),
            ("mark", Bytes),
            ("first_at", Number),
            ("last_at", Number),
            ("times", Number),
        ],
        key: Key::Whole(4),
    },
    Table {
        name: "mark_party",
        columns: &[("part", Number), ("kind", Number), ("mark", Bytes), ("party", Number)],
        key: Key::Whole(4),
    },
    Table {
        name: "mark_tally",
        columns: &[("part", Number), ("kind", Number), ("mark", Bytes), ("parties", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "watched_referral",
        columns: &[
            ("part", Number),
            ("friend", Number),
            ("advocate", Number),
            ("ordered_at", Number),
            ("clicked_at", Number),
            ("name_likeness", Number),
            ("mail_likeness", Number),
            ("disposable_mail", Number),
            ("amount", Number),
            ("stake", Number),
            ("returned", Number),
            ("least_order", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "advocate_friend",
        columns: &[("part", Number), ("advocate", Number), ("ordered_at", Number), ("friend", Number)],
        key: Key::Whole(4),
    },
    Table {
        name: "advocate_tally",
        columns: &[("part", Number), ("advocate", Number), ("friends", Number), ("returned", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "friend_tally",
        columns: &[("part", Number), ("friends", Number), ("returned", Number)],
        key: Key::Whole(1),
    },
    Table {
        name: "guard_again",
        columns: &[("part", Number), ("friend", Number), ("since", Number)],
        key: Key::Whole(2),
    },
    Table {
        name: "precedent",
        columns: &[("part", Number), ("about", Text), ("name", Text), ("confirmed", Number), ("cleared", Number)],
        key: Key::Whole(3),
    },
    Table {
        name: "fraud_case",
        columns: &[
            ("part", Number),
            ("id", Number),
            ("friend", Number),
            ("advocate", Number),
            ("state", Text),
            ("verdict", Text),
            ("score", Number),
            ("stake", Number),
            ("rules", Text),
            ("assessment", Text),
            ("grounds", Text),
            ("opened_at", Number),
            ("assessed_at", Number),
            ("decided_at", Number),
            ("sent", Number),
            ("revision", Number),
        ],
        key: Key::Whole(2),
    },
    Table {
        name: "fraud_case_step",
        columns: &[
            ("part", Number),
            ("fraud_case", Number),
            ("id", Number),
            ("step", Text),
            ("staff", Number),
            ("reason", Text),
        ],
        key: Key::Whole(3),
    },
];
