//! Pages about members who recommend, in a real browser: who recommends most, thanks, materials, and the widget's field for
//! a code; in both languages, narrow and wide, light and dark, held to WCAG 2.2 AA.

use lojal_testing::{Browser, View};
use serde_json::json;

use crate::browser::look;
use crate::portal::{Club, MEMBER};

/// Advocates with so many friends who came, and ordered; the example of the club is the first.
const FRIENDS: [i64; 5] = [3, 3, 2, 1, 1];

impl Club {
    /// A list of advocates, with friends who count.
    async fn brings(&self, browser: &Browser) {
        self.call("POST", &format!("/v1/members/ext:{}/codes", self.example), json!({ "name": "Kod zero" })).await;
        for (number, friends) in FRIENDS.into_iter().enumerate() {
            if number > 0 {
                self.call("POST", "/v1/members", json!({ "external_id": format!("adv-{number}") })).await;
                let name = json!({ "name": format!("Kod numer {number}") });
                self.call("POST", &format!("/v1/members/ext:adv-{number}/codes"), name).await;
            }
            let code = if number > 0 { format!("kodnumer{number}") } else { "kodzero".to_owned() };
            for friend in 0..friends {
                let name = format!("fr-{number}-{friend}");
                let came = json!({ "external_id": name, "referral": { "code": code } });
                self.call("POST", "/v1/members", came).await;
                let lines = json!([{ "id": "1", "quantity": 1, "total": "120.00" }]);
                let order = json!({ "member": name, "state": "paid", "currency": "PLN", "lines": lines });
                self.call("PUT", &format!("/v1/orders/o-{name}"), order).await;
            }
        }
        self.until_counted().await;
        browser.go(&self.at("/console/leaderboard")).await;
        browser.run("document.querySelector('[name=is_on]').checked = true;").await;
        browser.follow("main form.form button.main").await;
        browser.go(&self.at("/console/materials")).await;
        let words = "Polecam z całego serca. Zajrzyj koniecznie!\nNajlepsza herbata w mieście.";
        browser.fill(&[("texts_pl", words), ("texts_en", "I like it a lot. Have a look!")]).await;
        browser.follow("main form[action$='/texts'] button.main").await;
    }

    /// Background work has looked at all of them.
    async fn until_counted(&self) {
        let client = reqwest::Client::new();
        for _ in 0..120 {
            let asked = client.get(self.at("/v1/referrals/leaderboard?period=all")).bearer_auth(&self.key);
            let board: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
            let friends = board["data"].as_array().unwrap().iter().map(|place| place["friends"].as_i64().unwrap());
            if friends.sum::<i64>() == FRIENDS.iter().sum::<i64>() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        panic!("friends are not counted");
    }

    /// A key for the widget, as the console shows it.
    async fn widget_key(&self, browser: &Browser) -> String {
        browser.go(&self.at("/console/portal")).await;
        browser.follow("form[action$=key] button").await;
        let script = "return document.querySelector('.notice.good').textContent.match(/lojal_pk_[A-Za-z0-9_]+/)[0]";
        browser.run(script).await.as_str().unwrap().to_owned()
    }
}

/// A script about what is inside the widget.
fn inside(script: &str) -> String {
    format!("const inside = document.querySelector('lojal-widget').shadowRoot; {script}")
}

#[tokio::test]
async fn pages_about_recommending_are_for_everybody() {
    for language in ["pl", "en"] {
        let mut club = Club::open(language).await;
        let mut key = String::new();
        let first = View { width: 1440, is_dark: false, language };
        let owner = Browser::open(first).await;
        club.make_secret(&owner, first).await;
        club.recommends().await;
        club.brings(&owner).await;
        for (width, is_dark) in [(360, false), (360, true), (1440, false), (1440, true)] {
            let view = View { width, is_dark, language };
            let staff = Browser::open(view).await;
            // Each view has a browser of its own, in which the owner signs in.
            staff.go(&club.at("/console")).await;
            staff.fill(&[("email", "ewa@shop.example"), ("password", "kawa z mlekiem o ósmej")]).await;
            staff.follow("main button.main").await;
            for (name, path) in [
                ("leaderboard", "/console/leaderboard"),
                ("materials", "/console/materials"),
                ("settings", "/console/settings"),
            ] {
                staff.go(&club.at(path)).await;
                look(&staff, view, name).await;
            }
            if key.is_empty() {
                key = club.widget_key(&staff).await;
            }
            staff.close().await;

            let browser = Browser::open(view).await;
            club.enter(&browser, &club.example.clone()).await;
            browser.sees(".notice.good", "").await;
            look(&browser, view, "portal-home-news").await;
            browser.go(&club.at("/portal/invite/leaderboard")).await;
            browser.sees(".board", "").await;
            look(&browser, view, "portal-leaderboard").await;
            browser.fill(&[("name", "x@example.com")]).await;
            browser.follow("form[action$='/name'] button.main").await;
            browser.sees("#name-fault", "").await;
            look(&browser, view, "portal-leaderboard-refused").await;
            browser.fill(&[("name", "Żaneta z Łodzi")]).await;
            browser.follow("form[action$='/name'] button.main").await;
            browser.sees(".board", "Żaneta").await;
            look(&browser, view, "portal-leaderboard-named").await;
            browser.go(&club.at("/portal/invite")).await;
            browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; });").await;
            look(&browser, view, "portal-invite-materials").await;
            browser.close().await;

            let browser = Browser::open(view).await;
            club.enter(&browser, MEMBER).await;
            browser.go(&club.at("/portal/friend-code")).await;
            look(&browser, view, "portal-friend-code").await;
            browser.close().await;
            widget(&club, view, &key).await;
        }
        owner.close().await;
    }
}

/// A field for a code, by itself: what does not work says so, and what works is kept for the order.
async fn widget(club: &Club, view: View, key: &str) {
    let browser = Browser::open(view).await;
    browser.go(&club.at("/portal/sign-in")).await;
    let place = format!(
        "const script = document.createElement('script'); script.src = '/widget.js';
         const widget = document.createElement('lojal-widget');
         widget.setAttribute('mode', 'code'); widget.setAttribute('key', '{key}');
         document.querySelector('main').append(widget); document.head.append(script);"
    );
    browser.run(&place).await;
    browser.comes(&inside("return inside?.querySelector('form input') != null")).await;
    look(&browser, view, "widget-code").await;
    let typed = |code: &str| {
        inside(&format!(
            "inside.querySelector('input').value = '{code}'; inside.querySelector('form').requestSubmit();"
        ))
    };
    browser.run(&typed("nobodyhasit")).await;
    browser.comes(&inside("return inside.querySelector('[role=alert]').textContent.length > 5")).await;
    look(&browser, view, "widget-code-refused").await;
    browser.run(&typed("KOD zero")).await;
    browser.comes(&inside("return inside.querySelector('[role=status] strong') != null")).await;
    look(&browser, view, "widget-code-kept").await;
    let kept = browser.run("return document.querySelector('lojal-widget').referral").await;
    assert_eq!(kept, json!({ "code": "kodzero" }));
    browser.run("document.querySelector('lojal-widget').forgetReferral()").await;
    browser.comes(&inside("return inside.querySelector('form input') != null")).await;
    browser.close().await;
}
