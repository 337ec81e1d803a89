//! The draft as members would see it, with somebody who stands in no database.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::kernel::Language;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;

use super::draft::{Standing, read};
use super::sample::Sample;
use crate::platform::appearance::Theme;
use crate::platform::pages::{Form, Frame, Framing, PageError, PageState, Reader, SHEET};
use crate::platform::staff::{Manages, Staff};
use crate::portal::{
    DrawnCode, Known, closest, code_letter, history_content, home_content, reward_views, rewards_content,
    sign_in_content,
};
use crate::widget::sample_view;

/// What can be looked at.
pub const PREVIEWED: [&str; 6] = ["home", "rewards", "history", "sign-in", "mail", "widget"];
/// The number of a card that nobody has.
const CARD: &str = "260000000000";
/// Names that nobody has to guess about, by language.
const CALLED: [(Language, &str); 2] = [(Language::Pl, "Przykład"), (Language::En, "Sample")];

#[derive(Default, Deserialize)]
pub struct PreviewQuery {
    #[serde(default)]
    page: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    width: String,
}

impl PreviewQuery {
    fn page(&self) -> &'static str {
        PREVIEWED.into_iter().find(|page| *page == self.page).unwrap_or(PREVIEWED[0])
    }

    fn language(&self, reader: Language) -> Language {
        Language::ALL.into_iter().find(|language| language.tag() == self.language).unwrap_or(reader)
    }

    fn theme(&self) -> Theme {
        Theme::named(&self.theme).unwrap_or(Theme::Light)
    }
}

/// The page around the frame, with what it is to show.
pub async fn page(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response, PageError> {
    let language = query.language(staff.frame.language());
    let content = context! {
        standing => Value::from(Serde(&Standing::of(&staff, &state).await?)),
        pages => PREVIEWED,
        page_shown => query.page(),
        language => language.tag(),
        theme => query.theme().name(),
        width => if query.width == "desktop" { "desktop" } else { "phone" },
    };
    let mut response = state.pages.html("appearance/preview.html", &staff.frame, content)?.into_response();
    response.extensions_mut().insert(Framing::Frames);
    Ok(response)
}

/// What stands in the frame.
pub async fn framed(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response, PageError> {
    let trying = state.trying(read(&state).await?, Some(query.theme()));
    let page = query.page();
    let made = shown_as(&trying, page, query.language(staff.frame.language())).await?;
    let framing = match page {
        "mail" => Framing::FramedLetter,
        "widget" => Framing::FramedWithScripts,
        // Nothing in it can be reached: it is a picture that can be scrolled.
        _ => Framing::Framed,
    };
    let made = if page == "widget" { made } else { made.replacen("<body", "<body inert", 1) };
    let mut response = Html(made).into_response();
    response.extensions_mut().insert(framing);
    Ok(response)
}

/// The sheet that goes with the draft, under a theme.
pub async fn sheet(
    _: Staff<Manages>,
    State(state): State<PageState>,
    Path((theme, name)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let theme = Theme::named(&theme).filter(|_| name == SHEET).ok_or(PageError::NOT_FOUND)?;
    let trying = state.trying(read(&state).await?, Some(theme));
    let sheet = crate::platform::appearance::themed(trying.pages.look().sheet(), theme);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"))];
    Ok((kind, sheet).into_response())
}

/// A page for somebody who stands in no database, made by what makes it for members.
pub async fn shown_as(state: &PageState, page: &str, language: Language) -> Result<String, PageError> {
    let path = if page == "home" { "/portal".to_owned() } else { format!("/portal/{page}") };
    let frame = Frame { language: language.tag(), path, reader: None };
    let inside = frame.clone().read_by(Reader { name: String::new(), role: "member" });
    let called = CALLED.iter().find(|(known, _)| *known == language).map_or("Sample", |(_, name)| *name);
    let shop = state.shop_name(language);
    let render = |template: &str, frame: &Frame, content: Value| {
        Ok::<String, PageError>(state.pages.render(template, frame, context! { shop, ..content })?)
    };
    if page == "sign-in" {
        return render("portal/sign-in.html", &frame, sign_in_content(&Form::default(), true));
    }
    if page == "mail" {
        return Ok(code_letter(state, &frame, Some(called), "0000000000000000", "123456")?.html);
    }
    let sample = Sample::new(state, language)?;
    let rewards = async || reward_views(&sample.member, language, &sample.standing, state).await;
    match page {
        "rewards" => {
            let content = rewards_content(state, language, &sample.standing, rewards().await?);
            render("portal/rewards.html", &inside, content)
        }
        "history" => render("portal/history.html", &inside, history_content(&sample.story(state, language))),
        "widget" => {
            let view = sample_view(state, &sample.member, &sample.standing, called, language).await?;
            let answer = serde_json::to_string(&view).map_err(|cause| PageError::internal(&cause))?;
            let theme = state.pages.look().theme.unwrap_or(Theme::Light).name();
            render("appearance/widget.html", &frame, context! { answer, theme })
        }
        _ => {
            let cards = vec![DrawnCode::new(CARD)];
            let known = Known { name: Some(called), cards, is_new_terms: false, has_accepted: true };
            let rewards = closest(rewards().await?);
            render("portal/home.html", &inside, home_content(state, language, &sample.standing, &rewards, &known))
        }
    }
}
