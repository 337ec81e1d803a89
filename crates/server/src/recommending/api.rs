//! `/v1/referrals/figures`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::wire::ReferralFigures;
use crate::platform::application::Application;
use crate::platform::auth::{Authority, Reads};
use crate::platform::figures::{Figures, figures_through};
use crate::platform::http::fields::{Label, Time};
use crate::platform::http::referral_fields::Day;
use crate::platform::http::{Problem, Query};
use crate::platform::shares::{CLICKED, SHARED, SHARERS};
use crate::platform::writer::WriteError;

/// Days that one answer adds up.
const MOST_DAYS: i32 = 400;

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(referral_figures))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct FiguresQuery {
    /// The first day of the programme's calendar; the first of this month, if it is absent.
    #[param(inline, required = false)]
    from: Option<Day>,
    /// The last day, included; today, if it is absent. At most 400 days are added up.
    #[param(inline, required = false)]
    until: Option<Day>,
    /// Only this edition.
    #[param(inline, required = false)]
    edition: Option<Label>,
}

/// What recommending brings
///
/// The figures of the console, added up over some days. They follow what happens a moment behind.
#[utoipa::path(
    get,
    path = "/v1/referrals/figures",
    tag = "referrals",
    params(FiguresQuery),
    responses((status = 200, description = "The figures", body = ReferralFigures)),
    security(("key" = ["read"]))
)]
async fn referral_figures(
    _: Authority<Reads>,
    State(application): State<Application>,
    Query(query): Query<FiguresQuery>,
) -> Result<axum::Json<ReferralFigures>, Problem> {
    let rulebook = application.rulebook();
    let programme = rulebook.live().ok_or(WriteError::NoProgramme)?;
    let today = programme.calendar.date(application.clock.now());
    let until = query.until.unwrap_or(Day(today));
    let from = query.from.unwrap_or_else(|| Day(until.0.first_of_month()));
    if from > until {
        return Err(refused("until: lies before from"));
    }
    if until.0.since(from.0).map_or(true, |span| span.get_days() >= MOST_DAYS) {
        return Err(refused("from: lies 400 days or more before until"));
    }
    let mut figures = Figures::default();
    let mut connection = application.database.read().await?;
    for name in ReferralFigures::counted_as() {
        let days = (from.0, until.0);
        match name {
            SHARERS => {}
            SHARED | CLICKED => figures.read_tallies(&mut connection, &[name], days).await?,
            _ => figures.read_days(&mut connection, &[name], days).await?,
        }
    }
    let through = figures_through(&mut connection).await?;
    drop(connection);
    let edition = query.edition.as_ref().map(|edition| edition.0.as_str());
    let mut told = ReferralFigures::new(&figures, programme, edition, (from, until));
    told.counted_until = through.map(Time);
    Ok(axum::Json(told))
}

fn refused(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail)
}
