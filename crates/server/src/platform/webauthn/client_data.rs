//! What the browser says about a question and its answer (5.8.1).

use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::{PasskeyFault, RelyingParty};

pub(super) const CREATE: &str = "webauthn.create";
pub(super) const GET: &str = "webauthn.get";

/// Members that are not named here may come one day (5.8.1), and are left alone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    /// In base64url, as it was asked.
    pub challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

impl ClientData {
    pub fn read(bytes: &[u8]) -> Result<ClientData, PasskeyFault> {
        serde_json::from_slice(bytes).map_err(|_| PasskeyFault::Malformed)
    }

    pub(super) fn check(&self, kind: &str, challenge: &str, party: &RelyingParty) -> Result<(), PasskeyFault> {
        if self.kind != kind {
            return Err(PasskeyFault::Kind);
        }
        if !bool::from(self.challenge.as_bytes().ct_eq(challenge.as_bytes())) {
            return Err(PasskeyFault::Challenge);
        }
        if self.origin != party.origin {
            return Err(PasskeyFault::Origin);
        }
        if self.cross_origin || self.top_origin.is_some() {
            return Err(PasskeyFault::CrossOrigin);
        }
        Ok(())
    }
}
