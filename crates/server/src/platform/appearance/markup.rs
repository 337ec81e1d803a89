//! What may not stand in a template that staff write. The Content-Security-Policy of members' pages stops most of it
//! in any case, and this says so before somebody wonders; where a page leads to, it has to see to alone.
//! Letters are not written here at all: they have a code that opens the door, and no such policy.

/// Around an expression, in the place of its braces.
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';
/// In the place of steps: one that has an end, one that is such an end, and any other.
const OPENED: char = '\u{3}';
const CLOSED: char = '\u{4}';
const BETWEEN: char = '\u{5}';
/// As [`OPENED`], where another template says what stands there.
const BLOCK: char = '\u{6}';
/// A remark, or the end of a line that the page does not have.
const NOTHING: char = '\u{7}';
const SEAMS: [char; 5] = [OPENED, CLOSED, BETWEEN, BLOCK, NOTHING];
/// Elements that load, run or change something.
const REFUSED: [&str; 13] = [
    "animate",
    "applet",
    "base",
    "embed",
    "foreignobject",
    "frame",
    "frameset",
    "iframe",
    "object",
    "portal",
    "set",
    "style",
    "video",
];
/// Attributes that lead somewhere.
const LEADING: [&str; 12] = [
    "action",
    "background",
    "cite",
    "data",
    "formaction",
    "href",
    "imagesrcset",
    "manifest",
    "ping",
    "poster",
    "src",
    "srcset",
];
/// What `<meta>` may say.
const META: [&str; 4] = ["color-scheme", "description", "theme-color", "viewport"];
/// What templates may call.
const FUNCTIONS: [&str; 8] = ["asset", "fault", "icon", "logo", "pass_on", "sheet", "t", "tint"];
/// Where a form leads, as a page is told.
const ACTION: &str = "action";
const STEPS_WITH_AN_END: [&str; 8] = ["autoescape", "call", "filter", "for", "if", "macro", "raw", "with"];
/// Steps that would write what they hold as it is, whatever became of it.
const STEPS_REFUSED: [&str; 4] = ["autoescape", "call", "filter", "raw"];
/// Steps that give something a name.
const STEPS_THAT_NAME: [&str; 6] = ["for", "from", "import", "macro", "set", "with"];

/// The line of what may not stand in a template, and the key of the text that says why.
pub fn markup_fault(template: &str) -> Option<(usize, &'static str)> {
    if let Some(at) = template.find(|letter: char| SEAMS.contains(&letter) || letter == BEGIN || letter == END) {
        return Some((lines(&template[..at]) + 1, "template-fault-element"));
    }
    let (html, steps) = without_braces(template);
    let step = steps.iter().find_map(|(line, words)| step_fault(words).map(|key| (*line, key)));
    let tag = tags(&html).find_map(|tag| tag.fault().map(|key| (tag.line, key)));
    [step, tag].into_iter().flatten().min()
}

fn step_fault(words: &str) -> Option<&'static str> {
    let name = first_word(words);
    // What is set by what stands between two steps is written as it is, and so is what a macro answers.
    if STEPS_REFUSED.contains(&name) || is_set_between(words) {
        return Some("template-fault-escape");
    }
    if ["set", "with"].contains(&name) && !has_known_calls(words) {
        return Some("template-fault-escape");
    }
    let is_ours = |word: &str| word == ACTION || FUNCTIONS.contains(&word);
    let takes = STEPS_THAT_NAME.contains(&name) && names(words).any(is_ours);
    takes.then_some("template-fault-address")
}

fn first_word(words: &str) -> &str {
    words.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default()
}

fn is_set_between(words: &str) -> bool {
    first_word(words) == "set" && !words.contains('=')
}

