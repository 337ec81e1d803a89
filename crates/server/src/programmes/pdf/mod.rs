//! The terms as a PDF of A4 pages: with a list of contents, letters that can be copied, and a structure for those who
//! listen to it (PDF/UA). The same terms are always the same bytes.

mod layout;
mod paper;

use std::num::NonZeroU16;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagKind, TagTree,
};
use krilla::{Document, SerializeSettings};
use lojal_core::terms::Terms;

use crate::platform::letters::{Fonts, Letters};
use paper::{Child, Element, Ink, Kind, Paper, Shape};

#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("the letters for the PDF are damaged")]
    Letters,
    #[error("the PDF cannot be written: {0}")]
    Writing(String),
}

/// The terms as a PDF.
pub fn pdf(terms: &Terms) -> Result<Vec<u8>, PdfError> {
    let letters = Letters::new().ok_or(PdfError::Letters)?;
    let fonts = Fonts::new(&letters).ok_or(PdfError::Letters)?;
    let paper = layout::laid_out(terms, &letters);
    let mut document = Document::new_with(SerializeSettings { configuration: listened_to(), ..Default::default() });
    let mut marks = Vec::new();
    for shapes in &paper.pages {
        marks.push(page(&mut document, &paper, shapes, marks.len(), &fonts)?);
    }
    let mut tree = TagTree::new().with_lang(Some(terms.language.tag().to_owned()));
    for root in &paper.roots {
        tree.push(group(&paper, &marks, *root));
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&paper));
    document.set_metadata(
        Metadata::new()
            .title(terms.title.plain())
            .language(terms.language.tag().to_owned())
            .creator("Lojal".to_owned()),
    );
    document.finish().map_err(|problem| PdfError::Writing(format!("{problem:?}")))
}

/// What a PDF must have so that it can be listened to; whatever lacks is an error.
fn listened_to() -> Configuration {
    let builder = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    builder.finish().unwrap_or_default()
}

/// What the shapes of a page are to the structure: the mark of each, and that of its link.
#[derive(Default)]
struct Marks {
    shapes: Vec<Option<Identifier>>,
    links: Vec<Option<Identifier>>,
}

fn page(
    document: &mut Document,
    paper: &Paper<'_>,
    shapes: &[Shape],
    number: usize,
    fonts: &Fonts,
) -> Result<Marks, PdfError> {
    let settings = PageSettings::from_wh(paper::WIDTH, paper::HEIGHT);
    let settings = settings.ok_or_else(|| PdfError::Writing("the page has no size".to_owned()))?;
    let mut page = document.start_page_with(settings);
    let meant = meant(paper, number, shapes.len());
    let mut marks = Marks::default();
    let mut surface = page.surface();
    for (shape, meant) in shapes.iter().zip(&meant) {
        let tag = match (shape, meant) {
            (Shape::Text { .. }, Some(_)) => ContentTag::Span(SpanTag::empty()),
            (_, Some(_)) => ContentTag::Other,
            (Shape::Text { .. }, None) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
            (_, None) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        };
        let mark = surface.start_tagged(tag);
        draw(&mut surface, shape, paper.letters, fonts);
        surface.end_tagged();
        marks.shapes.push(meant.map(|_| mark));
    }
    surface.finish();
    for (shape, meant) in shapes.iter().zip(&meant) {
        let link = meant.and_then(|element| match (&element.kind, shape) {
            (Kind::Link { address }, Shape::Text { x, y, size, run, .. }) => {
                let width = paper.letters.face(run.weight).width(run.text.trim_end(), *size);
                let rect = Rect::from_xywh(*x, y - size * 0.85, width, size * 1.15)?;
                let target = Target::Action(Action::Link(LinkAction::new(address.clone())));
                Some(Annotation::new_link(LinkAnnotation::new(rect, target), Some(run.text.trim_end().to_owned())))
            }
            _ => None,
        });
        marks.links.push(link.map(|link| page.add_tagged_annotation(link)));
    }
    page.finish();
    Ok(marks)
}

