//! The story of a member: each entry with its date, what it changed, the balance after it, and why.
//! A list of plain values first, so that a terminal and a page tell the same story.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Words;
use crate::decision::{Because, Decision, Effect};
use crate::kernel::{HolderId, Instant, Name, TransactionId};
use crate::ledger::{Account, Posting};
use crate::programme::{Programme, Rulebook};

/// A transaction of the journal, as far as its story goes.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub transaction: TransactionId,
    pub decided_at: Instant,
    pub decision: &'a Decision,
}

/// One line of a story: one effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryLine {
    pub transaction: TransactionId,
    /// Which effect of the transaction, from 0: with it, the id of the entry.
    pub effect: usize,
    /// When it took place in the member's story.
    pub at: Instant,
    /// The same, written out.
    pub when: String,
    /// What changed in the member's accounts.
    pub changes: Vec<Change>,
    /// The balances of the units that changed, after it.
    pub balances: Vec<Change>,
    pub why: String,
}

impl StoryLine {
    /// The public id of the entry: `txn_…-0`.
    pub fn entry(&self) -> String {
        format!("{}-{}", self.transaction, self.effect)
    }
}

/// An amount in one account of the member, with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub account: Account,
    pub unit: Name,
    pub amount: i64,
    pub text: String,
}

/// Balances by unit and account; only the accounts of the member.
type Balances = BTreeMap<(Name, Account), i64>;

/// Tells the story from its first transaction, oldest first.
pub fn forwards(
    words: &Words,
    rulebook: &Rulebook,
    names: &BTreeMap<HolderId, String>,
    transactions: &[Told<'_>],
) -> Vec<StoryLine> {
    let mut balances = Balances::new();
    let mut lines = Vec::new();
    for told in transactions {
        for (index, effect) in told.decision.effects.iter().enumerate() {
            add(&mut balances, &effect.postings, 1);
            lines.extend(line(words, rulebook, names, told, index, effect, &balances));
        }
    }
    lines
}

/// Tells the last part of a story, newest first, back from the balances as they are now: for each
/// unit, what is in each of the member's accounts.
pub fn backwards(
    words: &Words,
    rulebook: &Rulebook,
    names: &BTreeMap<HolderId, String>,
    now: &[(Name, Account, i64)],
    transactions: &[Told<'_>],
) -> Vec<StoryLine> {
    let mut balances: Balances =
        now.iter().map(|(unit, account, amount)| ((unit.clone(), *account), *amount)).collect();
    let mut lines = Vec::new();
    for told in transactions {
        for (index, effect) in told.decision.effects.iter().enumerate().rev() {
            lines.extend(line(words, rulebook, names, told, index, effect, &balances));
            add(&mut balances, &effect.postings, -1);
        }
    }
    lines
}

/// The version in whose words an effect is told: for an order the one by which it was reckoned,
/// otherwise the one that was in force.
pub fn speaks_of<'a>(rulebook: &'a Rulebook, in_force: u32, effect: &Effect) -> Option<&'a Programme> {
    let pinned = match &effect.because {
        Because::OrderEarned { version, .. }
        | Because::OrderSettled { version, .. }
        | Because::ActivityEarned { version: Some(version), .. }
        | Because::ActivitySettled { version, .. } => *version,
        _ => in_force,
    };
    rulebook.version(pinned).or_else(|| rulebook.live()).map(|programme| &**programme)
}

/// For a terminal: a paragraph for each line.
pub fn plain(words: &Words, lines: &[StoryLine]) -> String {
    let mut text = String::new();
    for line in lines {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}  {}", line.when, line.entry());
        let _ = writeln!(text, "  {}", line.why);
        for change in &line.changes {
            let balance =
                line.balances.iter().find(|balance| balance.unit == change.unit && balance.account == change.account);
            let values = [
                ("account", change.account.name().into()),
                ("change", change.text.as_str().into()),
                ("balance", balance.map_or("", |balance| balance.text.as_str()).into()),
            ];
            let _ = writeln!(text, "  {}", words.say("story-change", &values));
        }
        text.push('\n');
    }
    text
}

fn line(
    words: &Words,
    rulebook: &Rulebook,
    names: &BTreeMap<HolderId, String>,
    told: &Told<'_>,
    index: usize,
    effect: &Effect,
    balances: &Balances,
) -> Option<StoryLine> {
    let speaker = words.about(speaks_of(rulebook, told.decision.version, effect)?).calling(names);
    let mut changes = Balances::new();
    add(&mut changes, &effect.postings, 1);
    changes.retain(|_, amount| *amount != 0);
    let after = changes.keys().map(|(unit, account)| {
        let amount = balances.get(&(unit.clone(), *account)).copied().unwrap_or_default();
        Change { account: *account, unit: unit.clone(), amount, text: speaker.amount(unit, amount) }
    });
    Some(StoryLine {
        transaction: told.transaction,
        effect: index,
        at: effect.at,
        when: speaker.moment(effect.at),
        balances: after.collect(),
        changes: changes
            .iter()
            .map(|((unit, account), amount)| Change {
                account: *account,
                unit: unit.clone(),
                amount: *amount,
                text: speaker.signed_amount(unit, *amount),
            })
            .collect(),
        why: speaker.effect(effect),
    })
}

fn add(balances: &mut Balances, postings: &[Posting], sign: i64) {
    for posting in postings.iter().filter(|posting| is_of_the_member(posting.account)) {
        *balances.entry((posting.unit.clone(), posting.account)).or_default() += sign * posting.amount;
    }
}

fn is_of_the_member(account: Account) -> bool {
    matches!(account, Account::Available | Account::Pending | Account::Held | Account::Debt)
}