/// The names that a step gives, with those beside them.
fn names(words: &str) -> impl Iterator<Item = &str> {
    let given = match first_word(words) {
        "for" => words.split(" in ").next(),
        "set" => words.split('=').next(),
        _ => None,
    };
    given.unwrap_or(words).split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

/// Whether nothing is called but what is built in.
fn has_known_calls(words: &str) -> bool {
    words.match_indices('(').all(|(at, _)| {
        let before = words[..at].trim_end();
        let name = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
        let asked = before[..before.len() - name.len()].trim_end();
        let is_filter = asked.ends_with('|') || asked.ends_with(" is") || asked.ends_with(" is not");
        let is_word = ["and", "else", "if", "in", "not", "or"].contains(&name);
        name.is_empty() && !before.ends_with([')', ']']) || is_filter || is_word || FUNCTIONS.contains(&name)
    })
}

/// The HTML with marks in the place of braces, and what each step says, by line. What blanks may vanish between two
/// pieces have vanished.
fn without_braces(template: &str) -> (String, Vec<(usize, String)>) {
    let mut html = String::new();
    let mut steps = Vec::new();
    let mut rest = template;
    let mut line = 1;
    let (mut is_after_step, mut is_tight) = (false, false);
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        let (before, code) = rest.split_at(at);
        let (opening, code) = code.split_at(2);
        let closing = match opening {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let is_step = opening != "{{";
        html.push_str(&joined(before, (is_after_step, is_tight), (is_step, code.starts_with('-'))));
        line += lines(before);
        let end = if opening == "{#" { code.find(closing) } else { end_of_code(code, closing) };
        let (inside, after) = code.split_at(end.unwrap_or(code.len()));
        let words = inside.trim_matches(['-', '+']).trim();
        match opening {
            "{{" => html.extend([BEGIN.to_string(), words.to_owned(), END.to_string()]),
            "{%" => {
                html.push(mark(words));
                steps.push((line, words.to_owned()));
            }
            _ => html.push(NOTHING),
        }
        if is_step {
            html.extend(inside.chars().filter(|letter| *letter == '\n').map(|_| NOTHING));
        }
        line += lines(inside);
        (is_after_step, is_tight) = (is_step, inside.ends_with('-'));
        rest = after.get(2..).unwrap_or_default();
    }
    html.push_str(&joined(rest, (is_after_step, is_tight), (false, false)));
    (html, steps)
}

fn mark(words: &str) -> char {
    match first_word(words) {
        "block" => BLOCK,
        name if name.starts_with("end") => CLOSED,
        name if STEPS_WITH_AN_END.contains(&name) || is_set_between(words) => OPENED,
        _ => BETWEEN,
    }
}

/// Text between two pieces of code, each of which may be a step and may take blanks away.
fn joined(text: &str, before: (bool, bool), after: (bool, bool)) -> String {
    let is_blank = text.trim().is_empty() && before.0 && after.0;
    let begun = match before {
        _ if is_blank => "",
        (_, true) => text.trim_start(),
        (true, _) => text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text),
        _ => text,
    };
    let whole = if after.1 { begun.trim_end() } else { begun };
    let vanished = |text: &str| NOTHING.to_string().repeat(lines(text));
    let (first, last) = (&text[..text.len() - begun.len()], &begun[whole.len()..]);
    [vanished(first).as_str(), whole, vanished(last).as_str()].concat()
}

fn lines(text: &str) -> usize {
    text.matches(['\n', NOTHING]).count()
}

/// Where code ends, whatever stands in its quotation marks and brackets.
fn end_of_code(code: &str, closing: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    let mut depth = 0;
    for (at, letter) in code.char_indices() {
        match quote {
            Some(mark) => {
                if letter == mark && !is_escaped {
                    quote = None;
                }
                is_escaped = letter == '\\' && !is_escaped;
            }
            None if depth == 0 && code[at..].starts_with(closing) => return Some(at),
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if "([{".contains(letter) => depth += 1,
            None if ")]}".contains(letter) => depth -= 1,
            None => {}
        }
    }
    None
}

struct Attribute {
    name: String,
    value: String,
    is_quoted: bool,
}

struct Tag {
    line: usize,
    name: String,
    attributes: Vec<Attribute>,
    /// All of it.
    text: String,
    /// What follows it directly.
    next: String,
}

/// All opening tags, those in remarks as well: a step may take away the remark's mark.
fn tags(html: &str) -> impl Iterator<Item = Tag> + '_ {
    html.match_indices('<').filter_map(|(at, _)| {
        let rest = &html[at + 1..];
        let first = rest.chars().next()?;
        if !first.is_ascii_alphabetic() && first != BEGIN && !SEAMS.contains(&first) {
            return None;
        }
        let name: String =
            rest.chars().take_while(|letter| !letter.is_whitespace() && !['/', '>'].contains(letter)).collect();
        let (attributes, length) = attributes(&rest[name.len()..]);
        let (text, after) = rest.split_at(name.len() + length);
        let next: String = after.chars().take(9).collect();
        let name = name.trim_end_matches(SEAMS).to_ascii_lowercase();
        Some(Tag { line: lines(&html[..at]) + 1, name, attributes, text: text.to_owned(), next })
    })
}

