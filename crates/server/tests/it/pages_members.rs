//! The console's pages about members: finding them, reading their story, and what staff may do for them.

use lojal_core::command::Command;
use lojal_core::kernel::MemberId;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::sql;

use crate::pages::{Browser, House, PASSWORD, Page};
use crate::shop::{Shop, hold, redeem};

/// Somebody of whom the shop knows a bit.
async fn enrol(shop: &Shop, external_id: &str, name: &str, email: &str, phone: &str) -> MemberId {
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let identity = Identity { name: known(name), email: known(email), phone: known(phone), ..Identity::default() };
    let new = NewMember { identity, if_enrolled: IfEnrolled::Refuse, ..NewMember::new(external_id) };
    MemberId(shop.application.enrol(new).await.unwrap().holder.0)
}

/// The browser of a colleague who has just signed in.
async fn colleague(house: &House, owner: &Browser, name: &str, role: &str) -> Browser {
    let email = format!("{name}@shop.example");
    let page = owner.post("/console/team", &[("name", name), ("email", &email), ("role", role)]).await;
    let password = page.between("<p><code>", "</code></p>").to_owned();
    let browser = house.browser();
    assert_eq!(browser.sign_in(&email, &password).await.status, 303);
    browser
}

fn once(page: &Page) -> String {
    page.between("name=\"once\" value=\"", "\"").to_owned()
}

async fn search(browser: &Browser, sought: &str) -> String {
    let page = browser.post("/console/members/search", &[("sought", sought)]).await;
    assert_eq!(page.status, 200, "{sought}");
    page.text
}

/// A page without the spaces that keep a number and its unit on one line.
fn plain(page: &Page) -> String {
    page.text.replace('\u{a0}', " ")
}

fn adjusting<'a>(once: &'a str, amount: &'a str, reason: &'a str) -> [(&'a str, &'a str); 4] {
    [("once", once), ("direction", "give"), ("amount", amount), ("reason", reason)]
}

#[tokio::test]
async fn members_are_found_by_what_is_known_of_them() {
    let house = House::open().await;
    let owner = house.owner().await;
    let empty = owner.get("/console/members").await;
    assert!(empty.text.contains("Nobody has joined yet."), "{}", empty.text);
    let zolw =
        enrol(&house.shop, "client-7", "Łucja Żółw-Śliwińska", "lucja.zolw@mail.example", "+48 601 234 567").await;
    enrol(&house.shop, "client-8", "Jan Nowak", "jn@mail.example", "22 555 66 77").await;
    enrol(&house.shop, "other-9", "Bo Li", "", "").await;
    let nobody = house.shop.enrol("nameless").await;
    for (sought, found) in [
        ("żół", "Żółw"),
        ("ZOLW", "Żółw"),
        ("zolwi", ""),
        ("lucja", "Żółw"),
        ("Łucja Śli", "Żółw"),
        ("sliwinska łuc", "Żółw"),
        ("śliwińsk", "Żółw"),
        ("lucja.zolw@mail.example", "Żółw"),
        ("LUCJA.ZOLW@ma", "Żółw"),
        ("lucja.zolw@other", ""),
        ("601234567", "Żółw"),
        ("0048 601-234-567", "Żółw"),
        ("4567", "Żółw"),
        ("34 567", "Żółw"),
        ("9999", ""),
        ("nowak", "Jan Nowak"),
        ("jan no", "Jan Nowak"),
        ("jan zolw", ""),
        ("bo li", "Bo Li"),
        ("client-8", "Jan Nowak"),
        ("oth", "Bo Li"),
        ("%", ""),
    ] {
        let page = search(&owner, sought).await;
        assert_eq!(page.contains("<tbody>"), !found.is_empty(), "{sought}: {page}");
        assert!(page.contains(found), "{sought}: {page}");
    }
    assert!(search(&owner, "client").await.contains("2 members found"));
    assert!(search(&owner, "no").await.contains("At least three letters"));
    assert!(search(&owner, &zolw.to_string()).await.contains("Żółw"));
    assert!(search(&owner, &nobody.to_string()).await.contains("nameless"));
    assert!(search(&owner, "").await.contains("Bo Li"), "nothing typed is everybody");
    let whole = owner.post("/console/members", &[("sought", "żół")]).await;
    assert!(whole.text.contains("value=\"żół\"") && whole.text.contains("Żółw"), "without the script as well");
    let form = whole.between("<form class=\"search\"", ">");
    assert!(form.contains("method=\"post\""), "what is typed never stands in an address");
}

