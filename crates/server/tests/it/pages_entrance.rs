//! Passkeys: made, used and removed by a browser with an authenticator of software, and refused whenever anything is
//! not as it was asked.

use jiff::SignedDuration;
use lojal_testing::authenticator::{Authenticator, Fields, KeyKind, USER_PRESENT, USER_VERIFIED};
use serde_json::Value;

use crate::pages::{Browser, House, PASSWORD, Page};

const BEGIN: &str = "/console/sign-in/passkey/begin";
const HERE: &str = "/console/sign-in/passkey";
const MAKE: &str = "/console/account/passkeys";

async fn asked(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Value {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

async fn answer(browser: &Browser, path: &str, fields: &Fields, more: &[(&str, &str)]) -> Page {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    browser.post(path, &fields).await
}

/// Somebody who is signed in makes a passkey.
async fn make(house: &House, browser: &Browser, name: &str) -> Authenticator {
    let mut phone = Authenticator::new(KeyKind::Es256, &house.public);
    let options = asked(browser, &format!("{MAKE}/begin"), &[("name", name)]).await;
    let page = answer(browser, MAKE, &phone.make(&options), &[("name", name)]).await;
    assert_eq!((page.status, page.location.as_str()), (303, "/console/account"), "{}", page.text);
    phone
}

async fn sign_in(browser: &Browser, phone: &mut Authenticator) -> Page {
    let options = asked(browser, BEGIN, &[]).await;
    answer(browser, HERE, &phone.sign(&options), &[("next", "/console/account")]).await
}

#[tokio::test]
async fn a_passkey_is_a_whole_sign_in_and_the_second_step_after_a_password() {
    let house = House::named().await;
    let owner = house.owner().await;
    let other = house.browser();
    assert_eq!(
        other.sign_in("ewa@shop.example", PASSWORD).await.location,
        "/console",
        "the password alone, until then"
    );
    let mut phone = make(&house, &owner, "Phone <1>").await;
    assert_eq!(other.get("/console").await.status, 303, "whoever came in with the password alone is out");
    let account = owner.get("/console/account").await.text;
    assert!(account.contains("Phone &lt;1&gt;") && account.contains("1 passkey<") && account.contains("never"));

    let browser = house.browser();
    let options = asked(&browser, BEGIN, &[]).await;
    assert_eq!((&options["rpId"], &options["userVerification"]), (&"localhost".into(), &"required".into()));
    assert_eq!(options["allowCredentials"], serde_json::json!([]), "nobody learns what passkeys there are");
    let entered = answer(&browser, HERE, &phone.sign(&options), &[("next", "/console/account")]).await;
    assert_eq!((entered.status, entered.location.as_str()), (303, "/console/account"), "{}", entered.text);
    let actions = browser.get("/console/actions").await.text;
    assert!(actions.contains("signed in with a passkey") && actions.contains("added a passkey: Phone &lt;1&gt;"));

    let second = house.browser();
    let step = second.sign_in("ewa@shop.example", PASSWORD).await;
    assert!(step.status == 200 && step.text.contains("data-passkey=\"get\"") && !step.text.contains("name=\"code\""));
    assert_eq!(second.get("/console").await.status, 303, "the password alone is not enough");
    let ticket = step.between("name=\"ticket\" value=\"", "\"").to_owned();
    let forged = second.post(BEGIN, &[("ticket", &ticket.replacen('.', "0.", 1))]).await;
    assert!(forged.status == 422 && forged.text.contains("That took too long"), "{}", forged.text);
    let options = asked(&second, BEGIN, &[("ticket", &ticket)]).await;
    assert_eq!(options["allowCredentials"].as_array().unwrap().len(), 1);
    let handle = phone.handle.take();
    let entered = answer(&second, HERE, &phone.sign(&options), &[]).await;
    assert_eq!(entered.location, "/console", "a passkey that was named need not say whose it is: {}", entered.text);
    phone.handle = handle;
}

#[tokio::test]
async fn a_question_is_answered_once_in_time_and_by_the_browser_that_was_asked() {
    let house = House::named().await;
    let mut phone = make(&house, &house.owner().await, "Phone").await;
    let refused = |page: &Page, why: &str| assert!(page.status == 200 && page.text.contains(why), "{}", page.text);
    let late = "That took too long, or was begun in another browser.";

    let (browser, thief) = (house.browser(), house.browser());
    let options = asked(&browser, BEGIN, &[]).await;
    asked(&thief, BEGIN, &[]).await;
    let fields = phone.sign(&options);
    refused(&answer(&thief, HERE, &fields, &[]).await, late);
    assert_eq!(answer(&browser, HERE, &fields, &[]).await.status, 303);
    refused(&answer(&browser, HERE, &fields, &[]).await, late);
    refused(&answer(&house.browser(), HERE, &fields, &[]).await, late);

    let options = asked(&browser, BEGIN, &[]).await;
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_mins(5));
    refused(&answer(&browser, HERE, &phone.sign(&options), &[]).await, late);

    // Two pages open at once do not disturb each other.
    let (first, second) = (asked(&browser, BEGIN, &[]).await, asked(&browser, BEGIN, &[]).await);
    assert_eq!(answer(&browser, HERE, &phone.sign(&first), &[]).await.status, 303);
    assert_eq!(answer(&browser, HERE, &phone.sign(&second), &[]).await.status, 303);
    // A question of one kind is none of another.
    let making = asked(&browser, &format!("{MAKE}/begin"), &[("name", "x")]).await;
    refused(&answer(&browser, HERE, &phone.sign(&making), &[]).await, late);
    assert!(house.shop.count("entrance_challenge").await <= 2, "what is over is forgotten");
}

#[tokio::test]
async fn nothing_but_the_right_answer_opens_the_door() {
    let house = House::named().await;
    let mut phone = make(&house, &house.owner().await, "Phone").await;
    let browser = house.browser();
    let wrong = "The passkey was not accepted.";
    type Change = fn(&mut Authenticator);
    let changes: [Change; 5] = [
        |phone| phone.origin = "http://localhost:1".to_owned(),
        |phone| phone.host = "evil.example".to_owned(),
        |phone| phone.cross_origin = true,
        |phone| phone.flags = USER_PRESENT,
        |phone| phone.handle = Some(vec![1; 32]),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let before = (phone.origin.clone(), phone.host.clone(), phone.flags, phone.handle.clone());
        change(&mut phone);
        let page = sign_in(&browser, &mut phone).await;
        // After five attempts in a row it is too often.
        assert!(page.status == 200 && page.text.contains(wrong), "change {number}: {}", page.text);
        (phone.origin, phone.host, phone.flags, phone.handle) = before;
        phone.cross_origin = false;
    }
    phone.flags = 0;
    assert_eq!(sign_in(&browser, &mut phone).await.status, 429);
    assert_eq!(browser.get("/console").await.status, 303);
    for fields in [&[][..], &[("credential", "%"), ("client_data", "e30")], &[("client_data", "bm8")]] {
        let page = browser.post(HERE, fields).await;
        assert!(page.status == 200 && page.text.contains(wrong), "{fields:?} {}", page.text);
    }
    assert_eq!(browser.post_from_elsewhere(BEGIN, &[]).await.status, 403);
    phone.flags = USER_PRESENT | USER_VERIFIED;
    assert_eq!(sign_in(&browser, &mut phone).await.status, 303, "others' attempts keep nobody out");
}

#[tokio::test]
async fn a_passkey_that_counts_backwards_may_be_a_copy() {
    let house = House::named().await;
    let owner = house.owner().await;
    let mut phone = make(&house, &owner, "Phone").await;
    assert_eq!(sign_in(&house.browser(), &mut phone).await.status, 303);
    phone.counter = 0;
    let page = sign_in(&house.browser(), &mut phone).await;
    assert!(page.status == 200 && page.text.contains("there may be a copy of it"), "{}", page.text);
    assert!(owner.get("/console/actions").await.text.contains("whose counter went back (Phone)"));
    phone.counter = 1;
    assert_eq!(sign_in(&house.browser(), &mut phone).await.status, 303, "the one that goes on still does");
}

#[tokio::test]
async fn a_passkey_opens_one_account_and_only_as_long_as_it_may() {
    let house = House::named().await;
    let owner = house.owner().await;
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "analyst")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    let mut phone = make(&house, &adam, "Phone").await;
    // Ewa's second step is not done by Adam's passkey.
    make(&house, &owner, "Key").await;
    let step = house.browser();
    let ticket = step.sign_in("ewa@shop.example", PASSWORD).await.between("name=\"ticket\" value=\"", "\"").to_owned();
    let options = asked(&step, BEGIN, &[("ticket", &ticket)]).await;
    let page = answer(&step, HERE, &phone.sign(&options), &[]).await;
    assert!(page.text.contains("The passkey was not accepted."), "{}", page.text);
    // Nor is it made twice, nor by whoever was not asked.
    let options = asked(&owner, &format!("{MAKE}/begin"), &[("name", "Key")]).await;
    let known = answer(&owner, MAKE, &phone.make(&options), &[("name", "Key")]).await;
    assert!(known.text.contains("Somebody has this passkey already."), "{}", known.text);
    let options = asked(&owner, &format!("{MAKE}/begin"), &[("name", "Key")]).await;
    owner.keep("lojal_staff", &adam.cookie("lojal_staff").unwrap());
    let page = answer(&owner, MAKE, &phone.make(&options), &[("name", "Key")]).await;
    assert!(page.text.contains("That took too long"), "asked of Ewa, answered by Adam: {}", page.text);

    let owner = house.browser();
    let mut key = Authenticator::new(KeyKind::EdDsa, &house.public);
    let mut phone = make(&house, &adam, "Phone 2").await;
    assert!(sign_in(&owner, &mut key).await.text.contains("This passkey opens no account here."));
    let ewa = owner_again(&house).await;
    let page = ewa.get("/console/team").await;
    assert!(page.text.contains("<span class=\"badge\">passkeys</span>"));
    let id = page.between("action=\"/console/team/", "/role").to_owned();
    assert_eq!(ewa.post(&format!("/console/team/{id}/access"), &[]).await.status, 303);
    let page = sign_in(&house.browser(), &mut phone).await;
    assert!(page.text.contains("This passkey opens no account here."), "who is shut out: {}", page.text);
    assert_eq!(ewa.post(&format!("/console/team/{id}/access"), &[]).await.status, 303);
    assert_eq!(ewa.post(&format!("/console/team/{id}/steps"), &[]).await.status, 303);
    let page = sign_in(&house.browser(), &mut phone).await;
    assert!(page.text.contains("This passkey opens no account here."), "who has lost it: {}", page.text);
    assert_eq!(house.browser().sign_in("adam@shop.example", &handed).await.location, "/console");
}

