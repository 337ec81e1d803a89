//! What the house wants done, in PostgreSQL's words and with its kinds of values.
//!
//! Where the tables are spread over machines, a statement about one part names it, so that it reaches
//! the machine of that part and no other; one about many parts is taken apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::{Cell, Dialect, Statement};

/// A statement as it is sent, with its values.
#[derive(Debug)]
pub(super) struct Wording {
    pub text: String,
    pub parameters: Vec<Parameter>,
    /// Whether its rows are wanted.
    pub is_read: bool,
}

/// A value, or a column of values, as the driver sends it.
#[derive(Debug)]
pub(super) enum Parameter {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Numbers(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl From<Cell> for Parameter {
    fn from(cell: Cell) -> Parameter {
        match cell {
            Cell::Number(number) => Parameter::Number(Some(number)),
            Cell::NoNumber => Parameter::Number(None),
            Cell::Text(text) => Parameter::Text(Some(text)),
            Cell::NoText => Parameter::Text(None),
            Cell::Bytes(bytes) => Parameter::Bytes(Some(bytes)),
        }
    }
}

impl ToSql for Parameter {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Parameter::Number(Some(number)) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Parameter::Number(number) => number.to_sql(ty, out),
            Parameter::Text(text) => text.to_sql(ty, out),
            Parameter::Bytes(bytes) => bytes.to_sql(ty, out),
            Parameter::Numbers(numbers) => numbers.to_sql(ty, out),
            Parameter::Texts(texts) => texts.to_sql(ty, out),
            Parameter::Blobs(blobs) => blobs.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A statement in PostgreSQL's words: mostly one, none where there is nothing to do.
pub(super) fn wordings(dialect: Dialect, statement: Statement) -> Vec<Wording> {
    if statement.is_empty() {
        return Vec::new();
    }
    match (dialect, statement) {
        (_, Statement::Plain { sql, cells }) => {
            let parameters = cells.into_iter().map(Parameter::from).collect();
            vec![Wording { text: numbered(&sql), parameters, is_read: true }]
        }
        (Dialect::Distributed, Statement::Insert { head, tail, rows }) => insert_by_part(&head, &tail, rows),
        (Dialect::Distributed, Statement::LookUp { head, tail, keys }) => look_up_by_part(&head, tail, keys),
        (_, Statement::Insert { head, tail, rows }) => vec![insert(dialect, &head, &tail, rows)],
        (_, Statement::LookUp { head, tail, keys }) => vec![look_up(&head, tail, keys)],
    }
}

fn insert(dialect: Dialect, head: &str, tail: &str, rows: Vec<Vec<Cell>>) -> Wording {
    let (head, tail) = (without_values(head), dialect.tail(tail));
    let parameters = columns(rows);
    let text = format!("{head} select * from unnest({}) {tail}", casts(&parameters, 1));
    Wording { text, parameters, is_read: false }
}

fn look_up(head: &str, tail: &str, keys: Vec<Vec<Cell>>) -> Wording {
    let parameters = columns(keys);
    Wording {
        text: format!("{head} (select * from unnest({})) {tail}", casts(&parameters, 1)),
        parameters,
        is_read: true,
    }
}

/// The rows of each part by themselves. They are selected together with the claim of their part, which
/// is always there: only what is selected from a table goes to its machine as it is.
fn insert_by_part(head: &str, tail: &str, rows: Vec<Vec<Cell>>) -> Vec<Wording> {
    if rows.iter().any(|row| row.len() < 2) {
        // The claims themselves.
        return vec![insert(Dialect::Distributed, head, tail, rows)];
    }
    let (head, tail) = (without_values(head), Dialect::Distributed.tail(tail));
    let word = |(part, rows)| {
        let mut parameters = vec![Parameter::from(part)];
        parameters.extend(columns(rows));
        let casts = casts(&parameters[1..], 2);
        let text = format!(
            "{head} select part_claim.part, rest.* from part_claim cross join unnest({casts}) as rest \
             where part_claim.part = $1 {tail}"
        );
        Wording { text, parameters, is_read: false }
    };
    by_part(rows).into_iter().map(word).collect()
}

/// One statement for the keys of one part. Keys of several parts are looked for together, unless their
/// rows are locked, which is done part by part.
fn look_up_by_part(head: &str, tail: &str, keys: Vec<Vec<Cell>>) -> Vec<Wording> {
    let Some((select, names)) = head.trim_end().strip_suffix(" in").and_then(|head| head.rsplit_once("where ")) else {
        return vec![look_up(head, tail, keys)];
    };
    // Where tables are joined, the name says whose part it is.
    let (part, rest) = match names.trim_matches(['(', ')']).split_once(", ") {
        Some((part, rest)) => (part, Some(rest)),
        None => (names, None),
    };
    let mut parts = by_part(keys);
    if parts.len() > 1 && tail.is_empty() {
        let whole = |(part, rows): (Cell, Vec<Vec<Cell>>)| {
            rows.into_iter().map(move |rest| std::iter::once(part.clone()).chain(rest).collect())
        };
        let parameters = columns(parts.into_iter().flat_map(whole).collect());
        let casts = casts(&parameters, 1);
        let text = format!("{select}where {part} = any($1::bigint[]) and {names} in (select * from unnest({casts}))");
        return vec![Wording { text, parameters, is_read: true }];
    }
    let word = |(number, rows)| {
        let mut parameters = vec![Parameter::from(number)];
        let mut text = format!("{select}where {part} = $1");
        if let Some(rest) = rest {
            parameters.extend(columns(rows));
            let casts = casts(&parameters[1..], 2);
            let _ = write!(text, " and ({rest}) in (select * from unnest({casts}))");
        }
        Wording { text: format!("{text} {tail}"), parameters, is_read: true }
    };
    parts.drain(..).map(word).collect()
}

/// Rows by their first cell, which is their part, in its order; what is left of each row.
fn by_part(rows: Vec<Vec<Cell>>) -> Vec<(Cell, Vec<Vec<Cell>>)> {
    let mut parts: BTreeMap<i64, Vec<Vec<Cell>>> = BTreeMap::new();
    for mut row in rows {
        let rest = row.split_off(1);
        if let Some(Cell::Number(part)) = row.pop() {
            parts.entry(part).or_default().push(rest);
        }
    }
    parts.into_iter().map(|(part, rows)| (Cell::Number(part), rows)).collect()
}

fn without_values(head: &str) -> &str {
    head.trim_end().strip_suffix("values").unwrap_or(head)
}

/// `?` becomes `$1`, `$2` …
fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    let mut pieces = sql.split('?');
    text.push_str(pieces.next().unwrap_or_default());
    for (index, piece) in pieces.enumerate() {
        // Writing into a string does not fail.
        let _ = write!(text, "${}{piece}", index + 1);
    }
    text
}

/// Rows turned into columns.
fn columns(rows: Vec<Vec<Cell>>) -> Vec<Parameter> {
    let mut columns: Vec<Parameter> = Vec::new();
    for cell in rows.first().into_iter().flatten() {
        columns.push(match cell {
            Cell::Number(_) | Cell::NoNumber => Parameter::Numbers(Vec::with_capacity(rows.len())),
            Cell::Text(_) | Cell::NoText => Parameter::Texts(Vec::with_capacity(rows.len())),
            Cell::Bytes(_) => Parameter::Blobs(Vec::with_capacity(rows.len())),
        });
    }
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            match (column, Parameter::from(cell)) {
                (Parameter::Numbers(numbers), Parameter::Number(number)) => numbers.push(number),
                (Parameter::Texts(texts), Parameter::Text(text)) => texts.push(text),
                (Parameter::Blobs(blobs), Parameter::Bytes(bytes)) => blobs.push(bytes),
                // The cells of a column are all of one kind: they come from one place in the code.
                _ => {}
            }
        }
    }
    columns
}

