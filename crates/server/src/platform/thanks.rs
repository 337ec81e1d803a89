//! Words of thanks between an advocate and a friend: one of a few prepared messages, once for each recommendation and
//! side. A row names the two by their ids alone, and lies with whoever is thanked.

use lojal_core::kernel::{Instant, MemberId};

use super::clock::instant;
use super::journal::id;
use super::sql::{self, Connection, Row, Statement, cells, damaged};

/// Prepared messages of each side, counted from 1.
pub const MESSAGES: i64 = 3;

/// Who thanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The advocate thanks the friend.
    Advocate,
    /// The friend thanks the advocate.
    Friend,
    /// The shop thanks the advocate for a friend who counts.
    Shop,
}

impl Side {
    const ALL: [Side; 3] = [Side::Advocate, Side::Friend, Side::Shop];

    pub fn name(self) -> &'static str {
        match self {
            Side::Advocate => "advocate",
            Side::Friend => "friend",
            Side::Shop => "shop",
        }
    }
}

/// A word of thanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thanks {
    /// Who is thanked: the account that was credited, or the friend's.
    pub member: MemberId,
    /// Of which recommendation.
    pub friend: MemberId,
    pub side: Side,
    /// Which message.
    pub message: i64,
    pub thanked_at: Instant,
    /// When it was put away.
    pub seen_at: Option<Instant>,
}

fn read(row: &Row) -> Result<Thanks, sql::Error> {
    let side: &str = sql::column(row, "side")?;
    let known = Side::ALL.into_iter().find(|known| known.name() == side);
    Ok(Thanks {
        member: MemberId(id(sql::column(row, "member")?)?),
        friend: MemberId(id(sql::column(row, "friend")?)?),
        side: known.ok_or_else(|| damaged(format!("{side} is no side")))?,
        message: sql::column(row, "message")?,
        thanked_at: instant(sql::column(row, "thanked_at")?),
        seen_at: sql::column::<Option<i64>>(row, "seen_at")?.map(instant),
    })
}

/// Everything that some accounts were thanked for, the latest first.
pub async fn thanks_of(
    connection: &mut Connection,
    accounts: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<Thanks>, sql::Error> {
    let keys = accounts.into_iter().map(|account| cells![account.part().number(), account.number()]).collect();
    let head = "select member, friend, side, message, thanked_at, seen_at from referral_thanks where (part, member) in";
    let rows = sql::look_up(connection, head, keys).await?;
    let mut found = rows.iter().map(read).collect::<Result<Vec<_>, sql::Error>>()?;
    found.sort_by_key(|thanks| std::cmp::Reverse((thanks.thanked_at, thanks.friend)));
    Ok(found)
}

/// Adds words of thanks, unless that was done before. Answers how many were new.
pub async fn thanks_add(connection: &mut Connection, thanks: &[Thanks]) -> Result<u64, sql::Error> {
    let row = |thanks: &Thanks| {
        cells![
            thanks.member.part().number(),
            thanks.member.number(),
            thanks.friend.number(),
            thanks.side.name(),
            thanks.message,
            thanks.thanked_at.as_microsecond(),
            thanks.seen_at.map(Instant::as_microsecond),
        ]
    };
    let head = "insert into referral_thanks (part, member, friend, side, message, thanked_at, seen_at) values";
    let tail = "on conflict (part, member, friend, side) do nothing";
    sql::insert_all(connection, head, tail, thanks.iter().map(row).collect()).await
}

/// Puts everything away that some accounts have seen by now.
pub async fn thanks_put_away(
    connection: &mut Connection,
    accounts: impl IntoIterator<Item = MemberId>,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "update referral_thanks set seen_at = ? where part = ? and member = ? and seen_at is null";
    let put_away = |account: MemberId| {
        Statement::plain(sql, cells![now.as_microsecond(), account.part().number(), account.number()])
    };
    sql::run_all(connection, accounts.into_iter().map(put_away).collect()).await?;
    Ok(())
}

/// Forgets what a member was thanked for.
pub(super) async fn thanks_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let sql = "delete from referral_thanks where part = ? and member = ?";
    sql::execute(connection, sql, cells![member.part().number(), member.number()]).await?;
    Ok(())
}
