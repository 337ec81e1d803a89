//! `/console/webhooks`: who is told what happens, what they were told, and how it went.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use lojal_core::kernel::{Id, Part};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Deserialize;

use super::api::{newest_secret, revive, test_begin};
use super::delivery::{self, EventId, Filter, delivery_count, delivery_find, delivery_list, delivery_revive};
use super::endpoint::{
    Disabled, Endpoint, EndpointId, MOST_ENDPOINTS, Wish, endpoint_change, endpoint_create, endpoint_delete,
    endpoint_disable, endpoint_enable, endpoint_find, endpoint_hours, endpoint_list, endpoints_wake, events_of,
    secret_rotate,
};
use super::examples::example;
use super::following::{hold_still, latest};
use super::forms::{endpoint_form, form_name, secret_form};
use super::kind::Kind;
use super::payload::payloads;
use super::replaying::{replay_begin, replay_is_under_way, replay_stop};
use super::views::{DeliveryView, EndpointView, KindView};
use crate::platform::outgoing::Secret;
use crate::platform::outgoing::{Reach, WrongAddress, check_url};
use crate::platform::pages::{Form, PageError, PageState, ShownOnce, see_other};
use crate::platform::requests::{request_begin, request_settle};
use crate::platform::sql::Connection;
use crate::platform::staff::{Owns, Staff};

const HERE: &str = "/console/webhooks";
const ON_A_PAGE: usize = 30;
const HOURS: i64 = 24;
const LONGEST_DESCRIPTION: usize = 200;
/// More dead letters are not counted.
const MOST_COUNTED: i64 = 1000;
/// Below all ids.
const FROM_THE_BEGINNING: i64 = -1;

pub fn routes() -> Router<PageState> {
    Router::new()
        .route(HERE, get(list).post(make))
        .route("/console/webhooks/new", get(new))
        .route("/console/webhooks/events", get(events))
        .route("/console/webhooks/{endpoint}", get(page).post(change))
        .route("/console/webhooks/{endpoint}/secret", post(rotate))
        .route("/console/webhooks/{endpoint}/test", post(test))
        .route("/console/webhooks/{endpoint}/enable", post(enable))
        .route("/console/webhooks/{endpoint}/disable", post(disable))
        .route("/console/webhooks/{endpoint}/delete", post(delete))
        .route("/console/webhooks/{endpoint}/replay", post(replay))
        .route("/console/webhooks/{endpoint}/replay-stop", post(stop))
        .route("/console/webhooks/{endpoint}/replay-dead", post(replay_dead))
        .route("/console/webhooks/{endpoint}/deliveries/{event}", get(one))
        .route("/console/webhooks/{endpoint}/deliveries/{event}/replay", post(replay_one))
}

fn address(id: EndpointId) -> String {
    format!("{HERE}/{id}")
}

/// An endpoint that the address names.
async fn named(connection: &mut Connection, name: &str) -> Result<Endpoint, PageError> {
    let id = name.parse().map_err(|_| PageError::NOT_FOUND)?;
    endpoint_find(connection, id).await?.ok_or(PageError::NOT_FOUND)
}

async fn list(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    let application = &state.application;
    let (now, calendar) = (application.clock.now(), application.calendar());
    let words = &state.pages.texts(staff.frame.language()).words;
    let mut connection = application.database.read().await?;
    let mut views = Vec::new();
    for endpoint in endpoint_list(&mut connection).await? {
        let hours = endpoint_hours(&mut connection, endpoint.id, now, HOURS).await?;
        views.push(EndpointView::new(&endpoint, &hours, words, &calendar, now));
    }
    let content = context! { endpoints => Value::from(Serde(&views)), is_full => views.len() >= MOST_ENDPOINTS };
    Ok(state.pages.html("webhooks/list.html", &staff.frame, content)?.into_response())
}

