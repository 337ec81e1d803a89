//! Signing in at a provider of identities, which behaves or does not.

use jiff::SignedDuration;
use lojal_testing::provider::{CLIENT, Mischief, Provider, SECRET};
use reqwest::redirect::Policy;
use serde_json::json;

use crate::pages::{Browser, House, PASSWORD, Page};

const SETTINGS: &str = "/console/settings/sign-in";
const BEGIN: &str = "/console/sign-in/provider?next=%2Fconsole%2Faccount";

/// The service, its owner, and a provider that it knows.
async fn open(domains: &str) -> (House, Browser, Provider) {
    let house = House::open().await;
    let owner = house.owner().await;
    let provider = Provider::open(house.shop.clock.now().as_second()).await;
    let page = owner.post(SETTINGS, &settings(&provider.address, SECRET, domains)).await;
    assert_eq!((page.status, page.location.as_str()), (303, SETTINGS), "{}", page.text);
    (house, owner, provider)
}

fn settings<'a>(issuer: &'a str, secret: &'a str, domains: &'a str) -> [(&'a str, &'a str); 6] {
    let label = ("label", "Sign in at <work>");
    [("issuer", issuer), ("client", CLIENT), ("secret", secret), label, ("domains", domains), ("role", "support")]
}

/// To the provider, and where it sends the browser back to, with what it says.
async fn there(browser: &Browser) -> String {
    let leads = browser.get(BEGIN).await;
    assert_eq!(leads.status, 303, "{}", leads.text);
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let answer = client.get(&leads.location).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    back.split_once("/console").map(|(_, rest)| format!("/console{rest}")).unwrap()
}

async fn sign_in(browser: &Browser) -> Page {
    browser.get(&there(browser).await).await
}

/// By the word that the sign-in page is asked to explain.
async fn refused(browser: &Browser, page: &Page, why: &str, text: &str) {
    let location = format!("/console/sign-in?refused={why}&next=");
    assert!(page.status == 303 && page.location.starts_with(&location), "{} {}", page.location, page.text);
    let shown = browser.get(&page.location).await.text;
    assert!(shown.contains(text), "{shown}");
    assert_eq!(browser.get("/console").await.status, 303, "nobody came in");
}

#[tokio::test]
async fn whoever_has_an_account_comes_in_by_the_provider() {
    let (house, owner, provider) = open("").await;
    let browser = house.browser();
    let page = browser.get("/console/sign-in?next=%2Fconsole%2Faccount").await.text;
    assert!(page.contains("Sign in at &lt;work&gt;") && page.contains("/console/sign-in/provider?next="), "{page}");
    let entered = sign_in(&browser).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/console/account"), "{}", entered.text);
    let account = browser.get("/console/account").await.text;
    assert!(account.contains("linked since"), "{account}");
    provider.use_curve(true);
    provider.tell_elsewhere(true);
    assert_eq!(
        sign_in(&house.browser()).await.location,
        "/console/account",
        "another kind of key, an address elsewhere"
    );
    let actions = owner.get("/console/actions").await.text;
    for done in ["signed in at the provider", "was linked to the sign-in provider", "set the sign-in provider: http"] {
        assert!(actions.contains(done), "{done} {actions}");
    }
    let shown = owner.get(SETTINGS).await.text;
    assert!(!shown.contains(SECRET) && shown.contains("sign-in&#x2f;provider&#x2f;return"), "{shown}");
    assert!(!actions.contains(SECRET) && !actions.contains("shop.example"));
    assert_eq!(provider.keys_asked(), 1, "keys are kept");
}

#[tokio::test]
async fn what_cannot_be_proven_opens_nothing() {
    let (house, _, provider) = open("").await;
    for (mischief, why) in [
        (Mischief::OtherNonce, "token"),
        (Mischief::OtherAudience, "token"),
        (Mischief::MoreAudiences, "token"),
        (Mischief::OtherParty, "token"),
        (Mischief::OtherIssuer, "token"),
        (Mischief::OtherSender, "token"),
        (Mischief::Expired, "token"),
        (Mischief::TooOld, "token"),
        (Mischief::NotYet, "token"),
        (Mischief::Unsigned, "token"),
        (Mischief::SharedSecret, "token"),
        (Mischief::OtherSignature, "token"),
        (Mischief::UnknownKey, "token"),
        (Mischief::NoSubject, "token"),
        (Mischief::BrokenTokens, "token"),
        (Mischief::UnverifiedEmail, "email"),
        (Mischief::NoEmail, "email"),
        (Mischief::OtherUser, "provider"),
        (Mischief::Refuses, "provider"),
        (Mischief::Denies, "denied"),
    ] {
        provider.misbehave(Some(mischief));
        let browser = house.browser();
        let page = sign_in(&browser).await;
        assert!(!page.location.contains("code="), "the code stays in no address");
        let text = match why {
            "token" => "could not be proven",
            "email" => "does not say that your e-mail address was verified",
            "denied" => "was told not to let you in",
            _ => "does not answer as it should",
        };
        let location = page.location.clone();
        assert!(location.contains(&format!("refused={why}&next=%2Fconsole%2Faccount")), "{mischief:?} {location}");
        refused(&browser, &page, why, text).await;
    }
    provider.misbehave(None);
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account");
    assert_eq!(house.shop.count("provider_identity").await, 1);
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let (house, _, provider) = open("").await;
    let now = house.shop.clock.now().as_second();
    for (provider_now, is_in) in [(now + 60, true), (now + 61, false), (now - 359, true), (now - 360, false)] {
        provider.set_now(provider_now);
        let location = sign_in(&house.browser()).await.location;
        assert_eq!(location == "/console/account", is_in, "{} s: {location}", provider_now - now);
    }
}

