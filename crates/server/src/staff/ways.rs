//! `/console/settings/sign-in`: which ways lead into the console.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::{Serde, Value};

use super::again;
use super::door::Door;
use super::provider::{back, is_local};
use crate::platform::openid::{Openid, OpenidFault, is_sound_address};
use crate::platform::origins::origin_of;
use crate::platform::pages::{Form, PageError, PageState, see_other};
use crate::platform::staff::{Owns, Provider, Role, Staff, Ways, ways_find, ways_set};
use crate::platform::webauthn::RelyingParty;

pub const HERE: &str = "/console/settings/sign-in";
const LONGEST: usize = 500;
const LONGEST_LABEL: usize = 40;
const MOST_DOMAINS: usize = 20;
/// As what newcomers may come in: whoever gives others rights is made an owner by one.
const NEWCOMERS: [Role; 3] = [Role::Analyst, Role::Support, Role::Manager];

pub async fn page(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let ways = ways_find(&mut *state.application.database.read().await?).await?;
    let mut form = Form::default().with("role", Role::Analyst.name());
    if let Some(provider) = &ways.provider {
        form = form
            .with("issuer", &provider.issuer)
            .with("client", &provider.client)
            .with("label", &provider.label)
            .with("domains", provider.domains.join("\n"))
            .with("role", &provider.role);
    }
    shown(&staff, &state, &form).await
}

async fn shown(staff: &Staff<Owns>, state: &PageState, form: &Form) -> Result<Response, PageError> {
    let ways = ways_find(&mut *state.application.database.read().await?).await?;
    let roles: Vec<&str> = NEWCOMERS.iter().map(|role| role.name()).collect();
    let content = context! {
        form => Value::from(Serde(form)),
        has_provider => ways.provider.is_some(),
        passwords => ways.passwords,
        back => back(state),
        public => &*state.public,
        passkeys => RelyingParty::of(&state.public).map(|party| party.id),
        roles,
    };
    Ok(state.pages.html("staff/ways.html", &staff.frame, content)?.into_response())
}

/// Says which provider people sign in at. It is asked who it is before anything is kept.
pub async fn set_provider(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    Extension(door): Extension<Arc<Door>>,
    Extension(openid): Extension<Openid>,
    mut form: Form,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let application = &state.application;
    let ways = ways_find(&mut *application.database.read().await?).await?;
    let (issuer, client, label) = (form.required("issuer"), form.required("client"), form.required("label"));
    let secret = form.text("secret").to_owned();
    form.forget(&["secret"]);
    let is_local = is_local(&state);
    if !issuer.is_empty() && (!is_sound_address(&issuer, is_local) || issuer.contains('?')) {
        form.fault("issuer", "fault-issuer-address");
    }
    let known = ways.provider.filter(|known| known.issuer.trim_end_matches('/') == issuer.trim_end_matches('/'));
    if secret.is_empty() && known.is_none() {
        form.fault("secret", "fault-required");
    }
    for (field, text, longest) in
        [("client", &client, LONGEST), ("secret", &secret, LONGEST), ("label", &label, LONGEST_LABEL)]
    {
        if text.chars().count() > longest {
            form.fault(field, "fault-too-long");
        }
    }
    let domains = domains(&mut form);
    let role = Role::named(form.text("role")).filter(|role| NEWCOMERS.contains(role)).ok_or(PageError::NOT_FOUND)?;
    if !form.is_sound() {
        return shown(&staff, &state, &form).await;
    }
    door.try_as(&format!("provider of {}", staff.account.id))?;
    let issuer = match openid.look_at(&issuer, is_local).await {
        Ok(configuration) => configuration.issuer,
        Err(cause) => {
            tracing::info!(%cause, "a provider of identities was not taken");
            let fault = match cause {
                OpenidFault::Line(_) | OpenidFault::Status { .. } | OpenidFault::Answer(_) => "fault-issuer-silent",
                OpenidFault::Issuer(_) => "fault-issuer-another",
                _ => "fault-issuer-unfit",
            };
            form.fault("issuer", fault);
            return shown(&staff, &state, &form).await;
        }
    };
    let secret = match (secret.is_empty(), known) {
        (true, Some(known)) => known.secret(&application.vault)?,
        _ => secret,
    };
    let role = role.name().to_owned();
    let provider = Provider { issuer: issuer.clone(), client, sealed_secret: Vec::new(), label, domains, role };
    let provider = provider.with_secret(&application.vault, &secret)?;
    let mut transaction = application.database.write_aside().await?;
    let ways = ways_find(&mut transaction).await?;
    let newcomers = provider.domains.join(" ");
    ways_set(&mut transaction, &Ways { provider: Some(provider), ..ways }).await?;
    staff.note(&mut transaction, application, "provider_set", issuer, newcomers).await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Domains of addresses, one on each line.
fn domains(form: &mut Form) -> Vec<String> {
    let typed = form.text("domains").to_lowercase();
    let named = typed.split([',', ' ', '\t', '\r', '\n']).map(|domain| domain.trim_start_matches('@'));
    let mut domains: Vec<String> = named.filter(|domain| !domain.is_empty()).map(str::to_owned).collect();
    domains.sort();
    domains.dedup();
    // A domain is the host of an origin, without a port.
    let is_domain = |domain: &String| {
        let origin = format!("https://{domain}");
        domain.contains('.') && !domain.contains(':') && origin_of(&origin).is_some_and(|sound| sound == origin)
    };
    if domains.len() > MOST_DOMAINS || !domains.iter().all(is_domain) {
        form.fault("domains", "fault-domains");
    }
    domains
}

/// Nobody signs in at the provider any more. Who is signed in stays so.
pub async fn remove_provider(staff: Staff<Owns>, State(state): State<PageState>) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let application = &state.application;
    let mut transaction = application.database.write_aside().await?;
    let ways = ways_find(&mut transaction).await?;
    ways_set(&mut transaction, &Ways { provider: None, ..ways }).await?;
    staff.note(&mut transaction, application, "provider_unset", "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}

/// Whether others than owners may sign in with a password.
pub async fn set_passwords(
    staff: Staff<Owns>,
    State(state): State<PageState>,
    form: Form,
) -> Result<Response, PageError> {
    if let Some(question) = again::asked(&staff, &state, HERE) {
        return Ok(question);
    }
    let application = &state.application;
    let passwords = form.text("passwords") == "yes";
    let mut transaction = application.database.write_aside().await?;
    let ways = ways_find(&mut transaction).await?;
    ways_set(&mut transaction, &Ways { passwords, ..ways }).await?;
    let action = if passwords { "passwords_on" } else { "passwords_off" };
    staff.note(&mut transaction, application, action, "", "").await?;
    transaction.commit().await?;
    Ok(see_other(HERE))
}
