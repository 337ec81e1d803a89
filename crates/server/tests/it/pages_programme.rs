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

/// The fields of the form beside the document, as a browser sends them back: names and what stands in them.
fn values(page: &Page) -> Vec<(String, String)> {
    let form = page.between("<fieldset class=\"values\">", "<label for=\"document\">");
    let plain = |text: &str| text.replace("&#x2f;", "/");
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest)?;
        rest.split_once('"').map(|(value, _)| plain(value))
    };
    let inputs =
        form.split("<input").skip(1).filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value")?)));
    let units = form.split("<select").skip(1).filter_map(|select| {
        let chosen = select.split("<option").find(|option| option.contains(" selected"))?;
        Some((attribute(select, "name")?, attribute(chosen, "value")?))
    });
    inputs.chain(units).collect()
}

#[tokio::test]
async fn values_are_changed_by_a_form_beside_the_document() {
    let house = House::open().await;
    let owner = house.owner().await;
    let save = async |document: &str, changes: &[(&str, &str)]| {
        let page = owner.get(DRAFT).await;
        let base = page.between("name=\"base\" value=\"", "\"").to_owned();
        let mut fields = values(&page);
        for (name, value) in changes {
            fields.iter_mut().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}")).1 =
                (*value).to_owned();
        }
        let fixed = [("document".to_owned(), document.to_owned()), ("base".to_owned(), base)];
        let all: Vec<(String, String)> = fixed.into_iter().chain(fields).collect();
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        owner.post(DRAFT, &all).await
    };
    let document = starter(Language::En);
    let page = owner.get(DRAFT).await;
    assert!(page.text.contains("1 point for each 1 PLN") && page.text.contains("Price in points"), "{}", page.text);
    let kept = save(document, &[]).await;
    assert!(kept.text.contains("The draft is kept."));
    let draft = |page: &Page| {
        let text = page.between("data-into=\"judgement\">", "</textarea>");
        text.replace("&#x2f;", "/")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#x27;", "'")
    };
    assert_eq!(draft(&kept), document, "nothing was changed, so the text is the same to the letter");

    // The form changes its values and nothing else; what is typed into the text at the same time stays as well.
    let noted = document.replace("[earning.spend]", "# Ours.\n[earning.spend]");
    let changes = [
        ("value:earning/spend/rate", "1.5"),
        ("value:tiers/status/levels/0/at", "900.00"),
        ("value:rewards/mug/price", "550"),
        ("value:units/points/expiry/after_earning", "2"),
        ("unit:units/points/expiry/after_earning", "year"),
    ];
    let kept = save(&noted, &changes).await;
    assert!(kept.text.contains("The draft is kept."), "{}", kept.text);
    let expected = noted
        .replacen("rate = 1\n", "rate = \"1.5\"\n", 1)
        .replacen("at = \"1000.00\"", "at = \"900.00\"", 1)
        .replacen("price = 500\n", "price = 550\n", 1)
        .replacen("after_earning = \"12 months\"", "after_earning = \"2 years\"", 1);
    assert_eq!(draft(&kept), expected);

    let refused = save(&expected, &[("value:rewards/mug/price", "cheap")]).await;
    assert!(refused.text.contains("some values do not fit") && refused.text.contains("value=\"cheap\""));
    assert!(refused.text.contains("This does not fit here") && refused.text.contains("<details open>"));
    assert_eq!(draft(&owner.get(DRAFT).await), expected, "nothing was kept");
    let unread = save("[programme", &[("value:rewards/mug/price", "600")]).await;
    assert!(unread.text.contains("the document cannot be read") && !unread.text.contains("class=\"values\""));
    owner.post("/language", &[("language", "pl"), ("back", DRAFT)]).await;
    let kept = save(&expected, &[("value:tiers/status/levels/0/at", "1 250,50")]).await;
    assert!(draft(&kept).contains("at = \"1250.50\"") && kept.text.contains("value=\"1250,50\""), "{}", kept.text);
}
