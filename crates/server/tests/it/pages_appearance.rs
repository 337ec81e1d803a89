//! How members' pages look and sound, as staff set it: tried in a preview, published for members, and never able to take
//! a page down.

use lojal_server::platform::appearance::{Appearance, appearance_draft_set, appearance_publish};
use lojal_server::platform::application::NewMember;
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create};
use lojal_server::platform::pages::Pages;
use lojal_server::{Front, serve};

use crate::pages::{Browser, House, Page};
use crate::pages_portal::{secret, signed_in};
use crate::shop::{Shop, open};

const HERE: &str = "/console/settings/appearance";
const FRAME: &str = "/console/settings/appearance/preview/frame?language=en&page=";
const LOOK: [(&str, &str); 8] = [
    ("name_pl", ""),
    ("name_en", "Tea <House>"),
    ("light_accent", "#7a1f5c"),
    ("light_ground", "#fdfcf9"),
    ("dark_accent", "#8abcf4"),
    ("dark_ground", "#17181a"),
    ("corners", "square"),
    ("letters", "book"),
];

/// A house with a member, and browsers of the owner and of the member.
async fn furnished() -> (House, Browser, Browser) {
    let house = House::open().await;
    let identity = Identity { name: Some("<b>Ada</b> Lovelace".to_owned()), ..Identity::default() };
    house.shop.application.enrol(NewMember { identity, ..NewMember::new("ada") }).await.unwrap();
    let (_, secret) = secret(&house.shop).await;
    let owner = house.owner().await;
    let member = signed_in(&house, &secret, "ada").await;
    (house, owner, member)
}

/// The fields of the look, with some of them otherwise.
fn look(changed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let others = LOOK.into_iter().filter(|(name, _)| !changed.iter().any(|(known, _)| known == name));
    others.chain(changed.iter().copied()).collect()
}

async fn publish(owner: &Browser) -> Page {
    owner.post(&format!("{HERE}/publish"), &[]).await
}

/// Keeps a template in the draft.
async fn keep_template(owner: &Browser, name: &str, template: &str) -> Page {
    let address = format!("{HERE}/templates/{name}");
    let base = owner.get(&address).await.between("name=\"base\" value=\"", "\"").to_owned();
    owner.post(&address, &[("base", &base), ("template", template)]).await
}

async fn keep_style(owner: &Browser, style: &str) -> Page {
    let address = format!("{HERE}/style");
    let base = owner.get(&address).await.between("name=\"base\" value=\"", "\"").to_owned();
    owner.post(&address, &[("base", &base), ("style", style)]).await
}

fn home_template() -> String {
    include_str!("../../templates/portal/home.html").to_owned()
}

