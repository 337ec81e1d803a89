//! What changed since an earlier version, at the end of the terms: what is worse for members first.

use super::scribe::Scribe;
use super::span::Text;
use super::{Block, Clause};
use crate::kernel::Instant;
use crate::programme::diff::{Aspect, Change, Diff, ForMembers, Kind};
use crate::words::Words;

pub fn blocks(diff: &Diff, words: &Words, effective_from: Option<Instant>) -> Vec<Block> {
    let scribe = Scribe::new(&diff.new, words);
    let title = match diff.old.version {
        0 => scribe.say("terms-changes", &[]),
        version => scribe.say("terms-changes-since", &[("version", Text::published(version.to_string()).into())]),
    };
    let mut clauses: Vec<Clause> = Vec::new();
    clauses.extend(effective_from.map(|from| {
        let from = Text::published(words.about(&diff.new).since(from));
        scribe.say("terms-changes-from", &[("from", from.into())]).into()
    }));
    let speaker = words.between(diff);
    // How much a check weighs would tell how to get by it.
    let is_told = |change: &&Change| !matches!(change.kind, Kind::Altered { aspect: Aspect::Setting(_), .. });
    for (effect, heading) in [
        (ForMembers::Worse, "terms-changes-worse"),
        (ForMembers::Mixed, "terms-changes-mixed"),
        (ForMembers::Better, "terms-changes-better"),
        (ForMembers::Neutral, "terms-changes-neutral"),
    ] {
        let changes = diff.changes.iter().filter(is_told).filter(|change| change.effect == effect);
        let points: Vec<Text> = changes.map(|change| Text::stated(speaker.change(change), &change.pointer)).collect();
        if !points.is_empty() {
            clauses.push(Clause { text: scribe.say(heading, &[]), points });
        }
    }
    if !diff.changes.iter().any(|change| is_told(&change)) {
        clauses.push(scribe.say("terms-changes-none", &[]).into());
    } else {
        clauses.push(scribe.say("terms-changes-past", &[]).into());
    }
    vec![Block::Part(title), Block::Clauses(clauses)]
}
