//! The terms as one HTML page that needs nothing else: no script, no other file, for screens from narrow
//! to wide, for paper, and for those who listen to it.

use super::{Block, Clause, Span, Table, Terms, Text, section_number};

const STYLE: &str = include_str!("style.css");

pub fn html(terms: &Terms) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<main>\n<header>\n<h1>{}</h1>\n<p class=\"from\">{}{}</p>\n</header>\n",
        terms.language.tag(),
        escaped(&terms.title.plain()),
        inline(&terms.title),
        inline(&terms.from),
        version(terms),
    );
    let (mut sections, mut tables, mut is_open) = (0, 0, false);
    for block in &terms.blocks {
        match block {
            Block::Part(title) => {
                page.push_str(if is_open { "</section>\n<section>\n" } else { "<section>\n" });
                page.push_str(&format!("<h2>{}</h2>\n", inline(title)));
                is_open = true;
            }
            Block::Section(title) => {
                sections += 1;
                let number = section_number(terms.language, sections);
                page.push_str(&format!("<h3 id=\"s{sections}\">{number} {}</h3>\n", inline(title)));
            }
            Block::Steps(steps) => page.push_str(&format!("<ol class=\"steps\">\n{}</ol>\n", items(steps))),
            Block::Table(table) => {
                tables += 1;
                page.push_str(&rows(table, tables));
            }
            Block::Clauses(clauses) => {
                page.push_str(&format!("<ol>\n{}</ol>\n", clauses.iter().map(clause).collect::<String>()));
            }
        }
    }
    page.push_str(if is_open { "</section>\n" } else { "" });
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn version(terms: &Terms) -> String {
    terms.version.as_ref().map_or_else(String::new, |(word, version)| format!("<br>{} {version}", escaped(word)))
}

fn items(items: &[Text]) -> String {
    items.iter().map(|item| format!("<li>{}</li>\n", inline(item))).collect()
}

fn clause(clause: &Clause) -> String {
    match clause.points.is_empty() {
        true => format!("<li>{}</li>\n", inline(&clause.text)),
        false => format!("<li>{}\n<ul>\n{}</ul>\n</li>\n", inline(&clause.text), items(&clause.points)),
    }
}

/// A narrow screen shows each row as a card, with the heads beside their cells; the roles keep it a table
/// for those who listen.
fn rows(table: &Table, number: usize) -> String {
    let head: String = table
        .head
        .iter()
        .map(|head| format!("<th scope=\"col\" role=\"columnheader\">{}</th>", inline(head)))
        .collect();
    let mut body = String::new();
    for row in &table.rows {
        body.push_str("<tr role=\"row\">");
        for (index, (cell, head)) in row.iter().zip(&table.head).enumerate() {
            let (tag, role) = if index == 0 { ("th scope=\"row\"", "rowheader") } else { ("td", "cell") };
            let label = escaped(&head.plain());
            let end = if index == 0 { "th" } else { "td" };
            let blank = if cell.is_empty() { " class=\"nothing\"" } else { "" };
            body.push_str(&format!(
                "<{tag} role=\"{role}\" data-label=\"{label}\"{blank}><div>{}</div></{end}>",
                inline(cell)
            ));
        }
        body.push_str("</tr>\n");
    }
    format!(
        "<h3 id=\"t{number}\">{}</h3>\n<table role=\"table\" aria-labelledby=\"t{number}\">\n\
         <thead role=\"rowgroup\"><tr role=\"row\">{head}</tr></thead>\n<tbody role=\"rowgroup\">\n{body}</tbody>\n</table>\n",
        inline(&table.caption),
    )
}

fn inline(text: &Text) -> String {
    let mut written = String::new();
    for span in text.spans() {
        match span {
            Span::Words(words) | Span::Published(words) => written.push_str(&escaped(&bound(words))),
            Span::Blank(what) => written.push_str(&format!("<mark>«{}»</mark>", escaped(what))),
            Span::Stated { text, pointer } => written.push_str(&stated(span, &bound(text), pointer)),
        }
    }
    written
}

/// Keeps numbers with what they count, and words of one letter with the next, on one line.
fn bound(text: &str) -> String {
    let mut bound = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ').rsplit('\u{a0}').next().unwrap_or_default();
        let is_number = !bare.is_empty() && bare.chars().all(|letter| letter.is_ascii_digit());
        let is_letter = bare.chars().count() == 1 && bare.chars().all(char::is_alphabetic);
        match word.strip_suffix(' ') {
            Some(word) if is_number || is_letter => bound.extend([word, "\u{a0}"]),
            _ => bound.push_str(word),
        }
    }
    bound
}

/// Where it comes from can be looked up in the page; addresses of the operator can be followed.
fn stated(span: &Span, text: &str, pointer: &str) -> String {
    let (text, field) = (escaped(text), escaped(pointer));
    match span.address() {
        Some(address) => format!("<a href=\"{}\" data-field=\"{field}\">{text}</a>", escaped(&address)),
        None => format!("<span data-field=\"{field}\">{text}</span>"),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
