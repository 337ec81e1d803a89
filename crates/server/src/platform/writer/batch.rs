//! One batch: everything is loaded at once, decided one after another in memory, and written in
//! one transaction.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lojal_core::command::{Command, Inputs, Key, KeyKind};
use lojal_core::decision::{Decision, Record, Refusal};
use lojal_core::engine::{self, Undecided};
use lojal_core::explanation::Explanation;
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Instant, MemberId, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook};

use super::persist::{self, Loaded, Writes};
use super::shared::Shared;
use super::{Answer, Desk, Done, Idempotency, Request, Submission, WriteError};
use crate::platform::clock::whole_microseconds;
use crate::platform::enrolment::{IfEnrolled, MemberRow, MemberStatus};
use crate::platform::journal::{Body, JournalRow, balances, journal_find};
use crate::platform::random;
use crate::platform::sql::{self, Connection, ErrorKind, Statement, damaged};
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
    /// Its own part does not have enough of what it needs.
    Aside,
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
    explanation: Explanation,
    row: Arc<JournalRow>,
    body: Body,
    state: State,
    member: Option<MemberRow>,
}

/// How much a batch may touch of what all members share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// What its own parts have been allotted. A request that needs more is put aside.
    Own,
    /// All parts.
    All,
}

/// A batch that is decided and not yet written.
pub(super) struct Decided {
    /// In the order of the requests; nothing for those that were put aside.
    pub answers: Vec<Option<Answer>>,
    /// What writes it.
    pub statements: Vec<Statement>,
    /// What later batches must know of it as long as the database does not.
    pub outlook: Loaded,
    /// Whether it leaves something in the outbox.
    pub follow_ups: bool,
}

/// The parts that some requests are about, in their order.
pub(super) fn parts_of(requests: &[Request]) -> Vec<Part> {
    let parts: BTreeSet<Part> = requests.iter().map(|request| request.submission.owner.part()).collect();
    parts.into_iter().collect()
}

/// Carries out the requests, each in one transaction with as many others as possible, and answers
/// them in their order.
pub(super) async fn carry_out(desk: &Desk, requests: Vec<Request>) -> Vec<Answer> {
    let answers = attempt(desk, &requests, Scope::Own).await;
    let aside: Vec<Request> = requests
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.is_none())
        .map(|(request, _)| request.clone())
        .collect();
    let mut aside = carry_out_aside(desk, aside).await.into_iter();
    answers.into_iter().map(|answer| answer.or_else(|| aside.next()).unwrap_or_else(|| Err(undecided()))).collect()
}

/// Carries out requests for which their own parts did not have enough.
pub(super) async fn carry_out_aside(desk: &Desk, requests: Vec<Request>) -> Vec<Answer> {
    if requests.is_empty() {
        return Vec::new();
    }
    let answers = attempt(desk, &requests, Scope::All).await;
    answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(undecided()))).collect()
}

fn undecided() -> WriteError {
    WriteError::Broken("the engine never had enough to decide".to_owned())
}

/// Tries as long as others are quicker. One request that the database will not take must not fail
/// the others: it is found by halves.
async fn attempt(desk: &Desk, requests: &[Request], scope: Scope) -> Vec<Option<Answer>> {
    let mut attempt = 1;
    loop {
        match try_all(desk, requests, scope).await {
            Ok(answers) => return answers,
            Err(cause) if attempt < ATTEMPTS && cause.kind() == ErrorKind::Conflict => attempt += 1,
            Err(cause) if requests.len() > 1 && matches!(cause.kind(), ErrorKind::Data | ErrorKind::Conflict) => {
                let (first, second) = requests.split_at(requests.len() / 2);
                let mut answers = Box::pin(self::attempt(desk, first, scope)).await;
                answers.extend(Box::pin(self::attempt(desk, second, scope)).await);
                return answers;
            }
            Err(cause) => {
                let database = desk.database.address();
                tracing::error!(%cause, %database, requests = requests.len(), "a batch could not be written");
                return requests.iter().map(|_| Some(Err(WriteError::Storage(cause.clone())))).collect();
            }
        }
    }
}

