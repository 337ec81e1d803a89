//! Keys in the console: shown once, of use at once, revoked for good.

use reqwest::StatusCode;

use crate::pages::House;

async fn asked(house: &House, key: &str) -> StatusCode {
    let client = reqwest::Client::new();
    client.get(format!("{}/v1/programmes", house.address)).bearer_auth(key).send().await.unwrap().status()
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_for_good() {
    let house = House::open().await;
    let owner = house.owner().await;
    let nothing = owner.post("/console/keys", &[("name", "Till")]).await;
    assert!(
        nothing.text.contains("A key that may do nothing is of no use.") && nothing.text.contains("value=\"Till\"")
    );
    let made = owner.post("/console/keys", &[("name", "Till <1>"), ("read", "yes")]).await;
    let key = made.between("<p><code>", "</code></p>").to_owned();
    assert!(key.starts_with("lojal_sk_"));
    assert_eq!(asked(&house, &key).await, 200);
    let page = owner.get("/console/keys").await;
    assert!(!page.text.contains(&key) && page.text.contains("Till &lt;1&gt;") && !page.text.contains("administer<"));
    let id = page.between("action=\"/console/keys/", "/revoke").to_owned();
    assert_eq!(owner.post(&format!("/console/keys/{id}/revoke"), &[]).await.status, 303);
    assert_eq!(asked(&house, &key).await, 401);
    assert_eq!(owner.post(&format!("/console/keys/{id}/revoke"), &[]).await.status, 404);
    let actions = owner.get("/console/actions").await.text;
    assert!(actions.contains(&format!("revoked a key: {id}")) && !actions.contains(&key));
    let fields = [("name", "Adam"), ("email", "adam@shop.example"), ("role", "manager")];
    let handed = owner.post("/console/team", &fields).await.between("<p><code>", "</code></p>").to_owned();
    let adam = house.browser();
    adam.sign_in("adam@shop.example", &handed).await;
    assert_eq!(adam.get("/console/keys").await.status, 403);
}
