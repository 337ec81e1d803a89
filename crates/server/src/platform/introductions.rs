//! By whom somebody came. What a friend met is looked up, one pure function says who is credited, and the friend's
//! account is told. Why each touch counted or not is kept, so that whoever asks later gets the same answer.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::Command;
use lojal_core::decision::Refusal;
use lojal_core::holder::Holder;
use lojal_core::kernel::{ClickId, Id, Instant, MemberId, Name, Period};
use lojal_core::programme::{CreditPolicy, Programme};
use lojal_core::referrals::attribution::{Attribution, Outcome, Touch, TouchKind, Visitor, attribute};
use lojal_core::referrals::{CLOCKS_DIFFER, Introduction, ReferralState, edition_meant};
use lojal_fraud::identifier::Mark as Identifier;
use serde::{Deserialize, Serialize};

use super::application::Application;
use super::clicks::{Click, ClickKind, ClickToken, Clicks, Mark, VisitorKey, click_find, touches_of, visitor_is};
use super::clock::instant;
use super::journal::id;
use super::referral_codes::{CodeName, code_find_all, code_lead};
use super::sql::{self, Connection, Statement, cells, damaged};
use super::writer::{Submission, WriteError};

/// Touches of one visitor that are looked at.
const MOST_TOUCHES: usize = 100;
/// Touches whose places are remembered of the friend.
const MOST_WATCHED: usize = 10;
/// Where no edition says otherwise.
const WINDOW_DAYS: i64 = 30;

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
    pub touches: Vec<TracedTouch>,
}

/// A touch with where it was met.
struct Seen {
    touch: Touch,
    channel: String,
    /// Where the friend was at that moment, as keyed hashes.
    identifiers: Vec<Identifier>,
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
    clicks.fold().await?;
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
    let visitors = visitors(application, met).await?;
    let seen = seen(application, met, &visitors, &accounts, came_at).await?;
    let is_unknown_code = met.code.is_some() && !seen.iter().any(|seen| seen.touch.kind == TouchKind::Code);
    let touches: Vec<Touch> = seen.iter().map(|seen| seen.touch).collect();
    let (policy, since) = terms(programme, &holder, met.referral.as_ref(), &touches, came_at);
    let attribution = attribute(policy, since, came_at + CLOCKS_DIFFER, &touches);
    note(application, friend, came_at, &visitors, &attribution, traced(policy, since, &attribution, &seen)).await?;
    for seen in seen.iter().rev().take(MOST_WATCHED).filter(|seen| !seen.identifiers.is_empty()) {
        application.watch_marks_if_checked(friend, seen.identifiers.clone(), seen.touch.at).await?;
    }
    let Some(introduction) = introduction(met, &attribution, &seen, came_at) else {
        return Ok(if is_unknown_code { Introduced::ByUnknownCode } else { Introduced::ByNobody });
    };
    let command = Command::Refer { introduction: Box::new(introduction) };
    match application.writer.submit(Submission::new(friend, command)).await {
        Ok(_) | Err(WriteError::Refused(Refusal::AlreadyReferred { .. })) => {}
        Err(WriteError::Refused(refusal)) => return Ok(Introduced::Refused(refusal)),
        Err(cause) => return Err(cause),
    }
    let holder = application.holder(friend.into()).await?;
    Ok(holder.and_then(|holder| holder.referral).map_or(Introduced::ByNobody, Introduced::By))
}

/// Who is credited among several, and since when touches count: by the edition under which the friend comes.
fn terms(
    programme: &Programme,
    friend: &Holder,
    named: Option<&Name>,
    touches: &[Touch],
    came_at: Instant,
) -> (CreditPolicy, Instant) {
    let moments = touches.iter().filter(|touch| touch.visitor == Visitor::Person).map(|touch| touch.at);
    let first = || programme.referrals.iter().find(|edition| named.is_none_or(|named| edition.id == *named));
    let edition = edition_meant(programme, friend, named, moments, came_at).or_else(first);
    let window = edition.map_or(Period::days(WINDOW_DAYS), |edition| edition.window);
    let since = programme.calendar.before(came_at, window);
    let since = edition.and_then(|edition| edition.from).map_or(since, |from| since.max(from));
    (edition.map(|edition| edition.credit).unwrap_or_default(), since)
}

/// Everything by which the friend was known before.
async fn visitors(application: &Application, met: &Met) -> Result<Vec<Mark>, WriteError> {
    let mut visitors = Vec::new();
    if let Some(name) = &met.visitor {
        visitors.push(Mark::of_visitor(&application.vault, &VisitorKey::Shop(name.clone())));
    }
    if let Some(token) = met.click.as_deref().and_then(|text| ClickToken::verify(&application.vault, text)) {
        let click = click_find(&mut *application.database.read().await?, token.click).await?;
        visitors.extend(click.map(|click| click.visitor).filter(|visitor| *visitor != Mark::NOBODY));
    }
    Ok(visitors)
}

