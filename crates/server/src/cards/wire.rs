//! Cards as JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::cards::Card;
use crate::platform::http::fields::{CardKey, CardText, MemberKey, MemberName, Remark, Time};

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"member": "customer-1001", "number": "2600 1234 5678"}))]
#[serde(deny_unknown_fields)]
pub struct CardInput {
    pub member: MemberName,
    pub number: CardText,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"number": "2600 1234 5679"}))]
#[serde(deny_unknown_fields)]
pub struct ReplacementInput {
    /// The number of the new card.
    pub number: CardText,
}

#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"to": "customer-1002", "reason": "The card was given to the wrong customer"}))]
#[serde(deny_unknown_fields)]
pub struct CardMoveInput {
    pub to: MemberName,
    pub reason: Remark,
}

/// A loyalty card.
#[derive(Serialize, ToSchema)]
#[schema(as = Card)]
pub struct CardJson {
    pub id: CardKey,
    pub member: MemberKey,
    /// Capital letters and digits, without blanks and hyphens.
    #[schema(example = "260012345678")]
    pub number: String,
    /// `active`, `blocked` or `replaced`.
    pub state: &'static str,
    pub given_at: Time,
    /// Since when it names nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// The card that has its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<CardKey>,
}

impl From<&Card> for CardJson {
    fn from(card: &Card) -> CardJson {
        CardJson {
            id: CardKey(card.id),
            member: MemberKey(card.member),
            number: card.number.as_str().to_owned(),
            state: card.state.name(),
            given_at: Time(card.given_at),
            ended_at: card.ended_at.map(Time),
            replaced_by: card.replaced_by.map(CardKey),
        }
    }
}

/// All cards of a member, the newest first.
#[derive(Serialize, ToSchema)]
pub struct CardList {
    pub data: Vec<CardJson>,
}
