//! By whom somebody came. What a friend met is looked up, one pure function says who is credited, and the friend's
//! account is told. Why each touch counted or not is kept, so that whoever asks later gets the same answer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::holder::Holder;
use lojal_core::kernel::{ClickId, Instant, MemberId, Name};
use lojal_core::programme::CreditPolicy;
use lojal_core::referrals::attribution::{Attribution, Outcome, Touch, TouchKind};
use lojal_core::referrals::{Coming, Crediting, Introduction, ReferralState, asks_advocates, credit};
use serde::{Deserialize, Serialize};

use super::application::Application;
use super::clicks::{Clicks, Mark, visitor_is};
use super::encounters::{Asking, Encounters, Seen};
use super::enrolment::member_lock;
use super::journal::id;
use super::referral_codes::CodeName;
use super::sql::{self, Connection, Statement, cells, damaged};
use super::writer::{Submission, WriteError};

/// Touches whose places are remembered of the friend.
const MOST_WATCHED: usize = 10;
/// Advocates who are asked whether they may recommend at all: those who were met last.
const MOST_ASKED: usize = 16;

/// With what somebody came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// The edition that is meant; any, where none is named.
    pub referral: Option<Name>,
    /// A code that was typed.
    pub code: Option<CodeName>,
    /// What was handed on with a link that was followed.
    pub click: Option<String>,
    /// The shop's own name for whoever came.
    pub visitor: Option<String>,
    pub channel: Option<Name>,
    /// The shop knows the person already, under another account or none.
    pub is_customer: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Introduced {
    /// Nothing of what was met counts.
    ByNobody,
    /// The code that was typed leads to nobody, and nothing else counts.
    ByUnknownCode,
    /// The friend's account would not have it.
    Refused(Refusal),
    /// How it stands, also where it was so before.
    By(Box<ReferralState>),
}

/// A touch with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracedTouch {
    pub click: ClickId,
    pub advocate: MemberId,
    /// In microseconds.
    pub at: i64,
    pub kind: TouchKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// Why somebody is credited with a friend, or nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub credit: CreditPolicy,
    /// From when on touches counted, in microseconds.
    pub since: i64,
    /// When the friend came, in microseconds.
    #[serde(skip)]
    pub came_at: i64,
    pub touches: Vec<TracedTouch>,
    /// The shop said that the person was a customer already.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_customer: bool,
}

/// Says who is credited with a friend who came at `came_at`, and tells the friend's account. Done again, it changes
/// nothing.
pub async fn introduce(
    application: &Application,
    clicks: &Clicks,
    friend: MemberId,
    met: &Met,
    came_at: Instant,
) -> Result<Introduced, WriteError> {
    let holder = application.holder(friend.into()).await?.ok_or(WriteError::Refused(Refusal::UnknownHolder))?;
    if let Some(state) = &holder.referral
        && !state.is_open_to_another()
    {
        return Ok(Introduced::By(state.clone()));
    }
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let came_at = came_at.min(application.clock.now());
    let accounts: BTreeSet<MemberId> = holder.merged_accounts().chain([friend]).collect();
    let asking = Asking { application, clicks, friend, accounts: &accounts, came_at };
    let Encounters { seen, visitors, .. } = Encounters::of(&asking, met).await?;
    let leading: Vec<Touch> = seen.iter().filter(|seen| seen.leads).map(|seen| seen.touch).collect();
    let is_unknown_code = met.code.is_some() && !leading.iter().any(|touch| touch.kind == TouchKind::Code);
    let named = met.referral.as_ref();
    let advocates = match asks_advocates(programme, named) {
        true => advocates_of(application, &leading).await?,
        false => BTreeMap::new(),
    };
    let now = application.clock.now();
    let (holder, touches, advocates) = (&holder, &leading, &advocates);
    let coming = Coming { friend: holder, named, touches, advocates, came_at, now };
    let crediting = credit(programme, &coming);
    let trace = Trace { is_customer: met.is_customer, ..traced(&crediting, came_at, &seen) };
    note(application, friend, &visitors, &crediting.attribution, &trace).await?;
    for seen in seen.iter().rev().take(MOST_WATCHED).filter(|seen| !seen.identifiers.is_empty()) {
        application.watch_marks_if_checked(friend, seen.identifiers.clone(), seen.touch.at).await?;
    }
    let Some(introduction) = introduction(met, crediting, &seen, came_at) else {
        return Ok(if is_unknown_code { Introduced::ByUnknownCode } else { Introduced::ByNobody });
    };
    let command = Command::Refer { introduction: Box::new(introduction.clone()) };
    match application.writer.submit(Submission::new(friend, command)).await {
        Ok(_) | Err(WriteError::Refused(Refusal::AlreadyReferred { .. })) => {}
        Err(WriteError::Refused(refusal)) => return Ok(Introduced::Refused(refusal)),
        Err(cause) => return Err(cause),
    }
    let holder = application.holder(friend.into()).await?;
    let Some(state) = holder.and_then(|holder| holder.referral) else { return Ok(Introduced::ByNobody) };
    if state.introduction.is_like(&introduction) {
        keep_trace(application, friend, &trace).await?;
    }
    Ok(Introduced::By(state))
}

