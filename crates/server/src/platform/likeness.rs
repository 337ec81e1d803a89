//! Who else may be the same person: found by the marks by which members are looked for, never by going through all.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::Birthday;
use lojal_core::kernel::MemberId;

use super::application::Application;
use super::enrolment::{MemberRow, member_find_all, member_survivor};
use super::identity::{Identity, IdentityError, identity_find_all};
use super::search::{candidates, same_address, same_name, same_phone, whole_marks};
use super::states::state_find_all;

/// How many are shown at most: more than that is no duplicate, but an address that everybody gives.
const MOST: usize = 10;

/// In what two members are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Address,
    Phone,
    /// The same name, and the same birthday.
    Birthday,
}

impl Likeness {
    pub fn name(self) -> &'static str {
        match self {
            Likeness::Address => "address",
            Likeness::Phone => "phone",
            Likeness::Birthday => "birthday",
        }
    }
}

/// Somebody who may be the same person.
#[derive(Debug)]
pub struct Alike {
    pub member: MemberRow,
    pub person: Identity,
    pub in_what: BTreeSet<Likeness>,
}

impl Application {
    /// Other members who may be this person, the likeliest first.
    pub async fn members_like(
        &self,
        member: MemberId,
        person: &Identity,
        birthday: Option<Birthday>,
    ) -> Result<Vec<Alike>, IdentityError> {
        let mut connection = self.database.read().await?;
        let mut found = BTreeSet::new();
        for mark in whole_marks(&self.vault, person) {
            found.extend(candidates(&mut connection, mark).await?.0);
        }
        found.remove(&member);
        let mut people = identity_find_all(&mut connection, &self.vault, found).await?;
        let mut alike: BTreeMap<MemberId, BTreeSet<Likeness>> = BTreeMap::new();
        for (other, known) in &people {
            let is_alike =
                [(Likeness::Address, same_address(person, known)), (Likeness::Phone, same_phone(person, known))];
            let in_what = is_alike.into_iter().filter(|(_, is_alike)| *is_alike).map(|(likeness, _)| likeness);
            alike.insert(*other, in_what.collect());
        }
        let namesakes = people.iter().filter(|(_, known)| birthday.is_some() && same_name(person, known));
        let namesakes = namesakes.map(|(other, _)| (*other).into()).collect::<Vec<_>>();
        for state in state_find_all(&mut connection, namesakes).await? {
            let other = MemberId(state.holder.id.0);
            let years = (person.birth_year, people.get(&other).and_then(|known| known.birth_year));
            let same_year = !matches!(years, (Some(one), Some(other)) if one != other);
            if state.holder.profile.birthday == birthday && same_year {
                alike.entry(other).or_default().insert(Likeness::Birthday);
            }
        }
        alike.retain(|_, in_what| !in_what.is_empty());
        let rows = member_find_all(&mut connection, alike.keys().copied()).await?;
        let mut found: BTreeMap<MemberId, Alike> = BTreeMap::new();
        for row in rows {
            let account = row.id;
            let (Some(person), Some(in_what)) = (people.remove(&account), alike.remove(&account)) else { continue };
            // An account that was merged stands for the one that it was merged into.
            let row = member_survivor(&mut connection, row).await?;
            if row.id == member {
                continue;
            }
            let is_own = row.id == account;
            let known = found.entry(row.id).or_insert_with(|| Alike {
                member: row,
                person: person.clone(),
                in_what: BTreeSet::new(),
            });
            known.in_what.extend(in_what);
            if is_own {
                known.person = person;
            }
        }
        let mut rows: Vec<Alike> = found.into_values().collect();
        rows.sort_by_key(|alike| std::cmp::Reverse((alike.in_what.len(), alike.member.id)));
        rows.truncate(MOST);
        Ok(rows)
    }
}
