//! The state of a holder as bytes: fields in their order, numbers as short as they are, and each
//! name in full only once. A field that is added changes the format: then its number goes up, and
//! states of the former one are read as they were written.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use lojal_core::activity::Value;
use lojal_core::command::{Birthday, Profile};
use lojal_core::holder::{Fraction, Given, Holder, HolderKind, Membership, Merging, OpenVoucher, TierState, Usage};
use lojal_core::kernel::{Date, HolderId, Id, Instant, MemberId, Name, TransactionId, Window};
use lojal_core::ledger::{Hold, Lot, Pending, Totals, Wallet, Wallets};
use lojal_core::referrals::{Friends, ReferralState};

/// Stands before everything else.
const FORMAT: u8 = 3;
/// Before there were recommendations.
const WITHOUT_REFERRALS: u8 = 1;
/// Before friends of accounts that were merged had numbers.
const WITHOUT_INHERITED_FRIENDS: u8 = 2;
/// How many names of a state are remembered, so that looking for one takes no time to speak of.
const MOST_NAMES: usize = 32;
/// Dates are counted from here, so that most are small numbers.
const FIRST_YEAR: i64 = 2_000;
const WINDOWS: [Window; 6] =
    [Window::Day, Window::Week, Window::Month, Window::Quarter, Window::Year, Window::Lifetime];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamagedState {
    #[error("it is written in format {0}, and this release knows format {FORMAT}: use the release that wrote it")]
    Format(u8),
    #[error("byte {0} is not what stands there in a state: restore the data from a backup")]
    Content(usize),
}

pub fn pack_state(holder: &Holder) -> Vec<u8> {
    let mut packer = Packer { bytes: Vec::with_capacity(512), names: Vec::new() };
    packer.bytes.push(FORMAT);
    holder.pack(&mut packer);
    packer.bytes
}

pub fn unpack_state(bytes: &[u8]) -> Result<Holder, DamagedState> {
    let format = bytes.first().copied().unwrap_or_default();
    let bytes = match bytes.first() {
        Some(&(FORMAT | WITHOUT_INHERITED_FRIENDS)) => Cow::Borrowed(bytes),
        // Nobody recommended the holder, nor had the holder recommended anybody.
        Some(&WITHOUT_REFERRALS) => Cow::Owned([bytes, &[0, 0]].concat()),
        Some(format) => return Err(DamagedState::Format(*format)),
        None => return Err(DamagedState::Content(0)),
    };
    let mut unpacker = Unpacker { bytes: &bytes, at: 1, format, names: Vec::new() };
    let holder = Holder::unpack(&mut unpacker)?;
    if unpacker.at == bytes.len() { Ok(holder) } else { Err(unpacker.damaged()) }
}

struct Packer<'a> {
    bytes: Vec<u8>,
    names: Vec<&'a Name>,
}

impl Packer<'_> {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// The sign in the lowest bit, so that numbers near zero are short on both sides.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }
}

struct Unpacker<'a> {
    bytes: &'a [u8],
    at: usize,
    /// In which it is written.
    format: u8,
    names: Vec<Name>,
}

impl<'a> Unpacker<'a> {
    fn damaged(&self) -> DamagedState {
        DamagedState::Content(self.at)
    }

    fn byte(&mut self) -> Result<u8, DamagedState> {
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.damaged())?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DamagedState> {
        let end = self.at.checked_add(length).ok_or_else(|| self.damaged())?;
        let taken = self.bytes.get(self.at..end).ok_or_else(|| self.damaged())?;
        self.at = end;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, DamagedState> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.damaged())
    }

    fn length(&mut self) -> Result<usize, DamagedState> {
        let length = self.number()?;
        // Everything takes a byte at least.
        usize::try_from(length).ok().filter(|length| *length <= self.bytes.len() - self.at).ok_or(self.damaged())
    }
}

trait Packed: Sized {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>);
    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Self, DamagedState>;
}

