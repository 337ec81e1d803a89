//! Small files and what they amount to, as tables.

use crate::texts::texts;
use std::collections::BTreeMap;

use lojal_core::activity::{Line, Order};
use lojal_core::command::Command;
use lojal_core::kernel::{Calendar, Factor, Language, Name, format_decimal};

use super::rows::Reason;
use super::{History, ImportError, Mapping, Report, Terms, Told};

const MAPPING: &str = r#"
[file]
order_window = "10 minutes"
[columns]
order = "order"
member = "member"
time = "time"
sku = "sku"
quantity = "quantity"
unit_price = "price"
[times]
formats = ["%Y-%m-%d %H:%M"]
[cancellation]
prefix = "C"
"#;

const HEADER: &str = "order,member,time,sku,quantity,price\n";

fn terms() -> Terms {
    Terms {
        calendar: Calendar::new("Europe/Warsaw").unwrap(),
        time_zone: "Europe/Warsaw".to_owned(),
        currency: Name::from("PLN"),
        decimals: 2,
        brand: Name::from("shop"),
        exchange: BTreeMap::from([(Name::from("CZK"), Factor(170_000))]),
        latest: "2026-12-31T00:00:00Z".parse().unwrap(),
    }
}

fn read(mapping: &str, file: &[u8]) -> Result<(Vec<String>, Report), ImportError> {
    let mapping = Mapping::parse(mapping).unwrap();
    let mut history = History::open(file, &mapping, &terms())?;
    let mut steps = Vec::new();
    while let Some(step) = history.next_step()? {
        let local = terms().calendar.local(step.at).strftime("%d %H:%M").to_string();
        steps.push(format!("{local} {} {}", step.member, told(&step.command)));
    }
    Ok((steps, history.into_report()))
}

fn told(command: &Command) -> String {
    match command {
        Command::PutOrder { order } => format!("buys {}", goods(order)),
        Command::ReturnWithoutOrder { goods: order } => format!("brings {}", goods(order)),
        Command::ReturnLines { order, return_id, lines, .. } => {
            let lines: Vec<String> = lines.iter().map(|line| format!("{}x{}", line.quantity, line.line)).collect();
            format!("returns {return_id} of {order}: {}", lines.join(" "))
        }
        other => format!("{other:?}"),
    }
}

fn goods(order: &Order) -> String {
    let line = |line: &Line| {
        let sku = line.sku.as_deref().unwrap_or("?");
        format!("{}={}x{sku}@{}", line.id, line.quantity, format_decimal(line.total.0, 2))
    };
    format!("{}: {}", order.external_id, order.lines.iter().map(line).collect::<Vec<_>>().join(" "))
}

