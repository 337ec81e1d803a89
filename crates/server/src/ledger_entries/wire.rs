//! Transactions and their entries as JSON.

use lojal_core::decision::Effect;
use lojal_core::kernel::Language;
use lojal_core::ledger::{Account, Posting};
use lojal_core::programme::Rulebook;
use lojal_core::words::speaks_of;
use serde::Serialize;
use utoipa::ToSchema;

use super::explanation::ExplanationJson;
use super::reason::{ReasonJson, Teller};
use crate::platform::http::fields::{EntryKey, HouseholdKey, Time, TransactionKey};
use crate::platform::writer::{Balance, Done};

/// What one command led to.
#[derive(Serialize, ToSchema)]
#[schema(as = Transaction)]
pub struct TransactionJson {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<TransactionKey>,
    /// Whose wallets it is about: a member's (the same characters as in `mem_…`) or a household's.
    pub holder: HouseholdKey,
    pub decided_at: Time,
    /// The programme version that was in force.
    #[schema(minimum = 1)]
    pub programme_version: u32,
    /// In the order in which they happened, those of passing time first.
    pub effects: Vec<EffectJson>,
    /// All wallets afterwards.
    pub balances: Vec<BalanceJson>,
    /// Whether this says what would happen, and nothing was written.
    pub dry_run: bool,
}

/// One thing that was decided. One with postings is a ledger entry.
#[derive(Serialize, ToSchema)]
#[schema(as = Effect)]
pub struct EffectJson {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryKey>,
    /// When it took place in the member's story.
    pub at: Time,
    pub because: ReasonJson,
    /// Balanced double entry: they sum to zero for each unit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub postings: Vec<PostingJson>,
    /// The reason in words, when a language was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One side of an entry.
#[derive(Serialize, ToSchema)]
#[schema(as = Posting)]
pub struct PostingJson {
    pub account: AccountJson,
    #[schema(example = "points")]
    pub unit: String,
    /// The brand that issued the points and answers for them.
    #[schema(example = "shop")]
    pub brand: String,
    /// In the unit's smallest parts.
    #[schema(example = 120)]
    pub amount: i64,
}

/// The first four are the holder's, the rest the programme's.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
#[serde(rename_all = "snake_case")]
pub enum AccountJson {
    Available,
    Pending,
    Held,
    Debt,
    Issued,
    Redeemed,
    Expired,
    Reversed,
    InTransit,
}

/// What a wallet holds, in the unit's smallest parts.
#[derive(Serialize, ToSchema)]
#[schema(as = Balance)]
pub struct BalanceJson {
    #[schema(example = "points")]
    pub unit: String,
    #[schema(example = 120)]
    pub available: i64,
    pub pending: i64,
    pub held: i64,
    pub debt: i64,
    /// All that ever expired.
    pub expired: i64,
}

impl From<&Balance> for BalanceJson {
    fn from(balance: &Balance) -> BalanceJson {
        BalanceJson {
            unit: balance.unit.to_string(),
            available: balance.available,
            pending: balance.pending,
            held: balance.held,
            debt: balance.debt,
            expired: balance.expired,
        }
    }
}

impl From<&Posting> for PostingJson {
    fn from(posting: &Posting) -> PostingJson {
        PostingJson {
            account: match posting.account {
                Account::Available => AccountJson::Available,
                Account::Pending => AccountJson::Pending,
                Account::Held => AccountJson::Held,
                Account::Debt => AccountJson::Debt,
                Account::Issued => AccountJson::Issued,
                Account::Redeemed => AccountJson::Redeemed,
                Account::Expired => AccountJson::Expired,
                Account::Reversed => AccountJson::Reversed,
                Account::InTransit => AccountJson::InTransit,
            },
            unit: posting.unit.to_string(),
            brand: posting.brand.to_string(),
            amount: posting.amount,
        }
    }
}

/// How a transaction is to be said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Telling {
    /// Adds the reasons in words.
    pub language: Option<Language>,
    /// Nothing was written, so there are no ids to come back to.
    pub dry_run: bool,
}

impl TransactionJson {
    /// From what the journal keeps, and from nothing else: a repeated request gets the same answer.
    pub fn new(done: &Done, rulebook: &Rulebook, telling: Telling) -> TransactionJson {
        Manner { rulebook, telling, cart: None }.transaction(done)
    }

