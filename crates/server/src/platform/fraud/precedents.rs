//! What people decided, as counts for each rule and each kind of identifier.

use std::collections::BTreeMap;

use lojal_core::kernel::{MemberId, Part};
use lojal_fraud::identifier::IdentifierKind;
use lojal_fraud::policy::Rule;
use lojal_fraud::weights::{Counts, Decision, Grounds, Precedents};

use super::super::sql::{self, Connection, Statement, cells, damaged};

const RULE: &str = "rule";
const KIND: &str = "kind";

/// All counts, and what was decided about a friend.
pub(super) async fn precedents_find(connection: &mut Connection, friend: MemberId) -> Result<Precedents, sql::Error> {
    let (rules, kinds) = precedent_counts(connection).await?;
    let sql = "select state, grounds from fraud_case where part = ? and friend = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), friend.number()]).await?;
    let mut decided = None;
    if let Some(row) = row
        && let Some(decision) = decision_named(sql::column(&row, "state")?)
        && let Some(grounds) = sql::column::<Option<&str>>(&row, "grounds")?
    {
        decided = Some((friend, decision, serde_json::from_str::<Grounds>(grounds).map_err(damaged)?));
    }
    Ok(Precedents::counted(rules, kinds, decided))
}

/// What a case's state says of the decision.
pub fn decision_named(state: &str) -> Option<Decision> {
    match state {
        "confirmed" => Some(Decision::Confirmed),
        "cleared" => Some(Decision::Cleared),
        _ => None,
    }
}

type AllCounts = (BTreeMap<Rule, Counts>, BTreeMap<IdentifierKind, Counts>);

/// How often people confirmed and cleared, by rule and by kind of identifier.
pub async fn precedent_counts(connection: &mut Connection) -> Result<AllCounts, sql::Error> {
    let sql = "select about, name, confirmed, cleared from precedent where part = ?";
    let (mut rules, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    for row in &sql::rows(connection, sql, cells![Part::PROGRAMME.number()]).await? {
        let number = |name| Ok::<_, sql::Error>(u32::try_from(sql::column::<i64>(row, name)?).unwrap_or_default());
        let counts = Counts { confirmed: number("confirmed")?, cleared: number("cleared")? };
        let name: &str = sql::column(row, "name")?;
        if counts == Counts::default() {
            continue;
        }
        // A rule that this release does not know has nothing to weigh.
        match sql::column(row, "about")? {
            RULE => rules.extend(Rule::ALL.into_iter().find(|rule| rule.code() == name).map(|rule| (rule, counts))),
            KIND => {
                let kind = IdentifierKind::ALL.into_iter().find(|kind| kind.code() == name);
                kinds.extend(kind.map(|kind| (kind, counts)));
            }
            other => return Err(damaged(format!("{other} is nothing that decisions are counted for"))),
        }
    }
    Ok((rules, kinds))
}

/// Counts a decision for all that spoke in its case, or counts it off again.
pub async fn precedent_count(
    connection: &mut Connection,
    decision: Decision,
    grounds: &Grounds,
    is_taken_back: bool,
) -> Result<(), sql::Error> {
    let by = if is_taken_back { -1_i64 } else { 1 };
    let (confirmed, cleared) = match decision {
        Decision::Confirmed => (by, 0),
        Decision::Cleared => (0, by),
    };
    let rules = grounds.rules.iter().map(|rule| (RULE, rule.code()));
    let kinds = grounds.kinds.iter().map(|kind| (KIND, kind.code()));
    let part = Part::PROGRAMME.number();
    let mut statements = Vec::new();
    for (about, name) in rules.chain(kinds) {
        statements.push(Statement::insert(
            "insert into precedent (part, about, name, confirmed, cleared) values",
            "on conflict (part, about, name) do nothing",
            vec![cells![part, about, name, 0_i64, 0_i64]],
        ));
        let sql = "update precedent set confirmed = confirmed + ?, cleared = cleared + ? \
                   where part = ? and about = ? and name = ?";
        statements.push(Statement::plain(sql, cells![confirmed, cleared, part, about, name]));
    }
    sql::run_all(connection, statements).await?;
    Ok(())
}
