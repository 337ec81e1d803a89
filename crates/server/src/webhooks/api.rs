//! `/v1/webhook_endpoints`.

use axum::Extension;
use axum::extract::State;
use lojal_core::kernel::{Id, Language, Part};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::catalogue::sentence;
use super::delivery::{
    APART, Delivery, EventId, Filter, deliveries_revive, delivery_find, delivery_insert_all, delivery_list,
    delivery_revive,
};
use super::endpoint::{
    Disabled, Endpoint, EndpointId, MOST_ENDPOINTS, Wish, endpoint_change, endpoint_create, endpoint_delete,
    endpoint_disable, endpoint_enable, endpoint_find, endpoint_list, endpoints_wake, events_of, secret_rotate,
    secrets_find,
};
use super::examples::example;
use super::following::{hold_still, latest};
use super::kind::Kind;
use super::payload::payloads;
use super::replaying::{before, replay_begin, replay_stop};
use super::wire::{
    DeliveryInFull, DeliveryJson, DeliveryState, EndpointChange, EndpointInput, EndpointJson, EndpointKey,
    EndpointMade, EventKey, EventKindJson, EventType, NothingInput, ReplayAnswer, ReplayInput, ReplayOnly, kinds_of,
};
use crate::platform::application::Application;
use crate::platform::auth::{Administers, Authority};
use crate::platform::http::fields::Lang;
use crate::platform::http::page::{Cursor, Limit, Page, unknown_cursor};
use crate::platform::http::query::{IdempotencyKey, NoQuery, Written};
use crate::platform::http::{Json, Path, Problem, Query};
use crate::platform::identity::IdentityError;
use crate::platform::outgoing::Secret;
use crate::platform::outgoing::{Reach, check_url};
use crate::platform::requests::{request_begin, request_settle};
use crate::platform::sql;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new()
        .routes(routes!(webhook_endpoint_list, webhook_endpoint_create))
        .routes(routes!(webhook_endpoint_get, webhook_endpoint_change, webhook_endpoint_delete))
        .routes(routes!(webhook_secret_rotate))
        .routes(routes!(webhook_test))
        .routes(routes!(webhook_replay, webhook_replay_stop))
        .routes(routes!(webhook_delivery_list))
        .routes(routes!(webhook_delivery_get))
        .routes(routes!(webhook_delivery_replay))
        .routes(routes!(webhook_event_type_list))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DeliveryQuery {
    /// Only those that stand like this.
    #[param(inline, required = false)]
    state: Option<DeliveryState>,
    /// Only events of this type.
    #[serde(rename = "type")]
    #[param(inline, required = false)]
    kind: Option<EventType>,
    /// Where to begin: `next_cursor` of the page before.
    #[param(inline, required = false)]
    cursor: Option<Cursor>,
    /// How many at once. A page may have fewer although more follow.
    #[serde(default)]
    #[param(inline, required = false)]
    limit: Limit,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct WordsQuery {
    /// The language of the sentences; English if none is named.
    #[param(inline, required = false)]
    lang: Option<Lang>,
}

fn unknown() -> Problem {
    Problem::not_found("unknown_webhook_endpoint", "no such endpoint")
}

fn unknown_delivery() -> Problem {
    Problem::not_found("unknown_webhook_delivery", "no such event is on its way, or was sent, to this endpoint")
}

async fn found(application: &Application, id: EndpointId) -> Result<Endpoint, Problem> {
    endpoint_find(&mut *application.database.read().await?, id).await?.ok_or_else(unknown)
}

fn checked_url(url: &str, reach: Reach) -> Result<(), Problem> {
    check_url(url, reach).map_err(|wrong| Problem::field("/url", wrong.code(), wrong.detail()))
}

/// List webhook endpoints
#[utoipa::path(
    get,
    path = "/v1/webhook_endpoints",
    tag = "webhooks",
    responses((status = 200, description = "All of them, the oldest first", body = Page<EndpointJson>)),
    security(("key" = ["admin"]))
)]
async fn webhook_endpoint_list(
    _: Authority<Administers>,
    State(application): State<Application>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<EndpointJson>>, Problem> {
    let endpoints = endpoint_list(&mut *application.database.read().await?).await?;
    let now = application.clock.now();
    Ok(axum::Json(Page::whole(endpoints.iter().map(|endpoint| EndpointJson::new(endpoint, now)).collect())))
}

/// Make a webhook endpoint
///
/// It is sent what happens from now on. The answer has the secret by which signatures are checked; it is not shown
/// again.
#[utoipa::path(
    post,
    path = "/v1/webhook_endpoints",
    tag = "webhooks",
    params(IdempotencyKey),
    request_body = EndpointInput,
    responses((status = 201, description = "The endpoint with its secret", body = EndpointMade)),
    security(("key" = ["admin"]))
)]
async fn webhook_endpoint_create(
    _: Authority<Administers>,
    State(application): State<Application>,
    Extension(reach): Extension<Reach>,
    _: Query<NoQuery>,
    Json { body, idempotency }: Json<EndpointInput>,
) -> Result<Written<EndpointMade>, Problem> {
    let now = application.clock.now();
    checked_url(&body.url.0, reach)?;
    let wish = Wish {
        url: body.url.0,
        description: body.description.map(|text| text.0.to_string()).unwrap_or_default(),
        events: events_of(&kinds_of(&body.events)),
    };
    let mut transaction = application.database.write_aside().await?;
    // One after the other, so that whoever asks twice at the same time is known.
    hold_still(&mut transaction, now).await?;
    if let Some(subject) = request_begin(&mut transaction, idempotency.as_ref(), now).await? {
        let id = subject.parse().map_err(|_| unknown())?;
        let endpoint = endpoint_find(&mut transaction, id).await?.ok_or_else(unknown)?;
        let secret = newest_secret(&mut transaction, &application, id).await?.ok_or_else(unknown)?;
        return Ok(Written::created(EndpointMade::new(&endpoint, &secret, now), false, true));
    }
    if endpoint_list(&mut transaction).await?.len() >= MOST_ENDPOINTS {
        let detail = format!("there are {MOST_ENDPOINTS} endpoints already, and no more are possible");
        return Err(Problem::conflict("too_many_webhook_endpoints", detail));
    }
    let since = latest(&application, &mut transaction).await?;
    let id = EndpointId(application.ids.next(Part::PROGRAMME));
    let secret = endpoint_create(&mut transaction, &application.vault, id, &wish, since, now).await?;
    request_settle(&mut transaction, idempotency.as_ref(), &id.to_string(), now).await?;
    let endpoint = endpoint_find(&mut transaction, id).await?.ok_or_else(unknown)?;
    transaction.commit().await?;
    Ok(Written::created(EndpointMade::new(&endpoint, &secret, now), false, false))
}

