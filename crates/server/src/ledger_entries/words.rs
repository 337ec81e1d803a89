//! The engine in words: one set of texts for each language, made once.

use std::sync::OnceLock;

use lojal_core::decision::{Effect, Refusal};
use lojal_core::explanation::{NearMiss, RuleTrace};
use lojal_core::kernel::Language;
use lojal_core::programme::Programme;
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

/// Why an effect happened, in one sentence. The order named `cart` is only quoted.
pub fn sentence(effect: &Effect, programme: &Programme, language: Language, cart: Option<&str>) -> String {
    let speaker = words(language).about(programme);
    cart.map_or(speaker, |cart| speaker.quoting(cart)).effect(effect)
}

/// What became of a rule: why it gave nothing, or that it had its part.
pub fn outcome(trace: &RuleTrace, programme: &Programme, language: Language) -> String {
    words(language).about(programme).outcome(trace)
}

/// What was only just missed.
pub fn near_miss(miss: &NearMiss, programme: &Programme, language: Language) -> String {
    words(language).about(programme).near_miss(miss)
}

/// What stands in the way.
pub fn refusal_words(refusal: &Refusal, programme: &Programme, language: Language) -> String {
    words(language).about(programme).refusal(refusal)
}
