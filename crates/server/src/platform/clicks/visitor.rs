//! Who stands behind a request for a link: a person, or a program. Nothing of a request is kept in the clear.

use axum::http::{HeaderMap, HeaderName, Method, header};

use super::ClickKind;

/// Programs that show what a link leads to where it was sent. They read a page and follow nothing.
const PREVIEWS: [&str; 22] = [
    "facebookexternalhit",
    "facebookcatalog",
    "facebot",
    "whatsapp/",
    "twitterbot",
    "telegrambot",
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "linkedinbot",
    "skypeuripreview",
    "viber/",
    "pinterestbot",
    "pinterest/0.",
    "redditbot",
    "mastodon/",
    "iframely",
    "embedly",
    "snap url preview",
    "vkshare",
    "bluesky cardyb",
    "google-pagerenderer",
];
/// Words that stand by themselves where a program says what it is.
const WORDS: [&str; 14] = [
    "slurp",
    "headlesschrome",
    "phantomjs",
    "python",
    "curl",
    "wget",
    "java",
    "scrapy",
    "httpclient",
    "okhttp",
    "axios",
    "bots",
    "googleother",
    "insomnia",
];
/// How such words end: `Googlebot`, `Baiduspider`, `BingPreview`.
const ENDINGS: [&str; 4] = ["bot", "crawler", "spider", "preview"];
/// Names that are more than one word.
const NAMES: [&str; 11] = [
    "go-http-client",
    "libwww-perl",
    "lwp::simple",
    "node-fetch",
    "guzzlehttp",
    "postmanruntime",
    "mediapartners-google",
    "google-inspectiontool",
    "google-read-aloud",
    "feedfetcher-google",
    "chrome-lighthouse",
];
/// A maker of telephones, whose name ends as those of programs do.
const NO_PROGRAM: &str = "cubot";
/// Longer than what any browser says of itself.
const LONGEST: usize = 512;

/// By the method and what the request says of itself.
pub fn kind_of(method: &Method, headers: &HeaderMap) -> ClickKind {
    if is_prefetch(headers) {
        return ClickKind::Prefetch;
    }
    let agent = agent_of(headers).unwrap_or_default().to_ascii_lowercase();
    if PREVIEWS.iter().any(|name| agent.contains(name)) {
        return ClickKind::Preview;
    }
    if *method == Method::HEAD || agent.trim().is_empty() || is_program(&agent) {
        return ClickKind::Robot;
    }
    ClickKind::Person
}

/// What a browser says of itself.
pub fn agent_of(headers: &HeaderMap) -> Option<&str> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    // Cut where a letter begins: what is left is ASCII.
    Some(agent.get(..LONGEST).unwrap_or(agent))
}

/// A browser that fetches ahead has nobody in front of it who has asked.
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].into_iter().any(|name| {
        let values = headers.get_all(HeaderName::from_static(name));
        values.iter().filter_map(|value| value.to_str().ok()).any(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
        })
    })
}

fn is_program(agent: &str) -> bool {
    let ends = |word: &str| ENDINGS.iter().any(|ending| word.ends_with(ending)) && word != NO_PROGRAM;
    let mut words = agent.split(|letter: char| !letter.is_ascii_alphanumeric());
    NAMES.iter().any(|name| agent.contains(name)) || words.any(|word| WORDS.contains(&word) || ends(word))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn kind(method: Method, headers: &[(&'static str, &'static str)]) -> ClickKind {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        kind_of(&method, &map)
    }

    #[test]
    fn people_are_told_from_programs() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
                ClickKind::Person,
            ),
            ("Mozilla/5.0 (Linux; Android 14; CUBOT KING KONG 9) Chrome/131.0 Mobile Safari/537.36", ClickKind::Person),
            ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 Mobile [FBAN/FBIOS;FBAV/440.0;FBDV/iPhone]", ClickKind::Person),
            ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131 [Pinterest/Android]", ClickKind::Person),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", ClickKind::Person),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", ClickKind::Robot),
            ("Mozilla/5.0 (compatible; YandexBot/3.0)", ClickKind::Robot),
            ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0 Safari/537.36", ClickKind::Robot),
            ("Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b", ClickKind::Robot),
            ("Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)", ClickKind::Robot),
            ("Mozilla/5.0 (compatible; 360Spider)", ClickKind::Robot),
            ("Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)", ClickKind::Robot),
            ("GoogleOther", ClickKind::Robot),
            ("Mediapartners-Google", ClickKind::Robot),
            ("Go-http-client/2.0", ClickKind::Robot),
            ("okhttp/4.12.0", ClickKind::Robot),
            ("axios/1.7.2", ClickKind::Robot),
            ("libwww-perl/6.72", ClickKind::Robot),
            ("Apache-HttpClient/4.5.14 (Java/17)", ClickKind::Robot),
            ("curl/8.5.0", ClickKind::Robot),
            ("python-requests/2.32", ClickKind::Robot),
            ("", ClickKind::Robot),
            ("WhatsApp/2.24.1 A", ClickKind::Preview),
            ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", ClickKind::Preview),
            ("TelegramBot (like TwitterBot)", ClickKind::Preview),
            ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", ClickKind::Preview),
            ("Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", ClickKind::Preview),
        ] {
            assert_eq!(kind(Method::GET, &[("user-agent", agent)]), expected, "{agent}");
        }
        let browser = ("user-agent", "Mozilla/5.0 Firefox/133.0");
        assert_eq!(kind(Method::HEAD, &[browser]), ClickKind::Robot);
        for (name, value) in [("sec-purpose", "prefetch;prerender"), ("purpose", "prefetch"), ("x-moz", "Prefetch")] {
            assert_eq!(kind(Method::GET, &[browser, (name, value)]), ClickKind::Prefetch, "{name}");
        }
        assert_eq!(kind(Method::GET, &[]), ClickKind::Robot);
    }
}
