//! Members' links: where they lead, what is kept of who followed them, and what outlives an end without a goodbye.

use std::collections::BTreeSet;

use lojal_core::kernel::ClickId;
use lojal_server::platform::clicks::{
    Click, ClickKind, ClickSource, ClickToken, Clicks, Mark, NotKept, VisitorKey, click_list, visitor_is,
};
use lojal_server::platform::referral_codes::CodeName;
use reqwest::header::{HeaderMap, SET_COOKIE};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::codes::{enrol, give};
use crate::http_client::{Answer, Counter, read};
use crate::pages::{Browser, House};
use crate::shop::Shop;

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

/// Somebody who follows links, and keeps cookies by hand.
struct Visitor<'a> {
    counter: &'a Counter,
    client: reqwest::Client,
    agent: &'a str,
    place: &'a str,
    cookies: String,
}

impl<'a> Visitor<'a> {
    fn new(counter: &'a Counter) -> Visitor<'a> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Visitor { counter, client, agent: BROWSER, place: "203.0.113.9", cookies: String::new() }
    }

    async fn ask(&self, method: Method, path: &str, more: &[(&str, &str)]) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.counter.address));
        request = request.header("user-agent", self.agent).header("x-forwarded-for", self.place);
        request = request.header("cookie", &self.cookies);
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        read(request).await
    }

    async fn follow(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }
}

fn target(answer: &Answer) -> &str {
    assert_eq!(answer.status, 302, "{answer:#?}");
    assert_eq!(answer.headers["cache-control"], "no-store");
    answer.headers["location"].to_str().unwrap()
}

fn token(answer: &Answer) -> String {
    let (_, token) = target(answer).split_once("lojal_click=").unwrap();
    token.split('#').next().unwrap().to_owned()
}

fn cookies(headers: &HeaderMap) -> String {
    let all = headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap().split(';').next().unwrap());
    all.collect::<Vec<_>>().join("; ")
}

async fn clicks(counter: &Counter, query: &str) -> Vec<Value> {
    counter.get(&format!("/v1/clicks{query}")).await.ok()["data"].as_array().unwrap().clone()
}

/// Who was seen, from the latest on.
fn kinds(clicks: &[Value]) -> Vec<&str> {
    clicks.iter().map(|click| click["kind"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_link_leads_to_the_shop_and_says_by_whom() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({ "channel": "flyer" })).await;
    let code = code["code"].as_str().unwrap();
    let mut visitor = Visitor::new(&counter);
    let first = visitor.follow(&format!("/r/{code}")).await;
    assert!(target(&first).starts_with("http://127.0.0.1/portal?lojal_click="), "{first:#?}");
    assert!(!target(&first).contains(code) && !target(&first).contains(&ada));
    visitor.cookies = cookies(&first.headers);
    assert!(visitor.cookies.starts_with("lojal_visitor="), "{}", visitor.cookies);
    let set = first.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    for cookie in set {
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
            "{cookie}"
        );
    }
    let second = visitor.follow(&format!("/r/{}/whatsapp", code.to_lowercase())).await;
    assert_ne!(token(&first), token(&second));
    assert!(
        second
            .headers
            .get_all(SET_COOKIE)
            .iter()
            .any(|set| visitor.cookies.contains(set.to_str().unwrap().split(';').next().unwrap())),
        "a browser is known again"
    );

    let seen = clicks(&counter, "").await;
    assert_eq!(seen.len(), 2, "{seen:#?}");
    assert_eq!((&seen[0]["channel"], &seen[1]["channel"]), (&json!("whatsapp"), &json!("flyer")));
    assert!(seen.iter().all(|click| click["advocate"] == json!(ada) && click["code"] == json!(code)));
    assert!(seen.iter().all(|click| click["kind"] == "person" && click["source"] == "link"));
    assert_eq!(counter.shop.count("referral_touch").await, 2);
    let page = counter.get("/v1/clicks?limit=1").await.ok();
    let next = page["next_cursor"].as_str().unwrap();
    assert_eq!(clicks(&counter, &format!("?limit=1&cursor={next}")).await, [seen[1].clone()]);
    assert_eq!(clicks(&counter, "?member=ext:ada").await, seen);
    assert_eq!(clicks(&counter, &format!("?code={code}")).await, seen);
    counter.get("/v1/clicks?cursor=x").await.assert_problem(StatusCode::BAD_REQUEST, "invalid_parameter");

    // Nothing of a person is kept in the clear.
    for name in std::fs::read_dir(counter.shop.folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = if name.is_file() { std::fs::read(&name).unwrap() } else { Vec::new() };
        for word in ["203.0.113.9", "Firefox"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} is in {name:?}");
        }
    }
}

