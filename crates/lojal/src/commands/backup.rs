use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use lojal_server::backups::{
    Access, Bucket, BucketAddress, Copied, Extent, Kind, Manifest, Order, Source, copy, list, take,
};
use lojal_server::platform::clock::Clock;
use lojal_server::platform::database::Database;

use super::serve::asked_to_end;
use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

/// A base is written at least so often while backups are made continuously.
const BASE_EVERY: Duration = Duration::from_hours(24);

#[derive(Args)]
pub struct Backup {
    /// The folder for the backups, best on another disk
    #[arg(long, value_name = "DIR", value_parser = stage)]
    to: PathBuf,
    /// Copy them on to a bucket of an object store: s3://BUCKET/PREFIX. Its key comes from AWS_ACCESS_KEY_ID …
    #[arg(long, value_name = "BUCKET")]
    copy_to: Option<BucketAddress>,
    /// Write only what has changed since the latest backup in the folder
    #[arg(long)]
    increment: bool,
    /// Go on for ever: an increment every 15m (30s, 2h …), and a base once a day
    #[arg(long, value_name = "TIME", value_parser = duration, conflicts_with = "increment")]
    every: Option<Duration>,
    /// So many bases are kept, with the increments that add to them
    #[arg(long, value_name = "COUNT", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
    /// Prove the books of each backup before it is kept
    #[arg(long)]
    audit: bool,
    /// Put secret.key and signing.key beside the backups
    #[arg(long)]
    with_key: bool,
    #[command(flatten)]
    folder: Folder,
}

impl Backup {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        if !Database::is_there(&self.folder.place()).await? {
            // Says what is missing, and makes nothing.
            self.folder.open().await?.close().await;
        }
        if self.with_key {
            eprintln!("{}", texts.say("backup-with-key", &[]));
        }
        let bucket = self.copy_to.as_ref().map(open_bucket).transpose()?;
        let Some(pause) = self.every else {
            let extent = if self.increment { Extent::Increment } else { Extent::Base };
            self.make(extent, texts).await?;
            return self.copy(bucket.as_ref(), texts).await;
        };
        let mut stop = std::pin::pin!(asked_to_end()?);
        let mut interval = tokio::time::interval(pause);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(()),
                _ = interval.tick() => (),
            }
            let extent = if self.needs_base() { Extent::Base } else { Extent::Increment };
            // The disk may have room again at the next try.
            if let Err(failure) = self.make(extent, texts).await {
                eprintln!("lojal: {failure}");
            }
            tokio::select! {
                // What has not arrived is copied when backups are made again.
                () = &mut stop => return Ok(()),
                copied = self.copy(bucket.as_ref(), texts) => if let Err(failure) = copied {
                    eprintln!("lojal: {failure}");
                }
            }
        }
    }

    async fn make(&self, extent: Extent, texts: &Texts) -> Result<(), Failure> {
        let order = Order {
            folder: self.to.clone(),
            extent,
            audit: self.audit,
            keep: usize::try_from(self.keep).unwrap_or(usize::MAX),
            with_key: self.with_key,
        };
        let manifest = take(&self.folder.place(), &order, &Clock::system()).await?;
        tell(&manifest, &self.to.join(&manifest.file).display().to_string(), "backup-written", texts)
    }

    /// Brings the bucket what it does not have yet.
    async fn copy(&self, bucket: Option<&Bucket>, texts: &Texts) -> Result<(), Failure> {
        let Some(bucket) = bucket else { return Ok(()) };
        let address = bucket.address().to_string();
        let Copied { backups, bytes } = match copy(&self.to, bucket, self.with_key).await {
            Ok(copied) => copied,
            Err(fault) => {
                let (folder, cause) = (self.to.display().to_string(), fault.to_string());
                let values = [("bucket", address.as_str()), ("folder", &folder), ("cause", &cause)];
                return Err(Failure::new(texts.say("backup-not-copied", &values)));
            }
        };
        let number = |number: u64| texts.number(i64::try_from(number).unwrap_or(i64::MAX));
        let (backups, bytes) = (number(backups), number(bytes));
        let values = [("bucket", address.as_str()), ("backups", &backups), ("bytes", &bytes)];
        print(&format!("{}\n", texts.say("backup-copied", &values)))
    }

    fn needs_base(&self) -> bool {
        let known = list(&self.to).unwrap_or_default();
        let base = known.iter().rev().find(|manifest| manifest.kind == Kind::Base);
        base.is_none_or(|base| Clock::system().now().duration_since(base.taken_at).unsigned_abs() >= BASE_EVERY)
    }
}

/// Prints what a backup holds, under the name of a text.
pub fn tell(manifest: &Manifest, place: &str, text: &str, texts: &Texts) -> Result<(), Failure> {
    let bytes = texts.number(i64::try_from(manifest.file_bytes).unwrap_or(i64::MAX));
    let (holders, transactions) = (texts.number(manifest.holders), texts.number(manifest.transactions));
    let (time, root) = (manifest.taken_at.to_string(), manifest.root.to_string());
    let values = [
        ("file", place),
        ("bytes", bytes.as_str()),
        ("holders", holders.as_str()),
        ("transactions", transactions.as_str()),
        ("time", time.as_str()),
        ("root", root.as_str()),
    ];
    print(&format!("{}\n", texts.say(text, &values)))
}

/// Opens a bucket with what the environment says.
pub fn open_bucket(address: &BucketAddress) -> Result<Bucket, Failure> {
    let access = Access::from_variables(|name| std::env::var(name).ok())?;
    Ok(Bucket::open(address.clone(), &access)?)
}

/// The folder in which backups are made.
fn stage(text: &str) -> Result<PathBuf, String> {
    match text.parse() {
        Ok(Source::Folder(folder)) => Ok(folder),
        Ok(Source::Bucket(bucket)) => {
            Err(format!("backups are made in a folder and copied from there: write --to DIR --copy-to {bucket}"))
        }
        Err(problem) => Err(problem.to_string()),
    }
}

/// `90s`, `15m`, `2h`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text} is no time: write 30s, 15m or 2h");
    let (digits, seconds) = match text.char_indices().next_back() {
        Some((end, 's')) => (&text[..end], 1),
        Some((end, 'm')) => (&text[..end], 60),
        Some((end, 'h')) => (&text[..end], 3_600),
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(seconds).filter(|seconds| *seconds > 0).ok_or_else(wrong)?;
    Ok(Duration::from_secs(seconds))
}
