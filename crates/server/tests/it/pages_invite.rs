//! The page on which members recommend the shop.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId};
use lojal_core::programme::starter;
use lojal_core::referrals::{Credit, Introduction};
use lojal_server::platform::referral_codes::code_block;
use lojal_server::platform::rulebook::PublishOptions;

use crate::pages::{Browser, House, Page};
use crate::pages_portal::{enrol, secret, signed_in};
use crate::shop::put_order;

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
UNTIL
[referrals.winter]
name = { en = "In winter", pl = "Zimą" }
from = "2089-12-01"
[earning.thanks]
name = { en = "Thanks for a friend", pl = "Dziękujemy za polecenie" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.third]
name = { en = "The third friend", pl = "Trzecia osoba" }
on = "friend_qualified"
unit = "points"
when = [{ field = "activity.attribute.friends", is = 3 }]
points = 2000
[earning.first]
name = { en = "The first friend", pl = "Pierwsza osoba" }
on = "friend_qualified"
when = [{ field = "activity.attribute.friends", is = 1 }]
reward = "mug"
[earning.winter_fourth]
name = { en = "Only in winter", pl = "Tylko zimą" }
on = "friend_qualified"
unit = "points"
when = [{ field = "activity.attribute.referral", is = "winter" }, { field = "activity.attribute.friends", is = 3 }]
points = 9000
[earning.welcome]
name = { en = "Welcome, friend", pl = "Na dobry początek" }
on = "referred"
unit = "points"
points = 70
"#;

async fn publish(house: &House, until: &str) {
    let programme = format!("{}\n{}", starter(Language::En), EDITION.replace("UNTIL", until));
    let options = PublishOptions { accept_warnings: true, accept_worse: true, ..PublishOptions::default() };
    house.shop.application.publish_with(&programme, &options).await.unwrap();
}

async fn seen(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    // Inside of attributes, slashes are escaped as well.
    Page { text: page.text.replace("&#x2f;", "/"), ..page }
}

/// A friend of `advocate` comes, and orders.
async fn friend(house: &House, advocate: MemberId, name: &str, orders: bool) -> MemberId {
    let friend = enrol(&house.shop, name, &format!("{name}@example.com")).await;
    let now = house.shop.application.clock.now();
    let introduction = Box::new(Introduction {
        referral: None,
        credits: vec![Credit { advocate, share: 100 }],
        touched_at: now,
        came_at: now,
        channel: None,
    });
    house.shop.submit(friend, Command::Refer { introduction }).await.unwrap();
    if orders {
        let order = put_order(&format!("o-{name}"), OrderState::Paid, &[("1", 1, 25_000)]);
        house.shop.submit(friend, order).await.unwrap();
    }
    house.shop.run_until_idle().await;
    friend
}

