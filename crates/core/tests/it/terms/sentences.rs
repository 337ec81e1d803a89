//! One sentence at a time: a change in the document, and what the terms then say in both languages.

use lojal_core::kernel::Language;
use lojal_core::terms::findings;

use super::{compiled, documented, terms};

/// Whether some text of the terms is, or has in it, the sentence.
fn says(document: &str, language: Language, sentence: &str) -> bool {
    let programme = compiled(sentence, document);
    let terms = terms(&programme, language);
    terms.texts().iter().any(|text| text.plain().replace('\u{a0}', " ").contains(sentence))
}

/// Something of the documented programme, what stands in its place, and what is said of it then.
const SENTENCES: &[(&str, &str, &str, &str)] = &[
    // Awards.
    (
        "per = \"1.00\"\nremainder",
        "per = \"5.00\"\nremainder",
        "1 punkt za każde wydane 5 zł",
        "1 point for every PLN 5 spent",
    ),
    (
        "rate = 1\nper = \"1.00\"\nremainder",
        "rate = \"1.5\"\nper = \"2.50\"\nremainder",
        "1,5 punktu za każde wydane 2,50 zł",
        "1.5 points for every PLN 2.50 spent",
    ),
    ("per_item = 1", "per_item = 2", "2 pieczątki za każdą sztukę", "2 stamps for every piece"),
    (
        "on = \"joined\"\nunit = \"points\"\npoints = 50",
        "on = \"tier_reached\"\nunit = \"points\"\npoints = 22",
        "22 punkty za wejście na wyższy poziom",
        "22 points for reaching a higher level",
    ),
    (
        "on = \"joined\"\nunit = \"points\"\npoints = 50",
        "on = \"newsletter\"\nunit = \"points\"\npoints = 50\ncaps = { lifetime = 50 }",
        "50 punktów jednorazowo.",
        "50 points once.",
    ),
    (
        "per_value = { attribute = \"hours\", per = 1 }",
        "per_value = { attribute = \"hours\", per = 3 }",
        "5 kredytów za każde 3 jednostki wartości „godziny warsztatów”",
        "5 credits for each 3 of “hours of workshops”",
    ),
    (
        "applies_to = [\"spend\"]\n",
        "",
        "mnożnik ×2 dla wszystkiego, na co działają mnożniki",
        "multiplier ×2 for everything that multipliers act on",
    ),
    // Stacking and rounding.
    ("\"additive\"", "\"compound\"", "mnoży się je przez siebie", "they are multiplied by each other"),
    ("\"additive\"", "\"best\"", "stosuje się tylko największy", "only the largest counts"),
    (
        "rounding = \"down\"",
        "rounding = \"nearest\"",
        "do najbliższej całości; połowę – w górę.",
        "a half is rounded up.",
    ),
    ("rounding = \"down\"", "rounding = \"up\"", "na końcu obliczenia, w górę.", "once, at the end, up."),
    // Pending and expiry.
    (
        "pending = { after = \"closed\", for = \"14 days\" }",
        "pending = { after = \"placed\", for = \"1 month\" }",
        "Punkty za zamówienie są dostępne po upływie 1 miesiąca od złożenia zamówienia, a za pozostałe aktywności – od razu.",
        "Points for an order are available 1 month after the order was placed, and those for anything else at once.",
    ),
    (
        "pending = { after = \"closed\", for = \"14 days\" }",
        "pending = { after = \"paid\", for = \"0 days\" }",
        "Punkty za zamówienie są dostępne z chwilą opłacenia zamówienia",
        "Points for an order are available as soon as the order is paid",
    ),
    (
        "expiry = { after_earning = \"12 months\", until_end_of = \"month\" }",
        "expiry = { after_earning = \"1 year\" }",
        "Punkty tracą ważność po upływie 1 roku od dnia naliczenia.",
        "Points expire 1 year after the day on which they were credited.",
    ),
    (
        "expiry = { after_earning = \"12 months\", until_end_of = \"month\" }",
        "expiry = { on = [\"12-31\", \"06-30\"] }",
        "Punkty tracą ważność co roku z końcem dnia 30 czerwca i 31 grudnia.",
        "Points expire each year at the end of 30 June and 31 December.",
    ),
    (
        "expiry = { after_earning = \"12 months\", until_end_of = \"month\" }",
        "",
        "Punkty nie tracą ważności.",
        "Points do not expire.",
    ),
    (
        "spend = \"expiring_first\"",
        "spend = \"oldest_first\"",
        "Najpierw wydaje się te punkty, które naliczono najwcześniej.",
        "The points that were credited first are spent first.",
    ),
    // Debts.
    (
        "debt = \"carry\"",
        "debt = \"block\"",
        "do tego czasu nie można ich wydawać, rezerwować ani przekazywać.",
        "until then none can be spent, reserved or sent.",
    ),
    (
        "debt = \"carry\"",
        "debt = \"forgive\"",
        "Jeżeli do cofnięcia jest więcej punktów lub pieczątek, niż jest w portfelu, różnicy się nie cofa.",
        "Where more points or stamps have to be taken back than there are in the wallet, the difference is let go.",
    ),
    (
        "without_order = \"reverse\"",
        "without_order = \"ignore\"",
        "Zwrot towaru bez wskazania zamówienia nie zmienia stanu portfela.",
        "Goods that are returned without naming an order change nothing in the wallet.",
    ),
    // Ladders.
    (
        "metric = \"spend\"\nwindow = \"12 months\"",
        "metric = \"orders\"\nwindow = \"lifetime\"",
        "O poziomie na ścieżce „Status” decyduje liczba zamówień od dołączenia do Programu.",
        "On the ladder “Status”, the level depends on the number of orders since joining the Programme.",
    ),
    (
        "metric = \"spend\"\nwindow = \"12 months\"",
        "metric = \"activity:workshop\"\nwindow = \"membership_year\"\nkeep = 2",
        "decyduje liczba aktywności „workshop” w roku uczestnictwa, liczonym od dnia dołączenia do Programu.",
        "depends on the number of activities “workshop” in a year of membership, counted from the day of joining",
    ),
    (
        "metric = \"spend\"\nwindow = \"12 months\"",
        "metric = \"spend\"\nwindow = \"1 year\"",
        "decyduje wartość zakupów w ciągu ostatniego roku.",
        "depends on the value of purchases over the last year.",
    ),
    (
        "window = \"calendar_year\"\nkeep = 1",
        "window = \"calendar_year\"\nkeep = 2",
        "a następnie jeszcze przez 2 lata.",
        "and then for 2 years more.",
    ),
    (
        "window = \"calendar_year\"\nkeep = 1",
        "window = \"calendar_year\"\nkeep = 0",
        "Wtedy sprawdza się, jaki poziom przysługuje na rok następny.",
        "It is then checked which level the next year begins with.",
    ),
    (
        "grace = \"30 days\"",
        "grace = \"1 hour\"",
        "poziom pozostaje jeszcze przez 1 godzinę,",
        "the level stays for 1 hour more,",
    ),
    (
        "step_down = \"one\"",
        "step_down = \"to_earned\"",
        "przechodzi na poziom odpowiadający temu wynikowi.",
        "moves to the level that it supports.",
    ),
    (
        "on_return = \"recheck\"",
        "on_return = \"keep\"",
        "Zwrot towaru nie obniża poziomu przed kolejnym sprawdzeniem.",
        "A return of goods does not lower the level before the next check.",
    ),
    // Rewards.
    (
        "kind = \"amount_off\"\namount = \"5.00\"",
        "kind = \"gift_card\"\namount = \"50.00\"",
        "karta podarunkowa o wartości 50 zł",
        "a gift card worth PLN 50",
    ),
    (
        "kind = \"amount_off\"\namount = \"5.00\"",
        "kind = \"cash_back\"\namount = \"5.50\"",
        "5,50 zł zwrotu w pieniądzu",
        "PLN 5.50 back in money",
    ),
    ("kind = \"amount_off\"\namount = \"5.00\"", "kind = \"free_shipping\"", "darmowa dostawa", "free delivery"),
    (
        "kind = \"amount_off\"\namount = \"5.00\"",
        "kind = \"exclusive_access\"",
        "dostęp zastrzeżony dla Uczestników",
        "access for Members only",
    ),
    (
        "limit = { times = 1, every = \"day\" }",
        "limit = { times = 3 }",
        "Najwyżej 3 razy przez cały czas udziału w Programie dla jednego Uczestnika.",
        "At most 3 times in the whole time in the Programme for one Member.",
    ),
    (
        "voucher = { prefix = \"KAWA\", valid = \"30 days\" }",
        "voucher = { prefix = \"KAWA\", valid = \"1 month\" }",
        "Kupon jest ważny przez 1 miesiąc od wydania.",
        "The voucher is valid for 1 month from its issue.",
    ),
    // Between members.
    ("least = 50\nmost = 1000", "most = 1", "Jednorazowo: najwyżej 1 punkt.", "In one go: at most 1 point."),
    // The operator.
    (
        "minimum_age = 16",
        "minimum_age = 22",
        "osoba, która ukończyła 22 lata i akceptuje Regulamin.",
        "Anybody who is at least 22 years old",
    ),
    (
        "answer = \"14 days\"",
        "answer = \"1 month\"",
        "odpowiada na reklamację w ciągu 1 miesiąca od jej otrzymania.",
        "answers a complaint within 1 month of receiving it.",
    ),
    (
        "notice = \"14 days\"",
        "notice = \"1 week\"",
        "zawiadamia Uczestników co najmniej 1 tydzień przed jej wejściem w życie.",
        "tells Members of a change to these terms at least 1 week before it takes effect.",
    ),
    (
        "email = \"club@corner.example\"\n",
        "",
        "e-mail «do uzupełnienia: adres e-mail»",
        "e-mail «to be filled in: e-mail address»",
    ),
    (
        "join_on_first_order = true",
        "join_on_first_order = false",
        "Do Programu dołącza się, podając Organizatorowi dane potrzebne do prowadzenia portfela.",
        "One joins by giving the Operator the details that are needed to keep a wallet.",
    ),
];

