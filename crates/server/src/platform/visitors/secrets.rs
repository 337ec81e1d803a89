//! Secrets with which the shop signs tokens for its members. A secret is shown once, when it is made; unlike a key it
//! is kept, sealed, because signatures are checked with it.

use lojal_core::kernel::{Instant, Part};

use crate::platform::clock::instant;
use crate::platform::identity::{IdentityError, Vault};
use crate::platform::keys::letters;
use crate::platform::random;
use crate::platform::sql::{self, Connection, Row, cells};

const PREFIX: &str = "lojal_ss_";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningSecret {
    /// What a token calls it (`kid`).
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    pub created_at: Instant,
    pub revoked_at: Option<Instant>,
}

impl SigningSecret {
    fn read(row: &Row) -> Result<SigningSecret, sql::Error> {
        Ok(SigningSecret {
            id: sql::column(row, "id")?,
            name: sql::column(row, "name")?,
            created_at: instant(sql::column(row, "created_at")?),
            revoked_at: sql::column::<Option<i64>>(row, "revoked_at")?.map(instant),
        })
    }
}

/// What the secret is sealed for.
fn purpose(id: &str) -> String {
    format!("signing secret {id}")
}

/// The name of a secret, which stands in its text.
pub(super) fn name_in(secret: &str) -> Option<&str> {
    secret.strip_prefix(PREFIX)?.split_once('_').map(|(name, _)| name)
}

/// Makes a secret and answers its text, all of which is the key of signatures.
pub async fn secret_create(
    connection: &mut Connection,
    vault: &Vault,
    name: &str,
    now: Instant,
) -> Result<(SigningSecret, String), IdentityError> {
    let id = letters(&random::bytes::<10>()?);
    let text = format!("{PREFIX}{id}_{}", letters(&random::bytes::<32>()?));
    let sealed = vault.seal_secret(&purpose(&id), 0, text.as_bytes())?;
    let sql = "insert into signing_secret (part, id, name, sealed, created_at) values (?, ?, ?, ?, ?)";
    let cells = cells![Part::PROGRAMME.number(), id.as_str(), name, sealed, now.as_microsecond()];
    sql::execute(connection, sql, cells).await?;
    Ok((SigningSecret { id, name: name.to_owned(), created_at: now, revoked_at: None }, text))
}

/// All secrets, the oldest first.
pub async fn secret_list(connection: &mut Connection) -> Result<Vec<SigningSecret>, sql::Error> {
    let sql = "select id, name, created_at, revoked_at from signing_secret where part = ? order by created_at, id";
    let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await?;
    rows.iter().map(SigningSecret::read).collect()
}

/// Takes a secret out of use. Answers whether it was in use.
pub async fn secret_revoke(connection: &mut Connection, id: &str, now: Instant) -> Result<bool, sql::Error> {
    let sql = "update signing_secret set revoked_at = ? where part = ? and id = ? and revoked_at is null";
    Ok(sql::execute(connection, sql, cells![now.as_microsecond(), Part::PROGRAMME.number(), id]).await? > 0)
}

/// The texts of the secrets in use: of the one with this name, or of all.
pub(super) async fn secrets_in_use(
    connection: &mut Connection,
    vault: &Vault,
    name: Option<&str>,
) -> Result<Vec<Vec<u8>>, IdentityError> {
    let sql = "select id, sealed from signing_secret where part = ? and revoked_at is null order by created_at, id";
    let mut texts = Vec::new();
    for row in sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await? {
        let id: String = sql::column(&row, "id")?;
        if name.is_none_or(|name| name == id) {
            texts.push(vault.unseal_secret(&purpose(&id), 0, &sql::column::<Vec<u8>>(&row, "sealed")?)?);
        }
    }
    Ok(texts)
}