/// The accounts of those who were met, the last ones first, and of so many.
async fn advocates_of(application: &Application, touches: &[Touch]) -> Result<BTreeMap<MemberId, Holder>, WriteError> {
    let mut touches: Vec<&Touch> = touches.iter().collect();
    touches.sort_by_key(|touch| Reverse(touch.at));
    let mut met = BTreeMap::new();
    for touch in touches {
        if met.len() >= MOST_ASKED || met.contains_key(&touch.advocate) {
            continue;
        }
        met.extend(application.holder(touch.advocate.into()).await?.map(|holder| (touch.advocate, holder)));
    }
    Ok(met)
}

/// What the friend's account is told, where somebody is credited.
fn introduction(met: &Met, crediting: Crediting, seen: &[Seen], came_at: Instant) -> Option<Introduction> {
    let Crediting { referral, attribution, .. } = crediting;
    let credited = attribution.trace.iter().rev().find(|(_, outcome)| matches!(outcome, Outcome::Credited { .. }));
    let (touch, _) = credited?;
    let channel = seen.iter().find(|seen| seen.touch == *touch).map(|seen| seen.channel.as_str());
    let channel = channel.filter(|channel| !channel.is_empty()).map(Name::from);
    Some(Introduction {
        referral,
        credits: attribution.credits,
        touched_at: touch.at,
        came_at,
        channel: met.channel.clone().or(channel),
    })
}

fn traced(crediting: &Crediting, came_at: Instant, seen: &[Seen]) -> Trace {
    let touch = |(touch, outcome): &(Touch, Outcome)| {
        let channel = seen.iter().find(|seen| seen.touch == *touch).map(|seen| seen.channel.clone());
        TracedTouch {
            click: touch.id,
            advocate: touch.advocate,
            at: touch.at.as_microsecond(),
            kind: touch.kind,
            channel: channel.filter(|channel| !channel.is_empty()),
            outcome: *outcome,
        }
    };
    let lost = seen.iter().filter(|seen| !seen.leads).map(|seen| (seen.touch, Outcome::LeadsToNobody));
    let mut all: Vec<(Touch, Outcome)> = crediting.attribution.trace.iter().copied().chain(lost).collect();
    all.sort_by_key(|(touch, _)| *touch);
    let touches = all.iter().map(touch).collect();
    let (since, came_at) = (crediting.since.as_microsecond(), came_at.as_microsecond());
    Trace { credit: crediting.policy, since, came_at, touches, is_customer: false }
}

