//! `/console/cases`: what the checks have noticed, with its evidence, and what a person decides.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::kernel::{CaseId, HolderId, MemberId, Money};
use lojal_fraud::policy::Rule;
use lojal_fraud::weights::Decision;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::drawing::{drawing, people};
use super::proof;
use super::wire::rule_named;
use super::words::{kind_text, percent, rule_key, sentence};
use crate::members::{HolderView, holders};
use crate::platform::fraud::{
    Case, CaseFilter, CaseHand, CaseRefusal, CaseState, CaseStep, ListedCase, case_find, case_page, case_steps,
    send_decision, verdict_name,
};
use crate::platform::http::fields::Remark;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::staff::{Manages, Permission, Staff, Views, account_list};

pub(super) const HERE: &str = "/console/cases";
const ON_A_PAGE: usize = 40;
/// What joins people, the heaviest first: more than this is counted, not shown.
const MOST_TIES: usize = 40;

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(list))
        .route("/console/cases/{case}", get(page))
        .route("/console/cases/{case}/decide", post(decide))
        .route("/console/cases/{case}/undo", post(undo))
        .route("/console/cases/{case}/ask", post(proof::ask))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    rule: String,
    before: Option<String>,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    friend: HolderView,
    advocate: HolderView,
    rules: Vec<String>,
    score: String,
    stake: String,
    opened: String,
    state: &'static str,
}

/// A rule with its text, to choose it.
#[derive(Serialize)]
struct RuleView {
    code: &'static str,
    name: String,
}

async fn list(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let before = asked.before.as_deref().map(str::parse::<CaseId>).transpose().map_err(|_| PageError::NOT_FOUND)?;
    let filter =
        CaseFilter { state: read_filter(&asked.state, CaseState::named)?, rule: read_filter(&asked.rule, rule_named)? };
    let mut connection = state.application.database.read().await?;
    let found = case_page(&mut connection, filter, before, ON_A_PAGE).await?;
    let people = found.cases.iter().flat_map(|case| [case.friend, case.advocate]).map(HolderId::from);
    let named = holders(&state, &mut connection, people).await?;
    drop(connection);
    let rows: Vec<RowView> = found.cases.iter().map(|case| row(&staff, &state, case, &named)).collect();
    let texts = state.pages.texts(staff.frame.language());
    let rules: Vec<RuleView> = Rule::ALL
        .into_iter()
        .map(|rule| RuleView { code: rule.code(), name: texts.say(&rule_key(rule), None, &[]) })
        .collect();
    let next = found.next.map(|next| {
        let mut address = form_urlencoded::Serializer::new(String::new());
        let address = address.append_pair("state", &asked.state).append_pair("rule", &asked.rule);
        address.append_pair("before", &next.to_string()).finish()
    });
    let form = Form::default().with("state", asked.state.as_str()).with("rule", asked.rule.as_str());
    let content = context! {
        rows => Value::from(Serde(&rows)),
        rules => Value::from(Serde(&rules)),
        states => CaseState::ALL.map(CaseState::name).to_vec(),
        form => Value::from(Serde(&form)),
        next,
        is_first => asked.before.is_none(),
    };
    Ok(state.pages.html("cases/list.html", &staff.frame, content)?.into_response())
}

