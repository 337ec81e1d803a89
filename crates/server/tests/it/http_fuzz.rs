//! Calls every operation of the API description with requests made from its schemas, right and
//! wrong, and fails on any answer that the description does not announce.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::http_client::{Answer, Counter, read};
use crate::http_schema::{Dice, Schemas};

/// Another one may be tried with `LOJAL_FUZZ_SEED`.
const SEED: u64 = 20_260_504;
const ROUNDS: usize = 150;
const LONGEST: Duration = Duration::from_secs(25);

struct Operation {
    method: Method,
    path: String,
    description: Value,
}

/// One call, for the message when it fails.
#[derive(Debug, Default)]
struct Call {
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    kind: Option<String>,
    body: Vec<u8>,
    without_key: bool,
}

#[tokio::test]
async fn every_answer_is_one_that_the_description_announces() {
    let seed = std::env::var("LOJAL_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    let counter = Counter::open().await;
    let root = counter.get("/v1/openapi.json").await.ok();
    let operations = operations(&root);
    assert!(operations.len() > 40, "only {} operations", operations.len());
    let mut schemas = Schemas { root, ids: Vec::new(), customers: Vec::new() };
    let mut dice = Dice::new(seed);
    let mut successes = vec![0; operations.len()];
    let started = Instant::now();
    for round in 0..ROUNDS {
        if round % 5 == 0 {
            welcome(&counter, &mut schemas).await;
        }
        for (index, operation) in operations.iter().enumerate() {
            if started.elapsed() > LONGEST {
                break;
            }
            let mut call = make(&schemas, operation, &mut dice);
            // The first rounds are all honest, so that the wrong ones meet something.
            if round > 8 && dice.percent(60) {
                spoil(&mut call, operation.path.ends_with('}'), &mut dice);
            }
            let answer = send(&counter, operation, &call).await;
            if let Some(fault) = fault(&schemas, operation, &answer) {
                panic!("seed {seed}, {} {}: {fault}\n{call:?}\n{answer:#?}", operation.method, operation.path);
            }
            if answer.status < 300 {
                successes[index] += 1;
                schemas.learn(&answer.body);
            }
        }
    }
    let never: Vec<&str> = operations
        .iter()
        .zip(&successes)
        .filter(|(_, count)| **count == 0)
        .map(|(operation, _)| operation.path.as_str())
        .collect();
    assert!(never.len() <= operations.len() / 4, "seed {seed}: too few calls succeed; never: {never:#?}");
}

/// Two more members, with something to spend: those who are there may leave.
async fn welcome(counter: &Counter, schemas: &mut Schemas) {
    for _ in 0..2 {
        let name = format!("customer {}", schemas.customers.len());
        counter.post("/v1/members", json!({ "external_id": name })).await.ok();
        let body = json!({ "member": name, "unit": "points", "amount": 5000, "reason": "a test" });
        counter.post("/v1/adjustments", body).await.ok();
        let code = json!({ "name": format!("friend of {}", schemas.customers.len()) });
        counter.post(&format!("/v1/members/ext:customer%20{}/codes", schemas.customers.len()), code).await.ok();
        schemas.customers.push(name);
    }
}

fn operations(root: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in root["paths"].as_object().unwrap() {
        for (method, description) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse() else { continue };
            operations.push(Operation { method, path: path.clone(), description: description.clone() });
        }
    }
    operations
}

/// A call that fits the description.
fn make(schemas: &Schemas, operation: &Operation, dice: &mut Dice) -> Call {
    let mut call = Call { path: operation.path.clone(), ..Call::default() };
    for parameter in operation.description["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let schema = schemas.resolve(&parameter["schema"]);
        let value = match schemas.make(schema, name, dice, 0) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        match parameter["in"].as_str().unwrap() {
            "path" => call.path = call.path.replace(&format!("{{{name}}}"), &escape(value.as_bytes())),
            "header" => call.headers.push((name.to_owned(), format!("fuzz {}", dice.next()))),
            _ if parameter["required"] == true || (dice.percent(25) && name != "cursor") => {
                call.query.push((name.to_owned(), value));
            }
            _ => {}
        }
    }
    let contents = operation.description["requestBody"]["content"].as_object();
    if let Some(contents) = contents {
        let kinds: Vec<&String> = contents.keys().collect();
        let kind = (*dice.pick(&kinds)).clone();
        let body = schemas.make(&contents[&kind]["schema"], "", dice, 0);
        call.body = match (kind.as_str(), body) {
            ("application/json", body) => body.to_string().into_bytes(),
            (_, Value::String(text)) => text.into_bytes(),
            (_, other) => other.to_string().into_bytes(),
        };
        call.kind = Some(kind);
    }
    call
}

