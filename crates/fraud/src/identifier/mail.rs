use super::{Identifier, IdentifierError, IdentifierKind};

/// The longest local part and the longest domain that mail knows.
const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;
/// Fewer letters are a first name, which thousands have.
const SHORTEST_PATTERN: usize = 7;

/// What a provider leaves out of a local part when it delivers.
struct Provider {
    domains: &'static [&'static str],
    /// Characters that make no difference.
    ignored: &'static [char],
}

/// Only what providers document; elsewhere a dot or a plus may be another person.
const PROVIDERS: [Provider; 5] = [
    Provider { domains: &["gmail.com", "googlemail.com"], ignored: &['.'] },
    Provider { domains: &["proton.me", "protonmail.com", "pm.me"], ignored: &['.', '-', '_'] },
    Provider { domains: &["outlook.com"], ignored: &[] },
    Provider { domains: &["hotmail.com"], ignored: &[] },
    Provider { domains: &["icloud.com", "me.com", "mac.com"], ignored: &[] },
];

/// A few of the best known; a shop adds its own.
const DISPOSABLE: [&str; 20] = [
    "10minutemail.com",
    "33mail.com",
    "discard.email",
    "dispostable.com",
    "emailondeck.com",
    "fakeinbox.com",
    "getnada.com",
    "guerrillamail.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "mohmal.com",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.com",
    "throwawaymail.com",
    "trashmail.com",
    "tempr.email",
    "yopmail.com",
];

/// A mail address as its provider delivers it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    local: String,
    domain: String,
}

impl Mail {
    pub fn parse(text: &str) -> Result<Mail, IdentifierError> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(IdentifierError::Mail)?;
        let domain = domain.trim_end_matches('.');
        let is_sound = !local.is_empty()
            && local.len() <= LONGEST_LOCAL
            && !local.contains(|letter: char| letter.is_whitespace() || letter == '@')
            && domain.len() <= LONGEST_DOMAIN
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && domain.chars().all(|letter| letter.is_alphanumeric() || letter == '.' || letter == '-');
        if !is_sound {
            return Err(IdentifierError::Mail);
        }
        let Some(provider) = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain)) else {
            return Ok(Mail { local: local.to_owned(), domain: domain.to_owned() });
        };
        let plain = local.split('+').next().unwrap_or_default();
        let plain: String = plain.chars().filter(|letter| !provider.ignored.contains(letter)).collect();
        if plain.is_empty() {
            return Err(IdentifierError::Mail);
        }
        Ok(Mail { local: plain, domain: provider.domains[0].to_owned() })
    }

    /// What stands before the `@`, with tags and dots gone where they mean nothing.
    pub(crate) fn local(&self) -> &str {
        &self.local
    }

    pub fn identifier(&self) -> Identifier {
        Identifier::new(IdentifierKind::Email, format!("{}@{}", self.local, self.domain))
    }

    /// Its letters alone, whatever the provider; none where they are too few to say anything.
    pub fn pattern(&self) -> Option<Identifier> {
        let untagged = self.local.split('+').next().unwrap_or_default();
        let letters: String = untagged.chars().filter(|letter| letter.is_alphabetic()).collect();
        (letters.chars().count() >= SHORTEST_PATTERN).then(|| Identifier::new(IdentifierKind::MailPattern, letters))
    }
}

/// Whether the domain, or one that it belongs to, hands out addresses to throw away.
pub fn is_disposable(mail: &Mail, more: &[String]) -> bool {
    let is_listed = |domain: &str| {
        DISPOSABLE.contains(&domain) || more.iter().any(|listed| listed.trim().eq_ignore_ascii_case(domain))
    };
    let mut domain = mail.domain.as_str();
    loop {
        if is_listed(domain) {
            return true;
        }
        match domain.split_once('.') {
            Some((_, parent)) => domain = parent,
            None => return false,
        }
    }
}
