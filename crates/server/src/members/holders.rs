//! What holders are called on pages that are not about one of them.

use std::collections::{BTreeSet, HashMap};

use lojal_core::kernel::{HolderId, MemberId};
use serde::Serialize;

use crate::platform::enrolment::member_find_all;
use crate::platform::identity::identity_find_all;
use crate::platform::pages::{PageError, PageState};
use crate::platform::sql::Connection;

/// Whose points they are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct HolderView {
    /// None for a household.
    pub member: Option<String>,
    pub name: String,
}

/// What holders are called, and where they are looked at.
pub async fn holders(
    state: &PageState,
    connection: &mut Connection,
    holders: impl IntoIterator<Item = HolderId>,
) -> Result<HashMap<HolderId, HolderView>, PageError> {
    let holders: BTreeSet<HolderId> = holders.into_iter().collect();
    let members = || holders.iter().map(|holder| MemberId(holder.0));
    let rows = member_find_all(connection, members()).await?;
    let people = identity_find_all(connection, &state.application.vault, members()).await?;
    let mut views: HashMap<HolderId, HolderView> =
        holders.iter().map(|holder| (*holder, HolderView { member: None, name: holder.to_string() })).collect();
    for row in rows {
        let name = people.get(&row.id).and_then(|person| person.name.clone());
        let external_id = (!row.is_erased()).then(|| row.external_id.clone());
        let name = name.or(external_id).unwrap_or_else(|| row.id.to_string());
        views.insert(row.id.into(), HolderView { member: Some(row.id.to_string()), name });
    }
    Ok(views)
}
