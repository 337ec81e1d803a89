//! Pages of A4 that fill from the top: what is put where, and what it is to those who listen to it.

use crate::platform::letters::{Letters, Line, Run, Weight};

pub const WIDTH: f32 = 595.28;
pub const HEIGHT: f32 = 841.89;
pub const LEFT: f32 = 62.0;
pub const RIGHT: f32 = WIDTH - LEFT;
pub const TOP: f32 = 62.0;
pub const BOTTOM: f32 = HEIGHT - 70.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Text,
    Soft,
    Link,
    Paper,
    Line,
    Blank,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Text {
        x: f32,
        y: f32,
        size: f32,
        ink: Ink,
        run: Run,
    },
    /// From left and top: width and height.
    Rectangle {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
    Disc {
        x: f32,
        y: f32,
        radius: f32,
        ink: Ink,
    },
}

/// What a piece of the document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Heading { level: u16, title: String },
    Paragraph,
    Numbered,
    Bulleted,
    Item,
    Label,
    Body,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    Link { address: String },
}

pub type ElementId = usize;

/// A piece of the document, with what is in it in the order in which it is read.
#[derive(Debug)]
pub struct Element {
    pub kind: Kind,
    pub children: Vec<Child>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Child {
    Element(ElementId),
    /// A shape of a page.
    Shape(usize, usize),
}

/// A place in the list of contents.
#[derive(Debug)]
pub struct Bookmark {
    pub title: String,
    pub is_part: bool,
    pub page: usize,
    pub y: f32,
}

/// The pages so far.
pub struct Paper<'a> {
    pub letters: &'a Letters,
    pub pages: Vec<Vec<Shape>>,
    pub elements: Vec<Element>,
    pub roots: Vec<ElementId>,
    pub bookmarks: Vec<Bookmark>,
    pub y: f32,
}

impl<'a> Paper<'a> {
    pub fn new(letters: &'a Letters) -> Paper<'a> {
        Paper {
            letters,
            pages: vec![Vec::new()],
            elements: Vec::new(),
            roots: Vec::new(),
            bookmarks: Vec::new(),
            y: TOP,
        }
    }

    pub fn page(&self) -> usize {
        self.pages.len() - 1
    }

    pub fn is_at_top(&self) -> bool {
        self.y <= TOP
    }

    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Turns the page unless so much fits on this one.
    pub fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && !self.is_at_top() {
            self.turn();
        }
    }

    /// Leaves a gap, but not at the top of a page.
    pub fn gap(&mut self, height: f32) {
        if !self.is_at_top() {
            self.y += height;
        }
    }

    pub fn element(&mut self, kind: Kind, parent: Option<ElementId>) -> ElementId {
        let id = self.elements.len();
        self.elements.push(Element { kind, children: Vec::new() });
        match parent {
            Some(parent) => self.elements[parent].children.push(Child::Element(id)),
            None => self.roots.push(id),
        }
        id
    }

    /// Draws on the latest page. What belongs to no element is decoration.
    pub fn draw(&mut self, shape: Shape, element: Option<ElementId>) {
        let page = self.page();
        self.pages[page].push(shape);
        if let Some(element) = element {
            self.elements[element].children.push(Child::Shape(page, self.pages[page].len() - 1));
        }
    }

    /// Draws a line of text that begins at `x` and stands on `baseline`.
    pub fn write(&mut self, line: &Line, x: f32, baseline: f32, size: f32, ink: Ink, element: Option<ElementId>) {
        for piece in line {
            let bare = self.letters.face(piece.run.weight).width(piece.run.text.trim_end(), size);
            let (left, top) = (x + piece.x, baseline - size * 0.85);
            if piece.run.is_blank {
                let shape = Shape::Rectangle { x: left, y: top, width: bare, height: size * 1.15, ink: Ink::Blank };
                self.draw(shape, None);
            }
            let (ink, element) = match (&piece.run.address, element) {
                (Some(address), Some(parent)) => {
                    (Ink::Link, Some(self.element(Kind::Link { address: address.clone() }, Some(parent))))
                }
                (_, element) => (ink, element),
            };
            self.draw(Shape::Text { x: left, y: baseline, size, ink, run: piece.run.clone() }, element);
        }
    }

    pub fn rule(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.draw(Shape::Rectangle { x, y, width, height, ink }, None);
    }

    /// Text that belongs to nothing: at the foot of a page.
    pub fn decorate(&mut self, page: usize, text: &str, x: f32, y: f32, size: f32) {
        let runs = self.letters.plain(text, Weight::Regular);
        for run in runs {
            self.pages[page].push(Shape::Text { x, y, size, ink: Ink::Soft, run });
        }
    }
}
