//! Merging accounts of one person on the console's pages, and what the person sees of it on their own.

use lojal_core::activity::OrderState;
use lojal_core::command::Command;
use lojal_core::kernel::MemberId;
use lojal_core::merging::is_under_way;
use lojal_server::platform::application::NewMember;
use lojal_server::platform::enrolment::IfEnrolled;
use lojal_server::platform::identity::Identity;
use lojal_server::platform::jobs::Jobs;

use crate::pages::{Browser, House, Page};
use crate::pages_portal::{secret, signed_in};
use crate::shop::{adjust, hold, put_order, redeem};

/// A house in which somebody looks after what is on its way.
struct Office {
    house: House,
    owner: Browser,
    _jobs: Jobs,
}

impl Office {
    async fn open() -> Office {
        let house = House::open().await;
        let owner = house.owner().await;
        let _jobs = house.shop.application.start_jobs();
        Office { house, owner, _jobs }
    }

    /// Somebody of whom the shop knows a bit, with so many points.
    async fn enrol(&self, external_id: &str, name: &str, email: &str, phone: &str, points: i64) -> MemberId {
        let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let identity = Identity { name: known(name), email: known(email), phone: known(phone), ..Identity::default() };
        let new = NewMember { identity, if_enrolled: IfEnrolled::Refuse, ..NewMember::new(external_id) };
        let member = MemberId(self.house.shop.application.enrol(new).await.unwrap().holder.0);
        if points != 50 {
            self.house.shop.submit(member, adjust(points - 50)).await.unwrap();
        }
        member
    }

    /// Ada, who has ordered, and the account that she had before, whose number she has forgotten.
    async fn ada_twice(&self, points: i64) -> (MemberId, MemberId) {
        let old = self.enrol("old-7", "A. Nowak", "ada@old.example", "601 234 567", points).await;
        let ada = self.enrol("ada-9", "Ada Nowak", "ada@mail.example", "", 100).await;
        let order = put_order("o-1", OrderState::Paid, &[("1", 1, 25_000)]);
        self.house.shop.submit(ada, order).await.unwrap();
        (ada, old)
    }

    /// The browser of a colleague who has just signed in.
    async fn colleague(&self, name: &str, role: &str) -> Browser {
        let email = format!("{name}@shop.example");
        let page = self.owner.post("/console/team", &[("name", name), ("email", &email), ("role", role)]).await;
        let password = page.between("<p><code>", "</code></p>").to_owned();
        let browser = self.house.browser();
        assert_eq!(browser.sign_in(&email, &password).await.status, 303);
        browser
    }

    /// Points that can be spent, when nothing is on its way any more.
    async fn available(&self, member: MemberId) -> i64 {
        self.house.shop.run_until_idle().await;
        self.house.shop.available(member).await
    }
}

fn here(member: MemberId) -> String {
    format!("/console/members/{member}")
}

fn both(one: MemberId, other: MemberId) -> String {
    format!("{}/merge?with={other}", here(one))
}

fn once(page: &Page) -> String {
    page.between("name=\"once\" value=\"", "\"").to_owned()
}

async fn seen(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    page
}

/// Sends the form of a page on which two accounts stand beside each other.
async fn merge(browser: &Browser, one: MemberId, other: MemberId, keep: MemberId) -> Page {
    let page = seen(browser, &both(one, other)).await;
    let (once, other, keep) = (once(&page), other.to_string(), keep.to_string());
    let fields = [("once", &*once), ("with", &other), ("keep", &keep), ("reason", "The same person"), ("sure", "yes")];
    browser.post(&format!("{}/merge", here(one)), &fields).await
}

