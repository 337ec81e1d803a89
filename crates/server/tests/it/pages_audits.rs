//! The books audited from the console.

use std::time::Duration;

use lojal_core::kernel::Part;
use lojal_server::platform::tasks::{Kind, Task, task_begin};

use crate::pages::{Browser, House, PASSWORD, Page};

const HERE: &str = "/console/ledger/audits";

async fn audited(owner: &Browser) -> Page {
    let begun = owner.post(HERE, &[]).await;
    assert!(begun.status == 303 && begun.location.starts_with(&format!("{HERE}/")), "{begun:?}");
    loop {
        let piece = owner.get(&format!("{}/progress", begun.location)).await;
        assert_eq!(piece.status, 200);
        if !piece.text.contains("data-poll") {
            return owner.get(&begun.location).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_audit_finds_what_somebody_changed_behind_the_house() {
    let house = House::open().await;
    house.shop.live_a_little().await;
    let owner = house.owner().await;
    assert!(owner.get(HERE).await.text.contains("have not been audited from here yet"));
    assert!(owner.get("/console/ledger").await.text.contains(HERE));
    let clean = audited(&owner).await;
    assert!(clean.text.contains("Everything holds") && clean.text.contains("Checked: "), "{}", clean.text);
    house.shop.tamper("update holder_state set version = version + 1").await;
    let found = audited(&owner).await;
    for said in [
        "2 differences",
        "Leave the database as it is",
        "does not name the end of its journal",
        "href=\"/console/members/mem_",
    ] {
        assert!(found.text.contains(said), "{said}: {}", found.text);
    }
    assert!(!found.text.contains("Everything holds"), "{}", found.text);
    let list = owner.get(HERE).await;
    assert!(list.text.contains("Everything holds") && list.text.contains("badge bad"), "{}", list.text);
    owner.post("/language", &[("language", "pl"), ("back", HERE)]).await;
    assert!(owner.get(HERE).await.text.contains("Wszystko się zgadza"));
    assert!(owner.get("/console/actions").await.text.contains("rozpoczęcie kontroli ksiąg"));
}

#[tokio::test]
async fn one_at_a_time_and_it_can_be_stopped_and_given_up() {
    let house = House::open().await;
    house.shop.live_a_little().await;
    let owner = house.owner().await;
    audited(&owner).await;
    let list = owner.get(HERE).await;
    let address = format!("{HERE}/{}", list.between(&format!("href=\"{HERE}/"), "\""));
    let change = async |set: &str| {
        let part = Part::PROGRAMME.number();
        house.shop.tamper(&format!("update task set {set} where part = {part}")).await;
    };
    change("state = 'running', progress = 1234").await;
    assert_eq!(owner.post(HERE, &[]).await.location, HERE, "one at a time");
    assert!(owner.get(HERE).await.text.contains("An audit is under way."));
    let page = owner.get(&address).await;
    assert!(page.text.contains("Wallets checked so far: 1,234") && page.text.contains("http-equiv=\"refresh\""));
    owner.post(&format!("{address}/stop"), &[]).await;
    assert!(owner.get(&address).await.text.contains("It is being stopped."));
    change("seen_at = seen_at - 61000000").await;
    assert!(owner.get(&address).await.text.contains("did not come to its end"));
    // A simulation is not an audit, and a number may be anything.
    assert_eq!(owner.get(&address.replace("/ledger/audits/", "/programme/simulations/")).await.status, 404);
    assert_eq!(owner.get(&format!("{HERE}/7")).await.status, 404);

    let fields = [("name", "Ola"), ("email", "ola@shop.example"), ("role", "analyst")];
    let added = owner.post("/console/team", &fields).await;
    let password = added.between("<code>", "</code>").to_owned();
    let analyst = house.browser();
    analyst.sign_in("ola@shop.example", &password).await;
    assert!(analyst.get(HERE).await.text.contains("Somebody who runs the programme may begin."));
    assert_eq!(analyst.post(HERE, &[]).await.status, 403);
    assert_ne!(password, PASSWORD);
}

#[tokio::test]
async fn of_two_that_are_begun_at_the_same_moment_one_is() {
    let house = House::open().await;
    house.owner().await;
    let application = &house.shop.application;
    let begin = async |number: i64, kind: Kind| {
        let mut transaction = application.database.write_aside().await.unwrap();
        let task = Task::new(number, kind, 1, 0, application.clock.now());
        let has_begun = task_begin(&mut transaction, &task).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        transaction.commit().await.unwrap();
        has_begun
    };
    let begun = tokio::join!(begin(1, Kind::Audit), begin(2, Kind::Audit), begin(3, Kind::Simulation));
    assert!(begun.0 != begun.1 && begun.2, "{begun:?}");
    assert_eq!(house.shop.count("task").await, 2);
}
