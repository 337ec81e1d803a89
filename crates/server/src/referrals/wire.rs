//! Recommendations as JSON.

use lojal_core::kernel::MemberId;
use lojal_core::referrals::attribution::{Outcome, TouchKind};
use lojal_core::referrals::{ReferralState, Stage};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::platform::clock::instant;
use crate::platform::http::fields::{Label, MemberKey, Time};
use crate::platform::http::referral_fields::{ChannelText, ClickKey, CodeText};
use crate::platform::introductions::{Introduced, Met, Trace, TracedTouch};

/// With what somebody came.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(example = json!({"code": "ADA-SZYJE"}))]
#[serde(deny_unknown_fields)]
pub struct ReferralInput {
    /// A code that was typed. It beats links that were followed.
    pub code: Option<CodeText>,
    /// What came as `lojal_click` with a link. One that was not made here counts for nobody.
    pub click: Option<Label>,
    /// Your own name for the visitor, as in `POST /v1/track/click`.
    pub visitor: Option<Label>,
    /// Where the recommendation was met, if you know it better than the code.
    pub channel: Option<ChannelText>,
    /// The edition of the programme that is meant; the one that runs, if it is absent.
    pub referral: Option<Label>,
    /// You know the person as a customer already, under another account or none: a person then looks at the
    /// recommendation.
    #[serde(default)]
    #[schema(required = false)]
    pub existing_customer: bool,
}

impl From<ReferralInput> for Met {
    fn from(input: ReferralInput) -> Met {
        Met {
            referral: input.referral.map(|label| label.0),
            code: input.code.map(|code| code.0),
            click: input.click.map(|label| label.0.to_string()),
            visitor: input.visitor.map(|label| label.0.to_string()),
            channel: input.channel.map(|channel| channel.0.into()),
            is_customer: input.existing_customer,
        }
    }
}

/// What came of what somebody came with.
#[derive(Serialize, ToSchema)]
#[schema(as = Introduced)]
pub struct IntroducedJson {
    /// `recognised`; `nobody`: nothing of what was met counts; `unknown_code`: the code leads to nobody; or `refused`.
    pub outcome: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub refusal: Option<String>,
    /// How it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String, example = "joined")]
    pub state: Option<&'static str>,
}

impl From<&Introduced> for IntroducedJson {
    fn from(introduced: &Introduced) -> IntroducedJson {
        let plain = |outcome| IntroducedJson { outcome, refusal: None, state: None };
        match introduced {
            Introduced::ByNobody => plain("nobody"),
            Introduced::ByUnknownCode => plain("unknown_code"),
            Introduced::Refused(refusal) => {
                IntroducedJson { refusal: Some(refusal.code().to_owned()), ..plain("refused") }
            }
            Introduced::By(state) => IntroducedJson { state: Some(state.step().name()), ..plain("recognised") },
        }
    }
}

/// An advocate's share in a friend.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralCredit)]
pub struct CreditJson {
    pub advocate: MemberKey,
    /// In percent.
    #[schema(minimum = 0, maximum = 100)]
    pub share: i64,
}

/// Something that the friend met, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = ReferralTouch)]
pub struct TouchJson {
    /// The click; absent where a code was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click: Option<ClickKey>,
    pub advocate: MemberKey,
    /// `click` or `code`.
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub channel: Option<String>,
    pub at: Time,
    /// `credited`, or why not: `before_window`, `after_joining`, `own_link`, `robot`, `beaten_by_code`, `repeated`,
    /// `overtaken_by_later`, `overtaken_by_earlier`, `too_many`, `leads_to_nobody`.
    pub outcome: String,
}

impl From<&TracedTouch> for TouchJson {
    fn from(touch: &TracedTouch) -> TouchJson {
        let (click, kind) = match touch.kind {
            TouchKind::Click => (Some(ClickKey(touch.click)), "click"),
            TouchKind::Code => (None, "code"),
        };
        TouchJson {
            click,
            advocate: MemberKey(touch.advocate),
            kind,
            channel: touch.channel.clone(),
            at: Time(instant(touch.at)),
            outcome: outcome_name(&touch.outcome),
        }
    }
}

