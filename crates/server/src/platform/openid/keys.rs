//! The keys with which a provider signs: JSON Web Keys (RFC 7517), of the two kinds that are taken.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// Signatures by public keys alone: with a shared secret, whoever checks could sign as well.
pub(super) const ALGORITHMS: [&str; 2] = [RS256, ES256];
const RS256: &str = "RS256";
const ES256: &str = "ES256";
/// More than any provider has in use.
const MOST: usize = 50;

#[derive(Clone, Debug)]
pub(super) struct Key {
    id: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Rs256 { modulus: Vec<u8>, exponent: Vec<u8> },
    Es256(Vec<u8>),
}

/// Those of a set that can be used; none is an answer as well.
pub(super) fn keys_of(set: &Value) -> Option<Vec<Key>> {
    Some(set.get("keys")?.as_array()?.iter().take(MOST).filter_map(Key::read).collect())
}

impl Key {
    fn read(key: &Value) -> Option<Key> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let (algorithm, material) = match (text("kty")?, text("crv")) {
            ("RSA", _) => (RS256, Material::Rs256 { modulus: bytes("n")?, exponent: bytes("e")? }),
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                (ES256, Material::Es256([vec![4], x, y].concat()))
            }
            _ => return None,
        };
        let is_meant = text("alg").is_none_or(|named| named == algorithm);
        is_meant.then(|| Key { id: text("kid").map(str::to_owned), material })
    }

    /// Whether a token that names this algorithm, and perhaps a key, may be signed with it.
    pub fn fits(&self, algorithm: &str, id: Option<&str>) -> bool {
        let own = match self.material {
            Material::Rs256 { .. } => RS256,
            Material::Es256(_) => ES256,
        };
        own == algorithm && (id.is_none() || id == self.id.as_deref())
    }

    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match &self.material {
            Material::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            Material::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        verified.is_ok()
    }
}
