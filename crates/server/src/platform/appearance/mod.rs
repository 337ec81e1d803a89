//! How the shop's pages for members look and sound: what can be set, what may not be, and where it is kept.

mod contrast;
mod markup;
mod pictures;
mod store;
mod style;
mod wording;

use std::collections::BTreeMap;

use lojal_core::kernel::Language;
use serde::{Deserialize, Serialize};

pub use contrast::{Colour, ENOUGH, NoColour};
pub use markup::markup_fault;
pub use pictures::{Picture, PictureFault, PictureUse, media_type, picture};
pub use store::{
    AppearanceVersion, TemplateFault, appearance_draft, appearance_draft_forget, appearance_draft_set, appearance_find,
    appearance_latest, appearance_list, appearance_publish, fault_forget, fault_list, fault_note, picture_find,
    picture_keep, pictures_tidy,
};
pub use style::{LARGEST_STYLE, Palette, Theme, better_ground, scheme, sheet, style_fault, themed, widget_style};
pub use wording::{LONGEST_TEXT, Wording, WordingFault, entries, source, wording_fault};

/// Of a template that the shop writes.
pub const LARGEST_TEMPLATE: usize = 64 * 1024;
/// Texts in one language that the shop may set.
pub const MOST_TEXTS: usize = 500;
/// Letters of a shop's name.
pub const LONGEST_NAME: usize = 60;

/// Written to members by mail. One has a code that opens the door, and nothing but its template decides where it
/// goes, so only the operator of the service may change one.
const LETTERS: [&str; 3] = ["portal/confirm-mail.html", "portal/mail.html", "portal/thanks-mail.html"];

/// Whether a template is that of a letter.
pub fn is_letter(template: &str) -> bool {
    LETTERS.contains(&template)
}

/// Everything that a shop may set. What is not set is as it is built in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Appearance {
    /// What the shop is called, by language; else what its programme is called.
    pub names: BTreeMap<String, String>,
    pub light: Colours,
    pub dark: Colours,
    pub corners: Corners,
    pub letters: Letters,
    pub logo: Option<KnownPicture>,
    /// What a phone shows where the portal is installed.
    pub icon: Option<KnownPicture>,
    /// By language, then by the text's key, in Fluent's format.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// By the template's name.
    pub templates: BTreeMap<String, String>,
    /// A style sheet of the shop's own.
    pub style: String,
}

impl Appearance {
    /// What the shop is called in a language.
    pub fn name(&self, language: Language) -> Option<&str> {
        self.names.get(language.tag()).map(String::as_str)
    }

    /// The shop's own text under a key.
    pub fn text(&self, language: Language, key: &str) -> Option<&str> {
        Some(self.texts.get(language.tag())?.get(key)?)
    }

    /// All texts of a language, as one source.
    pub fn texts_source(&self, language: Language) -> String {
        let texts = self.texts.get(language.tag()).into_iter().flatten();
        texts.map(|(key, text)| source(key, text)).collect()
    }

    pub fn colours(&self, is_dark: bool) -> &Colours {
        if is_dark { &self.dark } else { &self.light }
    }
}

/// What a shop chooses of the colours on a ground; the others follow from them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Colours {
    pub accent: Option<Colour>,
    pub ground: Option<Colour>,
}

/// How round corners are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Corners {
    Square,
    Slight,
    #[default]
    Round,
    Rounder,
}

impl Corners {
    pub const ALL: [Corners; 4] = [Corners::Square, Corners::Slight, Corners::Round, Corners::Rounder];

    pub fn name(self) -> &'static str {
        match self {
            Corners::Square => "square",
            Corners::Slight => "slight",
            Corners::Round => "round",
            Corners::Rounder => "rounder",
        }
    }

    pub fn named(name: &str) -> Option<Corners> {
        Corners::ALL.into_iter().find(|corners| corners.name() == name)
    }
}

/// A family of letters that readers have already: none is fetched from anywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letters {
    #[default]
    Plain,
    Humanist,
    Geometric,
    Book,
    Rounded,
}

impl Letters {
    pub const ALL: [Letters; 5] =
        [Letters::Plain, Letters::Humanist, Letters::Geometric, Letters::Book, Letters::Rounded];

    pub fn name(self) -> &'static str {
        match self {
            Letters::Plain => "plain",
            Letters::Humanist => "humanist",
            Letters::Geometric => "geometric",
            Letters::Book => "book",
            Letters::Rounded => "rounded",
        }
    }

    pub fn named(name: &str) -> Option<Letters> {
        Letters::ALL.into_iter().find(|letters| letters.name() == name)
    }
}

/// A picture that was taken in, by the mark of its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownPicture {
    pub mark: String,
    /// How its file name ends.
    pub ending: String,
    pub width: u32,
    pub height: u32,
}

impl KnownPicture {
    /// It changes when the picture does, so that it can be kept for ever.
    pub fn address(&self, purpose: PictureUse) -> String {
        format!("/assets/{}/{}.{}", self.mark, purpose.name(), self.ending)
    }

    /// As browsers are told of it.
    pub fn media_type(&self) -> &'static str {
        media_type(&self.ending)
    }
}
