//! `/portal`: the pages of members.

use std::sync::Arc;

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use lojal_core::decision::Refusal;
use minijinja::context;
use minijinja::value::Value;

use super::sign_in::{self, Doorkeeper};
use super::{
    account, confirm, friend_code, home, install, invite, leaderboard, materials, passing, rewards, share, terms,
    thanks, vouchers,
};
use crate::members::hindrance;
use crate::platform::pages::{Frame, PageError, PageState};
use crate::platform::writer::WriteError;

pub const HOME: &str = "/portal";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(sign_in::HERE, get(sign_in::page).post(sign_in::ask))
        .route(sign_in::CODE, get(sign_in::code_page).post(sign_in::take))
        .route(sign_in::ENTER, get(sign_in::enter_page).post(sign_in::enter))
        .route(sign_in::SWITCH, post(sign_in::enter))
        .route("/portal/confirm/{ticket}", get(confirm::page).post(confirm::enter))
        .route("/portal/confirm/{ticket}/again", post(confirm::again))
        .route(HOME, get(home::page))
        .route("/portal/history", get(home::history))
        .route(rewards::HERE, get(rewards::list))
        .route("/portal/rewards/{reward}", get(rewards::page).post(rewards::redeem))
        .route("/portal/redemptions/{redemption}", get(vouchers::redemption))
        .route("/portal/vouchers", get(vouchers::list))
        .route(invite::HERE, get(invite::page))
        .route("/portal/invite/link", post(invite::link))
        .route("/portal/invite/message", post(invite::message))
        .route("/portal/invite/name", post(invite::name))
        .route("/portal/invite/pass/{way}", post(passing::pass))
        .route(passing::SQUARE, get(passing::picture))
        .route("/portal/invite/thanks", post(thanks::thank_friend))
        .route(friend_code::HERE, get(friend_code::page).post(friend_code::take))
        .route("/portal/thanks", post(thanks::thank_advocate))
        .route("/portal/thanks/seen", post(thanks::put_away))
        .route("/portal/invite/link.svg", get(materials::drawing))
        .route("/portal/invite/link.png", get(materials::picture))
        .route("/portal/invite/poster.pdf", get(materials::poster))
        .route("/portal/invite/pictures/{mark}", get(materials::shops_picture))
        .route(leaderboard::HERE, get(leaderboard::page))
        .route("/portal/invite/leaderboard/name", post(leaderboard::choose))
        .route("/portal/invite/leaderboard/name/withdraw", post(leaderboard::withdraw))
        .route(share::HERE, get(share::page))
        .route("/portal/share/send", post(share::send))
        .route("/portal/share/open", post(share::open))
        .route("/portal/share/invite", post(share::invite))
        .route("/portal/share/join", post(share::join))
        .route("/portal/share/leave", post(share::leave))
        .route(terms::HERE, get(terms::page).post(terms::accept))
        .route(account::HERE, get(account::page).post(account::correct))
        .route("/portal/account/consents", post(account::consents))
        .route("/portal/account/sessions/end", post(account::end_session))
        .route("/portal/account/data", get(account::data))
        .route("/portal/account/leave", get(account::leave_page).post(account::leave))
        .route("/portal/goodbye", get(account::goodbye))
        .route("/portal/manifest.webmanifest", get(install::manifest))
        .route("/portal/worker.js", get(install::worker))
        .route("/portal/offline", get(install::offline))
        .route("/portal/sign-out", post(sign_in::sign_out))
        .layer(axum::Extension(Arc::new(Doorkeeper::default())))
}

/// Why something was not done, said to the member whom it is about.
pub fn refused(state: &PageState, frame: &Frame, cause: WriteError) -> Result<String, PageError> {
    let key = match &cause {
        WriteError::Refused(Refusal::MemberLeft) => "portal-refused-left",
        WriteError::Refused(Refusal::InHousehold) => "portal-refused-in-household",
        WriteError::Refused(Refusal::NotInHousehold) => "portal-refused-not-in-household",
        _ => return hindrance(state, frame, cause),
    };
    Ok(state.pages.texts(frame.language()).say(key, None, &[]))
}

/// A page under the name of the shop.
pub fn html(state: &PageState, template: &str, frame: &Frame, content: Value) -> Result<Html<String>, PageError> {
    let shop = state.shop_name(frame.language());
    state.pages.html(template, frame, context! { shop, ..content })
}
