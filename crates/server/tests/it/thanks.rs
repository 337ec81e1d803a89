//! Words of thanks: of the shop, of an advocate, and of a friend.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::{Language, MemberId};
use lojal_core::programme::starter;
use lojal_core::referrals::{Credit, Introduction};
use lojal_server::platform::consents::{Purpose, consent_add};
use lojal_server::platform::mail::Mailer;
use lojal_testing::mail_server;

use crate::pages::House;
use crate::pages_portal::{enrol, secret, signed_in};
use crate::shop::{Shop, put_order};

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
review = "none"
[earning.thanks]
name = { en = "Thanks for a friend", pl = "Dziękujemy za polecenie" }
on = "friend_qualified"
unit = "points"
points = 500
[earning.welcome]
name = { en = "Welcome, friend", pl = "Na dobry początek" }
on = "referred"
unit = "points"
points = 70
"#;

async fn open(mailer: Option<Mailer>) -> House {
    House::around(Shop::open_with(&format!("{}\n{EDITION}", starter(Language::En))).await, mailer).await
}

async fn come(house: &House, advocate: MemberId, friend: MemberId) {
    let now = house.shop.application.clock.now();
    let credits = vec![Credit { advocate, share: 100 }];
    let introduction = Introduction { referral: None, credits, touched_at: now, came_at: now, channel: None };
    house.shop.submit(friend, Command::Refer { introduction: Box::new(introduction) }).await.unwrap();
    house.shop.run_until_idle().await;
}

async fn order(house: &House, friend: MemberId, name: &str) {
    house.shop.submit(friend, put_order(name, OrderState::Paid, &[("1", 1, 25_000)])).await.unwrap();
    house.shop.run_until_idle().await;
}