pub(super) async fn newest_secret(
    connection: &mut sql::Connection,
    application: &Application,
    id: EndpointId,
) -> Result<Option<Secret>, IdentityError> {
    let secrets = secrets_find(connection, &application.vault, id, application.clock.now()).await?;
    Ok(secrets.into_iter().next())
}

/// Get a webhook endpoint
#[utoipa::path(
    get,
    path = "/v1/webhook_endpoints/{endpoint}",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`")),
    responses((status = 200, description = "The endpoint", body = EndpointJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_endpoint_get(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<EndpointJson>, Problem> {
    let endpoint = found(&application, endpoint.0).await?;
    Ok(axum::Json(EndpointJson::new(&endpoint, application.clock.now())))
}

/// Change a webhook endpoint
///
/// What is absent stays. One that is enabled again is sent what happens from then on, and what was waiting; what
/// happened meanwhile can be replayed.
#[utoipa::path(
    patch,
    path = "/v1/webhook_endpoints/{endpoint}",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`")),
    request_body = EndpointChange,
    responses((status = 200, description = "The endpoint", body = EndpointJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_endpoint_change(
    _: Authority<Administers>,
    State(application): State<Application>,
    Extension(reach): Extension<Reach>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
    Json { body, .. }: Json<EndpointChange>,
) -> Result<axum::Json<EndpointJson>, Problem> {
    let now = application.clock.now();
    if let Some(url) = &body.url {
        checked_url(&url.0, reach)?;
    }
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    let known = endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    let wish = Wish {
        url: body.url.map_or(known.url, |url| url.0),
        description: body.description.map_or(known.description, |text| text.0.to_string()),
        events: body.events.map_or(known.events, |events| events_of(&kinds_of(&events))),
    };
    endpoint_change(&mut transaction, endpoint.0, &wish).await?;
    match body.enabled {
        Some(true) => {
            let since = latest(&application, &mut transaction).await?;
            endpoint_enable(&mut transaction, endpoint.0, since).await?;
        }
        Some(false) => drop(endpoint_disable(&mut transaction, endpoint.0, Disabled::Staff).await?),
        None => {}
    }
    let changed = endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    transaction.commit().await?;
    Ok(axum::Json(EndpointJson::new(&changed, now)))
}

/// Delete a webhook endpoint
///
/// Nothing more is sent there, and its deliveries are forgotten.
#[utoipa::path(
    delete,
    path = "/v1/webhook_endpoints/{endpoint}",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`")),
    responses((status = 200, description = "The endpoint as it was", body = EndpointJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_endpoint_delete(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<EndpointJson>, Problem> {
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    let known = endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    endpoint_delete(&mut transaction, endpoint.0).await?;
    transaction.commit().await?;
    Ok(axum::Json(EndpointJson::new(&known, now)))
}

/// Make a new secret
///
/// For 24 hours messages are signed by the old one as well, so that there is time to change it where it is checked; until
/// then there is no third one.
#[utoipa::path(
    post,
    path = "/v1/webhook_endpoints/{endpoint}/secret",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"), IdempotencyKey),
    request_body = NothingInput,
    responses((status = 201, description = "The endpoint with its new secret", body = EndpointMade)),
    security(("key" = ["admin"]))
)]
async fn webhook_secret_rotate(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
    Json { idempotency, body: NothingInput {} }: Json<NothingInput>,
) -> Result<Written<EndpointMade>, Problem> {
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    let again = request_begin(&mut transaction, idempotency.as_ref(), now).await?.is_some();
    let secret = match again {
        true => newest_secret(&mut transaction, &application, endpoint.0).await?.ok_or_else(unknown)?,
        false => secret_rotate(&mut transaction, &application.vault, endpoint.0, now).await?.ok_or_else(too_soon)?,
    };
    request_settle(&mut transaction, idempotency.as_ref(), "", now).await?;
    let changed = endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    transaction.commit().await?;
    Ok(Written::created(EndpointMade::new(&changed, &secret, now), false, again))
}

fn too_soon() -> Problem {
    let detail = "a new secret was made less than 24 hours ago, and the one before it still signs: wait until \
                  old_secret_until";
    Problem::conflict("webhook_secret_is_new", detail)
}

/// Send a test
///
/// A `webhook.test` is sent at once, whatever types of events were chosen.
#[utoipa::path(
    post,
    path = "/v1/webhook_endpoints/{endpoint}/test",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"), IdempotencyKey),
    request_body = NothingInput,
    responses((status = 201, description = "The test on its way", body = DeliveryJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_test(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
    Json { idempotency, body: NothingInput {} }: Json<NothingInput>,
) -> Result<Written<DeliveryJson>, Problem> {
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    endpoint_find(&mut transaction, endpoint.0).await?.ok_or_else(unknown)?;
    if let Some(subject) = request_begin(&mut transaction, idempotency.as_ref(), now).await? {
        let event = subject.parse().map_err(|_| unknown_delivery())?;
        let delivery = delivery_find(&mut transaction, endpoint.0, event).await?.ok_or_else(unknown_delivery)?;
        return Ok(Written::created(DeliveryJson::from(&delivery), false, true));
    }
    let delivery = test_begin(&mut transaction, &application, endpoint.0).await?;
    request_settle(&mut transaction, idempotency.as_ref(), &delivery.event.to_string(), now).await?;
    transaction.commit().await?;
    Ok(Written::created(DeliveryJson::from(&delivery), false, false))
}

/// Puts a test on its way.
pub(super) async fn test_begin(
    connection: &mut sql::Connection,
    application: &Application,
    endpoint: EndpointId,
) -> Result<Delivery, sql::Error> {
    let now = application.clock.now();
    let event = EventId { source: application.ids.next(Part::PROGRAMME), position: APART };
    let delivery = Delivery::new(endpoint, event, Kind::WebhookTest, None, now);
    delivery_insert_all(connection, std::slice::from_ref(&delivery)).await?;
    endpoints_wake(connection, [endpoint], now).await?;
    Ok(delivery)
}

/// Send events once more
///
/// All events of what happened since a moment, those that were delivered and those from before the endpoint was made
/// included, under the same `webhook-id` as the first time; or only those that were given up (`dead`). Of each endpoint
/// one is under way at a time.
#[utoipa::path(
    post,
    path = "/v1/webhook_endpoints/{endpoint}/replay",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"), IdempotencyKey),
    request_body = ReplayInput,
    responses((status = 201, description = "They are on their way", body = ReplayAnswer)),
    security(("key" = ["admin"]))
)]
async fn webhook_replay(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
    Json { idempotency, body }: Json<ReplayInput>,
) -> Result<Written<ReplayAnswer>, Problem> {
    let now = application.clock.now();
    found(&application, endpoint.0).await?;
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    if let Some(subject) = request_begin(&mut transaction, idempotency.as_ref(), now).await? {
        return Ok(Written::created(ReplayAnswer { deliveries: subject.parse().ok() }, false, true));
    }
    let deliveries = match body.only {
        ReplayOnly::All => {
            let floor = Id::from_number(latest(&application, &mut transaction).await?);
            let until = application.ids.next_after(Part::PROGRAMME, floor);
            if !replay_begin(&mut transaction, endpoint.0, body.since.0, until).await? {
                let detail =
                    "everything since a moment is being put together for this endpoint already: wait, or stop it";
                return Err(Problem::conflict("webhook_replay_under_way", detail));
            }
            None
        }
        ReplayOnly::Dead => {
            // Part by part: what is done again finds nothing dead any more.
            transaction.rollback().await?;
            let revived = revive(&application, endpoint.0, before(body.since.0)).await?;
            transaction = application.database.write_aside().await?;
            Some(revived)
        }
    };
    let subject = deliveries.map(|deliveries| deliveries.to_string()).unwrap_or_default();
    request_settle(&mut transaction, idempotency.as_ref(), &subject, now).await?;
    transaction.commit().await?;
    Ok(Written::created(ReplayAnswer { deliveries }, false, false))
}

/// Stop sending events once more
///
/// What has been put together already is sent, the rest is not. Nothing happens when none is under way.
#[utoipa::path(
    delete,
    path = "/v1/webhook_endpoints/{endpoint}/replay",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`")),
    responses((status = 200, description = "The endpoint", body = EndpointJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_replay_stop(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    _: Query<NoQuery>,
) -> Result<axum::Json<EndpointJson>, Problem> {
    let now = application.clock.now();
    let known = found(&application, endpoint.0).await?;
    let mut transaction = application.database.write_aside().await?;
    replay_stop(&mut transaction, endpoint.0).await?;
    transaction.commit().await?;
    Ok(axum::Json(EndpointJson::new(&known, now)))
}

/// Lets what was given up be sent once more.
pub(super) async fn revive(application: &Application, endpoint: EndpointId, since: i64) -> Result<u64, sql::Error> {
    let now = application.clock.now();
    let mut revived = 0;
    for part in Part::all() {
        let mut transaction = application.database.write_aside_in(part).await?;
        revived += deliveries_revive(&mut transaction, endpoint, part, since, now).await?;
        transaction.commit().await?;
    }
    let mut transaction = application.database.write_aside().await?;
    endpoints_wake(&mut transaction, [endpoint], now).await?;
    transaction.commit().await?;
    Ok(revived)
}

/// List deliveries
///
/// The latest event first.
#[utoipa::path(
    get,
    path = "/v1/webhook_endpoints/{endpoint}/deliveries",
    tag = "webhooks",
    params(("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"), DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryJson>)),
    security(("key" = ["admin"]))
)]
async fn webhook_delivery_list(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(endpoint): Path<EndpointKey>,
    Query(query): Query<DeliveryQuery>,
) -> Result<axum::Json<Page<DeliveryJson>>, Problem> {
    found(&application, endpoint.0).await?;
    let before = query.cursor.map(|cursor| cursor.0.parse()).transpose().map_err(|_| unknown_cursor())?;
    let filter = Filter { state: query.state.map(|state| state.0), kind: query.kind.map(|kind| kind.0), before };
    let mut connection = application.database.read().await?;
    let listed = delivery_list(&mut connection, endpoint.0, filter, query.limit.0).await?;
    Ok(axum::Json(Page {
        data: listed.deliveries.iter().map(DeliveryJson::from).collect(),
        has_more: listed.next.is_some(),
        next_cursor: listed.next.map(|next| next.to_string()),
    }))
}

/// Get a delivery
#[utoipa::path(
    get,
    path = "/v1/webhook_endpoints/{endpoint}/deliveries/{event}",
    tag = "webhooks",
    params(
        ("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"),
        ("event" = inline(EventKey), Path, description = "`evt_…-N`, as in `webhook-id`")
    ),
    responses((status = 200, description = "The delivery with what is sent", body = DeliveryInFull)),
    security(("key" = ["admin"]))
)]
async fn webhook_delivery_get(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path((endpoint, event)): Path<(EndpointKey, EventKey)>,
    _: Query<NoQuery>,
) -> Result<axum::Json<DeliveryInFull>, Problem> {
    found(&application, endpoint.0).await?;
    let mut connection = application.database.read().await?;
    let delivery = delivery_find(&mut connection, endpoint.0, event.0).await?.ok_or_else(unknown_delivery)?;
    let mut made = payloads(&application, &mut connection, std::slice::from_ref(&delivery)).await?;
    let payload = made.remove(&delivery.event).map(|payload| payload.value());
    Ok(axum::Json(DeliveryInFull { delivery: DeliveryJson::from(&delivery), payload }))
}

