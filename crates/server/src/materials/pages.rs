//! `/console/materials`: what members recommend with, as the shop's marketing prepares it.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use lojal_core::holder::Holder;
use lojal_core::kernel::Language;
use lojal_core::referrals::may_recommend;
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::printing::{Asks, Print, printed};
use crate::platform::appearance::{PictureUse, media_type, picture};
use crate::platform::materials::{
    LONGEST_TEXT, LONGEST_TITLE, MOST_TEXTS, MaterialPicture, ShareTexts, material_picture_add, material_picture_find,
    material_picture_remove, material_pictures, share_texts_find, share_texts_set, texts_of,
};
use crate::platform::pages::{Dressed, Form, PageError, PageState, Upload, see_other};
use crate::platform::referral_codes::{CodeName, ReferralCode, code_find, code_lead};
use crate::platform::staff::{Manages, Staff, Views};

const HERE: &str = "/console/materials";

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(page))
        .route("/console/materials/poster", get(print))
        .route("/console/materials/texts", post(set_texts))
        .route("/console/materials/pictures", post(add_picture))
        .route("/console/materials/pictures/{mark}", get(content))
        .route("/console/materials/pictures/{mark}/remove", post(remove_picture))
}

#[derive(Serialize)]
struct PictureView {
    mark: String,
    title: String,
    ending: String,
    width: i64,
    height: i64,
}

impl From<MaterialPicture> for PictureView {
    fn from(picture: MaterialPicture) -> PictureView {
        let MaterialPicture { mark, title, ending, width, height, .. } = picture;
        PictureView { mark, title, ending, width, height }
    }
}

/// The field of a language's messages.
fn field(language: Language) -> &'static str {
    match language {
        Language::Pl => "texts_pl",
        Language::En => "texts_en",
    }
}

/// What the forms of the page have in them, beside what was typed: the prepared words.
async fn filled(state: &PageState, form: Form) -> Result<Form, PageError> {
    let texts = share_texts_find(&mut *state.application.database.read().await?).await?;
    let fill = |form: Form, language| form.with(field(language), texts_of(&texts, language).join("\n"));
    Ok(Language::ALL.into_iter().fold(form, fill))
}

/// What is to be printed, as a form has it.
#[derive(Default, Deserialize)]
struct PrintQuery {
    /// By whose code friends come; a poster for members without one.
    #[serde(default)]
    code: String,
    #[serde(default)]
    print: String,
    #[serde(default)]
    language: String,
}

impl PrintQuery {
    fn form(&self, frame_language: &str) -> Form {
        let language = if self.language.is_empty() { frame_language } else { &self.language };
        Form::default().with("code", self.code.trim()).with("print", self.print.as_str()).with("language", language)
    }
}

async fn page(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(query): Query<PrintQuery>,
) -> Result<Response, PageError> {
    let form = filled(&state, query.form(staff.frame.language)).await?;
    Ok(shown(&staff, &state, &form).await?.into_response())
}

/// A poster or a square: for friends of one who recommends the shop, or for those who might.
async fn print(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Dressed(dressed): Dressed,
    Query(query): Query<PrintQuery>,
) -> Result<Response, PageError> {
    let print = Print::named(&query.print).ok_or(PageError::NOT_FOUND)?;
    let language = Language::ALL.into_iter().find(|language| language.tag() == query.language);
    let language = language.ok_or(PageError::NOT_FOUND)?;
    let code = query.code.trim();
    let found = if code.is_empty() { for_everybody(&state) } else { advocate(&state, code).await? };
    match found {
        Ok(None) => printed(&dressed, Asks::Recommend, print, language).await,
        Ok(Some((code, advocate))) => {
            printed(&dressed, Asks::Come { code: &code, advocate: &advocate }, print, language).await
        }
        Err(fault) => {
            let mut form = filled(&state, query.form(staff.frame.language)).await?;
            form.fault("code", fault);
            Ok(shown(&staff, &state, &form).await?.into_response())
        }
    }
}

/// Who recommends by a code, where it is meant for one; or the text that says why nothing can be printed.
type Found = Result<Option<(ReferralCode, Holder)>, &'static str>;

fn for_everybody(state: &PageState) -> Found {
    let rulebook = state.application.rulebook();
    let now = state.application.clock.now();
    let edition = rulebook.live().and_then(|programme| Asks::Recommend.edition(programme, now));
    edition.map(|_| None).ok_or("fault-poster-everybody")
}

