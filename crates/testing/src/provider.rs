//! A provider of identities in the test's process: OpenID Connect with keys of its own. It behaves, unless it is told
//! not to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::authenticator::RSA_KEY;

pub const CLIENT: &str = "lojal-console";
pub const SECRET: &str = "s3cret: of the console";
const ACCESS_TOKEN: &str = "an-access-token";

/// In which way it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    OtherNonce,
    OtherAudience,
    MoreAudiences,
    OtherParty,
    OtherIssuer,
    OtherSender,
    Expired,
    TooOld,
    NotYet,
    Unsigned,
    /// Signed with HS256, and what everybody knows for a secret.
    SharedSecret,
    OtherSignature,
    UnknownKey,
    NoSubject,
    UnverifiedEmail,
    NoEmail,
    /// The address is told elsewhere, for somebody else.
    OtherUser,
    BrokenTokens,
    Refuses,
    Denies,
}

struct Inside {
    now: i64,
    person: Value,
    mischief: Option<Mischief>,
    /// With the name of the key.
    curve: (String, EcdsaKeyPair),
    uses_curve: bool,
    tells_elsewhere: bool,
    codes: usize,
    /// By code: what was asked with it.
    asked: HashMap<String, HashMap<String, String>>,
    /// How often its keys were asked for.
    keys_asked: usize,
}

/// A provider that runs as long as the test.
#[derive(Clone)]
pub struct Provider {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

fn new_curve(name: &str) -> (String, EcdsaKeyPair) {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random);
    (name.to_owned(), pair.expect("a key"))
}

impl Provider {
    /// Starts one whose clock says so many seconds since 1970.
    pub async fn open(now: i64) -> Provider {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let person = json!({ "sub": "ewa-1", "email": "Ewa@Shop.example", "email_verified": true, "name": "Ewa Lis" });
        let inside = Inside {
            now,
            person,
            mischief: None,
            curve: new_curve("curve-1"),
            uses_curve: false,
            tells_elsewhere: false,
            codes: 0,
            asked: HashMap::new(),
            keys_asked: 0,
        };
        let provider = Provider { address, inside: Arc::new(Mutex::new(inside)) };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/keys", get(keys))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        provider
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().expect("the provider")
    }

    pub fn set_now(&self, now: i64) {
        self.inside().now = now;
    }

    /// Who signs in there.
    pub fn is_seen(&self, person: Value) {
        self.inside().person = person;
    }

    pub fn misbehave(&self, mischief: Option<Mischief>) {
        self.inside().mischief = mischief;
    }

    /// Signs with a curve from now on, with RSA otherwise.
    pub fn use_curve(&self, uses_curve: bool) {
        self.inside().uses_curve = uses_curve;
    }

    /// Takes another key of its curve from now on, and forgets the one before.
    pub fn rotate(&self) {
        self.inside().curve = new_curve("curve-2");
    }

    /// Tells of addresses at another place than in the token.
    pub fn tell_elsewhere(&self, tells_elsewhere: bool) {
        self.inside().tells_elsewhere = tells_elsewhere;
    }

    pub fn keys_asked(&self) -> usize {
        self.inside().keys_asked
    }
}

async fn configuration(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", provider.address);
    Json(json!({
        "issuer": provider.address,
        "authorization_endpoint": at("authorize?tenant=1"),
        "token_endpoint": at("token"),
        "jwks_uri": at("keys"),
        "userinfo_endpoint": at("userinfo"),
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

/// Everybody is signed in already.
async fn authorize(State(provider): State<Provider>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let back = &asked["redirect_uri"];
    let mut inside = provider.inside();
    inside.codes += 1;
    let code = format!("code-{}", inside.codes);
    let sender =
        if inside.mischief == Some(Mischief::OtherSender) { "https://evil.example" } else { &provider.address };
    let answer = match inside.mischief {
        Some(Mischief::Denies) => {
            format!("error=access_denied&error_description=%3Cscript%3E&state={}", asked["state"])
        }
        _ => format!("code={code}&state={}&iss={sender}", asked["state"]),
    };
    let location = format!("{back}?{answer}");
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid") && asked["tenant"] == "1");
    inside.asked.insert(code, asked);
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let mut inside = provider.inside();
    inside.keys_asked += 1;
    let rsa = RsaKeyPair::from_pkcs8(RSA_KEY).expect("a key");
    let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(rsa.public());
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let point = inside.curve.1.public_key().as_ref();
    Json(json!({ "keys": [
        { "kty": "RSA", "kid": "rsa-1", "use": "sig", "alg": "RS256", "n": encode(&n), "e": encode(&e) },
        { "kty": "EC", "crv": "P-256", "kid": inside.curve.0, "x": encode(&point[1..33]), "y": encode(&point[33..]) },
        { "kty": "EC", "crv": "P-521", "kid": "large", "x": "AA", "y": "AA" },
        { "kty": "oct", "kid": "shared", "k": "c2VjcmV0" },
        { "kty": "RSA", "kid": "sealing", "use": "enc", "n": encode(&n), "e": encode(&e) },
    ] }))
}

fn refused(error: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error, "error_description": "no" }))).into_response()
}

