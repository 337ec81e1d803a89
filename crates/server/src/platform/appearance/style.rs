//! The style sheet that follows from what a shop has set, and what may not stand in one that it writes itself.

use super::contrast::{Colour, ENOUGH};
use super::{Appearance, Colours, Corners, Letters};

/// Of a style sheet that the shop writes.
pub const LARGEST_STYLE: usize = 64 * 1024;
/// What borders of fields need on their ground, in hundredths: 3 to 1.
const ENOUGH_FOR_EDGES: u32 = 300;

/// By what readers prefer, or as a preview is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 2] = [Theme::Light, Theme::Dark];

    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn named(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// All colours that go together on a ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub ground: Colour,
    pub raised: Colour,
    pub sunken: Colour,
    pub ink: Colour,
    pub quiet: Colour,
    pub line: Colour,
    pub edge: Colour,
    pub accent: Colour,
    pub on_accent: Colour,
    pub good: Colour,
    pub bad: Colour,
}

/// As they stand in `lojal.css`.
const LIGHT: Palette = Palette {
    ground: Colour([0xfd, 0xfc, 0xf9]),
    raised: Colour([0xf5, 0xf2, 0xeb]),
    sunken: Colour([0xec, 0xe8, 0xde]),
    ink: Colour([0x1d, 0x1b, 0x18]),
    quiet: Colour([0x5c, 0x57, 0x4f]),
    line: Colour([0xd9, 0xd3, 0xc7]),
    edge: Colour([0x8a, 0x83, 0x77]),
    accent: Colour([0x1b, 0x5a, 0x9e]),
    on_accent: Colour::WHITE,
    good: Colour([0x1d, 0x6b, 0x48]),
    bad: Colour([0xa8, 0x26, 0x2c]),
};
const DARK: Palette = Palette {
    ground: Colour([0x17, 0x18, 0x1a]),
    raised: Colour([0x21, 0x23, 0x26]),
    sunken: Colour([0x2b, 0x2d, 0x31]),
    ink: Colour([0xec, 0xeb, 0xe7]),
    quiet: Colour([0xb0, 0xac, 0xa4]),
    line: Colour([0x3b, 0x3d, 0x41]),
    edge: Colour([0x85, 0x82, 0x7b]),
    accent: Colour([0x8a, 0xbc, 0xf4]),
    on_accent: Colour([0x10, 0x15, 0x1b]),
    good: Colour([0x6f, 0xce, 0x9f]),
    bad: Colour([0xff, 0x9c, 0x97]),
};

/// The colours that follow from those that a shop has chosen.
pub fn scheme(chosen: &Colours, is_dark: bool) -> Palette {
    let mut palette = if is_dark { DARK } else { LIGHT };
    if let Some(ground) = chosen.ground {
        let ink = palette.ink;
        palette.ground = ground;
        palette.raised = ground.towards(ink, 10);
        palette.sunken = ground.towards(ink, 20);
        palette.line = ground.towards(ink, 44);
        let surfaces = [palette.ground, palette.raised, palette.sunken];
        let readable = |colour: Colour, enough| colour.nearest(|it| it.worst(&surfaces) >= enough).unwrap_or(ink);
        palette.quiet = readable(palette.quiet, ENOUGH);
        palette.good = readable(palette.good, ENOUGH);
        palette.bad = readable(palette.bad, ENOUGH);
        palette.edge = readable(palette.edge, ENOUGH_FOR_EDGES);
    }
    if let Some(accent) = chosen.accent {
        palette.accent = accent;
        palette.on_accent = accent.text();
    }
    palette
}

impl Palette {
    /// Where the accent is written on.
    fn under_accent(&self) -> [Colour; 3] {
        [self.ground, self.raised, self.sunken]
    }

    /// How well the accent is read where it is read worst, and what is written on it.
    pub fn accent_contrast(&self) -> u32 {
        self.accent.worst(&self.under_accent()).min(self.accent.contrast(self.on_accent))
    }

    /// The nearest accent that is read well enough, where this one is not.
    pub fn better_accent(&self) -> Option<Colour> {
        let surfaces = self.under_accent();
        let fit = |accent: Colour| accent.worst(&surfaces) >= ENOUGH && accent.text().contrast(accent) >= ENOUGH;
        (self.accent_contrast() < ENOUGH).then(|| self.accent.nearest(fit).unwrap_or(self.ink))
    }

    /// How well text is read where it is read worst.
    pub fn text_contrast(&self) -> u32 {
        self.ink.worst(&[self.ground, self.raised, self.sunken])
    }
}

/// The nearest ground on which text is read well enough, where that of `palette` is none.
pub fn better_ground(palette: &Palette, is_dark: bool) -> Option<Colour> {
    let fit =
        |ground: Colour| scheme(&Colours { accent: None, ground: Some(ground) }, is_dark).text_contrast() >= ENOUGH;
    (palette.text_contrast() < ENOUGH).then(|| palette.ground.nearest(fit)).flatten()
}

