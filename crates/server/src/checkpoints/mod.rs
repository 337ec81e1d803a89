//! Checkpoints: one signed hash that stands for every transaction there is.
//!
//! Each holder's chain of hashes ends in its head, so that a tree over the heads of all holders
//! fixes everything that was ever written. The holders of a part are the leaves of one tree, in the
//! order of their ids, and the parts are the leaves of another: every kind of database can read
//! its rows in the order in which they lie and come to the same root.
//!
//! Because nothing is ever taken out of the journal, a checkpoint can be checked when the shop has
//! gone on: the chains are followed back to where they ended then.

mod hexadecimal;
mod proof;
mod signing;
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;

use lojal_core::kernel::{HolderId, Id, Part, TransactionId};
use serde::{Deserialize, Serialize};

use crate::platform::application::Application;
use crate::platform::journal::{id, journal_find, transaction_id};
use crate::platform::random::NoRandomness;
use crate::platform::sql::{self, Cell, Connection, column, column_of_32, damaged};
pub use hexadecimal::{Bytes, Digest, NotHexadecimal};
pub use proof::{Proof, prove};
pub use signing::{PublicKey, SIGNING_KEY_FILE, Signature};
use signing::{SigningKey, is_signed};
use tree::{Sibling, Tree, holder_hash, part_hash};

/// The version of the format of checkpoints and proofs.
const FORMAT: u32 = 1;
/// Holders that are read at once.
const PAGE: usize = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("storage failed: {0}")]
    Storage(#[from] sql::Error),
    #[error("{file} cannot be made or read: {cause}")]
    File { file: PathBuf, cause: std::io::Error },
    #[error("{0} does not hold 32 bytes: put a copy of the right one there")]
    DamagedKey(PathBuf),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("no programme has been published, so there is nothing to sign")]
    NoProgramme,
    #[error("no member {0} is known")]
    NoMember(String),
}

/// Why a checkpoint or a proof is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("it has another format than this release knows")]
    Format,
    #[error("its figures contradict each other: it was changed after it was signed")]
    Contradiction,
    #[error("its signature is not that of the key it names: it was changed after it was signed")]
    Signature,
    #[error("it was signed with another key than the one that you trust")]
    OtherKey,
    #[error("the data do not hold the history that was signed: transactions were changed or taken out")]
    OtherHistory,
    #[error("the way from the member to the root leads elsewhere: the proof was changed")]
    Path,
}

/// What is in a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartSummary {
    pub part: i64,
    pub holders: i64,
    pub transactions: i64,
    /// The highest id of a transaction in it.
    pub latest: String,
    /// Of the tree of its holders.
    pub root: Digest,
}

impl PartSummary {
    fn hash(&self) -> Option<Digest> {
        let (part, latest) = (Part::from_number(self.part)?, self.latest()?);
        Some(part_hash(part, self.holders, self.transactions, latest.number(), self.root))
    }

    fn latest(&self) -> Option<TransactionId> {
        self.latest.parse().ok()
    }
}

/// What stands for everything in a database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub holders: i64,
    pub transactions: i64,
    pub root: Digest,
    /// Of those that hold anything, in order.
    pub parts: Vec<PartSummary>,
}

impl Summary {
    /// Whether the figures and the root are those of the parts.
    fn agrees(&self) -> bool {
        let sum =
            |count: fn(&PartSummary) -> i64| self.parts.iter().try_fold(0i64, |sum, part| sum.checked_add(count(part)));
        let ordered = self.parts.windows(2).all(|pair| pair[0].part < pair[1].part);
        let hashes: Option<Vec<Digest>> = self.parts.iter().map(PartSummary::hash).collect();
        ordered
            && sum(|part| part.holders) == Some(self.holders)
            && sum(|part| part.transactions) == Some(self.transactions)
            && hashes.is_some_and(|hashes| root_of(hashes) == self.root)
    }
}

fn root_of(leaves: impl IntoIterator<Item = Digest>) -> Digest {
    let mut tree = Tree::default();
    leaves.into_iter().for_each(|leaf| tree.push(leaf, false));
    tree.finish().0
}

/// A summary with who vouches for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    lojal_checkpoint: u32,
    pub programme: String,
    pub taken_at: String,
    #[serde(flatten)]
    pub summary: Summary,
    pub public_key: PublicKey,
    pub signature: Signature,
}

impl Checkpoint {
    /// What is signed: plain text, so that it can be checked with any tool.
    fn text(&self) -> String {
        let Summary { holders, transactions, root, .. } = &self.summary;
        format!(
            "lojal checkpoint {}\nprogramme {}\ntaken at {}\nholders {holders}\ntransactions {transactions}\nroot {root}\n",
            self.lojal_checkpoint, self.programme, self.taken_at
        )
    }

    /// Checks all that can be checked without the data. Whose the key is, the reader must know.
    pub fn check(&self, trusted: Option<PublicKey>) -> Result<(), Doubt> {
        if self.lojal_checkpoint != FORMAT {
            return Err(Doubt::Format);
        }
        if !self.summary.agrees() {
            return Err(Doubt::Contradiction);
        }
        if !is_signed(&self.text(), self.signature, self.public_key) {
            return Err(Doubt::Signature);
        }
        if trusted.is_some_and(|trusted| trusted != self.public_key) {
            return Err(Doubt::OtherKey);
        }
        Ok(())
    }
}

/// Takes and signs a checkpoint of one moment.
pub async fn checkpoint(application: &Application) -> Result<Checkpoint, CheckpointError> {
    let mut snapshot = application.database.moment().await?;
    let summary = summarise(&mut snapshot).await?;
    sign(application, summary)
}

