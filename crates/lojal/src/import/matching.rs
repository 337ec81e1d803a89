//! Which lines a cancellation takes back, where the file does not say.

use std::collections::HashMap;

use lojal_core::kernel::Name;

use super::rows::Price;

/// Pieces of an earlier line that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub order: Name,
    pub line: Name,
    pub pieces: i64,
}

struct Bought {
    order: Name,
    line: Name,
    price: Price,
    kept: i64,
}

/// The lines of which members still keep something, as far as the file has told. It costs about a
/// hundred bytes for each such line, and is held only when cancellations are matched.
#[derive(Default)]
pub struct BoughtLines {
    members: HashMap<Name, HashMap<Name, Vec<Bought>>>,
}

impl BoughtLines {
    /// Lines are added in the order in which they were bought.
    pub fn add(&mut self, member: &Name, sku: &Name, price: Price, bought: Match) {
        let Match { order, line, pieces } = bought;
        let lines = self.members.entry(member.clone()).or_default().entry(sku.clone()).or_default();
        lines.push(Bought { order, line, price, kept: pieces });
    }

    /// Takes up to `pieces` back from lines of the same goods at the same price, the latest first.
    pub fn take_back(&mut self, member: &Name, sku: &Name, price: Price, pieces: i64) -> Vec<Match> {
        let mut matches = Vec::new();
        let Some(lines) = self.members.get_mut(member).and_then(|skus| skus.get_mut(sku)) else { return matches };
        let mut wanted = pieces;
        for bought in lines.iter_mut().rev().filter(|bought| bought.price == price) {
            if wanted == 0 {
                break;
            }
            let taken = bought.kept.min(wanted);
            bought.kept -= taken;
            wanted -= taken;
            matches.push(Match { order: bought.order.clone(), line: bought.line.clone(), pieces: taken });
        }
        lines.retain(|bought| bought.kept > 0);
        matches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(millionths: i64) -> Price {
        Price { millionths, pieces: 1 }
    }

    fn bought(order: &str, line: &str, pieces: i64) -> Match {
        Match { order: Name::from(order), line: Name::from(line), pieces }
    }

    #[test]
    fn the_latest_line_at_the_same_price_is_taken_first() {
        let (ada, ben, cup) = (Name::from("ada"), Name::from("ben"), Name::from("cup"));
        let mut lines = BoughtLines::default();
        lines.add(&ada, &cup, price(250), bought("1", "1", 6));
        lines.add(&ada, &cup, price(300), bought("2", "1", 9));
        lines.add(&ada, &cup, Price { millionths: 1_000, pieces: 4 }, bought("3", "2", 4));
        lines.add(&ben, &cup, price(250), bought("4", "1", 50));
        for (pieces, taken) in [
            (1, vec![bought("3", "2", 1)]),
            (5, vec![bought("3", "2", 3), bought("1", "1", 2)]),
            (9, vec![bought("1", "1", 4)]),
            (1, vec![]),
        ] {
            assert_eq!(lines.take_back(&ada, &cup, price(250), pieces), taken);
        }
        assert_eq!(lines.take_back(&ada, &Name::from("saucer"), price(250), 1), vec![]);
        assert_eq!(lines.take_back(&ada, &cup, price(300), 2), vec![bought("2", "1", 2)]);
    }
}
