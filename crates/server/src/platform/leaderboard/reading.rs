//! The leaderboard as it is read.

use lojal_core::kernel::{MemberId, Part};

use super::period::Period;
use crate::platform::journal::id;
use crate::platform::sql::{self, Connection, Row, Statement, cells};

/// A member with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    pub member: MemberId,
    /// Whoever has as many friends shares it.
    pub rank: i64,
    pub friends: i64,
}

/// Where somebody stands, in the first places or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Nothing without a friend who counts.
    pub rank: Option<i64>,
    pub friends: i64,
    /// How many more friends it takes to the next higher place, and which one that is. Nothing at the top.
    pub next: Option<(i64, i64)>,
}

/// A period of the leaderboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// How many members have friends who count.
    pub advocates: i64,
    pub places: Vec<Placed>,
    /// Whether more follow.
    pub has_more: bool,
    tallies: Vec<(i64, i64)>,
}

impl Board {
    fn rank(&self, friends: i64) -> i64 {
        1 + self.tallies.iter().filter(|(more, _)| *more > friends).map(|(_, members)| members).sum::<i64>()
    }

    /// Where a member with so many friends stands.
    pub fn own(&self, friends: i64) -> Own {
        let next = self.tallies.iter().map(|(more, _)| *more).filter(|more| *more > friends).min();
        Own {
            rank: (friends > 0).then(|| self.rank(friends)),
            friends,
            next: next.map(|more| (more - friends, self.rank(more))),
        }
    }
}

/// The places of a period behind `after`, which names how many friends and who, and how many friends count for each of
/// `accounts` together: those of one person.
pub async fn leaderboard_page(
    connection: &mut Connection,
    period: &Period,
    after: Option<(i64, MemberId)>,
    limit: usize,
    accounts: &[MemberId],
) -> Result<(Board, i64), sql::Error> {
    let (part, period) = (Part::PROGRAMME.number(), period.to_string());
    let (friends, member) = after.map_or((i64::MAX, i64::MAX), |(friends, member)| (friends, member.number()));
    let places = "select member, friends from leaderboard_place
                  where part = ? and period = ? and (friends, member) < (?, ?)
                  order by friends desc, member desc limit ?";
    let tallies = "select friends, members from leaderboard_tally where part = ? and period = ?";
    let own = "select member, friends from leaderboard_place where (part, period, member) in";
    let keys = accounts.iter().map(|account| cells![part, period.as_str(), account.number()]).collect::<Vec<_>>();
    let mut statements = vec![
        Statement::plain(places, cells![part, period.as_str(), friends, member, limit as i64 + 1]),
        Statement::plain(tallies, cells![part, period.as_str()]),
    ];
    if !keys.is_empty() {
        statements.push(Statement::look_up(own, keys));
    }
    let answers = sql::run_all(connection, statements).await?;
    let rows = |index: usize| answers.get(index).map_or(&[][..], |outcome| outcome.rows.as_slice());
    let tally = |row: &Row| Ok((sql::column(row, "friends")?, sql::column(row, "members")?));
    let tallies = rows(1).iter().map(tally).collect::<Result<Vec<(i64, i64)>, sql::Error>>()?;
    let advocates = tallies.iter().map(|(_, members)| members).sum();
    let mut board = Board { advocates, places: Vec::new(), has_more: rows(0).len() > limit, tallies };
    for row in rows(0).iter().take(limit) {
        let friends = sql::column(row, "friends")?;
        let member = MemberId(id(sql::column(row, "member")?)?);
        board.places.push(Placed { member, rank: board.rank(friends), friends });
    }
    let mut own = 0;
    for row in rows(2) {
        own += sql::column::<i64>(row, "friends")?;
    }
    Ok((board, own))
}
