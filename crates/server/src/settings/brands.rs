//! `/console/settings/brands`: who takes part, what each brand has given and taken, and the way to another name or another
//! brand, through the draft of the programme.

use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::kernel::Language;
use lojal_core::programme::{Brand, Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;
use serde_json::{Value as Json, json};
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, value};

use super::pages::LONGEST_NAME;
use crate::platform::drafts::{draft_find, draft_set};
use crate::platform::figures::{Figures, sums_by_subject};
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::rulebook::{DocumentFormat, version_list};
use crate::platform::sql::Connection;
use crate::platform::staff::{Manages, Staff, Views};

const HERE: &str = "/console/settings/brands";
/// Where the draft is checked and published.
const DRAFT: &str = "/console/programme/draft";
const LONGEST_ID: usize = 40;
/// Days of which it is told what was issued and taken.
const DAYS: i64 = 30;

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page))
        .route("/console/settings/brands/add", post(add))
        .route("/console/settings/brands/rename", post(rename))
}

#[derive(Serialize)]
struct BrandView {
    id: String,
    name: String,
    units: Vec<UnitView>,
}

/// What a brand came to in a unit.
#[derive(Serialize)]
struct UnitView {
    issued: String,
    taken: String,
    outstanding: String,
}

/// A brand of the draft, by its id.
#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
}

/// What stands in the draft, as far as it can be read.
struct Drafted {
    document: Written,
    languages: Vec<Language>,
}

/// A document in the way in which it was written, so that what is not changed stays as it is.
enum Written {
    Toml(Box<DocumentMut>),
    Json(Json),
}

/// A brand with its names by language.
struct Named {
    id: String,
    names: Vec<(String, String)>,
}

/// The draft; where there is none, the version that was published last.
async fn draft(connection: &mut Connection) -> Result<Option<String>, PageError> {
    let kept = draft_find(connection).await?;
    let last = version_list(connection).await?.pop();
    Ok(kept.or(last.map(|version| version.document)))
}

impl Drafted {
    fn read(text: &str) -> Option<Drafted> {
        let document = match DocumentFormat::of(text) {
            DocumentFormat::Toml => Written::Toml(Box::new(text.parse().ok()?)),
            DocumentFormat::Json => Written::Json(serde_json::from_str(text).ok()?),
        };
        let names = document.languages();
        let is_spoken = |language: &Language| names.contains(&language.tag());
        let languages = Language::ALL.into_iter().filter(is_spoken).collect();
        Some(Drafted { languages, document })
    }

    fn has_brand(&self, id: &str) -> bool {
        self.document.brands().iter().any(|brand| brand.id == id)
    }

    fn choices(&self, reader: Language) -> Vec<Choice> {
        let choice = |brand: Named| {
            let spoken = brand.names.iter().find(|(language, _)| language == reader.tag()).or(brand.names.first());
            let name = spoken.map_or_else(|| brand.id.clone(), |(_, name)| name.clone());
            Choice { id: brand.id, name }
        };
        self.document.brands().into_iter().map(choice).collect()
    }
}

impl Written {
    fn languages(&self) -> Vec<&str> {
        match self {
            Written::Toml(document) => {
                let listed = document.get("programme").and_then(|it| it.get("languages")).and_then(Item::as_array);
                listed.into_iter().flatten().filter_map(toml_edit::Value::as_str).collect()
            }
            Written::Json(document) => {
                let listed = document.pointer("/programme/languages").and_then(Json::as_array);
                listed.into_iter().flatten().filter_map(Json::as_str).collect()
            }
        }
    }

    fn brands(&self) -> Vec<Named> {
        match self {
            Written::Toml(document) => {
                let brands = document.get("brands").and_then(Item::as_table_like);
                let named = |(id, brand): (&str, &Item)| {
                    let names = brand.get("name").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
                    let text = |(language, name): (&str, &Item)| Some((language.to_owned(), name.as_str()?.to_owned()));
                    Named { id: id.to_owned(), names: names.filter_map(text).collect() }
                };
                brands.into_iter().flat_map(TableLike::iter).map(named).collect()
            }
            Written::Json(document) => {
                let brands = document.get("brands").and_then(Json::as_object);
                let named = |(id, brand): (&String, &Json)| {
                    let names = brand.get("name").and_then(Json::as_object).into_iter().flatten();
                    let text = |(language, name): (&String, &Json)| Some((language.clone(), name.as_str()?.to_owned()));
                    Named { id: id.clone(), names: names.filter_map(text).collect() }
                };
                brands.into_iter().flatten().map(named).collect()
            }
        }
    }

