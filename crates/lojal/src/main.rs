//! Loyalty, referral, partner and community programmes in one binary.

mod advise;
mod bench;
mod commands;
mod compare;
mod demo;
mod failure;
mod import;
mod progress;
mod settings;
mod simulate;
#[cfg(test)]
mod tests;
mod texts;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lojal_core::kernel::Language;
use tracing_subscriber::EnvFilter;

use failure::Failure;
use settings::Settings;
use texts::Texts;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "lojal", version, about, max_term_width = 100)]
struct CommandLine {
    /// The language of what is printed: pl or en. Else that of the terminal.
    #[arg(long, global = true, env = "LOJAL_LANG", value_parser = language)]
    lang: Option<Language>,
    /// A file with settings that need not be typed: data, database, listen, keep_months, lang. Else
    /// lojal.toml in the working folder
    #[arg(long, global = true, value_name = "FILE", env = "LOJAL_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Build a believable shop and serve it, to try things out
    Demo(commands::demo::Demo),
    /// Serve the API
    Serve(commands::serve::Serve),
    /// Write a commented programme to begin with
    Init(commands::init::Init),
    /// Check, publish and show programmes
    #[command(subcommand)]
    Programme(commands::programme::Programme),
    /// Bring in what a shop has already
    #[command(subcommand)]
    Import(commands::import::Import),
    /// Write out wallets, or everything
    #[command(subcommand)]
    Export(commands::export::Export),
    /// Copy a database file while it is in use, once or continuously
    Backup(commands::backup::Backup),
    /// Fill a new data folder from what `export all` or `backup` wrote
    Restore(commands::restore::Restore),
    /// Move to another database while the shop goes on: from a file to a server, and back
    Move(commands::moving::Move),
    /// Pack old transactions into a sixth of their room; everything about them can still be asked
    Archive(commands::archive::Archive),
    /// Prove from the data alone that the books are right, or name what is not
    Audit(commands::audit::Audit),
    /// Sum up everything in one signed hash, and prove that a member is in it
    Checkpoint(commands::checkpoint::Checkpoint),
    /// Replay the shop's past under another programme: what it costs, who gains, who loses
    Simulate(commands::simulate::Simulate),
    /// The same customers under several programmes: what each gives them, how soon, and what it costs
    Compare(commands::compare::Compare),
    /// Say from a shop's orders whether a programme is worth it yet, and fit one to them
    Advise(commands::advise::Advise),
    /// Tell the story of a member
    #[command(subcommand)]
    Member(commands::member::Member),
    /// Say why an entry of the ledger is as it is, or what an order gave
    Explain(commands::explain::Explain),
    /// Make, list and revoke the keys of the API
    #[command(subcommand)]
    Key(commands::key::Key),
    /// List who works in the console, and let somebody in again who has lost every way
    #[command(subcommand)]
    Staff(commands::staff::Staff),
    /// Measure this machine: each figure beside what the bare database does
    Bench(commands::bench::Bench),
    /// What the pages of the console count
    Figures(commands::figures::Figures),
    /// Referrals that were made up: how well they are found
    Fraud(commands::fraud::Fraud),
}

#[tokio::main]
async fn main() -> ExitCode {
    match carry_out().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("lojal: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn carry_out() -> Result<(), Failure> {
    let typed = CommandLine::parse();
    let line = match Settings::read(typed.config.as_deref())? {
        Some(settings) => settings.parse()?,
        None => typed,
    };
    log(&line.command);
    let texts = texts::texts(line.lang.unwrap_or_else(terminal_language));
    run(line.command, &texts).await
}

async fn run(verb: Verb, texts: &Texts) -> Result<(), Failure> {
    match verb {
        Verb::Demo(command) => command.run(texts).await,
        Verb::Serve(command) => command.run(texts).await,
        Verb::Init(command) => command.run(texts),
        Verb::Programme(command) => command.run(texts).await,
        Verb::Import(command) => command.run(texts).await,
        Verb::Export(command) => command.run(texts).await,
        Verb::Backup(command) => command.run(texts).await,
        Verb::Restore(command) => command.run(texts).await,
        Verb::Move(command) => command.run(texts).await,
        Verb::Archive(command) => command.run(texts).await,
        Verb::Audit(command) => command.run(texts).await,
        Verb::Checkpoint(command) => command.run(texts).await,
        Verb::Simulate(command) => command.run(texts).await,
        Verb::Compare(command) => command.run(texts),
        Verb::Advise(command) => command.run(texts),
        Verb::Member(command) => command.run(texts).await,
        Verb::Explain(command) => command.run(texts).await,
        Verb::Key(command) => command.run(texts).await,
        Verb::Staff(command) => command.run(texts).await,
        Verb::Bench(command) => command.run().await,
        Verb::Figures(command) => command.run().await,
        Verb::Fraud(command) => command.run(),
    }
}

/// To standard error; `RUST_LOG` says what. A server tells more of itself than a command.
fn log(verb: &Verb) {
    let usual = if matches!(verb, Verb::Serve(_)) { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "pl and en are spoken".to_owned())
}

/// As programs of a terminal find their language.
fn terminal_language() -> Language {
    let stated = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()));
    match stated {
        Some(locale) if locale.starts_with("pl") => Language::Pl,
        _ => Language::En,
    }
}