async fn new(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Html<String>, PageError> {
    new_shown(&staff, &state, &Form::default().with("all", "yes"))
}

fn new_shown(staff: &Staff<Owns>, state: &PageState, form: &Form) -> Result<Html<String>, PageError> {
    let content = context! {
        form => Value::from(Serde(form)),
        kinds => Value::from(Serde(KindView::choices())),
        once => form_name()?,
    };
    state.pages.html("webhooks/new.html", &staff.frame, content)
}

/// Every kind with an example of what is sent.
async fn events(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Html<String>, PageError> {
    let view = |kind: &Kind| KindView {
        name: kind.name(),
        text_key: kind.text_key(),
        example: serde_json::to_string_pretty(&example(*kind)).ok(),
    };
    let kinds: Vec<KindView> = Kind::ALL.iter().map(view).collect();
    state.pages.html("webhooks/events.html", &staff.frame, context! { kinds => Value::from(Serde(&kinds)) })
}

/// What was typed, as far as it is in order.
fn wish(form: &mut Form, reach: Reach) -> Wish {
    let url = form.required("url");
    let description = form.text("description").to_owned();
    if description.chars().count() > LONGEST_DESCRIPTION {
        form.fault("description", "fault-too-long");
    }
    match check_url(&url, reach) {
        Ok(()) => {}
        Err(WrongAddress::NoAddress) => form.fault("url", "webhook-fault-url"),
        Err(WrongAddress::NotHttps) => form.fault("url", "webhook-fault-https"),
        Err(WrongAddress::Private) => form.fault("url", "webhook-fault-private"),
    }
    let is_all = form.text("all") == "yes";
    let kinds: std::collections::BTreeSet<Kind> =
        Kind::choices().filter(|kind| !is_all && form.text(kind.name()) == "yes").collect();
    if kinds.is_empty() && !is_all {
        form.fault("events", "webhook-fault-no-event");
    }
    Wish { url, description, events: events_of(&kinds) }
}

async fn make(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Extension(reach): Extension<Reach>,
    mut form: Form,
) -> Result<Response, PageError> {
    let wish = wish(&mut form, reach);
    let application = &state.application;
    let now = application.clock.now();
    let once = Some(endpoint_form(form.text("once"), &wish)).filter(|once| !once.key.is_empty());
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    if form.is_sound()
        && let Some(known) = request_begin(&mut transaction, once.as_ref(), now).await?
    {
        // A form that is sent twice makes one endpoint, and shows the same secret twice.
        let id: EndpointId = known.parse().map_err(|_| PageError::NOT_FOUND)?;
        let secret = newest_secret(&mut transaction, application, id).await?;
        transaction.rollback().await?;
        let Some(secret) = secret else { return Ok(see_other(HERE)) };
        return shown(&staff, &state, &known, Asked::default(), None, Some(&secret)).await;
    }
    if form.is_sound() && endpoint_list(&mut transaction).await?.len() >= MOST_ENDPOINTS {
        form.fault("url", "webhook-fault-too-many");
    }
    if !form.is_sound() {
        transaction.rollback().await?;
        return Ok(new_shown(&staff, &state, &form)?.into_response());
    }
    let since = latest(application, &mut transaction).await?;
    let id = EndpointId(application.ids.next(Part::PROGRAMME));
    let secret = endpoint_create(&mut transaction, &application.vault, id, &wish, since, now).await?;
    request_settle(&mut transaction, once.as_ref(), &id.to_string(), now).await?;
    staff.note(&mut transaction, application, "webhook_made", id.to_string(), "").await?;
    transaction.commit().await?;
    shown(&staff, &state, &id.to_string(), Asked::default(), None, Some(&secret)).await
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default, rename = "type")]
    kind: String,
    before: Option<String>,
}

async fn page(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    shown(&staff, &state, &name, asked, None, None).await
}