fn check(mapping: &str, rows: &str, expected: &[&str]) -> Report {
    let (steps, report) = read(mapping, format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!(steps, expected);
    report
}

#[test]
fn rows_become_orders_in_the_order_of_their_earliest_row() {
    check(
        MAPPING,
        "2,ada,2026-03-01 10:01,cup,2,12.50\n\
         1,ben,2026-03-01 10:01,pot,1,40\n\
         2,ada,2026-03-01 10:00,jug,1,0.335\n\
         3,ada,2026-03-01 11:00,cup,1,12.50\n",
        &[
            "01 10:00 ada buys 2: 1=2xcup@25.00 2=1xjug@0.34",
            "01 10:01 ben buys 1: 1=1xpot@40.00",
            "01 11:00 ada buys 3: 1=1xcup@12.50",
        ],
    );
}

#[test]
fn ids_sort_as_text_at_the_same_minute() {
    check(
        MAPPING,
        "9,ada,2026-03-01 10:00,cup,1,1\n10,ada,2026-03-01 10:00,cup,1,1\n",
        &["01 10:00 ada buys 10: 1=1xcup@1.00", "01 10:00 ada buys 9: 1=1xcup@1.00"],
    );
}

#[test]
fn an_order_is_given_as_soon_as_the_file_has_moved_on() {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let file = format!(
        "{HEADER}1,ada,2026-03-01 10:00,cup,1,1\n2,ada,2026-03-01 10:10,cup,1,1\n3,ada,2026-03-01 10:11,cup,1,1\n\
         4,ada,oops,cup,1,1\n"
    );
    let mut history = History::open(file.as_bytes(), &mapping, &terms()).unwrap();
    assert!(history.next_step().unwrap().is_some());
    assert_eq!(history.report().rows, 3);
}

#[test]
fn a_straggler_is_an_error_in_a_sorted_file_and_none_in_an_unsorted_one() {
    let rows = "1,ada,2026-03-01 10:00,cup,1,1\n\
                2,ada,2026-03-01 10:30,cup,1,1\n\
                1,ada,2026-03-01 10:31,jug,1,1\n";
    let file = format!("{HEADER}{rows}");
    let error = read(MAPPING, file.as_bytes()).unwrap_err();
    assert!(error.to_string().starts_with("row 4 belongs to order 1"), "{error}");
    let early = format!("{HEADER}{}", rows.replace("\n1,ada,2026-03-01 10:31", "\n3,ada,2026-03-01 09:00"));
    assert!(matches!(read(MAPPING, early.as_bytes()), Err(ImportError::OutOfPlace { row: 4, .. })));
    check(
        &MAPPING.replace("order_window = \"10 minutes\"", "sorted = false"),
        rows,
        &["01 10:00 ada buys 1: 1=1xcup@1.00 2=1xjug@1.00", "01 10:30 ada buys 2: 1=1xcup@1.00"],
    );
}

#[test]
fn cancellations_are_returns_without_an_order_and_mixed_orders_are_split() {
    let report = check(
        MAPPING,
        "1,ada,2026-03-01 10:00,cup,5,2\n\
         1,ada,2026-03-01 10:00,jug,-1,3\n\
         C2,ada,2026-03-01 12:00,cup,-2,2\n\
         C3,ben,2026-03-01 13:00,pot,4,0.10\n",
        &[
            "01 10:00 ada buys 1: 1=5xcup@10.00",
            "01 10:00 ada brings 1: 2=1xjug@3.00",
            "01 12:00 ada brings C2: 1=2xcup@4.00",
            "01 13:00 ben brings C3: 1=4xpot@0.40",
        ],
    );
    assert_eq!((report.orders.orders, report.returns.orders, report.members), (1, 3, 2));
    assert_eq!((report.matching.lines, report.matching.unmatched, report.matching.unmatched_pieces), (0, 3, 7));
}

#[test]
fn cancellations_are_matched_to_lines_with_pieces_still_kept() {
    let report = check(
        &format!("match_cancellations = true\n{MAPPING}"),
        "1,ada,2026-03-01 10:00,cup,5,2\n\
         2,ada,2026-03-01 11:00,cup,1,2\n\
         2,ada,2026-03-01 11:00,cup,1,2\n\
         2,ada,2026-03-01 11:00,cup,9,3\n\
         C3,ada,2026-03-01 12:00,cup,-3,2\n\
         C4,ada,2026-03-01 13:00,cup,-5,2\n\
         C4,ada,2026-03-01 13:00,pot,-1,2\n\
         C5,ben,2026-03-01 14:00,cup,-1,2\n",
        &[
            "01 10:00 ada buys 1: 1=5xcup@10.00",
            "01 11:00 ada buys 2: 1=1xcup@2.00 2=1xcup@2.00 3=9xcup@27.00",
            "01 12:00 ada returns C3 of 2: 1x2 1x1",
            "01 12:00 ada returns C3 of 1: 1x1",
            "01 13:00 ada returns C4 of 1: 4x1",
            "01 13:00 ada brings C4: 1=1xcup@2.00 2=1xpot@2.00",
            "01 14:00 ben brings C5: 1=1xcup@2.00",
        ],
    );
    let matching = &report.matching;
    assert_eq!((matching.lines, matching.partly, matching.unmatched), (1, 1, 2));
    assert_eq!((matching.pieces, matching.unmatched_pieces), (7, 3));
}

#[test]
fn line_totals_states_tax_and_discounts() {
    let mapping = r#"
match_cancellations = true
[columns]
order = "nr"
member = "klient"
time = "data"
sku = "kod"
quantity = "ile"
line_total = "wartość"
tax = "vat"
discount = "rabat"
currency = "waluta"
state = "stan"
[times]
formats = ["%d.%m.%Y %H:%M", "%d.%m.%Y"]
[numbers]
decimal = ","
thousands = " "
[orders]
currency = "PLN"
tax_included = false
[states]
closed = ["wydane"]
cancelled = ["odwołane"]
skip = ["koszyk"]
[kinds]
shipping = ["DOSTAWA"]
[file]
delimiter = ";"
encoding = "windows-1250"
"#;
    let file = "nr;klient;data;kod;ile;wartość;vat;rabat;waluta;stan\n\
        1;ada;01.03.2026 10:00;kubek;4;1 000,00;230,00;;PLN;wydane\n\
        1;ada;01.03.2026 10:00;DOSTAWA;1;10,00;2,30;;;wydane\n\
        2;ada;01.03.2026 11:00;kubek;1;5,00;;1,00;EUR;wydane\n\
        3;ada;01.03.2026 11:00;kubek;1;5,00;;;;koszyk\n\
        4;ada;01.03.2026 11:00;kubek;1;5,00;;;;odwołane\n\
        4;ada;01.03.2026 11:00;kubek;-1;5,00;;;;odwołane\n\
        6;ada;01.03.2026 12:00;kubek;1;100,00;;;CZK;wydane\n\
        5;ada;02.03.2026;kubek;-1;-250,00;-57,50;;;wydane\n";
    let bytes: Vec<u8> = file
        .chars()
        .map(|letter| match letter {
            'ś' => 0x9c,
            'ć' => 0xe6,
            'ł' => 0xb3,
            plain => u8::try_from(plain).unwrap(),
        })
        .collect();
    let (steps, report) = read(mapping, &bytes).unwrap();
    assert_eq!(
        steps,
        [
            "01 10:00 ada buys 1: 1=4xkubek@1230.00 2=1xDOSTAWA@12.30",
            "01 11:00 ada buys 4: 1=1xkubek@5.00",
            "01 12:00 ada buys 6: 1=1xkubek@17.00",
            "02 00:00 ada returns 5 of 1: 1x1",
        ]
    );
    assert_eq!(report.left_out_for(Reason::OtherCurrency), 1);
    assert_eq!(report.left_out_for(Reason::SkippedState), 1);
    assert_eq!(report.left_out_for(Reason::ReturnOfCancelled), 1);
    assert_eq!(report.cancelled_orders, 1);
}

#[test]
fn rows_that_cannot_be_used_are_left_out_and_named() {
    let rows: &[(&[u8], Reason)] = &[
        (b"C1,,2026-03-01 10:00,cup,1,1", Reason::ReturnOfGuest),
        (b",ada,2026-03-01 10:00,cup,1,1", Reason::NoOrder),
        (b"1,ada,2026-03-01 10:00,cup,1", Reason::MissingField),
        (b"1,ada,2026-03-01 10:00,c\xffp,1,1", Reason::BadBytes),
        (b"1,ada,01.03.2026,cup,1,1", Reason::BadTime),
        (b"1,ada,2027-01-01 10:00,cup,1,1", Reason::Future),
        (b"1,ada,2026-03-01 10:00,cup,one,1", Reason::BadNumber),
        (b"1,ada,2026-03-01 10:00,cup,1.5,1", Reason::BadNumber),
        (b"1,ada,2026-03-01 10:00,cup,0,1", Reason::NoPieces),
        (b"1,ada,2026-03-01 10:00,cup,1,-1", Reason::NegativeAmount),
        (b"1,ada,2026-03-01 10:00,cup,1000000000,1000000000", Reason::TooLarge),
    ];
    let mut file = HEADER.as_bytes().to_vec();
    for (row, _) in rows {
        file.extend_from_slice(row);
        file.push(b'\n');
    }
    file.extend_from_slice(b"1,ada,2026-03-01 10:00,cup,1,1\n1,ben,2026-03-01 10:00,cup,1,1\n");
    let (steps, report) = read(MAPPING, &file).unwrap();
    assert_eq!(steps, ["01 10:00 ada buys 1: 1=1xcup@1.00"]);
    assert_eq!((report.rows, report.rows_left_out()), (13, 12));
    for reason in Reason::ALL {
        let expected = rows.iter().filter(|(_, known)| *known == reason).count() as u64;
        let expected = if reason == Reason::OtherMember { 1 } else { expected };
        assert_eq!(report.left_out_for(reason), expected, "{reason:?}");
    }
    let json = report.to_json();
    assert_eq!(json["rows"]["used"], 1);
    let bad_number = &json["rows"]["reasons"].as_array().unwrap().iter().find(|entry| entry["reason"] == "bad_number");
    assert_eq!(bad_number.unwrap()["examples"][0]["found"], "one");
    assert_eq!(bad_number.unwrap()["examples"][0]["row"], 8);
}

/// As with a single order; what is no such thing is named by its column, and never repeated.
#[test]
fn what_a_customer_was_seen_with_comes_with_the_order() {
    let columns = "ip = \"ip\"\npayment = \"card\"\naddress = \"street\"\ntown = \"town\"\n[times]";
    let mapping = Mapping::parse(&MAPPING.replace("[times]", columns)).unwrap();
    let file = "order,member,time,sku,quantity,price,ip,card,street,town\n\
                1,ada,2026-03-01 10:00,cup,1,1,83.4.5.6,tok_1,Długa 5,Warszawa\n\
                2,ben,2026-03-01 10:10,cup,1,1,,,Długa 5,\n\
                3,eve,2026-03-01 10:20,cup,1,1,,4111 1111 1111 1111,,\n\
                4,eve,2026-03-01 10:30,cup,1,1,at home,,,\n";
    let mut history = History::open(file.as_bytes(), &mapping, &terms()).unwrap();
    let first = history.next_step().unwrap().unwrap().seen.unwrap();
    let clear = first.clear();
    assert_eq!((clear.ip, clear.payment), (Some("83.4.5.6"), Some("tok_1")));
    assert_eq!(clear.address.map(|address| (address.line, address.town)), Some(("Długa 5", "Warszawa")));
    let second = history.next_step().unwrap().unwrap();
    assert!(second.seen.is_none(), "a street of no town says nothing");
    assert!(history.next_step().unwrap().is_none());
    let report = history.into_report();
    assert_eq!(report.left_out_for(Reason::BadIdentifier), 2);
    let json = report.to_json().to_string();
    assert!(!json.contains("4111") && !json.contains("at home"), "{json}");
}

#[test]
fn orders_that_name_nobody_are_orders_of_guests() {
    let rows = "1,,2026-03-01 10:00,cup,2,1.25\n\
                1,,2026-03-01 10:00,jug,-1,0.50\n\
                2,,2026-03-01 11:00,cup,1,3\n\
                2,ada,2026-03-01 11:00,jug,1,2\n\
                2,,2026-03-01 11:01,lid,1,1\n\
                C3,,2026-03-01 12:00,cup,1,1.25\n\
                4,,2026-03-01 13:00,cup,1,1\n\
                4,,2026-03-01 13:00,cup,-2,1\n";
    let mapping = Mapping::parse(MAPPING).unwrap();
    let file = format!("{HEADER}{rows}");
    let mut history = History::open(file.as_bytes(), &mapping, &terms()).unwrap();
    let mut guests = Vec::new();
    let mut steps = Vec::new();
    while let Some(next) = history.next_told().unwrap() {
        match next {
            Told::Guest(order) => guests.push((order.external_id.to_string(), order.kept.0)),
            Told::Step(step) => steps.push(format!("{} {}", step.member, told(&step.command))),
        }
    }
    assert_eq!(guests, [("1".to_owned(), 200), ("4".to_owned(), 0)]);
    assert_eq!(steps, ["ada buys 2: 1=1xcup@3.00 2=1xjug@2.00 3=1xlid@1.00"], "whom any row names has the order");
    let report = history.into_report();
    assert_eq!(report.left_out_for(Reason::ReturnOfGuest), 1);
    assert_eq!((report.members, report.steps), (1, 1));
    let json = report.to_json();
    assert_eq!((&json["rows"]["used"], &json["rows"]["of_guests"]), (&7.into(), &4.into()));
    assert_eq!(json["guests"], serde_json::json!({ "orders": 2, "kept_total": "2.00", "accepted": 0, "resumed": 0 }));
}

#[test]
fn the_report_says_every_reason_in_both_languages() {
    let mut report = Report::new(&terms());
    report.count_guest(2, lojal_core::kernel::Money(100));
    report.guests.accepted = 1;
    for reason in Reason::ALL {
        report.leave_out(super::rows::LeftOut {
            row: 2,
            reason,
            column: Some("c".to_owned()),
            found: Some("f".to_owned()),
        });
    }
    report.refuse("unknown_order".to_owned(), Name::from("C1"), "no order".to_owned());
    for language in Language::ALL {
        let text = report.render(&texts(language));
        assert!(!text.contains("reason-") && !text.contains("report-"), "{text}");
    }
}

#[test]
fn a_missing_column_is_named_with_its_place_in_the_mapping() {
    let error = read(MAPPING, b"order,member,time,sku,quantity,cena\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the mapping's line 10, column 14: the file has no column \"price\"; its columns are order, member, time, sku, \
         quantity, cena"
    );
}

#[test]
fn a_file_with_a_byte_order_mark_and_windows_line_ends() {
    let file = format!("\u{feff}{HEADER}1,ada,2026-03-01 10:00,cup,1,1\n").replace('\n', "\r\n");
    assert_eq!(read(MAPPING, file.as_bytes()).unwrap().0, ["01 10:00 ada buys 1: 1=1xcup@1.00"]);
}
