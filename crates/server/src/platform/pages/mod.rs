//! Pages for people: templates, texts and files that belong together, each of which a shop may replace by its
//! own in a folder, and the same frame around all of them.

mod assets;
mod dressing;
mod error;
mod form;
mod guard;
mod once;
pub mod passing;
mod texts;
mod upload;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, Path as Address, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware;
use axum::response::Html;
use axum::routing::{any, get, post};
use lojal_core::kernel::Language;
use lojal_core::programme::text;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, StringInput, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, context};
use rust_embed::RustEmbed;
use serde::Serialize;

pub use assets::Assets;
pub use dressing::{Dressed, Look, PREVIEW, SHEET, Wardrobe};
pub use error::{PageError, see_other};
pub use form::{Form, looks_like_address};
pub use guard::Framing;
pub use once::ShownOnce;
pub use texts::Texts;
pub use upload::Upload;

use super::appearance::{TemplateFault, is_letter};
use super::application::Application;
use super::mail::Mailer;
use super::sms::Texter;

/// The cookie in which a reader's choice of language is kept.
const LANGUAGE_COOKIE: &str = "lojal_language";
/// More than any honest page takes; a shop's own template may go round in circles.
const FUEL: u64 = 5_000_000;
/// Blanks before a line.
const WIDEST_INDENT: usize = 100;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct BuiltIn;

#[derive(Debug, thiserror::Error)]
pub enum OpenPagesError {
    #[error("the folder of overrides cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("a template is not in order: {0:#}")]
    Template(#[from] minijinja::Error),
}

/// Everything that pages are made of. Clones share it.
#[derive(Clone)]
pub struct Pages {
    environment: Arc<Environment<'static>>,
    /// Without templates of the look: it makes the page where the other one cannot.
    plain: Arc<Environment<'static>>,
    assets: Arc<Assets>,
    polish: Arc<Texts>,
    english: Arc<Texts>,
    look: Arc<Look>,
    /// The operator's own folder.
    overrides: Option<Arc<Path>>,
}

impl fmt::Debug for Pages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pages")
    }
}

/// What a handler of a page has at hand.
#[derive(Clone, Debug)]
pub struct PageState {
    pub application: Application,
    pub pages: Pages,
    /// The address that people use from outside, without a slash at its end.
    pub public: Arc<str>,
    /// Sends letters, where the operator has said how.
    pub mailer: Option<Mailer>,
    /// Sends text messages, where the operator has said how.
    pub texter: Option<Texter>,
    /// What members see, as it was published.
    pub wardrobe: Wardrobe,
}

impl PageState {
    /// What the shop's programme is called, once there is one.
    pub fn programme_name(&self, language: Language) -> String {
        let rulebook = self.application.rulebook();
        rulebook.live().map_or_else(|| "Lojal".to_owned(), |programme| text(&programme.name, language).to_owned())
    }

    /// Whether people come by HTTPS, so that cookies may go no other way.
    pub fn is_secure(&self) -> bool {
        self.public.starts_with("https://")
    }
}

impl FromRef<PageState> for Application {
    fn from_ref(state: &PageState) -> Application {
        state.application.clone()
    }
}

/// The frame of a page: who reads it, in which language, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    pub language: &'static str,
    pub path: String,
    /// Who is signed in, for the page's head.
    pub reader: Option<Reader>,
}

/// Who reads a page.
#[derive(Clone, Debug, Serialize)]
pub struct Reader {
    pub name: String,
    pub role: &'static str,
}

impl Pages {
    /// `overrides` is the shop's own folder: `templates/`, `texts/pl.ftl`, `assets/`.
    pub fn open(overrides: Option<&Path>) -> Result<Pages, OpenPagesError> {
        let assets = Arc::new(Assets::open(overrides)?);
        let polish = Arc::new(Texts::open(Language::Pl, overrides)?);
        let english = Arc::new(Texts::open(Language::En, overrides)?);
        let overrides = overrides.map(Arc::from);
        let making = Making { assets, polish, english, look: Arc::default(), overrides };
        let environment = Arc::new(making.environment(false)?);
        // What is not in order is found when the service starts, not when somebody comes by.
        for name in BuiltIn::iter() {
            environment.get_template(&name)?;
        }
        Ok(making.pages(Arc::clone(&environment), environment))
    }

    /// The same under another look. What cannot be used of it is left out.
    fn dressed_in(&self, look: Look) -> Pages {
        let (polish, english) = (self.polish.with(&look.appearance), self.english.with(&look.appearance));
        let look = Arc::new(look);
        let making = Making {
            assets: Arc::clone(&self.assets),
            polish: Arc::new(polish),
            english: Arc::new(english),
            look: Arc::clone(&look),
            overrides: self.overrides.clone(),
        };
        let environments = making.environment(false).and_then(|plain| Ok((making.environment(true)?, plain)));
        match environments {
            Ok((environment, plain)) => making.pages(Arc::new(environment), Arc::new(plain)),
            Err(cause) => {
                look.note("", &cause);
                Pages { look, ..self.clone() }
            }
        }
    }

