//! Who a member is, once the house knows: values that only this module makes, and that every handler for members asks
//! for by name.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::SignedDuration;
use lojal_core::kernel::MemberId;

use super::entry::EntryFault;
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus, member_find};
use crate::platform::http::Problem;
use crate::platform::pages::{Frame, PageError, PageState, Reader, cookie};
use crate::platform::sessions::{Session, Sessions};

/// Where members come in.
const DOOR: &str = "/portal/sign-in";
const HOME: &str = "/portal";

pub const MEMBER_SESSIONS: Sessions = Sessions {
    table: "member_session",
    owner: "member",
    idle: SignedDuration::from_hours(30 * 24),
    longest: SignedDuration::from_hours(182 * 24),
};

/// The proof that a member is signed in with this browser.
#[derive(Debug)]
pub struct Visitor {
    pub member: MemberRow,
    pub session: Session,
    /// The frame of the page.
    pub frame: Frame,
}

/// The cookie of a member's browser. With HTTPS the name itself keeps others of the same domain from setting it.
pub fn member_cookie(is_secure: bool) -> &'static str {
    if is_secure { "__Host-lojal_member" } else { "lojal_member" }
}

/// What stands in the cookie: whose session, because it stands in the part of its member, and its token.
pub fn member_cookie_value(member: MemberId, token: &str) -> String {
    format!("{member}.{token}")
}

impl Visitor {
    /// Who reads a page, if anybody is signed in.
    pub async fn find(headers: &HeaderMap, frame: &Frame, state: &PageState) -> Result<Option<Visitor>, PageError> {
        let Some(value) = cookie(headers, member_cookie(state.is_secure())) else { return Ok(None) };
        let named = value.split_once('.').and_then(|(name, token)| Some((name.parse::<MemberId>().ok()?, token)));
        let Some((id, token)) = named else { return Ok(None) };
        let application = &state.application;
        let mut connection = application.database.read().await?;
        let session = MEMBER_SESSIONS.find(&mut connection, id.part(), token, application.clock.now()).await?;
        let Some(session) = session.filter(|session| session.owner == id.number()) else { return Ok(None) };
        let member = member_find(&mut connection, id).await?;
        drop(connection);
        let Some(member) = member.filter(|member| member.status == MemberStatus::Active) else { return Ok(None) };
        MEMBER_SESSIONS.note_use(application, id.part(), &session);
        let frame = frame.clone().read_by(Reader { name: String::new(), role: "member" });
        Ok(Some(Visitor { member, session, frame }))
    }
}

impl FromRequestParts<PageState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &PageState) -> Result<Visitor, PageError> {
        let Ok(frame) = Frame::from_request_parts(parts, state).await;
        // Only a page can be come back to.
        let asked = || parts.uri.path_and_query().map_or(HOME, |asked| asked.as_str());
        let back_to = if parts.method == Method::GET { asked() } else { HOME };
        let sign_in = || PageError::SignIn { door: DOOR, back_to: back_to.to_owned() };
        Visitor::find(&parts.headers, &frame, state).await?.ok_or_else(sign_in)
    }
}

/// The proof that a request comes with a token that the shop signed for this member: `Authorization: Bearer …`.
#[derive(Clone, Debug)]
pub struct MemberToken {
    pub member: MemberRow,
}

impl FromRequestParts<Application> for MemberToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, application: &Application) -> Result<MemberToken, Problem> {
        let stated = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = stated.and_then(|stated| stated.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
        let unauthorized = |code: &str, detail: String| Problem::new(StatusCode::UNAUTHORIZED, code, detail);
        let token = token.ok_or_else(|| {
            unauthorized("unauthorized", "send the member's token: Authorization: Bearer eyJ…".to_owned())
        })?;
        match application.member_of_unspent_token(token).await {
            Ok(member) => Ok(MemberToken { member }),
            Err(EntryFault::Token(fault)) => Err(unauthorized(fault.code(), fault.to_string())),
            Err(EntryFault::Inside(cause)) => Err(Problem::internal(&cause)),
        }
    }
}
