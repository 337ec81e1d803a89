//! The programme over the API: checked, published, compared, and the terms that are made of it.

use reqwest::Method;
use serde_json::json;

use crate::http_client::{Counter, read};
use crate::http_life::order;

#[tokio::test]
async fn programmes_are_checked_published_and_kept() {
    let counter = Counter::open().await;
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let toml = |path: &str, text: String| {
        counter.request(Method::POST, path).header("content-type", "application/toml").body(text)
    };
    let checked = read(toml("/v1/programmes/check", starter.replace("per = \"1.00\"", "per = \"0.00\""))).await.ok();
    assert_eq!(checked["valid"], false);
    assert!(checked["findings"][0]["line"].as_u64().is_some(), "{checked:#}");
    for (lang, problem) in [("", "0 is out of range"), ("?lang=pl", "liczba 0 wykracza poza zakres")] {
        let wrong = starter.replace("per = \"1.00\"", "per = \"0.00\"");
        let checked = read(toml(&format!("/v1/programmes/check{lang}"), wrong.clone())).await.ok();
        assert_eq!(checked["findings"][0]["problem"], problem);
        let refused = read(toml(&format!("/v1/programmes{lang}"), wrong)).await;
        assert!(refused.body["errors"][0]["detail"].as_str().unwrap().starts_with(problem), "{:#}", refused.body);
    }
    let refused = read(toml("/v1/programmes", starter.replace("per = \"1.00\"", "per = \"0.00\""))).await;
    refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_programme");

    let same = read(toml("/v1/programmes", starter.to_owned())).await;
    assert_eq!((same.status, same.body["unchanged"].as_bool()), (200, Some(true)));
    let next = starter.replace("points = 30\n", "points = 40\n");
    let tried = read(toml("/v1/programmes?dry_run=true", next.clone())).await;
    assert_eq!((tried.status, tried.body["version"].as_u64()), (200, Some(2)));
    let published = read(toml("/v1/programmes", next.clone())).await;
    assert_eq!((published.status, published.body["version"].as_u64()), (201, Some(2)));
    let versions = counter.get("/v1/programmes").await.ok();
    let live: Vec<bool> =
        versions["data"].as_array().unwrap().iter().map(|version| version["live"].as_bool().unwrap()).collect();
    assert_eq!(live, [false, true]);
    assert_eq!(counter.get("/v1/programmes/2").await.ok()["document"], next);
    assert_eq!(counter.get("/v1/programmes/1").await.ok()["document"], starter);
    for (path, kind, beginning) in [
        ("/v1/programmes/2/terms?lang=pl", "text/markdown; charset=utf-8", "# Regulamin programu „"),
        (
            "/v1/programmes/1/terms?lang=en&format=html",
            "text/html; charset=utf-8",
            "<!doctype html>\n<html lang=\"en\">",
        ),
    ] {
        let terms = counter.get(path).await;
        assert_eq!(terms.kind, kind);
        assert!(terms.ok().as_str().unwrap().starts_with(beginning), "{path}");
    }
    let paper = counter.get("/v1/programmes/2/terms?lang=pl&format=pdf").await;
    assert_eq!(paper.kind, "application/pdf");
    assert!(paper.ok().as_str().unwrap().starts_with("%PDF-"));
    let changed = counter.get("/v1/programmes/2/terms?lang=en&since=1").await.ok().as_str().unwrap().to_owned();
    let (_, part) = changed.split_once("## Changes since version 1\n").expect("a part on changes");
    assert!(part.contains("better for Members:") && part.contains("30\u{a0}points → 40\u{a0}points"), "{part}");
    let reversed = counter.get("/v1/programmes/1/terms?since=2").await;
    reversed.assert_problem(reqwest::StatusCode::BAD_REQUEST, "invalid_since");
    let unknown = counter.get("/v1/programmes/2/terms?since=9").await;
    unknown.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_version");
    counter.get("/v1/programmes/9/terms").await.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_version");
    assert!(counter.get("/v1/programmes/schema").await.ok()["properties"]["earning"].is_object());
}

