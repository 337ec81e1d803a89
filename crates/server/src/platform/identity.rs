//! Personal data, apart from the ledger. Each member's data is sealed under a key of its own, and
//! that key under the master key of the data folder: erasing the key erases the person, and the
//! books still balance.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use lojal_core::kernel::{MemberId, Part};
use serde::{Deserialize, Serialize};

use super::database::{Database, OpenError};
use super::journal::id;
use super::random;
use super::search::{search_erase, search_insert_all, search_marks};
use super::sql::{self, Connection, Statement, cells, column_of_32};

pub const KEY_FILE: &str = "secret.key";

const NONCE_LENGTH: usize = 24;
/// The setting that tells which master key goes with a database.
const FINGERPRINT: &str = "master_key_fingerprint";
const MARKS_CONTEXT: &str = "lojal 2026-11 marks under what the house hands out";
const FINGERPRINT_CONTEXT: &str = "lojal 2026-11 fingerprint of the master key of personal data";

/// What a shop may tell about a person. None of it takes part in decisions.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The tag of the language in which the person wants to be addressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_year: Option<i16>,
}

impl Identity {
    pub fn is_empty(&self) -> bool {
        *self == Identity::default()
    }
}

/// Says nothing, so that no log ever shows a person.
impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Identity")
    }
}

/// Personal data as the database keeps it.
#[derive(Clone, Debug)]
pub struct SealedIdentity {
    wrapped_key: Vec<u8>,
    sealed: Vec<u8>,
}

/// Personal data on their way into the database, with the marks by which they are found.
#[derive(Clone, Debug)]
pub struct NewIdentity {
    sealed: SealedIdentity,
    marks: Vec<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    Randomness(#[from] random::NoRandomness),
    /// Another master key, or changed by somebody.
    #[error("the personal data cannot be unsealed")]
    Sealed,
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

/// Seals and unseals with the master key.
#[derive(Clone)]
pub struct Vault {
    master: Arc<XChaCha20Poly1305>,
    /// For what must be told from what anybody else might write.
    marks: Arc<[u8; 32]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Vault")
    }
}

impl Vault {
    /// Reads the master key of a data folder, or makes one when nothing is sealed yet. Several
    /// machines on one database need the same key: it is known by its fingerprint.
    pub async fn open(database: &Database) -> Result<Vault, OpenError> {
        let folder = || database.folder().to_owned();
        let path = database.folder().join(KEY_FILE);
        let wrong = |cause| OpenError::Folder { folder: path.clone(), cause };
        let known = fingerprint_find(&mut *database.read().await?).await?;
        if !path.exists() {
            if known.is_some() {
                return Err(OpenError::MissingKey { folder: folder() });
            }
            make_key_file(database.folder(), KEY_FILE, &random::bytes()?).map_err(wrong)?;
        }
        let key = std::fs::read(&path).map_err(wrong)?;
        let key: [u8; 32] = key.try_into().map_err(|_| OpenError::DamagedKey)?;
        let own = blake3::derive_key(FINGERPRINT_CONTEXT, &key);
        let known = match known {
            Some(known) => known,
            None => fingerprint_insert(database, own).await?,
        };
        if known != own {
            return Err(OpenError::OtherKey { folder: folder() });
        }
        let marks = Arc::new(blake3::derive_key(MARKS_CONTEXT, &key));
        Ok(Vault { master: Arc::new(XChaCha20Poly1305::new(&key.into())), marks })
    }

    /// Seals a secret of the house, bound to what it is for and whose it is.
    pub fn seal_secret(&self, purpose: &str, owner: i64, secret: &[u8]) -> Result<Vec<u8>, IdentityError> {
        encrypt_for(&self.master, &bound(purpose, owner), secret)
    }

    pub fn unseal_secret(&self, purpose: &str, owner: i64, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        decrypt_for(&self.master, &bound(purpose, owner), sealed)
    }

    /// A mark that only this house can put under a message, for one purpose.
    pub fn mark(&self, purpose: &str, message: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.marks);
        hasher.update(&(purpose.len() as u64).to_le_bytes());
        hasher.update(purpose.as_bytes());
        hasher.update(message);
        hasher.finalize()
    }

