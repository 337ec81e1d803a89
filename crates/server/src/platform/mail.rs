//! Letters to people, by the mail server of the operator.

use std::sync::Arc;
use std::time::Duration;

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::random::{self, NoRandomness};

/// Longer than a mail server should need; nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Sends letters. Clones share its connections.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Arc<Mailbox>,
}

/// Says nothing: there is a password in it.
impl std::fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Mailer")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// Without the address, in which there may be a password.
    #[error(
        "the address of the mail server is not in order: write smtps://USER:PASSWORD@HOST, \
         smtp://USER:PASSWORD@HOST:587?tls=required, or smtp://HOST:25 for one on this machine"
    )]
    Server,
    #[error("{0} is no sender of letters: write Shop <club@shop.example>")]
    Sender(String),
}

/// Why a letter was not sent. It names no receiver, so that it may stand in a log.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the letter cannot be written: {0}")]
    Letter(#[from] lettre::error::Error),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("the receiver's address is not one")]
    Receiver,
    #[error("the mail server did not take it: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

/// Tells machines that nobody wrote the letter by hand, so that none answers it (RFC 3834).
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<AutoSubmitted, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(AutoSubmitted::name(), "auto-generated".to_owned())
    }
}

/// What is to be said, in the two ways that readers of mail know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Mailer {
    /// `server` is an address such as `smtps://user:password@mail.example.com`.
    pub fn new(server: &str, from: &str) -> Result<Mailer, MailerError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|_| MailerError::Server)?;
        let from = from.parse().map_err(|_| MailerError::Sender(from.to_owned()))?;
        Ok(Mailer { transport: transport.timeout(Some(PATIENCE)).build(), from: Arc::new(from) })
    }

    /// A name that no other letter has, under the domain of the sender rather than that of this machine.
    fn message_id(&self) -> Result<String, MailError> {
        let name = blake3::Hash::from_bytes(random::bytes()?).to_hex();
        Ok(format!("<{}@{}>", &name[..32], self.from.email.domain()))
    }

    pub async fn send(&self, to: &str, letter: Letter) -> Result<(), MailError> {
        let to = Mailbox::new(None, to.parse().map_err(|_| MailError::Receiver)?);
        let message = Message::builder().from((*self.from).clone()).to(to).subject(letter.subject);
        let message = message.message_id(Some(self.message_id()?)).header(AutoSubmitted);
        let message = message.multipart(MultiPart::alternative_plain_html(letter.text, letter.html))?;
        self.transport.send(message).await?;
        Ok(())
    }
}