#[tokio::test]
async fn a_member_gets_a_link_gives_it_a_name_and_sees_who_came() {
    let house = House::open().await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let browser = signed_in(&house, &secret, "ada").await;
    assert_eq!(browser.get("/portal/invite").await.status, 404, "there is nothing to recommend for");
    assert!(!seen(&browser, "/portal").await.text.contains("/portal/invite"));
    publish(&house, "").await;
    assert!(seen(&browser, "/portal").await.text.contains("href=\"/portal/invite\""));

    let page = seen(&browser, "/portal/invite").await;
    for expected in ["Recommend us", "Bring a friend", "For you", "For your friend", "Get my link", "Welcome, friend"] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    assert_eq!(browser.post("/portal/invite/link", &[]).await.status, 303);
    assert_eq!(browser.post("/portal/invite/link", &[]).await.status, 303);
    let page = seen(&browser, "/portal/invite").await;
    let made = page.between("id=\"own-link\" readonly value=\"", "\"").to_owned();
    assert!(made.contains("/r/"), "{made}");
    assert!(page.text.contains("Nobody has come by your link yet"));
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("form-action 'self' mailto:") && policy.contains("script-src 'self';"), "{policy}");
    for (way, leads_to) in [
        ("whatsapp", "https://wa.me/?text="),
        ("telegram", "https://t.me/share/url?url="),
        ("messenger", "fb-messenger://share/?link="),
        ("facebook", "https://www.facebook.com/sharer/sharer.php?u="),
        ("x", "https://x.com/intent/post?text="),
        ("mail", "mailto:?subject="),
        ("sms", "sms:?&body="),
        ("copy", "/portal/invite#link"),
        ("qr", "/portal/invite/square.svg"),
    ] {
        assert!(page.text.contains(&format!("formaction=\"/portal/invite/pass/{way}\"")), "{way}: {}", page.text);
        let passed = browser.post(&format!("/portal/invite/pass/{way}"), &[]).await;
        assert_eq!(passed.status, 303, "{way}: {}", passed.text);
        assert!(passed.location.starts_with(leads_to), "{way}: {}", passed.location);
    }
    // What is clicked twice at once is passed on once, and nobody is told who it was.
    let passed = browser.post("/portal/invite/pass/whatsapp", &[("message", "Best <b>yarn</b> & wool\n ever")]).await;
    assert!(passed.location.contains("Best%20%3Cb%3Eyarn%3C%2Fb%3E%20%26%20wool%20ever"), "{}", passed.location);
    assert!(passed.location.contains("%2Fwhatsapp") && !passed.location.contains("mem_"), "{}", passed.location);
    assert_eq!(house.shop.count("referral_share").await, 9);
    assert!(seen(&browser, "/portal/invite").await.text.contains("passed on from here 9 times. Nobody has opened it"));
    assert_eq!(browser.post("/portal/invite/pass/pigeon", &[]).await.status, 404);
    let picture = seen(&browser, "/portal/invite/square.svg").await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    assert!(picture.text.contains("<svg"), "{}", picture.text);

    // In words of one's own: they go along with the form, escaped, and stand in no address of ours.
    let own = browser.post("/portal/invite/message", &[("message", "Best <b>yarn</b> & wool\n ever")]).await;
    assert!(own.text.contains("name=\"message\" value=\"Best &lt;b&gt;yarn"), "{}", own.text);
    assert!(!own.text.contains("<b>yarn</b>"));

    for (name, fault) in
        [("", "Something has to stand here"), ("ab", "4 to 30"), ("ada & co.", "letters, digits"), ("admin", "taken")]
    {
        let refused = browser.post("/portal/invite/name", &[("name", name)]).await;
        assert_eq!(refused.status, 200);
        assert!(refused.text.contains(fault), "{name}: {}", refused.text);
    }
    assert_eq!(browser.post("/portal/invite/name", &[("name", "Żółw Szyje")]).await.status, 303);
    let page = seen(&browser, "/portal/invite").await;
    assert!(page.between("id=\"own-link\" readonly value=\"", "\"").ends_with("/r/zolw-szyje"), "{}", page.text);
    enrol(&house.shop, "eve", "eve@example.com").await;
    let other = signed_in(&house, &secret, "eve").await;
    other.post("/portal/invite/link", &[]).await;
    let taken = other.post("/portal/invite/name", &[("name", "zolwszyje")]).await;
    assert!(taken.text.contains("taken"), "{}", taken.text);

    for (name, orders) in [("ben", true), ("cid", true), ("dora", false)] {
        friend(&house, ada, name, orders).await;
    }
    let page = seen(&browser, "/portal/invite").await;
    for expected in
        ["2 friends count", "1 is on the way", "You got 1,000 points, A mug", "1 more friend to “The third friend”"]
    {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    for hidden in ["ben", "cid", "dora", "mem_"] {
        assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
    }
    let nothing = seen(&other, "/portal/invite").await;
    assert!(!nothing.text.contains("You got"), "another member's friends: {}", nothing.text);
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn what_was_begun_is_shown_when_an_edition_is_over_and_long_lists_go_on() {
    let house = House::open().await;
    publish(&house, "").await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    for number in 0..23 {
        friend(&house, ada, &format!("f{number}"), number % 2 == 0).await;
    }
    let (_, secret) = secret(&house.shop).await;
    let browser = signed_in(&house, &secret, "ada").await;
    let page = seen(&browser, "/portal/invite").await;
    assert_eq!(page.text.matches("Came on").count(), 20);
    let older = page.between("/portal/invite?before=", "\"").to_owned();
    let page = seen(&browser, &format!("/portal/invite?before={older}")).await;
    assert_eq!(page.text.matches("Came on").count(), 3);
    assert_eq!(browser.get("/portal/invite?before=what").await.status, 404);

    publish(&house, "until = \"2020-01-01\"").await;
    let page = seen(&browser, "/portal/invite").await;
    assert!(page.text.contains("no recommendations to be made here") && page.text.contains("12 friends count"));
    assert_eq!(browser.post("/portal/invite/link", &[]).await.status, 404);
}

#[tokio::test]
async fn a_member_whose_link_is_blocked_gets_no_other_one() {
    let house = House::open().await;
    publish(&house, "").await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let browser = signed_in(&house, &secret, "ada").await;
    assert_eq!(browser.post("/portal/invite/link", &[]).await.status, 303);
    let application = &house.shop.application;
    let code = application.referral_codes(ada).await.unwrap().pop().unwrap();
    let mut transaction = application.database.write_aside().await.unwrap();
    code_block(application, &mut transaction, &code, true).await.unwrap().unwrap();
    transaction.commit().await.unwrap();
    let page = seen(&browser, "/portal/invite").await;
    assert!(page.text.contains("has been blocked") && !page.text.contains("Get my link"), "{}", page.text);
    let refused = browser.post("/portal/invite/link", &[]).await;
    assert!(refused.status == 200 && refused.text.contains("has been blocked"), "{}", refused.text);
    let named = browser.post("/portal/invite/name", &[("name", "ada-szyje")]).await;
    assert_eq!(named.status, 200);
    assert_eq!(application.referral_codes(ada).await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_who_is_no_member_yet_is_told_where_to_join() {
    let house = House::open().await;
    let guest = house.browser();
    // Where a link leads as long as the shop has set no page.
    let door = guest.get("/portal?lojal_click=what-came-with-it").await;
    assert!(door.location.starts_with("/portal/sign-in"), "{}", door.location);
    assert!(guest.get(&door.location).await.text.contains("You join the programme in the shop"));
    assert!(!guest.get("/portal/sign-in").await.text.contains("You join the programme in the shop"));
}
