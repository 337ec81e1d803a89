//! Loyalty cards: numbers, printed or in an app, by which members are named at a till. A number is personal data, so
//! it is kept sealed, and found by a keyed hash. A card lies in the part that its number says, whoever has it.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use lojal_core::kernel::{CardId, Instant, MemberId, Part};

use super::application::Application;
use super::clock::instant;
use super::enrolment::{MemberStatus, member_find, member_lock, member_survivor};
use super::identity::{IdentityError, Vault};
use super::journal::id;
use super::sql::{self, Cell, Connection, Row, Statement, cells, damaged};

/// What marks and seals of card numbers are for; also what their parts are counted by.
const PURPOSE: &str = "loyalty card";
const SHORTEST: usize = 4;
const LONGEST: usize = 40;
/// Cards that one member may have, replaced ones included.
const MOST_OF_A_MEMBER: usize = 50;
const COLUMNS: &str = "id, member, sealed, state, given_at, ended_at, replaced_by";

/// A number as it is compared: capital letters and digits. It names somebody, so it never shows in logs.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CardNumber(String);

impl CardNumber {
    /// From what was printed or typed: blanks and hyphens mean nothing, nor does the size of letters.
    pub fn parse(text: &str) -> Option<CardNumber> {
        let number: String = text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect();
        let is_sound =
            (SHORTEST..=LONGEST).contains(&number.len()) && number.bytes().all(|letter| letter.is_ascii_alphanumeric());
        is_sound.then(|| CardNumber(number.to_ascii_uppercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A function of the number alone, so that it is the same under another key.
    fn part(&self) -> Part {
        Part::of(PURPOSE, &self.0)
    }

    fn mark(&self, vault: &Vault) -> [u8; 32] {
        *vault.mark(PURPOSE, self.0.as_bytes()).as_bytes()
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardNumber(…)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardState {
    Active,
    /// Refused until somebody says otherwise.
    Blocked,
    /// Lost; another one has its place, and it stays refused.
    Replaced,
}

impl CardState {
    const ALL: [CardState; 3] = [CardState::Active, CardState::Blocked, CardState::Replaced];

    pub fn name(self) -> &'static str {
        match self {
            CardState::Active => "active",
            CardState::Blocked => "blocked",
            CardState::Replaced => "replaced",
        }
    }

    pub fn named(name: &str) -> Option<CardState> {
        CardState::ALL.into_iter().find(|known| known.name() == name)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub id: CardId,
    pub number: CardNumber,
    pub member: MemberId,
    pub state: CardState,
    pub given_at: Instant,
    /// Since when it is refused.
    pub ended_at: Option<Instant>,
    pub replaced_by: Option<CardId>,
}

impl Card {
    fn read(row: &Row, vault: &Vault) -> Result<Card, IdentityError> {
        let member = MemberId(id(sql::column(row, "member")?)?);
        let number = vault.unseal_secret(PURPOSE, member.number(), sql::column(row, "sealed")?)?;
        let number = String::from_utf8(number).ok().and_then(|number| CardNumber::parse(&number));
        let state: &str = sql::column(row, "state")?;
        Ok(Card {
            id: CardId(id(sql::column(row, "id")?)?),
            number: number.ok_or(IdentityError::Sealed)?,
            member,
            state: CardState::named(state).ok_or_else(|| damaged(format!("{state} is no state of a card")))?,
            given_at: instant(sql::column(row, "given_at")?),
            ended_at: sql::column::<Option<i64>>(row, "ended_at")?.map(instant),
            replaced_by: sql::column::<Option<i64>>(row, "replaced_by")?.map(id).transpose()?.map(CardId),
        })
    }

    /// The member whom it names, unless it is refused.
    pub fn names(&self) -> Result<MemberId, CardRefusal> {
        match self.state {
            CardState::Active => Ok(self.member),
            CardState::Blocked => Err(CardRefusal::Blocked),
            CardState::Replaced => Err(CardRefusal::Replaced),
        }
    }
}

/// Why a card names nobody, or nothing was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardRefusal {
    #[error("no such card")]
    Unknown,
    #[error("the card is blocked; name the member by the mem_… to send again what was put with it before")]
    Blocked,
    #[error(
        "the card was replaced by another one; name the member by the mem_… to send again what was put with it before"
    )]
    Replaced,
    #[error("the number is that of another card")]
    Taken,
    #[error("the member has as many cards as one may have")]
    TooMany,
    #[error("no such member")]
    UnknownMember,
    #[error("the member has left the programme")]
    MemberLeft,
    #[error("the card was changed at this moment; look at it again")]
    Changed,
}

impl CardRefusal {
    /// The stable code by which programs recognise it.
    pub fn code(self) -> &'static str {
        match self {
            CardRefusal::Unknown => "unknown_card",
            CardRefusal::Blocked => "card_blocked",
            CardRefusal::Replaced => "card_replaced",
            CardRefusal::Taken => "card_taken",
            CardRefusal::TooMany => "too_many_cards",
            CardRefusal::UnknownMember => "unknown_member",
            CardRefusal::MemberLeft => "member_left",
            CardRefusal::Changed => "card_changed",
        }
    }
}

/// What came of something that was to be done with a card.
pub type Outcome<T> = Result<Result<T, CardRefusal>, IdentityError>;

/// Who does something with cards.
#[derive(Clone, Copy)]
pub struct Hand<'a> {
    pub application: &'a Application,
    /// `None` is a program with a key.
    pub staff: Option<i64>,
}

