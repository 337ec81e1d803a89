//! What the command line says to people, in each language of the house.

use lojal_core::kernel::Language;
pub use lojal_report::Texts;

/// By file.
fn sources(language: Language) -> [&'static str; 3] {
    match language {
        Language::Pl => [
            include_str!("../../../locales/pl/advise.ftl"),
            include_str!("../../../locales/pl/command_line.ftl"),
            include_str!("../../../locales/pl/compare.ftl"),
        ],
        Language::En => [
            include_str!("../../../locales/en/advise.ftl"),
            include_str!("../../../locales/en/command_line.ftl"),
            include_str!("../../../locales/en/compare.ftl"),
        ],
    }
}

/// The texts of one language, with those of reports.
pub fn texts(language: Language) -> Texts {
    Texts::with(language, sources(language))
}
