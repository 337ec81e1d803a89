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
/// The row that every ticket has, whoever asked.
const NOBODY: i64 = 0;
const PURPOSE: &str = "code by mail";

/// What the browser of somebody who asked for a code keeps meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRequest {
    pub ticket: String,
}

impl CodeRequest {
    /// Writes down that somebody asks.
    pub async fn begin(application: &Application) -> Result<CodeRequest, CodeError> {
        let ticket = blake3::Hash::from_bytes(random::bytes()?).to_hex().to_string();
        let now = application.clock.now();
        let mut transaction = application.database.write_aside().await?;
        let ended = now.saturating_sub(CODE_KEPT).unwrap_or(Instant::MIN).as_microsecond();
        let sql = "delete from sign_in_code where part = ? and made_at < ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), ended]).await?;
        // A code that nobody gets to know.
        insert(&mut transaction, &application.vault, &ticket, NOBODY, &draw()?, now).await?;
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

/// Draws a code for a member, to be tried with the ticket.
pub async fn code_write(application: &Application, ticket: &str, member: MemberId) -> Result<String, CodeError> {
    let code = draw()?;
    let mut transaction = application.database.write_aside().await?;
    let now = application.clock.now();
    insert(&mut transaction, &application.vault, ticket, member.number(), &code, now).await?;
    transaction.commit().await?;
    Ok(code)
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
    let sql = "select member, code, made_at, tries from sign_in_code where part = ? and ticket = ?";
    let rows = sql::rows(&mut transaction, sql, cells![Part::PROGRAMME.number(), name]).await?;
    let hash = hash(&application.vault, ticket, &digits);
    let (mut whose, mut is_open) = (None, false);
    for row in &rows {
        let member: i64 = sql::column(row, "member")?;
        if member == NOBODY {
            let made_at = instant(sql::column(row, "made_at")?);
            let tries: i64 = sql::column(row, "tries")?;
            is_open = tries <= MOST_TRIES && application.clock.now().duration_since(made_at) < CODE_KEPT;
        }
        if bool::from(column_of_32(row, "code")?.ct_eq(&hash)) && member != NOBODY {
            whose = Some(MemberId(id(member)?));
        }
    }
    let whose = whose.filter(|_| is_open && digits.len() == CODE_LENGTH);
    if whose.is_some() {
        let sql = "delete from sign_in_code where part = ? and ticket = ?";
        sql::execute(&mut transaction, sql, cells![Part::PROGRAMME.number(), name]).await?;
    }
    transaction.commit().await?;
    Ok(whose)
}

async fn insert(
    connection: &mut Connection,
    vault: &Vault,
    ticket: &str,
    member: i64,
    code: &str,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into sign_in_code (part, ticket, member, code, made_at, tries) values (?, ?, ?, ?, ?, ?)";
    let moment = now.as_microsecond();
    let cells = cells![Part::PROGRAMME.number(), name(ticket), member, hash(vault, ticket, code), moment, 0_i64];
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
