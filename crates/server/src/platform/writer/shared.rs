//! What all members share: stock, budgets and imported codes. Each part has its allotment; one that
//! runs dry is topped up from the richest, so that nothing is overrun and nothing refused while
//! there is some left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lojal_core::command::{Inputs, Needs, Offered};
use lojal_core::decision::Record;
use lojal_core::kernel::{Name, Part, TransactionId};

use super::Desk;
use super::batch::Scope;
use super::persist::{Loaded, Writes};
use crate::platform::journal::Body;
use crate::platform::sql::{self, Connection, cells, damaged};

/// Allotments and codes as this batch knows them.
pub(super) struct Shared {
    scope: Scope,
    exhausted: Arc<Exhausted>,
    /// By quantity: what each part has left, for the quantities and parts that were asked about.
    allotments: BTreeMap<Name, BTreeMap<Part, i64>>,
    /// By how much this batch changes each allotment.
    changes: BTreeMap<(Name, Part), i64>,
    /// By pool: free codes with the part they lie in, the nearest first.
    codes: BTreeMap<Name, Vec<(Part, Name)>>,
    taken: Vec<TakenCode>,
    /// What batches before this one have left that are not written yet.
    recent: Vec<Arc<Loaded>>,
}

/// Quantities of which nothing was left in any part a moment ago: it need not be looked for again
/// at once, by one request after the other.
#[derive(Debug, Default)]
pub(super) struct Exhausted(Mutex<BTreeMap<Name, Instant>>);

/// How long nothing is looked for where there was nothing.
const EXHAUSTED_FOR: Duration = Duration::from_millis(500);

impl Exhausted {
    fn note(&self, quantity: &Name, left: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match left {
            0 => drop(known.insert(quantity.clone(), Instant::now())),
            _ => drop(known.remove(quantity)),
        }
    }

    /// There may be more of anything.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn is_known(&self, quantity: &Name) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(quantity).is_some_and(|since| since.elapsed() < EXHAUSTED_FOR)
    }
}

/// A code that went out with a redemption.
#[derive(Clone, Debug)]
pub(super) struct TakenCode {
    pub part: Part,
    pub pool: Name,
    pub code: Name,
    pub by: TransactionId,
}

impl Shared {
    pub(super) fn new(scope: Scope, desk: &Desk, recent: &[Arc<Loaded>]) -> Shared {
        Shared {
            scope,
            exhausted: Arc::clone(&desk.exhausted),
            allotments: BTreeMap::new(),
            changes: BTreeMap::new(),
            codes: BTreeMap::new(),
            taken: Vec::new(),
            recent: recent.to_vec(),
        }
    }

    /// Adds to the inputs what the engine asked for, or as much of it as there is. Answers whether
    /// that could be said without asking other parts.
    pub(super) async fn answer(
        &mut self,
        connection: &mut Connection,
        part: Part,
        needs: &Needs,
        dry_run: bool,
        inputs: &mut Inputs,
    ) -> Result<bool, sql::Error> {
        for (quantity, wanted) in &needs.shared {
            let left = match (dry_run, self.scope) {
                (true, _) => allotment_list(connection, quantity).await?.values().sum::<i64>().max(0),
                (false, Scope::All) => {
                    self.load_all(connection, quantity).await?;
                    self.top_up(quantity, part, *wanted)
                }
                (false, Scope::Own) => {
                    let left = self.load_own(connection, quantity, part).await?.max(0);
                    if left < *wanted && !self.exhausted.is_known(quantity) {
                        return Ok(false);
                    }
                    left
                }
            };
            inputs.shared.insert(quantity.clone(), Offered { asked: *wanted, given: left.min(*wanted) });
        }
        for (pool, wanted) in &needs.pool_codes {
            let parts = match (dry_run, self.scope) {
                (false, Scope::Own) => vec![part],
                _ => std::iter::once(part).chain(Part::all().filter(|other| *other != part)).collect(),
            };
            let known = self.load_codes(connection, &parts, pool, *wanted).await?;
            if known < *wanted && parts.len() == 1 && !self.exhausted.is_known(pool) {
                return Ok(false);
            }
            if parts.len() > 1 {
                self.exhausted.note(pool, known as i64);
            }
            let codes = self.codes.get(pool).into_iter().flatten();
            inputs.pool_codes.insert(pool.clone(), codes.take(*wanted).map(|(_, code)| code.clone()).collect());
        }
        Ok(true)
    }

