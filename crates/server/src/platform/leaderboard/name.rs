//! By which name a member stands on the leaderboard. Nobody is named there who has not chosen to be, and whoever has may
//! take it back at any moment.

use std::collections::HashMap;

use lojal_core::kernel::{Instant, MemberId};

use crate::platform::clock::instant;
use crate::platform::enrolment::{MemberStatus, member_lock};
use crate::platform::journal::id;
use crate::platform::referral_codes::is_reserved;
use crate::platform::search::fold;
use crate::platform::sql::{self, Connection, Row, Statement, cells, damaged};

const SHORTEST: usize = 2;
const LONGEST: usize = 30;
/// As many as a year has. More of them would be a telephone number, or that of a card.
const MOST_DIGITS: usize = 4;
/// The shop's own name is looked for in what is typed; one of fewer letters stands in too many words.
const SHORTEST_SHOP: usize = 4;
const COLUMNS: &str = "member, name, state, chosen_at";

/// A name that may stand where everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardName(String);

/// Why a name cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardNameFault {
    Length,
    Letters,
    /// It is an address, or a number by which somebody is reached.
    Contact,
    /// It speaks for the shop.
    Reserved,
}

impl BoardName {
    /// `shops` are the names by which the shop goes itself.
    pub fn parse<'s>(typed: &str, shops: impl IntoIterator<Item = &'s str>) -> Result<BoardName, BoardNameFault> {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let name = words.join(" ");
        let length = name.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(BoardNameFault::Length);
        }
        if name.contains('@') || name.contains('/') || name.chars().filter(char::is_ascii_digit).count() > MOST_DIGITS {
            return Err(BoardNameFault::Contact);
        }
        // Whatever is left when accents are gone is Latin: no letter of another script looks like one of ours.
        let folded = fold(&name);
        let is_known = |letter: char| letter.is_ascii_alphanumeric() || is_between(letter);
        if !folded.chars().all(is_known) || !folded.chars().any(|letter| letter.is_ascii_alphabetic()) {
            return Err(BoardNameFault::Letters);
        }
        if is_address(&folded) {
            return Err(BoardNameFault::Contact);
        }
        if speaks_for_the_shop(&folded, shops) {
            return Err(BoardNameFault::Reserved);
        }
        Ok(BoardName(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_between(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '_' | '.' | '\'')
}

/// `shop.example`: a point between two letters. `A. Nowak` has a blank behind it.
fn is_address(folded: &str) -> bool {
    let letters: Vec<char> = folded.chars().collect();
    letters.windows(3).any(|three| three[1] == '.' && three[0].is_alphanumeric() && three[2].is_ascii_alphabetic())
        && folded.split('.').next_back().is_some_and(|last| last.len() > 1)
}

fn joined(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect()
}

fn speaks_for_the_shop<'s>(folded: &str, shops: impl IntoIterator<Item = &'s str>) -> bool {
    let whole = joined(folded);
    is_reserved(&whole)
        || folded.split(is_between).any(is_reserved)
        || shops.into_iter().any(|shop| {
            let shop = joined(&fold(shop));
            shop.len() >= SHORTEST_SHOP && whole.contains(&shop) || !shop.is_empty() && whole == shop
        })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameState {
    Shown,
    /// The shop has taken it off; the member has to wait for the shop's word.
    Stopped,
}

impl NameState {
    const ALL: [NameState; 2] = [NameState::Shown, NameState::Stopped];

    pub fn name(self) -> &'static str {
        match self {
            NameState::Shown => "shown",
            NameState::Stopped => "stopped",
        }
    }
}

/// A name with whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenName {
    pub member: MemberId,
    pub name: String,
    pub state: NameState,
    pub chosen_at: Instant,
}

fn read(row: &Row) -> Result<ChosenName, sql::Error> {
    let state: &str = sql::column(row, "state")?;
    let known = NameState::ALL.into_iter().find(|known| known.name() == state);
    Ok(ChosenName {
        member: MemberId(id(sql::column(row, "member")?)?),
        name: sql::column(row, "name")?,
        state: known.ok_or_else(|| damaged(format!("{state} is no state of a name")))?,
        chosen_at: instant(sql::column(row, "chosen_at")?),
    })
}

/// The name of a member.
pub async fn name_find(connection: &mut Connection, member: MemberId) -> Result<Option<ChosenName>, sql::Error> {
    Ok(names_find(connection, [member]).await?.remove(&member))
}

