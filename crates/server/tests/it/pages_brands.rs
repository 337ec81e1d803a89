//! Brands in the console: seen by all, renamed and added through the draft of the programme.

use lojal_core::activity::OrderState;
use lojal_core::programme::STARTERS;

use crate::pages::House;
use crate::shop::{Shop, put_order};

const HERE: &str = "/console/settings/brands";
const DRAFT: &str = "/console/programme/draft";

fn coalition() -> &'static str {
    STARTERS.iter().find(|(kind, _)| *kind == "coalition").unwrap().1
}

#[tokio::test]
async fn one_brand_is_explained_and_has_what_was_given_and_taken() {
    let house = House::open().await;
    let ada = house.shop.enrol("ada").await;
    house.shop.submit(ada, put_order("1", OrderState::Closed, &[("a", 1, 10_000)])).await.unwrap();
    house.shop.run_until_idle().await;
    let owner = house.owner().await;
    let page = owner.get(HERE).await.text;
    assert!(page.contains("The programme has one brand") && page.contains("<code>shop</code>"), "{page}");
    let balance = house.shop.wallet(ada).await;
    let outstanding = format!("{} points", balance.0 + balance.1 + balance.2);
    assert!(page.contains(&outstanding), "{outstanding}: {page}");
}

#[tokio::test]
async fn a_brand_is_added_and_renamed_in_the_draft_and_nowhere_else() {
    let house = House::around(Shop::open_with(coalition()).await, None).await;
    let owner = house.owner().await;
    let page = owner.get(HERE).await.text;
    assert!(!page.contains("The programme has one brand") && page.contains("<code>bookshop</code>"), "{page}");
    let add = format!("{HERE}/add");
    let names = [("add_pl", "Kwiaciarnia"), ("add_en", "The \"florist\"")];
    for (id, said) in [
        ("", "Something has to stand here."),
        ("bakery", "There is such a brand already."),
        ("Two words", "Small letters, digits, _ and - alone"),
        ("9lives", "Small letters, digits, _ and - alone"),
        ("a]\n[x", "Small letters, digits, _ and - alone"),
    ] {
        let refused = owner.post(&add, &[&names[..], &[("id", id)]].concat()).await;
        assert!(refused.status == 200 && refused.text.contains(said), "{id}: {}", refused.text);
        assert!(refused.text.contains("value=\"Kwiaciarnia\""), "what was typed stays");
    }
    let nameless = owner.post(&add, &[("id", "florist"), ("add_pl", "Kwiaciarnia"), ("add_en", " ")]).await;
    assert!(nameless.text.contains("id=\"add_en-fault\""), "{}", nameless.text);

    let added = owner.post(&add, &[&names[..], &[("id", "florist")]].concat()).await;
    assert_eq!((added.status, added.location.as_str()), (303, DRAFT), "{}", added.text);
    let fields = [("brand", "bakery"), ("rename_pl", "Piekarnia Nowa"), ("rename_en", "The New Bakery")];
    let renamed = owner.post(&format!("{HERE}/rename"), &fields).await;
    assert_eq!((renamed.status, renamed.location.as_str()), (303, DRAFT), "{}", renamed.text);
    let draft = owner.get(DRAFT).await.text;
    assert!(draft.contains("[brands.florist]") && draft.contains("The New Bakery"), "{draft}");
    assert!(!draft.contains("keeps this from being published"), "{draft}");
    // Everything else stays as it stands.
    assert!(coalition().lines().filter(|line| line.starts_with('#')).all(|line| {
        let line = line.replace('&', "&amp;").replace('/', "&#x2f;").replace('\'', "&#x27;").replace('"', "&quot;");
        draft.contains(&line)
    }));
    assert!(!owner.get(HERE).await.text.contains("<code>florist</code>"), "a draft is not in force");
    let actions = owner.get("/console/actions").await.text;
    assert!(
        actions.contains("added a brand to the draft: florist")
            && actions.contains("renamed a brand in the draft: bakery")
    );
    let unknown =
        owner.post(&format!("{HERE}/rename"), &[("brand", "x"), ("rename_pl", "a"), ("rename_en", "b")]).await;
    assert!(unknown.text.contains("The draft has no such brand."), "{}", unknown.text);

    let base = draft.split("name=\"base\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    owner.post(DRAFT, &[("base", &base), ("document", "[broken")]).await;
    let refused = owner.post(&add, &[&names[..], &[("id", "another")]].concat()).await;
    assert!(refused.text.contains("The draft cannot be read"), "{}", refused.text);

    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "analyst")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert_eq!(adam.get(HERE).await.status, 200);
    assert_eq!(adam.post(&add, &[&names[..], &[("id", "another")]].concat()).await.status, 403);
}

#[tokio::test]
async fn a_programme_that_was_published_as_json_stays_json() {
    let document: serde_json::Value = toml::from_str(coalition()).unwrap();
    let published = serde_json::to_string(&document).unwrap();
    let house = House::around(Shop::open_with(&published).await, None).await;
    let owner = house.owner().await;
    let page = owner.get(HERE).await.text;
    assert!(page.contains("<option value=\"bookshop\"") && !page.contains("cannot be read"), "{page}");
    let fields = [("id", "florist"), ("add_pl", "Kwiaciarnia"), ("add_en", "The \"florist\"")];
    let added = owner.post(&format!("{HERE}/add"), &fields).await;
    assert_eq!((added.status, added.location.as_str()), (303, DRAFT), "{}", added.text);
    let twice = owner.post(&format!("{HERE}/add"), &fields).await;
    assert!(twice.text.contains("There is such a brand already."), "{}", twice.text);
    let fields = [("brand", "bakery"), ("rename_pl", "Piekarnia Nowa"), ("rename_en", "The New Bakery")];
    assert_eq!(owner.post(&format!("{HERE}/rename"), &fields).await.status, 303);
    let draft = owner.get(DRAFT).await.text;
    assert!(!draft.contains("keeps this from being published"), "{draft}");
    let mut connection = house.shop.application.database.read().await.unwrap();
    let kept = lojal_server::platform::drafts::draft_find(&mut connection).await.unwrap().unwrap();
    let mut expected: serde_json::Value = serde_json::from_str(&published).unwrap();
    expected["brands"]["florist"] = serde_json::json!({ "name": { "pl": "Kwiaciarnia", "en": "The \"florist\"" } });
    expected["brands"]["bakery"]["name"]["pl"] = "Piekarnia Nowa".into();
    expected["brands"]["bakery"]["name"]["en"] = "The New Bakery".into();
    assert_eq!(kept, format!("{expected:#}\n"), "every key keeps its place");
}
