//! Clicks as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clicks::Click;
use crate::platform::clock::instant;
use crate::platform::http::fields::{Label, MemberKey, Time};
use crate::platform::http::identifiers::IdentifiersInput;
use crate::platform::http::referral_fields::{ChannelText, ClickKey, ClickTokenText, CodeText};

#[derive(Deserialize, ToSchema)]
#[schema(as = ClickInput, example = json!({"code": "7K3M-QX2R-9VTA", "visitor": "session-81f3"}))]
#[serde(deny_unknown_fields)]
pub struct ClickInput {
    /// What came as `lojal_click` with somebody who followed a link. Either this or `code`.
    pub click: Option<ClickTokenText>,
    /// The code that somebody came with, where links lead to the shop itself.
    pub code: Option<CodeText>,
    /// Where the code was used.
    pub channel: Option<ChannelText>,
    /// Your own name for whoever came, as long as you do not know who it is: of a session or a browser, never of a person.
    pub visitor: Label,
    /// When that was; now, if it is absent.
    pub occurred_at: Option<Time>,
    /// What whoever came was seen with. It is noted of the visitor who turns out to be a member, where recommendations are
    /// checked.
    pub identifiers: Option<IdentifiersInput>,
}

/// Somebody followed a member's link.
#[derive(Serialize, ToSchema)]
#[schema(as = Click)]
pub struct ClickJson {
    pub id: ClickKey,
    /// The code that was followed; absent where its member was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "7K3M-QX2R-9VTA")]
    pub code: Option<String>,
    /// Whose code it was at that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advocate: Option<MemberKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// `person`; `robot`; `prefetch`, a browser that fetched ahead; or `preview`, a program that shows what a link leads to.
    pub kind: &'static str,
    /// `link`: seen here; `shop`: told by the shop.
    pub source: &'static str,
    pub clicked_at: Time,
}

impl ClickJson {
    pub fn new(click: &Click, code: Option<String>) -> ClickJson {
        ClickJson {
            id: ClickKey(click.id),
            code,
            advocate: click.advocate.map(MemberKey),
            channel: Some(click.channel.clone()).filter(|channel| !channel.is_empty()),
            kind: click.kind.name(),
            source: click.source.name(),
            clicked_at: Time(instant(click.clicked_at)),
        }
    }
}

/// A click, with what it is sent back as.
#[derive(Serialize, ToSchema)]
pub struct ClickAnswer {
    #[serde(flatten)]
    pub click: ClickJson,
    /// Names the click when its visitor joins or buys.
    #[schema(example = "0p4k2v9x7m3ab0p4k2v9x7m3ab.0p4k2v9x7m3ab0p4k2v9x7m3ab")]
    pub token: String,
}
