//! `/v1/clicks` and `/v1/track/click`.

use std::collections::HashMap;

use axum::Extension;
use axum::extract::State;
use lojal_core::kernel::{ClickId, Id};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::{ClickAnswer, ClickInput, ClickJson};
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads, Writes};
use crate::platform::clicks::{
    Click, ClickKind, ClickSource, ClickToken, Clicks, Mark, Touched, VisitorKey, click_add, click_find, click_list,
    click_revive, touch_add,
};
use crate::platform::clock::instant;
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::MemberPath;
use crate::platform::http::page::{Cursor, Limit, Page, unknown_cursor};
use crate::platform::http::query::{NoQuery, RequiredIdempotencyKey, Written};
use crate::platform::http::referral_fields::CodeText;
use crate::platform::http::subject::member_look_up;
use crate::platform::http::{JsonOnce, Problem, Query};
use crate::platform::referral_codes::{CodeRefusal, code_find_all, code_find_by_name};
use crate::platform::requests::{request_begin, request_settle};
use crate::platform::sql::Connection;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(click_page)).routes(routes!(click_track))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ClickQuery {
    /// Only those of this code.
    #[param(inline, required = false)]
    code: Option<CodeText>,
    /// Only those of this member's codes.
    #[param(inline, required = false)]
    member: Option<MemberPath>,
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    cursor: Option<Cursor>,
    /// How many at once.
    #[serde(default)]
    #[param(inline, required = false)]
    limit: Limit,
}

/// List clicks
///
/// Who followed which link, the latest first; programs as well as people.
#[utoipa::path(
    get,
    path = "/v1/clicks",
    tag = "referrals",
    params(ClickQuery),
    responses((status = 200, description = "A page of clicks", body = Page<ClickJson>)),
    security(("key" = ["read"]))
)]
async fn click_page(
    _: Authority<Reads>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    Query(query): Query<ClickQuery>,
) -> Result<axum::Json<Page<ClickJson>>, Problem> {
    let before: Option<ClickId> =
        query.cursor.map(|cursor| cursor.0.parse().map_err(|_| unknown_cursor())).transpose()?;
    clicks.fold().await?;
    let codes = asked_for(&application, query.code, query.member).await?;
    let mut connection = application.database.read().await?;
    let (found, has_more) = click_list(&mut connection, codes.as_deref(), before, query.limit.0).await?;
    let names = names(&mut connection, &found).await?;
    let next_cursor = found.last().filter(|_| has_more).map(|click| click.id.to_string());
    let name = |click: &Click| click.code.and_then(|code| names.get(&code).cloned());
    let data = found.iter().map(|click| ClickJson::new(click, name(click))).collect();
    Ok(axum::Json(Page { data, has_more, next_cursor }))
}

/// The codes that a list is about; all, where nothing is said. What is unknown has no clicks.
async fn asked_for(
    application: &Application,
    code: Option<CodeText>,
    member: Option<MemberPath>,
) -> Result<Option<Vec<Id>>, Problem> {
    let of_member = match member {
        Some(member) => match member_look_up(application, &member.0).await? {
            Some(row) => Some(application.referral_codes(row.id).await?.into_iter().map(|code| code.id).collect()),
            None => Some(Vec::new()),
        },
        None => None,
    };
    let Some(code) = code else { return Ok(of_member) };
    let found = code_find_by_name(&mut *application.database.read().await?, &code.0).await?.map(|found| found.id);
    let is_meant = |code: &Id| of_member.as_ref().is_none_or(|codes: &Vec<Id>| codes.contains(code));
    Ok(Some(found.into_iter().filter(is_meant).collect()))
}

