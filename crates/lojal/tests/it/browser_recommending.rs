//! What recommending brings, in a real browser: the figures, the list, one recommendation and those who took part, in both
//! languages, narrow and wide, light and dark, held to WCAG 2.2 AA.

use lojal_core::kernel::Instant;
use lojal_server::platform::visitors::{LONGEST_LIFE, sign};
use lojal_testing::{Browser, Cookie, View};
use serde_json::{Value, json};

use crate::browser::{Served, look};
use crate::house::House;

const PASSWORD: &str = "kawa z mlekiem o ósmej";
const EMAIL: &str = "ewa@shop.example";
const EDITIONS: &str = r#"
[referrals.krag]
name = { pl = "Dla znajomych z kręgu", en = "For the circle" }
friends = [{ field = "member.segments", is = "krag" }]
review = "all"
[labels.segment]
krag = { pl = "krąg", en = "circle" }
[referrals.jesien]
name = { pl = "Przyprowadź znajomego", en = "Bring a friend" }
until = "2090-05-31"
credit = "split"
review = "none"
budget = 40
variants = ["rabat", "punkty"]
[referrals.zima]
name = { pl = "Zimowe polecanie z podwójną nagrodą dla obu stron", en = "Winter recommendations with a double reward for both sides" }
from = "2089-12-01"
until = "2090-02-28"
[referrals.wiosna]
name = { pl = "Wiosna", en = "Spring" }
from = "2026-03-01"
until = "2026-05-31"
[earning.friend_came]
name = { pl = "Dziękujemy za polecenie", en = "Thanks for a friend" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.friend_first]
name = { pl = "Pierwsze zamówienie z polecenia", en = "First order of a friend" }
on = "referral_qualified"
unit = "points"
points = 100
"#;

/// Each language narrow and wide, light and dark; what is drawn does not depend on more than one of these at a time.
const VIEWS: [View; 4] = [
    View { width: 360, is_dark: false, language: "pl" },
    View { width: 1440, is_dark: true, language: "pl" },
    View { width: 360, is_dark: true, language: "en" },
    View { width: 1440, is_dark: false, language: "en" },
];

struct Club {
    /// Its folder goes when this does.
    _house: House,
    served: Served,
    key: String,
    ada: String,
    friend: String,
}

impl Club {
    /// Ada and Ben recommend; of their friends some buy, one brings everything back, and one recommends themselves.
    async fn open() -> Club {
        let house = House::new();
        let programme = house.path("programme.toml");
        house.ok(&["init", programme.to_str().unwrap(), "--lang", "pl"]);
        let starter = std::fs::read_to_string(&programme).unwrap();
        std::fs::write(&programme, format!("{starter}\n{EDITIONS}")).unwrap();
        house.ok(&["programme", "publish", programme.to_str().unwrap(), "--accept"]);
        let made = house.ok(&["key", "create", "--name", "shop", "--scope", "read,write,admin"]);
        let key = made.split_whitespace().find(|word| word.starts_with("lojal_sk_")).unwrap().to_owned();
        let served = Served::begin_with(&house, &[]);
        let mut club = Club { _house: house, served, key, ada: String::new(), friend: String::new() };
        club.ada = club.enrol("klient-1", "Aleksandra Kowalska-Wiśniewska", json!(null)).await;
        club.enrol("klient-2", "Benedykt Brzęczyszczykiewicz", json!(null)).await;
        club.enrol("klient-3", "Celina Nowa", json!(null)).await;
        for (member, name) in [("klient-1", "ada-szyje"), ("klient-2", "ben-gotuje")] {
            club.call("POST", &format!("/v1/members/ext:{member}/codes"), json!({ "name": name })).await;
            for channel in ["whatsapp", "mail", "qr"] {
                club.call("POST", "/v1/track/share", json!({ "member": member, "channel": channel })).await;
            }
        }
        for number in 0..14 {
            let visitor = format!("sesja-{number}");
            let channel = ["whatsapp", "mail", "instagram"][number % 3];
            for code in ["ada-szyje", "ben-gotuje"].iter().take(1 + number % 2) {
                let click = json!({ "code": code, "visitor": visitor, "channel": channel });
                club.call("POST", "/v1/track/click", click).await;
            }
            if number >= 9 {
                continue;
            }
            let id = format!("znajomy-{number}");
            let person = club.enrol(&id, &format!("Znajomy {number}"), json!({ "visitor": visitor })).await;
            if number == 1 {
                club.friend = person;
            }
            if number < 6 {
                club.buy(&format!("{number}"), &id, "189.90").await;
            }
        }
        // Three more who pay with one card: a case with a drawing of who hangs together.
        for number in 0..3 {
            let (id, seen) = (format!("krag-{number}"), json!({ "payment": "tok_krag", "device": "telefon" }));
            let referral = json!({ "code": "ada-szyje" });
            let body = json!({
                "external_id": id, "segments": ["krag"], "referral": referral, "identifiers": seen,
            });
            club.call("POST", "/v1/members", body).await;
            club.buy(&id, &id, "120.00").await;
        }
        club.buy("ada", "klient-1", "59.00").await;
        let back = json!({ "external_id": "3", "return": { "return_id": "Z-3" } });
        club.call("POST", "/v1/track/refund", back).await;
        club
    }

