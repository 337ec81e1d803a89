//! The body of a journal row. Nothing is said twice: what the row's own columns say, what is as it
//! usually is, and what follows from the command is left out, and put back when the row is read.
//!
//! `migrations/0001_ledger/notes.md` describes the JSON for those who query it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use lojal_core::activity::Order;
use lojal_core::command::{Command, Inputs, Key, KeyKind, Offered, Profile};
use lojal_core::decision::{
    ActivityRecord, Award, Because, Decision, Draw, Effect, FollowUp, OrderRecord, Reckoning, Record, RedemptionRecord,
    VoucherRecord,
};
use lojal_core::holder::Fraction;
use lojal_core::kernel::{Instant, Name, TransactionId, microseconds};
use lojal_core::ledger::{Account, Posting};
use lojal_core::referrals::Advocacy;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::entropy;
use crate::platform::journal::Body;
use crate::platform::writer::Balance;

/// Writes a body. The row's `id`, `decided_at` and `version` are not repeated in it.
pub fn pack_body(body: &Body) -> Result<String, serde_json::Error> {
    let ground = Ground::of(body);
    let decision = &body.decision;
    let packed = PackedBody {
        command: Cow::Borrowed(&body.command),
        entropy: body.inputs.entropy,
        shared: Cow::Borrowed(&body.inputs.shared),
        pool_codes: Cow::Borrowed(&body.inputs.pool_codes),
        unit: ground.unit.map(Cow::Borrowed),
        brand: ground.brand.filter(|brand| Some(*brand) != ground.order_brand()).map(Cow::Borrowed),
        effects: decision.effects.iter().map(|effect| PackedEffect::of(effect, &ground)).collect(),
        records: decision
            .records
            .iter()
            .map(|(_, record)| PackedRecord::of(record, &ground, &decision.effects))
            .collect(),
        keys: exceptional_keys(&body.command, &decision.records),
        follow_ups: Cow::Borrowed(&decision.follow_ups),
        draws: Cow::Borrowed(&decision.draws),
        repeats: decision.repeats,
        replaces: decision.replaces,
        balances: body.balances.iter().map(|balance| PackedBalance::of(balance, &ground)).collect(),
    };
    serde_json::to_string(&packed)
}

/// Reads what [`pack_body`] wrote into the row of `transaction`, which was decided at `now` under
/// `version`.
pub fn unpack_body(
    text: &str,
    transaction: TransactionId,
    now: Instant,
    version: u32,
) -> Result<Body, serde_json::Error> {
    let packed: PackedBody<'_> = serde_json::from_str(text)?;
    let (unit, brand) = (packed.unit.map(Cow::into_owned), packed.brand.map(Cow::into_owned));
    let command = packed.command.into_owned();
    let mut ground = Ground { command: &command, now, version, unit: unit.as_ref(), brand: brand.as_ref() };
    ground.brand = ground.brand.or(ground.order_brand());
    let effects: Vec<Effect> =
        packed.effects.into_iter().map(|effect| effect.read(&ground)).collect::<Result<_, _>>()?;
    let records: Vec<Record> =
        packed.records.into_iter().map(|record| record.read(&ground, &effects)).collect::<Result<_, _>>()?;
    let decision = Decision {
        version,
        effects,
        records: with_keys(&command, packed.keys.into_owned(), records)?,
        follow_ups: packed.follow_ups.into_owned(),
        draws: packed.draws.into_owned(),
        repeats: packed.repeats,
        replaces: packed.replaces,
    };
    let balances = packed.balances.into_iter().map(|balance| balance.read(&ground)).collect::<Result<_, _>>()?;
    let inputs = Inputs {
        now,
        transaction,
        entropy: packed.entropy,
        shared: packed.shared.into_owned(),
        pool_codes: packed.pool_codes.into_owned(),
    };
    Ok(Body { command, inputs, decision, balances })
}

/// What the parts of a body leave out where they agree with it.
struct Ground<'a> {
    command: &'a Command,
    now: Instant,
    version: u32,
    unit: Option<&'a Name>,
    brand: Option<&'a Name>,
}