#[tokio::test]
async fn what_is_unknown_is_answered_like_what_is_known() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let blocked = give(&counter, "ada", json!({ "name": "ada-haftuje", "channel": "flyer" })).await;
    counter.post(&format!("/v1/codes/{}/block", blocked["code"].as_str().unwrap()), json!({})).await.ok();
    let visitor = Visitor::new(&counter);
    let shape = |answer: &Answer| {
        let names: BTreeSet<String> = answer.headers.keys().map(ToString::to_string).collect();
        (answer.status, names, target(answer).len(), cookies(&answer.headers).len())
    };
    let known = shape(&visitor.follow(&format!("/r/{}", code["code"].as_str().unwrap())).await);
    for path in [
        "/r/ada-haftuje",
        "/r/nobodyhasit",
        "/r/%3Cscript%3E",
        "/r/ab",
        "/r/nobodyhasit/what-is-this",
        "/r",
        "/r/",
        "/r/%FF%FE",
        "/r/ada%26x=1/",
    ] {
        assert_eq!(shape(&visitor.follow(path).await), known, "{path}");
    }
    assert_eq!(clicks(&counter, "").await.len(), 1, "and nothing is kept of it");
    // A link that was bent on its way is one still.
    for path in ["/r/ada-szyje/", "/r/Ada+Szyje/WhatsApp", "/r/ada-szyje/whatsapp/", "/r/ada-szyje/whatsapp/x"] {
        assert_eq!(shape(&visitor.follow(path).await), known, "{path}");
    }
    let seen = clicks(&counter, "").await;
    let channels: Vec<&Value> = seen.iter().map(|click| &click["channel"]).collect();
    let whatsapp = json!("whatsapp");
    assert_eq!(channels, [&whatsapp, &whatsapp, &whatsapp, &Value::Null, &Value::Null]);
    let wrong = visitor.follow("/r/nobodyhasit").await;
    let told = json!({ "click": token(&wrong), "visitor": "s-1" });
    let refused = counter.post("/v1/track/click", told).await;
    refused.assert_field("/click", "unknown_click");
}

#[tokio::test]
async fn programs_are_told_from_people() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let path = format!("/r/{}", code["code"].as_str().unwrap());
    let mut visitor = Visitor::new(&counter);
    let ahead = visitor.ask(Method::GET, &path, &[("sec-purpose", "prefetch")]).await;
    assert!(ahead.status == 503 && cookies(&ahead.headers).is_empty(), "it must ask again: {ahead:#?}");
    let head = visitor.ask(Method::HEAD, &path, &[]).await;
    assert!(target(&head).ends_with("/portal") && cookies(&head.headers).is_empty(), "{head:#?}");
    visitor.agent = "Googlebot/2.1";
    assert!(target(&visitor.follow(&path).await).ends_with("/portal"));
    visitor.agent = "WhatsApp/2.24.1 A";
    for (language, title, locale) in [("pl", "Ktoś poleca Ci", "pl_PL"), ("en", "Somebody recommends", "en_GB")] {
        let page = visitor.ask(Method::GET, &path, &[("accept-language", language)]).await;
        let text = page.body.as_str().unwrap();
        assert!(page.status == 200 && cookies(&page.headers).is_empty(), "{page:#?}");
        assert!(text.contains(&format!("og:title\" content=\"{title}")) && text.contains(locale), "{text}");
        assert!(text.contains("og:description") && !text.contains("{"), "{text}");
        assert!(!text.contains("og:image"), "a drawing is no picture for a messenger: {text}");
    }
    // Who does not say what they read gets what the programme is in.
    let page = visitor.ask(Method::GET, &path, &[]).await;
    assert!(page.body.as_str().unwrap().contains("en_GB"), "{page:#?}");
    assert_eq!(kinds(&clicks(&counter, "").await), ["preview", "preview", "preview", "robot", "robot", "prefetch"]);
    assert_eq!(counter.shop.count("referral_touch").await, 0);
    // A name of the shop's that would be markup is text.
    let page = visitor.follow("/r/%22%3E%3Cscript%3E").await;
    assert!(!page.body.as_str().unwrap().contains("<script>"), "{page:#?}");
}

