//! Codes that members get by mail. Whoever asks is treated alike, whether the address is known or not: there is a row
//! to try codes against in any case, and only later, when the answer is out, is anybody looked for.

use jiff::SignedDuration;
use lojal_core::kernel::{Instant, MemberId, Part};
use subtle::ConstantTimeEq;

use crate::platform::application::Application;
use crate::platform::clock::instant;
use crate::platform::identity::Vault;
use crate::platform::journal::id;
use crate::platform::random::{self, NoRandomness};
use crate::platform::sql::{self, Connection, cells, column_of_32};

/// How long a code is taken.
pub const CODE_KEPT: SignedDuration = SignedDuration::from_mins(10);
/// Digits of a code.
pub const CODE_LENGTH: usize = 6;
const MOST_TRIES: i64 = 5;
/// Wrong codes for an address on one day, as many as ten tickets take; then there are none until the next day.
const MOST_TRIES_A_DAY: i64 = 50;
/// The row that every ticket has, whoever asked.
const NOBODY: i64 = 0;
/// Whose code it is when nobody has the address: the smallest number of a member is larger.
const STRANGER: i64 = 1;
const PURPOSE: &str = "code by mail";
const ADDRESS: &str = "address that a code goes to";

/// What the browser of somebody who asked for a code keeps meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRequest {
    pub ticket: String,
}

impl CodeRequest {
    /// Writes down that somebody asks.
    pub async fn begin(application: &Application, email: &str) -> Result<CodeRequest, CodeError> {
        let ticket = blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string();
        let now = application.clock.now();
        let mut transaction = application.database.write_aside().await?;
        let ended = now.saturating_sub(CODE_KEPT).unwrap_or(Instant::MIN).as_microsecond();
        let sql = "delete from sign_in_code where part = ? and made_at < ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), ended]).await?;
        let sql = "delete from sign_in_failure where part = ? and day < ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), day(now)]).await?;
        // A code that nobody gets to know.
        let whose = (NOBODY, mark(&application.vault, email));
        insert(&mut transaction, &application.vault, &ticket, whose, &draw()?, now).await?;
        transaction.commit().await?;
        Ok(CodeRequest { ticket })
    }
}

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("storage failed")]
    Storage(#[from] sql::Error),
}

/// Draws a code for a member, to be tried with the ticket; where there is no member, one that nobody gets to know, so
/// that as much is written. There is none for an address for which too many were tried today.
pub async fn code_write(
    application: &Application,
    ticket: &str,
    email: &str,
    member: Option<MemberId>,
) -> Result<Option<String>, CodeError> {
    let code = draw()?;
    let mut transaction = application.database.write_aside().await?;
    let now = application.clock.now();
    let address = mark(&application.vault, email);
    let whose = (member.map_or(STRANGER, MemberId::number), address);
    insert(&mut transaction, &application.vault, ticket, whose, &code, now).await?;
    let is_open = failures(&mut transaction, &address, now).await? < MOST_TRIES_A_DAY;
    transaction.commit().await?;
    Ok(Some(code).filter(|_| is_open))
}

