//! `/portal/invite/pass/{way}`: a member passes the link on. That it was done is counted here, and the browser is led on to
//! what people talk by; no other page learns who it was.

use axum::Extension;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::invite::{HERE, best, may_recommend, said};
use super::sign_in::Busy;
use super::standing::Standing;
use crate::platform::pages::passing::pass_on;
use crate::platform::pages::{Dressed, Form, PageError, PageState, see_other};
use crate::platform::referral_codes::LinkBase;
use crate::platform::shares::{ShareSource, share_add};
use crate::platform::square::square_svg;
use crate::platform::visitors::Visitor;

pub const SQUARE: &str = "/portal/invite/square.svg";
/// The link is copied by hand, or by the page's script.
const COPY: &str = "copy";
/// The square code is kept as a picture.
const PICTURE: &str = "qr";

/// Counts, and leads on.
pub async fn pass(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
    Path(way): Path<String>,
    form: Form,
) -> Result<Response, PageError> {
    let link = link_of(&visitor, &state, &links).await?;
    let shop = state.shop_name(visitor.frame.language());
    let texts = state.pages.texts(visitor.frame.language());
    let message = said(form.text("message"), || texts.say("invite-message", None, &[("shop", shop)]));
    let leads_to = match way.as_str() {
        COPY => format!("{HERE}#link"),
        PICTURE => SQUARE.to_owned(),
        way => pass_on(way, &link, &message).ok_or(PageError::NOT_FOUND)?,
    };
    let application = &state.application;
    let member = visitor.member.id;
    let mut transaction = application.database.write_aside_in(member.part()).await?;
    let shared = (member, way.as_str(), ShareSource::Portal);
    share_add(application, &mut transaction, shared, application.clock.now()).await?;
    transaction.commit().await?;
    Ok(see_other(&leads_to))
}

/// The square code as a picture to print or to keep. Who comes by it is told from who comes by the link.
pub async fn picture(
    visitor: Visitor,
    Dressed(state): Dressed,
    Extension(links): Extension<LinkBase>,
) -> Result<Response, PageError> {
    let link = link_of(&visitor, &state, &links).await?;
    let drawn = square_svg(&format!("{link}/{PICTURE}")).ok_or(PageError::NOT_FOUND)?;
    let headers =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_DISPOSITION, "attachment; filename=\"link.svg\"")];
    Ok((headers, drawn).into_response())
}

async fn link_of(visitor: &Visitor, state: &PageState, links: &LinkBase) -> Result<String, PageError> {
    let standing = Standing::of(&visitor.member, state).await?;
    may_recommend(&standing, state).ok_or(PageError::NOT_FOUND)?;
    let code = best(state.application.referral_codes(visitor.member.id).await?).ok_or(PageError::NOT_FOUND)?;
    Ok(links.link(&code))
}