#[tokio::test]
async fn new_keys_are_fetched_when_they_are_needed_and_not_all_the_time() {
    let (house, _, provider) = open("").await;
    provider.use_curve(true);
    assert_eq!(sign_in(&house.browser()).await.status, 303);
    provider.rotate();
    let browser = house.browser();
    let page = sign_in(&browser).await;
    refused(&browser, &page, "token", "could not be proven").await;
    assert_eq!(provider.keys_asked(), 1, "a moment ago they were other ones");
    let now = house.shop.clock.now() + SignedDuration::from_secs(11);
    house.shop.clock.set(now);
    provider.set_now(now.as_second());
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account");
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account");
    assert_eq!(provider.keys_asked(), 2);
}

#[tokio::test]
async fn a_way_back_is_gone_once_in_time_and_by_the_browser_that_went() {
    let (house, _, _) = open("").await;
    let (browser, thief) = (house.browser(), house.browser());
    let back = there(&browser).await;
    there(&thief).await;
    let late = "That took too long, or was begun in another browser.";
    refused(&thief, &thief.get(&back).await, "late", late).await;
    let forged = back.replacen("state=", "state=0", 1);
    refused(&browser, &browser.get(&forged).await, "late", late).await;
    assert_eq!(browser.get(&back).await.location, "/console/account");
    assert_eq!(house.browser().get(&back).await.location, "/console/sign-in?refused=late&next=");
    assert_eq!(browser.get(&back).await.location, "/console/sign-in?refused=late&next=", "nor a second time");
    let slow = house.browser();
    let back = there(&slow).await;
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_mins(5));
    refused(&slow, &slow.get(&back).await, "late", late).await;
    // A page that leads elsewhere afterwards is not believed.
    let page = browser.get("/console/sign-in?refused=%3Cscript%3E&next=x").await.text;
    assert!(!page.contains("<script>") && !page.contains("role=\"alert\""));
}

#[tokio::test]
async fn newcomers_get_an_account_where_an_owner_says_so() {
    let (house, owner, provider) = open("shop.example, @Cafe.example").await;
    let adam = json!({ "sub": "adam-1", "email": "adam@cafe.example", "email_verified": "true", "name": "\n Adam\u{7} <Lis>" });
    provider.is_seen(adam.clone());
    let browser = house.browser();
    assert_eq!(sign_in(&browser).await.location, "/console/account");
    let account = browser.get("/console/account").await.text;
    assert!(account.contains("Adam &lt;Lis&gt;") && account.contains("none: you sign in at the provider"), "{account}");
    assert_eq!(browser.get("/console/team").await.status, 403, "as what was said");
    assert!(browser.get("/console/members").await.status == 200);
    let guessed = house.browser().sign_in("adam@cafe.example", "").await;
    assert!(guessed.text.contains("Something has to stand here."));
    let guessed = house.browser().sign_in("adam@cafe.example", "any password at all").await;
    assert!(guessed.text.contains("The address and the password do not go together."));
    for (email, subject) in
        [("eve@evil.example", "eve-1"), ("eve@evil-cafe.example", "eve-2"), ("eve@x.cafe.example", "e")]
    {
        provider.is_seen(json!({ "sub": subject, "email": email, "email_verified": true }));
        let browser = house.browser();
        let page = sign_in(&browser).await;
        refused(&browser, &page, "unknown", "You have no account here.").await;
    }
    for email in ["eve@evil.example@cafe.example", "\u{212A}asia@cafe.example"] {
        provider.is_seen(json!({ "sub": "eve-3", "email": email, "email_verified": true }));
        let browser = house.browser();
        let page = sign_in(&browser).await;
        refused(&browser, &page, "email", "nobody can tell whose account is yours").await;
    }
    assert!(
        owner
            .get("/console/actions")
            .await
            .text
            .contains("came in for the first time by the sign-in provider (support)")
    );
    // Whoever is shut out stays out, by the provider as well.
    let id = owner.get("/console/team").await.between("action=\"/console/team/", "/role").to_owned();
    owner.post(&format!("/console/team/{id}/access"), &[]).await;
    provider.is_seen(adam);
    let browser = house.browser();
    let page = sign_in(&browser).await;
    refused(&browser, &page, "unknown", "You have no account here.").await;
}

