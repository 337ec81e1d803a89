//! The draft tried on the shop's own past, from the console.

use std::time::Duration;

use lojal_core::kernel::{Language, Part};
use lojal_core::programme::starter;

use crate::pages::{Browser, House, PASSWORD, Page};

const HERE: &str = "/console/programme/simulations";

/// Keeps a draft by the button that leads here.
async fn draft(browser: &Browser, document: &str) {
    let kept = browser.get("/console/programme/draft").await;
    let base = kept.between("name=\"base\" value=\"", "\"").to_owned();
    let tried = browser.post("/console/programme/draft/try", &[("document", document), ("base", base.as_str())]).await;
    assert_eq!((tried.status, tried.location.as_str()), (303, HERE), "{}", tried.text);
}

/// The page of a simulation that has been begun, once it is done.
async fn done(browser: &Browser, address: &str) -> Page {
    loop {
        let piece = browser.get(&format!("{address}/progress")).await;
        assert_eq!(piece.status, 200);
        if !piece.text.contains("data-poll") {
            return browser.get(address).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_draft_is_tried_on_the_past_and_told_in_both_languages() {
    let house = House::open().await;
    let owner = house.owner().await;
    assert!(owner.get(HERE).await.text.contains("Nobody is a member yet"));
    house.shop.live_a_little().await;
    owner.sign_in("ewa@shop.example", PASSWORD).await;
    assert!(owner.get(HERE).await.text.contains("There is no draft."));

    let generous = starter(Language::En).replace("rate = 1\n", "rate = 2\n");
    draft(&owner, &generous).await;
    assert!(owner.get(HERE).await.text.contains("Try the draft"));
    let begun = owner.post(HERE, &[]).await;
    assert!(begun.status == 303 && begun.location.starts_with(&format!("{HERE}/")), "{begun:?}");
    let page = done(&owner, &begun.location).await;
    for told in ["The Club", "<svg class=\"chart\"", "Points", "Liability", "your shop’s own past"] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert!(!page.text.contains("style="), "nothing that the page's policy would keep out");
    owner.post("/language", &[("language", "pl"), ("back", HERE)]).await;
    let page = owner.get(&begun.location).await;
    assert!(page.text.contains("historia tego sklepu") && page.text.contains("Pliki do pobrania"), "{}", page.text);
    assert!(owner.get(HERE).await.text.contains("gotowa"));

    let json = owner.get(&format!("{}/files/simulation.json", begun.location)).await;
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    let issued = |side: &str| json[side]["outcome"]["units"][0]["flow"]["issued"].as_i64().unwrap();
    assert!(issued("tried") > issued("against") && issued("against") > 0, "{json:#}");
    let table = owner.get(&format!("{}/files/months.csv", begun.location)).await;
    assert!(table.text.starts_with("side,month,") && table.headers["content-disposition"] == "attachment");
    assert_eq!(owner.get(&format!("{}/files/passwords.csv", begun.location)).await.status, 404);
    assert_eq!(owner.get(&format!("{HERE}/7")).await.status, 404);
}

#[tokio::test]
async fn what_is_in_the_way_is_said_and_an_analyst_only_looks() {
    let house = House::open().await;
    house.shop.live_a_little().await;
    let owner = house.owner().await;
    draft(&owner, starter(Language::En)).await;
    assert!(owner.get(HERE).await.text.contains("The draft says what is in force already."));
    draft(&owner, &starter(Language::En).replace("per = \"1.00\"", "per = \"0.00\"")).await;
    assert!(owner.get(HERE).await.text.contains("1 mistake in the draft must be mended first."));
    let nothing = owner.post(HERE, &[]).await;
    assert_eq!((nothing.status, nothing.location.as_str()), (303, HERE));
    draft(&owner, &starter(Language::En).replace("currency = \"PLN\"", "currency = \"EUR\"")).await;
    assert!(owner.get(HERE).await.text.contains("reckons in other money"));
    draft(&owner, &starter(Language::En).replace("rate = 1\n", "rate = 2\n")).await;

    let fields = [("name", "Ola"), ("email", "ola@shop.example"), ("role", "analyst")];
    let added = owner.post("/console/team", &fields).await;
    let password = added.between("<code>", "</code>").to_owned();
    let analyst = house.browser();
    let signed_in = analyst.sign_in("ola@shop.example", &password).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.text);
    let page = analyst.get(HERE).await;
    assert!(page.text.contains("Somebody who runs the programme may begin.") && !page.text.contains("Try the draft"));
    assert_eq!(analyst.post(HERE, &[]).await.status, 403);
}

#[tokio::test]
async fn one_that_is_under_way_is_watched_stopped_and_given_up() {
    let house = House::open().await;
    house.shop.live_a_little().await;
    let owner = house.owner().await;
    draft(&owner, &starter(Language::En).replace("rate = 1\n", "rate = 2\n")).await;
    let address = owner.post(HERE, &[]).await.location;
    done(&owner, &address).await;
    let change = async |set: &str| {
        let part = Part::PROGRAMME.number();
        house.shop.tamper(&format!("update task set {set} where part = {part}")).await;
    };
    change("state = 'running', progress = 420").await;
    assert!(owner.get(HERE).await.text.contains("A simulation is under way."));
    assert_eq!(owner.post(HERE, &[]).await.location, HERE, "one at a time");
    let page = owner.get(&address).await;
    assert!(
        page.text.contains("42% of the past is gone through.") && page.text.contains("http-equiv=\"refresh\""),
        "{}",
        page.text
    );
    owner.post(&format!("{address}/stop"), &[]).await;
    assert!(owner.get(&address).await.text.contains("It is being stopped."));
    // Nobody has heard of it for a minute: its process is gone.
    change("seen_at = seen_at - 61000000").await;
    assert!(owner.get(&address).await.text.contains("did not come to its end"));
    assert!(owner.get(HERE).await.text.contains("Try the draft"));
}
