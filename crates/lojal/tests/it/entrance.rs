//! The ways into the console beside the password in a real browser: passkeys of an authenticator that the driver lends
//! it, and a provider of identities. And the way back in for whoever has lost them all.

use std::net::TcpListener;

use jiff::Timestamp;
use lojal_testing::provider::{CLIENT, Provider, SECRET};
use lojal_testing::{Browser, View};

use crate::browser::{Served, look};
use crate::house::House;

const PASSWORD: &str = "kawa z mlekiem o ósmej";
const EMAIL: &str = "ewa@shop.example";
const MAKE: &str = "form[data-passkey=make]";

/// `lojal serve` under a name, as passkeys need it.
fn served(house: &House) -> (Served, String) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let public = format!("http://localhost:{port}");
    (Served::begin_at(house, &format!("127.0.0.1:{port}"), &["--public-url", &public]), public)
}

async fn add_passkey(browser: &Browser, public: &str, name: &str) {
    browser.go(&format!("{public}/console/account")).await;
    browser.comes(&format!("return !document.querySelector('{MAKE}').hidden")).await;
    browser.fill(&[("name", name)]).await;
    browser.follow(&format!("{MAKE} button")).await;
    browser.sees("#passkeys ~ table", name).await;
}

async fn sign_out(browser: &Browser) {
    browser.run("document.querySelector(\"form[action='/console/sign-out']\").submit();").await;
    browser.comes("return location.pathname === '/console/sign-in' && document.readyState === 'complete'").await;
}

/// With the only passkey that the browser has. Some browsers use it by themselves where a driver says yes to everything.
async fn sign_in(browser: &Browser, authenticator: &str) {
    browser.comes("return !document.querySelector('form[data-passkey]')?.hidden").await;
    browser.set_verified(authenticator, true).await;
    browser.run("document.querySelector('form[data-passkey] button')?.click()").await;
    browser.comes("return location.pathname === '/console'").await;
    browser.set_verified(authenticator, false).await;
}

async fn remove_first(browser: &Browser, public: &str) {
    browser.go(&format!("{public}/console/account")).await;
    browser.press("#passkeys ~ table details.sure summary").await;
    browser.follow("#passkeys ~ table details.sure button.danger").await;
}

#[tokio::test]
async fn a_browser_signs_in_with_passkeys_and_at_the_provider() {
    let house = House::new();
    let (served, public) = served(&house);
    let provider = Provider::open(Timestamp::now().as_second()).await;
    let mut is_first = true;
    for (width, is_dark, language) in [(360, false, "pl"), (1440, true, "pl"), (360, true, "en"), (1440, false, "en")] {
        let view = View { width, is_dark, language };
        let browser = Browser::open(view).await;
        browser.go(&format!("{public}/console")).await;
        // With a password nobody tries more than five times in a row, however fast this machine is.
        if is_first {
            let code = served.code.as_str();
            browser.fill(&[("code", code), ("name", "Ewa Lis"), ("repeated", PASSWORD)]).await;
            browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
            browser.follow("main button.main").await;
        } else {
            browser.follow(".ways a.button").await;
            browser.comes("return location.pathname === '/console'").await;
        }
        if is_first {
            browser.go(&format!("{public}/console/settings/sign-in")).await;
            browser.fill(&[("issuer", "http://sso.example"), ("client", CLIENT), ("secret", SECRET)]).await;
            browser.fill(&[("label", "Logowanie firmowe")]).await;
            browser.follow("main form.form button.main").await;
            browser.sees("#issuer-fault", "Potrzebny jest adres https").await;
            look(&browser, view, "ways-refused").await;
            browser.fill(&[("issuer", &provider.address), ("secret", SECRET), ("domains", "shop.example")]).await;
            browser.follow("main form.form button.main").await;
        }
        is_first = false;
        browser.go(&format!("{public}/console/settings/sign-in")).await;
        browser
            .sees("main details.sure summary", if language == "pl" { "Wyłącz dostawcę" } else { "Stop using" })
            .await;
        look(&browser, view, "ways-provider").await;

        let laptop = browser.add_authenticator().await;
        add_passkey(&browser, &public, "Laptop").await;
        look(&browser, view, "account-passkeys").await;
        // The same device makes no second one.
        browser.fill(&[("name", "Laptop 2")]).await;
        browser.press(&format!("{MAKE} button")).await;
        let known = if language == "pl" { "ma już klucz" } else { "has a passkey for this account already" };
        browser.sees(&format!("{MAKE} [data-fault]"), known).await;
        browser.remove_authenticator(&laptop).await;
        let phone = browser.add_authenticator().await;
        add_passkey(&browser, &public, "Telefon").await;
        browser.sees("#passkeys ~ table", "Laptop").await;
        browser.set_verified(&phone, false).await;
        sign_out(&browser).await;
        browser.comes("return !document.querySelector('form[data-passkey]').hidden").await;
        look(&browser, view, "sign-in-ways").await;
        sign_in(&browser, &phone).await;

        sign_out(&browser).await;
        browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
        browser.follow("main button.main").await;
        look(&browser, view, "second-step-passkey").await;
        sign_in(&browser, &phone).await;

        remove_first(&browser, &public).await;
        browser.sees("#passkeys ~ table", "Telefon").await;
        remove_first(&browser, &public).await;
        sign_out(&browser).await;
        browser.comes("return !document.querySelector('form[data-passkey]').hidden").await;
        browser.set_verified(&phone, true).await;
        browser.run("document.querySelector('form[data-passkey] button')?.click()").await;
        let unknown = if language == "pl" { "nie otwiera tu żadnego konta" } else { "opens no account here" };
        browser.sees(".notice.bad", unknown).await;
        look(&browser, view, "sign-in-unknown").await;

        provider.set_now(Timestamp::now().as_second());
        browser.follow(".ways a.button").await;
        browser.comes("return location.pathname === '/console'").await;
        browser.go(&format!("{public}/console/account")).await;
        look(&browser, view, "account-provider").await;
        browser.close().await;
    }
}

#[tokio::test]
async fn whoever_has_lost_every_way_is_let_in_by_the_command_line() {
    let house = House::new();
    let (served, public) = served(&house);
    let browser = Browser::open(View { width: 1440, is_dark: false, language: "en" }).await;
    browser.go(&format!("{public}/console")).await;
    let code = served.code.as_str();
    browser.fill(&[("code", code), ("name", "Ewa Lis"), ("repeated", PASSWORD)]).await;
    browser.fill(&[("email", EMAIL), ("password", PASSWORD)]).await;
    browser.follow("main button.main").await;
    let phone = browser.add_authenticator().await;
    add_passkey(&browser, &public, "Phone").await;
    browser.remove_authenticator(&phone).await;
    let listed = house.ok(&["staff", "list"]);
    assert!(listed.contains("ewa@shop.example,Ewa Lis,owner,yes,no,1,\n"), "{listed}");
    assert!(house.refused(&["staff", "reset", "adam@shop.example"]).contains("nobody works here"));
    let printed = house.ok(&["staff", "reset", "Ewa@shop.example"]);
    let password = printed.lines().last().unwrap();
    browser.go(&format!("{public}/console")).await;
    browser.fill(&[("email", EMAIL), ("password", password)]).await;
    browser.follow("main button.main").await;
    browser.go(&format!("{public}/console/actions")).await;
    browser.sees("main table", "was given a new password on the command line").await;
    browser.close().await;
}