/// The attributes of a tag, and where it ends.
fn attributes(text: &str) -> (Vec<Attribute>, usize) {
    let mut attributes = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        let Some(first) = rest.chars().next() else { return (attributes, text.len()) };
        if first == '>' {
            return (attributes, text.len() - rest.len() + 1);
        }
        let end = find_outside(rest, |letter| letter.is_whitespace() || ['=', '>', '/'].contains(&letter));
        let (name, after) = rest.split_at(end.max(first.len_utf8()));
        rest = after;
        let (mut value, mut is_quoted) = ("", false);
        if let Some(stated) = rest.trim_start().strip_prefix('=') {
            let stated = stated.trim_start();
            let mark = stated.chars().next().filter(|mark| ['"', '\''].contains(mark));
            is_quoted = mark.is_some();
            (value, rest) = match mark {
                Some(mark) => {
                    let end = find_outside(&stated[1..], |letter| letter == mark);
                    (&stated[1..=end], stated.get(end + 2..).unwrap_or_default())
                }
                None => stated.split_at(find_outside(stated, |letter| letter.is_whitespace() || letter == '>')),
            };
        }
        let name = name.trim_matches(SEAMS).to_ascii_lowercase();
        if !name.is_empty() || !value.is_empty() {
            attributes.push(Attribute { name, value: value.to_owned(), is_quoted });
        }
    }
}

/// Where the first such letter stands that is not in an expression, or the end.
fn find_outside(text: &str, is_wanted: impl Fn(char) -> bool) -> usize {
    let mut is_inside = false;
    let found = text.find(|letter: char| {
        is_inside = (is_inside || letter == BEGIN) && letter != END;
        !is_inside && is_wanted(letter)
    });
    found.unwrap_or(text.len())
}

/// Whether each step that begins in a text ends there, and none does that began before.
fn is_whole(text: &str) -> bool {
    let mut depth = 0;
    for letter in text.chars() {
        match letter {
            OPENED | BLOCK => depth += 1,
            CLOSED if depth > 0 => depth -= 1,
            BETWEEN if depth > 0 => {}
            CLOSED | BETWEEN => return false,
            _ => {}
        }
    }
    depth == 0
}

impl Tag {
    fn fault(&self) -> Option<&'static str> {
        let is_strange = self.name.is_empty() || self.name.contains([BEGIN, END]) || self.name.contains(SEAMS);
        let is_elsewhere = self.text.contains(BLOCK) && self.name != "main";
        if is_strange || is_elsewhere || !is_whole(&self.text) || REFUSED.contains(&self.name.as_str()) {
            return Some("template-fault-element");
        }
        if self.name == "script" {
            let is_own = |it: &Attribute| it.name == "src" && is_one_expression(&it.value, is_asset);
            let is_fine = self.next.to_ascii_lowercase().starts_with("</script") && self.attributes.iter().any(is_own);
            if !is_fine {
                return Some("template-fault-script");
            }
        }
        self.attributes.iter().find_map(|attribute| self.attribute_fault(attribute))
    }

    fn attribute_fault(&self, attribute: &Attribute) -> Option<&'static str> {
        let Attribute { name, value, is_quoted } = attribute;
        if name.starts_with("on") {
            return Some("template-fault-script");
        }
        let is_strange = name.is_empty() || name.contains([BEGIN, END]) || name.contains(SEAMS);
        let is_loose = !is_quoted && value.trim_end_matches(SEAMS).contains(SEAMS) || *is_quoted && !is_whole(value);
        let is_said = self.name != "meta" || is_meta(name, value);
        if is_strange || is_loose || !is_said || name == "http-equiv" {
            return Some("template-fault-element");
        }
        if name == "style" {
            return Some("template-fault-style");
        }
        if !expressions(value).all(has_known_calls) {
            return Some("template-fault-escape");
        }
        let leads = LEADING.contains(&name.as_str()) || name.ends_with(":href");
        (leads && !self.is_own_address(name, value)).then_some("template-fault-address")
    }

    fn is_own_address(&self, name: &str, value: &str) -> bool {
        let value = value.trim().to_ascii_lowercase();
        if name == "ping" || value.contains(['\\', '\n', '\r', '\t']) {
            return false;
        }
        if is_one_expression(&value, is_known_address) {
            return true;
        }
        // What is filled in, or left out by a step, must come after what keeps it in this house.
        let begun = value.split(|letter| letter == BEGIN || SEAMS.contains(&letter)).next().unwrap_or_default();
        let is_fixed = begun.len() == value.len();
        let is_here = begun.starts_with(['#', '?']);
        if is_here || !is_fixed {
            let is_path = begun.strip_prefix('/').is_some_and(|it| it.starts_with(|one: char| one.is_alphanumeric()));
            return is_here || is_path && !name.ends_with("srcset");
        }
        let is_path = value.starts_with('/') && !value.starts_with("//") && !name.ends_with("srcset");
        let is_picture = name == "src" && value.starts_with("data:image/") && !value.contains("svg");
        let outwards = ["https://", "mailto:", "tel:"];
        let is_link = self.name == "a" && name == "href" && outwards.iter().any(|it| value.starts_with(it));
        value.is_empty() || is_path || is_picture || is_link
    }
}