/// The page of an endpoint. `form` is what was typed and is not in order; `secret` is shown this once.
async fn shown(
    staff: &Staff<Owns>,
    state: &PageState,
    name: &str,
    asked: Asked,
    form: Option<Form>,
    secret: Option<&Secret>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let (now, calendar) = (application.clock.now(), application.calendar());
    let words = &state.pages.texts(staff.frame.language()).words;
    let mut connection = application.database.read().await?;
    let endpoint = named(&mut connection, name).await?;
    let hours = endpoint_hours(&mut connection, endpoint.id, now, HOURS).await?;
    let filter = Filter {
        state: delivery::State::named(&asked.state),
        kind: Kind::named(&asked.kind),
        before: asked.before.as_deref().map(str::parse).transpose().map_err(|_| PageError::NOT_FOUND)?,
    };
    let listed = delivery_list(&mut connection, endpoint.id, filter, ON_A_PAGE).await?;
    let dead = delivery_count(&mut connection, endpoint.id, delivery::State::Dead, MOST_COUNTED).await?;
    let waiting = delivery_count(&mut connection, endpoint.id, delivery::State::Waiting, MOST_COUNTED).await?;
    let is_replaying = replay_is_under_way(&mut connection, endpoint.id).await?;
    drop(connection);
    let next = listed.next.map(|next| {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("state", &asked.state).append_pair("type", &asked.kind);
        address.append_pair("before", &next.to_string()).finish()
    });
    let made = secret.map(|secret| ShownOnce::new("webhook-secret-made", "webhook-secret-made-hint", secret.text()));
    let is_refused = form.is_some();
    let form = form.unwrap_or_else(|| known_form(&endpoint)).with("state", asked.state).with("type", asked.kind);
    let deliveries: Vec<DeliveryView> =
        listed.deliveries.iter().map(|delivery| DeliveryView::new(delivery, words, &calendar)).collect();
    let content = context! {
        endpoint => Value::from(Serde(EndpointView::new(&endpoint, &hours, words, &calendar, now))),
        form => Value::from(Serde(&form)),
        kinds => Value::from(Serde(KindView::choices())),
        every_kind => Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        states => delivery::State::ALL.map(delivery::State::name).to_vec(),
        deliveries => Value::from(Serde(&deliveries)),
        shown_once => ShownOnce::value(made.as_ref()),
        next,
        dead,
        waiting,
        is_replaying,
        once => form_name()?,
        is_refused,
        ended_early => listed.ended_early,
        is_first => filter.before.is_none(),
        is_filtered => filter.state.is_some() || filter.kind.is_some(),
    };
    Ok(state.pages.html("webhooks/endpoint.html", &staff.frame, content)?.into_response())
}

/// The form as the endpoint is.
fn known_form(endpoint: &Endpoint) -> Form {
    let form = Form::default().with("url", endpoint.url.as_str()).with("description", endpoint.description.as_str());
    if endpoint.wants_all() {
        return form.with("all", "yes");
    }
    endpoint.names().fold(form, |form, name| form.with(name, "yes"))
}

async fn change(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Extension(reach): Extension<Reach>,
    Path(name): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let wish = wish(&mut form, reach);
    if !form.is_sound() {
        return shown(&staff, &state, &name, Asked::default(), Some(form), None).await;
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, application.clock.now()).await?;
    let endpoint = named(&mut transaction, &name).await?;
    endpoint_change(&mut transaction, endpoint.id, &wish).await?;
    staff.note(&mut transaction, application, "webhook_changed", name, "").await?;
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn rotate(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, now).await?;
    let endpoint = named(&mut transaction, &name).await?;
    let once = Some(secret_form(form.text("once"), endpoint.id)).filter(|once| !once.key.is_empty());
    // A form that is sent twice shows the same secret twice.
    let secret = if request_begin(&mut transaction, once.as_ref(), now).await?.is_some() {
        newest_secret(&mut transaction, application, endpoint.id).await?
    } else {
        let made = secret_rotate(&mut transaction, &application.vault, endpoint.id, now).await?;
        if made.is_some() {
            staff.note(&mut transaction, application, "webhook_secret_made", name.as_str(), "").await?;
        }
        made
    };
    let Some(secret) = secret else { return Ok(see_other(&address(endpoint.id))) };
    transaction.commit().await?;
    shown(&staff, &state, &name, Asked::default(), None, Some(&secret)).await
}

async fn test(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let endpoint = named(&mut transaction, &name).await?;
    let delivery = test_begin(&mut transaction, application, endpoint.id).await?;
    staff.note(&mut transaction, application, "webhook_tested", name, "").await?;
    transaction.commit().await?;
    Ok(see_other(&format!("{}/deliveries/{}", address(endpoint.id), delivery.event)))
}

