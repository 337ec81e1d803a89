//! `/console`: the way in, one's own account, and the team.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use jiff::SignedDuration;

use super::sign_in::attempts;
use super::{account, sign_in, team};
use crate::platform::pages::PageState;
use crate::platform::random::{self, NoRandomness};

const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// How long a signed-in browser keeps its cookie; the session behind it ends by itself.
pub(super) const COOKIE_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How the house is set up when nobody works in it yet.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// What the first owner must know: printed where the service was started.
    code: Arc<str>,
    pub(super) is_secure: bool,
}

impl SetUp {
    pub fn new(is_secure: bool) -> Result<SetUp, NoRandomness> {
        Ok(SetUp { code: readable::<12>()?.into(), is_secure })
    }

    pub fn code(&self) -> &str {
        &self.code
    }
}

/// Letters that nobody takes for one another, five bits each, in groups of four.
pub(super) fn readable<const LENGTH: usize>() -> Result<String, NoRandomness> {
    let drawn: [u8; LENGTH] = random::bytes()?;
    let letters: String = drawn.iter().map(|byte| char::from(LETTERS[usize::from(*byte & 31)])).collect();
    Ok(letters.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-"))
}

pub fn routes(set_up: SetUp) -> Router<PageState> {
    let attempts = Arc::new(attempts());
    Router::new()
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-in/code", post(sign_in::second_step))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/setup", get(sign_in::setup_page).post(sign_in::set_up))
        .route("/console/account", get(account::page))
        .route("/console/account/password", post(account::change_password))
        .route("/console/account/codes", post(account::begin_codes))
        .route("/console/account/codes/confirm", post(account::confirm_codes))
        .route("/console/account/codes/remove", post(account::remove_codes))
        .route("/console/account/sessions/end", post(account::end_session))
        .route("/console/team", get(team::page).post(team::add))
        .route("/console/team/{id}/role", post(team::change_role))
        .route("/console/team/{id}/access", post(team::change_access))
        .route("/console/team/{id}/password", post(team::reset_password))
        .route("/console/actions", get(team::actions))
        .layer(axum::Extension(attempts))
        .layer(axum::Extension(set_up))
}