/// What `<meta>` may have: nothing that leads away, and nothing that another piece could turn into that.
fn is_meta(name: &str, value: &str) -> bool {
    match name {
        "charset" | "media" => !value.contains(BEGIN) && !value.contains(SEAMS),
        "name" => META.contains(&value.to_ascii_lowercase().as_str()),
        "content" => {
            let is_fixed = !value.contains(BEGIN) && !value.contains(SEAMS);
            is_fixed || is_one_expression(value, |it| is_call_of("tint", it))
        }
        _ => false,
    }
}

/// Whether a value is one expression that is `fine`, and nothing else.
fn is_one_expression(value: &str, is_fine: impl Fn(&str) -> bool) -> bool {
    let inside = value.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
    inside.is_some_and(|inside| !inside.contains([BEGIN, END]) && is_fine(inside.trim()))
}

fn is_known_address(expression: &str) -> bool {
    is_asset(expression) || [ACTION, "sheet()", "logo()", "icon()", "pass_on(way, link, message)"].contains(&expression)
}

fn is_asset(expression: &str) -> bool {
    is_call_of("asset", expression)
}

/// Whether a function is asked about one plain word.
fn is_call_of(function: &str, expression: &str) -> bool {
    let word = expression.strip_prefix(function).and_then(|rest| rest.strip_prefix('(')?.strip_suffix(')'));
    let word = word.map(|word| word.trim().trim_matches(['"', '\'']));
    word.is_some_and(|word| word.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter)))
}

