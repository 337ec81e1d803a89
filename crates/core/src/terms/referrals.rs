//! Recommendations: who may recommend whom, what makes it count, and what takes it back.

use super::scribe::Scribe;
use super::span::Text;
use super::units::since;
use super::{Clause, Section, earning};
use crate::activity::builtin;
use crate::programme::condition::{NumberField, Test};
use crate::programme::{CreditPolicy, Edition, OnReturn, PendingFrom, Place, Review, Rule, Trigger, WordKind};

/// Nothing where nobody is recommended.
pub fn section(scribe: &Scribe<'_>) -> Section {
    let title = scribe.say("terms-section-referrals", &[]);
    let editions = &scribe.programme.referrals;
    if editions.is_empty() {
        return (title, Vec::new());
    }
    let mut clauses: Vec<Clause> = vec![scribe.say("terms-referral", &[]).into()];
    clauses.extend(editions.iter().map(|edition| {
        let name = scribe.text(&edition.name, &place_of(edition).key("name"));
        Clause { text: scribe.say("terms-referral-edition", &[("name", name.into())]), points: points(scribe, edition) }
    }));
    let rules: Vec<Text> = scribe
        .programme
        .rules
        .iter()
        .filter(|rule| rewards_recommendations(rule))
        .map(|rule| scribe.quoted(scribe.rule_name(rule)))
        .collect();
    if !rules.is_empty() {
        clauses.push(scribe.say("terms-referral-rewards", &[("rules", scribe.and(rules).into())]).into());
    }
    if editions.len() > 1 {
        clauses.push(scribe.say("terms-referral-first", &[]).into());
    }
    for key in ["terms-referral-self", "terms-referral-made-up", "terms-referral-version"] {
        clauses.push(scribe.say(key, &[]).into());
    }
    (title, clauses)
}

/// Whether the rule gives something for a recommendation, to the one side or the other.
pub fn rewards_recommendations(rule: &Rule) -> bool {
    matches!(&rule.on, Trigger::Activity(name) if builtin::OF_REFERRALS.contains(&name.as_str()))
}

fn place_of(edition: &Edition) -> Place {
    Place::root().key("referrals").key(&edition.id)
}

fn points(scribe: &Scribe<'_>, edition: &Edition) -> Vec<Text> {
    let place = place_of(edition);
    let mut points = Vec::new();
    if edition.from.is_some() || edition.until.is_some() {
        let bounds = scribe.bounds(edition.from, edition.until, &place);
        points.push(scribe.say("terms-fact-period", &[("bounds", bounds.into())]));
    }
    points.push(advocates(scribe, edition, &place));
    points.push(friends(scribe, edition, &place));
    let window = scribe.of_period(edition.window, &place.key("window"));
    points.push(scribe.say("terms-referral-window", &[("period", window.into())]));
    let credit = match edition.credit {
        CreditPolicy::Last => "last",
        CreditPolicy::First => "first",
        CreditPolicy::Split => "split",
    };
    points.push(scribe.say("terms-referral-credit", &[("credit", credit.into())]));
    points.push(qualify(scribe, edition, &place.key("qualify")));
    points.push(wait(scribe, edition, &place.key("qualify")));
    let review = match edition.review {
        Review::Suspicious => "suspicious",
        Review::All => "all",
        Review::None => "none",
    };
    points.push(scribe.say("terms-referral-review", &[("review", review.into())]));
    points.extend(limits(scribe, edition, &place));
    points.push(on_return(scribe, edition));
    if !edition.variants.is_empty() {
        let place = place.key("variants");
        let variants = edition.variants.iter().enumerate();
        let variants = variants.map(|(index, variant)| Text::stated(variant.as_str(), place.index(index).pointer()));
        let variants = scribe.and(variants.map(|variant| scribe.quoted(variant)).collect());
        points.push(scribe.say("terms-referral-variants", &[("variants", variants.into())]));
    }
    points
}

fn advocates(scribe: &Scribe<'_>, edition: &Edition, place: &Place) -> Text {
    let conditions = earning::conditions(scribe, edition.advocates.parts(), &place.key("advocates"));
    let key = if conditions.is_empty() { "terms-referral-advocates" } else { "terms-referral-advocates-some" };
    Text::joined(std::iter::once(scribe.say(key, &[])).chain(conditions), " ")
}

/// Newcomers are said in words: they are meant where the document says nothing.
fn friends(scribe: &Scribe<'_>, edition: &Edition, place: &Place) -> Text {
    let tests = edition.friends.parts();
    let newcomers = Test::NumberIn { field: NumberField::MemberOrders, numbers: [0].into() };
    if tests == [newcomers] {
        return scribe.say("terms-referral-friends-new", &[]);
    }
    let conditions = earning::conditions(scribe, tests, &place.key("friends"));
    let key = if conditions.is_empty() { "terms-referral-friends" } else { "terms-referral-friends-some" };
    Text::joined(std::iter::once(scribe.say(key, &[])).chain(conditions), " ")
}

fn qualify(scribe: &Scribe<'_>, edition: &Edition, place: &Place) -> Text {
    let qualify = &edition.qualify;
    let first = match &qualify.on {
        Trigger::Order => scribe.say("terms-referral-on-order", &[]),
        Trigger::Activity(name) => {
            let activity = scribe.label(WordKind::Activity, name, &place.key("on"));
            scribe.say("terms-referral-on-activity", &[("activity", activity.into())])
        }
    };
    let mut sentences = vec![first];
    sentences.extend(earning::conditions(scribe, qualify.when.parts(), &place.key("when")));
    if let Some(within) = qualify.within {
        let period = scribe.for_period(within, &place.key("within"));
        sentences.push(scribe.say("terms-referral-within", &[("period", period.into())]));
    }
    Text::joined(sentences, " ")
}

fn wait(scribe: &Scribe<'_>, edition: &Edition, place: &Place) -> Text {
    let Some(mut wait) = edition.qualify.wait else {
        return scribe.say("terms-referral-at-once", &[]);
    };
    // An activity has one moment only.
    let is_order = edition.qualify.on == Trigger::Order;
    wait.from = if is_order { wait.from } else { PendingFrom::Placed };
    let when = since(scribe, wait, is_order, &place.key("wait").key("for"));
    scribe.say("terms-referral-wait", &[("when", when.into())])
}

fn limits(scribe: &Scribe<'_>, edition: &Edition, place: &Place) -> Vec<Text> {
    let mut limits = Vec::new();
    let caps: Vec<Text> = edition
        .caps
        .iter()
        .map(|cap| {
            let place = place.key("caps").key(cap.window.name());
            scribe.within(scribe.counted("terms-recommendations", cap.most, &place), cap.window)
        })
        .collect();
    if !caps.is_empty() {
        limits.push(scribe.say("terms-referral-caps", &[("caps", scribe.and(caps).into())]));
    }
    if let Some(budget) = &edition.budget {
        let most = scribe.counted("terms-recommendations", budget.total, &place.key("budget"));
        limits.push(scribe.say("terms-referral-budget", &[("most", most.into())]));
    }
    limits
}

fn on_return(scribe: &Scribe<'_>, edition: &Edition) -> Text {
    scribe.say(
        match (&edition.qualify.on, edition.on_return) {
            (Trigger::Order, OnReturn::Recheck) => "terms-referral-return",
            (Trigger::Order, OnReturn::Keep) => "terms-referral-return-keep",
            (Trigger::Activity(_), OnReturn::Recheck) => "terms-referral-called-off",
            (Trigger::Activity(_), OnReturn::Keep) => "terms-referral-called-off-keep",
        },
        &[],
    )
}