/// `$1::bigint[], $2::text[]`, from `$first` on.
fn casts(columns: &[Parameter], first: usize) -> String {
    let cast = |(index, column): (usize, &Parameter)| {
        let kind = match column {
            Parameter::Texts(_) => "text",
            Parameter::Blobs(_) => "bytea",
            _ => "bigint",
        };
        format!("${}::{kind}[]", index + first)
    };
    columns.iter().enumerate().map(cast).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::sql::cells;

    fn texts(dialect: Dialect, statement: Statement) -> Vec<String> {
        wordings(dialect, statement).iter().map(|wording| wording.text.trim_end().to_owned()).collect()
    }

    #[test]
    fn values_are_numbered() {
        assert_eq!(numbered("select a from b where c = ? and d > ?"), "select a from b where c = $1 and d > $2");
    }

    #[test]
    fn rows_become_columns() {
        let rows = vec![vec![Cell::Number(1), Cell::from("a")], vec![Cell::NoNumber, Cell::NoText]];
        let insert = Statement::insert("insert into t (n, w) values", "", rows);
        let found = wordings(Dialect::Postgres, insert);
        assert_eq!(found[0].text.trim_end(), "insert into t (n, w)  select * from unnest($1::bigint[], $2::text[])");
        assert_eq!(found[0].parameters.len(), 2);
    }

    #[test]
    fn what_is_spread_is_asked_for_part_by_part() {
        let one = vec![cells![3, "order", "a"], cells![3, "order", "b"]];
        let many = vec![cells![3, "order", "a"], cells![4, "order", "a"]];
        let names = "select id from natural_key where (part, kind, id) in";
        let look_up = |keys: &Vec<Vec<Cell>>| Statement::look_up(names, keys.clone());
        assert_eq!(
            texts(Dialect::Distributed, look_up(&one)),
            [
                "select id from natural_key where part = $1 and (kind, id) in (select * from unnest($2::text[], $3::text[]))"
            ]
        );
        assert_eq!(
            texts(Dialect::Distributed, look_up(&many)),
            ["select id from natural_key where part = any($1::bigint[]) and (part, kind, id) in \
              (select * from unnest($1::bigint[], $2::text[], $3::text[]))"]
        );
        let joined = Statement::look_up("select id from a join b where (a.part, a.id) in", vec![cells![3, 7]]);
        assert_eq!(
            texts(Dialect::Distributed, joined),
            ["select id from a join b where a.part = $1 and (a.id) in (select * from unnest($2::bigint[]))"]
        );
        let claims = Statement::look_up("select part from part_claim where part in", vec![cells![5], cells![2]]);
        let claims = wordings(Dialect::Distributed, claims.locking("for update"));
        assert!(claims.iter().all(|claim| claim.text == "select part from part_claim where part = $1 for update"));
        assert!(matches!(claims[0].parameters[0], Parameter::Number(Some(2))) && claims.len() == 2);
        let insert = Statement::insert("insert into natural_key (part, kind, id) values", "", many);
        let insert = texts(Dialect::Distributed, insert);
        assert_eq!(insert.len(), 2);
        assert!(
            insert[0].contains("where part_claim.part = $1") && insert[0].contains("unnest($2::text[], $3::text[])")
        );
    }
}
