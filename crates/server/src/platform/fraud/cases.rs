//! Suspicions that a person looks at. A case is about one referral; what spoke in it when it was decided is kept, so that
//! a decision that is taken back is as if it had never been. Nothing here is decided because time has passed.

use lojal_core::kernel::{CaseId, Instant, MemberId, Money, Part};
use lojal_fraud::detector::Assessment;
use lojal_fraud::policy::{Rule, Verdict};
use lojal_fraud::referral::Referral;
use lojal_fraud::weights::{Decision, Grounds};

use super::super::application::Application;
use super::super::clock::instant;
use super::super::journal::id;
use super::super::sql::{self, Cell, Connection, Row, Statement, cells, damaged};
use super::precedents::precedent_count;

const COLUMNS: &str = "id, friend, advocate, state, verdict, score, stake, assessment, grounds, revision, \
                       opened_at, assessed_at, decided_at";
/// Cases that are read for a page when only those of one rule are wanted.
const LOOKED_THROUGH: usize = 400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// Waits for a person, for however long that takes.
    Open,
    /// It was made up.
    Confirmed,
    /// It was honest.
    Cleared,
}

impl CaseState {
    pub const ALL: [CaseState; 3] = [CaseState::Open, CaseState::Confirmed, CaseState::Cleared];

    pub fn name(self) -> &'static str {
        match self {
            CaseState::Open => "open",
            CaseState::Confirmed => "confirmed",
            CaseState::Cleared => "cleared",
        }
    }

    pub fn named(name: &str) -> Option<CaseState> {
        CaseState::ALL.into_iter().find(|state| state.name() == name)
    }

    /// What was decided, if anything was.
    pub fn decision(self) -> Option<Decision> {
        match self {
            CaseState::Open => None,
            CaseState::Confirmed => Some(Decision::Confirmed),
            CaseState::Cleared => Some(Decision::Cleared),
        }
    }

    pub fn of(decision: Decision) -> CaseState {
        match decision {
            Decision::Confirmed => CaseState::Confirmed,
            Decision::Cleared => CaseState::Cleared,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub friend: MemberId,
    pub advocate: MemberId,
    pub state: CaseState,
    /// What the referral, or the ring around it, would give.
    pub stake: Money,
    /// As it was last looked at.
    pub assessment: Assessment,
    /// What spoke when it was decided.
    pub grounds: Option<Grounds>,
    /// Counts what was decided and taken back: of two words the later one holds.
    pub revision: i64,
    pub opened_at: Instant,
    pub assessed_at: Instant,
    pub decided_at: Option<Instant>,
}

impl Case {
    fn read(row: &Row) -> Result<Case, sql::Error> {
        let state: &str = sql::column(row, "state")?;
        let assessment: &str = sql::column(row, "assessment")?;
        let grounds = sql::column::<Option<&str>>(row, "grounds")?;
        Ok(Case {
            id: CaseId(id(sql::column(row, "id")?)?),
            friend: MemberId(id(sql::column(row, "friend")?)?),
            advocate: MemberId(id(sql::column(row, "advocate")?)?),
            state: CaseState::named(state).ok_or_else(|| damaged(format!("{state} is no state of a case")))?,
            stake: Money(sql::column(row, "stake")?),
            assessment: serde_json::from_str(assessment).map_err(damaged)?,
            grounds: grounds.map(serde_json::from_str).transpose().map_err(damaged)?,
            revision: sql::column(row, "revision")?,
            opened_at: instant(sql::column(row, "opened_at")?),
            assessed_at: instant(sql::column(row, "assessed_at")?),
            decided_at: sql::column::<Option<i64>>(row, "decided_at")?.map(instant),
        })
    }
}

/// A case as it is listed, without its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCase {
    pub id: CaseId,
    pub friend: MemberId,
    pub advocate: MemberId,
    pub state: CaseState,
    pub score: i32,
    pub stake: Money,
    /// Rules that speak against the recommendation, as far as this release knows them.
    pub rules: Vec<Rule>,
    pub opened_at: Instant,
}