async fn advocate(state: &PageState, code: &str) -> Result<Found, PageError> {
    const NOBODY: &str = "fault-poster-code";
    let Some(name) = CodeName::parse(code) else { return Ok(Err(NOBODY)) };
    let mut connection = state.application.database.read().await?;
    let Ok(lead) = code_lead(&mut connection, &name).await? else { return Ok(Err(NOBODY)) };
    let Some(code) = code_find(&mut connection, lead.code).await? else { return Ok(Err(NOBODY)) };
    drop(connection);
    let Some(advocate) = state.application.holder(lead.advocate.into()).await? else { return Ok(Err(NOBODY)) };
    let rulebook = state.application.rulebook();
    let now = state.application.clock.now();
    let may = rulebook.live().and_then(|programme| may_recommend(programme, &advocate, now));
    Ok(may.map(|_| Some((code, advocate))).ok_or("fault-poster-advocate"))
}

async fn shown<P>(staff: &Staff<P>, state: &PageState, form: &Form) -> Result<Html<String>, PageError> {
    let pictures = material_pictures(&mut *state.application.database.read().await?).await?;
    let pictures: Vec<PictureView> = pictures.into_iter().map(PictureView::from).collect();
    let mut frame = staff.frame.clone();
    frame.path = HERE.to_owned();
    let rulebook = state.application.rulebook();
    let now = state.application.clock.now();
    let runs = rulebook.live().is_some_and(|programme| programme.referrals.iter().any(|edition| edition.runs_at(now)));
    let content = context! {
        runs,
        prints => Print::ALL.map(Print::name).to_vec(),
        pictures => Value::from(Serde(&pictures)),
        languages => Language::ALL.map(Language::tag).to_vec(),
        form => Value::from(Serde(form)),
        most => MOST_TEXTS,
        may_change => staff.may::<Manages>(),
    };
    state.pages.html("materials/page.html", &frame, content)
}

/// A message on each line.
async fn set_texts(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    mut form: Form,
) -> Result<Response, PageError> {
    let mut texts = ShareTexts::new();
    for language in Language::ALL {
        let field = field(language);
        let lines = form.raw(field).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        if lines.len() > MOST_TEXTS || lines.iter().any(|line| line.chars().count() > LONGEST_TEXT) {
            form.fault(field, "fault-share-texts");
        }
        texts.insert(language.tag().to_owned(), lines);
    }
    if !form.is_sound() {
        return Ok(shown(&staff, &state, &form).await?.into_response());
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    share_texts_set(&mut transaction, &texts).await?;
    staff.note(&mut transaction, application, "share_texts_set", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

async fn add_picture(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    upload: Upload,
) -> Result<Response, PageError> {
    let title = String::from_utf8_lossy(upload.file("title")).trim().to_owned();
    let mut form = Form::default().with("title", title.as_str());
    if title.is_empty() {
        form.fault("title", "fault-required");
    }
    if title.chars().count() > LONGEST_TITLE || title.contains(char::is_control) {
        form.fault("title", "fault-too-long");
    }
    let file = upload.file("picture");
    let taken = match file.is_empty() {
        true => Err("fault-required"),
        false => picture(file, PictureUse::Logo).map_err(|fault| fault.key()),
    };
    match taken {
        Err(key) => form.fault("picture", key),
        Ok(picture) if form.is_sound() => {
            let application = &state.application;
            let mut transaction = application.database.write().await?;
            if material_picture_add(&mut transaction, &picture, &title, application.clock.now()).await? {
                staff.note(&mut transaction, application, "material_added", title, "").await?;
                transaction.commit().await?;
                return Ok(see_other(HERE));
            }
            form.fault("picture", "fault-many-pictures");
        }
        Ok(_) => {}
    }
    let form = filled(&state, form).await?;
    Ok(shown(&staff, &state, &form).await?.into_response())
}

async fn remove_picture(
    staff: Staff<Manages>,
    State(state): State<PageState>,
    Path(mark): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    if !material_picture_remove(&mut transaction, &mark).await? {
        return Err(PageError::NOT_FOUND);
    }
    staff.note(&mut transaction, application, "material_removed", mark, "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

async fn content(
    _: Staff<Views>,
    State(state): State<PageState>,
    Path(mark): Path<String>,
) -> Result<Response, PageError> {
    served(&state, &mark).await
}

/// A picture by its mark, as a file that browsers show and that is kept by its title.
pub async fn served(state: &PageState, mark: &str) -> Result<Response, PageError> {
    let found = material_picture_find(&mut *state.application.database.read().await?, mark).await?;
    let (picture, content) = found.ok_or(PageError::NOT_FOUND)?;
    let kind = HeaderValue::from_static(media_type(&picture.ending));
    let name = format!("inline; filename=\"{}.{}\"", &picture.mark[..picture.mark.len().min(8)], picture.ending);
    let name = HeaderValue::try_from(name).map_err(|cause| PageError::internal(&cause))?;
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], content).into_response())
}
