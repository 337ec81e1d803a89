//! How members come into their own pages: with a token that the shop signs, or with a code that they get by mail.

use axum::Router;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use lojal_core::command::Command;
use lojal_core::kernel::MemberId;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::mail::Mailer;
use lojal_server::platform::visitors::{
    Claims, CodeRequest, EntryFault, MemberToken, TokenFault, code_take, code_write, secret_create, secret_revoke, sign,
};
use lojal_testing::mail_server;
use ring::hmac;
use serde_json::json;

use crate::pages::{Browser, House, Page};
use crate::shop::Shop;

const HOUR: SignedDuration = SignedDuration::from_hours(1);

pub async fn enrol(shop: &Shop, name: &str, email: &str) -> MemberId {
    let identity =
        Identity { name: Some(format!("{name} <Lis>")), email: Some(email.to_owned()), ..Identity::default() };
    let done = shop.application.enrol(NewMember { identity, ..NewMember::new(name) }).await.unwrap();
    MemberId(done.holder.0)
}

/// A secret with which the shop signs, made behind the console's back.
pub async fn secret(shop: &Shop) -> (String, String) {
    let mut transaction = shop.application.database.write().await.unwrap();
    let vault = &shop.application.vault;
    let (secret, text) = secret_create(&mut transaction, vault, "shop", shop.clock.now()).await.unwrap();
    transaction.commit().await.unwrap();
    (secret.id, text)
}

/// A browser in which a member is signed in.
pub async fn signed_in(house: &House, secret: &str, member: &str) -> Browser {
    let browser = house.browser();
    let token = sign(secret, member, house.shop.clock.now(), HOUR);
    let page = browser.post("/portal/enter", &[("token", &token)]).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/portal"), "{}", page.text);
    browser
}

async fn is_in(browser: &Browser) -> bool {
    let page = browser.get("/portal/sign-in").await;
    assert!(page.status == 303 || page.status == 200, "{}", page.text);
    page.status == 303 && page.location == "/portal"
}

#[tokio::test]
async fn whoever_comes_with_a_token_of_the_shop_is_in() {
    let house = House::open().await;
    enrol(&house.shop, "ada", "ada@example.com").await;
    let owner = house.owner().await;
    let refused = owner.post("/console/portal", &[("name", "")]).await;
    assert!(refused.text.contains("Something has to stand here."));
    let made = owner.post("/console/portal", &[("name", "Web <shop>")]).await;
    let secret = made.between("<p><code>", "</code></p>").to_owned();
    assert!(secret.starts_with("lojal_ss_") && made.text.contains("Web &lt;shop&gt;"));
    let page = owner.get("/console/portal").await;
    assert!(!page.text.contains(&secret), "it is shown once");

    let browser = house.browser();
    assert_eq!(browser.get("/portal/sign-in").await.status, 200);
    let token = sign(&secret, "ada", house.shop.clock.now(), HOUR);
    let entered = browser.post_from_elsewhere("/portal/enter", &[("token", &token), ("next", "//evil.example")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/portal"), "{}", entered.text);
    let cookie = entered.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("lojal_member=mem_"), "{cookie}");
    assert!(cookie.contains("; Path=/; ") && cookie.ends_with("; HttpOnly; SameSite=Lax"), "{cookie}");
    assert!(is_in(&browser).await);
    assert_eq!(browser.post_from_elsewhere("/portal/sign-out", &[]).await.status, 403);
    assert_eq!(browser.post("/portal/sign-out", &[]).await.location, "/portal/sign-in");
    assert!(!is_in(&browser).await);

    let id = page.between("action=\"/console/portal/", "/revoke").to_owned();
    assert_eq!(owner.post(&format!("/console/portal/{id}/revoke"), &[]).await.status, 303);
    assert_eq!(owner.post(&format!("/console/portal/{id}/revoke"), &[]).await.status, 404);
    let late = house.browser().post("/portal/enter", &[("token", &token)]).await;
    assert!(late.status == 401 && late.text.contains("token_unknown_secret"), "{}", late.text);
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains(&format!("revoked a secret for signing members in: {id}")), "{actions}");
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "manager")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert_eq!(adam.get("/console/portal").await.status, 403);
}

