//! Clicks that are older than anybody looks back. Ids begin with the time, so that what is old is found without looking
//! at anything else.

use jiff::SignedDuration;
use lojal_core::kernel::{Id, Instant, Part};

use crate::platform::application::Application;
use crate::platform::database::Database;
use crate::platform::progress::{progress_advance, progress_find};
use crate::platform::shares::shares_forget;
use crate::platform::sql::{self, cells};

/// Longer than any programme looks back.
const KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);
const WORK: &str = "clicks_cleaning";
const DAY: i64 = 24 * 3_600;
/// Rows that go together: nobody who writes waits for more.
const CHUNK: i64 = 1_000;

/// What is found by an id that begins with the time.
const OLD: [(&str, &str); 4] =
    [("referral_touch", "click"), ("click_identifier", "click"), ("referral_claim", "click"), ("referral_click", "id")];

/// Forgets what is old, once a day; one process does it for all.
pub async fn clicks_forget(application: &Application) -> Result<(), sql::Error> {
    let now = application.clock.now();
    let database = &application.database;
    let today = now.as_second().div_euclid(DAY);
    let done = progress_find(&mut *database.read().await?, Part::PROGRAMME, WORK).await?;
    if done >= today {
        return Ok(());
    }
    let mut transaction = database.write_aside().await?;
    let is_ours = progress_advance(&mut transaction, Part::PROGRAMME, WORK, (done, today), now).await?;
    transaction.commit().await?;
    if !is_ours {
        return Ok(());
    }
    let before = now.saturating_sub(KEPT).unwrap_or(Instant::MIN);
    for part in database.dialect().in_order_of_time() {
        for (table, id) in OLD {
            while forget(database, part, table, id, before).await? {}
        }
    }
    for part in Part::all() {
        let mut transaction = database.write_aside_in(part).await?;
        let sql = "delete from referral_forgotten where part = ? and forgotten_at < ?";
        sql::execute(&mut transaction, sql, cells![part.number(), before.as_microsecond()]).await?;
        transaction.commit().await?;
        shares_forget(database, part, now).await?;
    }
    Ok(())
}

/// Forgets the oldest rows, and says whether there may be more.
async fn forget(
    database: &Database,
    part: Option<Part>,
    table: &str,
    id: &str,
    before: Instant,
) -> Result<bool, sql::Error> {
    let (of_part, named) = match part {
        Some(part) => ("part = ? and", cells![part.number()]),
        None => ("", Vec::new()),
    };
    let select = format!("select {id} from {table} where {of_part} {id} < ? order by {id} limit ?");
    let first = Id::new(before.as_millisecond(), 0, Part::PROGRAMME);
    let keys = named.iter().cloned().chain(cells![first.number(), CHUNK]).collect();
    let rows = sql::rows(&mut *database.read().await?, &select, keys).await?;
    let Some(last) = rows.last() else { return Ok(false) };
    let last: i64 = sql::column(last, id)?;
    let mut transaction = database.write_aside_in(part.unwrap_or(Part::PROGRAMME)).await?;
    let delete = format!("delete from {table} where {of_part} {id} <= ?");
    sql::execute(&mut transaction, &delete, named.into_iter().chain(cells![last]).collect()).await?;
    transaction.commit().await?;
    Ok(rows.len() as i64 == CHUNK)
}
