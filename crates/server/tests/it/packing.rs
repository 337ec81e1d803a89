//! What a transaction writes is read again as it was, to the last bit, and can be asked with plain SQL.

use lojal_core::activity::OrderState;
use lojal_core::command::{Command, Inputs, Key, KeyKind};
use lojal_core::decision::{Decision, Record};
use lojal_core::engine;
use lojal_core::holder::Holder;
use lojal_core::kernel::{Id, Name, Part, TransactionId};
use lojal_core::programme::{Programme, Rulebook, parse_toml};
use lojal_server::platform::journal::{Body, balances};
use lojal_server::platform::packing::{DamagedState, pack_body, pack_state, unpack_body, unpack_state};
use lojal_server::platform::sql;
use lojal_simulation::history::{Action, History, HistoryPlan, Shape, random_programme};
use lojal_simulation::shell::{Outcome, Performed, Shell};

use crate::shop::{OPENING, Shop, moment, put_order};

/// The body as the journal would give it back.
fn written_and_read(body: &Body) -> Body {
    let text = pack_body(body).unwrap();
    let Inputs { transaction, now, .. } = body.inputs;
    unpack_body(&text, transaction, now, body.decision.version).unwrap_or_else(|problem| panic!("{problem}: {text}"))
}

fn tell(seed: u64, shape: Shape, mut listen: impl FnMut(&Rulebook, &Performed)) {
    let programme = Programme { version: 1, ..parse_toml(&random_programme(seed, shape)).unwrap() };
    let starts_at = moment("2025-03-01T08:00:00Z");
    let plan = HistoryPlan { seed, members: 6, households: 2, starts_at, mix: Action::EVERYTHING };
    let mut history = History::new(plan, &programme);
    let mut shell = Shell::new(Rulebook::new([programme]), 10_000);
    for _ in 0..150 {
        let step = history.next(&shell);
        let mut performed = vec![shell.perform(&step).unwrap()];
        performed.extend(shell.hand_on(step.at).unwrap());
        performed.iter().for_each(|performed| listen(shell.rulebook(), performed));
    }
}

#[test]
fn whatever_happens_is_read_as_it_was_written_and_decided_again() {
    let mut written = 0;
    for seed in 0..40 {
        tell(seed, Shape::Anything, |rulebook, performed| {
            let (Outcome::Done(decision), Some(after)) = (&performed.outcome, &performed.after) else { return };
            let command = performed.step.command.clone();
            let body = Body::new(command, performed.inputs.clone(), decision.clone(), balances(after));
            let read = written_and_read(&body);
            assert_eq!(read, body, "seed {seed}");
            let before = performed.before.as_ref().map(|holder| unpack_state(&pack_state(holder)).unwrap());
            assert_eq!(before, performed.before, "seed {seed}");
            let again =
                engine::decide(rulebook, before.as_ref(), performed.record.as_ref(), &read.command, &read.inputs);
            let (holder, again) = again.unwrap();
            assert_eq!(again, *decision, "seed {seed}");
            if decision.repeats.is_none() {
                assert_eq!(unpack_state(&pack_state(&holder)).unwrap(), *after, "seed {seed}");
            }
            written += 1;
        });
    }
    assert!(written > 3_000, "only {written} transactions");
}

fn body_of(command: Command) -> Body {
    let now = moment(OPENING);
    let transaction = TransactionId(Id::new(now.as_millisecond(), 1, Part::PROGRAMME));
    let inputs = Inputs { now, transaction, entropy: 0, shared: Default::default(), pool_codes: Default::default() };
    Body::new(command, inputs, Decision::empty(7), Vec::new())
}

#[test]
fn what_is_left_out_is_never_guessed() {
    let Command::PutOrder { order } = put_order("o-1", OrderState::Paid, &[("1", 1, 100), ("2", 2, 200)]) else {
        panic!("an order")
    };
    let mut orders = vec![order; 8];
    orders[0].paid_at = None;
    orders[1].paid_at = Some(moment("2026-05-04T10:00:00.000000001Z"));
    orders[2].lines.reverse();
    orders[3].lines[0].id = Name::from("01");
    orders[4].lines[0].id = Name::default();
    orders[5].lines.iter_mut().for_each(|line| (line.quantity, line.returned) = (0, 3));
    orders[6].state = OrderState::Open;
    for order in orders {
        let body = body_of(Command::PutOrder { order });
        assert_eq!(written_and_read(&body), body);
    }

    let mut body = body_of(Command::Tick);
    let key = Key { kind: KeyKind::Voucher, id: Name::from("of another command") };
    body.decision.records = vec![(key.clone(), Record::Parcel), (key, Record::Activity(None))];
    body.inputs.entropy = u128::MAX - 5;
    body.decision.repeats = Some(body.inputs.transaction);
    assert_eq!(written_and_read(&body), body);
}

