//! A person with several accounts in their own pages: each name and address of theirs lets them in, and nobody else.

use lojal_core::activity::Value as Known;
use lojal_core::command::Command;
use lojal_core::kernel::MemberId;
use lojal_server::platform::cards::{CardNumber, Hand};
use lojal_server::platform::consents::{Purpose, consent_add};
use lojal_server::platform::likeness::Likeness;
use lojal_server::platform::visitors::{CodeRequest, code_write};
use lojal_testing::mail_server;
use serde_json::{Value, json};

use crate::pages::{Browser, House};
use crate::pages_portal::{by_mail, digits, enrol, secret, signed_in};
use crate::shop::{Shop, adjust, redeem};

/// Merges as the engine does, without what goes with it.
async fn merge(shop: &Shop, survivor: MemberId, account: MemberId) {
    shop.submit(survivor, Command::Merge { account }).await.unwrap();
    shop.run_until_idle().await;
    let row = shop.application.member(account).await.unwrap().unwrap();
    assert_eq!(shop.application.survivor(row).await.unwrap().id, survivor);
}

async fn give_card(shop: &Shop, member: MemberId, number: &str) {
    let application = &shop.application;
    let mut transaction = application.database.write_aside().await.unwrap();
    let number = CardNumber::parse(number).unwrap();
    Hand { application, staff: None }.give(&mut transaction, member, &number).await.unwrap().unwrap();
    transaction.commit().await.unwrap();
}

/// Whose pages a browser shows, by the address on them; nothing where nobody is signed in.
async fn is_signed_in_as(browser: &Browser, email: &str) -> bool {
    let page = browser.get("/portal/account").await;
    page.status == 200 && page.text.contains(email)
}

