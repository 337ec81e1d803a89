use crate::kernel::Language;

/// A commented programme to begin with, in the shop's language: what `lojal init` writes and what
/// the demo runs on.
pub fn starter(language: Language) -> &'static str {
    match language {
        Language::Pl => include_str!("../../../../programmes/starter-pl.toml"),
        Language::En => include_str!("../../../../programmes/starter-en.toml"),
    }
}
