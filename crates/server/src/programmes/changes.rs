//! What changes between two versions as JSON, in the words of one language.

use lojal_core::kernel::{Language, Name};
use lojal_core::programme::diff::{Change, Diff, ForMembers, Kind, Subject};
use lojal_core::words::{ChangeSpeaker, Words};
use serde::Serialize;
use utoipa::ToSchema;

/// What differs between two versions, the worst first.
#[derive(Serialize, ToSchema)]
pub struct DiffAnswer {
    /// The version that it was compared with; absent for two files.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    against: Option<u32>,
    /// How many changes of each kind there are, in words.
    #[schema(example = "Worse for members: 2 rewards dearer.")]
    summary: String,
    /// Whether members must be told before it comes into force.
    notice: bool,
    changes: Vec<ChangeJson>,
}

/// One thing that differs.
#[derive(Serialize, ToSchema)]
#[schema(as = ProgrammeChange)]
pub struct ChangeJson {
    /// JSON pointer into the new document; into the old one for what was removed.
    #[schema(example = "/rewards/mug/price")]
    pointer: String,
    kind: ChangeKindJson,
    /// What it is about.
    #[schema(example = "reward")]
    subject: &'static str,
    /// The id of what it is about, in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "mug")]
    id: Option<String>,
    /// Which term was altered. Stable, snake_case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "price")]
    aspect: Option<&'static str>,
    /// The term as it was, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "500 points")]
    old: Option<String>,
    /// The term as it is to be, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "600 points")]
    new: Option<String>,
    effect: EffectJson,
    /// Whether members must be told before it comes into force.
    notice: bool,
    /// The change as a sentence.
    #[schema(example = "Reward “A mug” becomes dearer: 500 points → 600 points.")]
    text: String,
}

#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ProgrammeChangeKind)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKindJson {
    Added,
    Removed,
    Altered,
}

/// What a change means to members.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[schema(as = ProgrammeChangeEffect)]
#[serde(rename_all = "snake_case")]
pub enum EffectJson {
    Worse,
    /// Better for some and worse for others, or nobody can tell.
    Mixed,
    Better,
    Neutral,
}

impl DiffAnswer {
    pub fn new(diff: &Diff, against: Option<u32>, language: Language) -> DiffAnswer {
        let words = Words::new(language);
        let speaker = words.between(diff);
        DiffAnswer {
            against,
            summary: speaker.summary(),
            notice: diff.needs_notice().next().is_some(),
            changes: diff.changes.iter().map(|change| ChangeJson::new(change, speaker)).collect(),
        }
    }
}

impl ChangeJson {
    fn new(change: &Change, speaker: ChangeSpeaker<'_>) -> ChangeJson {
        let (subject, id) = named(&change.subject);
        let (old, new) = speaker.terms(change).unzip();
        let (kind, aspect) = match &change.kind {
            Kind::Added => (ChangeKindJson::Added, None),
            Kind::Removed => (ChangeKindJson::Removed, None),
            Kind::Altered { aspect, .. } => (ChangeKindJson::Altered, Some(aspect.name())),
        };
        ChangeJson {
            pointer: change.pointer.clone(),
            kind,
            subject,
            id: id.map(Name::to_string),
            aspect,
            old,
            new,
            effect: match change.effect {
                ForMembers::Worse => EffectJson::Worse,
                ForMembers::Mixed => EffectJson::Mixed,
                ForMembers::Better => EffectJson::Better,
                ForMembers::Neutral => EffectJson::Neutral,
            },
            notice: change.notice,
            text: speaker.change(change),
        }
    }
}

fn named(subject: &Subject) -> (&'static str, Option<&Name>) {
    match subject {
        Subject::Programme => ("programme", None),
        Subject::Brand(id) => ("brand", Some(id)),
        Subject::Unit(id) => ("unit", Some(id)),
        Subject::Rule(id) => ("rule", Some(id)),
        Subject::Campaign(id) => ("campaign", Some(id)),
        Subject::Ladder(id) => ("ladder", Some(id)),
        Subject::Level(id) => ("level", Some(id)),
        Subject::Reward(id) => ("reward", Some(id)),
        Subject::Transfers => ("transfers", None),
        Subject::Gifts => ("gifts", None),
        Subject::Referral(id) => ("referral", Some(id)),
        Subject::Households => ("households", None),
        Subject::Holds => ("holds", None),
        Subject::Fraud => ("fraud", None),
        Subject::Operator => ("operator", None),
    }
}