/// Packs a structure by its fields, all of them, in this order.
macro_rules! packed {
    ($($name:ident { $($field:ident),* })*) => { $(
        impl Packed for $name {
            fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
                let $name { $($field),* } = self;
                $($field.pack(packer);)*
            }

            fn unpack(unpacker: &mut Unpacker<'_>) -> Result<$name, DamagedState> {
                $(let $field = Packed::unpack(unpacker)?;)*
                Ok($name { $($field),* })
            }
        }
    )* };
}

packed! {
    Holder {
        id, kind, joined_at, clock, profile, wallets, orders, activities, usage, remainders, tiers, vouchers,
        birthday_after, referral, friends
    }
    Profile { attributes, segments, birthday }
    Birthday { month, day }
    Wallet { unit, lots, holds, debt, totals, active_at }
    Totals { issued, redeemed, expired, reversed, sent }
    Lot { brand, amount, earned_at, expires_at, pending }
    Pending { order, rule, until }
    Hold { id, lots, valid_until, reference }
    Usage { window, used }
    TierState { level, shape, since, progress, secured, grace_until, review_at }
    OpenVoucher { code, reward, issued_at, redemption, given, valid_until }
    Given { rule, order }
    Fraction { numerator, denominator }
}

impl Packed for Friends {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        let Friends { highest, free, inherited } = self;
        highest.pack(packer);
        free.pack(packer);
        inherited.pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Friends, DamagedState> {
        let (highest, free) = (Packed::unpack(unpacker)?, Packed::unpack(unpacker)?);
        let inherited =
            if unpacker.format > WITHOUT_INHERITED_FRIENDS { Packed::unpack(unpacker)? } else { Default::default() };
        Ok(Friends { highest, free, inherited })
    }
}

/// Few were recommended, and what is known of them is deep: it is written as the journal writes it.
impl Packed for Box<ReferralState> {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        // A state is made of texts and numbers, which can be written.
        let text = serde_json::to_vec(self).unwrap_or_default();
        packer.number(text.len() as u64);
        packer.bytes.extend_from_slice(&text);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Box<ReferralState>, DamagedState> {
        let length = unpacker.length()?;
        let text = unpacker.take(length)?;
        serde_json::from_slice(text).map_err(|_| unpacker.damaged())
    }
}

