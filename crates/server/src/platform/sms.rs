//! Text messages to telephones, by a gateway that the operator chooses: a program of their own, which is told as webhooks
//! are, or SMSAPI.

use std::sync::Arc;

use axum::body::Body;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use form_urlencoded::Serializer;
use lojal_core::kernel::Instant;
use serde_json::{Value, json};

use super::outgoing::{Answered, Line, Message, Reach, Secret, Trouble, signatures, stated_ip};
use super::random::{self, NoRandomness};

/// Names of SMSAPI's services, and where they take messages.
const SMSAPI: [(&str, &str); 2] =
    [("smsapi.pl", "https://api.smsapi.pl/sms.do"), ("smsapi.com", "https://api.smsapi.com/sms.do")];
/// What SMSAPI says of a number that is none, or does not want messages.
const NO_NUMBER: i64 = 13;
/// Letters of a sender's name.
const LONGEST_SENDER: usize = 11;

/// Sends text messages. Clones share its connections.
#[derive(Clone)]
pub struct Texter {
    line: Line,
    gateway: Gateway,
}

#[derive(Clone)]
enum Gateway {
    /// The operator's own: `sms.send`, signed as Standard Webhooks has it.
    Own {
        url: Arc<str>,
        secret: Secret,
    },
    SmsApi {
        url: Arc<str>,
        authorization: HeaderValue,
        from: Option<Arc<str>>,
    },
}

/// Says nothing: there is a secret in it.
impl std::fmt::Debug for Texter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Texter")
    }
}

/// What is wrong with the settings. Without their values, in which there may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TexterError {
    #[error(
        "the address of the SMS gateway is not in order: write smsapi.pl, smsapi.com, or https://… of a gateway of \
         your own; http://… only for one on this machine"
    )]
    Gateway,
    #[error("the secret of the SMS gateway is not in order: write the token of SMSAPI, or whsec_… as webhooks have it")]
    Secret,
    #[error("the sender of text messages is not in order: write 1 to 11 letters, digits, spaces, dots or hyphens")]
    Sender,
    #[error("a gateway of your own chooses the sender of text messages itself: leave the sender out")]
    SenderOfOwn,
}

/// Why a text message was not sent. It names no receiver, so that it may stand in a log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmsError {
    #[error("the gateway could not be asked: {}", .0.name())]
    Gateway(Trouble),
    /// The same again would come to the same.
    #[error("the gateway does not send to this number")]
    Receiver,
    #[error("the gateway answered with {0}")]
    Answer(String),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Texter {
    /// `gateway` is the name of a service that is known here, or the address of a gateway of the operator's own.
    pub fn new(gateway: &str, secret: &str, from: Option<&str>) -> Result<Texter, TexterError> {
        if let Some((_, url)) = SMSAPI.into_iter().find(|(name, _)| *name == gateway) {
            return Texter::smsapi_at(url, secret, from);
        }
        if from.is_some() {
            return Err(TexterError::SenderOfOwn);
        }
        let line = line(gateway)?;
        let secret = Secret::parse(secret).ok_or(TexterError::Secret)?;
        Ok(Texter { line, gateway: Gateway::Own { url: gateway.into(), secret } })
    }

    /// SMSAPI, or what speaks as it does, at an address.
    pub fn smsapi_at(url: &str, token: &str, from: Option<&str>) -> Result<Texter, TexterError> {
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", token.trim())).map_err(|_| TexterError::Secret)?;
        if token.trim().is_empty() {
            return Err(TexterError::Secret);
        }
        authorization.set_sensitive(true);
        if from.is_some_and(|from| !is_sender(from)) {
            return Err(TexterError::Sender);
        }
        let gateway = Gateway::SmsApi { url: url.into(), authorization, from: from.map(Arc::from) };
        Ok(Texter { line: line(url)?, gateway })
    }

    /// Sends a message to a number in E.164.
    pub async fn send(&self, to: &str, text: &str, now: Instant) -> Result<(), SmsError> {
        match &self.gateway {
            Gateway::Own { url, secret } => self.send_by_own(url, secret, (to, text), now).await,
            Gateway::SmsApi { url, authorization, from } => {
                let request = Request::builder()
                    .method(Method::POST)
                    .uri(url.as_ref())
                    .header(header::AUTHORIZATION, authorization.clone())
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(Body::from(form(to, text, from.as_deref())))
                    .map_err(|_| SmsError::Gateway(Trouble::Unreachable))?;
                judged(self.line.ask(request, now.as_second()).await.map_err(SmsError::Gateway)?)
            }
        }
    }

    async fn send_by_own(
        &self,
        url: &str,
        secret: &Secret,
        (to, text): (&str, &str),
        now: Instant,
    ) -> Result<(), SmsError> {
        let drawn = blake3::Hash::from_bytes(random::bytes()?).to_hex();
        let id = format!("sms_{}", &drawn[..32]);
        let body = json!({ "type": "sms.send", "timestamp": now.to_string(), "data": { "to": to, "text": text } });
        let body = body.to_string().into_bytes();
        let seconds = now.as_second();
        let signatures = signatures(std::slice::from_ref(secret), &id, seconds, &body);
        let message = Message { url: url.to_owned(), id, seconds, signatures, body };
        let answer = self.line.send(message).await.map_err(SmsError::Gateway)?;
        match answer.status {
            status if status.is_success() => Ok(()),
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => {
                Err(SmsError::Receiver)
            }
            status => Err(SmsError::Answer(status.as_u16().to_string())),
        }
    }
}

