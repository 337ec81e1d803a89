//! Which version of the terms a member accepted, and when. A row is never changed: it proves what was agreed on.

use lojal_core::kernel::{Instant, Language, MemberId};

use super::application::Application;
use super::clock::instant;
use super::sql::{self, Connection, Row, cells, damaged};

/// A member's acceptance of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    pub version: u32,
    /// In which the terms were read.
    pub language: Language,
    /// As the shop says.
    pub accepted_at: Instant,
    pub recorded_at: Instant,
}

impl Application {
    /// Writes down what a member accepts, unless the member accepted that version before: then that stays. Answers
    /// what is written there, and whether it was there before.
    pub async fn accept_terms(
        &self,
        member: MemberId,
        acceptance: &Acceptance,
    ) -> Result<(Acceptance, bool), sql::Error> {
        let mut transaction = self.database.write_aside_in(member.part()).await?;
        let is_new = acceptance_insert(&mut transaction, member, acceptance).await?;
        transaction.commit().await?;
        let first = if is_new { None } else { self.acceptance(member, acceptance.version).await? };
        let is_known = first.is_some();
        Ok((first.unwrap_or_else(|| acceptance.clone()), is_known))
    }

    /// What a member accepted of a version.
    pub async fn acceptance(&self, member: MemberId, version: u32) -> Result<Option<Acceptance>, sql::Error> {
        Ok(self.acceptances(member).await?.into_iter().find(|known| known.version == version))
    }

    /// All that a member has accepted, by version.
    pub async fn acceptances(&self, member: MemberId) -> Result<Vec<Acceptance>, sql::Error> {
        acceptance_list(&mut *self.database.read().await?, member).await
    }
}

/// Answers whether it was new.
async fn acceptance_insert(
    connection: &mut Connection,
    member: MemberId,
    acceptance: &Acceptance,
) -> Result<bool, sql::Error> {
    let row = cells![
        member.part().number(),
        member.number(),
        i64::from(acceptance.version),
        acceptance.language.tag(),
        acceptance.accepted_at.as_microsecond(),
        acceptance.recorded_at.as_microsecond(),
    ];
    let head = "insert into terms_acceptance (part, member, version, language, accepted_at, recorded_at) values";
    let tail = "on conflict (part, member, version) do nothing";
    Ok(sql::insert_all(connection, head, tail, vec![row]).await? > 0)
}

async fn acceptance_list(connection: &mut Connection, member: MemberId) -> Result<Vec<Acceptance>, sql::Error> {
    let sql = "select version, language, accepted_at, recorded_at from terms_acceptance
               where part = ? and member = ? order by version";
    let rows = sql::rows(connection, sql, cells![member.part().number(), member.number()]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Acceptance, sql::Error> {
    let (version, tag): (i64, &str) = (sql::column(row, "version")?, sql::column(row, "language")?);
    let language = Language::ALL.into_iter().find(|language| language.tag() == tag);
    Ok(Acceptance {
        version: u32::try_from(version).map_err(|_| damaged(format!("{version} is no version")))?,
        language: language.ok_or_else(|| damaged(format!("{tag} is no language of the house")))?,
        accepted_at: instant(sql::column(row, "accepted_at")?),
        recorded_at: instant(sql::column(row, "recorded_at")?),
    })
}