impl Packed for i64 {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.signed(*self);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<i64, DamagedState> {
        let number = unpacker.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
}

impl Packed for i8 {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.bytes.push(*self as u8);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<i8, DamagedState> {
        unpacker.byte().map(|byte| byte as i8)
    }
}

/// In two halves: the remainders of rules are rarely wider than one.
impl Packed for i128 {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        let number = (*self << 1 ^ *self >> 127) as u128;
        packer.number(number as u64);
        packer.number((number >> 64) as u64);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<i128, DamagedState> {
        let number = u128::from(unpacker.number()?) | u128::from(unpacker.number()?) << 64;
        Ok((number >> 1) as i128 ^ -((number & 1) as i128))
    }
}

/// New: its length, doubled, and its text. Known: its place among the names, doubled, and one more.
impl Packed for Name {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        if let Some(place) = packer.names.iter().position(|known| *known == self) {
            return packer.number(place as u64 * 2 + 1);
        }
        packer.number(self.len() as u64 * 2);
        packer.bytes.extend_from_slice(self.as_bytes());
        if packer.names.len() < MOST_NAMES {
            packer.names.push(self);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Name, DamagedState> {
        let number = unpacker.number()?;
        let count = usize::try_from(number / 2).map_err(|_| unpacker.damaged())?;
        if number % 2 == 1 {
            return unpacker.names.get(count).cloned().ok_or_else(|| unpacker.damaged());
        }
        let text = unpacker.take(count)?;
        let name = Name::from_utf8(text).map_err(|_| unpacker.damaged())?;
        if unpacker.names.len() < MOST_NAMES {
            unpacker.names.push(name.clone());
        }
        Ok(name)
    }
}

/// Whole seconds, with two bits for what follows: nothing, microseconds or nanoseconds.
impl Packed for Instant {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        let fine = i64::from(self.subsec_nanosecond());
        let (mark, rest) = match (fine, fine % 1_000) {
            (0, _) => (0, None),
            (_, 0) => (1, Some(fine / 1_000)),
            _ => (2, Some(fine)),
        };
        packer.signed(self.as_second() << 2 | mark);
        if let Some(rest) = rest {
            packer.signed(rest);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Instant, DamagedState> {
        let number = i64::unpack(unpacker)?;
        let fine = match number & 3 {
            0 => 0,
            1 => i64::unpack(unpacker)?.checked_mul(1_000).ok_or_else(|| unpacker.damaged())?,
            2 => i64::unpack(unpacker)?,
            _ => return Err(unpacker.damaged()),
        };
        let fine = i32::try_from(fine).map_err(|_| unpacker.damaged())?;
        Instant::new(number >> 2, fine).map_err(|_| unpacker.damaged())
    }
}

impl Packed for Date {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        let months = (i64::from(self.year()) - FIRST_YEAR) * 12 + i64::from(self.month()) - 1;
        packer.signed(months * 32 + i64::from(self.day()));
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Date, DamagedState> {
        let number = i64::unpack(unpacker)?;
        let (months, day) = (number.div_euclid(32), number.rem_euclid(32) as i8);
        let year = i16::try_from(months.div_euclid(12) + FIRST_YEAR).map_err(|_| unpacker.damaged())?;
        Date::new(year, months.rem_euclid(12) as i8 + 1, day).map_err(|_| unpacker.damaged())
    }
}

macro_rules! packed_ids {
    ($($name:ident)*) => { $(
        impl Packed for $name {
            fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
                packer.number(self.number() as u64);
            }

            fn unpack(unpacker: &mut Unpacker<'_>) -> Result<$name, DamagedState> {
                let id = i64::try_from(unpacker.number()?).ok().and_then(Id::from_number);
                id.map($name).ok_or_else(|| unpacker.damaged())
            }
        }
    )* };
}

packed_ids! { HolderId MemberId TransactionId }

impl<T: Packed> Packed for Option<T> {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.bytes.push(u8::from(self.is_some()));
        if let Some(value) = self {
            value.pack(packer);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Option<T>, DamagedState> {
        match unpacker.byte()? {
            0 => Ok(None),
            1 => T::unpack(unpacker).map(Some),
            _ => Err(unpacker.damaged()),
        }
    }
}

impl<T: Packed, U: Packed> Packed for (T, U) {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        self.0.pack(packer);
        self.1.pack(packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<(T, U), DamagedState> {
        Ok((T::unpack(unpacker)?, U::unpack(unpacker)?))
    }
}

fn pack_all<'a, T: Packed + 'a>(values: impl ExactSizeIterator<Item = &'a T>, packer: &mut Packer<'a>) {
    packer.number(values.len() as u64);
    values.for_each(|value| value.pack(packer));
}

fn unpack_all<T: Packed, C: FromIterator<T>>(unpacker: &mut Unpacker<'_>) -> Result<C, DamagedState> {
    (0..unpacker.length()?).map(|_| T::unpack(unpacker)).collect()
}

impl<T: Packed> Packed for Vec<T> {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        pack_all(self.iter(), packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Vec<T>, DamagedState> {
        unpack_all(unpacker)
    }
}

impl<T: Packed + Ord> Packed for BTreeSet<T> {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        pack_all(self.iter(), packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<BTreeSet<T>, DamagedState> {
        unpack_all(unpacker)
    }
}

impl<K: Packed + Ord, V: Packed> Packed for BTreeMap<K, V> {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.number(self.len() as u64);
        for (key, value) in self {
            key.pack(packer);
            value.pack(packer);
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<BTreeMap<K, V>, DamagedState> {
        unpack_all::<(K, V), _>(unpacker)
    }
}

impl Packed for Wallets {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        pack_all(self.iter(), packer);
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Wallets, DamagedState> {
        unpack_all(unpacker)
    }
}

impl Packed for Window {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.bytes.push(match self {
            Window::Day => 0,
            Window::Week => 1,
            Window::Month => 2,
            Window::Quarter => 3,
            Window::Year => 4,
            Window::Lifetime => 5,
        });
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Window, DamagedState> {
        let byte = unpacker.byte()?;
        WINDOWS.get(usize::from(byte)).copied().ok_or_else(|| unpacker.damaged())
    }
}

impl Packed for Value {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        match self {
            Value::Flag(flag) => packer.bytes.push(u8::from(*flag)),
            Value::Number(number) => {
                packer.bytes.push(2);
                number.pack(packer);
            }
            Value::Text(text) => {
                packer.bytes.push(3);
                text.pack(packer);
            }
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Value, DamagedState> {
        match unpacker.byte()? {
            0 => Ok(Value::Flag(false)),
            1 => Ok(Value::Flag(true)),
            2 => i64::unpack(unpacker).map(Value::Number),
            3 => Name::unpack(unpacker).map(Value::Text),
            _ => Err(unpacker.damaged()),
        }
    }
}

impl Packed for HolderKind {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        match self {
            // Nearly everybody: no byte tells of accounts that there are none of.
            HolderKind::Member { membership: Membership::Active { household }, accounts } if accounts.is_empty() => {
                packer.bytes.push(0);
                household.pack(packer);
                // When the member left.
                packer.bytes.push(0);
            }
            HolderKind::Member { membership: Membership::Left { at }, accounts } if accounts.is_empty() => {
                packer.bytes.push(0);
                // No household, and a moment.
                packer.bytes.extend([0, 1]);
                at.pack(packer);
            }
            HolderKind::Member { membership, accounts } => {
                packer.bytes.push(2);
                membership.pack(packer);
                accounts.pack(packer);
            }
            HolderKind::Household { members } => {
                packer.bytes.push(1);
                members.pack(packer);
            }
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<HolderKind, DamagedState> {
        match unpacker.byte()? {
            0 => {
                let household = Packed::unpack(unpacker)?;
                let left_at: Option<Instant> = Packed::unpack(unpacker)?;
                let membership = left_at.map_or(Membership::Active { household }, |at| Membership::Left { at });
                Ok(HolderKind::Member { membership, accounts: BTreeMap::new() })
            }
            1 => Ok(HolderKind::Household { members: Packed::unpack(unpacker)? }),
            2 => Ok(HolderKind::Member { membership: Packed::unpack(unpacker)?, accounts: Packed::unpack(unpacker)? }),
            _ => Err(unpacker.damaged()),
        }
    }
}

impl Packed for Membership {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        match self {
            Membership::Active { household } => {
                packer.bytes.push(0);
                household.pack(packer);
            }
            Membership::Left { at } => {
                packer.bytes.push(1);
                at.pack(packer);
            }
            Membership::Merged { into } => {
                packer.bytes.push(2);
                into.pack(packer);
            }
        }
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Membership, DamagedState> {
        match unpacker.byte()? {
            0 => Ok(Membership::Active { household: Packed::unpack(unpacker)? }),
            1 => Ok(Membership::Left { at: Packed::unpack(unpacker)? }),
            2 => Ok(Membership::Merged { into: Packed::unpack(unpacker)? }),
            _ => Err(unpacker.damaged()),
        }
    }
}

impl Packed for Merging {
    fn pack<'a>(&'a self, packer: &mut Packer<'a>) {
        packer.bytes.push(match self {
            Merging::Asked => 0,
            Merging::Merged => 1,
        });
    }

    fn unpack(unpacker: &mut Unpacker<'_>) -> Result<Merging, DamagedState> {
        match unpacker.byte()? {
            0 => Ok(Merging::Asked),
            1 => Ok(Merging::Merged),
            _ => Err(unpacker.damaged()),
        }
    }
}