    /// Seals under a new key, bound to the member.
    pub fn seal(&self, member: MemberId, identity: &Identity) -> Result<NewIdentity, IdentityError> {
        let key: [u8; 32] = random::bytes()?;
        let text = serde_json::to_vec(identity).map_err(|_| IdentityError::Sealed)?;
        let sealed = SealedIdentity {
            wrapped_key: encrypt(&self.master, member, &key)?,
            sealed: encrypt(&XChaCha20Poly1305::new(&key.into()), member, &text)?,
        };
        Ok(NewIdentity { sealed, marks: search_marks(self, identity) })
    }

    pub fn unseal(&self, member: MemberId, sealed: &SealedIdentity) -> Result<Identity, IdentityError> {
        let key = decrypt(&self.master, member, &sealed.wrapped_key)?;
        let key: [u8; 32] = key.try_into().map_err(|_| IdentityError::Sealed)?;
        let text = decrypt(&XChaCha20Poly1305::new(&key.into()), member, &sealed.sealed)?;
        serde_json::from_slice(&text).map_err(|_| IdentityError::Sealed)
    }
}

fn encrypt(cipher: &XChaCha20Poly1305, member: MemberId, message: &[u8]) -> Result<Vec<u8>, IdentityError> {
    encrypt_for(cipher, &member.number().to_le_bytes(), message)
}

fn decrypt(cipher: &XChaCha20Poly1305, member: MemberId, bytes: &[u8]) -> Result<Vec<u8>, IdentityError> {
    decrypt_for(cipher, &member.number().to_le_bytes(), bytes)
}

/// What a secret of the house is bound to: longer than a member's number, so never taken for one.
fn bound(purpose: &str, owner: i64) -> Vec<u8> {
    [purpose.as_bytes(), b" of ", &owner.to_le_bytes()].concat()
}

/// A nonce and then the sealed bytes.
fn encrypt_for(cipher: &XChaCha20Poly1305, bound: &[u8], message: &[u8]) -> Result<Vec<u8>, IdentityError> {
    let nonce: [u8; NONCE_LENGTH] = random::bytes()?;
    let payload = Payload { msg: message, aad: bound };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| IdentityError::Sealed)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn decrypt_for(cipher: &XChaCha20Poly1305, bound: &[u8], bytes: &[u8]) -> Result<Vec<u8>, IdentityError> {
    let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(IdentityError::Sealed)?;
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: bound }).map_err(|_| IdentityError::Sealed)
}

/// Writes a key file that is either whole or not there; of two processes that start at once, one
/// makes it and the other reads it.
pub(crate) fn make_key_file(folder: &Path, name: &str, key: &[u8; 32]) -> std::io::Result<()> {
    let random = random::bytes::<8>().map_err(std::io::Error::other)?;
    let draft = folder.join(format!("{name}.{:016x}", u64::from_le_bytes(random)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(key)?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&draft, folder.join(name));
    std::fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => Err(cause),
        _ => std::fs::File::open(folder)?.sync_all(),
    }
}

/// The fingerprint of the key under which the personal data of a database is sealed.
async fn fingerprint_find(connection: &mut Connection) -> Result<Option<[u8; 32]>, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), FINGERPRINT]).await?;
    row.map(|row| column_of_32(&row, "value")).transpose()
}

/// Lets a database that holds nothing be filled under another key.
pub(crate) async fn fingerprint_forget(database: &Database) -> Result<(), sql::Error> {
    let mut transaction = database.write().await?;
    let sql = "delete from setting where part = ? and name = ?";
    sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), FINGERPRINT]).await?;
    transaction.commit().await
}

/// Writes the fingerprint down, unless another process was quicker, and answers the one that holds.
async fn fingerprint_insert(database: &Database, own: [u8; 32]) -> Result<[u8; 32], sql::Error> {
    let mut transaction = database.write().await?;
    let known = fingerprint_find(&mut transaction).await?;
    if known.is_none() {
        let sql = "insert into setting (part, name, value) values (?, ?, ?)";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), FINGERPRINT, own]).await?;
        transaction.commit().await?;
    }
    Ok(known.unwrap_or(own))
}

pub async fn identity_find(
    connection: &mut Connection,
    vault: &Vault,
    member: MemberId,
) -> Result<Option<Identity>, IdentityError> {
    let sql = "select k.wrapped, i.sealed from identity i
               join member_key k on k.part = i.part and k.member = i.member
               where i.part = ? and i.member = ?";
    let row = sql::row(connection, sql, cells![member.part().number(), member.number()]).await?;
    let Some(row) = row else { return Ok(None) };
    let sealed = SealedIdentity { wrapped_key: sql::column(&row, "wrapped")?, sealed: sql::column(&row, "sealed")? };
    vault.unseal(member, &sealed).map(Some)
}

