//! Codes that members get by mail or as a text message, to come in or to confirm a recommendation. Whoever asks is treated alike, whether the address is known or not: there is a row
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

/// How long a code is taken with which somebody comes in,
pub const CODE_KEPT: SignedDuration = SignedDuration::from_mins(10);
/// and one that confirms a recommendation.
pub const SECOND_STEP_KEPT: SignedDuration = SignedDuration::from_mins(15);
/// Digits of a code.
pub const CODE_LENGTH: usize = 6;
const MOST_TRIES: i64 = 5;
/// Wrong codes for an address on one day, as many as ten tickets take; then there are none until the next day.
const MOST_TRIES_A_DAY: i64 = 50;
/// The row that every ticket has, whoever asked.
const NOBODY: i64 = 0;
/// Whose code it is when nobody has the address: the smallest number of a member is larger.
const STRANGER: i64 = 1;

/// What a code is good for. One that is meant for something else is a wrong one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeUse {
    SignIn,
    SecondStep,
}

impl CodeUse {
    fn kept(self) -> SignedDuration {
        match self {
            CodeUse::SignIn => CODE_KEPT,
            CodeUse::SecondStep => SECOND_STEP_KEPT,
        }
    }

    /// What sets hashes of codes apart.
    fn purpose(self) -> &'static str {
        match self {
            CodeUse::SignIn => "code by mail",
            CodeUse::SecondStep => "code of the second step",
        }
    }

    /// What sets hashes of addresses apart, so that wrong codes of one use take nothing from another.
    fn address(self) -> &'static str {
        match self {
            CodeUse::SignIn => "address that a code goes to",
            CodeUse::SecondStep => "address that a code of the second step goes to",
        }
    }
}

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
        clear(&mut transaction, now).await?;
        let desk = CodeDesk { vault: &application.vault, of: CodeUse::SignIn, now };
        desk.open(&mut transaction, &ticket, &desk.mark(email)).await?;
        transaction.commit().await?;
        Ok(CodeRequest { ticket })
    }
}

/// Takes out what nobody can enter any more.
async fn clear(connection: &mut Connection, now: Instant) -> Result<(), sql::Error> {
    let ended = now.saturating_sub(CODE_KEPT.max(SECOND_STEP_KEPT)).unwrap_or(Instant::MIN).as_microsecond();
    let sql = "delete from sign_in_code where part = ? and made_at < ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), ended]).await?;
    let sql = "delete from sign_in_failure where part = ? and day < ?";
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), day(now)]).await?;
    Ok(())
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
    let mut transaction = application.database.write_aside().await?;
    let desk = CodeDesk { vault: &application.vault, of: CodeUse::SignIn, now: application.clock.now() };
    let code = desk.write(&mut transaction, ticket, email, member).await?;
    transaction.commit().await?;
    Ok(code)
}

/// The member whose code it is. A right code is taken once; a wrong one counts, and after five nothing is taken.
pub async fn code_take(application: &Application, ticket: &str, code: &str) -> Result<Option<MemberId>, sql::Error> {
    let mut transaction = application.database.write_aside().await?;
    let desk = CodeDesk { vault: &application.vault, of: CodeUse::SignIn, now: application.clock.now() };
    let whose = desk.take(&mut transaction, ticket, code).await?;
    transaction.commit().await?;
    Ok(whose)
}

/// Where codes of one use are written and tried, at one moment.
#[derive(Clone, Copy)]
pub struct CodeDesk<'a> {
    pub vault: &'a Vault,
    pub of: CodeUse,
    pub now: Instant,
}

