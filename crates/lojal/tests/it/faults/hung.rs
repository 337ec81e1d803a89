//! Many clients hang, each in its own way. Others are served meanwhile, and those who hang take little
//! memory and are let go.

use std::time::Duration;

use lojal_testing::rounds;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::task::JoinSet;

use super::customers::order;
use super::trial::Trial;
use crate::house::House;

/// Of each kind.
const HUNG: usize = 36;
/// Lines of a body whose answer nobody reads: more than the system keeps for a reader.
const LINES: usize = 2_500;
/// What all of them together may take.
const MOST_MEGABYTES: u64 = 256;
/// What others are granted meanwhile, before those who say nothing are let go.
const GRANTED: u64 = 200;
const MEANWHILE: Duration = Duration::from_secs(50);
/// The longest that a connection may hang, with what a busy machine needs to notice.
const LET_GO: Duration = Duration::from_secs(75 + 30);

#[derive(Clone, Copy, Debug)]
enum Habit {
    /// Says nothing.
    Silent,
    /// Goes on and on with a head.
    EndlessHead,
    /// Sends half a body.
    HalfBody,
    /// Sends half a body of many lines.
    HalfStream,
    /// Sends many lines and never reads what became of them.
    NeverReads,
}

const HABITS: [Habit; 5] = [Habit::Silent, Habit::EndlessHead, Habit::HalfBody, Habit::HalfStream, Habit::NeverReads];

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_hang_hold_up_nobody_else() {
    for (round, mut dice) in rounds("clients hang").enumerate() {
        let mut trial = Trial::new(House::new(), &mut dice);
        let mut server = trial.serve();
        let before = server.memory();
        let mut hung = JoinSet::new();
        for number in 0..HUNG * HABITS.len() {
            hung.spawn(hang(HABITS[number % HABITS.len()], number, server.address.clone(), trial.key.clone()));
        }
        let crowd = trial.open(&server);
        let begun = tokio::time::Instant::now();
        while crowd.shop.tally.granted() < GRANTED {
            assert!(begun.elapsed() < MEANWHILE, "others have to wait");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        while let Some(ended) = hung.try_join_next() {
            ended.unwrap();
        }
        let taken = server.memory().saturating_sub(before);
        eprintln!("{GRANTED} were granted in {:?}, while {} hung, with {taken} MB more", begun.elapsed(), hung.len());
        assert!(hung.len() >= HUNG * 2, "they did not hang");
        assert!(taken < MOST_MEGABYTES, "those who hang take {taken} MB");
        crowd.shop.tally.close();
        trial.end(crowd).await;
        // In the long form once, until all are let go.
        if round == 1 {
            let all = async {
                while let Some(ended) = hung.join_next().await {
                    ended.unwrap();
                }
            };
            tokio::time::timeout(LET_GO, all).await.expect("a client still hangs");
        }
        assert!(server.is_alive());
        drop((hung, server));
        trial.check().await;
    }
}

/// Ends when the server lets go.
async fn hang(habit: Habit, number: usize, address: String, key: String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let mut stream = socket.connect(address.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap();
    let head = |path: &str, kind: &str, length: usize| {
        format!(
            "{path} HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {key}\r\ncontent-type: {kind}\r\n\
             content-length: {length}\r\n\r\n"
        )
    };
    let line = |line: usize| {
        let mut order = order(number as u64 % 12, 5);
        order["external_id"] = json!(format!("hung-{number}-{line}"));
        format!("{order}\n")
    };
    match habit {
        Habit::Silent => (),
        Habit::EndlessHead => {
            let begun = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: shop\r\nx-slow: ").await;
            begun.unwrap();
            while stream.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
        Habit::HalfBody => {
            let text = head(&format!("PUT /v1/orders/hung-{number}"), "application/json", 1_000);
            stream.write_all(format!("{text}{{").as_bytes()).await.unwrap();
        }
        Habit::HalfStream => {
            let text = head("POST /v1/orders:batch?dry_run=true", "application/x-ndjson", 1_000_000);
            let lines: String = (0..20).map(line).collect();
            stream.write_all(format!("{text}{lines}{{").as_bytes()).await.unwrap();
        }
        Habit::NeverReads => {
            let lines: String = (0..LINES).map(line).collect();
            let text = head("POST /v1/orders:batch?dry_run=true", "application/x-ndjson", lines.len());
            // It is let go before it has sent everything, or when it has.
            if stream.write_all(format!("{text}{lines}").as_bytes()).await.is_ok() {
                while stream.write_all(b"\n").await.is_ok() {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            return;
        }
    }
    let mut bytes = [0; 1024];
    while let Ok(1..) = stream.read(&mut bytes).await {}
}
