//! Pages out of rows that lie in several lanes, each in its own order: parts of a database whose rows do not lie
//! together.

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
