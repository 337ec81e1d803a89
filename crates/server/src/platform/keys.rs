//! API keys: who may ask for what. A key is shown once, when it is made; the database keeps only
//! its hash.

use lojal_core::kernel::{Instant, Part};
use subtle::ConstantTimeEq;

use super::clock::instant;
use super::random::{self, NoRandomness};
use super::sql::{self, Connection, Row, cells, damaged};

const COLUMNS: &str = "id, name, kind, scopes, hash, created_at, last_used_at, revoked_at";
/// Crockford's base 32: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Whether a key may be seen by the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyVisibility {
    /// Stays on the shop's own servers.
    Secret,
    /// Stands in a web page.
    Publishable,
}

impl KeyVisibility {
    fn prefix(self) -> &'static str {
        match self {
            KeyVisibility::Secret => "lojal_sk_",
            KeyVisibility::Publishable => "lojal_pk_",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            KeyVisibility::Secret => "secret",
            KeyVisibility::Publishable => "publishable",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Read,
    Write,
    /// Publishing programmes, adjusting, keys.
    Admin,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Write, Scope::Admin];

    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Admin => "admin",
        }
    }

    /// The scope with this name.
    pub fn named(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The part of the key that may be shown.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    pub visibility: KeyVisibility,
    pub scopes: Vec<Scope>,
    pub created_at: Instant,
    /// To the minute.
    pub last_used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

impl ApiKey {
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    fn read(row: &Row) -> Result<ApiKey, sql::Error> {
        let visibility = match sql::column(row, "kind")? {
            "secret" => KeyVisibility::Secret,
            "publishable" => KeyVisibility::Publishable,
            other => return Err(damaged(format!("{other} is no kind of key"))),
        };
        let scopes = sql::column::<&str>(row, "scopes")?;
        let scope = |name: &str| Scope::named(name).ok_or_else(|| damaged(format!("{name} is no scope")));
        Ok(ApiKey {
            id: sql::column(row, "id")?,
            name: sql::column(row, "name")?,
            visibility,
            scopes: scopes.split(' ').map(scope).collect::<Result<_, _>>()?,
            created_at: instant(sql::column(row, "created_at")?),
            last_used_at: sql::column::<Option<i64>>(row, "last_used_at")?.map(instant),
            revoked_at: sql::column::<Option<i64>>(row, "revoked_at")?.map(instant),
        })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

/// Makes a key and answers it with its text, which is not kept anywhere.
pub async fn key_create(
    connection: &mut Connection,
    name: &str,
    visibility: KeyVisibility,
    scopes: &[Scope],
    now: Instant,
) -> Result<(ApiKey, String), KeyError> {
    let id = letters(&random::bytes::<10>()?);
    let text = format!("{}{id}_{}", visibility.prefix(), letters(&random::bytes::<32>()?));
    let mut scopes = scopes.to_vec();
    scopes.sort();
    scopes.dedup();
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    sql::execute(
        connection,
        "insert into api_key (part, id, name, kind, scopes, hash, created_at) values (?, ?, ?, ?, ?, ?, ?)",
        cells![
            Part::PROGRAMME.number(),
            id.as_str(),
            name,
            visibility.name(),
            names.join(" "),
            *blake3::hash(text.as_bytes()).as_bytes(),
            now.as_microsecond(),
        ],
    )
    .await?;
    let key =
        ApiKey { id, name: name.to_owned(), visibility, scopes, created_at: now, last_used_at: None, revoked_at: None };
    Ok((key, text))
}

/// The key with this text, unless it is unknown or revoked.
pub async fn key_check(connection: &mut Connection, text: &str) -> Result<Option<ApiKey>, sql::Error> {
    let visibility = [KeyVisibility::Secret, KeyVisibility::Publishable]
        .into_iter()
        .find_map(|visibility| Some((visibility, text.strip_prefix(visibility.prefix())?)));
    let Some((visibility, (id, _))) = visibility.and_then(|(kind, rest)| Some((kind, rest.split_once('_')?))) else {
        return Ok(None);
    };
    let sql = format!("select {COLUMNS} from api_key where part = ? and id = ?");
    let Some(row) = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), id]).await? else {
        return Ok(None);
    };
    let known = sql::column_of_32(&row, "hash")?;
    let same = bool::from(known.ct_eq(blake3::hash(text.as_bytes()).as_bytes()));
    let key = ApiKey::read(&row)?;
    Ok(Some(key).filter(|key| same && key.visibility == visibility && key.revoked_at.is_none()))
}

/// All keys, the oldest first.
pub async fn key_list(connection: &mut Connection) -> Result<Vec<ApiKey>, sql::Error> {
    let sql = format!("select {COLUMNS} from api_key where part = ? order by created_at, id");
    let rows = sql::rows(connection, &sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(ApiKey::read).collect()
}

/// Takes a key out of use. Answers whether it was in use.
pub async fn key_revoke(connection: &mut Connection, id: &str, now: Instant) -> Result<bool, sql::Error> {
    let sql = "update api_key set revoked_at = ? where part = ? and id = ? and revoked_at is null";
    Ok(sql::execute(connection, sql, cells![now.as_microsecond(), Part::PROGRAMME.number(), id]).await? > 0)
}

/// Notes that a key was used.
pub async fn key_touch(connection: &mut Connection, id: &str, now: Instant) -> Result<(), sql::Error> {
    let sql = "update api_key set last_used_at = ? where part = ? and id = ?";
    sql::execute(connection, sql, cells![now.as_microsecond(), Part::PROGRAMME.number(), id]).await?;
    Ok(())
}

/// Bytes as letters and digits, five bits each.
pub(super) fn letters(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut kept, mut bits) = (0u32, 0);
    for byte in bytes {
        kept = kept << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(kept >> bits) as usize & 31]));
        }
        kept &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(kept << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_keep_every_bit() {
        assert_eq!(letters(&[0xff, 0xff, 0xff, 0xff, 0xff]), "zzzzzzzz");
        assert_eq!(letters(&[0x00, 0x44, 0x32, 0x14, 0xc7]), "01234567");
        assert_eq!(letters(&[0x80]), "g0");
    }
}