/// The member whose code it is. A right code is taken once; a wrong one counts, and after five nothing is taken.
pub async fn code_take(application: &Application, ticket: &str, code: &str) -> Result<Option<MemberId>, sql::Error> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let mut transaction = application.database.write_aside().await?;
    let name = name(ticket);
    // Whoever tries at the same moment waits here.
    let sql = "update sign_in_code set tries = tries + 1 where part = ? and ticket = ? and member = ?";
    let own = cells![Part::PROGRAMME.number(), name, NOBODY];
    if sql::execute(&mut transaction, sql, own).await? == 0 {
        return Ok(None);
    }
    let sql = "select member, address, code, made_at, tries from sign_in_code where part = ? and ticket = ?";
    let rows = sql::rows(&mut transaction, sql, cells![Part::PROGRAMME.number(), name]).await?;
    let hash = hash(&application.vault, ticket, &digits);
    let now = application.clock.now();
    let (mut whose, mut is_open, mut address) = (None, false, None);
    for row in &rows {
        let member: i64 = sql::column(row, "member")?;
        if member == NOBODY {
            let made_at = instant(sql::column(row, "made_at")?);
            let tries: i64 = sql::column(row, "tries")?;
            is_open = tries <= MOST_TRIES && now.duration_since(made_at) < CODE_KEPT;
            address = Some(column_of_32(row, "address")?);
        }
        if bool::from(column_of_32(row, "code")?.ct_eq(&hash)) && member > STRANGER {
            whose = Some(MemberId(id(member)?));
        }
    }
    let Some(address) = address else { return Ok(None) };
    is_open &= failures(&mut transaction, &address, now).await? < MOST_TRIES_A_DAY;
    let whose = whose.filter(|_| is_open && digits.len() == CODE_LENGTH);
    if whose.is_none() && is_open {
        failure_add(&mut transaction, &address, now).await?;
    }
    if whose.is_some() {
        let sql = "delete from sign_in_code where part = ? and ticket = ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), name]).await?;
    }
    transaction.commit().await?;
    Ok(whose)
}

/// Wrong codes that were tried today.
async fn failures(connection: &mut Connection, address: &[u8; 32], now: Instant) -> Result<i64, sql::Error> {
    let sql = "select tries from sign_in_failure where part = ? and address = ? and day = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), *address, day(now)]).await?;
    row.as_ref().map_or(Ok(0), |row| sql::column(row, "tries"))
}

/// One more, also where somebody else has just counted the first.
async fn failure_add(connection: &mut Connection, address: &[u8; 32], now: Instant) -> Result<(), sql::Error> {
    let own = cells![Part::PROGRAMME.number(), *address, day(now)];
    let more = "update sign_in_failure set tries = tries + 1 where part = ? and address = ? and day = ?";
    if sql::execute(connection, more, own.clone()).await? > 0 {
        return Ok(());
    }
    let first = "insert into sign_in_failure (part, address, day, tries) values (?, ?, ?, 1) \
                 on conflict (part, address, day) do nothing";
    if sql::execute(connection, first, own.clone()).await? == 0 {
        sql::execute(connection, more, own).await?;
    }
    Ok(())
}

fn day(now: Instant) -> i64 {
    const SECONDS: i64 = 24 * 60 * 60;
    now.as_second().div_euclid(SECONDS)
}

fn mark(vault: &Vault, email: &str) -> [u8; 32] {
    *vault.mark(ADDRESS, email.as_bytes()).as_bytes()
}

async fn insert(
    connection: &mut Connection,
    vault: &Vault,
    ticket: &str,
    (member, address): (i64, [u8; 32]),
    code: &str,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into sign_in_code (part, ticket, member, address, code, made_at, tries) \
               values (?, ?, ?, ?, ?, ?, ?)";
    let moment = now.as_microsecond();
    let (ticket_name, hash) = (name(ticket), hash(vault, ticket, code));
    let cells = cells![Part::PROGRAMME.number(), ticket_name, member, address, hash, moment, 0_i64];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}

fn name(ticket: &str) -> [u8; 32] {
    *blake3::hash(ticket.as_bytes()).as_bytes()
}

/// Six digits are soon tried out, so whoever reads the table needs the key of the data folder, too.
fn hash(vault: &Vault, ticket: &str, code: &str) -> [u8; 32] {
    *vault.mark(PURPOSE, format!("{ticket} {code}").as_bytes()).as_bytes()
}

/// Each code is as likely as any other: numbers that would make some likelier are drawn again.
fn draw() -> Result<String, NoRandomness> {
    const CODES: u32 = 1_000_000;
    loop {
        let number = u32::from_le_bytes(random::bytes()?);
        if number < u32::MAX / CODES * CODES {
            return Ok(format!("{:06}", number % CODES));
        }
    }
}
