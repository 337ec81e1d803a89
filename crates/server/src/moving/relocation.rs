//! From one database to another, while the shop goes on for as long as it can.
//!
//! It is a row of steps, each of which leaves a mark in one of the two databases when it is done, so
//! that what was interrupted anywhere goes on from there: copy what there is; let nobody write at the
//! source; copy what has been added; prove that both are the same; close the source for good; open the
//! target.

use std::path::{Path, PathBuf};

use lojal_core::kernel::Part;

use super::copying::{copy, forget_progress};
use crate::audit::{Difference, audit};
use crate::checkpoints::{SIGNING_KEY_FILE, Summary, summarise};
use crate::platform::clock::Clock;
use crate::platform::database::{Address, Database, OpenError, Place};
use crate::platform::identity::KEY_FILE;
use crate::platform::sql::{self, cells};
use crate::platform::standing::{Stage, Standing, standing_find, standing_set};

#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("the data cannot be moved to where they are: name another database")]
    SamePlace,
    #[error("{0} holds no Lojal database to move away")]
    Missing(String),
    #[error("no programme has been published there, so there is nothing to move")]
    Empty,
    #[error("the target holds other data already: name an empty database")]
    Occupied,
    #[error("the source has moved to {0} before: nothing is left to move")]
    Gone(String),
    #[error("the source is still being filled from elsewhere: finish that first")]
    Unfinished,
    #[error(
        "{0} is there and differs from that of the source, under which the personal data are sealed: put it away first"
    )]
    OtherKey(PathBuf),
    #[error("{file} cannot be copied: {cause}")]
    File { file: PathBuf, cause: std::io::Error },
    #[error(
        "the copy is not what the source is, so the source stays in use; of {count} differences the first is: {first}"
    )]
    Unsound { first: Difference, count: u64 },
    #[error("the copy has another checkpoint than the source, so the source stays in use: give the command again")]
    OtherRoot,
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The target is marked as one that is being filled, and has the keys.
    Prepared,
    /// So many rows were copied while the source was in use.
    Copied(u64),
    /// Nothing is written at the source from here on.
    Stopped,
    /// So many rows had been added or changed meanwhile.
    CaughtUp(u64),
    /// Both sides are the same, and the books hold.
    Verified(Box<Summary>),
    /// The source is closed for good, or would be if it were not kept.
    Left,
    /// The target may be used.
    Arrived,
    /// There is nothing left to do.
    Done,
}

/// A move under way.
#[derive(Debug)]
pub struct Relocation {
    source: Database,
    target: Database,
    clock: Clock,
    keep_source: bool,
    /// Tells one shop from another.
    shop: String,
}

impl Relocation {
    /// Opens both sides. A source that is kept may be written to afterwards, and the two part ways.
    pub async fn open(from: &Place, to: &Place, keep_source: bool, clock: Clock) -> Result<Relocation, MoveError> {
        if is_same(&from.address, &to.address) {
            return Err(MoveError::SamePlace);
        }
        let source = open_existing(from).await?;
        let shop = match shop_of(&source).await? {
            Some(shop) => shop,
            None => {
                source.close().await;
                return Err(MoveError::Empty);
            }
        };
        let target = Database::open(to).await?;
        Ok(Relocation { source, target, clock, keep_source, shop })
    }

    pub async fn close(self) {
        self.source.close().await;
        self.target.close().await;
    }

    /// Does the next step. `progress` is told now and then how many rows it has copied, or how many
    /// holders it has checked.
    pub async fn step(&self, mut progress: impl FnMut(u64)) -> Result<Step, MoveError> {
        let source = standing_find(&mut *self.source.read().await?).await?;
        let target = standing_find(&mut *self.target.read().await?).await?;
        let shop = || self.shop.clone();
        let arriving = |stage| Standing::Arriving { shop: shop(), stage };
        let stage = match (&source, &target) {
            (Standing::Arriving { .. }, _) => return Err(MoveError::Unfinished),
            (_, Standing::Arriving { shop, .. } | Standing::Arrived { shop }) if *shop != self.shop => {
                return Err(MoveError::Occupied);
            }
            (Standing::Left { to, .. }, Standing::Open | Standing::Leaving { .. } | Standing::Left { .. }) => {
                return Err(MoveError::Gone(to.clone()));
            }
            (Standing::Left { .. }, Standing::Arrived { .. }) => return Ok(Step::Done),
            (Standing::Leaving { .. }, Standing::Arrived { .. }) => {
                mark(&self.source, &Standing::Open).await?;
                return Ok(Step::Done);
            }
            (_, Standing::Leaving { .. } | Standing::Left { .. } | Standing::Arrived { .. }) => {
                return Err(MoveError::Occupied);
            }
            (_, Standing::Open) => {
                if shop_of(&self.target).await?.is_some() {
                    return Err(MoveError::Occupied);
                }
                copy_keys(self.source.folder(), self.target.folder())?;
                mark(&self.target, &arriving(Stage::Some)).await?;
                return Ok(Step::Prepared);
            }
            (_, Standing::Arriving { stage, .. }) => *stage,
        };
        match (stage, &source) {
            (Stage::Some, _) => {
                let rows = copy(&self.source, &self.target, self.clock.now(), &mut progress).await?;
                mark(&self.target, &arriving(Stage::Most)).await?;
                Ok(Step::Copied(rows))
            }
            (_, Standing::Open | Standing::Arrived { .. }) => {
                // What was looked through before may have changed since.
                mark(&self.target, &arriving(Stage::Most)).await?;
                mark(&self.source, &Standing::Leaving { shop: shop() }).await?;
                Ok(Step::Stopped)
            }
            (Stage::Most, _) => {
                let rows = copy(&self.source, &self.target, self.clock.now(), &mut progress).await?;
                mark(&self.target, &arriving(Stage::All)).await?;
                Ok(Step::CaughtUp(rows))
            }
            (Stage::All, _) => {
                let verified = self.verify(&mut progress).await;
                if verified.is_err() {
                    self.give_up().await?;
                }
                let summary = verified?;
                mark(&self.target, &arriving(Stage::Verified)).await?;
                Ok(Step::Verified(Box::new(summary)))
            }
            (Stage::Verified, Standing::Leaving { .. }) if !self.keep_source => {
                let to = self.target.address().to_string();
                mark(&self.source, &Standing::Left { shop: shop(), to }).await?;
                Ok(Step::Left)
            }
            (Stage::Verified, _) => {
                let mut transaction = self.target.write_for_move().await?;
                forget_progress(&mut transaction).await?;
                standing_set(&mut transaction, &Standing::Arrived { shop: shop() }).await?;
                transaction.commit().await?;
                Ok(Step::Arrived)
            }
        }
    }