/// Nothing chosen is nothing left out; what does not exist is no page.
fn read_filter<T>(chosen: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, PageError> {
    match chosen {
        "" => Ok(None),
        chosen => read(chosen).map(Some).ok_or(PageError::NOT_FOUND),
    }
}

fn row<P>(staff: &Staff<P>, state: &PageState, case: &ListedCase, named: &HashMap<HolderId, HolderView>) -> RowView {
    let texts = state.pages.texts(staff.frame.language());
    let calendar = state.application.calendar();
    let view = |party: MemberId| named.get(&HolderId::from(party)).cloned().unwrap_or_default();
    RowView {
        id: case.id.to_string(),
        friend: view(case.friend),
        advocate: view(case.advocate),
        rules: case.rules.iter().map(|rule| texts.say(&rule_key(*rule), None, &[])).collect(),
        score: texts.words.number(case.score.into(), 0),
        stake: money(state, texts, case.stake),
        opened: texts.words.moment_in(&calendar, case.opened_at),
        state: case.state.name(),
    }
}

fn money(state: &PageState, texts: &crate::platform::pages::Texts, money: Money) -> String {
    match state.application.rulebook().live() {
        Some(programme) => texts.words.about(programme).money(money),
        None => texts.words.number(money.0, 2),
    }
}

#[derive(Serialize)]
struct FindingView {
    name: String,
    text: String,
    weight: String,
    speaks_for: bool,
    evidence: Vec<String>,
}

#[derive(Serialize)]
struct TieView {
    one: HolderView,
    other: HolderView,
    kinds: Vec<String>,
    weight: Option<String>,
    is_household: bool,
}

#[derive(Serialize)]
struct StepView {
    step: String,
    who: Option<String>,
    when: String,
    reason: String,
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Path(case): Path<String>,
) -> Result<Response, PageError> {
    let case = asked(&state, &case).await?;
    shown(&staff, &state, &case, Form::default(), false).await
}

pub(super) async fn asked(state: &PageState, case: &str) -> Result<Case, PageError> {
    let id: CaseId = case.parse().map_err(|_| PageError::NOT_FOUND)?;
    case_find(&mut *state.application.database.read().await?, id).await?.ok_or(PageError::NOT_FOUND)
}

/// `has_changed` says that somebody else was quicker.
pub(super) async fn shown<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    case: &Case,
    form: Form,
    has_changed: bool,
) -> Result<Response, PageError> {
    let (parties, lines) = people(case);
    let mut connection = state.application.database.read().await?;
    let named = holders(state, &mut connection, parties.iter().copied().map(HolderId::from)).await?;
    let steps = case_steps(&mut connection, case.id).await?;
    let accounts = account_list(&mut connection).await?;
    let texts = state.pages.texts(staff.frame.language());
    let proof = proof::found(&mut connection, case).await?;
    drop(connection);
    let view = |party: MemberId| named.get(&HolderId::from(party)).cloned().unwrap_or_default();
    let more = case.assessment.ring.as_ref().map_or(0, |ring| ring.more_ties);
    let more_ties = lines.len().saturating_sub(MOST_TIES) + more;
    let ties: Vec<TieView> = lines
        .iter()
        .take(MOST_TIES)
        .map(|line| TieView {
            one: view(line.one),
            other: view(line.other),
            kinds: line.kinds.iter().map(|kind| kind_text(texts, *kind)).collect(),
            weight: line.weight.map(|weight| percent(texts, lojal_fraud::scale::Thousandths(weight))),
            is_household: line.is_household,
        })
        .collect();
    let who = |id: i64| accounts.iter().find(|account| account.id == id).map(|account| account.name.clone());
    let proof = proof.view(state, texts, &who);
    let story: Vec<StepView> = steps.iter().map(|step| step_view(state, texts, step, &who)).collect();
    let drawn = drawing(case, |party| view(party).name);
    let mut frame = staff.frame.clone();
    frame.path = format!("{HERE}/{}", case.id);
    let content = context! {
        case => Value::from(Serde(&row(staff, state, &ListedCase::from(case), &named))),
        verdict => verdict_name(case.assessment.verdict),
        assessed => texts.words.moment_in(&state.application.calendar(), case.assessed_at),
        findings => Value::from(Serde(&findings(state, texts, case, &view))),
        drawing => Value::from(Serde(&drawn)),
        people => parties.len(),
        ties => Value::from(Serde(&ties)),
        more_ties,
        story => Value::from(Serde(&story)),
        proof => Value::from(Serde(&proof)),
        form => Value::from(Serde(&form)),
        may_manage => staff.may::<Manages>(),
        has_changed,
    };
    Ok(state.pages.html("cases/case.html", &frame, content)?.into_response())
}

