//! What members see and do in their own pages, and that they never reach anybody else's.

use lojal_core::activity::OrderState;
use lojal_core::kernel::{HolderId, MemberId};
use lojal_server::platform::rulebook::PublishOptions;

use crate::pages::{Browser, House, Page};
use crate::pages_portal::{enrol, secret, signed_in};
use crate::shop::{adjust, put_order, redeem};

struct Club {
    house: House,
    secret: String,
    ada: MemberId,
    bob: MemberId,
}

impl Club {
    async fn open() -> Club {
        let house = House::open().await;
        let ada = enrol(&house.shop, "ada", "ada@example.com").await;
        let bob = enrol(&house.shop, "bob", "bob@example.com").await;
        house.shop.submit(ada, adjust(2_950)).await.unwrap();
        let (_, secret) = secret(&house.shop).await;
        Club { house, secret, ada, bob }
    }

    async fn browser(&self, member: &str) -> Browser {
        signed_in(&self.house, &self.secret, member).await
    }
}

/// The name of the page's forms.
fn once(page: &Page) -> String {
    page.between("name=\"once\" value=\"", "\"").to_owned()
}

async fn seen(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    page
}

#[tokio::test]
async fn the_first_page_says_what_there_is_and_how_to_get_more() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let order = put_order("o-1", OrderState::Paid, &[("1", 1, 25_000)]);
    club.house.shop.submit(club.ada, order).await.unwrap();
    let home = seen(&ada, "/portal").await;
    for expected in [
        "Hello, ada</h1>",
        "3,000 points",
        "worth",
        "on the way",
        "What ends when",
        "Closest rewards",
        "You can have it now",
        "Ways to earn",
        "Please read the terms",
        "<progress",
    ] {
        assert!(home.text.contains(expected), "{expected}: {}", home.text);
    }
    let bob = club.browser("bob").await;
    let home = seen(&bob, "/portal").await;
    assert!(home.text.contains("50 points") && home.text.contains(" to go"), "{}", home.text);
}

#[tokio::test]
async fn a_reward_is_taken_once_however_often_the_form_is_sent() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let list = seen(&ada, "/portal/rewards").await;
    assert!(
        list.text.contains("/portal/rewards/coupon-10") && list.text.contains("You have 3,000 points"),
        "{}",
        list.text
    );
    let page = seen(&ada, "/portal/rewards/coupon-10").await;
    let (once, before) = (once(&page), club.house.shop.available(club.ada).await);
    let taken = ada.post("/portal/rewards/coupon-10", &[("once", &once)]).await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    let cost = before - club.house.shop.available(club.ada).await;
    let again = ada.post("/portal/rewards/coupon-10", &[("once", &once)]).await;
    assert_eq!((again.status, &again.location), (303, &taken.location));
    assert_eq!(before - club.house.shop.available(club.ada).await, cost);
    assert!(cost > 0);
    let shown = seen(&ada, &taken.location).await;
    let code = shown.between("<code>", "</code>").to_owned();
    assert!(shown.text.contains("It is yours.") && shown.text.matches("<svg").count() >= 6, "{}", shown.text);
    let vouchers = seen(&ada, "/portal/vouchers").await;
    assert!(vouchers.text.contains(&code), "{}", vouchers.text);
    let history = seen(&ada, "/portal/history").await;
    assert!(history.text.contains("class=\"loss\"") && !history.text.contains("/rollback"), "{}", history.text);
    // Whoever has too little is told so, and nothing happens.
    let bob = club.browser("bob").await;
    let page = seen(&bob, "/portal/rewards/coupon-10").await;
    assert!(page.text.contains(" to go") && !page.text.contains("name=\"once\""), "{}", page.text);
    let other_form = ada.get("/portal/rewards/coupon-10").await;
    let fresh = other_form.between("name=\"once\" value=\"", "\"").to_owned();
    let refused = bob.post("/portal/rewards/coupon-10", &[("once", &fresh)]).await;
    assert!(refused.status == 200 && refused.text.contains("role=\"alert\""), "{}", refused.text);
    assert_eq!(club.house.shop.available(club.bob).await, 50);
}