/// The personal data of many members, as far as there are any.
pub async fn identity_find_all(
    connection: &mut Connection,
    vault: &Vault,
    members: impl IntoIterator<Item = MemberId>,
) -> Result<HashMap<MemberId, Identity>, IdentityError> {
    let keys: Vec<_> = members.into_iter().map(|member| cells![member.part().number(), member.number()]).collect();
    let statements = [
        "select member, wrapped from member_key where (part, member) in",
        "select member, sealed from identity where (part, member) in",
    ];
    let statements = statements.into_iter().map(|head| Statement::look_up(head, keys.clone())).collect();
    let answers = sql::run_all(connection, statements).await?;
    let [wrapped, sealed] = answers.as_slice() else { return Ok(HashMap::new()) };
    let mut wrapped_keys: HashMap<i64, Vec<u8>> = HashMap::new();
    for row in &wrapped.rows {
        wrapped_keys.insert(sql::column(row, "member")?, sql::column(row, "wrapped")?);
    }
    let mut found = HashMap::new();
    for row in &sealed.rows {
        let number: i64 = sql::column(row, "member")?;
        let member = MemberId(id(number)?);
        // Whoever is being erased at this moment has lost the key first.
        let Some(wrapped_key) = wrapped_keys.remove(&number) else { continue };
        let sealed = SealedIdentity { wrapped_key, sealed: sql::column(row, "sealed")? };
        let identity = match vault.unseal(member, &sealed) {
            Ok(identity) => Some(identity),
            // It may have been sealed anew between the two answers.
            Err(_) => identity_find(connection, vault, member).await?,
        };
        found.extend(identity.map(|identity| (member, identity)));
    }
    Ok(found)
}

/// What writes the personal data of many members, in place of what was there; nobody was found by
/// other data before.
pub(super) fn identity_statements(identities: &[(MemberId, NewIdentity)]) -> [Statement; 3] {
    let rows = |bytes: fn(&SealedIdentity) -> &[u8]| {
        let row = |(member, identity): &(MemberId, NewIdentity)| {
            cells![member.part().number(), member.number(), bytes(&identity.sealed).to_vec()]
        };
        identities.iter().map(row).collect()
    };
    [
        Statement::insert(
            "insert into member_key (part, member, wrapped) values",
            "on conflict id_key (part, member) do update set wrapped = excluded.wrapped",
            rows(|identity| &identity.wrapped_key),
        ),
        Statement::insert(
            "insert into identity (part, member, sealed) values",
            "on conflict id_key (part, member) do update set sealed = excluded.sealed",
            rows(|identity| &identity.sealed),
        ),
        search_insert_all(identities.iter().map(|(member, identity)| (*member, identity.marks.as_slice()))),
    ]
}

/// Writes personal data, in place of what was there.
pub async fn identity_save(
    connection: &mut Connection,
    member: MemberId,
    identity: &NewIdentity,
) -> Result<(), sql::Error> {
    let [key, sealed, marks] = identity_statements(&[(member, identity.clone())]);
    // The key first: whoever writes or erases the same person at this moment waits there.
    sql::run_all(connection, vec![key, search_erase(member), sealed, marks]).await?;
    Ok(())
}

/// Forgets the person: the key, what it sealed, and what led there.
pub async fn identity_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let cells = cells![member.part().number(), member.number()];
    let statements = vec![
        Statement::plain("delete from member_key where part = ? and member = ?", cells.clone()),
        Statement::plain("delete from identity where part = ? and member = ?", cells),
        search_erase(member),
    ];
    sql::run_all(connection, statements).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use lojal_core::kernel::{Id, Part};

    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault { master: Arc::new(XChaCha20Poly1305::new(&[byte; 32].into())), marks: Arc::new([byte; 32]) }
    }

    #[test]
    fn only_the_same_member_and_master_key_unseal() {
        let member = |number| MemberId(Id::new(1_790_000_000_000, number, Part::PROGRAMME));
        let identity = Identity { email: Some("ada@example.com".to_owned()), ..Identity::default() };
        let sealed = vault(1).seal(member(1), &identity).unwrap().sealed;
        assert!(vault(1).unseal(member(1), &sealed).unwrap() == identity);
        assert!(vault(2).unseal(member(1), &sealed).is_err());
        assert!(vault(1).unseal(member(2), &sealed).is_err());
    }
}
