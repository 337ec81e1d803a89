use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lojal_testing::authenticator::{
    Authenticator, BACKED_UP, BACKUP_ELIGIBLE, Fields, KeyKind, Telling, USER_PRESENT, USER_VERIFIED,
};
use serde_json::{Value, json};

use super::*;

const ORIGIN: &str = "https://club.example.com:8443";
const KINDS: [KeyKind; 3] = [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Rs256];

fn party() -> RelyingParty {
    RelyingParty::of(ORIGIN).unwrap()
}

fn options() -> Value {
    json!({ "challenge": "Y2hhbGxlbmdl", "user": { "id": "aGFuZGxl" } })
}

fn bytes(fields: &Fields, name: &str) -> Vec<u8> {
    let (_, value) = fields.iter().find(|(field, _)| *field == name).unwrap();
    URL_SAFE_NO_PAD.decode(value).unwrap()
}

fn made(fields: &Fields) -> Result<NewPasskey, PasskeyFault> {
    let all = ["credential", "client_data", "attestation"].map(|name| bytes(fields, name));
    let [credential, client_data, attestation] = &all;
    registered(Registration { credential, client_data, attestation }, "Y2hhbGxlbmdl", &party())
}

fn signed(fields: &Fields, passkey: &NewPasskey) -> Result<u32, PasskeyFault> {
    let all = ["client_data", "authenticator_data", "signature", "handle"].map(|name| bytes(fields, name));
    let [client_data, authenticator_data, signature, handle] = &all;
    let handle = Some(handle.as_slice()).filter(|handle| !handle.is_empty());
    let known = Known { key: &passkey.key, handle: b"handle", counter: passkey.counter, is_synced: passkey.is_synced };
    let assertion = Assertion { client_data, authenticator_data, signature, handle };
    asserted(assertion, known, "Y2hhbGxlbmdl", &party(), false)
}

/// A passkey of each kind is made, and signs.
#[test]
fn a_passkey_of_every_kind_proves_whose_it_is() {
    for kind in KINDS {
        for telling in [Telling::Nothing, Telling::Own] {
            let mut phone = Authenticator::new(kind, ORIGIN);
            phone.telling = telling;
            let passkey = made(&phone.make(&options())).unwrap();
            assert_eq!((passkey.credential.as_slice(), passkey.counter), (phone.credential.as_slice(), 0));
            assert_eq!(signed(&phone.sign(&options()), &passkey), Ok(1), "{kind:?}");
        }
    }
}

#[test]
fn whatever_is_not_as_it_was_asked_is_no_passkey() {
    type Change = fn(&mut Authenticator);
    let changes: [(Change, PasskeyFault); 12] = [
        (|phone| phone.origin = "https://club.example.com".to_owned(), PasskeyFault::Origin),
        (|phone| phone.origin = "https://evil.example".to_owned(), PasskeyFault::Origin),
        (|phone| phone.origin = "http://club.example.com:8443".to_owned(), PasskeyFault::Origin),
        (|phone| phone.host = "example.com".to_owned(), PasskeyFault::RelyingParty),
        (|phone| phone.kind = Some("webauthn.get"), PasskeyFault::Kind),
        (|phone| phone.cross_origin = true, PasskeyFault::CrossOrigin),
        (|phone| phone.flags = USER_VERIFIED, PasskeyFault::Presence),
        (|phone| phone.flags = USER_PRESENT, PasskeyFault::Verification),
        (|phone| phone.flags |= BACKED_UP, PasskeyFault::Backup),
        (|phone| phone.telling = Telling::Forged, PasskeyFault::Attestation),
        (|phone| phone.telling = Telling::Unasked, PasskeyFault::Attestation),
        (|phone| phone.credential = vec![7; 1_024], PasskeyFault::Malformed),
    ];
    for (number, (change, fault)) in changes.into_iter().enumerate() {
        let mut phone = Authenticator::new(KeyKind::Es256, ORIGIN);
        change(&mut phone);
        assert_eq!(made(&phone.make(&options())), Err(fault), "change {number}");
    }
    let mut phone = Authenticator::new(KeyKind::Es256, ORIGIN);
    let answer = phone.make(&json!({ "challenge": "b3RoZXI", "user": { "id": "aGFuZGxl" } }));
    assert_eq!(made(&answer), Err(PasskeyFault::Challenge));
    let mut answer = phone.make(&options());
    answer[0].1 = URL_SAFE_NO_PAD.encode([1; 32]);
    assert_eq!(made(&answer), Err(PasskeyFault::Malformed), "it calls itself otherwise outside than inside");
}

