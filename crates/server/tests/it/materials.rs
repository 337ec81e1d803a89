//! What members recommend with: what the shop prepares, and what they download.

use lojal_core::kernel::Language;
use lojal_core::programme::starter;
use lojal_server::platform::referral_codes::{WrittenCode, code_choose};

use crate::pages::{Browser, House};
use crate::pages_appearance::png;
use crate::pages_portal::{enrol, secret, signed_in};
use crate::shop::Shop;

const EDITION: &str = r#"
[referrals.spring]
name = { en = "Bring a friend", pl = "Przyprowadź znajomego" }
until = "2090-05-31"
[earning.welcome]
name = { en = "Welcome, friend", pl = "Na dobry początek, źrebię" }
on = "referred"
unit = "points"
points = 70
"#;

async fn open() -> (House, Browser) {
    let shop = Shop::open_with(&format!("{}\n{EDITION}", starter(Language::En))).await;
    let house = House::around(shop, None).await;
    enrol(&house.shop, "ada", "ada@example.com").await;
    let (_, secret) = secret(&house.shop).await;
    let ada = signed_in(&house, &secret, "ada").await;
    (house, ada)
}

#[tokio::test]
async fn a_member_prints_a_poster_and_keeps_the_link_as_a_picture() {
    let (house, ada) = open().await;
    for path in ["poster.pdf", "link.svg", "link.png"] {
        assert_eq!(ada.get(&format!("/portal/invite/{path}")).await.status, 404, "there is no link yet");
        assert_eq!(house.browser().get(&format!("/portal/invite/{path}")).await.status, 303, "nobody is signed in");
    }
    ada.post("/portal/invite/link", &[]).await;
    ada.post("/portal/invite/name", &[("name", "Żółw Szyje")]).await;
    let page = ada.get("/portal/invite").await;
    assert!(page.text.contains("Poster A4 (PDF)"), "{}", page.text);
    for (path, kind, beginning) in [
        ("poster.pdf", "application/pdf", "%PDF-"),
        ("poster.pdf?size=a5", "application/pdf", "%PDF-"),
        ("link.svg", "image/svg+xml", "<svg"),
        ("link.png", "image/png", "\u{fffd}PNG"),
    ] {
        let file = ada.get(&format!("/portal/invite/{path}")).await;
        assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (200, kind), "{path}");
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{path}");
        assert!(file.text.starts_with(beginning), "{path}: {}", &file.text[..40]);
    }
    assert_eq!(ada.get("/portal/invite/poster.pdf?size=a3").await.status, 404);
}

#[tokio::test]
async fn a_shop_prepares_words_and_pictures_for_those_who_recommend_it() {
    let (house, ada) = open().await;
    let owner = house.owner().await;
    let too_many = "a\nb\nc\nd\ne\nf";
    for words in [too_many, "a".repeat(301).as_str()] {
        let refused = owner.post("/console/materials/texts", &[("texts_en", words)]).await;
        assert!(refused.status == 200 && refused.text.contains("more than 300 characters"), "{}", refused.text);
    }
    let words = [("texts_en", " Best <b>tea</b>  ever \n\nTry it"), ("texts_pl", "Najlepsza herbata")];
    assert_eq!(owner.post("/console/materials/texts", &words).await.status, 303);

    const PICTURES: &str = "/console/materials/pictures";
    for (title, file, fault) in [
        ("", png(40, 30), "Something has to stand here"),
        ("Tea", b"<html><script>alert(1)</script>".to_vec(), "This is no PNG, WebP or JPEG."),
        ("Tea", b"<svg onload=x()>".to_vec(), "svg"),
        ("Tea", Vec::new(), "Something has to stand here"),
    ] {
        let refused = owner.upload_with(PICTURES, &[("title", title)], "picture", &file).await;
        let said = refused.text.to_lowercase();
        assert!(refused.status == 200 && said.contains(&fault.to_lowercase()), "{title}: {}", refused.text);
    }
    for number in 0..13 {
        let kept = owner.upload_with(PICTURES, &[("title", "Tea")], "picture", &png(40 + number, 30)).await;
        assert_eq!(kept.status, if number < 12 { 303 } else { 200 }, "{number}: {}", kept.text);
    }
    ada.post("/portal/invite/link", &[]).await;
    let page = ada.get("/portal/invite").await;
    assert!(page.text.contains("Best &lt;b&gt;tea&lt;") && page.text.contains("Try it"), "{}", page.text);
    assert!(!page.text.contains("Najlepsza"), "another language");
    let mark = page.between("src=\"/portal/invite/pictures/", "\"").to_owned();
    let picture = ada.get(&format!("/portal/invite/pictures/{mark}")).await;
    assert_eq!((picture.status, picture.headers["content-type"].to_str().unwrap()), (200, "image/png"));
    assert_eq!(picture.headers["x-content-type-options"], "nosniff");
    assert_eq!(house.browser().get(&format!("/portal/invite/pictures/{mark}")).await.status, 303);
    assert_eq!(owner.get(&format!("{PICTURES}/{mark}")).await.status, 200);
    assert_eq!(owner.post(&format!("{PICTURES}/{mark}/remove"), &[]).await.status, 303);
    assert_eq!(owner.post(&format!("{PICTURES}/{mark}/remove"), &[]).await.status, 404);
    assert_eq!(ada.get(&format!("/portal/invite/pictures/{mark}")).await.status, 404);
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains("added a picture for advocates") && actions.contains("changed the prepared words"));
}

