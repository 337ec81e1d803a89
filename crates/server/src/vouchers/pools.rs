//! `/v1/voucher_pools`: codes that the shop brings along.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use lojal_core::kernel::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::application::Application;
use crate::platform::auth::{Administers, Authority};
use crate::platform::http::extract::{parse, read_body_up_to};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{Label, VoucherCode};
use crate::platform::http::query::NoQuery;
use crate::platform::http::{Path, Problem, Query};
use crate::platform::pools::pool_import;
use crate::platform::sql;

/// A million codes or so.
const LARGEST_IMPORT: usize = 16 * 1024 * 1024;

/// Codes written in one transaction: the writer of points waits no longer than that takes.
const PORTION: usize = 2_000;

/// A list of codes.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"codes": ["A7-XX31", "A7-XX32"]}))]
#[serde(deny_unknown_fields)]
struct CodesInput {
    codes: Vec<VoucherCode>,
}

/// What an import came to.
#[derive(Serialize, ToSchema)]
struct ImportAnswer {
    pool: String,
    /// Codes in the body, repeated ones once.
    received: usize,
    /// New ones.
    added: usize,
    /// Those that the pool had already.
    known: usize,
}

pub fn routes() -> OpenApiRouter<Application> {
    OpenApiRouter::new().routes(routes!(pool_codes_import))
}

/// Import voucher codes
///
/// As text with one code on each line, or as JSON. Codes that the pool has already are left alone,
/// so an import may be repeated. At most 16 MiB at once.
#[utoipa::path(
    post,
    path = "/v1/voucher_pools/{pool}/codes",
    tag = "vouchers",
    params(("pool" = inline(Label), Path, description = "The pool's name in the programme")),
    request_body(content((CodesInput = "application/json"), (String = "text/plain"))),
    responses((status = 200, description = "What came of it", body = ImportAnswer)),
    security(("key" = ["admin"]))
)]
async fn pool_codes_import(
    _: Authority<Administers>,
    State(application): State<Application>,
    Path(pool): Path<Label>,
    _: Query<NoQuery>,
    request: Request,
) -> Result<axum::Json<ImportAnswer>, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let codes = match kind.as_str() {
        "application/json" => {
            let input: CodesInput = parse(&read_body_up_to(request, LARGEST_IMPORT).await?)?;
            input.codes.into_iter().map(|code| code.0).collect()
        }
        "text/plain" => lines(&read_body_up_to(request, LARGEST_IMPORT).await?)?,
        _ => {
            let detail = "codes come as text/plain, one on each line, or as application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_codes", detail));
        }
    };
    let Imported { received, added } = import(&application, &pool.0, codes).await?;
    Ok(axum::Json(ImportAnswer { pool: pool.0.to_string(), received, added, known: received - added }))
}

/// What came of codes that were brought along: how many different ones, and how many of them were new.
pub(super) struct Imported {
    pub received: usize,
    pub added: usize,
}

pub(super) async fn import(
    application: &Application,
    pool: &Name,
    mut codes: Vec<Name>,
) -> Result<Imported, sql::Error> {
    let mut seen = std::collections::BTreeSet::new();
    codes.retain(|code| seen.insert(code.clone()));
    let mut added: usize = 0;
    for portion in codes.chunks(PORTION) {
        let mut transaction = application.database.write_aside().await?;
        let new = pool_import(&mut transaction, pool, portion).await?;
        added = added.saturating_add(usize::try_from(new).unwrap_or(usize::MAX));
        transaction.commit().await?;
    }
    application.writer.replenished();
    Ok(Imported { received: codes.len(), added })
}

fn lines(bytes: &[u8]) -> Result<Vec<Name>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("the body is not UTF-8 from byte {} on", error.valid_up_to());
        Problem::new(StatusCode::BAD_REQUEST, "broken_utf8", detail)
    })?;
    let mut faults = Faults::default();
    let mut codes = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match VoucherCode::parse(line) {
            Ok(code) => codes.push(code.0),
            Err(problem) => {
                faults.add(format!("/{index}"), "invalid", format_args!("line {}: {problem}", index + 1));
                break;
            }
        }
    }
    faults.finish()?;
    Ok(codes)
}