/// As it is written down.
fn outcome_name(outcome: &Outcome) -> String {
    let written = serde_json::to_value(outcome).unwrap_or_default();
    written.get("outcome").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A recommendation by which somebody came.
#[derive(Serialize, ToSchema)]
#[schema(as = Referral)]
pub struct ReferralJson {
    pub friend: MemberKey,
    /// The edition of the programme whose terms hold.
    #[schema(example = "spring")]
    pub referral: String,
    /// The programme version whose terms hold.
    pub version: u32,
    /// `joined`, `ordered`, `checking`, `held`, `qualified`, `reversed`, `expired` or `rejected`.
    pub state: &'static str,
    /// Why it was rejected, or came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub reason: Option<String>,
    pub credits: Vec<CreditJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub variant: Option<String>,
    pub touched_at: Time,
    pub came_at: Time,
    /// The last moment at which the friend can qualify.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
}

impl ReferralJson {
    pub fn new(friend: MemberId, state: &ReferralState) -> ReferralJson {
        let credits = state.credits.iter();
        ReferralJson {
            friend: MemberKey(friend),
            referral: state.referral.to_string(),
            version: state.version,
            state: state.step().name(),
            reason: reason(&state.stage),
            credits: credits.map(|it| CreditJson { advocate: MemberKey(it.advocate), share: it.share }).collect(),
            channel: state.introduction.channel.as_ref().map(ToString::to_string),
            variant: state.variant.as_ref().map(ToString::to_string),
            touched_at: Time(state.introduction.touched_at),
            came_at: Time(state.introduction.came_at),
            ends_at: state.ends_at.map(Time),
        }
    }
}

/// Why a recommendation came to nothing, as it is written down.
fn reason(stage: &Stage) -> Option<String> {
    let written = match stage {
        Stage::Expired { lapse } => serde_json::to_value(lapse),
        Stage::Rejected { rejection, .. } => serde_json::to_value(rejection),
        _ => return None,
    };
    Some(written.ok()?.as_str()?.to_owned())
}

/// A recommendation, with everything that the friend had met; or what somebody had met with whom nobody is credited.
#[derive(Serialize, ToSchema)]
pub struct ReferralInFull {
    pub friend: MemberKey,
    /// As in a list of recommendations, or `nobody`: nothing of what was met counts.
    pub state: &'static str,
    /// Why it was rejected, or came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub reason: Option<String>,
    /// The edition of the programme whose terms hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String, example = "spring")]
    pub referral: Option<String>,
    /// The programme version whose terms hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = u32)]
    pub version: Option<u32>,
    pub credits: Vec<CreditJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub variant: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touched_at: Option<Time>,
    pub came_at: Time,
    /// The last moment at which the friend can qualify.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Time>,
    /// Who is credited where several recommended: `last`, `first` or `split`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub credit: Option<String>,
    /// The earliest first.
    pub touches: Vec<TouchJson>,
}

impl ReferralInFull {
    pub fn new(friend: MemberId, state: &ReferralState, trace: Option<&Trace>) -> ReferralInFull {
        let ReferralJson {
            friend,
            referral,
            version,
            state,
            reason,
            credits,
            channel,
            variant,
            touched_at,
            came_at,
            ends_at,
        } = ReferralJson::new(friend, state);
        ReferralInFull {
            friend,
            state,
            reason,
            referral: Some(referral),
            version: Some(version),
            credits,
            channel,
            variant,
            touched_at: Some(touched_at),
            came_at,
            ends_at,
            credit: trace.and_then(credit_name),
            touches: trace.map_or_else(Vec::new, |trace| trace.touches.iter().map(TouchJson::from).collect()),
        }
    }

    /// Of somebody with whom nobody is credited.
    pub fn by_nobody(friend: MemberId, trace: &Trace) -> ReferralInFull {
        ReferralInFull {
            friend: MemberKey(friend),
            state: "nobody",
            reason: None,
            referral: None,
            version: None,
            credits: Vec::new(),
            channel: None,
            variant: None,
            touched_at: None,
            came_at: Time(instant(trace.came_at)),
            ends_at: None,
            credit: credit_name(trace),
            touches: trace.touches.iter().map(TouchJson::from).collect(),
        }
    }
}

fn credit_name(trace: &Trace) -> Option<String> {
    Some(serde_json::to_value(trace.credit).ok()?.as_str()?.to_owned())
}
