//! Many rows of one part in one compressed block.
//!
//! The bytes of a block are the number of their format, how long the rows are when unpacked, the rows'
//! hashes as they are (nothing compresses a hash), and the rows column by column, compressed. A hash over
//! all that and the block's own columns tells damage before anything is unpacked.

use std::ops::Range;

use lojal_core::kernel::{HolderId, Part, TransactionId};

use super::{JournalRow, id, transaction_id};
use crate::platform::clock::instant;
use crate::platform::sql::{self, Cell, Row, cells, damaged, unwritable};

/// Rows of a block. With 64 of them an entry of the demo shop takes 144 bytes, and 33 µs to unpack; with
/// 32 it is 163 and 21, with 256 it is 121 and 120.
pub(super) const MOST_ROWS: usize = 64;
/// A block that has so many bytes before it is compressed takes no further row: entries that are larger
/// than usual are not slower to read.
pub(super) const ENOUGH_BYTES: usize = 1 << 16;

const FORMAT: u8 = 1;
const LEVEL: i32 = 9;
const HASH_BYTES: usize = 32;
/// The format and the length.
const HEADING_BYTES: usize = 5;

/// A block as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub part: Part,
    pub first: TransactionId,
    pub last: TransactionId,
    /// How many.
    pub transactions: usize,
    body: Vec<u8>,
    hash: [u8; HASH_BYTES],
}

/// A block whose rows can be read.
pub(crate) struct Opened {
    pub last: TransactionId,
    content: Vec<u8>,
    rows: Vec<PackedRow>,
}

/// A row of which the texts have not been copied.
struct PackedRow {
    id: TransactionId,
    holder: HolderId,
    prev: Option<TransactionId>,
    decided_at: i64,
    version: u32,
    kind: Range<usize>,
    body: Range<usize>,
    hash: [u8; HASH_BYTES],
}

