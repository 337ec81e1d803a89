//! Where links lead: to the shop, and to nowhere else.

use lojal_core::kernel::Part;
use serde::{Deserialize, Serialize};

use crate::platform::origins::{origin_of, origins_find};
use crate::platform::sql::{self, Connection, cells, damaged};

const SETTING: &str = "referral_landing";
/// Longer than any address that browsers take everywhere.
const LONGEST: usize = 1_500;
/// The parameter in which a click is handed on.
pub const CLICK_PARAMETER: &str = "lojal_click";

/// Where whoever follows a link arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// Where `to` does not say otherwise.
    address: String,
    /// Where `to` may lead.
    origins: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
struct Setting {
    address: Option<String>,
}

/// An address with its origin in the form in which browsers send it; `None` for what is no address of the web, or hides
/// where it leads.
pub fn landing_of(typed: &str) -> Option<String> {
    let (origin, rest) = split(typed.trim())?;
    Some(format!("{origin}{rest}"))
}

/// The origin of an address, and what comes after it.
fn split(address: &str) -> Option<(String, String)> {
    let (scheme, rest) = address.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(end);
    let origin = origin_of(&format!("{scheme}://{host}"))?;
    let rest = if rest.is_empty() { "/".to_owned() } else { written(rest)? };
    (origin.len() + rest.len() <= LONGEST).then_some((origin, rest))
}

/// As it goes over the wire. Blanks, control characters and backslashes, which browsers read as something else, have no
/// place in it.
fn written(path: &str) -> Option<String> {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' => return None,
            byte if byte.is_ascii_graphic() => address.push(char::from(byte)),
            byte if byte.is_ascii() => return None,
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(address)
}

/// An address without a click that somebody has written into it.
fn without_click(address: &str) -> String {
    let (rest, mark) = address.split_once('#').map_or((address, None), |(rest, mark)| (rest, Some(mark)));
    let Some((page, query)) = rest.split_once('?') else { return address.to_owned() };
    let is_click = |pair: &&str| {
        let named = form_urlencoded::parse(pair.as_bytes()).next();
        named.is_some_and(|(name, _)| name.eq_ignore_ascii_case(CLICK_PARAMETER))
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_click(pair)).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let mark = mark.map(|mark| format!("#{mark}")).unwrap_or_default();
    format!("{page}{query}{mark}")
}

impl Landing {
    /// `public` is the address of this house, whose portal takes in whoever has nowhere else to go.
    pub async fn find(connection: &mut Connection, public: &str) -> Result<Landing, sql::Error> {
        let address = landing_find(connection).await?.unwrap_or_else(|| format!("{public}/portal"));
        let mut origins = origins_find(connection).await?;
        origins.extend(split(&address).map(|(origin, _)| origin));
        Ok(Landing { address, origins })
    }

    /// Where somebody is led who may have asked for a certain page. The click is handed on, as far as there is one.
    pub fn target(&self, to: Option<&str>, click: Option<&str>) -> String {
        let asked = to.and_then(|to| self.asked(to));
        let address = without_click(asked.as_deref().unwrap_or(&self.address));
        let address = address.as_str();
        let Some(click) = click else { return address.to_owned() };
        let (page, mark) = match address.split_once('#') {
            Some((page, mark)) => (page, Some(mark)),
            None => (address, None),
        };
        let joint = if page.contains('?') { '&' } else { '?' };
        let mut target = format!("{page}{joint}{CLICK_PARAMETER}={click}");
        if let Some(mark) = mark {
            target.push('#');
            target.push_str(mark);
        }
        target
    }

    /// A page of the shop's: a path, or an address of an origin that the shop lists.
    fn asked(&self, to: &str) -> Option<String> {
        if to.starts_with('/') {
            // Two of them would begin a host.
            let path = written(to).filter(|path| !path.starts_with("//") && path.len() <= LONGEST)?;
            let (origin, _) = split(&self.address)?;
            return Some(format!("{origin}{path}"));
        }
        let (origin, rest) = split(to)?;
        self.origins.contains(&origin).then(|| format!("{origin}{rest}"))
    }
}

/// What the shop has set.
pub async fn landing_find(connection: &mut Connection) -> Result<Option<String>, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await? else {
        return Ok(None);
    };
    let setting: Setting = serde_json::from_slice(sql::column(&row, "value")?).map_err(damaged)?;
    Ok(setting.address)
}

/// Takes the place of what was set before.
pub async fn landing_set(connection: &mut Connection, address: Option<String>) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let value = serde_json::to_vec(&Setting { address }).map_err(sql::unwritable)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING, value]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landing() -> Landing {
        let address = "https://shop.example/hello?a=1#top".to_owned();
        Landing { address, origins: vec!["https://other.example".to_owned(), "https://shop.example".to_owned()] }
    }

    #[test]
    fn nobody_is_led_elsewhere() {
        let here = "https://shop.example/hello?a=1#top";
        for (to, target) in [
            ("/tea", "https://shop.example/tea"),
            ("/tea?size=2", "https://shop.example/tea?size=2"),
            ("/żółw", "https://shop.example/%C5%BC%C3%B3%C5%82w"),
            ("https://other.example/x", "https://other.example/x"),
            ("HTTPS://OTHER.example:443", "https://other.example/"),
            ("https://evil.example/", here),
            ("https://shop.example.evil.example/", here),
            ("https://shop.example@evil.example/", here),
            ("https://shop.example\\@evil.example/", here),
            ("https://evil.example\\.shop.example/", here),
            ("//evil.example", here),
            ("/\\evil.example", here),
            ("/\t/evil.example", here),
            ("/a\r\nset-cookie: x=1", here),
            ("javascript:alert(1)", here),
            ("data:text/html,x", here),
            ("http://other.example/x", here),
            ("tea", here),
            ("", here),
        ] {
            assert_eq!(landing().target(Some(to), None), target, "{to}");
        }
    }

    #[test]
    fn the_click_goes_along() {
        let target = |to| landing().target(to, Some("abc.def"));
        assert_eq!(target(None), "https://shop.example/hello?a=1&lojal_click=abc.def#top");
        assert_eq!(target(Some("/tea")), "https://shop.example/tea?lojal_click=abc.def");
        // Nobody makes one up.
        for to in ["/tea?lojal_click=x", "/tea?lojal%5Fclick=x&LOJAL_CLICK", "/tea?lojal_click=y&lojal_click=x"] {
            assert_eq!(target(Some(to)), "https://shop.example/tea?lojal_click=abc.def", "{to}");
            assert_eq!(landing().target(Some(to), None), "https://shop.example/tea", "{to}");
        }
        let kept = "https://shop.example/tea?a=1&b=lojal_click&lojal_click=abc.def#c";
        assert_eq!(target(Some("/tea?a=1&lojal_click=x&b=lojal_click#c")), kept);
    }

    #[test]
    fn an_address_is_set_as_it_goes_over_the_wire() {
        assert_eq!(landing_of(" https://Shop.example ").as_deref(), Some("https://shop.example/"));
        for wrong in ["shop.example", "https://", "ftp://shop.example/", "https://a@shop.example/", "https://x/ y"] {
            assert_eq!(landing_of(wrong), None, "{wrong}");
        }
    }
}