/// Makes one thing wrong; the address only where it ends in a name.
fn spoil(call: &mut Call, named: bool, dice: &mut Dice) {
    match dice.below(10) {
        0 => call.without_key = true,
        1 => {
            call.query.push((dice.pick(&["colour", "limit", "lang", "dry_run", "cursor"]).to_string(), "%".to_owned()))
        }
        2 if named => call.path = format!("{}{}", call.path, dice.pick(&["/", "%00", "%ff", "x", "%2e%2e", ";a=b"])),
        3 => call.headers.clear(),
        4 => {
            call.kind =
                Some(dice.pick(&["text/plain", "application/xml", "", "application/json; charset=latin1"]).to_string())
        }
        5 if !call.body.is_empty() => {
            let at = dice.below(call.body.len());
            call.body[at] = dice.next() as u8;
        }
        6 if !call.body.is_empty() => {
            let at = dice.below(call.body.len());
            call.body.truncate(at);
        }
        _ => {
            if let Ok(mut body) = serde_json::from_slice::<Value>(&call.body) {
                spoil_value(&mut body, dice);
                call.body = body.to_string().into_bytes();
            }
        }
    }
}

/// Puts something unexpected somewhere inside.
fn spoil_value(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(fields) if !fields.is_empty() && dice.percent(85) => {
            let names: Vec<String> = fields.keys().cloned().collect();
            let name = dice.pick(&names).clone();
            match dice.below(6) {
                0 => drop(fields.remove(&name)),
                1 => drop(fields.insert("colour".to_owned(), json!("red"))),
                _ => spoil_value(&mut fields[&name], dice),
            }
        }
        Value::Array(items) if !items.is_empty() && dice.percent(85) => {
            let index = dice.below(items.len());
            let copy = items[index].clone();
            if dice.percent(20) { items.push(copy) } else { spoil_value(&mut items[index], dice) }
        }
        _ => {
            *value = dice
                .pick(&[
                    Value::Null,
                    json!(true),
                    json!(-1),
                    json!(0),
                    json!(i64::MAX),
                    json!(i64::MIN),
                    json!(u64::MAX),
                    json!(1.5),
                    json!(1e300),
                    json!(""),
                    json!(" "),
                    json!("\u{0}"),
                    json!("'; drop table member; --"),
                    json!("\u{202e}żółć 🦊"),
                    json!("x".repeat(3_000)),
                    json!("-0.00"),
                    json!("999999999999999.999999"),
                    json!("9999-12-31T23:59:59Z"),
                    json!("-009999-01-01T00:00:00Z"),
                    json!("1970-01-01T00:00:00Z"),
                    json!([]),
                    json!({}),
                    json!([[[[[[{}]]]]]]),
                ])
                .clone();
        }
    }
}

async fn send(counter: &Counter, operation: &Operation, call: &Call) -> Answer {
    let mut address = format!("{}{}", counter.address, call.path);
    for (index, (name, value)) in call.query.iter().enumerate() {
        let joint = if index == 0 { '?' } else { '&' };
        address = format!("{address}{joint}{}={}", escape(name.as_bytes()), escape(value.as_bytes()));
    }
    let mut request = counter.client.request(operation.method.clone(), address);
    if !call.without_key {
        request = request.bearer_auth(&counter.key);
    }
    for (name, value) in &call.headers {
        request = request.header(name, value);
    }
    if let Some(kind) = &call.kind {
        request = request.header("content-type", kind);
    }
    read(request.body(call.body.clone())).await
}

/// What is wrong with an answer; `None` when the description announces it.
fn fault(schemas: &Schemas, operation: &Operation, answer: &Answer) -> Option<String> {
    let Some(announced) = operation.description["responses"].get(answer.status.to_string()) else {
        return Some(format!("status {} is not announced", answer.status));
    };
    if answer.status >= 500 {
        return Some("the service failed".to_owned());
    }
    let contents = &schemas.resolve(announced)["content"];
    let kind = answer.kind.split(';').next().unwrap_or_default();
    let Some(content) = contents.get(kind) else {
        return Some(format!("content type {kind:?} is not announced"));
    };
    if kind == "application/x-ndjson" {
        let results = answer.body.as_array().into_iter().flatten();
        return results
            .enumerate()
            .find_map(|(index, line)| schemas.misfit(&content["schema"], line, &format!("line {}", index + 1)));
    }
    schemas.misfit(&content["schema"], &answer.body, "")
}

fn escape(bytes: &[u8]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    bytes.iter().map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