#[tokio::test]
async fn who_is_changed_is_found_by_what_is_known_now_and_who_is_erased_by_nothing() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = enrol(&house.shop, "ada", "Ada Nowak", "ada@mail.example", "601 234 567").await;
    let here = format!("/console/members/{ada}");
    let faulty = [("name", "Ada Wilk"), ("email", "ada"), ("birth_year", "12")];
    let refused = owner.post(&format!("{here}/person"), &faulty).await;
    assert!(refused.text.contains("This is no e-mail address.") && refused.text.contains("value=\"Ada Wilk\""));
    assert!(refused.text.contains("A year between 1900 and 2100, please."));
    let fields = [("name", "Ada Wilk"), ("email", "wilk@mail.example"), ("phone", ""), ("birth_year", "1990")];
    let done = owner.post(&format!("{here}/person"), &fields).await;
    assert_eq!(done.location, format!("{here}?done=corrected"));
    for (sought, is_found) in [("nowak", false), ("234567", false), ("ada@mail.example", false), ("wilk", true)] {
        assert_eq!(search(&owner, sought).await.contains("Ada Wilk"), is_found, "{sought}");
    }
    // As if an older release had written everything.
    house.shop.tamper("delete from member_search").await;
    assert!(!search(&owner, "wilk").await.contains("Ada Wilk"));
    house.shop.run_until_idle().await;
    assert!(search(&owner, "wilk").await.contains("Ada Wilk"));

    let once = once(&owner.get(&here).await);
    let unsure = owner.post(&format!("{here}/erase"), &[("once", &once)]).await;
    assert!(unsure.text.contains("Say first that you are sure."));
    let erased = owner.post(&format!("{here}/erase"), &[("once", &once), ("sure", "yes")]).await;
    assert_eq!(erased.location, format!("{here}?done=erased"));
    for sought in ["wilk", "wilk@mail.example", "ada", "erased"] {
        assert!(!search(&owner, sought).await.contains("<tbody>"), "{sought}");
    }
    assert_eq!(house.shop.count("member_search").await, 0);
    let page = owner.get(&here).await;
    assert!(page.status == 200 && !page.text.contains("Wilk"), "{}", page.text);
    assert_eq!(owner.post(&format!("{here}/person"), &fields).await.status, 404);
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended() {
    let house = House::open().await;
    let owner = house.owner().await;
    for number in 0..30 {
        house.shop.enrol(&format!("client-{number:02}")).await;
    }
    let first = owner.get("/console/members").await;
    assert!(first.text.contains("client-29") && first.text.contains("client-05") && !first.text.contains("client-04"));
    let next = first.between("href=\"/console/members?before=", "\"").to_owned();
    let second = owner.get(&format!("/console/members?before={next}")).await;
    assert!(second.text.contains("client-04") && second.text.contains("client-00"));
    assert!(!second.text.contains("client-05") && !second.text.contains("?before="));
    assert!(owner.get("/console/members?before=here").await.status == 404);
}

#[tokio::test]
async fn nothing_that_a_member_is_called_becomes_part_of_the_page() {
    let house = House::open().await;
    let owner = house.owner().await;
    let bad = enrol(&house.shop, "<b>id", "<script>alert(1)</script>", "\"><img@x", "").await;
    for path in ["/console/members".to_owned(), format!("/console/members/{bad}")] {
        let page = owner.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("<script>") && !page.text.contains("<b>id") && !page.text.contains("<img@x"));
        assert!(page.text.contains("&lt;script&gt;"), "{}", page.text);
    }
    let page = owner.post("/console/members", &[("sought", "\"><script>")]).await;
    assert!(!page.text.contains("<script>"));
}