#[tokio::test]
async fn nobody_reaches_what_is_somebody_else_s() {
    let club = Club::open().await;
    let (ada, bob) = (club.browser("ada").await, club.browser("bob").await);
    let done = club.house.shop.submit(club.ada, redeem("coupon-10")).await.unwrap();
    let address = format!("/portal/redemptions/{}", done.transaction);
    let code = seen(&ada, &address).await.between("<code>", "</code>").to_owned();
    assert_eq!(bob.get(&address).await.status, 404);
    let history = format!("/portal/history?from={}", done.transaction);
    assert_eq!(ada.get(&history).await.status, 200);
    assert_eq!(bob.get(&history).await.status, 404);
    let session = seen(&ada, "/portal/account").await;
    assert!(!session.text.contains(&club.bob.to_string()));
    let second = club.browser("ada").await;
    let page = seen(&second, "/portal/account").await;
    let mark = page.between("name=\"session\" value=\"", "\"").to_owned();
    assert_eq!(bob.post("/portal/account/sessions/end", &[("session", &mark)]).await.status, 404);
    assert_eq!(ada.get("/portal").await.status, 200);
    for path in ["/portal", "/portal/history", "/portal/vouchers", "/portal/account", "/portal/account/data"] {
        let page = seen(&bob, path).await;
        for secret in [code.as_str(), "ada", &club.ada.to_string()] {
            assert!(!page.text.contains(secret), "{path} says {secret}");
        }
        let stranger = club.house.browser().get(path).await;
        assert_eq!((stranger.status, stranger.location.contains("/portal/sign-in")), (303, true), "{path}");
    }
    // A cookie with another member's id and one's own token is no cookie.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let token = sign_in_cookie(&club).await;
    for (member, expected) in [(club.bob, 200), (club.ada, 303)] {
        let cookie = format!("lojal_member={member}.{token}");
        let answer =
            client.get(format!("{}/portal", club.house.address)).header("cookie", cookie).send().await.unwrap();
        assert_eq!(answer.status(), expected);
    }
    // Staff are no members, and members no staff.
    assert_eq!(bob.get("/console").await.status, 303);
    let owner = club.house.owner().await;
    assert_eq!(owner.get("/portal").await.status, 303);
}

/// The token of a new session of Bob's.
async fn sign_in_cookie(club: &Club) -> String {
    let now = club.house.shop.clock.now();
    let token = lojal_server::platform::visitors::sign(&club.secret, "bob", now, jiff::SignedDuration::from_mins(5));
    let page = club.house.browser().post("/portal/enter", &[("token", &token)]).await;
    let cookie = page.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    cookie.split_once('.').unwrap().1.to_owned()
}

#[tokio::test]
async fn points_go_to_another_member_after_a_question() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let page = seen(&ada, "/portal/share").await;
    assert!(page.text.contains("Give points as a present"), "{}", page.text);
    let once = once(&page);
    let fields = |to: &'static str, amount: &'static str| {
        vec![("once", once.as_str()), ("kind", "gift"), ("to", to), ("amount", amount)]
    };
    for (to, amount, expected) in [
        ("nobody@example.com", "100", "cannot be sent to this address"),
        ("ada@example.com", "100", "cannot be sent to this address"),
        ("bob@example.com", "-5", "An amount above zero"),
        ("bob@example.com", "999,999", "role=\"alert\""),
    ] {
        let refused = ada.post("/portal/share/send", &fields(to, amount)).await;
        assert!(refused.status == 200 && refused.text.contains(expected), "{to} {amount}: {}", refused.text);
        assert!(refused.text.contains(&format!("value=\"{to}\"")), "what was typed stays");
    }
    let question = ada.post("/portal/share/send", &fields("Bob@Example.com", "100")).await;
    assert!(question.text.contains("Send these points?") && question.text.contains("100 points"), "{}", question.text);
    assert_eq!(club.house.shop.available(club.ada).await, 3_000);
    let sure = [fields("bob@example.com", "100"), vec![("sure", "yes")]].concat();
    for _ in 0..2 {
        let sent = ada.post("/portal/share/send", &sure).await;
        assert_eq!((sent.status, sent.location.as_str()), (303, "/portal/history"), "{}", sent.text);
    }
    club.house.shop.run_until_idle().await;
    assert_eq!(club.house.shop.available(club.ada).await, 2_900);
    assert_eq!(club.house.shop.available(club.bob).await, 150);
    let bob = club.browser("bob").await;
    let history = seen(&bob, "/portal/history").await;
    assert!(history.text.contains("from ada") && !history.text.contains("Lis"), "first names only: {}", history.text);
}

