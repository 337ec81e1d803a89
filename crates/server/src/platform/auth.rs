//! Who may do what. A key becomes an [`Authority`]: a value that only this module makes, and that
//! every handler asks for by name.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use lojal_core::kernel::Instant;

use super::application::Application;
use super::http::Problem;
use super::http::limits::Limits;
use super::key_ring::KeyRing;
use super::keys::{ApiKey, KeyVisibility, Scope, key_touch};

/// As exact as "last used" is.
const USE_NOTED_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// May look.
#[derive(Clone, Copy, Debug)]
pub struct Reads;

/// May do what a shop does: enrol, put orders, redeem.
#[derive(Clone, Copy, Debug)]
pub struct Writes;

/// May change the programme and correct balances by hand.
#[derive(Clone, Copy, Debug)]
pub struct Administers;

/// What an authority can be for.
pub trait Permission {
    const SCOPE: Scope;
}

impl Permission for Reads {
    const SCOPE: Scope = Scope::Read;
}

impl Permission for Writes {
    const SCOPE: Scope = Scope::Write;
}

impl Permission for Administers {
    const SCOPE: Scope = Scope::Admin;
}

/// The proof that the request's key may do this.
#[derive(Debug)]
pub struct Authority<P> {
    permission: PhantomData<P>,
}

impl<P: Permission, S: Send + Sync> FromRequestParts<S> for Authority<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Authority<P>, Problem> {
        let key = parts.extensions.get::<Arc<ApiKey>>().ok_or_else(|| unauthorized("send a key"))?;
        if key.visibility == KeyVisibility::Publishable {
            let detail = "a publishable key, which anybody may see, is for the widget alone: send a secret one";
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
        }
        if key.may(P::SCOPE) {
            return Ok(Authority { permission: PhantomData });
        }
        let detail = format!("this key may not do this: it lacks the scope {}", P::SCOPE.name());
        Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail))
    }
}

/// What is known of the keys that come by.
pub struct Gate {
    keys: KeyRing,
    limits: Limits,
    /// When the use of each key was last written down.
    noted: Mutex<BTreeMap<String, Instant>>,
}

impl Gate {
    pub fn new(limits: Limits) -> Gate {
        Gate { keys: KeyRing::default(), limits, noted: Mutex::default() }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The key that a request carries, if it is in use.
    async fn key(&self, application: &Application, headers: &HeaderMap) -> Result<Arc<ApiKey>, Problem> {
        let key = self.keys.check(&application.database, secret(headers)?).await?;
        key.ok_or_else(|| unauthorized("this key is not known, or was revoked"))
    }

    /// Admits whoever sends a key that may do this, a publishable one as well.
    pub async fn admit<P: Permission>(&self, application: &Application, headers: &HeaderMap) -> Result<(), Problem> {
        let key = self.key(application, headers).await?;
        if !key.may(P::SCOPE) {
            let detail = format!("this key may not do this: it lacks the scope {}", P::SCOPE.name());
            return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
        }
        self.note_use(application, &key);
        Ok(())
    }

    /// Writes down that a key was used, at most once a minute and without making anybody wait.
    fn note_use(&self, application: &Application, key: &ApiKey) {
        let now = application.clock.now();
        {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            let last = noted.get(&key.id).copied().or(key.last_used_at);
            if last.is_some_and(|last| now.duration_since(last) < USE_NOTED_EVERY) {
                return;
            }
            noted.insert(key.id.clone(), now);
        }
        let (database, id) = (application.database.clone(), key.id.clone());
        tokio::spawn(async move {
            let written = async {
                let mut transaction = database.write_aside().await?;
                key_touch(&mut transaction, &id, now).await?;
                transaction.commit().await
            };
            if let Err(cause) = written.await {
                tracing::warn!(%cause, "the use of a key could not be written down");
            }
        });
    }
}

/// Stands before every route that needs a key.
pub async fn authenticate(
    State((application, gate)): State<(Application, Arc<Gate>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let key = match gate.key(&application, request.headers()).await {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let (allowance, taken) = gate.limits.take(&key.id);
    let mut response = match taken {
        Ok(()) => {
            gate.note_use(&application, &key);
            request.extensions_mut().insert(key);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    allowance.write(response.headers_mut());
    response
}

/// The text of the key that a request carries.
fn secret(headers: &HeaderMap) -> Result<&str, Problem> {
    let is_stated = headers.contains_key(header::AUTHORIZATION);
    bearer(headers).ok_or_else(|| match is_stated {
        true => unauthorized("a key is sent like this: Authorization: Bearer lojal_sk_…"),
        false => unauthorized("send a key: Authorization: Bearer lojal_sk_…"),
    })
}

/// What a request carries as its bearer: a key, or the token of a member.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let stated = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = stated.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}
