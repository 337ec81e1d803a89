//! What members have agreed to beside the terms. Rows are only added: they prove what was agreed on, and when.

use lojal_core::kernel::{Instant, MemberId};

use super::clock::instant;
use super::sql::{self, Connection, cells};

/// What a member may agree to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Offers by e-mail.
    Email,
    /// Offers by text message.
    Sms,
}

impl Purpose {
    pub const ALL: [Purpose; 2] = [Purpose::Email, Purpose::Sms];

    pub fn name(self) -> &'static str {
        match self {
            Purpose::Email => "email",
            Purpose::Sms => "sms",
        }
    }
}

/// A change of mind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    pub purpose: Purpose,
    pub changed_at: Instant,
    pub is_given: bool,
}

/// All that a member has said, the oldest first.
pub async fn consent_list(connection: &mut Connection, member: MemberId) -> Result<Vec<Consent>, sql::Error> {
    let sql =
        "select purpose, changed_at, state from consent where part = ? and member = ? order by changed_at, purpose";
    let rows = sql::rows(connection, sql, cells![member.part().number(), member.number()]).await?;
    let mut consents = Vec::new();
    for row in &rows {
        let name: String = sql::column(row, "purpose")?;
        // A later release may know more purposes.
        let Some(purpose) = Purpose::ALL.into_iter().find(|purpose| purpose.name() == name) else { continue };
        let changed_at = instant(sql::column(row, "changed_at")?);
        consents.push(Consent { purpose, changed_at, is_given: sql::column::<&str>(row, "state")? == "given" });
    }
    Ok(consents)
}

/// What holds now of what a member has said.
pub fn is_given(consents: &[Consent], purpose: Purpose) -> bool {
    consents.iter().rev().find(|consent| consent.purpose == purpose).is_some_and(|consent| consent.is_given)
}

/// Adds what a member says now.
pub async fn consent_add(
    connection: &mut Connection,
    member: MemberId,
    purpose: Purpose,
    is_given: bool,
    now: Instant,
) -> Result<(), sql::Error> {
    let sql = "insert into consent (part, member, purpose, changed_at, state) values (?, ?, ?, ?, ?) \
               on conflict (part, member, purpose, changed_at) do nothing";
    let state = if is_given { "given" } else { "withdrawn" };
    let cells = cells![member.part().number(), member.number(), purpose.name(), now.as_microsecond(), state];
    sql::execute(connection, sql, cells).await?;
    Ok(())
}