#[tokio::test]
async fn thanks_are_passed_on_once_and_name_nobody() {
    let house = open(None).await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let ben = enrol(&house.shop, "ben", "ben@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let (adas, bens) = (signed_in(&house, &secret, "ada").await, signed_in(&house, &secret, "ben").await);
    assert!(!bens.get("/portal").await.text.contains("You were recommended"));
    come(&house, ada, ben).await;
    let first = bens.get("/portal").await.text;
    assert!(first.contains("You were recommended") && first.contains("70 points"), "{first}");
    let too_early = bens.post("/portal/thanks", &[("message", "1")]).await;
    assert_eq!(too_early.status, 404, "nothing counts yet");

    order(&house, ben, "o-1").await;
    let home = adas.get("/portal").await.text;
    assert!(home.contains("your recommendation counts. Thank you! For you: 500"), "{home}");
    assert_eq!(adas.post("/portal/thanks/seen", &[]).await.status, 303);
    assert!(!adas.get("/portal").await.text.contains("your recommendation counts"), "it is told once");

    // The friend thanks.
    assert!(bens.get("/portal").await.text.contains("Thank the person who recommended us"));
    for message in ["0", "4", "", "<b>"] {
        assert_eq!(bens.post("/portal/thanks", &[("message", message)]).await.status, 404, "{message}");
    }
    for _ in 0..2 {
        assert_eq!(bens.post("/portal/thanks", &[("message", "2")]).await.status, 303);
    }
    assert!(!bens.get("/portal").await.text.contains("Thank the person"), "once is enough");
    let home = adas.get("/portal").await.text;
    assert_eq!(home.matches("That was a good idea").count(), 1, "{home}");
    adas.post("/portal/thanks/seen", &[]).await;
    assert!(!adas.get("/portal").await.text.contains("That was a good idea"));

    // The advocate thanks, and the form names nobody.
    let page = adas.get("/portal/invite").await;
    let mark = page.between("name=\"friend\" value=\"", "\"").to_owned();
    assert!(mark.len() == 32 && !page.text.contains("mem_") && !page.text.contains("ben"), "{}", page.text);
    enrol(&house.shop, "eve", "eve@example.com").await;
    let eves = signed_in(&house, &secret, "eve").await;
    let not_hers = eves.post("/portal/invite/thanks", &[("friend", &mark), ("message", "1")]).await;
    assert_eq!(not_hers.status, 404, "a mark holds for one advocate");
    let thanked = adas.post("/portal/invite/thanks", &[("friend", &mark), ("message", "1")]).await;
    assert_eq!((thanked.status, thanked.location.as_str()), (303, "/portal/invite"));
    assert!(!adas.get("/portal/invite").await.text.contains("name=\"friend\""));
    let home = bens.get("/portal").await.text;
    assert!(home.contains("Thank you for coming by my recommendation!") && !home.contains("ada"), "{home}");

    // Who is erased has no words of thanks.
    house.shop.application.erase_member(ben).await.unwrap();
    house.shop.application.erase_member(ada).await.unwrap();
    assert_eq!(house.shop.count("referral_thanks").await, 0);
}

#[tokio::test]
async fn thanks_go_by_mail_to_whoever_agreed_to_letters() {
    let email = format!("thanked-{}@example.com", std::process::id());
    let mailer = Mailer::new(&mail_server().address(), "Klub Lojal <club@shop.example>").unwrap();
    let house = open(Some(mailer)).await;
    let ada = enrol(&house.shop, "ada", &email).await;
    let (_, secret) = secret(&house.shop).await;
    let application = &house.shop.application;
    let mut transaction = application.database.write_aside_in(ada.part()).await.unwrap();
    let now = application.clock.now();
    consent_add(&mut transaction, ada, Purpose::Email, true, now).await.unwrap();
    transaction.commit().await.unwrap();
    let ben = enrol(&house.shop, "ben", "ben@example.com").await;
    come(&house, ada, ben).await;
    order(&house, ben, "o-1").await;
    let bens = signed_in(&house, &secret, "ben").await;
    assert_eq!(bens.post("/portal/thanks", &[("message", "1")]).await.status, 303);
    let letter = mail_server().letter_to(&email).await;
    assert!(letter.subject.contains("thanks you"), "{}", letter.subject);
    for text in [&letter.text, &letter.html] {
        assert!(text.contains("Thank you for recommending it!") && !text.contains("ben"), "{text}");
    }
}

#[tokio::test]
async fn whoever_is_new_says_in_the_portal_who_recommended_the_shop() {
    const HERE: &str = "/portal/friend-code";
    let house = open(None).await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let ben = enrol(&house.shop, "ben", "ben@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let (adas, bens) = (signed_in(&house, &secret, "ada").await, signed_in(&house, &secret, "ben").await);
    adas.post("/portal/invite/link", &[]).await;
    adas.post("/portal/invite/name", &[("name", "Ada szyje")]).await;
    assert!(bens.get("/portal").await.text.contains(HERE));
    for (code, fault) in [("", "Something has to stand here"), ("?", "does not work"), ("nobodyhasit", "does not work")]
    {
        let refused = bens.post(HERE, &[("code", code)]).await;
        assert!(refused.status == 200 && refused.text.contains(fault), "{code}: {}", refused.text);
    }
    let own = adas.post(HERE, &[("code", "ada-szyje")]).await;
    assert!(own.text.contains("does not work"), "nobody recommends anything to themselves: {}", own.text);
    let taken = bens.post(HERE, &[("code", "ADA szyje")]).await;
    assert_eq!((taken.status, taken.location.as_str()), (303, "/portal"), "{}", taken.text);
    house.shop.run_until_idle().await;
    let known = house.shop.application.holder(ben.into()).await.unwrap().unwrap().referral.unwrap();
    assert_eq!(known.credits[0].advocate, ada);
    let home = bens.get("/portal").await.text;
    assert!(home.contains("You were recommended") && !home.contains(HERE), "{home}");
    assert_eq!(bens.post(HERE, &[("code", "ada-szyje")]).await.status, 404, "once is enough");
}
