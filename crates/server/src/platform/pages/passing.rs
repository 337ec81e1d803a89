//! How a link is passed on: the addresses of what people talk by. A template says the way, and never the address, so that
//! what it is told of a member leads nowhere else.

/// The ways there are; each gets a link of its own, so that it can be seen by which one friends came.
pub const WAYS: [&str; 7] = ["mail", "whatsapp", "messenger", "facebook", "x", "telegram", "sms"];

/// Where a way leads, with a link and what is said beside it; `None` for one that there is not.
pub fn pass_on(way: &str, link: &str, message: &str) -> Option<String> {
    let own = format!("{link}/{way}");
    let (address, text, both) = (encoded(&own), encoded(message), encoded(&format!("{message} {own}")));
    Some(match way {
        "mail" => format!("mailto:?subject={}&body={both}", encoded(first_sentence(message))),
        "whatsapp" => format!("https://wa.me/?text={both}"),
        "messenger" => format!("fb-messenger://share/?link={address}"),
        "facebook" => format!("https://www.facebook.com/sharer/sharer.php?u={address}"),
        "x" => format!("https://x.com/intent/post?text={text}&url={address}"),
        "telegram" => format!("https://t.me/share/url?url={address}&text={text}"),
        "sms" => format!("sms:?&body={both}"),
        _ => return None,
    })
}

/// What a letter is about: as far as the first sentence goes.
fn first_sentence(message: &str) -> &str {
    let end = message.match_indices(['.', '!', '?']).map(|(at, mark)| at + mark.len());
    let end = end.into_iter().find(|end| message[*end..].starts_with(char::is_whitespace));
    &message[..end.unwrap_or(message.len())]
}

/// For a query: everything but letters, digits and `-._~` as its bytes (RFC 3986, section 2.1).
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_somewhere_and_says_what_it_is_told() {
        for way in WAYS {
            let address = pass_on(way, "https://club.example/r/ada", "50% & \"tea\" ☕").unwrap();
            assert!(address.contains(&format!("https%3A%2F%2Fclub.example%2Fr%2Fada%2F{way}")), "{address}");
            assert!(!address.contains([' ', '"', '☕']), "{address}");
        }
        let letter = pass_on("mail", "https://club.example/r/ada", "Tea at 3.50! Try it.").unwrap();
        assert!(letter.starts_with("mailto:?subject=Tea%20at%203.50%21&body=Tea%20at%203.50%21%20Try"), "{letter}");
        assert_eq!(pass_on("pigeon", "https://club.example/r/ada", ""), None);
    }
}
