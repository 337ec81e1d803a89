use clap::{Args, Subcommand};
use lojal_core::kernel::Part;
use lojal_server::platform::staff::{
    Action, Role, account_disable, account_find_by_email, account_forget_steps, account_list, account_set_password,
    account_set_role, action_note, hash_password, passkey_owners, readable,
};

use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

#[derive(Subcommand)]
pub enum Staff {
    /// List everybody, with the ways in which they sign in
    List(List),
    /// Let somebody in again: a new password; passkeys, one-time codes and the link to the provider are gone
    Reset(Reset),
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    folder: Folder,
}

#[derive(Args)]
pub struct Reset {
    /// The e-mail address, as the list shows it
    email: String,
    /// Make them an owner as well: where no other one is left
    #[arg(long)]
    owner: bool,
    #[command(flatten)]
    folder: Folder,
}

impl Staff {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Staff::List(list) => list.run().await,
            Staff::Reset(reset) => reset.run(texts).await,
        }
    }
}

impl List {
    async fn run(&self) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let mut connection = application.database.read().await?;
        let accounts = account_list(&mut connection).await?;
        let with_passkeys = passkey_owners(&mut connection).await?;
        drop(connection);
        application.close().await;
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["email", "name", "role", "password", "codes", "passkeys", "disabled_at"])?;
        for account in accounts {
            let yes = |is_so: bool| if is_so { "yes" } else { "no" }.to_owned();
            writer.write_record([
                account.email,
                account.name,
                account.role.name().to_owned(),
                yes(!account.password.is_empty()),
                yes(account.second_factor.is_some()),
                with_passkeys.iter().filter(|owner| **owner == account.id).count().to_string(),
                account.disabled_at.map(|moment| moment.to_string()).unwrap_or_default(),
            ])?;
        }
        let table = writer.into_inner().map_err(|error| Failure::new(error.to_string()))?;
        print(&String::from_utf8_lossy(&table))
    }
}

impl Reset {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let email = self.email.to_lowercase();
        let account = account_find_by_email(&mut *application.database.read().await?, &email).await?;
        let account = account.ok_or_else(|| Failure::new(format!("nobody works here with the address {email}")))?;
        let password = readable::<20>().map_err(|cause| Failure::new(cause.to_string()))?;
        let hash = hash_password(&password).map_err(Failure::new)?;
        let mut transaction = application.database.write_aside().await?;
        account_set_password(&mut transaction, account.id, &hash).await?;
        account_forget_steps(&mut transaction, &account).await?;
        account_disable(&mut transaction, account.id, None).await?;
        if self.owner {
            account_set_role(&mut transaction, account.id, Role::Owner).await?;
        }
        let action = Action {
            id: application.ids.next(Part::PROGRAMME).number(),
            staff: account.id,
            acted_at: application.clock.now(),
            action: "reset_by_command".to_owned(),
            subject: String::new(),
            detail: String::new(),
        };
        action_note(&mut transaction, &action).await?;
        transaction.commit().await?;
        application.close().await;
        print(&format!("{}\n{password}\n", texts.say("staff-reset", &[("name", &account.name)])))
    }
}
