//! A bucket as a shelf: what lies on it, put a file there, take one from it. Nothing is ever removed.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::HttpError;
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::DELIMITER;
use object_store::{ObjectStoreExt, RetryConfig, WriteMultipart};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connector::Connector;
use super::take::restrict;
use super::{Access, BackupError, BucketAddress, Piece, Source, at};
use crate::checkpoints::{self, Digest};

/// What goes to the store, or comes from it, in one request.
pub(super) const PART: u64 = 8 * 1024 * 1024;
/// A store takes no more of them for one file.
const PARTS: u64 = 10_000;
/// So many are under way at once.
const PARTS_UNDER_WAY: usize = 4;
const RETRIES: usize = 4;
const RETRY_LIMIT: Duration = Duration::from_secs(60);

/// Why a store did not do what it was asked for. Without the text of its answer, which repeats the request.
#[derive(Debug, thiserror::Error)]
pub enum BucketFault {
    #[error(
        "the store refuses the key ({0}): check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and \
         AWS_REGION, this machine's clock, and what the key may do in the bucket"
    )]
    Refused(String),
    #[error("the store has no such bucket: check its name, AWS_REGION and AWS_ENDPOINT_URL, or make it")]
    NoBucket,
    #[error("the store cannot be reached ({0}): check AWS_ENDPOINT_URL and the network")]
    Unreachable(String),
    #[error("the store does not have it")]
    Missing,
    #[error("the store failed ({0}): try again, and check AWS_REGION and AWS_ENDPOINT_URL")]
    Failed(String),
}

/// A bucket that can be asked.
#[derive(Clone)]
pub struct Bucket {
    address: BucketAddress,
    store: AmazonS3,
}

impl Bucket {
    /// Asks nothing of the store yet.
    pub fn open(address: BucketAddress, access: &Access) -> Result<Bucket, BackupError> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&address.bucket)
            .with_access_key_id(&access.key_id)
            .with_secret_access_key(&access.secret)
            .with_region(&access.region)
            .with_allow_http(access.is_open())
            .with_http_connector(Connector)
            .with_retry(RetryConfig { max_retries: RETRIES, retry_timeout: RETRY_LIMIT, ..RetryConfig::default() });
        if let Some(token) = &access.session_token {
            builder = builder.with_token(token);
        }
        if let Some(endpoint) = &access.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder
            .build()
            .map_err(|cause| BackupError::Bucket { place: address.to_string(), fault: BucketFault::from(&cause) })?;
        Ok(Bucket { address, store })
    }

    /// Where it is.
    pub fn address(&self) -> &BucketAddress {
        &self.address
    }

    pub(super) fn source(&self) -> Source {
        Source::Bucket(self.address.clone())
    }

    pub(super) fn piece(&self, name: &str) -> Piece {
        self.address.piece(name)
    }

    /// The names of what lies there, with their lengths: of all, or of what comes after a name.
    pub(super) async fn names(&self, after: Option<&str>) -> Result<BTreeMap<String, u64>, BackupError> {
        let prefix = Some(format!("{}/", self.address.prefix)).filter(|prefix| prefix != "/");
        let offset = after.map(|name| self.path(name).to_string());
        let mut names = BTreeMap::new();
        let mut page_token = None;
        loop {
            let delimiter = Some(DELIMITER.into());
            let options = PaginatedListOptions { offset: offset.clone(), delimiter, page_token, ..Default::default() };
            let page = self.store.list_paginated(prefix.as_deref(), options).await;
            let page = page.map_err(|cause| self.fault(self.address.to_string(), &cause))?;
            let objects = page.result.objects.into_iter();
            names.extend(objects.filter_map(|object| Some((object.location.filename()?.to_owned(), object.size))));
            page_token = page.page_token;
            if page_token.is_none() {
                return Ok(names);
            }
        }
    }

    /// What a small file holds.
    pub(super) async fn read(&self, name: &str) -> Result<Bytes, BackupError> {
        let path = self.path(name);
        let answer = async { self.store.get(&path).await?.bytes().await };
        answer.await.map_err(|cause| self.fault(self.piece(name).to_string(), &cause))
    }

    /// Puts a small file there.
    pub(super) async fn write(&self, name: &str, content: Vec<u8>) -> Result<(), BackupError> {
        let written = self.store.put(&self.path(name), content.into()).await;
        written.map(drop).map_err(|cause| self.fault(self.piece(name).to_string(), &cause))
    }

    /// Puts a file there, which appears when all of it has arrived; never, unless it is as it should be.
    pub(super) async fn upload(&self, file: &Path, name: &str, expected: (Digest, u64)) -> Result<(), BackupError> {
        let damaged = || BackupError::Damaged(Piece::File(file.to_owned()));
        let fault = |cause: object_store::Error| self.fault(self.piece(name).to_string(), &cause);
        let mut input = File::open(file).await.map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => damaged(),
            _ => at(file)(cause),
        })?;
        let (_, length) = expected;
        if length <= PART {
            let mut content = Vec::new();
            input.read_to_end(&mut content).await.map_err(at(file))?;
            if (digest(&content), content.len() as u64) != expected {
                return Err(damaged());
            }
            return self.write(name, content).await;
        }
        let part = PART.max(length.div_ceil(PARTS));
        let part_length = usize::try_from(part).unwrap_or(usize::MAX);
        let upload = self.store.put_multipart(&self.path(name)).await.map_err(fault)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, part_length);
        match send(&mut input, part, &mut upload).await {
            Ok(sent) if sent == expected => upload.finish().await.map(drop).map_err(fault),
            outcome => {
                // What was sent is never seen by anybody, and ends by the bucket's own rules at the latest.
                let _ = upload.abort().await;
                Err(match outcome {
                    Ok(_) => damaged(),
                    Err(SendError::File(cause)) => at(file)(cause),
                    Err(SendError::Store(cause)) => fault(cause),
                })
            }
        }
    }

    /// Takes a file from there, and says whether it is as it should be.
    pub(super) async fn download(&self, name: &str, expected: (Digest, u64), to: &Path) -> Result<(), BackupError> {
        let (path, (_, length)) = (self.path(name), expected);
        let parts = (0..length.div_ceil(PART)).map(|number| number * PART..((number + 1) * PART).min(length));
        let mut parts =
            futures_util::stream::iter(parts).map(|part| self.store.get_range(&path, part)).buffered(PARTS_UNDER_WAY);
        let mut output = File::create(to).await.map_err(at(to))?;
        restrict(to)?;
        let mut hasher = blake3::Hasher::new();
        let mut arrived = 0;
        while let Some(part) =
            parts.try_next().await.map_err(|cause| self.fault(self.piece(name).to_string(), &cause))?
        {
            hasher.update(&part);
            arrived += part.len() as u64;
            output.write_all(&part).await.map_err(at(to))?;
        }
        output.flush().await.map_err(at(to))?;
        if (checkpoints::Bytes(*hasher.finalize().as_bytes()), arrived) != expected {
            return Err(BackupError::Damaged(self.piece(name)));
        }
        Ok(())
    }

    fn path(&self, name: &str) -> object_store::path::Path {
        self.address.prefix.clone().join(name)
    }

    fn fault(&self, place: String, cause: &object_store::Error) -> BackupError {
        BackupError::Bucket { place, fault: BucketFault::from(cause) }
    }
}

