//! Connections that are kept open between uses.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::{Error, ErrorKind};

/// How long somebody waits for a connection while all are in use.
const PATIENCE: Duration = Duration::from_secs(60);

/// Connections of one kind. Clones share them.
#[derive(Debug)]
pub(super) struct Pool<T> {
    idle: Arc<Mutex<Vec<T>>>,
    permits: Arc<Semaphore>,
    size: u32,
}

impl<T> Clone for Pool<T> {
    fn clone(&self) -> Pool<T> {
        Pool { idle: Arc::clone(&self.idle), permits: Arc::clone(&self.permits), size: self.size }
    }
}

/// A place in the pool. Whatever is put back into it serves the next one; if nothing is, the next
/// one opens a connection of its own.
#[derive(Debug)]
pub(super) struct Place<T> {
    idle: Arc<Mutex<Vec<T>>>,
    _permit: OwnedSemaphorePermit,
}

impl<T> Place<T> {
    pub fn put_back(self, connection: T) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

impl<T> Pool<T> {
    /// A pool of at most `size` connections.
    pub fn new(size: u32) -> Pool<T> {
        Pool { idle: Arc::default(), permits: Arc::new(Semaphore::new(size as usize)), size }
    }

    /// Waits for a place, with a connection when one is idle.
    pub async fn take(&self) -> Result<(Place<T>, Option<T>), Error> {
        let permit = tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned()).await;
        let permit = match permit {
            Ok(Ok(permit)) => permit,
            Ok(Err(_)) => return Err(Error::new(ErrorKind::Unavailable, "the database is being closed")),
            Err(_) => return Err(Error::new(ErrorKind::Unavailable, "no connection to the database came free")),
        };
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok((Place { idle: Arc::clone(&self.idle), _permit: permit }, connection))
    }

    pub fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    /// Waits until all connections are back, and gives them away for good.
    pub async fn close(&self) -> Vec<T> {
        let all = self.permits.acquire_many(self.size).await;
        self.permits.close();
        drop(all);
        std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