impl CodeDesk<'_> {
    /// Draws a code for a member who is known, in the place of any that was drawn under the ticket before. There is none
    /// for an address for which too many were tried today.
    pub async fn issue(
        self,
        connection: &mut Connection,
        ticket: &str,
        address: &str,
        member: MemberId,
    ) -> Result<Option<String>, CodeError> {
        clear(connection, self.now).await?;
        self.forget(connection, ticket).await?;
        self.open(connection, ticket, &self.mark(address)).await?;
        self.write(connection, ticket, address, Some(member)).await
    }

    /// Lets nothing be taken with a ticket any more.
    pub async fn forget(self, connection: &mut Connection, ticket: &str) -> Result<(), sql::Error> {
        let sql = "delete from sign_in_code where part = ? and ticket = ?";
        sql::execute(connection, sql, cells![Part::PROGRAMME.number(), name(ticket)]).await?;
        Ok(())
    }

    /// Lets codes be tried with a ticket, under a code that nobody gets to know.
    async fn open(self, connection: &mut Connection, ticket: &str, address: &[u8; 32]) -> Result<(), CodeError> {
        self.insert(connection, ticket, (NOBODY, *address), &draw()?).await?;
        Ok(())
    }

    async fn write(
        self,
        connection: &mut Connection,
        ticket: &str,
        address: &str,
        member: Option<MemberId>,
    ) -> Result<Option<String>, CodeError> {
        let code = draw()?;
        let address = self.mark(address);
        let whose = (member.map_or(STRANGER, MemberId::number), address);
        self.insert(connection, ticket, whose, &code).await?;
        let is_open = failures(connection, &address, self.now).await? < MOST_TRIES_A_DAY;
        Ok(Some(code).filter(|_| is_open))
    }

    /// The member whose code it is. A right code is taken once; a wrong one counts, and after five nothing is taken. What
    /// is written must be committed either way.
    pub async fn take(
        self,
        connection: &mut Connection,
        ticket: &str,
        code: &str,
    ) -> Result<Option<MemberId>, sql::Error> {
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        let name = name(ticket);
        // Whoever tries at the same moment waits here.
        let sql = "update sign_in_code set tries = tries + 1 where part = ? and ticket = ? and member = ?";
        let own = cells![Part::PROGRAMME.number(), name, NOBODY];
        if sql::execute(connection, sql, own).await? == 0 {
            return Ok(None);
        }
        let sql = "select member, address, code, made_at, tries from sign_in_code where part = ? and ticket = ?";
        let rows = sql::rows(connection, sql, cells![Part::PROGRAMME.number(), name]).await?;
        let hash = self.hash(ticket, &digits);
        let (mut whose, mut is_open, mut address) = (None, false, None);
        for row in &rows {
            let member: i64 = sql::column(row, "member")?;
            if member == NOBODY {
                let made_at = instant(sql::column(row, "made_at")?);
                let tries: i64 = sql::column(row, "tries")?;
                is_open = tries <= MOST_TRIES && self.now.duration_since(made_at) < self.of.kept();
                address = Some(column_of_32(row, "address")?);
            }
            if bool::from(column_of_32(row, "code")?.ct_eq(&hash)) && member > STRANGER {
                whose = Some(MemberId(id(member)?));
            }
        }
        let Some(address) = address else { return Ok(None) };
        is_open &= failures(connection, &address, self.now).await? < MOST_TRIES_A_DAY;
        let whose = whose.filter(|_| is_open && digits.len() == CODE_LENGTH);
        if whose.is_none() && is_open {
            failure_add(connection, &address, self.now).await?;
        }
        if whose.is_some() {
            self.forget(connection, ticket).await?;
        }
        Ok(whose)
    }

    fn mark(self, address: &str) -> [u8; 32] {
        *self.vault.mark(self.of.address(), address.as_bytes()).as_bytes()
    }

    /// Six digits are soon tried out, so whoever reads the table needs the key of the data folder, too.
    fn hash(self, ticket: &str, code: &str) -> [u8; 32] {
        *self.vault.mark(self.of.purpose(), format!("{ticket} {code}").as_bytes()).as_bytes()
    }

    async fn insert(
        self,
        connection: &mut Connection,
        ticket: &str,
        (member, address): (i64, [u8; 32]),
        code: &str,
    ) -> Result<(), sql::Error> {
        let sql = "insert into sign_in_code (part, ticket, member, address, code, made_at, tries) \
                   values (?, ?, ?, ?, ?, ?, ?)";
        let (moment, hash) = (self.now.as_microsecond(), self.hash(ticket, code));
        let cells = cells![Part::PROGRAMME.number(), name(ticket), member, address, hash, moment, 0_i64];
        sql::execute(connection, sql, cells).await?;
        Ok(())
    }
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

fn name(ticket: &str) -> [u8; 32] {
    *blake3::hash(ticket.as_bytes()).as_bytes()
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