#[tokio::test]
async fn points_are_adjusted_once_however_often_the_form_is_sent() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 100).await;
    let (here, address) = (format!("/console/members/{ada}"), format!("/console/members/{ada}/adjust"));
    let form = once(&owner.get(&here).await);
    for _ in 0..2 {
        let done = owner.post(&address, &adjusting(&form, "1,000", "Sorry for the <late> parcel")).await;
        assert_eq!((done.status, done.location), (303, format!("{here}?done=adjusted")));
    }
    assert_eq!(house.shop.available(ada).await, 1_100);
    let page = owner.get(&format!("{here}?done=adjusted")).await;
    assert!(page.text.contains("The points are adjusted.") && page.text.contains("Sorry for the &lt;late&gt; parcel"));
    assert!(plain(&page).contains("1,100 points"), "{}", page.text);
    let other = owner.post(&address, &adjusting(&form, "5", "another")).await;
    assert!(other.text.contains("This form was sent before, with other values."));
    let faulty = owner.post(&address, &adjusting(&once(&other), "1,5", "")).await;
    assert!(faulty.text.contains("An amount above zero") && faulty.text.contains("value=\"1,5\""));
    assert!(faulty.text.contains("Something has to stand here."));
    assert_eq!(owner.post(&address, &adjusting("console-1", "5", "forged")).await.status, 404);
    let take = [("once", &*once(&other)), ("direction", "take"), ("amount", "100"), ("reason", "Too much")];
    assert_eq!(owner.post(&address, &take).await.status, 303);
    assert_eq!(house.shop.available(ada).await, 1_000);
    let actions = owner.get("/console/actions").await.text;
    assert_eq!(actions.matches("adjusted points").count(), 2, "{actions}");
    assert!(actions.contains("+1000 points") && !actions.contains("parcel"));
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn an_analyst_looks_and_changes_nothing() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 100).await;
    let here = format!("/console/members/{ada}");
    let form = once(&owner.get(&here).await);
    let adam = colleague(&house, &owner, "adam", "analyst").await;
    let page = adam.get(&here).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("/adjust") && !page.text.contains("/erase"), "{}", page.text);
    let fields = [("once", form.as_str()), ("sure", "yes"), ("amount", "5"), ("reason", "for me"), ("name", "Adam")];
    for action in ["adjust", "person", "leave", "erase", "holds/txn_0000000000000/release"] {
        assert_eq!(adam.post(&format!("{here}/{action}"), &fields).await.status, 403, "{action}");
    }
    let eve = colleague(&house, &owner, "eve", "support").await;
    assert_eq!(eve.post(&format!("{here}/erase"), &fields).await.status, 403, "only who manages erases");
    assert_eq!(eve.post(&format!("{here}/adjust"), &fields).await.status, 303);
    assert_eq!(eve.post("/console/members/requests/1/confirm", &[]).await.status, 403);
    assert_eq!(house.shop.available(ada).await, 105);
    let stranger = house.browser();
    assert!(stranger.get(&here).await.location.starts_with("/console/sign-in"));
    assert!(stranger.post("/console/members/search", &[("sought", "ada")]).await.location.contains("/sign-in"));
}

