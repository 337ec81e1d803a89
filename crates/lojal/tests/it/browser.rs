//! The console in a real browser: the first five minutes, and every page in both languages, narrow and wide,
//! light and dark, held to WCAG 2.2 AA. Pictures of all of them are kept beside what cargo builds.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use lojal_testing::{Browser, View};

use crate::house::{House, MAPPING};

const PASSWORD: &str = "kawa z mlekiem o ósmej";
const EMAIL: &str = "ewa@shop.example";

/// `lojal serve`, as somebody starts it.
pub struct Served {
    process: Child,
    pub address: String,
    /// What the first owner must know.
    pub code: String,
}

impl Served {
    fn begin(house: &House) -> Served {
        Served::begin_with(house, &[])
    }

    pub fn begin_with(house: &House, options: &[&str]) -> Served {
        Served::begin_at(house, "127.0.0.1:0", options)
    }

    pub fn begin_at(house: &House, listen: &str, options: &[&str]) -> Served {
        let mut command = house.command(&["serve", "--listen", listen]);
        command.args(options);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("Listening on ")?.to_owned())).unwrap();
        let code = lines.find_map(|line| Some(line.split_once("owner: ")?.1.trim_end_matches(')').to_owned()));
        Served { process, address, code: code.unwrap() }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub fn pictures() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

/// Looks at the page that is open: nothing in anybody's way, and nothing beyond the edge.
pub async fn look(browser: &Browser, view: View, name: &str) {
    let theme = if view.is_dark { "dark" } else { "light" };
    let page = format!("{name} ({}, {} px, {theme})", view.language, view.width);
    let barriers = browser.barriers().await;
    assert!(barriers.is_empty(), "{page}:\n{}", barriers.join("\n"));
    assert!(browser.overflow().await <= 0, "{page} is wider than the screen");
    let file = format!("{}-{}-{theme}/{name}.png", view.language, view.width);
    browser.picture(&pictures().join(file)).await;
}

