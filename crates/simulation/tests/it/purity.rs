//! A decision depends on nothing but its inputs, and its inputs can be written down.

use lojal_core::engine;
use lojal_simulation::history::{Action, Shape};
use lojal_simulation::shell::Outcome;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::story::{Telling, seeds};

/// The value as the journal would give it back.
fn written_and_read<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let text = serde_json::to_string(value).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|problem| panic!("{problem}: {text}"))
}

#[test]
fn every_decision_can_be_made_again_from_what_was_written() {
    for seed in seeds(60) {
        let story = Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 6, steps: 200 }.tell();
        for performed in &story.performed {
            let before = written_and_read(&performed.before);
            let record = written_and_read(&performed.record);
            let command = written_and_read(&performed.step.command);
            let inputs = written_and_read(&performed.inputs);
            assert_eq!(
                (&before, &record, &command, &inputs),
                (&performed.before, &performed.record, &performed.step.command, &performed.inputs),
                "seed {seed}"
            );
            let again = engine::decide(story.shell.rulebook(), before.as_ref(), record.as_ref(), &command, &inputs);
            match (&performed.outcome, again) {
                (Outcome::Done(decision), Ok((holder, again))) => {
                    assert_eq!(*decision, again, "seed {seed}");
                    assert_eq!(written_and_read(decision), again, "seed {seed}");
                    assert_eq!(written_and_read(&holder), holder, "seed {seed}");
                }
                (Outcome::Refused(refusal), Err(engine::Undecided::Refused(again))) => {
                    assert_eq!(*refusal, again, "seed {seed}");
                    assert_eq!(written_and_read(refusal), again, "seed {seed}");
                }
                (outcome, again) => panic!("seed {seed}: {outcome:?} and then {again:?}"),
            }
        }
    }
}
