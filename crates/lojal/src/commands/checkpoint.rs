use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use lojal_server::checkpoints::{Checkpoint as Signed, Proof, PublicKey, checkpoint, prove, verify};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Folder, print, read_text};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Checkpoint {
    #[command(subcommand)]
    about: Option<About>,
    /// Check a checkpoint that was taken before: its signature, and that the data still hold that history
    #[arg(long, value_name = "FILE", conflicts_with_all = ["member", "to"])]
    verify: Option<PathBuf>,
    /// Write a proof that this member is in the checkpoint, by the shop's own id
    #[arg(long, value_name = "EXTERNAL_ID")]
    member: Option<String>,
    /// The file to write, else it is printed; it must not be there yet
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Subcommand)]
enum About {
    /// Check the proof of a member, for which no data are needed
    VerifyProof {
        /// What `lojal checkpoint --member` wrote
        file: PathBuf,
        /// The key that you trust, as the shop makes it known
        #[arg(long, value_name = "HEX")]
        public_key: Option<PublicKey>,
    },
}

impl Checkpoint {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        if let Some(About::VerifyProof { file, public_key }) = &self.about {
            return verify_proof(file, *public_key, texts);
        }
        let application = self.folder.open().await?;
        let result = match (&self.verify, &self.member) {
            (Some(file), _) => {
                let signed: Signed = read(file)?;
                verify(&application, &signed).await?.map_err(Failure::from).map(|()| signed)
            }
            (None, Some(member)) => {
                let proof = prove(&application, member).await?;
                self.write(&proof)?;
                Ok(proof.checkpoint)
            }
            (None, None) => {
                let signed = checkpoint(&application).await?;
                self.write(&signed)?;
                Ok(signed)
            }
        };
        application.close().await;
        let signed = result?;
        if self.verify.is_some() || self.to.is_some() {
            tell(&signed, texts)?;
        }
        Ok(())
    }

    fn write(&self, what: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(what)? + "\n";
        let Some(file) = &self.to else { return print(&text) };
        let wrong = |cause| Failure::new(format!("{} cannot be written: {cause}", file.display()));
        let mut output = std::fs::OpenOptions::new().write(true).create_new(true).open(file).map_err(wrong)?;
        std::io::Write::write_all(&mut output, text.as_bytes()).map_err(wrong)
    }
}

fn verify_proof(file: &Path, trusted: Option<PublicKey>, texts: &Texts) -> Result<(), Failure> {
    let proof: Proof = read(file)?;
    proof.check(trusted)?;
    let key = proof.checkpoint.public_key.to_string();
    let count = texts.number(proof.transactions);
    let values = [("member", proof.holder.as_str()), ("transactions", count.as_str()), ("key", key.as_str())];
    print(&format!("{}\n", texts.say("checkpoint-proof-holds", &values)))?;
    tell(&proof.checkpoint, texts)
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T, Failure> {
    let wrong = |cause| Failure::new(format!("{} is not what `lojal checkpoint` wrote: {cause}", file.display()));
    serde_json::from_str(&read_text(file)?).map_err(wrong)
}

/// Prints what a checkpoint stands for.
fn tell(signed: &Signed, texts: &Texts) -> Result<(), Failure> {
    let (holders, transactions) = (texts.number(signed.summary.holders), texts.number(signed.summary.transactions));
    let root = signed.summary.root.to_string();
    let values = [
        ("root", root.as_str()),
        ("holders", holders.as_str()),
        ("transactions", transactions.as_str()),
        ("time", signed.taken_at.as_str()),
    ];
    print(&format!("{}\n", texts.say("checkpoint-holds", &values)))
}