fn findings(
    state: &PageState,
    texts: &crate::platform::pages::Texts,
    case: &Case,
    view: &impl Fn(MemberId) -> HolderView,
) -> Vec<FindingView> {
    let calendar = state.application.calendar();
    let findings = case.assessment.findings.iter().map(|finding| {
        let key = rule_key(finding.rule);
        let said = |evidence| sentence(texts, &calendar, evidence, |party| view(party).name);
        FindingView {
            name: texts.say(&key, None, &[]),
            text: texts.say(&format!("{key}-text"), None, &[]),
            weight: texts.words.number(finding.weight.into(), 0),
            speaks_for: finding.weight < 0,
            evidence: finding.evidence.iter().map(said).collect(),
        }
    });
    findings.collect()
}

fn step_view(
    state: &PageState,
    texts: &crate::platform::pages::Texts,
    step: &CaseStep,
    who: &impl Fn(i64) -> Option<String>,
) -> StepView {
    StepView {
        step: step.step.clone(),
        who: step.staff.map(|id| who(id).unwrap_or_default()),
        when: texts.words.moment_in(&state.application.calendar(), step.at),
        reason: step.reason.clone(),
    }
}

/// A reason that may be kept, and the box that says that one has looked.
fn confirmed_reason(form: &mut Form) -> String {
    let reason = form.required("reason");
    if !reason.is_empty() && Remark::parse(&reason).is_err() {
        form.fault("reason", "fault-too-long");
    }
    if form.text("sure") != "yes" {
        form.fault("sure", "fault-sure");
    }
    reason
}

async fn decide(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(case): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let case = asked(&state, &case).await?;
    let decision = match form.text("decision") {
        "confirmed" => Some(Decision::Confirmed),
        "cleared" => Some(Decision::Cleared),
        _ => None,
    };
    if decision.is_none() {
        form.fault("decision", "fault-decision");
    }
    let reason = confirmed_reason(&mut form);
    let Some(decision) = decision.filter(|_| form.is_sound()) else {
        return shown(&staff, &state, &case, form, false).await;
    };
    let application = &state.application;
    let hand = CaseHand { application, staff: Some(staff.account.id) };
    let mut transaction = application.database.write_aside().await?;
    match hand.decide(&mut transaction, case.id, decision, &reason).await? {
        Ok(decided) => {
            let detail = decided.state.name();
            staff.note(&mut transaction, application, "case_decided", case.id.to_string(), detail).await?;
            transaction.commit().await?;
            send_decision(application, case.id).await;
            Ok(see_other(&format!("{HERE}/{}", case.id)))
        }
        Err(refusal) => overtaken(&staff, &state, &case, refusal).await,
    }
}

async fn undo(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(case): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let case = asked(&state, &case).await?;
    let reason = confirmed_reason(&mut form);
    if !form.is_sound() {
        return shown(&staff, &state, &case, form, false).await;
    }
    let application = &state.application;
    let hand = CaseHand { application, staff: Some(staff.account.id) };
    let mut transaction = application.database.write_aside().await?;
    match hand.undo(&mut transaction, case.id, &reason).await? {
        Ok(_) => {
            let was = case.state.name();
            staff.note(&mut transaction, application, "case_undone", case.id.to_string(), was).await?;
            transaction.commit().await?;
            send_decision(application, case.id).await;
            Ok(see_other(&format!("{HERE}/{}", case.id)))
        }
        Err(refusal) => overtaken(&staff, &state, &case, refusal).await,
    }
}

/// As the case stands now, after somebody else was quicker.
async fn overtaken(
    staff: &Staff<Manages>,
    state: &PageState,
    case: &Case,
    refusal: CaseRefusal,
) -> Result<Response, PageError> {
    if refusal == CaseRefusal::Unknown {
        return Err(PageError::NOT_FOUND);
    }
    let case = asked(state, &case.id.to_string()).await?;
    shown(staff, state, &case, Form::default(), true).await
}
