//! A Merkle tree whose leaves come one after another. As many hashes are held as the tree is high.
//!
//! Its shape is that of RFC 6962: of `n` leaves, the left side has as many as the largest power of
//! two below `n`. Every hash is BLAKE3 over one byte that says what it stands for, and then:
//!
//! | byte | of what | over |
//! |---|---|---|
//! | 0 | a holder | id, number of transactions, hash of the latest one |
//! | 1 | a knot | the hash on its left, the hash on its right |
//! | 2 | a part | number, holders, transactions, id of the latest transaction, root of its holders |
//! | 3 | nothing | nothing more: the root of a tree without leaves |
//!
//! Numbers are eight bytes, the lowest first; hashes are 32 bytes.

use lojal_core::kernel::{HolderId, Part};
use serde::{Deserialize, Serialize};

use super::hexadecimal::{Bytes, Digest};

/// What stands beside the way from a leaf to the root, and on which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sibling {
    Left(Digest),
    Right(Digest),
}

/// The hash of a holder with the end of its chain.
pub fn holder_hash(holder: HolderId, transactions: i64, head: Digest) -> Digest {
    hash(0, &[&holder.number().to_le_bytes(), &transactions.to_le_bytes(), &head.0])
}

/// The hash of a part with what is in it.
pub fn part_hash(part: Part, holders: i64, transactions: i64, latest: i64, root: Digest) -> Digest {
    let numbers = [part.number(), holders, transactions, latest].map(i64::to_le_bytes);
    hash(2, &[&numbers[0], &numbers[1], &numbers[2], &numbers[3], &root.0])
}

fn knot_hash(left: Digest, right: Digest) -> Digest {
    hash(1, &[&left.0, &right.0])
}

fn hash(what: u8, over: &[&[u8]]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[what]);
    for bytes in over {
        hasher.update(bytes);
    }
    Bytes(*hasher.finalize().as_bytes())
}

/// A tree that grows to the right.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Whole trees, each as high as a power of two, the largest first.
    whole: Vec<Whole>,
    /// What stands beside the way of the watched leaf, as far as it is known.
    path: Vec<Sibling>,
}

#[derive(Clone, Copy, Debug)]
struct Whole {
    height: u32,
    root: Digest,
    is_watched: bool,
}

impl Tree {
    /// Adds a leaf. The way from the watched one to the root is kept.
    pub fn push(&mut self, leaf: Digest, is_watched: bool) {
        let mut new = Whole { height: 0, root: leaf, is_watched };
        while let Some(left) = self.whole.pop_if(|left| left.height == new.height) {
            new = self.join(left, new);
        }
        self.whole.push(new);
    }

    /// The root, and the way to it from the watched leaf.
    pub fn finish(mut self) -> (Digest, Vec<Sibling>) {
        let Some(mut right) = self.whole.pop() else { return (hash(3, &[]), self.path) };
        while let Some(left) = self.whole.pop() {
            right = self.join(left, right);
        }
        (right.root, self.path)
    }

    fn join(&mut self, left: Whole, right: Whole) -> Whole {
        if left.is_watched {
            self.path.push(Sibling::Right(right.root));
        }
        if right.is_watched {
            self.path.push(Sibling::Left(left.root));
        }
        Whole {
            height: left.height.max(right.height) + 1,
            root: knot_hash(left.root, right.root),
            is_watched: left.is_watched || right.is_watched,
        }
    }
}

/// The root to which a leaf leads by a way.
pub fn climb(leaf: Digest, path: &[Sibling]) -> Digest {
    path.iter().fold(leaf, |hash, sibling| match sibling {
        Sibling::Left(left) => knot_hash(*left, hash),
        Sibling::Right(right) => knot_hash(hash, *right),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As RFC 6962 says it: by halves, with everything in memory.
    fn root(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => hash(3, &[]),
            [only] => *only,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                knot_hash(root(left), root(right))
            }
        }
    }

    fn leaves(count: usize) -> Vec<Digest> {
        (0..count).map(|number| hash(0, &[&number.to_le_bytes()])).collect()
    }

    fn grown(leaves: &[Digest], watched: usize) -> (Digest, Vec<Sibling>) {
        let mut tree = Tree::default();
        for (place, leaf) in leaves.iter().enumerate() {
            tree.push(*leaf, place == watched);
        }
        tree.finish()
    }

    proptest! {
        #[test]
        fn it_has_the_root_of_its_leaves_and_a_way_from_each(count in 0usize..200, watched in 0usize..200) {
            let leaves = leaves(count);
            let (grown, path) = grown(&leaves, watched);
            prop_assert_eq!(grown, root(&leaves));
            if let Some(leaf) = leaves.get(watched) {
                prop_assert_eq!(climb(*leaf, &path), grown);
                prop_assert!(path.len() <= count.next_power_of_two().ilog2() as usize);
            }
        }

        #[test]
        fn another_leaf_or_another_place_gives_another_root(count in 2usize..100, one in 0usize..100, two in 0usize..100) {
            let (one, two) = (one % count, two % count);
            let before = leaves(count);
            let mut after = before.clone();
            after.swap(one, two);
            prop_assert_eq!(grown(&before, 0).0 == grown(&after, 0).0, one == two);
            let mut changed = before.clone();
            changed[one].0[0] ^= 1;
            prop_assert_ne!(grown(&before, 0).0, grown(&changed, 0).0);
            let path = grown(&before, one).1;
            prop_assert_ne!(climb(changed[one], &path), grown(&before, 0).0);
            prop_assert_ne!(grown(&before[1..], 0).0, grown(&before, 0).0);
        }
    }
}