/// The names of some members, as far as they have one.
pub async fn names_find(
    connection: &mut Connection,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<HashMap<MemberId, ChosenName>, sql::Error> {
    let keys = members.into_iter().map(|member| cells![member.part().number(), member.number()]).collect();
    let head = format!("select {COLUMNS} from leaderboard_name where (part, member) in");
    let rows = sql::look_up(connection, &head, keys).await?;
    rows.iter().map(|row| read(row).map(|name| (name.member, name))).collect()
}

/// Has a member stand by this name. Answers whether they do: not who has left, and not whom the shop has stopped.
pub async fn name_choose(
    connection: &mut Connection,
    member: MemberId,
    name: &BoardName,
    now: Instant,
) -> Result<bool, sql::Error> {
    match member_lock(connection, member).await? {
        Some(row) if row.status == MemberStatus::Active && !row.is_erased() => {}
        _ => return Ok(false),
    }
    let cells =
        cells![member.part().number(), member.number(), name.as_str(), NameState::Shown.name(), now.as_microsecond()];
    let insert = Statement::insert(
        "insert into leaderboard_name (part, member, name, state, chosen_at) values",
        "on conflict (part, member) do update set name = excluded.name, chosen_at = excluded.chosen_at
         where leaderboard_name.state = 'shown'",
        vec![cells],
    );
    let outcomes = sql::run_all(connection, vec![insert]).await?;
    Ok(outcomes.iter().any(|outcome| outcome.touched > 0))
}

/// Takes a member's name back. One that the shop has stopped stays so, without what it was.
pub async fn name_withdraw(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let place = cells![member.part().number(), member.number()];
    let statements = vec![
        Statement::plain(
            "delete from leaderboard_name where part = ? and member = ? and state = 'shown'",
            place.clone(),
        ),
        Statement::plain("update leaderboard_name set name = '' where part = ? and member = ?", place),
    ];
    sql::run_all(connection, statements).await?;
    Ok(())
}

/// Stops a name, or lets the member choose one again. Answers whether there is one.
pub async fn name_set_state(
    connection: &mut Connection,
    member: MemberId,
    state: NameState,
) -> Result<bool, sql::Error> {
    let place = cells![member.part().number(), member.number()];
    let touched = match state {
        NameState::Stopped => {
            let sql = "update leaderboard_name set state = 'stopped' where part = ? and member = ?";
            sql::execute(connection, sql, place).await?
        }
        // The member may choose the name again, and had better look at it first.
        NameState::Shown => {
            let sql = "delete from leaderboard_name where part = ? and member = ? and state = 'stopped'";
            sql::execute(connection, sql, place).await?
        }
    };
    Ok(touched > 0)
}

/// Forgets the names of members who are no more.
pub(in crate::platform) async fn names_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let sql = "delete from leaderboard_name where part = ? and member = ?";
    sql::execute(connection, sql, cells![member.part().number(), member.number()]).await?;
    Ok(())
}

/// Lets the name of an account be that of the member whose account it has become, unless they have one.
pub(super) async fn name_follow(
    connection: &mut Connection,
    account: MemberId,
    survivor: MemberId,
) -> Result<(), sql::Error> {
    let Some(known) = name_find(connection, account).await? else { return Ok(()) };
    let cells = cells![
        survivor.part().number(),
        survivor.number(),
        known.name,
        known.state.name(),
        known.chosen_at.as_microsecond(),
    ];
    let insert = Statement::insert(
        "insert into leaderboard_name (part, member, name, state, chosen_at) values",
        "on conflict (part, member) do nothing",
        vec![cells],
    );
    sql::run_all(connection, vec![insert]).await?;
    names_erase(connection, account).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_everybody_may_see() {
        let parse = |typed: &str| BoardName::parse(typed, ["Herbaciarnia Żółw", "Lis"]).map(|name| name.0);
        for name in ["Ada", "Żaneta Łąka", "A. Nowak", "O'Hara", "rocznik-84", "Elisa", "M.", "Jan.K"] {
            assert_eq!(parse(name).as_deref(), Ok(name));
        }
        assert_eq!(parse("  Ada \t Nowak ").as_deref(), Ok("Ada Nowak"));
        for (typed, fault) in [
            ("", BoardNameFault::Length),
            ("A", BoardNameFault::Length),
            (&"a".repeat(31), BoardNameFault::Length),
            ("ada@example.com", BoardNameFault::Contact),
            ("ada.example.com", BoardNameFault::Contact),
            ("tel 600100200", BoardNameFault::Contact),
            ("600-100-200", BoardNameFault::Contact),
            ("http://x", BoardNameFault::Contact),
            ("1984", BoardNameFault::Letters),
            ("<b>Ada</b", BoardNameFault::Contact),
            ("<b>Ada", BoardNameFault::Letters),
            ("Аdа", BoardNameFault::Letters),
            ("Ada ❤", BoardNameFault::Letters),
            ("Admin", BoardNameFault::Reserved),
            ("a d m i n", BoardNameFault::Reserved),
            ("Pomoc Ady", BoardNameFault::Reserved),
            ("herbaciarnia zolw 2", BoardNameFault::Reserved),
            ("LIS", BoardNameFault::Reserved),
        ] {
            assert_eq!(parse(typed), Err(fault), "{typed}");
        }
    }
}
