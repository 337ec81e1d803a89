//! Links as files to be printed: a square that cameras read, by itself and on a poster.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lojal_core::holder::Holder;
use lojal_core::kernel::{Instant, Language};
use lojal_core::programme::{Edition, Programme};
use lojal_core::referrals::may_recommend;

use super::poster::{PaperSize, Poster, poster};
use crate::platform::appearance::picture_find;
use crate::platform::pages::{PageError, PageState};
use crate::platform::referral_codes::{LinkBase, ReferralCode};
use crate::platform::square::{square, square_png, square_svg};
use crate::platform::visitors::{INVITE, TERMS};
use crate::platform::ways::{Offers, ways};

/// By which it is seen that somebody came by a poster.
const CHANNEL: &str = "poster";

/// What whoever sees it is asked to do.
#[derive(Clone, Copy, Debug)]
pub enum Asks<'a> {
    /// To come to the shop, by the code of one who recommends it.
    Come { code: &'a ReferralCode, advocate: &'a Holder },
    /// To recommend the shop to others.
    Recommend,
}

impl Asks<'_> {
    /// The edition that holds for it; none where nothing is to be had now, or not by every member who may see it.
    pub fn edition<'p>(&self, programme: &'p Programme, now: Instant) -> Option<&'p Edition> {
        match self {
            Asks::Come { advocate, .. } => may_recommend(programme, advocate, now),
            Asks::Recommend => {
                programme.referrals.iter().find(|edition| edition.runs_at(now) && edition.advocates.is_always())
            }
        }
    }

    fn link(&self, public: &str) -> String {
        match self {
            Asks::Come { code, .. } => LinkBase::new(public).link(code),
            Asks::Recommend => format!("{public}{INVITE}"),
        }
    }
}

/// As what it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    Poster(PaperSize),
    /// The square alone, of any size.
    Drawing,
    /// The square alone, in pixels.
    Picture,
}

impl Print {
    pub const ALL: [Print; 4] =
        [Print::Poster(PaperSize::A4), Print::Poster(PaperSize::A5), Print::Drawing, Print::Picture];

    pub fn name(self) -> &'static str {
        match self {
            Print::Poster(size) => size.name(),
            Print::Drawing => "svg",
            Print::Picture => "png",
        }
    }

    pub fn named(name: &str) -> Option<Print> {
        Print::ALL.into_iter().find(|print| print.name() == name)
    }
}

/// The file; nothing is found where nothing is to be had now.
pub async fn printed(
    state: &PageState,
    asks: Asks<'_>,
    print: Print,
    language: Language,
) -> Result<Response, PageError> {
    let rulebook = state.application.rulebook();
    let programme = rulebook.live().ok_or(PageError::NOT_FOUND)?;
    let now = state.application.clock.now();
    let edition = asks.edition(programme, now).ok_or(PageError::NOT_FOUND)?;
    let link = asks.link(&state.public);
    match print {
        Print::Drawing => file("image/svg+xml", "link.svg", square_svg(&link).ok_or(PageError::NOT_FOUND)?),
        Print::Picture => file("image/png", "link.png", square_png(&link).ok_or(PageError::NOT_FOUND)?),
        Print::Poster(size) => {
            let words = &state.pages.texts(language).words;
            let ways = ways(programme, words, now);
            let offers = Offers::of(&ways);
            let until = edition.until.map(|until| words.about(programme).until(until));
            let content = Content { state, asks, language, offers, until };
            file("application/pdf", "poster.pdf", content.poster(link, size).await?)
        }
    }
}

/// A file that a browser keeps under this name.
fn file(kind: &'static str, name: &str, content: impl IntoResponse) -> Result<Response, PageError> {
    let name = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let name = name.map_err(|cause| PageError::internal(&cause))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, name)], content)
        .into_response())
}

/// What is said on a poster.
struct Content<'a> {
    state: &'a PageState,
    asks: Asks<'a>,
    language: Language,
    offers: Offers<'a>,
    /// Until when it holds.
    until: Option<String>,
}

impl Content<'_> {
    async fn poster(&self, link: String, size: PaperSize) -> Result<Vec<u8>, PageError> {
        let state = self.state;
        let logo = match &state.pages.look().appearance.logo {
            Some(logo) => picture_find(&mut *state.application.database.read().await?, &logo.mark).await?,
            None => None,
        };
        let shop = state.shop_name(self.language);
        let say = |key: &str| state.pages.texts(self.language).say(key, None, &[("shop", shop.clone())]);
        let (headline, offer, scan, gets) = match self.asks {
            Asks::Come { .. } => ("poster-headline", "poster-offer", "poster-scan", &self.offers.theirs),
            Asks::Recommend => {
                ("poster-recommend-headline", "poster-recommend-offer", "poster-recommend-scan", &self.offers.yours)
            }
        };
        let code_says = say("poster-code");
        let (link, code) = match self.asks {
            Asks::Come { code, .. } => (format!("{link}/{CHANNEL}"), Some((code_says.as_str(), code.shown.as_str()))),
            Asks::Recommend => (link, None),
        };
        let square = square(&link).ok_or(PageError::NOT_FOUND)?;
        let gets: Vec<String> = gets.iter().map(|way| way.award.clone()).collect();
        let content = Poster {
            language: self.language,
            shop: &shop,
            logo: logo.as_ref().map(|(ending, content)| (ending.as_str(), content.as_slice())),
            headline: &say(headline),
            offer: &say(offer),
            gets: &gets,
            scan: &say(scan),
            square: &square,
            code,
            link: &link,
            small_print: &self.small_print(),
        };
        poster(&content, size).map_err(|cause| PageError::internal(&cause))
    }

    /// Until when it holds, and where the terms are.
    fn small_print(&self) -> String {
        let texts = self.state.pages.texts(self.language);
        let address = format!("{}{TERMS}", self.state.public);
        let terms = texts.say("poster-terms", None, &[("address", address)]);
        let until = self.until.as_ref().map(|until| texts.say("poster-until", None, &[("until", until.clone())]));
        until.map_or(terms.clone(), |until| format!("{until} {terms}"))
    }
}
