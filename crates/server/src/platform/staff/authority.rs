//! Who may do what in the console. A session becomes a [`Staff`]: a value that only this module makes, and
//! that every handler of a page asks for by name.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use super::account::{Account, Role, account_find};
use super::action::{Action, action_note};
use super::session::{SESSION_COOKIE, STAFF_SESSIONS};
use crate::platform::application::Application;
use crate::platform::pages::{Frame, PageError, PageState, Reader, cookie};
use crate::platform::sessions::Session;
use crate::platform::sql::{self, Connection};
use lojal_core::kernel::Part;

/// May look.
#[derive(Clone, Copy, Debug)]
pub struct Views;

/// May help members.
#[derive(Clone, Copy, Debug)]
pub struct Serves;

/// May run the programme.
#[derive(Clone, Copy, Debug)]
pub struct Manages;

/// May give others what they may do.
#[derive(Clone, Copy, Debug)]
pub struct Owns;

/// What a member of staff can be trusted with.
pub trait Permission {
    const LEAST: Role;
}

impl Permission for Views {
    const LEAST: Role = Role::Analyst;
}

impl Permission for Serves {
    const LEAST: Role = Role::Support;
}

impl Permission for Manages {
    const LEAST: Role = Role::Manager;
}

impl Permission for Owns {
    const LEAST: Role = Role::Owner;
}

/// The proof that somebody is signed in who may do this.
#[derive(Debug)]
pub struct Staff<P> {
    pub account: Account,
    pub session: Session,
    /// The frame of the page, which names them.
    pub frame: Frame,
    permission: PhantomData<P>,
}

impl<P: Permission> FromRequestParts<PageState> for Staff<P> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &PageState) -> Result<Staff<P>, PageError> {
        let Ok(frame) = Frame::from_request_parts(parts, state).await;
        // Only a page can be come back to.
        let back_to = if parts.method == Method::GET { parts.uri.path() } else { "/console" };
        let sign_in = || PageError::SignIn { door: "/console/sign-in", back_to: back_to.to_owned() };
        let token = cookie(&parts.headers, SESSION_COOKIE).ok_or_else(sign_in)?;
        let application = &state.application;
        let now = application.clock.now();
        let mut connection = application.database.read().await?;
        let session = STAFF_SESSIONS.find(&mut connection, Part::PROGRAMME, token, now).await?.ok_or_else(sign_in)?;
        let account = account_find(&mut connection, session.owner).await?;
        let account = account.filter(|account| account.disabled_at.is_none()).ok_or_else(sign_in)?;
        drop(connection);
        if account.role < P::LEAST {
            return Err(PageError::FORBIDDEN);
        }
        STAFF_SESSIONS.note_use(application, Part::PROGRAMME, &session);
        let frame = frame.read_by(Reader { name: account.name.clone(), role: account.role.name() });
        Ok(Staff { account, session, frame, permission: PhantomData })
    }
}

impl<P> Staff<P> {
    /// Whether they may do what is asked for elsewhere.
    pub fn may<Q: Permission>(&self) -> bool {
        self.account.role >= Q::LEAST
    }

    /// Writes down what they do, in the transaction that does it.
    pub async fn note(
        &self,
        connection: &mut Connection,
        application: &Application,
        action: &str,
        subject: impl Into<String>,
        detail: impl Into<String>,
    ) -> Result<(), sql::Error> {
        let action = Action {
            id: application.ids.next(Part::PROGRAMME).number(),
            staff: self.account.id,
            acted_at: application.clock.now(),
            action: action.to_owned(),
            subject: subject.into(),
            detail: detail.into(),
        };
        action_note(connection, &action).await
    }
}