/// Send one event once more
#[utoipa::path(
    post,
    path = "/v1/webhook_endpoints/{endpoint}/deliveries/{event}/replay",
    tag = "webhooks",
    params(
        ("endpoint" = inline(EndpointKey), Path, description = "`whe_…`"),
        ("event" = inline(EventKey), Path, description = "`evt_…-N`, as in `webhook-id`"),
        IdempotencyKey
    ),
    request_body = NothingInput,
    responses((status = 201, description = "It is on its way", body = DeliveryJson)),
    security(("key" = ["admin"]))
)]
async fn webhook_delivery_replay(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path((endpoint, event)): Path<(EndpointKey, EventKey)>,
    _: Query<NoQuery>,
    Json { idempotency, body: NothingInput {} }: Json<NothingInput>,
) -> Result<Written<DeliveryJson>, Problem> {
    let now = application.clock.now();
    found(&application, endpoint.0).await?;
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    let again = request_begin(&mut transaction, idempotency.as_ref(), now).await?.is_some();
    if !again {
        if !delivery_revive(&mut transaction, endpoint.0, event.0, now).await? {
            return Err(unknown_delivery());
        }
        endpoints_wake(&mut transaction, [endpoint.0], now).await?;
        request_settle(&mut transaction, idempotency.as_ref(), "", now).await?;
    }
    let delivery = delivery_find(&mut transaction, endpoint.0, event.0).await?.ok_or_else(unknown_delivery)?;
    transaction.commit().await?;
    Ok(Written::created(DeliveryJson::from(&delivery), false, again))
}

/// List types of events
#[utoipa::path(
    get,
    path = "/v1/webhook_event_types",
    tag = "webhooks",
    params(WordsQuery),
    responses((status = 200, description = "All types, each with an example", body = Page<EventKindJson>)),
    security(("key" = ["admin"]))
)]
async fn webhook_event_type_list(
    _: Authority<Administers>,
    Query(query): Query<WordsQuery>,
) -> axum::Json<Page<EventKindJson>> {
    let language = query.lang.map_or(Language::En, Language::from);
    let kind = |kind: &Kind| EventKindJson {
        kind: EventType(*kind),
        text: sentence(*kind, language),
        example: example(*kind),
    };
    axum::Json(Page::whole(Kind::ALL.iter().map(kind).collect()))
}