#[tokio::test]
async fn whoever_comes_too_often_is_led_on_and_not_counted() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    let path = format!("/r/{}", code["code"].as_str().unwrap());
    let mut visitor = Visitor::new(&counter);
    let mut counted = 0;
    for _ in 0..90 {
        counted += usize::from(target(&visitor.follow(&path).await).contains("lojal_click"));
    }
    assert!((60..80).contains(&counted), "{counted}");
    visitor.place = "203.0.113.77";
    assert!(target(&visitor.follow(&path).await).contains("lojal_click"), "others are");
}

#[tokio::test]
async fn links_lead_where_the_shop_says_and_nowhere_else() {
    let house = House::open().await;
    let owner = house.owner().await;
    let set = async |owner: &Browser, name: &str, value: &str| {
        owner.post(&format!("/console/portal/{name}"), &[(name, value)]).await
    };
    assert_eq!(set(&owner, "origins", "https://outlet.example").await.status, 303);
    let wrong = set(&owner, "landing", "javascript:alert(1)").await;
    assert!(wrong.status == 200 && wrong.text.contains("no address of a page"), "{}", wrong.text);
    assert_eq!(set(&owner, "landing", "https://Shop.example/hello").await.status, 303);
    assert!(owner.get("/console/portal").await.text.contains("shop.example&#x2f;hello"));
    let guest = house.browser();
    for (to, expected) in [
        ("", "https://shop.example/hello"),
        ("?to=/tea", "https://shop.example/tea"),
        ("?to=https://outlet.example/sale", "https://outlet.example/sale"),
        ("?to=https://evil.example/", "https://shop.example/hello"),
        ("?to=//evil.example/", "https://shop.example/hello"),
        ("?to=%2F%5Cevil.example", "https://shop.example/hello"),
        ("?to=%0d%0aset-cookie:x", "https://shop.example/hello"),
        ("?from=x", "https://shop.example/hello"),
        ("?to=%FF", "https://shop.example/hello"),
    ] {
        let answer = guest.get(&format!("/r/whoever-it-is{to}")).await;
        let location = answer.headers["location"].to_str().unwrap();
        assert_eq!(location.split("?lojal").next().unwrap(), expected, "{to}");
    }
}

#[tokio::test]
async fn a_shop_tells_of_a_click_itself() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let visitor = Visitor::new(&counter);
    let handed_on = token(&visitor.follow("/r/ada-szyje").await);
    let body = json!({ "click": handed_on, "visitor": "session-1" });
    let told = counter.post_with_key("/v1/track/click", body.clone(), "once").await;
    assert_eq!((told.status, &told.body["token"]), (201, &json!(handed_on)), "{told:#?}");
    assert_eq!((&told.body["advocate"], &told.body["source"]), (&json!(ada), &json!("link")));
    let again = counter.post_with_key("/v1/track/click", body, "once").await;
    assert!(again.body == told.body && again.headers["idempotency-replayed"] == "true", "{again:#?}");
    assert_eq!(counter.shop.count("referral_touch").await, 2, "of the browser, and of the session");

    let body = json!({ "code": "ADA SZYJE", "visitor": "session-2", "channel": "podcast" });
    let told = counter.post_with_key("/v1/track/click", body.clone(), "twice").await.ok();
    assert_eq!((&told["source"], &told["channel"], &told["code"]), (&json!("shop"), &json!("podcast"), &code["code"]));
    let other = json!({ "code": "ADA SZYJE", "visitor": "session-3" });
    let reused = counter.post_with_key("/v1/track/click", other, "twice").await;
    reused.assert_problem(StatusCode::CONFLICT, "idempotency_key_reused");
    assert_eq!(clicks(&counter, "").await.len(), 2);

    for (body, pointer, code) in [
        (json!({ "visitor": "s" }), "/click", "one_of_two"),
        (json!({ "visitor": "s", "code": "adaszyje", "click": handed_on }), "/click", "one_of_two"),
        (
            json!({ "visitor": "s", "code": "adaszyje", "occurred_at": "2027-01-01T00:00:00Z" }),
            "/occurred_at",
            "in_the_future",
        ),
        (json!({ "visitor": "s", "click": format!("{}x", &handed_on[..52]) }), "/click", "unknown_click"),
    ] {
        let refused = counter.post("/v1/track/click", body).await;
        refused.assert_problem(StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
        refused.assert_field(pointer, code);
    }
    let unknown = counter.post("/v1/track/click", json!({ "visitor": "s", "code": "nobodyhasit" })).await;
    unknown.assert_problem(StatusCode::NOT_FOUND, "unknown_code");
    let request = counter.request(Method::POST, "/v1/track/click");
    let unkeyed = read(request.json(&json!({ "visitor": "s", "code": "adaszyje" }))).await;
    assert_eq!(unkeyed.status, 400, "{unkeyed:#?}");
}

