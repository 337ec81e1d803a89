//! What a member may download to recommend the shop with: the link as a square that cameras read, a poster to be printed,
//! and what the shop has prepared.

use axum::extract::{Path, Query};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use serde::Deserialize;

use super::invite::own_code;
use super::sign_in::Busy;
use crate::materials::{Asks, PaperSize, Print, printed, served};
use crate::platform::materials::{material_pictures, share_texts_find, texts_of};
use crate::platform::pages::{Dressed, PageError, PageState};
use crate::platform::visitors::Visitor;

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

/// The member's link as a file, if they may recommend now and have one.
async fn own(visitor: &Visitor, state: &PageState, print: Print) -> Result<Response, PageError> {
    let member = visitor.member.id;
    let code = own_code(state, member).await?.ok_or(PageError::NOT_FOUND)?;
    let advocate = state.application.holder(member.into()).await?.ok_or(PageError::NOT_FOUND)?;
    let asks = Asks::Come { code: &code, advocate: &advocate };
    printed(state, asks, print, visitor.frame.language()).await
}

pub async fn drawing(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    own(&visitor, &state, Print::Drawing).await
}

pub async fn picture(Busy(visitor): Busy, Dressed(state): Dressed) -> Result<Response, PageError> {
    own(&visitor, &state, Print::Picture).await
}

pub async fn poster(
    Busy(visitor): Busy,
    Dressed(state): Dressed,
    Query(query): Query<PosterQuery>,
) -> Result<Response, PageError> {
    let print = query.size.as_deref().map_or(Some(Print::Poster(PaperSize::A4)), Print::named);
    let print = print.filter(|print| matches!(print, Print::Poster(_))).ok_or(PageError::NOT_FOUND)?;
    own(&visitor, &state, print).await
}

pub async fn shops_picture(
    _: Visitor,
    Dressed(state): Dressed,
    Path(mark): Path<String>,
) -> Result<Response, PageError> {
    served(&state, &mark).await
}