/// What was done to a card.
struct Step<'a> {
    step: &'static str,
    member: MemberId,
    reason: &'a str,
}

impl Hand<'_> {
    /// Gives a member a card. The same one again is the one that is there.
    pub async fn give(self, connection: &mut Connection, to: MemberId, number: &CardNumber) -> Outcome<Card> {
        let to = survivor(connection, to).await?;
        if let Err(refusal) = welcome(connection, to).await? {
            return Ok(Err(refusal));
        }
        let vault = &self.application.vault;
        if let Some(known) = card_find_by_number(connection, vault, number).await? {
            let is_theirs = survivor(connection, known.member).await? == to;
            return Ok(if is_theirs { known.names().map(|_| known) } else { Err(CardRefusal::Taken) });
        }
        if cards_of(connection, vault, [to]).await?.len() >= MOST_OF_A_MEMBER {
            return Ok(Err(CardRefusal::TooMany));
        }
        let card = Card {
            id: CardId(self.application.ids.next(number.part())),
            number: number.clone(),
            member: to,
            state: CardState::Active,
            given_at: self.application.clock.now(),
            ended_at: None,
            replaced_by: None,
        };
        let inserted = sql::run_all(connection, vec![insert(vault, &card)?]).await?;
        if inserted.iter().all(|outcome| outcome.touched == 0) {
            return Ok(Err(CardRefusal::Taken));
        }
        self.note(connection, card.id, Step { step: "given", member: to, reason: "" }).await?;
        Ok(Ok(card))
    }

    /// Has a card refused, or accepted again.
    pub async fn block(self, connection: &mut Connection, card: &Card, blocked: bool) -> Outcome<Card> {
        let (state, step) = match blocked {
            true => (CardState::Blocked, "blocked"),
            false => (CardState::Active, "unblocked"),
        };
        if card.state == state {
            return Ok(Ok(card.clone()));
        }
        if card.state == CardState::Replaced {
            return Ok(Err(CardRefusal::Replaced));
        }
        let ended_at = blocked.then(|| self.application.clock.now());
        let changed = Card { state, ended_at, ..card.clone() };
        self.change(connection, card, changed, Step { step, member: card.member, reason: "" }).await
    }

    /// Gives another card in the place of one that was lost. Answers the new one.
    pub async fn replace(self, connection: &mut Connection, card: &Card, number: &CardNumber) -> Outcome<Card> {
        if card.state == CardState::Replaced {
            let by = match card.replaced_by {
                Some(by) => card_find(connection, &self.application.vault, by).await?,
                None => None,
            };
            return Ok(by.filter(|by| by.number == *number).ok_or(CardRefusal::Replaced));
        }
        if *number == card.number {
            return Ok(Err(CardRefusal::Taken));
        }
        let given = match self.give(connection, card.member, number).await? {
            Ok(given) => given,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let now = self.application.clock.now();
        let (state, replaced_by) = (CardState::Replaced, Some(given.id));
        let changed = Card { state, ended_at: card.ended_at.or(Some(now)), replaced_by, ..card.clone() };
        let step = Step { step: "replaced", member: card.member, reason: "" };
        Ok(self.change(connection, card, changed, step).await?.map(|_| given))
    }

    /// Gives the card of one member to another. Points do not go along.
    pub async fn pass_on(self, connection: &mut Connection, card: &Card, to: MemberId, reason: &str) -> Outcome<Card> {
        if card.state == CardState::Replaced {
            return Ok(Err(CardRefusal::Replaced));
        }
        // The giver is locked as well: an erasure sees the card either before or after it moves. Always in one order,
        // so that two moves in opposite directions do not wait for each other.
        if card.member < to {
            member_lock(connection, card.member).await?;
        }
        if let Err(refusal) = welcome(connection, to).await? {
            return Ok(Err(refusal));
        }
        if card.member > to {
            member_lock(connection, card.member).await?;
        }
        if card.member == to {
            return Ok(Ok(card.clone()));
        }
        if cards_of(connection, &self.application.vault, [to]).await?.len() >= MOST_OF_A_MEMBER {
            return Ok(Err(CardRefusal::TooMany));
        }
        let changed = Card { member: to, ..card.clone() };
        self.change(connection, card, changed, Step { step: "moved", member: to, reason }).await
    }

    /// Writes what has changed, unless somebody else changed something first.
    async fn change(self, connection: &mut Connection, card: &Card, changed: Card, step: Step<'_>) -> Outcome<Card> {
        let sql = "update loyalty_card set member = ?, sealed = ?, state = ?, ended_at = ?, replaced_by = ? \
                   where part = ? and id = ? and member = ? and state = ?";
        let cells = cells![
            changed.member.number(),
            sealed(&self.application.vault, &changed)?,
            changed.state.name(),
            changed.ended_at.map(Instant::as_microsecond),
            changed.replaced_by.map(CardId::number),
            card.id.part().number(),
            card.id.number(),
            card.member.number(),
            card.state.name(),
        ];
        if sql::execute(connection, sql, cells).await? == 0 {
            return Ok(Err(CardRefusal::Changed));
        }
        self.note(connection, card.id, step).await?;
        Ok(Ok(changed))
    }

    async fn note(self, connection: &mut Connection, card: CardId, step: Step<'_>) -> Result<(), sql::Error> {
        let sql = "insert into loyalty_card_step (part, card, id, step, member, staff, reason) \
                   values (?, ?, ?, ?, ?, ?, ?)";
        let part = card.part();
        let cells = cells![
            part.number(),
            card.number(),
            self.application.ids.next(part).number(),
            step.step,
            step.member.number(),
            self.staff,
            step.reason,
        ];
        sql::execute(connection, sql, cells).await?;
        Ok(())
    }
}

