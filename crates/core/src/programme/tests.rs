use super::*;
use crate::kernel::Language;
use crate::words::Words;

#[test]
fn starters_are_correct() {
    for language in Language::ALL {
        let checked = check_toml(starter(language)).unwrap_or_else(|findings| {
            panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        });
        assert!(checked.unaccepted().is_empty(), "{:?}", checked.unaccepted());
    }
}

/// The starter with one piece of text replaced, and what is then found: code, line and quote.
fn check(replace: &str, by: &str) -> Vec<(String, Option<usize>, String)> {
    let text = starter(Language::En);
    assert!(text.contains(replace), "{replace}");
    let findings = parse_toml(&text.replacen(replace, by, 1)).expect_err(by);
    for finding in &findings {
        assert!(finding.line.is_some() && !Words::new(Language::Pl).remedy(finding).is_empty(), "{finding}");
    }
    findings.into_iter().map(|finding| (finding.code, finding.line, finding.found)).collect()
}

#[test]
fn mistakes_are_found_at_their_place() {
    let text = starter(Language::En);
    for (replace, by, code, found) in [
        ("rate = 1\n", "rate = 1.5\n", "shape", "1.5"),
        ("per = \"1.00\"", "per = \"1.005\"", "not_a_number", "\"1.005\""),
        ("on = \"order\"\nrate", "onn = \"order\"\nrate", "shape", "onn"),
        ("time_zone = \"Europe/Warsaw\"", "time_zone = \"Warsaw\"", "unknown_time_zone", "\"Warsaw\""),
        ("field = \"order.total\"", "field = \"order.sum\"", "unknown_field", "\"order.sum\""),
        ("at_least = \"200.00\"", "at_least = true", "value_unfit", "true"),
        ("at_least = \"gold\"", "at_least = \"golden\"", "unknown_level", "\"golden\""),
        ("reward = \"birthday-code\"", "reward = \"birthday\"", "unknown_reward", "\"birthday\""),
        ("at = \"3000.00\"", "at = \"300.00\"", "levels_out_of_order", "\"300.00\""),
        ("applies_to = [\"spend\"]", "applies_to = [\"spendings\"]", "unknown_rule", "\"spendings\""),
        ("after_earning = \"12 months\"", "after_earning = \"a year\"", "not_a_period", "\"a year\""),
        ("pl = \"Kubek\"", "de = \"Becher\"", "shape", "de"),
    ] {
        let findings = check(replace, by);
        let line = text[..text.find(replace).unwrap()].matches('\n').count() + 1;
        let (first, at, quote) = &findings[0];
        assert_eq!((first.as_str(), *at, quote.as_str()), (code, Some(line), found), "{by}: {findings:?}");
    }
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let text = starter(Language::En)
        .replacen("per = \"1.00\"", "per = \"0\"", 1)
        .replacen("kind = \"free_shipping\"", "kind = \"amount_off\"", 1)
        .replacen("pl = \"Kubek\"", "", 1);
    let findings = parse_toml(&text).unwrap_err();
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["field_missing", "missing_translation", "out_of_range"]);
}

#[test]
fn the_same_document_is_read_from_json() {
    let value: toml::Table = toml::from_str(starter(Language::En)).unwrap();
    let json = serde_json::to_string(&value).unwrap();
    let programme = check_json(&json).unwrap().programme;
    assert_eq!(programme.rules.len(), parse_toml(starter(Language::En)).unwrap().rules.len());
    let findings = check_json("{\"programme\": 1}").unwrap_err();
    assert_eq!(findings[0].line, Some(1));
}

#[test]
fn no_input_panics() {
    let text = starter(Language::Pl);
    for cut in (0..text.len()).step_by(97) {
        let cut = text.floor_char_boundary(cut);
        let _ = parse_toml(&text[..cut]);
        let _ = parse_toml(&text[cut..]);
    }
}

#[test]
fn a_reward_out_of_reach_is_a_warning() {
    let text = starter(Language::En).replacen("price = 500\n", "", 1);
    let checked = check_toml(&text).unwrap();
    let unaccepted = checked.unaccepted();
    let codes: Vec<&str> = unaccepted.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["reward_out_of_reach"]);
}

const PLANNED: &str = r#"
[planned.referral]
summary = { en = "Bring a friend, and both get something.", pl = "Za polecenie coś dla obu stron." }
facts = [{ en = "10 PLN for each of them", pl = "10 zł dla każdej z osób" }]
"#;

#[test]
fn what_is_planned_changes_no_rule() {
    let text = starter(Language::En);
    let planned = format!("{text}{PLANNED}[planned.messages]\nsummary = {{ en = \"Mail\", pl = \"Poczta\" }}\n");
    let checked = check_toml(&planned).unwrap();
    let line = |capability: &str| {
        planned.lines().position(|line| line == format!("[planned.{capability}]")).map(|index| index + 1)
    };
    let noted: Vec<(&str, Severity, Option<usize>)> =
        checked.warnings.iter().map(|finding| (finding.code.as_str(), finding.severity, finding.line)).collect();
    let notice = |capability| ("planned_capability", Severity::Notice, line(capability));
    assert_eq!(noted[..2], [notice("referral"), notice("messages")]);
    assert_eq!(Words::new(Language::En).problem(&checked.warnings[0]), "Lojal does not run this yet: referral");
    assert_eq!(format!("{:?}", checked.programme), format!("{:?}", parse_toml(text).unwrap()));
}

#[test]
fn what_is_planned_is_said_in_every_language() {
    let text = format!("{}{PLANNED}", starter(Language::En));
    for (replace, by, code, pointer) in [
        (", pl = \"10 zł dla każdej z osób\"", "", "missing_translation", "/planned/referral/facts/0"),
        (
            "en = \"Bring a friend, and both get something.\"",
            "en = \" \"",
            "text_unfit",
            "/planned/referral/summary/en",
        ),
        ("[planned.referral]", "[planned.telepathy]", "shape", ""),
    ] {
        let findings = check_toml(&text.replacen(replace, by, 1)).expect_err(by);
        let found: Vec<(&str, &str)> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| (finding.code.as_str(), finding.pointer.as_str()))
            .collect();
        assert_eq!(found, [(code, pointer)]);
    }
}
