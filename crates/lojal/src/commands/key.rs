use clap::{Args, Subcommand, ValueEnum};
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create, key_list, key_revoke};

use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Subcommand)]
pub enum Key {
    /// Make a key and print it. It is shown this once
    Create(Create),
    /// List all keys, without their secrets
    List(List),
    /// Take a key out of use
    Revoke(Revoke),
}

#[derive(Args)]
pub struct Create {
    /// What to call it in lists
    #[arg(long, default_value = "key")]
    name: String,
    /// What it allows; repeat or separate by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["read", "write"])]
    scope: Vec<Permission>,
    /// For use in a browser, where anybody can read it
    #[arg(long)]
    publishable: bool,
    #[command(flatten)]
    folder: Folder,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Permission {
    Read,
    Write,
    Admin,
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct Revoke {
    /// The id of the key, as the list shows it
    id: String,
    #[command(flatten)]
    folder: Folder,
}

impl Key {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Key::Create(create) => create.run().await,
            Key::List(list) => list.run().await,
            Key::Revoke(revoke) => revoke.run(texts).await,
        }
    }
}

impl Create {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open_or_make().await?;
        let scopes: Vec<Scope> = self.scope.iter().map(|permission| permission.scope()).collect();
        let visibility = if self.publishable { KeyVisibility::Publishable } else { KeyVisibility::Secret };
        let now = application.clock.now();
        let mut transaction = application.database.write().await?;
        let (_, text) = key_create(&mut transaction, &self.name, visibility, &scopes, now).await?;
        transaction.commit().await?;
        application.close().await;
        print(&format!("{text}\n"))
    }
}

impl Permission {
    fn scope(self) -> Scope {
        match self {
            Permission::Read => Scope::Read,
            Permission::Write => Scope::Write,
            Permission::Admin => Scope::Admin,
        }
    }
}

impl List {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let keys = key_list(&mut *application.database.read().await?).await?;
        application.close().await;
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "name", "kind", "scopes", "created_at", "last_used_at", "revoked_at"])?;
        for key in keys {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
            let moment =
                |moment: Option<lojal_core::kernel::Instant>| moment.map(|at| at.to_string()).unwrap_or_default();
            writer.write_record([
                key.id,
                key.name,
                key.visibility.name().to_owned(),
                scopes.join(" "),
                key.created_at.to_string(),
                moment(key.last_used_at),
                moment(key.revoked_at),
            ])?;
        }
        let table = writer.into_inner().map_err(|error| Failure::new(error.to_string()))?;
        print(&String::from_utf8_lossy(&table))
    }
}

impl Revoke {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let now = application.clock.now();
        let mut transaction = application.database.write().await?;
        let revoked = key_revoke(&mut transaction, &self.id, now).await?;
        transaction.commit().await?;
        application.close().await;
        if !revoked {
            return Err(Failure::new(format!("no key {} is in use", self.id)));
        }
        print(&format!("{}\n", texts.say("key-revoked", &[("key", &self.id)])))
    }
}
