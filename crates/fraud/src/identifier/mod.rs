//! What tells people apart, normalised, and hashed before anybody keeps it.

mod address;
mod mail;
mod network;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use address::PostalAddress;
pub use mail::{Mail, is_disposable};
pub use phone::{Numbering, e164};

use crate::likeness::{folded_name, surname};

/// Stronger kinds come first: where only so many are looked at, it is these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifierKind {
    /// A card, an account: what was paid with.
    Payment,
    Email,
    Phone,
    Device,
    /// A street address with its house and flat.
    Address,
    /// First name and surname.
    Name,
    /// The letters of a mail address, as in `jan.kowalski83` and `jankowalski_84`.
    MailPattern,
    /// A parcel locker or another point where anybody collects.
    Locker,
    Ip,
    /// What a browser says of itself, as one value.
    Traits,
    Network,
    /// Joins nobody by itself; tells households from strangers.
    Surname,
}

/// Whether something belongs to one person, or is around many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// Whoever shares it is the same person or knows the other one well, however many share it.
    Strong,
    /// Says the less, the more people share it.
    Ambient,
}

impl IdentifierKind {
    pub const ALL: [IdentifierKind; 12] = [
        IdentifierKind::Payment,
        IdentifierKind::Email,
        IdentifierKind::Phone,
        IdentifierKind::Device,
        IdentifierKind::Address,
        IdentifierKind::Name,
        IdentifierKind::MailPattern,
        IdentifierKind::Locker,
        IdentifierKind::Ip,
        IdentifierKind::Traits,
        IdentifierKind::Network,
        IdentifierKind::Surname,
    ];

    pub fn nature(self) -> Nature {
        match self {
            IdentifierKind::Payment | IdentifierKind::Email | IdentifierKind::Phone | IdentifierKind::Device => {
                Nature::Strong
            }
            _ => Nature::Ambient,
        }
    }

    /// As it is written in a policy.
    pub fn code(self) -> &'static str {
        match self {
            IdentifierKind::Payment => "payment",
            IdentifierKind::Email => "email",
            IdentifierKind::Phone => "phone",
            IdentifierKind::Device => "device",
            IdentifierKind::Address => "address",
            IdentifierKind::Name => "name",
            IdentifierKind::MailPattern => "mail_pattern",
            IdentifierKind::Locker => "locker",
            IdentifierKind::Ip => "ip",
            IdentifierKind::Traits => "traits",
            IdentifierKind::Network => "network",
            IdentifierKind::Surname => "surname",
        }
    }

    /// The kind with a tag.
    pub fn tagged(tag: u8) -> Option<IdentifierKind> {
        IdentifierKind::ALL.into_iter().find(|kind| kind.tag() == tag)
    }

    /// Sets kinds apart in what is hashed and kept, in their order; never changes.
    pub fn tag(self) -> u8 {
        match self {
            IdentifierKind::Payment => 1,
            IdentifierKind::Email => 2,
            IdentifierKind::Phone => 3,
            IdentifierKind::Device => 4,
            IdentifierKind::Address => 5,
            IdentifierKind::Name => 6,
            IdentifierKind::MailPattern => 7,
            IdentifierKind::Locker => 8,
            IdentifierKind::Ip => 9,
            IdentifierKind::Traits => 10,
            IdentifierKind::Network => 11,
            IdentifierKind::Surname => 12,
        }
    }
}

/// What is kept of an identifier: its kind and a keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mark {
    pub kind: IdentifierKind,
    pub hash: [u8; 16],
}

/// One identifier in its normal form. Its text is private to this crate and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    kind: IdentifierKind,
    normal: String,
}

impl Identifier {
    fn new(kind: IdentifierKind, normal: String) -> Identifier {
        Identifier { kind, normal }
    }

    pub fn kind(&self) -> IdentifierKind {
        self.kind
    }

    /// The hash under the caller's key, which differs between kinds for the same text.
    pub fn mark(&self, keyed: &impl Fn(&[u8]) -> [u8; 16]) -> Mark {
        let mut bytes = Vec::with_capacity(self.normal.len() + 1);
        bytes.push(self.kind.tag());
        bytes.extend_from_slice(self.normal.as_bytes());
        Mark { kind: self.kind, hash: keyed(&bytes) }
    }
}

