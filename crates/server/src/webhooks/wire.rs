//! Endpoints and deliveries as JSON.

use std::borrow::Cow;
use std::collections::BTreeSet;

use lojal_core::kernel::Instant;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::schema::{SchemaFormat, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::delivery::{Delivery, EventId, State, Try};
use super::endpoint::{Endpoint, EndpointId};
use super::kind::Kind;
use crate::platform::clock::instant;
use crate::platform::http::fields::{Remark, Time};
use crate::platform::outgoing::Secret;

const DIGITS: &str = "[0-7][0-9a-hjkmnp-tv-z]{12}";

/// A type that is written as text, and read by [`std::str::FromStr`].
macro_rules! name_field {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $label:literal, $pattern:expr, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map($name).map_err(D::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object = ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern)).examples([$example]);
                Schema::Object(object.build()).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($label)
            }
        }
    };
}

name_field!(
    /// An endpoint, by the id that this API gave.
    EndpointKey,
    EndpointId,
    "WebhookEndpointId",
    format!("^whe_{DIGITS}$"),
    "whe_0p4k2v9x7m3ab"
);
name_field!(
    /// An event, by the id that is sent as `webhook-id`.
    EventKey,
    EventId,
    "WebhookEventId",
    format!("^evt_{DIGITS}-[0-9]{{1,5}}$"),
    "evt_0p4k2v9x7m3ab-0"
);

/// A type that is one of a few names.
macro_rules! choice_field {
    ($(#[$doc:meta])* $name:ident, $inner:ty, $label:literal, $names:expr, $complaint:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                <$inner>::named(&text).map($name).ok_or_else(|| D::Error::custom($complaint))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.name())
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let object = ObjectBuilder::new().schema_type(Type::String).enum_values(Some($names));
                Schema::Object(object.build()).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($label)
            }
        }
    };
}

choice_field!(
    /// A kind of event.
    EventType,
    Kind,
    "WebhookEventType",
    Kind::ALL.iter().map(|kind| kind.name()),
    "is no type of event; GET /v1/webhook_event_types lists them"
);
choice_field!(
    /// Where a delivery stands.
    DeliveryState,
    State,
    "WebhookDeliveryState",
    State::ALL.map(State::name),
    "is none of waiting, delivered, dead"
);

/// Where events are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(pub String);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Address, D::Error> {
        String::deserialize(deserializer).map(Address)
    }
}

impl PartialSchema for Address {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("uri".to_owned())))
            .max_length(Some(1000))
            .examples(["https://shop.example.com/webhooks"]);
        Schema::Object(object.build()).into()
    }
}

impl ToSchema for Address {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("WebhookAddress")
    }
}

/// An endpoint that is to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookEndpointInput, example = json!({"url": "https://shop.example.com/webhooks", "events": ["points.earned"]}))]
#[serde(deny_unknown_fields)]
pub struct EndpointInput {
    #[schema(inline)]
    pub url: Address,
    /// What its owner calls it.
    #[schema(inline, required = false)]
    pub description: Option<Remark>,
    /// What is sent there; everything when absent or empty.
    #[serde(default)]
    #[schema(inline, required = false)]
    pub events: Vec<EventType>,
}

/// What is to be different. What is absent stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookEndpointChange, example = json!({"enabled": true}))]
#[serde(deny_unknown_fields)]
pub struct EndpointChange {
    #[schema(inline, required = false)]
    pub url: Option<Address>,
    #[schema(inline, required = false)]
    pub description: Option<Remark>,
    /// Everything when empty.
    #[schema(inline, required = false)]
    pub events: Option<Vec<EventType>>,
    /// An endpoint that is enabled again is sent what happens from then on, and what was waiting.
    #[schema(required = false)]
    pub enabled: Option<bool>,
}

/// Nothing needs to be said.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookNothing, example = json!({}))]
#[serde(deny_unknown_fields)]
pub struct NothingInput {}

/// What is to be sent once more.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookReplayInput, example = json!({"since": "2026-05-01T10:00:00Z", "only": "dead"}))]
#[serde(deny_unknown_fields)]
pub struct ReplayInput {
    /// Events of what happened from then on.
    #[schema(inline)]
    pub since: Time,
    #[serde(default)]
    #[schema(inline, required = false)]
    pub only: ReplayOnly,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplayOnly {
    /// Everything, also what was delivered, and what happened before the endpoint was made.
    #[default]
    All,
    /// What was given up.
    Dead,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WebhookReplay)]
