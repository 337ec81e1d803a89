//! What the readers of TOML and JSON say, as a remark of our own: they speak English alone.

use super::remark::Remark;

/// How the document's own type for numbers with decimals begins to say what it expects.
const DECIMAL: &str = "a whole number, or a number with decimals";

/// What a reader says is wrong with the shape of a document.
pub fn remark(problem: &str) -> Remark {
    let problem = problem.trim();
    let quoted: Vec<&str> = problem.split('`').skip(1).step_by(2).collect();
    let name = quoted.first().copied().unwrap_or_default();
    let kind = ["unknown field", "missing field", "unknown variant", "duplicate", "invalid type"]
        .into_iter()
        .position(|beginning| problem.starts_with(beginning));
    let expected = problem.rsplit_once("expected ").and_then(|(_, expected)| wanted(expected));
    let kind = match (kind, expected) {
        (Some(0), _) => "field",
        (Some(1), _) => "missing",
        (Some(2), _) => "variant",
        (Some(3), _) => "twice",
        (Some(4), Some(_)) => "type",
        _ if problem.starts_with(DECIMAL) => "decimal",
        _ => "other",
    };
    let remark = Remark::new("finding-shape").word("problem", problem).word("kind", kind).word("name", name);
    let remark = remark.word("expected", expected.unwrap_or_default());
    match kind {
        "field" | "variant" if quoted.len() > 1 => remark.words("known", &quoted[1..]),
        _ => remark.word("known", "none"),
    }
}

/// What a reader expected, by a word of ours; `None` for what only a programmer could say.
fn wanted(expected: &str) -> Option<&'static str> {
    let words = [
        ("a string", "text"),
        ("a boolean", "flag"),
        ("a sequence", "list"),
        ("a map", "table"),
        ("struct", "table"),
        ("i", "number"),
        ("u", "number"),
    ];
    words.into_iter().find(|(beginning, _)| expected.starts_with(beginning)).map(|(_, word)| word)
}