/// Without what opens it, which has no place in a log.
impl fmt::Debug for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Bucket").field(&self.address).finish()
    }
}

enum SendError {
    File(std::io::Error),
    Store(object_store::Error),
}

/// Sends a file part by part; answers what was sent.
async fn send(input: &mut File, part: u64, upload: &mut WriteMultipart) -> Result<(Digest, u64), SendError> {
    let mut hasher = blake3::Hasher::new();
    let mut sent = 0;
    loop {
        let mut content = Vec::new();
        (&mut *input).take(part).read_to_end(&mut content).await.map_err(SendError::File)?;
        if content.is_empty() {
            return Ok((checkpoints::Bytes(*hasher.finalize().as_bytes()), sent));
        }
        hasher.update(&content);
        sent += content.len() as u64;
        upload.wait_for_capacity(PARTS_UNDER_WAY).await.map_err(SendError::Store)?;
        upload.put(content.into());
    }
}

fn digest(content: &[u8]) -> Digest {
    checkpoints::Bytes(*blake3::hash(content).as_bytes())
}

impl From<&object_store::Error> for BucketFault {
    fn from(error: &object_store::Error) -> BucketFault {
        use object_store::Error::{NotFound, PermissionDenied, Unauthenticated};
        let mut innermost: &(dyn Error + 'static) = error;
        let mut is_line = false;
        while let Some(cause) = innermost.source() {
            is_line |= cause.is::<HttpError>();
            innermost = cause;
        }
        let text = error.to_string();
        let code = between(&text, "<Code>", "</Code>");
        let status = || between(&text, "status code: ", ":").unwrap_or("the answer cannot be read").to_owned();
        match (error, code) {
            (_, Some("NoSuchBucket")) => BucketFault::NoBucket,
            (NotFound { .. }, _) => BucketFault::Missing,
            (PermissionDenied { .. } | Unauthenticated { .. }, code) => {
                BucketFault::Refused(code.map_or_else(status, str::to_owned))
            }
            (_, Some(code)) if REFUSALS.contains(&code) => BucketFault::Refused(code.to_owned()),
            _ if is_line => BucketFault::Unreachable(innermost.to_string()),
            (_, code) => BucketFault::Failed(code.map_or_else(status, str::to_owned)),
        }
    }
}

/// What some stores say with another status than 403.
const REFUSALS: [&str; 5] =
    ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "NotSignedUp"];

/// A short word between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    let (word, _) = rest.split_once(end)?;
    Some(word).filter(|word| word.len() < 100)
}
