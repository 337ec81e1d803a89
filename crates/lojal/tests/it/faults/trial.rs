//! A shop in which something is about to go wrong, and the three checks that follow: the books hold,
//! nothing that was acknowledged is missing, and nothing is there twice.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lojal_testing::Dice;
use reqwest::Client;
use tokio::task::JoinSet;

use super::customers::{Customer, Shop, Tally};
use crate::house::{House, text};

const PROGRAMME: &str = r#"
[programme]
id = "faults"
name = { en = "Faults" }
languages = ["en"]
time_zone = "UTC"
currency = "PLN"
join_on_first_order = true

[brands.shop]
name = { en = "Shop" }

[units.points]
name.en = { one = "point", many = "points" }

[earning.spend]
name = { en = "1 point for each 1 PLN" }
on = "order"
per = "1.00"

[transfers]
least = 1
"#;

const CUSTOMERS: usize = 8;
/// How long anything may take that is certain to happen.
pub const PATIENCE: Duration = Duration::from_secs(60);
const LOG: &str = "server.log";

pub struct Trial {
    pub house: House,
    pub key: String,
    customers: Vec<Customer>,
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

/// Customers who are at it.
pub struct Crowd {
    at_it: JoinSet<Customer>,
    pub shop: Shop,
}

impl Trial {
    pub fn new(house: House, dice: &mut Dice) -> Trial {
        let programme = house.file("programme.toml", PROGRAMME);
        house.ok(&["programme", "publish", "--accept", text(&programme)]);
        let key = house.ok(&["key", "create"]).trim().to_owned();
        let customers = (0..CUSTOMERS).map(|number| Customer::new(number, dice.another())).collect();
        Trial { house, key, customers }
    }

    pub fn serve(&self) -> Server {
        Server::start(&self.house, self.house.command(&Server::ARGUMENTS))
    }

    pub fn shop(&self, server: &Server) -> Shop {
        let (address, key) = (server.address.clone(), self.key.clone());
        Shop { client: Client::new(), address, key, tally: Arc::new(Tally::default()) }
    }

    /// Lets the customers in.
    pub fn open(&mut self, server: &Server) -> Crowd {
        let shop = self.shop(server);
        let at_it = self.customers.drain(..).map(|customer| customer.shop(shop.clone())).collect();
        Crowd { at_it, shop }
    }

    /// Waits until all customers have gone home, or found nobody to talk to.
    pub async fn end(&mut self, mut crowd: Crowd) {
        while let Some(customer) = crowd.at_it.join_next().await {
            self.customers.push(customer.unwrap_or_else(|defect| panic!("{defect}; the server said: {}", self.log())));
        }
    }

    /// The three checks, on a server of its own.
    pub async fn check(&mut self) {
        let server = self.serve();
        let crowd = self.open(&server);
        crowd.shop.tally.close();
        self.end(crowd).await;
        let mut expected = BTreeMap::new();
        for customer in &self.customers {
            assert!(!customer.is_waiting(), "nothing was wrong with the last server");
            customer.add_to(&mut expected);
        }
        // What is on its way to somebody arrives in its own time.
        eventually(|| {
            let wallets = available(&self.house.wallets());
            (wallets == expected).then_some(()).ok_or(format!("the wallets hold {wallets:?}, not {expected:?}"))
        })
        .await;
        drop(server);
        self.house.ok(&["audit"]);
    }

    /// How much was acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.customers.iter().map(Customer::acknowledged).sum()
    }

    /// What the servers have told about their troubles so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.house.path(LOG)).unwrap_or_default()
    }
}

impl Server {
    pub const ARGUMENTS: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

    /// Starts a server by this command, and waits until it listens.
    pub fn start(house: &House, command: Command) -> Server {
        Server::try_start(house, command).unwrap_or_else(|said| panic!("the server did not start: {said}"))
    }

    /// As [`Server::start`], or what the server said instead of listening.
    pub fn try_start(house: &House, mut command: Command) -> Result<Server, String> {
        let log = File::options().create(true).append(true).open(house.path(LOG)).unwrap();
        command.env("RUST_LOG", "warn").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut errors = child.stderr.take().unwrap();
        // Not straight into the file: a server whose files may not grow must be able to tell.
        let telling = std::thread::spawn(move || {
            let mut said = Vec::new();
            let mut log = log;
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = errors.read(&mut bytes) {
                said.extend_from_slice(&bytes[..read]);
                let _ = std::io::Write::write_all(&mut log, &bytes[..read]);
            }
            String::from_utf8_lossy(&said).into_owned()
        });
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        match line.trim().strip_prefix("Listening on ") {
            Some(address) => Ok(Server { child, address: address.to_owned() }),
            None => {
                child.wait().unwrap();
                Err(telling.join().unwrap())
            }
        }
    }

    pub fn process(&self) -> String {
        self.child.id().to_string()
    }

    /// Megabytes of memory that it occupies, where the system says so.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().map_or(0, |kilobytes| kilobytes.parse::<u64>().unwrap() >> 10)
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// At once, as the system does it, with nothing of its own to say.
    pub fn kill(mut self) {
        self.end();
    }

    /// In an orderly way: what is under way is finished.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.process()]).status().unwrap();
        assert!(asked.success() && self.child.wait().unwrap().success());
    }

    fn end(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits for what is certain to happen.
pub async fn eventually<T>(mut look: impl FnMut() -> Result<T, String>) -> T {
    let begun = Instant::now();
    loop {
        match look() {
            Ok(found) => return found,
            Err(missing) => assert!(begun.elapsed() < PATIENCE, "{missing}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What each member can spend, out of `export wallets`.
pub fn available(table: &str) -> BTreeMap<u64, i64> {
    let wallet = |line: &str| {
        let mut fields = line.split(',');
        let member = fields.next()?.strip_prefix("member-")?.parse().ok()?;
        Some((member, fields.nth(1)?.parse().ok()?))
    };
    table.lines().skip(1).map(|line| wallet(line).unwrap_or_else(|| panic!("{line}"))).collect()
}
