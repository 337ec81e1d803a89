//! The demo's shop in a real browser: a guest and a member with the widget, in both languages, narrow and wide, light and
//! dark; that it moves nothing, and how much of the page's time it takes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Stdio};

use lojal_testing::{Browser, View};
use serde_json::json;

use crate::browser::{Served, look, pictures};
use crate::house::House;

const ESCAPE: char = '\u{e00c}';
/// In milliseconds, of the page's main thread: what one page may take on a machine that does other things as well, and
/// what half of all pages take at most.
const LONGEST: f64 = 100.0;
const MEDIAN: f64 = 10.0;

/// `lojal demo`, as somebody starts it.
pub struct Demo {
    /// Its folder goes when this does.
    _house: House,
    process: Child,
    address: String,
}

impl Demo {
    /// With a member who can have something.
    pub async fn start(language: &str) -> Demo {
        let house = House::new();
        let mut command = house.command(&["demo", "--members", "60", "--lang", language, "--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let key = lines.find_map(|line| {
            line.split_whitespace().last().filter(|word| word.starts_with("lojal_sk_")).map(str::to_owned)
        });
        let address = lines.find_map(|line| Some(line.trim().strip_suffix("/demo")?.to_owned())).unwrap();
        lines.find(|line| line.contains("/console")).unwrap();
        let plan = std::fs::read_to_string(house.data().join("demo.toml")).unwrap();
        let member = plan.split_once("example = \"").unwrap().1.split('"').next().unwrap();
        let body = json!({ "member": member, "unit": "points", "amount": 9_000, "reason": "Test" });
        let name = json!({ "name": "ada-szyje" });
        for (path, body) in [("adjustments", body), (&format!("members/ext:{member}/codes"), name)] {
            let request =
                reqwest::Client::new().post(format!("{address}/v1/{path}")).bearer_auth(key.as_ref().unwrap());
            let answer = request.header("idempotency-key", path).json(&body).send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
        }
        Demo { _house: house, process, address }
    }

