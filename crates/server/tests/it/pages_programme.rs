//! The programme in the console: read by all, drafted, checked and published by managers.

use lojal_core::kernel::Language;
use lojal_core::programme::starter;

use crate::pages::{Browser, House, Page};

const DRAFT: &str = "/console/programme/draft";

async fn publish(browser: &Browser, document: &str, fields: &[(&str, &str)]) -> Page {
    let base = base(browser).await;
    let all: Vec<(&str, &str)> =
        [("document", document), ("base", base.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post("/console/programme/draft/publish", &all).await
}

async fn base(browser: &Browser) -> String {
    browser.get(DRAFT).await.between("name=\"base\" value=\"", "\"").to_owned()
}

#[tokio::test]
async fn the_programme_is_read_in_sentences_and_changed_by_a_draft() {
    let house = House::open().await;
    let owner = house.owner().await;
    let page = owner.get("/console/programme").await;
    assert!(page.text.contains("Version 1") && page.text.contains("in force"), "{}", page.text);
    assert!(page.text.contains("1 point for each") && !page.text.contains("Choose a beginning"));

    let dearer = starter(Language::En).replace("price = 500\n", "price = 600\n");
    let kept = owner.post(DRAFT, &[("document", &dearer.replace('\n', "\r\n")), ("base", &base(&owner).await)]).await;
    assert!(kept.text.contains("The draft is kept.") && kept.text.contains("becomes dearer: 500 points → 600 points"));
    assert!(kept.text.contains("price = 600"), "what was typed stands there");
    assert!(owner.get("/console/programme").await.text.contains("Go on with the draft"));

    let refused = publish(&owner, &dearer, &[]).await;
    assert!(refused.text.contains("part of it is worse for members. State a date"), "{}", refused.text);
    let late = publish(&owner, &dearer, &[("effective", "2020-01-01")]).await;
    assert!(late.text.contains("A day that is still to come, please.") && late.text.contains("value=\"2020-01-01\""));
    let published = publish(&owner, &dearer, &[("effective", "2026-12-24")]).await;
    assert_eq!(published.location, "/console/programme/versions/2", "{}", published.text);
    let version = owner.get("/console/programme/versions/2").await;
    assert!(version.text.contains("becomes dearer") && version.text.contains("price = 600"));
    let page = owner.get("/console/programme").await;
    assert!(page.text.contains("24 December 2026") && page.text.contains("waits"));
    assert!(page.text.contains("Change the programme"), "the draft is gone with its publication");
    assert!(owner.get("/console/actions").await.text.contains("published a version of the programme: 2"));
    assert_eq!(owner.get("/console/programme/versions/9").await.status, 404);
}

#[tokio::test]
async fn a_draft_is_judged_while_it_is_typed() {
    let house = House::open().await;
    let owner = house.owner().await;
    let broken = starter(Language::En).replace("per = \"1.00\"", "per = \"0.00\"");
    let judged = owner.post("/console/programme/draft/check", &[("document", &broken)]).await;
    assert!(judged.text.contains("1 mistake keeps this from being published."), "{}", judged.text);
    assert!(
        judged.text.contains("Line ") && judged.text.contains("&#x2f;earning&#x2f;spend&#x2f;per"),
        "{}",
        judged.text
    );
    assert!(!judged.text.contains("<html"), "only the piece below the text");
    owner.post("/language", &[("language", "pl"), ("back", "/console/programme/draft")]).await;
    let judged = owner.post("/console/programme/draft/check", &[("document", &broken)]).await;
    assert!(judged.text.contains("liczba 0 wykracza poza zakres"), "{}", judged.text);
    owner.post("/language", &[("language", "en"), ("back", "/console/programme/draft")]).await;
    let refused = publish(&owner, &broken, &[]).await;
    assert!(refused.text.contains("It was not published: there are mistakes."));
    let angry = starter(Language::En).replace("en = \"The Club\"", "en = \"<script>alert(1)</script>\"");
    let page = owner.post("/console/programme/draft/check", &[("document", &angry)]).await;
    assert!(!page.text.contains("<script>"), "{}", page.text);
}

#[tokio::test]
async fn a_draft_that_somebody_else_changed_is_not_overwritten() {
    let house = House::open().await;
    let owner = house.owner().await;
    let base = base(&owner).await;
    let (first, second) = (starter(Language::Pl), starter(Language::En).replace("points = 30\n", "points = 31\n"));
    assert!(owner.post(DRAFT, &[("document", first), ("base", &base)]).await.text.contains("The draft is kept."));
    let other = owner.post(DRAFT, &[("document", &second), ("base", &base)]).await;
    assert!(other.text.contains("Somebody else has changed the draft meanwhile."));
    assert!(other.text.contains("points = 31"), "nothing that was typed is lost");
    assert!(owner.get(DRAFT).await.text.contains("points = 30"));
    assert_eq!(owner.post("/console/programme/draft/discard", &[]).await.location, "/console/programme");
    assert!(owner.get(DRAFT).await.text.contains("The Club"), "the version in force is what one begins with");
}

#[tokio::test]
async fn a_starter_is_a_draft_at_once_and_an_analyst_only_reads() {
    let house = House::open().await;
    let owner = house.owner().await;
    assert_eq!(owner.post("/console/programme/draft/begin", &[("starter", "tiers")]).await.location, DRAFT);
    assert!(owner.get(DRAFT).await.text.contains("In order: this can be published."));
    assert_eq!(owner.post("/console/programme/draft/begin", &[("starter", "nothing")]).await.status, 404);
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "analyst")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert_eq!(adam.get("/console/programme").await.status, 200);
    assert_eq!(adam.get(DRAFT).await.status, 403);
    let refused = publish_without_base(&adam, starter(Language::Pl)).await;
    assert_eq!(refused.status, 403);
}

async fn publish_without_base(browser: &Browser, document: &str) -> Page {
    browser.post("/console/programme/draft/publish", &[("document", document)]).await
}

#[tokio::test]
async fn campaigns_are_drawn_over_the_year_with_those_of_the_draft() {
    const HERE: &str = "/console/programme/campaigns?year=2026";
    let campaign = |id: &str, until: &str| {
        format!(
            "\n[campaigns.{id}]\nname = {{ en = \"The {id}\", pl = \"Kampania {id}\" }}\npoints = 5\n\
             from = \"2026-04-01\"\nuntil = \"{until}\"\n"
        )
    };
    let house = House::open().await;
    let owner = house.owner().await;
    let page = owner.get("/console/programme/campaigns?year=1999").await;
    assert!(page.text.contains("Campaigns in 1999") && page.text.contains("\"run "), "one has no end: {}", page.text);
    assert!(owner.get("/console/programme").await.text.contains("href=\"/console/programme/campaigns\""));

    let document = starter(Language::En).to_owned() + &campaign("spring", "2026-04-30");
    owner.post(DRAFT, &[("document", &document), ("base", &base(&owner).await)]).await;
    let page = owner.get(HERE).await;
    assert!(page.text.contains("class=\"run draft\" x=\"300\" y=\"4\" width=\"100\""), "{}", page.text);
    assert!(page.text.contains("from 1 April 2026") && page.text.contains("30 April 2026"), "{}", page.text);
    let published = publish(&owner, &document, &[("accept_warnings", "yes")]).await;
    assert_eq!(published.status, 303, "{}", published.text);
    let page = owner.get(HERE).await;
    assert!(page.text.contains("class=\"run in_force\" x=\"300\"") && !page.text.contains("run draft"));

    let longer = starter(Language::En).to_owned() + &campaign("spring", "2026-05-31");
    owner.post(DRAFT, &[("document", &longer), ("base", &base(&owner).await)]).await;
    let page = owner.get(HERE).await;
    assert!(
        page.text.contains("class=\"run ending\" x=\"300\"") && page.text.contains("class=\"run draft\" x=\"300\"")
    );
    assert_eq!(page.text.matches("<p>The spring</p>").count(), 1, "both in one row");
    owner.post("/language", &[("language", "pl"), ("back", HERE)]).await;
    assert!(owner.get(HERE).await.text.contains("Kampanie w 2026 roku"));
}