#[test]
fn whatever_is_not_as_it_was_asked_signs_nobody_in() {
    type Change = fn(&mut Authenticator);
    let changes: [(Change, PasskeyFault); 12] = [
        (|phone| phone.origin = "https://evil.example".to_owned(), PasskeyFault::Origin),
        (|phone| phone.host = "evil.example".to_owned(), PasskeyFault::RelyingParty),
        (|phone| phone.kind = Some("webauthn.create"), PasskeyFault::Kind),
        (|phone| phone.kind = Some("payment.get"), PasskeyFault::Kind),
        (|phone| phone.cross_origin = true, PasskeyFault::CrossOrigin),
        (|phone| phone.flags = USER_VERIFIED, PasskeyFault::Presence),
        (|phone| phone.flags = USER_PRESENT, PasskeyFault::Verification),
        (|phone| phone.flags |= BACKED_UP, PasskeyFault::Backup),
        (|phone| phone.flags |= BACKUP_ELIGIBLE, PasskeyFault::Backup),
        (|phone| phone.handle = Some(b"another".to_vec()), PasskeyFault::Owner),
        (|phone| phone.handle = None, PasskeyFault::Owner),
        (|phone| phone.flags |= 1 << 7, PasskeyFault::Malformed),
    ];
    for kind in KINDS {
        let mut phone = Authenticator::new(kind, ORIGIN);
        let passkey = made(&phone.make(&options())).unwrap();
        for (number, (change, fault)) in changes.into_iter().enumerate() {
            let before = (phone.origin.clone(), phone.host.clone(), phone.flags, phone.handle.clone());
            change(&mut phone);
            assert_eq!(signed(&phone.sign(&options()), &passkey), Err(fault), "{kind:?}, change {number}");
            (phone.origin, phone.host, phone.flags, phone.handle) = before;
            (phone.kind, phone.cross_origin) = (None, false);
        }
        assert!(signed(&phone.sign(&options()), &passkey).is_ok());
        let mut forged = phone.sign(&options());
        let mut signature = bytes(&forged, "signature");
        *signature.last_mut().unwrap() ^= 1;
        forged[3].1 = URL_SAFE_NO_PAD.encode(signature);
        assert_eq!(signed(&forged, &passkey), Err(PasskeyFault::Signature));
        let mut other = Authenticator::new(kind, ORIGIN);
        other.handle.clone_from(&phone.handle);
        let expected = if kind == KeyKind::Rs256 { Ok(1) } else { Err(PasskeyFault::Signature) };
        assert_eq!(signed(&other.sign(&options()), &passkey), expected, "there is one key of RSA in the tests");
    }
}

#[test]
fn a_counter_goes_forward_or_stands_at_nothing() {
    let mut phone = Authenticator::new(KeyKind::Es256, ORIGIN);
    let passkey = made(&phone.make(&options())).unwrap();
    for (known, said, expected) in [
        (0, 0, Ok(0)),
        (0, 1, Ok(1)),
        (1, 2, Ok(2)),
        (2, 2, Err(PasskeyFault::Counter)),
        (2, 1, Err(PasskeyFault::Counter)),
        (2, 0, Err(PasskeyFault::Counter)),
        (u32::MAX - 1, u32::MAX, Ok(u32::MAX)),
    ] {
        phone.counter = said;
        let passkey = NewPasskey { counter: known, ..passkey.clone() };
        assert_eq!(signed(&phone.sign_again(&options()), &passkey), expected, "{known}, {said}");
    }
}

