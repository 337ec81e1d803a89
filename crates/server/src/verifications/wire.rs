//! The second step as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fraud::{Channel, Verification};
use crate::platform::http::fields::{Label, MemberKey, Time};

/// By which way a code goes.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = VerificationChannel)]
#[serde(rename_all = "snake_case")]
pub enum ChannelJson {
    Mail,
    Sms,
}

impl From<ChannelJson> for Channel {
    fn from(channel: ChannelJson) -> Channel {
        match channel {
            ChannelJson::Mail => Channel::Mail,
            ChannelJson::Sms => Channel::Sms,
        }
    }
}

impl From<Channel> for ChannelJson {
    fn from(channel: Channel) -> ChannelJson {
        match channel {
            Channel::Mail => ChannelJson::Mail,
            Channel::Sms => ChannelJson::Sms,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = VerificationInput, example = json!({"channel": "mail"}))]
#[serde(deny_unknown_fields)]
pub struct VerificationInput {
    /// By which way the code is to go; if it is absent, as a text message where that can be done, by mail otherwise.
    pub channel: Option<ChannelJson>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = VerificationCodeInput, example = json!({"code": "123456"}))]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    /// What the friend typed: six digits; blanks mean nothing.
    #[schema(value_type = String, example = "123456")]
    pub code: Label,
}

/// How far a friend has come with confirming a recommendation.
#[derive(Serialize, ToSchema)]
#[schema(as = Verification)]
pub struct VerificationJson {
    pub friend: MemberKey,
    /// `asked`; `confirmed`; `missed`: not in time, so that a person looks; or `unreachable`: there was no way to send a
    /// code.
    #[schema(example = "asked")]
    pub state: &'static str,
    /// `detector`, `staff` or `shop`: who asked for it.
    #[schema(example = "detector")]
    pub asked_by: String,
    /// By which way the latest code went; absent before one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelJson>,
    /// Whether a message is on its way at this moment.
    pub sending: bool,
    /// How many messages were sent.
    pub sends: i64,
    /// How many codes were entered, right and wrong.
    pub tries: i64,
    pub asked_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Time>,
    /// Until then the friend may confirm before a person looks.
    pub ends_at: Time,
    /// When it was confirmed, or given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Time>,
}

impl From<&Verification> for VerificationJson {
    fn from(verification: &Verification) -> VerificationJson {
        VerificationJson {
            friend: MemberKey(verification.friend),
            state: verification.state.name(),
            asked_by: verification.asked_by.clone(),
            channel: verification.channel.map(ChannelJson::from),
            sending: verification.is_due(),
            sends: verification.sends,
            tries: verification.tries,
            asked_at: Time(verification.asked_at),
            sent_at: verification.sent_at.map(Time),
            ends_at: Time(verification.ends_at),
            settled_at: verification.settled_at.map(Time),
        }
    }
}
