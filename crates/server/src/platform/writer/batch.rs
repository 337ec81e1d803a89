//! One batch: everything is loaded at once, decided one after another in memory, and written in
//! one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lojal_core::command::{Command, Inputs, Key, KeyKind};
use lojal_core::decision::{Decision, Record, Refusal};
use lojal_core::engine::{self, RuleTrace, Undecided};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant, MemberId, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook};

use super::persist::{self, Loaded, Writes};
use super::shared::Shared;
use super::{Answer, Desk, Done, Idempotency, Request, WriteError};
use crate::platform::clock::whole_microseconds;
use crate::platform::enrolment::{IfEnrolled, MemberRow, MemberStatus};
use crate::platform::journal::{Body, JournalRow, balances, journal_find};
use crate::platform::random;
use crate::platform::sql::{self, Connection, ErrorKind, Transaction, damaged};
use crate::platform::states::State;

/// How often the engine may ask for more before it decides.
const MOST_QUESTIONS: usize = 8;
/// How often a batch is tried when another writer was quicker.
const ATTEMPTS: usize = 3;

/// What was answered to an `Idempotency-Key`, or to a command of another holder.
#[derive(Clone, Debug)]
pub(super) enum Settled {
    Done(TransactionId),
    Refused(Refusal),
}

/// What one request adds to the batch when it is decided.
enum Outcome {
    Written(Box<Written>),
    Answered(Box<Answer>),
}

impl Outcome {
    fn answered(answer: Answer) -> Outcome {
        Outcome::Answered(Box::new(answer))
    }

    fn refused(refusal: Refusal) -> Outcome {
        Outcome::answered(Err(WriteError::Refused(refusal)))
    }

    fn broken(cause: impl Into<String>) -> Outcome {
        Outcome::answered(Err(WriteError::Broken(cause.into())))
    }
}

struct Written {
    rules: Vec<RuleTrace>,
    row: JournalRow,
    body: Body,
    state: State,
    member: Option<MemberRow>,
}

/// Carries out the requests in one transaction and answers each, in their order.
pub(super) async fn carry_out(desk: &Desk, requests: Vec<Request>) -> Vec<Answer> {
    let mut attempt = 1;
    loop {
        match try_all(desk, &requests).await {
            Ok(answers) => return answers,
            Err(cause) if attempt < ATTEMPTS && cause.kind() == ErrorKind::Conflict => attempt += 1,
            Err(cause) if requests.len() > 1 && matches!(cause.kind(), ErrorKind::Data | ErrorKind::Conflict) => {
                return halve(desk, requests).await;
            }
            Err(cause) => {
                tracing::error!(%cause, requests = requests.len(), "a batch could not be written");
                return requests.iter().map(|_| Err(WriteError::Storage(cause.clone()))).collect();
            }
        }
    }
}

/// One request that the database will not take must not fail the others: finds it by halves.
async fn halve(desk: &Desk, mut requests: Vec<Request>) -> Vec<Answer> {
    let second = requests.split_off(requests.len() / 2);
    let mut answers = Box::pin(carry_out(desk, requests)).await;
    answers.extend(Box::pin(carry_out(desk, second)).await);
    answers
}

async fn try_all(desk: &Desk, requests: &[Request]) -> Result<Vec<Answer>, sql::Error> {
    let parts: BTreeSet<Part> = requests.iter().map(|request| request.submission.holder.part()).collect();
    let parts: Vec<Part> = parts.into_iter().collect();
    let questions = persist::questions(desk.database.dialect(), &parts, requests);
    let (mut transaction, answers) = desk.database.write_parts(&parts, questions).await?;
    let Some((latest, answers)) = answers.split_first() else {
        return Err(damaged("the database answered nothing"));
    };
    let rulebook = desk.rulebooks.follow(&mut transaction, &latest.rows).await?;
    let Some(programme) = rulebook.live().cloned() else {
        return Ok(requests.iter().map(|_| Err(WriteError::NoProgramme)).collect());
    };
    let loaded = persist::load(&mut transaction, &parts, requests, answers).await?;
    let mut batch = Batch {
        desk,
        transaction,
        rulebook,
        programme,
        loaded,
        shared: Shared::default(),
        fresh: HashMap::new(),
        writes: Writes::default(),
    };
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.push(batch.answer(request).await?);
    }
    batch.commit().await?;
    Ok(answers)
}

