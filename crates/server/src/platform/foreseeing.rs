//! What the engine would decide if it were asked. Nothing is written, and there is enough of everything.

use std::collections::BTreeMap;

use lojal_core::command::{Command, Inputs, Offered};
use lojal_core::decision::Decision;
use lojal_core::engine::{self, Undecided};
use lojal_core::explanation::Explanation;
use lojal_core::holder::Holder;
use lojal_core::kernel::{Instant, TransactionId};
use lojal_core::programme::Rulebook;

/// How often the engine may ask for one decision.
const MOST_QUESTIONS: usize = 8;

/// What stands for the codes of imported pools, which nobody is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// Any is as good as another.
    Sample,
    /// There are none, so that nothing promises one.
    Missing,
}

/// What a command would come to, and why.
pub fn foresee(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    command: &Command,
    (now, transaction): (Instant, TransactionId),
    codes: Codes,
) -> Result<(Holder, Decision, Explanation), Undecided> {
    let mut inputs = Inputs {
        now,
        transaction,
        entropy: u128::try_from(transaction.number()).unwrap_or(1),
        shared: BTreeMap::new(),
        pool_codes: BTreeMap::new(),
    };
    let mut questions = 0;
    loop {
        match engine::explain(rulebook, holder, None, command, &inputs) {
            Err(Undecided::Needs(needs)) if questions < MOST_QUESTIONS => {
                questions += 1;
                let offered = needs.shared.into_iter().map(|(name, asked)| (name, Offered { asked, given: asked }));
                inputs.shared.extend(offered);
                let given = |wanted: usize| match codes {
                    Codes::Sample => vec!["SAMPLE".into(); wanted],
                    Codes::Missing => Vec::new(),
                };
                inputs.pool_codes.extend(needs.pool_codes.into_iter().map(|(pool, wanted)| (pool, given(wanted))));
            }
            answer => return answer,
        }
    }
}