/// Whose account this has become.
async fn survivor(connection: &mut Connection, member: MemberId) -> Result<MemberId, sql::Error> {
    match member_find(connection, member).await? {
        Some(row) => Ok(member_survivor(connection, row).await?.id),
        None => Ok(member),
    }
}

/// Whether somebody may be given a card. Nobody leaves, or is erased, until the transaction ends.
async fn welcome(connection: &mut Connection, member: MemberId) -> Result<Result<(), CardRefusal>, sql::Error> {
    let row = member_lock(connection, member).await?;
    Ok(match row {
        None => Err(CardRefusal::UnknownMember),
        Some(row) if row.status == MemberStatus::Left || row.is_erased() => Err(CardRefusal::MemberLeft),
        Some(_) => Ok(()),
    })
}

fn sealed(vault: &Vault, card: &Card) -> Result<Vec<u8>, IdentityError> {
    vault.seal_secret(PURPOSE, card.member.number(), card.number.as_str().as_bytes())
}

fn insert(vault: &Vault, card: &Card) -> Result<Statement, IdentityError> {
    let row = cells![
        card.id.part().number(),
        card.id.number(),
        card.number.mark(vault),
        card.member.number(),
        sealed(vault, card)?,
        card.state.name(),
        card.given_at.as_microsecond(),
        card.ended_at.map(Instant::as_microsecond),
        card.replaced_by.map(CardId::number),
    ];
    Ok(Statement::insert(
        "insert into loyalty_card (part, id, mark, member, sealed, state, given_at, ended_at, replaced_by) values",
        "on conflict (part, mark) do nothing",
        vec![row],
    ))
}

