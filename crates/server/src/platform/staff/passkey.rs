//! The passkeys of staff.

use lojal_core::kernel::{Instant, Part};

use crate::platform::clock::instant;
use crate::platform::sql::{self, Connection, Row, cells, column_of_32};
use crate::platform::webauthn::{Known, NewPasskey};

/// Nobody carries more.
pub const MOST_PASSKEYS: usize = 20;
const COLUMNS: &str = "mark, staff, name, credential, handle, key, counter, synced, relying_party, created_at, used_at";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The hash of what browsers call it.
    pub hash: [u8; 32],
    pub staff: i64,
    /// What its owner calls it.
    pub name: String,
    pub credential: Vec<u8>,
    /// What it calls its owner.
    pub handle: Vec<u8>,
    pub key: Vec<u8>,
    pub counter: u32,
    pub is_synced: bool,
    /// The host that it was made for.
    pub relying_party: String,
    pub created_at: Instant,
    pub used_at: Option<Instant>,
}

impl Passkey {
    fn read(row: &Row) -> Result<Passkey, sql::Error> {
        Ok(Passkey {
            hash: column_of_32(row, "mark")?,
            staff: sql::column(row, "staff")?,
            name: sql::column(row, "name")?,
            credential: sql::column(row, "credential")?,
            handle: sql::column(row, "handle")?,
            key: sql::column(row, "key")?,
            counter: u32::try_from(sql::column::<i64>(row, "counter")?).unwrap_or(u32::MAX),
            is_synced: sql::column::<i64>(row, "synced")? != 0,
            relying_party: sql::column(row, "relying_party")?,
            created_at: instant(sql::column(row, "created_at")?),
            used_at: sql::column::<Option<i64>>(row, "used_at")?.map(instant),
        })
    }

    /// The name under which a page speaks of it.
    pub fn mark(&self) -> String {
        blake3::Hash::from_bytes(self.hash).to_hex()[..16].to_owned()
    }

    pub fn known(&self) -> Known<'_> {
        Known { key: &self.key, handle: &self.handle, counter: self.counter, is_synced: self.is_synced }
    }
}

fn hash(credential: &[u8]) -> [u8; 32] {
    *blake3::hash(credential).as_bytes()
}

/// Keeps a new passkey. Answers whether nobody has it yet.
pub async fn passkey_create(
    connection: &mut Connection,
    staff: i64,
    name: &str,
    handle: &[u8],
    relying_party: &str,
    passkey: &NewPasskey,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "insert into passkey \
               (part, mark, staff, name, credential, handle, key, counter, synced, relying_party, created_at) \
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (part, mark) do nothing";
    let cells = cells![
        Part::PROGRAMME.number(),
        hash(&passkey.credential),
        staff,
        name,
        passkey.credential.clone(),
        handle.to_vec(),
        passkey.key.clone(),
        i64::from(passkey.counter),
        i64::from(passkey.is_synced),
        relying_party,
        now.as_microsecond(),
    ];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// By what browsers call it.
pub async fn passkey_find(connection: &mut Connection, credential: &[u8]) -> Result<Option<Passkey>, sql::Error> {
    let sql = format!("select {COLUMNS} from passkey where part = ? and mark = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), hash(credential)]).await?;
    row.as_ref().map(Passkey::read).transpose()
}

/// Somebody's passkeys, the oldest first.
pub async fn passkey_list(connection: &mut Connection, staff: i64) -> Result<Vec<Passkey>, sql::Error> {
    let sql = format!("select {COLUMNS} from passkey where part = ? and staff = ? order by created_at, mark");
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number(), staff]).await?;
    rows.iter().map(Passkey::read).collect()
}

/// Who has passkeys, once for each.
pub async fn passkey_owners(connection: &mut Connection) -> Result<Vec<i64>, sql::Error> {
    let sql = "select staff from passkey where part = ? order by staff";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(|row| sql::column(row, "staff")).collect()
}

/// Notes that a passkey has signed. Answers whether its counter still goes forward: of two uses with the same count one
/// is refused.
pub async fn passkey_use(
    connection: &mut Connection,
    passkey: &Passkey,
    counter: u32,
    now: Instant,
) -> Result<bool, sql::Error> {
    let sql = "update passkey set counter = ?, used_at = ? \
               where part = ? and mark = ? and (counter < ? or (counter = 0 and ? = 0))";
    let counter = i64::from(counter);
    let cells = cells![counter, now.as_microsecond(), Part::PROGRAMME.number(), passkey.hash, counter, counter];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

/// Forgets one of somebody's passkeys.
pub async fn passkey_remove(connection: &mut Connection, staff: i64, hash: &[u8; 32]) -> Result<(), sql::Error> {
    let sql = "delete from passkey where part = ? and mark = ? and staff = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), *hash, staff]).await?;
    Ok(())
}

/// Forgets all of somebody's passkeys.
pub async fn passkey_remove_all(connection: &mut Connection, staff: i64) -> Result<(), sql::Error> {
    let sql = "delete from passkey where part = ? and staff = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), staff]).await?;
    Ok(())
}
