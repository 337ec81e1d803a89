//! The words that differ between the databases.

use lojal_core::kernel::{Id, Part};

use super::Cell;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
    /// PostgreSQL spread over several machines by `part` (Citus).
    Distributed,
}

/// The table that all others are kept beside: the rows of a part lie on one machine.
const FIRST_SPREAD: &str = "part_claim";
/// Tables of which every machine has a copy: they are small, and every batch reads them.
const EVERYWHERE: [&str; 3] = ["programme_version", "schema_migration", "schema_lock"];

impl Dialect {
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Sqlite => "sqlite",
            Dialect::Postgres | Dialect::Distributed => "postgres",
        }
    }

    /// A migration in the words of this database. The file itself is written with `bigint`, `text`
    /// and `bytes`, and with these ways to keep a table:
    ///
    /// - `id_key (part, id)`: rows are named by an id that the application made, and carries its
    ///   part. On SQLite the id alone is the key, so that rows lie in the order of time: part by
    ///   part, a batch would touch as many pages as there are parts.
    /// - `name_key (part, kind, id)`: rows are named by what others call them, once in the whole
    ///   programme; found without knowing the part. Over several machines each part has names of
    ///   its own.
    /// - `time_key (part, due_at)`: an index of moments. On SQLite without the part, so that what is
    ///   written next lies in one place.
    /// - `narrow`: short rows that are found by their key alone.
    /// - `rewritten`: rows that are written again and again in place.
    pub fn migration(self, text: &str) -> String {
        let mut sql = String::with_capacity(text.len());
        for line in text.lines() {
            let line = match self {
                Dialect::Sqlite => sqlite_line(line),
                Dialect::Postgres => without_part(&postgres_line(line), "name_key (part, "),
                Dialect::Distributed => postgres_line(line).replace("name_key (", "primary key ("),
            };
            sql.push_str(&line);
            sql.push('\n');
        }
        sql
    }

    /// What spreads the tables of a migration over the machines, one statement for each; nothing is done
    /// to a table that is spread already.
    pub fn spreading(self, text: &str) -> Vec<String> {
        if self != Dialect::Distributed {
            return Vec::new();
        }
        let made = text.lines().filter_map(|line| line.trim_start().strip_prefix("create table "));
        let made = made.map(|rest| rest.strip_prefix("if not exists ").unwrap_or(rest));
        let spread = |rest: &str| {
            let table = rest.split([' ', '(']).next().unwrap_or_default();
            let beside = if table == FIRST_SPREAD { "none" } else { FIRST_SPREAD };
            let spread = match EVERYWHERE.contains(&table) {
                true => format!("create_reference_table('{table}')"),
                false => format!("create_distributed_table('{table}', 'part', colocate_with => '{beside}')"),
            };
            format!(
                "select {spread} where not exists (select from pg_dist_partition where logicalrelid = '{table}'::regclass)"
            )
        };
        made.map(spread).collect()
    }

    /// The columns by which rows are found in a table that is kept by `name_key ({columns})`, of
    /// which `part` is the first, and how many of them at the beginning are not needed.
    pub fn found_by(self, columns: &str) -> (&str, usize) {
        match (self, columns.split_once(", ")) {
            (Dialect::Sqlite | Dialect::Postgres, Some((_, names))) => (names, 1),
            _ => (columns, 0),
        }
    }

    /// The end of an insert in the words of this database: `on conflict id_key (part, id)` and `on
    /// conflict name_key (part, name)` name a key as a migration does.
    pub(super) fn tail(self, tail: &str) -> String {
        let (id_key, name_key) = match self {
            Dialect::Sqlite => ("(", "("),
            Dialect::Postgres => ("(part, ", "("),
            Dialect::Distributed => ("(part, ", "(part, "),
        };
        tail.replace("id_key (part, ", id_key).replace("name_key (part, ", name_key)
    }

    /// The parts whose rows lie together in the order of a `time_key`: each by itself, or, as nothing
    /// says, all of them.
    pub fn in_order_of_time(self) -> Vec<Option<Part>> {
        match self {
            Dialect::Sqlite => vec![None],
            Dialect::Postgres | Dialect::Distributed => Part::all().map(Some).collect(),
        }
    }

    /// Where a page of a table begins that is kept by `id_key (part, {column})`, and in which
    /// order it goes on: `where {condition} order by {order}`. Rows of one holder are always in
    /// the order of their ids.
    pub fn page(self, column: &str, after: Option<Id>) -> (String, Vec<Cell>) {
        match self {
            Dialect::Sqlite => {
                (format!("{column} > ? order by {column}"), vec![Cell::Number(after.map_or(-1, Id::number))])
            }
            Dialect::Postgres | Dialect::Distributed => (
                format!("(part, {column}) > (?, ?) order by part, {column}"),
                vec![
                    Cell::Number(after.map_or(-1, |id| id.part().number())),
                    Cell::Number(after.map_or(-1, Id::number)),
                ],
            ),
        }
    }

    /// As [`Dialect::page`] the other way, the newest first, in as many pieces as rows lie in the order of
    /// time; whoever asks puts them together.
    pub fn pages_backwards(self, column: &str, before: Option<Id>) -> Vec<(String, Vec<Cell>)> {
        let before = before.map_or(i64::MAX, Id::number);
        match self {
            Dialect::Sqlite => vec![(format!("{column} < ? order by {column} desc"), vec![Cell::Number(before)])],
            Dialect::Postgres | Dialect::Distributed => Part::all()
                .map(|part| {
                    let page = format!("part = ? and {column} < ? order by {column} desc");
                    (page, vec![Cell::Number(part.number()), Cell::Number(before)])
                })
                .collect(),
        }
    }
}