/// Writes a card as an export has it.
pub(crate) async fn card_restore(connection: &mut Connection, vault: &Vault, card: &Card) -> Result<(), IdentityError> {
    sql::run_all(connection, vec![insert(vault, card)?]).await?;
    Ok(())
}

pub async fn card_find(
    connection: &mut Connection,
    vault: &Vault,
    card: CardId,
) -> Result<Option<Card>, IdentityError> {
    let sql = format!("select {COLUMNS} from loyalty_card where part = ? and id = ?");
    let row = sql::row(connection, &sql, cells![card.part().number(), card.number()]).await?;
    row.map(|row| Card::read(&row, vault)).transpose()
}

/// The card with a number, whatever its state.
pub async fn card_find_by_number(
    connection: &mut Connection,
    vault: &Vault,
    number: &CardNumber,
) -> Result<Option<Card>, IdentityError> {
    let sql = format!("select {COLUMNS} from loyalty_card where part = ? and mark = ?");
    let row = sql::row(connection, &sql, cells![number.part().number(), number.mark(vault)]).await?;
    row.map(|row| Card::read(&row, vault)).transpose()
}

/// The cards with some numbers, as far as there are any.
pub async fn card_find_all(
    connection: &mut Connection,
    vault: &Vault,
    numbers: impl IntoIterator<Item = &CardNumber>,
) -> Result<HashMap<CardNumber, Card>, IdentityError> {
    let keys: Vec<_> = numbers.into_iter().map(|number| cells![number.part().number(), number.mark(vault)]).collect();
    let head = format!("select {COLUMNS} from loyalty_card where (part, mark) in");
    let rows = sql::look_up(connection, &head, keys).await?;
    rows.iter().map(|row| Card::read(row, vault).map(|card| (card.number.clone(), card))).collect()
}

/// All cards of some accounts, the newest first.
pub async fn cards_of(
    connection: &mut Connection,
    vault: &Vault,
    accounts: impl IntoIterator<Item = MemberId>,
) -> Result<Vec<Card>, IdentityError> {
    let of_account = |account: MemberId| Part::all().map(move |part| cells![part.number(), account.number()]);
    let keys = accounts.into_iter().flat_map(of_account).collect();
    let head = format!("select {COLUMNS} from loyalty_card where (part, member) in");
    let rows = sql::look_up(connection, &head, keys).await?;
    let mut cards = rows.iter().map(|row| Card::read(row, vault)).collect::<Result<Vec<_>, _>>()?;
    cards.sort_by_key(|card| std::cmp::Reverse((card.given_at, card.id)));
    Ok(cards)
}

/// Cards in a stable order, after `after`, at most `limit`.
pub(crate) async fn card_page(
    connection: &mut Connection,
    vault: &Vault,
    after: Option<CardId>,
    limit: usize,
) -> Result<Vec<Card>, IdentityError> {
    let (page, mut cells) = connection.dialect().page("id", after.map(|card| card.0));
    let sql = format!("select {COLUMNS} from loyalty_card where {page} limit ?");
    cells.push(Cell::from(limit as i64));
    sql::rows(connection, &sql, cells).await?.iter().map(|row| Card::read(row, vault)).collect()
}

