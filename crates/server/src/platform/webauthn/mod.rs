//! Passkeys: Web Authentication (W3C, Level 3) as far as signing in needs it. Pure: bytes go in, and what they prove
//! comes out. Numbers in brackets are sections of the standard.
//!
//! The house asks for a passkey that knows whose it is (discoverable) and that makes sure of the person before it signs
//! (user verification), so that it is a whole sign-in by itself. It asks for no attestation: whose make a passkey is, is
//! nobody's business.

mod authenticator_data;
mod client_data;
mod key;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

use minicbor::Decoder;
use ring::digest::{SHA256, digest};

use self::authenticator_data::AuthenticatorData;
pub use self::client_data::ClientData;
pub use self::key::{ALGORITHMS, PublicKey};
use super::origins::origin_of;

/// A credential's name is no longer (6.1.1).
pub const LONGEST_CREDENTIAL: usize = 1_023;

/// Who asks for passkeys: the host that they are made for, and the origin of the pages that may ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    pub id: String,
    pub origin: String,
}

impl RelyingParty {
    /// Of the address that people use from outside. Browsers know passkeys for names of hosts alone, and over HTTPS,
    /// except on one's own machine (5.1.3, 5.1.4, and Secure Contexts, 3.1).
    pub fn of(public: &str) -> Option<RelyingParty> {
        let origin = origin_of(public)?;
        let (scheme, rest) = origin.split_once("://")?;
        let host = match rest.rsplit_once(':') {
            Some((host, _)) if !rest.ends_with(']') => host,
            _ => rest,
        };
        let is_number = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
        let is_own_machine = host == "localhost" || host.ends_with(".localhost");
        let is_possible = !is_number && (scheme == "https" || is_own_machine);
        let id = host.to_owned();
        is_possible.then_some(RelyingParty { id, origin })
    }

    fn hash(&self) -> [u8; 32] {
        hash(self.id.as_bytes())
    }
}

/// Why a passkey proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    #[error("the browser's answer is not written as the standard says")]
    Malformed,
    #[error("the answer is to another kind of question")]
    Kind,
    #[error("the answer is to another challenge")]
    Challenge,
    #[error("the answer was given to a page of another origin")]
    Origin,
    #[error("the answer was given to a page inside one of another origin")]
    CrossOrigin,
    #[error("the passkey is for another host")]
    RelyingParty,
    #[error("nobody was there when the passkey signed")]
    Presence,
    #[error("the passkey did not make sure who was there")]
    Verification,
    #[error("the passkey contradicts itself on whether it is copied to other devices")]
    Backup,
    #[error("the passkey's key is of a kind that was not asked for")]
    Key,
    #[error("the passkey tells of its make in a way that was not asked for")]
    Attestation,
    #[error("the signature is not that of the passkey")]
    Signature,
    #[error("the passkey's counter went back: there may be a copy of it")]
    Counter,
    #[error("the passkey is somebody else's")]
    Owner,
}

/// A passkey that has just been made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    pub credential: Vec<u8>,
    /// As the browser gave it: a COSE key that [`PublicKey::read`] takes.
    pub key: Vec<u8>,
    pub counter: u32,
    /// Whether it may stand on several devices.
    pub is_synced: bool,
}

/// What a browser answers when a passkey is made.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'r> {
    pub credential: &'r [u8],
    pub client_data: &'r [u8],
    pub attestation: &'r [u8],
}

/// What a browser answers when a passkey signs.
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    pub client_data: &'a [u8],
    pub authenticator_data: &'a [u8],
    pub signature: &'a [u8],
    /// Whom the passkey is for, as it says.
    pub handle: Option<&'a [u8]>,
}

/// What the house knows of a passkey.
#[derive(Clone, Copy, Debug)]
pub struct Known<'k> {
    pub key: &'k [u8],
    pub handle: &'k [u8],
    pub counter: u32,
    pub is_synced: bool,
}

/// Registering a new credential (7.1), from its fifth step on.
pub fn registered(answer: Registration<'_>, challenge: &str, party: &RelyingParty) -> Result<NewPasskey, PasskeyFault> {
    ClientData::read(answer.client_data)?.check(client_data::CREATE, challenge, party)?;
    let attestation = Attestation::read(answer.attestation)?;
    let data = AuthenticatorData::read(attestation.authenticator_data)?;
    data.check(party)?;
    let attested = data.attested.as_ref().ok_or(PasskeyFault::Malformed)?;
    let (key, _) = PublicKey::read(attested.key)?;
    if attested.credential != answer.credential {
        return Err(PasskeyFault::Malformed);
    }
    let signed = [attestation.authenticator_data, &hash(answer.client_data)].concat();
    attestation.statement.check(&key, &signed)?;
    Ok(NewPasskey {
        credential: attested.credential.to_vec(),
        key: attested.key.to_vec(),
        counter: data.counter,
        is_synced: data.is_backup_eligible(),
    })
}

