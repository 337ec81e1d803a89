//! What a shop has set for its members, put on the pages: as it was published, or as a draft is.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use lojal_core::kernel::Language;
use minijinja::value::Value;
use minijinja::{Environment, ErrorKind};

use super::assets::FOR_EVER;
use super::{PageState, Pages, own_address};
use crate::platform::appearance::{
    Appearance, Palette, PictureUse, TemplateFault, Theme, appearance_find, appearance_latest, fault_note, media_type,
    picture_find, scheme, sheet,
};
use crate::platform::sql;

/// How long a publication of another process may go unseen.
const LOOKED_AT: Duration = Duration::from_secs(1);
/// How often somebody who asks for what nobody knows makes us look.
const LOOKED_AT_AGAIN: Duration = Duration::from_millis(100);
const NO_SNIFFING: (HeaderName, HeaderValue) = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
/// What the sheet is called that follows from what is set.
pub const SHEET: &str = "appearance.css";
/// Where staff look at a draft.
pub const PREVIEW: &str = "/console/settings/appearance/preview";

/// How pages look.
#[derive(Debug, Default)]
pub struct Look {
    /// Of the version; 0 for what was never published.
    pub number: i64,
    pub appearance: Appearance,
    /// In a preview, whatever its reader prefers.
    pub theme: Option<Theme>,
    sheet: String,
    mark: String,
    faults: Mutex<Vec<TemplateFault>>,
    /// Templates that go round in circles: they are not tried again.
    endless: Mutex<Vec<String>>,
}

impl Look {
    pub fn new(number: i64, appearance: Appearance, theme: Option<Theme>) -> Look {
        let sheet = sheet(&appearance);
        let mark = blake3::hash(sheet.as_bytes()).to_hex()[..12].to_owned();
        Look { number, appearance, theme, sheet, mark, faults: Mutex::default(), endless: Mutex::default() }
    }

    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// Where the sheet is, if there is anything in it.
    fn sheet_address(&self) -> Option<String> {
        let address = match self.theme {
            Some(theme) => format!("{PREVIEW}/{}/{SHEET}", theme.name()),
            None => format!("/assets/{}/{SHEET}", self.mark),
        };
        (!self.sheet.is_empty()).then_some(address)
    }

    pub fn has_mark(&self, mark: &str) -> bool {
        self.mark == mark
    }

    pub fn palette(&self, is_dark: bool) -> Palette {
        scheme(self.appearance.colours(is_dark), is_dark)
    }

    /// Where the shop's own picture is.
    pub fn picture(&self, purpose: PictureUse) -> Option<String> {
        let picture = match purpose {
            PictureUse::Logo => &self.appearance.logo,
            PictureUse::Icon => &self.appearance.icon,
        };
        picture.as_ref().map(|picture| picture.address(purpose))
    }

    /// What was wrong with templates so far, once.
    pub fn take_faults(&self) -> Vec<TemplateFault> {
        std::mem::take(&mut *held(&self.faults))
    }

    /// Notes why a template could not be used: where, and of what kind, but nothing of what it was about.
    pub(super) fn note(&self, template: &str, cause: &minijinja::Error) {
        let fault = TemplateFault {
            template: cause.name().unwrap_or(template).to_owned(),
            number: self.number,
            line: cause.line().and_then(|line| i64::try_from(line).ok()).unwrap_or(0),
            reason: cause.kind().to_string(),
        };
        tracing::warn!(
            template = fault.template,
            line = fault.line,
            reason = fault.reason,
            "a template cannot be used"
        );
        if cause.kind() == ErrorKind::OutOfFuel {
            held(&self.endless).push(template.to_owned());
        }
        let mut faults = held(&self.faults);
        if !faults.iter().any(|known| known.template == fault.template) {
            faults.push(fault);
        }
    }