#[test]
fn each_field_has_its_sentence() {
    let document = documented();
    let mut complaints = Vec::new();
    for (old, new, polish, english) in SENTENCES {
        assert!(document.contains(old), "{old}");
        let changed = document.replacen(old, new, 1);
        for (language, sentence) in [(Language::Pl, polish), (Language::En, english)] {
            if !says(&changed, language, sentence) {
                complaints.push(format!("{new}: {sentence}"));
            }
        }
    }
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn what_the_operator_has_not_said_is_listed() {
    let codes = |text: &str| -> Vec<(String, String)> {
        let findings = findings(&compiled("", text)).into_iter();
        findings.map(|finding| (finding.code, finding.pointer)).collect()
    };
    let document = documented();
    assert_eq!(codes(&document), []);
    let bare = document.split("[operator]").next().unwrap();
    let missing = codes(bare);
    assert!(missing.iter().all(|(code, _)| code == "terms_incomplete"));
    let fields: Vec<&str> = missing.iter().map(|(_, pointer)| pointer.trim_start_matches("/operator/")).collect();
    let expected = [
        "name",
        "address",
        "registration",
        "email",
        "complaints/to",
        "complaints/answer",
        "data_protection/contact",
        "data_protection/policy",
        "from",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn a_late_answer_to_complaints_is_pointed_out() {
    let document = documented();
    for (answer, is_late) in [
        ("14 days", false),
        ("2 weeks", false),
        ("48 hours", false),
        ("15 days", true),
        ("3 weeks", true),
        ("1 month", true),
    ] {
        let changed = document.replacen("answer = \"14 days\"", &format!("answer = \"{answer}\""), 1);
        let codes: Vec<String> =
            findings(&compiled(answer, &changed)).into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, if is_late { vec!["complaints_answered_late".to_owned()] } else { Vec::new() }, "{answer}");
    }
}

#[test]
fn a_name_that_promises_another_number_is_pointed_out() {
    let document = documented();
    for (old, new, pointer) in [
        ("points = 50", "points = 40", "/earning/joining/name/pl"),
        ("amount = \"5.00\"", "amount = \"4.00\"", "/rewards/five-off/name/pl"),
        ("more_than = \"200.00\"", "more_than = \"250.00\"", "/earning/large-order/name/pl"),
        ("rate = 2\nper", "rate = 3\nper", "/earning/cashback/name/pl"),
    ] {
        let found = findings(&compiled(old, &document.replacen(old, new, 1)));
        assert_eq!(found.len(), 2, "{old}: {found:?}");
        assert_eq!((found[0].code.as_str(), found[0].pointer.as_str()), ("name_states_other_number", pointer));
    }
}
