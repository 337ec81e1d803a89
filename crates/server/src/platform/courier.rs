//! By which ways a code can be sent to somebody.

use lojal_fraud::identifier::{Clear, IdentifierKind, Mark, e164};

use super::application::Application;
use super::fraud::{Channel, marks, normalising_of};
use super::identity::Identity;
use super::mail::Mailer;
use super::sms::Texter;

/// What the operator has set up.
#[derive(Clone, Debug, Default)]
pub struct Courier {
    pub mailer: Option<Mailer>,
    pub texter: Option<Texter>,
}

/// A way to somebody.
#[derive(Clone)]
pub struct Way {
    pub channel: Channel,
    /// A mail address, or a number in E.164.
    pub address: String,
    /// What whoever enters the code has proven to have.
    pub mark: Mark,
}

/// Says nothing of where it leads.
impl std::fmt::Debug for Way {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.channel.name())
    }
}

impl Courier {
    /// The ways to a person, the first choice first: a telephone is harder to have many of. Only the one that is wanted,
    /// where one is.
    pub fn ways(&self, application: &Application, person: &Identity, wanted: Option<Channel>) -> Vec<Way> {
        let normalising = normalising_of(&application.fraud_settings().unwrap_or_default());
        let way = |channel, address: String, kind| {
            let seen = match channel {
                Channel::Mail => Clear { email: Some(&address), ..Clear::default() },
                Channel::Sms => Clear { phone: Some(&address), ..Clear::default() },
            };
            let mark = marks(&application.vault, &seen, &normalising).into_iter().find(|mark| mark.kind == kind)?;
            Some(Way { channel, address, mark })
        };
        let number = person.phone.as_deref().and_then(|text| e164(text, &normalising.numbering).ok());
        let number = number.filter(|_| self.texter.is_some());
        let by_sms = number.and_then(|number| way(Channel::Sms, number, IdentifierKind::Phone));
        let address = person.email.clone().filter(|_| self.mailer.is_some());
        let by_mail = address.and_then(|address| way(Channel::Mail, address, IdentifierKind::Email));
        let is_wanted = |way: &Way| wanted.is_none_or(|wanted| wanted == way.channel);
        by_sms.into_iter().chain(by_mail).filter(is_wanted).collect()
    }
}
