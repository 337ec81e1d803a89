//! The page: what stands on it, apart from how it looks. The look is in `templates/report.html`.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use serde::Serialize;

use crate::ReportError;

const TEMPLATE: &str = include_str!("../templates/report.html");

#[derive(Serialize)]
pub struct Page {
    pub language: &'static str,
    pub title: String,
    pub subtitle: String,
    /// What the list of sections is called.
    pub contents: String,
    /// What a table beside a chart is called.
    pub numbers: String,
    pub verdict: Vec<String>,
    /// The figures to look at first.
    pub highlights: Vec<Highlight>,
    pub sections: Vec<Section>,
    pub footer: String,
}

#[derive(Serialize)]
pub struct Highlight {
    pub label: String,
    pub figure: Cell,
    /// Where it lies, or how it changes.
    pub note: String,
}

#[derive(Serialize)]
pub struct Section {
    pub id: &'static str,
    pub heading: String,
    pub blocks: Vec<Block>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block {
    Text {
        text: String,
    },
    /// Something to keep in mind.
    Note {
        text: String,
    },
    Facts {
        facts: Vec<(String, String)>,
    },
    Table {
        table: Table,
    },
    Chart {
        chart: Chart,
    },
    List {
        heading: String,
        items: Vec<String>,
    },
}

#[derive(Serialize)]
pub struct Chart {
    pub title: String,
    pub caption: String,
    /// SVG, with its texts escaped already.
    pub drawing: String,
    /// The same numbers.
    pub table: Table,
}

#[derive(Serialize, Default)]
pub struct Table {
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<(String, Vec<Cell>)>,
}

#[derive(Clone, Serialize)]
pub struct Cell {
    pub text: String,
    /// The number itself, as it stands in the JSON beside the page.
    pub value: Option<i64>,
    /// Smaller, below it.
    pub note: String,
}

impl Cell {
    pub fn new(text: impl Into<String>, value: Option<i64>) -> Cell {
        Cell { text: text.into(), value, note: String::new() }
    }

    pub fn text(text: impl Into<String>) -> Cell {
        Cell::new(text, None)
    }
}

impl Block {
    pub fn text(text: impl Into<String>) -> Block {
        Block::Text { text: text.into() }
    }

    pub fn note(text: impl Into<String>) -> Block {
        Block::Note { text: text.into() }
    }

    pub fn table(caption: impl Into<String>, head: Vec<String>, rows: Vec<(String, Vec<Cell>)>) -> Block {
        Block::Table { table: Table { caption: caption.into(), head, rows } }
    }
}

pub fn render(page: &Page) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    // Without a line break where a tag stood.
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The ending says that everything is escaped.
    environment.add_template("report.html", TEMPLATE)?;
    let page = Value::from(Serde(page));
    Ok(environment.get_template("report.html")?.render(context! { page })?)
}
