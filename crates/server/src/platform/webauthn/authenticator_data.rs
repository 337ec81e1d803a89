//! What the authenticator says and signs (6.1).

use minicbor::Decoder;

use super::{LONGEST_CREDENTIAL, PasskeyFault, PublicKey, RelyingParty, read};

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const ATTESTED: u8 = 1 << 6;
const EXTENDED: u8 = 1 << 7;

#[derive(Debug)]
pub(super) struct AuthenticatorData<'a> {
    party: &'a [u8; 32],
    flags: u8,
    pub counter: u32,
    pub attested: Option<Attested<'a>>,
}

/// A new credential (6.5.1).
#[derive(Debug)]
pub(super) struct Attested<'a> {
    pub credential: &'a [u8],
    pub key: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// All of it: what is left over, or missing, makes it none.
    pub fn read(bytes: &'a [u8]) -> Result<AuthenticatorData<'a>, PasskeyFault> {
        let (party, rest) = bytes.split_first_chunk::<32>().ok_or(PasskeyFault::Malformed)?;
        let ([flags], rest) = rest.split_first_chunk::<1>().ok_or(PasskeyFault::Malformed)?;
        let (counter, mut rest) = rest.split_first_chunk::<4>().ok_or(PasskeyFault::Malformed)?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (new, after) = Attested::read(rest)?;
            (attested, rest) = (Some(new), after);
        }
        if flags & EXTENDED != 0 {
            let mut decoder = Decoder::new(rest);
            let is_map = read(decoder.datatype())? == minicbor::data::Type::Map;
            read(decoder.skip())?;
            if !is_map {
                return Err(PasskeyFault::Malformed);
            }
            rest = rest.get(decoder.position()..).unwrap_or_default();
        }
        if !rest.is_empty() {
            return Err(PasskeyFault::Malformed);
        }
        Ok(AuthenticatorData { party, flags: *flags, counter: u32::from_be_bytes(*counter), attested })
    }

    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether the passkey may stand on several devices (6.1.3).
    pub fn is_backup_eligible(&self) -> bool {
        self.has(BACKUP_ELIGIBLE)
    }

    /// What must be so whatever was asked (7.1, steps 14 to 18; 7.2, steps 15 to 19).
    pub fn check(&self, party: &RelyingParty) -> Result<(), PasskeyFault> {
        if *self.party != party.hash() {
            return Err(PasskeyFault::RelyingParty);
        }
        if !self.has(USER_PRESENT) {
            return Err(PasskeyFault::Presence);
        }
        if !self.has(USER_VERIFIED) {
            return Err(PasskeyFault::Verification);
        }
        if self.has(BACKED_UP) && !self.has(BACKUP_ELIGIBLE) {
            return Err(PasskeyFault::Backup);
        }
        Ok(())
    }
}

impl<'a> Attested<'a> {
    /// With what comes after it.
    fn read(bytes: &'a [u8]) -> Result<(Attested<'a>, &'a [u8]), PasskeyFault> {
        // Which make it is comes first, and is of no use here.
        let (_, rest) = bytes.split_first_chunk::<16>().ok_or(PasskeyFault::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyFault::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 || length > LONGEST_CREDENTIAL {
            return Err(PasskeyFault::Malformed);
        }
        let (credential, rest) = rest.split_at_checked(length).ok_or(PasskeyFault::Malformed)?;
        let (_, length) = PublicKey::read(rest)?;
        let (key, rest) = rest.split_at_checked(length).ok_or(PasskeyFault::Malformed)?;
        Ok((Attested { credential, key }, rest))
    }
}