#[tokio::test]
async fn a_check_knows_what_an_ordinary_member_buys() {
    let counter = Counter::open().await;
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let dear = starter.replace("price = 100\n", "price = 90000\n").replace("price = 200\n", "price = 90000\n");
    let codes = || async {
        let check = counter.request(Method::POST, "/v1/programmes/check").header("content-type", "application/toml");
        let checked = read(check.body(dear.clone())).await.ok();
        let findings = checked["findings"].as_array().unwrap().clone();
        findings.into_iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(!codes().await.contains(&"reward_far_away".to_owned()), "nobody has bought anything yet");
    for member in 0..40 {
        let mut put = order(&format!("member-{member}"), "paid", "20.00");
        put["placed_at"] = json!("2026-04-30T09:00:00Z");
        counter.put(&format!("/v1/orders/{member}"), put).await.ok();
    }
    let found = codes().await;
    assert!(found.contains(&"reward_far_away".to_owned()), "{found:?}");
    // Whatever came last of each member, the orders are still there to be seen.
    for member in 0..40 {
        let body =
            json!({ "member": format!("member-{member}"), "name": "review", "external_id": format!("r-{member}") });
        counter.post("/v1/activities", body).await.ok();
    }
    assert_eq!(codes().await, found);
}

#[tokio::test]
async fn warnings_are_accepted_or_nothing_is_published() {
    let counter = Counter::open().await;
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let doubtful = starter.replace("caps = { month = 30 }", "");
    let toml = |path: &str, text: &str| {
        counter.request(Method::POST, path).header("content-type", "application/toml").body(text.to_owned())
    };
    let sound = read(toml("/v1/programmes/check", starter)).await.ok();
    assert_eq!((sound["valid"].as_bool(), sound["sound"].as_bool()), (Some(true), Some(true)), "{sound:#}");
    let accepted = sound["findings"].as_array().unwrap().iter().find(|finding| finding["accepted"].is_string());
    assert_eq!(accepted.unwrap()["severity"], "notice", "{sound:#}");
    let checked = read(toml("/v1/programmes/check", &doubtful)).await.ok();
    assert_eq!((checked["valid"].as_bool(), checked["sound"].as_bool()), (Some(true), Some(false)));
    for path in ["/v1/programmes", "/v1/programmes?dry_run=true"] {
        let refused = read(toml(path, &doubtful)).await;
        refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "unaccepted_warnings");
        let error = &refused.body["errors"][0];
        assert_eq!((&error["code"], &error["pointer"]), (&json!("activity_without_cap"), &json!("/earning/review")));
        assert!(error["detail"].as_str().unwrap().contains("add caps"), "{error:#}");
    }
    let tried = read(toml("/v1/programmes?dry_run=true&accept_warnings=true", &doubtful)).await;
    assert_eq!((tried.status, tried.body["version"].as_u64()), (200, Some(2)));
    let published = read(toml("/v1/programmes?accept_warnings=true", &doubtful)).await;
    assert_eq!((published.status, published.body["version"].as_u64()), (201, Some(2)));
    // What is in force has been accepted.
    let again = read(toml("/v1/programmes", &doubtful)).await;
    assert_eq!((again.status, again.body["unchanged"].as_bool()), (200, Some(true)));
    let never = starter.replace("at_least = \"200.00\"", "at_least = \"200.00\", less_than = \"100.00\"");
    let refused = read(toml("/v1/programmes?accept_warnings=true", &never)).await;
    refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_programme");
    assert_eq!(refused.body["errors"][0]["code"], "rule_never_fires");
}

#[tokio::test]
async fn a_document_is_compared_with_the_one_in_force() {
    let counter = Counter::open().await;
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let toml = |path: &str, text: String| {
        counter.request(Method::POST, path).header("content-type", "application/toml").body(text)
    };
    let same = read(toml("/v1/programmes/diff", starter.to_owned())).await.ok();
    assert_eq!(same, json!({ "against": 1, "summary": "Nothing changes.", "notice": false, "changes": [] }));
    let dearer = starter.replace("price = 500\n", "price = 600\n");
    let changed = read(toml("/v1/programmes/diff?lang=pl&against=1", dearer.clone())).await.ok();
    assert_eq!(changed["summary"], "Gorsze dla uczestników: 1 nagroda droższa.");
    let change = &changed["changes"][0];
    assert_eq!(
        change["text"].as_str().unwrap().replace('\u{a0}', " "),
        "Nagroda „Kubek” drożeje: 500 punktów → 600 punktów."
    );
    for (field, value) in [
        ("pointer", json!("/rewards/mug/price")),
        ("kind", json!("altered")),
        ("subject", json!("reward")),
        ("id", json!("mug")),
        ("aspect", json!("price")),
        ("effect", json!("worse")),
        ("notice", json!(true)),
    ] {
        assert_eq!(change[field], value, "{field}");
    }
    let unknown = read(toml("/v1/programmes/diff?against=9", dearer)).await;
    unknown.assert_problem(reqwest::StatusCode::NOT_FOUND, "unknown_version");
    let broken = read(toml("/v1/programmes/diff", "[programme]".to_owned())).await;
    broken.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_programme");
}

#[tokio::test]
async fn a_worse_document_is_refused_with_what_is_worse() {
    let counter = Counter::open().await;
    let starter = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    let dearer = starter.replace("price = 500\n", "price = 600\n");
    let publish = |query: &str| {
        let path = format!("/v1/programmes?{query}");
        counter.request(Method::POST, &path).header("content-type", "application/toml").body(dearer.clone())
    };
    for query in ["", "dry_run=true"] {
        let refused = read(publish(query)).await;
        refused.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "worse_for_members");
        assert_eq!(refused.body["errors"][0]["pointer"], "/rewards/mug/price");
        assert_eq!(refused.body["errors"][0]["code"], "worse");
    }
    let past = read(publish("effective_from=2026-05-01")).await;
    past.assert_problem(reqwest::StatusCode::UNPROCESSABLE_ENTITY, "invalid_fields");
    let waits = read(publish("effective_from=2026-12-15")).await;
    assert_eq!((waits.status, waits.body["effective_from"].as_str()), (201, Some("2026-12-14T23:00:00Z")));
    let versions = counter.get("/v1/programmes").await.ok();
    assert_eq!(
        (versions["data"][0]["live"].as_bool(), versions["data"][1]["live"].as_bool()),
        (Some(true), Some(false))
    );
    assert_eq!(versions["data"][1]["effective_from"], "2026-12-14T23:00:00Z");
    let stated = read(publish("accept_worse=true")).await;
    assert_eq!((stated.status, stated.body["version"].as_u64()), (201, Some(3)));
    assert_eq!(counter.get("/v1/programmes/3").await.ok()["accepted_worse"], true);
}
