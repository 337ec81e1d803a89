//! Cards in an export: their numbers stand in the open, because the key that seals them stays behind.

use lojal_core::kernel::{CardId, Id, MemberId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::platform::cards::{Card, CardNumber, CardState};
use crate::platform::clock::instant;

#[derive(Serialize, Deserialize)]
pub(super) struct OpenCard {
    id: i64,
    number: String,
    member: i64,
    state: String,
    given_at: i64,
    ended_at: Option<i64>,
    replaced_by: Option<i64>,
}

impl OpenCard {
    /// What its lines are called.
    pub const TABLE: &str = "card";

    pub fn into_row(self) -> Result<Vec<Value>, serde_json::Error> {
        Ok(vec![serde_json::to_value(self)?])
    }

    pub fn from_row(row: Vec<Value>) -> Option<Card> {
        let [card] = <[Value; 1]>::try_from(row).ok()?;
        let card: OpenCard = serde_json::from_value(card).ok()?;
        Some(Card {
            id: CardId(Id::from_number(card.id)?),
            number: CardNumber::parse(&card.number)?,
            member: MemberId(Id::from_number(card.member)?),
            state: CardState::named(&card.state)?,
            given_at: instant(card.given_at),
            ended_at: card.ended_at.map(instant),
            replaced_by: match card.replaced_by {
                Some(card) => Some(CardId(Id::from_number(card)?)),
                None => None,
            },
        })
    }
}

impl From<&Card> for OpenCard {
    fn from(card: &Card) -> OpenCard {
        OpenCard {
            id: card.id.number(),
            number: card.number.as_str().to_owned(),
            member: card.member.number(),
            state: card.state.name().to_owned(),
            given_at: card.given_at.as_microsecond(),
            ended_at: card.ended_at.map(|moment| moment.as_microsecond()),
            replaced_by: card.replaced_by.map(CardId::number),
        }
    }
}
