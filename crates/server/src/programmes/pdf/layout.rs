//! The terms on paper: headings stay with what follows them, tables begin again with their heads, rows stay whole.

use lojal_core::kernel::Language;
use lojal_core::terms::{Block, Clause, Table, Terms, Text, section_number};

use super::paper::{BOTTOM, Bookmark, ElementId, Ink, Kind, LEFT, Paper, RIGHT, Shape, TOP};
use crate::platform::letters::{Letters, Line, Run, Weight};

const BODY: f32 = 9.5;
const SMALL: f32 = 8.5;
const FOOT: f32 = 8.0;
/// The height of a line, in sizes of its letters.
const LEADING: f32 = 1.45;
const INDENT: f32 = 20.0;
const CELL: f32 = 5.0;

struct Layout<'a> {
    paper: Paper<'a>,
    language: Language,
    /// Headings that wait for what they stand over.
    waiting: Vec<Heading>,
}

struct Heading {
    level: u16,
    size: f32,
    before: f32,
    after: f32,
    title: String,
    lines: Vec<Line>,
}

/// Lays the terms out.
pub fn laid_out<'a>(terms: &Terms, letters: &'a Letters) -> Paper<'a> {
    let mut layout = Layout { paper: Paper::new(letters), language: terms.language, waiting: Vec::new() };
    layout.title(terms);
    let mut sections = 0;
    let mut parts = 0;
    for block in &terms.blocks {
        match block {
            Block::Part(title) => {
                parts += 1;
                if parts == 2 {
                    layout.paper.turn();
                }
                layout.heading(2, &title.plain());
            }
            Block::Section(title) => {
                sections += 1;
                layout.heading(3, &format!("{} {}", section_number(terms.language, sections), title.plain()));
            }
            Block::Steps(steps) => layout.steps(steps),
            Block::Table(table) => {
                layout.heading(3, &table.caption.plain());
                layout.table(table);
            }
            Block::Clauses(clauses) => layout.clauses(clauses),
        }
    }
    layout.settle(0.0);
    layout.feet(terms);
    layout.paper
}

