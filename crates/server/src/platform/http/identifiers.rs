//! What a request says of the person behind it, so that made-up recommendations are told from real ones. It is hashed at
//! once; no clear text is kept.

use lojal_fraud::identifier::{Clear, PostalAddress};
use serde::Deserialize;
use utoipa::ToSchema;

use super::faults::Faults;
use super::fields::Label;

/// Where goods are sent.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = PostalAddress)]
#[serde(deny_unknown_fields)]
pub struct PostalAddressInput {
    /// Street, house and flat.
    #[schema(value_type = String, example = "ul. Długa 5 m. 3")]
    pub line: Label,
    #[schema(value_type = Option<String>, example = "00-238")]
    pub postcode: Option<Label>,
    #[schema(value_type = Option<String>, example = "Warszawa")]
    pub town: Option<Label>,
    /// As ISO 3166 has it.
    #[schema(value_type = Option<String>, example = "PL")]
    pub country: Option<Label>,
}

/// What the person behind a request was seen with. Hashed with a key of this installation and forgotten; kept only
/// where recommendations are checked.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = Identifiers, example = json!({"ip": "83.4.5.6", "device": "d-71b0", "payment": "tok_9f2c"}))]
#[serde(deny_unknown_fields)]
pub struct IdentifiersInput {
    /// The person's own address on the internet; one of a private network says nothing and is passed over.
    #[schema(value_type = Option<String>)]
    pub ip: Option<Label>,
    /// As the shop names the device.
    #[schema(value_type = Option<String>)]
    pub device: Option<Label>,
    /// The payment provider's token of a card or account; never its number.
    #[schema(value_type = Option<String>)]
    pub payment: Option<Label>,
    pub address: Option<PostalAddressInput>,
    /// The code of a parcel locker.
    #[schema(value_type = Option<String>)]
    pub locker: Option<Label>,
    /// What a browser says of itself, as one value.
    #[schema(value_type = Option<String>)]
    pub traits: Option<Label>,
}

/// Says nothing of anybody.
impl std::fmt::Debug for IdentifiersInput {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("IdentifiersInput")
    }
}

impl IdentifiersInput {
    /// Says of each field what is wrong with it; the fields stand under `pointer`.
    pub fn check(&self, pointer: &str, faults: &mut Faults) {
        if self.ip.as_ref().is_some_and(|ip| ip.0.trim().parse::<std::net::IpAddr>().is_err()) {
            faults.add(format!("{pointer}/ip"), "invalid", "is no address of the internet, like 83.4.5.6");
        }
        if self.payment.as_ref().is_some_and(|token| is_card_number(&token.0)) {
            let detail = "is a card's number: send the payment provider's token of it instead";
            faults.add(format!("{pointer}/payment"), "card_number", detail);
        }
        if let Some(address) = &self.address
            && address.postcode.is_none()
            && address.town.is_none()
        {
            let detail = "needs a postcode or a town";
            faults.add(format!("{pointer}/address"), "incomplete", detail);
        }
    }

    /// Whether each field can be what it is said to be.
    pub fn is_sound(&self) -> bool {
        let mut faults = Faults::default();
        self.check("", &mut faults);
        faults.finish().is_ok()
    }

    pub fn clear(&self) -> Clear<'_> {
        fn text(label: &Option<Label>) -> Option<&str> {
            label.as_ref().map(|label| label.0.as_str())
        }
        let address = self.address.as_ref();
        let country = address.and_then(|address| text(&address.country)).unwrap_or_default();
        Clear {
            ip: text(&self.ip),
            device: text(&self.device),
            payment: text(&self.payment),
            traits: text(&self.traits),
            locker: text(&self.locker).map(|code| (code, country)),
            address: address.map(|address| PostalAddress {
                line: address.line.0.as_str(),
                postcode: text(&address.postcode).unwrap_or_default(),
                town: text(&address.town).unwrap_or_default(),
                country,
            }),
            ..Clear::default()
        }
    }
}

/// As many digits as a card has, that sum up as those of a card do.
fn is_card_number(text: &str) -> bool {
    let digits: Vec<u32> =
        text.chars().filter(|letter| !matches!(letter, ' ' | '-')).filter_map(|letter| letter.to_digit(10)).collect();
    let is_plain = text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ' ' | '-'));
    let doubled = |(place, digit): (usize, &u32)| match place % 2 {
        0 => *digit,
        _ => digit * 2 / 10 + digit * 2 % 10,
    };
    is_plain
        && (12..=19).contains(&digits.len())
        && digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_cards_are_known_and_tokens_are_not() {
        for (text, is_number) in [
            ("4111 1111 1111 1111", true),
            ("5500-0000-0000-0004", true),
            ("378282246310005", true),
            ("4111111111111112", false),
            ("tok_4111111111111111", false),
            ("1234", false),
            ("", false),
        ] {
            assert_eq!(is_card_number(text), is_number, "{text}");
        }
    }
}