async fn enable(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, application.clock.now()).await?;
    let endpoint = named(&mut transaction, &name).await?;
    let since = latest(application, &mut transaction).await?;
    if endpoint_enable(&mut transaction, endpoint.id, since).await? {
        staff.note(&mut transaction, application, "webhook_enabled", name, "").await?;
    }
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn disable(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let endpoint = named(&mut transaction, &name).await?;
    if endpoint_disable(&mut transaction, endpoint.id, Disabled::Staff).await? {
        staff.note(&mut transaction, application, "webhook_disabled", name, Disabled::Staff.name()).await?;
    }
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn delete(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, application.clock.now()).await?;
    let endpoint = named(&mut transaction, &name).await?;
    endpoint_delete(&mut transaction, endpoint.id).await?;
    staff.note(&mut transaction, application, "webhook_deleted", name, "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Everything since a day once more.
async fn replay(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
    mut form: Form,
) -> Result<Response, PageError> {
    let application = &state.application;
    let endpoint = named(&mut *application.database.read().await?, &name).await?;
    let day: Option<lojal_core::kernel::Date> = form.text("since").parse().ok();
    let Some(day) = day else {
        form.fault("since", "webhook-fault-day");
        let known = known_form(&endpoint).with("since", form.text("since"));
        let refused = Form { faults: form.faults, ..known };
        return shown(&staff, &state, &name, Asked::default(), Some(refused), None).await;
    };
    let since = application.calendar().start_of(day);
    let mut transaction = application.database.write_aside().await?;
    hold_still(&mut transaction, application.clock.now()).await?;
    let floor = Id::from_number(latest(application, &mut transaction).await?);
    let until = application.ids.next_after(Part::PROGRAMME, floor);
    if replay_begin(&mut transaction, endpoint.id, since, until).await? {
        staff.note(&mut transaction, application, "webhook_replayed", name, day.to_string()).await?;
    }
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn stop(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let endpoint = named(&mut transaction, &name).await?;
    if replay_stop(&mut transaction, endpoint.id).await? {
        staff.note(&mut transaction, application, "webhook_replay_stopped", name, "").await?;
    }
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn replay_dead(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path(name): Path<String>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let endpoint = named(&mut *application.database.read().await?, &name).await?;
    let revived = revive(application, endpoint.id, FROM_THE_BEGINNING).await?;
    let mut transaction = application.database.write_aside().await?;
    staff.note(&mut transaction, application, "webhook_replayed", name, revived.to_string()).await?;
    transaction.commit().await?;
    Ok(see_other(&address(endpoint.id)))
}

async fn one(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path((name, event)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let event: EventId = event.parse().map_err(|_| PageError::NOT_FOUND)?;
    let mut connection = application.database.read().await?;
    let endpoint = named(&mut connection, &name).await?;
    let delivery = delivery_find(&mut connection, endpoint.id, event).await?.ok_or(PageError::NOT_FOUND)?;
    let mut made = payloads(application, &mut connection, std::slice::from_ref(&delivery)).await?;
    drop(connection);
    let payload = made.remove(&event).and_then(|payload| serde_json::to_string_pretty(&payload.value()).ok());
    let words = &state.pages.texts(staff.frame.language()).words;
    let content = context! {
        endpoint => context! { id => name, url => endpoint.url, is_enabled => endpoint.disabled.is_none() },
        delivery => Value::from(Serde(DeliveryView::new(&delivery, words, &application.calendar()))),
        payload,
    };
    Ok(state.pages.html("webhooks/delivery.html", &staff.frame, content)?.into_response())
}

async fn replay_one(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Path((name, event)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let application = &state.application;
    let event: EventId = event.parse().map_err(|_| PageError::NOT_FOUND)?;
    let now = application.clock.now();
    let mut transaction = application.database.write_aside().await?;
    let endpoint = named(&mut transaction, &name).await?;
    if !delivery_revive(&mut transaction, endpoint.id, event, now).await? {
        return Err(PageError::NOT_FOUND);
    }
    endpoints_wake(&mut transaction, [endpoint.id], now).await?;
    staff.note(&mut transaction, application, "webhook_replayed", name, event.to_string()).await?;
    transaction.commit().await?;
    Ok(see_other(&format!("{}/deliveries/{event}", address(endpoint.id))))
}
