//! Members as JSON.

use std::collections::{BTreeMap, BTreeSet};

use lojal_core::command::Profile;
use lojal_core::holder::Holder;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ledger_entries::TransactionJson;
use crate::platform::acceptances::Acceptance;
use crate::platform::enrolment::{MemberRow, MemberStatus};
use crate::platform::http::faults::Faults;
use crate::platform::http::fields::{
    AttributeValue, ExternalId, HouseholdKey, Label, Lang, MOST_ATTRIBUTES, MemberKey, MemberName, MonthDay, Remark,
    Time, attribute_changes_schema, attributes_schema,
};
use crate::platform::http::identifiers::IdentifiersInput;
use crate::platform::identity::Identity;
use crate::referrals::{IntroducedJson, ReferralInput};

const MOST_SEGMENTS: usize = 100;
const FIRST_BIRTH_YEAR: i16 = 1900;
const LAST_BIRTH_YEAR: i16 = 2100;

/// Personal data. It takes no part in decisions, and is kept apart from the ledger under a key of
/// its own, so that it can be erased.
#[derive(Default, Deserialize, Serialize, ToSchema)]
#[schema(as = Person, example = json!({"name": "Ada Nowak", "email": "ada@example.com", "language": "pl"}))]
#[serde(deny_unknown_fields)]
pub struct PersonJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 500)]
    pub phone: Option<String>,
    /// The language in which the person wants to be addressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1900, maximum = 2100)]
    pub birth_year: Option<i16>,
}

impl PersonJson {
    pub fn check(&self, faults: &mut Faults) {
        for (pointer, text) in
            [("/person/name", &self.name), ("/person/email", &self.email), ("/person/phone", &self.phone)]
        {
            if let Some(problem) = text.as_ref().and_then(|text| Remark::parse(text).err()) {
                faults.add(pointer, "invalid", problem);
            }
        }
        if self.birth_year.is_some_and(|year| !(FIRST_BIRTH_YEAR..=LAST_BIRTH_YEAR).contains(&year)) {
            faults.add("/person/birth_year", "invalid", "is no year of birth");
        }
    }
}

impl From<PersonJson> for Identity {
    fn from(person: PersonJson) -> Identity {
        Identity {
            name: person.name,
            email: person.email,
            phone: person.phone,
            language: person.language.map(|language| language.tag().to_owned()),
            birth_year: person.birth_year,
        }
    }
}

impl From<Identity> for PersonJson {
    fn from(identity: Identity) -> PersonJson {
        PersonJson {
            name: identity.name,
            email: identity.email,
            phone: identity.phone,
            language: identity.language.as_deref().and_then(Lang::from_tag),
            birth_year: identity.birth_year,
        }
    }
}

/// A new member.
#[derive(Deserialize, ToSchema)]
#[schema(as = MemberInput, example = json!({
    "external_id": "customer-1001", "segments": ["wholesale"], "birthday": "04-17",
    "person": {"name": "Ada Nowak", "email": "ada@example.com"}
}))]
#[serde(deny_unknown_fields)]
pub struct MemberInput {
    /// The shop's own id; it may not begin with `mem_`, `hol_` or `ext:`.
    pub external_id: ExternalId,
    /// Now, when it is left out.
    pub joined_at: Option<Time>,
    /// What rules may look at.
    #[serde(default)]
    #[schema(schema_with = attributes_schema, required = false)]
    pub attributes: BTreeMap<Label, AttributeValue>,
    #[serde(default)]
    #[schema(value_type = Vec<Label>, max_items = 100)]
    pub segments: BTreeSet<Label>,
    /// Day of the year, for birthday rules.
    pub birthday: Option<MonthDay>,
    pub person: Option<PersonJson>,
    /// What they were seen with when they joined.
    pub identifiers: Option<IdentifiersInput>,
    /// With what the member came, where somebody may have recommended the shop.
    pub referral: Option<ReferralInput>,
}

/// Names that would be taken for ids of the house.
const RESERVED: [&str; 3] = ["mem_", "hol_", "ext:"];

impl MemberInput {
    pub fn check(&self, faults: &mut Faults) {
        if RESERVED.iter().any(|prefix| self.external_id.0.starts_with(prefix)) {
            faults.add("/external_id", "reserved", "may not begin with mem_, hol_ or ext:");
        }
        check_size(self.attributes.len(), self.segments.len(), faults);
        if let Some(person) = &self.person {
            person.check(faults);
        }
        if let Some(identifiers) = &self.identifiers {
            identifiers.check("/identifiers", faults);
        }
    }