    async fn verify(&self, progress: &mut impl FnMut(u64)) -> Result<Summary, MoveError> {
        let source = summarise(&mut *self.source.moment().await?).await?;
        let target = summarise(&mut *self.target.moment().await?).await?;
        if source != target {
            return Err(MoveError::OtherRoot);
        }
        let report = audit(&self.target, progress).await?;
        match report.differences.into_iter().next() {
            Some(first) => Err(MoveError::Unsound { first, count: report.difference_count }),
            None => Ok(target),
        }
    }

    /// Lets the source be used again, unless it is closed for good already.
    async fn give_up(&self) -> Result<(), MoveError> {
        mark(&self.target, &Standing::Arriving { shop: self.shop.clone(), stage: Stage::Some }).await?;
        Ok(reopen(&self.source).await?)
    }
}

/// Lets a source be written to again whose move was interrupted. The move may be taken up later.
pub async fn give_up(from: &Place) -> Result<(), MoveError> {
    let source = open_existing(from).await?;
    let standing = standing_find(&mut *source.read().await?).await?;
    let result = match standing {
        Standing::Left { to, .. } => Err(MoveError::Gone(to)),
        Standing::Arriving { .. } => Err(MoveError::Unfinished),
        Standing::Leaving { .. } | Standing::Open | Standing::Arrived { .. } => Ok(reopen(&source).await?),
    };
    source.close().await;
    result
}

async fn reopen(source: &Database) -> Result<(), sql::Error> {
    let standing = standing_find(&mut *source.read().await?).await?;
    if matches!(standing, Standing::Leaving { .. }) {
        mark(source, &Standing::Open).await?;
    }
    Ok(())
}

async fn open_existing(place: &Place) -> Result<Database, MoveError> {
    if !Database::is_there(place).await? {
        return Err(MoveError::Missing(place.address.to_string()));
    }
    Ok(Database::open(place).await?)
}

async fn mark(database: &Database, standing: &Standing) -> Result<(), sql::Error> {
    let mut transaction = database.write_for_move().await?;
    standing_set(&mut transaction, standing).await?;
    transaction.commit().await
}

/// What stays the same about a shop for ever: its first programme, and when it was published.
async fn shop_of(database: &Database) -> Result<Option<String>, sql::Error> {
    let sql = "select fingerprint, published_at from programme_version where part = ? order by version limit 1";
    let mut connection = database.read().await?;
    let Some(row) = sql::row(&mut connection, sql, cells![Part::PROGRAMME.number()]).await? else { return Ok(None) };
    let mut hasher = blake3::Hasher::new();
    hasher.update(sql::column(&row, "fingerprint")?);
    hasher.update(&sql::column::<i64>(&row, "published_at")?.to_le_bytes());
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

fn is_same(from: &Address, to: &Address) -> bool {
    match (from, to) {
        (Address::Sqlite(from), Address::Sqlite(to)) => {
            from == to || matches!((from.canonicalize(), to.canonicalize()), (Ok(from), Ok(to)) if from == to)
        }
        _ => from == to,
    }
}

/// The personal data stay sealed under the same key.
fn copy_keys(from: &Path, to: &Path) -> Result<(), MoveError> {
    for name in [KEY_FILE, SIGNING_KEY_FILE] {
        let (source, target) = (from.join(name), to.join(name));
        let wrong = |cause| MoveError::File { file: target.clone(), cause };
        if !source.exists() {
            continue;
        }
        let key = std::fs::read(&source).map_err(wrong)?;
        if !target.exists() {
            let key = key.as_slice().try_into().map_err(|_| wrong(std::io::ErrorKind::InvalidData.into()))?;
            crate::platform::identity::make_key_file(to, name, key).map_err(wrong)?;
        } else if std::fs::read(&target).map_err(wrong)? != key {
            return Err(MoveError::OtherKey(target));
        }
    }
    Ok(())
}