/// How the codes of clicks are written.
async fn names(connection: &mut Connection, clicks: &[Click]) -> Result<HashMap<Id, String>, Problem> {
    let mut codes: Vec<Id> = clicks.iter().filter_map(|click| click.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let codes = code_find_all(connection, codes).await?;
    Ok(codes.into_iter().map(|code| (code.id, code.shown)).collect())
}

/// Tell of a click
///
/// For shops that saw themselves with what somebody came: `lojal_click` of a link that led to them, or a code in an
/// address of their own. It counts for that visitor from then on.
#[utoipa::path(
    post,
    path = "/v1/track/click",
    tag = "referrals",
    params(RequiredIdempotencyKey),
    request_body = ClickInput,
    responses((status = 201, description = "The click", body = ClickAnswer)),
    security(("key" = ["write"]))
)]
async fn click_track(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    _: Query<NoQuery>,
    JsonOnce { body, idempotency }: JsonOnce<ClickInput>,
) -> Result<Written<ClickAnswer>, Problem> {
    let now = application.clock.now();
    if body.occurred_at.is_some_and(|moment| moment.0 > now) {
        return Err(Problem::field("/occurred_at", "in_the_future", "has not happened yet"));
    }
    if let Some(identifiers) = &body.identifiers {
        let mut faults = Faults::default();
        identifiers.check("/identifiers", &mut faults);
        faults.finish()?;
    }
    if let Some(token) = body.click.as_ref().and_then(|token| ClickToken::verify(&application.vault, &token.0)) {
        // It comes out of the log, where it is still there.
        clicks.find(token.click).await?;
    }
    let mut transaction = application.database.write_aside().await?;
    let before = request_begin(&mut transaction, Some(&idempotency), now).await?;
    let is_repeated = before.is_some();
    let click = match before {
        Some(click) => {
            let click: ClickId = click.parse().map_err(|_| forgotten())?;
            click_find(&mut transaction, click).await?.ok_or_else(forgotten)?
        }
        None => {
            let seen = body.identifiers.clone();
            let visitor = Mark::of_visitor(&application.vault, &VisitorKey::Shop(body.visitor.0.to_string()));
            let click = tell(&application, &clicks, &mut transaction, body).await?;
            if let Some(seen) = seen {
                application.watch_click_if_checked(&mut transaction, visitor, &click, &seen.clear()).await?;
            }
            request_settle(&mut transaction, Some(&idempotency), &click.id.to_string(), now).await?;
            click
        }
    };
    let names = names(&mut transaction, std::slice::from_ref(&click)).await?;
    transaction.commit().await?;
    let token = ClickToken { click: click.id, code: click.code }.sign(&application.vault);
    let name = click.code.and_then(|code| names.get(&code).cloned());
    let answer = ClickAnswer { click: ClickJson::new(&click, name), token };
    Ok(Written::created(answer, false, is_repeated))
}

fn forgotten() -> Problem {
    Problem::not_found("unknown_click", "the click was so long ago that it is forgotten")
}

/// Writes down what a shop says of a click, and answers it.
async fn tell(
    application: &Application,
    clicks: &Clicks,
    connection: &mut Connection,
    body: ClickInput,
) -> Result<Click, Problem> {
    let visitor = Mark::of_visitor(&application.vault, &VisitorKey::Shop(body.visitor.0.to_string()));
    let at = body.occurred_at.map_or_else(|| application.clock.now(), |moment| moment.0);
    match (body.click, body.code) {
        (Some(token), None) => {
            let wrong = || Problem::field("/click", "unknown_click", "is no click that was handed on from here");
            let token = ClickToken::verify(&application.vault, &token.0).ok_or_else(wrong)?;
            let code = token.code.ok_or_else(wrong)?;
            let click = match click_find(connection, token.click).await? {
                Some(click) => click,
                // It never came to be written; the token says enough.
                None => click_revive(application, connection, token.click, code, visitor).await?.ok_or_else(wrong)?,
            };
            let touched = Touched { clicked_at: instant(click.clicked_at), click: click.id, code };
            touch_add(connection, visitor, &touched).await?;
            Ok(click)
        }
        (None, Some(code)) => {
            let lead = clicks.lead(&code.0).await?.ok_or_else(|| CodeRefusal::unknown(&code.0))?;
            let channel = body.channel.map_or_else(|| lead.channel.clone(), |channel| channel.0);
            let click = Click {
                id: ClickId(application.ids.next(code.0.part())),
                code: Some(lead.code),
                advocate: Some(lead.advocate),
                channel,
                visitor,
                kind: ClickKind::Person,
                source: ClickSource::Shop,
                address: None,
                network: None,
                agent: None,
                clicked_at: at.as_microsecond(),
            };
            click_add(application, connection, &click).await?;
            Ok(click)
        }
        _ => Err(Problem::field("/click", "one_of_two", "either click or code says what was followed")),
    }
}