    async fn enrol(&self, external_id: &str, name: &str, referral: Value) -> String {
        let mut body = json!({ "external_id": external_id, "person": { "name": name } });
        if !referral.is_null() {
            body["referral"] = referral;
        }
        let made = self.call("POST", "/v1/members", body).await;
        made["id"].as_str().unwrap().to_owned()
    }

    async fn buy(&self, order: &str, member: &str, price: &str) {
        let now = Instant::now().to_string();
        let line = json!({ "id": "1", "quantity": 1, "total": price });
        let body = json!({ "member": member, "state": "paid", "currency": "PLN", "placed_at": now, "lines": [line] });
        self.call("PUT", &format!("/v1/orders/{order}"), body).await;
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let client = reqwest::Client::new();
        let request = client.request(method.parse().unwrap(), format!("{}{path}", self.served.address));
        // Each request is another one, the same body twice included.
        let once = format!("{path}{}{}", body, Instant::now());
        let once = once.chars().filter(char::is_ascii_alphanumeric).rev().take(200).collect::<String>();
        let request =
            request.bearer_auth(&self.key).header("content-type", "application/json").header("idempotency-key", once);
        let answer = request.body(body.to_string()).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The owner comes in: the first browser is theirs, and the others have what it was given.
    async fn enter(&self, browser: &Browser, cookies: &mut Vec<Cookie<'static>>) {
        browser.go(&self.at("/console")).await;
        if cookies.is_empty() {
            let code = self.served.code.as_str();
            browser.fill(&[("code", code), ("name", "Ewa Lis"), ("repeated", PASSWORD)]).await;
            browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
            browser.follow("main button.main").await;
            *cookies = browser.cookies().await;
        }
        browser.take_along(cookies).await;
    }

    /// Looks at a page, which is there, in the language that was asked for.
    async fn look(&self, browser: &Browser, view: View, name: &str, path: &str) {
        let address = self.at(path);
        browser.go(&address).await;
        assert_eq!(browser.address().await, address, "{name} leads elsewhere");
        assert_eq!(browser.run("return document.documentElement.lang").await, view.language, "{name}");
        look(browser, view, name).await;
    }

    /// What the owner sets up for those who recommend: words, a picture, and the leaderboard. Answers the secret by which
    /// the shop's pages let members in.
    async fn prepare(&self, browser: &Browser) -> String {
        browser.go(&self.at("/console/materials")).await;
        let words = "Kupuję tu herbatę od lat.\nSpróbuj, warto!";
        browser.fill(&[("texts_pl", words), ("texts_en", "I have bought tea here for years.")]).await;
        browser.follow("main form[action$='/texts'] button.main").await;
        browser.go(&self.at("/console/materials")).await;
        browser.fill(&[("title", "Filiżanka")]).await;
        browser
            .run(
                "const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
                 const pen = canvas.getContext('2d');
                 pen.fillStyle = '#7a1f5c';
                 pen.fillRect(40, 40, 240, 120);
                 const letters = atob(canvas.toDataURL('image/png').split(',')[1]);
                 const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
                 const chosen = new DataTransfer();
                 chosen.items.add(new File([bytes], 'cup.png', { type: 'image/png' }));
                 document.getElementById('picture').files = chosen.files;",
            )
            .await;
        browser.follow("main form[action$='/pictures'] button.main").await;
        browser.sees("main .places", "Filiżanka").await;
        browser.go(&self.at("/console/leaderboard")).await;
        browser.press("[name=is_on]").await;
        browser.fill(&[("places", "10"), ("least_advocates", "2")]).await;
        browser.follow("main form[method=post] button.main").await;
        browser.go(&self.at("/console/portal")).await;
        browser.fill(&[("name", "Sklep")]).await;
        browser.follow("main form.form button.main").await;
        let secret = browser.run("return document.querySelector('.notice.good code').textContent").await;
        secret.as_str().unwrap().to_owned()
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.served.address)
    }
}