/// Keeps why, before the account is told: whatever is interrupted comes to the same when it is asked for again. Who is
/// erased meanwhile stays so.
async fn note(
    application: &Application,
    friend: MemberId,
    visitors: &BTreeSet<Mark>,
    attribution: &Attribution,
    trace: &Trace,
) -> Result<(), WriteError> {
    let now = application.clock.now();
    let mut transaction = application.database.write_aside_in(friend.part()).await?;
    let row = member_lock(&mut transaction, friend).await?;
    if row.is_none_or(|row| row.is_erased()) {
        return Err(WriteError::Refused(Refusal::UnknownHolder));
    }
    for visitor in visitors {
        visitor_is(&mut transaction, *visitor, friend, now).await?;
    }
    trace_set(&mut transaction, friend, trace).await?;
    transaction.commit().await?;
    for credit in &attribution.credits {
        let advocate = credit.advocate;
        let mut transaction = application.database.write_aside_in(advocate.part()).await?;
        let sql = "insert into referral_friend (part, advocate, friend) values (?, ?, ?) \
                   on conflict (part, advocate, friend) do nothing";
        let cells = cells![advocate.part().number(), advocate.number(), friend.number()];
        sql::execute(&mut transaction, sql, cells).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// Of two who introduce a friend at once, the account hears one. Then that one's reasons stand.
async fn keep_trace(application: &Application, friend: MemberId, trace: &Trace) -> Result<(), WriteError> {
    if trace_find(&mut *application.database.read().await?, friend).await?.is_none_or(|kept| kept == *trace) {
        return Ok(());
    }
    let mut transaction = application.database.write_aside_in(friend.part()).await?;
    let row = member_lock(&mut transaction, friend).await?;
    if row.is_some_and(|row| !row.is_erased()) {
        trace_set(&mut transaction, friend, trace).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn trace_set(connection: &mut Connection, friend: MemberId, trace: &Trace) -> Result<(), sql::Error> {
    let body = serde_json::to_string(trace).map_err(sql::unwritable)?;
    let sql = "insert into referral_attribution (part, friend, came_at, body) values (?, ?, ?, ?) \
               on conflict (part, friend) do update set came_at = excluded.came_at, body = excluded.body";
    let cells = cells![friend.part().number(), friend.number(), trace.came_at, body];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Why somebody is credited with a friend.
pub async fn trace_find(connection: &mut Connection, friend: MemberId) -> Result<Option<Trace>, sql::Error> {
    let sql = "select body, came_at from referral_attribution where part = ? and friend = ?";
    let row = sql::row(connection, sql, cells![friend.part().number(), friend.number()]).await?;
    let read = |row: sql::Row| {
        let body: &str = sql::column(&row, "body")?;
        let trace: Trace = serde_json::from_str(body).map_err(damaged)?;
        Ok(Trace { came_at: sql::column(&row, "came_at")?, ..trace })
    };
    row.map(read).transpose()
}

/// Who may have come by some accounts, in a stable order after `after`, at most `limit`.
pub async fn friends_of(
    connection: &mut Connection,
    advocates: &[MemberId],
    after: Option<MemberId>,
    limit: usize,
) -> Result<Vec<MemberId>, sql::Error> {
    let sql =
        "select friend from referral_friend where part = ? and advocate = ? and friend > ? order by friend limit ?";
    let after = after.map_or(-1, MemberId::number);
    let of_advocate = |advocate: &MemberId| {
        Statement::plain(sql, cells![advocate.part().number(), advocate.number(), after, limit as i64])
    };
    let mut friends = BTreeSet::new();
    for answer in sql::run_all(connection, advocates.iter().map(of_advocate).collect()).await? {
        for row in &answer.rows {
            friends.insert(MemberId(id(sql::column(row, "friend")?)?));
        }
    }
    Ok(friends.into_iter().take(limit).collect())
}

/// Forgets what a member met. Whoever calls has locked the member.
pub(super) async fn introductions_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let sql = "delete from referral_attribution where part = ? and friend = ?";
    sql::execute(connection, sql, cells![member.part().number(), member.number()]).await?;
    Ok(())
}
