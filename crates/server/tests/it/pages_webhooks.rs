//! Webhooks in the console: added, tested, looked into, sent once more.

use lojal_server::webhooks::{Reach, Webhooks};

use crate::pages::House;
use crate::webhooks::{Manner, Receiver};

const HERE: &str = "/console/webhooks";

#[tokio::test]
async fn an_endpoint_is_added_tested_changed_and_taken_away() {
    let house = House::open().await;
    let owner = house.owner().await;
    let webhooks = Webhooks::new(house.shop.application.clone(), Reach::Private).unwrap();
    assert!(owner.get(HERE).await.text.contains("Nobody is told anything yet."));
    assert!(owner.get(&format!("{HERE}/events")).await.text.contains("points.earned"));
    // What was typed stays, and what is wrong stands beside it.
    let typed = [("url", "http://<shop>.example.com"), ("description", "Shop & co"), ("points.earned", "yes")];
    let refused = owner.post(HERE, &typed).await;
    assert!(refused.text.contains("This is no address.") && refused.text.contains("value=\"Shop &amp; co\""));
    assert!(refused.text.contains("name=\"points.earned\" value=\"yes\" checked"), "{}", refused.text);
    for (url, said) in
        [("http://shop.example.com/", "has to begin with https"), ("https://10.0.0.1/", "leads into a private network")]
    {
        assert!(owner.post(HERE, &[("url", url), ("all", "yes")]).await.text.contains(said), "{url}");
    }
    let nothing = owner.post(HERE, &[("url", "https://shop.example.com/")]).await;
    assert!(nothing.text.contains("Choose some events, or all."));
    let once = refused.between("name=\"once\" value=\"", "\"");
    let fields = [
        ("once", once),
        ("url", "https://shop.example.com/hooks"),
        ("description", "Shop & co"),
        ("member.joined", "yes"),
    ];
    let made = owner.post(HERE, &fields).await;
    let secret = made.between("<p><code>", "</code></p>").replace("&#x2f;", "/");
    assert!(secret.starts_with("whsec_"), "{}", made.text);
    // The same form makes no second one.
    let again = owner.post(HERE, &fields).await;
    assert_eq!(again.between("<p><code>", "</code></p>"), made.between("<p><code>", "</code></p>"));
    let endpoint = format!("{HERE}/{}", made.between("action=\"/console/webhooks/", "/test"));
    let page = owner.get(&endpoint).await;
    assert!(!page.text.contains("whsec_") && page.text.contains("Nothing has been sent yet."), "{}", page.text);
    let sealed = house.shop.count("webhook_endpoint where part = 0").await;
    assert_eq!(sealed, 1);

    let receiver = Receiver::open().await;
    house.shop.tamper(&format!("update webhook_endpoint set url = '{}'", receiver.url)).await;
    let test = owner.post(&format!("{endpoint}/test"), &[]).await;
    assert!(owner.get(&test.location).await.text.contains("Nothing has been tried yet."));
    webhooks.run_until_idle().await.unwrap();
    let tested = owner.get(&test.location).await;
    assert!(receiver.seen()[0].is_signed_by(&secret));
    assert!(tested.text.contains("taken") && tested.text.contains("200") && tested.text.contains("&lt;b&gt;"));
    assert!(owner.get(HERE).await.text.contains("100%"));

    // What fails is told of, found by its state, and sent once more.
    receiver.answer(Manner { status: 500, ..Manner::default() });
    house.shop.enrol("ada").await;
    webhooks.run_until_idle().await.unwrap();
    let page = owner.get(&format!("{endpoint}?state=waiting&type=member.joined")).await;
    assert!(page.text.contains("It has taken nothing since") && page.text.contains(">500<"), "{}", page.text);
    assert!(owner.get(&format!("{endpoint}?state=dead")).await.text.contains("There is nothing like this."));
    house.shop.tamper("update webhook_delivery set state = 'dead', due_at = null where kind = 'member.joined'").await;
    assert!(owner.get(&endpoint).await.text.contains("1 given up"));
    receiver.answer(Manner::default());
    assert_eq!(owner.post(&format!("{endpoint}/replay-dead"), &[]).await.status, 303);
    webhooks.run_until_idle().await.unwrap();
    assert_eq!(receiver.seen().len(), 3);
    assert!(owner.post(&format!("{endpoint}/replay"), &[("since", "soon")]).await.text.contains("Say from which day"));
    owner.post(&format!("{endpoint}/replay"), &[("since", "2026-05-04")]).await;
    assert!(owner.get(&endpoint).await.text.contains("is being put together"));
    assert_eq!(owner.post(&format!("{endpoint}/replay-stop"), &[]).await.status, 303);
    assert!(!owner.get(&endpoint).await.text.contains("is being put together"));
    owner.post(&format!("{endpoint}/replay"), &[("since", "2026-05-04")]).await;
    webhooks.run_until_idle().await.unwrap();
    assert_eq!(receiver.seen().len(), 4);
    let one = owner.get(&endpoint).await.between("/deliveries/", "\"").to_owned();
    owner.post(&format!("{endpoint}/deliveries/{one}/replay"), &[]).await;
    webhooks.run_until_idle().await.unwrap();
    assert_eq!(receiver.seen().len(), 5);
    assert_eq!(owner.get(&format!("{endpoint}/deliveries/evt_0000000000000-0")).await.status, 404);

    let once = owner.get(&endpoint).await.between("name=\"once\" value=\"", "\"").to_owned();
    let rotated = owner.post(&format!("{endpoint}/secret"), &[("once", &once)]).await;
    // The same form shows the same secret, and another one makes none.
    let again = owner.post(&format!("{endpoint}/secret"), &[("once", &once)]).await;
    assert_eq!(again.between("<p><code>", "</code></p>"), rotated.between("<p><code>", "</code></p>"));
    assert_eq!(owner.post(&format!("{endpoint}/secret"), &[("once", "another")]).await.status, 303);
    assert!(!owner.get(&endpoint).await.text.contains("/secret\""));
    assert!(
        rotated.text.contains("whsec_") && !rotated.text.contains(&secret) && rotated.text.contains("signs as well")
    );
    let changed = owner.post(&endpoint, &[("url", "https://b.example/"), ("all", "yes")]).await;
    assert_eq!(changed.status, 303, "{}", changed.text);
    owner.post(&format!("{endpoint}/disable"), &[]).await;
    assert!(owner.get(&endpoint).await.text.contains("because somebody disabled it"));
    owner.post(&format!("{endpoint}/enable"), &[]).await;
    owner.post("/language", &[("language", "pl"), ("back", HERE)]).await;
    let list = owner.get(HERE).await;
    assert!(list.text.contains("https:&#x2f;&#x2f;b.example&#x2f;") && list.text.contains("działa"), "{}", list.text);
    assert_eq!(owner.post(&format!("{endpoint}/delete"), &[]).await.status, 303);
    assert_eq!(owner.get(&endpoint).await.status, 404);
    let log = owner.get("/console/actions").await.text;
    for action in ["dodanie", "zmiana", "włączenie", "wyłączenie", "usunięcie"] {
        assert!(log.contains(&format!("{action} odbiorcy webhooków")), "{action}");
    }
}

