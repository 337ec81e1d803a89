//! How wide letters are, and where lines break.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use lojal_core::kernel::Language;
use lojal_core::terms::{Span, Text};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// Stands for what the letters at hand cannot write.
const UNKNOWN: char = '?';

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    Bold,
}

/// One weight of the letters.
pub struct Face {
    pub bytes: &'static [u8],
    font: FontRef<'static>,
    units: f32,
}

impl Face {
    pub fn new(bytes: &'static [u8]) -> Option<Face> {
        let font = FontRef::from_index(bytes, 0).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        Some(Face { bytes, units: f32::from(metrics.units_per_em), font })
    }

    /// The glyph of a letter, and its width at the size of 1.
    pub fn glyph(&self, letter: char) -> (u32, f32) {
        let Some(glyph) = self.font.charmap().map(letter) else { return (0, 0.0) };
        let metrics = self.font.glyph_metrics(Size::unscaled(), LocationRef::default());
        (glyph.to_u32(), metrics.advance_width(glyph).unwrap_or_default() / self.units)
    }

    pub fn has(&self, letter: char) -> bool {
        self.font.charmap().map(letter).is_some_and(|glyph| glyph.to_u32() > 0)
    }

    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.glyph(letter).1).sum::<f32>() * size
    }
}

/// Both weights as a PDF takes them.
pub struct Fonts {
    regular: Font,
    bold: Font,
}

impl Fonts {
    pub fn new(letters: &Letters) -> Option<Fonts> {
        let font = |face: &Face| Font::new(face.bytes.into(), 0);
        Some(Fonts { regular: font(&letters.regular)?, bold: font(&letters.bold)? })
    }

    pub fn font(&self, weight: Weight) -> Font {
        match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        }
    }
}

/// Zero-width blanks and joiners, marks of direction, and the mark of byte order.
const INVISIBLE: [char; 13] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}',
    '\u{202e}', '\u{2060}', '\u{feff}', '\u{ad}',
];

/// Both weights.
pub struct Letters {
    pub regular: Face,
    pub bold: Face,
}

impl Letters {
    pub fn new() -> Option<Letters> {
        Some(Letters { regular: Face::new(notosans::REGULAR_TTF)?, bold: Face::new(notosans::BOLD_TTF)? })
    }

    pub fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// What a PDF draws of a run.
    pub fn glyphs(&self, run: &Run) -> Vec<KrillaGlyph> {
        let glyph = |(at, letter): (usize, char)| {
            let (id, width) = self.face(run.weight).glyph(letter);
            let range = at..at + letter.len_utf8();
            KrillaGlyph::new(GlyphId::new(id), width, 0.0, 0.0, 0.0, range, None)
        };
        run.text.char_indices().map(glyph).collect()
    }

    /// The text in letters that are there, without line ends, and without what takes no room: a mark of byte order
    /// that was pasted along has no place in a PDF.
    fn writable(&self, text: &str) -> String {
        let letter = |letter: char| match letter {
            letter if letter.is_control() => ' ',
            letter if self.regular.has(letter) && self.bold.has(letter) => letter,
            _ => UNKNOWN,
        };
        text.chars().filter(|letter| !INVISIBLE.contains(letter)).map(letter).collect()
    }
}

/// A piece of a text that looks the same throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub weight: Weight,
    /// Where it leads to.
    pub address: Option<String>,
    /// Something that is still to be filled in.
    pub is_blank: bool,
}

/// A piece of a line, with its place in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    pub x: f32,
    pub width: f32,
    pub run: Run,
}

pub type Line = Vec<Piece>;

impl Letters {
    pub fn runs(&self, text: &Text, weight: Weight) -> Vec<Run> {
        let run = |span: &Span| {
            let is_blank = matches!(span, Span::Blank(_));
            let text = if is_blank { format!("«{}»", span.text()) } else { span.text().to_owned() };
            let weight = if is_blank { Weight::Bold } else { weight };
            Run { text: self.writable(&text), weight, address: span.address(), is_blank }
        };
        text.spans().iter().map(run).collect()
    }

