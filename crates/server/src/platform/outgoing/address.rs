//! Where requests may be sent: never into the operator's own network, unless the operator says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;

const LONGEST: usize = 1000;

/// How far requests may be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses, by HTTPS.
    #[default]
    Public,
    /// To private addresses as well, and without TLS: for tests, and for receivers in the operator's own network.
    Private,
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongAddress {
    NoAddress,
    NotHttps,
    Private,
}

impl WrongAddress {
    pub fn code(self) -> &'static str {
        match self {
            WrongAddress::NoAddress => "invalid",
            WrongAddress::NotHttps => "not_https",
            WrongAddress::Private => "private_address",
        }
    }

    pub fn detail(self) -> &'static str {
        match self {
            WrongAddress::NoAddress => {
                "is no address: write it like https://shop.example.com/webhooks, without a name or a password in it"
            }
            WrongAddress::NotHttps => "has to begin with https://",
            WrongAddress::Private => "leads into a private network, which the operator of this service does not allow",
        }
    }
}

/// An address that may be an endpoint's. A name is looked up when something is sent, and what it leads to is judged then.
pub fn check_url(text: &str, reach: Reach) -> Result<(), WrongAddress> {
    let is_plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('#');
    let uri: Uri = text.parse().ok().filter(|_| is_plain).ok_or(WrongAddress::NoAddress)?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
    let host = authority.map(|authority| authority.host()).filter(|host| !host.is_empty());
    let (Some(host), Some(scheme)) = (host, uri.scheme_str()) else { return Err(WrongAddress::NoAddress) };
    match (scheme, reach) {
        ("https", _) | ("http", Reach::Private) => {}
        ("http", Reach::Public) => return Err(WrongAddress::NotHttps),
        _ => return Err(WrongAddress::NoAddress),
    }
    if stated_ip(host).is_some_and(|ip| !may_reach(ip, reach)) || (is_of_this_machine(host) && reach == Reach::Public) {
        return Err(WrongAddress::Private);
    }
    Ok(())
}

/// The address of a host that states one instead of a name.
pub fn stated_ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_of_this_machine(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

pub fn may_reach(ip: IpAddr, reach: Reach) -> bool {
    reach == Reach::Private || is_public(ip)
}

/// Whether an address belongs to the public internet. What is not known to be public is not.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_documentation();
    // This network, shared by carriers, protocol assignments, relays of 6to4, benchmarks; multicast and all above it.
    let is_reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 224;
    !is_special && !is_reserved
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inside) = ip.to_ipv4_mapped() {
        return is_public_v4(inside);
    }
    let words = ip.segments();
    let last = |words: [u16; 8]| Ipv4Addr::from(u32::from(words[6]) << 16 | u32::from(words[7]));
    match words {
        // Translated on the way to an address of the older kind.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(last(words)),
        // Tunnels and other protocols, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x2002, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for (text, answer) in [
            ("93.184.215.14", true),
            ("1.1.1.1", true),
            ("100.63.0.1", true),
            ("172.32.0.1", true),
            ("2606:4700::1111", true),
            ("2a00:1450::1", true),
            ("64:ff9b::1.1.1.1", true),
            ("::ffff:1.1.1.1", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("192.0.0.192", false),
            ("192.0.2.7", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("64:ff9b::10.0.0.1", false),
            ("64:ff9b:1::1", false),
            ("2002:7f00:1::", false),
            ("2001:0:7f00:1::", false),
            ("2001:db8::1", false),
            ("3fff::1", false),
            ("fc00::1", false),
            ("fd12:3456::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
            ("100::1", false),
        ] {
            assert_eq!(is_public(text.parse().unwrap()), answer, "{text}");
        }
    }

    #[test]
    fn an_address_is_judged_as_it_is_typed() {
        for (url, answer) in [
            ("https://shop.example.com/hooks?shop=1", Ok(())),
            ("https://shop.example.com:8443/", Ok(())),
            ("https://1.1.1.1/", Ok(())),
            ("http://shop.example.com/", Err(WrongAddress::NotHttps)),
            ("ftp://shop.example.com/", Err(WrongAddress::NoAddress)),
            ("https://ewa:secret@shop.example.com/", Err(WrongAddress::NoAddress)),
            ("https://shop.example.com/#part", Err(WrongAddress::NoAddress)),
            ("https://sklep.example.com/żółw", Err(WrongAddress::NoAddress)),
            ("/hooks", Err(WrongAddress::NoAddress)),
            ("shop.example.com", Err(WrongAddress::NoAddress)),
            ("", Err(WrongAddress::NoAddress)),
            ("https://127.0.0.1/", Err(WrongAddress::Private)),
            ("https://[::1]:8443/", Err(WrongAddress::Private)),
            ("https://[::ffff:10.0.0.1]/", Err(WrongAddress::Private)),
            ("https://localhost./", Err(WrongAddress::Private)),
            ("https://metadata.LOCALHOST/", Err(WrongAddress::Private)),
        ] {
            assert_eq!(check_url(url, Reach::Public), answer, "{url}");
        }
        assert_eq!(check_url("http://127.0.0.1:9000/hooks", Reach::Private), Ok(()));
    }
}
