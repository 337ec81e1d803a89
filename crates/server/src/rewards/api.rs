//! `/v1/rewards`, and the rewards of one member.

use std::collections::BTreeMap;

use axum::extract::State;
use lojal_core::command::{Acting, Command, Inputs, Offered};
use lojal_core::decision::Refusal;
use lojal_core::engine::{self, Undecided};
use lojal_core::holder::Holder;
use lojal_core::kernel::{Id, Instant, TransactionId};
use lojal_core::programme::{Reward, Rulebook};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{pool_codes_free, quantity_remaining};
use super::wire::{MissingJson, RewardForMember, RewardJson};
use crate::ledger_entries::refusal_words;
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::http::fields::MemberPath;
use crate::platform::http::page::Page;
use crate::platform::http::query::{NoQuery, WordsQuery, language};
use crate::platform::http::subject::{acting, holder_now, member_named};
use crate::platform::http::{Path, Problem, Query};
use crate::platform::writer::WriteError;

/// How often the engine may ask for more before it decides.
const MOST_QUESTIONS: usize = 8;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(reward_list)).routes(routes!(member_rewards))
}

/// List the rewards of the programme
#[utoipa::path(
    get,
    path = "/v1/rewards",
    tag = "rewards",
    responses((status = 200, description = "All rewards", body = Page<RewardJson>)),
    security(("key" = ["read"]))
)]
async fn reward_list(
    _: Authority<Reads>,
    State(application): State<Application>,
    _: Query<NoQuery>,
) -> Result<axum::Json<Page<RewardJson>>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let rewards = programme.rewards.iter().map(|reward| RewardJson::new(reward, programme));
    Ok(axum::Json(Page::whole(rewards.collect())))
}

/// List the rewards of a member
///
/// Each with whether it can be had now, and with what is missing if not.
#[utoipa::path(
    get,
    path = "/v1/members/{member}/rewards",
    tag = "rewards",
    params(("member" = inline(MemberPath), Path, description = "`mem_…`, `ext:` and the shop's own id, or `card:` and a card's number"), WordsQuery),
    responses((status = 200, description = "All rewards", body = Page<RewardForMember>)),
    security(("key" = ["read"]))
)]
async fn member_rewards(
    _: Authority<Reads>,
    State(application): State<Application>,
    Path(member): Path<MemberPath>,
    Query(query): Query<WordsQuery>,
) -> Result<axum::Json<Page<RewardForMember>>, Problem> {
    let row = member_named(&application, &member.0).await?;
    let holder = holder_now(&application, row.holder()).await?;
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let now = application.clock.now();
    let acting = acting(&application, &row).await?;
    let mut rewards = Vec::with_capacity(programme.rewards.len());
    for reward in &programme.rewards {
        let refusal = refusal_of(&application, &rulebook, &holder, reward, acting.as_ref(), now).await?;
        let missing = refusal.map(|refusal| {
            let words = language(query.lang).map(|language| refusal_words(&refusal, programme, language));
            MissingJson::new(&refusal, words.unwrap_or_else(|| refusal.to_string()))
        });
        rewards.push(RewardForMember {
            reward: RewardJson::new(reward, programme),
            available: missing.is_none(),
            missing,
        });
    }
    Ok(axum::Json(Page::whole(rewards)))
}

/// What a redemption would be refused for now: the engine itself is asked.
pub async fn refusal_of(
    application: &Application,
    rulebook: &Rulebook,
    holder: &Holder,
    reward: &Reward,
    acting: Option<&Acting>,
    now: Instant,
) -> Result<Option<Refusal>, Problem> {
    let command = Command::Redeem { reward: reward.id.clone(), reference: None, acting: acting.cloned() };
    let mut inputs = Inputs {
        now: now.max(holder.clock),
        transaction: TransactionId(Id::new(now.as_millisecond(), 0, holder.id.part())),
        entropy: 1,
        shared: BTreeMap::new(),
        pool_codes: BTreeMap::new(),
    };
    for _ in 0..MOST_QUESTIONS {
        match engine::decide(rulebook, Some(holder), None, &command, &inputs) {
            Ok(_) => return Ok(None),
            Err(Undecided::Refused(refusal)) => return Ok(Some(refusal)),
            Err(Undecided::Needs(needs)) => {
                let mut connection = application.database.read().await?;
                for (quantity, wanted) in needs.shared {
                    let left = quantity_remaining(&mut connection, &quantity).await?;
                    inputs.shared.insert(quantity, Offered { asked: wanted, given: left.min(wanted) });
                }
                for (pool, wanted) in needs.pool_codes {
                    let codes = pool_codes_free(&mut connection, &pool, wanted).await?;
                    inputs.pool_codes.insert(pool, codes);
                }
            }
        }
    }
    Err(Problem::internal(&"the engine asked too often"))
}
