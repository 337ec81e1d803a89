//! What a provider says of somebody, signed: an ID token (OpenID Connect Core 1.0, 2), checked as in 3.1.3.7.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::keys::{ALGORITHMS, Key};

/// By how much the provider's clock may differ from ours.
pub const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);
/// It has just been made for us.
const OLDEST: SignedDuration = SignedDuration::from_mins(10);
const LONGEST: usize = 32 * 1_024;
/// Core 1.0, 2.
const LONGEST_SUBJECT: usize = 255;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenFault {
    #[error("the ID token has no three pieces in base64url")]
    Malformed,
    #[error("the ID token is not signed with RS256 or ES256")]
    Algorithm,
    #[error("none of the provider's keys is the one that the ID token names")]
    UnknownKey,
    #[error("the ID token is not signed by the provider")]
    Signature,
    #[error("the ID token lacks one of iss, sub, aud, exp, iat")]
    Claims,
    #[error("the ID token is of another issuer")]
    Issuer,
    #[error("the ID token is for somebody else: look at aud and azp")]
    Audience,
    #[error("the ID token has ended, or was made too long ago: look at both clocks")]
    Ended,
    #[error("the ID token does not hold yet: look at both clocks")]
    NotYet,
    #[error("the ID token answers another question: its nonce is not ours")]
    Nonce,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// What is said of somebody.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    pub sub: String,
    pub email: Option<String>,
    pub email_verified: Option<Value>,
    pub name: Option<String>,
    /// Google's own: the domain whose administrator has made the account.
    pub hd: Option<String>,
}

#[derive(Deserialize)]
struct Stated {
    iss: String,
    aud: Value,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
    #[serde(flatten)]
    claims: Claims,
}

/// What the token must be for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'e> {
    pub issuer: &'e str,
    pub client: &'e str,
    pub nonce: &'e str,
}

/// A token of which only the form is known.
pub(super) struct IdToken<'t> {
    signed: &'t str,
    header: Header,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'t> IdToken<'t> {
    pub fn read(token: &'t str) -> Result<IdToken<'t>, IdTokenFault> {
        let pieces: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = pieces.as_slice() else { return Err(IdTokenFault::Malformed) };
        if token.len() > LONGEST {
            return Err(IdTokenFault::Malformed);
        }
        let decode = |piece: &str| URL_SAFE_NO_PAD.decode(piece).map_err(|_| IdTokenFault::Malformed);
        let stated: Header = serde_json::from_slice(&decode(header)?).map_err(|_| IdTokenFault::Malformed)?;
        if !ALGORITHMS.contains(&stated.alg.as_str()) || stated.crit.is_some() {
            return Err(IdTokenFault::Algorithm);
        }
        Ok(IdToken {
            signed: &token[..header.len() + 1 + payload.len()],
            header: stated,
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }

    pub fn prove(&self, keys: &[Key], expected: &Expected<'_>, now: Instant) -> Result<Claims, IdTokenFault> {
        let mut fitting = keys.iter().filter(|key| key.fits(&self.header.alg, self.header.kid.as_deref())).peekable();
        if fitting.peek().is_none() {
            return Err(IdTokenFault::UnknownKey);
        }
        if !fitting.any(|key| key.has_signed(self.signed.as_bytes(), &self.signature)) {
            // Without a name, the key may be a new one.
            let is_named = self.header.kid.is_some();
            return Err(if is_named { IdTokenFault::Signature } else { IdTokenFault::UnknownKey });
        }
        let stated: Stated = serde_json::from_slice(&self.payload).map_err(|_| IdTokenFault::Claims)?;
        if stated.iss != expected.issuer {
            return Err(IdTokenFault::Issuer);
        }
        if !is_for(&stated, expected.client) {
            return Err(IdTokenFault::Audience);
        }
        let (ends_at, made_at) = (moment(stated.exp)?, moment(stated.iat)?);
        if now.duration_since(ends_at) >= CLOCKS_DIFFER || now.duration_since(made_at) > OLDEST + CLOCKS_DIFFER {
            return Err(IdTokenFault::Ended);
        }
        let begins_at = stated.nbf.map(moment).transpose()?.map_or(made_at, |begins_at| begins_at.max(made_at));
        if begins_at.duration_since(now) > CLOCKS_DIFFER {
            return Err(IdTokenFault::NotYet);
        }
        let nonce = stated.nonce.unwrap_or_default();
        if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
            return Err(IdTokenFault::Nonce);
        }
        let subject = &stated.claims.sub;
        if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
            return Err(IdTokenFault::Claims);
        }
        Ok(stated.claims)
    }
}

/// Core 1.0, 3.1.3.7, steps 3 to 5: we are meant, nobody is whom we do not know, and whoever asked for it is us.
fn is_for(stated: &Stated, client: &str) -> bool {
    let is_sole = match &stated.aud {
        Value::String(one) => one == client,
        Value::Array(all) => all.len() == 1 && all.first().is_some_and(|one| one == client),
        _ => false,
    };
    is_sole && stated.azp.as_ref().is_none_or(|asked_by| asked_by == client)
}

/// Seconds since 1970; some write pieces of a second as well.
fn moment(seconds: f64) -> Result<Instant, IdTokenFault> {
    Instant::from_second(seconds.floor() as i64).map_err(|_| IdTokenFault::Claims)
}