/// The families of letters, the first that a reader has.
fn families(letters: Letters) -> Option<&'static str> {
    Some(match letters {
        Letters::Plain => return None,
        Letters::Humanist => {
            "Seravek, \"Gill Sans Nova\", Ubuntu, Calibri, \"DejaVu Sans\", \"Liberation Sans\", sans-serif"
        }
        Letters::Geometric => {
            "Avenir, Montserrat, Corbel, \"URW Gothic\", \"Century Gothic\", \"Liberation Sans\", sans-serif"
        }
        Letters::Book => {
            "\"Iowan Old Style\", \"Palatino Linotype\", \"URW Palladio L\", P052, \"Liberation Serif\", Georgia, serif"
        }
        Letters::Rounded => {
            "ui-rounded, \"Hiragino Maru Gothic ProN\", Quicksand, Comfortaa, \"Arial Rounded MT Bold\", \
             \"Liberation Sans\", sans-serif"
        }
    })
}

/// Of fields and buttons, and of what is larger.
fn radii(corners: Corners) -> Option<(&'static str, &'static str)> {
    match corners {
        Corners::Square => Some(("0", "0")),
        Corners::Slight => Some((".25rem", ".4rem")),
        Corners::Round => None,
        Corners::Rounder => Some(("1.375rem", "1.75rem")),
    }
}

/// Variables for a scheme; nothing where nothing was chosen.
fn variables(chosen: &Colours, is_dark: bool) -> String {
    let palette = scheme(chosen, is_dark);
    let mut set = Vec::new();
    if chosen.ground.is_some() {
        set.extend([
            ("ground", palette.ground),
            ("raised", palette.raised),
            ("sunken", palette.sunken),
            ("quiet", palette.quiet),
            ("line", palette.line),
            ("edge", palette.edge),
            ("good", palette.good),
            ("bad", palette.bad),
        ]);
    }
    if chosen.accent.is_some() {
        set.extend([("accent", palette.accent), ("on-accent", palette.on_accent)]);
    }
    set.iter().map(|(name, colour)| format!("--{name}:{colour};")).collect()
}

/// What pages load after all other styles; empty where nothing was set.
pub fn sheet(appearance: &Appearance) -> String {
    let mut sheet = String::new();
    let (light, dark) = (variables(&appearance.light, false), variables(&appearance.dark, true));
    // What is set for the light must not reach into the dark, and the other way round.
    for (scheme, variables) in [("light", light), ("dark", dark)].into_iter().filter(|(_, it)| !it.is_empty()) {
        sheet.push_str(&format!("@media (prefers-color-scheme: {scheme}) {{ :root {{ {variables} }} }}\n"));
    }
    if let Some((small, large)) = radii(appearance.corners) {
        sheet.push_str(&format!(":root {{ --round: {small}; --round-large: {large}; }}\n"));
    }
    if let Some(families) = families(appearance.letters) {
        sheet.push_str(&format!("html {{ font-family: {families}; }}\n"));
    }
    sheet.push_str(&appearance.style);
    sheet
}

/// What the widget adds to its own styles; a page's variables still come first.
pub fn widget_style(appearance: &Appearance) -> Option<String> {
    let of = |is_dark: bool| {
        let (chosen, palette) = (appearance.colours(is_dark), scheme(appearance.colours(is_dark), is_dark));
        let mut set = Vec::new();
        if chosen.accent.is_some() {
            set.extend([("accent", palette.accent), ("on-accent", palette.on_accent)]);
        }
        if chosen.ground.is_some() {
            let others = [("quiet", palette.quiet), ("line", palette.line), ("bad", palette.bad)];
            set.push(("ground", palette.ground));
            set.extend(others);
        }
        set.iter().map(|(name, colour)| format!("--_{name}:var(--lojal-{name},{colour});")).collect::<String>()
    };
    let (light, dark) = (of(false), of(true));
    let mut style = String::new();
    if !light.is_empty() || !dark.is_empty() {
        // As in the widget's own sheet: what is set for light ends where dark begins.
        let light = if light.is_empty() { String::new() } else { format!(":host(:not([theme=\"dark\"])){{{light}}}") };
        style.push_str(&format!("@media (prefers-color-scheme:light){{{light}}}"));
        style.push_str(&light.replace(":not([theme=\"dark\"])", "[theme=\"light\"]"));
        if !dark.is_empty() {
            style.push_str(&format!("@media (prefers-color-scheme:dark){{:host(:not([theme=\"light\"])){{{dark}}}}}"));
            style.push_str(&format!(":host([theme=\"dark\"]){{{dark}}}"));
        }
    }
    if let Some((small, large)) = radii(appearance.corners) {
        let round = if small == "0" { small } else { large };
        style.push_str(&format!(":host{{--_round:var(--lojal-round,{round})}}"));
    }
    if let Some(families) = families(appearance.letters) {
        style.push_str(&format!(":host{{font-family:var(--lojal-font,{families})}}"));
    }
    (!style.is_empty()).then_some(style)
}