impl Layout<'_> {
    fn title(&mut self, terms: &Terms) {
        let title = terms.title.plain();
        let (size, width) = (21.0, RIGHT - LEFT);
        let element = self.paper.element(Kind::Heading { level: 1, title: title.clone() }, None);
        let runs = self.paper.letters.plain(&title, Weight::Bold);
        for line in self.lines(&runs, size, width) {
            self.paper.y += size * 1.25;
            self.paper.write(&line, LEFT, self.paper.y, size, Ink::Text, Some(element));
        }
        self.paper.y += 6.0;
        let from = self.paper.letters.runs(&terms.from, Weight::Regular);
        let version = terms.version.as_ref().map(|(word, version)| format!("{word} {version}"));
        let version = version.map(|version| self.paper.letters.plain(&version, Weight::Regular));
        for runs in [Some(from), version].into_iter().flatten() {
            let element = self.paper.element(Kind::Paragraph, None);
            for line in self.lines(&runs, BODY, width) {
                self.paper.y += BODY * LEADING;
                self.paper.write(&line, LEFT, self.paper.y, BODY, Ink::Soft, Some(element));
            }
        }
        self.paper.y += 6.0;
    }

    fn lines(&self, runs: &[Run], size: f32, width: f32) -> Vec<Line> {
        self.paper.letters.lines(runs, size, width, self.language)
    }

    fn heading(&mut self, level: u16, title: &str) {
        let (size, before, after) = if level == 2 { (15.0, 24.0, 8.0) } else { (11.0, 16.0, 5.0) };
        let runs = self.paper.letters.plain(title, Weight::Bold);
        let lines = self.lines(&runs, size, RIGHT - LEFT);
        self.waiting.push(Heading { level, size, before, after, title: title.to_owned(), lines });
    }

    /// Writes the headings that wait, where there is room for them and for what comes next.
    fn settle(&mut self, next: f32) {
        let waiting = std::mem::take(&mut self.waiting);
        let height =
            |heading: &Heading| heading.before + heading.lines.len() as f32 * heading.size * 1.3 + heading.after;
        self.paper.need(waiting.iter().map(height).sum::<f32>() + next);
        for heading in waiting {
            self.paper.gap(heading.before);
            if heading.level == 2 {
                self.paper.rule(LEFT, self.paper.y, RIGHT - LEFT, 1.2, Ink::Text);
                self.paper.y += 6.0;
            }
            let bookmark = Bookmark {
                title: heading.title.clone(),
                is_part: heading.level == 2,
                page: self.paper.page(),
                y: self.paper.y,
            };
            self.paper.bookmarks.push(bookmark);
            let kind = Kind::Heading { level: heading.level, title: heading.title };
            let element = self.paper.element(kind, None);
            for line in &heading.lines {
                self.paper.y += heading.size * 1.3;
                let baseline = self.paper.y - heading.size * 0.25;
                self.paper.write(line, LEFT, baseline, heading.size, Ink::Text, Some(element));
            }
            self.paper.y += heading.after;
        }
    }

    fn steps(&mut self, steps: &[Text]) {
        let list = self.list(Kind::Numbered, None, steps.len());
        for (index, step) in steps.iter().enumerate() {
            let runs = self.paper.letters.runs(step, Weight::Regular);
            let lines = self.lines(&runs, BODY, RIGHT - LEFT - INDENT - 4.0);
            self.settle(lines.len() as f32 * BODY * LEADING);
            self.paper.need(lines.len() as f32 * BODY * LEADING);
            let item = self.paper.element(Kind::Item, Some(list));
            let label = self.paper.element(Kind::Label, Some(item));
            let centre = self.paper.y + BODY * 0.83;
            self.paper.draw(Shape::Disc { x: LEFT + 7.5, y: centre, radius: 7.5, ink: Ink::Text }, None);
            let number = self.paper.letters.plain(&(index + 1).to_string(), Weight::Bold);
            for line in self.lines(&number, FOOT, INDENT) {
                let width: f32 = line.iter().map(|piece| piece.width).sum();
                self.paper.write(&line, LEFT + 7.5 - width / 2.0, centre + FOOT * 0.36, FOOT, Ink::Paper, Some(label));
            }
            let body = self.paper.element(Kind::Body, Some(item));
            self.paragraph(&lines, LEFT + INDENT + 4.0, BODY, body);
            self.paper.y += 5.0;
        }
    }

    /// A list, made after the headings over it have their place, so that it is read after them.
    fn list(&mut self, kind: Kind, parent: Option<ElementId>, items: usize) -> ElementId {
        if parent.is_none() && items > 0 {
            self.settle(2.0 * BODY * LEADING);
        }
        self.paper.element(kind, parent)
    }

    fn clauses(&mut self, clauses: &[Clause]) {
        let list = self.list(Kind::Numbered, None, clauses.len());
        for (index, clause) in clauses.iter().enumerate() {
            let body = self.item(&format!("{}.", index + 1), &clause.text, LEFT, list);
            if !clause.points.is_empty() {
                let points = self.list(Kind::Bulleted, Some(body), clause.points.len());
                for point in &clause.points {
                    self.item("–", point, LEFT + INDENT, points);
                }
            }
        }
    }

    fn item(&mut self, label: &str, text: &Text, x: f32, list: ElementId) -> ElementId {
        let runs = self.paper.letters.runs(text, Weight::Regular);
        let lines = self.lines(&runs, BODY, RIGHT - x - INDENT);
        self.paper.need(kept(lines.len()) as f32 * BODY * LEADING);
        let item = self.paper.element(Kind::Item, Some(list));
        let mark = self.paper.element(Kind::Label, Some(item));
        let label = self.paper.letters.plain(label, Weight::Regular);
        for line in self.lines(&label, BODY, INDENT) {
            self.paper.write(&line, x, self.paper.y + BODY, BODY, Ink::Soft, Some(mark));
        }
        let body = self.paper.element(Kind::Body, Some(item));
        self.paragraph(&lines, x + INDENT, BODY, body);
        self.paper.y += 3.5;
        body
    }

    /// Lines one under the other; where a page ends among them, at least two stand on each side.
    fn paragraph(&mut self, lines: &[Line], x: f32, size: f32, element: ElementId) {
        let height = size * LEADING;
        let mut left = lines.len();
        for line in lines {
            let is_last_pair = left == 2 && self.paper.y + 2.0 * height > BOTTOM;
            if self.paper.y + height > BOTTOM || is_last_pair && lines.len() > 2 {
                self.paper.turn();
            }
            self.paper.write(line, x, self.paper.y + size, size, Ink::Text, Some(element));
            self.paper.y += height;
            left -= 1;
        }
    }

    fn table(&mut self, table: &Table) {
        let widths = self.columns(table);
        let head: Vec<Vec<Line>> = self.cells(&table.head, &widths, |_| Weight::Bold);
        let rows: Vec<Vec<Vec<Line>>> = table
            .rows
            .iter()
            .map(|row| self.cells(row, &widths, |column| if column == 0 { Weight::Bold } else { Weight::Regular }))
            .collect();
        let first = rows.first().map_or(0.0, |row| height_of(row));
        self.settle(height_of(&head) + first);
        let element = self.paper.element(Kind::Table, None);
        self.head(&head, &widths, Some(element));
        for row in &rows {
            if self.paper.y + height_of(row) > BOTTOM {
                self.paper.turn();
                self.head(&head, &widths, None);
            }
            self.row(row, &widths, &head, element);
        }
        self.paper.y += 4.0;
    }

    /// The heads of the columns; those that are said again at the top of a page are decoration.
    fn head(&mut self, head: &[Vec<Line>], widths: &[f32], table: Option<ElementId>) {
        let row = table.map(|table| self.paper.element(Kind::Row, Some(table)));
        let (top, mut x) = (self.paper.y, LEFT);
        for (lines, width) in head.iter().zip(widths) {
            let cell = row.map(|row| self.paper.element(Kind::ColumnHead, Some(row)));
            for (index, line) in lines.iter().enumerate() {
                let baseline = top + CELL + SMALL + index as f32 * SMALL * LEADING;
                self.paper.write(line, x, baseline, SMALL, Ink::Soft, cell);
            }
            x += width;
        }
        self.paper.y = top + height_of(head);
        self.paper.rule(LEFT, self.paper.y - 1.0, RIGHT - LEFT, 1.0, Ink::Soft);
    }

    /// A row; one that no page could hold goes on over several.
    fn row(&mut self, cells: &[Vec<Line>], widths: &[f32], head: &[Vec<Line>], table: ElementId) {
        let row = self.paper.element(Kind::Row, Some(table));
        let kinds = (0..cells.len()).map(|column| if column == 0 { Kind::RowHead } else { Kind::Cell });
        let elements: Vec<ElementId> = kinds.map(|kind| self.paper.element(kind, Some(row))).collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
        let mut from = 0;
        while from < most {
            let room = ((BOTTOM - self.paper.y - 2.0 * CELL) / (SMALL * LEADING)).floor().max(1.0) as usize;
            let until = most.min(from + room);
            let (top, mut x) = (self.paper.y, LEFT);
            for ((lines, width), element) in cells.iter().zip(widths).zip(&elements) {
                for (index, line) in lines.iter().enumerate().skip(from).take(until - from) {
                    let baseline = top + CELL + SMALL + (index - from) as f32 * SMALL * LEADING;
                    self.paper.write(line, x, baseline, SMALL, Ink::Text, Some(*element));
                }
                x += width;
            }
            self.paper.y = top + (until - from) as f32 * SMALL * LEADING + 2.0 * CELL;
            self.paper.rule(LEFT, self.paper.y - 0.5, RIGHT - LEFT, 0.5, Ink::Line);
            from = until;
            if from < most {
                self.paper.turn();
                self.head(head, widths, None);
            }
        }
    }

    fn cells(&self, row: &[Text], widths: &[f32], weight: impl Fn(usize) -> Weight) -> Vec<Vec<Line>> {
        let cell = |(column, (text, width)): (usize, (&Text, &f32))| {
            self.lines(&self.runs_of_cell(text, weight(column)), SMALL, width - 2.0 * CELL)
        };
        row.iter().zip(widths).enumerate().map(cell).collect()
    }

    /// What is in a cell; a dash where there is nothing.
    fn runs_of_cell(&self, text: &Text, weight: Weight) -> Vec<Run> {
        match text.is_empty() {
            true => self.paper.letters.plain("–", Weight::Regular),
            false => self.paper.letters.runs(text, weight),
        }
    }

    /// How wide the columns are: none narrower than its longest word, and the rest by how much they have to say.
    fn columns(&self, table: &Table) -> Vec<f32> {
        let whole = RIGHT - LEFT;
        let measure = |column: usize| {
            let cells = table.rows.iter().filter_map(|row| row.get(column));
            let weight = if column == 0 { Weight::Bold } else { Weight::Regular };
            let head = table.head.get(column).map(|head| (head, Weight::Bold));
            let all = cells.map(|cell| (cell, weight)).chain(head);
            all.map(|(cell, weight)| {
                let runs = self.runs_of_cell(cell, weight);
                self.paper.letters.measure(&runs, SMALL, self.language)
            })
            .fold((0.0, 0.0), |(natural, least): (f32, f32), (width, word)| (natural.max(width), least.max(word)))
        };
        let measured: Vec<(f32, f32)> = (0..table.head.len()).map(measure).collect();
        let least: Vec<f32> = measured.iter().map(|(_, least)| least.min(whole / 3.0) + 2.0 * CELL).collect();
        let wish: Vec<f32> = measured
            .iter()
            .zip(&least)
            .map(|((natural, _), least)| (natural + 2.0 * CELL).min(whole * 0.6).max(*least))
            .collect();
        let (all_least, all_wish): (f32, f32) = (least.iter().sum(), wish.iter().sum());
        if all_least >= whole {
            return least.iter().map(|width| width * whole / all_least).collect();
        }
        let share = (whole - all_least) / (all_wish - all_least).max(1.0);
        if share >= 1.0 {
            // More room than needed: in proportion.
            return wish.iter().map(|width| width * whole / all_wish).collect();
        }
        least.iter().zip(&wish).map(|(least, wish)| least + (wish - least) * share).collect()
    }

    fn feet(&mut self, terms: &Terms) {
        let pages = self.paper.pages.len();
        let title = self.paper.letters.plain(&terms.title.plain(), Weight::Regular);
        let title = self.lines(&title, FOOT, RIGHT - LEFT - 60.0).into_iter().next().unwrap_or_default();
        let title: String = title.iter().map(|piece| piece.run.text.as_str()).collect();
        for page in 0..pages {
            let number = format!("{} / {pages}", page + 1);
            let width = self.paper.letters.regular.width(&number, FOOT);
            self.paper.decorate(page, title.trim_end(), LEFT, BOTTOM + 30.0, FOOT);
            self.paper.decorate(page, &number, RIGHT - width, BOTTOM + 30.0, FOOT);
        }
    }
}

/// How many lines of a paragraph must fit where it begins.
fn kept(lines: usize) -> usize {
    if lines <= 3 { lines } else { 2 }
}

fn height_of(cells: &[Vec<Line>]) -> f32 {
    let lines = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
    (lines as f32 * SMALL * LEADING + 2.0 * CELL).min(BOTTOM - TOP)
}