#[tokio::test]
async fn both_accounts_stand_beside_each_other_and_either_may_stay() {
    let office = Office::open().await;
    let shop = &office.house.shop;
    let (ada, old) = office.ada_twice(900).await;
    shop.submit(old, redeem("coupon-10")).await.unwrap();
    let left = shop.available(old).await;
    shop.submit(old, hold(20, &shop.clock)).await.unwrap();
    let order = put_order("o-7", OrderState::Paid, &[("1", 1, 10_000)]);
    let pending = shop.submit(old, order).await.map(|_| ()).is_ok();
    assert!(pending);
    let second = put_order("o-2", OrderState::Paid, &[("1", 1, 5_000)]);
    shop.submit(ada, second).await.unwrap();
    for (one, other) in [(ada, old), (old, ada)] {
        let page = seen(&office.owner, &both(one, other)).await;
        assert_eq!(page.between("name=\"keep\" value=\"", "\""), ada.to_string(), "who has more orders stays");
        let swap = page.between("<a class=\"button\" href=\"", "\"").to_owned();
        assert_eq!(swap, format!("{}/merge?with={other}&keep={old}", here(one)));
        let swapped = seen(&office.owner, &swap).await;
        assert_eq!(swapped.between("name=\"keep\" value=\"", "\""), old.to_string());
        assert!(swapped.between("<a class=\"button\" href=\"", "\"").ends_with(&format!("keep={ada}")));
        for expected in [
            "Ada Nowak",
            "A. Nowak",
            "ada@mail.example",
            "ada@old.example",
            "601 234 567",
            "old-7",
            &format!("To the account that stays goes: {} points, with its own expiry dates.", left - 20),
            "this is filled in: telephone.",
            "Set aside 20 points",
            "Pending ",
            "1 voucher stays valid",
            "Merging cannot be undone.",
            "value=\"ada-9\"",
        ] {
            let is_there = page.text.contains(expected);
            assert_eq!(is_there, expected != "value=\"ada-9\"", "{expected}: {}", page.text);
        }
        assert!(!swapped.text.contains("this is filled in"), "everything is known of the other one");
    }
    let page = seen(&office.owner, &both(ada, old)).await;
    assert!(!page.text.contains("style=") && !page.text.contains("<script>"), "{}", page.text);
    office.owner.post("/language", &[("language", "pl"), ("back", "/console")]).await;
    let polish = seen(&office.owner, &both(ada, old)).await;
    for expected in ["Zostanie dołączone", "Od razu", "Połączenia kont nie można cofnąć.", "1 kupon pozostaje ważny"]
    {
        assert!(polish.text.contains(expected), "{expected}: {}", polish.text);
    }
    assert!(polish.text.contains(&format!("with&#x3d;{old}")) || polish.text.contains(&format!("with={old}")));
}

