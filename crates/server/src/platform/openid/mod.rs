//! Signing in at a provider of identities: OpenID Connect Core 1.0 with the authorization code flow (3.1), PKCE (RFC 7636)
//! and discovery (OpenID Connect Discovery 1.0, 4). Knows nothing of accounts: what comes out is whom the provider has
//! seen.

mod id_token;
mod keys;
mod line;

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value;

pub use self::id_token::{CLOCKS_DIFFER, IdTokenFault};
use self::id_token::{Claims, Expected, IdToken};
use self::keys::{Key, keys_of};
use self::line::Line;
pub use self::line::{LineFault, is_sound_address};
use super::pages::looks_like_address;

/// Its accounts may have addresses of any domain:
/// <https://developers.google.com/identity/openid-connect/openid-connect#hd-param>.
const GOOGLE: &str = "https://accounts.google.com";
/// What a provider has said is asked again after so long.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// A signature by an unknown key may mean that there are new ones, but not all the time.
const KEYS_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(10);
/// Letters of a provider's name for itself: enough to see what is wrong with it.
const LONGEST_LOGGED: usize = 200;
const SCOPES: &str = "openid email profile";

/// Why nobody came in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenidFault {
    #[error(transparent)]
    Line(#[from] LineFault),
    #[error("the provider answers {status} under {what}")]
    Status { what: &'static str, status: StatusCode },
    #[error("the provider's answer under {0} is not what the standard says")]
    Answer(&'static str),
    /// What anybody may have written into an address: in the log it must look like nothing else.
    #[error("the provider calls itself {0:?}")]
    Issuer(String),
    #[error("the provider names an address that is not https: {0}")]
    Address(&'static str),
    #[error("the provider can do nothing that is known here: {0}")]
    Unable(&'static str),
    #[error("the provider refused the code: {0}")]
    Refused(String),
    #[error(transparent)]
    Token(#[from] IdTokenFault),
    #[error("the provider says nothing of an e-mail address")]
    NoEmail,
    #[error("the provider does not say that the e-mail address was verified")]
    UnverifiedEmail,
}

impl OpenidFault {
    fn issuer(named: &str) -> OpenidFault {
        OpenidFault::Issuer(named.chars().take(LONGEST_LOGGED).collect())
    }
}

/// What there is to know of a provider. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Openid {
    line: Arc<Line>,
    known: Arc<Mutex<Option<Known>>>,
}

#[derive(Clone, Debug)]
struct Known {
    configuration: Arc<Configuration>,
    keys: Arc<Vec<Key>>,
    asked_at: Instant,
    /// Also when there was none.
    keys_asked_at: Instant,
}

/// Discovery 1.0, 3: what of it is of use.
#[derive(Debug, Deserialize)]
pub struct Configuration {
    pub issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    id_token_signing_alg_values_supported: Vec<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// Who the house is to the provider.
#[derive(Clone, Copy, Debug)]
pub struct Client<'c> {
    pub issuer: &'c str,
    pub id: &'c str,
    /// Where the provider sends people back to.
    pub back: &'c str,
    /// Whether the operator's own machine may be asked without TLS.
    pub is_local: bool,
}

/// One attempt to sign in: the browser takes `state` and `nonce` along, and `verifier` stays here.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

/// Whom the provider has seen. Every part of it is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub subject: String,
    /// In small letters, and verified.
    pub email: String,
    pub name: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: String,
}

impl Openid {
    /// Asks a provider who it is. `issuer` may have a slash at its end or not: the answer has it as it must be.
    pub async fn look_at(&self, issuer: &str, is_local: bool) -> Result<Configuration, OpenidFault> {
        const WHAT: &str = ".well-known/openid-configuration";
        if !is_sound_address(issuer, is_local) || issuer.contains('?') {
            return Err(OpenidFault::Address("issuer"));
        }
        let address = format!("{}/{WHAT}", issuer.trim_end_matches('/'));
        let configuration: Configuration = self.json(WHAT, Method::GET, &address, None, String::new()).await?;
        if configuration.issuer.trim_end_matches('/') != issuer.trim_end_matches('/') {
            return Err(OpenidFault::issuer(&configuration.issuer));
        }
        let stated = [
            ("authorization_endpoint", Some(&configuration.authorization_endpoint)),
            ("token_endpoint", Some(&configuration.token_endpoint)),
            ("jwks_uri", Some(&configuration.jwks_uri)),
            ("userinfo_endpoint", configuration.userinfo_endpoint.as_ref()),
        ];
        for (name, address) in stated {
            if address.is_some_and(|address| !is_sound_address(address, is_local)) {
                return Err(OpenidFault::Address(name));
            }
        }
        let algorithms = &configuration.id_token_signing_alg_values_supported;
        if !algorithms.iter().any(|named| keys::ALGORITHMS.contains(&named.as_str())) {
            return Err(OpenidFault::Unable("id_token_signing_alg_values_supported"));
        }
        configuration.proof()?;
        Ok(configuration)
    }

    async fn known(&self, client: &Client<'_>, now: Instant) -> Result<Known, OpenidFault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let is_fresh = |known: &Known| {
            known.configuration.issuer == client.issuer && now.duration_since(known.asked_at).abs() < KEPT
        };
        if let Some(known) = known.filter(is_fresh) {
            return Ok(known);
        }
        let configuration = self.look_at(client.issuer, client.is_local).await?;
        if configuration.issuer != client.issuer {
            return Err(OpenidFault::issuer(&configuration.issuer));
        }
        let keys = self.keys(&configuration).await?;
        let known =
            Known { configuration: Arc::new(configuration), keys: Arc::new(keys), asked_at: now, keys_asked_at: now };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        Ok(known)
    }

    async fn keys(&self, configuration: &Configuration) -> Result<Vec<Key>, OpenidFault> {
        const WHAT: &str = "jwks_uri";
        let set: Value = self.json(WHAT, Method::GET, &configuration.jwks_uri, None, String::new()).await?;
        keys_of(&set).ok_or(OpenidFault::Answer(WHAT))
    }

    /// The address at which somebody signs in.
    pub async fn begin(&self, client: &Client<'_>, attempt: &Attempt, now: Instant) -> Result<String, OpenidFault> {
        let known = self.known(client, now).await?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, attempt.verifier.as_bytes()));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("response_type", "code"),
                ("client_id", client.id),
                ("redirect_uri", client.back),
                ("scope", SCOPES),
                ("state", &attempt.state),
                ("nonce", &attempt.nonce),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ])
            .finish();
        let endpoint = &known.configuration.authorization_endpoint;
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        Ok(format!("{endpoint}{joint}{query}"))
    }

    /// Whom the provider has seen, by the code that the browser brought back, and by who it says sent it (RFC 9207).
    pub async fn finish(
        &self,
        client: &Client<'_>,
        secret: &str,
        attempt: &Attempt,
        code: &str,
        sender: Option<&str>,
        now: Instant,
    ) -> Result<Person, OpenidFault> {
        let known = self.known(client, now).await?;
        let configuration = &known.configuration;
        let is_silent = sender.is_none() && !configuration.authorization_response_iss_parameter_supported;
        if !is_silent && sender != Some(client.issuer) {
            return Err(OpenidFault::issuer(sender.unwrap_or_default()));
        }
        let tokens = self.exchange(client, configuration, secret, attempt, code).await?;
        let expected = Expected { issuer: client.issuer, client: client.id, nonce: &attempt.nonce };
        let token = IdToken::read(&tokens.id_token)?;
        let proven = match token.prove(&known.keys, &expected, now) {
            Err(IdTokenFault::UnknownKey) => token.prove(&self.newer_keys(&known, now).await?, &expected, now),
            proven => proven,
        };
        self.person(configuration, proven?, &tokens.access_token).await
    }

    /// Providers change their keys now and then.
    async fn newer_keys(&self, known: &Known, now: Instant) -> Result<Arc<Vec<Key>>, OpenidFault> {
        if now.duration_since(known.keys_asked_at).abs() < KEYS_AGAIN_AFTER {
            return Ok(Arc::clone(&known.keys));
        }
        let keys = Arc::new(self.keys(&known.configuration).await?);
        let newer = Known { keys: Arc::clone(&keys), keys_asked_at: now, ..known.clone() };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(newer);
        Ok(keys)
    }

    async fn exchange(
        &self,
        client: &Client<'_>,
        configuration: &Configuration,
        secret: &str,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, OpenidFault> {
        const WHAT: &str = "token_endpoint";
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", client.back),
            ("code_verifier", &attempt.verifier),
        ];
        let authorization = match configuration.proof()? {
            Proof::Basic => {
                // RFC 6749, 2.3.1: both are encoded as in a form first.
                let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                Some(format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(client.id), encode(secret)))))
            }
            Proof::Post => {
                fields.extend([("client_id", client.id), ("client_secret", secret)]);
                None
            }
        };
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.json(WHAT, Method::POST, &configuration.token_endpoint, authorization.as_deref(), body).await
    }

    /// Where the token does not speak of an address, its provider may under another one (5.3).
    async fn person(
        &self,
        configuration: &Configuration,
        claims: Claims,
        access_token: &str,
    ) -> Result<Person, OpenidFault> {
        const WHAT: &str = "userinfo_endpoint";
        let mut claims = claims;
        if let (true, Some(address)) = (claims.email.is_none(), &configuration.userinfo_endpoint) {
            let authorization = format!("Bearer {access_token}");
            let more: Claims = self.json(WHAT, Method::GET, address, Some(&authorization), String::new()).await?;
            if more.sub != claims.sub {
                return Err(OpenidFault::Answer(WHAT));
            }
            claims = more;
        }
        let email = claims.email.as_deref().ok_or(OpenidFault::NoEmail)?;
        // Beyond ASCII, small letters make two addresses one.
        if !email.is_ascii() || !looks_like_address(email) {
            return Err(OpenidFault::NoEmail);
        }
        let email = email.to_ascii_lowercase();
        // Some write it as a word.
        let is_verified = match &claims.email_verified {
            Some(Value::Bool(is_verified)) => *is_verified,
            Some(Value::String(word)) => word == "true",
            _ => false,
        };
        if !is_verified {
            return Err(OpenidFault::UnverifiedEmail);
        }
        // An account there may have any address, proven once; whose it is now, its domain alone can say.
        let domain = email.rsplit('@').next().unwrap_or_default();
        let is_hosted =
            domain == "gmail.com" || claims.hd.as_deref().is_some_and(|hosted| hosted.eq_ignore_ascii_case(domain));
        if configuration.issuer == GOOGLE && !is_hosted {
            return Err(OpenidFault::UnverifiedEmail);
        }
        Ok(Person { subject: claims.sub, email, name: claims.name })
    }

    async fn json<T: serde::de::DeserializeOwned>(
        &self,
        what: &'static str,
        method: Method,
        address: &str,
        authorization: Option<&str>,
        body: String,
    ) -> Result<T, OpenidFault> {
        let (status, answer) = self.line.ask(method, address, authorization, body).await?;
        if status.is_success() {
            return serde_json::from_slice(&answer).map_err(|_| OpenidFault::Answer(what));
        }
        // RFC 6749, 5.2: a word of the standard, never anything that was sent.
        let refused: Option<Value> = serde_json::from_slice(&answer).ok();
        let word = refused.as_ref().and_then(|refused| refused.get("error")).and_then(Value::as_str);
        let is_word =
            |word: &&str| word.len() < 40 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        match word.filter(is_word) {
            Some(word) => Err(OpenidFault::Refused(word.to_owned())),
            None => Err(OpenidFault::Status { what, status }),
        }
    }
}

/// How the house proves to the provider who it is.
enum Proof {
    Basic,
    Post,
}

impl Configuration {
    fn proof(&self) -> Result<Proof, OpenidFault> {
        const WHAT: &str = "token_endpoint_auth_methods_supported";
        // Discovery 1.0, 3: where nothing is said, it is basic.
        let Some(named) = &self.token_endpoint_auth_methods_supported else { return Ok(Proof::Basic) };
        let has = |method: &str| named.iter().any(|named| named == method);
        match (has("client_secret_basic"), has("client_secret_post")) {
            (true, _) => Ok(Proof::Basic),
            (false, true) => Ok(Proof::Post),
            (false, false) => Err(OpenidFault::Unable(WHAT)),
        }
    }
}
