//! The key with which an installation signs.

use std::path::Path;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use super::CheckpointError;
use super::hexadecimal::Bytes;
use crate::platform::identity::make_key_file;
use crate::platform::random;

/// The file of the key in the data folder: 32 bytes, readable by their owner only.
pub const SIGNING_KEY_FILE: &str = "signing.key";

pub type PublicKey = Bytes<32>;
pub type Signature = Bytes<64>;

/// Signs with Ed25519.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// Reads the key of a data folder, and makes one when there is none.
    pub fn open(folder: &Path) -> Result<SigningKey, CheckpointError> {
        let path = folder.join(SIGNING_KEY_FILE);
        let wrong = |cause| CheckpointError::File { file: path.clone(), cause };
        if !path.exists() {
            make_key_file(folder, SIGNING_KEY_FILE, &random::bytes()?).map_err(wrong)?;
        }
        let seed = std::fs::read(&path).map_err(wrong)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed);
        pair.map(SigningKey).map_err(|_| CheckpointError::DamagedKey(path))
    }

    pub fn public(&self) -> PublicKey {
        let mut key = [0; 32];
        key.copy_from_slice(self.0.public_key().as_ref());
        Bytes(key)
    }

    pub fn sign(&self, text: &str) -> Signature {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.0.sign(text.as_bytes()).as_ref());
        Bytes(signature)
    }
}

/// Whether the owner of the key has signed the text.
pub fn is_signed(text: &str, signature: Signature, key: PublicKey) -> bool {
    UnparsedPublicKey::new(&ED25519, key.0).verify(text.as_bytes(), &signature.0).is_ok()
}
