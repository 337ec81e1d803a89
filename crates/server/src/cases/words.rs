//! What was noticed, in words: for staff as it is, and for advocate and friend without a recipe.

use lojal_core::kernel::{Calendar, MemberId};
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::Rule;
use lojal_fraud::rules::Evidence;
use lojal_fraud::scale::Thousandths;

use crate::platform::pages::Texts;

/// The name of a rule's text.
pub fn rule_key(rule: Rule) -> String {
    format!("rule-{}", rule.code().replace('_', "-"))
}

/// What joins people, by its kind.
pub fn kind_text(texts: &Texts, kind: IdentifierKind) -> String {
    texts.say(&format!("identifier-{}", kind.code()), None, &[])
}

/// Whole percent: more would pretend.
pub fn percent(texts: &Texts, share: Thousandths) -> String {
    format!("{}%", texts.words.number(i64::from(share.0 / 10), 0))
}

/// A fact as a sentence; `name` knows what somebody is called.
pub fn sentence(texts: &Texts, calendar: &Calendar, evidence: &Evidence, name: impl Fn(MemberId) -> String) -> String {
    let number = |number: u64| texts.words.number(i64::try_from(number).unwrap_or(i64::MAX), 0);
    let share = |share: Thousandths| percent(texts, share);
    let say = |key: &str, values: &[(&str, String)]| texts.say(&["evidence-", key].concat(), None, values);
    match *evidence {
        Evidence::Shared { kind, with, parties, since } => {
            let since = texts.words.date(calendar.date(since));
            let what = kind_text(texts, kind);
            let parties = number(parties as u64);
            say("shared", &[("name", name(with)), ("what", what), ("since", since), ("parties", parties)])
        }
        Evidence::AlikeNames { likeness } => say("alike-names", &[("share", share(likeness))]),
        Evidence::AlikeMails { likeness } => say("alike-mails", &[("share", share(likeness))]),
        Evidence::DisposableMail => say("disposable-mail", &[]),
        Evidence::Friends { number: friends, hours } => {
            say("friends", &[("friends", number(friends)), ("hours", number(hours))])
        }
        Evidence::FriendsSharing { kind, number: friends, others, hours } => {
            let others = number(others as u64);
            let what = kind_text(texts, kind);
            let values = [("friends", number(friends)), ("what", what), ("others", others), ("hours", number(hours))];
            say("friends-sharing", &values)
        }
        Evidence::WithoutClick { number: friends, of, hours } => {
            say("without-click", &[("friends", number(friends)), ("of", number(of)), ("hours", number(hours))])
        }
        Evidence::OrderedAfter { seconds } => say("ordered-after", &[("seconds", number(seconds))]),
        Evidence::Returned { number: friends, of, elsewhere } => {
            say("returned", &[("friends", number(friends)), ("of", number(of)), ("share", share(elsewhere))])
        }
        Evidence::Thin { number: friends, of } => say("thin", &[("friends", number(friends)), ("of", number(of))]),
        Evidence::Linked { number: friends, of } => say("linked", &[("friends", number(friends)), ("of", number(of))]),
        Evidence::Shape { linked, density, isolation, synchrony, thin } => say(
            "shape",
            &[
                ("friends", number(linked as u64)),
                ("density", share(density)),
                ("isolation", share(isolation)),
                ("synchrony", share(synchrony)),
                ("thin", share(thin)),
            ],
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use lojal_core::kernel::{Id, Instant, Language, Part};

    use super::*;

    fn facts() -> Vec<Evidence> {
        let since = Instant::from_second(1_767_225_600).unwrap();
        let with = MemberId(Id::new(0, 0, Part::PROGRAMME));
        let share = Thousandths(874);
        let shared = |kind| Evidence::Shared { kind, with, parties: 3, since };
        let mut facts: Vec<Evidence> = IdentifierKind::ALL.into_iter().map(shared).collect();
        facts.extend([
            Evidence::AlikeNames { likeness: share },
            Evidence::AlikeMails { likeness: share },
            Evidence::DisposableMail,
            Evidence::Friends { number: 12, hours: 24 },
            Evidence::FriendsSharing { kind: IdentifierKind::Ip, number: 4, others: 1_200, hours: 168 },
            Evidence::WithoutClick { number: 25, of: 30, hours: 336 },
            Evidence::OrderedAfter { seconds: 4 },
            Evidence::Returned { number: 3, of: 4, elsewhere: Thousandths(81) },
            Evidence::Thin { number: 5, of: 7 },
            Evidence::Linked { number: 6, of: 9 },
            Evidence::Shape { linked: 7, density: share, isolation: share, synchrony: share, thin: share },
        ]);
        facts
    }

    /// Everything that can be said, in both languages. `GOLDEN=write` writes the file anew.
    #[test]
    fn everything_noticed_is_said_in_words() {
        let mut said = String::new();
        for language in Language::ALL {
            let texts = Texts::open(language, None).unwrap();
            for rule in Rule::ALL {
                let key = rule_key(rule);
                let (name, text) = (texts.say(&key, None, &[]), texts.say(&format!("{key}-text"), None, &[]));
                writeln!(said, "{}: {name}. {text}", rule.code()).unwrap();
            }
            for fact in facts() {
                let text = sentence(&texts, &Calendar::utc(), &fact, |_| "Ada".to_owned());
                writeln!(said, "{text}").unwrap();
            }
        }
        let said = said.replace('\u{a0}', " ");
        for key in ["evidence-", "identifier-", "rule-"] {
            assert!(!said.contains(key), "a text is missing: {said}");
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cases/words.golden.txt");
        if std::env::var_os("GOLDEN").is_some_and(|golden| golden == "write") {
            std::fs::write(path, &said).unwrap();
        }
        assert_eq!(said, std::fs::read_to_string(path).unwrap());
    }
}