#[tokio::test]
async fn only_owners_see_who_is_told_and_what_the_house_did_stands_in_the_log() {
    let house = House::open().await;
    let owner = house.owner().await;
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "manager")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    for path in ["", "/new", "/events", "/whe_0000000000000"] {
        assert_eq!(adam.get(&format!("{HERE}{path}")).await.status, 403);
    }
    assert_eq!(adam.post(HERE, &[("url", "https://a.example/"), ("all", "yes")]).await.status, 403);
    let webhooks = Webhooks::new(house.shop.application.clone(), Reach::Private).unwrap();
    let receiver = Receiver::open().await;
    receiver.answer(Manner { status: 410, ..Manner::default() });
    let form = owner.get(&format!("{HERE}/new")).await;
    let once = form.between("name=\"once\" value=\"", "\"");
    let fields = [("once", once), ("url", "https://shop.example.com/"), ("all", "yes")];
    assert_eq!(owner.post(HERE, &fields).await.status, 200);
    // Gone back to and sent with another address in it, it is another one.
    let others = [("once", once), ("url", "https://other.example.com/"), ("all", "yes")];
    let other = owner.post(HERE, &others).await;
    assert_eq!(house.shop.count("webhook_endpoint").await, 2);
    let address = format!("{HERE}/{}", other.between("action=\"/console/webhooks/", "/test"));
    owner.post(&format!("{address}/delete"), &[]).await;
    assert_eq!(owner.post(HERE, &others).await.location, HERE, "what was taken away stays away");
    house.shop.tamper(&format!("update webhook_endpoint set url = '{}'", receiver.url)).await;
    house.shop.enrol("ada").await;
    webhooks.run_until_idle().await.unwrap();
    let log = owner.get("/console/actions").await.text;
    assert!(log.contains("by itself") && log.contains("disabled an endpoint of webhooks"), "{log}");
    assert!(owner.get(HERE).await.text.contains("disabled: it is gone"));
}