    /// Subtracts what a decision used; gives back where it is negative.
    pub(super) fn draw(&mut self, part: Part, transaction: TransactionId, body: &Body) {
        for draw in &body.decision.draws {
            self.change(&draw.quantity, part, -draw.amount);
            if draw.amount < 0 {
                self.exhausted.note(&draw.quantity, -draw.amount);
            }
        }
        for (pool, offered) in &body.inputs.pool_codes {
            let Some(free) = self.codes.get_mut(pool) else { continue };
            for (_, record) in &body.decision.records {
                let Record::Voucher(voucher) = record else { continue };
                let index = free.iter().position(|(_, code)| *code == voucher.code && offered.contains(code));
                if let Some(index) = index {
                    let (part, code) = free.remove(index);
                    self.taken.push(TakenCode { part, pool: pool.clone(), code, by: transaction });
                }
            }
        }
    }

    /// Hands what has changed to the writes of the batch, and answers what is left of it.
    pub(super) async fn collect(
        &mut self,
        connection: &mut Connection,
        writes: &mut Writes,
    ) -> Result<Loaded, sql::Error> {
        let mut outlook = Loaded::default();
        // Moving an allotment alone is not worth a transaction.
        if writes.rows.is_empty() {
            return Ok(outlook);
        }
        let changed = self.changes.iter().filter(|(_, change)| **change != 0);
        let changed: Vec<(Name, Part)> = changed.map(|(name, _)| name.clone()).collect();
        for (quantity, part) in changed {
            // What was only given back has not been looked at before.
            let left = self.load_own(connection, &quantity, part).await?;
            writes.allotments.push(((quantity, part), left));
        }
        writes.taken_codes = std::mem::take(&mut self.taken);
        outlook.taken_codes.clone_from(&writes.taken_codes);
        outlook.allotments.extend(writes.allotments.iter().cloned());
        Ok(outlook)
    }

    /// What is missing in `part` comes from the parts that have most, half of theirs at a time, so
    /// that the next one to ask need not go round again.
    fn top_up(&mut self, quantity: &Name, part: Part, wanted: i64) -> i64 {
        loop {
            let Some(allotments) = self.allotments.get(quantity) else { return 0 };
            let own = allotments.get(&part).copied().unwrap_or(0);
            let richest = allotments
                .iter()
                .filter(|(other, left)| **other != part && **left > 0)
                .max_by_key(|(other, left)| (**left, std::cmp::Reverse(**other)))
                .map(|(other, left)| (*other, *left));
            let Some((richest, left)) = richest.filter(|_| own < wanted) else {
                return own.max(0);
            };
            let moved = (wanted - own).max(left / 2).min(left);
            self.change(quantity, part, moved);
            self.change(quantity, richest, -moved);
        }
    }

    fn change(&mut self, quantity: &Name, part: Part, by: i64) {
        if let Some(allotments) = self.allotments.get_mut(quantity) {
            match (allotments.get_mut(&part), self.scope) {
                (Some(left), _) => *left += by,
                // A part that has no row has nothing.
                (None, Scope::All) => drop(allotments.insert(part, by)),
                (None, Scope::Own) => {}
            }
        }
        *self.changes.entry((quantity.clone(), part)).or_insert(0) += by;
    }

    async fn load_all(&mut self, connection: &mut Connection, quantity: &Name) -> Result<(), sql::Error> {
        if !self.allotments.contains_key(quantity) {
            let mut allotments = allotment_list(connection, quantity).await?;
            self.exhausted.note(quantity, allotments.values().sum());
            for ((_, part), change) in self.changes.iter().filter(|((name, _), _)| name == quantity) {
                *allotments.entry(*part).or_insert(0) += change;
            }
            self.allotments.insert(quantity.clone(), allotments);
        }
        Ok(())
    }

    /// What a part has left.
    async fn load_own(&mut self, connection: &mut Connection, quantity: &Name, part: Part) -> Result<i64, sql::Error> {
        if let Some(left) = self.allotments.get(quantity).and_then(|parts| parts.get(&part)) {
            return Ok(*left);
        }
        let name = (quantity.clone(), part);
        let left = match self.recent.iter().rev().find_map(|recent| recent.allotments.get(&name)) {
            Some(left) => *left,
            None => {
                let sql = "select remaining from shared_quantity where part = ? and name = ?";
                let row = sql::row(connection, sql, cells![part.number(), quantity.as_str()]).await?;
                row.map_or(Ok(0), |row| sql::column(&row, "remaining"))?
            }
        };
        let left = left + self.changes.get(&name).copied().unwrap_or(0);
        self.allotments.entry(quantity.clone()).or_default().insert(part, left);
        Ok(left)
    }

