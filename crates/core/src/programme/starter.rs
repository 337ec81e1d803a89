use crate::kernel::Language;

/// A commented programme to begin with, in the shop's language: what `lojal init` writes and what
/// the demo runs on.
pub fn starter(language: Language) -> &'static str {
    match language {
        Language::Pl => include_str!("../../../../programmes/starter-pl.toml"),
        Language::En => include_str!("../../../../programmes/starter-en.toml"),
    }
}

/// Programmes to begin with that show one kind each, in both languages: the kind, and the text.
pub const STARTERS: [(&str, &str); 9] = [
    ("points", include_str!("../../../../programmes/starters/points.toml")),
    ("tiers", include_str!("../../../../programmes/starters/tiers.toml")),
    ("cashback", include_str!("../../../../programmes/starters/cashback.toml")),
    ("paid-club", include_str!("../../../../programmes/starters/paid-club.toml")),
    ("coalition", include_str!("../../../../programmes/starters/coalition.toml")),
    ("referrals", include_str!("../../../../programmes/starters/referrals.toml")),
    ("community", include_str!("../../../../programmes/starters/community.toml")),
    ("charity", include_str!("../../../../programmes/starters/charity.toml")),
    ("staff-recognition", include_str!("../../../../programmes/starters/staff-recognition.toml")),
];