    /// How they look.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// The names of all templates that are built in.
    pub fn template_names() -> Vec<String> {
        BuiltIn::iter().map(|name| name.to_string()).collect()
    }

    /// A template as it is without anything that was set in the console.
    pub fn template_beneath(&self, name: &str) -> Option<String> {
        beneath(self.overrides.as_deref(), name).ok().flatten()
    }

    pub fn texts(&self, language: Language) -> &Texts {
        match language {
            Language::Pl => &self.polish,
            Language::En => &self.english,
        }
    }

    /// The address of a file that pages load.
    pub fn asset(&self, name: &str) -> Option<String> {
        self.assets.address(name, None)
    }

    /// Why a template of the look cannot be read at all, if it cannot.
    pub fn template_fault(&self, template: &str) -> Option<TemplateFault> {
        self.environment.get_template(template).err().map(|cause| {
            let reason = match cause.detail() {
                Some(detail) => format!("{}: {detail}", cause.kind()),
                None => cause.kind().to_string(),
            };
            let line = cause.line().and_then(|line| i64::try_from(line).ok()).unwrap_or(0);
            TemplateFault { template: template.to_owned(), number: self.look.number, line, reason }
        })
    }

    /// A page in its frame. `content` is what the template speaks of.
    pub fn render(&self, template: &str, frame: &Frame, content: Value) -> Result<String, minijinja::Error> {
        let page = Value::from(minijinja::value::Serde(frame));
        let content = context! { page, ..content };
        // A letter takes nothing of the look's templates, not even as a piece: its code must reach nobody else.
        if self.look.appearance.templates.is_empty() || is_letter(template) || self.look.is_endless(template) {
            return self.plain.get_template(template)?.render(content);
        }
        let made = self.environment.get_template(template).and_then(|it| it.render(content.clone()));
        made.or_else(|cause| {
            self.look.note(template, &cause);
            self.plain.get_template(template)?.render(content)
        })
    }

    /// As [`Pages::render`], ready to be answered.
    pub fn html(&self, template: &str, frame: &Frame, content: Value) -> Result<Html<String>, PageError> {
        Ok(Html(self.render(template, frame, content)?))
    }
}

/// What pages are made of.
struct Making {
    assets: Arc<Assets>,
    polish: Arc<Texts>,
    english: Arc<Texts>,
    look: Arc<Look>,
    overrides: Option<Arc<Path>>,
}

impl Making {
    fn pages(self, environment: Arc<Environment<'static>>, plain: Arc<Environment<'static>>) -> Pages {
        let Making { assets, polish, english, look, overrides } = self;
        Pages { environment, plain, assets, polish, english, look, overrides }
    }

    /// With templates of the look, or without them.
    fn environment(&self, is_dressed: bool) -> Result<Environment<'static>, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_fuel(Some(FUEL));
        let templates = if is_dressed { self.look.appearance.templates.clone() } else { BTreeMap::new() };
        let overrides = self.overrides.clone();
        environment.set_loader(move |name| match templates.get(name) {
            Some(template) => Ok(Some(template.clone())),
            None => beneath(overrides.as_deref(), name),
        });
        let (pl, en) = (Arc::clone(&self.polish), Arc::clone(&self.english));
        environment.add_function("t", move |state: &minijinja::State<'_, '_>, key: &str, values: Kwargs| {
            said(if is_polish(state) { &pl } else { &en }, key, &values)
        });
        let (pl, en) = (Arc::clone(&self.polish), Arc::clone(&self.english));
        environment.add_function("fault", move |state: &minijinja::State<'_, '_>, form: Value, field: &str| {
            let key = form.get_attr("faults")?.get_attr(field)?;
            let texts = if is_polish(state) { &pl } else { &en };
            Ok::<String, minijinja::Error>(key.as_str().map(|key| texts.say(key, None, &[])).unwrap_or_default())
        });
        let (files, theme) = (Arc::clone(&self.assets), self.look.theme);
        environment.add_function("asset", move |name: &str| {
            let address = files.address(name, theme).map(Value::from_safe_string);
            address.ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, name.to_owned()))
        });
        environment.add_function("pass_on", |way: &str, link: &str, message: &str| {
            let address = passing::pass_on(way, link, message);
            address.ok_or_else(|| minijinja::Error::new(ErrorKind::InvalidOperation, way.to_owned()))
        });
        environment.add_filter("indent", indent);
        dressing::add_to(&mut environment, &self.look, self.assets.address("mark.svg", None), is_dressed);
        Ok(environment)
    }
}