    /// Sees to it that as many free codes as wanted are known, if there are so many in `parts`.
    /// Answers how many are known.
    async fn load_codes(
        &mut self,
        connection: &mut Connection,
        parts: &[Part],
        pool: &Name,
        wanted: usize,
    ) -> Result<usize, sql::Error> {
        let codes = self.codes.entry(pool.clone()).or_default();
        let taken: BTreeSet<&Name> = self
            .recent
            .iter()
            .flat_map(|recent| &recent.taken_codes)
            .chain(&self.taken)
            .filter(|taken| taken.pool == *pool)
            .map(|taken| &taken.code)
            .collect();
        codes.retain(|(part, _)| parts.contains(part));
        for part in parts {
            if codes.len() >= wanted {
                break;
            }
            let known = codes.len() + taken.len();
            for code in code_list_free(connection, *part, pool, wanted + known).await? {
                if !taken.contains(&code) && codes.iter().all(|(_, known)| *known != code) {
                    codes.push((*part, code));
                }
            }
        }
        Ok(codes.len())
    }
}

/// States how much of each quantity there is altogether. More of it goes to the programme's own
/// part, from where the others are topped up; less is taken from what is left anywhere, and never
/// from what has been drawn: then the total stays where it is.
pub(in crate::platform) async fn shared_set_totals(
    connection: &mut Connection,
    totals: &[(Name, i64)],
) -> Result<(), sql::Error> {
    for (quantity, total) in totals {
        let allotments = allotment_list(connection, quantity).await?;
        let known = shared_total(connection, quantity).await?;
        let left: i64 = allotments.values().filter(|left| **left > 0).sum();
        let change = (total - known).max(-left);
        let mut shared = Shared {
            scope: Scope::All,
            exhausted: Arc::default(),
            allotments: BTreeMap::from([(quantity.clone(), allotments)]),
            changes: BTreeMap::new(),
            codes: BTreeMap::new(),
            taken: Vec::new(),
            recent: Vec::new(),
        };
        if change < 0 {
            shared.top_up(quantity, Part::PROGRAMME, -change);
        }
        shared.change(quantity, Part::PROGRAMME, change);
        for (name, part) in shared.changes.into_keys() {
            let left = shared.allotments.get(&name).and_then(|parts| parts.get(&part)).copied().unwrap_or(0);
            let sql = "insert into shared_quantity (part, name, remaining, total) values (?, ?, ?, ?)
                       on conflict (part, name) do update set remaining = excluded.remaining";
            sql::execute(connection, sql, cells![part.number(), name.as_str(), left, 0]).await?;
        }
        let sql = "update shared_quantity set total = ? where part = ? and name = ?";
        sql::execute(connection, sql, cells![known + change, Part::PROGRAMME.number(), quantity.as_str()]).await?;
    }
    Ok(())
}

/// How much there was of a quantity before anything was drawn.
async fn shared_total(connection: &mut Connection, quantity: &Name) -> Result<i64, sql::Error> {
    let sql = "select total from shared_quantity where part = ? and name = ?";
    let row = sql::row(connection, sql, cells![Part::PROGRAMME.number(), quantity.as_str()]).await?;
    row.map_or(Ok(0), |row| sql::column(&row, "total"))
}

/// What each part has left of a quantity.
async fn allotment_list(connection: &mut Connection, quantity: &Name) -> Result<BTreeMap<Part, i64>, sql::Error> {
    let head = "select part, remaining from shared_quantity where (part, name) in";
    let keys = Part::all().map(|part| cells![part.number(), quantity.as_str()]).collect();
    let mut allotments = BTreeMap::new();
    for row in sql::look_up(connection, head, keys).await? {
        let number: i64 = sql::column(&row, "part")?;
        let part = Part::from_number(number).ok_or_else(|| damaged(format!("{number} is no part")))?;
        allotments.insert(part, sql::column(&row, "remaining")?);
    }
    Ok(allotments)
}

async fn code_list_free(
    connection: &mut Connection,
    part: Part,
    pool: &Name,
    limit: usize,
) -> Result<Vec<Name>, sql::Error> {
    let sql = "select code from pool_code where part = ? and pool = ? and taken_by is null limit ?";
    let rows = sql::rows(connection, sql, cells![part.number(), pool.as_str(), limit as i64]).await?;
    rows.iter().map(|row| Ok(Name::from(sql::column::<&str>(row, "code")?))).collect()
}
