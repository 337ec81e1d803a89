//! Many at once who say the same: one is heard, the others learn of it.

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;

use crate::http_client::{Answer, Counter, read};

const CROWD: usize = 50;

async fn open() -> Counter {
    let counter = Counter::open().await;
    for number in 0..CROWD {
        counter.shop.enrol(&format!("customer-{number}")).await;
    }
    counter
}

/// Sends all the requests at once.
async fn all(requests: Vec<reqwest::RequestBuilder>) -> Vec<Answer> {
    requests.into_iter().map(read).collect::<JoinSet<Answer>>().join_all().await
}

/// Checks that one was heard and the others were refused with this code.
fn assert_one_heard(answers: &[Answer], refused: &str) {
    let (heard, others): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status < 300);
    assert_eq!((heard.len(), others.len()), (1, CROWD - 1));
    for other in others {
        other.assert_problem(StatusCode::CONFLICT, refused);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_requests_with_one_key_one_is_carried_out() {
    let counter = open().await;
    let adjust = |number: usize| {
        let member = format!("customer-{number}");
        let body = json!({ "member": member, "unit": "points", "amount": 10, "reason": "a test" });
        counter.request(Method::POST, "/v1/adjustments").header("Idempotency-Key", "the same").json(&body)
    };
    let before = counter.shop.count("journal").await;
    let answers = all((0..CROWD).map(adjust).collect()).await;
    assert_one_heard(&answers, "idempotency_key_reused");
    assert_eq!(counter.shop.count("journal").await, before + 1);

    // Those who say exactly the same all get the one answer.
    let hold = |_| {
        let body = json!({ "member": "customer-7", "unit": "points", "amount": 1 });
        counter.request(Method::POST, "/v1/holds").header("Idempotency-Key", "a hold").json(&body)
    };
    let answers = all((0..CROWD).map(hold).collect()).await;
    assert!(answers.iter().all(|answer| answer.status == 201 && answer.body == answers[0].body), "{answers:#?}");
    assert_eq!(counter.shop.count("journal").await, before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_put_by_many_at_once_belongs_to_one() {
    let counter = open().await;
    let put = |number: usize| {
        let body = json!({
            "member": format!("customer-{number}"), "state": "paid", "currency": "PLN",
            "placed_at": "2026-05-04T09:00:00Z", "lines": [{ "id": "1", "quantity": 1, "total": "20.00" }],
        });
        // The same id, written in two ways.
        let id = if number.is_multiple_of(2) { "no%201" } else { "n%6F%201" };
        counter.request(Method::PUT, &format!("/v1/orders/{id}")).json(&body)
    };
    let before = counter.shop.count("journal").await;
    let answers = all((0..CROWD).map(put).collect()).await;
    assert_one_heard(&answers, "order_of_another_member");
    assert_eq!(counter.shop.count("journal").await, before + 1);
}

/// One tells of the sale, another one puts the order, and neither of the customers is a member yet: whoever is too late
/// does not join with somebody else's order.
#[tokio::test(flavor = "multi_thread")]
async fn a_sale_takes_turns_with_whoever_puts_the_order() {
    let counter = Counter::open().await;
    let programme = lojal_core::programme::starter(lojal_core::kernel::Language::En);
    assert!(programme.contains("join_on_first_order = true"));
    let members = counter.shop.count("member").await;
    for round in 0..20 {
        let order = |number: usize| {
            json!({
                "member": format!("guest-{round}-{number}"), "state": "paid", "currency": "PLN",
                "placed_at": "2026-05-04T09:00:00Z", "lines": [{ "id": "1", "quantity": 1, "total": "20.00" }],
            })
        };
        let id = format!("race-{round}");
        let requests = (0..4).map(|number| match number % 2 {
            0 => counter.request(Method::PUT, &format!("/v1/orders/{id}")).json(&order(number)),
            _ => {
                let sale = json!({ "external_id": id, "order": order(number) });
                let key = format!("{round}-{number}");
                counter.request(Method::POST, "/v1/track/sale").header("Idempotency-Key", key).json(&sale)
            }
        });
        let answers = all(requests.collect()).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:#?}");
        assert_eq!(counter.shop.count("member").await, members + round + 1, "only whose order it is joins");
    }
}
