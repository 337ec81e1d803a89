use clap::Args;
use lojal_server::DemoShop;
use lojal_server::platform::application::Application;
use lojal_server::platform::clock::Clock;
use lojal_server::platform::keys::{KeyVisibility, Scope, key_create, key_list, key_revoke};
use lojal_server::platform::visitors::{LONGEST_LIFE, secret_create, secret_list, secret_revoke, sign};
use lojal_server::webhooks::Reach;
use serde_json::json;

use super::serve::{Address, open_front, serve};
use super::{Folder, print};
use crate::demo::{Built, Plan, build, starts_at};
use crate::failure::Failure;
use crate::progress;
use crate::texts::Texts;

const SEED: u64 = 20_260_401;
const MEMBERS: u32 = 1_800;
const DAYS: u32 = 730;
/// What the demo calls its own keys.
const KEY_NAME: &str = "demo";

#[derive(Args)]
pub struct Demo {
    /// How many members the shop has; with the usual 1800 it comes to about 20,000 orders
    #[arg(long, default_value_t = MEMBERS, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    members: u32,
    /// The same seed tells the same story
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Build the data and stop
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    folder: Folder,
}

impl Demo {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        // Before the work, so that a taken address is told at once.
        let listener = if self.once { None } else { Some(self.address.bind().await?) };
        let plan = Plan::find(self.folder.path())?;
        let plan = self.plan(plan, texts).await?;
        let Some(listener) = listener else { return Ok(()) };
        let application = Application::open(self.folder.place(), Clock::system()).await?;
        let key = make_key(&application).await?;
        let address = listener.local_addr()?.to_string();
        let public = format!("http://{address}");
        let member = plan.example.clone().unwrap_or_default();
        let secret = make_secret(&application).await?;
        let token = sign(&secret, &member, application.clock.now(), LONGEST_LIFE);
        let link = format!("{public}/portal/enter#token={token}");
        print(&self.greeting(&plan, &address, &key, &link, texts))?;
        let shop = DemoShop { key: make_publishable_key(&application).await?, secret, member };
        let front = open_front(&application, None, &public, texts).await?.with_demo(shop);
        // Whoever tries it out has a receiver on the same machine.
        serve(application, front, Reach::Private, listener).await
    }

    /// The plan of the data that are there, built as far as it was not.
    async fn plan(&self, known: Option<Plan>, texts: &Texts) -> Result<Plan, Failure> {
        let mut plan = match known {
            Some(plan) if plan.complete => {
                print(&format!("{}\n", texts.say("demo-kept", &[("folder", &self.folder_name())])))?;
                return Ok(plan);
            }
            Some(plan) => plan,
            None => self.fresh(texts).await?,
        };
        plan.save(self.folder.path())?;
        let bar = progress::bar("{wide_bar} {pos}/{len}  {eta}", 0);
        // The clock goes with the story, so that whatever happens by itself happens in its time.
        let application = Application::open(self.folder.place(), Clock::stopped_at(starts_at(&plan)?)).await?;
        let built = build(&application, &plan, &bar).await?;
        application.close().await;
        plan.example = built.example.clone();
        plan.complete = true;
        plan.save(self.folder.path())?;
        print(&self.summary(&built, texts))?;
        Ok(plan)
    }

    /// A new story that ends now; refused where somebody's own data are.
    async fn fresh(&self, texts: &Texts) -> Result<Plan, Failure> {
        let application = Application::open(self.folder.place(), Clock::system()).await?;
        let (is_taken, until) = (application.rulebook().latest().is_some(), application.clock.now());
        application.close().await;
        if is_taken {
            let sentence = format!("{} holds data of its own: name another folder for the demo", self.folder_name());
            return Err(Failure::new(sentence));
        }
        Ok(Plan {
            seed: self.seed,
            members: self.members,
            days: DAYS,
            language: texts.language(),
            until,
            complete: false,
            example: None,
        })
    }

    fn summary(&self, built: &Built, texts: &Texts) -> String {
        let number = |count: u64| texts.number(i64::try_from(count).unwrap_or(i64::MAX));
        let values = [
            ("folder", self.folder_name()),
            ("members", number(built.members)),
            ("orders", number(built.orders)),
            ("redemptions", number(built.redemptions)),
            ("friends", number(built.friends)),
        ];
        let mut text = texts.say("demo-built", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
        if built.refused > 0 {
            text.push(' ');
            text.push_str(&texts.say("demo-refused", &[("count", &number(built.refused))]));
        }
        text + "\n"
    }

    /// The commands work as they stand: the binary is named as it was started.
    fn greeting(&self, plan: &Plan, address: &str, key: &str, link: &str, texts: &Texts) -> String {
        let member = plan.example.clone().unwrap_or_default();
        let language = texts.language().tag();
        let program = std::env::args().next().unwrap_or_else(|| "lojal".to_owned());
        let story = format!("{program} member show {member} {} --lang {language}", self.folder.options());
        let cart = json!({
            "member": member,
            "currency": "PLN",
            "lines": [{ "id": "1", "quantity": 1, "total": "249.00" }],
        });
        let quote = format!(
            "curl -s 'http://{address}/v1/quotes?explain=true&lang={language}' -H 'Authorization: Bearer {key}' \
             -H 'Content-Type: application/json' -d '{cart}'"
        );
        let values = [("address", address), ("key", key), ("story", &story), ("quote", &quote), ("link", link)];
        texts.say("demo-greeting", &values) + "\n"
    }

    fn folder_name(&self) -> String {
        self.folder.path().display().to_string()
    }
}

/// A secret with which the shop signs its members in, of this start.
async fn make_secret(application: &Application) -> Result<String, Failure> {
    let mut transaction = application.database.write_aside().await?;
    let now = application.clock.now();
    for secret in secret_list(&mut transaction).await? {
        if secret.name == KEY_NAME {
            secret_revoke(&mut transaction, &secret.id, now).await?;
        }
    }
    let (_, text) = secret_create(&mut transaction, &application.vault, KEY_NAME, now).await?;
    transaction.commit().await?;
    Ok(text)
}

/// A key for the pages of the demo's shop. Those of earlier starts went with the other keys.
async fn make_publishable_key(application: &Application) -> Result<String, Failure> {
    let mut transaction = application.database.write().await?;
    let now = application.clock.now();
    let made = key_create(&mut transaction, KEY_NAME, KeyVisibility::Publishable, &[Scope::Read], now).await?;
    transaction.commit().await?;
    Ok(made.1)
}

/// A key for this start; its text is kept nowhere. Those of earlier starts, which nobody can know
/// any more unless they were copied, are taken out of use.
async fn make_key(application: &Application) -> Result<String, Failure> {
    let mut transaction = application.database.write().await?;
    let now = application.clock.now();
    for key in key_list(&mut transaction).await? {
        if key.name == KEY_NAME {
            key_revoke(&mut transaction, &key.id, now).await?;
        }
    }
    let (_, text) = key_create(&mut transaction, KEY_NAME, KeyVisibility::Secret, &Scope::ALL, now).await?;
    transaction.commit().await?;
    Ok(text)
}