/// Why the cards of a member were moved to this member, by card.
pub async fn card_reasons(connection: &mut Connection, cards: &[Card]) -> Result<HashMap<CardId, String>, sql::Error> {
    let keys = cards.iter().map(|card| cells![card.id.part().number(), card.id.number()]).collect();
    let head = "select card, id, member, step, reason from loyalty_card_step where (part, card) in";
    let mut rows = Vec::new();
    for row in &sql::look_up(connection, head, keys).await? {
        let (card, step): (i64, &str) = (sql::column(row, "card")?, sql::column(row, "step")?);
        let member: i64 = sql::column(row, "member")?;
        let is_theirs = cards.iter().any(|known| known.id.number() == card && known.member.number() == member);
        if step == "moved" && is_theirs {
            rows.push((sql::column::<i64>(row, "id")?, CardId(id(card)?), sql::column::<String>(row, "reason")?));
        }
    }
    // The latest stays.
    rows.sort_by_key(|(step, ..)| *step);
    let latest: HashMap<_, _> = rows.into_iter().map(|(_, card, reason)| (card, reason)).collect();
    // An erasure leaves none.
    Ok(latest.into_iter().filter(|(_, reason)| !reason.is_empty()).collect())
}

/// Forgets the cards of a member, with all that was done to them. Of cards that went on to others it forgets whose they
/// were, and every reason: one may tell of this member. Whoever calls has locked the member.
pub(super) async fn cards_erase(connection: &mut Connection, member: MemberId) -> Result<(), sql::Error> {
    let keys: Vec<_> = Part::all().map(|part| cells![part.number(), member.number()]).collect();
    let head = "select part, id from loyalty_card where (part, member) in";
    let mut theirs = BTreeSet::new();
    for row in &sql::look_up(connection, head, keys.clone()).await? {
        theirs.insert((sql::column::<i64>(row, "part")?, sql::column::<i64>(row, "id")?));
    }
    let head = "select part, card from loyalty_card_step where (part, member) in";
    let mut gone_on = BTreeSet::new();
    for row in &sql::look_up(connection, head, keys).await? {
        gone_on.insert((sql::column::<i64>(row, "part")?, sql::column::<i64>(row, "card")?));
    }
    let mut statements = Vec::new();
    for &(part, card) in &theirs {
        let sql = "delete from loyalty_card where part = ? and id = ? and member = ?";
        statements.push(Statement::plain(sql, cells![part, card, member.number()]));
        let sql = "delete from loyalty_card_step where part = ? and card = ?";
        statements.push(Statement::plain(sql, cells![part, card]));
    }
    for &(part, card) in gone_on.difference(&theirs) {
        let sql = "delete from loyalty_card_step where part = ? and card = ? and member = ?";
        statements.push(Statement::plain(sql, cells![part, card, member.number()]));
        let sql = "update loyalty_card_step set reason = '' where part = ? and card = ?";
        statements.push(Statement::plain(sql, cells![part, card]));
    }
    sql::run_all(connection, statements).await?;
    Ok(())
}

impl Application {
    /// The card with a number, whatever its state.
    pub async fn card_with_number(&self, number: &CardNumber) -> Result<Option<Card>, IdentityError> {
        card_find_by_number(&mut *self.database.read().await?, &self.vault, number).await
    }

    /// All cards of a member, the newest first; those of accounts that were merged into the member's name them as well.
    pub async fn cards(&self, member: MemberId) -> Result<Vec<Card>, IdentityError> {
        let accounts = self.merged_accounts(member).await?;
        cards_of(&mut *self.database.read().await?, &self.vault, accounts.into_iter().chain([member])).await
    }

    /// Whom a card names at this moment, or why it names nobody.
    pub async fn member_by_card(&self, number: &CardNumber) -> Outcome<MemberId> {
        Ok(self.card_with_number(number).await?.ok_or(CardRefusal::Unknown).and_then(|card| card.names()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_printed() {
        for (typed, number) in [
            ("2600 1234-5678", Some("260012345678")),
            (" kl-7ab9 ", Some("KL7AB9")),
            ("123", None),
            ("- - 12 - 3", None),
            ("12_34", None),
            ("żółw7", None),
            (&"7".repeat(41), None),
            (&"7 ".repeat(40), Some("7".repeat(40).as_str())),
        ] {
            assert_eq!(CardNumber::parse(typed).as_ref().map(CardNumber::as_str), number, "{typed}");
        }
        let number = CardNumber::parse("KL7AB9").unwrap();
        assert!(!format!("{number:?}").contains("KL7"), "numbers stay out of logs");
    }
}
