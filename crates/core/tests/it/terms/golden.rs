//! The terms as they are read. `GOLDEN=write` in the environment writes the files anew; then read what has
//! changed as a lawyer and as a marketer would.

use lojal_core::kernel::Language;
use lojal_core::programme::Programme;
use lojal_core::terms::{Block, Terms, html, markdown};

use super::{compiled, documented, gallery, root, terms};

fn assert_golden(name: &str, actual: &str) {
    let path = format!("crates/core/tests/it/terms/{name}");
    // What is not to be broken across lines is compared as if it were.
    let actual = actual.replace('\u{a0}', " ");
    if std::env::var_os("GOLDEN").is_some_and(|golden| golden == "write") {
        std::fs::write(root().join(&path), &actual).unwrap();
    }
    let expected = super::read(&path);
    for (number, (actual, expected)) in actual.lines().zip(expected.lines()).enumerate() {
        assert_eq!(actual, expected, "{path}:{}", number + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{path}");
}

#[test]
fn the_documented_programme_has_terms_in_both_languages() {
    let programme = compiled("documented", &documented());
    for language in Language::ALL {
        assert_golden(&format!("documented.{}.md", language.tag()), &markdown(&terms(&programme, language)));
    }
}

#[test]
fn each_programme_of_the_gallery_says_how_it_works() {
    for language in Language::ALL {
        let mut page = String::new();
        for (name, text) in gallery() {
            let programme = compiled(&name, &text);
            if programme.languages.contains(&language) {
                page.push_str(&format!("<!-- {name} -->\n\n{}\n", markdown(&summary(&programme, language))));
            }
        }
        assert_golden(&format!("gallery.{}.md", language.tag()), &page);
    }
}

/// The part before the terms in full.
fn summary(programme: &Programme, language: Language) -> Terms {
    let mut terms = terms(programme, language);
    let parts = terms.blocks.iter().enumerate().filter(|(_, block)| matches!(block, Block::Part(_)));
    let end = parts.map(|(index, _)| index).nth(1).expect("a second part");
    terms.blocks.truncate(end);
    terms
}

#[test]
fn the_page_needs_nothing_else_and_lets_nothing_in() {
    let hostile = documented().replace("Klub na Rogu sp. z o.o.", "<script>alert('\\\"')</script>");
    let programme = compiled("hostile", &hostile);
    for language in Language::ALL {
        let page = html(&terms(&programme, language));
        assert!(page.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", language.tag())));
        assert!(page.contains("&lt;script&gt;alert(&#39;&quot;&#39;)&lt;/script&gt;"));
        for unwanted in ["<script", "src=", "@import", "url(", "<link", "onload"] {
            assert!(!page.contains(unwanted), "{unwanted}");
        }
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(page.contains("href=\"mailto:club@corner.example\""));
        assert!(page.contains("href=\"https://corner.example/privacy\""));
    }
    let written = markdown(&terms(&programme, Language::En));
    assert!(written.contains("\\<script\\>"), "{written}");
}
