//! A decision depends on nothing but its inputs.

use lojal_core::decision::Refusal;
use lojal_core::engine;
use lojal_simulation::history::{Action, Shape};
use lojal_simulation::shell::Outcome;

use crate::story::{Telling, seeds};

#[test]
fn every_decision_can_be_made_again() {
    for seed in seeds(60) {
        let story = Telling { seed, shape: Shape::Anything, mix: Action::EVERYTHING, members: 6, steps: 200 }.tell();
        for performed in &story.performed {
            let (before, record) = (performed.before.as_ref(), performed.record.as_ref());
            let again =
                engine::decide(story.shell.rulebook(), before, record, &performed.step.command, &performed.inputs);
            match (&performed.outcome, again) {
                (Outcome::Done(decision), Ok((_, again))) => assert_eq!(*decision, again, "seed {seed}"),
                (Outcome::Refused(refusal), Err(engine::Undecided::Refused(again))) => {
                    assert_eq!(*refusal, again, "seed {seed}");
                    let text = serde_json::to_string(refusal).unwrap();
                    assert_eq!(serde_json::from_str::<Refusal>(&text).unwrap(), again, "seed {seed}: {text}");
                }
                (outcome, again) => panic!("seed {seed}: {outcome:?} and then {again:?}"),
            }
        }
    }
}
