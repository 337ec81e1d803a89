//! The terms as Markdown, which reads well as it stands, too.

use super::{Block, Span, Table, Terms, Text, section_number};

/// Characters that would mean something.
const SPECIAL: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '|', '#', '~', '&'];

pub fn markdown(terms: &Terms) -> String {
    let mut page = format!("# {}\n\n{}\n", inline(&terms.title), inline(&terms.from));
    if let Some((word, version)) = &terms.version {
        page.push_str(&format!("{word} {version}\n"));
    }
    let mut sections = 0;
    for block in &terms.blocks {
        page.push('\n');
        match block {
            Block::Part(title) => page.push_str(&format!("## {}\n", inline(title))),
            Block::Section(title) => {
                sections += 1;
                page.push_str(&format!("### {} {}\n", section_number(terms.language, sections), inline(title)));
            }
            Block::Steps(steps) => {
                for (index, step) in steps.iter().enumerate() {
                    page.push_str(&format!("{}. {}\n", index + 1, inline(step)));
                }
            }
            Block::Table(table) => page.push_str(&rows(table)),
            Block::Clauses(clauses) => {
                for (index, clause) in clauses.iter().enumerate() {
                    let number = format!("{}. ", index + 1);
                    page.push_str(&format!("{number}{}\n", inline(&clause.text)));
                    for point in &clause.points {
                        page.push_str(&format!("{:width$}- {}\n", "", inline(point), width = number.len()));
                    }
                }
            }
        }
    }
    page
}

fn rows(table: &Table) -> String {
    let row = |cells: &[Text]| format!("| {} |\n", cells.iter().map(inline).collect::<Vec<_>>().join(" | "));
    let rule = format!("|{}\n", " --- |".repeat(table.head.len()));
    let body: String = table.rows.iter().map(|cells| row(cells)).collect();
    format!("### {}\n\n{}{rule}{body}", inline(&table.caption), row(&table.head))
}

fn inline(text: &Text) -> String {
    let mut written = String::new();
    for span in text.spans() {
        match span {
            Span::Blank(what) => written.push_str(&format!("**«{}»**", escaped(what))),
            other => written.push_str(&escaped(other.text())),
        }
    }
    written
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if SPECIAL.contains(&letter) {
            escaped.push('\\');
        }
        escaped.push(if letter.is_control() { ' ' } else { letter });
    }
    escaped
}