#[tokio::test]
async fn a_token_that_is_not_in_order_opens_nothing() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let ((first, old), (_, new)) = (secret(&house.shop).await, secret(&house.shop).await);
    let now = house.shop.clock.now();
    let enter = async |token: String| -> Page {
        let browser = house.browser();
        let page = browser.post("/portal/enter", &[("token", &token)]).await;
        assert_eq!(is_in(&browser).await, page.status == 303);
        page
    };
    // One secret follows another without a gap.
    assert_eq!(enter(sign(&old, "ada", now, HOUR)).await.status, 303);
    assert_eq!(enter(sign(&new, "ada", now, HOUR)).await.status, 303);
    let unnamed = old.replace("lojal_ss_", "another_");
    for (token, code) in [
        (String::new(), "token_malformed"),
        (sign(&unnamed, "ada", now, HOUR), "token_signature"),
        (sign(&old.replace("ss_", "ss_zz"), "ada", now, HOUR), "token_unknown_secret"),
        (sign(&old, "ada", now - HOUR, HOUR), "token_ended"),
        (sign(&old, "ada", now, HOUR * 2), "token_too_long"),
        (sign(&old, "ada", now + HOUR, HOUR), "token_not_yet"),
        (sign(&old, "nobody", now, HOUR), "unknown_member"),
    ] {
        let page = enter(token).await;
        assert!(page.status == 401 && page.text.contains(&format!("<code>{code}</code>")), "{code}: {}", page.text);
    }
    let mut transaction = house.shop.application.database.write().await.unwrap();
    assert!(secret_revoke(&mut transaction, &first, now).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(enter(sign(&old, "ada", now, HOUR)).await.status, 401);

    let browser = signed_in(&house, &new, "ada").await;
    house.shop.submit(ada, Command::Leave).await.unwrap();
    assert!(!is_in(&browser).await, "whoever leaves is out");
    assert_eq!(enter(sign(&new, "ada", now, HOUR)).await.status, 401);
}

#[tokio::test]
async fn a_browser_has_one_session_and_another_member_takes_it_after_a_question() {
    let house = House::open().await;
    for name in ["ada", "bob"] {
        enrol(&house.shop, name, &format!("{name}@example.com")).await;
    }
    let (_, secret) = secret(&house.shop).await;
    let browser = signed_in(&house, &secret, "ada").await;
    let token = |member: &str| sign(&secret, member, house.shop.clock.now(), HOUR);
    assert_eq!(browser.post("/portal/enter", &[("token", &token("ada"))]).await.status, 303);
    assert_eq!(house.shop.count("member_session").await, 1, "the one before has ended");
    let bob = token("bob");
    for from_elsewhere in [false, true] {
        let fields = [("token", bob.as_str()), ("switch", "yes")];
        let asked = match from_elsewhere {
            true => browser.post_from_elsewhere("/portal/enter", &fields).await,
            false => browser.post("/portal/enter", &fields).await,
        };
        assert!(asked.status == 200 && asked.text.contains("ada is signed in in this browser"), "{}", asked.text);
    }
    assert_eq!(browser.post_from_elsewhere("/portal/enter/switch", &[("token", &bob)]).await.status, 403);
    assert_eq!(browser.post("/portal/enter/switch", &[("token", &bob)]).await.status, 303);
    assert_eq!(house.shop.count("member_session").await, 1);
    assert!(browser.get("/portal/account").await.text.contains("bob@example.com"));
}