struct Batch<'a> {
    desk: &'a Desk,
    transaction: Transaction,
    rulebook: Arc<Rulebook>,
    programme: Arc<Programme>,
    /// What the database says, kept up to date with what this batch has decided.
    loaded: Loaded,
    shared: Shared,
    /// Rows that this batch will write.
    fresh: HashMap<TransactionId, JournalRow>,
    writes: Writes,
}

impl Batch<'_> {
    async fn commit(mut self) -> Result<(), sql::Error> {
        self.shared.collect(&mut self.writes);
        if self.writes.is_empty() {
            return self.transaction.rollback().await;
        }
        let states = std::mem::take(&mut self.loaded.states);
        let follow_ups = self.writes.has_follow_ups();
        self.transaction.commit_with(persist::save(&self.writes, &states)?).await?;
        if follow_ups {
            self.desk.outbox.notify_one();
        }
        Ok(())
    }

    /// Decides one request and takes down what is to be written. An error here is one of storage
    /// and fails the batch; everything that is about the request alone is its answer.
    async fn answer(&mut self, request: &Request) -> Result<Answer, sql::Error> {
        let submission = &request.submission;
        if let Some(answer) = self.settled_before(request).await? {
            return Ok(answer);
        }
        let answer = match self.decide(request).await? {
            Outcome::Answered(answer) => *answer,
            Outcome::Written(written) if submission.dry_run => Ok(done(*written)),
            Outcome::Written(written) => {
                self.take_down(request, &written);
                Ok(done(*written))
            }
        };
        if !submission.dry_run {
            self.settle(request, &answer)?;
        }
        Ok(answer)
    }

    /// Whether the same request was answered before, by any of the names it may carry.
    async fn settled_before(&mut self, request: &Request) -> Result<Option<Answer>, sql::Error> {
        let submission = &request.submission;
        if submission.dry_run {
            return Ok(None);
        }
        let part = submission.holder.part();
        if let Some(Idempotency { key, fingerprint }) = &submission.idempotency
            && let Some((known, settled)) = self.loaded.idempotency.get(key).cloned()
        {
            if known != *fingerprint {
                return Ok(Some(Err(WriteError::KeyReused)));
            }
            return self.answer_again(settled).await.map(Some);
        }
        if let Some(errand) = &request.errand
            && let Some(settled) = self.loaded.receipts.get(&(part, errand.clone())).cloned()
        {
            return self.answer_again(settled).await.map(Some);
        }
        Ok(None)
    }

    async fn answer_again(&mut self, settled: Settled) -> Result<Answer, sql::Error> {
        match settled {
            Settled::Done(transaction) => Ok(Ok(self.row(transaction).await?.done()?)),
            Settled::Refused(refusal) => Ok(Err(WriteError::Refused(refusal))),
        }
    }

    /// A row of the journal, whether it is written already or by this batch.
    async fn row(&mut self, transaction: TransactionId) -> Result<JournalRow, sql::Error> {
        if let Some(row) = self.fresh.get(&transaction).or_else(|| self.loaded.rows.get(&transaction)) {
            return Ok(row.clone());
        }
        let connection: &mut Connection = &mut self.transaction;
        journal_find(connection, transaction).await?.ok_or_else(|| damaged(format!("{transaction} is missing")))
    }

    async fn decide(&mut self, request: &Request) -> Result<Outcome, sql::Error> {
        let submission = &request.submission;
        let (holder, command) = (submission.holder, &submission.command);
        if let Some(answer) = self.enrolled_before(request).await? {
            return Ok(Outcome::answered(answer));
        }
        let record = match self.record(holder, command).await? {
            Ok(record) => record,
            Err(refusal) => return Ok(Outcome::refused(refusal)),
        };
        let now = whole_microseconds(submission.now.unwrap_or_else(|| self.desk.clock.now()));
        let mut inputs = match self.inputs(holder.part(), now) {
            Ok(inputs) => inputs,
            Err(cause) => return Ok(Outcome::broken(cause.to_string())),
        };
        for _ in 0..MOST_QUESTIONS {
            let state = self.loaded.states.get(&holder).map(|state| &state.holder);
            match decide_safely(&self.rulebook, state, record.as_ref(), command, &inputs, request.explain) {
                Err(broken) => return Ok(Outcome::answered(Err(broken))),
                Ok(Err(Undecided::Refused(refusal))) => {
                    return Ok(Outcome::refused(refusal));
                }
                Ok(Err(Undecided::Needs(needs))) => {
                    let part = holder.part();
                    self.shared.answer(&mut self.transaction, part, &needs, submission.dry_run, &mut inputs).await?;
                }
                Ok(Ok((_, decision, _))) if decision.repeats.is_some() => {
                    let earlier = decision.repeats.unwrap_or(inputs.transaction);
                    return Ok(Outcome::answered(Ok(self.row(earlier).await?.done()?)));
                }
                Ok(Ok(decided)) => return Ok(self.written(request, decided, inputs)),
            }
        }
        Ok(Outcome::broken("the engine never had enough to decide"))
    }

    /// The answer to enrolling somebody who is a member already.
    async fn enrolled_before(&mut self, request: &Request) -> Result<Option<Answer>, sql::Error> {
        let Some(enrolment) = &request.enrolment else { return Ok(None) };
        let key = (request.submission.holder.part(), enrolment.external_id.clone());
        let Some(member) = self.loaded.members.get(&key) else { return Ok(None) };
        let enrolled_by = member.enrolled_by;
        Ok(Some(match enrolment.if_enrolled {
            IfEnrolled::Refuse => Err(WriteError::Refused(Refusal::AlreadyEnrolled)),
            IfEnrolled::Find => Ok(self.row(enrolled_by).await?.done()?),
        }))
    }

    /// What is kept under the command's natural key, unless it belongs to somebody else.
    async fn record(
        &mut self,
        holder: HolderId,
        command: &Command,
    ) -> Result<Result<Option<(TransactionId, Record)>, Refusal>, sql::Error> {
        let Some(key) = command.key() else { return Ok(Ok(None)) };
        let Some(transaction) = self.loaded.keys.get(&key).copied() else {
            return Ok(Ok(None));
        };
        let row = self.row(transaction).await?;
        if row.holder != holder {
            return Ok(Err(belongs_to_another(&key)));
        }
        let body = row.read_body().map_err(|cause| damaged(format!("{transaction}: {cause}")))?;
        let record = body.decision.records.into_iter().rev().find(|(known, _)| *known == key);
        let (_, record) = record.ok_or_else(|| damaged(format!("{transaction} has no record of {key:?}")))?;
        Ok(Ok(Some((transaction, record))))
    }

    fn inputs(&mut self, part: Part, now: Instant) -> Result<Inputs, random::NoRandomness> {
        let id = self.desk.ids.next_after(part, self.loaded.heads.get(&part).copied());
        self.loaded.heads.insert(part, id);
        Ok(Inputs {
            now,
            transaction: TransactionId(id),
            entropy: u128::from_le_bytes(random::bytes()?),
            shared: Default::default(),
            pool_codes: Default::default(),
        })
    }

    fn written(&self, request: &Request, decided: Decided, inputs: Inputs) -> Outcome {
        let (holder, decision, rules) = decided;
        let before = self.loaded.states.get(&request.submission.holder);
        let body = Body::new(request.submission.command.clone(), inputs, decision, balances(&holder));
        let head = before.map(|state| (state.head, state.head_hash));
        let row = match JournalRow::new(holder.id, head, &body) {
            Ok(row) => row,
            Err(cause) => return Outcome::broken(cause.to_string()),
        };
        if holder.id != request.submission.holder || overdraws(&body) {
            tracing::error!(transaction = %row.id, "a decision exceeds what it was given");
            return Outcome::broken("the decision exceeds what it was given");
        }
        let member = request.enrolment.as_ref().map(|enrolment| MemberRow {
            id: MemberId(holder.id.0),
            external_id: enrolment.external_id.clone(),
            household: None,
            status: MemberStatus::Active,
            created_at: holder.joined_at,
            enrolled_by: row.id,
        });
        let state = State {
            due_at: engine::next_due(&self.programme, &holder),
            head: row.id,
            head_hash: row.hash,
            version: before.map_or(0, |state| state.version) + 1,
            holder,
        };
        Outcome::Written(Box::new(Written { rules, row, body, state, member }))
    }

    /// Takes down what the transaction writes, and lets later requests of the batch see it.
    fn take_down(&mut self, request: &Request, written: &Written) {
        let Written { row, body, state, member, .. } = written;
        let holder = row.holder;
        for (key, _) in &body.decision.records {
            let known = self.loaded.keys.insert(key.clone(), row.id).is_some();
            let own = body.command.key().as_ref() == Some(key);
            let first = self.writes.keys.insert(key.clone(), (holder.part(), row.id)).is_none();
            if first && own && !known {
                self.writes.new_keys.insert(key.clone());
            }
        }
        for (position, follow_up) in body.decision.follow_ups.iter().enumerate() {
            self.writes.follow_ups.push((row.id, position, follow_up.clone(), row.decided_at));
        }
        self.shared.draw(holder.part(), row.id, body);
        let before = self.loaded.states.get(&holder).map(|state| &state.holder);
        if before.is_some_and(|before| before.kind != state.holder.kind) {
            self.writes.followed.insert(holder);
        }
        if let Some(member) = member {
            self.loaded.members.insert((holder.part(), member.external_id.clone()), member.clone());
            self.writes.members.push(member.clone());
            if let Some(sealed) = request.enrolment.as_ref().and_then(|enrolment| enrolment.identity.clone()) {
                self.writes.identities.push((member.id, sealed));
            }
        }
        self.loaded.states.insert(holder, state.clone());
        self.writes.states.insert(holder);
        self.writes.rows.push(row.clone());
        self.fresh.insert(row.id, row.clone());
    }

    /// Remembers the answer under the names by which the same request may come again.
    fn settle(&mut self, request: &Request, answer: &Answer) -> Result<(), sql::Error> {
        let settled = match answer {
            Ok(done) => Settled::Done(done.transaction),
            Err(WriteError::Refused(refusal)) => Settled::Refused(refusal.clone()),
            Err(_) => return Ok(()),
        };
        let part = request.submission.holder.part();
        if let Some(Idempotency { key, fingerprint }) = &request.submission.idempotency {
            self.loaded.idempotency.insert(key.clone(), (*fingerprint, settled.clone()));
            let now = self.desk.clock.now();
            self.writes.idempotency.push((part, key.clone(), *fingerprint, settled.clone(), now));
        }
        if let Some(errand) = &request.errand {
            self.loaded.receipts.insert((part, errand.clone()), settled.clone());
            self.writes.receipts.push((part, errand.clone(), settled));
        }
        Ok(())
    }
}