#[tokio::test]
async fn what_recommending_brings_is_for_everybody() {
    let club = Club::open().await;
    let mut cookies = Vec::new();
    for view in VIEWS {
        let browser = Browser::open(view).await;
        club.enter(&browser, &mut cookies).await;
        for (name, path) in [
            ("referrals", "/console/referrals".to_owned()),
            ("referrals-edition", "/console/referrals?referral=zima".to_owned()),
            ("referrals-figure", "/console/figures/referral-revenue".to_owned()),
            ("referrals-all", "/console/referrals/all".to_owned()),
            ("referrals-none", "/console/referrals/all?state=held".to_owned()),
            ("referral", format!("/console/referrals/{}", club.friend)),
            ("referral-advocate", format!("/console/members/{}", club.ada)),
        ] {
            club.look(&browser, view, name, &path).await;
        }
        browser.go(&club.at("/console/cases")).await;
        browser.follow("main tbody a[href*='/console/cases/cas_']").await;
        browser.sees("svg.people", "").await;
        look(&browser, view, "case-drawn").await;
        browser.pretend("WhatsApp/2.24.1 A").await;
        club.look(&browser, view, "link-preview", "/r/ada-szyje").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn what_members_recommend_with_is_for_everybody() {
    let club = Club::open().await;
    let mut cookies = Vec::new();
    let mut secret = String::new();
    for (index, view) in VIEWS.into_iter().enumerate() {
        let browser = Browser::open(view).await;
        club.enter(&browser, &mut cookies).await;
        if index == 0 {
            club.look(&browser, view, "materials-none", "/console/materials").await;
            secret = club.prepare(&browser).await;
        }
        club.look(&browser, view, "materials", "/console/materials").await;
        club.look(&browser, view, "leaderboard", "/console/leaderboard").await;

        let enter = async |member: &str| {
            let token = sign(&secret, member, Instant::now(), LONGEST_LIFE);
            browser.go(&club.at("/portal/sign-in")).await;
            browser.go(&club.at(&format!("/portal/enter#token={token}"))).await;
            // Somebody else may be there still.
            browser.comes("return !!document.querySelector('.tabs a[aria-current], main form button.main')").await;
            if browser.run("return !document.querySelector('.tabs a[aria-current]')").await == json!(true) {
                browser.follow("main button.main").await;
            }
            browser.sees(".tabs a[aria-current]", "").await;
        };
        enter("znajomy-0").await;
        browser.sees("#referred", "").await;
        club.look(&browser, view, "portal-referred", "/portal").await;
        if index == 0 {
            browser.run("document.querySelector('details:has([action=\"/portal/thanks\"])').open = true").await;
            look(&browser, view, "portal-referred-thanks").await;
            browser.follow("form[action='/portal/thanks'] button").await;
        }
        enter("klient-1").await;
        // Her friends count one after the other.
        browser.sees("main .notice.good", "").await;
        club.look(&browser, view, "portal-thanked", "/portal").await;
        if index == 0 {
            browser.go(&club.at("/portal/invite/leaderboard")).await;
            browser.fill(&[("name", "Ada")]).await;
            browser.follow("form[action$='/name'] button.main").await;
        }
        club.look(&browser, view, "portal-leaderboard", "/portal/invite/leaderboard").await;
        browser.sees(".board .own", "Ada").await;
        browser.go(&club.at("/portal/invite")).await;
        browser.run("document.querySelectorAll('details').forEach((folded) => { folded.open = true; })").await;
        browser.sees(".gallery", "Filiżanka").await;
        look(&browser, view, "portal-invite-open").await;
        enter("klient-3").await;
        club.look(&browser, view, "portal-friend-code", "/portal/friend-code").await;
        browser.fill(&[("code", "nobodyhasit")]).await;
        browser.follow("main form.form button.main").await;
        browser.sees("#code-fault", "").await;
        look(&browser, view, "portal-friend-code-wrong").await;
        browser.close().await;
    }
}
