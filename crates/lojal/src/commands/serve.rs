use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use lojal_server::Front;
use lojal_server::platform::application::Application;
use lojal_server::platform::http::HttpOptions;
use lojal_server::platform::mail::Mailer;
use lojal_server::platform::sms::Texter;
use lojal_server::webhooks::{Reach, Webhooks};
use tokio::net::TcpListener;

use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    folder: Folder,
    /// Archive what is older than so many whole months, as `lojal archive` does
    #[arg(long, value_name = "COUNT", env = "LOJAL_KEEP_MONTHS", value_parser = clap::value_parser!(u32).range(1..))]
    keep_months: Option<u32>,
    /// The address that people use from outside, with its scheme; with https, cookies go no other way
    #[arg(long, value_name = "URL", env = "LOJAL_PUBLIC_URL")]
    public_url: Option<String>,
    /// Your own templates, texts and assets; else the folder overrides in the data folder
    #[arg(long, value_name = "DIR", env = "LOJAL_OVERRIDES")]
    overrides: Option<PathBuf>,
    /// The mail server by which members get codes; with a password in it, say it in the environment
    #[arg(long, value_name = "URL", env = "LOJAL_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// Who the letters are from: Shop <club@shop.example>
    #[arg(long, value_name = "SENDER", env = "LOJAL_MAIL_FROM")]
    mail_from: Option<String>,
    /// What sends text messages with codes: smsapi.pl, smsapi.com, or the https address of a gateway of your own
    #[arg(long, value_name = "GATEWAY", env = "LOJAL_SMS_GATEWAY")]
    sms_gateway: Option<String>,
    /// The token of SMSAPI, or the whsec_… that your own gateway knows; say it in the environment
    #[arg(long, value_name = "SECRET", env = "LOJAL_SMS_SECRET", hide_env_values = true)]
    sms_secret: Option<String>,
    /// The name that SMSAPI shows as the sender of text messages
    #[arg(long, value_name = "NAME", env = "LOJAL_SMS_FROM")]
    sms_from: Option<String>,
    /// Let webhooks go to private addresses as well, and without TLS
    #[arg(long, env = "LOJAL_WEBHOOKS_TO_PRIVATE")]
    webhooks_to_private: bool,
}

/// Where to listen.
#[derive(Args)]
pub struct Address {
    /// The address to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDR", env = "LOJAL_LISTEN", default_value = "127.0.0.1:8321")]
    listen: SocketAddr,
}

impl Address {
    pub async fn bind(&self) -> Result<TcpListener, Failure> {
        let taken = |cause| Failure::new(format!("cannot listen on {}: {cause}", self.listen));
        TcpListener::bind(self.listen).await.map_err(taken)
    }
}

impl Serve {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let (mailer, texter) = (self.mailer()?, self.texter()?);
        let listener = self.address.bind().await?;
        let application = self.folder.open_or_make().await?;
        let rulebook = application.rulebook();
        match (rulebook.live(), rulebook.latest()) {
            (Some(_), _) => {}
            (None, None) => eprintln!("{}", texts.say("serve-no-programme", &[])),
            (None, Some(_)) => eprintln!("{}", texts.say("serve-programme-waits", &[])),
        }
        let address = listener.local_addr()?.to_string();
        print(&format!("{}\n", texts.say("serve-listening", &[("address", &address)])))?;
        let front = self.front(&application, &address, texts).await?.with_mailer(mailer).with_texter(texter);
        let archiving = self.keep_months.map(|months| application.start_archiving(months));
        let reach = if self.webhooks_to_private { Reach::Private } else { Reach::Public };
        let result = serve(application, front, reach, listener).await;
        drop(archiving);
        result
    }
}

