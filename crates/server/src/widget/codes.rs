//! `/v1/widget/codes`: somebody has a code from a friend. The answer says whether it works and what there is for it, and
//! of nobody whose it is: a code that is blocked, and one of somebody who left, is one that is not there.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use lojal_core::kernel::Language;

use super::guard::{Caller, Storefront};
use super::view::friend_gets;
use super::wire::{WidgetCode, WidgetCodeInput, WidgetCodeReferral};
use crate::platform::application::Application;
use crate::platform::enrolment::MemberRow;
use crate::platform::http::clients::client;
use crate::platform::http::connections::Peer;
use crate::platform::http::query::{WordsQuery, language};
use crate::platform::http::{Json, Problem, Query};
use crate::platform::pages::PageError;
use crate::platform::referral_codes::CodeName;
use crate::platform::writer::WriteError;
use crate::portal::{Standing, may_be_recommended};

/// Check a code from a friend
///
/// Whether an order with it would be known to be recommended, and what the friend gets. Whose it is stays unsaid. Nothing
/// is written. From one place come 30 at once, and one every ten seconds after that.
#[utoipa::path(
    post,
    path = "/v1/widget/codes",
    tag = "widget",
    params(WordsQuery, crate::platform::http::query::IdempotencyKey),
    request_body = WidgetCodeInput,
    responses((status = 200, description = "What it is worth", body = WidgetCode)),
    security(("key" = ["read"]), ("member" = []))
)]
pub async fn widget_code(
    caller: Caller,
    State(application): State<Application>,
    Extension(storefront): Extension<Storefront>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Query(query): Query<WordsQuery>,
    Json { body, .. }: Json<WidgetCodeInput>,
) -> Result<axum::Json<WidgetCode>, Problem> {
    storefront.try_a_code(&client(peer.as_deref(), &headers)).map_err(too_often)?;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let spoken = language(query.lang).unwrap_or(Language::En);
    let name = body.code.0;
    let found = match &caller {
        Caller::Guest => of_guest(&application, &name).await?,
        Caller::Member(member) => of_member(&storefront, member, &name).await?,
    };
    let state = &storefront.state;
    let works = found == Found::Works;
    Ok(axum::Json(WidgetCode {
        works,
        text: state.pages.texts(spoken).say(found.text(), None, &[]),
        gets: if works { friend_gets(state, programme, spoken) } else { Vec::new() },
        referral: works.then(|| WidgetCodeReferral { code: name.as_str().to_owned() }),
    }))
}

/// What is said of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Works,
    /// Nobody has it, or nobody is recommended at present.
    Nothing,
    /// The member's own.
    Own,
    /// The member is recommended already, or a customer for long.
    TooLate,
}

impl Found {
    fn text(self) -> &'static str {
        match self {
            Found::Works => "widget-code-works",
            Found::Nothing => "widget-code-nothing",
            Found::Own => "widget-code-own",
            Found::TooLate => "widget-code-late",
        }
    }
}

async fn of_guest(application: &Application, name: &CodeName) -> Result<Found, Problem> {
    let now = application.clock.now();
    let rulebook = application.rulebook();
    let runs = rulebook.live().is_some_and(|live| live.referrals.iter().any(|edition| edition.runs_at(now)));
    // Looked up in any case, so that it takes as long.
    let leads = application.advocate_by_code(name).await?.is_ok();
    Ok(if leads && runs { Found::Works } else { Found::Nothing })
}

async fn of_member(storefront: &Storefront, member: &MemberRow, name: &CodeName) -> Result<Found, Problem> {
    let state = &storefront.state;
    let inside = |cause: PageError| Problem::internal(&format!("{cause:?}"));
    let standing = Standing::of(member, state).await.map_err(inside)?;
    let lead = state.application.advocate_by_code(name).await?;
    if lead.is_ok_and(|lead| lead.advocate == member.id) {
        return Ok(Found::Own);
    }
    match may_be_recommended(&standing, state) {
        Some(_) => of_guest(&state.application, name).await,
        None => Ok(Found::TooLate),
    }
}

fn too_often(cause: PageError) -> Problem {
    match cause {
        PageError::TooOften { seconds } => {
            let detail = format!("many codes were tried from here; try again in {seconds} s");
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).retry_after(seconds)
        }
        cause => Problem::internal(&format!("{cause:?}")),
    }
}
