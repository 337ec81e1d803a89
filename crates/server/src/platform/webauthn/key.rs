//! A passkey's public key: a COSE key (RFC 9052, 7; RFC 9053; RFC 8230, 4) of one of three kinds, with nothing in it that
//! its kind does not need (6.5.1.1).

use minicbor::Decoder;
use minicbor::data::Type;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::{PasskeyFault, entries, read};

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
/// What is asked for, the best first: every authenticator of today knows one of them.
pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

const KIND: i64 = 1;
const ALGORITHM: i64 = 3;
const OCTET_KEY_PAIR: i64 = 1;
const CURVE_KEY: i64 = 2;
const RSA_KEY: i64 = 3;
const P256: i64 = 1;
const ED25519_CURVE: i64 = 6;
/// In bytes: 2,048 to 4,096 bits.
const MODULUS: std::ops::RangeInclusive<usize> = 256..=512;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// The point, uncompressed.
    Es256(Vec<u8>),
    EdDsa(Vec<u8>),
    Rs256 {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Number(i64),
    Bytes(&'a [u8]),
}

impl PublicKey {
    /// With how many bytes it takes.
    pub fn read(bytes: &[u8]) -> Result<(PublicKey, usize), PasskeyFault> {
        let mut decoder = Decoder::new(bytes);
        let mut pieces: Vec<(i64, Piece<'_>)> = Vec::new();
        for _ in 0..entries(&mut decoder)? {
            let label = read(decoder.i64())?;
            let piece = match read(decoder.datatype())? {
                Type::Bytes => Piece::Bytes(read(decoder.bytes())?),
                _ => Piece::Number(read(decoder.i64())?),
            };
            if pieces.iter().any(|(known, _)| *known == label) {
                return Err(PasskeyFault::Malformed);
            }
            pieces.push((label, piece));
        }
        pieces.sort_by_key(|(label, _)| std::cmp::Reverse(*label));
        use Piece::{Bytes, Number};
        let key = match pieces.as_slice() {
            [
                (ALGORITHM, Number(ES256)),
                (KIND, Number(CURVE_KEY)),
                (-1, Number(P256)),
                (-2, Bytes(x)),
                (-3, Bytes(y)),
            ] if x.len() == 32 && y.len() == 32 => PublicKey::Es256([&[4], *x, *y].concat()),
            [
                (ALGORITHM, Number(EDDSA)),
                (KIND, Number(OCTET_KEY_PAIR)),
                (-1, Number(ED25519_CURVE)),
                (-2, Bytes(x)),
            ] if x.len() == 32 => PublicKey::EdDsa(x.to_vec()),
            [(ALGORITHM, Number(RS256)), (KIND, Number(RSA_KEY)), (-1, Bytes(modulus)), (-2, Bytes(exponent))]
                if MODULUS.contains(&modulus.len()) && (1..=4).contains(&exponent.len()) =>
            {
                PublicKey::Rs256 { modulus: modulus.to_vec(), exponent: exponent.to_vec() }
            }
            _ => return Err(PasskeyFault::Key),
        };
        Ok((key, decoder.position()))
    }

    pub fn algorithm(&self) -> i64 {
        match self {
            PublicKey::Es256(_) => ES256,
            PublicKey::EdDsa(_) => EDDSA,
            PublicKey::Rs256 { .. } => RS256,
        }
    }

    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let verified = match self {
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
            }
            PublicKey::EdDsa(point) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
            PublicKey::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
        };
        verified.is_ok()
    }
}
