//! Recommendations in a list, page by page, and as a file that is written while it is read.

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::{TryStreamExt, stream};
use lojal_core::kernel::{HolderId, Money, format_decimal};
use lojal_core::programme::{Programme, text};
use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::editions::states;
use crate::members::{HolderView, holders};
use crate::platform::application::Application;
use crate::platform::figures::{Came, ListedFriend, ReferralFilter, cards_of, friends_listed};
use crate::platform::pages::{Form, PageError, PageState, Texts};
use crate::platform::sql;
use crate::platform::staff::{Staff, Views};

pub const HERE: &str = "/console/referrals/all";
const ON_A_PAGE: usize = 40;
/// Recommendations that a file takes at once.
const PIECE: usize = 500;
const HEADINGS: [&str; 10] =
    ["friend", "advocates", "edition", "variant", "channel", "state", "joined", "orders", "revenue", "currency"];

#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    referral: String,
    before: Option<String>,
}

impl Asked {
    fn filter(&self) -> Result<ReferralFilter, PageError> {
        let chosen = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let filter = ReferralFilter { state: chosen(&self.state), referral: chosen(&self.referral) };
        match &filter.state {
            Some(state) if !states().contains(&state.as_str()) => Err(PageError::NOT_FOUND),
            _ => Ok(filter),
        }
    }

    /// As an address says it.
    fn written(&self, place: Option<(i64, i64)>) -> String {
        let mut address = form_urlencoded::Serializer::new(String::new());
        address.append_pair("state", &self.state).append_pair("referral", &self.referral);
        if let Some((came_at, friend)) = place {
            address.append_pair("before", &format!("{came_at}.{friend}"));
        }
        address.finish()
    }
}

fn place(text: &str) -> Option<(i64, i64)> {
    let (came_at, friend) = text.split_once('.')?;
    Some((came_at.parse().ok()?, friend.parse().ok()?))
}

#[derive(Serialize)]
struct RowView {
    /// Where it is told in full.
    id: String,
    friend: HolderView,
    advocates: Vec<HolderView>,
    edition: String,
    state: String,
    came: String,
    revenue: String,
}

/// An edition to choose.
#[derive(Serialize)]
pub struct Choice {
    pub id: String,
    pub name: String,
}

pub fn choices(programme: &Programme, texts: &Texts) -> Vec<Choice> {
    let choice = |edition: &lojal_core::programme::Edition| Choice {
        id: edition.id.to_string(),
        name: text(&edition.name, texts.words.language()).to_owned(),
    };
    programme.referrals.iter().map(choice).collect()
}

pub async fn list(
    staff: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let programme = state.application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let before = asked.before.as_deref().map(|before| place(before).ok_or(PageError::NOT_FOUND)).transpose()?;
    let filter = asked.filter()?;
    let mut connection = state.application.database.read().await?;
    let (found, next) = friends_listed(&mut connection, &filter, before, ON_A_PAGE).await?;
    let cards = cards_of(&mut connection, found.iter().map(|row| HolderId::from(row.friend))).await?;
    let came = |row: &ListedFriend| cards.get(&row.friend.into()).and_then(|card| card.facts.came.clone());
    let found: Vec<(ListedFriend, Came)> =
        found.into_iter().filter_map(|row| came(&row).map(|came| (row, came))).collect();
    let advocates = found.iter().flat_map(|(_, came)| came.credits.iter().map(|credit| credit.advocate));
    let people: Vec<HolderId> = found.iter().map(|(row, _)| row.friend).chain(advocates).map(HolderId::from).collect();
    let named = holders(&state, &mut connection, people).await?;
    drop(connection);
    let texts = state.pages.texts(staff.frame.language());
    let speaker = texts.words.about(&programme);
    let view = |(row, came): &(ListedFriend, Came)| RowView {
        id: row.friend.to_string(),
        friend: named.get(&row.friend.into()).cloned().unwrap_or_default(),
        advocates: came.credits.iter().filter_map(|it| named.get(&it.advocate.into()).cloned()).collect(),
        edition: edition_name(&programme, &row.referral, texts),
        state: row.state.clone(),
        came: speaker.day(row.came_at),
        revenue: speaker.money(Money(came.amount)),
    };
    let rows: Vec<RowView> = found.iter().map(view).collect();
    let form = Form::default().with("state", asked.state.as_str()).with("referral", asked.referral.as_str());
    let content = context! {
        rows => Value::from(Serde(&rows)),
        states => states().to_vec(),
        editions => Value::from(Serde(&choices(&programme, texts))),
        form => Value::from(Serde(&form)),
        next => next.map(|next| asked.written(Some(next))),
        here => asked.written(None),
        is_first => before.is_none(),
    };
    Ok(state.pages.html("recommending/list.html", &staff.frame, content)?.into_response())
}

