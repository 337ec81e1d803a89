//! A small shop to test with: the starter programme, a clock that stands still, a few customers.

use std::collections::BTreeMap;
use std::path::Path;

use lojal_core::activity::{Activity, Line, Order, OrderState};
use lojal_core::command::{Command, ReturnedLine, TransferKind};
use lojal_core::decision::Refusal;
use lojal_core::kernel::{HolderId, Instant, Language, MemberId, Money, Name};
use lojal_core::programme::starter;
use lojal_server::platform::acceptances::Acceptance;
use lojal_server::platform::application::{Application, NewMember};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::{DATABASE_FILE, Place};
use lojal_server::platform::sql;
use lojal_server::platform::writer::{Done, Owner, Submission, WriteError};

const ADDRESS_FILE: &str = "database.txt";

/// A Monday in May: no season, no weekend.
pub const OPENING: &str = "2026-05-04T10:00:00Z";

pub struct Shop {
    pub application: Application,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
}

impl Shop {
    /// A new folder with the starter programme in force.
    pub async fn open() -> Shop {
        Shop::open_with(starter(Language::En)).await
    }

    pub async fn open_with(programme: &str) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped_at(moment(OPENING));
        let application = open(folder.path(), &clock).await;
        application.publish(programme).await.unwrap();
        Shop { application, clock, folder }
    }

    /// Closes the folder and opens it again, as after a restart.
    pub async fn reopen(self) -> Shop {
        self.application.close().await;
        let application = open(self.folder.path(), &self.clock).await;
        Shop { application, ..self }
    }

    /// Publishes another version, a moment later.
    pub async fn later_version(&self, programme: &str) {
        self.clock.set(self.clock.now() + jiff::SignedDuration::from_millis(5));
        self.application.publish(programme).await.unwrap();
    }

    pub async fn enrol(&self, name: &str) -> MemberId {
        let done = self.application.enrol(NewMember::new(name)).await.unwrap();
        MemberId(done.holder.0)
    }

    /// A member with so many points to spend; joining gives 50 of them.
    pub async fn enrol_with(&self, name: &str, points: i64) -> MemberId {
        let member = self.enrol(name).await;
        let had = self.available(member).await;
        if points != had {
            self.submit(member, adjust(points - had)).await.unwrap();
        }
        member
    }

    pub async fn submit(&self, holder: impl Into<HolderId>, command: Command) -> Result<Done, WriteError> {
        self.application.writer.submit(Submission::new(Owner::Holder(holder.into()), command)).await
    }

    pub async fn available(&self, holder: impl Into<HolderId>) -> i64 {
        self.wallet(holder).await.0
    }

    /// Available, pending and held points.
    pub async fn wallet(&self, holder: impl Into<HolderId>) -> (i64, i64, i64) {
        let holder = self.application.holder(holder.into()).await.unwrap().unwrap();
        holder.wallets.get("points").map_or((0, 0, 0), |wallet| (wallet.available(), wallet.pending(), wallet.held()))
    }

    pub async fn run_until_idle(&self) {
        self.application.run_until_idle(self.clock.now()).await.unwrap();
    }

    pub async fn count(&self, table: &str) -> i64 {
        let sql = format!("select count(*) as rows from {table}");
        let mut connection = self.application.database.read().await.unwrap();
        let row = sql::row(&mut connection, &sql, vec![]).await.unwrap().unwrap();
        sql::column(&row, "rows").unwrap()
    }

    /// Changes the database behind the writer's back.
    pub async fn tamper(&self, sql: &str) {
        let mut transaction = self.application.database.write().await.unwrap();
        let touched = sql::execute(&mut transaction, sql, vec![]).await.unwrap();
        assert!(touched > 0, "{sql} changed nothing");
        transaction.commit().await.unwrap();
    }

    pub async fn assert_audited(&self) {
        let report = lojal_server::audit::audit(&self.application.database, |_| ()).await.unwrap();
        assert!(report.is_clean(), "{:#?}", report.differences);
    }

    /// A member accepts the first version of the terms.
    pub async fn accept_terms(&self, member: MemberId) {
        let now = self.clock.now();
        let acceptance = Acceptance { version: 1, language: Language::Pl, accepted_at: now, recorded_at: now };
        self.application.accept_terms(member, &acceptance).await.unwrap();
    }

    /// A history with a bit of everything.
    pub async fn live_a_little(&self) {
        let ada = self.enrol_with("ada", 3_000).await;
        self.accept_terms(ada).await;
        let bob = self.enrol_with("bob", 400).await;
        self.submit(ada, put_order("o-1", OrderState::Paid, &[("1", 2, 25_000), ("2", 1, 4_999)])).await.unwrap();
        self.submit(ada, put_order("o-1", OrderState::Closed, &[("1", 2, 25_000), ("2", 1, 4_999)])).await.unwrap();
        self.submit(bob, put_order("o-2", OrderState::Paid, &[("1", 1, 120_000)])).await.unwrap();
        self.submit(ada, return_one("o-1", "r-1", "1")).await.unwrap();
        for reward in ["coupon-10", "mug", "trees"] {
            self.submit(ada, redeem(reward)).await.unwrap();
        }
        self.submit(bob, gift(ada, 100)).await.unwrap();
        self.submit(bob, activity(bob, "review", "rev-1")).await.unwrap();
        self.submit(bob, hold(120, &self.clock)).await.unwrap();
        self.run_until_idle().await;
        self.clock.set(moment("2026-06-15T09:00:00Z"));
        self.run_until_idle().await;
    }
}