#[test]
fn what_is_cut_or_has_more_than_it_should_is_refused() {
    for telling in [Telling::Nothing, Telling::Own] {
        let mut phone = Authenticator::new(KeyKind::Es256, ORIGIN);
        phone.telling = telling;
        let answer = phone.make(&options());
        let whole = bytes(&answer, "attestation");
        for length in 0..whole.len() {
            assert!(Attestation::read(&whole[..length]).is_err(), "cut at {length}");
        }
        assert!(Attestation::read(&[whole.as_slice(), &[0]].concat()).is_err());
        let data = phone.new_data();
        for length in 0..data.len() {
            assert!(AuthenticatorData::read(&data[..length]).is_err(), "cut at {length}");
        }
        assert!(AuthenticatorData::read(&[data.as_slice(), &[0]].concat()).is_err());
        // With extensions behind, which are a map.
        let mut extended = data.clone();
        extended[32] |= 1 << 7;
        assert!(AuthenticatorData::read(&[extended.as_slice(), &[0xa1, 0x61, b'x', 0xf5]].concat()).is_ok());
        assert!(AuthenticatorData::read(&[extended.as_slice(), &[0x81, 0xf5]].concat()).is_err());
        assert!(AuthenticatorData::read(&[extended.as_slice(), &[0xa1, 0x61, b'x', 0xf5, 0]].concat()).is_err());
    }
    for map in [&[0xbf, 0xff][..], &[0xa0], &[0x80], &[0xb8, 200], &[0xbb, 255, 255, 255, 255, 255, 255, 255, 255], &[]]
    {
        assert!(Attestation::read(map).is_err() && PublicKey::read(map).is_err(), "{map:?}");
    }
    for said in
        ["", "[]", "{}", r#"{"type":"webauthn.get"}"#, r#"{"type":"a","challenge":"b","origin":"c","challenge":"d"}"#]
    {
        assert!(ClientData::read(said.as_bytes()).is_err(), "{said}");
    }
}

#[test]
fn a_key_has_what_its_kind_needs_and_nothing_else() {
    for kind in KINDS {
        let key = Authenticator::new(kind, ORIGIN).public_key();
        assert_eq!(PublicKey::read(&key).unwrap().1, key.len());
        let longer = [key.as_slice(), &[1, 2, 3]].concat();
        assert_eq!(PublicKey::read(&longer).unwrap().1, key.len(), "what comes after is not its own");
        for length in 0..key.len() {
            assert!(PublicKey::read(&key[..length]).is_err(), "{kind:?} cut at {length}");
        }
        let mut more = key.clone();
        more[0] += 1;
        assert!(PublicKey::read(&[more.as_slice(), &[4, 0x81, 2]].concat()).is_err(), "{kind:?} with operations");
        assert!(PublicKey::read(&[more.as_slice(), &[1, 2]].concat()).is_err(), "{kind:?} with a label twice");
    }
    let point = Authenticator::new(KeyKind::Es256, ORIGIN).public_key();
    for (place, value, what) in [(2, 1, "kind"), (4, 0x27, "algorithm"), (4, 0x22, "ES384"), (6, 2, "curve")] {
        let mut other = point.clone();
        other[place] = value;
        assert_eq!(PublicKey::read(&other).map(drop), Err(PasskeyFault::Key), "another {what}");
    }
}

#[test]
fn passkeys_are_made_for_a_name_over_https_or_for_one_s_own_machine() {
    for (public, expected) in [
        ("https://club.example.com", Some(("club.example.com", "https://club.example.com"))),
        ("https://Club.example.com:8443/", Some(("club.example.com", "https://club.example.com:8443"))),
        ("http://localhost:8321", Some(("localhost", "http://localhost:8321"))),
        ("http://club.localhost", Some(("club.localhost", "http://club.localhost"))),
        ("http://club.example.com", None),
        ("http://127.0.0.1:8321", None),
        ("https://192.168.1.7", None),
        ("https://[::1]:8321", None),
        ("http://localhost.evil.example", None),
        ("https://club.example.com/lojal", None),
        ("", None),
    ] {
        let party = RelyingParty::of(public);
        assert_eq!(party.as_ref().map(|party| (party.id.as_str(), party.origin.as_str())), expected, "{public}");
    }
}