    pub(super) fn is_endless(&self, template: &str) -> bool {
        held(&self.endless).iter().any(|known| known == template)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What templates ask about the look.
pub(super) fn add_to(environment: &mut Environment<'static>, look: &Arc<Look>, mark: Option<String>, is_dressed: bool) {
    let known = Arc::clone(look);
    environment.add_function("sheet", move || known.sheet_address().map(Value::from_safe_string));
    for purpose in [PictureUse::Logo, PictureUse::Icon] {
        let (known, mark) = (Arc::clone(look), mark.clone());
        environment.add_function(purpose.name(), move || {
            known.picture(purpose).or_else(|| mark.clone()).map(Value::from_safe_string)
        });
    }
    let known = Arc::clone(look);
    environment.add_function("tint", move |theme: &str| known.palette(theme == Theme::Dark.name()).raised.to_string());
    if is_dressed {
        environment.add_filter("safe", safe);
        // The usual one keeps what is safe so, and could make a tag of it.
        environment.add_filter("replace", |text: &str, from: &str, to: &str| text.replace(from, to));
    }
}

/// In templates of the shop's own nothing is left as it is but what cannot be more than it looks like: a drawing of
/// a code, and an address of this house.
fn safe(value: Value) -> Value {
    let is_fine = value.as_str().is_some_and(|text| is_drawing(text) || is_address(text));
    if is_fine { Value::from_safe_string(value.to_string()) } else { value }
}

fn is_address(text: &str) -> bool {
    own_address(text).is_some() && !text.contains(['"', '\'', '<', '>', '&'])
}

fn is_drawing(text: &str) -> bool {
    let elements = ["svg", "path", "rect", "g", "title"];
    let names = ["xmlns", "viewBox", "width", "height", "d", "fill", "x", "y", "stroke", "shape-rendering", "role"];
    let is_tag = |tag: &str| {
        let Some(tag) = tag.split_once('>').filter(|(_, after)| after.trim().is_empty()).map(|(tag, _)| tag) else {
            return false;
        };
        if let Some(name) = tag.strip_prefix('/') {
            return elements.contains(&name);
        }
        let mut parts = tag.trim_end_matches('/').split('"');
        let first = parts.next().unwrap_or_default();
        let (name, attribute) = first.split_once(' ').unwrap_or((first, ""));
        let values: Vec<&str> = parts.collect();
        let after = values.iter().skip(1).step_by(2).map(|text| text.trim());
        let named = std::iter::once(attribute).chain(after).filter(|text| !text.is_empty());
        elements.contains(&name)
            && named.into_iter().all(|text| text.strip_suffix('=').is_some_and(|it| names.contains(&it)))
    };
    text.strip_prefix('<').is_some_and(|rest| rest.starts_with("svg ") && rest.split('<').all(is_tag))
}

/// Pages as they were published last. Clones share them.
#[derive(Clone, Default)]
pub struct Wardrobe(Arc<Mutex<Option<Worn>>>);

struct Worn {
    since: Instant,
    pages: Pages,
}

impl fmt::Debug for Wardrobe {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Wardrobe")
    }
}

impl Wardrobe {
    fn worn(&self) -> Option<(Instant, Pages)> {
        held(&self.0).as_ref().map(|worn| (worn.since, worn.pages.clone()))
    }

    /// What is there must be looked at anew.
    pub fn open(&self) {
        *held(&self.0) = None;
    }
}

impl PageState {
    /// As members see it: with what the shop has published, here or through another process, up to a second ago.
    /// Where that cannot be found out, it stays as it is.
    pub async fn dressed(&self) -> PageState {
        self.dressed_within(LOOKED_AT).await
    }

    pub(super) async fn dressed_within(&self, age: Duration) -> PageState {
        let worn = self.wardrobe.worn();
        let pages = match worn {
            Some((since, pages)) if since.elapsed() < age => pages,
            worn => {
                let since = Instant::now();
                let before = worn.map_or_else(|| self.pages.clone(), |(_, pages)| pages);
                let pages = self.changed(&before).await.unwrap_or_else(|cause| {
                    tracing::error!(%cause, "the appearance cannot be read");
                    before
                });
                *held(&self.wardrobe.0) = Some(Worn { since, pages: pages.clone() });
                pages
            }
        };
        PageState { pages, ..self.clone() }
    }

