//! `/console`: the way in, one's own account, and the team.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use jiff::SignedDuration;

use super::door::Door;
use super::{account, again, passkeys, provider, sign_in, team, ways};
use crate::platform::openid::Openid;
use crate::platform::pages::PageState;
use crate::platform::random::NoRandomness;
use crate::platform::staff::readable;

/// How long a signed-in browser keeps its cookie; the session behind it ends by itself.
pub(super) const COOKIE_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How the house is set up when nobody works in it yet.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// What the first owner must know: printed where the service was started.
    code: Arc<str>,
}

impl SetUp {
    pub fn new() -> Result<SetUp, NoRandomness> {
        Ok(SetUp { code: readable::<12>()?.into() })
    }

    pub fn code(&self) -> &str {
        &self.code
    }
}

pub fn routes(set_up: SetUp) -> Router<PageState> {
    Router::new()
        .route("/console/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/console/sign-in/code", post(sign_in::second_step))
        .route(passkeys::BEGIN, post(passkeys::begin))
        .route(passkeys::HERE, get(sign_in::page).post(passkeys::sign_in))
        .route(provider::HERE, get(provider::begin))
        .route(provider::BACK, get(provider::finish))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route(again::HERE, get(again::page).post(again::say))
        .route("/console/setup", get(sign_in::setup_page).post(sign_in::set_up))
        .route("/console/account", get(account::page))
        .route("/console/account/password", post(account::change_password))
        .route("/console/account/codes", post(account::begin_codes))
        .route("/console/account/codes/confirm", post(account::confirm_codes))
        .route("/console/account/codes/remove", post(account::remove_codes))
        .route("/console/account/passkeys", post(passkeys::make))
        .route("/console/account/passkeys/begin", post(passkeys::begin_making))
        .route("/console/account/passkeys/remove", post(passkeys::remove))
        .route("/console/account/provider/remove", post(provider::remove))
        .route("/console/account/sessions/end", post(account::end_session))
        .route("/console/team", get(team::page).post(team::add))
        .route("/console/team/{id}/role", post(team::change_role))
        .route("/console/team/{id}/access", post(team::change_access))
        .route("/console/team/{id}/password", post(team::reset_password))
        .route("/console/team/{id}/steps", post(team::reset_steps))
        .route(ways::HERE, get(ways::page).post(ways::set_provider))
        .route("/console/settings/sign-in/provider/remove", post(ways::remove_provider))
        .route("/console/settings/sign-in/passwords", post(ways::set_passwords))
        .route("/console/actions", get(team::actions))
        .layer(axum::Extension(Arc::new(Door::default())))
        .layer(axum::Extension(Openid::default()))
        .layer(axum::Extension(set_up))
}