    pub fn plain(&self, text: &str, weight: Weight) -> Vec<Run> {
        vec![Run { text: self.writable(text), weight, address: None, is_blank: false }]
    }

    /// How wide it would like to be, and how narrow it can be, at this size.
    pub fn measure(&self, runs: &[Run], size: f32, language: Language) -> (f32, f32) {
        let words = words(runs, language);
        let widths: Vec<f32> = words.iter().map(|word| self.word_width(word, size)).collect();
        (widths.iter().sum(), widths.iter().copied().fold(0.0, f32::max))
    }

    /// The text in lines of this width. A word that is wider is cut.
    pub fn lines(&self, runs: &[Run], size: f32, width: f32, language: Language) -> Vec<Line> {
        let mut lines = Lines { letters: self, size, width, lines: vec![Vec::new()], x: 0.0 };
        for word in words(runs, language) {
            let bare: f32 = word.iter().map(|run| self.run_width(run.text.trim_end_matches(' '), run, size)).sum();
            if lines.x > 0.0 && lines.x + bare > width {
                lines.begin();
            }
            if bare > width {
                word.iter().for_each(|run| lines.cut(run));
            } else {
                word.into_iter().for_each(|run| lines.put(run));
            }
        }
        lines.lines
    }

    fn word_width(&self, word: &[Run], size: f32) -> f32 {
        word.iter().map(|run| self.run_width(&run.text, run, size)).sum()
    }

    fn run_width(&self, text: &str, run: &Run, size: f32) -> f32 {
        self.face(run.weight).width(text, size)
    }
}

/// Lines in the making.
struct Lines<'a> {
    letters: &'a Letters,
    size: f32,
    width: f32,
    lines: Vec<Line>,
    x: f32,
}

impl Lines<'_> {
    fn begin(&mut self) {
        self.lines.push(Vec::new());
        self.x = 0.0;
    }

    fn put(&mut self, run: Run) {
        let width = self.letters.run_width(&run.text, &run, self.size);
        let x = self.x;
        self.x += width;
        let Some(line) = self.lines.last_mut() else { return };
        match line.last_mut() {
            Some(last) if is_alike(&last.run, &run) => {
                last.run.text.push_str(&run.text);
                last.width += width;
            }
            _ => line.push(Piece { x, width, run }),
        }
    }

    fn cut(&mut self, run: &Run) {
        for letter in run.text.chars() {
            let one = Run { text: letter.to_string(), ..run.clone() };
            if self.x > 0.0 && self.x + self.letters.run_width(&one.text, &one, self.size) > self.width {
                self.begin();
            }
            self.put(one);
        }
    }
}

fn is_alike(one: &Run, other: &Run) -> bool {
    (one.weight, &one.address, one.is_blank) == (other.weight, &other.address, other.is_blank)
}

/// What stays together, each with the space that follows it.
fn words(runs: &[Run], language: Language) -> Vec<Vec<Run>> {
    let mut words: Vec<Vec<Run>> = Vec::new();
    let mut is_open = false;
    for run in runs {
        for piece in run.text.split_inclusive(' ') {
            let piece = Run { text: piece.to_owned(), ..run.clone() };
            let ends = piece.text.ends_with(' ');
            match words.last_mut() {
                Some(word) if is_open => word.push(piece),
                _ => words.push(vec![piece]),
            }
            is_open = !ends || words.last().is_some_and(|word| leans_on_the_next(word, language));
        }
    }
    words
}

/// A number goes with what it counts; a Polish word of one letter goes with the next.
fn leans_on_the_next(word: &[Run], language: Language) -> bool {
    let text: String = word.iter().map(|run| run.text.as_str()).collect();
    let last = text.trim_end().rsplit([' ', '\u{a0}']).next().unwrap_or_default();
    let is_number = !last.is_empty() && last.chars().all(|letter| letter.is_ascii_digit());
    let is_letter = last.chars().count() == 1 && last.chars().all(char::is_alphabetic);
    is_number || is_letter && language == Language::Pl
}