    /// Adds a brand; `None` where there is no place for it.
    fn add(&mut self, id: &str, names: Vec<(&str, String)>) -> Option<()> {
        match self {
            Written::Toml(document) => add_to_toml(document, id, names),
            Written::Json(document) => {
                let names: serde_json::Map<_, _> =
                    names.into_iter().map(|(language, name)| (language.to_owned(), Json::from(name))).collect();
                let brands = document.as_object_mut()?.entry("brands").or_insert_with(|| json!({}));
                brands.as_object_mut()?.insert(id.to_owned(), json!({ "name": names }));
                Some(())
            }
        }
    }

    /// Gives a brand other names; `None` where it has none to change.
    fn rename(&mut self, id: &str, names: Vec<(&str, String)>) -> Option<()> {
        match self {
            Written::Toml(document) => {
                let own = document.get_mut("brands")?.get_mut(id)?.get_mut("name")?.as_table_like_mut()?;
                for (language, name) in names {
                    let mut new = toml_edit::Value::from(name);
                    if let Some(old) = own.get(language).and_then(Item::as_value) {
                        *new.decor_mut() = old.decor().clone();
                    }
                    own.insert(language, Item::Value(new));
                }
            }
            Written::Json(document) => {
                let own = document.get_mut("brands")?.get_mut(id)?.get_mut("name")?.as_object_mut()?;
                own.extend(names.into_iter().map(|(language, name)| (language.to_owned(), Json::from(name))));
            }
        }
        Some(())
    }

    /// In JSON every key keeps its place; the layout is the usual one.
    fn text(&self) -> String {
        match self {
            Written::Toml(document) => document.to_string(),
            Written::Json(document) => format!("{document:#}\n"),
        }
    }
}

fn add_to_toml(document: &mut DocumentMut, id: &str, names: Vec<(&str, String)>) -> Option<()> {
    let mut own = InlineTable::new();
    names.into_iter().for_each(|(language, name)| drop(own.insert(language, name.into())));
    let mut brand = Table::new();
    brand.insert("name", value(own));
    let place = document.as_table_mut().entry("brands").or_insert_with(|| {
        let mut brands = Table::new();
        brands.set_implicit(true);
        Item::Table(brands)
    });
    // Behind the last brand that is there, not at the end of the document.
    let last = place.as_table().and_then(|brands| brands.iter().filter_map(|(_, it)| it.as_table()?.position()).max());
    if let Some(position) = last {
        brand.set_position(Some(position));
        brand.decor_mut().set_prefix("\n");
    }
    match place.as_table_like_mut()? {
        brands if takes_tables(brands) => drop(brands.insert(id, Item::Table(brand))),
        brands => drop(brands.insert(id, value(brand.into_inline_table()))),
    }
    Some(())
}

async fn page(staff: Staff<Views>, State(state): State<PageState>) -> Result<Response, PageError> {
    Ok(shown(&staff, &state, &Form::default(), None).await?.into_response())
}

async fn shown<P>(
    staff: &Staff<P>,
    state: &PageState,
    form: &Form,
    refused: Option<&str>,
) -> Result<Html<String>, PageError> {
    let application = &state.application;
    let language = staff.frame.language();
    let rulebook = application.rulebook();
    let mut connection = application.database.read().await?;
    let draft = draft(&mut connection).await?;
    let brands = match rulebook.live() {
        Some(programme) => brands(state, &mut connection, programme, language).await?,
        None => Vec::new(),
    };
    drop(connection);
    let drafted = draft.as_deref().and_then(Drafted::read);
    let languages = drafted.as_ref().map(|drafted| drafted.languages.clone()).unwrap_or_default();
    let content = context! {
        has_programme => rulebook.live().is_some(),
        brands => Value::from(Serde(&brands)),
        choices => Value::from(Serde(&drafted.as_ref().map(|drafted| drafted.choices(language)))),
        languages => languages.iter().map(|language| language.tag()).collect::<Vec<_>>(),
        form => Value::from(Serde(form)),
        refused,
        may_change => staff.may::<Manages>(),
    };
    state.pages.html("settings/brands.html", &staff.frame, content)
}

