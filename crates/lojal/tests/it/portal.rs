//! The portal in a real browser: coming in, taking a reward, and every page in both languages, narrow and wide, light
//! and dark, held to WCAG 2.2 AA.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};

use lojal_core::kernel::Instant;
use lojal_server::platform::visitors::{LONGEST_LIFE, sign};
use lojal_testing::{Browser, View, mail_server};
use serde_json::json;

use crate::browser::{Served, look};
use crate::house::House;

const PASSWORD: &str = "kawa z mlekiem o ósmej";
const MEMBER: &str = "customer-77";

/// A shop with a long past, in which one member has seen everything and another nothing yet.
struct Club {
    /// Its folder goes when this does.
    _house: House,
    served: Served,
    example: String,
    email: String,
    key: String,
    secret: String,
}

/// Each call is a request of its own.
static CALLS: AtomicU64 = AtomicU64::new(0);

impl Club {
    async fn open(language: &str) -> Club {
        let house = House::new();
        house.ok(&["demo", "--once", "--members", "60", "--lang", language]);
        let plan = std::fs::read_to_string(house.data().join("demo.toml")).unwrap();
        let example = plan.split_once("example = \"").unwrap().1.split('"').next().unwrap().to_owned();
        let made = house.ok(&["key", "create", "--name", "shop", "--scope", "read,write,admin"]);
        let key = made.split_whitespace().find(|word| word.starts_with("lojal_sk_")).unwrap().to_owned();
        let server = mail_server().address();
        let served = Served::begin_with(&house, &["--smtp-url", &server, "--mail-from", "Klub <club@shop.example>"]);
        let email = format!("new-{language}-{}@example.com", std::process::id());
        let club = Club { _house: house, served, example, email, key, secret: String::new() };
        let person = json!({ "name": "Żaneta Łąka", "email": club.email });
        club.call("POST", "/v1/members", json!({ "external_id": MEMBER, "person": person })).await;
        club
    }

    async fn call(&self, method: &str, path: &str, body: serde_json::Value) {
        let client = reqwest::Client::new();
        let request = client.request(method.parse().unwrap(), format!("{}{path}", self.served.address));
        let once = CALLS.fetch_add(1, Ordering::Relaxed).to_string();
        let request = request.bearer_auth(&self.key).header("content-type", "application/json");
        let request = request.header("idempotency-key", once);
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// From now on members may recommend the shop.
    async fn recommends(&self) {
        self.recommends_with("").await;
    }

    /// As [`Club::recommends`], with more in the programme.
    async fn recommends_with(&self, more: &str) {
        const EDITION: &str = r#"
[referrals.spring]
name = { pl = "Przyprowadź znajomego", en = "Bring a friend" }
until = "2090-05-31"
caps = { month = 5 }
[earning.friend_came]
name = { pl = "Dziękujemy za polecenie", en = "Thanks for a friend" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.friend_third]
name = { pl = "Trzecia osoba", en = "The third friend" }
on = "friend_qualified"
unit = "points"
when = [{ field = "activity.attribute.friends", is = 3 }]
points = 2000
[earning.friend_first]
name = { pl = "Pierwsze zamówienie z polecenia", en = "First order of a friend" }
on = "referral_qualified"
unit = "points"
points = 100
"#;
        let client = reqwest::Client::new();
        let versions = client.get(self.at("/v1/programmes")).bearer_auth(&self.key).send().await.unwrap();
        let versions: serde_json::Value = versions.json().await.unwrap();
        let latest =
            versions["data"].as_array().unwrap().iter().map(|it| it["version"].as_u64().unwrap()).max().unwrap();
        let known =
            client.get(self.at(&format!("/v1/programmes/{latest}"))).bearer_auth(&self.key).send().await.unwrap();
        let known: serde_json::Value = known.json().await.unwrap();
        let text = format!("{}\n{EDITION}{more}", known["document"].as_str().unwrap());
        let address = self.at("/v1/programmes?accept_warnings=true&accept_worse=true");
        let request = client.post(address).bearer_auth(&self.key).header("content-type", "application/toml");
        let answer = request.header("idempotency-key", "recommends").body(text).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.served.address)
    }