/// As the usual one, which would make lines of any length.
fn indent(
    text: StringInput<'_>,
    width: Option<usize>,
    first: Option<bool>,
    blank: Option<bool>,
    named: Kwargs,
) -> Result<Value, minijinja::Error> {
    let width = width.or(named.get("width")?).unwrap_or(4);
    if width > WIDEST_INDENT {
        let reason = format!("an indent has at most {WIDEST_INDENT} blanks");
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, reason));
    }
    minijinja::filters::indent(text, Some(width), first, blank, named)
}

/// A template of the operator's folder, else the one that is built in.
fn beneath(overrides: Option<&Path>, name: &str) -> Result<Option<String>, minijinja::Error> {
    // Names come from our own code and templates; none leads out of the folder all the same.
    let own = overrides.filter(|_| !name.split('/').any(|step| step.is_empty() || step.starts_with('.')));
    let own = own.map(|folder| folder.join("templates").join(name));
    if let Some(file) = own.filter(|file| file.is_file()) {
        let text = std::fs::read_to_string(&file);
        let text = text.map_err(|cause| {
            minijinja::Error::new(ErrorKind::InvalidOperation, format!("{}: {cause}", file.display()))
        })?;
        return Ok(Some(text));
    }
    Ok(BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned()))
}

/// Whether the page that is being made is in Polish.
fn is_polish(state: &minijinja::State<'_, '_>) -> bool {
    let language = state.lookup("page").and_then(|page| page.get_attr("language").ok());
    language.as_ref().and_then(Value::as_str) == Some(Language::Pl.tag())
}

/// The text of a call in a template.
fn said(texts: &Texts, key: &str, values: &Kwargs) -> Result<String, minijinja::Error> {
    let mut count = None;
    let mut written: Vec<(&str, String)> = Vec::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        match (name, value.as_i64()) {
            ("count", Some(number)) => count = Some(number),
            _ => written.push((name, value.to_string())),
        }
    }
    Ok(texts.say(key, count, &written))
}

impl Frame {
    /// By the reader's own choice, else by what the browser prefers.
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Frame {
        Frame { language: language_of(headers).tag(), path: uri.path().to_owned(), reader: None }
    }

    pub fn language(&self) -> Language {
        if self.language == "pl" { Language::Pl } else { Language::En }
    }

    /// With the one who has signed in.
    pub fn read_by(self, reader: Reader) -> Frame {
        Frame { reader: Some(reader), ..self }
    }
}

impl axum::extract::FromRequestParts<PageState> for Frame {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &PageState,
    ) -> Result<Frame, std::convert::Infallible> {
        Ok(Frame::of(&parts.headers, &parts.uri))
    }
}

fn language_of(headers: &HeaderMap) -> Language {
    let named = |tag: &str| Language::ALL.into_iter().find(|language| language.tag() == tag);
    if let Some(chosen) = cookie(headers, LANGUAGE_COOKIE).and_then(named) {
        return chosen;
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tags = accepted.split(',').filter_map(|part| part.split(';').next()).map(|tag| tag.trim());
    tags.filter_map(|tag| named(tag.split('-').next()?)).next().unwrap_or(Language::En)
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The pages of all slices, with what lies around them.
pub fn router(routes: Router<PageState>, state: PageState) -> Router {
    routes
        .route("/language", post(choose_language))
        .route("/console/{*rest}", any(|| async { PageError::NOT_FOUND }))
        .route("/portal/{*rest}", any(|| async { PageError::NOT_FOUND }))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .route("/assets/{mark}/{name}", get(asset))
        .route("/widget.js", get(widget))
        .with_state(state)
}

async fn asset(
    State(state): State<PageState>,
    Address((mark, name)): Address<(String, String)>,
) -> axum::response::Response {
    match name.split_once('.') {
        _ if name == SHEET => dressing::serve_sheet(&state, &mark).await,
        // The operator's folder may have files of these names as well.
        Some(("logo" | "icon", _))
            if state.pages.asset(&name).is_none_or(|own| !own.contains(&format!("/{mark}/"))) =>
        {
            dressing::serve_picture(&state, &mark).await
        }
        _ => state.pages.assets.serve(&mark, &name),
    }
}

/// The one script that pages of the shop load, under an address that never changes.
async fn widget(State(state): State<PageState>, headers: HeaderMap) -> axum::response::Response {
    state.pages.assets.serve_named("widget.js", &headers)
}

/// Keeps a reader's choice of language for a year, and leads back to where it was made.
async fn choose_language(form: Form) -> Result<axum::response::Response, PageError> {
    let language = Language::ALL.into_iter().find(|language| language.tag() == form.text("language"));
    let language = language.ok_or(PageError::NOT_FOUND)?;
    let mut response = see_other(own_address(form.text("back")).unwrap_or("/console"));
    let kept = format!("{LANGUAGE_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly", language.tag());
    if let Ok(kept) = kept.parse() {
        response.headers_mut().append(header::SET_COOKIE, kept);
    }
    Ok(response)
}

/// An address of this house, without its host: nobody is led away by what stands in an address.
pub fn own_address(address: &str) -> Option<&str> {
    let is_own = address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    is_own.then_some(address)
}