impl ListedCase {
    fn read(row: &Row) -> Result<ListedCase, sql::Error> {
        let state: &str = sql::column(row, "state")?;
        let rules: &str = sql::column(row, "rules")?;
        let score: i64 = sql::column(row, "score")?;
        let known = |code: &str| Rule::ALL.into_iter().find(|rule| rule.code() == code);
        Ok(ListedCase {
            id: CaseId(id(sql::column(row, "id")?)?),
            friend: MemberId(id(sql::column(row, "friend")?)?),
            advocate: MemberId(id(sql::column(row, "advocate")?)?),
            state: CaseState::named(state).ok_or_else(|| damaged(format!("{state} is no state of a case")))?,
            score: i32::try_from(score).map_err(damaged)?,
            stake: Money(sql::column(row, "stake")?),
            rules: rules.split_whitespace().filter_map(known).collect(),
            opened_at: instant(sql::column(row, "opened_at")?),
        })
    }
}

impl From<&Case> for ListedCase {
    fn from(case: &Case) -> ListedCase {
        ListedCase {
            id: case.id,
            friend: case.friend,
            advocate: case.advocate,
            state: case.state,
            score: case.assessment.score,
            stake: case.stake,
            rules: case.assessment.rules().collect(),
            opened_at: case.opened_at,
        }
    }
}

/// Something that was done with a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStep {
    pub at: Instant,
    /// `confirmed`, `cleared` or `undone`
    pub step: String,
    /// `None` is a program with a key.
    pub staff: Option<i64>,
    pub reason: String,
}

/// Why nothing was done with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseRefusal {
    #[error("no such case")]
    Unknown,
    #[error("the case was decided already: take that back first")]
    Decided,
    #[error("the case waits for a decision: there is nothing to take back")]
    Undecided,
}

impl CaseRefusal {
    /// The stable code by which programs recognise it.
    pub fn code(self) -> &'static str {
        match self {
            CaseRefusal::Unknown => "unknown_case",
            CaseRefusal::Decided => "case_decided",
            CaseRefusal::Undecided => "case_undecided",
        }
    }
}

/// Who does something with cases.
#[derive(Clone, Copy)]
pub struct CaseHand<'a> {
    pub application: &'a Application,
    /// `None` is a program with a key.
    pub staff: Option<i64>,
}

/// Which cases are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseFilter {
    pub state: Option<CaseState>,
    pub rule: Option<Rule>,
}

/// Cases, the newest first.
#[derive(Clone, Debug, Default)]
pub struct CasePage {
    pub cases: Vec<ListedCase>,
    /// Before which the next page begins, if there may be one.
    pub next: Option<CaseId>,
}

/// Keeps what was found about a referral: opens a case where somebody should look, or brings an open one up to date. What
/// a person decided stays. `must` opens one whatever was found, because a person has a word in it. Answers the case, if there is one.
pub async fn case_note(
    application: &Application,
    connection: &mut Connection,
    referral: &Referral,
    assessment: &Assessment,
    must: bool,
) -> Result<Option<CaseId>, sql::Error> {
    let now = application.clock.now().as_microsecond();
    let part = Part::PROGRAMME.number();
    let rules: Vec<&str> = assessment.rules().map(Rule::code).collect();
    let rules = format!(" {} ", rules.join(" "));
    let stake = assessment.ring.as_ref().map_or(referral.stake, |ring| ring.stake.max(referral.stake));
    let verdict = verdict_name(assessment.verdict);
    let text = serde_json::to_string(assessment).map_err(damaged)?;
    let sql = "update fraud_case set verdict = ?, score = ?, stake = ?, rules = ?, assessment = ?, \
               assessed_at = ?, advocate = ? where part = ? and friend = ? and state = 'open'";
    let score = i64::from(assessment.score);
    let (friend, advocate) = (referral.friend.number(), referral.advocate.number());
    let cells = cells![verdict, score, stake.0, rules.as_str(), text.as_str(), now, advocate, part, friend];
    if sql::execute(connection, sql, cells).await? == 0 && (must || assessment.verdict >= Verdict::Flag) {
        let id = application.ids.next(Part::PROGRAMME).number();
        let row =
            cells![part, id, friend, advocate, "open", verdict, score, stake.0, rules, text, now, now, 1_i64, 0_i64];
        let insert = Statement::insert(
            "insert into fraud_case (part, id, friend, advocate, state, verdict, score, stake, rules, assessment, \
             opened_at, assessed_at, sent, revision) values",
            "on conflict (part, friend) do nothing",
            vec![row],
        );
        sql::run_all(connection, vec![insert]).await?;
    }
    Ok(case_of(connection, referral.friend).await?.map(|case| case.id))
}

pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::Flag => "flag",
        Verdict::Verify => "verify",
        Verdict::Hold => "hold",
        Verdict::Reject => "reject",
    }
}

pub async fn case_find(connection: &mut Connection, case: CaseId) -> Result<Option<Case>, sql::Error> {
    let sql = format!("select {COLUMNS} from fraud_case where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), case.number()]).await?;
    row.as_ref().map(Case::read).transpose()
}

/// The case about the referral of a friend.
pub async fn case_of(connection: &mut Connection, friend: MemberId) -> Result<Option<Case>, sql::Error> {
    let sql = format!("select {COLUMNS} from fraud_case where part = ? and friend = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
    row.as_ref().map(Case::read).transpose()
}

/// Cases before one, the newest first, at most so many. Looks through so many and no more, whatever is wanted.
pub async fn case_page(
    connection: &mut Connection,
    filter: CaseFilter,
    before: Option<CaseId>,
    limit: usize,
) -> Result<CasePage, sql::Error> {
    let state = if filter.state.is_some() { "and state = ? " } else { "" };
    let sql = format!(
        "select id, friend, advocate, state, score, stake, rules, opened_at from fraud_case \
         where part = ? {state}and id < ? order by id desc limit ?"
    );
    let mut page = CasePage { cases: Vec::new(), next: before };
    let mut looked = 0;
    while looked < LOOKED_THROUGH {
        let mut cells = cells![Part::PROGRAMME.number()];
        cells.extend(filter.state.map(|state| Cell::from(state.name())));
        cells.extend(cells![page.next.map_or(i64::MAX, CaseId::number), limit as i64 + 1]);
        let rows = sql::rows(connection, &sql, cells).await?;
        let is_last = rows.len() <= limit;
        looked += rows.len();
        for row in rows.iter().take(limit) {
            let case = ListedCase::read(row)?;
            if page.cases.len() == limit {
                return Ok(page);
            }
            page.next = Some(case.id);
            if filter.rule.is_none_or(|rule| case.rules.contains(&rule)) {
                page.cases.push(case);
            }
        }
        if is_last {
            page.next = None;
            break;
        }
        if page.cases.len() == limit {
            break;
        }
    }
    Ok(page)
}

/// Some cases in full.
pub async fn case_find_all(
    connection: &mut Connection,
    cases: impl IntoIterator<Item = CaseId>,
) -> Result<Vec<Case>, sql::Error> {
    let head = format!("select {COLUMNS} from fraud_case where (part, id) in");
    let keys = cases.into_iter().map(|case| cells![Part::PROGRAMME.number(), case.number()]).collect();
    sql::look_up(connection, &head, keys).await?.iter().map(Case::read).collect()
}

/// What people decided about a recommendation, as the engine has to hear it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub friend: MemberId,
    pub state: CaseState,
    /// 0 where nobody has decided anything yet.
    pub revision: i64,
}

impl Word {
    fn read(row: &Row) -> Result<(CaseId, Word), sql::Error> {
        let state: &str = sql::column(row, "state")?;
        let word = Word {
            friend: MemberId(id(sql::column(row, "friend")?)?),
            state: CaseState::named(state).ok_or_else(|| damaged(format!("{state} is no state of a case")))?,
            revision: sql::column(row, "revision")?,
        };
        Ok((CaseId(id(sql::column(row, "id")?)?), word))
    }
}

pub(super) async fn word_find(connection: &mut Connection, case: CaseId) -> Result<Option<Word>, sql::Error> {
    let sql = "select id, friend, state, revision from fraud_case where part = ? and id = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), case.number()]).await?;
    row.as_ref().map(|row| Ok(Word::read(row)?.1)).transpose()
}

/// What people decided about the referral of a friend.
pub(super) async fn word_of(
    connection: &mut Connection,
    friend: MemberId,
) -> Result<Option<(CaseId, Word)>, sql::Error> {
    let sql = "select id, friend, state, revision from fraud_case where part = ? and friend = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
    row.as_ref().map(Word::read).transpose()
}

/// Cases of which the engine has not heard what was decided, after one of them.
pub(super) async fn cases_unsent(
    connection: &mut Connection,
    after: Option<CaseId>,
    limit: usize,
) -> Result<Vec<CaseId>, sql::Error> {
    let sql = "select id from fraud_case where part = ? and sent = 0 and id > ? order by id limit ?";
    let after = after.map_or(-1, CaseId::number);
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), after, limit as i64]).await?;
    rows.iter().map(|row| Ok(CaseId(id(sql::column(row, "id")?)?))).collect()
}