/// Loads, decides and writes in one transaction.
async fn try_all(desk: &Desk, requests: &[Request], scope: Scope) -> Result<Vec<Option<Answer>>, sql::Error> {
    let parts = parts_of(requests);
    let questions = persist::questions(desk.database.dialect(), &parts, requests);
    let all: Vec<Part> = Part::all().collect();
    let claimed = if scope == Scope::All { &all } else { &parts };
    let (mut transaction, known) = desk.database.write_batch(claimed, questions).await?;
    if scope == Scope::All {
        // What is taken from other parts, others may have counted on: they must know before they can
        // write.
        transaction = transaction.counting(desk.database.generation_counter());
    }
    let decided = decide_all(desk, &mut transaction, &parts, requests, known, scope, &[]).await?;
    if decided.statements.is_empty() {
        transaction.rollback().await?;
    } else {
        transaction.commit_with(decided.statements).await?;
    }
    if decided.follow_ups {
        desk.outbox.notify_one();
    }
    Ok(decided.answers)
}

/// Decides the requests, one after the other. `known` is what the database answered to
/// [`persist::questions`]; `recent` is what it does not know yet, the oldest first.
pub(super) async fn decide_all(
    desk: &Desk,
    connection: &mut Connection,
    parts: &[Part],
    requests: &[Request],
    known: Vec<sql::Outcome>,
    scope: Scope,
    recent: &[Arc<Loaded>],
) -> Result<Decided, sql::Error> {
    let Some((latest, known)) = known.split_first() else {
        return Err(damaged("the database answered nothing"));
    };
    let rulebook = desk.rulebooks.follow(connection, &latest.rows).await?;
    let Some(programme) = rulebook.live_at(desk.clock.now()).cloned() else {
        let answers = requests.iter().map(|_| Some(Err(WriteError::NoProgramme))).collect();
        return Ok(Decided { answers, statements: Vec::new(), outlook: Loaded::default(), follow_ups: false });
    };
    let loaded = persist::load(connection, parts, requests, known, recent).await?;
    let mut batch = Batch {
        desk,
        connection,
        rulebook,
        programme,
        loaded,
        shared: Shared::new(scope, desk, recent),
        aside: HashSet::new(),
        writes: Writes::default(),
    };
    let mut answers = Vec::with_capacity(requests.len());
    for request in requests {
        answers.push(batch.answer(request).await?);
    }
    batch.finish(answers).await
}

struct Batch<'a> {
    desk: &'a Desk,
    connection: &'a mut Connection,
    rulebook: Arc<Rulebook>,
    programme: Arc<Programme>,
    /// What the database says, kept up to date with what this batch has decided.
    loaded: Loaded,
    shared: Shared,
    /// Holders of requests that were put aside: their later ones must wait for those.
    aside: HashSet<HolderId>,
    writes: Writes,
}