/// A message as SMSAPI takes it.
fn form(to: &str, text: &str, from: Option<&str>) -> String {
    let mut form = Serializer::new(String::new());
    form.append_pair("to", to.trim_start_matches('+')).append_pair("message", text);
    form.append_pair("format", "json").append_pair("encoding", "utf-8");
    form.extend_pairs(from.map(|from| ("from", from)));
    form.finish()
}

/// SMSAPI says what is wrong in what it answers, whatever the status.
fn judged(answer: Answered) -> Result<(), SmsError> {
    let said: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    match said.get("error").and_then(Value::as_i64) {
        Some(NO_NUMBER) => Err(SmsError::Receiver),
        Some(code) => Err(SmsError::Answer(format!("error {code}"))),
        None if answer.status.is_success() && said.get("list").is_some_and(Value::is_array) => Ok(()),
        None => Err(SmsError::Answer(answer.status.as_u16().to_string())),
    }
}

/// The operator states where the gateway is, so it may be anywhere; without TLS only on this machine.
fn line(url: &str) -> Result<Line, TexterError> {
    let uri: Uri = url.parse().map_err(|_| TexterError::Gateway)?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
    let host = authority.map(Authority::host).filter(|host| !host.is_empty()).ok_or(TexterError::Gateway)?;
    let is_here = host == "localhost" || stated_ip(host).is_some_and(|ip| ip.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(Line::new(Reach::Private)),
        Some("http") if is_here => Ok(Line::new(Reach::Private)),
        _ => Err(TexterError::Gateway),
    }
}

fn is_sender(text: &str) -> bool {
    let is_sound = |letter: u8| letter.is_ascii_alphanumeric() || b" .-".contains(&letter);
    (1..=LONGEST_SENDER).contains(&text.len()) && text.bytes().all(is_sound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_looked_at_and_never_repeated() {
        let whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        for (gateway, secret, from, fault) in [
            ("smsapi.pl", "token", Some("Sklep"), None),
            ("smsapi.com", "token", None, None),
            ("https://sms.shop.example/send", whsec, None, None),
            ("http://127.0.0.1:9000/", whsec, None, None),
            ("http://sms.shop.example/", whsec, None, Some(TexterError::Gateway)),
            ("https://ewa:secret@sms.shop.example/", whsec, None, Some(TexterError::Gateway)),
            ("sms.shop.example", whsec, None, Some(TexterError::Gateway)),
            ("https://sms.shop.example/", "whsec_", None, Some(TexterError::Secret)),
            ("https://sms.shop.example/", "secret", None, Some(TexterError::Secret)),
            ("https://sms.shop.example/", whsec, Some("Sklep"), Some(TexterError::SenderOfOwn)),
            ("smsapi.pl", " ", None, Some(TexterError::Secret)),
            ("smsapi.pl", "to\nken", None, Some(TexterError::Secret)),
            ("smsapi.pl", "token", Some("A name too long"), Some(TexterError::Sender)),
            ("smsapi.pl", "token", Some(""), Some(TexterError::Sender)),
        ] {
            let texter = Texter::new(gateway, secret, from);
            assert_eq!(texter.as_ref().err().copied(), fault, "{gateway} {from:?}");
            assert!(!format!("{texter:?}").contains("token"));
        }
    }

    #[test]
    fn what_smsapi_answers_is_told_apart() {
        let sent = r#"{"count":1,"list":[{"id":"1460969715572091219","points":0.16,"number":"48601234567"}]}"#;
        let refused = r#"{"error":13,"message":"No correct phone numbers","invalid_numbers":[]}"#;
        for (status, text, outcome) in [
            (200, sent, Ok(())),
            (200, refused, Err(SmsError::Receiver)),
            (401, r#"{"error":101,"message":"Authorization failed"}"#, Err(SmsError::Answer("error 101".to_owned()))),
            (502, "<html>", Err(SmsError::Answer("502".to_owned()))),
            (200, "OK", Err(SmsError::Answer("200".to_owned()))),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(judged(Answered { status, retry_after: None, text: text.to_owned() }), outcome, "{text}");
        }
    }
}