#[tokio::test]
async fn much_is_adjusted_by_two() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 100).await;
    let here = format!("/console/members/{ada}");
    let eve = colleague(&house, &owner, "eve", "support").await;
    let form = once(&eve.get(&here).await);
    for _ in 0..2 {
        let asked = eve.post(&format!("{here}/adjust"), &adjusting(&form, "1,001", "A big favour")).await;
        assert_eq!(asked.location, format!("{here}?done=requested"));
    }
    assert_eq!(house.shop.available(ada).await, 100, "nothing is done yet");
    assert!(owner.get("/console/members").await.text.contains("1 request waits for a second person"));
    let page = owner.get("/console/members/requests").await;
    assert!(page.text.contains("A big favour") && plain(&page).contains("+1,001 points"), "{}", page.text);
    let request = page.between("action=\"/console/members/requests/", "/confirm").to_owned();
    let address = |action: &str| format!("/console/members/requests/{request}/{action}");
    for _ in 0..2 {
        assert_eq!(owner.post(&address("confirm"), &[]).await.status, 303);
    }
    assert_eq!(house.shop.available(ada).await, 1_101);
    owner.post(&address("refuse"), &[]).await;
    let page = owner.get("/console/members/requests").await;
    assert!(page.text.contains("Nothing waits to be confirmed.") && page.text.contains("confirmed"));

    let form = once(&owner.get(&here).await);
    owner.post(&format!("{here}/adjust"), &adjusting(&form, "2,000", "For a friend")).await;
    let page = owner.get("/console/members/requests").await;
    assert!(page.text.contains("Somebody else has to confirm what you asked for."));
    let own = page.between("action=\"/console/members/requests/", "/refuse").to_owned();
    assert_eq!(owner.post(&format!("/console/members/requests/{own}/confirm"), &[]).await.status, 403);
    assert_eq!(owner.post(&format!("/console/members/requests/{own}/refuse"), &[]).await.status, 303);
    assert_eq!(house.shop.available(ada).await, 1_101);

    assert_eq!(owner.post("/console/members/requests/limit", &[("limit", "5,000")]).await.status, 303);
    let form = once(&owner.get(&here).await);
    let done = owner.post(&format!("{here}/adjust"), &adjusting(&form, "2,000", "Within the limit")).await;
    assert_eq!(done.location, format!("{here}?done=adjusted"));
    assert_eq!(house.shop.available(ada).await, 3_101);
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn many_small_adjustments_are_as_good_as_a_large_one() {
    let house = House::open().await;
    let owner = house.owner().await;
    let eve = colleague(&house, &owner, "eve", "support").await;
    let (ada, bob) = (house.shop.enrol_with("ada", 100).await, house.shop.enrol_with("bob", 100).await);
    let adjusted = async |browser: &Browser, member: MemberId, form: &str, amount: &str| {
        let address = format!("/console/members/{member}/adjust");
        let done = browser.post(&address, &adjusting(form, amount, "A favour")).await;
        done.location.rsplit('=').next().unwrap_or_default().to_owned()
    };
    let form = async |browser: &Browser| once(&browser.get(&format!("/console/members/{ada}")).await);
    let first = form(&eve).await;
    assert_eq!(adjusted(&eve, ada, &first, "600").await, "adjusted");
    assert_eq!(adjusted(&eve, ada, &form(&eve).await, "400").await, "adjusted");
    assert_eq!(adjusted(&eve, ada, &form(&eve).await, "1").await, "requested");
    assert_eq!(adjusted(&eve, ada, &first, "600").await, "adjusted", "the same form again changes nothing");
    assert_eq!(house.shop.available(ada).await, 1_100);
    assert_eq!(adjusted(&eve, bob, &form(&eve).await, "900").await, "adjusted", "each member has a limit of their own");
    assert_eq!(adjusted(&owner, ada, &form(&owner).await, "900").await, "adjusted", "and each of the staff");
    // The next day is another one.
    house.shop.clock.set(house.shop.clock.now() + jiff::SignedDuration::from_hours(24));
    owner.sign_in("ewa@shop.example", PASSWORD).await;
    assert_eq!(adjusted(&owner, ada, &form(&owner).await, "900").await, "adjusted");
    assert_eq!(house.shop.available(ada).await, 2_900);
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn what_the_ledger_refuses_stays_open_with_its_reason() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 100).await;
    let here = format!("/console/members/{ada}");
    let eve = colleague(&house, &owner, "eve", "support").await;
    let form = once(&eve.get(&here).await);
    eve.post(&format!("{here}/adjust"), &adjusting(&form, "2,000", "A big favour")).await;
    let page = owner.get("/console/members/requests").await;
    let request = page.between("action=\"/console/members/requests/", "/confirm").to_owned();
    let form = once(&owner.get(&here).await);
    let left = owner.post(&format!("{here}/leave"), &[("once", &form), ("sure", "yes")]).await;
    assert_eq!(left.location, format!("{here}?done=left"));
    for _ in 0..2 {
        let refused = owner.post(&format!("/console/members/requests/{request}/confirm"), &[]).await;
        assert!(refused.text.contains("role=\"alert\"") && refused.text.contains("A big favour"), "{}", refused.text);
    }
    assert!(!owner.get(&here).await.text.contains("/adjust"), "nothing is adjusted for somebody who has left");
}

#[tokio::test]
async fn a_member_s_page_tells_the_story_with_why() {
    let house = House::open().await;
    house.shop.live_a_little().await;
    let owner = house.owner().await;
    let ada = house.shop.application.member_by_external_id("ada").await.unwrap().unwrap().id;
    let bob = house.shop.application.member_by_external_id("bob").await.unwrap().unwrap().id;
    let page = owner.get(&format!("/console/members/{ada}")).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<progress max=") && page.text.contains("Order o-1"), "{}", page.text);
    let holder = house.shop.application.holder(ada.into()).await.unwrap().unwrap();
    let code = holder.vouchers.first().unwrap().code.to_string();
    assert!(!page.text.contains(&code), "a code is money");
    assert!(page.text.contains(&format!("<code>…{}</code>", &code[code.len() - 4..])));
    owner.post("/language", &[("language", "pl"), ("back", "/console")]).await;
    let polish = owner.get(&format!("/console/members/{bob}")).await;
    assert!(polish.text.contains("Co się działo i dlaczego") && polish.text.contains("punkt"), "{}", polish.text);
    assert_eq!(owner.get(&format!("/console/members/{ada}?from=txn_0000000000000")).await.status, 404);
    assert_eq!(owner.get("/console/members/mem_0000000000000").await.status, 404);
    assert_eq!(owner.get("/console/members/ada").await.status, 404);
}

