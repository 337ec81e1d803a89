//! Streams of lines as they are in life: slow, long, and broken off.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use crate::http_bulk::{KIND, body, order};
use crate::http_client::Counter;

const MOMENT: Duration = Duration::from_secs(20);

/// A request whose body is written, and whose answer is read, piece by piece.
struct Stream {
    writing: OwnedWriteHalf,
    reading: BufReader<OwnedReadHalf>,
}

impl Stream {
    async fn open(counter: &Counter, path: &str, headers: &str) -> Stream {
        let address = counter.address.trim_start_matches("http://");
        let (reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: {KIND}\r\n\
             transfer-encoding: chunked\r\n{headers}\r\n",
            counter.key
        );
        writing.write_all(head.as_bytes()).await.unwrap();
        Stream { writing, reading: BufReader::new(reading) }
    }

    async fn write(&mut self, text: &str) {
        self.writing.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await.unwrap();
    }

    async fn end(&mut self) {
        self.writing.write_all(b"0\r\n\r\n").await.unwrap();
    }

    async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            self.reading.read_line(&mut head).await.unwrap();
        }
        head
    }

    /// The next piece of the answer; empty at its end, `None` when it broke off.
    async fn piece(&mut self) -> Option<Vec<u8>> {
        let mut size = String::new();
        self.reading.read_line(&mut size).await.ok()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        let mut piece = vec![0; size + 2];
        self.reading.read_exact(&mut piece).await.ok()?;
        piece.truncate(size);
        Some(piece)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_is_answered_before_the_next_is_sent() {
    let counter = Counter::open().await;
    counter.shop.enrol("ada").await;
    for headers in ["", "accept-encoding: gzip\r\n"] {
        let mut stream = Stream::open(&counter, "/v1/orders:batch?lean=true", headers).await;
        for number in 0..3 {
            stream.write(&body(&[order(&format!("{number}"), "ada", "20.00")])).await;
            if number == 0 {
                let head = tokio::time::timeout(MOMENT, stream.head()).await.unwrap();
                assert!(head.starts_with("HTTP/1.1 200") && head.contains(KIND), "{head}");
                assert_eq!(head.contains("content-encoding: gzip"), !headers.is_empty(), "{head}");
            }
            let piece = tokio::time::timeout(MOMENT, stream.piece()).await.unwrap().unwrap();
            if headers.is_empty() {
                let result: Value = serde_json::from_slice(&piece).unwrap();
                assert_eq!((&result["line"], &result["status"]), (&(number + 1).into(), &200.into()));
            } else {
                assert!(!piece.is_empty());
            }
        }
        stream.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_to_end_says_how_far_it_read() {
    let mut counter = Counter::open().await;
    let mut stream = Stream::open(&counter, "/v1/orders:batch?lean=true", "").await;
    stream.write(&body(&[order("1", "ada", "20.00")])).await;
    stream.head().await;
    assert!(!stream.piece().await.unwrap().is_empty());
    counter.close();
    let piece = tokio::time::timeout(MOMENT, stream.piece()).await.unwrap().unwrap();
    let last: Value = serde_json::from_slice(&piece).unwrap();
    assert_eq!((&last["line"], &last["status"]), (&json!(2), &json!(503)));
    assert_eq!(last["problem"]["code"], "shutting_down");
    assert_eq!(stream.piece().await, Some(Vec::new()), "the answer is whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_gets_everything_and_slows_nobody_else() {
    const LINES: usize = 10_000;
    let counter = Counter::open().await;
    for number in 0..100 {
        counter.shop.enrol(&format!("c-{number}")).await;
    }
    // Results are several times as large as what the sockets hold.
    let line = |number: usize| {
        let mut order = order(&number.to_string(), &format!("c-{}", number % 100), "1.00");
        let lines = (1..=10).map(|line| json!({ "id": line.to_string(), "quantity": 1, "total": "1.00" }));
        order["lines"] = lines.collect();
        order
    };
    let Stream { mut writing, reading } = Stream::open(&counter, "/v1/orders:batch", "").await;
    let writer = tokio::spawn(async move {
        for start in (0..LINES).step_by(100) {
            let text = body(&(start..start + 100).map(line).collect::<Vec<_>>());
            writing.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await.unwrap();
        }
        writing.write_all(b"0\r\n\r\n").await.unwrap();
        writing
    });
    // Nobody reads: the stream comes to rest long before everything is written.
    let mut written = -1;
    while written < 200 || written != counter.shop.count("journal").await {
        written = counter.shop.count("journal").await;
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
    assert!((200..LINES as i64).contains(&written), "{written} rows without a reader");
    let single = counter.put("/v1/orders/single", {
        let mut single = order("", "c-1", "1.00");
        single.as_object_mut().unwrap().remove("external_id");
        single
    });
    assert_eq!(tokio::time::timeout(MOMENT, single).await.unwrap().status, 200);

    let mut stream =
        Stream { reading, writing: TcpStream::connect(&counter.address[7..]).await.unwrap().into_split().1 };
    stream.head().await;
    let mut answer = Vec::new();
    loop {
        let piece = stream.piece().await.unwrap();
        if piece.is_empty() {
            break;
        }
        answer.extend_from_slice(&piece);
    }
    let results = crate::http_client::lines(&answer);
    assert_eq!(results.len(), LINES);
    for (number, result) in results.iter().enumerate() {
        assert_eq!((result["line"].as_u64(), result["status"].as_u64()), (Some(number as u64 + 1), Some(200)));
        assert_eq!(result["result"]["order"]["external_id"], number.to_string());
    }
    drop(writer.await.unwrap());
    counter.shop.assert_audited().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_away_midway_sends_again_and_loses_nothing() {
    const LINES: usize = 3_000;
    let counter = Counter::open().await;
    counter.shop.enrol("ada").await;
    counter.shop.enrol("bob").await;
    let line = |number: usize| order(&number.to_string(), ["ada", "bob"][number % 2], "2.00");
    let text = body(&(0..LINES).map(line).collect::<Vec<_>>());
    let mut stream = Stream::open(&counter, "/v1/orders:batch?lean=true", "").await;
    // Half of the body, cut in the middle of a line.
    stream.write(&text[..text.len() / 2]).await;
    stream.head().await;
    let first = stream.piece().await.unwrap();
    assert!(!first.is_empty());
    drop(stream);
    let mut taken = 0;
    while taken < 1 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        taken = counter.shop.count("journal").await - 2;
    }

    let mut stream = Stream::open(&counter, "/v1/orders:batch?lean=true", "").await;
    stream.write(&text).await;
    stream.end().await;
    stream.head().await;
    let mut answer = Vec::new();
    while let Some(piece) = stream.piece().await.filter(|piece| !piece.is_empty()) {
        answer.extend_from_slice(&piece);
    }
    let results = crate::http_client::lines(&answer);
    assert!(results.len() == LINES && results.iter().all(|result| result["status"] == 200));
    let repeated = results.iter().filter(|result| result["repeated"] == true).count();
    assert!((taken..=LINES as i64 / 2 + 50).contains(&(repeated as i64)), "{taken} were taken, {repeated} repeated");
    assert_eq!(counter.shop.count("journal").await, LINES as i64 + 2);
    counter.shop.assert_audited().await;
}