/// Everything that the friend met, as far as it leads to somebody.
async fn seen(
    application: &Application,
    met: &Met,
    visitors: &[Mark],
    accounts: &BTreeSet<MemberId>,
    came_at: Instant,
) -> Result<Vec<Seen>, WriteError> {
    let mut connection = application.database.read().await?;
    let mut clicked: BTreeMap<ClickId, (Id, Instant)> = BTreeMap::new();
    for visitor in visitors {
        // What was met too early is told as well.
        for touched in touches_of(&mut connection, *visitor, Instant::MIN, MOST_TOUCHES).await? {
            clicked.insert(touched.click, (touched.code, touched.clicked_at));
        }
    }
    let token = met.click.as_deref().and_then(|text| ClickToken::verify(&application.vault, text));
    if let Some(ClickToken { click, code: Some(code) }) = token {
        // One that never came to be written says by itself when it was.
        let moment = instant(click.0.milliseconds() * 1_000);
        clicked.entry(click).or_insert((code, moment));
    }
    let codes: BTreeSet<Id> = clicked.values().map(|(code, _)| *code).collect();
    let mut leads = BTreeMap::new();
    for code in code_find_all(&mut connection, codes).await? {
        if let Ok(lead) = code_lead(&mut connection, &code.name).await? {
            leads.insert(code.id, lead);
        }
    }
    let visitor = |advocate: MemberId| match accounts.contains(&advocate) {
        true => Visitor::Advocate,
        false => Visitor::Person,
    };
    let mut seen = Vec::new();
    for (click, (code, at)) in clicked {
        let Some(lead) = leads.get(&code) else { continue };
        let found = click_find(&mut connection, click).await?;
        if found.as_ref().is_some_and(|found| found.kind != ClickKind::Person) {
            continue;
        }
        let identifiers = found.as_ref().map(Click::identifiers).unwrap_or_default();
        let channel = found.map_or_else(|| lead.channel.clone(), |found| found.channel);
        let (advocate, kind) = (lead.advocate, TouchKind::Click);
        let touch = Touch { at, id: click, advocate, kind, visitor: visitor(advocate) };
        seen.push(Seen { touch, channel, identifiers });
    }
    if let Some(name) = &met.code
        && let Ok(lead) = code_lead(&mut connection, name).await?
    {
        let (advocate, kind) = (lead.advocate, TouchKind::Code);
        let touch = Touch { at: came_at, id: ClickId(lead.code), advocate, kind, visitor: visitor(advocate) };
        seen.push(Seen { touch, channel: lead.channel, identifiers: Vec::new() });
    }
    Ok(seen)
}

/// What the friend's account is told, where somebody is credited.
fn introduction(met: &Met, attribution: &Attribution, seen: &[Seen], came_at: Instant) -> Option<Introduction> {
    let credited = attribution.trace.iter().rev().find(|(_, outcome)| matches!(outcome, Outcome::Credited { .. }));
    let (touch, _) = credited?;
    let channel = seen.iter().find(|seen| seen.touch == *touch).map(|seen| seen.channel.as_str());
    let channel = channel.filter(|channel| !channel.is_empty()).map(Name::from);
    Some(Introduction {
        referral: met.referral.clone(),
        credits: attribution.credits.clone(),
        touched_at: touch.at,
        came_at,
        channel: met.channel.clone().or(channel),
    })
}

fn traced(policy: CreditPolicy, since: Instant, attribution: &Attribution, seen: &[Seen]) -> Trace {
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
    let touches = attribution.trace.iter().map(touch).collect();
    Trace { credit: policy, since: since.as_microsecond(), touches }
}

/// Keeps why, before the account is told: whatever is interrupted comes to the same when it is asked for again.
async fn note(
    application: &Application,
    friend: MemberId,
    came_at: Instant,
    visitors: &[Mark],
    attribution: &Attribution,
    trace: Trace,
) -> Result<(), WriteError> {
    let now = application.clock.now();
    let body = serde_json::to_string(&trace).map_err(sql::unwritable)?;
    let mut transaction = application.database.write_aside_in(friend.part()).await?;
    for visitor in visitors {
        visitor_is(&mut transaction, *visitor, friend, now).await?;
    }
    let sql = "insert into referral_attribution (part, friend, came_at, body) values (?, ?, ?, ?) \
               on conflict (part, friend) do update set came_at = excluded.came_at, body = excluded.body";
    let cells = cells![friend.part().number(), friend.number(), came_at.as_microsecond(), body];
    sql::execute(&mut transaction, sql, cells).await?;
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

/// Why somebody is credited with a friend.
pub async fn trace_find(connection: &mut Connection, friend: MemberId) -> Result<Option<Trace>, sql::Error> {
    let sql = "select body from referral_attribution where part = ? and friend = ?";
    let row = sql::row(connection, sql, cells![friend.part().number(), friend.number()]).await?;
    let read = |row: sql::Row| {
        let body: &str = sql::column(&row, "body")?;
        serde_json::from_str(body).map_err(damaged)
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
