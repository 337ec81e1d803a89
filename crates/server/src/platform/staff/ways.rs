//! Which ways lead into the console: passwords, and a provider of identities. And who is known to that provider.

use lojal_core::kernel::{Instant, Part};
use serde::{Deserialize, Serialize};

use super::account::Role;
use crate::platform::clock::instant;
use crate::platform::identity::{IdentityError, Vault};
use crate::platform::sql::{self, Connection, cells, column_of_32, damaged, unwritable};

const SETTING: &str = "sign_in";

/// What an owner has said of signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// Whether others than owners may sign in with a password. Owners always may.
    pub passwords: bool,
    pub provider: Option<Provider>,
}

impl Default for Ways {
    fn default() -> Ways {
        Ways { passwords: true, provider: None }
    }
}

/// A provider of identities, by OpenID Connect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub issuer: String,
    pub client: String,
    pub sealed_secret: Vec<u8>,
    /// What stands on the button.
    pub label: String,
    /// Behind the @ of addresses whose owners get an account when they come for the first time.
    pub domains: Vec<String>,
    /// As what.
    pub role: String,
}

impl Provider {
    /// Seals the secret for this issuer: sent to another one, it would be told to whoever stands there.
    pub fn with_secret(self, vault: &Vault, secret: &str) -> Result<Provider, IdentityError> {
        let sealed_secret = vault.seal_secret(&purpose(&self.issuer), 0, secret.as_bytes())?;
        Ok(Provider { sealed_secret, ..self })
    }

    pub fn secret(&self, vault: &Vault) -> Result<String, IdentityError> {
        let secret = vault.unseal_secret(&purpose(&self.issuer), 0, &self.sealed_secret)?;
        String::from_utf8(secret).map_err(|_| IdentityError::Sealed)
    }

    /// As what somebody with this address comes in who has no account; nobody does as an owner.
    pub fn newcomer(&self, email: &str) -> Option<Role> {
        let (_, domain) = email.split_once('@')?;
        let is_named = self.domains.iter().any(|named| named == domain);
        Role::named(&self.role).filter(|role| is_named && *role < Role::Owner)
    }
}

fn purpose(issuer: &str) -> String {
    format!("client secret at {issuer}")
}

pub async fn ways_find(connection: &mut Connection) -> Result<Ways, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await? else {
        return Ok(Ways::default());
    };
    serde_json::from_slice(sql::column(&row, "value")?).map_err(damaged)
}

pub async fn ways_set(connection: &mut Connection, ways: &Ways) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let value = serde_json::to_vec(ways).map_err(unwritable)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING, value]).await?;
    Ok(())
}

/// Somebody whom a provider knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderIdentity {
    hash: [u8; 32],
    pub staff: i64,
    pub created_at: Instant,
    pub used_at: Instant,
}

const COLUMNS: &str = "mark, staff, created_at, used_at";

impl ProviderIdentity {
    fn read(row: &sql::Row) -> Result<ProviderIdentity, sql::Error> {
        Ok(ProviderIdentity {
            hash: column_of_32(row, "mark")?,
            staff: sql::column(row, "staff")?,
            created_at: instant(sql::column(row, "created_at")?),
            used_at: instant(sql::column(row, "used_at")?),
        })
    }
}

fn identity_hash(issuer: &str, subject: &str) -> [u8; 32] {
    // No issuer has a blank in it.
    *blake3::hash(format!("{issuer} {subject}").as_bytes()).as_bytes()
}

/// By what the provider calls them, which is theirs for ever; an address is not.
pub async fn provider_identity_find(
    connection: &mut Connection,
    issuer: &str,
    subject: &str,
) -> Result<Option<ProviderIdentity>, sql::Error> {
    let sql = format!("select {COLUMNS} from provider_identity where part = ? and mark = ?");
    let cells = cells![Part::PROGRAMME.number(), identity_hash(issuer, subject)];
    sql::row(connection, &sql, cells).await?.as_ref().map(ProviderIdentity::read).transpose()
}

/// Whom a provider knows somebody as.
pub async fn provider_identity_of(
    connection: &mut Connection,
    staff: i64,
    issuer: &str,
) -> Result<Option<ProviderIdentity>, sql::Error> {
    let sql = format!("select {COLUMNS} from provider_identity where part = ? and staff = ? and issuer = ?");
    let row = sql::row(connection, &sql, cells![Part::PROGRAMME.number(), staff, issuer]).await?;
    row.as_ref().map(ProviderIdentity::read).transpose()
}

/// From now on the provider's name for somebody leads to this account. Answers whether no other did.
pub async fn provider_identity_create(
    connection: &mut Connection,
    staff: i64,
    issuer: &str,
    subject: &str,
    now: Instant,
) -> Result<bool, sql::Error> {
    if provider_identity_of(connection, staff, issuer).await?.is_some() {
        return Ok(false);
    }
    let sql = "insert into provider_identity (part, mark, staff, issuer, created_at, used_at) \
               values (?, ?, ?, ?, ?, ?) on conflict (part, mark) do nothing";
    let moment = now.as_microsecond();
    let mark = identity_hash(issuer, subject);
    let cells = cells![Part::PROGRAMME.number(), mark, staff, issuer, moment, moment];
    Ok(sql::execute(connection, sql, cells).await? > 0)
}

pub async fn provider_identity_use(
    connection: &mut Connection,
    identity: &ProviderIdentity,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "update provider_identity set used_at = ? where part = ? and mark = ?";
    sql::execute(connection, sql, cells![now.as_microsecond(), Part::PROGRAMME.number(), identity.hash]).await?;
    Ok(())
}

/// Forgets whom providers know somebody as.
pub async fn provider_identity_remove(connection: &mut Connection, staff: i64) -> Result<(), sql::Error> {
    let sql = "delete from provider_identity where part = ? and staff = ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), staff]).await?;
    Ok(())
}
