//! A real browser: Chromium, without a screen, as a person's phone or desktop would show a page.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::cookies::Cookie;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::sleep;
use url::{ParseError, Url};

/// The accessibility rules that pages are held to. It is fetched once and kept.
const AXE: &str = "axe-core@4.10.3";
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub width: u32,
    pub is_dark: bool,
    /// `pl` or `en`: what the browser asks for.
    pub language: &'static str,
}

pub struct Browser {
    client: Client,
    driver: Child,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its browsers end with it.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Starts one. Where it is missing it is installed, if that is possible without asking anybody.
    pub async fn open(view: View) -> Browser {
        let (chromium, chromedriver) = programs();
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let address = format!("http://127.0.0.1:{}", port(&mut driver));
        let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!view.is_dark));
        let language = format!("--lang={}", view.language);
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &scheme,
            &language,
        ];
        let capabilities = json!({
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": {
                "binary": chromium,
                "args": arguments,
                "prefs": { "intl.accept_languages": view.language },
                "mobileEmulation": { "deviceMetrics": { "width": view.width, "height": 900, "pixelRatio": 1.0, "touch": false } },
            },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("it is an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&address).await.expect("a session");
        Browser { client, driver }
    }

    pub async fn go(&self, address: &str) {
        self.client.goto(address).await.expect(address);
    }

    pub async fn address(&self) -> String {
        self.client.current_url().await.expect("an address").to_string()
    }

    /// What the site of the page that is open has left with this browser: who is signed in, for one.
    pub async fn cookies(&self) -> Vec<Cookie<'static>> {
        self.client.get_all_cookies().await.expect("cookies")
    }

    /// Takes along what another browser has of the site of the page that is open.
    pub async fn take_along(&self, cookies: &[Cookie<'static>]) {
        for cookie in cookies {
            self.client.add_cookie(cookie.clone()).await.expect("it is taken");
        }
    }

    async fn find(&self, selector: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        found.expect(selector)
    }

    /// Waits until something on the page says this. The page may be replaced meanwhile.
    pub async fn sees(&self, selector: &str, expected: &str) {
        let begun = Instant::now();
        let mut seen = String::from("nothing");
        while begun.elapsed() < PATIENCE {
            if let Ok(element) = self.client.find(Locator::Css(selector)).await
                && let Ok(text) = element.text().await
            {
                seen = text.replace('\u{a0}', " ");
                if seen.contains(expected) {
                    return;
                }
            }
            sleep(PAUSE).await;
        }
        assert!(seen.contains(expected), "{selector} does not say “{expected}” but: {seen}");
    }

    /// Types into the fields of these names, in the place of what stands there.
    pub async fn fill(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            let field = self.find(&format!("[name={name}]")).await;
            field.clear().await.expect(name);
            field.send_keys(value).await.expect(name);
        }
    }

    pub async fn press(&self, selector: &str) {
        let element = self.find(selector).await;
        // Out from under what stays at the edge of the screen.
        let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        self.client.execute(script, vec![json!(selector)]).await.expect(selector);
        element.click().await.expect(selector);
    }

    /// Presses what leads to another page, and waits until that page is there.
    pub async fn follow(&self, selector: &str) {
        let before = self.find("html").await;
        self.press(selector).await;
        let begun = Instant::now();
        while before.tag_name().await.is_ok() {
            assert!(begun.elapsed() < PATIENCE, "{selector} leads nowhere");
            sleep(PAUSE).await;
        }
        self.find("body").await;
    }

    /// What a script in the page answers.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.expect(script)
    }

    /// Waits until what a script answers is true.
    pub async fn comes(&self, script: &str) {
        let begun = Instant::now();
        while self.run(script).await != json!(true) {
            assert!(begun.elapsed() < PATIENCE, "it never comes: {script}");
            sleep(PAUSE).await;
        }
    }

    /// Presses a key, by its code in WebDriver, wherever the focus is.
    pub async fn strike(&self, key: char) {
        let keys =
            KeyActions::new("keys".to_owned()).then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        self.client.perform_actions(keys).await.expect("a key");
    }

    /// What is on the screen as a picture.
    pub async fn glimpse(&self, file: &Path) {
        fs::create_dir_all(file.parent().expect("a folder")).expect("the folder of pictures");
        fs::write(file, self.client.screenshot().await.expect("a picture")).expect("the picture is kept");
    }

    /// The whole page as a picture, with what is below the edge of the screen (Chrome DevTools Protocol, Page).
    pub async fn picture(&self, file: &Path) {
        fs::create_dir_all(file.parent().expect("a folder")).expect("the folder of pictures");
        let size = self.devtools("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let whole = json!({ "captureBeyondViewport": true, "clip": clip, "optimizeForSpeed": true });
        let picture = self.devtools("Page.captureScreenshot", whole).await["data"].clone();
        let picture = STANDARD.decode(picture.as_str().expect("a picture")).expect("base64");
        fs::write(file, picture).expect("the picture is kept");
    }

    /// Says of itself to be another program from now on.
    pub async fn pretend(&self, program: &str) {
        self.devtools("Emulation.setUserAgentOverride", json!({ "userAgent": program })).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = Some(json!({ "cmd": command, "params": parameters }));
        let asked = Extension { method: Method::POST, path: "goog/cdp/execute".to_owned(), body };
        self.client.issue_cmd(asked).await.expect(command)
    }

    /// By how many pixels the page is wider than the screen.
    pub async fn overflow(&self) -> i64 {
        let script = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.run(script).await.as_i64().expect("a number")
    }

    /// What breaks WCAG 2.2 at level AA, a sentence for each.
    pub async fn barriers(&self) -> Vec<String> {
        self.client.execute(axe(), vec![]).await.expect("the rules are loaded");
        let script = "const done = arguments[0];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
            axe.run(document, { runOnly: tags }).then(found => done(found.passes.length < 10 ? ['hardly any rule was run'] :
                found.violations.map(rule => rule.id + ': ' + rule.help + ' at ' + rule.nodes.map(node => node.html.slice(0, 160)).join(' | '))));";
        let found = self.client.execute_async(script, vec![]).await.expect("the rules are run");
        found.as_array().expect("a list").iter().map(|rule| rule.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Gives the browser an authenticator that knows its owner and always says yes (Web Authentication, Level 2, 11).
    /// Answers its name.
    pub async fn add_authenticator(&self) -> String {
        let options = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserVerified": true,
        });
        let command =
            Extension { method: Method::POST, path: "webauthn/authenticator".to_owned(), body: Some(options) };
        let name = self.client.issue_cmd(command).await.expect("an authenticator");
        name.as_str().expect("its name").to_owned()
    }

    /// Says whether it knows its owner from now on: where it does not, it refuses.
    pub async fn set_verified(&self, name: &str, is_verified: bool) {
        let path = format!("webauthn/authenticator/{name}/uv");
        let command = Extension { method: Method::POST, path, body: Some(json!({ "isUserVerified": is_verified })) };
        self.client.issue_cmd(command).await.expect("it obeys");
    }

    /// Takes it away, with its passkeys.
    pub async fn remove_authenticator(&self, name: &str) {
        let path = format!("webauthn/authenticator/{name}");
        let command = Extension { method: Method::DELETE, path, body: None };
        self.client.issue_cmd(command).await.expect("it goes");
    }

    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

/// What WebDriver's own standard does not have, under the address of the session.
#[derive(Debug)]
struct Extension {
    method: Method,
    path: String,
    body: Option<Value>,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(Value::to_string))
    }
}

