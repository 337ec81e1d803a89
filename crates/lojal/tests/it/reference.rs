//! The Online Retail file under the four reference programmes: every member's balance must be what
//! a second, simple-minded computation in this file makes of the same rows.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jiff::ToSpan;
use jiff::civil::DateTime;

use crate::house::{House, repository, text};

const AS_OF: &str = "2011-09-01";

/// A few rows of the same shape, for machines that do not have the file.
const SMALL: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1001,CUP,A CUP,6,2010-12-01 08:26:00,2.55,1,United Kingdom
1001,JUG,\"A JUG, BLUE\",1,2010-12-01 08:26:00,3.399,1,United Kingdom
1002,CUP,A CUP,1,2010-12-01 08:27:00,2.55,2,France
1003,CUP,A CUP,1,2010-12-01 08:28:00,2.55,,France
1002,JUG,A JUG,2,2010-12-01 08:28:00,3.39,2,France
C1004,CUP,A CUP,-2,2010-12-02 09:00:00,2.55,1,United Kingdom
C1005,POT,A POT,-1,2010-12-03 09:00:00,20.00,3,United Kingdom
1006,POT,A POT,3,2011-01-10 12:00:00,20.00,3,United Kingdom
1007,POT,A POT,10,2011-06-10 12:00:00,20.05,1,United Kingdom
C1008,POT,A POT,-11,2011-06-11 12:00:00,20.05,1,United Kingdom
1009,CUP,A CUP,40,2011-07-01 12:00:00,2.55,1,United Kingdom
1010,GIFT,A PRESENT,1,2011-07-02 12:00:00,0.00,4,Spain
";

/// What a rule leaves to a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wallet {
    available: i64,
    debt: i64,
    expired: i64,
}

/// An order or a cancellation: its value in thousandths of a pound.
struct Invoice {
    at: DateTime,
    member: String,
    value: i64,
}

impl Invoice {
    /// Whole pounds, rounded towards zero.
    fn points(&self) -> i64 {
        self.value / 1_000
    }
}

/// The invoices of the file that have a member, in the order of time and number.
fn invoices(file: &str) -> Vec<Invoice> {
    let mut invoices: BTreeMap<String, Invoice> = BTreeMap::new();
    for record in csv::Reader::from_reader(file.as_bytes()).records() {
        let record = record.unwrap();
        let (number, member) = (&record[0], &record[6]);
        if member.is_empty() {
            continue;
        }
        let at: DateTime = record[4].parse().unwrap();
        let value = record[3].parse::<i64>().unwrap() * thousandths(&record[5]);
        let first = || Invoice { at, member: member.to_owned(), value: 0 };
        let invoice = invoices.entry(number.to_owned()).or_insert_with(first);
        invoice.at = invoice.at.min(at);
        invoice.value += value;
    }
    let mut sorted: Vec<(String, Invoice)> = invoices.into_iter().collect();
    sorted.sort_by(|(number, invoice), (other_number, other)| (invoice.at, number).cmp(&(other.at, other_number)));
    sorted.into_iter().map(|(_, invoice)| invoice).collect()
}

fn thousandths(price: &str) -> i64 {
    let (pounds, rest) = price.split_once('.').unwrap_or((price, ""));
    pounds.parse::<i64>().unwrap() * 1_000 + format!("{rest:0<3}").parse::<i64>().unwrap()
}

type Wallets = BTreeMap<String, Wallet>;

/// One point for each pound of lifetime net spend.
fn rule_a(invoices: &[Invoice]) -> Wallets {
    let mut net: BTreeMap<&str, i64> = BTreeMap::new();
    for invoice in invoices {
        *net.entry(&invoice.member).or_default() += invoice.value;
    }
    let wallet = |net: i64| Wallet { available: net.max(0) / 1_000, ..Wallet::default() };
    net.into_iter().map(|(member, net)| (member.to_owned(), wallet(net))).collect()
}

/// Whole pounds of each order; what is taken back and not there is owed.
fn rule_b(invoices: &[Invoice]) -> Wallets {
    let mut balances: BTreeMap<&str, i64> = BTreeMap::new();
    for invoice in invoices {
        *balances.entry(&invoice.member).or_default() += invoice.points();
    }
    let wallet = |balance: i64| Wallet { available: balance.max(0), debt: (-balance).max(0), expired: 0 };
    balances.into_iter().map(|(member, balance)| (member.to_owned(), wallet(balance))).collect()
}

/// As B, and what is not there is forgiven.
fn rule_c(invoices: &[Invoice]) -> Wallets {
    let mut wallets = Wallets::new();
    for invoice in invoices {
        let wallet = wallets.entry(invoice.member.clone()).or_default();
        wallet.available = (wallet.available + invoice.points()).max(0);
    }
    wallets
}

/// As C, and points expire 180 days after they were earned; the oldest go first.
fn rule_d(invoices: &[Invoice]) -> Wallets {
    let mut lots: BTreeMap<&str, Vec<(DateTime, i64)>> = BTreeMap::new();
    let mut wallets = Wallets::new();
    for invoice in invoices {
        let lots = lots.entry(&invoice.member).or_default();
        let wallet = wallets.entry(invoice.member.clone()).or_default();
        wallet.expired += expire(lots, invoice.at);
        let points = invoice.points();
        if points > 0 {
            lots.push((invoice.at.saturating_add(180.days()), points));
        }
        let mut owed = (-points).max(0);
        for (_, left) in lots.iter_mut() {
            let taken = owed.min(*left);
            *left -= taken;
            owed -= taken;
        }
    }
    let end: DateTime = format!("{AS_OF}T00:00:00").parse().unwrap();
    for (member, mut lots) in lots {
        let wallet = wallets.get_mut(member).unwrap();
        wallet.expired += expire(&mut lots, end);
        wallet.available = lots.iter().map(|(_, left)| left).sum();
    }
    wallets
}

