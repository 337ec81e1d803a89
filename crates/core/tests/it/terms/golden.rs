//! The terms as they are read. `GOLDEN=write` in the environment writes the files anew; then read what has
//! changed as a lawyer and as a marketer would.

use lojal_core::kernel::Language;
use lojal_core::programme::diff::compare;
use lojal_core::terms::{html, markdown};
use lojal_core::words::Words;

use super::{compiled, documented, gallery, terms};

fn assert_golden(name: &str, actual: &str) {
    crate::golden::assert_golden(&format!("terms/{name}"), actual);
}

#[test]
fn the_documented_programme_has_terms_in_both_languages() {
    let programme = compiled("documented", &documented());
    for language in Language::ALL {
        assert_golden(&format!("documented.{}.md", language.tag()), &markdown(&terms(&programme, language)));
    }
}

#[test]
fn each_programme_of_the_gallery_has_terms_in_its_languages() {
    for (name, text) in gallery() {
        let programme = compiled(&name, &text);
        let name = name.trim_end_matches(".toml");
        for language in &programme.languages {
            assert_golden(&format!("{name}.{}.md", language.tag()), &markdown(&terms(&programme, *language)));
        }
    }
}

/// A later version of the documented programme.
const LATER: &[(&str, &str)] = &[
    ("rate = 1\nper = \"1.00\"\nremainder", "rate = 1\nper = \"2.00\"\nremainder"),
    ("after_earning = \"12 months\"", "after_earning = \"24 months\""),
    ("minimum_age = 16", "minimum_age = 18"),
    ("coffee = { pl = \"kawa\", en = \"coffee\" }", "coffee = { pl = \"kawy\", en = \"coffees\" }"),
];

#[test]
fn the_terms_say_what_changed_since_a_version() {
    let mut old = compiled("documented", &documented());
    old.version = 3;
    let later = LATER.iter().fold(documented(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    });
    let mut new = compiled("later", &later);
    new.version = 4;
    let from = new.calendar.parse("2026-12-15").unwrap();
    for language in Language::ALL {
        let words = Words::new(language);
        let changed = terms(&new, language).since(&compare(&old, &new, from), &words, Some(from));
        let (written, title) = (markdown(&changed), if language == Language::Pl { "## Zmiany" } else { "## Changes" });
        let part = &written[written.find(title).expect("a part on changes")..];
        assert_golden(&format!("changes.{}.md", language.tag()), part);
        assert!(html(&changed).contains(title.trim_start_matches("## ")));
        let same = terms(&new, language).since(&compare(&new, &new, from), &words, None);
        assert_eq!(same.blocks.len(), changed.blocks.len());
    }
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