#[tokio::test]
async fn an_account_stays_with_the_person_and_does_not_go_with_the_address() {
    let (house, owner, provider) = open("").await;
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account");
    provider.is_seen(json!({ "sub": "ewa-1", "email": "ewa.nowak@shop.example", "email_verified": true }));
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account", "with another address, the same person");
    provider.is_seen(json!({ "sub": "eve-1", "email": "ewa@shop.example", "email_verified": true }));
    let eve = house.browser();
    let page = sign_in(&eve).await;
    refused(&eve, &page, "another", "Your account belongs to somebody else").await;
    assert!(owner.get("/console/actions").await.text.contains("the provider knows somebody else by this address"));
    assert_eq!(owner.post("/console/account/provider/remove", &[]).await.location, "/console/account");
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account", "linked anew");
}

#[tokio::test]
async fn settings_are_an_owner_s_and_say_what_is_wrong() {
    let (house, owner, provider) = open("").await;
    let slashed = format!("{}/", provider.address);
    for (fields, fault) in [
        (settings("http://sso.example", SECRET, ""), "An https address, please"),
        (settings("https://user@sso.example", SECRET, ""), "An https address, please"),
        (settings("http://localhost:1", SECRET, ""), "no provider answers"),
        (settings(&format!("{}/userinfo", provider.address), SECRET, ""), "no provider answers"),
        (settings("http://localhost:2", "", ""), "id=\"secret-fault\">Something has to stand here."),
        (settings(&slashed, "", "shop.example https://x.example"), "Each line is a domain"),
        (settings(&slashed, "", "localhost"), "Each line is a domain"),
    ] {
        let page = owner.post(SETTINGS, &fields).await;
        assert!(page.status == 200 && page.text.contains(fault), "{fault} {}", page.text);
        assert!(page.text.contains(CLIENT) && !page.text.contains(SECRET), "what was typed stays, but for secrets");
    }
    let as_owner = [("issuer", slashed.as_str()), ("client", CLIENT), ("label", "x"), ("role", "owner")];
    assert_eq!(owner.post(SETTINGS, &as_owner).await.status, 404, "nobody comes in as an owner");
    assert_eq!(owner.post(SETTINGS, &settings(&slashed, "", "")).await.status, 303, "the secret is kept");
    assert_eq!(sign_in(&house.browser()).await.location, "/console/account");
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "manager")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert_eq!(adam.get(SETTINGS).await.status, 403);
    assert_eq!(adam.post("/console/settings/sign-in/passwords", &[]).await.status, 403);

    assert_eq!(owner.post("/console/settings/sign-in/passwords", &[]).await.status, 303);
    let refused = house.browser().sign_in("adam@shop.example", &handed).await;
    assert!(refused.text.contains("Passwords are switched off here. Use another way"), "{}", refused.text);
    let wrong = house.browser().sign_in("adam@shop.example", "not the right one").await;
    assert!(wrong.text.contains("do not go together"), "only whoever knows the password learns that");
    assert_eq!(house.browser().sign_in("ewa@shop.example", PASSWORD).await.location, "/console", "owners always may");
    assert_eq!(owner.post("/console/settings/sign-in/passwords", &[("passwords", "yes")]).await.status, 303);
    assert_eq!(house.browser().sign_in("adam@shop.example", &handed).await.location, "/console");

    assert_eq!(owner.post("/console/settings/sign-in/provider/remove", &[]).await.status, 303);
    assert_eq!(house.browser().get(BEGIN).await.status, 404);
    assert!(!house.browser().get("/console/sign-in").await.text.contains("sign-in/provider"));
}

#[tokio::test]
async fn a_provider_without_tls_is_asked_on_one_s_own_machine_alone() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shop = crate::shop::Shop::open().await;
    let house = House::at(shop, None, listener, "https://club.example.com").await;
    let owner = house.owner().await;
    let provider = Provider::open(house.shop.clock.now().as_second()).await;
    let page = owner.post(SETTINGS, &settings(&provider.address, SECRET, "")).await;
    assert!(page.text.contains("An https address, please"), "{}", page.text);
}