/// The shop may sign a token with an id of its own.
#[tokio::test]
async fn a_token_with_an_id_of_its_own_opens_the_door_once() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let now = house.shop.clock.now();
    let claims = |id: &str| Claims { subject: "ada".to_owned(), ends_at: now + HOUR, id: Some(id.to_owned()) };
    let application = &house.shop.application;
    for (id, opens) in [("one", true), ("one", false), ("two", true)] {
        let mut transaction = application.database.write_aside_in(ada.part()).await.unwrap();
        let spent = application.spend_token(&mut transaction, ada, &claims(id)).await;
        transaction.commit().await.unwrap();
        assert_eq!(spent.is_ok(), opens, "{id}: {spent:?}");
        assert!(opens || matches!(spent, Err(EntryFault::Token(TokenFault::Used))));
    }
}

#[tokio::test]
async fn whoever_is_erased_stays_so() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let application = &house.shop.application;
    let named = |name: &'static str| move |_: &_, known| Identity { name: Some(name.to_owned()), ..known };
    assert!(application.change_identity(ada, named("Ada")).await.unwrap());
    assert!(!application.change_identity(ada, named("Ada")).await.unwrap(), "nothing is new");
    let known = application.identity(ada).await.unwrap().unwrap();
    assert_eq!(known.email.as_deref(), Some("ada@example.com"));
    application.erase_member(ada).await.unwrap();
    assert!(!application.change_identity(ada, named("Ada")).await.unwrap());
    assert_eq!(application.identity(ada).await.unwrap(), None);
}

#[tokio::test]
async fn a_session_ends_by_itself_and_with_the_person() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    enrol(&house.shop, "bob", "bob@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let (first, bob) = (signed_in(&house, &secret, "ada").await, signed_in(&house, &secret, "bob").await);
    house.shop.application.erase_member(ada).await.unwrap();
    assert!(!is_in(&first).await && is_in(&bob).await);
    assert_eq!(house.shop.count("member_session").await, 1);
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_hours(30 * 24));
    assert!(!is_in(&bob).await);
}

#[tokio::test]
async fn an_api_knows_the_member_by_the_same_token() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let router = Router::new().route("/me", get(async |token: MemberToken| token.member.id.to_string()));
    let router = router.with_state(house.shop.application.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/me", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, router).await });
    let client = reqwest::Client::new();
    let token = sign(&secret, "ada", house.shop.clock.now(), HOUR);
    for _ in 0..2 {
        let answer = client.get(&address).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), ada.to_string());
    }
    for header in [None, Some("Basic YWRhOng=".to_owned()), Some(format!("Bearer {token}x"))] {
        let request = client.get(&address);
        let request = header.into_iter().fold(request, |request, header| request.header("authorization", header));
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
}

/// A token with an id of its own, which `sign` gives to none.
fn signed_with_id(secret: &str, subject: &str, begins: i64) -> String {
    let payload = json!({ "sub": subject, "iat": begins, "exp": begins + 600, "jti": "the only one" });
    let signed = [json!({ "alg": "HS256" }), payload].map(|piece| URL_SAFE_NO_PAD.encode(piece.to_string())).join(".");
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes())))
}

#[tokio::test]
async fn a_token_that_somebody_has_come_in_with_opens_no_api_either() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let token = signed_with_id(&secret, "ada", house.shop.clock.now().as_second());
    let application = &house.shop.application;
    for _ in 0..2 {
        assert_eq!(application.member_of_unspent_token(&token).await.unwrap().id, ada);
    }
    assert_eq!(house.browser().post("/portal/enter", &[("token", &token)]).await.status, 303);
    let refused = application.member_of_unspent_token(&token).await;
    assert!(matches!(refused, Err(EntryFault::Token(TokenFault::Used))), "{refused:?}");
    let asked = reqwest::Client::new().get(format!("{}/v1/widget", house.address)).bearer_auth(&token);
    let asked = asked.send().await.unwrap();
    assert_eq!(asked.status(), 401);
    assert!(asked.text().await.unwrap().contains("token_used"));
    let without = sign(&secret, "ada", house.shop.clock.now(), HOUR);
    assert_eq!(house.browser().post("/portal/enter", &[("token", &without)]).await.status, 303);
    assert!(application.member_of_unspent_token(&without).await.is_ok());
}