/// The owner, once the passkey is gone.
async fn owner_again(house: &House) -> Browser {
    house.shop.tamper("delete from passkey where name = 'Key'").await;
    let browser = house.browser();
    assert_eq!(browser.sign_in("ewa@shop.example", PASSWORD).await.location, "/console");
    browser
}

#[tokio::test]
async fn passkeys_are_added_and_removed_by_whoever_has_just_said_who_they_are() {
    let house = House::named().await;
    let owner = house.owner().await;
    make(&house, &owner, "Phone").await;
    house.shop.clock.set(house.shop.clock.now() + SignedDuration::from_mins(11));
    let begin = format!("{MAKE}/begin");
    let refused = owner.post(&begin, &[("name", "Laptop"), ("own_password", "not the right one")]).await;
    assert!(refused.status == 422 && refused.text.contains("This is not your password."), "{}", refused.text);
    let nameless = owner.post(&begin, &[("own_password", PASSWORD)]).await;
    assert!(nameless.status == 422 && nameless.text.contains("Something has to stand here."));
    let options = asked(&owner, &begin, &[("name", "Laptop"), ("own_password", PASSWORD)]).await;
    assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1, "the same device is not asked twice");
    let mut laptop = Authenticator::new(KeyKind::Rs256, &house.public);
    assert_eq!(answer(&owner, MAKE, &laptop.make(&options), &[("name", "Laptop")]).await.status, 303);

    let page = owner.get("/console/account").await;
    assert!(page.text.contains("2 passkeys<") && page.text.contains("You signed in more than ten minutes ago."));
    let mark = page.between("name=\"passkey_mark\" value=\"", "\"").to_owned();
    let remove = "/console/account/passkeys/remove";
    let refused = owner.post(remove, &[("passkey_mark", &mark), ("own_password", "not the right one")]).await;
    assert!(refused.text.contains("This is not your password.") && refused.text.contains("2 passkeys<"));
    let other = house.browser();
    assert_eq!(sign_in(&other, &mut laptop).await.status, 303);
    assert_eq!(owner.post(remove, &[("passkey_mark", &mark), ("own_password", PASSWORD)]).await.status, 303);
    assert_eq!(other.get("/console").await.status, 303, "others are out");
    assert_eq!(owner.post(remove, &[("passkey_mark", &mark), ("own_password", PASSWORD)]).await.status, 404);
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains("removed a passkey: Phone"), "{actions}");
}

