//! Where backups are: a folder, or a bucket of an object store that speaks Amazon's protocol.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use object_store::path::Path;

const SCHEME: &str = "s3://";

/// `s3://BUCKET/PREFIX`: a place in an object store, with nothing secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketAddress {
    pub(super) bucket: String,
    /// Everything lies below it; it may be empty.
    pub(super) prefix: Path,
}

/// Where backups are to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Folder(PathBuf),
    Bucket(BucketAddress),
}

/// One file among the backups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    File(PathBuf),
    Object { bucket: BucketAddress, name: String },
}

#[derive(Debug, thiserror::Error)]
pub enum InvalidSource {
    #[error("a bucket is stated as s3://BUCKET or s3://BUCKET/PREFIX")]
    Bucket,
    #[error("{0} is not known: state a folder, or s3://BUCKET/PREFIX for any store that speaks Amazon's protocol")]
    Scheme(String),
}

impl FromStr for BucketAddress {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<BucketAddress, InvalidSource> {
        let rest = text.strip_prefix(SCHEME).ok_or(InvalidSource::Bucket)?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
        if bucket.is_empty() || !bucket.chars().all(is_name) {
            return Err(InvalidSource::Bucket);
        }
        let prefix = Path::parse(prefix.trim_end_matches('/')).map_err(|_| InvalidSource::Bucket)?;
        Ok(BucketAddress { bucket: bucket.to_owned(), prefix })
    }
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Source, InvalidSource> {
        match text.split_once("://") {
            Some(("s3", _)) => text.parse().map(Source::Bucket),
            Some((scheme, _)) => Err(InvalidSource::Scheme(format!("{scheme}://"))),
            None => Ok(Source::Folder(PathBuf::from(text))),
        }
    }
}

impl BucketAddress {
    /// A file in it.
    pub(super) fn piece(&self, name: &str) -> Piece {
        Piece::Object { bucket: self.clone(), name: name.to_owned() }
    }
}

impl fmt::Display for BucketAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{SCHEME}{}", self.bucket)?;
        if self.prefix.as_ref().is_empty() { Ok(()) } else { write!(formatter, "/{}", self.prefix) }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Folder(folder) => write!(formatter, "{}", folder.display()),
            Source::Bucket(bucket) => bucket.fmt(formatter),
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::File(path) => write!(formatter, "{}", path.display()),
            Piece::Object { bucket, name } => write!(formatter, "{bucket}/{name}"),
        }
    }
}

/// What opens a bucket, as Amazon's own tools name it.
#[derive(Clone)]
pub struct Access {
    pub(super) key_id: String,
    pub(super) secret: String,
    pub(super) session_token: Option<String>,
    pub(super) region: String,
    /// Of a store that is not Amazon's.
    pub(super) endpoint: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum InvalidAccess {
    #[error("{0} is not set: the key of the object storage is taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    NoKey(&'static str),
    #[error("AWS_REGION is not set: it is the region of the bucket; a store that is not Amazon's has AWS_ENDPOINT_URL")]
    NoRegion,
    #[error("AWS_ENDPOINT_URL is no address of a store: write https://HOST, or http://HOST:PORT for one without TLS")]
    Endpoint,
}

impl Access {
    /// Takes it from variables by their names.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Access, InvalidAccess> {
        let stated = |name: &str| variable(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let needed = |name: &'static str| stated(name).ok_or(InvalidAccess::NoKey(name));
        let endpoint = stated("AWS_ENDPOINT_URL_S3").or_else(|| stated("AWS_ENDPOINT_URL"));
        if let Some(endpoint) = &endpoint {
            let host = ["https://", "http://"].iter().find_map(|scheme| endpoint.strip_prefix(scheme));
            // Whoever puts a password there would read it again in every error.
            host.filter(|host| !host.is_empty() && !host.contains('@')).ok_or(InvalidAccess::Endpoint)?;
        }
        let region = stated("AWS_REGION").or_else(|| stated("AWS_DEFAULT_REGION"));
        // The others take any region, and most of them mean this one.
        let usual = || endpoint.as_ref().map(|_| "us-east-1".to_owned());
        Ok(Access {
            key_id: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?,
            session_token: stated("AWS_SESSION_TOKEN"),
            region: region.or_else(usual).ok_or(InvalidAccess::NoRegion)?,
            endpoint,
        })
    }

    /// Whether the store is asked without TLS, as its address says.
    pub(super) fn is_open(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"))
    }
}

/// Without what has no place in a log.
impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Access").field("region", &self.region).finish_non_exhaustive()
    }
}
