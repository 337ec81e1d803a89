//! The texts of members' pages, letters and widget, each beside the one that is built in.

use std::collections::BTreeSet;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use lojal_core::kernel::Language;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::draft::{Standing, change, read};
use crate::platform::appearance::{Appearance, MOST_TEXTS, Wording, WordingFault, wording_fault};
use crate::platform::pages::{Form, PageError, PageState, Pages, see_other};
use crate::platform::staff::{Manages, Staff};

const HERE: &str = "/console/settings/appearance/texts";
/// Texts on a page of the list.
const SHOWN: usize = 50;
/// Texts that members read without a template that names them.
const ELSEWHERE: [&str; 8] = ["wallet-", "tier-", "story-", "account-", "fault-", "leaderboard-", "poster-", "thanks-"];
/// Texts of pages that members do not see: of the console, and of the demo's shop.
const NOT_FOR_MEMBERS: [&str; 3] = ["portal-console-", "shop-", "widget-settings"];

#[derive(Default, Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    language: String,
    #[serde(default)]
    find: String,
    #[serde(default)]
    own: String,
}

#[derive(Serialize)]
struct TextView {
    key: String,
    built_in: String,
    own: Option<String>,
}

/// The texts that members may come to read.
fn for_members(pages: &Pages, language: Language) -> Vec<Wording> {
    let names = Pages::template_names().into_iter().filter(|name| is_of_members(name));
    let templates: Vec<String> = names.filter_map(|name| pages.template_beneath(&name)).collect();
    let quoted: BTreeSet<&str> = templates.iter().flat_map(|template| template.split('"')).collect();
    let texts = pages.texts(language).beneath().into_iter().filter(|(file, text)| {
        let key = text.key.as_str();
        let is_whole_file = ["portal", "widget"].contains(file);
        let is_said = quoted.contains(key) || ELSEWHERE.iter().any(|beginning| key.starts_with(beginning));
        (is_whole_file || is_said) && !NOT_FOR_MEMBERS.iter().any(|beginning| key.starts_with(beginning))
    });
    texts.map(|(_, text)| text).collect()
}

/// Whether a template is one of members' pages or letters.
pub(super) fn is_of_members(template: &str) -> bool {
    template.starts_with("portal/") && template.ends_with(".html")
}

pub async fn list(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Query(query): Query<ListQuery>,
) -> Result<Response, PageError> {
    let language = named(&query.language).unwrap_or(staff.frame.language());
    let appearance = read(&state).await?;
    let wanted = query.find.trim().to_lowercase();
    let views = for_members(&state.pages, language).into_iter().map(|text| TextView {
        own: appearance.text(language, &text.key).map(str::to_owned),
        key: text.key,
        built_in: text.text,
    });
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let found = views.filter(|text| {
        let is_found = holds(&text.key) || holds(&text.built_in) || text.own.as_deref().is_some_and(holds);
        is_found && (query.own != "yes" || text.own.is_some())
    });
    let mut found: Vec<TextView> = found.collect();
    let count = found.len();
    found.truncate(SHOWN);
    let content = context! {
        standing => Value::from(Serde(&Standing::of(&staff, &state).await?)),
        texts => Value::from(Serde(&found)),
        count,
        is_more => count > SHOWN,
        language => language.tag(),
        find => query.find.trim(),
        own => query.own == "yes",
    };
    Ok(state.pages.html("appearance/texts.html", &staff.frame, content)?.into_response())
}

fn named(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag)
}

/// A text of the address, with the one that is built in.
fn found(state: &PageState, language: &str, key: &str) -> Result<(Language, Wording), PageError> {
    let language = named(language).ok_or(PageError::NOT_FOUND)?;
    let text = for_members(&state.pages, language).into_iter().find(|text| text.key == key);
    Ok((language, text.ok_or(PageError::NOT_FOUND)?))
}

pub async fn page(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path((language, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (language, built_in) = found(&state, &language, &key)?;
    let appearance = read(&state).await?;
    let typed = appearance.text(language, &key).unwrap_or(&built_in.text);
    let form = Form::default().with("text", typed);
    Ok(shown(&staff, &state, language, &built_in, &appearance, &form, None).await?.into_response())
}

async fn shown(
    staff: &Staff<Manages>,
    state: &PageState,
    language: Language,
    built_in: &Wording,
    appearance: &Appearance,
    form: &Form,
    fault: Option<WordingFault>,
) -> Result<Html<String>, PageError> {
    let texts = state.pages.texts(staff.frame.language());
    let fault = fault.map(|fault| {
        let (key, name) = fault.key();
        texts.say(key, None, &[("name", name.to_owned())])
    });
    let content = context! {
        standing => Value::from(Serde(&Standing::of(staff, state).await?)),
        form => Value::from(Serde(form)),
        fault_text => fault,
        key => built_in.key.as_str(),
        built_in => built_in.text.as_str(),
        is_own => appearance.text(language, &built_in.key).is_some(),
        language => language.tag(),
    };
    state.pages.html("appearance/text.html", &staff.frame, content)
}

pub async fn save(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path((language, key)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let (language, built_in) = found(&state, &language, &key)?;
    let typed = form.raw("text").replace("\r\n", "\n").trim().to_owned();
    let appearance = read(&state).await?;
    let own = appearance.texts.get(language.tag());
    let is_new = own.is_none_or(|own| !own.contains_key(&key));
    let is_full = is_new && own.is_some_and(|own| own.len() >= MOST_TEXTS);
    let fault = wording_fault(&key, &typed, &built_in.text).or(is_full.then_some(WordingFault::TooLong));
    if fault.is_some() {
        return Ok(shown(&staff, &state, language, &built_in, &appearance, &form, fault).await?.into_response());
    }
    change(&staff, &state, &key, |appearance| {
        let own = appearance.texts.entry(language.tag().to_owned()).or_default();
        match typed == built_in.text {
            true => drop(own.remove(&key)),
            false => drop(own.insert(key.clone(), typed)),
        }
    })
    .await?;
    Ok(see_other(&back(language)))
}

pub async fn reset(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path((language, key)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let (language, _) = found(&state, &language, &key)?;
    change(&staff, &state, &key, |appearance| {
        if let Some(own) = appearance.texts.get_mut(language.tag()) {
            own.remove(&key);
        }
    })
    .await?;
    Ok(see_other(&back(language)))
}

fn back(language: Language) -> String {
    format!("{HERE}?language={}", language.tag())
}
