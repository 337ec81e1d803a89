//! A shop on paper: reads a table of what happens, asks the engine, and compares.
//!
//! One line is one happening: `WHEN WHO WHAT … => EXPECTED`. What is expected is a refusal's code,
//! or pairs such as `available 120 tier silver`; `ok` is expected where nothing else is.

use std::collections::BTreeMap;

use lojal_core::activity::{Activity, Line, LineKind, Order, OrderState, Value};
use lojal_core::command::{Acting, Birthday, Command, Inputs, Key, Offered, Profile, ReturnedLine, TransferKind};
use lojal_core::decision::{Decision, FollowUp, Record, Refusal};
use lojal_core::engine::{Undecided, decide, explain};
use lojal_core::explanation::{Explanation, NearMiss};
use lojal_core::holder::Holder;
use lojal_core::kernel::{HolderId, Id, Instant, MemberId, Money, Name, Part, TransactionId, parse_decimal};
use lojal_core::programme::{Programme, Rulebook, parse_toml};
use lojal_core::referrals::{Credit, Friends, Introduction, Judge, Verdict};

/// The frame of every programme in these tables; a test adds its rules.
pub const FRAME: &str = r#"
[programme]
id = "club"
name = { en = "Club" }
languages = ["en"]
time_zone = "Europe/Warsaw"
currency = "PLN"
[brands.shop]
name = { en = "Shop" }
"#;

pub const POINTS: &str = r#"
[units.points]
name.en = { one = "point", many = "points" }
"#;

pub const SPEND: &str = r#"
[earning.spend]
name = { en = "1 point for 1 PLN" }
per = "1.00"
"#;

pub struct Shop {
    pub rulebook: Rulebook,
    pub holders: BTreeMap<Name, Holder>,
    pub decisions: Vec<(Name, Decision)>,
    /// Why the last decision came out as it did.
    pub explained: Explanation,
    records: BTreeMap<(Part, Key), (TransactionId, Record)>,
    shared: BTreeMap<Name, i64>,
    pools: BTreeMap<Name, Vec<Name>>,
    /// Names that the table gives to holds, redemptions and vouchers.
    named: BTreeMap<String, TransactionId>,
    next: u16,
}

/// Runs a table against a programme made of `parts`.
pub fn check(parts: &[&str], table: &str) -> Shop {
    let mut shop = Shop::new(parts);
    shop.run(table);
    shop
}

/// What was missed, and by how much: `large:1240`.
fn said(miss: &NearMiss) -> String {
    match miss {
        NearMiss::Rule { rule, lacking } => format!("{rule}:{}", lacking.missing()),
        NearMiss::Reward { reward, missing, pending: 0, .. } => format!("{reward}:{missing}"),
        NearMiss::Reward { reward, missing, pending, .. } => format!("{reward}:{missing}:{pending}"),
        NearMiss::Level { level, missing, .. } => format!("{level}:{missing}"),
    }
}

fn programme(parts: &[&str], version: u32) -> Programme {
    let text = format!("{FRAME}{}", parts.concat());
    let mut programme = parse_toml(&text).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    programme.version = version;
    programme
}

impl Shop {
    pub fn new(parts: &[&str]) -> Shop {
        Shop::of(programme(parts, 1))
    }

    /// The shop of a programme that is whole already.
    pub fn of(programme: Programme) -> Shop {
        Shop {
            shared: programme.shared_quantities().into_iter().collect(),
            rulebook: Rulebook::new([programme]),
            holders: BTreeMap::new(),
            decisions: Vec::new(),
            explained: Explanation::default(),
            records: BTreeMap::new(),
            pools: BTreeMap::new(),
            named: BTreeMap::new(),
            next: 0,
        }
    }

    /// Publishes another version.
    pub fn publish(&mut self, parts: &[&str]) {
        let version = self.rulebook.live().unwrap().version + 1;
        let versions = self.rulebook.versions().map(|programme| (**programme).clone());
        let all: Vec<Programme> = versions.chain([programme(parts, version)]).collect();
        self.rulebook = Rulebook::new(all);
    }

