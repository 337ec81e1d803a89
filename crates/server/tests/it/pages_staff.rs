//! The way into the console, and who may do what there.

use lojal_server::platform::staff::{STEP_SECONDS, Secret};

use crate::pages::{Browser, House, PASSWORD, Page};

/// The marks of sentences, in English.
const NOT_TOGETHER: &str = "The address and the password do not go together.";

#[tokio::test]
async fn whoever_has_the_code_becomes_the_first_owner_and_nobody_else() {
    let house = House::open().await;
    let browser = house.browser();
    assert_eq!(browser.get("/console").await.location, "/console/sign-in?next=%2Fconsole");
    assert_eq!(browser.get("/console/sign-in").await.location, "/console/setup");
    let refused = browser.set_up("aaaa-bbbb-cccc").await;
    assert!(refused.status == 200 && refused.text.contains("This is not the code that was printed."));
    assert!(refused.text.contains("value=\"ewa@shop.example\""), "what was typed stays");
    assert!(!refused.text.contains(PASSWORD), "but for passwords");
    let owner = house.owner().await;
    let overview = owner.get("/console").await;
    assert_eq!(overview.status, 200);
    assert!(overview.text.contains("Ewa &lt;Lis&gt;") && !overview.text.contains("<Lis>"), "{}", overview.text);
    assert_eq!(house.browser().set_up(&house.code).await.location, "/console/sign-in", "the code is used up");
    assert_eq!(browser.get("/console/setup").await.location, "/console/sign-in");
}

#[tokio::test]
async fn a_form_says_what_is_wrong_beside_the_field() {
    let house = House::open().await;
    let browser = house.browser();
    let fields = [("code", house.code.as_str()), ("email", "ewa"), ("password", "short"), ("repeated", "other")];
    let page = browser.post("/console/setup", &fields).await;
    for (field, fault) in [
        ("name", "Something has to stand here."),
        ("email", "This is no e-mail address."),
        ("password", "At least 15 letters, please: a sentence is easier to remember than a riddle."),
    ] {
        let mark = format!("<span class=\"fault\" id=\"{field}-fault\">{fault}");
        assert!(page.text.contains(&mark), "{mark} {}", page.text);
    }
    let repeated = [("password", PASSWORD), ("repeated", "kawa z mlekiem o ÓSMEJ")];
    assert!(browser.post("/console/setup", &repeated).await.text.contains("The two are not the same."));
}

#[tokio::test]
async fn nobody_learns_who_has_an_account_and_nobody_tries_for_ever() {
    let house = House::open().await;
    house.owner().await;
    let browser = house.browser();
    let wrong = browser.sign_in("ewa@shop.example", "not the right one at all").await;
    let unknown = browser.sign_in("adam@shop.example", "not the right one at all").await;
    assert_eq!((wrong.status, unknown.status), (200, 200));
    assert!(wrong.text.contains(NOT_TOGETHER) && unknown.text.contains(NOT_TOGETHER));
    assert_eq!(wrong.text.replace("ewa@", "adam@"), unknown.text);
    let mut last = wrong;
    for _ in 0..6 {
        last = browser.sign_in("ewa@shop.example", "not the right one at all").await;
    }
    assert_eq!(last.status, 429);
    assert!(last.headers.contains_key("retry-after") && last.text.contains("That was too often"));
    assert_eq!(browser.sign_in("Ewa@Shop.example", PASSWORD).await.status, 429, "however it is written");
    let endless = format!("{}@shop.example", "a".repeat(10_000));
    for _ in 0..6 {
        let page = browser.sign_in(&endless, PASSWORD).await;
        assert!(page.status == 200 && page.text.contains("This is no e-mail address."), "{}", page.status);
        assert!(!page.text.contains("aaaaaaaa"), "what is too long is kept nowhere");
    }
}

#[tokio::test]
async fn an_address_has_one_host_and_plain_letters() {
    let house = House::open().await;
    let owner = house.owner().await;
    for email in ["a@evil.example@shop.example", "\u{212A}asia@shop.example", "łucja@shop.example"] {
        let fields = [("name", "Eve"), ("email", email), ("role", "analyst")];
        assert!(owner.post("/console/team", &fields).await.text.contains("This is no e-mail address."), "{email}");
    }
    add(&owner, "Kasia", "Kasia@shop.example", "analyst").await;
}

#[tokio::test]
async fn only_the_house_s_own_pages_change_anything() {
    let house = House::open().await;
    let owner = house.owner().await;
    let forged = owner.post_from_elsewhere("/console/team", &[("name", "Eve"), ("email", "eve@evil.example")]).await;
    assert_eq!(forged.status, 403);
    assert!(!owner.get("/console/team").await.text.contains("eve@evil.example"));
    let page = owner.get("/console").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(!page.text.contains("<script>") && !page.text.contains(" style=") && !page.text.contains(" onclick"));
}

