//! A poster to be printed, as a PDF of one page: the shop's logo, what a friend gets, and the link as a square that
//! cameras read. What is written can be copied and listened to (PDF/UA).

use std::num::NonZeroU16;

use fast_qr::QRCode;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree};
use krilla::{Document, SerializeSettings};
use lojal_core::kernel::Language;

use crate::platform::letters::{Fonts, Letters, Line, Weight};

/// The measures below are those of A4; other sizes are drawn to scale.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 56.0;
const ROOM: f32 = WIDTH - 2.0 * MARGIN;
const LEADING: f32 = 1.3;
const LOGO: (f32, f32) = (300.0, 90.0);
/// The square takes what is left, within these.
const SQUARE: (f32, f32) = (150.0, 300.0);
/// Cameras need white around the square.
const QUIET: f32 = 30.0;
/// The smallest letters of what must be read from afar, in parts of what they would be.
const SMALLEST: f32 = 0.4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperSize {
    A4,
    A5,
}

impl PaperSize {
    pub fn name(self) -> &'static str {
        match self {
            PaperSize::A4 => "a4",
            PaperSize::A5 => "a5",
        }
    }

    fn scale(self) -> f32 {
        match self {
            PaperSize::A4 => 1.0,
            PaperSize::A5 => std::f32::consts::FRAC_1_SQRT_2,
        }
    }
}

/// What stands on it.
pub struct Poster<'a> {
    pub language: Language,
    pub shop: &'a str,
    /// How the file of the logo ends, and its content.
    pub logo: Option<(&'a str, &'a [u8])>,
    pub headline: &'a str,
    /// What there is to be had: a heading, and a line for each.
    pub offer: &'a str,
    pub gets: &'a [String],
    pub scan: &'a str,
    pub square: &'a QRCode,
    /// A code that can be given instead, and what is said of it.
    pub code: Option<(&'a str, &'a str)>,
    pub link: &'a str,
    /// Until when it holds, and where the terms are.
    pub small_print: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum PosterError {
    #[error("the letters for the poster are damaged")]
    Letters,
    #[error("the poster cannot be written: {0}")]
    Writing(String),
}

/// Lines of one text, in the middle of the page.
struct Block {
    lines: Vec<Line>,
    size: f32,
    is_soft: bool,
    before: f32,
    /// Of the heading.
    title: Option<String>,
}

impl Block {
    fn height(&self) -> f32 {
        self.before + self.lines.len() as f32 * self.size * LEADING
    }
}

/// One poster.
pub fn poster(poster: &Poster<'_>, size: PaperSize) -> Result<Vec<u8>, PosterError> {
    let letters = Letters::new().ok_or(PosterError::Letters)?;
    let fonts = Fonts::new(&letters).ok_or(PosterError::Letters)?;
    let no_size = || PosterError::Writing("something has no size".to_owned());
    let mut document = Document::new_with(SerializeSettings { configuration: listened_to(), ..Default::default() });
    let scale = size.scale();
    let settings = PageSettings::from_wh(WIDTH * scale, HEIGHT * scale).ok_or_else(no_size)?;
    let mut page = document.start_page_with(settings);
    let tree = {
        let mut surface = page.surface();
        surface.push_transform(&Transform::from_scale(scale, scale));
        let mut press = Press { surface, letters: &letters, fonts: &fonts, y: MARGIN, tree: TagTree::new() };
        press.print(poster).ok_or_else(no_size)?;
        press.surface.pop();
        press.surface.finish();
        press.tree
    };
    page.finish();
    document.set_tag_tree(tree.with_lang(Some(poster.language.tag().to_owned())));
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(poster.headline.to_owned(), top));
    document.set_outline(outline);
    let metadata = Metadata::new().title(poster.headline.to_owned()).language(poster.language.tag().to_owned());
    document.set_metadata(metadata.creator("Lojal".to_owned()));
    document.finish().map_err(|problem| PosterError::Writing(format!("{problem:?}")))
}

fn listened_to() -> Configuration {
    let builder = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    builder.finish().unwrap_or_default()
}

