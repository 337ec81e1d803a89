//! Pages out of rows that lie in several lanes, each in its own order: parts of a database whose rows do not lie
//! together.

use lojal_core::kernel::Part;

use super::sql::{self, Connection, Row, Statement, cells};

/// Rows after an id in each lane, in the order of their ids, at most `limit` of each. `select` puts a condition into the
/// statement.
pub async fn rows_since(
    connection: &mut Connection,
    select: impl Fn(&str) -> String,
    lanes: &[(Option<Part>, i64)],
    limit: usize,
) -> Result<Vec<Vec<Row>>, sql::Error> {
    let question = |(part, after): &(Option<Part>, i64)| match part {
        Some(part) => {
            let sql = select("part = ? and id > ? order by id limit ?");
            Statement::plain(sql, cells![part.number(), *after, limit as i64])
        }
        None => Statement::plain(select("id > ? order by id limit ?"), cells![*after, limit as i64]),
    };
    let answers = sql::run_all(connection, lanes.iter().map(question).collect()).await?;
    Ok(answers.into_iter().map(|answer| answer.rows).collect())
}

/// The highest id of a table in some lanes; -1 where it is empty.
pub async fn last_of(connection: &mut Connection, table: &str, lanes: &[Option<Part>]) -> Result<i64, sql::Error> {
    let question = |part: &Option<Part>| match part {
        Some(part) => {
            let sql = format!("select id from {table} where part = ? order by id desc limit 1");
            Statement::plain(sql, cells![part.number()])
        }
        None => Statement::plain(format!("select id from {table} order by id desc limit 1"), Vec::new()),
    };
    let answers = sql::run_all(connection, lanes.iter().map(question).collect()).await?;
    let ids = answers.iter().flat_map(|answer| &answer.rows).map(|row| sql::column::<i64>(row, "id"));
    ids.collect::<Result<Vec<i64>, sql::Error>>().map(|ids| ids.into_iter().max().unwrap_or(-1))
}

/// Puts what came from each lane into one order. Of a lane that answered `of_each` rows nothing is known beyond its
/// last one, so whatever comes after the earliest such row waits for the next page. Answers whether there is a
/// next page.
pub fn merged<T, K: Ord>(lanes: Vec<Vec<T>>, of_each: usize, key: impl Fn(&T) -> K) -> (Vec<T>, bool) {
    let full = lanes.iter().filter(|lane| lane.len() >= of_each);
    let known_until = full.filter_map(|lane| lane.last().map(&key)).min();
    let mut rows: Vec<T> = lanes.into_iter().flatten().collect();
    rows.sort_unstable_by_key(&key);
    if let Some(until) = &known_until {
        rows.retain(|row| key(row) <= *until);
    }
    (rows, known_until.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_passed_over() {
        let lanes = || vec![vec![1, 4, 9], vec![2, 3, 5], vec![7]];
        assert_eq!(merged(lanes(), 3, |row| *row), (vec![1, 2, 3, 4, 5], true));
        assert_eq!(merged(lanes(), 4, |row| *row), (vec![1, 2, 3, 4, 5, 7, 9], false));
        assert_eq!(merged(Vec::<Vec<i32>>::new(), 4, |row| *row), (vec![], false));
    }
}
