//! What the engine would decide if it were asked. Nothing is written, and there is enough of everything.

use std::collections::BTreeMap;

use lojal_core::command::{Command, Inputs, Offered};
use lojal_core::decision::Decision;
use lojal_core::engine::{self, Undecided};
use lojal_core::holder::Holder;
use lojal_core::kernel::{Instant, TransactionId};
use lojal_core::programme::Rulebook;

/// How often the engine may ask for one decision.
const MOST_QUESTIONS: usize = 8;

/// What a command would come to.
pub fn foresee(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    command: &Command,
    now: Instant,
    transaction: TransactionId,
) -> Result<(Holder, Decision), Undecided> {
    let mut inputs = Inputs {
        now,
        transaction,
        entropy: u128::try_from(transaction.number()).unwrap_or(1),
        shared: BTreeMap::new(),
        pool_codes: BTreeMap::new(),
    };
    let mut questions = 0;
    loop {
        match engine::decide(rulebook, holder, None, command, &inputs) {
            Err(Undecided::Needs(needs)) if questions < MOST_QUESTIONS => {
                questions += 1;
                let offered = needs.shared.into_iter().map(|(name, asked)| (name, Offered { asked, given: asked }));
                inputs.shared.extend(offered);
                // Codes are as good as any.
                let codes = needs.pool_codes.into_iter();
                inputs.pool_codes.extend(codes.map(|(pool, wanted)| (pool, vec!["SAMPLE".into(); wanted])));
            }
            answer => return answer,
        }
    }
}
