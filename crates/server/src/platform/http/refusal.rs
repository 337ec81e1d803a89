//! What a refusal of the engine, or a failure of the writer, means to a caller of the API.

use axum::http::StatusCode;
use lojal_core::decision::Refusal;
use serde_json::Value;

use super::problem::Problem;
use crate::platform::cards::CardRefusal;
use crate::platform::fraud::CaseRefusal;
use crate::platform::identity::IdentityError;
use crate::platform::referral_codes::CodeRefusal;
use crate::platform::sql::{self, ErrorKind};
use crate::platform::writer::WriteError;

/// Seconds after which a full queue has room again.
const QUEUE_SECONDS: u64 = 1;
/// Seconds after which it is worth while to ask a database again that gave no answer.
const STORAGE_SECONDS: u64 = 2;
/// When to come back while the data are being moved.
const MOVING_SECONDS: u64 = 30;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let mut facts = match serde_json::to_value(&refusal) {
            Ok(Value::Object(facts)) => facts,
            _ => Default::default(),
        };
        facts.remove("refusal");
        let problem = Problem::new(status(&refusal), refusal.code(), refusal.to_string()).with_facts(facts);
        match field(&refusal) {
            Some((pointer, detail)) => problem.naming(pointer, refusal.code(), detail),
            None => problem,
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Problem {
        match error {
            WriteError::Refused(refusal) => refusal.into(),
            WriteError::KeyReused => Problem::conflict(
                "idempotency_key_reused",
                "this Idempotency-Key came with another request before; a new request needs a new key",
            ),
            WriteError::OrderOfAnotherMember => Problem::conflict("order_of_another_member", error.to_string()),
            WriteError::NoProgramme => {
                Problem::conflict("no_programme", "no programme has been published yet: publish one first")
            }
            WriteError::Busy => {
                let detail = "too many requests are waiting; try again soon";
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "busy", detail).retry_after(QUEUE_SECONDS)
            }
            WriteError::Card(refusal) => refusal.into(),
            WriteError::Storage(cause) => cause.into(),
            WriteError::Elsewhere(_) | WriteError::Broken(_) => Problem::internal(&error),
        }
    }
}

/// 404 where the address names what is not there, 422 where the request could never be right under
/// this programme, 409 where it is the state of things that stands in the way.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::UnknownHolder
        | Refusal::UnknownOrder { .. }
        | Refusal::UnknownActivity { .. }
        | Refusal::UnknownHold { .. }
        | Refusal::UnknownRedemption { .. }
        | Refusal::UnknownVoucher { .. } => StatusCode::NOT_FOUND,
        Refusal::UnknownUnit { .. }
        | Refusal::UnknownBrand { .. }
        | Refusal::UnknownReward { .. }
        | Refusal::UnknownLine { .. }
        | Refusal::Invalid { .. }
        | Refusal::NotSpendable { .. }
        | Refusal::HoldTooLong { .. }
        | Refusal::HouseholdsNotOffered
        | Refusal::TransfersNotOffered
        | Refusal::TransferTooSmall { .. }
        | Refusal::TransferTooLarge { .. }
        | Refusal::TransferToSelf
        | Refusal::MergeWithSelf
        | Refusal::TooLarge => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

/// The field that a refusal points at.
fn field(refusal: &Refusal) -> Option<(String, String)> {
    let pointer = match refusal {
        Refusal::UnknownUnit { .. } | Refusal::NotSpendable { .. } => "/unit".to_owned(),
        Refusal::UnknownBrand { .. } => "/brand".to_owned(),
        Refusal::UnknownReward { .. } => "/reward".to_owned(),
        Refusal::UnknownLine { .. } | Refusal::ReturnsTooMany { .. } => "/lines".to_owned(),
        Refusal::HoldTooLong { .. } => "/valid_until".to_owned(),
        Refusal::TransferTooSmall { .. } | Refusal::TransferTooLarge { .. } | Refusal::TransferLimit { .. } => {
            "/amount".to_owned()
        }
        Refusal::TransferToSelf => "/to".to_owned(),
        Refusal::Invalid { field, detail } => {
            return Some((format!("/{}", field.replace('.', "/")), detail.to_string()));
        }
        _ => return None,
    };
    Some((pointer, refusal.to_string()))
}

impl From<sql::Error> for Problem {
    fn from(error: sql::Error) -> Problem {
        match error.kind() {
            ErrorKind::Data | ErrorKind::Failed => Problem::internal(&error),
            ErrorKind::Moved => {
                tracing::error!(%error, "nothing may be written here");
                let detail = "the data are being moved to another database; send the same request again in a while";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "data_moving", detail).retry_after(MOVING_SECONDS)
            }
            // Whether it was done is known from the next attempt: the same key, or the same natural
            // key, gives the first answer again.
            ErrorKind::Conflict | ErrorKind::Disconnected | ErrorKind::Unavailable => {
                tracing::error!(%error, "the database did not answer");
                let detail = "the database cannot be reached or takes nothing at present; send the same request again";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "storage_unavailable", detail)
                    .retry_after(STORAGE_SECONDS)
            }
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Problem {
        match error {
            IdentityError::Storage(cause) => cause.into(),
            other => Problem::internal(&other),
        }
    }
}

impl From<CaseRefusal> for Problem {
    fn from(refusal: CaseRefusal) -> Problem {
        let status = match refusal {
            CaseRefusal::Unknown => StatusCode::NOT_FOUND,
            CaseRefusal::Decided | CaseRefusal::Undecided => StatusCode::CONFLICT,
        };
        Problem::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<CardRefusal> for Problem {
    fn from(refusal: CardRefusal) -> Problem {
        let status = match refusal {
            CardRefusal::Unknown | CardRefusal::UnknownMember => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        Problem::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<CodeRefusal> for Problem {
    fn from(refusal: CodeRefusal) -> Problem {
        let status = match refusal {
            CodeRefusal::Reserved => return Problem::field("/name", refusal.code(), refusal.to_string()),
            CodeRefusal::Unknown | CodeRefusal::Mistyped | CodeRefusal::UnknownMember => StatusCode::NOT_FOUND,
            _ => StatusCode::CONFLICT,
        };
        Problem::new(status, refusal.code(), refusal.to_string())
    }
}
