//! An order export as a history.

use std::collections::HashMap;
use std::io::Read;

use lojal_core::activity::OrderState;
use lojal_core::command::{Command, Profile};
use lojal_core::kernel::{HolderId, Id, Instant, Name, Part, TransactionId};
use lojal_core::programme::Programme;
use lojal_simulation::history::Step;

use crate::failure::Failure;
use crate::import::{History, Mapping, Report, Terms};

/// Steps that are handed on at once.
const CHUNK: usize = 2_000;

/// An order export, read as an import reads it. Whoever orders is a member from the first order on. Where the file
/// has no states, an order is delivered when it is placed.
pub struct OrderExport<R> {
    history: History<R>,
    /// Whether the file says when orders were delivered.
    tells_delivery: bool,
    programme: Name,
    members: HashMap<Name, HolderId>,
    made: i64,
}

impl<R: Read> OrderExport<R> {
    pub fn open(file: R, mapping: &Mapping, terms: &Terms, programme: &Programme) -> Result<OrderExport<R>, Failure> {
        let history = History::open(file, mapping, terms)?;
        let tells_delivery = mapping.columns.state.is_some();
        Ok(OrderExport { history, tells_delivery, programme: programme.id.clone(), members: HashMap::new(), made: 0 })
    }

    /// What was read and what was left out.
    pub fn into_report(self) -> Report {
        self.history.into_report()
    }

    fn step(&mut self, at: Instant, holder: HolderId, command: Command) -> Step {
        self.made += 1;
        // Each once, whatever the times in the file are; codes need not be unguessable here.
        let number = self.made << PART_BITS | holder.part().number();
        let transaction = TransactionId(Id::from_number(number).unwrap_or(Id::new(0, 0, Part::PROGRAMME)));
        Step { at, holder, transaction, entropy: u128::from(number.unsigned_abs()), command }
    }
}

/// The part's place in an id.
const PART_BITS: u32 = 6;

impl<R: Read> OrderExport<R> {
    /// The next steps in the order of time; none at the end.
    pub fn next_steps(&mut self) -> Result<Vec<Step>, Failure> {
        let mut steps = Vec::with_capacity(CHUNK);
        while steps.len() < CHUNK
            && let Some(mut next) = self.history.next_step()?
        {
            if let Command::PutOrder { order } = &mut next.command
                && order.state == OrderState::Paid
                && !self.tells_delivery
            {
                // Else what waits for the delivery would wait for ever.
                order.state = OrderState::Closed;
                order.closed_at = Some(order.placed_at);
            }
            let holder = match self.members.get(&next.member) {
                Some(holder) => *holder,
                None => {
                    let number =
                        (self.members.len() as i64) << PART_BITS | Part::of(&self.programme, &next.member).number();
                    let holder = HolderId(Id::from_number(number).unwrap_or(Id::new(0, 0, Part::PROGRAMME)));
                    self.members.insert(next.member, holder);
                    let enrol = Command::Enrol { holder, joined_at: next.at, profile: Profile::default() };
                    steps.push(self.step(next.at, holder, enrol));
                    holder
                }
            };
            steps.push(self.step(next.at, holder, next.command));
        }
        Ok(steps)
    }
}
