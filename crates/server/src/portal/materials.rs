//! What a member may download to recommend the shop with: the link as a square that cameras read, a poster to be printed,
//! and what the shop has prepared.

use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lojal_core::programme::Programme;
use minijinja::context;
use minijinja::value::Value;
use serde::Deserialize;

use super::home::ways;
use super::invite::{for_friends, may_recommend, own_link};
use super::sign_in::Busy;
use super::standing::Standing;
use super::terms;
use crate::materials::{PaperSize, Poster, poster, served, square, square_png, square_svg};
use crate::platform::appearance::picture_find;
use crate::platform::materials::{material_pictures, share_texts_find, texts_of};
use crate::platform::pages::{Dressed, PageError, PageState};
use crate::platform::visitors::Visitor;

/// By which it is seen that somebody came by a poster.
const POSTER: &str = "poster";

#[derive(Default, Deserialize)]
pub struct PosterQuery {
    size: Option<String>,
}

/// What the shop has prepared, for the page on which members recommend it.
pub async fn prepared(state: &PageState, visitor: &Visitor) -> Result<Value, PageError> {
    let mut connection = state.application.database.read().await?;
    let texts = share_texts_find(&mut connection).await?;
    let pictures = material_pictures(&mut connection).await?;
    drop(connection);
    let picture = |picture: crate::platform::materials::MaterialPicture| {
        context! {
            mark => picture.mark,
            title => picture.title,
            ending => picture.ending,
            width => picture.width,
            height => picture.height,
        }
    };
    Ok(context! {
        texts => texts_of(&texts, visitor.frame.language()).to_vec(),
        pictures => pictures.into_iter().map(picture).collect::<Vec<_>>(),
    })
}

/// A file that a browser keeps under this name.
fn file(kind: &'static str, name: &str, content: impl IntoResponse) -> Result<Response, PageError> {
    let name = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let name = name.map_err(|cause| PageError::internal(&cause))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)], content)
        .into_response())
}

/// The member's link, if they may recommend now and have one.
async fn link_of(visitor: &Visitor, standing: &Standing, state: &PageState) -> Result<String, PageError> {
    may_recommend(standing, state).ok_or(PageError::NOT_FOUND)?;
    own_link(state, visitor.member.id).await?.ok_or(PageError::NOT_FOUND)
}

pub async fn drawing(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let drawn = square_svg(&link_of(&visitor, &standing, &state).await?).ok_or(PageError::NOT_FOUND)?;
    file("image/svg+xml", "link.svg", drawn)
}

pub async fn picture(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    let standing = Standing::of(&visitor.member, &state).await?;
    let drawn = square_png(&link_of(&visitor, &standing, &state).await?).ok_or(PageError::NOT_FOUND)?;
    file("image/png", "link.png", drawn)
}

pub async fn shops_picture(
    _: Visitor,
    Dressed(state): Dressed,
    Path(mark): Path<String>,
) -> Result<Response, PageError> {
    served(&state, &mark).await
}

pub async fn printed(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Query(query): Query<PosterQuery>,
) -> Result<Response, PageError> {
    let size = query.size.as_deref().map_or(Some(PaperSize::A4), PaperSize::named).ok_or(PageError::NOT_FOUND)?;
    let standing = Standing::of(&visitor.member, &state).await?;
    let link = link_of(&visitor, &standing, &state).await?;
    let logo = match &state.pages.look().appearance.logo {
        Some(logo) => picture_find(&mut *state.application.database.read().await?, &logo.mark).await?,
        None => None,
    };
    let language = visitor.frame.language();
    let texts = state.pages.texts(language);
    let shop = state.shop_name(language);
    let say = |key: &str| texts.say(key, None, &[("shop", shop.clone())]);
    let link = format!("{link}/{POSTER}");
    let square = square(&link).ok_or(PageError::NOT_FOUND)?;
    let code = link.trim_end_matches(POSTER).trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let now = state.application.clock.now();
    let ways = ways(&standing.programme, &texts.words, now);
    let gets: Vec<String> = for_friends(&standing.programme, &ways).into_iter().map(|way| way.award.clone()).collect();
    let content = Poster {
        language,
        shop: &shop,
        logo: logo.as_ref().map(|(ending, content)| (ending.as_str(), content.as_slice())),
        headline: &say("poster-headline"),
        offer: &say("poster-offer"),
        gets: &gets,
        scan: &say("poster-scan"),
        square: &square,
        code_says: &say("poster-code"),
        code,
        link: &link,
        small_print: &small_print(&state, &standing.programme, &standing, &visitor),
    };
    let pdf = poster(&content, size).map_err(|cause| PageError::internal(&cause))?;
    file("application/pdf", "poster.pdf", pdf)
}

/// Until when it holds, and where the terms are.
fn small_print(state: &PageState, programme: &Programme, standing: &Standing, visitor: &Visitor) -> String {
    let texts = state.pages.texts(visitor.frame.language());
    let until = may_recommend(standing, state).and_then(|edition| edition.until);
    let until = until.map(|until| texts.words.about(programme).until(until));
    let address = format!("{}{}", state.public, terms::HERE);
    let terms = texts.say("poster-terms", None, &[("address", address)]);
    until.map_or(terms.clone(), |until| format!("{} {terms}", texts.say("poster-until", None, &[("until", until)])))
}
