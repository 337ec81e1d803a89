//! Keys that came by a moment ago, so that not every request asks the database for the same one.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::database::Database;
use super::keys::{ApiKey, key_check};
use super::sql;

/// How long a key that was revoked elsewhere is still taken at most.
const TRUSTED_FOR: Duration = Duration::from_secs(1);
/// More keys than any shop has in use.
const MOST: usize = 1_024;

/// What is known of keys, by the hash of their text. Clones share it.
#[derive(Clone, Default)]
pub struct KeyRing(Arc<Mutex<HashMap<[u8; 32], Known>>>);

struct Known {
    key: Arc<ApiKey>,
    since: Instant,
    /// The generation of the data: a key that this process revokes is not taken any more at once.
    generation: u64,
}

/// Hashes of secrets are nobody's business.
impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyRing")
    }
}

impl KeyRing {
    /// The key with this text, unless it is unknown or was revoked: here, or elsewhere more than a
    /// second ago.
    pub async fn check(&self, database: &Database, text: &str) -> Result<Option<Arc<ApiKey>>, sql::Error> {
        let hash = *blake3::hash(text.as_bytes()).as_bytes();
        let generation = database.generation();
        if let Some(key) = self.known(&hash, generation) {
            return Ok(Some(key));
        }
        let since = Instant::now();
        let key = key_check(&mut *database.read().await?, text).await?.map(Arc::new);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &key {
            Some(key) => {
                if known.len() >= MOST {
                    known.clear();
                }
                known.insert(hash, Known { key: Arc::clone(key), since, generation });
            }
            None => drop(known.remove(&hash)),
        }
        Ok(key)
    }

    fn known(&self, hash: &[u8; 32], generation: u64) -> Option<Arc<ApiKey>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(hash).filter(|known| known.generation == generation);
        known.filter(|known| known.since.elapsed() < TRUSTED_FOR).map(|known| Arc::clone(&known.key))
    }
}
