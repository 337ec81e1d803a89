//! The engine in words: one set of texts for each language, made once.

use std::sync::OnceLock;

use lojal_core::decision::{Effect, Refusal};
use lojal_core::kernel::{Language, Name};
use lojal_core::programme::Programme;
use lojal_core::programme::condition::Failure;
use lojal_core::words::Words;

fn words(language: Language) -> &'static Words {
    static POLISH: OnceLock<Words> = OnceLock::new();
    static ENGLISH: OnceLock<Words> = OnceLock::new();
    let texts = match language {
        Language::Pl => &POLISH,
        Language::En => &ENGLISH,
    };
    texts.get_or_init(|| Words::new(language))
}

/// Why an effect happened, in one sentence.
pub fn sentence(effect: &Effect, programme: Option<&Programme>, language: Language) -> String {
    programme.map(|programme| words(language).about(programme).effect(effect)).unwrap_or_default()
}

/// Why a rule gave nothing.
pub fn why_not(rule: &Name, failure: &Failure, programme: &Programme, language: Language) -> String {
    words(language).about(programme).why_not(rule, failure)
}

/// What stands in the way.
pub fn refusal_words(refusal: &Refusal, programme: &Programme, language: Language) -> String {
    words(language).about(programme).refusal(refusal)
}