fn expire(lots: &mut Vec<(DateTime, i64)>, now: DateTime) -> i64 {
    let expired = lots.iter().filter(|(expires, _)| *expires <= now).map(|(_, left)| left).sum();
    lots.retain(|(expires, _)| *expires > now);
    expired
}

/// The wallets as `lojal export wallets` prints them.
fn exported(table: &str) -> Wallets {
    let mut wallets = Wallets::new();
    for record in csv::Reader::from_reader(table.as_bytes()).records() {
        let record = record.unwrap();
        let number = |column: usize| record[column].parse::<i64>().unwrap();
        assert_eq!((&record[1], number(3), number(4)), ("points", 0, 0));
        let wallet = Wallet { available: number(2), debt: number(5), expired: number(6) };
        assert_eq!(wallets.insert(record[0].to_owned(), wallet), None, "one line for each member");
    }
    wallets
}

fn import(file: &Path, programme: &str) -> House {
    let house = House::new();
    let programme = repository(&format!("examples/online-retail/programme-{programme}.toml"));
    let mapping = repository("examples/online-retail/online-retail.toml");
    house.import(file, &mapping, &["--programme", text(&programme), "--as-of", AS_OF]);
    house
}

/// The file, unless this machine does not have it: then a sentence says so. Where changes are
/// checked it must be there.
fn reference() -> Option<PathBuf> {
    let folder = std::env::var_os("LOJAL_REFERENCE_DATA").map_or_else(|| repository("../shared/data"), PathBuf::from);
    let file = folder.join("online_retail/online_retail_2010-12_2011-08.csv.gz");
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
    eprintln!("{} is missing: only the small file is checked", file.display());
    None
}

fn read(file: &Path) -> String {
    let mut content = String::new();
    MultiGzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut content).unwrap();
    content
}

/// Checks both files under a rule. `totals` are those published for the big one: available less
/// debt, and expired; rule A counts no debts.
fn check(programme: &str, rule: fn(&[Invoice]) -> Wallets, totals: (i64, i64)) {
    let small = House::new();
    let file = small.file("small.csv", SMALL);
    assert_same(programme, &exported(&import(&file, programme).wallets()), &rule(&invoices(SMALL)));

    let Some(file) = reference() else { return };
    let house = import(&file, programme);
    let wallets = exported(&house.wallets());
    assert_same(programme, &wallets, &rule(&invoices(&read(&file))));
    let debts = if programme == "a" { 0 } else { wallets.values().map(|wallet| wallet.debt).sum() };
    let available: i64 = wallets.values().map(|wallet| wallet.available).sum();
    let expired: i64 = wallets.values().map(|wallet| wallet.expired).sum();
    assert_eq!((available - debts, expired), totals, "rule {programme}");
    house.ok(&["audit"]);
}

fn assert_same(programme: &str, wallets: &Wallets, expected: &Wallets) {
    assert_eq!(wallets.len(), expected.len());
    for (member, expected) in expected {
        let mut wallet = wallets.get(member).copied().unwrap_or_default();
        if programme == "a" {
            wallet.debt = 0;
        }
        assert_eq!(wallet, *expected, "member {member} under rule {programme}");
    }
}

#[test]
fn rule_a_lifetime_net_spend() {
    check("a", rule_a, (4_931_232, 0));
}

#[test]
fn rule_b_a_debt_is_carried() {
    check("b", rule_b, (4_915_060, 0));
}

#[test]
fn rule_c_a_debt_is_forgiven() {
    check("c", rule_c, (4_936_951, 0));
}

#[test]
fn rule_d_points_expire_after_180_days() {
    check("d", rule_d, (3_462_570, 1_475_131));
}

#[test]
fn cancellations_are_matched_and_importing_twice_changes_nothing() {
    let Some(file) = reference() else { return };
    let house = House::new();
    let programme = repository("examples/online-retail/programme-a.toml");
    let mapping = repository("examples/online-retail/online-retail-matched.toml");
    let more = ["--programme", text(&programme), "--as-of", AS_OF];
    let report = house.import(&file, &mapping, &more);
    let returns = &report["returns"];
    let count = |name: &str| returns[name].as_i64().unwrap();
    assert_eq!(count("lines"), 5_565);
    assert_eq!(count("matched_lines") + count("partly_matched_lines") + count("unmatched_lines"), 5_565);
    assert_eq!(count("matched_pieces") + count("unmatched_pieces"), count("pieces"));
    assert!(count("matched_lines") > 4_000, "{returns}");
    assert_eq!(report["commands"]["refused"], 0);

    // Under rule A the points depend on the sum alone, so matching must not change them.
    let wallets = house.wallets();
    assert_same("a", &exported(&wallets), &rule_a(&invoices(&read(&file))));

    // Plain, and with an empty line at its end, it is another file: nothing is skipped.
    let again = house.file("again.csv", read(&file) + "\n");
    let report = house.import(&again, &mapping, &more);
    assert_eq!(report["commands"]["accepted"], 0);
    assert_eq!(report["commands"]["refused"], 0);
    assert_eq!(report["commands"]["repeated"], report["commands"]["all"]);
    assert_eq!(house.wallets(), wallets);
    house.ok(&["audit"]);
}
