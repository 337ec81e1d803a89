//! Everything at once: many callers in two processes, on the same members, the same orders, the
//! same stock, while the programme changes. Whatever the order in which it is written, the books
//! hold, every name belongs to one holder, and nothing that was acknowledged is missing.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use lojal_core::activity::OrderState;
use lojal_core::kernel::{HolderId, Language, MemberId, TransactionId};
use lojal_core::programme::starter;
use lojal_server::platform::application::Application;
use lojal_server::platform::sql::Dialect;
use lojal_server::platform::writer::{Idempotency, Submission, WriteError};

use crate::shop::{self, Shop, adjust, gift, hold, put_order, redeem, return_one};

const MEMBERS: usize = 24;
const CALLERS: u64 = 48;
const COMMANDS: u64 = 60;
const STOCK: i64 = 90;

/// What callers were told.
#[derive(Default)]
struct Told {
    /// By order: whose it is.
    orders: BTreeMap<String, HolderId>,
    /// By idempotency key: the transaction.
    keys: BTreeMap<String, TransactionId>,
    transactions: Vec<TransactionId>,
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rush_in_one_process_leaves_the_books_right() {
    rush(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rush_in_two_processes_leaves_the_books_right() {
    rush(true).await;
}

async fn rush(in_two_processes: bool) {
    let document = |stock: i64| starter(Language::En).replace("stock = 300", &format!("stock = {stock}"));
    let shop = Shop::open_with(&document(STOCK / 2)).await;
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        members.push(shop.enrol_with(&format!("member-{number}"), 6_000).await);
    }
    let other = match in_two_processes {
        true => shop::open(shop.folder.path(), &shop.clock).await,
        false => shop.application.clone(),
    };
    let told = Arc::new(Mutex::new(Told::default()));
    let callers = (0..CALLERS).map(|number| {
        let application = if number % 3 == 0 { other.clone() } else { shop.application.clone() };
        tokio::spawn(call(application, members.clone(), number, Arc::clone(&told)))
    });
    let callers: Vec<_> = callers.collect();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    shop.application.publish(&document(STOCK)).await.unwrap();
    for caller in callers {
        caller.await.unwrap();
    }
    shop.run_until_idle().await;
    shop.assert_audited().await;
    let told = std::mem::take(&mut *told.lock().unwrap());
    assert!(told.transactions.len() > 500, "{}", told.transactions.len());
    for transaction in told.transactions {
        assert!(shop.application.transaction(transaction).await.unwrap().is_some(), "{transaction} is missing");
    }
    for (order, holder) in told.orders {
        assert_eq!(other.order(&order).await.unwrap().unwrap().holder, holder, "{order}");
    }
}

async fn call(application: Application, members: Vec<MemberId>, number: u64, told: Arc<Mutex<Told>>) {
    let mut dice = Dice(88_172_645_463_325_252 + number);
    // Over several machines the writer knows the names of a part; that a name of one part is not used in
    // another is seen to by whoever looks into the directory before.
    let is_spread = application.database.dialect() == Dialect::Distributed;
    for _ in 0..COMMANDS {
        let member = members[dice.roll(members.len() as u64) as usize];
        let other = members[dice.roll(members.len() as u64) as usize];
        // Few names, so that they are often taken.
        let names = if is_spread { format!("{}-", member.part().number()) } else { String::new() };
        let order = format!("{names}order-{}", dice.roll(120));
        let key = format!("{names}key-{}", dice.roll(200));
        let command = match dice.roll(8) {
            0..=2 => put_order(&order, OrderState::Paid, &[("1", 2, 9_000), ("2", 1, 4_999)]),
            3 => put_order(&order, OrderState::Closed, &[("1", 2, 9_000), ("2", 1, 4_999)]),
            4 => return_one(&order, "return", "1"),
            5 => redeem("mug"),
            6 if member != other => gift(other, 10),
            6 => hold(15, &application.clock),
            _ => adjust(7),
        };
        let is_order = matches!(command, lojal_core::command::Command::PutOrder { .. });
        let keyed = (!is_order && dice.roll(3) == 0).then(|| Idempotency {
            key: key.clone(),
            fingerprint: *blake3::hash(format!("{member} {command:?}").as_bytes()).as_bytes(),
        });
        let submission = Submission { idempotency: keyed.clone(), ..Submission::new(member, command) };
        match application.writer.submit(submission).await {
            Ok(done) => {
                let mut told = told.lock().unwrap();
                told.transactions.push(done.transaction);
                if is_order {
                    let known = told.orders.insert(order.clone(), done.holder);
                    assert!(known.is_none_or(|known| known == done.holder), "{order} belongs to two members");
                }
                if keyed.is_some() {
                    let known = told.keys.insert(key.clone(), done.transaction);
                    assert!(known.is_none_or(|known| known == done.transaction), "{key} was carried out twice");
                }
            }
            Err(WriteError::Refused(_) | WriteError::KeyReused | WriteError::OrderOfAnotherMember) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}