impl<'a> Ground<'a> {
    fn of(body: &'a Body) -> Ground<'a> {
        let decision = &body.decision;
        let posting = decision.effects.iter().find_map(|effect| effect.postings.first());
        let award = decision.records.iter().find_map(|(_, record)| match record {
            Record::Order(record) => record.awards.first(),
            _ => None,
        });
        let (unit, brand) = match (posting, award) {
            (Some(Posting { unit, brand, .. }), _) | (None, Some(Award { unit, brand, .. })) => {
                (Some(unit), Some(brand))
            }
            (None, None) => (body.balances.first().map(|balance| &balance.unit), None),
        };
        Ground { command: &body.command, now: body.inputs.now, version: decision.version, unit, brand }
    }

    /// The order that the command is about.
    fn order_id(&self) -> Option<&'a Name> {
        match self.command {
            Command::PutOrder { order } => Some(&order.external_id),
            Command::ReturnLines { order, .. } => Some(order),
            _ => None,
        }
    }

    fn order_brand(&self) -> Option<&'a Name> {
        self.order().map(|order| &order.brand)
    }

    /// The order that the command states.
    fn order(&self) -> Option<&'a Order> {
        match self.command {
            Command::PutOrder { order } => Some(order),
            _ => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedBody<'a> {
    command: Cow<'a, Command>,
    #[serde(default, with = "entropy", skip_serializing_if = "is_default")]
    entropy: u128,
    #[serde(default, skip_serializing_if = "is_empty_map")]
    shared: Cow<'a, BTreeMap<Name, Offered>>,
    #[serde(default, skip_serializing_if = "is_empty_map")]
    pool_codes: Cow<'a, BTreeMap<Name, Vec<Name>>>,
    /// Of every posting, award and balance that does not name another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Cow<'a, Name>>,
    /// Of every posting and award that does not name another one; `None` for the order's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brand: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    effects: Vec<PackedEffect<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    records: Vec<PackedRecord<'a>>,
    /// Of all records, where one has another key than its content tells.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    keys: Cow<'a, [Key]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    follow_ups: Cow<'a, [FollowUp]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    draws: Cow<'a, [Draw]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repeats: Option<TransactionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<TransactionId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    balances: Vec<PackedBalance<'a>>,
}

/// The reason stands under `earned`, under `release_set` or under `why`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedEffect<'a> {
    /// `None` for the moment of the decision.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    at: Option<Instant>,
    /// By the command's order, under the version that is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earned: Option<Cow<'a, Reckoning>>,
    /// Of the command's order.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    release_set: Option<Instant>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<Cow<'a, Because>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    postings: Vec<PackedPosting<'a>>,
}

impl<'a> PackedEffect<'a> {
    fn of(effect: &'a Effect, ground: &Ground<'_>) -> PackedEffect<'a> {
        let (earned, release_set, why) = match &effect.because {
            Because::OrderEarned { order, version, reckoning }
                if Some(order) == ground.order_id() && *version == ground.version =>
            {
                (Some(Cow::Borrowed(reckoning)), None, None)
            }
            Because::ReleaseSet { order, until } if Some(order) == ground.order_id() => (None, Some(*until), None),
            because => (None, None, Some(Cow::Borrowed(because))),
        };
        let postings = effect.postings.iter().map(|posting| PackedPosting::of(posting, ground)).collect();
        PackedEffect { at: Some(effect.at).filter(|at| *at != ground.now), earned, release_set, why, postings }
    }

    fn read(self, ground: &Ground<'_>) -> Result<Effect, serde_json::Error> {
        let because = match (self.earned, self.release_set, self.why, ground.order_id()) {
            (Some(reckoning), None, None, Some(order)) => Because::OrderEarned {
                order: order.clone(),
                version: ground.version,
                reckoning: reckoning.into_owned(),
            },
            (None, Some(until), None, Some(order)) => Because::ReleaseSet { order: order.clone(), until },
            (None, None, Some(because), _) => because.into_owned(),
            _ => return Err(wrong("an effect has one reason, and `earned` and `release_set` are about an order")),
        };
        let postings = self.postings.into_iter().map(|posting| posting.read(ground)).collect::<Result<_, _>>()?;
        Ok(Effect { at: self.at.unwrap_or(ground.now), because, postings })
    }
}

/// `["pending", 121]`, and the unit and the brand where they are not those of the body.
struct PackedPosting<'a> {
    account: Account,
    amount: i64,
    of: Option<(Cow<'a, Name>, Cow<'a, Name>)>,
}

