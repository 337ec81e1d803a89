//! Which visitor turned out to be which member, and how all of that is forgotten.

use std::collections::BTreeSet;

use lojal_core::kernel::{ClickId, Instant, MemberId};

use super::store::{click_find_all, touches_of};
use super::{Click, ClickSource, Mark, seen};
use crate::platform::application::Application;
use crate::platform::identity::Vault;
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Statement, cells};

const FORGOTTEN: &str = "forgotten referral visitor";
/// More than anybody meets.
const EVERYTHING: usize = u32::MAX as usize;
/// Visitors that are looked for together.
const CHUNK: usize = 500;

/// Notes that a visitor turned out to be a member.
pub async fn visitor_is(
    connection: &mut Connection,
    visitor: Mark,
    member: MemberId,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into referral_visitor (part, member, visitor, known_since) values (?, ?, ?, ?) \
               on conflict (part, member, visitor) do nothing";
    let cells = cells![member.part().number(), member.number(), visitor.bytes().to_vec(), now.as_microsecond()];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

/// Who came with a click first: what is handed on with a link may be handed on by others. Whoever is named has come with
/// it now.
pub async fn click_claim(
    connection: &mut Connection,
    click: ClickId,
    member: MemberId,
    now: Instant,
) -> Result<MemberId, sql::Error> {
    let (part, number) = (click.part().number(), click.number());
    let sql = "insert into referral_claim (part, click, member, claimed_at) values (?, ?, ?, ?) \
               on conflict do nothing";
    let inserted = sql::execute(connection, sql, cells![part, number, member.number(), now.as_microsecond()]).await?;
    if inserted > 0 {
        return Ok(member);
    }
    let row = sql::row(connection, CLAIMED, cells![part, number]).await?;
    row.map_or(Ok(member), |row| Ok(MemberId(id(sql::column(&row, "member")?)?)))
}

const CLAIMED: &str = "select member from referral_claim where part = ? and click = ?";

async fn claimed_by(connection: &mut Connection, click: ClickId) -> Result<Option<MemberId>, sql::Error> {
    let row = sql::row(connection, CLAIMED, cells![click.part().number(), click.number()]).await?;
    row.map(|row| Ok(MemberId(id(sql::column(&row, "member")?)?))).transpose()
}

/// Notes the visitors that a member was as forgotten, before they are. Clicks may lie in the logs of other processes, or
/// of dead ones: whoever puts them into the database looks here.
pub(in crate::platform) async fn visitors_forget(
    application: &Application,
    member: MemberId,
) -> Result<(), sql::Error> {
    let visitors = visitors_of(&mut *application.database.read().await?, member).await?;
    let now = application.clock.now().as_microsecond();
    for visitor in visitors {
        let sql = "insert into referral_forgotten (part, visitor, forgotten_at) values (?, ?, ?) \
                   on conflict (part, visitor) do update set forgotten_at = excluded.forgotten_at";
        let mut transaction = application.database.write_aside_in(visitor.part()).await?;
        let left = tombstone(&application.vault, visitor);
        sql::execute(&mut transaction, sql, cells![visitor.part().number(), left, now]).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// What is left of a visitor: it tells whether that one is meant, and is no mark that stands anywhere else.
fn tombstone(vault: &Vault, visitor: Mark) -> Vec<u8> {
    vault.mark(FORGOTTEN, &visitor.bytes()).as_bytes()[..16].to_vec()
}

/// Forgets which visitors a member was, and what those met. Whoever calls has locked the member.
pub(in crate::platform) async fn visitors_erase(
    connection: &mut Connection,
    member: MemberId,
) -> Result<(), sql::Error> {
    for visitor in visitors_of(connection, member).await? {
        visitor_erase(connection, visitor, Instant::MAX).await?;
    }
    let sql = "delete from referral_visitor where part = ? and member = ?";
    sql::execute(connection, sql, cells![member.part().number(), member.number()]).await?;
    Ok(())
}

/// Forgets those again who were forgotten before their clicks came out of a log.
pub(super) async fn clicks_blank(application: &Application, clicks: &[Click]) -> Result<(), sql::Error> {
    let visitors: BTreeSet<Mark> = clicks.iter().filter(|click| click.is_touch()).map(|click| click.visitor).collect();
    let visitors: Vec<Mark> = visitors.into_iter().collect();
    for chunk in visitors.chunks(CHUNK) {
        let named = |visitor: &Mark| cells![visitor.part().number(), tombstone(&application.vault, *visitor)];
        let head = "select part, visitor, forgotten_at from referral_forgotten where (part, visitor) in";
        let keys = chunk.iter().map(named).collect();
        let rows = sql::look_up(&mut *application.database.read().await?, head, keys).await?;
        for row in &rows {
            let left: Vec<u8> = sql::column(row, "visitor")?;
            let until: i64 = sql::column(row, "forgotten_at")?;
            for visitor in chunk.iter().filter(|visitor| tombstone(&application.vault, **visitor) == left) {
                let mut transaction = application.database.write_aside_in(visitor.part()).await?;
                let until = crate::platform::clock::instant(until);
                visitor_erase(&mut transaction, *visitor, until).await?;
                transaction.commit().await?;
            }
        }
    }
    Ok(())
}

/// Everything by which a member was known: what the shop called them, and the browsers that brought them. Somebody else
/// who came with the same click was not that browser.
async fn visitors_of(connection: &mut Connection, member: MemberId) -> Result<BTreeSet<Mark>, sql::Error> {
    let sql = "select visitor from referral_visitor where part = ? and member = ?";
    let rows = sql::rows(connection, sql, cells![member.part().number(), member.number()]).await?;
    let own: BTreeSet<Mark> = rows.iter().map(|row| Mark::read(row, "visitor")).collect::<Result<_, _>>()?;
    let mut all = own.clone();
    for visitor in own {
        let touched = touches_of(connection, visitor, None, EVERYTHING).await?;
        for click in click_find_all(connection, touched.into_iter().map(|touched| touched.click)).await? {
            let is_new = click.source == ClickSource::Link && click.visitor != Mark::NOBODY;
            if is_new && !all.contains(&click.visitor) && claimed_by(connection, click.id).await? == Some(member) {
                all.insert(click.visitor);
            }
        }
    }
    Ok(all)
}

async fn visitor_erase(connection: &mut Connection, visitor: Mark, until: Instant) -> Result<(), sql::Error> {
    let mut statements = Vec::new();
    let touched = touches_of(connection, visitor, None, EVERYTHING).await?;
    for touched in touched.into_iter().filter(|touched| touched.clicked_at <= until) {
        let sql =
            "update referral_click set visitor = ?, address = ?, network = ?, agent = ? where part = ? and id = ?";
        let nobody = || Vec::<u8>::new();
        let (part, number) = (touched.click.part().number(), touched.click.number());
        let click = cells![nobody(), nobody(), nobody(), nobody(), part, number];
        statements.push(Statement::plain(sql, click));
    }
    let sql = "delete from referral_touch where part = ? and visitor = ? and clicked_at <= ?";
    let cells = cells![visitor.part().number(), visitor.bytes().to_vec(), until.as_microsecond()];
    statements.push(Statement::plain(sql, cells));
    statements.push(seen::erase(visitor, until));
    sql::run_all(connection, statements).await?;
    Ok(())
}
