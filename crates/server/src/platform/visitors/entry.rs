//! Whom a signed token lets in.

use lojal_core::kernel::{MemberId, Part};

use super::secrets::secrets_in_use;
use super::token::{Claims, TokenFault, Unproven};
use crate::platform::application::Application;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::identity::IdentityError;
use crate::platform::sql::{self, Connection, cells};

/// Why a token lets nobody in.
#[derive(Debug, thiserror::Error)]
pub enum EntryFault {
    #[error(transparent)]
    Token(#[from] TokenFault),
    #[error(transparent)]
    Inside(#[from] IdentityError),
}

impl From<sql::Error> for EntryFault {
    fn from(cause: sql::Error) -> EntryFault {
        EntryFault::Inside(cause.into())
    }
}

impl Application {
    /// The member whom a signed token names. It may be shown again and again, as long as it holds.
    pub async fn member_of_token(&self, token: &str) -> Result<(MemberRow, Claims), EntryFault> {
        let unproven = Unproven::read(token)?;
        let mut connection = self.database.read().await?;
        let secrets = secrets_in_use(&mut connection, &self.vault, unproven.secret.as_deref()).await?;
        drop(connection);
        let claims = unproven.prove(&secrets, self.clock.now())?;
        let member = self.member_by_external_id(&claims.subject).await?;
        let member = member.filter(|member| member.status == MemberStatus::Active && !member.is_erased());
        Ok((member.ok_or(TokenFault::UnknownMember)?, claims))
    }

    /// Writes down that somebody comes in with a token. One with an id of its own opens nothing again.
    pub async fn spend_token(
        &self,
        connection: &mut Connection,
        member: MemberId,
        claims: &Claims,
    ) -> Result<(), EntryFault> {
        let Some(id) = &claims.id else { return Ok(()) };
        let part: Part = member.part();
        let sql = "delete from entry_token where part = ? and until < ?";
        sql::execute(connection, sql, cells![part.number(), self.clock.now().as_microsecond()]).await?;
        let mark = *self.vault.mark("signed token", format!("{} {id}", claims.subject).as_bytes()).as_bytes();
        let sql = "insert into entry_token (part, mark, until) values (?, ?, ?) on conflict (part, mark) do nothing";
        let cells = cells![part.number(), mark, claims.ends_at.as_microsecond()];
        match sql::execute(connection, sql, cells).await? {
            0 => Err(TokenFault::Used.into()),
            _ => Ok(()),
        }
    }
}