#[tokio::test]
async fn clicks_that_were_answered_outlive_an_end_without_a_goodbye() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    let path = format!("/r/{}", code["code"].as_str().unwrap());
    let visitor = Visitor::new(&counter);
    for _ in 0..3 {
        visitor.follow(&path).await;
    }
    clicks(&counter, "").await;
    let mut connection = counter.shop.application.database.read().await.unwrap();
    let (known, _) = click_list(&mut connection, None, None, 10).await.unwrap();
    drop(connection);

    // What a dead process left behind: two clicks, one of which is in the database already, and a line cut short.
    let line = |click: &Click| {
        let body = serde_json::to_string(click).unwrap();
        format!("{} {body}\n", &blake3_of(&body)[..16])
    };
    let mut lost = known[0].clone();
    lost.id = ClickId(counter.shop.application.ids.next(lost.id.part()));
    let cut = line(&lost);
    let left = format!("{}{}{}", line(&known[1]), line(&lost), &cut[..cut.len() - 9]);
    let folder = counter.shop.folder.path().join("clicks");
    std::fs::write(folder.join("0123456789abcdef.log"), left).unwrap();
    assert_eq!(clicks(&counter, "").await.len(), 4, "it is taken over, and nothing is counted twice");
    // The thread that writes removes it; whatever it is asked next comes after that.
    assert_eq!(clicks(&counter, "").await.len(), 4);
    assert!(!folder.join("0123456789abcdef.log").exists());

    // Another process holds its own.
    let other = Clicks::start(&counter.shop.application, &"http://127.0.0.1".into());
    lost.id = ClickId(counter.shop.application.ids.next(lost.id.part()));
    keep(&other, &lost).await;
    other.fold().await.unwrap();
    assert_eq!(clicks(&counter, "").await.len(), 5);
}

/// On a machine that does much else the disk may be late; the click is written all the same.
async fn keep(clicks: &Clicks, click: &Click) {
    let kept = clicks.keep(click).await;
    assert!(matches!(kept, Ok(()) | Err(NotKept::Late)), "{kept:?}");
}

fn blake3_of(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[tokio::test]
async fn whoever_is_erased_was_never_here() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let ben = counter.shop.enrol("ben").await;
    give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let body = json!({ "code": "ada-szyje", "visitor": "session-1" });
    counter.post("/v1/track/click", body).await.ok();
    let application = &counter.shop.application;
    let visitor = Mark::of_visitor(&application.vault, &VisitorKey::Shop("session-1".to_owned()));
    let mut transaction = application.database.write_aside().await.unwrap();
    visitor_is(&mut transaction, visitor, ben, counter.shop.clock.now()).await.unwrap();
    transaction.commit().await.unwrap();
    counter.delete("/v1/members/ext:ben?erase=true").await.ok();
    let left = (counter.shop.count("referral_touch").await, counter.shop.count("referral_visitor").await);
    assert_eq!(left, (0, 0));
    assert_eq!(clicks(&counter, "").await.len(), 1, "that somebody came stays");
}

/// A click as a process has it before it is in the database.
async fn followed(counter: &Counter, code: &str, visitor: &VisitorKey) -> (Click, String) {
    let application = &counter.shop.application;
    let lead = application.advocate_by_code(&CodeName::parse(code).unwrap()).await.unwrap().unwrap();
    let marked = |number| Some(Mark::of_visitor(&application.vault, &VisitorKey::Cookie(number)));
    let click = Click {
        id: ClickId(application.ids.next(lead.code.part())),
        code: Some(lead.code),
        advocate: Some(lead.advocate),
        channel: "whatsapp".to_owned(),
        visitor: Mark::of_visitor(&application.vault, visitor),
        kind: ClickKind::Person,
        source: ClickSource::Link,
        address: marked(1),
        network: marked(2),
        agent: marked(3),
        clicked_at: counter.shop.clock.now().as_microsecond(),
    };
    let token = ClickToken { click: click.id, code: click.code }.sign(&application.vault);
    (click, token)
}