    pub fn fill_pool(&mut self, pool: &str, codes: &[&str]) {
        self.pools.insert(Name::from(pool), codes.iter().map(|code| Name::from(*code)).collect());
    }

    pub fn run(&mut self, table: &str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (happening, expected) = line.split_once("=>").unwrap_or((line, "ok"));
            let words: Vec<&str> = happening.split_whitespace().collect();
            let outcome = self.happen(&words);
            self.compare(line, words[1], outcome, expected.trim());
        }
    }

    fn compare(&self, line: &str, who: &str, outcome: Result<(), Refusal>, expected: &str) {
        let mut words = expected.split_whitespace().peekable();
        if let Err(refusal) = outcome {
            assert_eq!(refusal.code(), expected, "{line}");
            return;
        }
        if words.peek() == Some(&"ok") {
            words.next();
        }
        let holder = &self.holders[who];
        while let Some(what) = words.next() {
            let value = words.next().unwrap_or_else(|| panic!("{line}: {what}?"));
            let (what, unit) = what.split_once(':').unwrap_or((what, "points"));
            let wallet = holder.wallets.get(unit);
            let number = |read: fn(&lojal_core::ledger::Wallet) -> i64| wallet.map_or(0, read).to_string();
            let actual = match what {
                "available" => number(|wallet| wallet.available()),
                "pending" => number(|wallet| wallet.pending()),
                "held" => number(|wallet| wallet.held()),
                "debt" => number(|wallet| wallet.debt),
                "expired" => number(|wallet| wallet.totals.expired),
                "redeemed" => number(|wallet| wallet.totals.redeemed),
                "tier" => lojal_core::desk::levels(self.rulebook.live().unwrap(), holder).join("+"),
                "vouchers" => holder.vouchers.len().to_string(),
                "orders" => holder.orders.to_string(),
                "left" => self.shared[unit].to_string(),
                "referral" => holder.referral.as_ref().map_or("none", |state| state.step().name()).to_owned(),
                "friends" => holder.friends.values().map(Friends::count).sum::<i64>().to_string(),
                "near" if self.explained.near.is_empty() => "nothing".to_owned(),
                "near" => self.explained.near.iter().map(said).collect::<Vec<_>>().join("+"),
                "members" => match &holder.kind {
                    lojal_core::holder::HolderKind::Household { members } => members.len().to_string(),
                    _ => panic!("{who} is no household"),
                },
                other => panic!("{line}: what is {other}?"),
            };
            assert_eq!(actual, value, "{what} in: {line}");
        }
    }

    /// One line of a table, and what came of it.
    pub fn happen(&mut self, words: &[&str]) -> Result<(), Refusal> {
        let moment = self.moment(words[0]);
        let who = Name::from(words[1]);
        let id = self.id_of(&who);
        let (plain, pairs) = split(&words[2..]);
        let alias = plain.iter().position(|word| *word == "as").map(|index| plain[index + 1].to_owned());
        let command = self.command(&plain, &pairs, id, moment);
        let transaction = self.submit(&who, id, command, moment)?;
        if let Some(alias) = alias {
            self.named.insert(alias, transaction);
        }
        Ok(())
    }

    fn command(&self, plain: &[&str], pairs: &BTreeMap<&str, &str>, id: HolderId, moment: Instant) -> Command {
        let points = Name::from(*pairs.get("unit").unwrap_or(&"points"));
        let number = |index: usize| plain.get(index).and_then(|word| word.parse::<i64>().ok());
        let named = |index: usize| self.named.get(plain[index]).copied().unwrap_or(TransactionId(id.0));
        match plain[0] {
            "joins" => Command::Enrol { holder: id, joined_at: moment, profile: profile(pairs) },
            "changes" => Command::UpdateProfile { profile: profile(pairs) },
            "opens" => Command::OpenHousehold { holder: id, opened_at: moment },
            "enters" => Command::JoinHousehold { household: self.id_of(&Name::from(plain[1])) },
            "absorbs" => Command::Merge { account: MemberId(self.id_of(&Name::from(plain[1])).0) },
            "exits" => Command::LeaveHousehold { household: None },
            "leaves" => Command::Leave,
            "order" => Command::PutOrder { order: self.order(plain, pairs, moment) },
            "goods" => Command::ReturnWithoutOrder { goods: self.order(plain, pairs, moment) },
            "returns" => Command::ReturnLines {
                order: Name::from(plain[1]),
                return_id: Name::from(*pairs.get("id").unwrap_or(&"r1")),
                returned_at: moment,
                lines: plain[2]
                    .split(',')
                    .map(|line| line.split_once('*').unwrap())
                    .map(|(line, quantity)| ReturnedLine {
                        line: Name::from(line),
                        quantity: quantity.parse().unwrap(),
                    })
                    .collect(),
            },
            "does" => Command::PostActivity {
                member: MemberId(id.0),
                activity: Activity {
                    name: Name::from(plain[1]),
                    external_id: Name::from(plain[2]),
                    occurred_at: pairs.get("at").map_or(moment, |at| self.moment(at)),
                    brand: Name::from(*pairs.get("brand").unwrap_or(&"shop")),
                    attributes: pairs
                        .iter()
                        .filter(|(key, _)| !["at", "brand"].contains(key))
                        .map(|(key, text)| (Name::from(*key), value(text)))
                        .collect(),
                    share: Activity::WHOLE,
                },
            },
            "recalls" => Command::CallOffActivity {
                member: MemberId(id.0),
                activity: Name::from(plain[1]),
                external_id: Name::from(plain[2]),
                reason: None,
            },
            "holds" => Command::Hold {
                unit: points,
                amount: number(1).unwrap(),
                valid_until: self.moment(pairs.get("until").unwrap_or(&"2026-12-31")),
                reference: None,
            },
            "captures" => Command::CaptureHold { hold: named(1), amount: number(2) },
            "releases" => Command::ReleaseHold { hold: named(1) },
            "redeems" => Command::Redeem {
                reward: Name::from(plain[1]),
                reference: None,
                acting: pairs.get("by").map(|who| self.acting(who)),
            },
            "undoes" => Command::RollBackRedemption { redemption: named(1), reason: None },
            "uses" => Command::UseVoucher {
                code: self.first_voucher(plain[1]),
                order: plain.get(2).map(|order| Name::from(*order)),
            },
            "adjusts" => Command::Adjust {
                unit: points,
                brand: Name::from(*pairs.get("brand").unwrap_or(&"shop")),
                amount: number(1).unwrap(),
                reason: Name::from("a reason"),
            },
            "sends" | "gives" => Command::Transfer {
                kind: if plain[0] == "gives" { TransferKind::Gift } else { TransferKind::Transfer },
                unit: points,
                amount: number(1).unwrap(),
                to: self.id_of(&Name::from(plain[2])),
            },
            "comes" => Command::Refer { introduction: Box::new(self.introduction(plain[1], pairs, moment)) },
            "judged" => Command::JudgeReferral {
                verdict: match plain[1] {
                    "allow" => Verdict::Allow,
                    "hold" => Verdict::Hold,
                    "reject" => Verdict::Reject,
                    other => panic!("nobody judges {other}"),
                },
                by: if pairs.get("by") == Some(&"person") { Judge::Person } else { Judge::Detector },
                seen: None,
            },
            "waits" => Command::Tick,
            other => panic!("nobody {other}"),
        }
    }

    /// `ada`, or several with their shares: `ada:60+bob:40`.
    fn introduction(&self, advocates: &str, pairs: &BTreeMap<&str, &str>, moment: Instant) -> Introduction {
        let credit = |text: &str| {
            let (advocate, share) = text.split_once(':').unwrap_or((text, "100"));
            let advocate = MemberId(self.id_of(&Name::from(advocate)).0);
            Credit { advocate, share: share.parse().unwrap() }
        };
        Introduction {
            referral: pairs.get("edition").map(|edition| Name::from(*edition)),
            credits: advocates.split('+').map(credit).collect(),
            touched_at: pairs.get("touched").map_or(moment, |at| self.moment(at)),
            came_at: moment,
            channel: pairs.get("channel").map(|channel| Name::from(*channel)),
        }
    }

    fn acting(&self, who: &str) -> Acting {
        let holder = &self.holders[who];
        Acting {
            member: MemberId(holder.id.0),
            joined_at: holder.joined_at,
            profile: holder.profile.clone(),
            levels: lojal_core::desk::levels(self.rulebook.live().unwrap(), holder),
            orders: holder.orders,
        }
    }

    /// The code of the newest voucher that was ever given to somebody.
    fn first_voucher(&self, who: &str) -> Name {
        let codes =
            self.decisions.iter().filter(|(holder, _)| holder == who).flat_map(|(_, decision)| &decision.records);
        codes
            .filter_map(|(_, record)| match record {
                Record::Voucher(voucher) => Some(voucher.code.clone()),
                _ => None,
            })
            .next_back()
            .expect("a voucher")
    }

    fn order(&self, plain: &[&str], pairs: &BTreeMap<&str, &str>, moment: Instant) -> Order {
        let money = |text: &str| Money(parse_decimal(text, 2).unwrap());
        let placed = pairs.get("placed").map_or(moment, |at| self.moment(at));
        let mut lines: Vec<Line> = match pairs.get("lines") {
            Some(lines) => lines.split(',').map(line).collect(),
            None => vec![line(&format!("a:1:{}", plain[2]))],
        };
        if let Some(shipping) = pairs.get("shipping") {
            lines.push(Line { kind: LineKind::Shipping, ..line(&format!("shipping:1:{shipping}")) });
        }
        let state = match plain.last() {
            Some(&"closed") => OrderState::Closed,
            Some(&"cancelled") => OrderState::Cancelled,
            _ => OrderState::Paid,
        };
        Order {
            external_id: Name::from(plain[1]),
            brand: Name::from(*pairs.get("brand").unwrap_or(&"shop")),
            state,
            placed_at: placed,
            paid_at: None,
            closed_at: (state == OrderState::Closed).then_some(moment),
            channel: pairs.get("channel").map(|text| Name::from(*text)),
            country: pairs.get("country").map(|text| Name::from(*text)),
            tags: pairs.get("tag").map(|text| Name::from(*text)).into_iter().collect(),
            paid_with_points: pairs.get("points_paid").map_or(Money::ZERO, |text| money(text)),
            lines,
        }
    }

    fn submit(&mut self, who: &Name, id: HolderId, command: Command, now: Instant) -> Result<TransactionId, Refusal> {
        self.next += 1;
        let transaction = TransactionId(Id::new(now.as_millisecond(), self.next, id.part()));
        let mut inputs = Inputs {
            now,
            transaction,
            entropy: u128::from(self.next),
            shared: BTreeMap::new(),
            pool_codes: BTreeMap::new(),
        };
        let known = command.key().and_then(|key| self.records.get(&(id.part(), key)).cloned());
        let (holder, decision) = loop {
            match decide(&self.rulebook, self.holders.get(who), known.as_ref(), &command, &inputs) {
                Ok(decided) => break decided,
                Err(Undecided::Refused(refusal)) => return Err(refusal),
                Err(Undecided::Needs(needs)) => {
                    for (quantity, wanted) in needs.shared {
                        let left = self.shared[&quantity];
                        inputs.shared.insert(quantity, Offered { asked: wanted, given: left.min(wanted) });
                    }
                    for (pool, wanted) in needs.pool_codes {
                        let codes = self.pools.get(&pool).into_iter().flatten().take(wanted).cloned().collect();
                        inputs.pool_codes.insert(pool, codes);
                    }
                }
            }
        };
        let told = explain(&self.rulebook, self.holders.get(who), known.as_ref(), &command, &inputs).unwrap();
        assert_eq!((&told.0, &told.1), (&holder, &decision), "an explanation changes nothing");
        self.explained = told.2;
        for effect in &decision.effects {
            let mut sums: BTreeMap<&Name, i64> = BTreeMap::new();
            effect.postings.iter().for_each(|posting| *sums.entry(&posting.unit).or_insert(0) += posting.amount);
            assert!(sums.values().all(|sum| *sum == 0), "{effect:?}");
        }
        if decision.repeats.is_some() {
            return Ok(transaction);
        }
        for draw in &decision.draws {
            let left = self.shared.get_mut(&draw.quantity).unwrap();
            *left -= draw.amount;
            assert!(*left >= 0, "{} was overrun", draw.quantity);
        }
        for (key, record) in &decision.records {
            if let Record::Voucher(voucher) = record {
                self.pools.values_mut().for_each(|codes| codes.retain(|code| *code != voucher.code));
            }
            self.records.insert((id.part(), key.clone()), (transaction, record.clone()));
        }
        self.holders.insert(who.clone(), holder);
        let follow_ups = decision.follow_ups.clone();
        self.decisions.push((who.clone(), decision));
        for FollowUp { to, command } in follow_ups {
            let name = self.holders.iter().find(|(_, holder)| holder.id == to).map(|(name, _)| name.clone());
            let delivered = match name {
                Some(name) => self.submit(&name, to, command.clone().into(), now),
                None => Err(Refusal::UnknownHolder),
            };
            let Err(refusal) = delivered else { continue };
            if let Some((_, back)) = Command::from(command).way_back(to, &refusal.code()) {
                self.submit(who, id, back, now)?;
            }
        }
        Ok(transaction)
    }

    pub fn moment(&self, text: &str) -> Instant {
        let text = text.replace('T', " ");
        self.rulebook.live().unwrap().calendar.parse(&text).unwrap_or_else(|_| panic!("{text}"))
    }

    pub fn id_of(&self, who: &Name) -> HolderId {
        let part = Part::of("club", who);
        let number: i64 = who.bytes().fold(7, |sum, byte| sum * 31 % 60_000 + i64::from(byte));
        HolderId(Id::new(1_600_000_000_000, number as u16, part))
    }
}