    /// What a cart would lead to; `cart` is the name under which it was decided, which is not told
    /// in sentences.
    pub fn quoted(done: &Done, cart: &str, rulebook: &Rulebook, language: Option<Language>) -> TransactionJson {
        Manner { rulebook, telling: Telling { language, dry_run: true }, cart: Some(cart) }.transaction(done)
    }
}

/// What is left of a transaction for those who only want to know where it led.
#[derive(Serialize, ToSchema)]
#[schema(as = LeanTransaction)]
pub struct LeanTransactionJson {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<TransactionKey>,
    /// Whose wallets it is about.
    pub holder: HouseholdKey,
    /// All wallets afterwards.
    pub balances: Vec<BalanceJson>,
}

impl LeanTransactionJson {
    pub fn new(done: &Done, dry_run: bool) -> LeanTransactionJson {
        LeanTransactionJson {
            id: (!dry_run).then_some(TransactionKey(done.transaction)),
            holder: HouseholdKey(done.holder),
            balances: done.balances.iter().map(BalanceJson::from).collect(),
        }
    }
}

/// How transactions and their effects are told, in the versions by which they were settled.
struct Manner<'a> {
    rulebook: &'a Rulebook,
    telling: Telling,
    cart: Option<&'a str>,
}

impl Manner<'_> {
    fn transaction(&self, done: &Done) -> TransactionJson {
        let dry_run = self.telling.dry_run;
        let effects = done.decision.effects.iter().enumerate();
        TransactionJson {
            id: (!dry_run).then_some(TransactionKey(done.transaction)),
            holder: HouseholdKey(done.holder),
            decided_at: Time(done.decided_at),
            programme_version: done.decision.version,
            effects: effects.map(|(index, effect)| self.effect(done, index, effect)).collect(),
            balances: done.balances.iter().map(BalanceJson::from).collect(),
            dry_run,
        }
    }

    fn effect(&self, done: &Done, index: usize, effect: &Effect) -> EffectJson {
        let programme = speaks_of(self.rulebook, done.decision.version, effect);
        let entry = EntryKey { transaction: done.transaction, index };
        let words = self.telling.language.zip(programme);
        EffectJson {
            entry: (!self.telling.dry_run).then_some(entry),
            at: Time(effect.at),
            because: Teller::new(programme).reason(&effect.because),
            postings: effect.postings.iter().map(PostingJson::from).collect(),
            text: words.map(|(language, programme)| super::words::sentence(effect, programme, language, self.cart)),
        }
    }
}

/// An entry of a holder's ledger.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct LedgerEntryJson {
    pub id: EntryKey,
    pub transaction: TransactionKey,
    pub holder: HouseholdKey,
    /// When it was written.
    pub decided_at: Time,
    #[schema(minimum = 1)]
    pub programme_version: u32,
    /// When it took place in the member's story.
    pub at: Time,
    pub because: ReasonJson,
    /// Balanced double entry: they sum to zero for each unit.
    pub postings: Vec<PostingJson>,
    /// The reason in words, when a language was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl LedgerEntryJson {
    /// The effect `index` of a transaction; `None` when it has no such effect.
    pub fn new(done: &Done, index: usize, rulebook: &Rulebook, language: Option<Language>) -> Option<LedgerEntryJson> {
        let effect = done.decision.effects.get(index)?;
        let telling = Telling { language, dry_run: false };
        let told = Manner { rulebook, telling, cart: None }.effect(done, index, effect);
        Some(LedgerEntryJson {
            id: EntryKey { transaction: done.transaction, index },
            transaction: TransactionKey(done.transaction),
            holder: HouseholdKey(done.holder),
            decided_at: Time(done.decided_at),
            programme_version: done.decision.version,
            at: told.at,
            because: told.because,
            postings: told.postings,
            text: told.text,
        })
    }
}

/// Why an entry was made, in words and in full.
#[derive(Serialize, ToSchema)]
#[schema(as = Why)]
pub struct WhyJson {
    pub entry: LedgerEntryJson,
    /// The reason in one sentence.
    pub text: String,
    /// Every effect of the same transaction, in order, each with its sentence.
    pub transaction: TransactionJson,
    /// What became of each rule, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<ExplanationJson>,
}