impl<'a> PackedPosting<'a> {
    fn of(posting: &'a Posting, ground: &Ground<'_>) -> PackedPosting<'a> {
        let usual = ground.unit == Some(&posting.unit) && ground.brand == Some(&posting.brand);
        let of = (!usual).then_some((Cow::Borrowed(&posting.unit), Cow::Borrowed(&posting.brand)));
        PackedPosting { account: posting.account, amount: posting.amount, of }
    }

    fn read(self, ground: &Ground<'_>) -> Result<Posting, serde_json::Error> {
        let (unit, brand) = match self.of {
            Some((unit, brand)) => (unit.into_owned(), brand.into_owned()),
            None => (usual(None, ground.unit)?, usual(None, ground.brand)?),
        };
        Ok(Posting { account: self.account, unit, brand, amount: self.amount })
    }
}

impl Serialize for PackedPosting<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(if self.of.is_some() { 4 } else { 2 }))?;
        list.serialize_element(&self.account)?;
        list.serialize_element(&self.amount)?;
        if let Some((unit, brand)) = &self.of {
            list.serialize_element(unit)?;
            list.serialize_element(brand)?;
        }
        list.end()
    }
}

impl<'de> Deserialize<'de> for PackedPosting<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = PackedPosting<'static>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a posting: its account, its amount, and perhaps its unit and its brand")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let account = list.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let amount = list.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                let of = match list.next_element::<Name>()? {
                    Some(unit) => {
                        let brand = list.next_element()?.ok_or_else(|| A::Error::invalid_length(3, &self))?;
                        Some((Cow::Owned(unit), Cow::Owned(brand)))
                    }
                    None => None,
                };
                Ok(PackedPosting { account, amount, of })
            }
        }

        deserializer.deserialize_seq(List)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PackedRecord<'a> {
    Order(Box<PackedOrderRecord<'a>>),
    Activity,
    LooseReturn,
    Redemption(Cow<'a, RedemptionRecord>),
    Voucher(Cow<'a, VoucherRecord>),
    Parcel,
    ActivityThatGave(Cow<'a, ActivityRecord>),
    Advocacy(Cow<'a, Advocacy>),
}

impl<'a> PackedRecord<'a> {
    fn of(record: &'a Record, ground: &Ground<'_>, effects: &[Effect]) -> PackedRecord<'a> {
        match record {
            Record::Order(record) => PackedRecord::Order(Box::new(PackedOrderRecord::of(record, ground, effects))),
            Record::Activity(None) => PackedRecord::Activity,
            Record::Activity(Some(record)) => PackedRecord::ActivityThatGave(Cow::Borrowed(record)),
            Record::LooseReturn => PackedRecord::LooseReturn,
            Record::Redemption(record) => PackedRecord::Redemption(Cow::Borrowed(record)),
            Record::Voucher(record) => PackedRecord::Voucher(Cow::Borrowed(record)),
            Record::Parcel => PackedRecord::Parcel,
            Record::Advocacy(advocacy) => PackedRecord::Advocacy(Cow::Borrowed(advocacy)),
        }
    }

    fn read(self, ground: &Ground<'_>, effects: &[Effect]) -> Result<Record, serde_json::Error> {
        Ok(match self {
            PackedRecord::Order(record) => Record::Order(Box::new(record.read(ground, effects)?)),
            PackedRecord::Activity => Record::Activity(None),
            PackedRecord::ActivityThatGave(record) => Record::Activity(Some(Box::new(record.into_owned()))),
            PackedRecord::LooseReturn => Record::LooseReturn,
            PackedRecord::Redemption(record) => Record::Redemption(record.into_owned()),
            PackedRecord::Voucher(record) => Record::Voucher(record.into_owned()),
            PackedRecord::Parcel => Record::Parcel,
            PackedRecord::Advocacy(advocacy) => Record::Advocacy(Box::new(advocacy.into_owned())),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedOrderRecord<'a> {
    /// `None` where it is the order of the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Cow<'a, Order>>,
    /// `None` for the version in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    number: i64,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    levels: Cow<'a, [Name]>,
    #[serde(default, skip_serializing_if = "is_empty_profile")]
    profile: Cow<'a, Profile>,
    /// `None` for the moment of payment, or of placing where that is not known.
    #[serde(default, with = "microseconds::option", skip_serializing_if = "Option::is_none")]
    earned_at: Option<Instant>,
    /// `None` where they are what the effects say that the order earned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    awards: Option<Vec<PackedAward<'a>>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    rewarded: Cow<'a, [Name]>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    returns: Cow<'a, [Name]>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    counted: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    spent: i64,
}

impl<'a> PackedOrderRecord<'a> {
    fn of(record: &'a OrderRecord, ground: &Ground<'_>, effects: &[Effect]) -> PackedOrderRecord<'a> {
        let order = &record.order;
        let awards = record.awards.iter();
        let as_earned = awards.len() == earned(ground, effects).count()
            && awards.clone().zip(earned(ground, effects)).all(|(award, earned)| earned.is(award));
        PackedOrderRecord {
            order: (Some(order) != ground.order()).then_some(Cow::Borrowed(order)),
            version: Some(record.version).filter(|version| *version != ground.version),
            number: record.number,
            levels: Cow::Borrowed(&record.levels),
            profile: Cow::Borrowed(&record.profile),
            earned_at: Some(record.earned_at).filter(|earned_at| *earned_at != usually_earned_at(order)),
            awards: (!as_earned).then(|| awards.map(|award| PackedAward::of(award, ground)).collect()),
            rewarded: Cow::Borrowed(&record.rewarded),
            returns: Cow::Borrowed(&record.returns),
            counted: record.counted,
            spent: record.spent,
        }
    }

    fn read(self, ground: &Ground<'_>, effects: &[Effect]) -> Result<OrderRecord, serde_json::Error> {
        let awards = match self.awards {
            Some(awards) => awards.into_iter().map(|award| award.read(ground)).collect::<Result<_, _>>()?,
            None => earned(ground, effects).map(|earned| earned.award()).collect(),
        };
        let order = match (self.order, ground.order()) {
            (Some(order), _) => order.into_owned(),
            (None, Some(order)) => order.clone(),
            (None, None) => return Err(wrong("a record has no order, nor has the command")),
        };
        Ok(OrderRecord {
            version: self.version.unwrap_or(ground.version),
            number: self.number,
            levels: self.levels.into_owned(),
            profile: self.profile.into_owned(),
            earned_at: self.earned_at.unwrap_or_else(|| usually_earned_at(&order)),
            awards,
            rewarded: self.rewarded.into_owned(),
            returns: self.returns.into_owned(),
            counted: self.counted,
            spent: self.spent,
            order,
        })
    }
}

/// What an effect says of an award: all, unless a limit or a remainder has to be remembered.
struct Earned<'a> {
    reckoning: &'a Reckoning,
    posting: &'a Posting,
}

/// What the effects say that the command's order earned.
fn earned<'a>(ground: &Ground<'a>, effects: &'a [Effect]) -> impl Iterator<Item = Earned<'a>> {
    let order = ground.order_id();
    effects.iter().filter_map(move |effect| match (&effect.because, effect.postings.first()) {
        (Because::OrderEarned { order: earner, reckoning, .. }, Some(posting)) if Some(earner) == order => {
            Some(Earned { reckoning, posting })
        }
        _ => None,
    })
}

impl Earned<'_> {
    fn is(&self, award: &Award) -> bool {
        let Award { rule, unit, brand, points, room, exact, whole, drawn } = award;
        let is_plain = room.is_none() && exact.is_none() && whole.is_none() && drawn.is_empty();
        let is_same = (rule, points) == (&self.reckoning.rule, &self.reckoning.points)
            && (unit, brand) == (&self.posting.unit, &self.posting.brand);
        is_plain && is_same
    }

    fn award(&self) -> Award {
        Award {
            rule: self.reckoning.rule.clone(),
            unit: self.posting.unit.clone(),
            brand: self.posting.brand.clone(),
            points: self.reckoning.points,
            room: None,
            exact: None,
            whole: None,
            drawn: Vec::new(),
        }
    }
}

fn usually_earned_at(order: &Order) -> Instant {
    order.paid_at.unwrap_or(order.placed_at)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedAward<'a> {
    rule: Cow<'a, Name>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brand: Option<Cow<'a, Name>>,
    points: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exact: Option<Fraction>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole: Option<i64>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    drawn: Cow<'a, [Draw]>,
}

impl<'a> PackedAward<'a> {
    fn of(award: &'a Award, ground: &Ground<'_>) -> PackedAward<'a> {
        PackedAward {
            rule: Cow::Borrowed(&award.rule),
            unit: unusual(&award.unit, ground.unit),
            brand: unusual(&award.brand, ground.brand),
            points: award.points,
            room: award.room,
            exact: award.exact,
            whole: award.whole,
            drawn: Cow::Borrowed(&award.drawn),
        }
    }

    fn read(self, ground: &Ground<'_>) -> Result<Award, serde_json::Error> {
        Ok(Award {
            rule: self.rule.into_owned(),
            unit: usual(self.unit, ground.unit)?,
            brand: usual(self.brand, ground.brand)?,
            points: self.points,
            room: self.room,
            exact: self.exact,
            whole: self.whole,
            drawn: self.drawn.into_owned(),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedBalance<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unit: Option<Cow<'a, Name>>,
    #[serde(default, skip_serializing_if = "is_default")]
    available: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pending: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    held: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    debt: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    expired: i64,
}

impl<'a> PackedBalance<'a> {
    fn of(balance: &'a Balance, ground: &Ground<'_>) -> PackedBalance<'a> {
        let Balance { unit, available, pending, held, debt, expired } = balance;
        PackedBalance {
            unit: unusual(unit, ground.unit),
            available: *available,
            pending: *pending,
            held: *held,
            debt: *debt,
            expired: *expired,
        }
    }

    fn read(self, ground: &Ground<'_>) -> Result<Balance, serde_json::Error> {
        let PackedBalance { unit, available, pending, held, debt, expired } = self;
        Ok(Balance { unit: usual(unit, ground.unit)?, available, pending, held, debt, expired })
    }
}

/// The keys of all records, where one of them is not the one that its record tells.
fn exceptional_keys(command: &Command, records: &[(Key, Record)]) -> Cow<'static, [Key]> {
    if records.iter().all(|(key, record)| own_key(command, record).as_ref() == Some(key)) {
        return Cow::Borrowed(&[]);
    }
    records.iter().map(|(key, _)| key.clone()).collect()
}

fn with_keys(command: &Command, keys: Vec<Key>, records: Vec<Record>) -> Result<Vec<(Key, Record)>, serde_json::Error> {
    if keys.is_empty() {
        let keyed = records.into_iter().map(|record| Some((own_key(command, &record)?, record)));
        return keyed.collect::<Option<_>>().ok_or_else(|| wrong("a record has no key"));
    }
    if keys.len() != records.len() {
        return Err(wrong("there are not as many keys as records"));
    }
    Ok(keys.into_iter().zip(records).collect())
}

/// The natural key that a record tells, or else the command's.
fn own_key(command: &Command, record: &Record) -> Option<Key> {
    let (kind, id) = match record {
        Record::Order(record) => (KeyKind::Order, record.order.external_id.clone()),
        Record::Redemption(record) => (KeyKind::Redemption, Name::from(record.redemption.to_string())),
        Record::Voucher(record) => (KeyKind::Voucher, record.code.clone()),
        Record::Activity(_) | Record::LooseReturn | Record::Parcel | Record::Advocacy(_) => return command.key(),
    };
    Some(Key { kind, id })
}

fn unusual<'a>(name: &'a Name, usual: Option<&Name>) -> Option<Cow<'a, Name>> {
    (Some(name) != usual).then_some(Cow::Borrowed(name))
}

fn usual(name: Option<Cow<'_, Name>>, usual: Option<&Name>) -> Result<Name, serde_json::Error> {
    let name = name.map(Cow::into_owned).or_else(|| usual.cloned());
    name.ok_or_else(|| wrong("a unit or brand is left out, and the body names none"))
}

fn wrong(what: &str) -> serde_json::Error {
    serde_json::Error::custom(what)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn is_empty_map<T: Clone>(map: &BTreeMap<Name, T>) -> bool {
    map.is_empty()
}

fn is_empty_profile(profile: &Profile) -> bool {
    profile.is_empty()
}

fn yes() -> bool {
    true
}

fn is_yes(flag: &bool) -> bool {
    *flag
}
