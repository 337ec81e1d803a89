//! Tokens that the shop signs for its members: JSON Web Tokens (RFC 7519) with HMAC and SHA-256, and with nothing else.
//!
//! A library would bring RSA and elliptic curves along, or want to be installed for the whole process, and look at
//! the system's clock; what is left of it without them stands here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::SignedDuration;
use lojal_core::kernel::Instant;
use ring::hmac;
use serde::Deserialize;
use serde_json::{Number, Value, json};

/// A token may open the door for so long at most.
pub const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// By how much the shop's clock may be ahead of ours.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_secs(60);
/// Longer than any token with our claims.
const LONGEST: usize = 4_096;
const LONGEST_ID: usize = 200;
/// Whom a token that names an audience must name.
const AUDIENCE: &str = "lojal";
const ALGORITHM: &str = "HS256";

/// What a token says, once it is known who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The shop's own id of the member.
    pub subject: String,
    pub ends_at: Instant,
    /// The token's own id: such a token signs in once.
    pub id: Option<String>,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("this is no signed token: it has three pieces in base64url, and the first two are JSON objects")]
    Malformed,
    #[error("the token's header must say alg: HS256, and have no crit")]
    Algorithm,
    #[error("no secret in use has the name in the token's kid: make one in the console, or use one that is there")]
    UnknownSecret,
    #[error("the token is not signed with the secret")]
    Signature,
    #[error("the token must say sub, iat and exp, and iat and exp are seconds since 1970")]
    Claims,
    #[error("the token has ended: its exp is over")]
    Ended,
    #[error("the token does not hold yet: its iat or nbf is to come; look at the clock of the shop's server")]
    NotYet,
    #[error("the token may hold for an hour at most: put exp closer to iat")]
    TooLong,
    #[error("the token's aud must be lojal, or be left out")]
    Audience,
    #[error("somebody has come in with this token already: each jti signs in once, and is over then")]
    Used,
    #[error("no member in the programme has the token's sub as external_id")]
    UnknownMember,
}