/// What is in the making.
struct Press<'a, 's> {
    surface: Surface<'s>,
    letters: &'a Letters,
    fonts: &'a Fonts,
    y: f32,
    tree: TagTree,
}

impl Press<'_, '_> {
    /// `None` where something has no size.
    fn print(&mut self, poster: &Poster<'_>) -> Option<()> {
        let language = poster.language;
        let block =
            |text: &str, weight, size: f32, most, before| self.block(text, weight, size, most, before, language);
        let headline =
            Block { title: Some(poster.headline.to_owned()), ..block(poster.headline, Weight::Bold, 34.0, 3, 18.0) };
        let mut gets = Vec::new();
        if !poster.gets.is_empty() {
            gets.push(Block { is_soft: true, ..block(poster.offer, Weight::Regular, 15.0, 2, 16.0) });
            gets.extend(poster.gets.iter().map(|line| block(line, Weight::Bold, 21.0, 2, 4.0)));
        }
        let mut below = vec![block(poster.scan, Weight::Regular, 15.0, 2, QUIET)];
        if let Some((says, code)) = poster.code {
            below.push(Block { is_soft: true, ..block(says, Weight::Regular, 13.0, 2, 12.0) });
            below.push(block(code, Weight::Bold, 28.0, 1, 2.0));
        }
        below.push(Block { is_soft: true, ..block(poster.link, Weight::Regular, 11.0, 2, 6.0) });
        let small = Block { is_soft: true, ..block(poster.small_print, Weight::Regular, 9.0, 3, 14.0) };
        let name = block(poster.shop, Weight::Bold, 26.0, 2, 0.0);
        match poster.logo.and_then(|(ending, content)| logo(ending, content)) {
            Some((image, width, height)) => self.picture(image, width, height, poster.shop)?,
            None => self.write(&name),
        }
        self.write(&headline);
        let fixed: f32 = below.iter().chain([&small]).map(Block::height).sum();
        let end = HEIGHT - MARGIN - fixed;
        for block in &gets {
            if self.y + block.height() + SQUARE.0 > end {
                break;
            }
            self.write(block);
        }
        let side = (end - self.y - 16.0).clamp(SQUARE.0, SQUARE.1);
        self.y += ((end - self.y - side) / 2.0).max(8.0);
        self.square(poster.square, side, poster.scan)?;
        below.iter().for_each(|block| self.write(block));
        self.y = self.y.max(HEIGHT - MARGIN - small.height());
        self.write(&small);
        Some(())
    }

    /// A text in so many lines at most: its letters are made smaller until it fits.
    fn block(&self, text: &str, weight: Weight, size: f32, most: usize, before: f32, language: Language) -> Block {
        let runs = self.letters.plain(text, weight);
        let mut fitted = size;
        let lines = loop {
            let lines = self.letters.lines(&runs, fitted, ROOM, language);
            if lines.len() <= most || fitted <= size * SMALLEST {
                break lines;
            }
            fitted *= 0.92;
        };
        Block { lines, size: fitted, is_soft: false, before, title: None }
    }

    fn write(&mut self, block: &Block) {
        self.y += block.before;
        let kind: TagKind = match &block.title {
            Some(title) => Tag::Hn(NonZeroU16::MIN, Some(title.clone())).into(),
            None => Tag::P.into(),
        };
        let mut group = TagGroup::new(kind);
        for line in &block.lines {
            let Some(last) = line.last() else { continue };
            let bare = self.letters.face(last.run.weight).width(last.run.text.trim_end(), block.size);
            let left = (WIDTH - last.x - bare) / 2.0;
            let baseline = self.y + block.size;
            let mark = self.surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            self.fill(if block.is_soft { rgb::Color::new(0x5d, 0x58, 0x50) } else { black() });
            for piece in line {
                let (at, run) = (Point::from_xy(left + piece.x, baseline), &piece.run);
                let glyphs = self.letters.glyphs(run);
                self.surface.draw_glyphs(at, &glyphs, self.fonts.font(run.weight), &run.text, block.size, false);
            }
            self.surface.end_tagged();
            group.push(mark);
            self.y += block.size * LEADING;
        }
        self.tree.push(group);
    }

