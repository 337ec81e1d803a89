//! The shop's own origins: pages from there, and from nowhere else, may ask for what the widget shows.

use lojal_core::kernel::Part;

use super::sql::{self, Connection, cells, damaged};

const SETTING: &str = "widget_origins";
/// A shop has a few: its own, one for each country, one for trying.
pub const MOST_ORIGINS: usize = 50;

/// An origin as browsers write it, of what somebody typed: a scheme and a host, perhaps a port, and nothing else.
pub fn origin_of(typed: &str) -> Option<String> {
    let typed = typed.trim().to_ascii_lowercase();
    let (scheme, rest) = typed.split_once("://")?;
    let usual = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let rest = rest.strip_suffix(usual).unwrap_or(rest);
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let is_address = host.starts_with('[') && host.ends_with(']') && host.len() > 2;
    let is_name = host.split('.').all(|step| {
        !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    });
    let is_host = match is_address {
        true => host[1..host.len() - 1].bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        false => is_name,
    };
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port));
    (is_host && is_port).then(|| format!("{scheme}://{rest}"))
}

/// All of them.
pub async fn origins_find(connection: &mut Connection) -> Result<Vec<String>, sql::Error> {
    let sql = "select value from setting where part = ? and name = ?";
    let Some(row) = sql::row(connection, sql, cells![Part::PROGRAMME.number(), SETTING]).await? else {
        return Ok(Vec::new());
    };
    serde_json::from_slice(sql::column(&row, "value")?).map_err(damaged)
}

/// Takes the place of those from before.
pub async fn origins_set(connection: &mut Connection, origins: &[String]) -> Result<(), sql::Error> {
    let sql = "insert into setting (part, name, value) values (?, ?, ?)
               on conflict (part, name) do update set value = excluded.value";
    let value = serde_json::to_vec(origins).map_err(sql::unwritable)?;
    sql::execute(connection, sql, cells![Part::PROGRAMME.number(), SETTING, value]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_browsers_send() {
        for (typed, origin) in [
            ("https://shop.example", "https://shop.example"),
            (" HTTPS://Shop.Example/ ", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://xn--wdka-8qa.example", "https://xn--wdka-8qa.example"),
        ] {
            assert_eq!(origin_of(typed).as_deref(), Some(origin), "{typed}");
        }
        for typed in [
            "",
            "*",
            "null",
            "shop.example",
            "https://",
            "https://*.shop.example",
            "https://shop.example/cart",
            "https://shop.example?x",
            "https://a@shop.example",
            "https://shop..example",
            "ftp://shop.example",
            "https://shop.example:",
            "https://shop.example:99999",
            "https://shop.example:080",
            "https://wódka.example",
            "https://[]",
            "https://[x]",
        ] {
            assert_eq!(origin_of(typed), None, "{typed}");
        }
    }
}