#[tokio::test]
async fn a_shop_that_tells_at_once_takes_nothing_from_what_another_process_saw() {
    let counter = Counter::open().await;
    let ada = enrol(&counter, "ada").await;
    give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let other = Clicks::start(&counter.shop.application, &"http://127.0.0.1".into());
    let (click, token) = followed(&counter, "ada-szyje", &VisitorKey::Cookie(7)).await;
    let told = counter.post("/v1/track/click", json!({ "click": token, "visitor": "s-1" })).await.ok();
    assert_eq!((&told["source"], &told["advocate"]), (&json!("shop"), &json!(ada)), "{told:#}");
    keep(&other, &click).await;
    other.fold().await.unwrap();
    let mut connection = counter.shop.application.database.read().await.unwrap();
    let (kept, _) = click_list(&mut connection, None, None, 10).await.unwrap();
    assert_eq!(kept, [click], "everything that was seen stands");
    assert_eq!(counter.shop.count("referral_touch").await, 2, "of the browser, and of the session");
}

#[tokio::test]
async fn clicks_of_somebody_who_was_erased_come_out_of_a_log_blank() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    let other = Clicks::start(&counter.shop.application, &"http://127.0.0.1".into());
    let browser = VisitorKey::Cookie(7);
    let (first, token) = followed(&counter, "ada-szyje", &browser).await;
    keep(&other, &first).await;
    other.fold().await.unwrap();
    // The shop names its visitor, and the friend joins by that name alone.
    counter.post("/v1/track/click", json!({ "click": token, "visitor": "s-1" })).await.ok();
    let body = json!({ "external_id": "ben", "referral": { "visitor": "s-1" } });
    counter.post("/v1/members", body).await.ok();
    let (late, _) = followed(&counter, "ada-szyje", &browser).await;
    keep(&other, &late).await;
    counter.delete("/v1/members/ext:ben?erase=true").await.ok();
    other.fold().await.unwrap();
    for table in ["referral_touch", "referral_visitor", "referral_attribution"] {
        assert_eq!(counter.shop.count(table).await, 0, "{table}");
    }
    let mut connection = counter.shop.application.database.read().await.unwrap();
    let (kept, _) = click_list(&mut connection, None, None, 10).await.unwrap();
    assert_eq!(kept.len(), 2, "that somebody came stays");
    assert!(kept.iter().all(|click| click.visitor == Mark::NOBODY && click.identifiers().is_empty()), "{kept:#?}");
}

#[tokio::test]
async fn the_last_clicks_are_in_the_database_when_a_server_has_ended() {
    let mut counter = Counter::open().await;
    enrol(&counter, "ada").await;
    let code = give(&counter, "ada", json!({})).await;
    Visitor::new(&counter).follow(&format!("/r/{}", code["code"].as_str().unwrap())).await;
    counter.close();
    let folder = counter.shop.folder.path().join("clicks");
    let is_empty = || std::fs::read_dir(&folder).unwrap().next().is_none();
    for _ in 0..100 {
        if is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(is_empty(), "nothing is left behind");
    assert_eq!(counter.shop.count("referral_click").await, 1);
}

#[tokio::test]
async fn what_is_old_is_forgotten_once_a_day() {
    let counter = Counter::open().await;
    enrol(&counter, "ada").await;
    give(&counter, "ada", json!({ "name": "ada-szyje" })).await;
    for name in ["s-1", "s-2"] {
        counter.post("/v1/track/click", json!({ "code": "ada-szyje", "visitor": name })).await.ok();
    }
    let application = &counter.shop.application;
    let forget = async || lojal_server::platform::clicks::clicks_forget(application).await.unwrap();
    counter.shop.clock.set(counter.shop.clock.now() + jiff::SignedDuration::from_hours(399 * 24));
    counter.post("/v1/track/click", json!({ "code": "ada-szyje", "visitor": "s-3" })).await.ok();
    forget().await;
    assert_eq!(counter.shop.count("referral_click").await, 3);
    counter.shop.clock.set(counter.shop.clock.now() + jiff::SignedDuration::from_hours(2 * 24));
    forget().await;
    let left = (counter.shop.count("referral_click").await, counter.shop.count("referral_touch").await);
    assert_eq!(left, (1, 1));
}

#[tokio::test]
async fn nobody_beside_the_house_says_who_a_browser_is() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let house = House::at(Shop::open().await, None, listener, "https://club.example").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let link = client.get(format!("{}/r/whoever-it-is", house.address)).header("user-agent", BROWSER);
    let answer = link.send().await.unwrap();
    let set = cookies(answer.headers());
    assert!(set.starts_with("__Host-lojal_visitor=") && !set.contains("; "), "{set}");
    let whole = answer.headers()[SET_COOKIE].to_str().unwrap();
    assert!(whole.contains("; Secure") && whole.contains("; Path=/;") && !whole.contains("Domain"), "{whole}");
}
