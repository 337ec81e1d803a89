//! An authenticator made of software: answers as a browser with a passkey does, and otherwise where it is told to.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    RsaPublicKeyComponents,
};
use serde_json::{Value, json};

pub const USER_PRESENT: u8 = 1;
pub const USER_VERIFIED: u8 = 1 << 2;
pub const BACKUP_ELIGIBLE: u8 = 1 << 3;
pub const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
/// The key of RSA that tests sign with: it takes seconds to make one.
pub const RSA_KEY: &[u8] = include_bytes!("../keys/rsa.pk8");

/// The fields of a form, as the house's script fills them.
pub type Fields = Vec<(&'static str, String)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Es256,
    EdDsa,
    Rs256,
}

enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

/// How a new passkey tells of its make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    Nothing,
    /// It signs for itself.
    Own,
    /// It pretends to.
    Forged,
    /// In a way that nobody asked for.
    Unasked,
}

/// One passkey. What is public can be changed, and is then what it says.
pub struct Authenticator {
    key: Key,
    pub credential: Vec<u8>,
    pub handle: Option<Vec<u8>>,
    pub counter: u32,
    pub flags: u8,
    pub host: String,
    pub origin: String,
    pub kind: Option<&'static str>,
    pub cross_origin: bool,
    pub telling: Telling,
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    ring::rand::SecureRandom::fill(&SystemRandom::new(), &mut bytes).expect("randomness");
    bytes
}

impl Authenticator {
    /// For pages of this origin.
    pub fn new(kind: KeyKind, origin: &str) -> Authenticator {
        let random_source = SystemRandom::new();
        let key = match kind {
            KeyKind::Es256 => {
                let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random_source);
                let document = document.expect("a key");
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random_source);
                Key::Es256(pair.expect("a key"))
            }
            KeyKind::EdDsa => {
                let document = Ed25519KeyPair::generate_pkcs8(&random_source).expect("a key");
                Key::EdDsa(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key"))
            }
            KeyKind::Rs256 => Key::Rs256(RsaKeyPair::from_pkcs8(RSA_KEY).expect("a key")),
        };
        let host = origin.split("://").nth(1).expect("an origin").split(':').next().expect("a host").to_owned();
        Authenticator {
            key,
            credential: random().to_vec(),
            handle: None,
            counter: 0,
            flags: USER_PRESENT | USER_VERIFIED,
            host,
            origin: origin.to_owned(),
            kind: None,
            cross_origin: false,
            telling: Telling::Nothing,
        }
    }

    /// The public key as COSE writes it.
    pub fn public_key(&self) -> Vec<u8> {
        match &self.key {
            Key::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat()
            }
            Key::EdDsa(pair) => [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], pair.public_key().as_ref()].concat(),
            Key::Rs256(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                [&[0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, 1, 0][..], &n, &[0x21, 0x40 + e.len() as u8], &e].concat()
            }
        }
    }

    fn algorithm(&self) -> &'static [u8] {
        match self.key {
            Key::Es256(_) => &[0x26],
            Key::EdDsa(_) => &[0x27],
            Key::Rs256(_) => &[0x39, 1, 0],
        }
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random_source = SystemRandom::new();
        match &self.key {
            Key::Es256(pair) => pair.sign(&random_source, message).expect("a signature").as_ref().to_vec(),
            Key::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
            Key::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random_source, message, &mut signature).expect("a signature");
                signature
            }
        }
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": self.kind.unwrap_or(kind),
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        });
        said.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let host = digest(&SHA256, self.host.as_bytes());
        [host.as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// What the authenticator says when a passkey is made.
    pub fn new_data(&self) -> Vec<u8> {
        let length = (self.credential.len() as u16).to_be_bytes();
        let attested = [&[0; 16], length.as_slice(), &self.credential, &self.public_key()].concat();
        [self.data(self.flags | ATTESTED), attested].concat()
    }

    /// Answers what a page asks when a passkey is made.
    pub fn make(&mut self, options: &Value) -> Fields {
        let handle = options["user"]["id"].as_str().expect("a handle");
        self.handle = Some(URL_SAFE_NO_PAD.decode(handle).expect("base64url"));
        let client_data = self.client_data("webauthn.create", options);
        let data = self.new_data();
        let hashed = digest(&SHA256, &client_data);
        let signed = [data.as_slice(), hashed.as_ref()].concat();
        let (format, statement) = match self.telling {
            Telling::Nothing => ("none", vec![0xa0]),
            Telling::Unasked => ("fido-u2f", vec![0xa0]),
            Telling::Own | Telling::Forged => {
                let mut signature = self.signature(&signed);
                if self.telling == Telling::Forged {
                    *signature.last_mut().expect("a byte") ^= 1;
                }
                let length = (signature.len() as u16).to_be_bytes();
                let head = [&[0xa2, 0x63], b"alg".as_slice(), self.algorithm(), &[0x63], b"sig", &[0x59]].concat();
                ("packed", [head, length.to_vec(), signature].concat())
            }
        };
        let length = (data.len() as u16).to_be_bytes();
        let attestation = [
            &[0xa3, 0x63],
            b"fmt".as_slice(),
            &[0x60 + format.len() as u8],
            format.as_bytes(),
            &[0x67],
            b"attStmt",
            &statement,
            &[0x68],
            b"authData",
            &[0x59],
            &length,
            &data,
        ]
        .concat();
        vec![
            ("credential", URL_SAFE_NO_PAD.encode(&self.credential)),
            ("client_data", URL_SAFE_NO_PAD.encode(client_data)),
            ("attestation", URL_SAFE_NO_PAD.encode(attestation)),
        ]
    }

    /// Answers what a page asks when somebody signs in. Each time it has signed once more.
    pub fn sign(&mut self, options: &Value) -> Fields {
        self.counter += 1;
        self.sign_again(options)
    }

    /// As [`Authenticator::sign`], without counting.
    pub fn sign_again(&self, options: &Value) -> Fields {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(self.flags);
        let hashed = digest(&SHA256, &client_data);
        let signature = self.signature(&[data.as_slice(), hashed.as_ref()].concat());
        vec![
            ("credential", URL_SAFE_NO_PAD.encode(&self.credential)),
            ("client_data", URL_SAFE_NO_PAD.encode(client_data)),
            ("authenticator_data", URL_SAFE_NO_PAD.encode(data)),
            ("signature", URL_SAFE_NO_PAD.encode(signature)),
            ("handle", URL_SAFE_NO_PAD.encode(self.handle.as_deref().unwrap_or_default())),
        ]
    }
}
