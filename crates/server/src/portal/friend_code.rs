//! `/portal/friend-code`: somebody who is new says by whom the shop was recommended to them.

use std::sync::Arc;

use axum::Extension;
use axum::response::{Html, IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};

use super::invite::may_be_recommended;
use super::pages::{HOME, html};
use super::sign_in::{Busy, Doorkeeper};
use super::standing::Standing;
use crate::platform::clicks::Clicks;
use crate::platform::introductions::{Introduced, Met, introduce};
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::referral_codes::CodeName;
use crate::platform::visitors::Visitor;

pub const HERE: &str = "/portal/friend-code";

pub async fn page(visitor: Visitor, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    may_be_recommended(&standing, &state).ok_or(PageError::NOT_FOUND)?;
    Ok(shown(&visitor, &state, &Form::default())?.into_response())
}

fn shown(visitor: &Visitor, state: &PageState, form: &Form) -> Result<Html<String>, PageError> {
    html(state, "portal/friend-code.html", &visitor.frame, context! { form => Value::from(Serde(form)) })
}

pub async fn take(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(clicks): Extension<Clicks>,
    Extension(doorkeeper): Extension<Arc<Doorkeeper>>,
    mut form: Form,
) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    may_be_recommended(&standing, &state).ok_or(PageError::NOT_FOUND)?;
    let typed = form.required("code");
    if form.is_sound() {
        // Names that members have chosen could be guessed.
        doorkeeper.seek(visitor.member.id)?;
        let fault = match CodeName::parse(&typed) {
            None => "widget-code-nothing",
            Some(code) => {
                let met = Met { code: Some(code), ..Met::default() };
                let now = state.application.clock.now();
                match introduce(&state.application, &clicks, visitor.member.id, &met, now).await? {
                    Introduced::By(_) => return Ok(see_other(HOME)),
                    Introduced::ByNobody | Introduced::ByUnknownCode => "widget-code-nothing",
                    Introduced::Refused(_) => "widget-code-late",
                }
            }
        };
        form.fault("code", fault);
    }
    Ok(shown(&visitor, &state, &form)?.into_response())
}