/// The port that the driver has taken, from what it says when it is ready.
fn port(driver: &mut Child) -> u16 {
    let output = driver.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("started successfully on port")).expect("chromedriver is ready");
    let port = line.trim_end_matches('.').rsplit(' ').next().and_then(|port| port.parse().ok()).expect("a port");
    // It would block one day if nobody read on.
    std::thread::spawn(move || lines.for_each(drop));
    port
}

fn programs() -> (PathBuf, PathBuf) {
    static PROGRAMS: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    PROGRAMS
        .get_or_init(|| {
            let both = || Some((on_path("chromium")?, on_path("chromedriver")?));
            both()
                .or_else(|| {
                    super::install("chromium chromium-driver fonts-liberation");
                    both()
                })
                .expect("these tests need Chromium and its driver (Debian: apt install chromium chromium-driver fonts-liberation)")
        })
        .clone()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.exists())
}

/// The script with the accessibility rules.
fn axe() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| {
        let home = std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
        let folder = home.join(".cache/lojal").join(AXE.replace('@', "-"));
        let script = folder.join("package/axe.min.js");
        if !script.exists() {
            if on_path("npm").is_none() {
                super::install("npm");
            }
            fs::create_dir_all(&folder).expect("the cache");
            let fetch = format!("npm pack --silent {AXE} && tar -xzf axe-core-*.tgz package/axe.min.js");
            let fetched = Command::new("sh").args(["-c", &fetch]).current_dir(&folder).output().expect("a shell");
            assert!(fetched.status.success(), "{}", String::from_utf8_lossy(&fetched.stderr));
        }
        fs::read_to_string(&script).expect("the accessibility rules")
    })
}
