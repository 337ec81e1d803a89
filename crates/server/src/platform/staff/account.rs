//! Accounts of staff.

use lojal_core::kernel::{Instant, Part};

use crate::platform::clock::instant;
use crate::platform::sql::{self, Connection, Row, cells, damaged};

const COLUMNS: &str = "id, email, name, role, password, second_factor, second_factor_step, created_at, disabled_at";

/// What somebody is in the house. Each may do all that the ones before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Looks at everything.
    Analyst,
    /// Helps members: changes their data, corrects balances up to a limit.
    Support,
    /// Runs the programme: rules, rewards, campaigns.
    Manager,
    /// Keys, staff and settings, too.
    Owner,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::Analyst, Role::Support, Role::Manager, Role::Owner];

    pub fn name(self) -> &'static str {
        match self {
            Role::Analyst => "analyst",
            Role::Support => "support",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    /// In small letters.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Argon2id, in the usual text form.
    pub password: String,
    /// The sealed secret of one-time codes.
    pub second_factor: Option<Vec<u8>>,
    /// The last time step whose code was taken.
    pub second_factor_step: i64,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
}

/// Hashes and secrets are nobody's business.
impl std::fmt::Debug for Account {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Account").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

pub struct NewAccount<'a> {
    pub id: i64,
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub password: &'a str,
}

impl Account {
    fn read(row: &Row) -> Result<Account, sql::Error> {
        let role = sql::column::<&str>(row, "role")?;
        Ok(Account {
            id: sql::column(row, "id")?,
            email: sql::column(row, "email")?,
            name: sql::column(row, "name")?,
            role: Role::named(role).ok_or_else(|| damaged(format!("{role} is no role")))?,
            password: sql::column(row, "password")?,
            second_factor: Some(sql::column::<Vec<u8>>(row, "second_factor")?).filter(|sealed| !sealed.is_empty()),
            second_factor_step: sql::column(row, "second_factor_step")?,
            created_at: instant(sql::column(row, "created_at")?),
            disabled_at: sql::column::<Option<i64>>(row, "disabled_at")?.map(instant),
        })
    }
}

/// Whether anybody has an account: until then, whoever has the setup code becomes the owner.
pub async fn has_accounts(connection: &mut Connection) -> Result<bool, sql::Error> {
    let sql = "select id from staff where part = ? limit 1";
    Ok(sql::row(connection, sql, cells![Part::PROGRAMME.number()]).await?.is_some())
}

/// Makes an account. Answers whether the address was free.
pub async fn account_create(
    connection: &mut Connection,
    account: NewAccount<'_>,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "insert into staff (part, id, email, name, role, password, second_factor, second_factor_step, created_at) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (part, email) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        account.id,
        account.email,
        account.name,
        account.role.name(),
        account.password,
        Vec::<u8>::new(),
        0_i64,
        now.as_microsecond(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

pub async fn account_find(connection: &mut Connection, id: i64) -> Result<Option<Account>, sql::Error> {
    let sql = format!("select {COLUMNS} from staff where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id]).await?;
    row.as_ref().map(Account::read).transpose()
}

/// By the address in small letters.
pub async fn account_find_by_email(connection: &mut Connection, email: &str) -> Result<Option<Account>, sql::Error> {
    let sql = format!("select {COLUMNS} from staff where part = ? and email = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), email]).await?;
    row.as_ref().map(Account::read).transpose()
}

/// All accounts, the oldest first.
pub async fn account_list(connection: &mut Connection) -> Result<Vec<Account>, sql::Error> {
    let sql = format!("select {COLUMNS} from staff where part = ? order by created_at, id");
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(Account::read).collect()
}

pub async fn account_set_password(connection: &mut Connection, id: i64, hash: &str) -> Result<(), sql::Error> {
    let sql = "update staff set password = ? where part = ? and id = ?";
    sql::execute(connection, sql, cells![hash, Part::PROGRAMME.number(), id]).await?;
    Ok(())
}

pub async fn account_set_role(connection: &mut Connection, id: i64, role: Role) -> Result<(), sql::Error> {
    let sql = "update staff set role = ? where part = ? and id = ?";
    sql::execute(connection, sql, cells![role.name(), Part::PROGRAMME.number(), id]).await?;
    Ok(())
}

/// Sets or takes away the sealed secret of one-time codes.
pub async fn account_set_second_factor(
    connection: &mut Connection,
    id: i64,
    sealed: Option<&[u8]>,
) -> Result<(), sql::Error> {
    let sql = "update staff set second_factor = ? where part = ? and id = ?";
    sql::execute(connection, sql, cells![sealed.unwrap_or_default().to_vec(), Part::PROGRAMME.number(), id]).await?;
    Ok(())
}

/// Takes the code of a time step. Answers whether it, or a later one, had not been taken before.
pub async fn account_take_step(connection: &mut Connection, id: i64, step: i64) -> Result<bool, sql::Error> {
    let sql = "update staff set second_factor_step = ? where part = ? and id = ? and second_factor_step < ?";
    Ok(sql::execute(connection, sql, cells![step, Part::PROGRAMME.number(), id, step]).await? > 0)
}

/// Whether the account is still as it was read, and may be used. Until the transaction ends nobody changes it: a row that
/// is written to waits for whoever changes it, and is looked at once more.
pub async fn account_hold(connection: &mut Connection, account: &Account) -> Result<bool, sql::Error> {
    let sql = "update staff set password = password \
               where part = ? and id = ? and password = ? and second_factor = ? and disabled_at is null";
    let second_factor = account.second_factor.clone().unwrap_or_default();
    let cells = cells![Part::PROGRAMME.number(), account.id, account.password.as_str(), second_factor];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// Lets nobody sign in with the account any more, or again.
pub async fn account_disable(
    connection: &mut Connection,
    id: i64,
    disabled_at: Option<Instant>,
) -> Result<(), sql::Error> {
    let sql = "update staff set disabled_at = ? where part = ? and id = ?";
    let disabled_at = disabled_at.map(|moment| moment.as_microsecond());
    sql::execute(connection, sql, cells![disabled_at, Part::PROGRAMME.number(), id]).await?;
    Ok(())
}
