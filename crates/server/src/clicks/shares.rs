//! `/v1/track/share`: shops with pages of their own tell who passed a link on.

use axum::Extension;
use axum::extract::State;
use lojal_core::kernel::{MemberId, ShareId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::application::Application;
use crate::platform::auth::{Authority, Writes};
use crate::platform::clicks::Clicks;
use crate::platform::http::fields::{MemberKey, MemberName, Time};
use crate::platform::http::query::{NoQuery, RequiredIdempotencyKey, Written};
use crate::platform::http::referral_fields::{ChannelText, CodeText, ShareKey};
use crate::platform::http::subject::member_named;
use crate::platform::http::{JsonOnce, Problem, Query};
use crate::platform::referral_codes::CodeRefusal;
use crate::platform::requests::{request_begin, request_settle};
use crate::platform::shares::{Share, ShareSource, share_add, share_find};

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(share_track))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ShareInput, example = json!({"member": "customer-1001", "channel": "whatsapp"}))]
#[serde(deny_unknown_fields)]
pub struct ShareInput {
    /// Who passed the link on. Either this or `code`.
    pub member: Option<MemberName>,
    /// The code that was passed on.
    pub code: Option<CodeText>,
    /// By which way: `mail`, `whatsapp`, or a word of your own.
    pub channel: ChannelText,
    /// When that was; now, if it is absent.
    pub occurred_at: Option<Time>,
}

/// A member passed their link on.
#[derive(Serialize, ToSchema)]
#[schema(as = Share)]
pub struct ShareJson {
    pub id: ShareKey,
    pub member: MemberKey,
    #[schema(example = "whatsapp")]
    pub channel: String,
    /// `portal`: seen here; `shop`: told by the shop.
    pub source: &'static str,
    pub shared_at: Time,
}

impl From<Share> for ShareJson {
    fn from(share: Share) -> ShareJson {
        ShareJson {
            id: ShareKey(share.id),
            member: MemberKey(share.member),
            channel: share.channel,
            source: share.source.name(),
            shared_at: Time(share.shared_at),
        }
    }
}

/// Tell of a link that was passed on
///
/// For shops whose members recommend on pages of the shop's own. What members pass on in the portal is known without.
#[utoipa::path(
    post,
    path = "/v1/track/share",
    tag = "referrals",
    params(RequiredIdempotencyKey),
    request_body = ShareInput,
    responses((status = 201, description = "The share", body = ShareJson)),
    security(("key" = ["write"]))
)]
async fn share_track(
    _: Authority<Writes>,
    State(application): State<Application>,
    Extension(clicks): Extension<Clicks>,
    _: Query<NoQuery>,
    JsonOnce { body, idempotency }: JsonOnce<ShareInput>,
) -> Result<Written<ShareJson>, Problem> {
    let now = application.clock.now();
    if body.occurred_at.is_some_and(|moment| moment.0 > now) {
        return Err(Problem::field("/occurred_at", "in_the_future", "has not happened yet"));
    }
    let member = who(&application, &clicks, &body).await?;
    let mut transaction = application.database.write_aside().await?;
    // Two that came at once wait for each other here.
    if let Some(share) = request_begin(&mut transaction, Some(&idempotency), now).await? {
        transaction.rollback().await?;
        let share = share.parse().map_err(|_| forgotten())?;
        return Ok(Written::created(known(&application, share).await?, false, true));
    }
    let at = body.occurred_at.map_or(now, |moment| moment.0);
    let shared = (member, body.channel.0.as_str(), ShareSource::Shop);
    let share = share_add(&application, &mut transaction, shared, at).await?;
    request_settle(&mut transaction, Some(&idempotency), &share.id.to_string(), now).await?;
    transaction.commit().await?;
    Ok(Written::created(ShareJson::from(share), false, false))
}

fn forgotten() -> Problem {
    Problem::not_found("unknown_share", "the share was so long ago that it is forgotten")
}

async fn known(application: &Application, share: ShareId) -> Result<ShareJson, Problem> {
    let share = share_find(&mut *application.database.read().await?, share).await?;
    share.map(ShareJson::from).ok_or_else(forgotten)
}

async fn who(application: &Application, clicks: &Clicks, body: &ShareInput) -> Result<MemberId, Problem> {
    match (&body.member, &body.code) {
        (Some(member), None) => Ok(member_named(application, member).await?.member.id),
        (None, Some(code)) => {
            let lead = clicks.lead(&code.0).await?.ok_or_else(|| CodeRefusal::unknown(&code.0))?;
            Ok(lead.advocate)
        }
        _ => Err(Problem::field("/member", "one_of_two", "either member or code says who passed the link on")),
    }
}
