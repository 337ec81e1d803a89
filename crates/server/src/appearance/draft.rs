//! The draft on which staff work, and what it is tried with before members see it.

use lojal_core::kernel::Language;
use serde::Serialize;

use super::preview::{PREVIEWED, shown_as};
use crate::platform::appearance::{
    Appearance, AppearanceVersion, TemplateFault, appearance_draft, appearance_draft_set, appearance_find,
    appearance_latest,
};
use crate::platform::pages::{PageError, PageState};
use crate::platform::sql::{self, Connection};
use crate::platform::staff::{Manages, Permission, Staff};

/// What staff see: the draft, or what was published where there is none.
pub async fn current(connection: &mut Connection) -> Result<(Appearance, Option<AppearanceVersion>), sql::Error> {
    if let Some(draft) = appearance_draft(connection).await? {
        return Ok((draft.appearance.clone(), Some(draft)));
    }
    let latest = appearance_latest(connection).await?;
    let published = appearance_find(connection, latest).await?;
    Ok((published.map(|version| version.appearance).unwrap_or_default(), None))
}

/// As [`current`], for a page that only shows it.
pub async fn read(state: &PageState) -> Result<Appearance, PageError> {
    Ok(current(&mut *state.application.database.read().await?).await?.0)
}

/// Changes the draft, and notes what was changed. What others change meanwhile stays.
pub async fn change<P: Permission>(
    staff: &Staff<P>,
    state: &PageState,
    subject: &str,
    change: impl FnOnce(&mut Appearance),
) -> Result<(), PageError> {
    let application = &state.application;
    let mut transaction = application.database.write().await?;
    let (mut appearance, _) = current(&mut transaction).await?;
    change(&mut appearance);
    appearance_draft_set(&mut transaction, &appearance, staff.account.id, application.clock.now()).await?;
    staff.note(&mut transaction, application, "appearance_changed", subject, "").await?;
    transaction.commit().await?;
    Ok(())
}

/// What is to be said on each page about the draft.
#[derive(Serialize)]
pub struct Standing {
    has_draft: bool,
    may_write: bool,
}

impl Standing {
    pub async fn of(staff: &Staff<Manages>, state: &PageState) -> Result<Standing, PageError> {
        let draft = appearance_draft(&mut *state.application.database.read().await?).await?;
        let may_write = staff.may::<crate::platform::staff::Owns>();
        Ok(Standing { has_draft: draft.is_some(), may_write })
    }
}

/// Makes every page that can be previewed, in each language, and answers the first template that cannot be used.
pub async fn tried(state: &PageState, appearance: &Appearance) -> Result<Option<TemplateFault>, PageError> {
    let trying = state.trying(appearance.clone(), None);
    for name in appearance.templates.keys() {
        if let Some(fault) = trying.pages.template_fault(name) {
            return Ok(Some(fault));
        }
    }
    for language in Language::ALL {
        for page in PREVIEWED {
            shown_as(&trying, page, language).await?;
        }
    }
    Ok(trying.pages.look().take_faults().into_iter().next())
}