#[tokio::test]
async fn signing_in_leads_to_where_one_wanted_to_go_and_nowhere_else() {
    let house = House::open().await;
    house.owner().await;
    for (next, location) in [
        ("/console/account", "/console/account"),
        ("//evil.example", "/console"),
        ("https://evil.example", "/console"),
        ("/\\evil.example", "/console"),
        ("/v1/members", "/console"),
    ] {
        let fields = [("email", "ewa@shop.example"), ("password", PASSWORD), ("next", next)];
        let page = house.browser().post("/console/sign-in", &fields).await;
        assert_eq!((page.status, page.location.as_str()), (303, location), "{next}");
        if next == "/v1/members" {
            break;
        }
    }
}

#[tokio::test]
async fn each_role_sees_what_it_may() {
    let house = House::open().await;
    let owner = house.owner().await;
    let handed = add(&owner, "Adam", "adam@shop.example", "analyst").await;
    assert!(
        owner
            .post("/console/team", &[("name", "A"), ("email", "Adam@shop.example"), ("role", "support")])
            .await
            .text
            .contains("Somebody has an account with this address.")
    );
    let adam = house.browser();
    assert_eq!(adam.sign_in("adam@shop.example", &handed).await.status, 303);
    assert_eq!(adam.get("/console").await.status, 200);
    for path in ["/console/team", "/console/actions"] {
        let page = adam.get(path).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(page.text.contains("You may not do this"));
    }
    assert_eq!(
        adam.post("/console/team", &[("name", "B"), ("email", "b@shop.example"), ("role", "owner")]).await.status,
        403
    );
    let page = owner.get("/console/team").await;
    let id = page.between("action=\"/console/team/", "/role").to_owned();
    assert_eq!(owner.post(&format!("/console/team/{id}/role"), &[("role", "owner")]).await.status, 303);
    assert_eq!(adam.get("/console/team").await.status, 200, "a role holds at once");
    assert_eq!(owner.post(&format!("/console/team/{id}/access"), &[]).await.status, 303);
    assert_eq!(adam.get("/console").await.status, 303, "who is shut out is out at once");
    assert!(house.browser().sign_in("adam@shop.example", &handed).await.text.contains(NOT_TOGETHER));
    let actions = owner.get("/console/actions").await.text;
    for done in [
        "signed in",
        "added somebody to the team: Adam (analyst)",
        "changed a role: Adam (owner)",
        "shut somebody out: Adam",
    ] {
        assert!(actions.contains(done), "{done} {actions}");
    }
    assert!(!actions.contains("adam@shop.example") && !actions.contains(&handed), "no address and no secret");
}

async fn add(owner: &Browser, name: &str, email: &str, role: &str) -> String {
    let page = owner.post("/console/team", &[("name", name), ("email", email), ("role", role)]).await;
    page.between("<p><code>", "</code></p>").to_owned()
}

#[tokio::test]
async fn one_time_codes_are_asked_for_and_taken_once() {
    let house = House::open().await;
    let owner = house.owner().await;
    let offered = owner.post("/console/account/codes", &[]).await;
    let sealed = offered.between("name=\"sealed\" value=\"", "\"").to_owned();
    let secret = secret(&offered);
    let code = |steps: i64| secret.code(house.shop.clock.now().as_second() / STEP_SECONDS + steps);
    let wrong = owner.post("/console/account/codes/confirm", &[("sealed", &sealed), ("code", "000000")]).await;
    assert!(wrong.text.contains("The code is not right"));
    let confirmed = owner.post("/console/account/codes/confirm", &[("sealed", &sealed), ("code", &code(0))]).await;
    assert_eq!(confirmed.location, "/console/account");

    let browser = house.browser();
    let step = browser.sign_in("ewa@shop.example", PASSWORD).await;
    let ticket = step.between("name=\"ticket\" value=\"", "\"").to_owned();
    assert_eq!(browser.get("/console").await.status, 303, "the password alone is not enough");
    let again = browser.post("/console/sign-in/code", &[("ticket", &ticket), ("code", &code(0))]).await;
    assert!(again.text.contains("The code is not right, or was used before."));
    let forged = ticket.replacen('.', "0.", 1);
    let forged = browser.post("/console/sign-in/code", &[("ticket", &forged), ("code", &code(1))]).await;
    assert!(forged.text.contains("That took too long."));
    let done = browser.post("/console/sign-in/code", &[("ticket", &ticket), ("code", &code(1))]).await;
    assert_eq!((done.status, done.location.as_str()), (303, "/console"), "{}", done.text);

    house.shop.clock.set(house.shop.clock.now() + jiff::SignedDuration::from_mins(1));
    let removed = browser.post("/console/account/codes/remove", &[("code", &code(0))]).await;
    assert_eq!(removed.status, 303, "{}", removed.text);
    assert_eq!(house.browser().sign_in("ewa@shop.example", PASSWORD).await.location, "/console");
}

