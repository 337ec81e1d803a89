//! A list of members as a file for a spreadsheet. It is written while it is read, so that its size does not matter.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::{TryStreamExt, stream};
use lojal_core::kernel::{Calendar, Instant, MemberId, format_decimal};
use lojal_core::programme::Programme;

use super::filter::{Asked, fields};
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, member_find_all};
use crate::platform::figures::{Listed, Look, Place, members_listed};
use crate::platform::identity::{Identity, IdentityError, identity_find_all};
use crate::platform::pages::{Form, PageError, PageState};
use crate::platform::sql;
use crate::platform::staff::{Manages, Staff};

/// Members that are read at once.
const PAGE: usize = 500;
const HEADINGS: [&str; 11] =
    ["id", "external_id", "name", "email", "phone", "joined", "level", "points", "orders", "spent", "last_order"];

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Sheet(#[from] csv::Error),
}

/// What a list shows, as a file. It has personal data, so it is noted who took it.
pub async fn export(staff: Staff<Manages>, State(state): State<PageState>, form: Form) -> Result<Response, PageError> {
    let application = state.application.clone();
    let programme = application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let now = application.clock.now();
    let written = fields(form.text("filter"));
    let asked = Asked::read(&written, &programme, staff.frame.language(), &programme.calendar, now);
    if !asked.form.is_sound() {
        return Err(PageError::NOT_FOUND);
    }
    let mut transaction = application.database.write_aside().await?;
    staff.note(&mut transaction, &application, "members_exported", "", asked.written()).await?;
    transaction.commit().await?;
    let begun = Reading { application, programme, asked, is_begun: false, place: None };
    let pages = stream::try_unfold(Some(begun), async |reading| match reading {
        Some(reading) => reading.page().await.map(Some),
        None => Ok::<_, ExportError>(None),
    });
    // A file that breaks off is seen to be broken.
    let pages = pages.inspect_err(|cause| tracing::error!(%cause, "members could not be exported to the end"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"members.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(pages)).into_response())
}

/// How far a file has come.
struct Reading {
    application: Application,
    programme: Arc<Programme>,
    asked: Asked,
    is_begun: bool,
    place: Option<Place>,
}

impl Reading {
    /// The next piece of the file, and what is left.
    async fn page(mut self) -> Result<(Bytes, Option<Reading>), ExportError> {
        let mut sheet = csv::Writer::from_writer(Vec::new());
        if !self.is_begun {
            sheet.write_record(HEADINGS)?;
            self.is_begun = true;
        }
        let mut connection = self.application.database.read().await?;
        let listing =
            members_listed(&mut connection, &self.asked.filter, self.asked.order, self.place, PAGE, Look::USUAL)
                .await?;
        let ids: Vec<_> = listing.members.iter().map(|card| card.member).collect();
        let rows = member_find_all(&mut connection, ids.iter().copied()).await?;
        let people = identity_find_all(&mut connection, &self.application.vault, ids).await?;
        drop(connection);
        let rows: HashMap<MemberId, MemberRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let nobody = Identity::default();
        for card in &listing.members {
            let Some(row) = rows.get(&card.member) else { continue };
            let external_id = if row.is_erased() { "" } else { row.external_id.as_str() };
            let person = people.get(&card.member).unwrap_or(&nobody);
            sheet.write_record(record(&self.programme, card, external_id, person, row.created_at))?;
        }
        self.place = listing.next;
        let written = sheet.into_inner().map_err(|cause| csv::Error::from(cause.into_error()))?;
        let is_over = self.place.is_none();
        Ok((Bytes::from(written), (!is_over).then_some(self)))
    }
}

fn record(programme: &Programme, card: &Listed, external_id: &str, person: &Identity, joined: Instant) -> [String; 11] {
    let calendar: &Calendar = &programme.calendar;
    let date = |at: Instant| calendar.date(at).to_string();
    let scale = programme.main_unit().map_or(0, |unit| unit.scale);
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default());
    [
        card.member.to_string(),
        harmless(external_id),
        text(&person.name),
        text(&person.email),
        text(&person.phone),
        date(joined),
        card.level.clone().unwrap_or_default(),
        format_decimal(card.points, scale),
        card.orders.to_string(),
        format_decimal(card.spent, programme.currency.decimals),
        card.last_order_at.map(date).unwrap_or_default(),
    ]
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_taken_for_a_formula() {
        assert_eq!(harmless("=cmd()"), "'=cmd()");
        assert_eq!(harmless("+48 600 100 200"), "'+48 600 100 200");
        assert_eq!(harmless("-5"), "-5");
        assert_eq!(harmless("Ada Nowak"), "Ada Nowak");
    }
}
