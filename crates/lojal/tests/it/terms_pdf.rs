//! The terms as PDF: they say the same as the Markdown, are the same bytes each time, and hold to the page.

use std::path::Path;

use lojal_core::programme::STARTERS;
use lopdf::{Document, Object};

use crate::house::{House, text};

/// What an operator might write who wants to see what gives in.
const HOSTILE: &str = "Ladles\u{feff} of\u{200b} soup, 中文, \u{1f600} and a-word-that-is-longer-than-any-line-of-any-page-could-ever-be-and-goes-on-and-on-and-on-and-on-and-on";

fn written(house: &House, file: &Path, language: &str, name: &str) -> (Vec<u8>, Document) {
    let output = house.path(name);
    let options = ["programme", "terms", text(file), "--lang", language, "--format", "pdf", "--output", text(&output)];
    house.ok(&options);
    let bytes = std::fs::read(&output).unwrap();
    let document = Document::load_mem(&bytes).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    (bytes, document)
}

/// What stands on the pages, without their feet.
fn read(document: &Document) -> String {
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    let mut read = String::new();
    for page in &pages {
        let text = document.extract_text(&[*page]).unwrap();
        let foot = format!("{page} / {}", pages.len());
        let (body, rest) = text.rsplit_once(&foot).unwrap_or_else(|| panic!("no {foot} in {text}"));
        assert_eq!(rest.trim(), "", "the number of the page comes last");
        read.push_str(body);
    }
    read
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[test]
fn a_pdf_says_what_the_markdown_says() {
    let house = House::new();
    for (name, document) in STARTERS {
        let file = house.file(&format!("{name}.toml"), document);
        for language in ["pl", "en"] {
            let (bytes, pdf) = written(&house, &file, language, &format!("{name}.{language}.pdf"));
            let (again, _) = written(&house, &file, language, &format!("{name}.{language}.again.pdf"));
            assert!(bytes == again, "{name}: other bytes the second time");
            let markdown = house.ok(&["programme", "terms", text(&file), "--lang", language]);
            let read = read(&pdf);
            for line in markdown.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")) {
                let title = line.trim_start_matches("# ").trim_start_matches("## ");
                assert!(read.replace('\n', "").contains(title), "{name}: {title} is not in {read}");
            }
            assert_eq!(digits(&read), digits(&markdown), "{name}, {language}");
        }
    }
}

#[test]
fn every_programme_of_the_gallery_fits_on_paper() {
    let house = House::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programmes/gallery");
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        for language in ["pl", "en"] {
            let (_, pdf) = written(&house, &file, language, "terms.pdf");
            assert!((3..12).contains(&pdf.get_pages().len()), "{}", file.display());
        }
    }
}

#[test]
fn a_pdf_has_a_title_a_language_a_structure_and_links() {
    let house = House::new();
    let operator = format!(
        "[operator]\nname = \"{HOSTILE}\"\nemail = \"club@corner.example\"\nwebsite = \"https://corner.example\"\n"
    );
    let document = STARTERS[0].1.replacen("[units.", &format!("{operator}\n[units."), 1);
    let file = house.file("programme.toml", document);
    let (_, pdf) = written(&house, &file, "pl", "terms.pdf");
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"pl");
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Outlines"));
    let dictionaries = pdf.objects.values().filter_map(|object| object.as_dict().ok());
    let actions = dictionaries.filter_map(|dictionary| dictionary.get(b"A").and_then(Object::as_dict).ok());
    let addresses = actions.filter_map(|action| action.get(b"URI").and_then(Object::as_str).ok());
    let addresses: Vec<String> = addresses.map(|address| String::from_utf8_lossy(address).into_owned()).collect();
    for address in ["mailto:club@corner.example", "https://corner.example"] {
        assert!(addresses.iter().any(|known| known == address), "{address} is not among {addresses:?}");
    }
    let read = read(&pdf).replace('\n', "");
    assert!(read.contains("Ladles of soup, ??, ? and"), "what cannot be written is marked: {read}");
    assert!(
        ["ą", "ć", "ę", "ł", "ó", "ś", "ż"].iter().all(|letter| read.contains(letter)),
        "Polish letters can be copied"
    );
    assert!(pdf.get_pages().len() > 2);
}