impl Block {
    /// Packs rows of one part in the order of their ids; there must be one at least.
    pub fn pack(rows: &[JournalRow]) -> Result<Block, sql::Error> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Err(unwritable("a block has one row at least"));
        };
        let mut content = Vec::new();
        let (mut id, mut decided_at) = (0, 0);
        for row in rows {
            let now = row.decided_at.as_microsecond();
            put(&mut content, row.id.number() - id);
            put(&mut content, row.holder.number());
            put(&mut content, row.prev.map_or(0, |prev| row.id.number() - prev.number()));
            put(&mut content, now - decided_at);
            put(&mut content, i64::from(row.version));
            put(&mut content, row.kind.len() as i64);
            put(&mut content, row.body.len() as i64);
            (id, decided_at) = (row.id.number(), now);
        }
        rows.iter().for_each(|row| content.extend_from_slice(row.kind.as_bytes()));
        rows.iter().for_each(|row| content.extend_from_slice(row.body.as_bytes()));
        let length = u32::try_from(content.len()).map_err(unwritable)?;
        let mut body = vec![FORMAT];
        body.extend_from_slice(&length.to_le_bytes());
        rows.iter().for_each(|row| body.extend_from_slice(&row.hash));
        body.extend(zstd::bulk::compress(&content, LEVEL).map_err(unwritable)?);
        let mut block = Block {
            part: first.id.part(),
            first: first.id,
            last: last.id,
            transactions: rows.len(),
            body,
            hash: [0; HASH_BYTES],
        };
        block.hash = block.hash_of_content();
        Ok(block)
    }

    pub fn read(row: &Row) -> Result<Block, sql::Error> {
        let number: i64 = sql::column(row, "part")?;
        Ok(Block {
            part: Part::from_number(number).ok_or_else(|| damaged(format!("{number} is no part")))?,
            first: transaction_id(sql::column(row, "first_id")?)?,
            last: transaction_id(sql::column(row, "last_id")?)?,
            transactions: usize::try_from(sql::column::<i64>(row, "transactions")?).map_err(damaged)?,
            body: sql::column(row, "body")?,
            hash: sql::column_of_32(row, "hash")?,
        })
    }

    pub fn cells(&self) -> Vec<Cell> {
        cells![
            self.part.number(),
            self.last.number(),
            self.first.number(),
            self.transactions as i64,
            self.body.clone(),
            self.hash,
        ]
    }

    /// What it takes in the database, but for what the database adds.
    pub fn bytes(&self) -> usize {
        self.body.len() + HASH_BYTES + 4 * size_of::<i64>()
    }

    /// Unpacks it, if it is what was written.
    pub fn open(&self) -> Result<Opened, sql::Error> {
        if self.hash != self.hash_of_content() {
            return Err(self.damage("does not have the hash that its content gives"));
        }
        self.unpack().ok_or_else(|| self.damage("cannot be read"))
    }

    fn unpack(&self) -> Option<Opened> {
        let length = self.body.get(1..HEADING_BYTES)?.try_into().ok().map(u32::from_le_bytes)?;
        let rest = self.body.get(HEADING_BYTES..).filter(|_| self.body.first() == Some(&FORMAT))?;
        let (hashes, packed) = rest.split_at_checked(self.transactions.checked_mul(HASH_BYTES)?)?;
        let content = zstd::bulk::decompress(packed, length as usize).ok()?;
        let mut input = content.as_slice();
        let mut rows = Vec::with_capacity(self.transactions);
        let mut lengths = Vec::with_capacity(self.transactions);
        let (mut number, mut decided_at) = (0i64, 0i64);
        for hash in hashes.chunks_exact(HASH_BYTES) {
            number = number.checked_add(take(&mut input)?)?;
            let holder = id(take(&mut input)?).ok().map(HolderId)?;
            let prev = match take(&mut input)? {
                0 => None,
                distance => Some(transaction_id(number.checked_sub(distance)?).ok()?),
            };
            decided_at = decided_at.checked_add(take(&mut input)?)?;
            let version = u32::try_from(take(&mut input)?).ok()?;
            lengths.push((usize::try_from(take(&mut input)?).ok()?, usize::try_from(take(&mut input)?).ok()?));
            rows.push(PackedRow {
                id: transaction_id(number).ok()?,
                holder,
                prev,
                decided_at,
                version,
                kind: 0..0,
                body: 0..0,
                hash: hash.try_into().ok()?,
            });
        }
        let mut end = content.len() - input.len();
        let mut next = |length: usize| {
            let start = end;
            end = end.checked_add(length).filter(|end| *end <= content.len())?;
            Some(start..end)
        };
        for (row, (kind, _)) in rows.iter_mut().zip(&lengths) {
            row.kind = next(*kind)?;
        }
        for (row, (_, body)) in rows.iter_mut().zip(&lengths) {
            row.body = next(*body)?;
        }
        let in_order = rows.windows(2).all(|pair| pair[0].id < pair[1].id);
        let ends = rows.first().map(|row| row.id).zip(rows.last().map(|row| row.id));
        let is_whole = in_order && end == content.len() && ends == Some((self.first, self.last));
        is_whole.then_some(Opened { last: self.last, content, rows })
    }

    fn hash_of_content(&self) -> [u8; HASH_BYTES] {
        let mut hasher = blake3::Hasher::new();
        for number in [self.part.number(), self.first.number(), self.last.number(), self.transactions as i64] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(&self.body);
        *hasher.finalize().as_bytes()
    }

    fn damage(&self, what: &str) -> sql::Error {
        damaged(format!("the archived block from {} to {} {what}", self.first, self.last))
    }
}

impl Opened {
    /// All rows in their order.
    pub fn rows(&self) -> Result<Vec<JournalRow>, sql::Error> {
        (0..self.rows.len()).map(|place| self.row(place)).collect()
    }

    /// Where a transaction stands.
    pub fn place(&self, id: TransactionId) -> Option<usize> {
        self.rows.binary_search_by_key(&id, |row| row.id).ok()
    }

    /// Where the first row after `after` stands.
    pub fn place_after(&self, after: i64) -> usize {
        self.rows.partition_point(|row| row.id.number() <= after)
    }