#[tokio::test]
async fn staff_print_posters_for_friends_of_a_member_and_for_those_who_might_recommend() {
    let (house, ada) = open().await;
    ada.post("/portal/invite/link", &[]).await;
    ada.post("/portal/invite/name", &[("name", "Żółw Szyje")]).await;
    let owner = house.owner().await;
    const POSTER: &str = "/console/materials/poster";
    assert!(owner.get("/console/materials").await.text.contains("Posters and QR codes"));
    for (query, kind) in [
        ("print=a4&language=pl&code=", "application/pdf"),
        ("print=a5&language=en&code=+zolw-szyje+", "application/pdf"),
        ("print=svg&language=pl&code=ZOLW-SZYJE", "image/svg+xml"),
        ("print=png&language=en", "image/png"),
    ] {
        let file = owner.get(&format!("{POSTER}?{query}")).await;
        assert_eq!(
            (file.status, file.headers["content-type"].to_str().unwrap()),
            (200, kind),
            "{query}: {}",
            file.text
        );
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{query}");
        assert!(!file.text.is_empty());
    }
    for query in ["print=a3&language=pl", "print=a4&language=de", "language=pl", ""] {
        assert_eq!(owner.get(&format!("{POSTER}?{query}")).await.status, 404, "{query}");
    }
    let own = owner.get(&format!("{POSTER}?print=svg&language=pl&code=zolw-szyje")).await.text;
    let members = owner.get(&format!("{POSTER}?print=svg&language=pl")).await.text;
    assert!(own.starts_with("<svg") && members.starts_with("<svg") && own != members, "they lead to different places");
    // What cannot be printed stays in the form, with the reason below it.
    for code in ["zolw-szyla", "!", "%3Cscript%3E"] {
        let refused = owner.get(&format!("{POSTER}?print=a5&language=pl&code={code}")).await;
        let is_kept =
            refused.text.contains("This code leads to nobody") && refused.text.contains("value=\"a5\" selected");
        assert!(refused.status == 200 && is_kept && !refused.text.contains("<script>"), "{}", refused.text);
    }
    assert_eq!(house.browser().get(&format!("{POSTER}?print=a4&language=pl")).await.status, 303, "nobody is signed in");
}

#[tokio::test]
async fn nothing_is_printed_for_whoever_may_not_recommend_or_while_nothing_runs() {
    let vip = EDITION.replace("until = ", "advocates = [{ field = \"member.segments\", is = \"vip\" }]\nuntil = ");
    let vip = format!("{}\n{vip}\n[labels.segment]\nvip = {{ pl = \"VIP\", en = \"VIP\" }}", starter(Language::En));
    let house = House::around(Shop::open_with(&vip).await, None).await;
    let ada = enrol(&house.shop, "ada", "ada@example.com").await;
    let application = &house.shop.application;
    let mut transaction = application.database.write_aside().await.unwrap();
    let name = WrittenCode::chosen("ada-szyje").unwrap();
    code_choose(application, &mut transaction, ada, "", name).await.unwrap().unwrap();
    transaction.commit().await.unwrap();
    let owner = house.owner().await;
    let refused = owner.get("/console/materials/poster?print=a4&language=en&code=ada-szyje").await;
    assert!(refused.status == 200 && refused.text.contains("may not recommend at this moment"), "{}", refused.text);
    // Nor is a poster for a shop's window, which everybody sees.
    let refused = owner.get("/console/materials/poster?print=a4&language=en").await;
    assert!(refused.status == 200 && refused.text.contains("not every member may recommend"), "{}", refused.text);

    let idle = House::around(Shop::open_with(starter(Language::En)).await, None).await;
    let owner = idle.owner().await;
    assert!(owner.get("/console/materials").await.text.contains("no edition of recommending runs"));
    let refused = owner.get("/console/materials/poster?print=a4&language=en").await;
    assert!(refused.status == 200 && !refused.headers.contains_key("content-disposition"), "{}", refused.text);
}
