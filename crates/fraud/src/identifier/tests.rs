use super::*;

fn mail(text: &str) -> String {
    Mail::parse(text).map_or_else(|error| format!("{error:?}"), |mail| mail.identifier().normal)
}

#[test]
fn mail_addresses_that_reach_the_same_person_are_one() {
    for (written, expected) in [
        ("Jan.Kowalski+sklep@Gmail.com", "jankowalski@gmail.com"),
        ("j.a.n.k.o.w.a.l.s.k.i@googlemail.com", "jankowalski@gmail.com"),
        ("jan_kowalski@protonmail.com", "jankowalski@proton.me"),
        ("Jan.Kowalski+1@outlook.com", "jan.kowalski@outlook.com"),
        ("jan+1@icloud.com", "jan@icloud.com"),
        // Elsewhere a dot or a plus may be somebody else.
        ("jan.kowalski+1@wp.pl", "jan.kowalski+1@wp.pl"),
        (" JAN@FIRMA.PL. ", "jan@firma.pl"),
        ("+@gmail.com", "Mail"),
        ("jan@localhost", "Mail"),
        ("jan@@wp.pl", "Mail"),
        ("jan kowalski@wp.pl", "Mail"),
        ("@wp.pl", "Mail"),
        ("jan", "Mail"),
    ] {
        assert_eq!(mail(written), expected, "{written}");
    }
}

#[test]
fn the_pattern_of_a_mail_address_is_its_letters() {
    for (written, expected) in [
        ("jan.kowalski83@wp.pl", Some("jankowalski")),
        ("jan_kowalski-84+x@o2.pl", Some("jankowalski")),
        ("janek@wp.pl", None),
        ("123456789@wp.pl", None),
    ] {
        let pattern = Mail::parse(written).ok().and_then(|mail| mail.pattern()).map(|pattern| pattern.normal);
        assert_eq!(pattern.as_deref(), expected, "{written}");
    }
}

#[test]
fn throw_away_mail_is_known_by_its_domain() {
    for (written, expected) in [
        ("a@mailinator.com", true),
        ("a@x.mailinator.com", true),
        ("a@notmailinator.com", false),
        ("a@wegwerf.example", true),
        ("a@wp.pl", false),
    ] {
        let mail = Mail::parse(written).unwrap();
        assert_eq!(is_disposable(&mail, &["Wegwerf.example".to_owned()]), expected, "{written}");
    }
}

#[test]
fn numbers_are_those_that_one_would_dial_from_abroad() {
    let poland = Numbering::default();
    let britain = Numbering::of(44);
    let nowhere = Numbering::of(0);
    for (written, numbering, expected) in [
        ("601 234 567", poland, Some("+48601234567")),
        ("+48 601-234-567", poland, Some("+48601234567")),
        ("0048601234567", poland, Some("+48601234567")),
        ("48601234567", poland, Some("+48601234567")),
        ("(22) 555.12.34", poland, Some("+48225551234")),
        ("+49 30 901820", poland, Some("+4930901820")),
        ("020 7946 0018", britain, Some("+442079460018")),
        ("+44 (0)20 7946 0018", britain, Some("+442079460018")),
        ("01 23 45 67 89", Numbering::of(33), Some("+33123456789")),
        ("06 1234 5678", Numbering::of(39), Some("+390612345678")),
        ("(0171) 123-4567", nowhere, Some("+1711234567")),
        ("12", poland, None),
        ("601 234 567 ext. 4", poland, None),
        ("", poland, None),
    ] {
        let found = phone(written, &numbering).map(|phone| phone.normal).ok();
        assert_eq!(found.as_deref(), expected, "{written}");
    }
}

#[test]
fn addresses_of_the_internet_have_a_network() {
    for (written, expected) in [
        ("83.12.44.7", Some(["83.12.44.7", "83.12.44.0/24"])),
        ("::ffff:83.12.44.7", Some(["83.12.44.7", "83.12.44.0/24"])),
        ("2a02:a317:4:5:1:2:3:4", Some(["2a02:a317:4:5::/64", "2a02:a317:4::/48"])),
        ("192.168.1.4", None),
        ("100.64.0.1", None),
        ("127.0.0.1", None),
        ("::1", None),
        ("fe80::1", None),
        ("not an address", None),
    ] {
        let found = ip(written).ok().map(|both| both.map(|identifier| identifier.normal));
        assert_eq!(found, expected.map(|both| both.map(str::to_owned)), "{written}");
    }
}

#[test]
fn an_address_is_one_however_it_is_written() {
    let identifier = |line: &str, postcode: &str, town: &str| {
        PostalAddress { line, postcode, town, country: "PL" }.identifier().ok().map(|found| (found.kind, found.normal))
    };
    let home = |normal: &str| Some((IdentifierKind::Address, normal.to_owned()));
    for line in ["ul. Długa 5 m. 3", "Długa 5/3", "ulica DŁUGA 5 lok. 3", "Dluga 5-3"] {
        assert_eq!(identifier(line, "31-147", "Kraków"), home("dluga 5 3|31147|pl"), "{line}");
    }
    assert_eq!(identifier("12 A High Street", "", "York"), identifier("12a High St.", "", "YORK"));
    assert_ne!(identifier("Długa 5/3", "31-147", ""), identifier("Długa 5/4", "31-147", ""));
    let locker = Some((IdentifierKind::Locker, "kra01m|pl".to_owned()));
    for line in ["Paczkomat KRA01M", "Paczkomat InPost KRA01M", "InPost kra01m"] {
        assert_eq!(identifier(line, "31-147", "Kraków"), locker, "{line}");
    }
    for (line, postcode, town) in [("", "31-147", "Kraków"), ("ul.", "31-147", ""), ("Długa 5", "", "")] {
        assert_eq!(identifier(line, postcode, town), None, "{line}");
    }
}

#[test]
fn kinds_never_share_a_hash_and_nothing_is_printed() {
    let keyed = |bytes: &[u8]| {
        let mut hash = [0; 16];
        bytes.iter().enumerate().for_each(|(index, byte)| hash[index % 16] ^= byte);
        hash
    };
    let hashes = IdentifierKind::ALL.map(|kind| opaque(kind, "same").unwrap().mark(&keyed).hash);
    assert!(hashes.iter().enumerate().all(|(index, hash)| !hashes[..index].contains(hash)));
    let device = opaque(IdentifierKind::Device, "secret").unwrap();
    assert_eq!(format!("{device:?}"), "Device(…)");
    assert_eq!(opaque(IdentifierKind::Device, "  "), Err(IdentifierError::Empty));
}

#[test]
fn what_cannot_be_read_is_left_out() {
    let clear = Clear { email: Some("nonsense"), phone: Some("601234567"), name: Some("Cher"), ..Clear::default() };
    let kinds: Vec<IdentifierKind> = clear.identifiers(&Normalising::default()).iter().map(Identifier::kind).collect();
    assert_eq!(kinds, [IdentifierKind::Phone]);
}