const CODES: &str = "/console/account/codes";
const CONFIRM: &str = "/console/account/codes/confirm";

/// A secret that is offered, sealed and open.
async fn offered(owner: &Browser, fields: &[(&str, &str)]) -> (String, Secret) {
    let page = owner.post(CODES, fields).await;
    (page.between("name=\"sealed\" value=\"", "\"").to_owned(), secret(&page))
}

#[tokio::test]
async fn codes_are_begun_by_whoever_has_just_said_who_they_are_and_never_replaced_without_one() {
    let house = House::open().await;
    let owner = house.owner().await;
    let step = || house.shop.clock.now().as_second() / STEP_SECONDS;
    let (older, older_secret) = offered(&owner, &[]).await;
    house.shop.clock.set(house.shop.clock.now() + jiff::SignedDuration::from_mins(11));
    assert!(owner.get("/console/account").await.text.contains("id=\"own-password-codes\""));
    let late = owner.post(CONFIRM, &[("sealed", &older), ("code", &older_secret.code(step()))]).await;
    assert!(late.text.contains("This is not your password.") && late.text.contains("name=\"sealed\""));
    let refused = owner.post(CODES, &[("own_password", "not the right one")]).await;
    assert!(refused.text.contains("This is not your password.") && !refused.text.contains("name=\"sealed\""));
    assert!(!refused.text.contains("not the right one"));
    assert_eq!(house.browser().sign_in("ewa@shop.example", PASSWORD).await.location, "/console", "there are none yet");

    let own = ("own_password", PASSWORD);
    let (sealed, secret) = offered(&owner, &[own]).await;
    let confirmed = owner.post(CONFIRM, &[("sealed", &sealed), ("code", &secret.code(step())), own]).await;
    assert_eq!(confirmed.location, "/console/account", "{}", confirmed.text);

    let again = owner.post(CODES, &[own]).await;
    assert_eq!((again.status, again.location.as_str()), (303, "/console/account"), "no other secret is offered");
    owner.post(CONFIRM, &[("sealed", &older), ("code", &older_secret.code(step() + 1)), own]).await;
    let browser = house.browser();
    let asked = browser.sign_in("ewa@shop.example", PASSWORD).await;
    let ticket = asked.between("name=\"ticket\" value=\"", "\"").to_owned();
    let fields = [("ticket", ticket.as_str()), ("code", &secret.code(step() + 1))];
    assert_eq!(browser.post("/console/sign-in/code", &fields).await.location, "/console", "nor taken");
}

#[tokio::test]
async fn whoever_sits_at_somebody_s_browser_does_not_guess_for_ever() {
    let house = House::open().await;
    let owner = house.owner().await;
    let (sealed, secret) = offered(&owner, &[]).await;
    let code = |steps: i64| secret.code(house.shop.clock.now().as_second() / STEP_SECONDS + steps);
    owner.post(CONFIRM, &[("sealed", &sealed), ("code", &code(0))]).await;
    let remove = "/console/account/codes/remove";
    for _ in 0..5 {
        assert!(owner.post(remove, &[("code", "000000")]).await.text.contains("The code is not right"));
    }
    assert_eq!(owner.post(remove, &[("code", &code(1))]).await.status, 429);
    let browser = house.browser();
    let asked = browser.sign_in("ewa@shop.example", PASSWORD).await;
    let ticket = asked.between("name=\"ticket\" value=\"", "\"").to_owned();
    let step = browser.post("/console/sign-in/code", &[("ticket", &ticket), ("code", &code(1))]).await;
    assert_eq!(step.status, 429, "it is one count");

    let new = "herbata z cytryną o piątej";
    let change = async |current: &str| {
        owner.post("/console/account/password", &[("current", current), ("password", new), ("repeated", new)]).await
    };
    for _ in 0..5 {
        assert!(change("no").await.text.contains("This is not your password."));
    }
    assert_eq!(change(PASSWORD).await.status, 429);
}

fn secret(offered: &Page) -> Secret {
    let spelled = offered.between("<p>Or type this: <code>", "</code>").replace(' ', "");
    let (mut bytes, mut kept, mut bits) = (Vec::new(), 0u32, 0);
    for letter in spelled.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        kept = kept << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((kept >> bits) as u8);
        }
    }
    Secret(bytes.try_into().unwrap())
}