#[tokio::test]
async fn the_first_five_minutes_lead_to_a_programme_that_runs() {
    let view = View { width: 1440, is_dark: false, language: "pl" };
    let browser = Browser::open(view).await;
    let begun = Instant::now();
    let house = House::new();
    let served = Served::begin(&house);
    browser.go(&format!("{}/console", served.address)).await;
    look(&browser, view, "setup").await;
    let fields = [
        ("code", served.code.as_str()),
        ("name", "Ewa Lis"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("repeated", "inne hasło"),
    ];
    browser.fill(&fields).await;
    browser.follow("main button.main").await;
    browser.sees("#repeated-fault", "Hasła się różnią.").await;
    look(&browser, view, "setup-refused").await;
    browser.fill(&[("password", PASSWORD), ("repeated", PASSWORD)]).await;
    browser.follow("main button.main").await;
    browser.sees("main", "Co jeszcze do zrobienia").await;

    browser.follow("a[href='/console/programme']").await;
    look(&browser, view, "programme-none").await;
    browser.follow("button[value=points]").await;
    browser.sees("#judgement", "można publikować").await;
    // What is typed is judged without being sent: a mistake shows beside the text.
    browser
        .run(
            "const field = document.getElementById('document');
             field.value = field.value.replace(/per = \"[0-9.]+\"/, 'per = \"0.00\"');
             field.dispatchEvent(new Event('input'));",
        )
        .await;
    browser.sees("#judgement .notice.bad", "1 błąd nie pozwala na publikację.").await;
    look(&browser, view, "draft-mistake").await;
    browser.go(&format!("{}/console/programme/draft", served.address)).await;
    browser.follow("button[formaction$='/publish']").await;
    browser.sees("main h1", "Wersja 1").await;
    browser.go(&format!("{}/console", served.address)).await;
    browser.sees(".steps li.done", "Opublikuj program").await;
    browser.follow("a[href='/console/keys']").await;
    browser.fill(&[("name", "Sklep")]).await;
    browser.follow("main form.form button.main").await;
    browser.sees(".notice.good code", "lojal_sk_").await;
    browser.close().await;
    assert!(begun.elapsed() < Duration::from_secs(300), "it took {:?}", begun.elapsed());
}

#[tokio::test]
async fn every_page_is_for_everybody_in_both_languages_narrow_and_wide_light_and_dark() {
    let house = House::new();
    let programme = house.path("programme.toml");
    house.ok(&["init", programme.to_str().unwrap(), "--lang", "en"]);
    house.ok(&["programme", "publish", programme.to_str().unwrap()]);
    let mapping = house.file("mapping.toml", MAPPING);
    let orders = "order,member,time,sku,quantity,total\n1,ada,2026-03-03 10:00,SPOON,1,49.00\n\
                  2,ada,2026-03-04 10:00,POT,1,249.00\n3,ben,2026-03-05 10:00,CUP,2,30.00\n";
    let orders = house.file("orders.csv", orders);
    house.ok(&["import", "orders", orders.to_str().unwrap(), "--map", mapping.to_str().unwrap()]);
    let shown = house.ok(&["member", "show", "ada", "--lang", "en"]);
    let member = shown.split(['(', ')']).nth(1).unwrap().to_owned();
    let transaction = shown.split("txn_").nth(1).map(|rest| format!("txn_{}", &rest[..13])).unwrap();
    let served = Served::begin_with(&house, &["--webhooks-to-private"]);
    let mut is_first = true;
    let (mut simulation, mut endpoint, mut message) = (String::new(), String::new(), String::new());
    let mut audit = String::new();
    for language in ["pl", "en"] {
        for (width, is_dark) in [(360, false), (360, true), (1440, false), (1440, true)] {
            let view = View { width, is_dark, language };
            let browser = Browser::open(view).await;
            let address = |path: &str| format!("{}{path}", served.address);
            browser.go(&address("/console")).await;
            let entrance = if is_first { "setup" } else { "sign-in" };
            look(&browser, view, entrance).await;
            if is_first {
                let code = served.code.as_str();
                browser.fill(&[("code", code), ("name", "Ewa Lis"), ("repeated", PASSWORD)]).await;
            }
            browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
            browser.follow("main button.main").await;
            if is_first {
                simulation = tried(&browser, &served).await;
                audit = audited(&browser, &served).await;
                (endpoint, message) = told(&browser, &served).await;
                ask_for_much(&browser, &address(&format!("/console/members/{member}"))).await;
                dress(&browser, &address("/console/settings/appearance")).await;
                give_cards(&browser, &address(&format!("/console/members/{member}"))).await;
            }
            is_first = false;
            for (name, path) in [
                ("overview", "/console"),
                ("overview-year", "/console?period=2026"),
                ("figure", "/console/figures/sales?period=2026-03"),
                ("members-filtered", "/console/members?order=spent&spent=1"),
                ("members-refused", "/console/members?points=many"),
                ("ledger", "/console/ledger"),
                ("transaction", &format!("/console/ledger/{transaction}")),
                ("accounts", "/console/ledger/accounts"),
                ("programme", "/console/programme"),
                ("version", "/console/programme/versions/1"),
                ("draft", "/console/programme/draft"),
                ("campaigns", "/console/programme/campaigns"),
                ("audits", "/console/ledger/audits"),
                ("audit", &audit),
                ("simulations", "/console/programme/simulations"),
                ("simulation", &simulation),
                ("rewards", "/console/rewards"),
                ("redemptions", "/console/rewards/redemptions"),
                ("cases", "/console/cases"),
                ("referrals-nothing", "/console/referrals"),
                ("members", "/console/members"),
                ("requests", "/console/members/requests"),
                ("member", &format!("/console/members/{member}")),
                ("settings", "/console/settings"),
                ("keys", "/console/keys"),
                ("webhooks", "/console/webhooks"),
                ("webhook-new", "/console/webhooks/new"),
                ("webhook-events", "/console/webhooks/events"),
                ("webhook-endpoint", &endpoint),
                ("webhook-endpoint-filtered", &format!("{endpoint}?state=dead")),
                ("webhook-message", &message),
                ("portal", "/console/portal"),
                ("brands", "/console/settings/brands"),
                ("appearance", "/console/settings/appearance"),
                ("appearance-texts", "/console/settings/appearance/texts?find=portal-mail"),
                ("appearance-text", "/console/settings/appearance/texts/pl/portal-mail-kept"),
                ("appearance-templates", "/console/settings/appearance/templates"),
                ("appearance-template", "/console/settings/appearance/templates/portal-rewards.html"),
                ("appearance-style", "/console/settings/appearance/style"),
                ("preview", "/console/settings/appearance/preview"),
                ("preview-dark", "/console/settings/appearance/preview?theme=dark&width=desktop&page=rewards"),
                ("preview-history", "/console/settings/appearance/preview?page=history"),
                ("preview-mail", "/console/settings/appearance/preview?page=mail"),
                ("preview-widget", "/console/settings/appearance/preview?page=widget"),
                ("team", "/console/team"),
                ("ways", "/console/settings/sign-in"),
                ("sign-in-refused", "/console/sign-in?refused=token"),
                ("actions", "/console/actions"),
                ("account", "/console/account"),
                ("nowhere", "/console/nowhere"),
            ] {
                browser.go(&address(path)).await;
                browser
                    .run("document.querySelectorAll('.values details').forEach((folded) => { folded.open = true; });")
                    .await;
                look(&browser, view, name).await;
                assert_eq!(browser.run("return document.documentElement.lang").await, language, "{name}");
            }
            // What is refused says so beside its field, and keeps what was typed.
            browser.go(&address("/console/webhooks/new")).await;
            browser.run("document.querySelector('main form.form').noValidate = true;").await;
            browser.fill(&[("url", "ftp://shop.example.com"), ("description", "Sklep")]).await;
            browser.follow("main form.form button.main").await;
            browser.sees("#url-fault", "https://").await;
            look(&browser, view, "webhook-refused").await;
            browser.go(&address(&format!("/console/members/{member}"))).await;
            let opens = "document.querySelectorAll('#card-form details').forEach((folded) => { folded.open = true; });";
            browser.run(opens).await;
            look(&browser, view, "member-cards").await;
            let unknown = "const form = document.querySelector('#card-form form[action$=\"/move\"]');
                           form.noValidate = true; form.id = 'moving';";
            browser.run(unknown).await;
            browser.follow("#moving button").await;
            browser.sees("#card-form .fault", "").await;
            look(&browser, view, "member-card-refused").await;
            // What is refused says so in a notice, and asks for what is missing beside its field.
            browser.go(&address(&format!("/console/members/{member}"))).await;
            let leaves = "const form = document.querySelector('#leave-form form'); form.noValidate = true;
                          form.id = 'leaving'; document.getElementById('leave-form').open = true;";
            browser.run(leaves).await;
            browser.follow("#leaving button.danger").await;
            browser.sees("#sure-fault", if language == "pl" { "Zaznacz najpierw" } else { "Say first" }).await;
            look(&browser, view, "member-refused").await;
            browser.go(&address("/console/settings/appearance")).await;
            browser.run("document.getElementById('light_accent').value = '#ff9900';").await;
            browser.follow("main form.form button.main").await;
            browser.sees(".fault", if language == "pl" { "Za słaby kontrast" } else { "Not enough contrast" }).await;
            look(&browser, view, "appearance-refused").await;
            browser.close().await;
        }
    }
}

/// A draft that differs, tried on the past: the address of its page.
async fn tried(browser: &Browser, served: &Served) -> String {
    browser.go(&format!("{}/console/programme/draft", served.address)).await;
    let changed = "const field = document.getElementById('document');
                   field.value = field.value.replace('rate = 1\\n', 'rate = 2\\n').replace('[rewards.', `[campaigns.spring]
name = { pl = \"Wiosna\", en = \"Spring\" }
points = 5
from = \"2026-04-01\"
until = \"2026-05-15\"

[rewards.`);";
    browser.run(changed).await;
    browser.follow("button[formaction$='/try']").await;
    browser.follow("main form button.main").await;
    // The page asks by itself until the result is there.
    browser.sees("main .figures", "zł").await;
    let address = browser.address().await;
    address.trim_start_matches(served.address.as_str()).to_owned()
}

/// The books, audited: the address of what came of it.
async fn audited(browser: &Browser, served: &Served) -> String {
    browser.go(&format!("{}/console/ledger/audits", served.address)).await;
    browser.follow("main form button.main").await;
    browser.sees("main .notice.good", "zgadza").await;
    let address = browser.address().await;
    address.trim_start_matches(served.address.as_str()).to_owned()
}

/// An endpoint at which nobody answers, and a message to it: the addresses of their pages.
async fn told(browser: &Browser, served: &Served) -> (String, String) {
    browser.go(&format!("{}/console/webhooks", served.address)).await;
    browser.follow("main a.button.main").await;
    browser.fill(&[("url", "http://127.0.0.1:9/hooks"), ("description", "Sklep")]).await;
    browser.follow("main form.form button.main").await;
    browser.sees(".notice.good code", "whsec_").await;
    browser.follow("main form[action$='/test'] button").await;
    browser.sees("main h1", "webhook.test").await;
    let message = browser.address().await.trim_start_matches(served.address.as_str()).to_owned();
    let endpoint = message.split("/deliveries/").next().unwrap_or_default().to_owned();
    (endpoint, message)
}

/// Two cards, one of them blocked.
async fn give_cards(browser: &Browser, member: &str) {
    for number in ["2600 1234 5678", "KL-7AB9"] {
        browser.go(member).await;
        browser.run("document.querySelector('#card-form > details').open = true;").await;
        browser.fill(&[("number", number)]).await;
        browser.follow("#card-form > details button.main").await;
        browser.sees(".notice.good", "").await;
    }
    browser.run("document.querySelectorAll('#card-form details').forEach((folded) => { folded.open = true; });").await;
    browser.follow("#card-form form[action$='/block'] button").await;
    browser.sees("#card-form", "zablokowana").await;
}

/// An adjustment that waits for a second person.
async fn ask_for_much(browser: &Browser, member: &str) {
    browser.go(member).await;
    browser.run("document.getElementById('adjust-form').open = true;").await;
    browser.fill(&[("amount", "2000"), ("reason", "Za cierpliwość")]).await;
    browser.follow("#adjust-form button.main").await;
}

/// A look that is published, and another one that is not; a template of one's own among them.
async fn dress(browser: &Browser, appearance: &str) {
    let change = |name: &str, colour: &str| {
        format!(
            "document.getElementById('name_pl').value = '{name}'; document.getElementById('name_en').value = '{name}';
             document.getElementById('light_accent').value = '{colour}';
             document.querySelector('[name=corners][value=rounder]').checked = true;
             document.getElementById('letters').value = 'book';"
        )
    };
    browser.go(appearance).await;
    browser.run(&change("Herbaciarnia", "#7a1f5c")).await;
    browser.follow("main form.form button.main").await;
    browser.follow("form[action$='/publish'] button").await;
    browser.sees("main tbody", "1").await;
    browser.run(&change("Herbaciarnia i Spółka", "#1d6b48")).await;
    browser.follow("main form.form button.main").await;
    browser.go(&format!("{appearance}/templates/portal-rewards.html")).await;
    browser
        .run("const field = document.getElementById('template'); field.value = field.value.replace('<h1>', '<h1 class=\"ours\">');")
        .await;
    browser.follow("main form.form button.main").await;
    browser.sees("ins", "ours").await;
}