/// What an edition is called; its id, where the programme has it no longer.
pub fn edition_name(programme: &Programme, id: &str, texts: &Texts) -> String {
    let known = programme.edition(id).map(|edition| text(&edition.name, texts.words.language()).to_owned());
    known.unwrap_or_else(|| id.to_owned())
}

/// What a list shows, as a file. It names nobody but by ids.
pub async fn sheet(
    _: Staff<Views>,
    State(state): State<PageState>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let application = state.application.clone();
    let programme = application.rulebook().live().cloned().ok_or(PageError::NOT_FOUND)?;
    let begun = Reading { application, programme, filter: asked.filter()?, is_begun: false, place: None };
    let pieces = stream::try_unfold(Some(begun), async |reading| match reading {
        Some(reading) => reading.piece().await.map(Some),
        None => Ok::<_, SheetError>(None),
    });
    // A file that breaks off is seen to be broken.
    let pieces = pieces.inspect_err(|cause| tracing::error!(%cause, "a sheet of recommendations broke off"));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"referrals.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

#[derive(Debug, thiserror::Error)]
enum SheetError {
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Sheet(#[from] csv::Error),
}

/// How far a file has come.
struct Reading {
    application: Application,
    programme: std::sync::Arc<Programme>,
    filter: ReferralFilter,
    is_begun: bool,
    place: Option<(i64, i64)>,
}

impl Reading {
    /// The next piece of the file, and what is left.
    async fn piece(mut self) -> Result<(Bytes, Option<Reading>), SheetError> {
        let mut sheet = csv::Writer::from_writer(Vec::new());
        if !self.is_begun {
            sheet.write_record(HEADINGS)?;
            self.is_begun = true;
        }
        let mut connection = self.application.database.read().await?;
        let (found, next) = friends_listed(&mut connection, &self.filter, self.place, PIECE).await?;
        let cards = cards_of(&mut connection, found.iter().map(|row| HolderId::from(row.friend))).await?;
        drop(connection);
        for row in &found {
            let Some(came) = cards.get(&row.friend.into()).and_then(|card| card.facts.came.as_ref()) else { continue };
            sheet.write_record(self.record(row, came))?;
        }
        self.place = next;
        let written = sheet.into_inner().map_err(|cause| csv::Error::from(cause.into_error()))?;
        Ok((Bytes::from(written), next.is_some().then_some(self)))
    }

    fn record(&self, row: &ListedFriend, came: &Came) -> [String; 10] {
        let currency = &self.programme.currency;
        let advocates: Vec<String> = came.credits.iter().map(|credit| credit.advocate.to_string()).collect();
        let text = |name: &Option<lojal_core::kernel::Name>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            row.friend.to_string(),
            advocates.join(" "),
            row.referral.clone(),
            text(&came.variant),
            text(&came.channel),
            row.state.clone(),
            self.programme.calendar.date(row.came_at).to_string(),
            came.orders.to_string(),
            format_decimal(came.amount, currency.decimals),
            currency.code.to_string(),
        ]
    }
}