fn sign(application: &Application, summary: Summary) -> Result<Checkpoint, CheckpointError> {
    let programme = application.rulebook().live().cloned().ok_or(CheckpointError::NoProgramme)?;
    let key = SigningKey::open(application.database.folder())?;
    let mut checkpoint = Checkpoint {
        lojal_checkpoint: FORMAT,
        programme: programme.id.to_string(),
        taken_at: application.clock.now().to_string(),
        summary,
        public_key: key.public(),
        signature: Bytes([0; 64]),
    };
    checkpoint.signature = key.sign(&checkpoint.text());
    Ok(checkpoint)
}

/// Checks a checkpoint against the data, which may have gone on since.
pub async fn verify(application: &Application, checkpoint: &Checkpoint) -> Result<Result<(), Doubt>, CheckpointError> {
    let own = SigningKey::open(application.database.folder())?.public();
    if let Err(doubt) = checkpoint.check(Some(own)) {
        return Ok(Err(doubt));
    }
    let parts = checkpoint.summary.parts.iter();
    let then = parts.filter_map(|part| Some((Part::from_number(part.part)?, part.latest()?))).collect();
    let mut snapshot = application.database.moment().await?;
    let found = gather(&mut snapshot, Some(&then), None).await?.0;
    Ok(if found == checkpoint.summary { Ok(()) } else { Err(Doubt::OtherHistory) })
}

/// Sums up everything that is there.
pub async fn summarise(connection: &mut Connection) -> Result<Summary, sql::Error> {
    Ok(gather(connection, None, None).await?.0)
}

/// The end of a holder's chain.
#[derive(Clone, Copy, Debug)]
struct Head {
    holder: HolderId,
    transactions: i64,
    latest: TransactionId,
    hash: Digest,
}

/// What has been read of a part.
#[derive(Default)]
struct Gathered {
    tree: Tree,
    holders: i64,
    transactions: i64,
    latest: Option<TransactionId>,
}

/// Reads the heads of all holders, as they are now or as they were when the latest transactions of
/// the parts were those in `then`. With the head of a watched holder and its way to its part's root.
async fn gather(
    connection: &mut Connection,
    then: Option<&BTreeMap<Part, TransactionId>>,
    watched: Option<HolderId>,
) -> Result<(Summary, Option<(Head, Vec<Sibling>)>), sql::Error> {
    let mut parts: BTreeMap<Part, Gathered> = BTreeMap::new();
    let mut watched_head = None;
    let mut after: Option<Id> = None;
    loop {
        let page = heads(connection, after).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.holder.0);
        for head in page {
            let part = head.holder.part();
            let head = match then {
                None => Some(head),
                Some(then) => match then.get(&part) {
                    Some(latest) => head_at(connection, head, *latest).await?,
                    None => None,
                },
            };
            let Some(head) = head else { continue };
            let is_watched = watched == Some(head.holder);
            if is_watched {
                watched_head = Some(head);
            }
            let gathered = parts.entry(part).or_default();
            gathered.tree.push(holder_hash(head.holder, head.transactions, head.hash), is_watched);
            gathered.holders += 1;
            gathered.transactions += head.transactions;
            gathered.latest = gathered.latest.max(Some(head.latest));
        }
    }
    let mut path = Vec::new();
    let mut summaries = Vec::with_capacity(parts.len());
    for (part, gathered) in parts {
        let (root, found) = gathered.tree.finish();
        path.extend(found);
        summaries.push(PartSummary {
            part: part.number(),
            holders: gathered.holders,
            transactions: gathered.transactions,
            latest: gathered.latest.map(|latest| latest.to_string()).unwrap_or_default(),
            root,
        });
    }
    let summary = Summary {
        holders: summaries.iter().map(|part| part.holders).sum(),
        transactions: summaries.iter().map(|part| part.transactions).sum(),
        root: root_of(summaries.iter().filter_map(PartSummary::hash)),
        parts: summaries,
    };
    Ok((summary, watched_head.map(|head| (head, path))))
}

async fn heads(connection: &mut Connection, after: Option<Id>) -> Result<Vec<Head>, sql::Error> {
    let (page, mut cells) = connection.dialect().page("holder", after);
    let sql = format!("select part, holder, version, head, head_hash from holder_state where {page} limit ?");
    cells.push(Cell::from(PAGE as i64));
    let rows = sql::rows(connection, &sql, cells).await?;
    let head = |row| {
        Ok(Head {
            holder: HolderId(id(column(row, "holder")?)?),
            transactions: column(row, "version")?,
            latest: transaction_id(column(row, "head")?)?,
            hash: Bytes(column_of_32(row, "head_hash")?),
        })
    };
    rows.iter().map(head).collect()
}

/// Where a chain ended when `latest` was the latest transaction of its part; nowhere when it had
/// not begun.
async fn head_at(
    connection: &mut Connection,
    mut head: Head,
    latest: TransactionId,
) -> Result<Option<Head>, sql::Error> {
    while head.latest > latest {
        let row = journal_find(connection, head.latest).await?;
        let row = row.ok_or_else(|| damaged(format!("{} is missing", head.latest)))?;
        let Some(previous) = row.prev else { return Ok(None) };
        let row = journal_find(connection, previous).await?;
        let row = row.ok_or_else(|| damaged(format!("{previous} is missing")))?;
        head = Head { transactions: head.transactions - 1, latest: previous, hash: Bytes(row.hash), ..head };
    }
    Ok(Some(head))
}