#[tokio::test]
async fn accounts_are_merged_once_and_lead_to_each_other() {
    let office = Office::open().await;
    let owner = &office.owner;
    let (ada, old) = office.ada_twice(900).await;
    let page = seen(owner, &both(old, ada)).await;
    let form = once(&page);
    let address = format!("{}/merge", here(old));
    let (with, keep) = (ada.to_string(), ada.to_string());
    let unsure = [("once", &*form), ("with", &with), ("keep", &keep), ("reason", "Called <us> today")];
    let refused = owner.post(&address, &unsure).await;
    assert!(refused.text.contains("Say first that you are sure.") && refused.text.contains("role=\"alert\""));
    assert!(refused.text.contains("value=\"Called &lt;us&gt; today\""), "{}", refused.text);
    let refused = owner.post(&address, &[("once", &*form), ("with", &with), ("keep", &keep), ("sure", "yes")]).await;
    assert!(refused.text.contains("Something has to stand here.") && refused.text.contains("checked"));
    assert_eq!(once(&refused), form, "the form is the same one");
    assert_eq!(office.available(old).await, 900, "nothing is done yet");

    let sure = [unsure.as_slice(), &[("sure", "yes")]].concat();
    for _ in 0..2 {
        let done = owner.post(&address, &sure).await;
        assert_eq!((done.status, done.location), (303, format!("{}?done=merged", here(ada))), "{}", done.text);
    }
    assert_eq!(office.available(ada).await, 1_000);
    assert_eq!(office.available(old).await, 0);
    let page = seen(owner, &format!("{}?done=merged", here(ada))).await;
    for expected in
        ["The accounts are merged.", "Merged accounts", "Called &lt;us&gt; today", "Ewa &lt;Lis&gt;", "601 234 567"]
    {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    assert!(page.text.contains(&format!("<a href=\"{}\">A. Nowak</a>", here(old))), "{}", page.text);
    let page = seen(owner, &here(old)).await;
    assert!(page.text.contains("This account was merged into another one:"), "{}", page.text);
    assert!(page.text.contains(&format!("<a href=\"{}\"><strong>Ada Nowak</strong></a>", here(ada))));
    assert!(page.text.contains("class=\"story\"") && page.text.contains("Called &lt;us&gt; today"));
    let person = [("name", "A. Nowak"), ("email", "ada@old.example"), ("phone", "601 234 567")];
    assert!(page.text.contains(&format!("action=\"{}/person\"", here(old))), "{}", page.text);
    let corrected = owner.post(&format!("{}/person", here(old)), &person).await;
    assert_eq!((corrected.status, corrected.location), (303, format!("{}?done=corrected", here(old))));
    for action in ["/adjust", "/leave", "/erase", "/merge", "/cards\""] {
        assert!(!page.text.contains(&format!("{}{action}", here(old))), "{action}: {}", page.text);
    }
    let actions = owner.get("/console/actions").await.text;
    assert_eq!(actions.matches("merged accounts").count(), 1, "{actions}");
    assert!(actions.contains(&old.to_string()) && !actions.contains("Called"), "{actions}");

    // Members go on being found by what they had before.
    for sought in ["ada@old.example", "old-7", &old.to_string()] {
        let found = owner.post("/console/members/search", &[("sought", sought)]).await;
        assert!(found.text.contains("merged into:") && found.text.contains(&here(ada)), "{sought}: {}", found.text);
    }
    let found = owner.post("/console/members/search", &[("sought", "nowak")]).await.text;
    assert!(found.find("Ada Nowak") < found.find("A. Nowak"), "who is still there comes first: {found}");
    let newest = seen(owner, "/console/members").await;
    assert!(newest.text.contains("ada-9") && !newest.text.contains("old-7"), "{}", newest.text);
    office.house.shop.run_until_idle().await;
    let filtered = seen(owner, "/console/members?order=spent").await;
    assert!(filtered.text.contains("ada-9") && !filtered.text.contains("old-7"), "{}", filtered.text);
    office.house.shop.assert_audited().await;
}

#[tokio::test]
async fn much_is_merged_by_two() {
    let office = Office::open().await;
    let (ada, old) = office.ada_twice(1_500).await;
    let eve = office.colleague("eve", "support").await;
    let page = seen(&eve, &both(ada, old)).await;
    assert!(page.text.contains("has more than 1,000, so a second person"), "{}", page.text);
    assert!(page.text.contains("Ask for it to be merged"));
    let asked = merge(&eve, ada, old, ada).await;
    assert_eq!(asked.location, format!("{}?done=merge-requested", here(ada)), "{}", asked.text);
    assert_eq!(office.available(old).await, 1_500, "nothing is done yet");
    assert!(seen(&office.owner, "/console/members").await.text.contains("1 request waits for a second person"));
    let list = seen(&office.owner, "/console/members/requests").await;
    assert!(list.text.contains("A. Nowak → Ada Nowak") && list.text.contains("The same person"), "{}", list.text);
    let address = list.between("<a class=\"button\" href=\"", "\"").replace("&#x2f;", "/");
    let waiting = seen(&eve, &both(ada, old)).await;
    assert!(waiting.text.contains("Somebody has asked already"), "{}", waiting.text);
    let request = seen(&office.owner, &address).await;
    for expected in ["ada@old.example", "ada@mail.example", "1,500 points", "The same person", "/confirm"] {
        assert!(request.text.contains(expected), "{expected}: {}", request.text);
    }
    assert!(!seen(&eve, &address).await.text.contains("/confirm"), "who serves members confirms nothing");
    assert_eq!(eve.post(&format!("{address}/confirm"), &[]).await.status, 403);
    for _ in 0..2 {
        let done = office.owner.post(&format!("{address}/confirm"), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
    assert_eq!(office.available(ada).await, 1_600);
    let settled = seen(&office.owner, &address).await;
    assert!(settled.text.contains("confirmed") && !settled.text.contains("/confirm"), "{}", settled.text);
    let list = seen(&office.owner, "/console/members/requests").await;
    assert!(list.text.contains("Merges settled before") && list.text.contains("Nothing waits to be confirmed."));

    // Nobody confirms what they ask for themselves.
    let third = office.enrol("third-1", "Ada Nowak", "", "", 2_000).await;
    let asked = merge(&office.owner, ada, third, ada).await;
    assert!(asked.location.ends_with("?done=merge-requested"));
    let list = seen(&office.owner, "/console/members/requests").await;
    let address = list.between("<a class=\"button\" href=\"", "\"").replace("&#x2f;", "/");
    assert!(seen(&office.owner, &address).await.text.contains("Somebody else has to confirm"));
    assert_eq!(office.owner.post(&format!("{address}/confirm"), &[]).await.status, 403);
    assert_eq!(office.owner.post(&format!("{address}/refuse"), &[]).await.status, 303);
    assert_eq!(office.available(third).await, 2_000);
    let actions = office.owner.get("/console/actions").await.text;
    for noted in ["asked for accounts to be merged", "confirmed a merge of accounts", "refused a merge of accounts"] {
        assert!(actions.contains(noted), "{noted}: {actions}");
    }
    office.house.shop.assert_audited().await;
}

#[tokio::test]
async fn much_is_merged_by_two_whichever_account_stays() {
    let office = Office::open().await;
    let eve = office.colleague("eve", "support").await;
    let rich = office.enrol("rich", "Ada Nowak", "", "", 1_500).await;
    let empty = office.enrol("empty", "Somebody Else", "", "", 50).await;
    for keep in [empty, rich] {
        let page = seen(&eve, &format!("{}&keep={keep}", both(rich, empty))).await;
        assert!(page.text.contains("has more than 1,000, so a second person"), "{}", page.text);
        let asked = merge(&eve, rich, empty, keep).await;
        assert_eq!(asked.location, format!("{}?done=merge-requested", here(keep)), "{}", asked.text);
    }
    assert_eq!(office.available(rich).await, 1_500);

    // What is set aside at an account that was merged before goes on to whoever it leads to.
    let first = office.enrol("first", "Eva Lis", "", "", 1_500).await;
    let second = office.enrol("second", "Eva Lis", "", "", 50).await;
    let third = office.enrol("third", "Eva Lis", "", "", 50).await;
    office.house.shop.submit(first, hold(1_500, &office.house.shop.clock)).await.unwrap();
    office.house.shop.submit(second, Command::Merge { account: first }).await.unwrap();
    office.house.shop.run_until_idle().await;
    assert_eq!(office.available(second).await, 50);
    for keep in [second, third] {
        let asked = merge(&eve, third, second, keep).await;
        assert_eq!(asked.location, format!("{}?done=merge-requested", here(keep)), "{}", asked.text);
    }
}

#[tokio::test]
async fn many_small_accounts_are_as_good_as_a_large_one() {
    let office = Office::open().await;
    let eve = office.colleague("eve", "support").await;
    let ada = office.enrol("ada", "Ada Nowak", "", "", 100).await;
    for (name, done) in [("one", "merged"), ("two", "merged"), ("three", "merge-requested")] {
        let account = office.enrol(name, "Ada Nowak", "", "", 400).await;
        let answer = merge(&eve, ada, account, ada).await;
        assert_eq!(answer.location, format!("{}?done={done}", here(ada)), "{name}: {}", answer.text);
    }
    assert_eq!(office.available(ada).await, 900);
}

#[tokio::test]
async fn merged_accounts_do_not_raise_what_one_person_may_adjust() {
    let office = Office::open().await;
    let eve = office.colleague("eve", "support").await;
    let (ada, old) = office.ada_twice(50).await;
    let second = office.enrol("second", "Ada Nowak", "", "", 50).await;
    let form = once(&seen(&eve, &here(old)).await);
    let give = |form: &str| {
        let fields = [("once", form), ("direction", "give"), ("amount", "600"), ("reason", "Sorry")];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let adjusted = async |account: MemberId, form: &str| {
        let fields = give(form);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        eve.post(&format!("{}/adjust", here(account)), &fields).await
    };
    let late = once(&seen(&eve, &here(second)).await);
    for account in [old, second] {
        assert_eq!(merge(&eve, ada, account, ada).await.location, format!("{}?done=merged", here(ada)));
    }
    // A tab of the account that was open before: it counts for the member whose account it was.
    for _ in 0..2 {
        let done = adjusted(old, &form).await;
        assert_eq!(done.location, format!("{}?done=adjusted", here(ada)), "{}", done.text);
    }
    assert_eq!(office.available(ada).await, 800, "the same form is the same adjustment");
    let asked = adjusted(second, &late).await;
    assert_eq!(asked.location, format!("{}?done=requested", here(ada)), "{}", asked.text);
    assert_eq!(office.available(ada).await, 800);
    let log = office.owner.get("/console/actions").await.text;
    assert_eq!(log.matches("+600").count(), 2, "done once, asked for once: {log}");
}

#[tokio::test]
async fn a_merge_that_was_interrupted_is_told_of() {
    let house = House::open().await;
    let owner = house.owner().await;
    // Nobody looks after what is on its way, so whoever merges waits for the account's answer.
    let ada = house.shop.enrol("ada").await;
    let old = house.shop.enrol("old").await;
    let form = once(&seen(&owner, &both(ada, old)).await);
    let (with, keep) = (old.to_string(), ada.to_string());
    let fields = [("once", &*form), ("with", &with), ("keep", &keep), ("reason", "Called today"), ("sure", "yes")];
    let address = format!("{}/merge", here(ada));
    let asked = async {
        while !house.shop.application.holder(ada.into()).await.unwrap().is_some_and(|holder| is_under_way(&holder)) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        done = owner.post(&address, &fields) => panic!("it waits: {}", done.text),
        () = asked => {}
    }
    house.shop.run_until_idle().await;
    let page = seen(&owner, &here(old)).await;
    assert!(page.text.contains("This account was merged into another one:"), "{}", page.text);
    assert!(page.text.contains("Called today") && page.text.contains("Ewa &lt;Lis&gt;"), "{}", page.text);
    let actions = owner.get("/console/actions").await.text;
    assert_eq!(actions.matches("asked for accounts to be merged").count(), 1, "{actions}");
    assert!(!seen(&owner, "/console/members").await.text.contains("waits for a second person"));
    for _ in 0..2 {
        let done = owner.post(&address, &fields).await;
        assert_eq!(done.location, format!("{}?done=merged", here(ada)), "{}", done.text);
        let actions = owner.get("/console/actions").await.text;
        assert_eq!(actions.matches("merged accounts").count(), 1, "{actions}");
    }
}

#[tokio::test]
async fn what_cannot_be_merged_says_why() {
    let office = Office::open().await;
    let (ada, old) = office.ada_twice(100).await;
    let gone = office.enrol("gone", "Gone Away", "", "", 100).await;
    let form = once(&seen(&office.owner, &both(ada, gone)).await);
    office.house.shop.submit(gone, Command::Leave).await.unwrap();
    for keep in [ada, gone] {
        let page = seen(&office.owner, &format!("{}&keep={keep}", both(ada, gone))).await;
        assert!(page.text.contains("These accounts cannot be merged now"), "{}", page.text);
        assert!(page.text.contains("This person is no longer in the programme."), "{}", page.text);
        assert!(!page.text.contains("name=\"once\""), "{}", page.text);
    }
    // Who has left since the page was opened is refused as well.
    let (with, keep) = (gone.to_string(), ada.to_string());
    let fields = [("once", &*form), ("with", &with), ("keep", &keep), ("reason", "Late"), ("sure", "yes")];
    let refused = office.owner.post(&format!("{}/merge", here(ada)), &fields).await;
    assert!(refused.status == 200 && refused.text.contains("no longer in the programme"), "{}", refused.text);
    assert!(
        seen(&office.owner, &format!("{}/merge", here(gone))).await.text.contains("it is no longer in the programme")
    );
    let itself = seen(&office.owner, &both(ada, ada)).await;
    assert!(itself.text.contains("An account cannot be merged into itself."), "{}", itself.text);

    assert_eq!(merge(&office.owner, ada, old, ada).await.status, 303);
    let other = office.enrol("other", "Somebody Else", "", "", 100).await;
    let page = seen(&office.owner, &both(other, old)).await;
    assert!(page.text.contains("This account was already merged into another one."), "{}", page.text);
    for path in [
        both(ada, other).replace("mem_", "txn_"),
        format!("{}/merge?with=mem_0000000000000", here(ada)),
        format!("{}&keep={old}", both(ada, other)),
        "/console/members/requests/merges/1".to_owned(),
    ] {
        assert_eq!(office.owner.get(&path).await.status, 404, "{path}");
    }
    let other = other.to_string();
    let forged = [("once", "console-1"), ("with", other.as_str()), ("keep", &keep)];
    assert_eq!(office.owner.post(&format!("{}/merge", here(ada)), &forged).await.status, 404);
}

#[tokio::test]
async fn another_account_is_found_by_what_is_known() {
    let office = Office::open().await;
    let ada = office.enrol("ada", "Ada Nowak", "ada@mail.example", "601 234 567", 100).await;
    let twin = office.enrol("twin", "Ada Nowak", "ADA@mail.example", "", 100).await;
    let bob = office.enrol("client-8", "Bob Lis", "bob@mail.example", "", 100).await;
    let page = seen(&office.owner, &here(ada)).await;
    assert!(page.text.contains(&format!("{}/merge\"", here(ada))), "{}", page.text);
    assert!(page.text.contains(&both(ada, twin)), "the likely one is a step away: {}", page.text);
    let choosing = format!("{}/merge", here(ada));
    let page = seen(&office.owner, &choosing).await;
    assert!(page.text.contains("same e-mail address") && page.text.contains(&both(ada, twin)), "{}", page.text);
    let search = format!("{choosing}/search");
    for sought in ["bob", "client-8", "bob@mail.example", &bob.to_string()] {
        let found = office.owner.post(&search, &[("sought", sought)]).await;
        assert!(found.text.contains(&both(ada, bob)), "{sought}: {}", found.text);
        assert!(found.text.contains(&format!("value=\"{sought}\"")), "{}", found.text);
    }
    for (sought, answer) in [
        ("zo", "At least three letters"),
        ("nobody", "There is no such other account."),
        ("601234567", "There is no such"),
    ] {
        let page = office.owner.post(&search, &[("sought", sought)]).await;
        assert!(page.text.contains(answer), "{sought}: {}", page.text);
    }
    // What was merged leads to the survivor.
    assert_eq!(merge(&office.owner, bob, twin, bob).await.status, 303);
    let found = office.owner.post(&search, &[("sought", "twin")]).await;
    assert!(found.text.contains(&both(ada, bob)) && !found.text.contains(&both(ada, twin)), "{}", found.text);
}

#[tokio::test]
async fn only_who_may_adjust_points_merges_and_only_from_pages_of_the_house() {
    let office = Office::open().await;
    let (ada, old) = office.ada_twice(100).await;
    let adam = office.colleague("adam", "analyst").await;
    let page = seen(&adam, &here(ada)).await;
    assert!(!page.text.contains("/merge"), "{}", page.text);
    let form = once(&seen(&office.owner, &both(ada, old)).await);
    let (with, keep) = (old.to_string(), ada.to_string());
    let fields = [("once", &*form), ("with", &with), ("keep", &keep), ("reason", "For me"), ("sure", "yes")];
    let address = format!("{}/merge", here(ada));
    assert_eq!(adam.get(&both(ada, old)).await.status, 403);
    assert_eq!(adam.post(&address, &fields).await.status, 403);
    assert_eq!(adam.post(&format!("{address}/search"), &[("sought", "ada")]).await.status, 403);
    assert_eq!(office.owner.post_from_elsewhere(&address, &fields).await.status, 403);
    let stranger = office.house.browser();
    assert!(stranger.get(&both(ada, old)).await.location.starts_with("/console/sign-in"));
    assert!(stranger.post(&address, &fields).await.location.contains("/sign-in"));
    assert_eq!(office.available(old).await, 100);
    let eve = office.colleague("eve", "support").await;
    assert_eq!(merge(&eve, ada, old, ada).await.location, format!("{}?done=merged", here(ada)));
}

#[tokio::test]
async fn members_see_what_their_other_account_had() {
    let office = Office::open().await;
    let shop = &office.house.shop;
    let (ada, old) = office.ada_twice(900).await;
    let bob = office.enrol("bob", "Bob Lis", "bob@mail.example", "", 100).await;
    let (_, secret) = secret(shop).await;
    let taken = shop.submit(old, redeem("coupon-10")).await.unwrap().transaction;
    let code = shop.application.holder(old.into()).await.unwrap().unwrap().vouchers[0].code.to_string();
    let browser = signed_in(&office.house, &secret, "ada-9").await;
    assert!(!seen(&browser, "/portal/vouchers").await.text.contains(&code));
    assert!(!seen(&browser, "/portal/history").await.text.contains("account=1"));
    assert_eq!(browser.get("/portal/history?account=1").await.status, 404);
    assert_eq!(merge(&office.owner, ada, old, ada).await.status, 303);
    shop.run_until_idle().await;
    assert!(seen(&browser, "/portal/vouchers").await.text.contains(&code));
    assert!(seen(&browser, &format!("/portal/redemptions/{taken}")).await.text.contains(&code));
    let history = seen(&browser, "/portal/history").await;
    assert!(history.text.contains("Another account of the same person was merged"), "{}", history.text);
    assert!(history.text.contains("/portal/history?account=1"), "{}", history.text);
    let before = seen(&browser, "/portal/history?account=1").await;
    assert!(before.text.contains("an account that we merged into yours"), "{}", before.text);
    assert!(before.text.contains("10") && before.text.contains("class=\"story\""));
    for path in ["/portal/history?account=0", "/portal/history?account=2"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let page = seen(&office.owner, &here(ada)).await;
    assert!(page.text.contains(&format!("…{}", &code[code.len() - 4..])), "{}", page.text);
    assert!(page.text.contains("of a merged account") && !page.text.contains(&code));
    // Whoever comes from the shop with the old id is the same person; nobody else is.
    let again = signed_in(&office.house, &secret, "old-7").await;
    assert!(seen(&again, "/portal/vouchers").await.text.contains(&code));
    let stranger = signed_in(&office.house, &secret, "bob").await;
    assert_eq!(stranger.get("/portal/history?account=1").await.status, 404);
    assert_eq!(stranger.get(&format!("/portal/redemptions/{taken}")).await.status, 404);
    assert!(!seen(&stranger, "/portal/vouchers").await.text.contains(&code));
    assert_eq!(office.available(bob).await, 100);
    // A voucher of the merged account that was given back is told as one that is over.
    let undo = Command::RollBackRedemption { redemption: taken, reason: None };
    shop.submit(old, undo).await.unwrap();
    shop.run_until_idle().await;
    let vouchers = seen(&browser, "/portal/vouchers").await;
    assert!(vouchers.text.contains(&format!("…{}", &code[code.len() - 4..])), "{}", vouchers.text);
    shop.assert_audited().await;
}