fn done(written: Written) -> Done {
    let Written { row, body, rules, .. } = written;
    Done {
        transaction: row.id,
        holder: row.holder,
        decided_at: row.decided_at,
        record: body.record().cloned(),
        command: body.command,
        decision: body.decision,
        balances: body.balances,
        repeated: false,
        rules,
    }
}

/// Whether a decision uses more of a shared quantity than it was given: the last line of defence
/// against overrunning a budget.
fn overdraws(body: &Body) -> bool {
    let mut used: BTreeMap<&Name, i64> = BTreeMap::new();
    for draw in &body.decision.draws {
        *used.entry(&draw.quantity).or_insert(0) += draw.amount;
    }
    used.into_iter()
        .any(|(quantity, used)| used > body.inputs.shared.get(quantity).map_or(0, |offered| offered.given).max(0))
}

/// A natural key names one thing of one holder. What another holder's command would do to it is
/// answered as if it were not known, or as a contradiction where the name itself is taken.
fn belongs_to_another(key: &Key) -> Refusal {
    match key.kind {
        KeyKind::Voucher => Refusal::UnknownVoucher { code: key.id.clone() },
        KeyKind::Redemption => match key.id.parse() {
            Ok(redemption) => Refusal::UnknownRedemption { redemption },
            Err(_) => Refusal::DifferentContent { external_id: key.id.clone() },
        },
        _ => Refusal::DifferentContent { external_id: key.id.clone() },
    }
}

type Decided = (Holder, Decision, Vec<RuleTrace>);

/// A defect in the engine fails the one command that met it.
fn decide_safely(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    record: Option<&(TransactionId, Record)>,
    command: &Command,
    inputs: &Inputs,
    explain: bool,
) -> Result<Result<Decided, Undecided>, WriteError> {
    let decide = || match explain {
        true => engine::explain(rulebook, holder, record, command, inputs),
        false => engine::decide(rulebook, holder, record, command, inputs)
            .map(|(holder, decision)| (holder, decision, Vec::new())),
    };
    catch_unwind(AssertUnwindSafe(decide)).map_err(|_| {
        tracing::error!(transaction = %inputs.transaction, "the engine gave up on a command");
        WriteError::Broken("the command could not be decided; nothing was written".to_owned())
    })
}