/// The expressions in a value.
fn expressions(value: &str) -> impl Iterator<Item = &str> {
    value.split(BEGIN).skip(1).map(|rest| rest.split(END).next().unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_and_loads_nothing_of_others() {
        for (template, fault) in [
            ("<p>{{ t(\"portal-home\") }}</p>", None),
            ("<a href=\"/portal\">x</a> <a href='https://shop.example'>y</a> <a href=\"#a\">z</a>", None),
            ("<img src=\"{{ asset(\"logo.svg\") }}\" alt=\"\"/>", None),
            ("<form action=\"/portal/rewards/{{ reward.id }}\">", None),
            ("<script src=\"{{ asset(\"portal.js\") }}\" defer></script>", None),
            ("{# <script> #}", None),
            ("1 < 2 {% if a < b %}x{% endif %}", None),
            ("\n<script>alert(1)</script>", Some((2, "template-fault-script"))),
            ("<script src=\"{{ asset(\"portal.js\") }}\">alert(1)</script>", Some((1, "template-fault-script"))),
            ("<SCRIPT src=//evil.example></SCRIPT>", Some((1, "template-fault-script"))),
            ("<p onclick=\"x()\">", Some((1, "template-fault-script"))),
            ("<p{% if a %} onclick=x{% endif %}>", Some((1, "template-fault-script"))),
            ("<{% if a %}{% endif %}script>", Some((1, "template-fault-element"))),
            ("<{{ \"script\" }}>", Some((1, "template-fault-element"))),
            ("<p style=\"color: red\">", Some((1, "template-fault-style"))),
            ("<style>a{}</style>", Some((1, "template-fault-element"))),
            ("<iframe src=\"/portal\">", Some((1, "template-fault-element"))),
            ("<meta http-equiv=\"refresh\" content=\"0\">", Some((1, "template-fault-element"))),
            ("<meta name=\"viewport\" content=\"width=device-width\">", None),
            ("<p{% if a %} hidden{% endif %}>{% set b = a|length %}{{ {\"a\": 1}[\"a\"] }}", None),
            ("<a href=\"/portal/x?y={{ y }}{% if z %}&amp;z{% endif %}\">", None),
            ("<form action=\"{{ action }}\">", None),
            ("<meta {{ \"http-equiv=refresh\" }} content=\"0\">", Some((1, "template-fault-element"))),
            ("<meta http-{% if 0 %}x{% endif %}equiv=refresh>", Some((1, "template-fault-element"))),
            ("<meta\nhttp-{% if 1 %}\n{% endif %}equiv=refresh>", Some((1, "template-fault-element"))),
            ("<meta http- {#- #}equiv=refresh>", Some((1, "template-fault-element"))),
            ("< {%- if 1 -%} meta{% endif %}>", Some((1, "template-fault-element"))),
            ("<meta {% if 0 %}x=\"{% endif %} name=y {% if 0 %}\"{% endif %}>", Some((1, "template-fault-element"))),
            ("<meta {% if 0 %}>{% endif %} http-equiv=refresh>", Some((1, "template-fault-element"))),
            ("<meta name=\"{% block a %}{% endblock %}\">", Some((1, "template-fault-element"))),
            ("<meta name=\"referrer\" content=\"unsafe-url\">", Some((1, "template-fault-element"))),
            ("{{ {\"a\":{}}[\"{{ '\"] }}<object>{{ \"'\" }}", Some((1, "template-fault-element"))),
            ("{% set x %}\" href=\"https://evil.example{% endset %}", Some((1, "template-fault-escape"))),
            ("<a title=\"{{ piece() }}\">", Some((1, "template-fault-escape"))),
            ("<a href=\"{{ 'https://evil.example/?' ~ name }}\">", Some((1, "template-fault-address"))),
            ("<a href=\"{{ name }}\">", Some((1, "template-fault-address"))),
            ("<a href=\"/{{ '/evil.example' }}\">", Some((1, "template-fault-address"))),
            ("<a href=\"/{% if 0 %}x{% endif %}/evil.example\">", Some((1, "template-fault-address"))),
            (
                "<a href=\"{% if 0 %}#{% endif %}https://evil.example/?{{ name }}\">",
                Some((1, "template-fault-address")),
            ),
            ("{% set action = 'https://evil.example/?' ~ name %}", Some((1, "template-fault-address"))),
            ("{% macro logo() %}//evil.example{% endmacro %}", Some((1, "template-fault-address"))),
            ("<base href=\"/\">", Some((1, "template-fault-element"))),
            ("<img src=\"https://evil.example/x.png\">", Some((1, "template-fault-address"))),
            ("<img src=\"//evil.example/x.png\">", Some((1, "template-fault-address"))),
            ("<img srcset=\"/a.png, //evil.example 2x\">", Some((1, "template-fault-address"))),
            ("<a href=\"javascript:x()\">", Some((1, "template-fault-address"))),
            ("<a href=\"https://evil.example/?{{ name }}\">", Some((1, "template-fault-address"))),
            ("<a href=\"/portal\" ping=\"/x\">", Some((1, "template-fault-address"))),
            ("<form action=\"https://evil.example\">", Some((1, "template-fault-address"))),
            ("<!-- {% if 0 %} --> <img src=http://evil.example>", Some((1, "template-fault-address"))),
            ("a\n{% autoescape false %}{{ name }}{% endautoescape %}", Some((2, "template-fault-escape"))),
            ("{%- raw %}{{ name }}{% endraw %}", Some((1, "template-fault-escape"))),
        ] {
            assert_eq!(markup_fault(template), fault, "{template}");
        }
    }

    #[test]
    fn what_is_built_in_may_be_kept() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/portal");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let is_written = name.ends_with(".html") && !super::super::is_letter(&format!("portal/{name}"));
            assert_eq!(markup_fault(&text).filter(|_| is_written), None, "{name}");
        }
    }
}