/// A sheet as it is under a theme, whatever its reader prefers.
pub fn themed(sheet: &str, theme: Theme) -> String {
    let mut text = sheet.to_owned();
    for (asked, preferred) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let holds = if asked == theme { "(min-width: 0px)" } else { "(max-width: 0px)" };
        for written in [format!("(prefers-color-scheme: {preferred})"), format!("(prefers-color-scheme:{preferred})")] {
            text = text.replace(&written, holds);
        }
    }
    format!("{text}\n:root {{ color-scheme: {}; }}\n", theme.name())
}

/// What may not stand in a style sheet, with the key of the text that says why.
const REFUSED: [(&str, &str); 9] = [
    ("@import", "style-fault-import"),
    ("expression(", "style-fault-program"),
    ("javascript:", "style-fault-program"),
    ("behavior:", "style-fault-program"),
    ("-moz-binding", "style-fault-program"),
    ("image-set(", "style-fault-elsewhere"),
    ("src(", "style-fault-elsewhere"),
    ("@namespace", "style-fault-elsewhere"),
    ("</", "style-fault-markup"),
];
/// What an address may begin with: files of this house, and small pictures inside the sheet.
const OWN: [&str; 5] = ["/assets/", "data:image/png", "data:image/webp", "data:image/jpeg", "data:image/gif"];

/// The line of what may not stand in a style sheet, and the key of the text that says why.
pub fn style_fault(style: &str) -> Option<(usize, &'static str)> {
    if style.len() > LARGEST_STYLE {
        return Some((style.lines().count(), "fault-too-long"));
    }
    let plain = match plain(style) {
        Ok(plain) => plain,
        Err(at) => return Some((line_of(style, at), "style-fault-unfinished")),
    };
    let text: String = plain.iter().map(|(letter, _)| letter.to_ascii_lowercase()).collect();
    let line = |at: usize| {
        // Letters of the plain text stand for bytes of the sheet, one by one.
        let index = text.get(..at).map_or(0, |before| before.chars().count());
        plain.get(index).map_or(1, |(_, at)| line_of(style, *at))
    };
    let refused = REFUSED.iter().filter_map(|(words, key)| Some((text.find(words)?, *key)));
    let addresses = text.match_indices("url(").filter_map(|(at, found)| {
        let target = text.get(at + found.len()..)?.trim_start().trim_start_matches(['"', '\'']).trim_start();
        let is_own = OWN.iter().any(|own| target.starts_with(own));
        (!is_own).then_some((at, "style-fault-elsewhere"))
    });
    let first = refused.chain(addresses).min_by_key(|(at, _)| *at);
    let first = first.map(|(at, key)| (line(at), key));
    first.or_else(|| unbalanced(&plain).map(|at| (line_of(style, at), "style-fault-braces")))
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The sheet without comments, with escaped letters written out, each letter with where it stands. What is in
/// quotation marks stays, with its braces made harmless. The error is where something is not finished.
fn plain(style: &str) -> Result<Vec<(char, usize)>, usize> {
    let mut letters = style.char_indices().peekable();
    let mut plain = Vec::new();
    let mut quote: Option<(char, usize)> = None;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                let mut number = String::new();
                while number.len() < 6
                    && let Some((_, digit)) = letters.next_if(|(_, next)| next.is_ascii_hexdigit())
                {
                    number.push(digit);
                }
                match u32::from_str_radix(&number, 16).ok().and_then(char::from_u32) {
                    Some(letter) => {
                        letters.next_if(|(_, next)| next.is_whitespace());
                        plain.push((letter, at));
                    }
                    // A letter that stands for itself, or a line that goes on.
                    None => plain.extend(letters.next().filter(|(_, next)| *next != '\n').map(|(_, next)| (next, at))),
                }
            }
            '\n' if quote.is_some() => return Err(quote.map_or(at, |(_, begun)| begun)),
            letter if quote.is_some_and(|(mark, _)| mark == letter) => {
                quote = None;
                plain.push((letter, at));
            }
            '{' | '}' if quote.is_some() => plain.push((' ', at)),
            '"' | '\'' if quote.is_none() => {
                quote = Some((letter, at));
                plain.push((letter, at));
            }
            '/' if quote.is_none() && letters.next_if(|(_, next)| *next == '*').is_some() => {
                let mut before = ' ';
                loop {
                    let (_, next) = letters.next().ok_or(at)?;
                    if before == '*' && next == '/' {
                        break;
                    }
                    before = next;
                }
                plain.push((' ', at));
            }
            letter => plain.push((letter, at)),
        }
    }
    quote.map_or(Ok(plain), |(_, begun)| Err(begun))
}