    /// The shop's owner makes a secret in the console.
    async fn make_secret(&mut self, browser: &Browser, view: View) {
        browser.go(&self.at("/console")).await;
        let fields = [
            ("code", self.served.code.as_str()),
            ("name", "Ewa Lis"),
            ("email", "ewa@shop.example"),
            ("password", PASSWORD),
            ("repeated", PASSWORD),
        ];
        browser.fill(&fields).await;
        browser.follow("main button.main").await;
        browser.go(&self.at("/console/portal")).await;
        browser.fill(&[("name", "Sklep")]).await;
        browser.follow("main form.form button.main").await;
        look(browser, view, "portal-secret").await;
        let text = browser.run("return document.querySelector('.notice.good code').textContent").await;
        self.secret = text.as_str().unwrap().to_owned();
    }

    fn link(&self, member: &str) -> String {
        let token = sign(&self.secret, member, Instant::now(), LONGEST_LIFE);
        self.at(&format!("/portal/enter#token={token}"))
    }

    /// As a link on a page of the shop would bring somebody in.
    async fn enter(&self, browser: &Browser, member: &str) {
        browser.go(&self.link(member)).await;
        browser.sees(".tabs a[aria-current]", "").await;
    }
}

#[test]
fn a_mail_server_that_is_not_stated_well_is_refused_without_saying_its_password() {
    let house = House::new();
    let serve = |url: &str, from: &str| {
        house.refused(&["serve", "--listen", "127.0.0.1:0", "--smtp-url", url, "--mail-from", from])
    };
    let refused = serve("http://club:geheim@mail.example.com", "club@shop.example");
    assert!(refused.contains("smtps://USER:PASSWORD@HOST") && !refused.contains("geheim"), "{refused}");
    let refused = serve("smtp://127.0.0.1:25", "The Club");
    assert!(refused.contains("The Club is no sender of letters"), "{refused}");
}

#[test]
fn an_sms_gateway_that_is_not_stated_well_is_refused_without_saying_its_secret() {
    let house = House::new();
    let serve = |more: &[&str]| house.refused(&[&["serve", "--listen", "127.0.0.1:0"], more].concat());
    for (more, said) in [
        (&["--sms-gateway", "smsapi.pl"][..], "sms_secret"),
        (&["--sms-secret", "geheim"], "sms_gateway"),
        (&["--sms-from", "Sklep"], "sms_gateway"),
        (&["--sms-gateway", "http://sms.example.com/", "--sms-secret", "geheim"], "only for one on this machine"),
        (&["--sms-gateway", "https://sms.example.com/", "--sms-secret", "geheim"], "whsec_"),
        (&["--sms-gateway", "smsapi.pl", "--sms-secret", "geheim", "--sms-from", "A name too long"], "1 to 11 letters"),
    ] {
        let refused = serve(more);
        assert!(refused.contains(said) && !refused.contains("geheim"), "{refused}");
    }
    let everywhere = ["serve", "--listen", "0.0.0.0:0", "--sms-gateway", "smsapi.pl", "--sms-secret", "geheim"];
    assert!(house.refused(&everywhere).contains("--public-url"));
}

#[test]
fn a_mail_server_and_its_sender_may_be_stated_in_different_places_and_neither_alone() {
    let house = House::new();
    let settings = house.path("mail.toml");
    let listen = "listen = \"127.0.0.1:0\"\n";
    let (server, sender) = ("smtp_url = \"smtp://127.0.0.1:25\"\n", "mail_from = \"club@shop.example\"\n");
    for (in_the_file, in_the_environment) in [
        (sender, ("LOJAL_SMTP_URL", "smtp://127.0.0.1:25")),
        (server, ("LOJAL_MAIL_FROM", "club@shop.example")),
        ("", ("LOJAL_MAIL_FROM", "club@shop.example")),
        ("", ("LOJAL_SMTP_URL", "smtp://127.0.0.1:25")),
    ] {
        std::fs::write(&settings, format!("{listen}{in_the_file}")).unwrap();
        let mut command = house.command(&["--config", settings.to_str().unwrap(), "serve"]);
        command.env(in_the_environment.0, in_the_environment.1).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let begins = lines.into_iter().any(|line| line.starts_with("Listening on "));
        assert_eq!(begins, !in_the_file.is_empty(), "{in_the_file} {in_the_environment:?}");
        process.kill().unwrap();
        let said = String::from_utf8(process.wait_with_output().unwrap().stderr).unwrap();
        assert!(begins || said.contains("in the settings file"), "{said}");
    }
    for half in [server, sender] {
        std::fs::write(&settings, format!("{listen}{half}")).unwrap();
        let refused = house.refused(&["--config", settings.to_str().unwrap(), "serve"]);
        assert!(refused.contains("in the settings file"), "{refused}");
    }
    let everywhere =
        ["serve", "--listen", "0.0.0.0:0", "--smtp-url", "smtp://127.0.0.1:25", "--mail-from", "c@x.example"];
    let refused = house.refused(&everywhere);
    assert!(refused.contains("--public-url"), "{refused}");
}