impl Serve {
    /// Each half may come from the command line, the environment or the settings file, so only here is it known
    /// whether the other one is there.
    fn mailer(&self) -> Result<Option<Mailer>, Failure> {
        let (server, from) = match (&self.smtp_url, &self.mail_from) {
            (Some(server), Some(from)) => (server, from),
            (None, None) => return Ok(None),
            (Some(_), None) => {
                return Err(Failure::new(
                    "a mail server is stated, but not who the letters are from: state --mail-from, LOJAL_MAIL_FROM \
                     or mail_from in the settings file",
                ));
            }
            (None, Some(_)) => {
                return Err(Failure::new(
                    "it is stated who letters are from, but no mail server: state --smtp-url, LOJAL_SMTP_URL or \
                     smtp_url in the settings file",
                ));
            }
        };
        self.may_send_links()?;
        Ok(Some(Mailer::new(server, from)?))
    }

    /// As for the mail server: what belongs together may come from several places.
    fn texter(&self) -> Result<Option<Texter>, Failure> {
        let (gateway, secret) = match (&self.sms_gateway, &self.sms_secret) {
            (Some(gateway), Some(secret)) => (gateway, secret),
            (None, None) if self.sms_from.is_none() => return Ok(None),
            (Some(_), None) => {
                return Err(Failure::new(
                    "an SMS gateway is stated, but not its secret: state LOJAL_SMS_SECRET, or sms_secret in the \
                     settings file",
                ));
            }
            (None, _) => {
                return Err(Failure::new(
                    "a secret or a sender of text messages is stated, but no SMS gateway: state --sms-gateway, \
                     LOJAL_SMS_GATEWAY or sms_gateway in the settings file",
                ));
            }
        };
        self.may_send_links()?;
        Ok(Some(Texter::new(gateway, secret, self.sms_from.as_deref())?))
    }

    /// Whoever is sent a link must be able to open it.
    fn may_send_links(&self) -> Result<(), Failure> {
        if self.public_url.is_none() && !self.address.listen.ip().to_canonical().is_loopback() {
            return Err(Failure::new(
                "letters and text messages have links in them, so state the address that people use from outside: \
                 --public-url, LOJAL_PUBLIC_URL or public_url in the settings file",
            ));
        }
        Ok(())
    }

    /// The pages, with the shop's own in the place of ours; and, while nobody works in the console, how the
    /// first one comes in.
    async fn front(&self, application: &Application, address: &str, texts: &Texts) -> Result<Front, Failure> {
        let overrides = self.overrides.clone().unwrap_or_else(|| self.folder.path().join("overrides"));
        let overrides = Some(overrides.as_path()).filter(|folder| self.overrides.is_some() || folder.is_dir());
        let public = self.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        open_front(application, overrides, &public, texts).await
    }
}

/// Opens the pages, and says how the first one comes into the console.
pub async fn open_front(
    application: &Application,
    overrides: Option<&Path>,
    public: &str,
    texts: &Texts,
) -> Result<Front, Failure> {
    let front = Front::open(overrides, public)?;
    let address = format!("{}/console", public.trim_end_matches('/'));
    let sentence = match front.set_up_code(application).await? {
        Some(code) => texts.say("serve-setup", &[("address", &address), ("code", code)]),
        None => texts.say("serve-console", &[("address", &address)]),
    };
    print(&format!("{sentence}\n"))?;
    Ok(front)
}

/// Serves until the process is asked to end; what is under way is finished first.
pub async fn serve(application: Application, front: Front, reach: Reach, listener: TcpListener) -> Result<(), Failure> {
    let stop = asked_to_end()?;
    let jobs = application.start_jobs();
    let webhooks = Webhooks::new(application.clone(), reach)?.start();
    let front = front.with_reach(reach);
    lojal_server::serve(application.clone(), front, HttpOptions::default(), listener, stop).await;
    drop(jobs);
    webhooks.stop().await;
    application.close().await;
    Ok(())
}

/// Ready when somebody presses Ctrl-C, or when the system asks the process to end.
pub fn asked_to_end() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        tokio::select! {
            _ = interrupt => (),
            _ = terminate.recv() => (),
        }
        #[cfg(not(unix))]
        // Without a handler the system ends the process itself.
        let _ = interrupt.await;
    })
}
