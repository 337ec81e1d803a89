//! Codes as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::http::fields::{Label, MemberKey, Time};
use crate::platform::http::referral_fields::ChannelText;
use crate::platform::referral_codes::{LinkBase, ReferralCode};

#[derive(Deserialize, ToSchema)]
#[schema(as = ReferralCodeInput, example = json!({"channel": "instagram"}))]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    /// Where the code is to be used; anywhere, if it is absent. A member has one code for each channel.
    pub channel: Option<ChannelText>,
    /// A name that the member or the shop has chosen. It has 4 to 30 letters and digits, among them 3 letters.
    pub name: Option<Label>,
}

/// A code by which a member recommends.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralCode)]
pub struct CodeJson {
    /// As it is written.
    #[schema(example = "7K3M-QX2R-9VTA")]
    pub code: String,
    /// What the member sends to friends.
    #[schema(example = "https://club.example/r/7K3M-QX2R-9VTA")]
    pub link: String,
    pub member: MemberKey,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// `made` here, or `chosen` by somebody.
    pub kind: &'static str,
    /// `active`; `blocked`: it leads to nobody; or `replaced`: it leads on to another code of the member.
    pub state: &'static str,
    pub made_at: Time,
    /// Since when it is blocked or replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
}

impl CodeJson {
    pub fn new(code: &ReferralCode, links: &LinkBase) -> CodeJson {
        CodeJson {
            code: code.shown.clone(),
            link: links.link(code),
            member: MemberKey(code.member),
            channel: Some(code.channel.clone()).filter(|channel| !channel.is_empty()),
            kind: code.kind.name(),
            state: code.state.name(),
            made_at: Time(code.made_at),
            ended_at: code.ended_at.map(Time),
        }
    }
}

/// All codes of a member, the newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralCodeList)]
pub struct CodeList {
    pub data: Vec<CodeJson>,
}

/// What a code is, for whoever has typed it at a till.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralCodeAnswer)]
pub struct CodeAnswer {
    #[serde(flatten)]
    pub code: CodeJson,
    /// Whom it leads to: the survivor, where accounts were merged. Absent where it leads to nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advocate: Option<MemberKey>,
}
