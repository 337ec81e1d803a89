//! The database server is killed in the middle of everything, several times. Whoever does not get an
//! answer sends the same again. Nothing that was acknowledged is missing, nothing is there twice.

use std::collections::BTreeMap;
use std::time::Duration;

use lojal_core::activity::OrderState;
use lojal_core::kernel::{Language, MemberId, TransactionId};
use lojal_core::programme::starter;
use lojal_server::audit::audit;
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::Place;
use lojal_server::platform::writer::{Submission, WriteError};
use lojal_testing::Cluster;

use crate::shop::put_order;

const CALLERS: usize = 24;
const ORDERS: usize = 40;
const CRASHES: u64 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_killed_loses_and_doubles_nothing() {
    if lojal_testing::is_spread() {
        return eprintln!("left out: the machines of a cluster that was there before are not killed");
    }
    let mut cluster = Cluster::start();
    let folder = tempfile::tempdir().unwrap();
    let place = Place::stated(folder.path(), Some(cluster.new_database().parse().unwrap()));
    let application = Application::open(place, Clock::system()).await.unwrap();
    application.publish(starter(Language::En)).await.unwrap();
    let callers: Vec<_> = (0..CALLERS).map(|number| tokio::spawn(call(application.clone(), number))).collect();
    for round in 1..=CRASHES {
        tokio::time::sleep(Duration::from_millis(120 * round)).await;
        cluster = tokio::task::spawn_blocking(move || {
            cluster.crash();
            cluster
        })
        .await
        .unwrap();
    }
    let mut told: BTreeMap<String, TransactionId> = BTreeMap::new();
    for caller in callers {
        told.extend(caller.await.unwrap());
    }
    assert_eq!(told.len(), CALLERS * ORDERS);
    for (order, transaction) in &told {
        assert_eq!(application.order(order).await.unwrap().unwrap().transaction, *transaction, "{order}");
    }
    let report = audit(&application.database, |_| ()).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.differences);
    assert_eq!(report.transactions as usize, CALLERS * (ORDERS + 1), "something was written twice");
}

/// Joins, orders again and again, and answers which order is kept by which transaction.
async fn call(application: Application, number: usize) -> Vec<(String, TransactionId)> {
    let name = format!("member-{number}");
    let member = loop {
        match application.enrol(NewMember::new(name.as_str())).await {
            Ok(done) => break MemberId(done.holder.0),
            Err(WriteError::Refused(_)) => {
                // An attempt of whose end nobody heard was carried out.
                let known = application.member_by_external_id(&name).await;
                if let Ok(Some(member)) = known {
                    break member.id;
                }
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let mut told = Vec::with_capacity(ORDERS);
    for order in 0..ORDERS {
        let order = format!("{name}-order-{order}");
        loop {
            let command = put_order(&order, OrderState::Paid, &[("1", 1, 4_000)]);
            match application.writer.submit(Submission::new(member.into(), command)).await {
                Ok(done) => break told.push((order, done.transaction)),
                Err(WriteError::Storage(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    told
}
