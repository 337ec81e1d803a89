//! Merging accounts in a real browser: choosing, comparing, confirming, and what is seen afterwards, in both languages,
//! narrow and wide, light and dark, held to WCAG 2.2 AA.

use lojal_core::kernel::Instant;
use lojal_server::platform::visitors::{LONGEST_LIFE, sign};
use lojal_testing::{Browser, View};
use serde_json::{Value, json};

use crate::browser::{Served, look};
use crate::house::House;

const PASSWORD: &str = "kawa z mlekiem o ósmej";
const EMAIL: &str = "ewa@shop.example";

/// A shop in which somebody has three accounts, and somebody else one.
struct Club {
    /// Its folder goes when this does.
    _house: House,
    served: Served,
    key: String,
    ada: String,
    twin: String,
    old: String,
    gone: String,
    secret: String,
}

impl Club {
    async fn open() -> Club {
        let house = House::new();
        let programme = house.path("programme.toml");
        house.ok(&["init", programme.to_str().unwrap(), "--lang", "pl"]);
        house.ok(&["programme", "publish", programme.to_str().unwrap()]);
        let made = house.ok(&["key", "create", "--name", "shop", "--scope", "read,write,admin"]);
        let key = made.split_whitespace().find(|word| word.starts_with("lojal_sk_")).unwrap().to_owned();
        let served = Served::begin_with(&house, &[]);
        let none = String::new;
        let mut club =
            Club { _house: house, served, key, ada: none(), twin: none(), old: none(), gone: none(), secret: none() };
        let person =
            |name: &str, email: &str, phone: Option<&str>| json!({ "name": name, "email": email, "phone": phone });
        let long = "aleksandra.kowalska-wisniewska@poczta.przyklad.example";
        club.ada = club.enrol("klient-10482", person("Aleksandra Kowalska-Wiśniewska", long, None), 240).await;
        club.twin = club.enrol("klient-00017", person("Ola Kowalska", long, Some("+48 601 234 567")), 820).await;
        club.old = club.enrol("allegro:88120034", person("A. Kowalska", "ola@dawny.example", None), 90).await;
        club.gone = club.enrol("klient-3", person("Jan Nowak", "jan@przyklad.example", None), 50).await;
        for (order, member, price) in [("1001", "klient-10482", "249.00"), ("1002", "klient-10482", "119.00")] {
            club.buy(order, member, price).await;
        }
        club.buy("0071", "klient-00017", "89.90").await;
        let card = json!({ "number": "2600 1234 5678", "member": club.twin });
        club.call("POST", "/v1/cards", card).await;
        let consent = json!({ "given": true });
        club.call("PUT", &format!("/v1/members/{}/consents/email", club.twin), consent).await;
        let taken = json!({ "member": club.old, "reward": "coupon-10" });
        club.call("POST", "/v1/adjustments", adjusted(&club.old, 2_000)).await;
        club.call("POST", "/v1/redemptions", taken).await;
        club.call("POST", "/v1/adjustments", adjusted(&club.old, -1_500)).await;
        let merge = format!("/v1/members/{}/merge", club.ada);
        club.call("POST", &merge, json!({ "account": club.old })).await;
        club.call("DELETE", &format!("/v1/members/{}", club.gone), json!({})).await;
        club
    }

    async fn enrol(&self, external_id: &str, person: Value, points: i64) -> String {
        let body = json!({ "external_id": external_id, "person": person });
        let made = self.call("POST", "/v1/members", body).await;
        let id = made["id"].as_str().unwrap().to_owned();
        self.call("POST", "/v1/adjustments", adjusted(&id, points)).await;
        id
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

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.served.address)
    }

    fn page(&self, member: &str) -> String {
        self.at(&format!("/console/members/{member}"))
    }

    /// The owner comes in for the first time, sets a low limit, and asks for accounts to be merged, which somebody else
    /// has to confirm. Answers where.
    async fn begin(&mut self, browser: &Browser) -> String {
        browser.go(&self.at("/console")).await;
        let code = self.served.code.as_str();
        let fields =
            [("code", code), ("name", "Ewa Lis"), ("email", EMAIL), ("password", PASSWORD), ("repeated", PASSWORD)];
        browser.fill(&fields).await;
        browser.follow("main button.main").await;
        browser.go(&self.at("/console/portal")).await;
        browser.fill(&[("name", "Sklep")]).await;
        browser.follow("main form.form button.main").await;
        let secret = browser.run("return document.querySelector('.notice.good code').textContent").await;
        self.secret = secret.as_str().unwrap().to_owned();
        browser.go(&self.at("/console/members/requests")).await;
        browser.run("document.querySelector('form[action$=\"/limit\"]').parentElement.open = true;").await;
        browser.fill(&[("limit", "500")]).await;
        browser.follow("form[action$='/limit'] button").await;
        browser.go(&format!("{}/merge?with={}", self.page(&self.ada), self.twin)).await;
        browser.fill(&[("reason", "Ta sama osoba, drugi adres w sklepie")]).await;
        browser.run("document.querySelector('[name=sure]').checked = true;").await;
        browser.follow("#merge-form button.danger").await;
        browser.sees(".notice.good", "Potrzebne jest potwierdzenie").await;
        browser.go(&self.at("/console/members/requests")).await;
        browser.follow("main .card a.button").await;
        browser.sees("main h1", "Łączenie kont").await;
        browser.address().await
    }
}