impl TokenFault {
    /// What programs should look at.
    pub fn code(self) -> &'static str {
        match self {
            TokenFault::Malformed => "token_malformed",
            TokenFault::Algorithm => "token_algorithm",
            TokenFault::UnknownSecret => "token_unknown_secret",
            TokenFault::Signature => "token_signature",
            TokenFault::Claims => "token_claims",
            TokenFault::Ended => "token_ended",
            TokenFault::NotYet => "token_not_yet",
            TokenFault::TooLong => "token_too_long",
            TokenFault::Audience => "token_audience",
            TokenFault::Used => "token_used",
            TokenFault::UnknownMember => "unknown_member",
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Payload {
    sub: String,
    iat: Number,
    exp: Number,
    nbf: Option<Number>,
    aud: Option<Value>,
    jti: Option<String>,
}

/// A token of which only the form is known.
pub struct Unproven<'t> {
    signed: &'t str,
    payload: Vec<u8>,
    signature: Vec<u8>,
    /// The secret that it claims to be signed with.
    pub secret: Option<String>,
}

impl<'t> Unproven<'t> {
    pub fn read(token: &'t str) -> Result<Unproven<'t>, TokenFault> {
        let token = token.trim();
        if token.len() > LONGEST {
            return Err(TokenFault::Malformed);
        }
        let pieces: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = pieces.as_slice() else { return Err(TokenFault::Malformed) };
        let decode = |piece: &str| URL_SAFE_NO_PAD.decode(piece).map_err(|_| TokenFault::Malformed);
        let stated: Header = serde_json::from_slice(&decode(header)?).map_err(|_| TokenFault::Malformed)?;
        if stated.alg != ALGORITHM || stated.crit.is_some() {
            return Err(TokenFault::Algorithm);
        }
        Ok(Unproven {
            signed: &token[..header.len() + 1 + payload.len()],
            payload: decode(payload)?,
            signature: decode(signature)?,
            secret: stated.kid,
        })
    }

    /// What the token says, if it is signed with one of these secrets and holds now.
    pub fn prove(self, secrets: &[Vec<u8>], now: Instant) -> Result<Claims, TokenFault> {
        let is_signed = |secret: &Vec<u8>| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
            hmac::verify(&key, self.signed.as_bytes(), &self.signature).is_ok()
        };
        if secrets.is_empty() {
            return Err(TokenFault::UnknownSecret);
        }
        if !secrets.iter().any(is_signed) {
            return Err(TokenFault::Signature);
        }
        let stated: Payload = serde_json::from_slice(&self.payload).map_err(|_| TokenFault::Claims)?;
        let (issued_at, ends_at) = (moment(&stated.iat)?, moment(&stated.exp)?);
        let begins = stated.nbf.as_ref().map(moment).transpose()?.map_or(issued_at, |begins| begins.max(issued_at));
        if ends_at <= now {
            return Err(TokenFault::Ended);
        }
        if begins.duration_since(now) > CLOCKS_DIFFER {
            return Err(TokenFault::NotYet);
        }
        if ends_at.duration_since(issued_at) > LONGEST_LIFE
            || ends_at.duration_since(now) > LONGEST_LIFE + CLOCKS_DIFFER
        {
            return Err(TokenFault::TooLong);
        }
        let is_meant = match &stated.aud {
            None => true,
            Some(Value::Array(all)) => all.iter().any(|one| one == AUDIENCE),
            Some(one) => one == AUDIENCE,
        };
        if !is_meant {
            return Err(TokenFault::Audience);
        }
        if stated.sub.is_empty() || stated.jti.as_ref().is_some_and(|id| id.len() > LONGEST_ID) {
            return Err(TokenFault::Claims);
        }
        Ok(Claims { subject: stated.sub, ends_at, id: stated.jti })
    }
}

/// Seconds since 1970; some libraries write pieces of a second as well.
fn moment(number: &Number) -> Result<Instant, TokenFault> {
    let seconds = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.and_then(|seconds| Instant::from_second(seconds).ok()).ok_or(TokenFault::Claims)
}

/// Signs a token, as the shop does; `secret` is the secret's whole text, and its name is in it.
pub fn sign(secret: &str, subject: &str, now: Instant, life: SignedDuration) -> String {
    let name = super::secrets::name_in(secret);
    let header = json!({ "alg": ALGORITHM, "typ": "JWT", "kid": name });
    let payload = json!({ "sub": subject, "iat": now.as_second(), "exp": (now + life).as_second() });
    let encode = |piece: &Value| URL_SAFE_NO_PAD.encode(piece.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&payload));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_second(second).unwrap()
    }

    fn token(header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"secret"), signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn proven(token: &str, second: i64) -> Result<Claims, TokenFault> {
        Unproven::read(token)?.prove(&[b"another".to_vec(), b"secret".to_vec()], at(second))
    }

    /// The standard's own example (RFC 7515, appendix A.1): its signature is right, and it says no `sub`.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                     Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let secret = URL_SAFE_NO_PAD.decode(secret).unwrap();
        let now = at(1_300_819_000);
        assert_eq!(Unproven::read(token).unwrap().prove(&[secret], now), Err(TokenFault::Claims));
        assert_eq!(Unproven::read(token).unwrap().prove(&[vec![1]], now), Err(TokenFault::Signature));
    }

    #[test]
    fn a_token_holds_as_long_as_it_says_and_an_hour_at_most() {
        let hs256 = r#"{"alg":"HS256","typ":"JWT"}"#;
        let sound = r#"{"sub":"ada","iat":1000,"exp":1600,"jti":"x"}"#;
        let claims = Claims { subject: "ada".to_owned(), ends_at: at(1600), id: Some("x".to_owned()) };
        assert_eq!(proven(&token(hs256, sound), 1000), Ok(claims));
        for (header, payload, second, fault) in [
            (hs256, sound, 1600, TokenFault::Ended),
            (hs256, sound, 939, TokenFault::NotYet),
            (hs256, r#"{"sub":"ada","iat":1000,"exp":1600,"nbf":1500}"#, 1400, TokenFault::NotYet),
            (hs256, r#"{"sub":"ada","iat":1000,"exp":4601}"#, 1000, TokenFault::TooLong),
            (hs256, r#"{"sub":"ada","iat":1000,"exp":4600}"#, 930, TokenFault::NotYet),
            (hs256, r#"{"sub":"ada","iat":-9999999,"exp":1600}"#, 1000, TokenFault::TooLong),
            (hs256, r#"{"sub":"ada","iat":1000}"#, 1000, TokenFault::Claims),
            (hs256, r#"{"iat":1000,"exp":1600}"#, 1000, TokenFault::Claims),
            (hs256, r#"{"sub":"","iat":1000,"exp":1600}"#, 1000, TokenFault::Claims),
            (hs256, r#"{"sub":"ada","iat":1000,"exp":"1600"}"#, 1000, TokenFault::Claims),
            (hs256, r#"{"sub":"ada","iat":1000,"exp":1600,"aud":"bank"}"#, 1000, TokenFault::Audience),
            (r#"{"alg":"none"}"#, sound, 1000, TokenFault::Algorithm),
            (r#"{"alg":"HS512"}"#, sound, 1000, TokenFault::Algorithm),
            (r#"{"alg":"hs256"}"#, sound, 1000, TokenFault::Algorithm),
            (r#"{"alg":"HS256","crit":["b64"]}"#, sound, 1000, TokenFault::Algorithm),
            (r#"{"alg":"HS256","alg":"none"}"#, sound, 1000, TokenFault::Malformed),
            ("[]", sound, 1000, TokenFault::Malformed),
        ] {
            assert_eq!(proven(&token(header, payload), second), Err(fault), "{header} {payload} at {second}");
        }
        for payload in [
            r#"{"sub":"ada","iat":1000.7,"exp":1600.2,"aud":["shop","lojal"]}"#,
            r#"{"sub":"ada","iat":1050,"exp":1600,"aud":"lojal"}"#,
        ] {
            assert!(proven(&token(hs256, payload), 1000).is_ok(), "{payload}");
        }
    }

    #[test]
    fn nothing_but_the_whole_token_is_taken() {
        let whole = token(r#"{"alg":"HS256"}"#, r#"{"sub":"ada","iat":1000,"exp":1600}"#);
        assert!(proven(&whole, 1000).is_ok());
        let (signed, signature) = whole.rsplit_once('.').unwrap();
        let longest = format!("{signed}.{}", "A".repeat(5_000));
        for broken in ["", "..", signed, &format!("{signed}."), &format!("{whole}."), &format!("{whole}="), &longest] {
            assert!(proven(broken, 1000).is_err(), "{broken}");
        }
        let other = token(r#"{"alg":"HS256"}"#, r#"{"sub":"bob","iat":1000,"exp":1600}"#);
        let mixed = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
        assert_eq!(proven(&mixed, 1000), Err(TokenFault::Signature));
        assert_eq!(Unproven::read(&whole).unwrap().prove(&[], at(1000)), Err(TokenFault::UnknownSecret));
    }
}