    fn fill(&mut self, colour: rgb::Color) {
        self.surface.set_fill(Some(Fill { paint: colour.into(), ..Fill::default() }));
    }

    fn figure(&mut self, mark: Identifier, says: &str) {
        let mut group = TagGroup::new(TagKind::from(Tag::Figure(Some(says.to_owned()))));
        group.push(mark);
        self.tree.push(group);
    }

    fn picture(&mut self, image: Image, width: f32, height: f32, says: &str) -> Option<()> {
        let mark = self.surface.start_tagged(ContentTag::Other);
        self.surface.push_transform(&Transform::from_translate((WIDTH - width) / 2.0, self.y));
        self.surface.draw_image(image, Size::from_wh(width, height)?);
        self.surface.pop();
        self.surface.end_tagged();
        self.figure(mark, says);
        self.y += height;
        Some(())
    }

    /// Black on white, whatever the shop's colours are: cameras read no others.
    fn square(&mut self, square: &QRCode, side: f32, says: &str) -> Option<()> {
        let module = side / square.size as f32;
        let (left, top) = ((WIDTH - side) / 2.0, self.y);
        let mut path = PathBuilder::new();
        for row in 0..square.size {
            let mut column = 0;
            while column < square.size {
                let dark = square[row][column..].iter().take_while(|module| module.value()).count();
                if dark > 0 {
                    let (x, y) = (left + column as f32 * module, top + row as f32 * module);
                    path.push_rect(Rect::from_xywh(x, y, dark as f32 * module, module)?);
                }
                column += dark.max(1);
            }
        }
        let mark = self.surface.start_tagged(ContentTag::Other);
        self.fill(black());
        self.surface.draw_path(&path.finish()?);
        self.surface.end_tagged();
        self.figure(mark, says);
        self.y += side;
        Some(())
    }
}

fn black() -> rgb::Color {
    rgb::Color::new(0x10, 0x10, 0x10)
}

/// The logo with the size in which it is drawn; nothing where it cannot be read.
fn logo(ending: &str, content: &[u8]) -> Option<(Image, f32, f32)> {
    let data = content.to_vec().into();
    let image = match ending {
        "png" => Image::from_png(data, true),
        "jpg" => Image::from_jpeg(data, true),
        _ => Image::from_webp(data, true),
    };
    let image = image.ok()?;
    let (width, height) = image.size();
    let (width, height) = (width as f32, height as f32);
    let scale = (LOGO.0 / width).min(LOGO.1 / height);
    Some((image, width * scale, height * scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::square::square;

    #[test]
    fn a_poster_is_one_page_that_can_be_listened_to_however_much_there_is_to_say() {
        let link = "https://club.example/r/zolw-szyje/poster";
        let square = square(link).unwrap();
        let many: Vec<String> = (0..6).map(|number| format!("{number} punktów za pierwsze zamówienie, żółć")).collect();
        for (headline, gets) in
            [("Polecam: Źródło", &many[..1]), (&"Bardzo długa nazwa sklepu ".repeat(12)[..], &many[..])]
        {
            for size in [PaperSize::A4, PaperSize::A5] {
                let content = Poster {
                    language: Language::Pl,
                    shop: "Źródło",
                    logo: Some(("png", b"this is no picture")),
                    headline,
                    offer: "Na początek dostajesz",
                    gets,
                    scan: "Zeskanuj",
                    square: &square,
                    code: Some(("albo podaj kod", "ŻÓŁW-SZYJE-A-NAWET-ROBI-NA-DRUTACH")),
                    link,
                    small_print: "Warunki: https://club.example/portal/terms",
                };
                let pdf = poster(&content, size).unwrap();
                assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 200_000, "{}", pdf.len());
                assert_eq!(pdf, poster(&content, size).unwrap(), "the same poster is the same bytes");
            }
        }
    }
}