#[tokio::test]
async fn a_household_is_joined_by_invitation_alone() {
    let club = Club::open().await;
    let (ada, bob) = (club.browser("ada").await, club.browser("bob").await);
    let page = seen(&ada, "/portal/share").await;
    let opened = ada.post("/portal/share/open", &[("once", &once(&page))]).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    club.house.shop.run_until_idle().await;
    let invited = ada.post("/portal/share/invite", &[]).await;
    let invitation = invited.between("<p class=\"letters\"><code>", "</code>").to_owned();
    let household = invitation.split('.').next().unwrap().to_owned();
    let name = once(&seen(&bob, "/portal/share").await);
    let forged = format!("{household}.99999999999.00000000000000000000000000000000");
    for typed in ["", "nonsense", &household, &forged, &invitation.replace('.', "..")] {
        let refused = bob.post("/portal/share/join", &[("once", &name), ("invitation", typed)]).await;
        assert_eq!(refused.status, 200, "{typed}");
        assert!(refused.text.contains("class=\"fault\""), "{typed}: {}", refused.text);
    }
    let joined = bob.post("/portal/share/join", &[("once", &name), ("invitation", &invitation)]).await;
    assert_eq!(joined.status, 303, "{}", joined.text);
    club.house.shop.run_until_idle().await;
    let household: HolderId = household.parse().unwrap();
    assert_eq!(club.house.shop.available(household).await, 3_050);
    enrol(&club.house.shop, "eve", "eve@example.com").await;
    let eve = club.browser("eve").await;
    let name = once(&seen(&eve, "/portal/share").await);
    let late = eve.post("/portal/share/join", &[("once", &name), ("invitation", &invitation)]).await;
    assert!(late.text.contains("it is over"), "an invitation is for one: {}", late.text);
    let page = seen(&bob, "/portal/share").await;
    assert!(page.text.contains("You share your points with ada."), "{}", page.text);
    assert!(seen(&bob, "/portal").await.text.contains("3,050 points"));
    assert!(seen(&bob, "/portal/history?household=true").await.text.contains("ada"));
    let history = seen(&bob, "/portal/history").await;
    assert!(history.text.contains("the shared wallet “home”"), "{}", history.text);
    assert!(!history.text.contains(&household.to_string()), "{}", history.text);
    let page = seen(&bob, "/portal/rewards/coupon-10").await;
    let taken = bob.post("/portal/rewards/coupon-10", &[("once", &once(&page))]).await;
    assert_eq!(seen(&bob, &taken.location).await.status, 200);
    assert!(seen(&ada, "/portal/vouchers").await.text.contains("<svg"), "what one takes, both may show");
    let left = bob.post("/portal/share/leave", &[("once", &once(&seen(&bob, "/portal/share").await))]).await;
    assert_eq!(left.status, 303, "{}", left.text);
    club.house.shop.run_until_idle().await;
    assert_eq!(bob.get(&taken.location).await.status, 404, "what was together is the household's");
}

#[tokio::test]
async fn whoever_shares_a_household_leaves_it_before_the_programme() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let opened = ada.post("/portal/share/open", &[("once", &once(&seen(&ada, "/portal/share").await))]).await;
    assert_eq!(opened.status, 303, "{}", opened.text);
    club.house.shop.run_until_idle().await;
    let page = seen(&ada, "/portal/account/leave").await;
    assert!(page.text.contains("These are 3,000 points.") && page.text.contains("/portal/share\""), "{}", page.text);
    assert!(!page.text.contains("name=\"sure\""), "{}", page.text);
    let share = seen(&ada, "/portal/share").await;
    let fields = [("once", once(&share)), ("sure", "yes".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let refused = ada.post("/portal/account/leave", &fields).await;
    assert!(refused.status == 200 && refused.text.contains("leave that first"), "{}", refused.text);
    assert!(share.text.contains("Nobody else is in it"), "{}", share.text);
    let left = ada.post("/portal/share/leave", &[("once", &once(&share))]).await;
    assert_eq!(left.status, 303, "{}", left.text);
    club.house.shop.run_until_idle().await;
    let page = seen(&ada, "/portal/account/leave").await;
    let left = ada.post("/portal/account/leave", &[("once", &once(&page)), ("sure", "yes")]).await;
    assert_eq!(left.location, "/portal/goodbye", "{}", left.text);
}

#[tokio::test]
async fn the_terms_are_read_accepted_and_their_changes_told() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let page = seen(&ada, "/portal/terms").await;
    assert!(page.text.contains("I agree") && page.text.contains("lang=\"en\" class=\"terms\""), "{}", page.text);
    let old = ada.post("/portal/terms", &[("version", "9"), ("language", "en")]).await;
    assert_eq!((old.status, club.house.shop.count("terms_acceptance").await), (303, 0));
    ada.post("/portal/terms", &[("version", "1"), ("language", "en")]).await;
    let page = seen(&ada, "/portal/terms").await;
    assert!(page.text.contains("You agreed on") && !page.text.contains("I agree"), "{}", page.text);
    assert!(!seen(&ada, "/portal").await.text.contains("/portal/terms\">Read"));
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let dearer = starter.replacen("price = 200", "price = 300", 1);
    assert_ne!(dearer, starter, "the starter has a reward with a price");
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    club.house.shop.application.publish_with(&dearer, &options).await.unwrap();
    assert!(seen(&ada, "/portal").await.text.contains("The terms have changed"));
    let page = seen(&ada, "/portal/terms").await;
    assert!(page.text.contains("What has changed since you agreed") && page.text.contains("dearer"), "{}", page.text);
}