pub struct ReplayAnswer {
    /// Deliveries that are to be sent once more; absent where that is still being found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliveries: Option<u64>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = WebhookEndpointStatus)]
#[serde(rename_all = "snake_case")]
pub enum StatusJson {
    Enabled,
    Disabled,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpoint)]
pub struct EndpointJson {
    id: EndpointKey,
    url: String,
    description: String,
    /// Empty: everything.
    #[schema(inline, value_type = Vec<EventType>)]
    events: Vec<String>,
    status: StatusJson,
    /// `staff`, `gone` (it answered 410) or `failing` (it took nothing for five days).
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_because: Option<&'static str>,
    created_at: Time,
    /// Since when it has taken nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_attempt_at: Option<Time>,
    /// When it last took something.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_delivered_at: Option<Time>,
    /// Until when the secret before this one signs as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_secret_until: Option<Time>,
}

impl EndpointJson {
    pub fn new(endpoint: &Endpoint, now: Instant) -> EndpointJson {
        EndpointJson {
            id: EndpointKey(endpoint.id),
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            events: endpoint.names().map(str::to_owned).collect(),
            status: if endpoint.disabled.is_none() { StatusJson::Enabled } else { StatusJson::Disabled },
            disabled_because: endpoint.disabled.map(|reason| reason.name()),
            created_at: Time(endpoint.made_at),
            failing_since: endpoint.failing_since.map(Time),
            last_attempt_at: endpoint.tried_at.map(Time),
            last_delivered_at: endpoint.delivered_at.map(Time),
            old_secret_until: Some(endpoint.before_until).filter(|until| *until > now).map(Time),
        }
    }
}

/// An endpoint with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEndpointMade)]
pub struct EndpointMade {
    #[serde(flatten)]
    pub endpoint: EndpointJson,
    /// With which signatures are checked. It is shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    pub secret: String,
}

impl EndpointMade {
    pub fn new(endpoint: &Endpoint, secret: &Secret, now: Instant) -> EndpointMade {
        EndpointMade { endpoint: EndpointJson::new(endpoint, now), secret: secret.text() }
    }
}

/// One event on its way to one endpoint.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryJson {
    event: EventKey,
    endpoint: EndpointKey,
    #[serde(rename = "type")]
    kind: EventType,
    state: DeliveryState,
    created_at: Time,
    /// When it is sent next.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Time>,
    attempts: Vec<AttemptJson>,
    /// The beginning of the latest answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schema(required = false)]
    answer: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub struct AttemptJson {
    at: Time,
    /// What was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    milliseconds: i64,
}

impl From<&Try> for AttemptJson {
    fn from(attempt: &Try) -> AttemptJson {
        AttemptJson {
            at: Time(instant(attempt.at)),
            status: attempt.status,
            trouble: attempt.trouble.as_ref().map(|trouble| trouble.replace('-', "_")),
            milliseconds: attempt.milliseconds,
        }
    }
}

impl From<&Delivery> for DeliveryJson {
    fn from(delivery: &Delivery) -> DeliveryJson {
        DeliveryJson {
            event: EventKey(delivery.event),
            endpoint: EndpointKey(delivery.endpoint),
            kind: EventType(delivery.kind),
            state: DeliveryState(delivery.state),
            created_at: Time(delivery.made_at),
            next_attempt_at: delivery.due_at.map(Time),
            attempts: delivery.tries.iter().map(AttemptJson::from).collect(),
            answer: delivery.answer.clone(),
        }
    }
}

/// A delivery with what is sent.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookDeliveryInFull)]
pub struct DeliveryInFull {
    #[serde(flatten)]
    pub delivery: DeliveryJson,
    /// As it would be sent now; absent where what it is about is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Object)]
    pub payload: Option<Value>,
}

/// A kind of event.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookEventKind)]
pub struct EventKindJson {
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When it happens.
    pub text: String,
    #[schema(value_type = Object)]
    pub example: Value,
}

/// Each kind once.
pub fn kinds_of(types: &[EventType]) -> BTreeSet<Kind> {
    types.iter().map(|kind| kind.0).collect()
}