#[tokio::test]
async fn sessions_are_seen_ended_and_end_by_themselves() {
    let house = House::open().await;
    let owner = house.owner().await;
    let other = house.browser();
    other.sign_in("ewa@shop.example", PASSWORD).await;
    let account = owner.get("/console/account").await;
    let mark = account.between("name=\"session\" value=\"", "\"").to_owned();
    assert_eq!(owner.post("/console/account/sessions/end", &[("session", "0123456789abcdef")]).await.status, 404);
    assert_eq!(owner.post("/console/account/sessions/end", &[("session", &mark)]).await.status, 303);
    assert_eq!(other.get("/console").await.status, 303);

    let third = house.browser();
    third.sign_in("ewa@shop.example", PASSWORD).await;
    let change = |current: &'static str| {
        let fields = [
            ("current", current),
            ("password", "herbata z cytryną o piątej"),
            ("repeated", "herbata z cytryną o piątej"),
        ];
        let owner = &owner;
        async move { owner.post("/console/account/password", &fields).await }
    };
    assert!(change("no").await.text.contains("This is not your password."));
    assert_eq!(change(PASSWORD).await.status, 303);
    assert_eq!(third.get("/console").await.status, 303, "whoever else knew the old password is out");
    assert_eq!(owner.get("/console").await.status, 200);
    assert_eq!(owner.post("/console/sign-out", &[]).await.location, "/console/sign-in");
    assert_eq!(owner.get("/console").await.status, 303);

    let idle = house.browser();
    assert_eq!(idle.sign_in("ewa@shop.example", "herbata z cytryną o piątej").await.status, 303);
    house.shop.clock.set(house.shop.clock.now() + jiff::SignedDuration::from_hours(13));
    assert_eq!(idle.get("/console").await.status, 303, "nobody was there for half a day");
}

#[tokio::test]
async fn pages_speak_the_reader_s_language() {
    let house = House::open().await;
    let owner = house.owner().await;
    let chosen = owner.post("/language", &[("language", "pl"), ("back", "/console/account")]).await;
    assert_eq!(chosen.location, "/console/account");
    let page = owner.get("/console/account").await;
    assert!(page.text.contains("<html lang=\"pl\">") && page.text.contains("Kody jednorazowe"));
    assert!(owner.get("/console/nowhere").await.text.contains("Nie ma takiej strony"));
    assert_eq!(owner.post("/language", &[("language", "en"), ("back", "//evil.example")]).await.location, "/console");
    assert_eq!(owner.post("/language", &[("language", "xx"), ("back", "/console")]).await.status, 404);
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_an_address_that_changes_with_them() {
    let house = House::open().await;
    let browser = house.browser();
    let page = browser.get("/console/setup").await;
    let address = page.between("rel=\"stylesheet\" href=\"", "\"").to_owned();
    let style = browser.get(&address).await;
    assert_eq!(style.status, 200);
    assert!(style.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    let older = browser.get("/assets/000000000000/lojal.css").await;
    assert_eq!((older.status, older.headers["cache-control"].to_str().unwrap()), (200, "no-cache"));
    for path in ["/assets/x/nothing.css", "/assets/x/..%2f..%2fCargo.toml"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn whoever_gives_rights_to_others_has_just_said_who_they_are() {
    let house = House::open().await;
    let owner = house.owner().await;
    let later = house.shop.clock.now() + jiff::SignedDuration::from_mins(11);
    house.shop.clock.set(later);
    let (team, ways) = ("/console/team", "/console/settings/sign-in");
    for path in [team, ways] {
        let asked = owner.get(path).await;
        let expected = format!("/console/again?next={}", path.replace('/', "%2F"));
        assert_eq!((asked.status, asked.location.as_str()), (303, expected.as_str()));
    }
    let fields = [("name", "Eve"), ("email", "eve@evil.example"), ("role", "owner")];
    let refused = owner.post(team, &fields).await;
    assert!(refused.status == 303 && refused.location.starts_with("/console/again"), "{}", refused.location);
    let page = owner.get("/console/again?next=%2Fconsole%2Fteam").await;
    assert!(page.status == 200 && page.text.contains("more than ten minutes ago"), "{}", page.text);
    let again = |password| [("own_password", password), ("next", team)];
    let wrong = owner.post("/console/again", &again("something else")).await;
    assert!(wrong.status == 200 && !wrong.text.contains("something else"), "{}", wrong.text);
    assert_eq!(owner.get(team).await.status, 303);
    let right = owner.post("/console/again", &again(PASSWORD)).await;
    assert_eq!((right.status, right.location.as_str()), (303, team));
    let page = owner.get(team).await;
    assert!(page.status == 200 && !page.text.contains("eve@evil.example"), "{}", page.text);
    assert_eq!(owner.get("/console/account").await.text.matches("name=\"session\"").count(), 0, "the old one is gone");
    // Nobody is led elsewhere.
    house.shop.clock.set(later + jiff::SignedDuration::from_mins(11));
    let led = owner.post("/console/again", &[("own_password", PASSWORD), ("next", "//evil.example")]).await;
    assert_eq!((led.status, led.location.as_str()), (303, "/console"));
}
