//! By whom a member came, and who came by the member, with the way to each recommendation.

use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, MemberId};
use lojal_core::programme::Programme;
use lojal_core::words::Words;
use serde::Serialize;

use super::holders::{HolderView, holders};
use crate::platform::advocacies::advocacies;
use crate::platform::pages::{PageError, PageState};

/// Friends that a member's page names.
const FRIENDS: usize = 10;

#[derive(Serialize)]
pub(super) struct RecommendedView {
    came: Option<CameView>,
    friends: Vec<FriendView>,
    has_more: bool,
}

#[derive(Serialize)]
struct CameView {
    friend: String,
    advocates: Vec<HolderView>,
    state: &'static str,
}

#[derive(Serialize)]
struct FriendView {
    friend: String,
    who: HolderView,
    state: &'static str,
    when: String,
}

/// Nothing for who neither recommended anybody nor was recommended.
pub(super) async fn recommended(
    state: &PageState,
    own: &Holder,
    programme: Option<&Programme>,
    words: &Words,
) -> Result<Option<RecommendedView>, PageError> {
    let Some(programme) = programme else { return Ok(None) };
    let member = MemberId(own.id.0);
    let accounts: Vec<MemberId> = own.merged_accounts().chain([member]).collect();
    let mut connection = state.application.database.read().await?;
    let mut heard = advocacies(&mut connection, &accounts, None, FRIENDS + 1).await?;
    let has_more = heard.len() > FRIENDS;
    heard.truncate(FRIENDS);
    let came = own.referral.as_deref();
    let advocates: Vec<MemberId> =
        came.iter().flat_map(|came| came.introduction.credits.iter().map(|credit| credit.advocate)).collect();
    if came.is_none() && heard.is_empty() {
        return Ok(None);
    }
    let friends = heard.iter().map(|advocacy| advocacy.recommendation.friend);
    let people: Vec<HolderId> = friends.chain(advocates.iter().copied()).map(HolderId::from).collect();
    let named = holders(state, &mut connection, people).await?;
    drop(connection);
    let who = |member: MemberId| named.get(&HolderId::from(member)).cloned().unwrap_or_default();
    let speaker = words.about(programme);
    let came = came.map(|came| CameView {
        friend: member.to_string(),
        advocates: advocates.iter().map(|advocate| who(*advocate)).collect(),
        state: came.step().name(),
    });
    let friends = heard.iter().map(|advocacy| FriendView {
        friend: advocacy.recommendation.friend.to_string(),
        who: who(advocacy.recommendation.friend),
        state: advocacy.recommendation.step.name(),
        when: speaker.day(advocacy.recommendation.came_at),
    });
    Ok(Some(RecommendedView { came, friends: friends.collect(), has_more }))
}