async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    let mut inside = provider.inside();
    if inside.mischief == Some(Mischief::Refuses) {
        return refused("invalid_client");
    }
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(CLIENT), encode(SECRET))));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(expected.as_str()) {
        return refused("invalid_client");
    }
    let Some(asked) = sent.get("code").and_then(|code| inside.asked.remove(code)) else {
        return refused("invalid_grant");
    };
    let verifier = sent.get("code_verifier").map(String::as_str).unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let is_sound = verifier.len() >= 43
        && asked["code_challenge"] == challenge
        && sent.get("redirect_uri") == asked.get("redirect_uri")
        && sent.get("grant_type").is_some_and(|kind| kind == "authorization_code");
    if !is_sound {
        return refused("invalid_grant");
    }
    if inside.mischief == Some(Mischief::BrokenTokens) {
        return Json(json!({ "id_token": "a.b", "access_token": ACCESS_TOKEN })).into_response();
    }
    let token = inside.signed(&provider.address, &asked["nonce"]);
    Json(json!({ "id_token": token, "access_token": ACCESS_TOKEN, "token_type": "Bearer" })).into_response()
}

async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let expected = format!("Bearer {ACCESS_TOKEN}");
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(expected.as_str()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let inside = provider.inside();
    let mut person = inside.person.clone();
    match inside.mischief {
        Some(Mischief::OtherUser) => person["sub"] = json!("somebody-else"),
        Some(Mischief::NoEmail) => drop(person.as_object_mut().expect("an object").remove("email")),
        _ => {}
    }
    Json(person).into_response()
}

impl Inside {
    fn signed(&self, issuer: &str, nonce: &str) -> String {
        let mut claims = self.person.clone();
        for (name, value) in [
            ("iss", json!(issuer)),
            ("aud", json!([CLIENT])),
            ("azp", json!(CLIENT)),
            ("iat", json!(self.now)),
            ("exp", json!(self.now + 300)),
            ("nonce", json!(nonce)),
        ] {
            claims[name] = value;
        }
        if self.tells_elsewhere || matches!(self.mischief, Some(Mischief::NoEmail | Mischief::OtherUser)) {
            let claims = claims.as_object_mut().expect("an object");
            claims.remove("email");
            claims.remove("email_verified");
        }
        let (name, value) = match self.mischief {
            Some(Mischief::OtherNonce) => ("nonce", json!("another")),
            Some(Mischief::OtherAudience) => ("aud", json!("another-client")),
            Some(Mischief::MoreAudiences) => ("aud", json!([CLIENT, "another-client"])),
            Some(Mischief::OtherParty) => ("azp", json!("another-client")),
            Some(Mischief::OtherIssuer) => ("iss", json!("https://evil.example")),
            Some(Mischief::Expired) => ("exp", json!(self.now - 60)),
            Some(Mischief::TooOld) => ("iat", json!(self.now - 661)),
            Some(Mischief::NotYet) => ("iat", json!(self.now + 61)),
            Some(Mischief::NoSubject) => ("sub", json!("")),
            Some(Mischief::UnverifiedEmail) => ("email_verified", json!(false)),
            _ => ("iss", claims["iss"].clone()),
        };
        claims[name] = value;
        let (algorithm, key) = match (self.mischief, self.uses_curve) {
            (Some(Mischief::Unsigned), _) => ("none", "rsa-1"),
            (Some(Mischief::SharedSecret), _) => ("HS256", "rsa-1"),
            (Some(Mischief::UnknownKey), _) => ("RS256", "rsa-9"),
            (_, true) => ("ES256", self.curve.0.as_str()),
            (_, false) => ("RS256", "rsa-1"),
        };
        let encode = |piece: &Value| URL_SAFE_NO_PAD.encode(piece.to_string());
        let head = json!({ "alg": algorithm, "kid": key, "typ": "JWT" });
        let message = format!("{}.{}", encode(&head), encode(&claims));
        let mut signature = self.signature(algorithm, message.as_bytes());
        if self.mischief == Some(Mischief::OtherSignature) {
            *signature.last_mut().expect("a byte") ^= 1;
        }
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn signature(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let rsa = RsaKeyPair::from_pkcs8(RSA_KEY).expect("a key");
        match algorithm {
            "none" => Vec::new(),
            "HS256" => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, rsa.public().as_ref());
                hmac::sign(&key, message).as_ref().to_vec()
            }
            "ES256" => self.curve.1.sign(&random, message).expect("a signature").as_ref().to_vec(),
            _ => {
                let mut signature = vec![0; rsa.public().modulus_len()];
                rsa.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).expect("a signature");
                signature
            }
        }
    }
}
