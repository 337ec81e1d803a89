//! Who a member is to the shop: the link between the shop's own id and the pseudonymous one.

use lojal_core::holder::{Holder, HolderKind, Membership};
use lojal_core::kernel::{HolderId, Instant, MemberId, Part, TransactionId};

use super::clock::instant;
use super::identity::NewIdentity;
use super::journal::{id, transaction_id};
use super::sql::{self, Cell, Connection, Row, Statement, cells, damaged};

const COLUMNS: &str = "part, id, external_id, household, status, created_at, enrolled_by, merged_into";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStatus {
    Active,
    Left,
    /// The account was another one of a member's, whose it has become.
    Merged {
        into: MemberId,
    },
}

impl MemberStatus {
    pub fn name(self) -> &'static str {
        match self {
            MemberStatus::Active => "active",
            MemberStatus::Left => "left",
            MemberStatus::Merged { .. } => "merged",
        }
    }

    pub fn of(membership: Membership) -> MemberStatus {
        match membership {
            Membership::Active { .. } => MemberStatus::Active,
            Membership::Left { .. } => MemberStatus::Left,
            Membership::Merged { into } => MemberStatus::Merged { into },
        }
    }

    fn merged_into(self) -> Option<i64> {
        match self {
            MemberStatus::Merged { into } => Some(into.number()),
            MemberStatus::Active | MemberStatus::Left => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    pub id: MemberId,
    pub external_id: String,
    /// The household whose wallet the member shares.
    pub household: Option<HolderId>,
    pub status: MemberStatus,
    pub created_at: Instant,
    /// The transaction by which the member joined.
    pub enrolled_by: TransactionId,
}

impl MemberRow {
    /// Whose wallet the member spends from: the household's, or the member's own.
    pub fn holder(&self) -> HolderId {
        self.household.unwrap_or(self.id.into())
    }

    /// Whether the shop's own id was forgotten.
    pub fn is_erased(&self) -> bool {
        self.external_id == erased_name(self.id)
    }

    fn cells(&self) -> Vec<Cell> {
        cells![
            self.id.part().number(),
            self.id.number(),
            self.external_id.as_str(),
            self.household.map(HolderId::number),
            self.status.name(),
            self.created_at.as_microsecond(),
            self.enrolled_by.number(),
            self.status.merged_into(),
        ]
    }

    pub(super) fn read(row: &Row) -> Result<MemberRow, sql::Error> {
        let survivor = sql::column::<Option<i64>>(row, "merged_into")?.map(id).transpose()?;
        let status = match (sql::column(row, "status")?, survivor) {
            ("active", None) => MemberStatus::Active,
            ("left", None) => MemberStatus::Left,
            ("merged", Some(survivor)) => MemberStatus::Merged { into: MemberId(survivor) },
            (other, _) => return Err(damaged(format!("{other} is no status of a member"))),
        };
        Ok(MemberRow {
            id: MemberId(id(sql::column(row, "id")?)?),
            external_id: sql::column(row, "external_id")?,
            household: sql::column::<Option<i64>>(row, "household")?.map(id).transpose()?.map(HolderId),
            status,
            created_at: instant(sql::column(row, "created_at")?),
            enrolled_by: transaction_id(sql::column(row, "enrolled_by")?)?,
        })
    }
}

/// What to do when the shop's id is enrolled already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfEnrolled {
    Refuse,
    /// Answer with the transaction by which the member joined.
    Find,
}

/// What is written beside the journal when a member joins.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub external_id: String,
    pub identity: Option<NewIdentity>,
    pub if_enrolled: IfEnrolled,
}

pub async fn member_find(connection: &mut Connection, member: MemberId) -> Result<Option<MemberRow>, sql::Error> {
    let sql = format!("select {COLUMNS} from member where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![member.part().number(), member.number()]).await?;
    row.as_ref().map(MemberRow::read).transpose()
}

/// The member whose account this was, also by way of others; the member itself where it never was another's.
pub async fn member_survivor(connection: &mut Connection, member: MemberRow) -> Result<MemberRow, sql::Error> {
    let mut member = member;
    while let MemberStatus::Merged { into } = member.status {
        let survivor = member_find(connection, into).await?;
        member = survivor.ok_or_else(|| damaged(format!("{into} is missing")))?;
    }
    Ok(member)
}

/// As [`member_find`], and nobody changes the member, or what is kept of the person, until the transaction ends.
pub async fn member_lock(connection: &mut Connection, member: MemberId) -> Result<Option<MemberRow>, sql::Error> {
    let head = format!("select {COLUMNS} from member where (part, id) in");
    let lock = Statement::look_up(head, vec![cells![member.part().number(), member.number()]]);
    let found = sql::run_all(connection, vec![lock.locking("for no key update")]).await?;
    found.iter().flat_map(|outcome| &outcome.rows).next().map(MemberRow::read).transpose()
}

/// Finds a member by the shop's own id, whose part is a function of it.
pub async fn member_find_by_external_id(
    connection: &mut Connection,
    part: Part,
    external_id: &str,
) -> Result<Option<MemberRow>, sql::Error> {
    let sql = format!("select {COLUMNS} from member where part = ? and external_id = ?");
    let row = sql::row(connection, &sql, cells![part.number(), external_id]).await?;
    row.as_ref().map(MemberRow::read).transpose()
}

/// Asks for the members with these ids of the shop; [`MemberRow::read`] takes the answer.
pub(super) fn members_by_external_id<'a>(names: impl IntoIterator<Item = (Part, &'a str)>) -> Statement {
    let keys = names.into_iter().map(|(part, name)| cells![part.number(), name]).collect();
    Statement::look_up(format!("select {COLUMNS} from member where (part, external_id) in"), keys)
}