    pub fn profile(&self) -> Profile {
        Profile {
            attributes: self.attributes.iter().map(|(name, value)| (name.0.clone(), value.0.clone())).collect(),
            segments: self.segments.iter().map(|segment| segment.0.clone()).collect(),
            birthday: self.birthday.map(|birthday| birthday.0),
        }
    }
}

/// Changes to a member: what is left out stays, `null` takes it away.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = MemberPatch, example = json!({"attributes": {"newsletter": true, "size": null}, "person": {"phone": null}}))]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    #[serde(default)]
    #[schema(schema_with = attribute_changes_schema, required = false)]
    pub attributes: BTreeMap<Label, Option<AttributeValue>>,
    /// Replaces all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Label>>, max_items = 100, required = false)]
    pub segments: Option<BTreeSet<Label>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<MonthDay>, required = false)]
    pub birthday: Option<Option<MonthDay>>,
    #[serde(default)]
    #[schema(required = false)]
    pub person: Option<PersonPatch>,
}

/// Changes to personal data: what is left out stays, `null` takes it away.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, required = false)]
    pub name: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, required = false)]
    pub email: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, required = false)]
    pub phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<Lang>, required = false)]
    pub language: Option<Option<Lang>>,
    #[serde(default, deserialize_with = "stated")]
    #[schema(value_type = Option<i16>, minimum = 1900, maximum = 2100, required = false)]
    pub birth_year: Option<Option<i16>>,
}

/// Tells `null` from nothing.
fn stated<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

impl MemberPatch {
    /// Whether it changes what rules may look at.
    pub fn changes_profile(&self) -> bool {
        !self.attributes.is_empty() || self.segments.is_some() || self.birthday.is_some()
    }

    /// The profile as it is after the changes.
    pub fn profile(&self, current: &Profile, faults: &mut Faults) -> Profile {
        let mut profile = current.clone();
        for (name, value) in &self.attributes {
            match value {
                Some(value) => profile.attributes.insert(name.0.clone(), value.0.clone()),
                None => profile.attributes.remove(&name.0),
            };
        }
        if let Some(segments) = &self.segments {
            profile.segments = segments.iter().map(|segment| segment.0.clone()).collect();
        }
        if let Some(birthday) = self.birthday {
            profile.birthday = birthday.map(|birthday| birthday.0);
        }
        check_size(profile.attributes.len(), profile.segments.len(), faults);
        profile
    }
}

impl PersonPatch {
    /// The personal data as they are after the changes.
    pub fn apply(self, identity: Identity, faults: &mut Faults) -> Identity {
        let current = PersonJson::from(identity);
        let person = PersonJson {
            name: self.name.unwrap_or(current.name),
            email: self.email.unwrap_or(current.email),
            phone: self.phone.unwrap_or(current.phone),
            language: self.language.unwrap_or(current.language),
            birth_year: self.birth_year.unwrap_or(current.birth_year),
        };
        person.check(faults);
        person.into()
    }
}

fn check_size(attributes: usize, segments: usize, faults: &mut Faults) {
    if attributes > MOST_ATTRIBUTES {
        faults.add("/attributes", "too_many", format_args!("has more than {MOST_ATTRIBUTES} attributes"));
    }
    if segments > MOST_SEGMENTS {
        faults.add("/segments", "too_many", format_args!("has more than {MOST_SEGMENTS} segments"));
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = MemberStatus)]
#[serde(rename_all = "snake_case")]
pub enum StatusJson {
    Active,
    Left,
    /// The account was another one of a member's, whose it has become.
    Merged,
}

/// A member as lists show it.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberSummary)]
pub struct MemberSummary {
    pub id: MemberKey,
    #[schema(example = "customer-1001")]
    pub external_id: String,
    pub status: StatusJson,
    /// The household whose wallets the member shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<HouseholdKey>,
    /// The member whose account this one was merged into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<MemberKey>,
    pub created_at: Time,
}