fn split<'a>(words: &[&'a str]) -> (Vec<&'a str>, BTreeMap<&'a str, &'a str>) {
    let pairs = words.iter().filter_map(|word| word.split_once('=')).collect();
    (words.iter().filter(|word| !word.contains('=')).copied().collect(), pairs)
}

fn value(text: &str) -> Value {
    match text {
        "yes" => Value::Flag(true),
        "no" => Value::Flag(false),
        text => text.parse().map_or_else(|_| Value::Text(Name::from(text)), Value::Number),
    }
}

fn profile(pairs: &BTreeMap<&str, &str>) -> Profile {
    let mut profile = Profile::default();
    for (key, text) in pairs {
        match *key {
            "birthday" => {
                let (month, day) = text.split_once('-').unwrap();
                profile.birthday = Some(Birthday { month: month.parse().unwrap(), day: day.parse().unwrap() });
            }
            "segment" => {
                profile.segments.insert(Name::from(*text));
            }
            other => {
                profile.attributes.insert(Name::from(other), value(text));
            }
        }
    }
    profile
}

/// `id:pieces:total` and, after that, `category`, `discounted`, `make` and `tag`, each of which may be empty.
fn line(text: &str) -> Line {
    let parts: Vec<&str> = text.split(':').collect();
    let named = |index: usize| parts.get(index).filter(|part| !part.is_empty()).map(|part| Name::from(*part));
    Line {
        id: Name::from(parts[0]),
        sku: Some(Name::from(parts[0])),
        quantity: parts[1].parse().unwrap(),
        total: Money(parse_decimal(parts[2], 2).unwrap()),
        tax: Money::ZERO,
        kind: LineKind::Product,
        category: named(3),
        make: named(5),
        tags: named(6).into_iter().collect(),
        discounted: parts.get(4) == Some(&"discounted"),
        returned: 0,
    }
}
