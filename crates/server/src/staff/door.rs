//! How often somebody may try to come in: by the account they name, and by where they come from.

use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::platform::attempts::Attempts;
use crate::platform::http::clients::{Client, client};
use crate::platform::http::connections::Peer;
use crate::platform::pages::{PageError, PageState};

/// Counts attempts, of all who come by.
pub struct Door {
    accounts: Attempts,
    clients: Attempts,
    /// Whoever has one address of the newer kind may have as many networks of the smaller size as they like.
    networks: Attempts,
    /// Asking for a question costs a row, and every look at the sign-in page may ask for one.
    questions: Attempts,
}

impl Default for Door {
    fn default() -> Door {
        let times = |count: u32| NonZeroU32::MIN.saturating_add(count - 1);
        Door {
            accounts: Attempts::new(times(5), Duration::from_secs(20)),
            // Several people may come from one address: an office.
            clients: Attempts::new(times(40), Duration::from_secs(6)),
            networks: Attempts::new(times(200), Duration::from_secs(1)),
            questions: Attempts::new(times(200), Duration::from_secs(1)),
        }
    }
}

impl Door {
    /// Somebody tries to be whoever this names.
    pub fn try_as(&self, account: &str) -> Result<(), PageError> {
        self.accounts.take(account)
    }

    /// Somebody from there tries anything.
    pub fn knock(&self, caller: &Caller) -> Result<(), PageError> {
        if let Some(network) = &caller.0.network {
            self.networks.take(network)?;
        }
        self.clients.take(&caller.0.name)
    }

    /// Somebody from there wants a question to answer.
    pub fn ask(&self, caller: &Caller) -> Result<(), PageError> {
        if let Some(network) = &caller.0.network {
            self.networks.take(network)?;
        }
        self.questions.take(&caller.0.name)
    }
}

/// Where a request comes from.
pub struct Caller(Client);

impl FromRequestParts<PageState> for Caller {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &PageState) -> Result<Caller, std::convert::Infallible> {
        Ok(Caller(client(parts.extensions.get::<Peer>(), &parts.headers)))
    }
}