/// Verifying an authentication assertion (7.2), from its sixth step on. Answers the new counter.
///
/// `is_owner_known` is whether the question was for one person's passkeys alone; such a passkey may leave out whom it is
/// for.
pub fn asserted(
    answer: Assertion<'_>,
    known: Known<'_>,
    challenge: &str,
    party: &RelyingParty,
    is_owner_known: bool,
) -> Result<u32, PasskeyFault> {
    match answer.handle {
        Some(handle) if handle != known.handle => return Err(PasskeyFault::Owner),
        None if !is_owner_known => return Err(PasskeyFault::Owner),
        _ => {}
    }
    ClientData::read(answer.client_data)?.check(client_data::GET, challenge, party)?;
    let data = AuthenticatorData::read(answer.authenticator_data)?;
    data.check(party)?;
    if data.is_backup_eligible() != known.is_synced {
        return Err(PasskeyFault::Backup);
    }
    let (key, _) = PublicKey::read(known.key)?;
    let signed = [answer.authenticator_data, &hash(answer.client_data)].concat();
    if !key.has_signed(&signed, answer.signature) {
        return Err(PasskeyFault::Signature);
    }
    // A passkey that counts nothing says 0 for ever (6.1.1).
    if (data.counter != 0 || known.counter != 0) && data.counter <= known.counter {
        return Err(PasskeyFault::Counter);
    }
    Ok(data.counter)
}

/// An attestation object (6.5.4).
struct Attestation<'a> {
    authenticator_data: &'a [u8],
    statement: Statement<'a>,
}

/// What a new passkey says of its make: nothing (8.7), or that it signs for itself (8.2).
enum Statement<'a> {
    Nothing,
    Own { algorithm: i64, signature: &'a [u8] },
}

impl<'a> Attestation<'a> {
    fn read(bytes: &'a [u8]) -> Result<Attestation<'a>, PasskeyFault> {
        let mut decoder = Decoder::new(bytes);
        let (mut format, mut data, mut statement) = (None, None, None);
        for _ in 0..entries(&mut decoder)? {
            let is_new = match read(decoder.str())? {
                "fmt" => format.replace(read(decoder.str())?).is_none(),
                "authData" => data.replace(read(decoder.bytes())?).is_none(),
                "attStmt" => statement.replace(Stated::read(&mut decoder)?).is_none(),
                _ => false,
            };
            if !is_new {
                return Err(PasskeyFault::Malformed);
            }
        }
        let (Some(format), Some(authenticator_data), Some(stated)) = (format, data, statement) else {
            return Err(PasskeyFault::Malformed);
        };
        if decoder.position() != bytes.len() {
            return Err(PasskeyFault::Malformed);
        }
        let statement = match (format, stated.count, stated.algorithm, stated.signature) {
            ("none", 0, ..) => Statement::Nothing,
            ("packed", 2, Some(algorithm), Some(signature)) => Statement::Own { algorithm, signature },
            _ => return Err(PasskeyFault::Attestation),
        };
        Ok(Attestation { authenticator_data, statement })
    }
}

/// What a statement has that is of use, and how many entries in all.
struct Stated<'a> {
    count: u64,
    algorithm: Option<i64>,
    signature: Option<&'a [u8]>,
}

impl<'a> Stated<'a> {
    fn read(decoder: &mut Decoder<'a>) -> Result<Stated<'a>, PasskeyFault> {
        let mut stated = Stated { count: entries(decoder)?, algorithm: None, signature: None };
        for _ in 0..stated.count {
            match read(decoder.str())? {
                "alg" => stated.algorithm = Some(read(decoder.i64())?),
                "sig" => stated.signature = Some(read(decoder.bytes())?),
                _ => read(decoder.skip())?,
            }
        }
        Ok(stated)
    }
}

impl Statement<'_> {
    fn check(&self, key: &PublicKey, signed: &[u8]) -> Result<(), PasskeyFault> {
        match self {
            Statement::Nothing => Ok(()),
            Statement::Own { algorithm, signature } => {
                let is_own = *algorithm == key.algorithm() && key.has_signed(signed, signature);
                if is_own { Ok(()) } else { Err(PasskeyFault::Attestation) }
            }
        }
    }
}

/// The number of entries of a map that says it; the standard's encoding always does (CTAP 2.1, 8).
fn entries(decoder: &mut Decoder<'_>) -> Result<u64, PasskeyFault> {
    const MOST: u64 = 16;
    read(decoder.map())?.filter(|count| *count <= MOST).ok_or(PasskeyFault::Malformed)
}

fn read<T>(answer: Result<T, minicbor::decode::Error>) -> Result<T, PasskeyFault> {
    answer.map_err(|_| PasskeyFault::Malformed)
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}