impl From<&MemberRow> for MemberSummary {
    fn from(row: &MemberRow) -> MemberSummary {
        let (status, merged_into) = match row.status {
            MemberStatus::Active => (StatusJson::Active, None),
            MemberStatus::Left => (StatusJson::Left, None),
            MemberStatus::Merged { into } => (StatusJson::Merged, Some(MemberKey(into))),
        };
        MemberSummary {
            id: MemberKey(row.id),
            external_id: row.external_id.clone(),
            status,
            household: row.household.map(HouseholdKey),
            merged_into,
            created_at: Time(row.created_at),
        }
    }
}

/// A member.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberJson {
    #[serde(flatten)]
    pub summary: MemberSummary,
    pub joined_at: Time,
    pub attributes: BTreeMap<String, AttributeValue>,
    pub segments: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<MonthDay>,
    /// Absent when nothing is known, or it was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonJson>,
    /// The latest version of the terms that the member accepted; absent when none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_accepted: Option<TermsAcceptedJson>,
    /// Other accounts of the same person that were merged into this one; their names lead here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub accounts: Vec<MemberKey>,
}

/// The latest version of the terms that a member accepted.
#[derive(Serialize, ToSchema)]
#[schema(as = TermsAccepted)]
pub struct TermsAcceptedJson {
    #[schema(minimum = 1)]
    pub version: u32,
    pub at: Time,
}

impl MemberJson {
    pub fn new(row: &MemberRow, holder: &Holder, identity: Option<Identity>, accepted: &[Acceptance]) -> MemberJson {
        let profile = &holder.profile;
        MemberJson {
            summary: row.into(),
            joined_at: Time(holder.joined_at),
            attributes: profile
                .attributes
                .iter()
                .map(|(name, value)| (name.to_string(), AttributeValue(value.clone())))
                .collect(),
            segments: profile.segments.iter().map(ToString::to_string).collect(),
            birthday: profile.birthday.map(MonthDay),
            person: identity.filter(|identity| !identity.is_empty()).map(PersonJson::from),
            terms_accepted: accepted
                .last()
                .map(|latest| TermsAcceptedJson { version: latest.version, at: Time(latest.accepted_at) }),
            accounts: holder.merged_accounts().map(MemberKey).collect(),
        }
    }
}

/// A member who just joined.
#[derive(Serialize, ToSchema)]
pub struct EnrolAnswer {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<MemberKey>,
    pub external_id: String,
    pub transaction: TransactionJson,
    /// What came of `referral`; absent where nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<IntroducedJson>,
}

/// A member after a change.
#[derive(Serialize, ToSchema)]
pub struct PatchAnswer {
    pub member: MemberJson,
    /// What the change led to; absent when rules cannot see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionJson>,
}

/// Another account of the same person.
#[derive(Deserialize, ToSchema)]
#[schema(as = MergeInput, example = json!({"account": "customer-1002"}))]
#[serde(deny_unknown_fields)]
pub struct MergeInput {
    /// It goes into the member's account.
    pub account: MemberName,
}

/// How far the accounts have come.
#[derive(Serialize, ToSchema)]
#[schema(as = MergeOutcome)]
#[serde(rename_all = "snake_case")]
pub enum MergeOutcomeJson {
    Merged,
    /// It is done a moment later; nothing is left to be asked.
    UnderWay,
    /// The account refused: something else was asked of it in the same moment.
    Abandoned,
}

/// An account that was merged, or is about to be.
#[derive(Serialize, ToSchema)]
pub struct MergeAnswer {
    /// Absent when nothing was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<MergeOutcomeJson>,
    /// The code of the account's refusal, where it was abandoned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// Whose account stays.
    pub member: MemberJson,
    /// What the member was asked. What the account brings follows in transactions of its own.
    pub transaction: TransactionJson,
}

/// A member who left.
#[derive(Serialize, ToSchema)]
pub struct LeaveAnswer {
    pub id: MemberKey,
    /// What leaving led to; absent when the member had left before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<TransactionJson>,
    /// Whether the personal data and the shop's own id of the member are forgotten.
    pub erased: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct LeaveQuery {
    /// Answers what would happen and writes nothing.
    #[serde(default)]
    #[param(required = false)]
    pub dry_run: bool,
    /// Forgets the personal data and the shop's own id of the member, for good.
    #[serde(default)]
    #[param(required = false)]
    pub erase: bool,
    /// Adds a sentence in this language to each effect.
    #[param(inline, required = false)]
    pub lang: Option<Lang>,
}