    async fn changed(&self, before: &Pages) -> Result<Pages, sql::Error> {
        let application = &self.application;
        let faults = before.look().take_faults();
        if !faults.is_empty() {
            let mut transaction = application.database.write_aside().await?;
            for fault in &faults {
                fault_note(&mut transaction, fault, application.clock.now()).await?;
            }
            transaction.commit().await?;
        }
        let mut connection = application.database.read().await?;
        let number = appearance_latest(&mut connection).await?;
        if number == before.look().number {
            return Ok(before.clone());
        }
        let Some(version) = appearance_find(&mut connection, number).await? else { return Ok(before.clone()) };
        drop(connection);
        Ok(self.pages.dressed_in(Look::new(number, version.appearance, None)))
    }

    /// With something that was not published.
    pub fn trying(&self, appearance: Appearance, theme: Option<Theme>) -> PageState {
        PageState { pages: self.pages.dressed_in(Look::new(0, appearance, theme)), ..self.clone() }
    }

    /// What the shop is called: as it has set it, else as its programme is called.
    pub fn shop_name(&self, language: Language) -> String {
        if let Some(name) = self.pages.look().appearance.name(language) {
            return name.to_owned();
        }
        self.programme_name(language)
    }

    /// Every name by which the shop goes, its brands' included.
    pub fn shop_names(&self) -> Vec<String> {
        let rulebook = self.application.rulebook();
        let brands = rulebook.live().map(|programme| programme.brands.iter().flat_map(|brand| brand.name.values()));
        let own =
            Language::ALL.into_iter().flat_map(|language| [self.shop_name(language), self.programme_name(language)]);
        own.chain(brands.into_iter().flatten().cloned()).collect()
    }
}

/// The sheet under its mark. A page of another process may ask for one that this process has not seen yet.
pub(super) async fn serve_sheet(state: &PageState, mark: &str) -> Response {
    let mut dressed = state.dressed().await;
    if !dressed.pages.look().has_mark(mark) {
        dressed = state.dressed_within(LOOKED_AT_AGAIN).await;
    }
    let look = dressed.pages.look();
    let keep = if look.has_mark(mark) { FOR_EVER } else { HeaderValue::from_static("no-cache") };
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep), NO_SNIFFING];
    (headers, look.sheet().to_owned()).into_response()
}

/// A picture of the shop's by its mark, as what it was found to be and nothing else.
pub(super) async fn serve_picture(state: &PageState, mark: &str) -> Response {
    let found = async { picture_find(&mut *state.application.database.read().await?, mark).await };
    match found.await {
        Ok(Some((ending, content))) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type(&ending))),
                (header::CACHE_CONTROL, FOR_EVER),
                (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
                NO_SNIFFING,
            ];
            (headers, content).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(cause) => {
            tracing::error!(%cause, "a picture cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What a handler of a page for members has at hand: everything, as the shop wants it to look.
pub struct Dressed(pub PageState);

impl FromRequestParts<PageState> for Dressed {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, state: &PageState) -> Result<Dressed, std::convert::Infallible> {
        Ok(Dressed(state.dressed().await))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drawings_of_codes_and_addresses_stay_as_they_are() {
        for (text, is_left) in [
            ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1h1\"/></svg>", true),
            ("/portal/rewards", true),
            ("<svg viewBox=\"0 0 9 9\" onload=\"x()\"></svg>", false),
            ("<svg ><script>x()</script></svg>", false),
            ("<svg viewBox=\"0\"><a href=\"javascript:x()\">y</a></svg>", false),
            ("<svg viewBox=\"0\">x</svg>", false),
            ("<b>Ewa</b>", false),
            ("//evil.example", false),
            ("/x\"onclick=\"y", false),
        ] {
            assert_eq!(safe(Value::from(text)).is_safe(), is_left, "{text}");
        }
    }
}