impl fmt::Debug for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}(…)", self.kind)
    }
}

/// Why a text is no identifier of its kind. Names the fault, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    #[error("is no mail address: write it like name@example.com")]
    Mail,
    #[error("is no telephone number: write it with 7 to 15 digits, like +48 601 234 567")]
    Phone,
    #[error("is no public address of the internet")]
    Ip,
    #[error("has no street, or neither a postcode nor a town")]
    Address,
    #[error("is empty")]
    Empty,
}

/// How identifiers are brought into their normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Normalising {
    pub numbering: Numbering,
    /// Domains of throw-away mail beside those that are known here.
    pub disposable_domains: Vec<String>,
}

/// What a shop knows of a person at one moment, in the clear. Lives only as long as the call.
#[derive(Clone, Copy, Default)]
pub struct Clear<'a> {
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub device: Option<&'a str>,
    pub ip: Option<&'a str>,
    pub address: Option<PostalAddress<'a>>,
    /// The payment provider's token of a card or account; never its number.
    pub payment: Option<&'a str>,
    /// The code of a parcel locker, and its country.
    pub locker: Option<(&'a str, &'a str)>,
    /// The browser's traits, put together by the caller.
    pub traits: Option<&'a str>,
}

impl Clear<'_> {
    /// Every identifier that can be read. What cannot be read is as if it were missing: a referral is judged by
    /// the rest, and nobody is refused for a strange address.
    pub fn identifiers(&self, normalising: &Normalising) -> Vec<Identifier> {
        let mut found = Vec::new();
        found.extend(self.payment.and_then(|text| opaque(IdentifierKind::Payment, text).ok()));
        if let Some(Ok(mail)) = self.email.map(Mail::parse) {
            found.push(mail.identifier());
            found.extend(mail.pattern());
        }
        found.extend(self.phone.and_then(|text| phone::phone(text, &normalising.numbering).ok()));
        found.extend(self.device.and_then(|text| opaque(IdentifierKind::Device, text).ok()));
        found.extend(self.address.and_then(|address| address.identifier().ok()));
        found.extend(self.locker.and_then(|(code, country)| address::locker(code, country).ok()));
        found.extend(self.name.into_iter().flat_map(names));
        if let Some(Ok(both)) = self.ip.map(network::ip) {
            found.extend(both);
        }
        found.extend(self.traits.and_then(|text| opaque(IdentifierKind::Traits, text).ok()));
        found
    }

    pub fn marks(&self, normalising: &Normalising, keyed: &impl Fn(&[u8]) -> [u8; 16]) -> Vec<Mark> {
        self.identifiers(normalising).iter().map(|identifier| identifier.mark(keyed)).collect()
    }

    pub fn has_disposable_mail(&self, normalising: &Normalising) -> bool {
        let mail = self.email.and_then(|text| Mail::parse(text).ok());
        mail.is_some_and(|mail| is_disposable(&mail, &normalising.disposable_domains))
    }
}

/// A telephone number in E.164.
pub fn phone(text: &str, numbering: &Numbering) -> Result<Identifier, IdentifierError> {
    phone::phone(text, numbering)
}

/// The address itself and its network.
pub fn ip(text: &str) -> Result<[Identifier; 2], IdentifierError> {
    network::ip(text)
}

/// A token that somebody else made: nothing in it can be read or brought into order.
pub fn opaque(kind: IdentifierKind, text: &str) -> Result<Identifier, IdentifierError> {
    match text.trim() {
        "" => Err(IdentifierError::Empty),
        text => Ok(Identifier::new(kind, text.to_owned())),
    }
}

fn names(text: &str) -> Vec<Identifier> {
    let mut found = Vec::new();
    let folded = folded_name(text);
    // A single word is a nickname as often as a name.
    if folded.contains(' ') {
        found.push(Identifier::new(IdentifierKind::Name, folded));
        found.extend(surname(text).map(|surname| Identifier::new(IdentifierKind::Surname, surname)));
    }
    found
}

#[cfg(test)]
mod tests;
