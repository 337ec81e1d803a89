//! Templates and the style sheet, for those who can write them.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::difference::differences;
use super::draft::{Standing, change, read, tried};
use super::texts::is_of_members;
use crate::platform::appearance::{
    LARGEST_STYLE, LARGEST_TEMPLATE, TemplateFault, is_letter, markup_fault, style_fault,
};
use crate::platform::pages::{Form, PageError, PageState, Pages, see_other};
use crate::platform::staff::{Manages, Owns, Staff};

const HERE: &str = "/console/settings/appearance/templates";
const STYLE: &str = "/console/settings/appearance/style";

#[derive(Serialize)]
struct TemplateView {
    name: String,
    /// In an address, which has a hyphen in the place of the stroke.
    address: String,
    is_own: bool,
}

/// What is wrong, in words and by line.
#[derive(Serialize)]
struct FaultView {
    text: String,
    line: i64,
    template: Option<String>,
}

pub async fn list(staff: Staff<Manages>, State(state): State<PageState>) -> Result<Response, PageError> {
    let appearance = read(&state).await?;
    let views = written().map(|name| TemplateView {
        address: name.replace('/', "-"),
        is_own: appearance.templates.contains_key(&name),
        name,
    });
    let content = context! {
        standing => Value::from(Serde(&Standing::of(&staff, &state).await?)),
        templates => Value::from(Serde(&views.collect::<Vec<_>>())),
    };
    Ok(state.pages.html("appearance/templates.html", &staff.frame, content)?.into_response())
}

/// The names of the templates that can be written here.
fn written() -> impl Iterator<Item = String> {
    Pages::template_names().into_iter().filter(|name| is_of_members(name) && !is_letter(name))
}

/// The name of a template and what is built in under it, by how an address names it.
fn found(state: &PageState, address: &str) -> Result<(String, String), PageError> {
    let name = written().find(|name| name.replace('/', "-") == address).ok_or(PageError::NOT_FOUND)?;
    let built_in = state.pages.template_beneath(&name).ok_or(PageError::NOT_FOUND)?;
    Ok((name, built_in))
}

pub async fn page(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(address): Path<String>,
) -> Result<Response, PageError> {
    let (name, built_in) = found(&state, &address)?;
    let appearance = read(&state).await?;
    let typed = appearance.templates.get(&name).unwrap_or(&built_in);
    let form = Form::default().with("base", mark(typed)).with("template", typed.as_str());
    let own = appearance.templates.get(&name).map(String::as_str);
    Ok(shown(&staff, &state, &name, &built_in, own, &form, None)?.into_response())
}

/// By which a text is known again.
fn mark(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    name: &str,
    built_in: &str,
    own: Option<&str>,
    form: &Form,
    fault: Option<FaultView>,
) -> Result<Html<String>, PageError> {
    let differences = own.map(|own| differences(built_in, own));
    let content = context! {
        form => Value::from(Serde(form)),
        name,
        address => name.replace('/', "-"),
        built_in,
        is_own => own.is_some(),
        differences => Value::from(Serde(&differences)),
        fault_view => Value::from(Serde(&fault)),
    };
    state.pages.html("appearance/template.html", &staff.frame, content)
}

pub async fn save(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(address): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let (name, built_in) = found(&state, &address)?;
    let typed = form.raw("template").replace("\r\n", "\n");
    form.values.insert("template".to_owned(), typed.clone());
    let appearance = read(&state).await?;
    let own = appearance.templates.get(&name).map(String::as_str);
    let say = |key: &str| state.pages.texts(staff.frame.language()).say(key, None, &[]);
    let mut fault = None;
    if typed.len() > LARGEST_TEMPLATE {
        fault = Some(FaultView { text: say("fault-too-long"), line: 0, template: None });
    } else if mark(own.unwrap_or(&built_in)) != form.text("base") {
        fault = Some(FaultView { text: say("appearance-overtaken"), line: 0, template: None });
    } else if let Some((line, key)) = markup_fault(&typed) {
        fault = Some(FaultView { text: say(key), line: i64::try_from(line).unwrap_or(0), template: None });
    } else {
        let mut trying = appearance.clone();
        trying.templates.insert(name.clone(), typed.clone());
        if let Some(TemplateFault { template, line, reason, .. }) = tried(&state, &trying).await? {
            let template = Some(template).filter(|template| *template != name);
            fault = Some(FaultView { text: reason, line, template });
        }
    }
    if fault.is_some() {
        return Ok(shown(&staff, &state, &name, &built_in, own, &form, fault)?.into_response());
    }
    change(&staff, &state, &name, |appearance| match typed == built_in {
        true => drop(appearance.templates.remove(&name)),
        false => drop(appearance.templates.insert(name.clone(), typed)),
    })
    .await?;
    Ok(see_other(&format!("{HERE}/{address}")))
}

pub async fn reset(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(address): Path<String>,
) -> Result<Response, PageError> {
    let (name, _) = found(&state, &address)?;
    change(&staff, &state, &name, |appearance| drop(appearance.templates.remove(&name))).await?;
    Ok(see_other(HERE))
}

pub async fn style(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    let style = read(&state).await?.style;
    let form = Form::default().with("base", mark(&style)).with("style", style);
    Ok(style_shown(&staff, &state, &form, None)?.into_response())
}

fn style_shown(
    staff: &Staff<Owns>,
    state: &PageState,
    form: &Form,
    fault: Option<FaultView>,
) -> Result<Html<String>, PageError> {
    let content = context! { form => Value::from(Serde(form)), fault_view => Value::from(Serde(&fault)) };
    state.pages.html("appearance/style.html", &staff.frame, content)
}

pub async fn save_style(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let typed = form.raw("style").replace("\r\n", "\n");
    form.values.insert("style".to_owned(), typed.clone());
    let say = |key: &str| state.pages.texts(staff.frame.language()).say(key, None, &[]);
    let fault = match style_fault(&typed) {
        _ if typed.len() > LARGEST_STYLE => Some(("fault-too-long", 0)),
        _ if mark(&read(&state).await?.style) != form.text("base") => Some(("appearance-overtaken", 0)),
        fault => fault.map(|(line, key)| (key, i64::try_from(line).unwrap_or(0))),
    };
    if let Some((key, line)) = fault {
        let fault = FaultView { text: say(key), line, template: None };
        return Ok(style_shown(&staff, &state, &form, Some(fault))?.into_response());
    }
    change(&staff, &state, "style", |appearance| appearance.style = typed).await?;
    Ok(see_other(STYLE))
}