/// The engine has heard of a case as it stood with this revision. Says whether it stands like that still.
pub(super) async fn case_sent(connection: &mut Connection, case: CaseId, revision: i64) -> Result<bool, sql::Error> {
    let sql = "update fraud_case set sent = 1 where part = ? and id = ? and revision = ?";
    let touched = sql::execute(connection, sql, cells![Part::PROGRAMME.number(), case.number(), revision]).await?;
    Ok(touched > 0)
}

/// Lets cases about an account, and about its friends, be those of the account that it has become. Whoever calls has
/// locked both.
pub(super) async fn cases_move(
    connection: &mut Connection,
    from: MemberId,
    into: MemberId,
    is_own_moved: bool,
) -> Result<(), sql::Error> {
    let part = Part::PROGRAMME.number();
    let sql = "update fraud_case set advocate = ? where part = ? and advocate = ?";
    sql::execute(connection, sql, cells![into.number(), part, from.number()]).await?;
    if is_own_moved && word_of(connection, into).await?.is_none() {
        let sql = "update fraud_case set friend = ? where part = ? and friend = ?";
        sql::execute(connection, sql, cells![into.number(), part, from.number()]).await?;
    }
    Ok(())
}

/// How many wait; many are as good as more.
pub async fn cases_open(connection: &mut Connection, most: usize) -> Result<usize, sql::Error> {
    let sql = "select id from fraud_case where part = ? and state = 'open' order by id limit ?";
    Ok(sql::rows(connection, sql, cells![Part::PROGRAMME.number(), most as i64]).await?.len())
}

/// What was done with a case, the earliest first.
pub async fn case_steps(connection: &mut Connection, case: CaseId) -> Result<Vec<CaseStep>, sql::Error> {
    let sql = "select id, step, staff, reason from fraud_case_step where part = ? and fraud_case = ? order by id";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), case.number()]).await?;
    let step = |row: &Row| {
        let at = id(sql::column(row, "id")?)?.milliseconds();
        Ok(CaseStep {
            at: Instant::from_millisecond(at).map_err(damaged)?,
            step: sql::column(row, "step")?,
            staff: sql::column(row, "staff")?,
            reason: sql::column(row, "reason")?,
        })
    };
    rows.iter().map(step).collect()
}

/// Forgets why something was decided about a member: reasons may tell of the person.
pub async fn cases_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let part = Part::PROGRAMME.number();
    let mut statements = Vec::new();
    for column in ["friend", "advocate"] {
        let sql = format!("select id from fraud_case where part = ? and {column} = ?");
        for row in &sql::rows(connection, &sql, cells![part, member.number()]).await? {
            let sql = "update fraud_case_step set reason = '' where part = ? and fraud_case = ?";
            statements.push(Statement::plain(sql, cells![part, sql::column::<i64>(row, "id")?]));
        }
    }
    sql::run_all(connection, statements).await?;
    Ok(())
}