#[tokio::test]
async fn where_there_can_be_no_passkeys_the_page_says_why() {
    let house = House::open().await;
    let owner = house.owner().await;
    let account = owner.get("/console/account").await.text;
    assert!(account.contains("Passkeys need an https address with a name") && !account.contains("data-passkey"));
    assert!(!house.browser().get("/console/sign-in").await.text.contains("data-passkey"));
    assert_eq!(house.browser().post(BEGIN, &[]).await.status, 404);
    assert_eq!(owner.post("/console/account/passkeys/begin", &[("name", "x")]).await.status, 404);
}

#[tokio::test]
async fn a_passkey_for_another_host_shuts_nobody_out() {
    let house = House::named().await;
    let owner = house.owner().await;
    make(&house, &owner, "Phone").await;
    house.shop.tamper("update passkey set relying_party = 'old.example'").await;
    assert!(owner.get("/console/account").await.text.contains("for old.example"));
    assert_eq!(house.browser().sign_in("ewa@shop.example", PASSWORD).await.location, "/console");
}

#[tokio::test]
async fn whoever_tries_from_one_place_is_one_however_the_address_is_written() {
    let house = House::named().await;
    house.owner().await;
    let browser = house.browser();
    let attempt = async |number: usize, client: &str| {
        let email = format!("somebody-{number}@shop.example");
        browser.post_for("/console/sign-in", &[("email", &email), ("password", "x")], client).await.status
    };
    for number in 0..40 {
        let client = if number % 2 == 0 { "198.51.100.7" } else { "::ffff:198.51.100.7" };
        assert_eq!(attempt(number, client).await, 200, "{number}");
    }
    assert_eq!(attempt(40, "::ffff:198.51.100.7").await, 429);
    assert_eq!(attempt(41, "198.51.100.7").await, 429);
    assert_eq!(attempt(42, "198.51.100.8").await, 200, "a neighbour is somebody else");
    for number in 0..40 {
        assert_eq!(attempt(number + 100, &format!("2001:db8:1:2::{number:x}")).await, 200, "{number}");
    }
    assert_eq!(attempt(140, "2001:db8:1:2:ffff::1").await, 429, "all of one network");
    assert_eq!(attempt(141, "2001:db8:1:3::1").await, 200);
}