#[tokio::test]
async fn the_address_of_an_account_lets_its_person_in() {
    let old = format!("old-{}@example.com", std::process::id());
    let house = by_mail(&["old"], &old).await;
    let shop = &house.shop;
    let account = shop.application.member_by_external_id("old").await.unwrap().unwrap().id;
    let ada = enrol(shop, "ada", "ada@example.com").await;
    enrol(shop, "bob", "bob@example.com").await;
    let ask = async |browser: &Browser| -> (String, String) {
        let asked = browser.post("/portal/sign-in", &[("email", &old)]).await;
        let ticket = asked.between("name=\"ticket\" value=\"", "\"").to_owned();
        (ticket, digits(&mail_server().letter_to(&old).await.subject).pop().unwrap())
    };
    // One asks before the accounts are merged, the other one after.
    let (early, late) = (house.browser(), house.browser());
    let before = ask(&early).await;
    merge(shop, ada, account).await;
    let after = ask(&late).await;
    for (browser, (ticket, code)) in [(&early, &before), (&late, &after)] {
        let entered = browser.post("/portal/sign-in/code", &[("ticket", ticket), ("code", code)]).await;
        assert_eq!((entered.status, entered.location.as_str()), (303, "/portal"), "{}", entered.text);
        assert!(is_signed_in_as(browser, "ada@example.com").await);
        assert!(browser.cookie("lojal_member").unwrap().starts_with(&format!("{ada}.")), "the session is the member's");
    }
    assert!(!mail_server().has_letter_to(&old), "one letter to one person");

    // Once the member has left, the address of the account opens nothing either.
    shop.submit(ada, Command::Leave).await.unwrap();
    assert!(!is_signed_in_as(&late, "ada@example.com").await);
    let ticket = CodeRequest::begin(&shop.application, &old).await.unwrap().ticket;
    let code = code_write(&shop.application, &ticket, &old, Some(account)).await.unwrap().unwrap();
    let refused = house.browser().post("/portal/sign-in/code", &[("ticket", &ticket), ("code", &code)]).await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn a_token_of_an_account_lets_its_person_in_and_its_sessions_end() {
    let house = House::open().await;
    let shop = &house.shop;
    let old = enrol(shop, "old", "old@example.com").await;
    let ada = enrol(shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(shop).await;
    let before = signed_in(&house, &secret, "old").await;
    assert!(is_signed_in_as(&before, "old@example.com").await);
    merge(shop, ada, old).await;
    assert_eq!(before.get("/portal").await.status, 303, "whoever was signed in comes in anew");
    let after = signed_in(&house, &secret, "old").await;
    assert!(is_signed_in_as(&after, "ada@example.com").await);
}

#[tokio::test]
async fn whoever_takes_their_data_along_takes_those_of_every_account() {
    let house = House::open().await;
    let shop = &house.shop;
    let (first, old) = (enrol(shop, "first", "first@example.com").await, enrol(shop, "old", "old@example.com").await);
    let ada = enrol(shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(shop).await;
    shop.submit(first, adjust(500)).await.unwrap();
    let taken = shop.submit(first, redeem("coupon-10")).await.unwrap();
    give_card(shop, first, "KL-260078").await;
    let mut transaction = shop.application.database.write_aside_in(first.part()).await.unwrap();
    consent_add(&mut transaction, first, Purpose::ALL[0], true, shop.clock.now()).await.unwrap();
    transaction.commit().await.unwrap();
    shop.accept_terms(first).await;
    let mut profile = shop.application.holder(first.into()).await.unwrap().unwrap().profile;
    profile.segments.insert("wholesale".into());
    profile.attributes.insert("pet".into(), Known::Text("cat".into()));
    shop.submit(first, Command::UpdateProfile { profile }).await.unwrap();
    merge(shop, old, first).await;
    merge(shop, ada, old).await;

    let browser = signed_in(&house, &secret, "ada").await;
    let data = browser.get("/portal/account/data").await;
    let known: Value = serde_json::from_str(&data.text).unwrap();
    assert_eq!(known["cards"][0]["number"], "KL260078");
    let accounts = known["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 2);
    let account = |id: MemberId| accounts.iter().find(|known| known["account"]["id"] == id.to_string()).unwrap();
    let (first, old) = (account(first), account(old));
    assert_eq!(first["account"]["external_id"], "first");
    assert_eq!(first["account"]["person"]["email"], "first@example.com");
    assert_eq!(
        (&first["account"]["segments"][0], &first["account"]["attributes"]["pet"]),
        (&json!("wholesale"), &json!("cat"))
    );
    assert_eq!(first["terms_acceptances"][0]["version"], 1);
    assert_eq!(
        (&old["terms_acceptances"], &known["terms_acceptances"]),
        (&json!([]), &json!([])),
        "nobody else accepted any"
    );
    assert_eq!((first["consents"].as_array().unwrap().len(), old["consents"].as_array().unwrap().len()), (1, 0));
    let transactions = first["transactions"].as_array().unwrap();
    let voucher = transactions.iter().find(|done| done["id"] == taken.transaction.to_string()).unwrap();
    assert!(voucher.to_string().contains("CLUB"), "the voucher is told of: {voucher:#}");
    assert!(!known["transactions"].to_string().contains("coupon-10"), "each story stays with its account");
}

#[tokio::test]
async fn whoever_is_forgotten_is_forgotten_under_each_account() {
    let house = House::open().await;
    let shop = &house.shop;
    let (first, old) = (enrol(shop, "first", "first@example.com").await, enrol(shop, "old", "old@example.com").await);
    let ada = enrol(shop, "ada", "ada@example.com").await;
    let bob = enrol(shop, "bob", "bob@example.com").await;
    for (member, number) in [(first, "KL-1001"), (old, "KL-1002"), (ada, "KL-1003"), (bob, "KL-1004")] {
        give_card(shop, member, number).await;
    }
    merge(shop, old, first).await;
    merge(shop, ada, old).await;
    let owner = house.owner().await;
    let page = owner.get(&format!("/console/members/{ada}")).await;
    for number in ["KL1001", "KL1002", "KL1003"] {
        assert!(page.text.contains(number), "{number}: {}", page.text);
    }
    let once = page.between("name=\"once\" value=\"", "\"").to_owned();
    let fields = [("once", once.as_str()), ("sure", "yes")];
    let erased = owner.post(&format!("/console/members/{ada}/erase"), &fields).await;
    assert_eq!(erased.status, 303, "{}", erased.text);
    for (member, name) in [(first, "first"), (old, "old"), (ada, "ada")] {
        assert_eq!(shop.application.identity(member).await.unwrap(), None, "{name}");
        assert!(shop.application.member(member).await.unwrap().unwrap().is_erased(), "{name}");
        assert!(shop.application.member_by_external_id(name).await.unwrap().is_none(), "{name}");
        assert!(shop.application.members_with_address(&format!("{name}@example.com")).await.unwrap().is_empty());
    }
    assert_eq!(shop.count("loyalty_card").await, 1, "that of somebody else stays");
    assert_eq!(shop.count("identity").await, 1);
    shop.assert_audited().await;
}

#[tokio::test]
async fn a_form_that_comes_again_after_the_accounts_were_merged_does_nothing() {
    let house = House::open().await;
    let shop = &house.shop;
    let (old, ada) = (enrol(shop, "old", "old@example.com").await, enrol(shop, "ada", "ada@example.com").await);
    let household = shop.application.open_household(None, false).await.unwrap().holder;
    shop.submit(old, Command::JoinHousehold { household }).await.unwrap();
    shop.run_until_idle().await;
    let owner = house.owner().await;
    let here = format!("/console/members/{old}");
    let once = owner.get(&here).await.between("name=\"once\" value=\"", "\"").to_owned();
    let fields = [("once", once.as_str()), ("direction", "give"), ("amount", "70"), ("reason", "A present")];
    let send = async |whose: MemberId| {
        let done = owner.post(&format!("{here}/adjust"), &fields).await;
        let there = format!("/console/members/{whose}?done=adjusted");
        assert_eq!((done.status, done.location), (303, there), "{}", done.text);
    };
    send(old).await;
    merge(shop, ada, old).await;
    // The member whose account it was is shown.
    send(ada).await;
    shop.run_until_idle().await;
    assert_eq!(shop.available(ada).await, 50 + 50 + 70);
    let actions = owner.get("/console/actions").await.text;
    assert_eq!(actions.matches("+70 points").count(), 1, "{actions}");
}

#[tokio::test]
async fn who_is_like_an_account_is_like_its_member() {
    let house = House::open().await;
    let shop = &house.shop;
    let old = enrol(shop, "old", "shared@example.com").await;
    let ada = enrol(shop, "ada", "ada@example.com").await;
    let bob = enrol(shop, "bob", "shared@example.com").await;
    merge(shop, ada, old).await;
    let application = &shop.application;
    let like = async |member: MemberId| {
        let person = application.identity(member).await.unwrap().unwrap();
        let alike = application.members_like(member, &person, None).await.unwrap();
        alike.into_iter().map(|alike| (alike.member.id, alike.in_what.into_iter().collect())).collect::<Vec<_>>()
    };
    assert_eq!(like(bob).await, [(ada, vec![Likeness::Address])]);
    assert_eq!(like(ada).await, []);
    let found: Vec<MemberId> = application
        .members_with_address("shared@example.com")
        .await
        .unwrap()
        .into_iter()
        .map(|(member, _)| member.id)
        .collect();
    assert_eq!(found, [bob, ada], "one after the other, the newest account first");
}
