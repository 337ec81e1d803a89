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
    /// The member whom a signed token names, whether or not somebody has come in with it.
    pub async fn member_of_token(&self, token: &str) -> Result<(MemberRow, Claims), EntryFault> {
        let unproven = Unproven::read(token)?;
        let mut connection = self.database.read().await?;
        let secrets = secrets_in_use(&mut connection, &self.vault, unproven.secret.as_deref()).await?;
        drop(connection);
        let claims = unproven.prove(&secrets, self.clock.now())?;
        let member = match self.member_by_external_id(&claims.subject).await? {
            Some(member) => Some(self.survivor(member).await?),
            None => None,
        };
        let member = member.filter(|member| member.status == MemberStatus::Active && !member.is_erased());
        Ok((member.ok_or(TokenFault::UnknownMember)?, claims))
    }

    /// The member whom a signed token names, for an API: it may be shown again and again, as long as it holds and nobody
    /// has come in with it.
    pub async fn member_of_unspent_token(&self, token: &str) -> Result<MemberRow, EntryFault> {
        let (member, claims) = self.member_of_token(token).await?;
        let Some(mark) = self.mark_of(&claims) else { return Ok(member) };
        let sql = "select 1 from entry_token where part = ? and mark = ?";
        let cells = cells![member.id.part().number(), mark];
        match sql::row(&mut *self.database.read().await?, sql, cells).await? {
            Some(_) => Err(TokenFault::Used.into()),
            None => Ok(member),
        }
    }

    /// What is kept of a token with an id of its own.
    fn mark_of(&self, claims: &Claims) -> Option<[u8; 32]> {
        let id = claims.id.as_ref()?;
        Some(*self.vault.mark("signed token", format!("{} {id}", claims.subject).as_bytes()).as_bytes())
    }

    /// Writes down that somebody comes in with a token. One with an id of its own opens nothing again.
    pub async fn spend_token(
        &self,
        connection: &mut Connection,
        member: MemberId,
        claims: &Claims,
    ) -> Result<(), EntryFault> {
        let Some(mark) = self.mark_of(claims) else { return Ok(()) };
        let part: Part = member.part();
        let sql = "delete from entry_token where part = ? and until < ?";
        sql::execute(connection, sql, cells![part.number(), self.clock.now().as_microsecond()]).await?;
        let sql = "insert into entry_token (part, mark, until) values (?, ?, ?) on conflict (part, mark) do nothing";
        let cells = cells![part.number(), mark, claims.ends_at.as_microsecond()];
        match sql::execute(connection, sql, cells).await? {
            0 => Err(TokenFault::Used.into()),
            _ => Ok(()),
        }
    }
}
