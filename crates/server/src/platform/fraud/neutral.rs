//! What members are told of the check of a recommendation.

use super::super::pages::Texts;

/// How far a recommendation has come in its check, as members may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neutral {
    Checking,
    /// Waits for a person.
    Held,
    Rejected,
}

/// What the advocate, or else the friend, is told: true, and no hint at how it was noticed.
pub fn neutral(texts: &Texts, how: Neutral, is_advocate: bool) -> String {
    let how = match how {
        Neutral::Checking => "checking",
        Neutral::Held => "held",
        Neutral::Rejected => "rejected",
    };
    let whom = if is_advocate { "advocate" } else { "friend" };
    texts.say(&["neutral-", how, "-", whom].concat(), None, &[])
}