/// What each shape of a page belongs to.
fn meant<'a>(paper: &'a Paper<'_>, page: usize, shapes: usize) -> Vec<Option<&'a Element>> {
    let mut meant = vec![None; shapes];
    for element in &paper.elements {
        for child in &element.children {
            if let Child::Shape(of, index) = child
                && *of == page
                && let Some(place) = meant.get_mut(*index)
            {
                *place = Some(element);
            }
        }
    }
    meant
}

fn draw(surface: &mut Surface<'_>, shape: &Shape, letters: &Letters, fonts: &Fonts) {
    let ink = match shape {
        Shape::Text { ink, .. } | Shape::Rectangle { ink, .. } | Shape::Disc { ink, .. } => *ink,
    };
    surface.set_fill(Some(Fill { paint: colour(ink).into(), ..Fill::default() }));
    match shape {
        Shape::Text { x, y, size, run, .. } => {
            let glyphs = letters.glyphs(run);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, fonts.font(run.weight), &run.text, *size, false);
        }
        Shape::Rectangle { x, y, width, height, .. } => {
            let path = Rect::from_xywh(*x, *y, *width, *height).and_then(|rect| {
                let mut path = PathBuilder::new();
                path.push_rect(rect);
                path.finish()
            });
            path.iter().for_each(|path| surface.draw_path(path));
        }
        Shape::Disc { x, y, radius, .. } => disc(*x, *y, *radius).iter().for_each(|path| surface.draw_path(path)),
    }
}

/// Four curves that come within a thousandth of a circle.
fn disc(x: f32, y: f32, radius: f32) -> Option<Path> {
    let bend = radius * 0.5523;
    let mut path = PathBuilder::new();
    path.move_to(x + radius, y);
    path.cubic_to(x + radius, y + bend, x + bend, y + radius, x, y + radius);
    path.cubic_to(x - bend, y + radius, x - radius, y + bend, x - radius, y);
    path.cubic_to(x - radius, y - bend, x - bend, y - radius, x, y - radius);
    path.cubic_to(x + bend, y - radius, x + radius, y - bend, x + radius, y);
    path.close();
    path.finish()
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Text => rgb::Color::new(0x1d, 0x1b, 0x18),
        Ink::Soft => rgb::Color::new(0x5d, 0x58, 0x50),
        Ink::Link => rgb::Color::new(0x1b, 0x5e, 0x8c),
        Ink::Paper => rgb::Color::new(0xff, 0xff, 0xff),
        Ink::Line => rgb::Color::new(0xdd, 0xd6, 0xc9),
        Ink::Blank => rgb::Color::new(0xff, 0xe0, 0x8a),
    }
}

/// An element with all that is in it.
fn group(paper: &Paper<'_>, marks: &[Marks], element: paper::ElementId) -> Node {
    let element = &paper.elements[element];
    let mut group = TagGroup::new(tag(&element.kind));
    for child in &element.children {
        match child {
            Child::Element(inner) => group.push(self::group(paper, marks, *inner)),
            Child::Shape(page, index) => {
                let marks = &marks[*page];
                let both = [marks.shapes.get(*index), marks.links.get(*index)];
                both.into_iter().flatten().flatten().for_each(|mark| group.push(*mark));
            }
        }
    }
    group.into()
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Heading { level, title } => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
        }
        Kind::Paragraph => Tag::P.into(),
        Kind::Numbered => Tag::L(ListNumbering::Decimal).into(),
        Kind::Bulleted => Tag::L(ListNumbering::None).into(),
        Kind::Item => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Table => Tag::Table.into(),
        Kind::Row => Tag::TR.into(),
        Kind::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Kind::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Kind::Cell => Tag::TD.into(),
        Kind::Link { .. } => Tag::Link.into(),
    }
}

fn outline(paper: &Paper<'_>) -> Outline {
    let mut outline = Outline::new();
    let mut part: Option<OutlineNode> = None;
    for bookmark in &paper.bookmarks {
        let place = XyzDestination::new(bookmark.page, Point::from_xy(0.0, bookmark.y));
        let node = OutlineNode::new(bookmark.title.clone(), place);
        match &mut part {
            Some(part) if !bookmark.is_part => part.push_child(node),
            part => part.replace(node).into_iter().for_each(|before| outline.push_child(before)),
        }
    }
    part.into_iter().for_each(|last| outline.push_child(last));
    outline
}