fn adjusted(member: &str, amount: i64) -> Value {
    json!({ "member": member, "unit": "points", "amount": amount, "reason": "Próba" })
}

#[tokio::test]
async fn accounts_are_compared_and_merged_by_everybody_who_may() {
    let mut club = Club::open().await;
    let mut request = String::new();
    for language in ["pl", "en"] {
        for (width, is_dark) in [(360, false), (360, true), (1440, false), (1440, true), (320, false)] {
            let view = View { width, is_dark, language };
            let browser = Browser::open(view).await;
            if request.is_empty() {
                request = club.begin(&browser).await;
            } else {
                browser.go(&club.at("/console")).await;
                browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
                browser.follow("main button.main").await;
            }
            let choosing = format!("{}/merge", club.page(&club.ada));
            let compared = format!("{choosing}?with={}", club.twin);
            for (name, address) in [
                ("merge-member", club.page(&club.ada)),
                ("merge-merged", club.page(&club.old)),
                ("merge-choose", choosing.clone()),
                ("merge-compare", compared.clone()),
                ("merge-swapped", format!("{compared}&keep={}", club.twin)),
                ("merge-hindered", format!("{choosing}?with={}", club.gone)),
                ("merge-already", format!("{choosing}?with={}", club.old)),
                ("merge-closed", format!("{}/merge", club.page(&club.gone))),
                ("merge-request", request.clone()),
                ("merge-requests", club.at("/console/members/requests")),
                ("merge-members", club.at("/console/members")),
            ] {
                browser.go(&address).await;
                look(&browser, view, name).await;
                assert_eq!(browser.run("return document.documentElement.lang").await, language, "{name}");
            }
            for (name, sought) in [("merge-found", "kowalska"), ("merge-none", "nikogo")] {
                browser.go(&choosing).await;
                browser.fill(&[("sought", sought)]).await;
                browser.follow("main form.search button.main").await;
                look(&browser, view, name).await;
            }
            // An account that was merged is found by what it was called, with a way to the one that is there.
            browser.go(&club.at("/console/members")).await;
            browser.fill(&[("sought", "ola@dawny.example")]).await;
            browser.follow("main form.search button.main").await;
            browser.sees("#members", if language == "pl" { "dołączone do" } else { "merged into" }).await;
            look(&browser, view, "merge-sought").await;
            // What is missing is asked for beside its field, and what was typed stays.
            browser.go(&compared).await;
            browser.run("document.getElementById('merge-form').noValidate = true;").await;
            browser.fill(&[("reason", "Ta sama osoba")]).await;
            browser.follow("#merge-form button.danger").await;
            browser.sees("#sure-fault", if language == "pl" { "Zaznacz najpierw" } else { "Say first" }).await;
            assert_eq!(browser.run("return document.getElementById('reason').value").await, "Ta sama osoba");
            look(&browser, view, "merge-refused").await;
            let token = sign(&club.secret, "klient-10482", Instant::now(), LONGEST_LIFE);
            browser.go(&club.at(&format!("/portal/enter#token={token}"))).await;
            browser.sees(".tabs a[aria-current]", "").await;
            for (name, path) in [
                ("merge-portal-history", "/portal/history"),
                ("merge-portal-account", "/portal/history?account=1"),
                ("merge-portal-vouchers", "/portal/vouchers"),
            ] {
                browser.go(&club.at(path)).await;
                look(&browser, view, name).await;
            }
            browser.close().await;
        }
    }
    // At last a colleague would confirm; the owner may take it back, and merge it within the limit.
    let browser = Browser::open(View { width: 1440, is_dark: false, language: "pl" }).await;
    browser.go(&club.at("/console")).await;
    browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
    browser.follow("main button.main").await;
    browser.go(&club.at("/console/members/requests")).await;
    browser.run("document.querySelector('form[action$=\"/limit\"]').parentElement.open = true;").await;
    browser.fill(&[("limit", "5000")]).await;
    browser.follow("form[action$='/limit'] button").await;
    browser.go(&format!("{}/merge?with={}", club.page(&club.ada), club.twin)).await;
    browser.fill(&[("reason", "Ta sama osoba")]).await;
    browser.run("document.querySelector('[name=sure]').checked = true;").await;
    browser.follow("#merge-form button.danger").await;
    browser.sees(".notice.good", "Konta są połączone").await;
    browser.sees("#content", "Ola Kowalska").await;
    browser.close().await;
}