#[tokio::test]
async fn the_account_is_kept_consents_are_proven_and_whoever_leaves_is_asked_first() {
    let club = Club::open().await;
    let (ada, other) = (club.browser("ada").await, club.browser("ada").await);
    let fields = [("name", "Ada Wilk"), ("phone", ""), ("day", "31"), ("month", "2")];
    let refused = ada.post("/portal/account", &fields).await;
    assert!(
        refused.text.contains("There is no such day.") && refused.text.contains("value=\"Ada Wilk\""),
        "{}",
        refused.text
    );
    let fields = [("name", "Ada Wilk"), ("phone", "600 100 200"), ("day", "17"), ("month", "4")];
    assert_eq!(ada.post("/portal/account", &fields).await.status, 303);
    // A birthday is said once; an address is not changed here at all.
    let fields = [("name", "Ada Wilk"), ("phone", ""), ("day", "1"), ("month", "1"), ("email", "eve@example.com")];
    assert_eq!(ada.post("/portal/account", &fields).await.status, 303);
    let page = seen(&ada, "/portal/account").await;
    assert!(page.text.contains("17 April") && page.text.contains("ada@example.com"), "{}", page.text);
    for (sms, rows) in [("yes", 1), ("yes", 1), ("", 2)] {
        club.house.shop.clock.set(club.house.shop.clock.now() + jiff::SignedDuration::from_secs(1));
        ada.post("/portal/account/consents", &[("sms", sms)]).await;
        assert_eq!(club.house.shop.count("consent").await, rows);
    }
    let data = seen(&ada, "/portal/account/data").await;
    let known: serde_json::Value = serde_json::from_str(&data.text).unwrap();
    assert_eq!(known["member"]["person"]["name"], "Ada Wilk");
    assert_eq!(known["consents"].as_array().unwrap().len(), 2);
    assert!(known["transactions"].as_array().unwrap().len() >= 2, "{}", data.text);
    assert!(data.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    for expected in [200, 200, 429] {
        assert_eq!(ada.get("/portal/account/data").await.status, expected);
    }
    let page = seen(&ada, "/portal/account").await;
    let mark = page.between("name=\"session\" value=\"", "\"").to_owned();
    assert_eq!(ada.post("/portal/account/sessions/end", &[("session", &mark)]).await.status, 303);
    assert_eq!(other.get("/portal").await.status, 303);

    let page = seen(&ada, "/portal/account/leave").await;
    assert!(page.text.contains("You lose 3,000 points."), "{}", page.text);
    let once = once(&page);
    let unsure = ada.post("/portal/account/leave", &[("once", &once)]).await;
    assert!(unsure.text.contains("Say first that you are sure."), "{}", unsure.text);
    assert!(page.text.contains("Vouchers stay valid"), "{}", page.text);
    let left = ada.post("/portal/account/leave", &[("once", &once), ("sure", "yes")]).await;
    assert_eq!((left.status, left.location.as_str()), (303, "/portal/goodbye"), "{}", left.text);
    assert_eq!(ada.get("/portal").await.status, 303);
    assert_eq!(seen(&ada, "/portal/goodbye").await.status, 200);
    club.house.shop.assert_audited().await;
}

#[tokio::test]
async fn a_phone_may_install_it_and_keeps_nothing_of_anybody() {
    let club = Club::open().await;
    let ada = club.browser("ada").await;
    let manifest = seen(&ada, "/portal/manifest.webmanifest").await;
    let manifest: serde_json::Value = serde_json::from_str(&manifest.text).unwrap();
    assert_eq!((&manifest["start_url"], &manifest["display"]), (&"/portal".into(), &"standalone".into()));
    let worker = seen(&ada, "/portal/worker.js").await;
    assert_eq!(worker.headers["service-worker-allowed"], "/portal");
    assert!(worker.text.contains("\"/assets/") && !worker.text.contains("ada"), "{}", worker.text);
    let icon = manifest["icons"][0]["src"].as_str().unwrap();
    assert_eq!(ada.get(icon).await.headers["content-type"], "image/svg+xml");
    let offline = seen(&ada, "/portal/offline").await;
    assert!(offline.text.contains("There is no network") && !offline.text.contains("ada"), "{}", offline.text);
    for path in ["/portal", "/portal/vouchers"] {
        assert_eq!(seen(&ada, path).await.headers["cache-control"], "no-store");
    }
}