#[tokio::test]
async fn a_letter_leads_in_by_its_code_and_by_its_link() {
    let view = View { width: 360, is_dark: false, language: "pl" };
    let (club, browser) = (Club::open("pl").await, Browser::open(view).await);
    browser.go(&club.at("/portal")).await;
    browser.sees("main h1", "Witamy w programie").await;
    look(&browser, view, "portal-sign-in").await;
    browser.fill(&[("email", &club.email)]).await;
    browser.follow("main button.main").await;
    browser.sees("main h1", "Zajrzyj do poczty").await;
    let letter = mail_server().letter_to(&club.email).await;
    let code = letter.subject.split_whitespace().next().unwrap().to_owned();
    browser.fill(&[("code", if code == "000000" { "111111" } else { "000000" })]).await;
    browser.follow("main button.main").await;
    browser.sees("#code-fault", "Ten kod jest niewłaściwy").await;
    look(&browser, view, "portal-code").await;
    browser.fill(&[("code", &code)]).await;
    browser.follow("main button.main").await;
    browser.sees("main h1", "Cześć, Żaneta").await;
    look(&browser, view, "portal-home-first").await;
    browser.go(&club.at("/portal/account")).await;
    browser.follow("form[action='/portal/sign-out'] button").await;
    browser.fill(&[("email", &club.email)]).await;
    browser.follow("main button.main").await;
    let letter = mail_server().letter_to(&club.email).await;
    let link = letter.text.split_whitespace().find(|word| word.contains("#ticket=")).unwrap();
    browser.go(link).await;
    browser.sees("main h1", "Cześć, Żaneta").await;
    assert!(!browser.address().await.contains("code"), "the code is not kept in an address");
    browser.close().await;
}

/// Where a friend confirms a recommendation, and what staff see of it.
#[tokio::test]
async fn a_friend_confirms_on_pages_for_everybody() {
    const CHECKS: &str = r#"
[fraud]
throwaway_mail = ["throwaway.example"]
[fraud.rules]
disposable_mail = { verdict = "verify" }
"#;
    for language in ["pl", "en"] {
        let mut club = Club::open(language).await;
        club.recommends_with(CHECKS).await;
        club.call("POST", &format!("/v1/members/ext:{}/codes", club.example), json!({ "name": "ada-szyje" })).await;
        let email = format!("friend-{language}-{}@throwaway.example", std::process::id());
        let person = json!({ "name": "Żaneta Łąka", "email": email, "language": language });
        let friend = json!({ "external_id": "friend", "person": person, "referral": { "code": "ada-szyje" } });
        club.call("POST", "/v1/members", friend).await;
        let order = json!({
            "member": "friend", "state": "paid", "currency": "PLN", "placed_at": Instant::now().to_string(),
            "lines": [{ "id": "1", "quantity": 1, "total": "149.00" }],
        });
        club.call("PUT", "/v1/orders/of-friend", order).await;
        let letter = mail_server().letter_to(&email).await;
        let link = letter.text.split_whitespace().find(|word| word.contains("/portal/confirm/")).unwrap();
        let code = letter.subject.split(' ').find(|word| word.len() == 6 && word.parse::<u32>().is_ok()).unwrap();
        let views = [(360, false), (360, true), (1440, false), (1440, true)];
        for (is_done, name) in [(false, "portal-confirm"), (true, "portal-confirm-done")] {
            for (index, (width, is_dark)) in views.into_iter().enumerate() {
                let view = View { width, is_dark, language };
                let browser = Browser::open(view).await;
                browser.go(link).await;
                if is_done && index == 0 {
                    browser.fill(&[("code", code)]).await;
                    browser.follow("main button.main").await;
                }
                look(&browser, view, name).await;
                if !is_done && index == 0 {
                    browser.fill(&[("code", if code == "000000" { "111111" } else { "000000" })]).await;
                    browser.follow("main button.main").await;
                    browser.sees("#code-fault", "").await;
                    look(&browser, view, "portal-confirm-wrong").await;
                }
                if club.secret.is_empty() {
                    club.make_secret(&browser, view).await;
                } else if is_done {
                    browser.go(&club.at("/console")).await;
                    browser.fill(&[("email", "ewa@shop.example"), ("password", PASSWORD)]).await;
                    browser.follow("main button.main").await;
                    browser.go(&club.at("/console/cases")).await;
                    browser.follow("main tbody a[href*='/console/cases/cas_']").await;
                    look(&browser, view, "case-confirmed").await;
                }
                browser.close().await;
            }
        }
    }
}