#[tokio::test]
async fn who_shares_a_wallet_is_shown_with_it() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 700).await;
    let bob = enrol(&house.shop, "bob", "Bob Lis", "", "").await;
    let home = house.shop.application.open_household(None, false).await.unwrap().holder;
    for member in [ada, bob] {
        house.shop.submit(member, Command::JoinHousehold { household: home }).await.unwrap();
    }
    house.shop.run_until_idle().await;
    let here = format!("/console/members/{ada}");
    let page = owner.get(&here).await;
    assert!(page.text.contains("in the shared wallet") && plain(&page).contains("750 points"), "{}", page.text);
    assert!(page.text.contains(&format!("<a href=\"/console/members/{bob}\">Bob Lis</a>")));
    assert!(plain(&owner.get("/console/members").await).matches("750 points").count() == 2);
    let done = owner.post(&format!("{here}/adjust"), &adjusting(&once(&page), "50", "A present")).await;
    assert_eq!(done.status, 303);
    assert_eq!(house.shop.available(home).await, 800);
    let story = owner.get(&format!("{here}?household=true")).await;
    assert!(story.text.contains("What happened in the shared wallet, and why") && story.text.contains("A present"));
}

#[tokio::test]
async fn holds_are_released_and_rewards_rolled_back_for_their_own_member_only() {
    let house = House::open().await;
    let owner = house.owner().await;
    let ada = house.shop.enrol_with("ada", 3_000).await;
    let bob = house.shop.enrol_with("bob", 100).await;
    let held = house.shop.submit(ada, hold(120, &house.shop.clock)).await.unwrap().transaction;
    let taken = house.shop.submit(ada, redeem("coupon-10")).await.unwrap().transaction;
    let before = house.shop.available(ada).await;
    let here = format!("/console/members/{ada}");
    let page = owner.get(&here).await;
    let release = format!("{here}/holds/{held}/release");
    let roll_back = format!("{here}/redemptions/{taken}/rollback");
    assert!(page.text.contains(&release) && page.text.contains(&roll_back), "{}", page.text);
    let form = once(&page);
    for elsewhere in
        [release.replace(&ada.to_string(), &bob.to_string()), roll_back.replace(&ada.to_string(), &bob.to_string())]
    {
        assert_eq!(owner.post(&elsewhere, &[("once", &form)]).await.status, 404);
    }
    for _ in 0..2 {
        assert_eq!(owner.post(&release, &[("once", &form)]).await.location, format!("{here}?done=released"));
    }
    assert_eq!(house.shop.available(ada).await, before + 120);
    let page = owner.get(&here).await;
    let again = owner.post(&release, &[("once", &once(&page))]).await;
    assert!(again.text.contains("role=\"alert\""), "{}", again.text);
    let fields = [("once", &*once(&again)), ("remark", "Changed her mind")];
    assert_eq!(owner.post(&roll_back, &fields).await.location, format!("{here}?done=rolled-back"));
    assert!(house.shop.available(ada).await > before + 120);
    let page = owner.get(&here).await;
    assert!(page.text.contains("Changed her mind") && !page.text.contains(&roll_back), "{}", page.text);
    let actions = owner.get("/console/actions").await.text;
    assert_eq!(actions.matches("released what was set aside").count(), 1);
    house.shop.assert_audited().await;
}

#[tokio::test]
async fn marks_say_nothing_of_the_person() {
    let house = House::open().await;
    enrol(&house.shop, "ada", "Ada Nowak", "ada@mail.example", "601 234 567").await;
    let mut connection = house.shop.application.database.read().await.unwrap();
    let rows = sql::rows(&mut connection, "select mark from member_search", vec![]).await.unwrap();
    let marks: Vec<i64> = rows.iter().map(|row| sql::column(row, "mark").unwrap()).collect();
    assert!((8..=16).contains(&marks.len()), "{}", marks.len());
    let other = House::open().await;
    enrol(&other.shop, "ada", "Ada Nowak", "ada@mail.example", "601 234 567").await;
    let mut connection = other.shop.application.database.read().await.unwrap();
    let rows = sql::rows(&mut connection, "select mark from member_search", vec![]).await.unwrap();
    assert!(rows.iter().all(|row| !marks.contains(&sql::column(row, "mark").unwrap())), "another key, other marks");
}