impl Batch<'_> {
    async fn finish(mut self, answers: Vec<Option<Answer>>) -> Result<Decided, sql::Error> {
        let mut outlook = self.shared.collect(self.connection, &mut self.writes).await?;
        if self.writes.is_empty() {
            return Ok(Decided { answers, statements: Vec::new(), outlook, follow_ups: false });
        }
        let statements = persist::save(&self.writes, &self.loaded.states)?;
        self.writes.move_into(&mut outlook, self.loaded);
        Ok(Decided { answers, statements, outlook, follow_ups: self.writes.has_follow_ups() })
    }

    /// Decides one request and takes down what is to be written. An error here is one of storage
    /// and fails the batch; everything that is about the request alone is its answer.
    /// Nothing is answered to a request that is put aside.
    async fn answer(&mut self, request: &Request) -> Result<Option<Answer>, sql::Error> {
        let submission = &request.submission;
        let Some(holder) = self.loaded.holder_of(&submission.owner) else {
            return Ok(Some(Err(WriteError::Refused(Refusal::UnknownHolder))));
        };
        if self.aside.contains(&holder) {
            return Ok(None);
        }
        if let Some(answer) = self.settled_before(request).await? {
            return Ok(Some(answer));
        }
        let answer = match self.decide(request, holder).await? {
            Outcome::Aside => {
                self.aside.insert(holder);
                return Ok(None);
            }
            Outcome::Answered(answer) => *answer,
            Outcome::Written(written) if submission.dry_run || self.is_idle(&written) => Ok(done(*written)),
            Outcome::Written(written) => Ok(self.take_down(request, *written)),
        };
        if !submission.dry_run {
            self.settle(request, &answer);
        }
        Ok(Some(answer))
    }

    /// Whether time has passed and brought nothing: somebody else has let it pass already.
    fn is_idle(&self, written: &Written) -> bool {
        let Body { command, decision, .. } = &written.body;
        let before = self.loaded.states.get(&written.row.holder);
        matches!(command, Command::Tick)
            && decision.effects.is_empty()
            && decision.records.is_empty()
            && decision.draws.is_empty()
            && decision.follow_ups.is_empty()
            && before.is_some_and(|before| before.due_at == written.state.due_at)
    }

    /// Whether the same request was answered before, by any of the names it may carry.
    async fn settled_before(&mut self, request: &Request) -> Result<Option<Answer>, sql::Error> {
        let submission = &request.submission;
        if submission.dry_run {
            return Ok(None);
        }
        let part = submission.owner.part();
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
    async fn row(&mut self, transaction: TransactionId) -> Result<Arc<JournalRow>, sql::Error> {
        if let Some(row) = self.loaded.rows.get(&transaction) {
            return Ok(Arc::clone(row));
        }
        let row = journal_find(self.connection, transaction).await?;
        row.map(Arc::new).ok_or_else(|| damaged(format!("{transaction} is missing")))
    }

    async fn decide(&mut self, request: &Request, holder: HolderId) -> Result<Outcome, sql::Error> {
        let submission = &request.submission;
        let command = &submission.command;
        if let Some(answer) = self.enrolled_before(request).await? {
            return Ok(Outcome::answered(answer));
        }
        let record = match self.record(holder, command).await? {
            Ok(record) => record,
            Err(owner) => return Ok(Outcome::answered(Err(self.of_another(request, holder, owner)))),
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
                Ok(Err(Undecided::Refused(refusal))) => return Ok(merged(request, refusal)),
                Ok(Err(Undecided::Needs(needs))) => {
                    let (part, dry_run) = (holder.part(), submission.dry_run);
                    let answered = self.shared.answer(self.connection, part, &needs, dry_run, &mut inputs).await?;
                    if !answered {
                        return Ok(Outcome::Aside);
                    }
                }
                Ok(Ok((_, decision, _))) if decision.repeats.is_some() => {
                    let earlier = decision.repeats.unwrap_or(inputs.transaction);
                    return Ok(Outcome::answered(Ok(self.row(earlier).await?.done()?)));
                }
                Ok(Ok(decided)) => return Ok(self.written(request, holder, decided, inputs)),
            }
        }
        Ok(Outcome::broken("the engine never had enough to decide"))
    }

    /// The answer to enrolling somebody who is a member already.
    async fn enrolled_before(&mut self, request: &Request) -> Result<Option<Answer>, sql::Error> {
        let Some(enrolment) = &request.enrolment else { return Ok(None) };
        let key = (request.submission.owner.part(), Name::from(enrolment.external_id.as_str()));
        let Some(member) = self.loaded.members.get(&key) else { return Ok(None) };
        let enrolled_by = member.enrolled_by;
        Ok(Some(match enrolment.if_enrolled {
            IfEnrolled::Refuse => Err(WriteError::Refused(Refusal::AlreadyEnrolled)),
            IfEnrolled::Find => Ok(self.row(enrolled_by).await?.done()?),
        }))
    }

    /// What is kept under the command's natural key, or to whom else it belongs.
    async fn record(
        &mut self,
        holder: HolderId,
        command: &Command,
    ) -> Result<Result<Option<(TransactionId, Record)>, HolderId>, sql::Error> {
        let Some(key) = command.key() else { return Ok(Ok(None)) };
        let Some(transaction) = self.loaded.keys.get(&key).copied() else {
            return Ok(Ok(None));
        };
        let row = self.row(transaction).await?;
        if row.holder != holder {
            return Ok(Err(row.holder));
        }
        let body = row.read_body().map_err(|cause| damaged(format!("{transaction}: {cause}")))?;
        let record = body.decision.records.into_iter().rev().find(|(known, _)| *known == key);
        let (_, record) = record.ok_or_else(|| damaged(format!("{transaction} has no record of {key:?}")))?;
        Ok(Ok(Some((transaction, record))))
    }

    /// What a command is told whose natural key belongs to another holder: an order of another account of the
    /// same person, and what was heard of a friend, goes on there, also while that one is only asked to merge; and
    /// where this account is the one that was merged, the survivor may know more.
    fn of_another(&self, request: &Request, holder: HolderId, owner: HolderId) -> WriteError {
        let command = &request.submission.command;
        let Some(key) = command.key() else { return WriteError::Broken("a command without a key has one".to_owned()) };
        let goes_on = matches!(key.kind, KeyKind::Order | KeyKind::LooseReturn | KeyKind::Referral);
        let state = self.loaded.states.get(&holder).map(|state| &state.holder).filter(|_| goes_on);
        let is_own = state.is_some_and(|state| state.accounts().any(|(account, _)| account.0 == owner.0));
        let elsewhere = state.and_then(Holder::merged_into).map(HolderId::from);
        match elsewhere.or(is_own.then_some(owner)) {
            Some(holder) => elsewhere_at(request, holder, command.clone()),
            None => belongs_to_another(&key),
        }
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

    fn written(&self, request: &Request, owner: HolderId, decided: Verdict, inputs: Inputs) -> Outcome {
        let (holder, decision, explanation) = decided;
        let before = self.loaded.states.get(&owner);
        let body = Body::new(request.submission.command.clone(), inputs, decision, balances(&holder));
        let head = before.map(|state| (state.head, state.head_hash));
        let row = match JournalRow::new(holder.id, head, &body) {
            Ok(row) => row,
            Err(cause) => return Outcome::broken(cause.to_string()),
        };
        if holder.id != owner || overdraws(&body) {
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
        Outcome::Written(Box::new(Written { explanation, row: Arc::new(row), body, state, member }))
    }

    /// Takes down what the transaction writes, and lets later requests of the batch see it.
    fn take_down(&mut self, request: &Request, written: Written) -> Done {
        let Written { explanation, row, body, state, member } = written;
        let holder = row.holder;
        let own = body.command.key();
        for (key, _) in &body.decision.records {
            let known = self.loaded.keys.insert(key.clone(), row.id).is_some();
            let first = self.writes.keys.insert(key.clone(), (holder.part(), row.id)).is_none();
            if first && !known && own.as_ref() == Some(key) {
                self.writes.new_keys.insert(key.clone());
            }
        }
        for (position, follow_up) in body.decision.follow_ups.iter().enumerate() {
            self.writes.follow_ups.push((row.id, position, follow_up.clone(), row.decided_at));
        }
        self.shared.draw(holder.part(), row.id, &body);
        let before = self.loaded.states.get(&holder).map(|state| &state.holder);
        if before.is_some_and(|before| before.kind != state.holder.kind) {
            self.writes.followed.insert(holder);
        }
        if let Some(member) = member {
            if let Some(sealed) = request.enrolment.as_ref().and_then(|enrolment| enrolment.identity.clone()) {
                self.writes.identities.push((member.id, sealed));
            }
            self.loaded.members.insert((holder.part(), Name::from(member.external_id.as_str())), member.clone());
            self.writes.members.push(member);
        }
        self.loaded.states.insert(holder, state);
        self.writes.states.insert(holder);
        self.writes.rows.push(Arc::clone(&row));
        self.loaded.rows.insert(row.id, Arc::clone(&row));
        done_with(&row, body, explanation)
    }

    /// Remembers the answer under the names by which the same request may come again.
    fn settle(&mut self, request: &Request, answer: &Answer) {
        let settled = match answer {
            Ok(done) => Settled::Done(done.transaction),
            Err(WriteError::Refused(refusal)) => Settled::Refused(refusal.clone()),
            Err(_) => return,
        };
        let part = request.submission.owner.part();
        if let Some(Idempotency { key, fingerprint }) = &request.submission.idempotency {
            self.loaded.idempotency.insert(key.clone(), (*fingerprint, settled.clone()));
            let now = self.desk.clock.now();
            self.writes.idempotency.push((part, key.clone(), *fingerprint, settled.clone(), now));
        }
        if let Some(errand) = &request.errand {
            self.loaded.receipts.insert((part, errand.clone()), settled.clone());
            self.writes.receipts.push((part, errand.clone(), settled));
        }
    }
}

/// What is new for an account that was merged is the survivor's.
fn merged(request: &Request, refusal: Refusal) -> Outcome {
    let Refusal::Merged { into } = refusal else { return Outcome::refused(refusal) };
    match request.submission.command.for_survivor(into) {
        Some(command) => Outcome::answered(Err(elsewhere_at(request, into.into(), command))),
        None => Outcome::refused(refusal),
    }
}

fn elsewhere_at(request: &Request, holder: HolderId, command: Command) -> WriteError {
    let submission = Submission { owner: holder.into(), command, ..request.submission.clone() };
    WriteError::Elsewhere(Box::new(Request { submission, ..request.clone() }))
}

fn done(written: Written) -> Done {
    done_with(&written.row, written.body, written.explanation)
}

fn done_with(row: &JournalRow, body: Body, explanation: Explanation) -> Done {
    Done {
        transaction: row.id,
        holder: row.holder,
        decided_at: row.decided_at,
        record: body.record().cloned(),
        command: body.command,
        decision: body.decision,
        balances: body.balances,
        repeated: false,
        explanation,
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
fn belongs_to_another(key: &Key) -> WriteError {
    let different = || Refusal::DifferentContent { external_id: key.id.clone() };
    WriteError::Refused(match key.kind {
        KeyKind::Order => return WriteError::OrderOfAnotherMember,
        KeyKind::Voucher => Refusal::UnknownVoucher { code: key.id.clone() },
        KeyKind::Redemption => {
            key.id.parse().map_or_else(|_| different(), |redemption| Refusal::UnknownRedemption { redemption })
        }
        _ => different(),
    })
}

/// The holder afterwards, what was decided, and why.
type Verdict = (Holder, Decision, Explanation);

/// A defect in the engine fails the one command that met it.
fn decide_safely(
    rulebook: &Rulebook,
    holder: Option<&Holder>,
    record: Option<&(TransactionId, Record)>,
    command: &Command,
    inputs: &Inputs,
    explain: bool,
) -> Result<Result<Verdict, Undecided>, WriteError> {
    let decide = || match explain {
        true => engine::explain(rulebook, holder, record, command, inputs),
        false => engine::decide(rulebook, holder, record, command, inputs)
            .map(|(holder, decision)| (holder, decision, Explanation::default())),
    };
    catch_unwind(AssertUnwindSafe(decide)).map_err(|_| {
        tracing::error!(transaction = %inputs.transaction, "the engine gave up on a command");
        WriteError::Broken("the command could not be decided; nothing was written".to_owned())
    })
}
