//! The terms as they are read. `GOLDEN=write` in the environment writes the files anew; then read what has
//! changed as a lawyer and as a marketer would.

use lojal_core::kernel::Language;
use lojal_core::terms::{html, markdown};

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
