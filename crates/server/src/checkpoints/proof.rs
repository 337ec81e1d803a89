//! Proof that a member's statement is part of what was signed, for whoever knows the public key.

use lojal_core::kernel::{HolderId, Part};
use serde::{Deserialize, Serialize};

use super::hexadecimal::Digest;
use super::signing::PublicKey;
use super::tree::{Sibling, climb, holder_hash};
use super::{Checkpoint, CheckpointError, Doubt, FORMAT, gather, sign};
use crate::platform::application::Application;

/// A checkpoint, and the way from one holder to its root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    lojal_proof: u32,
    pub checkpoint: Checkpoint,
    pub holder: String,
    /// How many transactions the holder has.
    pub transactions: i64,
    /// The hash of the latest one, in which the holder's chain ends.
    pub head_hash: Digest,
    /// What stands beside the way to the root of the holder's part, from below.
    pub path: Vec<Sibling>,
}

impl Proof {
    /// Checks everything; nothing but the public key has to be trusted.
    pub fn check(&self, trusted: Option<PublicKey>) -> Result<(), Doubt> {
        if self.lojal_proof != FORMAT {
            return Err(Doubt::Format);
        }
        self.checkpoint.check(trusted)?;
        let holder: HolderId = self.holder.parse().map_err(|_| Doubt::Format)?;
        let leaf = holder_hash(holder, self.transactions, self.head_hash);
        let parts = &self.checkpoint.summary.parts;
        let part = parts.iter().find(|part| Part::from_number(part.part) == Some(holder.part()));
        let leads = part.is_some_and(|part| climb(leaf, &self.path) == part.root);
        if leads { Ok(()) } else { Err(Doubt::Path) }
    }
}

/// Takes a checkpoint of this moment and proves that a member is in it.
pub async fn prove(application: &Application, external_id: &str) -> Result<Proof, CheckpointError> {
    let unknown = || CheckpointError::NoMember(external_id.to_owned());
    let member = application.member_by_external_id(external_id).await?.ok_or_else(unknown)?;
    let mut snapshot = application.database.moment().await?;
    let (summary, found) = gather(&mut snapshot, None, Some(member.id.into())).await?;
    let (head, path) = found.ok_or_else(unknown)?;
    Ok(Proof {
        lojal_proof: FORMAT,
        checkpoint: sign(application, summary)?,
        holder: head.holder.to_string(),
        transactions: head.transactions,
        head_hash: head.hash,
        path,
    })
}