#[tokio::test]
async fn every_page_of_a_member_is_for_everybody() {
    for language in ["pl", "en"] {
        let mut club = Club::open(language).await;
        for (width, is_dark) in [(360, false), (360, true), (1440, false), (1440, true)] {
            let view = View { width, is_dark, language };
            let browser = Browser::open(view).await;
            let is_first = club.secret.is_empty();
            if is_first {
                club.make_secret(&browser, view).await;
            }
            browser.go(&club.at("/portal/sign-in")).await;
            look(&browser, view, "portal-sign-in").await;
            browser.go(&club.at("/portal/enter#token=nonsense")).await;
            browser.sees("main code", "token_malformed").await;
            look(&browser, view, "portal-refused").await;
            club.enter(&browser, MEMBER).await;
            for (name, path) in [
                ("home-new", "/portal"),
                ("history-new", "/portal/history"),
                ("rewards-new", "/portal/rewards"),
                ("vouchers-none", "/portal/vouchers"),
                ("offline", "/portal/offline"),
                ("goodbye", "/portal/goodbye"),
                ("nowhere", "/portal/nowhere"),
            ] {
                browser.go(&club.at(path)).await;
                look(&browser, view, &format!("portal-{name}")).await;
            }
            browser.go(&club.link(&club.example)).await;
            browser.sees("main p", "Żaneta").await;
            look(&browser, view, "portal-switch").await;
            browser.follow("main button.main").await;
            browser.sees(".tabs a[aria-current]", "").await;
            if is_first {
                let card = json!({ "member": club.example, "number": "2600 1234 5678" });
                club.call("POST", "/v1/cards", card).await;
                club.take_something(&browser).await;
                look(&browser, view, "portal-redemption").await;
            }
            for (name, path) in [
                ("home", "/portal"),
                ("history", "/portal/history"),
                ("rewards", "/portal/rewards"),
                ("vouchers", "/portal/vouchers"),
                ("share", "/portal/share"),
                ("terms", "/portal/terms"),
                ("account", "/portal/account"),
                ("leave", "/portal/account/leave"),
            ] {
                browser.go(&club.at(path)).await;
                browser
                    .run("document.querySelectorAll('details.card').forEach((card) => { card.open = true; });")
                    .await;
                look(&browser, view, &format!("portal-{name}")).await;
                assert_eq!(browser.run("return document.documentElement.lang").await, language, "{name}");
            }
            browser.go(&club.at("/portal/rewards")).await;
            browser.follow(".offer:last-child a").await;
            look(&browser, view, "portal-reward").await;
            if is_first {
                club.recommends().await;
            }
            browser.go(&club.at("/portal/invite")).await;
            if is_first {
                look(&browser, view, "portal-invite-new").await;
                browser.follow("main button.main").await;
            }
            browser.sees("#own-link", "").await;
            look(&browser, view, "portal-invite").await;
            browser.close().await;
        }
    }
}

impl Club {
    /// Takes the cheapest reward that can be had.
    async fn take_something(&self, browser: &Browser) {
        self.call(
            "POST",
            "/v1/adjustments",
            json!({ "member": self.example, "unit": "points", "amount": 2_000, "reason": "Test" }),
        )
        .await;
        browser.go(&self.at("/portal/rewards")).await;
        browser.follow(".offer a").await;
        browser.follow("main form.form button.main").await;
        browser.sees(".codes .letters", "-").await;
    }
}