#[test]
fn a_body_that_says_something_unknown_is_refused() {
    let body = body_of(Command::Tick);
    let text = pack_body(&body).unwrap();
    assert_eq!(text, r#"{"command":"tick"}"#);
    let Inputs { transaction, now, .. } = body.inputs;
    for wrong in [
        r#"{"command":"tick","later":1}"#,
        r#"{"command":"tock"}"#,
        r#"{"command":"tick","effects":[{}]}"#,
        r#"{"command":"tick","effects":[{"why":"left","postings":[["held",5]]}]}"#,
        r#"{"command":"tick","records":["parcel"]}"#,
        r#"{"command":"tick","records":[{"order":{"number":1}}]}"#,
        r#"{"command":"tick","balances":[{"held":1}]}"#,
    ] {
        assert!(unpack_body(wrong, transaction, now, 7).is_err(), "{wrong}");
    }
}

fn some_state() -> Holder {
    let mut states = Vec::new();
    tell(3, Shape::Anything, |_, performed| states.extend(performed.after.clone()));
    states.into_iter().max_by_key(|state| pack_state(state).len()).unwrap()
}

#[test]
fn a_damaged_state_is_refused_or_another_but_never_a_crash() {
    let state = some_state();
    let bytes = pack_state(&state);
    assert_eq!(unpack_state(&[]), Err(DamagedState::Content(0)));
    assert_eq!(unpack_state(&[9]), Err(DamagedState::Format(9)));
    for length in 1..bytes.len() {
        assert!(unpack_state(&bytes[..length]).is_err(), "{length} bytes of {}", bytes.len());
    }
    // The first byte is the format, and older ones are read as well.
    for place in 1..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[place] ^= flip;
            assert_ne!(unpack_state(&damaged), Ok(state.clone()), "byte {place}");
        }
    }
    assert!(unpack_state(&[&bytes[..], &[0]].concat()).is_err());
}

#[tokio::test]
async fn analysts_read_postings_with_plain_sql() {
    let shop = Shop::open().await;
    shop.live_a_little().await;
    let mut connection = shop.application.database.read().await.unwrap();
    let sql = "select transaction_id, unit, cast(sum(amount) as bigint) as sum from ledger_entry group by transaction_id, unit";
    let sums = sql::rows(&mut connection, sql, vec![]).await.unwrap();
    assert!(sums.len() > 10);
    for row in &sums {
        assert_eq!(sql::column::<i64>(row, "sum").unwrap(), 0);
        assert_eq!(sql::column::<&str>(row, "unit").unwrap(), "points");
    }

    let ada = shop.application.member_by_external_id("ada").await.unwrap().unwrap().id;
    let sql = format!(
        "select cast(sum(amount) as bigint) as sum, min(happened_at) as first, min(brand) as brand from ledger_entry
         where part = {} and holder = {} and account = 'available'",
        ada.part().number(),
        ada.number()
    );
    let row = sql::row(&mut connection, &sql, vec![]).await.unwrap().unwrap();
    assert_eq!(sql::column::<i64>(&row, "sum").unwrap(), shop.available(ada).await);
    assert_eq!(sql::column::<i64>(&row, "first").unwrap(), moment(OPENING).as_microsecond());
    assert_eq!(sql::column::<&str>(&row, "brand").unwrap(), "shop");

    let sql = "select reason, kind, count(*) as rows from ledger_entry group by reason, kind order by reason, kind";
    let rows = sql::rows(&mut connection, sql, vec![]).await.unwrap();
    let reasons: Vec<(&str, &str)> =
        rows.iter().map(|row| (sql::column(row, "reason").unwrap(), sql::column(row, "kind").unwrap())).collect();
    for expected in [("order_earned", "put_order"), ("order_settled", "return_lines"), ("redeemed", "redeem")] {
        assert!(reasons.contains(&expected), "{expected:?} is not among {reasons:?}");
    }
}