pub async fn member_find_all_by_external_id<'a>(
    connection: &mut Connection,
    names: impl IntoIterator<Item = (Part, &'a str)>,
) -> Result<Vec<MemberRow>, sql::Error> {
    let found = sql::run_all(connection, vec![members_by_external_id(names)]).await?;
    found.iter().flat_map(|outcome| &outcome.rows).map(MemberRow::read).collect()
}

pub async fn member_find_all(
    connection: &mut Connection,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<MemberRow>, sql::Error> {
    let head = format!("select {COLUMNS} from member where (part, id) in");
    let keys = members.into_iter().map(|member| cells![member.part().number(), member.number()]).collect();
    sql::look_up(connection, &head, keys).await?.iter().map(MemberRow::read).collect()
}

/// Members in a stable order, after `after`, at most `limit`.
pub async fn member_page(
    connection: &mut Connection,
    after: Option<MemberId>,
    limit: usize,
) -> Result<Vec<MemberRow>, sql::Error> {
    let (page, mut cells) = connection.dialect().page("id", after.map(|member| member.0));
    let sql = format!("select {COLUMNS} from member where {page} limit ?");
    cells.push(Cell::from(limit as i64));
    sql::rows(connection, &sql, cells).await?.iter().map(MemberRow::read).collect()
}

/// The newest members, before `before`, at most `limit`. Accounts that were merged are left out: they are no members
/// of their own any more.
pub async fn member_latest(
    connection: &mut Connection,
    before: Option<MemberId>,
    limit: usize,
) -> Result<Vec<MemberRow>, sql::Error> {
    let (mut members, mut before) = (Vec::new(), before);
    loop {
        let found = member_backwards(connection, before, limit).await?;
        let is_all = found.len() < limit;
        before = found.last().map(|member| member.id);
        members.extend(found.into_iter().filter(|member| !matches!(member.status, MemberStatus::Merged { .. })));
        if is_all || members.len() >= limit {
            members.truncate(limit);
            return Ok(members);
        }
    }
}

async fn member_backwards(
    connection: &mut Connection,
    before: Option<MemberId>,
    limit: usize,
) -> Result<Vec<MemberRow>, sql::Error> {
    let pages = connection.dialect().pages_backwards("id", before.map(|member| member.0));
    let statement = |(page, mut cells): (String, Vec<Cell>)| {
        cells.push(Cell::from(limit as i64));
        Statement::plain(format!("select {COLUMNS} from member where {page} limit ?"), cells)
    };
    let found = sql::run_all(connection, pages.into_iter().map(statement).collect()).await?;
    let rows = found.iter().flat_map(|outcome| &outcome.rows);
    let mut members = rows.map(MemberRow::read).collect::<Result<Vec<_>, _>>()?;
    members.sort_unstable_by_key(|member| std::cmp::Reverse(member.id));
    members.truncate(limit);
    Ok(members)
}

/// Members whose id of the shop begins like this, in the order of these ids, at most `limit`.
pub(super) async fn member_find_like(
    connection: &mut Connection,
    beginning: &str,
    limit: usize,
) -> Result<Vec<MemberRow>, sql::Error> {
    let sql = format!(
        "select {COLUMNS} from member where part = ? and external_id >= ? and external_id < ? \
         order by external_id limit ?"
    );
    let end = format!("{beginning}{}", char::MAX);
    let of_part =
        |part: Part| Statement::plain(sql.as_str(), cells![part.number(), beginning, end.as_str(), limit as i64]);
    let found = sql::run_all(connection, Part::all().map(of_part).collect()).await?;
    let rows = found.iter().flat_map(|outcome| &outcome.rows);
    let mut members = rows.map(MemberRow::read).collect::<Result<Vec<_>, _>>()?;
    members.sort_unstable_by(|one, other| one.external_id.cmp(&other.external_id));
    members.truncate(limit);
    Ok(members)
}

pub(super) fn member_insert_all(members: &[MemberRow]) -> Statement {
    let rows = members.iter().map(MemberRow::cells).collect();
    Statement::insert(format!("insert into member ({COLUMNS}) values"), "", rows)
}

/// Forgets the shop's own id of a member, which may be an address. Its part was worked out from it
/// once and stays in the member's id, so everything else is found as before.
pub async fn member_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let sql = "update member set external_id = ? where part = ? and id = ?";
    sql::execute(connection, sql, cells![erased_name(member), member.part().number(), member.number()]).await?;
    Ok(())
}

/// What stands in the place of a forgotten name: it names nobody, and no two are alike.
fn erased_name(member: MemberId) -> String {
    format!("erased-{member}")
}

/// Brings a member's row up to the state that was just decided; nothing is to be done for a
/// household.
pub(super) fn member_follow(holder: &Holder) -> Option<Statement> {
    let HolderKind::Member { membership, .. } = &holder.kind else { return None };
    let status = MemberStatus::of(*membership);
    let sql = "update member set household = ?, status = ?, merged_into = ? where part = ? and id = ?";
    let household = holder.household().map(HolderId::number);
    let (part, id) = (holder.id.part().number(), holder.id.number());
    let cells = cells![household, status.name(), status.merged_into(), part, id];
    Some(Statement::plain(sql, cells))
}