fn sqlite_line(line: &str) -> String {
    let line = line.replace(" bigint", " integer").replace(" bytes", " blob");
    let line = line.replace(") narrow;", ") without rowid;").replace(") rewritten;", ");");
    let line = line.replace(" time_key (part, ", " (");
    without_part(&without_part(&line, "id_key (part, "), "name_key (part, ")
}

/// `id_key (part, id)` becomes `primary key (id)`.
fn without_part(line: &str, word: &str) -> String {
    line.replace(word, "primary key (")
}

fn postgres_line(line: &str) -> String {
    // Names are compared byte by byte everywhere.
    let line = line.replace(" text", " text collate \"C\"").replace(" bytes", " bytea");
    let line = line.replace(") narrow;", ");");
    // Room for a changed row in its own page, and clearing away before tables have grown twofold.
    let line = line.replace(") rewritten;", ") with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);");
    line.replace(" time_key (", " (").replace("id_key (", "primary key (")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_migration_is_put_into_the_words_of_each_database() {
        let text = "create table t (\n    part bigint not null,\n    id bigint not null,\n    name text,\n    hash bytes,\n    \
                    id_key (part, id)\n) narrow;\n";
        let sqlite = Dialect::Sqlite.migration(text);
        assert!(sqlite.contains("id integer not null") && sqlite.contains("primary key (id)\n) without rowid;"));
        let postgres = Dialect::Postgres.migration(text);
        assert!(postgres.contains("name text collate \"C\"") && postgres.contains("hash bytea"));
        assert!(postgres.contains("primary key (part, id)\n);"));
        let moments = "create index t_at on t time_key (part, at);\n";
        assert_eq!(Dialect::Sqlite.migration(moments), "create index t_at on t (at);\n");
        assert_eq!(Dialect::Distributed.migration(moments), "create index t_at on t (part, at);\n");
        let names = "    name_key (part, kind, id)\n";
        assert!(Dialect::Sqlite.migration(names).contains("primary key (kind, id)"));
        assert!(Dialect::Postgres.migration(names).contains("primary key (kind, id)"));
        assert!(Dialect::Distributed.migration(names).contains("primary key (part, kind, id)"));
    }

    #[test]
    fn what_a_migration_makes_is_spread_by_part() {
        let text = "create table part_claim (\n);\ncreate table programme_version (\n);\ncreate table journal (\n);\n";
        assert!(Dialect::Postgres.spreading(text).is_empty());
        let spread = Dialect::Distributed.spreading(text);
        let words: Vec<&str> = spread.iter().filter_map(|statement| statement.split(" where ").next()).collect();
        assert_eq!(
            words,
            [
                "select create_distributed_table('part_claim', 'part', colocate_with => 'none')",
                "select create_reference_table('programme_version')",
                "select create_distributed_table('journal', 'part', colocate_with => 'part_claim')",
            ]
        );
    }
}