/// A service with a mail server, and a member.
pub async fn by_mail(names: &[&str], email: &str) -> House {
    let shop = Shop::open().await;
    for name in names {
        enrol(&shop, name, email).await;
    }
    let mailer = Mailer::new(&mail_server().address(), "Klub Lojal <club@shop.example>").unwrap();
    House::around(shop, Some(mailer)).await
}

pub fn digits(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_code_by_mail_opens_the_door_once() {
    let email = format!("first-{}@example.com", std::process::id());
    let house = by_mail(&["ada"], &email).await;
    let browser = house.browser();
    assert!(browser.get("/portal/sign-in").await.text.contains("name=\"email\""));
    let refused = browser.post("/portal/sign-in", &[("email", "ada at home")]).await;
    assert!(refused.text.contains("This is no e-mail address.") && refused.text.contains("value=\"ada at home\""));
    let asked = browser.post("/portal/sign-in", &[("email", &email.to_uppercase())]).await;
    let ticket = asked.between("name=\"ticket\" value=\"", "\"").to_owned();
    let letter = mail_server().letter_to(&email).await;
    assert_eq!(letter.from.replace('"', ""), "Klub Lojal <club@shop.example>");
    assert!(letter.message_id.ends_with("@shop.example>"), "{}", letter.message_id);
    assert_eq!(letter.auto_submitted, "auto-generated");
    let code = digits(&letter.subject).pop().expect("a code");
    assert!(letter.text.contains("Good day, ada <Lis>,") && letter.text.contains(&code), "{}", letter.text);
    assert!(letter.html.contains("Good day, ada &lt;Lis&gt;,") && letter.html.contains(&code), "{}", letter.html);
    let link = format!("{}/portal/sign-in/code#ticket={ticket}&code={code}", house.address);
    assert!(letter.text.contains(&link), "{}", letter.text);

    let wrong = if code == "000000" { "111111" } else { "000000" };
    let refused = browser.post("/portal/sign-in/code", &[("ticket", &ticket), ("code", wrong)]).await;
    assert!(refused.text.contains("This code is not right") && !refused.text.contains(wrong), "{}", refused.text);
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let fields = [("ticket", ticket.as_str()), ("code", &spaced), ("next", "/portal/rewards")];
    let entered = browser.post("/portal/sign-in/code", &fields).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/portal/rewards"), "{}", entered.text);
    assert!(is_in(&browser).await);
    let again = house.browser().post("/portal/sign-in/code", &fields).await;
    assert!(again.text.contains("This code is not right"), "{}", again.text);
}

#[tokio::test]
async fn a_code_holds_for_ten_minutes_and_five_tries() {
    let email = format!("tries-{}@example.com", std::process::id());
    let house = by_mail(&["ada"], &email).await;
    let browser = house.browser();
    let ask = async || -> (String, String) {
        let asked = browser.post("/portal/sign-in", &[("email", &email)]).await;
        let ticket = asked.between("name=\"ticket\" value=\"", "\"").to_owned();
        (ticket, digits(&mail_server().letter_to(&email).await.subject).pop().unwrap())
    };
    let take = async |ticket: &str, code: &str| -> Page {
        browser.post("/portal/sign-in/code", &[("ticket", ticket), ("code", code)]).await
    };
    let (ticket, code) = ask().await;
    for _ in 0..5 {
        assert_eq!(take(&ticket, "12345").await.status, 200);
    }
    assert_eq!(take(&ticket, &code).await.status, 200, "after five tries even the right one is of no use");
    let (ticket, code) = ask().await;
    let (other, _) = ask().await;
    assert_eq!(take(&other, &code).await.status, 200, "a code goes with its own ticket");
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_mins(10));
    assert_eq!(take(&ticket, &code).await.status, 200, "too late");
    let (ticket, code) = ask().await;
    assert_eq!(take(&ticket, &code).await.status, 303);
    // Each address gets five letters at once, and then one every three minutes.
    ask().await;
    let too_often = browser.post("/portal/sign-in", &[("email", &email)]).await;
    assert_eq!(too_often.status, 429);
    assert!(too_often.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn codes_cannot_be_guessed_day_and_night() {
    let email = format!("guessed-{}@example.com", std::process::id());
    let house = by_mail(&["ada"], &email).await;
    let application = &house.shop.application;
    let ada = application.member_by_external_id("ada").await.unwrap().unwrap().id;
    let ask = async || {
        let ticket = CodeRequest::begin(application, &email).await.unwrap().ticket;
        let code = code_write(application, &ticket, &email, Some(ada)).await.unwrap();
        (ticket, code)
    };
    let (first, right) = ask().await;
    for _ in 0..10 {
        let (ticket, code) = ask().await;
        assert!(code.is_some());
        for _ in 0..5 {
            assert_eq!(code_take(application, &ticket, "12345").await.unwrap(), None);
        }
    }
    assert_eq!(ask().await.1, None, "no more letters today");
    assert_eq!(code_take(application, &first, &right.unwrap()).await.unwrap(), None, "and no more codes");
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_hours(24));
    let (ticket, code) = ask().await;
    assert_eq!(code_take(application, &ticket, &code.unwrap()).await.unwrap(), Some(ada));
    assert_eq!(house.shop.count("sign_in_failure").await, 0, "other days are forgotten");
}

#[tokio::test]
async fn nobody_learns_whether_an_address_is_known() {
    let email = format!("known-{}@example.com", std::process::id());
    let stranger = format!("unknown-{}@example.com", std::process::id());
    let house = by_mail(&["ada", "adam"], &email).await;
    let browser = house.browser();
    let unknown = browser.post("/portal/sign-in", &[("email", &stranger)]).await;
    let known = browser.post("/portal/sign-in", &[("email", &email)]).await;
    let plain = |page: &Page, email: &str| {
        let ticket = page.between("name=\"ticket\" value=\"", "\"").to_owned();
        (page.text.replace(&ticket, "").replace(email, ""), ticket)
    };
    let ((unknown, ticket), (known, _)) = (plain(&unknown, &stranger), plain(&known, &email));
    assert_eq!(unknown, known);
    // Two members with one address: each letter names its own, and each code opens its own door.
    let letters = [mail_server().letter_to(&email).await, mail_server().letter_to(&email).await];
    let greets = |name: &str| letters.iter().any(|letter| letter.text.contains(&format!("Good day, {name} <Lis>,")));
    assert!(greets("ada") && greets("adam"), "{letters:?}");
    assert!(!mail_server().has_letter_to(&stranger));
    for code in ["000000", "123456"] {
        let refused = browser.post("/portal/sign-in/code", &[("ticket", &ticket), ("code", code)]).await;
        assert!(refused.text.contains("This code is not right"), "{}", refused.text);
    }
    assert_eq!(house.shop.count("sign_in_failure").await, 1, "wrong codes are counted by the address");
    // What follows is done when the answer is out.
    while house.shop.count("sign_in_code").await < 5 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn without_a_mail_server_the_shop_signs_people_in() {
    let house = House::open().await;
    let page = house.browser().get("/portal/sign-in").await;
    assert!(page.text.contains("You come in from the shop") && !page.text.contains("name=\"email\""), "{}", page.text);
    assert_eq!(house.browser().post("/portal/sign-in", &[("email", "ada@example.com")]).await.status, 404);
    assert_eq!(house.browser().get("/portal").await.status, 303);
    assert_eq!(house.browser().get("/portal/nowhere").await.status, 404);
}
