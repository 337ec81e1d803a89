//! The settings file: what else would be typed, or stand in the environment, each time.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use clap::error::ContextKind;
use clap::{Command, CommandFactory, FromArgMatches};
use serde::Deserialize;

use crate::failure::Failure;

/// Read where it is when no other is named.
const USUAL: &str = "lojal.toml";

/// As it stands in the file: each key is an option's long name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    data: Option<String>,
    database: Option<String>,
    listen: Option<String>,
    keep_months: Option<u32>,
    public_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    sms_gateway: Option<String>,
    sms_secret: Option<String>,
    sms_from: Option<String>,
    webhooks_to_private: Option<bool>,
    lang: Option<String>,
}

/// What a settings file says.
pub struct Settings {
    file: PathBuf,
    /// By the variable of the environment that says the same.
    values: BTreeMap<&'static str, String>,
}

impl Settings {
    /// Reads the file that is named, or else `lojal.toml` in the working folder, which need not be there.
    pub fn read(named: Option<&Path>) -> Result<Option<Settings>, Failure> {
        let file = named.unwrap_or(Path::new(USUAL));
        if named.is_none() && !file.exists() {
            return Ok(None);
        }
        let mistake = |cause: String| {
            Failure::new(format!("the settings file {} cannot be read: {}", file.display(), cause.trim_end()))
        };
        let text = std::fs::read_to_string(file).map_err(|cause| mistake(cause.to_string()))?;
        // Without the line itself, which may hold a password.
        let keys: Keys = toml::from_str(&text).map_err(|cause| {
            let before = text.get(..cause.span().map_or(0, |span| span.start)).unwrap_or_default();
            mistake(format!("line {}: {}", before.matches('\n').count() + 1, cause.message()))
        })?;
        let stated = [
            ("LOJAL_DATA", keys.data),
            ("LOJAL_DATABASE", keys.database),
            ("LOJAL_LISTEN", keys.listen),
            ("LOJAL_KEEP_MONTHS", keys.keep_months.map(|months| months.to_string())),
            ("LOJAL_LANG", keys.lang),
            ("LOJAL_PUBLIC_URL", keys.public_url),
            ("LOJAL_SMTP_URL", keys.smtp_url),
            ("LOJAL_MAIL_FROM", keys.mail_from),
            ("LOJAL_SMS_GATEWAY", keys.sms_gateway),
            ("LOJAL_SMS_SECRET", keys.sms_secret),
            ("LOJAL_SMS_FROM", keys.sms_from),
            ("LOJAL_WEBHOOKS_TO_PRIVATE", keys.webhooks_to_private.map(|allowed| allowed.to_string())),
        ];
        let values = stated.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        Ok(Some(Settings { file: file.to_owned(), values }))
    }

    /// Parses the command line again, with what the file says in place of what is built in.
    pub fn parse<T: CommandFactory + FromArgMatches>(&self) -> Result<T, Failure> {
        let parsed =
            self.as_defaults(T::command()).try_get_matches().and_then(|mut said| T::from_arg_matches_mut(&mut said));
        // The command line alone was sound, so it is a value of the file. It is not repeated: it may hold a password.
        parsed.map_err(|mistake| {
            let option = mistake.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
            let cause = mistake.source().map(ToString::to_string).unwrap_or_else(|| mistake.kind().to_string());
            Failure::new(format!("the settings file {} has a wrong value for {option}: {cause}", self.file.display()))
        })
    }

    fn as_defaults(&self, command: Command) -> Command {
        let preferred = command.mut_args(|option| {
            let name = option.get_env().and_then(|name| name.to_str());
            match name.and_then(|name| self.values.get(name)) {
                Some(value) => option.default_value(value.clone()),
                None => option,
            }
        });
        preferred.mut_subcommands(|verb| self.as_defaults(verb))
    }
}