    /// Opens a page, and waits until each widget on it has something to say.
    pub async fn open(&self, browser: &Browser, path: &str) {
        browser.go(&format!("{}{path}", self.address)).await;
        let script = "const all = [...document.querySelectorAll('lojal-widget')];
            return all.length > 0 && all.every(one => one.shadowRoot?.querySelector('.launcher.ready, .panel h2, .panel h3, .cart:not(.lost)'))";
        browser.comes(script).await;
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A script about what is inside a widget: `inside` is its shadow.
fn inside(widget: &str, script: &str) -> String {
    format!("const inside = document.querySelector(`lojal-widget{widget}`).shadowRoot; {script}")
}

/// Whether a widget says this.
fn says(widget: &str, text: &str) -> String {
    inside(widget, &format!("return inside.textContent.replaceAll('\\u00a0', ' ').includes(`{text}`)"))
}

const LAUNCHER: &str = ":not([mode])";
const QUOTE: &str = "[mode=quote]";
const CODE: &str = "[mode=code]";

async fn open_panel(browser: &Browser) {
    browser
        .run(&inside(LAUNCHER, "inside.querySelector('.launcher').focus(); inside.querySelector('.launcher').click()"))
        .await;
    browser
        .comes(&inside(LAUNCHER, "return inside.querySelector('dialog').open && inside.activeElement?.id === 'title' && inside.getAnimations().length === 0"))
        .await;
}

/// Looks at the page, and keeps a picture of what is on the screen: a dialog stands over the page, not in it.
async fn look_at_panel(browser: &Browser, view: View, name: &str) {
    look(browser, view, name).await;
    let theme = if view.is_dark { "dark" } else { "light" };
    let file = format!("{}-{}-{theme}/{name}-screen.png", view.language, view.width);
    browser.glimpse(&pictures().join(file)).await;
    let wide = browser
        .run(&inside(LAUNCHER, "const box = inside.querySelector('dialog'); return box.scrollWidth - box.clientWidth"))
        .await;
    assert!(wide.as_i64().unwrap() <= 0, "{name}: the panel is wider than its room");
}

/// By how much the page has moved by itself.
async fn shift(browser: &Browser) -> f64 {
    let script = "const seen = new PerformanceObserver(() => {});
        seen.observe({ type: 'layout-shift', buffered: true });
        return seen.takeRecords().filter(entry => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0)";
    browser.run(script).await.as_f64().unwrap()
}

/// How long the widget's script has worked, in milliseconds: while it was loaded, and while each widget drew.
async fn worked(browser: &Browser) -> (f64, f64) {
    let script = "const all = name => performance.getEntriesByName(name);
        const sum = name => all(name).reduce((sum, entry) => sum + entry.duration, 0);
        const drawn = all('lojal-widget-draw').length - document.querySelectorAll('lojal-widget').length;
        return [sum('lojal-widget-load'), sum('lojal-widget-draw'), all('lojal-widget-load').length, drawn]";
    let times = browser.run(script).await;
    assert!(times[2] == 1 && times[3].as_i64().unwrap() >= 0, "something was not measured: {times}");
    (times[0].as_f64().unwrap(), times[1].as_f64().unwrap())
}

#[tokio::test]
async fn a_shop_shows_what_a_cart_brings_and_what_points_are_good_for() {
    let (mut loading, mut drawing) = (Vec::new(), Vec::new());
    for language in ["pl", "en"] {
        let demo = Demo::start(language).await;
        for (width, is_dark) in [(360, false), (360, true), (1440, false), (1440, true)] {
            let view = View { width, is_dark, language };
            let browser = Browser::open(view).await;
            for (name, path) in [
                ("guest", "/demo"),
                ("member", "/demo?in=1"),
                ("account-guest", "/demo/account"),
                ("account", "/demo/account?in=1"),
            ] {
                demo.open(&browser, path).await;
                shows(&browser, view, name).await;
                assert_eq!(shift(&browser).await, 0.0, "{name}: the page moves ({view:?})");
                let (loaded, drew) = worked(&browser).await;
                println!("{name} ({language}, {width} px): {loaded:.1} ms at load, {drew:.1} ms to draw");
                assert!(loaded + drew < LONGEST, "{loaded} ms at load, {drew} ms to draw");
                loading.push(loaded);
                drawing.push(drew);
                look(&browser, view, &format!("shop-{name}")).await;
            }
            guest(&demo, &browser, view).await;
            recommended(&demo, &browser, view).await;
            member(&demo, &browser, view).await;
            lost(&demo, &browser, view).await;
            browser.close().await;
        }
    }
    let (loaded, drew) = (median(loading), median(drawing));
    println!("medians: {loaded:.1} ms at load, {drew:.1} ms to draw");
    assert!(loaded + drew < MEDIAN, "{loaded} ms at load, {drew} ms to draw");
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Each page shows what it is for: who looks at it is greeted, or asked to join.
async fn shows(browser: &Browser, view: View, name: &str) {
    let pick = |polish, english| if view.language == "pl" { polish } else { english };
    let expected = match name {
        "guest" => inside(
            LAUNCHER,
            &format!(
                "return inside.querySelector('.launcher.ready')?.textContent === `{}`",
                pick("Punkty i nagrody", "Points and rewards")
            ),
        ),
        "member" => inside(LAUNCHER, "return /[0-9]/.test(inside.querySelector('.launcher.ready')?.textContent)"),
        "account-guest" => says("", pick("Dołącz albo zaloguj się", "Join or sign in")),
        _ => says("", pick("Najbliższe nagrody", "Closest rewards")),
    };
    browser.comes(&expected).await;
    if !name.starts_with("account") {
        browser.comes(&says(QUOTE, pick("Włóż coś", "Put something"))).await;
    }
}

/// A cart is quoted while it changes; the panel can be used by keyboard.
async fn guest(demo: &Demo, browser: &Browser, view: View) {
    demo.open(browser, "/demo").await;
    // Some days bring more: the demo's clock is everybody's.
    let more_than = |widget: &str, points: u64| {
        let found = "Number((inside.querySelector('.cart strong')?.textContent ?? '').replace(/\\D/g, ''))";
        inside(widget, &format!("return {found} > {points}"))
    };
    browser.press("button[data-sku=teapot]").await;
    browser.comes(&more_than(QUOTE, 148)).await;
    look(browser, view, "shop-cart").await;
    browser.press("button[data-sku=teapot]").await;
    browser.comes(&more_than(QUOTE, 327)).await;
    open_panel(browser).await;
    browser.comes(&more_than(LAUNCHER, 327)).await;
    look_at_panel(browser, view, "shop-guest-panel").await;
    browser.strike(ESCAPE).await;
    browser
        .comes(&inside(
            LAUNCHER,
            "return !inside.querySelector('dialog').open && inside.activeElement === inside.querySelector('.launcher')",
        ))
        .await;
    for _ in 0..2 {
        browser.run("document.querySelector('.less').click()").await;
    }
    let empty = if view.language == "pl" { "Włóż coś" } else { "Put something" };
    browser.comes(&says(QUOTE, empty)).await;
    // A page that does move is seen to move.
    browser.run("document.body.prepend(Object.assign(document.createElement('p'), { textContent: 'x' }))").await;
    browser.comes("const seen = new PerformanceObserver(() => {}); seen.observe({ type: 'layout-shift', buffered: true }); return seen.takeRecords().length > 0").await;
}

/// A code from a friend is typed beside the cart, kept, and given up.
async fn recommended(demo: &Demo, browser: &Browser, view: View) {
    demo.open(browser, "/demo").await;
    let typed = |code: &str| {
        inside(
            CODE,
            &format!(
                "inside.querySelector('[name=code]').value = '{code}'; inside.querySelector('form').requestSubmit()"
            ),
        )
    };
    browser.run(&typed("nobodyhasit")).await;
    browser.comes(&inside(CODE, "return inside.querySelector('[role=alert]').textContent.length > 5")).await;
    look(browser, view, "shop-code-wrong").await;
    browser.run(&typed("Ada Szyje")).await;
    browser.comes("return document.querySelector('lojal-widget[mode=code]').referral?.code !== undefined").await;
    browser.comes(&inside(CODE, "return inside.querySelector('[role=status]') !== null")).await;
    assert_eq!(shift(browser).await, 0.0, "the page moves ({view:?})");
    look(browser, view, "shop-code").await;
    browser.run(&inside(CODE, "[...inside.querySelectorAll('button')].at(-1).click()")).await;
    browser.comes(&inside(CODE, "return inside.querySelector('form') !== null")).await;
    browser.comes("return document.querySelector('lojal-widget[mode=code]').referral === undefined").await;
}

/// A reward is asked about, taken, and there is a voucher.
async fn member(demo: &Demo, browser: &Browser, view: View) {
    demo.open(browser, "/demo?in=1").await;
    open_panel(browser).await;
    look_at_panel(browser, view, "shop-member-panel").await;
    browser.run(&inside(LAUNCHER, "inside.querySelector('li .row button').click()")).await;
    browser
        .comes(&inside(
            LAUNCHER,
            "return inside.querySelector('[role=alert]') !== null && inside.activeElement?.id === 'title'",
        ))
        .await;
    look_at_panel(browser, view, "shop-sure").await;
    browser.run(&inside(LAUNCHER, "inside.querySelector('.acts .main').click()")).await;
    browser.comes(&inside(LAUNCHER, "return inside.querySelector('.code')?.textContent.length > 5")).await;
    look_at_panel(browser, view, "shop-voucher").await;
    browser.run(&inside(LAUNCHER, "[...inside.querySelectorAll('.acts button')].at(-1).click()")).await;
    browser.comes(&inside(LAUNCHER, "return inside.querySelector('.big') !== null")).await;
}

/// Nothing can be asked: the widget says so where it stands, and its launcher stays away.
async fn lost(demo: &Demo, browser: &Browser, view: View) {
    demo.open(browser, "/demo/account").await;
    let script = "const widget = document.querySelector('lojal-widget');
        widget.setAttribute('src', 'https://127.0.0.1:9'); widget.setAttribute('key', 'another')";
    browser.run(script).await;
    browser.comes(&inside("", "return inside.querySelector('.lost button') !== null")).await;
    look(browser, view, "shop-account-lost").await;
}

/// A shop somewhere else, with the strictest policy that the widget works under. Answers its origin.
fn shop_elsewhere(lojal: &str, key: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let policy = format!(
        "default-src 'none'; script-src {lojal}; connect-src 'self' {lojal}; require-trusted-types-for 'script'"
    );
    let page = format!(
        "<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1><script src={lojal}/widget.js defer></script>\
         <lojal-widget mode=inline key={key}></lojal-widget></html>"
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nContent-Security-Policy: {policy}\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    origin
}

#[tokio::test]
async fn a_shop_elsewhere_shows_the_widget_once_it_is_listed_and_needs_no_exception_in_its_policy() {
    let view = View { width: 360, is_dark: false, language: "en" };
    let house = House::new();
    house.ok(&["demo", "--once", "--members", "20", "--lang", "en"]);
    let key = house.ok(&["key", "create", "--publishable", "--scope", "read"]);
    let key = key.split_whitespace().find(|word| word.starts_with("lojal_pk_")).unwrap();
    let (served, browser) = (Served::begin_with(&house, &[]), Browser::open(view).await);
    let shop = shop_elsewhere(&served.address, key);
    browser.go(&shop).await;
    browser.comes(&says("", "There is no connection.")).await;

    browser.go(&format!("{}/console", served.address)).await;
    let password = "kawa z mlekiem o ósmej";
    let owner = [("code", served.code.as_str()), ("name", "Ewa Lis"), ("email", "ewa@shop.example")];
    browser.fill(&owner).await;
    browser.fill(&[("password", password), ("repeated", password)]).await;
    browser.follow("main button.main").await;
    browser.go(&format!("{}/console/portal", served.address)).await;
    browser.fill(&[("origins", &shop)]).await;
    browser.follow("form[action$=origins] button").await;
    browser.follow("form[action$=key] button").await;
    browser.sees(".notice.good code", "<lojal-widget key=\"lojal_pk_").await;
    look(&browser, view, "portal-widget").await;

    browser.go(&shop).await;
    browser.comes(&says("", "Ways to earn")).await;
    browser
        .comes(&inside(
            "",
            "return getComputedStyle(inside.querySelector('.main')).backgroundColor === 'rgb(27, 90, 158)'",
        ))
        .await;
    browser.close().await;
}
