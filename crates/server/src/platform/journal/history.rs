//! The journal as a history that programmes go through.

use lojal_simulation::history::Step;
use tokio::runtime::Handle;

use super::Past;
use crate::platform::database::Database;
use crate::platform::sql;

/// What the journal records, for a thread that may wait for it.
pub struct History {
    past: Past,
    runtime: Handle,
}

impl History {
    /// To be called where the runtime is known, and read elsewhere.
    pub fn of(database: &Database) -> History {
        History { past: Past::of(database), runtime: Handle::current() }
    }

    /// The next steps in the order of time; none at the end.
    pub fn next_steps(&mut self) -> Result<Vec<Step>, sql::Error> {
        let page = self.runtime.block_on(self.past.next_page())?;
        let steps = page.into_iter().map(|decided| Step {
            at: decided.inputs.now,
            holder: decided.holder,
            transaction: decided.inputs.transaction,
            entropy: decided.inputs.entropy,
            command: decided.command,
        });
        Ok(steps.collect())
    }
}