#[tokio::test]
async fn members_see_a_look_once_it_is_published_and_not_before() {
    let (house, owner, member) = furnished().await;
    let before = member.get("/portal").await.text;
    let kept = owner.post(HERE, &LOOK).await;
    assert_eq!((kept.status, kept.location.as_str()), (303, HERE), "{}", kept.text);
    assert_eq!(member.get("/portal").await.text, before, "a draft is nobody's business");
    let framed = owner.get(&format!("{FRAME}home")).await;
    assert!(framed.text.contains("Tea &lt;House&gt;") && framed.text.contains("Hello, Sample"), "{}", framed.text);
    assert!(!framed.text.contains("Ada") && framed.text.contains("<body inert"), "nobody's data, and out of reach");
    let sheet = framed.between("href=\"/console/settings/appearance/preview/", "\"");
    let sheet = owner.get(&format!("{HERE}/preview/{sheet}")).await;
    assert!(sheet.text.contains("--accent:#7a1f5c") && sheet.text.contains("(min-width: 0px)"), "{}", sheet.text);

    let published = publish(&owner).await;
    assert_eq!((published.status, published.location.as_str()), (303, HERE), "{}", published.text);
    let page = member.get("/portal").await.text;
    assert!(page.contains("Tea &lt;House&gt;") && !page.contains("Tea <House>"), "{page}");
    let address = page.split("href=\"").find(|rest| rest.contains("/appearance.css\"")).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    let sheet = house.browser().get(&address).await;
    assert!(sheet.text.contains("--accent:#7a1f5c;--on-accent:#ffffff") && sheet.text.contains("--round: 0"));
    assert!(sheet.text.contains("Iowan Old Style") && !sheet.text.contains("--ground"), "{}", sheet.text);
    assert_eq!(sheet.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(house.browser().get("/assets/000000000000/appearance.css").await.headers["cache-control"], "no-cache");
    assert!(member.get("/portal/nowhere").await.text.contains("Tea &lt;House&gt;"), "pages about errors as well");
    let manifest = member.get("/portal/manifest.webmanifest").await.text;
    assert!(manifest.contains("\"Tea <House>\""), "{manifest}");
    assert!(!owner.get("/console").await.text.contains("/appearance.css"), "the console stays as it is");

    assert_eq!(owner.post(HERE, &look(&[("name_en", "Second")])).await.status, 303);
    assert_eq!(publish(&owner).await.status, 303);
    assert!(member.get("/portal").await.text.contains("Second"));
    assert_eq!(owner.post(HERE, &look(&[("name_en", "Third")])).await.status, 303);
    assert_eq!(owner.post(&format!("{HERE}/versions/1/return"), &[]).await.status, 303);
    assert!(member.get("/portal").await.text.contains("Tea &lt;House&gt;"), "the way back");
    let page = owner.get(HERE).await.text;
    assert!(page.contains("value=\"Third\"") && page.contains(">3 <span class=\"badge good\">shown"), "{page}");
    assert_eq!(owner.post(&format!("{HERE}/discard"), &[]).await.status, 303);
    assert!(owner.get(HERE).await.text.contains("value=\"Tea &lt;House&gt;\""));
    assert_eq!(owner.post(&format!("{HERE}/versions/9/return"), &[]).await.status, 404);
    assert_eq!(owner.post(&format!("{HERE}/versions/0/return"), &[]).await.status, 404, "a draft is no version");
    let actions = owner.get("/console/actions").await.text;
    for action in
        ["changed the draft of the appearance: look", "published an appearance: 2", "an earlier appearance: 3"]
    {
        assert!(actions.contains(action), "{action}: {actions}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_something_better() {
    let (_house, owner, _) = furnished().await;
    let refused = owner.post(HERE, &look(&[("light_accent", "#ff9900"), ("name_pl", "Herbaciarnia")])).await;
    assert!(refused.status == 200 && refused.text.contains("Not enough contrast for everybody"), "{}", refused.text);
    assert!(refused.text.contains("value=\"#ff9900\"") && refused.text.contains("value=\"Herbaciarnia\""), "kept");
    let form = refused.text.split("<form class=\"form\"").nth(1).unwrap();
    let first = form.split("<button").nth(1).unwrap().split('>').next().unwrap();
    assert!(!first.contains("name="), "Enter keeps what was typed: {first}");
    let described = "aria-describedby=\"light_accent-said light_accent-fault\"";
    assert!(form.contains(described) && form.contains("id=\"light_accent-fault\""), "{form}");
    let better = refused.between("name=\"take\" value=\"light_accent:", "\"").to_owned();
    let fields = look(&[("light_accent", "#ff9900")]);
    let take = format!("light_accent:{better}");
    let all: Vec<(&str, &str)> = fields.into_iter().chain([("take", take.as_str())]).collect();
    assert_eq!(owner.post(HERE, &all).await.status, 303, "one click is enough");
    assert!(owner.get(HERE).await.text.contains(&format!("value=\"{better}\"")));
    for (changed, said) in [
        (("dark_accent", "#1b5a9e"), "Not enough contrast"),
        (("light_ground", "#333333"), "Text cannot be read on this ground."),
        (("dark_ground", "#ffffff"), "Text cannot be read on this ground."),
        (("light_accent", "red"), "A colour is #"),
        (("light_accent", "#12345"), "A colour is #"),
        (("corners", "wavy"), "Something has to stand here."),
        (("letters", "url(x)"), "Something has to stand here."),
        (("name_en", "A name that goes on and on and on and on, without any end to it at all, ever"), "too long"),
    ] {
        let refused = owner.post(HERE, &look(&[changed])).await;
        assert!(refused.status == 200 && refused.text.contains(said), "{changed:?}: {}", refused.text);
    }
}

#[tokio::test]
async fn only_those_who_manage_the_programme_set_its_look_and_only_owners_write_templates() {
    let (house, owner, _) = furnished().await;
    for (role, may) in [("manager", true), ("support", false), ("analyst", false)] {
        let email = format!("{role}@shop.example");
        let fields = [("name", role), ("email", email.as_str()), ("role", role)];
        let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
        let browser = house.browser();
        browser.sign_in(&email, &handed).await;
        for path in ["", "/texts", "/templates", "/preview", "/preview/frame", "/preview/light/appearance.css"] {
            let page = browser.get(&format!("{HERE}{path}")).await;
            assert_eq!(page.status, if may { 200 } else { 403 }, "{role} {path}");
        }
        assert_eq!(browser.post(&format!("{HERE}/publish"), &[]).await.status, if may { 303 } else { 403 }, "{role}");
        for path in ["/style", "/templates/portal-home.html"] {
            assert_eq!(browser.get(&format!("{HERE}{path}")).await.status, 403, "{role} {path}");
            assert_eq!(browser.post(&format!("{HERE}{path}"), &[("style", "")]).await.status, 403, "{role} {path}");
        }
    }
    assert_eq!(house.browser().get(&format!("{FRAME}home")).await.status, 303, "and nobody else at all");
    assert_eq!(owner.post_from_elsewhere(HERE, &LOOK).await.status, 403);
}

#[tokio::test]
async fn a_text_of_ones_own_is_found_checked_and_taken_back() {
    let (_house, owner, member) = furnished().await;
    let texts = format!("{HERE}/texts");
    let found = owner.get(&format!("{texts}?language=en&find=WAYS+to+earn")).await.text;
    assert!(found.contains("portal-ways") && !found.contains("portal-mail-subject"), "{found}");
    assert!(!owner.get(&format!("{texts}?language=en&find=key-made")).await.text.contains("texts/en/key-made"));
    let hello = format!("{texts}/en/portal-hello-name");
    for (text, said) in [
        ("", "Something has to stand here."),
        ("Hi", "The value name"),
        ("Hi, { $name } { $email }", "no value called email"),
        ("Hi, { $name", "This cannot be read"),
        ("<b>Hi</b>, { $name }", "would show as they are"),
        ("Hi, { $name } { -brand }", "References to other texts"),
    ] {
        let refused = owner.post(&hello, &[("text", text)]).await;
        assert!(refused.status == 200 && refused.text.contains(said), "{text}: {}", refused.text);
        assert!(refused.text.contains("Hello, { $name }"), "beside the built-in one");
    }
    let kept = owner.post(&hello, &[("text", "Ahoy,\r\n{ $name }!")]).await;
    assert_eq!((kept.status, kept.location), (303, format!("{texts}?language=en")));
    assert!(owner.get(&format!("{FRAME}home")).await.text.contains("Ahoy,\nSample!"));
    assert!(!member.get("/portal").await.text.contains("Ahoy"));
    publish(&owner).await;
    assert!(member.get("/portal").await.text.contains("Ahoy,\n&lt;b&gt;Ada&lt;&#x2f;b&gt;!"));
    assert!(owner.get(&format!("{texts}?language=en&own=yes")).await.text.contains("Ahoy"));
    assert_eq!(owner.post(&format!("{hello}/reset"), &[]).await.status, 303);
    publish(&owner).await;
    assert!(member.get("/portal").await.text.contains("Hello, &lt;b&gt;Ada"));
    for path in ["/en/key-made", "/en/nothing", "/de/portal-hello"] {
        assert_eq!(owner.post(&format!("{texts}{path}"), &[("text", "x")]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_template_that_breaks_never_takes_a_page_down() {
    let (house, owner, member) = furnished().await;
    for (template, said) in [
        ("{% if %}", "Line 1"),
        ("{{ 1 // 0 }}", "Line 1"),
        ("{{ nothing.at.all }}", "undefined value"),
        ("{{ x|nothing_of_the_kind }}", "unknown filter"),
        ("a\n{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "engine ran out of fuel"),
        ("{{ 'x'|indent(1000000000000, true) }}", "invalid operation"),
        ("<meta {{ 'http-equiv=refresh' }}>", "This tag is not allowed"),
        ("<a href=\"{{ 'https://evil.example/?' ~ name }}\">x</a>", "This address leads elsewhere"),
        ("<script>alert(1)</script>", "Scripts and event handlers are not allowed"),
        ("<p style=\"color:red\">", "because of the CSP"),
        ("<img src=\"https://evil.example/x\">", "This address leads elsewhere"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", "may not be written unprotected"),
    ] {
        let refused = keep_template(&owner, "portal-home.html", template).await;
        assert!(refused.status == 200 && refused.text.contains(said), "{template}: {}", refused.text);
    }
    let large = format!("{{# {} #}}", "x".repeat(70_000));
    assert!(keep_template(&owner, "portal-home.html", &large).await.text.contains("too long"));
    let stale = [("base", "0000000000000000"), ("template", "x")];
    let refused = owner.post(&format!("{HERE}/templates/portal-home.html"), &stale).await;
    assert!(refused.text.contains("Somebody has changed this meanwhile"), "{}", refused.text);
    assert_eq!(owner.get(&format!("{HERE}/templates/layout.html")).await.status, 404, "the console's are not theirs");

    // It is fine with the sample, and not with the member.
    let template = home_template()
        .replace("<h1>", "<h1>{% if name != 'Sample' and name != 'Przykład' %}{{ 1 // 0 }}{% endif %}Mine ");
    let kept = keep_template(&owner, "portal-home.html", &template).await;
    assert_eq!(kept.status, 303, "{}", kept.text);
    assert!(owner.get(&format!("{HERE}/templates/portal-home.html")).await.text.contains("<ins>"), "what differs");
    assert!(owner.get(&format!("{FRAME}home")).await.text.contains("<h1>Mine"));
    publish(&owner).await;
    let page = member.get("/portal").await;
    assert!(page.status == 200 && page.text.contains("Hello, &lt;b&gt;Ada") && !page.text.contains("Mine"));
    // The next look at the database notes it, a second later at most.
    let noted = async {
        loop {
            let text = owner.get(HERE).await.text;
            if text.contains("so members see the built-in one") {
                return text;
            }
        }
    };
    let noted = tokio::time::timeout(std::time::Duration::from_secs(20), noted).await.unwrap();
    assert!(noted.contains("portal&#x2f;home.html") && !noted.contains("Ada"), "{noted}");
    assert_eq!(owner.post(&format!("{HERE}/templates/portal-home.html/reset"), &[]).await.status, 303);
    publish(&owner).await;
    assert!(!owner.get(HERE).await.text.contains("so members see the built-in one"));
    assert_eq!(house.shop.count("appearance_fault").await, 0);
}

#[tokio::test]
async fn letters_are_made_from_what_the_operator_has_and_from_nothing_else() {
    let (house, owner, _) = furnished().await;
    let list = owner.get(&format!("{HERE}/templates")).await.text;
    assert!(list.contains("portal-home.html") && !list.contains("portal-mail.html"), "{list}");
    let address = format!("{HERE}/templates/portal-mail.html");
    assert_eq!(owner.get(&address).await.status, 404);
    for path in ["", "/reset"] {
        let fields = [("base", ""), ("template", "{{ code }}")];
        assert_eq!(owner.post(&format!("{address}{path}"), &fields).await.status, 404, "{path}");
    }
    // As one that was kept when it still could be.
    let leak = "<a href=\"https://evil.example/?{{ code }}\">Mine</a>".to_owned();
    let kept = Appearance { templates: [("portal/mail.html".to_owned(), leak)].into(), ..Appearance::default() };
    let mut transaction = house.shop.application.database.write().await.unwrap();
    let now = house.shop.clock.now();
    appearance_publish(&mut transaction, &kept, 1, now).await.unwrap();
    appearance_draft_set(&mut transaction, &kept, 1, now).await.unwrap();
    transaction.commit().await.unwrap();
    let letter = owner.get(&format!("{FRAME}mail")).await.text;
    assert!(letter.contains("123456") && !letter.contains("evil.example"), "{letter}");
    assert_eq!(publish(&owner).await.status, 303, "and the rest of it is as good as it was");
    let text = format!("{HERE}/texts/en/portal-mail-kept");
    assert_eq!(owner.post(&text, &[("text", "Soon over.")]).await.status, 200, "the number is missing");
    let text = format!("{HERE}/texts/en/portal-mail-not-you");
    assert_eq!(owner.post(&text, &[("text", "Not you? Never mind.")]).await.status, 303);
    assert!(owner.get(&format!("{FRAME}mail")).await.text.contains("Never mind."), "texts are the shop's");
}

#[tokio::test]
async fn what_somebody_changes_while_another_publishes_is_not_lost() {
    let (_house, owner, _) = furnished().await;
    for name in ["One", "Two", "Three", "Four", "Five", "Six"] {
        assert_eq!(owner.post(HERE, &look(&[("name_en", "Before")])).await.status, 303);
        let fields = look(&[("name_en", name)]);
        let (kept, published) = tokio::join!(owner.post(HERE, &fields), publish(&owner));
        assert_eq!(kept.status, 303, "{}", kept.text);
        let is_refused = published.text.contains("somebody has changed the draft meanwhile");
        assert!(published.status == 303 || is_refused, "{}", published.text);
        assert!(owner.get(HERE).await.text.contains(&format!("value=\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn a_logo_in_the_operators_folder_is_served_as_well() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let assets = folder.path().join("assets");
    std::fs::create_dir(&assets).unwrap();
    std::fs::write(assets.join("logo.png"), png(9, 9)).unwrap();
    let own = Pages::open(Some(folder.path())).unwrap().asset("logo.png").unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let front = Front::open(Some(folder.path()), &address).unwrap();
    tokio::spawn(serve(shop.application.clone(), front, HttpOptions::default(), listener, std::future::pending()));
    let served = reqwest::get(format!("{address}{own}")).await.unwrap();
    assert_eq!((served.status().as_u16(), served.bytes().await.unwrap().to_vec()), (200, png(9, 9)));
    let unknown = reqwest::get(format!("{address}/assets/000000000000/logo.png")).await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_template_shows_nothing_but_what_its_page_is_about() {
    let (_house, owner, member) = furnished().await;
    let template =
        home_template().replace("<h1>", "<h1>{{ name|safe }}{{ '<i>'|safe }}</h1><pre>{{ debug() }}</pre><h1>");
    let kept = keep_template(&owner, "portal-home.html", &template).await;
    assert_eq!(kept.status, 303, "{}", kept.text);
    publish(&owner).await;
    let page = member.get("/portal").await.text;
    assert!(page.contains("<h1>&lt;b&gt;Ada&lt;&#x2f;b&gt;&lt;i&gt;</h1>"), "{page}");
    let told = page.split("<pre>").nth(1).unwrap().split("</pre>").next().unwrap();
    for secret in ["lojal_", "password", "vault", "session", "cookie", "email", "external_id"] {
        assert!(!told.to_lowercase().contains(secret), "{secret}: {told}");
    }
    let csp = member.get("/portal").await.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(csp.contains("script-src 'self'; style-src 'self'") && csp.contains("frame-ancestors 'none'"), "{csp}");
}

#[tokio::test]
async fn a_style_sheet_of_ones_own_loads_nothing_from_elsewhere() {
    let (house, owner, member) = furnished().await;
    for (style, said) in [
        ("@import url(//evil.example/x.css);", "@import would load a sheet"),
        ("a {}\nb { background: url(https://evil.example/x) }", "Line 2: A sheet may use files under"),
        ("b { background: u\\72l(//evil.example/x) }", "A sheet may use files under"),
        ("a { width: expression(1) }", "This ran programs"),
        ("</style><script>", "There are no HTML tags"),
        ("a { color: red", "The braces do not match"),
    ] {
        let refused = keep_style(&owner, style).await;
        assert!(
            refused.status == 200 && refused.text.contains(&said.replace('/', "&#x2f;")),
            "{style}: {}",
            refused.text
        );
    }
    assert_eq!(keep_style(&owner, ".purse { outline: 1px solid }\r\n").await.status, 303);
    publish(&owner).await;
    let page = member.get("/portal").await.text;
    let address =
        page.split("href=\"").find(|rest| rest.contains("/appearance.css\"")).unwrap().split('"').next().unwrap();
    assert_eq!(house.browser().get(address).await.text, ".purse { outline: 1px solid }\n");
}

#[tokio::test]
async fn a_preview_is_shown_in_a_frame_of_our_own_and_does_nothing() {
    let (house, owner, _) = furnished().await;
    let around = owner.get(&format!("{HERE}/preview")).await;
    let policy = |page: &Page| page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy(&around).contains("frame-src 'self'") && policy(&around).contains("frame-ancestors 'none'"));
    for language in ["pl", "en"] {
        for (name, scripts) in [
            ("sign-in", false),
            ("home", false),
            ("rewards", false),
            ("history", false),
            ("mail", false),
            ("widget", true),
        ] {
            for theme in ["light", "dark"] {
                let address = format!("{HERE}/preview/frame?page={name}&language={language}&theme={theme}");
                let framed = owner.get(&address).await;
                assert_eq!(framed.status, 200, "{name}: {}", framed.text);
                let policy = policy(&framed);
                assert!(policy.contains("frame-ancestors 'self'") && policy.contains("form-action 'none'"), "{policy}");
                assert!(policy.contains("sandbox allow-same-origin"), "{policy}");
                assert_eq!(policy.contains("allow-scripts"), scripts, "{name}");
                assert!(
                    framed.text.contains(&format!("lang=\"{language}\"")) && !framed.text.contains("Ada"),
                    "{name}"
                );
            }
        }
    }
    assert_eq!(house.shop.count("member").await, 1, "the sample stands in no database");
    let story = owner.get(&format!("{FRAME}history")).await.text;
    assert!(story.matches("<p class=\"quiet\">").count() >= 4, "{story}");
}

#[tokio::test]
async fn two_processes_show_the_same_a_moment_after_it_was_published() {
    let (house, owner, _) = furnished().await;
    let other = Shop {
        application: open(house.shop.folder.path(), &house.shop.clock).await,
        clock: house.shop.clock.clone(),
        folder: tempfile::tempdir().unwrap(),
    };
    let other = House::beside(other).await.browser();
    assert!(!other.get("/portal/sign-in").await.text.contains("Tea &lt;House&gt;"));
    assert_eq!(owner.post(HERE, &LOOK).await.status, 303);
    publish(&owner).await;
    let page = house.browser().get("/portal/sign-in").await.text;
    let address =
        page.split("href=\"").find(|rest| rest.contains("/appearance.css\"")).unwrap().split('"').next().unwrap();
    let seen = async { while !other.get("/portal/sign-in").await.text.contains("Tea &lt;House&gt;") {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), seen).await.unwrap();
    let sheet = other.get(address).await;
    assert!(sheet.text.contains("#7a1f5c") && sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn the_widget_takes_colours_name_and_logo() {
    let (house, owner, _) = furnished().await;
    let mut transaction = house.shop.application.database.write().await.unwrap();
    let now = house.shop.clock.now();
    let made = key_create(&mut transaction, "widget", KeyVisibility::Publishable, &[Scope::Read], now).await;
    let key = made.unwrap().1;
    transaction.commit().await.unwrap();
    let asked = async || {
        let request = reqwest::Client::new().get(format!("{}/v1/widget?lang=en", house.address)).bearer_auth(&key);
        request.send().await.unwrap().text().await.unwrap()
    };
    let before = asked().await;
    assert!(!before.contains("\"style\"") && !before.contains("\"logo\""), "{before}");
    assert_eq!(owner.post(HERE, &look(&[("dark_ground", "#000000")])).await.status, 303);
    assert_eq!(owner.upload(&format!("{HERE}/pictures/logo"), "picture", &png(300, 100)).await.status, 303);
    assert_eq!(asked().await, before);
    publish(&owner).await;
    let view = asked().await;
    assert!(view.contains("\"name\":\"Tea <House>\"") && view.contains("/logo.png\""), "{view}");
    assert!(
        view.contains("--_accent:var(--lojal-accent,#7a1f5c)") && view.contains("--lojal-ground,#000000"),
        "{view}"
    );
}

/// A picture without anything on it, as far as its chunks go.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let body = [kind, data].concat();
        let checksum = !body.iter().fold(u32::MAX, |rest, byte| {
            (0..8).fold(
                rest ^ u32::from(*byte),
                |rest, _| if rest & 1 == 1 { (rest >> 1) ^ 0xedb8_8320 } else { rest >> 1 },
            )
        });
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &body, &checksum.to_be_bytes()].concat()
    };
    let sides = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &sides), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")].concat()
}

#[tokio::test]
async fn a_picture_is_what_its_content_says_and_nothing_else() {
    let (house, owner, member) = furnished().await;
    let polyglot = [png(90, 30), b"<script>alert(1)</script>".to_vec()].concat();
    for (purpose, file, said) in [
        ("logo", Vec::new(), "Something has to stand here."),
        ("logo", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec(), "SVG files are not taken"),
        ("logo", b"<html><script>alert(1)</script>".to_vec(), "This is no PNG, WebP or JPEG."),
        ("logo", b"GIF89a".to_vec(), "This is no PNG, WebP or JPEG."),
        ("logo", polyglot, "Something else follows the picture"),
        ("logo", png(60_000, 60_000), "more than 2,000 pixels"),
        ("logo", png(90, 30)[..40].to_vec(), "The file is damaged"),
        ("logo", vec![0; 600_000], "larger than 512 KB"),
        ("icon", png(300, 100), "An icon must be a square"),
        ("icon", png(64, 64), "An icon must be a square"),
    ] {
        let refused = owner.upload(&format!("{HERE}/pictures/{purpose}"), "picture", &file).await;
        assert!(refused.status == 200 && refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(owner.upload(&format!("{HERE}/pictures/logo"), "picture", &vec![0; 2_000_000]).await.status, 413);
    assert_eq!(owner.upload(&format!("{HERE}/pictures/mark"), "picture", &png(9, 9)).await.status, 404);
    assert_eq!(owner.post(&format!("{HERE}/pictures/logo"), &[("picture", "x")]).await.status, 415);
    assert_eq!(house.shop.count("appearance_picture").await, 0);

    for (purpose, picture) in [("logo", png(300, 100)), ("icon", png(512, 512))] {
        assert_eq!(owner.upload(&format!("{HERE}/pictures/{purpose}"), "picture", &picture).await.status, 303);
    }
    assert!(!member.get("/portal").await.text.contains("/logo.png"));
    publish(&owner).await;
    let page = member.get("/portal").await;
    let address = page.between("<img src=\"", "\"").to_owned();
    let served = house.browser().get(&address).await;
    assert_eq!((&served.headers["content-type"], served.status), (&"image/png".parse().unwrap(), 200), "{address}");
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    assert_eq!(served.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert_eq!(served.headers["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(house.browser().get("/assets/000000000000000000000000/logo.png").await.status, 404);
    let manifest = member.get("/portal/manifest.webmanifest").await.text;
    assert!(manifest.contains("512x512") && manifest.contains("/icon.png"), "{manifest}");
    assert_eq!(owner.post(&format!("{HERE}/pictures/logo/remove"), &[]).await.status, 303);
    publish(&owner).await;
    assert!(!member.get("/portal").await.text.contains("/logo.png"));
}