/// The brands in force, with what the figures have of each.
async fn brands(
    state: &PageState,
    connection: &mut Connection,
    programme: &Programme,
    language: Language,
) -> Result<Vec<BrandView>, PageError> {
    let speaker = state.pages.texts(language).words.about(programme);
    let today = state.application.calendar().date(state.application.clock.now());
    let first = today.checked_sub(jiff::Span::new().days(DAYS - 1)).unwrap_or(today);
    let issued = sums_by_subject(connection, "issued", (first, today)).await?;
    let taken = sums_by_subject(connection, "redeemed", (first, today)).await?;
    let mut figures = Figures::default();
    figures.read_totals(connection, &["balance"]).await?;
    let view = |brand: &Brand| {
        let units = programme.units.iter().map(|unit| {
            let subject = format!("{}/{}", unit.id, brand.id);
            let sum = |sums: &[(String, crate::platform::figures::Count)]| {
                sums.iter().find(|(known, _)| *known == subject).map_or(0, |(_, count)| count.amount)
            };
            let accounts = ["available", "pending", "held"];
            let outstanding =
                accounts.iter().map(|account| figures.total("balance", &format!("{account}/{subject}"))).sum();
            UnitView {
                issued: speaker.amount(&unit.id, sum(&issued)),
                taken: speaker.amount(&unit.id, sum(&taken)),
                outstanding: speaker.amount(&unit.id, outstanding),
            }
        });
        BrandView { id: brand.id.to_string(), name: text(&brand.name, language).to_owned(), units: units.collect() }
    };
    Ok(programme.brands.iter().map(view).collect())
}

/// The names that were typed, by language; a fault for each that is missing.
fn names(form: &mut Form, languages: &[Language], fields: [&'static str; 2]) -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    for (language, field) in Language::ALL.into_iter().zip(fields) {
        if !languages.contains(&language) {
            continue;
        }
        let name = form.required(field);
        if name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
            form.fault(field, "fault-too-long");
        }
        names.push((language.tag(), name));
    }
    names
}

/// The fields of a name, in the order of [`Language::ALL`].
fn fields(kind: &str) -> [&'static str; 2] {
    let polish_first = Language::ALL.first() == Some(&Language::Pl);
    match (kind, polish_first) {
        ("add", true) => ["add_pl", "add_en"],
        ("add", false) => ["add_en", "add_pl"],
        (_, true) => ["rename_pl", "rename_en"],
        (_, false) => ["rename_en", "rename_pl"],
    }
}

/// Why a draft was not changed.
enum Unchanged {
    /// What was typed is not in order.
    Faults,
    /// The draft is not.
    Draft,
}

async fn add(staff: Staff<Manages>, state: State<PageState>, form: Form) -> Result<Response, PageError> {
    changed(staff, state, form, "brand_added", "id", with_brand).await
}

async fn rename(staff: Staff<Manages>, state: State<PageState>, form: Form) -> Result<Response, PageError> {
    changed(staff, state, form, "brand_renamed", "brand", with_name).await
}

/// Changes the draft, and leads to where it is checked and published.
async fn changed(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    mut form: Form,
    action: &str,
    subject: &str,
    change: fn(Drafted, &mut Form) -> Result<String, Unchanged>,
) -> Result<Response, PageError> {
    let mut transaction = state.application.database.write().await?;
    let text = draft(&mut transaction).await?;
    let drafted = text.as_deref().and_then(Drafted::read).ok_or(Unchanged::Draft);
    match drafted.and_then(|drafted| change(drafted, &mut form)) {
        Ok(text) => {
            draft_set(&mut transaction, Some(&text)).await?;
            staff.note(&mut transaction, &state.application, action, form.text(subject), "").await?;
            transaction.commit().await?;
            Ok(see_other(DRAFT))
        }
        Err(cause) => {
            drop(transaction);
            let refused = matches!(cause, Unchanged::Draft).then_some("brands-draft-unread");
            Ok(shown(&staff, &state, &form, refused).await?.into_response())
        }
    }
}

/// The draft with another brand.
fn with_brand(mut drafted: Drafted, form: &mut Form) -> Result<String, Unchanged> {
    let id = form.required("id");
    let is_fine = id.len() <= LONGEST_ID
        && id.starts_with(|first: char| first.is_ascii_lowercase())
        && id.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_' || it == b'-');
    if !is_fine {
        form.fault("id", "fault-brand-id");
    }
    if drafted.has_brand(&id) {
        form.fault("id", "fault-brand-taken");
    }
    let names = names(form, &drafted.languages, fields("add"));
    if !form.is_sound() {
        return Err(Unchanged::Faults);
    }
    drafted.document.add(&id, names).ok_or(Unchanged::Draft)?;
    Ok(drafted.document.text())
}

/// The draft with another name of a brand.
fn with_name(mut drafted: Drafted, form: &mut Form) -> Result<String, Unchanged> {
    let id = form.required("brand");
    let names = names(form, &drafted.languages, fields("rename"));
    if !drafted.has_brand(&id) {
        form.fault("brand", "fault-brand-unknown");
    }
    if !form.is_sound() {
        return Err(Unchanged::Faults);
    }
    drafted.document.rename(&id, names).ok_or(Unchanged::Draft)?;
    Ok(drafted.document.text())
}

/// Whether a section of its own may stand below: not where all brands stand on one line.
fn takes_tables(brands: &dyn TableLike) -> bool {
    brands.iter().all(|(_, brand)| brand.is_table()) || brands.is_empty()
}
