//! Where requests come from, for limits that go by it.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::connections::Peer;

/// Where a request comes from, as far as it is counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Client {
    pub name: String,
    /// What the network of a newer address is a part of.
    pub network: Option<String>,
    /// Never kept as it is.
    pub address: Option<IpAddr>,
}

/// Where a request comes from. Whoever stands on this machine or in its own network passes others' requests on, and
/// says whose they are.
pub fn client(peer: Option<&Peer>, headers: &HeaderMap) -> Client {
    let Some(Peer(peer)) = peer else { return Client::default() };
    // Whoever listens to both kinds of addresses sees the older ones inside the newer.
    let peer = peer.to_canonical();
    let is_near = match peer {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let passed_on = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = passed_on.and_then(|value| value.rsplit(',').next()).and_then(|last| last.trim().parse::<IpAddr>().ok());
    let address = last.map(|last| last.to_canonical()).filter(|_| is_near).unwrap_or(peer);
    match address {
        IpAddr::V4(four) => Client { name: four.to_string(), network: None, address: Some(address) },
        // Whoever has one such address has all that share its first half, and often its first three pieces.
        IpAddr::V6(six) => {
            let first = |count: usize| format!("{:x?}", &six.segments()[..count]);
            Client { name: first(4), network: Some(first(3)), address: Some(address) }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn only_a_neighbour_is_believed_for_whom_it_asks() {
        for (peer, passed_on, expected) in [
            ("203.0.113.9", None, "203.0.113.9"),
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("10.0.0.7", Some("6.6.6.6, 198.51.100.1"), "198.51.100.1"),
            ("127.0.0.1", Some("nonsense"), "127.0.0.1"),
            ("2001:db8:1:2:3::4", None, "[2001, db8, 1, 2]"),
            ("::ffff:203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("::ffff:127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("::1", Some("::ffff:198.51.100.1"), "198.51.100.1"),
            ("fd00::7", None, "[fd00, 0, 0, 0]"),
        ] {
            let mut headers = HeaderMap::new();
            headers
                .extend(passed_on.map(|value| {
                    (header::HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(value))
                }));
            assert_eq!(client(Some(&Peer(peer.parse().unwrap())), &headers).name, expected, "{peer} {passed_on:?}");
        }
    }
}