impl CaseHand<'_> {
    /// Decides a case. What spoke in it counts from now on.
    pub async fn decide(
        self,
        connection: &mut Connection,
        case: CaseId,
        decision: Decision,
        reason: &str,
    ) -> Result<Result<Case, CaseRefusal>, sql::Error> {
        let Some(known) = case_find(connection, case).await? else { return Ok(Err(CaseRefusal::Unknown)) };
        let grounds = known.assessment.grounds();
        let text = serde_json::to_string(&grounds).map_err(damaged)?;
        let state = CaseState::of(decision);
        let sql = "update fraud_case set state = ?, grounds = ?, decided_at = ?, sent = 0, revision = revision + 1 \
                   where part = ? and id = ? and state = 'open'";
        let now = self.application.clock.now();
        let part = Part::PROGRAMME.number();
        let cells = cells![state.name(), text, now.as_microsecond(), part, case.number()];
        if sql::execute(connection, sql, cells).await? == 0 {
            return Ok(Err(CaseRefusal::Decided));
        }
        precedent_count(connection, decision, &grounds, false).await?;
        self.note(connection, case, state.name(), reason).await?;
        let revision = known.revision + 1;
        Ok(Ok(Case { state, grounds: Some(grounds), decided_at: Some(now), revision, ..known }))
    }

    /// Takes a decision back, as if it had never been taken. The case waits again.
    pub async fn undo(
        self,
        connection: &mut Connection,
        case: CaseId,
        reason: &str,
    ) -> Result<Result<Case, CaseRefusal>, sql::Error> {
        let Some(known) = case_find(connection, case).await? else { return Ok(Err(CaseRefusal::Unknown)) };
        let Some(decision) = known.state.decision() else { return Ok(Err(CaseRefusal::Undecided)) };
        let sql = "update fraud_case set state = 'open', grounds = null, decided_at = null, sent = 0, \
                   revision = revision + 1 where part = ? and id = ? and revision = ?";
        let cells = cells![Part::PROGRAMME.number(), case.number(), known.revision];
        if sql::execute(connection, sql, cells).await? == 0 {
            return Ok(Err(CaseRefusal::Undecided));
        }
        let grounds = known.grounds.clone().unwrap_or_default();
        precedent_count(connection, decision, &grounds, true).await?;
        self.note(connection, case, "undone", reason).await?;
        let revision = known.revision + 1;
        Ok(Ok(Case { state: CaseState::Open, grounds: None, decided_at: None, revision, ..known }))
    }

    async fn note(self, connection: &mut Connection, case: CaseId, step: &str, reason: &str) -> Result<(), sql::Error> {
        let sql = "insert into fraud_case_step (part, fraud_case, id, step, staff, reason) values (?, ?, ?, ?, ?, ?)";
        let id = self.application.ids.next(Part::PROGRAMME).number();
        let cells = cells![Part::PROGRAMME.number(), case.number(), id, step, self.staff, reason];
        sql::execute(connection, sql, cells).await?;
        Ok(())
    }
}

impl Application {
    /// Judges the referral of a friend by what is known now, and keeps what was found for somebody to look at; `must` does so
    /// whatever was found. None where nobody recommended the friend.
    pub async fn look_into(
        &self,
        friend: MemberId,
        must: bool,
    ) -> Result<Option<(Referral, Assessment)>, super::FraudError> {
        let policy = self.fraud_settings().map(|settings| super::policy_of(&settings)).unwrap_or_default();
        let mut snapshot = self.database.snapshot().await?;
        let Some(detector) = super::detector_around(&mut snapshot, &policy, friend).await? else { return Ok(None) };
        drop(snapshot);
        let Some(assessment) = detector.assess(friend) else { return Ok(None) };
        let Some(referral) = detector.referrals().of_friend(friend).copied() else { return Ok(None) };
        let mut transaction = self.database.write_aside().await?;
        case_note(self, &mut transaction, &referral, &assessment, must).await?;
        transaction.commit().await?;
        Ok(Some((referral, assessment)))
    }
}