pub async fn open(folder: &Path, clock: &Clock) -> Application {
    Application::open(place(folder), clock.clone()).await.unwrap()
}

/// The folder with the database that these tests are about: a file in it, or one of a server, whose
/// address is then kept in the folder.
pub fn place(folder: &Path) -> Place {
    if env!("CARGO_CRATE_NAME") != "on_postgres" || folder.join(DATABASE_FILE).exists() {
        return Place::folder(folder);
    }
    std::fs::create_dir_all(folder).unwrap();
    let file = folder.join(ADDRESS_FILE);
    let address = std::fs::read_to_string(&file).unwrap_or_else(|_| {
        let address = lojal_testing::new_database();
        std::fs::write(&file, &address).unwrap();
        address
    });
    Place::stated(folder, Some(address.parse().unwrap()))
}

/// A copy of a folder with its database, which nobody may have open.
pub fn copy(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let file = copy.path().join(ADDRESS_FILE);
    if let Ok(address) = std::fs::read_to_string(&file) {
        std::fs::write(&file, lojal_testing::copy_database(&address)).unwrap();
    }
    copy
}

pub fn moment(text: &str) -> Instant {
    text.parse().unwrap()
}

/// Points given or taken by staff.
pub fn adjust(amount: i64) -> Command {
    Command::Adjust { unit: Name::from("points"), brand: Name::from("shop"), amount, reason: Name::from("a test") }
}

pub fn redeem(reward: &str) -> Command {
    Command::Redeem { reward: Name::from(reward), reference: None, acting: None }
}

pub fn gift(to: impl Into<HolderId>, amount: i64) -> Command {
    Command::Transfer { kind: TransferKind::Gift, unit: Name::from("points"), amount, to: to.into() }
}

pub fn hold(amount: i64, clock: &Clock) -> Command {
    let valid_until = clock.now() + jiff::SignedDuration::from_mins(20);
    Command::Hold { unit: Name::from("points"), amount, valid_until, reference: None }
}

pub fn activity(member: MemberId, name: &str, external_id: &str) -> Command {
    let activity = Activity {
        name: Name::from(name),
        external_id: Name::from(external_id),
        occurred_at: moment(OPENING),
        brand: Name::from("shop"),
        attributes: BTreeMap::new(),
        share: Activity::WHOLE,
    };
    Command::PostActivity { member, activity }
}

/// An order of lines, each with its id, its pieces and its total in grosz.
pub fn put_order(id: &str, state: OrderState, lines: &[(&str, i64, i64)]) -> Command {
    let line = |(id, quantity, total): &(&str, i64, i64)| Line {
        id: Name::from(*id),
        sku: None,
        quantity: *quantity,
        total: Money(*total),
        tax: Money::ZERO,
        kind: Default::default(),
        category: None,
        make: None,
        tags: Vec::new(),
        discounted: false,
        returned: 0,
    };
    let at = moment(OPENING);
    let order = Order {
        external_id: Name::from(id),
        brand: Name::from("shop"),
        state,
        placed_at: at,
        paid_at: Some(at),
        closed_at: (state == OrderState::Closed).then_some(at),
        channel: None,
        country: None,
        tags: Vec::new(),
        paid_with_points: Money::ZERO,
        lines: lines.iter().map(line).collect(),
    };
    Command::PutOrder { order }
}

pub fn return_one(order: &str, return_id: &str, line: &str) -> Command {
    Command::ReturnLines {
        order: Name::from(order),
        return_id: Name::from(return_id),
        returned_at: moment(OPENING),
        lines: vec![ReturnedLine { line: Name::from(line), quantity: 1 }],
    }
}

/// The refusal of an answer that must be one.
pub fn refusal(answer: Result<Done, WriteError>) -> Refusal {
    match answer {
        Err(WriteError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