/// Where a brace is closed that was not open, or the last one that is not closed.
fn unbalanced(plain: &[(char, usize)]) -> Option<usize> {
    let mut open = Vec::new();
    for (letter, at) in plain {
        match letter {
            '{' => open.push(*at),
            '}' if open.pop().is_none() => return Some(*at),
            _ => {}
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_loads_nothing_from_elsewhere_and_runs_nothing() {
        for (style, fault) in [
            ("", None),
            (".purse { color: red }\n@media (min-width: 2rem) { a { color: blue } }", None),
            ("a::before { content: \"\\2014 }\" } /* { */", None),
            ("a { background: url(/assets/1/x.png) }", None),
            ("a { background: url( 'data:image/png;base64,AAAA' ) }", None),
            ("a{}\n@import '/x.css';", Some((2, "style-fault-import"))),
            ("@IMPORT url(x);", Some((1, "style-fault-import"))),
            ("@\\69mport 'x';", Some((1, "style-fault-import"))),
            ("a { background: url(https://evil.example/x) }", Some((1, "style-fault-elsewhere"))),
            ("a { background: url(//evil.example/x) }", Some((1, "style-fault-elsewhere"))),
            ("a { background: url( \"http://evil.example\" ) }", Some((1, "style-fault-elsewhere"))),
            ("a {\n\nbackground: u\\72 l(//evil.example) }", Some((3, "style-fault-elsewhere"))),
            ("a { content: '/*'; background: url(//evil.example); color: '*/' }", Some((1, "style-fault-elsewhere"))),
            ("a { background: url(data:image/svg+xml,x) }", Some((1, "style-fault-elsewhere"))),
            ("a { background: image-set('//evil.example' 1x) }", Some((1, "style-fault-elsewhere"))),
            ("a { width: expression(alert(1)) }", Some((1, "style-fault-program"))),
            ("a { behavior: url(x) }", Some((1, "style-fault-program"))),
            ("</style><script>", Some((1, "style-fault-markup"))),
            ("a { color: red", Some((1, "style-fault-braces"))),
            ("a { }\n}", Some((2, "style-fault-braces"))),
            ("a { content: \"x", Some((1, "style-fault-unfinished"))),
            ("a {}\n/* b", Some((2, "style-fault-unfinished"))),
        ] {
            assert_eq!(style_fault(style), fault, "{style}");
        }
        assert_eq!(style_fault(&" ".repeat(LARGEST_STYLE + 1)), Some((1, "fault-too-long")));
    }

    #[test]
    fn what_is_built_in_can_be_read() {
        for (palette, is_dark) in [(LIGHT, false), (DARK, true)] {
            assert_eq!(palette, scheme(&Colours::default(), is_dark));
            assert!(palette.accent_contrast() >= ENOUGH && palette.text_contrast() >= ENOUGH, "{palette:?}");
            assert_eq!((palette.better_accent(), better_ground(&palette, is_dark)), (None, None));
        }
    }

    #[test]
    fn what_is_offered_instead_is_enough() {
        for is_dark in [false, true] {
            for text in ["#ff9900", "#1b5a9e", "#ffff00", "#101010", "#808080", "#ffffff", "#e91e63"] {
                let colour: Colour = text.parse().unwrap();
                let chosen = Colours { accent: Some(colour), ground: None };
                if let Some(better) = scheme(&chosen, is_dark).better_accent() {
                    let chosen = Colours { accent: Some(better), ground: None };
                    assert!(scheme(&chosen, is_dark).accent_contrast() >= ENOUGH, "{text} {better}");
                }
                let palette = scheme(&Colours { accent: None, ground: Some(colour) }, is_dark);
                if let Some(better) = better_ground(&palette, is_dark) {
                    let palette = scheme(&Colours { accent: None, ground: Some(better) }, is_dark);
                    assert!(palette.text_contrast() >= ENOUGH, "{text} {better}");
                    let surfaces = [palette.ground, palette.raised, palette.sunken];
                    for other in [palette.quiet, palette.good, palette.bad] {
                        assert!(other.worst(&surfaces) >= ENOUGH, "{text} {better} {other}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_theme_holds_whatever_its_reader_prefers() {
        let sheet = "@media (prefers-color-scheme: dark) { a }";
        assert!(themed(sheet, Theme::Dark).starts_with("@media (min-width: 0px) { a }"));
        assert!(themed(sheet, Theme::Light).starts_with("@media (max-width: 0px) { a }"));
    }
}
