use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use lojal_core::kernel::{HolderId, MemberId, Name};
use lojal_core::ledger::Account;
use lojal_core::programme::{Programme, text};
use lojal_core::words::{StoryLine, Told, Words, backwards, plain};
use lojal_server::platform::application::Application;
use lojal_server::platform::enrolment::{
    MemberRow, MemberStatus, member_find, member_find_all, member_find_by_external_id,
};
use lojal_server::platform::journal::{JournalRow, balances, journal_walk};
use lojal_server::platform::states::{State, state_find};
use lojal_server::platform::writer::Balance;

use super::{Folder, print};
use crate::failure::Failure;
use crate::texts::Texts;

/// Transactions that are told unless more are asked for.
const TOLD: usize = 20;

#[derive(Subcommand)]
pub enum Member {
    /// Print wallets, tiers and what happened, the latest first
    Show(Show),
}

#[derive(Args)]
pub struct Show {
    /// The shop's own id of the member, or mem_…
    id: String,
    /// The whole story, not just its last part
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    folder: Folder,
}

impl Member {
    pub async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        match self {
            Member::Show(show) => show.run(texts).await,
        }
    }
}

impl Show {
    async fn run(&self, texts: &Texts) -> Result<(), Failure> {
        let application = self.folder.open().await?;
        let member = find(&application, &self.id).await?;
        let connection = &mut *application.database.read().await?;
        let damaged = || Failure::new(format!("{} has no state: run lojal audit", member.id));
        let state = state_find(connection, member.id.into()).await?.ok_or_else(damaged)?;
        let wallets = state_find(connection, member.holder()).await?.ok_or_else(damaged)?;
        let limit = if self.all { usize::MAX } else { TOLD };
        let rows = journal_walk(connection, Some(state.head), limit).await?;
        let words = Words::new(texts.language());
        let mut output = heading(&application, &words, texts, &member, &state, &balances(&wallets.holder));
        for row in &rows {
            output.push_str(&plain(&words, &lines(&application, &words, row).await?));
        }
        let untold = usize::try_from(state.version).unwrap_or_default().saturating_sub(rows.len());
        if untold > 0 {
            output.push_str(&texts.say("member-more", &[("count", &untold.to_string())]));
            output.push('\n');
        }
        print(&output)
    }
}

async fn find(application: &Application, id: &str) -> Result<MemberRow, Failure> {
    let connection = &mut *application.database.read().await?;
    let external_id = id.strip_prefix("ext:").unwrap_or(id);
    let mut member = match application.part_of(external_id) {
        Some(part) => member_find_by_external_id(connection, part, external_id).await?,
        None => None,
    };
    if let (None, Ok(id)) = (&member, id.parse::<MemberId>()) {
        member = member_find(connection, id).await?;
    }
    member.ok_or_else(|| Failure::new(format!("no member {id} is known")))
}

/// `wallets` are those that the member spends from.
fn heading(
    application: &Application,
    words: &Words,
    texts: &Texts,
    member: &MemberRow,
    state: &State,
    wallets: &[Balance],
) -> String {
    let id = member.id.to_string();
    let mut lines = vec![texts.say("member-heading", &[("member", &member.external_id), ("id", &id)])];
    let Some(programme) = application.rulebook().live().cloned() else {
        return lines.concat();
    };
    let speaker = words.about(&programme);
    lines.push(texts.say("member-joined", &[("date", &speaker.day(member.created_at))]));
    if member.status == MemberStatus::Left {
        lines.push(texts.say("member-left", &[]));
    }
    if let Some(household) = member.household {
        lines.push(texts.say("member-household", &[("household", &household.to_string())]));
    }
    for balance in wallets {
        let amount = |amount| speaker.amount(&balance.unit, amount);
        let values = [
            ("unit", balance.unit.as_str()),
            ("available", &amount(balance.available)),
            ("pending", &amount(balance.pending)),
            ("held", &amount(balance.held)),
            ("debt", &amount(balance.debt)),
        ];
        lines.push(texts.say("member-wallet", &values));
        if balance.debt > 0 {
            lines.push(texts.say("member-debt", &values));
        }
    }
    lines.extend(tiers(&programme, texts, state));
    lines.join("\n") + "\n\n"
}

fn tiers(programme: &Programme, texts: &Texts, state: &State) -> Vec<String> {
    let tier = |(ladder, tier): (&Name, &lojal_core::holder::TierState)| {
        let ladder = programme.ladder(ladder)?;
        let level =
            programme.level(&tier.level).map_or(tier.level.as_str(), |level| text(&level.name, texts.language()));
        let ladder = text(&ladder.name, texts.language());
        Some(texts.say("member-tier", &[("ladder", ladder), ("level", level)]))
    };
    state.holder.tiers.iter().filter_map(tier).collect()
}

/// One transaction told, with the balances after each of its entries; the latest first.
pub async fn lines(application: &Application, words: &Words, row: &JournalRow) -> Result<Vec<StoryLine>, Failure> {
    let done = row.done()?;
    let told = Told { transaction: done.transaction, decided_at: done.decided_at, decision: &done.decision };
    let after: Vec<_> = done.balances.iter().flat_map(in_accounts).collect();
    Ok(backwards(words, &application.rulebook(), &others(application, row).await?, &after, &[told]))
}

fn in_accounts(balance: &Balance) -> [(Name, Account, i64); 4] {
    [
        (balance.unit.clone(), Account::Available, balance.available),
        (balance.unit.clone(), Account::Pending, balance.pending),
        (balance.unit.clone(), Account::Held, balance.held),
        // A debt stands in the books as an amount below zero.
        (balance.unit.clone(), Account::Debt, -balance.debt),
    ]
}

/// What the shop calls those whom the transaction names besides its own holder.
async fn others(application: &Application, row: &JournalRow) -> Result<BTreeMap<HolderId, String>, Failure> {
    let done = row.done()?;
    let named = done.decision.effects.iter().filter_map(|effect| effect.because.other());
    let members: Vec<MemberId> = named.map(|holder: HolderId| MemberId(holder.0)).collect();
    let rows = member_find_all(&mut *application.database.read().await?, members).await?;
    Ok(rows.into_iter().map(|row| (row.id.into(), row.external_id)).collect())
}