    /// A transaction with the one before it.
    pub fn link(&self, place: usize) -> Option<(TransactionId, Option<TransactionId>)> {
        self.rows.get(place).map(|row| (row.id, row.prev))
    }

    pub fn row(&self, place: usize) -> Result<JournalRow, sql::Error> {
        let row = self.rows.get(place).ok_or_else(|| damaged("a block has fewer rows than it says"))?;
        let text = |range: &Range<usize>| {
            let bytes = self.content.get(range.clone()).unwrap_or_default();
            std::str::from_utf8(bytes).map(str::to_owned).map_err(damaged)
        };
        Ok(JournalRow {
            id: row.id,
            holder: row.holder,
            prev: row.prev,
            decided_at: instant(row.decided_at),
            version: row.version,
            kind: text(&row.kind)?,
            body: text(&row.body)?,
            hash: row.hash,
        })
    }
}

/// Writes a number in as few bytes as it needs, seven bits in each; small negative ones are short too.
fn put(output: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest > 127 {
        output.push(rest as u8 | 128);
        rest >>= 7;
    }
    output.push(rest as u8);
}

fn take(input: &mut &[u8]) -> Option<i64> {
    let mut number = 0u64;
    for shift in (0..u64::BITS).step_by(7) {
        let (byte, rest) = input.split_first()?;
        *input = rest;
        number |= u64::from(byte & 127) << shift;
        if byte & 128 == 0 {
            return Some((number >> 1) as i64 ^ -((number & 1) as i64));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use lojal_core::kernel::Id;

    use super::*;

    fn rows(count: i64) -> Vec<JournalRow> {
        let transaction = |number: i64| TransactionId(Id::from_number(number << 20 | 5).unwrap());
        let row = |number: i64| JournalRow {
            id: transaction(number),
            holder: HolderId(Id::from_number(i64::MAX - 64 * number).unwrap()),
            prev: (number > 3).then(|| transaction(number - 3)),
            decided_at: instant(1_700_000_000_000_000 - 7 * number),
            version: 3,
            kind: "put_order".to_owned(),
            body: format!(r#"{{"command":"żółw {number}"}}"#),
            hash: *blake3::hash(&number.to_le_bytes()).as_bytes(),
        };
        (1..=count).map(row).collect()
    }

    #[test]
    fn numbers_of_any_size_come_back() {
        for number in [0, 1, -1, 63, 64, -65, i64::from(u32::MAX), i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            let mut input = bytes.as_slice();
            assert_eq!((take(&mut input), input.len()), (Some(number), 0));
        }
        assert_eq!(take(&mut [255u8; 20].as_slice()), None);
        assert_eq!(take(&mut [255u8].as_slice()), None);
    }

    #[test]
    fn rows_come_back_as_they_were() {
        for count in [1, 2, 64] {
            let rows = rows(count);
            let opened = Block::pack(&rows).unwrap().open().unwrap();
            assert_eq!(opened.rows().unwrap(), rows);
            assert_eq!(opened.place(rows[0].id), Some(0));
            assert_eq!(opened.place_after(rows[0].id.number()), 1);
        }
        assert!(Block::pack(&[]).is_err());
    }

    #[test]
    fn any_changed_byte_is_told() {
        let whole = Block::pack(&rows(5)).unwrap();
        for place in 0..whole.body.len() {
            let mut block = whole.clone();
            block.body[place] ^= 1;
            assert!(block.open().is_err());
            // Nor does a hash that somebody has made to fit open what is no block.
            block.hash = block.hash_of_content();
            let opened = block.open();
            assert!(opened.is_err() || opened.is_ok_and(|opened| opened.rows.len() == 5));
        }
        for block in [
            Block { transactions: 4, ..whole.clone() },
            Block { first: whole.last, ..whole.clone() },
            Block { body: Vec::new(), ..whole.clone() },
        ] {
            let hash = block.hash_of_content();
            assert!(Block { hash, ..block }.open().is_err());
        }
    }
}
